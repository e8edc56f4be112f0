//! From the lines of an export to messages, one at a time.
//!
//! A message begins with a head of the shape the first one has, and goes on to the next: so nothing is lost,
//! whatever stands in it. What comes before the first head is counted and left out.

use std::io::BufRead;

use super::head::{Head, bare, head, is_mark};

/// Bytes of one message; WhatsApp takes less than a tenth of that. What is longer is cut, and read on.
const MOST: usize = 1 << 20;
/// Bytes of a line that are looked at; the rest of it is skipped.
const LINE: u64 = 1 << 20;
/// Lines before the first message, after which a text is no export.
pub(super) const AHEAD: u64 = 5;
/// Characters of a name.
const NAME: usize = 120;

/// A message as it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Raw {
    pub(super) head: Head,
    /// Its first line.
    pub(super) line: String,
    /// Who wrote it; `None` where WhatsApp itself says something.
    pub(super) author: Option<String>,
    /// What it says, with the marks phones put there.
    pub(super) text: String,
    /// Lines it takes.
    pub(super) lines: u64,
    /// It was longer, and cut.
    pub(super) cut: bool,
}

/// Reads messages off a text.
pub(super) struct Messages<R> {
    text: R,
    shape: Option<String>,
    next: Option<Raw>,
    /// Lines before the first message.
    pub(super) ahead: u64,
    /// Lines so far.
    pub(super) lines: u64,
}

impl<R: BufRead> Messages<R> {
    pub(super) fn new(text: R) -> Self {
        Self { text, shape: None, next: None, ahead: 0, lines: 0 }
    }

    /// The next message; `None` at the end.
    pub(super) fn next(&mut self) -> std::io::Result<Option<Raw>> {
        while let Some(line) = line(&mut self.text)? {
            self.lines += 1;
            let begins = head(&line).filter(|head| self.shape.as_ref().is_none_or(|shape| *shape == head.shape));
            match (begins, &mut self.next) {
                (Some(head), _) => {
                    self.shape.get_or_insert_with(|| head.shape.clone());
                    let begun = Raw::begin(head, line);
                    if let Some(whole) = self.next.replace(begun) {
                        return Ok(Some(whole));
                    }
                }
                (None, Some(message)) => message.go_on(&line),
                (None, None) => self.ahead += 1,
            }
        }
        Ok(self.next.take())
    }
}

impl Raw {
    fn begin(head: Head, line: String) -> Self {
        let rest = line.get(head.rest..).unwrap_or_default().trim_start_matches(' ');
        let (author, text) = match author(rest) {
            Some((author, text)) => (Some(author.to_owned()), text.to_owned()),
            None => (None, rest.to_owned()),
        };
        Self { head, author, text, line, lines: 1, cut: false }
    }

    fn go_on(&mut self, line: &str) {
        self.lines += 1;
        if self.text.len() + line.len() < MOST {
            self.text.push('\n');
            self.text.push_str(line);
        } else {
            self.cut = true;
        }
    }
}

/// The name in front of a message, and the message. What WhatsApp says itself has none; it may quote what
/// somebody called a group, so that a name with quotation marks is none.
fn author(rest: &str) -> Option<(&str, &str)> {
    let (name, text) = match rest.split_once(": ") {
        Some(parts) => parts,
        None => (rest.trim_end().strip_suffix(':')?, ""),
    };
    let name = bare(name).trim_start_matches(['~', '\u{a0}', ' ']);
    let quoted = name.contains(['"', '“', '”', '„', '«', '»', '「']);
    let known = !name.is_empty() && name.chars().count() <= NAME && !quoted && !name.contains("http");
    known.then_some((name, text))
}

/// The next line without its end, in UTF-8 or as near to it as can be.
fn line(text: &mut impl BufRead) -> std::io::Result<Option<String>> {
    use std::io::Read;
    let mut bytes = Vec::new();
    if text.by_ref().take(LINE).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    if bytes.last() != Some(&b'\n') && bytes.len() as u64 == LINE {
        skip_line(text)?;
    }
    while matches!(bytes.last(), Some(b'\n' | b'\r')) {
        bytes.pop();
    }
    Ok(Some(match String::from_utf8(bytes) {
        Ok(line) => line,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    }))
}

fn skip_line(text: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let there = text.fill_buf()?;
        let (length, ended) = match memchr::memchr(b'\n', there) {
            Some(end) => (end + 1, true),
            None => (there.len(), there.is_empty()),
        };
        text.consume(length);
        if ended {
            return Ok(());
        }
    }
}

/// The text begins like an export.
pub(super) fn is_export(text: impl BufRead) -> bool {
    let mut messages = Messages::new(text);
    while let Ok(Some(line)) = line(&mut messages.text) {
        if head(&line).is_some_and(|head| line.get(head.rest..).is_some_and(|rest| !rest.trim().is_empty())) {
            return true;
        }
        messages.ahead += 1;
        if messages.ahead > AHEAD {
            return false;
        }
    }
    false
}

/// iOS puts a mark in front of what WhatsApp itself says in somebody's name.
pub(super) fn is_marked(text: &str) -> bool {
    text.starts_with(is_mark)
}

#[cfg(test)]
#[allow(clippy::panic, clippy::indexing_slicing)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(text: &str) -> (Vec<Raw>, u64, u64) {
        let mut messages = Messages::new(text.as_bytes());
        let mut found = Vec::new();
        while let Some(message) = messages.next().unwrap_or_else(|error| panic!("{error}")) {
            found.push(message);
        }
        (found, messages.ahead, messages.lines)
    }

    #[test]
    fn lines_of_another_shape_belong_to_the_message() {
        let (found, ahead, _) = all(
            "\u{feff}31.12.23, 21:45 - Ana: first\n[31.12.23, 21:45:10] quoted: text\n31.12.2023 - no\n\n31.12.23, 21:46 - Ben: second\r\n",
        );
        let texts: Vec<_> = found.iter().map(|raw| (raw.author.as_deref(), raw.text.as_str())).collect();
        assert_eq!(
            texts,
            [(Some("Ana"), "first\n[31.12.23, 21:45:10] quoted: text\n31.12.2023 - no\n"), (Some("Ben"), "second")]
        );
        assert_eq!(ahead, 0);
    }

    #[test]
    fn what_whatsapp_says_has_no_author() {
        let (found, ..) = all(
            "31.12.23, 21:45 - Nachrichten sind verschlüsselt.\n31.12.23, 21:45 - Ana changed the subject from \"A: b\" to \"C: d\"\n31.12.23, 21:45 - ~\u{a0}Ana: hi\n31.12.23, 21:45 - Ana:\n",
        );
        let authors: Vec<_> = found.iter().map(|raw| raw.author.as_deref()).collect();
        assert_eq!(authors, [None, None, Some("Ana"), Some("Ana")]);
    }

    #[test]
    fn a_line_without_end_is_cut_and_the_rest_is_read() {
        let text = format!("31.12.23, 21:45 - Ana: {}\n31.12.23, 21:46 - Ben: still here\n", "x".repeat(3 << 20));
        let (found, ..) = all(&text);
        assert_eq!(found.len(), 2);
        assert!(found[0].text.len() <= MOST && found[1].text == "still here");
    }

    proptest! {
        #[test]
        fn every_line_is_accounted_for(lines in prop::collection::vec(
            prop_oneof![
                "[ -~]{0,60}",
                "\\PC{0,40}",
                "[\\[]?[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4},? [0-9]{1,2}[:.][0-9]{2}( [AP]M)?(\\]| - ) ?[A-Z][a-z]{0,5}: .{0,20}",
            ],
            0..40,
        )) {
            let text = lines.join("\n");
            let (found, ahead, total) = all(&text);
            prop_assert_eq!(found.iter().map(|raw| raw.lines).sum::<u64>() + ahead, total);
            // A line break may be in a line: no more is asked than that none of them is lost.
            prop_assert_eq!(total, text.as_bytes().split_inclusive(|byte| *byte == b'\n').count() as u64);
            for raw in &found {
                let _ = super::super::words::said(&raw.text, |_| true);
            }
        }

        #[test]
        fn no_bytes_stop_it(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
            let mut messages = Messages::new(bytes.as_slice());
            while let Ok(Some(_)) = messages.next() {}
            prop_assert_eq!(messages.lines, bytes.split_inclusive(|byte| *byte == b'\n').count() as u64);
        }
    }
}
