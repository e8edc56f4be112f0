//! Everybody, and which handles belong together.
//!
//! A handle is a person of its own until somebody says otherwise: what only looks like the same person
//! is offered with its reason ([`super::likeness`]) and never joined silently. Joining and parting are rows here and
//! nothing else, so either can be taken back.

use inlet_model::{Party, SourceId, SourceType};
use rusqlite::{Connection, params};

use super::{Result, WriteTx, identity, suggestion};
use crate::{
    api::types::{Joined, PeoplePage, PersonRow},
    clock::from_millis,
};

/// Everybody whose name or handle has a word that begins so.
pub(crate) fn list(conn: &Connection, prefix: &str, limit: u32, skip: u32) -> Result<PeoplePage> {
    let pattern = identity::beginning(prefix.trim());
    // Everybody a source or an address book knows, who has no name here by the one there.
    const KNOWN: &str = "SELECT handle, source, type, folded, last_at, sent, seen,
             CASE WHEN identity.name <> '' THEN identity.name ELSE coalesce(
                 (SELECT contact.name FROM contact WHERE contact.handle = identity.handle AND contact.name <> ''
                  ORDER BY card LIMIT 1), '') END AS name
         FROM identity JOIN source ON source.id = identity.source
         UNION ALL SELECT handle, NULL, NULL, folded, NULL, 0, 0, name FROM contact";
    // The handles of one person are one row; my own are nobody's.
    let who = format!(
        "FROM ({KNOWN}) LEFT JOIN person_handle USING (handle)
         WHERE handle NOT IN (SELECT lower(identity) FROM source WHERE identity IS NOT NULL)"
    );
    let matching = format!(
        "WHERE who IN (SELECT coalesce('#' || person, handle) FROM ({KNOWN}) LEFT JOIN person_handle USING (handle)
             WHERE folded LIKE ?1 ESCAPE '\\')"
    );
    let people = conn
        .prepare_cached(&format!(
            "SELECT name, handle, source, max(weight), group_concat(DISTINCT type), count(DISTINCT handle), max(last_at),
                 max(handle IN (SELECT handle FROM person_vip))
             FROM (SELECT coalesce('#' || person, handle) AS who, name, handle, source, type, last_at, sent, seen,
                     (source IS NOT NULL) * 2000000000 + (name <> '') * 1000000000 + sent * 5 + seen AS weight {who})
             {matching}
             GROUP BY who ORDER BY sum(sent) * 5 + sum(seen) DESC, max(last_at) DESC, who LIMIT ?2 OFFSET ?3"
        ))?
        .query_map(params![pattern, limit, skip], |row| {
            let (name, platforms): (String, Option<String>) = (row.get(0)?, row.get(4)?);
            let platforms = platforms.unwrap_or_default();
            Ok(PersonRow {
                party: Party { name: (!name.is_empty()).then_some(name), handle: row.get(1)? },
                source: row.get::<_, Option<i64>>(2)?.map(SourceId),
                platforms: SourceType::ALL
                    .into_iter()
                    .filter(|kind| platforms.split(',').any(|word| word == kind.as_str()))
                    .collect(),
                handles: row.get(5)?,
                last: row.get::<_, Option<i64>>(6)?.map(from_millis),
                vip: row.get(7)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    let total = conn
        .prepare_cached(&format!(
            "SELECT count(DISTINCT who) FROM (SELECT coalesce('#' || person, handle) AS who {who}) {matching}"
        ))?
        .query_row([pattern], |row| row.get(0))?;
    Ok(PeoplePage { people, total })
}

/// Every handle of the person who has this one, itself first.
pub(crate) fn handles(conn: &Connection, handle: &str) -> Result<Vec<String>> {
    let mut all = vec![handle.to_owned()];
    let others = conn
        .prepare_cached(
            "SELECT handle FROM person_handle
             WHERE person = (SELECT person FROM person_handle WHERE handle = ?1) AND handle <> ?1 ORDER BY handle",
        )?
        .query_map([handle], |row| row.get(0))?
        .collect::<Result<Vec<String>, _>>()?;
    all.extend(others);
    Ok(all)
}

/// Two handles, and all that belong to either, are one person. Tells who they were before, so that [`part`] can take it
/// back.
pub(crate) fn join(tx: &WriteTx<'_>, one: &str, other: &str) -> Result<Joined> {
    let mut groups = vec![handles(tx.main, one)?];
    if !groups.iter().flatten().any(|handle| handle == other) {
        groups.push(handles(tx.main, other)?);
    }
    let all = groups.concat();
    put_together(tx, &all)?;
    let apart = kept_apart(tx.main, one)?.iter().any(|handle| handle == other);
    forget_apart(tx, one, other)?;
    suggestion::stale_of(tx, &all)?;
    tx.touch_kept();
    Ok(Joined { groups, apart })
}

/// Somebody has another handle, as their platform says: both are one person's, unless a person said that they are not.
pub(crate) fn follow(tx: &WriteTx<'_>, old: &str, new: &str) -> Result<()> {
    if old != new && !kept_apart(tx.main, old)?.iter().any(|handle| handle == new) {
        join(tx, old, new)?;
    }
    Ok(())
}

/// Those who were joined are who they were before.
pub(crate) fn part(tx: &WriteTx<'_>, before: &Joined) -> Result<()> {
    let all = before.groups.concat();
    let mut forget = tx.main.prepare_cached("DELETE FROM person_handle WHERE handle = ?1")?;
    for handle in &all {
        forget.execute([handle])?;
    }
    for group in before.groups.iter().filter(|group| group.len() > 1) {
        put_together(tx, group)?;
    }
    // Whoever was joined to them since and is left alone is a person of their own.
    tx.main.execute(ALONE, [])?;
    if let [[one, ..], [other, ..]] = before.groups.iter().map(Vec::as_slice).collect::<Vec<_>>().as_slice()
        && before.apart
    {
        keep_apart(tx, one, other)?;
    }
    suggestion::stale_of(tx, &all)?;
    tx.touch_kept();
    Ok(())
}

/// Forgets persons of one handle.
const ALONE: &str = "DELETE FROM person_handle WHERE person IN
     (SELECT person FROM person_handle GROUP BY person HAVING count(*) = 1)";

/// These are one person, whoever they were.
fn put_together(tx: &WriteTx<'_>, all: &[String]) -> Result<()> {
    let person: i64 = tx
        .main
        .prepare_cached("SELECT coalesce(max(person), 0) + 1 FROM person_handle")?
        .query_row([], |row| row.get(0))?;
    let mut put = tx.main.prepare_cached("REPLACE INTO person_handle (handle, person) VALUES (?1, ?2)")?;
    for handle in all {
        put.execute(params![handle, person])?;
    }
    Ok(())
}

/// These handles are a person of their own again, and the others who they were. False where they are not one person's,
/// or all of several: nothing is changed then.
pub(crate) fn split(tx: &WriteTx<'_>, leaving: &[String]) -> Result<bool> {
    let Some(first) = leaving.first() else { return Ok(false) };
    let all = handles(tx.main, first)?;
    let (gone, stay): (Vec<String>, Vec<String>) = all.into_iter().partition(|handle| leaving.contains(handle));
    if stay.is_empty() || leaving.iter().any(|handle| !gone.contains(handle)) {
        return Ok(stay.is_empty() && leaving.len() == 1);
    }
    part(tx, &Joined { groups: vec![stay, gone], apart: false })?;
    Ok(true)
}

/// Two handles that look alike are two people.
pub(crate) fn keep_apart(tx: &WriteTx<'_>, one: &str, other: &str) -> Result<()> {
    tx.main.prepare_cached("INSERT OR IGNORE INTO person_apart VALUES (?1, ?2)")?.execute(in_order(one, other))?;
    tx.touch_kept();
    Ok(())
}

/// Two handles may be offered as one person again.
pub(crate) fn forget_apart(tx: &WriteTx<'_>, one: &str, other: &str) -> Result<()> {
    tx.main.prepare_cached("DELETE FROM person_apart WHERE one = ?1 AND other = ?2")?.execute(in_order(one, other))?;
    tx.touch_kept();
    Ok(())
}

/// A pair as it is stored, whichever was named first.
fn in_order<'a>(one: &'a str, other: &'a str) -> [&'a str; 2] {
    if one < other { [one, other] } else { [other, one] }
}

/// Forgets what was said of handles that nothing knows any more.
pub(crate) fn forget_strangers(tx: &WriteTx<'_>) -> Result<()> {
    tx.main.execute_batch(&format!(
        "DELETE FROM person_handle WHERE handle NOT IN (SELECT handle FROM identity)
             AND handle NOT IN (SELECT handle FROM contact);
         {ALONE};
         DELETE FROM person_apart WHERE
             one NOT IN (SELECT handle FROM identity UNION SELECT handle FROM contact)
             OR other NOT IN (SELECT handle FROM identity UNION SELECT handle FROM contact);
         DELETE FROM person_vip WHERE handle NOT IN (SELECT handle FROM identity)
             AND handle NOT IN (SELECT handle FROM contact);"
    ))?;
    Ok(())
}

/// Somebody matters, or does not any more; all of their handles do.
pub(crate) fn set_vip(tx: &WriteTx<'_>, handle: &str, vip: bool) -> Result<()> {
    let all = handles(tx.main, handle)?;
    let sql = match vip {
        true => "INSERT OR IGNORE INTO person_vip SELECT value FROM json_each(?1)",
        false => "DELETE FROM person_vip WHERE handle IN (SELECT value FROM json_each(?1))",
    };
    tx.main.prepare_cached(sql)?.execute([serde_json::to_string(&all)?])?;
    suggestion::stale_of(tx, &all)?;
    tx.touch_kept();
    Ok(())
}

/// One of these handles was said to matter.
pub(crate) fn is_vip(conn: &Connection, handles: &[String]) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM person_vip WHERE handle IN (SELECT value FROM json_each(?1)))")?
        .query_row([serde_json::to_string(handles)?], |row| row.get(0))?)
}

/// Handles the person said are somebody else's than this one.
pub(super) fn kept_apart(conn: &Connection, handle: &str) -> Result<Vec<String>> {
    Ok(conn
        .prepare_cached(
            "SELECT other FROM person_apart WHERE one = ?1 UNION SELECT one FROM person_apart WHERE other = ?1",
        )?
        .query_map([handle], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}
