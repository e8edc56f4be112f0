//! Whether what is stored is as it should be.

use roaring::RoaringTreemap;
use rusqlite::Connection;

use super::{Reader, Result, StoreError};

/// SQLite finds nothing wrong with a file. It reads all of it.
pub(crate) fn is_sound(conn: &Connection) -> Result<bool> {
    let first: Result<String> =
        conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(StoreError::from);
    match first {
        Ok(said) => Ok(said == "ok"),
        Err(StoreError::Corrupt) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Rows that name one that is not there.
pub(crate) fn dangling(conn: &Connection) -> Result<u64> {
    Ok(conn.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))?)
}

/// Items without their body.
pub(crate) fn without_body(reader: &Reader) -> Result<u64> {
    let mut bodies = RoaringTreemap::new();
    let mut statement = reader.bodies.prepare("SELECT id FROM body ORDER BY id")?;
    for id in statement.query_map([], |row| row.get::<_, u64>(0))? {
        bodies.insert(id?);
    }
    let mut lost = 0;
    let mut statement = reader.main.prepare("SELECT body FROM item")?;
    for body in statement.query_map([], |row| row.get::<_, i64>(0))? {
        let here = u64::try_from(body?).is_ok_and(|body| bodies.contains(body));
        lost += u64::from(!here);
    }
    Ok(lost)
}
