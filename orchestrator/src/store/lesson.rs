//! What a person taught by what they did with a suggestion: whom to suggest more or less of, and which words.
//!
//! "Not an action" says most. An answer says that somebody matters, a snooze that it was not for now, and done without an
//! answer that none was needed; of those it takes several to move anything. A lesson holds no text. Its points are not
//! stored either: they follow from how many there are, so that taking one back leaves what the others taught.

use std::collections::BTreeMap;

use inlet_actions::State;
use inlet_model::{OpId, ThreadId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Result, WriteTx, people, suggestion};
use crate::{
    api::types::{Lesson, LessonKind},
    clock::{from_millis, millis},
};

/// Lessons that are kept beside those of "not an action", which are never forgotten by themselves.
const KEPT: i64 = 300;

/// Points of so many lessons: for what somebody writes, and for words that looked like an ask. Words are everybody's, so
/// one lesson says less about them.
fn points(kind: LessonKind, lessons: i64) -> (i32, i32) {
    let lessons = i32::try_from(lessons.min(100)).unwrap_or(100);
    match kind {
        LessonKind::Dismissed => ((-15 * lessons).max(-45), (-5 * lessons).max(-20)),
        LessonKind::Answered => ((3 * lessons).min(15), (lessons / 5).min(5)),
        LessonKind::Done => ((-3 * lessons).max(-15), (-lessons / 5).max(-5)),
        LessonKind::Snoozed => ((-2 * lessons).max(-10), 0),
    }
}

fn word(kind: LessonKind) -> &'static str {
    match kind {
        LessonKind::Dismissed => "dismissed",
        LessonKind::Answered => "answered",
        LessonKind::Done => "done",
        LessonKind::Snoozed => "snoozed",
    }
}

fn kind(stored: &str) -> LessonKind {
    let others = [LessonKind::Answered, LessonKind::Done, LessonKind::Snoozed];
    others.into_iter().find(|kind| word(*kind) == stored).unwrap_or(LessonKind::Dismissed)
}

/// Learns from what is suggested for a thread; nothing where nothing is, or where it says nothing.
pub(crate) fn learn(
    tx: &WriteTx<'_>,
    thread: ThreadId,
    kind: LessonKind,
    op: Option<OpId>,
    now: Timestamp,
) -> Result<Option<i64>> {
    let Some(row) = suggestion::get(tx.main, thread)? else { return Ok(None) };
    let says = match kind {
        LessonKind::Dismissed => true,
        LessonKind::Answered | LessonKind::Done => row.state == State::Reply,
        LessonKind::Snoozed => row.state == State::Reply && row.hidden_until.is_none(),
    };
    // Two messages answer one question.
    let known = tx
        .main
        .prepare_cached("SELECT 1 FROM lesson WHERE thread = ?1 AND kind = ?2 AND kind <> 'dismissed' AND at >= ?3")?
        .exists(params![thread.0, word(kind), millis(row.since)])?;
    if !says || known || (row.person.is_empty() && kind != LessonKind::Dismissed) {
        return Ok(None);
    }
    let pattern = row.kept.labels.iter().map(|label| label.by.as_str()).find(|by| *by != MODEL).unwrap_or_default();
    let learnt = tx
        .main
        .prepare_cached(
            "INSERT INTO lesson (at, source, thread, person, pattern, kind, op)
             SELECT ?2, source, id, ?3, ?4, ?5, ?6 FROM thread WHERE id = ?1",
        )?
        .execute(params![thread.0, millis(now), row.person, pattern, word(kind), op.map(|op| op.0)])?;
    let id = tx.main.last_insert_rowid();
    tx.main
        .prepare_cached(
            "DELETE FROM lesson WHERE kind <> 'dismissed' AND id <=
                 (SELECT id FROM lesson WHERE kind <> 'dismissed' ORDER BY id DESC LIMIT 1 OFFSET ?1)",
        )?
        .execute([KEPT])?;
    changed(tx, &row.person)?;
    Ok((learnt > 0).then_some(id))
}

/// What labels are called that no pattern gave: the model has no words of its own to teach about.
const MODEL: &str = "model";

/// What is open with somebody weighs something else now.
fn changed(tx: &WriteTx<'_>, person: &str) -> Result<()> {
    suggestion::stale_of(tx, &people::handles(tx.main, person)?)?;
    tx.touch_suggestions();
    Ok(())
}

/// Takes a lesson back; false when there is none of this number.
pub(crate) fn forget(tx: &WriteTx<'_>, id: i64) -> Result<bool> {
    let person: Option<String> = tx
        .main
        .prepare_cached("DELETE FROM lesson WHERE id = ?1 RETURNING person")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    if let Some(person) = &person {
        changed(tx, person)?;
    }
    Ok(person.is_some())
}

/// Takes back what was taught with a message that is not sent after all.
pub(crate) fn forget_op(tx: &WriteTx<'_>, op: OpId) -> Result<()> {
    let taught: Vec<i64> = tx
        .main
        .prepare_cached("SELECT id FROM lesson WHERE op = ?1")?
        .query_map([op.0], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for id in taught {
        forget(tx, id)?;
    }
    Ok(())
}

/// Every lesson, newest first.
pub(crate) fn all(conn: &Connection) -> Result<Vec<Lesson>> {
    Ok(conn
        .prepare_cached(
            "SELECT lesson.id, lesson.at, person, pattern, thread.id, thread.title,
                 (SELECT name FROM identity WHERE handle = person AND name <> '' ORDER BY last_at DESC LIMIT 1),
                 lesson.kind
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
                kind: kind(&row.get::<_, String>(7)?),
            })
        })?
        .collect::<Result<_, _>>()?)
}

/// Points that were taught about somebody, by all of their handles.
pub(crate) fn of_person(conn: &Connection, handles: &[String]) -> Result<i32> {
    let taught: Vec<(String, i64)> = conn
        .prepare_cached(
            "SELECT kind, count(*) FROM lesson WHERE person IN (SELECT value FROM json_each(?1)) GROUP BY kind",
        )?
        .query_map([serde_json::to_string(handles)?], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    Ok(taught.into_iter().map(|(stored, lessons)| points(kind(&stored), lessons).0).sum())
}

/// Points that were taught about words, by pattern.
pub(crate) fn of_patterns(conn: &Connection) -> Result<BTreeMap<String, i32>> {
    let taught: Vec<(String, String, i64)> = conn
        .prepare_cached("SELECT pattern, kind, count(*) FROM lesson WHERE pattern <> '' GROUP BY pattern, kind")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    let mut all = BTreeMap::new();
    for (pattern, stored, lessons) in taught {
        *all.entry(pattern).or_default() += points(kind(&stored), lessons).1;
    }
    all.retain(|_, points| *points != 0);
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_lesson_says_little_and_many_have_an_end() {
        assert_eq!(points(LessonKind::Dismissed, 1), (-15, -5));
        assert_eq!(points(LessonKind::Dismissed, 1_000), (-45, -20));
        assert_eq!(points(LessonKind::Answered, 1), (3, 0));
        assert_eq!(points(LessonKind::Answered, 1_000), (15, 5));
        assert_eq!(points(LessonKind::Done, 10), (-15, -2));
        assert_eq!(points(LessonKind::Snoozed, 2), (-4, 0));
        for one in [LessonKind::Dismissed, LessonKind::Answered, LessonKind::Done, LessonKind::Snoozed] {
            assert_eq!(kind(word(one)), one);
            assert_eq!(points(one, 0), (0, 0));
        }
    }
}
