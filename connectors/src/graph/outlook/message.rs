//! A message as Graph writes it, and the mail it becomes.
//!
//! Read leniently: an answer is taken apart item by item, and what is of an unexpected type in one of
//! them (the documentation itself shows `"isRead": "true"`) costs that property at most. The header
//! fields that Graph does not name itself (lists, references, authentication) come as
//! `internetMessageHeaders` and go through the same parser as every other mail's.
//!
//! | Graph | here |
//! |---|---|
//! | `id` (immutable) | remote id and stable id |
//! | `conversationId` | the thread |
//! | `flag` | the star |
//! | `categories`, `inferenceClassification: other` | labels, see [`super::labels`] |
//! | `importance: high` | [`MailMeta::important`](inlet_model::MailMeta) |
//! | `body` | HTML and its text, or text |
//! | `internetMessageHeaders` | lists, references, authentication |

use inlet_model::{AttachmentInfo, FlagChange, Flags, Party, RemoteId, Timestamp, UnifiedEmail};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use sha2::Sha256;

use super::{drafts, labels};
use crate::{
    graph::lenient::{any, each},
    imap::{
        mime::{MAX_TEXT, name_for, parse_partial},
        mime_text::{cut, html_to_text},
    },
};

/// The properties a mail is made of.
pub(super) const WHOLE: &str = "internetMessageId,conversationId,subject,body,from,sender,toRecipients,ccRecipients,\
    bccRecipients,replyTo,receivedDateTime,sentDateTime,hasAttachments,isDraft,isRead,flag,categories,importance,\
    inferenceClassification,internetMessageHeaders";
/// Those that change with a click.
pub(super) const MARKS: &str = "isDraft,isRead,flag,categories,inferenceClassification";
/// What a row that changed its marks may hold beside them.
const BESIDE: &[&str] = &["id", "@odata.etag", "@odata.type", "changeKey", "lastModifiedDateTime"];

/// A message, or the part of it that changed.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Message {
    pub(super) id: String,
    #[serde(rename = "@removed")]
    pub(super) removed: Option<Value>,
    #[serde(rename = "@odata.type", deserialize_with = "any")]
    pub(super) kind: Option<String>,
    #[serde(deserialize_with = "any")]
    pub(super) internet_message_id: Option<String>,
    #[serde(deserialize_with = "any")]
    conversation_id: Option<String>,
    #[serde(deserialize_with = "any")]
    pub(super) subject: Option<String>,
    #[serde(deserialize_with = "any")]
    body: Option<Body>,
    #[serde(deserialize_with = "any")]
    from: Option<Recipient>,
    #[serde(deserialize_with = "any")]
    sender: Option<Recipient>,
    #[serde(deserialize_with = "each")]
    pub(super) to_recipients: Option<Vec<Recipient>>,
    #[serde(deserialize_with = "each")]
    pub(super) cc_recipients: Option<Vec<Recipient>>,
    #[serde(deserialize_with = "each")]
    pub(super) bcc_recipients: Option<Vec<Recipient>>,
    #[serde(deserialize_with = "each")]
    reply_to: Option<Vec<Recipient>>,
    #[serde(deserialize_with = "any")]
    received_date_time: Option<Timestamp>,
    #[serde(deserialize_with = "any")]
    sent_date_time: Option<Timestamp>,
    #[serde(deserialize_with = "truth")]
    has_attachments: Option<bool>,
    #[serde(deserialize_with = "truth")]
    pub(super) is_draft: Option<bool>,
    #[serde(deserialize_with = "truth")]
    is_read: Option<bool>,
    #[serde(deserialize_with = "any")]
    flag: Option<Flag>,
    #[serde(deserialize_with = "each")]
    pub(super) categories: Option<Vec<String>>,
    #[serde(deserialize_with = "any")]
    importance: Option<String>,
    #[serde(deserialize_with = "any")]
    inference_classification: Option<String>,
    #[serde(deserialize_with = "each")]
    internet_message_headers: Option<Vec<Header>>,
    /// Of a draft what it says, as far as that is in words.
    #[serde(skip)]
    pub(super) words: Option<Sha256>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Body {
    #[serde(deserialize_with = "any")]
    content_type: Option<String>,
    #[serde(deserialize_with = "any")]
    content: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Flag {
    #[serde(deserialize_with = "any")]
    flag_status: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Header {
    #[serde(deserialize_with = "any")]
    name: Option<String>,
    #[serde(deserialize_with = "any")]
    value: Option<String>,
}

/// Somebody, as Graph writes addresses.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Recipient {
    #[serde(deserialize_with = "any")]
    email_address: EmailAddress,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct EmailAddress {
    #[serde(deserialize_with = "any")]
    name: Option<String>,
    #[serde(deserialize_with = "any")]
    address: Option<String>,
}

impl Recipient {
    pub(super) fn party(self) -> Party {
        let EmailAddress { name, address } = self.email_address;
        let handle = address.unwrap_or_default();
        // Exchange writes the address where there is no name.
        let name = name.filter(|name| !name.trim().is_empty() && !name.eq_ignore_ascii_case(&handle));
        Party { name, handle }
    }
}

/// An attachment as the list of a message tells of it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Attachment {
    #[serde(rename = "@odata.type", deserialize_with = "any")]
    kind: Option<String>,
    pub(super) id: String,
    /// What is attached, where that is no file.
    #[serde(deserialize_with = "any")]
    item: Option<Item>,
    #[serde(deserialize_with = "any")]
    name: Option<String>,
    #[serde(deserialize_with = "any")]
    content_type: Option<String>,
    #[serde(deserialize_with = "any")]
    size: Option<u64>,
    #[serde(deserialize_with = "truth")]
    is_inline: Option<bool>,
    #[serde(deserialize_with = "any")]
    content_id: Option<String>,
}

/// What is attached and is no file, as far as it is told.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Item {
    #[serde(rename = "@odata.type", deserialize_with = "any")]
    kind: Option<String>,
}

impl Item {
    /// The format it comes in, and how names of such files end
    /// (<https://learn.microsoft.com/graph/api/attachment-get>).
    fn format(&self) -> (&'static str, &'static str) {
        match self.kind.as_deref().and_then(|kind| kind.rsplit('.').next()) {
            Some("contact") => ("text/vcard", ".vcf"),
            Some("event") => ("text/calendar", ".ics"),
            _ => ("message/rfc822", ".eml"),
        }
    }
}

impl Attachment {
    /// It is a message, a contact or an appointment; which of them is asked by itself.
    pub(super) fn is_item(&self) -> bool {
        self.kind.as_deref().is_some_and(|kind| kind.ends_with("itemAttachment"))
    }

    /// Takes over what is told of it by itself.
    pub(super) fn learn(&mut self, told: Option<Value>) {
        self.item = told.and_then(|told| serde_json::from_value::<Self>(told).ok()?.item);
    }

    /// Its Content-ID, without angle brackets.
    pub(super) fn content_id(&self) -> Option<&str> {
        let id = self.content_id.as_deref()?.trim_matches(|c| matches!(c, '<' | '>'));
        Some(id).filter(|id| !id.is_empty())
    }

    /// What tells it from other files of a draft, as long as nobody puts another one in its place. Its id and its size
    /// are Exchange's own affair; a file from here is known by its Content-ID.
    pub(super) fn mark(&self) -> String {
        let named = || format!("{} {}", self.name.as_deref().unwrap_or_default(), self.size.unwrap_or_default());
        self.content_id().map_or_else(named, str::to_owned)
    }

    pub(super) fn info(self, number: usize) -> AttachmentInfo {
        let content_id = self.content_id().map(str::to_owned);
        let item = self.is_item().then(|| self.item.unwrap_or_default().format());
        let mime = match self.content_type.filter(|mime| mime.contains('/')) {
            Some(mime) => mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase(),
            None => item.map_or("application/octet-stream", |(mime, _)| mime).to_owned(),
        };
        let mut name =
            self.name.filter(|name| !name.is_empty()).unwrap_or_else(|| name_for(&number.to_string(), &mime));
        if let Some((_, ending)) = item.filter(|(_, ending)| !name.to_ascii_lowercase().ends_with(ending)) {
            name.push_str(ending);
        }
        AttachmentInfo {
            part: self.id,
            name,
            mime,
            size: self.size.unwrap_or_default(),
            inline: self.is_inline.unwrap_or_default(),
            content_id,
            link: None,
            data: None,
        }
    }
}

/// What a row of a delta says.
pub(super) enum Row {
    /// It is in the folder, and this is all of it.
    Whole(Box<Message>),
    /// Its marks changed, or nothing that is shown.
    Marks(String),
    /// Something else changed.
    Part(String),
    /// It is not in the folder any more.
    Removed(String),
    /// It cannot be read: its id, when that can.
    Unreadable(String),
}

impl Row {
    pub(super) fn read(row: Value) -> Self {
        let id = row.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let marks = row.as_object().is_some_and(|row| {
            row.keys().all(|key| BESIDE.contains(&key.as_str()) || MARKS.split(',').any(|mark| mark == key))
        });
        match Message::read(row) {
            Err(_) => Self::Unreadable(id),
            Ok(_) if id.is_empty() => Self::Unreadable(id),
            Ok(message) if message.removed.is_some() => Self::Removed(id),
            Ok(message) if message.is_whole() => Self::Whole(Box::new(message)),
            Ok(_) if marks => Self::Marks(id),
            Ok(_) => Self::Part(id),
        }
    }
}

impl Message {
    pub(super) fn read(told: Value) -> serde_json::Result<Self> {
        let is_draft = told.get("isDraft").and_then(Value::as_bool).unwrap_or_default();
        let words = is_draft.then(|| drafts::words(&told));
        Ok(Self { words, ..serde_json::from_value(told)? })
    }

    /// Every property was asked for, so that a row lacks these only when it tells of a change.
    fn is_whole(&self) -> bool {
        self.body.is_some() && self.is_read.is_some() && self.is_draft.is_some() && self.received_date_time.is_some()
    }

    pub(super) fn flags(&self) -> Flags {
        let status = self.flag.as_ref().and_then(|flag| flag.flag_status.as_deref());
        Flags {
            read: self.is_read.unwrap_or_default(),
            starred: status.is_some_and(|status| status.eq_ignore_ascii_case("flagged")),
            // Graph does not tell.
            answered: false,
            draft: self.is_draft.unwrap_or_default(),
        }
    }

    /// The labels on it, by the names of their scopes.
    pub(super) fn labels(&self) -> Vec<String> {
        let other = self.inference_classification.as_deref().is_some_and(|class| class.eq_ignore_ascii_case("other"));
        let categories = self.categories.iter().flatten().map(|category| labels::remote(category));
        other.then(|| labels::OTHER.to_owned()).into_iter().chain(categories).collect()
    }

    pub(super) fn change(&self) -> FlagChange {
        FlagChange { remote_id: RemoteId(self.id.clone()), flags: self.flags(), also_in: Some(self.labels()) }
    }

    /// It has files, or pictures in its body, that have to be asked for; a draft may have them without a word of it.
    pub(super) fn carries(&self) -> bool {
        let shown =
            || self.body.as_ref().and_then(|body| body.content.as_deref()).is_some_and(|body| body.contains("cid:"));
        self.has_attachments.unwrap_or_default() || shown() || self.words.is_some()
    }

    /// It is about a meeting: an invitation, a cancellation, an answer.
    pub(super) fn is_meeting(&self) -> bool {
        self.kind.as_deref().is_some_and(|kind| kind.contains("eventMessage"))
    }

    /// The mail. `mine`: it lies where only my own mail lies.
    pub(super) fn email(self, attachments: Vec<AttachmentInfo>, own: &[String], mine: bool) -> UnifiedEmail {
        let (flags, also_in) = (self.flags(), Some(self.labels()));
        let mut head = String::new();
        for Header { name, value } in self.internet_message_headers.into_iter().flatten() {
            if let (Some(name), Some(value)) = (name, value) {
                // Folded lines come as they were; a line of its own would begin another field.
                let value = value.replace(['\r', '\n'], " ");
                head.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        head.push_str("\r\n");
        let mut mail = parse_partial(head.as_bytes(), &[], attachments, own);

        let parties = |list: Option<Vec<Recipient>>| -> Vec<Party> {
            list.into_iter().flatten().map(Recipient::party).filter(|party| !party.handle.is_empty()).collect()
        };
        let from: Vec<Party> = parties(self.from.or(self.sender).map(|from| vec![from]));
        mail.from_me = mine || from.iter().any(|party| own.iter().any(|own| own.eq_ignore_ascii_case(&party.handle)));
        mail.from = from;
        mail.to = parties(self.to_recipients);
        mail.cc = parties(self.cc_recipients);
        mail.bcc = parties(self.bcc_recipients);
        mail.meta.reply_to = parties(self.reply_to);
        mail.meta.important = self.importance.is_some_and(|word| word.eq_ignore_ascii_case("high"));
        if let Some(id) = self.internet_message_id {
            mail.message_id = Some(id.trim().trim_start_matches('<').trim_end_matches('>').to_owned());
        }
        mail.subject = self.subject.unwrap_or_default();
        mail.date = self.sent_date_time.or(mail.date);
        mail.received_at = self.received_date_time;
        mail.thread_id = self.conversation_id;
        mail.stable_id.clone_from(&self.id);
        mail.remote_id = Some(RemoteId(self.id));
        mail.also_in = also_in;
        mail.flags = flags;

        let Body { content_type, content } = self.body.unwrap_or_default();
        let content = content.unwrap_or_default();
        mail.size = content.len() as u64 + mail.attachments.iter().map(|file| file.size).sum::<u64>();
        if content_type.is_some_and(|kind| kind.eq_ignore_ascii_case("html")) {
            mail.text = html_to_text(&content, MAX_TEXT);
            mail.has_html = !content.is_empty();
            mail.html = Some(content).filter(|content| !content.is_empty());
        } else {
            mail.text = content.replace("\r\n", "\n");
            cut(&mut mail.text, MAX_TEXT);
        }
        mail
    }
}

/// True or false, in whatever way it is written.
pub(super) fn truth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Bool(truth) => Some(truth),
        Value::String(word) if word.eq_ignore_ascii_case("true") => Some(true),
        Value::String(word) if word.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
#[path = "message_tests.rs"]
mod tests;
