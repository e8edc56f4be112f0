//! Files that are no backups, or not as they were made: each is told in a sentence, and changes nothing.

use std::{fs, path::Path};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Ended, archive, contents, data, entries, hash, run, well, world};

type Entries = Vec<(String, Vec<u8>)>;

fn entry<'a>(entries: &'a mut Entries, name: &str) -> &'a mut Vec<u8> {
    &mut entries.iter_mut().find(|(have, _)| have == name).unwrap().1
}

/// Changes what the manifest says.
fn say(entries: &mut Entries, change: impl FnOnce(&mut Value)) {
    let text = entry(entries, "manifest.json");
    let mut manifest: Value = serde_json::from_slice(text).unwrap();
    change(&mut manifest);
    *text = serde_json::to_vec(&manifest).unwrap();
}

/// Another content of a part, with a manifest that says so.
fn replace(entries: &mut Entries, name: &str, bytes: Vec<u8>) {
    let (size, sha256) = (bytes.len(), hash(&bytes));
    say(entries, |manifest| {
        let parts = manifest["parts"].as_array_mut().unwrap();
        let part = parts.iter_mut().find(|part| part["name"] == name).unwrap();
        (part["size"], part["sha256"]) = (json!(size), json!(sha256));
    });
    *entry(entries, name) = bytes;
}

/// Tries to restore it where nothing is yet, and where an empty directory is.
async fn refused(file: &Path) -> Ended {
    let folder = tempfile::tempdir().unwrap();
    let ended = run(&folder, &["restore", file.to_str().unwrap()]).await;
    assert_ne!(ended.code, 0, "{}", file.display());
    assert!(!data(&folder).exists(), "{}: something is there now", file.display());
    fs::create_dir(data(&folder)).unwrap();
    let again = run(&folder, &["restore", file.to_str().unwrap()]).await;
    assert_eq!((again.code, &again.message), (ended.code, &ended.message));
    assert_eq!(contents(&data(&folder)).len(), 0);
    assert_eq!(fs::read_dir(data(&folder)).unwrap().count(), 0);
    assert!(ended.message.ends_with('.'), "{}", ended.message);
    ended
}

struct Bad {
    out: TempDir,
    good: Entries,
}

impl Bad {
    /// One that is made of the good one, and what is said of it.
    async fn is(&self, code: i32, words: &str, change: impl FnOnce(&mut Entries)) {
        let mut entries = self.good.clone();
        change(&mut entries);
        let file = self.out.path().join("bad.zip");
        archive(&file, &entries);
        self.told(code, words, &file).await;
    }

    async fn bytes(&self, code: i32, words: &str, bytes: &[u8]) {
        let file = self.out.path().join("bad.zip");
        fs::write(&file, bytes).unwrap();
        self.told(code, words, &file).await;
    }

    async fn told(&self, code: i32, words: &str, file: &Path) {
        let ended = refused(file).await;
        assert_eq!(ended.code, code, "{words}: {}", ended.message);
        assert!(ended.message.contains(words), "{words}: {}", ended.message);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_backup_or_not_as_it_was_made_changes_nothing() {
    let (folder, _, attachment) = world().await;
    well(&folder, &["config", "appearance.theme", "dark"]).await;
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("good.zip");
    well(&folder, &["backup", file.to_str().unwrap()]).await;
    let whole = fs::read(&file).unwrap();
    let bad = Bad { good: entries(&file), out };
    let kept = format!("attachments/{}/{}", &attachment[..2], &attachment[2..]);

    // Written anew by another program it is still one.
    let same = bad.out.path().join("same.zip");
    archive(&same, &bad.good);
    well(&tempfile::tempdir().unwrap(), &["restore", same.to_str().unwrap()]).await;

    bad.told(4, "not found", &bad.out.path().join("nowhere.zip")).await;
    bad.bytes(1, "no backup of Inlet", b"").await;
    bad.bytes(1, "no backup of Inlet", b"Dear Ana, here are my letters.").await;
    bad.bytes(1, "only the beginning", &whole[..whole.len() / 2]).await;
    bad.bytes(1, "only the beginning", &whole[..whole.len() - 30]).await;
    let mut flipped = whole.clone();
    flipped[whole.len() / 3] ^= 0x10;
    bad.bytes(1, "is damaged", &flipped).await;

    bad.is(1, "no backup of Inlet", |all| all.retain(|(name, _)| name != "manifest.json")).await;
    bad.is(1, "no backup of Inlet", |all| *entry(all, "manifest.json") = b"{}".to_vec()).await;
    bad.is(1, "far more than a backup holds", |all| *entry(all, "manifest.json") = vec![b' '; 2 << 20]).await;
    bad.is(6, "a newer Inlet (9.9.0)", |all| {
        say(all, |manifest| (manifest["format"], manifest["version"]) = (json!(2), json!("9.9.0")));
    })
    .await;
    bad.is(6, "a newer Inlet", |all| say(all, |manifest| manifest["schema"]["main"] = json!(10_000))).await;

    bad.is(1, "not what was written", |all| entry(all, "inlet.db")[5_000] ^= 1).await;
    bad.is(1, "not what was written", |all| entry(all, "config.toml")[0] ^= 1).await;
    bad.is(1, "not what was written", |all| entry(all, &kept)[0] ^= 1).await;
    bad.is(1, "something is missing", |all| all.retain(|(name, _)| name != "bodies.db")).await;
    bad.is(1, "something is missing", |all| all.retain(|(name, _)| *name != kept)).await;
    bad.is(1, "not as large as", |all| entry(all, "bodies.db").push(0)).await;

    for name in ["../evil", "/etc/evil", "attachments/../../evil", "logs/inlet.log", "inlet.db-wal"] {
        bad.is(1, "no backup of Inlet has", |all| all.push((name.to_owned(), b"x".to_vec()))).await;
        bad.is(1, "no backup of Inlet has", |all| {
            all.push((name.to_owned(), b"x".to_vec()));
            let part = json!({ "name": name, "size": 1, "sha256": hash(b"x") });
            say(all, |manifest| manifest["parts"].as_array_mut().unwrap().push(part));
        })
        .await;
    }

    bad.is(1, "far more than a backup holds", |all| replace(all, "bodies.db", vec![0; 64 << 20])).await;
    bad.is(1, "its database does not read", |all| replace(all, "inlet.db", b"no database at all".repeat(400))).await;
    let newer = {
        let path = bad.out.path().join("newer.db");
        let mut good = bad.good.clone();
        fs::write(&path, entry(&mut good, "inlet.db")).unwrap();
        rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 10_000).unwrap();
        fs::read(&path).unwrap()
    };
    bad.is(6, "a newer Inlet", |all| replace(all, "inlet.db", newer)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_is_in_use_or_not_empty_is_left_alone() {
    let (folder, ..) = world().await;
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("b.zip");
    let path = file.to_str().unwrap();
    well(&folder, &["backup", path]).await;
    let elsewhere = tempfile::tempdir().unwrap();
    fs::create_dir(data(&elsewhere)).unwrap();
    fs::write(data(&elsewhere).join("letter.txt"), "mine").unwrap();
    let ended = run(&elsewhere, &["restore", path]).await;
    assert_eq!(ended.code, 6);
    assert!(ended.message.contains("an empty folder"), "{}", ended.message);
    assert_eq!(contents(&data(&elsewhere)).len(), 1);

    fs::remove_file(data(&elsewhere).join("letter.txt")).unwrap();
    let lock = fs::File::create(data(&elsewhere).join("inlet.lock")).unwrap();
    lock.lock().unwrap();
    let ended = run(&elsewhere, &["restore", path]).await;
    assert_eq!(ended.code, 6);
    assert!(ended.message.contains("another window or terminal"), "{}", ended.message);
    drop(lock);
    well(&elsewhere, &["restore", path]).await;
}
