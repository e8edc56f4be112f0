//! Invitations to meetings.
//!
//! Exchange keeps the appointment itself and sends along no iCalendar text: a message about a meeting and
//! its event are asked for together
//! (<https://learn.microsoft.com/graph/api/eventmessage-get>), and what a person decides by is written
//! down as iCalendar, so that the reader shows an invitation from here as it shows any other one. An answer that
//! proposes another time is a counter-proposal (RFC 5546 §3.2.7), whose time is the one proposed.
//!
//! An answer is given on the event, which is looked up when it is needed: Exchange tells the organizer,
//! files the appointment and takes the invitation to the deleted items. It can be given twice, for an
//! event that has the answer already is left alone.

use std::fmt::Write;

use calcard::common::timezone::Tz;
use inlet_model::{Result, Rsvp, SourceError, Target};
use jiff::{
    civil::{Date, DateTime},
    tz::TimeZone,
};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Outlook,
    message::{Recipient, truth},
};
use crate::graph::{
    client::Call,
    lenient::{any, each},
};

/// What is asked of a message about a meeting. Of a series or a meeting that was called off the event may
/// be gone: then this is all there is.
const SAID: &str = "id,subject,from,microsoft.graph.eventMessage/meetingMessageType,microsoft.graph.eventMessage/startDateTime,\
    microsoft.graph.eventMessage/endDateTime,microsoft.graph.eventMessage/location,microsoft.graph.eventMessage/isAllDay,\
    microsoft.graph.eventMessage/isOutOfDate,microsoft.graph.eventMessage/type,\
    microsoft.graph.eventMessageResponse/proposedNewTime";
/// People of one meeting that are written down.
const MANY: usize = 100;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Invitation {
    #[serde(deserialize_with = "any")]
    meeting_message_type: Option<String>,
    #[serde(deserialize_with = "any")]
    subject: Option<String>,
    #[serde(deserialize_with = "any")]
    from: Option<Recipient>,
    #[serde(deserialize_with = "any")]
    start_date_time: Option<Moment>,
    #[serde(deserialize_with = "any")]
    end_date_time: Option<Moment>,
    #[serde(deserialize_with = "any")]
    location: Option<Place>,
    #[serde(deserialize_with = "truth")]
    is_all_day: Option<bool>,
    #[serde(deserialize_with = "truth")]
    is_out_of_date: Option<bool>,
    #[serde(deserialize_with = "any")]
    proposed_new_time: Option<Slot>,
    #[serde(deserialize_with = "any")]
    event: Option<Event>,
}

/// A time that is proposed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Slot {
    #[serde(deserialize_with = "any")]
    start: Option<Moment>,
    #[serde(deserialize_with = "any")]
    end: Option<Moment>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Event {
    #[serde(deserialize_with = "any")]
    id: String,
    #[serde(deserialize_with = "any")]
    i_cal_u_id: Option<String>,
    #[serde(deserialize_with = "any")]
    subject: Option<String>,
    #[serde(deserialize_with = "any")]
    start: Option<Moment>,
    #[serde(deserialize_with = "any")]
    end: Option<Moment>,
    #[serde(deserialize_with = "any")]
    original_start_time_zone: Option<String>,
    #[serde(deserialize_with = "truth")]
    is_all_day: Option<bool>,
    #[serde(deserialize_with = "truth")]
    is_cancelled: Option<bool>,
    #[serde(deserialize_with = "any")]
    location: Option<Place>,
    #[serde(deserialize_with = "any")]
    organizer: Option<Recipient>,
    #[serde(deserialize_with = "each")]
    attendees: Option<Vec<Attendee>>,
    #[serde(deserialize_with = "any")]
    response_status: Option<Status>,
    recurrence: Option<Value>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Moment {
    #[serde(deserialize_with = "any")]
    date_time: Option<String>,
    #[serde(deserialize_with = "any")]
    time_zone: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Place {
    #[serde(deserialize_with = "any")]
    display_name: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Attendee {
    #[serde(flatten)]
    who: Recipient,
    #[serde(deserialize_with = "any")]
    status: Option<Status>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Status {
    #[serde(deserialize_with = "any")]
    response: Option<String>,
}

impl Status {
    fn answer(&self) -> Option<Rsvp> {
        match self.response.as_deref()?.to_ascii_lowercase().as_str() {
            "accepted" => Some(Rsvp::Accept),
            "tentativelyaccepted" => Some(Rsvp::Tentative),
            "declined" => Some(Rsvp::Decline),
            _ => None,
        }
    }
}

/// What a message says of a meeting.
pub(super) struct Told {
    /// As iCalendar.
    pub(super) calendar: String,
    /// How it was answered.
    pub(super) answer: Option<Rsvp>,
    /// A newer invitation has taken its place.
    pub(super) outdated: bool,
}

impl Outlook {
    /// A request for what a message says of a meeting.
    pub(super) fn invitation(&self, id: &str) -> Call<'_> {
        self.get(&["me", "messages", id]).query(&[("$select", SAID), ("$expand", "microsoft.graph.eventMessage/event")])
    }

    /// Answers the invitation that a message is.
    pub(super) async fn rsvp(&self, target: &Target, answer: Rsvp) -> Result<()> {
        let message = self.invitation(&target.remote_id.0).send_if_there().await?;
        let event = match message {
            Some(message) => message.json::<Invitation>().await?.event.filter(|event| !event.id.is_empty()),
            None => None,
        };
        let Some(event) = event else {
            return Err(SourceError::Permanent(
                "This meeting is no longer in your calendar: look there whether it was answered or called off."
                    .to_owned(),
            ));
        };
        if event.answer() == Some(answer) {
            return Ok(());
        }
        let act = match answer {
            Rsvp::Accept => "accept",
            Rsvp::Tentative => "tentativelyAccept",
            Rsvp::Decline => "decline",
        };
        let call = self.call(Method::POST, &["me", "events", &event.id, act]);
        call.json(&json!({ "sendResponse": true }))?.send().await?;
        Ok(())
    }
}

/// What a message with its event says; `None` when that is about no meeting one could come to.
pub(super) fn told(message: Value) -> Option<Told> {
    let message: Invitation = serde_json::from_value(message).ok()?;
    let (mut method, reply) = match message.meeting_message_type.as_deref()?.to_ascii_lowercase().as_str() {
        "meetingrequest" => ("REQUEST", None),
        "meetingcancelled" => ("CANCEL", None),
        "meetingaccepted" => ("REPLY", Some("ACCEPTED")),
        // Microsoft's word lacks a letter.
        "meetingtenativelyaccepted" | "meetingtentativelyaccepted" => ("REPLY", Some("TENTATIVE")),
        "meetingdeclined" => ("REPLY", Some("DECLINED")),
        _ => return None,
    };
    let Invitation { subject, from, location, is_out_of_date, proposed_new_time, .. } = message;
    let mut event = message.event.unwrap_or_default();
    event.start = event.start.or(message.start_date_time);
    event.end = event.end.or(message.end_date_time);
    event.location = event.location.or(location);
    event.subject = event.subject.or(subject);
    event.is_all_day = event.is_all_day.or(message.is_all_day);
    if let Some(slot) = proposed_new_time.filter(|slot| reply.is_some() && slot.start.is_some()) {
        method = "COUNTER";
        event = Event { start: slot.start, end: slot.end, is_all_day: None, recurrence: None, ..event };
    }
    event.organizer = event.organizer.or_else(|| from.clone().filter(|_| reply.is_none()));
    let answer = event.answer().filter(|_| reply.is_none());
    let people = match reply {
        Some(answer) => from.map(|from| (from, answer)).into_iter().collect(),
        None => event.attendees.take().into_iter().flatten().map(|one| (one.who, state(one.status))).collect(),
    };
    Some(Told { answer, outdated: is_out_of_date.unwrap_or_default(), calendar: event.calendar(method, people) })
}

/// Where an invited person stands (RFC 5545 §3.2.12).
fn state(status: Option<Status>) -> &'static str {
    match status.and_then(|status| status.answer()) {
        Some(Rsvp::Accept) => "ACCEPTED",
        Some(Rsvp::Tentative) => "TENTATIVE",
        Some(Rsvp::Decline) => "DECLINED",
        None => "NEEDS-ACTION",
    }
}

impl Event {
    fn answer(&self) -> Option<Rsvp> {
        self.response_status.as_ref()?.answer()
    }

    fn calendar(&self, method: &str, people: Vec<(Recipient, &str)>) -> String {
        let mut out = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\n");
        let mut say = |name: &str, value: &str| {
            let _ = write!(out, "{name}:{value}\r\n");
        };
        if let Some(uid) = &self.i_cal_u_id {
            say("UID", &escaped(uid));
        }
        let all_day = self.is_all_day.unwrap_or_default();
        let zone = self.original_start_time_zone.as_deref();
        for (name, moment) in [("DTSTART", &self.start), ("DTEND", &self.end)] {
            if let Some((parameters, value)) = moment.as_ref().and_then(|moment| moment.written(all_day, zone)) {
                say(&format!("{name}{parameters}"), &value);
            }
        }
        if let Some(subject) = &self.subject {
            say("SUMMARY", &escaped(subject));
        }
        if let Some(place) = self.location.as_ref().and_then(|place| place.display_name.as_deref()) {
            say("LOCATION", &escaped(place));
        }
        if let Some((parameters, value)) = self.organizer.clone().and_then(person) {
            say(&format!("ORGANIZER{parameters}"), &value);
        }
        let people = people.into_iter().filter_map(|(who, state)| Some((person(who)?, state)));
        for ((parameters, value), state) in people.take(MANY) {
            say(&format!("ATTENDEE{parameters};PARTSTAT={state}"), &value);
        }
        if let Some(recurrence) = self.recurrence.as_ref().filter(|recurrence| !recurrence.is_null()) {
            match rule(recurrence, all_day) {
                Some(rule) => say("RRULE", &rule),
                // That it repeats is known, and not how: this day of it is named once more.
                None => {
                    if let Some((parameters, value)) = self.start.as_ref().and_then(|at| at.written(all_day, zone)) {
                        say(&format!("RDATE{parameters}"), &value);
                    }
                }
            }
        }
        if self.is_cancelled.unwrap_or_default() {
            say("STATUS", "CANCELLED");
        }
        out.push_str("END:VEVENT\r\nEND:VCALENDAR\r\n");
        out
    }
}

impl Moment {
    /// Parameters and value of a date and time (RFC 5545 §3.3.5), in the zone of who made the meeting.
    /// Graph tells it in UTC unless asked otherwise.
    fn written(&self, all_day: bool, made_in: Option<&str>) -> Option<(String, String)> {
        let at: DateTime = self.date_time.as_deref()?.trim_end_matches('Z').parse().ok()?;
        if all_day {
            return Some((";VALUE=DATE".to_owned(), Date::from(at).strftime("%Y%m%d").to_string()));
        }
        let told_in = self.time_zone.as_deref().unwrap_or("UTC");
        let named = |zone: &str| TimeZone::get(&zone.parse::<Tz>().ok()?.name()?).ok();
        let (at, zone) = match (named(told_in), made_in) {
            (Some(told), Some(made_in)) if told_in != made_in => match named(made_in) {
                Some(made) => (at.to_zoned(told).ok()?.with_time_zone(made).datetime(), made_in),
                None => (at, told_in),
            },
            _ => (at, told_in),
        };
        let written = at.strftime("%Y%m%dT%H%M%S");
        Some(match zone {
            "UTC" => (String::new(), format!("{written}Z")),
            zone => (format!(";TZID={}", quoted(zone)), written.to_string()),
        })
    }
}

/// How a meeting repeats (RFC 5545 §3.3.10), of Graph's `patternedRecurrence`; nothing where it is said in a way that is
/// not documented.
fn rule(recurrence: &Value, all_day: bool) -> Option<String> {
    let (pattern, range) = (recurrence.get("pattern")?, recurrence.get("range")?);
    let number = |of: &Value, name: &str| of.get(name)?.as_i64().filter(|number| *number > 0);
    let word = |of: &Value, name: &str| of.get(name)?.as_str().map(str::to_ascii_lowercase);
    let days = || {
        let days = pattern.get("daysOfWeek")?.as_array()?.iter().map(|day| weekday(day.as_str()?));
        Some(days.collect::<Option<Vec<_>>>().filter(|days| !days.is_empty())?.join(","))
    };
    let month_day = || number(pattern, "dayOfMonth");
    let place = || match word(pattern, "index")?.as_str() {
        "first" => Some(1),
        "second" => Some(2),
        "third" => Some(3),
        "fourth" => Some(4),
        "last" => Some(-1),
        _ => None,
    };
    let month = || number(pattern, "month");
    let mut rule = match word(pattern, "type")?.as_str() {
        "daily" => "FREQ=DAILY".to_owned(),
        "weekly" => {
            let week = word(pattern, "firstDayOfWeek").and_then(|day| weekday(&day)).unwrap_or("SU");
            format!("FREQ=WEEKLY;BYDAY={};WKST={week}", days()?)
        }
        "absolutemonthly" => format!("FREQ=MONTHLY;BYMONTHDAY={}", month_day()?),
        "relativemonthly" => format!("FREQ=MONTHLY;BYDAY={};BYSETPOS={}", days()?, place()?),
        "absoluteyearly" => format!("FREQ=YEARLY;BYMONTH={};BYMONTHDAY={}", month()?, month_day()?),
        "relativeyearly" => format!("FREQ=YEARLY;BYMONTH={};BYDAY={};BYSETPOS={}", month()?, days()?, place()?),
        _ => return None,
    };
    if let Some(interval) = number(pattern, "interval").filter(|interval| *interval > 1) {
        let _ = write!(rule, ";INTERVAL={interval}");
    }
    match word(range, "type")?.as_str() {
        "noend" => {}
        "numbered" => {
            let _ = write!(rule, ";COUNT={}", number(range, "numberOfOccurrences")?);
        }
        "enddate" => {
            let last: Date = range.get("endDate")?.as_str()?.parse().ok()?;
            // The last day counts, whatever the zone.
            let clock = if all_day { "" } else { "T235959Z" };
            let _ = write!(rule, ";UNTIL={}{clock}", last.strftime("%Y%m%d"));
        }
        _ => return None,
    }
    Some(rule)
}

fn weekday(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "sunday" => "SU",
        "monday" => "MO",
        "tuesday" => "TU",
        "wednesday" => "WE",
        "thursday" => "TH",
        "friday" => "FR",
        "saturday" => "SA",
        _ => return None,
    })
}

/// Parameters and value of a person.
fn person(who: Recipient) -> Option<(String, String)> {
    let party = who.party();
    let address = party.handle.replace(char::is_control, "");
    (!address.is_empty()).then(|| (format!(";CN={}", quoted(party.label())), format!("mailto:{address}")))
}

/// A parameter's value between quotes, which it cannot hold itself (RFC 5545 §3.2).
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace(|c: char| c.is_control() || c == '"', " "))
}

/// Text as it stands in a calendar (RFC 5545 §3.3.11).
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace(',', "\\,").replace(';', "\\;");
    text.replace("\r\n", "\\n").replace(['\r', '\n'], "\\n")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_is_written_in_the_zone_it_was_made_in() {
        let told = told(json!({
            "@odata.type": "#microsoft.graph.eventMessageRequest", "id": "1", "meetingMessageType": "meetingRequest",
            "isOutOfDate": true,
            "event": {
                "id": "e", "iCalUId": "040000", "subject": "Budget, second\r\nBEGIN:VALARM",
                "start": { "dateTime": "2026-06-05T08:00:00.0000000", "timeZone": "UTC" },
                "end": { "dateTime": "2026-06-05T09:00:00.0000000", "timeZone": "UTC" },
                "originalStartTimeZone": "W. Europe Standard Time",
                "organizer": { "emailAddress": { "name": "Ann \"A\"", "address": "ann@fabrikam.example" } },
                "attendees": [{ "type": "required", "status": { "response": "declined" },
                    "emailAddress": { "name": "Bob", "address": "bob@fabrikam.example" } }],
                "responseStatus": { "response": "tentativelyAccepted" },
            },
        }))
        .unwrap();
        assert_eq!((told.answer, told.outdated), (Some(Rsvp::Tentative), true));
        for line in [
            "METHOD:REQUEST",
            "DTSTART;TZID=\"W. Europe Standard Time\":20260605T100000",
            "SUMMARY:Budget\\, second\\nBEGIN:VALARM",
            "ORGANIZER;CN=\"Ann  A \":mailto:ann@fabrikam.example",
            "ATTENDEE;CN=\"Bob\";PARTSTAT=DECLINED:mailto:bob@fabrikam.example",
        ] {
            assert!(told.calendar.lines().any(|have| have == line), "{line} in {}", told.calendar);
        }
    }

    #[test]
    fn one_odd_value_costs_itself_and_nothing_else() {
        let told = told(json!({
            "meetingMessageType": "meetingRequest", "isOutOfDate": "true", "isAllDay": null, "location": "Here",
            "from": { "emailAddress": null },
            "event": {
                "id": "e", "iCalUId": 7, "subject": "Budget", "isCancelled": "no",
                "start": { "dateTime": "2026-06-05T08:00:00", "timeZone": 1 },
                "end": "later", "location": { "displayName": ["Room"] },
                "organizer": { "emailAddress": { "name": 1, "address": "ann@fabrikam.example" } },
                "attendees": [
                    { "emailAddress": null, "status": null },
                    "nobody",
                    { "emailAddress": { "address": "bob@fabrikam.example" }, "status": { "response": "declined" } },
                    { "emailAddress": { "address": "cy@fabrikam.example" }, "status": "unknown" },
                ],
                "responseStatus": 3, "recurrence": "daily",
            },
        }))
        .unwrap();
        assert!(told.outdated && told.answer.is_none());
        for line in [
            "DTSTART:20260605T080000Z",
            "SUMMARY:Budget",
            "ORGANIZER;CN=\"ann@fabrikam.example\":mailto:ann@fabrikam.example",
            "ATTENDEE;CN=\"bob@fabrikam.example\";PARTSTAT=DECLINED:mailto:bob@fabrikam.example",
            "ATTENDEE;CN=\"cy@fabrikam.example\";PARTSTAT=NEEDS-ACTION:mailto:cy@fabrikam.example",
        ] {
            assert!(told.calendar.lines().any(|have| have == line), "{line} in {}", told.calendar);
        }
        assert_eq!(told.calendar.matches("ATTENDEE").count(), 2, "{}", told.calendar);
    }

    #[test]
    fn without_an_event_the_message_says_what_it_can() {
        let message = |kind: &str| {
            told(json!({
                "meetingMessageType": kind, "subject": "Canceled: Lunch", "isAllDay": false,
                "from": { "emailAddress": { "address": "ann@fabrikam.example" } },
                "startDateTime": { "dateTime": "2026-06-05T08:00:00", "timeZone": "UTC" },
            }))
        };
        let off = message("meetingCancelled").unwrap();
        assert!(off.calendar.contains("METHOD:CANCEL") && off.calendar.contains("DTSTART:20260605T080000Z"));
        let yes = message("meetingAccepted").unwrap();
        assert!(yes.calendar.contains("PARTSTAT=ACCEPTED:mailto:ann@fabrikam.example") && yes.answer.is_none());
        assert!(message("none").is_none());
    }

    #[test]
    fn an_answer_that_proposes_another_time_tells_which() {
        let moment = |hour: u32| json!({ "dateTime": format!("2026-06-05T{hour:02}:00:00"), "timeZone": "UTC" });
        let answer = |kind: &str, proposed: Value| {
            told(json!({
                "meetingMessageType": kind, "from": { "emailAddress": { "address": "ann@fabrikam.example" } },
                "proposedNewTime": proposed,
                "event": { "id": "e", "iCalUId": "040000", "start": moment(8), "end": moment(9), "isAllDay": true },
            }))
            .unwrap()
            .calendar
        };
        let slot = json!({ "start": moment(10), "end": moment(11) });
        let said = answer("meetingTenativelyAccepted", slot.clone());
        for line in ["METHOD:COUNTER", "UID:040000", "DTSTART:20260605T100000Z", "DTEND:20260605T110000Z"] {
            assert!(said.lines().any(|have| have == line), "{line} in {said}");
        }
        assert!(said.contains("PARTSTAT=TENTATIVE:mailto:ann@fabrikam.example"));
        for odd in [json!(null), json!("later"), json!({ "start": 7, "end": moment(11) })] {
            assert!(answer("meetingDeclined", odd).contains("METHOD:REPLY"));
        }
        assert!(answer("meetingRequest", slot).contains("METHOD:REQUEST"), "only an answer proposes");
    }

    #[test]
    fn a_series_repeats_as_the_platform_says() {
        let of = |pattern: Value, range: Value| rule(&json!({ "pattern": pattern, "range": range }), false);
        let end = json!({ "type": "noEnd", "startDate": "2026-06-05" });
        let weekly =
            json!({ "type": "weekly", "interval": 2, "daysOfWeek": ["monday", "friday"], "firstDayOfWeek": "monday" });
        assert_eq!(of(weekly, end.clone()).unwrap(), "FREQ=WEEKLY;BYDAY=MO,FR;WKST=MO;INTERVAL=2");
        let last = json!({ "type": "relativeMonthly", "interval": 1, "daysOfWeek": ["friday"], "index": "last" });
        let numbered = json!({ "type": "numbered", "numberOfOccurrences": 3 });
        assert_eq!(of(last, numbered).unwrap(), "FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1;COUNT=3");
        let yearly = json!({ "type": "absoluteYearly", "interval": 1, "dayOfMonth": 5, "month": 6 });
        let until = json!({ "type": "endDate", "endDate": "2030-06-05" });
        assert_eq!(of(yearly, until).unwrap(), "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=5;UNTIL=20300605T235959Z");
        assert_eq!(of(json!({ "type": "weekly", "interval": 1 }), end), None, "a week without days is said by nobody");
        assert_eq!(rule(&json!({ "pattern": {} }), false), None);
    }
}
