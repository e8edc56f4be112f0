//! What a person wrote or decided once to use again: signatures, templates, saved searches, splits,
//! senders whose images are loaded.
//!
//! One table for all of them: they are few, read whole, and only whoever uses a kind knows what its
//! data means.

use inlet_model::{KeptId, SourceId};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Result, StoreError, WriteTx};
use crate::api::types::{Kept, KeptKind, Signature};

fn word(kind: KeptKind) -> &'static str {
    match kind {
        KeptKind::Signature => "signature",
        KeptKind::Template => "template",
        KeptKind::Search => "search",
        KeptKind::Split => "split",
        KeptKind::Images => "images",
    }
}

/// Those of one kind, or all, in their order.
pub(crate) fn list(conn: &Connection, kind: Option<KeptKind>) -> Result<Vec<Kept>> {
    conn.prepare_cached(
        "SELECT id, kind, name, position, data FROM kept WHERE ?1 IS NULL OR kind = ?1 ORDER BY kind, position",
    )?
    .query_map([kind.map(word)], |row| {
        Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get(3)?, row.get::<_, String>(4)?))
    })?
    .map(|row| {
        let (id, kind, name, position, data) = row?;
        Ok(Kept {
            id: Some(KeptId(id)),
            kind: serde_json::from_value(kind.into())?,
            name,
            position: Some(position),
            data: serde_json::from_str(&data)?,
        })
    })
    .collect()
}

/// The one of a kind with this name.
pub(crate) fn named(conn: &Connection, kind: KeptKind, name: &str) -> Result<Option<Kept>> {
    Ok(list(conn, Some(kind))?.into_iter().find(|kept| kept.name == name))
}

/// The ids of a kind in their order.
fn order(conn: &Connection, kind: KeptKind) -> Result<Vec<i64>> {
    Ok(conn
        .prepare_cached("SELECT id FROM kept WHERE kind = ?1 ORDER BY position")?
        .query_map([word(kind)], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

fn reorder(tx: &WriteTx<'_>, ids: &[i64]) -> Result<()> {
    let mut statement = tx.main.prepare_cached("UPDATE kept SET position = ?2 WHERE id = ?1 AND position <> ?2")?;
    for (position, id) in ids.iter().enumerate() {
        statement.execute(params![id, i64::try_from(position).unwrap_or(i64::MAX)])?;
    }
    Ok(())
}

/// Keeps something, new where it has no id; nothing when its id is gone.
pub(crate) fn put(tx: &WriteTx<'_>, kept: &Kept) -> Result<Option<Kept>> {
    tx.touch_kept();
    let data = serde_json::to_string(&kept.data)?;
    let kind = word(kept.kind);
    let mut ids = order(tx.main, kept.kind)?;
    let (id, stands) = match kept.id {
        Some(id) => {
            let updated = tx
                .main
                .prepare_cached("UPDATE kept SET name = ?3, data = ?4 WHERE id = ?1 AND kind = ?2")?
                .execute(params![id.0, kind, kept.name, data])?;
            let Some(stands) = ids.iter().position(|&one| one == id.0).filter(|_| updated > 0) else { return Ok(None) };
            ids.remove(stands);
            (id.0, stands)
        }
        None => {
            tx.main
                .prepare_cached("INSERT INTO kept (kind, name, position, data) VALUES (?1, ?2, -1, ?3)")?
                .execute(params![kind, kept.name, data])?;
            (tx.main.last_insert_rowid(), ids.len())
        }
    };
    let position = kept.position.and_then(|position| usize::try_from(position).ok()).unwrap_or(stands).min(ids.len());
    ids.insert(position, id);
    reorder(tx, &ids)?;
    Ok(Some(Kept { id: Some(KeptId(id)), position: u32::try_from(position).ok(), ..kept.clone() }))
}

/// Forgets one; whether it was there.
pub(crate) fn remove(tx: &WriteTx<'_>, id: KeptId) -> Result<bool> {
    let kind: Option<String> = tx
        .main
        .prepare_cached("DELETE FROM kept WHERE id = ?1 RETURNING kind")?
        .query_row([id.0], |row| row.get(0))
        .optional()?;
    let Some(kind) = kind else { return Ok(false) };
    tx.touch_kept();
    reorder(tx, &order(tx.main, serde_json::from_value(kind.into()).map_err(StoreError::from)?)?)?;
    Ok(true)
}

/// The signature of a source: the first that is its own.
pub(crate) fn signature(conn: &Connection, source: SourceId) -> Result<Option<Signature>> {
    let data: Option<String> = conn
        .prepare_cached(
            "SELECT data FROM kept WHERE kind = 'signature' AND json_extract(data, '$.source') = ?1
             ORDER BY position LIMIT 1",
        )?
        .query_row([source.to_string()], |row| row.get(0))
        .optional()?;
    Ok(data.map(|data| serde_json::from_str(&data)).transpose()?)
}

/// Forgets the signatures of a source that goes.
pub(crate) fn forget_source(tx: &WriteTx<'_>, source: SourceId) -> Result<()> {
    let gone: Vec<i64> = tx
        .main
        .prepare_cached("SELECT id FROM kept WHERE kind = 'signature' AND json_extract(data, '$.source') = ?1")?
        .query_map([source.to_string()], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for id in gone {
        remove(tx, KeptId(id))?;
    }
    Ok(())
}
