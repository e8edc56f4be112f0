//! Somebody across sources: what other tables hold about one handle.

use inlet_model::{ItemId, Party, SourceId, SourceType, ThreadId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    Result,
    attachment::{self, AttachmentRow},
    thread,
};
use crate::{
    api::types::{Likeness, PersonIdentity, ThreadRow},
    clock::from_millis,
};

/// Items of theirs that are looked through for conversations, newest first.
const LOOKED_AT: u32 = 5_000;
/// Threads I wrote in that are looked through for somebody who never answered, newest first.
const SENT_LOOKED_AT: u32 = 2_000;

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

/// Every handle that is this one, and those of exactly the same name.
pub(crate) fn identities(conn: &Connection, handle: &str, name: &str) -> Result<Vec<PersonIdentity>> {
    Ok(conn
        .prepare_cached(
            "SELECT identity.source, source.type, identity.name, identity.handle, identity.handle <> ?1 AS other
             FROM identity JOIN source ON source.id = identity.source
             WHERE identity.handle = ?1 OR (?2 <> '' AND identity.name = ?2 AND identity.handle <> ?2)
             ORDER BY other, sent + seen DESC LIMIT 20",
        )?
        .query_map(params![handle, name], |row| {
            let (kind, name): (String, String) = (row.get(1)?, row.get(2)?);
            Ok(PersonIdentity {
                source: SourceId(row.get(0)?),
                source_type: SourceType::from_word(&kind).unwrap_or(SourceType::Imap),
                party: Party { name: (!name.is_empty()).then_some(name), handle: row.get(3)? },
                likeness: if row.get(4)? { Likeness::Name } else { Likeness::Handle },
            })
        })?
        .collect::<Result<_, _>>()?)
}

pub(crate) fn written(conn: &Connection, handle: &str) -> Result<Written> {
    Ok(conn
        .prepare_cached(
            "SELECT count(*), min(at), max(at) FROM item
             WHERE from_handle = ?1 COLLATE NOCASE AND from_me = 0 AND deleted = 0",
        )?
        .query_row([handle], |row| {
            let (first, last): (Option<i64>, Option<i64>) = (row.get(1)?, row.get(2)?);
            Ok(Written { count: row.get(0)?, first: first.map(from_millis), last: last.map(from_millis) })
        })?)
}

pub(crate) fn exchanged(conn: &Connection, handle: &str) -> Result<Exchanged> {
    let found = conn
        .prepare_cached(
            "SELECT sum(sent), min(first_at), max(last_at) FROM identity WHERE handle = ?1 GROUP BY handle",
        )?
        .query_row([handle], |row| {
            Ok(Exchanged {
                sent: row.get(0)?,
                first: Some(from_millis(row.get(1)?)),
                last: Some(from_millis(row.get(2)?)),
            })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// The newest threads they wrote in, or that I wrote to them without an answer.
pub(crate) fn threads(conn: &Connection, handle: &str, limit: usize) -> Result<Vec<ThreadRow>> {
    let mut ids: Vec<i64> = Vec::new();
    let mut statement = conn.prepare_cached(
        "SELECT thread FROM item WHERE from_handle = ?1 COLLATE NOCASE AND from_me = 0 AND deleted = 0
         ORDER BY at DESC LIMIT ?2",
    )?;
    let mut rows = statement.query(params![handle, LOOKED_AT])?;
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
                 WHERE one.value ->> 'handle' = ?1 COLLATE NOCASE) LIMIT ?2",
        )?
        .query_map(params![handle, i64::try_from(limit).unwrap_or(20), SENT_LOOKED_AT], |row| row.get(0))?
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
pub(crate) fn files(conn: &Connection, handle: &str, threads: &[ThreadRow], limit: usize) -> Result<Vec<Shared>> {
    let most = i64::try_from(limit).unwrap_or(20);
    let mut items: Vec<(i64, i64, i64, bool)> = Vec::new();
    let theirs = "SELECT id, thread, at, from_me FROM item WHERE from_handle = ?1 COLLATE NOCASE AND from_me = 0
         AND deleted = 0 AND has_attachment = 1 ORDER BY at DESC LIMIT ?2";
    let mine = "SELECT id, thread, at, from_me FROM item WHERE thread = ?1 AND from_me = 1
         AND deleted = 0 AND has_attachment = 1 ORDER BY at DESC LIMIT ?2";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    for row in conn.prepare_cached(theirs)?.query_map(params![handle, most], read)? {
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
