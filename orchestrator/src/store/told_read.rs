//! Whose senders were told that their mail was read: once for each mail, and not at all where it is taken back.

use inlet_model::{ItemId, OpId, ThreadId};
use rusqlite::{Connection, params};

use super::{Result, WriteTx, item::ItemRow};

/// It was told, or is about to be.
pub(crate) fn is_told(conn: &Connection, item: ItemId) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM told_read WHERE item = ?1)")?
        .query_row([item.0], |row| row.get(0))?)
}

/// This entry of the outbox tells it; false when one did already.
pub(crate) fn remember(tx: &WriteTx<'_>, row: &ItemRow, op: OpId) -> Result<bool> {
    let new =
        tx.main.prepare_cached("INSERT OR IGNORE INTO told_read VALUES (?1, ?2)")?.execute(params![row.id.0, op.0])?
            > 0;
    tx.touch(row.thread);
    Ok(new)
}

/// It was taken back before it was sent.
pub(crate) fn forget_op(tx: &WriteTx<'_>, op: OpId) -> Result<()> {
    let threads: Vec<i64> = tx
        .main
        .prepare_cached("SELECT thread FROM item JOIN told_read ON told_read.item = item.id WHERE told_read.op = ?1")?
        .query_map([op.0], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    threads.into_iter().for_each(|thread| tx.touch(ThreadId(thread)));
    tx.main.prepare_cached("DELETE FROM told_read WHERE op = ?1")?.execute([op.0])?;
    Ok(())
}

/// A mail lies where what is read is nobody's business: among what is unwanted or deleted.
pub(crate) fn is_rubbish(conn: &Connection, thread: ThreadId) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM thread WHERE id = ?1 AND place IN ('junk', 'trash'))")?
        .query_row([thread.0], |row| row.get(0))?)
}
