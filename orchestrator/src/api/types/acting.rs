//! What is done to threads and items, and its undoing.

use inlet_model::{ItemId, ScopeId, ThreadId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ListParams;

/// Something to do with threads or items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    /// Mark read.
    Read,
    /// Mark unread.
    Unread,
    /// Star.
    Star,
    /// Remove the star.
    Unstar,
    /// Done: out of the inbox.
    Archive,
    /// Back into the inbox.
    Inbox,
    /// To the trash; what is there already is removed for good.
    Delete,
    /// Into another folder.
    Move,
    /// Put a label on, where the platform has labels.
    Label,
    /// Take a label off.
    Unlabel,
    /// Out of sight until then.
    Snooze,
    /// Back into the inbox then, if nobody has answered.
    Remind,
    /// No reminder any more.
    Unremind,
    /// New items stay out of the inbox.
    Mute,
    /// They come to the inbox again.
    Unmute,
    /// Tick a to-do.
    Tick,
    /// Take the tick away.
    Untick,
    /// Answer an invitation: I come.
    Accept,
    /// Answer an invitation: I may come.
    Tentative,
    /// Answer an invitation: I do not come.
    Decline,
    /// Give a reaction to a message of a chat.
    React,
    /// Take it back.
    Unreact,
    /// What it asked for is done, or needs no doing.
    Settle,
    /// It never asked for anything: as `settle`, and a lesson.
    Dismiss,
}

/// An action.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ActParams {
    /// What.
    pub verb: Verb,
    /// To these threads,
    #[serde(default)]
    pub threads: Vec<ThreadId>,
    /// and to these items,
    #[serde(default)]
    pub items: Vec<ItemId>,
    /// and to every thread of a list, however long,
    #[serde(default)]
    pub list: Option<ListParams>,
    /// and to every thread that a search finds.
    #[serde(default)]
    pub query: Option<String>,
    /// Destination of a move, or the label.
    #[serde(default)]
    pub to: Option<ScopeId>,
    /// The same by its name, with `/` between its levels; it is made where it is missing.
    #[serde(default)]
    pub name: Option<String>,
    /// The reaction.
    #[serde(default)]
    pub emoji: Option<String>,
    /// End of a snooze, or the moment of a reminder.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// The to-do of a page, by its id there.
    #[serde(default)]
    pub todo: Option<String>,
    /// How long an answer to an invitation is held back, in seconds; as the setting says when left out.
    #[serde(default)]
    pub undo_seconds: Option<u32>,
}

impl ActParams {
    /// That verb, on nothing yet.
    pub(crate) fn of(verb: Verb) -> Self {
        Self {
            verb,
            threads: Vec::new(),
            items: Vec::new(),
            list: None,
            query: None,
            to: None,
            name: None,
            emoji: None,
            until: None,
            todo: None,
            undo_seconds: None,
        }
    }
}

/// An action took effect here; the network follows.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Acted {
    /// What happened, for the toast.
    pub message: String,
    /// Pass to `undo`; nothing when it cannot be undone.
    pub undo: Option<u64>,
    /// How many threads it was done to.
    pub count: u64,
    /// Threads that changed; of very many the first thousand.
    pub threads: Vec<ThreadId>,
}

/// What to undo.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct UndoParams {
    /// As [`Acted::undo`] named it; the last action when left out.
    pub undo: Option<u64>,
}
