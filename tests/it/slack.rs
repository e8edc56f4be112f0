//! A workspace of Slack, behind a Slack that refuses what Slack does not document.

use inlet_model::{Receipt, SourceId, SourceType};
use inlet_orchestrator::api::{
    ErrorCode,
    types::{AccountView, CheckView, ItemView, OpState, SearchView, SourceState, ThreadRow},
};
use inlet_testkit::slack::{APP_TOKEN, FakeSlack, Fault, TOKEN};
use serde_json::{Value, json};

use crate::harness::{Engine, Setup, holding};

struct World {
    engine: Engine,
    fake: FakeSlack,
    ben: String,
}

impl World {
    async fn new(test: &str) -> Option<Self> {
        let fake = FakeSlack::start(test)?;
        let ben = fake.person("Ben Ito", "ben@initech.example");
        let engine = Engine::with(Setup { connectors: true, ..Setup::default() }).await;
        Some(Self { engine, fake, ben })
    }

    fn tokens(&self) -> Value {
        json!({ "token": TOKEN, "app_token": APP_TOKEN, "api_root": self.fake.api_root() })
    }

    async fn connect(&self) -> (AccountView, SourceId) {
        let view: AccountView = self.engine.call("accounts.add_slack", self.tokens()).await;
        let id = view.sources[0].id;
        self.engine.state_of(id, SourceState::Live).await;
        (view, id)
    }

    async fn titled(&self, title: &str) -> ThreadRow {
        self.engine.until(title, async || self.engine.titled(title).await).await
    }

    /// The item of a thread that says this, once it is there.
    async fn said(&self, row: &ThreadRow, text: &str) -> ItemView {
        self.engine
            .until(text, async || {
                let items = self.engine.thread(row.id).await.items;
                items.into_iter().find(|item| item.text.contains(text))
            })
            .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_is_synced_searched_answered_and_read() {
    let Some(world) = World::new("a_workspace_is_synced_searched_answered_and_read").await else { return };
    let (fake, engine) = (&world.fake, &world.engine);
    let channel = fake.channel("launch", &[&world.ben]);
    for number in 1..=60 {
        fake.say(&channel, &world.ben, &format!("Message {number}"));
    }
    let asked = fake.say(&channel, &world.ben, "Shall we meet at the *kingfisher*?");
    let (view, id) = world.connect().await;
    assert_eq!((view.name.as_str(), view.sources[0].source_type), ("Initech", SourceType::Slack));
    engine.resync(id).await;
    engine
        .until("the words of a message", async || {
            let found: SearchView = engine.call("search", json!({ "query": "kingfisher source:slack" })).await;
            (found.total == 1).then_some(())
        })
        .await;
    let row = world.titled("#launch").await;
    assert_eq!(row.unread, 61);

    // The answer to the sending is lost: it is looked for, and not sent a second time.
    fake.fail("chat.postMessage", Fault::Lost);
    let op = engine.reply(row.id, "Gladly, at noon.").await;
    engine.op_in(op.id, OpState::Done).await;
    let mine = |messages: Vec<Value>| messages.iter().filter(|message| message["text"] == "Gladly, at noon.").count();
    assert_eq!(mine(fake.messages(&channel)), 1);
    engine.resync(id).await;
    let items = engine.thread(row.id).await.items;
    let sent: Vec<&ItemView> = items.iter().filter(|item| item.text == "Gladly, at noon.").collect();
    assert_eq!(sent.len(), 1, "once in its conversation");
    assert!(sent[0].from_me && sent[0].op.is_none() && sent[0].receipt == Receipt::Sent);

    engine.act("read", row.id).await;
    engine.outbox_empty().await;
    assert!(fake.last_read(&channel) >= asked);
    engine.resync(id).await;
    assert_eq!(world.titled("#launch").await.unread, 0);

    // Told at once: nobody asks for a round.
    let said = fake.say(&channel, &world.ben, "At noon then");
    world.said(&row, "At noon then").await;
    fake.edit(&channel, &said, "At one then");
    world.said(&row, "At one then").await;
    fake.answer(&channel, &asked, &world.ben, "By the bridge");
    let answer = world.said(&row, "By the bridge").await;
    assert!(answer.reply_to.is_some());

    for token in [TOKEN, APP_TOKEN] {
        assert!(holding(&engine.data(), token).is_empty(), "a token lies open on the disk");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_tested_before_they_are_kept_and_can_be_changed() {
    let Some(world) = World::new("tokens_are_tested_before_they_are_kept").await else { return };
    let (fake, engine) = (&world.fake, &world.engine);
    fake.channel("launch", &[&world.ben]);
    for (params, part) in [
        (json!({}), "xoxp-"),
        (json!({ "token": "xoxb-1" }), "begins with xoxp-"),
        (json!({ "token": TOKEN, "app_token": TOKEN }), "begins with xapp-"),
        (json!({ "token": "xoxp-wrong", "api_root": fake.api_root() }), "paste"),
        (json!({ "token": TOKEN, "api_root": "http://slack.example/api" }), "https://"),
    ] {
        let error = engine.ask("accounts.add_slack", params.clone()).await.unwrap_err();
        assert!(error.message.contains(part), "{params}: {}", error.message);
    }
    assert!(engine.accounts().await.is_empty());
    let check: CheckView = engine.call("accounts.test_slack", world.tokens()).await;
    assert!(check.ok && check.identity.as_deref() == Some("maya@initech.example"), "{check:?}");
    let (view, id) = world.connect().await;
    let error = engine.ask("accounts.add_slack", world.tokens()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Refused);

    // The token ends: the account says so, and goes on with another.
    fake.revoke(TOKEN);
    let _: Value = engine.call("sync.now", json!({ "account": view.id })).await;
    let source = engine.state_of(id, SourceState::AuthNeeded).await;
    assert!(source.message.unwrap().contains("paste a new one"));
    fake.accept("xoxp-2-fake");
    let _: AccountView = engine.call("accounts.add_slack", json!({ "id": view.id, "token": "xoxp-2-fake" })).await;
    engine.state_of(id, SourceState::Live).await;
    let check: CheckView = engine.call("accounts.check", json!({ "id": view.id })).await;
    assert!(check.ok, "{check:?}");
}
