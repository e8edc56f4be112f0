//! What the window, the command line and scripts can ask, and what they hear.

pub mod commands;
pub mod error;
pub mod types;
#[cfg(test)]
mod typescript;

pub use error::{ApiError, ErrorCode, sentence};
