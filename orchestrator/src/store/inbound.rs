//! What came in, in the order it came, and how far it was read.

use inlet_model::{AccountId, Inbound, InboundEvent, Place, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Result, WriteTx};
use crate::{
    api::types::Missed,
    clock::{from_millis, millis},
};

/// Keeps an event; false when the same bytes are here already.
pub(crate) fn append(
    tx: &WriteTx<'_>,
    account: AccountId,
    digest: &[u8],
    body: &[u8],
    now: Timestamp,
    forget_before: Timestamp,
) -> Result<bool> {
    let new = tx
        .main
        .prepare_cached("INSERT OR IGNORE INTO inbound (account, at, digest, body) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![account.0, millis(now), digest, body])?;
    tx.main
        .prepare_cached(
            // A few of the oldest: an event that comes in must not wait for a look at all that ever did.
            "DELETE FROM inbound WHERE at < ?2 AND seq IN (
                 SELECT seq FROM inbound WHERE account = ?1
                 AND seq <= (SELECT read_to FROM inbound_reader WHERE account = ?1) ORDER BY seq LIMIT 100)",
        )?
        .execute(params![account.0, millis(forget_before)])?;
    Ok(new > 0)
}

/// The next events after a number.
pub(crate) fn after(conn: &Connection, account: AccountId, seq: u64, limit: usize) -> Result<Vec<InboundEvent>> {
    Ok(conn
        .prepare_cached("SELECT seq, at, body, gap FROM inbound WHERE account = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3")?
        .query_map(params![account.0, seq, limit], |row| {
            let gap: Option<i64> = row.get(3)?;
            Ok(InboundEvent {
                seq: row.get(0)?,
                at: from_millis(row.get(1)?),
                what: match gap {
                    Some(since) => Inbound::Gap { since: from_millis(since) },
                    None => Inbound::Body(row.get::<_, Option<Vec<u8>>>(2)?.unwrap_or_default()),
                },
            })
        })?
        .collect::<Result<_, _>>()?)
}

/// Something came after that number.
pub(crate) fn any_after(conn: &Connection, account: AccountId, seq: u64) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM inbound WHERE account = ?1 AND seq > ?2)")?
        .query_row(params![account.0, seq], |row| row.get(0))?)
}

/// The source has what lies up to there.
pub(crate) fn read_to(tx: &WriteTx<'_>, account: AccountId, seq: u64) -> Result<()> {
    tx.main
        .prepare_cached(
            "INSERT INTO inbound_reader (account, read_to) VALUES (?1, ?2)
             ON CONFLICT (account) DO UPDATE SET read_to = max(read_to, ?2)",
        )?
        .execute(params![account.0, seq])?;
    Ok(())
}

/// When somebody listened last.
pub(crate) fn heard_at(conn: &Connection, account: AccountId) -> Result<Option<Timestamp>> {
    let at: Option<Option<i64>> = conn
        .prepare_cached("SELECT heard_at FROM inbound_reader WHERE account = ?1")?
        .query_row([account.0], |row| row.get(0))
        .optional()?;
    Ok(at.flatten().map(from_millis))
}

/// Somebody listens now; `gap` is since when nobody had, where that is to be told.
pub(crate) fn listening(
    tx: &WriteTx<'_>,
    account: AccountId,
    now: Timestamp,
    gap: Option<(Timestamp, &[u8])>,
) -> Result<()> {
    tx.main
        .prepare_cached(
            "INSERT INTO inbound_reader (account, heard_at) VALUES (?1, ?2)
             ON CONFLICT (account) DO UPDATE SET heard_at = ?2",
        )?
        .execute(params![account.0, millis(now)])?;
    match gap {
        Some((since, digest)) => self::gap(tx, account, now, since, digest),
        None => Ok(()),
    }
}

/// Something may be missing here.
pub(crate) fn gap(tx: &WriteTx<'_>, account: AccountId, now: Timestamp, since: Timestamp, digest: &[u8]) -> Result<()> {
    tx.main
        .prepare_cached("INSERT OR IGNORE INTO inbound (account, at, digest, gap) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![account.0, millis(now), digest, millis(since)])?;
    tx.touch_sources();
    Ok(())
}

/// Gaps that are said of the source until somebody has seen it, or what was missed comes: those of hooks. What WhatsApp
/// may not have told is a message in its own conversation, which its source makes of the gap.
const SAID: &str = "account = ?1 AND gap IS NOT NULL
     AND (SELECT json_extract(config, '$.platform') FROM account WHERE id = ?1) = 'hook'";

/// So many of them are said: what was missed longer ago is listed nowhere any more.
const NEWEST: u32 = 5;
/// What names a time so shortly before somebody listened, in milliseconds, may have been on its way.
const ON_ITS_WAY: i64 = 60_000;

/// When nobody listened, the newest first.
pub(crate) fn missed(conn: &Connection, account: AccountId) -> Result<Vec<Missed>> {
    Ok(conn
        .prepare_cached(&format!("SELECT gap, at FROM inbound WHERE {SAID} ORDER BY at DESC LIMIT ?2"))?
        .query_map(params![account.0, NEWEST], |row| {
            Ok(Missed { since: from_millis(row.get(0)?), until: from_millis(row.get(1)?) })
        })?
        .collect::<Result<_, _>>()?)
}

/// Something of that time has come: whoever had it sent again knows what was missed.
pub(crate) fn sent_again(tx: &WriteTx<'_>, account: AccountId, said_at: Timestamp) -> Result<()> {
    let gone = tx
        .main
        .prepare_cached(&format!("DELETE FROM inbound WHERE {SAID} AND gap <= ?2 AND at - ?3 > ?2"))?
        .execute(params![account.0, millis(said_at), ON_ITS_WAY])?;
    if gone > 0 {
        tx.touch_sources();
    }
    Ok(())
}

/// Somebody has seen what may be missing.
pub(crate) fn seen(tx: &WriteTx<'_>, account: AccountId) -> Result<()> {
    tx.main.prepare_cached(&format!("DELETE FROM inbound WHERE {SAID}"))?.execute([account.0])?;
    tx.touch_sources();
    Ok(())
}

/// How far a relay's stream has been taken over.
pub(crate) fn taken_over(conn: &Connection, account: AccountId) -> Result<Option<Place>> {
    let place: Option<(Option<String>, u64)> = conn
        .prepare_cached("SELECT stream, stream_seq FROM inbound_reader WHERE account = ?1")?
        .query_row([account.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(place.and_then(|(stream, seq)| stream.map(|stream| Place { stream, seq })))
}

/// A relay's stream has been taken over up to there.
pub(crate) fn reached(tx: &WriteTx<'_>, account: AccountId, place: &Place) -> Result<()> {
    tx.main
        .prepare_cached(
            "INSERT INTO inbound_reader (account, stream, stream_seq) VALUES (?1, ?2, ?3)
             ON CONFLICT (account) DO UPDATE SET stream = ?2, stream_seq = ?3",
        )?
        .execute(params![account.0, place.stream, place.seq])?;
    Ok(())
}
