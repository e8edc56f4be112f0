//! A second process on the same data: what it does to the accounts is followed by the one that syncs.

use std::{collections::HashMap, fs::File, sync::Arc, time::Duration};

use inlet_orchestrator::api::types::{AccountView, SourceState};
use serde_json::json;

use crate::{
    harness::{Engine, Setup},
    scripted::{New, Script},
    taxonomy::arrives,
};

/// Whoever comes while a command is at work in a terminal fetches and sends all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_ends_soon_is_waited_for() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    std::fs::create_dir(folder.path().join("data")).unwrap();
    let command = File::create(folder.path().join("data/inlet.lock")).unwrap();
    command.try_lock().unwrap();
    let ends = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        drop(command);
    };
    // It sees to it that it owns the data.
    tokio::join!(Engine::at(folder, Setup::default()), ends);
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_of_another_process_are_fetched_and_let_go() {
    let script = Script::new("post");
    script.deliver("INBOX", New { id: "first", subject: "first", parent: None, minute: 0 });
    let scripts = HashMap::from([("post".to_owned(), script.clone())]);
    let engine = Engine::with(Setup { scripts, ..Setup::default() }).await;
    let other = engine.beside().await;
    let config = json!({ "config": {
        "address": "me@post.test", "display_name": null, "user": null,
        "imap": { "host": "post", "port": 993 }, "smtp": null, "ca": null,
    } });
    let view = other.rpc("accounts.add_imap", config).await.unwrap();
    let view: AccountView = serde_json::from_value(view).unwrap();
    let id = view.sources[0].id;
    engine.state_of(id, SourceState::Live).await;
    arrives(&engine, "first").await;

    other.rpc("accounts.pause", json!({ "id": view.id })).await.unwrap();
    script.deliver("INBOX", New { id: "second", subject: "second", parent: None, minute: 1 });
    other.rpc("accounts.resume", json!({ "id": view.id })).await.unwrap();
    arrives(&engine, "second").await;

    other.rpc("accounts.remove", json!({ "id": view.id })).await.unwrap();
    engine.until("no account", async || engine.accounts().await.is_empty().then_some(())).await;
    other.shutdown().await;
}
