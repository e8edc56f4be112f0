//! A thread that is open: its items, their HTML, their source and their links.

use inlet_model::{Flags, Invited, ItemId, Kind, NoteMeta, OpId, Party, Reaction, Receipt, Rsvp, ThreadId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    AttachmentView, Contrast, DeliveryStatus, DraftRow, FrameWords, OpView, ScopeView, SenderVerdict, TextBlock, Theme,
    ThreadRow,
};

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
    /// Nobody wrote it: its text is a sentence of Inlet's about what happened.
    pub event: bool,
    /// How far it has come, if it is mine and its platform says; of a mail at everybody it was sent to.
    pub receipt: Receipt,
    /// What became of a mail of mine at each of its recipients, as far as that was reported.
    #[serde(default)]
    pub delivery: Vec<DeliveryStatus>,
    /// The outbox entry it can be written anew from, where it did not arrive everywhere: `outbox.again`.
    #[serde(default)]
    pub again: Option<OpId>,
    /// Its sender asks to be told that it was read, and may be: `receipt.send`.
    #[serde(default)]
    pub read_request: Option<ReadRequestView>,
    /// A sentence when something of it could not be understood.
    pub note: Option<String>,
    /// What can be said about the sender.
    pub sender: Option<SenderVerdict>,
    /// It came through a mailing list.
    pub list: Option<String>,
    /// How one gets off that list.
    pub unsubscribe: Option<Unsubscribe>,
    /// What only a page of notes has.
    pub page: Option<NoteMeta>,
    /// Size in bytes.
    pub size: u64,
    /// The outbox entry that has not finished yet, when this is mine and on its way.
    pub op: Option<OpView>,
    /// The meeting it is about.
    pub invitation: Option<InvitationView>,
    /// Its platform was not asked yet whether it is about a meeting; `item.complete` does.
    #[serde(default)]
    pub unasked: bool,
}

/// Somebody asks to be told that their mail was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReadRequestView {
    /// Who is told.
    pub to: Party,
    /// That is somebody else than whom the mail came from, by its header or its envelope.
    pub elsewhere: bool,
}

/// What a mail about a meeting is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum InvitationKind {
    /// It asks one to come.
    Request,
    /// The meeting was called off.
    Cancelled,
    /// Somebody answers.
    Reply,
    /// It tells of an appointment and asks nothing.
    Notice,
}

/// A meeting a mail is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InvitationView {
    /// What the mail is for, by what has become of the meeting since.
    pub kind: InvitationKind,
    /// A newer invitation to it has come.
    pub outdated: bool,
    /// What the meeting is called.
    pub summary: String,
    /// When it begins; of whole days the midnight in UTC of the first.
    pub starts: Option<Timestamp>,
    /// When it ends; of whole days the midnight in UTC of the last.
    pub ends: Option<Timestamp>,
    /// It lasts whole days.
    pub all_day: bool,
    /// The time zone it was made in, such as `Europe/Berlin`, where that is known.
    pub zone: Option<String>,
    /// When it begins in the sender's words, where their time zone is not known.
    pub written: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// Who invites.
    pub organizer: Option<Party>,
    /// Who is invited; of an answer who gives it.
    pub people: Vec<Invited>,
    /// It is a series.
    pub repeats: bool,
    /// How I answered; of an answer the one that is given.
    pub answer: Option<Rsvp>,
    /// It is an answer that proposes another time: the one told here.
    pub proposes: bool,
    /// It can be answered here.
    pub can_answer: bool,
    /// It says that a meeting is off or has changed, and does not come from its organizer: that changes nothing.
    pub disputed: bool,
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
    /// The mail that asks has yet to go out.
    pub pending: bool,
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
    /// Items, oldest first; drafts only where there is nothing else.
    pub items: Vec<ItemView>,
    /// Older items were left out: ask again with `before` set to the first one's id.
    pub more: bool,
    /// The platform has more of its past: ask `thread.older` where no item here is left out.
    pub older: bool,
    /// The chat's or folder's names it is in.
    pub scopes: Vec<ScopeView>,
    /// Drafts that other programs have begun in it; of a thread that is nothing but drafts, all of them.
    pub drafts: Vec<DraftRow>,
    /// Where the platform limits for how long one may write freely.
    pub reply_window: Option<ReplyWindow>,
}

/// For how long one may write freely, and not only what the platform approved beforehand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReplyWindow {
    /// Hours after somebody wrote.
    pub hours: u32,
    /// Until then; nobody has written yet when left out.
    pub until: Option<Timestamp>,
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
    pub theme: Theme,
    /// Contrast.
    #[serde(default)]
    #[ts(as = "Option<Contrast>", optional)]
    pub contrast: Contrast,
    /// Words in the language of whoever looks; English where they are left out.
    #[serde(default)]
    pub words: FrameWords,
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
    /// The address whose images can be loaded without asking from now on. Nothing when they already
    /// are, when the sender could not be confirmed, and for what is mine.
    pub images_sender: Option<String>,
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
