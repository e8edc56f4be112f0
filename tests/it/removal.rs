//! What is left of an account that was removed: nothing.

use std::collections::HashMap;

use inlet_orchestrator::api::types::{SearchView, SourceState, Status};
use serde_json::{Value, json};

use crate::{
    harness::{Engine, Setup, account_of, holding},
    scripted::{New, Script},
};

const CANARY: &str = "zq7xcanary4kv";
const NEIGHBOUR: &str = "wm3yneighbour9pd";

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_account_leaves_no_byte_and_its_neighbour_stays() {
    let (gone, stays) = (Script::new("gone"), Script::new("stays"));
    for number in 0..60 {
        let (id, subject) = (format!("{CANARY}-{number}"), format!("About {CANARY} {number}"));
        gone.deliver("INBOX", New { id: &id, subject: &subject, parent: None, minute: number });
        let (id, subject) = (format!("{NEIGHBOUR}-{number}"), format!("About {NEIGHBOUR} {number}"));
        stays.deliver("INBOX", New { id: &id, subject: &subject, parent: None, minute: number });
    }
    let scripts = HashMap::from([("gone".to_owned(), gone), ("stays".to_owned(), stays)]);
    let engine = Engine::with(Setup { scripts, ..Setup::default() }).await;
    let (gone, stays) = (engine.connect("gone").await, engine.connect("stays").await);
    for id in [gone, stays] {
        engine.state_of(id, SourceState::Live).await;
        engine.resync(id).await;
    }
    let thread = engine.list(json!({ "in": "inbox", "source": gone })).await.remove(0);
    let op = engine.reply(thread.id, &format!("Yes, {CANARY}.")).await;
    engine.op_in(op.id, inlet_orchestrator::api::types::OpState::Done).await;
    engine.act("archive", thread.id).await;
    engine.outbox_empty().await;
    found(&engine, CANARY, 61).await;
    found(&engine, NEIGHBOUR, 60).await;
    assert!(!holding(&engine.data(), CANARY).is_empty(), "otherwise there is nothing to lose");

    let account = account_of(&engine.sources().await, gone);
    let _: Value = engine.call("accounts.remove", json!({ "id": account })).await;

    assert_eq!(engine.sources().await.len(), 1);
    let hits: SearchView = engine.call("search", json!({ "query": CANARY })).await;
    assert_eq!(hits.total, 0);
    assert_eq!(engine.items().await.len(), 60);
    assert!(engine.ops().await.is_empty());
    assert_eq!(holding(&engine.data(), CANARY), Vec::<std::path::PathBuf>::new());
    assert_eq!(holding(&engine.data(), "me@gone.test"), Vec::<std::path::PathBuf>::new());
    found(&engine, NEIGHBOUR, 60).await;

    let engine = engine.restart().await;
    assert_eq!(holding(&engine.data(), CANARY), Vec::<std::path::PathBuf>::new());
    found(&engine, NEIGHBOUR, 60).await;
}

/// Every item with this word is found, now or as soon as the index has it.
async fn found(engine: &Engine, word: &str, count: u64) {
    engine
        .until(&format!("{count} hits"), async || {
            let hits: SearchView = engine.call("search", json!({ "query": word })).await;
            (hits.total == count).then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_world_goes_without_a_trace() {
    let engine = Engine::demo().await;
    assert!(!holding(&engine.data(), "northwind").is_empty());
    let attachment = engine.items().await.into_iter().flat_map(|item| item.attachments).next().unwrap();
    let _: Value = engine.call("attachment.data", json!({ "id": attachment.id })).await;
    let status: Status = engine.call("demo.remove", Value::Null).await;
    assert!(!status.demo && status.accounts.is_empty());
    assert!(engine.view("all").await.is_empty());
    for word in ["northwind", "Northwind", "Lindqvist", "lindqvist"] {
        assert_eq!(holding(&engine.data(), word), Vec::<std::path::PathBuf>::new(), "{word}");
    }
    let kept = crate::harness::files(&engine.data().join("attachments"));
    assert!(kept.is_empty(), "{kept:?}");
    let status: Status = engine.call("demo.fill", json!({ "seed": 8 })).await;
    assert!(status.demo, "and can be filled again");
}
