//! What a message of Teams looks like from outside.

use serde_json::{Map, Value, json};

use super::{
    super::{clock::milliseconds, exchange::Prefer, world::TENANT},
    Place, Post, identity,
};

fn from(post: &Post) -> Value {
    post.from.as_ref().map_or(
        Value::Null,
        |person| json!({ "application": null, "device": null, "conversation": null, "user": identity(person) }),
    )
}

/// A value that came after the first clients is told only to those who ask for such.
fn kind(post: &Post, prefer: Prefer) -> &'static str {
    match (&post.from, prefer.unknown_members) {
        (Some(_), _) => "message",
        (None, true) => "systemEventMessage",
        (None, false) => "unknownFutureValue",
    }
}

fn body(post: &Post) -> Value {
    match (&post.from, post.deleted_ms) {
        (_, Some(_)) => json!({ "contentType": "html", "content": "" }),
        (None, _) => json!({ "contentType": "html", "content": "<systemEventMessage/>" }),
        _ => post.said.get("body").cloned().unwrap_or_else(|| json!({ "contentType": "text", "content": "" })),
    }
}

/// The `lastMessagePreview` of a chat.
pub(super) fn preview(post: &Post, prefer: Prefer) -> Value {
    json!({ "id": post.at_ms.to_string(), "createdDateTime": milliseconds(post.at_ms),
        "isDeleted": post.deleted_ms.is_some(), "messageType": kind(post, prefer),
        "eventDetail": post.said.get("eventDetail"), "body": body(post), "from": preview_from(post) })
}

fn preview_from(post: &Post) -> Value {
    post.from
        .as_ref()
        .map_or(Value::Null, |person| json!({ "application": null, "device": null, "user": identity(person) }))
}

/// A message, with the replies to it where they are asked for.
pub(super) fn value(place: &Place, post: &Post, prefer: Prefer, replies: bool) -> Value {
    let time = |at: Option<i64>| at.map(milliseconds);
    let gone = post.deleted_ms.is_some();
    let said = |name: &str, otherwise: Value| match post.said.get(name) {
        Some(value) if !gone => value.clone(),
        _ => otherwise,
    };
    let (chat, channel, to) = match place {
        Place::Chat(id) => (Some(id.clone()), Value::Null, None),
        Place::Channel(team, channel) => (None, json!({ "teamId": team, "channelId": channel }), None),
        Place::Replies(team, channel, to) => {
            (None, json!({ "teamId": team, "channelId": channel }), Some(to.to_string()))
        }
    };
    let url = channel["channelId"].as_str().map(|id| {
        format!(
            "https://teams.microsoft.com/l/message/{id}/{}?tenantId={TENANT}&createdTime={}",
            post.at_ms, post.at_ms
        )
    });
    let reactions: Vec<Value> = post
        .reactions
        .iter()
        .map(|(reaction, person, at)| {
            json!({ "reactionType": reaction, "displayName": reaction, "reactionContentUrl": null,
                "createdDateTime": milliseconds(*at),
                "user": { "application": null, "device": null, "user": identity(person) } })
        })
        .collect();
    let mut object = Map::new();
    for (name, value) in [
        ("id", Value::from(post.at_ms.to_string())),
        ("replyToId", to.into()),
        ("etag", post.modified_ms.to_string().into()),
        ("messageType", kind(post, prefer).into()),
        ("createdDateTime", milliseconds(post.at_ms).into()),
        ("lastModifiedDateTime", milliseconds(post.modified_ms).into()),
        ("lastEditedDateTime", time(post.edited_ms).into()),
        ("deletedDateTime", time(post.deleted_ms).into()),
        ("subject", said("subject", Value::Null)),
        ("summary", Value::Null),
        ("chatId", chat.into()),
        ("importance", said("importance", "normal".into())),
        ("locale", "en-us".into()),
        ("webUrl", url.into()),
        ("channelIdentity", channel),
        ("policyViolation", Value::Null),
        ("eventDetail", said("eventDetail", Value::Null)),
        ("from", from(post)),
        ("body", body(post)),
        ("attachments", said("attachments", json!([]))),
        ("mentions", said("mentions", json!([]))),
        ("reactions", reactions.into()),
    ] {
        object.insert(name.to_owned(), value);
    }
    if let (true, Place::Channel(team, channel)) = (replies, place) {
        let below = Place::Replies(team.clone(), channel.clone(), post.at_ms);
        let values: Vec<Value> =
            post.replies.values().rev().map(|reply| value_of_reply(&below, reply, prefer)).collect();
        object.insert("replies@odata.count".to_owned(), values.len().into());
        object.insert("replies".to_owned(), values.into());
    }
    Value::Object(object)
}

fn value_of_reply(place: &Place, post: &Post, prefer: Prefer) -> Value {
    value(place, post, prefer, false)
}
