use inlet_model::{Flags, ItemId, Kind, Receipt, SourceId, ThreadId};

use super::*;
use crate::store::item::{Extra, People};

const ME: &str = "me@contoso.example";

/// As Outlook sends one: a Windows time zone with its definition, folded lines, an alarm.
const REQUEST: &str = "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VTIMEZONE\nTZID:W. Europe Standard Time\nBEGIN:STANDARD\n\
    DTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\n\
    END:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n\
    RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\nBEGIN:VEVENT\n\
    UID:0400-8200-e\n DEF\nSEQUENCE:2\nDTSTAMP:20260601T080000Z\nDTSTART;TZID=W. Europe Standard Time:20260605T100000\n\
    DTEND;TZID=W. Europe Standard Time:20260605T110000\nSUMMARY:Budget\\, second\n  reading\nLOCATION:Room 4\\; upstairs\n\
    ORGANIZER;CN=\"Ann: the boss\":mailto:ann@fabrikam.example\n\
    ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=Me:MAILTO:Me@contoso.example\n\
    ATTENDEE;PARTSTAT=ACCEPTED;CN=Bob:mailto:bob@fabrikam.example\nBEGIN:VALARM\nSUMMARY:Alarm\nEND:VALARM\n\
    END:VEVENT\nEND:VCALENDAR\n";

fn mail(text: &str) -> ItemRow {
    ItemRow {
        id: ItemId(1),
        source: SourceId(1),
        thread: ThreadId(1),
        kind: Kind::Mail,
        stable_id: String::new(),
        message_id: Some("ask@fabrikam.example".into()),
        at: Timestamp::UNIX_EPOCH,
        from: Some(Party::named("Ann", "ann@fabrikam.example")),
        from_me: false,
        title: "Budget".into(),
        size: 0,
        flags: Flags::default(),
        has_html: false,
        has_attachment: false,
        retracted: false,
        edited: false,
        receipt: Receipt::None,
        people: People::default(),
        references: Vec::new(),
        extra: Extra {
            mail: MailMeta { calendar: vec![text.replace('\n', "\r\n")], ..MailMeta::default() },
            ..Extra::default()
        },
        body: 0,
        op: None,
        text_rev: 0,
        deleted: false,
    }
}

const MINE: Mine<'_> = Mine { me: Some(ME), able: true };

fn said(rows: &[&ItemRow]) -> Vec<Said> {
    rows.iter().filter_map(|row| Said::of((*row).clone(), true)).collect()
}

fn seen(row: &ItemRow, later: &[ItemRow]) -> InvitationView {
    let rows: Vec<&ItemRow> = std::iter::once(row).chain(later).collect();
    view(&said(&rows), 0, MINE).expect("a meeting")
}

#[test]
fn a_request_says_what_when_where_and_who() {
    let view = seen(&mail(REQUEST), &[]);
    assert_eq!((view.kind, view.summary.as_str()), (InvitationKind::Request, "Budget, second reading"));
    assert_eq!(view.place.as_deref(), Some("Room 4; upstairs"));
    assert_eq!(view.starts, Some("2026-06-05T08:00:00Z".parse().unwrap()));
    assert_eq!(view.ends, Some("2026-06-05T09:00:00Z".parse().unwrap()));
    assert_eq!(view.zone.as_deref(), Some("Europe/Berlin"));
    assert_eq!(view.organizer, Some(Party::named("Ann: the boss", "ann@fabrikam.example")));
    assert_eq!(view.people.len(), 2);
    assert_eq!(
        view.people[1],
        Invited { party: Party::named("Bob", "bob@fabrikam.example"), answer: Some(Rsvp::Accept) }
    );
    assert!(view.can_answer && view.answer.is_none() && !view.all_day && !view.repeats && !view.outdated);

    let given = |row: &ItemRow| seen(row, &[]).answer;
    assert_eq!(given(&mail(&REQUEST.replace("NEEDS-ACTION", "TENTATIVE"))), Some(Rsvp::Tentative));
    let mut answered = mail(&REQUEST.replace("NEEDS-ACTION", "TENTATIVE"));
    answered.extra.mail.answer = Some(Rsvp::Decline);
    assert_eq!(given(&answered), Some(Rsvp::Decline), "what was said since counts");
}

#[test]
fn a_counter_proposal_is_an_answer_that_tells_another_time() {
    let counter = REQUEST.replace("METHOD:REQUEST", "METHOD:COUNTER").replace("20260605T1", "20260608T1");
    let view = seen(&mail(&counter), &[]);
    assert_eq!((view.kind, view.starts), (InvitationKind::Reply, Some("2026-06-08T08:00:00Z".parse().unwrap())));
    assert!(view.proposes && !view.can_answer);
    assert!(!seen(&mail(REQUEST), &[mail(&counter)]).proposes, "the meeting stays when it is");
}

#[test]
fn only_what_somebody_else_asks_can_be_answered() {
    let row = mail(REQUEST);
    let can =
        |row: &ItemRow, me: &str, able: bool| view(&said(&[row]), 0, Mine { me: Some(me), able }).unwrap().can_answer;
    assert!(can(&row, ME, true));
    assert!(!can(&row, ME, false), "not every account can");
    assert!(!can(&row, "ann@fabrikam.example", true), "it is my own");
    assert!(!can(&ItemRow { from_me: true, ..row.clone() }, ME, true));
    let nobody = mail(&REQUEST.replace("ORGANIZER;CN=\"Ann: the boss\":mailto:ann@fabrikam.example\n", ""));
    assert!(!seen(&nobody, &[]).can_answer);
    assert!(reply(&nobody, &Party { name: None, handle: ME.into() }, Rsvp::Accept, Timestamp::UNIX_EPOCH).is_none());
}

#[test]
fn later_mails_say_what_has_become_of_it() {
    let row = mail(REQUEST);
    let newer = mail(&REQUEST.replace("SEQUENCE:2", "SEQUENCE:3"));
    let view = seen(&row, &[newer]);
    assert!(view.outdated && !view.can_answer);
    let older = seen(&row, &[mail(&REQUEST.replace("SEQUENCE:2", "SEQUENCE:1"))]);
    assert!(!older.outdated && older.can_answer, "an older one that was late changes nothing");
    let other = seen(&row, &[mail(&REQUEST.replace("UID:0400", "UID:0401").replace("SEQUENCE:2", "SEQUENCE:9"))]);
    assert!(!other.outdated, "another meeting");

    let off = mail(&REQUEST.replace("METHOD:REQUEST", "METHOD:CANCEL"));
    let view = seen(&row, std::slice::from_ref(&off));
    assert_eq!((view.kind, view.can_answer), (InvitationKind::Cancelled, false));
    assert_eq!(seen(&off, &[]).kind, InvitationKind::Cancelled);
    let day = mail(&off.extra.mail.calendar[0].replace("UID:", "RECURRENCE-ID:20260612T080000Z\r\nUID:"));
    assert_eq!(seen(&row, &[day]).kind, InvitationKind::Request, "one day of a series is not the series");

    let yes = REQUEST.replace("METHOD:REQUEST", "METHOD:REPLY").replace("NEEDS-ACTION", "ACCEPTED");
    let mine = ItemRow { from_me: true, ..mail(&yes) };
    assert_eq!(seen(&row, &[mine]).answer, Some(Rsvp::Accept), "answered with another program");
    assert_eq!(seen(&row, &[mail(&yes)]).answer, None, "somebody else's answer is not mine");
    assert_eq!(seen(&mail(&yes), &[]).kind, InvitationKind::Reply);
}

#[test]
fn days_floating_times_and_unknown_zones_are_not_made_up() {
    let event = |lines: &str| {
        seen(
            &mail(&format!("BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n")),
            &[],
        )
    };
    let day = event("DTSTART;VALUE=DATE:20260605\nDTEND;VALUE=DATE:20260607\nRRULE:FREQ=DAILY");
    assert!(day.all_day && day.repeats);
    assert_eq!(day.starts, Some("2026-06-05T00:00:00Z".parse().unwrap()));
    assert_eq!(day.ends, Some("2026-06-06T00:00:00Z".parse().unwrap()), "the last day, not the one after it");
    let odd = event("DTSTART;TZID=Nowhere/Land:20260605T100000");
    assert_eq!((odd.starts, odd.written.as_deref()), (None, Some("2026-06-05 10:00 Nowhere/Land")));
    let long = event("DTSTART:20260605T100000Z\nDURATION:PT1H30M");
    assert_eq!(long.ends, Some("2026-06-05T11:30:00Z".parse().unwrap()));
    assert_eq!(long.zone, None, "UTC is nobody's zone");
    assert!(event("DTSTART:20260605T100000").starts.is_some());
    for broken in ["DTSTART:nonsense", "DTSTART:20261399T250000Z", "SUMMARY", "DTSTART;TZID=:20260605T100000"] {
        assert_eq!(event(broken).starts, None, "{broken}");
    }
}

#[test]
fn what_is_no_meeting_is_none() {
    let none = |text: &str| assert!(read(&mail(text).extra.mail).is_none(), "{text}");
    none("BEGIN:VCALENDAR\nEND:VCALENDAR\n");
    none("no calendar");
    none("BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VTODO\nSUMMARY:x\nEND:VTODO\nEND:VCALENDAR\n");
    none(&format!("{REQUEST}{}", " ".repeat(LARGEST)));
    assert!(read(&MailMeta::default()).is_none());
    // Torn at any place it is read as far as it goes, or not at all.
    let whole = REQUEST.replace('\n', "\r\n");
    for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        let row = mail(whole.get(..end).unwrap());
        let all = said(&[&row]);
        if view(&all, 0, MINE).is_some() {
            standing::standing(&all, MINE, between("2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z"));
            reply(&row, &Party { name: None, handle: ME.into() }, Rsvp::Accept, Timestamp::UNIX_EPOCH);
        }
    }
}

#[test]
fn an_answer_is_a_reply_in_the_organizers_words() {
    let me = Party::named("Me", ME);
    let at = "2026-06-02T09:00:00Z".parse().unwrap();
    let answer = reply(&mail(REQUEST), &me, Rsvp::Tentative, at).unwrap();
    assert_eq!(answer.to, [Party::named("Ann: the boss", "ann@fabrikam.example")]);
    assert_eq!(answer.subject, "Tentative: Budget, second reading");
    assert_eq!(answer.reply_to.as_ref().unwrap().message_id.as_deref(), Some("ask@fabrikam.example"));
    let text = answer.calendar.unwrap();
    assert!(text.lines().all(|line| line.len() <= 75) && text.contains("\r\n"), "{text}");
    let whole = text.replace("\r\n ", "");
    for line in [
        "METHOD:REPLY",
        "UID:0400-8200-eDEF",
        "SEQUENCE:2",
        "DTSTAMP:20260602T090000Z",
        "ORGANIZER;CN=\"Ann: the boss\":mailto:ann@fabrikam.example",
        "SUMMARY:Budget\\, second reading",
    ] {
        assert!(whole.lines().any(|have| have == line), "{line} in {whole}");
    }
    assert!(whole.contains("BEGIN:VTIMEZONE") && whole.contains("TZID:W. Europe Standard Time"), "{whole}");
    assert!(!whole.contains("bob@") && !whole.contains("RSVP") && !whole.contains("VALARM"), "{whole}");

    // Another program reads it as what it is.
    let mine = ItemRow { from_me: true, ..mail(&text) };
    assert_eq!(seen(&mine, &[]).kind, InvitationKind::Reply);
    assert_eq!(seen(&mail(REQUEST), &[mine]).answer, Some(Rsvp::Tentative));
    let stranger = Party { name: None, handle: "else@contoso.example".into() };
    let told = reply(&mail(REQUEST), &stranger, Rsvp::Decline, at).unwrap().calendar.unwrap().replace("\r\n ", "");
    assert!(told.contains("ATTENDEE;PARTSTAT=DECLINED:mailto:else@contoso.example"), "{told}");
}

fn by(handle: &str, text: &str) -> ItemRow {
    ItemRow { from: Some(Party { name: None, handle: handle.into() }), ..mail(text) }
}

#[test]
fn only_the_organizer_changes_a_meeting() {
    let row = mail(REQUEST);
    let off = REQUEST.replace("METHOD:REQUEST", "METHOD:CANCEL");
    let moved = REQUEST.replace("SEQUENCE:2", "SEQUENCE:9").replace("T100000", "T150000");
    let hers = "ORGANIZER;CN=\"Ann: the boss\":mailto:ann@fabrikam.example";
    // Whatever a stranger's own calendar says of who organizes it.
    let claimed = off.replace(hers, "ORGANIZER:mailto:mallory@evil.example");
    for text in [&off, &moved, &claimed] {
        let theirs = by("mallory@evil.example", text);
        let view_of = |rows: &[&ItemRow], at: usize| view(&said(rows), at, MINE).unwrap();
        let first = view_of(&[&row, &theirs], 0);
        assert_eq!((first.kind, first.outdated, first.can_answer), (InvitationKind::Request, false, true), "{text}");
        let shown = view_of(&[&row, &theirs], 1);
        assert!(shown.disputed && !shown.can_answer, "it is shown as what it is: {text}");
    }
    assert!(view(&said(&[&by("mallory@evil.example", &off)]), 0, MINE).unwrap().disputed, "nor without the first mail");

    // Her address on a mail that her own server disowns.
    let forged: Vec<Said> = [(row.clone(), true), (mail(&off), false)]
        .into_iter()
        .filter_map(|(row, believed)| Said::of(row, believed))
        .collect();
    assert_eq!(view(&forged, 0, MINE).unwrap().kind, InvitationKind::Request);
    assert!(view(&forged, 1, MINE).unwrap().disputed);

    let cancelled = |first: &ItemRow, other: &ItemRow| view(&said(&[first, other]), 0, MINE).unwrap().kind;
    assert_eq!(cancelled(&row, &by("ANN@Fabrikam.Example", &off)), InvitationKind::Cancelled);
    // Whom she lets write for her stands in her own invitation, not in theirs.
    let office = REQUEST.replace("ORGANIZER;", "ORGANIZER;SENT-BY=\"mailto:office@fabrikam.example\";");
    let theirs = by("office@fabrikam.example", &office.replace("METHOD:REQUEST", "METHOD:CANCEL"));
    assert_eq!(cancelled(&mail(&office), &theirs), InvitationKind::Cancelled);
    assert_eq!(cancelled(&row, &theirs), InvitationKind::Request);
    // One about an earlier version was late; one that names no version is about the last.
    assert_eq!(cancelled(&row, &mail(&off.replace("SEQUENCE:2", "SEQUENCE:1"))), InvitationKind::Request);
    assert_eq!(cancelled(&row, &mail(&off.replace("SEQUENCE:2\n", ""))), InvitationKind::Cancelled);
    // A forwarded invitation that comes alone can be answered: its organizer hears of it.
    assert!(view(&said(&[&by("bob@fabrikam.example", REQUEST)]), 0, MINE).unwrap().can_answer);
}

fn between(from: &str, until: &str) -> standing::Between {
    standing::Between { from: from.parse().unwrap(), until: until.parse().unwrap() }
}

fn starts(rows: &[&ItemRow], from: &str, until: &str) -> Vec<String> {
    let found = standing::standing(&said(rows), MINE, between(from, until));
    found
        .iter()
        .map(|one| format!("{}{}", one.meeting.starts, if one.meeting.cancelled { " off" } else { "" }))
        .collect()
}

#[test]
fn what_stands_is_what_was_said_last() {
    let row = mail(REQUEST);
    let day = ("2026-06-05T00:00:00Z", "2026-06-06T00:00:00Z");
    assert_eq!(starts(&[&row], day.0, day.1), ["2026-06-05T08:00:00Z"]);
    assert_eq!(starts(&[&row], "2026-06-05T09:00:00Z", day.1), [""; 0], "it is over");
    assert_eq!(starts(&[&row], "2026-06-05T08:59:59Z", day.1).len(), 1, "it is not");
    let moved = mail(&REQUEST.replace("SEQUENCE:2", "SEQUENCE:3").replace("T100000", "T103000"));
    assert_eq!(starts(&[&row, &moved], day.0, day.1), ["2026-06-05T08:30:00Z"]);
    let off = mail(&REQUEST.replace("METHOD:REQUEST", "METHOD:CANCEL"));
    assert_eq!(starts(&[&row, &off], day.0, day.1), ["2026-06-05T08:00:00Z off"]);
    let theirs = by("mallory@evil.example", &moved.extra.mail.calendar[0]);
    assert_eq!(starts(&[&row, &theirs], day.0, day.1), ["2026-06-05T08:00:00Z"]);
    let days = mail(
        &REQUEST
            .replace("DTSTART;TZID=W. Europe Standard Time:20260605T100000", "DTSTART;VALUE=DATE:20260605")
            .replace("DTEND;TZID=W. Europe Standard Time:20260605T110000", "DTEND;VALUE=DATE:20260607"),
    );
    assert_eq!(starts(&[&days], "2026-06-06T10:00:00Z", "2026-06-06T20:00:00Z").len(), 1, "the second day of two");
    assert!(starts(&[&days], "2026-06-08T14:00:00Z", "2026-06-08T20:00:00Z").is_empty());
}

#[test]
fn a_series_is_its_days() {
    let series = mail(&REQUEST.replace(
        "SUMMARY:Budget",
        "RRULE:FREQ=WEEKLY;COUNT=6\nEXDATE;TZID=W. Europe Standard Time:20260612T100000\nSUMMARY:Budget",
    ));
    let month = ("2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z");
    // The third day moved to the evening, the fourth called off; the second was left out from the beginning.
    let of_day =
        |day: &str| REQUEST.replace("UID:", &format!("RECURRENCE-ID;TZID=W. Europe Standard Time:{day}\nUID:"));
    let moved = mail(
        &of_day("20260619T100000")
            .replace("20260605T100000", "20260619T180000")
            .replace("20260605T110000", "20260619T190000"),
    );
    let off = mail(&of_day("20260626T100000").replace("METHOD:REQUEST", "METHOD:CANCEL"));
    assert_eq!(starts(&[&series, &moved, &off], month.0, month.1), ["2026-06-05T08:00:00Z", "2026-06-19T16:00:00Z"]);
    assert_eq!(starts(&[&series], "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"), [""; 0], "six times and no more");
    // The clock of the organizer counts, also after it was put back.
    let long = mail(&REQUEST.replace("SUMMARY:Budget", "RRULE:FREQ=WEEKLY\nSUMMARY:Budget"));
    assert_eq!(starts(&[&long], "2026-11-06T00:00:00Z", "2026-11-07T00:00:00Z"), ["2026-11-06T09:00:00Z"]);
}
