//! The methods the fake plays.
//!
//! Bounds of time leave out the bound itself unless `inclusive` is said, and with `oldest` alone the
//! messages closest to it come first (<https://docs.slack.dev/reference/methods/conversations.history>).
//! A thread always begins with its root, whatever the bounds; asked for by an answer, that one message
//! comes (<https://docs.slack.dev/reference/methods/conversations.replies>).

use serde_json::{Value, json};

use super::{
    APP_TOKEN, Shared,
    world::{Form, Room, Stored, World},
};

/// The options of a request.
pub(crate) struct Options(pub(crate) Vec<(String, String)>);

impl Options {
    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    fn yes(&self, name: &str) -> bool {
        matches!(self.get(name), Some("true" | "1"))
    }

    fn limit(&self, usual: usize, most: usize) -> usize {
        self.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(usual).clamp(1, most)
    }

    /// A cursor is the place where the next page begins, in words of its own.
    fn start(&self) -> usize {
        self.get("cursor").and_then(|cursor| cursor.strip_prefix("next:")?.parse().ok()).unwrap_or(0)
    }
}

/// What a method answers; an error is a word.
pub(crate) fn answer(shared: &Shared, method: &str, token: Option<&str>, options: &Options) -> Value {
    let mut events = Vec::new();
    let result = {
        let mut world = shared.world.lock();
        run(shared, &mut world, method, token, options, &mut events)
    };
    for event in events {
        shared.tell(event);
    }
    match result {
        Ok(mut answer) => {
            answer["ok"] = json!(true);
            answer
        }
        Err(Refusal(word, None)) => json!({ "ok": false, "error": word }),
        Err(Refusal(word, Some(scope))) => json!({ "ok": false, "error": word, "needed": scope, "provided": "" }),
    }
}

/// Somebody gives an emoji, or takes it back; what everybody is told.
pub(crate) fn react(
    world: &mut World,
    (room, ts): (&str, &str),
    who: &str,
    name: &str,
    on: bool,
) -> Result<Value, &'static str> {
    let at = world.ts();
    let messages = &mut world.rooms.get_mut(room).ok_or("channel_not_found")?.messages;
    let message = messages.get_mut(ts).ok_or("message_not_found")?;
    if name.is_empty() || name.contains(|c: char| !c.is_ascii()) {
        return Err("invalid_name");
    }
    let mut given = message.get("reactions").and_then(Value::as_array).cloned().unwrap_or_default();
    if given.iter().all(|reaction| reaction["name"] != name) {
        given.push(json!({ "name": name, "users": [], "count": 0 }));
    }
    let one = given.iter_mut().find(|reaction| reaction["name"] == name).ok_or("internal_error")?;
    let mut users = one["users"].as_array().cloned().unwrap_or_default();
    match (users.iter().position(|user| user == who), on) {
        (None, true) => users.push(json!(who)),
        (Some(place), false) => drop(users.remove(place)),
        (Some(_), true) => return Err("already_reacted"),
        (None, false) => return Err("no_reaction"),
    }
    one["count"] = json!(users.len());
    one["users"] = json!(users);
    given.retain(|reaction| reaction["count"] != 0);
    message["reactions"] = json!(given);
    let what = if on { "reaction_added" } else { "reaction_removed" };
    Ok(json!({ "type": what, "user": who, "reaction": name, "event_ts": at,
               "item": { "type": "message", "channel": room, "ts": ts } }))
}

struct Refusal(&'static str, Option<String>);

impl From<&'static str> for Refusal {
    fn from(word: &'static str) -> Self {
        Self(word, None)
    }
}

fn run(
    shared: &Shared,
    world: &mut World,
    method: &str,
    token: Option<&str>,
    options: &Options,
    events: &mut Vec<Value>,
) -> Result<Value, Refusal> {
    let token = token.ok_or("not_authed")?;
    if !world.tokens.iter().any(|known| known == token) {
        return Err("invalid_auth".into());
    }
    // The app's token opens sockets, and nothing else does.
    if (token == APP_TOKEN) != (method == "apps.connections.open") {
        return Err("not_allowed_token_type".into());
    }
    if let Some(scope) = world.lacking.get(method) {
        return Err(Refusal("missing_scope", Some(scope.clone())));
    }
    match method {
        "auth.test" => Ok(json!({
            "url": "https://initech.slack.com/", "team": "Initech", "user": "maya", "team_id": "T00000001",
            "user_id": world.me,
        })),
        "apps.connections.open" => Ok(json!({ "url": shared.sockets.ticket() })),
        "users.conversations" => Ok(conversations(world, options)),
        "conversations.info" => {
            let id = options.text("channel");
            let mut channel = world.rooms.contains_key(id).then(|| world.listed(id)).ok_or("channel_not_found")?;
            channel["last_read"] = json!(world.rooms[id].last_read);
            Ok(json!({ "channel": channel }))
        }
        "conversations.members" => {
            let room = world.rooms.get(options.text("channel")).ok_or("channel_not_found")?;
            let (page, next) = paged(&room.members, options, 100);
            Ok(json!({ "members": page, "response_metadata": { "next_cursor": next } }))
        }
        "users.list" => {
            let everybody: Vec<Value> = world.people.values().cloned().collect();
            let (page, next) = paged(&everybody, options, 1000);
            Ok(json!({ "members": page, "cache_ts": 1_772_442_000, "response_metadata": { "next_cursor": next } }))
        }
        "users.info" => {
            let user = world.people.get(options.text("user")).cloned().ok_or("user_not_found")?;
            Ok(json!({ "user": user }))
        }
        "conversations.history" => history(world, options),
        "conversations.replies" => replies(world, options),
        "conversations.mark" => {
            let room = world.rooms.get_mut(options.text("channel")).ok_or("channel_not_found")?;
            room.last_read = options.text("ts").to_owned();
            Ok(json!({}))
        }
        "chat.postMessage" => post(world, options, events),
        "reactions.add" | "reactions.remove" => {
            let (room, ts, me) = (options.text("channel"), options.text("timestamp"), world.me.clone());
            events.push(react(world, (room, ts), &me, options.text("name"), method == "reactions.add")?);
            Ok(json!({}))
        }
        "files.info" => {
            let id = options.text("file");
            let there = world.files.get(id).is_some_and(|file| file.whole);
            let file = there.then(|| world.file(id, &shared.origin)).ok_or("file_not_found")?;
            Ok(json!({ "file": file, "comments": [] }))
        }
        "files.getUploadURLExternal" => {
            let id = world.id('F');
            let file = Stored {
                name: options.text("filename").to_owned(),
                mime: "application/octet-stream".to_owned(),
                bytes: Vec::new(),
                length: options.text("length").parse().unwrap_or(0),
                whole: false,
                user: world.me.clone(),
            };
            world.files.insert(id.clone(), file);
            Ok(json!({ "upload_url": format!("{}/upload/{id}", shared.origin), "file_id": id }))
        }
        "files.completeUploadExternal" => complete(shared, world, options, events),
        _ => panic!("{method} is documented, and the fake does not play it"),
    }
}

fn paged<T: Clone>(all: &[T], options: &Options, most: usize) -> (Vec<T>, String) {
    let (start, limit) = (options.start(), options.limit(100, most));
    let page: Vec<T> = all.iter().skip(start).take(limit).cloned().collect();
    let end = start + page.len();
    (page, if end < all.len() { format!("next:{end}") } else { String::new() })
}

fn conversations(world: &World, options: &Options) -> Value {
    let types = options.get("types").unwrap_or("public_channel");
    let kind = |room: &Room| match room.form {
        Form::Channel => "public_channel",
        Form::Private => "private_channel",
        Form::Group => "mpim",
        Form::Direct => "im",
    };
    let wanted = |room: &Room| types.split(',').any(|wanted| wanted == kind(room));
    let alive = |room: &Room| !(room.archived && options.yes("exclude_archived"));
    let rooms = world.rooms.iter().filter(|(_, room)| wanted(room) && alive(room));
    let all: Vec<Value> = rooms.map(|(id, _)| world.listed(id)).collect();
    let (page, next) = paged(&all, options, 1000);
    json!({ "channels": page, "response_metadata": { "next_cursor": next } })
}

/// Times within the bounds of a request, the oldest first.
fn within<'a>(times: impl Iterator<Item = &'a String>, options: &Options) -> Vec<&'a str> {
    let inclusive = options.yes("inclusive");
    let above = |ts: &str| options.get("oldest").is_none_or(|oldest| ts > oldest || (inclusive && ts == oldest));
    let below = |ts: &str| options.get("latest").is_none_or(|latest| ts < latest || (inclusive && ts == latest));
    times.map(String::as_str).filter(|ts| above(ts) && below(ts)).collect()
}

fn history(world: &World, options: &Options) -> Result<Value, Refusal> {
    let room = world.rooms.get(options.text("channel")).ok_or("channel_not_found")?;
    let in_channel = |(ts, message): &(&String, &Value)| {
        message.get("thread_ts").is_none_or(|root| *root == ts.as_str()) || message["subtype"] == "thread_broadcast"
    };
    let mut times = within(room.messages.iter().filter(in_channel).map(|(ts, _)| ts), options);
    let forward = options.get("oldest").is_some() && options.get("latest").is_none();
    if !forward {
        times.reverse();
    }
    let (mut page, next) = paged(&times, options, 999);
    if forward {
        page.reverse();
    }
    let metadata = options.yes("include_all_metadata");
    let messages: Vec<Value> = page.iter().map(|ts| world.shown(room, ts, metadata)).collect();
    let more = !next.is_empty();
    let mut answer = json!({ "messages": messages, "has_more": more, "pin_count": 0 });
    if more {
        answer["response_metadata"] = json!({ "next_cursor": next });
    }
    Ok(answer)
}

fn replies(world: &World, options: &Options) -> Result<Value, Refusal> {
    let room = world.rooms.get(options.text("channel")).ok_or("channel_not_found")?;
    let root = options.text("ts");
    let asked = room.messages.get(root).ok_or("thread_not_found")?;
    let metadata = options.yes("include_all_metadata");
    if asked.get("thread_ts").is_some_and(|thread| thread != root) {
        return Ok(json!({ "messages": [world.shown(room, root, metadata)], "has_more": false }));
    }
    let answers = room.messages.iter().filter(|(ts, message)| message["thread_ts"] == root && *ts != root);
    let times = within(answers.map(|(ts, _)| ts), options);
    let (page, next) = paged(&times, options, 1000);
    let mut messages = vec![world.shown(room, root, metadata)];
    messages.extend(page.iter().map(|ts| world.shown(room, ts, metadata)));
    let more = !next.is_empty();
    let mut answer = json!({ "messages": messages, "has_more": more });
    if more {
        answer["response_metadata"] = json!({ "next_cursor": next });
    }
    Ok(answer)
}

fn post(world: &mut World, options: &Options, events: &mut Vec<Value>) -> Result<Value, Refusal> {
    let room = options.text("channel");
    let known = world.rooms.get(room).ok_or("channel_not_found")?;
    if known.archived {
        return Err("is_archived".into());
    }
    let text = options.get("text").ok_or("no_text")?;
    if text.chars().count() > 40_000 {
        return Err("msg_too_long".into());
    }
    let mut message = json!({ "user": world.me, "text": text, "team": "T00000001" });
    if let Some(thread) = options.get("thread_ts") {
        if !known.messages.contains_key(thread) {
            return Err("thread_not_found".into());
        }
        message["thread_ts"] = json!(thread);
        message["parent_user_id"] = known.messages[thread]["user"].clone();
    }
    if let Some(metadata) = options.get("metadata") {
        message["metadata"] = serde_json::from_str(metadata).unwrap_or_default();
    }
    let (ts, event) = world.put(room, message);
    events.push(event);
    let mut message = world.rooms[room].messages[&ts].clone();
    if let Some(fields) = message.as_object_mut() {
        fields.remove("metadata");
    }
    Ok(json!({ "channel": room, "ts": ts, "message": message }))
}

/// Shares files that were put there: each is known by its id, and without its bytes it is not there.
fn complete(shared: &Shared, world: &mut World, options: &Options, events: &mut Vec<Value>) -> Result<Value, Refusal> {
    let wanted: Vec<Value> = serde_json::from_str(options.text("files")).unwrap_or_default();
    let ids: Vec<String> = wanted.iter().filter_map(|file| file["id"].as_str()).map(str::to_owned).collect();
    let whole = |id: &String| world.files.get(id).is_some_and(|file| file.bytes.len() == file.length && !file.whole);
    if ids.is_empty() || !ids.iter().all(whole) {
        return Err("file_not_found".into());
    }
    for id in &ids {
        world.files.get_mut(id).expect("a file").whole = true;
    }
    let files: Vec<Value> = ids.iter().map(|id| world.file(id, &shared.origin)).collect();
    if let Some(room) = options.get("channel_id") {
        if !world.rooms.contains_key(room) {
            return Err("channel_not_found".into());
        }
        let mut message = json!({ "user": world.me, "text": options.text("initial_comment"), "files": files });
        message["upload"] = json!(true);
        if let Some(thread) = options.get("thread_ts") {
            message["thread_ts"] = json!(thread);
        }
        if world.late_files {
            world.late.push((room.to_owned(), message));
        } else {
            let (_, event) = world.put(room, message);
            events.push(event);
        }
    }
    let named: Vec<Value> = ids.iter().map(|id| json!({ "id": id, "title": world.files[id].name })).collect();
    Ok(json!({ "files": named }))
}
