//! Messages being written.

use inlet_model::{AttachmentId, Choices, DraftId, ItemId, Party, ScopeId, SourceId, TemplateUse, ThreadId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a message being written relates to a thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ComposeMode {
    /// New.
    #[default]
    New,
    /// To the author.
    Reply,
    /// To everybody.
    ReplyAll,
    /// To somebody else.
    Forward,
}

/// A file being sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ComposeAttachment {
    /// Name.
    pub name: String,
    /// Media type.
    #[serde(rename = "type")]
    pub mime: String,
    /// Bytes, base64; nothing where the file is held.
    #[serde(default)]
    pub base64: String,
    /// For a picture inside the HTML: the name it has there after `cid:`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub content_id: Option<String>,
    /// Instead of the bytes: the file of a message that goes along, as `attachment.along` names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub held: Option<HeldFile>,
}

/// A file of a message that is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HeldFile {
    /// File.
    pub id: AttachmentId,
    /// Bytes.
    pub size: u64,
}

/// What stands below a message, behind the line `-- `.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Signature {
    /// Text.
    pub text: String,
    /// The same as HTML, when it was written so.
    pub html: Option<String>,
}

/// Words and files that do not go along, and are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Aside {
    /// Text.
    pub text: String,
    /// Files.
    pub attachments: Vec<ComposeAttachment>,
}

/// A message being written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Compose {
    /// The saved draft, once there is one.
    pub id: Option<DraftId>,
    /// Relation to `item`.
    pub mode: ComposeMode,
    /// The source it goes out through.
    pub source: Option<SourceId>,
    /// The thread it belongs to.
    pub thread: Option<ThreadId>,
    /// The item it answers or forwards.
    pub item: Option<ItemId>,
    /// The section a new page of notes goes into.
    pub section: Option<ScopeId>,
    /// Recipients.
    pub to: Vec<Party>,
    /// Copies.
    pub cc: Vec<Party>,
    /// Blind copies.
    pub bcc: Vec<Party>,
    /// Subject.
    pub subject: String,
    /// Text.
    pub text: String,
    /// HTML, when it was written so.
    pub html: Option<String>,
    /// The answered text goes along below.
    pub quote: bool,
    /// Files.
    pub attachments: Vec<ComposeAttachment>,
    /// The approved message it is, where the platform takes no other; `text` is what it says.
    #[ts(optional = nullable)]
    pub template: Option<TemplateUse>,
    /// What was written before a template took its place: it comes back when the template goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub aside: Option<Aside>,
    /// Answers it offers, where the source takes some.
    #[ts(optional = nullable)]
    pub choices: Option<Choices>,
    /// Goes below what was written, and above what is quoted.
    #[ts(optional = nullable)]
    pub signature: Option<Signature>,
    /// Whoever gets it is asked to tell that they have read it, where the source can.
    #[ts(as = "Option<bool>", optional)]
    pub receipt: bool,
    /// What was asked about it before sending and answered with yes: it is not asked again.
    #[ts(as = "Option<Vec<String>>", optional)]
    pub answered: Vec<String>,
    /// Last change; set by the engine.
    pub saved_at: Option<Timestamp>,
    /// The draft of another program this goes on with, until it is saved here.
    #[ts(optional = nullable)]
    pub server: Option<ItemId>,
    /// What that draft said when it was opened, in its source's own form; goes along unchanged.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub server_version: Option<String>,
    /// Another program has changed or removed this draft on the server meanwhile; set by the engine.
    #[ts(as = "Option<bool>", optional)]
    pub elsewhere: bool,
}

/// Whose approved messages to list.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TemplatesParams {
    /// Source.
    pub source: SourceId,
}

/// Where somebody writes.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TypingParams {
    /// The conversation.
    pub thread: ThreadId,
}

/// A draft as a server has it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DraftRow {
    /// Pass to `draft.open`.
    pub item: ItemId,
    /// The source it lies in.
    pub source: SourceId,
    /// Its thread.
    pub thread: ThreadId,
    /// Everybody it would go to.
    pub to: Vec<Party>,
    /// Subject.
    pub subject: String,
    /// The beginning of its text.
    pub snippet: String,
    /// When it was written.
    pub at: Timestamp,
    /// It has a file.
    pub has_attachment: bool,
}

/// How a draft stands to what other programs do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftStanding {
    /// Another program has changed or removed it on the server.
    pub elsewhere: bool,
    /// What that program has put there, where it is to be found. Pass to `draft.open`.
    pub newer: Option<ItemId>,
}

/// Start writing.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PrepareParams {
    /// How.
    pub mode: ComposeMode,
    /// In or from this thread.
    #[serde(default)]
    pub thread: Option<ThreadId>,
    /// To this item; the newest that fits when left out.
    #[serde(default)]
    pub item: Option<ItemId>,
}

/// A message to send.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct SendParams {
    /// The message.
    pub message: Compose,
    /// Seconds during which it can still be cancelled; the setting when left out.
    #[serde(default)]
    pub undo_seconds: Option<u32>,
    /// Not before this.
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// Bring the conversation back then if nobody has answered.
    #[serde(default)]
    pub remind_at: Option<Timestamp>,
}

/// Which draft.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DraftParams {
    /// Draft.
    pub id: DraftId,
}
