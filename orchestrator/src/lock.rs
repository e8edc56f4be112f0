//! The lock of the window: whoever passes by sees nothing until the passphrase is given.
//!
//! It is held here and not in the page, so that neither a reload nor a second tab gets round it, and what locked it
//! (a person, or that nobody did anything for a while) is in the store, so that a restart does not either. What goes
//! on behind the window (syncing, rules, the outbox) never asks for it.
//!
//! It keeps somebody out of the window, and no more. It encrypts nothing: the files are as protected as the disk they
//! lie on, and a command in a terminal of the same user reads them as before. A key made of the passphrase, without
//! which the files could not be read, was refused: then nothing could be fetched or sent while the window is locked.
//!
//! Of the passphrase only an Argon2id hash is kept (a PHC string, which names its own parameters). Wrong tries are
//! counted before they are checked, so that ending the program in between gains nothing.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use inlet_model::Timestamp;
use jiff::SignedDuration;
use parking_lot::Mutex;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use crate::{
    api::{ApiError, ErrorCode, types::LockView},
    clock::Clock,
    event::Event,
    store::{Reader, Store, StoreError, WriteTx, meta},
};

const HASH: &str = "lock_hash";
const LOCKED: &str = "lock_locked";
const TRIES: &str = "lock_tries";

/// The fewest characters of a passphrase.
pub(crate) const SHORTEST: usize = 6;
/// Wrong tries that cost no waiting.
const FREE: u32 = 2;
/// What the first costs that does; each after it twice as much as the one before, up to the longest.
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(5);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(5);

/// Wrong tries since the last right one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Tries {
    wrong: u32,
    /// None counts before.
    not_before: Option<Timestamp>,
}

impl Tries {
    /// Counts one more.
    fn count(&mut self, now: Timestamp) {
        self.wrong = self.wrong.saturating_add(1);
        let doubled = self.wrong.checked_sub(FREE + 1).map(|times| 1_i32 << times.min(16));
        self.not_before = doubled.map(|times| now + (FIRST_WAIT * times).min(LONGEST_WAIT));
    }

    /// Until when one has to wait. A clock that was set back makes nobody wait for longer than the longest.
    fn wait(&self, now: Timestamp) -> Option<Timestamp> {
        self.not_before.filter(|until| now < *until && until.duration_since(now) <= LONGEST_WAIT)
    }
}

/// What is in the store of it.
struct Stored {
    hash: Option<String>,
    locked: bool,
    tries: Tries,
}

impl Stored {
    fn read(reader: &Reader) -> Result<Self, StoreError> {
        let conn = &reader.main;
        let locked = meta::get::<bool>(conn, LOCKED)?.is_some();
        Ok(Self { hash: meta::get(conn, HASH)?, locked, tries: meta::json(conn, TRIES)?.unwrap_or_default() })
    }
}

struct State {
    hash: Option<String>,
    tries: Tries,
    /// When somebody did something in the window last.
    touched: Timestamp,
}

/// The lock of one data directory.
pub(crate) struct Lock {
    store: Store,
    clock: Clock,
    state: Mutex<State>,
    locked: Arc<AtomicBool>,
    /// One try after the other: each takes memory and time by design.
    trying: tokio::sync::Mutex<()>,
}

impl Lock {
    /// As it was left; with `at_start` it is locked, provided that there is a passphrase.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn open(store: Store, clock: Clock, at_start: bool) -> Result<Self, StoreError> {
        let Stored { hash, locked, tries } = store.read(Stored::read).await?;
        let locked = hash.is_some() && (locked || at_start);
        let state = State { hash, tries, touched: clock.now() };
        Ok(Self {
            store,
            clock,
            state: Mutex::new(state),
            locked: Arc::new(AtomicBool::new(locked)),
            trying: tokio::sync::Mutex::default(),
        })
    }

    pub(crate) fn is_locked(&self) -> bool {
        self.locked.load(Ordering::Acquire)
    }

    /// There is a passphrase.
    pub(crate) fn is_set(&self) -> bool {
        self.state.lock().hash.is_some()
    }

    pub(crate) fn view(&self) -> LockView {
        let state = self.state.lock();
        LockView {
            locked: self.is_locked(),
            set: state.hash.is_some(),
            wrong: state.tries.wrong,
            not_before: state.tries.wait(self.clock.now()),
        }
    }

    /// Somebody did something in the window.
    pub(crate) fn touch(&self) {
        self.state.lock().touched = self.clock.now();
    }

    /// How long it is until nobody has done anything for so long; nothing when it is locked or cannot be.
    pub(crate) fn idle_left(&self, limit: Duration) -> Option<Duration> {
        let mut state = self.state.lock();
        if self.is_locked() || state.hash.is_none() {
            return None;
        }
        let now = self.clock.now();
        // The clock was set back: counted from now.
        state.touched = state.touched.min(now);
        Some(limit.saturating_sub(now.duration_since(state.touched).unsigned_abs()))
    }

    /// Locks the window; false when it was, or when there is no passphrase to open it with.
    ///
    /// # Errors
    /// What the database says; it is locked all the same, until the program ends.
    pub(crate) async fn lock(&self) -> Result<bool, StoreError> {
        if !self.is_set() || self.locked.swap(true, Ordering::AcqRel) {
            return Ok(false);
        }
        self.store.write_durable(|tx| meta::set(tx, LOCKED, true)).await?;
        Ok(true)
    }

    /// Opens the window.
    ///
    /// # Errors
    /// What the database says; then it stays locked.
    pub(crate) async fn open_up(&self) -> Result<(), StoreError> {
        self.store.write_durable(|tx| meta::forget(tx, LOCKED)).await?;
        self.touch();
        self.locked.store(false, Ordering::Release);
        Ok(())
    }

    /// Whether this is the passphrase. A wrong one makes everybody wait longer; while one has to wait none counts.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn accepts(&self, given: SecretString) -> Result<bool, StoreError> {
        let _one = self.trying.lock().await;
        let (hash, tries) = {
            let mut state = self.state.lock();
            let Some(hash) = state.hash.clone() else { return Ok(true) };
            let now = self.clock.now();
            if state.tries.wait(now).is_some() {
                return Ok(false);
            }
            state.tries.count(now);
            (hash, state.tries.clone())
        };
        self.store.write_durable(move |tx| meta::set_json(tx, TRIES, &tries)).await?;
        let right = tokio::task::spawn_blocking(move || verify(&given, &hash)).await.unwrap_or(false);
        if right {
            self.state.lock().tries = Tries::default();
            self.store.write_durable(|tx| meta::forget(tx, TRIES)).await?;
        }
        Ok(right)
    }

    /// Another passphrase, or none any more; then nothing is locked.
    ///
    /// # Errors
    /// What the database says; then nothing has changed.
    pub(crate) async fn set(&self, new: Option<SecretString>) -> Result<(), StoreError> {
        let hash = match new {
            Some(new) => {
                let made = tokio::task::spawn_blocking(move || hash(&new)).await;
                Some(made.map_err(|_| StoreError::Closed)??)
            }
            None => None,
        };
        let kept = hash.clone();
        self.store
            .write_durable(move |tx| {
                forget(tx)?;
                kept.map_or(Ok(()), |hash| meta::set(tx, HASH, hash))
            })
            .await?;
        let mut state = self.state.lock();
        (state.hash, state.tries, state.touched) = (hash, Tries::default(), self.clock.now());
        self.locked.store(false, Ordering::Release);
        Ok(())
    }

    /// Takes over what another process has made of the passphrase; true when it is gone, and that opened the window.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn follow(&self) -> Result<bool, StoreError> {
        let stored = self.store.read(Stored::read).await?;
        let mut state = self.state.lock();
        if state.hash == stored.hash {
            return Ok(false);
        }
        (state.hash, state.tries) = (stored.hash, stored.tries);
        Ok(state.hash.is_none() && self.locked.swap(false, Ordering::AcqRel))
    }
}

fn forget(tx: &WriteTx<'_>) -> Result<(), StoreError> {
    [HASH, LOCKED, TRIES].into_iter().try_for_each(|key| meta::forget(tx, key))
}

fn hash(passphrase: &SecretString) -> Result<String, StoreError> {
    let hash: Result<PasswordHash, _> = Argon2::default().hash_password(passphrase.expose_secret().as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|_| StoreError::Refused)
}

fn verify(passphrase: &SecretString, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(passphrase.expose_secret().as_bytes(), &hash).is_ok())
}

/// What a command answers to a window that is locked.
pub(crate) fn refusal() -> ApiError {
    ApiError::new(ErrorCode::AppLocked, "Inlet is locked; give its passphrase first.")
}

/// What a window hears. While it is locked it hears that it is, that something came, and that a setting changed.
pub struct WindowEvents {
    events: Receiver<Event>,
    locked: Arc<AtomicBool>,
}

impl WindowEvents {
    /// From now on. The lock is not kept alive for it: the engine's end is the end of its events.
    pub(crate) fn new(events: Receiver<Event>, lock: &Lock) -> Self {
        Self { events, locked: lock.locked.clone() }
    }

    /// The next one; nothing when the engine has ended.
    pub async fn recv(&mut self) -> Option<Event> {
        loop {
            let event = match self.events.recv().await {
                Ok(event) => event,
                Err(RecvError::Lagged(_)) => Event::Resync,
                Err(RecvError::Closed) => return None,
            };
            match event {
                event if !self.locked.load(Ordering::Acquire) => return Some(event),
                Event::Lock | Event::Notices | Event::Settings => return Some(event),
                // What was lost may have been the word that it is locked.
                Event::Resync => return Some(Event::Lock),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::atomic::AtomicI64;

    use super::*;

    struct World {
        dir: tempfile::TempDir,
        clock: Clock,
        seconds: Arc<AtomicI64>,
    }

    impl World {
        fn new() -> Self {
            let (clock, seconds) = Clock::by_hand(1_773_230_400);
            Self { dir: tempfile::tempdir().unwrap(), clock, seconds }
        }

        async fn open(&self, at_start: bool) -> Lock {
            let store = Store::open(self.dir.path(), |_| {}).unwrap();
            Lock::open(store, self.clock.clone(), at_start).await.unwrap()
        }

        fn pass(&self, seconds: i64) {
            self.seconds.fetch_add(seconds, Ordering::Relaxed);
        }
    }

    #[tokio::test]
    async fn a_lock_needs_a_passphrase_and_outlives_the_program() {
        let world = World::new();
        {
            let lock = world.open(true).await;
            assert!(!lock.is_locked() && !lock.lock().await.unwrap(), "there is nothing to open it with");
            lock.set(Some("correct horse".into())).await.unwrap();
            assert!(!lock.is_locked() && lock.lock().await.unwrap() && lock.is_locked());
            lock.store.close().await;
        }
        let lock = world.open(false).await;
        assert!(lock.is_locked(), "it was left locked");
        assert!(!lock.accepts("wrong".into()).await.unwrap());
        assert!(lock.accepts("correct horse".into()).await.unwrap());
        lock.open_up().await.unwrap();
        lock.store.close().await;
        for at_start in [false, true] {
            let lock = world.open(at_start).await;
            assert_eq!(lock.is_locked(), at_start);
            lock.store.close().await;
        }
        for entry in std::fs::read_dir(world.dir.path()).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            assert!(!bytes.windows(13).any(|window| window == b"correct horse"));
        }
    }

    #[tokio::test]
    async fn wrong_tries_make_one_wait_longer_and_are_counted_across_a_restart() {
        let world = World::new();
        let lock = world.open(false).await;
        lock.set(Some("correct horse".into())).await.unwrap();
        let mut waits = Vec::new();
        for _ in 0..10 {
            assert!(!lock.accepts("wrong".into()).await.unwrap());
            let now = world.clock.now();
            let wait = lock.view().not_before.map_or(0, |until| until.duration_since(now).as_secs());
            waits.push(wait);
            if wait > 0 {
                assert!(!lock.accepts("correct horse".into()).await.unwrap(), "not even the right one counts");
                world.pass(wait - 1);
                assert!(!lock.accepts("correct horse".into()).await.unwrap());
                world.pass(1);
            }
        }
        assert_eq!(waits, [0, 0, 5, 10, 20, 40, 80, 160, 300, 300]);
        assert!(!lock.accepts("wrong".into()).await.unwrap());
        lock.store.close().await;
        let lock = world.open(true).await;
        assert_eq!(lock.view().wrong, 11);
        assert!(!lock.accepts("correct horse".into()).await.unwrap(), "a restart shortens nothing");
        // The clock is set back by a day: that is not to be waited for.
        world.pass(-86_400);
        assert!(lock.accepts("correct horse".into()).await.unwrap());
        assert_eq!((lock.view().wrong, lock.view().not_before), (0, None));
    }

    #[tokio::test]
    async fn idleness_is_counted_from_what_was_done_last() {
        let world = World::new();
        let lock = world.open(false).await;
        let minute = Duration::from_secs(60);
        assert_eq!(lock.idle_left(minute), None, "without a passphrase nothing is locked");
        lock.set(Some("correct horse".into())).await.unwrap();
        world.pass(50);
        assert_eq!(lock.idle_left(minute), Some(Duration::from_secs(10)));
        lock.touch();
        assert_eq!(lock.idle_left(minute), Some(minute));
        world.pass(3600);
        assert_eq!(lock.idle_left(minute), Some(Duration::ZERO));
        lock.touch();
        world.pass(-7200);
        assert_eq!(lock.idle_left(minute), Some(minute));
        world.pass(59);
        assert_eq!(lock.idle_left(minute), Some(Duration::from_secs(1)));
    }

    #[tokio::test]
    async fn a_locked_window_hears_no_more_than_that_something_is() {
        let world = World::new();
        let lock = world.open(false).await;
        lock.set(Some("correct horse".into())).await.unwrap();
        let (tell, heard) = tokio::sync::broadcast::channel(4);
        let mut window = WindowEvents::new(heard, &lock);
        lock.lock().await.unwrap();
        for event in [Event::Outbox, Event::Changed { rev: 1, threads: Vec::new() }, Event::Notices, Event::Kept] {
            tell.send(event).unwrap();
        }
        assert_eq!(window.recv().await, Some(Event::Notices));
        for _ in 0..9 {
            tell.send(Event::Outbox).unwrap();
        }
        assert_eq!(window.recv().await, Some(Event::Lock), "what was lost is not told either");
        lock.open_up().await.unwrap();
        assert_eq!(window.recv().await, Some(Event::Outbox));
        drop((tell, lock));
        for _ in 0..3 {
            assert_eq!(window.recv().await, Some(Event::Outbox));
        }
        assert_eq!(window.recv().await, None);
    }
}
