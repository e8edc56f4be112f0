//! Folders and messages: the operations.

use serde_json::{Map, Value, json};

use super::{
    super::{
        exchange::{Answer, Call, Outcome, Refusal},
        odata::{Filter, Query, sort},
        world::World,
    },
    mime, not_found, value,
};

/// What may be changed of any message ("Update message").
const UPDATABLE: &[&str] = &[
    "categories",
    "flag",
    "importance",
    "inferenceClassification",
    "isDeliveryReceiptRequested",
    "isRead",
    "isReadReceiptRequested",
    "multiValueExtendedProperties",
    "singleValueExtendedProperties",
];
/// What may be changed of a draft as well.
const OF_DRAFTS: &[&str] = &[
    "bccRecipients",
    "body",
    "ccRecipients",
    "from",
    "internetMessageHeaders",
    "internetMessageId",
    "replyTo",
    "sender",
    "subject",
    "toRecipients",
];

/// A request the schema allows and Graph does not.
pub(crate) fn misuse(code: &str, message: &str) -> Refusal {
    Refusal::new(400, code, message).misuse()
}

/// `GET /me/mailFolders`, `GET /me/mailFolders/{id}/childFolders`
pub(crate) fn list_folders(world: &mut World, call: &Call<'_>) -> Outcome {
    let parent = match call.ids.first() {
        Some(id) => world.mail.folder(id)?,
        None => world.mail.well_known("msgfolderroot").expect("a root"),
    };
    let hidden = call.query.flag("includeHiddenFolders");
    world.page(
        call,
        "users('me')/mailFolders",
        10,
        |world, query| {
            let mut keys: Vec<u64> = world
                .mail
                .folders
                .values()
                .filter(|folder| folder.parent == Some(parent) && !folder.gone && (hidden || !folder.hidden))
                .map(|folder| folder.key)
                .collect();
            let all = Query::default();
            let get = |key: &u64, path: &str| super::super::odata::at(&world.folder(*key, &all), path);
            if let Some(filter) = &query.filter {
                keys.retain(|key| filter.holds(&|path| get(key, path)));
            }
            sort(&mut keys, &query.orderby, get);
            keys
        },
        |world, key, query| world.folder(*key, query),
    )
}

/// `GET /me/mailFolders/{id}`
pub(crate) fn get_folder(world: &mut World, call: &Call<'_>) -> Outcome {
    let key = world.mail.folder(call.id(0))?;
    Ok(Answer::json(200, world.folder(key, &call.query)))
}

/// `POST /me/mailFolders`, `POST /me/mailFolders/{id}/childFolders`
pub(crate) fn create_folder(world: &mut World, call: &Call<'_>) -> Outcome {
    let parent = match call.ids.first() {
        Some(id) => Some(world.mail.folder(id)?),
        None => world.mail.well_known("msgfolderroot"),
    };
    let name = call.json()["displayName"].as_str().unwrap_or_default();
    let taken = world
        .mail
        .folders
        .values()
        .any(|folder| folder.parent == parent && !folder.gone && folder.name.eq_ignore_ascii_case(name));
    if taken {
        return Err(Refusal::new(409, "ErrorFolderExists", "A folder with the specified name already exists."));
    }
    let hidden = call.json()["isHidden"].as_bool().unwrap_or(false);
    let key = world.mail.add_folder(name, parent, hidden);
    Ok(Answer::json(201, world.folder(key, &Query::default())))
}

/// `PATCH /me/mailFolders/{id}`
pub(crate) fn update_folder(world: &mut World, call: &Call<'_>) -> Outcome {
    let key = world.mail.folder(call.id(0))?;
    if let Some(name) = call.json()["displayName"].as_str() {
        world.mail.rename_folder(key, name);
    }
    Ok(Answer::json(200, world.folder(key, &Query::default())))
}

/// `DELETE /me/mailFolders/{id}`: it goes to the deleted items, and from there away.
pub(crate) fn delete_folder(world: &mut World, call: &Call<'_>) -> Outcome {
    let key = world.mail.folder(call.id(0))?;
    let bin = world.mail.well_known("deleteditems");
    let folder = world.mail.folders.get(&key).ok_or_else(not_found)?;
    if folder.well_known.is_some() {
        return Err(misuse("ErrorDeleteDistinguishedFolder", "A distinguished folder cannot be deleted."));
    }
    if folder.parent == bin {
        world.mail.erase_folder(key);
    } else {
        let revision = world.mail.step();
        if let Some(folder) = world.mail.folders.get_mut(&key) {
            folder.parent = bin;
        }
        world.mail.log.push((revision, key));
    }
    Ok(Answer::empty(204))
}

/// `GET /me/messages`, `GET /me/mailFolders/{id}/messages`
pub(crate) fn list_messages(world: &mut World, call: &Call<'_>) -> Outcome {
    let folder = call.ids.first().map(|id| world.mail.folder(id)).transpose()?;
    let prefer = call.prefer;
    world
        .page(
            call,
            "users('me')/messages",
            10,
            |world, query| {
                let keys: Box<dyn Iterator<Item = u64>> = match folder.and_then(|key| world.mail.folders.get(&key)) {
                    Some(folder) => Box::new(folder.mails.iter().rev().copied()),
                    None => Box::new(world.mail.mails.keys().rev().copied()),
                };
                let get = |key: &u64, path: &str| {
                    world.mail.get(*key).map_or(Value::Null, |mail| value::property(mail, *key, path, prefer))
                };
                let mut keys: Vec<u64> = keys
                    .filter(|key| {
                        query.filter.as_ref().is_none_or(|filter: &Filter| filter.holds(&|path| get(key, path)))
                    })
                    .filter(|key| query.search.as_ref().is_none_or(|words| found(words, &|path| get(key, path))))
                    .collect();
                sort(&mut keys, &query.orderby, get);
                keys
            },
            |world, key, query| world.message(*key, query, prefer),
        )
        .map(|answer| applied(answer, call))
}

/// `$search`: all words somewhere in the subject, the body or the sender.
fn found(words: &str, get: &dyn Fn(&str) -> Value) -> bool {
    let text = ["subject", "bodyPreview", "from/emailAddress/address", "from/emailAddress/name"]
        .map(|path| get(path).as_str().unwrap_or_default().to_lowercase())
        .join(" ");
    words.to_lowercase().split_whitespace().all(|word| text.contains(word.trim_start_matches("subject:")))
}

/// `GET /me/messages/{id}`, `GET /me/mailFolders/{id}/messages/{id}`
pub(crate) fn get_message(world: &mut World, call: &Call<'_>) -> Outcome {
    let key = message_of(world, call)?;
    let mut body = world.message(key, &call.query, call.prefer);
    body["@odata.context"] = world.context("users('me')/messages/$entity").into();
    Ok(applied(Answer::json(200, body), call))
}

fn applied(answer: Answer, call: &Call<'_>) -> Answer {
    match call.prefer.text {
        Some(text) => answer.header(
            "Preference-Applied",
            format!("outlook.body-content-type=\"{}\"", if text { "text" } else { "html" }),
        ),
        None => answer,
    }
}

/// The message a path names last, in the folder it names first.
fn message_of(world: &World, call: &Call<'_>) -> Result<u64, Refusal> {
    let key = world.mail.mail(call.ids.last().map_or("", String::as_str))?;
    if call.operation.template.starts_with("/me/mailFolders") {
        let folder = world.mail.folder(call.id(0))?;
        if world.mail.get(key)?.folder != folder {
            return Err(not_found());
        }
    }
    Ok(key)
}

/// `PATCH /me/messages/{id}`, `PATCH /me/mailFolders/{id}/messages/{id}`
pub(crate) fn update_message(world: &mut World, call: &Call<'_>) -> Outcome {
    let key = message_of(world, call)?;
    let draft = value::property(world.mail.get(key)?, key, "isDraft", call.prefer) == Value::Bool(true);
    let mut said = Map::new();
    for (name, value) in call.json().as_object().into_iter().flatten() {
        if name.contains('@') {
            continue;
        }
        let may = UPDATABLE.contains(&name.as_str()) || (draft && OF_DRAFTS.contains(&name.as_str()));
        if !may {
            return Err(misuse("ErrorInvalidPropertySet", &format!("{name} cannot be changed of this message.")));
        }
        said.insert(name.clone(), canonical(name, value));
    }
    world.mail.change(key, said);
    Ok(Answer::json(200, world.message(key, &Query::default(), call.prefer)))
}

/// A value as Graph keeps it: enumerations in their own case.
pub(crate) fn canonical(name: &str, value: &Value) -> Value {
    let lower = |value: &Value| value.as_str().map_or(value.clone(), |text| text.to_lowercase().into());
    match name {
        "importance" | "inferenceClassification" => lower(value),
        "body" if value.is_object() => {
            let mut body = value.clone();
            body["contentType"] = value.get("contentType").map_or("text".into(), lower);
            body
        }
        "flag" if value.is_object() => {
            let mut flag = value.clone();
            let status = value["flagStatus"].as_str().unwrap_or("notFlagged");
            let known =
                ["notFlagged", "complete", "flagged"].into_iter().find(|known| known.eq_ignore_ascii_case(status));
            flag["flagStatus"] = known.unwrap_or("notFlagged").into();
            flag
        }
        "from" | "sender" | "toRecipients" | "ccRecipients" | "bccRecipients" | "replyTo" => named(value),
        _ => value.clone(),
    }
}

/// Recipients with a name, as Exchange gives them: the address when nothing else is known.
fn named(value: &Value) -> Value {
    match value {
        Value::Array(all) => Value::Array(all.iter().map(named).collect()),
        Value::Object(_) => {
            let mut recipient = value.clone();
            if recipient["emailAddress"]["name"].is_null() {
                recipient["emailAddress"]["name"] = value["emailAddress"]["address"].clone();
            }
            recipient
        }
        other => other.clone(),
    }
}

/// `DELETE /me/messages/{id}`: it goes to the deleted items, and from there away.
pub(crate) fn delete_message(world: &mut World, call: &Call<'_>) -> Outcome {
    let key = message_of(world, call)?;
    let bin = world.mail.well_known("deleteditems").expect("a bin");
    if world.mail.get(key)?.folder == bin {
        world.mail.erase(key);
    } else {
        world.mail.relocate(key, bin);
    }
    Ok(Answer::empty(204))
}

/// `POST /me/messages/{id}/move`
pub(crate) fn move_message(world: &mut World, call: &Call<'_>) -> Outcome {
    let key = world.mail.mail(call.id(0))?;
    let to = world.mail.folder(call.json()["destinationId"].as_str().unwrap_or_default())?;
    world.mail.relocate(key, to);
    Ok(Answer::json(201, world.message(key, &Query::default(), call.prefer)))
}

/// `POST /me/messages/{id}/copy`
pub(crate) fn copy_message(world: &mut World, call: &Call<'_>) -> Outcome {
    let key = world.mail.mail(call.id(0))?;
    let to = world.mail.folder(call.json()["destinationId"].as_str().unwrap_or_default())?;
    let mail = world.mail.get(key)?;
    let (generated, said, files, mime) = (mail.generated, mail.said.clone(), mail.files.clone(), mail.mime.clone());
    let copy = world.mail.insert(to, generated, said);
    let files = files.iter().map(|file| super::files::File { key: world.mail.key(), ..file.clone() }).collect();
    if let Some(mail) = world.mail.mails.get_mut(&copy) {
        mail.files = files;
        mail.mime = mime;
    }
    Ok(Answer::json(201, world.message(copy, &Query::default(), call.prefer)))
}

/// `GET /me/messages/{id}/$value`
pub(crate) fn source(world: &mut World, call: &Call<'_>) -> Outcome {
    let key = world.mail.mail(call.id(0))?;
    Ok(Answer::bytes("text/plain", mime::source(world, key)?))
}

/// `POST /me/translateExchangeIds`
pub(crate) fn translate_ids(world: &mut World, call: &Call<'_>) -> Outcome {
    let body = call.json();
    let ids = body["inputIds"].as_array().cloned().unwrap_or_default();
    if ids.len() > 1000 {
        return Err(misuse("ErrorExceededInputLimit", "No more than 1000 ids at once."));
    }
    let immutable = body["targetIdType"].as_str() == Some("restImmutableEntryId");
    let prefer = super::super::exchange::Prefer { immutable, ..Default::default() };
    let value: Vec<Value> = ids
        .iter()
        .filter_map(|id| {
            let key = world.mail.mail(id.as_str()?).ok()?;
            Some(json!({ "sourceId": id, "targetId": value::id(world.mail.get(key).ok()?, key, prefer) }))
        })
        .collect();
    Ok(Answer::json(200, json!({ "@odata.context": world.context("Collection(convertIdResult)"), "value": value })))
}
