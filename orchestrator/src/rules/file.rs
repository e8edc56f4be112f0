//! Rules as TOML: one by itself, or several as `[[rule]]`.

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::rule::UserRule;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Several {
    rule: Vec<Spanned<UserRule>>,
}

/// The rules of a file, checked.
///
/// # Errors
/// One sentence that names the line, what is wrong there, and what is allowed.
pub(crate) fn read(text: &str) -> Result<Vec<UserRule>, String> {
    // Which of the two forms it is decides which error is worth telling.
    let table: toml::Table = toml::from_str(text).map_err(|error| located(text, &error))?;
    let rules: Vec<(usize, UserRule)> = if table.contains_key("rule") {
        let several: Several = toml::from_str(text).map_err(|error| located(text, &error))?;
        several.rule.into_iter().map(|rule| (rule.span().start, rule.into_inner())).collect()
    } else {
        vec![(0, toml::from_str(text).map_err(|error| located(text, &error))?)]
    };
    let mut checked: Vec<UserRule> = Vec::with_capacity(rules.len());
    for (start, rule) in rules {
        let rule = rule.checked().map_err(|sentence| format!("Line {}: {sentence}", line(text, start)))?;
        if checked.iter().any(|known| known.id == rule.id) {
            return Err(format!(
                "Line {}: two rules have the id \"{}\"; give one of them another.",
                line(text, start),
                rule.id
            ));
        }
        checked.push(rule);
    }
    Ok(checked)
}

/// A rule as a file of its own.
pub(crate) fn write(rule: &UserRule) -> String {
    // A rule is made of texts, numbers and lists of them, all of which TOML has.
    toml::to_string(rule).unwrap_or_default()
}

/// Several rules as one file.
pub(crate) fn write_all(rules: &[UserRule]) -> String {
    #[derive(Serialize)]
    struct File<'a> {
        rule: &'a [UserRule],
    }
    toml::to_string(&File { rule: rules }).unwrap_or_default()
}

fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

fn located(text: &str, error: &toml::de::Error) -> String {
    let message = error.message().trim_end_matches('.').replace('`', "\"");
    match error.span() {
        Some(span) => format!("Line {}: {message}.", line(text, span.start)),
        None => format!("{}.", crate::api::sentence(&message).trim_end_matches('.')),
    }
}
