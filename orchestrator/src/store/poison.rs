//! What could not be read at all, by its name and the reason.
//!
//! It never stops a sync, so that nobody would hear of it: it is told at its source until somebody has seen it. What
//! was seen stays, or a rescan would tell it anew; what can be read after all is forgotten.

use inlet_model::{AccountId, RemoteId, ScopeId, SourceId, Timestamp};
use rusqlite::{Connection, params};

use super::{Result, WriteTx};
use crate::{
    api::types::Unreadable,
    clock::{from_millis, millis},
};

/// Something of a scope cannot be read. The same for the same reason is told once.
pub(crate) fn note(tx: &WriteTx<'_>, scope: ScopeId, id: &RemoteId, reason: &str, now: Timestamp) -> Result<()> {
    let new = tx
        .main
        .prepare_cached(
            "INSERT INTO poison (scope, remote_id, reason, at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (scope, remote_id) DO UPDATE SET reason = ?3, at = ?4, seen = 0 WHERE reason <> ?3",
        )?
        .execute(params![scope.0, id.0, reason, millis(now)])?;
    if new > 0 {
        tx.touch_sources();
    }
    Ok(())
}

/// Something of that scope could not be read.
pub(crate) fn any(conn: &Connection, scope: ScopeId) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM poison WHERE scope = ?1)")?
        .query_row([scope.0], |row| row.get(0))?)
}

/// It could be read now, or is gone.
pub(crate) fn forget(tx: &WriteTx<'_>, scope: ScopeId, id: &RemoteId) -> Result<()> {
    let gone = tx
        .main
        .prepare_cached("DELETE FROM poison WHERE scope = ?1 AND remote_id = ?2")?
        .execute(params![scope.0, id.0])?;
    if gone > 0 {
        tx.touch_sources();
    }
    Ok(())
}

/// What of a source nobody has seen yet.
pub(crate) fn unseen(conn: &Connection, source: SourceId) -> Result<Option<Unreadable>> {
    Ok(conn
        .prepare_cached(
            // Beside max() a column is that of the newest row. A source may have thousands of scopes, and little that
            // nobody has seen: that is looked through first.
            "SELECT count(*), max(poison.at), poison.reason FROM poison CROSS JOIN scope ON scope.id = poison.scope
             WHERE poison.seen = 0 AND scope.source = ?1",
        )?
        .query_row([source.0], |row| {
            let Some(newest) = row.get::<_, Option<i64>>(1)? else { return Ok(None) };
            Ok(Some(Unreadable { count: row.get(0)?, newest: from_millis(newest), reason: row.get(2)? }))
        })?)
}

/// Somebody has seen it.
pub(crate) fn seen(tx: &WriteTx<'_>, account: AccountId) -> Result<()> {
    tx.main
        .prepare_cached(
            "UPDATE poison SET seen = 1 WHERE seen = 0 AND scope IN
                 (SELECT scope.id FROM scope JOIN source ON source.id = scope.source WHERE source.account = ?1)",
        )?
        .execute([account.0])?;
    tx.touch_sources();
    Ok(())
}
