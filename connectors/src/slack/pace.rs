//! How fast may be asked.
//!
//! Slack counts requests per method, in tiers of so many a minute, and answers the one too many with
//! 429 (<https://docs.slack.dev/apis/web-api/rate-limits>). A workspace of two hundred conversations is
//! listed by one request and read by hundreds, so whoever asks as fast as it can is refused in every
//! round and never gets further than the first of them. So requests wait for their turn here: a
//! minute's worth may be made at once, further ones come evenly. A method that was refused is not asked
//! again before the time Slack named is over; the others go on.

use std::{collections::HashMap, time::Duration};

use inlet_model::{Result, SourceError};
use parking_lot::Mutex;
use tokio::time::Instant;

/// One method of the Web API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Method {
    pub(super) name: &'static str,
    /// Requests a minute.
    per_minute: u32,
}

const fn tier(name: &'static str, per_minute: u32) -> Method {
    Method { name, per_minute }
}

/// Who a token belongs to. Hundreds a minute.
pub(super) const AUTH_TEST: Method = tier("auth.test", 100);
/// Conversations somebody is in: tier 3.
pub(super) const USERS_CONVERSATIONS: Method = tier("users.conversations", 50);
/// One conversation: tier 3.
pub(super) const CONVERSATIONS_INFO: Method = tier("conversations.info", 50);
/// Who is in a conversation: tier 4.
pub(super) const CONVERSATIONS_MEMBERS: Method = tier("conversations.members", 100);
/// Messages of a conversation: tier 3, for an app that a workspace made for itself.
pub(super) const CONVERSATIONS_HISTORY: Method = tier("conversations.history", 50);
/// A thread: tier 3, as the history.
pub(super) const CONVERSATIONS_REPLIES: Method = tier("conversations.replies", 50);
/// What was read: tier 3.
pub(super) const CONVERSATIONS_MARK: Method = tier("conversations.mark", 50);
/// Everybody in a workspace: tier 2.
pub(super) const USERS_LIST: Method = tier("users.list", 20);
/// One person: tier 4.
pub(super) const USERS_INFO: Method = tier("users.info", 100);
/// A message: one a second.
pub(super) const CHAT_POST: Method = tier("chat.postMessage", 60);
/// A file: tier 4.
pub(super) const FILES_INFO: Method = tier("files.info", 100);
/// Where a file may be put: tier 4.
pub(super) const FILES_UPLOAD_URL: Method = tier("files.getUploadURLExternal", 100);
/// A file that was put there goes to a conversation: tier 4.
pub(super) const FILES_COMPLETE: Method = tier("files.completeUploadExternal", 100);
/// The bytes of a file, which no tier counts.
pub(super) const FILE_BYTES: Method = tier("files", 100);
/// A socket for events: tier 1, of which a few at once are allowed for; after a break the next is wanted soon.
pub(super) const CONNECTIONS_OPEN: Method = tier("apps.connections.open", 20);

#[derive(Debug)]
struct Bucket {
    /// Requests that may be made now; below zero are those that wait.
    left: f64,
    at: Instant,
    /// Not to be asked before.
    silent: Option<Instant>,
}

/// The requests of one account.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<HashMap<&'static str, Bucket>>);

impl Pace {
    /// Waits for a turn.
    ///
    /// # Errors
    /// [`SourceError::Throttled`] while the method has to be silent.
    pub(super) async fn turn(&self, method: Method) -> Result<()> {
        let wait = self.reserve(method, Instant::now())?;
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        Ok(())
    }

    /// How long to wait from now on, which is the place of one request in the row.
    fn reserve(&self, method: Method, now: Instant) -> Result<Duration> {
        let most = f64::from(method.per_minute);
        let mut buckets = self.0.lock();
        let bucket = buckets.entry(method.name).or_insert(Bucket { left: most, at: now, silent: None });
        if let Some(until) = bucket.silent.filter(|until| *until > now) {
            return Err(SourceError::Throttled { retry_after: until.duration_since(now) });
        }
        let back = now.duration_since(bucket.at).as_secs_f64() * most / 60.0;
        bucket.left = (bucket.left + back).min(most) - 1.0;
        bucket.at = now;
        Ok(Duration::from_secs_f64((-bucket.left).max(0.0) * 60.0 / most))
    }

    /// The method was refused: it is silent for so long.
    pub(super) fn silence(&self, method: Method, pause: Duration) {
        self.silent_from(method, pause, Instant::now());
    }

    fn silent_from(&self, method: Method, pause: Duration, now: Instant) {
        let until = now + pause;
        if let Some(bucket) = self.0.lock().get_mut(method.name) {
            bucket.silent = Some(until);
            // What had been saved up is worth nothing: Slack counts otherwise.
            bucket.left = bucket.left.min(1.0);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn a_minutes_worth_at_once_and_then_evenly() {
        let (pace, begun) = (Pace::default(), Instant::now());
        let wait = |method, after| pace.reserve(method, begun + Duration::from_secs(after)).unwrap().as_millis();
        for _ in 0..50 {
            assert_eq!(wait(CONVERSATIONS_HISTORY, 0), 0);
        }
        // Those who come together wait one behind the other.
        assert_eq!((wait(CONVERSATIONS_HISTORY, 0), wait(CONVERSATIONS_HISTORY, 0)), (1200, 2400));
        assert_eq!(wait(CONVERSATIONS_REPLIES, 0), 0, "each method has its own");
        assert_eq!(wait(CONVERSATIONS_HISTORY, 3), 600);
        // No more is saved up than a minute's worth.
        let free = (0..100).filter(|_| wait(CONVERSATIONS_HISTORY, 86_400) == 0).count();
        assert_eq!(free, 50);
    }

    #[test]
    fn a_method_that_was_refused_is_silent_alone_and_for_as_long_as_was_said() {
        let (pace, begun) = (Pace::default(), Instant::now());
        let at = |seconds| begun + Duration::from_secs(seconds);
        pace.reserve(USERS_LIST, at(0)).unwrap();
        pace.silent_from(USERS_LIST, Duration::from_secs(30), at(0));
        let Err(SourceError::Throttled { retry_after }) = pace.reserve(USERS_LIST, at(10)) else { panic!("too early") };
        assert_eq!(retry_after, Duration::from_secs(20));
        pace.reserve(USERS_INFO, at(10)).unwrap();
        assert_eq!(pace.reserve(USERS_LIST, at(30)).unwrap(), Duration::ZERO);
    }
}
