//! The door for what comes to us: webhooks, on this computer alone.
//!
//! A tunnel of the person's own brings them here; nothing in between has to be trusted, for each request
//! is signed over its raw bytes with a secret that only the platform and this account share. A request is
//! verified, kept, and only then acknowledged; what cannot be kept is refused, so that the platform sends
//! it again. Accounts that listen at one address share it, each at a path of its own.
//!
//! The `Host` is not looked at: behind a tunnel it is the tunnel's name. Refused: a queue in memory that
//! answers first and stores later, which loses what came in the second before a crash.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::to_bytes,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use hmac::{Hmac, Mac};
use inlet_model::{EventQueue, Fate, Result, SourceError, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use tokio::{net::TcpListener, task::JoinHandle};
use url::form_urlencoded;

/// The largest event that is read; Meta sends up to 3 MB.
const LARGEST: usize = 4 << 20;
/// How long a request may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest challenge that is sent back.
const CHALLENGE: usize = 1024;

/// What comes in at one path.
pub struct Hook {
    /// Path, such as `/whatsapp/106540352242922`.
    pub path: String,
    /// What the platform signs with (`X-Hub-Signature-256`: HMAC-SHA256 over the raw body).
    pub secret: SecretString,
    /// What it says when it asks whether this is the right door (`hub.verify_token`).
    pub verify_token: SecretString,
    /// The time an event itself names.
    pub said_at: fn(&[u8]) -> Option<Timestamp>,
    /// Where it is kept.
    pub queue: Arc<dyn EventQueue>,
}

/// A hook and what was turned away at it.
struct Guarded {
    hook: Hook,
    refused: AtomicU64,
}

/// A hook that is open; dropping it closes it.
pub struct Door {
    listening: Arc<Listening>,
    guarded: Arc<Guarded>,
}

impl Door {
    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        self.listening.address
    }

    /// Requests that were turned away since it was opened: not signed, wrongly signed, or stale.
    pub fn refused(&self) -> u64 {
        self.guarded.refused.load(Ordering::Relaxed)
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        let mut hooks = self.listening.hooks.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // The account may have been opened anew meanwhile, at the same path.
        if hooks.get(&self.guarded.hook.path).is_some_and(|there| Arc::ptr_eq(there, &self.guarded)) {
            hooks.remove(&self.guarded.hook.path);
        }
    }
}

struct Listening {
    address: SocketAddr,
    hooks: std::sync::Mutex<HashMap<String, Arc<Guarded>>>,
    server: std::sync::OnceLock<JoinHandle<()>>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(server) = self.server.get() {
            server.abort();
        }
    }
}

/// A port belongs to the process: whoever wants the same one shares it.
static OPEN: tokio::sync::Mutex<Vec<Weak<Listening>>> = tokio::sync::Mutex::const_new(Vec::new());

/// Opens a door at this address, which has to be of this computer.
///
/// # Errors
/// [`SourceError::Permanent`] for an address others could reach; [`SourceError::Transient`] when another
/// program listens there.
pub async fn listen(address: SocketAddr, hook: Hook) -> Result<Door> {
    if !address.ip().is_loopback() {
        return Err(SourceError::Permanent(
            "Events are received on this computer only: listen at 127.0.0.1, and let a tunnel bring them there."
                .to_owned(),
        ));
    }
    let mut open = OPEN.lock().await;
    open.retain(|listening| listening.strong_count() > 0);
    let known = open.iter().filter_map(Weak::upgrade).find(|listening| listening.address == address);
    let listening = match known {
        Some(listening) => listening,
        None => {
            let listening = start(address).await?;
            open.push(Arc::downgrade(&listening));
            listening
        }
    };
    let guarded = Arc::new(Guarded { hook, refused: AtomicU64::new(0) });
    listening
        .hooks
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
        .insert(guarded.hook.path.clone(), guarded.clone());
    Ok(Door { listening, guarded })
}

async fn start(address: SocketAddr) -> Result<Arc<Listening>> {
    let busy = |_| {
        SourceError::Transient(format!(
            "Another program listens at {address}; end it, or give this account another address to listen at."
        ))
    };
    let listener = TcpListener::bind(address).await.map_err(busy)?;
    let address = listener.local_addr().map_err(busy)?;
    let listening =
        Arc::new(Listening { address, hooks: std::sync::Mutex::default(), server: std::sync::OnceLock::new() });
    // The server must not keep alive what ends it.
    let routes = Router::new().fallback(answer).with_state(Arc::downgrade(&listening));
    let server = tokio::spawn(async move {
        let _ = axum::serve(listener, routes).await;
    });
    let _ = listening.server.set(server);
    Ok(listening)
}

async fn answer(State(listening): State<Weak<Listening>>, request: Request) -> Response {
    let guarded = listening.upgrade().and_then(|listening| {
        let hooks = listening.hooks.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        hooks.get(request.uri().path()).cloned()
    });
    let Some(guarded) = guarded else { return StatusCode::NOT_FOUND.into_response() };
    match *request.method() {
        Method::GET => introduce(&guarded, request.uri().query().unwrap_or_default()),
        Method::POST => receive(&guarded, request).await.into_response(),
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

/// The platform asks whether this is the door it was told of
/// (<https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests>).
fn introduce(guarded: &Guarded, query: &str) -> Response {
    let value =
        |name: &str| form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value);
    let token = value("hub.verify_token").unwrap_or_default();
    let right = bool::from(token.as_bytes().ct_eq(guarded.hook.verify_token.expose_secret().as_bytes()));
    let challenge = value("hub.challenge").filter(|challenge| challenge.len() <= CHALLENGE);
    match challenge {
        Some(challenge) if right && value("hub.mode").as_deref() == Some("subscribe") => (
            [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")],
            challenge.into_owned(),
        )
            .into_response(),
        _ => StatusCode::FORBIDDEN.into_response(),
    }
}

async fn receive(guarded: &Guarded, request: Request) -> StatusCode {
    let refuse = |status| {
        guarded.refused.fetch_add(1, Ordering::Relaxed);
        status
    };
    let Some(signature) = signature(request.headers()) else { return refuse(StatusCode::UNAUTHORIZED) };
    let body = match tokio::time::timeout(PATIENCE, to_bytes(request.into_body(), LARGEST)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE,
        Err(_) => return StatusCode::REQUEST_TIMEOUT,
    };
    if !verify(&guarded.hook.secret, &body, &signature) {
        return refuse(StatusCode::UNAUTHORIZED);
    }
    match guarded.hook.queue.append(&body, (guarded.hook.said_at)(&body)).await {
        // A platform that lost our answer sends the same once more, and has to hear that it is here.
        Ok(Fate::Stored | Fate::Known) => StatusCode::OK,
        Ok(Fate::Stale) => refuse(StatusCode::FORBIDDEN),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// The signature a request carries, where it carries exactly one.
fn signature(headers: &HeaderMap) -> Option<[u8; 32]> {
    let mut given = headers.get_all("x-hub-signature-256").iter();
    let (value, None) = (given.next()?, given.next()) else { return None };
    let digits = value.to_str().ok()?.strip_prefix("sha256=")?.as_bytes();
    let mut bytes = [0; 32];
    if digits.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        let digit = |digit: &u8| char::from(*digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
        *byte = digit(high)? << 4 | digit(low)?;
    }
    Some(bytes)
}

/// Compared in a time that does not depend on where the difference is.
fn verify(secret: &SecretString, body: &[u8], signature: &[u8; 32]) -> bool {
    keyed(secret, body).is_some_and(|mac| mac.verify_slice(signature).is_ok())
}

fn keyed(secret: &SecretString, body: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).ok()?;
    mac.update(body);
    Some(mac)
}

/// What stands in `X-Hub-Signature-256` for this body.
pub fn sign(secret: &SecretString, body: &[u8]) -> String {
    let digest = keyed(secret, body).map(|mac| mac.finalize().into_bytes()).unwrap_or_default();
    digest.iter().fold("sha256=".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}
