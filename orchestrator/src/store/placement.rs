//! Placements: which scopes an item is in, as the platform says and as the person wants it.
//!
//! A row with a remote id and no op is the platform's word. A row without a remote id was put there
//! by an outbox entry and waits for the platform's own. A row with both is hidden: the person took
//! the item away, and the platform has not confirmed it yet.

use inlet_model::{ItemId, RemoteId, ScopeId, Target};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Result, WriteTx};

/// The item a scope knows under this id.
pub(crate) fn item_of(conn: &Connection, via: ScopeId, remote_id: &RemoteId) -> Result<Option<ItemId>> {
    Ok(conn
        .prepare_cached("SELECT item FROM placement WHERE via = ?1 AND remote_id = ?2 LIMIT 1")?
        .query_row(params![via.0, remote_id.0], |row| row.get(0).map(ItemId))
        .optional()?)
}

/// The platform says the item is in these scopes, reported through `via` under `remote_id`.
/// While `held`, what the person hid stays hidden; what turns up away from where the person is
/// moving it is hidden by that move, and becomes its target.
pub(crate) fn set_remote(
    tx: &WriteTx<'_>,
    item: ItemId,
    via: ScopeId,
    remote_id: &RemoteId,
    scopes: &[ScopeId],
    held: bool,
) -> Result<()> {
    let moving = if held { pending_move(tx.main, item)? } else { None };
    let mut known: Vec<(i64, i64, i64, Option<i64>)> = tx
        .main
        .prepare_cached("SELECT id, scope, item, op FROM placement WHERE via = ?1 AND remote_id = ?2")?
        .query_map(params![via.0, remote_id.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
        .collect::<Result<_, _>>()?;
    for scope in scopes {
        let mut hidden = false;
        if let Some(position) = known.iter().position(|(_, have, ..)| *have == scope.0) {
            let (id, _, was, op) = known.swap_remove(position);
            hidden = op.is_some() && held;
            if was != item.0 || (op.is_some() && !held) {
                tx.main
                    .prepare_cached("UPDATE placement SET item = ?2, op = CASE WHEN ?3 THEN op END WHERE id = ?1")?
                    .execute(params![id, item.0, held])?;
            }
        } else {
            tx.main
                .prepare_cached("INSERT INTO placement (item, scope, via, remote_id, op) VALUES (?1, ?2, ?3, ?4, ?5)")?
                .execute(params![
                    item.0,
                    scope.0,
                    via.0,
                    remote_id.0,
                    moving.filter(|(_, to)| to != scope).map(|(op, _)| op),
                ])?;
        }
        // What a page of before the move still names is no word on where the person has put it since.
        if !hidden {
            tx.main
                .prepare_cached("DELETE FROM placement WHERE item = ?1 AND scope = ?2 AND remote_id IS NULL")?
                .execute(params![item.0, scope.0])?;
        }
    }
    for (id, ..) in known {
        tx.main.prepare_cached("DELETE FROM placement WHERE id = ?1")?.execute([id])?;
    }
    Ok(())
}

/// The unfinished move of an item, and where it goes.
fn pending_move(conn: &Connection, item: ItemId) -> Result<Option<(i64, ScopeId)>> {
    Ok(conn
        .prepare_cached(
            "SELECT outbox.id, placement.scope FROM placement JOIN outbox ON outbox.id = placement.op
             WHERE placement.item = ?1 AND placement.remote_id IS NULL AND outbox.kind = 'move'
             AND outbox.state IN ('queued', 'sending', 'unknown') ORDER BY outbox.id DESC LIMIT 1",
        )?
        .query_row([item.0], |row| Ok((row.get(0)?, ScopeId(row.get(1)?))))
        .optional()?)
}

/// The platform no longer has this id in this scope; the items that lost a placement.
pub(crate) fn remove_remote(tx: &WriteTx<'_>, via: ScopeId, remote_id: &RemoteId) -> Result<Option<ItemId>> {
    let item = item_of(tx.main, via, remote_id)?;
    tx.main
        .prepare_cached("DELETE FROM placement WHERE via = ?1 AND remote_id = ?2")?
        .execute(params![via.0, remote_id.0])?;
    Ok(item)
}

/// Every id a scope is known to hold.
pub(crate) fn remote_ids(tx: &WriteTx<'_>, via: ScopeId) -> Result<Vec<RemoteId>> {
    Ok(tx
        .main
        .prepare_cached("SELECT DISTINCT remote_id FROM placement WHERE via = ?1 AND remote_id IS NOT NULL")?
        .query_map([via.0], |row| row.get::<_, String>(0).map(RemoteId))?
        .collect::<Result<_, _>>()?)
}

/// The item is nowhere, not even by the person's will.
pub(crate) fn is_nowhere(tx: &WriteTx<'_>, item: ItemId) -> Result<bool> {
    Ok(tx
        .main
        .prepare_cached("SELECT NOT EXISTS (SELECT 1 FROM placement WHERE item = ?1)")?
        .query_row([item.0], |row| row.get(0))?)
}

/// The scope is gone, with all it held.
pub(super) fn drop_scope(tx: &WriteTx<'_>, scope: ScopeId) -> Result<()> {
    let items: Vec<(i64, i64)> = tx
        .main
        .prepare_cached(
            "SELECT DISTINCT item.id, item.thread FROM placement JOIN item ON item.id = placement.item
             WHERE placement.scope = ?1 OR placement.via = ?1",
        )?
        .query_map([scope.0], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    tx.main.prepare_cached("DELETE FROM placement WHERE (scope = ?1 OR via = ?1)")?.execute([scope.0])?;
    for (item, thread) in items {
        if is_nowhere(tx, ItemId(item))? {
            super::item::soft_delete(tx, ItemId(item))?;
        }
        tx.touch(inlet_model::ThreadId(thread));
    }
    Ok(())
}

/// A placement a person can see.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) id: i64,
    pub(crate) scope: ScopeId,
    pub(crate) role: String,
    pub(crate) confirmed: bool,
}

/// Where an item is, for the person.
pub(crate) fn shown(conn: &Connection, item: ItemId) -> Result<Vec<Shown>> {
    Ok(conn
        .prepare_cached(
            "SELECT placement.id, placement.scope, scope.role, placement.remote_id IS NOT NULL FROM placement
             JOIN scope ON scope.id = placement.scope
             WHERE placement.item = ?1 AND NOT (placement.op IS NOT NULL AND placement.remote_id IS NOT NULL)",
        )?
        .query_map([item.0], |row| {
            Ok(Shown { id: row.get(0)?, scope: ScopeId(row.get(1)?), role: row.get(2)?, confirmed: row.get(3)? })
        })?
        .collect::<Result<_, _>>()?)
}

/// Hides a placement until the platform confirms that it is gone; one the platform never knew goes.
pub(crate) fn hide(tx: &WriteTx<'_>, placement: &Shown, op: i64) -> Result<()> {
    let sql = if placement.confirmed {
        "UPDATE placement SET op = ?2 WHERE id = ?1"
    } else {
        "DELETE FROM placement WHERE id = ?1 AND ?2 IS NOT NULL"
    };
    tx.main.prepare_cached(sql)?.execute(params![placement.id, op])?;
    Ok(())
}

/// Puts an item into a scope until the platform's own placement comes.
pub(crate) fn provisional(tx: &WriteTx<'_>, item: ItemId, scope: ScopeId, op: i64) -> Result<()> {
    tx.main
        .prepare_cached(
            "INSERT INTO placement (item, scope, via, op) SELECT ?1, ?2, ?2, ?3
             WHERE NOT EXISTS (SELECT 1 FROM placement WHERE item = ?1 AND scope = ?2 AND op IS NULL)",
        )?
        .execute(params![item.0, scope.0, op])?;
    Ok(())
}

/// Puts an item back where it was before the platform had confirmed it there.
pub(crate) fn put_back(tx: &WriteTx<'_>, item: ItemId, scope: ScopeId) -> Result<()> {
    tx.main
        .prepare_cached(
            "INSERT INTO placement (item, scope, via) SELECT ?1, ?2, ?2
             WHERE NOT EXISTS (SELECT 1 FROM placement WHERE item = ?1 AND scope = ?2
                 AND (op IS NULL OR remote_id IS NULL))",
        )?
        .execute(params![item.0, scope.0])?;
    Ok(())
}

/// Takes back what an outbox entry changed here.
pub(crate) fn restore(tx: &WriteTx<'_>, op: i64) -> Result<()> {
    tx.main.prepare_cached("DELETE FROM placement WHERE op = ?1 AND remote_id IS NULL")?.execute([op])?;
    tx.main.prepare_cached("UPDATE placement SET op = NULL WHERE op = ?1")?.execute([op])?;
    Ok(())
}

/// An entry is done. What it put somewhere counts as there until the platform shows its own.
pub(crate) fn confirm(tx: &WriteTx<'_>, op: i64) -> Result<()> {
    tx.main.prepare_cached("UPDATE placement SET op = NULL WHERE op = ?1 AND remote_id IS NULL")?.execute([op])?;
    Ok(())
}

/// Which placements an operation names to the platform.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    /// Every one: flags are the same everywhere.
    Every,
    /// Those it hides; of a mail that only gains a label, the one that holds all labels.
    Moved,
    /// Those it hides and no other.
    Hidden,
}

/// What an operation of the outbox has to name to the platform.
pub(crate) fn targets(conn: &Connection, op: i64, named: Named) -> Result<Vec<Target>> {
    Ok(conn
        .prepare_cached(
            "SELECT via.remote, placement.remote_id, item.message_id FROM outbox_item
             JOIN item ON item.id = outbox_item.item
             JOIN placement ON placement.item = item.id
             JOIN scope AS via ON via.id = placement.via
             WHERE outbox_item.op = ?1 AND placement.remote_id IS NOT NULL AND (?2 OR placement.op = ?1
                 OR (?3 AND via.role = 'all' AND NOT EXISTS (
                     SELECT 1 FROM placement AS hidden WHERE hidden.item = item.id AND hidden.op = ?1
                     AND hidden.remote_id IS NOT NULL)))
             GROUP BY placement.via, placement.remote_id ORDER BY placement.via, placement.id",
        )?
        .query_map(params![op, named == Named::Every, named == Named::Moved], |row| {
            Ok(Target { scope: row.get(0)?, remote_id: RemoteId(row.get(1)?), message_id: row.get(2)?, version: None })
        })?
        .collect::<Result<_, _>>()?)
}

/// Where the platform keeps an item, for fetching a part of it.
pub(crate) fn any_remote(conn: &Connection, item: ItemId) -> Result<Option<(String, RemoteId)>> {
    Ok(conn
        .prepare_cached(
            "SELECT via.remote, placement.remote_id FROM placement JOIN scope AS via ON via.id = placement.via
             WHERE placement.item = ?1 AND placement.remote_id IS NOT NULL ORDER BY placement.op IS NOT NULL LIMIT 1",
        )?
        .query_row([item.0], |row| Ok((row.get(0)?, RemoteId(row.get(1)?))))
        .optional()?)
}
