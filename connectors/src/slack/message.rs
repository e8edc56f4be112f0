//! A message of Slack as Inlet's.

use std::collections::HashMap;

use inlet_model::{AttachmentInfo, Party, Reaction, Receipt, UnifiedMessage};
use serde_json::Value;

use super::{
    address::{self, item},
    blocks, emoji,
    mrkdwn::{self, escape},
    people::{Me, People},
    wire::{File, Message},
};
use crate::{elsewhere::linked, imap::mime_text::html_to_text};

/// Longest text that is kept of one message; Slack allows 40,000 characters.
const MAX_TEXT: usize = 256 * 1024;
/// Under this name the key of an operation travels with the message it sent.
pub(super) const EVENT: &str = "inlet_message";

/// What ids are called.
pub(super) struct Names<'a> {
    pub(super) people: &'a People,
    /// Names of channels by their ids.
    pub(super) channels: &'a HashMap<String, String>,
}

impl Names<'_> {
    /// What somebody is called.
    pub(super) fn person(&self, id: &str, label: Option<&str>) -> String {
        self.people.name(id).or(label).map_or_else(|| "somebody".to_owned(), str::to_owned)
    }

    /// What a channel is called.
    pub(super) fn channel(&self, id: &str, label: Option<&str>) -> String {
        label.or_else(|| self.channels.get(id).map(String::as_str)).unwrap_or("channel").to_owned()
    }
}

/// Where messages are: what their rows share.
pub(super) struct Room<'a> {
    pub(super) channel: &'a str,
    pub(super) title: Option<&'a str>,
    pub(super) members: &'a [Party],
    pub(super) names: Names<'a>,
    pub(super) me: &'a Me,
    /// What was written until then has been read.
    pub(super) read: Option<&'a str>,
    /// Keys of files that were sent from here, by their ids: a message with files carries no key.
    pub(super) sent: &'a HashMap<String, String>,
}

/// The row of a message.
pub(super) fn unified(message: &Message, room: &Room<'_>) -> UnifiedMessage {
    let me = room.me;
    let event = message.is_event();
    let from_me = !event && me.is(message.user.as_deref(), message.bot_id.as_deref());
    let deleted = message.is_tombstone();
    let body = if deleted { Body::default() } else { body(message, &room.names) };
    let app = message.bot_profile.as_ref().and_then(|app| app.name.as_deref()).or(message.username.as_deref());
    let root = message.root();
    let sent_at = address::time(&message.ts).unwrap_or(inlet_model::Timestamp::UNIX_EPOCH);
    UnifiedMessage {
        remote_id: item(room.channel, root, &message.ts),
        conversation: room.channel.to_owned(),
        title: room.title.map(str::to_owned),
        members: room.members.to_vec(),
        sender: match message.writer() {
            Some(id) => room.names.people.party(id, app.filter(|_| message.bot_id.is_some())),
            None => Party::named(app.unwrap_or("Slack"), "slack"),
        },
        from_me,
        sent_at,
        edited_at: message.edited.as_ref().and_then(|edited| address::time(&edited.ts)).filter(|_| !deleted),
        deleted,
        event: false,
        text: body.text,
        html: body.html,
        reply_to: root.map(|root| item(room.channel, None, root)),
        reactions: if deleted { Vec::new() } else { reactions(message, room) },
        attachments: if deleted { Vec::new() } else { message.files.iter().filter_map(attachment).collect() },
        // What nobody wrote asks for nobody's attention, and without a word about reading all is read.
        read: event || from_me || deleted || room.read.is_none_or(|read| message.ts.as_str() <= read),
        starred: false,
        // Slack has what comes from it, and tells nobody who has seen it.
        receipt: if from_me { Receipt::Sent } else { Receipt::None },
        client_key: key(message).or_else(|| {
            let sent = |file: &File| room.sent.get(&file.id).cloned();
            message.files.iter().find_map(sent).filter(|_| from_me)
        }),
    }
}

/// The key of the operation that sent it.
pub(super) fn key(message: &Message) -> Option<String> {
    let metadata = message.metadata.as_ref().filter(|metadata| field(metadata, "event_type") == Some(EVENT))?;
    field(metadata.get("event_payload")?, "key").map(str::to_owned)
}

/// Ids of everybody a message names: its writer, who reacted, who is mentioned.
pub(super) fn named<'a>(message: &'a Message, raw: &'a Value) -> Vec<&'a str> {
    let mut ids: Vec<&str> = message.writer().into_iter().collect();
    ids.extend(message.reactions.iter().flat_map(|reaction| reaction.users.iter().map(String::as_str)));
    mentions(raw, 0, &mut ids);
    ids
}

/// Mentions in any text of it, and those the editor wrote as elements.
fn mentions<'a>(value: &'a Value, depth: usize, ids: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => {
            for part in text.split("<@").skip(1) {
                let id = part.split(['>', '|']).next().unwrap_or_default();
                if id.len() <= 20 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                    ids.push(id);
                }
            }
        }
        Value::Array(list) if depth < 16 => list.iter().for_each(|inner| mentions(inner, depth + 1, ids)),
        Value::Object(map) if depth < 16 => {
            ids.extend(map.get("user_id").and_then(Value::as_str));
            map.values().for_each(|inner| mentions(inner, depth + 1, ids));
        }
        _ => {}
    }
}

/// What a message says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Body {
    pub(super) text: String,
    pub(super) html: Option<String>,
}

/// What a message says.
pub(super) fn body(message: &Message, names: &Names<'_>) -> Body {
    let mut html = blocks::html(&message.blocks, names);
    if html.is_empty() {
        html = mrkdwn::html(&message.text, names);
    }
    if message.subtype.as_deref() == Some("me_message") {
        html = format!("<i>{html}</i>");
    }
    let below = message.attachments.iter().map(|attachment| blocks::attachment(attachment, names));
    let gone = message.files.iter().filter(|file| attachment(file).is_none()).map(link);
    for piece in below.chain(gone).filter(|piece| !piece.is_empty()) {
        if !html.is_empty() && !piece.starts_with("<blockquote>") {
            html.push_str("<br>");
        }
        html.push_str(&piece);
    }
    let text = html_to_text(&html, MAX_TEXT).trim().to_owned();
    let marked = html.replace("<br>", "").contains('<');
    Body { text, html: marked.then_some(html) }
}

/// Reactions by their emoji, in the order they came.
fn reactions(message: &Message, room: &Room<'_>) -> Vec<Reaction> {
    let shown = |name: &str| emoji::of(name).unwrap_or_else(|| format!(":{name}:"));
    let (people, me) = (room.names.people, room.me.id.as_str());
    message
        .reactions
        .iter()
        .filter(|reaction| !reaction.name.is_empty())
        .map(|reaction| Reaction {
            emoji: shown(&reaction.name),
            by: reaction.users.iter().filter(|id| *id != me).map(|id| people.party(id, None)).collect(),
            mine: reaction.users.iter().any(|id| id == me),
        })
        .collect()
}

/// A file that Slack has, or that lies where a browser opens it; nothing for one that is gone.
fn attachment(file: &File) -> Option<AttachmentInfo> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let mime = given(&file.mimetype).map(|mime| mime.to_ascii_lowercase());
    let mode = file.mode.as_deref().unwrap_or_default();
    if matches!(mode, "tombstone" | "hidden_by_limit") {
        return None;
    }
    if file.is_external || mode == "external" {
        let name = given(&file.title).or_else(|| given(&file.name));
        let linked = linked(&file.id, name.as_deref(), file.url_private.as_deref()?)?;
        return Some(AttachmentInfo { mime: mime.unwrap_or(linked.mime), size: file.size, ..linked });
    }
    (!file.id.is_empty()).then(|| AttachmentInfo {
        part: file.id.clone(),
        name: given(&file.name).or_else(|| given(&file.title)).unwrap_or_else(|| "file".to_owned()),
        mime: mime.unwrap_or_else(|| "application/octet-stream".to_owned()),
        size: file.size,
        ..AttachmentInfo::default()
    })
}

/// A file that cannot be had, as a link where it has an address.
fn link(file: &File) -> String {
    let name = escape(file.title.as_deref().or(file.name.as_deref()).unwrap_or_default());
    match file.url_private.as_deref().filter(|address| mrkdwn::may_be_followed(address)) {
        Some(address) if !name.is_empty() => format!("<a href=\"{}\">{name}</a>", escape(address)),
        _ => name,
    }
}

fn field<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}
