//! What came in, in the order it came, and how far it was read.

use inlet_model::{AccountId, Inbound, InboundEvent, Place, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Result, WriteTx};
use crate::clock::{from_millis, millis};

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
