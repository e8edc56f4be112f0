//! Categories as labels, and the other half of a focused inbox as one more.
//!
//! A message lies in one folder and wears any number of categories, so that this source has both
//! places to move to and labels to put on. A category is named by its text; the mailbox's list of
//! them (`masterCategories`) is what is offered. What is on a message and not on that list is not
//! shown as a label. Outlook's split of the inbox (`inferenceClassification`) is a label too: it can be
//! filtered by, made a split, put on and taken off, and Outlook learns from that.

use inlet_model::{Scope, ScopeRole};
use serde_json::{Value, json};

/// The scope of what Outlook does not count as focused.
pub(super) const OTHER: &str = "inference:other";
/// What the scopes of categories begin with.
const CATEGORY: &str = "category:";

/// The scope of a category.
pub(super) fn remote(category: &str) -> String {
    format!("{CATEGORY}{category}")
}

/// The category of a scope; the name itself where a person has just given it.
pub(super) fn category(remote: &str) -> &str {
    remote.strip_prefix(CATEGORY).unwrap_or(remote)
}

/// A person has just given this name; it is the scope of no label yet.
pub(super) fn is_new(remote: &str) -> bool {
    remote != OTHER && !remote.starts_with(CATEGORY)
}

/// The labels of a mailbox with these categories.
pub(super) fn scopes(categories: &[String]) -> Vec<Scope> {
    let label = |remote: String, name: &str| Scope {
        remote,
        name: name.to_owned(),
        role: ScopeRole::Label,
        pulled: false,
        live: false,
    };
    let other = label(OTHER.to_owned(), "Other (not focused)");
    std::iter::once(other).chain(categories.iter().map(|name| label(remote(name), name))).collect()
}

/// The change that puts a label on a message with these categories or takes it off; `None`: it is so.
pub(super) fn change(label: &str, on: bool, categories: &[String]) -> Option<Value> {
    if label == OTHER {
        return Some(json!({ "inferenceClassification": if on { "other" } else { "focused" } }));
    }
    let label = category(label);
    // Categories differ by their text, not by its case.
    let same = |category: &String| category.to_lowercase() == label.to_lowercase();
    if categories.iter().any(same) == on {
        return None;
    }
    let mut all: Vec<&str> = categories.iter().filter(|category| !same(category)).map(String::as_str).collect();
    if on {
        all.push(label);
    }
    Some(json!({ "categories": all }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn a_label_changes_nothing_but_itself() {
        let has = ["Red".to_owned(), "Travel".to_owned()];
        assert_eq!(change("category:Blue", true, &has), Some(json!({ "categories": ["Red", "Travel", "Blue"] })));
        assert_eq!(change("category:travel", false, &has), Some(json!({ "categories": ["Red"] })));
        assert_eq!(change("category:RED", true, &has), None);
        assert_eq!(change("Blue", false, &has), None);
        assert_eq!(change(OTHER, false, &has), Some(json!({ "inferenceClassification": "focused" })));
    }
}
