//! Attachments as announced; their bytes are files named by their digest.

use inlet_model::{AttachmentId, AttachmentInfo, ItemId, SourceId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Result, WriteTx};
use crate::clock::{from_millis, millis};

/// A stored attachment.
#[derive(Clone, Debug)]
pub(crate) struct AttachmentRow {
    pub(crate) id: AttachmentId,
    pub(crate) item: ItemId,
    pub(crate) info: AttachmentInfo,
    /// Digest of its bytes, once they are here.
    pub(crate) hash: Option<String>,
    /// When somebody opened it last, while its bytes are here.
    pub(crate) opened: Option<Timestamp>,
}

/// Bytes that are here, with all that names them.
pub(crate) struct Held {
    pub(crate) size: u64,
    /// When somebody opened them last; nothing where something that names them cannot be had again.
    pub(crate) opened: Option<Timestamp>,
}

impl Held {
    /// They go when what was not opened since then does.
    pub(crate) fn goes(&self, until: Timestamp) -> bool {
        self.opened.is_some_and(|opened| opened < until)
    }
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
            link: row.get(8)?,
            data: None,
        },
        hash: row.get(9)?,
        opened: row.get::<_, Option<i64>>(10)?.map(from_millis),
    })
}

const ROW: &str = "SELECT id, item, part, name, mime, size, content_id, inline, link, hash, opened_at FROM attachment";

pub(crate) fn insert_all(tx: &WriteTx<'_>, item: ItemId, attachments: &[AttachmentInfo]) -> Result<()> {
    for info in attachments {
        tx.main
            .prepare_cached(
                "INSERT INTO attachment (item, part, name, mime, size, content_id, inline, link)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                item.0,
                info.part,
                info.name,
                info.mime,
                i64::try_from(info.size).unwrap_or(i64::MAX),
                info.content_id,
                info.inline,
                info.link,
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
pub(crate) fn set_hash(tx: &WriteTx<'_>, id: AttachmentId, hash: &str, size: u64, now: Timestamp) -> Result<()> {
    tx.main
        .prepare_cached("UPDATE attachment SET hash = ?2, size = ?3, opened_at = ?4 WHERE id = ?1")?
        .execute(params![id.0, hash, i64::try_from(size).unwrap_or(i64::MAX), millis(now)])?;
    Ok(())
}

/// Somebody opened it.
pub(crate) fn set_opened(tx: &WriteTx<'_>, id: AttachmentId, now: Timestamp) -> Result<()> {
    tx.main
        .prepare_cached("UPDATE attachment SET opened_at = ?2 WHERE id = ?1 AND hash IS NOT NULL")?
        .execute(params![id.0, millis(now)])?;
    Ok(())
}

/// Bytes that are here, grouped by what they are: how large, when they were opened last, and whether all that name
/// them can be had again, which is so where a source of `?1` has the item at this moment and it is no draft.
const HELD: &str = "SELECT attachment.hash AS hash, max(attachment.size) AS size,
        max(coalesce(attachment.opened_at, 0)) AS opened,
        min(item.source IN (SELECT value FROM json_each(?1)) AND item.deleted = 0 AND item.draft = 0
            AND item.op IS NULL AND EXISTS (
                SELECT 1 FROM placement JOIN scope ON scope.id = placement.scope
                JOIN scope AS via ON via.id = placement.via
                WHERE placement.item = item.id AND placement.remote_id IS NOT NULL
                AND scope.gone = 0 AND scope.kept = 0 AND via.gone = 0 AND via.kept = 0)) AS again
    FROM attachment JOIN item ON item.id = attachment.item WHERE attachment.hash IS NOT NULL
    GROUP BY attachment.hash";

fn numbers(sources: &[SourceId]) -> Result<String> {
    Ok(serde_json::to_string(&sources.iter().map(|source| source.0).collect::<Vec<_>>())?)
}

/// Every file that is here; `again` are the sources that hand one out again.
pub(crate) fn held(conn: &Connection, again: &[SourceId]) -> Result<Vec<Held>> {
    Ok(conn
        .prepare_cached(HELD)?
        .query_map([numbers(again)?], |row| {
            let opened = row.get::<_, bool>(3)?.then(|| row.get(2).map(from_millis)).transpose()?;
            Ok(Held { size: row.get(1)?, opened })
        })?
        .collect::<Result<_, _>>()?)
}

/// Forgets, of at most so many files that were not opened since then and can be had again, that they are here; how many.
pub(crate) fn forget_files(tx: &WriteTx<'_>, again: &[SourceId], until: Timestamp, limit: usize) -> Result<usize> {
    let hashes: Vec<String> = tx
        .main
        .prepare_cached(&format!("SELECT hash FROM ({HELD}) WHERE again AND opened < ?2 LIMIT ?3"))?
        .query_map(params![numbers(again)?, millis(until), i64::try_from(limit).unwrap_or(i64::MAX)], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for hash in &hashes {
        forget_hash(tx, hash)?;
    }
    Ok(hashes.len())
}

/// The bytes of this digest are not here, whatever names them.
pub(crate) fn forget_hash(tx: &WriteTx<'_>, hash: &str) -> Result<()> {
    tx.main.prepare_cached("UPDATE attachment SET hash = NULL, opened_at = NULL WHERE hash = ?1")?.execute([hash])?;
    Ok(())
}

/// Every digest that is still named.
pub(crate) fn hashes(conn: &Connection) -> Result<std::collections::HashSet<String>> {
    Ok(conn
        .prepare_cached("SELECT DISTINCT hash FROM attachment WHERE hash IS NOT NULL")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}
