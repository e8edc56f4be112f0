//! From the bytes that were sent to the bytes, and the text, that were meant.
//!
//! Both decoders take anything: what is no base64 is passed over, an escape that is none stays as it
//! is. Mail with a broken line in it is still worth reading.

use mail_parser::decoders::charsets::map::charset_decoder;

/// A `Content-Transfer-Encoding` (RFC 2045 §6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// `7bit`, `8bit`, `binary`, and what is not known.
    #[default]
    Identity,
    /// `base64`.
    Base64,
    /// `quoted-printable`.
    QuotedPrintable,
}

impl Encoding {
    /// The encoding a header field or an IMAP body structure names.
    pub fn from_name(name: &str) -> Self {
        let name = name.trim().trim_matches('"');
        let word = name.split([' ', ';', '(']).next().unwrap_or_default();
        if word.eq_ignore_ascii_case("base64") {
            Self::Base64
        } else if word.eq_ignore_ascii_case("quoted-printable") {
            Self::QuotedPrintable
        } else {
            Self::Identity
        }
    }

    /// Decodes.
    pub fn decode(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Identity => bytes.to_vec(),
            Self::Base64 => base64(bytes),
            Self::QuotedPrintable => quoted_printable(bytes),
        }
    }

    /// The number of bytes [`Self::decode`] gives.
    pub fn decoded_len(self, bytes: &[u8]) -> u64 {
        match self {
            Self::Identity => bytes.len() as u64,
            Self::Base64 => bytes.iter().filter(|byte| sextet(**byte).is_some()).count() as u64 * 6 / 8,
            Self::QuotedPrintable => quoted_printable(bytes).len() as u64,
        }
    }
}

fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3 + 3);
    let (mut buffer, mut bits) = (0u32, 0u32);
    for value in bytes.iter().filter_map(|byte| sextet(*byte)) {
        buffer = (buffer << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((buffer >> bits) as u8);
            buffer &= (1 << bits) - 1;
        }
    }
    out
}

fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let hex = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16)).map(|digit| digit as u8);
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte != b'=' {
            out.push(byte);
            at += 1;
            continue;
        }
        if let (Some(high), Some(low)) = (hex(bytes.get(at + 1)), hex(bytes.get(at + 2))) {
            out.push(high << 4 | low);
            at += 3;
            continue;
        }
        // A soft line break; white space before the line end is padding of the transport.
        let rest = bytes.get(at + 1..).unwrap_or_default();
        let blank = rest.iter().take(80).take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
        if rest.get(blank) == Some(&b'\n') {
            at += 1 + blank + 1;
        } else if blank == rest.len() {
            at = bytes.len();
        } else {
            out.push(byte);
            at += 1;
        }
    }
    out
}

/// Text in a charset as mail names it. Without a name, or with one nobody knows, it is UTF-8 if
/// it can be and Windows-1252 if not; "ASCII" that is UTF-8 is taken for that too.
pub fn charset(bytes: &[u8], name: Option<&str>) -> String {
    let name = name.map(|name| name.trim().trim_matches(['"', '\''])).unwrap_or_default();
    let utf8 = std::str::from_utf8(bytes);
    let vague = ["", "us-ascii", "ascii", "unknown-8bit", "utf-8", "utf8", "utf8mb4"];
    match (utf8, vague.iter().any(|word| name.eq_ignore_ascii_case(word))) {
        (Ok(text), true) => return text.strip_prefix('\u{feff}').unwrap_or(text).to_owned(),
        // Broken UTF-8 is still UTF-8: one bad byte is not a reason to misread all others.
        (Err(_), true) if name.to_ascii_lowercase().starts_with("utf") => {
            return String::from_utf8_lossy(bytes).into_owned();
        }
        _ => {}
    }
    match charset_decoder(name.as_bytes()) {
        Some(decoder) => decoder(bytes),
        None => match utf8 {
            Ok(text) => text.to_owned(),
            Err(_) => match charset_decoder(b"windows-1252") {
                Some(decoder) => decoder(bytes),
                None => String::from_utf8_lossy(bytes).into_owned(),
            },
        },
    }
}

/// Joins the soft line breaks of `format=flowed` text (RFC 3676 §4): a line that ends in a space
/// goes on in the next one of the same quote depth.
pub fn unflow(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut flowing: Option<usize> = None;
    for line in text.lines() {
        let content = line.trim_start_matches('>');
        let depth = line.len() - content.len();
        let content = content.strip_prefix(' ').unwrap_or(content);
        let signature = content == "-- ";
        if flowing != Some(depth) || signature {
            if flowing.is_some() {
                out.push('\n');
            }
            out.extend(std::iter::repeat_n('>', depth));
            if depth > 0 {
                out.push(' ');
            }
        }
        match content.strip_suffix(' ').filter(|_| !signature) {
            Some(joined) => {
                out.push_str(if delsp { joined } else { content });
                flowing = Some(depth);
            }
            None => {
                out.push_str(content);
                out.push('\n');
                flowing = None;
            }
        }
    }
    out
}
