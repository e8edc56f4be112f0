//! The dates people type: ISO, "last week", "3 days ago", "12 march", "2w".
//!
//! A date names a span of local time, not an instant: `on:march` is the month, `before:march` is
//! before it begins, `after:march` is from its beginning. A table rather than a date crate, because
//! those return instants and lose the span.

use inlet_model::Timestamp;
use jiff::{
    Span, ToSpan, Zoned,
    civil::{Date, Weekday},
    tz::TimeZone,
};

/// A span of time: from the first instant to just before the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    /// The first instant in it.
    pub(super) from: Timestamp,
    /// The first instant after it.
    pub(super) until: Timestamp,
}

/// At most this many words make a date.
pub(super) const LONGEST: usize = 4;

/// Understands `text` as a date, seen from `now` in `zone`.
pub(super) fn period(text: &str, now: Timestamp, zone: &TimeZone) -> Option<Period> {
    let here = now.to_zoned(zone.clone());
    let lower = text.trim().to_lowercase();
    if let Some(instant) = instant(text.trim(), &here) {
        return Some(instant);
    }
    let words: Vec<&str> =
        lower.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).collect();
    let (first, after) = match words.as_slice() {
        [one] => single(one, &here)?,
        ["the", rest @ ..] if !rest.is_empty() => return period(&rest.join(" "), now, zone),
        ["on" | "since", rest @ ..] if !rest.is_empty() => {
            return period(&rest.join(" "), now, zone);
        }
        ["day", "before", "yesterday"] => days(here.date(), -2, 1)?,
        [which @ ("this" | "last" | "past" | "previous" | "next"), unit] => relative(which, unit, &here)?,
        [count, unit, "ago"] => ago(number(count)?, unit, &here)?,
        [compact, "ago"] => {
            let (count, unit) = split_count(compact)?;
            ago(count, unit, &here)?
        }
        _ => named(&words, &here)?,
    };
    Some(Period { from: start_of(first, zone)?, until: start_of(after, zone)? })
}

/// How far `older:` and `newer:` reach back: "2w", "3 days", "1y".
pub(super) fn age(text: &str, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let lower = text.trim().to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let (count, unit) = match words.as_slice() {
        [compact] | [compact, "ago"] => split_count(compact)?,
        [count, unit] | [count, unit, "ago"] => (number(count)?, *unit),
        _ => return None,
    };
    let back = span(count, unit)?;
    Some(now.to_zoned(zone.clone()).checked_sub(back).ok()?.timestamp())
}

/// A full instant is a span of a minute.
fn instant(text: &str, here: &Zoned) -> Option<Period> {
    if !text.contains(['T', 't', ':']) {
        return None;
    }
    let from = text.parse::<Timestamp>().ok().or_else(|| {
        let local: jiff::civil::DateTime = text.parse().ok()?;
        Some(local.to_zoned(here.time_zone().clone()).ok()?.timestamp())
    })?;
    Some(Period { from, until: from.checked_add(1.minute()).ok()? })
}

fn start_of(date: Date, zone: &TimeZone) -> Option<Timestamp> {
    Some(date.to_zoned(zone.clone()).ok()?.timestamp())
}

fn days(date: Date, offset: i64, length: i64) -> Option<(Date, Date)> {
    let first = date.checked_add(Span::new().try_days(offset).ok()?).ok()?;
    Some((first, first.checked_add(Span::new().try_days(length).ok()?).ok()?))
}

fn month(first: Date) -> Option<(Date, Date)> {
    let first = first.first_of_month();
    Some((first, first.checked_add(1.month()).ok()?))
}

fn year(first: Date) -> Option<(Date, Date)> {
    let first = first.first_of_year();
    Some((first, first.checked_add(1.year()).ok()?))
}

fn single(word: &str, here: &Zoned) -> Option<(Date, Date)> {
    let today = here.date();
    match word {
        "today" | "now" => return days(today, 0, 1),
        "yesterday" => return days(today, -1, 1),
        "tomorrow" => return days(today, 1, 1),
        _ => {}
    }
    if let Some(day) = weekday(word) {
        // A bare weekday is the latest one, today included: searches look back.
        let back = i64::from(today.weekday().since(day));
        return days(today, -back, 1);
    }
    if let Some(number) = month_name(word) {
        return month(latest(today, number, 1)?);
    }
    if let Some(numeric) = numeric(word) {
        return Some(numeric);
    }
    let (count, unit) = split_count(word)?;
    ago(count, unit, here)
}

/// Dates made of digits; the order is told by the separator, and day before month is only accepted
/// where it cannot be month before day.
fn numeric(word: &str) -> Option<(Date, Date)> {
    let separator = word.chars().find(|c| matches!(c, '-' | '/' | '.'));
    let parts: Vec<&str> = match separator {
        Some(separator) => word.split(separator).filter(|part| !part.is_empty()).collect(),
        None => vec![word],
    };
    if parts.iter().any(|part| part.len() > 4 || !part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let numbers: Vec<i16> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let day = |year, month: i16, day: i16| {
        days(Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?, 0, 1)
    };
    match (numbers.as_slice(), lengths.as_slice()) {
        ([y], [4]) => year(Date::new(*y, 1, 1).ok()?),
        ([y, m], [4, _]) => month(Date::new(*y, i8::try_from(*m).ok()?, 1).ok()?),
        ([y, m, d], [4, ..]) => day(*y, *m, *d),
        ([d, m, y], [_, _, 4]) if separator == Some('.') => day(*y, *m, *d),
        ([a, b, y], [_, _, 4]) if *a > 12 || a == b => day(*y, *b, *a),
        ([a, b, y], [_, _, 4]) if *b > 12 => day(*y, *a, *b),
        _ => None,
    }
}

/// "12 march", "march 12 2025", "mar 2025", "12th of march".
fn named(words: &[&str], here: &Zoned) -> Option<(Date, Date)> {
    let (mut which, mut day, mut wanted) = (None, None, None);
    for word in words {
        if *word == "of" {
            continue;
        }
        let bare = word.trim_end_matches(['.', '年']);
        if let Some(number) = month_name(bare) {
            which.replace(number).is_none().then_some(())?;
            continue;
        }
        let digits = ["st", "nd", "rd", "th"].iter().find_map(|end| bare.strip_suffix(end)).unwrap_or(bare);
        match (digits.len(), digits.parse::<i16>().ok()?) {
            (4, number) => wanted.replace(number).is_none().then_some(())?,
            (1 | 2, number) => day.replace(i8::try_from(number).ok()?).is_none().then_some(())?,
            _ => return None,
        }
    }
    let which = which?;
    let first = match wanted {
        Some(wanted) => Date::new(wanted, which, day.unwrap_or(1)).ok()?,
        None => latest(here.date(), which, day.unwrap_or(1))?,
    };
    if day.is_some() { days(first, 0, 1) } else { month(first) }
}

/// The latest such day that is not in the future. 29 February is looked for up to eight years back.
fn latest(today: Date, month: i8, day: i8) -> Option<Date> {
    (0..=8).filter_map(|back| Date::new(today.year().checked_sub(back)?, month, day).ok()).find(|date| *date <= today)
}

fn relative(which: &str, unit: &str, here: &Zoned) -> Option<(Date, Date)> {
    let today = here.date();
    let step: i64 = match which {
        "this" => 0,
        "next" => 1,
        _ => -1,
    };
    match unit {
        "day" => days(today, step, 1),
        "week" => {
            let monday = today.weekday().to_monday_zero_offset();
            days(today, step * 7 - i64::from(monday), 7)
        }
        "weekend" => {
            let monday = i64::from(today.weekday().to_monday_zero_offset());
            days(today, step * 7 - monday + 5, 2)
        }
        "month" => month(today.first_of_month().checked_add(Span::new().try_months(step).ok()?).ok()?),
        "year" => year(today.first_of_year().checked_add(Span::new().try_years(step).ok()?).ok()?),
        _ => {
            if let Some(day) = weekday(unit) {
                let back = i64::from(today.weekday().since(day));
                return match step {
                    1 => days(today, if back == 0 { 7 } else { 7 - back }, 1),
                    0 => days(today, -back, 1),
                    _ => days(today, if back == 0 { -7 } else { -back }, 1),
                };
            }
            let number = month_name(unit)?;
            let latest = latest(today, number, 1)?;
            let years = match step {
                1 => 1,
                // "last march" in march is the one a year ago.
                -1 if latest.month() == today.month() && latest.year() == today.year() => -1,
                _ => 0,
            };
            month(latest.checked_add(Span::new().try_years(years).ok()?).ok()?)
        }
    }
}

/// The day, week, month or year that lies so far back.
fn ago(count: i64, unit: &str, here: &Zoned) -> Option<(Date, Date)> {
    let date = here.checked_sub(span(count, unit)?).ok()?.date();
    days(date, 0, 1)
}

fn span(count: i64, unit: &str) -> Option<Span> {
    let span = Span::new();
    match unit {
        "h" | "hour" | "hours" => span.try_hours(count),
        "d" | "day" | "days" => span.try_days(count),
        "w" | "week" | "weeks" => span.try_weeks(count),
        "m" | "mo" | "month" | "months" => span.try_months(count),
        "y" | "year" | "years" => span.try_years(count),
        _ => return None,
    }
    .ok()
}

fn split_count(word: &str) -> Option<(i64, &str)> {
    let end = word.find(|c: char| !c.is_ascii_digit())?;
    let (count, unit) = word.split_at_checked(end)?;
    Some((count.parse().ok()?, unit))
}

fn number(word: &str) -> Option<i64> {
    Some(match word {
        "a" | "an" | "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        digits => digits.parse().ok().filter(|count| *count >= 0)?,
    })
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "mon" | "monday" => Weekday::Monday,
        "tue" | "tues" | "tuesday" => Weekday::Tuesday,
        "wed" | "wednesday" => Weekday::Wednesday,
        "thu" | "thur" | "thurs" | "thursday" => Weekday::Thursday,
        "fri" | "friday" => Weekday::Friday,
        "sat" | "saturday" => Weekday::Saturday,
        "sun" | "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

fn month_name(word: &str) -> Option<i8> {
    Some(match word {
        "jan" | "january" => 1,
        "feb" | "february" => 2,
        "mar" | "march" => 3,
        "apr" | "april" => 4,
        "may" => 5,
        "jun" | "june" => 6,
        "jul" | "july" => 7,
        "aug" | "august" => 8,
        "sep" | "sept" | "september" => 9,
        "oct" | "october" => 10,
        "nov" | "november" => 11,
        "dec" | "december" => 12,
        _ => return None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    /// A Wednesday.
    fn now() -> Timestamp {
        "2026-03-18T15:30:00Z".parse().unwrap()
    }

    fn span_of(text: &str) -> Option<String> {
        let period = period(text, now(), &TimeZone::UTC)?;
        let day = |at: Timestamp| at.strftime("%F").to_string();
        Some(format!("{}..{}", day(period.from), day(period.until)))
    }

    #[test]
    fn what_people_type_names_the_span_they_mean() {
        for (text, span) in [
            ("2026-03-01", "2026-03-01..2026-03-02"),
            ("2026/3/1", "2026-03-01..2026-03-02"),
            ("2026-02", "2026-02-01..2026-03-01"),
            ("2025", "2025-01-01..2026-01-01"),
            ("1.2.2026", "2026-02-01..2026-02-02"),
            ("28/2/2026", "2026-02-28..2026-03-01"),
            ("2/28/2026", "2026-02-28..2026-03-01"),
            ("today", "2026-03-18..2026-03-19"),
            ("Yesterday", "2026-03-17..2026-03-18"),
            ("last week", "2026-03-09..2026-03-16"),
            ("this week", "2026-03-16..2026-03-23"),
            ("last month", "2026-02-01..2026-03-01"),
            ("last year", "2025-01-01..2026-01-01"),
            ("monday", "2026-03-16..2026-03-17"),
            ("wednesday", "2026-03-18..2026-03-19"),
            ("last wednesday", "2026-03-11..2026-03-12"),
            ("next friday", "2026-03-20..2026-03-21"),
            ("last weekend", "2026-03-14..2026-03-16"),
            ("3 days ago", "2026-03-15..2026-03-16"),
            ("two weeks ago", "2026-03-04..2026-03-05"),
            ("2w ago", "2026-03-04..2026-03-05"),
            ("march", "2026-03-01..2026-04-01"),
            ("april", "2025-04-01..2025-05-01"),
            ("last march", "2025-03-01..2025-04-01"),
            ("12 Mar", "2026-03-12..2026-03-13"),
            ("mar 12, 2025", "2025-03-12..2025-03-13"),
            ("12th of march 2025", "2025-03-12..2025-03-13"),
            ("dec 2024", "2024-12-01..2025-01-01"),
            ("29 feb", "2024-02-29..2024-03-01"),
        ] {
            assert_eq!(span_of(text).as_deref(), Some(span), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            " ",
            "soon",
            "2026-13-01",
            "2026-02-30",
            "99999",
            "march march",
            "1/2/2026",
            "0 of",
            "ago",
            "99999999999999999999 days ago",
            "999999999 years ago",
            "-",
            "::",
            "T",
            "🎉",
            "last",
            "the",
            "of",
        ] {
            assert_eq!(span_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_begins_at_local_midnight() {
        let zone = TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").unwrap();
        let day = period("2026-03-08", now(), &zone).unwrap();
        assert_eq!(day.from, "2026-03-08T05:00:00Z".parse().unwrap());
        assert_eq!(day.until, "2026-03-09T04:00:00Z".parse().unwrap(), "23 hours on the day clocks change");
        let minute = period("2026-03-01T12:00", now(), &zone).unwrap();
        assert_eq!(minute.from, "2026-03-01T17:00:00Z".parse().unwrap());
    }

    #[test]
    fn ages_reach_back_from_now() {
        for (text, at) in [
            ("2w", "2026-03-04T15:30:00Z"),
            ("3 days", "2026-03-15T15:30:00Z"),
            ("1y", "2025-03-18T15:30:00Z"),
            ("6m", "2025-09-18T15:30:00Z"),
            ("12h", "2026-03-18T03:30:00Z"),
            ("a month ago", "2026-02-18T15:30:00Z"),
        ] {
            assert_eq!(age(text, now(), &TimeZone::UTC), Some(at.parse().unwrap()), "{text}");
        }
        for text in ["", "w", "2", "2x", "march", "99999999999999999999d", "999999999999y"] {
            assert_eq!(age(text, now(), &TimeZone::UTC), None, "{text}");
        }
    }
}
