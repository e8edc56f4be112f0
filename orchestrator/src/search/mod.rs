//! Search over everything: mail, chat and notes in one index.
//!
//! The index is derived from the store and never trusted to be complete: it follows the feed, keeps
//! its position inside its own commits, and is deleted and built again when it is missing, damaged or
//! of an older form. What changes with a click (read, place, labels) is not in it; the store answers
//! those conditions with a bitmap while a search runs.
//!
//! - [`query`]: what somebody typed becomes [`ast`]; [`lexer`] and [`dates`] are its parts
//! - [`fold`]: text to words, for indexing, asking and highlighting alike
//! - [`schema`]: what is indexed; [`writer`]: the one thread that writes; [`follower`]: what feeds it, and
//!   [`waiting`]: how much of that waits
//! - [`index`]: opening, writing and searching
//! - [`compile`], [`matching`], [`page`], [`typo`]: how a search runs
//! - [`snippet`]: the lines a result shows

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

mod ast;
mod compile;
mod dates;
mod fold;
mod follower;
mod index;
mod lexer;
mod matching;
mod page;
mod query;
mod schema;
mod snippet;
mod typo;
mod waiting;
mod writer;

#[cfg(test)]
mod tests;

pub use ast::{IsState, Query, StateFilter};
pub(crate) use follower::{Batch, IndexSource, SourceFailure, Step, catch_up, go_over};
pub(crate) use index::Index;
pub(crate) use page::{Hits, PageKey, SearchRequest, Sort, StateLookup, Total};
pub use query::parse;
pub(crate) use schema::IndexDoc;
pub use snippet::{Span, snippet, title_spans};
pub(crate) use writer::IndexChange;

/// What can go wrong with a search, by what the caller does about it.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// A newer search has taken its place: drop it.
    #[error("the search was cancelled")]
    Cancelled,
    /// The key of a page is not one of ours.
    #[error("this is not the key of a page of results; leave it out to begin with the first")]
    PageKey,
    /// Another process writes this index.
    #[error("the search index is in use by another Inlet; close that one first")]
    InUse,
    /// The writer has ended; it can be started again where it was.
    #[error("the search index could not be written ({0}); it goes on by itself once there is room on the disk")]
    Stopped(String),
    /// The store could not be read.
    #[error("what has changed could not be read from the store")]
    Source(#[source] SourceFailure),
    /// The index cannot be read or made: delete it and open it again.
    #[error("the search index cannot be used; it can be built again in Settings, under Search")]
    Index(#[from] tantivy::TantivyError),
    /// The folder of the index cannot be used.
    #[error("the folder of the search index cannot be used; check its permissions")]
    Folder(#[from] std::io::Error),
}

/// The result of everything here.
pub type Result<T, E = SearchError> = std::result::Result<T, E>;

/// Ends a search that nobody waits for any more.
#[derive(Clone, Debug, Default)]
pub(crate) struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// Ends every search that holds this token.
    pub(crate) fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// It was cancelled.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn check(&self) -> Result<()> {
        if self.is_cancelled() { Err(SearchError::Cancelled) } else { Ok(()) }
    }
}
