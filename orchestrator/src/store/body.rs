//! Bodies: the text of every item, its HTML, the raw message; compressed, in a file of their own.

use inlet_model::Record;
use rusqlite::{Connection, OptionalExtension, params};

use super::{Result, StoreError, WriteTx};

/// zstd level 1: on mail it halves the size at a speed no disk keeps up with.
const LEVEL: i32 = 1;

/// A body ready to be written; made off the writer's thread, since compressing is the slow part.
pub(crate) struct PackedBody {
    text: Vec<u8>,
    html: Option<Vec<u8>>,
    raw: Option<Vec<u8>>,
}

impl PackedBody {
    /// Packs what a record holds. HTML that the raw message holds as well is not kept twice.
    pub(crate) fn pack(record: &Record) -> Result<Self> {
        Ok(Self {
            text: pack(record.text.as_bytes())?,
            html: record
                .html
                .as_deref()
                .filter(|_| record.raw.is_none())
                .map(|html| pack(html.as_bytes()))
                .transpose()?,
            raw: record.raw.as_deref().map(pack).transpose()?,
        })
    }
}

/// The forms of a body beside its text.
#[derive(Clone, Default)]
pub(crate) struct Body {
    pub(crate) html: Option<String>,
    pub(crate) raw: Option<Vec<u8>>,
}

impl Body {
    /// The HTML, from wherever it is kept.
    pub(crate) fn html(&self) -> Option<String> {
        self.html.clone().or_else(|| self.raw.as_deref().and_then(crate::mime::html))
    }
}

pub(crate) fn insert(tx: &WriteTx<'_>, body: &PackedBody) -> Result<i64> {
    tx.bodies
        .prepare_cached("INSERT INTO body (text, html, raw) VALUES (?1, ?2, ?3)")?
        .execute(params![body.text, body.html, body.raw])?;
    Ok(tx.bodies.last_insert_rowid())
}

pub(crate) fn replace(tx: &WriteTx<'_>, id: i64, body: &PackedBody) -> Result<()> {
    tx.bodies
        .prepare_cached("REPLACE INTO body (id, text, html, raw) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![id, body.text, body.html, body.raw])?;
    Ok(())
}

pub(crate) fn delete(tx: &WriteTx<'_>, id: i64) -> Result<()> {
    tx.bodies.prepare_cached("DELETE FROM body WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// The HTML and raw forms of a body; an empty one when it is missing.
pub(crate) fn get(bodies: &Connection, id: i64) -> Result<Body> {
    let found = bodies
        .prepare_cached("SELECT html, raw FROM body WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get::<_, Option<Vec<u8>>>(0)?, row.get::<_, Option<Vec<u8>>>(1)?)))
        .optional()?;
    let Some((html, raw)) = found else { return Ok(Body::default()) };
    Ok(Body { html: html.map(|html| text_of(&html)).transpose()?, raw: raw.map(|raw| unpack(&raw)).transpose()? })
}

/// The text alone: what lists and the index need.
pub(crate) fn text(bodies: &Connection, id: i64) -> Result<String> {
    let packed: Option<Vec<u8>> =
        bodies.prepare_cached("SELECT text FROM body WHERE id = ?1")?.query_row([id], |row| row.get(0)).optional()?;
    packed.map_or_else(|| Ok(String::new()), |packed| text_of(&packed))
}

/// The raw message, where it was kept.
pub(crate) fn raw(bodies: &Connection, id: i64) -> Result<Option<Vec<u8>>> {
    let packed: Option<Vec<u8>> = bodies
        .prepare_cached("SELECT raw FROM body WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?
        .flatten();
    packed.map(|packed| unpack(&packed)).transpose()
}

/// Removes bodies that no item names: what a crash between the two files left behind.
pub(crate) fn sweep(tx: &WriteTx<'_>) -> Result<usize> {
    let from: i64 =
        tx.main.query_row("SELECT coalesce((SELECT value FROM meta WHERE key = 'swept_bodies'), 0)", [], |row| {
            row.get(0)
        })?;
    let ids: Vec<i64> = tx
        .bodies
        .prepare("SELECT id FROM body WHERE id > ?1")?
        .query_map([from], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut swept = 0;
    let newest = ids.last().copied().unwrap_or(from);
    let named: std::collections::HashSet<i64> = tx
        .main
        .prepare("SELECT body FROM item WHERE body > ?1")?
        .query_map([from], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for id in ids.into_iter().filter(|id| !named.contains(id)) {
        delete(tx, id)?;
        swept += 1;
    }
    tx.main.execute("REPLACE INTO meta VALUES ('swept_bodies', ?1)", [newest])?;
    Ok(swept)
}

fn pack(bytes: &[u8]) -> Result<Vec<u8>> {
    zstd::bulk::compress(bytes, LEVEL).map_err(|error| StoreError::Value(error.to_string()))
}

fn unpack(packed: &[u8]) -> Result<Vec<u8>> {
    zstd::decode_all(packed).map_err(|error| StoreError::Value(error.to_string()))
}

fn text_of(packed: &[u8]) -> Result<String> {
    Ok(match String::from_utf8(unpack(packed)?) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}
