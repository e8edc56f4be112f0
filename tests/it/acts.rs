//! What a person does to threads, and taking it back.

use inlet_model::{Flags, ItemId, Kind, ScopeId, SourceType, ThreadId};
use inlet_orchestrator::api::types::{Place, ScopeView, ThreadRow};
use serde_json::{Value, json};

use crate::harness::{Engine, settled};

/// What of a thread an action may change, and an undo has to bring back.
#[derive(Debug, PartialEq)]
struct Look {
    place: Place,
    unread: u32,
    starred: bool,
    muted: bool,
    snoozed: bool,
    labels: Vec<String>,
    scopes: Vec<ScopeId>,
    flags: Vec<(ItemId, Flags)>,
}

async fn look(engine: &Engine, id: ThreadId) -> Look {
    let view = engine.thread(id).await;
    Look {
        place: view.thread.place,
        unread: view.thread.unread,
        starred: view.thread.starred,
        muted: view.thread.muted,
        snoozed: view.thread.snoozed_until.is_some(),
        labels: view.thread.labels.clone(),
        scopes: view.scopes.iter().map(|scope| scope.id).collect(),
        flags: view.items.iter().map(|item| (item.id, item.flags)).collect(),
    }
}

/// The newest inbox thread of each kind of platform.
async fn samples(engine: &Engine) -> Vec<ThreadRow> {
    let inbox = engine.view("inbox").await;
    ["gmail", "outlook", "whatsapp"]
        .iter()
        .map(|platform| inbox.iter().find(|row| row.source_type.as_str() == *platform).unwrap().clone())
        .collect()
}

async fn a_folder(engine: &Engine, row: &ThreadRow) -> ScopeView {
    let scopes: Vec<ScopeView> = engine.call("scopes.list", json!({ "source": row.source })).await;
    scopes.into_iter().find(|scope| scope.role == inlet_model::ScopeRole::Other).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_action_shows_at_once_stays_after_a_sync_and_can_be_undone() {
    let engine = Engine::demo().await;
    for row in samples(&engine).await {
        let id = row.id;
        let mail = row.kind == Kind::Mail;
        for verb in ["read", "unread", "star", "archive", "delete", "move", "label", "unlabel", "snooze", "mute"] {
            let what = format!("{verb} on {}", row.source_type.as_str());
            let labels = row.source_type == SourceType::Gmail;
            // From a state in which the verb has something to do.
            match verb {
                "read" => drop(engine.act("unread", id).await),
                "unread" => drop(engine.act("read", id).await),
                "unlabel" if labels => {
                    let to = a_folder(&engine, &row).await.id;
                    engine.act_with("label", json!({ "threads": [id], "to": to })).await;
                }
                _ => {}
            }
            settled(&engine).await;
            let before = look(&engine, id).await;
            let mut params = json!({ "verb": verb, "threads": [id] });
            match verb {
                "move" | "label" | "unlabel" if mail => params["to"] = json!(a_folder(&engine, &row).await.id),
                "move" | "label" | "unlabel" => params["to"] = json!(before.scopes[0]),
                "snooze" => params["until"] = json!("2100-01-01T00:00:00Z"),
                _ => {}
            }
            if (!mail && matches!(verb, "delete" | "move")) || (!labels && matches!(verb, "label" | "unlabel")) {
                let refusal = engine.ask("act", params).await.unwrap_err();
                assert!(refusal.message.ends_with('.'), "{what}: {refusal}");
                assert_eq!(look(&engine, id).await, before, "{what}: a refusal changes nothing");
                continue;
            }
            let undo = engine.act_with(verb, params).await;
            let at_once = look(&engine, id).await;
            match verb {
                "read" => assert_eq!(at_once.unread, 0, "{what}"),
                "unread" => assert!(at_once.unread > 0, "{what}"),
                "star" => assert!(at_once.starred, "{what}"),
                "archive" | "mute" => assert_eq!(at_once.place, Place::Archive, "{what}"),
                "delete" => assert_eq!(at_once.place, Place::Trash, "{what}"),
                "snooze" => assert_eq!(at_once.place, Place::Snoozed, "{what}"),
                "unlabel" => {
                    assert!(!at_once.scopes.contains(&a_folder(&engine, &row).await.id), "{what}: {at_once:?}")
                }
                _ => assert!(at_once.scopes.contains(&a_folder(&engine, &row).await.id), "{what}: {at_once:?}"),
            }
            settled(&engine).await;
            assert_eq!(look(&engine, id).await, at_once, "{what}: the platform agrees");
            engine.undo(undo).await;
            for when in ["at once", "on the platform as well"] {
                assert_eq!(look(&engine, id).await, before, "{what}: undone {when}");
                settled(&engine).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_rapid_archives_and_undos_end_where_they_started() {
    let engine = Engine::demo().await;
    settled(&engine).await;
    let rows: Vec<ThreadId> = engine.view("inbox").await.into_iter().take(20).map(|row| row.id).collect();
    let mut before = Vec::new();
    for id in &rows {
        before.push(look(&engine, *id).await);
    }
    for round in 0..10 {
        let mut undos = Vec::new();
        for id in &rows {
            undos.push(engine.act("archive", *id).await);
            assert_eq!(look(&engine, *id).await.place, Place::Archive, "round {round}");
        }
        // In the order a person would: the last one first.
        for undo in undos.into_iter().rev() {
            engine.undo(undo).await;
        }
        for (id, before) in rows.iter().zip(&before) {
            assert_eq!(look(&engine, *id).await, *before, "round {round}, at once");
        }
    }
    settled(&engine).await;
    for (id, before) in rows.iter().zip(&before) {
        assert_eq!(look(&engine, *id).await, *before, "on the platform");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_match_are_done_at_once_and_taken_back_at_once() {
    let engine = Engine::demo().await;
    settled(&engine).await;
    let unread = engine.view("inbox").await.into_iter().filter(|row| row.unread > 0).count();
    assert!(unread > 5, "{unread}");
    let list = json!({ "in": "inbox", "unread": true });
    let acted: inlet_orchestrator::api::types::Acted =
        engine.call("act", json!({ "verb": "read", "list": list })).await;
    assert_eq!(acted.threads.len(), unread);
    assert!(engine.view("inbox").await.iter().all(|row| row.unread == 0));
    engine.undo(acted.undo).await;
    assert_eq!(engine.view("inbox").await.iter().filter(|row| row.unread > 0).count(), unread);

    // More than one transaction takes: the whole world, by a search that finds everything.
    let before = engine.view("starred").await.len();
    let acted: inlet_orchestrator::api::types::Acted =
        engine.call("act", json!({ "verb": "mute", "query": "in:all" })).await;
    let threads = engine.view("all").await;
    assert!(threads.iter().all(|row| row.muted), "{}", acted.message);
    assert!(threads.len() > 300, "{}", threads.len());
    let undone: inlet_orchestrator::api::types::Acted = engine.call("undo", json!({})).await;
    assert_eq!(undone.undo, None);
    assert!(engine.view("all").await.iter().all(|row| !row.muted));
    assert_eq!(engine.view("starred").await.len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snoozed_thread_comes_back_when_its_time_has_come() {
    let engine = Engine::demo().await;
    let row = engine.view("inbox").await.remove(0);
    let soon = inlet_orchestrator::Clock::system().now() + jiff::SignedDuration::from_millis(300);
    engine.act_with("snooze", json!({ "threads": [row.id], "until": soon })).await;
    engine
        .until("the snoozed thread", async || (look(&engine, row.id).await.place == Place::Inbox).then_some(()))
        .await;
}

/// What was done already comes back to the inbox all the same, and by undoing lies where it lay.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_snoozed_in_the_archive_is_snoozed_and_comes_back() {
    let engine = Engine::demo().await;
    for row in samples(&engine).await {
        let what = row.source_type.as_str();
        engine.act("archive", row.id).await;
        settled(&engine).await;
        let before = look(&engine, row.id).await;
        assert_eq!(before.place, Place::Archive, "{what}");
        let far = json!({ "threads": [row.id], "until": "2100-01-01T00:00:00Z" });
        let undo = engine.act_with("snooze", far).await;
        assert_eq!(look(&engine, row.id).await.place, Place::Snoozed, "{what}");
        settled(&engine).await;
        assert_eq!(look(&engine, row.id).await.place, Place::Snoozed, "{what}: the platform agrees");
        engine.undo(undo).await;
        settled(&engine).await;
        assert_eq!(look(&engine, row.id).await, before, "{what}: undone");
        let soon = inlet_orchestrator::Clock::system().now() + jiff::SignedDuration::from_millis(300);
        engine.act_with("snooze", json!({ "threads": [row.id], "until": soon })).await;
        engine
            .until("it to come back", async || (look(&engine, row.id).await.place == Place::Inbox).then_some(()))
            .await;
    }
    // Of what lies in the trash nothing would be seen at that time.
    let row = engine.view("inbox").await.into_iter().find(|row| row.kind == Kind::Mail).unwrap();
    engine.act("delete", row.id).await;
    let far = json!({ "verb": "snooze", "threads": [row.id], "until": "2100-01-01T00:00:00Z" });
    let refused = engine.ask("act", far).await.unwrap_err();
    assert!(refused.message.contains("inbox"), "{refused}");
    assert!(engine.thread(row.id).await.thread.snoozed_until.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_equal_after_a_restart() {
    let engine = Engine::demo().await;
    let rows: Vec<ThreadRow> =
        engine.view("inbox").await.into_iter().filter(|row| row.source_type.as_str() == "outlook").take(6).collect();
    engine.act("archive", rows[0].id).await;
    engine.act("star", rows[1].id).await;
    engine.act("delete", rows[2].id).await;
    engine.act_with("snooze", json!({ "threads": [rows[3].id], "until": "2100-01-01T00:00:00Z" })).await;
    engine.act("mute", rows[4].id).await;
    let op = engine.reply(rows[5].id, "Kept over the restart.").await;
    let mut draft: Value = engine.call("compose.prepare", json!({ "mode": "reply", "thread": rows[1].id })).await;
    draft["text"] = "Half a sent".into();
    let _: Value = engine.call("draft.save", draft).await;
    engine.op_in(op.id, inlet_orchestrator::api::types::OpState::Done).await;
    // The scripted answer is part of what has to be there afterwards.
    engine
        .until("the answer", async || {
            let thread = engine.thread(rows[5].id).await;
            thread.items.last().filter(|item| !item.from_me && item.at > op.created_at).map(|_| ())
        })
        .await;
    settled(&engine).await;
    let before = everything(&engine).await;
    let engine = engine.restart().await;
    settled(&engine).await;
    let after = everything(&engine).await;
    crate::harness::same(&before, &after);
    let found: inlet_orchestrator::api::types::SearchView =
        engine.call("search", json!({ "query": "\"Kept over the restart\"" })).await;
    assert_eq!(found.total, 1);
}

/// Every row, item, draft and operation as JSON; what only says when somebody last looked is left out.
async fn everything(engine: &Engine) -> Vec<Value> {
    let mut all = Vec::new();
    for view in ["inbox", "waiting", "snoozed", "sent", "archive", "notes", "starred", "junk", "trash", "all"] {
        for row in engine.view(view).await {
            all.push(json!([view, row]));
        }
    }
    all.extend(engine.items().await.into_iter().map(|item| json!(item)));
    all.extend(engine.ops().await.into_iter().map(|op| json!(op)));
    all.extend(engine.call::<Vec<Value>>("draft.list", Value::Null).await);
    all.extend(engine.accounts().await.into_iter().map(|account| json!(account.config)));
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_shows_at_once_stays_and_can_be_undone() {
    let engine = Engine::demo().await;
    let inbox = engine.view("inbox").await;
    for (platform, one) in [("slack", false), ("teams", false), ("whatsapp", true)] {
        let Some(row) = inbox.iter().find(|row| row.source_type.as_str() == platform) else { panic!("no {platform}") };
        let view = engine.thread(row.id).await;
        let item = view.items.iter().find(|item| !item.from_me && !item.retracted).unwrap().id;
        let mine = async || {
            let view = engine.thread(row.id).await;
            let item = view.items.into_iter().find(|one| one.id == item).unwrap();
            item.reactions.into_iter().filter(|one| one.mine).map(|one| one.emoji).collect::<Vec<_>>()
        };
        let react = async |verb: &str, emoji: &str| {
            engine.act_with(verb, json!({ "items": [item], "emoji": emoji })).await;
        };
        react("react", "👍").await;
        assert_eq!(mine().await, ["👍"], "{platform}");
        settled(&engine).await;
        react("react", "🎉").await;
        let both: &[&str] = if one { &["🎉"] } else { &["👍", "🎉"] };
        assert_eq!(mine().await, both, "{platform}");
        settled(&engine).await;
        assert_eq!(mine().await, both, "{platform}, after a sync");
        let _: Value = engine.call("undo", json!({})).await;
        assert_eq!(mine().await, ["👍"], "{platform}");
        settled(&engine).await;
        assert_eq!(mine().await, ["👍"], "{platform}, after it was taken back there too");
        react("unreact", "👍").await;
        settled(&engine).await;
        assert!(mine().await.is_empty(), "{platform}");
    }
    let mail = inbox.iter().find(|row| row.kind == Kind::Mail).unwrap().id;
    let refused = engine.ask("act", json!({ "verb": "react", "threads": [mail], "emoji": "👍" })).await.unwrap_err();
    assert!(refused.message.contains("takes no reactions"), "{}", refused.message);
    let chat = inbox.iter().find(|row| row.kind == Kind::Chat).unwrap().id;
    for nothing in ["", "  ", "two words"] {
        let params = json!({ "verb": "react", "threads": [chat], "emoji": nothing });
        assert!(engine.ask("act", params).await.unwrap_err().message.contains("which emoji"), "{nothing:?}");
    }
}
