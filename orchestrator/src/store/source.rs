//! Sources: their health survives a restart, and so does the time of their next try.

use std::collections::HashMap;

use inlet_model::{AccountConfig, AccountId, Capabilities, Progress, SourceId, SourceType, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Result, WriteTx};
use crate::{
    api::types::{SourceState, SourceView},
    clock::{from_millis, millis},
};

/// Finds or makes the n-th source of an account.
pub(crate) fn ensure(
    tx: &WriteTx<'_>,
    account: AccountId,
    ordinal: usize,
    source_type: SourceType,
    name: &str,
    capabilities: &Capabilities,
) -> Result<SourceId> {
    let ordinal = i64::try_from(ordinal).unwrap_or(i64::MAX);
    tx.main
        .prepare_cached(
            "INSERT INTO source (account, ordinal, type, name, capabilities) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (account, ordinal) DO UPDATE SET type = ?3, name = ?4, capabilities = ?5",
        )?
        .execute(params![account.0, ordinal, source_type.as_str(), name, serde_json::to_string(capabilities)?])?;
    tx.touch_sources();
    Ok(tx
        .main
        .prepare_cached("SELECT id FROM source WHERE account = ?1 AND ordinal = ?2")?
        .query_row(params![account.0, ordinal], |row| row.get(0).map(SourceId))?)
}

/// The health of a source as it is written down.
#[derive(Clone, Debug, Default)]
pub(crate) struct Health {
    pub(crate) state: SourceState,
    pub(crate) message: Option<String>,
    pub(crate) next_try: Option<Timestamp>,
    pub(crate) failures: u32,
}

pub(crate) fn set_health(tx: &WriteTx<'_>, id: SourceId, health: &Health, heard: Option<Timestamp>) -> Result<()> {
    tx.main
        .prepare_cached(
            "UPDATE source SET state = ?2, message = ?3, next_try = ?4, failures = ?5,
                 last_heard = coalesce(?6, last_heard) WHERE id = ?1",
        )?
        .execute(params![
            id.0,
            serde_json::to_value(health.state)?.as_str(),
            health.message,
            health.next_try.map(millis),
            health.failures,
            heard.map(millis),
        ])?;
    tx.touch_sources();
    Ok(())
}

pub(crate) fn heard(tx: &WriteTx<'_>, id: SourceId, at: Timestamp) -> Result<()> {
    tx.main.prepare_cached("UPDATE source SET last_heard = ?2 WHERE id = ?1")?.execute(params![id.0, millis(at)])?;
    Ok(())
}

pub(crate) fn set_identity(tx: &WriteTx<'_>, id: SourceId, identity: &str) -> Result<()> {
    tx.main.prepare_cached("UPDATE source SET identity = ?2 WHERE id = ?1")?.execute(params![id.0, identity])?;
    Ok(())
}

/// The address or handle I have there.
pub(crate) fn identity(conn: &Connection, id: SourceId) -> Result<Option<String>> {
    Ok(conn
        .prepare_cached("SELECT identity FROM source WHERE id = ?1")?
        .query_row([id.0], |row| row.get(0))
        .optional()?
        .flatten())
}

/// The sources at which this address is mine.
pub(crate) fn by_identity(conn: &Connection, address: &str) -> Result<Vec<SourceId>> {
    Ok(conn
        .prepare_cached("SELECT id FROM source WHERE identity = ?1 COLLATE NOCASE ORDER BY id")?
        .query_map([address], |row| row.get(0).map(SourceId))?
        .collect::<Result<_, _>>()?)
}

/// Whether it may tell of what is new; false when there is no such source.
pub(crate) fn set_notify(tx: &WriteTx<'_>, id: SourceId, notify: bool) -> Result<bool> {
    let found =
        tx.main.prepare_cached("UPDATE source SET notify = ?2 WHERE id = ?1")?.execute(params![id.0, notify])?;
    tx.touch_sources();
    Ok(found > 0)
}

/// How often it failed in a row, and when it may be tried again.
pub(crate) fn backoff(conn: &Connection, id: SourceId) -> Result<(u32, Option<Timestamp>)> {
    Ok(conn
        .prepare_cached("SELECT failures, next_try FROM source WHERE id = ?1")?
        .query_row([id.0], |row| Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?.map(from_millis))))
        .optional()?
        .unwrap_or((0, None)))
}

/// A source that was ended in the middle of a round has nothing under way any more.
pub(crate) fn rest(tx: &WriteTx<'_>, id: SourceId) -> Result<()> {
    tx.main
        .prepare_cached("UPDATE source SET state = 'live' WHERE id = ?1 AND state IN ('syncing', 'starting')")?
        .execute([id.0])?;
    tx.touch_sources();
    Ok(())
}

/// Until when the platform asked for silence, if it did.
pub(crate) fn silent_until(conn: &Connection, id: SourceId) -> Result<Option<Timestamp>> {
    Ok(conn
        .prepare_cached("SELECT next_try FROM source WHERE id = ?1 AND state = 'throttled'")?
        .query_row([id.0], |row| row.get::<_, Option<i64>>(0))
        .optional()?
        .flatten()
        .map(from_millis))
}

/// The sources of an account.
pub(crate) fn of_account(conn: &Connection, account: AccountId) -> Result<Vec<SourceId>> {
    Ok(conn
        .prepare_cached("SELECT id FROM source WHERE account = ?1 ORDER BY ordinal")?
        .query_map([account.0], |row| row.get(0).map(SourceId))?
        .collect::<Result<_, _>>()?)
}

/// The source of this type of an account that may yield several.
pub(crate) fn of_type(conn: &Connection, account: AccountId, source_type: SourceType) -> Result<Option<SourceId>> {
    Ok(conn
        .prepare_cached("SELECT id FROM source WHERE account = ?1 AND type = ?2")?
        .query_row(params![account.0, source_type.as_str()], |row| row.get(0).map(SourceId))
        .optional()?)
}

/// Says what a source can do while it is not open.
pub(crate) fn set_capabilities(tx: &WriteTx<'_>, id: SourceId, capabilities: &Capabilities) -> Result<()> {
    tx.main
        .prepare_cached("UPDATE source SET capabilities = ?2 WHERE id = ?1")?
        .execute(params![id.0, serde_json::to_string(capabilities)?])?;
    tx.touch_sources();
    Ok(())
}

/// What a source can do, as it said when it was opened.
pub(crate) fn capabilities(conn: &Connection, id: SourceId) -> Result<Capabilities> {
    let json: Option<String> = conn
        .prepare_cached("SELECT capabilities FROM source WHERE id = ?1")?
        .query_row([id.0], |row| row.get(0))
        .optional()?;
    Ok(json.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
}

pub(crate) fn all(conn: &Connection) -> Result<Vec<SourceView>> {
    let mut statement = conn.prepare_cached(
        "SELECT source.id, source.account, source.type, source.name, source.identity, source.state, source.message,
                source.last_heard, source.next_try, source.capabilities, account.paused,
                source.notify,
                (SELECT count(*) FROM thread WHERE place = 'inbox' AND thread.source = source.id
                 AND unread > 0 AND thread.deleted = 0),
                json_extract(account.config, '$.platform') = 'microsoft' AND NOT EXISTS
                    (SELECT 1 FROM json_each(account.config, '$.sources') AS on_ WHERE on_.value = source.type)
         FROM source JOIN account ON account.id = source.account ORDER BY source.account, source.ordinal",
    )?;
    let mut views: Vec<SourceView> = statement
        .query_map([], |row| {
            let source_type: String = row.get(2)?;
            let source_type = SourceType::from_word(&source_type).unwrap_or(SourceType::Imap);
            let state: String = row.get(5)?;
            let capabilities: String = row.get(9)?;
            let paused: bool = row.get(10)?;
            let off: bool = row.get(13)?;
            let rests = paused || off;
            Ok(SourceView {
                id: SourceId(row.get(0)?),
                account: AccountId(row.get(1)?),
                source_type,
                kind: source_type.kind(),
                name: row.get(3)?,
                identity: row.get(4)?,
                state: match (off, paused) {
                    (true, _) => SourceState::Off,
                    (false, true) => SourceState::Paused,
                    (false, false) => serde_json::from_value(state.into()).unwrap_or_default(),
                },
                message: row.get::<_, Option<String>>(6)?.filter(|_| !rests),
                last_heard: row.get::<_, Option<i64>>(7)?.map(from_millis),
                next_try: row.get::<_, Option<i64>>(8)?.map(from_millis).filter(|_| !rests),
                progress: Progress::default(),
                capabilities: serde_json::from_str(&capabilities).unwrap_or_default(),
                items: 0,
                notify: row.get(11)?,
                unread: row.get(12)?,
                missed: Vec::new(),
                unreadable: None,
                warnings: Vec::new(),
            })
        })?
        .collect::<Result<_, _>>()?;
    for view in &mut views {
        view.progress = super::scope::progress(conn, view.id)?;
        view.items = view.progress.done;
        view.missed = super::inbound::missed(conn, view.account)?;
        view.unreadable = super::poison::unseen(conn, view.id)?;
        view.warnings = super::warning::unseen(conn, view.id)?;
        if view.message.is_none() && !matches!(view.state, SourceState::Paused | SourceState::Off) {
            let errors = super::scope::errors(conn, view.id)?;
            view.message = errors.first().map(|(name, error)| match errors.len() {
                1 => format!("\"{name}\" cannot be read: {error}"),
                more => format!("\"{name}\" and {} more cannot be read: {error}", more - 1),
            });
        }
    }
    Ok(views)
}

/// The hosts whose word about a sender counts, by source.
pub(crate) fn provider_hosts(conn: &Connection) -> Result<HashMap<SourceId, Vec<String>>> {
    let accounts = super::account::all(conn)?;
    let hosts: HashMap<AccountId, Vec<String>> =
        accounts.into_iter().map(|row| (row.account.id, hosts_of(&row.account.config))).collect();
    Ok(all(conn)?
        .into_iter()
        .map(|source| {
            let mut found = hosts.get(&source.account).cloned().unwrap_or_default();
            found.extend(source.identity.as_deref().and_then(|id| id.split_once('@')).map(|(_, host)| host.to_owned()));
            (source.id, found)
        })
        .collect())
}

/// The names a provider's server may give itself: the IMAP host and the domains above it.
fn hosts_of(config: &AccountConfig) -> Vec<String> {
    match config {
        AccountConfig::Imap(imap) => {
            let host = imap.imap.host.to_lowercase();
            let parent = host.split_once('.').map(|(_, parent)| parent.to_owned());
            let google = host.ends_with("gmail.com").then(|| "mx.google.com".to_owned());
            let own = domain_of(&imap.address);
            [Some(host), parent.filter(|parent| parent.contains('.')), google, own].into_iter().flatten().collect()
        }
        AccountConfig::Microsoft(config) => config.address.as_deref().and_then(domain_of).into_iter().collect(),
        AccountConfig::Slack(_)
        | AccountConfig::WhatsApp(_)
        | AccountConfig::Hook(_)
        | AccountConfig::Channel(_)
        | AccountConfig::Files(_)
        | AccountConfig::Demo(_) => Vec::new(),
    }
}

fn domain_of(address: &str) -> Option<String> {
    address.split_once('@').map(|(_, domain)| domain.to_lowercase())
}
