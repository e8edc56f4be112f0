//! The store as the search index follows it.

use std::collections::HashMap;

use inlet_model::{Kind, Party, SourceType};
use rusqlite::Connection;

use super::{Reader, Result, Store, attachment, body, item};
use crate::search::{Batch, IndexChange, IndexDoc, IndexSource, SourceFailure};

impl IndexSource for Store {
    fn changes_after(&self, rev: i64, limit: usize) -> Result<Batch, SourceFailure> {
        Ok(self.read_now(|reader| changes(reader, rev, limit))?)
    }
}

fn changes(reader: &Reader, rev: i64, limit: usize) -> Result<Batch> {
    let rows = item::changed_after(&reader.main, rev, limit)?;
    let tombs = item::tombs_after(&reader.main, rev, limit)?;
    // Where either list was cut, only what lies before the cut is told whole.
    let cut = |full: bool, last: Option<i64>| last.filter(|_| full).unwrap_or(i64::MAX);
    let end = cut(rows.len() == limit, rows.last().map(|row| row.text_rev))
        .min(cut(tombs.len() == limit, tombs.last().map(|tomb| tomb.1)));
    let more = end != i64::MAX;
    let watermark = rows
        .iter()
        .map(|row| row.text_rev)
        .chain(tombs.iter().map(|tomb| tomb.1))
        .filter(|rev| *rev <= end)
        .max()
        .unwrap_or(rev);
    let sources = sources(&reader.main)?;
    let mut changes = Vec::with_capacity(rows.len() + tombs.len());
    for row in rows.into_iter().filter(|row| row.text_rev <= end) {
        let found = sources.get(&row.source.0).filter(|_| !row.deleted);
        changes.push(match found {
            Some((account, source_type)) => IndexChange::Upsert(Box::new(doc(reader, row, *account, *source_type)?)),
            None => IndexChange::Delete(row.id.0),
        });
    }
    changes.extend(tombs.into_iter().filter(|tomb| tomb.1 <= end).map(|tomb| IndexChange::Delete(tomb.0.0)));
    Ok(Batch { changes, watermark, more })
}

fn sources(conn: &Connection) -> Result<HashMap<i64, (i64, SourceType)>> {
    Ok(conn
        .prepare_cached("SELECT id, account, type FROM source")?
        .query_map([], |row| {
            let word: String = row.get(2)?;
            Ok((row.get(0)?, (row.get(1)?, SourceType::from_word(&word).unwrap_or(SourceType::Imap))))
        })?
        .collect::<Result<_, _>>()?)
}

fn doc(reader: &Reader, row: item::ItemRow, account: i64, source_type: SourceType) -> Result<IndexDoc> {
    let body = body::text(&reader.bodies, row.body)?;
    let files = if row.has_attachment { attachment::of_item(&reader.main, row.id)? } else { Vec::new() };
    // Members are on every message of a chat; the chat's own title and writers find it.
    let to = if row.kind == Kind::Chat && row.people.to.len() > 3 { String::new() } else { names(&row.people.to) };
    Ok(IndexDoc {
        item: row.id.0,
        thread: row.thread.0,
        at: row.at,
        source: row.source.0,
        source_type,
        kind: row.kind,
        account,
        from: row.from.as_ref().map(|from| names(std::slice::from_ref(from))).unwrap_or_default(),
        to,
        cc: names(&row.people.cc),
        title: row.title,
        has_link: body.contains("://") || files.iter().any(|file| file.info.link.is_some()),
        body,
        filenames: files.into_iter().filter(|file| !file.info.inline).map(|file| file.info.name).collect(),
        list: row.extra.mail.list_id,
        size: row.size,
        has_attachment: row.has_attachment,
        message_id: row.message_id,
    })
}

fn names(people: &[Party]) -> String {
    let mut out = String::new();
    for party in people {
        if !out.is_empty() {
            out.push_str(", ");
        }
        if let Some(name) = &party.name {
            out.push_str(name);
            out.push(' ');
        }
        out.push_str(&party.handle);
    }
    out
}
