//! What is being written, saved within a second of the last keystroke.
//!
//! What a server has of a draft is in [`super::draft_copy`]. When another program has changed or removed that,
//! the row is marked: `gone` where the server had all of it, so that the row has nothing more to say and is
//! no longer listed, else `kept`.

use inlet_model::{DraftId, ThreadId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Result, StoreError, WriteTx};
use crate::{
    api::types::Compose,
    clock::{from_millis, millis},
};

/// Saves a draft; its id, a new one where it had none. One that had gone is here again under its id.
pub(crate) fn save(tx: &WriteTx<'_>, compose: &Compose, now: Timestamp) -> Result<DraftId> {
    tx.touch_outbox();
    let json =
        serde_json::to_string(&Compose { server: None, server_version: None, elsewhere: false, ..compose.clone() })?;
    tx.main
        .prepare_cached(
            "INSERT INTO draft (id, source, thread, compose, saved_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET source = ?2, thread = ?3, compose = ?4, saved_at = ?5,
                 elsewhere = CASE WHEN elsewhere IS NOT NULL THEN 'kept' END",
        )?
        .execute(params![
            compose.id.map(|id| id.0),
            compose.source.map(|source| source.0),
            compose.thread.map(|thread| thread.0),
            json,
            millis(now)
        ])?;
    Ok(compose.id.unwrap_or_else(|| DraftId(tx.main.last_insert_rowid())))
}

pub(crate) fn exists(conn: &Connection, id: DraftId) -> Result<bool> {
    Ok(conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM draft WHERE id = ?1)")?.query_row([id.0], |row| row.get(0))?)
}

const ROW: &str = "SELECT id, compose, saved_at, elsewhere IS NOT NULL FROM draft";
/// What is not merely what another program has gone on with.
const LISTED: &str = "elsewhere IS NOT 'gone'";

fn row(row: &Row<'_>) -> rusqlite::Result<(i64, String, i64, bool)> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

fn parse((id, json, saved_at, elsewhere): (i64, String, i64, bool)) -> Result<Compose> {
    let compose: Compose = serde_json::from_str(&json)?;
    Ok(Compose { id: Some(DraftId(id)), saved_at: Some(from_millis(saved_at)), elsewhere, ..compose })
}

pub(crate) fn all(conn: &Connection) -> Result<Vec<Compose>> {
    conn.prepare_cached(&format!("{ROW} WHERE {LISTED} ORDER BY saved_at DESC"))?
        .query_map([], row)?
        .map(|row| parse(row.map_err(StoreError::from)?))
        .collect()
}

/// A draft that is listed.
pub(crate) fn get(conn: &Connection, id: DraftId) -> Result<Option<Compose>> {
    conn.prepare_cached(&format!("{ROW} WHERE id = ?1 AND {LISTED}"))?
        .query_row([id.0], row)
        .optional()?
        .map(parse)
        .transpose()
}

/// The newest draft of a conversation.
pub(crate) fn of_thread(conn: &Connection, thread: ThreadId) -> Result<Option<Compose>> {
    conn.prepare_cached(&format!("{ROW} WHERE thread = ?1 AND {LISTED} ORDER BY saved_at DESC LIMIT 1"))?
        .query_row([thread.0], row)
        .optional()?
        .map(parse)
        .transpose()
}

pub(crate) fn discard(tx: &WriteTx<'_>, id: DraftId) -> Result<bool> {
    tx.touch_outbox();
    Ok(tx.main.prepare_cached("DELETE FROM draft WHERE id = ?1")?.execute([id.0])? > 0)
}

/// At start: nobody has open any more what other programs have gone on with.
pub(crate) fn forget_gone(tx: &WriteTx<'_>) -> Result<()> {
    tx.main.execute("DELETE FROM draft WHERE elsewhere = 'gone'", [])?;
    Ok(())
}

/// Another program has changed or removed what the server had of a draft.
pub(crate) fn mark_elsewhere(tx: &WriteTx<'_>, id: DraftId, server_had_all: bool) -> Result<()> {
    tx.touch_outbox();
    tx.main
        .prepare_cached("UPDATE draft SET elsewhere = CASE WHEN ?2 THEN 'gone' ELSE 'kept' END WHERE id = ?1")?
        .execute(params![id.0, server_had_all])?;
    Ok(())
}

/// Another program has changed or removed what the server had of it.
pub(crate) fn is_elsewhere(conn: &Connection, id: DraftId) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM draft WHERE id = ?1 AND elsewhere IS NOT NULL)")?
        .query_row([id.0], |row| row.get(0))?)
}

/// A draft, listed or not.
pub(crate) fn even_gone(conn: &Connection, id: DraftId) -> Result<Option<Compose>> {
    conn.prepare_cached(&format!("{ROW} WHERE id = ?1"))?.query_row([id.0], row).optional()?.map(parse).transpose()
}

pub(crate) fn count(conn: &Connection) -> Result<u64> {
    Ok(conn.prepare_cached(&format!("SELECT count(*) FROM draft WHERE {LISTED}"))?.query_row([], |row| row.get(0))?)
}
