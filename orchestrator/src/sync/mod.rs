//! One loop per source: fetch, wait for news, fetch again.
//!
//! A source reports and never retries; here is where its errors become decisions. A failing source
//! holds up nobody: each has its own task, and the only thing they share is the writer's queue. The
//! time of the next try is kept in the store, so that a restart does not start a storm.
//!
//! Some platforms may be asked only when a person looks (Teams): their loop rests until somebody asks,
//! after a restart too, and one scope that is looked at is pulled alone.

mod round;

use std::{sync::Arc, time::Duration};

use inlet_model::{DynSource, Result, SourceError, SourceId, Timestamp};
use jiff::SignedDuration;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub(crate) use round::{Dirty, older, round};

use crate::{
    api::{sentence, types::SourceState},
    clock::Clock,
    feed::Feed,
    store::{
        Store, StoreError, scope,
        source::{self, Health},
    },
};

/// How long a source rests at most while the store takes nothing.
const UNSAVED: Duration = Duration::from_secs(60);

/// The pause between two rounds, as it is set at that time.
pub(crate) type Poll = Arc<dyn Fn() -> Option<Duration> + Send + Sync>;

/// How a source is, where the store could not take it: a disk that is full has to be told all the same.
pub(crate) type Unsaved = Arc<Mutex<Option<Health>>>;

/// What a source's loop works with.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) id: SourceId,
    pub(crate) source: Arc<dyn DynSource>,
    pub(crate) store: Store,
    pub(crate) feed: Feed,
    pub(crate) clock: Clock,
    /// Asks for a round now.
    pub(crate) nudge: Arc<Notify>,
    /// Scopes that said they have news.
    pub(crate) dirty: Arc<Dirty>,
    pub(crate) unsaved: Unsaved,
    /// How often scopes without news of their own are asked; `None`: only when somebody wants it.
    pub(crate) poll: Poll,
}

/// Runs a source until it is cancelled. Dropping the work in the middle is safe: a page counts only
/// once it is committed with its cursor.
pub(crate) async fn run(context: Context, cancel: CancellationToken) {
    let watchers = CancellationToken::new();
    let guard = watchers.clone().drop_guard();
    cancel.run_until_cancelled(forever(&context, watchers)).await;
    drop(guard);
}

async fn forever(context: &Context, watchers: CancellationToken) {
    let on_demand = context.source.capabilities().on_demand;
    // Only the scopes that have news are pulled.
    let mut alone = false;
    if let Some(silence) = silence(context).await {
        tokio::time::sleep(silence).await;
    } else if let Ok((_, Some(next))) = backoff(context).await {
        rest(context, until(context, next)).await;
    } else if on_demand && begun(context).await {
        alone = wanted(context).await;
    }
    let mut watched = false;
    loop {
        set_state(context, SourceState::Syncing).await;
        let outcome = if alone { round::news(context).await } else { round(context).await };
        alone = false;
        match &outcome {
            Ok(()) => {
                if !watched {
                    watched = watch(context, &watchers).await.unwrap_or(false);
                }
                settled(context).await;
                alone = wanted(context).await && on_demand;
            }
            Err(error) => {
                let pause = settle(context, error).await;
                match pause {
                    // The platform's word: nobody's asking makes it shorter.
                    Some(pause) if matches!(error, SourceError::Throttled { .. }) => tokio::time::sleep(pause).await,
                    Some(pause) => rest(context, pause).await,
                    None => context.nudge.notified().await,
                }
            }
        }
    }
}

/// How much longer the platform wants silence, if it asked for it.
pub(crate) async fn silence(context: &Context) -> Option<Duration> {
    let id = context.id;
    let end = context.store.read(move |reader| source::silent_until(&reader.main, id)).await.ok().flatten()?;
    Some(until(context, end)).filter(|silence| !silence.is_zero())
}

/// Writes down what an error means for the source; how long to rest, `None` until somebody asks.
pub(crate) async fn settle(context: &Context, error: &SourceError) -> Option<Duration> {
    let (failures, _) = backoff(context).await.unwrap_or((0, None));
    let failures = failures.saturating_add(1);
    let (state, pause) = match error {
        SourceError::AuthNeeded(_) => (SourceState::AuthNeeded, None),
        SourceError::Throttled { retry_after } => (SourceState::Throttled, Some(*retry_after)),
        SourceError::Offline(_) => (SourceState::Offline, Some(jittered(failures, Duration::from_secs(60)))),
        // There may be room again at any time, and no platform is asked too much.
        _ if context.unsaved.lock().is_some() => (SourceState::Failing, Some(jittered(failures, UNSAVED))),
        _ => (SourceState::Failing, Some(jittered(failures, Duration::from_secs(900)))),
    };
    tracing::warn!(source = context.id.0, code = error.code(), failures, "source failed");
    let next_try = pause.map(|pause| after(&context.clock, pause));
    let health = Health { state, message: Some(error.to_string()), next_try, failures };
    set_health(context, health, None).await;
    pause
}

/// A round went well: writes that down.
pub(crate) async fn settled(context: &Context) {
    let health = Health { state: SourceState::Live, ..Health::default() };
    set_health(context, health, Some(context.clock.now())).await;
}

/// Exponential back-off with full jitter: 2 s, 4 s, 8 s … up to `cap`, a random part of it.
pub(crate) fn jittered(failures: u32, cap: Duration) -> Duration {
    let ceiling = Duration::from_secs(2_u64.saturating_pow(failures.min(16))).min(cap);
    let mut random = [0; 4];
    // Without randomness everybody waits the whole time, which is safe.
    let share =
        getrandom::fill(&mut random).map_or(1.0, |()| f64::from(u32::from_le_bytes(random)) / f64::from(u32::MAX));
    ceiling.mul_f64(0.5 + share / 2.0)
}

/// The instant that comes `pause` after now.
pub(crate) fn after(clock: &Clock, pause: Duration) -> Timestamp {
    SignedDuration::try_from(pause).ok().and_then(|pause| clock.now().checked_add(pause).ok()).unwrap_or(Timestamp::MAX)
}

/// The instant that lies `span` before `now`.
pub(crate) fn before(now: Timestamp, span: Duration) -> Timestamp {
    SignedDuration::try_from(span).ok().and_then(|span| now.checked_sub(span).ok()).unwrap_or(Timestamp::MIN)
}

fn until(context: &Context, at: Timestamp) -> Duration {
    Duration::try_from(at.duration_since(context.clock.now())).unwrap_or_default()
}

/// Waits, or until somebody asks. News of a scope does not shorten a back-off.
async fn rest(context: &Context, pause: Duration) {
    let _ = tokio::time::timeout(pause, context.nudge.notified()).await;
}

/// Waits for the time of the next round; true when it was a scope that said it has news.
async fn wanted(context: &Context) -> bool {
    let round = async {
        match (context.poll)() {
            Some(pause) => rest(context, pause).await,
            None => context.nudge.notified().await,
        }
    };
    tokio::select! {
        () = round => false,
        () = context.dirty.news() => true,
    }
}

/// Every scope has been pulled before.
async fn begun(context: &Context) -> bool {
    let id = context.id;
    let begun = context.store.read(move |reader| scope::begun(&reader.main, id)).await.unwrap_or_default();
    if begun {
        // It was ended in the middle of a round, and rests now.
        let rested = context.store.write(move |tx| source::rest(tx, id)).await;
        if let Err(error) = rested {
            tracing::error!(source = context.id.0, error = %error, "the state of a source could not be saved");
        }
    }
    begun
}

/// Listens at every live scope, each in a task of its own.
async fn watch(context: &Context, cancel: &CancellationToken) -> Result<bool> {
    let id = context.id;
    for row in stored(context.store.read(move |reader| scope::live(&reader.main, id)).await)? {
        let context = context.clone();
        let cancel = cancel.clone();
        tokio::spawn(async move {
            cancel.run_until_cancelled(listen(&context, row)).await;
        });
    }
    Ok(true)
}

async fn listen(context: &Context, row: crate::store::scope::ScopeRow) {
    let mut failures = 0;
    loop {
        match context.source.wait(&row.scope).await {
            Ok(()) => failures = 0,
            Err(_) => {
                failures += 1;
                tokio::time::sleep(jittered(failures, Duration::from_secs(300))).await;
            }
        }
        // After an error too: something may have come while nobody listened.
        context.dirty.announce(row.id).await;
    }
}

async fn backoff(context: &Context) -> Result<(u32, Option<Timestamp>), StoreError> {
    let id = context.id;
    if let Some(health) = context.unsaved.lock().as_ref() {
        return Ok((health.failures, health.next_try));
    }
    context.store.read(move |reader| source::backoff(&reader.main, id)).await
}

async fn set_state(context: &Context, state: SourceState) {
    let (failures, _) = backoff(context).await.unwrap_or((0, None));
    set_health(context, Health { state, failures, ..Health::default() }, None).await;
}

async fn set_health(context: &Context, health: Health, heard: Option<Timestamp>) {
    let (id, saved) = (context.id, health.clone());
    let written = context.store.write(move |tx| source::set_health(tx, id, &saved, heard)).await;
    let Err(error) = written else {
        *context.unsaved.lock() = None;
        return;
    };
    tracing::error!(source = context.id.0, error = %error, "the state of a source could not be saved");
    let message = Some(sentence(&error));
    *context.unsaved.lock() = Some(Health { state: SourceState::Failing, message, ..health });
    context.feed.source(id);
}

/// What the store says, as a source would: the sync stops and is tried again.
pub(crate) fn stored<T>(result: Result<T, StoreError>) -> Result<T> {
    result.map_err(|error| SourceError::Transient(sentence(&error)))
}
