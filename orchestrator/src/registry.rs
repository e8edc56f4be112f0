//! Which sources are alive: taken in, paused and removed while the others go on.

use std::{collections::BTreeMap, sync::Arc};

use inlet_model::{AccountId, DynSource, SourceId};
use parking_lot::Mutex;
use tokio::{sync::Notify, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::sync::{Dirty, Unsaved};

/// A source that is open.
#[derive(Clone)]
pub(crate) struct Live {
    pub(crate) account: AccountId,
    pub(crate) source: Arc<dyn DynSource>,
    /// Asks its sync for a round.
    pub(crate) sync: Arc<Notify>,
    /// Wakes its outbox worker.
    pub(crate) outbox: Arc<Notify>,
    pub(crate) dirty: Arc<Dirty>,
    /// How it is, where that could not be written down.
    pub(crate) unsaved: Unsaved,
}

struct Entry {
    live: Live,
    cancel: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

/// Source id to live source.
#[derive(Default)]
pub(crate) struct Registry {
    entries: Mutex<BTreeMap<i64, Entry>>,
}

impl Registry {
    /// Takes a source in; `spawn` starts its tasks, which end with the token.
    pub(crate) fn add(
        &self,
        id: SourceId,
        live: Live,
        spawn: impl FnOnce(&Live, CancellationToken) -> Vec<JoinHandle<()>>,
    ) {
        let cancel = CancellationToken::new();
        let tasks = spawn(&live, cancel.clone());
        let replaced = self.entries.lock().insert(id.0, Entry { live, cancel, tasks });
        if let Some(replaced) = replaced {
            replaced.cancel.cancel();
        }
    }

    pub(crate) fn get(&self, id: SourceId) -> Option<Live> {
        self.entries.lock().get(&id.0).map(|entry| entry.live.clone())
    }

    /// All sources, or those of one account.
    pub(crate) fn of(&self, account: Option<AccountId>) -> Vec<(SourceId, Live)> {
        self.entries
            .lock()
            .iter()
            .filter(|(_, entry)| account.is_none_or(|account| entry.live.account == account))
            .map(|(id, entry)| (SourceId(*id), entry.live.clone()))
            .collect()
    }

    /// Lets the sources of an account go, or all; returns when their tasks have ended.
    pub(crate) async fn remove(&self, account: Option<AccountId>) {
        let gone: Vec<Entry> = {
            let mut entries = self.entries.lock();
            let ids: Vec<i64> = entries
                .iter()
                .filter(|(_, entry)| account.is_none_or(|account| entry.live.account == account))
                .map(|(id, _)| *id)
                .collect();
            ids.into_iter().filter_map(|id| entries.remove(&id)).collect()
        };
        for entry in &gone {
            entry.cancel.cancel();
        }
        for task in gone.into_iter().flat_map(|entry| entry.tasks) {
            let _ = task.await;
        }
    }
}
