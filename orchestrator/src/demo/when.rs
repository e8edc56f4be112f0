//! Dates of the demo world, all relative to the instant it was made for.
//!
//! Sheets write `-35m`, `-3h`, `-2d 18:05` (two days ago at that time) or `-4w 10:00` (four working
//! days ago). Times of day are UTC: the zone of the reader is not known here and must not
//! change the world.

use inlet_model::Timestamp;
use jiff::{
    SignedDuration, Span,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};

use super::rng::Rng;

/// How far back the world goes, in days.
pub(super) const DAYS: u64 = 120;

/// The calendar around `now`.
pub(super) struct Calendar {
    now: Timestamp,
    today: Date,
}

impl Calendar {
    pub(super) fn new(now: Timestamp) -> Self {
        // In the early hours "today" is still the day before; otherwise what is hours old would
        // come before what was said yesterday evening.
        let today = (now - SignedDuration::from_hours(7)).to_zoned(TimeZone::UTC).date();
        Self { now, today }
    }

    /// Everything is at least a minute old.
    pub(super) fn latest(&self) -> Timestamp {
        self.now - SignedDuration::from_secs(60)
    }

    /// The instant `text` names; `None` when it cannot be read.
    pub(super) fn at(&self, text: &str) -> Option<Timestamp> {
        let (offset, time) = match text.split_once(' ') {
            Some((offset, time)) => (offset, Some(time)),
            None => (text, None),
        };
        let unit = offset.chars().last()?;
        let count: i64 = offset.trim_end_matches(unit).trim_start_matches('+').parse().ok()?;
        match (unit, time) {
            ('m', None) => Some(self.now + SignedDuration::from_mins(count)),
            ('h', None) => Some(self.now + SignedDuration::from_hours(count)),
            ('d', Some(time)) => instant(plus_days(self.today, count), time),
            ('w', Some(time)) => instant(plus_working_days(self.today, count), time),
            _ => None,
        }
    }

    /// A moment when a person might have written: `work` means in office hours.
    pub(super) fn some_time(&self, rng: &mut Rng, work: bool) -> Timestamp {
        let (one, other) = (rng.below(DAYS - 2), rng.below(DAYS - 2));
        // Rather recent than old: people remember, and see, the last weeks.
        let back = 1 + if rng.chance(40) { one.min(other) } else { one };
        let mut day = plus_days(self.today, -i64::try_from(back).unwrap_or(1));
        let hour = if work {
            while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
                day = plus_days(day, -1);
            }
            8 + rng.below(10)
        } else {
            const HOURS: [u64; 14] = [7, 7, 8, 9, 12, 13, 16, 17, 18, 19, 19, 20, 21, 22];
            rng.pick(&HOURS).copied().unwrap_or(12)
        };
        let time = format!("{hour:02}:{:02}", rng.below(60));
        instant(day, &time).map_or(self.latest(), |at| at + seconds(rng.below(60)))
    }
}

/// The word a sheet asks for with `{day+2}`, `{workday+2}` or `{date+10}`, counted from `at`.
pub(super) fn word(at: Timestamp, ask: &str) -> Option<String> {
    let split = ask.find(['+', '-'])?;
    let (kind, count) = ask.split_at_checked(split)?;
    let count: i64 = count.trim_start_matches('+').parse().ok()?;
    let today = at.to_zoned(TimeZone::UTC).date();
    match kind {
        "day" => Some(plus_days(today, count).strftime("%A").to_string()),
        "workday" => Some(plus_working_days(today, count).strftime("%A").to_string()),
        "date" => Some(plus_days(today, count).strftime("%-d %B").to_string()),
        "workdate" => Some(plus_working_days(today, count).strftime("%-d %B").to_string()),
        "stamp" => Some(plus_days(today, count).strftime("%Y%m%d").to_string()),
        "month" => Some(plus_days(today, count * 30).strftime("%B").to_string()),
        _ => None,
    }
}

pub(super) fn seconds(count: u64) -> SignedDuration {
    SignedDuration::from_secs(i64::try_from(count).unwrap_or(0))
}

fn instant(day: Date, time: &str) -> Option<Timestamp> {
    let (hour, minute) = time.split_once(':')?;
    let time = Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?;
    Some(day.to_datetime(time).to_zoned(TimeZone::UTC).ok()?.timestamp())
}

fn plus_days(day: Date, count: i64) -> Date {
    day.saturating_add(Span::new().try_days(count).unwrap_or_default())
}

fn plus_working_days(day: Date, count: i64) -> Date {
    let step = count.signum();
    let mut day = day;
    let mut left = count.abs();
    while left > 0 {
        day = plus_days(day, step);
        if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            left -= 1;
        }
    }
    day
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn calendar(now: &str) -> Calendar {
        Calendar::new(now.parse().unwrap())
    }

    #[test]
    fn offsets_are_counted_from_now_and_days_from_the_start_of_the_day() {
        let calendar = calendar("2025-03-05T12:00:00Z");
        assert_eq!(calendar.at("-35m").unwrap().to_string(), "2025-03-05T11:25:00Z");
        assert_eq!(calendar.at("-2d 18:05").unwrap().to_string(), "2025-03-03T18:05:00Z");
        assert_eq!(calendar.at("+3d 09:00").unwrap().to_string(), "2025-03-08T09:00:00Z");
        assert_eq!(calendar.at("-3w 10:00").unwrap().to_string(), "2025-02-28T10:00:00Z", "a week-end lies between");
        for broken in ["", "-", "3", "-2d", "-5m 10:00", "-2d 99:99", "soon", "-é"] {
            assert!(calendar.at(broken).is_none(), "{broken:?}");
        }
    }

    #[test]
    fn at_two_in_the_morning_yesterday_evening_is_still_before_five_hours_ago() {
        let calendar = calendar("2025-03-05T02:00:00Z");
        assert!(calendar.at("-1d 22:00").unwrap() < calendar.at("-6h").unwrap());
    }

    #[test]
    fn words_follow_the_date_of_the_item() {
        let friday = "2025-03-07T08:00:00Z".parse().unwrap();
        assert_eq!(word(friday, "day+1").unwrap(), "Saturday");
        assert_eq!(word(friday, "workday+1").unwrap(), "Monday");
        assert_eq!(word(friday, "date-7").unwrap(), "28 February");
        assert_eq!(word(friday, "colour"), None);
    }
}
