//! The index follows the feed.
//!
//! It asks for what changed after the revision it holds, in batches, and hands them to the writer.
//! The writer's queue is short: the next batch is read while one is indexed, and no more, so that a
//! rebuild of a million items needs no more memory than one of a thousand.

use super::{Index, IndexChange, Result, SearchError};

/// Items asked for at once. Some batches are in memory at a time, with all they say.
const BATCH: usize = 250;

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

/// What one batch did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// Changes that were handed over.
    pub(crate) count: u64,
    /// The revision that was reached.
    pub(crate) rev: i64,
    /// There is more after that.
    pub(crate) more: bool,
}

/// Brings `index` one batch further; blocks. The changes are searchable shortly after, or after
/// [`Index::flush`].
///
/// # Errors
/// [`SearchError::Source`] when the store cannot be read, [`SearchError::Stopped`] when the index
/// cannot be written; the next call goes on from there.
pub(crate) fn catch_up(index: &Index, source: &dyn IndexSource) -> Result<Step> {
    let rev = index.watermark().unwrap_or(i64::MIN);
    let batch = source.changes_after(rev, BATCH).map_err(SearchError::Source)?;
    let (count, reached) = (batch.changes.len() as u64, batch.watermark);
    if reached > rev || count > 0 {
        index.apply(batch.changes, reached)?;
    }
    // A source that says "more" without moving on would be asked the same for ever.
    Ok(Step { count, rev: reached, more: batch.more && reached > rev })
}

/// Hands everything over once more, one batch from `rev` on; blocks. What the index has of an item stays
/// until the item's own turn, and how far the index has followed the feed does not change.
///
/// # Errors
/// As [`catch_up`].
pub(crate) fn go_over(index: &Index, source: &dyn IndexSource, rev: i64) -> Result<Step> {
    let batch = source.changes_after(rev, BATCH).map_err(SearchError::Source)?;
    let (count, reached) = (batch.changes.len() as u64, batch.watermark);
    index.apply(batch.changes, index.watermark().unwrap_or(reached))?;
    Ok(Step { count, rev: reached, more: batch.more && reached > rev })
}
