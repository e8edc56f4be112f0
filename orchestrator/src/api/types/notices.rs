//! What crosses the seam about notices: what is worth telling now, and why or why not.

use inlet_model::{ItemId, Party, SourceId, SourceType, ThreadId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What was done about a new item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NoticeDecision {
    /// It was told.
    Told,
    /// It was told without a sound.
    Silent,
    /// It was not told.
    Kept,
}

/// Why an item was told, or why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NoticeReason {
    /// Written to me.
    Direct,
    /// Written to several people.
    Group,
    /// From a list or a machine.
    List,
    /// So many were told in the last minute that it became part of a summary.
    Busy,
    /// It came from files.
    Imported,
    /// It is older than the connection to its account.
    FirstSync,
    /// It is older than this run of Inlet.
    Old,
    /// It was read already, here or elsewhere.
    Read,
    /// Its conversation is muted.
    Muted,
    /// It did not come to the inbox.
    Elsewhere,
    /// Its source is not to tell anything.
    SourceOff,
    /// Its conversation was on the screen.
    Open,
    /// Notifications are turned off.
    Off,
    /// Notifications were paused.
    Paused,
    /// It came in the quiet hours.
    Quiet,
    /// What is written to me is not to be told.
    DirectOff,
    /// What is written to several people is not to be told.
    GroupOff,
    /// What comes from lists and machines is not to be told.
    ListOff,
    /// A rule says so.
    Rule,
    /// A rule says that it is not to be told.
    RuleOff,
}

/// What is told about one conversation, or about several in a summary.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Notice {
    /// Names it as long as it stands.
    pub id: String,
    /// Grows with each change; another number means that it is to be shown anew.
    pub version: u64,
    /// The conversation; nothing for a summary of several.
    pub thread: Option<ThreadId>,
    /// Where it came from; nothing for a summary.
    pub source: Option<SourceId>,
    /// Platform; nothing for a summary.
    pub source_type: Option<SourceType>,
    /// Who wrote; nothing when only the source may be shown.
    pub from: Option<Party>,
    /// Subject, or the name of the chat; empty when it has none or only the source may be shown.
    pub title: String,
    /// The beginning of a chat message; empty for mail.
    pub text: String,
    /// New items.
    pub items: u32,
    /// Conversations: more than one in a summary.
    pub conversations: u32,
    /// Without a sound.
    pub silent: bool,
    /// It is the digest of the day, and this is what it says.
    pub digest: Option<Digest>,
}

/// What a day has to do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Digest {
    /// Who waits for an answer of mine,
    pub reply: u32,
    /// what I promised and what is open in notes,
    pub todo: u32,
    /// and what I have waited for long enough.
    pub waiting: u32,
    /// Meetings that are still to come.
    pub meetings: u32,
    /// The first cards; empty when only the source may be shown.
    pub cards: Vec<DigestCard>,
}

/// A card in a digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DigestCard {
    /// Whom it is about.
    pub who: Option<Party>,
    /// The sentence that says so.
    pub sentence: String,
}

/// Everything that is to be told now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NoticeBoard {
    /// What stands, oldest first; what no longer stands is withdrawn.
    pub notices: Vec<Notice>,
    /// Nothing is told until then.
    pub paused_until: Option<Timestamp>,
}

/// Asks for a part of the log.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct NoticeLogParams {
    /// Entries at most, 100 if nothing is said.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// An entry of the log: what was decided about new items, and why.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct NoticeEntry {
    /// Number of the entry.
    pub id: i64,
    /// When it was decided.
    pub at: Timestamp,
    /// Where the item came from.
    pub source: SourceId,
    /// Its conversation, while there is one.
    pub thread: Option<ThreadId>,
    /// The newest item it is about.
    pub item: ItemId,
    /// Who wrote.
    pub from: Option<Party>,
    /// The conversation's title.
    pub title: String,
    /// What was done.
    pub decision: NoticeDecision,
    /// Why.
    pub reason: NoticeReason,
    /// How many items the entry is about.
    pub items: u32,
}

/// Pauses notifications.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PauseParams {
    /// Minutes from now; 0 ends a pause.
    pub minutes: u32,
}

/// Says which conversation is on the screen of somebody who looks at it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct WatchParams {
    /// The conversation; nothing when none is, or nobody looks.
    #[serde(default)]
    pub thread: Option<ThreadId>,
}

/// Says whether a source may tell of what is new.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SourceNotifyParams {
    /// Which.
    pub source: SourceId,
    /// Whether.
    pub notify: bool,
}
