//! One file of many messages (RFC 4155), read as a stream: the file may be larger than memory.
//!
//! A message begins with a line `From …` at the start of the file or after an empty line. There are
//! four dialects that differ in how they keep a line of text from looking so; what is read here is
//! mboxrd, where `>From ` has one `>` more than it was written with, and mboxo comes out right but
//! for text that really began with `>From `. Unquoted lines of text are told from separators by the
//! time that stands in the latter.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use inlet_model::{Flags, RemoteId, Result, SourceError, Timestamp, mime::Fields};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{MAX_MESSAGE, PAGE_BYTES, PAGE_ITEMS, Place, Raw, Taken, gone};

/// How a file began, to notice that it is another one now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    length: u64,
    digest: String,
}

impl Head {
    const MAX: u64 = 4096;

    fn of(file: &mut File, length: u64) -> std::io::Result<Self> {
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(0))?;
        file.take(length.min(Self::MAX)).read_to_end(&mut bytes)?;
        let digest = Sha256::digest(&bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { length: bytes.len() as u64, digest })
    }
}

pub(super) fn too_large() -> SourceError {
    SourceError::Permanent(format!("This message is larger than {} MB and was left out.", MAX_MESSAGE >> 20))
}

/// A remote id is where the message's separator line begins.
fn remote_id(offset: u64) -> RemoteId {
    RemoteId(format!("o{offset}"))
}

fn offset(id: &RemoteId) -> Option<u64> {
    id.0.strip_prefix('o').and_then(|digits| digits.parse().ok())
}

pub(super) fn take(path: &Path, place: Option<Place>) -> Result<Taken> {
    let broken = |_| gone(path);
    let mut file = File::open(path).map_err(broken)?;
    let length = file.metadata().map_err(broken)?.len();
    let (start, before, head) = match place {
        None => (0, 0, Head::of(&mut file, length).map_err(broken)?),
        Some(Place::Mbox { offset, done, head }) => {
            if offset > length || Head::of(&mut file, head.length).map_err(broken)? != head {
                return Err(SourceError::CursorExpired);
            }
            (offset, done, head)
        }
        Some(Place::Folder { .. }) => return Err(SourceError::CursorExpired),
    };
    let mut reader = Reader::at(file, start).map_err(broken)?;
    if start < length && !reader.at_separator() {
        // Whatever is in front of the first separator of a file is no message; elsewhere the file
        // has changed.
        if start > 0 {
            return Err(SourceError::CursorExpired);
        }
        reader.skip_to_separator().map_err(broken)?;
    }
    let mut messages = Vec::new();
    let mut poison = Vec::new();
    let (mut bytes, mut done) = (0, before);
    while bytes < PAGE_BYTES && messages.len() + poison.len() < PAGE_ITEMS {
        let id = remote_id(reader.offset);
        match reader.message().map_err(broken)? {
            None => break,
            Some(Outcome::TooLarge) => poison.push((id, too_large().to_string())),
            Some(Outcome::Message { raw, at }) => {
                bytes += raw.len();
                let status = Status::of(&raw);
                if !status.expunged {
                    messages.push(Raw { id, bytes: raw, flags: status.flags, at });
                }
            }
        }
        done += 1;
    }
    let more = reader.offset < length;
    let total = if more && reader.offset > 0 {
        // Counting would mean reading it all; the messages so far tell about how many there are.
        (done as f64 * length as f64 / reader.offset as f64) as u64
    } else {
        done
    };
    let place = Place::Mbox { offset: reader.offset, done, head };
    let present = if more || reader.offset == start && start > 0 { None } else { Some(present(path).map_err(broken)?) };
    Ok(Taken { messages, poison, place, done, total, more, present })
}

/// One message by its id.
pub(super) fn one(path: &Path, id: &RemoteId) -> Result<Vec<u8>> {
    let broken = |_| gone(path);
    let at = offset(id).ok_or_else(|| gone(path))?;
    let mut reader = Reader::at(File::open(path).map_err(broken)?, at).map_err(broken)?;
    if !reader.at_separator() {
        return Err(gone(path));
    }
    match reader.message().map_err(broken)? {
        Some(Outcome::Message { raw, .. }) => Ok(raw),
        Some(Outcome::TooLarge) => Err(too_large()),
        None => Err(gone(path)),
    }
}

/// The ids of all messages.
fn present(path: &Path) -> std::io::Result<Vec<RemoteId>> {
    let mut reader = Reader::at(File::open(path)?, 0)?;
    let mut ids = Vec::new();
    if !reader.at_separator() {
        reader.skip_to_separator()?;
    }
    loop {
        let at = reader.offset;
        match reader.message()? {
            None => return Ok(ids),
            Some(Outcome::Message { raw, .. }) if Status::of(&raw).expunged => {}
            Some(_) => ids.push(remote_id(at)),
        }
    }
}

enum Outcome {
    Message { raw: Vec<u8>, at: Option<Timestamp> },
    TooLarge,
}

/// The file from some place on.
struct Reader {
    input: BufReader<File>,
    /// Where the next unread line begins.
    offset: u64,
    /// That line, read ahead.
    line: Vec<u8>,
    /// It goes on a line that is too long to be read at once.
    middle: bool,
    end: bool,
}

impl Reader {
    fn at(mut file: File, offset: u64) -> std::io::Result<Self> {
        file.seek(SeekFrom::Start(offset))?;
        let mut reader = Self {
            input: BufReader::with_capacity(1 << 18, file),
            offset,
            line: Vec::new(),
            middle: false,
            end: false,
        };
        reader.advance()?;
        Ok(reader)
    }

    /// Reads the next line; a line longer than a message may be comes in pieces.
    fn advance(&mut self) -> std::io::Result<()> {
        self.offset += self.line.len() as u64;
        self.middle = !self.line.is_empty() && !self.line.ends_with(b"\n");
        self.line.clear();
        let read = (&mut self.input).take(1 << 20).read_until(b'\n', &mut self.line)?;
        self.end = read == 0;
        Ok(())
    }

    fn at_separator(&self) -> bool {
        !self.middle && is_separator(&self.line)
    }

    fn at_blank(&self) -> bool {
        !self.middle && matches!(self.line.as_slice(), b"\n" | b"\r\n")
    }

    fn skip_to_separator(&mut self) -> std::io::Result<()> {
        let mut blank = true;
        while !self.end && (!blank || !self.at_separator()) {
            blank = self.at_blank();
            self.advance()?;
        }
        Ok(())
    }

    /// The message whose separator is the next line.
    fn message(&mut self) -> std::io::Result<Option<Outcome>> {
        if self.end {
            return Ok(None);
        }
        let at = separator_time(&self.line);
        self.advance()?;
        let mut raw = Vec::new();
        let mut too_large = false;
        let mut blank = false;
        while !self.end && (!blank || !self.at_separator()) {
            blank = self.at_blank();
            if raw.len() + self.line.len() > MAX_MESSAGE {
                too_large = true;
                raw = Vec::new();
            }
            if !too_large {
                raw.extend_from_slice(if self.middle { &self.line } else { unquoted(&self.line) });
            }
            self.advance()?;
        }
        if too_large {
            return Ok(Some(Outcome::TooLarge));
        }
        // The empty line before the next separator belongs to the file, not to the message.
        if blank {
            let length = raw.strip_suffix(b"\r\n").or_else(|| raw.strip_suffix(b"\n")).map_or(raw.len(), <[u8]>::len);
            raw.truncate(length);
        }
        Ok(Some(Outcome::Message { raw, at }))
    }
}

/// `From sender Mon Jan  1 00:00:00 2001`, or bare as some programs write it.
fn is_separator(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else {
        return false;
    };
    let rest = rest.trim_ascii();
    rest.is_empty()
        || rest == b"-"
        || rest.windows(5).any(|w| match w {
            [a, b, b':', c, d] => [a, b, c, d].iter().all(|digit| digit.is_ascii_digit()),
            _ => false,
        })
}

/// The time in a separator, taken for UTC.
fn separator_time(line: &[u8]) -> Option<Timestamp> {
    let text = String::from_utf8_lossy(line);
    let words: Vec<&str> = text.split_whitespace().collect();
    let from = words.iter().position(|word| matches!(*word, "Mon" | "Tue" | "Wed" | "Thu" | "Fri" | "Sat" | "Sun"))?;
    let (month, day, clock) = (words.get(from + 1)?, words.get(from + 2)?, words.get(from + 3)?);
    let year =
        words.iter().skip(from + 4).find(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()))?;
    let time = jiff::civil::DateTime::strptime("%b %d %H:%M:%S %Y", format!("{month} {day} {clock} {year}")).ok()?;
    Some(time.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
}

/// A line as it was written: `>From ` without its `>`.
fn unquoted(line: &[u8]) -> &[u8] {
    match line.strip_prefix(b">") {
        Some(rest) if rest.iter().find(|byte| **byte != b'>') == Some(&b'F') => {
            let from = rest.iter().position(|byte| *byte != b'>').unwrap_or_default();
            if rest.get(from..).is_some_and(|text| text.starts_with(b"From ")) { rest } else { line }
        }
        _ => line,
    }
}

/// What a mail program wrote about a message into its header.
struct Status {
    flags: Flags,
    expunged: bool,
}

impl Status {
    fn of(raw: &[u8]) -> Self {
        let head = raw.get(..64 * 1024).unwrap_or(raw);
        let end = memchr::memmem::find(head, b"\n\n").or_else(|| memchr::memmem::find(head, b"\n\r\n"));
        let fields = Fields::parse(head.get(..end.unwrap_or(head.len())).unwrap_or(head));
        let letters = fields.verbatim("x-status").unwrap_or_default();
        let mozilla =
            fields.verbatim("x-mozilla-status").and_then(|hex| u16::from_str_radix(&hex, 16).ok()).unwrap_or(0);
        let labels = fields.text("x-gmail-labels").unwrap_or_default();
        let labelled = |word: &str| labels.split(',').any(|label| label.trim() == word);
        // Nothing said means read: old mail that is brought in must not shout.
        let unread = match (fields.verbatim("status"), fields.verbatim("x-mozilla-status")) {
            (_, Some(_)) => mozilla & 1 == 0,
            (Some(status), None) => !status.contains('R'),
            (None, None) => labelled("Unread"),
        };
        Self {
            flags: Flags {
                read: !unread,
                starred: letters.contains('F') || mozilla & 4 != 0 || labelled("Starred"),
                answered: letters.contains('A') || mozilla & 2 != 0,
                draft: letters.contains('T') || labelled("Draft"),
            },
            expunged: mozilla & 8 != 0,
        }
    }
}
