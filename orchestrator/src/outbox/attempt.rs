//! One attempt of one operation.

use std::time::Duration;

use inlet_model::{Applied, DynSource, Intent, Kind, OpId, OpKey, Party, Rsvp, ScopeRole, SourceError, Timestamp};

use super::{
    After, Context,
    drafts::{self, Kept},
    pace,
};
use crate::{
    api::types::{ComposeMode, OpKind, OpState, SourceState},
    invitation,
    store::{
        Result as StoreResult, WriteTx, early, item,
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
        Ok(after) => {
            context.saves_again();
            after
        }
        Err(error) => {
            context.saves_nothing(&error);
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
    if let Some(until) = pace::waits(context, &row).await? {
        context.store.write(move |tx| outbox::postpone(tx, id, until)).await?;
        return Ok(After::Go);
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
    let (planned, now) = (row.clone(), context.clock.now());
    if !context.store.write_durable(move |tx| take(tx, &planned, kept, now)).await? {
        return Ok(After::Go);
    }
    let answer = context.source.apply(&key, &op).await;
    // What is forgotten here would be on its way until the next start.
    let (answer, row) = (&answer, &row);
    let write = || async move {
        match answer {
            Ok(applied) => done(context, row, applied, kept).await,
            Err(error) => failed(context, row, error.clone()).await,
        }
    };
    context.insist(write).await
}

/// It is being sent from now on, unless what it was planned from is not so any more: it was taken back, or its draft has
/// been written on since, for which the same operation does. It is on the disk before the first irreversible byte leaves:
/// a crash from here on finds `sending`.
fn take(tx: &WriteTx<'_>, row: &OpRow, kept: Option<Kept>, now: Timestamp) -> StoreResult<bool> {
    let id = row.view.id;
    if let Some(kept) = kept
        && !drafts::is_current(tx, row, kept)?
    {
        return Ok(false);
    }
    let taken = outbox::transition(tx, id, &[OpState::Queued], OpState::Sending, None, now)?;
    if taken {
        outbox::attempt(tx, id)?;
    }
    Ok(taken)
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
    let made = match context.source.prepare(key, &op).await {
        Ok(None) => return Ok(Ok(op)),
        made => made,
    };
    let (now, kept) = (context.clock.now(), made.as_ref().ok().cloned().flatten());
    let write = || {
        let (row, kept) = (row.clone(), kept.clone());
        context.store.write_durable(move |tx| drafts::made(tx, &row, kept.as_deref(), now))
    };
    context.insist(write).await?;
    Ok(made.map(|made| made.unwrap_or(op)))
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
    let found = match context.source.find_applied(key, op).await {
        Ok(Some(applied)) if is_of_another(context, row, &applied).await? => Ok(None),
        found => found,
    };
    match found {
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

/// What was found is here already, as what another operation made: a platform without keys takes one message for
/// another where they are alike.
async fn is_of_another(context: &Context, row: &OpRow, applied: &Applied) -> StoreResult<bool> {
    let Some(remote_id) = applied.remote_id.clone() else { return Ok(false) };
    let (id, source) = (row.view.id, context.id);
    context.store.read(move |reader| outbox::made_by_another(&reader.main, source, &remote_id.0, id)).await
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
                drafts::settle(tx, &row, kept, &applied)?;
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
                    None => {
                        item::set_stable_id(tx, item, &remote_id.0)?;
                        early::catch_up(tx, source, &remote_id.0, now)?;
                    }
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
    let state = unwell(error).filter(|_| context.source.capabilities().send_only)?;
    Some(Health { state, message: Some(error.to_string()), next_try: until, failures: 1 })
}

/// How a source is that fails so; nothing where the message is what is wrong.
pub(crate) fn unwell(error: &SourceError) -> Option<SourceState> {
    match error {
        SourceError::AuthNeeded(_) => Some(SourceState::AuthNeeded),
        SourceError::Throttled { .. } => Some(SourceState::Throttled),
        SourceError::Offline(_) => Some(SourceState::Offline),
        SourceError::Transient(_) => Some(SourceState::Failing),
        SourceError::Permanent(_) | SourceError::Unknown(_) | SourceError::CursorExpired => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use inlet_model::{
        AccountConfig, Capabilities, MailOp, RemoteId, SourceId, SourceType, Submission, account::DemoConfig,
    };

    use super::*;
    use crate::{
        api::types::Compose,
        store::{Store, account, draft, draft_copy, outbox::NewOp, source},
    };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_750_000_000 + second).unwrap()
    }

    fn mailbox(tx: &WriteTx<'_>) -> StoreResult<SourceId> {
        let config = AccountConfig::Demo(DemoConfig { seed: 1, now: at(0), copies: 1 });
        let account = account::insert(tx, "Post", &config, at(0))?;
        source::ensure(tx, account, 0, SourceType::Imap, "Post", &Capabilities::default())
    }

    fn op_of(tx: &WriteTx<'_>, id: OpId) -> OpRow {
        outbox::get(tx.main, id).unwrap().unwrap()
    }

    /// Writing on makes no operation of its own while one waits; so the one that waits must not send what was before.
    #[tokio::test]
    async fn a_draft_that_was_written_on_is_not_saved_on_its_server_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), |_| {}).unwrap();
        let job = |tx: &WriteTx<'_>| {
            let source = mailbox(tx)?;
            let mut message = Compose { source: Some(source), text: "Dear".into(), ..Compose::default() };
            let id = draft::save(tx, &message, at(0))?;
            drafts::follow(tx, id, Some(source), "Draft", at(0), at(0))?;
            let row = op_of(tx, outbox::waiting_for_draft(tx.main, source, id)?.unwrap());
            // Planned now; and written on, or thrown away, before it is taken.
            let planned = Kept::Saved(at(0));
            message = Compose { id: Some(id), text: "Dear Ana".into(), ..message };
            draft::save(tx, &message, at(5))?;
            drafts::follow(tx, id, Some(source), "Draft", at(9), at(5))?;
            assert!(!take(tx, &row, Some(planned), at(6))?);
            draft::discard(tx, id)?;
            assert!(!take(tx, &row, Some(Kept::Saved(at(5))), at(6))?);
            draft::save(tx, &message, at(7))?;
            assert!(!take(tx, &row, Some(Kept::Dropped), at(8))?);
            assert_eq!(op_of(tx, row.view.id).view.state, OpState::Queued, "it waits for its time as it did");
            assert!(take(tx, &row, Some(Kept::Saved(at(7))), at(8))?);
            Ok(())
        };
        store.write(job).await.unwrap();
    }

    /// What the platform made of a message that was taken back while it was making it is not left there.
    #[tokio::test]
    async fn a_first_step_of_a_message_that_was_taken_back_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), |_| {}).unwrap();
        let job = |tx: &WriteTx<'_>| {
            let source = mailbox(tx)?;
            let message = Compose { source: Some(source), text: "Dear".into(), ..Compose::default() };
            let here = draft::save(tx, &message, at(0))?;
            let new = NewOp {
                source,
                thread: None,
                kind: OpKind::Send,
                key: "k@post.test",
                title: "Dear",
                not_before: at(0),
                created_at: at(0),
                op: Some("{}"),
                change: None,
                compose: Some(&message),
                remind_at: None,
                draft: Some(here),
            };
            let row = op_of(tx, outbox::insert(tx, &new, &[])?);
            let submission = Submission {
                from: "me@post.test".into(),
                to: vec!["ana@post.test".into()],
                raw: Vec::new(),
                answers: None,
                draft: Some(RemoteId::from("made")),
                notify: None,
                tells: None,
            };
            let op = serde_json::to_string(&MailOp::Submit(submission))?;
            drafts::made(tx, &row, Some(&op), at(1))?;
            assert!(draft_copy::of_draft(tx.main, here)?.is_empty(), "it is being sent");
            outbox::transition(tx, row.view.id, &[OpState::Queued], OpState::Cancelled, None, at(2))?;
            drafts::made(tx, &row, Some(&op), at(3))?;
            let copies = draft_copy::of_draft(tx.main, here)?;
            let made: Vec<_> = copies.into_iter().map(|(_, copy)| copy.remote_id.0).collect();
            assert_eq!(made, ["made"], "it is the copy of the draft that is here again");
            Ok(())
        };
        store.write(job).await.unwrap();
    }
}
