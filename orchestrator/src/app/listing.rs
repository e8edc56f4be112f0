//! Lists of threads, page by page: by what a thread is, and by what a search finds.
//!
//! A list of the first kind is counted and read from SQLite's indexes. One with a query is the order of
//! such a list with what the search did not find left out; it is kept until something changes, so that
//! scrolling it costs what scrolling any list costs.

use std::sync::Arc;

use inlet_model::ThreadId;

use super::{App, actions::WAITED_FOR, blocking};
use crate::{
    api::{
        ApiError, ErrorCode,
        types::{ListParams, ThreadPage, View},
    },
    search::{CancelToken, Index, Query},
    store::thread,
};

/// Rows of a page at most.
const MOST: u32 = 500;
/// Lists that are remembered.
const KEPT: usize = 64;

/// A list with a query, at least as new as a change of the store and a state of the index: both are read
/// before the list is, so that what happens meanwhile makes it old.
pub(super) struct Found {
    rev: i64,
    generation: Option<u64>,
    ids: Arc<[ThreadId]>,
}

impl App {
    /// What is waited for is concluded first, and asked with this moment. It changes with the clock and with settings,
    /// which stamp no rev: a list that asks for it is read each time.
    async fn wait_for(&self, params: &mut ListParams, query: Option<&Query>) -> Result<(), ApiError> {
        if params.view == View::Waiting || query.is_some_and(Query::is_by_the_clock) {
            self.think(if self.background { WAITED_FOR } else { usize::MAX }).await?;
            params.waiting = Some(self.waiting());
        }
        Ok(())
    }

    /// `threads.list`.
    pub(crate) async fn list_threads(&self, mut params: ListParams) -> Result<ThreadPage, ApiError> {
        let limit = params.limit.unwrap_or(50).clamp(1, MOST);
        if params.query.is_some() {
            return self.list_found(params, limit as usize).await;
        }
        if params.after.as_deref().is_some_and(|key| !thread::is_key(key)) {
            return Err(bad_key());
        }
        self.wait_for(&mut params, None).await?;
        let key = key_of(&params);
        let kept = self.totals.lock().get(&key).copied().filter(|_| params.waiting.is_none());
        let (threads, rev, total) = self
            .store
            .read(move |reader| {
                // One snapshot for the rows, their number and the change they were read at.
                let tx = reader.main.unchecked_transaction()?;
                let rev = thread::newest_rev(&tx)?;
                let total = match kept {
                    Some((at, total)) if at == rev => total,
                    _ => thread::count(&tx, &params)?,
                };
                Ok((thread::list(&tx, &params, limit)?, rev, total))
            })
            .await?;
        {
            let mut totals = self.totals.lock();
            if totals.len() > KEPT {
                totals.clear();
            }
            totals.insert(key, (rev, total));
        }
        let full = threads.len() == limit as usize;
        let next = threads.last().filter(|_| full).map(thread::key_of);
        Ok(ThreadPage { threads, next, total, rev })
    }

    /// A page of a list with a query; its key is how far it has come.
    async fn list_found(&self, params: ListParams, limit: usize) -> Result<ThreadPage, ApiError> {
        let start = match &params.after {
            Some(after) => after.parse().map_err(|_| bad_key())?,
            None => usize::try_from(params.offset.unwrap_or(0)).unwrap_or(usize::MAX),
        };
        let (rev, ids) = self.threads_of(&params).await?;
        let end = start.saturating_add(limit).min(ids.len());
        let page: Vec<ThreadId> = ids.get(start..end).unwrap_or_default().to_vec();
        let threads = self.store.read(move |reader| thread::rows(&reader.main, &page)).await?;
        let next = (end < ids.len()).then(|| end.to_string());
        Ok(ThreadPage { threads, next, total: ids.len() as u64, rev })
    }

    /// Every thread of a list, newest first, and a change that it shows; it may show later ones.
    pub(super) async fn threads_of(&self, params: &ListParams) -> Result<(i64, Arc<[ThreadId]>), ApiError> {
        let index = match &params.query {
            Some(_) => Some(self.searchable()?),
            None => None,
        };
        let mut params = params.clone();
        let query = params.query.as_deref().map(|text| self.understood(text, false));
        self.wait_for(&mut params, query.as_ref()).await?;
        let key = key_of(&params);
        let generation = index.as_ref().map(|index| index.generation());
        let rev = self.store.read(|reader| thread::newest_rev(&reader.main)).await?;
        let fresh = |found: &&Found| params.waiting.is_none() && found.rev == rev && found.generation == generation;
        if let Some(found) = self.found.lock().get(&key).filter(fresh) {
            return Ok((rev, found.ids.clone()));
        }
        let (states, store, params) = (self.states.clone(), self.store.clone(), params);
        let read = move || -> Result<_, ApiError> {
            let found = match (&index, &query) {
                (Some(index), Some(query)) => Some(index.threads(query, &*states, &CancelToken::default())?),
                _ => None,
            };
            let ids = store.read_now(|reader| thread::ids(&reader.main, &params))?;
            let is_found = |id: &ThreadId| {
                let id = u64::try_from(id.0).unwrap_or_default();
                found.as_ref().is_none_or(|found| found.contains(id))
            };
            Ok(ids.into_iter().filter(is_found).collect::<Arc<[ThreadId]>>())
        };
        let ids = blocking(read).await??;
        let mut kept = self.found.lock();
        if kept.len() > KEPT {
            kept.clear();
        }
        kept.insert(key, Found { rev, generation, ids: ids.clone() });
        Ok((rev, ids))
    }

    /// The index, where there is one.
    pub(super) fn searchable(&self) -> Result<Arc<Index>, ApiError> {
        self.index.clone().ok_or_else(|| {
            ApiError::new(ErrorCode::Failed, "The search index is being made by another Inlet; try again in a moment.")
        })
    }
}

fn bad_key() -> ApiError {
    ApiError::invalid("This is not the key of a page; leave it out to begin with the first.")
}

/// What a list is remembered by: everything but the page.
fn key_of(params: &ListParams) -> String {
    format!("{:?}", ListParams { limit: None, after: None, offset: None, waiting: None, ..params.clone() })
}
