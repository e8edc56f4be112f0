//! What a mail system or a reader reports about a mail of mine: a delivery status (RFC 3464) or a disposition
//! notification (RFC 8098), both in a `multipart/report` (RFC 6522).
//!
//! A report is a mail like any other and anybody can write one, so nothing here believes it: it says which mail it
//! names, whom it speaks of and what it says of them. Whether that mail is mine and whether I wrote to them is asked
//! where mails are kept. One thing is looked at already: that somebody has read a mail is theirs to say, so a
//! disposition counts for an address at the domain it was sent from and for no other.
//!
//! The fields of both are shaped as a header is, so the reader of headers reads them. Crates that parse reports were
//! looked for: those there are know feedback and DMARC reports and none of these.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    item::Party,
    mime::{Encoding, Fields, Tree, header},
};

/// People one report may speak of; a stranger may list thousands.
const MAX_CLAIMS: usize = 50;
/// Mails one report may name.
const MAX_NAMED: usize = 4;
/// Longest address (RFC 5321 §4.5.3.1, with room).
const MAX_ADDRESS: usize = 320;
/// What is kept of a server's own words, in characters.
const MAX_SAID: usize = 300;
/// What is looked at of each part, in bytes as they were sent: a returned mail may be as large as the one I sent.
pub const MAX_PART: usize = 256 * 1024;

/// What is reported of one recipient. The order is that of belief: a later word never takes a greater one back, and a
/// failure stays on top, because somebody has to do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Reported {
    /// It has not arrived yet, and is still being tried.
    Delayed,
    /// It was handed on to a server that reports nothing.
    Relayed,
    /// It is in their mailbox.
    Delivered,
    /// They deleted it without reading it.
    Deleted,
    /// It was shown to them.
    Read,
    /// It did not arrive, and is not tried again.
    Failed,
}

impl Reported {
    /// All of them, the least first.
    pub const ALL: [Self; 6] = [Self::Delayed, Self::Relayed, Self::Delivered, Self::Deleted, Self::Read, Self::Failed];

    /// The word for it, as it is written down.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delayed => "delayed",
            Self::Relayed => "relayed",
            Self::Delivered => "delivered",
            Self::Deleted => "deleted",
            Self::Read => "read",
            Self::Failed => "failed",
        }
    }

    /// The word of [`Self::as_str`] back.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reported| reported.as_str() == word)
    }
}

/// What a report says of one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The address, in lower case: the one that was written to where the report knows it, else where it went.
    pub recipient: String,
    /// Where it went in the end, where that is another address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also: Option<String>,
    /// What became of it.
    pub reported: Reported,
    /// The status code, such as `5.1.1` (RFC 3463).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// What the server said, in its own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
}

/// A report, as far as it could be understood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Message-IDs of the mail it is about.
    pub about: Vec<String>,
    /// What it says.
    pub claims: Vec<Claim>,
}

/// Somebody asks to be told that their mail was read (RFC 8098 §2.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadRequest {
    /// Who is to be told.
    pub to: Party,
    /// Where the mail came from by its envelope (`Return-Path`), where the server says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_path: Option<String>,
}

/// The request in a header. One that names several people, or wants what nobody here knows of, is none: it would have
/// to be answered with more than that the mail was read.
pub fn read_request(fields: &Fields<'_>) -> Option<ReadRequest> {
    let mut named = fields.addresses("disposition-notification-to").into_iter();
    let to = named.next().filter(|to| address(&to.handle).is_some())?;
    let options = fields.verbatim("disposition-notification-options").unwrap_or_default().to_ascii_lowercase();
    let one = named.all(|other| other.handle.eq_ignore_ascii_case(&to.handle));
    let return_path = fields.addresses("return-path").into_iter().next().map(|party| party.handle);
    (one && !options.contains("required")).then_some(ReadRequest { to, return_path })
}

/// A part of this type is one a report is read from.
pub fn is_told_in(mime: &str) -> bool {
    is_status(mime) || is_disposition(mime)
}

/// A part of this type names the mail a report is about.
pub fn is_returned(mime: &str) -> bool {
    matches!(mime, "text/rfc822-headers" | "message/global-headers" | "message/rfc822" | "message/global")
}

fn is_status(mime: &str) -> bool {
    matches!(mime, "message/delivery-status" | "message/global-delivery-status")
}

fn is_disposition(mime: &str) -> bool {
    matches!(mime, "message/disposition-notification" | "message/global-disposition-notification")
}

/// Reads the report in a whole message; `None` for a mail that is none, or says nothing.
pub fn read(raw: &[u8]) -> Option<Report> {
    read_tree(&Tree::parse(raw))
}

/// As [`read`], of a message that was taken apart.
pub fn read_tree(tree: &Tree<'_>) -> Option<Report> {
    let root = tree.parts.first()?;
    let parts = root.children.iter().filter_map(|index| tree.parts.get(*index));
    let parts = parts.map(|part| (part.mime.as_str(), sent(part.encoding, part.body)));
    if root.mime == "multipart/report" { assemble(&tree.fields, parts) } else { None }
}

/// As [`read`], of a message of which only the header and some parts were fetched: each its media type, and its
/// decoded bytes.
pub fn read_parts<'p>(head: &[u8], parts: impl Iterator<Item = (&'p str, Vec<u8>)>) -> Option<Report> {
    let tree = Tree::parse(head);
    let report = tree.parts.first().is_some_and(|root| root.mime == "multipart/report");
    if report { assemble(&tree.fields, parts) } else { None }
}

/// The beginning of a part, decoded.
fn sent(encoding: Encoding, body: &[u8]) -> Vec<u8> {
    encoding.decode(body.get(..MAX_PART).unwrap_or(body))
}

fn assemble<'p>(fields: &Fields<'_>, parts: impl Iterator<Item = (&'p str, Vec<u8>)>) -> Option<Report> {
    let from = fields.addresses("from").into_iter().next().map(|party| party.handle.to_lowercase());
    let mut report = Report::default();
    for (mime, bytes) in parts {
        if is_status(mime) {
            statuses(&bytes, &mut report);
        } else if is_disposition(mime) {
            dispositions(&bytes, from.as_deref(), &mut report);
        } else if is_returned(mime) {
            let head = header::split(&bytes).0;
            report.about.extend(Fields::parse(head).message_ids("message-id").into_iter().take(1));
        }
    }
    if report.about.is_empty() && !report.claims.is_empty() {
        // Whoever returns nothing of the mail may still answer it as a mail does.
        report.about.extend(fields.message_ids("in-reply-to"));
    }
    let mut seen = std::collections::HashSet::new();
    report.about.retain(|id| seen.insert(id.clone()));
    report.about.truncate(MAX_NAMED);
    (!report.about.is_empty() && !report.claims.is_empty()).then_some(report)
}

/// The groups of a delivery status (RFC 3464 §2.1): one about the message, then one for each recipient.
fn statuses(bytes: &[u8], report: &mut Report) {
    let mut rest = bytes;
    while !rest.is_empty() && report.claims.len() < MAX_CLAIMS {
        let (block, after) = header::split(rest);
        let fields = Fields::parse(block);
        report.about.extend(fields.message_ids("original-message-id").into_iter().take(1));
        // A mail that was asked for reports carries its Message-ID as the name of its envelope.
        report.about.extend(fields.message_ids("original-envelope-id").into_iter().take(1));
        report.claims.extend(status(&fields));
        rest = after;
    }
}

fn status(fields: &Fields<'_>) -> Option<Claim> {
    let action = fields.verbatim("action")?;
    let reported = match word(&action).as_str() {
        // RFC 3464 knows the first word only, and some write the other.
        "failed" | "failure" => Reported::Failed,
        "delayed" => Reported::Delayed,
        "delivered" => Reported::Delivered,
        "relayed" | "expanded" => Reported::Relayed,
        _ => return None,
    };
    let said = fields.text("diagnostic-code").map(|said| untyped(&said));
    let stated = fields.verbatim("status").as_deref().and_then(code);
    // Some say no more than that it failed, and leave why to the server's words.
    let vague = stated.as_deref().is_none_or(|code| code.ends_with(".0.0"));
    let spoken = said.as_deref().filter(|_| vague).and_then(code);
    let (recipient, also) = recipients(fields)?;
    let said = said.map(|said| said.chars().take(MAX_SAID).collect::<String>()).filter(|said| !said.is_empty());
    Some(Claim { recipient, also, reported, status: spoken.or(stated), said })
}

/// A disposition notification (RFC 8098 §3.1), which speaks of one recipient.
fn dispositions(bytes: &[u8], from: Option<&str>, report: &mut Report) {
    let fields = Fields::parse(header::split(bytes.trim_ascii_start()).0);
    report.about.extend(fields.message_ids("original-message-id").into_iter().take(1));
    let Some(disposition) = fields.verbatim("disposition") else { return };
    // `manual-action/MDN-sent-manually; displayed/error`
    let what = disposition.rsplit(';').next().unwrap_or_default();
    let reported = match word(what.split('/').next().unwrap_or_default()).as_str() {
        "displayed" => Reported::Read,
        "deleted" => Reported::Deleted,
        _ => return,
    };
    let Some((recipient, also)) = recipients(&fields) else { return };
    let theirs = |address: &String| from.is_some_and(|from| domain(from) == domain(address));
    let mut known = [Some(recipient), also].into_iter().flatten().filter(theirs);
    let Some(recipient) = known.next() else { return };
    if report.claims.len() < MAX_CLAIMS {
        report.claims.push(Claim { recipient, also: known.next(), reported, status: None, said: None });
    }
}

/// Who is spoken of: as they were written to, and where it went if that is somewhere else.
fn recipients(fields: &Fields<'_>) -> Option<(String, Option<String>)> {
    let address = |name: &str| fields.text(name).and_then(|value| address(&value));
    match (address("original-recipient"), address("final-recipient")) {
        (Some(original), last) => Some((original.clone(), last.filter(|last| *last != original))),
        (None, last) => last.map(|last| (last, None)),
    }
}

/// `rfc822; <Ann@Example.org>` as an address.
fn address(value: &str) -> Option<String> {
    let value = untyped(value);
    let bare = value.trim_start_matches('<').trim_end_matches('>').trim();
    let fit = bare.len() <= MAX_ADDRESS && !bare.contains(|c: char| c.is_whitespace() || c.is_control());
    let both = bare.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    (fit && both).then(|| bare.to_lowercase())
}

/// A value without the type before it (RFC 3464 §2.1.2).
fn untyped(value: &str) -> String {
    value.split_once(';').map_or(value, |(_, value)| value).trim().to_owned()
}

fn domain(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}

/// A keyword without the comment that may follow it.
fn word(text: &str) -> String {
    text.split(['(', ' ']).find(|word| !word.is_empty()).unwrap_or_default().trim().to_ascii_lowercase()
}

/// The first status code in a text, such as `5.1.1` (RFC 3463 §2).
fn code(text: &str) -> Option<String> {
    text.split(|c: char| !(c.is_ascii_digit() || c == '.')).find_map(|word| {
        let mut parts = word.trim_end_matches('.').split('.');
        let class = parts.next().filter(|class| matches!(*class, "2" | "4" | "5"))?;
        let number = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        let subject = parts.next().filter(|part| number(part))?;
        let detail = parts.next().filter(|part| number(part))?;
        parts.next().is_none().then(|| format!("{class}.{subject}.{detail}"))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
#[path = "report_tests.rs"]
mod tests;
