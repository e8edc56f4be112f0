//! The outbox against a platform that loses answers, refuses and hangs.

use std::time::Duration;

use inlet_model::SourceError;
use inlet_orchestrator::api::types::{Compose, OpDetail, OpState, OpView, SourceState};
use serde_json::{Value, json};

use crate::{
    harness::{Engine, account_of},
    scripted::{Call, Fault, Script, mail},
    taxonomy::{arrives, engine, live},
};

const LOST: &str = "The connection broke before the server answered.";

fn applies(script: &Script) -> usize {
    script.count(|call| matches!(call, Call::Apply(_, "send")))
}

fn transient() -> SourceError {
    SourceError::Transient("The server is busy.".into())
}

/// One live source with these mails in its inbox.
async fn world(subjects: &[&str]) -> (Engine, Script, inlet_model::SourceId) {
    let script = Script::new("post");
    for subject in subjects {
        script.deliver("INBOX", mail(subject));
    }
    let engine = engine(&[("post", &script)]).await;
    let id = live(&engine, "post").await;
    (engine, script, id)
}

async fn copies(engine: &Engine, text: &str) -> usize {
    engine.items().await.into_iter().filter(|item| item.text.contains(text)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_whose_answer_was_lost_is_found_and_done() {
    let (engine, script, id) = world(&["question"]).await;
    script.fail_apply("send", Fault::Lands(SourceError::Unknown(LOST.into())));
    script.fail_find(transient());
    let thread = engine.titled("question").await.unwrap().id;
    let op = engine.reply(thread, "It did arrive.").await;
    engine.op_in(op.id, OpState::Unknown).await;
    engine.op_in(op.id, OpState::Done).await;
    assert_eq!((applies(&script), script.submitted().len()), (1, 1));
    engine.resync(id).await;
    assert_eq!(copies(&engine, "It did arrive.").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_nobody_has_a_trace_of_is_parked_and_never_sent_by_itself() {
    let (engine, script, id) = world(&["question", "another"]).await;
    script.fail_apply("send", Fault::Fails(SourceError::Unknown(LOST.into())));
    let thread = engine.titled("question").await.unwrap().id;
    let op = engine.reply(thread, "Perhaps.").await;
    let parked = engine.op_in(op.id, OpState::Parked).await;
    let reason = parked.reason.unwrap();
    assert!(reason.contains("may or may not have been sent") && reason.ends_with('.'), "{reason}");
    // A restart, a round and another message are no reason either.
    let engine = engine.restart().await;
    let another = engine.titled("another").await.unwrap().id;
    let other = engine.reply(another, "Surely.").await;
    engine.op_in(other.id, OpState::Done).await;
    engine.resync(id).await;
    assert_eq!(engine.op(op.id).await.state, OpState::Parked);
    assert_eq!(script.submitted().len(), 1);
    assert_eq!(copies(&engine, "Perhaps.").await, 1, "it stays in sight");
    // The person decides.
    let _: OpView = engine.call("outbox.retry", json!({ "id": op.id })).await;
    engine.op_in(op.id, OpState::Done).await;
    engine.resync(id).await;
    assert_eq!(script.submitted().len(), 2);
    assert_eq!(copies(&engine, "Perhaps.").await, 1);
    let detail: OpDetail = engine.call("outbox.get", json!({ "id": op.id })).await;
    let outcomes: Vec<_> = detail.deliveries.iter().map(|delivery| delivery.outcome.as_str()).collect();
    assert_eq!(outcomes, ["unknown", "unknown", "done"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_message_is_parked_with_the_reason_and_can_be_edited() {
    let (engine, script, id) = world(&["question"]).await;
    script.fail_apply("send", Fault::Fails(SourceError::Permanent("There is no such recipient.".into())));
    let thread = engine.titled("question").await.unwrap().id;
    let op = engine.reply(thread, "To nobody.").await;
    let parked = engine.op_in(op.id, OpState::Parked).await;
    assert_eq!(parked.reason.as_deref(), Some("There is no such recipient."));
    let mut draft: Compose = engine.call("outbox.edit", json!({ "id": op.id })).await;
    assert_eq!(draft.text, "To nobody.");
    draft.text = "To somebody.".into();
    let again: OpView = engine.call("send", json!({ "message": draft })).await;
    engine.op_in(again.id, OpState::Done).await;
    engine.resync(id).await;
    assert_eq!((copies(&engine, "To nobody.").await, copies(&engine, "To somebody.").await), (0, 1));
    let drafts: Vec<Compose> = engine.call("draft.list", Value::Null).await;
    assert!(drafts.is_empty(), "what was sent is no draft any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn order_is_kept_in_a_thread_while_another_one_passes() {
    let (engine, script, _) = world(&["stuck", "free"]).await;
    let (stuck, free) = (engine.titled("stuck").await.unwrap().id, engine.titled("free").await.unwrap().id);
    script.fail_apply("send", Fault::Fails(transient()));
    let first = engine.reply(stuck, "first of all").await;
    script.called(1, |call| matches!(call, Call::Apply(_, "send"))).await;
    let second = engine.reply(stuck, "second of all").await;
    let passing = engine.reply(free, "just passing").await;
    engine.op_in(passing.id, OpState::Done).await;
    engine.op_in(second.id, OpState::Done).await;
    assert_eq!(engine.op(first.id).await.state, OpState::Done);
    let keys: Vec<String> = script.submitted().into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, [passing.key, first.key, second.key]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hangs_holds_its_own_thread_only() {
    let (engine, script, _) = world(&["stuck", "free"]).await;
    script.fail_apply("send", Fault::Hangs);
    let stuck = engine.reply(engine.titled("stuck").await.unwrap().id, "never answered").await;
    engine.op_in(stuck.id, OpState::Sending).await;
    let free = engine.reply(engine.titled("free").await.unwrap().id, "answered").await;
    engine.op_in(free.id, OpState::Done).await;
    let refusal = engine.ask("outbox.cancel", json!({ "id": stuck.id })).await.unwrap_err();
    assert!(refusal.message.contains("can no longer be taken back"), "{refusal}");
    // It may have been sent: after a restart it is looked for, and left to the person.
    let engine = engine.restart().await;
    engine.op_in(stuck.id, OpState::Parked).await;
    assert_eq!(script.submitted().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn throttled_and_failing_messages_go_out_once_and_not_early() {
    let (engine, script, _) = world(&["question"]).await;
    let wait = Duration::from_millis(1_200);
    script.fail_apply("send", Fault::Fails(SourceError::Throttled { retry_after: wait }));
    script.fail_apply("send", Fault::Fails(transient()));
    let op = engine.reply(engine.titled("question").await.unwrap().id, "patiently").await;
    engine.op_in(op.id, OpState::Done).await;
    let tries: Vec<_> =
        script.calls().into_iter().filter(|(_, call)| matches!(call, Call::Apply(..))).map(|(at, _)| at).collect();
    assert!(tries[1] - tries[0] >= wait, "{:?}", tries[1] - tries[0]);
    assert!(tries[2] - tries[1] >= Duration::from_secs(1), "{:?}", tries[2] - tries[1]);
    assert_eq!(script.submitted().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_waits_for_the_sign_in_and_goes_out_after_it() {
    let (engine, script, id) = world(&["question"]).await;
    script.fail_apply("send", Fault::Fails(SourceError::AuthNeeded("Sign in again.".into())));
    let op = engine.reply(engine.titled("question").await.unwrap().id, "held back").await;
    let waiting =
        engine.until("the refusal", async || Some(engine.op(op.id).await).filter(|op| op.reason.is_some())).await;
    assert_eq!((waiting.state, waiting.reason.as_deref()), (OpState::Queued, Some("Sign in again.")));
    assert_eq!(script.submitted().len(), 0);
    let account = account_of(&engine.sources().await, id);
    let _: Value = engine.call("accounts.resume", json!({ "id": account })).await;
    engine.op_in(op.id, OpState::Done).await;
    assert_eq!(script.submitted().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_for_later_waits_and_survives_a_restart() {
    let (engine, script, _) = world(&["question"]).await;
    let thread = engine.titled("question").await.unwrap().id;
    let mut message: Compose = engine.call("compose.prepare", json!({ "mode": "reply", "thread": thread })).await;
    message.text = "in a while".into();
    let at = inlet_orchestrator::Clock::system().now() + jiff::SignedDuration::from_secs(3);
    let op: OpView = engine.call("send", json!({ "message": message, "at": at })).await;
    let engine = engine.restart().await;
    assert_eq!(engine.op(op.id).await.state, OpState::Queued);
    engine.op_in(op.id, OpState::Done).await;
    assert!(inlet_orchestrator::Clock::system().now() >= at);
    assert_eq!(script.submitted().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_fails_is_tried_again_and_the_window_shows_it_meanwhile() {
    let (engine, script, id) = world(&["question"]).await;
    script.fail_apply("move", Fault::Fails(transient()));
    script.fail_apply("flags", Fault::Fails(transient()));
    let thread = engine.titled("question").await.unwrap().id;
    engine.act("star", thread).await;
    engine.act("archive", thread).await;
    let row = engine.titled("question").await.unwrap();
    assert!(row.starred && row.place == inlet_orchestrator::api::types::Place::Archive);
    engine.outbox_empty().await;
    let there = script.find("question");
    assert_eq!(there.len(), 1);
    assert!(there[0].0 == "Archive" && there[0].1.starred, "{there:?}");
    engine.resync(id).await;
    assert_eq!(engine.titled("question").await.unwrap().place, row.place);
    engine.state_of(id, SourceState::Live).await;
    script.deliver("INBOX", mail("next"));
    arrives(&engine, "next").await;
}
