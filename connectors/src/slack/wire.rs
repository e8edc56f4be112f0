//! What Slack says about conversations, as far as it is used.
//!
//! Everything is optional and read leniently: what a field is depends on who is asked about whom, and
//! an unknown word in one of them must not cost a message.

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

/// What is unreadable or null counts as not there.
fn or_default<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(deserializer: D) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

/// The answer of `auth.test`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Who {
    #[serde(deserialize_with = "or_default")]
    pub(super) user_id: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) user: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) team: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) bot_id: Option<String>,
}

/// Where the next page is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Metadata {
    #[serde(deserialize_with = "or_default")]
    next_cursor: String,
}

/// A page of conversations.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Channels {
    #[serde(deserialize_with = "or_default")]
    pub(super) channels: Vec<Value>,
    #[serde(deserialize_with = "or_default")]
    response_metadata: Metadata,
}

/// A page of names of members.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MemberPage {
    #[serde(deserialize_with = "or_default")]
    pub(super) members: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    response_metadata: Metadata,
}

/// A page of everybody.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct UserPage {
    #[serde(deserialize_with = "or_default")]
    pub(super) members: Vec<Value>,
    #[serde(deserialize_with = "or_default")]
    response_metadata: Metadata,
}

/// A page of messages.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Messages {
    #[serde(deserialize_with = "or_default")]
    pub(super) messages: Vec<Value>,
    #[serde(deserialize_with = "or_default")]
    pub(super) has_more: bool,
    #[serde(deserialize_with = "or_default")]
    response_metadata: Metadata,
}

/// A page that may have one behind it.
pub(super) trait Paged {
    /// The cursor of the next one.
    fn next(&self) -> Option<&str>;
}

macro_rules! paged {
    ($($page:ty),+) => {$(
        impl Paged for $page {
            fn next(&self) -> Option<&str> {
                Some(self.response_metadata.next_cursor.as_str()).filter(|cursor| !cursor.is_empty())
            }
        }
    )+};
}
paged!(Channels, MemberPage, UserPage, Messages);

/// An answer with one conversation.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OneChannel {
    #[serde(deserialize_with = "or_default")]
    pub(super) channel: Channel,
}

/// A conversation.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Channel {
    #[serde(deserialize_with = "or_default")]
    pub(super) id: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) name: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) is_im: bool,
    #[serde(deserialize_with = "or_default")]
    pub(super) is_mpim: bool,
    #[serde(deserialize_with = "or_default")]
    pub(super) is_archived: bool,
    #[serde(deserialize_with = "or_default")]
    pub(super) is_user_deleted: bool,
    /// The other one, where there are two.
    #[serde(deserialize_with = "or_default")]
    pub(super) user: Option<String>,
    /// What was written until then has been read by me.
    #[serde(deserialize_with = "or_default")]
    pub(super) last_read: Option<String>,
}

/// An answer with one person.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OneUser {
    #[serde(deserialize_with = "or_default")]
    pub(super) user: User,
}

/// A person or an app.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct User {
    #[serde(deserialize_with = "or_default")]
    pub(super) id: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) name: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) real_name: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) profile: Profile,
}

/// How somebody wants to be called.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Profile {
    #[serde(deserialize_with = "or_default")]
    pub(super) real_name: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) display_name: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) email: Option<String>,
    /// The id under which an app writes.
    #[serde(deserialize_with = "or_default")]
    pub(super) bot_id: Option<String>,
}

/// A message.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Message {
    #[serde(deserialize_with = "or_default")]
    pub(super) ts: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) subtype: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) text: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) user: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) username: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) bot_id: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) bot_profile: Option<BotProfile>,
    #[serde(deserialize_with = "or_default")]
    pub(super) thread_ts: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) reply_count: u64,
    #[serde(deserialize_with = "or_default")]
    pub(super) latest_reply: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) edited: Option<Edited>,
    #[serde(deserialize_with = "or_default")]
    pub(super) reactions: Vec<Reaction>,
    #[serde(deserialize_with = "or_default")]
    pub(super) files: Vec<File>,
    #[serde(deserialize_with = "or_default")]
    pub(super) blocks: Vec<Value>,
    #[serde(deserialize_with = "or_default")]
    pub(super) attachments: Vec<Value>,
    #[serde(deserialize_with = "or_default")]
    pub(super) metadata: Option<Value>,
}

impl Message {
    /// The message its thread hangs on, where it is an answer.
    pub(super) fn root(&self) -> Option<&str> {
        self.thread_ts.as_deref().filter(|root| !root.is_empty() && *root != self.ts)
    }

    /// Slack wrote it: somebody joined, a topic was changed.
    pub(super) fn is_event(&self) -> bool {
        matches!(self.subtype.as_deref(), Some(kind) if !matches!(
            kind,
            "bot_message" | "me_message" | "thread_broadcast" | "file_share" | "file_comment" | "tombstone"
                | "assistant_app_thread" | "reply_broadcast" | "document_mention"
        ))
    }

    /// It was taken away and its thread stays.
    pub(super) fn is_tombstone(&self) -> bool {
        self.subtype.as_deref() == Some("tombstone")
    }

    /// Names of those it mentions or was written by.
    pub(super) fn writer(&self) -> Option<&str> {
        self.user.as_deref().or(self.bot_id.as_deref()).filter(|id| !id.is_empty())
    }
}

/// The app a message came from.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BotProfile {
    #[serde(deserialize_with = "or_default")]
    pub(super) name: Option<String>,
}

/// When a message was changed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Edited {
    #[serde(deserialize_with = "or_default")]
    pub(super) ts: String,
}

/// An emoji and those who gave it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reaction {
    #[serde(deserialize_with = "or_default")]
    pub(super) name: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) users: Vec<String>,
}

/// An answer with one file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OneFile {
    #[serde(deserialize_with = "or_default")]
    pub(super) file: File,
}

/// A file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct File {
    #[serde(deserialize_with = "or_default")]
    pub(super) id: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) name: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) title: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) mimetype: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) size: u64,
    #[serde(deserialize_with = "or_default")]
    pub(super) mode: Option<String>,
    /// It lies elsewhere (Google Drive), and only its address is here.
    #[serde(deserialize_with = "or_default")]
    pub(super) is_external: bool,
    #[serde(deserialize_with = "or_default")]
    pub(super) url_private: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) url_private_download: Option<String>,
}

/// A message that was sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    #[serde(deserialize_with = "or_default")]
    pub(super) ts: String,
}

/// Where a file may be put.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Upload {
    #[serde(deserialize_with = "or_default")]
    pub(super) upload_url: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) file_id: String,
}

/// A socket for events.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SocketUrl {
    #[serde(deserialize_with = "or_default")]
    pub(super) url: String,
}

/// An answer of which only the success matters.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Done {}
