//! One round: every scope is pulled until it has no more.
//!
//! First a page of each scope, so that a person sees something of everything within seconds, then
//! the rest. While a page is being written the next one is already being fetched. A scope that says
//! it has news in the middle of a long backfill is served before the next page.

use std::{
    collections::{BTreeSet, HashSet, VecDeque},
    pin::pin,
};

use inlet_model::{Cursor, RecordPage, Result, ScopeId, SourceError, Timestamp};
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::{Context, stored};
use crate::store::{
    ingest::{self, PackedPage},
    scope::{self, ScopeRow},
};

/// Scopes that said they have news.
#[derive(Default)]
pub(crate) struct Dirty {
    scopes: Mutex<BTreeSet<i64>>,
    news: Notify,
    served: Notify,
}

impl Dirty {
    /// A scope has news. Returns when it was pulled: whoever listens there would otherwise hear of
    /// the same news again at once.
    pub(super) async fn announce(&self, scope: ScopeId) {
        let mut served = pin!(self.served.notified());
        served.as_mut().enable();
        self.scopes.lock().insert(scope.0);
        self.news.notify_one();
        served.await;
    }

    /// Returns when a scope has news.
    pub(super) async fn news(&self) {
        self.news.notified().await;
    }

    fn take(&self) -> BTreeSet<i64> {
        std::mem::take(&mut *self.scopes.lock())
    }

    fn any(&self) -> bool {
        !self.scopes.lock().is_empty()
    }

    fn served(&self) {
        self.served.notify_waiters();
    }
}

/// Pulls everything a source has now.
pub(crate) async fn round(context: &Context) -> Result<()> {
    let listed = context.source.scopes().await?;
    let id = context.id;
    stored(context.store.write(move |tx| scope::replace(tx, id, &listed)).await)?;
    context.dirty.take();
    let rows: Vec<ScopeRow> = scopes(context).await?.into_iter().filter(|row| row.scope.pulled).collect();
    let mut expired = HashSet::new();
    let mut behind = VecDeque::new();
    for mut row in rows.iter().cloned() {
        if visit(context, &mut row, &mut expired, true).await? {
            behind.push_back(row);
        }
    }
    context.dirty.served();
    while let Some(mut row) = behind.pop_front() {
        if visit(context, &mut row, &mut expired, false).await? {
            behind.push_back(row);
        }
        serve_news(context, &mut expired).await?;
    }
    serve_news(context, &mut expired).await
}

/// The scopes of a source as they are written down.
pub(super) async fn scopes(context: &Context) -> Result<Vec<ScopeRow>> {
    let id = context.id;
    stored(context.store.read(move |reader| scope::of_source(&reader.main, id)).await)
}

async fn serve_news(context: &Context, expired: &mut HashSet<i64>) -> Result<()> {
    let news = context.dirty.take();
    if news.is_empty() {
        return Ok(());
    }
    for mut row in scopes(context).await?.into_iter().filter(|row| row.scope.pulled && news.contains(&row.id.0)) {
        visit(context, &mut row, expired, true).await?;
    }
    context.dirty.served();
    Ok(())
}

/// Pulls a scope: one page, or all it has until another one has news. True when there is more.
/// An error that concerns this scope alone is noted, and the others go on.
async fn visit(context: &Context, row: &mut ScopeRow, expired: &mut HashSet<i64>, one: bool) -> Result<bool> {
    loop {
        return match pages(context, row, one).await {
            Ok(more) => Ok(more),
            // What is written down stays until the first page of the rescan takes its place: until then a
            // crash finds the old position, which is as expired as before.
            Err(SourceError::CursorExpired) if expired.insert(row.id.0) => {
                row.cursor = None;
                continue;
            }
            Err(SourceError::CursorExpired) => {
                note(context, row, "The server forgets where the last sync ended; Inlet tries again later.").await?;
                Ok(false)
            }
            Err(SourceError::Permanent(reason)) => {
                note(context, row, &reason).await?;
                Ok(false)
            }
            Err(error) => Err(error),
        };
    }
}

async fn pages(context: &Context, row: &mut ScopeRow, one: bool) -> Result<bool> {
    let mut pulled = pull(context, row, row.cursor.as_ref()).await?;
    loop {
        let (page, at) = pulled;
        let packed = pack(page).await?;
        let more = packed.more();
        let next = packed.next().clone();
        let stop = !more || one || context.dirty.any();
        row.cursor = Some(next.clone());
        if stop {
            commit(context, row.id, packed, at).await?;
            return Ok(more);
        }
        let (committed, following) = tokio::join!(commit(context, row.id, packed, at), pull(context, row, Some(&next)));
        committed?;
        pulled = following?;
    }
}

async fn pull(context: &Context, row: &ScopeRow, since: Option<&Cursor>) -> Result<(RecordPage, Timestamp)> {
    let at = context.clock.now();
    Ok((context.source.pull(&row.scope, since).await?, at))
}

async fn pack(page: RecordPage) -> Result<PackedPage> {
    stored(
        tokio::task::spawn_blocking(move || PackedPage::pack(page))
            .await
            .map_err(|_| SourceError::Transient("Inlet is shutting down.".into()))?,
    )
}

async fn commit(context: &Context, scope: ScopeId, page: PackedPage, at: Timestamp) -> Result<()> {
    let source = context.id;
    stored(context.store.write(move |tx| ingest::page(tx, source, scope, &page, at)).await)?;
    context.feed.source(source);
    Ok(())
}

async fn note(context: &Context, row: &ScopeRow, reason: &str) -> Result<()> {
    let (id, reason) = (row.id, reason.to_owned());
    tracing::warn!(source = context.id.0, scope = id.0, "a scope cannot be read");
    stored(context.store.write(move |tx| scope::set_error(tx, id, &reason)).await)
}
