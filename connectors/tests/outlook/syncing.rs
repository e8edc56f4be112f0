//! What a folder holds, and what becomes of it.

use inlet_model::{PartRef, ScopeRole};
use inlet_testkit::graph::{Letter, Resource};
use serde_json::json;

use super::{Held, Place, scope};

#[tokio::test(flavor = "multi_thread")]
async fn folders_have_roles_and_paths_and_labels_stand_beside_them() {
    let Some(place) = Place::start("folders_have_roles_and_paths_and_labels_stand_beside_them") else { return };
    let mail = place.fake.mail();
    let work = mail.folder("Work", "msgfolderroot");
    mail.folder("2026", &work);
    mail.hidden_folder("Secret", "msgfolderroot");
    mail.category("Travel", "preset1");
    let source = place.source();
    let listed = source.scopes().await.unwrap();
    let of =
        |role| listed.iter().filter(|scope| scope.role == role).map(|scope| scope.name.as_str()).collect::<Vec<_>>();
    assert_eq!(of(ScopeRole::Inbox), ["Inbox"]);
    assert_eq!(of(ScopeRole::Sent), ["Sent Items"]);
    assert_eq!(of(ScopeRole::Trash), ["Deleted Items"]);
    assert_eq!(of(ScopeRole::Junk), ["Junk Email"]);
    assert_eq!(of(ScopeRole::Archive), ["Archive"]);
    assert_eq!(of(ScopeRole::Drafts), ["Drafts"]);
    assert_eq!(of(ScopeRole::Other), ["Conversation History", "Work", "Work/2026"]);
    assert_eq!(of(ScopeRole::Label), ["Other (not focused)", "Travel"]);
    assert_eq!(listed[0].role, ScopeRole::Inbox);

    mail.rename_folder(&work, "Arbeit");
    place.fake.forget();
    let again = source.scopes().await.unwrap();
    assert!(again.iter().any(|scope| scope.name == "Arbeit/2026"));
    assert!(place.fake.requests(Resource::Mail) <= 2, "what is known is not listed again");

    mail.delete_folder(&work);
    assert!(source.scopes().await.unwrap().iter().all(|scope| !scope.name.starts_with("Arbeit")));
    mail.expire_deltas();
    assert_eq!(source.scopes().await.unwrap().len(), listed.len() - 2, "an expired list is read again");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_come_first_and_nothing_is_blanked_by_a_partial_change() {
    let Some(place) = Place::start("the_newest_come_first_and_nothing_is_blanked_by_a_partial_change") else { return };
    let mail = place.fake.mail();
    mail.category("Travel", "preset1");
    mail.add_many("inbox", 130);
    let letter = Letter::new("Tickets")
        .from("Ann", "ann@fabrikam.example")
        .to("Megan Bowen", "meganb@contoso.example")
        .cc("Cy", "cy@fabrikam.example")
        .html("<p>Look: <img src=\"cid:pic@x\"></p>")
        .conversation("talk-1")
        .message_id("<tickets@fabrikam.example>")
        .inline("p.png", "image/png", "pic@x", "png")
        .with("importance", "high")
        .with("categories", json!(["Travel"]))
        .with("internetMessageHeaders", json!([{ "name": "List-Id", "value": "<trips.fabrikam.example>" }]));
    let newest = mail.add(letter);
    let id = mail.id(newest);
    let source = place.source();
    let inbox = scope(&source, ScopeRole::Inbox).await;
    let first = source.pull(&inbox, None).await.unwrap();
    assert_eq!(first.upserts[0].subject, "Tickets", "the newest comes first");
    assert_eq!(first.upserts.len(), 25, "a small page fills the window at once");
    assert_eq!(first.progress.unwrap().total, Some(131));
    let mut held = Held::default();
    assert!(held.take(first));
    held.drain(&source, &inbox).await;
    assert_eq!((held.mails.len(), held.order.len()), (131, 131));

    let got = held.mails[&id].clone();
    assert_eq!(got.stable_id, id);
    assert_eq!(got.thread_id.as_deref(), Some("talk-1"));
    assert_eq!(got.message_id.as_deref(), Some("tickets@fabrikam.example"));
    assert_eq!(
        (got.from[0].label(), got.to[0].handle.as_str(), got.cc[0].label()),
        ("Ann", "meganb@contoso.example", "Cy")
    );
    assert!(!got.from_me && !got.flags.read && got.meta.important && got.meta.list_id.is_some());
    assert_eq!(got.also_in.as_deref(), Some(&["category:Travel".to_owned()][..]));
    assert_eq!((got.attachments[0].content_id.as_deref(), got.attachments[0].inline), (Some("pic@x"), true));
    let mut bytes = Vec::new();
    let part = |part: &str| PartRef { scope: inbox.remote.clone(), remote_id: id.as_str().into(), part: part.into() };
    source.fetch(&part(&got.attachments[0].part), &mut bytes).await.unwrap();
    assert_eq!(bytes, b"png");
    let mut raw = Vec::new();
    source.fetch(&part(""), &mut raw).await.unwrap();
    assert!(String::from_utf8_lossy(&raw).contains("tickets@fabrikam.example"));

    // Marks elsewhere, then something else: neither takes anything away.
    mail.change(newest, &json!({ "isRead": true, "flag": { "flagStatus": "flagged" } }));
    let page = source.pull(&inbox, held.cursor.as_ref()).await.unwrap();
    assert!(page.upserts.is_empty() && page.flags.len() == 1, "marks are a change of flags");
    held.take(page);
    let marked = held.mails[&id].clone();
    assert!(marked.flags.read && marked.flags.starred);
    assert_eq!(marked.also_in, got.also_in);
    mail.change(newest, &json!({ "subject": "Tickets (corrected)" }));
    held.drain(&source, &inbox).await;
    let mut corrected = held.mails[&id].clone();
    assert_eq!(corrected.subject, "Tickets (corrected)");
    corrected.subject.clone_from(&marked.subject);
    assert_eq!(corrected, marked, "all else is as it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_attached_and_is_no_file_is_called_what_it_is() {
    let Some(place) = Place::start("what_is_attached_and_is_no_file_is_called_what_it_is") else { return };
    let card = "BEGIN:VCARD\r\nEND:VCARD\r\n";
    let letter =
        Letter::new("All sorts").file("a.txt", "text/plain", "text").message("Lunch?", "Subject: Lunch?\r\n\r\n");
    place.fake.mail().add(letter.item("Ann", "contact", card).item("Dinner.ics", "event", "BEGIN:VCALENDAR\r\n"));
    let source = place.source();
    let inbox = scope(&source, ScopeRole::Inbox).await;
    let held = Held::all(&source, &inbox).await;
    let mail = held.mails.values().next().unwrap();
    let files: Vec<_> = mail.attachments.iter().map(|file| (file.name.as_str(), file.mime.as_str())).collect();
    assert_eq!(
        files,
        [
            ("a.txt", "text/plain"),
            ("Lunch?.eml", "message/rfc822"),
            ("Ann.vcf", "text/vcard"),
            ("Dinner.ics", "text/calendar"),
        ]
    );
    let remote_id = mail.remote_id.clone().unwrap();
    let part = PartRef { scope: inbox.remote.clone(), remote_id, part: mail.attachments[2].part.clone() };
    let mut sink: Vec<u8> = Vec::new();
    source.fetch(&part, &mut sink).await.unwrap();
    assert_eq!(sink, card.as_bytes());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moved_mail_is_there_before_it_is_gone_here() {
    let Some(place) = Place::start("a_moved_mail_is_there_before_it_is_gone_here") else { return };
    let mail = place.fake.mail();
    let moved = mail.add(Letter::new("Moves").from("Ann", "ann@fabrikam.example"));
    let id = mail.id(moved);
    let source = place.source();
    let (inbox, archive) = (scope(&source, ScopeRole::Inbox).await, scope(&source, ScopeRole::Archive).await);
    let mut here = Held::all(&source, &inbox).await;
    let mut there = Held::all(&source, &archive).await;
    mail.move_to(moved, "archive");
    // As the engine goes round: a page of each folder, then the rest.
    let page = source.pull(&inbox, here.cursor.as_ref()).await.unwrap();
    assert!(page.removed.is_empty() && page.more, "the removal waits for the next page");
    assert!(here.take(page));
    assert!(here.mails.contains_key(&id));
    there.drain(&source, &archive).await;
    assert!(there.mails.contains_key(&id), "under the same id");
    here.drain(&source, &inbox).await;
    assert!(here.mails.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_went_while_nobody_could_know_is_swept() {
    let Some(place) = Place::start("what_went_while_nobody_could_know_is_swept") else { return };
    let mail = place.fake.mail();
    mail.add_many("inbox", 30);
    let doomed = mail.add(Letter::new("Doomed").from("Ann", "ann@fabrikam.example"));
    let source = place.source();
    let inbox = scope(&source, ScopeRole::Inbox).await;
    let mut held = Held::all(&source, &inbox).await;
    assert!(held.subjects().contains(&"Doomed"));
    mail.delete(doomed);
    mail.expire_deltas();
    let error = source.pull(&inbox, held.cursor.as_ref()).await.unwrap_err();
    assert_eq!(error, inlet_model::SourceError::CursorExpired);
    held.cursor = None;
    held.drain(&source, &inbox).await;
    assert_eq!(held.mails.len(), 30);
    assert!(!held.subjects().contains(&"Doomed"));
}
