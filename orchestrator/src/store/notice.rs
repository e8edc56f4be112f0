//! The log of notices, and the news they are decided from. The log holds no text, only which item,
//! what was decided and why, and is bounded.

use inlet_model::{ItemId, Kind, MailMeta, Party, SourceId, SourceType, ThreadId, Timestamp};
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Result, WriteTx, item, meta, thread};
use crate::{
    api::types::{Notice, NoticeDecision, NoticeEntry, NoticeReason},
    clock::{from_millis, millis},
    notices::{
        Arrival,
        board::{Standing, Summary},
        decide::ToMe,
        digest::Told,
    },
};

/// Entries that are kept.
const MOST: i64 = 1000;
/// The name of the summary among the notices.
const SUMMARY: &str = "summary";
/// The name of the digest.
const DIGEST: &str = "digest";
/// Where the day of the last digest is kept, and until when nothing is to be told.
const DIGESTED: &str = "digest";
const PAUSED: &str = "notices_paused_until";

/// The rev up to which the next `limit` changes of items after `rev` go; nothing when there are none.
pub(crate) fn reach(conn: &Connection, rev: i64, limit: usize) -> Result<Option<i64>> {
    Ok(conn
        .prepare_cached(
            "SELECT max(text_rev) FROM (SELECT text_rev FROM item WHERE text_rev > ?1 ORDER BY text_rev LIMIT ?2)",
        )?
        .query_row(params![rev, i64::try_from(limit).unwrap_or(i64::MAX)], |row| row.get(0))?)
}

/// New items of others after `rev` and up to `reached`, in the order they were stored.
pub(crate) fn news(conn: &Connection, rev: i64, reached: i64) -> Result<Vec<Arrival>> {
    let mut statement = conn.prepare_cached(
        "SELECT item.id, item.source, item.thread, item.kind, source.type, item.at, account.created_at,
                item.read, thread.place, thread.muted, source.notify, source.identity, item.people, item.meta,
                item.text_rev = item.flag_rev
         FROM item JOIN thread ON thread.id = item.thread JOIN source ON source.id = item.source
         JOIN account ON account.id = source.account
         WHERE item.text_rev > ?1 AND item.text_rev <= ?2
         AND item.from_me = 0 AND item.draft = 0 AND item.deleted = 0 AND item.retracted = 0 ORDER BY item.text_rev",
    )?;
    let mut rows = statement.query([rev, reached])?;
    let mut news = Vec::new();
    while let Some(row) = rows.next()? {
        news.push(arrival(row)?);
    }
    Ok(news)
}

fn arrival(row: &Row<'_>) -> Result<Arrival> {
    let (kind, source_type, place): (String, String, String) = (row.get(3)?, row.get(4)?, row.get(8)?);
    let me: Option<String> = row.get(11)?;
    let people: item::People = serde_json::from_str(&row.get::<_, String>(12)?)?;
    let to_me = if thread::kind_of(&kind) == Kind::Mail {
        let extra: item::Extra = serde_json::from_str(&row.get::<_, String>(13)?)?;
        let to: Vec<String> = people.to.iter().map(|party| party.handle.clone()).collect();
        ToMe::of_mail(me.as_deref(), &to, people.to.len() + people.cc.len(), is_from_list(&extra.mail))
    } else {
        ToMe::of_chat(people.to.len())
    };
    Ok(Arrival {
        item: ItemId(row.get(0)?),
        source: SourceId(row.get(1)?),
        thread: ThreadId(row.get(2)?),
        source_type: SourceType::from_word(&source_type).unwrap_or(SourceType::Imap),
        at: from_millis(row.get(5)?),
        fresh: row.get(14)?,
        connected_at: from_millis(row.get(6)?),
        read: row.get(7)?,
        place: thread::place(&place),
        muted: row.get(9)?,
        notify: row.get(10)?,
        to_me,
        by_rule: None,
    })
}

fn is_from_list(meta: &MailMeta) -> bool {
    meta.list_id.is_some() || meta.list_unsubscribe.is_some() || meta.automatic
}

/// Which of these conversations still have something new in the inbox.
pub(crate) fn still_new(conn: &Connection, threads: &[ThreadId]) -> Result<Vec<ThreadId>> {
    let mut statement =
        conn.prepare_cached("SELECT 1 FROM thread WHERE id = ?1 AND deleted = 0 AND place = 'inbox' AND unread > 0")?;
    let mut still = Vec::new();
    for thread in threads {
        if statement.exists([thread.0])? {
            still.push(*thread);
        }
    }
    Ok(still)
}

/// What a standing notice says; with `preview` also who wrote and about what.
pub(crate) fn view(conn: &Connection, standing: &Standing, preview: bool) -> Result<Option<Notice>> {
    let found = conn
        .prepare_cached(
            "SELECT item.from_name, item.from_handle, thread.title, item.snippet, item.kind, source.type
             FROM item JOIN thread ON thread.id = item.thread JOIN source ON source.id = item.source
             WHERE item.id = ?1 AND item.deleted = 0",
        )?
        .query_row([standing.item.0], |row| {
            let handle: Option<String> = row.get(1)?;
            let name = row.get(0)?;
            let (kind, source_type): (String, String) = (row.get(4)?, row.get(5)?);
            let from = handle.map(|handle| Party { name, handle });
            Ok((from, row.get::<_, String>(2)?, row.get::<_, String>(3)?, kind, source_type))
        })
        .optional()?;
    Ok(found.map(|(from, title, snippet, kind, source_type)| Notice {
        id: standing.thread.to_string(),
        version: standing.version,
        thread: Some(standing.thread),
        source: Some(standing.source),
        source_type: SourceType::from_word(&source_type),
        from: from.filter(|_| preview),
        title: if preview { title } else { String::new() },
        text: if preview && thread::kind_of(&kind) == Kind::Chat { snippet } else { String::new() },
        items: standing.items,
        conversations: 1,
        silent: standing.silent,
        digest: None,
    }))
}

/// A notice in words, for a channel: who wrote where, and what; without `preview` only where. `None`: the item is
/// gone.
pub(crate) fn words(conn: &Connection, item: ItemId, preview: bool) -> Result<Option<(String, String)>> {
    let found = conn
        .prepare_cached(
            "SELECT coalesce(item.from_name, item.from_handle), thread.title, item.snippet, item.kind, source.name
             FROM item JOIN thread ON thread.id = item.thread JOIN source ON source.id = item.source
             WHERE item.id = ?1 AND item.deleted = 0",
        )?
        .query_row([item.0], |row| {
            let from: Option<String> = row.get(0)?;
            Ok((from, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get::<_, String>(3)?, row.get(4)?))
        })
        .optional()?;
    Ok(found.map(|(from, title, snippet, kind, source): (_, _, _, _, String)| match (from, preview) {
        (Some(from), true) if thread::kind_of(&kind) == Kind::Chat => (format!("{from} ({source})"), snippet),
        (Some(from), true) => (format!("{from} ({source})"), title),
        (None, true) => (source, title),
        (_, false) => (source, String::new()),
    }))
}

/// What a summary says.
pub(crate) fn summary(summary: &Summary) -> Notice {
    Notice {
        id: SUMMARY.into(),
        version: summary.version,
        items: summary.items,
        conversations: u32::try_from(summary.threads.len()).unwrap_or(u32::MAX),
        silent: summary.silent,
        ..Notice::default()
    }
}

/// What a digest says; with `preview` also of whom and what.
pub(crate) fn digest(told: &Told, preview: bool) -> Notice {
    let mut digest = told.digest.clone();
    if !preview {
        digest.cards.clear();
    }
    Notice { id: DIGEST.into(), version: told.version, silent: true, digest: Some(digest), ..Notice::default() }
}

/// The day the last digest was told for.
pub(crate) fn digested(conn: &Connection) -> Result<Option<Date>> {
    Ok(meta::get::<String>(conn, DIGESTED)?.and_then(|day| day.parse().ok()))
}

/// A digest is told for a day; false when it was already, by whomever.
pub(crate) fn set_digested(tx: &WriteTx<'_>, day: Date) -> Result<bool> {
    if digested(tx.main)?.is_some_and(|last| last >= day) {
        return Ok(false);
    }
    meta::set(tx, DIGESTED, day.to_string())?;
    Ok(true)
}

/// Writes down what was decided. Items of one source that are kept for the same reason one after
/// the other share an entry: a first sync brings many thousands.
pub(crate) fn log(tx: &WriteTx<'_>, decided: &[(Arrival, NoticeDecision, NoticeReason)], now: Timestamp) -> Result<()> {
    for (arrival, decision, reason) in decided {
        let (decision, why) = (word(decision)?, word(reason)?);
        let shared = matches!(reason, NoticeReason::FirstSync | NoticeReason::Imported | NoticeReason::Old);
        let newest: Option<i64> = tx
            .main
            .prepare_cached(
                "SELECT id FROM notice WHERE id = (SELECT max(id) FROM notice) AND source = ?1 AND reason = ?2",
            )?
            .query_row(params![arrival.source.0, why], |row| row.get(0))
            .optional()?
            .filter(|_| shared);
        let (thread, item) = (arrival.thread.0, arrival.item.0);
        if let Some(id) = newest {
            tx.main
                .prepare_cached("UPDATE notice SET at = ?2, thread = ?3, item = ?4, items = items + 1 WHERE id = ?1")?
                .execute(params![id, millis(now), thread, item])?;
        } else {
            tx.main
                .prepare_cached(
                    "INSERT INTO notice (at, source, thread, item, decision, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute(params![millis(now), arrival.source.0, thread, item, decision, why])?;
        }
    }
    tx.main.prepare_cached("DELETE FROM notice WHERE id <= (SELECT max(id) FROM notice) - ?1")?.execute([MOST])?;
    Ok(())
}

/// Forgets what was decided before.
pub(crate) fn forget_before(tx: &WriteTx<'_>, until: Timestamp) -> Result<()> {
    tx.main.prepare_cached("DELETE FROM notice WHERE at < ?1")?.execute([millis(until)])?;
    Ok(())
}

/// How many entries were written before, and their bytes.
pub(crate) fn size_before(conn: &Connection, until: Timestamp) -> Result<(u64, u64)> {
    Ok(conn
        .prepare_cached(
            "SELECT count(*), coalesce(sum(octet_length(decision) + octet_length(reason)), 0) FROM notice WHERE at < ?1",
        )?
        .query_row([millis(until)], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// The newest entries of the log.
pub(crate) fn entries(conn: &Connection, limit: u32) -> Result<Vec<NoticeEntry>> {
    Ok(conn
        .prepare_cached(
            "SELECT notice.id, notice.at, notice.source, thread.id, notice.item, item.from_name, item.from_handle,
                    coalesce(thread.title, ''), notice.decision, notice.reason, notice.items
             FROM notice LEFT JOIN item ON item.id = notice.item AND item.deleted = 0
             LEFT JOIN thread ON thread.id = item.thread AND thread.deleted = 0
             ORDER BY notice.id DESC LIMIT ?1",
        )?
        .query_map([limit], |row| {
            let (decision, reason): (String, String) = (row.get(8)?, row.get(9)?);
            let handle: Option<String> = row.get(6)?;
            let name = row.get(5)?;
            Ok(NoticeEntry {
                id: row.get(0)?,
                at: from_millis(row.get(1)?),
                source: SourceId(row.get(2)?),
                thread: row.get::<_, Option<i64>>(3)?.map(ThreadId),
                item: ItemId(row.get(4)?),
                from: handle.map(|handle| Party { name, handle }),
                title: row.get(7)?,
                decision: serde_json::from_value(decision.into()).unwrap_or(NoticeDecision::Kept),
                reason: serde_json::from_value(reason.into()).unwrap_or(NoticeReason::Elsewhere),
                items: row.get(10)?,
            })
        })?
        .collect::<Result<_, _>>()?)
}

fn word(value: &impl serde::Serialize) -> Result<String> {
    Ok(serde_json::to_value(value)?.as_str().unwrap_or_default().to_owned())
}

/// Until when nothing is to be told.
pub(crate) fn paused_until(conn: &Connection) -> Result<Option<Timestamp>> {
    Ok(meta::get(conn, PAUSED)?.map(from_millis))
}

/// Pauses, or ends a pause.
pub(crate) fn pause_until(tx: &WriteTx<'_>, until: Option<Timestamp>) -> Result<()> {
    match until {
        Some(until) => meta::set(tx, PAUSED, millis(until)),
        None => meta::forget(tx, PAUSED),
    }
}
