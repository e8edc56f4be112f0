//! One attempt of one operation.

use std::time::Duration;

use inlet_model::{Applied, DynSource, Intent, Kind, OpId, OpKey, Party, Rsvp, ScopeRole, SourceError, Timestamp};

use super::{
    After, Context,
    drafts::{self, Kept},
};
use crate::{
    api::types::{ComposeMode, OpKind, OpState, SourceState},
    invitation,
    store::{
        Result as StoreResult, item,
        outbox::{self, Change, OpRow},
        placement, reminder, scope,
        source::{self, Health},
        thread,
    },
    sync::{after, jittered},
};

/// A message nobody has a trace of: the sentence the person reads.
fn no_trace(source: &dyn DynSource) -> &'static str {
    if source.capabilities().send_only {
        return "This may or may not have arrived: the connection broke at the last moment, and this channel cannot be \
                asked. Look there yourself, then retry or discard it.";
    }
    match source.source_type().kind() {
        Kind::Mail => {
            "This may or may not have been sent: the connection broke at the last moment, and there is no copy of it in \
             Sent. Ask the recipient or look there yourself, then retry or discard it."
        }
        Kind::Chat => {
            "This may or may not have been sent: the connection broke at the last moment, and it is not in the \
             conversation. Look there yourself, then retry or discard it."
        }
        Kind::Note => {
            "This may or may not have been written: the connection broke at the last moment, and it is not to be found \
             in the notebook. Look there yourself, then retry or discard it."
        }
    }
}

/// A change whose mails have not turned up yet waits for the sync, this many times.
const PATIENCE: u32 = 8;

/// Attempts an operation; every outcome is in the store before this returns.
pub(super) async fn attempt(context: &Context, id: OpId) -> After {
    match try_attempt(context, id).await {
        Ok(after) => after,
        Err(error) => {
            tracing::error!(op = id.0, error = %error, "the outbox could not be saved");
            After::Pause(Duration::from_secs(5))
        }
    }
}

async fn try_attempt(context: &Context, id: OpId) -> StoreResult<After> {
    let Some(row) = context.store.read(move |reader| outbox::get(&reader.main, id)).await? else {
        return Ok(After::Go);
    };
    let key = OpKey(row.view.key.clone());
    if row.view.state == OpState::Unknown {
        return look_for(context, &row, &key).await;
    }
    let (op, kept) = match plan(context, &row, &key).await? {
        Planned::Op(op) => (op, None),
        Planned::Draft(op, kept) => (op, Some(kept)),
        Planned::Nothing => {
            let applied = Applied { detail: Some("nothing to tell the platform".into()), ..Applied::default() };
            return done(context, &row, &applied, None).await;
        }
        Planned::NotYet => return postpone(context, &row).await,
        Planned::Refused(error) => return failed(context, &row, error).await,
    };
    let op = match prepared(context, &row, &key, op).await? {
        Ok(op) => op,
        Err(error) => return failed(context, &row, error).await,
    };
    let now = context.clock.now();
    // On the disk before the first irreversible byte leaves: a crash from here on finds `sending`.
    let taken = context
        .store
        .write_durable(move |tx| {
            let taken = outbox::transition(tx, id, &[OpState::Queued], OpState::Sending, None, now)?;
            if taken {
                outbox::attempt(tx, id)?;
            }
            Ok(taken)
        })
        .await?;
    if !taken {
        return Ok(After::Go);
    }
    match context.source.apply(&key, &op).await {
        Ok(applied) => done(context, &row, &applied, kept).await,
        Err(error) => failed(context, &row, error).await,
    }
}

enum Planned {
    Op(String),
    /// For the server's copy of a draft.
    Draft(String, Kept),
    /// The platform need not know.
    Nothing,
    /// What it is about has no remote id yet.
    NotYet,
    Refused(SourceError),
}

async fn plan(context: &Context, row: &OpRow, key: &OpKey) -> StoreResult<Planned> {
    if let Some(op) = &row.op {
        return Ok(Planned::Op(op.clone()));
    }
    let Some(change) = row.change.clone() else { return Ok(Planned::Nothing) };
    match change {
        Change::Draft => return plan_draft(context, row, key).await,
        Change::Rsvp { answer } => return plan_answer(context, row, key, answer).await,
        _ => {}
    }
    let (id, thread) = (row.view.id, row.view.thread);
    let intent = context
        .store
        .read(move |reader| {
            let named = match change {
                Change::Flags { .. } | Change::Tick { .. } | Change::React { .. } => placement::Named::Every,
                Change::Label { label, .. } if scope::role(&reader.main, label)? == ScopeRole::Label => {
                    placement::Named::Every
                }
                // A label that goes on hides nothing: the place that holds all labels is named.
                Change::Move { .. } | Change::Label { .. } => placement::Named::Moved,
                Change::Expunge | Change::Draft | Change::Rsvp { .. } => placement::Named::Hidden,
            };
            let targets = placement::targets(&reader.main, id.0, named)?;
            Ok(match change {
                _ if targets.is_empty() => None,
                Change::Draft | Change::Rsvp { .. } => None,
                Change::Flags { read, starred, answered } => {
                    Some(Intent::SetFlags { targets, read, starred, answered })
                }
                Change::Move { to } => scope::get(&reader.main, to)?.map(|(_, to)| Intent::Move {
                    targets,
                    to: to.scope.remote,
                    role: to.scope.role,
                }),
                Change::Label { label, on } => scope::get(&reader.main, label)?.map(|(_, label)| Intent::Label {
                    targets,
                    label: label.scope.remote,
                    role: label.scope.role,
                    on,
                }),
                Change::Expunge => Some(Intent::Expunge { targets }),
                Change::React { emoji, on } => {
                    let conversation = match thread {
                        Some(thread) => thread::key(&reader.main, thread)?,
                        None => None,
                    };
                    let target = conversation.zip(targets.into_iter().next());
                    target.map(|(conversation, target)| Intent::React { conversation, target, emoji, on })
                }
                Change::Tick { todo, text, done } => {
                    targets.into_iter().next().map(|target| Intent::Tick { target, todo, text, done })
                }
            })
        })
        .await?;
    let Some(intent) = intent else {
        return Ok(if row.view.attempts < PATIENCE { Planned::NotYet } else { Planned::Nothing });
    };
    Ok(match context.source.plan(key, &intent) {
        Ok(Some(op)) => Planned::Op(op),
        Ok(None) => Planned::Nothing,
        Err(error) => Planned::Refused(error),
    })
}

async fn plan_draft(context: &Context, row: &OpRow, key: &OpKey) -> StoreResult<Planned> {
    let (intent, kept) = match drafts::plan(context, row).await? {
        Ok(Some(found)) => found,
        Ok(None) => return Ok(Planned::Nothing),
        Err(sentence) => return Ok(Planned::Refused(SourceError::Permanent(sentence))),
    };
    Ok(match context.source.plan(key, &intent) {
        Ok(Some(op)) => Planned::Draft(op, kept),
        Ok(None) => Planned::Nothing,
        Err(error) => Planned::Refused(error),
    })
}

/// An answer to an invitation tells somebody something: what was planned once stays as it is.
async fn plan_answer(context: &Context, row: &OpRow, key: &OpKey, answer: Rsvp) -> StoreResult<Planned> {
    let (id, source, at) = (row.view.id, context.id, row.view.created_at);
    let found = context
        .store
        .read(move |reader| {
            let target = placement::targets(&reader.main, id.0, placement::Named::Every)?.into_iter().next();
            let item = match outbox::items(&reader.main, id)?.first() {
                Some(item) => item::get(&reader.main, *item)?,
                None => None,
            };
            Ok((target, item, source::identity(&reader.main, source)?))
        })
        .await?;
    let (Some(target), Some(item), Some(handle)) = found else {
        return Ok(if row.view.attempts < PATIENCE {
            Planned::NotYet
        } else {
            Planned::Refused(SourceError::Permanent(
                "The invitation is no longer in the mailbox: write to the organizer instead.".to_owned(),
            ))
        });
    };
    // As the mail names me: an address alone says little to who reads the answer.
    let named = item.people.to.iter().chain(&item.people.cc).find(|party| party.handle.eq_ignore_ascii_case(&handle));
    let me = named.cloned().unwrap_or(Party { name: None, handle });
    let Some(message) = invitation::reply(&item, &me, answer, at) else {
        return Ok(Planned::Refused(SourceError::Permanent(
            "This invitation does not say whom to answer: write to whoever sent it.".to_owned(),
        )));
    };
    Ok(match context.source.plan(key, &Intent::Rsvp { target, answer, message: Box::new(message) }) {
        Ok(Some(op)) => {
            let kept = op.clone();
            context.store.write_durable(move |tx| outbox::set_op(tx, id, &kept)).await?;
            Planned::Op(op)
        }
        Ok(None) => Planned::Nothing,
        Err(error) => Planned::Refused(error),
    })
}

/// The operation after its first step on the platform. What that step made is on the disk before the
/// second is asked for.
async fn prepared(context: &Context, row: &OpRow, key: &OpKey, op: String) -> StoreResult<Result<String, SourceError>> {
    // What is planned anew at each attempt would lose what the step made.
    if row.op.is_none() {
        return Ok(Ok(op));
    }
    match context.source.prepare(key, &op).await {
        Ok(None) => Ok(Ok(op)),
        Ok(Some(op)) => {
            let (id, kept) = (row.view.id, op.clone());
            context.store.write_durable(move |tx| outbox::set_op(tx, id, &kept)).await?;
            Ok(Ok(op))
        }
        Err(error) => Ok(Err(error)),
    }
}

async fn postpone(context: &Context, row: &OpRow) -> StoreResult<After> {
    context.sync.notify_one();
    let (id, until) = (row.view.id, after(&context.clock, Duration::from_secs(2)));
    context
        .store
        .write(move |tx| {
            outbox::attempt(tx, id)?;
            outbox::postpone(tx, id, until)
        })
        .await?;
    Ok(After::Go)
}

/// It may have landed: find it, or leave it to the person.
async fn look_for(context: &Context, row: &OpRow, key: &OpKey) -> StoreResult<After> {
    let told = matches!(row.view.kind, OpKind::Send | OpKind::Rsvp);
    let repeatable = !told || context.source.capabilities().idempotent_send;
    let Some(op) = row.op.as_deref().filter(|_| !repeatable) else {
        return move_to(context, row, OpState::Unknown, OpState::Queued, None).await;
    };
    match context.source.find_applied(key, op).await {
        Ok(Some(applied)) => done(context, row, &applied, None).await,
        Ok(None) => {
            let reason = no_trace(&*context.source);
            move_to(context, row, OpState::Unknown, OpState::Parked, Some(reason)).await
        }
        Err(error) => {
            let pause = match &error {
                SourceError::Throttled { retry_after } => *retry_after,
                _ => jittered(row.view.attempts.max(2), Duration::from_secs(900)),
            };
            let (id, until) = (row.view.id, after(&context.clock, pause));
            let (now, code, detail) = (context.clock.now(), error.code(), error.to_string());
            context
                .store
                .write(move |tx| {
                    outbox::attempt(tx, id)?;
                    outbox::postpone(tx, id, until)?;
                    outbox::log(tx, id, now, code, Some(&detail))
                })
                .await?;
            Ok(if matches!(error, SourceError::AuthNeeded(_)) { After::Blocked } else { After::Go })
        }
    }
}

async fn move_to(
    context: &Context,
    row: &OpRow,
    from: OpState,
    to: OpState,
    reason: Option<&'static str>,
) -> StoreResult<After> {
    let (id, now) = (row.view.id, context.clock.now());
    context
        .store
        .write_durable(move |tx| {
            outbox::transition(tx, id, &[from], to, reason, now)?;
            if let Some(reason) = reason {
                outbox::log(tx, id, now, "unknown", Some(reason))?;
            }
            Ok(())
        })
        .await?;
    Ok(After::Go)
}

async fn done(context: &Context, row: &OpRow, applied: &Applied, kept: Option<Kept>) -> StoreResult<After> {
    let now = context.clock.now();
    let (row, applied) = (row.clone(), applied.clone());
    let source = context.id;
    let (sent, told) = (row.view.kind == OpKind::Send, row.view.kind == OpKind::Rsvp);
    let send_only = context.source.capabilities().send_only;
    context
        .store
        .write_durable(move |tx| {
            let id = row.view.id;
            let from = [OpState::Queued, OpState::Sending, OpState::Unknown];
            outbox::transition(tx, id, &from, OpState::Done, None, now)?;
            outbox::log(tx, id, now, "done", applied.detail.as_deref())?;
            if send_only {
                let health = Health { state: SourceState::Live, ..Health::default() };
                source::set_health(tx, source, &health, Some(now))?;
            }
            placement::confirm(tx, id.0)?;
            if let Some(kept) = kept {
                drafts::settle(tx, &row, kept, applied.remote_id.as_ref())?;
            }
            if row.view.kind == OpKind::Draft {
                return outbox::delete(tx, id);
            }
            if !sent {
                return Ok(());
            }
            if let Some(draft) = row.draft {
                drafts::follow(tx, draft, None, &row.view.title, now, now)?;
            }
            if let (Some(thread), Some(at)) = (row.view.thread, row.remind_at) {
                reminder::set(tx, thread, at)?;
            }
            for item in outbox::items(tx.main, id)? {
                // A chat platform names its copy at once; mail is recognised by its Message-ID later.
                let Some(remote_id) = &applied.remote_id else { continue };
                match item::by_stable_id(tx.main, source, &remote_id.0)? {
                    None => item::set_stable_id(tx, item, &remote_id.0)?,
                    // The words are part of an item that is here already: a page of notes.
                    Some(known) if known.id != item => item::soft_delete(tx, item)?,
                    Some(_) => {}
                }
            }
            let answered = row
                .compose
                .as_ref()
                .filter(|compose| matches!(compose.mode, ComposeMode::Reply | ComposeMode::ReplyAll))
                .and_then(|compose| compose.item);
            if let Some(answered) = answered {
                super::enqueue::mark_answered(tx, answered, &row.view.key, now)?;
            }
            Ok(())
        })
        .await?;
    if sent || told {
        context.sync.notify_one();
        context.wake.notify_one();
    }
    Ok(After::Go)
}

async fn failed(context: &Context, row: &OpRow, error: SourceError) -> StoreResult<After> {
    let now = context.clock.now();
    let retry = |pause: Duration| (OpState::Queued, Some(after(&context.clock, pause)));
    let (state, until) = match &error {
        SourceError::AuthNeeded(_) => (OpState::Queued, None),
        SourceError::Throttled { retry_after } => retry(*retry_after),
        SourceError::Unknown(_) => (OpState::Unknown, Some(after(&context.clock, Duration::from_secs(2)))),
        SourceError::Permanent(_) => (OpState::Parked, None),
        SourceError::Offline(_) => retry(jittered(row.view.attempts + 1, Duration::from_secs(60))),
        SourceError::Transient(_) | SourceError::CursorExpired => {
            retry(jittered(row.view.attempts + 1, Duration::from_secs(900)))
        }
    };
    tracing::warn!(op = row.view.id.0, source = context.id.0, code = error.code(), "an operation failed");
    let (id, code, reason) = (row.view.id, error.code(), error.to_string());
    let (source, health) = (context.id, ill(context, &error, until));
    context
        .store
        .write_durable(move |tx| {
            if let Some(health) = health {
                source::set_health(tx, source, &health, None)?;
            }
            outbox::transition(tx, id, &[OpState::Sending, OpState::Queued], state, Some(&reason), now)?;
            if let Some(until) = until {
                outbox::postpone(tx, id, until)?;
            }
            outbox::log(tx, id, now, code, Some(&reason))
        })
        .await?;
    Ok(match error {
        SourceError::AuthNeeded(_) => After::Blocked,
        SourceError::Throttled { retry_after } => After::Pause(retry_after),
        _ => After::Go,
    })
}

/// What a failure says of a source that only sends: nothing else asks it how it is.
fn ill(context: &Context, error: &SourceError, until: Option<Timestamp>) -> Option<Health> {
    let state = match error {
        SourceError::AuthNeeded(_) => SourceState::AuthNeeded,
        SourceError::Throttled { .. } => SourceState::Throttled,
        SourceError::Offline(_) => SourceState::Offline,
        SourceError::Transient(_) => SourceState::Failing,
        // The message is what is wrong.
        SourceError::Permanent(_) | SourceError::Unknown(_) | SourceError::CursorExpired => return None,
    };
    let only = context.source.capabilities().send_only;
    only.then(|| Health { state, message: Some(error.to_string()), next_try: until, failures: 1 })
}
