//! What a test does to the world behind the client's back. Everything that happens is told the sockets.

use serde_json::{Value, json};

use super::{
    FakeSlack,
    world::{Form, Stored},
};

impl FakeSlack {
    /// My own id.
    pub fn me(&self) -> String {
        self.shared.world.lock().me.clone()
    }

    /// Somebody joins the workspace; their id.
    pub fn person(&self, name: &str, address: &str) -> String {
        self.shared.world.lock().person(name, address)
    }

    /// A channel I am in; its id.
    pub fn channel(&self, name: &str, others: &[&str]) -> String {
        self.shared.world.lock().room(Form::Channel, name, others)
    }

    /// A private channel.
    pub fn private(&self, name: &str, others: &[&str]) -> String {
        self.shared.world.lock().room(Form::Private, name, others)
    }

    /// A conversation with one person.
    pub fn direct(&self, other: &str) -> String {
        self.shared.world.lock().room(Form::Direct, "", &[other])
    }

    /// A conversation with a few people.
    pub fn group(&self, others: &[&str]) -> String {
        self.shared.world.lock().room(Form::Group, "mpdm-some--people-1", others)
    }

    /// I leave a conversation, or it is deleted.
    pub fn leave(&self, room: &str) {
        self.shared.world.lock().rooms.remove(room);
    }

    /// Somebody says something; its time.
    pub fn say(&self, room: &str, who: &str, text: &str) -> String {
        self.post(room, json!({ "user": who, "text": text }))
    }

    /// A message as it is given, with blocks or a subtype.
    pub fn post(&self, room: &str, message: Value) -> String {
        let (ts, event) = self.shared.world.lock().put(room, message);
        self.shared.tell(event);
        ts
    }

    /// Somebody answers in a thread.
    pub fn answer(&self, room: &str, root: &str, who: &str, text: &str) -> String {
        let parent = self.shared.world.lock().rooms[room].messages[root]["user"].clone();
        self.post(room, json!({ "user": who, "text": text, "thread_ts": root, "parent_user_id": parent }))
    }

    /// Somebody answers in a thread, and in the channel as well.
    pub fn answer_to_all(&self, room: &str, root: &str, who: &str, text: &str) -> String {
        let message = json!({ "user": who, "text": text, "thread_ts": root, "subtype": "thread_broadcast" });
        self.post(room, message)
    }

    /// A message gets other words.
    pub fn edit(&self, room: &str, ts: &str, text: &str) {
        let event = {
            let mut world = self.shared.world.lock();
            let at = world.ts();
            let message = world.rooms.get_mut(room).and_then(|room| room.messages.get_mut(ts)).expect("a message");
            message["text"] = json!(text);
            message["edited"] = json!({ "user": message["user"], "ts": at });
            json!({ "type": "message", "subtype": "message_changed", "channel": room, "hidden": true,
                    "message": message, "ts": at, "event_ts": at })
        };
        self.shared.tell(event);
    }

    /// A message is taken away. One with a thread leaves a stone in its place.
    pub fn delete(&self, room: &str, ts: &str) {
        let event = {
            let mut world = self.shared.world.lock();
            let at = world.ts();
            let messages = &mut world.rooms.get_mut(room).expect("a conversation").messages;
            let before = messages.get(ts).cloned().expect("a message");
            let answered = messages.iter().any(|(own, answer)| answer["thread_ts"] == ts && own != ts);
            if answered {
                let stone = json!({ "type": "message", "subtype": "tombstone", "user": "USLACKBOT", "hidden": true,
                                    "text": "This message was deleted.", "ts": ts, "thread_ts": ts });
                messages.insert(ts.to_owned(), stone);
            } else {
                messages.remove(ts);
            }
            json!({ "type": "message", "subtype": "message_deleted", "channel": room, "hidden": true,
                    "deleted_ts": ts, "previous_message": before, "ts": at, "event_ts": at })
        };
        self.shared.tell(event);
    }

    /// Somebody gives an emoji.
    pub fn react(&self, room: &str, ts: &str, who: &str, name: &str) {
        let event = super::api::react(&mut self.shared.world.lock(), (room, ts), who, name, true).expect("a message");
        self.shared.tell(event);
    }

    /// Somebody sends a file; the message's time.
    pub fn send_file(&self, room: &str, who: &str, name: &str, mime: &str, bytes: &[u8]) -> String {
        let message = {
            let mut world = self.shared.world.lock();
            let id = world.id('F');
            let file = Stored {
                name: name.to_owned(),
                mime: mime.to_owned(),
                bytes: bytes.to_vec(),
                length: bytes.len(),
                whole: true,
                user: who.to_owned(),
            };
            world.files.insert(id.clone(), file);
            let file = world.file(&id, &self.shared.origin);
            json!({ "user": who, "text": "", "files": [file], "upload": true })
        };
        self.post(room, message)
    }

    /// Addresses of files lead to another server, where a client has no business with its token.
    pub fn mislead_files(&self, address: Option<&str>) {
        self.shared.world.lock().elsewhere = address.map(str::to_owned);
    }

    /// Every file is taken away.
    pub fn delete_files(&self) {
        self.shared.world.lock().files.clear();
    }

    /// I read a conversation up to there, on another device. No event says so.
    pub fn read(&self, room: &str, until: &str) {
        self.shared.world.lock().rooms.get_mut(room).expect("a conversation").last_read = until.to_owned();
    }

    /// Until where a conversation has been read.
    pub fn last_read(&self, room: &str) -> String {
        self.shared.world.lock().rooms[room].last_read.clone()
    }

    /// The messages of a conversation, the oldest first.
    pub fn messages(&self, room: &str) -> Vec<Value> {
        self.shared.world.lock().rooms[room].messages.values().cloned().collect()
    }

    /// The bytes of a file by its name.
    pub fn file(&self, name: &str) -> Option<Vec<u8>> {
        let world = self.shared.world.lock();
        world.files.values().find(|file| file.name == name && file.whole).map(|file| file.bytes.clone())
    }

    /// Messages of files come only when [`Self::release_files`] is called: Slack shares them a moment later.
    pub fn hold_files(&self) {
        self.shared.world.lock().late_files = true;
    }

    /// Lets the messages of files come.
    pub fn release_files(&self) {
        let late = {
            let mut world = self.shared.world.lock();
            world.late_files = false;
            std::mem::take(&mut world.late)
        };
        for (room, message) in late {
            self.post(&room, message);
        }
    }

    /// A token is refused from now on.
    pub fn revoke(&self, token: &str) {
        self.shared.world.lock().tokens.retain(|known| known != token);
    }

    /// A token is taken from now on.
    pub fn accept(&self, token: &str) {
        self.shared.world.lock().tokens.push(token.to_owned());
    }

    /// The person's token may not use a method any more: it lacks this scope.
    pub fn lack(&self, method: &str, scope: &str) {
        self.shared.world.lock().lacking.insert(method.to_owned(), scope.to_owned());
    }

    /// The person's token may use a method again.
    pub fn allow(&self, method: &str) {
        self.shared.world.lock().lacking.remove(method);
    }

    /// Sets the clock, unless that is in the past.
    pub fn set_clock(&self, seconds: i64) {
        self.shared.world.lock().set_clock(seconds);
    }
}
