//! A message as far as conditions look at it, everything folded for comparing.
//!
//! What is dear to find out (the text, the header, everybody's other handles) is left out where no rule asks for it.

use std::collections::BTreeMap;

use inlet_actions::{
    State,
    acts::{Act, Label},
};
use inlet_model::{ItemId, Kind, Party, SourceId, ThreadId, Timestamp};

use super::{
    matching::Needs,
    values::{RuleLanguage, Urgency},
};
use crate::{
    actions::think,
    api::types::Place,
    clock::Clock,
    mime,
    outbox::telling,
    store::{
        Reader, Result, attachment, body,
        item::{self, ItemRow},
        people,
        rule::Origin,
        suggestion, thread,
    },
    text::fold,
};

/// A message with its conversation and what was thought about it.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) item: ItemId,
    pub(crate) thread: ThreadId,
    pub(crate) source: SourceId,
    pub(crate) kind: Kind,
    pub(crate) at: Timestamp,
    pub(crate) from: Option<Party>,
    pub(crate) title: String,
    /// Platform, names and id of where it came from.
    pub(crate) sources: Vec<String>,
    /// Names and handles of who wrote.
    pub(crate) author: Vec<String>,
    /// Names and handles of whom it is written to.
    pub(crate) to: Vec<String>,
    pub(crate) domain: String,
    /// The List-Id.
    pub(crate) list: Option<String>,
    pub(crate) subject: String,
    pub(crate) text: String,
    /// Names and types of its files.
    pub(crate) files: Vec<(String, String)>,
    pub(crate) language: RuleLanguage,
    /// It calls me.
    pub(crate) mentioned: bool,
    pub(crate) thought: Thought,
    /// What is known of it by name.
    pub(crate) meta: BTreeMap<String, Vec<String>>,
    // What an effect would change.
    pub(crate) place: Place,
    pub(crate) labels: Vec<String>,
    pub(crate) starred: bool,
    pub(crate) read: bool,
    pub(crate) muted: bool,
    /// What a loop is known by.
    pub(crate) trail: Trail,
}

/// What was thought about a conversation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Thought {
    pub(crate) state: State,
    pub(crate) score: i32,
    pub(crate) urgency: Urgency,
    pub(crate) confidence: Option<f32>,
}

impl Default for Thought {
    fn default() -> Self {
        Self { state: State::Fyi, score: 0, urgency: Urgency::None, confidence: None }
    }
}

/// Where a message has come along, as far as that matters before it is answered or passed on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trail {
    /// A machine sent it, by its own word.
    pub(crate) automatic: bool,
    /// A list did.
    pub(crate) list: bool,
    /// Marks of programs that have passed it on.
    pub(crate) passed: Vec<String>,
    /// It is what a channel was told.
    pub(crate) told: bool,
    /// Those it was openly written to.
    pub(crate) to: Vec<String>,
    /// There is nobody else in the conversation.
    pub(crate) alone: bool,
    /// Where an answer goes.
    pub(crate) reply_to: Vec<Party>,
}

/// The view of an item; nothing when it is gone.
pub(crate) fn of(reader: &Reader, row: ItemRow, origin: &Origin, needs: Needs, now: Timestamp) -> Result<Option<View>> {
    let Some(thread) = thread::get(&reader.main, row.thread)? else { return Ok(None) };
    let mail = &row.extra.mail;
    let handle = row.from.as_ref().map(|from| from.handle.to_lowercase()).unwrap_or_default();
    let mut author = names(row.from.iter());
    if needs.people {
        author.extend(people::handles(&reader.main, &handle)?.into_iter().map(|handle| fold(&handle)));
    }
    let text = if needs.text { fold(&body::text(&reader.bodies, row.body)?) } else { String::new() };
    let files = match needs.files && row.has_attachment {
        true => attachment::of_item(&reader.main, row.id)?
            .into_iter()
            .filter(|file| !file.info.inline)
            .map(|file| (fold(&file.info.name), file.info.mime.to_lowercase()))
            .collect(),
        false => Vec::new(),
    };
    // It depends on the message alone: nobody has to have thought about its conversation.
    let reading = if needs.reading { Some(think::reading(reader, &row)?) } else { None };
    let thought = if needs.thought { thought(reader, &thread, now)? } else { Thought::default() };
    let meta = if needs.meta { meta(reader, &row, &thread, needs.header)? } else { BTreeMap::new() };
    let told = needs.told && telling::was_told(reader, &row)?;
    let to: Vec<&Party> = row.people.to.iter().chain(&row.people.cc).collect();
    Ok(Some(View {
        item: row.id,
        thread: row.thread,
        source: row.source,
        kind: row.kind,
        at: row.at,
        sources: origin.words(row.source),
        author,
        to: names(to.iter().copied()),
        domain: handle.rsplit_once('@').map(|(_, domain)| domain.to_owned()).unwrap_or_default(),
        list: mail.list_id.as_deref().map(list_id),
        subject: fold(&row.title),
        text,
        files,
        language: reading.as_ref().and_then(|reading| reading.language).into(),
        mentioned: reading.is_some_and(|reading| reading.calls_me()),
        thought,
        meta,
        place: thread.place,
        labels: thread.labels,
        starred: row.flags.starred,
        read: row.flags.read,
        muted: thread.muted,
        trail: Trail {
            automatic: mail.automatic,
            list: mail.list_id.is_some() || mail.list_unsubscribe.is_some(),
            passed: mail.passed.clone(),
            told,
            to: to.iter().map(|party| party.handle.to_lowercase()).collect(),
            alone: row.people.to.len() <= 1,
            reply_to: if mail.reply_to.is_empty() { row.from.iter().cloned().collect() } else { mail.reply_to.clone() },
        },
        from: row.from,
        title: row.title,
    }))
}

fn names<'a>(people: impl Iterator<Item = &'a Party>) -> Vec<String> {
    let both = |party: &'a Party| [Some(&party.handle), party.name.as_ref()].into_iter().flatten();
    people.flat_map(both).map(|name| fold(name.trim())).filter(|name| !name.is_empty()).collect()
}

/// What stands between the angle brackets (RFC 2919), else all of it.
fn list_id(field: &str) -> String {
    let id = field.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or(field, |(id, _)| id);
    fold(id.trim())
}

fn thought(reader: &Reader, thread: &crate::api::types::ThreadRow, now: Timestamp) -> Result<Thought> {
    let Some(found) = suggestion::get(&reader.main, thread.id)? else {
        return Ok(Thought { state: think::at_rest(reader, thread.id)?, ..Thought::default() });
    };
    let hours = found.due_at.map(|due| due.duration_since(now).as_hours());
    let urgency = match (found.due_at, hours) {
        (Some(due), _) if due < now => Urgency::Overdue,
        (_, Some(hours)) if hours < 24 => Urgency::Today,
        (_, Some(hours)) if hours < 72 => Urgency::Soon,
        (_, Some(_)) => Urgency::Later,
        (_, None) => Urgency::None,
    };
    Ok(Thought { state: found.state, score: found.score, urgency, confidence: confidence(&found.kept.labels) })
}

/// How sure it is that something is asked or promised. Thanks in the same sentence may be surer, and are neither.
pub(crate) fn confidence(labels: &[Label]) -> Option<f32> {
    labels.iter().filter(|label| label.act != Act::Thanks).map(|label| label.probability).reduce(f32::max)
}

/// Everything that is known by a name and has no condition of its own; docs/rules.md lists them.
fn meta(
    reader: &Reader,
    row: &ItemRow,
    thread: &crate::api::types::ThreadRow,
    header: bool,
) -> Result<BTreeMap<String, Vec<String>>> {
    let mail = &row.extra.mail;
    // What is not so has no value, as what is not there: `false` holds for both.
    let yes = |is: bool| if is { vec!["true".to_owned()] } else { Vec::new() };
    let here = row.at.to_zoned(Clock::zone());
    let handles = |people: &[Party]| people.iter().map(|party| fold(&party.handle)).collect::<Vec<_>>();
    let mut meta = BTreeMap::from([
        ("answered", yes(row.flags.answered)),
        ("automatic", yes(mail.automatic)),
        ("cc", handles(&row.people.cc)),
        ("edited", yes(row.edited)),
        (
            "folder",
            crate::store::scope::of_thread(&reader.main, row.thread)?.iter().map(|scope| fold(&scope.name)).collect(),
        ),
        ("has_html", yes(row.has_html)),
        ("hour", vec![here.hour().to_string()]),
        ("important", yes(mail.important)),
        ("label", thread.labels.iter().map(|label| fold(label)).collect()),
        ("meeting", yes(!mail.calendar.is_empty())),
        ("message_id", row.message_id.iter().map(|id| fold(id)).collect()),
        ("muted", yes(thread.muted)),
        ("read", yes(row.flags.read)),
        ("recipients", vec![(row.people.to.len() + row.people.cc.len()).to_string()]),
        ("reply_to", handles(&mail.reply_to)),
        ("size", vec![row.size.to_string()]),
        ("starred", yes(row.flags.starred)),
        ("unsubscribe", yes(mail.list_unsubscribe.is_some())),
        ("weekday", vec![here.strftime("%a").to_string().to_lowercase()]),
    ])
    .into_iter()
    .map(|(name, values)| (name.to_owned(), values))
    .collect::<BTreeMap<String, Vec<String>>>();
    if header
        && row.kind == Kind::Mail
        && let Some(head) = body::head(&reader.bodies, row.body)?
    {
        for (name, value) in mime::header(&head) {
            meta.entry(format!("header:{}", name.to_lowercase())).or_default().push(fold(value.trim()));
        }
    }
    Ok(meta)
}

/// Names that a condition may ask for beside headers.
pub(crate) const META: &[&str] = &[
    "answered",
    "automatic",
    "cc",
    "edited",
    "folder",
    "has_html",
    "hour",
    "important",
    "label",
    "meeting",
    "message_id",
    "muted",
    "read",
    "recipients",
    "reply_to",
    "size",
    "starred",
    "unsubscribe",
    "weekday",
];

/// Those of them that are numbers, and compare with a range as well.
pub(crate) const NUMBERS: &[&str] = &["hour", "recipients", "size"];

/// The newest items of others, the oldest of them first: what a rule is tried on.
pub(crate) fn newest(reader: &Reader, last: u32) -> Result<Vec<ItemRow>> {
    let mut rows = item::newest_of_others(&reader.main, last)?;
    rows.reverse();
    Ok(rows)
}
