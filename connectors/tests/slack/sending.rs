//! Sending at most once.

use inlet_model::{Intent, OpKey, OutgoingAttachment, RemoteId, SourceError, Target};
use inlet_testkit::slack::Fault;

use super::{Held, Place, answer, outgoing, planned, scope, send};

/// How often a text of mine is in a conversation.
fn count(place: &Place, room: &str, text: &str) -> usize {
    let me = place.fake.me();
    place.fake.messages(room).iter().filter(|message| message["user"] == me && message["text"] == text).count()
}

fn file(name: &str, bytes: &str) -> OutgoingAttachment {
    OutgoingAttachment { name: name.into(), mime: "text/plain".into(), data: bytes.into(), content_id: None }
}

#[tokio::test]
async fn what_is_sent_comes_back_as_the_same_message() {
    let Some(place) = Place::start("slack_send") else { return };
    let channel = place.channel(3);
    let source = place.source();
    let scope = scope(&source, &channel).await;
    let mut held = Held::all(&source, &scope).await;
    let applied = send(&source, "key-1", outgoing(&channel, "Yes, a < b & more\n<@U1> stays text")).await.unwrap();
    held.drain(&source, &scope).await.unwrap();
    assert_eq!(held.came, 1);
    let mine = &held.messages[&applied.remote_id.unwrap().0];
    assert_eq!((mine.text.as_str(), mine.from_me), ("Yes, a < b & more\n<@U1> stays text", true));
    assert_eq!(mine.client_key.as_deref(), Some("key-1"));

    // An answer goes into the thread of what it answers, be that a root or an answer.
    let root = held.get(&place.newest(&channel)).remote_id.0.clone();
    let first = send(&source, "key-2", answer(&channel, &root, "First")).await.unwrap().remote_id.unwrap();
    let second = send(&source, "key-3", answer(&channel, &first.0, "Second")).await.unwrap().remote_id.unwrap();
    held.drain(&source, &scope).await.unwrap();
    for id in [first, second] {
        assert_eq!(held.messages[&id.0].reply_to, Some(RemoteId(root.clone())));
    }
}

#[tokio::test]
async fn a_lost_answer_is_looked_for_and_nothing_is_sent_twice() {
    let Some(place) = Place::start("slack_lost") else { return };
    let channel = place.channel(60);
    let source = place.source();
    // The same words were said before, by me and by another.
    send(&source, "before", outgoing(&channel, "ok")).await.unwrap();
    place.fake.say(&channel, &place.ben, "ok");
    let mut there = 1;
    for (what, fault, lands, unknown) in [
        ("the connection ends before", Fault::Dropped, false, true),
        ("the connection ends after", Fault::Lost, true, true),
        ("the answer is torn", Fault::Torn, true, true),
        ("it fails inside", Fault::Status(500), false, true),
        ("it says it failed inside", Fault::Error("internal_error"), false, true),
        ("refused", Fault::Error("restricted_action"), false, false),
        ("too busy", Fault::Throttled(None), false, false),
    ] {
        let op = planned(&source, what, outgoing(&channel, "ok")).await.unwrap();
        place.fake.fail("chat.postMessage", fault);
        let error = source.apply(&OpKey(what.into()), &op).await.unwrap_err();
        assert_eq!(matches!(error, SourceError::Unknown(_)), unknown, "{what}: {error:?}");
        there += usize::from(lands);
        assert_eq!(count(&place, &channel, "ok"), there, "{what}");
        // Much was said since, the same words by me among it.
        for number in 0..70 {
            place.fake.say(&channel, &place.ben, &format!("and {number}"));
        }
        let found = place.source().find_applied(&OpKey(what.into()), &op).await.unwrap();
        assert_eq!(found.is_some(), lands, "{what}");
    }
    assert_eq!(count(&place, &channel, "ok"), there);
}

#[tokio::test]
async fn a_rule_of_the_workspace_is_said() {
    let Some(place) = Place::start("slack_rule") else { return };
    let channel = place.channel(1);
    let source = place.source();
    for (word, part) in [
        ("restricted_action", "rule"),
        ("is_archived", "archived"),
        ("msg_too_long", "40,000"),
        ("channel_not_found", "no longer"),
        ("some_new_word", "some_new_word"),
    ] {
        place.fake.fail("chat.postMessage", Fault::Error(word));
        let Err(SourceError::Permanent(text)) = send(&source, "key", outgoing(&channel, "x")).await else {
            panic!("{word} is refused for good")
        };
        assert!(text.contains(part), "{word}: {text}");
    }
}

#[tokio::test]
async fn files_go_with_their_text_and_are_found_by_their_ids() {
    let Some(place) = Place::start("slack_files") else { return };
    let channel = place.channel(2);
    let source = place.source();
    let scope = scope(&source, &channel).await;
    let mut held = Held::all(&source, &scope).await;
    let with = |text: &str, names: &[&str]| {
        let attachments = names.iter().map(|name| file(name, &format!("bytes of {name}"))).collect();
        inlet_model::Outgoing { attachments, ..outgoing(&channel, text) }
    };
    let applied = send(&source, "key-1", with("Two files", &["a.txt", "b.txt"])).await.unwrap();
    assert_eq!(place.fake.file("b.txt").unwrap(), b"bytes of b.txt");
    held.drain(&source, &scope).await.unwrap();
    let mine = &held.messages[&applied.remote_id.unwrap().0];
    assert_eq!((mine.text.as_str(), mine.attachments.len()), ("Two files", 2));
    assert_eq!(mine.client_key.as_deref(), Some("key-1"));

    // Slack shares them a moment later: the key comes with them all the same.
    place.fake.hold_files();
    let applied = send(&source, "key-2", with("", &["late.txt"])).await.unwrap();
    assert_eq!(applied.remote_id, None);
    place.fake.release_files();
    held.drain(&source, &scope).await.unwrap();
    let late = held.messages.values().find(|message| message.client_key.as_deref() == Some("key-2")).unwrap();
    assert_eq!(late.attachments[0].name, "late.txt");

    // A lost answer is looked for by the files, after a restart too.
    let op = planned(&source, "key-3", with("Lost", &["lost.txt"])).await.unwrap();
    place.fake.fail("files.completeUploadExternal", Fault::Lost);
    let key = OpKey("key-3".into());
    assert!(matches!(source.apply(&key, &op).await, Err(SourceError::Unknown(_))));
    let found = place.source().find_applied(&key, &op).await.unwrap().unwrap().remote_id.unwrap();
    held.drain(&source, &scope).await.unwrap();
    assert_eq!(held.messages[&found.0].text, "Lost");
    let op = planned(&source, "key-4", with("Never", &["never.txt"])).await.unwrap();
    place.fake.fail("files.completeUploadExternal", Fault::Dropped);
    let key = OpKey("key-4".into());
    assert!(matches!(source.apply(&key, &op).await, Err(SourceError::Unknown(_))));
    assert_eq!(source.find_applied(&key, &op).await.unwrap(), None);
}

#[tokio::test]
async fn before_it_is_sent_nothing_that_fails_has_an_effect() {
    let Some(place) = Place::start("slack_before") else { return };
    let channel = place.channel(3);
    let source = place.source();
    let with = || inlet_model::Outgoing { attachments: vec![file("a.txt", "a")], ..outgoing(&channel, "once") };
    for (method, fault) in [
        ("conversations.history", Fault::Dropped),
        ("conversations.history", Fault::Torn),
        ("files.getUploadURLExternal", Fault::Torn),
        ("upload", Fault::Status(500)),
        ("upload", Fault::Lost),
    ] {
        place.fake.fail(method, fault);
        let error = send(&source, "key", with()).await.unwrap_err();
        assert!(matches!(error, SourceError::Transient(_) | SourceError::Offline(_)), "{method}: {error:?}");
        assert_eq!(count(&place, &channel, "once"), 0);
    }
    send(&source, "key", with()).await.unwrap();
    assert_eq!(count(&place, &channel, "once"), 1);
}

#[tokio::test]
async fn reactions_are_given_and_taken_back_and_twice_does_no_harm() {
    let Some(place) = Place::start("slack_react") else { return };
    let channel = place.channel(3);
    let source = place.source();
    let here = scope(&source, &channel).await;
    let ts = place.newest(&channel);
    let id = Held::all(&source, &here).await.get(&ts).remote_id.clone();
    place.fake.react(&channel, &ts, &place.ben, "+1");
    let steps = [("👍", true), ("👍", true), ("🎉", true), ("🤔", true), ("🎉", false), ("🎉", false)];
    for (number, (emoji, on)) in steps.into_iter().enumerate() {
        let key = OpKey(format!("reaction-{number}"));
        let target = Target { scope: channel.clone(), remote_id: id.clone(), message_id: None, version: None };
        let intent = Intent::React { conversation: channel.clone(), target, emoji: emoji.into(), on };
        let op = source.plan(&key, &intent).unwrap().unwrap();
        source.apply(&key, &op).await.unwrap();
    }
    let held = Held::all(&source, &here).await;
    let given: Vec<_> =
        held.get(&ts).reactions.iter().map(|one| (one.emoji.as_str(), one.by.len(), one.mine)).collect();
    assert_eq!(given, [("👍", 1, true), ("🤔", 0, true)]);

    let target = Target { scope: channel.clone(), remote_id: id, message_id: None, version: None };
    let intent = Intent::React { conversation: channel.clone(), target, emoji: "no emoji".into(), on: true };
    let op = source.plan(&OpKey("none".into()), &intent).unwrap().unwrap();
    assert!(matches!(source.apply(&OpKey("none".into()), &op).await, Err(SourceError::Permanent(_))));
}
