//! The fields of a header block.
//!
//! Splitting into fields is done here, so that it is bounded and does not fail; what stands in a
//! field is parsed by mail-parser. A field in bytes that are not UTF-8 is read in the charset the
//! message is written in, which is what old mailers meant.

use std::{borrow::Cow, sync::OnceLock};

use mail_parser::{Addr, Address, ContentType, HeaderValue, parsers::MessageStream};

use super::{Disposition, Encoding, decode};
use crate::{Party, Timestamp};

/// Bytes of a header block that are looked at.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;
/// Fields that are looked at.
pub const MAX_FIELDS: usize = 4_000;
/// Message-IDs kept of one `References`.
pub const MAX_IDS: usize = 1_000;
/// Addresses kept of one field.
pub const MAX_ADDRESSES: usize = 10_000;
/// A structured field longer than this is cut.
const MAX_VALUE: usize = 1024 * 1024;

/// Header and body of an entity: the header ends with the first empty line.
pub(crate) fn split(entity: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    loop {
        let rest = entity.get(at..).unwrap_or_default();
        for empty in [b"\r\n".as_slice(), b"\n"] {
            if let Some(body) = rest.strip_prefix(empty) {
                return (entity.get(..at).unwrap_or_default(), body);
            }
        }
        match memchr::memchr(b'\n', rest) {
            Some(end) => at += end + 1,
            None => return (entity, &[]),
        }
    }
}

/// One header field.
#[derive(Clone, Debug)]
struct Field<'a> {
    name: &'a [u8],
    value: &'a [u8],
}

/// The fields of one header block, in order.
#[derive(Clone, Debug, Default)]
pub struct Fields<'a> {
    fields: Vec<Field<'a>>,
    charset: OnceLock<Option<String>>,
    /// There were more, or longer ones, than are looked at.
    pub truncated: bool,
}

#[derive(Default)]
pub(super) struct MediaType {
    pub(super) mime: Option<String>,
    pub(super) boundary: Option<String>,
    pub(super) charset: Option<String>,
    pub(super) name: Option<String>,
    pub(super) flowed: Option<bool>,
}

#[derive(Default)]
pub(super) struct DispositionField {
    pub(super) disposition: Option<Disposition>,
    pub(super) name: Option<String>,
}

impl<'a> Fields<'a> {
    /// Splits a header block. Lines that are no field are passed over.
    pub fn parse(block: &'a [u8]) -> Self {
        let mut truncated = block.len() > MAX_BYTES;
        let block = block.get(..MAX_BYTES).unwrap_or(block);
        let mut fields = Vec::new();
        let mut at = 0;
        while at < block.len() {
            let start = at;
            // A field goes on as long as the next line begins with white space.
            loop {
                let rest = block.get(at..).unwrap_or_default();
                at += memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
                if !matches!(block.get(at), Some(b' ' | b'\t')) {
                    break;
                }
            }
            let line = block.get(start..at).unwrap_or_default();
            let Some(colon) = memchr::memchr(b':', line) else {
                continue;
            };
            let (name, value) = line.split_at(colon);
            let name = name.trim_ascii();
            if name.is_empty() || !name.iter().all(|byte| byte.is_ascii_graphic()) {
                continue;
            }
            if fields.len() >= MAX_FIELDS {
                truncated = true;
                break;
            }
            let value = value.get(1..).unwrap_or_default();
            truncated |= value.len() > MAX_VALUE;
            fields.push(Field { name, value: value.get(..MAX_VALUE).unwrap_or(value) });
        }
        Self { fields, charset: OnceLock::new(), truncated }
    }

    fn values<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'a [u8]> + 'f {
        self.fields
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(name.as_bytes()))
            .map(|field| field.value)
    }

    /// No line of the block is a field.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// How often a field occurs.
    pub fn count(&self, name: &str) -> usize {
        self.values(name).count()
    }

    /// A field as UTF-8 that is still folded and encoded, with a line end.
    fn readable(&self, value: &'a [u8]) -> Cow<'a, [u8]> {
        if std::str::from_utf8(value).is_ok() {
            return terminated(value);
        }
        let charset =
            self.charset.get_or_init(|| self.content_type().charset.filter(|name| !name.eq_ignore_ascii_case("utf-8")));
        let mut text = decode::charset(value, charset.as_deref());
        text.push('\n');
        Cow::Owned(text.into_bytes())
    }

    /// The first field of this name, unfolded, as it stands.
    pub fn verbatim(&self, name: &str) -> Option<String> {
        let value = self.values(name).next()?;
        let text = String::from_utf8_lossy(&self.readable(value)).into_owned();
        Some(squeeze(&text)).filter(|text| !text.is_empty())
    }

    /// The first field of this name as text, encoded words decoded (RFC 2047).
    pub fn text(&self, name: &str) -> Option<String> {
        let value = self.readable(self.values(name).next()?);
        let text = match MessageStream::new(&value).parse_unstructured() {
            HeaderValue::Text(text) => squeeze(&text),
            HeaderValue::TextList(list) => squeeze(&list.join(" ")),
            _ => String::new(),
        };
        Some(text)
    }

    /// The addresses of every field of this name.
    pub fn addresses(&self, name: &str) -> Vec<Party> {
        let mut parties = Vec::new();
        for value in self.values(name) {
            let value = self.readable(value);
            if let HeaderValue::Address(address) = MessageStream::new(&value).parse_address() {
                match &address {
                    Address::List(list) => parties.extend(list.iter().filter_map(party)),
                    Address::Group(groups) => {
                        parties.extend(groups.iter().flat_map(|group| &group.addresses).filter_map(party));
                    }
                }
            }
            if parties.len() >= MAX_ADDRESSES {
                parties.truncate(MAX_ADDRESSES);
                break;
            }
        }
        parties
    }

    /// The Message-IDs of every field of this name, in order, without angle brackets. Of too many
    /// the first and the last ones are kept.
    pub fn message_ids(&self, name: &str) -> Vec<String> {
        let mut ids = Vec::new();
        for value in self.values(name) {
            let text = String::from_utf8_lossy(value);
            let before = ids.len();
            for piece in text.split('<').skip(1) {
                if let Some((id, _)) = piece.split_once('>') {
                    ids.extend(message_id(id));
                }
            }
            if ids.len() == before {
                // Some mailers leave the angle brackets out.
                ids.extend(text.split_whitespace().filter(|word| word.contains('@')).filter_map(message_id));
            }
        }
        let mut seen = std::collections::HashSet::new();
        ids.retain(|id| seen.insert(id.clone()));
        if ids.len() > MAX_IDS {
            ids.drain(1..=ids.len() - MAX_IDS);
        }
        ids
    }

    /// `Date`, where it names a day that was (RFC 5322 §3.3). Without a zone it is taken for UTC,
    /// and a year such as 0102 for what a program meant that counts from 1900.
    pub fn date(&self, name: &str) -> Option<Timestamp> {
        let value = self.values(name).next()?.trim_ascii();
        let value = value.get(..128).unwrap_or(value);
        [value, &[value, b" +0000"].concat()].into_iter().find_map(|text| {
            match MessageStream::new(&terminated(text)).parse_date() {
                HeaderValue::DateTime(mut date) => {
                    if (100..200).contains(&date.year) {
                        date.year += 1900;
                    }
                    let plausible = date.is_valid() && date.year >= 1970;
                    plausible.then(|| Timestamp::from_second(date.to_timestamp()).ok())?
                }
                _ => None,
            }
        })
    }

    pub(super) fn content_type(&self) -> MediaType {
        let Some(value) = self.values("content-type").next() else {
            return MediaType::default();
        };
        let Some(kind) = structured(value) else {
            return MediaType::default();
        };
        let main = kind.ctype().trim();
        let mime = match kind.subtype().map(str::trim).filter(|sub| !sub.is_empty()) {
            Some(sub) if !main.is_empty() => Some(format!("{main}/{sub}").to_ascii_lowercase()),
            // `Content-Type: text` was common once.
            _ => None,
        };
        let attribute = |name: &str| kind.attribute(name).map(str::to_owned).filter(|value| !value.is_empty());
        let flowed = attribute("format").filter(|format| format.eq_ignore_ascii_case("flowed"));
        MediaType {
            mime,
            boundary: attribute("boundary").map(|boundary| boundary.trim_end().to_owned()),
            charset: attribute("charset"),
            name: attribute("name").map(|name| decoded(&name)),
            flowed: flowed.map(|_| attribute("delsp").is_some_and(|yes| yes.eq_ignore_ascii_case("yes"))),
        }
    }

    pub(super) fn disposition(&self) -> DispositionField {
        let Some(kind) = self.values("content-disposition").next().and_then(structured) else {
            return DispositionField::default();
        };
        let disposition = match kind.ctype().trim() {
            kind if kind.eq_ignore_ascii_case("inline") => Some(Disposition::Inline),
            "" => None,
            // RFC 2183 §2.8: what is not known is an attachment.
            _ => Some(Disposition::Attachment),
        };
        DispositionField { disposition, name: kind.attribute("filename").map(decoded) }
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.verbatim("content-transfer-encoding").map_or(Encoding::Identity, |name| Encoding::from_name(&name))
    }

    pub(super) fn content_id(&self) -> Option<String> {
        let value = self.verbatim("content-id")?;
        let id = value.trim_start_matches('<').trim_end_matches('>').trim();
        Some(id.to_owned()).filter(|id| !id.is_empty() && id.len() <= 998)
    }
}

/// The field parsers want a line end, which the last line of a header may lack.
fn terminated(value: &[u8]) -> Cow<'_, [u8]> {
    if value.ends_with(b"\n") {
        return Cow::Borrowed(value);
    }
    let mut owned = value.to_vec();
    owned.push(b'\n');
    Cow::Owned(owned)
}

fn structured(value: &[u8]) -> Option<ContentType<'static>> {
    let value = terminated(value.get(..128 * 1024).unwrap_or(value));
    match MessageStream::new(&value).parse_content_type().into_owned() {
        HeaderValue::ContentType(kind) => Some(kind),
        _ => None,
    }
}

/// A parameter in encoded words: forbidden by RFC 2047 §5 and common.
fn decoded(value: &str) -> String {
    if !value.contains("=?") {
        return value.to_owned();
    }
    match MessageStream::new(&terminated(value.as_bytes())).parse_unstructured() {
        HeaderValue::Text(text) => text.into_owned(),
        _ => value.to_owned(),
    }
}

fn party(address: &Addr<'_>) -> Option<Party> {
    let clean = |text: &str| squeeze(text).chars().take(512).collect::<String>();
    let name = address.name.as_deref().map(clean).filter(|name| !name.is_empty());
    let handle = address.address.as_deref().map(clean).unwrap_or_default();
    let handle = handle.trim_matches(['<', '>', ' ', '\'', '"']);
    match (handle.is_empty(), name) {
        (true, None) => None,
        (true, Some(name)) => Some(Party { handle: name, name: None }),
        (false, name) => Some(Party { name: name.filter(|name| name != handle), handle: handle.to_owned() }),
    }
}

/// A Message-ID without angle brackets and without what folding left in it.
fn message_id(text: &str) -> Option<String> {
    let id: String =
        text.chars().filter(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>')).collect();
    // RFC 5322 §2.1.1: no line, and so no id, is longer.
    (!id.is_empty() && id.len() <= 998).then_some(id)
}

/// One line: runs of white space become one space, control characters go.
fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !c.is_control() {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}
