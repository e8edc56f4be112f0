//! What other programs propose. A decision is written in the transaction that carries it out, so that nothing is done
//! twice and nothing that was done looks undecided.

use inlet_model::{OpId, ProposalId, ThreadId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Result, StoreError, WriteTx, thread};
use crate::{
    api::types::{Proposal, ProposalState, ProposeParams, Proposed},
    clock::{from_millis, millis},
};

/// Decided ones that are kept.
const KEPT: i64 = 1_000;
/// Proposals of an answer at most.
const MOST: u32 = 200;

const ROW: &str = "SELECT id, at, thread, who, why, what, text, until, state, decided_at, decided_by, edited, op
     FROM proposal";

fn row(row: &Row<'_>) -> rusqlite::Result<Proposal> {
    let time = |at: Option<i64>| at.map(from_millis);
    let (what, state): (String, String) = (row.get(5)?, row.get(8)?);
    Ok(Proposal {
        id: ProposalId(row.get(0)?),
        at: from_millis(row.get(1)?),
        thread: ThreadId(row.get(2)?),
        conversation: None,
        who: row.get(3)?,
        why: row.get(4)?,
        what: serde_json::from_value(what.into()).unwrap_or(Proposed::Archive),
        text: row.get(6)?,
        until: time(row.get(7)?),
        state: match state.as_str() {
            "approved" => ProposalState::Approved,
            "rejected" => ProposalState::Rejected,
            _ => ProposalState::Waiting,
        },
        decided_at: time(row.get(9)?),
        decided_by: row.get(10)?,
        edited: row.get(11)?,
        op: row.get::<_, Option<i64>>(12)?.map(OpId),
    })
}

fn with_thread(conn: &Connection, mut proposal: Proposal) -> Result<Proposal> {
    proposal.conversation = thread::get(conn, proposal.thread)?;
    if proposal.conversation.is_none() && proposal.state == ProposalState::Waiting {
        proposal.state = ProposalState::Gone;
    }
    Ok(proposal)
}

/// How many wait: of this program, and of all.
pub(crate) fn waiting(conn: &Connection, who: &str) -> Result<(u32, u32)> {
    Ok(conn
        .prepare_cached("SELECT coalesce(sum(who = ?1), 0), count(*) FROM proposal WHERE state = 'waiting'")?
        .query_row([who], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// The same proposal, where it waits already.
pub(crate) fn same(conn: &Connection, wanted: &ProposeParams) -> Result<Option<ProposalId>> {
    Ok(conn
        .prepare_cached(
            "SELECT id FROM proposal WHERE state = 'waiting' AND who = ?1 AND thread = ?2 AND what = ?3 AND text = ?4
             AND until IS ?5",
        )?
        .query_row(
            params![wanted.who, wanted.thread.0, word(wanted.what)?, wanted.text, wanted.until.map(millis)],
            |row| row.get(0).map(ProposalId),
        )
        .optional()?)
}

fn word(what: Proposed) -> Result<String> {
    Ok(serde_json::to_value(what)?.as_str().unwrap_or_default().to_owned())
}

/// Writes a proposal down.
pub(crate) fn insert(tx: &WriteTx<'_>, new: &ProposeParams, now: Timestamp) -> Result<ProposalId> {
    tx.main
        .prepare_cached(
            "INSERT INTO proposal (at, thread, who, why, what, text, until, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'waiting')",
        )?
        .execute(params![
            millis(now),
            new.thread.0,
            new.who,
            new.why,
            word(new.what)?,
            new.text,
            new.until.map(millis)
        ])?;
    tx.touch_suggestions();
    Ok(ProposalId(tx.main.last_insert_rowid()))
}

/// What was decided.
pub(crate) struct Decision {
    pub(crate) id: ProposalId,
    pub(crate) approved: bool,
    pub(crate) by: String,
    pub(crate) text: String,
    pub(crate) until: Option<Timestamp>,
    pub(crate) edited: bool,
}

/// Writes a decision down.
///
/// # Errors
/// Where it was decided already: whatever is done in the same transaction is not done then.
pub(crate) fn decide(tx: &WriteTx<'_>, decision: &Decision, op: Option<OpId>, now: Timestamp) -> Result<()> {
    let state = if decision.approved { "approved" } else { "rejected" };
    let decided = tx
        .main
        .prepare_cached(
            "UPDATE proposal SET state = ?2, decided_at = ?3, decided_by = ?4, text = ?5, until = ?6, edited = ?7, op = ?8
             WHERE id = ?1 AND state = 'waiting'",
        )?
        .execute(params![
            decision.id.0,
            state,
            millis(now),
            decision.by,
            decision.text,
            decision.until.map(millis),
            decision.edited,
            op.map(|op| op.0)
        ])?;
    if decided == 0 {
        return Err(StoreError::Refused);
    }
    tx.main
        .prepare_cached(
            "DELETE FROM proposal WHERE state <> 'waiting' AND id <=
                 (SELECT id FROM proposal WHERE state <> 'waiting' ORDER BY id DESC LIMIT 1 OFFSET ?1)",
        )?
        .execute([KEPT])?;
    tx.touch_suggestions();
    Ok(())
}

/// One proposal.
pub(crate) fn get(conn: &Connection, id: ProposalId) -> Result<Option<Proposal>> {
    let found = conn.prepare_cached(&format!("{ROW} WHERE id = ?1"))?.query_row([id.0], row).optional()?;
    found.map(|proposal| with_thread(conn, proposal)).transpose()
}

/// Proposals, the newest last: who came first is answered first.
pub(crate) fn list(conn: &Connection, all: bool, who: Option<&str>) -> Result<Vec<Proposal>> {
    let found: Vec<Proposal> = conn
        .prepare_cached(&format!(
            "SELECT * FROM ({ROW} WHERE (?1 OR state = 'waiting') AND (?2 IS NULL OR who = ?2) ORDER BY id DESC LIMIT ?3)
             ORDER BY id"
        ))?
        .query_map(params![all, who, MOST], row)?
        .collect::<Result<_, _>>()?;
    let found = found.into_iter().map(|proposal| with_thread(conn, proposal)).collect::<Result<Vec<_>>>()?;
    Ok(found.into_iter().filter(|proposal| all || proposal.state == ProposalState::Waiting).collect())
}
