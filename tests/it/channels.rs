//! Channels that only send in the engine: tested, told through, once for a key; what became of it is in the
//! log; what goes wrong pauses that channel alone; notifications go there and never round in a circle.

use std::sync::Arc;

use inlet_model::{Account, AccountConfig, AccountId, SourceId};
use inlet_orchestrator::api::{
    ErrorCode,
    types::{AccountView, ChannelEntry, CheckView, DeliveryState, OpState, OpView, SourceState},
};
use inlet_testkit::channels::{BOT_TOKEN, CHAT, FakeChannels, Mishap, SIGNING};
use serde_json::{Value, json};

use crate::{
    harness::{Engine, Setup},
    scripted::{New, Script, mail},
};

struct World {
    engine: Engine,
    fake: FakeChannels,
    post: Script,
}

impl World {
    /// Real channels beside a mailbox of a script.
    async fn new() -> Self {
        let post = Script::new("post");
        let script = post.clone();
        let open = move |account: &Account,
                         secrets: Arc<dyn inlet_model::Secrets>,
                         events: Arc<dyn inlet_model::EventQueue>| {
            match &account.config {
                AccountConfig::Imap(_) => Ok(vec![script.clone().into_source()]),
                _ => inlet_connectors::open(account, secrets, events),
            }
        };
        let engine = Engine::with(Setup { behind: Some(Arc::new(open)), ..Setup::default() }).await;
        let _: Value = engine.call("secrets.unlock", json!({ "passphrase": "correct horse" })).await;
        Self { engine, fake: FakeChannels::start(), post }
    }

    fn webhook(&self) -> Value {
        json!({ "config": { "via": { "kind": "webhook", "url": self.fake.receiver() } }, "secret": SIGNING })
    }

    fn slack(&self) -> Value {
        json!({ "config": { "via": { "kind": "slack_webhook" } }, "secret": self.fake.slack() })
    }

    async fn connect(&self, params: &Value) -> (AccountId, SourceId) {
        let view: AccountView = self.engine.call("accounts.add_channel", params.clone()).await;
        (view.id, view.sources[0].id)
    }

    async fn tell(&self, channel: AccountId, key: &str) -> OpView {
        self.engine
            .call("channels.tell", json!({ "id": channel, "key": key, "title": "Deploy", "text": "It works." }))
            .await
    }

    async fn log(&self, channel: AccountId) -> Vec<ChannelEntry> {
        self.engine.call("channels.log", json!({ "id": channel })).await
    }
}

fn outcomes(entry: &ChannelEntry) -> Vec<&str> {
    entry.deliveries.iter().map(|delivery| delivery.outcome.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_is_tested_told_through_and_logged() {
    let world = World::new().await;
    let check: CheckView = world.engine.call("accounts.test_channel", world.webhook()).await;
    assert!(check.ok, "{:?}", check.steps);
    assert_eq!(world.fake.taken().len(), 1, "a test sends something");
    let (channel, source) = world.connect(&world.webhook()).await;
    let view = world.engine.source(source).await;
    assert!(view.name.starts_with("127.0.0.1") && view.state == SourceState::Live, "{view:?}");
    assert!(view.capabilities.send_only && world.log(channel).await.is_empty());

    let check: CheckView = world.engine.call("accounts.check", json!({ "id": channel })).await;
    assert!(check.ok, "{:?}", check.steps);
    let first = world.tell(channel, "rule 1 item 2").await;
    let again = world.tell(channel, "rule 1 item 2").await;
    assert_eq!(first.id, again.id, "a key is told once");
    world.engine.op_in(first.id, OpState::Done).await;
    let log = world.log(channel).await;
    assert_eq!(log.iter().map(|entry| entry.title.as_str()).collect::<Vec<_>>(), ["Deploy", "Test from Inlet"]);
    for entry in &log {
        assert_eq!(entry.state, DeliveryState::Delivered);
        assert_eq!(outcomes(entry), ["queued", "done"]);
        assert!(entry.key.starts_with("msg_****"), "{}", entry.key);
    }
    assert_eq!(world.fake.taken().len(), 3);
    // It is no place to read or write at.
    assert!(world.engine.view("all").await.is_empty());
    let message = json!({ "mode": "new", "source": source, "text": "Hello", "to": [], "cc": [], "bcc": [] });
    let refused = world.engine.ask("send", json!({ "message": message })).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Refused);
    let refused = world.engine.ask("outbox.edit", json!({ "id": first.id })).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Refused);
    assert!(world.fake.complaints().is_empty(), "{:?}", world.fake.complaints());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_no_longer_accepts_pauses_its_channel_alone_until_it_is_connected_again() {
    let world = World::new().await;
    let (channel, source) = world.connect(&world.webhook()).await;
    let (other, _) = world.connect(&world.slack()).await;
    world.fake.mishap(Mishap::Answers(401, None, String::new()));
    let waits = world.tell(channel, "1").await;
    let view = world.engine.state_of(source, SourceState::AuthNeeded).await;
    assert!(view.message.is_some_and(|message| message.contains("signing secret")));
    let entry = world.log(channel).await.remove(0);
    assert_eq!((entry.state, outcomes(&entry)), (DeliveryState::Queued, vec!["queued", "auth_needed"]));
    let goes = world.tell(other, "1").await;
    world.engine.op_in(goes.id, OpState::Done).await;
    assert_eq!(world.log(other).await[0].state, DeliveryState::Sent, "Slack says no more than that it has it");

    let mut again = world.webhook();
    again["id"] = json!(channel);
    world.connect(&again).await;
    world.engine.op_in(waits.id, OpState::Done).await;
    assert_eq!(world.engine.source(source).await.state, SourceState::Live);
}

#[tokio::test(flavor = "multi_thread")]
async fn patience_is_kept_and_what_failed_or_is_in_doubt_is_for_the_person() {
    let world = World::new().await;
    let config = json!({ "via": { "kind": "telegram", "chat": CHAT.to_string(), "api_root": world.fake.telegram() } });
    let (channel, source) = world.connect(&json!({ "config": config, "secret": BOT_TOKEN, "name": "Watch" })).await;
    world.fake.mishap(Mishap::Answers(429, Some(1), String::new()));
    let op = world.tell(channel, "patience").await;
    world.engine.state_of(source, SourceState::Throttled).await;
    world.engine.op_in(op.id, OpState::Done).await;
    assert_eq!(outcomes(&world.log(channel).await[0]), ["queued", "throttled", "done"]);

    world.fake.mishap(Mishap::Lost);
    let op = world.tell(channel, "lost").await;
    world.engine.op_in(op.id, OpState::Parked).await;
    let entry = world.log(channel).await.remove(0);
    assert_eq!(entry.state, DeliveryState::Failed);
    assert!(entry.reason.is_some_and(|reason| reason.contains("may or may not have arrived")));
    let taken = world.fake.taken().len();
    assert_eq!(taken, 2, "nothing is sent again because a program guessed");
    let _: OpView = world.engine.call("outbox.retry", json!({ "id": op.id })).await;
    world.engine.op_in(op.id, OpState::Done).await;

    // A test that fails is over, and nobody has to decide about it.
    world.fake.mishap(Mishap::Answers(400, None, "{\"ok\":false,\"error_code\":400}".into()));
    let check: CheckView = world.engine.call("accounts.check", json!({ "id": channel })).await;
    assert!(!check.ok && check.steps.last().is_some_and(|step| step.fix.is_some()));
    assert_eq!(world.log(channel).await[0].state, DeliveryState::Failed);
    world.engine.outbox_empty().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_cannot_work_are_said_in_one_sentence() {
    let world = World::new().await;
    let via = |via: Value, secret: &str| json!({ "config": { "via": via }, "secret": secret });
    for params in [
        json!({ "config": { "via": { "kind": "slack_webhook" } } }),
        via(json!({ "kind": "telegram", "chat": " ", "api_root": "https://api.telegram.org" }), BOT_TOKEN),
        via(json!({ "kind": "webhook", "url": "" }), SIGNING),
        via(json!({ "kind": "smtp", "from": "me", "to": "you", "server": { "host": "h", "port": 1 } }), "x"),
        json!({ "config": { "via": { "kind": "slack_webhook" }, "per_minute": 0 }, "secret": "x" }),
    ] {
        let error = world.engine.ask("accounts.add_channel", params).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Invalid, "{error:?}");
    }
    let minted: Value = world.engine.call("channels.secret", Value::Null).await;
    let mut params = world.webhook();
    params["secret"] = minted["secret"].clone();
    let check: CheckView = world.engine.call("accounts.test_channel", params).await;
    assert!(check.steps[0].ok && !check.ok, "it can be signed with, and is not the receiver's");
    assert!(world.engine.accounts().await.is_empty());

    // What another account has for a secret is not tried anywhere.
    let source = world.engine.connect("post").await;
    let mailbox = world.engine.source(source).await.account;
    let smtp = json!({ "kind": "smtp", "from": "me@x.test", "to": "you@x.test", "tls": "loopback-plain", "server": { "host": "127.0.0.1", "port": 1 } });
    for command in ["accounts.test_channel", "accounts.add_channel"] {
        let error = world.engine.ask(command, json!({ "config": { "via": smtp }, "id": mailbox })).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Refused, "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn notifications_go_to_a_channel_and_never_round_in_a_circle() {
    let world = World::new().await;
    let (channel, _) = world.connect(&world.webhook()).await;
    let set = async |key: &str, value: &str| {
        let _: Value = world.engine.call("config.set", json!({ "key": key, "value": value })).await;
    };
    let refused =
        world.engine.ask("config.set", json!({ "key": "notifications.channel", "value": "everywhere" })).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Invalid);
    set("notifications.channel", &channel.to_string()).await;
    let id = world.engine.connect("post").await;
    world.engine.state_of(id, SourceState::Live).await;
    let noon: inlet_model::Timestamp = "2026-06-01T12:00:00Z".parse().unwrap();
    let minute = inlet_model::Timestamp::now().duration_since(noon).as_mins() + 1;
    let arrives = async |id: &str| {
        world.post.deliver("INBOX", New { minute, ..mail(id) });
        world.engine.until(id, async || world.engine.titled(id).await).await
    };
    let told = async |count: usize| {
        world
            .engine
            .until(&format!("{count} told"), async || {
                let log = world.log(channel).await;
                let done = log.iter().filter(|entry| entry.state == DeliveryState::Delivered).count();
                (done == count).then_some(log)
            })
            .await
    };
    arrives("first").await;
    let log = told(1).await;
    assert!(log[0].title.contains("post"), "{}", log[0].title);
    assert_eq!(world.fake.taken()[0].2["data"]["text"], "first");

    // A mail that is what a channel was told, as a channel by SMTP makes them, is not told again.
    let key = world.engine.ops().await[0].key.clone();
    arrives(&key).await;
    set("notifications.preview", "source").await;
    arrives("second").await;
    let log = told(2).await;
    assert_eq!(log.len(), 2, "{log:?}");
    let taken = world.fake.taken();
    assert_eq!((taken.len(), &taken[1].2["data"]["text"]), (2, &json!("")), "only where it came from");
}
