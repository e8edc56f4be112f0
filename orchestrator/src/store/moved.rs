//! Who is reached elsewhere from now on, as the platform said: somebody has changed their number.
//!
//! A conversation with one person is called by their number there, so that it gets another name and stays the same; a
//! row says until when the old name was theirs. What was written under it before then belongs to that conversation
//! however late it comes, and what comes from it later is somebody else's, as numbers are given to others in time.
//! Both numbers are one person's, and what waits to be sent goes to the new one.

use inlet_model::{Moved, Party, SourceId, ThreadId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Result, WriteTx, identity, outbox, people, thread};
use crate::clock::millis;

/// Somebody moved. What was told already changes nothing.
pub(crate) fn note(tx: &WriteTx<'_>, source: SourceId, moved: &Moved) -> Result<()> {
    // They may have moved on since, where this is told late.
    let (into, handle) = match row_of(tx.main, source, &moved.into, moved.at)? {
        Some(later) => later,
        None => (moved.into.clone(), moved.to.handle.to_lowercase()),
    };
    let new =
        tx.main.prepare_cached("INSERT OR IGNORE INTO moved VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute(params![
            source.0,
            moved.conversation,
            moved.from.handle.to_lowercase(),
            millis(moved.at),
            into,
            handle
        ])?;
    if new == 0 {
        return Ok(());
    }
    tx.main
        .prepare_cached(
            "UPDATE moved SET into_key = ?3, into_handle = ?4 WHERE source = ?1 AND into_key = ?2 AND at <= ?5",
        )?
        .execute(params![source.0, moved.conversation, into, handle, millis(moved.at)])?;
    call(tx, source, &moved.conversation, &into)?;
    outbox::readdress(tx, source, &moved.conversation, &into)?;
    let now = Party { name: moved.to.name.clone(), handle };
    identity::follow(tx, source, &moved.from, &now, moved.at)?;
    people::follow(tx, &moved.from.handle.to_lowercase(), &now.handle)
}

/// The conversation has another name from now on; where there is one of that name already, they are one.
fn call(tx: &WriteTx<'_>, source: SourceId, key: &str, into: &str) -> Result<()> {
    let Some(old) = thread::by_key(tx.main, source, key)? else { return Ok(()) };
    if let Some(other) = thread::by_key(tx.main, source, into)?.filter(|other| *other != old) {
        thread::set_key(tx, other, None)?;
        thread::merge(tx, other, old)?;
    }
    thread::set_key(tx, old, Some(into))?;
    tx.touch(old);
    Ok(())
}

/// What a conversation is called and who it is with by now, if whoever had that name then has moved since.
fn row_of(conn: &Connection, source: SourceId, key: &str, then: Timestamp) -> Result<Option<(String, String)>> {
    Ok(conn
        .prepare_cached(
            "SELECT into_key, into_handle FROM moved WHERE source = ?1 AND key = ?2 AND at >= ?3 ORDER BY at LIMIT 1",
        )?
        .query_row(params![source.0, key, millis(then)], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// What the conversation is called in which something was written then.
pub(crate) fn called(conn: &Connection, source: SourceId, key: &str, then: Timestamp) -> Result<Option<String>> {
    Ok(row_of(conn, source, key, then)?.map(|(key, _)| key))
}

/// Where somebody is written to who is known by this name: elsewhere when they have moved, and nobody else has it now.
pub(crate) fn reached(conn: &Connection, source: SourceId, key: &str) -> Result<String> {
    if thread::by_key(conn, source, key)?.is_some() {
        return Ok(key.to_owned());
    }
    let into: Option<String> = conn
        .prepare_cached("SELECT into_key FROM moved WHERE source = ?1 AND key = ?2 ORDER BY at DESC LIMIT 1")?
        .query_row(params![source.0, key], |row| row.get(0))
        .optional()?;
    Ok(into.unwrap_or_else(|| key.to_owned()))
}

/// The people of a conversation as they are reached now, each once.
pub(crate) fn as_reached(conn: &Connection, id: ThreadId, people: Vec<Party>) -> Result<Vec<Party>> {
    let moved: Vec<(String, String)> = conn
        .prepare_cached(
            "SELECT moved.handle, moved.into_handle FROM thread
             JOIN moved ON moved.source = thread.source AND moved.into_key = thread.key WHERE thread.id = ?1",
        )?
        .query_map([id.0], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    if moved.is_empty() {
        return Ok(people);
    }
    let mut all: Vec<Party> = Vec::with_capacity(people.len());
    for mut party in people {
        if let Some((_, handle)) = moved.iter().find(|(old, _)| *old == party.handle.to_lowercase()) {
            party.handle.clone_from(handle);
        }
        match all.iter_mut().find(|known| known.handle == party.handle) {
            Some(known) => known.name = known.name.take().or(party.name),
            None => all.push(party),
        }
    }
    Ok(all)
}
