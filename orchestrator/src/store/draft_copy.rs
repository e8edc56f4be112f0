//! What servers have of our drafts, and what other programs have begun there.
//!
//! A draft that was saved on a server has a *copy* there, known by its place and by its Message-ID, so that
//! what comes back by sync is recognised and shown once. The row of a copy outlives its draft until the
//! server has let go of it. A mail among the drafts that is no copy is another program's; once somebody goes
//! on with it here, it is the copy of a draft of ours.
//!
//! A copy that goes without our doing was changed, sent or removed by another program, which nobody tells
//! apart: the draft is marked, and the next version takes the place of nothing. So it is with a copy that
//! says something else under the same Message-ID: each version of ours has one of its own.

use inlet_model::{DraftId, ItemId, RemoteId, ScopeId, SourceId, Target, ThreadId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    Result, WriteTx, draft,
    item::{self, ItemRow, People},
    placement, scope,
};
use crate::{
    api::types::DraftRow,
    clock::{from_millis, millis},
};

/// An item lies among the drafts and is another program's: no copy of ours, and not about to become one.
const ELSEWHERE: &str = "item.draft = 1 AND item.deleted = 0 AND EXISTS (
        SELECT 1 FROM placement JOIN scope ON scope.id = placement.scope
        WHERE placement.item = item.id AND scope.role = 'drafts'
        AND NOT (placement.op IS NOT NULL AND placement.remote_id IS NOT NULL))
    AND NOT EXISTS (SELECT 1 FROM draft_copy WHERE draft_copy.source = item.source
        AND draft_copy.message_id = item.message_id)
    AND NOT EXISTS (SELECT 1 FROM draft_copy JOIN placement ON placement.remote_id = draft_copy.remote_id
        JOIN scope ON scope.id = placement.via AND scope.remote = draft_copy.scope
        WHERE draft_copy.source = item.source AND placement.item = item.id)
    AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.kind = 'draft' AND outbox.key = item.message_id)";

/// What the servers have of a draft.
pub(crate) fn of_draft(conn: &Connection, draft: DraftId) -> Result<Vec<(SourceId, Target)>> {
    Ok(conn
        .prepare_cached("SELECT source, scope, remote_id, message_id, version FROM draft_copy WHERE draft = ?1")?
        .query_map([draft.0], |row| Ok((SourceId(row.get(0)?), target(row)?)))?
        .collect::<Result<_, _>>()?)
}

fn target(row: &Row<'_>) -> rusqlite::Result<Target> {
    Ok(Target { scope: row.get(1)?, remote_id: RemoteId(row.get(2)?), message_id: row.get(3)?, version: row.get(4)? })
}

/// A server has this version now; what it had before, if anything.
pub(crate) fn set(
    tx: &WriteTx<'_>,
    draft: DraftId,
    source: SourceId,
    now_there: &Target,
    saved_at: Option<Timestamp>,
) -> Result<()> {
    tx.touch_outbox();
    tx.main
        .prepare_cached(
            "REPLACE INTO draft_copy (draft, source, scope, remote_id, message_id, saved_at, version)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            draft.0,
            source.0,
            now_there.scope,
            now_there.remote_id.0,
            now_there.message_id,
            saved_at.map_or(0, millis),
            now_there.version,
        ])?;
    Ok(())
}

/// A server has nothing of this draft any more.
pub(crate) fn forget(tx: &WriteTx<'_>, draft: DraftId, source: SourceId) -> Result<()> {
    tx.touch_outbox();
    tx.main
        .prepare_cached("DELETE FROM draft_copy WHERE draft = ?1 AND source = ?2")?
        .execute(params![draft.0, source.0])?;
    Ok(())
}

/// What was a copy was taken away by us: its item goes before the sync says so.
pub(crate) fn take_away(tx: &WriteTx<'_>, source: SourceId, gone: &Target) -> Result<()> {
    let Some(via) = scope::by_remote(tx.main, source, &gone.scope)? else { return Ok(()) };
    let Some(id) = placement::remove_remote(tx, via, &gone.remote_id)? else { return Ok(()) };
    let Some(row) = item::get(tx.main, id)? else { return Ok(()) };
    if placement::is_nowhere(tx, id)? {
        item::soft_delete(tx, id)?;
    }
    tx.touch(row.thread);
    Ok(())
}

/// Somebody goes on here with a draft of another program, which said this when it was opened: it is the copy of one of
/// ours from now on. One that says something else by now stays that program's, and ours is marked.
pub(crate) fn adopt(tx: &WriteTx<'_>, draft: DraftId, id: ItemId, said: Option<&str>) -> Result<()> {
    let Some(row) = item::get(tx.main, id)? else { return Ok(()) };
    let Some((scope, remote_id)) = placement::any_remote(tx.main, id)? else { return Ok(()) };
    if !of_draft(tx.main, draft)?.is_empty() {
        return Ok(());
    }
    let version = row.extra.mail.version;
    // Of one that came before its words were kept nobody knows what it says.
    if row.extra.mail.unasked || version.as_deref() != said {
        return draft::mark_elsewhere(tx, draft, false);
    }
    set(tx, draft, row.source, &Target { scope, remote_id, message_id: row.message_id, version }, None)?;
    tx.touch(row.thread);
    Ok(())
}

/// The platform no longer has this item in this scope. If it was a copy and the change was not ours, its
/// draft is marked.
pub(crate) fn vanished(tx: &WriteTx<'_>, via: ScopeId, remote_id: &RemoteId, row: &ItemRow) -> Result<()> {
    let nowhere = placement::is_nowhere(tx, row.id)?;
    let found: Vec<(DraftId, bool)> = tx
        .main
        .prepare_cached(
            "SELECT draft_copy.draft, draft_copy.saved_at IS draft.saved_at FROM draft_copy
             LEFT JOIN draft ON draft.id = draft_copy.draft
             WHERE draft_copy.source = ?1 AND ((?4 AND draft_copy.message_id = ?5)
                 OR (draft_copy.remote_id = ?3 AND draft_copy.scope = (SELECT remote FROM scope WHERE id = ?2)))
             AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.draft = draft_copy.draft
                 AND outbox.source = draft_copy.source AND outbox.kind = 'draft'
                 AND (outbox.state IN ('sending', 'unknown') OR (outbox.state = 'queued' AND outbox.attempts > 0)))",
        )?
        .query_map(params![row.source.0, via.0, remote_id.0, nowhere, row.message_id], |row| {
            Ok((DraftId(row.get(0)?), row.get(1)?))
        })?
        .collect::<Result<_, _>>()?;
    let_go(tx, row.source, found)
}

/// Another program has put other words into an item, which says them under the name it had. If it was a
/// copy, its draft is marked.
pub(crate) fn changed(tx: &WriteTx<'_>, row: &ItemRow) -> Result<()> {
    let found: Vec<(DraftId, bool)> = tx
        .main
        .prepare_cached(
            "SELECT draft_copy.draft, draft_copy.saved_at IS draft.saved_at FROM draft_copy
             LEFT JOIN draft ON draft.id = draft_copy.draft
             WHERE draft_copy.source = ?1 AND draft_copy.message_id = ?2",
        )?
        .query_map(params![row.source.0, row.message_id], |row| Ok((DraftId(row.get(0)?), row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let_go(tx, row.source, found)
}

/// Drafts whose copy is no copy any more; each with whether the server had all of it.
fn let_go(tx: &WriteTx<'_>, source: SourceId, drafts: Vec<(DraftId, bool)>) -> Result<()> {
    for (draft, server_had_all) in drafts {
        forget(tx, draft, source)?;
        draft::mark_elsewhere(tx, draft, server_had_all)?;
    }
    Ok(())
}

const ROW: &str = "SELECT item.id, item.source, item.thread, item.people, item.title, item.snippet, item.at,
    item.has_attachment FROM item";

fn row(row: &Row<'_>) -> rusqlite::Result<DraftRow> {
    let people: People = serde_json::from_str(&row.get::<_, String>(3)?).unwrap_or_default();
    Ok(DraftRow {
        item: ItemId(row.get(0)?),
        source: SourceId(row.get(1)?),
        thread: ThreadId(row.get(2)?),
        to: people.to.into_iter().chain(people.cc).chain(people.bcc).collect(),
        subject: row.get(4)?,
        snippet: row.get(5)?,
        at: from_millis(row.get(6)?),
        has_attachment: row.get(7)?,
    })
}

/// Drafts that other programs have begun, newest first.
pub(crate) fn elsewhere(conn: &Connection) -> Result<Vec<DraftRow>> {
    Ok(conn
        .prepare_cached(&format!("{ROW} WHERE {ELSEWHERE} ORDER BY item.at DESC, item.id DESC"))?
        .query_map([], row)?
        .collect::<Result<_, _>>()?)
}

/// Drafts that other programs have begun in a thread; where it is nothing but drafts, all of them.
pub(crate) fn of_thread(conn: &Connection, thread: ThreadId) -> Result<Vec<DraftRow>> {
    Ok(conn
        .prepare_cached(&format!(
            "{ROW} WHERE item.thread = ?1 AND ({ELSEWHERE} OR (item.draft = 1 AND item.deleted = 0 AND NOT EXISTS (
                 SELECT 1 FROM item AS sent WHERE sent.thread = ?1 AND sent.deleted = 0 AND sent.draft = 0)))
             ORDER BY item.at, item.id"
        ))?
        .query_map([thread.0], row)?
        .collect::<Result<_, _>>()?)
}

/// How many drafts other programs have begun.
pub(crate) fn count_elsewhere(conn: &Connection) -> Result<u64> {
    Ok(conn.prepare_cached(&format!("SELECT count(*) FROM item WHERE {ELSEWHERE}"))?.query_row([], |row| row.get(0))?)
}

/// The draft of ours that an item is a copy of.
pub(crate) fn draft_of(conn: &Connection, item: ItemId) -> Result<Option<DraftId>> {
    Ok(conn
        .prepare_cached(
            "SELECT draft_copy.draft FROM item JOIN draft_copy ON draft_copy.source = item.source
             LEFT JOIN placement ON placement.item = item.id AND placement.remote_id = draft_copy.remote_id
             WHERE item.id = ?1 AND (draft_copy.message_id = item.message_id OR placement.id IS NOT NULL) LIMIT 1",
        )?
        .query_row([item.0], |row| row.get(0).map(DraftId))
        .optional()?)
}
