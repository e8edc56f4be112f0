//! What happens to messages that are here, and what happened to those that are not here yet.
//!
//! Platforms that push promise no order: an edit, a deletion or a reaction may be told before its message is. It is kept
//! by the id the message will have, in the transaction that moves the cursor past it, and happens in the transaction that
//! brings the message; so whenever the program ends, it is either still to come from the queue, kept here, or done.
//! Refused: leaving the event in the queue until its message comes, as one that never does would hold all others up.
//!
//! How far a message of mine has come is not kept: another program that sends from the same number would have thousands
//! of words stored here about messages that never come.

use std::time::Duration;

use inlet_model::{Change, Receipt, RemoteId, SourceId, Timestamp};
use rusqlite::{Connection, params};

use super::{
    Result, WriteTx, attachment, body,
    item::{self, ItemRow},
};
use crate::{
    clock::{DAY, millis},
    sync::before,
    text,
};

/// A message that has not come by then does not come: platforms repeat for a week what they could not deliver.
const KEPT: Duration = DAY.saturating_mul(30);

/// Something happened to a message that is not here.
pub(crate) fn keep(tx: &WriteTx<'_>, source: SourceId, id: &RemoteId, change: &Change, now: Timestamp) -> Result<()> {
    match change {
        Change::Reacted { .. } | Change::Edited { .. } | Change::Retracted => {}
        Change::Failed { .. } | Change::Mine { .. } => return Ok(()),
    }
    tx.main
        .prepare_cached("INSERT INTO early (source, remote_id, change, at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![source.0, id.0, serde_json::to_string(change)?, millis(now)])?;
    Ok(())
}

/// A message is here now, or is known by its id from now on: what was told of it before happens, in the order it was.
pub(crate) fn catch_up(tx: &WriteTx<'_>, source: SourceId, id: &str, now: Timestamp) -> Result<()> {
    let kept = of_message(tx.main, source, id)?;
    if kept.is_empty() {
        return Ok(());
    }
    for change in kept {
        if let Some(row) = item::by_stable_id(tx.main, source, id)?.filter(|row| !row.deleted) {
            happened(tx, &row, &change, now)?;
        }
    }
    tx.main.prepare_cached("DELETE FROM early WHERE source = ?1 AND remote_id = ?2")?.execute(params![source.0, id])?;
    Ok(())
}

fn of_message(conn: &Connection, source: SourceId, id: &str) -> Result<Vec<Change>> {
    let kept: Vec<String> = conn
        .prepare_cached("SELECT change FROM early WHERE source = ?1 AND remote_id = ?2 ORDER BY id")?
        .query_map(params![source.0, id], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(kept.iter().filter_map(|change| serde_json::from_str(change).ok()).collect())
}

/// What waits for a message that does not come any more.
pub(crate) fn forget(tx: &WriteTx<'_>, now: Timestamp) -> Result<()> {
    tx.main.prepare_cached("DELETE FROM early WHERE at < ?1")?.execute([millis(before(now, KEPT))])?;
    Ok(())
}

/// Something happened to a message that is here.
pub(crate) fn happened(tx: &WriteTx<'_>, row: &ItemRow, change: &Change, now: Timestamp) -> Result<()> {
    match change {
        // One of mine that has yet to go out is the newer word.
        Change::Reacted { mine: true, emoji, .. } => {
            if !super::outbox::holds(tx.main, row.id, now)? {
                item::react_myself(tx, row, emoji.as_deref())?;
            }
        }
        Change::Reacted { by, mine: false, emoji } => item::react(tx, row, by, emoji.as_deref())?,
        // Of two edits the later one counts, whichever was told first.
        Change::Edited { text, at } => {
            if !row.retracted && item::edited_at(tx.main, row.id)?.is_none_or(|known| known <= *at) {
                let own = text::own(text);
                item::rewrite(tx, row.id, &text::snippet(&own, 200), text::asks(&own), text.len(), Some(*at), false)?;
                body::rewrite(tx, row.body, text)?;
            }
        }
        Change::Retracted => {
            item::rewrite(tx, row.id, "", false, 0, None, true)?;
            body::rewrite(tx, row.body, "")?;
            attachment::replace_all(tx, row.id, &[])?;
        }
        Change::Failed { reason } => {
            if item::set_receipt(tx, row.id, Receipt::Failed)? {
                super::outbox::log_of_item(tx, row.id, now, "failed", reason)?;
            }
        }
        Change::Mine { .. } => {}
    }
    tx.touch(row.thread);
    Ok(())
}
