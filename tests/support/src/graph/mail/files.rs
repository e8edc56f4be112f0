//! Attachments.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::{
    super::{
        clock::seconds,
        exchange::{Answer, Call, Outcome, Refusal},
        odata::project,
        world::World,
    },
    Kind, Mail,
    api::misuse,
    decode, encode,
};

/// A file, or a message, attached to a message.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) key: u64,
    pub(crate) name: String,
    pub(crate) media: String,
    pub(crate) inline: bool,
    pub(crate) content_id: Option<String>,
    pub(crate) bytes: Bytes,
    /// The message, of an itemAttachment.
    pub(crate) item: Option<Value>,
    pub(crate) at_ms: i64,
}

/// Larger ones need an upload session ("Add attachment").
const LIMIT: usize = 3 * 1024 * 1024;

impl File {
    pub(crate) fn new(name: &str, media: &str, bytes: Bytes) -> Self {
        Self {
            key: 0,
            name: name.to_owned(),
            media: media.to_owned(),
            inline: false,
            content_id: None,
            bytes,
            item: None,
            at_ms: 0,
        }
    }

    /// What a request describes.
    pub(crate) fn of(key: u64, value: &Value) -> Result<Self, Refusal> {
        let text = |name: &str| value[name].as_str().map(str::to_owned);
        let kind = text("@odata.type").unwrap_or_default();
        let kind = kind.trim_start_matches("#microsoft.graph.").trim_start_matches("microsoft.graph.");
        let bytes = match kind {
            "fileAttachment" => {
                let Some(content) = text("contentBytes") else {
                    return Err(misuse("ErrorInvalidRequest", "A fileAttachment has contentBytes."));
                };
                STANDARD.decode(content).map_err(|_| misuse("ErrorInvalidRequest", "contentBytes is not base64."))?
            }
            "itemAttachment" if value["item"].is_object() => Vec::new(),
            _ => return Err(misuse("ErrorInvalidRequest", "An attachment says its @odata.type.")),
        };
        if bytes.len() > LIMIT {
            return Err(Refusal::new(413, "ErrorMessageSizeExceeded", "Use an upload session above 3 MB.").misuse());
        }
        Ok(Self {
            key,
            name: text("name").unwrap_or_default(),
            media: text("contentType").unwrap_or_else(|| "application/octet-stream".to_owned()),
            inline: value["isInline"].as_bool().unwrap_or(false),
            content_id: text("contentId"),
            bytes: bytes.into(),
            item: value.get("item").cloned(),
            at_ms: 0,
        })
    }

    pub(crate) fn id(&self) -> String {
        encode(Kind::File, self.key, 0)
    }

    /// As it is given.
    pub(crate) fn value(&self, select: Option<&[String]>) -> Value {
        let kind = if self.item.is_some() { "itemAttachment" } else { "fileAttachment" };
        let mut object = Map::new();
        for (name, value) in [
            ("@odata.type", format!("#microsoft.graph.{kind}").into()),
            ("@odata.mediaContentType", self.media.clone().into()),
            ("id", self.id().into()),
            ("lastModifiedDateTime", seconds(self.at_ms).into()),
            ("name", self.name.clone().into()),
            ("contentType", if self.item.is_some() { Value::Null } else { self.media.clone().into() }),
            ("size", (self.bytes.len() + 120).into()),
            ("isInline", self.inline.into()),
        ] {
            object.insert(name.to_owned(), value);
        }
        if self.item.is_none() {
            object.insert("contentId".to_owned(), self.content_id.clone().into());
            object.insert("contentLocation".to_owned(), Value::Null);
            object.insert("contentBytes".to_owned(), STANDARD.encode(&self.bytes).into());
        }
        Value::Object(project(object, select))
    }
}

fn place(mail: &Mail, id: &str) -> Result<usize, Refusal> {
    decode(id)
        .and_then(|id| mail.files.iter().position(|file| id.kind == Kind::File && file.key == id.key))
        .ok_or_else(|| Refusal::new(404, "ErrorItemNotFound", "The attachment was not found."))
}

/// `GET /me/messages/{id}/attachments`
pub(crate) fn list(world: &mut World, call: &Call<'_>) -> Outcome {
    let key = world.mail.mail(call.id(0))?;
    world.page(
        call,
        "users('me')/messages/attachments",
        100,
        |world, _| world.mail.get(key).map_or(Vec::new(), |mail| mail.files.clone()),
        |_, file, query| file.value(query.select.as_deref()),
    )
}

/// `GET /me/messages/{id}/attachments/{id}`
pub(crate) fn get(world: &mut World, call: &Call<'_>) -> Outcome {
    let mail = world.mail.get(world.mail.mail(call.id(0))?)?;
    let file = &mail.files[place(mail, call.id(1))?];
    let mut value = file.value(call.query.select.as_deref());
    if let (true, Some(item)) = (call.query.expands("microsoft.graph.itemAttachment/item"), &file.item) {
        value["item"] = item.clone();
    }
    Ok(Answer::json(200, value))
}

/// `GET /me/messages/{id}/attachments/{id}/$value`
pub(crate) fn content(world: &mut World, call: &Call<'_>) -> Outcome {
    let mail = world.mail.get(world.mail.mail(call.id(0))?)?;
    let file = &mail.files[place(mail, call.id(1))?];
    // An item's value is its MIME source.
    let media = if file.item.is_some() { "text/plain" } else { &file.media };
    Ok(Answer::bytes(media, file.bytes.clone()))
}

/// `POST /me/messages/{id}/attachments`
pub(crate) fn add(world: &mut World, call: &Call<'_>) -> Outcome {
    let key = world.mail.mail(call.id(0))?;
    let file = File::of(world.mail.key(), call.json())?;
    let value = attach(world, key, file)?;
    Ok(Answer::json(201, value))
}

/// Adds a file to a message; what it looks like then.
pub(crate) fn attach(world: &mut World, key: u64, mut file: File) -> Result<Value, Refusal> {
    file.at_ms = world.clock.millis();
    let value = file.value(None);
    world.mail.mails.get_mut(&key).ok_or_else(super::not_found)?.files.push(file);
    touched(world, key);
    Ok(value)
}

/// `DELETE /me/messages/{id}/attachments/{id}`
pub(crate) fn remove(world: &mut World, call: &Call<'_>) -> Outcome {
    let key = world.mail.mail(call.id(0))?;
    let mail = world.mail.mails.get_mut(&key).ok_or_else(super::not_found)?;
    let place = place(mail, call.id(1))?;
    mail.files.remove(place);
    touched(world, key);
    Ok(Answer::empty(204))
}

/// Whether there are attachments is a property that a delta tells.
fn touched(world: &mut World, key: u64) {
    let mut said = Map::new();
    said.insert("hasAttachments".to_owned(), json!(null));
    world.mail.change(key, said);
}
