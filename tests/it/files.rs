//! Files of messages and messages as files: saved, saved together, handed to other programs.

use std::{fs, path::Path};

use inlet_model::Kind;
use inlet_orchestrator::api::{
    ErrorCode,
    types::{AccountView, AttachmentView, CheckView, ItemView, OpState, OpView, Place, RawView, Saved, SavedAll},
};
use serde_json::{Value, json};

use crate::harness::Engine;

/// The first item with so many files.
async fn with_files(engine: &Engine, least: usize) -> ItemView {
    let items = engine.items().await;
    items.into_iter().find(|item| item.attachments.iter().filter(|file| !file.inline).count() >= least).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn all_files_of_a_message_are_saved_into_a_folder_of_their_own() {
    let engine = Engine::demo().await;
    let item = with_files(&engine, 3).await;
    let out = tempfile::tempdir().unwrap();
    let params = json!({ "item": item.id, "folder": out.path() });
    let first: SavedAll = engine.call("attachment.save_all", params.clone()).await;
    assert_eq!(first.files as usize, item.attachments.len());
    assert!(first.left_out.is_empty());
    let saved = names(Path::new(&first.path));
    let mut announced: Vec<_> = item.attachments.iter().map(|file| file.name.clone()).collect();
    announced.sort();
    assert_eq!(saved, announced);
    assert!(fs::metadata(Path::new(&first.path).join(&saved[0])).unwrap().len() > 0);

    let second: SavedAll = engine.call("attachment.save_all", params).await;
    assert_ne!(first.path, second.path, "what was saved before is not touched");
    assert_eq!(names(out.path()).len(), 2);

    let nowhere = json!({ "item": item.id, "folder": out.path().join("missing") });
    let refused = engine.ask("attachment.save_all", nowhere).await.unwrap_err();
    assert!(refused.message.contains("does not exist"), "{}", refused.message);
    let plain = engine.items().await.into_iter().find(|item| item.attachments.is_empty()).unwrap();
    let refused =
        engine.ask("attachment.save_all", json!({ "item": plain.id, "folder": out.path() })).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Invalid);
    assert_eq!(names(out.path()).len(), 2, "what fails leaves no folder behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_file_lies_goes_along_with_what_is_sent_on() {
    let engine = Engine::demo().await;
    let items = engine.items().await;
    let item = items.into_iter().find(|item| item.attachments.iter().any(|file| file.link.is_some())).unwrap();
    let link = item.attachments[0].link.clone().unwrap();
    let sources = engine.sources().await;
    let mail = sources.iter().find(|source| source.kind == Kind::Mail && source.capabilities.send).unwrap();
    let asked = json!({ "mode": "forward", "thread": item.thread, "item": item.id });
    let mut message: Value = engine.call("compose.prepare", asked).await;
    message["source"] = json!(mail.id);
    message["to"] = json!([{ "name": null, "handle": "ana@elsewhere.example" }]);
    message["subject"] = json!("Look at this");
    message["html"] = json!("<p>Look</p>");
    let op: OpView = engine.call("send", json!({ "message": message, "undo_seconds": 0 })).await;
    engine.op_in(op.id, OpState::Done).await;
    let sent = engine.until("the mail", async || engine.titled("Look at this").await).await;
    let sent = engine.thread(sent.id).await.items.pop().unwrap();
    assert!(sent.text.contains(&format!("📎 CV.docx {link}")), "{}", sent.text);
    assert!(sent.attachments.is_empty());
}

/// A mail with one file, as it lies in a folder.
fn mail_with(name: &str, mime: &str, body: &str) -> String {
    format!(
        "From: Ana <ana@x.example>\r\nTo: Me <me@x.example>\r\nSubject: Look at this\r\n\
         Date: Fri, 20 Nov 2026 09:00:00 +0000\r\nMessage-ID: <{name}@x.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHere.\r\n--b\r\n\
         Content-Type: {mime}; name=\"{name}\"\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n\
         {body}\r\n--b--\r\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_run_is_handed_out_only_to_somebody_who_is_sure() {
    let engine = Engine::with(crate::harness::Setup { connectors: true, ..Default::default() }).await;
    let mails = tempfile::tempdir().unwrap();
    fs::write(mails.path().join("1.eml"), mail_with("page.html", "text/html", "<script>1</script>")).unwrap();
    fs::write(mails.path().join("2.eml"), mail_with("words.txt", "text/plain", "words")).unwrap();
    let _: serde_json::Value = engine.call("import", json!({ "paths": [mails.path()] })).await;
    let files = engine
        .until("both mails", async || {
            let files: Vec<AttachmentView> =
                engine.items().await.into_iter().flat_map(|item| item.attachments).collect();
            (files.len() == 2).then_some(files)
        })
        .await;
    let page = files.iter().find(|file| file.name == "page.html").unwrap();
    let words = files.iter().find(|file| file.name == "words.txt").unwrap();
    assert!(page.executable && !words.executable);

    let refused = engine.ask("attachment.copy", json!({ "id": page.id })).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Refused);
    let copy: Saved = engine.call("attachment.copy", json!({ "id": words.id })).await;
    assert_eq!(fs::read_to_string(&copy.path).unwrap().trim(), "words");
    assert!(Path::new(&copy.path).starts_with(engine.data()) && copy.path.ends_with("words.txt"));
    let again: Saved = engine.call("attachment.copy", json!({ "id": words.id })).await;
    assert_eq!(copy.path, again.path, "opened twice, it is one file");
    let sure: Saved = engine.call("attachment.copy", json!({ "id": page.id, "sure": true })).await;
    assert!(Path::new(&sure.path).is_file());

    let engine = engine.restart().await;
    assert!(!Path::new(&copy.path).exists(), "copies do not outlive the run");
    let copy: Saved = engine.call("attachment.copy", json!({ "id": words.id })).await;
    assert!(Path::new(&copy.path).is_file());
}

/// No folder of an import is an inbox: that it was moved there would not be true.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_imported_stays_in_the_archive_and_says_so() {
    let engine = Engine::with(crate::harness::Setup { connectors: true, ..Default::default() }).await;
    let mails = tempfile::tempdir().unwrap();
    fs::write(mails.path().join("1.eml"), mail_with("words.txt", "text/plain", "words")).unwrap();
    let _: serde_json::Value = engine.call("import", json!({ "paths": [mails.path()] })).await;
    let thread = engine.until("the mail", async || engine.view("archive").await.first().map(|row| row.id)).await;
    for verb in ["inbox", "snooze"] {
        let what = json!({ "verb": verb, "threads": [thread], "until": "2100-01-01T00:00:00Z" });
        assert_eq!(engine.ask("act", what).await.unwrap_err().code, ErrorCode::Refused, "{verb}");
    }
    let still = &engine.view("archive").await[0];
    assert!(still.id == thread && still.snoozed_until.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exported_chat_comes_twice_and_is_there_once() {
    let engine = Engine::with(crate::harness::Setup { connectors: true, ..Default::default() }).await;
    let folder = tempfile::tempdir().unwrap();
    let first = folder.path().join("WhatsApp-Chat mit Ana.txt");
    let talk = "24.12.23, 10:00 - Ana: Kommst du?\n24.12.23, 10:01 - Ben: Ja\n24.12.23, 10:02 - Ana: <Medien ausgeschlossen>\n";
    fs::write(&first, talk).unwrap();
    let params = |path: &Path| json!({ "paths": [path], "zone": "Europe/Berlin" });
    let account: AccountView = engine.call("import", params(&first)).await;
    let kinds: Vec<&str> = account.sources.iter().map(|source| source.source_type.as_str()).collect();
    assert_eq!(kinds, ["whatsapp"], "there is no mail in it");
    let four = |items: Vec<ItemView>| (items.len() == 4).then_some(items);
    let items = engine.until("three messages and a note", async || four(engine.items().await)).await;
    let asked = items.iter().find(|item| item.text == "Kommst du?").unwrap();
    assert_eq!(asked.at.to_string(), "2023-12-24T09:00:00Z");
    assert!(items.iter().any(|item| item.from_me && item.text == "Ja"));
    let _: serde_json::Value = engine.call("act", json!({ "verb": "star", "items": [asked.id] })).await;

    let longer = folder.path().join("WhatsApp-Chat mit Ana (1).txt");
    fs::write(&longer, format!("{talk}25.12.23, 10:00 - Ana: Danke!\n")).unwrap();
    let again: AccountView = engine.call("import", params(&longer)).await;
    assert_eq!(again.id, account.id);
    let five = |items: Vec<ItemView>| (items.len() == 5).then_some(items);
    let items = engine.until("the new message", async || five(engine.items().await)).await;
    assert!(items.iter().all(|item| item.thread == asked.thread), "it is one conversation");
    let row = engine.thread(asked.thread).await.thread;
    assert_eq!((row.people.len(), row.people[0].handle.as_str(), row.place), (1, "Ana", Place::Archive));
    assert!(items.iter().find(|item| item.id == asked.id).unwrap().flags.starred, "what was marked here stays so");
    let check: CheckView = engine.call("accounts.check", json!({ "id": account.id })).await;
    assert!(check.ok && check.steps.len() == 2, "{:?}", check.steps);

    let refused = engine.ask("import", json!({ "paths": [longer], "zone": "Nowhere/Land" })).await.unwrap_err();
    assert!(refused.message.contains("no time zone Nowhere/Land"), "{}", refused.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_saved_as_it_came_and_shown_as_far_as_asked() {
    let engine = Engine::demo().await;
    let items = engine.items().await;
    // The demo writes its mails anew each time, with boundaries of the moment where there are parts.
    let plain = |item: &&ItemView| !item.has_html && item.attachments.is_empty() && item.subject.contains(':');
    let mail = items.iter().find(plain).unwrap();
    let raw: RawView = engine.call("item.raw", json!({ "id": mail.id })).await;
    assert!(raw.whole && raw.raw.contains("Message-ID:"));
    let some: RawView = engine.call("item.raw", json!({ "id": mail.id, "most": 10 })).await;
    assert!(!some.whole && some.size == raw.size);
    assert_eq!(some.raw.len(), 10);

    let out = tempfile::tempdir().unwrap();
    let saved: Saved = engine.call("item.save", json!({ "item": mail.id, "folder": out.path() })).await;
    assert!(saved.path.ends_with(".eml"), "{}", saved.path);
    assert_eq!(Path::new(&saved.path).parent().unwrap(), out.path());
    assert_eq!(fs::read(&saved.path).unwrap(), raw.raw.as_bytes());
    let chat = items.iter().find(|item| item.kind == inlet_model::Kind::Chat).unwrap();
    let refused = engine.ask("item.save", json!({ "item": chat.id, "folder": out.path() })).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Refused);
}
