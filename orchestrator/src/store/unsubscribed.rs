//! The lists a person has asked to be taken off.

use inlet_model::{OpId, SourceId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Result, WriteTx, item::ItemRow};
use crate::clock::{from_millis, millis};

/// What a list is remembered by: its List-Id (RFC 2919), else who writes it.
pub(crate) fn list_of(row: &ItemRow) -> String {
    let id = row.extra.mail.list_id.as_deref().map(|id| match id.rsplit_once('<') {
        Some((_, id)) => id.trim_end_matches('>').trim().to_lowercase(),
        None => id.trim().to_lowercase(),
    });
    let author = || row.from.as_ref().map(|from| from.handle.to_lowercase()).unwrap_or_default();
    id.filter(|id| !id.is_empty()).unwrap_or_else(author)
}

/// When this list was asked, and whether the mail that asks has yet to go out.
pub(crate) fn asked(conn: &Connection, source: SourceId, list: &str) -> Result<Option<(Timestamp, bool)>> {
    Ok(conn
        .prepare_cached(
            "SELECT asked.at, outbox.state IS NOT NULL AND outbox.state <> 'done'
             FROM unsubscribed AS asked LEFT JOIN outbox ON outbox.id = asked.op
             WHERE asked.source = ?1 AND asked.list = ?2",
        )?
        .query_row(params![source.0, list], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .map(|(at, pending)| (from_millis(at), pending)))
}

/// Remembers that a list was asked; `op` is the mail that asks it.
pub(crate) fn remember(tx: &WriteTx<'_>, source: SourceId, list: &str, op: Option<OpId>, at: Timestamp) -> Result<()> {
    tx.main
        .prepare_cached("REPLACE INTO unsubscribed (source, list, at, op) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![source.0, list, millis(at), op.map(|op| op.0)])?;
    Ok(())
}

/// The mail that asks was taken back: nobody was asked.
pub(crate) fn forget(tx: &WriteTx<'_>, op: OpId) -> Result<()> {
    tx.main.prepare_cached("DELETE FROM unsubscribed WHERE op = ?1")?.execute([op.0])?;
    Ok(())
}
