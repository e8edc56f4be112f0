//! What hangs on a message: files, quoted messages, cards of apps.
//!
//! A file lies in somebody's OneDrive or in the team's SharePoint, which is another consent: it is an
//! attachment that is opened in the browser, and the words of the message say nothing of it. A card is a tree
//! of a dozen dialects; what it says is shown as lines and links in the order of its parts, and what it can do
//! stays in Teams.

use inlet_model::AttachmentInfo;
use serde_json::{Map, Value};

use super::{
    rich::{escape, hosted},
    wire::Attachment,
};
use crate::{elsewhere::linked, imap::mime_text::html_to_text};

/// The fields of a card that people read, in the order they are shown in.
const READ: &[&str] = &[
    "title", "subtitle", "text", "altText", "label", "inlines", "images", "body", "facts", "columns", "items", "rows",
    "cells", "card", "sections", "actions", "buttons",
];
/// Cards nest no deeper than this.
const DEPTH: usize = 24;

/// An attachment as it is shown.
#[derive(Debug, Default)]
pub(super) struct Card {
    /// As the body names the place where it belongs.
    pub(super) id: String,
    /// Id of the message it quotes.
    pub(super) quotes: Option<String>,
    /// Ids of the pictures in it that lie with the message.
    pub(super) pictures: Vec<String>,
    /// The file it is.
    pub(super) file: Option<AttachmentInfo>,
    html: String,
}

impl Card {
    /// How it is shown; nothing for a quote where quotes are left out.
    pub(super) fn html(&self, quotes: bool) -> &str {
        if quotes || self.quotes.is_none() { &self.html } else { "" }
    }
}

/// What an attachment says.
pub(super) fn read(attachment: &Attachment) -> Card {
    let id = attachment.id.clone().unwrap_or_default();
    let kind = attachment.content_type.as_deref().unwrap_or_default();
    let content: Value =
        attachment.content.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let text = |path: &str| content.pointer(path).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    let named = attachment.name.as_deref().filter(|name| !name.trim().is_empty());
    match kind {
        "messageReference" => {
            let author =
                text("/messageSender/user/displayName").or_else(|| text("/messageSender/application/displayName"));
            Card {
                html: quote(author, text("/messagePreview").unwrap_or_default()),
                quotes: Some(text("/messageId").map_or_else(|| id.clone(), str::to_owned)),
                id,
                ..Card::default()
            }
        }
        "forwardedMessageReference" => {
            let author = text("/originalMessageSender/user/displayName")
                .or_else(|| text("/originalMessageSender/application/displayName"));
            let words = html_to_text(text("/originalMessageContent").unwrap_or_default(), 64 * 1024);
            Card { id, html: quote(author, &words), ..Card::default() }
        }
        _ if kind.starts_with("application/vnd.microsoft.card.") => {
            let mut said = Said { markdown: kind.ends_with(".adaptive"), ..Said::default() };
            said.walk(&content, DEPTH);
            said.lines.extend(text("/name").map(escape));
            if said.lines.is_empty() {
                said.lines.push(escape(named.unwrap_or("A card of an app, which only Teams can show")));
            }
            let html = said.lines.iter().map(|line| format!("<div>{line}</div>")).collect();
            Card { id, pictures: said.pictures, html, ..Card::default() }
        }
        _ => {
            let file = attachment.content_url.as_deref().and_then(|url| linked(&id, named, url));
            // Of what lies nowhere the name is all there is.
            let name = named.unwrap_or(if kind.is_empty() { "A file" } else { kind });
            let html = if file.is_some() { String::new() } else { format!("<div>📎 {}</div>", escape(name)) };
            Card { id, html, file, ..Card::default() }
        }
    }
}

/// A link whose address stays readable in plain text.
fn link(name: &str, url: &str) -> String {
    format!("{} <a href=\"{url}\">{url}</a>", escape(name), url = escape(url))
}

fn quote(author: Option<&str>, words: &str) -> String {
    let author = author.map(|author| format!("<b>{}</b><br>", escape(author))).unwrap_or_default();
    format!("<blockquote>{author}{}</blockquote>", escape(words).replace('\n', "<br>"))
}

/// What a card says, line by line.
#[derive(Debug, Default)]
struct Said {
    /// Its words are no HTML.
    markdown: bool,
    /// As HTML.
    lines: Vec<String>,
    pictures: Vec<String>,
}

impl Said {
    fn walk(&mut self, value: &Value, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        match value {
            Value::Array(parts) => parts.iter().for_each(|part| self.walk(part, depth)),
            Value::String(text) => {
                let text = if self.markdown { text.clone() } else { html_to_text(text, 64 * 1024) };
                if !text.trim().is_empty() {
                    self.lines.push(escape(text.trim()));
                }
            }
            Value::Object(part) => {
                let word = |name: &str| part.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
                let address = word("url").or_else(|| word("value")).filter(|url| url.starts_with("https://"));
                let alone = |_: &&str| !part.contains_key("text") && !part.contains_key("sections");
                let picture = word("image").filter(alone).or_else(|| word("url").filter(|_| is_picture(part)));
                match (word("title"), word("value"), address) {
                    _ if picture.is_some() => {
                        self.picture(picture, word("altText").or_else(|| word("alt")).or_else(|| word("title")));
                    }
                    (Some(title), _, Some(url)) => self.lines.push(link(title, url)),
                    // A fact: its name and what it is.
                    (Some(name), Some(value), None) if word("type").is_none() => {
                        self.lines.push(format!("{}: {}", escape(name.trim_end_matches(':')), escape(value)));
                    }
                    _ => READ.iter().filter_map(|name| part.get(*name)).for_each(|part| self.walk(part, depth)),
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// A picture that lies with the message, or elsewhere, which is fetched by nobody who did not consent to it.
    fn picture(&mut self, url: Option<&str>, name: Option<&str>) {
        let name = name.map(escape).unwrap_or_default();
        match url.map(|url| (url, hosted(url))) {
            Some((_, Some(id))) => {
                self.lines.push(format!("<img src=\"cid:{}\" alt=\"{name}\">", escape(&id)));
                self.pictures.push(id);
            }
            Some((url, None)) if url.starts_with("https://") => {
                self.lines.push(format!("<img src=\"{}\" alt=\"{name}\">", escape(url)));
            }
            _ if name.is_empty() => {}
            _ => self.lines.push(name),
        }
    }
}

/// A part that is a picture: one of an Adaptive Card says so, one of another card has an address and no words but its
/// own.
fn is_picture(part: &Map<String, Value>) -> bool {
    match part.get("type").and_then(Value::as_str) {
        Some(kind) => kind == "Image",
        None => ["title", "text", "value"].iter().all(|name| !part.contains_key(*name)),
    }
}
