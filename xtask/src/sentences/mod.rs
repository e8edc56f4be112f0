//! The sentences of the engine, collected from its source, so that they can be translated.
//!
//! Engine and connectors say what they have to say in English, as a literal where it happens; that
//! English is also what the log and a terminal show. A window in another language looks a sentence
//! up by its English words, as gettext does (docs/adr/0006). So what is translated is a list of
//! templates, and this makes it: `ui/src/strings/engine.json`, which a test compares with the source.
//!
//! What counts as a sentence is told by its looks (`looks`) and by its place (`tokens`): two words in
//! natural writing, in code that is not a test, a log line, a statement of SQL or the name of a
//! thing. Refused: a table of messages with numbers, as a sentence then stands far from where it is
//! said, and 400 places change; and a macro around every sentence, which is forgotten as easily as a
//! translation.

mod looks;
mod tokens;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Result, anyhow};
use proc_macro2::TokenStream;

/// The crates that speak to people through the window.
const CRATES: &[&str] = &["model/src", "connectors/src", "orchestrator/src"];

/// Files whose words are not for this window: what is written to other people, what mail programs call
/// things and phones call what happened, what a relay says in its terminal, a document's style, types.
const OTHERS_WORDS: &[&str] = &[
    "orchestrator/src/html/plain.rs",
    "orchestrator/src/html/frame.rs",
    "orchestrator/src/invitation/words.rs",
    "connectors/src/whatsapp/export/words.rs",
    "connectors/src/relay/config.rs",
    "connectors/src/relay/metrics.rs",
    "connectors/src/relay/server.rs",
    "orchestrator/src/api/typescript.rs",
];

/// The demo world is prose; only its platforms speak to whoever uses them.
const DEMO: &str = "orchestrator/src/demo/";
const DEMO_PLATFORMS: &[&str] = &["post.rs", "shelf.rs", "source_chat.rs", "source_mail.rs", "source_note.rs"];

/// The templates in the source under `root`.
///
/// # Errors
/// When a file cannot be read, or is no Rust.
pub(crate) fn collect(root: &Path) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for folder in CRATES {
        for path in sources(&root.join(folder))? {
            let inside = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            if is_test(&inside) || !speaks(&inside) {
                continue;
            }
            let source = fs::read_to_string(&path).with_context(|| format!("{inside} cannot be read"))?;
            let parsed = TokenStream::from_str(&source).map_err(|error| anyhow!("{inside} is no Rust: {error}"))?;
            tokens::walk(parsed, &mut found);
        }
    }
    Ok(found)
}

fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(sources(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    Ok(files)
}

fn speaks(inside: &str) -> bool {
    match inside.strip_prefix(DEMO) {
        Some(name) => DEMO_PLATFORMS.contains(&name),
        None => !OTHERS_WORDS.contains(&inside),
    }
}

fn is_test(inside: &str) -> bool {
    inside.contains("/tests/")
        || inside.ends_with("/tests.rs")
        || inside.ends_with("_tests.rs")
        || inside.ends_with("/attacks.rs")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::places;

    fn found(source: &str) -> Vec<String> {
        let mut found = BTreeSet::new();
        tokens::walk(source.parse().unwrap(), &mut found);
        found.into_iter().collect()
    }

    #[test]
    fn a_sentence_is_found_wherever_it_is_said() {
        assert_eq!(found(r#"fn f() { say("The page is gone: open another."); }"#), ["The page is gone: open another."]);
        assert_eq!(
            found(
                r#"const GONE: &str = "It is \
                                 not there.";"#
            ),
            ["It is not there."]
        );
        assert_eq!(found(r#"let e = tokio::select! { _ = x => Err(format!("{host} is busy")) };"#), ["{host} is busy"]);
        assert_eq!(
            found(r#"#[error("the disk {disk} is full: {0}")] Full(String),"#),
            ["the disk {disk} is full: {0}"]
        );
        assert_eq!(found(r#"CheckStep::passed(format!("Connect"), "seen")"#), ["Connect", "seen"]);
    }

    #[test]
    fn a_hole_is_named_after_what_fills_it() {
        assert_eq!(
            found(r#"format!("{} of {} are {:?} at {{x}}", done, &self.all, f(1, 2))"#),
            ["{done} of {all} are {2} at {{x}}"]
        );
        assert_eq!(found(r#"format!("{n:>3} of {} files", wait.as_secs())"#), ["{n} of {wait} files"]);
        assert_eq!(found(r#"format!("from {} to {}", a.len(), b.a)"#), ["from {a} to {1}"]);
        assert_eq!(found(r#"write!(out, "see {what} there", what = 1)"#), ["see {what} there"]);
        assert_eq!(found(r#"format!("{}", if one { "one hour" } else { "two hours" })"#), ["one hour", "two hours"]);
    }

    #[test]
    fn what_people_do_not_read_is_passed_over() {
        for quiet in [
            r#"/// Says a word or two."#,
            r#"#[cfg(test)] mod tests { const A: &str = "a word or two"; }"#,
            r#"tracing::warn!(%error, "a page cannot be read");"#,
            r#"file.expect("there is a file");"#,
            r#"#[expect(clippy::panic, reason = "it cannot be helped")] fn f() {}"#,
            r#"tx.execute("UPDATE item SET place = ?1", [])"#,
            r#"" AND thread.unread > 0""#,
            r#"format!("UID FETCH {uid} (UID FLAGS)")"#,
            r#"format!("<p class=note>{} and more</p>", x)"#,
            r#"json!({ "text": "Listen to this" })"#,
            r#""lastModifiedDateTime desc""#,
            r#"format!("{a}: {b}")"#,
        ] {
            assert_eq!(found(quiet), [""; 0], "{quiet}");
        }
    }

    #[test]
    fn the_list_of_sentences_is_what_the_source_says() {
        let file = places::root().join("ui/src/strings/engine.json");
        let found = collect(&places::root()).unwrap();
        let fresh = serde_json::to_string_pretty(&found).unwrap() + "\n";
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&file, &fresh).unwrap();
        }
        let kept: BTreeSet<String> = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        let new: Vec<_> = found.difference(&kept).collect();
        let gone: Vec<_> = kept.difference(&found).collect();
        assert!(
            new.is_empty() && gone.is_empty(),
            "The engine says other things than ui/src/strings/engine.json lists.\n  new: {new:#?}\n  gone: {gone:#?}\n\
             Run `UPDATE_GOLDEN=1 cargo nextest run -p xtask sentences`, then in ui/ \
             `UPDATE_GOLDEN=1 npx vitest run engine`, and fill in what is empty in ui/src/strings/engine.de.json. \
             What nobody is told (a keyword, a query) belongs into NOT_SAID in xtask/src/sentences/looks.rs instead."
        );
    }
}
