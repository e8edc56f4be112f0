//! What goes on without being asked: the index follows the feed, snoozed threads come back,
//! deleted rows are taken away, other processes' writes are noticed.

use std::{collections::HashSet, sync::Arc, time::Duration};

use inlet_model::Timestamp;
use parking_lot::Mutex;
use tokio::{
    sync::{Notify, broadcast::error::RecvError},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use super::{App, blocking};
use crate::{
    api::{
        ApiError, ErrorCode,
        types::{Nothing, WorkKind},
    },
    event::Event,
    search::{CancelToken, Index, IndexChange, SearchError, Step, catch_up, go_over},
    store::{Store, item, thread},
};

/// What the work on the index is called.
const INDEX: &str = "Search index";

/// Tasks that run as long as the engine does.
#[derive(Default)]
pub(super) struct Followers {
    tasks: Mutex<Vec<JoinHandle<()>>>,
    indexing: Arc<tokio::sync::Mutex<()>>,
    pub(super) thinking: tokio::sync::Mutex<()>,
    pub(super) ruling: tokio::sync::Mutex<()>,
    /// The index is to be built anew.
    rebuild: Notify,
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
        self.spawn(|app| async move { app.rebuild_when_asked().await });
        self.spawn(|app| async move { app.wake_snoozed().await });
        self.spawn(|app| async move { app.follow_actions().await });
        self.spawn(|app| async move { app.follow_digest().await });
        self.spawn(|app| async move { app.follow_rules().await });
        self.spawn(|app| async move { app.follow_retention().await });
        self.spawn(|app| async move { app.watch_others().await });
        self.spawn(move |app| async move { app.follow_notices(rev, started).await });
    }

    /// Runs until the engine stops.
    pub(super) fn spawn<F: Future<Output = ()> + Send>(
        self: &Arc<Self>,
        job: impl FnOnce(Arc<Self>) -> F + Send + 'static,
    ) {
        let app = self.clone();
        let task = tokio::spawn(async move {
            app.stop.clone().run_until_cancelled(job(app.clone())).await;
        });
        self.followers.tasks.lock().push(task);
    }

    async fn follow_index(&self) {
        /// The index gathers changes before it commits them; it is asked this often whether it has.
        const LOOK: Duration = Duration::from_millis(100);
        /// Where it could not be written, it is tried again though nothing happens.
        const AGAIN: Duration = Duration::from_secs(10);
        let mut events = self.feed.listen();
        let mut handed_over = None;
        loop {
            let mut stands_still = false;
            match self.index_behind_now().await {
                Ok(Some(rev)) => handed_over = Some(rev),
                Ok(None) => {}
                Err(error) => {
                    (handed_over, stands_still) = (None, true);
                    tracing::error!(error = %error.message, "the search index stands still");
                }
            }
            loop {
                let event = match handed_over {
                    None if stands_still => match tokio::time::timeout(AGAIN, events.recv()).await {
                        Ok(event) => event,
                        Err(_) => break,
                    },
                    None => events.recv().await,
                    Some(rev) => match tokio::time::timeout(LOOK, events.recv()).await {
                        Ok(event) => event,
                        // What was handed over since the last commit is handed over once more.
                        Err(_) if self.writable_index().is_some_and(|index| index.has_failed()) => break,
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

    /// Does `work`, and indexes meanwhile what it brings in, where nobody does so in the background.
    pub(super) async fn with_index_following<T>(&self, work: impl Future<Output = T>) -> T {
        if self.background {
            return work.await;
        }
        let over = CancellationToken::new();
        let work = async {
            let outcome = work.await;
            over.cancel();
            outcome
        };
        tokio::join!(work, over.run_until_cancelled(self.follow_index())).0
    }

    /// Whether the index has committed this change, and shows it.
    async fn can_be_found(&self, rev: i64) -> bool {
        let Some(index) = self.writable_index() else { return false };
        let shown = move || index.committed().is_some_and(|committed| committed >= rev) && index.flush().is_ok();
        tokio::task::spawn_blocking(shown).await.unwrap_or(false)
    }

    /// Indexes what is new; the watermark reached when there was anything. What takes long is work to be
    /// seen and paused.
    async fn index_behind_now(&self) -> Result<Option<i64>, ApiError> {
        let Some(index) = self.writable_index() else { return Ok(None) };
        let (mut done, mut work) = (0, None);
        if index.has_failed() {
            // A disk that was full may have room again.
            let stopped = index.clone();
            self.with_index(move || stopped.resume()).await?;
        }
        loop {
            let (follower, store) = (index.clone(), self.store.clone());
            let step = self.with_index(move || follow(&follower, &store)).await?;
            done += step.count;
            if !step.more {
                break;
            }
            if work.is_none() {
                let rev = step.rev;
                let left = self.store.read(move |reader| item::count_after(&reader.main, rev)).await?;
                work = Some(self.works.begin(WorkKind::Rebuild, INDEX, Some(done + left)).needed());
            }
            if let Some(work) = &mut work {
                work.step(done).await?;
            }
        }
        if done == 0 {
            return Ok(None);
        }
        if let Some(committed) = index.committed() {
            self.store.write(move |tx| item::purge(tx, committed)).await?;
        }
        Ok(index.watermark())
    }

    /// Does something with the index that nobody else does at the same time, though nobody waits for it any
    /// more. It is one batch at most, so that new mail is found while a long work goes on or rests.
    async fn with_index<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> Result<T, SearchError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let one_at_a_time = self.followers.indexing.clone().lock_owned().await;
        let held = move || {
            let _held = one_at_a_time;
            job()
        };
        Ok(blocking(held).await??)
    }

    /// Indexes everything and returns when it can be found.
    pub(super) async fn index_all(&self) -> Result<(), ApiError> {
        let Some(index) = self.writable_index() else { return Ok(()) };
        self.index_behind_now().await?;
        self.with_index(move || index.flush()).await
    }

    /// `index.rebuild`: the old index is used until each item has had its turn, and what is done when the
    /// work is ended stays.
    pub(crate) async fn rebuild_index(&self, _: Nothing) -> Result<Nothing, ApiError> {
        if self.writable_index().is_none() {
            return Err(ApiError::new(
                ErrorCode::Refused,
                "Another Inlet has this data open and keeps the search index; rebuild it there.",
            ));
        }
        if self.background {
            self.followers.rebuild.notify_one();
        } else {
            self.index_anew().await?;
        }
        Ok(Nothing {})
    }

    async fn rebuild_when_asked(&self) {
        loop {
            self.followers.rebuild.notified().await;
            match self.index_anew().await {
                Ok(()) => {}
                Err(error) if error.code == ErrorCode::Cancelled => {}
                Err(error) => tracing::error!(error = %error.message, "the search index could not be rebuilt"),
            }
        }
    }

    /// Indexes every item once more, and takes out what is no item any more.
    async fn index_anew(&self) -> Result<(), ApiError> {
        let Some(index) = self.writable_index() else { return Ok(()) };
        let total = self.store.read(|reader| item::count_after(&reader.main, i64::MIN)).await?;
        let mut work = self.works.begin(WorkKind::Rebuild, INDEX, Some(total));
        let (mut done, mut rev) = (0, i64::MIN);
        loop {
            let (again, store) = (index.clone(), self.store.clone());
            let step = self.with_index(move || go_over(&again, &store, rev)).await?;
            (done, rev) = (done + step.count, step.rev);
            work.step(done).await?;
            if !step.more {
                break;
            }
        }
        let (store, states, all) = (self.store.clone(), self.states.clone(), self.understood("", false));
        self.with_index(move || {
            let known = store.read_now(|reader| item::all_ids(&reader.main));
            let known: HashSet<i64> =
                known.map_err(|error| SearchError::Source(error.into()))?.into_iter().map(|id| id.0).collect();
            let found = index.items(&all, &*states, &CancelToken::default())?;
            let gone = found.iter().filter_map(|id| i64::try_from(id).ok()).filter(|id| !known.contains(id));
            if let Some(watermark) = index.watermark() {
                index.apply(gone.map(IndexChange::Delete).collect(), watermark)?;
            }
            index.flush()
        })
        .await
    }

    /// Builds the index anew from nothing, where the one there is cannot be gone over.
    pub(super) async fn index_from_nothing(&self) -> Result<(), ApiError> {
        let Some(index) = self.writable_index() else { return Ok(()) };
        self.with_index(move || index.clear()).await?;
        self.index_all().await
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
            if let Err(error) = self.follow_lock().await {
                tracing::warn!(%error, "whether the passphrase of the lock is still there could not be read");
            }
            if let Err(error) = self.follow_accounts().await {
                tracing::warn!(error = %error, "what another process did to the accounts could not be followed");
            }
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

/// Brings the index one batch nearer to the store.
fn follow(index: &Index, store: &Store) -> Result<Step, SearchError> {
    let newest =
        store.read_now(|reader| thread::newest_rev(&reader.main)).map_err(|error| SearchError::Source(error.into()))?;
    if index.watermark().is_some_and(|watermark| watermark > newest) {
        // The database is older than the index: it was restored from a backup.
        index.clear()?;
    }
    catch_up(index, store)
}
