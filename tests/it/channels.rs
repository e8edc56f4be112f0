//! Channels that only send in the engine: each way keeps the contract; notifications and rules go there in their own
//! time, and never round in a circle.

mod contract;

use std::sync::Arc;

use inlet_model::{Account, AccountConfig, AccountId, SourceId};
use inlet_orchestrator::{
    Clock,
    api::{
        ErrorCode,
        types::{AccountView, ChannelEntry, CheckView, DeliveryState, OpState, OpView, SourceState},
    },
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
    clock: Clock,
}

impl World {
    async fn new() -> Self {
        Self::at(None).await
    }

    /// Real channels beside a mailbox of a script.
    async fn at(clock: Option<Clock>) -> Self {
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
        let clock = clock.unwrap_or_else(|| Clock::from_fn(inlet_model::Timestamp::now));
        let setup = Setup { behind: Some(Arc::new(open)), clock: Some(clock.clone()), ..Setup::default() };
        let engine = Engine::with(setup).await;
        let _: Value = engine.call("secrets.unlock", json!({ "passphrase": "correct horse" })).await;
        Self { engine, fake: FakeChannels::start(), post, clock }
    }

    fn webhook(&self) -> Value {
        json!({ "config": { "via": { "kind": "webhook", "url": self.fake.receiver() } }, "secret": SIGNING })
    }

    fn slack(&self) -> Value {
        json!({ "config": { "via": { "kind": "slack_webhook" } }, "secret": self.fake.slack() })
    }

    fn telegram(&self) -> Value {
        let via = json!({ "kind": "telegram", "chat": CHAT.to_string(), "api_root": self.fake.telegram() });
        json!({ "config": { "via": via }, "secret": BOT_TOKEN })
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
async fn a_channel_is_no_place_to_read_or_write_at() {
    let world = World::new().await;
    let (channel, source) = world.connect(&world.webhook()).await;
    let view = world.engine.source(source).await;
    assert!(view.name.starts_with("127.0.0.1") && view.state == SourceState::Live, "{view:?}");
    assert!(view.capabilities.send_only);
    let told = world.tell(channel, "rule 1 item 2").await;
    world.engine.op_in(told.id, OpState::Done).await;
    assert!(world.engine.view("all").await.is_empty());
    let message = json!({ "mode": "new", "source": source, "text": "Hello", "to": [], "cc": [], "bcc": [] });
    let refused = world.engine.ask("send", json!({ "message": message })).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Refused);
    let refused = world.engine.ask("outbox.edit", json!({ "id": told.id })).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Refused);
    assert!(world.fake.complaints().is_empty(), "{:?}", world.fake.complaints());
}

#[tokio::test(flavor = "multi_thread")]
async fn patience_is_kept_and_a_test_that_fails_is_over() {
    let world = World::new().await;
    let (channel, source) = world.connect(&world.telegram()).await;
    world.fake.mishap(Mishap::Answers(429, Some(1), String::new()));
    let op = world.tell(channel, "patience").await;
    world.engine.state_of(source, SourceState::Throttled).await;
    world.engine.op_in(op.id, OpState::Done).await;
    assert_eq!(outcomes(&world.log(channel).await[0]), ["queued", "throttled", "done"]);

    // Nobody has to decide about it.
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

/// A rule's forwards: what is told through a channel, once, in its own time, and what the log says of it.
mod rules {
    use inlet_orchestrator::api::types::{RuleLogEntry, RuleOutcome, RuleRefusal, RuleTest, RuleVerdict, UserRule};
    use jiff::{Timestamp, tz::TimeZone};
    use parking_lot::Mutex;

    use super::*;

    async fn add(world: &World, toml: &str) {
        let _: Vec<UserRule> = world.engine.call("rules.add", json!({ "toml": toml })).await;
    }

    async fn verdict(world: &World, rule: &str, title: &str) -> RuleVerdict {
        let found = world.engine.until(title, async || {
            let log: Vec<RuleLogEntry> = world.engine.call("rules.log", json!({ "rule": rule, "limit": 1000 })).await;
            log.into_iter().find(|entry| entry.title == title)
        });
        found.await.rules.remove(0)
    }

    fn now(world: &World, id: &str) {
        let noon: Timestamp = "2026-06-01T12:00:00Z".parse().unwrap();
        let minute = world.clock.now().duration_since(noon).as_mins() + 1;
        world.post.deliver("INBOX", New { minute, ..mail(id) });
    }

    async fn live(world: &World) {
        let id = world.engine.connect("post").await;
        world.engine.state_of(id, SourceState::Live).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_rule_tells_a_channel_once_and_names_what_it_could_not_do() {
        let world = World::new().await;
        let mut params = world.webhook();
        params["name"] = json!("Team");
        let (channel, _) = world.connect(&params).await;
        // What is told here anyway is told there once.
        let _: Value = world
            .engine
            .call("config.set", json!({ "key": "notifications.channel", "value": channel.to_string() }))
            .await;
        live(&world).await;
        add(
            &world,
            &format!(
                "[[rule]]\nid = 'a'\nname = 'a'\npriority = 1\nlimit = {{ most = 2, minutes = 60 }}\n\
                 then = {{ forward = ['channel:team', 'channel:{channel}', 'channel:Nobody'] }}\n\
                 [[rule]]\nid = 'b'\nname = 'b'\npriority = 2\nthen = {{ forward = 'channel:Team', archive = true }}"
            ),
        )
        .await;
        now(&world, "first");
        let held = verdict(&world, "a", "first").await;
        let refusals: Vec<_> = held.steps.iter().map(|step| step.refusal).collect();
        assert_eq!(refusals, [None, Some(RuleRefusal::Twice), Some(RuleRefusal::Channel)], "by its name and its id");
        assert_eq!(held.steps[0].outcome, RuleOutcome::Done);
        assert_eq!(verdict(&world, "b", "first").await.steps[0].refusal, Some(RuleRefusal::Twice));
        let log = world
            .engine
            .until("one delivery", async || {
                let log = world.log(channel).await;
                log.iter()
                    .all(|entry| entry.state == DeliveryState::Delivered)
                    .then_some(log)
                    .filter(|log| !log.is_empty())
            })
            .await;
        assert_eq!(log.len(), 1, "{log:?}");
        let told = world.fake.taken().remove(0).2;
        assert!(told["data"]["text"].as_str().unwrap().starts_with("first"), "{told}");

        // What a channel was told does not go round, and the dry run says so as well.
        now(&world, &log_key(&world).await);
        let key = log_key(&world).await;
        assert_eq!(verdict(&world, "a", &key).await.steps[0].refusal, Some(RuleRefusal::Passed));
        let test: RuleTest = world
            .engine
            .call("rules.test", json!({ "toml": "name = 'x'\nthen = { forward = 'channel:Team' }", "last": 50 }))
            .await;
        let of = |title: &str| test.items.iter().find(|hit| hit.title == title).unwrap().rules[0].steps[0].clone();
        assert_eq!(of(&key).refusal, Some(RuleRefusal::Passed));
        assert_eq!(of("first").outcome, RuleOutcome::Would);

        // The limit is the rule's, for each channel.
        now(&world, "second");
        assert_eq!(verdict(&world, "a", "second").await.steps[0].refusal, None);
        now(&world, "third");
        let third = verdict(&world, "a", "third").await;
        assert_eq!(third.steps[0].refusal, Some(RuleRefusal::Limit));
    }

    async fn log_key(world: &World) -> String {
        let op = world.engine.ops().await.into_iter().find(|op| op.key.starts_with("msg_"));
        op.unwrap().key
    }

    /// A clock that stands until it is turned.
    fn clock(at: Timestamp) -> (Clock, Arc<Mutex<Timestamp>>) {
        let hand = Arc::new(Mutex::new(at));
        let shown = hand.clone();
        (Clock::from_fn(move || *shown.lock()), hand)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn quiet_hours_and_the_digest_hold_for_channels_and_what_is_critical_goes_at_once() {
        // Quiet from now for two hours, wherever the machine is.
        let zone = TimeZone::system();
        let day = Timestamp::now().to_zoned(zone.clone()).date();
        let at = |hour: i8| day.at(hour, 0, 0, 0).to_zoned(zone.clone()).unwrap().timestamp();
        let (clock, hand) = clock(at(1));
        let world = World::at(Some(clock)).await;
        let mut params = world.webhook();
        params["name"] = json!("Team");
        let (channel, _) = world.connect(&params).await;
        let set = async |key: &str, value: &str| {
            let _: Value = world.engine.call("config.set", json!({ "key": key, "value": value })).await;
        };
        set("notifications.quiet_from", "00:30").await;
        set("notifications.quiet_until", "03:00").await;
        set("notifications.digest_at", "08:00").await;
        live(&world).await;
        add(
            &world,
            "[[rule]]\nid = 'alarm'\nname = 'alarm'\nwhen = { subject = 'alarm' }\n\
             then = { forward = 'channel:Team', notify = 'critical' }\n\
             [[rule]]\nid = 'quiet'\nname = 'quiet'\nwhen = { subject = 'calm' }\nthen = { forward = 'channel:Team' }\n\
             [[rule]]\nid = 'daily'\nname = 'daily'\nwhen = { subject = 'daily' }\n\
             then = { forward = 'channel:Team', digest = true }",
        )
        .await;
        for id in ["calm", "daily one", "daily two", "daily three", "alarm"] {
            now(&world, id);
        }
        let calm = verdict(&world, "quiet", "calm").await;
        assert_eq!((calm.steps[0].outcome, calm.steps[0].waits_until), (RuleOutcome::Done, Some(at(3))));
        for title in ["daily one", "daily two", "daily three"] {
            assert_eq!(verdict(&world, "daily", title).await.steps[0].waits_until, Some(at(8)), "{title}");
        }
        assert_eq!(verdict(&world, "alarm", "alarm").await.steps[0].waits_until, None);
        let delivered = async |count: usize| {
            world
                .engine
                .until(&format!("{count} delivered"), async || {
                    let log = world.log(channel).await;
                    let done = log.iter().filter(|entry| entry.state == DeliveryState::Delivered).count();
                    (done == count).then_some(log)
                })
                .await
        };
        let log = delivered(1).await;
        assert_eq!(log.iter().filter(|entry| entry.state == DeliveryState::Queued).count(), 4, "{log:?}");

        // What is taken back is not told.
        let three = verdict(&world, "daily", "daily three").await;
        world.engine.undo(three.undo).await;
        let log = world.log(channel).await;
        assert_eq!(log.iter().filter(|entry| entry.state == DeliveryState::Cancelled).count(), 1, "{log:?}");

        *hand.lock() = at(3);
        let calm: Vec<OpView> = world.engine.ops().await;
        let calm = calm.iter().find(|op| op.state == OpState::Queued && op.not_before == at(3)).unwrap();
        let _: OpView = world.engine.call("outbox.retry", json!({ "id": calm.id })).await;
        delivered(2).await;

        *hand.lock() = at(8);
        // Whoever waits for the time looks again when a setting changes.
        set("notifications.preview", "full").await;
        let log = delivered(3).await;
        assert_eq!(log.iter().filter(|entry| entry.state == DeliveryState::Gathered).count(), 2, "{log:?}");
        let taken = world.fake.taken();
        assert_eq!(taken.len(), 3);
        let text = taken[2].2["data"]["text"].as_str().unwrap();
        assert_eq!(
            (text.lines().filter(|line| line.starts_with("• ")).count(), taken[2].2["data"]["title"].as_str()),
            (2, Some("2 messages")),
            "{text}"
        );
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_test_that_fails_is_the_health_of_its_channel() {
        let world = World::new().await;
        let (channel, source) = world.connect(&world.webhook()).await;
        world.fake.mishap(Mishap::Answers(401, None, String::new()));
        let check: CheckView = world.engine.call("accounts.check", json!({ "id": channel })).await;
        assert!(!check.ok);
        assert_eq!(world.engine.source(source).await.state, SourceState::AuthNeeded);
        let check: CheckView = world.engine.call("accounts.check", json!({ "id": channel })).await;
        assert!(check.ok, "{:?}", check.steps);
        assert_eq!(world.engine.source(source).await.state, SourceState::Live);
    }
}
