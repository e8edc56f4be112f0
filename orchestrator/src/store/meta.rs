//! Values of the whole store, each under a name of its own.

use rusqlite::{Connection, OptionalExtension, ToSql, params, types::FromSql};
use serde::{Serialize, de::DeserializeOwned};

use super::{Result, WriteTx};

/// A value.
pub(crate) fn get<T: FromSql>(conn: &Connection, key: &str) -> Result<Option<T>> {
    Ok(conn.prepare_cached("SELECT value FROM meta WHERE key = ?1")?.query_row([key], |row| row.get(0)).optional()?)
}

pub(crate) fn set(tx: &WriteTx<'_>, key: &str, value: impl ToSql) -> Result<()> {
    tx.main.prepare_cached("REPLACE INTO meta VALUES (?1, ?2)")?.execute(params![key, value])?;
    Ok(())
}

pub(crate) fn forget(tx: &WriteTx<'_>, key: &str) -> Result<()> {
    tx.main.prepare_cached("DELETE FROM meta WHERE key = ?1")?.execute([key])?;
    Ok(())
}

/// As [`forget`], in a copy.
pub(crate) fn take_out(copy: &Connection, key: &str) -> Result<()> {
    copy.execute("DELETE FROM meta WHERE key = ?1", [key])?;
    Ok(())
}

/// A value that is kept as JSON; nothing when there is none, or none that can be understood.
pub(crate) fn json<T: DeserializeOwned>(conn: &Connection, key: &str) -> Result<Option<T>> {
    Ok(get::<String>(conn, key)?.and_then(|text| serde_json::from_str(&text).ok()))
}

pub(crate) fn set_json(tx: &WriteTx<'_>, key: &str, value: &impl Serialize) -> Result<()> {
    set(tx, key, serde_json::to_string(value)?)
}
