//! The lock of the window: what a locked engine answers and tells, and what goes on behind it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use inlet_model::Timestamp;
use inlet_orchestrator::{
    Clock, Event, WindowEvents,
    api::{
        ApiError, ErrorCode,
        commands::COMMANDS,
        types::{LockView, NoticeBoard, Setting, ThreadPage},
    },
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::harness::{Engine, LIMIT, Setup};

const PASSPHRASE: &str = "correct horse";
/// What a locked window may ask.
const ANSWERED: [&str; 5] = ["lock.get", "lock.now", "lock.unlock", "notices.standing", "config.list"];

/// Asks as a window does.
async fn window(engine: &Engine, method: &str, params: Value) -> Result<Value, ApiError> {
    inlet_testkit::timeout(LIMIT, engine.app.window_rpc(method, params)).await
}

async fn answer<T: DeserializeOwned>(engine: &Engine, method: &str, params: Value) -> T {
    serde_json::from_value(window(engine, method, params).await.unwrap()).unwrap()
}

async fn refused(engine: &Engine, method: &str) -> bool {
    matches!(window(engine, method, Value::Null).await, Err(ApiError { code: ErrorCode::AppLocked, .. }))
}

async fn unlock(engine: &Engine, passphrase: &str) -> LockView {
    answer(engine, "lock.unlock", json!({ "passphrase": passphrase })).await
}

async fn with_passphrase(engine: &Engine) {
    let _: LockView = answer(engine, "lock.set", json!({ "new": PASSPHRASE })).await;
}

async fn heard(events: &mut WindowEvents) -> Option<Event> {
    inlet_testkit::timeout(LIMIT, events.recv()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_window_gets_no_command_but_those_of_the_lock_screen() {
    let engine = Engine::demo().await;
    with_passphrase(&engine).await;
    let _: LockView = answer(&engine, "lock.now", Value::Null).await;
    let mut asked = 0;
    for (name, _) in COMMANDS.iter().filter(|(name, _)| !ANSWERED.contains(name) && *name != "lock.forget") {
        assert!(refused(&engine, name).await, "{name}");
        asked += 1;
    }
    assert!(asked > 100 && refused(&engine, "no.such.command").await);
    let never = window(&engine, "lock.forget", Value::Null).await.unwrap_err();
    assert_eq!(never.code, ErrorCode::Refused, "{never}");

    let looks: Vec<Setting> = answer(&engine, "config.list", Value::Null).await;
    assert!(!looks.is_empty() && looks.iter().all(|setting| setting.key.starts_with("appearance.")));
    let board: NoticeBoard = answer(&engine, "notices.standing", Value::Null).await;
    assert!(board.notices.iter().all(|notice| notice.from.is_none() && notice.digest.is_none()), "{board:?}");
    // The engine itself, and a terminal, go on.
    let page: ThreadPage = engine.call("threads.list", json!({ "limit": 5 })).await;
    assert_eq!(page.threads.len(), 5);

    assert!(unlock(&engine, "wrong horse").await.locked);
    assert!(refused(&engine, "threads.list").await);
    assert!(!unlock(&engine, PASSPHRASE).await.locked);
    let page: ThreadPage = answer(&engine, "threads.list", json!({ "limit": 5 })).await;
    assert_eq!(page.threads.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_window_hears_of_the_lock_and_of_no_conversation() {
    let engine = Engine::demo().await;
    with_passphrase(&engine).await;
    let mut events = engine.app.window_events();
    let id = engine.view("inbox").await[0].id;
    let _: LockView = answer(&engine, "lock.now", Value::Null).await;
    while heard(&mut events).await != Some(Event::Lock) {}
    // A terminal changes a conversation, then a setting: one is heard of.
    let _: Value = engine.call("act", json!({ "verb": "star", "threads": [id] })).await;
    let _: Value = engine.call("config.set", json!({ "key": "appearance.theme", "value": "dark" })).await;
    loop {
        match heard(&mut events).await.unwrap() {
            Event::Settings => break,
            Event::Lock | Event::Notices => {}
            other => panic!("a locked window heard {other:?}"),
        }
    }
    unlock(&engine, PASSPHRASE).await;
    while heard(&mut events).await != Some(Event::Resync) {}
    let _: Value = engine.call("act", json!({ "verb": "unstar", "threads": [id] })).await;
    loop {
        // As before.
        if matches!(heard(&mut events).await.unwrap(), Event::Changed { threads, .. } if threads.contains(&id)) {
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lock_is_asked_for_after_idle_minutes_and_outlives_a_restart() {
    let seconds = Arc::new(AtomicI64::new(1_773_230_400));
    let shown = seconds.clone();
    let clock = Clock::from_fn(move || Timestamp::from_second(shown.load(Ordering::Relaxed)).unwrap());
    let engine = Engine::with(Setup { clock: Some(clock), ..Setup::default() }).await;
    let pass = |by| {
        seconds.fetch_add(by, Ordering::Relaxed);
    };
    let wish = json!({ "key": "privacy.lock", "value": "5" });
    let early = window(&engine, "config.set", wish.clone()).await.unwrap_err();
    assert!(early.message.contains("passphrase"), "nobody believes to be locked who is not: {early}");
    with_passphrase(&engine).await;
    window(&engine, "config.set", wish).await.unwrap();

    for _ in 0..3 {
        pass(299);
        window(&engine, "lock.touch", Value::Null).await.unwrap();
    }
    // What the window asks for by itself is nobody's doing.
    pass(299);
    assert!(!refused(&engine, "status").await);
    pass(1);
    assert!(refused(&engine, "lock.touch").await, "who comes too late is not let in for that");
    assert!(unlock(&engine, "").await.locked);

    // Not even where it is no longer to be locked by itself.
    let _: Value = engine.call("config.set", json!({ "key": "privacy.lock" })).await;
    let engine = engine.restart().await;
    assert!(refused(&engine, "status").await);
    assert!(!unlock(&engine, PASSPHRASE).await.locked);
    let engine = engine.restart().await;
    assert!(!refused(&engine, "status").await);
    window(&engine, "config.set", json!({ "key": "privacy.lock", "value": "start" })).await.unwrap();
    let engine = engine.restart().await;
    assert!(refused(&engine, "status").await);
    let view = unlock(&engine, "wrong").await;
    assert_eq!((view.locked, view.wrong, view.not_before), (true, 1, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_passphrase_is_changed_by_who_knows_it_and_forgotten_in_a_terminal() {
    let engine = Engine::empty().await;
    assert!(window(&engine, "lock.now", Value::Null).await.unwrap_err().message.contains("passphrase"));
    assert!(window(&engine, "lock.set", json!({ "new": "short" })).await.is_err());
    with_passphrase(&engine).await;
    for old in [json!({ "new": "another horse" }), json!({ "old": "wrong", "new": "another horse" })] {
        assert!(window(&engine, "lock.set", old).await.is_err());
    }
    let change = json!({ "old": PASSPHRASE, "new": "another horse" });
    let view: LockView = answer(&engine, "lock.set", change).await;
    assert_eq!((view.set, view.locked, view.wrong), (true, false, 0));
    window(&engine, "config.set", json!({ "key": "privacy.lock", "value": "start" })).await.unwrap();
    let _: LockView = answer(&engine, "lock.now", Value::Null).await;
    assert!(unlock(&engine, PASSPHRASE).await.locked);

    // Another process of the same user; the window hears of it.
    let terminal = engine.beside().await;
    terminal.rpc("lock.forget", Value::Null).await.unwrap();
    terminal.shutdown().await;
    engine.until("the window to open", async || (!refused(&engine, "status").await).then_some(())).await;
    let view: LockView = answer(&engine, "lock.get", Value::Null).await;
    assert_eq!((view.set, view.locked), (false, false));
    let engine = engine.restart().await;
    assert!(!refused(&engine, "status").await, "without a passphrase nothing is locked, whatever is set");
}
