//! A platform that may be asked only when somebody looks, and the past that is fetched only when it is wanted.

use std::{collections::HashMap, sync::Arc};

use inlet_model::{SourceError, SourceId, ThreadId, Timestamp};
use inlet_orchestrator::{
    Clock,
    api::{
        ErrorCode,
        types::{ItemView, SourceState, ThreadView},
    },
};
use jiff::ToSpan;
use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::{
    harness::{Engine, Setup},
    scripted::{Call, New, Script, mail},
    taxonomy::{arrives, engine, live},
};

/// A platform with a mail and its answer, before which lie two that nobody asked for yet.
fn platform() -> Script {
    let script = Script::new("post").on_demand();
    for (id, minute) in [("second", 1), ("first", 0)] {
        script.bury(New { parent: Some("third"), minute, ..mail(id) });
    }
    script.deliver("INBOX", New { minute: 2, ..mail("third") });
    script
}

async fn open(engine: &Engine) -> (SourceId, ThreadId) {
    let id = live(engine, "post").await;
    (id, arrives(engine, "third").await.id)
}

async fn attend(engine: &Engine, thread: Option<ThreadId>) {
    let _: Value = engine.call("sync.attend", json!({ "thread": thread })).await;
}

fn rounds(script: &Script) -> usize {
    script.count(|call| *call == Call::Scopes)
}

fn pulls(script: &Script) -> usize {
    script.count(|call| *call == Call::Pull("INBOX".into()))
}

fn subjects(view: &ThreadView) -> Vec<&str> {
    view.items.iter().map(|item: &ItemView| item.subject.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_left_alone_until_somebody_looks_and_not_asked_at_each_look() {
    let (script, other) = (platform(), Script::new("other"));
    let now = Arc::new(Mutex::new(Timestamp::now()));
    let told = now.clone();
    let scripts = HashMap::from([("post".to_owned(), script.clone()), ("other".to_owned(), other.clone())]);
    let clock = Some(Clock::from_fn(move || *told.lock()));
    let engine = Engine::with(Setup { scripts, clock, ..Setup::default() }).await;
    let _: Value = engine.call("config.set", json!({ "key": "sync.poll_seconds", "value": "0" })).await;
    let (id, _) = open(&engine).await;
    live(&engine, "other").await;
    // Another platform is asked again and again in the meantime.
    other.called(2, |call| *call == Call::Scopes).await;
    assert_eq!(rounds(&script), 1, "nobody looked");

    let look = async |seconds: i64| {
        *now.lock() += seconds.seconds();
        attend(&engine, None).await;
    };
    look(60).await;
    script.called(2, |call| *call == Call::Scopes).await;
    engine.state_of(id, SourceState::Live).await;
    look(14).await;
    // What came after it was served, and it was not.
    attend(&engine, Some(arrives(&engine, "third").await.id)).await;
    script.called(3, |call| *call == Call::Pull("INBOX".into())).await;
    assert_eq!(rounds(&script), 2, "not so soon again");
    engine.state_of(id, SourceState::Live).await;
    look(2).await;
    script.called(3, |call| *call == Call::Scopes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_that_is_opened_is_pulled_alone_after_a_restart_too() {
    let script = platform();
    let engine = engine(&[("post", &script)]).await;
    let (_, thread) = open(&engine).await;
    let engine = engine.restart().await;
    let (before, pulled) = (rounds(&script), pulls(&script));
    script.deliver("INBOX", New { parent: Some("third"), minute: 3, ..mail("fourth") });
    attend(&engine, Some(thread)).await;
    engine.until("the new one", async || (engine.thread(thread).await.items.len() == 2).then_some(())).await;
    assert_eq!((rounds(&script), pulls(&script)), (before, pulled + 1));
    assert_eq!(script.count(|call| *call == Call::Pull("Projects".into())), 1, "nothing else was asked for");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_past_comes_page_by_page_when_it_is_wanted() {
    let script = platform();
    let engine = engine(&[("post", &script)]).await;
    let (_, thread) = open(&engine).await;
    let view = engine.thread(thread).await;
    assert!(view.older && !view.more);
    let third = view.items[0].id;

    script.fail_older(SourceError::Offline("The server cannot be reached; check the network connection.".into()));
    let error = engine.ask("thread.older", json!({ "id": thread, "before": third })).await.unwrap_err();
    assert_eq!((error.code, error.message.contains("network")), (ErrorCode::Offline, true), "{error:?}");

    let page: ThreadView = engine.call("thread.older", json!({ "id": thread, "before": third })).await;
    assert_eq!((subjects(&page), page.older), (vec!["second"], true));
    let page: ThreadView = engine.call("thread.older", json!({ "id": thread, "before": page.items[0].id })).await;
    assert_eq!((subjects(&page), page.older), (vec!["first"], false));
    let whole = engine.thread(thread).await;
    assert_eq!((subjects(&whole), whole.older), (vec!["first", "second", "third"], false));
    assert_eq!(script.count(|call| matches!(call, Call::Older(_))), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn news_that_comes_while_the_past_is_fetched_is_not_forgotten() {
    let script = platform();
    let engine = engine(&[("post", &script)]).await;
    let (_, thread) = open(&engine).await;
    let third = engine.thread(thread).await.items[0].id;
    script.close_gate("past");
    let (page, ()) =
        tokio::join!(engine.call::<ThreadView>("thread.older", json!({ "id": thread, "before": third })), async {
            script.called(1, |call| matches!(call, Call::Older(_))).await;
            script.deliver("INBOX", New { parent: Some("third"), minute: 3, ..mail("fourth") });
            attend(&engine, Some(thread)).await;
            engine.until("the new one", async || (engine.thread(thread).await.items.len() == 2).then_some(())).await;
            script.open_gate("past");
        });
    assert_eq!((subjects(&page), page.older), (vec!["second"], true));
    assert_eq!(script.count(|call| matches!(call, Call::Older(_))), 2, "asked from where the scope was by then");
    assert_eq!(subjects(&engine.thread(thread).await), ["second", "third", "fourth"]);
    script.deliver("INBOX", New { parent: Some("third"), minute: 4, ..mail("fifth") });
    let _: Value = engine.call("sync.now", Value::Null).await;
    engine.until("the next one", async || (engine.thread(thread).await.items.len() == 4).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_in_the_background_is_off_and_has_a_floor() {
    let engine = Engine::empty().await;
    let all: Vec<inlet_orchestrator::api::types::Setting> = engine.call("config.list", Value::Null).await;
    let setting = all.iter().find(|setting| setting.key == "teams.background_minutes").unwrap();
    assert_eq!(setting.value, "off");
    for value in ["0", "1", "14", "always"] {
        let refused = engine.ask("config.set", json!({ "key": "teams.background_minutes", "value": value })).await;
        assert!(refused.is_err(), "{value}");
    }
    let _: Value = engine.call("config.set", json!({ "key": "teams.background_minutes", "value": "15" })).await;
}
