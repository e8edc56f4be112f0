//! When what everything is kept in does not do as it should: it is newer than the program, somebody else holds it, or
//! there is no room on the disk. It is said, nothing is lost, and it goes on by itself.

use std::{collections::BTreeMap, path::PathBuf};

use inlet_model::SourceId;
use inlet_orchestrator::api::{
    ErrorCode,
    types::{Compose, OpView, SearchView, SourceState, ThreadRow},
};
use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    backup::{contents, data, run, well},
    harness::Engine,
    scripted::{New, Script, mail},
    taxonomy::{arrives, engine, live},
};

fn set_version(folder: &TempDir, file: &str, version: i64) -> i64 {
    let database = Connection::open(data(folder).join(file)).unwrap();
    let before = database.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    database.pragma_update(None, "user_version", version).unwrap();
    before
}

/// Everything but the log, to which the refusal is written.
fn kept(folder: &TempDir) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut kept = contents(&data(folder));
    kept.retain(|path, _| !path.starts_with(data(folder).join("logs")));
    kept
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_newer_version_wrote_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    well(&folder, &["demo", "--seed", "7", "--now", "2026-06-01T12:00:00Z"]).await;
    let list = well(&folder, &["list", "--in", "all"]).await;
    // The last is a newer file beside one that would be brought into the present.
    let cases: [&[(&str, i64)]; 3] =
        [&[("inlet.db", 1_000)], &[("bodies.db", 1_000)], &[("inlet.db", 1), ("bodies.db", 1_000)]];
    for case in cases {
        let before: Vec<i64> = case.iter().map(|(file, version)| set_version(&folder, file, *version)).collect();
        let files = kept(&folder);
        for command in [["list"].as_slice(), &["sync", "--once"], &["backup", "newer.zip"]] {
            let ended = run(&folder, command).await;
            assert_eq!((ended.code, &ended.printed), (1, &Value::Null), "{}", ended.message);
            let said = "This data was written by a newer version of Inlet (schema 1000, this one knows ";
            assert!(ended.message.starts_with(said), "{}", ended.message);
            assert!(ended.message.ends_with("please update Inlet."), "{}", ended.message);
        }
        let ended = run(&folder, &["doctor"]).await;
        assert_eq!((ended.code, ended.printed["ok"].as_bool()), (1, Some(false)), "{}", ended.printed);
        assert!(kept(&folder) == files, "{case:?}: a file is not what it was");
        for ((file, _), version) in case.iter().zip(before) {
            set_version(&folder, file, version);
        }
        assert_eq!(well(&folder, &["list", "--in", "all"]).await, list);
    }
}

/// The titles of what came from others, and how often each is here.
async fn came(engine: &Engine) -> BTreeMap<String, usize> {
    let mut titles = BTreeMap::new();
    for item in engine.items().await.into_iter().filter(|item| !item.from_me) {
        *titles.entry(item.subject).or_default() += 1;
    }
    titles
}

/// The source says this itself, and whoever asks for something is told.
async fn is_said(engine: &Engine, id: SourceId, thread: &ThreadRow, message: &Compose, why: &str) {
    let source = engine.state_of(id, SourceState::Failing).await;
    assert!(source.message.as_deref().unwrap().contains(why), "{source:?}");
    let send = json!({ "message": message, "undo_seconds": 0 });
    for (method, params) in [("send", send), ("act", json!({ "verb": "star", "threads": [thread.id] }))] {
        let error = engine.ask(method, params).await.unwrap_err();
        assert!(error.code == ErrorCode::Failed && error.message.contains(why), "{method}: {error:?}");
    }
    assert!(!engine.titled(&thread.title).await.unwrap().starred, "what was refused has not happened");
}

/// A message to answer a conversation with.
async fn answer(engine: &Engine, thread: &ThreadRow, text: &str) -> Compose {
    let mut message: Compose = engine.call("compose.prepare", json!({ "mode": "reply", "thread": thread.id })).await;
    message.text = text.to_owned();
    message
}

/// So many items can be found by this.
async fn found(engine: &Engine, query: &str, total: u64) {
    let params = json!({ "query": query, "limit": 1 });
    let all = async || {
        let found: SearchView = engine.call("search", params.clone()).await;
        (found.total == total).then_some(())
    };
    engine.until(&format!("{total} for {query}"), all).await;
}

/// All of it is here once, was sent once, and can be found.
async fn is_whole(engine: &Engine, post: &Script, subjects: &[String], sent: usize) {
    for subject in subjects {
        arrives(engine, subject).await;
    }
    engine.outbox_empty().await;
    assert_eq!(came(engine).await, subjects.iter().map(|subject| (subject.clone(), 1)).collect());
    assert_eq!((post.submitted().len(), post.texts("Sent").len()), (sent, sent));
    found(engine, "kestrel from:bob", subjects.len() as u64).await;
    let check: Value = engine.call("data.check", json!({ "repair": false })).await;
    assert_eq!(check["ok"], true, "{check}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_somebody_else_holds_is_waited_for() {
    let post = Script::new("post");
    let engine = engine(&[("post", &post)]).await;
    post.deliver_text("INBOX", mail("before"), "A kestrel.");
    let id = live(&engine, "post").await;
    let thread = arrives(&engine, "before").await;
    let message = answer(&engine, &thread, "Not yet.").await;

    let other = Connection::open(engine.data().join("inlet.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    post.deliver_text("INBOX", New { minute: 1, ..mail("meanwhile") }, "A second kestrel.");
    is_said(&engine, id, &thread, &message, "nother program is using Inlet's database").await;
    assert!(engine.titled("meanwhile").await.is_none() && post.submitted().is_empty());

    other.execute_batch("ROLLBACK").unwrap();
    let _: Value = engine.call("sync.now", Value::Null).await;
    engine.state_of(id, SourceState::Live).await;
    let _: OpView = engine.call("send", json!({ "message": message, "undo_seconds": 0 })).await;
    is_whole(&engine, &post, &["before".to_owned(), "meanwhile".to_owned()], 1).await;
}

#[cfg(target_os = "linux")]
mod full {
    use std::{
        collections::HashMap,
        fs::{self, File},
        io::Write,
        path::Path,
        process::Stdio,
        sync::Arc,
        time::Duration,
    };

    use inlet_orchestrator::api::types::OpState;
    use inlet_testkit::Rng;
    use tokio::{process::Command, sync::Semaphore};

    use super::*;
    use crate::{
        harness::Setup,
        scripted::{Call, Fault},
    };

    /// Where the small disk is, for the test that runs on it.
    const DISK: &str = "INLET_SMALL_DISK";

    /// A disk of its own needs rights over a name space of its own, which not every system gives.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_full_disk_loses_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mount = format!("mount -t tmpfs -o size=32m none \"${DISK}\" || exit 77; exec \"$@\"");
        let mut command = Command::new("unshare");
        command.args(["-rm", "sh", "-c", &mount, "sh"]).arg(std::env::current_exe().unwrap());
        command.args(["storage::full::on_a_small_disk", "--exact", "--ignored", "--nocapture"]);
        command.env(DISK, folder.path()).stdin(Stdio::null()).kill_on_drop(true);
        let Ok(output) = inlet_testkit::timeout(Duration::from_secs(240), command.output()).await else {
            println!("skipped: a full disk: unshare is not installed");
            return;
        };
        let told = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(0) => assert!(told.contains("1 passed"), "{told}"),
            // What unshare, mount and a missing shell end with; a test that fails ends with 101.
            Some(1 | 77 | 127) => println!("skipped: a full disk: no disk can be mounted here"),
            _ => panic!("{told}"),
        }
    }

    /// Takes all the room there is.
    fn fill(disk: &Path) -> PathBuf {
        let path = disk.join("ballast");
        let mut file = File::create(&path).unwrap();
        for size in [1 << 20, 1 << 12, 1] {
            while file.write_all(&vec![7; size]).is_ok() {}
        }
        path
    }

    /// A text that stays as long as it is.
    fn long(rng: &mut Rng) -> String {
        let words = (0..20_000).map(|_| format!("{:x}", rng.bits()));
        words.fold("A kestrel.".to_owned(), |text, word| text + " " + &word)
    }

    #[tokio::test(flavor = "multi_thread")]
    #[ignore = "a_full_disk_loses_nothing runs it on a disk of its own"]
    async fn on_a_small_disk() {
        let Some(disk) = std::env::var_os(DISK).map(PathBuf::from) else {
            println!("skipped: on a small disk: there is none");
            return;
        };
        let post = Script::new("post");
        let scripts = HashMap::from([("post".to_owned(), post.clone())]);
        let folder = Arc::new(tempfile::tempdir_in(&disk).unwrap());
        let engine = Engine::at(folder, Setup { scripts, ..Setup::default() }).await;
        post.deliver_text("INBOX", mail("before"), "A kestrel.");
        let id = live(&engine, "post").await;
        let thread = arrives(&engine, "before").await;
        let message = answer(&engine, &thread, "After it.").await;

        // One answer is sent already when the room ends, and cannot be noted.
        let gate = Arc::new(Semaphore::new(0));
        post.fail_apply("send", Fault::Late(gate.clone()));
        let sent = engine.reply(thread.id, "While there was room.").await;
        post.called(1, |call| matches!(call, Call::Apply(_, "send"))).await;
        // What writes the index is done, and frees no room later.
        found(&engine, "\"there was room\" from:me", 1).await;
        let ballast = fill(&disk);
        gate.close();
        let (mut rng, mut subjects) = (Rng::new(7), vec!["before".to_owned()]);
        for number in 0..5 {
            let subject = format!("meanwhile {number}");
            post.deliver_text("INBOX", New { minute: number, ..mail(&subject) }, &long(&mut rng));
            subjects.push(subject);
        }
        is_said(&engine, id, &thread, &message, "disk is full").await;
        assert!(engine.titled("meanwhile 0").await.is_none());
        assert_eq!(engine.op(sent.id).await.state, OpState::Sending);

        fs::remove_file(ballast).unwrap();
        engine.op_in(sent.id, OpState::Done).await;
        let _: Value = engine.call("sync.now", Value::Null).await;
        engine.state_of(id, SourceState::Live).await;
        let again: OpView = engine.call("send", json!({ "message": message, "undo_seconds": 0 })).await;
        engine.op_in(again.id, OpState::Done).await;
        is_whole(&engine, &post, &subjects, 2).await;
        let items = engine.items().await;
        for text in post.texts("INBOX") {
            assert!(items.iter().any(|item| item.text.trim() == text.trim()), "a text is not whole");
        }
    }
}
