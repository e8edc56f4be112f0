//! What is told, what is not and why, and that it is taken back.

use inlet_model::{SourceId, Timestamp};
use inlet_orchestrator::api::types::{
    NoticeBoard, NoticeDecision, NoticeEntry, NoticeReason, OpenedFile, Status, ThreadRow,
};
use inlet_testkit::Rng;
use serde_json::{Value, json};

use crate::{
    harness::{Engine, Setup},
    scripted::{New, Script, mail},
    taxonomy::{arrives, engine, live},
};

/// A mail that is sent in this moment.
fn now(id: &str) -> New<'_> {
    let noon: Timestamp = "2026-06-01T12:00:00Z".parse().unwrap();
    New { minute: Timestamp::now().duration_since(noon).as_mins() + 1, ..mail(id) }
}

async fn board(engine: &Engine) -> NoticeBoard {
    engine.call("notices.standing", Value::Null).await
}

async fn log(engine: &Engine) -> Vec<NoticeEntry> {
    engine.call("notices.list", json!({ "limit": 1000 })).await
}

/// The entry about the conversation of that title, once there is one.
async fn decided(engine: &Engine, title: &str) -> (NoticeDecision, NoticeReason) {
    let found = engine
        .until(&format!("a decision about {title}"), async || {
            let log = log(engine).await;
            log.into_iter().find(|entry| entry.title == title && entry.reason != NoticeReason::FirstSync)
        })
        .await;
    (found.decision, found.reason)
}

async fn set(engine: &Engine, key: &str, value: &str) {
    let _: Value = engine.call("config.set", json!({ "key": key, "value": value })).await;
}

async fn world() -> (Engine, Script, SourceId) {
    let script = Script::new("post");
    for n in 0..30 {
        script.deliver("INBOX", mail(&format!("old {n}")));
    }
    let engine = engine(&[("post", &script)]).await;
    let id = live(&engine, "post").await;
    (engine, script, id)
}

#[tokio::test(flavor = "multi_thread")]
async fn news_is_told_and_taken_back_when_it_is_read_elsewhere() {
    let (engine, script, _) = world().await;
    assert!(board(&engine).await.notices.is_empty(), "a first sync is no news");
    let uid = script.deliver("INBOX", now("news"));
    assert_eq!(decided(&engine, "news").await, (NoticeDecision::Told, NoticeReason::Direct));
    let told = board(&engine).await.notices;
    let [notice] = &told[..] else { panic!("{told:?}") };
    assert_eq!((notice.title.as_str(), notice.items, notice.silent), ("news", 1, false));
    assert_eq!(notice.from.as_ref().unwrap().handle, "bob@sender.test");

    // The answer goes on in the same notice, which is another one to whoever shows it.
    script.deliver("INBOX", New { parent: Some("news"), subject: "Re: news", ..now("more") });
    engine
        .until("one notice of two mails", async || {
            let grown = board(&engine).await.notices;
            (grown.len() == 1 && grown[0].items == 2 && grown[0].version > notice.version).then_some(())
        })
        .await;
    // One of two was read on the phone: the other is still news.
    script.flag("INBOX", uid, |flags| flags.read = true);
    script.flag("INBOX", uid + 1, |flags| flags.read = true);
    engine.until("nothing to tell", async || board(&engine).await.notices.is_empty().then_some(())).await;

    let first: u32 = log(&engine)
        .await
        .iter()
        .filter(|entry| entry.reason == NoticeReason::FirstSync)
        .map(|entry| entry.items)
        .sum();
    assert_eq!(first, 30, "what came with the first sync is told in the log, together");
    let entries = log(&engine).await.len();
    let engine = engine.restart().await;
    assert!(board(&engine).await.notices.is_empty());
    assert_eq!(log(&engine).await.len(), entries, "a start is no news");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_window_is_told_that_something_came_and_no_name() {
    let (engine, script, _) = world().await;
    let seen = async || -> (NoticeBoard, String) {
        let board = engine.app.window_rpc("notices.standing", Value::Null).await.unwrap();
        (serde_json::from_value(board.clone()).unwrap(), board.to_string())
    };
    let _: Value = engine.call("lock.set", json!({ "new": "correct horse" })).await;
    script.deliver("INBOX", now("before"));
    decided(&engine, "before").await;
    assert!(seen().await.1.contains("before"));
    let _: Value = engine.call("lock.now", Value::Null).await;
    assert!(seen().await.0.notices.is_empty(), "what stood with its names is taken down");

    for id in ["secret one", "secret two"] {
        script.deliver("INBOX", now(id));
        decided(&engine, id).await;
    }
    let (masked, text) = seen().await;
    let [notice] = &masked.notices[..] else { panic!("{masked:?}") };
    assert_eq!((notice.items, notice.conversations, notice.silent), (2, 2, false));
    assert!(!text.contains("secret") && !text.contains("bob") && !text.contains("sender"), "{text}");
    let _: Value = engine.call("lock.unlock", json!({ "passphrase": "correct horse" })).await;
    assert!(seen().await.0.notices.is_empty(), "whoever opened the window sees the list");
    script.deliver("INBOX", now("after"));
    decided(&engine, "after").await;
    assert!(seen().await.1.contains("after"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wish_is_heeded_and_says_so() {
    let (engine, script, id) = world().await;
    let say = async |title: &'static str| {
        script.deliver("INBOX", now(title));
        decided(&engine, title).await
    };
    set(&engine, "notifications.preview", "source").await;
    assert_eq!(say("hidden").await.0, NoticeDecision::Told);
    let told = board(&engine).await.notices;
    assert_eq!((told[0].from.clone(), told[0].title.as_str(), told[0].text.as_str()), (None, "", ""));
    assert!(told[0].source_type.is_some());

    let _: Value = engine.call("sources.notify", json!({ "source": id, "notify": false })).await;
    assert_eq!(say("source").await, (NoticeDecision::Kept, NoticeReason::SourceOff));
    assert!(!engine.source(id).await.notify);
    let _: Value = engine.call("sources.notify", json!({ "source": id, "notify": true })).await;

    let paused: NoticeBoard = engine.call("notices.pause", json!({ "minutes": 60 })).await;
    assert!(paused.paused_until.is_some());
    assert_eq!(say("paused").await.1, NoticeReason::Paused);
    let resumed: NoticeBoard = engine.call("notices.pause", json!({ "minutes": 0 })).await;
    assert_eq!(resumed.paused_until, None);

    let open = engine.titled("old 0").await.unwrap().id;
    let _: Value = engine.call("notices.watch", json!({ "thread": open })).await;
    script.deliver("INBOX", New { parent: Some("old 0"), subject: "Re: old 0", ..now("seen") });
    assert_eq!(decided(&engine, "old 0").await.1, NoticeReason::Open);
    let muted = engine.titled("old 1").await.unwrap().id;
    engine.act("mute", muted).await;
    script.deliver("INBOX", New { parent: Some("old 1"), subject: "Re: old 1", ..now("noise") });
    assert_eq!(decided(&engine, "old 1").await.1, NoticeReason::Muted);
    script.deliver("Projects", now("filed"));
    assert_eq!(decided(&engine, "filed").await.1, NoticeReason::Elsewhere);

    set(&engine, "notifications.direct", "silent").await;
    assert_eq!(say("quietly").await, (NoticeDecision::Silent, NoticeReason::Direct));
    set(&engine, "notifications.direct", "off").await;
    assert_eq!(say("never").await, (NoticeDecision::Kept, NoticeReason::DirectOff));
    set(&engine, "notifications.enabled", "false").await;
    assert_eq!(say("nothing").await.1, NoticeReason::Off);
    // Only what was told stands.
    assert_eq!(board(&engine).await.notices.len(), 2);
    for (key, nonsense) in [("quiet_from", "25:00"), ("per_minute", "0"), ("preview", "all"), ("enabled", "yes")] {
        let set = engine.ask("config.set", json!({ "key": format!("notifications.{key}"), "value": nonsense })).await;
        assert!(set.is_err(), "{key}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_becomes_one_summary() {
    let (engine, script, _) = world().await;
    set(&engine, "notifications.per_minute", "2").await;
    let titles: Vec<String> = (0..6).map(|n| format!("flood {n}")).collect();
    for title in &titles {
        script.deliver("INBOX", now(title));
        decided(&engine, title).await;
    }
    let told = board(&engine).await.notices;
    assert_eq!(told.len(), 3, "{told:?}");
    assert_eq!((told[2].thread, told[2].conversations), (None, 4));
    // Reading them all takes everything back.
    for title in &titles {
        let thread = engine.titled(title).await.unwrap().id;
        engine.act("read", thread).await;
    }
    engine.until("nothing to tell", async || board(&engine).await.notices.is_empty().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_count_on_the_icon_is_what_is_unread_whatever_was_done() {
    let engine = Engine::demo().await;
    let mut rng = Rng::new(11);
    // Those of the inbox are what the count is about; some others come in.
    let mut rows: Vec<ThreadRow> = engine.view("inbox").await;
    rows.extend(engine.view("archive").await.into_iter().take(30));
    let verbs = ["read", "unread", "archive", "inbox", "delete", "mute", "unmute", "snooze", "star"];
    let database = rusqlite::Connection::open(engine.data().join("inlet.db")).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for step in 0..120 {
        let verb = rng.pick(&verbs);
        let threads: Vec<_> = (0..=rng.below(9)).map(|_| rows[rng.below(rows.len())].id).collect();
        let params = json!({ "verb": verb, "threads": threads, "until": "2099-01-01T09:00:00Z" });
        // A note cannot be archived, and says so; then nothing has changed.
        let acted = engine.ask("act", params).await;
        if acted.is_ok() && rng.chance(0.2) {
            let _ = engine.ask("undo", json!({ "undo": null })).await;
        }
        let status: Status = engine.call("status", Value::Null).await;
        let counted: u64 = database
            .query_row(
                "SELECT count(DISTINCT thread.id) FROM thread JOIN item ON item.thread = thread.id
                 WHERE thread.place = 'inbox' AND thread.deleted = 0
                 AND item.deleted = 0 AND item.read = 0 AND item.from_me = 0",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(status.counts["inbox"], counted, "step {step}: {verb}");
        seen.insert(counted);
    }
    assert!(seen.len() > 10, "the count moved: {seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_in_a_file_is_opened_and_is_no_news() {
    let engine = Engine::with(Setup { connectors: true, ..Setup::default() }).await;
    let file = engine.folder.path().join("Grüße an Ana.eml");
    let date = Timestamp::now().strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
    let raw = format!(
        "From: Ana <ana@example.org>\r\nTo: me@example.org\r\nSubject: From a file\r\nDate: {date}\r\n\
         Message-ID: <file@example.org>\r\n\r\nHello.\r\n"
    );
    std::fs::write(&file, raw).unwrap();
    let opened: OpenedFile = engine.call("files.open", json!({ "path": file })).await;
    let thread = opened.thread.expect("its conversation");
    assert_eq!(engine.thread(thread).await.thread.title, "From a file");
    assert_eq!(opened.account.name, "Opened files");
    let again: OpenedFile = engine.call("files.open", json!({ "path": file })).await;
    assert_eq!((again.thread, again.account.id), (Some(thread), opened.account.id));
    assert_eq!(decided(&engine, "From a file").await, (NoticeDecision::Kept, NoticeReason::Imported));
    let gone = engine.ask("files.open", json!({ "path": engine.folder.path().join("none.eml") })).await;
    assert!(gone.unwrap_err().message.contains("cannot be read"));
    arrives(&engine, "From a file").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_is_told_once_and_only_where_it_is_wanted() {
    use std::sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    };
    let digest = async |engine: &Engine| {
        let told = board(engine).await.notices.into_iter().filter_map(|notice| Some((notice.silent, notice.digest?)));
        told.collect::<Vec<_>>()
    };
    // The zone is the machine's, so the time of the digest is set from the clock there.
    let noon = jiff::Zoned::now().with().hour(12).minute(0).second(0).build().unwrap();
    let hand = Arc::new(AtomicI64::new(noon.timestamp().as_second()));
    let (shown, pass) = (hand.clone(), |hours: i64| hand.fetch_add(hours * 3_600, Ordering::SeqCst));
    let clock =
        inlet_orchestrator::Clock::from_fn(move || Timestamp::from_second(shown.load(Ordering::SeqCst)).unwrap());
    let engine = Engine::with(Setup { clock: Some(clock), ..Setup::default() }).await;
    let _: Value = engine.call("demo.fill", json!({ "seed": 7, "now": noon.timestamp() })).await;
    assert!(engine.ask("config.set", json!({ "key": "notifications.digest_at", "value": "8 am" })).await.is_err());
    set(&engine, "notifications.digest_at", "08:00").await;
    assert!(digest(&engine).await.is_empty(), "off is off");
    // Whoever wants it from now on does not want this morning's.
    set(&engine, "notifications.digest", "true").await;
    assert!(digest(&engine).await.is_empty());
    // The computer sleeps at eight, and wakes up at noon.
    pass(24);
    let [(silent, told)] = &digest(&engine).await[..] else { panic!("one") };
    assert!(*silent && told.reply > 0 && !told.cards.is_empty() && told.cards.len() <= 3, "{told:?}");
    assert!(told.cards.iter().all(|card| !card.sentence.is_empty()));
    pass(2);
    assert_eq!(digest(&engine).await.len(), 1, "it stands for the day");
    set(&engine, "notifications.preview", "source").await;
    assert!(digest(&engine).await[0].1.cards.is_empty(), "what is written stays private");
    let engine = engine.restart().await;
    assert!(digest(&engine).await.is_empty(), "not twice on one day");
    // Not in a pause either, but after it.
    let _: Value = engine.call("notices.pause", json!({ "minutes": 21 * 60 })).await;
    pass(20);
    assert!(digest(&engine).await.is_empty());
    pass(2);
    assert_eq!(digest(&engine).await.len(), 1);
    // Nor in the quiet hours, in which its time lies here: at their end.
    set(&engine, "notifications.quiet_from", "07:00").await;
    set(&engine, "notifications.quiet_until", "15:00").await;
    pass(22);
    assert!(digest(&engine).await.is_empty());
    pass(6);
    assert_eq!(digest(&engine).await.len(), 1);
}
