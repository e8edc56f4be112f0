//! Drafts on their servers: what is there follows what is here.
//!
//! There is one operation for a draft, and it says only that the server is behind. What has to be done is
//! decided when it is attempted: a draft that is here is saved, one that is not is taken away, and one that
//! is being sent is left alone until it is out. So ten minutes of writing are one operation, and an
//! operation of yesterday does what is right today. It has no thread: no message waits for a draft.
//!
//! An operation that was tried is not used again for a later change: the server may have the version it
//! named, and would not take another text under that name.

use inlet_model::{DraftId, Intent, RemoteId, ScopeRole, SourceId, Target, Timestamp};

use super::{Context, enqueue};
use crate::{
    api::types::{OpKind, OpState},
    compose::{self, Quoted},
    store::{
        Reader, Result as StoreResult, WriteTx, body, draft, draft_copy, item,
        outbox::{self, Change, NewOp, OpRow},
        scope, source,
    },
};

/// What an operation does to the server's copy.
#[derive(Clone, Copy)]
pub(super) enum Kept {
    /// It becomes what was saved here then.
    Saved(Timestamp),
    /// It goes.
    Dropped,
}

/// Queues what has to be done for a draft that has changed, or has gone, at each server that has it or,
/// with `wanted`, shall have it. What waits already waits anew.
pub(crate) fn follow(
    tx: &WriteTx<'_>,
    id: DraftId,
    wanted: Option<SourceId>,
    title: &str,
    not_before: Timestamp,
    now: Timestamp,
) -> StoreResult<()> {
    let mut sources: Vec<SourceId> = draft_copy::of_draft(tx.main, id)?.into_iter().map(|(source, _)| source).collect();
    sources.extend(outbox::tried_for_draft(tx.main, id)?);
    sources.extend(wanted);
    sources.sort_unstable();
    sources.dedup();
    if sources.is_empty() {
        outbox::forget_draft(tx, id)?;
    }
    for source in sources {
        if let Some(waiting) = outbox::waiting_for_draft(tx.main, source, id)? {
            let states = [OpState::Queued, OpState::Parked];
            outbox::transition(tx, waiting, &states, OpState::Queued, None, now)?;
            outbox::postpone(tx, waiting, not_before)?;
            continue;
        }
        let identity = source::identity(tx.main, source)?;
        let new = NewOp {
            source,
            thread: None,
            kind: OpKind::Draft,
            key: &enqueue::message_id(identity.as_deref()),
            title,
            not_before,
            created_at: now,
            op: None,
            change: Some(&Change::Draft),
            compose: None,
            remind_at: None,
            draft: Some(id),
        };
        outbox::insert(tx, &new, &[])?;
    }
    Ok(())
}

/// What is to be done now, if anything; a sentence when it cannot be.
pub(super) async fn plan(context: &Context, row: &OpRow) -> StoreResult<Result<Option<(Intent, Kept)>, String>> {
    let (source, row) = (context.id, row.clone());
    context
        .store
        .read(move |reader| {
            let Some(id) = row.draft else { return Ok(Ok(None)) };
            let copies = draft_copy::of_draft(&reader.main, id)?;
            let copy = copies.into_iter().find(|(at, _)| *at == source).map(|(_, target)| target);
            let here = draft::get(&reader.main, id)?;
            if let Some(message) = here.filter(|message| message.source == Some(source)) {
                return save(reader, source, &message, copy);
            }
            if outbox::sends_draft(&reader.main, id)? {
                return Ok(Ok(None));
            }
            // An attempt may have come further than anybody knows.
            let tried = (row.view.attempts > 0).then(|| Target {
                scope: String::new(),
                remote_id: RemoteId::from(""),
                message_id: Some(row.view.key.clone()),
            });
            let targets: Vec<Target> = copy.into_iter().chain(tried).collect();
            Ok(Ok((!targets.is_empty()).then_some((Intent::DropDraft { targets }, Kept::Dropped))))
        })
        .await
}

fn save(
    reader: &Reader,
    source: SourceId,
    message: &crate::api::types::Compose,
    replaces: Option<Target>,
) -> StoreResult<Result<Option<(Intent, Kept)>, String>> {
    let Some(view) = source::all(&reader.main)?.into_iter().find(|view| view.id == source) else { return Ok(Ok(None)) };
    let quoted = match message.item {
        Some(answered) => quoted(reader, answered, message.html.is_some())?,
        None => None,
    };
    let saved_at = message.saved_at.unwrap_or_default();
    Ok(compose::draft(message, &view, quoted, saved_at)
        .map(|message| {
            Some((Intent::SaveDraft(Box::new(inlet_model::Draft { message, replaces })), Kept::Saved(saved_at)))
        })
        .map_err(|error| error.message))
}

/// What an answer quotes. Pictures in it go along when it is sent.
fn quoted(reader: &Reader, answered: inlet_model::ItemId, rich: bool) -> StoreResult<Option<Quoted>> {
    let Some(row) = item::get(&reader.main, answered)? else { return Ok(None) };
    let text = body::text(&reader.bodies, row.body)?;
    let html = match rich {
        true => body::get(&reader.bodies, row.body)?.html().map(|html| compose::quotable(&html, &Default::default())),
        false => None,
    };
    Ok(Some(Quoted { row, text, html }))
}

/// The server has done it: what it has now is written down, and the operation has nothing left to say.
pub(super) fn settle(tx: &WriteTx<'_>, row: &OpRow, kept: Kept, remote_id: Option<&RemoteId>) -> StoreResult<()> {
    let Some(id) = row.draft else { return Ok(()) };
    let source = row.view.source;
    let before = draft_copy::of_draft(tx.main, id)?.into_iter().find(|(at, _)| *at == source).map(|(_, target)| target);
    let now_there = match kept {
        Kept::Dropped => None,
        Kept::Saved(_) => Some(Target {
            scope: scope::by_role(tx.main, source, ScopeRole::Drafts)?.map(|row| row.scope.remote).unwrap_or_default(),
            remote_id: remote_id.cloned().unwrap_or_else(|| RemoteId::from("")),
            message_id: Some(row.view.key.clone()),
        }),
    };
    match (&now_there, kept) {
        (Some(target), Kept::Saved(at)) => draft_copy::set(tx, id, source, target, Some(at))?,
        _ => draft_copy::forget(tx, id, source)?,
    }
    match before {
        Some(before) if now_there.is_none_or(|now| now.remote_id != before.remote_id) => {
            draft_copy::take_away(tx, source, &before)
        }
        _ => Ok(()),
    }
}
