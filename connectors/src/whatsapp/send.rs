//! Sending, and saying what was read.
//!
//! The Cloud API knows no key to send twice with, but gives one back: what is sent along as
//! `biz_opaque_callback_data` comes with each status of the message. So a lost answer is looked for in
//! what has come in since, for a while; then the person decides.

use std::time::{Duration, Instant};

use inlet_model::{
    Applied, Fate, Inbound, Intent, MessageOp, OpKey, OutgoingAttachment, RemoteId, Result, SourceError, Target,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    PAGE, WhatsApp,
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

/// The operation an intent becomes.
pub(super) fn plan(intent: &Intent) -> Result<Option<MessageOp>> {
    match intent {
        Intent::Send(outgoing) => {
            let refuse = |text: &str| Err(SourceError::Permanent(text.to_owned()));
            let Some(conversation) = outgoing.conversation.clone() else {
                return refuse("Choose a chat to send this to.");
            };
            let length = outgoing.text.chars().count();
            match outgoing.attachments.as_slice() {
                [] if length > TEXT => {
                    return refuse("WhatsApp takes up to 4096 characters: send this in two messages.");
                }
                [] => {}
                [_] if outgoing.template.is_some() => return refuse("A template goes without a file."),
                [file] => match kind(file) {
                    ("audio", _) if length > 0 => {
                        return refuse("WhatsApp sends a sound without words: send the text by itself.");
                    }
                    _ if length > CAPTION => {
                        return refuse("Beside a file WhatsApp takes up to 1024 characters: send the text by itself.");
                    }
                    (_, most) if file.data.len() > most => {
                        return Err(SourceError::Permanent(format!(
                            "WhatsApp takes a file of this kind up to {} MB; make it smaller.",
                            most / MEGABYTE
                        )));
                    }
                    _ => {}
                },
                _ => return refuse("WhatsApp sends one file with a message: send each by itself."),
            }
            Ok(Some(MessageOp::send(conversation, outgoing)))
        }
        other => Ok(MessageOp::besides(other)),
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
    let MessageOp::Send { conversation, text, reply_to, attachments, uploaded, template, .. } = op else { return None };
    let (kind, content) = match (template, attachments.first().zip(uploaded.first())) {
        (Some(template), _) => ("template", written(template)),
        (None, Some((file, id))) => {
            let (kind, _) = kind(file);
            let mut media = json!({ "id": id });
            if let Some(media) = media.as_object_mut() {
                if kind == "document" {
                    media.insert("filename".to_owned(), file.name.clone().into());
                }
                if !text.is_empty() {
                    media.insert("caption".to_owned(), text.clone().into());
                }
            }
            (kind, media)
        }
        (None, None) => ("text", json!({ "body": text, "preview_url": false })),
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
        Ok(Applied { remote_id: None, detail: Some("accepted by WhatsApp".to_owned()) })
    }

    async fn send(&self, key: &OpKey, op: &MessageOp) -> Result<Applied> {
        let mut body = body(op).unwrap_or_default();
        if let Some(body) = body.as_object_mut() {
            body.insert("biz_opaque_callback_data".to_owned(), key.0.clone().into());
        }
        let sent: Sent = self.client.post(&[&self.config.phone_number_id, "messages"], &body, true).await?;
        match sent.messages.into_iter().next().filter(|sent| !sent.id.is_empty()) {
            Some(sent) => {
                let detail = Some("accepted by WhatsApp".to_owned());
                Ok(Applied { remote_id: Some(RemoteId(sent.id)), detail })
            }
            None => Err(SourceError::Unknown("WhatsApp did not say under which id it keeps the message.".to_owned())),
        }
    }

    /// Says what was read: the last of a conversation stands for those before it. What is read or not is
    /// not kept by the platform, so it is noted in the queue, from which all is read anew if need be.
    async fn mark(&self, key: &OpKey, targets: &[Target], read: bool) -> Result<Applied> {
        if let Some(last) = targets.last().filter(|_| read) {
            let body = json!({ "messaging_product": "whatsapp", "status": "read", "message_id": last.remote_id });
            match self.client.post::<Value>(&[&self.config.phone_number_id, "messages"], &body, false).await {
                // It is too old for WhatsApp to tell anybody; read it is all the same.
                Ok(_) | Err(SourceError::Permanent(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let messages = targets.iter().map(|target| target.remote_id.0.clone()).collect();
        let note = json!({ "inlet": Note { key: key.0.clone(), messages, read } });
        match self.queue.append(note.to_string().as_bytes(), None).await? {
            Fate::Stored | Fate::Known | Fate::Stale => Ok(Applied::default()),
        }
    }

    /// A status that carries this key.
    pub(super) async fn found(&self, key: &OpKey) -> Result<Option<Applied>> {
        let mut after = 0;
        loop {
            let events = self.queue.read(after, PAGE).await?;
            for event in &events {
                after = event.seq;
                let Inbound::Body(body) = &event.what else { continue };
                if memchr::memmem::find(body, key.0.as_bytes()).is_none() {
                    continue;
                }
                if let Some(id) = named(body, key) {
                    let detail = Some("WhatsApp told of it".to_owned());
                    return Ok(Some(Applied { remote_id: Some(RemoteId(id)), detail }));
                }
            }
            if events.len() < PAGE {
                break;
            }
        }
        let lost = self.memory().lost.get(&key.0).copied();
        if lost.is_some_and(|lost| lost.elapsed() < FIRST_STATUS) {
            return Err(SourceError::Transient("WhatsApp has not told yet whether it has this message.".to_owned()));
        }
        Ok(None)
    }
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
