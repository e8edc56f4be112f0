//! The fake Graph on test: what it refuses, and whether it behaves as Microsoft says Graph does.
//!
//! The client here is hyper itself, so that nothing of a well-behaved one comes between.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod chats;
mod delta;
mod faults;
mod mail;
mod notes;
mod program;
mod refusals;
mod scale;
mod wire;
