//! What is being written, saved within a second of the last keystroke.

use inlet_model::{DraftId, ThreadId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Result, StoreError, WriteTx};
use crate::{
    api::types::Compose,
    clock::{from_millis, millis},
};

/// Saves a draft; its id, a new one where it had none or the old one is gone.
pub(crate) fn save(tx: &WriteTx<'_>, compose: &Compose, now: Timestamp) -> Result<DraftId> {
    tx.touch_outbox();
    let json = serde_json::to_string(compose)?;
    let thread = compose.thread.map(|thread| thread.0);
    let source = compose.source.map(|source| source.0);
    if let Some(id) = compose.id {
        let updated = tx
            .main
            .prepare_cached("UPDATE draft SET source = ?2, thread = ?3, compose = ?4, saved_at = ?5 WHERE id = ?1")?
            .execute(params![id.0, source, thread, json, millis(now)])?;
        if updated > 0 {
            return Ok(id);
        }
    }
    tx.main
        .prepare_cached("INSERT INTO draft (source, thread, compose, saved_at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![source, thread, json, millis(now)])?;
    Ok(DraftId(tx.main.last_insert_rowid()))
}

fn row(row: &Row<'_>) -> rusqlite::Result<(i64, String, i64)> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn parse((id, json, saved_at): (i64, String, i64)) -> Result<Compose> {
    let mut compose: Compose = serde_json::from_str(&json)?;
    compose.id = Some(DraftId(id));
    compose.saved_at = Some(from_millis(saved_at));
    Ok(compose)
}

pub(crate) fn all(conn: &Connection) -> Result<Vec<Compose>> {
    conn.prepare_cached("SELECT id, compose, saved_at FROM draft ORDER BY saved_at DESC")?
        .query_map([], row)?
        .map(|row| parse(row.map_err(StoreError::from)?))
        .collect()
}

/// The newest draft of a conversation.
pub(crate) fn of_thread(conn: &Connection, thread: ThreadId) -> Result<Option<Compose>> {
    conn.prepare_cached("SELECT id, compose, saved_at FROM draft WHERE thread = ?1 ORDER BY saved_at DESC LIMIT 1")?
        .query_row([thread.0], row)
        .optional()?
        .map(parse)
        .transpose()
}

pub(crate) fn discard(tx: &WriteTx<'_>, id: DraftId) -> Result<bool> {
    tx.touch_outbox();
    Ok(tx.main.prepare_cached("DELETE FROM draft WHERE id = ?1")?.execute([id.0])? > 0)
}

pub(crate) fn count(conn: &Connection) -> Result<u64> {
    Ok(conn.prepare_cached("SELECT count(*) FROM draft")?.query_row([], |row| row.get(0))?)
}
