//! Which handles people name in their signatures, to find whoever names somebody without reading every mail again.

use inlet_model::ItemId;
use rusqlite::{Connection, params};

use super::{Result, WriteTx};

/// Notes what the signature of an item names.
pub(crate) fn note(tx: &WriteTx<'_>, item: ItemId, handle: &str, says: &[String]) -> Result<()> {
    // The item may be gone since it was read.
    let mut put = tx.main.prepare_cached(
        "INSERT OR IGNORE INTO signed (handle, says, item) SELECT ?1, ?2, id FROM item WHERE id = ?3",
    )?;
    let mut again =
        tx.main.prepare_cached("UPDATE signed SET item = ?3 WHERE handle = ?1 AND says = ?2 AND item < ?3")?;
    for says in says {
        if put.execute(params![handle, says, item.0])? > 0 {
            // Whoever looks at them looks again.
            tx.touch_suggestions();
        } else {
            again.execute(params![handle, says, item.0])?;
        }
    }
    Ok(())
}

/// Whoever names this in a signature of a mail that is still here.
pub(crate) fn by(conn: &Connection, says: &str) -> Result<Vec<String>> {
    Ok(conn
        .prepare_cached(
            "SELECT handle FROM signed JOIN item ON item.id = signed.item
             WHERE says = ?1 AND item.deleted = 0 ORDER BY handle LIMIT 50",
        )?
        .query_map([says], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// The same for numbers with a country that end in these digits, and how each is said.
pub(crate) fn abroad(conn: &Connection, digits: &str) -> Result<Vec<(String, String)>> {
    Ok(conn
        .prepare_cached(
            "SELECT handle, says FROM signed JOIN item ON item.id = signed.item
             WHERE says > '+' AND says < ',' AND substr(says, -length(?1)) = ?1 AND item.deleted = 0
             ORDER BY handle LIMIT 50",
        )?
        .query_map([digits], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?)
}
