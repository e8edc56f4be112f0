//! Conversations written by hand, each with the state a person would give it (tests/conversations/README.md).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::path::Path;

use inlet_actions::dates::When;
use inlet_actions::{Conclusion, Event, Habits, Me, Message, Reading, State, Terms, approves, conclude, read};
use inlet_model::{ItemId, Kind, Party, Reaction};
use jiff::{SignedDuration, Timestamp, Zoned, tz::Offset};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    conversation: Vec<Conversation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Conversation {
    name: String,
    kind: String,
    #[serde(default)]
    lang: String,
    state: State,
    evidence: Option<String>,
    due: Option<String>,
    /// What else is open, in the order in which it was written.
    also: Option<Vec<String>>,
    #[serde(default)]
    members: Vec<String>,
    #[serde(default)]
    events: Vec<Done>,
    messages: Vec<Written>,
}

#[derive(Deserialize)]
struct Done {
    done: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    from: String,
    kind: Option<Kind>,
    at: String,
    to: Option<Vec<String>>,
    #[serde(default)]
    cc: Vec<String>,
    #[serde(rename = "subject")]
    _subject: Option<String>,
    #[serde(default)]
    list: bool,
    #[serde(default)]
    auto: bool,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    thumbs: Vec<String>,
    text: String,
}

fn me() -> Me {
    Me { handles: vec!["alex@weber.example".into(), "me".into()], names: vec!["Alex".into(), "Weber".into()] }
}

fn party(text: &str) -> Party {
    if text == "me" {
        return Party::named("Alex Weber", "alex@weber.example");
    }
    match text.split_once(" <") {
        Some((name, handle)) => Party::named(name, handle.trim_end_matches('>')),
        None => Party::named(text, text.to_lowercase()),
    }
}

fn instant(text: &str) -> (Timestamp, Offset) {
    let (stamp, offset) = text.split_at(text.len() - 6);
    let zoned: Zoned = format!("{stamp}:00{offset}[{offset}]").parse().unwrap();
    (zoned.timestamp(), zoned.offset())
}

fn messages(conversation: &Conversation) -> Vec<Message> {
    let mut other = None;
    let mut messages = Vec::new();
    for (at, written) in conversation.messages.iter().enumerate() {
        let from_me = written.from == "me";
        let members = conversation.members.iter().map(|member| party(member));
        let to: Vec<Party> = match &written.to {
            Some(to) => to.iter().map(|to| party(to)).collect(),
            None if !conversation.members.is_empty() => {
                members.filter(|member| *member != party(&written.from)).collect()
            }
            None if from_me => other.clone().into_iter().collect(),
            None => vec![party("me")],
        };
        if !from_me {
            other = Some(party(&written.from));
        }
        let kind = if conversation.kind == "chat" { Kind::Chat } else { Kind::Mail };
        let (sent, offset) = instant(&written.at);
        messages.push(Message {
            id: ItemId(i64::try_from(at).unwrap() + 1),
            kind: written.kind.unwrap_or(kind),
            at: sent,
            offset,
            from: party(&written.from),
            from_me,
            to,
            cc: written.cc.iter().map(|cc| party(cc)).collect(),
            text: written.text.clone(),
            bulk: written.list,
            automatic: written.auto,
            files: !written.files.is_empty(),
            retracted: false,
        });
    }
    messages
}

fn concluded(conversation: &Conversation) -> (Vec<Message>, Conclusion) {
    let messages = messages(conversation);
    let readings: Vec<_> = messages.iter().map(|message| read(message, &me())).collect();
    let mut events: Vec<Event> = conversation.events.iter().map(|event| Event::Done(instant(&event.done).0)).collect();
    for (written, message) in conversation.messages.iter().zip(&messages) {
        let by = written.thumbs.iter().map(|by| party(by)).collect();
        if approves(&[Reaction { emoji: "👍".into(), by, mine: false }], &me()) {
            events.push(Event::Approved(message.id));
        }
    }
    let now = messages.iter().map(|message| message.at).max().unwrap() + SignedDuration::from_hours(1);
    let conclusion = conclude(&readings, &events, &Habits::default(), &Terms::default(), now);
    let lean: Vec<_> = readings.into_iter().map(Reading::lean).collect();
    let of_lean = conclude(&lean, &events, &Habits::default(), &Terms::default(), now);
    assert_eq!(of_lean, conclusion, "{}: nothing that counts is left out of what is kept", conversation.name);
    (messages, conclusion)
}

fn half(name: &str) -> Vec<(String, Conversation)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conversations").join(name);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let conversations = files.iter().flat_map(|path| {
        let language = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let file: File = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        file.conversation.into_iter().map(move |conversation| {
            let language = if conversation.lang.is_empty() { language.clone() } else { conversation.lang.clone() };
            (language, conversation)
        })
    });
    conversations.collect()
}

/// How many are right, and what is wrong with the others.
fn judge(half: &[(String, Conversation)]) -> (usize, Vec<String>) {
    let mut wrong = Vec::new();
    for (language, conversation) in half {
        let (messages, conclusion) = concluded(conversation);
        if conclusion.state != conversation.state {
            let found = conclusion.evidence.as_ref().map(|evidence| &evidence.text);
            wrong.push(format!(
                "{language}: {}: {:?} instead of {:?} {found:?}",
                conversation.name, conclusion.state, conversation.state
            ));
        }
        if let Some(evidence) = &conclusion.evidence {
            let message = messages.iter().find(|message| message.id == evidence.message).unwrap();
            assert_eq!(message.text[evidence.range.clone()], evidence.text, "evidence stands in the message");
        }
    }
    (half.len() - wrong.len(), wrong)
}

#[test]
fn the_half_to_develop_on() {
    let half = half("develop");
    let (right, wrong) = judge(&half);
    println!("develop: {right} of {} right {wrong:#?}", half.len());
    assert!(right * 100 >= half.len() * 95, "{right} of {}:\n{}", half.len(), wrong.join("\n"));
}

/// Only ever scored: what is wrong here is not printed, so that nobody tunes on it by accident.
#[test]
fn the_half_to_score_on() {
    let half = half("score");
    let (right, _) = judge(&half);
    println!("score: {right} of {} right", half.len());
    assert!(right * 100 >= half.len() * 95, "{right} of {} right", half.len());
}

/// So many of each half, and of each language in it, that neither half says much by chance.
#[test]
fn each_half_is_large_enough() {
    for name in ["develop", "score"] {
        let half = half(name);
        assert!(half.len() >= 60, "{name}: {}", half.len());
        let mut languages: BTreeMap<&str, usize> = BTreeMap::new();
        half.iter().for_each(|(language, _)| *languages.entry(language).or_default() += 1);
        assert!(languages.len() == 7 && languages.values().all(|count| *count >= 4), "{name}: {languages:?}");
    }
}

#[test]
fn there_are_enough_of_each_kind() {
    let all: Vec<_> = half("develop").into_iter().chain(half("score")).collect();
    let count = |of: &dyn Fn(&(String, Conversation)) -> String| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        all.iter().for_each(|one| *counts.entry(of(one)).or_default() += 1);
        counts
    };
    assert!(all.len() >= 120);
    let languages = count(&|(language, _)| language.clone());
    assert!(languages.len() == 7 && languages.values().all(|count| *count >= 8), "{languages:?}");
    let kinds = count(&|(_, conversation)| conversation.kind.clone());
    assert!(kinds.len() == 3 && kinds.values().all(|count| *count >= 6), "{kinds:?}");
    assert_eq!(count(&|(_, conversation)| format!("{:?}", conversation.state)).len(), 5);
}

#[test]
fn sentence_and_due_date_are_those_a_person_would_point_at() {
    for (_, conversation) in half("develop") {
        let (_, conclusion) = concluded(&conversation);
        if let Some(expected) = &conversation.evidence {
            let found = conclusion.evidence.map(|evidence| evidence.text.replace('\n', " ")).unwrap_or_default();
            assert!(found.contains(expected.as_str()), "{}: {found:?}", conversation.name);
        }
        if let Some(expected) = &conversation.also {
            let found: Vec<_> =
                conclusion.beside.iter().rev().map(|one| one.evidence.text.replace('\n', " ")).collect();
            assert_eq!(&found, expected, "{}", conversation.name);
        }
        if let Some(expected) = &conversation.due {
            let found = conclusion.due.as_ref().and_then(When::exact).map(|moment| moment.date.to_string());
            assert_eq!(found.as_deref(), Some(expected.as_str()), "{}", conversation.name);
        }
    }
}
