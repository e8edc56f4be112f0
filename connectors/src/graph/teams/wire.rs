//! What Graph says about chats, as far as it is used; everything is optional.

use inlet_model::Timestamp;
use serde::Deserialize;
use serde_json::Value;

pub(super) use crate::graph::lenient::rows;
use crate::graph::lenient::{any, each, or_default, time};

/// A chat (`microsoft.graph.chat`).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Chat {
    #[serde(deserialize_with = "or_default")]
    pub(super) id: String,
    pub(super) topic: Option<String>,
    pub(super) tenant_id: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) viewpoint: Option<Viewpoint>,
    #[serde(deserialize_with = "or_default")]
    pub(super) last_message_preview: Option<Message>,
    #[serde(deserialize_with = "or_default")]
    pub(super) members: Vec<Member>,
}

/// How a chat looks to me (`chatViewpoint`).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Viewpoint {
    #[serde(deserialize_with = "time")]
    pub(super) last_message_read_date_time: Option<Timestamp>,
}

/// Somebody in a chat (`aadUserConversationMember`).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Member {
    pub(super) user_id: Option<String>,
    pub(super) display_name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) tenant_id: Option<String>,
}

/// A message (`chatMessage`), and its short form in a list of chats (`chatMessageInfo`).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Message {
    #[serde(deserialize_with = "or_default")]
    pub(super) id: String,
    pub(super) message_type: Option<String>,
    #[serde(deserialize_with = "time")]
    pub(super) created_date_time: Option<Timestamp>,
    #[serde(deserialize_with = "time")]
    pub(super) last_modified_date_time: Option<Timestamp>,
    #[serde(deserialize_with = "time")]
    pub(super) last_edited_date_time: Option<Timestamp>,
    #[serde(deserialize_with = "time")]
    pub(super) deleted_date_time: Option<Timestamp>,
    /// The short form says only this.
    #[serde(deserialize_with = "or_default")]
    pub(super) is_deleted: bool,
    pub(super) subject: Option<String>,
    /// What it says in short, where it says nothing else.
    pub(super) summary: Option<String>,
    pub(super) importance: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) from: Option<From>,
    #[serde(deserialize_with = "or_default")]
    pub(super) body: Body,
    #[serde(deserialize_with = "or_default")]
    pub(super) attachments: Vec<Attachment>,
    #[serde(deserialize_with = "each")]
    pub(super) mentions: Option<Vec<Mention>>,
    #[serde(deserialize_with = "or_default")]
    pub(super) reactions: Vec<Reaction>,
    pub(super) event_detail: Option<Value>,
    #[serde(deserialize_with = "any")]
    pub(super) policy_violation: Option<PolicyViolation>,
    #[serde(deserialize_with = "or_default")]
    pub(super) replies: Vec<Value>,
    #[serde(rename = "replies@odata.nextLink")]
    pub(super) more_replies: Option<String>,
}

impl Message {
    /// When it was written.
    pub(super) fn created(&self) -> Timestamp {
        self.created_date_time.or(self.last_modified_date_time).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// When anything of it changed last: the axis changes are asked for on.
    pub(super) fn modified(&self) -> Timestamp {
        let known = [self.last_modified_date_time, self.last_edited_date_time, self.deleted_date_time];
        known.into_iter().flatten().max().unwrap_or_else(|| self.created())
    }

    /// Taken back.
    pub(super) fn deleted(&self) -> bool {
        self.is_deleted || self.deleted_date_time.is_some()
    }

    /// The platform wrote it: somebody joined, a call ended.
    pub(super) fn is_event(&self) -> bool {
        self.event_detail.is_some()
            || matches!(self.message_type.as_deref(), Some("systemEventMessage" | "chatEvent"))
            || (self.from.as_ref().and_then(From::who).is_none() && self.body.content().contains("<systemEventMessage"))
    }
}

/// Who wrote, or did, something (`identitySet`).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct From {
    pub(super) user: Option<Identity>,
    pub(super) application: Option<Identity>,
    pub(super) device: Option<Identity>,
}

impl From {
    /// The person, else the app, else the device.
    pub(super) fn who(&self) -> Option<&Identity> {
        self.user.as_ref().or(self.application.as_ref()).or(self.device.as_ref())
    }
}

/// A name with an id.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Identity {
    pub(super) id: Option<String>,
    pub(super) display_name: Option<String>,
}

/// The text of a message.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Body {
    pub(super) content_type: Option<String>,
    pub(super) content: Option<String>,
}

impl Body {
    /// The words, whatever they are written in.
    pub(super) fn content(&self) -> &str {
        self.content.as_deref().unwrap_or_default()
    }

    /// They are HTML.
    pub(super) fn is_html(&self) -> bool {
        self.content_type.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("html"))
    }
}

/// A file, a card or a quoted message (`chatMessageAttachment`).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Attachment {
    pub(super) id: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) content_url: Option<String>,
    pub(super) content: Option<String>,
    pub(super) name: Option<String>,
}

/// Who or what an `<at>` in the words means (`chatMessageMention`).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Mention {
    id: Option<i64>,
    mention_text: Option<String>,
    #[serde(deserialize_with = "or_default")]
    mentioned: Mentioned,
}

impl Mention {
    /// The number the `<at>` has.
    pub(super) fn number(&self) -> Option<String> {
        self.id.map(|id| id.to_string())
    }

    /// The name it goes by in the words, else its own.
    pub(super) fn name(&self) -> Option<&str> {
        let Mentioned { user, application, device, conversation, tag } = &self.mentioned;
        let own = [user, application, device, conversation, tag];
        let own = own.into_iter().filter_map(|one| one.as_ref()?.display_name.as_deref());
        self.mention_text.as_deref().into_iter().chain(own).find(|name| !name.trim().is_empty())
    }
}

/// A person, an app, a device, a team, channel or chat, or a tag (`chatMessageMentionedIdentitySet`).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Mentioned {
    user: Option<Identity>,
    application: Option<Identity>,
    device: Option<Identity>,
    conversation: Option<Identity>,
    tag: Option<Identity>,
}

/// That a message breaks a rule of its organisation (`chatMessagePolicyViolation`).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct PolicyViolation {
    #[serde(deserialize_with = "any")]
    policy_tip: PolicyTip,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PolicyTip {
    general_text: Option<String>,
    #[serde(deserialize_with = "each")]
    matched_condition_descriptions: Option<Vec<String>>,
    compliance_url: Option<String>,
}

impl PolicyViolation {
    /// What the organisation says of it, and where it says more.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        let PolicyTip { general_text, matched_condition_descriptions, compliance_url } = &self.policy_tip;
        let conditions = matched_condition_descriptions.iter().flatten().map(String::as_str);
        let url = compliance_url.as_deref().filter(|url| url.starts_with("https://"));
        general_text.as_deref().into_iter().chain(conditions).chain(url)
    }
}

/// One person's reaction (`chatMessageReaction`).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Reaction {
    #[serde(deserialize_with = "or_default")]
    pub(super) reaction_type: String,
    pub(super) display_name: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) user: Option<From>,
}

/// Me (`user`).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct User {
    #[serde(deserialize_with = "or_default")]
    pub(super) id: String,
    pub(super) display_name: Option<String>,
    pub(super) mail: Option<String>,
    pub(super) user_principal_name: Option<String>,
}

/// A team or a channel.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Named {
    #[serde(deserialize_with = "or_default")]
    pub(super) id: String,
    pub(super) display_name: Option<String>,
}
