//! Attachments as announced; their bytes are files named by their digest.

use inlet_model::{AttachmentId, AttachmentInfo, ItemId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Result, WriteTx};

/// A stored attachment.
#[derive(Clone, Debug)]
pub(crate) struct AttachmentRow {
    pub(crate) id: AttachmentId,
    pub(crate) item: ItemId,
    pub(crate) info: AttachmentInfo,
    /// Digest of its bytes, once they are here.
    pub(crate) hash: Option<String>,
}

fn row(row: &Row<'_>) -> rusqlite::Result<AttachmentRow> {
    Ok(AttachmentRow {
        id: AttachmentId(row.get(0)?),
        item: ItemId(row.get(1)?),
        info: AttachmentInfo {
            part: row.get(2)?,
            name: row.get(3)?,
            mime: row.get(4)?,
            size: row.get(5)?,
            content_id: row.get(6)?,
            inline: row.get(7)?,
            data: None,
        },
        hash: row.get(8)?,
    })
}

const ROW: &str = "SELECT id, item, part, name, mime, size, content_id, inline, hash FROM attachment";

pub(crate) fn insert_all(tx: &WriteTx<'_>, item: ItemId, attachments: &[AttachmentInfo]) -> Result<()> {
    for info in attachments {
        tx.main
            .prepare_cached(
                "INSERT INTO attachment (item, part, name, mime, size, content_id, inline)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                item.0,
                info.part,
                info.name,
                info.mime,
                i64::try_from(info.size).unwrap_or(i64::MAX),
                info.content_id,
                info.inline,
            ])?;
    }
    Ok(())
}

pub(crate) fn replace_all(tx: &WriteTx<'_>, item: ItemId, attachments: &[AttachmentInfo]) -> Result<()> {
    tx.main.prepare_cached("DELETE FROM attachment WHERE item = ?1")?.execute([item.0])?;
    insert_all(tx, item, attachments)
}

pub(crate) fn of_item(conn: &Connection, item: ItemId) -> Result<Vec<AttachmentRow>> {
    Ok(conn
        .prepare_cached(&format!("{ROW} WHERE item = ?1 ORDER BY id"))?
        .query_map([item.0], row)?
        .collect::<Result<_, _>>()?)
}

pub(crate) fn get(conn: &Connection, id: AttachmentId) -> Result<Option<AttachmentRow>> {
    Ok(conn.prepare_cached(&format!("{ROW} WHERE id = ?1"))?.query_row([id.0], row).optional()?)
}

/// The bytes are here.
pub(crate) fn set_hash(tx: &WriteTx<'_>, id: AttachmentId, hash: &str, size: u64) -> Result<()> {
    tx.main.prepare_cached("UPDATE attachment SET hash = ?2, size = ?3 WHERE id = ?1")?.execute(params![
        id.0,
        hash,
        i64::try_from(size).unwrap_or(i64::MAX)
    ])?;
    Ok(())
}

/// Every digest that is still named.
pub(crate) fn hashes(conn: &Connection) -> Result<std::collections::HashSet<String>> {
    Ok(conn
        .prepare_cached("SELECT DISTINCT hash FROM attachment WHERE hash IS NOT NULL")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}
