//! The body of a message: its text, its HTML, the pictures in it and the files that hang on it.
//!
//! Teams writes HTML with elements of its own: `<at>` for a mention, `<emoji>` and `<customemoji>` with
//! the character in `alt`, `<attachment>` where a card, a file or a quote belongs, and `<img>` with an
//! address that only a token opens (`hostedContents`). One pass turns them into plain HTML; nothing here
//! makes it safe, which is the engine's work on a real parse. Quotes are part of the HTML and not of the
//! text: the answer names the message it quotes, and a search should find that once.

use inlet_model::AttachmentInfo;
use percent_encoding::percent_decode_str;

use super::{
    cards,
    wire::{Mention, Message},
};
use crate::imap::mime_text::html_to_text;

/// Longest text that is kept of one message; Teams allows about 28 KB.
const MAX_TEXT: usize = 256 * 1024;
/// The address of a picture that belongs to a message, after the message's own.
const HOSTED: &str = "/hostedContents/";

/// A body as it is kept.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Rich {
    pub(super) text: String,
    pub(super) html: Option<String>,
    /// The pictures in it, and then the files of others that it names.
    pub(super) files: Vec<AttachmentInfo>,
    /// Id of the message it quotes.
    pub(super) quotes: Option<String>,
}

/// The body of a message.
pub(super) fn read(message: &Message) -> Rich {
    let cards: Vec<cards::Card> = message.attachments.iter().map(cards::read).collect();
    let loud = match message.importance.as_deref() {
        Some("urgent") => "Urgent!",
        Some("high") => "Important!",
        _ => "",
    };
    let head = [loud, message.subject.as_deref().unwrap_or_default().trim()];
    let head: Vec<&str> = head.into_iter().filter(|line| !line.is_empty()).collect();
    let content = message.body.content();
    let instead = if content.trim().is_empty() && cards.is_empty() { instead(message) } else { Vec::new() };

    let mut pictures = Vec::new();
    let page = |quotes: bool, pictures: &mut Vec<AttachmentInfo>| {
        let mut html: String = head.iter().map(|line| format!("<p><strong>{}</strong></p>", escape(line))).collect();
        html.extend(instead.iter().map(|line| format!("<p>{}</p>", escape(line))));
        let mut shown = Vec::new();
        if message.body.is_html() {
            let mentions = message.mentions.as_deref().unwrap_or_default();
            rewrite(content, mentions, &cards, quotes, &mut html, pictures, &mut shown);
        } else {
            html.push_str(&paragraphs(content));
        }
        for card in cards.iter().filter(|card| !shown.contains(&card.id.as_str())) {
            show(card, quotes, &mut html, pictures);
        }
        html
    };
    let html = page(true, &mut pictures);
    let plain = head.is_empty() && instead.is_empty() && cards.is_empty() && !message.body.is_html();
    let text = if plain { content.trim().to_owned() } else { html_to_text(&page(false, &mut Vec::new()), MAX_TEXT) };
    Rich {
        text,
        html: (!plain && !html.trim().is_empty()).then_some(html),
        quotes: cards.iter().find_map(|card| card.quotes.clone()),
        files: pictures.into_iter().chain(cards.into_iter().filter_map(|card| card.file)).collect(),
    }
}

/// What stands in the place of a message without words: why they are not there, or what it says in short.
fn instead(message: &Message) -> Vec<&str> {
    match (&message.policy_violation, message.summary.as_deref().map(str::trim)) {
        (Some(violation), _) => {
            let words = violation.words().map(str::trim).filter(|line| !line.is_empty());
            std::iter::once("A rule of your organisation blocks this message.").chain(words).collect()
        }
        (None, Some(summary)) if !summary.is_empty() => vec![summary],
        (None, _) => Vec::new(),
    }
}

/// Text as HTML that Teams shows with the same lines.
pub(super) fn paragraphs(text: &str) -> String {
    escape(text.trim()).replace("\r\n", "\n").replace('\n', "<br>")
}

/// Text as the content of an element or a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn show(card: &cards::Card, quotes: bool, out: &mut String, pictures: &mut Vec<AttachmentInfo>) {
    out.push_str(card.html(quotes));
    for id in &card.pictures {
        if pictures.iter().all(|known| known.part != *id) {
            pictures.push(picture(id.clone(), pictures.len() + 1));
        }
    }
}

fn rewrite<'a>(
    content: &str,
    mentions: &[Mention],
    cards: &'a [cards::Card],
    quotes: bool,
    out: &mut String,
    pictures: &mut Vec<AttachmentInfo>,
    shown: &mut Vec<&'a str>,
) {
    let mut rest = content;
    // The element whose own content is replaced by what was written for it.
    let mut within: Option<String> = None;
    while let Some((before, tail)) = rest.split_once('<') {
        if within.is_none() {
            out.push_str(before);
        }
        let length = tag_length(tail);
        let (inside, after) = (tail.get(..length).unwrap_or(tail), tail.get(length + 1..).unwrap_or_default());
        rest = after;
        let name: String = inside.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        let name = name.to_ascii_lowercase();
        let (closing, empty) = (inside.starts_with('/'), inside.ends_with('/'));
        if let Some(open) = &within {
            if closing && *open == name {
                within = None;
            }
            continue;
        }
        match name.as_str() {
            "at" if closing => out.push_str("</b>"),
            "at" => {
                out.push_str(if after.starts_with('@') { "<b>" } else { "<b>@" });
                let words = if empty { "" } else { after.split_once("</at").map_or(after, |(words, _)| words) };
                if html_to_text(words, MAX_TEXT).trim().is_empty() {
                    let number = attribute(inside, "id");
                    let meant = mentions.iter().find(|one| one.number().is_some() && one.number() == number);
                    out.push_str(&escape(meant.and_then(Mention::name).unwrap_or_default()));
                }
                out.push_str(if empty { "</b>" } else { "" });
            }
            "emoji" | "customemoji" if !closing => {
                out.push_str(&attribute(inside, "alt").or_else(|| attribute(inside, "title")).unwrap_or_default());
                within = (!empty).then_some(name);
            }
            "attachment" if !closing => {
                let id = attribute(inside, "id").unwrap_or_default();
                if let Some(card) = cards.iter().find(|card| card.id == id) {
                    show(card, quotes, out, pictures);
                    shown.push(&card.id);
                }
                within = (!empty).then_some(name);
            }
            "systemeventmessage" | "emoji" | "customemoji" | "attachment" => {}
            "img" => match attribute(inside, "src").as_deref().and_then(hosted) {
                Some(id) => {
                    // The text has no use for the name of a picture nobody named.
                    if quotes {
                        out.push_str(&format!("<img src=\"cid:{}\">", escape(&id)));
                    }
                    pictures.push(picture(id, pictures.len() + 1));
                }
                None => push_tag(out, inside),
            },
            _ => push_tag(out, inside),
        }
    }
    if within.is_none() {
        out.push_str(rest);
    }
}

fn push_tag(out: &mut String, inside: &str) {
    out.push('<');
    out.push_str(inside);
    out.push('>');
}

/// A picture as a file of the message. Its size is not known before it is fetched, nor is its type:
/// Teams makes nearly all of them PNG, and whoever shows pictures looks at their first bytes.
fn picture(id: String, number: usize) -> AttachmentInfo {
    AttachmentInfo {
        name: format!("image-{number}.png"),
        mime: "image/png".to_owned(),
        size: 0,
        content_id: Some(id.clone()),
        // Chats show text with the files below it, so this is where it has to be seen.
        inline: false,
        link: None,
        data: None,
        part: id,
    }
}

/// The id of a picture that lies with the message.
pub(super) fn hosted(src: &str) -> Option<String> {
    let (_, tail) = src.split_once(HOSTED)?;
    let id = tail.split('/').next().filter(|id| !id.is_empty())?;
    // Ids are base64, whose last characters some answers encode and others do not.
    Some(percent_decode_str(id).decode_utf8_lossy().into_owned())
}

/// Bytes up to the `>` that ends a tag, which a quoted attribute may hold too.
fn tag_length(tag: &str) -> usize {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    tag.len()
}

/// The value of a quoted attribute, decoded.
fn attribute(inside: &str, name: &str) -> Option<String> {
    let lower = inside.to_ascii_lowercase();
    let at = lower.find(&format!(" {name}="))? + name.len() + 2;
    let rest = inside.get(at..)?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let value = rest.get(1..)?.split(quote).next()?;
    Some(html_to_text(value, MAX_TEXT))
}
