//! The time of the fake: it stands still until a test moves it.
//!
//! Each change in the world takes one millisecond, so that no two have the same time and the order
//! of things can be told from their dates, as Teams does with the ids of messages. Budgets
//! (OneNote's requests per hour) are counted by this clock, so that no test waits for them.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use std::time::Duration;

use jiff::Timestamp;

/// 2026-03-02, a Monday, 09:00 UTC.
const START: i64 = 1_772_442_000_000;

/// A clock; copies are the same clock.
#[derive(Clone, Debug)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    pub(crate) fn still() -> Self {
        Self(Arc::new(AtomicI64::new(START)))
    }

    /// Milliseconds since 1970.
    pub fn millis(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.millis()).expect("a time of this century")
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).expect("a short time"), Ordering::SeqCst);
    }

    /// Sets the time, unless that is in the past.
    pub fn set(&self, to: Timestamp) {
        self.0.fetch_max(to.as_millisecond(), Ordering::SeqCst);
    }

    /// The time in so many seconds, as HTTP writes it (RFC 9110 §5.6.7).
    pub(crate) fn http_date(&self, seconds: u64) -> String {
        let later = self.now() + jiff::SignedDuration::from_secs(i64::try_from(seconds).expect("a short time"));
        later.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    /// The time, which is over with that: the next change is later.
    pub(crate) fn tick(&self) -> i64 {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}

/// A time as Graph's mail writes it, to the second.
pub(crate) fn seconds(millis: i64) -> String {
    Timestamp::from_millisecond(millis).expect("a time").strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A time as Teams writes it, to the millisecond.
pub(crate) fn milliseconds(millis: i64) -> String {
    Timestamp::from_millisecond(millis).expect("a time").strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
