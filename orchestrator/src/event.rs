//! What the engine tells whoever listens.
//!
//! Events invalidate and never carry bodies. They are broadcast and may be lost: whoever missed one
//! hears `Resync` and reads again.

use inlet_model::{AttachmentId, SourceId, ThreadId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Threads changed; at most 200 are named, none means many.
    Changed {
        /// The newest change.
        rev: i64,
        /// Which threads.
        threads: Vec<ThreadId>,
    },
    /// The health or progress of a source changed, or sources came or went.
    Source {
        /// Which; nothing when several.
        source: Option<SourceId>,
    },
    /// The outbox or the drafts changed.
    Outbox,
    /// Signatures, templates, saved searches or splits changed, or whose handles belong together.
    Kept,
    /// What is to be done next, or what was taught about it, changed.
    Suggestions,
    /// Rules changed, or what they have done.
    Rules,
    /// What is told, or the log of it, changed.
    Notices,
    /// The search index caught up with this change.
    Indexed {
        /// The newest change that can be found.
        rev: i64,
    },
    /// Work in the background began, moved on or ended.
    Progress,
    /// Settings changed.
    Settings,
    /// The window was locked or opened, or its passphrase changed.
    Lock,
    /// An attachment is being fetched.
    Fetching {
        /// Which.
        attachment: AttachmentId,
        /// Bytes that are here.
        done: u64,
    },
    /// Events were lost: read everything again.
    Resync,
}
