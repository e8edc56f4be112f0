//! A mailbox at Microsoft, behind a Graph that refuses what Microsoft does not document.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use inlet_model::{Account, AccountConfig, Party, Rsvp, ScopeRole, SourceId, SourceType, ThreadId, Timestamp};
use inlet_orchestrator::api::types::{
    AccountView, Compose, ComposeAttachment, DraftRow, InvitationKind, ItemView, MeetingView, OpState, OpView, Place,
    RuleLogEntry, RuleOutcome, ScopeView, SearchView, SourceState, Status, ThreadPage, ThreadRow,
};
use inlet_testkit::{
    SignedIn, TokenIssuer,
    graph::{FakeGraph, Fault, Gate, Letter, MailRef, Resource},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    drafts::Ahead,
    harness::{Engine, Setup},
};

struct World {
    engine: Engine,
    fake: FakeGraph,
    ahead: Ahead,
    _issuer: TokenIssuer,
}

impl World {
    async fn new(test: &str) -> Option<Self> {
        let fake = FakeGraph::start(test)?;
        fake.accept(
            "token",
            &["User.Read", "Mail.ReadWrite", "Mail.Send", "Calendars.ReadWrite", "MailboxSettings.ReadWrite"],
        );
        let issuer = TokenIssuer::start("token");
        let config = issuer.microsoft(&fake, SourceType::Outlook, false);
        // Signing in has tests of its own; here an account is signed in already.
        let behind = move |account: &Account, _, events| {
            let account = Account { config: AccountConfig::Microsoft(config.clone()), ..account.clone() };
            inlet_connectors::open(&account, Arc::new(SignedIn), events)
        };
        let ahead = Ahead::default();
        let setup = Setup { behind: Some(Arc::new(behind)), clock: Some(ahead.clock()), ..Setup::default() };
        Some(Self { engine: Engine::with(setup).await, fake, ahead, _issuer: issuer })
    }

    async fn connect(&self) -> SourceId {
        let config = json!({ "config": {
            "address": self.fake.me().address, "display_name": null, "user": null,
            "imap": { "host": "outlook", "port": 993 }, "smtp": null, "ca": null,
        } });
        let view: AccountView = self.engine.call("accounts.add_imap", config).await;
        let id = view.sources[0].id;
        self.engine.state_of(id, SourceState::Live).await;
        id
    }

    /// Saves a draft, and lets it rest until Microsoft has it.
    async fn keep(&self, message: &Compose) -> Compose {
        let saved: Compose = self.engine.call("draft.save", json!(message)).await;
        self.ahead.rests(&self.engine).await;
        let mail = self.fake.mail();
        let says = |draft: &MailRef| {
            mail.property(*draft, "body/content").as_str().is_some_and(|text| text.contains(&message.text))
        };
        let kept = async || mail.list("drafts").iter().any(says).then_some(());
        self.engine.until("the draft at Microsoft", kept).await;
        saved
    }

    /// Waits until no draft is on its way to Microsoft any more, with all it takes.
    async fn drafts_rest(&self) {
        let file = self.engine.data().join("inlet.db");
        let rest = async || {
            let open = "SELECT count(*) FROM outbox WHERE kind = 'draft' AND state IN ('queued', 'sending', 'unknown')";
            let database = rusqlite::Connection::open(&file).unwrap();
            let open: u32 = database.query_row(open, [], |row| row.get(0)).unwrap();
            (open == 0).then_some(())
        };
        self.engine.until("drafts at rest", rest).await;
    }

    /// How many drafts are ours, and how many another program's.
    async fn drafts(&self, id: SourceId) -> (usize, usize) {
        self.engine.resync(id).await;
        let own: Vec<Compose> = self.engine.call("draft.list", Value::Null).await;
        let elsewhere: Vec<DraftRow> = self.engine.call("draft.elsewhere", Value::Null).await;
        (own.len(), elsewhere.len())
    }

    async fn titled(&self, title: &str) -> ThreadRow {
        self.engine.titled(title).await.unwrap_or_else(|| panic!("{title} is there"))
    }

    async fn labelled(&self, verb: &str, thread: ThreadId, name: &str) {
        self.engine.act_with(verb, json!({ "threads": [thread], "name": name })).await;
        self.engine.outbox_empty().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_is_synced_searched_answered_and_filed() {
    let Some(world) = World::new("a_mailbox_is_synced_searched_answered_and_filed").await else { return };
    let mail = world.fake.mail();
    mail.add_many("inbox", 60);
    let asked = mail.add(
        Letter::new("Lunch?")
            .from("Ann", "ann@fabrikam.example")
            .to("Megan Bowen", "meganb@contoso.example")
            .html("<p>Shall we meet at the <b>kingfisher</b>?</p>")
            .message_id("<ask@fabrikam.example>")
            .conversation("talk-1"),
    );
    let id = world.connect().await;
    world.engine.resync(id).await;
    world
        .engine
        .until("the words of a mail", async || {
            let found: SearchView = world.engine.call("search", json!({ "query": "kingfisher" })).await;
            (found.total == 1).then_some(())
        })
        .await;

    let row = world.titled("Lunch?").await;
    assert_eq!((row.place, row.unread), (Place::Inbox, 1));
    // The answer to the sending is lost: it is looked for, and not sent a second time.
    world.fake.fail(Fault::lost().on(Resource::Mail).method("POST").path("/send"));
    let op = world.engine.reply(row.id, "Gladly, at noon.").await;
    world.engine.op_in(op.id, OpState::Done).await;
    assert_eq!(mail.sent().len(), 1);
    assert_eq!(mail.sent()[0]["conversationId"], json!("talk-1"));
    world.engine.resync(id).await;
    let items = world.engine.thread(row.id).await.items;
    assert_eq!(items.iter().filter(|item| item.text.contains("Gladly, at noon.")).count(), 1, "once in its thread");
    assert!(items.iter().all(|item| item.op.is_none() && !item.flags.draft));

    world.engine.act("read", row.id).await;
    world.engine.act("archive", row.id).await;
    world.engine.outbox_empty().await;
    assert_eq!(mail.property(asked, "isRead"), json!(true));
    assert_eq!(mail.folder_of(asked).as_deref(), Some("archive"));
    world.engine.resync(id).await;
    let row = world.titled("Lunch?").await;
    assert_eq!(row.place, Place::Archive);
    assert_eq!(world.engine.thread(row.id).await.items.len(), 2, "nothing came twice by moving");

    // Moved elsewhere, it moves here.
    mail.move_to(asked, "inbox");
    world.engine.resync(id).await;
    assert_eq!(world.titled("Lunch?").await.place, Place::Inbox);
    assert_eq!(world.engine.thread(row.id).await.items.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_stand_beside_folders() {
    let Some(world) = World::new("labels_stand_beside_folders").await else { return };
    let mail = world.fake.mail();
    mail.category("Travel", "preset1");
    mail.folder("Travel", "msgfolderroot");
    let worn =
        mail.add(Letter::new("Tickets").from("Ann", "ann@fabrikam.example").with("categories", json!(["Travel"])));
    let id = world.connect().await;
    world.engine.resync(id).await;
    let row = world.titled("Tickets").await;
    assert_eq!((row.place, row.labels.clone()), (Place::Inbox, vec!["Travel".to_owned()]));
    let scopes: Vec<ScopeView> = world.engine.call("scopes.list", Value::Null).await;
    assert_eq!(scopes.iter().filter(|scope| scope.name == "Travel").count(), 2, "a folder and a label of one name");

    world.labelled("label", row.id, "Urgent").await;
    assert_eq!(mail.property(worn, "categories"), json!(["Travel", "Urgent"]));
    assert_eq!(mail.folder_of(worn).as_deref(), Some("inbox"), "a label moves nothing");
    world.engine.resync(id).await;
    assert_eq!(world.titled("Tickets").await.labels, ["Travel", "Urgent"]);
    world.labelled("unlabel", row.id, "Urgent").await;
    assert_eq!(mail.property(worn, "categories"), json!(["Travel"]));

    world.labelled("move", row.id, "Travel").await;
    assert_eq!(mail.folder_of(worn).as_deref(), Some("Travel"));
    world.engine.resync(id).await;
    let row = world.titled("Tickets").await;
    assert_eq!(row.place, Place::Archive);
    let scopes = world.engine.thread(row.id).await.scopes;
    let roles: Vec<ScopeRole> = scopes.iter().map(|scope| scope.role).collect();
    assert!(roles.contains(&ScopeRole::Other) && roles.contains(&ScopeRole::Label), "{scopes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_puts_labels_on_what_comes_and_they_are_taken_off_again() {
    let Some(world) = World::new("a_rule_puts_labels_on_what_comes_and_they_are_taken_off_again").await else { return };
    let mail = world.fake.mail();
    mail.category("Money", "preset1");
    let id = world.connect().await;
    let toml =
        "id = 'shop'\nname = 'Shop'\nwhen = { subject = 'receipt' }\nthen = { label = ['Money', 'Shop'], star = true }";
    let _: Value = world.engine.call("rules.add", json!({ "toml": toml })).await;
    let at = Timestamp::now() + SignedDuration::from_secs(5);
    let letter = |title: &str| Letter::new(title).from("Ann", "ann@fabrikam.example").at(at);
    let plain = mail.add(letter("Lunch"));
    let receipt = mail.add(letter("Receipt 12").with("categories", json!(["Money"])));
    world.engine.resync(id).await;
    let held = world.engine.until("the rule", async || {
        let log: Vec<RuleLogEntry> = world.engine.call("rules.log", json!({ "rule": "shop" })).await;
        log.into_iter().find(|entry| entry.title == "Receipt 12")
    });
    let held = held.await.rules.remove(0);
    let outcomes: Vec<RuleOutcome> = held.steps.iter().map(|step| step.outcome).collect();
    assert_eq!(outcomes, [RuleOutcome::Already, RuleOutcome::Done, RuleOutcome::Done]);
    world.engine.outbox_empty().await;
    assert_eq!(mail.property(receipt, "categories"), json!(["Money", "Shop"]));
    assert_eq!(mail.folder_of(receipt).as_deref(), Some("inbox"), "a label moves nothing");
    assert_eq!(mail.property(plain, "categories"), json!([]));
    world.engine.resync(id).await;
    assert_eq!(world.titled("Receipt 12").await.labels, ["Money", "Shop"]);
    world.engine.undo(held.undo).await;
    world.engine.outbox_empty().await;
    assert_eq!(mail.property(receipt, "categories"), json!(["Money"]), "what it wore before stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_inbox_is_split_as_outlook_splits_it() {
    let Some(world) = World::new("the_inbox_is_split_as_outlook_splits_it").await else { return };
    let mail = world.fake.mail();
    mail.add(Letter::new("Minutes"));
    let news = mail.add(Letter::new("Offers").with("inferenceClassification", "other"));
    let id = world.connect().await;
    // The tabs that the settings offer.
    let (focused, other) =
        (r#"source:outlook -label:"other (not focused)""#, r#"source:outlook label:"other (not focused)""#);
    let tab = async |query: &str, titles: &[&str]| {
        world.engine.resync(id).await;
        let shown = async || {
            let page: ThreadPage =
                world.engine.call("threads.list", json!({ "in": "inbox", "query": query, "limit": 9 })).await;
            let mut shown: Vec<String> = page.threads.into_iter().map(|row| row.title).collect();
            shown.sort();
            (shown == titles).then_some(())
        };
        world.engine.until(query, shown).await;
    };
    tab(focused, &["Minutes"]).await;
    tab(other, &["Offers"]).await;
    mail.change(news, &json!({ "inferenceClassification": "focused" }));
    tab(focused, &["Minutes", "Offers"]).await;
    tab(other, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_answered_in_the_calendar_and_the_answer_can_be_taken_back() {
    let Some(world) = World::new("an_invitation_is_answered_in_the_calendar").await else { return };
    let mail = world.fake.mail();
    let moment = |hour: u32| json!({ "dateTime": format!("2026-06-05T{hour:02}:00:00.0000000"), "timeZone": "UTC" });
    let event = json!({
        "iCalUId": "040000008200E00074C5B7101A82E008", "subject": "Budget", "start": moment(8), "end": moment(9),
        "originalStartTimeZone": "W. Europe Standard Time", "location": { "displayName": "Room 4" },
        "organizer": { "emailAddress": { "name": "Ann", "address": "ann@fabrikam.example" } },
        "attendees": [{ "type": "required", "status": { "response": "none" },
            "emailAddress": { "name": "Megan Bowen", "address": "meganb@contoso.example" } }],
    });
    let asked = mail.invite(
        Letter::new("Budget").from("Ann", "ann@fabrikam.example").to("Megan Bowen", "meganb@contoso.example"),
        event,
    );
    let id = world.connect().await;
    world.engine.resync(id).await;
    let row = world.titled("Budget").await;
    let item = world.engine.thread(row.id).await.items.remove(0);
    let shown = item.invitation.unwrap();
    assert_eq!((shown.summary.as_str(), shown.place.as_deref()), ("Budget", Some("Room 4")));
    assert_eq!(shown.starts, Some("2026-06-05T08:00:00Z".parse().unwrap()));
    assert_eq!(shown.zone.as_deref(), Some("Europe/Berlin"));
    assert!(shown.can_answer && shown.answer.is_none());

    // Thought better of before it went out.
    let account = world.engine.source(id).await.account;
    let _: Value = world.engine.call("accounts.pause", json!({ "id": account })).await;
    let undo = world.engine.act_with("decline", json!({ "items": [item.id] })).await;
    assert_eq!(world.engine.thread(row.id).await.items[0].invitation.as_ref().unwrap().answer, Some(Rsvp::Decline));
    world.engine.undo(undo).await;
    assert!(world.engine.thread(row.id).await.items[0].invitation.as_ref().unwrap().answer.is_none());
    let _: Value = world.engine.call("accounts.resume", json!({ "id": account })).await;
    world.engine.resync(id).await;
    assert_eq!(mail.response(asked), ("notResponded".to_owned(), Vec::new()), "nobody was told");

    // The answer to the request is lost: the second attempt finds that it was given.
    world.fake.fail(Fault::lost().on(Resource::Mail).method("POST").path("/tentativelyAccept"));
    world.engine.act_with("tentative", json!({ "items": [item.id] })).await;
    world.engine.outbox_empty().await;
    let (response, told) = mail.response(asked);
    assert_eq!((response.as_str(), told.len()), ("tentativelyAccepted", 1), "once");
    world.engine.resync(id).await;
    let answered = world.engine.thread(row.id).await.items.remove(0);
    assert_eq!(answered.invitation.unwrap().answer, Some(Rsvp::Tentative));
    assert_eq!(world.titled("Budget").await.place, Place::Trash, "Exchange takes what was answered away");
    let refused = world.engine.ask("undo", json!({ "undo": null })).await.unwrap_err();
    assert!(refused.message.contains("give another one"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_say_of_a_meeting_is_shown_as_what_it_is() {
    let Some(world) = World::new("what_others_say_of_a_meeting_is_shown").await else { return };
    let (engine, mail) = (&world.engine, world.fake.mail());
    let moment = |hour: u32| json!({ "dateTime": format!("2026-06-05T{hour:02}:00:00.0000000"), "timeZone": "UTC" });
    let person = |name: &str, address: &str| json!({ "emailAddress": { "name": name, "address": address } });
    let (ann, me) = (person("Ann", "ann@fabrikam.example"), person("Megan Bowen", "meganb@contoso.example"));
    let event = |subject: &str, organizer: &Value, invited: &Value| {
        json!({
            "iCalUId": format!("040000008200E00074C5B7101A82E008{subject}"), "subject": subject, "start": moment(8),
            "end": moment(9), "organizer": organizer,
            "attendees": [{ "type": "required", "status": { "response": "none" }, "emailAddress": invited["emailAddress"] }],
        })
    };
    let by_ann = |subject: &str| Letter::new(subject).from("Ann", "ann@fabrikam.example");
    let theirs = mail.invite(by_ann("Budget"), event("Budget", &ann, &me));
    let letter = Letter::new("Plan").from("Megan Bowen", "meganb@contoso.example").to("Ann", "ann@fabrikam.example");
    let mine = mail.invite(letter.folder("sentitems"), event("Plan", &me, &ann));
    let id = world.connect().await;
    let shown = async |title: &str| {
        engine.resync(id).await;
        let row = world.titled(title).await;
        engine.thread(row.id).await.items.remove(0).invitation.unwrap()
    };
    assert_eq!(shown("Budget").await.kind, InvitationKind::Request);

    // Called off: by its own message and by the one that asked, which Microsoft does not tell of again.
    mail.call_off(theirs, by_ann("Canceled: Budget"));
    let off = shown("Canceled: Budget").await;
    assert!(off.kind == InvitationKind::Cancelled && !off.disputed && !off.can_answer, "{off:?}");
    let asked = shown("Budget").await;
    assert!(asked.kind == InvitationKind::Cancelled && !asked.can_answer, "{asked:?}");
    let day = json!({ "from": "2026-06-05T00:00:00Z", "until": "2026-06-06T00:00:00Z" });
    let listed: Vec<MeetingView> = engine.call("meetings.list", day).await;
    let budget = listed.iter().find(|one| one.meeting.summary == "Budget").unwrap();
    assert!(budget.meeting.cancelled && !budget.can_answer, "{budget:?}");

    // Somebody answers an invitation of mine, and then would rather come later.
    mail.answered(mine, by_ann("Accepted: Plan"), "accepted", &Value::Null);
    let answer = shown("Accepted: Plan").await;
    assert_eq!((answer.kind, answer.answer, answer.proposes), (InvitationKind::Reply, Some(Rsvp::Accept), false));
    assert_eq!(answer.people[0].party.handle, "ann@fabrikam.example");
    let later = json!({ "start": moment(11), "end": moment(12) });
    mail.answered(mine, by_ann("New Time Proposed: Plan"), "tentativelyAccepted", &later);
    let answer = shown("New Time Proposed: Plan").await;
    assert_eq!((answer.kind, answer.answer, answer.proposes), (InvitationKind::Reply, Some(Rsvp::Tentative), true));
    assert_eq!(answer.starts, Some("2026-06-05T11:00:00Z".parse().unwrap()), "the time that is proposed");
    world.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_changes_in_place_at_microsoft_and_goes_when_it_is_sent() {
    let Some(world) = World::new("a_draft_changes_in_place_at_microsoft").await else { return };
    let (engine, mail) = (&world.engine, world.fake.mail());
    let asked = Letter::new("Lunch?").from("Ann", "ann@fabrikam.example").html("<p>Shall we?</p>");
    mail.add(asked.message_id("<ask@fabrikam.example>").conversation("talk-1"));
    let id = world.connect().await;
    engine.resync(id).await;
    let row = world.titled("Lunch?").await;

    let mut message: Compose = engine.call("compose.prepare", json!({ "mode": "reply", "thread": row.id })).await;
    message.text = "At noon, perhaps".into();
    message.attachments.push(
        serde_json::from_value(json!({ "name": "menu.txt", "type": "text/plain", "base64": "aGVsbG8=" })).unwrap(),
    );
    let first = world.keep(&message).await;
    let made = mail.list("drafts")[0];
    assert_eq!(mail.property(made, "conversationId"), json!("talk-1"), "an answer is in its conversation");
    let named = mail.property(made, "internetMessageId");
    let file = async || Some(mail.get(made).unwrap()["attachments"][0]["id"].clone()).filter(Value::is_string);
    let file = engine.until("the file at Microsoft", file).await;
    assert_eq!(world.drafts(id).await, (1, 0), "it comes back by sync and is shown once");

    let second = world.keep(&Compose { text: "At one, rather".into(), ..first.clone() }).await;
    assert_eq!(mail.list("drafts"), [made], "the same one, changed");
    assert_ne!(mail.property(made, "internetMessageId"), named, "each version has a name of its own");
    assert_eq!(mail.get(made).unwrap()["attachments"].as_array().unwrap().len(), 1);
    assert_eq!(mail.get(made).unwrap()["attachments"][0]["id"], file, "the file was not sent again");
    assert_eq!(world.drafts(id).await, (1, 0));

    // The answer to a change is lost: it is made again, and there is still one.
    world.fake.fail(Fault::lost().on(Resource::Mail).method("PATCH"));
    let third = world.keep(&Compose { text: "At two, then".into(), attachments: Vec::new(), ..second.clone() }).await;
    engine
        .until("the file to be gone", async || mail.get(made).unwrap()["attachments"][0].is_null().then_some(()))
        .await;
    assert_eq!(mail.list("drafts"), [made]);

    let op: OpView = engine.call("send", json!({ "message": third })).await;
    engine.op_in(op.id, OpState::Done).await;
    engine.app.send_due().await;
    engine.until("no drafts at Microsoft", async || mail.list("drafts").is_empty().then_some(())).await;
    assert_eq!(mail.sent().len(), 1);
    assert_eq!(world.drafts(id).await, (0, 0));

    // What was begun on another device is gone on with here, and stays one.
    mail.add(
        Letter::new("From the train")
            .from("Megan Bowen", "meganb@contoso.example")
            .to("Ann", "ann@fabrikam.example")
            .text("We are")
            .with("isDraft", true)
            .folder("drafts"),
    );
    assert_eq!(world.drafts(id).await, (0, 1));
    let elsewhere: Vec<DraftRow> = engine.call("draft.elsewhere", Value::Null).await;
    let mut message: Compose = engine.call("draft.open", json!({ "id": elsewhere[0].item })).await;
    message.text = "We are late".into();
    let saved = world.keep(&message).await;
    assert_eq!(world.drafts(id).await, (1, 0));
    let _: Value = engine.call("draft.discard", json!({ "id": saved.id })).await;
    world.ahead.rests(engine).await;
    engine.until("no drafts at Microsoft", async || mail.list("drafts").is_empty().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_too_large_for_the_window_goes_along_with_a_forward() {
    let Some(world) = World::new("a_file_too_large_for_the_window_goes_along").await else { return };
    let (engine, mail) = (&world.engine, world.fake.mail());
    let film: Vec<u8> = (0..40_u32 << 20).map(|at| (at >> 8) as u8).collect();
    mail.add(Letter::new("The film").from("Ann", "ann@fabrikam.example").file(
        "film.mov",
        "video/quicktime",
        film.clone(),
    ));
    let id = world.connect().await;
    engine.resync(id).await;
    let row = world.titled("The film").await;
    let item = engine.thread(row.id).await.items.remove(0);

    let file: ComposeAttachment = engine.call("attachment.along", json!({ "id": item.attachments[0].id })).await;
    assert_eq!((file.base64.as_str(), file.held.unwrap().size), ("", 40 << 20), "its bytes stay where they are");
    let asked = json!({ "mode": "forward", "thread": row.id, "item": item.id });
    let mut message: Compose = engine.call("compose.prepare", asked).await;
    message.to = vec![Party { name: None, handle: "ben@fabrikam.example".into() }];
    message.text = "Have a look".into();
    message.attachments.push(file);
    let kept = world.keep(&message).await;
    assert_eq!(kept.attachments, message.attachments);

    let op: OpView = engine.call("send", json!({ "message": kept })).await;
    engine.op_in(op.id, OpState::Done).await;
    let sent = mail.sent().remove(0);
    assert_eq!(sent["attachments"][0]["name"], "film.mov");
    let bytes = sent["attachments"][0]["contentBytes"].as_str().map(|text| STANDARD.decode(text).unwrap());
    assert!(bytes.is_some_and(|bytes| bytes == film), "whole");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_here_no_longer_is_said_before_anything_is_sent() {
    let Some(world) = World::new("a_file_that_is_here_no_longer_is_said").await else { return };
    let source = world.connect().await;
    let held = json!({ "name": "plan.pdf", "type": "application/pdf", "held": { "id": "f999999", "size": 3 } });
    let message = json!({ "mode": "new", "source": source, "to": [{ "name": null, "handle": "ben@fabrikam.example" }],
        "subject": "Plan", "text": "Here it is", "attachments": [held] });
    let refused = world.engine.ask("send", json!({ "message": message })).await.unwrap_err();
    assert_eq!(refused.message, "The file \"plan.pdf\" is here no longer; remove it from the message.");
    assert!(world.fake.mail().sent().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_taken_back_leaves_no_draft_of_its_own_behind() {
    let Some(world) = World::new("a_message_that_is_taken_back_leaves_no_draft").await else { return };
    let (engine, mail) = (&world.engine, world.fake.mail());
    let id = world.connect().await;
    let letter = |subject: &str| {
        let letter = json!({ "source": id, "to": [{ "name": null, "handle": "ann@fabrikam.example" }],
            "subject": subject, "text": "From the desk" });
        serde_json::from_value::<Compose>(letter).unwrap()
    };
    world.fake.fail(Fault::error(400, "ErrorSendAsDenied").path("/send").always());

    // What was made to be sent is the copy of the draft that is here again, and changes with it.
    let op: OpView = engine.call("send", json!({ "message": letter("Plan"), "undo_seconds": 0 })).await;
    engine.op_in(op.id, OpState::Parked).await;
    let made = mail.list("drafts");
    assert_eq!(made.len(), 1);
    let draft: Compose = engine.call("outbox.edit", json!({ "id": op.id })).await;
    assert_eq!(world.drafts(id).await, (1, 0), "it is shown once");
    let draft = world.keep(&Compose { text: "From the desk, at noon".into(), ..draft }).await;
    assert_eq!(mail.list("drafts"), made, "the same one, changed");
    let _: Value = engine.call("draft.discard", json!({ "id": draft.id })).await;
    world.ahead.rests(engine).await;
    engine.until("no drafts at Microsoft", async || mail.list("drafts").is_empty().then_some(())).await;

    // Where the server has the draft already, there are two, and the one that was made to be sent goes.
    let draft = world.keep(&letter("Second plan")).await;
    world.drafts_rest().await;
    let kept = mail.list("drafts");
    let op: OpView = engine.call("send", json!({ "message": draft, "undo_seconds": 0 })).await;
    engine.op_in(op.id, OpState::Parked).await;
    assert_eq!(mail.list("drafts").len(), 2);
    let _: OpView = engine.call("outbox.cancel", json!({ "id": op.id })).await;
    world.ahead.rests(engine).await;
    engine.until("one draft at Microsoft", async || (mail.list("drafts") == kept).then_some(())).await;
    world.drafts_rest().await;
    assert_eq!(world.drafts(id).await, (1, 0));
    assert!(mail.sent().is_empty());
    world.fake.heal();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_taken_back_while_its_draft_is_being_made_leaves_none_behind() {
    let Some(world) = World::new("a_message_taken_back_while_its_draft_is_being_made").await else { return };
    let (engine, mail) = (&world.engine, world.fake.mail());
    let id = world.connect().await;
    let letter = json!({ "source": id, "to": [{ "name": null, "handle": "ann@fabrikam.example" }], "subject": "Plan",
        "text": "From the desk" });
    let making = |fault: Fault| fault.on(Resource::Mail).method("POST").path("/me/messages?");

    // Its draft is made, and the answer is on its way.
    let gate = Gate::default();
    world.fake.fail(making(Fault::held(&gate)));
    let op: OpView = engine.call("send", json!({ "message": letter, "undo_seconds": 0 })).await;
    while mail.list("drafts").is_empty() {
        tokio::task::yield_now().await;
    }
    let draft: Compose = engine.call("outbox.edit", json!({ "id": op.id })).await;
    gate.open();
    engine.until("no drafts at Microsoft", async || mail.list("drafts").is_empty().then_some(())).await;
    world.drafts_rest().await;
    assert_eq!(world.drafts(id).await, (1, 0), "it is here");
    let _: Value = engine.call("draft.discard", json!({ "id": draft.id })).await;

    // Nobody knows that it was made, for the answer is lost: it is the copy of the draft that is here again.
    world.fake.fail(making(Fault::lost()));
    let found = Fault::error(400, "ErrorInvalidRequest").on(Resource::Mail).method("GET").path("/me/messages?");
    world.fake.fail(found.after(1).always());
    let op: OpView = engine.call("send", json!({ "message": letter, "undo_seconds": 0 })).await;
    engine.op_in(op.id, OpState::Parked).await;
    world.fake.heal();
    let made = mail.list("drafts");
    assert_eq!(made.len(), 1);
    let draft: Compose = engine.call("outbox.edit", json!({ "id": op.id })).await;
    assert_eq!(world.drafts(id).await, (1, 0), "it is shown once");
    world.keep(&Compose { text: "From the desk, at noon".into(), ..draft }).await;
    assert_eq!(mail.list("drafts"), made, "the same one, changed");
    assert!(mail.sent().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_into_an_adopted_draft_elsewhere_is_not_written_over() {
    let Some(world) = World::new("what_is_written_into_an_adopted_draft_elsewhere").await else { return };
    let (engine, mail) = (&world.engine, world.fake.mail());
    let begin = |subject: &str| {
        let letter = Letter::new(subject).from("Megan Bowen", "meganb@contoso.example").text("We are");
        mail.add(letter.with("isDraft", true).folder("drafts"))
    };
    let (train, plane) = (begin("From the train"), begin("From the plane"));
    let phone = |draft: MailRef| {
        mail.change(draft, &json!({ "body": { "contentType": "text", "content": "From the phone" } }));
    };
    let id = world.connect().await;
    let open = async |subject: &str| -> Compose {
        let all: Vec<DraftRow> = engine.call("draft.elsewhere", Value::Null).await;
        let row = all.iter().find(|row| row.subject == subject).unwrap();
        engine.call("draft.open", json!({ "id": row.item })).await
    };
    assert_eq!(world.drafts(id).await, (0, 2));
    let (by_train, by_plane) = (open("From the train").await, open("From the plane").await);

    // Before it is saved here for the first time the sync has told of other words than those that were opened.
    phone(plane);
    assert_eq!(world.drafts(id).await, (0, 2));
    let saved = world.keep(&Compose { text: "We are in the air".into(), ..by_plane }).await;
    assert!(saved.elsewhere, "the person is told");
    assert_eq!(world.drafts(id).await, (1, 2), "both are kept");

    // Nobody has told of them.
    phone(train);
    world.keep(&Compose { text: "We are late".into(), ..by_train }).await;
    world.drafts_rest().await;
    assert_eq!(world.drafts(id).await, (2, 2), "both are kept");
    assert_eq!(mail.list("drafts").len(), 4);
    assert!([train, plane].iter().all(|draft| mail.property(*draft, "body/content") == json!("From the phone")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_came_before_its_words_were_kept_is_asked_about_when_it_is_opened() {
    let Some(world) = World::new("a_draft_that_came_before_its_words_were_kept").await else { return };
    let (engine, mail) = (&world.engine, world.fake.mail());
    let begin = |subject: &str| {
        let letter = Letter::new(subject).from("Megan Bowen", "meganb@contoso.example").text("We are");
        mail.add(letter.with("isDraft", true).folder("drafts"))
    };
    let (train, plane) = (begin("From the train"), begin("From the plane"));
    let phone = |draft: MailRef| {
        mail.change(draft, &json!({ "body": { "contentType": "text", "content": "From the phone" } }));
    };
    let id = world.connect().await;
    assert_eq!(world.drafts(id).await, (0, 2));
    let open = async |subject: &str| -> Compose {
        let all: Vec<DraftRow> = engine.call("draft.elsewhere", Value::Null).await;
        let row = all.iter().find(|row| row.subject == subject).unwrap();
        engine.call("draft.open", json!({ "id": row.item })).await
    };

    // As it was before, and then the migration. What is written elsewhere now no sync tells.
    let database = rusqlite::Connection::open(engine.data().join("inlet.db")).unwrap();
    let without = "UPDATE item SET meta = json_remove(meta, '$.mail.version') WHERE draft = 1";
    assert_eq!(database.execute(without, []).unwrap(), 2);
    database.execute_batch(DRAFTS).unwrap();
    world.fake.fail(Fault::unavailable().on(Resource::Mail).path("delta").always());
    phone(train);
    let by_train = open("From the train").await;
    assert_eq!(by_train.text, "From the phone", "it is asked about");
    let saved = world.keep(&Compose { text: "We are late".into(), ..by_train }).await;
    assert!(!saved.elsewhere && mail.list("drafts").len() == 2, "the same one, changed");
    let says = mail.property(train, "body/content");
    assert!(says.as_str().unwrap().contains("We are late"), "{says}");

    // Where nobody can be asked, what it says is not written over.
    world.fake.fail(Fault::dropped().on(Resource::Mail).always());
    let by_plane = open("From the plane").await;
    assert_eq!(by_plane.text, "We are");
    world.fake.heal();
    phone(plane);
    let saved = world.keep(&Compose { text: "We are in the air".into(), ..by_plane }).await;
    assert!(saved.elsewhere, "the person is told");
    assert_eq!(mail.property(plane, "body/content"), json!("From the phone"));
    assert_eq!(mail.list("drafts").len(), 3, "both are kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_program_writes_into_a_draft_is_not_written_over() {
    let Some(world) = World::new("what_another_program_writes_into_a_draft").await else { return };
    let mail = world.fake.mail();
    let id = world.connect().await;
    let letter = json!({ "source": id, "to": [{ "name": null, "handle": "ann@fabrikam.example" }], "subject": "Plan",
        "text": "From the desk" });
    let draft = world.keep(&serde_json::from_value(letter).unwrap()).await;
    assert_eq!(world.drafts(id).await, (1, 0));
    let made = mail.list("drafts")[0];
    mail.change(made, &json!({ "isRead": false }));
    assert_eq!(world.drafts(id).await, (1, 0), "a mark is no word");

    mail.change(made, &json!({ "body": { "contentType": "text", "content": "From the phone" } }));
    assert_eq!(world.drafts(id).await, (0, 1), "the newer words are the draft now");
    world.keep(&Compose { text: "From the desk again".into(), ..draft }).await;
    assert_eq!(mail.list("drafts").len(), 2, "both are kept");
    assert_eq!(mail.property(made, "body/content"), json!("From the phone"));
    assert_eq!(world.drafts(id).await, (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_another_program_puts_on_a_draft_stays_there() {
    let Some(world) = World::new("a_file_another_program_puts_on_a_draft_stays_there").await else { return };
    let mail = world.fake.mail();
    let id = world.connect().await;
    let letter = json!({ "source": id, "to": [{ "name": null, "handle": "ann@fabrikam.example" }], "subject": "Plan",
        "text": "From the desk", "attachments": [{ "name": "plan.txt", "type": "text/plain", "base64": "cGxhbg==" }] });
    let draft = world.keep(&serde_json::from_value(letter).unwrap()).await;
    let made = mail.list("drafts")[0];
    let files = || -> Vec<String> {
        let draft = mail.get(made).unwrap();
        let files = draft["attachments"].as_array().cloned().unwrap_or_default();
        files.iter().map(|file| file["name"].as_str().unwrap().to_owned()).collect()
    };
    // A file of ours is no reason for another draft.
    let draft = world.keep(&Compose { text: "From the desk, at noon".into(), ..draft }).await;
    world.drafts_rest().await;
    assert_eq!((mail.list("drafts"), files()), (vec![made], vec!["plan.txt".to_owned()]));

    // Whether a sync lies between or not: what was put there is no part of what is written here.
    mail.attach(made, "photo.jpg", "image/jpeg", "pixels");
    world.keep(&Compose { text: "From the desk again".into(), ..draft }).await;
    world.drafts_rest().await;
    assert_eq!(files(), ["plan.txt", "photo.jpg"], "the file is where it was put");
    assert_eq!(mail.list("drafts").len(), 2, "both are kept");
    assert_eq!(world.drafts(id).await, (1, 1), "and both are shown");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_program_writes_is_kept_before_anybody_has_told_of_it() {
    let Some(world) = World::new("what_another_program_writes_is_kept").await else { return };
    let mail = world.fake.mail();
    let id = world.connect().await;
    let letter = json!({ "source": id, "to": [{ "name": null, "handle": "ann@fabrikam.example" }], "subject": "Plan",
        "text": "From the desk" });
    let draft = world.keep(&serde_json::from_value(letter).unwrap()).await;
    let made = mail.list("drafts")[0];
    // A mark of another program is no word: the draft is still changed in place.
    mail.change(made, &json!({ "isRead": false }));
    let draft = world.keep(&Compose { text: "From the desk, at noon".into(), ..draft }).await;
    assert_eq!(mail.list("drafts"), [made]);

    // No sync lies between what is written there and what is written here.
    mail.change(made, &json!({ "body": { "contentType": "text", "content": "From the phone" } }));
    world.keep(&Compose { text: "From the desk again".into(), ..draft }).await;
    assert_eq!(mail.property(made, "body/content"), json!("From the phone"));
    assert_eq!(mail.list("drafts").len(), 2, "both are kept");
    assert_eq!(world.drafts(id).await, (1, 1), "and both are shown");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_program_writes_while_nothing_runs_is_kept_after_the_start() {
    let Some(mut world) = World::new("what_another_program_writes_while_nothing_runs").await else { return };
    let mail = world.fake.mail();
    let id = world.connect().await;
    let letter = json!({ "source": id, "to": [{ "name": null, "handle": "ann@fabrikam.example" }], "subject": "Plan",
        "text": "From the desk" });
    let draft = world.keep(&serde_json::from_value(letter).unwrap()).await;
    let made = mail.list("drafts")[0];

    // Nothing was written there: after a start the same draft is changed in place.
    world.engine = world.engine.restart().await;
    let draft = world.keep(&Compose { text: "From the desk, at noon".into(), ..draft }).await;
    assert_eq!(mail.list("drafts"), [made]);
    world.drafts_rest().await;

    // What is saved here first after a start finds other words there, before any sync has told of them.
    world.fake.fail(Fault::unavailable().on(Resource::Mail).path("delta").always());
    mail.change(made, &json!({ "body": { "contentType": "text", "content": "From the phone" } }));
    world.engine = world.engine.restart().await;
    world.keep(&Compose { text: "From the desk again".into(), ..draft }).await;
    assert_eq!(mail.property(made, "body/content"), json!("From the phone"));
    assert_eq!(mail.list("drafts").len(), 2, "both are kept");
    world.fake.heal();
    assert_eq!(world.drafts(id).await, (1, 1), "and both are shown");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_came_before_they_were_read_is_one_when_it_is_opened() {
    let Some(world) = World::new("an_invitation_that_came_before_they_were_read").await else { return };
    let mail = world.fake.mail();
    let moment = |hour: u32| json!({ "dateTime": format!("2026-06-05T{hour:02}:00:00.0000000"), "timeZone": "UTC" });
    let letter = |title| Letter::new(title).from("Ann", "ann@fabrikam.example").text("See you?");
    let event = json!({
        "iCalUId": "040000008200E00074C5B7101A82E008", "subject": "Budget", "start": moment(8), "end": moment(9),
        "organizer": { "emailAddress": { "name": "Ann", "address": "ann@fabrikam.example" } }, "attendees": [],
    });
    mail.invite(letter("Budget"), event);
    let unmet = mail.id(mail.add(letter("Lunch")));
    let id = world.connect().await;
    world.engine.resync(id).await;
    let (engine, fake) = (&world.engine, &world.fake);
    // Answered long ago, as most are.
    let row = engine.titled("Budget").await.unwrap();
    engine.act_with("accept", json!({ "items": [engine.thread(row.id).await.items[0].id] })).await;
    engine.outbox_empty().await;

    // As it was before: without what a message says of its meeting; then the migration.
    let database = rusqlite::Connection::open(engine.data().join("inlet.db")).unwrap();
    database
        .execute(
            "UPDATE item SET meta = json_remove(json_set(meta, '$.mail.calendar', json('[]')), '$.mail.answer')",
            [],
        )
        .unwrap();
    database.execute_batch(MARKING).unwrap();
    let open = async |title: &str| {
        let row = engine.titled(title).await.unwrap();
        engine.thread(row.id).await.items.remove(0)
    };
    let (meeting, lunch) = (open("Budget").await, open("Lunch").await);
    assert!(meeting.unasked && meeting.invitation.is_none() && lunch.unasked);

    let asked: ItemView = engine.call("item.complete", json!({ "id": meeting.id })).await;
    let told = asked.invitation.map(|told| (told.summary, told.can_answer, told.answer));
    assert_eq!(told, Some(("Budget".to_owned(), true, Some(Rsvp::Accept))));
    assert_eq!((asked.text, asked.unasked), (meeting.text, false), "a mail does not change");
    let asked: ItemView = engine.call("item.complete", json!({ "id": lunch.id })).await;
    assert!(asked.invitation.is_none() && !asked.unasked);
    // A round of the sync may ask about folders meanwhile, and about what was answered.
    let about = |seen: &inlet_testkit::graph::Seen| {
        seen.path == "/$batch" && String::from_utf8_lossy(&seen.body).contains(unmet.trim_end_matches('='))
    };
    assert!(fake.seen().iter().any(about), "it was asked about");
    fake.forget();
    let _: ItemView = engine.call("item.complete", json!({ "id": lunch.id })).await;
    assert!(!fake.seen().iter().any(about), "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_that_was_written_down_as_daily_is_asked_about_when_its_time_is_looked_at() {
    let Some(world) = World::new("a_series_that_was_written_down_as_daily").await else { return };
    let moment = |hour: u32| json!({ "dateTime": format!("2026-06-05T{hour:02}:00:00.0000000"), "timeZone": "UTC" });
    let event = json!({
        "iCalUId": "040000008200E00074C5B7101A82E009", "subject": "Weekly", "start": moment(8), "end": moment(9),
        "organizer": { "emailAddress": { "name": "Ann", "address": "ann@fabrikam.example" } }, "attendees": [],
        "recurrence": {
            "pattern": { "type": "weekly", "interval": 1, "daysOfWeek": ["friday"], "firstDayOfWeek": "monday" },
            "range": { "type": "noEnd", "startDate": "2026-06-05" },
        },
    });
    world.fake.mail().invite(Letter::new("Weekly").from("Ann", "ann@fabrikam.example").text("Every Friday."), event);
    let id = world.connect().await;
    world.engine.resync(id).await;
    let on = async |day: &str| {
        let params = json!({ "from": format!("{day}T00:00:00Z"), "until": format!("{day}T23:59:59Z") });
        world.engine.call::<Vec<MeetingView>>("meetings.list", params).await.len()
    };
    assert_eq!((on("2026-06-12").await, on("2026-06-13").await), (1, 0));

    // As it was before, and then the migration.
    let database = rusqlite::Connection::open(world.engine.data().join("inlet.db")).unwrap();
    let daily = "UPDATE item SET meta = replace(meta, 'FREQ=WEEKLY;BYDAY=FR;WKST=MO', 'FREQ=DAILY')";
    assert_eq!(database.execute(daily, []).unwrap(), 1);
    assert_eq!(on("2026-06-13").await, 1, "it is said to be every day");
    database.execute_batch(DAILY).unwrap();
    world.fake.fail(Fault::dropped().on(Resource::Mail).always());
    assert_eq!(on("2026-06-13").await, 0, "nobody knows");
    world.fake.heal();
    assert_eq!((on("2026-06-13").await, on("2026-06-12").await), (0, 1));
    world.fake.forget();
    assert_eq!(on("2026-06-19").await, 1);
    assert_eq!(world.fake.requests(Resource::Mail), 0, "what was asked once is known");
    world.fake.assert_clean();
}

const DAILY: &str = include_str!("../../orchestrator/migrations/0018_series.sql");
const DRAFTS: &str = include_str!("../../orchestrator/migrations/0027_drafts_asked.sql");
const MARKING: &str = include_str!("../../orchestrator/migrations/0008_unasked.sql");

#[tokio::test(flavor = "multi_thread")]
async fn a_large_mailbox_comes_whole_within_the_budget() {
    const MANY: usize = 5_000;
    let Some(world) = World::new("a_large_mailbox_comes_whole_within_the_budget").await else { return };
    world.fake.mail().add_many("inbox", MANY);
    let id = world.connect().await;
    let source = world.engine.source(id).await;
    assert_eq!(source.items, MANY as u64);
    let requests = world.fake.requests(Resource::Mail);
    // A hundred a page, and what an account takes whatever its size: its folders and their counters.
    assert!(requests <= MANY / 100 + 40, "{requests} requests");
    let unseen = async || {
        let status: Status = world.engine.call("status", Value::Null).await;
        (status.index_behind == 0).then_some(())
    };
    world.engine.until("the index", unseen).await;
    // What is there already is not asked for again.
    world.fake.forget();
    world.engine.resync(id).await;
    let again = world.fake.requests(Resource::Mail);
    assert!(again <= 80, "{again} requests for two rounds without news");
}
