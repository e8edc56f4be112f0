//! The HTML of a page: ids that are generated, and changes to elements.
//!
//! Graph takes well-formed XHTML and gives it back, so that a list of tags and texts is all that is
//! needed; an HTML parser would repair what Graph refuses.

/// A tag or a text, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// Name, attributes, and whether it closes itself.
    Start(String, Vec<(String, String)>, bool),
    End(String),
    Text(String),
}

const VOID: &[&str] = &["img", "br", "hr", "meta", "input", "col", "link"];
/// Elements that get an id ("Get OneNote content": `includeIDs`).
const WITH_ID: &[&str] =
    &["div", "p", "h1", "h2", "h3", "h4", "h5", "h6", "img", "object", "ol", "ul", "li", "table", "tr", "td", "span"];

/// The tokens of well-formed HTML, or what is wrong with it.
pub(crate) fn tokens(html: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some(place) = rest.find('<') {
        let (text, tag) = rest.split_at(place);
        if !text.is_empty() {
            tokens.push(Token::Text(text.to_owned()));
        }
        if let Some(comment) = tag.strip_prefix("<!--") {
            rest = comment.split_once("-->").ok_or("a comment does not end")?.1;
            continue;
        }
        let end = tag_end(tag).ok_or("a tag does not end")?;
        let inner = tag.get(1..end).unwrap_or_default();
        rest = tag.get(end + 1..).unwrap_or_default();
        if inner.starts_with(['!', '?']) {
            continue;
        }
        if let Some(name) = inner.strip_prefix('/') {
            let name = name.trim().to_lowercase();
            if open.pop().as_deref() != Some(&name) {
                return Err(format!("</{name}> closes nothing"));
            }
            tokens.push(Token::End(name));
            continue;
        }
        let closed = inner.ends_with('/');
        let (name, attributes) = start(inner.trim_end_matches('/'))?;
        let closed = closed || VOID.contains(&name.as_str());
        if !closed {
            open.push(name.clone());
        }
        tokens.push(Token::Start(name, attributes, closed));
    }
    if !rest.is_empty() {
        tokens.push(Token::Text(rest.to_owned()));
    }
    match open.pop() {
        Some(name) => Err(format!("<{name}> is not closed")),
        None => Ok(tokens),
    }
}

/// Where the tag ends that a text begins with; a `>` in quotes does not.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quote = None;
    for (place, letter) in tag.char_indices() {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            (None, '>') => return Some(place),
            _ => {}
        }
    }
    None
}

fn start(inner: &str) -> Result<(String, Vec<(String, String)>), String> {
    let inner = inner.trim();
    let (name, mut rest) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let mut attributes = Vec::new();
    while !rest.trim().is_empty() {
        let (attribute, value) =
            rest.split_once('=').ok_or_else(|| format!("an attribute of <{name}> has no value"))?;
        let value = value.trim_start();
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''));
        let quote = quote.ok_or_else(|| format!("an attribute of <{name}> has no quotes"))?;
        let (value, after) = value
            .get(1..)
            .and_then(|value| value.split_once(quote))
            .ok_or_else(|| format!("an attribute of <{name}> does not end"))?;
        attributes.push((attribute.trim().to_lowercase(), value.to_owned()));
        rest = after;
    }
    Ok((name.to_lowercase(), attributes))
}

/// As HTML; without `ids` the generated ids are left out.
pub(crate) fn write(tokens: &[Token], ids: bool) -> String {
    let mut html = String::new();
    for token in tokens {
        match token {
            Token::Text(text) => html.push_str(text),
            Token::End(name) => html.push_str(&format!("</{name}>")),
            Token::Start(name, attributes, closed) => {
                html.push('<');
                html.push_str(name);
                for (attribute, value) in attributes.iter().filter(|(attribute, _)| ids || attribute != "id") {
                    html.push_str(&format!(" {attribute}=\"{value}\""));
                }
                html.push_str(if *closed { " />" } else { ">" });
            }
        }
    }
    html
}

/// Gives every element an id; those it had are gone, as in OneNote.
pub(crate) fn stamp(tokens: &mut [Token], page: u64, revision: u64) {
    let mut number = 0;
    for token in tokens {
        let Token::Start(name, attributes, _) = token else { continue };
        attributes.retain(|(attribute, _)| attribute != "id");
        if WITH_ID.contains(&name.as_str()) {
            number += 1;
            let id = format!("{name}:{{{page:08x}-7c33-4bb2-90c5-{revision:012x}}}{{{number}}}");
            attributes.insert(0, ("id".to_owned(), id));
        }
    }
}

/// The value of an attribute of a start tag.
pub(crate) fn attribute<'a>(token: &'a Token, wanted: &str) -> Option<&'a str> {
    let Token::Start(_, attributes, _) = token else { return None };
    attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
}

/// The tokens between the tags of the first element of this name.
pub(crate) fn inside<'a>(tokens: &'a [Token], wanted: &str) -> Option<&'a [Token]> {
    let start = tokens.iter().position(|token| matches!(token, Token::Start(name, ..) if name == wanted))?;
    let end = end_of(tokens, start)?;
    tokens.get(start + 1..end)
}

/// The place of the end tag of the element that starts at `start`; its own when it has none.
fn end_of(tokens: &[Token], start: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (place, token) in tokens.iter().enumerate().skip(start) {
        match token {
            Token::Start(_, _, true) if depth == 0 => return Some(place),
            Token::Start(_, _, false) => depth += 1,
            Token::End(_) => {
                depth -= 1;
                if depth == 0 {
                    return Some(place);
                }
            }
            _ => {}
        }
    }
    None
}

/// A change to the body of a page ("Update OneNote page content").
pub(crate) struct Change<'a> {
    /// `body`, `#` and a `data-id`, or a generated id.
    pub(crate) target: &'a str,
    pub(crate) action: &'a str,
    pub(crate) before: bool,
    pub(crate) content: Vec<Token>,
}

/// Does a change, or says why it cannot be.
pub(crate) fn apply(body: &mut Vec<Token>, change: Change<'_>) -> Result<(), String> {
    let target = change.target;
    let place = if target == "body" {
        // The default div.
        body.iter().position(|token| matches!(token, Token::Start(name, ..) if name == "div"))
    } else {
        body.iter().position(|token| match target.strip_prefix('#') {
            Some(id) => attribute(token, "data-id") == Some(id),
            None => attribute(token, "id") == Some(target),
        })
    };
    let start = place.ok_or_else(|| format!("the target {target} was not found"))?;
    let end = end_of(body, start).ok_or("the target does not end")?;
    let Some(Token::Start(name, ..)) = body.get(start) else { return Err("the target is no element".to_owned()) };
    let holds = matches!(name.as_str(), "div" | "ol" | "ul");
    match change.action {
        "append" if holds => drop(body.splice(end..end, change.content)),
        "prepend" if holds => drop(body.splice(start + 1..start + 1, change.content)),
        "append" | "prepend" => return Err(format!("<{name}> takes no children this way")),
        "insert" if target == "body" => return Err("nothing is beside the body".to_owned()),
        "insert" => {
            let at = if change.before { start } else { end + 1 };
            drop(body.splice(at..at, change.content));
        }
        "replace" if target == "body" => return Err("the body is not replaced".to_owned()),
        "replace" if target.starts_with('#') && !matches!(name.as_str(), "img" | "object") => {
            return Err(format!("<{name}> is replaced by its generated id"));
        }
        "replace" => drop(body.splice(start..=end, change.content)),
        other => return Err(format!("{other} is not an action of this fake")),
    }
    Ok(())
}
