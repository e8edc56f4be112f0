//! WhatsApp in the engine: an event that was posted is a message that can be read, answered and followed,
//! for as long as one may write freely.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use inlet_model::{Receipt, SourceId, Template, Timestamp};
use inlet_orchestrator::{
    Clock,
    api::{
        ErrorCode,
        types::{AccountView, CheckView, Compose, OpState, OpView, SourceState, ThreadRow},
    },
};
use inlet_testkit::{
    inbound::{post, signature},
    ports::free_address,
    whatsapp::{ANA, APP_SECRET, Events, FakeWhatsApp, Fault, NUMBER, NUMBER_ID, TOKEN},
};
use serde_json::json;

use crate::harness::{Engine, Setup};

const START: u64 = 1_750_000_000;

struct World {
    engine: Engine,
    fake: FakeWhatsApp,
    source: SourceId,
    account: inlet_model::AccountId,
    /// Where the account listens.
    door: SocketAddr,
    now: Arc<AtomicU64>,
}

impl World {
    async fn new(test: &str) -> Option<Self> {
        let fake = FakeWhatsApp::start(test)?;
        let now = Arc::new(AtomicU64::new(START));
        let shown = now.clone();
        let time = move || Timestamp::from_second(i64::try_from(shown.load(Ordering::SeqCst)).unwrap()).unwrap();
        let setup = Setup { connectors: true, clock: Some(Clock::from_fn(time)), ..Setup::default() };
        let engine = Engine::with(setup).await;
        let free = free_address();
        let params = json!({ "config": fake.config(&free.to_string()), "token": TOKEN, "app_secret": APP_SECRET });
        let check: CheckView = engine.call("accounts.test_whatsapp", params.clone()).await;
        assert!(check.ok, "{:?}", check.steps);
        let view: AccountView = engine.call("accounts.add_whatsapp", params).await;
        let check: CheckView = engine.call("accounts.check", json!({ "id": view.id })).await;
        assert!(check.ok, "{:?}", check.steps);
        fake.events(Events::PostedTo(free));
        Some(Self { engine, fake, source: view.sources[0].id, account: view.id, door: free, now })
    }

    /// An event of a form that Meta's schema leaves out.
    async fn undocumented(&self, value: serde_json::Value) {
        let body = json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": [{
            "field": "messages", "value": value,
        }] }] });
        let (body, path) = (body.to_string(), format!("/whatsapp/{NUMBER_ID}"));
        let signed = signature(APP_SECRET, body.as_bytes());
        let answer = post(self.door, &path, &[("X-Hub-Signature-256", signed.as_str())], &body).await;
        assert_eq!(answer.status, 200);
    }

    fn pass(&self, hours: u64) {
        let now = self.now.fetch_add(hours * 3600, Ordering::SeqCst) + hours * 3600;
        self.fake.set_clock(now);
    }

    /// The conversation, once it has so many messages.
    async fn conversation(&self, messages: usize) -> ThreadRow {
        self.engine
            .until(&format!("{messages} messages"), async || {
                let row = self.engine.view("all").await.into_iter().find(|row| row.source == self.source)?;
                (self.engine.thread(row.id).await.items.len() == messages).then_some(row)
            })
            .await
    }

    async fn receipt(&self, thread: inlet_model::ThreadId, receipt: Receipt) {
        self.engine
            .until(&format!("{receipt:?}"), async || {
                let items = self.engine.thread(thread).await.items;
                items.iter().any(|item| item.from_me && item.receipt == receipt).then_some(())
            })
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_comes_is_answered_and_its_ticks_change() {
    let Some(world) = World::new("a message comes").await else { return };
    world.fake.say(ANA, "Ana Ferreira", "Is it still there?").await;
    let row = world.conversation(1).await;
    assert_eq!(row.unread, 1);
    assert_eq!(row.people[0].name.as_deref(), Some("Ana Ferreira"));
    let view = world.engine.thread(row.id).await;
    let window = view.reply_window.unwrap();
    assert_eq!((window.hours, window.until.unwrap().as_second()), (24, (START + 24 * 3600) as i64));

    world.fake.tells(&[]);
    let op = world.engine.reply(row.id, "Yes, it is").await;
    world.engine.op_in(op.id, OpState::Done).await;
    let sent = world.fake.sent().remove(0);
    assert_eq!((sent["to"].as_str(), sent["text"]["body"].as_str()), (Some(ANA), Some("Yes, it is")));
    let id = sent["id"].as_str().unwrap();
    for (status, receipt) in [("sent", Receipt::Sent), ("read", Receipt::Read)] {
        world.fake.status(id, ANA, status, Some(&op.key), None).await;
        world.receipt(row.id, receipt).await;
    }
    // What comes late takes nothing back, and nothing is there twice.
    world.fake.status(id, ANA, "delivered", Some(&op.key), None).await;
    world.fake.say(ANA, "Ana Ferreira", "Good").await;
    world.conversation(3).await;
    world.receipt(row.id, Receipt::Read).await;
    let engine = world.engine.restart().await;
    engine.state_of(world.source, SourceState::Live).await;
    assert_eq!(engine.thread(row.id).await.items.len(), 3);
    assert_eq!(world.fake.complaints(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_day_only_a_template_goes() {
    let Some(world) = World::new("after a day").await else { return };
    let example =
        world.fake.examples().into_iter().find(|example| example.name.starts_with("waba-id-message-templates.get"));
    world.fake.template(example.unwrap().body["data"][1].clone());
    world.fake.say(ANA, "Ana Ferreira", "Hello").await;
    let row = world.conversation(1).await;
    let mut message: Compose = world.engine.call("compose.prepare", json!({ "mode": "reply", "thread": row.id })).await;
    message.text = "Too late".into();
    let later = Timestamp::from_second((START + 25 * 3600) as i64).unwrap();
    let refused = world.engine.ask("send", json!({ "message": message, "at": later })).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Refused, "by the time it goes the window is closed");
    world.pass(24);
    let refused = world.engine.ask("send", json!({ "message": message })).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Refused);
    assert!(refused.message.contains("template"), "{}", refused.message);
    assert!(world.fake.sent().is_empty() && world.engine.ops().await.is_empty());

    let templates: Vec<Template> = world.engine.call("compose.templates", json!({ "source": world.source })).await;
    let (text, filled) = templates[0].filled(&["Ana".into(), "FALL25".into()]).unwrap();
    assert!(text.contains("Hi Ana, our Fall Sale is on! Use promo code FALL25"), "{text}");
    (message.text, message.template) = (text, Some(filled));
    let op: OpView = world.engine.call("send", json!({ "message": message, "undo_seconds": 0 })).await;
    world.engine.op_in(op.id, OpState::Done).await;
    assert_eq!(world.fake.sent()[0]["template"]["components"][0]["parameters"][1]["text"], "FALL25");

    // Somebody who writes opens it again.
    world.fake.say(ANA, "Ana Ferreira", "Stop").await;
    world.conversation(3).await;
    let op = world.engine.reply(row.id, "As you wish").await;
    world.engine.op_in(op.id, OpState::Done).await;
    assert_eq!(world.fake.complaints(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_to_a_message_is_seen_in_it() {
    let Some(world) = World::new("what happens to a message").await else { return };
    let id = world.fake.say(ANA, "Ana Ferreira", "Befor").await;
    let row = world.conversation(1).await;
    let reaction = json!({ "type": "reaction", "reaction": { "message_id": id, "emoji": "👍" } });
    world.fake.message(ANA, "Ana Ferreira", reaction).await;
    let edit = json!({ "type": "edit", "edit": { "original_message_id": id, "message": { "type": "text", "text": { "body": "Before" } } } });
    world.fake.message(ANA, "Ana Ferreira", edit).await;
    let edited = world
        .engine
        .until("an edit", async || world.engine.thread(row.id).await.items.pop().filter(|item| item.edited))
        .await;
    assert_eq!(edited.reactions[0].emoji, "👍");
    world
        .engine
        .until("the new words", async || {
            let found: inlet_orchestrator::api::types::SearchView =
                world.engine.call("search", json!({ "query": "before" })).await;
            (found.total == 1).then_some(())
        })
        .await;
    world.fake.message(ANA, "Ana Ferreira", json!({ "type": "revoke", "revoke": { "original_message_id": id } })).await;
    world
        .engine
        .until("a deletion", async || world.engine.thread(row.id).await.items.pop().filter(|item| item.retracted))
        .await;
    assert_eq!(world.engine.thread(row.id).await.items.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_to_a_message_may_be_told_before_it() {
    const ID: &str = "wamid.TOLDLATER";
    let Some(world) = World::new("what happens early").await else { return };
    let anew = json!({ "type": "text", "text": { "body": "Before" } });
    let edit = json!({ "type": "edit", "edit": { "original_message_id": ID, "message": anew } });
    world.fake.message(ANA, "Ana Ferreira", edit).await;
    let reaction = json!({ "type": "reaction", "reaction": { "message_id": ID, "emoji": "👍" } });
    world.fake.message(ANA, "Ana Ferreira", reaction).await;
    world.fake.say(ANA, "Ana Ferreira", "Another one").await;
    let row = world.conversation(1).await;
    let late = json!({ "id": ID, "type": "text", "text": { "body": "Befor" } });
    world.fake.message(ANA, "Ana Ferreira", late).await;
    world.conversation(2).await;
    let items = world.engine.thread(row.id).await.items;
    let item = items.iter().find(|item| item.edited).expect("the edited message");
    assert_eq!((item.text.as_str(), item.reactions[0].emoji.as_str()), ("Before", "👍"));
    world
        .engine
        .until("the new words", async || {
            let found: inlet_orchestrator::api::types::SearchView =
                world.engine.call("search", json!({ "query": "before" })).await;
            (found.total == 1).then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_follows_somebody_to_another_number() {
    const NEW: &str = "12195555358";
    let Some(world) = World::new("another number").await else { return };
    world.fake.say(ANA, "Ana Ferreira", "Hello").await;
    let row = world.conversation(1).await;
    let system = json!({ "type": "system", "system": {
        "body": format!("User Ana Ferreira changed from {ANA} to {NEW}"), "wa_id": NEW, "type": "user_changed_number",
    } });
    world.fake.message(ANA, "Ana Ferreira", system).await;
    assert_eq!(world.conversation(2).await.id, row.id);
    let op = world.engine.reply(row.id, "Is it you?").await;
    world.engine.op_in(op.id, OpState::Done).await;
    world.fake.say(NEW, "Ana Ferreira", "It is").await;
    let now = world.conversation(4).await;
    assert_eq!(now.id, row.id);
    assert_eq!(now.people, [inlet_model::Party::named("Ana Ferreira", format!("+{NEW}"))], "as they are reached now");

    // Written to by the old number they are reached all the same.
    let mut message = serde_json::to_value(Compose { source: Some(world.source), ..Compose::default() }).unwrap();
    (message["text"], message["to"]) = (json!("Good"), json!([{ "name": null, "handle": format!("+{ANA}") }]));
    let op: OpView = world.engine.call("send", json!({ "message": message, "undo_seconds": 0 })).await;
    world.engine.op_in(op.id, OpState::Done).await;
    assert_eq!(world.conversation(5).await.id, row.id);
    let sent = world.fake.sent();
    assert!(!sent.is_empty() && sent.iter().all(|body| body["to"] == NEW), "{sent:?}");

    let params = json!({ "source": world.source, "handle": format!("+{NEW}"), "name": null });
    let person: inlet_orchestrator::api::types::PersonView = world.engine.call("person.get", params).await;
    let handles: Vec<&str> = person.identities.iter().map(|one| one.party.handle.as_str()).collect();
    assert_eq!(handles.len(), 2);
    assert!(handles.contains(&format!("+{ANA}").as_str()) && handles.contains(&format!("+{NEW}").as_str()));
    assert_eq!(person.received, 2, "what they wrote from either");
    assert_eq!(world.fake.complaints(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_the_account_is_told_of_it_until_it_was_seen() {
    let Some(world) = World::new("what is wrong with the account").await else { return };
    let metadata = json!({ "display_phone_number": NUMBER, "phone_number_id": NUMBER_ID });
    let errors = |code: i64| json!([{ "code": code, "title": "In other words", "message": "In other words" }]);
    let said = |code: i64| json!({ "messaging_product": "whatsapp", "metadata": metadata, "errors": errors(code) });
    world.undocumented(said(131_042)).await;
    let told = async |count: usize| {
        let found = async || Some(world.engine.source(world.source).await).filter(|one| one.warnings.len() == count);
        world.engine.until(&format!("{count} warnings"), found).await
    };
    let source = told(1).await;
    assert!(source.warnings[0].reason.contains("valid way to pay"), "{:?}", source.warnings);
    assert_eq!(source.unreadable, None, "it was understood");
    world.pass(1);
    world.undocumented(said(368)).await;
    let source = told(2).await;
    assert!(source.warnings[0].reason.contains("has locked"), "the newest first: {:?}", source.warnings);
    let _: AccountView = world.engine.call("accounts.seen_warnings", json!({ "id": world.account })).await;
    told(0).await;
    // What is said again is told again.
    world.pass(1);
    let mut again = said(368);
    again["errors"][0]["title"] = json!("Once more");
    world.undocumented(again).await;
    told(1).await;
    assert!(world.engine.view("all").await.is_empty(), "nobody wrote anything");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_found_and_a_failure_says_why() {
    let Some(world) = World::new("a lost answer").await else { return };
    world.fake.say(ANA, "Ana Ferreira", "Hello").await;
    let row = world.conversation(1).await;
    world.fake.fault(Fault::LostForGood);
    let op = world.engine.reply(row.id, "Once").await;
    world.engine.op_in(op.id, OpState::Unknown).await;
    let id = world.fake.sent()[0]["id"].as_str().unwrap().to_owned();
    world.fake.status(&id, ANA, "sent", Some(&op.key), None).await;
    world.engine.op_in(op.id, OpState::Done).await;
    world.fake.status(&id, ANA, "failed", Some(&op.key), Some(131_026)).await;
    world.receipt(row.id, Receipt::Failed).await;
    let detail: inlet_orchestrator::api::types::OpDetail =
        world.engine.call("outbox.get", json!({ "id": op.id })).await;
    assert!(detail.deliveries.iter().any(|line| line.outcome == "failed"), "{:?}", detail.deliveries);
    assert_eq!(world.fake.sent().len(), 1);
    assert_eq!(world.engine.thread(row.id).await.items.len(), 2);
    assert_eq!(world.account, world.engine.source(world.source).await.account);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_new_is_written_to_by_number_and_with_a_template() {
    let Some(world) = World::new("somebody new").await else { return };
    let example =
        world.fake.examples().into_iter().find(|example| example.name.starts_with("waba-id-message-templates.get"));
    world.fake.template(example.unwrap().body["data"][1].clone());
    let to = |handle: &str| json!([{ "name": null, "handle": handle }]);
    let mut message = serde_json::to_value(Compose { source: Some(world.source), ..Compose::default() }).unwrap();
    message["text"] = json!("Hello");
    for wrong in ["ana@x.example", "0170 1234567", "+12", "+1 call me"] {
        message["to"] = to(wrong);
        let refused = world.engine.ask("send", json!({ "message": message })).await.unwrap_err();
        assert!(refused.message.contains("with its country in front"), "{wrong}: {}", refused.message);
    }
    message["to"] = to("+49 170 123-4567");
    let refused = world.engine.ask("send", json!({ "message": message })).await.unwrap_err();
    assert!(refused.code == ErrorCode::Refused && refused.message.contains("template"), "{}", refused.message);

    let templates: Vec<Template> = world.engine.call("compose.templates", json!({ "source": world.source })).await;
    let (text, filled) = templates[0].filled(&["Ana".into(), "FALL25".into()]).unwrap();
    (message["text"], message["template"]) = (json!(text), json!(filled));
    for count in [1, 2] {
        let op: OpView = world.engine.call("send", json!({ "message": message, "undo_seconds": 0 })).await;
        world.engine.op_in(op.id, OpState::Done).await;
        let row = world.conversation(count).await;
        assert_eq!(row.people[0].handle, "+491701234567");
    }
    let sent = world.fake.sent();
    assert!(sent.len() == 2 && sent.iter().all(|body| body["to"] == "491701234567" && body["type"] == "template"));

    // Their answer comes into the same conversation, and opens it.
    world.fake.say("491701234567", "Ben Ito", "Who is this?").await;
    let row = world.conversation(3).await;
    let op = world.engine.reply(row.id, "It is me").await;
    world.engine.op_in(op.id, OpState::Done).await;
    assert_eq!(world.fake.complaints(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ask_whose_window_closes_says_how_long_is_left() {
    let Some(world) = World::new("an ask whose window closes").await else { return };
    world.fake.say(ANA, "Ana Ferreira", "Could you tell me whether the boat is still for sale?").await;
    let row = world.conversation(1).await;
    let card = async || {
        let all: inlet_orchestrator::api::types::ActionList =
            world.engine.call("actions.list", json!({ "which": "all" })).await;
        let one = all.actions.into_iter().find(|one| one.thread.id == row.id).expect("an ask");
        let closes = one.signals.iter().any(|signal| signal.name == inlet_actions::Rule::WindowCloses);
        (one.score, closes, one.window_closes)
    };
    let (before, closes, until) = card().await;
    assert!(!closes && until.is_some_and(|until| until.as_second() == (START + 24 * 3600) as i64));
    world.pass(21);
    let (soon, closes, _) = card().await;
    assert!(closes && soon >= 60 && soon >= before + 20, "{soon} of {before}");
    world.pass(4);
    assert!(!card().await.1, "it is closed: hurry helps no more");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_is_written_to_no_faster_than_whatsapp_takes_it_and_nobody_else_waits() {
    const BEN: &str = "4915100000001";
    let Some(world) = World::new("one person is written to").await else { return };
    world.fake.say(ANA, "Ana Ferreira", "Hello").await;
    let ana = world.conversation(1).await;
    world.fake.say(BEN, "Ben Ito", "Hello").await;
    let ben = world
        .engine
        .until("Ben", async || {
            let rows = world.engine.view("all").await;
            rows.into_iter().find(|row| row.people.iter().any(|party| party.handle == format!("+{BEN}")))
        })
        .await;
    let mut ops = Vec::new();
    for number in 0..47 {
        ops.push(world.engine.reply(ana.id, &number.to_string()).await);
    }
    world.engine.op_in(ops[44].id, OpState::Done).await;
    let waits = async |seconds: u64| {
        let until = Timestamp::from_second((START + seconds) as i64).unwrap();
        let op = ops[45 + seconds as usize / 6 - 1].id;
        world
            .engine
            .until("a message that waits", async || {
                let op = world.engine.op(op).await;
                (op.state == OpState::Queued && op.not_before == until).then_some(())
            })
            .await;
    };
    waits(6).await;
    let op = world.engine.reply(ben.id, "At once").await;
    world.engine.op_in(op.id, OpState::Done).await;
    world.now.fetch_add(6, Ordering::SeqCst);
    let op = world.engine.reply(ben.id, "And again").await;
    world.engine.op_in(op.id, OpState::Done).await;
    world.engine.op_in(ops[45].id, OpState::Done).await;
    waits(12).await;
    let texts = |to: &str| {
        let sent = world.fake.sent();
        let of = sent.iter().filter(|body| body["to"] == to);
        of.map(|body| body["text"]["body"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(texts(ANA), (0..46).map(|number| number.to_string()).collect::<Vec<_>>());
    assert_eq!(texts(BEN), ["At once", "And again"]);

    // What WhatsApp refuses all the same waits in its own conversation too.
    world.now.fetch_add(1000, Ordering::SeqCst);
    world.engine.reply(ben.id, "Later").await;
    world.engine.op_in(ops[46].id, OpState::Done).await;
    world.engine.outbox_empty().await;
    world.fake.fault(Fault::Refused(400, 131_056));
    let refused = world.engine.reply(ana.id, "Too fast").await;
    world
        .engine
        .until("a refusal", async || {
            let detail: inlet_orchestrator::api::types::OpDetail =
                world.engine.call("outbox.get", json!({ "id": refused.id })).await;
            detail.deliveries.iter().any(|line| line.outcome == "transient").then_some(())
        })
        .await;
    assert_eq!(world.engine.op(refused.id).await.state, OpState::Queued);
    let op = world.engine.reply(ben.id, "Meanwhile").await;
    world.engine.op_in(op.id, OpState::Done).await;
    world.engine.state_of(world.source, SourceState::Live).await;
    assert_eq!(world.fake.complaints(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_answered_sees_that_somebody_writes_where_the_person_lets_it() {
    let Some(world) = World::new("who is answered").await else { return };
    let id = world.fake.say(ANA, "Ana Ferreira", "Hello").await;
    let row = world.conversation(1).await;
    let types = async || world.engine.call::<serde_json::Value>("thread.typing", json!({ "thread": row.id })).await;
    let told = |fake: &FakeWhatsApp| fake.marked().iter().filter(|body| body.get("typing_indicator").is_some()).count();
    let may = async |value: &str| {
        let set = json!({ "key": "privacy.typing", "value": value });
        world.engine.call::<serde_json::Value>("config.set", set).await
    };
    // It would tell that it was read, and it is not.
    types().await;
    world.engine.act("read", row.id).await;
    world.fake.until(|fake| fake.marked().len() == 1).await;
    types().await;
    types().await;
    world.fake.until(|fake| told(fake) == 1).await;
    assert!(world.fake.marked().iter().all(|body| body["message_id"] == id.as_str()));
    world.now.fetch_add(30, Ordering::SeqCst);
    may("false").await;
    types().await;
    may("true").await;
    types().await;
    world.fake.until(|fake| told(fake) == 2).await;
    // Where only a template goes, nobody writes.
    world.pass(25);
    types().await;
    world.fake.say(ANA, "Ana Ferreira", "Still there?").await;
    world.conversation(2).await;
    world.engine.act("read", row.id).await;
    world.fake.until(|fake| fake.marked().len() == 4).await;
    assert_eq!(told(&world.fake), 2);
    assert_eq!(world.fake.complaints(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_is_offered_and_what_was_chosen_answers_it() {
    let Some(world) = World::new("a choice is offered").await else { return };
    world.fake.say(ANA, "Ana Ferreira", "May I come by?").await;
    let row = world.conversation(1).await;
    let mut message: Compose = world.engine.call("compose.prepare", json!({ "mode": "reply", "thread": row.id })).await;
    message.text = "When?".into();
    let offered = ["Today", "Tomorrow", ""].map(|title| json!({ "title": title, "about": null, "section": null }));
    message.choices = Some(serde_json::from_value(json!({ "list": null, "offered": offered })).unwrap());
    let op: OpView = world.engine.call("send", json!({ "message": message, "undo_seconds": 0 })).await;
    world.engine.op_in(op.id, OpState::Done).await;
    let sent = world.fake.sent().remove(0);
    assert_eq!(sent["interactive"]["action"]["buttons"].as_array().unwrap().len(), 2);
    let view = world.engine.thread(row.id).await;
    let asked = view.items.last().unwrap();
    assert_eq!(asked.text, "When?\n\n[Today]\n[Tomorrow]");

    let reply = json!({ "id": "choice-2", "title": "Tomorrow" });
    let chosen = json!({ "type": "interactive", "interactive": { "type": "button_reply", "button_reply": reply },
        "context": { "from": inlet_testkit::whatsapp::NUMBER, "id": sent["id"] } });
    world.fake.message(ANA, "Ana Ferreira", chosen).await;
    world.conversation(3).await;
    let answer = world.engine.thread(row.id).await.items.pop().unwrap();
    assert_eq!((answer.text.as_str(), answer.reply_to), ("Tomorrow", Some(asked.id)));
    assert_eq!(world.fake.complaints(), [""; 0]);
}
