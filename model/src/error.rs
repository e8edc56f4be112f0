//! Errors as decisions: a variant exists because the engine acts on it.

use std::time::Duration;

/// What a source reports when something went wrong.
///
/// The text is one sentence for a person that says what to do; it never holds a secret,
/// an address or a body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// The credentials are missing, wrong, expired or revoked: the source pauses until the person signs in.
    #[error("{0}")]
    AuthNeeded(String),
    /// The server asked us to slow down: the source pauses for that long.
    #[error("the server asked to wait {} s before the next request", retry_after.as_secs())]
    Throttled {
        /// How long to stay silent.
        retry_after: Duration,
    },
    /// There is no network.
    #[error("{0}")]
    Offline(String),
    /// Worth trying again: a dropped connection, a time-out, a busy server.
    #[error("{0}")]
    Transient(String),
    /// The position kept for this scope is no longer valid (UIDVALIDITY changed, history gone): rescan it.
    #[error("the server no longer knows where the last sync ended; this folder is read again")]
    CursorExpired,
    /// An operation may have landed and nobody can say: look for it before anything else.
    #[error("{0}")]
    Unknown(String),
    /// Trying again would not help.
    #[error("{0}")]
    Permanent(String),
}

/// The result of everything a source does.
pub type Result<T, E = SourceError> = std::result::Result<T, E>;

impl SourceError {
    /// A short word for logs, the store and scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AuthNeeded(_) => "auth_needed",
            Self::Throttled { .. } => "throttled",
            Self::Offline(_) => "offline",
            Self::Transient(_) => "transient",
            Self::CursorExpired => "cursor_expired",
            Self::Unknown(_) => "unknown",
            Self::Permanent(_) => "permanent",
        }
    }
}
