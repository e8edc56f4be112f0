//! Accounts: one sign-in each.

use inlet_model::{Account, AccountConfig, AccountId, SourceId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Result, StoreError, WriteTx};
use crate::clock::millis;

/// An account and whether the person paused it.
#[derive(Clone, Debug)]
pub(crate) struct AccountRow {
    pub(crate) account: Account,
    pub(crate) paused: bool,
}

fn row(row: &Row<'_>) -> rusqlite::Result<(i64, String, String, bool)> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

fn parse((id, name, config, paused): (i64, String, String, bool)) -> Result<AccountRow> {
    let config: AccountConfig = serde_json::from_str(&config)?;
    Ok(AccountRow { account: Account { id: AccountId(id), name, config }, paused })
}

pub(crate) fn insert(tx: &WriteTx<'_>, name: &str, config: &AccountConfig, now: Timestamp) -> Result<AccountId> {
    tx.main.prepare_cached("INSERT INTO account (name, config, created_at) VALUES (?1, ?2, ?3)")?.execute(params![
        name,
        serde_json::to_string(config)?,
        millis(now)
    ])?;
    tx.touch_sources();
    Ok(AccountId(tx.main.last_insert_rowid()))
}

pub(crate) fn update(tx: &WriteTx<'_>, id: AccountId, name: &str, config: &AccountConfig) -> Result<()> {
    tx.main.prepare_cached("UPDATE account SET name = ?2, config = ?3 WHERE id = ?1")?.execute(params![
        id.0,
        name,
        serde_json::to_string(config)?
    ])?;
    tx.touch_sources();
    Ok(())
}

pub(crate) fn set_paused(tx: &WriteTx<'_>, id: AccountId, paused: bool) -> Result<()> {
    tx.main.prepare_cached("UPDATE account SET paused = ?2 WHERE id = ?1")?.execute(params![id.0, paused])?;
    tx.touch_sources();
    Ok(())
}

/// Every account is as if it were connected now: what is older is past.
pub(crate) fn begin_anew(tx: &WriteTx<'_>, now: Timestamp) -> Result<()> {
    tx.main.execute("UPDATE account SET created_at = ?1", [millis(now)])?;
    Ok(())
}

pub(crate) fn get(conn: &Connection, id: AccountId) -> Result<Option<AccountRow>> {
    conn.prepare_cached("SELECT id, name, config, paused FROM account WHERE id = ?1")?
        .query_row([id.0], row)
        .optional()?
        .map(parse)
        .transpose()
}

pub(crate) fn all(conn: &Connection) -> Result<Vec<AccountRow>> {
    conn.prepare_cached("SELECT id, name, config, paused FROM account ORDER BY id")?
        .query_map([], row)?
        .map(|row| parse(row.map_err(StoreError::from)?))
        .collect()
}

/// Removes an account and everything of it.
pub(crate) fn remove(tx: &WriteTx<'_>, id: AccountId) -> Result<()> {
    for source in super::source::of_account(tx.main, id)? {
        remove_source(tx, source)?;
    }
    tx.main.prepare_cached("DELETE FROM account WHERE id = ?1")?.execute([id.0])?;
    tx.touch_sources();
    Ok(())
}

/// Removes a source and everything of it. Its items leave tombs, so that the followers forget them as
/// well.
pub(crate) fn remove_source(tx: &WriteTx<'_>, source: SourceId) -> Result<()> {
    let items: Vec<(i64, i64)> = tx
        .main
        .prepare_cached("SELECT id, body FROM item WHERE source = ?1")?
        .query_map([source.0], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (item, body) in items {
        super::item::entomb(tx, item)?;
        super::body::delete(tx, body)?;
    }
    for sql in [
        "DELETE FROM placement WHERE item IN (SELECT id FROM item WHERE source = ?1)",
        "DELETE FROM attachment WHERE item IN (SELECT id FROM item WHERE source = ?1)",
        "DELETE FROM outbox WHERE source = ?1",
        "DELETE FROM draft WHERE source = ?1",
        "DELETE FROM item WHERE source = ?1",
        "DELETE FROM thread_ref WHERE source = ?1",
        "DELETE FROM thread WHERE source = ?1",
        "DELETE FROM source WHERE id = ?1",
    ] {
        tx.main.prepare_cached(sql)?.execute([source.0])?;
    }
    super::kept::forget_source(tx, source)?;
    super::people::forget_strangers(tx)?;
    super::suggestion::stale(tx)?;
    tx.main.execute("DELETE FROM action", [])?;
    tx.touch_sources();
    tx.touch_outbox();
    Ok(())
}
