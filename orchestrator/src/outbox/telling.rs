//! Something to be told through a channel: an operation like any other, without an item and without a
//! conversation.
//!
//! Whoever tells names it by a key, and the same key is told once, however often it is asked for as long as the
//! outbox remembers (a month): rules and notifications may be read twice after a crash. What a channel was told may come back in through another
//! account, a mailbox or a workspace of Slack; it is not told again, or two machines would talk to each other
//! for ever.

use inlet_model::{ItemId, OpId, SourceId, Timestamp, Told};
use sha2::{Digest, Sha256};

use crate::{
    api::types::OpKind,
    store::{
        Result, WriteTx, body, item,
        outbox::{self, NewOp},
    },
};

/// Something to be told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Telling {
    /// What it is about.
    pub(crate) title: String,
    /// What is told.
    pub(crate) text: String,
    /// Where it leads.
    pub(crate) link: Option<String>,
    /// The item it is about, if it is about one.
    pub(crate) about: Option<ItemId>,
}

/// The same, planned by the channel it goes to.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub(crate) source: SourceId,
    pub(crate) key: String,
    pub(crate) title: String,
    pub(crate) op: String,
    pub(crate) about: Option<ItemId>,
}

/// The id it has outside: it names neither the item nor the rule.
pub(crate) fn outer_key(source: SourceId, key: &str) -> String {
    let digest = Sha256::digest(format!("{source}\0{key}"));
    digest.iter().take(16).fold("msg_".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

/// Queues it. `None`: it is about something that a channel was told.
pub(crate) fn queue(tx: &WriteTx<'_>, planned: &Planned, now: Timestamp) -> Result<Option<OpId>> {
    if let Some(known) = outbox::by_key(tx.main, &planned.key)? {
        return Ok(Some(known));
    }
    if let Some(about) = planned.about
        && was_told(tx, about)?
    {
        return Ok(None);
    }
    let id = insert(tx, planned, now)?;
    Ok(Some(id))
}

/// Writes the operation down, with the first line of its log.
pub(crate) fn insert(tx: &WriteTx<'_>, planned: &Planned, now: Timestamp) -> Result<OpId> {
    let new = NewOp {
        source: planned.source,
        thread: None,
        kind: OpKind::Send,
        key: &planned.key,
        title: &planned.title,
        not_before: now,
        created_at: now,
        op: Some(&planned.op),
        change: None,
        compose: None,
        remind_at: None,
        draft: None,
    };
    let id = outbox::insert(tx, &new, &[])?;
    outbox::log(tx, id, now, "queued", None)?;
    Ok(id)
}

/// An item is what a channel was told: a mail by its Message-ID, anything else by its last line.
fn was_told(tx: &WriteTx<'_>, about: ItemId) -> Result<bool> {
    let Some(row) = item::get(tx.main, about)? else { return Ok(false) };
    let key = row.message_id.as_deref().and_then(|id| id.split('@').next());
    if let Some(key) = key.filter(|key| key.starts_with("msg_"))
        && outbox::by_key(tx.main, key)?.is_some()
    {
        return Ok(true);
    }
    let text = body::text(tx.bodies, row.body)?;
    let last =
        text.lines().rev().map(|line| line.trim_matches([' ', '_', '*', '\u{a0}'])).find(|line| !line.is_empty());
    Ok(last == Some(Told::SIGNATURE))
}
