//! The lists a person has asked to be taken off.

use inlet_model::{SourceId, Timestamp};
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

/// When this list was asked.
pub(crate) fn asked_at(conn: &Connection, source: SourceId, list: &str) -> Result<Option<Timestamp>> {
    Ok(conn
        .prepare_cached("SELECT at FROM unsubscribed WHERE source = ?1 AND list = ?2")?
        .query_row(params![source.0, list], |row| row.get(0))
        .optional()?
        .map(from_millis))
}

/// Remembers that a list was asked.
pub(crate) fn remember(tx: &WriteTx<'_>, source: SourceId, list: &str, at: Timestamp) -> Result<()> {
    tx.main.prepare_cached("REPLACE INTO unsubscribed VALUES (?1, ?2, ?3)")?.execute(params![
        source.0,
        list,
        millis(at)
    ])?;
    Ok(())
}
