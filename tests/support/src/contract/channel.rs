//! What every channel that only sends has to pass.
//!
//! A channel is no source one pulls from: what is promised of it (told once, paced, tried again, written down) is kept by
//! the engine and its way of sending together. So [`channel_contract!`](crate::channel_contract) tells through an engine,
//! by its commands, as a rule or a person does. A fixture brings the engine, the settings of a channel, and hooks that make
//! the platform fail. Whatever an engine answers in a promise is looked through for the channel's secrets.

use async_trait::async_trait;
use serde_json::{Value, json};

/// How a platform fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// It takes nothing now, and says that it may later.
    Busy,
    /// It refuses this message for good.
    Refused,
    /// It takes the message, and the connection breaks before it says so.
    Lost,
    /// It never answers.
    Hung,
}

/// Whether an answer is the one that is waited for.
pub type Wanted<'a> = dyn Fn(&Value) -> bool + 'a;

/// A channel on test, its platform, and an engine to tell it through.
#[async_trait(?Send)]
pub trait ChannelFixture {
    /// Runs a command of the engine; the error as the seam has it.
    async fn ask(&self, command: &str, params: Value) -> Result<Value, Value>;

    /// Asks until the answer is as wanted, again after each event of the engine.
    async fn until(&self, command: &str, params: Value, wanted: &Wanted<'_>) -> Value;

    /// What `accounts.add_channel` is given for it.
    fn settings(&self) -> Value;

    /// The same with a secret that the platform does not know.
    fn wrong(&self) -> Value;

    /// A channel of another kind, whose platform is well.
    fn other(&self) -> Value;

    /// What no answer and no log may hold, the wrong secret included.
    fn secrets(&self) -> Vec<String>;

    /// Whoever receives knows a repetition by its key.
    fn knows_repetitions(&self) -> bool {
        false
    }

    /// How many messages the platform has, once it has this many.
    async fn taken(&self, least: usize) -> usize;

    /// The next message meets this; those after it may, until all is mended.
    async fn mishap(&self, mishap: Mishap);

    /// Returns when the platform has a message that it never answers.
    async fn hangs(&self);

    /// All is well again.
    async fn mend(&self);

    /// What the engine has logged, in full; the last thing that is asked.
    fn logs(&self) -> String;
}

/// Makes a module of tests out of an async expression that gives an `Option` of a [`ChannelFixture`]; nothing where what
/// it needs is not on this machine:
///
/// ```text
/// inlet_testkit::channel_contract!(telegram, Some(Told::telegram().await));
/// ```
#[macro_export]
macro_rules! channel_contract {
    ($name:ident, $make:expr) => {
        $crate::channel_contract!(@ $name, $make,
            a_test_says_its_steps_and_really_sends,
            a_key_is_told_once,
            so_many_are_told_a_minute,
            a_temporary_failure_is_tried_again,
            a_final_refusal_is_one_sentence,
            a_lost_answer_is_never_guessed_at,
            a_secret_that_is_refused_waits_for_another,
            a_hung_server_holds_up_no_other,
            no_secret_is_said_or_logged,
        );
    };
    (@ $name:ident, $make:expr, $($test:ident),+ $(,)?) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;
            $(
                #[test]
                fn $test() {
                    $crate::contract::run(async {
                        match $make {
                            Some(fixture) => $crate::contract::channel::$test(&fixture).await,
                            None => println!("skipped: {}: its platform is not on this machine", stringify!($test)),
                        }
                    });
                }
            )+
        }
    };
}

/// The engine, asked as by a person who would see a secret.
struct Desk<'a>(&'a dyn ChannelFixture);

impl Desk<'_> {
    /// Runs a command that has to succeed.
    async fn call(&self, command: &str, params: Value) -> Value {
        let answer = self.0.ask(command, params).await.unwrap_or_else(|error| panic!("{command}: {error}"));
        self.clean(&answer.to_string());
        answer
    }

    /// No secret stands in it.
    fn clean(&self, text: &str) {
        for secret in self.0.secrets() {
            assert!(!text.contains(&secret), "a secret is said: {text}");
        }
    }

    /// A channel with these settings; its id.
    async fn connect(&self, settings: Value) -> Value {
        self.call("accounts.add_channel", settings).await["id"].clone()
    }

    async fn tell(&self, channel: &Value, key: &str) -> Value {
        let what = json!({ "id": channel, "key": key, "title": format!("Deploy {key}"), "text": "It works." });
        self.call("channels.tell", what).await
    }

    async fn log(&self, channel: &Value) -> Vec<Value> {
        let log = self.call("channels.log", json!({ "id": channel })).await;
        log.as_array().expect("a log").clone()
    }

    /// The entry of an operation, once it is as wanted.
    async fn entry(&self, channel: &Value, op: &Value, wanted: impl Fn(&Value) -> bool) -> Value {
        let of = |log: &Value| log.as_array()?.iter().find(|entry| entry["op"] == op["id"]).cloned();
        let found = |log: &Value| of(log).is_some_and(|entry| wanted(&entry));
        let log = self.0.until("channels.log", json!({ "id": channel }), &found).await;
        self.clean(&log.to_string());
        of(&log).expect("the entry")
    }

    /// The entry of an operation that has gone out.
    async fn gone(&self, channel: &Value, op: &Value) -> Value {
        self.entry(channel, op, |entry| matches!(entry["state"].as_str(), Some("sent" | "delivered"))).await
    }

    async fn taken(&self, count: usize) {
        assert_eq!(self.0.taken(count).await, count, "messages the platform has");
    }
}

/// What happened to an entry, in words.
fn outcomes(entry: &Value) -> Vec<&str> {
    let deliveries = entry["deliveries"].as_array().expect("deliveries");
    deliveries.iter().map(|delivery| delivery["outcome"].as_str().expect("an outcome")).collect()
}

/// How far each entry of a log has come.
fn states(log: &Value) -> Vec<&str> {
    log.as_array().into_iter().flatten().filter_map(|entry| entry["state"].as_str()).collect()
}

/// A sentence for a person: one line that ends.
#[track_caller]
fn sentence(text: &Value) {
    let text = text.as_str().unwrap_or_default();
    assert!(text.len() > 10 && text.len() < 400 && text.ends_with('.') && !text.contains('\n'), "{text:?}");
}

/// Testing says what was tried and sends something; what is wrong has its fix. A test of a connected channel stands in its
/// log, and each entry there has its id masked.
pub async fn a_test_says_its_steps_and_really_sends(fixture: &dyn ChannelFixture) {
    let desk = Desk(fixture);
    let said = |check: &Value| check["steps"].as_array().expect("steps").clone();
    let check = desk.call("accounts.test_channel", fixture.settings()).await;
    assert_eq!(check["ok"], true, "{check}");
    assert!(said(&check).len() > 1 && said(&check).iter().all(|step| step["name"] != ""), "{check}");
    desk.taken(1).await;
    let channel = desk.connect(fixture.settings()).await;
    assert!(desk.log(&channel).await.is_empty(), "what was tested before is no message of it");
    let check = desk.call("accounts.check", json!({ "id": channel })).await;
    assert_eq!(check["ok"], true, "{check}");
    desk.taken(2).await;
    let log = desk.log(&channel).await;
    assert_eq!(log.len(), 1);
    assert_eq!(outcomes(&log[0]), ["queued", "done"]);
    assert!(log[0]["key"].as_str().is_some_and(|key| key.starts_with("msg_****")), "{}", log[0]);

    let check = desk.call("accounts.test_channel", fixture.wrong()).await;
    assert_eq!(check["ok"], false, "{check}");
    let steps = said(&check);
    let failed = steps.iter().find(|step| step["ok"] == false).expect("a step that failed");
    sentence(&failed["fix"]);
    assert_ne!(failed["detail"], "", "{failed}");
    desk.taken(2).await;
}

/// A key is told once, however often it is asked for, before and after it has gone out.
pub async fn a_key_is_told_once(fixture: &dyn ChannelFixture) {
    let desk = Desk(fixture);
    let channel = desk.connect(fixture.settings()).await;
    let first = desk.tell(&channel, "one").await;
    let again = desk.tell(&channel, "one").await;
    assert_eq!(first["id"], again["id"]);
    desk.gone(&channel, &first).await;
    assert_eq!(desk.tell(&channel, "one").await["id"], first["id"], "it is known afterwards too");
    let second = desk.tell(&channel, "two").await;
    assert_ne!(first["id"], second["id"]);
    desk.gone(&channel, &second).await;
    desk.taken(2).await;

    let log = desk.log(&channel).await;
    assert_eq!(log.iter().map(|entry| &entry["title"]).collect::<Vec<_>>(), ["Deploy two", "Deploy one"]);
    for (entry, op) in log.iter().zip([&second, &first]) {
        assert_eq!(outcomes(entry), ["queued", "done"]);
        let key = op["key"].as_str().expect("a key");
        assert!(!entry.to_string().contains(key), "its id is masked: {entry}");
    }
}

/// A channel is given so many a minute; the rest waits in the outbox, and other channels do not.
pub async fn so_many_are_told_a_minute(fixture: &dyn ChannelFixture) {
    let desk = Desk(fixture);
    let mut settings = fixture.settings();
    settings["config"]["per_minute"] = json!(1);
    let (channel, other) = (desk.connect(settings).await, desk.connect(fixture.other()).await);
    for key in ["one", "two"] {
        desk.tell(&channel, key).await;
    }
    // Which of them comes first is nobody's promise.
    let went = |log: &Value| states(log).iter().any(|state| matches!(*state, "sent" | "delivered"));
    fixture.until("channels.log", json!({ "id": channel }), &went).await;
    for key in ["one", "two", "three"] {
        let op = desk.tell(&other, key).await;
        desk.gone(&other, &op).await;
    }
    let log = desk.log(&channel).await;
    let waits = log.iter().find(|entry| entry["state"] == "queued").expect("one that waits");
    assert_eq!(outcomes(waits), ["queued"]);
    desk.taken(1).await;
}

/// Who is busy is asked again by itself, and has it once.
pub async fn a_temporary_failure_is_tried_again(fixture: &dyn ChannelFixture) {
    let desk = Desk(fixture);
    let channel = desk.connect(fixture.settings()).await;
    fixture.mishap(Mishap::Busy).await;
    let op = desk.tell(&channel, "one").await;
    let waits = desk.entry(&channel, &op, |entry| outcomes(entry).len() > 1).await;
    sentence(&waits["reason"]);
    fixture.mend().await;
    let gone = desk.gone(&channel, &op).await;
    let tried = outcomes(&gone);
    let [first, between @ .., last] = tried.as_slice() else { panic!("{gone}") };
    assert_eq!((*first, *last), ("queued", "done"));
    assert!(!between.is_empty() && between.iter().all(|one| matches!(*one, "transient" | "throttled")), "{tried:?}");
    desk.taken(1).await;
}

/// What is refused for good is for the person, in one sentence, and what comes after it goes out.
pub async fn a_final_refusal_is_one_sentence(fixture: &dyn ChannelFixture) {
    let desk = Desk(fixture);
    let channel = desk.connect(fixture.settings()).await;
    fixture.mishap(Mishap::Refused).await;
    let op = desk.tell(&channel, "one").await;
    let failed = desk.entry(&channel, &op, |entry| entry["state"] == "failed").await;
    assert_eq!(outcomes(&failed), ["queued", "permanent"]);
    sentence(&failed["reason"]);
    desk.taken(0).await;
    fixture.mend().await;
    let next = desk.tell(&channel, "two").await;
    desk.gone(&channel, &next).await;
    desk.taken(1).await;
    assert_eq!(desk.entry(&channel, &op, |_| true).await["state"], "failed", "nobody has asked for it again");
}

/// A message that may have arrived is sent again only where its receiver knows a repetition; else it is for the person.
pub async fn a_lost_answer_is_never_guessed_at(fixture: &dyn ChannelFixture) {
    let desk = Desk(fixture);
    let channel = desk.connect(fixture.settings()).await;
    fixture.mishap(Mishap::Lost).await;
    let op = desk.tell(&channel, "one").await;
    desk.entry(&channel, &op, |entry| outcomes(entry).len() > 1).await;
    fixture.mend().await;
    if fixture.knows_repetitions() {
        desk.gone(&channel, &op).await;
        return desk.taken(1).await;
    }
    let doubtful = desk.entry(&channel, &op, |entry| entry["state"] == "failed").await;
    sentence(&doubtful["reason"]);
    assert!(doubtful["reason"].as_str().is_some_and(|reason| reason.contains("may or may not")), "{doubtful}");
    desk.taken(1).await;
    // The person has looked: it is not there.
    desk.call("outbox.retry", json!({ "id": op["id"] })).await;
    desk.gone(&channel, &op).await;
    desk.taken(2).await;
}

/// A secret that the platform does not take makes its channel wait, and no other; with another secret what waited goes.
pub async fn a_secret_that_is_refused_waits_for_another(fixture: &dyn ChannelFixture) {
    let desk = Desk(fixture);
    let (channel, other) = (desk.connect(fixture.wrong()).await, desk.connect(fixture.other()).await);
    let op = desk.tell(&channel, "one").await;
    let waits = desk.entry(&channel, &op, |entry| outcomes(entry).len() > 1).await;
    assert_eq!((waits["state"].as_str(), outcomes(&waits)), (Some("queued"), vec!["queued", "auth_needed"]));
    let goes = desk.tell(&other, "one").await;
    desk.gone(&other, &goes).await;
    let accounts = desk.call("accounts.list", Value::Null).await;
    let view = accounts.as_array().and_then(|all| all.iter().find(|one| one["id"] == channel)).expect("the channel");
    assert_eq!(view["sources"][0]["state"], "auth_needed");
    sentence(&view["sources"][0]["message"]);
    let mut settings = fixture.settings();
    settings["id"] = channel.clone();
    desk.connect(settings).await;
    desk.gone(&channel, &op).await;
    desk.taken(1).await;
}

/// Nobody waits for a server that never answers but those who are told by it.
pub async fn a_hung_server_holds_up_no_other(fixture: &dyn ChannelFixture) {
    let desk = Desk(fixture);
    let (channel, other) = (desk.connect(fixture.settings()).await, desk.connect(fixture.other()).await);
    fixture.mishap(Mishap::Hung).await;
    let op = desk.tell(&channel, "one").await;
    fixture.hangs().await;
    for key in ["one", "two"] {
        let goes = desk.tell(&other, key).await;
        desk.gone(&other, &goes).await;
    }
    let waits = desk.entry(&channel, &op, |_| true).await;
    assert!(!outcomes(&waits).contains(&"done"), "it is still waited for: {waits}");
}

/// Neither what is answered nor what is logged says a secret, whatever goes wrong.
pub async fn no_secret_is_said_or_logged(fixture: &dyn ChannelFixture) {
    let desk = Desk(fixture);
    desk.call("accounts.test_channel", fixture.wrong()).await;
    let channel = desk.connect(fixture.wrong()).await;
    let op = desk.tell(&channel, "one").await;
    desk.entry(&channel, &op, |entry| outcomes(entry).len() > 1).await;
    let mut settings = fixture.settings();
    settings["id"] = channel.clone();
    desk.connect(settings).await;
    desk.gone(&channel, &op).await;
    for mishap in [Mishap::Busy, Mishap::Refused, Mishap::Lost] {
        fixture.mishap(mishap).await;
        let op = desk.tell(&channel, &format!("{mishap:?}")).await;
        desk.entry(&channel, &op, |entry| outcomes(entry).len() > 1).await;
        fixture.mend().await;
    }
    desk.call("accounts.check", json!({ "id": channel })).await;
    for command in ["accounts.list", "status", "outbox.list"] {
        desk.call(command, json!({})).await;
    }
    for params in [json!({ "secret": fixture.secrets()[0] }), json!({ "config": {}, "secret": fixture.secrets()[0] })] {
        let error = fixture.ask("accounts.add_channel", params).await.expect_err("no settings");
        desk.clean(&error.to_string());
    }
    let logs = fixture.logs();
    assert!(logs.contains("op"), "it is logged what was attempted: {logs}");
    desk.clean(&logs);
}
