//! Where channels send to: Slack's incoming webhooks, Telegram's Bot API, and a receiver that verifies Standard
//! Webhooks. No schema of theirs is published, so that requests are checked by what the vendors' pages say; one
//! that does not fit is refused, and complained of.

use std::{
    collections::{HashMap, VecDeque},
    future::pending,
    io,
    net::{SocketAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use hmac::{Hmac, Mac};
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Incoming};
use parking_lot::Mutex;
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::Notify;

use crate::wire::{self, Hosted};

/// The path of Slack's webhook, which is its secret.
pub const SLACK_PATH: &str = "/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX";
/// The token of the bot, as Telegram's documentation writes one.
pub const BOT_TOKEN: &str = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11";
/// The chat the bot is in.
pub const CHAT: i64 = -1_001_234_567_890;
/// The key of the signature, the example of the specification.
pub const SIGNING: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// What the next request comes to instead.
#[derive(Clone, Debug)]
pub enum Mishap {
    /// Nothing is done, and this is answered: a status, `Retry-After`, a body.
    Answers(u16, Option<u64>, String),
    /// It is done, and nobody is told.
    Lost,
    /// Nothing is done, and nobody ever answers.
    Hung,
}

#[derive(Default)]
struct World {
    /// What was taken, in order: the way, an id where it has one, the body.
    taken: Mutex<Vec<(&'static str, String, Value)>>,
    mishaps: Mutex<VecDeque<Mishap>>,
    complaints: Mutex<Vec<String>>,
    /// The request that is answered now never is.
    hung: AtomicBool,
    hangs: Notify,
}

/// All of them on one port.
pub struct FakeChannels {
    address: SocketAddr,
    world: Arc<World>,
    _hosted: Hosted,
}

impl FakeChannels {
    /// On a free port.
    ///
    /// # Panics
    /// When there is none.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let world = Arc::new(World::default());
        let answering = Arc::clone(&world);
        let hosted =
            Hosted::run(move || wire::serve(listener, move |request| respond(Arc::clone(&answering), request)));
        Self { address, world, _hosted: hosted }
    }

    /// The address of Slack's webhook.
    pub fn slack(&self) -> String {
        format!("http://{}{SLACK_PATH}", self.address)
    }

    /// Root of the Bot API.
    pub fn telegram(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address of the receiver.
    pub fn receiver(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// What happens to the next requests that would send something.
    pub fn mishap(&self, mishap: Mishap) {
        self.world.mishaps.lock().push_back(mishap);
    }

    /// Returns when there is a request that is never answered.
    pub async fn hangs(&self) {
        self.world.hangs.notified().await;
    }

    /// All that was to happen to the next requests does not.
    pub fn mend(&self) {
        self.world.mishaps.lock().clear();
    }

    /// What was taken so far, each id once: the way, the id, the body.
    pub fn taken(&self) -> Vec<(&'static str, String, Value)> {
        self.world.taken.lock().clone()
    }

    /// Requests that no vendor describes.
    pub fn complaints(&self) -> Vec<String> {
        self.world.complaints.lock().clone()
    }
}

impl World {
    fn complain(&self, about: impl Into<String>) {
        self.complaints.lock().push(about.into());
    }

    /// Takes something in, unless it has been taken or something else is to happen.
    fn take(
        &self,
        way: &'static str,
        id: String,
        body: Value,
        good: (u16, String),
    ) -> Option<(u16, Option<u64>, String)> {
        let mishap = self.mishaps.lock().pop_front();
        let lost = match mishap {
            Some(Mishap::Answers(status, after, body)) => return Some((status, after, body)),
            Some(Mishap::Hung) => {
                self.hung.store(true, Ordering::SeqCst);
                return None;
            }
            Some(Mishap::Lost) => true,
            None => false,
        };
        let mut taken = self.taken.lock();
        if id.is_empty() || !taken.iter().any(|(_, known, _)| *known == id) {
            taken.push((way, id, body));
        }
        (!lost).then_some((good.0, None, good.1))
    }
}

async fn respond(world: Arc<World>, request: Request<Incoming>) -> io::Result<Response<Full<Bytes>>> {
    let (head, body) = request.into_parts();
    let bytes = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let text = |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers: HashMap<String, String> =
        head.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    if head.method != hyper::Method::POST {
        world.complain(format!("{} instead of POST", head.method));
    }
    if headers.get("content-type").map(String::as_str) != Some("application/json") {
        world.complain("a body that is not application/json");
    }
    let json: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let answer = match head.uri.path() {
        SLACK_PATH => slack(&world, json),
        "/hook" => receiver(&world, &headers, &bytes, json),
        path => match path.strip_prefix("/bot").and_then(|rest| rest.split_once('/')) {
            Some((token, method)) => telegram(&world, token, method, json),
            // Slack answers so for a webhook that was removed.
            None => Some((404, None, "no_service".to_owned())),
        },
    };
    if world.hung.swap(false, Ordering::SeqCst) {
        world.hangs.notify_one();
        pending::<()>().await;
    }
    let (status, after, body) = answer.ok_or_else(|| io::Error::other("nobody is told"))?;
    let mut response = Response::builder().status(status);
    if let Some(after) = after {
        response = response.header("retry-after", after);
    }
    response.body(Full::from(body)).map_err(io::Error::other)
}

/// <https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks> and the reference of the blocks.
fn slack(world: &World, body: Value) -> Option<(u16, Option<u64>, String)> {
    if let Some(wrong) = wrong_message(&body) {
        world.complain(format!("Slack: {wrong}"));
        return Some((400, None, "invalid_payload".to_owned()));
    }
    world.take("slack", String::new(), body, (200, "ok".to_owned()))
}

fn wrong_message(body: &Value) -> Option<String> {
    let known = ["text", "blocks", "unfurl_links", "unfurl_media", "thread_ts", "response_type", "attachments"];
    if let Some(strange) = body.as_object()?.keys().find(|key| !known.contains(&key.as_str())) {
        return Some(format!("there is no field {strange}"));
    }
    if body["text"].as_str().unwrap_or_default().is_empty() {
        return Some("text is missing".to_owned());
    }
    let length = |text: &Value| text["text"].as_str().unwrap_or_default().chars().count();
    let object = |text: &Value, most: usize| match text["type"].as_str() {
        Some("plain_text" | "mrkdwn") if (1..=most).contains(&length(text)) => None,
        _ => Some(format!("a text object of 1 to {most} characters, not {text}")),
    };
    for block in body["blocks"].as_array()? {
        let wrong = match block["type"].as_str() {
            Some("header") if block["text"]["type"] != "plain_text" => Some("a header is plain text".to_owned()),
            Some("header") => object(&block["text"], 150),
            Some("section") => object(&block["text"], 3000),
            Some("context") => match block["elements"].as_array() {
                Some(elements) if (1..=10).contains(&elements.len()) => {
                    elements.iter().find_map(|element| object(element, 2000))
                }
                _ => Some("a context has 1 to 10 elements".to_owned()),
            },
            other => Some(format!("no block of ours is {other:?}")),
        };
        if wrong.is_some() {
            return wrong;
        }
    }
    None
}

/// <https://core.telegram.org/bots/api>.
fn telegram(world: &World, token: &str, method: &str, body: Value) -> Option<(u16, Option<u64>, String)> {
    let refusal = |code: u16, text: &str| {
        Some((code, None, json!({ "ok": false, "error_code": code, "description": text }).to_string()))
    };
    if token != BOT_TOKEN {
        return refusal(401, "Unauthorized");
    }
    let good = |result: Value| (200, json!({ "ok": true, "result": result }).to_string());
    let answer = |(status, body)| Some((status, None, body));
    match method {
        "getMe" => {
            answer(good(json!({ "id": 123_456, "is_bot": true, "first_name": "Inlet", "username": "inlet_bot" })))
        }
        "getChat" | "sendMessage" if body["chat_id"] != CHAT => refusal(400, "Bad Request: chat not found"),
        "getChat" => answer(good(json!({ "id": CHAT, "type": "supergroup", "title": "Watch" }))),
        "sendMessage" => {
            let known = ["chat_id", "text", "link_preview_options", "parse_mode", "disable_notification"];
            let strange = body.as_object().and_then(|body| body.keys().find(|key| !known.contains(&key.as_str())));
            let units = body["text"].as_str().unwrap_or_default().encode_utf16().count();
            if strange.is_some() || !(1..=4096).contains(&units) {
                world.complain(format!("Telegram: {units} units of text, and {strange:?}"));
                return refusal(400, "Bad Request: message text is empty or too long");
            }
            let number = 1000 + world.taken.lock().len();
            let sent = json!({ "message_id": number, "date": 1_750_000_000, "chat": { "id": CHAT, "type": "supergroup" }, "text": body["text"] });
            world.take("telegram", String::new(), body, good(sent))
        }
        _ => {
            world.complain(format!("Telegram has no method {method}"));
            refusal(404, "Not Found")
        }
    }
}

/// A receiver by the specification of Standard Webhooks.
fn receiver(
    world: &World,
    headers: &HashMap<String, String>,
    bytes: &[u8],
    body: Value,
) -> Option<(u16, Option<u64>, String)> {
    let header = |name: &str| headers.get(name).cloned().unwrap_or_default();
    let (id, seconds) = (header("webhook-id"), header("webhook-timestamp"));
    let now = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
    let late = seconds.parse::<u64>().map_or(u64::MAX, |seconds| now.abs_diff(seconds));
    let key = STANDARD.decode(SIGNING.trim_start_matches("whsec_")).expect("a key");
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key");
    mac.update(format!("{id}.{seconds}.").as_bytes());
    mac.update(bytes);
    let signed = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    if id.is_empty() || late > 300 || !header("webhook-signature").split(' ').any(|one| one == signed) {
        return Some((401, None, String::new()));
    }
    if !body["type"].is_string() || !body["timestamp"].is_string() || !body["data"].is_object() {
        world.complain("a payload has type, timestamp and data");
    }
    world.take("webhook", id, body, (204, String::new()))
}
