//! What a server said, in the plain types the rest of this folder works with.
//!
//! This is the one place that knows `imap-proto`'s types. They borrow from the buffer of the
//! connection, leave the escapes of quoted strings as they stand, and know a handful of response
//! codes; the others are read from the text here, because the decisions of this source hang on some
//! of them (THROTTLED, OVERQUOTA, NOMODSEQ).

use std::{borrow::Cow, ops::RangeInclusive};

use async_imap::imap_proto::{
    self, AttributeValue, Capability, MailboxDatum, MessageSection, NameAttribute, Outcome, ResponseCode, SectionPath,
    rfc4315::UidSetMember,
};

use super::structure::{self, Leaf};

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

/// The attributes of one FETCH response; what it did not tell is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Attributes {
    /// UID, never 0.
    pub(super) uid: Option<u32>,
    /// Flags and keywords.
    pub(super) flags: Option<Vec<String>>,
    /// RFC822.SIZE in bytes.
    pub(super) size: Option<u64>,
    /// INTERNALDATE as it is written (RFC 9051 §9, date-time).
    pub(super) internal_date: Option<String>,
    /// The parts of BODYSTRUCTURE.
    pub(super) structure: Option<Vec<Leaf>>,
    /// X-GM-MSGID.
    pub(super) gmail_message: Option<u64>,
    /// X-GM-THRID.
    pub(super) gmail_thread: Option<u64>,
    /// X-GM-LABELS.
    pub(super) labels: Option<Vec<String>>,
    /// EMAILID (RFC 8474 §5.1).
    pub(super) email_id: Option<String>,
    /// Content by section: ``, `HEADER`, `2.1`, `2.1.MIME`. Where a partial one begins is not told.
    sections: Vec<(String, Option<Vec<u8>>)>,
}

impl Attributes {
    /// The content of a section such as `1.2`, or of the whole message for an empty one; `None` for
    /// NIL as well.
    pub(super) fn section(&self, name: &str) -> Option<&[u8]> {
        self.sections.iter().find(|(key, _)| key == name)?.1.as_deref()
    }

    /// The server told of this section, be it NIL.
    pub(super) fn has_section(&self, name: &str) -> bool {
        self.sections.iter().any(|(key, _)| key == name)
    }

    /// The content of a section, taken out.
    pub(super) fn take_section(&mut self, name: &str) -> Option<Vec<u8>> {
        self.sections.iter_mut().find(|(key, _)| key == name)?.1.take()
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
pub(super) enum Answer {
    /// `+ …`: the server waits for more.
    Continue,
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
    /// Attributes of a message.
    Fetch(Box<Attributes>),
    /// Numbers found.
    Search(Vec<u32>),
    /// A mailbox.
    List(Listed),
    /// Something this source has no use for.
    Other,
}

impl From<&imap_proto::Response<'_>> for Answer {
    fn from(response: &imap_proto::Response<'_>) -> Self {
        use imap_proto::Response;

        match response {
            Response::Continue(_) => Self::Continue,
            Response::Done { tag, status, outcome } => Self::Done(tag.0.clone(), self::status(status, outcome)),
            Response::Data { status, outcome } => Self::Status(self::status(status, outcome)),
            // The parser takes `CAPABILITY` only with IMAP4rev1 in it, and `ENABLED` for the same thing.
            Response::Capabilities(found) if found.contains(&Capability::Imap4rev1) => {
                Self::Capability(found.iter().map(capability).collect())
            }
            Response::Capabilities(found) => Self::Enabled(found.iter().map(capability).collect()),
            Response::Expunge(number) => Self::Expunge(*number),
            Response::Vanished { earlier, uids } => Self::Vanished {
                earlier: *earlier,
                uids: uids
                    .iter()
                    .map(|range| *range.start().min(range.end())..=*range.end().max(range.start()))
                    .collect(),
            },
            Response::Fetch(_, values) => Self::Fetch(Box::new(attributes(values))),
            Response::MailboxData(MailboxDatum::Exists(count)) => Self::Exists(*count),
            Response::MailboxData(MailboxDatum::Search(found)) => Self::Search(found.clone()),
            Response::MailboxData(MailboxDatum::List(listed)) => Self::List(Listed {
                attributes: listed.name_attributes.iter().map(name_attribute).collect(),
                delimiter: listed.delimiter.as_deref().map(unescaped),
                name: unescaped(&listed.name),
            }),
            _ => Self::Other,
        }
    }
}

/// Words in upper case, as capabilities are compared.
pub(super) fn words(text: &str) -> Vec<String> {
    text.split_ascii_whitespace().map(str::to_ascii_uppercase).collect()
}

fn capability(capability: &Capability<'_>) -> String {
    match capability {
        Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
        Capability::Auth(mechanism) => format!("AUTH={}", mechanism.to_ascii_uppercase()),
        Capability::Atom(word) => word.to_ascii_uppercase(),
    }
}

/// A status with its code, whether the parser knows it or not.
fn status(status: &imap_proto::Status, outcome: &Outcome<'_>) -> Status {
    let kind = match status {
        imap_proto::Status::Ok => Kind::Ok,
        imap_proto::Status::No => Kind::No,
        imap_proto::Status::Bad => Kind::Bad,
        imap_proto::Status::PreAuth => Kind::PreAuth,
        imap_proto::Status::Bye => Kind::Bye,
    };
    let text = outcome.information.as_deref().unwrap_or_default();
    if let Some(known) = &outcome.code {
        return Status { kind, code: Some(code(known)), text: text.to_owned() };
    }
    if let Some(inner) = text.strip_prefix('[') {
        let mut quoted = false;
        let end = inner.char_indices().find(|(_, c)| {
            quoted ^= *c == '"';
            *c == ']' && !quoted
        });
        if let Some((code, text)) = end.and_then(|(end, _)| inner.split_at_checked(end)) {
            let text = text.strip_prefix(']').unwrap_or(text).trim_start();
            return Status { kind, code: Some(code.to_owned()), text: text.to_owned() };
        }
    }
    Status { kind, code: None, text: text.to_owned() }
}

/// A code the parser knows, as it is written. Of those nobody here asks for the word does.
fn code(code: &ResponseCode<'_>) -> String {
    match code {
        ResponseCode::Alert => "ALERT".to_owned(),
        ResponseCode::Capabilities(found) => {
            let found: Vec<_> = found.iter().map(capability).collect();
            format!("CAPABILITY {}", found.join(" "))
        }
        ResponseCode::HighestModSeq(modseq) => format!("HIGHESTMODSEQ {modseq}"),
        ResponseCode::UidNext(uid) => format!("UIDNEXT {uid}"),
        ResponseCode::UidValidity(uidvalidity) => format!("UIDVALIDITY {uidvalidity}"),
        ResponseCode::TryCreate => "TRYCREATE".to_owned(),
        ResponseCode::AppendUid(uidvalidity, uids) => format!("APPENDUID {uidvalidity} {}", set(uids)),
        ResponseCode::CopyUid(uidvalidity, from, to) => format!("COPYUID {uidvalidity} {} {}", set(from), set(to)),
        ResponseCode::BadCharset(_) => "BADCHARSET".to_owned(),
        ResponseCode::Parse => "PARSE".to_owned(),
        ResponseCode::PermanentFlags(_) => "PERMANENTFLAGS".to_owned(),
        ResponseCode::ReadOnly => "READ-ONLY".to_owned(),
        ResponseCode::ReadWrite => "READ-WRITE".to_owned(),
        ResponseCode::Unseen(_) => "UNSEEN".to_owned(),
        ResponseCode::UidNotSticky => "UIDNOTSTICKY".to_owned(),
        _ => "METADATA".to_owned(),
    }
}

fn set(members: &[UidSetMember]) -> String {
    let members: Vec<_> = members
        .iter()
        .map(|member| match member {
            UidSetMember::Uid(uid) => uid.to_string(),
            UidSetMember::UidRange(range) => format!("{}:{}", range.start(), range.end()),
        })
        .collect();
    members.join(",")
}

fn name_attribute(attribute: &NameAttribute<'_>) -> String {
    match attribute {
        NameAttribute::NoInferiors => "\\Noinferiors",
        NameAttribute::NoSelect => "\\Noselect",
        NameAttribute::Marked => "\\Marked",
        NameAttribute::Unmarked => "\\Unmarked",
        NameAttribute::All => "\\All",
        NameAttribute::Archive => "\\Archive",
        NameAttribute::Drafts => "\\Drafts",
        NameAttribute::Flagged => "\\Flagged",
        NameAttribute::Junk => "\\Junk",
        NameAttribute::Sent => "\\Sent",
        NameAttribute::Trash => "\\Trash",
        NameAttribute::Extension(other) => other,
        _ => "",
    }
    .to_owned()
}

fn attributes(values: &[AttributeValue<'_>]) -> Attributes {
    let mut told = Attributes::default();
    for value in values {
        match value {
            AttributeValue::Uid(uid) => told.uid = Some(*uid).filter(|uid| *uid > 0),
            AttributeValue::Flags(flags) => told.flags = Some(flags.iter().map(|flag| flag.to_string()).collect()),
            AttributeValue::Rfc822Size(size) => told.size = Some(u64::from(*size)),
            AttributeValue::InternalDate(date) => told.internal_date = Some(date.to_string()),
            AttributeValue::BodyStructure(body) => told.structure = Some(structure::leaves(body)),
            AttributeValue::GmailMsgId(id) => told.gmail_message = Some(*id),
            AttributeValue::GmailThrId(id) => told.gmail_thread = Some(*id),
            AttributeValue::GmailLabels(labels) => {
                told.labels = Some(labels.iter().map(|label| unescaped(label)).collect());
            }
            AttributeValue::EmailId(id) => told.email_id = Some(id.to_string()),
            AttributeValue::BodySection { section, data, .. } => {
                told.sections.push((section_name(section.as_ref()), data.as_deref().map(<[u8]>::to_vec)));
            }
            _ => {}
        }
    }
    told
}

fn section_name(section: Option<&SectionPath>) -> String {
    let word = |section: &MessageSection| match section {
        MessageSection::Header => "HEADER",
        MessageSection::Mime => "MIME",
        MessageSection::Text => "TEXT",
    };
    match section {
        None => String::new(),
        Some(SectionPath::Full(section)) => word(section).to_owned(),
        Some(SectionPath::Part(numbers, rest)) => {
            let numbers = numbers.iter().map(u32::to_string);
            numbers.chain(rest.as_ref().map(|section| word(section).to_owned())).collect::<Vec<_>>().join(".")
        }
    }
}

/// A quoted string without its escapes, which the parser leaves in.
///
/// Whether a string was quoted, a literal or an atom is not told; so only what can be nothing but an
/// escape counts as one, and a lone backslash stays: `\Inbox` is a flag of Gmail's.
pub(super) fn unescaped(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let escaped = characters.next_if(|next| c == '\\' && matches!(next, '\\' | '"'));
        plain.push(escaped.unwrap_or(c));
    }
    plain
}

/// The same of what may be missing.
pub(super) fn plain(text: Option<&Cow<'_, str>>) -> Option<String> {
    text.map(|text| unescaped(text))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
#[path = "answer_tests.rs"]
pub(super) mod tests;
