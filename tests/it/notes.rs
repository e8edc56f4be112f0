//! Pages of notes: begun here, made by the platform, written on afterwards.

use inlet_model::Kind;
use inlet_orchestrator::api::types::{OpState, OpView, ScopeView};
use serde_json::json;

use crate::harness::Engine;

#[tokio::test(flavor = "multi_thread")]
async fn a_new_page_is_there_at_once_and_is_one_page_afterwards() {
    let engine = Engine::demo().await;
    let book = engine.sources().await.into_iter().find(|source| source.kind == Kind::Note).unwrap();
    let sections: Vec<ScopeView> = engine.call("scopes.list", json!({ "source": book.id })).await;
    let pages = engine.view("notes").await.len();
    let message = json!({
        "source": book.id, "section": sections[1].id, "subject": "Packing list", "text": "- [ ] passport\n- [x] tickets",
    });
    let op: OpView = engine.call("send", json!({ "message": message, "undo_seconds": 0 })).await;
    let page = op.thread.unwrap();
    let at_once = engine.thread(page).await;
    assert_eq!(at_once.thread.title, "Packing list");
    engine.op_in(op.id, OpState::Done).await;
    engine.resync(book.id).await;

    let kept = engine.thread(page).await;
    assert_eq!(kept.items.len(), 1, "the echo and the platform's page are one");
    assert!(kept.items[0].has_html && kept.items[0].op.is_none());
    assert_eq!(kept.scopes.iter().map(|scope| scope.id).collect::<Vec<_>>(), [sections[1].id]);
    assert_eq!(engine.view("notes").await.len(), pages + 1);

    let more = engine.reply(page, "- [ ] charger").await;
    engine.op_in(more.id, OpState::Done).await;
    engine.resync(book.id).await;
    let written = engine.thread(page).await;
    assert_eq!(written.items.len(), 1);
    assert!(written.items[0].text.contains("passport") && written.items[0].text.contains("charger"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_needs_a_section_of_its_notebook_and_some_words() {
    let engine = Engine::demo().await;
    let sources = engine.sources().await;
    let book = sources.iter().find(|source| source.kind == Kind::Note).unwrap();
    let sections: Vec<ScopeView> = engine.call("scopes.list", json!({ "source": book.id })).await;
    let all: Vec<ScopeView> = engine.call("scopes.list", json!({})).await;
    let foreign = all.iter().find(|scope| scope.source != book.id).unwrap();
    for (message, word) in [
        (json!({ "source": book.id, "subject": "x", "text": "x" }), "conversation"),
        (json!({ "source": book.id, "section": foreign.id, "subject": "x" }), "section"),
        (json!({ "source": book.id, "section": sections[0].id, "subject": "  ", "text": " " }), "nothing"),
    ] {
        let refused = engine.ask("send", json!({ "message": message })).await.unwrap_err();
        assert!(refused.message.contains(word), "{message}: {}", refused.message);
    }
}
