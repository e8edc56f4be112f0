//! Work in the background: what a person can see of it, pause and end.

use inlet_model::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What kind of work goes on in the background.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum WorkKind {
    /// Fetching what a source has.
    Sync,
    /// Reading files.
    Import,
    /// Writing files.
    Export,
    /// Building the search index.
    Rebuild,
    /// Taking away what is kept no longer.
    Tidy,
    /// Writing a backup; the pieces are megabytes.
    Backup,
    /// Checking what is kept.
    Check,
}

/// Work in the background that takes long.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct WorkView {
    /// Pass to `work.pause`, `work.resume` and `work.cancel`.
    pub id: String,
    /// What kind.
    pub kind: WorkKind,
    /// The source, folder or index it is about.
    pub title: String,
    /// Pieces done.
    pub done: u64,
    /// Pieces there are, where that is known.
    pub total: Option<u64>,
    /// When it began; for a source, when it was last heard.
    pub started_at: Timestamp,
    /// It waits for the person.
    pub paused: bool,
    /// It can be paused.
    pub can_pause: bool,
    /// It can be ended; what it has done stays.
    pub can_cancel: bool,
}

/// A piece of work.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct WorkParams {
    /// As [`WorkView::id`].
    pub id: String,
}
