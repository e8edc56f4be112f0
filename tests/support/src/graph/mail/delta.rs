//! Deltas of folders and messages ("message: delta", "mailFolder: delta").
//!
//! The first round gives what is there in pages and ends with a delta link; a later one gives what
//! changed since. A message that changed comes with its changed properties only, one that entered
//! the folder comes whole, and one that left comes as a tombstone. What happens during a round is
//! told in the next: a message that was moved away in the middle has no tombstone until then.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    super::{
        exchange::{Answer, Call, Outcome, Prefer, Refusal},
        odata::{Filter, Query},
        world::{Token, World},
    },
    Kind, What, encode, value,
};

/// Where a client is in a folder's messages.
#[derive(Clone)]
pub(crate) struct Messages {
    folder: u64,
    select: Option<Vec<String>>,
    filter: Option<Filter>,
    size: Option<usize>,
    round: Round,
    /// With a filter no more than 5,000 are given ("message: delta").
    given: usize,
}

#[derive(Clone)]
enum Round {
    /// All that was there at this change, below this key.
    First { at: u64, below: u64 },
    /// What changed after one change up to another, from this place.
    Later { since: u64, until: Option<u64>, from: usize },
}

/// Where a client is in the folders.
#[derive(Clone)]
pub(crate) struct Folders {
    select: Option<Vec<String>>,
    since: Option<u64>,
    until: u64,
    from: usize,
}

const PAGE: usize = 10;
const FILTERED: usize = 5000;

/// `GET /me/mailFolders/{id}/messages/delta`
pub(crate) fn messages(world: &mut World, call: &Call<'_>) -> Outcome {
    let folder = world.mail.folder(call.id(0))?;
    let mut state = match world.resume(call)? {
        Some(Token::Messages(state)) => *state,
        Some(_) => return Err(Refusal::new(400, "SyncStateInvalid", "The token is not one of a delta.")),
        None => Messages {
            folder,
            select: call.query.select.clone(),
            filter: call.query.filter.clone(),
            size: call.query.top,
            round: Round::First { at: world.mail.revision, below: u64::MAX },
            given: 0,
        },
    };
    let size = call.prefer.page.or(state.size).unwrap_or(PAGE);
    let (items, next) = match state.round.clone() {
        Round::First { at, below } => first(world, &mut state, call.prefer, at, below, size),
        Round::Later { since, until, from } => {
            let until = until.unwrap_or(world.mail.revision);
            let all = later(world, &state, call.prefer, since, until);
            let items: Vec<Value> = all.iter().skip(from).take(size).cloned().collect();
            let reached = from + items.len();
            let next = if reached < all.len() {
                Next::Page(Round::Later { since, until: Some(until), from: reached })
            } else {
                Next::Round(until)
            };
            (items, next)
        }
    };
    let mut body = json!({ "@odata.context": world.context("Collection(message)"), "value": items });
    match next {
        Next::Page(round) => {
            state.round = round;
            body["@odata.nextLink"] = world.link(call, "$skiptoken", Token::Messages(Box::new(state))).into();
        }
        Next::Round(since) => {
            state.round = Round::Later { since, until: None, from: 0 };
            state.given = 0;
            body["@odata.deltaLink"] = world.link(call, "$deltatoken", Token::Messages(Box::new(state))).into();
        }
    }
    Ok(Answer::json(200, body))
}

enum Next {
    Page(Round),
    Round(u64),
}

fn first(world: &World, state: &mut Messages, prefer: Prefer, at: u64, below: u64, size: usize) -> (Vec<Value>, Next) {
    let query = Query { select: state.select.clone(), ..Query::default() };
    let mut items = Vec::new();
    let mut last = below;
    let Some(folder) = world.mail.folders.get(&state.folder) else { return (items, Next::Round(at)) };
    for &key in folder.mails.range(..below).rev() {
        let Ok(mail) = world.mail.get(key) else { continue };
        let fits = mail.entered <= at
            && state
                .filter
                .as_ref()
                .is_none_or(|filter| filter.holds(&|path| value::property(mail, key, path, prefer)));
        if !fits {
            continue;
        }
        if state.filter.is_some() && state.given >= FILTERED {
            return (items, Next::Round(at));
        }
        if items.len() == size {
            return (items, Next::Page(Round::First { at, below: last }));
        }
        state.given += 1;
        last = key;
        items.push(world.message(key, &query, prefer));
    }
    (items, Next::Round(at))
}

/// What became of a message in a span of changes.
struct Fate {
    entered: bool,
    bits: u64,
    gone: bool,
    moves: u32,
}

fn later(world: &World, state: &Messages, prefer: Prefer, since: u64, until: u64) -> Vec<Value> {
    let Some(folder) = world.mail.folders.get(&state.folder) else { return Vec::new() };
    let start = folder.log.partition_point(|change| change.revision <= since);
    // In the order of each message's last change.
    let mut fates: BTreeMap<u64, (u64, Fate)> = BTreeMap::new();
    for change in folder.log.iter().skip(start).take_while(|change| change.revision <= until) {
        let (last, fate) =
            fates.entry(change.mail).or_insert((0, Fate { entered: false, bits: 0, gone: false, moves: change.moves }));
        *last = change.revision;
        fate.moves = change.moves;
        match change.what {
            What::Entered => (fate.entered, fate.gone) = (true, false),
            What::Changed(bits) => fate.bits |= bits,
            What::Left => fate.gone = true,
        }
    }
    let mut fates: Vec<(u64, u64, Fate)> = fates.into_iter().map(|(mail, (last, fate))| (last, mail, fate)).collect();
    fates.sort_by_key(|(last, ..)| *last);
    fates.into_iter().filter_map(|(_, key, fate)| tell(world, state, prefer, key, &fate)).collect()
}

fn tell(world: &World, state: &Messages, prefer: Prefer, key: u64, fate: &Fate) -> Option<Value> {
    if fate.gone {
        let id =
            if prefer.immutable { encode(Kind::Immutable, key, 0) } else { encode(Kind::Message, key, fate.moves) };
        return Some(json!({ "@odata.type": "#microsoft.graph.message", "id": id,
            "@removed": { "reason": "deleted" } }));
    }
    let mail = world.mail.get(key).ok()?;
    if fate.entered {
        let query = Query { select: state.select.clone(), ..Query::default() };
        let fits =
            state.filter.as_ref().is_none_or(|filter| filter.holds(&|path| value::property(mail, key, path, prefer)));
        return fits.then(|| world.message(key, &query, prefer));
    }
    let mut names = value::names(fate.bits);
    if let Some(select) = &state.select {
        names.retain(|name| select.contains(name));
    }
    if names.is_empty() {
        return None;
    }
    let mut item = json!({ "@odata.type": "#microsoft.graph.message", "@odata.etag": value::etag(mail),
        "id": value::id(mail, key, prefer) });
    for name in names {
        item[&name] = value::property(mail, key, &name, prefer);
    }
    Some(item)
}

/// `GET /me/mailFolders/delta`
pub(crate) fn folders(world: &mut World, call: &Call<'_>) -> Outcome {
    let state = match world.resume(call)? {
        Some(Token::Folders(state)) => state,
        Some(_) => return Err(Refusal::new(400, "SyncStateInvalid", "The token is not one of a delta.")),
        None => Folders { select: call.query.select.clone(), since: None, until: world.mail.revision, from: 0 },
    };
    // A delta link is a round that has not begun.
    let until = if state.from == 0 { world.mail.revision } else { state.until };
    let query = Query { select: state.select.clone(), ..Query::default() };
    let mut keys: Vec<u64> = match state.since {
        None => world
            .mail
            .folders
            .values()
            .filter(|folder| folder.entered <= until && !folder.gone)
            .map(|folder| folder.key)
            .collect(),
        Some(since) => {
            let mut keys = Vec::new();
            for (revision, key) in world.mail.log.iter().rev() {
                if *revision > since && *revision <= until && !keys.contains(key) {
                    keys.push(*key);
                }
            }
            keys.reverse();
            keys
        }
    };
    // The root and what is hidden are not part of it.
    keys.retain(|key| world.mail.folders.get(key).is_some_and(|folder| folder.parent.is_some() && !folder.hidden));
    let size = call.prefer.page.or(call.query.top).unwrap_or(PAGE);
    let items: Vec<Value> = keys
        .iter()
        .skip(state.from)
        .take(size)
        .map(|key| {
            if world.mail.folders.get(key).is_some_and(|folder| folder.gone) {
                json!({ "id": encode(Kind::Folder, *key, 0), "@removed": { "reason": "deleted" } })
            } else {
                world.folder(*key, &query)
            }
        })
        .collect();
    let reached = state.from + items.len();
    let mut body = json!({ "@odata.context": world.context("Collection(mailFolder)"), "value": items });
    if reached < keys.len() {
        let token = Token::Folders(Folders { until, from: reached, ..state });
        body["@odata.nextLink"] = world.link(call, "$skiptoken", token).into();
    } else {
        let token = Token::Folders(Folders { since: Some(until), until, from: 0, ..state });
        body["@odata.deltaLink"] = world.link(call, "$deltatoken", token).into();
    }
    Ok(Answer::json(200, body))
}
