//! Sealed secrets. What is in them only [`crate::secrets`] can read.

use inlet_model::AccountId;
use rusqlite::{Connection, OptionalExtension, params};

use super::{Result, WriteTx};

pub(crate) fn put(tx: &WriteTx<'_>, account: AccountId, purpose: &str, sealed: &[u8]) -> Result<()> {
    tx.main.prepare_cached("REPLACE INTO secret VALUES (?1, ?2, ?3)")?.execute(params![account.0, purpose, sealed])?;
    Ok(())
}

pub(crate) fn get(conn: &Connection, account: AccountId, purpose: &str) -> Result<Option<Vec<u8>>> {
    Ok(conn
        .prepare_cached("SELECT sealed FROM secret WHERE account = ?1 AND purpose = ?2")?
        .query_row(params![account.0, purpose], |row| row.get(0))
        .optional()?)
}

/// A value of the whole store, such as the salt of the passphrase.
pub(crate) fn meta(conn: &Connection, key: &str) -> Result<Option<Vec<u8>>> {
    Ok(conn.prepare_cached("SELECT value FROM meta WHERE key = ?1")?.query_row([key], |row| row.get(0)).optional()?)
}

pub(crate) fn set_meta(tx: &WriteTx<'_>, key: &str, value: &[u8]) -> Result<()> {
    tx.main.prepare_cached("REPLACE INTO meta VALUES (?1, ?2)")?.execute(params![key, value])?;
    Ok(())
}
