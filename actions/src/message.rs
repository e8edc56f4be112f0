//! A message as it is given to be read, and whom it is given for.

use inlet_model::{ItemId, Kind, Party, Reaction, Record, Timestamp};
use jiff::tz::Offset;

use crate::fold;

/// A message, of any source.
#[derive(Clone, Debug)]
pub struct Message {
    /// The item.
    pub id: ItemId,
    /// Mail, chat or note.
    pub kind: Kind,
    /// When it was sent.
    pub at: Timestamp,
    /// The sender's clock.
    pub offset: Offset,
    /// Who wrote.
    pub from: Party,
    /// I wrote it.
    pub from_me: bool,
    /// Recipients; for chats the members.
    pub to: Vec<Party>,
    /// Copies.
    pub cc: Vec<Party>,
    /// Plain text.
    pub text: String,
    /// It went to a list (List-Id, List-Unsubscribe).
    pub bulk: bool,
    /// A machine wrote it (Auto-Submitted, Precedence).
    pub automatic: bool,
    /// It carries files that are not part of its text.
    pub files: bool,
    /// Taken back by its author.
    pub retracted: bool,
    /// Reactions.
    pub reactions: Vec<Reaction>,
}

impl Message {
    /// The message a record holds. `offset` is the sender's, from the `Date` header; for chats the reader's own.
    #[must_use]
    pub fn new(id: ItemId, record: &Record, offset: Offset) -> Self {
        Self {
            id,
            kind: record.kind,
            at: record.at,
            offset,
            from: record.from.clone().unwrap_or_default(),
            from_me: record.from_me,
            to: record.to.clone(),
            cc: record.cc.clone(),
            text: record.text.clone(),
            bulk: record.meta.list_id.is_some() || record.meta.list_unsubscribe.is_some(),
            automatic: record.meta.automatic,
            files: record.attachments.iter().any(|file| !file.inline),
            retracted: record.retracted,
            reactions: record.reactions.clone(),
        }
    }
}

/// Whom it is all for.
#[derive(Clone, Debug, Default)]
pub struct Me {
    /// Addresses and platform ids of mine.
    pub handles: Vec<String>,
    /// What I am called: first names, nicknames.
    pub names: Vec<String>,
}

impl Me {
    /// One of my handles.
    #[must_use]
    pub fn is(&self, party: &Party) -> bool {
        self.handles.iter().any(|handle| handle.eq_ignore_ascii_case(&party.handle))
    }

    /// A folded word is my name.
    pub(crate) fn is_called(&self, word: &str) -> bool {
        self.names.iter().any(|name| fold::fold(name).text == word)
    }
}

/// The folded words somebody is called by: those of the name, or of the handle before the "@".
pub(crate) fn called(party: &Party) -> Vec<String> {
    let local = party.handle.split('@').next().unwrap_or_default();
    let folded = fold::fold(party.name.as_deref().unwrap_or(local)).text;
    fold::words(&folded).filter(|word| word.chars().count() > 1).map(str::to_owned).collect()
}

/// Addresses that machines send from and nobody reads.
pub(crate) fn nobody_reads(party: &Party) -> bool {
    const NOBODY: [&str; 12] = [
        "noreply",
        "donotreply",
        "naoresponda",
        "nepasrepondre",
        "nichtantworten",
        "norespon",
        "nonrispondere",
        "nietbeantwoorden",
        "mailerdaemon",
        "notification",
        "newsletter",
        "bounce",
    ];
    let local = party.handle.split('@').next().unwrap_or_default();
    let bare: String = fold::fold(local).text.chars().filter(char::is_ascii_alphanumeric).collect();
    party.handle.contains('@') && NOBODY.iter().any(|word| bare.contains(word))
}
