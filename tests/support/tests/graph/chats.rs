//! Teams: chats and channels.

use base64::{Engine, engine::general_purpose::STANDARD};
use inlet_testkit::graph::{Person, Said};
use serde_json::json;

use super::wire::Wire;

#[tokio::test]
async fn chats_come_newest_first_with_members_and_previews() {
    let Some(wire) = Wire::start("chats_come_newest_first_with_members_and_previews") else { return };
    let teams = wire.fake.teams();
    let (ann, bob) = (Person::new("Ann", "ann@contoso.example"), Person::new("Bob", "bob@contoso.example"));
    let one = teams.one_on_one(&ann);
    let group = teams.group("Launch", &[ann.clone(), bob.clone()]);
    let meeting = teams.meeting("Review", std::slice::from_ref(&bob));
    teams.say(&meeting, Said::text("Notes follow").from(&bob));
    teams.say(&group, Said::members_added(&ann, std::slice::from_ref(&bob)));
    teams.say(&one, Said::html("<p>Hi <b>you</b></p>").from(&ann));
    let target = "/me/chats?$expand=members,lastMessagePreview&$orderby=lastMessagePreview/createdDateTime desc&$top=2";
    let got = wire.get(target).await;
    assert_eq!(got.each("id"), [one.clone(), group.clone()]);
    assert_eq!(got.each("chatType"), ["oneOnOne", "group"]);
    let first = &got.json["value"][0];
    assert_eq!(first["members"][1]["displayName"], "Ann");
    assert_eq!(first["lastMessagePreview"]["body"]["content"], "<p>Hi <b>you</b></p>");
    assert!(first["viewpoint"]["lastMessageReadDateTime"].is_string());
    let system = &got.json["value"][1]["lastMessagePreview"];
    assert_eq!((&system["from"], system["messageType"].as_str()), (&json!(null), Some("unknownFutureValue")));
    let (all, _, pages) = wire.follow(target, &[("prefer", "include-unknown-enum-members")]).await;
    assert_eq!((all.len(), pages), (3, 2));
    assert_eq!(all[1]["lastMessagePreview"]["messageType"], "systemEventMessage");
    assert_eq!(all[2]["onlineMeetingInfo"]["organizer"]["displayName"], "Megan Bowen");
    // The viewpoint comes with a list only.
    let single = wire.get(&format!("/chats/{one}")).await;
    assert!(single.json["viewpoint"].is_null());
    assert_eq!(wire.get(&format!("/chats/{group}/members")).await.each("displayName"), ["Megan Bowen", "Ann", "Bob"]);
}

#[tokio::test]
async fn a_filter_is_ignored_unless_the_order_names_its_property() {
    let Some(wire) = Wire::start("a_filter_is_ignored_unless_the_order_names_its_property") else { return };
    let teams = wire.fake.teams();
    let ann = Person::new("Ann", "ann@contoso.example");
    let chat = teams.one_on_one(&ann);
    let old = teams.say(&chat, Said::text("old").from(&ann).at("2026-02-01T10:00:00Z".parse().unwrap()));
    teams.say(&chat, Said::text("new").from(&ann).at("2026-02-03T10:00:00Z".parse().unwrap()));
    let filter = "$filter=lastModifiedDateTime gt 2026-02-02T00:00:00Z";
    let messages = format!("/chats/{chat}/messages");
    assert_eq!(wire.get(&format!("{messages}?{filter}")).await.each("id").len(), 2, "silently ignored");
    let other = format!("{messages}?{filter}&$orderby=createdDateTime desc");
    assert_eq!(wire.get(&other).await.each("id").len(), 2, "silently ignored");
    let same = format!("{messages}?{filter}&$orderby=lastModifiedDateTime desc&$top=50");
    assert_eq!(wire.get(&same).await.each("id").len(), 1);
    // An edit, a reaction and a deletion make it modified.
    teams.edit(&chat, &old, "<p>changed</p>");
    teams.react(&chat, &old, &ann, "👍");
    let got = wire.get(&same).await;
    assert_eq!(got.json["value"][0]["body"]["content"], "<p>changed</p>");
    assert_eq!(got.json["value"][0]["reactions"][0]["reactionType"], "👍");
    assert!(got.json["value"][0]["lastEditedDateTime"].is_string());
    teams.delete(&chat, &old);
    let got = wire.get(&same).await;
    assert!(got.json["value"][0]["deletedDateTime"].is_string());
    assert_eq!(got.json["value"][0]["body"]["content"], "");
    // Paging back goes to the beginning.
    for number in 0..7 {
        teams.say(&chat, Said::text(&format!("{number}")).from(&ann));
    }
    let (all, _, pages) = wire.follow(&format!("{messages}?$top=4"), &[]).await;
    assert_eq!((all.len(), pages), (9, 3));
    assert_eq!(all.last().unwrap()["id"], old);
}

#[tokio::test]
async fn a_message_is_sent_read_changed_and_reacted_to() {
    let Some(wire) = Wire::start("a_message_is_sent_read_changed_and_reacted_to") else { return };
    let teams = wire.fake.teams();
    let ann = Person::new("Ann", "ann@contoso.example");
    let chat = teams.one_on_one(&ann);
    let hers = teams.say(&chat, Said::text("Hello").from(&ann));
    let png = STANDARD.encode([0x89, b'P', b'N', b'G']);
    let body = json!({
        "body": { "contentType": "html", "content": format!("<attachment id=\"{hers}\"></attachment><at id=\"0\">Ann</at> <img src=\"../hostedContents/1/$value\">") },
        "mentions": [{ "id": 0, "mentionText": "Ann", "mentioned": { "user": { "id": ann.id, "displayName": "Ann", "userIdentityType": "aadUser" } } }],
        "attachments": [{ "id": hers, "contentType": "messageReference", "content": "{\"messageId\":\"1\"}" }],
        "hostedContents": [{ "@microsoft.graph.temporaryId": "1", "contentBytes": png, "contentType": "image/png" }],
    });
    let messages = format!("/chats/{chat}/messages");
    let got = wire.post(&messages, &body).await;
    assert_eq!((got.status, got.json["from"]["user"]["displayName"].as_str()), (201, Some("Megan Bowen")));
    let id = got.json["id"].as_str().unwrap().to_owned();
    let content = got.json["body"]["content"].as_str().unwrap();
    let picture = content.split("src=\"").nth(1).unwrap().split('"').next().unwrap();
    let shown = wire.get(picture).await;
    assert_eq!((shown.header("content-type"), shown.bytes.len()), (Some("image/png"), 4));
    // Twice asked is twice said.
    assert_eq!(wire.post(&messages, &json!({ "body": { "content": "Hi" } })).await.status, 201);
    assert_eq!(wire.post(&messages, &json!({ "body": { "content": "Hi" } })).await.status, 201);
    assert_eq!(teams.messages(&chat).len(), 4);
    let mut wrong = body.clone();
    wrong["body"]["content"] = "nothing of it".into();
    assert_eq!(wire.post(&messages, &wrong).await.status, 400);
    assert!(wire.fake.take_complaints()[0].contains("<attachment>"));

    let me = json!({ "user": { "id": wire.fake.me().id, "tenantId": teams.tenant() } });
    let before = teams.say(&chat, Said::text("News").from(&ann));
    assert_eq!(wire.post(&format!("/chats/{chat}/markChatReadForUser"), &me).await.status, 204);
    assert_eq!(teams.read_until(&chat).as_millisecond().to_string(), before);
    let change = json!({ "body": { "contentType": "html", "content": "<p>Better</p>" } });
    assert_eq!(wire.patch(&format!("{messages}/{id}"), &change).await.status, 200);
    assert_eq!(wire.patch(&format!("{messages}/{hers}"), &change).await.status, 403);
    let react = format!("{messages}/{hers}/setReaction");
    assert_eq!(wire.post(&react, &json!({ "reactionType": "❤️" })).await.status, 204);
    assert_eq!(wire.send("POST", &format!("{messages}/{id}/softDelete"), &[], "").await.unwrap().status, 204);
    let all = teams.messages(&chat);
    assert_eq!(all[0]["reactions"][0]["user"]["user"]["displayName"], "Megan Bowen");
    assert!(all[1]["deletedDateTime"].is_string() && all[1]["lastEditedDateTime"].is_string());
}

#[tokio::test]
async fn a_chat_with_somebody_is_made_once() {
    let Some(wire) = Wire::start("a_chat_with_somebody_is_made_once") else { return };
    let ann = Person::new("Ann", "ann@contoso.example");
    let member = |id: &str| {
        json!({ "@odata.type": "#microsoft.graph.aadUserConversationMember", "roles": ["owner"],
        "user@odata.bind": format!("https://graph.microsoft.com/v1.0/users('{id}')") })
    };
    let body = json!({ "chatType": "oneOnOne", "members": [member(&wire.fake.me().id), member(&ann.id)] });
    let (first, second) = (wire.post("/chats", &body).await, wire.post("/chats", &body).await);
    assert_eq!((first.status, &first.json["id"]), (201, &second.json["id"]));
}

#[tokio::test]
async fn channels_have_messages_and_replies() {
    let Some(wire) = Wire::start("channels_have_messages_and_replies") else { return };
    let teams = wire.fake.teams();
    let ann = Person::new("Ann", "ann@contoso.example");
    let (team, channels) = teams.team("Contoso", &["General", "Launch"]);
    let message = teams.post(&team, &channels[0], Said::html("<p>Hello all</p>").from(&ann).with("subject", "Hello"));
    teams.reply(&team, &channels[0], &message, Said::text("Welcome").from(&ann));
    assert_eq!(wire.get("/me/joinedTeams").await.each("displayName"), ["Contoso"]);
    assert_eq!(wire.get(&format!("/teams/{team}/channels")).await.each("displayName"), ["General", "Launch"]);
    let path = format!("/teams/{team}/channels/{}/messages", channels[0]);
    let got = wire.get(&format!("{path}?$top=20&$expand=replies")).await;
    assert_eq!(got.each("subject"), ["Hello"]);
    assert_eq!(got.json["value"][0]["replies"][0]["body"]["content"], "Welcome");
    assert_eq!(got.json["value"][0]["channelIdentity"]["channelId"], channels[0]);
    let reply = json!({ "body": { "contentType": "html", "content": "<p>Thanks</p>" } });
    let got = wire.post(&format!("{path}/{message}/replies"), &reply).await;
    assert_eq!((got.status, got.json["replyToId"].as_str()), (201, Some(message.as_str())));
    assert_eq!(teams.channel_messages(&team, &channels[0], Some(&message)).len(), 2);
}
