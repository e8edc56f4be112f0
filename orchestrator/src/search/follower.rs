//! The index follows the feed.
//!
//! It asks for what changed after the revision it holds, in batches, and hands them to the writer.
//! The writer's queue is short: the next batch is read while one is indexed, and no more, so that a
//! rebuild of a million items needs no more memory than one of a thousand.

use super::{CancelToken, Index, IndexChange, Result, SearchError};

/// Items asked for at once.
const BATCH: usize = 1000;

/// Why the store could not be read.
pub(crate) type SourceFailure = Box<dyn std::error::Error + Send + Sync>;

/// Changes in the order of the feed.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// What changed; an item changed twice is named once, as it is now.
    pub(crate) changes: Vec<IndexChange>,
    /// The revision up to which this batch tells everything.
    pub(crate) watermark: i64,
    /// There is more after that.
    pub(crate) more: bool,
}

/// Where the index learns what changed: the store.
pub(crate) trait IndexSource {
    /// The first changes with a revision greater than `rev`, about `limit` of them.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn changes_after(&self, rev: i64, limit: usize) -> Result<Batch, SourceFailure>;
}

/// Brings `index` up to date with `source`; blocks. `progress` hears how many changes were handed
/// over so far. Returns that number. The changes are searchable shortly after, or after
/// [`Index::flush`].
///
/// # Errors
/// [`SearchError::Source`] when the store cannot be read, [`SearchError::Stopped`] when the index
/// cannot be written, [`SearchError::Cancelled`] when it was asked to end; the next call goes on from
/// there.
pub(crate) fn catch_up(
    index: &Index,
    source: &dyn IndexSource,
    cancel: &CancelToken,
    progress: impl Fn(u64),
) -> Result<u64> {
    let mut done = 0;
    loop {
        cancel.check()?;
        let rev = index.watermark().unwrap_or(i64::MIN);
        let batch = source.changes_after(rev, BATCH).map_err(SearchError::Source)?;
        let count = batch.changes.len() as u64;
        let moved = batch.watermark > rev;
        if moved || count > 0 {
            index.apply(batch.changes, batch.watermark)?;
            done += count;
            progress(done);
        }
        // A source that says "more" without moving on would be asked the same for ever.
        if !batch.more || !moved {
            return Ok(done);
        }
    }
}
