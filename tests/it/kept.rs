//! What is written once and used again: its order, its limits, and that it outlives a restart.

use inlet_orchestrator::api::types::Kept;
use serde_json::{Value, json};

use crate::harness::Engine;

async fn names(engine: &Engine, kind: &str) -> Vec<(String, Option<u32>)> {
    let kept: Vec<Kept> = engine.call("kept.list", json!({ "kind": kind })).await;
    kept.into_iter().map(|one| (one.name, one.position)).collect()
}

fn order(words: &[&str]) -> Vec<(String, Option<u32>)> {
    words.iter().zip(0..).map(|(word, position)| ((*word).to_owned(), Some(position))).collect()
}

#[tokio::test]
async fn what_is_kept_stays_in_the_order_it_was_put_in() {
    let engine = Engine::empty().await;
    let put = async |mut kept: Value, kind: &str| -> Kept {
        kept["kind"] = kind.into();
        engine.call("kept.put", kept).await
    };
    let a = put(json!({ "name": " A ", "data": { "query": "is:unread" } }), "search").await;
    put(json!({ "name": "B", "data": {} }), "search").await;
    let c = put(json!({ "name": "C", "data": {}, "position": 0 }), "search").await;
    put(json!({ "name": "Tab", "data": {} }), "split").await;
    assert_eq!(names(&engine, "search").await, order(&["C", "A", "B"]));

    put(json!({ "id": a.id, "name": "A2", "data": { "query": "ümläut" }, "position": 99 }), "search").await;
    assert_eq!(names(&engine, "search").await, order(&["C", "B", "A2"]));
    put(json!({ "id": a.id, "name": "A3", "data": { "query": "x" } }), "search").await;
    let _: Value = engine.call("kept.remove", json!({ "id": c.id })).await;
    assert_eq!(names(&engine, "search").await, order(&["B", "A3"]));

    let engine = engine.restart().await;
    let all: Vec<Kept> = engine.call("kept.list", Value::Null).await;
    assert_eq!(all.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["B", "A3", "Tab"]);
    assert_eq!(all[1].data["query"], "x");
}

#[tokio::test]
async fn a_signature_with_formatting_is_cleaned_and_has_a_text_form() {
    let engine = Engine::empty().await;
    let html = "<div>Ana <b>Ferreira</b></div><div><a href=\"https://lumen.test/\">Lumen</a></div>\
                <script>alert(1)</script><p style=\"background:url(https://images.test/x)\"></p>";
    let data = json!({ "source": "s1", "text": "something else", "html": html });
    let kept: Kept = engine.call("kept.put", json!({ "kind": "signature", "name": "Work", "data": data })).await;
    let shown = kept.data["html"].as_str().unwrap();
    assert!(shown.contains("<b>Ferreira</b>") && shown.contains("https://lumen.test/"), "{shown}");
    assert!(!shown.contains("script") && !shown.contains("images.test"), "{shown}");
    assert_eq!(kept.data["text"], "Ana Ferreira\nLumen <https://lumen.test/>");
    assert_eq!(kept.data["source"], "s1");

    let plain = json!({ "source": "s1", "text": "Ana <b>\n", "html": null });
    let kept: Kept = engine.call("kept.put", json!({ "kind": "signature", "name": "Plain", "data": plain })).await;
    assert_eq!(kept.data["text"], "Ana <b>\n");
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused_with_a_reason() {
    let engine = Engine::empty().await;
    for wrong in [
        json!({ "kind": "template", "name": "  ", "data": {} }),
        json!({ "kind": "template", "name": "x".repeat(300), "data": {} }),
        json!({ "kind": "template", "name": "Large", "data": { "text": "x".repeat(3_000_000) } }),
        json!({ "kind": "template", "name": "Gone", "data": {}, "id": "k77" }),
        json!({ "kind": "poem", "name": "Ode", "data": {} }),
    ] {
        engine.ask("kept.put", wrong).await.unwrap_err();
    }
    let kept: Kept = engine.call("kept.put", json!({ "kind": "template", "name": "T", "data": {} })).await;
    // Its kind is for ever.
    engine.ask("kept.put", json!({ "id": kept.id, "kind": "split", "name": "T", "data": {} })).await.unwrap_err();
    assert_eq!(names(&engine, "template").await, order(&["T"]));
}
