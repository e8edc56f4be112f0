//! Working time: which days count when somebody is waited for.

use std::collections::BTreeSet;

use inlet_model::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

/// Hours of a working day.
const HOURS: f32 = 8.0;
/// Nobody is waited for longer than this.
const DAYS: u32 = 400;

/// The days I work, where I am.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// My clock.
    pub zone: TimeZone,
    /// Days of the week that are free.
    pub weekend: Vec<Weekday>,
    /// Further free days.
    pub holidays: BTreeSet<Date>,
}

impl Default for Calendar {
    fn default() -> Self {
        Self { zone: TimeZone::UTC, weekend: vec![Weekday::Saturday, Weekday::Sunday], holidays: BTreeSet::new() }
    }
}

impl Calendar {
    /// A working day.
    #[must_use]
    pub fn works(&self, day: Date) -> bool {
        !self.weekend.contains(&day.weekday()) && !self.holidays.contains(&day)
    }

    /// The instant so many working hours after another. Hours beyond whole days are taken as they are.
    #[must_use]
    pub fn after(&self, at: Timestamp, hours: f32) -> Timestamp {
        let days = (hours / HOURS).floor().clamp(0.0, 365.0);
        let rest = ((hours - days * HOURS).clamp(0.0, HOURS) * 60.0).round();
        let mut there = at.to_zoned(self.zone.clone());
        let mut left = days;
        for _ in 0..DAYS {
            if left < 1.0 && self.works(there.date()) {
                break;
            }
            let Ok(next) = there.tomorrow() else { break };
            there = next;
            if self.works(there.date()) {
                left -= 1.0;
            }
        }
        #[expect(clippy::cast_possible_truncation, reason = "less than a day of minutes")]
        let minutes = jiff::SignedDuration::from_mins(rest as i64);
        there.timestamp().checked_add(minutes).unwrap_or(at)
    }

    /// Whole working days between two instants.
    #[must_use]
    pub fn days(&self, from: Timestamp, to: Timestamp) -> u32 {
        let end = to.to_zoned(self.zone.clone());
        let mut there = from.to_zoned(self.zone.clone());
        let mut days = 0;
        for _ in 0..DAYS {
            let Ok(next) = there.tomorrow() else { break };
            if next > end {
                break;
            }
            there = next;
            days += u32::from(self.works(there.date()));
        }
        days
    }

    /// The next instant after `to` at which [`Self::days`] grows.
    #[must_use]
    pub fn next_day(&self, from: Timestamp, to: Timestamp) -> Option<Timestamp> {
        let mut there = from.to_zoned(self.zone.clone());
        for _ in 0..DAYS {
            there = there.tomorrow().ok()?;
            if there.timestamp() > to && self.works(there.date()) {
                return Some(there.timestamp());
            }
        }
        None
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn a_weekend_does_not_count() {
        let calendar = Calendar::default();
        let friday: Timestamp = "2026-03-06T16:00:00Z".parse().unwrap();
        assert_eq!(calendar.after(friday, 16.0).to_string(), "2026-03-10T16:00:00Z");
        assert_eq!(calendar.after(friday, 4.0).to_string(), "2026-03-06T20:00:00Z");
        assert_eq!(calendar.days(friday, "2026-03-10T17:00:00Z".parse().unwrap()), 2);
        let next = calendar.next_day(friday, "2026-03-07T09:00:00Z".parse().unwrap()).unwrap();
        assert_eq!(next.to_string(), "2026-03-09T16:00:00Z");
        assert_eq!(
            (calendar.days(friday, next - jiff::SignedDuration::from_secs(1)), calendar.days(friday, next)),
            (0, 1)
        );
        let mut calendar = calendar;
        calendar.holidays.insert(jiff::civil::date(2026, 3, 9));
        assert_eq!(calendar.after(friday, 16.0).to_string(), "2026-03-11T16:00:00Z");
    }
}
