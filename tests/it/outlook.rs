//! A mailbox at Microsoft, behind a Graph that refuses what Microsoft does not document.

use std::sync::Arc;

use inlet_model::{Account, AccountConfig, Rsvp, ScopeRole, SourceId, SourceType, ThreadId};
use inlet_orchestrator::api::types::{AccountView, OpState, Place, ScopeView, SearchView, SourceState, ThreadRow};
use inlet_testkit::{
    SignedIn, TokenIssuer,
    graph::{FakeGraph, Fault, Letter, Resource},
};
use serde_json::{Value, json};

use crate::harness::{Engine, Setup};

struct World {
    engine: Engine,
    fake: FakeGraph,
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
        let behind = move |account: &Account, _| {
            let account = Account { config: AccountConfig::Microsoft(config.clone()), ..account.clone() };
            inlet_connectors::open(&account, Arc::new(SignedIn))
        };
        let engine = Engine::with(Setup { behind: Some(Arc::new(behind)), ..Setup::default() }).await;
        Some(Self { engine, fake, _issuer: issuer })
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
