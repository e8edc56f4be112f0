//! What was reported of mails of mine: every claim of every report, and what the claims about one mail come to.
//!
//! A claim is kept by the mail it names and the recipient it speaks of, whether that mail is here or not: mailboxes are
//! read one after the other, and a report may be seen before the mail in Sent. So nothing depends on an order, and the
//! same report twice is the same rows. What counts is decided when it is read: only for a mail that I sent from the
//! source the report came to, only for those it was sent to.

use inlet_model::{Claim, ItemId, MailMeta, Party, Report, Reported, SourceId, ThreadId, Timestamp, report};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Result, WriteTx, body, item, meta, outbox, source};
use crate::{
    clock::{from_millis, millis},
    reports::{self, Told},
    sender::{self, SenderBadge},
};

/// Stored mails that are looked at in one transaction: others want to write too.
const BATCH: i64 = 200;
/// How far the stored mails have been looked at, from before reports were read.
const WATERMARK: &str = "reported";

/// Notes what a mail reports, unless its sender is not who it says.
pub(crate) fn note(
    tx: &WriteTx<'_>,
    source: SourceId,
    from: Option<&Party>,
    meta: &MailMeta,
    at: Timestamp,
) -> Result<()> {
    let Some(report) = &meta.report else { return Ok(()) };
    let results = meta.authentication_results.as_deref();
    if let (Some(from), Some(_)) = (from, results) {
        let hosts = source::provider_hosts(tx.main)?.remove(&source).unwrap_or_default();
        if sender::verdict(from, &[], results, &hosts).badge == SenderBadge::Failed {
            return Ok(());
        }
    }
    keep(tx, source, report, at)
}

fn keep(tx: &WriteTx<'_>, source: SourceId, report: &Report, at: Timestamp) -> Result<()> {
    for message_id in &report.about {
        for claim in &report.claims {
            keep_claim(tx, source, message_id, claim, at)?;
        }
        let threads: Vec<i64> = tx
            .main
            .prepare_cached("SELECT DISTINCT thread FROM item WHERE source = ?1 AND message_id = ?2 AND from_me = 1")?
            .query_map(params![source.0, message_id], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        threads.into_iter().for_each(|thread| tx.touch(ThreadId(thread)));
    }
    // What a channel sent has no item, and its log tells of it as well.
    tx.touch_outbox();
    Ok(())
}

/// Of the same said twice the first is kept, whichever comes first.
fn keep_claim(tx: &WriteTx<'_>, source: SourceId, message_id: &str, claim: &Claim, at: Timestamp) -> Result<()> {
    tx.main
        .prepare_cached(
            "INSERT INTO report (source, message_id, recipient, also, reported, status, said, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT DO UPDATE SET status = ?6, said = ?7, at = ?8
             WHERE (?8, coalesce(?6, ''), coalesce(?7, '')) < (at, coalesce(status, ''), coalesce(said, ''))",
        )?
        .execute(params![
            source.0,
            message_id,
            claim.recipient,
            claim.also.as_deref().unwrap_or_default(),
            claim.reported.as_str(),
            claim.status,
            claim.said,
            millis(at),
        ])?;
    Ok(())
}

/// What became of a mail at each of these people, as far as anybody has reported it, in their order.
pub(crate) fn of_message(conn: &Connection, source: SourceId, message_id: &str, people: &[Party]) -> Result<Told> {
    let claims: Vec<(Claim, Timestamp)> = conn
        .prepare_cached(
            "SELECT recipient, also, reported, status, said, at FROM report WHERE source = ?1 AND message_id = ?2",
        )?
        .query_map(params![source.0, message_id], |row| {
            let (also, reported): (String, String) = (row.get(1)?, row.get(2)?);
            let claim = Claim {
                recipient: row.get(0)?,
                also: Some(also).filter(|also| !also.is_empty()),
                reported: Reported::from_word(&reported).unwrap_or(Reported::Delayed),
                status: row.get(3)?,
                said: row.get(4)?,
            };
            Ok((claim, from_millis(row.get(5)?)))
        })?
        .collect::<Result<_, _>>()?;
    Ok(if claims.is_empty() { Told::default() } else { reports::fold(people, &claims) })
}

/// What became of a mail of mine. Blind copies may stand nowhere but in what was written here.
pub(crate) fn of_item(conn: &Connection, row: &item::ItemRow) -> Result<Told> {
    let Some(message_id) = row.message_id.as_deref().filter(|_| row.from_me && !row.flags.draft) else {
        return Ok(Told::default());
    };
    if !is_any(conn, row.source, message_id)? {
        return Ok(Told::default());
    }
    let mut people: Vec<Party> =
        [&row.people.to, &row.people.cc, &row.people.bcc].into_iter().flatten().cloned().collect();
    people.extend(written_to(conn, row.source, message_id)?);
    of_message(conn, row.source, message_id, &people)
}

/// The people a message in the outbox was written to.
fn written_to(conn: &Connection, source: SourceId, key: &str) -> Result<Vec<Party>> {
    let compose = outbox::compose_of_key(conn, source, key)?;
    Ok(compose.map(|compose| [compose.to, compose.cc, compose.bcc].concat()).unwrap_or_default())
}

/// What became of what an entry of the outbox has sent.
pub(crate) fn of_op(conn: &Connection, source: SourceId, key: &str) -> Result<Told> {
    if !is_any(conn, source, key)? {
        return Ok(Told::default());
    }
    of_message(conn, source, key, &written_to(conn, source, key)?)
}

fn is_any(conn: &Connection, source: SourceId, message_id: &str) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM report WHERE source = ?1 AND message_id = ?2)")?
        .query_row(params![source.0, message_id], |row| row.get(0))?)
}

/// What became of a mail that was sent from this address by a channel, if a source here gets its reports.
pub(crate) fn of_channel(conn: &Connection, from: &str, message_id: &str, to: &Party) -> Result<Told> {
    for source in source::by_identity(conn, from)? {
        let told = of_message(conn, source, message_id, std::slice::from_ref(to))?;
        if !told.statuses.is_empty() {
            return Ok(told);
        }
    }
    Ok(Told::default())
}

/// Reads the reports among the mails that were stored before anybody read reports, some at a time; false when none are
/// left.
pub(crate) fn catch_up(tx: &WriteTx<'_>) -> Result<bool> {
    let after: i64 = meta::get(tx.main, WATERMARK)?.unwrap_or_default();
    let ids: Vec<i64> = tx
        .main
        .prepare_cached(
            "SELECT DISTINCT item FROM attachment WHERE item > ?1
             AND mime IN ('message/delivery-status', 'message/global-delivery-status',
                 'message/disposition-notification', 'message/global-disposition-notification')
             ORDER BY item LIMIT ?2",
        )?
        .query_map(params![after, BATCH], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let newest: Option<i64> = tx.main.query_row("SELECT max(id) FROM item", [], |row| row.get(0)).optional()?.flatten();
    let last = ids.last().copied();
    for id in ids {
        let Some(row) = item::get(tx.main, ItemId(id))?.filter(|row| row.extra.mail.report.is_none()) else { continue };
        let report = body::raw(tx.bodies, row.body)?.and_then(|raw| report::read(&raw));
        note(tx, row.source, row.from.as_ref(), &MailMeta { report, ..row.extra.mail }, row.at)?;
    }
    let reached = last.or(newest).unwrap_or(after);
    if reached != after {
        meta::set(tx, WATERMARK, reached)?;
    }
    Ok(last.is_some())
}
