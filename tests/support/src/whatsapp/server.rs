//! The fake on one port.

use std::{collections::HashMap, io, net::TcpListener, sync::Arc, sync::atomic::Ordering};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Response, body::Incoming};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{ACCOUNT_ID, Documented, Fault, NUMBER, NUMBER_ID, World};
use crate::wire::{self, Hosted};

/// Starts it; it ends when what comes back is dropped.
pub(super) fn start(listener: TcpListener, world: Arc<World>) -> Hosted {
    Hosted::run(move || wire::serve(listener, move |request| respond(Arc::clone(&world), request)))
}

struct Request {
    method: String,
    path: String,
    query: HashMap<String, String>,
    headers: HashMap<String, String>,
    body: Bytes,
}

/// What is answered; nothing for an answer that is lost.
type Answer = Option<(u16, &'static str, Vec<u8>)>;

async fn respond(world: Arc<World>, request: hyper::Request<Incoming>) -> io::Result<Response<Full<Bytes>>> {
    world.requests.fetch_add(1, Ordering::SeqCst);
    let (head, body) = request.into_parts();
    let text = |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let request = Request {
        method: head.method.as_str().to_lowercase(),
        path: head.uri.path().to_owned(),
        query: form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes()).into_owned().collect(),
        headers: head.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
        body: body.collect().await.map_err(io::Error::other)?.to_bytes(),
    };
    // Statuses may be told before the answer, which is waited for.
    let asked = Arc::clone(&world);
    let answered = tokio::task::spawn_blocking(move || answer(&request, &asked)).await.map_err(io::Error::other)?;
    world.answered.notify_waiters();
    let (status, mime, body) = answered.ok_or_else(|| io::Error::other("nobody is told"))?;
    let response = Response::builder().status(status).header("content-type", mime);
    response.body(Full::from(body)).map_err(io::Error::other)
}

fn refusal(status: u16, code: i64) -> (u16, Value) {
    (
        status,
        json!({ "error": { "message": "(in words)", "type": "OAuthException", "code": code, "fbtrace_id": "A1" } }),
    )
}

fn answer(request: &Request, world: &World) -> Answer {
    let bearer = request.headers.get("authorization").and_then(|value| value.strip_prefix("Bearer "));
    let welcome = bearer == Some(world.token.lock().as_str());
    if let Some(id) = request.path.strip_prefix("/files/") {
        let file = world.files.lock().get(id).cloned().filter(|_| welcome);
        return Some(match file {
            Some((_, bytes)) => (200, "application/octet-stream", bytes),
            None => (404, "text/plain", b"gone".to_vec()),
        });
    }
    let parts: Vec<&str> = request.path.trim_start_matches('/').split('/').collect();
    let template = match (request.method.as_str(), parts.as_slice()) {
        ("post", ["v23.0", id, "messages"]) if *id == NUMBER_ID => "/{Version}/{Phone-Number-ID}/messages",
        ("post", ["v23.0", id, "media"]) if *id == NUMBER_ID => "/{Version}/{Phone-Number-ID}/media",
        ("get", ["v23.0", id, "message_history"]) if *id == NUMBER_ID => "/{Version}/{Phone-Number-ID}/message_history",
        ("get", ["v23.0", id, "phone_numbers"]) if *id == ACCOUNT_ID => "/{Version}/{WABA-ID}/phone_numbers",
        (_, ["v23.0", id, "subscribed_apps"]) if *id == ACCOUNT_ID => "/{Version}/{WABA-ID}/subscribed_apps",
        ("get", ["v23.0", id, "message_templates"]) if *id == ACCOUNT_ID => "/{Version}/{WABA-ID}/message_templates",
        ("get", ["v23.0", id]) if *id == NUMBER_ID => "/{Version}/{Phone-Number-ID}",
        ("get", ["v23.0", _]) => "/{Version}/{Media-ID}",
        _ => return Some(write(refusal(404, 803))),
    };
    if !welcome {
        return Some(write(refusal(401, 190)));
    }
    let multipart = request.headers.get("content-type").is_some_and(|mime| mime.starts_with("multipart/form-data"));
    let body = (!request.body.is_empty() && !multipart)
        .then(|| serde_json::from_slice::<Value>(&request.body).unwrap_or(Value::String("no JSON".into())));
    let wrong = world.spec.request(&request.method, template, &request.query, body.as_ref());
    if !wrong.is_empty() {
        world.complaints.lock().extend(wrong);
        return Some(write(refusal(400, 100)));
    }
    if let Some(answer) = documented(world, &request.method, template) {
        return Some(write(answer));
    }
    let (status, answer) = match (request.method.as_str(), template) {
        (_, "/{Version}/{Phone-Number-ID}/messages") => return message(world, &body.unwrap_or_default()),
        (_, "/{Version}/{Phone-Number-ID}/media") => match file(request) {
            Some((mime, bytes)) => (200, json!({ "id": world.keep(&mime, bytes) })),
            None => {
                world
                    .complaints
                    .lock()
                    .push("a file comes as multipart/form-data with messaging_product and file".into());
                refusal(400, 100)
            }
        },
        (_, "/{Version}/{Phone-Number-ID}/message_history") => history(world, &request.query),
        (_, "/{Version}/{Phone-Number-ID}") => (
            200,
            json!({ "id": NUMBER_ID, "display_phone_number": "+1 555-078-3881", "verified_name": "Jasper's Market" }),
        ),
        (_, "/{Version}/{WABA-ID}/phone_numbers") => (
            200,
            json!({ "data": [{ "id": NUMBER_ID, "display_phone_number": format!("+{NUMBER}"), "verified_name": "Jasper's Market", "status": "LINKED", "quality_rating": "GREEN" }] }),
        ),
        ("post", "/{Version}/{WABA-ID}/subscribed_apps") => {
            world.subscribed.lock().push(body.unwrap_or_default());
            (200, json!({ "success": true }))
        }
        (_, "/{Version}/{WABA-ID}/subscribed_apps") => (200, json!({ "data": world.subscribed.lock().clone() })),
        (_, "/{Version}/{WABA-ID}/message_templates") => (200, json!({ "data": world.templates.lock().clone() })),
        _ => match world.files.lock().get(parts[1]) {
            Some((mime, bytes)) => {
                let host = request.headers.get("host").cloned().unwrap_or_default();
                let url = format!("http://{host}/files/{}", parts[1]);
                let size = bytes.len().to_string();
                (
                    200,
                    json!({ "messaging_product": "whatsapp", "url": url, "mime_type": mime, "sha256": "x", "file_size": size, "id": parts[1] }),
                )
            }
            None => refusal(400, 100),
        },
    };
    let wrong = world.spec.answer(&request.method, template, status, &answer);
    assert!(wrong.is_empty(), "the fake answers what Meta would not: {wrong:?}");
    Some(write((status, answer)))
}

/// The example that this request is to be answered with.
fn documented(world: &World, method: &str, template: &str) -> Option<(u16, Value)> {
    let mut answers = world.answers.lock();
    let place = answers.iter().position(|one| one.method == method && one.path == template)?;
    let Documented { status, body, .. } = answers.remove(place);
    Some((status?, body))
}

fn write((status, body): (u16, Value)) -> (u16, &'static str, Vec<u8>) {
    (status, "application/json", body.to_string().into_bytes())
}

/// What was sent, the newest first, a few on a page.
fn history(world: &World, query: &HashMap<String, String>) -> (u16, Value) {
    /// Fewer than Meta's, so that a test need not send a hundred messages to turn a page.
    const PAGE: usize = 3;
    let kept = world.history.lock();
    let Some(history) = &*kept else { return refusal(403, 10) };
    let from: usize = query.get("after").and_then(|after| after.parse().ok()).unwrap_or(0);
    let entry = |(place, (id, at)): (usize, &(String, u64))| {
        let event = json!({ "id": format!("2{place}"), "delivery_status": "SENT", "timestamp": at });
        json!({ "id": format!("1{place}"), "message_id": id, "events": { "data": [event] } })
    };
    let data: Vec<Value> = history.iter().rev().enumerate().skip(from).take(PAGE).map(entry).collect();
    let mut answer = json!({ "data": data });
    if from + PAGE < history.len() {
        let next = format!("https://graph.facebook.com/v23.0/{NUMBER_ID}/message_history?after={}", from + PAGE);
        let cursors = json!({ "after": (from + PAGE).to_string(), "before": from.to_string() });
        answer["paging"] = json!({ "cursors": cursors, "next": next });
    }
    (200, answer)
}

/// Takes a message, or a word that one was read.
fn message(world: &World, body: &Value) -> Answer {
    if body["status"] == "read" {
        world.read.lock().push(body.clone());
        return Some(write((200, json!({ "success": true }))));
    }
    let mut faults = world.faults.lock();
    let fault = (!faults.is_empty()).then(|| faults.remove(0));
    drop(faults);
    if let Some(Fault::Refused(status, code)) = fault {
        return Some(write(refusal(status, code)));
    }
    if matches!(fault, Some(Fault::Broken)) {
        return None;
    }
    let to = body["to"].as_str().unwrap_or_default().to_owned();
    let id = world.id(&to);
    if let Some(history) = &mut *world.history.lock() {
        history.push((id.clone(), world.clock.load(Ordering::SeqCst)));
    }
    let mut taken = body.clone();
    taken["id"] = json!(id);
    world.sent.lock().push(taken);
    let told = if matches!(fault, Some(Fault::LostForGood)) { Vec::new() } else { world.told.lock().clone() };
    for status in told {
        let key = body["biz_opaque_callback_data"].as_str();
        let event = world.event("messages", json!({ "statuses": [world.status(&id, &to, status, key, None)] }));
        world.runtime.block_on(world.deliver(event.to_string()));
    }
    if fault.is_some() {
        return None;
    }
    let answer = json!({ "messaging_product": "whatsapp", "contacts": [{ "input": to, "wa_id": to }], "messages": [{ "id": id }] });
    Some(write((200, answer)))
}

/// The file of a form, with its type.
fn file(request: &Request) -> Option<(String, Vec<u8>)> {
    let mark = request.headers.get("content-type")?.split_once("boundary=")?.1;
    let text = String::from_utf8_lossy(&request.body);
    if !text.contains("name=\"messaging_product\"\r\n\r\nwhatsapp\r\n") {
        return None;
    }
    let start = find(&request.body, b"name=\"file\"")?;
    let rest = &request.body[start..];
    let head = find(rest, b"\r\n\r\n")?;
    let mime = String::from_utf8_lossy(&rest[..head]).split_once("Content-Type: ")?.1.trim().to_owned();
    let content = &rest[head + 4..];
    let end = find(content, format!("\r\n--{mark}--").as_bytes())?;
    Some((mime, content[..end].to_vec()))
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}
