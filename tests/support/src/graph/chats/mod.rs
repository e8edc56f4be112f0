//! Teams: chats, and teams with their channels.
//!
//! A message's id is its time in milliseconds, as with Microsoft; the world's clock gives each
//! change its own, so that ids do not collide. There is no delta: a client lists, newest first.

pub(crate) mod api;
pub(crate) mod hands;
pub(crate) mod post;
pub(crate) mod write;

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::{
    clock::{Clock, milliseconds},
    exchange::{Prefer, Refusal},
    odata::{Query, project},
    world::{Person, TENANT, World},
};

#[derive(Default)]
pub(crate) struct Teams {
    pub(crate) chats: BTreeMap<String, Chat>,
    pub(crate) teams: Vec<Team>,
    next: u64,
}

pub(crate) struct Chat {
    pub(crate) id: String,
    pub(crate) kind: &'static str,
    pub(crate) topic: Option<String>,
    pub(crate) created_ms: i64,
    pub(crate) updated_ms: i64,
    pub(crate) members: Vec<Person>,
    /// How far its owner has read.
    pub(crate) read_ms: i64,
    pub(crate) hidden: bool,
    pub(crate) posts: BTreeMap<i64, Post>,
}

pub(crate) struct Team {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) channels: Vec<Channel>,
}

pub(crate) struct Channel {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) created_ms: i64,
    pub(crate) posts: BTreeMap<i64, Post>,
}

/// A message of a chat or a channel, or a reply.
#[derive(Clone)]
pub(crate) struct Post {
    pub(crate) at_ms: i64,
    pub(crate) modified_ms: i64,
    pub(crate) edited_ms: Option<i64>,
    pub(crate) deleted_ms: Option<i64>,
    /// Nobody: something that happened, told by the system.
    pub(crate) from: Option<Person>,
    /// `body`, `subject`, `importance`, `mentions`, `attachments`, `eventDetail`.
    pub(crate) said: Map<String, Value>,
    pub(crate) reactions: Vec<(String, Person, i64)>,
    pub(crate) hosted: Vec<Hosted>,
    /// In a channel.
    pub(crate) replies: BTreeMap<i64, Post>,
}

/// A picture of a message.
#[derive(Clone)]
pub(crate) struct Hosted {
    pub(crate) id: String,
    pub(crate) media: String,
    pub(crate) bytes: Bytes,
}

/// Where messages are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Chat(String),
    /// Team and channel.
    Channel(String, String),
    /// Team, channel and the message replied to.
    Replies(String, String, i64),
}

pub(crate) fn not_found() -> Refusal {
    Refusal::new(404, "NotFound", "The requested resource does not exist.")
}

impl Post {
    pub(crate) fn new(at_ms: i64, from: Option<Person>) -> Self {
        Self {
            at_ms,
            modified_ms: at_ms,
            edited_ms: None,
            deleted_ms: None,
            from,
            said: Map::new(),
            reactions: Vec::new(),
            hosted: Vec::new(),
            replies: BTreeMap::new(),
        }
    }
}

impl Teams {
    pub(crate) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    pub(crate) fn add_chat(
        &mut self,
        clock: &Clock,
        kind: &'static str,
        topic: Option<&str>,
        members: Vec<Person>,
    ) -> String {
        let number = self.number();
        let id = match (kind, members.as_slice()) {
            ("oneOnOne", [a, b]) => format!("19:{}_{}@unq.gbl.spaces", a.id, b.id),
            ("meeting", _) => format!("19:meeting_{number:032x}@thread.v2"),
            _ => format!("19:{number:032x}@thread.v2"),
        };
        let now = clock.tick();
        let chat = Chat {
            id: id.clone(),
            kind,
            topic: topic.map(str::to_owned),
            created_ms: now,
            updated_ms: now,
            members,
            read_ms: now,
            hidden: false,
            posts: BTreeMap::new(),
        };
        self.chats.insert(id.clone(), chat);
        id
    }

    pub(crate) fn chat(&self, id: &str) -> Result<&Chat, Refusal> {
        self.chats.get(id).ok_or_else(not_found)
    }

    pub(crate) fn posts(&self, place: &Place) -> Result<&BTreeMap<i64, Post>, Refusal> {
        match place {
            Place::Chat(id) => Ok(&self.chat(id)?.posts),
            Place::Channel(team, channel) => Ok(&self.channel(team, channel)?.posts),
            Place::Replies(team, channel, to) => {
                Ok(&self.channel(team, channel)?.posts.get(to).ok_or_else(not_found)?.replies)
            }
        }
    }

    pub(crate) fn posts_mut(&mut self, place: &Place) -> Result<&mut BTreeMap<i64, Post>, Refusal> {
        match place {
            Place::Chat(id) => Ok(&mut self.chats.get_mut(id).ok_or_else(not_found)?.posts),
            Place::Channel(team, channel) => Ok(&mut self.channel_mut(team, channel)?.posts),
            Place::Replies(team, channel, to) => {
                Ok(&mut self.channel_mut(team, channel)?.posts.get_mut(to).ok_or_else(not_found)?.replies)
            }
        }
    }

    pub(crate) fn channel(&self, team: &str, channel: &str) -> Result<&Channel, Refusal> {
        let team = self.teams.iter().find(|known| known.id == team).ok_or_else(not_found)?;
        team.channels.iter().find(|known| known.id == channel).ok_or_else(not_found)
    }

    fn channel_mut(&mut self, team: &str, channel: &str) -> Result<&mut Channel, Refusal> {
        let team = self.teams.iter_mut().find(|known| known.id == team).ok_or_else(not_found)?;
        team.channels.iter_mut().find(|known| known.id == channel).ok_or_else(not_found)
    }
}

pub(crate) fn identity(person: &Person) -> Value {
    json!({ "id": person.id, "displayName": person.name, "userIdentityType": "aadUser" })
}

fn member(chat: &Chat, person: &Person) -> Value {
    let id = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        format!("{TENANT}##{}##{}", chat.id, person.id),
    );
    json!({ "@odata.type": "#microsoft.graph.aadUserConversationMember", "id": id, "roles": ["owner"],
        "displayName": person.name, "userId": person.id, "email": person.address, "tenantId": TENANT,
        "visibleHistoryStartDateTime": "0001-01-01T00:00:00Z" })
}

impl World {
    /// A chat as it is given; its viewpoint only in a list ("chat resource type").
    pub(crate) fn chat(&self, chat: &Chat, query: &Query, prefer: Prefer, listed: bool) -> Value {
        let mut object = Map::new();
        let meeting = (chat.kind == "meeting").then(|| {
            json!({ "calendarEventId": "AAMkADAzMjNhY2NiLWVmNDItNDVjYS05MnFjLTExY2U0ZWMyZTNmZQBGAAAAAAARDMODhhR0TZRGWo9nN0NcBwAmvYmLhDvYR6hCFdQLgxR-AAAAAAENAAAmvYmLhDvYR6hCFdQLgxR-AABkrglJAAA=",
                "joinWebUrl": "https://teams.microsoft.com/l/meetup-join/19%3ameeting_1%40thread.v2/0",
                "organizer": chat.members.first().map(identity) })
        });
        for (name, value) in [
            ("id", Value::from(chat.id.clone())),
            ("topic", chat.topic.clone().into()),
            ("createdDateTime", milliseconds(chat.created_ms).into()),
            ("lastUpdatedDateTime", milliseconds(chat.updated_ms).into()),
            ("chatType", chat.kind.into()),
            ("webUrl", format!("https://teams.microsoft.com/l/chat/{}/0?tenantId={TENANT}", chat.id).into()),
            ("tenantId", TENANT.into()),
            ("onlineMeetingInfo", meeting.into()),
        ] {
            object.insert(name.to_owned(), value);
        }
        if listed {
            let viewpoint = json!({ "isHidden": chat.hidden, "lastMessageReadDateTime": milliseconds(chat.read_ms) });
            object.insert("viewpoint".to_owned(), viewpoint);
        }
        let mut object = project(object, query.select.as_deref());
        if query.expands("members") {
            let members = chat.members.iter().map(|person| member(chat, person)).collect();
            object.insert("members".to_owned(), Value::Array(members));
        }
        if query.expands("lastMessagePreview") {
            let preview = chat.posts.values().next_back().map(|post| post::preview(post, prefer));
            object.insert("lastMessagePreview".to_owned(), preview.into());
        }
        Value::Object(object)
    }
}
