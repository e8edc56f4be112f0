//! Pages of notes: begun here, made by the platform, written on afterwards.

use inlet_model::{ItemId, Kind, ThreadId, Todo};
use inlet_orchestrator::api::types::{Acted, HtmlView, OpState, OpView, ScopeView};
use serde_json::json;

use crate::harness::{Engine, settled};

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

/// The first page with an open to-do, and that to-do.
async fn a_todo(engine: &Engine) -> (ThreadId, ItemId, Todo) {
    for row in engine.view("notes").await {
        let item = engine.thread(row.id).await.items.remove(0);
        if let Some(todo) = item.page.unwrap().todos.into_iter().find(|todo| !todo.done) {
            return (row.id, item.id, todo);
        }
    }
    panic!("no page of the demo has a to-do");
}

async fn is_done(engine: &Engine, page: ThreadId, todo: &Todo) -> bool {
    let item = engine.thread(page).await.items.remove(0);
    item.page.unwrap().todos.into_iter().find(|one| one.id == todo.id).unwrap().done
}

#[tokio::test(flavor = "multi_thread")]
async fn a_to_do_is_ticked_at_once_stays_so_after_a_sync_and_can_be_opened_again() {
    let engine = Engine::demo().await;
    let (page, item, todo) = a_todo(&engine).await;
    let source = engine.thread(page).await.thread.source;
    let drawn = async || -> String {
        let html: HtmlView = engine.call("item.html", json!({ "id": item, "theme": "light" })).await;
        html.document
    };
    let boxes = drawn().await.matches("data-tag=\"done\"").count();

    let acted: Acted = engine.call("act", json!({ "verb": "tick", "items": [item], "todo": todo.id })).await;
    assert_eq!(acted.threads, [page]);
    assert!(is_done(&engine, page, &todo).await, "at once");
    assert_eq!(drawn().await.matches("data-tag=\"done\"").count(), boxes + 1, "on the page as well");
    settled(&engine).await;
    engine.resync(source).await;
    assert!(is_done(&engine, page, &todo).await, "on the platform as well");
    assert_eq!(drawn().await.matches("data-tag=\"done\"").count(), boxes + 1);

    let _: Acted = engine.call("undo", json!({ "undo": acted.undo })).await;
    assert!(!is_done(&engine, page, &todo).await, "taken back at once");
    settled(&engine).await;
    engine.resync(source).await;
    assert!(!is_done(&engine, page, &todo).await, "and on the platform");

    let refused = engine.ask("act", json!({ "verb": "tick", "items": [item], "todo": "p:nowhere" })).await.unwrap_err();
    assert!(refused.message.contains("to-do"), "{}", refused.message);
}
