//! Messages as MIME: a draft that comes so, and the source of any message.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use mail_builder::MessageBuilder;
use mail_parser::{Address, MessageParser, MimeHeaders};
use serde_json::{Map, Value, json};

use super::{
    super::{
        exchange::{Prefer, Refusal},
        world::World,
    },
    api::misuse,
    files::File,
    value,
};

pub(crate) struct Parsed {
    pub(crate) said: Map<String, Value>,
    pub(crate) files: Vec<File>,
    pub(crate) source: Bytes,
}

/// The message in a body of base64.
pub(crate) fn parse(body: &[u8]) -> Result<Parsed, Refusal> {
    let packed: Vec<u8> = body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let source = STANDARD
        .decode(packed)
        .map_err(|_| misuse("ErrorMimeContentInvalidBase64String", "The MIME content is not base64."))?;
    let invalid = || misuse("ErrorMimeContentInvalid", "The MIME content is invalid.");
    let message = MessageParser::default().parse(&source).ok_or_else(invalid)?;
    if message.headers().is_empty() {
        return Err(invalid());
    }
    let mut said = Map::new();
    let mut say = |name: &str, value: Value| said.insert(name.to_owned(), value);
    say("subject", message.subject().unwrap_or_default().into());
    if let Some(id) = message.message_id() {
        say("internetMessageId", format!("<{id}>").into());
    }
    for (name, address) in [
        ("toRecipients", message.to()),
        ("ccRecipients", message.cc()),
        ("bccRecipients", message.bcc()),
        ("replyTo", message.reply_to()),
    ] {
        say(name, recipients(address).into());
    }
    if let Some(from) = recipients(message.from()).into_iter().next() {
        say("from", from.clone());
        say("sender", from);
    }
    let html = message.html_body.first().and_then(|part| message.part(*part)).is_some_and(|part| part.is_text_html());
    let (kind, content) = if html { ("html", message.body_html(0)) } else { ("text", message.body_text(0)) };
    say("body", json!({ "contentType": kind, "content": content.unwrap_or_default() }));
    let mut headers = Vec::new();
    for name in ["In-Reply-To", "References"] {
        if let Some(value) = message.header_raw(name) {
            headers.push(json!({ "name": name, "value": value.trim() }));
        }
    }
    say("internetMessageHeaders", headers.into());
    let files = message
        .attachments()
        .map(|part| {
            let media = part.content_type().map_or("application/octet-stream".to_owned(), |media| {
                format!("{}/{}", media.ctype(), media.subtype().unwrap_or("octet-stream"))
            });
            File {
                key: 0,
                name: part.attachment_name().unwrap_or("untitled").to_owned(),
                media,
                inline: part.content_disposition().is_some_and(|kind| kind.is_inline()),
                content_id: part.content_id().map(str::to_owned),
                bytes: Bytes::copy_from_slice(part.contents()),
                item: None,
                at_ms: 0,
            }
        })
        .collect();
    Ok(Parsed { said, files, source: source.into() })
}

fn recipients(address: Option<&Address<'_>>) -> Vec<Value> {
    address
        .into_iter()
        .flat_map(|address| address.clone().into_list())
        .map(|one| {
            let address = one.address().unwrap_or_default();
            json!({ "emailAddress": { "name": one.name().unwrap_or(address), "address": address } })
        })
        .collect()
}

/// The source of a message: as it came, or built from what is known.
pub(crate) fn source(world: &World, key: u64) -> Result<Bytes, Refusal> {
    let mail = world.mail.get(key)?;
    if let Some(source) = &mail.mime {
        return Ok(source.clone());
    }
    let get = |path: &str| value::property(mail, key, path, Prefer::default());
    let text = |path: &str| get(path).as_str().unwrap_or_default().to_owned();
    let all = |name: &str| {
        get(name)
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| {
                let part = |name: &str| one["emailAddress"][name].as_str().unwrap_or_default().to_owned();
                (part("name"), part("address"))
            })
            .collect::<Vec<_>>()
    };
    let mut builder = MessageBuilder::new()
        .from((text("from/emailAddress/name"), text("from/emailAddress/address")))
        .to(all("toRecipients"))
        .subject(text("subject"))
        .message_id(text("internetMessageId").trim_matches(['<', '>']).to_owned());
    if let Ok(sent) = text("sentDateTime").parse::<jiff::Timestamp>() {
        builder = builder.date(sent.as_second());
    }
    let cc = all("ccRecipients");
    if !cc.is_empty() {
        builder = builder.cc(cc);
    }
    let body = text("body/content");
    builder = if text("body/contentType") == "html" { builder.html_body(body) } else { builder.text_body(body) };
    for file in &mail.files {
        builder = match &file.content_id {
            Some(id) if file.inline => builder.inline(file.media.clone(), id.clone(), file.bytes.to_vec()),
            _ => builder.attachment(file.media.clone(), file.name.clone(), file.bytes.to_vec()),
        };
    }
    let source =
        builder.write_to_vec().map_err(|_| Refusal::new(500, "ErrorInternalServerError", "It has no source."))?;
    Ok(source.into())
}
