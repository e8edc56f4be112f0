//! Rules, what they have made of what came in, and how far they have come.

use std::collections::HashMap;

use inlet_model::{AccountConfig, AccountId, ItemId, Party, SourceId, ThreadId, Timestamp, Via};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Result, WriteTx, account, meta};
use crate::{
    api::types::{RuleLogEntry, RuleVerdict},
    clock::{from_millis, millis},
    compose::mailbox,
    rules::{
        UserRule,
        plan::{Past, Use},
    },
    text::fold,
};

/// Entries of the log that are kept where a rule held, and where none did.
const MOST: [(bool, i64); 2] = [(true, 2000), (false, 200)];

/// A rule, and the rev from which on it looks at what comes in.
pub(crate) type Stored = (UserRule, i64);

/// Every rule, in the order they are looked at.
pub(crate) fn all(conn: &Connection) -> Result<Vec<Stored>> {
    let mut statement = conn.prepare_cached("SELECT data, since FROM rule")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    let mut rules = Vec::new();
    for row in rows {
        let (data, since) = row?;
        rules.push((serde_json::from_str::<UserRule>(&data)?, since));
    }
    rules.sort_by(|(one, _), (other, _)| one.place().cmp(&other.place()));
    Ok(rules)
}

pub(crate) fn get(conn: &Connection, id: &str) -> Result<Option<Stored>> {
    let found = conn
        .prepare_cached("SELECT data, since FROM rule WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))
        .optional()?;
    found.map(|(data, since)| Ok((serde_json::from_str(&data)?, since))).transpose()
}

/// Keeps a rule in place of the one of this id. One that was off, or says something else, looks at what comes from
/// now on; what only moved goes on.
pub(crate) fn put(tx: &WriteTx<'_>, rule: &UserRule) -> Result<()> {
    let before = get(tx.main, &rule.id)?;
    let same = |old: &UserRule| {
        let moved = UserRule { priority: rule.priority, name: rule.name.clone(), ..old.clone() };
        old.enabled && moved == *rule
    };
    let since = match before {
        Some((old, since)) if same(&old) => since,
        _ => tx.stamp(),
    };
    tx.main.prepare_cached("REPLACE INTO rule VALUES (?1, ?2, ?3)")?.execute(params![
        rule.id,
        serde_json::to_string(rule)?,
        since
    ])?;
    tx.touch_rules();
    Ok(())
}

/// Forgets a rule; whether it was there. The log of what it did stays.
pub(crate) fn remove(tx: &WriteTx<'_>, id: &str) -> Result<bool> {
    let removed = tx.main.prepare_cached("DELETE FROM rule WHERE id = ?1")?.execute([id])?;
    tx.touch_rules();
    Ok(removed > 0)
}

/// The rev up to which rules were run.
pub(crate) fn watermark(conn: &Connection) -> Result<i64> {
    Ok(meta::get(conn, "ruled")?.unwrap_or_default())
}

pub(crate) fn set_watermark(tx: &WriteTx<'_>, rev: i64) -> Result<()> {
    meta::set(tx, "ruled", rev)
}

/// Something that came in.
pub(crate) struct Came {
    pub(crate) rev: i64,
    /// The item, where rules are for it: somebody else's, not older than the connection to its account, not junk.
    pub(crate) item: Option<ItemId>,
}

/// What came after `rev`, in order. A mail says its time in whole seconds: one that was sent in the moment its account
/// was connected is not older than that.
pub(crate) fn came_after(conn: &Connection, rev: i64, limit: usize) -> Result<Vec<Came>> {
    Ok(conn
        .prepare_cached(
            "SELECT item.came, item.id, item.from_me = 0 AND item.draft = 0 AND item.deleted = 0 AND item.retracted = 0
                 AND item.at >= account.created_at - 1000 AND source.type <> 'files'
                 AND thread.place NOT IN ('junk', 'trash', 'drafts')
             FROM item JOIN thread ON thread.id = item.thread JOIN source ON source.id = item.source
             JOIN account ON account.id = source.account
             WHERE item.came > ?1 AND item.came > 0 ORDER BY item.came LIMIT ?2",
        )?
        .query_map(params![rev, i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
            let wanted: bool = row.get(2)?;
            let id = ItemId(row.get(1)?);
            Ok(Came { rev: row.get(0)?, item: wanted.then_some(id) })
        })?
        .collect::<std::result::Result<_, _>>()?)
}

/// The names of every source: what a rule may call it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origin {
    names: std::collections::HashMap<SourceId, Vec<String>>,
}

impl Origin {
    pub(crate) fn read(conn: &Connection) -> Result<Self> {
        let mut statement = conn.prepare_cached(
            "SELECT source.id, source.type, source.name, account.name, coalesce(source.identity, '')
             FROM source JOIN account ON account.id = source.account",
        )?;
        let rows = statement.query_map([], |row| {
            let words: [String; 4] = [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
            Ok((SourceId(row.get(0)?), words))
        })?;
        let mut names = HashMap::new();
        for row in rows {
            let (id, words) = row?;
            let mut folded: Vec<String> =
                words.iter().map(|word| fold(word.trim())).filter(|word| !word.is_empty()).collect();
            folded.push(id.to_string());
            names.insert(id, folded);
        }
        Ok(Self { names })
    }

    pub(crate) fn words(&self, source: SourceId) -> Vec<String> {
        self.names.get(&source).cloned().unwrap_or_default()
    }
}

/// A channel that only sends, as a rule may name it.
#[derive(Clone, Debug)]
pub(crate) struct Channel {
    pub(crate) id: AccountId,
    pub(crate) name: String,
    /// The address it writes to, where it does.
    pub(crate) to: Option<String>,
    /// Where it goes: two channels of one place are one recipient, and so are a channel and the mailbox it writes to.
    pub(crate) place: String,
}

impl Channel {
    /// Every channel there is.
    pub(crate) fn all(conn: &Connection) -> Result<Vec<Self>> {
        let channel = |row: account::AccountRow| {
            let AccountConfig::Channel(config) = row.account.config else { return None };
            Some(Self::new(row.account.id, &row.account.name, config.via))
        };
        Ok(account::all(conn)?.into_iter().filter_map(channel).collect())
    }

    /// The one of this id or name; nothing where several share it.
    pub(crate) fn named<'a>(channels: &'a [Self], name: &str) -> Option<&'a Self> {
        let wanted = fold(name.trim());
        if let Some(found) = channels.iter().find(|channel| channel.id.to_string() == wanted) {
            return Some(found);
        }
        let mut named = channels.iter().filter(|channel| fold(channel.name.trim()) == wanted);
        named.next().filter(|_| named.next().is_none())
    }

    pub(crate) fn new(id: AccountId, name: &str, via: Via) -> Self {
        let (to, place) = match via {
            Via::Smtp(smtp) => (Some(smtp.to.trim().to_owned()), mailbox(&smtp.to)),
            Via::Telegram { chat, api_root } => (None, format!("telegram:{api_root}:{}", fold(chat.trim()))),
            Via::Webhook { url } => (None, format!("webhook:{url}")),
            // Where it leads is its secret.
            Via::SlackWebhook => (None, id.to_string()),
        };
        Self { id, name: name.to_owned(), to, place }
    }

    pub(crate) fn writes_to(&self, address: &str) -> bool {
        self.to.is_some() && self.place == mailbox(address)
    }
}

impl Past for Connection {
    fn count(&self, rule: &str, key: &str, since: Timestamp) -> Result<u64> {
        Ok(self
            .prepare_cached("SELECT count(*) FROM rule_use WHERE rule = ?1 AND key = ?2 AND at >= ?3")?
            .query_row(params![rule, key, millis(since)], |row| row.get(0))?)
    }
}

pub(crate) fn note_use(tx: &WriteTx<'_>, used: &Use, source: SourceId) -> Result<()> {
    /// More are never looked back at: a conversation that was answered before them is over.
    const KEPT: i64 = 20_000;
    tx.main
        .prepare_cached("INSERT INTO rule_use (rule, key, at, source) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![used.rule, used.key, millis(used.at), source.0])?;
    let id = tx.main.last_insert_rowid();
    tx.main.prepare_cached("DELETE FROM rule_use WHERE id <= ?1")?.execute([id - KEPT])?;
    Ok(())
}

/// Writes down what rules made of an item.
pub(crate) fn log(
    tx: &WriteTx<'_>,
    (source, thread, item): (SourceId, ThreadId, ItemId),
    verdicts: &[RuleVerdict],
    now: Timestamp,
) -> Result<()> {
    let held = verdicts.iter().any(|verdict| verdict.held);
    tx.main
        .prepare_cached("INSERT INTO rule_log (at, source, thread, item, held, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute(params![millis(now), source.0, thread.0, item.0, held, serde_json::to_string(verdicts)?])?;
    tx.touch_rules();
    Ok(())
}

/// Forgets what the log holds too much of.
pub(crate) fn prune(tx: &WriteTx<'_>) -> Result<()> {
    for (held, most) in MOST {
        tx.main
            .prepare_cached(
                "DELETE FROM rule_log WHERE held = ?1 AND id <= coalesce(
                     (SELECT id FROM rule_log WHERE held = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2), 0)",
            )?
            .execute(params![held, most])?;
    }
    Ok(())
}

/// Forgets what was made of anything before.
pub(crate) fn forget_before(tx: &WriteTx<'_>, until: Timestamp) -> Result<()> {
    tx.main.prepare_cached("DELETE FROM rule_log WHERE at < ?1")?.execute([millis(until)])?;
    Ok(())
}

/// How many entries were written before, and their bytes.
pub(crate) fn size_before(conn: &Connection, until: Timestamp) -> Result<(u64, u64)> {
    Ok(conn
        .prepare_cached("SELECT count(*), coalesce(sum(octet_length(data)), 0) FROM rule_log WHERE at < ?1")?
        .query_row([millis(until)], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// How often each rule held as far as the log goes, and when last.
pub(crate) fn held(conn: &Connection) -> Result<HashMap<String, (u64, Timestamp)>> {
    let mut statement = conn.prepare_cached(
        "SELECT verdict.value ->> 'rule', count(*), max(rule_log.at) FROM rule_log, json_each(rule_log.data) AS verdict
         WHERE rule_log.held = 1 AND verdict.value ->> 'held' GROUP BY 1",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, from_millis(row.get(2)?)))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Which entries of the log are asked for.
pub(crate) struct Logged<'a> {
    /// Only what became of this rule.
    pub(crate) rule: Option<&'a str>,
    /// Only where it held, or one did.
    pub(crate) held: bool,
    pub(crate) limit: u32,
}

/// Entries of the log, newest first.
pub(crate) fn entries(conn: &Connection, wanted: &Logged<'_>) -> Result<Vec<RuleLogEntry>> {
    let mut statement = conn.prepare_cached(
        "SELECT rule_log.id, rule_log.at, rule_log.source, rule_log.thread, rule_log.item, rule_log.data,
                thread.title, item.from_name, item.from_handle
         FROM rule_log LEFT JOIN thread ON thread.id = rule_log.thread AND thread.deleted = 0
         LEFT JOIN item ON item.id = rule_log.item
         WHERE held >= ?1 ORDER BY rule_log.id DESC",
    )?;
    let mut rows = statement.query([wanted.held])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        if entries.len() >= wanted.limit as usize {
            break;
        }
        let mut rules: Vec<RuleVerdict> = serde_json::from_str(&row.get::<_, String>(5)?)?;
        rules.retain(|verdict| wanted.rule.is_none_or(|rule| verdict.rule == rule) && (verdict.held || !wanted.held));
        if rules.is_empty() {
            continue;
        }
        for verdict in &mut rules {
            if let Some(undo) = verdict.undo {
                verdict.undone = is_undone(conn, undo)?;
            }
        }
        let title: Option<String> = row.get(6)?;
        let handle: Option<String> = row.get(8)?;
        let name = row.get(7)?;
        entries.push(RuleLogEntry {
            id: row.get::<_, i64>(0)?.to_string(),
            at: from_millis(row.get(1)?),
            source: SourceId(row.get(2)?),
            thread: title.is_some().then_some(ThreadId(row.get(3)?)),
            item: ItemId(row.get(4)?),
            from: handle.map(|handle| Party { name, handle }),
            title: title.unwrap_or_default(),
            rules,
        });
    }
    Ok(entries)
}

/// It was taken back, or lies so far back that it cannot be any more.
fn is_undone(conn: &Connection, action: u64) -> Result<bool> {
    let left = conn
        .prepare_cached("SELECT undone FROM action WHERE id = ?1")?
        .query_row([i64::try_from(action).unwrap_or(i64::MAX)], |row| row.get(0))
        .optional()?;
    Ok(left.unwrap_or(true))
}
