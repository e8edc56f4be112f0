//! Everything we owe the outside world, done.
//!
//! One worker per source takes what is due, the oldest of each thread first, a few at a time: an
//! operation that hangs holds its own thread and no other. What an error means is decided here. An
//! operation that may have landed is looked for before anything else happens to it, and when there
//! is no trace of it the person decides: nothing is sent twice because a program guessed.

pub(crate) mod attempt;
pub(crate) mod drafts;
pub(crate) mod enqueue;
mod pace;
pub(crate) mod telling;
pub(crate) mod window;

use std::{collections::HashSet, sync::Arc, time::Duration};

use inlet_model::{DynSource, OpId, SourceId, Timestamp};
use tokio::{sync::Notify, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{
    api::{sentence, types::SourceState},
    clock::Clock,
    feed::Feed,
    files::Attachments,
    store::{Store, StoreError, outbox, source::Health},
    sync::Unsaved,
};

/// What a worker works with.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) id: SourceId,
    pub(crate) source: Arc<dyn DynSource>,
    pub(crate) store: Store,
    pub(crate) attachments: Attachments,
    pub(crate) clock: Clock,
    /// Something was queued, or the person signed in again.
    pub(crate) wake: Arc<Notify>,
    /// Asks the sync for a round: what was sent shall be seen.
    pub(crate) sync: Arc<Notify>,
    pub(crate) feed: Feed,
    /// How the source is, where the store takes nothing.
    pub(crate) unsaved: Unsaved,
    /// How often the store is asked to take what a platform has done, where it has no room.
    pub(crate) patience: u32,
}

impl Context {
    /// The store takes nothing, so the person hears of it by what is not stored.
    fn saves_nothing(&self, error: &StoreError) {
        tracing::error!(source = self.id.0, %error, "the outbox could not be saved");
        let message = Some(sentence(error));
        let told = self.unsaved.lock().is_some();
        if !told && !matches!(error, StoreError::Closed) {
            *self.unsaved.lock() = Some(Health { state: SourceState::Failing, message, ..Health::default() });
            self.feed.source(self.id);
        }
    }

    /// Writes down what a platform has done, again and again where the store takes nothing. A process that ends meanwhile
    /// leaves `sending`, which is looked for.
    ///
    /// # Errors
    /// Of the store, where waiting does not help or has not helped.
    async fn insist<T, F>(&self, mut write: impl FnMut() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let mut tries = 0;
        loop {
            match write().await {
                Err(error @ (StoreError::DiskFull | StoreError::Busy)) if tries < self.patience => {
                    tries += 1;
                    self.saves_nothing(&error);
                    tokio::time::sleep(AGAIN).await;
                }
                outcome => return outcome,
            }
        }
    }

    /// It does again.
    fn saves_again(&self) {
        if self.unsaved.lock().take().is_some() {
            self.feed.source(self.id);
            self.sync.notify_one();
        }
    }
}

/// Operations of one source that are under way at once.
const AT_ONCE: usize = 3;
/// The pause before the store is asked once more to take what a platform has done.
const AGAIN: Duration = Duration::from_secs(2);
/// Without anything due, look again after this: another process may have queued something.
const IDLE: Duration = Duration::from_secs(30);

/// What an attempt means for the operations behind it.
pub(super) enum After {
    Go,
    /// The source wants silence for that long.
    Pause(Duration),
    /// The source wants the person.
    Blocked,
}

/// Runs the worker of a source until it is cancelled; what is then being sent is finished first,
/// within a grace period.
pub(crate) async fn run(context: Context, cancel: CancellationToken) {
    let mut under_way = JoinSet::new();
    let mut ids = HashSet::new();
    let mut silent_until: Option<tokio::time::Instant> = None;
    let mut blocked = false;
    loop {
        let silent = silent_until.is_some_and(|until| until > tokio::time::Instant::now());
        if !silent && !blocked && under_way.len() < AT_ONCE {
            for id in ready(&context).await.unwrap_or_default() {
                if under_way.len() < AT_ONCE && ids.insert(id) {
                    let context = context.clone();
                    under_way.spawn(async move { (id, attempt::attempt(&context, id).await) });
                }
            }
        }
        let pause = match silent_until.filter(|_| silent) {
            Some(until) => until - tokio::time::Instant::now(),
            None if blocked => IDLE,
            None => next_due(&context).await,
        };
        tokio::select! {
            () = cancel.cancelled() => break,
            // The person may have signed in.
            () = context.wake.notified() => blocked = false,
            () = tokio::time::sleep(pause) => {}
            Some(done) = under_way.join_next() => {
                let Ok((id, after)) = done else { continue };
                ids.remove(&id);
                match after {
                    After::Go => {}
                    After::Pause(pause) => silent_until = Some(tokio::time::Instant::now() + pause),
                    After::Blocked => blocked = true,
                }
            }
        }
    }
    let grace = async { while under_way.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(Duration::from_secs(5), grace).await;
}

/// Does what is due now, once: for a process that does not stay.
pub(crate) async fn drain(context: &Context) {
    loop {
        let Ok(ids) = ready(context).await else { return };
        if ids.is_empty() {
            return;
        }
        for id in ids {
            if !matches!(attempt::attempt(context, id).await, After::Go) {
                return;
            }
        }
    }
}

async fn ready(context: &Context) -> Result<Vec<OpId>, StoreError> {
    let (id, now) = (context.id, context.clock.now());
    context.store.read(move |reader| outbox::ready(&reader.main, id, now, 16)).await
}

async fn next_due(context: &Context) -> Duration {
    let id = context.id;
    let due: Option<Timestamp> =
        context.store.read(move |reader| outbox::next_due(&reader.main, id)).await.ok().flatten();
    let wait = due.map_or(IDLE, |due| Duration::try_from(due.duration_since(context.clock.now())).unwrap_or_default());
    // What is due and not taken yet waits for one under way, whose end wakes this loop anyway.
    wait.clamp(Duration::from_millis(200), IDLE)
}
