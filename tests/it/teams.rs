//! Chats at Microsoft, behind a Graph that refuses what Microsoft does not document.

use std::sync::Arc;

use inlet_model::{Account, AccountConfig, SourceId, SourceType};
use inlet_orchestrator::api::types::{OpState, SearchView, SourceState, ThreadRow};
use inlet_testkit::{
    SignedIn, TokenIssuer,
    graph::{FakeGraph, Fault, Person, Resource, Said},
};
use serde_json::{Value, json};

use crate::harness::{Engine, Setup};

struct World {
    engine: Engine,
    fake: FakeGraph,
    issuer: TokenIssuer,
    ben: Person,
}

const SCOPES: &[&str] = &["User.Read", "Chat.ReadWrite", "ChatMessage.Send"];

impl World {
    async fn new(test: &str) -> Option<Self> {
        let fake = FakeGraph::start(test)?;
        fake.accept("token", SCOPES);
        let issuer = TokenIssuer::start("token");
        let config = issuer.microsoft(&fake, SourceType::Teams, false);
        let behind = move |account: &Account, _, events| {
            let account = Account { config: AccountConfig::Microsoft(config.clone()), ..account.clone() };
            inlet_connectors::open(&account, Arc::new(SignedIn), events)
        };
        let engine = Engine::with(Setup { behind: Some(Arc::new(behind)), ..Setup::default() }).await;
        Some(Self { engine, fake, issuer, ben: Person::new("Ben Ito", "ben@contoso.example") })
    }

    async fn connect(&self) -> SourceId {
        let id = self.engine.connect("teams").await;
        self.engine.state_of(id, SourceState::Live).await;
        id
    }

    async fn chat(&self, title: &str) -> ThreadRow {
        self.engine.until(title, async || self.engine.titled(title).await).await
    }

    /// How often these words are in a chat.
    fn said(&self, chat: &str, words: &str) -> usize {
        let said = |message: &&Value| message["body"]["content"].as_str().is_some_and(|text| text.contains(words));
        self.fake.teams().messages(chat).iter().filter(said).count()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn chats_are_synced_searched_answered_and_read() {
    let Some(world) = World::new("chats_are_synced_searched_answered_and_read").await else { return };
    let (engine, teams) = (&world.engine, world.fake.teams());
    let chat = teams.group("Launch", std::slice::from_ref(&world.ben));
    teams.say(&chat, Said::text("The kingfisher is ready").from(&world.ben));
    let id = world.connect().await;
    engine
        .until("the words of a chat", async || {
            let found: SearchView = engine.call("search", json!({ "query": "kingfisher source:teams" })).await;
            (found.total == 1).then_some(())
        })
        .await;
    let row = world.chat("Launch").await;
    let op = engine.reply(row.id, "Then we go on Friday").await;
    engine.op_in(op.id, OpState::Done).await;
    engine.resync(id).await;
    let items = engine.thread(row.id).await.items;
    assert_eq!(items.iter().filter(|item| item.from_me).count(), 1, "what was sent is there once");

    // Withdrawn: it says so, waits for the person, and goes on where it was.
    world.fake.revoke("token");
    world.issuer.give(None);
    let _: Value = engine.call("sync.now", json!({})).await;
    let view = engine.state_of(id, SourceState::AuthNeeded).await;
    assert!(view.message.is_some_and(|sentence| sentence.ends_with('.')));
    world.issuer.give(Some("second"));
    world.fake.accept("second", SCOPES);
    teams.say(&chat, Said::text("Friday it is").from(&world.ben));
    let _: Value = engine.call("accounts.resume", json!({ "id": view.account })).await;
    engine.resync(id).await;
    assert!(engine.thread(row.id).await.items.iter().any(|item| item.text == "Friday it is"));
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_at_any_point_a_message_is_sent_once_or_waits_for_the_person_with_the_reason() {
    let name = "cut_at_any_point_a_message_is_sent_once_or_waits_for_the_person";
    let Some(world) = World::new(name).await else { return };
    let (engine, teams) = (&world.engine, world.fake.teams());
    let chats: Vec<String> = (0..10)
        .map(|number| {
            let chat = teams.group(&format!("Chat {number}"), std::slice::from_ref(&world.ben));
            teams.say(&chat, Said::text("Hello").from(&world.ben));
            chat
        })
        .collect();
    world.connect().await;
    // Looking at what is there, sending, and looking for what was sent: before, after and within each answer. Only what
    // may have happened and left no trace waits for a person.
    let post = |fault: Fault| fault.on(Resource::Teams).method("POST").path("/messages");
    let look = |fault: Fault| fault.on(Resource::Teams).method("GET").path("/messages");
    let cuts: [(&str, Vec<Fault>, bool); 10] = [
        ("before the look", vec![look(Fault::dropped())], true),
        ("after the look", vec![look(Fault::lost())], true),
        ("within the look", vec![look(Fault::torn())], true),
        ("before it is sent", vec![post(Fault::dropped())], false),
        ("after it is sent", vec![post(Fault::lost())], true),
        ("within the answer", vec![post(Fault::torn())], true),
        ("the gateway gives up", vec![post(Fault::error(504, "GatewayTimeout"))], false),
        ("too fast", vec![post(Fault::throttled().retry_after(0))], true),
        ("after it is sent, and in the search for it", vec![post(Fault::lost()), look(Fault::torn()).after(1)], true),
        ("before it is sent, and in the search", vec![post(Fault::dropped()), look(Fault::dropped()).after(1)], false),
    ];
    for (number, (what, faults, goes)) in cuts.into_iter().enumerate() {
        let row = world.chat(&format!("Chat {number}")).await;
        for fault in faults {
            world.fake.fail(fault);
        }
        let op = engine.reply(row.id, &format!("Words {number}.")).await;
        let sent = || world.said(&chats[number], &format!("Words {number}."));
        if goes {
            engine.op_in(op.id, OpState::Done).await;
        } else {
            let parked = engine.op_in(op.id, OpState::Parked).await;
            assert!(parked.reason.is_some_and(|reason| reason.ends_with('.')), "{what}");
            assert_eq!(sent(), 0, "{what}");
            // The person has looked, and says: once more.
            let _: Value = engine.call("outbox.retry", json!({ "id": op.id })).await;
            engine.op_in(op.id, OpState::Done).await;
        }
        world.fake.heal();
        assert_eq!(sent(), 1, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_chats_stay_within_the_budget_and_come_whole() {
    let Some(world) = World::new("many_chats_stay_within_the_budget").await else { return };
    world.fake.teams().add_many(1_000, 2);
    let id = world.connect().await;
    let source = world.engine.source(id).await;
    // The first hundred are read to the end; of the others the newest comes with the list.
    assert_eq!(source.items, 100 * 2 + 900);
    let requests = world.fake.requests(Resource::Teams);
    // Fifty a page, a look into each of the hundred, and a few to test and to begin.
    assert!(requests <= 1_000 / 50 + 100 + 10, "{requests} requests for {} items", source.items);
    assert!(world.fake.most_at_once(Resource::Teams) <= 3);
}
