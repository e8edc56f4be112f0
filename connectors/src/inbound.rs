//! The door for what comes to us: webhooks, on this computer alone.
//!
//! A tunnel of the person's own brings them here; nothing in between has to be trusted, for each request
//! is signed over its raw bytes with a secret that only the platform and this account share ([`request`]).
//! Accounts that listen at one address share it, each at a path of its own. What differs between platforms
//! stands in [`platform`], and what an account has of it, with a relay or without, in [`reception`].
//!
//! The `Host` is not looked at: behind a tunnel it is the tunnel's name.

mod ear;
mod platform;
mod reception;
mod request;

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    Router,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use inlet_model::{Result, SourceError};
use tokio::{net::TcpListener, task::JoinHandle};

pub(crate) use self::ear::Ear;
pub(crate) use self::reception::Reception;
pub(crate) use self::request::{LARGEST, Outcome, keyed, keyed_hex};
pub use self::{
    platform::Platform,
    request::{Hook, sign},
};

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
    let (outcome, response) = guarded.hook.answer(request).await;
    if outcome.turned_away() {
        guarded.refused.fetch_add(1, Ordering::Relaxed);
    }
    response
}
