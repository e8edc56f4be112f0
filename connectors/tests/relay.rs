//! The relay before a real NATS: who gets in, what is kept, who can read it, and what is left after everything
//! was killed in between.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

#[path = "relay/hooks.rs"]
mod hooks;
#[path = "relay/secured.rs"]
mod secured;

use std::{
    collections::BTreeMap,
    future::Future,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use age::x25519::Identity;
use async_nats::jetstream::{self, Context};
use async_trait::async_trait;
use inlet_connectors::{
    inbound::sign,
    open,
    relay::{Options, Relay},
};
use inlet_model::{
    Account, AccountConfig, AccountId, AnySource, MessageSource, RelayConfig, Scope, ScopeRole, SecretName, Secrets,
    SourceError, WhatsAppConfig,
};
use inlet_testkit::{
    MemoryQueue, Nats,
    inbound::{post, signature},
    timeout,
    visitor::{HttpAnswer, http},
};
use secrecy::SecretString;
use tokio::{sync::oneshot, task::JoinHandle};

const SECRET: &str = "the-app-secret-canary";
const NUMBER: &str = "106540352242922";
const PATH: &str = "/whatsapp/106540352242922";
const STREAM: &str = "inlet_whatsapp_106540352242922";
const NOW: i64 = 1_750_000_000;
const LIMIT: Duration = Duration::from_secs(120);

/// An event, as WhatsApp posts one.
fn event(conversation: usize, number: usize) -> String {
    format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"1","changes":[{{"field":"messages","value":{{"messages":[{{"from":"{conversation}","id":"wamid.{number:06}","timestamp":"{NOW}","text":{{"body":"words-canary {number}"}}}}]}}}}]}}]}}"#
    )
}

/// The conversation and the number of an event.
fn read(body: &[u8]) -> (usize, usize) {
    let text = std::str::from_utf8(body).unwrap();
    let after = |word: &str| text.split_once(word).unwrap().1.split('"').next().unwrap().parse().unwrap();
    (after(r#""from":""#), after("wamid."))
}

/// A relay that is running.
struct Running {
    at: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<inlet_model::Result<()>>,
}

impl Running {
    async fn stop(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        timeout(LIMIT, &mut self.task).await.unwrap().unwrap();
    }

    async fn deliver(&self, body: &str) -> u16 {
        self.post(&signature(SECRET, body.as_bytes()), body).await
    }

    async fn post(&self, signature: &str, body: &str) -> u16 {
        post(self.at, PATH, &[("X-Hub-Signature-256", signature)], body).await.status
    }

    async fn get(&self, path: &str) -> HttpAnswer {
        http(self.at.port(), &format!("GET {path} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")).await
    }
}

async fn start(nats: &Nats, folder: &Path, desktops: &[&Desktop]) -> inlet_model::Result<Running> {
    let secret = folder.join("secret");
    std::fs::write(&secret, format!("{SECRET}\n")).unwrap();
    let keys: Vec<String> = desktops.iter().map(|desktop| desktop.key.to_public().to_string()).collect();
    let file = format!(
        "nats_login = \"file:{}\"\n[[hook]]\nplatform = \"whatsapp\"\npath = \"{PATH}\"\nsecret = \"file:{}\"\ndesktops = {keys:?}\n",
        login(folder).display(),
        secret.display()
    );
    run(nats, &file).await
}

/// A relay with this file.
async fn run(nats: &Nats, file: &str) -> inlet_model::Result<Running> {
    let relay = Relay::start(Options {
        listen: "127.0.0.1:0".parse().unwrap(),
        nats: nats.url(),
        file: toml::from_str(file).unwrap(),
        now: Arc::new(|| inlet_model::Timestamp::from_second(NOW).unwrap()),
    })
    .await?;
    let (stop, stopped) = oneshot::channel();
    let at = relay.address();
    let task = tokio::spawn(relay.run(async {
        let _ = stopped.await;
    }));
    Ok(Running { at, stop: Some(stop), task })
}

const LOGIN: &str = "inlet:nats-password-canary";

fn login(folder: &Path) -> std::path::PathBuf {
    let path = folder.join("login");
    std::fs::write(&path, LOGIN).unwrap();
    path
}

/// A desktop: its key, and what came for it.
struct Desktop {
    key: Identity,
    queue: Arc<MemoryQueue>,
}

struct Kept {
    key: SecretString,
    secret: &'static str,
    login: Option<String>,
}

#[async_trait]
impl Secrets for Kept {
    fn get(&self, _: AccountId, name: SecretName) -> inlet_model::Result<Option<SecretString>> {
        Ok(match name {
            SecretName::RelayKey => Some(self.key.clone()),
            SecretName::AppSecret => Some(self.secret.into()),
            SecretName::RelayLogin => self.login.clone().map(SecretString::from),
            _ => None,
        })
    }

    async fn put(&self, _: AccountId, _: SecretName, _: SecretString) -> inlet_model::Result<()> {
        Ok(())
    }
}

/// The number, read from this relay.
fn number(nats: &Nats) -> AccountConfig {
    AccountConfig::WhatsApp(WhatsAppConfig {
        phone_number_id: NUMBER.into(),
        business_account_id: "1".into(),
        api_root: "http://127.0.0.1:9/v23.0".into(),
        listen: "127.0.0.1:0".into(),
        public_url: None,
        number: None,
        relay: Some(RelayConfig { nats: nats.url(), ca: nats.ca() }),
    })
}

impl Desktop {
    fn new() -> Self {
        Self { key: Identity::generate(), queue: Arc::default() }
    }

    /// Opens the account; dropping it is switching the desktop off.
    fn on(&self, nats: &Nats) -> Arc<dyn MessageSource> {
        self.with_secret(nats, SECRET)
    }

    fn with_secret(&self, nats: &Nats, secret: &'static str) -> Arc<dyn MessageSource> {
        self.opened(number(nats), secret, Some(LOGIN))
    }

    /// Opens an account, with another login at NATS.
    fn opened(&self, config: AccountConfig, secret: &'static str, login: Option<&str>) -> Arc<dyn MessageSource> {
        let account = Account { id: AccountId(1), name: "shop".into(), config };
        let secrets = Kept { key: self.key.to_string(), secret, login: login.map(str::to_owned) };
        match open(&account, Arc::new(secrets), self.queue.clone()).unwrap().pop() {
            Some(AnySource::Message(source)) => source,
            _ => panic!("what is pushed is a source of messages"),
        }
    }

    /// Takes all there is, as one round of the engine does, and again after an error, as the engine would.
    async fn catch_up(&self, nats: &Nats) {
        all_read(&self.on(nats)).await;
    }

    /// What came, and that it is in order in each conversation.
    fn numbers(&self) -> Vec<usize> {
        let mut last = BTreeMap::new();
        let mut all = Vec::new();
        for body in self.queue.bodies() {
            let (conversation, number) = read(&body);
            let before = last.insert(conversation, number);
            assert!(before.is_none_or(|before| before < number), "{number} after {before:?} in {conversation}");
            all.push(number);
        }
        all.sort_unstable();
        all
    }
}

async fn all_read(source: &Arc<dyn MessageSource>) {
    timeout(LIMIT, async { while source.scopes().await.is_err() {} }).await;
}

/// The files below a folder.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let (mut left, mut found) = (vec![folder.to_owned()], Vec::new());
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            let content = std::fs::read(&path).unwrap();
            found.push((path, content));
        }
    }
    found
}

async fn jetstream(nats: &Nats) -> Context {
    let (user, password) = LOGIN.split_once(':').unwrap();
    let options = async_nats::ConnectOptions::with_user_and_password(user.into(), password.into());
    jetstream::new(options.connect(nats.url()).await.unwrap())
}

async fn kept(nats: &Nats) -> u64 {
    jetstream(nats).await.get_stream(STREAM).await.unwrap().cached_info().state.messages
}

/// Runs it until it says what is expected; nothing tells when another program is done.
async fn until<F: Future<Output = bool>>(what: &str, mut done: impl FnMut() -> F) {
    let waiting = async {
        while !done().await {
            tokio::task::yield_now().await;
        }
    };
    assert!(tokio::time::timeout(LIMIT, waiting).await.is_ok(), "never: {what}");
}

/// Kills NATS when half of it was posted, starts it again once the relay has noticed, and waits for the rest.
async fn kill_halfway(nats: &mut Nats, relay: &Running, halfway: oneshot::Receiver<()>, posters: Vec<JoinHandle<()>>) {
    timeout(LIMIT, halfway).await.unwrap();
    nats.kill();
    until("the relay notices", || async { relay.get("/healthz").await.status == 503 }).await;
    nats.again();
    for poster in posters {
        timeout(LIMIT, poster).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn away_while_ten_thousand_arrive_and_nats_is_killed_two_desktops_have_all_in_order() {
    const CONVERSATIONS: usize = 8;
    const EACH: usize = 1250;
    let Some(mut nats) = Nats::start("ten thousand events", Some(LOGIN)) else { return };
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (Desktop::new(), Desktop::new());
    let relay = Arc::new(start(&nats, folder.path(), &[&first, &second]).await.unwrap());
    // The first one is there at the beginning, and knows where it was.
    assert_eq!(relay.deliver(&event(0, 0)).await, 200);
    first.catch_up(&nats).await;
    assert_eq!(first.numbers(), [0]);

    let (half, halfway) = oneshot::channel();
    let mut half = Some(half);
    let posters: Vec<_> = (0..CONVERSATIONS)
        .map(|conversation| {
            let (relay, mut half) = (relay.clone(), half.take());
            tokio::spawn(async move {
                for number in 1..=EACH {
                    let body = event(conversation, number * CONVERSATIONS + conversation);
                    // A platform sends again what was not acknowledged.
                    while relay.deliver(&body).await != 200 {}
                    if number == EACH / 2
                        && let Some(half) = half.take()
                    {
                        half.send(()).unwrap();
                    }
                }
            })
        })
        .collect();
    kill_halfway(&mut nats, &relay, halfway, posters).await;
    let mut expected: Vec<usize> = (CONVERSATIONS..CONVERSATIONS * (EACH + 1)).collect();
    expected.insert(0, 0);

    // Both come back; in the middle of it JetStream goes away once more.
    let (one, two) = (first.on(&nats), second.on(&nats));
    let _ = tokio::join!(timeout(LIMIT, one.scopes()), async {
        until("the second begins", || async {
            let _ = two.scopes().await;
            !second.queue.bodies().is_empty()
        })
        .await;
    });
    nats.kill();
    nats.again();
    drop((one, two));
    first.catch_up(&nats).await;
    second.catch_up(&nats).await;
    for desktop in [&first, &second] {
        assert_eq!(desktop.numbers(), expected);
        assert_eq!(desktop.queue.gaps(), 0);
    }

    // Each has a durable consumer of its own, and nothing is left for either.
    let stream = jetstream(&nats).await.get_stream(STREAM).await.unwrap();
    let mut consumers = stream.consumers();
    let mut names = Vec::new();
    while let Some(consumer) = futures::StreamExt::next(&mut consumers).await {
        let consumer = consumer.unwrap();
        assert_eq!((consumer.num_pending, consumer.num_ack_pending), (0, 0));
        names.push(consumer.config.durable_name.unwrap());
    }
    names.dedup();
    assert_eq!(names.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_hundred_mutations_none_gets_in_and_of_fifty_replays_none_is_kept_twice() {
    let Some(nats) = Nats::start("mutations at the relay", Some(LOGIN)) else { return };
    let folder = tempfile::tempdir().unwrap();
    let desktop = Desktop::new();
    let relay = start(&nats, folder.path(), &[&desktop]).await.unwrap();
    let body = event(1, 1);
    let right = sign(&SECRET.into(), body.as_bytes());
    for (given, mutated) in &inlet_testkit::mutations(&right, &body) {
        assert_eq!(relay.post(given.trim_end(), mutated).await, 401, "{given} {mutated}");
    }
    assert_eq!(kept(&nats).await, 0);
    for _ in 0..50 {
        assert_eq!(relay.deliver(&body).await, 200);
    }
    assert_eq!(kept(&nats).await, 1);
    let old = body.replace(&NOW.to_string(), &(NOW - 9 * 86_400).to_string());
    assert_eq!(relay.deliver(&old).await, 403, "older than any platform repeats");
    let large = "x".repeat((4 << 20) + 1);
    assert_eq!(relay.deliver(&large).await, 413);
    // The largest one goes through, and is opened.
    let largest = format!("{}{}", event(1, 2), " ".repeat((4 << 20) - event(1, 2).len()));
    assert_eq!(relay.deliver(&largest).await, 200);
    desktop.catch_up(&nats).await;
    assert_eq!(desktop.numbers(), [1, 2]);

    let metrics = relay.get("/metrics").await;
    assert_eq!(metrics.status, 200);
    for line in [
        r#"inlet_relay_requests_total{platform="whatsapp",outcome="unsigned"} 200"#,
        r#"inlet_relay_requests_total{platform="whatsapp",outcome="known"} 49"#,
        r#"inlet_relay_requests_total{platform="whatsapp",outcome="stored"} 2"#,
        r#"inlet_relay_requests_total{platform="whatsapp",outcome="stale"} 1"#,
        "inlet_relay_nats_connected 1",
    ] {
        assert!(metrics.body.contains(line), "{line}\n{}", metrics.body);
    }
    assert!(!metrics.body.contains(NUMBER), "whose events they are is nobody's business");
    assert_eq!(relay.get("/healthz").await.status, 200);
    assert_eq!(relay.get("/whatsapp/2").await.status, 404);
    let asked = format!("{PATH}?hub.mode=subscribe&hub.challenge=7&hub.verify_token=wrong");
    assert_eq!(relay.get(&asked).await.status, 403);
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nats_and_its_files_hold_nothing_that_can_be_read() {
    let Some(nats) = Nats::start("sealed events", Some(LOGIN)) else { return };
    let folder = tempfile::tempdir().unwrap();
    let (desktop, stranger) = (Desktop::new(), Desktop::new());
    let relay = start(&nats, folder.path(), &[&desktop]).await.unwrap();
    for number in 0..50 {
        assert_eq!(relay.deliver(&event(1, number)).await, 200);
    }
    relay.stop().await;
    let mut bytes = 0;
    for (path, content) in contents(&nats.store()) {
        bytes += content.len();
        for canary in ["words-canary", "wamid", SECRET, &signature(SECRET, event(1, 3).as_bytes())[7..]] {
            let found = content.windows(canary.len()).any(|window| window == canary.as_bytes());
            assert!(!found, "{canary} in {}", path.display());
        }
    }
    assert!(bytes > 50 * 200, "the events are there: {bytes} bytes");
    // One who may read the stream, and has the secret, but for whom nothing was sealed.
    stranger.catch_up(&nats).await;
    assert!(stranger.queue.bodies().is_empty());
    desktop.catch_up(&nats).await;
    assert_eq!(desktop.numbers().len(), 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_stream_dropped_is_said_once() {
    let Some(nats) = Nats::start("a gap in the stream", Some(LOGIN)) else { return };
    let folder = tempfile::tempdir().unwrap();
    let desktop = Desktop::new();
    let relay = start(&nats, folder.path(), &[&desktop]).await.unwrap();
    let stream = jetstream(&nats).await.get_stream(STREAM).await.unwrap();
    for number in 0..3 {
        assert_eq!(relay.deliver(&event(1, number)).await, 200);
    }
    desktop.catch_up(&nats).await;
    for number in 3..10 {
        assert_eq!(relay.deliver(&event(1, number)).await, 200);
    }
    // As the stream's limits would: the oldest go. Sequences begin with 1.
    stream.purge().sequence(7).await.unwrap();
    stream.delete_message(9).await.unwrap();
    desktop.catch_up(&nats).await;
    desktop.catch_up(&nats).await;
    assert_eq!(desktop.numbers(), [0, 1, 2, 6, 7, 9]);
    assert_eq!(desktop.queue.gaps(), 2);

    // A stream that was made anew is another one: what the old one still had is gone.
    relay.stop().await;
    jetstream(&nats).await.delete_stream(STREAM).await.unwrap();
    let relay = start(&nats, folder.path(), &[&desktop]).await.unwrap();
    assert_eq!(relay.deliver(&event(1, 10)).await, 200);
    desktop.catch_up(&nats).await;
    assert_eq!(desktop.numbers(), [0, 1, 2, 6, 7, 9, 10]);
    assert_eq!(desktop.queue.gaps(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desktop_that_could_not_keep_them_or_knew_another_secret_goes_on_where_it_was() {
    let Some(nats) = Nats::start("a disk that is full", Some(LOGIN)) else { return };
    let folder = tempfile::tempdir().unwrap();
    let desktop = Desktop::new();
    let relay = start(&nats, folder.path(), &[&desktop]).await.unwrap();
    for number in 0..200 {
        assert_eq!(relay.deliver(&event(number % 3, number)).await, 200);
    }
    let wrong = desktop.with_secret(&nats, "another").scopes().await.unwrap_err();
    assert!(matches!(&wrong, SourceError::Permanent(text) if text.contains("another secret")), "{wrong:?}");
    assert!(desktop.queue.bodies().is_empty());
    desktop.queue.fail(2);
    desktop.catch_up(&nats).await;
    assert_eq!(desktop.numbers(), (0..200).collect::<Vec<_>>());
    // While it looks, what comes is here at once, and waiting for it ends.
    let source = desktop.on(&nats);
    let scope =
        Scope { remote: "messages".into(), name: String::new(), role: ScopeRole::Chat, pulled: true, live: true };
    let page = source.pull(&scope, None).await.unwrap();
    assert!(page.more || !page.poison.is_empty() || !page.upserts.is_empty());
    let relay_gone = async {
        assert_eq!(relay.deliver(&event(1, 200)).await, 200);
        until("it is here", || async { desktop.queue.bodies().len() == 201 }).await;
    };
    tokio::join!(relay_gone, async { timeout(LIMIT, source.wait(&scope)).await.unwrap() });
    assert_eq!(desktop.queue.gaps(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_nats_is_said() {
    let Some(mut nats) = Nats::start("nats is wrong", Some(LOGIN)) else { return };
    let desktop = Desktop::new();
    let missing = desktop.on(&nats).scopes().await.unwrap_err();
    assert!(matches!(&missing, SourceError::Permanent(text) if text.contains("no stream")), "{missing:?}");
    let file = format!(
        "[[hook]]\nplatform = \"whatsapp\"\npath = \"{PATH}\"\nsecret = \"env:PATH\"\ndesktops = [\"{}\"]\n",
        desktop.key.to_public()
    );
    let options = || Options {
        listen: "127.0.0.1:0".parse().unwrap(),
        nats: nats.url(),
        file: toml::from_str(&file).unwrap(),
        now: Arc::new(|| inlet_model::Timestamp::UNIX_EPOCH),
    };
    let refused = Relay::start(options()).await.err();
    assert!(matches!(refused, Some(SourceError::AuthNeeded(_))), "{refused:?}");
    let away = options();
    nats.kill();
    let away = Relay::start(away).await.err();
    assert!(matches!(away, Some(SourceError::Offline(_))), "{away:?}");
    let away = desktop.on(&nats).scopes().await.unwrap_err();
    assert!(matches!(away, SourceError::Offline(_)), "{away:?}");
}

#[test]
fn a_secret_is_never_written_into_the_file() {
    let hook = |secret: &str, key: &str| {
        format!(
            "[[hook]]\nplatform = \"whatsapp\"\npath = \"/whatsapp/1\"\nsecret = \"{secret}\"\ndesktops = [{key}]\n"
        )
    };
    let key = format!("\"{}\"", Identity::generate().to_public());
    let parsed = |text: &str| toml::from_str::<inlet_connectors::relay::File>(text);
    assert!(parsed(&hook("env:SECRET", &key)).is_ok());
    for wrong in [hook("s3cret-canary", &key), hook("stdin", ""), hook("stdin", "\"age1typo\"")] {
        let error = parsed(&wrong).unwrap_err();
        assert!(!error.message().contains("canary"), "{error}");
    }
    assert!(parsed(&hook("stdin", &key).replace("whatsapp\"\npath", "letters\"\npath")).is_err());
}
