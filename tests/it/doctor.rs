//! What `inlet doctor` finds, one broken thing at a time, and what it mends.

use std::{
    fs,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    backup::{contents, data, hashes, rpc, run, well, world},
    harness::{Engine, files},
};

/// The names of what is wrong.
fn wrong(check: &Value) -> Vec<String> {
    let steps = check["steps"].as_array().unwrap().iter();
    let found: Vec<&Value> = steps.filter(|step| step["ok"] == false).collect();
    for step in &found {
        assert!(!step["detail"].as_str().unwrap().is_empty());
    }
    assert_eq!(check["ok"], found.is_empty());
    found.iter().map(|step| step["name"].as_str().unwrap().to_owned()).collect()
}

/// What is wrong, which is told without changing anything.
async fn found(folder: &TempDir) -> Vec<String> {
    let ended = run(folder, &["doctor"]).await;
    let names = wrong(&ended.printed);
    assert_eq!(ended.code, i32::from(!names.is_empty()), "{}", ended.printed);
    names
}

/// This alone is wrong, and is mended.
async fn mended(folder: &TempDir, name: &str) {
    assert_eq!(found(folder).await, [name]);
    assert_eq!(found(folder).await, [name], "nothing is mended unasked");
    let ended = run(folder, &["doctor", "--repair"]).await;
    assert_eq!((ended.code, wrong(&ended.printed)), (0, Vec::new()), "{}", ended.printed);
    assert_eq!(found(folder).await, Vec::<String>::new());
}

fn database(folder: &TempDir, file: &str) -> Connection {
    Connection::open(data(folder).join(file)).unwrap()
}

/// Where the bytes of this hash lie.
fn place(folder: &TempDir, hash: &str) -> PathBuf {
    data(folder).join("attachments").join(&hash[..2]).join(&hash[2..])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_gone_or_is_not_what_it_was_is_fetched_again() {
    let (folder, id, hash) = world().await;
    assert_eq!(found(&folder).await, Vec::<String>::new());
    fs::remove_file(place(&folder, &hash)).unwrap();
    mended(&folder, "Files of messages").await;
    rpc(&folder, "attachment.data", json!({ "id": id })).await;
    assert_eq!(hashes(&folder), std::slice::from_ref(&hash));

    fs::write(place(&folder, &hash), "what a broken disk made of it").unwrap();
    mended(&folder, "Files of messages").await;
    let aside = fs::read_to_string(data(&folder).join("damaged").join(&hash)).unwrap();
    assert_eq!(aside, "what a broken disk made of it", "it is kept, for it may be the only one");
    rpc(&folder, "attachment.data", json!({ "id": id })).await;
    assert_eq!(found(&folder).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_left_behind_is_removed_and_what_is_being_written_is_not() {
    let (folder, _, hash) = world().await;
    let attachments = data(&folder).join("attachments");
    let orphan = place(&folder, &"ab".repeat(32));
    fs::create_dir_all(orphan.parent().unwrap()).unwrap();
    fs::write(&orphan, "nobody's").unwrap();
    mended(&folder, "What was left behind").await;
    assert!(!orphan.exists());

    let (fresh, old) = (attachments.join(".part-fresh"), attachments.join(".part-old"));
    fs::write(&fresh, "half").unwrap();
    assert_eq!(found(&folder).await, Vec::<String>::new());
    fs::File::create(&old).unwrap().set_modified(SystemTime::now() - Duration::from_secs(7_200)).unwrap();
    mended(&folder, "What was left behind").await;
    assert!(fresh.exists() && !old.exists());

    fs::create_dir(data(&folder).join("restore.part")).unwrap();
    mended(&folder, "What was left behind").await;
    assert!(place(&folder, &hash).exists(), "what is named stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_is_gone_damaged_or_ahead_is_built_anew() {
    let (folder, ..) = world().await;
    let search = async || well(&folder, &["search", "the"]).await["total"].clone();
    let before = search().await;
    assert!(before.as_u64().unwrap() > 10);

    fs::remove_dir_all(data(&folder).join("index")).unwrap();
    mended(&folder, "Search index").await;
    assert_eq!(search().await, before);

    let mut parts = files(&data(&folder).join("index"));
    parts.retain(|path| path.extension().is_some_and(|end| end == "store"));
    let mut bytes = fs::read(&parts[0]).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    fs::write(&parts[0], bytes).unwrap();
    mended(&folder, "Search index").await;
    assert_eq!(search().await, before);

    // Found, though the database has it no more and never said so.
    database(&folder, "inlet.db")
        .execute_batch("UPDATE item SET deleted = 1 WHERE id = (SELECT max(id) FROM item WHERE deleted = 0)")
        .unwrap();
    mended(&folder, "Search index").await;
    database(&folder, "inlet.db").execute_batch("UPDATE meta SET value = 5 WHERE key = 'rev'").unwrap();
    let names = found(&folder).await;
    assert!(names.iter().any(|name| name == "Search index"), "{names:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_changes_that_were_never_made_goes_on() {
    let (folder, ..) = world().await;
    for key in ["thought", "ruled"] {
        database(&folder, "inlet.db").execute("REPLACE INTO meta VALUES (?1, 1000000000)", [key]).unwrap();
        mended(&folder, "What follows the changes").await;
        let value: i64 = database(&folder, "inlet.db")
            .query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0))
            .unwrap();
        assert!(value < 1_000_000_000, "{key}");
    }
    assert!(well(&folder, &["actions", "--all"]).await["actions"].as_array().unwrap().len() > 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_mended_is_told_and_left() {
    let (folder, ..) = world().await;
    let main = database(&folder, "inlet.db");
    main.pragma_update(None, "foreign_keys", false).unwrap();
    main.execute_batch("INSERT INTO placement (item, scope, via) VALUES (123456789, 1, 1)").unwrap();
    assert_eq!(found(&folder).await, ["What refers to what"]);
    assert_eq!(run(&folder, &["doctor", "--repair"]).await.code, 1);
    main.execute_batch("DELETE FROM placement WHERE item = 123456789").unwrap();
    assert_eq!(found(&folder).await, Vec::<String>::new());

    database(&folder, "bodies.db").execute_batch("DELETE FROM body WHERE id = 10").unwrap();
    let ended = run(&folder, &["doctor"]).await;
    assert_eq!(wrong(&ended.printed), ["What refers to what"]);
    assert!(ended.printed.to_string().contains("1 messages have lost their text"), "{}", ended.printed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_database_is_told_and_nothing_in_it_is_touched() {
    let (folder, ..) = world().await;
    let path = data(&folder).join("bodies.db");
    let good = fs::read(&path).unwrap();
    let mut bytes = good.clone();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0x5a);
    fs::write(&path, &bytes).unwrap();
    let ended = run(&folder, &["doctor", "--repair"]).await;
    assert_eq!(ended.code, 1);
    let names = wrong(&ended.printed);
    assert!(names.iter().any(|name| name == "The texts"), "{}", ended.printed);
    fs::write(&path, &good).unwrap();
    assert_eq!(found(&folder).await, Vec::<String>::new());

    fs::write(data(&folder).join("inlet.db"), "no database at all ".repeat(400)).unwrap();
    let was = contents(&data(&folder).join("attachments"));
    let ended = run(&folder, &["doctor", "--repair"]).await;
    assert_eq!(ended.code, 1);
    assert_eq!(wrong(&ended.printed), ["Start"]);
    assert!(ended.printed.to_string().contains("damaged"), "{}", ended.printed);
    assert_eq!(contents(&data(&folder).join("attachments")), was);
}

#[tokio::test(flavor = "multi_thread")]
async fn beside_a_running_engine_it_looks_and_leaves_mending_to_the_one_that_runs() {
    let engine = Engine::demo().await;
    let check: Value = engine.call("data.check", json!({})).await;
    assert_eq!(wrong(&check), Vec::<String>::new(), "{check}");
    assert_eq!(found(&engine.folder).await, Vec::<String>::new());
    let ended = run(&engine.folder, &["doctor", "--repair"]).await;
    assert_eq!(ended.code, 6);
    assert!(ended.message.contains("another window or terminal"), "{}", ended.message);

    let orphan = engine.data().join("attachments/ab").join("0".repeat(62));
    fs::create_dir_all(orphan.parent().unwrap()).unwrap();
    fs::write(&orphan, "nobody's").unwrap();
    assert_eq!(found(&engine.folder).await, ["What was left behind"]);
    let check: Value = engine.call("data.check", json!({ "repair": true })).await;
    assert_eq!(wrong(&check), Vec::<String>::new(), "{check}");
    assert!(!orphan.exists());
}
