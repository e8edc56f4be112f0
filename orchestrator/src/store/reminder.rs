//! Reminders: what I wrote and nobody has answered comes back.
//!
//! A reminder is a moment on a conversation in which I had the last word. If that is still so when the
//! moment comes, the conversation is in the inbox again, whatever had taken it out, and says since when
//! nobody has answered. Whatever arrives before ends the reminder, and so does a conversation in the trash.
//! Archiving does not: out of sight until an answer or the reminder is what it is for.

use inlet_model::{ThreadId, Timestamp};
use rusqlite::params;

use super::{Result, WriteTx};
use crate::clock::{from_millis, millis};

/// Reminds of a conversation then; of one that came back already as well.
pub(crate) fn set(tx: &WriteTx<'_>, thread: ThreadId, at: Timestamp) -> Result<()> {
    tx.main
        .prepare_cached("UPDATE thread SET remind_at = ?2, unanswered_since = NULL WHERE id = ?1")?
        .execute(params![thread.0, millis(at)])?;
    tx.touch(thread);
    Ok(())
}

/// Somebody wrote at `at`. What is older than the newest word of mine is no answer to it: an old mail
/// that a first sync brings.
pub(crate) fn answered(tx: &WriteTx<'_>, thread: ThreadId, at: Timestamp) -> Result<()> {
    tx.main
        .prepare_cached(
            "UPDATE thread SET remind_at = NULL, unanswered_since = NULL
             WHERE id = ?1 AND (remind_at IS NOT NULL OR unanswered_since IS NOT NULL) AND at <= ?2",
        )?
        .execute(params![thread.0, millis(at)])?;
    Ok(())
}

/// I wrote again: what came back is dealt with.
pub(crate) fn nudged(tx: &WriteTx<'_>, thread: ThreadId, at: Timestamp) -> Result<()> {
    tx.main
        .prepare_cached("UPDATE thread SET unanswered_since = NULL WHERE id = ?1 AND unanswered_since < ?2")?
        .execute(params![thread.0, millis(at)])?;
    Ok(())
}

/// Brings back what is due; when the next one is.
pub(super) fn bring_due(tx: &WriteTx<'_>, now: Timestamp) -> Result<Option<Timestamp>> {
    let due: Vec<(i64, bool)> = tx
        .main
        .prepare_cached(
            "SELECT id, last_from_me = 1 AND deleted = 0 AND place NOT IN ('trash', 'junk')
             FROM thread WHERE remind_at <= ?1",
        )?
        .query_map([millis(now)], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (id, unanswered) in due {
        tx.main
            .prepare_cached(
                "UPDATE thread SET remind_at = NULL, unanswered_since = CASE WHEN ?2 THEN at END,
                     snoozed_until = CASE WHEN ?2 THEN NULL ELSE snoozed_until END WHERE id = ?1",
            )?
            .execute(params![id, unanswered])?;
        tx.touch(ThreadId(id));
    }
    Ok(tx
        .main
        .prepare_cached("SELECT min(remind_at) FROM thread WHERE remind_at IS NOT NULL")?
        .query_row([], |row| row.get::<_, Option<i64>>(0))?
        .map(from_millis))
}
