//! What the fake holds: people, conversations, messages, files.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{APP_TOKEN, TOKEN};

/// A conversation.
pub(crate) struct Room {
    pub(crate) form: Form,
    pub(crate) name: String,
    pub(crate) members: Vec<String>,
    pub(crate) messages: BTreeMap<String, Value>,
    pub(crate) last_read: String,
    pub(crate) archived: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Channel,
    Private,
    Group,
    Direct,
}

/// A file, or a place for one.
pub(crate) struct Stored {
    pub(crate) name: String,
    pub(crate) mime: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) length: usize,
    /// It was put there.
    pub(crate) whole: bool,
    pub(crate) user: String,
}

pub(crate) struct World {
    pub(crate) me: String,
    pub(crate) people: BTreeMap<String, Value>,
    pub(crate) rooms: BTreeMap<String, Room>,
    pub(crate) files: BTreeMap<String, Stored>,
    pub(crate) tokens: Vec<String>,
    /// Scopes the person's token lacks: methods answer `missing_scope` with it.
    pub(crate) lacking: BTreeMap<String, String>,
    /// The conversations of files that were shared come with a message only later.
    pub(crate) late: Vec<(String, Value)>,
    pub(crate) late_files: bool,
    /// Where addresses of files lead instead of here.
    pub(crate) elsewhere: Option<String>,
    /// Microseconds since 1970 of the last message.
    clock: i64,
    count: u64,
}

impl World {
    pub(crate) fn new() -> Self {
        let mut world = Self {
            me: String::new(),
            people: BTreeMap::new(),
            rooms: BTreeMap::new(),
            files: BTreeMap::new(),
            tokens: vec![TOKEN.to_owned(), APP_TOKEN.to_owned()],
            lacking: BTreeMap::new(),
            late: Vec::new(),
            late_files: false,
            elsewhere: None,
            // 2026-03-02, a Monday, 09:00 UTC.
            clock: 1_772_442_000_000_000,
            count: 0,
        };
        world.me = world.person("Maya Lindqvist", "maya@initech.example");
        world
    }

    /// An id nobody has, as Slack makes them.
    pub(crate) fn id(&mut self, letter: char) -> String {
        self.count += 1;
        format!("{letter}0{:0>8}", self.count)
    }

    /// The next time: no two are the same.
    pub(crate) fn ts(&mut self) -> String {
        self.clock += 1_000_100;
        format!("{}.{:06}", self.clock / 1_000_000, self.clock % 1_000_000)
    }

    /// Sets the clock, unless that is in the past.
    pub(crate) fn set_clock(&mut self, seconds: i64) {
        self.clock = self.clock.max(seconds * 1_000_000);
    }

    pub(crate) fn person(&mut self, name: &str, address: &str) -> String {
        let id = self.id('U');
        let login = address.split('@').next().unwrap_or_default();
        let user = json!({
            "id": id, "name": login, "real_name": name, "team_id": "T00000001", "deleted": false,
            "is_bot": false, "is_app_user": false, "updated": 1_772_442_000,
            "profile": {
                "real_name": name, "real_name_normalized": name, "display_name": name,
                "display_name_normalized": name, "email": address, "avatar_hash": "0", "title": "", "phone": "",
                "skype": "", "status_text": "", "status_emoji": "", "fields": {}, "team": "T00000001",
            },
        });
        self.people.insert(id.clone(), user);
        id
    }

    pub(crate) fn room(&mut self, form: Form, name: &str, others: &[&str]) -> String {
        let id = self.id(if form == Form::Direct { 'D' } else { 'C' });
        let members = std::iter::once(self.me.as_str()).chain(others.iter().copied()).map(str::to_owned).collect();
        let room = Room {
            form,
            name: name.to_owned(),
            members,
            messages: BTreeMap::new(),
            last_read: "0000000000.000000".to_owned(),
            archived: false,
        };
        self.rooms.insert(id.clone(), room);
        id
    }

    /// Puts a message into a conversation and gives what its event says.
    pub(crate) fn put(&mut self, room: &str, mut message: Value) -> (String, Value) {
        let ts = self.ts();
        message["type"] = json!("message");
        message["ts"] = json!(ts);
        let mut event = message.clone();
        event["channel"] = json!(room);
        event["event_ts"] = json!(ts);
        event["channel_type"] = json!("channel");
        if let Some(fields) = event.as_object_mut() {
            fields.remove("metadata");
        }
        self.rooms.get_mut(room).expect("a conversation").messages.insert(ts.clone(), message);
        (ts, event)
    }

    /// A message as it is answered: with how its thread stands.
    pub(crate) fn shown(&self, room: &Room, ts: &str, metadata: bool) -> Value {
        let mut message = room.messages.get(ts).cloned().unwrap_or_default();
        let answers: Vec<(&String, &Value)> =
            room.messages.iter().filter(|(own, answer)| answer["thread_ts"] == ts && *own != ts).collect();
        if let Some((latest, _)) = answers.last() {
            let mut users: Vec<&Value> = answers.iter().map(|(_, answer)| &answer["user"]).collect();
            users.sort_by_key(|user| user.to_string());
            users.dedup();
            message["thread_ts"] = json!(ts);
            message["reply_count"] = json!(answers.len());
            message["reply_users_count"] = json!(users.len());
            message["reply_users"] = json!(users);
            message["latest_reply"] = json!(latest);
            message["subscribed"] = json!(false);
        }
        if !metadata && let Some(fields) = message.as_object_mut() {
            fields.remove("metadata");
        }
        message
    }

    /// A conversation as it is listed.
    pub(crate) fn listed(&self, id: &str) -> Value {
        let room = &self.rooms[id];
        let nothing = json!({ "value": "", "creator": "", "last_set": 0 });
        if room.form == Form::Direct {
            let other = room.members.iter().find(|member| **member != self.me).unwrap_or(&self.me);
            return json!({
                "id": id, "created": 1_772_442_000, "is_im": true, "is_org_shared": false, "user": other,
                "priority": 0, "is_archived": room.archived, "is_user_deleted": false,
            });
        }
        let (group, private) = (room.form == Form::Group, room.form != Form::Channel);
        json!({
            "id": id, "name": room.name, "name_normalized": room.name, "created": 1_772_442_000, "creator": self.me,
            "is_archived": room.archived, "is_channel": !group, "is_general": false, "is_mpim": group,
            "is_group": false, "is_im": false, "is_private": private, "is_shared": false, "is_org_shared": false,
            "topic": nothing, "purpose": nothing, "unlinked": 0, "previous_names": [], "pending_shared": [],
        })
    }

    /// A file as it is named by messages.
    pub(crate) fn file(&self, id: &str, origin: &str) -> Value {
        let file = &self.files[id];
        let address = self.elsewhere.clone().unwrap_or_else(|| format!("{origin}/files/{id}"));
        json!({
            "id": id, "created": 1_772_442_000, "timestamp": 1_772_442_000, "name": file.name, "title": file.name,
            "mimetype": file.mime, "filetype": "binary", "size": file.bytes.len(), "mode": "hosted",
            "is_external": false, "user": file.user, "url_private": address,
            "url_private_download": format!("{address}/download"),
        })
    }

    /// An event in its envelope, as it travels over a socket.
    pub(crate) fn envelope(&mut self, event: Value) -> Value {
        self.count += 1;
        json!({
            "envelope_id": format!("00000000-0000-4000-8000-{:012}", self.count),
            "type": "events_api",
            "accepts_response_payload": false,
            "retry_attempt": 0,
            "retry_reason": "",
            "payload": {
                "token": "verification", "team_id": "T00000001", "api_app_id": "A00000001",
                "event": event, "type": "event_callback", "event_id": format!("Ev{:08}", self.count),
                "event_time": self.clock / 1_000_000, "authed_users": [self.me],
            },
        })
    }
}
