//! Meetings, as the mails about them come to.

use std::collections::HashMap;

use inlet_model::{MailMeta, Party, Rsvp, UnifiedEmail};
use inlet_orchestrator::api::types::{InvitationKind, MeetingView, OpState};
use serde_json::json;

use crate::{
    harness::{Engine, Setup},
    scripted::Script,
};

const ME: &str = "me@mail.test";
const ANN: &str = "ann@sender.test";

fn calendar(method: &str, lines: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:budget@sender.test\r\n{lines}\
         ORGANIZER;CN=Ann:mailto:{ANN}\r\nATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{ME}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

pub(crate) fn told(id: &str, minute: i64, from: &str, calendar: String) -> UnifiedEmail {
    let at =
        "2026-06-01T12:00:00Z".parse::<inlet_model::Timestamp>().unwrap() + jiff::SignedDuration::from_mins(minute);
    UnifiedEmail {
        stable_id: format!("digest of {id}"),
        message_id: Some(format!("{id}@sender.test")),
        from: vec![Party { name: None, handle: from.into() }],
        to: vec![Party { name: None, handle: ME.into() }],
        subject: id.into(),
        date: Some(at),
        received_at: Some(at),
        text: "See the calendar.".into(),
        size: 100,
        meta: MailMeta { calendar: vec![calendar], ..MailMeta::default() },
        ..UnifiedEmail::default()
    }
}

async fn on(engine: &Engine, day: &str) -> Vec<MeetingView> {
    let params = json!({ "from": format!("{day}T00:00:00Z"), "until": format!("{day}T23:59:59Z") });
    engine.call("meetings.list", params).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_is_what_its_organizer_said_last() {
    let script = Script::new("mail");
    let engine =
        Engine::with(Setup { scripts: HashMap::from([("mail".to_owned(), script.clone())]), ..Setup::default() }).await;
    let first = "SEQUENCE:1\r\nSUMMARY:Budget\r\nDTSTART:20260605T100000Z\r\nDTEND:20260605T110000Z\r\n";
    script.put("INBOX", told("invitation", 0, ANN, calendar("REQUEST", first)));
    let source = engine.connect("mail").await;
    engine.resync(source).await;
    let listed = on(&engine, "2026-06-05").await;
    let [one] = listed.as_slice() else { panic!("{listed:?}") };
    assert_eq!((one.meeting.summary.as_str(), one.can_answer, one.meeting.answer), ("Budget", true, None));
    assert!(on(&engine, "2026-06-06").await.is_empty());

    // Whoever else says that it is off, or tomorrow, changes nothing and is shown as what it is.
    let later = "SEQUENCE:7\r\nSUMMARY:Budget\r\nDTSTART:20260606T100000Z\r\nDTEND:20260606T110000Z\r\n";
    script.put("INBOX", told("off, says Mallory", 1, "mallory@evil.test", calendar("CANCEL", first)));
    script.put("INBOX", told("later, says Mallory", 2, "mallory@evil.test", calendar("REQUEST", later)));
    engine.resync(source).await;
    assert_eq!(on(&engine, "2026-06-05").await, std::slice::from_ref(one));
    assert!(on(&engine, "2026-06-06").await.is_empty());
    for (title, kind) in [("off", InvitationKind::Cancelled), ("later", InvitationKind::Request)] {
        let row = engine.titled(&format!("{title}, says Mallory")).await.unwrap();
        let shown = engine.thread(row.id).await.items.remove(0).invitation.unwrap();
        assert!(shown.disputed && !shown.can_answer && shown.kind == kind, "{title}");
    }

    // It is answered by the mail that stands; what is declined is none of mine.
    engine.act_with("accept", json!({ "items": [one.item] })).await;
    assert_eq!(on(&engine, "2026-06-05").await[0].meeting.answer, Some(Rsvp::Accept));
    let undo = engine.act_with("decline", json!({ "items": [one.item] })).await;
    assert!(on(&engine, "2026-06-05").await.is_empty());
    engine.undo(undo).await;
    assert_eq!(on(&engine, "2026-06-05").await.len(), 1);

    // The organizer moves it, and then calls it off.
    let moved = "SEQUENCE:2\r\nSUMMARY:Budget\r\nDTSTART:20260608T100000Z\r\nDTEND:20260608T110000Z\r\n";
    script.put("INBOX", told("moved", 3, ANN, calendar("REQUEST", moved)));
    engine.resync(source).await;
    assert!(on(&engine, "2026-06-05").await.is_empty());
    assert!(on(&engine, "2026-06-08").await[0].can_answer);
    script.put(
        "INBOX",
        told("off", 4, ANN, calendar("CANCEL", "SEQUENCE:3\r\nSUMMARY:Budget\r\nDTSTART:20260608T100000Z\r\n")),
    );
    engine.resync(source).await;
    let engine = engine.restart().await;
    let off = on(&engine, "2026-06-08").await;
    assert!(off[0].meeting.cancelled && !off[0].can_answer, "{off:?}");

    let long = json!({ "from": "2026-01-01T00:00:00Z", "until": "2027-01-01T00:00:00Z" });
    assert!(engine.ask("meetings.list", long).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_meeting_of_the_demo_can_be_answered() {
    let engine = Engine::demo().await;
    let coming: Vec<MeetingView> = engine.call("meetings.list", json!({})).await;
    let one = coming.iter().find(|one| one.can_answer).expect("one to answer");
    assert!(
        one.meeting.starts
            > one.meeting.ends.map_or(one.meeting.starts, |ends| ends - jiff::SignedDuration::from_mins(46))
    );
    engine.act_with("tentative", json!({ "items": [one.item] })).await;
    let again: Vec<MeetingView> = engine.call("meetings.list", json!({})).await;
    let answered = again.iter().find(|other| other.item == one.item).unwrap();
    assert_eq!(answered.meeting.answer, Some(Rsvp::Tentative));
    assert!(engine.ops().await.iter().any(|op| matches!(op.state, OpState::Queued | OpState::Sending | OpState::Done)));
}
