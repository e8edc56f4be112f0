//! Bodies: the text of every item, its HTML, the raw message; compressed, in a file of their own.

use std::{cell::RefCell, io::Read};

use inlet_model::Record;
use rusqlite::{Connection, OptionalExtension, params};

use zstd::bulk::{Compressor, Decompressor};

use super::{Result, StoreError, WriteTx, meta};

/// zstd level 1: on mail it halves the size at a speed no disk keeps up with.
const LEVEL: i32 = 1;

/// So much of a header is kept, or looked at (bytes).
const HEAD: usize = 32 << 10;

/// A body is unpacked in one piece up to this size (bytes), a larger one as it comes.
const LARGEST: usize = 64 << 20;

/// A body ready to be written; made off the writer's thread, since compressing is the slow part.
pub(crate) struct PackedBody {
    text: Vec<u8>,
    html: Option<Vec<u8>>,
    raw: Option<Vec<u8>>,
    head: Option<Vec<u8>>,
}

/// Packs one body after the other. Its tables are made once: for small mails, making them takes
/// longer than compressing.
pub(crate) struct Packer(Compressor<'static>);

impl Packer {
    pub(crate) fn new() -> Result<Self> {
        Compressor::new(LEVEL).map(Self).map_err(|error| StoreError::Value(error.to_string()))
    }

    /// Packs what a record holds. What the raw message holds as well is not kept twice.
    pub(crate) fn pack(&mut self, record: &Record) -> Result<PackedBody> {
        let html = record.html.as_deref().filter(|_| record.raw.is_none());
        let head = record.head.as_deref().filter(|_| record.raw.is_none());
        Ok(PackedBody {
            text: self.bytes(record.text.as_bytes())?,
            html: html.map(|html| self.bytes(html.as_bytes())).transpose()?,
            raw: record.raw.as_deref().map(|raw| self.bytes(raw)).transpose()?,
            head: head.map(|head| self.bytes(head.get(..HEAD).unwrap_or(head))).transpose()?,
        })
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<Vec<u8>> {
        self.0.compress(bytes).map_err(|error| StoreError::Value(error.to_string()))
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
        .prepare_cached("INSERT INTO body (text, html, raw, head) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![body.text, body.html, body.raw, body.head])?;
    Ok(tx.bodies.last_insert_rowid())
}

pub(crate) fn replace(tx: &WriteTx<'_>, id: i64, body: &PackedBody) -> Result<()> {
    tx.bodies
        .prepare_cached("REPLACE INTO body (id, text, html, raw, head) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![id, body.text, body.html, body.raw, body.head])?;
    Ok(())
}

/// Writes a plain text over a body.
pub(crate) fn rewrite(tx: &WriteTx<'_>, id: i64, text: &str) -> Result<()> {
    let text = Packer::new()?.bytes(text.as_bytes())?;
    replace(tx, id, &PackedBody { text, html: None, raw: None, head: None })
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

/// The header of a message, or the beginning of the message with it: of a large one only this much is unpacked.
pub(crate) fn head(bodies: &Connection, id: i64) -> Result<Option<Vec<u8>>> {
    let packed: Option<Vec<u8>> = bodies
        .prepare_cached("SELECT coalesce(raw, head) FROM body WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?
        .flatten();
    let Some(packed) = packed else { return Ok(None) };
    let failed = |error: std::io::Error| StoreError::Value(error.to_string());
    let mut head = Vec::new();
    zstd::Decoder::new(packed.as_slice()).map_err(failed)?.take(HEAD as u64).read_to_end(&mut head).map_err(failed)?;
    Ok(Some(head))
}

/// Removes bodies that no item names: what a crash between the two files left behind.
pub(crate) fn sweep(tx: &WriteTx<'_>) -> Result<usize> {
    let from: i64 = meta::get(tx.main, "swept_bodies")?.unwrap_or_default();
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
    meta::set(tx, "swept_bodies", newest)?;
    Ok(swept)
}

thread_local! {
    /// As with [`Packer`]: the index and the snippets read thousands of small bodies.
    static UNPACKER: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

pub(crate) fn unpack(packed: &[u8]) -> Result<Vec<u8>> {
    let failed = |error: std::io::Error| StoreError::Value(error.to_string());
    // Every body of ours says how large it is; one that claims more than anything we keep is damaged.
    let size = zstd::zstd_safe::get_frame_content_size(packed).ok().flatten();
    let size = size.and_then(|size| usize::try_from(size).ok()).filter(|size| *size <= LARGEST);
    let Some(size) = size else { return zstd::decode_all(packed).map_err(failed) };
    UNPACKER.with_borrow_mut(|kept| {
        let unpacker = match kept {
            Some(unpacker) => unpacker,
            none => none.insert(Decompressor::new().map_err(failed)?),
        };
        unpacker.decompress(packed, size).map_err(failed)
    })
}

fn text_of(packed: &[u8]) -> Result<String> {
    Ok(match String::from_utf8(unpack(packed)?) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}
