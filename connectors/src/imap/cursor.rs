//! Where the sync of one mailbox stands: what the engine keeps between two pulls.
//!
//! UIDs not fetched yet are kept as gaps, newest first. The first sync begins with one gap that is
//! the whole mailbox; new mail opens another above it; every page eats from the top of the newest.
//! So backfill and new mail are the same work in the same order, and any page can be the last one
//! before a crash.

use inlet_model::{Cursor, Result, SourceError, Timestamp};
use serde::{Deserialize, Serialize};

/// Raised when the meaning of the fields changes; older cursors then expire.
const VERSION: u32 = 1;

/// The position in one mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Position {
    v: u32,
    /// UIDVALIDITY the UIDs belong to.
    pub(super) uidvalidity: u32,
    /// Every UID below this one was seen or lies in a gap.
    pub(super) next: u32,
    /// Ranges not fetched yet (both ends included), newest first.
    pub(super) gaps: Vec<(u32, u32)>,
    /// Changes up to this modification sequence were reported (RFC 7162).
    pub(super) modseq: Option<u64>,
    /// Messages of the mailbox that were fetched.
    pub(super) known: u32,
    /// The mailbox was never complete since the sync began from nothing.
    pub(super) fresh: bool,
    /// Everything received after this was fetched; `None` before the first page.
    #[serde(default)]
    pub(super) since: Option<Timestamp>,
    /// One digest of UIDs and flags per window, for mailboxes without modification sequences.
    #[serde(default)]
    pub(super) digests: Vec<u64>,
    /// The older window to look at next.
    #[serde(default)]
    pub(super) sweep: u32,
}

impl Position {
    /// The beginning of a sync from nothing.
    pub(super) fn start(uidvalidity: u32) -> Self {
        Self {
            v: VERSION,
            uidvalidity,
            next: 1,
            gaps: Vec::new(),
            modseq: None,
            known: 0,
            fresh: true,
            since: None,
            digests: Vec::new(),
            sweep: 0,
        }
    }

    /// Reads what an earlier pull handed out.
    ///
    /// # Errors
    /// [`SourceError::CursorExpired`] for anything else.
    pub(super) fn read(cursor: &Cursor) -> Result<Self> {
        cursor.read().ok().filter(|position: &Self| position.v == VERSION).ok_or(SourceError::CursorExpired)
    }

    /// As the engine keeps it.
    pub(super) fn to_cursor(&self) -> Cursor {
        Cursor::of(self)
    }

    /// The mailbox now ends below `uidnext`: what is new becomes a gap.
    pub(super) fn extend(&mut self, uidnext: u32) {
        if uidnext <= self.next {
            return;
        }
        let (from, to) = (self.next, uidnext - 1);
        match self.gaps.first_mut().filter(|(_, high)| high.saturating_add(1) == from) {
            Some((_, high)) => *high = to,
            None => self.gaps.insert(0, (from, to)),
        }
        self.next = uidnext;
    }

    /// Of the newest gap, only what lies below `uid` is left.
    pub(super) fn fetched_down_to(&mut self, uid: u32) {
        if let Some((low, high)) = self.gaps.first_mut() {
            if uid <= *low {
                self.gaps.remove(0);
            } else {
                *high = uid - 1;
            }
        }
    }

    /// The newest gap holds nothing.
    pub(super) fn close_gap(&mut self) {
        if !self.gaps.is_empty() {
            self.gaps.remove(0);
        }
    }

    /// The engine has been given this message.
    pub(super) fn holds(&self, uid: u32) -> bool {
        uid < self.next && !self.gaps.iter().any(|(low, high)| (*low..=*high).contains(&uid))
    }

    /// Nothing is left to fetch.
    pub(super) fn complete(&self) -> bool {
        self.gaps.is_empty()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_mailbox_is_one_gap_that_shrinks_from_the_top() {
        let mut position = Position::start(7);
        position.extend(101);
        assert_eq!(position.gaps, [(1, 100)]);
        assert!(!position.holds(100));
        position.fetched_down_to(51);
        assert_eq!(position.gaps, [(1, 50)]);
        assert!(position.holds(51) && position.holds(100) && !position.holds(50) && !position.holds(101));
        position.fetched_down_to(1);
        assert!(position.complete());
    }

    #[test]
    fn new_mail_is_fetched_before_the_backfill_goes_on() {
        let mut position = Position::start(7);
        position.extend(101);
        position.fetched_down_to(51);
        position.extend(105);
        assert_eq!(position.gaps, [(101, 104), (1, 50)]);
        position.fetched_down_to(101);
        assert_eq!(position.gaps, [(1, 50)]);
        position.close_gap();
        position.close_gap();
        assert!(position.complete());
    }

    #[test]
    fn mail_on_top_of_an_untouched_gap_joins_it() {
        let mut position = Position::start(7);
        position.extend(101);
        position.extend(105);
        position.extend(105);
        position.extend(3);
        assert_eq!(position.gaps, [(1, 104)]);
        let mut whole = Position::start(7);
        whole.extend(u32::MAX);
        assert_eq!(whole.gaps, [(1, u32::MAX - 1)]);
    }

    #[test]
    fn only_cursors_of_this_version_are_read() {
        let mut position = Position::start(9);
        position.extend(10);
        assert_eq!(Position::read(&position.to_cursor()).unwrap(), position);
        for other in ["null", "{}", "{\"v\":0}", "[1]", "\"x\""] {
            let cursor = Cursor(serde_json::from_str(other).unwrap());
            assert_eq!(Position::read(&cursor), Err(SourceError::CursorExpired), "{other}");
        }
        position.v += 1;
        assert_eq!(Position::read(&position.to_cursor()), Err(SourceError::CursorExpired));
    }
}
