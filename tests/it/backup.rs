//! Everything into one file and back, by the program itself: whole, while Inlet is at work, killed half-way, and from
//! files that are no backups.

mod hostile;

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use inlet_model::{Timestamp, UnifiedEmail};
use inlet_orchestrator::{
    Clock,
    api::types::{BackedUp, Compose, OpState, OpView},
};
use inlet_testkit::Rng;
use jiff::SignedDuration;
use rusqlite::Connection;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::time::Instant;
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::{
    harness::{Engine, LIMIT, Setup, files, holding},
    scripted::{Script, mail},
    taxonomy::{arrives, engine, live},
    terminal::inlet,
};

/// How the program ended, what it printed, and the error it told.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) printed: Value,
    pub(crate) message: String,
}

/// Runs the program on this data directory to its end.
pub(crate) async fn run(folder: &TempDir, arguments: &[&str]) -> Ended {
    let output = inlet_testkit::timeout(LIMIT, inlet(folder, arguments).output()).await.unwrap();
    let error: Value = serde_json::from_slice(&output.stderr).unwrap_or(Value::Null);
    Ended {
        code: output.status.code().unwrap_or(-1),
        printed: serde_json::from_slice(&output.stdout).unwrap_or(Value::Null),
        message: error["error"]["message"].as_str().unwrap_or_default().to_owned(),
    }
}

/// As [`run`], which has to end well.
pub(crate) async fn well(folder: &TempDir, arguments: &[&str]) -> Value {
    let ended = run(folder, arguments).await;
    assert_eq!(ended.code, 0, "{arguments:?}: {} {}", ended.message, ended.printed);
    ended.printed
}

pub(crate) async fn rpc(folder: &TempDir, method: &str, params: Value) -> Value {
    well(folder, &["rpc", method, &params.to_string()]).await
}

/// A data directory with the demo world in it, and a file of a message that was opened: its id and its hash.
pub(crate) async fn world() -> (TempDir, String, String) {
    let folder = tempfile::tempdir().unwrap();
    well(&folder, &["demo", "--seed", "7", "--now", "2026-06-01T12:00:00Z"]).await;
    let page = rpc(&folder, "threads.list", json!({ "in": "all", "limit": 100 })).await;
    let rows = page["threads"].as_array().unwrap();
    let row = rows.iter().find(|row| row["has_attachment"] == true).unwrap();
    let thread = rpc(&folder, "thread.get", json!({ "id": row["id"] })).await;
    let items = thread["items"].as_array().unwrap();
    let mut attachments = items.iter().flat_map(|item| item["attachments"].as_array().unwrap());
    let id = attachments.find(|file| file["inline"] == false).unwrap()["id"].as_str().unwrap().to_owned();
    rpc(&folder, "attachment.data", json!({ "id": id })).await;
    let [hash] = hashes(&folder).try_into().unwrap();
    (folder, id, hash)
}

pub(crate) fn data(folder: &TempDir) -> PathBuf {
    folder.path().join("data")
}

/// What lies among the attachments, by the names they are kept under.
pub(crate) fn hashes(folder: &TempDir) -> Vec<String> {
    let root = data(folder).join("attachments");
    let name = |path: PathBuf| path.strip_prefix(&root).unwrap().to_string_lossy().replace(['/', '\\'], "");
    files(&root).into_iter().map(name).collect()
}

/// Everything a person sees in lists, and what a search for a word finds.
async fn seen(folder: &TempDir) -> (Value, Value, Value) {
    let list = list(folder).await;
    let mut found = well(folder, &["search", "the", "--limit", "50"]).await;
    found["took_us"] = Value::Null;
    let settings = well(folder, &["config"]).await;
    (list, found, settings)
}

async fn list(folder: &TempDir) -> Value {
    well(folder, &["list", "--in", "all", "--limit", "2000"]).await
}

/// Every path below a folder, and what is in it.
pub(crate) fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    if !folder.exists() {
        return BTreeMap::new();
    }
    files(folder).into_iter().map(|path| (path.clone(), fs::read(&path).unwrap())).collect()
}

/// The entries of an archive.
pub(crate) fn entries(file: &Path) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(fs::File::open(file).unwrap()).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut entry = archive.by_index(index).unwrap();
            let name = entry.name().unwrap().into_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (name, bytes)
        })
        .collect()
}

/// Writes an archive of these entries.
pub(crate) fn archive(file: &Path, entries: &[(String, Vec<u8>)]) {
    let mut zip = ZipWriter::new(fs::File::create(file).unwrap());
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in entries {
        zip.start_file(name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

pub(crate) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_restored_elsewhere_is_what_was_backed_up_and_nothing_secret_is_in_the_file() {
    let (folder, id, attachment) = world().await;
    well(&folder, &["config", "appearance.theme", "dark"]).await;
    // As sealed secrets lie there: nobody shall have them to guess at.
    Connection::open(data(&folder).join("inlet.db"))
        .unwrap()
        .execute("INSERT INTO secret SELECT id, 'password', CAST('sealed-canary' AS BLOB) FROM account LIMIT 1", [])
        .unwrap();
    let before = seen(&folder).await;
    assert!(before.1["total"].as_u64().unwrap() > 10);

    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("all of it.zip");
    let path = file.to_str().unwrap();
    let told = well(&folder, &["backup", path]).await;
    assert_eq!((told["files"].as_u64(), told["left_out"].as_u64()), (Some(1), Some(0)));
    assert_eq!(told["bytes"].as_u64(), Some(fs::metadata(&file).unwrap().len()));
    assert_eq!(files(out.path()), std::slice::from_ref(&file), "nothing is left beside it");

    let packed = entries(&file);
    let mut names: Vec<&str> = packed.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    let kept = format!("attachments/{}/{}", &attachment[..2], &attachment[2..]);
    assert_eq!(names, [kept.as_str(), "bodies.db", "config.toml", "inlet.db", "manifest.json"]);
    let has = |needle: &str| {
        let needle = needle.as_bytes();
        packed.iter().any(|(_, bytes)| bytes.windows(needle.len()).any(|window| window == needle))
    };
    assert!(!has("sealed-canary") && !has("passphrase_salt") && !has("passphrase_check"));
    assert!(!holding(&data(&folder), "passphrase_salt").is_empty(), "there was something to take out");

    let again = run(&folder, &["backup", path]).await;
    assert_eq!(again.code, 6, "what is there is not written over");
    assert!(again.message.contains("is there already"), "{}", again.message);
    assert_eq!(entries(&file), packed);

    let elsewhere = tempfile::tempdir().unwrap();
    let restored = well(&elsewhere, &["restore", path]).await;
    assert_eq!((restored["files"].as_u64(), restored["parked"].as_u64()), (Some(1), Some(0)));
    let after = seen(&elsewhere).await;
    assert_eq!(after.0, before.0);
    assert_eq!(after.1, before.1, "the search finds the same");
    assert_eq!(after.2, before.2);
    assert_eq!(hashes(&elsewhere), [attachment]);
    rpc(&elsewhere, "attachment.data", json!({ "id": id })).await;
    assert!(!data(&elsewhere).join("restore.part").exists());
    assert_eq!(well(&elsewhere, &["doctor"]).await["ok"], true);

    let was = contents(&data(&elsewhere).join("attachments"));
    let refused = run(&elsewhere, &["restore", path]).await;
    assert_eq!(refused.code, 6, "what is there is not written over either");
    assert!(refused.message.contains("an empty folder"), "{}", refused.message);
    assert_eq!(contents(&data(&elsewhere).join("attachments")), was);
    assert_eq!(seen(&elsewhere).await.0, before.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_here_is_left_out_and_fetched_again() {
    let (folder, id, attachment) = world().await;
    let path = data(&folder).join("attachments").join(&attachment[..2]).join(&attachment[2..]);
    fs::write(path, "something else").unwrap();
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("b.zip");
    let told = well(&folder, &["backup", file.to_str().unwrap()]).await;
    assert_eq!((told["files"].as_u64(), told["left_out"].as_u64()), (Some(0), Some(1)));
    let elsewhere = tempfile::tempdir().unwrap();
    let restored = well(&elsewhere, &["restore", file.to_str().unwrap()]).await;
    assert_eq!(restored["left_out"], 1);
    assert_eq!(well(&elsewhere, &["doctor"]).await["ok"], true, "nothing names what is not there");
    rpc(&elsewhere, "attachment.data", json!({ "id": id })).await;
    assert_eq!(hashes(&elsewhere), [attachment]);
}

/// Queues a message for tomorrow.
async fn for_tomorrow(engine: &Engine, text: &str) -> OpView {
    let thread = engine.titled("question").await.unwrap().id;
    let mut message: Compose = engine.call("compose.prepare", json!({ "mode": "reply", "thread": thread })).await;
    message.text = text.to_owned();
    let at = Clock::system().now() + SignedDuration::from_hours(24);
    engine.call("send", json!({ "message": message, "at": at })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_copy_sends_nothing_that_the_original_may_have_sent() {
    let script = Script::new("post");
    script.deliver("INBOX", mail("question"));
    let engine = engine(&[("post", &script)]).await;
    let id = live(&engine, "post").await;
    let (sent, open) = (for_tomorrow(&engine, "The first.").await, for_tomorrow(&engine, "The second.").await);
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("b.zip");
    let _: BackedUp = engine.call("data.backup", json!({ "file": file })).await;

    // The original goes on: the first is sent, and an answer to it comes.
    let _: OpView = engine.call("outbox.retry", json!({ "id": sent.id })).await;
    engine.op_in(sent.id, OpState::Done).await;
    engine.resync(id).await;
    inlet_testkit::timeout(LIMIT, engine.app.shutdown()).await;
    drop(engine);
    assert_eq!(script.submitted().len(), 1);

    let elsewhere = Arc::new(tempfile::tempdir().unwrap());
    let restored = well(&elsewhere, &["restore", file.to_str().unwrap()]).await;
    assert_eq!(restored["parked"], 2);
    let listed = well(&elsewhere, &["outbox"]).await;
    for op in listed["ops"].as_array().unwrap() {
        assert_eq!(op["state"], "parked");
        assert!(op["reason"].as_str().unwrap().contains("may already have been sent"), "{op}");
    }

    let scripts = HashMap::from([("post".to_owned(), script.clone())]);
    let engine = Engine::at(elsewhere, Setup { scripts, ..Setup::default() }).await;
    engine.resync(id).await;
    for op in [sent.id, open.id] {
        assert_eq!(engine.op(op).await.state, OpState::Parked, "it waits for the person");
    }
    assert_eq!(script.submitted().len(), 1, "nothing was sent by the copy");
    let _: OpView = engine.call("outbox.retry", json!({ "id": open.id })).await;
    engine.op_in(open.id, OpState::Done).await;
    assert_eq!(script.submitted().len(), 2, "the person sends it");
}

/// A mail of that moment.
fn at(script: &Script, id: &str, at: Timestamp) -> UnifiedEmail {
    UnifiedEmail { date: Some(at), received_at: Some(at), ..script.written(mail(id)) }
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_do_nothing_about_what_came_between_the_backup_and_the_copy() {
    let script = Script::new("post");
    let scripts = HashMap::from([("post".to_owned(), script.clone())]);
    let hour = SignedDuration::from_hours(1);
    let earlier = Clock::from_fn(move || Clock::system().now() - hour);
    let engine = Engine::with(Setup { scripts: scripts.clone(), clock: Some(earlier), ..Setup::default() }).await;
    let id = live(&engine, "post").await;
    let rule = "id = 'star'\nname = 'Star'\nwhen = { subject = 'news' }\nthen = { star = true }";
    let _: Value = engine.call("rules.add", json!({ "toml": rule })).await;
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("b.zip");
    let _: BackedUp = engine.call("data.backup", json!({ "file": file })).await;
    inlet_testkit::timeout(LIMIT, engine.app.shutdown()).await;
    drop(engine);

    let now = Clock::system().now();
    script.put("INBOX", at(&script, "news of then", now - SignedDuration::from_mins(30)));
    let elsewhere = Arc::new(tempfile::tempdir().unwrap());
    well(&elsewhere, &["restore", file.to_str().unwrap()]).await;
    let engine = Engine::at(elsewhere, Setup { scripts, ..Setup::default() }).await;
    let then = arrives(&engine, "news of then").await;
    script.put("INBOX", at(&script, "news of now", now + SignedDuration::from_mins(1)));
    engine.resync(id).await;
    engine.until("the rule", async || engine.titled("news of now").await.filter(|row| row.starred).map(drop)).await;
    assert!(!engine.thread(then.id).await.thread.starred, "the original may have done it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_of_one_moment_while_the_engine_is_at_work() {
    let script = Script::new("post");
    let engine = engine(&[("post", &script)]).await;
    let id = live(&engine, "post").await;
    let out = tempfile::tempdir().unwrap();
    let mut number = 0;
    for round in 0..4 {
        for _ in 0..60 {
            number += 1;
            let name = format!("mail {number}");
            script.deliver("INBOX", mail(&name));
        }
        // From the engine that fetches, and from a terminal beside it.
        let file = out.path().join(format!("{round}.zip"));
        let _: Value = engine.call("sync.now", json!({})).await;
        if round % 2 == 0 {
            let _: BackedUp = engine.call("data.backup", json!({ "file": file })).await;
        } else {
            well(&engine.folder, &["backup", file.to_str().unwrap()]).await;
        }
    }
    engine.resync(id).await;
    for round in 0..4 {
        let elsewhere = tempfile::tempdir().unwrap();
        let file = out.path().join(format!("{round}.zip"));
        well(&elsewhere, &["restore", file.to_str().unwrap()]).await;
        let check = well(&elsewhere, &["doctor"]).await;
        assert_eq!(check["ok"], true, "{check}");
    }
    assert_eq!(engine.view("inbox").await.len(), number, "and nothing was in its way");
}

/// Starts the program and kills it at that moment; whether it was still at work.
async fn kill(folder: &TempDir, arguments: &[&str], after: Duration) -> bool {
    let mut child = inlet(folder, arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let working = tokio::time::timeout(after, child.wait()).await.is_err();
    child.kill().await.unwrap();
    working
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_leaves_no_half_backup() {
    let (folder, ..) = world().await;
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("b.zip");
    let path = file.to_str().unwrap();
    let started = Instant::now();
    well(&folder, &["backup", path]).await;
    let whole = started.elapsed();
    let (mut random, mut at_work) = (Rng::new(5), 0);
    for _ in 0..6 {
        fs::remove_file(&file).unwrap_or_default();
        at_work += usize::from(kill(&folder, &["backup", path], whole.mul_f64(random.unit())).await);
        if file.exists() {
            let elsewhere = tempfile::tempdir().unwrap();
            well(&elsewhere, &["restore", path]).await;
        }
    }
    assert!(at_work >= 2, "only {at_work} kills found it at work");
    fs::remove_file(&file).unwrap_or_default();
    well(&folder, &["backup", path]).await;
    assert_eq!(files(out.path()), [file], "what the killed ones left is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_restore_is_begun_again_or_is_whole() {
    let (folder, ..) = world().await;
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("b.zip");
    let path = file.to_str().unwrap();
    well(&folder, &["backup", path]).await;
    let before = list(&folder).await;
    let started = Instant::now();
    let first = tempfile::tempdir().unwrap();
    well(&first, &["restore", path]).await;
    let whole = started.elapsed();
    let (mut random, mut at_work) = (Rng::new(6), 0);
    for _ in 0..6 {
        let elsewhere = tempfile::tempdir().unwrap();
        at_work += usize::from(kill(&elsewhere, &["restore", path], whole.mul_f64(random.unit())).await);
        let again = run(&elsewhere, &["restore", path]).await;
        assert!(matches!(again.code, 0 | 6), "{}: {}", again.code, again.message);
        let check = run(&elsewhere, &["doctor", "--repair"]).await;
        assert_eq!(check.code, 0, "{}", check.printed);
        assert_eq!(list(&elsewhere).await, before);
        assert_eq!(hashes(&elsewhere), hashes(&folder));
    }
    assert!(at_work >= 2, "only {at_work} kills found it at work");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_somebody_elses_is_not_cleared() {
    let folder = tempfile::tempdir().unwrap();
    well(&folder, &["config"]).await;
    let out = tempfile::tempdir().unwrap();
    let theirs = out.path().join("b.zip.part");
    fs::create_dir(&theirs).unwrap();
    fs::write(theirs.join("letter.txt"), "mine").unwrap();
    let ended = run(&folder, &["backup", out.path().join("b.zip").to_str().unwrap()]).await;
    assert_eq!(ended.code, 6);
    assert!(ended.message.contains("is in the way"), "{}", ended.message);
    assert_eq!(fs::read_to_string(theirs.join("letter.txt")).unwrap(), "mine");
    let ended = run(&folder, &["backup", out.path().join("no/such/b.zip").to_str().unwrap()]).await;
    assert_eq!(ended.code, 1);
    assert!(ended.message.contains("does not exist"), "{}", ended.message);
}
