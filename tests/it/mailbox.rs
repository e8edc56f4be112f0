//! A real mailbox: Dovecot behind IMAP, a real submission server behind SMTP, both over TLS.

use inlet_model::{Endpoint, ImapConfig, Rsvp, SourceId};
use inlet_orchestrator::api::types::{
    AccountView, CheckView, Compose, ItemView, KnownPerson, OpState, OpView, Place, SearchView, SourceState, ThreadRow,
};
use inlet_testkit::{CertKind, Dovecot, DovecotOptions, SmtpOptions, SmtpServer};
use serde_json::{Value, json};

use crate::harness::{Engine, Setup};

pub(crate) const ANNA: &str = "anna@inlet.test";
pub(crate) const BOB: &str = "bob@inlet.test";
pub(crate) const PASSWORD: &str = "kite-41-Ostrava";

fn options() -> DovecotOptions {
    let users = [ANNA, BOB].map(|user| (user.to_owned(), PASSWORD.to_owned())).to_vec();
    DovecotOptions { users, ..DovecotOptions::default() }
}

pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) dovecot: Dovecot,
    pub(crate) smtp: SmtpServer,
    config: ImapConfig,
}

fn message(id: &str, subject: &str, body: &str, headers: &str) -> Vec<u8> {
    format!(
        "Message-ID: <{id}@inlet.test>\r\nDate: Mon, 1 Jun 2026 10:00:00 +0000\r\nFrom: Bob <{BOB}>\r\nTo: Anna <{ANNA}>\r\n\
         Subject: {subject}\r\n{headers}\r\n{body}\r\n"
    )
    .into_bytes()
}

impl World {
    pub(crate) async fn new() -> Option<Self> {
        if !Dovecot::available() || !SmtpServer::available() {
            println!("skipped: a real mailbox: Dovecot or Node.js is not installed");
            return None;
        }
        let dovecot = Dovecot::start(options()).await;
        let smtp = SmtpServer::start(SmtpOptions::delivering_to(&dovecot)).await;
        let engine = Engine::with(Setup { connectors: true, ..Setup::default() }).await;
        // One file with both authorities: each server has made its own.
        let ca = engine.folder.path().join("ca.pem");
        let both = [dovecot.ca(), smtp.ca()].map(|path| std::fs::read_to_string(path).unwrap()).join("\n");
        std::fs::write(&ca, both).unwrap();
        let config = ImapConfig { smtp: Some(smtp.tls_endpoint()), ca: Some(ca), ..dovecot.config(ANNA) };
        Some(Self { engine, dovecot, smtp, config })
    }

    pub(crate) async fn connect(&self) -> SourceId {
        let view: AccountView =
            self.engine.call("accounts.add_imap", json!({ "config": self.config, "password": PASSWORD })).await;
        let id = view.sources[0].id;
        self.engine.state_of(id, SourceState::Live).await;
        id
    }

    async fn arrives(&self, subject: &str) -> ThreadRow {
        crate::taxonomy::arrives(&self.engine, subject).await
    }

    /// UIDs of a mail in one of Anna's folders, as the server has it.
    async fn on_server(&self, mailbox: &str, id: &str) -> Vec<u32> {
        self.dovecot.find(ANNA, mailbox, id).await
    }

    async fn everything_of(&self, text: &str) -> Vec<ItemView> {
        self.engine.items().await.into_iter().filter(|item| item.text.contains(text)).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_is_tested_connected_synced_and_searched() {
    let Some(world) = World::new().await else { return };
    for number in 0..120 {
        let (id, body) = (format!("m{number}"), format!("Sentence number{number} about kingfishers."));
        world.dovecot.deliver(ANNA, "INBOX", &message(&id, &format!("Mail {number}"), &body, ""));
    }
    world.dovecot.append(ANNA, "Archive", &message("old", "Old mail", "Once archived.", ""), "\\Seen").await;
    let check: CheckView =
        world.engine.call("accounts.test_imap", json!({ "config": world.config, "password": PASSWORD })).await;
    assert!(check.ok, "{:#?}", check.steps);
    assert!(check.steps.len() >= 3, "{:#?}", check.steps);
    let id = world.connect().await;
    world.engine.resync(id).await;
    assert_eq!(world.engine.view("inbox").await.len(), 120);
    assert_eq!(world.engine.titled("Old mail").await.unwrap().place, Place::Archive);
    for (query, count) in [("kingfishers", 120), ("number77", 1), ("subject:\"Mail 5\"", 1), ("in:archive once", 1)] {
        world
            .engine
            .until(query, async || {
                let found: SearchView = world.engine.call("search", json!({ "query": query })).await;
                (found.total == count).then_some(())
            })
            .await;
    }
    let refusal = world
        .engine
        .ask("accounts.add_imap", json!({ "config": world.config, "password": PASSWORD }))
        .await
        .unwrap_err();
    assert!(refusal.message.contains("connected already"), "{refusal}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_goes_out_comes_back_to_its_thread_and_is_in_sent_once() {
    let Some(world) = World::new().await else { return };
    world.dovecot.deliver(ANNA, "INBOX", &message("ask", "Lunch?", "Shall we have lunch?", ""));
    let id = world.connect().await;
    let row = world.arrives("Lunch?").await;
    let op = world.engine.reply(row.id, "Gladly, at noon.").await;
    let op = world.engine.op_in(op.id, OpState::Done).await;
    let accepted = world.smtp.wait_for(1).await;
    assert_eq!((accepted[0].from.as_str(), accepted[0].to.as_slice()), (ANNA, &[BOB.to_owned()][..]));
    assert!(accepted[0].tls && accepted[0].text().contains("In-Reply-To: <ask@inlet.test>"));
    assert_eq!(world.dovecot.find(BOB, "INBOX", &op.key).await.len(), 1);
    world.engine.resync(id).await;
    assert_eq!(world.on_server("Sent", &op.key).await.len(), 1, "exactly one copy");
    let mine = world.everything_of("Gladly, at noon.").await;
    assert_eq!(mine.len(), 1);
    assert!(mine[0].from_me && mine[0].thread == row.id && mine[0].op.is_none());

    // Bob answers; the server's IDLE tells.
    let headers = format!("In-Reply-To: <{}>\r\nReferences: <ask@inlet.test> <{}>\r\n", op.key, op.key);
    world.dovecot.deliver(ANNA, "INBOX", &message("bye", "Re: Lunch?", "See you then.", &headers));
    world
        .engine
        .until("Bob's answer", async || (world.engine.thread(row.id).await.items.len() == 3).then_some(()))
        .await;
    let items = world.engine.thread(row.id).await.items;
    let subjects: Vec<_> = items.iter().map(|item| item.subject.as_str()).collect();
    assert_eq!(subjects.len(), 3, "{subjects:?}");
    let asked = items.iter().find(|item| item.message_id.as_deref() == Some("ask@inlet.test")).unwrap();
    assert!(asked.flags.answered);
    world.engine.outbox_empty().await;
    let uid = world.on_server("INBOX", "ask@inlet.test").await[0];
    assert!(world.dovecot.flags(ANNA, "INBOX", uid).await.contains(&"\\Answered".to_owned()));
    assert_eq!(world.smtp.mails().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_to_myself_is_in_sent_and_in_the_inbox() {
    let Some(world) = World::new().await else { return };
    let id = world.connect().await;
    let message = Compose {
        source: Some(id),
        to: vec![inlet_model::Party { name: None, handle: ANNA.into() }],
        subject: "Note to self".into(),
        text: "Buy stamps.".into(),
        ..Compose::default()
    };
    let op: OpView = world.engine.call("send", json!({ "message": message })).await;
    world.engine.op_in(op.id, OpState::Done).await;
    world
        .engine
        .until("both copies", async || (world.everything_of("Buy stamps.").await.len() == 2).then_some(()))
        .await;
    world.engine.resync(id).await;
    let copies = world.everything_of("Buy stamps.").await;
    assert_eq!(copies.len(), 2);
    assert_eq!(copies[0].thread, copies[1].thread);
    assert_eq!(world.engine.thread(copies[0].thread).await.thread.place, Place::Inbox);
    assert_eq!(world.on_server("Sent", &op.key).await.len(), 1);
    assert_eq!(world.on_server("INBOX", &op.key).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn flags_go_both_ways() {
    let Some(world) = World::new().await else { return };
    world.dovecot.deliver(ANNA, "INBOX", &message("flag", "Flags", "Look at me.", ""));
    let id = world.connect().await;
    let row = world.arrives("Flags").await;
    let uid = world.on_server("INBOX", "flag@inlet.test").await[0];
    for (verb, flag, set) in [("read", "\\Seen", true), ("star", "\\Flagged", true), ("unread", "\\Seen", false)] {
        world.engine.act(verb, row.id).await;
        world.engine.outbox_empty().await;
        let flags = world.dovecot.flags(ANNA, "INBOX", uid).await;
        assert_eq!(flags.contains(&flag.to_owned()), set, "{verb}: {flags:?}");
    }
    world.dovecot.set_flags(ANNA, "INBOX", &[uid], "FLAGS", "\\Seen").await;
    world
        .engine
        .until("the server's flags", async || {
            let row = world.engine.titled("Flags").await.unwrap();
            (row.unread == 0 && !row.starred).then_some(())
        })
        .await;
    world.engine.resync(id).await;
    let row = world.engine.titled("Flags").await.unwrap();
    assert!(row.unread == 0 && !row.starred);
}

#[tokio::test(flavor = "multi_thread")]
async fn archive_move_and_delete_reach_the_server_and_can_be_undone() {
    let Some(world) = World::new().await else { return };
    world.dovecot.create_mailbox(ANNA, "Projects").await;
    for id in ["done", "filed", "gone", "back"] {
        world.dovecot.deliver(ANNA, "INBOX", &message(id, id, "Some words.", ""));
    }
    let source = world.connect().await;
    let scopes: Vec<inlet_orchestrator::api::types::ScopeView> =
        world.engine.call("scopes.list", json!({ "source": source })).await;
    let projects = scopes.iter().find(|scope| scope.name == "Projects").unwrap().id;
    let id_of = async |title: &str| world.engine.titled(title).await.unwrap().id;
    world.engine.act("archive", id_of("done").await).await;
    world.engine.act_with("move", json!({ "threads": [id_of("filed").await], "to": projects })).await;
    world.engine.act("delete", id_of("gone").await).await;
    let undo = world.engine.act("archive", id_of("back").await).await;
    world.engine.outbox_empty().await;
    for (id, mailbox) in [("done", "Archive"), ("filed", "Projects"), ("gone", "Trash"), ("back", "Archive")] {
        let id = format!("{id}@inlet.test");
        assert_eq!(world.on_server(mailbox, &id).await.len(), 1, "{id} in {mailbox}");
        assert_eq!(world.on_server("INBOX", &id).await.len(), 0, "{id}");
    }
    world.engine.undo(undo).await;
    world.engine.outbox_empty().await;
    assert_eq!(world.on_server("INBOX", "back@inlet.test").await.len(), 1);
    assert_eq!(world.on_server("Archive", "back@inlet.test").await.len(), 0);
    world.engine.resync(source).await;
    for (title, place) in
        [("done", Place::Archive), ("filed", Place::Archive), ("gone", Place::Trash), ("back", Place::Inbox)]
    {
        let row = world.engine.titled(title).await.unwrap();
        assert_eq!((row.place, row.total), (place, 1), "{title}");
    }
    // What is in the trash goes for good.
    world.engine.act("delete", id_of("gone").await).await;
    world.engine.outbox_empty().await;
    assert_eq!(world.on_server("Trash", "gone@inlet.test").await.len(), 0);
    world.engine.resync(source).await;
    assert_eq!(world.engine.items().await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_told_in_a_sentence_and_a_right_one_heals() {
    let Some(world) = World::new().await else { return };
    world.dovecot.deliver(ANNA, "INBOX", &message("m", "Behind the password", "Hello.", ""));
    let check: CheckView =
        world.engine.call("accounts.test_imap", json!({ "config": world.config, "password": "wrong" })).await;
    assert!(!check.ok);
    let failed = check.steps.last().unwrap();
    assert!(!failed.ok && failed.fix.as_ref().is_some_and(|fix| fix.len() > 10), "{failed:?}");
    let view: AccountView =
        world.engine.call("accounts.add_imap", json!({ "config": world.config, "password": "wrong" })).await;
    let source = world.engine.state_of(view.sources[0].id, SourceState::AuthNeeded).await;
    let message = source.message.unwrap();
    assert!(message.ends_with('.') && message.contains("password") && !message.contains("wrong"), "{message}");
    let _: Value = world
        .engine
        .call("accounts.update", json!({ "id": view.id, "config": world.config, "password": PASSWORD }))
        .await;
    world.arrives("Behind the password").await;
    world.engine.state_of(view.sources[0].id, SourceState::Live).await;
    assert_eq!(crate::harness::holding(&world.engine.data(), PASSWORD), Vec::<std::path::PathBuf>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_nobody_signed_is_refused_and_the_sentence_says_why() {
    if !Dovecot::available() {
        println!("skipped: a certificate nobody signed: Dovecot is not installed");
        return;
    }
    let dovecot = Dovecot::start(DovecotOptions { certificate: CertKind::SelfSigned, ..options() }).await;
    let engine = Engine::with(Setup { connectors: true, ..Setup::default() }).await;
    let config = ImapConfig {
        ca: None,
        imap: Endpoint { host: "localhost".into(), port: dovecot.tls_port },
        ..dovecot.config(ANNA)
    };
    let check: CheckView = engine.call("accounts.test_imap", json!({ "config": config, "password": PASSWORD })).await;
    assert!(!check.ok);
    let failed = check.steps.last().unwrap();
    let told = format!("{} {}", failed.detail, failed.fix.as_deref().unwrap_or_default());
    assert!(told.contains("certificate") && told.ends_with('.'), "{failed:?}");
    assert!(!dovecot.log().contains("Login:"), "the password never left");
}

/// One pixel.
const DOT: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

#[tokio::test(flavor = "multi_thread")]
async fn a_formatted_answer_goes_out_in_both_forms_with_its_picture_its_signature_and_the_quote() {
    let Some(world) = World::new().await else { return };
    let html = "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n";
    let body = "<p>Which <i>colour</i>?<script>x()</script><img src=\"https://track.example/o.gif\" width=1></p>";
    world.dovecot.deliver(ANNA, "INBOX", &message("colour", "Colour", body, html));
    let id = world.connect().await;
    let row = world.arrives("Colour").await;
    let signature = json!({ "source": id, "text": "Anna\nFriday & Co" });
    let _: Value =
        world.engine.call("kept.put", json!({ "kind": "signature", "name": "Work", "data": signature })).await;

    let mut answer: Compose = world.engine.call("compose.prepare", json!({ "mode": "reply", "thread": row.id })).await;
    assert_eq!(answer.signature.as_ref().unwrap().text, "Anna\nFriday & Co");
    answer.text = "Green, see below.".into();
    answer.html =
        Some("<p>Green, <b>see below</b>.</p><p onclick=\"x()\"><img src=\"cid:dot@inlet\" alt=\"Dot\"></p>".into());
    let file = |name: &str, content_id: Option<&str>| {
        let mime = if content_id.is_some() { "image/png" } else { "text/plain" };
        serde_json::from_value(json!({ "name": name, "type": mime, "base64": DOT, "content_id": content_id })).unwrap()
    };
    answer.attachments =
        vec![file("dot.png", Some("dot@inlet")), file("left out.png", Some("gone@inlet")), file("a.txt", None)];
    let op: OpView = world.engine.call("send", json!({ "message": answer })).await;
    world.engine.op_in(op.id, OpState::Done).await;

    let raw = String::from_utf8(world.smtp.mails()[0].raw.clone()).unwrap();
    for part in ["multipart/mixed", "multipart/alternative", "multipart/related", "Content-ID: <dot@inlet>", "a.txt"] {
        assert!(raw.contains(part), "{part}:\n{raw}");
    }
    assert!(!raw.contains("left out.png"));
    world.engine.resync(id).await;
    let items = world.engine.thread(row.id).await.items;
    let sent = items.iter().find(|item| item.from_me).unwrap();
    for text in ["Green, see below.", "-- \nAnna\nFriday & Co", "> Which colour?"] {
        assert!(sent.text.contains(text), "{text}:\n{}", sent.text);
    }
    let shown: Value = world.engine.call("item.html", json!({ "id": sent.id, "theme": "light" })).await;
    let document = shown["document"].as_str().unwrap();
    for kept in ["<b>see below</b>", "data:image/png;base64,", "Friday &amp; Co", "Which <i>colour</i>?"] {
        assert!(document.contains(kept), "{kept}:\n{document}");
    }
    for gone in ["onclick", "x()", "track.example"] {
        assert!(!raw.contains(gone) && !document.contains(gone), "{gone}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_written_to_is_known_and_who_only_wrote_is_not() {
    let Some(world) = World::new().await else { return };
    world.dovecot.deliver(ANNA, "INBOX", &message("ask", "Lunch?", "Are you free on Friday?", ""));
    world.connect().await;
    let row = world.arrives("Lunch?").await;
    let author = world.engine.thread(row.id).await.items[0].from.clone().unwrap().handle;
    let known = async || -> Vec<(bool, bool)> {
        let handles = json!([author.to_uppercase(), "new@nowhere.example", ANNA]);
        let known: Vec<KnownPerson> = world.engine.call("people.known", json!({ "handles": handles })).await;
        known.into_iter().map(|one| (one.written, one.domain)).collect()
    };
    assert_eq!(known().await, [(false, true), (false, false), (true, true)]);
    let op = world.engine.reply(row.id, "Gladly, at noon.").await;
    world.engine.op_in(op.id, OpState::Done).await;
    assert_eq!(known().await, [(true, true), (false, false), (true, true)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_answered_by_a_mail_that_calendars_understand() {
    let Some(world) = World::new().await else { return };
    let calendar = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:lunch@inlet.test\r\nSEQUENCE:1\r\n\
         DTSTAMP:20260601T080000Z\r\nDTSTART:20260605T100000Z\r\nDTEND:20260605T110000Z\r\nSUMMARY:Lunch\r\n\
         ORGANIZER;CN=Bob:mailto:{BOB}\r\nATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{ANNA}\r\nEND:VEVENT\r\n\
         END:VCALENDAR\r\n"
    );
    let headers = "MIME-Version: 1.0\r\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\r\n";
    world.dovecot.deliver(ANNA, "INBOX", &message("invite", "Lunch", &calendar, headers));
    let id = world.connect().await;
    let row = world.arrives("Lunch").await;
    let item = world.engine.thread(row.id).await.items.remove(0);
    let asked = item.invitation.unwrap();
    assert!(asked.can_answer && asked.answer.is_none() && asked.organizer.unwrap().handle == BOB);

    world.engine.act_with("accept", json!({ "items": [item.id] })).await;
    let told = world.engine.thread(row.id).await.items.remove(0).invitation.unwrap();
    assert_eq!(told.answer, Some(Rsvp::Accept), "shown at once");
    let accepted = world.smtp.wait_for(1).await;
    assert_eq!((accepted[0].from.as_str(), accepted[0].to.as_slice()), (ANNA, &[BOB.to_owned()][..]));
    let mail = inlet_model::mime::Tree::parse(&accepted[0].raw);
    let part = mail.parts.iter().find(|part| part.mime == "text/calendar").unwrap();
    let text = part.text();
    assert!(accepted[0].text().contains("method=\"REPLY\"") || accepted[0].text().contains("method=REPLY"));
    for line in ["METHOD:REPLY", "UID:lunch@inlet.test", "SEQUENCE:1"] {
        assert!(text.lines().any(|have| have == line), "{line} in {text}");
    }
    assert!(text.contains(&format!("ATTENDEE;PARTSTAT=ACCEPTED:mailto:{ANNA}")), "{text}");
    world.engine.outbox_empty().await;
    world.engine.resync(id).await;
    let items = world.engine.thread(row.id).await.items;
    assert_eq!(items.len(), 2, "the answer is in Sent, and in its conversation");
    assert!(items.iter().any(|item| item.from_me && item.subject == "Accepted: Lunch"));

    // A change of mind is another answer; what was told cannot be untold, but the answer before it can be given again.
    let undo = world.engine.act_with("decline", json!({ "items": [item.id] })).await;
    world.smtp.wait_for(2).await;
    world.engine.outbox_empty().await;
    world.engine.undo(undo).await;
    let again = world.smtp.wait_for(3).await;
    assert!(again[1].text().contains("DECLINED") && again[2].text().contains("PARTSTAT=ACCEPTED"));
    let told = world.engine.thread(row.id).await.items.remove(0).invitation.unwrap();
    assert_eq!(told.answer, Some(Rsvp::Accept));
    world.engine.outbox_empty().await;
}
