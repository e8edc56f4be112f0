//! Real servers, faults and the contract suite for Inlet's tests.
//!
//! Tests talk to servers and not to mocks of functions: a Dovecot, a real SMTP server, a certified
//! OpenID provider and a proxy that misbehaves on request. [`contract`] is what every source has to pass. Everything here
//! fails by panicking, because a test that cannot get its server has nothing to say.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test harness fails by panicking"
)]

use std::{future::Future, path::PathBuf, time::Duration};

pub mod certs;
pub mod channels;
pub mod contract;
pub mod corpus;
pub mod dovecot;
pub mod fake_imap;
pub mod graph;
pub mod imap;
pub mod inbound;
pub mod mailgen;
pub mod nats;
pub mod oidc;
pub mod ports;
pub mod program;
pub mod proxy;
pub mod rng;
pub mod slack;
pub mod smtp;
pub mod visitor;
pub mod whatsapp;

mod introspection;
mod issuer;
mod keeper;
mod npm;
mod steered;
mod wire;

pub use certs::{CertKind, Certs};
pub use contract::{
    Fixture,
    channel::{ChannelFixture, Mishap as ChannelMishap},
};
pub use dovecot::{Dovecot, DovecotOptions};
pub use imap::ImapClient;
pub use inbound::{MemoryQueue, mutations};
pub use issuer::{SignedIn, TokenIssuer};
pub use mailgen::{GeneratedMail, MailGen};
pub use nats::Nats;
pub use oidc::{Oidc, OidcOptions};
pub use proxy::{ChaosProxy, Faults};
pub use rng::Rng;
pub use smtp::{SmtpOptions, SmtpServer};
pub use visitor::Visitor;

/// Waits for `future`, and panics when that takes longer than `limit`: no test hangs.
///
/// # Panics
/// When the time is up.
pub async fn timeout<F: Future>(limit: Duration, future: F) -> F::Output {
    match tokio::time::timeout(limit, future).await {
        Ok(output) => output,
        Err(_) => panic!("nothing happened within {} ms", limit.as_millis()),
    }
}

/// The folder of test data that is kept outside of the repository (`INLET_SHARED`), or `None` with
/// a line that says which test was skipped.
pub fn shared(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("INLET_SHARED").map(PathBuf::from).filter(|path| path.is_dir());
    if folder.is_none() {
        println!("skipped: {test}: INLET_SHARED is not set");
    }
    folder
}

/// Secrets of a test: one password (or access token) for every account.
#[derive(Clone, Debug)]
pub struct FixedSecret(pub Option<secrecy::SecretString>);

impl FixedSecret {
    /// Always this one.
    pub fn new(secret: &str) -> Self {
        Self(Some(secret.into()))
    }
}

#[async_trait::async_trait]
impl inlet_model::Secrets for FixedSecret {
    fn get(
        &self,
        _: inlet_model::AccountId,
        name: inlet_model::SecretName,
    ) -> inlet_model::Result<Option<secrecy::SecretString>> {
        Ok(self.0.clone().filter(|_| name == inlet_model::SecretName::Password))
    }

    async fn put(
        &self,
        _: inlet_model::AccountId,
        _: inlet_model::SecretName,
        _: secrecy::SecretString,
    ) -> inlet_model::Result<()> {
        Ok(())
    }
}
