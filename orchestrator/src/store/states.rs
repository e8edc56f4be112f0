//! What changes with a click, as bitmaps of items: read, place, labels, accounts, people.
//!
//! The search index holds none of this; while a search runs it asks here. An answer is kept until
//! the next change, so that typing on asks SQLite once.

use std::{collections::HashMap, sync::Arc};

use parking_lot::Mutex;
use roaring::RoaringTreemap;
use rusqlite::{Connection, ToSql};

use super::{Result, Store, suggestion, thread};
use crate::{
    api::types::Waiting,
    clock::millis,
    search::{IsState, StateFilter, StateLookup},
    text::fold,
};

/// The conditions of one store.
pub(crate) struct States {
    store: Store,
    /// What counts as waited for at this moment.
    waiting: Box<dyn Fn() -> Waiting + Send + Sync>,
    kept: Mutex<(i64, HashMap<StateFilter, Arc<RoaringTreemap>>)>,
}

impl States {
    pub(crate) fn new(store: Store, waiting: impl Fn() -> Waiting + Send + Sync + 'static) -> Self {
        Self { store, waiting: Box::new(waiting), kept: Mutex::default() }
    }

    fn ask(&self, filter: &StateFilter) -> Result<Arc<RoaringTreemap>> {
        if matches!(filter, StateFilter::In(place) if place == "waiting") {
            // The clock changes it as well, and what is concluded stamps no rev.
            let waiting = (self.waiting)();
            return self.store.read_now(|reader| waited_for(&reader.main, waiting).map(Arc::new));
        }
        self.store.read_now(|reader| {
            let rev = thread::newest_rev(&reader.main)?;
            {
                let mut kept = self.kept.lock();
                if kept.0 != rev {
                    *kept = (rev, HashMap::new());
                }
                if let Some(found) = kept.1.get(filter) {
                    return Ok(found.clone());
                }
            }
            let found = Arc::new(items(&reader.main, filter)?);
            let mut kept = self.kept.lock();
            if kept.0 == rev {
                kept.1.insert(filter.clone(), found.clone());
            }
            Ok(found)
        })
    }
}

impl StateLookup for States {
    fn items(&self, filter: &StateFilter) -> Arc<RoaringTreemap> {
        self.ask(filter).unwrap_or_else(|error| {
            tracing::error!(error = %error, "a condition of a search could not be read");
            Arc::default()
        })
    }
}

const SHOWN: &str = "NOT (placement.op IS NOT NULL AND placement.remote_id IS NOT NULL)";

fn items(conn: &Connection, filter: &StateFilter) -> Result<RoaringTreemap> {
    match filter {
        StateFilter::Is(IsState::Unread) => select(conn, "SELECT id FROM item WHERE read = 0 AND deleted = 0", &[]),
        StateFilter::Is(IsState::Read) => select(conn, "SELECT id FROM item WHERE read = 1 AND deleted = 0", &[]),
        StateFilter::Is(IsState::Starred) => select(conn, "SELECT id FROM item WHERE starred = 1 AND deleted = 0", &[]),
        StateFilter::Is(IsState::Snoozed) => in_threads(conn, "thread.place = 'snoozed'"),
        StateFilter::FromMe => select(conn, "SELECT id FROM item WHERE from_me = 1 AND deleted = 0", &[]),
        StateFilter::ToMe => select(
            conn,
            "SELECT item.id FROM item JOIN source ON source.id = item.source
             WHERE item.from_me = 0 AND item.deleted = 0 AND source.identity IS NOT NULL
             AND instr(lower(item.people), lower(source.identity)) > 0",
            &[],
        ),
        StateFilter::In(place) => within(conn, place),
        StateFilter::Label(name) => in_scope(conn, name, "scope.role IN ('other', 'label')"),
        StateFilter::Account(name) => {
            let pattern = format!("%{}%", fold(name));
            select(
                conn,
                "SELECT item.id FROM item JOIN source ON source.id = item.source JOIN account ON account.id = source.account
                 WHERE item.deleted = 0 AND (lower(account.name) LIKE ?1 OR lower(source.name) LIKE ?1
                     OR lower(coalesce(source.identity, '')) LIKE ?1)",
                &[&pattern],
            )
        }
        StateFilter::Person(name) => {
            let pattern = format!("%{}%", fold(name));
            select(
                conn,
                "SELECT id FROM item WHERE deleted = 0 AND (lower(coalesce(from_handle, '')) LIKE ?1
                     OR lower(coalesce(from_name, '')) LIKE ?1 OR lower(people) LIKE ?1)",
                &[&pattern],
            )
        }
    }
}

/// `in:` a place, or a folder by its name.
fn within(conn: &Connection, place: &str) -> Result<RoaringTreemap> {
    match place {
        "inbox" => in_threads(conn, "thread.place = 'inbox'"),
        "snoozed" => in_threads(conn, "thread.place = 'snoozed'"),
        "archive" => in_threads(conn, "thread.place = 'archive'"),
        "notes" => in_threads(conn, "thread.place = 'notes'"),
        "all" | "anywhere" => in_threads(conn, "thread.place NOT IN ('junk', 'trash')"),
        "junk" | "spam" => in_role(conn, "junk"),
        "trash" => in_role(conn, "trash"),
        "drafts" | "draft" => in_role(conn, "drafts"),
        "sent" => select(conn, "SELECT id FROM item WHERE from_me = 1 AND draft = 0 AND deleted = 0", &[]),
        name => in_scope(conn, name, "1"),
    }
}

fn waited_for(conn: &Connection, waiting: Waiting) -> Result<RoaringTreemap> {
    let sql = format!(
        "SELECT item.id FROM thread JOIN item ON item.thread = thread.id
         WHERE thread.deleted = 0 AND item.deleted = 0 AND {}",
        suggestion::waited_in(1, 2)
    );
    select(conn, &sql, &[&millis(waiting.since), &millis(waiting.now)])
}

fn in_threads(conn: &Connection, condition: &str) -> Result<RoaringTreemap> {
    let sql = format!(
        "SELECT item.id FROM thread JOIN item ON item.thread = thread.id
         WHERE thread.deleted = 0 AND item.deleted = 0 AND {condition}"
    );
    select(conn, &sql, &[])
}

fn in_role(conn: &Connection, role: &'static str) -> Result<RoaringTreemap> {
    let sql = format!(
        "SELECT placement.item FROM scope JOIN placement ON placement.scope = scope.id WHERE scope.role = ?1 AND {SHOWN}"
    );
    select(conn, &sql, &[&role])
}

/// By the whole name, or its last part: `in:travel` finds `Private/Travel`.
fn in_scope(conn: &Connection, name: &str, condition: &str) -> Result<RoaringTreemap> {
    let wanted = fold(name);
    let mut ids = Vec::new();
    let sql = format!("SELECT id, name FROM scope WHERE gone = 0 AND {condition}");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let folded = fold(&row.get::<_, String>(1)?);
        let last = folded.rsplit(['/', '.']).next().unwrap_or_default();
        if folded == wanted || last == wanted || folded.trim_start_matches('#') == wanted {
            ids.push(row.get::<_, i64>(0)?);
        }
    }
    let mut found = RoaringTreemap::new();
    let sql = format!("SELECT placement.item FROM placement WHERE placement.scope = ?1 AND {SHOWN}");
    for id in ids {
        found |= select(conn, &sql, &[&id])?;
    }
    Ok(found)
}

fn select(conn: &Connection, sql: &str, values: &[&dyn ToSql]) -> Result<RoaringTreemap> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    let mut found = RoaringTreemap::new();
    while let Some(row) = rows.next()? {
        found.insert(u64::try_from(row.get::<_, i64>(0)?).unwrap_or_default());
    }
    Ok(found)
}
