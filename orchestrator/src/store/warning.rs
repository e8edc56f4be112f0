//! What a platform says of the account itself: locked, unpaid, asked too much.
//!
//! Nothing tells when it is over, so that it stands at its source until somebody has seen it, or it is said again.

use inlet_model::{AccountId, SourceId, Warning};
use rusqlite::{Connection, params};

use super::{Result, WriteTx};
use crate::{
    api::types::Warned,
    clock::{from_millis, millis},
};

/// So many are told.
const NEWEST: u32 = 5;

/// It was said. What was read once already says nothing new.
pub(crate) fn note(tx: &WriteTx<'_>, source: SourceId, warning: &Warning) -> Result<()> {
    let new = tx
        .main
        .prepare_cached(
            "INSERT INTO warning (source, code, reason, at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (source, code) DO UPDATE SET reason = ?3, at = ?4, seen = 0 WHERE at < ?4",
        )?
        .execute(params![source.0, warning.code, warning.reason, millis(warning.at)])?;
    if new > 0 {
        tx.touch_sources();
    }
    Ok(())
}

/// What nobody has seen yet, the newest first.
pub(crate) fn unseen(conn: &Connection, source: SourceId) -> Result<Vec<Warned>> {
    Ok(conn
        .prepare_cached(
            "SELECT at, reason FROM warning WHERE source = ?1 AND seen = 0 ORDER BY at DESC, code LIMIT ?2",
        )?
        .query_map(params![source.0, NEWEST], |row| Ok(Warned { at: from_millis(row.get(0)?), reason: row.get(1)? }))?
        .collect::<Result<_, _>>()?)
}

/// Somebody has seen it.
pub(crate) fn seen(tx: &WriteTx<'_>, account: AccountId) -> Result<()> {
    tx.main
        .prepare_cached(
            "UPDATE warning SET seen = 1 WHERE seen = 0 AND source IN (SELECT id FROM source WHERE account = ?1)",
        )?
        .execute([account.0])?;
    tx.touch_sources();
    Ok(())
}
