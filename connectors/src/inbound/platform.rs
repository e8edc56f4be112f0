//! What differs between the platforms that push: all sign the raw body, each in its own header.

use std::sync::Arc;

use inlet_model::{EventSink, Timestamp};
use secrecy::SecretString;

use super::request::{Hook, sign};
use crate::{hooks, whatsapp};

/// A platform that pushes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// WhatsApp Business, through Meta's webhooks.
    WhatsApp,
    /// GitHub (<https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>).
    GitHub,
    /// Jira (<https://developer.atlassian.com/cloud/jira/platform/webhooks/#secure-admin-webhooks>).
    Jira,
}

impl Platform {
    /// The platform of this name.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::WhatsApp, Self::GitHub, Self::Jira].into_iter().find(|platform| platform.as_str() == word)
    }

    /// Its name, as settings have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WhatsApp => "whatsapp",
            Self::GitHub => "github",
            Self::Jira => "jira",
        }
    }

    /// The header of the signature.
    pub(crate) fn header(self) -> &'static str {
        match self {
            Self::WhatsApp | Self::GitHub => "x-hub-signature-256",
            Self::Jira => "x-hub-signature",
        }
    }

    /// How the time is read that an event itself names.
    pub(crate) fn said_at(self) -> fn(&[u8]) -> Option<Timestamp> {
        match self {
            Self::WhatsApp => whatsapp::said_at,
            Self::GitHub => hooks::github_said_at,
            Self::Jira => hooks::jira_said_at,
        }
    }

    /// What the platform has to say when it asks whether this is the right door, where it does ask. It
    /// follows from the secret, so that there is nothing more to keep and nothing more to tell a relay.
    pub(crate) fn verify_token(self, secret: &SecretString, path: &str) -> Option<SecretString> {
        match self {
            Self::WhatsApp => {
                let digest = sign(secret, format!("verify token for {path}").as_bytes());
                Some(digest.trim_start_matches("sha256=").chars().take(32).collect::<String>().into())
            }
            Self::GitHub | Self::Jira => None,
        }
    }

    /// What comes in from it at a path.
    pub fn hook(self, path: String, secret: SecretString, sink: Arc<dyn EventSink>) -> Hook {
        Hook {
            header: self.header(),
            verify_token: self.verify_token(&secret, &path),
            said_at: self.said_at(),
            path,
            secret,
            sink,
        }
    }
}
