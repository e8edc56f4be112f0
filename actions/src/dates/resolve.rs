//! From what is named to the days it can mean.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::{Span, ToSpan};

use super::grammar::{Day, Named, Which};
use super::{Moment, When};
use crate::words::Unit;

/// A date without a year that lies this many days back is the past one.
const PAST: i32 = 90;

/// The readings of what was named at `now`, on the clock of whoever named it. Nothing where it is no day at all, or past.
pub(super) fn resolve(named: &Named, now: DateTime) -> Option<When> {
    let time = match named.time {
        Some((hour, minute)) => Some(Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0).ok()?),
        None => None,
    };
    let Some(day) = named.day else { return time.map(|time| time_alone(time, now)) };
    if let Day::After { count, unit: unit @ (Unit::Minute | Unit::Hour) } = day {
        let span: Span = if unit == Unit::Hour { count.hours() } else { count.minutes() };
        let at = now.checked_add(span).ok()?;
        return Some(When::Exact(Moment {
            date: at.date(),
            time: Some(Time::new(at.hour(), at.minute(), 0, 0).ok()?),
        }));
    }
    let mut moments: Vec<Moment> = days(day, now.date())?.into_iter().map(|date| Moment { date, time }).collect();
    moments.sort_unstable();
    moments.dedup();
    match moments.as_slice() {
        [] => None,
        [one] => Some(When::Exact(*one)),
        _ => Some(When::Ambiguous(moments)),
    }
}

/// A time without a day is today's; once it is over, it may have been a slip or mean tomorrow.
fn time_alone(time: Time, now: DateTime) -> When {
    let today = Moment { date: now.date(), time: Some(time) };
    match now.date().tomorrow() {
        Ok(date) if time <= now.time() => When::Ambiguous(vec![today, Moment { date, time: Some(time) }]),
        _ => When::Exact(today),
    }
}

fn days(day: Day, today: Date) -> Option<Vec<Date>> {
    let one = |date: Date| Some(vec![date]);
    match day {
        Day::Relative(days) => one(plus(today, i32::from(days))?),
        Day::Weekday { day, which, weeks } => weekday(today, day, which, weeks),
        Day::Calendar { day, month, year } => one(calendar(today, day, month, year)?),
        Day::Either { first, second, year } => {
            let readings = [calendar(today, first, second, year), calendar(today, second, first, year)];
            Some(readings.into_iter().flatten().collect())
        }
        Day::OfMonth(day) => {
            let this = on(today.year(), i32::from(today.month()), day).filter(|date| *date >= today);
            let next = today.first_of_month().checked_add(1.month()).ok()?;
            one(this.or_else(|| on(next.year(), i32::from(next.month()), day))?)
        }
        Day::EndOfMonth(month) => {
            let first = on(today.year(), month, 1)?;
            let last = first.last_of_month();
            one(if last < today { on(i16::checked_add(today.year(), 1)?, month, 1)?.last_of_month() } else { last })
        }
        Day::EndOf { unit, next } => {
            let later = i32::from(next);
            match unit {
                Unit::Week => {
                    let friday = plus(monday(today)?, 4 + 7 * later)?;
                    one(friday.max(today))
                }
                Unit::Month => one(today.first_of_month().checked_add(later.months()).ok()?.last_of_month()),
                Unit::Year => one(on(i16::try_from(i32::from(today.year()) + later).ok()?, 12, 31)?),
                Unit::Day | Unit::WorkDay => one(today),
                Unit::Hour | Unit::Minute => None,
            }
        }
        Day::InNextWeek => Some(vec![plus(monday(today)?, 7)?, plus(monday(today)?, 11)?]),
        Day::Weekend => Some(vec![plus(monday(today)?, 4)?.max(today), plus(monday(today)?, 6)?]),
        Day::After { count, unit } => one(match unit {
            Unit::Day => plus(today, count)?,
            Unit::WorkDay => work_days(today, count)?,
            Unit::Week => plus(today, count.checked_mul(7)?)?,
            Unit::Month => today.checked_add(count.months()).ok()?,
            Unit::Year => today.checked_add(count.years()).ok()?,
            Unit::Hour | Unit::Minute => return None,
        }),
    }
}

fn weekday(today: Date, day: i8, which: Which, weeks: i32) -> Option<Vec<Date>> {
    let ahead = i32::from((day - today.weekday().to_monday_one_offset()).rem_euclid(7));
    let coming = if ahead == 0 { 7 } else { ahead };
    let this_week = day > today.weekday().to_monday_one_offset();
    let days = match which {
        Which::NextWeek => return Some(vec![plus(monday(today)?, 7 + i32::from(day) - 1)?]),
        Which::Coming => vec![coming],
        Which::This => vec![ahead],
        // Said on a Tuesday, "next Friday" is in three days to some and in ten to others.
        Which::Next if this_week => vec![ahead, ahead + 7],
        Which::Next => vec![coming],
        Which::Plain if ahead == 0 && weeks == 0 => vec![0, 7],
        Which::Plain => vec![ahead],
    };
    days.into_iter().map(|days| plus(today, days + 7 * weeks)).collect()
}

/// A day and month. Without a year it is the next one, unless it is only just past, when it is no due date.
fn calendar(today: Date, day: i32, month: i32, year: Option<i32>) -> Option<Date> {
    if let Some(year) = year {
        return on(i16::try_from(year).ok()?, month, day).filter(|date| *date >= today);
    }
    match on(today.year(), month, day) {
        Some(date) if date >= today => Some(date),
        Some(date) if (today - date).get_days() <= PAST => None,
        _ => on(today.year().checked_add(1)?, month, day),
    }
}

fn on(year: i16, month: i32, day: i32) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn plus(day: Date, days: i32) -> Option<Date> {
    day.checked_add(days.days()).ok()
}

fn monday(day: Date) -> Option<Date> {
    plus(day, -i32::from(day.weekday().to_monday_zero_offset()))
}

fn work_days(from: Date, count: i32) -> Option<Date> {
    let mut day = from;
    for _ in 0..count {
        day = day.tomorrow().ok()?;
        while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            day = day.tomorrow().ok()?;
        }
    }
    Some(day)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_that_do_not_exist_are_nothing() {
        let today = date(2026, 3, 3);
        assert_eq!(days(Day::Calendar { day: 31, month: 2, year: None }, today), None);
        assert_eq!(days(Day::Either { first: 13, second: 13, year: None }, today), Some(vec![]));
        assert_eq!(days(Day::After { count: 400, unit: Unit::Year }, date(9999, 12, 31)), None);
    }
}
