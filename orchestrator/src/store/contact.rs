//! People of an address book that was read in: names for handles, and which of them stand on one card.

use rusqlite::{Connection, OptionalExtension, params};

use super::{Result, WriteTx, people};
use crate::{text::fold, vcard::Card};

/// What a card changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Put {
    Added,
    Changed,
    Known,
}

/// Puts a card in place of what was known of it.
pub(crate) fn put(tx: &WriteTx<'_>, card: &Card) -> Result<Put> {
    let before: Vec<(String, String, String)> = tx
        .main
        .prepare_cached("SELECT handle, name, organisation FROM contact WHERE card = ?1 ORDER BY handle")?
        .query_map([&card.id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    let mut handles: Vec<&String> = card.handles.iter().collect();
    handles.sort();
    let same = before.len() == handles.len()
        && before.iter().zip(&handles).all(|((handle, name, organisation), new)| {
            handle == *new && *name == card.name && *organisation == card.organisation
        });
    if same {
        return Ok(Put::Known);
    }
    tx.main.prepare_cached("DELETE FROM contact WHERE card = ?1")?.execute([&card.id])?;
    let mut insert = tx
        .main
        .prepare_cached("INSERT INTO contact (card, handle, name, organisation, folded) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for handle in handles {
        let folded = format!(" {} {handle}", fold(&card.name));
        insert.execute(params![card.id, handle, card.name, card.organisation, folded])?;
    }
    tx.touch_kept();
    Ok(if before.is_empty() { Put::Added } else { Put::Changed })
}

/// Forgets every card; how many there were.
pub(crate) fn clear(tx: &WriteTx<'_>) -> Result<u64> {
    let cards = count(tx.main)?;
    tx.main.execute("DELETE FROM contact", [])?;
    people::forget_strangers(tx)?;
    tx.touch_kept();
    Ok(cards)
}

/// How many cards there are.
pub(crate) fn count(conn: &Connection) -> Result<u64> {
    Ok(conn.prepare_cached("SELECT count(DISTINCT card) FROM contact")?.query_row([], |row| row.get(0))?)
}

/// One of these handles stands on a card.
pub(crate) fn holds(conn: &Connection, handles: &[String]) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM contact WHERE handle IN (SELECT value FROM json_each(?1)))")?
        .query_row([serde_json::to_string(handles)?], |row| row.get(0))?)
}

/// Telephone numbers that stand on cards, as they are written there.
pub(crate) fn phones(conn: &Connection) -> Result<Vec<String>> {
    Ok(conn
        .prepare_cached("SELECT DISTINCT handle FROM contact WHERE instr(handle, '@') = 0")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Companies on the cards of these handles.
pub(crate) fn organisations(conn: &Connection, handles: &[String]) -> Result<Vec<String>> {
    Ok(conn
        .prepare_cached(
            "SELECT DISTINCT organisation FROM contact WHERE handle IN (SELECT value FROM json_each(?1))
             AND organisation <> ''",
        )?
        .query_map([serde_json::to_string(handles)?], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// What the address book calls one of these handles.
pub(crate) fn name(conn: &Connection, handles: &[String]) -> Result<Option<String>> {
    Ok(conn
        .prepare_cached(
            "SELECT name FROM contact WHERE handle IN (SELECT value FROM json_each(?1)) AND name <> ''
             ORDER BY card LIMIT 1",
        )?
        .query_row([serde_json::to_string(handles)?], |row| row.get(0))
        .optional()?)
}

/// The other handles of cards that hold one of these.
pub(crate) fn beside(conn: &Connection, handles: &[String]) -> Result<Vec<String>> {
    Ok(conn
        .prepare_cached(
            "SELECT DISTINCT other.handle FROM contact JOIN contact AS other ON other.card = contact.card
             WHERE contact.handle IN (SELECT value FROM json_each(?1))
             AND other.handle NOT IN (SELECT value FROM json_each(?1)) ORDER BY other.handle",
        )?
        .query_map([serde_json::to_string(handles)?], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}
