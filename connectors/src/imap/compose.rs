//! From what the person wrote to the bytes that are submitted.
//!
//! The bytes are made once, when the mail is queued, and are the same for the same input: what is
//! retried must not change, and a crash between two attempts must not make a second mail. So the
//! date, the Message-ID and even the boundaries come from the input.
//!
//! What stands in a header has gone through [`one_line`]: a name or a subject cannot begin a header
//! of its own.

use inlet_model::{
    Displayed, ImapConfig, OpKey, Outgoing, OutgoingAttachment, Party, ReplyTo, Result, SourceError, Submission, Tells,
    item::PASSED,
};
use mail_builder::{
    MessageBuilder,
    headers::{address::Address, content_type::ContentType, date::Date, message_id::MessageId, raw::Raw},
    mime::{BodyPart, MimePart},
};
use sha2::{Digest, Sha256};

use super::mime_text::html_to_text;

/// Largest mail in bytes as it is sent: what most providers take.
pub(crate) const MAX_SIZE: usize = 25_000_000;
/// Message-IDs in `References`: the first and the newest are kept.
const MAX_REFERENCES: usize = 40;
const MAX_TEXT: usize = 1 << 20;

/// Composes a mail. No I/O.
///
/// # Errors
/// [`SourceError::Permanent`] with a sentence: nobody to send it to, an address no server would
/// take, or more bytes than one will.
pub(crate) fn compose(config: &ImapConfig, key: &OpKey, outgoing: &Outgoing) -> Result<Submission> {
    let own = Party { name: config.display_name.clone(), handle: config.address.clone() };
    compose_up_to(MAX_SIZE, &own, key, outgoing)
}

/// Composes a mail of at most so many bytes; `own` is who sends it when the message does not say. No I/O.
///
/// # Errors
/// As [`compose`].
pub(crate) fn compose_up_to(largest: usize, own: &Party, key: &OpKey, outgoing: &Outgoing) -> Result<Submission> {
    let from = mailbox(outgoing.from.as_ref().unwrap_or(own))?;
    let (to, cc, bcc) = (mailboxes(&outgoing.to)?, mailboxes(&outgoing.cc)?, mailboxes(&outgoing.bcc)?);
    let mut recipients: Vec<String> = Vec::new();
    for recipient in to.iter().chain(&cc).chain(&bcc) {
        if !recipients.iter().any(|known| known.eq_ignore_ascii_case(&recipient.handle)) {
            recipients.push(recipient.handle.clone());
        }
    }
    if recipients.is_empty() {
        return Err(permanent("This message has no recipient: add at least one address."));
    }
    let raw = written(largest, key, outgoing, &from, [&to, &cc, &[]])?;
    let notify = outgoing.receipt.then(|| envelope_id(&key.0)).flatten();
    let tells = outgoing.displayed.as_ref().map(|displayed| Tells { of: displayed.target.clone() });
    Ok(Submission { from: from.handle, to: recipients, raw, answers: None, draft: None, notify, tells })
}

/// The Message-ID as the name of the envelope (RFC 3461 §4.4), where it can be written down as it is.
fn envelope_id(key: &str) -> Option<String> {
    let plain = key.len() <= 100 && key.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '+' | '='));
    plain.then(|| key.to_owned())
}

/// The bytes of a draft: what would be sent, with the blind copies, which are written down nowhere
/// else. What is no address yet stays out of it. No I/O.
///
/// # Errors
/// [`SourceError::Permanent`] with a sentence: more bytes than a server will take.
pub(crate) fn draft(config: &ImapConfig, key: &OpKey, outgoing: &Outgoing) -> Result<Vec<u8>> {
    let own = Party { name: config.display_name.clone(), handle: config.address.clone() };
    draft_up_to(MAX_SIZE, &own, key, outgoing)
}

/// As [`draft`], of at most so many bytes; `own` is who writes it when the message does not say. No I/O.
///
/// # Errors
/// As [`draft`].
pub(crate) fn draft_up_to(largest: usize, own: &Party, key: &OpKey, outgoing: &Outgoing) -> Result<Vec<u8>> {
    let from = mailbox(outgoing.from.as_ref().unwrap_or(own))?;
    let able = |parties: &[Party]| parties.iter().filter_map(|party| mailbox(party).ok()).collect::<Vec<_>>();
    let (to, cc, bcc) = (able(&outgoing.to), able(&outgoing.cc), able(&outgoing.bcc));
    written(largest, key, outgoing, &from, [&to, &cc, &bcc])
}

fn written(
    largest: usize,
    key: &OpKey,
    outgoing: &Outgoing,
    from: &Party,
    [to, cc, bcc]: [&[Party]; 3],
) -> Result<Vec<u8>> {
    // Base64 makes four bytes of three; what cannot fit need not be built.
    let attached: usize = outgoing.attachments.iter().map(|file| file.data.len() / 57 * 78).sum();
    if attached > largest {
        return Err(too_large(attached, largest));
    }

    let mut message = MessageBuilder::new()
        .from(address(from))
        .subject(one_line(&outgoing.subject))
        .date(Date::new(outgoing.date.as_second()))
        .message_id(message_id(&key.0));
    if !to.is_empty() {
        message = message.to(list(to));
    }
    if !cc.is_empty() {
        message = message.cc(list(cc));
    }
    if !bcc.is_empty() {
        message = message.bcc(list(bcc));
    }
    if let Some(reply) = &outgoing.reply_to {
        let references = references(reply);
        if let Some(parent) = reply.message_id.as_deref().map(message_id).filter(|id| !id.is_empty()) {
            message = message.in_reply_to(parent);
        }
        if !references.is_empty() {
            message = message.references(MessageId::new_list(references.into_iter()));
        }
    }
    if outgoing.receipt {
        message = message.header("Disposition-Notification-To", address(from));
    }
    if let Some(automatic) = &outgoing.automatic {
        let word = if automatic.reply { "auto-replied" } else { "auto-generated" };
        message = message.header("Auto-Submitted", Raw::new(word));
        // Exchange would answer an answer with a note of absence (MS-OXCMAIL 2.2.3.2.14).
        message = message.header("X-Auto-Response-Suppress", Raw::new("All"));
        if !automatic.passed.is_empty() {
            message = message.header(PASSED, Raw::new(one_line(&automatic.passed.join(" "))));
        }
    }
    let raw = message
        .body(match &outgoing.displayed {
            Some(displayed) => notification(outgoing, displayed, from, &Boundaries::new(key)),
            None => body(outgoing, &Boundaries::new(key)),
        })
        .write_to_vec()
        .map_err(|_| permanent("This message could not be written down: remove its attachments and try again."))?;
    if raw.len() > largest {
        return Err(too_large(raw.len(), largest));
    }
    Ok(raw)
}

fn permanent(sentence: &str) -> SourceError {
    SourceError::Permanent(sentence.to_owned())
}

fn too_large(bytes: usize, largest: usize) -> SourceError {
    SourceError::Permanent(format!(
        "This message is {} MB and mail servers take {} MB: send fewer or smaller files, or a link to them.",
        bytes.div_ceil(1_000_000),
        largest / 1_000_000
    ))
}

/// Text for one header field: line breaks and control characters become spaces.
fn one_line(text: &str) -> String {
    let spaced: String =
        text.chars().map(|c| if c.is_control() || c == '\u{2028}' || c == '\u{2029}' { ' ' } else { c }).collect();
    spaced.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A Message-ID that can stand between angle brackets.
fn message_id(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>')).take(250).collect()
}

fn references(reply: &ReplyTo) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for id in reply.references.iter().chain(&reply.message_id).map(|id| message_id(id)) {
        if !id.is_empty() {
            // The parent comes last, wherever else it was named.
            ids.retain(|known| *known != id);
            ids.push(id);
        }
    }
    if ids.len() > MAX_REFERENCES {
        ids.drain(1..=ids.len() - MAX_REFERENCES);
    }
    ids
}

fn mailboxes(parties: &[Party]) -> Result<Vec<Party>> {
    parties.iter().map(mailbox).collect()
}

/// A party with an address a server takes: the domain in ASCII (RFC 5890), the rest as it is.
fn mailbox(party: &Party) -> Result<Party> {
    let handle = party.handle.trim();
    let malformed = || permanent("One of the addresses is not a mail address: it needs the form name@example.org.");
    let (local, domain) = handle.rsplit_once('@').ok_or_else(malformed)?;
    if !local.is_ascii() {
        return Err(permanent(
            "One of the addresses has letters before the @ that mail servers cannot be relied on to deliver to: \
             ask for another address.",
        ));
    }
    let dot_atom = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
    let quoted = local.len() > 2
        && local
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .is_some_and(|inner| inner.chars().all(|c| matches!(c, ' '..='~') && !matches!(c, '"' | '\\')));
    if local.is_empty() || local.len() > 64 || !(local.chars().all(dot_atom) || quoted) {
        return Err(malformed());
    }
    let domain = match domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(literal) if literal.parse::<std::net::Ipv4Addr>().is_ok() => domain.to_owned(),
        _ => idna::domain_to_ascii_strict(domain).map_err(|_| malformed())?,
    };
    if domain.is_empty() || domain.len() > 253 {
        return Err(malformed());
    }
    let name = party.name.as_deref().map(one_line).filter(|name| !name.is_empty());
    Ok(Party { name, handle: format!("{local}@{domain}") })
}

fn address(party: &Party) -> Address<'static> {
    Address::new_address(party.name.clone(), party.handle.clone())
}

fn list(parties: &[Party]) -> Address<'static> {
    Address::new_list(parties.iter().map(address).collect())
}

/// Boundaries that are the same for the same mail and that no other mail has.
struct Boundaries(String);

impl Boundaries {
    fn new(key: &OpKey) -> Self {
        Self(Sha256::digest(key.0.as_bytes()).iter().take(12).map(|byte| format!("{byte:02x}")).collect())
    }

    fn named(&self, kind: &str) -> String {
        format!("=_{kind}_{}", self.0)
    }

    fn multipart(&self, kind: &str, parts: Vec<MimePart<'static>>) -> MimePart<'static> {
        MimePart::new(ContentType::new(format!("multipart/{kind}")).attribute("boundary", self.named(kind)), parts)
    }
}

fn body(outgoing: &Outgoing, boundaries: &Boundaries) -> MimePart<'static> {
    let reply = outgoing.reply_to.as_ref();
    let written = match &outgoing.html {
        Some(html) if outgoing.text.trim().is_empty() => html_to_text(html, MAX_TEXT),
        _ => outgoing.text.clone(),
    };
    let text = MimePart::new("text/plain", BodyPart::Text(crlf(&with_quote(&written, reply)).into()));
    let (images, files): (Vec<_>, Vec<_>) =
        outgoing.attachments.iter().partition(|file| outgoing.html.is_some() && file.content_id.is_some());
    let shown = match (&outgoing.calendar, &outgoing.html) {
        (Some(calendar), _) => boundaries.multipart("alternative", vec![text, answer(calendar)]),
        (None, None) => text,
        (None, Some(html)) => {
            let html = MimePart::new("text/html", BodyPart::Text(crlf(&with_html_quote(html, reply)).into()));
            let html = if images.is_empty() {
                html
            } else {
                let mut parts = vec![html];
                parts.extend(images.into_iter().map(|image| attachment(image, true)));
                boundaries.multipart("related", parts)
            };
            boundaries.multipart("alternative", vec![text, html])
        }
    };
    if files.is_empty() {
        return shown;
    }
    let mut parts = vec![shown];
    parts.extend(files.into_iter().map(|file| attachment(file, false)));
    boundaries.multipart("mixed", parts)
}

/// That a mail was read, in words and for programs (RFC 8098 §3).
fn notification(
    outgoing: &Outgoing,
    displayed: &Displayed,
    from: &Party,
    boundaries: &Boundaries,
) -> MimePart<'static> {
    let mut fields = format!("Reporting-UA: Inlet\r\nFinal-Recipient: rfc822;{}\r\n", from.handle);
    if let Some(id) = displayed.message_id.as_deref().map(message_id).filter(|id| !id.is_empty()) {
        fields.push_str(&format!("Original-Message-ID: <{id}>\r\n"));
    }
    fields.push_str("Disposition: manual-action/MDN-sent-manually; displayed\r\n");
    let text = MimePart::new("text/plain", BodyPart::Text(crlf(&outgoing.text).into()));
    let told = MimePart::new("message/disposition-notification", BodyPart::Text(fields.into()));
    let kind = ContentType::new("multipart/report").attribute("report-type", "disposition-notification");
    MimePart::new(kind.attribute("boundary", boundaries.named("report")), vec![text, told.transfer_encoding("7bit")])
}

/// An answer to an invitation (RFC 6047 §2.4): the method stands beside the type, as in the text itself.
fn answer(calendar: &str) -> MimePart<'static> {
    MimePart::new(
        ContentType::new("text/calendar").attribute("method", "REPLY").attribute("charset", "utf-8"),
        BodyPart::Text(crlf(calendar).into()),
    )
}

/// A file, in base64 whatever it is: a text file comes out as it went in, to the byte.
fn attachment(file: &OutgoingAttachment, inline: bool) -> MimePart<'static> {
    let name = one_line(&file.name.replace(['/', '\\'], "_"));
    let name = if name.is_empty() { "attachment".to_owned() } else { name };
    let disposition = if inline { "inline" } else { "attachment" };
    let mut part = MimePart::new(
        ContentType::new(media_type(&file.mime)).attribute("name", name.clone()),
        BodyPart::Text(base64_lines(&file.data).into()),
    )
    .header("Content-Disposition", ContentType::new(disposition).attribute("filename", name))
    .transfer_encoding("base64");
    if let Some(id) = file.content_id.as_deref().map(message_id).filter(|id| !id.is_empty()) {
        part = part.cid(id);
    }
    part
}

/// A media type a part in base64 can have: RFC 2046 §5 forbids it for messages and multiparts.
fn media_type(mime: &str) -> String {
    let token =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c));
    let mime = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match mime.split_once('/') {
        Some((main, sub)) if token(main) && token(sub) && !matches!(main, "message" | "multipart") => mime,
        _ => "application/octet-stream".to_owned(),
    }
}

fn base64_lines(bytes: &[u8]) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    let mut out = String::with_capacity(bytes.len() / 57 * 78 + 80);
    for line in bytes.chunks(57) {
        STANDARD.encode_string(line, &mut out);
        out.push_str("\r\n");
    }
    out
}

/// Line ends as mail has them, and none within a line.
fn crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "").replace('\n', "\r\n")
}

fn attribution(reply: &ReplyTo) -> String {
    let author = reply.author.as_ref().map(|author| one_line(author.label())).filter(|name| !name.is_empty());
    let at = reply.at.map(|at| at.strftime("%a, %-d %b %Y at %H:%M UTC").to_string());
    match (at, author) {
        (Some(at), Some(author)) => format!("On {at}, {author} wrote:"),
        (None, Some(author)) => format!("{author} wrote:"),
        (Some(at), None) => format!("Written on {at}:"),
        (None, None) => "Earlier message:".to_owned(),
    }
}

fn with_quote(text: &str, reply: Option<&ReplyTo>) -> String {
    let mut out = text.trim_end().to_owned();
    out.push('\n');
    if let Some((reply, quote)) = reply.and_then(|reply| Some((reply, reply.quote_text.as_deref()?))) {
        out.push('\n');
        out.push_str(&attribution(reply));
        out.push('\n');
        for line in quote.trim_end().lines() {
            out.push('>');
            // RFC 3676 §4.5: quotes of quotes stand close together.
            if !line.is_empty() && !line.starts_with('>') {
                out.push(' ');
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
    out
}

fn with_html_quote(html: &str, reply: Option<&ReplyTo>) -> String {
    let quote = reply.and_then(|reply| match (&reply.quote_html, &reply.quote_text) {
        (Some(html), _) => Some((reply, html.clone())),
        (None, Some(text)) => Some((reply, format!("<div style=\"white-space:pre-wrap\">{}</div>", escape(text)))),
        (None, None) => None,
    });
    match quote {
        None => html.to_owned(),
        Some((reply, quote)) => format!(
            "{html}\n<p>{}</p>\n<blockquote type=\"cite\" style=\"margin:0 0 0 .8ex;border-left:1px solid #ccc;\
             padding-left:1ex\">\n{quote}\n</blockquote>\n",
            escape(&attribution(reply))
        ),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
#[path = "compose_tests.rs"]
mod tests;
