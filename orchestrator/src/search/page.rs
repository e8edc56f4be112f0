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
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use inlet_model::Timestamp;
use roaring::RoaringTreemap;
use tantivy::{
    DocId, DocSet, Searcher, SegmentReader, TERMINATED,
    query::{EnableScoring, Query as IndexQuery, Weight},
};

use super::{
    CancelToken, Result, SearchError, StateFilter,
    matching::{STEPS, first_older},
    schema::{AT, ITEM, THREAD},
};

/// Results beyond this are counted as "at least".
const COUNTED: u64 = 5000;

/// Results of a segment are told to the others by so many.
const TOGETHER: u64 = 64;

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

/// Runs `query` and takes the page from it; segments are read side by side. With a `window` only so many documents of
/// each are looked at, and `None` says that they were not enough.
pub(super) fn page(
    searcher: &Searcher,
    query: &dyn IndexQuery,
    request: &SearchRequest<'_>,
    window: Option<DocId>,
) -> Result<Option<Hits>> {
    let limit = request.limit.clamp(1, LONGEST_PAGE);
    let scoring = match request.sort {
        Sort::Newest => EnableScoring::disabled_from_searcher(searcher),
        Sort::Relevance => EnableScoring::enabled_from_searcher(searcher),
    };
    let weight = query.weight(scoring)?;
    let counted = AtomicU64::new(0);
    let reading = Reading {
        weight: &*weight,
        // One more than the page tells whether there is a next one.
        size: limit + 1,
        after: request.after,
        window: window.unwrap_or(DocId::MAX),
        counted: &counted,
        cancel: request.cancel,
    };
    let sort = request.sort;
    let read = |reader: &SegmentReader| match sort {
        Sort::Newest => reading.newest(reader),
        Sort::Relevance => reading.most_relevant(reader),
    };
    let mut found = Part { best: reading.best(), exact: true, unread: None };
    let mut segments: Vec<&SegmentReader> = searcher.segment_readers().iter().collect();
    if window.is_some() {
        segments = found.of_newest(segments, read)?;
    }
    for part in side_by_side(searcher, segments, read)? {
        found.take(part);
    }
    // A condition that was cancelled ends as if there were no more documents.
    request.cancel.check()?;
    let Part { best, exact, unread } = found;
    if unread.is_some() && best.worst().is_none_or(|worst| Some(worst.at) <= unread) {
        return Ok(None);
    }
    let count = counted.into_inner();
    let total = match sort {
        // Where segments are counted side by side, a few more are counted.
        Sort::Newest => Total { count: count.min(COUNTED), exact: exact && count <= COUNTED },
        Sort::Relevance => Total { count, exact },
    };
    let mut found = best.heap.into_sorted_vec();
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|Reverse((key, _))| *key);
    let hits = found.into_iter().map(|Reverse((key, thread))| key.hit(thread)).collect();
    Ok(Some(Hits { hits, total, next, corrected: None }))
}

/// Reads segments, as many at once as the index has threads for; the outcomes are in their order.
fn side_by_side<'a, T: Send>(
    searcher: &Searcher,
    segments: impl IntoIterator<Item = &'a SegmentReader>,
    read: impl Fn(&SegmentReader) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    searcher.index().search_executor().map(|reader| Ok(read(reader)), segments.into_iter())?.into_iter().collect()
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
    let parts = side_by_side(searcher, searcher.segment_readers(), |reader| {
        let ids = reader.fast_fields().column_first_or_default::<i64>(column)?;
        let mut found = RoaringTreemap::new();
        let mut scorer = weight.scorer(reader, 1.0)?;
        let (mut doc, mut steps) = (scorer.doc(), 0_u32);
        while doc != TERMINATED {
            step(&mut steps, cancel)?;
            if !reader.is_deleted(doc) {
                found.insert(u64::try_from(ids.get_val(doc)).unwrap_or_default());
            }
            doc = scorer.advance();
        }
        Ok(found)
    })?;
    cancel.check()?;
    Ok(parts.into_iter().reduce(|all, part| all | part).unwrap_or_default())
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

/// What the segments are read for.
struct Reading<'a> {
    weight: &'a dyn Weight,
    /// So many results are of interest.
    size: usize,
    after: Option<PageKey>,
    /// Documents of each segment that are looked at.
    window: DocId,
    /// Results of all segments.
    counted: &'a AtomicU64,
    cancel: &'a CancelToken,
}

/// What a segment has for the page, or several.
struct Part {
    best: Best,
    /// All results were counted.
    exact: bool,
    /// The time of the newest document outside the window, if it could be on the page.
    unread: Option<i64>,
}

impl Part {
    fn take(&mut self, part: Part) {
        self.exact &= part.exact;
        self.unread = self.unread.max(part.unread);
        for Reverse((key, thread)) in part.best.heap {
            self.best.offer(key, || thread);
        }
    }

    /// Reads the segment with the newest document. The others, without those that are older than a page that is full by
    /// then.
    fn of_newest<'a>(
        &mut self,
        segments: Vec<&'a SegmentReader>,
        read: impl Fn(&SegmentReader) -> Result<Part>,
    ) -> Result<Vec<&'a SegmentReader>> {
        let mut dated = Vec::with_capacity(segments.len());
        for segment in segments.into_iter().filter(|segment| segment.max_doc() > 0) {
            dated.push((segment.fast_fields().column_first_or_default::<i64>(AT)?.get_val(0), segment));
        }
        let newest = dated.iter().enumerate().max_by_key(|(_, (at, _))| *at).map(|(place, _)| place);
        if let Some(newest) = newest {
            self.take(read(dated.swap_remove(newest).1)?);
        }
        if let Some(worst) = self.best.worst().copied() {
            let before = dated.len();
            dated.retain(|(at, _)| *at >= worst.at);
            self.exact &= dated.len() == before;
        }
        Ok(dated.into_iter().map(|(_, segment)| segment).collect())
    }
}

impl Reading<'_> {
    fn best(&self) -> Best {
        Best { heap: BinaryHeap::with_capacity(self.size + 1), size: self.size, after: self.after }
    }

    fn most_relevant(&self, reader: &SegmentReader) -> Result<Part> {
        let columns = Columns::of(reader)?;
        let mut best = self.best();
        let mut scorer = self.weight.scorer(reader, 1.0)?;
        let (mut doc, mut count, mut steps) = (scorer.doc(), 0, 0_u32);
        while doc != TERMINATED {
            step(&mut steps, self.cancel)?;
            if !reader.is_deleted(doc) {
                count += 1;
                let key = PageKey { score: scorer.score(), ..columns.key(doc) };
                best.offer(key, || columns.thread.get_val(doc));
            }
            doc = scorer.advance();
        }
        self.counted.fetch_add(count, Relaxed);
        Ok(Part { best, exact: true, unread: None })
    }

    /// Newest first. Documents of one instant are in no order, so that the page is only complete at the first older one.
    fn newest(&self, reader: &SegmentReader) -> Result<Part> {
        let columns = Columns::of(reader)?;
        let end = self.window.min(reader.max_doc());
        let mut part = Part { best: self.best(), exact: end == reader.max_doc(), unread: None };
        // Everything newer than the page's key is on earlier pages: it is only counted.
        let start = self.after.map_or(0, |after| {
            after.at.checked_add(1).map_or(0, |newer| first_older(&*columns.at, reader.max_doc(), newer))
        });
        let mut scorer = self.weight.scorer(reader, 1.0)?;
        let (mut doc, mut collecting, mut count, mut steps) = (scorer.doc(), true, 0, 0_u32);
        while doc < end {
            step(&mut steps, self.cancel)?;
            let counting = self.counted.load(Relaxed) < COUNTED;
            if !counting {
                part.exact = false;
                if !collecting {
                    break;
                }
                if doc < start {
                    doc = scorer.seek(start);
                    continue;
                }
            }
            if !reader.is_deleted(doc) {
                count += u64::from(counting);
                if count == TOGETHER {
                    self.counted.fetch_add(std::mem::take(&mut count), Relaxed);
                }
                if collecting && doc >= start {
                    let key = columns.key(doc);
                    if part.best.worst().is_some_and(|worst| key.at < worst.at) {
                        collecting = false;
                    } else {
                        part.best.offer(key, || columns.thread.get_val(doc));
                    }
                }
            }
            doc = scorer.advance();
        }
        self.counted.fetch_add(count, Relaxed);
        if collecting && end < reader.max_doc() {
            part.unread = Some(columns.at.get_val(end));
        }
        Ok(part)
    }
}
