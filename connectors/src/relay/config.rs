//! What a relay has to know: where NATS wants a login, and for each account its path, its secret and for whom its
//! events are sealed. Secrets are named, never written here: they come from a file, the environment or standard
//! input.

use std::{io::BufRead, path::PathBuf, str::FromStr};

use age::x25519::Recipient;
use inlet_model::{Result, SourceError};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};

use crate::inbound::Platform;

/// Days a stream keeps an event unless the file says otherwise: longer than most are away.
const KEPT_DAYS: u64 = 30;

/// The relay's file, in TOML.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Where the login at NATS is, if it wants one.
    #[serde(default)]
    pub(super) nats_login: Option<Key>,
    /// A certificate authority to trust beside the system's, for NATS.
    #[serde(default)]
    pub(super) nats_ca: Option<PathBuf>,
    /// Days an event is kept.
    #[serde(default = "kept_days")]
    pub(super) keep_days: u64,
    /// The most bytes a stream may take; the oldest events go first. Without it only their age counts.
    #[serde(default)]
    pub(super) keep_bytes: Option<u64>,
    /// Copies of a stream in a cluster.
    #[serde(default = "one")]
    pub(super) replicas: usize,
    /// The accounts.
    #[serde(default)]
    pub(super) hook: Vec<Account>,
}

/// An account whose events are received.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Account {
    /// Who pushes.
    #[serde(deserialize_with = "platform")]
    pub(super) platform: Platform,
    /// The path it posts to.
    pub(super) path: String,
    /// What it signs with.
    pub(super) secret: Key,
    /// The public keys of the desktops that read it.
    #[serde(deserialize_with = "recipients")]
    pub(super) desktops: Vec<Recipient>,
}

/// Where a secret is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// The first line of a file, or all of it where it has several.
    File(PathBuf),
    /// A variable of the environment.
    Env(String),
    /// The next line of standard input.
    Stdin,
}

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        match text.split_once(':') {
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(path.into())),
            Some(("env", name)) if !name.is_empty() => Ok(Self::Env(name.to_owned())),
            None if text == "stdin" => Ok(Self::Stdin),
            // It may be the secret itself: it is not repeated.
            _ => Err("a secret is not written here but named: \"file:PATH\", \"env:NAME\" or \"stdin\"".to_owned()),
        }
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Key {
    /// The secret. Several that come from standard input come in the order of the file, the login first.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] when it is not there.
    pub(super) fn read(&self) -> Result<SecretString> {
        let missing = |what: String| SourceError::Permanent(format!("{what}; the relay's file names it as a secret."));
        let text = match self {
            Self::File(path) => std::fs::read_to_string(path)
                .map_err(|_| missing(format!("The file {} cannot be read", path.display())))?,
            Self::Env(name) => std::env::var(name).map_err(|_| missing(format!("The variable {name} is not set")))?,
            Self::Stdin => {
                let mut line = String::new();
                std::io::stdin()
                    .lock()
                    .read_line(&mut line)
                    .map_err(|_| missing("Standard input cannot be read".to_owned()))?;
                line
            }
        };
        match text.trim() {
            "" => Err(missing("A secret is empty".to_owned())),
            text => Ok(SecretString::from(text)),
        }
    }
}

fn kept_days() -> u64 {
    KEPT_DAYS
}

fn one() -> usize {
    1
}

fn platform<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Platform, D::Error> {
    let word = String::deserialize(from)?;
    Platform::from_word(&word).ok_or_else(|| {
        serde::de::Error::custom(format!(
            "no platform called \"{word}\" sends events to a relay: whatsapp, github and jira do"
        ))
    })
}

fn recipients<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Vec<Recipient>, D::Error> {
    let keys = Vec::<String>::deserialize(from)?;
    if keys.is_empty() {
        return Err(serde::de::Error::custom("name at least one desktop, or nobody could read the events"));
    }
    let wrong =
        |key: &String| serde::de::Error::custom(format!("\"{key}\" is not the public key of a desktop (age1…)"));
    keys.iter().map(|key| key.parse().map_err(|_| wrong(key))).collect()
}
