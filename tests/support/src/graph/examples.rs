//! Microsoft's documented exchanges, `INLET_SHARED/specs/graph-examples`, to be read by tests: what
//! a client asks for the same act is compared with them, and what they answer is parsed.

/// A file of exchanges.
#[derive(Clone, Debug)]
pub struct Example {
    /// Its name without the ending: `message-createreply`.
    pub name: String,
    /// What it shows, in order: a request and its answers, or answers alone.
    pub shown: Vec<Shown>,
}

/// A request or an answer, as it is written.
#[derive(Clone, Debug)]
pub enum Shown {
    /// A request.
    Request {
        /// `GET`, `POST`, …
        method: String,
        /// The path below the version, and the query.
        target: String,
        /// Names in lower case.
        headers: Vec<(String, String)>,
        /// Empty when there is none.
        body: String,
    },
    /// An answer.
    Answer {
        /// Its status.
        status: u16,
        /// Names in lower case.
        headers: Vec<(String, String)>,
        /// Empty when there is none.
        body: String,
    },
}

/// The exchanges of version 1.0, sorted by name, or a line that says that `test` is skipped.
///
/// # Panics
/// When the folder cannot be read.
pub fn examples(test: &str) -> Option<Vec<Example>> {
    let folder = crate::shared(test)?.join("specs/graph-examples");
    let mut examples = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the examples").flatten() {
        let path = entry.path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        // The other version of the API.
        if !name.starts_with("beta.") {
            let text = std::fs::read_to_string(&path).expect("an example");
            examples.push(Example { name, shown: text.split("\n### ").skip(1).filter_map(shown).collect() });
        }
    }
    examples.sort_by(|a, b| a.name.cmp(&b.name));
    Some(examples)
}

fn shown(block: &str) -> Option<Shown> {
    let (_, rest) = block.split_once('\n')?;
    let (head, body) = rest.split_once("\n\n").unwrap_or((rest, ""));
    let mut lines = head.lines();
    let first = lines.next()?;
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_lowercase(), value.trim().to_owned()))
        .collect();
    let body = body.trim().to_owned();
    // "HTTP/1.1 200 OK", once "HTTP 201 Created".
    let (method, target) = first.split_once(' ')?;
    if method.starts_with("HTTP") {
        let status = target.split_whitespace().next()?.parse().ok()?;
        return Some(Shown::Answer { status, headers, body });
    }
    let target = target.strip_prefix("https://graph.microsoft.com/v1.0").unwrap_or(target).to_owned();
    Some(Shown::Request { method: method.to_owned(), target, headers, body })
}
