//! Invitations to meetings: what a mail says of one, and the answer to it.
//!
//! A mail brings an appointment as iCalendar text (RFC 5545) with the method that says what it is for
//! (RFC 5546). Read is what a person decides by: what, when, where, who, and whether it still stands. A
//! mail never changes, so what became of a meeting is told by later mails about it: a newer invitation,
//! a cancellation, an answer of mine from another program. They are looked up when one is shown, which
//! asks for no state that could fall behind.
//!
//! Anybody can write a mail that calls somebody else's meeting off. Changes count where they come from the organizer the
//! first mail about it named, or from whom that one lets write for them (RFC 5546 §3.2.2, §3.2.5, RFC 6047 §3); from
//! anybody else they are shown as what they are and change nothing. [`standing`] is what is left.
//!
//! The answer is the smallest calendar RFC 5546 §3.2.3 allows, made of the properties that came, so that
//! the organizer's program finds its own words again. Platforms that keep calendars ask for none of it.
//!
//! iCalendar is taken apart and put together by calcard, which also knows the names Windows has for time
//! zones; what it tells is trusted for nothing but its shape.

use calcard::{
    common::{PartialDateTime, timezone::Tz},
    icalendar::{
        ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarMethod, ICalendarParameter,
        ICalendarParameterName, ICalendarParticipationStatus, ICalendarProperty, ICalendarStatus, ICalendarValue,
    },
};
use inlet_model::{Invited, MailMeta, Outgoing, Party, ReplyTo, Rsvp, Timestamp};
use jiff::{
    SignedDuration,
    civil::{Date, Time},
    tz::{Offset, TimeZone},
};

use crate::{
    api::types::{InvitationKind, InvitationView},
    clock::Clock,
    compose::is_address,
    store::item::ItemRow,
};

pub(crate) mod standing;
mod words;

/// Longest text shown of one property, in characters.
const LONGEST: usize = 300;
/// Longest calendar that is read, in bytes: files of whole calendars are no invitations.
const LARGEST: usize = 256 * 1024;
/// People shown of one meeting.
const MANY: usize = 100;

/// What a mail about a meeting says.
pub(crate) struct Meeting {
    calendar: ICalendar,
    event: ICalendarComponent,
    method: ICalendarMethod,
}

/// The meeting a mail is about, if any.
pub(crate) fn read(meta: &MailMeta) -> Option<Meeting> {
    meta.calendar.iter().filter(|text| text.len() <= LARGEST).find_map(|text| Meeting::read(text))
}

/// A mail about a meeting.
pub(crate) struct Said {
    pub(crate) row: ItemRow,
    /// Its sender's own server vouches for it, or nobody says otherwise.
    pub(crate) believed: bool,
    meeting: Meeting,
}

impl Said {
    /// What a mail says; nothing where it is about no meeting.
    pub(crate) fn of(row: ItemRow, believed: bool) -> Option<Self> {
        let meeting = read(&row.extra.mail)?;
        Some(Self { row, believed, meeting })
    }

    fn is_by(&self, owners: &[String]) -> bool {
        let from = self.row.from.as_ref().map(|from| from.handle.trim());
        (self.believed || self.row.from_me)
            && owners.iter().any(|owner| from.is_some_and(|from| from.eq_ignore_ascii_case(owner)))
    }

    /// It would change a meeting that another mail has told of before.
    fn is_change(&self) -> bool {
        matches!(self.meeting.kind(), InvitationKind::Request | InvitationKind::Cancelled)
    }
}

/// Whose account it is.
#[derive(Clone, Copy)]
pub(crate) struct Mine<'a> {
    /// The address of the account.
    pub(crate) me: Option<&'a str>,
    /// The account can answer.
    pub(crate) able: bool,
}

/// Whoever may change a meeting: its organizer, as the first mail about it has it, and who writes for them.
fn owners(all: &[Said]) -> Vec<String> {
    let first = all.iter().find(|said| matches!(said.meeting.kind(), InvitationKind::Request | InvitationKind::Notice));
    let Some(first) = first.or(all.first()) else { return Vec::new() };
    let entry = first.meeting.event.property(&ICalendarProperty::Organizer);
    let organizer = entry.and_then(person);
    let sent_by = entry.and_then(|entry| entry.parameter(&ICalendarParameterName::SentBy)?.as_text());
    let sender = first.row.from.as_ref().filter(|_| organizer.is_none());
    organizer
        .map(|organizer| organizer.handle)
        .into_iter()
        .chain(sent_by.map(|uri| uri.trim_start_matches("mailto:").trim_start_matches("MAILTO:").trim().to_owned()))
        .chain(sender.map(|sender| sender.handle.clone()))
        .collect()
}

/// What the mail at this place asks one to come to, and what has become of that. `all` is every mail of the account
/// about the same meeting, oldest first.
pub(crate) fn view(all: &[Said], at: usize, mine: Mine<'_>) -> Option<InvitationView> {
    let said = all.get(at)?;
    let (meeting, meta) = (&said.meeting, &said.row.extra.mail);
    let owners = owners(all);
    let told_before = all.get(..at)?.iter().any(|other| other.meeting.kind() == InvitationKind::Request);
    let off = meeting.kind() == InvitationKind::Cancelled;
    let disputed = said.is_change() && (told_before || off) && !said.is_by(&owners);
    let mut kind = meeting.kind();
    let mut outdated = meta.outdated;
    let mut told = None;
    for other in all.get(at + 1..)?.iter().filter(|other| other.meeting.is_of(meeting)) {
        let newer = other.meeting.sequence();
        match other.meeting.kind() {
            InvitationKind::Reply if other.row.from_me => {
                told = mine.me.and_then(|me| other.meeting.answer_of(me)).or(told);
            }
            // One that is about an earlier version was late; many name none.
            InvitationKind::Cancelled
                if kind == InvitationKind::Request
                    && other.is_by(&owners)
                    && newer.is_none_or(|newer| newer >= meeting.sequence().unwrap_or_default()) =>
            {
                kind = InvitationKind::Cancelled;
            }
            InvitationKind::Request if kind == InvitationKind::Request && other.is_by(&owners) => {
                outdated = outdated || newer.unwrap_or_default() >= meeting.sequence().unwrap_or_default();
            }
            _ => {}
        }
    }
    let mut view = meeting.shown();
    view.answer = match kind {
        InvitationKind::Reply => view.people.first().and_then(|one| one.answer),
        _ => meta.answer.or(told).or(mine.me.and_then(|me| meeting.answer_of(me))),
    };
    let foreign = view.organizer.as_ref().is_some_and(|organizer| {
        is_address(&organizer.handle) && mine.me.is_none_or(|me| !organizer.handle.eq_ignore_ascii_case(me))
    });
    let asks = kind == InvitationKind::Request && !outdated && !disputed;
    view.can_answer = asks && mine.able && !said.row.from_me && foreign;
    (view.kind, view.outdated) = (kind, outdated && kind == InvitationKind::Request);
    view.disputed = disputed;
    Some(view)
}

/// The answer as a mail to the organizer; `None` when there is nobody to tell.
pub(crate) fn reply(row: &ItemRow, me: &Party, answer: Rsvp, at: Timestamp) -> Option<Outgoing> {
    let meeting = read(&row.extra.mail)?;
    let organizer = meeting.organizer().filter(|organizer| is_address(&organizer.handle))?;
    let summary = meeting.text(&ICalendarProperty::Summary).unwrap_or_else(|| row.title.clone());
    let description = meeting.text(&ICalendarProperty::Description).unwrap_or_default();
    let invitation = format!("{} {description}", row.title);
    let (subject, text) = words::said(&invitation, me.label(), answer, &summary);
    Some(Outgoing {
        from: Some(me.clone()),
        to: vec![organizer],
        subject,
        text,
        reply_to: Some(ReplyTo {
            message_id: row.message_id.clone(),
            references: row.references.clone(),
            ..ReplyTo::default()
        }),
        calendar: Some(meeting.answered(me, answer, at)),
        date: at,
        ..Outgoing::default()
    })
}

/// When something is.
enum When {
    /// An instant, and the zone it was given in.
    At(Timestamp, TimeZone),
    /// A day, as its midnight in UTC.
    Day(Timestamp),
    /// In a zone that is not known, as it was written.
    Written(String),
}

impl Meeting {
    fn read(text: &str) -> Option<Self> {
        let calendar = ICalendar::parse(text).ok()?;
        let head = calendar.components.first()?;
        let method = head.property(&ICalendarProperty::Method).and_then(|entry| match entry.values.first()? {
            ICalendarValue::Method(method) => Some(method.clone()),
            _ => None,
        })?;
        let events = || calendar.components.iter().filter(|part| part.component_type == ICalendarComponentType::VEvent);
        // The series itself before what differs on one of its days.
        let event = events().find(|event| !event.is_recurrence_override()).or_else(|| events().next())?.clone();
        Some(Self { calendar, event, method })
    }

    fn kind(&self) -> InvitationKind {
        let off = self.event.status() == Some(&ICalendarStatus::Cancelled);
        match self.method {
            ICalendarMethod::Reply | ICalendarMethod::Counter => InvitationKind::Reply,
            ICalendarMethod::Cancel => InvitationKind::Cancelled,
            _ if off => InvitationKind::Cancelled,
            ICalendarMethod::Request => InvitationKind::Request,
            // Something to know of, which nobody waits to hear about.
            _ => InvitationKind::Notice,
        }
    }

    /// They are about the same meeting, or the same day of a series.
    fn is_of(&self, other: &Self) -> bool {
        let day =
            |meeting: &Self| meeting.event.property(&ICalendarProperty::RecurrenceId).map(|day| day.values.clone());
        self.event.uid().is_some_and(|uid| Some(uid) == other.event.uid()) && day(self) == day(other)
    }

    fn sequence(&self) -> Option<i64> {
        self.event.property(&ICalendarProperty::Sequence)?.values.first()?.as_integer()
    }

    /// Its name among calendars.
    pub(crate) fn uid(&self) -> Option<&str> {
        self.event.uid().filter(|uid| !uid.is_empty())
    }

    fn text(&self, property: &ICalendarProperty) -> Option<String> {
        let text = self.event.property(property)?.values.first()?.as_text()?;
        Some(line(text)).filter(|text| !text.is_empty())
    }

    fn organizer(&self) -> Option<Party> {
        person(self.event.property(&ICalendarProperty::Organizer)?)
    }

    fn attendees(&self) -> impl Iterator<Item = (&ICalendarEntry, Party)> {
        let attendees = self.event.entries.iter().filter(|entry| entry.name == ICalendarProperty::Attendee);
        attendees.filter_map(|entry| Some((entry, person(entry)?)))
    }

    fn answer_of(&self, me: &str) -> Option<Rsvp> {
        self.attendees().find(|(_, party)| party.handle.eq_ignore_ascii_case(me)).and_then(|(entry, _)| answer(entry))
    }

    fn shown(&self) -> InvitationView {
        let mut view = InvitationView {
            kind: self.kind(),
            outdated: false,
            summary: self.text(&ICalendarProperty::Summary).unwrap_or_default(),
            starts: None,
            ends: None,
            all_day: false,
            zone: None,
            written: None,
            place: self.text(&ICalendarProperty::Location),
            organizer: self.organizer(),
            people: self
                .attendees()
                .map(|(entry, party)| Invited { party, answer: answer(entry) })
                .take(MANY)
                .collect(),
            repeats: self.event.is_recurrent(),
            answer: None,
            proposes: self.method == ICalendarMethod::Counter,
            can_answer: false,
            disputed: false,
        };
        match self.event.property(&ICalendarProperty::Dtstart).and_then(|entry| self.when(entry)) {
            Some(When::At(at, zone)) => {
                view.starts = Some(at);
                view.zone = zone.iana_name().filter(|name| !matches!(*name, "UTC" | "Etc/UTC")).map(str::to_owned);
            }
            Some(When::Day(at)) => (view.starts, view.all_day) = (Some(at), true),
            Some(When::Written(text)) => view.written = Some(text),
            None => {}
        }
        view.ends = self.ends(view.starts, view.all_day);
        view
    }

    /// When it ends; of whole days the last one.
    fn ends(&self, starts: Option<Timestamp>, all_day: bool) -> Option<Timestamp> {
        let end = match self.event.property(&ICalendarProperty::Dtend).and_then(|entry| self.when(entry)) {
            Some(When::At(at, _)) => Some(at),
            // The end is the day after the last one (RFC 5545 §3.6.1).
            Some(When::Day(at)) => at.checked_sub(SignedDuration::from_hours(24)).ok(),
            _ => match self.event.property(&ICalendarProperty::Duration)?.values.first()? {
                ICalendarValue::Duration(long) if !all_day && !long.neg => {
                    let minutes = i64::from(long.weeks) * 10_080
                        + i64::from(long.days) * 1_440
                        + i64::from(long.hours) * 60
                        + i64::from(long.minutes);
                    starts?.checked_add(SignedDuration::from_mins(minutes)).ok()
                }
                _ => None,
            },
        };
        end.filter(|end| starts.is_some_and(|starts| *end >= starts))
    }

    fn when(&self, entry: &ICalendarEntry) -> Option<When> {
        let value = entry.values.first()?.as_partial_date_time()?;
        let date = date(value)?;
        let Some(hour) = value.hour else {
            return Some(When::Day(date.to_zoned(TimeZone::UTC).ok()?.timestamp()));
        };
        let number = |number: Option<u8>| number.and_then(|number| i8::try_from(number).ok()).unwrap_or_default();
        // A leap second is the second before it to everybody's clock.
        let time = Time::new(i8::try_from(hour).ok()?, number(value.minute), number(value.second).min(59), 0).ok()?;
        let civil = date.to_datetime(time);
        let zone = match (value.tz_hour, entry.tz_id()) {
            (Some(hours), _) => {
                let seconds = i32::from(hours) * 3_600 + i32::from(value.tz_minute.unwrap_or_default()) * 60;
                let offset = Offset::from_seconds(if value.tz_minus { -seconds } else { seconds }).ok()?;
                Some(if seconds == 0 { TimeZone::UTC } else { TimeZone::fixed(offset) })
            }
            (None, Some(name)) => {
                let known = self.calendar.build_tz_resolver().resolve(name);
                known.as_ref().and_then(Tz::name).and_then(|name| TimeZone::get(&name).ok())
            }
            // It floats: the same time on every clock (RFC 5545 §3.3.5).
            (None, None) => Some(Clock::zone()),
        };
        Some(match zone.and_then(|zone| civil.to_zoned(zone).ok()) {
            Some(at) => When::At(at.timestamp(), at.time_zone().clone()),
            None => {
                let written = format!("{} {}", civil.strftime("%Y-%m-%d %H:%M"), entry.tz_id().unwrap_or_default());
                When::Written(line(&written))
            }
        })
    }

    /// My answer, in the organizer's own words.
    fn answered(&self, me: &Party, answer: Rsvp, at: Timestamp) -> String {
        let mut event = ICalendarComponent::new(ICalendarComponentType::VEvent);
        event.add_dtstamp(PartialDateTime::from_utc_timestamp(at.as_second()));
        for kept in [
            ICalendarProperty::Uid,
            ICalendarProperty::RecurrenceId,
            ICalendarProperty::Sequence,
            ICalendarProperty::Organizer,
            ICalendarProperty::Dtstart,
            ICalendarProperty::Dtend,
            ICalendarProperty::Duration,
            ICalendarProperty::Summary,
            ICalendarProperty::Location,
        ] {
            event.entries.extend(self.event.property(&kept).cloned());
        }
        let invited = self.attendees().find(|(_, party)| party.handle.eq_ignore_ascii_case(&me.handle));
        let mut attendee = match invited {
            Some((entry, _)) => entry.clone(),
            None => ICalendarEntry::new(ICalendarProperty::Attendee).with_value(format!("mailto:{}", me.handle)),
        };
        attendee
            .params
            .retain(|one| !matches!(one.name, ICalendarParameterName::Partstat | ICalendarParameterName::Rsvp));
        attendee.add_param(ICalendarParameter::partstat(match answer {
            Rsvp::Accept => ICalendarParticipationStatus::Accepted,
            Rsvp::Tentative => ICalendarParticipationStatus::Tentative,
            Rsvp::Decline => ICalendarParticipationStatus::Declined,
        }));
        event.entries.push(attendee);

        let mut head = ICalendarComponent::new(ICalendarComponentType::VCalendar);
        head.add_property(ICalendarProperty::Prodid, "-//Inlet//Inlet//EN");
        head.add_property(ICalendarProperty::Version, "2.0");
        head.add_property(ICalendarProperty::Method, ICalendarMethod::Reply);
        head.component_ids.push(1);
        let mut calendar = ICalendar { components: vec![head, event] };
        let zones = self.calendar.components.iter();
        for zone in zones.filter(|part| part.component_type == ICalendarComponentType::VTimezone) {
            adopt(&mut calendar, &self.calendar, zone);
        }
        calendar.to_string()
    }
}

/// Copies the definition of a time zone, which the times in the event name.
fn adopt(into: &mut ICalendar, from: &ICalendar, zone: &ICalendarComponent) {
    let id = |calendar: &ICalendar| u32::try_from(calendar.components.len()).unwrap_or(u32::MAX);
    let mut copy = ICalendarComponent { component_ids: Vec::new(), ..zone.clone() };
    for part in zone.component_ids.iter().filter_map(|part| from.component_by_id(*part)) {
        copy.component_ids.push(id(into));
        into.components.push(ICalendarComponent { component_ids: Vec::new(), ..part.clone() });
    }
    let place = id(into);
    into.components.push(copy);
    if let Some(head) = into.components.first_mut() {
        head.component_ids.insert(0, place);
    }
}

fn date(value: &PartialDateTime) -> Option<Date> {
    let small = |number: Option<u8>| i8::try_from(number?).ok();
    Date::new(i16::try_from(value.year?).ok()?, small(value.month)?, small(value.day)?).ok()
}

/// The person a property names (RFC 5545 §3.3.3).
fn person(entry: &ICalendarEntry) -> Option<Party> {
    let handle = entry.calendar_address()?.trim();
    let name = entry.parameter(&ICalendarParameterName::Cn).and_then(|name| name.as_text()).map(line);
    let handle = handle.contains('@').then(|| line(handle))?;
    Some(Party { name: name.filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case(&handle)), handle })
}

fn answer(entry: &ICalendarEntry) -> Option<Rsvp> {
    match entry.parameter(&ICalendarParameterName::Partstat)?.as_text()?.to_ascii_uppercase().as_str() {
        "ACCEPTED" => Some(Rsvp::Accept),
        "TENTATIVE" => Some(Rsvp::Tentative),
        "DECLINED" => Some(Rsvp::Decline),
        _ => None,
    }
}

/// Text for one line.
fn line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
mod tests;
