//! Something to be told through a channel: an operation like any other, without an item and without a
//! conversation.
//!
//! Whoever tells names it by a key, and the same key is told once, however often it is asked for as long as the
//! outbox remembers (a month): rules and notifications may be read twice after a crash. What a channel was told may come back in through another
//! account, a mailbox or a workspace of Slack; it is not told again, or two machines would talk to each other
//! for ever.

use inlet_model::{ItemId, OpId, SourceId, Timestamp, Told};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::{
    api::types::{OpKind, OpState},
    store::{
        Reader, Result, WriteTx, body,
        item::{self, ItemRow},
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
    /// Marks of who has passed it on.
    pub(crate) passed: Vec<String>,
    pub(crate) when: When,
}

/// The key of what a channel is told of an item, whoever tells it: a rule and a notification tell it once.
pub(crate) fn item_key(item: ItemId) -> String {
    format!("notice {item}")
}

/// The same, planned by the channel it goes to.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub(crate) source: SourceId,
    pub(crate) key: String,
    pub(crate) title: String,
    pub(crate) op: String,
    pub(crate) about: Option<ItemId>,
    pub(crate) when: When,
}

/// When something is told.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum When {
    /// As soon as it is its turn.
    #[default]
    Now,
    /// Not before then.
    Later(Timestamp),
    /// Then, together with what else waits for it.
    Together(Timestamp),
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
        && let Some(row) = item::get(tx.main, about)?
        && was_told_in(tx.main, tx.bodies, &row)?
    {
        return Ok(None);
    }
    let id = insert(tx, planned, now)?;
    Ok(Some(id))
}

/// Writes the operation down, with the first line of its log.
pub(crate) fn insert(tx: &WriteTx<'_>, planned: &Planned, now: Timestamp) -> Result<OpId> {
    let (not_before, together) = match planned.when {
        When::Now => (now, false),
        When::Later(until) => (until, false),
        When::Together(until) => (until, true),
    };
    let new = NewOp {
        source: planned.source,
        thread: None,
        kind: OpKind::Send,
        key: &planned.key,
        title: &planned.title,
        not_before,
        created_at: now,
        op: Some(&planned.op),
        change: None,
        compose: None,
        remind_at: None,
        draft: None,
    };
    let id = outbox::insert(tx, &new, &[])?;
    if together {
        outbox::set_together(tx, id, true)?;
    }
    outbox::log(tx, id, now, "queued", None)?;
    Ok(id)
}

/// What waited for each other is told in one message; what waited alone is told as it is. False when one of them has
/// been taken back meanwhile: it is looked at again.
pub(crate) fn gather(tx: &WriteTx<'_>, ops: &[OpId], one: Option<&Planned>, now: Timestamp) -> Result<bool> {
    let waits = |op: &OpId| Ok(outbox::view(tx.main, *op)?.is_some_and(|view| view.state == OpState::Queued));
    if !ops.iter().map(waits).collect::<Result<Vec<bool>>>()?.into_iter().all(|waits| waits) {
        return Ok(false);
    }
    for op in ops {
        outbox::set_together(tx, *op, false)?;
        if one.is_some() {
            outbox::transition(tx, *op, &[OpState::Queued], OpState::Done, Some(GATHERED), now)?;
            outbox::log(tx, *op, now, "gathered", None)?;
        }
    }
    if let Some(planned) = one {
        insert(tx, planned, now)?;
    }
    Ok(true)
}

/// Why something is done that was not sent by itself.
const GATHERED: &str = "It was told in one message with others.";

/// An item is what a channel was told: a mail by its Message-ID, anything else by its last line, also where it was
/// passed on.
pub(crate) fn was_told(reader: &Reader, row: &ItemRow) -> Result<bool> {
    was_told_in(&reader.main, &reader.bodies, row)
}

fn was_told_in(main: &Connection, bodies: &Connection, row: &ItemRow) -> Result<bool> {
    let key = row.message_id.as_deref().and_then(|id| id.split('@').next());
    if let Some(key) = key.filter(|key| key.starts_with("msg_"))
        && outbox::by_key(main, key)?.is_some()
    {
        return Ok(true);
    }
    let text = body::text(bodies, row.body)?;
    let last =
        text.lines().rev().map(|line| line.trim_matches([' ', '_', '*', '>', '\u{a0}'])).find(|line| !line.is_empty());
    Ok(last == Some(Told::SIGNATURE))
}
