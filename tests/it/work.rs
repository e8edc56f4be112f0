//! Work in the background that can be held and ended.

use inlet_orchestrator::api::types::{SourceState, WorkKind, WorkView};
use serde_json::{Value, json};

use crate::{
    harness::Engine,
    scripted::{Script, mail},
    taxonomy::{arrives, engine},
};

async fn syncs(engine: &Engine) -> Vec<WorkView> {
    let all: Vec<WorkView> = engine.call("work.list", Value::Null).await;
    all.into_iter().filter(|one| one.kind == WorkKind::Sync).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_is_held_and_ended_and_goes_on_when_it_is_resumed() {
    let script = Script::new("slow");
    script.deliver("INBOX", mail("early"));
    script.deliver("Projects", mail("late"));
    // The last folder is a long one.
    script.close_gate("Projects");
    let engine = engine(&[("slow", &script)]).await;
    let id = engine.connect("slow").await;
    arrives(&engine, "early").await;
    let [work] = engine.until("the sync", async || <[_; 1]>::try_from(syncs(&engine).await).ok()).await;
    assert!(work.can_pause && work.can_cancel && !work.paused && work.id == id.to_string());

    let held: Vec<WorkView> = engine.call("work.pause", json!({ "id": work.id })).await;
    assert!(held.iter().any(|one| one.id == work.id && one.paused), "it waits in sight");
    let ended: Vec<WorkView> = engine.call("work.cancel", json!({ "id": work.id })).await;
    assert!(ended.is_empty());
    assert_eq!(engine.source(id).await.state, SourceState::Paused);
    assert!(engine.titled("early").await.is_some(), "what has come stays");

    script.open_gate("Projects");
    let account = engine.source(id).await.account;
    let _: Value = engine.call("accounts.resume", json!({ "id": account })).await;
    arrives(&engine, "late").await;
    engine.state_of(id, SourceState::Live).await;
    assert!(syncs(&engine).await.is_empty(), "it is done");
}
