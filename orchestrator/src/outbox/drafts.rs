//! Drafts on their servers: what is there follows what is here.
//!
//! There is one operation for a draft, and it says only that the server is behind. What has to be done is
//! decided when it is attempted: a draft that is here is saved, one that is not is taken away, and one that
//! is being sent is left alone until it is out. So ten minutes of writing are one operation, and an
//! operation of yesterday does what is right today. It has no thread: no message waits for a draft.
//!
//! A platform that makes a draft in order to send it leaves it behind when the message is taken back in between, or
//! while it is being made.
//!
//! An operation that was tried is not used again for a later change: the server may have the version it
//! named, and would not take another text under that name.

use std::io;

use inlet_model::{Applied, AttachmentId, DraftId, Intent, MailOp, RemoteId, ScopeRole, SourceId, Target, Timestamp};

use super::{Context, enqueue};
use crate::{
    api::{
        ApiError, ErrorCode,
        types::{Compose, OpKind, OpState},
    },
    compose::{self, Quoted},
    files::Attachments,
    store::{
        Reader, Result as StoreResult, WriteTx, attachment, body, draft, draft_copy, item,
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

/// A message was taken back of which the platform has made a draft, to send it, or was asked to when nobody knows
/// what came of it (`tried`). It is the copy of the draft that is here again; where there is none, or that has a copy,
/// it goes.
pub(crate) fn left_behind(
    tx: &WriteTx<'_>,
    row: &OpRow,
    tried: bool,
    here: Option<DraftId>,
    now: Timestamp,
) -> StoreResult<()> {
    let source = row.view.source;
    let Some(MailOp::Submit(submission)) = row.op.as_deref().and_then(|op| serde_json::from_str(op).ok()) else {
        return Ok(());
    };
    let remote_id = match submission.draft {
        Some(made) => made,
        // By its Message-ID it is found.
        None if tried && source::capabilities(tx.main, source)?.idempotent_send => RemoteId::from(""),
        None => return Ok(()),
    };
    let scope = scope::by_role(tx.main, source, ScopeRole::Drafts)?.map(|row| row.scope.remote).unwrap_or_default();
    let made = Target { scope, remote_id, message_id: Some(row.view.key.clone()), version: None };
    if let Some(id) = here
        && draft_copy::of_draft(tx.main, id)?.iter().all(|(at, _)| *at != source)
    {
        return draft_copy::set(tx, id, source, &made, None);
    }
    // The copy of a draft that is here no longer is taken away.
    let gone = draft::save(tx, &Compose::default(), now)?;
    draft::discard(tx, gone)?;
    draft_copy::set(tx, gone, source, &made, None)?;
    follow(tx, gone, None, &row.view.title, now, now)
}

/// Writes down what a first step has made on the platform, if that is known; of a message that was taken back meanwhile
/// it stays there only as the copy of its draft.
pub(super) fn made(tx: &WriteTx<'_>, row: &OpRow, op: Option<&str>, now: Timestamp) -> StoreResult<()> {
    let id = row.view.id;
    if let Some(op) = op {
        outbox::set_op(tx, id, op)?;
    }
    let Some(row) = outbox::get(tx.main, id)?.filter(|row| row.view.state == OpState::Cancelled) else { return Ok(()) };
    let here = match row.draft {
        Some(draft) if draft::exists(tx.main, draft)? => Some(draft),
        _ => None,
    };
    left_behind(tx, &row, true, here, now)
}

/// Whether what was planned for the server's copy is still right.
pub(super) fn is_current(tx: &WriteTx<'_>, row: &OpRow, kept: Kept) -> StoreResult<bool> {
    let Some(id) = row.draft else { return Ok(true) };
    let here = draft::get(tx.main, id)?.filter(|message| message.source == Some(row.view.source));
    let saved_at = here.map(|message| message.saved_at.unwrap_or_default());
    Ok(match kept {
        Kept::Saved(at) => saved_at == Some(at),
        Kept::Dropped => saved_at.is_none(),
    })
}

/// What is to be done now, if anything; a sentence when it cannot be.
pub(super) async fn plan(context: &Context, row: &OpRow) -> StoreResult<Result<Option<(Intent, Kept)>, String>> {
    let (source, row, files) = (context.id, row.clone(), context.attachments.clone());
    context
        .store
        .read(move |reader| {
            let Some(id) = row.draft else { return Ok(Ok(None)) };
            let copies = draft_copy::of_draft(&reader.main, id)?;
            let copy = copies.into_iter().find(|(at, _)| *at == source).map(|(_, target)| target);
            let here = draft::get(&reader.main, id)?;
            if let Some(message) = here.filter(|message| message.source == Some(source)) {
                return save(reader, &files, source, &message, copy);
            }
            if outbox::sends_draft(&reader.main, id)? {
                return Ok(Ok(None));
            }
            // An attempt may have come further than anybody knows.
            let tried = (row.view.attempts > 0).then(|| Target {
                scope: String::new(),
                remote_id: RemoteId::from(""),
                message_id: Some(row.view.key.clone()),
                version: None,
            });
            let targets: Vec<Target> = copy.into_iter().chain(tried).collect();
            Ok(Ok((!targets.is_empty()).then_some((Intent::DropDraft { targets }, Kept::Dropped))))
        })
        .await
}

fn save(
    reader: &Reader,
    files: &Attachments,
    source: SourceId,
    message: &Compose,
    replaces: Option<Target>,
) -> StoreResult<Result<Option<(Intent, Kept)>, String>> {
    let Some(view) = source::all(&reader.main)?.into_iter().find(|view| view.id == source) else { return Ok(Ok(None)) };
    let quoted = match message.item {
        Some(answered) => quoted(reader, answered, message.html.is_some())?,
        None => None,
    };
    let saved_at = message.saved_at.unwrap_or_default();
    let held = |id: AttachmentId, most: u64| {
        let hash = attachment::get(&reader.main, id)?.and_then(|row| row.hash);
        let read = hash.map_or(Err(io::ErrorKind::NotFound.into()), |hash| files.read(&hash, most));
        read.map_err(|_| {
            let sentence = "A file of the draft is here no longer; open the draft and attach it again.";
            ApiError::new(ErrorCode::Refused, sentence)
        })
    };
    Ok(compose::draft(message, &view, &held, quoted, saved_at)
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
    let files = attachment::of_item(&reader.main, answered)?;
    Ok(Some(Quoted { row, text, html }.naming(&files)))
}

/// The server has done it: what it has now is written down, and the operation has nothing left to say.
pub(super) fn settle(tx: &WriteTx<'_>, row: &OpRow, kept: Kept, applied: &Applied) -> StoreResult<()> {
    let Some(id) = row.draft else { return Ok(()) };
    let source = row.view.source;
    let before = draft_copy::of_draft(tx.main, id)?.into_iter().find(|(at, _)| *at == source).map(|(_, target)| target);
    let now_there = match kept {
        Kept::Dropped => None,
        Kept::Saved(_) => Some(Target {
            scope: scope::by_role(tx.main, source, ScopeRole::Drafts)?.map(|row| row.scope.remote).unwrap_or_default(),
            remote_id: applied.remote_id.clone().unwrap_or_else(|| RemoteId::from("")),
            message_id: Some(row.view.key.clone()),
            version: applied.version.clone(),
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
