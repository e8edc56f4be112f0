//! The one thread that writes the index.
//!
//! A commit costs a flush to the disk, so changes are gathered: what arrives alone is searchable
//! within a tenth of a second, what arrives in bulk is committed by size. The position in the feed is
//! part of the commit, so that the index and its position can never disagree, whenever the process
//! ends. When writing fails, the thread ends and says why; what was committed stays searchable.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, SyncSender},
    },
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tantivy::{
    IndexReader, IndexWriter, Term,
    index::SegmentMeta,
    indexer::{MergeCandidate, MergePolicy},
};

use super::{
    IndexDoc, Result, SearchError,
    schema::{Fields, VERSION},
    waiting::{Room, Waiting},
};

/// A quiet moment this long ends a batch of changes.
const QUIET: Duration = Duration::from_millis(80);
/// After a pause a change is most often alone, and somebody may be waiting for it.
const ALONE: Duration = Duration::from_millis(15);
/// So long after a commit is a pause.
const PAUSE: Duration = Duration::from_secs(1);
/// In bulk the next batch may take a little to be read.
const BULK_QUIET: Duration = Duration::from_millis(400);
/// A trickle is committed at least this often.
const TRICKLE: Duration = Duration::from_secs(2);
/// So many changes are no trickle but bulk.
const BULK: usize = 500;
/// Bulk is committed after so many changes first, for the first of it are looked for soon …
const BULK_FIRST: usize = 1_250;
/// … and after twice as many each time until it is after so many, which lie in memory until then …
const BULK_CHANGES: usize = 5_000;
/// … or so many bytes of text …
const BULK_BYTES: usize = 50 << 20;
/// … or after this long.
const BULK_TIME: Duration = Duration::from_secs(15);

/// Segments are merged in the background after a commit; the reader looks for the outcome at these
/// distances.
const SETTLE: [Duration; 6] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(60),
];

/// A change to the index.
#[derive(Clone, Debug)]
pub(crate) enum IndexChange {
    /// The item is new or has another text: this is all of it.
    Upsert(Box<IndexDoc>),
    /// The item is gone.
    Delete(i64),
}

/// What the thread is asked.
pub(super) enum Command {
    Apply {
        changes: Vec<IndexChange>,
        watermark: i64,
    },
    /// Commits and answers when everything before it is searchable.
    Flush(SyncSender<()>),
    /// Empties the index.
    Clear(SyncSender<()>),
}

/// What a commit says about itself.
#[derive(Serialize, Deserialize)]
pub(super) struct Payload {
    pub(super) version: u32,
    pub(super) watermark: Option<i64>,
}

/// Why the thread has ended.
pub(super) type Failure = Arc<Mutex<Option<String>>>;

pub(super) struct Writer {
    pub(super) writer: IndexWriter<Waiting>,
    pub(super) room: Room,
    pub(super) reader: IndexReader,
    pub(super) fields: Fields,
    pub(super) watermark: Option<i64>,
    pub(super) pending: Pending,
}

/// What is not committed yet.
#[derive(Default)]
pub(super) struct Pending {
    changes: usize,
    /// The items they are about: nothing of them can be searched yet.
    items: HashSet<i64>,
    bytes: usize,
    moved: bool,
    first: Option<Instant>,
    /// When the last commit was made.
    last: Option<Instant>,
    /// Changes of bulk in the last commit.
    bulk: usize,
}

impl Pending {
    fn due(&self) -> bool {
        let Some(first) = self.first else {
            return false;
        };
        let longest = if self.changes >= BULK { BULK_TIME } else { TRICKLE };
        let most = (self.bulk * 2).clamp(BULK_FIRST, BULK_CHANGES);
        self.changes >= most || self.bytes >= BULK_BYTES || first.elapsed() >= longest
    }

    /// How long to wait for more; `None` when there is nothing to commit.
    fn quiet(&self) -> Option<Duration> {
        self.first.map(|first| {
            let rested = self.last.is_none_or(|last| first.duration_since(last) >= PAUSE);
            match (self.changes >= BULK, rested) {
                (true, _) => BULK_QUIET,
                (false, true) => ALONE,
                (false, false) => QUIET,
            }
        })
    }
}

impl Writer {
    /// Runs until nobody can ask any more, or writing fails.
    pub(super) fn run(mut self, commands: &Receiver<Command>, failure: &Failure) {
        // Whoever waits for an answer is let go only after the reason is known.
        let mut waiting = None;
        if let Err(error) = self.serve(commands, &mut waiting) {
            let reason = match error {
                SearchError::Index(error) => reason(&error),
                other => other.to_string(),
            };
            tracing::error!(reason, "the search index cannot be written");
            *failure.lock() = Some(reason);
        }
    }

    fn serve(&mut self, commands: &Receiver<Command>, waiting: &mut Option<SyncSender<()>>) -> Result<()> {
        let mut settle = SETTLE.iter();
        loop {
            let wait = self.pending.quiet().or_else(|| settle.clone().next().copied());
            let command = match wait {
                Some(wait) => commands.recv_timeout(wait),
                None => commands.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match command {
                Ok(Command::Apply { changes, watermark }) => {
                    self.apply(changes, watermark)?;
                    if self.pending.due() {
                        self.commit()?;
                        settle = SETTLE.iter();
                    }
                }
                Ok(Command::Flush(answer)) => {
                    *waiting = Some(answer);
                    self.commit()?;
                    settle = SETTLE.iter();
                }
                Ok(Command::Clear(answer)) => {
                    *waiting = Some(answer);
                    self.writer.delete_all_documents()?;
                    self.watermark = None;
                    self.pending = Pending { moved: true, ..Pending::default() };
                    self.commit()?;
                }
                Err(RecvTimeoutError::Timeout) if self.pending.first.is_some() => {
                    self.commit()?;
                    settle = SETTLE.iter();
                }
                Err(RecvTimeoutError::Timeout) => {
                    settle.next();
                    self.take_in_merges()?;
                }
                Err(RecvTimeoutError::Disconnected) => return self.commit(),
            }
            if let Some(answer) = waiting.take() {
                // Nobody waiting for it any more is fine.
                let _ = answer.send(());
            }
        }
    }

    fn apply(&mut self, changes: Vec<IndexChange>, watermark: i64) -> Result<()> {
        if !changes.is_empty() {
            self.pending.first.get_or_insert_with(Instant::now);
        }
        for change in changes {
            self.pending.changes += 1;
            match change {
                IndexChange::Upsert(doc) => {
                    self.take_out(doc.item)?;
                    self.pending.bytes += doc.body.len();
                    let _place = self.room.take(doc.body.len());
                    self.writer.add_document(Waiting { document: self.fields.document(&doc), _place })?;
                }
                IndexChange::Delete(item) => self.take_out(item)?,
            }
        }
        self.watermark = Some(watermark);
        self.pending.moved = true;
        Ok(())
    }

    /// Deletes what there is of an item. tantivy holds more than a kilobyte for each deletion until it is
    /// carried out, so none is asked for where there is nothing: a first sync deletes nothing.
    fn take_out(&mut self, item: i64) -> Result<()> {
        let term = Term::from_field_i64(self.fields.item, item);
        if !self.pending.items.insert(item) || self.reader.searcher().doc_freq(&term)? > 0 {
            self.writer.delete_term(term);
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<()> {
        if !self.pending.moved {
            return Ok(());
        }
        let payload = Payload { version: VERSION, watermark: self.watermark };
        let text = serde_json::to_string(&payload).map_err(std::io::Error::from)?;
        let mut commit = self.writer.prepare_commit()?;
        commit.set_payload(&text);
        commit.commit()?;
        self.reader.reload()?;
        let bulk = if self.pending.changes >= BULK { self.pending.changes } else { 0 };
        self.pending = Pending { last: Some(Instant::now()), bulk, ..Pending::default() };
        Ok(())
    }

    fn take_in_merges(&self) -> Result<()> {
        let now = self.writer.index().searchable_segment_ids()?;
        let searcher = self.reader.searcher();
        let known = searcher.segment_readers();
        if now.len() != known.len() || known.iter().any(|segment| !now.contains(&segment.segment_id())) {
            self.reader.reload()?;
        }
        Ok(())
    }
}

/// The reason without a path, which may name a person.
fn reason(error: &tantivy::TantivyError) -> String {
    match error {
        tantivy::TantivyError::IoError(error) => error.kind().to_string(),
        tantivy::TantivyError::OpenWriteError(_) => "a file could not be written".to_owned(),
        tantivy::TantivyError::OpenReadError(_) => "a file could not be read".to_owned(),
        tantivy::TantivyError::ErrorInThread(_) => "the disk refused a write".to_owned(),
        _ => "it is damaged".to_owned(),
    }
}

/// Keeps the segments few: every one of them is asked in every search.
///
/// Once there are more than [`Self::MOST`], the smallest that are of about one size are merged, so
/// that a large segment is seldom written again: a document is written about ten times in all when
/// twenty thousand arrive one by one, three times when they arrive in bulk. A segment with many
/// deleted documents is written again on its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct FewSegments;

impl FewSegments {
    /// Segments that are left alone.
    pub(super) const MOST: usize = 8;

    /// Sizes grow by eight from one class to the next.
    fn class(segment: &SegmentMeta) -> u32 {
        segment.num_docs().max(1).ilog2() / 3
    }
}

impl MergePolicy for FewSegments {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let mut sorted: Vec<&SegmentMeta> = segments.iter().collect();
        sorted.sort_by_key(|segment| segment.num_docs());
        let chosen = (sorted.len() > Self::MOST).then(|| {
            let alike = sorted.chunk_by(|a, b| Self::class(a) == Self::class(b)).find(|group| group.len() > 1);
            alike.or_else(|| sorted.get(..2)).unwrap_or_default()
        });
        let mut out: Vec<MergeCandidate> =
            chosen.iter().map(|group| MergeCandidate(group.iter().map(|segment| segment.id()).collect())).collect();
        for segment in segments {
            let taken = out.iter().any(|candidate| candidate.0.contains(&segment.id()));
            if !taken && segment.num_deleted_docs() > 256 && segment.num_deleted_docs() > segment.max_doc() / 3 {
                out.push(MergeCandidate(vec![segment.id()]));
            }
        }
        out
    }
}
