//! One page of results.
//!
//! Segments are ordered newest first, so a page of the newest is the beginning of each, and reading
//! stops as soon as no document of a segment can be on the page. A page begins after a key, not at a
//! count: what arrives meanwhile moves nothing. Counting goes on a little further, because a person
//! wants to know "about how many", and then stops too.
//!
//! The beginning of a word may stand for ten thousand words, all of whose documents have to be read
//! before the first result is known. For very short ones only the newest documents of each segment
//! are read, the window; the page is kept if nothing outside the windows could be on it.

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
    fmt,
    str::FromStr,
    sync::Arc,
};

use inlet_model::Timestamp;
use roaring::RoaringTreemap;
use tantivy::{
    DocId, DocSet, Searcher, SegmentReader, TERMINATED,
    query::{EnableScoring, Query as IndexQuery},
};

use super::{
    CancelToken, Result, SearchError, StateFilter,
    matching::{STEPS, first_older},
    schema::{AT, ITEM, THREAD},
};

/// Results beyond this are counted as "at least".
const COUNTED: u64 = 5000;

/// Nobody reads a longer page.
const LONGEST_PAGE: usize = 1000;

/// The order of results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sort {
    /// Newest first.
    #[default]
    Newest,
    /// What fits best first.
    Relevance,
}

/// Answers conditions on what is not indexed.
pub(crate) trait StateLookup {
    /// The items the condition holds for; empty when nothing has that name. Asked once for each
    /// condition of a search, on the thread that searches.
    fn items(&self, filter: &StateFilter) -> Arc<RoaringTreemap>;
}

/// What page is wanted.
#[derive(Clone, Copy)]
pub(crate) struct SearchRequest<'a> {
    /// Results on the page; at most 1,000.
    pub(crate) limit: usize,
    /// [`Hits::next`] of the page before.
    pub(crate) after: Option<PageKey>,
    /// Order.
    pub(crate) sort: Sort,
    /// Answers `is:`, `in:`, `label:`, `account:` and `person:`.
    pub(crate) states: &'a dyn StateLookup,
    /// Ends the search early with [`SearchError::Cancelled`].
    pub(crate) cancel: &'a CancelToken,
}

/// A result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Hit {
    /// Row id of the item.
    pub(crate) item: i64,
    /// Row id of its conversation.
    pub(crate) thread: i64,
    /// When, to the millisecond.
    pub(crate) at: Timestamp,
    /// How well it fits; zero when ordered by time.
    pub(crate) score: f32,
}

/// How many results there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Total {
    /// So many.
    pub(crate) count: u64,
    /// Otherwise at least so many.
    pub(crate) exact: bool,
}

/// A page of results.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Hits {
    /// In order.
    pub(crate) hits: Vec<Hit>,
    /// Of the whole search, not of the page.
    pub(crate) total: Total,
    /// Where the next page begins; `None` on the last.
    pub(crate) next: Option<PageKey>,
    /// What was searched instead, when nothing matched what was typed. Parsed, it is the query for
    /// the snippets of these results.
    pub(crate) corrected: Option<String>,
}

/// The place of a result in the order; text for the command line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PageKey {
    score: f32,
    at: i64,
    item: i64,
}

impl Eq for PageKey {}

impl PartialOrd for PageKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PageKey {
    /// Greater comes first on the page.
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then(self.at.cmp(&other.at)).then(self.item.cmp(&other.item))
    }
}

impl fmt::Display for PageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at, self.item)?;
        if self.score != 0.0 { write!(f, ".{:x}", self.score.to_bits()) } else { Ok(()) }
    }
}

impl FromStr for PageKey {
    type Err = SearchError;

    fn from_str(text: &str) -> Result<Self> {
        let mut parts = text.split('.');
        let key = (|| {
            let at = parts.next()?.parse().ok()?;
            let item = parts.next()?.parse().ok()?;
            let score = match parts.next() {
                Some(bits) => f32::from_bits(u32::from_str_radix(bits, 16).ok()?),
                None => 0.0,
            };
            (parts.next().is_none() && score.is_finite()).then_some(Self { score, at, item })
        })();
        key.ok_or(SearchError::PageKey)
    }
}

/// The best so far: the top of the heap is the one to go.
struct Best {
    heap: BinaryHeap<Reverse<(PageKey, i64)>>,
    size: usize,
    after: Option<PageKey>,
}

impl Best {
    fn worst(&self) -> Option<&PageKey> {
        let full = self.heap.len() >= self.size;
        self.heap.peek().filter(|_| full).map(|Reverse((key, _))| key)
    }

    fn offer(&mut self, key: PageKey, thread: impl FnOnce() -> i64) {
        if self.after.is_some_and(|after| key >= after) || self.worst().is_some_and(|worst| key <= *worst) {
            return;
        }
        if self.heap.len() >= self.size {
            self.heap.pop();
        }
        self.heap.push(Reverse((key, thread())));
    }
}

/// Runs `query` and takes the page from it. With a `window` only so many documents of each segment
/// are looked at, and `None` says that they were not enough.
pub(super) fn page(
    searcher: &Searcher,
    query: &dyn IndexQuery,
    request: &SearchRequest<'_>,
    window: Option<DocId>,
) -> Result<Option<Hits>> {
    let limit = request.limit.clamp(1, LONGEST_PAGE);
    // One more than the page tells whether there is a next one.
    let mut best = Best { heap: BinaryHeap::with_capacity(limit + 2), size: limit + 1, after: request.after };
    let mut total = Total { count: 0, exact: true };
    let scoring = match request.sort {
        Sort::Newest => EnableScoring::disabled_from_searcher(searcher),
        Sort::Relevance => EnableScoring::enabled_from_searcher(searcher),
    };
    let weight = query.weight(scoring)?;
    let mut unread = None;
    for reader in searcher.segment_readers() {
        request.cancel.check()?;
        let mut scorer = weight.scorer(reader, 1.0)?;
        match request.sort {
            Sort::Newest => {
                let end = window.unwrap_or(DocId::MAX).min(reader.max_doc());
                let left = newest(reader, &mut *scorer, end, &mut best, &mut total, request.cancel)?;
                unread = unread.max(left);
            }
            Sort::Relevance => {
                let columns = Columns::of(reader)?;
                let (mut doc, mut steps) = (scorer.doc(), 0_u32);
                while doc != TERMINATED {
                    step(&mut steps, request.cancel)?;
                    if !reader.is_deleted(doc) {
                        total.count += 1;
                        let key = PageKey { score: scorer.score(), ..columns.key(doc) };
                        best.offer(key, || columns.thread.get_val(doc));
                    }
                    doc = scorer.advance();
                }
            }
        }
    }
    // A condition that was cancelled ends as if there were no more documents.
    request.cancel.check()?;
    if unread.is_some() && best.worst().is_none_or(|worst| Some(worst.at) <= unread) {
        return Ok(None);
    }
    let mut found = best.heap.into_sorted_vec();
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|Reverse((key, _))| *key);
    let hits = found.into_iter().map(|Reverse((key, thread))| key.hit(thread)).collect();
    Ok(Some(Hits { hits, total, next, corrected: None }))
}

/// What of everything `query` finds is wanted.
#[derive(Clone, Copy)]
pub(super) enum Wanted {
    /// The items themselves.
    Items,
    /// Their conversations.
    Threads,
}

/// The ids of everything `query` finds, in one pass.
pub(super) fn every(
    searcher: &Searcher,
    query: &dyn IndexQuery,
    wanted: Wanted,
    cancel: &CancelToken,
) -> Result<RoaringTreemap> {
    let column = match wanted {
        Wanted::Items => ITEM,
        Wanted::Threads => THREAD,
    };
    let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
    let mut found = RoaringTreemap::new();
    for reader in searcher.segment_readers() {
        let ids = reader.fast_fields().column_first_or_default::<i64>(column)?;
        let mut scorer = weight.scorer(reader, 1.0)?;
        let (mut doc, mut steps) = (scorer.doc(), 0_u32);
        while doc != TERMINATED {
            step(&mut steps, cancel)?;
            if !reader.is_deleted(doc) {
                found.insert(u64::try_from(ids.get_val(doc)).unwrap_or_default());
            }
            doc = scorer.advance();
        }
    }
    cancel.check()?;
    Ok(found)
}

impl PageKey {
    fn hit(self, thread: i64) -> Hit {
        let at = Timestamp::from_millisecond(self.at).unwrap_or(Timestamp::UNIX_EPOCH);
        Hit { item: self.item, thread, at, score: self.score }
    }
}

struct Columns {
    at: Arc<dyn tantivy::columnar::ColumnValues<i64>>,
    item: Arc<dyn tantivy::columnar::ColumnValues<i64>>,
    thread: Arc<dyn tantivy::columnar::ColumnValues<i64>>,
}

impl Columns {
    fn of(reader: &SegmentReader) -> tantivy::Result<Self> {
        let fast = reader.fast_fields();
        Ok(Self {
            at: fast.column_first_or_default(AT)?,
            item: fast.column_first_or_default(ITEM)?,
            thread: fast.column_first_or_default(THREAD)?,
        })
    }

    fn key(&self, doc: u32) -> PageKey {
        PageKey { score: 0.0, at: self.at.get_val(doc), item: self.item.get_val(doc) }
    }
}

fn step(steps: &mut u32, cancel: &CancelToken) -> Result<()> {
    *steps = steps.wrapping_add(1);
    if steps.is_multiple_of(STEPS) { cancel.check() } else { Ok(()) }
}

/// One segment, newest first. Documents of one instant are in no order, so that the page is only
/// complete at the first older one. Returns the time of the first document at or after `end`, if it
/// could be on the page.
fn newest(
    reader: &SegmentReader,
    scorer: &mut dyn tantivy::query::Scorer,
    end: DocId,
    best: &mut Best,
    total: &mut Total,
    cancel: &CancelToken,
) -> Result<Option<i64>> {
    let columns = Columns::of(reader)?;
    // Everything newer than the page's key is on earlier pages: it is only counted.
    let start = best.after.map_or(0, |after| {
        after.at.checked_add(1).map_or(0, |newer| first_older(&*columns.at, reader.max_doc(), newer))
    });
    let (mut doc, mut collecting, mut steps) = (scorer.doc(), true, 0_u32);
    while doc < end {
        step(&mut steps, cancel)?;
        let counting = total.count < COUNTED;
        if !counting {
            total.exact = false;
            if !collecting {
                return Ok(None);
            }
            if doc < start {
                doc = scorer.seek(start);
                continue;
            }
        }
        if !reader.is_deleted(doc) {
            total.count += u64::from(counting);
            if collecting && doc >= start {
                let key = columns.key(doc);
                if best.worst().is_some_and(|worst| key.at < worst.at) {
                    collecting = false;
                } else {
                    best.offer(key, || columns.thread.get_val(doc));
                }
            }
        }
        doc = scorer.advance();
    }
    if end < reader.max_doc() {
        total.exact = false;
    }
    Ok((collecting && end < reader.max_doc()).then(|| columns.at.get_val(end)))
}
