//! What a person taught by saying that something is no action: whom to suggest less of, and which words.
//!
//! A lesson holds no text. Its points are not stored either: they follow from how many there are, so that
//! taking one back leaves what the others taught.

use std::collections::BTreeMap;

use inlet_model::{ThreadId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Result, WriteTx, suggestion};
use crate::{
    api::types::Lesson,
    clock::{from_millis, millis},
};

/// Points that each lesson takes from what somebody writes, and most that all of them take.
const PERSON: (i32, i32) = (-15, -45);
/// The same for words that looked like an ask; they are everybody's, so one lesson says less.
const PATTERN: (i32, i32) = (-5, -20);

fn points((each, most): (i32, i32), lessons: i64) -> i32 {
    i32::try_from(lessons).map_or(most, |lessons| (each * lessons.min(100)).max(most))
}

/// Learns from what is suggested for a thread; nothing where nothing is.
pub(crate) fn learn(tx: &WriteTx<'_>, thread: ThreadId, now: Timestamp) -> Result<Option<i64>> {
    let Some(row) = suggestion::get(tx.main, thread)? else { return Ok(None) };
    let pattern = row.kept.labels.iter().map(|label| label.by.as_str()).find(|by| *by != MODEL).unwrap_or_default();
    let learnt = tx
        .main
        .prepare_cached(
            "INSERT INTO lesson (at, source, thread, person, pattern)
             SELECT ?2, source, id, ?3, ?4 FROM thread WHERE id = ?1",
        )?
        .execute(params![thread.0, millis(now), row.person, pattern])?;
    tx.touch_suggestions();
    Ok((learnt > 0).then(|| tx.main.last_insert_rowid()))
}

/// What labels are called that no pattern gave: the model has no words of its own to teach about.
const MODEL: &str = "model";

/// Takes a lesson back; false when there is none of this number.
pub(crate) fn forget(tx: &WriteTx<'_>, id: i64) -> Result<bool> {
    let gone = tx.main.prepare_cached("DELETE FROM lesson WHERE id = ?1")?.execute([id])?;
    if gone > 0 {
        tx.touch_suggestions();
    }
    Ok(gone > 0)
}

/// Every lesson, newest first.
pub(crate) fn all(conn: &Connection) -> Result<Vec<Lesson>> {
    Ok(conn
        .prepare_cached(
            "SELECT lesson.id, lesson.at, person, pattern, thread.id, thread.title,
                 (SELECT name FROM identity WHERE handle = person AND name <> '' ORDER BY last_at DESC LIMIT 1)
             FROM lesson LEFT JOIN thread ON thread.id = lesson.thread AND thread.deleted = 0 ORDER BY lesson.id DESC",
        )?
        .query_map([], |row| {
            Ok(Lesson {
                id: row.get(0)?,
                at: from_millis(row.get(1)?),
                person: inlet_model::Party { handle: row.get(2)?, name: row.get(6)? },
                pattern: row.get(3)?,
                thread: row.get::<_, Option<i64>>(4)?.map(ThreadId),
                title: row.get::<_, Option<String>>(5)?.unwrap_or_default(),
            })
        })?
        .collect::<Result<_, _>>()?)
}

/// Points that were taught about somebody, by all of their handles.
pub(crate) fn of_person(conn: &Connection, handles: &[String]) -> Result<i32> {
    let lessons: Option<i64> = conn
        .prepare_cached("SELECT count(*) FROM lesson WHERE person IN (SELECT value FROM json_each(?1))")?
        .query_row([serde_json::to_string(handles)?], |row| row.get(0))
        .optional()?;
    Ok(points(PERSON, lessons.unwrap_or_default()))
}

/// Points that were taught about words, by pattern.
pub(crate) fn of_patterns(conn: &Connection) -> Result<BTreeMap<String, i32>> {
    Ok(conn
        .prepare_cached("SELECT pattern, count(*) FROM lesson WHERE pattern <> '' GROUP BY pattern")?
        .query_map([], |row| Ok((row.get(0)?, points(PATTERN, row.get(1)?))))?
        .collect::<Result<_, _>>()?)
}
