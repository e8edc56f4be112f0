//! What the person did, so that it can be undone, also by another process and after a restart.

use inlet_model::{ItemId, OpId, Reaction, Rsvp, ThreadId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::{Result, WriteTx, thread::Marks};
use crate::clock::millis;

/// One action, with what it takes to go back.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Action {
    /// What happened, in words.
    pub(crate) message: String,
    pub(crate) threads: Vec<ThreadId>,
    /// Marks of threads before.
    #[serde(default)]
    pub(crate) marks: Vec<(ThreadId, Marks)>,
    /// Flags of items before: read, starred.
    #[serde(default)]
    pub(crate) flags: Vec<(ItemId, bool, bool)>,
    /// Where items were before a move.
    #[serde(default)]
    pub(crate) from: Vec<(ItemId, inlet_model::ScopeId)>,
    /// Scopes items were put into without leaving another: labels.
    #[serde(default)]
    pub(crate) gained: Vec<(ItemId, inlet_model::ScopeId)>,
    /// To-dos of pages, by the platform's name, and whether they were ticked before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) todos: Vec<(ItemId, String, bool)>,
    /// Invitations, how they were answered before, and the operation that had still to tell that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) answers: Vec<(ItemId, Option<Rsvp>, Option<OpId>)>,
    /// Reactions to messages before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) reactions: Vec<(ItemId, Vec<Reaction>)>,
    /// What it taught.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) lessons: Vec<i64>,
    /// Operations it queued.
    #[serde(default)]
    pub(crate) ops: Vec<OpId>,
    /// The first action of what was done to very many threads, piece by piece: they are undone together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) first: Option<u64>,
    /// The action that stands for a run of a rule over the past, which this was a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) run: Option<u64>,
    /// The rule that did it, if no person did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rule: Option<String>,
}

pub(crate) fn insert(tx: &WriteTx<'_>, action: &Action, now: Timestamp) -> Result<u64> {
    tx.main
        .prepare_cached("INSERT INTO action (at, data) VALUES (?1, ?2)")?
        .execute(params![millis(now), serde_json::to_string(action)?])?;
    let id = tx.main.last_insert_rowid();
    tx.main.prepare_cached("DELETE FROM action WHERE id <= ?1 - 2000")?.execute([id])?;
    Ok(u64::try_from(id).unwrap_or_default())
}

/// It was not a person who did it, but a rule; in a run over the past, if in one.
pub(crate) fn set_rule(tx: &WriteTx<'_>, id: u64, rule: &str, run: Option<u64>) -> Result<()> {
    let id = i64::try_from(id).unwrap_or(i64::MAX);
    tx.main
        .prepare_cached("UPDATE action SET data = json_set(data, '$.rule', ?2) WHERE id = ?1")?
        .execute(params![id, rule])?;
    if run.is_some() {
        tx.main
            .prepare_cached("UPDATE action SET data = json_set(data, '$.run', ?2) WHERE id = ?1")?
            .execute(params![id, run])?;
    }
    Ok(())
}

/// Whether it can still be taken back.
pub(crate) fn stands(conn: &Connection, id: u64) -> Result<bool> {
    Ok(get(conn, Some(id))?.is_some())
}

/// An action that was not undone yet: this one, or the last that a person did.
pub(crate) fn get(conn: &Connection, id: Option<u64>) -> Result<Option<(i64, Action)>> {
    let found: Option<(i64, String)> = conn
        .prepare_cached(
            "SELECT id, data FROM action WHERE undone = 0
             AND (id = ?1 OR (?1 IS NULL AND json_extract(data, '$.rule') IS NULL)) ORDER BY id DESC LIMIT 1",
        )?
        .query_row([id.map(|id| i64::try_from(id).unwrap_or(i64::MAX))], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(match found {
        Some((id, data)) => Some((id, serde_json::from_str(&data)?)),
        None => None,
    })
}

/// The last action that was not undone yet, of those done together with `first` or in that run.
pub(crate) fn last_of(conn: &Connection, first: u64) -> Result<Option<u64>> {
    Ok(conn
        .prepare_cached(
            "SELECT max(id) FROM action WHERE undone = 0 AND id >= ?1
             AND (id = ?1 OR json_extract(data, '$.first') = ?1 OR json_extract(data, '$.run') = ?1)",
        )?
        .query_row([i64::try_from(first).unwrap_or(i64::MAX)], |row| row.get(0))?)
}

/// The action that queued an operation, if it was not undone yet.
pub(crate) fn of_op(conn: &Connection, op: OpId) -> Result<Option<u64>> {
    Ok(conn
        .prepare_cached(
            "SELECT id FROM action WHERE undone = 0
             AND EXISTS (SELECT 1 FROM json_each(action.data, '$.ops') WHERE value = ?1) ORDER BY id DESC LIMIT 1",
        )?
        .query_row([op.to_string()], |row| row.get(0))
        .optional()?)
}

pub(crate) fn set_undone(tx: &WriteTx<'_>, id: i64) -> Result<()> {
    tx.main.prepare_cached("UPDATE action SET undone = 1 WHERE id = ?1")?.execute([id])?;
    Ok(())
}
