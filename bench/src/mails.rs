//! The mail that is measured with: real mail where it is at hand, else the test kit's generator.
//!
//! A corpus is smaller than what people have, so it is repeated: every copy gets its own
//! Message-IDs, in references too, and dates that follow each other. That keeps threads threads and
//! makes no mail the duplicate of another.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use inlet_testkit::corpus::Corpus;
use inlet_testkit::{MailGen, Rng};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The day of the first mail.
const FIRST: &str = "2023-01-02T08:00:00Z";
/// The time from one mail to the next, in seconds: 10,000 mails are three years.
const APART: i64 = 9_460;

/// What was written.
#[derive(Serialize, Deserialize)]
pub(crate) struct MailSet {
    pub(crate) count: usize,
    /// Bytes of all of them.
    pub(crate) bytes: u64,
    /// Where they are from, as the report says it.
    pub(crate) origin: String,
    /// Some of their text, evenly spread, to ask for.
    pub(crate) samples: Vec<Sample>,
    pub(crate) from: Timestamp,
    pub(crate) to: Timestamp,
}

/// What a query can be made of.
#[derive(Serialize, Deserialize)]
pub(crate) struct Sample {
    /// Lower-case ASCII words of the body's first lines, in their order.
    pub(crate) words: Vec<String>,
    /// The local part of the sender.
    pub(crate) from: Option<String>,
}

/// Writes `count` mails into a Maildir.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) fn write(maildir: &Path, count: usize) -> Result<MailSet> {
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(maildir.join(part))?;
    }
    let start: Timestamp = FIRST.parse().context("the first day")?;
    let mut set =
        MailSet { count, bytes: 0, origin: "generated mail".to_owned(), samples: Vec::new(), from: start, to: start };
    let every = (count / 400).max(1);
    let mut put = |at: usize, date: Timestamp, raw: &[u8]| -> Result<()> {
        set.bytes += raw.len() as u64;
        set.to = set.to.max(date);
        if at.is_multiple_of(every) {
            set.samples.push(sample(raw));
        }
        let name = format!("{}.{at:07}.bench:2,S", date.as_second());
        fs::write(maildir.join("cur").join(name), raw)?;
        Ok(())
    };
    match Corpus::load("bench") {
        Some(corpus) if !corpus.files().is_empty() => {
            let mut order: Vec<usize> = (0..corpus.files().len()).collect();
            shuffle(&mut order);
            for at in 0..count {
                let copy = at / order.len();
                let Some(file) = order.get(at % order.len()).and_then(|index| corpus.files().get(*index)) else {
                    continue;
                };
                let date = start + SignedDuration::from_secs(APART * i64::try_from(at)?);
                put(at, date, &renewed(&fs::read(file)?, copy, date))?;
            }
            set.origin = "the SpamAssassin public corpus, repeated with fresh Message-IDs and dates".to_owned();
        }
        _ => {
            for (at, mail) in MailGen::new(7, "anna@inlet.test", start).take(count).enumerate() {
                put(at, mail.date, &mail.raw)?;
            }
        }
    }
    Ok(set)
}

/// The corpus lies in folders by kind; mixed, every part of the set is like the whole.
fn shuffle(order: &mut [usize]) {
    let mut rng = Rng::new(7);
    for end in (1..order.len()).rev() {
        order.swap(end, rng.below(end + 1));
    }
}

/// The message with the Message-IDs of copy number `copy` and another date.
fn renewed(raw: &[u8], copy: usize, date: Timestamp) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + 200);
    let mut header = true;
    let mut ids = false;
    let mut dropped = false;
    let mut dated = false;
    let stamp = format!("Date: {}\n", date.strftime("%a, %d %b %Y %H:%M:%S +0000"));
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        if !header {
            out.extend_from_slice(line);
            continue;
        }
        if line == b"\n" || line == b"\r\n" {
            header = false;
            if !dated {
                out.extend_from_slice(stamp.as_bytes());
            }
            out.extend_from_slice(line);
            continue;
        }
        let folded = line.starts_with(b" ") || line.starts_with(b"\t");
        if !folded {
            ids = ["message-id:", "in-reply-to:", "references:"].iter().any(|name| begins(line, name));
            dropped = begins(line, "date:");
            if dropped && !dated {
                out.extend_from_slice(stamp.as_bytes());
                dated = true;
            }
        }
        match (dropped, ids && copy > 0) {
            (true, _) => {}
            (false, true) => {
                for byte in line {
                    out.push(*byte);
                    if *byte == b'<' {
                        out.extend_from_slice(format!("{copy}.").as_bytes());
                    }
                }
            }
            (false, false) => out.extend_from_slice(line),
        }
    }
    out
}

fn begins(line: &[u8], name: &str) -> bool {
    line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
}

fn sample(raw: &[u8]) -> Sample {
    let text = String::from_utf8_lossy(raw);
    let text = text.replace('\r', "");
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let from = head
        .lines()
        .find_map(|line| line.strip_prefix("From: "))
        .and_then(|line| line.rsplit('<').next())
        .and_then(|address| address.split('@').next())
        .map(|local| local.trim().trim_matches('"').to_ascii_lowercase())
        .filter(|local| local.len() > 2 && local.chars().all(|c| c.is_ascii_alphanumeric()));
    // Of a mail in parts only the text is of use, and what is encoded or marked up is none.
    let plain = !head.to_ascii_lowercase().contains("multipart") && !body.contains('<') && !body.contains('=');
    let line = body.lines().find(|line| plain && line.split(' ').filter(|word| is_word(word)).count() >= 5);
    let words = line.unwrap_or_default().split(' ').map(|word| word.trim_matches(['.', ',']).to_ascii_lowercase());
    Sample { words: words.take_while(|word| is_word(word)).collect(), from }
}

fn is_word(word: &str) -> bool {
    let word = word.trim_matches(['.', ',']);
    word.len() > 1 && word.chars().all(|c| c.is_ascii_alphabetic())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    const MAIL: &[u8] = b"From: Ana <ana@example.org>\nMessage-ID: <1@x>\nReferences: <a@x>\n <b@x>\n\
        Date: Tue, 1 Jan 2002\n 10:00:00 +0000\nSubject: <b>\n\nSee you at the pier <tomorrow>\n\xff\n";

    #[test]
    fn a_copy_has_its_own_ids_and_the_first_keeps_them() {
        let date: Timestamp = "2024-05-06T07:08:09Z".parse().unwrap();
        let copy = renewed(MAIL, 3, date);
        let text = String::from_utf8_lossy(&copy);
        assert!(text.contains("Message-ID: <3.1@x>\nReferences: <3.a@x>\n <3.b@x>\n"), "{text}");
        assert!(text.contains("Date: Mon, 06 May 2024 07:08:09 +0000\nSubject: <b>\n"), "{text}");
        assert!(copy.ends_with(b"See you at the pier <tomorrow>\n\xff\n"));
        let first = renewed(MAIL, 0, date);
        assert!(String::from_utf8_lossy(&first).contains("Message-ID: <1@x>"));
    }

    #[test]
    fn a_mail_without_a_date_gets_one() {
        let date: Timestamp = "2024-05-06T07:08:09Z".parse().unwrap();
        assert_eq!(renewed(b"Subject: a\n\nb\n", 0, date), b"Subject: a\nDate: Mon, 06 May 2024 07:08:09 +0000\n\nb\n");
        assert_eq!(renewed(b"", 0, date), b"");
    }

    #[test]
    fn samples_are_words_of_plain_text() {
        let found =
            sample(b"From: \"Ana\" <Ana7@example.org>\nSubject: x\n\nHi,\nplease read the second report, then call\n");
        assert_eq!(found.from.as_deref(), Some("ana7"));
        assert_eq!(found.words, ["please", "read", "the", "second", "report", "then", "call"]);
        assert!(sample(b"").words.is_empty());
        assert!(sample(b"Content-Type: multipart/mixed\n\none two three four five six\n").words.is_empty());
    }
}
