//! The meetings that stand: what all mails about one come to, day by day.
//!
//! A series is unrolled only for the time that is asked for, by calcard's own arithmetic of recurrences; days of it that
//! the organizer moved or called off by a mail of their own (`RECURRENCE-ID`) are left out, and the moved one is a
//! meeting of its own.

use calcard::common::timezone::Tz;
use calcard::icalendar::{ICalendarComponentType, ICalendarProperty};
use inlet_model::{Timestamp, UnifiedMeeting};
use jiff::{SignedDuration, tz::TimeZone};

use super::{InvitationKind, InvitationView, Meeting, Mine, Said, When, line, owners, view};
use crate::clock::Clock;

/// Days of a series that are unrolled at most.
const DAYS: usize = 4_000;
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// From when to when a meeting is, a whole series of them.
pub(crate) struct Span {
    pub(crate) uid: String,
    pub(crate) starts: Timestamp,
    /// Nothing where it repeats.
    pub(crate) ends: Option<Timestamp>,
    pub(crate) all_day: bool,
}

/// A time that is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Between {
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
}

impl Between {
    fn holds(&self, starts: Timestamp, ends: Option<Timestamp>, all_day: bool) -> bool {
        let ends = ends.unwrap_or(starts);
        if !all_day {
            // One that ends at this moment is over, one that takes no time is not.
            return starts < self.until && (ends > self.from || ends == starts && starts >= self.from);
        }
        // A day is a day wherever one is: its name counts.
        let day = |at: Timestamp, zone: TimeZone| at.to_zoned(zone).date();
        let last = self.until.checked_sub(SignedDuration::from_millis(1)).unwrap_or(self.until);
        day(starts, TimeZone::UTC) <= day(last, Clock::zone())
            && day(ends, TimeZone::UTC) >= day(self.from, Clock::zone())
    }
}

/// A meeting and the place of its mail among all.
pub(crate) struct Standing {
    pub(crate) meeting: UnifiedMeeting,
    pub(crate) at: usize,
    pub(crate) can_answer: bool,
}

impl Meeting {
    pub(crate) fn span(&self) -> Option<Span> {
        let shown = self.shown();
        let starts = shown.starts?;
        let ends = (!shown.repeats).then(|| match (shown.ends, shown.all_day) {
            (ends, true) => ends.unwrap_or(starts).saturating_add(DAY).unwrap_or(starts),
            (ends, false) => ends.unwrap_or(starts),
        });
        Some(Span { uid: self.uid()?.to_owned(), starts, ends, all_day: shown.all_day })
    }

    /// The day of a series it is about.
    fn day(&self) -> Option<Timestamp> {
        match self.when(self.event.property(&ICalendarProperty::RecurrenceId)?)? {
            When::At(at, _) | When::Day(at) => Some(at),
            When::Written(_) => None,
        }
    }

    /// When it is, within this time.
    fn times(&self, shown: &InvitationView, between: Between) -> Vec<(Timestamp, Option<Timestamp>)> {
        let Some(starts) = shown.starts else { return Vec::new() };
        if !shown.repeats {
            let is = between.holds(starts, shown.ends, shown.all_day);
            return is.then_some((starts, shown.ends)).into_iter().collect();
        }
        let zone = Clock::zone();
        let here = zone.iana_name().and_then(|name| name.parse::<Tz>().ok()).unwrap_or_default();
        let unrolled = self.calendar.expand_dates(here, DAYS).events.into_iter().filter_map(|event| {
            let part = self.calendar.components.get(usize::try_from(event.comp_id).ok()?)?;
            if part.component_type != ICalendarComponentType::VEvent {
                return None;
            }
            let (starts, ends) = event.timestamps();
            let (starts, ends) = (Timestamp::from_second(starts).ok()?, Timestamp::from_second(ends).ok()?);
            if !shown.all_day {
                return Some((starts, Some(ends).filter(|ends| *ends > starts)));
            }
            // Midnight here; the day is meant.
            let midnight = |at: Timestamp| {
                at.to_zoned(zone.clone()).date().to_zoned(TimeZone::UTC).ok().map(|day| day.timestamp())
            };
            let last = midnight(ends).and_then(|after| after.checked_sub(DAY).ok());
            Some((midnight(starts)?, last))
        });
        unrolled.filter(|(starts, ends)| between.holds(*starts, *ends, shown.all_day)).collect()
    }
}

/// What stands of one meeting within a time. `all` is every mail about it, oldest first.
pub(crate) fn standing(all: &[Said], mine: Mine<'_>, between: Between) -> Vec<Standing> {
    let owners = owners(all);
    // Days that were moved or called off by a mail of their own.
    let apart: Vec<Timestamp> = all
        .iter()
        .filter(|said| said.is_change() && said.is_by(&owners))
        .filter_map(|said| said.meeting.day())
        .collect();
    let mut found = Vec::new();
    for (at, said) in all.iter().enumerate() {
        if said.meeting.kind() != InvitationKind::Request {
            continue;
        }
        let Some(shown) = view(all, at, mine).filter(|shown| !shown.outdated && !shown.disputed) else { continue };
        let series = said.meeting.day().is_none() && shown.repeats;
        for (starts, ends) in said.meeting.times(&shown, between) {
            if series && apart.contains(&starts) {
                continue;
            }
            let meeting = UnifiedMeeting {
                uid: line(said.meeting.uid().unwrap_or_default()),
                summary: shown.summary.clone(),
                starts,
                ends,
                all_day: shown.all_day,
                repeats: shown.repeats,
                place: shown.place.clone(),
                organizer: shown.organizer.clone(),
                people: shown.people.clone(),
                cancelled: shown.kind == InvitationKind::Cancelled,
                answer: shown.answer,
            };
            found.push(Standing { meeting, at, can_answer: shown.can_answer });
        }
    }
    found
}
