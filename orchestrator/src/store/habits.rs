//! What is usual between two people: how they answer each other.
//!
//! It is asked for whenever something of theirs is thought about, so it looks at the newest messages and at no more of
//! them than a bound, however long the two have been writing. Sums that grow with each message were refused: they would
//! have to be taken back for what is deleted, moved or joined, and would be one more thing that can differ from what
//! thinking anew gives.

use std::collections::HashSet;

use rusqlite::{Connection, params};

use super::Result;
use crate::api::types::Habit;

/// Messages between two people that are looked at, the newest; and theirs by which the conversations are found.
const LOOKED_AT: usize = 1_000;
/// Answers that make a habit.
const HABIT: usize = 3;

/// What is usual between two people, as far as it shows in their newest messages.
pub(crate) struct Between {
    /// How long they take to answer me.
    pub(crate) theirs: Option<Habit>,
    /// How long I take to answer them.
    pub(crate) mine: Option<Habit>,
    /// How often they wrote, several messages without a word of mine between them counted once.
    pub(crate) received: u32,
    /// How often I answered that.
    pub(crate) answered: u32,
}

/// Where and when somebody wrote last.
const WROTE: &str = "SELECT at, thread FROM item WHERE from_handle = ?1 COLLATE NOCASE AND from_me = 0 AND deleted = 0
     ORDER BY at DESC LIMIT ?2";

/// The newest messages of a conversation, if it is between the two of us.
const SAID: &str = "SELECT at, from_me FROM item
     WHERE thread = ?1 AND deleted = 0 AND kind <> 'note' AND NOT (from_me AND automatic)
         AND (SELECT json_array_length(people) FROM thread WHERE id = ?1) = 1
     ORDER BY at DESC, id DESC LIMIT ?2";

/// How they answer me, and I them; only between the two of us.
pub(crate) fn between(conn: &Connection, handles: &[String]) -> Result<Between> {
    let (mut theirs, mut mine, mut received) = (Vec::new(), Vec::new(), 0);
    let mut left = LOOKED_AT;
    for thread in conversations(conn, handles)? {
        let said: Vec<(i64, bool)> = conn
            .prepare_cached(SAID)?
            .query_map(params![thread, left], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        left = left.saturating_sub(said.len());
        // The first message that the other side has not answered yet: when, and whose.
        let mut open: Option<(i64, bool)> = None;
        for (at, from_me) in said.into_iter().rev() {
            match open {
                Some((_, by_me)) if by_me == from_me => continue,
                Some((since, _)) => if from_me { &mut mine } else { &mut theirs }.push(at.saturating_sub(since)),
                None => {}
            }
            open = Some((at, from_me));
            received += u32::from(!from_me);
        }
        if left == 0 {
            break;
        }
    }
    let answered = u32::try_from(mine.len()).unwrap_or(u32::MAX);
    Ok(Between { theirs: habit(theirs), mine: habit(mine), received, answered })
}

/// Where they wrote, the newest first.
fn conversations(conn: &Connection, handles: &[String]) -> Result<Vec<i64>> {
    let mut wrote: Vec<(i64, i64)> = Vec::new();
    for handle in handles {
        let mut statement = conn.prepare_cached(WROTE)?;
        let found = statement.query_map(params![handle, LOOKED_AT], |row| Ok((row.get(0)?, row.get(1)?)))?;
        wrote.extend(found.collect::<Result<Vec<_>, _>>()?);
    }
    wrote.sort_unstable_by(|one, other| other.cmp(one));
    wrote.truncate(LOOKED_AT);
    let mut seen = HashSet::new();
    Ok(wrote.into_iter().map(|(_, thread)| thread).filter(|thread| seen.insert(*thread)).collect())
}

fn habit(mut delays: Vec<i64>) -> Option<Habit> {
    if delays.len() < HABIT {
        return None;
    }
    delays.sort_unstable();
    let median = delays.get(delays.len() / 2)?;
    Some(Habit {
        minutes: u64::try_from(median / 60_000).unwrap_or_default(),
        answers: u32::try_from(delays.len()).unwrap_or(u32::MAX),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::disallowed_methods)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;
    use crate::store::migrate;

    /// A conversation of Ana's with me, and one of a group; each number is how many minutes an answer took, hers and
    /// mine in turn, the oldest first.
    fn talk(minutes: impl Iterator<Item = i64>) -> Connection {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate::both(&mut conn, &mut Connection::open_in_memory().unwrap()).unwrap();
        conn.execute_batch(
            "INSERT INTO account (id, name, config, created_at) VALUES (1, 'a', '{}', 0);
             INSERT INTO source (id, account, type, name, ordinal) VALUES (1, 1, 'imap', 'a', 0);
             INSERT INTO thread (id, source, kind, people) VALUES (1, 1, 'chat', '[{}]'), (2, 1, 'chat', '[{}, {}]');",
        )
        .unwrap();
        let mut at = 0;
        let tx = conn.transaction().unwrap();
        let put = |id: i64, thread: i64, at: i64, from_me: bool| {
            let handle = if from_me { "me@x.test" } else { "Ana@x.test" };
            tx.prepare_cached(
                "INSERT INTO item (source, thread, kind, stable_id, at, from_handle, from_me, title, snippet, size, read,
                     starred, answered, draft, has_html, has_attachment, people, refs, meta, body, text_rev, flag_rev)
                 VALUES (1, ?1, 'chat', ?2, ?3, ?4, ?5, '', '', 0, 1, 0, 0, 0, 0, 0, '{}', '[]', '{}', 0, 0, 0)",
            )
            .unwrap()
            .execute(params![thread, format!("{thread} {id}"), at, handle, from_me])
            .unwrap();
        };
        for (id, minutes) in (0..).zip(minutes) {
            at += minutes * 60_000;
            put(id, 1, at, id % 2 == 1);
        }
        put(0, 2, at + 1, false);
        put(1, 2, at + 2, true);
        tx.commit().unwrap();
        conn
    }

    fn ana(conn: &Connection) -> Between {
        between(conn, &["ana@x.test".to_owned()]).unwrap()
    }

    #[test]
    fn two_answers_are_no_habit() {
        assert!(habit(vec![60_000, 60_000]).is_none());
        assert_eq!(habit(vec![600_000, 60_000, 7_200_000]).unwrap(), Habit { minutes: 10, answers: 3 });
    }

    #[test]
    fn what_is_usual_shows_in_the_newest_messages() {
        let short = ana(&talk([5, 10, 20, 10, 20, 10, 20].into_iter()));
        assert_eq!((short.received, short.answered), (4, 3));
        assert_eq!(short.mine.unwrap(), Habit { minutes: 10, answers: 3 });
        assert_eq!(short.theirs.unwrap(), Habit { minutes: 20, answers: 3 });

        // Once we took an hour each; of late one takes three minutes, the other seven.
        let of_late = |id| if id % 2 == 1 { 3 } else { 7 };
        let long = ana(&talk((0..4_000).map(|id| if id < 3_000 { 60 } else { of_late(id) })));
        assert_eq!((long.received, long.answered), (500, 500));
        assert_eq!((long.mine.unwrap().minutes, long.theirs.unwrap().minutes), (3, 7));
    }

    #[test]
    fn it_costs_the_same_however_much_was_written() {
        let steps = |messages: i64| {
            let conn = talk((0..messages).map(|_| 5));
            ana(&conn);
            [WROTE, SAID].map(|sql| conn.prepare_cached(sql).unwrap().get_status(StatementStatus::VmStep))
        };
        let few = steps(2_100);
        assert!(few.iter().all(|steps| *steps > 1_000), "{few:?}");
        assert_eq!(steps(8_400), few);
    }
}
