//! From the bytes of a mail to a [`UnifiedEmail`].
//!
//! Two ways in: a message that was fetched whole ([`parse_whole`]), and one of which only the
//! header and the text parts were fetched because it is large ([`parse_partial`]). Both end in the
//! same item. Whatever a stranger sends, there is an item in the end: what cannot be read is shown
//! as text with a note for the reader, and the raw message is kept.

use std::panic::{AssertUnwindSafe, catch_unwind};

use inlet_model::{
    AttachmentInfo, MailMeta, Party, UnifiedEmail,
    item::PASSED,
    mime::{Body, Encoding, Fields, Part, Tree, charset, unflow},
    report::{self, Report},
};
use sha2::{Digest, Sha256};

use super::mime_text::{cut, html_to_text};

/// Longest text kept of one mail, in bytes.
pub(crate) const MAX_TEXT: usize = 1 << 20;
const MAX_SUBJECT: usize = 2_000;
const MAX_ATTACHMENTS: usize = 1_000;
const MAX_CALENDARS: usize = 8;
const MAX_CALENDAR: usize = 256 * 1024;

const NOTE_TRUNCATED: &str = "This message has more parts or header lines than Inlet shows; save it to see all of it.";
const NOTE_UNREADABLE: &str =
    "This message could not be read; its beginning is shown as it came, and you can save it whole.";
const NOTE_LONG: &str = "This message is long; only the beginning of its text is shown, and you can save it whole.";
const NOTE_SENDERS: &str =
    "This message names its sender twice, as forged mail does; do not trust who it says it is from.";

/// A text part of a message that was not fetched whole.
#[derive(Clone, Debug, Default)]
pub(crate) struct TextPart {
    /// Media type, such as `text/html` or `text/calendar`.
    pub(crate) mime: String,
    /// `charset` of the media type.
    pub(crate) charset: Option<String>,
    /// `format=flowed` (RFC 3676), and whether `delsp=yes`.
    pub(crate) flowed: Option<bool>,
    /// How the bytes are encoded.
    pub(crate) encoding: Encoding,
    /// The bytes as they were sent.
    pub(crate) bytes: Vec<u8>,
    /// All of them are here.
    pub(crate) complete: bool,
}

impl TextPart {
    fn text(&self) -> String {
        let text = charset(&self.encoding.decode(&self.bytes), self.charset.as_deref());
        match self.flowed {
            Some(delsp) if self.mime.eq_ignore_ascii_case("text/plain") => unflow(&text, delsp),
            _ => text,
        }
    }
}

/// A message that was fetched whole. `own` are the addresses of the account.
///
/// The caller adds what only the server knows: remote id, flags, time of arrival, labels.
pub(crate) fn parse_whole(raw: Vec<u8>, own: &[String]) -> UnifiedEmail {
    kept(raw, |raw| whole(raw, own))
}

/// The message with its bytes, whatever comes of reading them: the field parsers are not ours, and a mail that trips
/// one of them must not end the sync.
fn kept(raw: Vec<u8>, read: impl FnOnce(&[u8]) -> UnifiedEmail) -> UnifiedEmail {
    let mut mail = catch_unwind(AssertUnwindSafe(|| read(&raw))).unwrap_or_else(|_| unreadable(&raw));
    mail.size = raw.len() as u64;
    mail.stable_id = digest_id(&mail);
    mail.raw = Some(raw);
    mail
}

/// A message of which only the header, the text parts and the list of attachments were fetched.
///
/// The caller adds the size and then [`digest_id`], beside what only the server knows.
pub(crate) fn parse_partial(
    header: &[u8],
    text_parts: &[TextPart],
    attachments: Vec<AttachmentInfo>,
    own: &[String],
) -> UnifiedEmail {
    let mut mail =
        catch_unwind(AssertUnwindSafe(|| envelope(&Fields::parse(header), own))).unwrap_or_else(|_| unreadable(header));
    let of = |mime: &'static str| text_parts.iter().filter(move |part| part.mime.eq_ignore_ascii_case(mime));
    let html = of("text/html").map(TextPart::text).collect::<Vec<_>>().join("\n");
    let mut text = Text::default();
    for part in of("text/plain") {
        text.push(&part.text());
    }
    if text.is_empty() && !html.is_empty() {
        text.push(&html_to_text(&html, MAX_TEXT));
    }
    mail.text = text.finish();
    mail.has_html = !html.is_empty();
    mail.html = Some(html).filter(|html| !html.is_empty());
    mail.meta.calendar = of("text/calendar").map(TextPart::text).take(MAX_CALENDARS).collect();
    mail.attachments = attachments;
    mail.head = Some(header.to_vec());
    if text_parts.iter().any(|part| !part.complete) {
        mail.meta.note.get_or_insert_with(|| NOTE_LONG.to_owned());
    }
    mail
}

/// The report in a large message, of which these parts were fetched: each its media type and its decoded bytes.
pub(crate) fn reported<'p>(header: &[u8], parts: impl Iterator<Item = (&'p str, Vec<u8>)>) -> Option<Report> {
    catch_unwind(AssertUnwindSafe(|| report::read_parts(header, parts))).unwrap_or_default()
}

/// Names a mail in whatever folder it lies, where the server has no such name: its Message-ID alone
/// will not do, because different mails are sent with one Message-ID. What says nothing of itself is
/// known by its text.
pub(crate) fn digest_id(mail: &UnifiedEmail) -> String {
    let mut digest = Sha256::new();
    let mut field = |text: &str| {
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text.as_bytes());
    };
    field(mail.message_id.as_deref().unwrap_or_default());
    field(&mail.date.map(|date| date.to_string()).unwrap_or_default());
    field(mail.from.first().map(|from| from.handle.as_str()).unwrap_or_default());
    field(&mail.subject);
    field(&mail.size.to_string());
    if mail.message_id.is_none() && mail.date.is_none() && mail.from.is_empty() && mail.subject.is_empty() {
        field(&mail.text);
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn whole(raw: &[u8], own: &[String]) -> UnifiedEmail {
    let tree = Tree::parse(raw);
    // Where lines stand and none of them is a field, all of it would be a header that says nothing.
    if tree.fields.is_empty() && !raw.is_empty() && !raw.starts_with(b"\n") && !raw.starts_with(b"\r\n") {
        return unreadable(raw);
    }
    let mut mail = envelope(&tree.fields, own);
    let body = tree.body();
    let parts = |list: &[usize]| list.iter().filter_map(|index| tree.parts.get(*index)).collect::<Vec<_>>();
    let is_html = |part: &&Part<'_>| part.mime == "text/html";

    let mut text = Text::default();
    for part in parts(&body.text) {
        if text.full() {
            break;
        }
        match part.mime.as_str() {
            "text/html" => text.push(&html_to_text(&part.text(), MAX_TEXT)),
            _ => text.push(&part.text()),
        }
    }
    // Some senders fill the plain alternative with nothing.
    if text.is_empty() {
        text = Text::default();
        for part in parts(&body.html).into_iter().filter(is_html) {
            text.push(&html_to_text(&part.text(), MAX_TEXT));
        }
    }
    mail.text = text.finish();
    mail.has_html = parts(&body.html).iter().any(is_html);
    mail.attachments = attachments(&tree, &body);
    mail.meta.calendar = tree
        .parts
        .iter()
        .filter(|part| matches!(part.mime.as_str(), "text/calendar" | "application/ics"))
        .take(MAX_CALENDARS)
        .map(|part| {
            let mut text = part.text();
            cut(&mut text, MAX_CALENDAR);
            text
        })
        .collect();
    mail.meta.report = report::read_tree(&tree);
    if tree.truncated || body.attachments.len() > MAX_ATTACHMENTS {
        mail.meta.note.get_or_insert_with(|| NOTE_TRUNCATED.to_owned());
    }
    mail
}

fn attachments(tree: &Tree<'_>, body: &Body) -> Vec<AttachmentInfo> {
    let list: Vec<&Part<'_>> =
        body.attachments.iter().filter_map(|index| tree.parts.get(*index)).take(MAX_ATTACHMENTS).collect();
    // An image may stand beside the HTML that shows it instead of in one multipart/related with it.
    let undecided = list.iter().any(|part| part.content_id.is_some() && part.disposition.is_none() && !part.inline());
    let html: String = if undecided {
        body.html
            .iter()
            .filter_map(|index| tree.parts.get(*index))
            .filter(|part| part.mime == "text/html")
            .map(Part::text)
            .collect()
    } else {
        String::new()
    };
    list.into_iter()
        .map(|part| AttachmentInfo {
            part: part.section.clone(),
            name: part.name.clone().unwrap_or_else(|| unnamed(part)),
            mime: part.mime.clone(),
            size: part.size(),
            content_id: part.content_id.clone(),
            inline: part.inline()
                || part.disposition.is_none()
                    && part.content_id.as_deref().is_some_and(|id| html.contains(&format!("cid:{id}"))),
            link: None,
            data: None,
        })
        .collect()
}

/// A name for a part that has none: an attached message is called by its subject.
fn unnamed(part: &Part<'_>) -> String {
    if part.is_message() {
        let head = part.bytes();
        let subject = Tree::parse(&head).fields.text("subject").filter(|subject| !subject.is_empty());
        return format!("{}.eml", subject.as_deref().unwrap_or("message").chars().take(80).collect::<String>());
    }
    name_for(&part.section, &part.mime)
}

/// A file name for a part of this type that was sent without one.
pub(crate) fn name_for(section: &str, mime: &str) -> String {
    let extension = match mime {
        "image/jpeg" => "jpg",
        "image/svg+xml" => "svg",
        "text/plain" => "txt",
        "text/calendar" | "application/ics" => "ics",
        "text/vcard" | "text/x-vcard" => "vcf",
        "application/pgp-signature" => "asc",
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => "p7s",
        "message/rfc822" | "message/global" => "eml",
        other => match other.split_once('/') {
            Some((_, sub)) if sub.len() <= 5 && sub.bytes().all(|byte| byte.is_ascii_alphanumeric()) => sub,
            _ => "bin",
        },
    };
    format!("attachment-{section}.{extension}")
}

/// Everything the header says.
fn envelope(fields: &Fields<'_>, own: &[String]) -> UnifiedEmail {
    let from = fields.addresses("from");
    let mut subject = fields.text("subject").unwrap_or_default();
    if subject.len() > MAX_SUBJECT {
        cut(&mut subject, MAX_SUBJECT - '…'.len_utf8());
        subject.push('…');
    }
    UnifiedEmail {
        message_id: fields.message_ids("message-id").into_iter().next(),
        in_reply_to: fields.message_ids("in-reply-to"),
        references: fields.message_ids("references"),
        from_me: from.iter().any(|party| is_own(party, own)),
        from,
        to: fields.addresses("to"),
        cc: fields.addresses("cc"),
        bcc: fields.addresses("bcc"),
        subject,
        date: fields.date("date"),
        meta: MailMeta {
            list_id: fields.verbatim("list-id"),
            list_unsubscribe: fields.verbatim("list-unsubscribe"),
            one_click_unsubscribe: fields
                .verbatim("list-unsubscribe-post")
                .is_some_and(|value| value.to_ascii_lowercase().contains("one-click")),
            automatic: is_automatic(fields),
            authentication_results: fields.verbatim("authentication-results"),
            important: is_important(fields),
            reply_to: fields.addresses("reply-to"),
            calendar: Vec::new(),
            answer: None,
            outdated: false,
            unasked: false,
            version: None,
            note: if fields.count("from") > 1 {
                Some(NOTE_SENDERS.to_owned())
            } else {
                fields.truncated.then(|| NOTE_TRUNCATED.to_owned())
            },
            passed: passed(fields),
            report: None,
            read_request: report::read_request(fields),
        },
        ..UnifiedEmail::default()
    }
}

fn is_own(party: &Party, own: &[String]) -> bool {
    own.iter().any(|address| address.to_lowercase() == party.handle.to_lowercase())
}

/// RFC 3834 §5, and `Precedence` as lists and robots have used it before there was that.
fn is_automatic(fields: &Fields<'_>) -> bool {
    let word = |name: &str| {
        fields.verbatim(name).map(|value| value.split([';', ' ']).next().unwrap_or_default().to_ascii_lowercase())
    };
    word("auto-submitted").is_some_and(|word| word != "no")
        || word("precedence").is_some_and(|word| matches!(word.as_str(), "bulk" | "list" | "junk"))
}

/// The marks of who has passed it on; a stranger may write as many as they like.
fn passed(fields: &Fields<'_>) -> Vec<String> {
    const MOST: usize = 32;
    let marks = fields.verbatim(PASSED).unwrap_or_default();
    let marks = marks.split_whitespace().filter(|mark| mark.len() <= 64);
    marks.take(MOST).map(str::to_owned).collect()
}

/// `Importance` (RFC 2156 §5.3.4), and what programs wrote before it: `X-Priority: 1`.
fn is_important(fields: &Fields<'_>) -> bool {
    let begins = |name: &str, with: &[&str]| {
        fields
            .verbatim(name)
            .is_some_and(|value| with.iter().any(|word| value.trim().to_ascii_lowercase().starts_with(word)))
    };
    begins("importance", &["high"]) || begins("x-priority", &["1", "2"])
}

fn unreadable(raw: &[u8]) -> UnifiedEmail {
    let beginning = raw.get(..64 * 1024).unwrap_or(raw);
    let mut text = Text::default();
    text.push(&String::from_utf8_lossy(beginning));
    UnifiedEmail {
        text: text.finish(),
        meta: MailMeta { note: Some(NOTE_UNREADABLE.to_owned()), ..MailMeta::default() },
        ..UnifiedEmail::default()
    }
}

/// The text of a body under construction.
#[derive(Default)]
struct Text(String);

impl Text {
    fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }

    fn full(&self) -> bool {
        self.0.len() >= MAX_TEXT
    }

    /// Appends a part: line feeds only, and no control characters.
    fn push(&mut self, text: &str) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next().filter(|_| !self.full()) {
            match c {
                '\r' if rest.peek() == Some(&'\n') => {}
                '\r' => self.0.push('\n'),
                '\n' | '\t' => self.0.push(c),
                c if c.is_control() => {}
                c => self.0.push(c),
            }
        }
    }

    fn finish(mut self) -> String {
        cut(&mut self.0, MAX_TEXT);
        self.0.truncate(self.0.trim_end().len());
        self.0
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
#[path = "mime_tests.rs"]
mod tests;
