//! Writing: drafts, replies, forwards and sending.
//!
//! A draft that is sent is the same message, in the sent items and no draft any more; with an
//! immutable id a client that lost the answer can look.

use serde_json::{Map, Value, json};

use super::{
    super::{
        clock::seconds,
        exchange::{Answer, Call, Outcome, Payload, Prefer, Refusal},
        odata::Query,
        world::World,
    },
    api::{canonical, misuse},
    files, mime, value,
};

/// `POST /me/messages`, `POST /me/mailFolders/{id}/messages`
pub(crate) fn create(world: &mut World, call: &Call<'_>) -> Outcome {
    let folder = match call.ids.first() {
        Some(id) => world.mail.folder(id)?,
        None => world.mail.well_known("drafts").expect("drafts"),
    };
    let key = draft(world, call, folder)?;
    Ok(Answer::json(201, world.message(key, &Query::default(), call.prefer)))
}

/// Makes a draft of the body of a request, JSON or MIME.
fn draft(world: &mut World, call: &Call<'_>, folder: u64) -> Result<u64, Refusal> {
    match &call.body {
        Payload::Other(_, bytes) => {
            let parsed = mime::parse(bytes)?;
            let key = put(world, folder, parsed.said);
            let files: Vec<files::File> =
                parsed.files.into_iter().map(|file| files::File { key: world.mail.key(), ..file }).collect();
            if let Some(mail) = world.mail.mails.get_mut(&key) {
                mail.files = files;
                mail.mime = Some(parsed.source);
            }
            Ok(key)
        }
        _ => compose(world, call.json(), folder),
    }
}

/// Makes a draft of a message in JSON.
fn compose(world: &mut World, message: &Value, folder: u64) -> Result<u64, Refusal> {
    let mut said = Map::new();
    let mut attached = Vec::new();
    for (name, value) in message.as_object().into_iter().flatten() {
        match name.as_str() {
            "attachments" => {
                for attachment in value.as_array().into_iter().flatten() {
                    attached.push(files::File::of(world.mail.key(), attachment)?);
                }
            }
            "id" | "changeKey" | "parentFolderId" | "hasAttachments" | "webLink" | "bodyPreview" | "uniqueBody" => {}
            name if name.contains('@') => {}
            name => {
                said.insert(name.to_owned(), canonical(name, value));
            }
        }
    }
    let key = put(world, folder, said);
    if let Some(mail) = world.mail.mails.get_mut(&key) {
        mail.files = attached;
    }
    Ok(key)
}

fn put(world: &mut World, folder: u64, mut said: Map<String, Value>) -> u64 {
    said.insert("isDraft".to_owned(), true.into());
    said.insert("isRead".to_owned(), true.into());
    let me = world.me.recipient();
    for name in ["from", "sender"] {
        said.entry(name).or_insert_with(|| me.clone());
    }
    world.mail.insert(folder, None, said)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Reply,
    ReplyAll,
    Forward,
}

fn act(call: &Call<'_>) -> Act {
    match call.operation.template.rsplit('/').next().unwrap_or_default().to_lowercase() {
        name if name.ends_with("replyall") => Act::ReplyAll,
        name if name.ends_with("reply") => Act::Reply,
        _ => Act::Forward,
    }
}

/// `POST …/createReply`, `createReplyAll`, `createForward`
pub(crate) fn create_answer(world: &mut World, call: &Call<'_>) -> Outcome {
    let key = answer_draft(world, call)?;
    Ok(Answer::json(201, world.message(key, &Query::default(), call.prefer)))
}

/// `POST …/reply`, `replyAll`, `forward`
pub(crate) fn answer(world: &mut World, call: &Call<'_>) -> Outcome {
    let key = answer_draft(world, call)?;
    send_off(world, key, true)?;
    Ok(Answer::empty(202))
}

fn answer_draft(world: &mut World, call: &Call<'_>) -> Result<u64, Refusal> {
    let original = world.mail.mail(call.id(0))?;
    let drafts = world.mail.well_known("drafts").expect("drafts");
    if matches!(call.body, Payload::Other(..)) {
        let key = draft(world, call, drafts)?;
        let conversation = value::property(world.mail.get(original)?, original, "conversationId", Prefer::default());
        if let Some(mail) = world.mail.mails.get_mut(&key) {
            mail.said.insert("conversationId".to_owned(), conversation);
        }
        return Ok(key);
    }
    let (body, act) = (call.json(), act(call));
    let comment = body["comment"].as_str().unwrap_or_default();
    if !comment.is_empty() && !body["message"]["body"].is_null() {
        return Err(misuse("ErrorInvalidRequest", "Specify either a comment or the message's body, not both."));
    }
    let to_given = &body["toRecipients"];
    if !to_given.is_null() && !body["message"]["toRecipients"].is_null() {
        return Err(misuse("ErrorInvalidRequest", "Specify toRecipients once."));
    }
    let mail = world.mail.get(original)?;
    let get = |name: &str| value::property(mail, original, name, Prefer::default());
    let prefix = if act == Act::Forward { "FW: " } else { "RE: " };
    let subject = get("subject").as_str().unwrap_or_default().to_owned();
    let subject =
        if subject.to_lowercase().starts_with(&prefix.to_lowercase()) { subject } else { format!("{prefix}{subject}") };
    let mut said = Map::new();
    said.insert("subject".to_owned(), subject.into());
    said.insert("conversationId".to_owned(), get("conversationId"));
    let (to, cc) = recipients(world, act, &get);
    said.insert("toRecipients".to_owned(), to);
    said.insert("ccRecipients".to_owned(), cc);
    let quoted = get("body")["content"].as_str().unwrap_or_default().to_owned();
    said.insert(
        "body".to_owned(),
        json!({ "contentType": "html", "content": format!("<p>{comment}</p><hr><div id=\"divRplyFwdMsg\">{quoted}</div>") }),
    );
    let mut references = vec![get("internetMessageId").as_str().unwrap_or_default().to_owned()];
    if act == Act::Forward {
        references.clear();
    }
    let mut attached = if act == Act::Forward { mail.files.clone() } else { Vec::new() };
    if let Some(reference) = references.first() {
        said.insert("internetMessageHeaders".to_owned(), json!([{ "name": "In-Reply-To", "value": reference }]));
    }
    for (name, value) in body["message"].as_object().into_iter().flatten() {
        if name == "attachments" {
            for attachment in value.as_array().into_iter().flatten() {
                attached.push(files::File::of(0, attachment)?);
            }
        } else if !name.contains('@') {
            said.insert(name.clone(), canonical(name, value));
        }
    }
    if !to_given.is_null() {
        said.insert("toRecipients".to_owned(), canonical("toRecipients", to_given));
    }
    let key = put(world, drafts, said);
    let files = attached.into_iter().map(|file| files::File { key: world.mail.key(), ..file }).collect();
    if let Some(mail) = world.mail.mails.get_mut(&key) {
        mail.files = files;
    }
    Ok(key)
}

fn recipients(world: &World, act: Act, get: &dyn Fn(&str) -> Value) -> (Value, Value) {
    if act == Act::Forward {
        return (json!([]), json!([]));
    }
    let mut to = get("replyTo").as_array().cloned().unwrap_or_default();
    if to.is_empty() {
        to.push(get("from"));
    }
    if act == Act::Reply {
        return (to.into(), json!([]));
    }
    let address = |value: &Value| value["emailAddress"]["address"].as_str().unwrap_or_default().to_lowercase();
    let others = |list: Value, known: &[Value]| {
        let mut fresh: Vec<Value> = Vec::new();
        for one in list.as_array().into_iter().flatten() {
            let new = |all: &[Value]| all.iter().all(|other| address(other) != address(one));
            if address(one) != world.me.address.to_lowercase() && new(known) && new(&fresh) {
                fresh.push(one.clone());
            }
        }
        fresh
    };
    let more = others(get("toRecipients"), &to);
    to.extend(more);
    let cc = others(get("ccRecipients"), &to);
    (to.into(), cc.into())
}

/// `POST /me/messages/{id}/send`
pub(crate) fn send(world: &mut World, call: &Call<'_>) -> Outcome {
    let key = world.mail.mail(call.id(0))?;
    if value::property(world.mail.get(key)?, key, "isDraft", call.prefer) != Value::Bool(true) {
        // A message that was sent already is no draft, and is not sent again.
        return Err(Refusal::new(404, "ErrorItemNotFound", "The specified object was not found in the store."));
    }
    send_off(world, key, true)?;
    Ok(Answer::empty(202))
}

/// `POST /me/sendMail`
pub(crate) fn send_mail(world: &mut World, call: &Call<'_>) -> Outcome {
    let drafts = world.mail.well_known("drafts").expect("drafts");
    let (key, keep) = match &call.body {
        Payload::Other(..) => (draft(world, call, drafts)?, true),
        _ => {
            let body = call.json();
            (compose(world, &body["message"], drafts)?, body["saveToSentItems"].as_bool().unwrap_or(true))
        }
    };
    send_off(world, key, keep)?;
    Ok(Answer::empty(202))
}

fn send_off(world: &mut World, key: u64, keep: bool) -> Result<(), Refusal> {
    let prefer = Prefer { immutable: true, ..Prefer::default() };
    let mail = world.mail.get(key)?;
    let nobody = ["toRecipients", "ccRecipients", "bccRecipients"]
        .iter()
        .all(|name| value::property(mail, key, name, prefer).as_array().is_none_or(Vec::is_empty));
    if nobody {
        return Err(misuse("ErrorInvalidRecipients", "At least one recipient isn't valid."));
    }
    let now = seconds(world.clock.millis());
    let mut said = Map::new();
    said.insert("isDraft".to_owned(), false.into());
    said.insert("sentDateTime".to_owned(), now.clone().into());
    said.insert("receivedDateTime".to_owned(), now.into());
    world.mail.change(key, said);
    let sent = world.mail.well_known("sentitems").expect("sent items");
    world.mail.relocate(key, sent);
    let query = Query { expand: vec![super::super::odata::Expand::of("attachments")], ..Query::default() };
    let message = world.message(key, &query, prefer);
    world.mail.sent.push(message);
    if !keep {
        world.mail.erase(key);
    }
    Ok(())
}
