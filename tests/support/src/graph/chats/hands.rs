//! What a test does in Teams behind the client's back, and what it looks at.

use bytes::Bytes;
use jiff::Timestamp;
use parking_lot::Mutex;
use serde_json::{Value, json};

use super::{
    super::{
        exchange::Prefer,
        world::{Person, TENANT, World},
    },
    Channel, Hosted, Place, Post, Team, identity, post, write,
};

/// A message to be said in Teams.
#[derive(Clone, Debug)]
pub struct Said {
    from: Option<Person>,
    body: Value,
    more: Vec<(String, Value)>,
    hosted: Vec<(String, Bytes)>,
    at: Option<Timestamp>,
}

impl Said {
    /// Text.
    pub fn text(text: &str) -> Self {
        Self::of(json!({ "contentType": "text", "content": text }))
    }

    /// HTML. `{hosted:0}` in it becomes the address of the first picture.
    pub fn html(html: &str) -> Self {
        Self::of(json!({ "contentType": "html", "content": html }))
    }

    /// Something that happened, told by the system: `detail` is its `eventDetail`.
    pub fn system(detail: Value) -> Self {
        Self::of(json!({ "contentType": "html", "content": "<systemEventMessage/>" })).with("eventDetail", detail)
    }

    /// Somebody was added, as the system tells it.
    pub fn members_added(by: &Person, added: &[Person]) -> Self {
        Self::system(json!({ "@odata.type": "#microsoft.graph.membersAddedEventMessageDetail",
            "visibleHistoryStartDateTime": "0001-01-01T00:00:00Z",
            "members": added.iter().map(identity).collect::<Vec<_>>(),
            "initiator": { "application": null, "device": null, "user": identity(by) } }))
    }

    fn of(body: Value) -> Self {
        Self { from: None, body, more: Vec::new(), hosted: Vec::new(), at: None }
    }

    /// Who says it; without, the system does.
    #[must_use]
    pub fn from(mut self, person: &Person) -> Self {
        self.from = Some(person.clone());
        self
    }

    /// When.
    #[must_use]
    pub fn at(mut self, time: Timestamp) -> Self {
        self.at = Some(time);
        self
    }

    /// Sets a property as Graph names it: `subject`, `importance`, `mentions`, `attachments`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.push((name.to_owned(), value.into()));
        self
    }

    /// A mention; the HTML has `<at id="N">`, N counting from 0.
    #[must_use]
    pub fn mention(mut self, person: &Person) -> Self {
        let id = self
            .more
            .iter()
            .find(|(name, _)| name == "mentions")
            .map_or(0, |(_, all)| all.as_array().map_or(0, Vec::len));
        let mention = json!({ "id": id, "mentionText": person.name,
            "mentioned": { "application": null, "device": null, "conversation": null, "user": identity(person) } });
        match self.more.iter_mut().find(|(name, _)| name == "mentions") {
            Some((_, all)) => all.as_array_mut().expect("a list").push(mention),
            None => self.more.push(("mentions".to_owned(), json!([mention]))),
        }
        self
    }

    /// A picture in the HTML.
    #[must_use]
    pub fn picture(mut self, media: &str, bytes: impl Into<Bytes>) -> Self {
        self.hosted.push((media.to_owned(), bytes.into()));
        self
    }
}

/// Hands on Teams; see [`super::super::FakeGraph::teams`].
pub struct TeamsHands<'a>(pub(crate) &'a Mutex<World>);

impl TeamsHands<'_> {
    /// A chat with one other person; its id.
    pub fn one_on_one(&self, with: &Person) -> String {
        self.chat("oneOnOne", None, std::slice::from_ref(with))
    }

    /// A chat of several; its id.
    pub fn group(&self, topic: &str, with: &[Person]) -> String {
        self.chat("group", Some(topic), with)
    }

    /// The chat of a meeting; its id.
    pub fn meeting(&self, topic: &str, with: &[Person]) -> String {
        self.chat("meeting", Some(topic), with)
    }

    fn chat(&self, kind: &'static str, topic: Option<&str>, with: &[Person]) -> String {
        let mut world = self.0.lock();
        let mut members = vec![world.me.clone()];
        members.extend_from_slice(with);
        let clock = world.clock.clone();
        world.teams.add_chat(&clock, kind, topic, members)
    }

    /// Many chats of two with so many messages each; five thousand are cheap. Their ids.
    pub fn add_many(&self, chats: usize, messages: usize) -> Vec<String> {
        (0..chats)
            .map(|chat| {
                let person = Person::new(&format!("Person {chat}"), &format!("p{chat}@contoso.example"));
                let id = self.one_on_one(&person);
                for number in 0..messages {
                    self.say(&id, Said::text(&format!("Message {number}")).from(&person));
                }
                id
            })
            .collect()
    }

    /// A team with channels; its id and theirs.
    pub fn team(&self, name: &str, channels: &[&str]) -> (String, Vec<String>) {
        let mut world = self.0.lock();
        let created_ms = world.clock.tick();
        let number = world.teams.number();
        let id = Person::new(name, &format!("team{number}")).id;
        let channels: Vec<Channel> = channels
            .iter()
            .map(|name| Channel {
                id: format!("19:{:032x}@thread.tacv2", world.teams.number()),
                name: (*name).to_owned(),
                created_ms,
                posts: std::collections::BTreeMap::new(),
            })
            .collect();
        let ids = channels.iter().map(|channel| channel.id.clone()).collect();
        world.teams.teams.push(Team { id: id.clone(), name: name.to_owned(), channels });
        (id, ids)
    }

    /// Says something in a chat; the message's id.
    pub fn say(&self, chat: &str, said: Said) -> String {
        self.put(&Place::Chat(chat.to_owned()), said)
    }

    /// Says something in a channel; the message's id.
    pub fn post(&self, team: &str, channel: &str, said: Said) -> String {
        self.put(&Place::Channel(team.to_owned(), channel.to_owned()), said)
    }

    /// Replies to a message of a channel; the reply's id.
    pub fn reply(&self, team: &str, channel: &str, to: &str, said: Said) -> String {
        let to = to.parse().expect("the id of a message");
        self.put(&Place::Replies(team.to_owned(), channel.to_owned(), to), said)
    }

    fn put(&self, place: &Place, said: Said) -> String {
        let mut world = self.0.lock();
        let at = said.at.map_or_else(|| world.clock.tick(), Timestamp::as_millisecond);
        let mut post = Post::new(at, said.from);
        let mut body = said.body;
        for (number, (media, bytes)) in said.hosted.into_iter().enumerate() {
            let id = base64::Engine::encode(
                &base64::engine::general_purpose::STANDARD,
                format!("id=,type=1,url={at}-{number}"),
            );
            let url = write::hosted_url(&world, place, at, &id);
            let content = body["content"].as_str().unwrap_or_default().replace(&format!("{{hosted:{number}}}"), &url);
            body["content"] = content.into();
            post.hosted.push(Hosted { id, media, bytes });
        }
        post.said.insert("body".to_owned(), body);
        post.said.extend(said.more);
        world.teams.posts_mut(place).expect("a chat or channel").insert(at, post);
        at.to_string()
    }

    fn change<R>(&self, chat: &str, message: &str, change: impl FnOnce(&mut Post, i64) -> R) -> R {
        let mut world = self.0.lock();
        let now = world.clock.tick();
        let message = message.parse().expect("the id of a message");
        let posts = world.teams.posts_mut(&Place::Chat(chat.to_owned())).expect("a chat");
        let post = posts.get_mut(&message).expect("a message");
        post.modified_ms = now;
        change(post, now)
    }

    /// Changes the text of a message.
    pub fn edit(&self, chat: &str, message: &str, html: &str) {
        self.change(chat, message, |post, now| {
            post.said.insert("body".to_owned(), json!({ "contentType": "html", "content": html }));
            post.edited_ms = Some(now);
        });
    }

    /// Changes what hangs on a message (`chatMessageAttachment`).
    pub fn attach(&self, chat: &str, message: &str, attachments: Value) {
        self.change(chat, message, |post, now| {
            post.said.insert("attachments".to_owned(), attachments);
            post.edited_ms = Some(now);
        });
    }

    /// Deletes a message, as its sender does: it stays, without its text.
    pub fn delete(&self, chat: &str, message: &str) {
        self.change(chat, message, |post, now| post.deleted_ms = Some(now));
    }

    /// Reacts to a message.
    pub fn react(&self, chat: &str, message: &str, by: &Person, reaction: &str) {
        self.change(chat, message, |post, now| post.reactions.push((reaction.to_owned(), by.clone(), now)));
    }

    /// Takes a chat away, as when one is removed from it.
    pub fn remove_chat(&self, chat: &str) {
        self.0.lock().teams.chats.remove(chat);
    }

    /// Gives a chat another name.
    pub fn rename(&self, chat: &str, topic: &str) {
        let mut world = self.0.lock();
        let now = world.clock.tick();
        let chat = world.teams.chats.get_mut(chat).expect("a chat");
        chat.topic = Some(topic.to_owned());
        chat.updated_ms = now;
    }

    /// How far the chat has been read.
    pub fn read_until(&self, chat: &str) -> Timestamp {
        Timestamp::from_millisecond(self.0.lock().teams.chat(chat).expect("a chat").read_ms).expect("a time")
    }

    /// The messages of a chat as Graph gives them, oldest first.
    pub fn messages(&self, chat: &str) -> Vec<Value> {
        self.list(&Place::Chat(chat.to_owned()))
    }

    /// The messages of a channel, or the replies to one, oldest first.
    pub fn channel_messages(&self, team: &str, channel: &str, to: Option<&str>) -> Vec<Value> {
        self.list(&match to {
            None => Place::Channel(team.to_owned(), channel.to_owned()),
            Some(to) => Place::Replies(team.to_owned(), channel.to_owned(), to.parse().expect("the id of a message")),
        })
    }

    fn list(&self, place: &Place) -> Vec<Value> {
        let prefer = Prefer { unknown_members: true, ..Prefer::default() };
        let world = self.0.lock();
        let posts = world.teams.posts(place).expect("a chat or channel");
        posts.values().map(|post| post::value(place, post, prefer, true)).collect()
    }

    /// The tenant of all of it.
    pub fn tenant(&self) -> &'static str {
        TENANT
    }
}
