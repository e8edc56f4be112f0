//! One round: every scope is pulled until it has no more.
//!
//! First a page of each scope, so that a person sees something of everything within seconds, then
//! the rest. A source of thousands of scopes lists them piece by piece, and what is held of the others
//! meanwhile is their ids. While a page is being written the next ones are already being fetched. A scope that says
//! it has news in the middle of a long backfill is served before any that is not yet asked for. Where a source breaks
//! off at the same scope again and again, as a server does that trips over one folder, that scope comes last: an error
//! that passes ends a round, and the others would wait behind it for ever.
//!
//! A page counts only where the scope still is at the position it was pulled from: beside the rounds a
//! person may have asked for a page of the past, and whichever comes second is pulled anew.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet, VecDeque},
    pin::pin,
};

use inlet_model::{Cursor, RecordPage, Result, Scope, ScopeId, SourceError, Timestamp};
use parking_lot::Mutex;
use tokio::sync::{Notify, mpsc};

use super::{Context, stored};
use crate::store::{
    ingest::{self, PackedPage},
    scope::{self, ScopeRow},
};

/// Pages that lie ready while one is written, so that a slow one keeps nobody waiting. One more may wait for its place.
const READY: usize = 1;

/// A page that can be written, and when it was asked for.
type Pulled = (PackedPage, Timestamp);

/// Scopes that said they have news, and those at which the source broke off.
#[derive(Default)]
pub(crate) struct Dirty {
    scopes: Mutex<BTreeSet<i64>>,
    /// How often in a row.
    broke: Mutex<BTreeMap<i64, u32>>,
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

    /// A scope is looked at.
    pub(crate) fn look(&self, scope: ScopeId) {
        self.scopes.lock().insert(scope.0);
        self.news.notify_one();
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

    /// Whether the source broke off at this scope just now.
    fn note(&self, scope: ScopeId, broke: bool) {
        let mut all = self.broke.lock();
        if broke {
            *all.entry(scope.0).or_default() += 1;
        } else {
            all.remove(&scope.0);
        }
    }

    /// How often in a row it broke off there.
    fn times(&self, scope: ScopeId) -> u32 {
        self.broke.lock().get(&scope.0).copied().unwrap_or_default()
    }

    /// It broke off there more than once: a connection that is lost for other reasons is none of the scope's fault.
    fn comes_last(&self, scope: ScopeId) -> bool {
        self.times(scope) > 1
    }
}

/// Scopes that are not done with after a page of each.
#[derive(Default)]
struct Left {
    /// They have more.
    behind: VecDeque<ScopeId>,
    /// The source broke off there before.
    last: Vec<ScopeId>,
}

/// Scopes that are read from the store at once.
const SOME: usize = 50;

/// Pulls everything a source has now.
pub(crate) async fn round(context: &Context) -> Result<()> {
    let (mut expired, mut left) = (HashSet::new(), Left::default());
    let (mut listed, mut waiting) = (Vec::new(), Vec::new());
    let mut from = None;
    loop {
        let piece = context.source.list(from.as_ref()).await?;
        // A scope that somebody looks at is looked at once more, even where the list says nothing is new.
        if from.is_none() && !context.source.capabilities().on_demand {
            context.dirty.take();
        }
        let ids = write_down(context, &mut listed, piece.scopes, piece.whole).await?;
        // A piece is pulled when the next one is written down: while there is more to list there is a scope that was
        // never pulled, and whoever starts after a crash sees by it that this was not the end (`begun`).
        first(context, &std::mem::replace(&mut waiting, ids), &mut expired, &mut left).await?;
        from = piece.next;
        if from.is_none() {
            break;
        }
    }
    let id = context.id;
    // What was not listed stands still, unless an earlier round broke off before it.
    waiting.extend(stored(context.store.read(move |reader| scope::beside(&reader.main, id, listed.iter())).await)?);
    first(context, &waiting, &mut expired, &mut left).await?;
    context.dirty.served();
    // The one at which it broke off least is the next: it may be well by now, and those behind it are not.
    left.last.sort_by_key(|id| std::cmp::Reverse(context.dirty.times(*id)));
    while let Some(id) = left.behind.pop_front().or_else(|| left.last.pop()) {
        let Some(mut row) = current(context, id).await? else { continue };
        if visit(context, &mut row, &mut expired, false).await? {
            left.behind.push_back(id);
        }
        serve_news(context, &mut expired, &left.last).await?;
    }
    serve_news(context, &mut expired, &[]).await?;
    // What was left for later is served as well.
    context.dirty.served();
    Ok(())
}

/// Pulls what has news, and nothing else.
pub(super) async fn news(context: &Context) -> Result<()> {
    serve_news(context, &mut HashSet::new(), &[]).await
}

/// Asks for a page of a scope's past, beyond what rounds fetch.
pub(crate) async fn older(context: &Context, scope: ScopeId) -> Result<()> {
    loop {
        let Some(row) = current(context, scope).await? else { return Ok(()) };
        let Some(cursor) = row.cursor.clone() else { return Ok(()) };
        let at = context.clock.now();
        let page = context.source.older(&row.scope, &cursor).await?;
        if commit(context, scope, Some(cursor), pack(page).await?, at).await? {
            return Ok(());
        }
    }
}

/// Writes down a piece of the list, and what was listed so far; the ids of its scopes. Where all of it stands there
/// already nothing is written: with thousands of chats that would take longer than asking.
async fn write_down(
    context: &Context,
    listed: &mut Vec<ScopeId>,
    scopes: Vec<Scope>,
    whole: bool,
) -> Result<Vec<ScopeId>> {
    let source = context.id;
    let before = std::mem::take(listed);
    let known = context.store.read(move |reader| {
        let mut same = scope::same(&reader.main, source, &scopes)?;
        if let Some(ids) = same.as_ref().filter(|_| whole)
            && !scope::beside(&reader.main, source, before.iter().chain(ids))?.is_empty()
        {
            same = None;
        }
        Ok((same, scopes, before))
    });
    let (same, scopes, before) = stored(known.await)?;
    let (ids, before) = match same {
        Some(ids) => (ids, before),
        None => {
            let written = context.store.write(move |tx| {
                let ids = scope::list(tx, source, &scopes)?;
                if whole {
                    scope::only(tx, source, before.iter().chain(&ids))?;
                }
                Ok((ids, before))
            });
            stored(written.await)?
        }
    };
    *listed = before;
    listed.extend(&ids);
    Ok(ids)
}

/// Pulls a page of each of these, and notes which are left.
async fn first(context: &Context, ids: &[ScopeId], expired: &mut HashSet<i64>, left: &mut Left) -> Result<()> {
    for some in ids.chunks(SOME) {
        for mut row in pulled(context, some.to_vec()).await? {
            if context.dirty.comes_last(row.id) {
                left.last.push(row.id);
            } else if visit(context, &mut row, expired, true).await? {
                left.behind.push_back(row.id);
            }
        }
    }
    Ok(())
}

async fn current(context: &Context, scope: ScopeId) -> Result<Option<ScopeRow>> {
    Ok(stored(context.store.read(move |reader| scope::get(&reader.main, scope)).await)?.map(|(_, row)| row))
}

/// Those of these scopes that are pulled.
async fn pulled(context: &Context, ids: Vec<ScopeId>) -> Result<Vec<ScopeRow>> {
    let source = context.id;
    stored(context.store.read(move |reader| scope::pulled(&reader.main, source, &ids)).await)
}

/// Pulls what has news, but for those that have their turn later.
async fn serve_news(context: &Context, expired: &mut HashSet<i64>, later: &[ScopeId]) -> Result<()> {
    let news: Vec<ScopeId> =
        context.dirty.take().into_iter().map(ScopeId).filter(|scope| !later.contains(scope)).collect();
    if news.is_empty() {
        return Ok(());
    }
    let mut rows = pulled(context, news).await?;
    rows.sort_by_key(|row| context.dirty.times(row.id));
    for mut row in rows {
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
            outcome => outcome,
        };
    }
}

async fn pages(context: &Context, row: &mut ScopeRow, one: bool) -> Result<bool> {
    loop {
        let (ready, pulled) = mpsc::channel(READY);
        let from = row.clone();
        let (more, there) = tokio::join!(pull_on(context, &from, one, ready), write_on(context, row, pulled));
        if there? {
            return more;
        }
        let Some(now) = current(context, row.id).await? else { return Ok(false) };
        *row = now;
    }
}

/// Pulls pages and hands them on, until there are no more, another scope has news, or nobody takes them. True when
/// there is more. A pull that was begun is ended: what is half said on a connection helps nobody.
async fn pull_on(context: &Context, row: &ScopeRow, one: bool, ready: mpsc::Sender<Pulled>) -> Result<bool> {
    let mut since = row.cursor.clone();
    loop {
        let Some(pulled) = pull(context, row, since.as_ref()).await? else { return Ok(false) };
        let more = pulled.0.more();
        since = Some(pulled.0.next().clone());
        if ready.send(pulled).await.is_err() || !more || one || context.dirty.any() {
            return Ok(more);
        }
    }
}

/// Writes the pages that come; false when the scope is elsewhere by now.
async fn write_on(context: &Context, row: &mut ScopeRow, mut pulled: mpsc::Receiver<Pulled>) -> Result<bool> {
    while let Some((packed, at)) = pulled.recv().await {
        let next = packed.next().clone();
        row.cursor = Some(next.clone());
        let from = row.kept.replace(next);
        if !commit(context, row.id, from, packed, at).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Nothing would be written but the same once more.
fn says_nothing(page: &RecordPage, row: &ScopeRow, since: Option<&Cursor>) -> bool {
    let news = page.warnings.is_empty() && page.moved.is_empty();
    let told = news && page.changes.is_empty() && page.receipts.is_empty();
    let items = told && page.upserts.is_empty() && page.flags.is_empty() && page.removed.is_empty();
    let rest = page.present.is_none() && page.poison.is_empty() && page.progress.is_none() && !page.more;
    items && rest && !row.failed && since == Some(&page.next)
}

/// Pulls a page and makes it ready to be written; `None` when it says nothing new.
async fn pull(context: &Context, row: &ScopeRow, since: Option<&Cursor>) -> Result<Option<Pulled>> {
    let at = context.clock.now();
    let page = context.source.pull(&row.scope, since).await;
    match &page {
        Ok(_) => context.dirty.note(row.id, false),
        Err(SourceError::Transient(_)) => context.dirty.note(row.id, true),
        Err(_) => {}
    }
    let page = page?;
    if says_nothing(&page, row, since) {
        return Ok(None);
    }
    Ok(Some((pack(page).await?, at)))
}

async fn pack(page: RecordPage) -> Result<PackedPage> {
    stored(
        tokio::task::spawn_blocking(move || PackedPage::pack(page))
            .await
            .map_err(|_| SourceError::Transient("Inlet is shutting down.".into()))?,
    )
}

/// Writes a page that was pulled from this position; false when the scope is elsewhere by now.
async fn commit(
    context: &Context,
    scope: ScopeId,
    from: Option<Cursor>,
    page: PackedPage,
    at: Timestamp,
) -> Result<bool> {
    let source = context.id;
    let written = context.store.write(move |tx| {
        let there = scope::is_at(tx, scope, from.as_ref())?;
        if there {
            ingest::page(tx, source, scope, &page, at)?;
        }
        Ok(there)
    });
    let written = stored(written.await)?;
    if written {
        context.feed.source(source);
    }
    Ok(written)
}

async fn note(context: &Context, row: &ScopeRow, reason: &str) -> Result<()> {
    let (id, reason) = (row.id, reason.to_owned());
    tracing::warn!(source = context.id.0, scope = id.0, "a scope cannot be read");
    stored(context.store.write(move |tx| scope::set_error(tx, id, &reason)).await)
}
