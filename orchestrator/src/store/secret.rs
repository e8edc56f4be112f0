//! Sealed secrets. What is in them only [`crate::secrets`] can read.

use inlet_model::AccountId;
use rusqlite::{Connection, OptionalExtension, params};

use super::{Result, WriteTx};

pub(crate) fn put(tx: &WriteTx<'_>, account: AccountId, purpose: &str, sealed: &[u8]) -> Result<()> {
    tx.main.prepare_cached("REPLACE INTO secret VALUES (?1, ?2, ?3)")?.execute(params![account.0, purpose, sealed])?;
    Ok(())
}

/// Takes every secret out of a copy.
pub(crate) fn take_out(copy: &Connection) -> Result<()> {
    copy.execute("DELETE FROM secret", [])?;
    Ok(())
}

pub(crate) fn get(conn: &Connection, account: AccountId, purpose: &str) -> Result<Option<Vec<u8>>> {
    Ok(conn
        .prepare_cached("SELECT sealed FROM secret WHERE account = ?1 AND purpose = ?2")?
        .query_row(params![account.0, purpose], |row| row.get(0))
        .optional()?)
}
