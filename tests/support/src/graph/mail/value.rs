//! What a message looks like from outside.

use serde_json::{Map, Value, json};

use super::{
    super::{
        clock::seconds,
        exchange::Prefer,
        odata::{Query, at, project},
        world::World,
    },
    Kind, Mail, encode,
};

/// The properties of a message that Graph gives unasked, in its order, then those it gives only
/// when they are selected.
pub(crate) const PROPERTIES: &[&str] = &[
    "createdDateTime",
    "lastModifiedDateTime",
    "changeKey",
    "categories",
    "receivedDateTime",
    "sentDateTime",
    "hasAttachments",
    "internetMessageId",
    "subject",
    "bodyPreview",
    "importance",
    "parentFolderId",
    "conversationId",
    "conversationIndex",
    "isDeliveryReceiptRequested",
    "isReadReceiptRequested",
    "isRead",
    "isDraft",
    "webLink",
    "inferenceClassification",
    "body",
    "sender",
    "from",
    "toRecipients",
    "ccRecipients",
    "bccRecipients",
    "replyTo",
    "flag",
    "meetingMessageType",
    "startDateTime",
    "endDateTime",
    "location",
    "isAllDay",
    "isOutOfDate",
    "isDelegated",
    "type",
    "meetingRequestType",
    "responseType",
    "proposedNewTime",
    "internetMessageHeaders",
    "uniqueBody",
    "singleValueExtendedProperties",
];

/// From here on only when selected.
const ON_REQUEST: usize = 39;
/// Properties of an eventMessage; other messages do not have them.
const OF_MEETINGS: std::ops::Range<usize> = 28..39;

/// What a message about a meeting is called; `None`: it is about none.
fn derived(mail: &Mail) -> Option<&'static str> {
    mail.meeting?;
    Some(match mail.said.get("meetingMessageType").and_then(Value::as_str) {
        Some("meetingRequest") => "eventMessageRequest",
        Some("meetingAccepted" | "meetingTenativelyAccepted" | "meetingDeclined") => "eventMessageResponse",
        _ => "eventMessage",
    })
}

/// The type a property belongs to has it, or one that is derived from it.
fn has(derived: Option<&str>, place: usize, name: &str) -> bool {
    match name {
        "meetingRequestType" => derived == Some("eventMessageRequest"),
        "responseType" | "proposedNewTime" => derived == Some("eventMessageResponse"),
        _ => derived.is_some() || !OF_MEETINGS.contains(&place),
    }
}

/// The bit of a property in a change; `None` for one that is not told.
pub(crate) fn bit(name: &str) -> Option<u64> {
    PROPERTIES.iter().position(|known| *known == name).map(|place| 1 << place)
}

/// The names of the bits of a change.
pub(crate) fn names(bits: u64) -> Vec<String> {
    PROPERTIES
        .iter()
        .enumerate()
        .filter(|(place, _)| bits & (1 << place) != 0)
        .map(|(_, name)| (*name).to_owned())
        .collect()
}

pub(crate) fn id(mail: &Mail, key: u64, prefer: Prefer) -> String {
    if prefer.immutable { encode(Kind::Immutable, key, 0) } else { encode(Kind::Message, key, mail.moves) }
}

fn change_key(mail: &Mail) -> String {
    base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        [b"\x09\x00\x00\x00\x16\x00\x00\x00".as_slice(), &mail.changed.to_be_bytes()].concat(),
    )
}

pub(crate) fn etag(mail: &Mail) -> String {
    format!("W/\"{}\"", change_key(mail))
}

/// One property, by path: `from/emailAddress/address`.
pub(crate) fn property(mail: &Mail, key: u64, path: &str, prefer: Prefer) -> Value {
    let (name, rest) = path.split_once('/').unwrap_or((path, ""));
    let value = whole(mail, key, name, prefer);
    if rest.is_empty() { value } else { at(&value, rest) }
}

fn whole(mail: &Mail, key: u64, name: &str, prefer: Prefer) -> Value {
    match name {
        "id" => return id(mail, key, prefer).into(),
        "changeKey" => return change_key(mail).into(),
        "parentFolderId" => return encode(Kind::Folder, mail.folder, 0).into(),
        "hasAttachments" => return mail.files.iter().any(|file| !file.inline).into(),
        "lastModifiedDateTime" => return seconds(mail.modified_ms).into(),
        "createdDateTime" => return seconds(mail.created_ms).into(),
        "webLink" => {
            return format!("https://outlook.office365.com/owa/?ItemID={key}&exvsurl=1&viewmodel=ReadMessageItem")
                .into();
        }
        "body" | "uniqueBody" => {
            let body = said(mail, key, "body");
            return match prefer.text {
                Some(true) => json!({ "contentType": "text", "content": text_of(&body) }),
                _ => body,
            };
        }
        "bodyPreview" => return text_of(&said(mail, key, "body")).chars().take(255).collect::<String>().into(),
        _ => {}
    }
    said(mail, key, name)
}

/// What was said, or what Exchange says when nothing was.
fn said(mail: &Mail, key: u64, name: &str) -> Value {
    if let Some(value) = mail.said.get(name) {
        return value.clone();
    }
    if let Some(value) = mail.generated.and_then(|number| generated(number, mail, name)) {
        return value;
    }
    match name {
        "receivedDateTime" | "sentDateTime" => seconds(mail.created_ms).into(),
        "internetMessageId" => format!("<m{key}@contoso.example>").into(),
        "subject" => "".into(),
        "importance" => "normal".into(),
        "conversationId" => encode(Kind::Folder, key, 7).into(),
        "conversationIndex" => change_key(mail).into(),
        "isDeliveryReceiptRequested" | "isReadReceiptRequested" | "isDraft" | "isRead" => false.into(),
        "inferenceClassification" => "focused".into(),
        "body" => json!({ "contentType": "html", "content": "" }),
        "categories" | "toRecipients" | "ccRecipients" | "bccRecipients" | "replyTo" | "internetMessageHeaders" => {
            json!([])
        }
        "flag" => json!({ "flagStatus": "notFlagged" }),
        _ => Value::Null,
    }
}

/// `isRead`, of a hundred thousand messages at once.
fn is_read(mail: &Mail) -> bool {
    match mail.said.get("isRead") {
        Some(read) => *read == Value::Bool(true),
        None => mail.generated.is_some_and(|number| number % 3 != 0),
    }
}

fn generated(number: u64, mail: &Mail, name: &str) -> Option<Value> {
    let person = number % 97;
    let sender = || json!({ "emailAddress": { "name": format!("Person {person}"), "address": format!("p{person}@fabrikam.example") } });
    Some(match name {
        "subject" => format!("Message {number}").into(),
        "from" | "sender" => sender(),
        "toRecipients" => {
            json!([{ "emailAddress": { "name": "Megan Bowen", "address": "meganb@contoso.example" } }])
        }
        "isRead" => is_read(mail).into(),
        "receivedDateTime" | "sentDateTime" => {
            let minutes = i64::try_from(number).unwrap_or_default();
            seconds(mail.created_ms - 60_000 * minutes).into()
        }
        "internetMessageId" => format!("<generated.{number}@fabrikam.example>").into(),
        "body" => json!({ "contentType": "html",
            "content": format!("<html><body><p>This is message {number}.</p><p>Regards</p></body></html>") }),
        _ => return None,
    })
}

/// The text of a body; of HTML, without its tags.
pub(crate) fn text_of(body: &Value) -> String {
    let content = body["content"].as_str().unwrap_or_default();
    if !body["contentType"].as_str().unwrap_or_default().eq_ignore_ascii_case("html") {
        return content.to_owned();
    }
    let (mut text, mut tag) = (String::new(), false);
    for letter in content.chars() {
        match letter {
            '<' => tag = true,
            '>' => tag = false,
            letter if !tag => text.push(letter),
            _ => {}
        }
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&").trim().to_owned()
}

impl World {
    /// A message as a list or a single answer gives it.
    pub(crate) fn message(&self, key: u64, query: &Query, prefer: Prefer) -> Value {
        let Ok(mail) = self.mail.get(key) else { return Value::Null };
        let select = query.select.as_deref();
        let wanted =
            |name: &str| select.is_some_and(|select| select.iter().any(|item| item.rsplit('/').next() == Some(name)));
        let mut object = Map::new();
        let derived = derived(mail);
        if let Some(derived) = derived {
            object.insert("@odata.type".to_owned(), format!("#microsoft.graph.{derived}").into());
        }
        object.insert("@odata.etag".to_owned(), etag(mail).into());
        object.insert("id".to_owned(), id(mail, key, prefer).into());
        for (place, name) in PROPERTIES.iter().enumerate() {
            if !has(derived, place, name) {
                continue;
            }
            let given = match select {
                None => place < ON_REQUEST,
                Some(_) => wanted(name),
            };
            if given {
                let value = whole(mail, key, name, prefer);
                if !(value.is_null() && place >= ON_REQUEST) {
                    object.insert((*name).to_owned(), value);
                }
            }
        }
        let mut object = project(object, select);
        for expand in &query.expand {
            match expand.name.as_str() {
                "attachments" | "*" => {
                    let files = mail.files.iter().map(|file| file.value(expand.select.as_deref())).collect();
                    object.insert("attachments".to_owned(), Value::Array(files));
                }
                "singleValueExtendedProperties" => {
                    if let Some(value) = mail.said.get("singleValueExtendedProperties") {
                        object.insert(expand.name.clone(), value.clone());
                    }
                }
                "microsoft.graph.eventMessage/event" => {
                    if let Some(event) = mail.meeting.and_then(|event| self.mail.meetings.event(event)) {
                        object.insert("event".to_owned(), event);
                    }
                }
                _ => {}
            }
        }
        Value::Object(object)
    }

    /// A folder as it is given.
    pub(crate) fn folder(&self, key: u64, query: &Query) -> Value {
        let Some(folder) = self.mail.folders.get(&key) else { return Value::Null };
        let visible = |folder: &&super::Folder| folder.parent == Some(key) && !folder.gone && !folder.hidden;
        let children: Vec<u64> = self.mail.folders.values().filter(visible).map(|folder| folder.key).collect();
        let unread = folder.mails.iter().filter(|mail| self.mail.get(**mail).is_ok_and(|mail| !is_read(mail)));
        let mut object = Map::new();
        for (name, value) in [
            ("id", encode(Kind::Folder, key, 0).into()),
            ("displayName", folder.name.clone().into()),
            ("parentFolderId", encode(Kind::Folder, folder.parent.unwrap_or(key), 0).into()),
            ("childFolderCount", children.len().into()),
            ("unreadItemCount", unread.count().into()),
            ("totalItemCount", folder.mails.len().into()),
            ("isHidden", folder.hidden.into()),
        ] {
            object.insert(name.to_owned(), value);
        }
        let mut object = project(object, query.select.as_deref());
        if query.expands("childFolders") {
            let inner = Query::default();
            let children = children.into_iter().map(|child| self.folder(child, &inner)).collect();
            object.insert("childFolders".to_owned(), Value::Array(children));
        }
        Value::Object(object)
    }
}
