//! A message as it is given to be read, and whom it is given for.

use inlet_model::{ItemId, Kind, Party, Reaction, Timestamp};
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
}

/// Among these reactions is a yes of mine.
#[must_use]
pub fn approves(reactions: &[Reaction], me: &Me) -> bool {
    reactions.iter().any(|reaction| {
        let yes = reaction.emoji.starts_with(['👍', '✅', '👌', '🆗']);
        yes && (reaction.mine || reaction.by.iter().any(|party| me.is(party)))
    })
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
        self.has(&party.handle)
    }

    /// The same, of a handle alone.
    #[must_use]
    pub fn has(&self, handle: &str) -> bool {
        self.handles.iter().any(|own| own.eq_ignore_ascii_case(handle))
    }

    /// Handles that stand behind an "@" as they are, folded: logins and numbers, and no addresses.
    pub(crate) fn logins(&self) -> Vec<String> {
        let plain = self.handles.iter().map(|handle| fold::fold_text(handle.trim_start_matches('+')));
        plain.filter(|handle| handle.chars().count() > 1 && !handle.contains('@')).collect()
    }

    /// What I am called, folded.
    pub(crate) fn called(&self) -> Vec<String> {
        self.names.iter().map(|name| fold::fold_text(name)).collect()
    }
}

/// The folded words somebody is called by: those of the name, or of the handle before the "@".
pub(crate) fn called(party: &Party) -> Vec<String> {
    let local = party.handle.split('@').next().unwrap_or_default();
    let folded = fold::fold_text(party.name.as_deref().unwrap_or(local));
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
    let bare: String = fold::fold_text(local).chars().filter(char::is_ascii_alphanumeric).collect();
    party.handle.contains('@') && NOBODY.iter().any(|word| bare.contains(word))
}
