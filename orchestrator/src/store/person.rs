//! Somebody across sources: what other tables hold about their handles.

use inlet_model::{ItemId, ThreadId, Timestamp};
use rusqlite::{Connection, params};

use super::{
    Result,
    attachment::{self, AttachmentRow},
    thread,
};
use crate::{api::types::ThreadRow, clock::from_millis};

/// Items of theirs that are looked through for conversations, newest first.
const LOOKED_AT: u32 = 5_000;
/// Threads I wrote in that are looked through for somebody who never answered, newest first.
const SENT_LOOKED_AT: u32 = 2_000;

/// The handles of one person, as statements take them.
pub(crate) struct Handles(String);

impl Handles {
    pub(crate) fn new(handles: &[String]) -> Result<Self> {
        Ok(Self(serde_json::to_string(handles)?))
    }
}

/// Sums over what they wrote.
pub(crate) struct Written {
    pub(crate) count: u64,
    pub(crate) first: Option<Timestamp>,
    pub(crate) last: Option<Timestamp>,
}

/// Sums over what was exchanged, as recipients were learnt.
#[derive(Default)]
pub(crate) struct Exchanged {
    pub(crate) sent: u64,
    pub(crate) first: Option<Timestamp>,
    pub(crate) last: Option<Timestamp>,
}

pub(crate) fn written(conn: &Connection, handles: &Handles) -> Result<Written> {
    Ok(conn
        .prepare_cached(
            "SELECT count(*), min(at), max(at) FROM item
             WHERE from_handle COLLATE NOCASE IN (SELECT value FROM json_each(?1)) AND from_me = 0 AND deleted = 0",
        )?
        .query_row([&handles.0], |row| {
            let (first, last): (Option<i64>, Option<i64>) = (row.get(1)?, row.get(2)?);
            Ok(Written { count: row.get(0)?, first: first.map(from_millis), last: last.map(from_millis) })
        })?)
}

pub(crate) fn exchanged(conn: &Connection, handles: &Handles) -> Result<Exchanged> {
    Ok(conn
        .prepare_cached(
            "SELECT coalesce(sum(sent), 0), min(first_at), max(last_at) FROM identity
             WHERE handle IN (SELECT value FROM json_each(?1))",
        )?
        .query_row([&handles.0], |row| {
            let (first, last): (Option<i64>, Option<i64>) = (row.get(1)?, row.get(2)?);
            Ok(Exchanged { sent: row.get(0)?, first: first.map(from_millis), last: last.map(from_millis) })
        })?)
}

/// The newest threads they wrote in, or that I wrote to them without an answer.
pub(crate) fn threads(conn: &Connection, handles: &Handles, limit: usize) -> Result<Vec<ThreadRow>> {
    let mut ids: Vec<i64> = Vec::new();
    let mut statement = conn.prepare_cached(
        "SELECT thread FROM item WHERE from_handle COLLATE NOCASE IN (SELECT value FROM json_each(?1)) AND from_me = 0 AND deleted = 0
         ORDER BY at DESC LIMIT ?2",
    )?;
    let mut rows = statement.query(params![handles.0, LOOKED_AT])?;
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
        if ids.len() == limit {
            break;
        }
    }
    let sent = conn
        .prepare_cached(
            "SELECT sent.id FROM (SELECT id, people FROM thread WHERE deleted = 0 AND has_sent = 1
                 ORDER BY at DESC, id DESC LIMIT ?3) AS sent
             WHERE EXISTS (SELECT 1 FROM json_each(sent.people) AS one
                 WHERE one.value ->> 'handle' COLLATE NOCASE IN (SELECT value FROM json_each(?1))) LIMIT ?2",
        )?
        .query_map(params![handles.0, i64::try_from(limit).unwrap_or(20), SENT_LOOKED_AT], |row| row.get(0))?
        .collect::<Result<Vec<i64>, _>>()?;
    ids.extend(sent.into_iter().filter(|id| !ids.contains(id)).collect::<Vec<_>>());
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(thread::get(conn, ThreadId(id))?);
    }
    found.sort_by_key(|row| std::cmp::Reverse(row.at));
    found.truncate(limit);
    Ok(found)
}

/// A file, and where it came from.
pub(crate) struct Shared {
    pub(crate) item: ItemId,
    pub(crate) thread: ThreadId,
    pub(crate) at: Timestamp,
    pub(crate) from_me: bool,
    pub(crate) file: AttachmentRow,
}

/// The newest files they sent anywhere, and those I sent in these threads.
pub(crate) fn files(conn: &Connection, handles: &Handles, threads: &[ThreadRow], limit: usize) -> Result<Vec<Shared>> {
    let most = i64::try_from(limit).unwrap_or(20);
    let mut items: Vec<(i64, i64, i64, bool)> = Vec::new();
    let theirs = "SELECT id, thread, at, from_me FROM item WHERE from_handle COLLATE NOCASE IN (SELECT value FROM json_each(?1)) AND from_me = 0
         AND deleted = 0 AND has_attachment = 1 ORDER BY at DESC LIMIT ?2";
    let mine = "SELECT id, thread, at, from_me FROM item WHERE thread = ?1 AND from_me = 1
         AND deleted = 0 AND has_attachment = 1 ORDER BY at DESC LIMIT ?2";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    for row in conn.prepare_cached(theirs)?.query_map(params![handles.0, most], read)? {
        items.push(row?);
    }
    let mut statement = conn.prepare_cached(mine)?;
    for thread in threads {
        for row in statement.query_map(params![thread.id.0, most], read)? {
            items.push(row?);
        }
    }
    items.sort_by_key(|(id, _, at, _)| std::cmp::Reverse((*at, *id)));
    let mut found = Vec::new();
    for (id, thread, at, from_me) in items {
        for file in attachment::of_item(conn, ItemId(id))?.into_iter().filter(|file| !file.info.inline) {
            found.push(Shared { item: ItemId(id), thread: ThreadId(thread), at: from_millis(at), from_me, file });
        }
        if found.len() >= limit {
            break;
        }
    }
    found.truncate(limit);
    Ok(found)
}
