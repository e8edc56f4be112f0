//! What stands: one notice per conversation, a few in a minute, the rest as one summary.

use std::collections::{BTreeSet, VecDeque};

use inlet_model::{ItemId, SourceId, ThreadId, Timestamp};
use jiff::SignedDuration;

use super::{Arrival, digest::Told};
use crate::api::types::{Digest, Notice};

/// Notices that stand at the same time; nobody reads more, and desktops keep fewer.
const MOST: usize = 50;
/// Names the one notice of a window that is locked.
const MASKED: &str = "locked";
const MINUTE: SignedDuration = SignedDuration::from_secs(60);

/// A conversation that is told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) thread: ThreadId,
    pub(crate) source: SourceId,
    /// The newest item.
    pub(crate) item: ItemId,
    pub(crate) items: u32,
    pub(crate) version: u64,
    pub(crate) silent: bool,
}

/// What came too fast to be told one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) threads: BTreeSet<ThreadId>,
    pub(crate) items: u32,
    pub(crate) version: u64,
    pub(crate) silent: bool,
}

/// Everything that is told at the moment.
#[derive(Debug, Default)]
pub(crate) struct Board {
    standing: Vec<Standing>,
    summary: Option<Summary>,
    digest: Option<Told>,
    version: u64,
    /// When something was shown, in the last minute.
    shown: VecDeque<Timestamp>,
}

impl Board {
    pub(crate) fn standing(&self) -> &[Standing] {
        &self.standing
    }

    pub(crate) fn summary(&self) -> Option<&Summary> {
        self.summary.as_ref()
    }

    pub(crate) fn digest(&self) -> Option<&Told> {
        self.digest.as_ref()
    }

    /// Puts the digest of a day up, in place of one of another day.
    pub(crate) fn put_digest(&mut self, day: jiff::civil::Date, digest: Digest) {
        self.version += 1;
        self.digest = Some(Told { day, digest, version: self.version });
    }

    /// Takes down the digest of a day that is over; true when one was.
    pub(crate) fn end_digest(&mut self, today: jiff::civil::Date) -> bool {
        let over = self.digest.as_ref().is_some_and(|told| told.day != today);
        if over {
            self.digest = None;
        }
        over
    }

    /// Every conversation that is told of.
    pub(crate) fn threads(&self) -> Vec<ThreadId> {
        let summarised = self.summary.iter().flat_map(|summary| summary.threads.iter().copied());
        self.standing.iter().map(|standing| standing.thread).chain(summarised).collect()
    }

    /// Puts a new item up; false when it came too fast to be told by itself.
    pub(crate) fn tell(&mut self, arrival: &Arrival, silent: bool, now: Timestamp, per_minute: usize) -> bool {
        self.shown.retain(|shown| now.duration_since(*shown) < MINUTE);
        let room = self.shown.len() < per_minute.max(1);
        self.version += 1;
        let version = self.version;
        if let Some(standing) = self.standing.iter_mut().find(|standing| standing.thread == arrival.thread) {
            standing.item = arrival.item;
            standing.items = standing.items.saturating_add(1);
            standing.version = version;
            standing.silent = silent || !room;
        } else if room && !self.is_summarised(arrival.thread) {
            if self.standing.len() >= MOST {
                self.standing.remove(0);
            }
            let (thread, source, item) = (arrival.thread, arrival.source, arrival.item);
            self.standing.push(Standing { thread, source, item, items: 1, version, silent });
        } else {
            match &mut self.summary {
                Some(summary) => {
                    summary.threads.insert(arrival.thread);
                    summary.items = summary.items.saturating_add(1);
                    summary.version = version;
                    // It was heard when it went up.
                    summary.silent = true;
                }
                None => {
                    let threads = BTreeSet::from([arrival.thread]);
                    self.summary = Some(Summary { threads, items: 1, version, silent });
                }
            }
            return false;
        }
        if room {
            self.shown.push_back(now);
        }
        room
    }

    fn is_summarised(&self, thread: ThreadId) -> bool {
        self.summary.as_ref().is_some_and(|summary| summary.threads.contains(&thread))
    }

    /// Takes everything down but the digest, which is told once in a day.
    pub(crate) fn hide(&mut self) {
        self.standing.clear();
        self.summary = None;
    }

    /// All of it as one notice that names nobody; nothing when there is nothing to tell.
    pub(crate) fn masked(&self) -> Option<Notice> {
        let summary = self.summary.iter().map(|summary| (summary.version, summary.silent, summary.items));
        let standing = self.standing.iter().map(|standing| (standing.version, standing.silent, standing.items));
        let all: Vec<_> = standing.chain(summary).collect();
        let (version, silent, _) = *all.iter().max_by_key(|(version, ..)| *version)?;
        Some(Notice {
            id: MASKED.into(),
            version,
            items: all.iter().fold(0, |sum: u32, (.., items)| sum.saturating_add(*items)),
            conversations: u32::try_from(self.threads().len()).unwrap_or(u32::MAX),
            silent,
            ..Notice::default()
        })
    }

    /// Takes down what is no longer worth telling; true when something was.
    pub(crate) fn keep(&mut self, still: impl Fn(ThreadId) -> bool) -> bool {
        let before = self.standing.len();
        self.standing.retain(|standing| still(standing.thread));
        let mut changed = self.standing.len() != before;
        if let Some(summary) = &mut self.summary {
            let before = summary.threads.len();
            summary.threads.retain(|thread| still(*thread));
            if summary.threads.len() != before {
                changed = true;
                self.version += 1;
                summary.version = self.version;
                summary.silent = true;
            }
            if summary.threads.is_empty() {
                self.summary = None;
            }
        }
        changed
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]
mod tests {
    use inlet_model::SourceType;

    use super::*;
    use crate::{api::types::Place, notices::decide::ToMe};

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_773_230_400 + seconds).unwrap()
    }

    fn arrival(thread: i64, item: i64) -> Arrival {
        Arrival {
            item: ItemId(item),
            source: SourceId(1),
            thread: ThreadId(thread),
            source_type: SourceType::Slack,
            at: at(0),
            fresh: true,
            connected_at: at(0),
            read: false,
            place: Place::Inbox,
            muted: false,
            notify: true,
            to_me: ToMe::Direct,
            by_rule: None,
        }
    }

    #[test]
    fn a_conversation_has_one_notice_that_grows() {
        let mut board = Board::default();
        assert!(board.tell(&arrival(1, 1), false, at(0), 6));
        let first = board.standing()[0].version;
        assert!(board.tell(&arrival(1, 2), false, at(1), 6));
        let [standing] = board.standing() else { panic!("one") };
        assert_eq!((standing.items, standing.item), (2, ItemId(2)));
        assert!(standing.version > first);
    }

    #[test]
    fn what_comes_too_fast_becomes_one_summary() {
        let mut board = Board::default();
        for n in 1..=3 {
            assert!(board.tell(&arrival(n, n), false, at(n), 3));
        }
        assert!(!board.tell(&arrival(4, 4), false, at(4), 3));
        assert!(!board.summary().unwrap().silent, "the first of a summary is heard");
        assert!(!board.tell(&arrival(5, 5), false, at(5), 3));
        let summary = board.summary().unwrap().clone();
        assert_eq!((summary.threads.len(), summary.items, summary.silent), (2, 2, true));
        // A conversation that stands already goes on in its own notice, quietly.
        assert!(!board.tell(&arrival(1, 6), false, at(6), 3));
        assert!(board.standing()[0].silent);
        // After the minute there is room again, but not twice for one conversation.
        assert!(board.tell(&arrival(6, 7), false, at(64), 3));
        assert!(!board.tell(&arrival(4, 8), false, at(64), 3));
        assert_eq!(board.standing().len(), 4);
    }

    #[test]
    fn what_was_read_is_taken_down_and_comes_back_as_something_new() {
        let mut board = Board::default();
        board.tell(&arrival(1, 1), false, at(0), 1);
        board.tell(&arrival(2, 2), false, at(0), 1);
        board.tell(&arrival(3, 3), false, at(0), 1);
        let (first, summary) = (board.standing()[0].version, board.summary().unwrap().version);
        assert!(!board.keep(|_| true));
        assert!(board.keep(|thread| thread != ThreadId(2)));
        assert!(board.summary().unwrap().version > summary);
        assert!(board.keep(|_| false));
        assert!(board.threads().is_empty());
        board.tell(&arrival(1, 4), false, at(61), 1);
        assert!(board.standing()[0].version > first, "a window that missed the withdrawal shows it anew");
    }

    #[test]
    fn a_locked_window_is_told_how_much_and_not_of_whom() {
        let mut board = Board::default();
        assert_eq!(board.masked(), None);
        board.tell(&arrival(1, 1), false, at(0), 2);
        board.tell(&arrival(1, 2), false, at(1), 2);
        board.tell(&arrival(2, 3), true, at(2), 2);
        let masked = board.masked().unwrap();
        assert_eq!((masked.items, masked.conversations, masked.silent), (3, 2, true));
        assert_eq!((masked.thread, masked.source, masked.from, masked.id.as_str()), (None, None, None, "locked"));
        board.tell(&arrival(3, 4), false, at(90), 2);
        assert!(board.masked().unwrap().version > masked.version && !board.masked().unwrap().silent);
        board.hide();
        assert_eq!(board.masked(), None);
    }

    #[test]
    fn a_flood_leaves_the_newest() {
        let mut board = Board::default();
        for n in 0..200 {
            board.tell(&arrival(n, n), true, at(n * 61), 1);
        }
        assert_eq!(board.standing().len(), MOST);
        assert_eq!(board.standing().last().unwrap().thread, ThreadId(199));
    }
}
