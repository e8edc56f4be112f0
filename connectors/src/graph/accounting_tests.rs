//! That nothing an answer says is dropped without a word: for tests.
//!
//! Which keys of an answer something is made of is found out by trying. At every depth each value is changed and left
//! out; where what is made of the whole answer is another then, the key was read. Every other key has to be named,
//! with the reason why nothing is made of it, and a reason for what is read or never told is refused: so the list
//! cannot drift from the reader, nor the reader from the list. What Microsoft documents is joined by objects made from
//! its published schema, for its examples have neither a reaction nor a blocked message.

use std::collections::{BTreeMap, BTreeSet};

use inlet_model::Timestamp;
use jiff::SignedDuration;
use serde_json::{Map, Value, json};

/// Words that mean something where another word stands.
const WORDS: &[&str] = &[
    "text",
    "html",
    "systemEventMessage",
    "custom",
    "high",
    "urgent",
    "flagged",
    "other",
    "blockAccess",
    "failure",
    "initial",
    "chunkFinished",
    "screenShare",
    "https://contoso.example/other",
    "PT2H",
];

/// The keys of some answers by their places, such as `from.user.id` and `members[].email`.
#[derive(Debug, Default)]
pub(super) struct Accounting {
    /// Whether anything is made of each.
    keys: BTreeMap<String, bool>,
    /// Those that stood empty.
    empty: BTreeSet<String>,
}

impl Accounting {
    /// Goes through an answer that is read by `read`.
    pub(super) fn of<T: PartialEq>(&mut self, answer: &Value, read: impl Fn(&Value) -> Option<T>) {
        let before = read(answer);
        assert!(before.is_some(), "it cannot be read: {answer}");
        for (pointer, name) in leaves(answer) {
            let value = answer.pointer(&pointer).unwrap();
            if is_empty(value) {
                self.empty.insert(name.clone());
            }
            if self.keys.get(&name) == Some(&true) {
                continue;
            }
            let taken = others(value).into_iter().any(|other| {
                let mut changed = answer.clone();
                *changed.pointer_mut(&pointer).unwrap() = other;
                // What cannot be read any more was looked at, which is not yet that something is made of it.
                read(&changed).is_some_and(|after| Some(after) != before)
            });
            if taken || !is_empty(value) {
                self.keys.insert(name, taken);
            }
        }
    }

    /// Everything is taken, or left out for one of these reasons; a name that ends with `*` stands for all that begin so.
    pub(super) fn settle(mut self, left_out: &[(&str, &str)]) {
        for name in &self.empty {
            let filled = |known: &String| {
                known.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            };
            if !self.keys.keys().any(filled) {
                self.keys.insert(name.clone(), false);
            }
        }
        let names = |pattern: &str, name: &str| match pattern.strip_suffix('*') {
            Some(begin) => name.starts_with(begin),
            None => name == pattern,
        };
        let without: Vec<&String> = self
            .keys
            .iter()
            .filter(|(name, taken)| !**taken && !left_out.iter().any(|(pattern, _)| names(pattern, name)))
            .map(|(name, _)| name)
            .collect();
        assert!(without.is_empty(), "nothing is made of these, and no reason is given: {without:#?}");
        let idle: Vec<&str> = left_out
            .iter()
            .map(|(pattern, _)| *pattern)
            .filter(|pattern| {
                let mut meant = self.keys.iter().filter(|(name, _)| names(pattern, name)).peekable();
                meant.peek().is_none() || meant.any(|(_, taken)| *taken)
            })
            .collect();
        assert!(idle.is_empty(), "a reason is given for what is read, or never told: {idle:#?}");
        assert!(left_out.iter().all(|(_, reason)| reason.split_whitespace().count() > 1));
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty)
}

/// Where the values of an answer are, with the places of their keys.
fn leaves(answer: &Value) -> Vec<(String, String)> {
    fn walk(value: &Value, pointer: &str, name: &str, found: &mut Vec<(String, String)>) {
        match value {
            Value::Object(parts) if !parts.is_empty() => {
                for (key, part) in parts {
                    let below = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                    let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                    walk(part, &below, &name, found);
                }
            }
            Value::Array(parts) if !parts.is_empty() => {
                for (at, part) in parts.iter().enumerate() {
                    walk(part, &format!("{pointer}/{at}"), &format!("{name}[]"), found);
                }
            }
            _ => found.push((pointer.to_owned(), name.to_owned())),
        }
    }
    let mut found = Vec::new();
    walk(answer, "", "", &mut found);
    found
}

/// What else could stand there.
fn others(value: &Value) -> Vec<Value> {
    let words = || WORDS.iter().map(|word| json!(word));
    match value {
        Value::Bool(truth) => vec![json!(!truth), Value::Null],
        Value::Number(_) => vec![json!(4711), Value::Null],
        Value::String(text) => {
            let later =
                text.parse::<Timestamp>().ok().and_then(|at| at.checked_add(SignedDuration::from_hours(24)).ok());
            let mut others = vec![json!(format!("{text}x")), Value::Null];
            others.extend(later.map(|at| json!(at.to_string())));
            others.extend(words());
            others
        }
        Value::Array(_) => vec![json!(["sample"])],
        Value::Null => {
            let mut others = vec![json!("sample"), json!("2026-03-02T10:00:00Z"), json!(true), json!(4711)];
            others.extend(words());
            others
        }
        Value::Object(_) => Vec::new(),
    }
}

/// An object with every property that the published schema has for what is got at a path; for some tests without those
/// that come only to who asks for them.
pub(super) fn published(test: &str, file: &str, path: &str, unasked: &[&str]) -> Option<Value> {
    let text = std::fs::read_to_string(inlet_testkit::shared(test)?.join("specs").join(file)).unwrap();
    let whole: Value = serde_json::from_str(&text).unwrap();
    let responses = &whole["paths"][path]["get"]["responses"];
    let ok = ["200", "2XX"].into_iter().find_map(|status| responses.get(status)).unwrap();
    let mut object = sample(&ok["content"]["application/json"]["schema"], "sample", 0);
    for name in unasked {
        assert!(object.as_object_mut().unwrap().remove(*name).is_some(), "{name} of {object}");
    }
    assert!(object.as_object().is_some_and(|object| object.len() > 3), "{object}");
    Some(object)
}

/// Something that fits a schema, with all its properties.
fn sample(schema: &Value, name: &str, depth: usize) -> Value {
    let parts = |key: &str| schema[key].as_array().cloned().unwrap_or_default();
    let mut object = Map::new();
    for part in parts("allOf") {
        if let Value::Object(more) = sample(&part, name, depth) {
            object.extend(more);
        }
    }
    for (key, part) in schema["properties"].as_object().into_iter().flatten().filter(|_| depth < 8) {
        object.insert(key.clone(), sample(part, key, depth + 1));
    }
    // The other alternative is that it is null.
    if let Some(first) = parts("anyOf").first().or(parts("oneOf").first()) {
        return sample(first, name, depth);
    }
    if let Some(word) = parts("enum").first() {
        return word.clone();
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        _ if !object.is_empty() => object.into(),
        (Some("array"), _) => match sample(&schema["items"], name, depth + 1) {
            empty if is_empty(&empty) => json!([]),
            item => json!([item]),
        },
        (Some("string"), Some("date-time")) => json!("2026-03-01T10:00:00Z"),
        (Some("string"), _) => json!(format!("sample {name}")),
        (Some("boolean"), _) => json!(false),
        (Some("integer" | "number"), _) => json!(1),
        _ => object.into(),
    }
}

#[test]
fn a_key_that_is_dropped_is_noticed_and_so_is_a_reason_for_none() {
    let answer =
        json!({ "id": "a", "from": { "user": { "id": "u", "kind": "k" } }, "list": [{ "x": 1 }, { "y": null }] });
    let read = |answer: &Value| {
        Some((answer["id"].clone(), answer["from"]["user"]["id"].clone(), answer["list"][0]["x"].clone()))
    };
    let settled = |left_out: &'static [(&'static str, &'static str)]| {
        let answer = answer.clone();
        std::panic::catch_unwind(move || {
            let mut all = Accounting::default();
            all.of(&answer, read);
            all.settle(left_out);
        })
        .is_ok()
    };
    assert!(settled(&[("from.user.kind", "a test"), ("list[].y", "a test")]));
    assert!(settled(&[("from.user.k*", "a test"), ("list[].y", "a test")]));
    assert!(!settled(&[("from.user.kind", "a test")]), "the null");
    assert!(!settled(&[("list[].y", "a test")]), "the nested one");
    assert!(!settled(&[("from.user.*", "a test"), ("list[].y", "a test")]), "the id of it is read");
    assert!(!settled(&[("from.user.kind", "a test"), ("list[].y", "a test"), ("z", "a test")]), "nobody says z");
    assert!(!settled(&[("from.user.kind", "a test"), ("list[].y", "")]), "that is no reason");
}
