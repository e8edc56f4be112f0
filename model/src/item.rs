//! The three families of things a source yields, and the one row form the store keeps.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Timestamp,
    intent::Rsvp,
    report::{ReadRequest, Report},
};

/// The family of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A chat message.
    Chat,
    /// A mail.
    Mail,
    /// A page of notes.
    Note,
}

impl Kind {
    /// The word used in the store, in search (`type:`) and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Mail => "mail",
            Self::Note => "note",
        }
    }
}

/// A platform's own name for a thing; opaque to everybody but the connector.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RemoteId(pub String);

impl<T: Into<String>> From<T> for RemoteId {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

/// Somebody as one message names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub struct Party {
    /// Display name, where given.
    pub name: Option<String>,
    /// Mail address, phone number or platform user id.
    pub handle: String,
}

impl Party {
    /// A party with a display name.
    pub fn named(name: impl Into<String>, handle: impl Into<String>) -> Self {
        Self { name: Some(name.into()), handle: handle.into() }
    }

    /// The name to show: the display name, else the handle.
    pub fn label(&self) -> &str {
        self.name.as_deref().map(str::trim).filter(|name| !name.is_empty()).unwrap_or(&self.handle)
    }
}

/// What a person has done with an item, as the platform knows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Flags {
    /// Seen (RFC 9051 `\Seen`).
    pub read: bool,
    /// Starred (`\Flagged`).
    pub starred: bool,
    /// Answered (`\Answered`).
    pub answered: bool,
    /// Not sent yet (`\Draft`).
    pub draft: bool,
}

/// A reaction to a chat message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// Who reacted, beside me.
    pub by: Vec<Party>,
    /// I did.
    #[serde(default)]
    pub mine: bool,
}

impl Reaction {
    /// Gives a reaction of mine, or takes it back; with `one`, another of mine makes way. True when that
    /// changed anything.
    pub fn give(reactions: &mut Vec<Self>, emoji: &str, on: bool, one: bool) -> bool {
        let before = reactions.clone();
        for reaction in reactions.iter_mut() {
            reaction.mine = if reaction.emoji == emoji { on } else { reaction.mine && !(on && one) };
        }
        if on && reactions.iter().all(|reaction| reaction.emoji != emoji) {
            reactions.push(Self { emoji: emoji.to_owned(), by: Vec::new(), mine: true });
        }
        reactions.retain(|reaction| reaction.mine || !reaction.by.is_empty());
        *reactions != before
    }
}

/// How far a message of mine has come, by its platform's word. The order is that of belief: platforms
/// report late and twice, and a later word never takes a greater one back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Receipt {
    /// The platform says nothing, or the message is not mine.
    #[default]
    None,
    /// The platform has it.
    Sent,
    /// It could not be delivered.
    Failed,
    /// It is on a device of whom it was sent to.
    Delivered,
    /// They have seen it.
    Read,
}

/// An attachment as announced; its bytes come through [`crate::Source::fetch`], unless it lies elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentInfo {
    /// The connector's name for the part (for mail: the IMAP section, such as `2.1`).
    pub part: String,
    /// File name as the sender gave it, decoded; never used as a path.
    pub name: String,
    /// Media type, lower case, such as `application/pdf`.
    pub mime: String,
    /// Decoded size in bytes; an estimate where the platform tells only the encoded size, 0 where it tells none.
    pub size: u64,
    /// Content-ID without angle brackets, for images a body refers to.
    pub content_id: Option<String>,
    /// Meant to be shown inside the body.
    pub inline: bool,
    /// Where the file lies, an `https` address for a browser, when its source gives no bytes of it: a file that was
    /// shared and not sent. It is never fetched.
    pub link: Option<String>,
    /// The bytes, when the platform sent them along.
    #[serde(skip)]
    pub data: Option<Vec<u8>>,
}

/// What only mail has, kept as the sender's server said it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailMeta {
    /// `List-Id` (RFC 2919).
    pub list_id: Option<String>,
    /// `List-Unsubscribe` (RFC 2369), verbatim.
    pub list_unsubscribe: Option<String>,
    /// `List-Unsubscribe-Post` (RFC 8058) is present.
    #[serde(default)]
    pub one_click_unsubscribe: bool,
    /// `Auto-Submitted` (RFC 3834) or `Precedence: bulk|list|junk`.
    #[serde(default)]
    pub automatic: bool,
    /// The topmost `Authentication-Results` (RFC 8601), verbatim.
    pub authentication_results: Option<String>,
    /// Its sender marked it as important.
    #[serde(default)]
    pub important: bool,
    /// `Reply-To`.
    #[serde(default)]
    pub reply_to: Vec<Party>,
    /// iCalendar parts (RFC 5545), as text.
    #[serde(default)]
    pub calendar: Vec<String>,
    /// How I answered the invitation in it, as far as the platform says or I said here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Rsvp>,
    /// The platform says that a newer one has taken the place of the invitation in it.
    #[serde(default)]
    pub outdated: bool,
    /// It was fetched before the platform was asked what a message says of a meeting, or a draft before what it says was
    /// kept ([`Self::version`]); [`Source::complete`](crate::Source::complete) makes good for either.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unasked: bool,
    /// What it says, in the connector's own form: of a draft that changes in place, to see that it was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// A sentence for the reader when something of the message could not be understood.
    pub note: Option<String>,
    /// Who has passed it on without a person, a mark each: [`PASSED`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed: Vec<String>,
    /// It is a report about a mail, as anybody may write one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Report>,
    /// Its sender asks to be told that it was read, and was not told yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_request: Option<ReadRequest>,
}

/// The header of a mail that Inlet wrote without a person: a mark of each account that did, oldest first. A mark
/// is made of the account's address and does not tell it, so that an account knows its own and nobody else's.
pub const PASSED: &str = "X-Inlet-Passed";

/// A to-do on a page of notes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Todo {
    /// The platform's name of its paragraph, as [`crate::Intent::Tick`] wants it.
    pub id: String,
    /// What is to be done, in one line.
    pub text: String,
    /// It is ticked.
    pub done: bool,
}

impl Todo {
    /// What the tags of an element on a page (`data-tag`, separated by commas) say of a box to tick:
    /// `None` when there is none, else whether it is ticked. The platform, the reader and the demo
    /// count the boxes of a page with this, each for itself, and have to come to the same.
    pub fn ticked(tags: &str) -> Option<bool> {
        tags.split(',').map(str::trim).find_map(|tag| {
            let (shape, state) = tag.split_once(':').unwrap_or((tag, ""));
            matches!(shape, "to-do" | "to-do-priority-1" | "to-do-priority-2").then_some(state == "completed")
        })
    }

    /// The tags of an element after its box was ticked, or the tick taken away; other tags stay.
    pub fn tick(tags: &str, done: bool) -> String {
        let one = |tag: &str| match Self::ticked(tag) {
            Some(_) => {
                let shape = tag.split(':').next().unwrap_or_default();
                if done { format!("{shape}:completed") } else { shape.to_owned() }
            }
            None => tag.to_owned(),
        };
        tags.split(',').map(str::trim).map(one).collect::<Vec<_>>().join(", ")
    }
}

/// What only a page of notes has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NoteMeta {
    /// Its to-dos, from top to bottom.
    #[serde(default)]
    pub todos: Vec<Todo>,
    /// Where to open it on the platform.
    #[serde(default)]
    pub url: Option<String>,
    /// Its content was not fetched yet, or not since it was changed: [`crate::Source::complete`] does.
    #[serde(default)]
    pub pending: bool,
}

/// A chat message of any platform.
#[derive(Clone, Debug, PartialEq)]
pub struct UnifiedMessage {
    /// Stable id on the platform.
    pub remote_id: RemoteId,
    /// The chat or channel: one conversation is one thread.
    pub conversation: String,
    /// Its title, where it has one.
    pub title: Option<String>,
    /// Who is in it, beside me.
    pub members: Vec<Party>,
    /// Who wrote.
    pub sender: Party,
    /// I wrote it.
    pub from_me: bool,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// Taken back by its author: the text is gone, the place stays.
    pub deleted: bool,
    /// Nobody wrote it: what happened in the conversation, in a sentence of ours, which a window says in its own
    /// language.
    pub event: bool,
    /// Plain text.
    pub text: String,
    /// Rich text as the platform gave it, unsanitised.
    pub html: Option<String>,
    /// The message this one answers.
    pub reply_to: Option<RemoteId>,
    /// Reactions.
    pub reactions: Vec<Reaction>,
    /// Files.
    pub attachments: Vec<AttachmentInfo>,
    /// I have read it.
    pub read: bool,
    /// How far it has come, if it is mine.
    pub receipt: Receipt,
    /// Starred, saved or pinned by me.
    pub starred: bool,
    /// The key of the operation that made it, where the platform echoes one.
    pub client_key: Option<String>,
}

/// A mail.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnifiedEmail {
    /// Id in the pulled scope (for IMAP `uidvalidity:uid`).
    pub remote_id: Option<RemoteId>,
    /// Id of the mail whatever folder it is in (X-GM-MSGID, EMAILID, else a digest).
    pub stable_id: String,
    /// The platform's conversation id, where it has one (X-GM-THRID).
    pub thread_id: Option<String>,
    /// Remote names of further scopes that hold the same mail (Gmail labels). `None`: the platform
    /// does not say.
    pub also_in: Option<Vec<String>>,
    /// `Message-ID` without angle brackets.
    pub message_id: Option<String>,
    /// `In-Reply-To`, without angle brackets.
    pub in_reply_to: Vec<String>,
    /// `References`, oldest first, without angle brackets.
    pub references: Vec<String>,
    /// `From`.
    pub from: Vec<Party>,
    /// `To`.
    pub to: Vec<Party>,
    /// `Cc`.
    pub cc: Vec<Party>,
    /// `Bcc`, on what I sent.
    pub bcc: Vec<Party>,
    /// `Subject`, decoded.
    pub subject: String,
    /// `Date`, where it can be read.
    pub date: Option<Timestamp>,
    /// When the server received it (INTERNALDATE).
    pub received_at: Option<Timestamp>,
    /// Size in bytes on the wire (RFC822.SIZE).
    pub size: u64,
    /// I am in `From`.
    pub from_me: bool,
    /// Plain text of the body: the text part, else the HTML rendered as text.
    pub text: String,
    /// HTML of the body, unsanitised; left out where `raw` holds it.
    pub html: Option<String>,
    /// The body has an HTML form, in `html` or in `raw`.
    pub has_html: bool,
    /// The whole message as received, when it was fetched whole.
    pub raw: Option<Vec<u8>>,
    /// The header as received, when no more of it was fetched as it is.
    pub head: Option<Vec<u8>>,
    /// Attachments.
    pub attachments: Vec<AttachmentInfo>,
    /// Flags.
    pub flags: Flags,
    /// The rest.
    pub meta: MailMeta,
}

/// A page of notes.
#[derive(Clone, Debug, PartialEq)]
pub struct UnifiedNote {
    /// Stable id on the platform.
    pub remote_id: RemoteId,
    /// Title.
    pub title: String,
    /// Who wrote it last.
    pub author: Option<Party>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub modified_at: Timestamp,
    /// Plain text.
    pub text: String,
    /// Content as the platform gave it, unsanitised.
    pub html: Option<String>,
    /// Files and images.
    pub attachments: Vec<AttachmentInfo>,
    /// The rest.
    pub meta: NoteMeta,
}

/// The one row form: what every family becomes before it is stored.
#[derive(Clone, Debug)]
pub struct Record {
    /// Family.
    pub kind: Kind,
    /// Id in the pulled scope; `None` for what exists only here so far.
    pub remote_id: Option<RemoteId>,
    /// Id within the source, whatever scope it was seen in.
    pub stable_id: String,
    /// What the platform says the thread is; `None` lets references decide.
    pub thread_key: Option<String>,
    /// Further scopes by remote name; `None`: not said.
    pub also_in: Option<Vec<String>>,
    /// Message-ID, or the client key of a chat message.
    pub message_id: Option<String>,
    /// Message-IDs this one answers, oldest first, the direct parent last.
    pub references: Vec<String>,
    /// Author.
    pub from: Option<Party>,
    /// I wrote it.
    pub from_me: bool,
    /// Recipients; for chats the members.
    pub to: Vec<Party>,
    /// Copies.
    pub cc: Vec<Party>,
    /// Blind copies.
    pub bcc: Vec<Party>,
    /// Subject, chat title or page title.
    pub title: String,
    /// Plain text.
    pub text: String,
    /// HTML, unsanitised; left out where `raw` holds it.
    pub html: Option<String>,
    /// There is an HTML form.
    pub has_html: bool,
    /// Raw message.
    pub raw: Option<Vec<u8>>,
    /// Its header, where `raw` does not hold it.
    pub head: Option<Vec<u8>>,
    /// The time it is sorted by.
    pub at: Timestamp,
    /// Edited then.
    pub edited_at: Option<Timestamp>,
    /// Taken back by its author.
    pub retracted: bool,
    /// Nobody wrote it: its text is a sentence of ours about what happened.
    pub event: bool,
    /// Size in bytes.
    pub size: u64,
    /// Flags.
    pub flags: Flags,
    /// Attachments.
    pub attachments: Vec<AttachmentInfo>,
    /// Reactions.
    pub reactions: Vec<Reaction>,
    /// How far it has come, if it is mine.
    pub receipt: Receipt,
    /// Mail only.
    pub meta: MailMeta,
    /// Notes only. A page whose content is pending leaves the text that is known as it is.
    pub note: NoteMeta,
}

/// What can be kept in the store.
pub trait Storable: Send + 'static {
    /// The row form.
    fn into_record(self) -> Record;
}

impl Storable for UnifiedMessage {
    fn into_record(self) -> Record {
        Record {
            kind: Kind::Chat,
            stable_id: self.remote_id.0.clone(),
            size: self.text.len() as u64,
            thread_key: Some(self.conversation),
            also_in: None,
            message_id: self.client_key,
            references: self.reply_to.into_iter().map(|id| id.0).collect(),
            remote_id: Some(self.remote_id),
            from: Some(self.sender),
            from_me: self.from_me,
            to: self.members,
            cc: Vec::new(),
            bcc: Vec::new(),
            title: self.title.unwrap_or_default(),
            text: self.text,
            has_html: self.html.is_some(),
            html: self.html,
            raw: None,
            head: None,
            at: self.sent_at,
            edited_at: self.edited_at,
            retracted: self.deleted,
            event: self.event,
            flags: Flags { read: self.read || self.from_me, starred: self.starred, answered: false, draft: false },
            attachments: self.attachments,
            reactions: self.reactions,
            receipt: self.receipt,
            meta: MailMeta::default(),
            note: NoteMeta::default(),
        }
    }
}

impl Storable for UnifiedEmail {
    fn into_record(self) -> Record {
        let mut references = self.references;
        for parent in self.in_reply_to {
            if !references.contains(&parent) {
                references.push(parent);
            }
        }
        // A Date header in the future or before mail existed is a lie; the server's clock is not.
        let plausible = self.date.filter(|date| match self.received_at {
            Some(received) => *date <= received + jiff::SignedDuration::from_hours(24),
            None => true,
        });
        Record {
            kind: Kind::Mail,
            remote_id: self.remote_id,
            stable_id: self.stable_id,
            thread_key: self.thread_id,
            also_in: self.also_in,
            message_id: self.message_id,
            references,
            from: self.from.into_iter().next(),
            from_me: self.from_me,
            to: self.to,
            cc: self.cc,
            bcc: self.bcc,
            title: self.subject,
            text: self.text,
            html: self.html,
            has_html: self.has_html,
            raw: self.raw,
            head: self.head,
            at: plausible.or(self.received_at).or(self.date).unwrap_or(Timestamp::UNIX_EPOCH),
            edited_at: None,
            retracted: false,
            event: false,
            size: self.size,
            flags: self.flags,
            attachments: self.attachments,
            reactions: Vec::new(),
            receipt: Receipt::None,
            meta: self.meta,
            note: NoteMeta::default(),
        }
    }
}

impl Storable for UnifiedNote {
    fn into_record(self) -> Record {
        Record {
            kind: Kind::Note,
            stable_id: self.remote_id.0.clone(),
            thread_key: Some(self.remote_id.0.clone()),
            remote_id: Some(self.remote_id),
            also_in: None,
            message_id: None,
            references: Vec::new(),
            from: self.author,
            from_me: false,
            to: Vec::new(),
            cc: Vec::new(),
            bcc: Vec::new(),
            size: self.text.len() as u64,
            title: self.title,
            text: self.text,
            has_html: self.html.is_some(),
            html: self.html,
            raw: None,
            head: None,
            at: self.modified_at,
            edited_at: None,
            retracted: false,
            event: false,
            flags: Flags { read: true, ..Flags::default() },
            attachments: self.attachments,
            reactions: Vec::new(),
            receipt: Receipt::None,
            meta: MailMeta::default(),
            note: self.meta,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Todo;

    #[test]
    fn a_box_is_ticked_among_other_tags() {
        assert_eq!(Todo::ticked("important, to-do"), Some(false));
        assert_eq!(Todo::ticked("to-do:completed"), Some(true));
        assert_eq!(Todo::ticked("to-do-priority-1:completed,idea"), Some(true));
        assert_eq!(Todo::ticked("important"), None);
        assert_eq!(Todo::ticked("to-do-list"), None);
        assert_eq!(Todo::ticked(""), None);
        assert_eq!(Todo::tick("important, to-do", true), "important, to-do:completed");
        assert_eq!(Todo::tick("to-do:completed", false), "to-do");
        assert_eq!(Todo::tick("to-do:completed", true), "to-do:completed");
        assert_eq!(Todo::tick("idea", true), "idea");
    }
}
