//! Errors as they cross the seam.

use inlet_model::{Refusal, Remedy, SourceError, SourceId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Codes the window and scripts branch on; the text is for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request makes no sense; the message says why.
    Invalid,
    /// There is no such thing.
    NotFound,
    /// The person has to sign in.
    AuthNeeded,
    /// The sign-in belongs to another organisation than the one that is set.
    Tenant,
    /// The registration of the app at the provider has to be corrected.
    Registration,
    /// An administrator of the organisation has to consent first.
    Administrator,
    /// The platform or a policy does not allow it.
    Refused,
    /// A newer search took its place.
    Cancelled,
    /// The secret store needs its passphrase.
    Locked,
    /// The window is locked; its own passphrase opens it.
    AppLocked,
    /// There is no network, or the server does not answer.
    Offline,
    /// Anything else.
    Failed,
}

/// An error: one sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    /// What to branch on.
    pub code: ErrorCode,
    /// One sentence.
    pub message: String,
    /// The source it is about.
    #[serde(rename = "source", skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub source_id: Option<SourceId>,
}

impl ApiError {
    /// An error without a source.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), source_id: None }
    }

    /// There is no such thing.
    pub fn not_found(what: impl std::fmt::Display) -> Self {
        Self::new(ErrorCode::NotFound, format!("{what} was not found."))
    }

    /// The request makes no sense.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Invalid, message)
    }
}

/// An error's text as a sentence: a capital first, a full stop last.
pub fn sentence(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    let mut chars = text.chars();
    let first: String = chars.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", chars.as_str())
}

impl From<SourceError> for ApiError {
    fn from(error: SourceError) -> Self {
        let code = match &error {
            SourceError::AuthNeeded(_) => ErrorCode::AuthNeeded,
            SourceError::Offline(_) => ErrorCode::Offline,
            SourceError::Permanent(_) => ErrorCode::Refused,
            _ => ErrorCode::Failed,
        };
        Self::new(code, error.to_string())
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let error = Self::from(refusal.error);
        match refusal.remedy {
            Remedy::Again => error,
            Remedy::Tenant => Self { code: ErrorCode::Tenant, ..error },
            Remedy::Registration => Self { code: ErrorCode::Registration, ..error },
            Remedy::Administrator => Self { code: ErrorCode::Administrator, ..error },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn an_errors_text_becomes_a_sentence() {
        assert_eq!(sentence(&"the database is newer than this Inlet"), "The database is newer than this Inlet.");
        assert_eq!(sentence(&"Nothing can be written to ü."), "Nothing can be written to ü.");
        assert_eq!(sentence(&"état inconnu"), "État inconnu.");
    }
}
