//! A time somebody typed: RFC 3339, or words such as "tomorrow 9:00", "fri 9", "in 3 days".

use interim::{Dialect, parse_date_string};
use jiff::{Timestamp, Zoned, civil::Time, tz::TimeZone};

/// The hour of a day that was named without one.
const MORNING: i8 = 9;

/// The instant a text means, in the future where it leaves that open; nothing when it means none.
#[must_use]
pub fn parse(text: &str, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return None;
    }
    if let Ok(at) = text.to_uppercase().parse::<Timestamp>() {
        return Some(at);
    }
    let (words, time) = split_time(&text);
    if time.is_none() && text.rsplit(' ').next().is_some_and(looks_like_time) {
        return None;
    }
    let here = now.to_zoned(zone.clone());
    let day = if words.is_empty() { here.clone() } else { day(&words, &here)? };
    let has_clock = words.contains("hour") || words.contains("min") || words.contains("sec");
    let at = match time {
        Some(time) => day.with().time(time).build().ok()?,
        None if has_clock => day,
        None => day.with().time(Time::constant(MORNING, 0, 0, 0)).build().ok()?,
    };
    // "9:00" in the evening means the next morning.
    let at = if words.is_empty() && at <= here { at.tomorrow().ok()? } else { at };
    Some(at.timestamp())
}

fn day(words: &str, here: &Zoned) -> Option<Zoned> {
    match words {
        "today" | "tonight" => return Some(here.clone()),
        "tomorrow" | "tom" => return here.tomorrow().ok(),
        "next week" => return here.checked_add(jiff::Span::new().days(7)).ok(),
        "next month" => return here.checked_add(jiff::Span::new().months(1)).ok(),
        _ => {}
    }
    // "Next Monday" is the coming one here, as in most people's calendars; dialects disagree.
    let words = words.strip_prefix("in ").or_else(|| words.strip_prefix("next ")).unwrap_or(words);
    let at: Zoned = parse_date_string(words, here.clone(), Dialect::Uk).ok()?;
    // A weekday that has passed this week means the coming one.
    if at < *here && !words.contains(|c: char| c.is_ascii_digit()) {
        return at.checked_add(jiff::Span::new().days(7)).ok();
    }
    Some(at)
}

/// The last word when it is a time of day: "9", "9:30", "5pm", "17.30".
fn split_time(text: &str) -> (String, Option<Time>) {
    let (rest, last) = text.rsplit_once(' ').unwrap_or(("", text));
    match time_of(last) {
        // "in 3" is not three o'clock.
        Some(time) if rest != "in" => (rest.trim_end_matches(" at").trim_end_matches(',').to_owned(), Some(time)),
        _ => (text.to_owned(), None),
    }
}

/// Meant as a time of day, whether there is such a time or not.
fn looks_like_time(word: &str) -> bool {
    let digits = word.trim_end_matches("am").trim_end_matches("pm");
    let timed = digits.len() < word.len() || digits.contains(':');
    timed && digits.chars().all(|c| c.is_ascii_digit() || c == ':')
}

fn time_of(word: &str) -> Option<Time> {
    let (digits, afternoon) = match (word.strip_suffix("pm"), word.strip_suffix("am")) {
        (Some(digits), _) => (digits, Some(true)),
        (_, Some(digits)) => (digits, Some(false)),
        _ => (word, None),
    };
    let (hour, minute) = digits.split_once([':', '.']).unwrap_or((digits, "0"));
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match afternoon {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(true) => hour % 12 + 12,
        Some(false) => hour % 12,
        None => hour,
    };
    Time::new(hour, minute, 0, 0).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<String> {
        // A Wednesday, noon.
        let now: Timestamp = "2026-03-11T12:00:00Z".parse().unwrap();
        parse(text, now, &TimeZone::UTC).map(|at| at.to_string())
    }

    #[test]
    fn words_and_dates_become_instants() {
        for (text, expected) in [
            ("2026-04-01T08:00:00Z", "2026-04-01T08:00:00Z"),
            ("tomorrow", "2026-03-12T09:00:00Z"),
            ("tomorrow 14:30", "2026-03-12T14:30:00Z"),
            ("today 5pm", "2026-03-11T17:00:00Z"),
            ("fri 9", "2026-03-13T09:00:00Z"),
            ("next monday", "2026-03-16T09:00:00Z"),
            ("in 3 days", "2026-03-14T09:00:00Z"),
            ("in 2 hours", "2026-03-11T14:00:00Z"),
            ("9:00", "2026-03-12T09:00:00Z"),
            ("18:00", "2026-03-11T18:00:00Z"),
            ("2026-05-02", "2026-05-02T09:00:00Z"),
        ] {
            assert_eq!(at(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn nonsense_is_no_time() {
        for text in ["", "soonish", "25:00", "13pm", "the moon"] {
            assert_eq!(at(text), None, "{text:?}");
        }
    }
}
