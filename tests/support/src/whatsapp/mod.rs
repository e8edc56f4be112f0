//! A Cloud API that refuses what Meta does not document, and sends what Meta would.
//!
//! Each request is checked against Meta's own schema ([`spec`]); so is each answer and each event, so that
//! the fake cannot be lenient where Meta is not. Events go into a queue at once, or are signed and posted
//! to where the account listens.

mod server;
mod spec;

use std::{
    collections::HashMap,
    net::{SocketAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use base64::{Engine, engine::general_purpose::STANDARD};
use inlet_model::{EventQueue, WhatsAppConfig};
use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::{
    inbound::{post, signature},
    wire::Hosted,
};
use spec::Spec;
pub use spec::{Documented, Example};

/// The access token that is good at first.
pub const TOKEN: &str = "EAAG-good";
/// What events are signed with.
pub const APP_SECRET: &str = "app-secret-of-the-fake";
/// Meta's id of the number.
pub const NUMBER_ID: &str = "106540352242922";
/// Meta's id of the business account.
pub const ACCOUNT_ID: &str = "102290129340398";
/// The number.
pub const NUMBER: &str = "15550783881";
/// Somebody who writes.
pub const ANA: &str = "4917612345678";

/// Where events go.
#[derive(Clone)]
pub enum Events {
    /// Nowhere.
    Dropped,
    /// Into a queue, as if they had been received.
    Into(Arc<dyn EventQueue>),
    /// Posted, signed, to where the account listens.
    PostedTo(SocketAddr),
}

/// What happens to the next request that sends a message.
#[derive(Clone, Debug)]
pub enum Fault {
    /// It is refused with this status and code.
    Refused(u16, i64),
    /// The message is taken, and the answer is lost.
    Lost,
    /// The message is taken, the answer is lost, and nothing is told of it later.
    LostForGood,
    /// The connection breaks before the message is taken.
    Broken,
}

pub(crate) struct World {
    spec: Arc<Spec>,
    token: Mutex<String>,
    /// Bodies of messages that were taken.
    sent: Mutex<Vec<Value>>,
    /// Ids of messages that were taken, with when; nothing where Meta gives no history.
    history: Mutex<Option<Vec<(String, u64)>>>,
    read: Mutex<Vec<Value>>,
    complaints: Mutex<Vec<String>>,
    faults: Mutex<Vec<Fault>>,
    /// What the next request of a kind is answered with.
    answers: Mutex<Vec<Documented>>,
    files: Mutex<HashMap<String, (String, Vec<u8>)>>,
    templates: Mutex<Vec<Value>>,
    subscribed: Mutex<Vec<Value>>,
    events: Mutex<Option<Events>>,
    /// Statuses told for each message that is taken.
    told: Mutex<Vec<&'static str>>,
    requests: AtomicU64,
    /// A request was answered.
    answered: tokio::sync::Notify,
    next: AtomicU64,
    clock: AtomicU64,
    runtime: tokio::runtime::Handle,
}

/// A fake Cloud API with one number; it ends when dropped.
pub struct FakeWhatsApp {
    world: Arc<World>,
    address: SocketAddr,
    _server: Hosted,
}

impl FakeWhatsApp {
    /// Starts it inside a runtime; `None` with a line that says which test was skipped, where the
    /// specification is not there.
    ///
    /// # Panics
    /// When the specification does not compile.
    pub fn start(test: &str) -> Option<Self> {
        let spec = Spec::load(&crate::shared(test)?);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let world = Arc::new(World {
            spec,
            token: Mutex::new(TOKEN.to_owned()),
            sent: Mutex::default(),
            history: Mutex::new(Some(Vec::new())),
            read: Mutex::default(),
            complaints: Mutex::default(),
            faults: Mutex::default(),
            answers: Mutex::default(),
            files: Mutex::default(),
            templates: Mutex::default(),
            subscribed: Mutex::new(vec![json!({ "id": "1", "name": "Inlet" })]),
            events: Mutex::new(Some(Events::Dropped)),
            told: Mutex::new(vec!["sent"]),
            requests: AtomicU64::new(0),
            answered: tokio::sync::Notify::new(),
            next: AtomicU64::new(1),
            clock: AtomicU64::new(1_750_000_000),
            runtime: tokio::runtime::Handle::current(),
        });
        let server = server::start(listener, Arc::clone(&world));
        Some(Self { world, address, _server: server })
    }

    /// The settings of an account here; events are received at `listen`.
    pub fn config(&self, listen: &str) -> WhatsAppConfig {
        WhatsAppConfig {
            phone_number_id: NUMBER_ID.to_owned(),
            business_account_id: ACCOUNT_ID.to_owned(),
            api_root: format!("http://{}/v23.0", self.address),
            listen: listen.to_owned(),
            public_url: None,
            number: Some(format!("+{NUMBER}")),
            relay: None,
        }
    }

    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Says where events go.
    pub fn events(&self, to: Events) {
        *self.world.events.lock() = Some(to);
    }

    /// Says which statuses are told of each message that is taken, before its request is answered.
    pub fn tells(&self, statuses: &[&'static str]) {
        *self.world.told.lock() = statuses.to_vec();
    }

    /// The next message fares like this.
    pub fn fault(&self, fault: Fault) {
        self.world.faults.lock().push(fault);
    }

    /// The token is another one from now on.
    pub fn revoke(&self) {
        *self.world.token.lock() = "another".to_owned();
    }

    /// What was sent, as it was asked for.
    pub fn sent(&self) -> Vec<Value> {
        self.world.sent.lock().clone()
    }

    /// Meta gives no history of this number.
    pub fn without_history(&self) {
        *self.world.history.lock() = None;
    }

    /// What was marked as read.
    pub fn marked(&self) -> Vec<Value> {
        self.world.read.lock().clone()
    }

    /// What apps were subscribed with.
    pub fn subscribed(&self) -> Vec<Value> {
        self.world.subscribed.lock().clone()
    }

    /// No app is subscribed.
    pub fn unsubscribe(&self) {
        self.world.subscribed.lock().clear();
    }

    /// Requests that came in.
    pub fn requests(&self) -> u64 {
        self.world.requests.load(Ordering::SeqCst)
    }

    /// Returns once this holds, looking again after each request.
    pub async fn until(&self, holds: impl Fn(&Self) -> bool) {
        loop {
            let mut answered = std::pin::pin!(self.world.answered.notified());
            answered.as_mut().enable();
            if holds(self) {
                return;
            }
            answered.await;
        }
    }

    /// What was wrong with requests that were refused for not being documented.
    pub fn complaints(&self) -> Vec<String> {
        self.world.complaints.lock().clone()
    }

    /// Documented bodies.
    pub fn examples(&self) -> Vec<Example> {
        self.world.spec.examples().to_vec()
    }

    /// Examples of the specification itself: what Meta sends to us, and what it answers to all that is played here.
    pub fn documented(&self) -> Vec<Documented> {
        let all = self.world.spec.documented().iter();
        all.filter(|one| match one.status {
            None => one.path == "/whatsapp/webhooks",
            Some(_) => Spec::is_played(&one.method, &one.path),
        })
        .cloned()
        .collect()
    }

    /// What is wrong with an answer that is an example.
    pub fn judge_answer(&self, example: &Documented) -> Vec<String> {
        let status = example.status.expect("an answer");
        self.world.spec.answer(&example.method, &example.path, status, &example.body)
    }

    /// The next request of its kind is answered as this example says.
    pub fn answer(&self, example: &Documented) {
        self.world.answers.lock().push(example.clone());
    }

    /// What is wrong with a request to send a message.
    pub fn judge(&self, body: &Value) -> Vec<String> {
        self.world.spec.request("post", "/{Version}/{Phone-Number-ID}/messages", &HashMap::new(), Some(body))
    }

    /// What is wrong with an event.
    pub fn judge_event(&self, body: &Value) -> Vec<String> {
        self.world.spec.webhook(body)
    }

    /// A template somebody had approved.
    pub fn template(&self, template: Value) {
        self.world.templates.lock().push(template);
    }

    /// A file that somebody sent; its id.
    pub fn file(&self, mime: &str, bytes: &[u8]) -> String {
        self.world.keep(mime, bytes.to_vec())
    }

    /// A file that was brought here.
    pub fn uploaded(&self, id: &str) -> Option<(String, Vec<u8>)> {
        self.world.files.lock().get(id).cloned()
    }

    /// Meta's clock, in seconds since 1970.
    pub fn set_clock(&self, seconds: u64) {
        self.world.clock.store(seconds, Ordering::SeqCst);
    }

    /// Somebody writes; the id of the message.
    pub async fn say(&self, from: &str, name: &str, text: &str) -> String {
        self.message(from, name, json!({ "type": "text", "text": { "body": text } })).await
    }

    /// Somebody sends something of another kind; the id of the message.
    pub async fn message(&self, from: &str, name: &str, content: Value) -> String {
        let mut message = json!({ "from": from, "id": self.world.id(from), "timestamp": self.world.now() });
        for (key, value) in content.as_object().expect("an object") {
            message[key] = value.clone();
        }
        let id = message["id"].as_str().expect("an id").to_owned();
        let contact = json!({ "profile": { "name": name }, "wa_id": from });
        self.tell("messages", json!({ "contacts": [contact], "messages": [message] })).await;
        id
    }

    /// A status of a message.
    pub async fn status(&self, id: &str, to: &str, status: &str, key: Option<&str>, code: Option<i64>) {
        self.tell("messages", json!({ "statuses": [self.world.status(id, to, status, key, code)] })).await;
    }

    /// A change of any kind.
    pub async fn tell(&self, field: &str, value: Value) {
        self.deliver(&self.world.event(field, value)).await;
    }

    /// An event as it stands, which has to be one that Meta documents.
    ///
    /// # Panics
    /// When nobody documents it, or it is not taken.
    pub async fn deliver(&self, body: &Value) {
        let wrong = self.world.spec.webhook(body);
        assert!(wrong.is_empty(), "Meta documents no such event: {wrong:?}");
        self.world.deliver(body.to_string()).await;
    }
}

impl World {
    fn now(&self) -> String {
        self.clock.fetch_add(1, Ordering::SeqCst).to_string()
    }

    /// The id of a message, which names whom it came from or goes to, as Meta's do.
    fn id(&self, who: &str) -> String {
        let mut bytes = vec![0x1c, 0x18, u8::try_from(who.len()).expect("a number")];
        bytes.extend(who.as_bytes());
        bytes.extend([0x15, 0x02, 0x00, 0x11, 0x18, 0x12]);
        bytes.extend(format!("{:018X}", self.next.fetch_add(1, Ordering::SeqCst)).as_bytes());
        bytes.push(0);
        format!("wamid.{}", STANDARD.encode(bytes))
    }

    fn keep(&self, mime: &str, bytes: Vec<u8>) -> String {
        let id = format!("{}", 1_003_383_421_387_000 + self.next.fetch_add(1, Ordering::SeqCst));
        self.files.lock().insert(id.clone(), (mime.to_owned(), bytes));
        id
    }

    fn event(&self, field: &str, mut value: Value) -> Value {
        value["messaging_product"] = json!("whatsapp");
        value["metadata"] = json!({ "display_phone_number": NUMBER, "phone_number_id": NUMBER_ID });
        json!({
            "object": "whatsapp_business_account",
            "entry": [{ "id": ACCOUNT_ID, "changes": [{ "field": field, "value": value }] }],
        })
    }

    fn status(&self, id: &str, to: &str, status: &str, key: Option<&str>, code: Option<i64>) -> Value {
        let mut told = json!({ "id": id, "status": status, "timestamp": self.now(), "recipient_id": to });
        if let Some(key) = key {
            told["biz_opaque_callback_data"] = json!(key);
        }
        if let Some(code) = code {
            told["errors"] = json!([{ "code": code, "title": "Failed", "message": "Failed" }]);
        }
        told
    }

    async fn deliver(&self, body: String) {
        let events = self.events.lock().clone();
        match events {
            None | Some(Events::Dropped) => {}
            Some(Events::Into(queue)) => {
                queue.append(body.as_bytes(), None).await.expect("a queue");
            }
            Some(Events::PostedTo(address)) => {
                let path = format!("/whatsapp/{NUMBER_ID}");
                let signed = signature(APP_SECRET, body.as_bytes());
                let answer = post(address, &path, &[("X-Hub-Signature-256", signed.as_str())], &body).await;
                assert_eq!(answer.status, 200, "an event is taken");
            }
        }
    }
}
