//! What Graph tells of chats, messages, events and people is taken over, key by key at every depth, or left out for a
//! reason that stands here.

use inlet_model::UnifiedMessage;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    address::Place,
    message::{Room, unified},
    people::{Me, People},
    replay_tests::{ROBIN, exchanges, me, messages},
    rooms::Known,
    wire::{Chat, Member, Message, Named, User},
};
use crate::graph::{
    accounting_tests::{Accounting, published},
    client::Collection,
};

/// The published schemas of chats.
const FILE: &str = "graph-chats.flat.json";

fn row(value: &Value) -> Option<UnifiedMessage> {
    let message = Message::deserialize(value).ok()?;
    let ben = json!({ "userId": "ben", "displayName": "Ben Ito", "email": "ben@contoso.example" });
    let members = [Member::deserialize(ben).unwrap()];
    let (people, place) = (People::new(&members, &me()), Place::parse("team/channel"));
    Some(unified(
        &message,
        None,
        &Room { place: &place, remote: "team/channel", title: None, people: &people, read: None },
    ))
}

/// It with other values at some places.
fn with(value: &Value, changes: &[(&str, Value)]) -> Value {
    let mut changed = value.clone();
    for (pointer, value) in changes {
        *changed.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} of it")) = value.clone();
    }
    changed
}

const MESSAGE: &[(&str, &str)] = &[
    ("deleted", "an older word for what deletedDateTime tells"),
    ("@odata.context", "it is about the answer"),
    ("@odata.type", "messages are asked for, and nothing else comes"),
    ("attachments[].teamsAppId", "which app made a card is not shown, as Teams itself does not"),
    ("attachments[].thumbnailUrl", "a small picture of a file that lies elsewhere, from where it would be fetched"),
    ("channelIdentity.*", "the channel is the one that was asked about"),
    ("chatId", "the chat is the one that was asked about"),
    ("etag", "the time of the last change says the same"),
    ("from.application.applicationIdentityType", "a bot is shown by its name, as other apps are"),
    ("from.conversation", "nobody writes as a channel"),
    ("from.user.userIdentityType", "whether somebody is a guest is not shown"),
    ("hostedContents*", "pictures stand in the words, and are fetched from there when they are shown"),
    ("lastModifiedDateTime", "it is where the position stands; when it was edited is kept"),
    ("locale", "it is always the same"),
    ("mentions[].mentioned.application.id", "who is meant is told by the name"),
    ("mentions[].mentioned.conversation.conversationIdentityType", "a team or channel is named as people are"),
    ("mentions[].mentioned.conversation.id", "what is meant is told by the name"),
    ("mentions[].mentioned.device.id", "what is meant is told by the name"),
    ("mentions[].mentioned.tag.id", "who is meant is told by the name"),
    ("mentions[].mentioned.user.id", "who is meant is told by the name"),
    ("mentions[].mentioned.user.userIdentityType", "whether somebody is a guest is not shown"),
    ("messageHistory*", "what a message said before is not kept, nor who took a reaction back"),
    ("policyViolation.dlpAction", "what is blocked comes without its words"),
    ("policyViolation.justificationText", "it is written for who watches over the rule"),
    ("policyViolation.userAction", "what its author may do about it is done in Teams"),
    ("policyViolation.verdictDetails", "what its author may do about it is done in Teams"),
    ("reactions[].createdDateTime", "reactions are shown by their emoji and by who gave them"),
    ("reactions[].reactionContentUrl", "an organisation's own emoji goes by its name"),
    ("replies", "answers are read as messages of their own"),
    ("replyToId", "an answer comes with the post it stands under"),
    ("webUrl", "a message is read here"),
];

/// The fullest message there can be, and how it looks where one thing stands in the place of another.
fn variants(full: &Value) -> Vec<Value> {
    let body = r#"<p>Words <at id="1">Jane</at></p><attachment id="sample id"></attachment><p>more</p>"#;
    let said = with(
        full,
        &[
            ("/deletedDateTime", Value::Null),
            ("/messageType", json!("message")),
            ("/eventDetail", Value::Null),
            ("/body", json!({ "contentType": "html", "content": body })),
            ("/attachments/0/contentType", json!("reference")),
            ("/attachments/0/contentUrl", json!("https://contoso.example/b.xlsx")),
        ],
    );
    let mut all = vec![full.clone(), said.clone()];
    let (from, by, named) = ("/from", "/reactions/0/user", "/mentions/0/mentioned");
    let nameless = with(&said, &[("/body/content", json!(r#"<at id="1"></at>"#))]);
    for kind in ["user", "application", "device", "conversation", "tag"] {
        let one = json!({ kind: { "id": "sample id", "displayName": "Sample" } });
        if ["user", "application", "device"].contains(&kind) {
            all.push(with(&said, &[(from, one.clone())]));
            all.push(with(&said, &[(by, one.clone())]));
        }
        all.push(with(&nameless, &[(named, one), ("/mentions/0/mentionText", Value::Null)]));
    }
    all.push(nameless);
    all.push(with(&said, &[("/reactions/0/reactionType", json!("custom"))]));
    let bare = with(&said, &[("/body/content", json!("")), ("/attachments", json!([]))]);
    all.push(with(&bare, &[("/policyViolation/policyTip/complianceUrl", json!("https://contoso.example/rules"))]));
    all.push(with(&bare, &[("/policyViolation", Value::Null)]));
    all
}

#[test]
fn every_key_of_a_message_is_taken_or_left_out_for_a_reason() {
    let test = "every_key_of_a_message_is_taken_or_left_out_for_a_reason";
    let path = "/chats/{chat-id}/messages/{chatMessage-id}";
    let Some(mut full) = published(test, FILE, path, &[]) else { return };
    full["policyViolation"]["policyTip"]["matchedConditionDescriptions"] = json!(["Card numbers"]);
    let mut keys = Accounting::default();
    variants(&full).iter().for_each(|message| keys.of(message, row));
    let mut read = 0;
    for (_, body) in exchanges(test, &["chat", "channel", "beta.chat"]) {
        let mut found = Vec::new();
        messages(&body, &mut found);
        for value in found.into_iter().filter(|value| value.get("id").is_some()) {
            keys.of(value, row);
            read += 1;
        }
    }
    assert!(read >= 40, "only {read} documented messages");
    keys.settle(MESSAGE);
}

const CHAT: &[(&str, &str)] = &[
    ("@odata.context", "it is about the answer"),
    ("chatType", "a chat is shown by its name, whatever it is for"),
    ("createdDateTime", "a chat is as old as its messages"),
    ("installedApps*", "apps stay in Teams"),
    ("isHiddenForAllMembers", "what was hidden in Teams is found here"),
    ("lastMessagePreview.from.application.applicationIdentityType", "a bot is shown by its name, as other apps are"),
    ("lastMessagePreview.from.user.userIdentityType", "whether somebody is a guest is not shown"),
    ("lastMessagePreview@odata.context", "it is about the answer"),
    ("lastUpdatedDateTime", "when its name or members changed, which its events tell"),
    ("members@odata.context", "it is about the answer"),
    ("members[].@odata.type", "people are asked for, and nothing else comes"),
    ("members[].id", "people are known by the ids they write under"),
    ("members[].roles*", "who owns a chat is not shown"),
    ("members[].visibleHistoryStartDateTime", "it is about what others may see"),
    ("migrationMode", "it is about who moves chats into Teams"),
    ("onlineMeetingInfo.*", "the invitation, which is in the mailbox, has the meeting and the way to it"),
    ("originalCreatedDateTime", "a chat is as old as its messages"),
    ("pinnedMessages*", "what is pinned is told by its event"),
    ("tabs*", "apps stay in Teams"),
    ("viewpoint.isHidden", "what was hidden in Teams is found here"),
    ("chatViewpoint.*", "an older name of the viewpoint, which version 1.0 does not use"),
    ("webUrl", "a chat is read here"),
];

/// What is made of a chat: its scope, and what its rows share.
type Kept = (
    inlet_model::Scope,
    Option<String>,
    String,
    Option<String>,
    Option<inlet_model::Timestamp>,
    Option<UnifiedMessage>,
);

fn chat(value: &Value) -> Option<Kept> {
    let chat = Chat::deserialize(value).ok()?;
    let remote = chat.id.clone();
    let known = Known::chat(chat, &me(), 0);
    let place = Place::parse("19:x");
    let room = Room { place: &place, remote: "19:x", title: None, people: &known.people, read: None };
    let last = known.preview.as_ref().map(|last| unified(last, None, &room));
    Some((
        known.scope(&remote),
        known.title.clone(),
        format!("{:?}", known.people),
        known.tenant.clone(),
        known.read,
        last,
    ))
}

#[test]
fn every_key_of_a_chat_is_taken_or_left_out_for_a_reason() {
    let test = "every_key_of_a_chat_is_taken_or_left_out_for_a_reason";
    let Some(full) = published(test, FILE, "/me/chats/{chat-id}", &["messages"]) else { return };
    let mut keys = Accounting::default();
    let member = |id: &str| {
        let mut member = full["members"][0].clone();
        let more = json!({ "userId": id, "email": format!("{id}@contoso.example"), "tenantId": "t" });
        member.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        member
    };
    let full = with(
        &full,
        &[
            ("/members", json!([member("me"), member("ben")])),
            ("/lastMessagePreview/body", json!({ "contentType": "html", "content": "<p>Words</p>" })),
            ("/lastMessagePreview/messageType", json!("message")),
            ("/lastMessagePreview/eventDetail", Value::Null),
        ],
    );
    keys.of(&full, chat);
    keys.of(&with(&full, &[("/topic", Value::Null)]), chat);
    // Without a member that says so, the chat does.
    keys.of(&with(&full, &[("/members", json!([member("ben")]))]), chat);
    for kind in ["user", "application", "device"] {
        let one = json!({ kind: { "id": "sample id", "displayName": "Sample" } });
        keys.of(&with(&full, &[("/lastMessagePreview/from", one)]), chat);
    }
    let mut read = 0;
    for (_, body) in exchanges(test, &["chat-get.http", "beta.chat-list.http", "beta.chat-get.http"]) {
        for value in body["value"].as_array().into_iter().flatten().chain(body.get("chatType").map(|_| &body)) {
            keys.of(value, chat);
            read += 1;
        }
    }
    assert!(read >= 6, "only {read} documented chats");
    keys.settle(CHAT);
}

#[test]
fn every_key_of_people_teams_and_channels_is_taken_or_left_out_for_a_reason() {
    let test = "every_key_of_people_teams_and_channels_is_taken_or_left_out_for_a_reason";
    let each = |files: &[&str], of: &mut dyn FnMut(&Value)| {
        for (_, body) in exchanges(test, files) {
            body["value"].as_array().cloned().unwrap_or_else(|| vec![body]).iter().for_each(&mut *of);
        }
    };
    let mut members = Accounting::default();
    let member = |value: &Value| Some(format!("{:?}", People::new(&[Member::deserialize(value).ok()?], &me())));
    each(&["chat-get-members", "chat-list-members"], &mut |value| members.of(value, member));
    let mut named = Accounting::default();
    let name = |value: &Value| Named::deserialize(value).ok().map(|named| (named.id, named.display_name));
    each(&["channel-get.http", "channel-list.http", "user-list-joinedteams.http"], &mut |value| named.of(value, name));
    let mut users = Accounting::default();
    let user = |value: &Value| User::deserialize(value).ok().map(|user| (Me::new(user.clone()).party, user.id));
    each(&["user-get.http"], &mut |value| {
        users.of(value, user);
        // Who has no mailbox is known by the name they sign in with.
        if value.get("mail").is_some() {
            users.of(&with(value, &[("/mail", Value::Null)]), user);
        }
    });
    if inlet_testkit::shared(test).is_none() {
        return;
    }
    members.settle(&[
        ("@odata.context", "it is about the answer"),
        ("@odata.type", "people are asked for, and nothing else comes"),
        ("id", "people are known by the ids they write under"),
        ("roles*", "who owns a chat is not shown"),
        ("tenantId", "mine is kept with the chat, and others' are nobody's business"),
        ("visibleHistoryStartDateTime", "it is about what others may see"),
    ]);
    named.settle(&[
        ("createdDateTime", "a channel is as old as its messages"),
        ("description", "a channel is shown by its name"),
        ("membershipType", "private and shared channels are read like others"),
    ]);
    users.settle(&[
        ("businessPhones*", "I am known by my address"),
        ("givenName", "the name to be shown is kept"),
        ("jobTitle", "I am known by my address"),
        ("mobilePhone", "I am known by my address"),
        ("officeLocation", "I am known by my address"),
        ("postalCode", "I am known by my address"),
        ("preferredLanguage", "Inlet speaks the system's language"),
        ("surname", "the name to be shown is kept"),
    ]);
}

#[test]
fn every_key_of_a_list_is_taken_or_left_out_for_a_reason() {
    let test = "every_key_of_a_list_is_taken_or_left_out_for_a_reason";
    let mut keys = Accounting::default();
    let mut read = 0;
    for (_, body) in exchanges(test, &["chat", "channel", "beta.chat"]) {
        if let Some(list) = body.get("value").and_then(Value::as_array) {
            let head = with(&body, &[("/value", json!([list.len()]))]);
            keys.of(&head, |value| {
                let page = Collection::<Value>::deserialize(value).ok()?;
                Some((page.value, page.next, page.delta))
            });
            read += 1;
        }
    }
    if read > 0 {
        keys.settle(&[
            ("@odata.context", "it is about the answer"),
            ("@odata.count", "they are counted as they are read"),
        ]);
    }
}

const EVENT: &[(&str, &str)] = &[
    ("eventDetail.callId", "calls are not opened from here"),
    (
        "eventDetail.callTranscriptICalUid",
        "what was said is read in Teams, which lets an app ask for it by another consent",
    ),
    ("eventDetail.channelId", "it is shown by its name"),
    ("eventDetail.chatId", "the chat is the one that was asked about"),
    ("eventDetail.eventDateTime", "an event is as old as its message"),
    ("eventDetail.meetingChatId", "the chat is the one that was asked about"),
    ("eventDetail.meetingOrganizer.*", "who recorded is named, and who invited is in the invitation"),
    ("eventDetail.teamId", "it is shown by its name"),
    ("eventDetail.teamsAppId", "it is shown by its name"),
    ("eventDetail.visibleHistoryStartDateTime", "how far back others may read is theirs to know"),
];

/// Every kind of event there is, with all its properties
/// (<https://learn.microsoft.com/graph/system-messages>).
fn events() -> Vec<(&'static str, Value)> {
    // Names are often left out; who is in the chat is known.
    let ben = json!({ "user": { "id": "ben", "displayName": null } });
    let one = json!({ "id": "ben", "displayName": null });
    let call = |kind: &str| {
        json!({ "callId": "c", "callEventType": kind, "callDuration": "PT75M",
        "callParticipants": [{ "participant": ben }] })
    };
    let recording = json!({ "callId": "c", "callRecordingDisplayName": "Monday", "callRecordingDuration": "PT5M",
        "callRecordingStatus": "success", "callRecordingUrl": "https://contoso.example/r", "meetingOrganizer": ben });
    let people = json!({ "members": [one],
        "visibleHistoryStartDateTime": "2026-01-01T00:00:00Z" });
    let channel = json!({ "channelId": "c", "channelDisplayName": "Boats" });
    let app = json!({ "teamsAppId": "a", "teamsAppDisplayName": "Polls" });
    let team = json!({ "teamId": "t", "teamDisplayName": "Harbour", "teamDescription": "All about it" });
    let id = json!({ "teamId": "t" });
    vec![
        ("callStarted", json!({ "callId": "c", "callEventType": "call" })),
        ("callEnded", call("meeting")),
        ("callRecording", recording.clone()),
        ("callRecording", with(&recording, &[("/callRecordingUrl", Value::Null)])),
        ("callTranscript", json!({ "callId": "c", "callTranscriptICalUid": "u", "meetingOrganizer": ben })),
        ("channelAdded", channel.clone()),
        ("channelDeleted", channel.clone()),
        ("channelRenamed", channel),
        ("channelDescriptionUpdated", json!({ "channelId": "c", "channelDescription": "All about boats" })),
        ("channelSetAsFavoriteByDefault", json!({ "channelId": "c" })),
        ("channelUnsetAsFavoriteByDefault", json!({ "channelId": "c" })),
        ("chatRenamed", json!({ "chatId": "c", "chatDisplayName": "Launch" })),
        (
            "conversationMemberRoleUpdated",
            json!({ "conversationMemberRoles": ["owner"],
            "conversationMemberUser": one }),
        ),
        ("meetingPolicyUpdated", json!({ "meetingChatEnabled": true, "meetingChatId": "c" })),
        ("membersAdded", people.clone()),
        ("membersDeleted", json!({ "members": [one] })),
        ("membersJoined", json!({ "members": [one] })),
        ("membersLeft", json!({ "members": [one] })),
        ("messagePinned", json!({ "eventDateTime": "2026-01-01T00:00:00Z" })),
        ("messageUnpinned", json!({ "eventDateTime": "2026-01-01T00:00:00Z" })),
        ("tabUpdated", json!({ "tabId": "Plan" })),
        ("teamArchived", id.clone()),
        ("teamUnarchived", id.clone()),
        ("teamCreated", team.clone()),
        ("teamDescriptionUpdated", json!({ "teamId": "t", "teamDescription": "All about it" })),
        ("teamJoiningEnabled", id.clone()),
        ("teamJoiningDisabled", id),
        ("teamRenamed", json!({ "teamId": "t", "teamDisplayName": "Harbour" })),
        ("teamsAppInstalled", app.clone()),
        ("teamsAppRemoved", app.clone()),
        ("teamsAppUpgraded", app),
    ]
}

#[test]
fn every_key_of_an_event_is_taken_or_left_out_for_a_reason() {
    let mut keys = Accounting::default();
    let mut sentences = std::collections::BTreeSet::new();
    for (kind, more) in events() {
        for by in ["user", "application", "device"] {
            let mut detail = json!({ "@odata.type": format!("#microsoft.graph.{kind}EventMessageDetail"),
                "initiator": { by: { "id": "sample id", "displayName": "Sample" } } });
            detail.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let event = json!({ "eventDetail": detail });
            let text = row(&event).unwrap().text;
            assert!(!text.starts_with("Sample: "), "{kind} has a sentence of its own: {text}");
            sentences.insert(text);
            keys.of(&event, row);
        }
    }
    assert!(sentences.len() >= 31, "{sentences:#?}");
    keys.settle(EVENT);
}

#[test]
fn events_say_what_happened_to_what() {
    let say = |kind: &str, more: Value| {
        let mut detail = json!({ "@odata.type": format!("#microsoft.graph.{kind}EventMessageDetail"),
            "initiator": { "user": { "id": "ana", "displayName": "Ana" } } });
        detail.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        row(&json!({ "eventDetail": detail })).unwrap().text
    };
    let url = "https://contoso.example/r";
    for (kind, more, sentence) in [
        (
            "callRecording",
            json!({ "callRecordingUrl": url, "callRecordingDisplayName": "Monday", "callRecordingDuration": "PT5M" }),
            "The recording “Monday” of 5 minutes is here: https://contoso.example/r",
        ),
        ("callRecording", json!({ "callRecordingStatus": "initial" }), "Ana began to record"),
        (
            "callRecording",
            json!({ "callRecordingStatus": "failure", "callRecordingUrl": "javascript:x" }),
            "The call could not be recorded",
        ),
        (
            "callEnded",
            json!({ "callEventType": "meeting", "callDuration": "PT60M", "callParticipants": [
            { "participant": { "user": { "id": "ben", "displayName": "Ben" } } },
            { "participant": { "user": { "id": "x", "displayName": null } } },
            { "participant": { "application": { "id": "bot", "displayName": "Notes" } } } ] }),
            "The meeting ended after 1 h 0 min, with Ben, Notes",
        ),
        (
            "conversationMemberRoleUpdated",
            json!({ "conversationMemberRoles": [],
            "conversationMemberUser": { "id": "ben", "displayName": "Ben" } }),
            "Ana made Ben a member",
        ),
        ("meetingPolicyUpdated", json!({ "meetingChatEnabled": false }), "Ana closed the chat of the meeting"),
        (
            "teamCreated",
            json!({ "teamDisplayName": "Harbour", "teamDescription": null }),
            "Ana created the team “Harbour”",
        ),
        ("teamDescriptionUpdated", json!({ "teamDescription": "All of it" }), "Ana described the team: All of it"),
        ("channelSetAsFavoriteByDefault", json!({}), "Ana shows this channel to the whole team"),
    ] {
        assert_eq!(say(kind, more), sentence);
    }
}

#[test]
fn mentions_without_words_pictures_of_cards_and_blocked_messages_are_shown() {
    let said = |content: &str, more: Value| {
        let mut value = json!({ "id": "7", "createdDateTime": "2026-03-01T10:00:00Z",
            "from": { "user": { "id": ROBIN, "displayName": "Robin" } },
            "body": { "contentType": "html", "content": content } });
        value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        row(&value).unwrap()
    };
    let mentions = json!({ "mentions": [
        { "id": 0, "mentionText": null, "mentioned": { "user": null, "tag": { "id": "t", "displayName": "Night shift" } } },
        { "id": 1, "mentionText": "General", "mentioned": { "conversation": { "id": "c", "displayName": "Channel",
            "conversationIdentityType": "channel" } } },
        "not a mention",
    ] });
    let row =
        said(r#"<at id="0"></at> and <at id="1"/> and <at id="1"><i>our channel</i></at>, <at id="9"></at>"#, mentions);
    assert_eq!(row.text, "@Night shift and @General and @our channel, @");

    let hosted = "https://graph.microsoft.com/v1.0/chats/c/messages/7/hostedContents/cGlj/$value";
    let card = json!({ "type": "AdaptiveCard", "body": [
        { "type": "Image", "url": hosted, "altText": "A boat" },
        { "type": "ImageSet", "images": [{ "type": "Image", "url": "https://contoso.example/2.png" }] },
        { "type": "TextBlock", "text": "Sails?" } ] });
    let hero = json!({ "title": "Boats", "images": [{ "url": hosted, "alt": "Another boat" }], "text": "<b>Two</b>" });
    let kind = "application/vnd.microsoft.card";
    let row = said(
        "<attachment id=\"a\"></attachment>",
        json!({ "attachments": [
        { "id": "a", "contentType": format!("{kind}.adaptive"), "content": card.to_string() },
        { "id": "h", "contentType": format!("{kind}.hero"), "content": hero.to_string() } ] }),
    );
    let html = row.html.unwrap();
    assert!(html.contains(r#"<img src="cid:cGlj" alt="A boat">"#), "{html}");
    assert!(html.contains(r#"<img src="https://contoso.example/2.png" alt="">"#), "{html}");
    assert!(html.contains(r#"alt="Another boat""#) && html.contains("Two"), "{html}");
    assert!(row.text.contains("A boat") && row.text.contains("Sails?"), "{}", row.text);
    let parts: Vec<&str> = row.attachments.iter().map(|picture| picture.part.as_str()).collect();
    assert_eq!(parts, ["cGlj"], "once");

    let violation = json!({ "dlpAction": "blockAccess", "policyTip": { "generalText": "It has card numbers.",
        "complianceUrl": "https://contoso.example/rules", "matchedConditionDescriptions": ["Credit cards", 7] } });
    let row = said("", json!({ "policyViolation": violation }));
    assert_eq!(
        row.text,
        "A rule of your organisation blocks this message.\n\nIt has card numbers.\n\nCredit cards\n\nhttps://contoso.example/rules"
    );
    assert_eq!(said(" ", json!({ "summary": "Three new orders" })).text, "Three new orders");
    assert_eq!(said("<p>Words</p>", json!({ "summary": "Three new orders" })).text, "Words");
}
