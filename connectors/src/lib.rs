//! One module per platform. Each knows the model of Inlet and nothing else of it: no store, no window.
//!
//! [`open`] is the only way in; what comes out of it keeps the contract of [`inlet_model::Source`].

mod channels;
mod elsewhere;
mod files;
mod graph;
mod hooks;
mod http;
pub mod images;
mod imap;
pub mod inbound;
mod oauth;
mod outward;
mod pace;
pub mod relay;
mod slack;
mod tls;
pub mod unsubscribe;
mod whatsapp;

pub use oauth::sign_in;

use std::sync::Arc;

use inlet_model::{Account, AccountConfig, AnySource, EventQueue, Result, Secrets, SourceError};

/// The sources of an account; `events` is what its platform pushes. Nothing is connected yet: that happens with
/// the first call on one.
///
/// # Errors
/// [`SourceError::Permanent`] for settings that cannot work, such as a certificate file that is not
/// there, and for the demo world, which the engine makes itself.
pub fn open(account: &Account, secrets: Arc<dyn Secrets>, events: Arc<dyn EventQueue>) -> Result<Vec<AnySource>> {
    match &account.config {
        AccountConfig::Imap(config) => {
            let source = imap::ImapSource::new(account.id, config.clone(), secrets)?;
            Ok(vec![AnySource::Mail(Arc::new(source))])
        }
        AccountConfig::Microsoft(config) => graph::open(account.id, config, secrets),
        AccountConfig::Slack(config) => Ok(vec![slack::open(account.id, config, secrets)?]),
        AccountConfig::WhatsApp(config) => Ok(vec![whatsapp::open(account.id, config, secrets, events)?]),
        AccountConfig::Hook(config) => Ok(vec![hooks::open(account.id, config, secrets, events)?]),
        AccountConfig::Channel(config) => Ok(vec![channels::open(account.id, config, secrets)]),
        AccountConfig::Files(config) => files::open(config),
        AccountConfig::Demo(_) => Err(SourceError::Permanent("The demo world has no server to connect to.".to_owned())),
    }
}
