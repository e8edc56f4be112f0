//! Doing things to threads and items, and taking them back.

use inlet_model::ThreadId;

use super::App;
use crate::{
    api::{
        ApiError,
        types::{ActParams, Acted, UndoParams, Verb},
    },
    outbox::enqueue::{self, ActError},
    store::{StoreError, WriteTx, thread},
};

impl App {
    /// `act`.
    pub(crate) async fn act(&self, params: ActParams) -> Result<Acted, ApiError> {
        let now = self.clock.now();
        let snoozes = params.verb == Verb::Snooze;
        let acted = self.transact(move |tx| enqueue::act(tx, &params, now)).await?;
        if snoozes {
            self.followers.snoozed.notify_one();
        }
        Ok(acted)
    }

    /// `undo`.
    pub(crate) async fn undo(&self, params: UndoParams) -> Result<Acted, ApiError> {
        let now = self.clock.now();
        self.transact(move |tx| enqueue::undo(tx, params.undo, now)).await
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
