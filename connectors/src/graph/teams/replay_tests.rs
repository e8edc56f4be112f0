//! The documented exchanges about chats and channels: what Graph's documentation answers is read whole,
//! and what it sends is what we send.

use std::sync::Arc;

use inlet_model::{Intent, MessageOp, Outgoing, Party, RemoteId, ReplyTo, Timestamp, UnifiedMessage};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    address::Place,
    cursor::At,
    message::{Room, unified},
    ops,
    people::{Me, People},
    rich,
    rooms::{Known, Rooms},
    wire::{Chat, Member, Message, User},
};

pub(super) const ROBIN: &str = "8ea0e38b-efb3-4757-924a-5f94061cf8c2";

pub(super) fn me() -> Arc<Me> {
    let user = json!({ "id": "me", "displayName": "Me", "mail": "me@contoso.example" });
    Arc::new(Me::new(User::deserialize(user).unwrap()))
}

/// The exchanges of some files: what is asked, and the body that follows it or answers it.
pub(super) fn exchanges(test: &str, prefixes: &[&str]) -> Vec<(String, Value)> {
    let Some(shared) = inlet_testkit::shared(test) else { return Vec::new() };
    let mut files: Vec<_> = std::fs::read_dir(shared.join("specs/graph-examples"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| prefixes.iter().any(|prefix| entry.file_name().to_string_lossy().starts_with(prefix)))
        .map(|entry| entry.path())
        .collect();
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for part in text.split("\n### ").skip(1) {
            let line = part.lines().nth(1).unwrap_or_default();
            let Some((_, body)) = part.split_once("\n\n") else { continue };
            let Ok(body) = serde_json::from_str(body) else { continue };
            found.push((format!("{line} ({})", file.file_name().unwrap().to_string_lossy()), body));
        }
    }
    found
}

/// Everything in a JSON that is a message.
pub(super) fn messages<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    if value.get("body").is_some_and(Value::is_object) && value.get("createdDateTime").is_some() {
        found.push(value);
    }
    match value {
        Value::Array(all) => all.iter().for_each(|one| messages(one, found)),
        Value::Object(all) => all.values().for_each(|one| messages(one, found)),
        _ => {}
    }
}

fn row(value: &Value, people: &People) -> UnifiedMessage {
    let message = Message::deserialize(value).unwrap();
    let place = Place::parse("team/channel");
    let room = Room { place: &place, remote: "team/channel", title: None, people, read: None };
    unified(&message, value["replyToId"].as_str(), &room)
}

/// The words between the tags.
fn visible(html: &str) -> Vec<String> {
    let mut out = String::new();
    for part in html.split('<') {
        out.push_str(part.split_once('>').map_or(part, |(_, text)| text));
        out.push(' ');
    }
    out.replace("&nbsp;", " ").split_whitespace().map(str::to_owned).collect()
}

#[test]
fn every_documented_message_is_read_whole() {
    let people = People::new(&[], &me());
    let mut read = 0;
    for (name, body) in exchanges("teams", &["chat", "channel", "beta.chat"]) {
        let mut found = Vec::new();
        messages(&body, &mut found);
        for value in found.into_iter().filter(|value| value.get("id").is_some()) {
            let row = row(value, &people);
            read += 1;
            let files: Vec<&str> = row.attachments.iter().map(|file| file.name.as_str()).collect();
            let shown = format!("{}\n{}\n{}", row.text, row.html.as_deref().unwrap_or_default(), files.join("\n"));
            let text = |path: &str| value.pointer(path).and_then(Value::as_str).unwrap_or_default();
            assert!(row.remote_id.0.ends_with(text("/id")), "{name}");
            assert!(row.sent_at > Timestamp::UNIX_EPOCH, "{name}");
            assert_eq!(row.deleted, value.get("deletedDateTime").is_some_and(|at| !at.is_null()), "{name}");
            if let Some(author) = value.pointer("/from/user/displayName").and_then(Value::as_str) {
                assert_eq!(row.sender.name.as_deref(), Some(author), "{name}");
            }
            if row.deleted || row.text.is_empty() && row.attachments.is_empty() {
                assert!(row.deleted || visible(text("/body/content")).is_empty(), "{name}: nothing of it is shown");
                continue;
            }
            for word in visible(text("/body/content")) {
                assert!(shown.contains(&word), "{name}: {word} is left out of {shown}");
            }
            let cards = value["attachments"].as_array().into_iter().flatten().filter_map(|one| one["content"].as_str());
            let pictures: usize =
                cards.chain([text("/body/content")]).map(|content| content.matches("/hostedContents/").count()).sum();
            let links = row.attachments.iter().filter_map(|file| file.link.as_deref());
            let shared = value["attachments"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|one| !one["contentUrl"].is_null() && one["contentType"] == "reference");
            assert!(links.eq(shared.clone().map(|one| one["contentUrl"].as_str().unwrap())), "{name}");
            assert_eq!(row.attachments.len(), pictures + shared.count(), "{name}");
            for line in [text("/subject"), text("/attachments/0/name")] {
                assert!(shown.contains(line), "{name}: {line} is left out of {shown}");
            }
            for reaction in value["reactions"].as_array().into_iter().flatten() {
                let by = reaction.pointer("/user/user/id").and_then(Value::as_str).unwrap();
                assert!(row.reactions.iter().any(|one| one.by.iter().any(|party| party.handle == by)), "{name}");
            }
        }
    }
    assert!(read >= 40 || std::env::var_os("INLET_SHARED").is_none(), "only {read} documented messages");
}

#[test]
fn every_documented_chat_has_its_name_and_members() {
    let me = me();
    let mut read = 0;
    for (name, body) in exchanges("teams", &["chat-get.http", "beta.chat-list.http", "beta.chat-get.http"]) {
        for value in body["value"].as_array().into_iter().flatten().chain(body.get("chatType").map(|_| &body)) {
            let known = Known::chat(Chat::deserialize(value).unwrap(), &me, 0);
            read += 1;
            if let Some(topic) = value["topic"].as_str() {
                assert_eq!(known.name, topic, "{name}");
            }
            assert!(!known.name.is_empty(), "{name}");
            let members = known.people.others();
            for member in value["members"].as_array().into_iter().flatten() {
                let email = member["email"].as_str().unwrap_or_default();
                let label = member["displayName"].as_str().unwrap();
                // The documentation gives two of its people one id.
                let shared = label == "Thor Odinson" || label == "Steve Rogers";
                assert!(shared || members.contains(&Party::named(label, email)), "{name}: {label}");
            }
        }
    }
    assert!(read >= 6 || std::env::var_os("INLET_SHARED").is_none(), "only {read} documented chats");
}

#[test]
fn what_is_sent_is_what_is_documented() {
    let mut compared = 0;
    for (name, body) in
        exchanges("teams", &["chat-post-messages", "channel-post-messagereply", "chatmessage-post.http"])
    {
        let Some(url) = name.strip_prefix("POST https://graph.microsoft.com/v1.0/") else { continue };
        let (path, _) = url.split_once(' ').unwrap();
        let content = body["body"]["content"].as_str().unwrap();
        let simple = body.as_object().unwrap().len() == 1 && !content.contains('<');
        let segments: Vec<&str> = path.split('/').collect();
        let (conversation, root) = match segments.as_slice() {
            ["chats", chat, "messages"] => ((*chat).to_owned(), None),
            ["teams", team, "channels", channel, "messages"] => (format!("{team}/{channel}"), None),
            ["teams", team, "channels", channel, "messages", root, "replies"] => {
                (format!("{team}/{channel}"), Some(RemoteId(format!("{team}/{channel}/{root}"))))
            }
            _ => panic!("{path}"),
        };
        assert_eq!(ops::path(&conversation, root.as_ref()).join("/"), path, "{name}");
        if simple {
            let ours = ops::body(content, None);
            assert_eq!(ours["body"]["content"], body["body"]["content"], "{name}");
            let kind = body["body"].get("contentType").cloned().unwrap_or(json!("html"));
            assert_eq!(ours, json!({ "body": { "contentType": kind, "content": content } }), "{name}");
            compared += 1;
        }
    }
    assert!(compared >= 3 || std::env::var_os("INLET_SHARED").is_none(), "only {compared} documented requests");
}

fn message(body: &str, more: Value) -> Message {
    let mut value = json!({
        "id": "7", "messageType": "message", "createdDateTime": "2026-03-01T10:00:00.000Z",
        "from": { "user": { "id": ROBIN, "displayName": "Robin Kline" } },
        "body": { "contentType": "html", "content": body },
    });
    value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Message::deserialize(value).unwrap()
}

#[test]
fn teams_own_elements_become_plain_html_and_text() {
    let body = r#"<p>Hi <at id="0">Jane Smith</at> <emoji id="smile" alt="🙂" title="Smile"></emoji></p>
        <p>a &lt; b<br>c</p><img alt="cat" src="https://media.example/cat.gif">
        <img src="https://graph.microsoft.com/v1.0/chats/19:x/messages/7/hostedContents/aWQ9eA%3d%3d/$value" itemid="1">"#;
    let rich = rich::read(&message(body, json!({})));
    assert_eq!(rich.text, "Hi @Jane Smith 🙂\n\na < b\nc\n\ncat");
    let html = rich.html.unwrap();
    assert!(html.contains("<b>@Jane Smith</b> 🙂") && html.contains(r#"<img src="cid:aWQ9eA==">"#), "{html}");
    assert_eq!(rich.files.len(), 1);
    assert_eq!((rich.files[0].part.as_str(), &rich.files[0].link), ("aWQ9eA==", &None));
}

#[test]
fn quotes_files_cards_and_importance_are_shown() {
    let attachments = json!({ "importance": "high", "subject": "Budget", "attachments": [
        { "id": "5", "contentType": "messageReference",
          "content": r#"{"messageId":"5","messagePreview":"Which <one>?","messageSender":{"user":{"displayName":"Ben"}}}"# },
        { "id": "f", "contentType": "reference", "name": "Budget.xlsx", "contentUrl": "https://contoso.example/b.xlsx" },
        { "id": "c", "contentType": "application/vnd.microsoft.card.adaptive", "content": r#"{"type":"AdaptiveCard",
          "body":[{"type":"TextBlock","text":"Approve?"},{"type":"FactSet","facts":[{"title":"Sum:","value":"40 €"}]}],
          "actions":[{"type":"Action.OpenUrl","title":"Open","url":"https://contoso.example/a"}]}"# },
        { "id": "s", "contentType": "application/vnd.contoso.new" },
    ] });
    let rich = rich::read(&message(
        r#"<attachment id="5"></attachment><p>This one</p><attachment id="f"></attachment>"#,
        attachments,
    ));
    assert_eq!(rich.quotes.as_deref(), Some("5"));
    for shown in [
        "Important!",
        "Budget",
        "This one",
        "Approve?",
        "Sum: 40 €",
        "Open https://contoso.example/a",
        "application/vnd.contoso.new",
    ] {
        assert!(rich.text.contains(shown), "{shown} in {}", rich.text);
    }
    assert!(!rich.text.contains("b.xlsx"), "a file is no part of the words: {}", rich.text);
    let [file] = rich.files.as_slice() else { panic!("{:?}", rich.files) };
    assert_eq!((file.name.as_str(), file.link.as_deref()), ("Budget.xlsx", Some("https://contoso.example/b.xlsx")));
    assert!(!rich.text.contains("Which"), "the quote is told by the message it names: {}", rich.text);
    assert!(rich.html.unwrap().contains("<blockquote><b>Ben</b><br>Which &lt;one&gt;?</blockquote>"));
}

#[test]
fn files_are_linked_by_what_a_browser_may_open_and_by_nothing_else() {
    let file = |id: &str, name: &str, url: &str| json!({ "id": id, "contentType": "reference", "name": name, "contentUrl": url });
    let (endless, bidi) = ("n".repeat(10_000), "invoice\u{202e}fdp.exe");
    let long = format!("https://contoso.example/{}", "a".repeat(8_000 - "https://contoso.example/".len()));
    let all = json!({ "attachments": [
        file("1", "Plan.docx", "https://contoso.example/1"),
        file("2", "Plan.docx", "https://contoso.example/2"),
        file("3", "", "https://contoso.example/Shared%20Documents/Sales%20plan.pptx"),
        file("4", &endless, "https://contoso.example/4"),
        file("5", bidi, "https://contoso.example/5"),
        file("6", "Long", &long),
        file("7", "Longer", &format!("{long}a")),
        file("8", "Script", "javascript:alert('https://contoso.example')"),
        file("9", "Plain", "http://contoso.example/9"),
        { "id": "10", "contentType": "reference", "name": "Nowhere", "contentUrl": null },
    ] });
    let body = r#"<p>Look</p><attachment id="1"></attachment><attachment id="8"></attachment>"#;
    let rich = rich::read(&message(body, all));
    let names: Vec<_> = rich.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["Plan.docx", "Plan.docx", "Sales plan.pptx", &endless, bidi, "Long"]);
    assert!(rich.files.iter().all(|file| file.link.as_deref().is_some_and(|link| link.starts_with("https://"))));
    assert_eq!(rich.text, "Look\n\n📎 Script\n📎 Longer\n📎 Plain\n📎 Nowhere");
    assert!(!rich.html.unwrap().contains("href"));
    let alone = rich::read(&message(
        r#"<attachment id="1"></attachment>"#,
        json!({ "attachments": [file("1", "Plan.docx", "https://contoso.example/1")] }),
    ));
    assert_eq!((alone.text.as_str(), alone.html, alone.files.len()), ("", None, 1));
}

#[test]
fn what_the_platform_writes_is_a_sentence() {
    let members = [("ana", "Ana"), ("ben", "Ben")].map(|(id, name)| {
        Member::deserialize(json!({ "userId": id, "displayName": name, "email": format!("{id}@contoso.example") }))
            .unwrap()
    });
    let people = People::new(&members, &me());
    let ana = json!({ "user": { "id": "ana", "displayName": null } });
    for (kind, more, sentence) in [
        ("membersAdded", json!({ "members": [{ "id": "ben" }, { "id": "me" }] }), "Ana added Ben and Me"),
        ("membersAdded", json!({ "members": [{ "id": "ana" }] }), "Ana joined"),
        ("membersDeleted", json!({ "members": [{ "id": "ana", "displayName": null }] }), "Ana left"),
        ("chatRenamed", json!({ "chatDisplayName": "Launch" }), "Ana renamed the chat to “Launch”"),
        (
            "callEnded",
            json!({ "callDuration": "PT75M12S", "callEventType": "meeting" }),
            "The meeting ended after 1 h 15 min",
        ),
        ("meetingPolicyUpdated", json!({}), "Ana: meeting policy updated"),
    ] {
        let mut detail =
            json!({ "@odata.type": format!("#microsoft.graph.{kind}EventMessageDetail"), "initiator": ana });
        detail.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let event = message(
            "<systemEventMessage/>",
            json!({
                "messageType": "systemEventMessage", "from": null, "eventDetail": detail,
            }),
        );
        let place = Place::parse("19:x");
        let read = Some(Timestamp::MIN);
        let row = unified(&event, None, &Room { place: &place, remote: "19:x", title: None, people: &people, read });
        assert_eq!((row.text.as_str(), row.read, row.from_me), (sentence, true, false));
        assert_eq!(row.sender.handle, "ana@contoso.example");
    }
}

#[test]
fn reactions_edits_and_deletions_are_kept() {
    let people = People::new(&[], &me());
    let reactions = json!({ "lastEditedDateTime": "2026-03-01T11:00:00Z", "reactions": [
        { "reactionType": "like", "user": { "user": { "id": "a" } } },
        { "reactionType": "👍", "user": { "user": { "id": "b" } } },
        { "reactionType": "heart", "user": { "user": { "id": "a" } } },
    ] });
    let place = Place::parse("19:x");
    let room = Room { place: &place, remote: "19:x", title: None, people: &people, read: None };
    let row = unified(&message("<p>x</p>", reactions), None, &room);
    let counts: Vec<_> = row.reactions.iter().map(|one| (one.emoji.as_str(), one.by.len())).collect();
    assert_eq!((counts, row.edited_at.is_some()), (vec![("👍", 2), ("❤️", 1)], true));
    let gone = unified(&message("<p>x</p>", json!({ "deletedDateTime": "2026-03-01T11:00:00Z" })), None, &room);
    assert_eq!((gone.deleted, gone.text.as_str(), gone.html), (true, "", None));
}

#[test]
fn an_answer_quotes_the_message_it_names() {
    let body = ops::body("Yes <3\nsoon", Some(&message("<p>Which one?</p>", json!({}))));
    assert_eq!(body["body"]["content"], "<attachment id=\"7\"></attachment>Yes &lt;3<br>soon");
    let reference: Value = serde_json::from_str(body["attachments"][0]["content"].as_str().unwrap()).unwrap();
    assert_eq!(
        reference,
        json!({ "messageId": "7", "messagePreview": "Which one?",
            "messageSender": { "user": { "id": ROBIN, "displayName": "Robin Kline" } } })
    );
    // What we send is read back as the same answer.
    let sent = json!({ "attachments": body["attachments"] });
    let read = rich::read(&message(body["body"]["content"].as_str().unwrap(), sent));
    assert_eq!((read.text.as_str(), read.quotes.as_deref()), ("Yes <3\nsoon", Some("7")));
}

#[test]
fn files_are_refused_and_answers_name_what_they_answer() {
    let mut outgoing = Outgoing {
        conversation: Some("19:x".into()),
        text: "Hi".into(),
        reply_to: Some(ReplyTo { remote_id: Some(RemoteId("19:x/7".into())), ..ReplyTo::default() }),
        ..Outgoing::default()
    };
    let Ok(Some(MessageOp::Send { reply_to, .. })) = ops::plan(&Intent::Send(Box::new(outgoing.clone()))) else {
        panic!("no plan")
    };
    assert_eq!(reply_to, Some(RemoteId("19:x/7".into())));
    outgoing.attachments.push(inlet_model::OutgoingAttachment {
        name: "a".into(),
        mime: "text/plain".into(),
        data: vec![1],
        content_id: None,
    });
    assert!(ops::plan(&Intent::Send(Box::new(outgoing))).is_err());
}

#[test]
fn reading_elsewhere_flips_what_came_unread() {
    let people = People::new(&[], &me());
    let place = Place::parse("19:x");
    let time = |text: &str| text.parse::<Timestamp>().ok();
    let mut at = At::parse(None).unwrap();
    assert_eq!(at.read_until(time("2026-03-01T09:00:00Z")), None, "nothing is known of before");
    let room = Room { place: &place, remote: "19:x", title: None, people: &people, read: at.read };
    at.note(&[unified(&message("<p>x</p>", json!({})), None, &room)]);
    assert_eq!(at.read_until(time("2026-03-01T09:30:00Z")), Some(Vec::new()), "it came later than that");
    let flipped = at.read_until(time("2026-03-01T10:00:00Z")).unwrap();
    assert_eq!(flipped.len(), 1);
    assert!(flipped[0].flags.read && flipped[0].remote_id == RemoteId("19:x/7".into()));
    assert_eq!(at.read_until(time("2026-03-01T09:00:00Z")), None, "read no longer: it has to be looked at again");
}

#[test]
fn a_chat_that_stands_still_is_recognised_once() {
    let chat = |text: &str, read: &str| {
        let value = json!({ "id": "19:x", "topic": null, "viewpoint": { "lastMessageReadDateTime": read },
            "lastMessagePreview": { "id": "7", "body": { "content": text } } });
        Known::chat(Chat::deserialize(value).unwrap(), &me(), 0)
    };
    let mut rooms = Rooms::default();
    let (early, late) = ("2026-03-01T09:00:00Z", "2026-03-01T10:00:00Z");
    assert!(rooms.take("19:x", chat("a", early)), "new");
    assert!(!rooms.take("19:x", chat("a", early)), "the same");
    assert!(rooms.take("19:x", chat("b", early)), "edited");
    assert!(rooms.take("19:x", chat("b", late)), "read elsewhere");
    assert!(rooms.visit("19:x").unwrap().fresh);
    assert!(!rooms.visit("19:x").unwrap().fresh, "who asks again wants to look closer");
    let mine: Timestamp = "2026-03-01T11:00:00Z".parse().unwrap();
    rooms.mark("19:x", mine);
    rooms.take("19:x", chat("b", late));
    assert_eq!(rooms.visit("19:x").unwrap().read, Some(mine), "the list has not heard of it yet");
    rooms.take("19:x", chat("b", early));
    assert_eq!(rooms.visit("19:x").unwrap().read, early.parse().ok(), "unread again elsewhere");
}

#[test]
fn of_a_chat_little_is_held_and_the_list_goes_as_far_as_one_that_broke_off() {
    let chat = |number: usize| {
        let value = json!({ "id": format!("19:{number}"), "topic": format!("Chat {number}"),
            "lastMessagePreview": { "id": "7", "body": { "content": "a" } } });
        Known::chat(Chat::deserialize(value).unwrap(), &me(), number)
    };
    let mut rooms = Rooms::default();
    let first = rooms.begin();
    assert!(first.whole && first.owed == 0);
    (0..1_000).for_each(|number| assert!(rooms.take(&format!("19:{number}"), chat(number))));
    rooms.only();
    rooms.rest_stands_still();
    let held = (0..1_000).filter(|number| rooms.known(&format!("19:{number}")).is_some()).count();
    assert!((100..=200).contains(&held), "{held}");
    assert!(rooms.known("19:999").is_some(), "the last ones listed");
    assert!(rooms.known("19:999").unwrap().preview.is_none(), "a last message is pulled once from here");
    assert!((0..1_000).all(|number| rooms.visit(&format!("19:{number}")).is_some_and(|standing| standing.fresh)));

    let broken = rooms.begin();
    assert!(!broken.whole);
    rooms.goes_on(50);
    assert_eq!(rooms.begin().owed, 50);
    rooms.rest_stands_still();
    assert_eq!(rooms.begin().owed, 0);
}
