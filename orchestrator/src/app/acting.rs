//! Doing things to threads and items, and taking them back.

use std::collections::HashSet;

use inlet_model::ThreadId;

use super::App;
use crate::{
    api::{
        ApiError,
        types::{ActParams, Acted, UndoParams, Verb},
    },
    outbox::enqueue::{self, ActError, By},
    store::{StoreError, WriteTx, thread},
};

/// Threads that are changed in one transaction: others want to write too.
const PIECE: usize = 200;
/// Threads that an answer names at most.
const NAMED: usize = 1000;

impl App {
    /// `act`.
    pub(crate) async fn act(&self, mut params: ActParams) -> Result<Acted, ApiError> {
        let timed = matches!(params.verb, Verb::Snooze | Verb::Remind);
        let threads = self.all_threads(&mut params).await?;
        let acted = match threads.get(PIECE..) {
            None | Some([]) => self.act_on(ActParams { threads, ..params }, None).await?,
            Some(_) => self.act_on_many(&params, &threads).await?,
        };
        if timed {
            self.followers.snoozed.notify_one();
        }
        Ok(acted)
    }

    /// What is meant: the threads named, those of a list, and those that a search finds, each once.
    async fn all_threads(&self, params: &mut ActParams) -> Result<Vec<ThreadId>, ApiError> {
        let mut threads = std::mem::take(&mut params.threads);
        if let Some(list) = params.list.take() {
            threads.extend(self.threads_of(&list).await?.1.iter().copied());
        }
        if let Some(query) = params.query.take() {
            threads.extend(self.threads_found_by(&query).await?);
        }
        let mut seen = HashSet::with_capacity(threads.len());
        threads.retain(|thread| seen.insert(*thread));
        Ok(threads)
    }

    /// Does something, and something else in the same transaction: both or neither.
    pub(super) async fn act_and(
        &self,
        params: ActParams,
        also: impl FnOnce(&WriteTx<'_>) -> Result<(), ActError> + Send + 'static,
    ) -> Result<Acted, ApiError> {
        let (now, held_back) = (self.clock.now(), self.held_back(None));
        let acted = self.transact(move |tx| {
            let acted = enqueue::act(tx, &params, By::Person, None, now, held_back)?;
            also(tx)?;
            Ok(acted)
        });
        let acted = acted.await?;
        self.followers.snoozed.notify_one();
        Ok(acted)
    }

    async fn act_on(&self, params: ActParams, first: Option<u64>) -> Result<Acted, ApiError> {
        let now = self.clock.now();
        let held_back = self.held_back(params.undo_seconds);
        self.transact(move |tx| enqueue::act(tx, &params, By::Person, first, now, held_back)).await
    }

    /// Piece by piece. When a piece fails, what was done stays done, and can be undone.
    async fn act_on_many(&self, params: &ActParams, threads: &[ThreadId]) -> Result<Acted, ApiError> {
        let (mut first, mut done) = (None, 0);
        for piece in threads.chunks(PIECE) {
            let acted = self.act_on(ActParams { threads: piece.to_vec(), ..params.clone() }, first).await?;
            first = first.or(acted.undo);
            done += acted.threads.len();
        }
        Ok(Acted {
            message: enqueue::message(params.verb, done),
            undo: first,
            count: done as u64,
            threads: threads.iter().take(NAMED).copied().collect(),
        })
    }

    /// `undo`.
    pub(crate) async fn undo(&self, params: UndoParams) -> Result<Acted, ApiError> {
        let now = self.clock.now();
        let mut undone = self.transact(move |tx| enqueue::undo(tx, params.undo, now)).await?;
        while let Some(first) = undone.undo.take() {
            let more = self.transact(move |tx| enqueue::undo(tx, Some(first), now)).await?;
            undone.undo = more.undo;
            undone.count += more.count;
            undone.threads.extend(more.threads.into_iter().take(NAMED.saturating_sub(undone.threads.len())));
        }
        Ok(undone)
    }

    async fn transact(
        &self,
        job: impl FnOnce(&WriteTx<'_>) -> Result<Acted, ActError> + Send + 'static,
    ) -> Result<Acted, ApiError> {
        // A refusal has to roll back what was already done in the same transaction.
        let (refused, refusal) = std::sync::mpsc::channel();
        let acted = self
            .store
            .write(move |tx| {
                job(tx).map_err(|error| match error {
                    ActError::Store(error) => error,
                    ActError::Refused(error) => {
                        let _ = refused.send(error);
                        StoreError::Refused
                    }
                })
            })
            .await;
        if matches!(acted, Err(StoreError::Refused))
            && let Ok(error) = refusal.try_recv()
        {
            return Err(error);
        }
        let acted = acted?;
        self.wake_outboxes(&acted.threads).await?;
        Ok(acted)
    }

    /// Wakes the workers of the sources these threads belong to.
    pub(super) async fn wake_outboxes(&self, threads: &[ThreadId]) -> Result<(), ApiError> {
        let threads = threads.to_vec();
        let sources = self.store.read(move |reader| thread::sources(&reader.main, &threads)).await?;
        for source in sources {
            if let Some(live) = self.registry.get(source) {
                live.outbox.notify_one();
            }
        }
        Ok(())
    }
}
