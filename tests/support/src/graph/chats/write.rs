//! Chats, channels and their messages: writing.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{
    super::{
        exchange::{Answer, Call, Outcome, Prefer, Refusal},
        odata::Query,
        world::{Person, World},
    },
    Hosted, Place, Post,
    api::place,
    not_found, post,
};

fn misuse(message: &str) -> Refusal {
    Refusal::new(400, "BadRequest", message).misuse()
}

/// `POST …/messages`, `POST …/replies`. Nothing makes it safe to ask twice: there is no key.
pub(crate) fn create(world: &mut World, call: &Call<'_>) -> Outcome {
    let (place, _) = place(call)?;
    world.teams.posts(&place)?;
    let me = world.me.clone();
    let post = compose(world, &place, call.json(), me)?;
    let value = post::value(&place, &post, call.prefer, false);
    put(world, &place, post)?;
    Ok(Answer::json(201, value))
}

fn put(world: &mut World, place: &Place, post: Post) -> Result<(), Refusal> {
    let at = post.at_ms;
    world.teams.posts_mut(place)?.insert(at, post);
    if let Place::Chat(id) = place
        && let Some(chat) = world.teams.chats.get_mut(id)
    {
        // Who writes has read.
        chat.read_ms = chat.read_ms.max(at);
    }
    Ok(())
}

/// The message a body describes.
fn compose(world: &World, place: &Place, body: &Value, from: Person) -> Result<Post, Refusal> {
    let mut post = Post::new(world.clock.tick(), Some(from));
    let kind = body["body"]["contentType"].as_str().unwrap_or("text").to_lowercase();
    let mut content = body["body"]["content"].as_str().unwrap_or_default().to_owned();
    for attachment in body["attachments"].as_array().into_iter().flatten() {
        let id = attachment["id"].as_str().unwrap_or_default();
        if id.is_empty() || !content.contains(&format!("<attachment id=\"{id}\"></attachment>")) {
            return Err(misuse("The body has no <attachment> with the id of an attachment."));
        }
    }
    for mention in body["mentions"].as_array().into_iter().flatten() {
        let id = mention["id"].as_i64().unwrap_or(-1);
        if kind != "html" || !content.contains(&format!("<at id=\"{id}\">")) {
            return Err(misuse("The HTML has no <at> with the id of a mention."));
        }
    }
    for (place_in, hosted) in body["hostedContents"].as_array().into_iter().flatten().enumerate() {
        let temporary = hosted["@microsoft.graph.temporaryId"].as_str().unwrap_or_default();
        let bytes = hosted["contentBytes"].as_str().and_then(|text| STANDARD.decode(text).ok());
        let reference = format!("../hostedContents/{temporary}/$value");
        let (Some(bytes), Some(media)) = (bytes, hosted["contentType"].as_str()) else {
            return Err(misuse("A hosted content has contentBytes in base64 and a contentType."));
        };
        if temporary.is_empty() || !content.contains(&reference) {
            return Err(misuse("The body does not show a hosted content."));
        }
        let id = STANDARD.encode(format!("id=,type=1,url={}-{place_in}", post.at_ms));
        content = content.replace(&reference, &hosted_url(world, place, post.at_ms, &id));
        post.hosted.push(Hosted { id, media: media.to_owned(), bytes: bytes.into() });
    }
    post.said.insert("body".to_owned(), json!({ "contentType": kind, "content": content }));
    for name in ["subject", "attachments", "mentions"] {
        if let Some(value) = body.get(name) {
            post.said.insert(name.to_owned(), value.clone());
        }
    }
    if let Some(importance) = body["importance"].as_str() {
        post.said.insert("importance".to_owned(), importance.to_lowercase().into());
    }
    Ok(post)
}

/// Where a picture of a message is.
pub(super) fn hosted_url(world: &World, place: &Place, message: i64, id: &str) -> String {
    let root = &world.root;
    match place {
        Place::Chat(chat) => format!("{root}/chats/{chat}/messages/{message}/hostedContents/{id}/$value"),
        Place::Channel(team, channel) => {
            format!("{root}/teams/{team}/channels/{channel}/messages/{message}/hostedContents/{id}/$value")
        }
        Place::Replies(team, channel, to) => {
            format!("{root}/teams/{team}/channels/{channel}/messages/{to}/replies/{message}/hostedContents/{id}/$value")
        }
    }
}

/// A message of one's own, to change.
fn own<'a>(world: &'a mut World, call: &Call<'_>) -> Result<&'a mut Post, Refusal> {
    let (place, id) = place(call)?;
    let me = world.me.id.clone();
    let post = world.teams.posts_mut(&place)?.get_mut(&id.ok_or_else(not_found)?).ok_or_else(not_found)?;
    if post.from.as_ref().is_none_or(|person| person.id != me) {
        return Err(Refusal::new(403, "Forbidden", "Only the sender can change a message."));
    }
    Ok(post)
}

/// `PATCH …/messages/{id}`
pub(crate) fn update(world: &mut World, call: &Call<'_>) -> Outcome {
    let now = world.clock.tick();
    let body = call.json()["body"].clone();
    let post = own(world, call)?;
    if body["content"].is_string() {
        let kind = body["contentType"].as_str().unwrap_or("text").to_lowercase();
        post.said.insert("body".to_owned(), json!({ "contentType": kind, "content": body["content"] }));
        post.edited_ms = Some(now);
    }
    post.modified_ms = now;
    let post = post.clone();
    let (place, _) = place(call)?;
    Ok(Answer::json(200, post::value(&place, &post, Prefer::default(), false)))
}

/// `POST …/messages/{id}/softDelete`
pub(crate) fn soft_delete(world: &mut World, call: &Call<'_>) -> Outcome {
    let now = world.clock.tick();
    let post = own(world, call)?;
    post.deleted_ms = Some(now);
    post.modified_ms = now;
    Ok(Answer::empty(204))
}

/// `POST …/messages/{id}/undoSoftDelete`
pub(crate) fn undo_delete(world: &mut World, call: &Call<'_>) -> Outcome {
    let now = world.clock.tick();
    let post = own(world, call)?;
    post.deleted_ms = None;
    post.modified_ms = now;
    Ok(Answer::empty(204))
}

/// `POST …/messages/{id}/setReaction`, `unsetReaction`
pub(crate) fn react(world: &mut World, call: &Call<'_>) -> Outcome {
    let (place, id) = place(call)?;
    let (now, me) = (world.clock.tick(), world.me.clone());
    let reaction = call.json()["reactionType"].as_str().unwrap_or_default().to_owned();
    let post = world.teams.posts_mut(&place)?.get_mut(&id.ok_or_else(not_found)?).ok_or_else(not_found)?;
    post.reactions.retain(|(known, person, _)| *known != reaction || person.id != me.id);
    if call.operation.template.ends_with("/setReaction") {
        post.reactions.push((reaction, me, now));
    }
    post.modified_ms = now;
    Ok(Answer::empty(204))
}

/// `POST …/markChatReadForUser`, `markChatUnreadForUser`
pub(crate) fn mark(world: &mut World, call: &Call<'_>) -> Outcome {
    let body = call.json();
    if body["user"]["id"].as_str() != Some(&world.me.id) {
        return Err(Refusal::new(403, "Forbidden", "A chat is marked for oneself.").misuse());
    }
    let chat = world.teams.chats.get_mut(call.id(0)).ok_or_else(not_found)?;
    let last = chat.posts.keys().next_back().copied().unwrap_or(chat.created_ms);
    chat.read_ms = if call.operation.template.ends_with("markChatReadForUser") {
        last
    } else {
        let asked = body["lastMessageReadDateTime"].as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok());
        asked.map_or(chat.created_ms, jiff::Timestamp::as_millisecond)
    };
    Ok(Answer::empty(204))
}

/// `POST /chats`, `POST /me/chats`: two people have one chat.
pub(crate) fn create_chat(world: &mut World, call: &Call<'_>) -> Outcome {
    let body = call.json();
    let kind = match body["chatType"].as_str().unwrap_or_default().to_lowercase().as_str() {
        "oneonone" => "oneOnOne",
        "group" => "group",
        _ => return Err(misuse("chatType is oneOnOne or group.")),
    };
    let mut members = Vec::new();
    for member in body["members"].as_array().into_iter().flatten() {
        let bound = member["user@odata.bind"].as_str().unwrap_or_default();
        let id = bound.split('\'').nth(1).unwrap_or_default();
        if id.is_empty() || member["roles"].as_array().is_none_or(Vec::is_empty) {
            return Err(misuse("A member has roles and user@odata.bind."));
        }
        members.push(if id == world.me.id { world.me.clone() } else { world.somebody(id) });
    }
    if kind == "oneOnOne" && members.len() != 2 {
        return Err(misuse("A chat of two has two members."));
    }
    let same = world.teams.chats.values().find(|chat| {
        kind == "oneOnOne" && chat.kind == kind && members.iter().all(|member| chat.members.contains(member))
    });
    let id = match same {
        Some(chat) => chat.id.clone(),
        None => {
            let clock = world.clock.clone();
            world.teams.add_chat(&clock, kind, body["topic"].as_str(), members)
        }
    };
    let chat = world.teams.chat(&id)?;
    Ok(Answer::json(201, world.chat(chat, &Query::default(), call.prefer, false)))
}

impl World {
    /// The person of a chat with this object id, or somebody unknown.
    fn somebody(&self, id: &str) -> Person {
        self.teams.chats.values().flat_map(|chat| &chat.members).find(|person| person.id == id).cloned().unwrap_or_else(
            || Person { id: id.to_owned(), name: "Somebody".to_owned(), address: format!("{id}@contoso.example") },
        )
    }
}
