//! Sending at most once.

use inlet_model::{Intent, OpKey, SourceError, Target};
use inlet_testkit::graph::{Fault, Said};

use super::{Held, Tenant, answer, ben, outgoing, planned, scope, send};

/// How often a text of mine is in the chat.
fn count(tenant: &Tenant, chat: &str, text: &str) -> usize {
    let me = tenant.fake.me().id;
    let mine = |message: &serde_json::Value| {
        message.pointer("/from/user/id").and_then(|id| id.as_str()) == Some(&me)
            && message["body"]["content"].as_str().unwrap().contains(text)
    };
    tenant.fake.teams().messages(chat).iter().filter(|message| mine(message)).count()
}

#[tokio::test]
async fn what_is_sent_comes_back_as_the_same_message() {
    let Some(tenant) = Tenant::start("teams_send") else { return };
    let chat = tenant.chat(3);
    let source = tenant.source();
    let scope = scope(&source, &chat).await;
    let mut held = Held::all(&source, &scope).await;
    let asked = held.messages.keys().next().unwrap().clone();
    let applied = send(&source, answer(&chat, &asked, "Yes, a < b\nand more")).await.unwrap();
    held.drain(&source, &scope).await.unwrap();
    assert_eq!(held.came, 1);
    let mine = &held.messages[&applied.remote_id.unwrap().0];
    assert_eq!((mine.text.as_str(), mine.from_me), ("Yes, a < b\nand more", true));
    assert_eq!(mine.reply_to.as_ref().map(|id| id.0.as_str()), Some(asked.as_str()));
    assert!(mine.html.as_ref().unwrap().contains("<b>Ben Ito</b><br>Message 1"), "{:?}", mine.html);
}

#[tokio::test]
async fn a_lost_answer_is_looked_for_and_nothing_is_sent_twice() {
    let Some(tenant) = Tenant::start("teams_lost") else { return };
    let chat = tenant.chat(60);
    let source = tenant.source();
    let key = OpKey("one".into());
    // The same words were said before, by me and by another.
    send(&source, outgoing(&chat, "ok")).await.unwrap();
    tenant.fake.teams().say(&chat, Said::text("ok").from(&ben()));
    let mut there = 1;
    let post = |fault: Fault| fault.method("POST").path("/messages");
    for (what, fault, lands, unknown) in [
        ("the connection ends before", Fault::dropped(), false, true),
        ("the connection ends after", Fault::lost(), true, true),
        ("the answer is torn", Fault::torn(), true, true),
        ("it fails inside", Fault::error(500, "InternalServerError"), false, true),
        ("the gateway gives up", Fault::error(504, "GatewayTimeout"), false, true),
        ("too busy", Fault::unavailable(), false, false),
        ("too fast", Fault::throttled().retry_after(7), false, false),
        ("too fast, and no word for how long", Fault::throttled(), false, false),
        ("refused", Fault::error(403, "Forbidden"), false, false),
    ] {
        let op = planned(&source, outgoing(&chat, "ok")).await.unwrap();
        tenant.fake.fail(post(fault));
        let error = source.apply(&key, &op).await.unwrap_err();
        assert_eq!(matches!(error, SourceError::Unknown(_)), unknown, "{what}: {error:?}");
        there += usize::from(lands);
        assert_eq!(count(&tenant, &chat, "ok"), there, "{what}");
        // Much was said since.
        for number in 0..70 {
            tenant.fake.teams().say(&chat, Said::text(&format!("and {number}")).from(&ben()));
        }
        let found = source.find_applied(&key, &op).await.unwrap();
        assert_eq!(found.is_some(), lands, "{what}");
    }
    assert_eq!(count(&tenant, &chat, "ok"), there);
}

#[tokio::test]
async fn before_it_is_sent_nothing_that_fails_has_an_effect() {
    let Some(tenant) = Tenant::start("teams_before") else { return };
    let chat = tenant.chat(3);
    let source = tenant.source();
    let asked = Held::all(&source, &scope(&source, &chat).await).await.messages.keys().next().unwrap().clone();
    for fault in [Fault::dropped(), Fault::torn(), Fault::throttled(), Fault::unavailable()] {
        // First when the newest is looked up, then when what is quoted is.
        for after in 0..2 {
            tenant.fake.fail(fault.clone().method("GET").path("/messages").after(after));
            let error = send(&source, answer(&chat, &asked, "once")).await.unwrap_err();
            assert!(!matches!(error, SourceError::Unknown(_) | SourceError::Permanent(_)), "{error:?}");
            assert_eq!(count(&tenant, &chat, "once"), 0);
        }
    }
    send(&source, answer(&chat, &asked, "once")).await.unwrap();
    // A token that had just ended is replaced, and the message is sent once.
    tenant.fake.fail(Fault::unauthorized().method("POST").path("/messages"));
    send(&source, outgoing(&chat, "twice?")).await.unwrap();
    assert_eq!((count(&tenant, &chat, "once"), count(&tenant, &chat, "twice?")), (1, 1));
}

#[tokio::test]
async fn reactions_are_given_and_taken_back() {
    let Some(tenant) = Tenant::start("teams_react") else { return };
    let chat = tenant.chat(3);
    let source = tenant.source();
    let here = scope(&source, &chat).await;
    let held = Held::all(&source, &here).await;
    let (id, message) = held.messages.iter().next().unwrap();
    for (emoji, on) in [("👍", true), ("🎉", true), ("🎉", true), ("👍", false)] {
        let target =
            Target { scope: chat.clone(), remote_id: message.remote_id.clone(), message_id: None, version: None };
        let intent = Intent::React { conversation: chat.clone(), target, emoji: emoji.into(), on };
        let op = source.plan(&OpKey("react".into()), &intent).unwrap().unwrap();
        source.apply(&OpKey("react".into()), &op).await.unwrap();
    }
    let again = Held::all(&source, &here).await;
    let given: Vec<_> = again.messages[id].reactions.iter().map(|one| (one.emoji.as_str(), one.mine)).collect();
    assert_eq!(given, [("🎉", true)]);
}
