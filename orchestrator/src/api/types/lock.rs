//! What crosses the seam about the lock of the window.

use inlet_model::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How the lock of the window stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LockView {
    /// Nothing is shown until the passphrase is given.
    pub locked: bool,
    /// There is a passphrase; without one nothing can be locked.
    pub set: bool,
    /// Wrong tries since the last right one.
    pub wrong: u32,
    /// No try counts before.
    pub not_before: Option<Timestamp>,
}

/// The passphrase of the lock.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct LockParams {
    /// Passphrase.
    pub passphrase: String,
}

/// Another passphrase for the lock.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct LockSetParams {
    /// The one there is, where there is one.
    #[serde(default)]
    pub old: Option<String>,
    /// The new one; nothing takes the lock away.
    #[serde(default)]
    pub new: Option<String>,
}
