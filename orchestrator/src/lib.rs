//! The engine of Inlet: store, feed, sync, outbox and search; no network and no window.
//!
//! A host opens an [`App`] on a data directory and hands it a way to open accounts; everything else
//! is asked through [`App::rpc`] with the commands of [`api`], and told through [`App::events`].

mod actions;
pub mod api;
mod app;
mod clock;
mod compose;
pub mod config;
pub mod demo;
mod event;
mod feed;
pub mod files;
pub mod html;
mod inbound;
mod invitation;
pub mod logs;
mod mime;
mod notices;
mod outbox;
mod registry;
mod rules;
pub mod search;
mod secrets;
pub mod sender;
mod store;
mod sync;
mod text;
mod unsubscribe;
mod vcard;
pub mod when;
mod work;

pub use app::{App, AppError, AppOptions, BeginSignIn, FetchImage, OpenAccount, PostUnsubscribe, SyncOutcome};
pub use clock::Clock;
pub use event::Event;
pub use secrets::{SecretError, SecretStore};
pub use store::StoreError;
