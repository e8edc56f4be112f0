//! What hangs on a message: files, quoted messages, cards of apps.
//!
//! A file lies in somebody's OneDrive or in the team's SharePoint, which is another consent: it is a
//! link, opened in the browser. A card is a tree of a dozen dialects; what it says is shown as lines and
//! links in the order of its parts, and what it can do stays in Teams.

use serde_json::Value;

use super::{rich::escape, wire::Attachment};
use crate::imap::mime_text::html_to_text;

/// The fields of a card that people read, in the order they are shown in.
const READ: &[&str] = &[
    "title", "subtitle", "text", "altText", "label", "inlines", "body", "facts", "columns", "items", "rows", "cells",
    "card", "sections", "actions", "buttons",
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
            }
        }
        "forwardedMessageReference" => {
            let author = text("/originalMessageSender/user/displayName");
            let words = html_to_text(text("/originalMessageContent").unwrap_or_default(), 64 * 1024);
            Card { id, quotes: None, html: quote(author, &words) }
        }
        _ if kind.starts_with("application/vnd.microsoft.card.") => {
            let mut lines = Vec::new();
            walk(&content, kind.ends_with(".adaptive"), DEPTH, &mut lines);
            lines.extend(text("/name").map(escape));
            if lines.is_empty() {
                lines.push(escape(named.unwrap_or("A card of an app, which only Teams can show")));
            }
            Card { id, quotes: None, html: lines.iter().map(|line| format!("<div>{line}</div>")).collect() }
        }
        _ => {
            let name = named.unwrap_or(if kind.is_empty() { "A file" } else { kind });
            let url = attachment.content_url.as_deref().filter(|url| url.starts_with("https://"));
            let html = match url {
                Some(url) => link(name, url),
                None => escape(name),
            };
            Card { id, quotes: None, html: format!("<div>📎 {html}</div>") }
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

fn walk(value: &Value, markdown: bool, depth: usize, lines: &mut Vec<String>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::Array(parts) => parts.iter().for_each(|part| walk(part, markdown, depth, lines)),
        Value::String(text) => {
            let text = if markdown { text.clone() } else { html_to_text(text, 64 * 1024) };
            if !text.trim().is_empty() {
                lines.push(escape(text.trim()));
            }
        }
        Value::Object(part) => {
            let word = |name: &str| part.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
            let address = word("url").or_else(|| word("value")).filter(|url| url.starts_with("https://"));
            match (word("title"), word("value"), address) {
                (Some(title), _, Some(url)) => lines.push(link(title, url)),
                // A fact: its name and what it is.
                (Some(name), Some(value), None) if word("type").is_none() => {
                    lines.push(format!("{}: {}", escape(name.trim_end_matches(':')), escape(value)));
                }
                _ => READ.iter().filter_map(|name| part.get(*name)).for_each(|part| walk(part, markdown, depth, lines)),
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
