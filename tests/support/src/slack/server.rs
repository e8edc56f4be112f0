//! The fake's Web API on one port, and its sockets on another.

use std::{io, net::TcpListener, sync::Arc};

use bytes::Bytes;
use futures::stream;
use http_body_util::{BodyExt, StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    Request, Response,
    body::{Frame, Incoming},
};
use serde_json::{Value, json};

use super::{
    Fault, Shared,
    api::{self, Options},
    signin, socket,
};
use crate::wire::{self, Hosted};

/// Starts it; it ends when what comes back is dropped.
pub(crate) fn start(shared: Arc<Shared>, http: TcpListener, sockets: TcpListener) -> Hosted {
    Hosted::run(move || async move {
        let asked = Arc::clone(&shared);
        tokio::select! {
            () = wire::serve(http, move |request| answer(Arc::clone(&asked), request)) => {}
            () = socket::listen(sockets, Arc::clone(&shared.sockets)) => {}
        }
    })
}

type Wire = UnsyncBoxBody<Bytes, io::Error>;

/// A request as it came, whole.
struct Asked {
    verb: String,
    path: String,
    query: String,
    token: Option<String>,
    media: String,
    body: Bytes,
}

/// What goes back.
struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    media: &'static str,
    body: Bytes,
}

impl Reply {
    fn json(answer: &Value) -> Self {
        Self { status: 200, headers: Vec::new(), media: "application/json", body: answer.to_string().into() }
    }

    fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), media: "text/plain", body: Bytes::new() }
    }
}

async fn answer(shared: Arc<Shared>, request: Request<Incoming>) -> io::Result<Response<Wire>> {
    let (head, body) = request.into_parts();
    let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let asked = Asked {
        verb: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        token: header("authorization").and_then(|value| value.strip_prefix("Bearer ").map(str::to_owned)),
        media: header("content-type").unwrap_or_default(),
        body: body.collect().await.map_err(io::Error::other)?.to_bytes(),
    };
    let name = match asked.path.split('/').nth(1) {
        Some("api") => asked.path.trim_start_matches("/api/").to_owned(),
        Some(other) => other.to_owned(),
        None => String::new(),
    };
    shared.seen.lock().push(name.clone());
    let fate = shared.fate(&name).filter(|fault| *fault != Fault::Status(0));
    let reply = match &fate {
        Some(Fault::Dropped) => return Err(io::Error::other("nobody is told")),
        Some(Fault::Throttled(seconds)) => Reply {
            status: 429,
            headers: seconds.iter().map(|seconds| ("retry-after", seconds.to_string())).collect(),
            ..Reply::json(&json!({ "ok": false, "error": "ratelimited" }))
        },
        Some(Fault::Status(status)) => Reply::empty(*status),
        Some(Fault::Error(word)) => Reply::json(&json!({ "ok": false, "error": word })),
        None | Some(Fault::Lost | Fault::Torn) => done(&shared, &name, &asked),
    };
    if fate == Some(Fault::Lost) {
        return Err(io::Error::other("nobody is told"));
    }
    send(reply, fate == Some(Fault::Torn))
}

fn done(shared: &Shared, name: &str, asked: &Asked) -> Reply {
    match name {
        "files" => file(shared, asked),
        "oauth" if asked.path == "/oauth/v2/authorize" => match signin::authorize(shared, &asked.query) {
            Some(back) => Reply { headers: vec![("location", back)], ..Reply::empty(302) },
            None => Reply::empty(400),
        },
        // The file that describes methods knows no proof of who began.
        "oauth.v2.access" if asked.verb == "POST" => Reply::json(&signin::access(shared, &asked.body)),
        "upload" => upload(shared, asked),
        _ => method(shared, name, asked),
    }
}

/// A method of the Web API: checked, done, checked.
fn method(shared: &Shared, name: &str, asked: &Asked) -> Reply {
    let Some(method) = shared.spec.method(name).filter(|_| asked.path.starts_with("/api/")) else {
        shared.complain(format!("{} {}: nobody documents this", asked.verb, asked.path));
        return Reply::json(&json!({ "ok": false, "error": "unknown_method" }));
    };
    let mut wrong = Vec::new();
    let written = match asked.verb.as_str() {
        "GET" if method.post => {
            wrong.push("it changes something, so it has to be a POST".to_owned());
            asked.query.as_bytes()
        }
        "GET" => asked.query.as_bytes(),
        "POST" if !asked.query.is_empty() => {
            wrong.push("a POST has its options in the body".to_owned());
            asked.query.as_bytes()
        }
        "POST" if !asked.media.starts_with("application/x-www-form-urlencoded") => {
            wrong.push(format!("its body is {}", asked.media));
            b""
        }
        "POST" => &asked.body,
        other => {
            wrong.push(format!("Slack has no {other}"));
            b""
        }
    };
    let options: Vec<(String, String)> = url::form_urlencoded::parse(written).into_owned().collect();
    wrong.extend(method.request(&options));
    if !wrong.is_empty() {
        shared.complain(format!("{name}: {}", wrong.join("; ")));
        return Reply::json(&json!({ "ok": false, "error": "invalid_arg_name" }));
    }
    let answer = api::answer(shared, name, asked.token.as_deref(), &Options(options));
    for complaint in method.answer(&answer) {
        shared.complain(format!("the fake's own answer to {name}: {complaint}"));
    }
    Reply::json(&answer)
}

/// The bytes of a file. Whoever may not is sent to the page where people sign in.
fn file(shared: &Shared, asked: &Asked) -> Reply {
    let world = shared.world.lock();
    let allowed = asked.token.as_ref().is_some_and(|token| world.tokens.contains(token));
    if !allowed || world.lacking.contains_key("files") {
        return Reply { headers: vec![("location", format!("{}/signin", shared.origin))], ..Reply::empty(302) };
    }
    let id = asked.path.split('/').nth(2).unwrap_or_default();
    match world.files.get(id).filter(|file| file.whole) {
        Some(file) => Reply {
            status: 200,
            headers: Vec::new(),
            media: "application/octet-stream",
            body: Bytes::copy_from_slice(&file.bytes),
        },
        None => Reply::empty(404),
    }
}

/// Bytes for a place that was given. The address is the secret: a token has no business there.
fn upload(shared: &Shared, asked: &Asked) -> Reply {
    if asked.token.is_some() {
        shared.complain("a token was sent to where files are put".to_owned());
    }
    if asked.verb != "POST" {
        shared.complain(format!("files are put by POST, not by {}", asked.verb));
    }
    let mut world = shared.world.lock();
    let id = asked.path.split('/').nth(2).unwrap_or_default();
    match world.files.get_mut(id).filter(|file| !file.whole) {
        Some(file) if file.length == asked.body.len() => {
            file.bytes = asked.body.to_vec();
            Reply { body: format!("OK - {}", asked.body.len()).into(), ..Reply::empty(200) }
        }
        Some(_) => Reply::empty(400),
        None => Reply::empty(404),
    }
}

fn send(reply: Reply, torn: bool) -> io::Result<Response<Wire>> {
    let mut response = Response::builder()
        .status(reply.status)
        .header("content-type", reply.media)
        .header("content-length", reply.body.len());
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    let mut parts = vec![Ok(Frame::data(reply.body.clone()))];
    if torn {
        let half = reply.body.slice(..reply.body.len() / 2);
        parts = vec![Ok(Frame::data(half)), Err(io::Error::other("torn"))];
    }
    response.body(StreamBody::new(stream::iter(parts)).boxed_unsync()).map_err(io::Error::other)
}
