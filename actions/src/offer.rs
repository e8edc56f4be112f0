//! Times to meet at, offered as text: for who asks "can we meet next week?" and named no time.
//!
//! No calendar is needed for that: the days and hours I work, the meetings that mails tell of, and the days the sentence
//! names. What is offered is a draft; nothing is promised before somebody has read it.

use std::sync::LazyLock;

use inlet_model::Timestamp;
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Zoned};
use regex::bytes::{Regex, RegexBuilder};

use crate::calendar::Calendar;
use crate::dates::When;
use crate::fold::fold_text;
use crate::language::Language;
use crate::words;

/// Times that are offered at the most.
const MOST: usize = 3;
/// How long somebody meets.
const LONG: SignedDuration = SignedDuration::from_hours(1);
/// Two times of one day are so far apart: whoever is busy at one may be free at the other.
const APART: SignedDuration = SignedDuration::from_hours(2);
/// Days that are looked through.
const DAYS: usize = 28;
/// Where times begin to be looked for, one day after the other: not always in the morning.
const LIKED: [Time; MOST] = [Time::constant(10, 0, 0, 0), Time::constant(14, 0, 0, 0), Time::constant(11, 0, 0, 0)];

static MEETS: LazyLock<Vec<(Language, Regex)>> = LazyLock::new(|| {
    let compiled = |language| {
        let regex = RegexBuilder::new(words::of(language)?.offer.meets).unicode(false).build();
        Some((language, regex.ok()?))
    };
    Language::KNOWN.into_iter().filter_map(compiled).collect()
});

/// Whether a sentence asks to meet without naming the time of day. Where the language is not known, every language may
/// speak.
#[must_use]
pub fn asks_to_meet(sentence: &str, due: Option<&When>, language: Option<Language>) -> bool {
    let timed = match due {
        Some(When::Exact(moment)) => moment.time.is_some(),
        Some(When::Ambiguous(moments)) => moments.iter().any(|moment| moment.time.is_some()),
        None => false,
    };
    let folded = fold_text(sentence);
    let fits = |(known, regex): &(Language, Regex)| {
        language.is_none_or(|language| language == *known) && regex.is_match(folded.as_bytes())
    };
    !timed && MEETS.iter().any(fits)
}

/// When I can meet.
#[derive(Clone, Debug)]
pub struct Hours<'a> {
    /// My working days, on my clock.
    pub calendar: &'a Calendar,
    /// Begin and end of a working day.
    pub work: (Time, Time),
    /// When I am busy: from, until.
    pub busy: &'a [(Timestamp, Timestamp)],
}

/// Up to three hours in which I am free: on the days that were named, where I work and am free then; else on the next
/// working days. None is today, unless today was named.
#[must_use]
pub fn free_times(hours: &Hours<'_>, due: Option<&When>, now: Timestamp) -> Vec<Zoned> {
    let today = now.to_zoned(hours.calendar.zone.clone()).date();
    let named = named_days(due).into_iter().filter(|day| *day >= today).collect::<Vec<_>>();
    let times = on(hours, &named, now);
    if !times.is_empty() {
        return times;
    }
    let Ok(tomorrow) = today.tomorrow() else { return Vec::new() };
    let after = named.last().and_then(|day| day.tomorrow().ok()).unwrap_or(tomorrow).max(tomorrow);
    let days: Vec<Date> = after.series(jiff::Span::new().days(1)).take(DAYS).collect();
    on(hours, &days, now)
}

/// The days a date means: of a week that is named by its first and last working day, all between them.
fn named_days(due: Option<&When>) -> Vec<Date> {
    let moments = match due {
        None => return Vec::new(),
        Some(When::Exact(moment)) => return vec![moment.date],
        Some(When::Ambiguous(moments)) => moments,
    };
    let mut days: Vec<Date> = moments.iter().map(|moment| moment.date).collect();
    days.sort_unstable();
    match (days.first().copied(), days.last().copied()) {
        (Some(first), Some(last)) if first.iso_week_date().week() == last.iso_week_date().week() => {
            first.series(jiff::Span::new().days(1)).take_while(|day| *day <= last).take(7).collect()
        }
        _ => days,
    }
}

/// Free hours on these days: one a day first, then further ones.
fn on(hours: &Hours<'_>, days: &[Date], now: Timestamp) -> Vec<Zoned> {
    let mut times: Vec<Zoned> = Vec::new();
    let working: Vec<Date> = days.iter().copied().filter(|day| hours.calendar.works(*day)).collect();
    for _ in 0..MOST {
        for day in &working {
            let Some(liked) = LIKED.get(times.len()) else { break };
            let free = candidates(hours, *day, now).into_iter().filter(|one| {
                times.iter().all(|other| (one.timestamp().duration_since(other.timestamp())).abs() >= APART)
            });
            let distance = |one: &Zoned| (one.time().duration_until(*liked)).abs();
            times.extend(free.min_by_key(distance));
        }
    }
    times.sort_by_key(Zoned::timestamp);
    times
}

/// Full hours of a working day in which I am free.
fn candidates(hours: &Hours<'_>, day: Date, now: Timestamp) -> Vec<Zoned> {
    let (from, until) = hours.work;
    let busy = |from: Timestamp| {
        let until = from.saturating_add(LONG).unwrap_or(from);
        hours.busy.iter().any(|(starts, ends)| *starts < until && *ends > from)
    };
    let at = |hour: i8| {
        let time = Time::new(hour, 0, 0, 0).ok().filter(|time| *time >= from)?;
        let ends = time.duration_until(until);
        let zoned = day.to_datetime(time).to_zoned(hours.calendar.zone.clone()).ok()?;
        let fits = ends >= LONG && zoned.timestamp() > now && !busy(zoned.timestamp());
        // Where clocks are set forward an hour may be missing.
        (fits && zoned.time() == time).then_some(zoned)
    };
    (0..24).filter_map(at).collect()
}

/// Times as text, in a language we have words of; nothing in another one, or without times.
#[must_use]
pub fn offer(language: Language, name: Option<&str>, times: &[Zoned]) -> Option<String> {
    let words = &words::of(language)?.offer;
    let first = times.first()?;
    let line = |at: &Zoned| {
        let weekday = words.weekdays.get(usize::try_from(at.weekday().to_monday_zero_offset()).ok()?)?;
        let month = words.months.get(usize::try_from(at.month() - 1).ok()?)?;
        let day = words.day.replace("{weekday}", weekday).replace("{day}", &at.day().to_string());
        let time = at.strftime("%H:%M").to_string();
        Some(format!("- {}", day.replace("{month}", month).replace("{time}", &time)))
    };
    let lines = times.iter().map(line).collect::<Option<Vec<_>>>()?.join("\n");
    let offset = first.strftime("%:z").to_string();
    let zone = match first.time_zone().iana_name() {
        Some(name) if name.ends_with("UTC") => "UTC".to_owned(),
        Some(name) => format!("{name} (UTC{offset})"),
        None => format!("UTC{offset}"),
    };
    let greeting = match name.map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) => words.greeting.0.replace("{name}", name),
        None => words.greeting.1.to_owned(),
    };
    Some(format!("{greeting}\n\n{}", words.text.replace("{times}", &lines).replace("{zone}", &zone)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
