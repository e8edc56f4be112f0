//! The documented exchanges about notebooks: what Graph's documentation answers is read whole, and what it
//! sends is what we send.

use inlet_testkit::graph::{Shown, examples};
use serde::Deserialize;
use serde_json::Value;

use super::{
    scopes::named,
    wire::{Entry, Listed, Listing},
    write::Change,
};
use crate::graph::lenient::rows;

/// The bodies of documented answers about this, and where they stand.
pub(super) fn answers(test: &str, prefixes: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for example in examples(test).unwrap_or_default() {
        if !prefixes.iter().any(|prefix| example.name.starts_with(prefix)) {
            continue;
        }
        for shown in example.shown {
            if let Shown::Answer { body, .. } = shown {
                found.push((example.name.clone(), body));
            }
        }
    }
    found
}

/// An object of the documentation, and the same as it is read; ids are left out of most of them.
fn read_whole(name: &str, value: &Value) {
    let text = |path: &str| value.pointer(path).and_then(Value::as_str).map(str::to_owned);
    let entry = Entry::deserialize(value).unwrap();
    assert_eq!((entry.id.clone(), entry.display_name.clone()), (text("/id").unwrap_or_default(), text("/displayName")));
    // A list of objects that have their ids.
    let mut value = value.clone();
    value["id"] = "1-a".into();
    let (read, unread) = rows::<Entry>(vec![value]);
    assert!(unread.is_empty(), "{name}: {unread:?}");
    let scope = named(read, &[]).remove(0).scope;
    assert_eq!((scope.remote, scope.name), ("1-a".to_owned(), entry.display_name.unwrap_or_default()), "{name}");
}

#[test]
fn every_documented_section_group_and_notebook_is_read_whole() {
    let test = "every_documented_section_group_and_notebook_is_read_whole";
    let (mut read, mut lists) = (0, 0);
    for (name, body) in answers(test, &["notebook-", "onenote-", "section-", "sectiongroup-"]) {
        // Some answers have no body, and one is not JSON: it ends with a comma.
        let Ok(body) = serde_json::from_str::<Value>(&body) else {
            assert!(body.is_empty() || name == "notebook-getnotebookfromweburl", "{name}");
            continue;
        };
        match body.get("value") {
            Some(value) => {
                let listing = Listing::deserialize(&body).unwrap();
                assert_eq!(listing.value.len(), value.as_array().unwrap().len(), "{name}");
                listing.value.iter().for_each(|value| read_whole(&name, value));
                (read, lists) = (read + listing.value.len(), lists + 1);
            }
            None => {
                read_whole(&name, &body);
                read += 1;
            }
        }
    }
    let there = std::env::var_os("INLET_SHARED").is_some();
    assert!(!there || (read >= 15 && lists >= 6), "only {read} documented objects in {lists} lists");
}

#[test]
fn a_page_is_changed_as_it_is_documented() {
    let test = "a_page_is_changed_as_it_is_documented";
    let Some(examples) = examples(test) else { return };
    let example = examples.into_iter().find(|example| example.name == "page-update").unwrap();
    let Some(Shown::Request { method, target, headers, body }) = example.shown.first() else { panic!("a request") };
    assert_eq!((method.as_str(), target.as_str()), ("PATCH", "/me/onenote/pages/{id}/content"));
    assert!(headers.contains(&("content-type".to_owned(), "application/json".to_owned())), "{headers:?}");
    // It is written with the other quotes, which JSON does not have.
    let body = body.replace('"', "\\\"").replace('\'', "\"");
    let documented: Value = serde_json::from_str(&body).unwrap();
    let ours = Change { target: "#list-id", action: "append", content: "<li>new-page-content</li>" };
    assert_eq!(serde_json::to_value([ours]).unwrap()[0], documented[1]);
}

#[test]
fn what_is_missing_or_wrong_in_a_row_costs_neither_the_row_nor_the_others() {
    let value = serde_json::json!([
        { "id": "1-a", "title": null, "createdDateTime": "datetime-value", "links": { "oneNoteWebUrl": null } },
        { "id": "1-b", "title": 7 },
        { "id": "1-c", "title": "C", "lastModifiedDateTime": "2026-01-02T10:00:00Z",
          "links": { "oneNoteWebUrl": { "href": "javascript:alert(1)" } } },
    ]);
    let (read, unread) = rows::<Listed>(value.as_array().unwrap().clone());
    let ids: Vec<&str> = read.iter().map(|listed| listed.id.as_str()).collect();
    assert_eq!(ids, ["1-a", "1-c"]);
    assert_eq!(unread[0].0, "1-b");
    assert_eq!((read[0].title.as_str(), read[1].url()), ("", None));
    assert_eq!(read[1].created(), read[1].changed());
}
