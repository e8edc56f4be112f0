//! Items: one row per message, mail or page, whatever scopes it is in.

use inlet_model::{
    AttachmentInfo, Flags, ItemId, Kind, MailMeta, NoteMeta, Party, Reaction, Receipt, Record, Rsvp, SourceId,
    ThreadId, Timestamp, Todo,
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::{Result, WriteTx};
use crate::{
    api::types::ReplyWindow,
    clock::{from_millis, millis},
};

/// Everybody an item names beside its author.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct People {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) to: Vec<Party>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) cc: Vec<Party>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) bcc: Vec<Party>,
}

/// What of an item is kept as JSON because nothing asks for it by itself.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Extra {
    #[serde(default)]
    pub(crate) mail: MailMeta,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) reactions: Vec<Reaction>,
    #[serde(default, skip_serializing_if = "says_nothing")]
    pub(crate) note: NoteMeta,
    /// Nobody wrote it: [`Record::event`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) event: bool,
}

fn says_nothing(note: &NoteMeta) -> bool {
    *note == NoteMeta::default()
}

/// An item without its body.
#[derive(Clone, Debug)]
pub(crate) struct ItemRow {
    pub(crate) id: ItemId,
    pub(crate) source: SourceId,
    pub(crate) thread: ThreadId,
    pub(crate) kind: Kind,
    pub(crate) stable_id: String,
    pub(crate) message_id: Option<String>,
    pub(crate) at: Timestamp,
    pub(crate) from: Option<Party>,
    pub(crate) from_me: bool,
    pub(crate) title: String,
    pub(crate) size: u64,
    pub(crate) flags: Flags,
    pub(crate) has_html: bool,
    pub(crate) has_attachment: bool,
    pub(crate) retracted: bool,
    pub(crate) edited: bool,
    pub(crate) receipt: Receipt,
    pub(crate) people: People,
    pub(crate) references: Vec<String>,
    pub(crate) extra: Extra,
    pub(crate) body: i64,
    pub(crate) op: Option<i64>,
    pub(crate) text_rev: i64,
    pub(crate) deleted: bool,
}

const ROW: &str = "SELECT id, source, thread, kind, stable_id, message_id, at, from_name, from_handle, from_me, title,
    size, read, starred, answered, draft, has_html, has_attachment, retracted, edited_at IS NOT NULL, people, refs, meta,
    body, op, text_rev, deleted, receipt FROM item";

fn row(row: &Row<'_>) -> rusqlite::Result<ItemRow> {
    let kind: String = row.get(3)?;
    let handle: Option<String> = row.get(8)?;
    let name: Option<String> = row.get(7)?;
    let people: String = row.get(20)?;
    let refs: String = row.get(21)?;
    let extra: String = row.get(22)?;
    Ok(ItemRow {
        id: ItemId(row.get(0)?),
        source: SourceId(row.get(1)?),
        thread: ThreadId(row.get(2)?),
        kind: super::thread::kind_of(&kind),
        stable_id: row.get(4)?,
        message_id: row.get(5)?,
        at: from_millis(row.get(6)?),
        from: handle.map(|handle| Party { name, handle }),
        from_me: row.get(9)?,
        title: row.get(10)?,
        size: row.get(11)?,
        flags: Flags { read: row.get(12)?, starred: row.get(13)?, answered: row.get(14)?, draft: row.get(15)? },
        has_html: row.get(16)?,
        has_attachment: row.get(17)?,
        retracted: row.get(18)?,
        edited: row.get(19)?,
        people: serde_json::from_str(&people).unwrap_or_default(),
        references: serde_json::from_str(&refs).unwrap_or_default(),
        extra: serde_json::from_str(&extra).unwrap_or_default(),
        body: row.get(23)?,
        op: row.get(24)?,
        text_rev: row.get(25)?,
        deleted: row.get(26)?,
        receipt: receipt(row.get(27)?),
    })
}

/// The stored number of a receipt, which grows as belief does.
fn receipt_number(receipt: Receipt) -> i64 {
    match receipt {
        Receipt::None => 0,
        Receipt::Sent => 1,
        Receipt::Failed => 2,
        Receipt::Delivered => 3,
        Receipt::Read => 4,
    }
}

fn receipt(number: i64) -> Receipt {
    const ALL: [Receipt; 4] = [Receipt::Sent, Receipt::Failed, Receipt::Delivered, Receipt::Read];
    ALL.into_iter().find(|receipt| receipt_number(*receipt) == number).unwrap_or_default()
}

pub(crate) fn get(conn: &Connection, id: ItemId) -> Result<Option<ItemRow>> {
    Ok(conn.prepare_cached(&format!("{ROW} WHERE id = ?1 AND deleted = 0"))?.query_row([id.0], row).optional()?)
}

/// What a list of hits shows of an item.
pub(crate) struct Brief {
    pub(crate) source: SourceId,
    pub(crate) kind: Kind,
    pub(crate) at: Timestamp,
    pub(crate) from: Option<Party>,
    pub(crate) title: String,
    pub(crate) unread: bool,
    pub(crate) has_attachment: bool,
    pub(crate) thread: ThreadId,
    pub(crate) body: i64,
}

/// The little of an item that a hit shows: fifty of them are read between two keys.
pub(crate) fn brief(conn: &Connection, id: ItemId) -> Result<Option<Brief>> {
    Ok(conn
        .prepare_cached(
            "SELECT source, kind, at, from_name, from_handle, title, read = 0 AND from_me = 0, has_attachment, thread,
             body FROM item WHERE id = ?1 AND deleted = 0",
        )?
        .query_row([id.0], |row| {
            let (kind, handle): (String, Option<String>) = (row.get(1)?, row.get(4)?);
            let name = row.get(3)?;
            Ok(Brief {
                source: SourceId(row.get(0)?),
                kind: super::thread::kind_of(&kind),
                at: from_millis(row.get(2)?),
                from: handle.map(|handle| Party { name, handle }),
                title: row.get(5)?,
                unread: row.get(6)?,
                has_attachment: row.get(7)?,
                thread: ThreadId(row.get(8)?),
                body: row.get(9)?,
            })
        })
        .optional()?)
}

/// As [`get`], deleted ones too.
pub(crate) fn by_stable_id(conn: &Connection, source: SourceId, stable_id: &str) -> Result<Option<ItemRow>> {
    Ok(conn
        .prepare_cached(&format!("{ROW} WHERE source = ?1 AND stable_id = ?2"))?
        .query_row(params![source.0, stable_id], row)
        .optional()?)
}

/// The item the outbox made under this key, while the platform's copy has not been seen.
pub(crate) fn echo(conn: &Connection, source: SourceId, message_id: &str) -> Result<Option<ItemRow>> {
    Ok(conn
        .prepare_cached(&format!("{ROW} WHERE source = ?1 AND message_id = ?2 AND op IS NOT NULL LIMIT 1"))?
        .query_row(params![source.0, message_id], row)
        .optional()?)
}

/// The item of a thread that has this Message-ID, unless it is a draft.
pub(crate) fn by_message_id(
    conn: &Connection,
    source: SourceId,
    thread: ThreadId,
    message_id: &str,
) -> Result<Option<ItemId>> {
    Ok(conn
        .prepare_cached(
            "SELECT id FROM item WHERE source = ?1 AND message_id = ?3 AND thread = ?2 AND draft = 0 AND deleted = 0
             LIMIT 1",
        )?
        .query_row(params![source.0, thread.0, message_id], |row| row.get(0).map(ItemId))
        .optional()?)
}

/// The items of a thread, newest first; drafts where there is nothing else.
pub(crate) fn of_thread(
    conn: &Connection,
    thread: ThreadId,
    before: Option<(Timestamp, ItemId)>,
    limit: u32,
) -> Result<Vec<ItemRow>> {
    let (at, id) = before.map_or((i64::MAX, i64::MAX), |(at, id)| (millis(at), id.0));
    Ok(conn
        .prepare_cached(&format!(
            "{ROW} WHERE {} AND (at, id) < (?2, ?3) ORDER BY at DESC, id DESC LIMIT ?4",
            super::thread::SUMMED
        ))?
        .query_map(params![thread.0, at, id, limit], row)?
        .collect::<Result<_, _>>()?)
}

pub(crate) fn ids_of_thread(conn: &Connection, thread: ThreadId) -> Result<Vec<ItemId>> {
    Ok(conn
        .prepare_cached("SELECT id FROM item WHERE thread = ?1 AND deleted = 0 ORDER BY at, id")?
        .query_map([thread.0], |row| row.get(0).map(ItemId))?
        .collect::<Result<_, _>>()?)
}

/// Every item, oldest first.
pub(crate) fn all_ids(conn: &Connection) -> Result<Vec<ItemId>> {
    Ok(conn
        .prepare_cached("SELECT id FROM item WHERE deleted = 0 ORDER BY at, id")?
        .query_map([], |row| row.get(0).map(ItemId))?
        .collect::<Result<_, _>>()?)
}

/// Those whose text has not changed after `rev`.
pub(crate) fn ids_up_to(conn: &Connection, rev: i64) -> Result<Vec<ItemId>> {
    Ok(conn
        .prepare_cached("SELECT id FROM item WHERE deleted = 0 AND text_rev <= ?1")?
        .query_map([rev], |row| row.get(0).map(ItemId))?
        .collect::<Result<_, _>>()?)
}

/// Those that came, changed or went after `rev`.
pub(crate) fn ids_after(conn: &Connection, rev: i64) -> Result<Vec<ItemId>> {
    Ok(conn
        .prepare_cached("SELECT id FROM item WHERE text_rev > ?1 UNION ALL SELECT item FROM tomb WHERE rev > ?1")?
        .query_map([rev], |row| row.get(0).map(ItemId))?
        .collect::<Result<_, _>>()?)
}

/// Items whose text changed after `rev`, in the order it changed, deleted ones too.
pub(crate) fn changed_after(conn: &Connection, rev: i64, limit: usize) -> Result<Vec<ItemRow>> {
    Ok(conn
        .prepare_cached(&format!("{ROW} WHERE text_rev > ?1 ORDER BY text_rev LIMIT ?2"))?
        .query_map(params![rev, i64::try_from(limit).unwrap_or(i64::MAX)], row)?
        .collect::<Result<_, _>>()?)
}

/// The newest items that somebody else wrote and that are no rubbish, newest first.
pub(crate) fn newest_of_others(conn: &Connection, limit: u32) -> Result<Vec<ItemRow>> {
    Ok(conn
        .prepare_cached(&format!(
            "{ROW} WHERE from_me = 0 AND draft = 0 AND deleted = 0 AND retracted = 0 AND (SELECT place FROM thread
                 WHERE thread.id = item.thread) NOT IN ('junk', 'trash', 'drafts') ORDER BY at DESC, id DESC LIMIT ?1"
        ))?
        .query_map([limit], row)?
        .collect::<Result<_, _>>()?)
}

/// How many changes of text came after `rev`.
pub(crate) fn count_after(conn: &Connection, rev: i64) -> Result<u64> {
    Ok(conn
        .prepare_cached(
            "SELECT (SELECT count(*) FROM item WHERE text_rev > ?1) + (SELECT count(*) FROM tomb WHERE rev > ?1)",
        )?
        .query_row([rev], |row| row.get(0))?)
}

/// Buried items, with the rev of their burial.
pub(crate) fn tombs_after(conn: &Connection, rev: i64, limit: usize) -> Result<Vec<(ItemId, i64)>> {
    Ok(conn
        .prepare_cached("SELECT item, rev FROM tomb WHERE rev > ?1 ORDER BY rev LIMIT ?2")?
        .query_map(params![rev, i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
            Ok((ItemId(row.get(0)?), row.get(1)?))
        })?
        .collect::<Result<_, _>>()?)
}

/// Remembers that an item's row goes away at once.
pub(crate) fn entomb(tx: &WriteTx<'_>, item: i64) -> Result<()> {
    tx.main.prepare_cached("REPLACE INTO tomb VALUES (?1, ?2)")?.execute(params![item, tx.stamp()])?;
    Ok(())
}

/// An item's derived texts.
pub(crate) struct Derived {
    pub(crate) snippet: String,
    pub(crate) asks: bool,
    pub(crate) automatic: bool,
}

pub(crate) fn insert(
    tx: &WriteTx<'_>,
    source: SourceId,
    thread: ThreadId,
    record: &Record,
    derived: &Derived,
    body: i64,
    op: Option<i64>,
) -> Result<ItemId> {
    tx.main
        .prepare_cached(
            "INSERT INTO item (source, thread, kind, stable_id, message_id, at, from_name, from_handle, from_me, title,
                snippet, size, read, starred, answered, draft, has_html, has_attachment, asks, retracted, edited_at,
                people, refs, meta, body, op, text_rev, flag_rev, automatic, receipt, came)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
                ?22, ?23, ?24, ?25, ?26, ?27, ?27, ?28, ?29, CASE WHEN ?30 THEN 0 ELSE ?27 END)",
        )?
        .execute(params![
            source.0,
            thread.0,
            record.kind.as_str(),
            record.stable_id,
            record.message_id,
            millis(record.at),
            record.from.as_ref().and_then(|from| from.name.as_deref()),
            record.from.as_ref().map(|from| from.handle.as_str()),
            record.from_me,
            record.title,
            derived.snippet,
            i64::try_from(record.size).unwrap_or(i64::MAX),
            record.flags.read,
            record.flags.starred,
            record.flags.answered,
            record.flags.draft,
            record.has_html,
            has_file(&record.attachments),
            derived.asks,
            record.retracted,
            record.edited_at.map(millis),
            people_json(record)?,
            serde_json::to_string(&record.references)?,
            extra_json(record)?,
            body,
            op,
            tx.stamp(),
            derived.automatic,
            receipt_number(record.receipt),
            record.note.pending,
        ])?;
    Ok(ItemId(tx.main.last_insert_rowid()))
}

/// Writes the platform's newer version of an item over ours; flags are left to [`set_flags`].
pub(crate) fn update(tx: &WriteTx<'_>, id: ItemId, record: &Record, derived: &Derived) -> Result<()> {
    tx.main
        .prepare_cached(
            "UPDATE item SET stable_id = ?2, message_id = coalesce(?3, message_id), at = ?4, from_name = ?5,
                from_handle = ?6, from_me = ?7, title = ?8, snippet = ?9, size = ?10, has_html = ?11,
                has_attachment = ?12, asks = ?13, retracted = ?14, edited_at = ?15, people = ?16, refs = ?17, meta = ?18,
                op = NULL, deleted = 0, text_rev = ?19, receipt = max(receipt, ?20),
                came = CASE came WHEN 0 THEN ?19 ELSE came END WHERE id = ?1",
        )?
        .execute(params![
            id.0,
            record.stable_id,
            record.message_id,
            millis(record.at),
            record.from.as_ref().and_then(|from| from.name.as_deref()),
            record.from.as_ref().map(|from| from.handle.as_str()),
            record.from_me,
            record.title,
            derived.snippet,
            i64::try_from(record.size).unwrap_or(i64::MAX),
            record.has_html,
            has_file(&record.attachments),
            derived.asks,
            record.retracted,
            record.edited_at.map(millis),
            people_json(record)?,
            serde_json::to_string(&record.references)?,
            extra_json(record)?,
            tx.stamp(),
            receipt_number(record.receipt),
        ])?;
    Ok(())
}

/// A page was changed on the platform and its content is still to come: its title and time are newer
/// than what it says.
pub(crate) fn update_heading(tx: &WriteTx<'_>, known: &ItemRow, record: &Record) -> Result<()> {
    let note = NoteMeta { todos: known.extra.note.todos.clone(), ..record.note.clone() };
    tx.main
        .prepare_cached(
            "UPDATE item SET title = ?2, at = ?3, meta = ?4, op = NULL, deleted = 0, text_rev = ?5 WHERE id = ?1",
        )?
        .execute(params![
            known.id.0,
            record.title,
            millis(record.at),
            serde_json::to_string(&Extra { note, ..known.extra.clone() })?,
            tx.stamp(),
        ])?;
    Ok(())
}

/// Ticks a to-do of a page, or takes the tick away; true when that changes anything.
pub(crate) fn set_todo(tx: &WriteTx<'_>, row: &ItemRow, todo: &str, done: bool) -> Result<bool> {
    let mut extra = row.extra.clone();
    let Some(found) = extra.note.todos.iter_mut().find(|one| one.id == todo && one.done != done) else {
        return Ok(false);
    };
    found.done = done;
    set_extra(tx, row.id, &extra)?;
    Ok(true)
}

/// The ticks of a page as they were, where it still has those to-dos.
pub(crate) fn keep_todos(tx: &WriteTx<'_>, row: &ItemRow, before: &[Todo]) -> Result<()> {
    let mut extra = row.extra.clone();
    for todo in &mut extra.note.todos {
        todo.done = before.iter().find(|one| one.id == todo.id).map_or(todo.done, |one| one.done);
    }
    set_extra(tx, row.id, &extra)
}

/// How I answered the invitation in it; true when that changes anything.
pub(crate) fn set_answer(tx: &WriteTx<'_>, row: &ItemRow, answer: Option<Rsvp>) -> Result<bool> {
    if row.extra.mail.answer == answer {
        return Ok(false);
    }
    let mut extra = row.extra.clone();
    extra.mail.answer = answer;
    set_extra(tx, row.id, &extra)?;
    Ok(true)
}

/// Somebody's reaction is this one now, or none.
pub(crate) fn react(tx: &WriteTx<'_>, row: &ItemRow, by: &Party, emoji: Option<&str>) -> Result<()> {
    let mut extra = row.extra.clone();
    for reaction in &mut extra.reactions {
        reaction.by.retain(|who| who.handle != by.handle);
    }
    if let Some(emoji) = emoji {
        match extra.reactions.iter_mut().find(|reaction| reaction.emoji == emoji) {
            Some(reaction) => reaction.by.push(by.clone()),
            None => extra.reactions.push(Reaction { emoji: emoji.to_owned(), by: vec![by.clone()], mine: false }),
        }
    }
    extra.reactions.retain(|reaction| reaction.mine || !reaction.by.is_empty());
    set_extra(tx, row.id, &extra)
}

/// My only reaction is this one now, or none.
pub(crate) fn react_myself(tx: &WriteTx<'_>, row: &ItemRow, emoji: Option<&str>) -> Result<()> {
    let mut reactions = row.extra.reactions.clone();
    for reaction in &mut reactions {
        reaction.mine = false;
    }
    reactions.retain(|reaction| reaction.mine || !reaction.by.is_empty());
    if let Some(emoji) = emoji {
        Reaction::give(&mut reactions, emoji, true, true);
    }
    set_reactions(tx, row, reactions)
}

/// The reactions to a message are these.
pub(crate) fn set_reactions(tx: &WriteTx<'_>, row: &ItemRow, reactions: Vec<Reaction>) -> Result<()> {
    set_extra(tx, row.id, &Extra { reactions, ..row.extra.clone() })
}

/// A message says something else now, or nothing any more; its body is the caller's business.
pub(crate) fn rewrite(
    tx: &WriteTx<'_>,
    id: ItemId,
    snippet: &str,
    asks: bool,
    size: usize,
    edited_at: Option<Timestamp>,
    retracted: bool,
) -> Result<()> {
    tx.main
        .prepare_cached(
            "UPDATE item SET snippet = ?2, asks = ?3, size = ?4, edited_at = coalesce(?5, edited_at), has_html = 0,
                retracted = ?6, has_attachment = has_attachment AND NOT ?6, text_rev = ?7 WHERE id = ?1",
        )?
        .execute(params![id.0, snippet, asks, size, edited_at.map(millis), retracted, tx.stamp()])?;
    Ok(())
}

/// When its author wrote it anew last.
pub(crate) fn edited_at(conn: &Connection, id: ItemId) -> Result<Option<Timestamp>> {
    let at: Option<i64> =
        conn.prepare_cached("SELECT edited_at FROM item WHERE id = ?1")?.query_row([id.0], |row| row.get(0))?;
    Ok(at.map(from_millis))
}

/// Until when one may write freely in a thread; `None` on a platform that does not mind.
pub(crate) fn reply_window(conn: &Connection, source: SourceId, thread: ThreadId) -> Result<Option<ReplyWindow>> {
    let Some(hours) = super::source::capabilities(conn, source)?.reply_window else { return Ok(None) };
    let until =
        heard_last(conn, thread)?.and_then(|at| at.checked_add(jiff::SignedDuration::from_hours(hours.into())).ok());
    Ok(Some(ReplyWindow { hours, until }))
}

/// When somebody else wrote last in a thread; what nobody wrote does not count.
pub(crate) fn heard_last(conn: &Connection, thread: ThreadId) -> Result<Option<Timestamp>> {
    let at: Option<i64> = conn
        .prepare_cached(
            "SELECT max(at) FROM item WHERE thread = ?1 AND from_me = 0 AND deleted = 0 AND draft = 0
             AND coalesce(from_handle, '') <> ''",
        )?
        .query_row([thread.0], |row| row.get(0))?;
    Ok(at.map(from_millis))
}

fn set_extra(tx: &WriteTx<'_>, id: ItemId, extra: &Extra) -> Result<()> {
    tx.main.prepare_cached("UPDATE item SET meta = ?2, flag_rev = ?3 WHERE id = ?1")?.execute(params![
        id.0,
        serde_json::to_string(extra)?,
        tx.stamp()
    ])?;
    Ok(())
}

/// What a mail brings beside its words is known only now.
pub(crate) fn set_mail(tx: &WriteTx<'_>, row: &ItemRow, mail: &MailMeta) -> Result<()> {
    let extra = Extra { mail: mail.clone(), ..row.extra.clone() };
    tx.main.prepare_cached("UPDATE item SET meta = ?2, text_rev = ?3 WHERE id = ?1")?.execute(params![
        row.id.0,
        serde_json::to_string(&extra)?,
        tx.stamp()
    ])?;
    Ok(())
}

/// A message of mine has come further; false when that was known, or a greater word has been heard.
pub(crate) fn set_receipt(tx: &WriteTx<'_>, id: ItemId, receipt: Receipt) -> Result<bool> {
    let changed = tx
        .main
        .prepare_cached("UPDATE item SET receipt = ?2 WHERE id = ?1 AND from_me = 1 AND receipt < ?2")?
        .execute(params![id.0, receipt_number(receipt)])?;
    Ok(changed > 0)
}

/// The item is back: its text is what it was.
pub(crate) fn revive(tx: &WriteTx<'_>, id: ItemId) -> Result<()> {
    tx.main
        .prepare_cached("UPDATE item SET deleted = 0, text_rev = ?2 WHERE id = ?1 AND deleted = 1")?
        .execute(params![id.0, tx.stamp()])?;
    Ok(())
}

/// The platform's copy is here: the item is no longer ours alone.
pub(crate) fn adopt(tx: &WriteTx<'_>, id: ItemId, stable_id: &str) -> Result<()> {
    tx.main
        .prepare_cached("UPDATE item SET stable_id = ?2, op = NULL WHERE id = ?1")?
        .execute(params![id.0, stable_id])?;
    Ok(())
}

/// The platform has named our own message; its copy is still to come.
pub(crate) fn set_stable_id(tx: &WriteTx<'_>, id: ItemId, stable_id: &str) -> Result<()> {
    tx.main.prepare_cached("UPDATE item SET stable_id = ?2 WHERE id = ?1")?.execute(params![id.0, stable_id])?;
    Ok(())
}

/// Sets flags; true when one of them was different.
pub(crate) fn set_flags(tx: &WriteTx<'_>, id: ItemId, flags: Flags) -> Result<bool> {
    let changed = tx
        .main
        .prepare_cached(
            "UPDATE item SET read = ?2, starred = ?3, answered = ?4, draft = ?5, flag_rev = ?6
             WHERE id = ?1 AND (read, starred, answered, draft) <> (?2, ?3, ?4, ?5)",
        )?
        .execute(params![id.0, flags.read, flags.starred, flags.answered, flags.draft, tx.stamp()])?;
    Ok(changed > 0)
}

/// Marks an item deleted; followers hear of it, and [`purge`] takes the row away later.
pub(crate) fn soft_delete(tx: &WriteTx<'_>, id: ItemId) -> Result<()> {
    tx.main
        .prepare_cached("UPDATE item SET deleted = 1, text_rev = ?2 WHERE id = ?1 AND deleted = 0")?
        .execute(params![id.0, tx.stamp()])?;
    Ok(())
}

/// Takes away the rows of deleted items that every follower has passed, and the tombs.
pub(crate) fn purge(tx: &WriteTx<'_>, watermark: i64) -> Result<usize> {
    let gone: Vec<(i64, i64)> = tx
        .main
        .prepare_cached("SELECT id, body FROM item WHERE deleted = 1 AND text_rev <= ?1 LIMIT 1000")?
        .query_map([watermark], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (id, body) in &gone {
        tx.main.prepare_cached("DELETE FROM item WHERE id = ?1")?.execute([id])?;
        super::body::delete(tx, *body)?;
    }
    tx.main.prepare_cached("DELETE FROM tomb WHERE rev <= ?1")?.execute([watermark])?;
    tx.main
        .prepare_cached(
            "DELETE FROM thread WHERE deleted = 1 AND rev <= ?1 AND NOT EXISTS (SELECT 1 FROM item WHERE thread = thread.id)",
        )?
        .execute([watermark])?;
    Ok(gone.len())
}

/// The stored reference of a Message-ID.
fn reference(message_id: &str) -> i64 {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(message_id.as_bytes());
    digest.iter().take(8).fold(0_i64, |value, byte| (value << 8) | i64::from(*byte))
}

/// The threads that hold or mention these Message-IDs, in the order of the ids.
pub(crate) fn threads_of_refs(tx: &WriteTx<'_>, source: SourceId, ids: &[&str]) -> Result<Vec<ThreadId>> {
    let mut statement = tx.main.prepare_cached("SELECT thread FROM thread_ref WHERE source = ?1 AND ref = ?2")?;
    let mut threads = Vec::new();
    for id in ids {
        let found = statement.query_row(params![source.0, reference(id)], |row| row.get(0).map(ThreadId)).optional()?;
        if let Some(thread) = found.filter(|thread| !threads.contains(thread)) {
            threads.push(thread);
        }
    }
    Ok(threads)
}

/// Writes down that these Message-IDs belong to a thread.
pub(crate) fn note_refs(tx: &WriteTx<'_>, source: SourceId, ids: &[&str], thread: ThreadId) -> Result<()> {
    let mut statement = tx.main.prepare_cached("INSERT OR IGNORE INTO thread_ref VALUES (?1, ?2, ?3)")?;
    for id in ids {
        statement.execute(params![source.0, reference(id), thread.0])?;
    }
    Ok(())
}

/// Everybody who is in the conversation, as handles.
pub(crate) fn handles_of_thread(tx: &WriteTx<'_>, thread: ThreadId) -> Result<Vec<String>> {
    let mut handles = Vec::new();
    let mut statement =
        tx.main.prepare_cached("SELECT from_handle, people FROM item WHERE thread = ?1 ORDER BY at DESC LIMIT 20")?;
    let rows =
        statement.query_map([thread.0], |row| Ok((row.get::<_, Option<String>>(0)?, row.get::<_, String>(1)?)))?;
    for row in rows {
        let (from, people) = row?;
        let people: People = serde_json::from_str(&people).unwrap_or_default();
        handles.extend(from.into_iter().chain(people.to.into_iter().chain(people.cc).map(|party| party.handle)));
    }
    Ok(handles)
}

fn has_file(attachments: &[AttachmentInfo]) -> bool {
    attachments.iter().any(|attachment| !attachment.inline)
}

fn people_json(record: &Record) -> Result<String> {
    Ok(serde_json::to_string(&People { to: record.to.clone(), cc: record.cc.clone(), bcc: record.bcc.clone() })?)
}

fn extra_json(record: &Record) -> Result<String> {
    let (mail, reactions, note) = (record.meta.clone(), record.reactions.clone(), record.note.clone());
    Ok(serde_json::to_string(&Extra { mail, reactions, note, event: record.event })?)
}
