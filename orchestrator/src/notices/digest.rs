//! The day in one quiet notice, at a time the person set.
//!
//! It is told once a day: which day it was told for is kept in the store, so that neither a restart nor two windows tell
//! it again. A computer that sleeps at that time tells it when it wakes up, if it is still the same day.

use inlet_model::Timestamp;
use jiff::{
    civil::{Date, Time},
    tz::TimeZone,
};

use crate::api::types::Digest;

/// A digest that stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Told {
    /// The day it is of.
    pub(crate) day: Date,
    pub(crate) digest: Digest,
    pub(crate) version: u64,
}

/// The day a digest is to be told for now, where one is: it is past its time, and was not told for that day or, where a
/// clock was set back, a later one.
pub(crate) fn due(now: Timestamp, zone: &TimeZone, at: Time, last: Option<Date>) -> Option<Date> {
    let here = now.to_zoned(zone.clone());
    (here.time() >= at && last.is_none_or(|last| last < here.date())).then(|| here.date())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_once_a_day_from_its_time_on() {
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        let at = Time::constant(8, 0, 0, 0);
        let day = |text: &str, last: Option<&str>| {
            due(text.parse().unwrap(), &zone, at, last.map(|day| day.parse().unwrap())).map(|day| day.to_string())
        };
        assert_eq!(day("2026-03-05T06:59:59Z", None), None, "one second before");
        assert_eq!(day("2026-03-05T07:00:00Z", None).as_deref(), Some("2026-03-05"));
        assert_eq!(day("2026-03-05T07:00:00Z", Some("2026-03-05")), None, "it was told");
        assert_eq!(
            day("2026-03-05T21:00:00Z", Some("2026-03-04")).as_deref(),
            Some("2026-03-05"),
            "it slept until then"
        );
        assert_eq!(day("2026-03-05T23:30:00Z", Some("2026-03-04")), None, "that is the next day here, before its time");
        assert_eq!(day("2026-03-05T07:00:00Z", Some("2026-03-06")), None, "the clock was set back");
    }
}
