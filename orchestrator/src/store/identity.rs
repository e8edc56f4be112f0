//! Handles people were written from or to: what a recipient field completes from.

use std::collections::HashSet;

use inlet_model::{Party, Record, SourceId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Result, WriteTx};
use crate::{api::types::KnownPerson, clock::millis, text::fold};

/// Learns the people of a record.
pub(crate) fn note(tx: &WriteTx<'_>, source: SourceId, record: &Record) -> Result<()> {
    // A list of thousands teaches nothing about who I know.
    const MOST: usize = 20;
    if record.meta.list_id.is_some() || record.to.len() + record.cc.len() > MOST {
        return Ok(());
    }
    let mut statement = tx.main.prepare_cached(
        "INSERT INTO identity (source, handle, name, folded, sent, seen, first_at, last_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
         ON CONFLICT (source, handle) DO UPDATE SET
             name = CASE WHEN excluded.name <> '' AND excluded.last_at >= last_at THEN excluded.name ELSE name END,
             folded = CASE WHEN excluded.name <> '' AND excluded.last_at >= last_at THEN excluded.folded ELSE folded END,
             sent = sent + excluded.sent, seen = seen + excluded.seen, first_at = min(first_at, excluded.first_at),
             last_at = max(last_at, excluded.last_at)",
    )?;
    let (mine, theirs): (Vec<&Party>, Vec<&Party>) = if record.from_me {
        (record.to.iter().chain(&record.cc).chain(&record.bcc).collect(), Vec::new())
    } else {
        (Vec::new(), record.from.iter().filter(|_| !record.meta.automatic).collect())
    };
    for (people, sent) in [(mine, true), (theirs, false)] {
        for party in people.into_iter().filter(|party| !party.handle.is_empty()) {
            let handle = party.handle.to_lowercase();
            let name = party.name.clone().unwrap_or_default();
            let folded = format!(" {} {handle}", fold(&name));
            statement.execute(params![source.0, handle, name, folded, sent, !sent, millis(record.at)])?;
        }
    }
    Ok(())
}

/// Somebody who is known by one handle has another one from then on, by the same name.
pub(crate) fn follow(tx: &WriteTx<'_>, source: SourceId, from: &Party, to: &Party, at: Timestamp) -> Result<()> {
    let (old, handle) = (from.handle.to_lowercase(), to.handle.to_lowercase());
    let known: Option<String> = tx
        .main
        .prepare_cached("SELECT name FROM identity WHERE source = ?1 AND handle = ?2")?
        .query_row(params![source.0, old], |row| row.get(0))
        .optional()?;
    let name = to.name.clone().or(known).or_else(|| from.name.clone()).unwrap_or_default();
    let folded = format!(" {} {handle}", fold(&name));
    tx.main
        .prepare_cached(
            "INSERT OR IGNORE INTO identity (source, handle, name, folded, first_at, last_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
        )?
        .execute(params![source.0, handle, name, folded, millis(at)])?;
    Ok(())
}

/// What `folded LIKE ? ESCAPE '\'` has to be asked for words that begin so.
pub(crate) fn beginning(prefix: &str) -> String {
    let escaped: String = fold(prefix)
        .chars()
        .flat_map(|c| match c {
            '%' | '_' | '\\' => vec!['\\', c],
            _ => vec![c],
        })
        .collect();
    format!("% {escaped}%")
}

/// People whose name or handle has a word that begins so; those written to most come first.
pub(crate) fn suggest(conn: &Connection, prefix: &str, source: Option<SourceId>, limit: usize) -> Result<Vec<Party>> {
    let pattern = beginning(prefix);
    Ok(conn
        .prepare_cached(
            "SELECT name, handle FROM (SELECT name, handle, sent, seen, last_at FROM identity
                     WHERE folded LIKE ?1 ESCAPE '\\' AND (?2 IS NULL OR source = ?2)
                 UNION ALL SELECT name, handle, 0, 0, 0 FROM contact
                     WHERE folded LIKE ?1 ESCAPE '\\' AND instr(handle, '@') > 0 AND (?2 IS NULL OR EXISTS
                         (SELECT 1 FROM source WHERE id = ?2 AND type IN ('imap', 'gmail', 'outlook'))))
             GROUP BY handle ORDER BY sum(sent) * 5 + sum(seen) DESC, max(last_at) DESC LIMIT ?3",
        )?
        .query_map(params![pattern, source.map(|source| source.0), i64::try_from(limit).unwrap_or(10)], |row| {
            let name: String = row.get(0)?;
            Ok(Party { name: (!name.is_empty()).then_some(name), handle: row.get(1)? })
        })?
        .collect::<Result<_, _>>()?)
}

/// Handles that are mine, and nobody else's.
pub(crate) fn mine(conn: &Connection) -> Result<Vec<String>> {
    Ok(conn
        .prepare_cached(
            "SELECT DISTINCT lower(identity) FROM source WHERE identity IS NOT NULL AND identity <> '' ORDER BY 1",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// What somebody of these handles is called: in this source and by the first handle, if they are there.
pub(crate) fn name(conn: &Connection, handles: &[String], source: Option<SourceId>) -> Result<Option<String>> {
    Ok(conn
        .prepare_cached(
            "SELECT name FROM identity WHERE handle IN (SELECT value FROM json_each(?1)) AND name <> ''
             ORDER BY source IS NOT ?2, handle <> ?3, sent + seen DESC, last_at DESC LIMIT 1",
        )?
        .query_row(params![serde_json::to_string(handles)?, source.map(|source| source.0), handles.first()], |row| {
            row.get(0)
        })
        .optional()?)
}

/// What the history knows of each address.
pub(crate) fn known(conn: &Connection, handles: &[String]) -> Result<Vec<KnownPerson>> {
    let mut written = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM source JOIN identity ON identity.source = source.id
                        WHERE identity.handle = ?1 AND identity.sent > 0)
             OR EXISTS (SELECT 1 FROM source WHERE lower(identity) = ?1)",
    )?;
    let mut domains: Option<HashSet<String>> = None;
    handles
        .iter()
        .map(|handle| {
            let folded = handle.to_lowercase();
            let written: bool = written.query_row([&folded], |row| row.get(0))?;
            if domains.is_none() && !written {
                domains = Some(all_domains(conn)?);
            }
            let domain = folded
                .rsplit_once('@')
                .is_some_and(|(_, domain)| written || domains.as_ref().is_some_and(|domains| domains.contains(domain)));
            Ok(KnownPerson { handle: handle.clone(), written, domain })
        })
        .collect()
}

/// The domains of everybody; read whole, as it is asked before a first message only.
fn all_domains(conn: &Connection) -> Result<HashSet<String>> {
    Ok(conn
        .prepare_cached(
            "SELECT DISTINCT substr(handle, instr(handle, '@') + 1) FROM identity WHERE instr(handle, '@') > 0",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Who in a source has one of these handles, or else exactly this name; those of the handles come first.
pub(crate) fn alike(conn: &Connection, source: SourceId, handles: &[String], name: &str) -> Result<Vec<Party>> {
    Ok(conn
        .prepare_cached(
            "SELECT name, handle FROM (SELECT name, handle, last_at,
                     handle IN (SELECT value FROM json_each(?2)) AS same FROM identity WHERE source = ?1)
             WHERE same OR (name = ?3 AND name <> '') ORDER BY NOT same, last_at DESC LIMIT 5",
        )?
        .query_map(params![source.0, serde_json::to_string(handles)?, name], |row| {
            let name: String = row.get(0)?;
            Ok(Party { name: (!name.is_empty()).then_some(name), handle: row.get(1)? })
        })?
        .collect::<Result<_, _>>()?)
}
