//! The outbox: everything we owe the outside world, one row an operation, and its delivery log.

use inlet_model::{AccountId, DraftId, ItemId, OpId, Rsvp, ScopeId, SourceId, ThreadId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::{Result, WriteTx};
use crate::{
    api::types::{Compose, Delivery, OpDetail, OpKind, OpState, OpView},
    clock::{from_millis, millis},
};

/// A change of flags or place, kept as the person meant it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub(crate) enum Change {
    /// Flags; `None` leaves one as it is.
    Flags { read: Option<bool>, starred: Option<bool>, answered: Option<bool> },
    /// To another scope.
    Move { to: ScopeId },
    /// A label put on or taken off.
    Label { label: ScopeId, on: bool },
    /// For good.
    Expunge,
    /// What the server has of a draft follows what is here of it: saved, or taken away.
    Draft,
    /// A to-do ticked, or its tick taken away.
    Tick { todo: String, text: String, done: bool },
    /// An invitation answered.
    Rsvp { answer: Rsvp },
    /// A reaction given or taken back.
    React { emoji: String, on: bool },
}

/// An operation to be queued.
pub(crate) struct NewOp<'a> {
    pub(crate) source: SourceId,
    pub(crate) thread: Option<ThreadId>,
    pub(crate) kind: OpKind,
    pub(crate) key: &'a str,
    pub(crate) title: &'a str,
    pub(crate) not_before: Timestamp,
    pub(crate) created_at: Timestamp,
    /// Frozen, for sends.
    pub(crate) op: Option<&'a str>,
    pub(crate) change: Option<&'a Change>,
    pub(crate) compose: Option<&'a Compose>,
    pub(crate) remind_at: Option<Timestamp>,
    pub(crate) draft: Option<DraftId>,
}

/// An operation with what the worker needs.
#[derive(Clone, Debug)]
pub(crate) struct OpRow {
    pub(crate) view: OpView,
    pub(crate) op: Option<String>,
    pub(crate) change: Option<Change>,
    pub(crate) compose: Option<Compose>,
    pub(crate) remind_at: Option<Timestamp>,
    pub(crate) draft: Option<DraftId>,
}

const ROW: &str = "SELECT id, source, thread, kind, state, reason, attempts, not_before, key, title, created_at, op,
    change, compose, remind_at, draft FROM outbox";
/// Without what only the worker and an edit need, which may be megabytes.
const LIGHT: &str =
    "SELECT id, source, thread, kind, state, reason, attempts, not_before, key, title, created_at, NULL,
    NULL, NULL, NULL, draft FROM outbox";

fn row(row: &Row<'_>) -> rusqlite::Result<OpRow> {
    let kind: String = row.get(3)?;
    let state: String = row.get(4)?;
    let change: Option<String> = row.get(12)?;
    let compose: Option<String> = row.get(13)?;
    Ok(OpRow {
        view: OpView {
            id: OpId(row.get(0)?),
            source: SourceId(row.get(1)?),
            thread: row.get::<_, Option<i64>>(2)?.map(ThreadId),
            kind: serde_json::from_value(kind.into()).unwrap_or(OpKind::Send),
            state: serde_json::from_value(state.into()).unwrap_or(OpState::Parked),
            reason: row.get(5)?,
            attempts: row.get(6)?,
            not_before: from_millis(row.get(7)?),
            key: row.get(8)?,
            title: row.get(9)?,
            created_at: from_millis(row.get(10)?),
            delivery: Vec::new(),
        },
        op: row.get(11)?,
        change: change.and_then(|change| serde_json::from_str(&change).ok()),
        compose: compose.and_then(|compose| serde_json::from_str(&compose).ok()),
        remind_at: row.get::<_, Option<i64>>(14)?.map(from_millis),
        draft: row.get::<_, Option<i64>>(15)?.map(DraftId),
    })
}

fn word<T: Serialize>(value: T) -> Result<String> {
    Ok(serde_json::to_value(value)?.as_str().unwrap_or_default().to_owned())
}

pub(crate) fn insert(tx: &WriteTx<'_>, new: &NewOp<'_>, items: &[ItemId]) -> Result<OpId> {
    tx.main
        .prepare_cached(
            "INSERT INTO outbox (source, thread, kind, state, not_before, created_at, key, title, op, change, compose,
                remind_at, draft)
             VALUES (?1, ?2, ?3, 'queued', ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            new.source.0,
            new.thread.map(|thread| thread.0),
            word(new.kind)?,
            millis(new.not_before),
            millis(new.created_at),
            new.key,
            new.title,
            new.op,
            new.change.map(serde_json::to_string).transpose()?,
            new.compose.map(serde_json::to_string).transpose()?,
            new.remind_at.map(millis),
            new.draft.map(|draft| draft.0),
        ])?;
    let id = tx.main.last_insert_rowid();
    for item in items {
        tx.main.prepare_cached("INSERT OR IGNORE INTO outbox_item VALUES (?1, ?2)")?.execute(params![id, item.0])?;
    }
    tx.touch_outbox();
    Ok(OpId(id))
}

pub(crate) fn add_item(tx: &WriteTx<'_>, op: OpId, item: ItemId) -> Result<()> {
    tx.main.prepare_cached("INSERT OR IGNORE INTO outbox_item VALUES (?1, ?2)")?.execute(params![op.0, item.0])?;
    Ok(())
}

pub(crate) fn set_thread(tx: &WriteTx<'_>, op: OpId, thread: ThreadId) -> Result<()> {
    tx.main.prepare_cached("UPDATE outbox SET thread = ?2 WHERE id = ?1")?.execute(params![op.0, thread.0])?;
    Ok(())
}

/// The person's own change of this item is not known to the platform yet, or was not when a page
/// asked for at `pulled_at` was read: what the page says of flags and place is older.
pub(crate) fn holds(conn: &Connection, item: ItemId, pulled_at: Timestamp) -> Result<bool> {
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM outbox_item JOIN outbox ON outbox.id = outbox_item.op
             WHERE outbox_item.item = ?1 AND outbox.kind <> 'send'
             AND (outbox.state IN ('queued', 'sending', 'unknown')
                  OR (outbox.state = 'done' AND outbox.finished_at >= ?2)))",
        )?
        .query_row(params![item.0, millis(pulled_at)], |row| row.get(0))?)
}

pub(crate) fn get(conn: &Connection, id: OpId) -> Result<Option<OpRow>> {
    Ok(conn.prepare_cached(&format!("{ROW} WHERE id = ?1"))?.query_row([id.0], row).optional()?)
}

/// The operation of this kind that waits for an item.
pub(crate) fn waiting_for_item(conn: &Connection, item: ItemId, kind: OpKind) -> Result<Option<OpId>> {
    Ok(conn
        .prepare_cached(
            "SELECT outbox.id FROM outbox_item JOIN outbox ON outbox.id = outbox_item.op
             WHERE outbox_item.item = ?1 AND outbox.kind = ?2 AND outbox.state IN ('queued', 'parked')
             ORDER BY outbox.id DESC LIMIT 1",
        )?
        .query_row(params![item.0, word(kind)?], |row| row.get(0).map(OpId))
        .optional()?)
}

/// Items an operation is about.
pub(crate) fn items(conn: &Connection, id: OpId) -> Result<Vec<ItemId>> {
    Ok(conn
        .prepare_cached("SELECT item FROM outbox_item WHERE op = ?1")?
        .query_map([id.0], |row| row.get(0).map(ItemId))?
        .collect::<Result<_, _>>()?)
}

/// The unfinished operation that made this item.
pub(crate) fn view(conn: &Connection, id: OpId) -> Result<Option<OpView>> {
    Ok(conn.prepare_cached(&format!("{LIGHT} WHERE id = ?1"))?.query_row([id.0], row).optional()?.map(|row| row.view))
}

/// What is on its way, oldest first; with `finished_since` the finished ones as well. Keeping drafts on
/// their servers is told of where it has failed.
pub(crate) fn list(conn: &Connection, finished_since: Option<Timestamp>) -> Result<Vec<OpView>> {
    Ok(conn
        .prepare_cached(&format!(
            "{LIGHT} WHERE (state IN ('queued', 'sending', 'unknown', 'parked') OR finished_at >= ?1)
             AND (kind <> 'draft' OR state = 'parked') ORDER BY id"
        ))?
        .query_map([finished_since.map_or(i64::MAX, millis)], row)?
        .map(|row| row.map(|row| row.view))
        .collect::<Result<_, _>>()?)
}

/// Sends that have not left yet or wait for the person: the number beside Outbox.
pub(crate) fn count_waiting(conn: &Connection) -> Result<u64> {
    Ok(conn
        .prepare_cached(
            "SELECT count(*) FROM outbox WHERE state = 'parked' OR (kind = 'send' AND state IN ('queued', 'sending', 'unknown'))",
        )?
        .query_row([], |row| row.get(0))?)
}

/// Whether a message of a source has still to go out.
pub(crate) fn is_sending(conn: &Connection, source: SourceId) -> Result<bool> {
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM outbox WHERE source = ?1 AND kind = 'send'
             AND state IN ('queued', 'sending', 'unknown'))",
        )?
        .query_row([source.0], |row| row.get(0))?)
}

/// When messages and reactions went out in a thread, the oldest first.
pub(crate) fn sent_since(conn: &Connection, thread: ThreadId, since: Timestamp) -> Result<Vec<Timestamp>> {
    Ok(conn
        .prepare_cached(
            "SELECT finished_at FROM outbox WHERE thread = ?1 AND kind IN ('send', 'react') AND state = 'done'
             AND finished_at >= ?2 ORDER BY finished_at",
        )?
        .query_map(params![thread.0, millis(since)], |row| row.get(0).map(from_millis))?
        .collect::<Result<_, _>>()?)
}

/// The item with this id is what another operation made.
pub(crate) fn made_by_another(conn: &Connection, source: SourceId, stable_id: &str, op: OpId) -> Result<bool> {
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM item JOIN outbox_item ON outbox_item.item = item.id
             JOIN outbox ON outbox.id = outbox_item.op WHERE item.source = ?1 AND item.stable_id = ?2
             AND outbox.kind = 'send' AND outbox.id <> ?3)
             AND NOT EXISTS (SELECT 1 FROM item JOIN outbox_item ON outbox_item.item = item.id
             WHERE item.source = ?1 AND item.stable_id = ?2 AND outbox_item.op = ?3)",
        )?
        .query_row(params![source.0, stable_id, op.0], |row| row.get(0))?)
}

/// How many operations are in each state.
pub(crate) fn count_by_state(conn: &Connection) -> Result<Vec<(String, u64)>> {
    Ok(conn
        .prepare_cached("SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?)
}

/// It is the oldest of its thread or draft, so that order is kept there and nowhere else.
const FIRST: &str =
    "NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.thread = op.thread AND earlier.id < op.id
        AND earlier.state IN ('queued', 'sending', 'unknown'))
    AND NOT (kind = 'draft' AND EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.draft = op.draft
        AND earlier.source = op.source AND earlier.id < op.id AND earlier.kind = 'draft'
        AND earlier.state IN ('queued', 'sending', 'unknown')))";

/// The operations of a source that may go now: queued or to be looked for, due, and first.
pub(crate) fn ready(conn: &Connection, source: SourceId, now: Timestamp, limit: usize) -> Result<Vec<OpId>> {
    Ok(conn
        .prepare_cached(&format!(
            "SELECT id FROM outbox AS op WHERE source = ?1 AND state IN ('queued', 'unknown') AND not_before <= ?2
             AND together = 0 AND {FIRST} ORDER BY id LIMIT ?3"
        ))?
        .query_map(params![source.0, millis(now), i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
            row.get(0).map(OpId)
        })?
        .collect::<Result<_, _>>()?)
}

/// When the next operation of a source is due that none holds up.
pub(crate) fn next_due(conn: &Connection, source: SourceId) -> Result<Option<Timestamp>> {
    Ok(conn
        .prepare_cached(&format!(
            "SELECT min(not_before) FROM outbox AS op
             WHERE source = ?1 AND state IN ('queued', 'unknown') AND together = 0 AND {FIRST}"
        ))?
        .query_row([source.0], |row| row.get::<_, Option<i64>>(0))?
        .map(from_millis))
}

/// Moves an operation to another state, if it is still in one of `from`; whether it was.
pub(crate) fn transition(
    tx: &WriteTx<'_>,
    id: OpId,
    from: &[OpState],
    to: OpState,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<bool> {
    let Some(current) = view(tx.main, id)? else { return Ok(false) };
    if !from.contains(&current.state) {
        return Ok(false);
    }
    let finished = matches!(to, OpState::Done | OpState::Cancelled).then(|| millis(now));
    tx.main
        .prepare_cached("UPDATE outbox SET state = ?2, reason = ?3, finished_at = ?4 WHERE id = ?1")?
        .execute(params![id.0, word(to)?, reason, finished])?;
    tx.touch_outbox();
    if let Some(thread) = current.thread {
        tx.touch(thread);
    }
    Ok(true)
}

/// The platform has what this key made: nobody need look for it, or decide about it, any more.
pub(crate) fn landed(tx: &WriteTx<'_>, source: SourceId, key: &str, now: Timestamp) -> Result<()> {
    let id: Option<i64> = tx
        .main
        .prepare_cached("SELECT id FROM outbox WHERE source = ?1 AND key = ?2")?
        .query_row(params![source.0, key], |row| row.get(0))
        .optional()?;
    let Some(id) = id.map(OpId) else { return Ok(()) };
    // While it is being sent its answer is on the way, and says the same.
    let lost = [OpState::Unknown, OpState::Parked, OpState::Queued];
    if transition(tx, id, &lost, OpState::Done, None, now)? {
        log(tx, id, now, "done", Some("the platform told of it"))?;
    }
    Ok(())
}

/// A line in the log of whatever made an item, if something here did.
pub(crate) fn log_of_item(tx: &WriteTx<'_>, item: ItemId, at: Timestamp, outcome: &str, detail: &str) -> Result<()> {
    tx.main
        .prepare_cached(
            "INSERT INTO delivery (op, at, outcome, detail) SELECT op, ?2, ?3, ?4 FROM outbox_item WHERE item = ?1",
        )?
        .execute(params![item.0, millis(at), outcome, detail])?;
    Ok(())
}

/// The operation that keeps a draft on the server and has not begun, or was given up: it does for a
/// later change as well.
pub(crate) fn waiting_for_draft(conn: &Connection, source: SourceId, draft: DraftId) -> Result<Option<OpId>> {
    Ok(conn
        .prepare_cached(
            "SELECT id FROM outbox WHERE draft = ?2 AND source = ?1 AND kind = 'draft'
             AND (state = 'parked' OR (state = 'queued' AND attempts = 0)) ORDER BY id DESC LIMIT 1",
        )?
        .query_row(params![source.0, draft.0], |row| row.get(0).map(OpId))
        .optional()?)
}

/// Sources at which an operation for this draft has been tried and not finished.
pub(crate) fn tried_for_draft(conn: &Connection, draft: DraftId) -> Result<Vec<SourceId>> {
    Ok(conn
        .prepare_cached(
            "SELECT DISTINCT source FROM outbox WHERE draft = ?1 AND kind = 'draft'
             AND (state IN ('sending', 'unknown') OR (state = 'queued' AND attempts > 0))",
        )?
        .query_map([draft.0], |row| row.get(0).map(SourceId))?
        .collect::<Result<_, _>>()?)
}

/// What was not tried yet for this draft is not needed any more.
pub(crate) fn forget_draft(tx: &WriteTx<'_>, draft: DraftId) -> Result<()> {
    tx.main
        .prepare_cached(
            "DELETE FROM outbox WHERE draft = ?1 AND kind = 'draft'
             AND (state = 'parked' OR (state = 'queued' AND attempts = 0))",
        )?
        .execute([draft.0])?;
    Ok(())
}

/// A message that was this draft is on its way, or waits for the person.
pub(crate) fn sends_draft(conn: &Connection, draft: DraftId) -> Result<bool> {
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM outbox WHERE draft = ?1 AND kind = 'send'
             AND state NOT IN ('done', 'cancelled'))",
        )?
        .query_row([draft.0], |row| row.get(0))?)
}

/// An operation that has nothing left to say.
pub(crate) fn delete(tx: &WriteTx<'_>, id: OpId) -> Result<()> {
    tx.main.prepare_cached("DELETE FROM outbox WHERE id = ?1")?.execute([id.0])?;
    Ok(())
}

/// What has not gone out to a conversation of a source goes to another one.
pub(crate) fn readdress(tx: &WriteTx<'_>, source: SourceId, from: &str, to: &str) -> Result<()> {
    tx.main
        .prepare_cached(
            "UPDATE outbox SET op = json_set(op, '$.conversation', ?3)
             WHERE source = ?1 AND state IN ('queued', 'parked') AND op ->> '$.conversation' = ?2",
        )?
        .execute(params![source.0, from, to])?;
    Ok(())
}

/// Replaces the operation as the platform will be handed it.
pub(crate) fn set_op(tx: &WriteTx<'_>, id: OpId, op: &str) -> Result<()> {
    tx.main.prepare_cached("UPDATE outbox SET op = ?2 WHERE id = ?1")?.execute(params![id.0, op])?;
    Ok(())
}

/// The operation with this key.
pub(crate) fn by_key(conn: &Connection, key: &str) -> Result<Option<OpId>> {
    Ok(conn
        .prepare_cached("SELECT id FROM outbox WHERE key = ?1")?
        .query_row([key], |row| row.get(0).map(OpId))
        .optional()?)
}

/// What was written of a message with this key.
pub(crate) fn compose_of_key(conn: &Connection, source: SourceId, key: &str) -> Result<Option<Compose>> {
    let written: Option<Option<String>> = conn
        .prepare_cached("SELECT compose FROM outbox WHERE source = ?1 AND key = ?2")?
        .query_row(params![source.0, key], |row| row.get(0))
        .optional()?;
    Ok(written.flatten().and_then(|written| serde_json::from_str(&written).ok()))
}

/// The message with this key that went out, while it can be written anew from what was kept of it.
pub(crate) fn sent_with_key(conn: &Connection, source: SourceId, key: &str) -> Result<Option<OpId>> {
    Ok(conn
        .prepare_cached(
            "SELECT id FROM outbox WHERE source = ?1 AND key = ?2 AND kind = 'send' AND state = 'done'
             AND compose IS NOT NULL",
        )?
        .query_row(params![source.0, key], |row| row.get(0).map(OpId))
        .optional()?)
}

/// The newest operations of an account with their logs.
pub(crate) fn newest_of_account(conn: &Connection, account: AccountId, limit: u32) -> Result<Vec<OpDetail>> {
    let ops: Vec<OpView> = conn
        .prepare_cached(&format!(
            "{LIGHT} WHERE source IN (SELECT id FROM source WHERE account = ?1) ORDER BY id DESC LIMIT ?2"
        ))?
        .query_map(params![account.0, limit], row)?
        .map(|row| row.map(|row| row.view))
        .collect::<Result<_, _>>()?;
    ops.into_iter()
        .map(|op| {
            let deliveries = deliveries(conn, op.id)?;
            Ok(OpDetail { op, deliveries })
        })
        .collect()
}

/// It is told together with others, or by itself.
pub(crate) fn set_together(tx: &WriteTx<'_>, id: OpId, together: bool) -> Result<()> {
    tx.main.prepare_cached("UPDATE outbox SET together = ?2 WHERE id = ?1")?.execute(params![id.0, together])?;
    Ok(())
}

/// What is to be told together and is due, the oldest first.
pub(crate) fn together(conn: &Connection, now: Timestamp) -> Result<Vec<OpView>> {
    Ok(conn
        .prepare_cached(&format!(
            "{LIGHT} WHERE together = 1 AND state = 'queued' AND not_before <= ?1 ORDER BY source, id"
        ))?
        .query_map([millis(now)], row)?
        .map(|row| row.map(|row| row.view))
        .collect::<Result<_, _>>()?)
}

/// Counts an attempt.
pub(crate) fn attempt(tx: &WriteTx<'_>, id: OpId) -> Result<()> {
    tx.main.prepare_cached("UPDATE outbox SET attempts = attempts + 1 WHERE id = ?1")?.execute([id.0])?;
    Ok(())
}

/// Not before this.
pub(crate) fn postpone(tx: &WriteTx<'_>, id: OpId, until: Timestamp) -> Result<()> {
    tx.main.prepare_cached("UPDATE outbox SET not_before = ?2 WHERE id = ?1")?.execute(params![id.0, millis(until)])?;
    tx.touch_outbox();
    Ok(())
}

/// A line of the delivery log.
pub(crate) fn log(tx: &WriteTx<'_>, id: OpId, at: Timestamp, outcome: &str, detail: Option<&str>) -> Result<()> {
    tx.main
        .prepare_cached("INSERT INTO delivery (op, at, outcome, detail) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![id.0, millis(at), outcome, detail])?;
    Ok(())
}

pub(crate) fn deliveries(conn: &Connection, id: OpId) -> Result<Vec<Delivery>> {
    Ok(conn
        .prepare_cached("SELECT at, outcome, detail FROM delivery WHERE op = ?1 ORDER BY id")?
        .query_map([id.0], |row| {
            Ok(Delivery { at: from_millis(row.get(0)?), outcome: row.get(1)?, detail: row.get(2)? })
        })?
        .collect::<Result<_, _>>()?)
}

/// At start: what was being sent when the process ended may have been sent.
pub(crate) fn recover(tx: &WriteTx<'_>) -> Result<usize> {
    Ok(tx.main.execute(
        "UPDATE outbox SET state = 'unknown', reason = 'Inlet was closed while this was being sent; looking for it.'
         WHERE state = 'sending'",
        [],
    )?)
}

/// Every operation that has not come to its end waits for the person from now on, each for a reason; how many.
pub(crate) fn park_open(tx: &WriteTx<'_>, now: Timestamp, reason: impl Fn(OpKind) -> &'static str) -> Result<u64> {
    let open: Vec<OpView> = tx
        .main
        .prepare(&format!("{LIGHT} WHERE state IN ('queued', 'sending', 'unknown') ORDER BY id"))?
        .query_map([], row)?
        .map(|row| row.map(|row| row.view))
        .collect::<Result<_, _>>()?;
    let mut parked = 0;
    for op in open {
        let reason = reason(op.kind);
        if transition(tx, op.id, &[op.state], OpState::Parked, Some(reason), now)? {
            set_together(tx, op.id, false)?;
            log(tx, op.id, now, "unknown", Some(reason))?;
            parked += 1;
        }
    }
    Ok(parked)
}

/// Operations that are over and say nothing to a person who looks for what was sent.
const CHANGES: &str = "kind IN ('flags', 'move', 'label', 'expunge', 'draft', 'tick')";

/// Of what finished before, takes away changes of flags and place, which have nothing left to say, and of the rest what
/// would be sent again; of so many at most, and of how many.
pub(crate) fn forget_payload(tx: &WriteTx<'_>, until: Timestamp, limit: usize) -> Result<usize> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let changes = tx
        .main
        .prepare_cached(&format!(
            "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE state IN ('done', 'cancelled')
             AND finished_at < ?1 AND {CHANGES} LIMIT ?2)"
        ))?
        .execute(params![millis(until), limit])?;
    let sends = tx
        .main
        .prepare_cached(
            "UPDATE outbox SET op = NULL, change = NULL, compose = NULL WHERE id IN (SELECT id FROM outbox
             WHERE state IN ('done', 'cancelled') AND finished_at < ?1
             AND (op IS NOT NULL OR change IS NOT NULL OR compose IS NOT NULL) LIMIT ?2)",
        )?
        .execute(params![millis(until), limit])?;
    Ok(changes + sends)
}

/// Forgets at most so many operations that finished before, with their logs; how many.
pub(crate) fn forget_finished(tx: &WriteTx<'_>, until: Timestamp, limit: usize) -> Result<usize> {
    Ok(tx
        .main
        .prepare_cached(
            "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE state IN ('done', 'cancelled')
             AND finished_at < ?1 LIMIT ?2)",
        )?
        .execute(params![millis(until), i64::try_from(limit).unwrap_or(i64::MAX)])?)
}

/// How many operations finished before, and the bytes of them and their logs.
pub(crate) fn size_before(conn: &Connection, until: Timestamp) -> Result<(u64, u64)> {
    Ok(conn
        .prepare_cached(
            "SELECT count(*), coalesce(sum(octet_length(title) + octet_length(key) + coalesce(octet_length(op), 0)
                 + coalesce(octet_length(change), 0) + coalesce(octet_length(compose), 0)
                 + (SELECT coalesce(sum(octet_length(outcome) + coalesce(octet_length(detail), 0)), 0)
                    FROM delivery WHERE delivery.op = outbox.id)), 0)
             FROM outbox WHERE state IN ('done', 'cancelled') AND finished_at < ?1",
        )?
        .query_row([millis(until)], |row| Ok((row.get(0)?, row.get(1)?)))?)
}
