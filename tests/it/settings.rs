//! Settings, the rebuilt index, and diagnostics that name nobody.

use inlet_orchestrator::{
    Event,
    api::types::{Diagnostics, Saved, SearchView, Setting, Status, WorkKind, WorkView},
};
use serde_json::{Value, json};

use crate::harness::{Engine, LIMIT};

async fn setting(engine: &Engine, key: &str) -> (String, String) {
    let all: Vec<Setting> = engine.call("config.list", json!({})).await;
    let found = all.into_iter().find(|setting| setting.key == key).unwrap();
    (found.value, found.origin)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_is_changed_told_kept_and_reset() {
    let engine = Engine::empty().await;
    let mut events = engine.app.events();
    let _: Vec<Setting> = engine.call("config.set", json!({ "key": "appearance.layout", "value": "below" })).await;
    let told = inlet_testkit::timeout(LIMIT, async {
        loop {
            match events.recv().await {
                Ok(Event::Settings) => break true,
                Ok(_) => {}
                Err(_) => break false,
            }
        }
    });
    assert!(told.await);
    let engine = engine.restart().await;
    assert_eq!(setting(&engine, "appearance.layout").await, ("below".into(), "file".into()));
    assert_eq!(setting(&engine, "send.undo_seconds").await, ("0".into(), "flag".into()));
    let _: Vec<Setting> = engine.call("config.set", json!({ "key": "appearance.layout" })).await;
    assert_eq!(setting(&engine, "appearance.layout").await, ("right".into(), "default".into()));
    assert!(engine.ask("config.set", json!({ "key": "appearance.layout", "value": "above" })).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_written_by_another_program_is_heard_of() {
    let engine = Engine::empty().await;
    let mut events = engine.app.events();
    std::fs::write(engine.data().join("config.toml"), "[appearance]\ntheme = \"dark\"\n").unwrap();
    let told = inlet_testkit::timeout(LIMIT, async { while events.recv().await.unwrap() != Event::Settings {} });
    told.await;
    assert_eq!(setting(&engine, "appearance.theme").await, ("dark".into(), "file".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuilt_index_finds_what_it_found() {
    let engine = Engine::demo().await;
    let found = || async {
        let view: SearchView = engine.call("search", json!({ "query": "launch", "limit": 200 })).await;
        (view.total, view.hits.into_iter().map(|hit| hit.item).collect::<Vec<_>>())
    };
    let before = found().await;
    assert!(before.0 > 0);
    // Twice at once, and ended in between: the old index is used all the time.
    let (one, two) = tokio::join!(engine.ask("index.rebuild", json!({})), engine.ask("index.rebuild", json!({})));
    one.and(two).unwrap();
    let under_way = async || -> Option<WorkView> {
        let list: Vec<WorkView> = engine.call("work.list", Value::Null).await;
        list.into_iter().find(|one| one.kind == WorkKind::Rebuild)
    };
    let work = engine.until("the work", under_way).await;
    assert!(work.can_pause && work.can_cancel && work.total.is_some_and(|total| total > 1000));
    assert_eq!(found().await, before);
    // It may be over by now; then there is nothing to end.
    let _ = engine.ask("work.cancel", json!({ "id": work.id })).await;
    engine.until("its end", async || under_way().await.is_none_or(|now| now.id != work.id).then_some(())).await;
    assert_eq!(found().await, before);
    let _: Value = engine.call("index.rebuild", json!({})).await;
    engine.until("the end of all", async || under_way().await.is_none().then_some(())).await;
    assert_eq!(found().await, before);
    let status: Status = engine.call("status", Value::Null).await;
    assert_eq!(status.index_behind, 0);
}

/// Every word of what people wrote, and every name and address.
async fn canaries(engine: &Engine) -> Vec<String> {
    let mut found = Vec::new();
    for row in engine.view("all").await {
        found.extend(row.people.iter().flat_map(|one| [one.handle.clone(), one.name.clone().unwrap_or_default()]));
        found.push(row.title.clone());
        found.extend(row.labels.clone());
        found.extend(engine.thread(row.id).await.items.iter().map(|item| item.text.chars().take(40).collect()));
    }
    let status: Status = engine.call("status", Value::Null).await;
    for source in status.accounts.iter().flat_map(|account| &account.sources) {
        found.extend([source.name.clone(), source.identity.clone().unwrap_or_default()]);
        found.extend(source.message.clone());
    }
    found.push(status.data_dir);
    found.retain(|text| text.trim().chars().count() > 5);
    found.sort();
    found.dedup();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_diagnostic_bundle_names_nobody() {
    let engine = Engine::demo().await;
    let own = json!({ "canary-7f3a": ["q"] }).to_string();
    let _: Vec<Setting> = engine.call("config.set", json!({ "key": "keyboard.bindings", "value": own })).await;
    let folder = engine.folder.path().join("somewhere new");
    let felt = json!([{ "action": "focus", "count": 40, "p50": 2.5, "p95": 6.0, "target": 16.0 }]);
    let mut paths = Vec::new();
    for _ in 0..2 {
        let saved: Saved =
            engine.call("diagnostics.save", json!({ "folder": folder.to_str().unwrap(), "felt": felt })).await;
        paths.push(saved.path);
    }
    assert_ne!(paths[0], paths[1], "one bundle does not take another's place");
    let text = std::fs::read_to_string(&paths[0]).unwrap();
    let bundle: Value = serde_json::from_str(&text).unwrap();

    let facts: Diagnostics = serde_json::from_value(bundle["facts"].clone()).unwrap();
    assert!(facts.items > 1_000 && facts.bytes.database > 0 && facts.bytes.index > 0, "{facts:?}");
    assert_eq!(facts.sources.iter().map(|source| source.items).sum::<u64>(), facts.items);
    assert_eq!(bundle["felt"][0]["p95"], json!(6.0));
    assert_eq!(bundle["settings"]["keyboard.bindings"], json!({ "value": "changed", "origin": "file" }));

    let canaries = canaries(&engine).await;
    assert!(canaries.len() > 1_000);
    for canary in canaries {
        assert!(!text.contains(&canary), "the bundle says {canary:?}");
    }
    assert!(!text.contains("canary-7f3a") && !text.contains('@') && !text.contains("somewhere"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_takes_only_what_a_window_measures() {
    let engine = Engine::empty().await;
    let felt = json!([{ "action": "ana@lumen.example", "count": 1, "p50": 1.0, "p95": 1.0, "target": 1.0 }]);
    assert!(engine.ask("diagnostics.save", json!({ "felt": felt })).await.is_err());
    let file = engine.folder.path().join("a file");
    std::fs::write(&file, "").unwrap();
    let refused = engine.ask("diagnostics.save", json!({ "folder": file.to_str().unwrap() })).await.unwrap_err();
    assert!(refused.message.contains("Choose another folder"), "{refused}");
}
