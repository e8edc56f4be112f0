//! The terms on which everything is weighed, from the settings.

use std::collections::{BTreeMap, BTreeSet};

use inlet_actions::{Calendar, Rule, Terms};
use inlet_model::Timestamp;
use jiff::{
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};

use crate::{config::Config, notices::decide::time_of_day};

const WEEK: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// Points of a rule that somebody sets may not outweigh all others together.
const MOST: i32 = 100;

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split([' ', ',', ';']).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

fn week(text: &str) -> Option<BTreeSet<&'static str>> {
    words(text).map(|word| WEEK.iter().find(|(name, _)| *name == word).map(|(name, _)| *name)).collect()
}

/// A holiday of one year, or month and day of every year.
fn holiday(word: &str) -> Option<(Option<i16>, i8, i8)> {
    let parts: Vec<&str> = word.split('-').collect();
    let (year, month, day) = match parts.as_slice() {
        [year, month, day] if year.len() == 4 => (Some(year.parse().ok()?), month.parse().ok()?, day.parse().ok()?),
        [month, day] => (None, month.parse().ok()?, day.parse().ok()?),
        _ => return None,
    };
    // A leap year has every day there is.
    Date::new(year.unwrap_or(2024), month, day).ok().map(|_| (year, month, day))
}

/// Days of the week, one at least.
pub(crate) fn is_week(text: &str) -> bool {
    week(text).is_some_and(|days| !days.is_empty())
}

/// Dates, as `holiday` reads them.
pub(crate) fn are_holidays(text: &str) -> bool {
    words(text).all(|word| holiday(&word).is_some())
}

/// Begin and end of a working day: `09:00-17:00`.
pub(crate) fn hours(text: &str) -> Option<(Time, Time)> {
    let (from, until) = text.split_once('-')?;
    let hours = (time_of_day(from)?, time_of_day(until)?);
    (hours.0 < hours.1).then_some(hours)
}

/// The same, as a check.
pub(crate) fn are_hours(text: &str) -> bool {
    hours(text).is_some()
}

/// Points by rule, as JSON.
pub(crate) fn are_weights(text: &str) -> bool {
    weights(text).is_some()
}

fn weights(text: &str) -> Option<BTreeMap<Rule, i32>> {
    let weights: BTreeMap<Rule, i32> = serde_json::from_str(text).ok()?;
    let fits = |(rule, points): (&Rule, &i32)| rule.points().is_some() && (-MOST..=MOST).contains(points);
    weights.iter().all(fits).then_some(weights)
}

/// What the settings say, where I am now.
pub(crate) fn of(config: &Config, zone: TimeZone, now: Timestamp) -> Terms {
    let days = week(&config.word("actions.working_days")).unwrap_or_default();
    let weekend = WEEK.into_iter().filter(|(name, _)| !days.contains(name)).map(|(_, day)| day).collect();
    let year = now.to_zoned(zone.clone()).year();
    let mut holidays = BTreeSet::new();
    for (only, month, day) in words(&config.word("actions.holidays")).filter_map(|word| holiday(&word)) {
        // As far as anything is waited for, and as far back.
        let years = only.map_or((year - 2)..=(year + 2), |only| only..=only);
        holidays.extend(years.filter_map(|year| Date::new(year, month, day).ok()));
    }
    let weights = weights(&config.word("actions.weights")).unwrap_or_default();
    Terms { calendar: Calendar { zone, weekend, holidays }, weights, patterns: BTreeMap::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_week_no_date_and_no_weight_is_refused() {
        assert!(is_week("Mon, Tue") && is_week("sat") && !is_week("") && !is_week("monday"));
        assert!(are_holidays("") && are_holidays("12-25 2026-05-14") && are_holidays("02-29"));
        assert!(!are_holidays("25.12.") && !are_holidays("13-01") && !are_holidays("2026-02-29"));
        assert!(are_hours("09:00-17:00") && are_hours("8:30 - 12:00"));
        assert!(!are_hours("") && !are_hours("9-17") && !are_hours("17:00-09:00") && !are_hours("09:00-09:00"));
        assert!(are_weights("{}") && are_weights(r#"{"asked": 40, "in-copy": -30}"#));
        assert!(!are_weights(r#"{"muted": 1}"#) && !are_weights(r#"{"asked": 400}"#) && !are_weights("asked=1"));
    }
}
