//! The engine as a whole, driven through its commands: the demo world, a scripted platform that
//! fails on request, and a real mailbox with a real submission server.
//!
//! Nothing here sleeps: a test waits for the engine's own events until something holds, and fails
//! with what it saw when that takes too long. Each test has a data directory of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and looks into the files itself"
)]

mod actions;
mod acts;
mod attending;
mod backup;
mod channels;
mod contacts;
mod demo;
mod doctor;
mod drafts;
mod files;
mod harness;
mod hooks;
mod hostile;
mod images;
mod intent;
mod kept;
mod lists;
mod lock;
mod mailbox;
mod meetings;
mod notes;
mod notices;
mod onenote;
mod others;
mod outbox;
mod outlook;
mod people;
mod program;
mod proposals;
mod pushed;
mod receipts;
mod removal;
mod replies;
mod retention;
mod rules;
mod scripted;
mod settings;
mod signin;
mod slack;
mod storage;
mod switching;
mod taxonomy;
mod teams;
mod terminal;
mod whatsapp;
mod work;
