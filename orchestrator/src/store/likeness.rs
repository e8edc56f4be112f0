//! Who may be the same person as somebody, each with the one reason that weighs most.
//!
//! It is looked for both ways: what somebody's signature names, and whose signature names them. Names are compared as
//! [`crate::people::name`] says, and a company is the domain of an address, unless anybody gets one there, or what an
//! address book says. What the person has said counts before all of it: a handle that was kept apart from one of somebody's
//! is not offered, nor is anything else that belongs to whoever has it. A score out of several reasons was refused: nobody
//! can tell whether a number is right, and anybody whether an address stands in a signature.

use std::collections::{BTreeMap, BTreeSet};

use inlet_model::{Party, SourceId, SourceType};
use rusqlite::{Connection, params};

use super::{Reader, Result, body, contact, identity, people, signed};
use crate::{
    api::types::{Likeness, PersonIdentity},
    people::{freemail, name, phone, signed as signature},
    text::fold,
};

/// Mails of theirs whose signature is looked at, newest first.
const SIGNATURES: usize = 20;
/// Handles of one name that are offered at most.
const NAMESAKES: usize = 20;
/// A handle that so many people of other names sign with is a company's, not a person's.
const SHARED: usize = 3;

/// Where these handles are met, and then those that may be the same person, each with its reason.
pub(crate) fn identities(reader: &Reader, handles: &[String], name: Option<&str>) -> Result<Vec<PersonIdentity>> {
    let conn = &reader.main;
    let first = handles.first().map(String::as_str).unwrap_or_default();
    let own = |handle: &str| if handle == first { Likeness::Handle } else { Likeness::Joined };
    let mut found = met(conn, handles, own)?;
    found.sort_by_key(|one| one.likeness == Likeness::Joined);
    let reasons = reasons(reader, handles, name)?;
    let others: Vec<String> = reasons.keys().cloned().collect();
    let mut maybe = met(conn, &others, |handle| reasons.get(handle).copied().unwrap_or(Likeness::Name))?;
    maybe.sort_by(|a, b| a.party.handle.cmp(&b.party.handle));
    found.extend(maybe);
    Ok(found)
}

/// Handles that may be theirs; where there are several reasons, the last that was found.
fn reasons(reader: &Reader, handles: &[String], name: Option<&str>) -> Result<BTreeMap<String, Likeness>> {
    let conn = &reader.main;
    let mut reasons = BTreeMap::new();
    let company = companies(conn, handles)?;
    for handle in namesakes(conn, handles, name)? {
        let same = !company.is_disjoint(&companies(conn, std::slice::from_ref(&handle))?);
        reasons.insert(handle, if same { Likeness::Company } else { Likeness::Name });
    }
    for handle in handles {
        let named_by = naming(conn, handle)?.unwrap_or_default();
        reasons.extend(named_by.into_iter().map(|other| (other, Likeness::Signs)));
    }
    reasons.extend(in_signature(reader, handles)?);
    for handle in met_as(conn, &contact::beside(conn, &as_in_book(conn, handles)?)?)? {
        reasons.insert(handle, Likeness::Card);
    }
    for handle in handles {
        reasons.remove(handle);
        for apart in people::kept_apart(conn, handle)? {
            for other in people::handles(conn, &apart)? {
                reasons.remove(&other);
            }
        }
    }
    for mine in identity::mine(conn)? {
        reasons.remove(&mine);
    }
    Ok(reasons)
}

/// Identities of these handles, those with most contact first.
fn met(conn: &Connection, handles: &[String], likeness: impl Fn(&str) -> Likeness) -> Result<Vec<PersonIdentity>> {
    Ok(conn
        .prepare_cached(
            "SELECT identity.source, type, identity.name, handle FROM identity JOIN source ON source.id = identity.source
             WHERE handle IN (SELECT value FROM json_each(?1)) ORDER BY sent + seen DESC LIMIT 50",
        )?
        .query_map([serde_json::to_string(handles)?], |row| {
            let (kind, name, handle): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
            Ok(PersonIdentity {
                source: SourceId(row.get(0)?),
                source_type: SourceType::from_word(&kind).unwrap_or(SourceType::Imap),
                likeness: likeness(&handle),
                party: Party { name: (!name.is_empty()).then_some(name), handle },
            })
        })?
        .collect::<Result<_, _>>()?)
}

/// Those of these handles that sources have met, telephone numbers however they are written.
fn met_as(conn: &Connection, handles: &[String]) -> Result<Vec<String>> {
    let mut found = conn
        .prepare_cached("SELECT DISTINCT handle FROM identity WHERE handle IN (SELECT value FROM json_each(?1))")?
        .query_map([serde_json::to_string(handles)?], |row| row.get(0))?
        .collect::<Result<Vec<String>, _>>()?;
    let numbers: Vec<String> = handles.iter().filter_map(|handle| phone::of(handle)).collect();
    if !numbers.is_empty() {
        let same = |met: &String| {
            !found.contains(met) && phone::of(met).is_some_and(|met| numbers.iter().any(|one| phone::same(one, &met)))
        };
        let more: Vec<String> = phones(conn)?.into_iter().filter(same).collect();
        found.extend(more);
    }
    Ok(found)
}

/// These handles, and as an address book writes those of them that are telephone numbers.
fn as_in_book(conn: &Connection, handles: &[String]) -> Result<Vec<String>> {
    let mut all = handles.to_vec();
    let numbers: Vec<String> = handles.iter().filter_map(|handle| phone::of(handle)).collect();
    if !numbers.is_empty() {
        let written = contact::phones(conn)?.into_iter().filter(|written| {
            !handles.contains(written)
                && phone::of(written).is_some_and(|written| numbers.iter().any(|one| phone::same(one, &written)))
        });
        all.extend(written);
    }
    Ok(all)
}

/// Telephone numbers that people are met by.
fn phones(conn: &Connection) -> Result<Vec<String>> {
    Ok(conn
        .prepare_cached("SELECT DISTINCT handle FROM identity WHERE handle GLOB '+[0-9]*'")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// What these handles have in common with colleagues: the domain of an address, where not anybody gets one there, and what
/// an address book has for their company.
fn companies(conn: &Connection, handles: &[String]) -> Result<BTreeSet<String>> {
    let domains = handles.iter().filter_map(|handle| handle.rsplit_once('@')).map(|(_, domain)| domain);
    let mut found: BTreeSet<String> =
        domains.filter(|domain| !freemail::is_free(domain)).map(|domain| format!("@{domain}")).collect();
    for organisation in contact::organisations(conn, &as_in_book(conn, handles)?)? {
        let folded = fold(&organisation);
        let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        found.insert(words.join(" "));
    }
    found.remove("");
    Ok(found)
}

/// Handles of one of the names these go by, there or in an address book. One word is a name many people have.
fn namesakes(conn: &Connection, handles: &[String], given: Option<&str>) -> Result<BTreeSet<String>> {
    let mut names = called(conn, handles)?;
    names.extend(given.map(str::to_owned));
    let keys: BTreeMap<String, String> = names.iter().filter_map(|one| Some((name::key(one)?, one.clone()))).collect();
    let mut found = BTreeSet::new();
    for (key, name) in keys {
        let Some(part) = name::longest_part(&name) else { continue };
        // What an address book calls somebody is theirs wherever the number is met.
        for (sql, in_book) in [
            ("SELECT DISTINCT name, handle FROM identity WHERE instr(folded, ?1) > 0 AND name <> ''", false),
            ("SELECT DISTINCT name, handle FROM contact WHERE instr(folded, ?1) > 0 AND name <> ''", true),
        ] {
            let mut statement = conn.prepare_cached(sql)?;
            let rows = statement.query_map([&part], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
            let mut same = Vec::new();
            for row in rows {
                let (name, handle) = row?;
                if name::key(&name).is_some_and(|other| other == key) && !handles.contains(&handle) {
                    same.push(handle);
                }
            }
            same.truncate(NAMESAKES);
            found.extend(if in_book { met_as(conn, &same)? } else { same });
        }
    }
    Ok(found.into_iter().take(NAMESAKES).collect())
}

/// What these handles are called, by sources and by address books.
fn called(conn: &Connection, handles: &[String]) -> Result<BTreeSet<String>> {
    Ok(conn
        .prepare_cached(
            "SELECT identity.name FROM source CROSS JOIN identity ON identity.source = source.id
             WHERE handle IN (SELECT value FROM json_each(?1)) AND identity.name <> ''
             UNION SELECT name FROM contact WHERE handle IN (SELECT value FROM json_each(?2)) AND name <> ''",
        )?
        .query_map([serde_json::to_string(handles)?, serde_json::to_string(&as_in_book(conn, handles)?)?], |row| {
            row.get(0)
        })?
        .collect::<Result<_, _>>()?)
}

/// Whose signature names a handle; nothing where so many do that it is nobody's own.
fn naming(conn: &Connection, handle: &str) -> Result<Option<BTreeSet<String>>> {
    let mut naming = BTreeSet::new();
    let number = phone::of(handle);
    for said in number.as_deref().map_or_else(|| vec![handle.to_owned()], phone::said_as) {
        naming.extend(signed::by(conn, &said)?);
    }
    // It may be written with its country elsewhere.
    if let Some(number) = number.filter(|number| !number.starts_with('+')) {
        let with_country = signed::abroad(conn, &number)?.into_iter();
        naming.extend(with_country.filter(|(_, says)| phone::same(&number, says)).map(|(handle, _)| handle));
    }
    let mut names = BTreeSet::new();
    for handle in &naming {
        let name = called(conn, std::slice::from_ref(handle))?.iter().find_map(|name| name::key(name));
        names.insert(name.unwrap_or_else(|| handle.clone()));
    }
    Ok((names.len() < SHARED).then_some(naming))
}

/// Handles that stand in the signature of what these people wrote, addresses and telephone numbers, and of whoever
/// signs with the same.
fn in_signature(reader: &Reader, handles: &[String]) -> Result<Vec<(String, Likeness)>> {
    let conn = &reader.main;
    let mails: Vec<(i64, String)> = conn
        .prepare_cached(
            "SELECT body, from_handle FROM item WHERE from_handle COLLATE NOCASE IN (SELECT value FROM json_each(?1))
             AND from_me = 0 AND deleted = 0 AND kind = 'mail' ORDER BY at DESC LIMIT ?2",
        )?
        .query_map(params![serde_json::to_string(handles)?, i64::try_from(SIGNATURES).unwrap_or(20)], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<Result<_, _>>()?;
    let mut said = BTreeSet::new();
    for (id, author) in mails {
        said.extend(signature::says(&body::text(&reader.bodies, id)?, &author));
    }
    let mut theirs = Vec::new();
    let name = called(conn, handles)?.into_iter().next();
    for said in &said {
        let likeness = if said.contains('@') { Likeness::Signature } else { Likeness::Phone };
        for other in naming(conn, said)?.unwrap_or_default() {
            // What two of other names sign with is a place's.
            let other_name = called(conn, std::slice::from_ref(&other))?.into_iter().next();
            if !handles.contains(&other) && name::may_be_one(name.as_deref(), other_name.as_deref()) {
                theirs.push((other, likeness));
            }
        }
    }
    let (addresses, numbers): (Vec<String>, Vec<String>) = said.into_iter().partition(|said| said.contains('@'));
    let mut found: Vec<(String, Likeness)> =
        met_as(conn, &addresses)?.into_iter().map(|handle| (handle, Likeness::Signature)).collect();
    if !numbers.is_empty() {
        let named = |met: &String| phone::of(met).is_some_and(|met| numbers.iter().any(|said| phone::same(said, &met)));
        found.extend(phones(conn)?.into_iter().filter(named).map(|handle| (handle, Likeness::Phone)));
    }
    for (handle, likeness) in found {
        if naming(conn, &handle)?.is_some() {
            theirs.push((handle, likeness));
        }
    }
    Ok(theirs)
}
