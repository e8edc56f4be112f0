//! Which meeting a mail is about: how the mails of one meeting are found, and the meetings of a time.

use inlet_model::{ItemId, MailMeta, SourceId, Timestamp};
use jiff::SignedDuration;
use rusqlite::{Connection, params};

use super::{
    Result, WriteTx,
    item::{self, ItemRow},
};
use crate::{clock::millis, invitation};

/// Mails about one meeting that are looked at: the first, which says whose it is, and then the newest.
const MANY: i64 = 300;
/// Meetings of a time that are looked at.
const MEETINGS: u32 = 500;
/// A day is over everywhere this long after it is at its first place.
const EVERYWHERE: SignedDuration = SignedDuration::from_hours(14);

/// Notes what a mail is about. A mail without a calendar is about nothing.
pub(crate) fn note(tx: &WriteTx<'_>, source: SourceId, id: ItemId, meta: &MailMeta) -> Result<()> {
    if meta.calendar.is_empty() {
        return Ok(());
    }
    let told = invitation::read(meta).and_then(|meeting| meeting.span());
    let (uid, starts, ends) = match told {
        Some(span) => {
            let (starts, ends) = match span.all_day {
                true => (later(span.starts, -EVERYWHERE), span.ends.map(|ends| later(ends, EVERYWHERE))),
                false => (span.starts, span.ends),
            };
            (span.uid, millis(starts), ends.map(millis))
        }
        None => (String::new(), 0, Some(0)),
    };
    tx.main
        .prepare_cached("REPLACE INTO meeting_mail (item, source, uid, starts, ends) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![id.0, source.0, uid, starts, ends])?;
    Ok(())
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(at)
}

/// Notes what was stored before anybody asked for meetings.
pub(crate) fn catch_up(tx: &WriteTx<'_>) -> Result<()> {
    let missing: Vec<i64> = tx
        .main
        .prepare(
            "SELECT id FROM item WHERE instr(meta, 'BEGIN:VCALENDAR') > 0
             AND id NOT IN (SELECT item FROM meeting_mail)",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for id in missing {
        if let Some(row) = item::get(tx.main, ItemId(id))? {
            note(tx, row.source, row.id, &row.extra.mail)?;
        }
    }
    Ok(())
}

/// Every mail about a meeting, oldest first.
pub(crate) fn mails(conn: &Connection, source: SourceId, uid: &str) -> Result<Vec<ItemRow>> {
    let ids: Vec<i64> = conn
        .prepare_cached(
            "WITH about AS (SELECT item.id, item.at FROM meeting_mail JOIN item ON item.id = meeting_mail.item
                 WHERE meeting_mail.source = ?1 AND uid = ?2 AND deleted = 0 AND draft = 0)
             SELECT id FROM (SELECT id, at FROM (SELECT id, at FROM about ORDER BY at, id LIMIT 1)
                 UNION SELECT id, at FROM (SELECT id, at FROM about ORDER BY at DESC, id DESC LIMIT ?3))
             ORDER BY at, id",
        )?
        .query_map(params![source.0, uid, MANY], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        rows.extend(item::get(conn, ItemId(id))?);
    }
    Ok(rows)
}

/// Mails about a meeting that may be on between these moments, of which it has to be asked what they say.
pub(crate) fn unasked(conn: &Connection, from: Timestamp, until: Timestamp) -> Result<Vec<ItemRow>> {
    let ids: Vec<i64> = conn
        .prepare_cached(
            "SELECT item.id FROM meeting_mail CROSS JOIN item ON item.id = meeting_mail.item
             WHERE uid <> '' AND (ends IS NULL OR ends >= ?1) AND starts <= ?2 AND item.deleted = 0
             AND json_extract(item.meta, '$.mail.unasked') = 1 LIMIT ?3",
        )?
        .query_map(params![millis(from), millis(until), MEETINGS], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let rows = ids.into_iter().map(|id| item::get(conn, ItemId(id)));
    Ok(rows.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

/// Meetings that may be on between these moments, by source and name. What was taken for junk invites
/// nobody; what is in the trash may, for some platforms put there what was answered.
pub(crate) fn between(conn: &Connection, from: Timestamp, until: Timestamp) -> Result<Vec<(SourceId, String)>> {
    Ok(conn
        .prepare_cached(
            // In this order: there are few meetings, and very many items.
            "SELECT DISTINCT meeting_mail.source, uid FROM meeting_mail CROSS JOIN item ON item.id = meeting_mail.item
             CROSS JOIN thread ON thread.id = item.thread
             WHERE uid <> '' AND (ends IS NULL OR ends >= ?1) AND starts <= ?2 AND item.deleted = 0
             AND thread.place <> 'junk' ORDER BY starts DESC LIMIT ?3",
        )?
        .query_map(params![millis(from), millis(until), MEETINGS], |row| Ok((SourceId(row.get(0)?), row.get(1)?)))?
        .collect::<Result<_, _>>()?)
}
