//! Where a pull of a conversation ended.
//!
//! Slack has no feed of changes. So the newest page is asked for each time, and of each message on it a
//! digest is kept: one that differs was edited or reacted to, one that is missing was taken away, and an
//! answer count that grew says that its thread has news. Below that page lies the past, which is asked
//! for by its time, so that no cursor of Slack's, which would grow old, is part of it.
//!
//! That I have read is told as a time. To say which messages that concerns, those that came unread are
//! remembered by their ids, which end in their times.

use std::collections::BTreeMap;

use inlet_model::{Cursor, FlagChange, Flags, RemoteId, Result, UnifiedMessage};
use serde::{Deserialize, Serialize};

use super::address::ts;

/// More unread messages of one place than anybody reads one by one: the oldest are not remembered.
const MOST_UNREAD: usize = 1000;

/// A message of the newest page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Held {
    /// Its item.
    pub(super) id: String,
    /// Tells whether anything of it is another.
    pub(super) digest: String,
    /// The last answer in its thread that has been read from it.
    pub(super) replied: Option<String>,
    /// I wrote it, or nobody did.
    pub(super) quiet: bool,
}

/// The position in one conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct At {
    /// Form of this.
    v: u8,
    /// Messages of the newest page by their times.
    pub(super) held: BTreeMap<String, Held>,
    /// The newest message that has been read; nothing has, where it is missing.
    pub(super) seen: Option<String>,
    /// News that did not fit one page: above the one and below the other.
    pub(super) gap: Option<(String, String)>,
    /// What was written since then has been read.
    pub(super) from: Option<String>,
    /// There is no past left.
    pub(super) complete: bool,
    /// What was written until then had been read by me.
    pub(super) read: Option<String>,
    /// Messages that are unread here.
    unread: Vec<String>,
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
    pub(super) fn note<'a>(&mut self, messages: impl Iterator<Item = &'a UnifiedMessage>) {
        for message in messages {
            let id = &message.remote_id.0;
            self.unread.retain(|known| known != id);
            if !message.read {
                self.unread.push(id.clone());
            }
        }
        if let Some(many) = self.unread.len().checked_sub(MOST_UNREAD) {
            self.unread.sort_by(|one, other| ts(one).cmp(ts(other)));
            self.unread.drain(..many);
        }
    }

    /// Takes in until when I have read, and says whose flags that changes.
    pub(super) fn read_until(&mut self, read: Option<String>) -> Vec<FlagChange> {
        let Some(now) = read else { return Vec::new() };
        let before = self.read.replace(now.clone());
        let flag = |id: &str, read| FlagChange {
            remote_id: RemoteId(id.to_owned()),
            flags: Flags { read, ..Flags::default() },
            also_in: None,
        };
        match before {
            Some(before) if before > now => {
                // Set back: what is on the newest page and lies behind it is unread again.
                let again = self.held.iter().filter(|(ts, held)| **ts > now && **ts <= before && !held.quiet);
                let again: Vec<String> = again.map(|(_, held)| held.id.clone()).collect();
                let changes = again.iter().map(|id| flag(id, false)).collect();
                self.unread.retain(|id| !again.contains(id));
                self.unread.extend(again);
                changes
            }
            _ => {
                let (done, unread) =
                    std::mem::take(&mut self.unread).into_iter().partition(|id| ts(id) <= now.as_str());
                self.unread = unread;
                let done: Vec<String> = done;
                done.iter().map(|id| flag(id, true)).collect()
            }
        }
    }
}
