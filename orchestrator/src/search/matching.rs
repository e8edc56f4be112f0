//! The conditions tantivy has no query for: word beginnings, a text in the body only, a span of
//! time in an index ordered by time, and what the store knows of an item.
//!
//! Each says which documents of a segment it holds for; [`Matching`] makes a query of that. They
//! look at the cancel token while they work, and end early: the caller asks the token again before
//! it believes a result.

use std::{fmt::Debug, sync::Arc};

use roaring::RoaringTreemap;
use tantivy::{
    BitSet, DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED, Term,
    columnar::ColumnValues,
    postings::{Postings, SegmentPostings},
    query::{AllScorer, BitSetDocSet, ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight},
    schema::{Field, IndexRecordOption},
};

use super::{
    CancelToken,
    schema::{AT, HEAD, ITEM},
};

/// How many steps are taken between two looks at the cancel token.
pub(super) const STEPS: u32 = 2048;

/// The documents of a segment a condition holds for.
pub(super) trait Matcher: Clone + Debug + Send + Sync + 'static {
    /// What a match adds to the score.
    const SCORE: Score;

    /// Positioned on the first.
    fn docs(&self, reader: &SegmentReader) -> tantivy::Result<Box<dyn DocSet>>;
}

/// A [`Matcher`] as a query.
#[derive(Clone, Debug)]
pub(super) struct Matching<M>(pub(super) M);

impl<M: Matcher> Query for Matching<M> {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl<M: Matcher> Weight for Matching<M> {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(ConstScorer::new(self.0.docs(reader)?, boost * M::SCORE)))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("condition", M::SCORE))
    }
}

/// A query that can be excluded.
///
/// tantivy 0.27 asks an excluded query by `seek_danger` and does not look first whether it is past
/// the document already: an excluded phrase then fails an assertion (`phrase_scorer.rs`). Plain
/// seeking is safe.
#[derive(Debug)]
pub(super) struct Steady(pub(super) Box<dyn Query>);

impl Clone for Steady {
    fn clone(&self) -> Self {
        Self(self.0.box_clone())
    }
}

impl Query for Steady {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(SteadyWeight(self.0.weight(scoring)?)))
    }
}

struct SteadyWeight(Box<dyn Weight>);

impl Weight for SteadyWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(SteadyScorer(self.0.scorer(reader, boost)?)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.0.explain(reader, doc)
    }
}

struct SteadyScorer(Box<dyn Scorer>);

/// `seek_danger` is left to the trait: it is made of `doc` and `seek`.
impl DocSet for SteadyScorer {
    fn advance(&mut self) -> DocId {
        self.0.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.0.doc() >= target { self.0.doc() } else { self.0.seek(target) }
    }

    fn doc(&self) -> DocId {
        self.0.doc()
    }

    fn size_hint(&self) -> u32 {
        self.0.size_hint()
    }

    fn cost(&self) -> u64 {
        self.0.cost()
    }
}

impl Scorer for SteadyScorer {
    fn score(&mut self) -> Score {
        self.0.score()
    }
}

/// Words that begin with something.
#[derive(Clone, Debug)]
pub(super) struct Beginning {
    pub(super) field: Field,
    pub(super) prefix: String,
    /// Only this many documents of a segment are of interest; see [`super::page`].
    pub(super) window: Option<DocId>,
    pub(super) cancel: CancelToken,
}

impl Matcher for Beginning {
    const SCORE: Score = 1.0;

    fn docs(&self, reader: &SegmentReader) -> tantivy::Result<Box<dyn DocSet>> {
        let end = self.window.unwrap_or(DocId::MAX).min(reader.max_doc());
        let mut docs = BitSet::with_max_value(reader.max_doc());
        let mut postings = None;
        let index = reader.inverted_index(self.field)?;
        let (from, until) = (self.prefix.as_bytes(), end_of(self.prefix.as_bytes()));
        let mut range = index.terms().range().ge(from);
        if let Some(until) = &until {
            range = range.lt(until);
        }
        let mut terms = range.without_keys().into_stream()?;
        let mut steps = 0_u32;
        while terms.advance() {
            steps = steps.wrapping_add(1);
            // Every document is in already: the rest of the dictionary adds nothing.
            if steps.is_multiple_of(STEPS) && (self.cancel.is_cancelled() || docs.len() >= end as usize) {
                break;
            }
            let block = match &mut postings {
                Some(block) => {
                    index.reset_block_postings_from_terminfo(terms.value(), block)?;
                    block
                }
                empty => {
                    empty.insert(index.read_block_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?)
                }
            };
            loop {
                let found = block.docs();
                if found.first().is_none_or(|first| *first >= end) {
                    break;
                }
                for doc in found.iter().take_while(|doc| **doc < end) {
                    docs.insert(*doc);
                }
                block.advance();
            }
        }
        Ok(Box::new(BitSetDocSet::from(docs)))
    }
}

/// The first key after all that begin with `prefix`; `None` when there is none.
fn end_of(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if let Some(next) = last.checked_add(1) {
            end.push(next);
            return Some(end);
        }
    }
    None
}

/// A word or phrase in the body: in the common field, at or after the position the body begins.
#[derive(Clone, Debug)]
pub(super) struct InBody {
    pub(super) field: Field,
    /// The words with their distance from the first.
    pub(super) words: Vec<(u32, String)>,
    /// The last word is a beginning.
    pub(super) prefix: bool,
    pub(super) cancel: CancelToken,
}

/// The distance of a word from the first, and the postings of everything it stands for.
type Alternatives = (u32, Vec<SegmentPostings>);

impl InBody {
    /// For each word the postings of what it stands for; `None` when a word is nowhere.
    fn postings(&self, reader: &SegmentReader) -> tantivy::Result<Option<Vec<Alternatives>>> {
        let index = reader.inverted_index(self.field)?;
        let mut out = Vec::with_capacity(self.words.len());
        for (ordinal, (offset, word)) in self.words.iter().enumerate() {
            let mut found = Vec::new();
            if self.prefix && ordinal + 1 == self.words.len() {
                let mut range = index.terms().range().ge(word.as_bytes());
                if let Some(until) = end_of(word.as_bytes()) {
                    range = range.lt(until);
                }
                let mut terms = range.without_keys().into_stream()?;
                while terms.advance() && !self.cancel.is_cancelled() {
                    found.push(
                        index.read_postings_from_terminfo(terms.value(), IndexRecordOption::WithFreqsAndPositions)?,
                    );
                }
            } else {
                let term = Term::from_field_text(self.field, word);
                found.extend(index.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?);
            }
            if found.is_empty() {
                return Ok(None);
            }
            out.push((*offset, found));
        }
        Ok(Some(out))
    }
}

impl Matcher for InBody {
    const SCORE: Score = 1.0;

    fn docs(&self, reader: &SegmentReader) -> tantivy::Result<Box<dyn DocSet>> {
        let Some(mut words) = self.postings(reader)? else {
            return Ok(Box::new(EmptyScorer));
        };
        let mut docs = BitSet::with_max_value(reader.max_doc());
        let head = reader.fast_fields().column_first_or_default::<u64>(HEAD)?;
        let (mut starts, mut next, mut steps) = (Vec::new(), Vec::new(), 0_u32);
        let mut rest = words.split_off(1);
        for first in words.iter_mut().flat_map(|(_, found)| found) {
            while first.doc() != TERMINATED {
                let doc = first.doc();
                steps = steps.wrapping_add(1);
                if steps.is_multiple_of(STEPS) && self.cancel.is_cancelled() {
                    return Ok(Box::new(EmptyScorer));
                }
                first.positions(&mut starts);
                let begins = head.get_val(doc);
                starts.retain(|position| u64::from(*position) >= begins);
                for (offset, found) in &mut rest {
                    if starts.is_empty() {
                        break;
                    }
                    next.clear();
                    for postings in found {
                        if postings.doc() < doc {
                            postings.seek(doc);
                        }
                        if postings.doc() == doc {
                            postings.append_positions_with_offset(0, &mut next);
                        }
                    }
                    starts.retain(|start| next.contains(&(start + *offset)));
                }
                if !starts.is_empty() {
                    docs.insert(doc);
                }
                first.advance();
            }
        }
        Ok(Box::new(BitSetDocSet::from(docs)))
    }
}

/// A span of time: one run of documents in a segment that is ordered by time.
#[derive(Clone, Debug)]
pub(super) struct During {
    /// Milliseconds since 1970, included.
    pub(super) from: Option<i64>,
    /// Milliseconds since 1970, not included.
    pub(super) until: Option<i64>,
}

impl Matcher for During {
    const SCORE: Score = 0.0;

    fn docs(&self, reader: &SegmentReader) -> tantivy::Result<Box<dyn DocSet>> {
        let at = reader.fast_fields().column_first_or_default::<i64>(AT)?;
        let first = self.until.map_or(0, |until| first_older(&*at, reader.max_doc(), until));
        let end = self.from.map_or(reader.max_doc(), |from| first_older(&*at, reader.max_doc(), from));
        if first == 0 && end == reader.max_doc() {
            return Ok(Box::new(AllScorer::new(end)));
        }
        Ok(Box::new(Run { doc: if first < end { first } else { TERMINATED }, end }))
    }
}

/// The first document older than `limit`, in a segment ordered newest first.
pub(super) fn first_older(at: &dyn ColumnValues<i64>, max_doc: DocId, limit: i64) -> DocId {
    let (mut low, mut high) = (0, max_doc);
    while low < high {
        let middle = low + (high - low) / 2;
        if at.get_val(middle) >= limit {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

struct Run {
    doc: DocId,
    end: DocId,
}

impl DocSet for Run {
    fn advance(&mut self) -> DocId {
        self.seek(self.doc.saturating_add(1))
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.doc = self.doc.max(target);
        if self.doc >= self.end {
            self.doc = TERMINATED;
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.end.saturating_sub(self.doc)
    }
}

/// Items the store named.
#[derive(Clone)]
pub(super) struct Among {
    pub(super) field: Field,
    pub(super) items: Arc<RoaringTreemap>,
    pub(super) cancel: CancelToken,
}

impl Debug for Among {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Among").field("items", &self.items.len()).finish()
    }
}

impl Matcher for Among {
    const SCORE: Score = 0.0;

    fn docs(&self, reader: &SegmentReader) -> tantivy::Result<Box<dyn DocSet>> {
        // Looking up a few items is cheaper than asking every document; one look-up costs about as
        // much as a hundred questions.
        if self.items.len().saturating_mul(100) < u64::from(reader.max_doc()) {
            let index = reader.inverted_index(self.field)?;
            let mut docs = BitSet::with_max_value(reader.max_doc());
            for item in self.items.iter() {
                let Ok(item) = i64::try_from(item) else {
                    continue;
                };
                let term = Term::from_field_i64(self.field, item);
                if let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? {
                    // A deleted version may stand beside the living one.
                    while postings.doc() != TERMINATED {
                        docs.insert(postings.doc());
                        postings.advance();
                    }
                }
            }
            return Ok(Box::new(BitSetDocSet::from(docs)));
        }
        let mut docs = Asking {
            item: reader.fast_fields().column_first_or_default::<i64>(ITEM)?,
            items: Arc::clone(&self.items),
            cancel: self.cancel.clone(),
            doc: 0,
            end: reader.max_doc(),
        };
        docs.seek(0);
        Ok(Box::new(docs))
    }
}

/// Asks the bitmap about one document after the other, as far as the search goes.
struct Asking {
    item: Arc<dyn ColumnValues<i64>>,
    items: Arc<RoaringTreemap>,
    cancel: CancelToken,
    doc: DocId,
    end: DocId,
}

impl Asking {
    fn holds(&self, doc: DocId) -> bool {
        u64::try_from(self.item.get_val(doc)).is_ok_and(|item| self.items.contains(item))
    }
}

impl DocSet for Asking {
    fn advance(&mut self) -> DocId {
        self.seek(self.doc.saturating_add(1))
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let mut doc = target;
        while doc < self.end {
            if self.holds(doc) {
                self.doc = doc;
                return doc;
            }
            doc += 1;
            if doc.is_multiple_of(STEPS) && self.cancel.is_cancelled() {
                break;
            }
        }
        self.doc = TERMINATED;
        TERMINATED
    }

    /// Only the one document is asked about: another condition decides which comes next.
    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if target >= self.end {
            self.doc = TERMINATED;
            return SeekDangerResult::SeekLowerBound(TERMINATED);
        }
        self.doc = target;
        if self.holds(target) { SeekDangerResult::Found } else { SeekDangerResult::SeekLowerBound(target + 1) }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.end.saturating_sub(self.doc)
    }

    /// More than any posting list, so that a word leads and this follows.
    fn cost(&self) -> u64 {
        u64::from(self.end) * 2
    }
}
