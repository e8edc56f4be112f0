//! What a server says, read without trusting it (RFC 3501 and RFC 9051, §9).
//!
//! One frame (a line and the literals in it) becomes one [`Response`]. The reader is lenient where
//! servers are known to be sloppy (8-bit text, missing numbers, attributes nobody asked for, extra
//! blanks) and strict where leniency would cost safety: nesting is bounded and a frame that makes no
//! sense is an error of that frame alone, never of the connection.
//!
//! `imap-proto` was tried first. It panics on `INTERNALDATE NIL`, refuses a whole response for one
//! byte of 8-bit text in a BODYSTRUCTURE and does not know the response codes this source decides by.

use std::ops::RangeInclusive;

use bytes::Bytes;

/// Nesting of parentheses beyond which a frame is refused. Real BODYSTRUCTUREs stay below 40.
const MAX_DEPTH: usize = 100;

/// A value of the data syntax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// `NIL`.
    Nil,
    /// An atom or a number.
    Atom(Bytes),
    /// A quoted string or a literal.
    Text(Bytes),
    /// A parenthesised list.
    List(Vec<Value>),
}

impl Value {
    /// The bytes of an atom or a string.
    pub(super) fn bytes(&self) -> Option<&Bytes> {
        match self {
            Self::Atom(bytes) | Self::Text(bytes) => Some(bytes),
            Self::Nil | Self::List(_) => None,
        }
    }

    /// The text of an atom or a string; bytes that are not UTF-8 are replaced.
    pub(super) fn text(&self) -> Option<String> {
        self.bytes().map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    /// The number of an atom or a string.
    pub(super) fn number(&self) -> Option<u64> {
        std::str::from_utf8(self.bytes()?).ok()?.parse().ok()
    }

    /// The members of a list; none for anything else.
    pub(super) fn list(&self) -> &[Value] {
        match self {
            Self::List(list) => list,
            Self::Nil | Self::Atom(_) | Self::Text(_) => &[],
        }
    }
}

/// The word a status response begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Ok,
    No,
    Bad,
    PreAuth,
    Bye,
}

/// A status response: `OK [CODE …] text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Status {
    /// Its word.
    pub(super) kind: Kind,
    /// What stands in the brackets, without them.
    pub(super) code: Option<String>,
    /// The text for people.
    pub(super) text: String,
}

impl Status {
    /// The arguments of the response code `name`, where it is that one.
    pub(super) fn code_arguments(&self, name: &str) -> Option<&str> {
        let code = self.code.as_deref()?;
        let (word, rest) = code.split_once(' ').unwrap_or((code, ""));
        word.eq_ignore_ascii_case(name).then_some(rest)
    }
}

/// The attributes of one FETCH response, in the order they came; names are upper case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Attributes(Vec<(String, Value)>);

impl Attributes {
    /// The value of an attribute such as `UID` or `BODY[1.2]`; the origin of a partial body
    /// (`BODY[1.2]<0>`) is not part of its name.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The UID.
    pub(super) fn uid(&self) -> Option<u32> {
        self.number("UID").and_then(|uid| u32::try_from(uid).ok()).filter(|uid| *uid > 0)
    }

    /// A numeric attribute.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        let value = self.get(name)?;
        // MODSEQ and EMAILID stand in parentheses.
        value.number().or_else(|| value.list().first().and_then(Value::number))
    }
}

/// A line of a LIST response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    /// Its attributes, such as `\Noselect`.
    pub(super) attributes: Vec<String>,
    /// What separates levels of hierarchy.
    pub(super) delimiter: Option<String>,
    /// The name as the server writes it.
    pub(super) name: String,
}

/// One response of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Response {
    /// `+ …`: the server waits for more.
    Continue(String),
    /// The end of the command with this tag.
    Done(String, Status),
    /// An untagged status.
    Status(Status),
    /// `CAPABILITY`, upper case.
    Capability(Vec<String>),
    /// `ENABLED`, upper case.
    Enabled(Vec<String>),
    /// How many messages the mailbox holds.
    Exists(u32),
    /// The message with this sequence number is gone.
    Expunge(u32),
    /// The messages with these UIDs are gone (RFC 7162 §3.2.10).
    Vanished {
        /// They went before this session.
        earlier: bool,
        /// Which.
        uids: Vec<RangeInclusive<u32>>,
    },
    /// Attributes of the message with this sequence number.
    Fetch(u32, Attributes),
    /// Numbers found.
    Search(Vec<u32>),
    /// A mailbox.
    List(Listed),
    /// Something this source has no use for.
    Other,
}

/// The frame is not IMAP.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotImap;

/// Reads one frame, without its final line end.
pub(super) fn parse(frame: &Bytes) -> Result<Response, NotImap> {
    let mut reader = Reader { frame, at: 0 };
    let first = reader.word();
    match first.as_ref() {
        b"+" => return Ok(Response::Continue(reader.rest())),
        b"*" => {}
        tag => {
            let tag = std::str::from_utf8(tag).map_err(|_| NotImap)?.to_owned();
            let kind = kind(&reader.word()).ok_or(NotImap)?;
            return Ok(Response::Done(tag, reader.status(kind)));
        }
    }
    let word = reader.word();
    if let Some(kind) = kind(&word) {
        return Ok(Response::Status(reader.status(kind)));
    }
    if let Some(number) = number(&word) {
        let what = reader.word();
        return Ok(match what.to_ascii_uppercase().as_slice() {
            b"EXISTS" => Response::Exists(number),
            b"EXPUNGE" => Response::Expunge(number),
            b"FETCH" => Response::Fetch(number, reader.attributes()?),
            _ => Response::Other,
        });
    }
    Ok(match word.to_ascii_uppercase().as_slice() {
        b"CAPABILITY" => Response::Capability(words(&reader.rest())),
        b"ENABLED" => Response::Enabled(words(&reader.rest())),
        b"SEARCH" => Response::Search(reader.rest().split_ascii_whitespace().map_while(|n| n.parse().ok()).collect()),
        b"VANISHED" => {
            let rest = reader.rest();
            let (earlier, set) = match rest.split_once(' ') {
                Some((mark, set)) if mark.eq_ignore_ascii_case("(EARLIER)") => (true, set),
                _ => (false, rest.as_str()),
            };
            Response::Vanished { earlier, uids: sequence_set(set) }
        }
        b"LIST" => {
            let values = reader.values()?;
            let [attributes, delimiter, name, ..] = values.as_slice() else {
                return Err(NotImap);
            };
            Response::List(Listed {
                attributes: attributes.list().iter().filter_map(Value::text).collect(),
                delimiter: delimiter.text(),
                // A mailbox called NIL is an atom like any other here.
                name: name.text().unwrap_or_else(|| "NIL".to_owned()),
            })
        }
        _ => Response::Other,
    })
}

fn kind(word: &[u8]) -> Option<Kind> {
    Some(match word.to_ascii_uppercase().as_slice() {
        b"OK" => Kind::Ok,
        b"NO" => Kind::No,
        b"BAD" => Kind::Bad,
        b"PREAUTH" => Kind::PreAuth,
        b"BYE" => Kind::Bye,
        _ => return None,
    })
}

fn number(word: &[u8]) -> Option<u32> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

/// Words in upper case, as capabilities are compared.
pub(super) fn words(text: &str) -> Vec<String> {
    text.split_ascii_whitespace().map(str::to_ascii_uppercase).collect()
}

/// The ranges of a sequence set (`1:3,7`); `*` and nonsense are left out.
pub(super) fn sequence_set(text: &str) -> Vec<RangeInclusive<u32>> {
    text.trim()
        .split(',')
        .filter_map(|part| {
            let (from, to) = part.split_once(':').unwrap_or((part, part));
            let (from, to): (u32, u32) = (from.parse().ok()?, to.parse().ok()?);
            Some(from.min(to)..=from.max(to))
        })
        .collect()
}

/// The shortest sequence set of ascending numbers.
pub(super) fn to_sequence_set(ascending: &[u32]) -> String {
    use std::fmt::Write as _;

    let mut set = String::new();
    let mut rest = ascending;
    while let Some((&first, tail)) = rest.split_first() {
        let run = tail.iter().zip(first..).take_while(|(next, expected)| **next == expected.saturating_add(1)).count();
        if !set.is_empty() {
            set.push(',');
        }
        let last = tail.get(run.wrapping_sub(1)).copied().unwrap_or(first);
        // Writing to a string cannot fail.
        let _ = if last > first { write!(set, "{first}:{last}") } else { write!(set, "{first}") };
        rest = tail.get(run..).unwrap_or_default();
    }
    set
}

/// Where in a frame a `{n}` announces a literal, and how long it is; `line` ends before its line end.
pub(super) fn announced_literal(line: &[u8]) -> Option<u64> {
    let open = line.strip_suffix(b"}")?;
    let brace = open.iter().rposition(|byte| *byte == b'{')?;
    let digits = open.get(brace + 1..)?;
    let digits = digits.strip_suffix(b"+").unwrap_or(digits);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // Twenty digits and more are a lie that the caller's limit refuses.
    Some(std::str::from_utf8(digits).ok()?.parse().unwrap_or(u64::MAX))
}

struct Reader<'a> {
    frame: &'a Bytes,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.frame.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    /// Up to the next blank, and past it.
    fn word(&mut self) -> Bytes {
        let from = self.at;
        while self.peek().is_some_and(|byte| byte != b' ') {
            self.at += 1;
        }
        let word = self.frame.slice(from..self.at);
        if self.peek() == Some(b' ') {
            self.at += 1;
        }
        word
    }

    fn rest(&mut self) -> String {
        let rest = String::from_utf8_lossy(self.frame.get(self.at..).unwrap_or_default()).into_owned();
        self.at = self.frame.len();
        rest
    }

    fn status(&mut self, kind: Kind) -> Status {
        let rest = self.rest();
        if let Some(inner) = rest.strip_prefix('[') {
            let mut quoted = false;
            let end = inner.char_indices().find(|(_, c)| {
                quoted ^= *c == '"';
                *c == ']' && !quoted
            });
            if let Some((code, text)) = end.and_then(|(end, _)| inner.split_at_checked(end)) {
                let text = text.trim_start_matches(']').trim_start();
                return Status { kind, code: Some(code.to_owned()), text: text.to_owned() };
            }
        }
        Status { kind, code: None, text: rest }
    }

    fn attributes(&mut self) -> Result<Attributes, NotImap> {
        let values = self.values()?;
        let Some(Value::List(list)) = values.into_iter().next() else {
            return Err(NotImap);
        };
        let mut attributes = Vec::with_capacity(list.len() / 2);
        let mut list = list.into_iter();
        while let Some(name) = list.next() {
            let name = name.text().ok_or(NotImap)?.to_ascii_uppercase();
            let value = list.next().ok_or(NotImap)?;
            // `BODY[1]<0>` answers `BODY[1]<0.4096>`.
            let name = match name.rsplit_once('<') {
                Some((section, _)) if section.ends_with(']') => section.to_owned(),
                _ => name,
            };
            attributes.push((name, value));
        }
        Ok(Attributes(attributes))
    }

    fn values(&mut self) -> Result<Vec<Value>, NotImap> {
        let mut values = Vec::new();
        self.blanks();
        while self.peek().is_some() {
            values.push(self.value(0)?);
            self.blanks();
        }
        Ok(values)
    }

    fn value(&mut self, depth: usize) -> Result<Value, NotImap> {
        if depth > MAX_DEPTH {
            return Err(NotImap);
        }
        match self.peek().ok_or(NotImap)? {
            b'(' => {
                self.at += 1;
                let mut list = Vec::new();
                loop {
                    self.blanks();
                    if self.peek().ok_or(NotImap)? == b')' {
                        self.at += 1;
                        return Ok(Value::List(list));
                    }
                    list.push(self.value(depth + 1)?);
                }
            }
            b'"' => self.quoted(),
            b'{' => self.literal(),
            b'~' if self.frame.get(self.at + 1) == Some(&b'{') => {
                self.at += 1;
                self.literal()
            }
            _ => self.atom(),
        }
    }

    fn quoted(&mut self) -> Result<Value, NotImap> {
        self.at += 1;
        let from = self.at;
        let mut escaped = false;
        loop {
            match self.peek().ok_or(NotImap)? {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.at += 2;
                }
                _ => self.at += 1,
            }
        }
        let raw = self.frame.get(from..self.at).ok_or(NotImap)?;
        let text = if escaped {
            let mut text = Vec::with_capacity(raw.len());
            let mut bytes = raw.iter();
            while let Some(byte) = bytes.next() {
                text.extend(if *byte == b'\\' { bytes.next() } else { Some(byte) });
            }
            text.into()
        } else {
            self.frame.slice(from..self.at)
        };
        self.at += 1;
        Ok(Value::Text(text))
    }

    fn literal(&mut self) -> Result<Value, NotImap> {
        let rest = self.frame.get(self.at..).ok_or(NotImap)?;
        let end = rest.iter().position(|byte| *byte == b'\n').ok_or(NotImap)?;
        let line = rest.get(..end).ok_or(NotImap)?;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let length = usize::try_from(announced_literal(line).ok_or(NotImap)?).map_err(|_| NotImap)?;
        let from = self.at + end + 1;
        let to = from.checked_add(length).filter(|to| *to <= self.frame.len()).ok_or(NotImap)?;
        self.at = to;
        Ok(Value::Text(self.frame.slice(from..to)))
    }

    fn atom(&mut self) -> Result<Value, NotImap> {
        let from = self.at;
        let mut bracket = false;
        while let Some(byte) = self.peek() {
            match byte {
                b'[' => bracket = true,
                b']' => bracket = false,
                // `BODY[HEADER.FIELDS (SUBJECT)]` is one name.
                b' ' | b'(' | b')' if !bracket => break,
                b'\r' | b'\n' => return Err(NotImap),
                _ => {}
            }
            self.at += 1;
        }
        if self.at == from {
            return Err(NotImap);
        }
        let atom = self.frame.slice(from..self.at);
        Ok(if atom.eq_ignore_ascii_case(b"NIL") { Value::Nil } else { Value::Atom(atom) })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
#[path = "syntax_tests.rs"]
mod tests;
