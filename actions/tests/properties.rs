//! What must hold for any conversation and any text, however hostile.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use inlet_actions::zone::parts;
use inlet_actions::{
    Event, Habits, Me, Message, Page, Reading, State, Terms, acts, conclude, conclude_page, dates, read,
};
use inlet_model::{ItemId, Kind, Party, Todo};
use jiff::{SignedDuration, Timestamp, tz::Offset};
use proptest::prelude::*;

/// Things people say, and things that are hard on parsers.
const LINES: &[&str] = &[
    "Could you send me the figures by Friday?",
    "Kannst du das bis morgen machen?",
    "Danke!",
    "ok will do",
    "Anbei die Datei.",
    "> Could you send me the figures by Friday?",
    "On Mon, Mar 2, 2026 at 4:40 PM Sarah <s@example.org> wrote:",
    "nvm, found it",
    "I'll get back to you next Friday.",
    "Best regards,",
    "-- ",
    "¿Puedes enviarlo antes del 31/02?",
    "@Alex what about 25:99?",
    "Von: A\nGesendet: B\nAn: C\nBetreff: D",
    "31.02.2026",
    "1/2/3/4/5",
    "in 999999999999 days",
    "À bientôt 👍🏽",
    "\u{202e}?¿؟",
    "a\u{300}\u{301}\u{302}\u{303}?",
    "Sarah",
    "",
    "\t",
    "merci de me répondre sous 48 heures",
    "até amanhã às 25h",
    "-----Original Message-----",
];

fn me() -> Me {
    Me { handles: vec!["me".into()], names: vec!["Alex".into()] }
}

fn start() -> Timestamp {
    "2026-03-03T10:15:00Z".parse().unwrap()
}

fn message(id: i64, minutes: i64, author: usize, kind: Kind, text: String) -> Message {
    let people = ["me", "sarah", "ben", "ola"];
    let party = |name: &str| Party::named(name, name);
    Message {
        id: ItemId(id),
        kind,
        at: start() + SignedDuration::from_mins(minutes),
        offset: Offset::constant(1),
        from: party(people[author % 4]),
        from_me: author.is_multiple_of(4),
        to: people
            .iter()
            .filter(|name| **name != people[author % 4])
            .take(1 + author % 3)
            .map(|name| party(name))
            .collect(),
        cc: Vec::new(),
        text,
        bulk: minutes % 17 == 0,
        automatic: minutes % 19 == 0,
        files: minutes % 5 == 0,
        retracted: minutes % 23 == 0,
    }
}

fn conversation() -> impl Strategy<Value = Vec<Message>> {
    let lines = prop::collection::vec(prop::sample::select(LINES), 1..5).prop_map(|lines| lines.join("\n"));
    let one = (0..300_i64, 0..8_usize, prop::bool::ANY, lines);
    prop::collection::vec(one, 0..9).prop_map(|rows| {
        let kind = |mail| if mail { Kind::Mail } else { Kind::Chat };
        let make =
            |(at, (minutes, author, mail, text)): (usize, _)| message(at as i64 + 1, minutes, author, kind(mail), text);
        rows.into_iter().enumerate().map(make).collect()
    })
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let at = |minutes| start() + SignedDuration::from_mins(minutes);
    prop::collection::vec((0..4_u8, 0..400_i64), 0..3).prop_map(move |rows| {
        let one = |(what, minutes)| match what {
            3 => Event::Approved(ItemId(minutes % 9)),
            0 => Event::Done(at(minutes)),
            1 => Event::Snoozed(at(minutes)),
            _ => Event::Muted,
        };
        rows.into_iter().map(one).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// One by one as they arrive, in any order, twice, or all from nothing: the same conclusion.
    #[test]
    fn the_order_of_arrival_changes_nothing(
        messages in conversation(), events in events(), order in any::<prop::sample::Index>(), later in 0..5_000_i64,
    ) {
        let (terms, habits) = (Terms::default(), Habits::default());
        let now = start() + SignedDuration::from_mins(later);
        let think = |readings: &[Reading], events: &[Event]| conclude(readings, events, &habits, &terms, now);
        let whole: Vec<Reading> = messages.iter().map(|message| read(message, &me())).collect();
        let expected = think(&whole, &events);

        let mut shuffled = messages.clone();
        if !shuffled.is_empty() {
            let by = order.index(shuffled.len());
            shuffled.rotate_left(by);
            shuffled.reverse();
        }
        let mut kept: Vec<Reading> = Vec::new();
        let mut last = think(&kept, &events);
        for message in &shuffled {
            // As a follower keeps them: written down and read again.
            let reading = serde_json::to_string(&read(message, &me()).lean()).unwrap();
            kept.push(serde_json::from_str(&reading).unwrap());
            last = think(&kept, &events);
        }
        prop_assert_eq!(&last, &expected);
        kept.extend(whole);
        let reversed: Vec<Event> = events.iter().rev().copied().collect();
        prop_assert_eq!(&think(&kept, &reversed), &expected);
    }

    /// Evidence and dates are really there, and a score is the sum of its signals.
    #[test]
    fn what_is_claimed_is_there(messages in conversation(), events in events(), later in 0..5_000_i64) {
        let now = start() + SignedDuration::from_mins(later);
        let readings: Vec<Reading> = messages.iter().map(|message| read(message, &me())).collect();
        let conclusion = conclude(&readings, &events, &Habits::default(), &Terms::default(), now);
        let sum: i32 = conclusion.signals.iter().map(|signal| signal.points).sum();
        prop_assert_eq!(conclusion.score, sum.max(0));
        prop_assert_eq!(conclusion.evidence.is_some(), !matches!(conclusion.state, State::Done | State::Fyi));
        for entry in &conclusion.ledger {
            let message = messages.iter().find(|message| message.id == entry.message).unwrap();
            prop_assert_eq!(message.text.get(entry.range.clone()), Some(entry.text.as_str()));
            for label in &entry.labels {
                prop_assert!((0.0..=1.0).contains(&label.probability) && !label.by.is_empty());
            }
        }
    }

    /// Between now and the moment a conclusion names, the clock changes nothing.
    #[test]
    fn the_clock_changes_nothing_before_it_says_so(
        messages in conversation(), events in events(), later in 0..50_000_i64, share in 0.0..1.0_f64,
        my_hours in prop::option::of(0.5..40.0_f32), their_hours in prop::option::of(0.5..40.0_f32),
    ) {
        let now = start() + SignedDuration::from_mins(later);
        let readings: Vec<Reading> = messages.iter().map(|message| read(message, &me())).collect();
        let habits = Habits { my_hours, their_hours, ..Habits::default() };
        let think = |now| conclude(&readings, &events, &habits, &Terms::default(), now);
        let conclusion = think(now);
        // Ten years stand for never.
        let until = conclusion.changes_at.unwrap_or(now + SignedDuration::from_hours(10 * 365 * 24));
        prop_assert!(until > now);
        let between = until.as_millisecond() - now.as_millisecond() - 1;
        let then = now.as_millisecond() + (between as f64 * share) as i64;
        let same = think(Timestamp::from_millisecond(then).unwrap());
        prop_assert_eq!(&same, &conclusion);
        let before = think(until - SignedDuration::from_millis(1));
        prop_assert_eq!(&before, &conclusion);
    }

    #[test]
    fn zones_cover_a_text_without_gaps(text in "\\PC{0,40}(\n(> ?|-- ?|Am 3.3. schrieb X:|From: a)?\\PC{0,30}){0,8}", mail in any::<bool>()) {
        let mut at = 0;
        for part in parts(&text, if mail { Kind::Mail } else { Kind::Chat }) {
            prop_assert_eq!(part.range.start, at);
            prop_assert!(part.range.end > at && text.is_char_boundary(part.range.end));
            at = part.range.end;
        }
        prop_assert_eq!(at, text.len());
    }
}

/// Ten thousand messages of random bytes, random words and broken mail: nothing panics, and all have a state.
#[test]
fn ten_thousand_hostile_messages() {
    let mut random = fastrand::Rng::with_seed(6);
    for round in 0..10_000_i64 {
        let mut text = String::new();
        for _ in 0..random.usize(0..12) {
            match random.u8(0..4) {
                0 => text.push_str(LINES[random.usize(0..LINES.len())]),
                1 => text.extend(std::iter::repeat_with(|| random.char('\0'..='\u{2fff}')).take(20)),
                2 => text.push_str(&String::from_utf8_lossy(
                    &std::iter::repeat_with(|| random.u8(..)).take(24).collect::<Vec<_>>(),
                )),
                _ => text.extend(
                    (0..random.usize(0..40))
                        .map(|_| ['?', '>', '.', '/', '1', '9', ' ', '-', ':', 'é'][random.usize(0..10)]),
                ),
            }
            text.push([' ', '\n', '\r', '\u{a0}'][random.usize(0..4)]);
        }
        let sent = Timestamp::from_second(random.i64(-60_000_000_000..200_000_000_000)).unwrap();
        let offset = Offset::from_seconds(random.i32(-93_000..93_000)).unwrap();
        let mut message =
            message(1, round % 90, random.usize(0..8), if random.bool() { Kind::Mail } else { Kind::Chat }, text);
        (message.at, message.offset) = (sent, offset);
        let reading = read(&message, &me());
        for sentence in &reading.sentences {
            assert_eq!(message.text.get(sentence.range.clone()), Some(sentence.text.as_str()));
        }
        let conclusion = conclude(&[reading], &[], &Habits::default(), &Terms::default(), sent);
        assert!(conclusion.score >= 0);
        let todos =
            [Todo { id: "a".into(), text: message.text.lines().next().unwrap_or_default().into(), done: false }];
        let page = Page { message: &message, todos: &todos, done: None, hidden_until: None };
        if let Some((conclusion, _)) = conclude_page(&page, &Terms::default(), sent) {
            let evidence = conclusion.evidence.unwrap();
            assert_eq!(message.text.get(evidence.range), Some(evidence.text.as_str()));
        }
        for span in dates::scan(&message.text, sent, offset, None) {
            assert!(message.text.get(span.range).is_some());
        }
        assert!(acts::read(&message.text).labels.len() <= 5);
    }
}

/// Long lines, many lines, and what patterns might stumble over.
#[test]
fn long_messages_are_read_to_their_limit() {
    for text in [
        "a".repeat(300_000),
        "? ".repeat(100_000),
        ">".repeat(200_000),
        "\n".repeat(200_000),
        "please ".repeat(40_000),
        "1/".repeat(90_000),
    ] {
        let reading = read(&message(1, 1, 1, Kind::Mail, text), &me());
        assert!(reading.sentences.iter().all(|sentence| sentence.range.end <= 64 * 1024));
    }
}
