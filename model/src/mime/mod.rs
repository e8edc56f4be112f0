//! The parts of a mail and their names.
//!
//! [`crate::AttachmentInfo::part`] of a mail is the IMAP section number of the part (RFC 9051
//! §6.4.5). A connector gives those numbers out and the engine finds the bytes by them in the raw
//! message it has kept, so both have to number alike: that is why the walk lives here and not in
//! one of them. Nothing is decoded until it is asked for; a message with a large attachment costs
//! one search for its boundaries.
//!
//! Mail is written by strangers. Nesting ends at [`MAX_DEPTH`], the number of parts at
//! [`MAX_PARTS`], a header block at [`header::MAX_BYTES`]; what lies beyond is one opaque part, or
//! left out, and [`Tree::truncated`] says so. An attached message is a leaf: its own parts are
//! looked into only when a section number names one.

mod decode;
pub mod header;

use memchr::memmem;

pub use decode::{Encoding, charset, unflow};
pub use header::Fields;

/// Multiparts within multiparts beyond this are one opaque part.
pub const MAX_DEPTH: usize = 100;
/// Parts beyond this are left out.
pub const MAX_PARTS: usize = 10_000;
/// A text is decoded from at most this many bytes as they were sent.
const MAX_TEXT: usize = 16 * 1024 * 1024;

/// What a part is for, by `Content-Disposition` (RFC 2183).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// To be shown where it stands.
    Inline,
    /// A file.
    Attachment,
}

/// One part of a message.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// IMAP section number, such as `2.1`; empty for the multipart that is the whole message.
    pub section: String,
    /// Media type, lower case; `text/plain` where the message does not say.
    pub mime: String,
    /// `charset` of the media type.
    pub charset: Option<String>,
    /// `format=flowed` (RFC 3676), and whether `delsp=yes`.
    pub flowed: Option<bool>,
    /// File name as the sender gave it, decoded (RFC 2231, RFC 2047); control characters are left
    /// out.
    pub name: Option<String>,
    /// `Content-ID` without angle brackets.
    pub content_id: Option<String>,
    /// `Content-Disposition`.
    pub disposition: Option<Disposition>,
    /// How the bytes are encoded.
    pub encoding: Encoding,
    /// The bytes as they were sent.
    pub body: &'a [u8],
    /// The parts of a multipart, as indices into [`Tree::parts`].
    pub children: Vec<usize>,
    multipart: bool,
    related: bool,
}

impl Part<'_> {
    /// The decoded bytes.
    pub fn bytes(&self) -> Vec<u8> {
        self.encoding.decode(self.body)
    }

    /// The number of decoded bytes, counted without decoding them.
    pub fn size(&self) -> u64 {
        self.encoding.decoded_len(self.body)
    }

    /// The decoded text in its charset, of a text part.
    pub fn text(&self) -> String {
        let sent = self.body.get(..MAX_TEXT).unwrap_or(self.body);
        let text = charset(&self.encoding.decode(sent), self.charset.as_deref());
        match self.flowed {
            Some(delsp) if self.mime == "text/plain" => unflow(&text, delsp),
            _ => text,
        }
    }

    /// It is meant to be shown inside the body: an image the HTML refers to.
    pub fn inline(&self) -> bool {
        match self.disposition {
            Some(Disposition::Attachment) => self.related && self.content_id.is_some(),
            Some(Disposition::Inline) => true,
            None => self.related && self.content_id.is_some(),
        }
    }

    /// It is a message of its own (RFC 2046 §5.2.1).
    pub fn is_message(&self) -> bool {
        matches!(self.mime.as_str(), "message/rfc822" | "message/global")
    }
}

/// A message taken apart.
#[derive(Clone, Debug)]
pub struct Tree<'a> {
    /// The fields of the message's own header.
    pub fields: Fields<'a>,
    /// All parts, multiparts included, each before its children; the first is the whole message.
    pub parts: Vec<Part<'a>>,
    /// Something lay beyond the limits.
    pub truncated: bool,
}

/// Which parts make up the body (RFC 8621 §4.1.4), as indices into [`Tree::parts`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// What to show as plain text, in order: text parts, and HTML where there is no text.
    pub text: Vec<usize>,
    /// What to show as HTML, in order: HTML parts, and text where there is no HTML.
    pub html: Vec<usize>,
    /// Everything else.
    pub attachments: Vec<usize>,
}

impl<'a> Tree<'a> {
    /// Takes a message apart. Whatever the bytes are, there is at least one part.
    pub fn parse(raw: &'a [u8]) -> Self {
        let (head, body) = header::split(raw);
        let fields = Fields::parse(head);
        let mut tree = Self { truncated: fields.truncated, fields, parts: Vec::new() };
        let fields = tree.fields.clone();
        tree.walk(&fields, body, Place { section: String::new(), depth: 0, default: "text/plain", related: false });
        tree
    }

    /// The part with this section number. The number of a part inside of an attached message finds
    /// nothing here; see [`section`].
    pub fn part(&self, section: &str) -> Option<&Part<'a>> {
        self.parts.iter().find(|part| !part.multipart && part.section == section)
    }

    /// The part with this `Content-ID` (without angle brackets).
    pub fn by_content_id(&self, id: &str) -> Option<&Part<'a>> {
        self.parts.iter().find(|part| !part.multipart && part.content_id.as_deref() == Some(id))
    }

    /// Tells body from attachments.
    pub fn body(&self) -> Body {
        let mut body = Body::default();
        self.select(0, Within::Mixed, &mut body);
        body
    }

    fn walk(&mut self, fields: &Fields<'a>, body: &'a [u8], place: Place) -> usize {
        let kind = fields.content_type();
        let mime = kind.mime.unwrap_or_else(|| place.default.to_owned());
        let multipart = mime.starts_with("multipart/");
        let children = match &kind.boundary {
            Some(boundary) if multipart && place.depth < MAX_DEPTH => split_parts(body, boundary.as_bytes()),
            _ => Vec::new(),
        };
        // A multipart of which nothing can be told apart is shown as it is.
        let multipart = multipart && !children.is_empty();
        let own = match (place.section.as_str(), multipart) {
            ("", false) => "1".to_owned(),
            (section, _) => section.to_owned(),
        };
        if place.depth >= MAX_DEPTH && mime.starts_with("multipart/") {
            self.truncated = true;
        }
        let index = self.parts.len();
        let disposition = fields.disposition();
        self.parts.push(Part {
            section: own,
            charset: kind.charset,
            flowed: kind.flowed,
            name: disposition.name.or(kind.name).map(|name| clean_name(&name)).filter(|name| !name.is_empty()),
            content_id: fields.content_id(),
            disposition: disposition.disposition,
            encoding: if multipart { Encoding::Identity } else { fields.encoding() },
            body,
            children: Vec::new(),
            multipart,
            related: place.related,
            mime: mime.clone(),
        });
        let mut indices = Vec::with_capacity(children.len().min(64));
        for (number, bytes) in (1..).zip(children) {
            if self.parts.len() >= MAX_PARTS {
                self.truncated = true;
                break;
            }
            let section = match place.section.as_str() {
                "" => format!("{number}"),
                parent => format!("{parent}.{number}"),
            };
            let (head, body) = header::split(bytes);
            let fields = Fields::parse(head);
            let default = if mime == "multipart/digest" { "message/rfc822" } else { "text/plain" };
            let related = mime == "multipart/related";
            indices.push(self.walk(&fields, body, Place { section, depth: place.depth + 1, default, related }));
        }
        if let Some(part) = self.parts.get_mut(index) {
            part.children = indices;
        }
        index
    }

    fn select(&self, index: usize, within: Within, body: &mut Body) {
        let Some(part) = self.parts.get(index) else {
            return;
        };
        if !part.multipart {
            return self.place(index, part, within, body);
        }
        match part.mime.as_str() {
            "multipart/alternative" => {
                let mut inner = Body::default();
                for &child in &part.children {
                    self.select(child, Within::Alternative, &mut inner);
                }
                // Within another alternative the missing form is offered there.
                if inner.text.is_empty() && within != Within::Alternative {
                    inner.text.clone_from(&inner.html);
                }
                if inner.html.is_empty() && within != Within::Alternative {
                    inner.html.clone_from(&inner.text);
                }
                body.text.extend(inner.text);
                body.html.extend(inner.html);
                body.attachments.extend(inner.attachments);
            }
            "multipart/related" => {
                for (position, &child) in part.children.iter().enumerate() {
                    let within = if position == 0 { within } else { Within::Related };
                    self.select(child, within, body);
                }
            }
            _ => {
                for &child in &part.children {
                    self.select(child, within, body);
                }
            }
        }
    }

    fn place(&self, index: usize, part: &Part<'a>, within: Within, body: &mut Body) {
        let plain =
            part.mime == "text/plain" || index == 0 && part.mime.starts_with("text/") && part.mime != "text/html";
        let html = part.mime == "text/html";
        let first = body.text.is_empty() && body.html.is_empty();
        let shown = (plain || html)
            && part.disposition != Some(Disposition::Attachment)
            && (part.name.is_none() || first)
            && within != Within::Related;
        match (shown, within) {
            (false, _) => body.attachments.push(index),
            (true, Within::Alternative) if html => body.html.push(index),
            (true, Within::Alternative) => body.text.push(index),
            (true, _) => {
                body.text.push(index);
                body.html.push(index);
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Mixed,
    Alternative,
    Related,
}

struct Place {
    section: String,
    depth: usize,
    default: &'static str,
    related: bool,
}

/// A part found by its number: what is needed to hand it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Media type, lower case.
    pub mime: String,
    /// File name as the sender gave it, decoded.
    pub name: Option<String>,
    /// Decoded bytes.
    pub bytes: Vec<u8>,
}

impl From<&Part<'_>> for Found {
    fn from(part: &Part<'_>) -> Self {
        Self { mime: part.mime.clone(), name: part.name.clone(), bytes: part.bytes() }
    }
}

/// The part with this IMAP section number, inside of attached messages too.
pub fn section(raw: &[u8], section: &str) -> Option<Found> {
    let mut holder = std::borrow::Cow::Borrowed(raw);
    let mut wanted = section.to_owned();
    for _ in 0..MAX_DEPTH {
        let tree = Tree::parse(&holder);
        if let Some(part) = tree.part(&wanted) {
            return Some(part.into());
        }
        // `3.1` of a message at `3` is part `1` of that message.
        let (message, rest) = tree.parts.iter().filter(|part| part.is_message()).find_map(|part| {
            let rest = wanted.strip_prefix(part.section.as_str())?.strip_prefix('.')?;
            Some((part.bytes(), rest.to_owned()))
        })?;
        holder = std::borrow::Cow::Owned(message);
        wanted = rest;
    }
    None
}

/// The bodies between the boundary lines (RFC 2046 §5.1.1). Without the closing line the last part
/// ends with the bytes.
fn split_parts<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let mut delimiter = b"--".to_vec();
    delimiter.extend_from_slice(boundary);
    let mut parts = Vec::new();
    let mut open: Option<usize> = None;
    for at in memmem::find_iter(body, &delimiter) {
        let before = at.checked_sub(1).and_then(|at| body.get(at));
        let rest = body.get(at + delimiter.len()..).unwrap_or_default();
        let (last, rest) = match rest.strip_prefix(b"--") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let line_end = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t'));
        let ends = matches!(line_end.and_then(|end| rest.get(end)), None | Some(b'\r' | b'\n'));
        if !matches!(before, None | Some(b'\n')) || !ends {
            continue;
        }
        if let Some(start) = open.take() {
            parts.push(trim_line_end(body.get(start..at).unwrap_or_default()));
        }
        if last || parts.len() >= MAX_PARTS {
            return parts;
        }
        let line = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        open = Some(body.len() - rest.len() + line);
    }
    if let Some(start) = open {
        parts.push(body.get(start..).unwrap_or_default());
    }
    parts
}

/// The line end before a boundary belongs to the boundary.
fn trim_line_end(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

fn clean_name(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(255).collect::<String>().trim().to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests;
