//! Meeting requests that come with a mail.

use inlet_model::Timestamp;
use jiff::{SignedDuration, tz::TimeZone};

use super::{mail::Letter, sheet::Invite, stage::Stage};

/// A meeting request (RFC 5545, RFC 5546).
pub(super) fn ics(stage: &Stage, letter: &Letter, invite: &Invite, uid: &str) -> Option<String> {
    let start = stage.calendar.at(&invite.at)?;
    let stamp = |at: Timestamp| at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string();
    let people: String = letter
        .to
        .iter()
        .chain(&letter.cc)
        .map(|party| {
            format!("ATTENDEE;CN=\"{}\";PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{}\r\n", party.label(), party.handle)
        })
        .collect();
    Some(format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Northwind//Calendar//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n\
         UID:{uid}\r\nDTSTAMP:{}\r\nDTSTART:{}\r\nDTEND:{}\r\nSUMMARY:{}\r\nLOCATION:{}\r\n\
         ORGANIZER;CN=\"{}\":mailto:{}\r\n{people}SEQUENCE:0\r\nSTATUS:CONFIRMED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        stamp(letter.at),
        stamp(start),
        stamp(start + SignedDuration::from_mins(invite.minutes)),
        letter.spec.subject.replace(',', "\\,"),
        invite.place.replace(',', "\\,"),
        letter.from.label(),
        letter.from.handle,
    ))
}
