//! What goes on without being asked: the index follows the feed, snoozed threads come back,
//! deleted rows are taken away, other processes' writes are noticed.

use std::{sync::Arc, time::Duration};

use inlet_model::Timestamp;
use parking_lot::Mutex;
use tokio::{
    sync::{Notify, broadcast::error::RecvError},
    task::JoinHandle,
};

use super::App;
use crate::{
    api::{ApiError, ErrorCode, sentence, types::Nothing},
    event::Event,
    feed::Feed,
    search::{CancelToken, Index, SearchError, catch_up},
    store::{Store, item, thread},
};

/// So many changes are indexed before anybody can look.
const FEW: u64 = 1000;

/// Tasks that run as long as the engine does.
#[derive(Default)]
pub(super) struct Followers {
    tasks: Mutex<Vec<JoinHandle<()>>>,
    indexing: tokio::sync::Mutex<()>,
    /// Ends the catching up that is going on.
    catching_up: Mutex<CancelToken>,
    /// A thread was snoozed, or a reminder set: the next one to come back may be another.
    pub(super) snoozed: Notify,
}

impl Followers {
    pub(super) async fn join(&self) {
        let tasks = std::mem::take(&mut *self.tasks.lock());
        for task in tasks {
            let _ = task.await;
        }
    }
}

impl App {
    /// Starts the followers, where this process owns the data. What changes after `rev` and is not
    /// older than `started` is news.
    pub(super) fn follow(self: &Arc<Self>, rev: i64, started: Timestamp) {
        if !self.background {
            return;
        }
        self.spawn(|app| async move { app.follow_index().await });
        self.spawn(|app| async move { app.wake_snoozed().await });
        self.spawn(|app| async move { app.watch_others().await });
        self.spawn(move |app| async move { app.follow_notices(rev, started).await });
    }

    /// Runs until the engine stops.
    fn spawn<F: Future<Output = ()> + Send>(self: &Arc<Self>, job: impl FnOnce(Arc<Self>) -> F + Send + 'static) {
        let app = self.clone();
        let task = tokio::spawn(async move {
            app.stop.clone().run_until_cancelled(job(app.clone())).await;
        });
        self.followers.tasks.lock().push(task);
    }

    async fn follow_index(&self) {
        /// The index gathers changes before it commits them; it is asked this often whether it has.
        const LOOK: Duration = Duration::from_millis(100);
        let mut events = self.feed.listen();
        let mut handed_over = None;
        loop {
            match self.index_behind_now().await {
                Ok(Some(rev)) => handed_over = Some(rev),
                Ok(None) => {}
                // Whoever ended it has the index now, and says so when it may be followed again.
                Err(error) if error.code == ErrorCode::Cancelled => handed_over = None,
                Err(error) => {
                    handed_over = None;
                    tracing::error!(error = %error.message, "the search index stands still");
                }
            }
            loop {
                let event = match handed_over {
                    None => events.recv().await,
                    Some(rev) => match tokio::time::timeout(LOOK, events.recv()).await {
                        Ok(event) => event,
                        Err(_) => {
                            if self.can_be_found(rev).await {
                                handed_over = None;
                                self.feed.send(Event::Indexed { rev });
                            }
                            continue;
                        }
                    },
                };
                match event {
                    Ok(Event::Changed { .. } | Event::Resync | Event::Source { .. }) | Err(RecvError::Lagged(_)) => {
                        break;
                    }
                    Ok(_) => {}
                    Err(RecvError::Closed) => return,
                }
            }
        }
    }

    /// Whether the index has committed this change, and shows it.
    async fn can_be_found(&self, rev: i64) -> bool {
        let Some(index) = self.writable_index() else { return false };
        let shown = move || index.committed().is_some_and(|committed| committed >= rev) && index.flush().is_ok();
        tokio::task::spawn_blocking(shown).await.unwrap_or(false)
    }

    /// Indexes what is new; the watermark reached when there was anything.
    async fn index_behind_now(&self) -> Result<Option<i64>, ApiError> {
        let _one_at_a_time = self.followers.indexing.lock().await;
        let Some(index) = self.writable_index() else { return Ok(None) };
        let (store, follower) = (self.store.clone(), index.clone());
        let cancel = CancelToken::default();
        *self.followers.catching_up.lock() = cancel.clone();
        let feed = self.feed.clone();
        let done = tokio::task::spawn_blocking(move || follow_once(&store, &follower, &cancel, &feed))
            .await
            .map_err(|error| ApiError::new(ErrorCode::Failed, error.to_string()))?
            .map_err(refusal)?;
        let Some(rev) = done else { return Ok(None) };
        if let Some(committed) = index.committed() {
            self.store.write(move |tx| item::purge(tx, committed)).await?;
        }
        Ok(Some(rev))
    }

    /// Indexes everything and returns when it can be found.
    pub(super) async fn index_all(&self) -> Result<(), ApiError> {
        let Some(index) = self.writable_index() else { return Ok(()) };
        loop {
            match self.index_behind_now().await {
                Ok(_) => break,
                // It was emptied meanwhile, to be built again: that is work for us as well.
                Err(error) if error.code == ErrorCode::Cancelled => {}
                Err(error) => return Err(error),
            }
        }
        tokio::task::spawn_blocking(move || index.flush())
            .await
            .map_err(|error| ApiError::new(ErrorCode::Failed, error.to_string()))?
            .map_err(|error| ApiError::new(ErrorCode::Failed, error.to_string()))
    }

    /// `index.rebuild`: returns when the index is empty; it fills again in the background.
    pub(crate) async fn rebuild_index(&self, _: Nothing) -> Result<Nothing, ApiError> {
        let index = self.writable_index().ok_or_else(|| {
            ApiError::new(
                ErrorCode::Refused,
                "Another Inlet has this data open and keeps the search index; rebuild it there.",
            )
        })?;
        self.followers.catching_up.lock().cancel();
        let one_at_a_time = self.followers.indexing.lock().await;
        tokio::task::spawn_blocking(move || index.clear())
            .await
            .map_err(|error| ApiError::new(ErrorCode::Failed, error.to_string()))?
            .map_err(refusal)?;
        drop(one_at_a_time);
        if self.background {
            self.feed.send(Event::Source { source: None });
        } else {
            self.index_all().await?;
        }
        Ok(Nothing {})
    }

    async fn wake_snoozed(&self) {
        loop {
            let now = self.clock.now();
            let next = self.store.write(move |tx| thread::wake_due(tx, now)).await.ok().flatten();
            // At least once a minute: the clock may have been set, the computer may have slept.
            let pause = next
                .and_then(|next| Duration::try_from(next.duration_since(self.clock.now())).ok())
                .map_or(Duration::from_secs(60), |pause| pause.min(Duration::from_secs(60)));
            let pause = pause.max(Duration::from_millis(100));
            let _ = tokio::time::timeout(pause, self.followers.snoozed.notified()).await;
        }
    }

    /// Another process that writes the same database or settings has no way to tell this one.
    async fn watch_others(&self) {
        let Ok(watcher) = self.store.watcher() else { return };
        let mut seen = Store::data_version(&watcher).unwrap_or_default();
        let mut own = self.feed.listen();
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if self.config.lock().reread() {
                self.feed.send(Event::Settings);
            }
            let now = Store::data_version(&watcher).unwrap_or(seen);
            if now == seen {
                continue;
            }
            seen = now;
            // Our own commits change the version as well, and were told already.
            let told = std::iter::from_fn(|| own.try_recv().ok()).count() > 0;
            if !told {
                self.feed.send(Event::Resync);
                for (_, live) in self.registry.of(None) {
                    live.outbox.notify_one();
                }
            }
        }
    }
}

/// Brings the index up to the store; the watermark when something was new.
fn follow_once(store: &Store, index: &Index, cancel: &CancelToken, feed: &Feed) -> Result<Option<i64>, SearchError> {
    let newest =
        store.read_now(|reader| thread::newest_rev(&reader.main)).map_err(|error| SearchError::Source(error.into()))?;
    if index.watermark().is_some_and(|watermark| watermark > newest) {
        // The database is older than the index: it was restored from a backup.
        index.clear()?;
    }
    // Long work shows how far it is: the batches of a rebuild, not the mail that has just come.
    let tell = |done| {
        if done > FEW {
            feed.send(Event::Source { source: None });
        }
    };
    let done = catch_up(index, store, cancel, tell)?;
    Ok((done > 0).then(|| index.watermark().unwrap_or_default()))
}

fn refusal(error: SearchError) -> ApiError {
    let code = if matches!(error, SearchError::Cancelled) { ErrorCode::Cancelled } else { ErrorCode::Failed };
    ApiError::new(code, sentence(&error))
}
