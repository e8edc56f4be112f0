//! What other programs propose: nothing of it happens before the person says so, and then as if they had done it.

use inlet_model::ThreadId;
use inlet_orchestrator::api::{
    ErrorCode,
    types::{Compose, Decided, OpState, Place, Proposal, ProposalState},
};
use serde_json::{Value, json};

use crate::harness::Engine;

async fn propose(engine: &Engine, thread: ThreadId, what: &str, more: Value) -> Proposal {
    let mut params = json!({ "thread": thread, "do": what, "who": "sorter", "why": "It looks done." });
    params.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    engine.call("proposals.make", params).await
}

async fn waiting(engine: &Engine) -> Vec<Proposal> {
    engine.call("proposals.list", json!({})).await
}

async fn decide(engine: &Engine, id: inlet_model::ProposalId, params: Value) -> Decided {
    let mut all = json!({ "id": id });
    all.as_object_mut().unwrap().extend(params.as_object().cloned().unwrap_or_default());
    engine.call("proposals.decide", all).await
}

async fn place(engine: &Engine, id: ThreadId) -> Place {
    engine.thread(id).await.thread.place
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_done_before_it_is_approved_and_then_it_can_be_undone() {
    let engine = Engine::demo().await;
    let row = engine.view("inbox").await.into_iter().find(|row| row.source_type.as_str() == "gmail").unwrap();
    let made = propose(&engine, row.id, "archive", json!({})).await;
    assert_eq!((made.state, made.decided_at, made.who.as_str()), (ProposalState::Waiting, None, "sorter"));
    assert_eq!(propose(&engine, row.id, "archive", json!({})).await.id, made.id, "said twice it is one");
    assert_eq!(place(&engine, row.id).await, Place::Inbox);
    // It waits as long as it takes.
    let engine = engine.restart().await;
    assert_eq!(waiting(&engine).await.iter().map(|one| one.id).collect::<Vec<_>>(), [made.id]);

    let decided = decide(&engine, made.id, json!({ "approve": true })).await;
    assert_eq!((decided.proposal.state, decided.proposal.edited), (ProposalState::Approved, false));
    assert_eq!(decided.proposal.decided_by, engine.source(row.source).await.identity, "who decided is kept");
    assert!(decided.proposal.decided_at.is_some() && decided.op.is_none());
    assert_eq!(place(&engine, row.id).await, Place::Archive);
    engine.undo(decided.acted.unwrap().undo).await;
    assert_eq!(place(&engine, row.id).await, Place::Inbox);
    assert!(waiting(&engine).await.is_empty());
    let again = engine.ask("proposals.decide", json!({ "id": made.id, "approve": true })).await.unwrap_err();
    assert_eq!(again.code, ErrorCode::Refused, "decided once is decided");

    let made = propose(&engine, row.id, "delete", json!({})).await;
    let decided = decide(&engine, made.id, json!({ "approve": false })).await;
    assert_eq!((decided.proposal.state, decided.acted.is_none()), (ProposalState::Rejected, true));
    assert_eq!(place(&engine, row.id).await, Place::Inbox);
    let all: Vec<Proposal> = engine.call("proposals.list", json!({ "all": true, "who": "sorter" })).await;
    assert_eq!(all.iter().map(|one| one.state).collect::<Vec<_>>(), [ProposalState::Approved, ProposalState::Rejected]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_sent_as_it_was_approved() {
    let engine = Engine::demo().await;
    let row = engine.view("inbox").await.into_iter().find(|row| row.source_type.as_str() == "gmail").unwrap();
    // What the person had begun there is not touched.
    let mut begun: Compose = engine.call("compose.prepare", json!({ "mode": "reply", "thread": row.id })).await;
    begun.text = "My own words".into();
    let _: Compose = engine.call("draft.save", serde_json::to_value(&begun).unwrap()).await;
    let text = "<b>Yes</b>, on Friday.";
    let made = propose(&engine, row.id, "reply", json!({ "text": text })).await;
    assert!(made.id.to_string().starts_with('p'), "an id is a word");
    assert!(engine.ops().await.is_empty(), "nothing is on its way");
    let decided = decide(&engine, made.id, json!({ "approve": true, "text": "Yes, on Saturday." })).await;
    assert!(decided.proposal.edited && decided.proposal.text == "Yes, on Saturday.");
    let again = engine.ask("proposals.decide", json!({ "id": made.id, "approve": true })).await.unwrap_err();
    assert!(again.message.contains("decided already"), "{again:?}");
    let op = decided.op.unwrap();
    assert_eq!((decided.proposal.op, op.state), (Some(op.id), OpState::Queued), "as any message is");
    engine.op_in(op.id, OpState::Done).await;
    let items = engine.thread(row.id).await.items;
    assert!(items.iter().any(|item| item.from_me && item.text.starts_with("Yes, on Saturday.")));
    assert!(!items.iter().any(|item| item.text.contains("on Friday") && item.from_me), "what was changed is not sent");
    let drafts: Vec<Compose> = engine.call("draft.list", Value::Null).await;
    assert!(drafts.iter().any(|draft| draft.text == "My own words"), "{drafts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_can_neither_flood_nor_make_no_sense() {
    let engine = Engine::demo().await;
    let rows = engine.view("all").await;
    let mut refused = None;
    for row in rows.iter().take(30) {
        let params = json!({ "thread": row.id, "do": "star", "who": "flood", "why": "x" });
        if let Err(error) = engine.ask("proposals.make", params).await {
            refused = Some(error);
            break;
        }
    }
    let refused = refused.unwrap();
    assert_eq!(refused.code, ErrorCode::Refused);
    assert!(refused.message.contains("20 proposals of this program"), "{}", refused.message);
    assert_eq!(waiting(&engine).await.len(), 20);
    // Another one still has room; all of them together do not for ever.
    let mut names = 0;
    'all: loop {
        names += 1;
        for row in rows.iter().take(20) {
            let params = json!({ "thread": row.id, "do": "star", "who": format!("flood {names}"), "why": "x" });
            if engine.ask("proposals.make", params).await.is_err() {
                break 'all;
            }
        }
    }
    assert_eq!(waiting(&engine).await.len(), 100);
    let _: Value =
        engine.call("proposals.decide", json!({ "id": waiting(&engine).await[0].id, "approve": false })).await;

    let id = rows[0].id;
    for (wrong, part) in [
        (json!({ "do": "reply", "who": "a", "why": "b" }), "text"),
        (json!({ "do": "snooze", "who": "a", "why": "b" }), "until when"),
        (json!({ "do": "snooze", "until": "2001-01-01T00:00:00Z", "who": "a", "why": "b" }), "still to come"),
        (json!({ "do": "archive", "text": "x", "who": "a", "why": "b" }), "Only an answer"),
        (json!({ "do": "archive", "who": " \u{7} ", "why": "b" }), "who"),
        (json!({ "do": "archive", "who": "a", "why": "" }), "why"),
        (json!({ "do": "reply", "text": "x".repeat(20_001), "who": "a", "why": "b" }), "20000"),
        (json!({ "do": "expunge", "who": "a", "why": "b" }), "expunge"),
    ] {
        let mut params = wrong;
        params["thread"] = json!(id);
        let error = engine.ask("proposals.make", params).await.unwrap_err();
        assert!(error.code == ErrorCode::Invalid && error.message.contains(part), "{part}: {}", error.message);
    }
    let gone = json!({ "thread": "t999999", "do": "archive", "who": "a", "why": "b" });
    assert_eq!(engine.ask("proposals.make", gone).await.unwrap_err().code, ErrorCode::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_stays_undecided() {
    let engine = Engine::demo().await;
    let row = engine.view("inbox").await.into_iter().find(|row| row.source_type.as_str() == "whatsapp").unwrap();
    // Nobody can delete there; it is said at once, not after the approval.
    let params = json!({ "thread": row.id, "do": "delete", "who": "a", "why": "b" });
    assert_eq!(engine.ask("proposals.make", params).await.unwrap_err().code, ErrorCode::Refused);
    let made = propose(&engine, row.id, "snooze", json!({ "until": "2099-01-01T00:00:00Z" })).await;
    let past = json!({ "id": made.id, "approve": true, "until": "2001-01-01T00:00:00Z" });
    assert!(engine.ask("proposals.decide", past).await.is_err());
    assert_eq!(waiting(&engine).await[0].state, ProposalState::Waiting, "a refusal leaves it as it was");
    let _: Value = engine.call("demo.remove", Value::Null).await;
    assert!(waiting(&engine).await.is_empty());
}
