//! How fast a platform may be asked.
//!
//! Whoever asks as fast as it can is refused in every round and never gets further than the first of them.
//! So requests wait for their turn here: a minute's worth may be made at once, further ones come evenly.
//! What was refused is not asked again before the time the platform named is over; the rest goes on.

use std::{collections::HashMap, time::Duration};

use inlet_model::{Result, SourceError};
use parking_lot::Mutex;
use tokio::time::Instant;

/// One thing that a platform counts for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Method {
    pub(crate) name: &'static str,
    /// Requests a minute.
    pub(crate) per_minute: u32,
}

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
pub(crate) struct Pace(Mutex<HashMap<&'static str, Bucket>>);

impl Pace {
    /// Waits for a turn.
    ///
    /// # Errors
    /// [`SourceError::Throttled`] while the method has to be silent.
    pub(crate) async fn turn(&self, method: Method) -> Result<()> {
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
    pub(crate) fn silence(&self, method: Method, pause: Duration) {
        self.silent_from(method, pause, Instant::now());
    }

    fn silent_from(&self, method: Method, pause: Duration, now: Instant) {
        let until = now + pause;
        if let Some(bucket) = self.0.lock().get_mut(method.name) {
            bucket.silent = Some(until);
            // What had been saved up is worth nothing: the platform counts otherwise.
            bucket.left = bucket.left.min(1.0);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    const CONVERSATIONS_HISTORY: Method = Method { name: "conversations.history", per_minute: 50 };
    const CONVERSATIONS_REPLIES: Method = Method { name: "conversations.replies", per_minute: 50 };
    const USERS_LIST: Method = Method { name: "users.list", per_minute: 20 };
    const USERS_INFO: Method = Method { name: "users.info", per_minute: 100 };

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
