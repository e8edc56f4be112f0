//! Signing in at a provider, as the engine sees it: something to show to a person, then a grant.
//!
//! The engine knows no network and the connectors no window, so a sign-in is two steps with the
//! person between them: [`SignIn::prompt`] is shown, [`SignIn::finish`] waits for what they do.
//! Cancelling is dropping it; nothing has been kept by then.

use async_trait::async_trait;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    account::AccountConfig,
    error::{Result, SourceError},
};

/// What a sign-in is for.
#[derive(Clone)]
pub struct SignInRequest {
    /// The account as it will be; what it has switched on decides what the person consents to.
    pub config: AccountConfig,
    /// What some providers give a desktop app beside its client id.
    pub client_secret: Option<SecretString>,
    /// What the provider wants proved, as JSON (OpenID Connect Core §5.5).
    pub claims: Option<String>,
    /// By a code typed on any device (RFC 8628), instead of by this computer's browser.
    pub device: bool,
}

/// What the person is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "way", rename_all = "snake_case")]
pub enum Prompt {
    /// A page to open in the system's browser.
    Browser {
        /// Where it is.
        url: String,
    },
    /// A code to type on any device.
    Device {
        /// The page to type it on.
        url: String,
        /// The code.
        code: String,
        /// The page with the code filled in, where the provider has one.
        direct: Option<String>,
        /// How long the code is good for, in minutes.
        minutes: u32,
    },
}

/// What the person gave.
#[derive(Clone)]
pub struct Grant {
    /// Becomes access tokens, until it is withdrawn.
    pub refresh_token: SecretString,
    /// The person as the provider names them: never given to anybody else (OpenID Connect Core §2, `sub`).
    pub subject: Option<String>,
    /// The address of the person, where the provider says it.
    pub address: Option<String>,
}

/// Why a sign-in came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error}")]
pub struct Refusal {
    /// What happened, and what to do, in one sentence.
    pub error: SourceError,
    /// Who could help.
    pub remedy: Remedy,
}

/// What helps after a sign-in came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Signing in again, now or later.
    Again,
    /// Another organisation than the one that is set.
    Tenant,
    /// Something else in the registration of the app: its id, its secret, what it may.
    Registration,
    /// An administrator of the organisation.
    Administrator,
}

impl From<SourceError> for Refusal {
    fn from(error: SourceError) -> Self {
        Self { error, remedy: Remedy::Again }
    }
}

/// A sign-in that has begun.
#[async_trait]
pub trait SignIn: Send {
    /// What to show.
    fn prompt(&self) -> Prompt;

    /// Waits for the person.
    ///
    /// # Errors
    /// With [`SourceError::AuthNeeded`] when they declined, took too long or may not, with what to do; else
    /// with what the network says.
    async fn finish(self: Box<Self>) -> Result<Grant, Refusal>;
}
