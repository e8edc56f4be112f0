//! Lists of threads, and the folders, chats and sections they are in.

use inlet_model::{Kind, Party, ScopeId, ScopeRole, SourceId, SourceType, ThreadId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where a thread lives for me; exactly one at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// Something in it wants to be seen.
    #[default]
    Inbox,
    /// Comes back later.
    Snoozed,
    /// Done, and kept.
    Archive,
    /// Holds only what I sent.
    Sent,
    /// Holds only what I have not sent yet.
    Drafts,
    /// A page of notes.
    Notes,
    /// Unwanted.
    Junk,
    /// Deleted.
    Trash,
}

/// A list of threads one can look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum View {
    /// Threads whose place is the inbox.
    #[default]
    Inbox,
    /// Threads in which I had the last word and asked something.
    Waiting,
    /// Threads that come back later.
    Snoozed,
    /// Threads I wrote in.
    Sent,
    /// Threads that are done.
    Archive,
    /// Notes.
    Notes,
    /// Starred threads, wherever they are.
    Starred,
    /// Junk.
    Junk,
    /// Trash.
    Trash,
    /// Everything but junk, trash and what was never sent.
    All,
}

/// A thread in a list.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ThreadRow {
    /// Id.
    pub id: ThreadId,
    /// Where it came from.
    pub source: SourceId,
    /// Platform.
    pub source_type: SourceType,
    /// Family.
    pub kind: Kind,
    /// Subject, chat name or page title; empty when it has none.
    pub title: String,
    /// Who is in it, newest writer first, me left out unless alone.
    pub people: Vec<Party>,
    /// The beginning of the newest item's own text.
    pub snippet: String,
    /// Nobody wrote the newest item: its text is a sentence of Inlet's about what happened.
    pub event: bool,
    /// Time of the newest item.
    pub at: Timestamp,
    /// Unread items.
    pub unread: u32,
    /// Items.
    pub total: u32,
    /// An item is starred.
    pub starred: bool,
    /// Where it lives.
    pub place: Place,
    /// Names of the folders and labels it is in, the special ones left out.
    pub labels: Vec<String>,
    /// An item has a file.
    pub has_attachment: bool,
    /// The newest item is mine.
    pub last_from_me: bool,
    /// New items stay out of the inbox.
    pub muted: bool,
    /// When it comes back, if it is snoozed.
    pub snoozed_until: Option<Timestamp>,
    /// I asked something, and nobody has answered.
    pub waiting: bool,
    /// When it comes back if nobody has answered until then.
    pub remind_at: Option<Timestamp>,
    /// It came back because nobody has answered, since then.
    pub unanswered_since: Option<Timestamp>,
    /// What it asks of me, where that is worth a thought.
    pub next: Option<NextAction>,
}

/// What a conversation asks, in a word and a date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NextAction {
    /// `reply`, `todo` or `waiting`.
    pub state: inlet_actions::State,
    /// The day it is due, as its sender named it (`2026-03-06`), where that is sure.
    pub day: Option<String>,
}

/// Who a conversation is with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// People: no lists, no machines, unless I wrote there.
    People,
    /// Lists and machines.
    Updates,
}

/// Between which moments something is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// Nothing older, unless it is due later.
    pub(crate) since: Timestamp,
    /// Now.
    pub(crate) now: Timestamp,
}

/// Which threads, and which part of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListParams {
    /// View.
    #[serde(rename = "in")]
    pub view: View,
    /// Only this source.
    pub source: Option<SourceId>,
    /// Only this family.
    pub kind: Option<Kind>,
    /// Only this folder, chat or section.
    pub scope: Option<ScopeId>,
    /// Only threads with people, or only those of lists and machines.
    pub group: Option<Group>,
    /// Only threads with something unread.
    pub unread: bool,
    /// Only threads that this search finds.
    pub query: Option<String>,
    /// Most rows to return, at most 500; 50 when left out.
    pub limit: Option<u32>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Skip that many rows instead: for a list that is scrolled by hand.
    pub offset: Option<u64>,
    /// The moments that a list of what is waited for is read with.
    #[serde(skip)]
    #[ts(skip)]
    pub(crate) waiting: Option<Waiting>,
}

/// A page of threads, newest first.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ThreadPage {
    /// Rows.
    pub threads: Vec<ThreadRow>,
    /// Pass as `after`; nothing when this was the last page.
    pub next: Option<String>,
    /// Rows in the whole list.
    pub total: u64,
    /// The change the page was read at.
    pub rev: i64,
}

/// A folder, chat or section.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ScopeView {
    /// Id.
    pub id: ScopeId,
    /// Its source.
    pub source: SourceId,
    /// Name.
    pub name: String,
    /// Role.
    pub role: ScopeRole,
    /// It is switched off; what it has brought was kept, to be read and found.
    pub kept: bool,
}

/// Whose folders, chats and sections.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ScopesParams {
    /// Only this source.
    pub source: Option<SourceId>,
}
