//! Conversations: their summaries, which every list shows, and the rules for where one lives.

use inlet_model::{Kind, Party, ScopeId, SourceId, SourceType, ThreadId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};

use super::{Result, StoreError, WriteTx};
use crate::{
    api::types::{Group, ListParams, NextAction, Place, ThreadRow, View},
    clock::{from_millis, millis},
};

/// A thread to be made.
pub(crate) struct NewThread<'a> {
    pub(crate) source: SourceId,
    pub(crate) kind: Kind,
    pub(crate) key: Option<&'a str>,
    pub(crate) base_subject: &'a str,
    pub(crate) at: Timestamp,
}

pub(crate) fn insert(tx: &WriteTx<'_>, new: &NewThread<'_>) -> Result<ThreadId> {
    tx.main
        .prepare_cached("INSERT INTO thread (source, kind, key, base_subject, at) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![new.source.0, new.kind.as_str(), new.key, new.base_subject, millis(new.at)])?;
    Ok(ThreadId(tx.main.last_insert_rowid()))
}

pub(crate) fn by_key(conn: &Connection, source: SourceId, key: &str) -> Result<Option<ThreadId>> {
    Ok(conn
        .prepare_cached("SELECT id FROM thread WHERE source = ?1 AND key = ?2")?
        .query_row(params![source.0, key], |row| row.get(0).map(ThreadId))
        .optional()?)
}

/// Gives a thread that has none the platform's name, unless another one bears it.
pub(crate) fn adopt_key(tx: &WriteTx<'_>, id: ThreadId, key: &str) -> Result<()> {
    tx.main
        .prepare_cached("UPDATE OR IGNORE thread SET key = ?2 WHERE id = ?1 AND key IS NULL")?
        .execute(params![id.0, key])?;
    Ok(())
}

/// The platform calls a thread something else now, or nothing any more.
pub(crate) fn set_key(tx: &WriteTx<'_>, id: ThreadId, key: Option<&str>) -> Result<()> {
    tx.main.prepare_cached("UPDATE thread SET key = ?2 WHERE id = ?1")?.execute(params![id.0, key])?;
    Ok(())
}

/// Threads of the same subject that were alive within `days` of `at`, newest first.
pub(crate) fn by_subject(
    tx: &WriteTx<'_>,
    source: SourceId,
    base_subject: &str,
    at: Timestamp,
    days: i64,
) -> Result<Vec<ThreadId>> {
    let span = days * 86_400_000;
    tx.main
        .prepare_cached(
            "SELECT id FROM thread WHERE source = ?1 AND base_subject = ?2 AND base_subject <> ''
             AND at BETWEEN ?3 AND ?4 AND key IS NULL AND deleted = 0 ORDER BY at DESC LIMIT 5",
        )?
        .query_map(params![source.0, base_subject, millis(at) - span, millis(at) + span], |row| {
            row.get(0).map(ThreadId)
        })?
        .collect::<Result<_, _>>()
        .map_err(StoreError::from)
}

/// Moves everything of `from` into `into`: two halves of one conversation have met.
pub(crate) fn merge(tx: &WriteTx<'_>, from: ThreadId, into: ThreadId) -> Result<()> {
    for sql in [
        "UPDATE item SET thread = ?2 WHERE thread = ?1",
        "UPDATE thread_ref SET thread = ?2 WHERE thread = ?1",
        "UPDATE outbox SET thread = ?2 WHERE thread = ?1",
        "UPDATE draft SET thread = ?2 WHERE thread = ?1",
        "UPDATE thread SET muted = max(muted, (SELECT muted FROM thread WHERE id = ?1)),
             remind_at = coalesce(remind_at, (SELECT remind_at FROM thread WHERE id = ?1)),
             settled_at = coalesce(max(settled_at, (SELECT settled_at FROM thread WHERE id = ?1)), settled_at,
                 (SELECT settled_at FROM thread WHERE id = ?1)) WHERE id = ?2",
    ] {
        tx.main.prepare_cached(sql)?.execute(params![from.0, into.0])?;
    }
    tx.touch(from);
    tx.touch(into);
    Ok(())
}

/// What a person set on a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Marks {
    pub(crate) muted: bool,
    pub(crate) snoozed_until: Option<i64>,
    pub(crate) done_at: Option<i64>,
    #[serde(default)]
    pub(crate) remind_at: Option<i64>,
    #[serde(default)]
    pub(crate) unanswered_since: Option<i64>,
    #[serde(default)]
    pub(crate) settled_at: Option<i64>,
}

pub(crate) fn marks(conn: &Connection, id: ThreadId) -> Result<Option<Marks>> {
    Ok(conn
        .prepare_cached(
            "SELECT muted, snoozed_until, done_at, remind_at, unanswered_since, settled_at FROM thread
             WHERE id = ?1 AND deleted = 0",
        )?
        .query_row([id.0], |row| {
            Ok(Marks {
                muted: row.get(0)?,
                snoozed_until: row.get(1)?,
                done_at: row.get(2)?,
                remind_at: row.get(3)?,
                unanswered_since: row.get(4)?,
                settled_at: row.get(5)?,
            })
        })
        .optional()?)
}

pub(crate) fn set_marks(tx: &WriteTx<'_>, id: ThreadId, marks: Marks) -> Result<()> {
    tx.main
        .prepare_cached(
            "UPDATE thread SET muted = ?2, snoozed_until = ?3, done_at = ?4, remind_at = ?5, unanswered_since = ?6,
                 settled_at = ?7 WHERE id = ?1",
        )?
        .execute(params![
            id.0,
            marks.muted,
            marks.snoozed_until,
            marks.done_at,
            marks.remind_at,
            marks.unanswered_since,
            marks.settled_at,
        ])?;
    tx.touch(id);
    Ok(())
}

/// Something new came in: a snoozed conversation is back.
pub(crate) fn wake(tx: &WriteTx<'_>, id: ThreadId) -> Result<()> {
    tx.main.prepare_cached("UPDATE thread SET snoozed_until = NULL WHERE id = ?1")?.execute([id.0])?;
    Ok(())
}

/// Brings back what was snoozed until now, and what nobody has answered until now; when the next one is due.
pub(crate) fn wake_due(tx: &WriteTx<'_>, now: Timestamp) -> Result<Option<Timestamp>> {
    let due: Vec<i64> = tx
        .main
        .prepare_cached("SELECT id FROM thread WHERE snoozed_until <= ?1")?
        .query_map([millis(now)], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for id in due {
        wake(tx, ThreadId(id))?;
        tx.touch(ThreadId(id));
    }
    let next_reminder = super::reminder::bring_due(tx, now)?;
    let next_snoozed: Option<i64> = tx
        .main
        .prepare_cached("SELECT min(snoozed_until) FROM thread WHERE snoozed_until IS NOT NULL")?
        .query_row([], |row| row.get(0))?;
    Ok(next_snoozed.map(from_millis).into_iter().chain(next_reminder).min())
}

/// The items a summary is made of: a draft is none of them, unless there is nothing else.
pub(super) const SUMMED: &str = "thread = ?1 AND deleted = 0 AND (draft = 0 OR NOT EXISTS (
    SELECT 1 FROM item AS sent WHERE sent.thread = ?1 AND sent.deleted = 0 AND sent.draft = 0))";

/// Where a thread lives by what has just been set on it.
pub(crate) fn lies(tx: &WriteTx<'_>, id: ThreadId) -> Result<Option<Place>> {
    refresh(tx, id)?;
    Ok(get(tx.main, id)?.map(|row| row.place))
}

/// Makes the summary of a thread anew from its items.
pub(super) fn refresh(tx: &WriteTx<'_>, id: ThreadId) -> Result<()> {
    let conn = tx.main;
    let rev = tx.stamp();
    let sums = conn
        .prepare_cached(&format!(
            "SELECT count(*), coalesce(sum(read = 0 AND from_me = 0), 0), coalesce(max(starred), 0),
                    coalesce(max(has_attachment), 0), coalesce(max(from_me AND draft = 0), 0),
                    coalesce(sum(from_me = 0), 0), max(CASE WHEN from_me = 0 THEN at END),
                    coalesce(min(automatic OR from_me), 0), coalesce(min(draft), 0)
             FROM item WHERE {SUMMED}"
        ))?
        .query_row([id.0], |row| {
            Ok(Sums {
                total: row.get(0)?,
                unread: row.get(1)?,
                starred: row.get(2)?,
                has_attachment: row.get(3)?,
                has_sent: row.get(4)?,
                incoming: row.get(5)?,
                last_incoming: row.get(6)?,
                automatic: row.get(7)?,
                unsent: row.get(8)?,
            })
        })?;
    if sums.total == 0 {
        conn.prepare_cached("UPDATE thread SET deleted = 1, rev = ?2, total = 0, unread = 0 WHERE id = ?1")?
            .execute(params![id.0, rev])?;
        return Ok(());
    }
    let (kind, muted, snoozed, done_at, unanswered): (String, bool, bool, Option<i64>, bool) = conn
        .prepare_cached(
            "SELECT kind, muted, snoozed_until IS NOT NULL, done_at, unanswered_since IS NOT NULL
             FROM thread WHERE id = ?1",
        )?
        .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?;
    let newest = conn
        .prepare_cached(&format!(
            "SELECT at, from_me, snippet, title, asks, people, coalesce(json_extract(meta, '$.event'), 0) FROM item
             WHERE {SUMMED} ORDER BY at DESC, id DESC LIMIT 1"
        ))?
        .query_row([id.0], |row| {
            Ok(Newest {
                at: row.get(0)?,
                from_me: row.get(1)?,
                snippet: row.get(2)?,
                title: row.get(3)?,
                asks: row.get(4)?,
                to: row.get(5)?,
                event: row.get(6)?,
            })
        })?;
    let Newest { at, from_me, snippet, title: newest_title, asks, to, event } = newest;
    // A mail thread is called what it was called at first, a chat or page what it is called now.
    let title = if kind == Kind::Mail.as_str() {
        conn.prepare_cached(&format!("SELECT title FROM item WHERE {SUMMED} ORDER BY at, id LIMIT 1"))?
            .query_row([id.0], |row| row.get(0))?
    } else {
        newest_title
    };
    let people = super::moved::as_reached(conn, id, people(conn, id, &to)?)?;
    let (roles, labels) = roles(conn, id)?;
    let standing = Standing {
        kind: &kind,
        roles: &roles,
        muted,
        snoozed,
        only_mine: sums.incoming == 0,
        done: done_at.is_some_and(|done| sums.last_incoming.unwrap_or(at) <= done),
        unanswered,
    };
    conn.prepare_cached(
        "UPDATE thread SET title = ?2, people = ?3, labels = ?4, snippet = ?5, at = ?6, unread = ?7, total = ?8,
             starred = ?9, place = ?10, has_attachment = ?11, has_sent = ?12, last_from_me = ?13, waiting = ?14,
             rev = ?15, automatic = ?16, event = ?17, deleted = 0 WHERE id = ?1",
    )?
    .execute(params![
        id.0,
        title,
        serde_json::to_string(&people)?,
        serde_json::to_string(&labels)?,
        snippet,
        at,
        sums.unread,
        sums.total,
        sums.starred,
        word(standing.place()),
        sums.has_attachment,
        sums.has_sent,
        from_me,
        from_me && asks && !sums.unsent,
        rev,
        sums.automatic && sums.incoming > 0 && !sums.has_sent,
        event,
    ])?;
    Ok(())
}

/// What the newest item of a thread says of it.
struct Newest {
    at: i64,
    from_me: bool,
    snippet: String,
    title: String,
    asks: bool,
    to: String,
    event: bool,
}

struct Sums {
    total: i64,
    unread: i64,
    starred: bool,
    has_attachment: bool,
    has_sent: bool,
    incoming: i64,
    last_incoming: Option<i64>,
    automatic: bool,
    /// Nothing of it has been sent.
    unsent: bool,
}

/// What decides where a thread lives.
struct Standing<'a> {
    kind: &'a str,
    roles: &'a [String],
    muted: bool,
    snoozed: bool,
    only_mine: bool,
    done: bool,
    /// A reminder has brought it back.
    unanswered: bool,
}

impl Standing<'_> {
    fn has(&self, role: &str) -> bool {
        self.roles.iter().any(|have| have == role)
    }

    fn place(&self) -> Place {
        if self.kind == Kind::Note.as_str() {
            return Place::Notes;
        }
        let unanswered = self.unanswered && !self.has("trash") && !self.has("junk");
        // A chat is where it is, but one that was imported lies in the archive.
        let in_inbox = self.has("inbox") || (self.kind == Kind::Chat.as_str() && !self.has("archive"));
        if unanswered || (in_inbox && !self.done) {
            return match (self.snoozed, self.muted && !unanswered) {
                (true, _) => Place::Snoozed,
                (false, true) => Place::Archive,
                (false, false) => Place::Inbox,
            };
        }
        let kept = in_inbox || ["archive", "all", "other"].iter().any(|role| self.has(role));
        if self.has("trash") && !kept {
            Place::Trash
        } else if self.has("junk") && !kept {
            Place::Junk
        } else if self.has("drafts") && self.only_mine && !self.has("sent") {
            Place::Drafts
        } else if self.only_mine {
            Place::Sent
        } else {
            Place::Archive
        }
    }
}

/// Who wrote, newest first and me left out; who was written to when only I wrote.
fn people(conn: &Connection, id: ThreadId, newest: &str) -> Result<Vec<Party>> {
    let mut statement = conn.prepare_cached(
        "SELECT from_name, from_handle FROM item WHERE thread = ?1 AND deleted = 0 AND from_me = 0
         AND from_handle IS NOT NULL GROUP BY from_handle ORDER BY max(at) DESC LIMIT 6",
    )?;
    let mut writers: Vec<Party> = statement
        .query_map([id.0], |row| Ok(Party { name: row.get(0)?, handle: row.get(1)? }))?
        .collect::<Result<_, _>>()?;
    // What a platform says itself, beside people, makes it none of them.
    if writers.iter().any(|party| !party.handle.is_empty()) {
        writers.retain(|party| !party.handle.is_empty());
    }
    if !writers.is_empty() {
        return Ok(writers);
    }
    let people: super::item::People = serde_json::from_str(newest)?;
    Ok(people.to.into_iter().chain(people.cc).take(6).collect())
}

/// The roles of the scopes it is in, and the names of those that have none.
fn roles(conn: &Connection, id: ThreadId) -> Result<(Vec<String>, Vec<String>)> {
    let mut statement = conn.prepare_cached(
        "SELECT DISTINCT scope.role, scope.name FROM item
         JOIN placement ON placement.item = item.id JOIN scope ON scope.id = placement.scope
         WHERE item.thread = ?1 AND item.deleted = 0
         AND NOT (placement.op IS NOT NULL AND placement.remote_id IS NOT NULL)",
    )?;
    let rows: Vec<(String, String)> =
        statement.query_map([id.0], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let mut roles = Vec::new();
    let mut labels = Vec::new();
    for (role, name) in rows {
        if matches!(role.as_str(), "other" | "label") {
            labels.push(name);
        }
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    labels.sort();
    Ok((roles, labels))
}

fn word(place: Place) -> &'static str {
    match place {
        Place::Inbox => "inbox",
        Place::Snoozed => "snoozed",
        Place::Archive => "archive",
        Place::Sent => "sent",
        Place::Drafts => "drafts",
        Place::Notes => "notes",
        Place::Junk => "junk",
        Place::Trash => "trash",
    }
}

/// The place a stored word names.
pub(crate) fn place(word: &str) -> Place {
    match word {
        "inbox" => Place::Inbox,
        "snoozed" => Place::Snoozed,
        "sent" => Place::Sent,
        "drafts" => Place::Drafts,
        "notes" => Place::Notes,
        "junk" => Place::Junk,
        "trash" => Place::Trash,
        _ => Place::Archive,
    }
}

/// What is asked shows in lists from [`crate::actions::SOON`] on.
const _: () = assert!(crate::actions::SOON == 35, "ROW names it");
const ROW: &str = "SELECT thread.id, thread.source, source.type, thread.kind, thread.title, thread.people,
    thread.snippet, thread.at, thread.unread, thread.total, thread.starred, thread.place, thread.labels,
    thread.has_attachment, thread.last_from_me, thread.muted, thread.snoozed_until, thread.waiting,
    thread.remind_at, thread.unanswered_since, suggestion.state,
    json_extract(suggestion.data, '$.due.exact.date'), thread.event
    FROM thread JOIN source ON source.id = thread.source
    LEFT JOIN suggestion ON suggestion.thread = thread.id AND suggestion.score >= 35";

fn row(row: &Row<'_>) -> rusqlite::Result<ThreadRow> {
    let source_type: String = row.get(2)?;
    let kind: String = row.get(3)?;
    let people: String = row.get(5)?;
    let labels: String = row.get(12)?;
    let place_word: String = row.get(11)?;
    Ok(ThreadRow {
        id: ThreadId(row.get(0)?),
        source: SourceId(row.get(1)?),
        source_type: SourceType::from_word(&source_type).unwrap_or(SourceType::Imap),
        kind: kind_of(&kind),
        title: row.get(4)?,
        people: serde_json::from_str(&people).unwrap_or_default(),
        snippet: row.get(6)?,
        event: row.get(22)?,
        at: from_millis(row.get(7)?),
        unread: row.get(8)?,
        total: row.get(9)?,
        starred: row.get(10)?,
        place: place(&place_word),
        labels: serde_json::from_str(&labels).unwrap_or_default(),
        has_attachment: row.get(13)?,
        last_from_me: row.get(14)?,
        muted: row.get(15)?,
        snoozed_until: row.get::<_, Option<i64>>(16)?.map(from_millis),
        waiting: row.get(17)?,
        remind_at: row.get::<_, Option<i64>>(18)?.map(from_millis),
        unanswered_since: row.get::<_, Option<i64>>(19)?.map(from_millis),
        next: match row.get::<_, Option<String>>(20)? {
            None => None,
            Some(word) => Some(NextAction { state: super::suggestion::state(&word), day: row.get(21)? }),
        },
    })
}

/// The family a stored word names.
pub(crate) fn kind_of(word: &str) -> Kind {
    match word {
        "chat" => Kind::Chat,
        "note" => Kind::Note,
        _ => Kind::Mail,
    }
}

pub(crate) fn get(conn: &Connection, id: ThreadId) -> Result<Option<ThreadRow>> {
    Ok(conn
        .prepare_cached(&format!("{ROW} WHERE thread.id = ?1 AND thread.deleted = 0"))?
        .query_row([id.0], row)
        .optional()?)
}

/// The conditions of a list, and the values for them.
fn conditions(params: &ListParams) -> (String, Vec<Box<dyn ToSql>>) {
    let mut sql = String::from("thread.deleted = 0");
    sql.push_str(match params.view {
        View::Inbox => " AND thread.place = 'inbox'",
        View::Snoozed => " AND thread.place = 'snoozed'",
        View::Archive => " AND thread.place = 'archive'",
        View::Notes => " AND thread.place = 'notes'",
        View::Junk => " AND thread.place = 'junk'",
        View::Trash => " AND thread.place = 'trash'",
        // With its clock, below.
        View::Waiting => "",
        View::Sent => " AND thread.has_sent = 1 AND thread.place NOT IN ('junk', 'trash')",
        View::Starred => " AND thread.starred = 1 AND thread.place NOT IN ('junk', 'trash')",
        View::All => " AND thread.place NOT IN ('junk', 'trash', 'drafts')",
    });
    let mut values: Vec<Box<dyn ToSql>> = Vec::new();
    if params.view == View::Waiting {
        let (since, now) = params.waiting.map_or((i64::MIN, i64::MAX), |one| (millis(one.since), millis(one.now)));
        values.push(Box::new(since));
        values.push(Box::new(now));
        sql.push_str(&format!(" AND {}", super::suggestion::waited_in(1, 2)));
    }
    if params.unread {
        sql.push_str(" AND thread.unread > 0");
    }
    sql.push_str(match params.group {
        None => "",
        Some(Group::People) => " AND thread.automatic = 0 AND thread.kind <> 'note'",
        Some(Group::Updates) => " AND thread.automatic = 1",
    });
    if let Some(source) = params.source {
        values.push(Box::new(source.0));
        sql.push_str(&format!(" AND thread.source = ?{}", values.len()));
    }
    if let Some(kind) = params.kind {
        values.push(Box::new(kind.as_str()));
        sql.push_str(&format!(" AND thread.kind = ?{}", values.len()));
    }
    if let Some(ScopeId(scope)) = params.scope {
        values.push(Box::new(scope));
        sql.push_str(&format!(
            " AND thread.id IN (SELECT item.thread FROM placement JOIN item ON item.id = placement.item
               WHERE placement.scope = ?{} AND NOT (placement.op IS NOT NULL AND placement.remote_id IS NOT NULL))",
            values.len()
        ));
    }
    (sql, values)
}

/// A page of a list, newest first.
pub(crate) fn list(conn: &Connection, params: &ListParams, limit: u32) -> Result<Vec<ThreadRow>> {
    let (mut sql, mut values) = conditions(params);
    if let Some((at, id)) = params.after.as_deref().map(parse_key).transpose()? {
        values.push(Box::new(at));
        values.push(Box::new(id));
        let n = values.len();
        sql.push_str(&format!(" AND (thread.at, thread.id) < (?{}, ?{n})", n - 1));
    }
    values.push(Box::new(limit));
    let limit_at = values.len();
    values.push(Box::new(i64::try_from(params.offset.unwrap_or(0)).unwrap_or(i64::MAX)));
    // The rows of the page are chosen from an index alone; only they are then read whole.
    let sql = format!(
        "{ROW} WHERE thread.id IN (SELECT thread.id FROM thread WHERE {sql}
           ORDER BY thread.at DESC, thread.id DESC LIMIT ?{limit_at} OFFSET ?{})
         ORDER BY thread.at DESC, thread.id DESC",
        values.len()
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(rusqlite::params_from_iter(values.iter().map(AsRef::as_ref)), row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every thread of a list, newest first.
pub(crate) fn ids(conn: &Connection, params: &ListParams) -> Result<Vec<ThreadId>> {
    let (sql, values) = conditions(params);
    let sql = format!("SELECT thread.id FROM thread WHERE {sql} ORDER BY thread.at DESC, thread.id DESC");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement
        .query_map(rusqlite::params_from_iter(values.iter().map(AsRef::as_ref)), |row| row.get(0).map(ThreadId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// These threads as rows, in the order they are named.
pub(crate) fn rows(conn: &Connection, ids: &[ThreadId]) -> Result<Vec<ThreadRow>> {
    let mut statement = conn.prepare_cached(&format!("{ROW} WHERE thread.id = ?1 AND thread.deleted = 0"))?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        rows.extend(statement.query_row([id.0], row).optional()?);
    }
    Ok(rows)
}

/// How many threads a list holds.
pub(crate) fn count(conn: &Connection, params: &ListParams) -> Result<u64> {
    let (sql, values) = conditions(params);
    Ok(conn
        .prepare_cached(&format!("SELECT count(*) FROM thread WHERE {sql}"))?
        .query_row(rusqlite::params_from_iter(values.iter().map(AsRef::as_ref)), |row| row.get(0))?)
}

/// The key to go on after this row.
pub(crate) fn key_of(row: &ThreadRow) -> String {
    format!("{}.{}", millis(row.at), row.id.0)
}

/// Whether a list can go on after this.
pub(crate) fn is_key(key: &str) -> bool {
    parse_key(key).is_ok()
}

fn parse_key(key: &str) -> Result<(i64, i64)> {
    key.split_once('.')
        .and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)))
        .ok_or_else(|| StoreError::Value(format!("\"{}\" is not a page key", key.chars().take(40).collect::<String>())))
}

/// The platform's own name of a thread, where it has one.
pub(crate) fn key(conn: &Connection, id: ThreadId) -> Result<Option<String>> {
    Ok(conn
        .prepare_cached("SELECT key FROM thread WHERE id = ?1")?
        .query_row([id.0], |row| row.get(0))
        .optional()?
        .flatten())
}

/// The newest chat of a source with one person and nobody else.
pub(crate) fn alone_with(conn: &Connection, source: SourceId, handle: &str) -> Result<Option<ThreadId>> {
    Ok(conn
        .prepare_cached(
            "SELECT id FROM thread WHERE source = ?1 AND deleted = 0 AND kind = 'chat' AND json_array_length(people) = 1
             AND lower(json_extract(people, '$[0].handle')) = ?2 ORDER BY at DESC LIMIT 1",
        )?
        .query_row(params![source.0, handle.to_lowercase()], |row| row.get(0).map(ThreadId))
        .optional()?)
}

/// The sources these threads belong to.
pub(crate) fn sources(conn: &Connection, threads: &[ThreadId]) -> Result<Vec<SourceId>> {
    let mut sources = Vec::new();
    let mut statement = conn.prepare_cached("SELECT source FROM thread WHERE id = ?1")?;
    for thread in threads {
        let source = statement.query_row([thread.0], |row| row.get(0).map(SourceId)).optional()?;
        if let Some(source) = source.filter(|source| !sources.contains(source)) {
            sources.push(source);
        }
    }
    Ok(sources)
}

/// The newest rev of all.
pub(crate) fn newest_rev(conn: &Connection) -> Result<i64> {
    Ok(conn.prepare_cached("SELECT value FROM meta WHERE key = 'rev'")?.query_row([], |row| row.get(0))?)
}
