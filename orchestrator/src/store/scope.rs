//! Scopes: folders, chats and sections, each with the cursor its next pull starts from.

use inlet_model::{AccountId, Cursor, Progress, Scope, ScopeId, ScopeRole, SourceId, SourceType};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Result, StoreError, WriteTx};
use crate::{
    api::types::ScopeView,
    clock::{from_millis, millis},
};

/// A scope with what the sync needs to know.
#[derive(Clone, Debug)]
pub(crate) struct ScopeRow {
    pub(crate) id: ScopeId,
    pub(crate) scope: Scope,
    pub(crate) cursor: Option<Cursor>,
    /// The cursor as it is written down, which a scope that is read anew does not begin from.
    pub(crate) kept: Option<Cursor>,
    /// The last pull of it failed.
    pub(crate) failed: bool,
}

/// Writes down scopes as their source lists them; their ids in the same order.
pub(crate) fn list(tx: &WriteTx<'_>, source: SourceId, scopes: &[Scope]) -> Result<Vec<ScopeId>> {
    let mut ids = Vec::with_capacity(scopes.len());
    for scope in scopes {
        // What was announced by the name a person gave it is the one that turns up under that name.
        tx.main
            .prepare_cached(
                "UPDATE scope SET remote = ?2 WHERE source = ?1 AND name = ?3 AND remote = name AND remote <> ?2
                 AND pulled = 0 AND cursor IS NULL
                 AND NOT EXISTS (SELECT 1 FROM scope AS known WHERE known.source = ?1 AND known.remote = ?2)",
            )?
            .execute(params![source.0, scope.remote, scope.name])?;
        let id = tx
            .main
            .prepare_cached(
                "INSERT INTO scope (source, remote, name, role, pulled, live) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (source, remote) DO UPDATE SET name = ?3, role = ?4, pulled = ?5, live = ?6, gone = 0,
                     kept = 0
                 RETURNING id",
            )?
            .query_row(
                params![source.0, scope.remote, scope.name, scope.role.as_str(), scope.pulled, scope.live],
                |row| row.get(0).map(ScopeId),
            )?;
        ids.push(id);
    }
    Ok(ids)
}

/// A source has these scopes and no others: the rest is gone, but for what was kept.
pub(crate) fn only<'a>(tx: &WriteTx<'_>, source: SourceId, listed: impl Iterator<Item = &'a ScopeId>) -> Result<()> {
    for id in beside(tx.main, source, listed)? {
        tx.main.prepare_cached("UPDATE scope SET gone = 1 WHERE id = ?1")?.execute([id.0])?;
    }
    // A folder that is gone takes its placements along; what is nowhere else is deleted.
    let gone: Vec<i64> = tx
        .main
        .prepare_cached(
            // A folder that a move is about to make is not gone: it has not come yet.
            "SELECT id FROM scope WHERE source = ?1 AND gone = 1
             AND NOT EXISTS (SELECT 1 FROM placement WHERE placement.scope = scope.id AND remote_id IS NULL)",
        )?
        .query_map([source.0], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for scope in gone {
        super::placement::drop_scope(tx, ScopeId(scope))?;
        tx.main.prepare_cached("DELETE FROM scope WHERE id = ?1")?.execute([scope])?;
    }
    Ok(())
}

/// The ids of scopes that are written down just so; `None` where one is not.
pub(crate) fn same(conn: &Connection, source: SourceId, scopes: &[Scope]) -> Result<Option<Vec<ScopeId>>> {
    let mut statement = conn.prepare_cached(
        "SELECT id FROM scope WHERE source = ?1 AND remote = ?2 AND name = ?3 AND role = ?4 AND pulled = ?5 AND live = ?6
         AND gone = 0 AND kept = 0",
    )?;
    let mut ids = Vec::with_capacity(scopes.len());
    for scope in scopes {
        let id = statement
            .query_row(
                params![source.0, scope.remote, scope.name, scope.role.as_str(), scope.pulled, scope.live],
                |row| row.get(0).map(ScopeId),
            )
            .optional()?;
        let Some(id) = id else { return Ok(None) };
        ids.push(id);
    }
    Ok(Some(ids))
}

/// The scopes of a source that are not among these, in the order they were listed first.
pub(crate) fn beside<'a>(
    conn: &Connection,
    source: SourceId,
    listed: impl Iterator<Item = &'a ScopeId>,
) -> Result<Vec<ScopeId>> {
    let mut listed: Vec<i64> = listed.map(|id| id.0).collect();
    listed.sort_unstable();
    let mut others = Vec::new();
    let mut statement =
        conn.prepare_cached("SELECT id FROM scope WHERE source = ?1 AND gone = 0 AND kept = 0 ORDER BY id")?;
    let mut rows = statement.query([source.0])?;
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        if listed.binary_search(&id).is_err() {
            others.push(ScopeId(id));
        }
    }
    Ok(others)
}

fn row(row: &Row<'_>) -> rusqlite::Result<ScopeRow> {
    let role: String = row.get(3)?;
    let cursor: Option<String> = row.get(6)?;
    let cursor: Option<Cursor> = cursor.and_then(|cursor| serde_json::from_str(&cursor).ok());
    Ok(ScopeRow {
        id: ScopeId(row.get(0)?),
        scope: Scope {
            remote: row.get(1)?,
            name: row.get(2)?,
            role: role_of(&role),
            pulled: row.get(4)?,
            live: row.get(5)?,
        },
        kept: cursor.clone(),
        cursor,
        failed: row.get(7)?,
    })
}

fn role_of(word: &str) -> ScopeRole {
    serde_json::from_value(word.into()).unwrap_or_default()
}

const ROW: &str = "SELECT id, remote, name, role, pulled, live, cursor, error IS NOT NULL FROM scope";

/// Scopes of this role stay as they are when their source lists them no more: what is in them can be read and found.
/// Whether there are any.
pub(crate) fn keep(tx: &WriteTx<'_>, source: SourceId, role: ScopeRole) -> Result<bool> {
    let changed = tx
        .main
        .prepare_cached(
            "UPDATE scope SET kept = 1, pulled = 0, live = 0, error = NULL WHERE source = ?1 AND role = ?2 AND gone = 0",
        )?
        .execute(params![source.0, role.as_str()])?;
    Ok(changed > 0)
}

/// What was kept goes, as any folder does that its platform no longer has; whether there was any.
pub(crate) fn forget_kept(tx: &WriteTx<'_>, source: SourceId) -> Result<bool> {
    let kept: Vec<i64> = tx
        .main
        .prepare_cached("SELECT id FROM scope WHERE source = ?1 AND kept = 1")?
        .query_map([source.0], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for &scope in &kept {
        super::placement::drop_scope(tx, ScopeId(scope))?;
        tx.main.prepare_cached("DELETE FROM scope WHERE id = ?1")?.execute([scope])?;
    }
    Ok(!kept.is_empty())
}

/// A conversation lies in a scope that was kept, and nowhere else.
pub(crate) fn is_kept(conn: &Connection, thread: inlet_model::ThreadId) -> Result<bool> {
    Ok(conn
        .prepare_cached(
            "SELECT coalesce(min(scope.kept), 0) FROM item JOIN placement ON placement.item = item.id
             JOIN scope ON scope.id = placement.scope WHERE item.thread = ?1 AND item.deleted = 0",
        )?
        .query_row([thread.0], |row| row.get(0))?)
}

/// Those of these scopes of a source that are pulled, in the order they are named.
pub(crate) fn pulled(conn: &Connection, source: SourceId, ids: &[ScopeId]) -> Result<Vec<ScopeRow>> {
    let mut statement =
        conn.prepare_cached(&format!("{ROW} WHERE source = ?1 AND id = ?2 AND pulled = 1 AND gone = 0 AND kept = 0"))?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(statement.query_row(params![source.0, id.0], row).optional()?);
    }
    Ok(found)
}

/// The scopes of a source that are worth listening at.
pub(crate) fn live(conn: &Connection, source: SourceId) -> Result<Vec<ScopeRow>> {
    Ok(conn
        .prepare_cached(&format!("{ROW} WHERE source = ?1 AND live = 1 AND gone = 0 AND kept = 0 ORDER BY id"))?
        .query_map([source.0], row)?
        .collect::<Result<_, _>>()?)
}

/// A source has scopes, and each has been pulled before.
pub(crate) fn begun(conn: &Connection, source: SourceId) -> Result<bool> {
    Ok(conn
        .prepare_cached(
            "SELECT coalesce(min(cursor IS NOT NULL OR pulled = 0), 0) FROM scope
             WHERE source = ?1 AND gone = 0 AND kept = 0",
        )?
        .query_row([source.0], |row| row.get(0))?)
}

pub(crate) fn get(conn: &Connection, id: ScopeId) -> Result<Option<(SourceId, ScopeRow)>> {
    let source = conn
        .prepare_cached("SELECT source FROM scope WHERE id = ?1")?
        .query_row([id.0], |row| row.get(0).map(SourceId))
        .optional()?;
    let found = conn.prepare_cached(&format!("{ROW} WHERE id = ?1"))?.query_row([id.0], row).optional()?;
    Ok(source.zip(found))
}

/// Notes a scope that an operation is about to make on the platform.
pub(crate) fn announce(tx: &WriteTx<'_>, source: SourceId, remote: &str, role: ScopeRole) -> Result<ScopeId> {
    tx.main
        .prepare_cached(
            "INSERT INTO scope (source, remote, name, role, pulled, live) VALUES (?1, ?2, ?2, ?3, 0, 0)
             ON CONFLICT (source, remote) DO UPDATE SET gone = 0",
        )?
        .execute(params![source.0, remote, role.as_str()])?;
    Ok(tx
        .main
        .prepare_cached("SELECT id FROM scope WHERE source = ?1 AND remote = ?2")?
        .query_row(params![source.0, remote], |row| row.get(0).map(ScopeId))?)
}

/// The newest conversation in a scope of an account, by the platform's name of the scope.
pub(crate) fn newest_thread(
    conn: &Connection,
    account: inlet_model::AccountId,
    remote: &str,
) -> Result<Option<inlet_model::ThreadId>> {
    Ok(conn
        .prepare_cached(
            "SELECT item.thread FROM scope JOIN source ON source.id = scope.source
             JOIN placement ON placement.scope = scope.id JOIN item ON item.id = placement.item
             WHERE source.account = ?1 AND scope.remote = ?2 AND item.deleted = 0 ORDER BY item.at DESC LIMIT 1",
        )?
        .query_row(params![account.0, remote], |row| row.get(0).map(inlet_model::ThreadId))
        .optional()?)
}

/// The role of a scope.
pub(crate) fn role(conn: &Connection, id: ScopeId) -> Result<ScopeRole> {
    let word: Option<String> =
        conn.prepare_cached("SELECT role FROM scope WHERE id = ?1")?.query_row([id.0], |row| row.get(0)).optional()?;
    Ok(word.map_or(ScopeRole::Other, |word| role_of(&word)))
}

/// The scope of a source that plays a role.
pub(crate) fn by_role(conn: &Connection, source: SourceId, role: ScopeRole) -> Result<Option<ScopeRow>> {
    Ok(conn
        .prepare_cached(&format!("{ROW} WHERE source = ?1 AND role = ?2 AND gone = 0 ORDER BY id LIMIT 1"))?
        .query_row(params![source.0, role.as_str()], row)
        .optional()?)
}

pub(crate) fn by_remote(conn: &Connection, source: SourceId, remote: &str) -> Result<Option<ScopeId>> {
    Ok(conn
        .prepare_cached("SELECT id FROM scope WHERE source = ?1 AND remote = ?2 AND gone = 0")?
        .query_row(params![source.0, remote], |row| row.get(0).map(ScopeId))
        .optional()?)
}

/// The scope that people know by this name, in whatever case they write it: among the labels that stand
/// beside folders, or among all others.
pub(crate) fn by_name(conn: &Connection, source: SourceId, name: &str, beside: bool) -> Result<Option<ScopeId>> {
    let wanted = name.to_lowercase();
    let mut statement = conn.prepare_cached(
        "SELECT id, name FROM scope WHERE source = ?1 AND gone = 0 AND (role = 'label') = ?2 ORDER BY id",
    )?;
    let mut rows = statement.query(params![source.0, beside])?;
    while let Some(row) = rows.next()? {
        if row.get::<_, String>(1)?.to_lowercase() == wanted {
            return Ok(Some(ScopeId(row.get(0)?)));
        }
    }
    Ok(None)
}

/// Names of the folders and labels of an account, by the platform that has them.
pub(crate) fn filed(conn: &Connection, account: AccountId) -> Result<Vec<(SourceType, String)>> {
    let rows: Vec<(String, String)> = conn
        .prepare_cached(
            "SELECT source.type, scope.remote FROM scope JOIN source ON source.id = scope.source
             WHERE source.account = ?1 AND scope.role = 'other' ORDER BY scope.id",
        )?
        .query_map([account.0], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    Ok(rows.into_iter().filter_map(|(word, remote)| Some((SourceType::from_word(&word)?, remote))).collect())
}

/// Writes down where the next pull starts and how far this one came.
pub(crate) fn advance(tx: &WriteTx<'_>, id: ScopeId, next: &Cursor, progress: Option<&Progress>) -> Result<()> {
    tx.main
        .prepare_cached("UPDATE scope SET cursor = ?2, error = NULL WHERE id = ?1")?
        .execute(params![id.0, serde_json::to_string(next)?])?;
    if let Some(progress) = progress {
        tx.main
            .prepare_cached("UPDATE scope SET done = ?2, total = ?3, since = ?4, complete = ?5 WHERE id = ?1")?
            .execute(params![
                id.0,
                i64::try_from(progress.done).unwrap_or(i64::MAX),
                progress.total.map(|total| i64::try_from(total).unwrap_or(i64::MAX)),
                progress.since.map(millis),
                progress.complete,
            ])?;
    }
    Ok(())
}

/// The scope still is where a page was pulled from.
pub(crate) fn is_at(tx: &WriteTx<'_>, id: ScopeId, from: Option<&Cursor>) -> Result<bool> {
    let now: Option<Option<String>> = tx
        .main
        .prepare_cached("SELECT cursor FROM scope WHERE id = ?1")?
        .query_row([id.0], |row| row.get(0))
        .optional()?;
    let Some(now) = now else { return Ok(false) };
    let now: Option<Cursor> = now.and_then(|cursor| serde_json::from_str(&cursor).ok());
    Ok(now.as_ref() == from)
}

/// A scope of this thread whose past has not been fetched to its beginning.
pub(crate) fn unfinished(conn: &Connection, thread: inlet_model::ThreadId) -> Result<Option<ScopeId>> {
    Ok(conn
        .prepare_cached(
            "SELECT scope.id FROM scope JOIN placement ON placement.scope = scope.id
             JOIN item ON item.id = placement.item
             WHERE item.thread = ?1 AND item.deleted = 0 AND scope.complete = 0 AND scope.pulled = 1
             AND scope.gone = 0 AND scope.cursor IS NOT NULL LIMIT 1",
        )?
        .query_row([thread.0], |row| row.get(0).map(ScopeId))
        .optional()?)
}

/// Notes why a scope cannot be read; the others go on.
pub(crate) fn set_error(tx: &WriteTx<'_>, id: ScopeId, error: &str) -> Result<()> {
    tx.main.prepare_cached("UPDATE scope SET error = ?2 WHERE id = ?1")?.execute(params![id.0, error])?;
    tx.touch_sources();
    Ok(())
}

/// Why scopes of a source cannot be read.
pub(crate) fn errors(conn: &Connection, source: SourceId) -> Result<Vec<(String, String)>> {
    Ok(conn
        .prepare_cached("SELECT name, error FROM scope WHERE source = ?1 AND error IS NOT NULL ORDER BY id")?
        .query_map([source.0], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?)
}

/// How far a source has come, over its scopes: it covers only what all of them cover.
pub(crate) fn progress(conn: &Connection, source: SourceId) -> Result<Progress> {
    Ok(conn
        .prepare_cached(
            "SELECT coalesce(sum(done), 0), sum(total), max(CASE WHEN complete = 0 THEN since END),
                    count(*) > 0 AND min(complete), max(complete = 0 AND since IS NULL)
             FROM scope WHERE source = ?1 AND pulled = 1 AND gone = 0",
        )?
        .query_row([source.0], |row| {
            let unknown: Option<bool> = row.get(4)?;
            let since: Option<i64> = row.get(2)?;
            Ok(Progress {
                done: row.get(0)?,
                total: row.get(1)?,
                since: since.filter(|_| unknown != Some(true)).map(from_millis),
                complete: row.get(3)?,
            })
        })?)
}

pub(crate) fn views(conn: &Connection, source: Option<SourceId>) -> Result<Vec<ScopeView>> {
    let mut statement = conn.prepare_cached(
        "SELECT id, source, name, role, kept FROM scope WHERE gone = 0 AND (?1 IS NULL OR source = ?1)
         ORDER BY source, id",
    )?;
    let rows = statement.query_map([source.map(|source| source.0)], view)?;
    rows.collect::<Result<_, _>>().map_err(StoreError::from)
}

fn view(row: &Row<'_>) -> rusqlite::Result<ScopeView> {
    let role: String = row.get(3)?;
    Ok(ScopeView {
        id: ScopeId(row.get(0)?),
        source: SourceId(row.get(1)?),
        name: row.get(2)?,
        role: role_of(&role),
        kept: row.get(4)?,
    })
}

/// The name of the folder an item is in, a real one before a label.
pub(crate) fn of_item(conn: &Connection, item: inlet_model::ItemId) -> Result<Option<String>> {
    Ok(conn
        .prepare_cached(
            "SELECT scope.name FROM placement JOIN scope ON scope.id = placement.scope
             WHERE placement.item = ?1 ORDER BY scope.role = 'all', placement.id LIMIT 1",
        )?
        .query_row([item.0], |row| row.get(0))
        .optional()?)
}

/// The scopes a thread is in.
pub(crate) fn of_thread(conn: &Connection, thread: inlet_model::ThreadId) -> Result<Vec<ScopeView>> {
    Ok(conn
        .prepare_cached(
            "SELECT DISTINCT scope.id, scope.source, scope.name, scope.role, scope.kept FROM scope
             JOIN placement ON placement.scope = scope.id JOIN item ON item.id = placement.item
             WHERE item.thread = ?1 AND item.deleted = 0
             AND NOT (placement.op IS NOT NULL AND placement.remote_id IS NOT NULL) ORDER BY scope.id",
        )?
        .query_map([thread.0], view)?
        .collect::<Result<_, _>>()?)
}
