//! What the person wants done, and the operations the three families accept.
//!
//! An [`Intent`] is unified; [`crate::Source::plan`] turns it into the source's own operation.
//! What is sent is planned once, when it is queued, so that its bytes never change again; a change
//! of flags or place is planned at each attempt, when the newest remote ids are known. An answer to an
//! invitation tells somebody something as well: it is planned at its first attempt, and not again.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Timestamp,
    item::{Party, RemoteId},
    prepared::{Choices, TemplateUse},
    source::ScopeRole,
};

/// The key of an operation, minted when it is queued: the Message-ID for mail (without angle
/// brackets), a client id elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OpKey(pub String);

/// One item as the platform knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Remote name of the scope.
    pub scope: String,
    /// Id in that scope.
    pub remote_id: RemoteId,
    /// Message-ID, to recognise the mail if the id has changed.
    pub message_id: Option<String>,
    /// Of a draft: [`Applied::version`] of when it was saved. Where the platform has another one, another
    /// program has written into it since.
    #[serde(default)]
    pub version: Option<String>,
}

/// What the person wants done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Intent {
    /// Send a mail or a chat message, or write a note.
    Send(Box<Outgoing>),
    /// Change flags; `None` leaves one as it is.
    SetFlags {
        /// On these.
        targets: Vec<Target>,
        /// Read or unread.
        read: Option<bool>,
        /// Starred or not.
        starred: Option<bool>,
        /// Answered or not.
        answered: Option<bool>,
    },
    /// Take items out of the scope they are in and put them into another one. For a platform of
    /// labels (Gmail) archiving is taking the inbox label off.
    Move {
        /// These.
        targets: Vec<Target>,
        /// Remote name of the destination.
        to: String,
        /// Its role.
        role: ScopeRole,
    },
    /// Put a label on, or take one off, on a platform of labels.
    Label {
        /// These.
        targets: Vec<Target>,
        /// Remote name of the label.
        label: String,
        /// Its role.
        role: ScopeRole,
        /// On or off.
        on: bool,
    },
    /// Remove for good.
    Expunge {
        /// These.
        targets: Vec<Target>,
    },
    /// Tick a to-do of a page, or take the tick away.
    Tick {
        /// The page.
        target: Target,
        /// [`crate::Todo::id`], which may have changed since.
        todo: String,
        /// What it says, to recognise it then.
        text: String,
        /// Ticked or not.
        done: bool,
    },
    /// Give a reaction, or take it back.
    React {
        /// Remote id of the chat.
        conversation: String,
        /// The message.
        target: Target,
        /// The emoji.
        emoji: String,
        /// Given or taken back.
        on: bool,
    },
    /// Answer an invitation to a meeting.
    Rsvp {
        /// The mail that invites.
        target: Target,
        /// The answer.
        answer: Rsvp,
        /// The same as a mail to the organizer (RFC 6047), for a platform without a calendar of its own.
        message: Box<Outgoing>,
    },
    /// Keep what is being written among the platform's drafts, where other programs find it.
    SaveDraft(Box<Draft>),
    /// Take drafts away: what was in them is sent, or thrown away.
    DropDraft {
        /// These. A scope without a name is the platform's place for drafts, and what has no remote id
        /// is known by its Message-ID.
        targets: Vec<Target>,
    },
}

/// An answer to an invitation (RFC 5545 §3.2.12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Rsvp {
    /// I come.
    Accept,
    /// I may come.
    Tentative,
    /// I do not come.
    Decline,
}

/// A version of a message being written. The key of the operation names it: its Message-ID where the
/// platform makes a new mail of each version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// What is written so far; it may have no recipients yet.
    pub message: Outgoing,
    /// The version before it, as [`Intent::DropDraft`] names one. A platform whose drafts change in
    /// place changes it; any other one makes the new version first and takes this one away then. What
    /// another program has put in its place is left alone.
    pub replaces: Option<Target>,
}

/// A message about to be sent, on any channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// Sender; `None` lets the source say who it is.
    pub from: Option<Party>,
    /// Recipients.
    pub to: Vec<Party>,
    /// Copies.
    pub cc: Vec<Party>,
    /// Blind copies: in the envelope, never in a header.
    pub bcc: Vec<Party>,
    /// Subject, or page title.
    pub subject: String,
    /// The text I wrote.
    pub text: String,
    /// The same as HTML, when it was written so.
    pub html: Option<String>,
    /// What it answers.
    pub reply_to: Option<ReplyTo>,
    /// Remote id of the chat, channel or page it goes to; mail has none.
    pub conversation: Option<String>,
    /// Remote id of the section a new page of notes goes into; with it there is no conversation yet.
    #[serde(default)]
    pub section: Option<String>,
    /// Files.
    pub attachments: Vec<OutgoingAttachment>,
    /// An answer to an invitation, as iCalendar with the method `REPLY` (RFC 5546 §3.2.3).
    #[serde(default)]
    pub calendar: Option<String>,
    /// The approved message it is, where the platform takes no other; `text` is what it says.
    #[serde(default)]
    pub template: Option<TemplateUse>,
    /// Answers it offers.
    #[serde(default)]
    pub choices: Option<Choices>,
    /// Where it leads, for a channel that only sends.
    #[serde(default)]
    pub link: Option<String>,
    /// No person wrote it: a rule did.
    #[serde(default)]
    pub automatic: Option<Automatic>,
    /// Whoever it goes to is asked to report on it, and so are the servers on the way.
    #[serde(default)]
    pub receipt: bool,
    /// It tells who wrote a mail that the mail was read.
    #[serde(default)]
    pub displayed: Option<Displayed>,
    /// The time on it.
    pub date: Timestamp,
}

/// What a message that no person wrote says of itself, so that it starts no loop (RFC 3834 §5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Automatic {
    /// It answers a message; else it passes one on.
    pub reply: bool,
    /// Marks of who has passed it on, mine the last: [`crate::item::PASSED`].
    pub passed: Vec<String>,
}

/// The mail that was read, of a message that says so (RFC 8098).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Displayed {
    /// Its Message-ID, without angle brackets.
    pub message_id: Option<String>,
    /// Where it lies, for a platform that keeps that this was told.
    pub target: Option<Target>,
}

/// The message an answer belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyTo {
    /// The platform's id of it.
    pub remote_id: Option<RemoteId>,
    /// Its Message-ID, without angle brackets.
    pub message_id: Option<String>,
    /// Its References, oldest first.
    pub references: Vec<String>,
    /// Who wrote it, for the line above the quote.
    pub author: Option<Party>,
    /// When.
    pub at: Option<Timestamp>,
    /// Its text, to be quoted; `None` quotes nothing.
    pub quote_text: Option<String>,
    /// Its sanitised HTML, to be quoted in an HTML answer.
    pub quote_html: Option<String>,
}

/// A file to send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutgoingAttachment {
    /// File name.
    pub name: String,
    /// Media type.
    pub mime: String,
    /// Bytes; base64 where it is written down.
    #[serde(with = "base64_bytes")]
    pub data: Vec<u8>,
    /// Content-ID, for an image inside the HTML.
    pub content_id: Option<String>,
}

/// A mail as it will be handed to the submission server: frozen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// Envelope sender.
    pub from: String,
    /// Envelope recipients.
    pub to: Vec<String>,
    /// The message (RFC 5322), CRLF line ends, without Bcc.
    #[serde(with = "base64_bytes")]
    pub raw: Vec<u8>,
    /// The mail it answers, for a platform that files answers with what they answer.
    #[serde(default)]
    pub answers: Option<RemoteId>,
    /// The draft that the first step made on the platform ([`crate::Source::prepare`]).
    #[serde(default)]
    pub draft: Option<RemoteId>,
    /// The name servers report on it by, where they are asked to (RFC 3461 §4.4).
    #[serde(default)]
    pub notify: Option<String>,
    /// It tells that a mail was read: where that one lies.
    #[serde(default)]
    pub tells: Option<Tells>,
}

/// What a submission tells of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tells {
    /// The mail that was read, where the platform has it.
    pub of: Option<Target>,
}

/// What a mail source can be asked to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum MailOp {
    /// Submit, and see to the copy in Sent as the provider wants it.
    Submit(Submission),
    /// Change flags.
    SetFlags {
        /// On these.
        targets: Vec<Target>,
        /// Read or unread.
        read: Option<bool>,
        /// Starred or not.
        starred: Option<bool>,
        /// Answered or not.
        answered: Option<bool>,
    },
    /// Move.
    Move {
        /// These.
        targets: Vec<Target>,
        /// Remote name of the destination.
        to: String,
        /// Its role.
        role: ScopeRole,
    },
    /// Put a label on, or take one off.
    Label {
        /// These.
        targets: Vec<Target>,
        /// Remote name of the label.
        label: String,
        /// Its role.
        role: ScopeRole,
        /// On or off.
        on: bool,
    },
    /// Remove for good.
    Expunge {
        /// These.
        targets: Vec<Target>,
    },
    /// Answer an invitation, on a platform that keeps the appointment itself.
    Rsvp {
        /// The mail that invites.
        target: Target,
        /// The answer.
        answer: Rsvp,
    },
    /// Keep a draft, and take away the version before it.
    SaveDraft(Box<Draft>),
    /// Take drafts away.
    DropDraft {
        /// These.
        targets: Vec<Target>,
    },
}

/// What a chat source can be asked to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum MessageOp {
    /// Send.
    Send {
        /// Remote id of the chat.
        conversation: String,
        /// Plain text.
        text: String,
        /// The message it answers.
        reply_to: Option<RemoteId>,
        /// Files.
        attachments: Vec<OutgoingAttachment>,
        /// When the newest message there was written before this one was sent, by the platform's clock, or when
        /// this one was written: a platform without keys is searched from there.
        #[serde(default)]
        since: Option<Timestamp>,
        /// The platform's ids of the files, where they are put there before the message
        /// ([`crate::Source::prepare`]).
        #[serde(default)]
        uploaded: Vec<String>,
        /// The approved message it is, instead of the text.
        #[serde(default)]
        template: Option<TemplateUse>,
        /// Answers it offers.
        #[serde(default)]
        choices: Option<Choices>,
        /// What a channel that only sends tells beside the text.
        #[serde(default)]
        told: Option<Box<Told>>,
    },
    /// Tell the platform what was read.
    MarkRead {
        /// These.
        targets: Vec<Target>,
        /// Read or unread.
        read: bool,
    },
    /// Give a reaction, or take it back; doing it twice does no harm.
    React {
        /// Remote id of the chat.
        conversation: String,
        /// The message.
        target: Target,
        /// The emoji.
        emoji: String,
        /// Given or taken back.
        on: bool,
    },
}

impl MessageOp {
    /// A message for a chat, as it was written: nothing of it has been done yet.
    pub fn send(conversation: String, outgoing: &Outgoing) -> Self {
        Self::Send {
            conversation,
            text: outgoing.text.clone(),
            reply_to: outgoing.reply_to.as_ref().and_then(|reply| reply.remote_id.clone()),
            attachments: outgoing.attachments.clone(),
            since: None,
            uploaded: Vec::new(),
            template: outgoing.template.clone(),
            choices: outgoing.choices.clone(),
            told: None,
        }
    }

    /// Something to be told through a channel that only sends.
    pub fn tell(outgoing: &Outgoing) -> Self {
        let mut op = Self::send(String::new(), outgoing);
        if let Self::Send { told, .. } = &mut op {
            let (title, link) = (outgoing.subject.clone(), outgoing.link.clone());
            let passed = outgoing.automatic.as_ref().map(|automatic| automatic.passed.clone()).unwrap_or_default();
            *told = Some(Box::new(Told { title, link, at: outgoing.date, passed }));
        }
        op
    }

    /// What becomes of a wish that is not to send: what was read is told, and so are reactions. Stars, archiving
    /// and deleting of
    /// chats stay on this computer.
    pub fn besides(intent: &Intent) -> Option<Self> {
        match intent {
            Intent::SetFlags { targets, read: Some(read), .. } => {
                Some(Self::MarkRead { targets: targets.clone(), read: *read })
            }
            Intent::React { conversation, target, emoji, on } => Some(Self::React {
                conversation: conversation.clone(),
                target: target.clone(),
                emoji: emoji.clone(),
                on: *on,
            }),
            Intent::Send(_)
            | Intent::SetFlags { .. }
            | Intent::Move { .. }
            | Intent::Label { .. }
            | Intent::Expunge { .. }
            | Intent::SaveDraft(_)
            | Intent::DropDraft { .. }
            | Intent::Tick { .. }
            | Intent::Rsvp { .. } => None,
        }
    }
}

/// What is told through a channel that only sends, beside its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What it is about.
    pub title: String,
    /// Where it leads.
    pub link: Option<String>,
    /// When it was to be told.
    pub at: Timestamp,
    /// Marks of who has passed it on, mine the last: [`crate::item::PASSED`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed: Vec<String>,
}

impl Told {
    /// The last line of whatever a channel was told: where it comes from. What comes back in through another
    /// account is known by it, and not told again.
    pub const SIGNATURE: &str = "via Inlet";
}

/// What a note source can be asked to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum NoteOp {
    /// Append to a page.
    Append {
        /// Remote id of the page.
        page: String,
        /// Plain text.
        text: String,
    },
    /// Make a page.
    Create {
        /// Remote id of the section.
        section: String,
        /// Title.
        title: String,
        /// Plain text.
        text: String,
        /// The time on it.
        #[serde(default)]
        at: Option<Timestamp>,
    },
    /// Tick a to-do, or take the tick away.
    Tick {
        /// Remote id of the page.
        page: String,
        /// The platform's name of it when it was ticked.
        todo: String,
        /// What it says.
        text: String,
        /// Ticked or not.
        done: bool,
    },
}

/// An operation took effect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// The platform's id of what was made.
    pub remote_id: Option<RemoteId>,
    /// A line for the delivery log: what the server said.
    pub detail: Option<String>,
    /// Of a draft that keeps its name when another program changes it: what it says now, in a form that
    /// the connector alone reads.
    #[serde(default)]
    pub version: Option<String>,
}

mod base64_bytes {
    //! Bytes as base64 text, so that an operation stays readable JSON.
    use base64::{Engine, engine::general_purpose::STANDARD};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        STANDARD.decode(text.as_bytes()).map_err(D::Error::custom)
    }
}
