//! Sending, and saying what was read.
//!
//! The Cloud API knows no key to send twice with, but gives one back: what is sent along as
//! `biz_opaque_callback_data` comes with each status of the message. So a lost answer is looked for in
//! what has come in since, and in the history that Meta gives ([`super::history`]), for a while; then the
//! person decides.

use std::time::{Duration, Instant};

use inlet_model::{
    Applied, Fate, FileKind, Inbound, Intent, MessageOp, OpKey, OutgoingAttachment, RemoteId, Result, SourceError,
    Target, TemplateUse,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    PAGE, WhatsApp, choices,
    templates::written,
    wire::{Note, Payload, Status},
};

/// Characters of a text, and of the words beside a file
/// (<https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages>).
const TEXT: usize = 4096;
const CAPTION: usize = 1024;
/// How long the first status of a message may take that nobody answered for.
const FIRST_STATUS: Duration = Duration::from_secs(60);
const MEGABYTE: usize = 1 << 20;
/// The largest file of any kind.
pub(super) const LARGEST: u64 = 100 * MEGABYTE as u64;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sent {
    messages: Vec<Id>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Id {
    id: String,
}

/// As what WhatsApp takes a file
/// (<https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types>).
fn kind(file: &OutgoingAttachment) -> (&'static str, usize) {
    match file.mime.as_str() {
        "image/jpeg" | "image/png" => ("image", 5 * MEGABYTE),
        "video/mp4" | "video/3gpp" => ("video", 16 * MEGABYTE),
        "audio/aac" | "audio/mp4" | "audio/mpeg" | "audio/amr" | "audio/ogg" => ("audio", 16 * MEGABYTE),
        _ => ("document", 100 * MEGABYTE),
    }
}

/// A file that is there as a message names it, and its kind.
pub(super) fn media(file: &OutgoingAttachment, id: &str) -> (&'static str, Value) {
    let (kind, _) = kind(file);
    let media = match kind {
        "document" => json!({ "id": id, "filename": file.name }),
        _ => json!({ "id": id }),
    };
    (kind, media)
}

/// The operation an intent becomes.
pub(super) fn plan(intent: &Intent) -> Result<Option<MessageOp>> {
    match intent {
        Intent::Send(outgoing) => {
            let Some(conversation) = outgoing.conversation.clone() else {
                return refuse("Choose a chat to send this to.");
            };
            if let [_, _, ..] = outgoing.attachments.as_slice() {
                return refuse("WhatsApp sends one file with a message: send each by itself.");
            }
            let file = outgoing.attachments.first();
            match (&outgoing.template, &outgoing.choices, file) {
                (Some(_), Some(_), _) => return refuse("A template goes without choices."),
                (Some(template), None, _) => fitting(template, file)?,
                (None, Some(_), Some(_)) => return refuse("Choices go without a file: send the file by itself."),
                (None, Some(choices), None) => choices::checked(choices, &outgoing.text)?,
                (None, None, _) => worded(&outgoing.text, file)?,
            }
            let most = file.map_or(0, |file| kind(file).1);
            if file.is_some_and(|file| file.data.len() > most) {
                return Err(SourceError::Permanent(format!(
                    "WhatsApp takes a file of this kind up to {} MB; make it smaller.",
                    most / MEGABYTE
                )));
            }
            let mut op = MessageOp::send(conversation, outgoing);
            if let MessageOp::Send { since, .. } = &mut op {
                *since = Some(outgoing.date);
            }
            Ok(Some(op))
        }
        other => Ok(MessageOp::besides(other)),
    }
}

fn refuse<T>(text: &str) -> Result<T> {
    Err(SourceError::Permanent(text.to_owned()))
}

/// Words, alone or beside a file.
fn worded(text: &str, file: Option<&OutgoingAttachment>) -> Result<()> {
    let length = text.chars().count();
    match file.map(|file| kind(file).0) {
        None if length > TEXT => refuse("WhatsApp takes up to 4096 characters: send this in two messages."),
        Some("audio") if length > 0 => refuse("WhatsApp sends a sound without words: send the text by itself."),
        Some(_) if length > CAPTION => {
            refuse("Beside a file WhatsApp takes up to 1024 characters: send the text by itself.")
        }
        _ => Ok(()),
    }
}

/// The file that a template wants, and no other.
fn fitting(template: &TemplateUse, file: Option<&OutgoingAttachment>) -> Result<()> {
    let wanted = match template.file {
        None if file.is_some() => return refuse("This template goes without a file: take it away."),
        None => return Ok(()),
        Some(FileKind::Image) => ("image", "This template wants a picture: add one, as JPEG or PNG."),
        Some(FileKind::Video) => ("video", "This template wants a film: add one, as MP4 or 3GP."),
        Some(FileKind::Document) => ("document", "This template wants a document: add one, such as a PDF."),
    };
    match file.map(|file| kind(file).0) {
        Some(kind) if kind == wanted.0 => Ok(()),
        _ => refuse(wanted.1),
    }
}

/// Something for a conversation.
fn addressed(conversation: &str, kind: &str, content: Value) -> Value {
    // Numbers are digits, ids of groups are not.
    let group = conversation.chars().any(|c| !c.is_ascii_digit());
    json!({
        "messaging_product": "whatsapp",
        "recipient_type": if group { "group" } else { "individual" },
        "to": conversation,
        "type": kind,
        kind: content,
    })
}

/// A message as the Cloud API takes it; without its key.
fn body(op: &MessageOp) -> Option<Value> {
    let MessageOp::Send { conversation, text, reply_to, attachments, uploaded, template, choices, .. } = op else {
        return None;
    };
    let file = attachments.first().zip(uploaded.first().map(String::as_str));
    let (kind, content) = match (template, choices, file) {
        (Some(template), _, _) => ("template", written(template, file)),
        (None, Some(choices), _) => ("interactive", choices::written(choices, text)),
        (None, None, Some((file, id))) => {
            let (kind, mut media) = media(file, id);
            if let Some(media) = media.as_object_mut().filter(|_| !text.is_empty()) {
                media.insert("caption".to_owned(), text.clone().into());
            }
            (kind, media)
        }
        (None, None, None) => ("text", json!({ "body": text, "preview_url": false })),
    };
    let mut body = addressed(conversation, kind, content);
    if let (Some(answered), Some(body)) = (reply_to, body.as_object_mut()) {
        body.insert("context".to_owned(), json!({ "message_id": answered }));
    }
    Some(body)
}

impl WhatsApp {
    /// The same operation, with its file there.
    pub(super) async fn prepared(&self, op: &MessageOp) -> Result<Option<MessageOp>> {
        let mut prepared = op.clone();
        let MessageOp::Send { attachments, uploaded, .. } = &mut prepared else { return Ok(None) };
        let Some(file) = attachments.first_mut().filter(|_| uploaded.is_empty()) else { return Ok(None) };
        let path = [self.config.phone_number_id.as_str(), "media"];
        let there: Id = self.client.upload(&path, &file.name, &file.mime, &file.data).await?;
        uploaded.push(there.id);
        // It is not needed again, and what was written keeps it.
        file.data = Vec::new();
        Ok(Some(prepared))
    }

    /// Does it.
    pub(super) async fn done(&self, key: &OpKey, op: &MessageOp) -> Result<Applied> {
        match op {
            MessageOp::Send { .. } => {
                let sent = self.send(key, op).await;
                if matches!(sent, Err(SourceError::Unknown(_))) {
                    let lost = &mut self.memory().lost;
                    lost.retain(|_, lost| lost.elapsed() < FIRST_STATUS);
                    lost.insert(key.0.clone(), Instant::now());
                }
                sent
            }
            MessageOp::MarkRead { targets, read } => self.mark(key, targets, *read).await,
            MessageOp::React { conversation, target, emoji, on } => {
                self.react(key, conversation, target, if *on { emoji } else { "" }).await
            }
        }
    }

    /// A reaction; none takes mine back.
    async fn react(&self, key: &OpKey, conversation: &str, target: &Target, emoji: &str) -> Result<Applied> {
        let mut body = addressed(conversation, "reaction", json!({ "message_id": target.remote_id, "emoji": emoji }));
        if let Some(body) = body.as_object_mut() {
            body.insert("biz_opaque_callback_data".to_owned(), key.0.clone().into());
        }
        let _: Sent = self.client.post(&[&self.config.phone_number_id, "messages"], &body, false).await?;
        Ok(Applied { remote_id: None, detail: Some("accepted by WhatsApp".to_owned()), ..Applied::default() })
    }

    async fn send(&self, key: &OpKey, op: &MessageOp) -> Result<Applied> {
        let mut body = body(op).unwrap_or_default();
        if let Some(body) = body.as_object_mut() {
            body.insert("biz_opaque_callback_data".to_owned(), key.0.clone().into());
        }
        let sent: Sent = self.client.post(&[&self.config.phone_number_id, "messages"], &body, true).await?;
        match sent.messages.into_iter().next().filter(|sent| !sent.id.is_empty()) {
            Some(sent) => {
                self.memory().is_mine(&sent.id);
                let detail = Some("accepted by WhatsApp".to_owned());
                Ok(Applied { remote_id: Some(RemoteId(sent.id)), detail, ..Applied::default() })
            }
            None => Err(SourceError::Unknown("WhatsApp did not say under which id it keeps the message.".to_owned())),
        }
    }

    /// Says what was read: the last of a conversation stands for those before it. What is read or not is
    /// not kept by the platform, so it is noted in the queue, from which all is read anew if need be.
    async fn mark(&self, key: &OpKey, targets: &[Target], read: bool) -> Result<Applied> {
        if let Some(last) = targets.last().filter(|_| read) {
            let body = seen(&last.remote_id);
            match self.client.post::<Value>(&[&self.config.phone_number_id, "messages"], &body, false).await {
                // It is too old for WhatsApp to tell anybody; read it is all the same.
                Ok(_) | Err(SourceError::Permanent(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let messages = targets.iter().map(|target| target.remote_id.0.clone()).collect();
        let note = json!({ "inlet": Note { key: key.0.clone(), messages, read } });
        match self.reception.queue().append(note.to_string().as_bytes(), None).await? {
            Fate::Stored | Fate::Known | Fate::Stale => Ok(Applied::default()),
        }
    }

    /// Says that an answer to a message is being written, which Meta takes only together with that it was read.
    pub(super) async fn tell_typing(&self, answered: &RemoteId) -> Result<()> {
        let mut body = seen(answered);
        if let Some(body) = body.as_object_mut() {
            body.insert("typing_indicator".to_owned(), json!({ "type": "text" }));
        }
        let _: Value = self.client.post(&[&self.config.phone_number_id, "messages"], &body, false).await?;
        Ok(())
    }

    /// A status that carries this key, else the message in the history.
    pub(super) async fn found(&self, key: &OpKey, op: &MessageOp) -> Result<Option<Applied>> {
        let mut after = 0;
        loop {
            let events = self.reception.queue().read(after, PAGE).await?;
            for event in &events {
                after = event.seq;
                let Inbound::Body(body) = &event.what else { continue };
                if memchr::memmem::find(body, key.0.as_bytes()).is_none() {
                    continue;
                }
                if let Some(id) = named(body, key) {
                    let detail = Some("WhatsApp told of it".to_owned());
                    return Ok(Some(Applied { remote_id: Some(RemoteId(id)), detail, ..Applied::default() }));
                }
            }
            if events.len() < PAGE {
                break;
            }
        }
        if let Some(id) = self.in_history(op).await? {
            let detail = Some("it is in WhatsApp's history".to_owned());
            return Ok(Some(Applied { remote_id: Some(id), detail, ..Applied::default() }));
        }
        let lost = self.memory().lost.get(&key.0).copied();
        if lost.is_some_and(|lost| lost.elapsed() < FIRST_STATUS) {
            return Err(SourceError::Transient("WhatsApp has not told yet whether it has this message.".to_owned()));
        }
        Ok(None)
    }
}

/// A message was read, and so was everything before it.
fn seen(message: &RemoteId) -> Value {
    json!({ "messaging_product": "whatsapp", "status": "read", "message_id": message })
}

/// The id of the message that a status with this key is about.
fn named(body: &[u8], key: &OpKey) -> Option<String> {
    let payload: Payload = serde_json::from_slice(body).ok()?;
    let statuses = payload.entry.into_iter().flat_map(|entry| entry.changes).flat_map(|change| change.value.statuses);
    statuses
        .filter_map(|status| Status::deserialize(&status).ok())
        .find(|status| status.biz_opaque_callback_data.as_ref() == Some(&key.0) && !status.id.is_empty())
        .map(|status| status.id)
}
