//! What crosses the seam to the window, the command line and scripts.
//!
//! Ids are strings, times RFC 3339, sizes bytes. Bodies cross only when one thread or item is
//! asked for; lists and events never carry them.

use std::collections::BTreeMap;

use inlet_model::{
    AccountConfig, AccountId, AttachmentId, Capabilities, DraftId, Flags, ImapConfig, ItemId, Kind, OpId, Party,
    Progress, Reaction, ScopeId, ScopeRole, SourceId, SourceType, ThreadId, Timestamp,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use super::kept::{Kept, KeptIdParams, KeptKind, KeptParams};
pub use super::notices::{
    Notice, NoticeBoard, NoticeDecision, NoticeEntry, NoticeLogParams, NoticeReason, PauseParams, SourceNotifyParams,
    WatchParams,
};
pub use crate::{
    html::{LinkVerdict, TextBlock},
    search::Span,
    sender::SenderVerdict,
};

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
    /// Everything but junk and trash.
    All,
}

/// The state of a source, in one word the window shows beside a dot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    /// Not heard from since the start.
    #[default]
    Starting,
    /// Fetching.
    Syncing,
    /// Up to date, and waiting for news.
    Live,
    /// Paused by the person.
    Paused,
    /// The person has to sign in.
    AuthNeeded,
    /// The server asked us to wait.
    Throttled,
    /// No network.
    Offline,
    /// Something else went wrong; it is tried again.
    Failing,
}

/// A source as the window shows it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SourceView {
    /// Id.
    pub id: SourceId,
    /// Its account.
    pub account: AccountId,
    /// Platform.
    #[serde(rename = "type")]
    pub source_type: SourceType,
    /// Family.
    pub kind: Kind,
    /// Name to show.
    pub name: String,
    /// The address or handle I have there.
    pub identity: Option<String>,
    /// State.
    pub state: SourceState,
    /// One sentence about it, when it is not well.
    pub message: Option<String>,
    /// When the platform last answered.
    pub last_heard: Option<Timestamp>,
    /// When it is tried again.
    pub next_try: Option<Timestamp>,
    /// How far the first sync has come.
    pub progress: Progress,
    /// What it can do.
    pub capabilities: Capabilities,
    /// Items kept.
    pub items: u64,
    /// It may tell of what is new.
    pub notify: bool,
    /// Unread threads in the inbox.
    pub unread: u64,
}

/// An account as the window shows it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AccountView {
    /// Id.
    pub id: AccountId,
    /// Name to show.
    pub name: String,
    /// Settings.
    pub config: AccountConfig,
    /// Its sources.
    pub sources: Vec<SourceView>,
}

/// The state of everything, for the rail and the status line.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Status {
    /// Version of Inlet.
    pub version: String,
    /// The demo world is in this data directory.
    pub demo: bool,
    /// Accounts.
    pub accounts: Vec<AccountView>,
    /// Unread threads by view, and how many entries outbox and drafts hold.
    pub counts: BTreeMap<String, u64>,
    /// The newest change.
    pub rev: i64,
    /// How many changes the search index is behind.
    pub index_behind: u64,
    /// The folder everything is kept in.
    pub data_dir: String,
}

/// What kind of work goes on in the background.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum WorkKind {
    /// Fetching what a source has.
    Sync,
    /// Reading files.
    Import,
    /// Writing files.
    Export,
    /// Building the search index.
    Rebuild,
}

/// Work in the background that takes long.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct WorkView {
    /// Pass to `work.pause`, `work.resume` and `work.cancel`.
    pub id: String,
    /// What kind.
    pub kind: WorkKind,
    /// The source, folder or index it is about.
    pub title: String,
    /// Pieces done.
    pub done: u64,
    /// Pieces there are, where that is known.
    pub total: Option<u64>,
    /// When it began; for a source, when it was last heard.
    pub started_at: Timestamp,
    /// It waits for the person.
    pub paused: bool,
    /// It can be paused.
    pub can_pause: bool,
    /// It can be ended; what it has done stays.
    pub can_cancel: bool,
}

/// A piece of work.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct WorkParams {
    /// As [`WorkView::id`].
    pub id: String,
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

/// An attachment as the window shows it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AttachmentView {
    /// Id.
    pub id: AttachmentId,
    /// A name that is safe to show and to save under.
    pub name: String,
    /// Media type.
    #[serde(rename = "type")]
    pub mime: String,
    /// Bytes.
    pub size: u64,
    /// Shown inside the body.
    pub inline: bool,
    /// Opening it could run a program.
    pub executable: bool,
    /// It is on this computer.
    pub local: bool,
}

/// One message, mail or page.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ItemView {
    /// Id.
    pub id: ItemId,
    /// Its thread.
    pub thread: ThreadId,
    /// Family.
    pub kind: Kind,
    /// Author.
    pub from: Option<Party>,
    /// Recipients.
    pub to: Vec<Party>,
    /// Copies.
    pub cc: Vec<Party>,
    /// When.
    pub at: Timestamp,
    /// Subject or title.
    pub subject: String,
    /// Plain text, whole.
    pub text: String,
    /// The same text in blocks: own, quoted, signature.
    pub blocks: Vec<TextBlock>,
    /// There is an HTML form: ask `item.html`.
    pub has_html: bool,
    /// Files.
    pub attachments: Vec<AttachmentView>,
    /// Flags.
    pub flags: Flags,
    /// Message-ID, without angle brackets.
    pub message_id: Option<String>,
    /// I wrote it.
    pub from_me: bool,
    /// Reactions.
    pub reactions: Vec<Reaction>,
    /// The item it answers, where it is in the same thread.
    pub reply_to: Option<ItemId>,
    /// It was changed after it was sent.
    pub edited: bool,
    /// Its author took it back.
    pub retracted: bool,
    /// A sentence when something of it could not be understood.
    pub note: Option<String>,
    /// What can be said about the sender.
    pub sender: Option<SenderVerdict>,
    /// It came through a mailing list.
    pub list: Option<String>,
    /// How one gets off that list.
    pub unsubscribe: Option<Unsubscribe>,
    /// Size in bytes.
    pub size: u64,
    /// The outbox entry that has not finished yet, when this is mine and on its way.
    pub op: Option<OpView>,
}

/// How one gets off a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum UnsubscribeWay {
    /// By one request to the list's server (RFC 8058).
    OneClick,
    /// By a mail.
    Mail,
    /// By a page in the browser.
    Link,
}

/// How one gets off the list a mail came through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Unsubscribe {
    /// The best way it offers.
    pub way: UnsubscribeWay,
    /// The server or address that is told.
    pub whom: String,
    /// When I asked it already.
    pub asked_at: Option<Timestamp>,
}

/// What became of getting off a list.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Unsubscribed {
    /// The way that was taken.
    pub way: UnsubscribeWay,
    /// The server or address that was told.
    pub whom: String,
    /// The page to open and finish on, where there is no other way.
    pub url: Option<String>,
    /// The mail on its way; it can be taken back like any other.
    pub op: Option<OpId>,
}

/// A thread with its items.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ThreadView {
    /// The row.
    pub thread: ThreadRow,
    /// Items, oldest first.
    pub items: Vec<ItemView>,
    /// Older items were left out: ask again with `before` set to the first one's id.
    pub more: bool,
    /// The chat's or folder's names it is in.
    pub scopes: Vec<ScopeView>,
}

/// Which thread.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ThreadParams {
    /// Thread.
    pub id: ThreadId,
    /// Most items, the newest ones; 100 when left out.
    #[serde(default)]
    pub limit: Option<u32>,
    /// Only items before this one.
    #[serde(default)]
    pub before: Option<ItemId>,
}

/// Which item.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ItemParams {
    /// Item.
    pub id: ItemId,
}

/// Colours of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ThemeWord {
    /// Dark on light.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

/// How to show an item's HTML.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct HtmlParams {
    /// Item.
    pub id: ItemId,
    /// The person asked for the remote images of this one.
    #[serde(default)]
    pub remote_images: bool,
    /// Colours.
    #[serde(default)]
    pub theme: ThemeWord,
}

/// A document for the reader's sandboxed frame.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct HtmlView {
    /// The whole document, for `srcdoc`.
    pub document: String,
    /// Remote images that were not loaded.
    pub blocked_images: u32,
    /// Trackers that were recognised, and are never loaded.
    pub trackers: u32,
}

/// Which item, as it was received.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RawParams {
    /// Item.
    pub id: ItemId,
    /// Most bytes to return; all when left out.
    #[serde(default)]
    pub most: Option<usize>,
}

/// An item as it was received.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RawView {
    /// The raw message, invalid UTF-8 replaced; the beginning where no more was asked for.
    pub raw: String,
    /// Bytes of the whole message.
    pub size: u64,
    /// `raw` is all of it.
    pub whole: bool,
}

/// A link somebody is about to follow.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct LinkParams {
    /// Where it goes.
    pub href: String,
    /// What it says.
    #[serde(default)]
    pub text: String,
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
}

/// Whose folders, chats and sections.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ScopesParams {
    /// Only this source.
    pub source: Option<SourceId>,
}

/// Which attachment.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AttachmentParams {
    /// Attachment.
    pub id: AttachmentId,
    /// Folder to save into; the downloads folder when left out.
    #[serde(default)]
    pub folder: Option<String>,
}

/// Which attachment is to be opened in another program.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OpenParams {
    /// Attachment.
    pub id: AttachmentId,
    /// The person was told that it could run a program, and wants it.
    #[serde(default)]
    pub sure: bool,
}

/// The files of which item.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SaveParams {
    /// Item.
    pub item: ItemId,
    /// Folder to save into; the downloads folder when left out.
    #[serde(default)]
    pub folder: Option<String>,
}

/// Where several files were written.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SavedAll {
    /// The folder they are in.
    pub path: String,
    /// How many.
    pub files: u32,
    /// What could not be fetched: each file's name and a sentence.
    pub left_out: Vec<String>,
}

/// The bytes of an attachment.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AttachmentData {
    /// Safe name.
    pub name: String,
    /// Media type.
    #[serde(rename = "type")]
    pub mime: String,
    /// Bytes, base64.
    pub base64: String,
}

/// Where a file was written.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Saved {
    /// Path.
    pub path: String,
}

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
    /// End of a snooze, or the moment of a reminder.
    #[serde(default)]
    pub until: Option<Timestamp>,
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
    /// Bytes, base64.
    pub base64: String,
    /// For a picture inside the HTML: the name it has there after `cid:`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub content_id: Option<String>,
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
    /// Goes below what was written, and above what is quoted.
    #[ts(optional = nullable)]
    pub signature: Option<Signature>,
    /// What was asked about it before sending and answered with yes: it is not asked again.
    #[ts(as = "Option<Vec<String>>", optional)]
    pub answered: Vec<String>,
    /// Last change; set by the engine.
    pub saved_at: Option<Timestamp>,
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
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
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

/// Where an operation of the outbox stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum OpState {
    /// Waiting for its time, its turn or the network.
    Queued,
    /// Being sent at this moment.
    Sending,
    /// It may have been sent: being looked for.
    Unknown,
    /// Done.
    Done,
    /// Waiting for the person.
    Parked,
    /// Taken back before it was sent.
    Cancelled,
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum OpKind {
    /// Sends a message.
    Send,
    /// Changes flags.
    Flags,
    /// Moves items.
    Move,
    /// Puts a label on or takes it off.
    Label,
    /// Removes items for good.
    Expunge,
}

/// An operation of the outbox.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OpView {
    /// Id.
    pub id: OpId,
    /// Source it goes through.
    pub source: SourceId,
    /// Thread it belongs to.
    pub thread: Option<ThreadId>,
    /// What it does.
    pub kind: OpKind,
    /// Where it stands.
    pub state: OpState,
    /// Why it waits, in one sentence.
    pub reason: Option<String>,
    /// Attempts made.
    pub attempts: u32,
    /// Not before this.
    pub not_before: Timestamp,
    /// Message-ID or client key.
    pub key: String,
    /// What it is about: recipients and subject, in words.
    pub title: String,
    /// When it was queued.
    pub created_at: Timestamp,
}

/// One attempt of an operation.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Delivery {
    /// When.
    pub at: Timestamp,
    /// Outcome: `done`, or the code of the error.
    pub outcome: String,
    /// What the server or the error said.
    pub detail: Option<String>,
}

/// An operation with its log.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OpDetail {
    /// The operation.
    pub op: OpView,
    /// Its attempts, oldest first.
    pub deliveries: Vec<Delivery>,
}

/// Which operation.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OpParams {
    /// Operation.
    pub id: OpId,
}

/// Which operations.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct OutboxParams {
    /// The finished ones of the last 30 days as well.
    pub all: bool,
}

/// Which account.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AccountParams {
    /// Account.
    pub id: AccountId,
}

/// Which account, or all.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SyncParams {
    /// Account; all when left out.
    pub account: Option<AccountId>,
}

/// A mailbox to connect.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ImapParams {
    /// Its settings.
    pub config: ImapConfig,
    /// The password or access token. Left out on `accounts.update`, the stored one stays.
    #[serde(default)]
    pub password: Option<String>,
    /// What to call it; the address when left out.
    #[serde(default)]
    pub name: Option<String>,
    /// The account to change, for `accounts.update`.
    #[serde(default)]
    pub id: Option<AccountId>,
}

/// An address to guess settings for.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SuggestParams {
    /// Mail address.
    pub address: String,
}

/// Guessed settings.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Suggested {
    /// Settings to start from.
    pub config: ImapConfig,
    /// The provider, when it is a known one.
    pub provider: Option<String>,
    /// What the person needs to know or fetch first, such as an app password.
    pub advice: Option<String>,
    /// Where to read about it.
    pub help_url: Option<String>,
}

/// Letters somebody typed into a recipient field.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PeopleParams {
    /// The beginning of a name or address.
    pub prefix: String,
    /// The source they should be reachable through.
    #[serde(default)]
    pub source: Option<SourceId>,
}

/// Whom to tell about.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PersonParams {
    /// The source they are met in.
    pub source: SourceId,
    /// Their handle there.
    pub handle: String,
    /// Their name there, to find others of the same name by.
    #[serde(default)]
    pub name: Option<String>,
}

/// How one handle of a source belongs to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Likeness {
    /// The same handle.
    Handle,
    /// Another handle of exactly the same name: may be the same person.
    Name,
}

/// A handle somebody has in a source.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PersonIdentity {
    /// Source.
    pub source: SourceId,
    /// Platform.
    pub source_type: SourceType,
    /// Name and handle.
    pub party: Party,
    /// How it belongs.
    pub likeness: Likeness,
}

/// A file somebody sent or was sent.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SharedFile {
    /// The item that brought it.
    pub item: ItemId,
    /// Its thread.
    pub thread: ThreadId,
    /// When.
    pub at: Timestamp,
    /// I sent it.
    pub from_me: bool,
    /// The file.
    pub file: AttachmentView,
}

/// What this computer knows about somebody.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PersonView {
    /// Name and handle.
    pub party: Party,
    /// Their handles, those that only may be theirs last.
    pub identities: Vec<PersonIdentity>,
    /// First contact.
    pub first: Option<Timestamp>,
    /// Last contact.
    pub last: Option<Timestamp>,
    /// Messages they wrote.
    pub received: u64,
    /// Messages I wrote to them.
    pub sent: u64,
    /// The newest conversations with them.
    pub threads: Vec<ThreadRow>,
    /// The newest files sent by either side.
    pub files: Vec<SharedFile>,
    /// The newest notes that mention the name.
    pub notes: Vec<SearchHit>,
}

/// Addresses a message is to go to.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct KnownParams {
    /// Addresses.
    pub handles: Vec<String>,
}

/// What the history knows of an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KnownPerson {
    /// The address, as it was asked for.
    pub handle: String,
    /// I have written to it, or it is mine.
    pub written: bool,
    /// Somebody at the same domain has written to me or was written to.
    pub domain: bool,
}

/// A conversation with the same person on another channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Elsewhere {
    /// The conversation.
    pub thread: ThreadId,
    /// Its source.
    pub source: SourceId,
    /// The platform.
    pub source_type: SourceType,
    /// The person as they are known there.
    pub person: Party,
    /// The address is the very same; else only the name is.
    pub same: bool,
}

/// Files to read in.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ImportParams {
    /// mbox files, .eml files, Maildirs, or folders of those.
    pub paths: Vec<String>,
    /// Name of the account they become; "Imported" when left out.
    #[serde(default)]
    pub into: Option<String>,
}

/// A file to be opened as it is from the desktop.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OpenFileParams {
    /// An .eml file, an mbox file, or a folder of mail.
    pub path: String,
    /// Name of the account it becomes a part of; "Opened files" when left out.
    #[serde(default)]
    pub into: Option<String>,
}

/// Where a file that was opened is shown.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OpenedFile {
    /// The account that holds it.
    pub account: AccountView,
    /// The conversation of a single mail; nothing for a mailbox, or when no mail is in it.
    pub thread: Option<ThreadId>,
}

/// What to write out.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ExportParams {
    /// Folder to write into; made when it is missing.
    pub dir: String,
    /// Form.
    #[serde(default)]
    pub format: ExportFormat,
    /// Only what this query finds.
    #[serde(default)]
    pub query: Option<String>,
}

/// The form of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// One mbox file per folder.
    #[default]
    Mbox,
    /// One .eml file per mail.
    Eml,
    /// One JSON document per item, chats and notes as well.
    Json,
}

/// What was written.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Exported {
    /// Items.
    pub items: u64,
    /// Files.
    pub files: u64,
    /// Items that have no form in this format, such as chats in mbox.
    pub left_out: u64,
}

/// One setting.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Setting {
    /// Name, such as `send.undo_seconds`.
    pub key: String,
    /// Value.
    pub value: String,
    /// Where it comes from: `default`, `file`, `environment` or `flag`.
    pub origin: String,
    /// What it does.
    pub about: String,
    /// Where the window shows it.
    pub group: SettingGroup,
    /// The value it has when nobody set one.
    pub default: String,
    /// What it can be.
    pub kind: SettingKind,
}

/// The section of the settings a setting belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SettingGroup {
    /// Accounts and how they are asked.
    Accounts,
    /// Writing and sending.
    Composing,
    /// What is told, and the desktop around the window.
    Notifications,
    /// What leaves the computer.
    Privacy,
    /// How the window looks.
    Appearance,
    /// Keys.
    Keyboard,
}

/// What a setting can be; values are text in every case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SettingKind {
    /// `true` or `false`.
    Toggle,
    /// One of some words.
    Choice {
        /// The words.
        choices: Vec<String>,
    },
    /// A whole number.
    Number {
        /// The least allowed.
        least: u32,
        /// The greatest allowed.
        most: u32,
    },
    /// Text.
    Text {
        /// Bytes at most.
        most: u32,
    },
}

/// A setting to change.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SettingParams {
    /// Name.
    pub key: String,
    /// Value; nothing goes back to the default.
    #[serde(default)]
    pub value: Option<String>,
}

/// Nothing to say.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, TS)]
pub struct Nothing {}

/// The outcome of testing a connection.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CheckView {
    /// Every step went well.
    pub ok: bool,
    /// Who the server says I am.
    pub identity: Option<String>,
    /// Each step in order.
    pub steps: Vec<inlet_model::CheckStep>,
}

/// The demo world to make.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DemoParams {
    /// Same seed, same world; 7 when left out.
    pub seed: Option<u64>,
    /// The instant everything is dated by; now when left out.
    pub now: Option<Timestamp>,
}

/// The passphrase of the secret store.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct UnlockParams {
    /// Passphrase; the first one given becomes the one.
    pub passphrase: String,
}

/// What can be said about this Inlet without saying anything of its person.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Diagnostics {
    /// Version of Inlet.
    pub version: String,
    /// Operating system and processor, such as `linux x86_64`.
    pub system: String,
    /// Bytes of the data directory.
    pub bytes: StoredBytes,
    /// Sources in the order they were added.
    pub sources: Vec<SourceFacts>,
    /// Items kept, all sources together.
    pub items: u64,
    /// The newest change.
    pub rev: i64,
    /// How many changes the search index is behind.
    pub index_behind: u64,
    /// Operations in the outbox by state.
    pub outbox: BTreeMap<String, u64>,
}

/// Bytes on disk by what they are for.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, TS)]
pub struct StoredBytes {
    /// The database with everything but the texts.
    pub database: u64,
    /// The texts.
    pub bodies: u64,
    /// The search index.
    pub index: u64,
    /// Attachments that are here.
    pub attachments: u64,
    /// Logs and all the rest.
    pub other: u64,
}

/// A source without what names it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SourceFacts {
    /// Its id, masked where it is long.
    pub id: String,
    /// Platform.
    #[serde(rename = "type")]
    pub source_type: SourceType,
    /// State.
    pub state: SourceState,
    /// Items kept.
    pub items: u64,
    /// The first sync is done.
    pub complete: bool,
    /// When the platform last answered.
    pub last_heard: Option<Timestamp>,
}

/// Something a person does and feels the speed of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FeltAction {
    /// A key press until another row has the focus.
    Focus,
    /// Opening a conversation until its text is there.
    Open,
    /// A key press in the search box until results are there.
    Search,
    /// Archiving or undoing until the list shows it.
    Archive,
    /// The start until the list is there.
    Start,
}

/// How fast an action was in this window.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
pub struct Felt {
    /// Which.
    pub action: FeltAction,
    /// How often it was measured.
    pub count: u32,
    /// Milliseconds that half of them stayed under.
    pub p50: f64,
    /// Milliseconds that nineteen of twenty stayed under.
    pub p95: f64,
    /// Milliseconds it should take at most.
    pub target: f64,
}

/// A diagnostic bundle to write.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct BundleParams {
    /// Folder to write into; the downloads folder when left out.
    pub folder: Option<String>,
    /// What the window has measured.
    pub felt: Vec<Felt>,
}
