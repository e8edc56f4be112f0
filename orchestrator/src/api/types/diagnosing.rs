//! What can be said about this Inlet without saying anything of its person.

use std::collections::BTreeMap;

use inlet_model::{SourceType, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::SourceState;

/// What can be said about this Inlet without saying anything of its person.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Diagnostics {
    /// Version of Inlet.
    pub version: String,
    /// Operating system and processor, such as `linux x86_64`.
    pub system: String,
    /// Bytes of the data directory.
    pub bytes: StoredBytes,
    /// Sources in the order they were added.
    pub sources: Vec<SourceFacts>,
    /// Items kept, all sources together.
    pub items: u64,
    /// The newest change.
    pub rev: i64,
    /// How many changes the search index is behind.
    pub index_behind: u64,
    /// Operations in the outbox by state.
    pub outbox: BTreeMap<String, u64>,
}

/// Bytes on disk by what they are for.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, TS)]
pub struct StoredBytes {
    /// The database with everything but the texts.
    pub database: u64,
    /// The texts.
    pub bodies: u64,
    /// The search index.
    pub index: u64,
    /// Attachments that are here.
    pub attachments: u64,
    /// Logs and all the rest.
    pub other: u64,
}

/// A source without what names it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SourceFacts {
    /// Its id, masked where it is long.
    pub id: String,
    /// Platform.
    #[serde(rename = "type")]
    pub source_type: SourceType,
    /// State.
    pub state: SourceState,
    /// Items kept.
    pub items: u64,
    /// The first sync is done.
    pub complete: bool,
    /// When the platform last answered.
    pub last_heard: Option<Timestamp>,
}

/// Something a person does and feels the speed of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FeltAction {
    /// A key press until another row has the focus.
    Focus,
    /// Opening a conversation until its text is there.
    Open,
    /// A key press in the search box until results are there.
    Search,
    /// Archiving or undoing until the list shows it.
    Archive,
    /// The start until the list is there.
    Start,
}

/// How fast an action was in this window.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
pub struct Felt {
    /// Which.
    pub action: FeltAction,
    /// How often it was measured.
    pub count: u32,
    /// Milliseconds that half of them stayed under.
    pub p50: f64,
    /// Milliseconds that nineteen of twenty stayed under.
    pub p95: f64,
    /// Milliseconds it should take at most.
    pub target: f64,
}

/// A diagnostic bundle to write.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct BundleParams {
    /// Folder to write into; the downloads folder when left out.
    pub folder: Option<String>,
    /// What the window has measured.
    pub felt: Vec<Felt>,
}
