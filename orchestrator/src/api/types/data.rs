//! What crosses the seam about what is kept on this computer, and for how long.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::StoredBytes;

/// What is kept takes so much.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DataUsage {
    /// The data directory by its parts.
    pub stored: StoredBytes,
    /// Files of messages that are here (`data.keep_files`).
    pub files: Usage,
    /// Logs (`data.keep_logs`).
    pub logs: Usage,
}

/// What one kind takes, and what a choice would free of it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Usage {
    /// Files, or entries.
    pub count: u64,
    /// Bytes.
    pub bytes: u64,
    /// Bytes of it that stay whatever is chosen: they may be had from nowhere else.
    pub stays: u64,
    /// Each choice that frees something now or later, the longest first.
    pub frees: Vec<Freed>,
}

/// What a choice would free now.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Freed {
    /// As the setting has it.
    pub choice: String,
    /// Files, or entries.
    pub count: u64,
    /// Bytes.
    pub bytes: u64,
}

/// Where to write a backup.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct BackupParams {
    /// A file that is not there yet, such as `/media/disk/inlet.zip`.
    pub file: String,
}

/// A backup that was written.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct BackedUp {
    /// The file.
    pub path: String,
    /// Its bytes.
    pub bytes: u64,
    /// Files of messages in it.
    pub files: u64,
    /// Files that messages name and that were not here, or not as they came.
    pub left_out: u64,
}

/// What to check of what is kept on this computer.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct CheckDataParams {
    /// Mend what can be mended without losing anything.
    #[serde(default)]
    pub repair: bool,
}
