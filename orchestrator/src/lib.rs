//! The engine of Inlet: store, feed, sync, outbox and search; no network and no window.
//!
//! A host opens an [`App`] on a data directory and hands it a way to open accounts; everything else
//! is asked through [`App::rpc`] with the commands of [`api`], and told through [`App::events`]. What a person looks
//! through asks by [`App::window_rpc`] and hears by [`App::window_events`], which end at the lock.

mod actions;
pub mod api;
mod app;
pub mod backup;
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
mod lock;
pub mod logs;
mod mime;
mod notices;
mod outbox;
mod people;
mod plug;
mod registry;
mod reports;
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

pub use app::{
    App, AppError, AppOptions, BeginSignIn, FetchImage, OpenAccount, PostUnsubscribe, SyncOutcome, data_dir_origin,
};
pub use clock::Clock;
pub use event::Event;
pub use lock::WindowEvents;
pub use secrets::{SecretError, SecretStore};
pub use store::StoreError;
