//! What Graph tells of sections, section groups and pages is taken over, key by key at every depth, or left out for a
//! reason that stands here.

use inlet_model::{Scope, Timestamp, UnifiedNote};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    content::Content,
    replay_tests::answers,
    scopes::named,
    sync::note,
    wire::{Entry, Listed, Listing},
};
use crate::graph::accounting_tests::{Accounting, published};

/// The published schemas of notebooks.
const FILE: &str = "graph-onenote.flat.json";

/// What is made of a section: its scope, and when to look.
fn section(value: &Value) -> Option<(Scope, Option<Timestamp>)> {
    let group = json!({ "id": "sample id", "displayName": "Group", "parentNotebook": { "displayName": "Work" } });
    let sections = vec![Entry::deserialize(value).ok()?];
    let section = named(sections, &[Entry::deserialize(group).unwrap()]).remove(0);
    Some((section.scope, section.modified))
}

/// What is made of a section group: the path of a section in it.
fn group(value: &Value) -> Option<String> {
    let section = json!({ "id": "s", "displayName": "Section", "parentSectionGroup": { "id": "sample id" } });
    let above = json!({ "id": "above", "displayName": "Above", "parentNotebook": { "displayName": "Work" } });
    let groups = [Entry::deserialize(value).ok()?, Entry::deserialize(above).unwrap()];
    Some(named(vec![Entry::deserialize(section).unwrap()], &groups).remove(0).scope.name)
}

fn page(value: &Value) -> Option<UnifiedNote> {
    Some(note(&Listed::deserialize(value).ok()?, Content::default()))
}

/// What is told of the notebook that something is in.
const NOTEBOOK: &[(&str, &str)] = &[
    ("parentNotebook.createdBy.*", "a notebook is shown by its name"),
    ("parentNotebook.createdDateTime", "a notebook is shown by its name"),
    ("parentNotebook.id", "a notebook is shown by its name"),
    ("parentNotebook.is*", "a notebook is read like others, whoever shares it"),
    ("parentNotebook.lastModified*", "each of its sections says when it was changed"),
    ("parentNotebook.links.*", "pages have addresses of their own to be opened at"),
    ("parentNotebook.section*", "what is in it is asked for by itself"),
    ("parentNotebook.self", "what is in it is asked for by its id"),
    ("parentNotebook.userRole", "a page that may not be written says so when it is tried"),
];

#[test]
fn every_key_of_a_section_is_taken_or_left_out_for_a_reason() {
    let test = "every_key_of_a_section_is_taken_or_left_out_for_a_reason";
    let path = "/me/onenote/sections/{onenoteSection-id}";
    let Some(full) = published(test, FILE, path, &["pages"]) else { return };
    let mut keys = Accounting::default();
    keys.of(&full, section);
    let mut grouped = full;
    grouped["parentNotebook"] = Value::Null;
    keys.of(&grouped, section);
    let (mut lists, mut read) = (Accounting::default(), 0);
    for (_, body) in answers(test, &["notebook-", "onenote-", "section-", "sectiongroup-"]) {
        let Ok(body) = serde_json::from_str::<Value>(&body) else { continue };
        let Some(value) = body.get("value").and_then(Value::as_array) else {
            keys.of(&body, section);
            continue;
        };
        value.iter().for_each(|value| keys.of(value, section));
        let mut head = body.clone();
        head["value"] = json!([value.len()]);
        lists.of(&head, |value| {
            let listing = Listing::deserialize(value).ok()?;
            Some((listing.value, listing.count, listing.next))
        });
        read += value.len();
    }
    assert!(read >= 6, "only {read} documented objects in lists");
    let own = [
        ("@odata.context", "it is about the answer"),
        ("createdBy.*", "a section is shown by its name, and who made it is not"),
        ("createdDateTime", "pages have times of their own"),
        ("isDefault", "where OneNote puts what is sent to it from elsewhere"),
        ("isShared", "a shared notebook is read like others"),
        ("lastAccessedTime", "recent notebooks are not asked for"),
        ("lastModifiedBy.*", "a section is shown by its name, and who changed it is not"),
        ("links.*", "pages have addresses of their own to be opened at"),
        ("pagesUrl", "what is in it is asked for by its id"),
        ("parentSectionGroup.createdBy.*", "a group is shown by its name"),
        ("parentSectionGroup.createdDateTime", "a group is shown by its name"),
        ("parentSectionGroup.lastModified*", "each of its sections says when it was changed"),
        ("parentSectionGroup.parent*", "what a group is in is told by the group"),
        ("parentSectionGroup.section*", "what is in it is asked for by itself"),
        ("parentSectionGroup.self", "what is in it is asked for by its id"),
        ("section*", "what is in it is asked for by itself"),
        ("self", "what is in it is asked for by its id"),
        ("sourceService", "a notebook is read like others, wherever it lies"),
        ("userRole", "a page that may not be written says so when it is tried"),
    ];
    keys.settle(&[NOTEBOOK, &own].concat());
    lists.settle(&[]);
}

#[test]
fn every_key_of_a_section_group_is_taken_or_left_out_for_a_reason() {
    let test = "every_key_of_a_section_group_is_taken_or_left_out_for_a_reason";
    let path = "/me/onenote/sectionGroups/{sectionGroup-id}";
    let Some(full) = published(test, FILE, path, &["sections", "sectionGroups"]) else { return };
    let mut keys = Accounting::default();
    keys.of(&full, group);
    let mut inner = full;
    inner["parentNotebook"] = Value::Null;
    inner["parentSectionGroup"] = json!({ "id": "above", "displayName": "Above" });
    keys.of(&inner, group);
    let own = [
        ("createdBy.*", "a group is shown by its name"),
        ("createdDateTime", "a group is shown by its name"),
        ("lastModified*", "each of its sections says when it was changed"),
        ("section*", "what is in it is asked for by itself"),
        ("self", "what is in it is asked for by its id"),
    ];
    keys.settle(&[NOTEBOOK, &own].concat());
}

#[test]
fn every_key_of_a_page_is_taken_or_left_out_for_a_reason() {
    let test = "every_key_of_a_page_is_taken_or_left_out_for_a_reason";
    let Some(mut full) = published(test, FILE, "/me/onenote/pages/{onenotePage-id}", &[]) else { return };
    full["links"]["oneNoteWebUrl"]["href"] = json!("https://contoso.example/page");
    let mut keys = Accounting::default();
    keys.of(&full, page);
    keys.settle(&[
        ("content", "it comes by itself, as HTML"),
        ("contentUrl", "what is on it is asked for by its id"),
        ("createdByAppId", "which app made it is not shown"),
        ("level", "which page stands under which is not shown: pages come by their last change"),
        ("links.oneNoteClientUrl.href", "it is opened in the browser, which OneNote itself may be opened from"),
        ("order", "pages come by their last change"),
        ("parentNotebook*", "the section is the one that was asked about"),
        ("parentSection*", "the section is the one that was asked about"),
        ("self", "what is on it is asked for by its id"),
        ("userTags*", "tags are read where they stand, on the page"),
    ]);
}
