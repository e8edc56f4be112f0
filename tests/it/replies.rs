//! Answering on every channel of the demo world.

use std::collections::HashMap;

use inlet_model::{Kind, Receipt, UnifiedEmail};
use inlet_orchestrator::api::types::{Compose, Elsewhere, OpState, ThreadRow};
use serde_json::{Value, json};

use crate::{
    harness::{Engine, Setup},
    scripted::{Script, mail},
};

async fn newest(engine: &Engine, view: &str, platform: &str) -> ThreadRow {
    let rows = engine.view(view).await;
    rows.into_iter().find(|row| row.source_type.as_str() == platform && !row.last_from_me).unwrap()
}

/// Sends an answer and waits until the platform's own copy and the other side's words are here.
async fn answered(engine: &Engine, row: &ThreadRow, text: &str) {
    let what = row.source_type.as_str();
    let before = engine.thread(row.id).await.items.len();
    let op = engine.reply(row.id, text).await;
    assert_eq!(op.thread, Some(row.id), "{what}");
    let at_once = engine.thread(row.id).await;
    assert_eq!(at_once.items.iter().filter(|item| item.text.contains(text)).count(), 1, "{what}: seen at once");
    engine.op_in(op.id, OpState::Done).await;
    let items = engine
        .until(&format!("the answer on {what}"), async || {
            let items = engine.thread(row.id).await.items;
            (items.len() >= before + 2).then_some(items)
        })
        .await;
    engine.resync(row.source).await;
    let mine: Vec<_> = items.iter().filter(|item| item.text.contains(text)).collect();
    assert_eq!(mine.len(), 1, "{what}: the echo and the platform's copy are one");
    assert!(mine[0].from_me && mine[0].op.is_none(), "{what}: {:?}", mine[0].op);
    let last = items.last().unwrap();
    assert!(!last.from_me && !last.text.is_empty(), "{what}");
    assert_eq!(engine.thread(row.id).await.items.len(), before + 2, "{what}: nothing comes twice");
    let detail: Value = engine.call("outbox.get", json!({ "id": op.id })).await;
    assert_eq!(detail["deliveries"][0]["outcome"], "done", "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_by_mail_is_one_item_and_is_answered() {
    let engine = Engine::demo().await;
    for platform in ["gmail", "outlook"] {
        let row = newest(&engine, "inbox", platform).await;
        answered(&engine, &row, "Sounds right to me, let us do that.").await;
        let thread = engine.thread(row.id).await;
        assert!(thread.items.iter().any(|item| item.flags.answered), "{platform}: the answered mail is marked");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_in_a_chat_is_one_item_and_is_answered() {
    let engine = Engine::demo().await;
    for platform in ["whatsapp", "teams", "slack"] {
        let row = newest(&engine, "inbox", platform).await;
        assert_eq!(row.kind, Kind::Chat);
        answered(&engine, &row, "On my way, ten minutes.").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_added_to_a_note_are_on_its_page_and_nowhere_else() {
    let engine = Engine::demo().await;
    let row = engine.view("notes").await.remove(0);
    let before = engine.thread(row.id).await.items;
    let op = engine.reply(row.id, "Call the plumber on Thursday.").await;
    engine.op_in(op.id, OpState::Done).await;
    engine
        .until("the page with the new words", async || {
            let items = engine.thread(row.id).await.items;
            (items.len() == before.len() && items[0].text.ends_with("Call the plumber on Thursday.")).then_some(())
        })
        .await;
    engine.resync(row.source).await;
    let items = engine.thread(row.id).await.items;
    assert_eq!(items.len(), before.len());
    assert!(items[0].text.starts_with(before[0].text.trim_end()), "what stood there stays");
    assert_eq!(items[0].id, before[0].id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_taken_back_in_time_is_a_draft_again() {
    let engine = Engine::demo().await;
    let row = newest(&engine, "inbox", "outlook").await;
    let before = engine.thread(row.id).await.items.len();
    let mut message: Compose = engine.call("compose.prepare", json!({ "mode": "reply", "thread": row.id })).await;
    message.text = "I never said this.".into();
    let op: inlet_orchestrator::api::types::OpView =
        engine.call("send", json!({ "message": message, "undo_seconds": 30 })).await;
    assert_eq!(op.state, OpState::Queued);
    assert_eq!(engine.thread(row.id).await.items.len(), before + 1);
    let op: inlet_orchestrator::api::types::OpView = engine.call("outbox.cancel", json!({ "id": op.id })).await;
    assert_eq!(op.state, OpState::Cancelled);
    assert_eq!(engine.thread(row.id).await.items.len(), before, "the echo is gone");
    let drafts: Vec<Compose> = engine.call("draft.list", Value::Null).await;
    assert_eq!((drafts.len(), drafts[0].text.as_str()), (1, "I never said this."));
    let again: Compose = engine.call("compose.prepare", json!({ "mode": "reply", "thread": row.id })).await;
    assert_eq!(again.text, "I never said this.", "answering again opens it");
    let refusal = engine.ask("outbox.cancel", json!({ "id": op.id })).await.unwrap_err();
    assert!(refusal.message.contains("taken back already"), "{refusal}");
    engine.resync(row.source).await;
    let sent = engine.items().await.into_iter().filter(|item| item.text.contains("I never said this.")).count();
    assert_eq!(sent, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_person_is_known_on_another_channel_by_the_exact_name_or_by_my_word() {
    let engine = Engine::demo().await;
    let ways =
        async |row: &ThreadRow| -> Vec<Elsewhere> { engine.call("people.elsewhere", json!({ "id": row.id })).await };
    let (mut to_chats, mut to_mail) = (0, None);
    for row in engine.view("inbox").await {
        let found = ways(&row).await;
        assert!(found.is_empty() || row.people.len() == 1, "{row:?}");
        for there in found {
            let person = &row.people[0];
            assert!(there.source != row.source);
            assert_eq!(there.same, there.person.handle.eq_ignore_ascii_case(&person.handle));
            assert!(there.same || there.person.name == person.name, "{there:?} for {person:?}");
            let Some(thread) = there.thread else {
                assert!(row.kind == Kind::Chat && there.person.handle.contains('@'), "{there:?} for {row:?}");
                to_mail = Some((row.clone(), there));
                continue;
            };
            let other = engine.thread(thread).await.thread;
            assert!(other.source == there.source && other.kind == Kind::Chat && other.people.len() == 1);
            to_chats += 1;
        }
    }
    assert!(to_chats > 0, "the demo world has somebody who writes mails and chats");
    let (row, there) = to_mail.expect("and somebody in a chat who writes mails");
    // Once it was said to be the same person, nobody has to be asked.
    let pair = json!({ "one": row.people[0].handle, "other": there.person.handle });
    let _: Value = engine.call("people.join", pair).await;
    let joined = ways(&row).await;
    assert!(joined.iter().any(|way| way.person.handle == there.person.handle && way.same), "{joined:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_on_whatsapp_is_sent_then_delivered_then_read() {
    let engine = Engine::demo().await;
    let row = newest(&engine, "inbox", "whatsapp").await;
    let op = engine.reply(row.id, "Bringing the ladder.").await;
    let mut seen = vec![Receipt::None];
    engine
        .until("it to be read", async || {
            let items = engine.thread(row.id).await.items;
            let mine = items.iter().find(|item| item.text == "Bringing the ladder.").unwrap();
            if seen.last() != Some(&mine.receipt) {
                seen.push(mine.receipt);
            }
            (mine.receipt == Receipt::Read).then_some(())
        })
        .await;
    assert!(seen.is_sorted(), "{seen:?}");
    engine.op_in(op.id, OpState::Done).await;
    let teams = newest(&engine, "inbox", "teams").await;
    answered(&engine, &teams, "On my way.").await;
    assert!(engine.thread(teams.id).await.items.iter().all(|item| item.receipt == Receipt::None));
}

#[tokio::test]
async fn what_a_platform_tells_late_or_of_others_takes_nothing_back() {
    let script = Script::new("mail");
    script.put(
        "Sent",
        UnifiedEmail {
            stable_id: "mine".into(),
            subject: "Ladder".into(),
            from_me: true,
            received_at: Some("2026-06-01T12:00:00Z".parse().unwrap()),
            text: "Bringing it.".into(),
            ..UnifiedEmail::default()
        },
    );
    script.deliver("INBOX", mail("theirs"));
    let scripts = HashMap::from([("mail".to_owned(), script.clone())]);
    let engine = Engine::with(Setup { scripts, ..Setup::default() }).await;
    let source = engine.connect("mail").await;
    let receipt = async |title: &str| match engine.titled(title).await {
        Some(row) => Some(engine.thread(row.id).await.items[0].receipt),
        None => None,
    };
    engine.until("the mails", async || receipt("Ladder").await.and(receipt("theirs").await)).await;

    // Told before the message was seen, of one that is not mine, and out of order.
    script.receipt("INBOX", "nobody's", Receipt::Read);
    script.receipt("INBOX", "digest of theirs", Receipt::Read);
    for (told, holds) in [
        (Receipt::Failed, Receipt::Failed),
        (Receipt::Delivered, Receipt::Delivered),
        (Receipt::Sent, Receipt::Delivered),
        (Receipt::Failed, Receipt::Delivered),
        (Receipt::Read, Receipt::Read),
        (Receipt::Delivered, Receipt::Read),
    ] {
        script.receipt("Sent", "mine", told);
        engine.resync(source).await;
        assert_eq!(receipt("Ladder").await, Some(holds), "{told:?}");
    }
    assert_eq!(receipt("theirs").await, Some(Receipt::None));

    // A scan of everything says nothing of receipts, and forgets none.
    script.renumber();
    engine.resync(source).await;
    assert_eq!(receipt("Ladder").await, Some(Receipt::Read));
    let engine = engine.restart().await;
    let row = engine.titled("Ladder").await.unwrap();
    assert_eq!(engine.thread(row.id).await.items[0].receipt, Receipt::Read);
}
