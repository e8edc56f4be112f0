//! Drafts on a real server, beside another program that writes there too, and on one that loses answers.

use std::sync::Arc;

use inlet_model::{Flags, ImapConfig, ItemId, ScopeRole, SourceError, SourceId, UnifiedEmail};
use inlet_orchestrator::{
    Clock,
    api::types::{AccountView, Compose, DraftRow, DraftStanding, OpState, OpView, SourceState, Status},
};
use inlet_testkit::{Dovecot, DovecotOptions, SmtpOptions, SmtpServer};
use jiff::SignedDuration;
use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::{
    harness::{Engine, Setup},
    scripted::{Call, Fault, Script, mail},
    taxonomy::{arrives, live},
};

const ANNA: &str = "anna@inlet.test";
const BOB: &str = "bob@inlet.test";
const PASSWORD: &str = "kite-41-Ostrava";

/// A clock that is put forward by hand.
#[derive(Clone, Default)]
pub(crate) struct Ahead(Arc<Mutex<SignedDuration>>);

impl Ahead {
    pub(crate) fn clock(&self) -> Clock {
        let (ahead, system) = (self.0.clone(), Clock::system());
        Clock::from_fn(move || system.now() + *ahead.lock())
    }

    /// Long enough for what was written to count as at rest; then what is due is done.
    pub(crate) async fn rests(&self, engine: &Engine) {
        *self.0.lock() += SignedDuration::from_secs(10);
        engine.app.send_due().await;
    }
}

struct World {
    engine: Engine,
    dovecot: Dovecot,
    smtp: SmtpServer,
    ahead: Ahead,
    source: SourceId,
}

impl World {
    /// Anna's account, with what `prepare` has put on its server.
    async fn new(prepare: impl AsyncFnOnce(&Dovecot)) -> Option<Self> {
        if !Dovecot::available() || !SmtpServer::available() {
            println!("skipped: drafts on a real server: Dovecot or Node.js is not installed");
            return None;
        }
        let users = [ANNA, BOB].map(|user| (user.to_owned(), PASSWORD.to_owned())).to_vec();
        let dovecot = Dovecot::start(DovecotOptions { users, ..DovecotOptions::default() }).await;
        let smtp = SmtpServer::start(SmtpOptions::delivering_to(&dovecot)).await;
        prepare(&dovecot).await;
        let ahead = Ahead::default();
        let engine = Engine::with(Setup { connectors: true, clock: Some(ahead.clock()), ..Setup::default() }).await;
        let ca = engine.folder.path().join("ca.pem");
        let both = [dovecot.ca(), smtp.ca()].map(|path| std::fs::read_to_string(path).unwrap()).join("\n");
        std::fs::write(&ca, both).unwrap();
        let config = ImapConfig { smtp: Some(smtp.tls_endpoint()), ca: Some(ca), ..dovecot.config(ANNA) };
        let view: AccountView =
            engine.call("accounts.add_imap", json!({ "config": config, "password": PASSWORD })).await;
        let source = view.sources[0].id;
        engine.state_of(source, SourceState::Live).await;
        Some(Self { engine, dovecot, smtp, ahead, source })
    }

    /// What lies in Drafts, as the server has it.
    async fn on_server(&self) -> Vec<String> {
        let mut client = self.dovecot.client(ANNA).await;
        client.select("Drafts").await;
        let mut all = Vec::new();
        for uid in client.uids().await {
            let flags = client.flags(uid).await;
            // It may be replaced or removed while this is looking.
            let Some(raw) = client.raw_if_there(uid).await else { continue };
            assert!(flags.contains(&"\\Draft".to_owned()));
            all.push(raw);
        }
        all
    }

    async fn save(&self, message: &Compose) -> Compose {
        self.engine.call("draft.save", json!(message)).await
    }

    /// Saves it, and lets it rest until the server has it.
    async fn keep(&self, message: &Compose) -> Compose {
        let saved = self.save(message).await;
        self.ahead.rests(&self.engine).await;
        self.engine
            .until("the draft on the server", async || {
                let there = self.on_server().await;
                there.iter().any(|raw| raw.contains(&message.text)).then_some(())
            })
            .await;
        saved
    }

    async fn own(&self) -> Vec<Compose> {
        self.engine.call("draft.list", Value::Null).await
    }

    async fn elsewhere(&self) -> Vec<DraftRow> {
        self.engine.call("draft.elsewhere", Value::Null).await
    }

    async fn open(&self, item: ItemId) -> Compose {
        self.engine.call("draft.open", json!({ "id": item })).await
    }

    async fn standing(&self, message: &Compose) -> DraftStanding {
        self.engine.call("draft.standing", json!({ "id": message.id })).await
    }

    /// Another program takes away what lies in Drafts and puts this there.
    async fn changed_elsewhere(&self, subject: &str, text: &str) {
        let uids = self.dovecot.list_uids(ANNA, "Drafts").await;
        self.dovecot.append(ANNA, "Drafts", &begun("phone", subject, text, ""), "\\Draft \\Seen").await;
        self.dovecot.expunge(ANNA, "Drafts", &uids).await;
        self.engine.resync(self.source).await;
    }
}

fn letter(source: SourceId, text: &str) -> Compose {
    let party = |handle: &str| inlet_model::Party { name: None, handle: handle.into() };
    Compose {
        source: Some(source),
        to: vec![party(BOB)],
        bcc: vec![party("carol@inlet.test")],
        subject: "The plan".into(),
        text: text.into(),
        ..Compose::default()
    }
}

/// A draft as another program writes it.
fn begun(id: &str, subject: &str, text: &str, headers: &str) -> Vec<u8> {
    format!(
        "Message-ID: <{id}@inlet.test>\r\nDate: Mon, 1 Jun 2026 11:00:00 +0000\r\nFrom: Anna <{ANNA}>\r\nTo: Bob <{BOB}>\r\n\
         Bcc: carol@inlet.test\r\nSubject: {subject}\r\n{headers}\r\n{text}\r\n"
    )
    .into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_on_the_server_once_follows_what_is_written_and_goes_when_it_is_sent() {
    let Some(world) = World::new(async |_| {}).await else { return };
    let first = world.keep(&letter(world.source, "Half a thought")).await;
    let there = world.on_server().await;
    assert_eq!(there.len(), 1);
    assert!(
        there[0].contains("Subject: The plan") && there[0].contains(BOB) && there[0].contains("Bcc:"),
        "{}",
        there[0]
    );

    // It comes back by sync and is shown once.
    world.engine.resync(world.source).await;
    assert_eq!((world.own().await.len(), world.elsewhere().await.len()), (1, 0));
    let status: Status = world.engine.call("status", Value::Null).await;
    assert_eq!(status.counts["drafts"], 1);
    assert!(world.engine.view("all").await.is_empty() && world.engine.view("waiting").await.is_empty());

    let second = world.keep(&Compose { text: "A whole thought, is it?".into(), ..first.clone() }).await;
    assert_eq!(second.id, first.id);
    assert_eq!(world.on_server().await.len(), 1, "the new one in place of the old one");
    world.engine.resync(world.source).await;
    assert_eq!((world.own().await.len(), world.elsewhere().await.len()), (1, 0));
    assert_eq!(world.standing(&second).await, DraftStanding { elsewhere: false, newer: None });

    let op: OpView = world.engine.call("send", json!({ "message": second })).await;
    world.engine.op_in(op.id, OpState::Done).await;
    world.engine.app.send_due().await;
    world.engine.until("an empty Drafts", async || world.on_server().await.is_empty().then_some(())).await;
    assert_eq!(world.smtp.mails().len(), 1);
    world.engine.resync(world.source).await;
    assert_eq!((world.own().await.len(), world.elsewhere().await.len()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_taken_back_has_its_copy_again_and_what_is_thrown_away_goes_there_too() {
    let Some(world) = World::new(async |_| {}).await else { return };
    let draft = world.keep(&letter(world.source, "Not so fast")).await;
    let op: OpView = world.engine.call("send", json!({ "message": draft, "undo_seconds": 30 })).await;
    world.engine.app.send_due().await;
    assert_eq!(world.on_server().await.len(), 1, "until it is out");
    let again: Compose = world.engine.call("outbox.edit", json!({ "id": op.id })).await;
    assert_eq!(again.id, draft.id);
    world.engine.resync(world.source).await;
    assert_eq!((world.own().await.len(), world.elsewhere().await.len()), (1, 0));

    let _: Value = world.engine.call("draft.discard", json!({ "id": again.id })).await;
    assert_eq!((world.own().await.len(), world.elsewhere().await.len()), (0, 0));
    world.ahead.rests(&world.engine).await;
    world.engine.until("an empty Drafts", async || world.on_server().await.is_empty().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_program_began_is_gone_on_with_here_and_gone_there_when_it_is_sent() {
    let answer = "In-Reply-To: <ask@inlet.test>\r\nReferences: <ask@inlet.test>\r\nMIME-Version: 1.0\r\n\
                  Content-Type: multipart/mixed; boundary=b\r\n";
    let body = "--b\r\n\r\nGladly, at\r\n--b\r\nContent-Type: application/pdf; name=menu.pdf\r\n\
                Content-Disposition: attachment; filename=menu.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n\
                aGVsbG8gd29ybGQ=\r\n--b--";
    let prepare = async |dovecot: &Dovecot| {
        let ask = format!(
            "Message-ID: <ask@inlet.test>\r\nDate: Mon, 1 Jun 2026 10:00:00 +0000\r\nFrom: Bob <{BOB}>\r\nTo: {ANNA}\r\n\
             Subject: Lunch?\r\n\r\nShall we?\r\n"
        );
        dovecot.deliver(ANNA, "INBOX", ask.as_bytes());
        dovecot.append(ANNA, "Drafts", &begun("phone", "Re: Lunch?", body, answer), "\\Draft \\Seen").await;
    };
    let Some(world) = World::new(prepare).await else { return };
    let [row] = world.elsewhere().await.try_into().unwrap();
    assert_eq!((row.subject.as_str(), row.to[0].handle.as_str(), row.has_attachment), ("Re: Lunch?", BOB, true));
    let thread = world.engine.thread(row.thread).await;
    assert_eq!((thread.items.len(), thread.thread.total, thread.drafts.len()), (1, 1, 1), "no part of it yet");
    assert!(!thread.thread.last_from_me && thread.thread.title == "Lunch?");

    let mut message = world.open(row.item).await;
    assert_eq!(message.text, "Gladly, at");
    assert_eq!((message.to[0].handle.as_str(), message.bcc[0].handle.as_str()), (BOB, "carol@inlet.test"));
    assert_eq!((message.thread, message.item), (Some(row.thread), Some(thread.items[0].id)));
    assert_eq!(
        (message.attachments[0].name.as_str(), message.attachments[0].base64.as_str()),
        ("menu.pdf", "aGVsbG8gd29ybGQ=")
    );

    // Opening it alone changes nothing.
    world.ahead.rests(&world.engine).await;
    assert_eq!(world.on_server().await.len(), 1);

    // Gone on with, it is ours, and ours takes its place.
    message.text = "Gladly, at noon".into();
    let saved = world.keep(&message).await;
    assert_eq!((world.own().await.len(), world.elsewhere().await.len(), saved.server), (1, 0, None));
    assert_eq!(world.on_server().await.len(), 1);
    world.engine.resync(world.source).await;
    assert_eq!((world.own().await.len(), world.elsewhere().await.len()), (1, 0));

    let op: OpView = world.engine.call("send", json!({ "message": saved })).await;
    world.engine.op_in(op.id, OpState::Done).await;
    world.engine.app.send_due().await;
    world.engine.until("an empty Drafts", async || world.on_server().await.is_empty().then_some(())).await;
    let sent = world.smtp.wait_for(1).await;
    assert!(sent[0].text().contains("In-Reply-To: <ask@inlet.test>") && sent[0].text().contains("menu.pdf"));
    assert!(sent[0].to.iter().any(|to| to == "carol@inlet.test"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_program_began_can_be_sent_at_once() {
    let prepare = async |dovecot: &Dovecot| {
        dovecot.append(ANNA, "Drafts", &begun("phone", "From the train", "We are late.", ""), "\\Draft").await;
    };
    let Some(world) = World::new(prepare).await else { return };
    let [row] = world.elsewhere().await.try_into().unwrap();
    let message = world.open(row.item).await;
    let op: OpView = world.engine.call("send", json!({ "message": message })).await;
    world.engine.op_in(op.id, OpState::Done).await;
    world.engine.app.send_due().await;
    world.engine.until("an empty Drafts", async || world.on_server().await.is_empty().then_some(())).await;
    world.engine.resync(world.source).await;
    assert_eq!((world.own().await.len(), world.elsewhere().await.len()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_another_program_changed_is_told_and_never_written_over() {
    let Some(world) = World::new(async |_| {}).await else { return };
    let draft = world.keep(&letter(world.source, "Begun at the desk")).await;
    world.engine.resync(world.source).await;
    world.changed_elsewhere("The plan", "Gone on with on the phone").await;

    // The server had all of it: the newer one stands for both, once.
    let [newer] = world.elsewhere().await.try_into().unwrap();
    assert!(world.own().await.is_empty());
    assert_eq!(world.standing(&draft).await, DraftStanding { elsewhere: true, newer: Some(newer.item) });

    // Whoever had it open here goes on: both are kept.
    let mine = world.keep(&Compose { text: "Gone on with at the desk".into(), ..draft }).await;
    assert!(mine.elsewhere);
    let there = world.on_server().await;
    assert_eq!(there.len(), 2, "{there:#?}");
    assert!(
        there.iter().any(|raw| raw.contains("on the phone")) && there.iter().any(|raw| raw.contains("at the desk"))
    );
    world.engine.resync(world.source).await;
    assert_eq!((world.own().await.len(), world.elsewhere().await.len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn words_the_server_has_not_seen_outlive_a_change_in_another_program() {
    let Some(world) = World::new(async |_| {}).await else { return };
    let draft = world.keep(&letter(world.source, "Begun at the desk")).await;
    world.engine.resync(world.source).await;
    let _ = world.save(&Compose { text: "More, just now".into(), ..draft.clone() }).await;
    world.changed_elsewhere("The plan", "Gone on with on the phone").await;
    let own = world.own().await;
    assert_eq!((own.len(), own[0].elsewhere, own[0].text.as_str()), (1, true, "More, just now"));
    assert_eq!(world.elsewhere().await.len(), 1);
    world.ahead.rests(&world.engine).await;
    world.engine.until("both", async || (world.on_server().await.len() == 2).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_to_the_server_where_it_is_not_wanted() {
    let Some(world) = World::new(async |_| {}).await else { return };
    let _: Value = world.engine.call("config.set", json!({ "key": "compose.sync_drafts", "value": "false" })).await;
    world.save(&letter(world.source, "For my eyes only")).await;
    world.ahead.rests(&world.engine).await;
    assert!(world.on_server().await.is_empty());
    assert_eq!(world.own().await[0].text, "For my eyes only");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_program_begins_is_there_when_the_list_is_looked_at() {
    let (engine, script, ..) = scripted().await;
    let elsewhere = async || engine.call::<Vec<DraftRow>>("draft.elsewhere", Value::Null).await;
    let pulls = || script.count(|call| *call == Call::Pull("Drafts".into()));
    let before = pulls();
    script.put(
        "Drafts",
        UnifiedEmail {
            stable_id: "digest of begun".into(),
            message_id: Some("begun@phone.test".into()),
            subject: "From the train".into(),
            text: "We are late.".into(),
            flags: Flags { draft: true, ..Flags::default() },
            ..UnifiedEmail::default()
        },
    );
    // The window alone is no reason to ask a mail server, which tells of its mail by itself.
    let _: Value = engine.call("sync.attend", json!({})).await;
    assert_eq!((elsewhere().await.len(), pulls()), (0, before));
    let _: Value = engine.call("sync.attend", json!({ "drafts": true })).await;
    engine.until("the draft", async || (elsewhere().await.len() == 1).then_some(())).await;
}

/// A scripted mailbox that keeps drafts.
async fn scripted() -> (Engine, Script, Ahead, SourceId) {
    let script = Script::new("post");
    script.add_folder("Drafts", ScopeRole::Drafts);
    script.deliver("INBOX", mail("question"));
    let ahead = Ahead::default();
    let scripts = [("post".to_owned(), script.clone())].into();
    let engine = Engine::with(Setup { scripts, clock: Some(ahead.clock()), ..Setup::default() }).await;
    let source = live(&engine, "post").await;
    (engine, script, ahead, source)
}

fn kept(script: &Script) -> Vec<String> {
    script.texts("Drafts")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_is_killed_while_it_saves_makes_no_second_draft() {
    let (engine, script, ahead, source) = scripted().await;
    let mut draft: Compose = engine.call("draft.save", json!(letter(source, "one"))).await;
    ahead.rests(&engine).await;
    engine.until("the first", async || (kept(&script) == ["one"]).then_some(())).await;

    // The server has made the new one, and the answer is lost.
    let broken = SourceError::Transient("The connection broke before the server answered.".into());
    script.fail_apply("draft", Fault::Lands(broken));
    draft.text = "two".into();
    draft = engine.call("draft.save", json!(draft)).await;
    ahead.rests(&engine).await;
    script.called(2, |call| matches!(call, Call::Apply(_, "draft"))).await;
    // What is written meanwhile is a version of its own.
    draft.text = "three".into();
    let _: Compose = engine.call("draft.save", json!(draft)).await;

    let engine = engine.restart().await;
    engine
        .until("the last version alone", async || {
            ahead.rests(&engine).await;
            (kept(&script) == ["three"]).then_some(())
        })
        .await;
    engine.resync(source).await;
    let own: Vec<Compose> = engine.call("draft.list", Value::Null).await;
    let elsewhere: Vec<DraftRow> = engine.call("draft.elsewhere", Value::Null).await;
    assert_eq!((own.len(), elsewhere.len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_does_not_wait_for_a_draft_that_hangs() {
    let (engine, script, ahead, source) = scripted().await;
    let row = arrives(&engine, "question").await;
    script.fail_apply("draft", Fault::Hangs);
    let mut answer: Compose = engine.call("compose.prepare", json!({ "mode": "reply", "thread": row.id })).await;
    answer.text = "On its way".into();
    let answer: Compose = engine.call("draft.save", json!(answer)).await;
    let _: Compose = engine.call("draft.save", json!(letter(source, "another"))).await;
    *ahead.0.lock() += SignedDuration::from_secs(10);
    let op: OpView = engine.call("send", json!({ "message": answer, "undo_seconds": 0 })).await;
    engine.op_in(op.id, OpState::Done).await;
}
