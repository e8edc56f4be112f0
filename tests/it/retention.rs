//! How long things are kept: what can be had again goes and comes back, what cannot stays.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use inlet_model::{AttachmentId, Timestamp};
use inlet_orchestrator::{
    Clock,
    api::{
        ErrorCode,
        types::{AttachmentData, AttachmentView, DataUsage, OpDetail, OpState, OpView, SourceState},
    },
};
use inlet_testkit::{Dovecot, DovecotOptions, Rng};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::harness::{Engine, Setup};

const ANNA: &str = "anna@inlet.test";
const PASSWORD: &str = "kite-41-Ostrava";

/// A clock that runs as the system's does, so many days ahead.
fn ahead() -> (Clock, Arc<AtomicI64>) {
    let days = Arc::new(AtomicI64::new(0));
    let shown = days.clone();
    let clock =
        Clock::from_fn(move || Timestamp::now() + SignedDuration::from_hours(24 * shown.load(Ordering::Relaxed)));
    (clock, days)
}

fn mail(id: &str, file: &str, bytes: &[u8]) -> Vec<u8> {
    let encoded = STANDARD.encode(bytes);
    let lines: Vec<&str> = encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!(
        "Message-ID: <{id}@inlet.test>\r\nDate: Mon, 1 Jun 2026 10:00:00 +0000\r\nFrom: Bob <bob@inlet.test>\r\n\
         To: Anna <{ANNA}>\r\nSubject: {id}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nHere.\r\n--b\r\nContent-Type: application/pdf; name=\"{file}\"\r\n\
         Content-Disposition: attachment; filename=\"{file}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--b--\r\n",
        lines.join("\r\n")
    )
    .into_bytes()
}

fn random(seed: u64, length: usize) -> Vec<u8> {
    let mut rng = Rng::new(seed);
    (0..length).map(|_| u8::try_from(rng.below(256)).unwrap()).collect()
}

async fn files(engine: &Engine) -> Vec<AttachmentView> {
    engine.items().await.into_iter().flat_map(|item| item.attachments).collect()
}

async fn named(engine: &Engine, name: &str) -> Vec<AttachmentView> {
    files(engine).await.into_iter().filter(|file| file.name == name).collect()
}

async fn bytes(engine: &Engine, id: AttachmentId) -> Vec<u8> {
    let data: AttachmentData = engine.call("attachment.data", json!({ "id": id })).await;
    STANDARD.decode(data.base64).unwrap()
}

/// The bytes of every file in the folder of attachments.
fn on_disk(engine: &Engine) -> Vec<Vec<u8>> {
    let folders = std::fs::read_dir(engine.data().join("attachments")).unwrap().map(|entry| entry.unwrap().path());
    let files = folders.filter(|path| path.is_dir()).flat_map(|folder| std::fs::read_dir(folder).unwrap());
    files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
}

/// A file that no row names, as a kill between the row and the file leaves one.
fn orphan(engine: &Engine) -> std::path::PathBuf {
    let folder = engine.data().join("attachments/ab");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("0".repeat(62));
    std::fs::write(&path, "what a kill left behind").unwrap();
    path
}

async fn gone(engine: &Engine, path: &Path) {
    engine.until("the file that nothing names to go", async || (!path.exists()).then_some(())).await;
}

async fn keep(engine: &Engine, key: &str, choice: &str) {
    let _: Value = engine.call("config.set", json!({ "key": key, "value": choice })).await;
}

async fn usage(engine: &Engine) -> DataUsage {
    engine.call("data.usage", Value::Null).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_went_is_fetched_again_and_an_only_copy_never_goes() {
    if !Dovecot::available() {
        println!("skipped: how long files are kept: Dovecot is not installed");
        return;
    }
    let dovecot = Dovecot::start(DovecotOptions {
        users: vec![(ANNA.to_owned(), PASSWORD.to_owned())],
        ..DovecotOptions::default()
    })
    .await;
    let (clock, days) = ahead();
    let engine = Engine::with(Setup { connectors: true, clock: Some(clock), ..Setup::default() }).await;
    let ca = engine.folder.path().join("ca.pem");
    std::fs::copy(dovecot.ca(), &ca).unwrap();
    // Too large to be fetched whole with its mail; and one that an import has as well.
    let (large, shared) = (random(1, 400_000), random(2, 5_000));
    dovecot.deliver(ANNA, "INBOX", &mail("large", "large.pdf", &large));
    dovecot.deliver(ANNA, "INBOX", &mail("shared", "shared.pdf", &shared));
    let config = inlet_model::ImapConfig { ca: Some(ca), ..dovecot.config(ANNA) };
    let view: inlet_orchestrator::api::types::AccountView =
        engine.call("accounts.add_imap", json!({ "config": config, "password": PASSWORD })).await;
    engine.state_of(view.sources[0].id, SourceState::Live).await;
    let mails = tempfile::tempdir().unwrap();
    std::fs::write(mails.path().join("1.eml"), mail("imported", "shared.pdf", &shared)).unwrap();
    std::fs::write(mails.path().join("2.eml"), mail("imported too", "own.pdf", b"only here")).unwrap();
    let _: Value = engine.call("import", json!({ "paths": [mails.path()] })).await;
    let all = engine
        .until("four files", async || {
            let all = files(&engine).await;
            (all.len() == 4).then_some(all)
        })
        .await;
    for file in &all {
        bytes(&engine, file.id).await;
    }
    assert_eq!(on_disk(&engine).len(), 3, "the same bytes lie there once");

    days.store(40, Ordering::Relaxed);
    let told = usage(&engine).await.files;
    let frees: Vec<(&str, u64)> = told.frees.iter().map(|one| (one.choice.as_str(), one.bytes)).collect();
    assert_eq!(frees, [("365", 0), ("90", 0), ("30", 400_000)]);
    assert_eq!((told.count, told.bytes, told.stays), (3, 405_009, 5_009));
    assert!(on_disk(&engine).len() == 3, "nothing goes before it is wanted");

    let left = orphan(&engine);
    keep(&engine, "data.keep_files", "30").await;
    gone(&engine, &left).await;
    let disk = engine.until("the file to go", async || Some(on_disk(&engine)).filter(|disk| disk.len() == 2)).await;
    assert!(!disk.contains(&large) && disk.contains(&shared) && disk.contains(&b"only here".to_vec()));
    let [there] = &named(&engine, "large.pdf").await[..] else { panic!("one") };
    assert!(!there.local);
    for kept in ["shared.pdf", "own.pdf"] {
        let files = named(&engine, kept).await;
        assert!(!files.is_empty() && files.iter().all(|file| file.local), "{kept}");
    }
    assert_eq!(usage(&engine).await.files.frees[2].bytes, 0);

    assert_eq!(bytes(&engine, there.id).await, large, "it is fetched when it is opened");
    assert!(named(&engine, "large.pdf").await[0].local);
    // Opened every three weeks it stays.
    for day in [60, 80, 100] {
        days.store(day, Ordering::Relaxed);
        let left = orphan(&engine);
        keep(&engine, "data.keep_files", "30").await;
        gone(&engine, &left).await;
        assert!(named(&engine, "large.pdf").await[0].local, "day {day}");
        assert_eq!(bytes(&engine, there.id).await, large);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_became_of_a_message_is_kept_as_long_as_is_set() {
    let (clock, days) = ahead();
    let engine = Engine::with(Setup { clock: Some(clock), ..Setup::default() }).await;
    let _: Value = engine.call("demo.fill", json!({ "seed": 7 })).await;
    let mail = engine.list(json!({ "in": "inbox", "kind": "mail" })).await.remove(0);
    let mut answer: Value = engine.call("compose.prepare", json!({ "mode": "reply", "thread": mail.id })).await;
    answer["text"] = "Gladly.".into();
    let op: OpView = engine.call("send", json!({ "message": answer })).await;
    let detail = async |engine: &Engine| engine.ask("outbox.get", json!({ "id": op.id })).await;
    engine
        .until("the answer to be out", async || {
            let detail: OpDetail = serde_json::from_value(detail(&engine).await.unwrap()).unwrap();
            (detail.op.state == OpState::Done).then_some(())
        })
        .await;
    let open = files(&engine).await.into_iter().find(|file| !file.inline).unwrap();
    let content = bytes(&engine, open.id).await;
    keep(&engine, "data.keep_files", "30").await;
    assert!(usage(&engine).await.logs.count > 0);

    days.store(100, Ordering::Relaxed);
    let left = orphan(&engine);
    keep(&engine, "data.keep_logs", "forever").await;
    gone(&engine, &left).await;
    let kept: OpDetail = serde_json::from_value(detail(&engine).await.unwrap()).unwrap();
    assert!(!kept.deliveries.is_empty());
    let logs = usage(&engine).await.logs;
    assert!(logs.frees.iter().any(|one| one.choice == "90" && one.count > 0 && one.bytes > 0), "{logs:?}");
    assert!(on_disk(&engine).contains(&content), "the demo's files stay");

    let left = orphan(&engine);
    keep(&engine, "data.keep_logs", "90").await;
    gone(&engine, &left).await;
    let forgotten = async || detail(&engine).await.err().filter(|error| error.code == ErrorCode::NotFound);
    engine.until("it to be forgotten", forgotten).await;
}
