//! Mail by the thousand, seeded: the shape of a real mailbox for tests and measurements.
//!
//! Words by Zipf's law, sizes log-normal with a median near 7 KB, threads with References, about
//! 30 % with HTML, 8 % with an attachment, and a share of Chinese, Japanese, Russian, Arabic and
//! Hebrew. The same seed gives the same bytes.

use std::fmt::Write as _;

use base64::{Engine, engine::general_purpose::STANDARD};
use inlet_model::Timestamp;

use crate::rng::Rng;

const PEOPLE: &[(&str, &str)] = &[
    ("Anna Berg", "anna"),
    ("Bo Lindqvist", "bo"),
    ("Chiara Conti", "chiara"),
    ("Dmitri Volkov", "dmitri"),
    ("Élodie Martin", "elodie"),
    ("Farid Haddad", "farid"),
    ("Grace O'Neill", "grace"),
    ("藤本 春", "haru"),
    ("Ирина Соколова", "irina"),
    ("יעל לוי", "yael"),
    ("Jörg Müller", "joerg"),
    ("王小明", "xiaoming"),
];
const SYLLABLES: &[&str] = &[
    "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "we", "xi", "yo",
    "zu", "st", "pr", "tion", "ment", "er", "ing",
];
const COMMON: &[&str] = &[
    "the", "to", "and", "of", "a", "in", "you", "for", "is", "that", "we", "on", "it", "with", "meeting", "please",
    "report", "invoice", "tomorrow", "deadline", "review", "draft", "budget", "contract", "project", "team",
    "question", "answer", "thanks", "update",
];
const OTHER_SCRIPTS: &[&[&str]] = &[
    &["会议", "报告", "明天", "请", "确认", "合同", "项目", "预算", "谢谢", "文件"],
    &["会議", "資料", "お願いします", "明日", "確認", "ありがとう", "予定", "契約"],
    &["встреча", "отчёт", "завтра", "пожалуйста", "договор", "бюджет", "спасибо", "проект"],
    &["اجتماع", "تقرير", "غدا", "من فضلك", "عقد", "ميزانية", "شكرا", "مشروع"],
    &["פגישה", "דוח", "מחר", "בבקשה", "חוזה", "תקציב", "תודה", "פרויקט"],
];

/// One generated mail.
#[derive(Clone, Debug)]
pub struct GeneratedMail {
    /// The message, CRLF line ends.
    pub raw: Vec<u8>,
    /// Message-ID without angle brackets.
    pub message_id: String,
    /// The Message-IDs of its thread so far, oldest first.
    pub references: Vec<String>,
    /// Subject, decoded.
    pub subject: String,
    /// The `Date` header.
    pub date: Timestamp,
    /// It has an attachment.
    pub attachment: bool,
}

struct Thread {
    subject: String,
    ids: Vec<String>,
}

/// A generator of mail; an endless iterator.
pub struct MailGen {
    rng: Rng,
    seed: u64,
    count: u64,
    owner: String,
    /// The first mail is this old, every next one a little younger.
    at: Timestamp,
    words: Vec<String>,
    weights: Vec<f64>,
    threads: Vec<Thread>,
}

impl MailGen {
    /// Mail to `owner`, the first one dated `start`.
    pub fn new(seed: u64, owner: &str, start: Timestamp) -> Self {
        let mut rng = Rng::new(seed);
        let mut words: Vec<String> = COMMON.iter().map(|word| (*word).to_owned()).collect();
        while words.len() < 20_000 {
            let syllables = 2 + rng.below(3);
            words.push((0..syllables).map(|_| rng.pick(SYLLABLES)).collect());
        }
        let mut sum = 0.0;
        let weights = (0..words.len())
            .map(|rank| {
                sum += 1.0 / (rank as f64 + 2.7);
                sum
            })
            .collect();
        Self { rng, seed, count: 0, owner: owner.into(), at: start, words, weights, threads: Vec::new() }
    }

    fn word(&mut self) -> String {
        let at = self.rng.unit() * self.weights[self.weights.len() - 1];
        self.words[self.weights.partition_point(|sum| *sum < at).min(self.words.len() - 1)].clone()
    }

    fn sentence(&mut self, other: Option<&[&'static str]>, words: usize) -> String {
        (0..words)
            .map(|_| match other {
                Some(list) if self.rng.chance(0.7) => self.rng.pick(list).to_owned(),
                _ => self.word(),
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The next mail.
    pub fn mail(&mut self) -> GeneratedMail {
        self.count += 1;
        self.at += jiff::SignedDuration::from_secs(30 + self.rng.below(3600) as i64);
        let date = self.at;
        let other = self.rng.chance(0.12).then(|| OTHER_SCRIPTS[self.rng.below(OTHER_SCRIPTS.len())]);
        let message_id = format!("{:x}.{:x}@gen.inlet.test", self.seed, self.count);

        let answers = !self.threads.is_empty() && self.rng.chance(0.45);
        let thread = if answers {
            let newest = self.threads.len();
            newest - 1 - self.rng.below(newest.min(40))
        } else {
            let words = 2 + self.rng.below(6);
            let subject = self.sentence(other, words);
            self.threads.push(Thread { subject, ids: Vec::new() });
            self.threads.len() - 1
        };
        let references = self.threads[thread].ids.clone();
        let subject = match references.is_empty() {
            true => self.threads[thread].subject.clone(),
            false => format!("Re: {}", self.threads[thread].subject),
        };
        if self.threads[thread].ids.len() < 30 {
            self.threads[thread].ids.push(message_id.clone());
        }

        let mut raw = String::new();
        let (name, local) = PEOPLE[self.rng.below(PEOPLE.len())];
        let _ = write!(raw, "From: {} <{local}@example.org>\r\nTo: {}\r\n", encoded(name), self.owner);
        if self.rng.chance(0.2) {
            let (name, local) = PEOPLE[self.rng.below(PEOPLE.len())];
            let _ = write!(raw, "Cc: {} <{local}@example.com>\r\n", encoded(name));
        }
        let _ =
            write!(raw, "Subject: {}\r\nDate: {}\r\n", encoded(&subject), date.strftime("%a, %d %b %Y %H:%M:%S +0000"));
        let _ = write!(raw, "Message-ID: <{message_id}>\r\n");
        if let Some(parent) = references.last() {
            let list = references.iter().map(|id| format!("<{id}>")).collect::<Vec<_>>().join("\r\n ");
            let _ = write!(raw, "In-Reply-To: <{parent}>\r\nReferences: {list}\r\n");
        }
        raw.push_str("MIME-Version: 1.0\r\n");

        // A third of the bytes is structure and HTML, so the text's own median is a little lower.
        let size = (8.35 + 1.0 * self.rng.normal()).exp().clamp(40.0, 400_000.0) as usize;
        let text = self.text(other, size);
        let html = self.rng.chance(0.3);
        let attachment = self.rng.chance(0.08);
        let body = match html {
            true => alternative(&text, &message_id),
            false => text_part("text/plain", &text),
        };
        if attachment {
            let (name, mime) =
                [("report.pdf", "application/pdf"), ("photo.png", "image/png"), ("заметки.txt", "text/plain")]
                    [self.rng.below(3)];
            let bytes: Vec<u8> = (0..200 + self.rng.below(20_000)).map(|_| self.rng.bits() as u8).collect();
            let _ = write!(
                raw,
                "Content-Type: multipart/mixed; boundary=\"mix-{c}\"\r\n\r\n--mix-{c}\r\n{body}\r\n--mix-{c}\r\n\
                 Content-Type: {mime}; name=\"{n}\"\r\nContent-Disposition: attachment; filename=\"{n}\"\r\n\
                 Content-Transfer-Encoding: base64\r\n\r\n{data}--mix-{c}--\r\n",
                c = self.count,
                n = encoded(name),
                data = base64_lines(&bytes),
            );
        } else {
            raw.push_str(&body);
        }
        GeneratedMail { raw: raw.into_bytes(), message_id, references, subject, date, attachment }
    }

    fn text(&mut self, other: Option<&[&'static str]>, size: usize) -> String {
        let mut text = String::with_capacity(size + 80);
        while text.len() < size {
            let words = 6 + self.rng.below(14);
            let mut line = self.sentence(other, words);
            if line.len() > 900 {
                line = line.chars().take(300).collect();
            }
            text.push_str(&line);
            text.push_str(if self.rng.chance(0.2) { ".\r\n\r\n" } else { ".\r\n" });
        }
        text
    }
}

impl Iterator for MailGen {
    type Item = GeneratedMail;

    fn next(&mut self) -> Option<GeneratedMail> {
        Some(self.mail())
    }
}

/// Header text; encoded words (RFC 2047) where it is not ASCII.
fn encoded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut words = Vec::new();
    let mut chunk = String::new();
    for c in text.chars() {
        if chunk.len() + c.len_utf8() > 42 {
            words.push(std::mem::take(&mut chunk));
        }
        chunk.push(c);
    }
    words.push(chunk);
    words.iter().map(|word| format!("=?utf-8?B?{}?=", STANDARD.encode(word))).collect::<Vec<_>>().join("\r\n ")
}

fn base64_lines(bytes: &[u8]) -> String {
    let text = STANDARD.encode(bytes);
    text.as_bytes().chunks(76).fold(String::with_capacity(text.len() + text.len() / 30), |mut out, line| {
        out.push_str(std::str::from_utf8(line).expect("base64 is ASCII"));
        out.push_str("\r\n");
        out
    })
}

fn text_part(mime: &str, text: &str) -> String {
    if text.is_ascii() {
        format!("Content-Type: {mime}; charset=us-ascii\r\n\r\n{text}")
    } else {
        format!(
            "Content-Type: {mime}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
            base64_lines(text.as_bytes())
        )
    }
}

fn alternative(text: &str, id: &str) -> String {
    let html = format!("<html><body><p>{}</p></body></html>", text.replace("\r\n\r\n", "</p>\r\n<p>"));
    let boundary = format!("alt-{}", id.replace('@', "-"));
    format!(
        "Content-Type: multipart/alternative; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n{}\r\n--{boundary}\r\n{}\r\n\
         --{boundary}--\r\n",
        text_part("text/plain", text),
        text_part("text/html", &html),
    )
}
