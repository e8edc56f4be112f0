//! Events that come in: a queue in memory, and platforms that knock.

use std::{
    collections::HashSet,
    net::SocketAddr,
    sync::atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use hmac::{Hmac, Mac};
use inlet_model::{Arrival, EventQueue, EventSink, Fate, Inbound, InboundEvent, Place, Result, SourceError, Timestamp};
use parking_lot::Mutex;
use sha2::Sha256;
use tokio::sync::Notify;

use crate::{
    Rng,
    visitor::{self, HttpAnswer},
};

/// A queue without a disk. It has no clock: what is older than `stale_before` is stale.
#[derive(Default)]
pub struct MemoryQueue {
    events: Mutex<Vec<InboundEvent>>,
    known: Mutex<HashSet<Vec<u8>>>,
    came: Notify,
    stale_before: Mutex<Option<Timestamp>>,
    /// So many appends from now on fail.
    broken: AtomicU64,
    place: Mutex<Option<Place>>,
}

impl MemoryQueue {
    /// What names an older time than this is stale.
    pub fn stale_before(&self, at: Timestamp) {
        *self.stale_before.lock() = Some(at);
    }

    /// The next so many events cannot be kept.
    pub fn fail(&self, times: u64) {
        self.broken.store(times, Ordering::SeqCst);
    }

    /// What was kept.
    pub fn bodies(&self) -> Vec<Vec<u8>> {
        let body = |event: &InboundEvent| match &event.what {
            Inbound::Body(body) => Some(body.clone()),
            Inbound::Gap { .. } => None,
        };
        self.events.lock().iter().filter_map(body).collect()
    }

    /// How often it was told that something may be missing.
    pub fn gaps(&self) -> usize {
        self.events.lock().iter().filter(|event| matches!(event.what, Inbound::Gap { .. })).count()
    }

    /// Nobody had listened since then.
    pub fn gap(&self, since: Timestamp) {
        self.push(Inbound::Gap { since });
    }

    fn push(&self, what: Inbound) {
        let mut events = self.events.lock();
        // Numbers of several accounts share one row of numbers.
        let seq = events.last().map_or(3, |last| last.seq + 2);
        events.push(InboundEvent { seq, at: Timestamp::UNIX_EPOCH, what });
        self.came.notify_waiters();
    }
}

#[async_trait]
impl EventSink for MemoryQueue {
    async fn append(&self, body: &[u8], said_at: Option<Timestamp>) -> Result<Fate> {
        if self.broken.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
            return Err(SourceError::Transient("the disk is full".into()));
        }
        if said_at.zip(*self.stale_before.lock()).is_some_and(|(at, bound)| at < bound) {
            return Ok(Fate::Stale);
        }
        if !self.known.lock().insert(body.to_vec()) {
            return Ok(Fate::Known);
        }
        self.push(Inbound::Body(body.to_vec()));
        Ok(Fate::Stored)
    }
}

#[async_trait]
impl EventQueue for MemoryQueue {
    async fn read(&self, after: u64, limit: usize) -> Result<Vec<InboundEvent>> {
        Ok(self.events.lock().iter().filter(|event| event.seq > after).take(limit).cloned().collect())
    }

    async fn wait(&self, after: u64) -> Result<()> {
        loop {
            let came = self.came.notified();
            tokio::pin!(came);
            came.as_mut().enable();
            if self.events.lock().last().is_some_and(|last| last.seq > after) {
                return Ok(());
            }
            came.await;
        }
    }

    async fn taken_over(&self) -> Result<Option<Place>> {
        Ok(self.place.lock().clone())
    }

    async fn take_over(&self, after: Option<&Place>, arrivals: &[Arrival], reached: &Place) -> Result<()> {
        if self.broken.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
            return Err(SourceError::Transient("the disk is full".into()));
        }
        let mut place = self.place.lock();
        if place.as_ref() != after {
            return Err(SourceError::Transient("somebody else reads".into()));
        }
        for arrival in arrivals {
            match arrival {
                Arrival::Body(body) if self.known.lock().insert(body.clone()) => self.push(Inbound::Body(body.clone())),
                Arrival::Body(_) => {}
                Arrival::Missing => self.push(Inbound::Gap { since: Timestamp::UNIX_EPOCH }),
            }
        }
        *place = Some(reached.clone());
        Ok(())
    }
}

/// The signature Meta puts on a body, as `X-Hub-Signature-256` has it.
///
/// # Panics
/// Never: a key may have any length.
pub fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key");
    mac.update(body);
    mac.finalize().into_bytes().iter().fold("sha256=".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

/// Posts a body with these headers.
///
/// # Panics
/// When nobody answers there.
pub async fn post(at: SocketAddr, path: &str, headers: &[(&str, &str)], body: &str) -> HttpAnswer {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: tunnel.example\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n{headers}\r\n{body}"
    );
    visitor::http(at.port(), &request).await
}

/// A signature with its body, wrong in two hundred ways: a digit of the signature, a bit of the body that
/// leaves it text, cut off, or something added.
pub fn mutations(right: &str, body: &str) -> Vec<(String, String)> {
    let mut random = Rng::new(5);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    let mutated = (0..200).map(|tried| {
        let (mut given, mut body) = (right.as_bytes().to_vec(), body.as_bytes().to_vec());
        match tried % 4 {
            0 => {
                let at = "sha256=".len() + random.below(64);
                given[at] = if given[at] == b'0' { b'1' } else { b'0' };
            }
            1 => {
                let at = random.below(body.len());
                body[at] ^= 1;
            }
            2 => given.truncate(random.below(given.len())),
            _ => body.extend(std::iter::repeat_n(b' ', 1 + random.below(40))),
        }
        (text(given), text(body))
    });
    mutated.collect()
}
