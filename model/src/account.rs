//! How an account is set up. Secrets are never part of it: they come from [`Secrets`].

use std::path::PathBuf;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::AccountId;

/// One sign-in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    /// Row in the store.
    pub id: AccountId,
    /// What the person calls it; the address when nothing else was said.
    pub name: String,
    /// How to reach it.
    pub config: AccountConfig,
}

/// The settings of an account, by platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "platform", rename_all = "snake_case")]
pub enum AccountConfig {
    /// Any IMAP server with SMTP submission beside it, Gmail included.
    Imap(ImapConfig),
    /// Files brought in by hand: mbox, .eml, Maildir.
    Files(FilesConfig),
    /// The demo world.
    Demo(DemoConfig),
}

/// An IMAP mailbox and its submission server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImapConfig {
    /// The address mail is sent from.
    pub address: String,
    /// The name shown to recipients.
    pub display_name: Option<String>,
    /// The login, where it is not the address.
    pub user: Option<String>,
    /// IMAP server.
    pub imap: Endpoint,
    /// Submission server; without it the account only reads.
    pub smtp: Option<Endpoint>,
    /// How the connections are protected.
    #[serde(default)]
    pub tls: Tls,
    /// How to sign in.
    #[serde(default)]
    pub auth: Auth,
    /// A certificate authority to trust beside the system's: a PEM file.
    #[ts(type = "string | null")]
    pub ca: Option<PathBuf>,
}

impl ImapConfig {
    /// The login name.
    pub fn login(&self) -> &str {
        self.user.as_deref().unwrap_or(&self.address)
    }
}

/// Files imported by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FilesConfig {
    /// What to read, each an mbox file, an .eml file, a Maildir or a folder of those.
    #[ts(type = "string[]")]
    pub paths: Vec<PathBuf>,
}

/// The demo world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DemoConfig {
    /// Same seed, same world.
    #[ts(type = "number")]
    pub seed: u64,
    /// The instant the world was made for; everything in it is dated relative to this.
    #[ts(type = "string")]
    pub now: jiff::Timestamp,
    /// How many times over the world is there, to see a full window; once, unless said otherwise.
    #[serde(default = "once")]
    pub copies: u32,
}

fn once() -> u32 {
    1
}

/// A host and a port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Endpoint {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

/// How a connection is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Tls {
    /// TLS from the first byte (RFC 8314): the default.
    #[default]
    Implicit,
    /// Plain until STARTTLS, and never further without it.
    Starttls,
    /// No TLS at all: refused unless the server is on this machine.
    LoopbackPlain,
}

/// How to sign in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Auth {
    /// A password, or an app password where the provider issues those.
    #[default]
    Password,
    /// An OAuth 2 access token by SASL XOAUTH2.
    Xoauth2,
}

/// Where a connector gets the secrets of its account.
pub trait Secrets: Send + Sync {
    /// The password or access token, or `None` when the person has to give it again.
    ///
    /// # Errors
    /// [`crate::SourceError::AuthNeeded`] when the secret store is locked or unreadable.
    fn password(&self, account: AccountId) -> crate::Result<Option<SecretString>>;
}
