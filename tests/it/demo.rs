//! The demo world, looked at from every side.

mod contract;

use std::collections::HashSet;

use inlet_model::ItemId;
use inlet_orchestrator::api::types::{HtmlView, ItemView, SearchView, SourceState, Status, ThreadPage};
use inlet_testkit::Rng;
use serde_json::{Value, json};

use crate::harness::{Engine, same};

const VIEWS: [&str; 10] =
    ["inbox", "waiting", "snoozed", "sent", "archive", "notes", "starred", "junk", "trash", "all"];

#[tokio::test(flavor = "multi_thread")]
async fn every_view_is_listed_whole_by_key_and_by_offset() {
    let engine = Engine::demo().await;
    for view in VIEWS {
        let rows = engine.view(view).await;
        let ids: HashSet<_> = rows.iter().map(|row| row.id).collect();
        assert_eq!(ids.len(), rows.len(), "{view}: a thread is listed once");
        assert!(
            rows.windows(2).all(|pair| (pair[0].at, pair[0].id) > (pair[1].at, pair[1].id)),
            "{view}: newest first"
        );
        let page: ThreadPage = engine.call("threads.list", json!({ "in": view, "limit": 7 })).await;
        assert_eq!(page.total as usize, rows.len(), "{view}");
        let mut by_offset = Vec::new();
        while by_offset.len() < rows.len() {
            let page: ThreadPage =
                engine.call("threads.list", json!({ "in": view, "limit": 37, "offset": by_offset.len() })).await;
            assert!(!page.threads.is_empty(), "{view}");
            by_offset.extend(page.threads.into_iter().map(|row| row.id));
        }
        same(&rows.iter().map(|row| row.id).collect::<Vec<_>>(), &by_offset);
        if !matches!(view, "snoozed") {
            assert!(!rows.is_empty(), "{view} has something in it");
        }
    }
    let unread = engine.list(json!({ "in": "inbox", "unread": true })).await;
    assert!(!unread.is_empty() && unread.iter().all(|row| row.unread > 0));
    let status: Status = engine.call("status", Value::Null).await;
    assert_eq!(status.counts["inbox"] as usize, unread.len());
    assert_eq!(status.index_behind, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_thread_opens_and_holds_what_its_row_says() {
    let engine = Engine::demo().await;
    let mut seen = HashSet::new();
    for view in ["all", "trash", "junk"] {
        for row in engine.view(view).await {
            let thread = engine.thread(row.id).await;
            assert_eq!(thread.items.len(), row.total as usize, "{}", row.title);
            assert_eq!(thread.thread.id, row.id);
            let unread = thread.items.iter().filter(|item| !item.flags.read && !item.from_me).count();
            assert_eq!(unread, row.unread as usize, "{}", row.title);
            assert!(thread.items.is_sorted_by_key(|item| (item.at, item.id)), "{}: oldest first", row.title);
            assert_eq!(thread.items.last().unwrap().at, row.at, "{}", row.title);
            assert!(thread.items.iter().all(|item| seen.insert(item.id)), "{}: an item is in one thread", row.title);
        }
    }
    assert!(seen.len() > 1_000, "{} items", seen.len());
}

/// Words of an item as a person would type them.
fn words(item: &ItemView) -> Vec<String> {
    let text = format!("{} {}", item.subject, item.text);
    text.split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.chars().count() > 1 && word.chars().all(char::is_alphanumeric))
        // Words of the search language itself.
        .filter(|word| !matches!(*word, "OR" | "AND" | "NOT"))
        .map(str::to_owned)
        .collect()
}

async fn finds(engine: &Engine, query: &str, item: ItemId) -> bool {
    let mut params = json!({ "query": query, "limit": 200 });
    loop {
        let found: SearchView = engine.call("search", params.clone()).await;
        if found.hits.iter().any(|hit| hit.item == item) {
            return true;
        }
        match found.next {
            Some(next) => params["after"] = next.into(),
            None => return false,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_item_is_found_by_any_of_its_words() {
    let engine = Engine::demo().await;
    let items = engine.items().await;
    let mut random = Rng::new(300);
    let mut missed = Vec::new();
    let mut sampled = 0;
    while sampled < 300 {
        let item = &items[random.below(items.len())];
        let words = words(item);
        if words.is_empty() {
            continue;
        }
        sampled += 1;
        let word = &words[random.below(words.len())];
        if !finds(&engine, word, item.id).await {
            missed.push((item.id, word.clone()));
        }
    }
    assert!(missed.is_empty(), "not found: {missed:?}");
}

/// What makes a browser fetch something by itself.
const LOADS: [&str; 16] = [
    "src=\"http",
    "src='http",
    "src=http",
    "src=\"//",
    "url(http",
    "url(\"http",
    "url('http",
    "url(//",
    "srcset=",
    "@import",
    "<iframe",
    "<script",
    "<link",
    "<object",
    "background=\"http",
    "poster=",
];

#[tokio::test(flavor = "multi_thread")]
async fn no_html_loads_anything_from_outside() {
    let engine = Engine::demo().await;
    let (mut documents, mut blocked, mut trackers) = (0, 0, 0);
    for item in engine.items().await.into_iter().filter(|item| item.has_html) {
        let html: HtmlView = engine.call("item.html", json!({ "id": item.id })).await;
        documents += 1;
        blocked += html.blocked_images;
        trackers += html.trackers;
        let document = html.document.to_lowercase();
        for load in LOADS {
            assert!(!document.contains(load), "{}: {load} in {}", item.id, html.document);
        }
    }
    // Otherwise there was nothing to keep out.
    assert!(
        documents > 50 && blocked > 0 && trackers > 0,
        "{documents} documents, {blocked} blocked, {trackers} trackers"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_out_source_says_so_and_the_others_are_live() {
    let engine = Engine::demo().await;
    let ids: Vec<_> = engine.sources().await.into_iter().map(|source| (source.id, source.name)).collect();
    assert_eq!(ids.len(), 7);
    for (id, name) in ids {
        if name.contains("Harbour Makers") {
            let source = engine.state_of(id, SourceState::AuthNeeded).await;
            let message = source.message.unwrap();
            assert!(message.contains("sign in") && message.ends_with('.'), "{message}");
            assert!(source.items > 0, "what it had stays readable");
        } else {
            let source = engine.state_of(id, SourceState::Live).await;
            assert_eq!(source.message, None, "{name}");
            assert!(source.progress.complete && source.items > 0, "{name}");
        }
    }
}
