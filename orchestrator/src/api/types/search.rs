//! Searching: the question, what was found, and what could be searched at all.

use inlet_model::{ItemId, Kind, Party, SourceId, SourceType, ThreadId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Span;

/// The order of search results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum SearchSort {
    /// Newest first.
    #[default]
    Newest,
    /// Best first.
    Relevance,
}

/// What to search.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SearchParams {
    /// The query, in the search language.
    pub query: String,
    /// Most hits, at most 200; 50 when left out.
    pub limit: Option<u32>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Order.
    pub sort: SearchSort,
    /// The last word may not be finished.
    pub typing: bool,
    /// A search cancels the one before it in the same lane.
    pub lane: Option<String>,
    /// So many hits, from the first on, come with their lines of text; all when left out. The others
    /// can be asked for when they come into sight: `search.snippets`.
    pub snippets: Option<u32>,
}

/// Which hits want their lines of text.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SnippetParams {
    /// The query that found them: what was searched instead, where a typo was forgiven.
    pub query: String,
    /// The last word may not be finished.
    #[serde(default)]
    pub typing: bool,
    /// The items; at most 200 are answered.
    pub items: Vec<ItemId>,
}

/// The lines of text that a hit shows.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Snippet {
    /// The item.
    pub item: ItemId,
    /// Text around the hits.
    pub snippet: Vec<Span>,
}

/// Something that was found.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SearchHit {
    /// Item.
    pub item: ItemId,
    /// Its thread.
    pub thread: ThreadId,
    /// Its source.
    pub source: SourceId,
    /// Platform.
    pub source_type: SourceType,
    /// Family.
    pub kind: Kind,
    /// Author.
    pub from: Option<Party>,
    /// Subject, chat name or title.
    pub subject: String,
    /// Text around the hits; empty where it was not asked for.
    pub snippet: Vec<Span>,
    /// When.
    pub at: Timestamp,
    /// Not read yet.
    pub unread: bool,
    /// It has a file.
    pub has_attachment: bool,
}

/// What of a source can be found at all.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Coverage {
    /// Source.
    pub source: SourceId,
    /// Its name.
    pub name: String,
    /// Platform.
    pub source_type: SourceType,
    /// Everything newer than this can be found; nothing when not synced yet.
    pub from: Option<Timestamp>,
    /// Everything there is can be found.
    pub complete: bool,
}

/// The answer to a search.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SearchView {
    /// Hits there are.
    pub total: u64,
    /// `total` is exact, not a lower bound.
    pub exact: bool,
    /// Time taken, in microseconds.
    pub took_us: u64,
    /// What could be searched.
    pub coverage: Vec<Coverage>,
    /// Hits.
    pub hits: Vec<SearchHit>,
    /// Pass as `after`.
    pub next: Option<String>,
    /// What of the query was taken as plain text, and why.
    pub hints: Vec<String>,
    /// The word that was searched instead, when a typo was forgiven.
    pub corrected: Option<String>,
}
