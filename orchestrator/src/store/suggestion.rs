//! What was read and concluded, and how far the follower has come.
//!
//! Nothing here stamps a rev: it is derived from what did, and whoever follows the feed would otherwise follow itself.

use inlet_actions::{Beside, Evidence, Reading, Signal, State, acts::Label, dates::When};
use inlet_model::{ItemId, Reaction, SourceId, ThreadId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::{Result, WriteTx, identity, meta};
use crate::clock::{from_millis, millis};

/// What of a suggestion is kept as JSON because nothing asks for it by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) signals: Vec<Signal>,
    /// The item its sentence stands in, the first byte there, and the sentence.
    pub(crate) item: ItemId,
    pub(crate) start: usize,
    pub(crate) sentence: String,
    #[serde(default)]
    pub(crate) labels: Vec<Label>,
    pub(crate) due: Option<When>,
    pub(crate) nudge_at: Option<Timestamp>,
    /// The to-do of a page, by the platform's name.
    #[serde(default)]
    pub(crate) todo: Option<String>,
    /// What else is open, and with whom.
    #[serde(default)]
    pub(crate) beside: Vec<(String, Beside)>,
    /// How many of their messages I answered, of how many.
    pub(crate) answered: u32,
    pub(crate) received: u32,
    /// How long they usually take, in minutes.
    pub(crate) their_minutes: Option<u64>,
}

/// A suggestion.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Suggestion {
    pub(crate) thread: ThreadId,
    pub(crate) state: State,
    pub(crate) score: i32,
    pub(crate) person: String,
    pub(crate) since: Timestamp,
    pub(crate) due_at: Option<Timestamp>,
    pub(crate) hidden_until: Option<Timestamp>,
    pub(crate) changes_at: Option<Timestamp>,
    pub(crate) kept: Kept,
}

impl Suggestion {
    /// Everything that is open, each with whom: first what decides, then what stands beside it.
    pub(crate) fn open(self) -> impl Iterator<Item = (String, Beside)> {
        let Kept { item, start, sentence, labels, due, todo, beside, .. } = self.kept;
        let range = start..start + sentence.len();
        let first = Beside {
            state: self.state,
            // Whose it is stands in `person`.
            evidence: Evidence { message: item, by: item, range, text: sentence, labels },
            due,
            due_at: self.due_at,
            since: self.since,
            todo,
        };
        std::iter::once((self.person, first)).chain(beside)
    }
}

/// Its name among the values of the store.
const TURN: &str = "thinking_turn";

const ROW: &str = "SELECT thread, state, score, person, since, due_at, hidden_until, changes_at, data FROM suggestion";

fn row(row: &Row<'_>) -> rusqlite::Result<Suggestion> {
    let (word, data): (String, String) = (row.get(1)?, row.get(8)?);
    let bad = |error: serde_json::Error| {
        rusqlite::Error::FromSqlConversionFailure(8, rusqlite::types::Type::Text, Box::new(error))
    };
    let time = |at: Option<i64>| at.map(from_millis);
    Ok(Suggestion {
        thread: ThreadId(row.get(0)?),
        state: state(&word),
        score: row.get(2)?,
        person: row.get(3)?,
        since: from_millis(row.get(4)?),
        due_at: time(row.get(5)?),
        hidden_until: time(row.get(6)?),
        changes_at: time(row.get(7)?),
        kept: serde_json::from_str(&data).map_err(bad)?,
    })
}

/// The word a state is stored and asked for by.
pub(crate) fn word(state: State) -> &'static str {
    match state {
        State::Reply => "reply",
        State::Todo => "todo",
        State::Waiting => "waiting",
        State::Fyi => "fyi",
        State::Done => "done",
    }
}

pub(crate) fn state(stored: &str) -> State {
    let all = [State::Reply, State::Todo, State::Waiting, State::Fyi];
    all.into_iter().find(|state| word(*state) == stored).unwrap_or(State::Done)
}

/// What is suggested for a thread.
pub(crate) fn get(conn: &Connection, thread: ThreadId) -> Result<Option<Suggestion>> {
    Ok(conn.prepare_cached(&format!("{ROW} WHERE thread = ?1"))?.query_row([thread.0], row).optional()?)
}

/// What is open in conversations that are about these people, or that they wrote in; those that weigh most first.
pub(crate) fn with(conn: &Connection, people: &[String]) -> Result<Vec<Suggestion>> {
    Ok(conn
        .prepare_cached(&format!(
            "{ROW} WHERE state IN ('reply', 'todo', 'waiting') AND (person IN (SELECT value FROM json_each(?1))
                 OR thread IN (SELECT thread FROM item WHERE from_me = 0 AND deleted = 0
                     AND from_handle COLLATE NOCASE IN (SELECT value FROM json_each(?1))))
             ORDER BY score DESC, since DESC, thread"
        ))?
        .query_map([serde_json::to_string(people)?], row)?
        .collect::<Result<_, _>>()?)
}

/// Which suggestions are meant.
pub(crate) struct Wanted {
    pub(crate) least: i32,
    pub(crate) state: Option<State>,
    /// Nothing older, unless it is due later.
    pub(crate) since: Timestamp,
    pub(crate) now: Timestamp,
    /// Hidden ones as well.
    pub(crate) hidden: bool,
}

const WANTED: &str = "score >= ?1 AND (?2 IS NULL OR state = ?2) AND (since >= ?3 OR due_at >= ?4)
     AND (?5 OR hidden_until IS NULL OR hidden_until <= ?4)";

/// Suggestions, those that weigh most first; of equals what is due first, then what is newest.
pub(crate) fn list(conn: &Connection, wanted: &Wanted, limit: u32) -> Result<Vec<Suggestion>> {
    Ok(conn
        .prepare_cached(&format!(
            "{ROW} WHERE {WANTED} ORDER BY score DESC, due_at IS NULL, due_at, since DESC, thread LIMIT ?6"
        ))?
        .query_map(
            params![
                wanted.least,
                wanted.state.map(word),
                millis(wanted.since),
                millis(wanted.now),
                wanted.hidden,
                limit
            ],
            row,
        )?
        .collect::<Result<_, _>>()?)
}

/// The condition of a conversation that is waited in, as the Waiting screen has it ([`Wanted`] without a score, of the
/// state `waiting`); `since` and `now` are the numbers of their parameters.
pub(crate) fn waited_in(since: usize, now: usize) -> String {
    format!(
        "thread.id IN (SELECT thread FROM suggestion WHERE state = 'waiting' AND (since >= ?{since} OR due_at >= ?{now})
             AND (hidden_until IS NULL OR hidden_until <= ?{now}))"
    )
}

/// How many there are.
pub(crate) fn count(conn: &Connection, wanted: &Wanted) -> Result<u64> {
    Ok(conn.prepare_cached(&format!("SELECT count(*) FROM suggestion WHERE {WANTED}"))?.query_row(
        params![wanted.least, wanted.state.map(word), millis(wanted.since), millis(wanted.now), wanted.hidden],
        |row| row.get(0),
    )?)
}

/// Puts what is concluded of a thread in place of what was; true when that is something else.
pub(crate) fn put(tx: &WriteTx<'_>, thread: ThreadId, new: Option<&Suggestion>) -> Result<bool> {
    let old = get(tx.main, thread)?;
    let changed = old.as_ref() != new;
    match new {
        _ if !changed => {}
        None => {
            tx.main.prepare_cached("DELETE FROM suggestion WHERE thread = ?1")?.execute([thread.0])?;
        }
        Some(new) => {
            // The thread may be gone since it was read.
            tx.main
                .prepare_cached(
                    "REPLACE INTO suggestion
                     SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM thread WHERE id = ?1",
                )?
                .execute(params![
                    thread.0,
                    word(new.state),
                    new.score,
                    new.person,
                    millis(new.since),
                    new.due_at.map(millis),
                    new.hidden_until.map(millis),
                    new.changes_at.map(millis),
                    serde_json::to_string(&new.kept)?,
                ])?;
        }
    }
    let stale = |one: &Suggestion| Suggestion { changes_at: None, ..one.clone() };
    Ok(old.as_ref().map(stale) != new.map(stale))
}

/// How often something beside the messages has made what was concluded old. What was thought in one turn is not written
/// in the next one.
pub(crate) fn turn(conn: &Connection) -> Result<i64> {
    Ok(meta::get(conn, TURN)?.unwrap_or_default())
}

fn next_turn(tx: &WriteTx<'_>) -> Result<()> {
    meta::set(tx, TURN, turn(tx.main)? + 1)
}

/// What these people are waited for or wait for has to be concluded again, beside these threads.
pub(crate) fn stale_of(tx: &WriteTx<'_>, people: &[String]) -> Result<()> {
    next_turn(tx)?;
    tx.main
        .prepare_cached(
            "UPDATE suggestion SET changes_at = 0 WHERE person IN (SELECT value FROM json_each(?1))
             AND changes_at IS NOT 0",
        )?
        .execute([serde_json::to_string(people)?])?;
    Ok(())
}

/// Everything has to be concluded again.
pub(crate) fn stale(tx: &WriteTx<'_>) -> Result<()> {
    next_turn(tx)?;
    tx.main.prepare_cached("UPDATE suggestion SET changes_at = 0 WHERE changes_at IS NOT 0")?.execute([])?;
    Ok(())
}

/// Threads whose suggestion the clock, or something else, has made old.
pub(crate) fn due(conn: &Connection, now: Timestamp, limit: usize) -> Result<Vec<ThreadId>> {
    Ok(conn
        .prepare_cached("SELECT thread FROM suggestion WHERE changes_at <= ?1 ORDER BY changes_at, thread LIMIT ?2")?
        .query_map(params![millis(now), i64::try_from(limit).unwrap_or(i64::MAX)], |row| row.get(0).map(ThreadId))?
        .collect::<Result<_, _>>()?)
}

/// When the clock makes the first of them old.
pub(crate) fn next_due(conn: &Connection) -> Result<Option<Timestamp>> {
    let next: Option<i64> = conn
        .prepare_cached("SELECT min(changes_at) FROM suggestion WHERE changes_at IS NOT NULL")?
        .query_row([], |row| row.get(0))?;
    Ok(next.map(from_millis))
}

/// Threads that changed after `rev`, in the order they changed.
pub(crate) fn changed_after(conn: &Connection, rev: i64, limit: usize) -> Result<Vec<(ThreadId, i64)>> {
    Ok(conn
        .prepare_cached("SELECT id, rev FROM thread WHERE rev > ?1 ORDER BY rev LIMIT ?2")?
        .query_map(params![rev, i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
            Ok((ThreadId(row.get(0)?), row.get(1)?))
        })?
        .collect::<Result<_, _>>()?)
}

/// Counted apart: for a UNION of both, SQLite goes through all threads.
const BEHIND: &str = "SELECT (SELECT count(*) FROM thread WHERE rev > ?1) + (SELECT count(*) FROM suggestion
     WHERE changes_at <= ?2 AND NOT EXISTS (SELECT 1 FROM thread WHERE id = suggestion.thread AND rev > ?1))";

/// How many threads changed after `rev`, or have a suggestion that is old by now.
pub(crate) fn count_behind(conn: &Connection, rev: i64, now: Timestamp) -> Result<u64> {
    Ok(conn.prepare_cached(BEHIND)?.query_row(params![rev, millis(now)], |row| row.get(0))?)
}

/// What a person set on a thread, and where it lives.
pub(crate) struct Standing {
    pub(crate) source: SourceId,
    pub(crate) kind: String,
    pub(crate) place: String,
    pub(crate) muted: bool,
    pub(crate) snoozed_until: Option<Timestamp>,
    pub(crate) done_at: Option<Timestamp>,
    pub(crate) settled_at: Option<Timestamp>,
    /// The first of those in it.
    pub(crate) person: String,
}

pub(crate) fn standing(conn: &Connection, thread: ThreadId) -> Result<Option<Standing>> {
    let time = |at: Option<i64>| at.map(from_millis);
    Ok(conn
        .prepare_cached(
            "SELECT kind, place, muted, snoozed_until, done_at, settled_at,
                 coalesce(lower(json_extract(people, '$[0].handle')), ''), source
             FROM thread WHERE id = ?1 AND deleted = 0",
        )?
        .query_row([thread.0], |row| {
            Ok(Standing {
                kind: row.get(0)?,
                place: row.get(1)?,
                muted: row.get(2)?,
                snoozed_until: time(row.get(3)?),
                done_at: time(row.get(4)?),
                settled_at: time(row.get(5)?),
                person: row.get(6)?,
                source: SourceId(row.get(7)?),
            })
        })
        .optional()?)
}

/// An item of a conversation, with what was read of it when its text was as it is.
pub(crate) struct Line {
    pub(crate) item: ItemId,
    pub(crate) text_rev: i64,
    pub(crate) at: Timestamp,
    pub(crate) from_me: bool,
    pub(crate) answered: bool,
    pub(crate) from: String,
    /// Whom a mail of mine was written to, before all others.
    pub(crate) to: Option<String>,
    /// Those of anybody, as they are now: they change without the text.
    pub(crate) reactions: Vec<Reaction>,
    pub(crate) reading: Option<Reading>,
}

/// The newest items of a thread without drafts, newest first.
pub(crate) fn lines(conn: &Connection, thread: ThreadId, limit: u32) -> Result<Vec<Line>> {
    Ok(conn
        .prepare_cached(
            "SELECT item.id, item.text_rev, item.at, from_me, answered, coalesce(lower(from_handle), ''), reading.data,
                 json_extract(item.meta, '$.reactions'),
                 CASE WHEN from_me AND kind = 'mail' THEN lower(json_extract(item.people, '$.to[0].handle')) END
             FROM item LEFT JOIN reading ON reading.item = item.id AND reading.text_rev = item.text_rev
             WHERE thread = ?1 AND deleted = 0 AND draft = 0 ORDER BY at DESC, item.id DESC LIMIT ?2",
        )?
        .query_map(params![thread.0, limit], |row| {
            Ok(Line {
                item: ItemId(row.get(0)?),
                text_rev: row.get(1)?,
                at: from_millis(row.get(2)?),
                from_me: row.get(3)?,
                answered: row.get(4)?,
                from: row.get(5)?,
                to: row.get(8)?,
                // One that cannot be read is none.
                reading: unpacked(row, 6)?,
                reactions: row
                    .get::<_, Option<String>>(7)?
                    .and_then(|reactions| serde_json::from_str(&reactions).ok())
                    .unwrap_or_default(),
            })
        })?
        .collect::<Result<_, _>>()?)
}

/// Who else wrote in a thread lately, by handle; also what is deleted by now, as it counted until then.
pub(crate) fn writers(conn: &Connection, thread: ThreadId, limit: u32) -> Result<Vec<String>> {
    Ok(conn
        .prepare_cached(
            "SELECT DISTINCT lower(from_handle) FROM (SELECT from_handle, from_me FROM item WHERE thread = ?1
                 ORDER BY at DESC, id DESC LIMIT ?2)
             WHERE from_me = 0 AND from_handle IS NOT NULL AND from_handle <> ''",
        )?
        .query_map(params![thread.0, limit], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Keeps what was read of an item. It is lean, and in a form that is read fast: a long conversation takes two hundred of
/// them for each new message. That form knows no names: whoever changes [`Reading`] counts its reader up.
pub(crate) fn keep_reading(tx: &WriteTx<'_>, item: ItemId, text_rev: i64, reading: &Reading) -> Result<()> {
    // The item may be gone since it was read.
    tx.main.prepare_cached("REPLACE INTO reading SELECT id, ?2, ?3 FROM item WHERE id = ?1")?.execute(params![
        item.0,
        text_rev,
        postcard::to_stdvec(reading)?
    ])?;
    Ok(())
}

/// What was read of an item; nothing where that is still to come.
pub(crate) fn reading(conn: &Connection, item: ItemId) -> Result<Option<Reading>> {
    let kept = conn
        .prepare_cached(
            "SELECT reading.data FROM reading JOIN item ON item.id = reading.item AND item.text_rev = reading.text_rev
             WHERE reading.item = ?1",
        )?
        .query_row([item.0], |row| unpacked(row, 0))
        .optional()?;
    Ok(kept.flatten())
}

/// A reading as it was kept. One that cannot be understood is none: it is read again.
fn unpacked(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Reading>> {
    Ok(row.get_ref(column)?.as_blob_or_null()?.and_then(|kept| postcard::from_bytes(kept).ok()))
}

/// Throws away everything that is derived.
pub(crate) fn clear(tx: &WriteTx<'_>) -> Result<()> {
    tx.main.execute_batch(
        "DELETE FROM reading; DELETE FROM signed; DELETE FROM suggestion; DELETE FROM meta WHERE key = 'thought'",
    )?;
    next_turn(tx)?;
    tx.touch_suggestions();
    Ok(())
}

/// Everything that has happened to a thread until now was thought about, and nothing has made it old.
pub(crate) fn is_current(conn: &Connection, thread: ThreadId, now: Timestamp) -> Result<bool> {
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM thread WHERE id = ?1 AND rev <= ?2)
             AND NOT EXISTS (SELECT 1 FROM suggestion WHERE thread = ?1 AND changes_at <= ?3)",
        )?
        .query_row(params![thread.0, watermark(conn)?, millis(now)], |row| row.get(0))?)
}

/// The rev up to which everything was thought about.
pub(crate) fn watermark(conn: &Connection) -> Result<i64> {
    Ok(meta::get(conn, "thought")?.unwrap_or_default())
}

pub(crate) fn set_watermark(tx: &WriteTx<'_>, rev: i64) -> Result<()> {
    meta::set(tx, "thought", rev)
}

/// What the readings or the conclusions rest on beside the messages, as it was when they were made.
pub(crate) fn premise(conn: &Connection, name: &str) -> Result<Option<String>> {
    meta::get(conn, &format!("thinking_{name}"))
}

pub(crate) fn set_premise(tx: &WriteTx<'_>, name: &str, value: &str) -> Result<()> {
    meta::set(tx, &format!("thinking_{name}"), value)
}

/// The handles and names under which I was thought about last.
pub(crate) fn former_self(conn: &Connection) -> Result<Option<(Vec<String>, Vec<String>)>> {
    Ok(premise(conn, "me")?.and_then(|before| serde_json::from_str(&before).ok()))
}

/// Forgets under which handles I was thought about, when they are no longer mine: an account was removed.
pub(crate) fn forget_former_self(tx: &WriteTx<'_>) -> Result<()> {
    let handles = myself(tx.main)?.0;
    if former_self(tx.main)?.is_none_or(|(known, _)| known != handles) {
        meta::forget(tx, "thinking_me")?;
    }
    Ok(())
}

/// Handles of mine, and the names I write under there: the newest ones of each.
pub(crate) fn myself(conn: &Connection) -> Result<(Vec<String>, Vec<String>)> {
    /// Messages of mine that are looked at for my name, of each handle.
    const LOOKED_AT: u32 = 50;
    let handles = identity::mine(conn)?;
    let mut names = Vec::new();
    let mut statement = conn.prepare_cached(
        "SELECT DISTINCT from_name FROM (SELECT from_name FROM item WHERE from_handle = ?1 COLLATE NOCASE
             AND from_me = 1 AND deleted = 0 ORDER BY at DESC LIMIT ?2) WHERE from_name IS NOT NULL",
    )?;
    for handle in &handles {
        let found = statement.query_map(params![handle, LOOKED_AT], |row| row.get::<_, String>(0))?;
        names.extend(found.collect::<Result<Vec<_>, _>>()?);
    }
    Ok((handles, names))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use inlet_actions::{Me, Message, read};
    use inlet_model::{Kind, Party};
    use jiff::tz::Offset;

    use super::*;
    use crate::store::Store;

    /// One that could not be unpacked would be read again each time, and nobody would see it.
    #[test]
    fn a_reading_is_the_same_after_it_was_kept() {
        for text in [
            "",
            "Can you send the report by 03/04/2026? I will call you tomorrow at noon.\n\nThanks, Ben",
            "> Könntest du das bis Freitag schicken?\nJa, mache ich.\n> Und die Zahlen?\n",
            "それを送ってください。 @Robin, please check 🙏",
        ] {
            for kind in [Kind::Mail, Kind::Chat] {
                let message = Message {
                    id: ItemId(1),
                    kind,
                    at: "2026-03-03T10:15:00.123Z".parse().unwrap(),
                    offset: Offset::constant(-3),
                    from: Party::named("Ben", "ben@x.test"),
                    from_me: false,
                    to: vec![Party::named("Robin", "robin@x.test")],
                    cc: Vec::new(),
                    text: text.to_owned(),
                    bulk: false,
                    automatic: false,
                    files: true,
                    retracted: false,
                };
                let reading = read(&message, &Me { handles: vec!["robin@x.test".into()], names: vec!["robin".into()] });
                for reading in [reading.clone(), reading.lean()] {
                    let packed = postcard::to_stdvec(&reading).unwrap();
                    assert_eq!(postcard::from_bytes::<Reading>(&packed).unwrap(), reading);
                    let named = serde_json::to_vec(&reading).unwrap();
                    assert!(postcard::from_bytes::<Reading>(&named).is_err(), "as an earlier Inlet kept it");
                }
            }
        }
    }

    /// It is counted for every list, which took ten times as long among a hundred thousand mails.
    #[tokio::test]
    async fn what_is_behind_is_counted_without_looking_at_every_thread() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), |_| {}).unwrap();
        let explain = |reader: &crate::store::Reader| {
            let mut statement = reader.main.prepare(&format!("EXPLAIN QUERY PLAN {BEHIND}"))?;
            Ok(statement.query_map([0, 0], |row| row.get::<_, String>(3))?.collect::<Result<Vec<_>, _>>()?)
        };
        let steps = store.read(explain).await.unwrap();
        assert!(!steps.iter().any(|step| step.starts_with("SCAN thread")), "{steps:?}");
        assert!(steps.iter().any(|step| step.contains("thread_rev")), "{steps:?}");
    }
}
