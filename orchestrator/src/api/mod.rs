//! What the window, the command line and scripts can ask, and what they hear.

pub mod commands;
pub mod error;
#[cfg(test)]
mod typescript;
pub mod types;

pub use error::{ApiError, ErrorCode};
