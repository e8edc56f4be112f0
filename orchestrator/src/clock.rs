//! The only place of the engine that reads the system's clock.
//!
//! Everything else is handed a [`Clock`], so that tests decide what time it is. ARCHITECTURE.md names the two places in
//! connectors that read it themselves, and why.

use std::{sync::Arc, time::Duration};

use inlet_model::Timestamp;

/// Twenty-four hours.
pub(crate) const DAY: Duration = Duration::from_secs(86_400);

/// Where the time comes from.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the one place")]
        Self(Arc::new(Timestamp::now))
    }

    /// A clock that says what it is told.
    pub fn from_fn(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// A clock that stands, and the hand that moves it, in seconds since 1970.
    #[cfg(test)]
    pub(crate) fn by_hand(seconds: i64) -> (Self, Arc<std::sync::atomic::AtomicI64>) {
        let hand = Arc::new(std::sync::atomic::AtomicI64::new(seconds));
        let shown = hand.clone();
        let now = move || from_millis(shown.load(std::sync::atomic::Ordering::Relaxed).saturating_mul(1000));
        (Self::from_fn(now), hand)
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }

    /// The time zone people think in.
    #[must_use]
    pub fn zone() -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::system()
    }
}

/// Milliseconds since 1970, as the store keeps times.
pub(crate) fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// The time of a stored number; one out of range becomes the nearest end.
pub(crate) fn from_millis(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(if millis < 0 { Timestamp::MIN } else { Timestamp::MAX })
}
