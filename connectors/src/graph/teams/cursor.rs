//! Where a pull of a chat ended.
//!
//! Everything stands on one axis, the time a message was changed last: what lies between `from` and
//! `seen` has been read. News is above it, the past below; both are asked for by the bound itself, so
//! that no link of Graph's, which would grow old, is part of it. A channel has no such filter, and keeps
//! a link for its past.
//!
//! That somebody has read is told as a time. To say which messages that concerns, those that came
//! unread are remembered, each by its id and its time.

use inlet_model::{Cursor, FlagChange, Flags, RemoteId, Result, Timestamp, UnifiedMessage};
use serde::{Deserialize, Serialize};

/// More unread messages of one place than anybody reads one by one: the oldest are not remembered.
const MOST_UNREAD: usize = 1000;

/// The position in one chat or channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct At {
    /// Form of this.
    v: u8,
    /// What changed until then has been read; nothing has, where it is missing.
    pub(super) seen: Option<Timestamp>,
    /// News that did not fit one page: up to where it reaches, and below where the next page lies.
    pub(super) news: Option<(Timestamp, Timestamp)>,
    /// What changed since then has been read.
    pub(super) from: Option<Timestamp>,
    /// Where the news of a channel goes on.
    pub(super) next: Option<String>,
    /// Where the past of a channel goes on.
    pub(super) past: Option<String>,
    /// There is no past left.
    pub(super) complete: bool,
    /// What was written until then had been read by me.
    pub(super) read: Option<Timestamp>,
    /// Messages that are unread here, with the time each was written at.
    unread: Vec<(String, Timestamp)>,
    /// Stamp of the last message at the last look.
    pub(super) stamp: String,
    /// Messages yielded.
    pub(super) done: u64,
}

impl At {
    /// A position as it was kept; `None` is the beginning.
    ///
    /// # Errors
    /// [`SourceError::CursorExpired`] for what is none.
    pub(super) fn parse(cursor: Option<&Cursor>) -> Result<Self> {
        let Some(cursor) = cursor else { return Ok(Self { v: 1, ..Self::default() }) };
        cursor.read_if(|at: &Self| at.v == 1)
    }

    /// Remembers which of these are unread.
    pub(super) fn note(&mut self, messages: &[UnifiedMessage]) {
        for message in messages {
            let id = &message.remote_id.0;
            self.unread.retain(|(known, _)| known != id);
            if !message.read {
                self.unread.push((id.clone(), message.sent_at));
            }
        }
        if let Some(many) = self.unread.len().checked_sub(MOST_UNREAD) {
            self.unread.sort_by_key(|(_, at)| *at);
            self.unread.drain(..many);
        }
    }

    /// Takes in until when I have read. Those that became read by it, or `None` when it lies before
    /// what it was, so that nobody here can say which became unread.
    pub(super) fn read_until(&mut self, read: Option<Timestamp>) -> Option<Vec<FlagChange>> {
        let before = std::mem::replace(&mut self.read, read);
        match (before, read) {
            (before, now) if before == now => Some(Vec::new()),
            (_, None) => Some(Vec::new()),
            (Some(before), Some(now)) if before < now => {
                let (done, unread) = std::mem::take(&mut self.unread).into_iter().partition(|(_, at)| *at <= now);
                self.unread = unread;
                let done: Vec<(String, Timestamp)> = done;
                let seen = |(id, _)| FlagChange {
                    remote_id: RemoteId(id),
                    flags: Flags { read: true, ..Flags::default() },
                    also_in: None,
                };
                Some(done.into_iter().map(seen).collect())
            }
            _ => None,
        }
    }
}
