//! What a test does to the mailbox behind the client's back, and what it looks at.

use bytes::Bytes;
use jiff::Timestamp;
use parking_lot::Mutex;
use serde_json::{Map, Value, json};

use super::{
    super::{
        clock::seconds,
        exchange::Prefer,
        odata::{Expand, Query},
        world::{Person, World},
    },
    Kind,
    api::canonical,
    encode, files,
    meetings::Told,
    value,
};

/// A message of the mailbox, wherever it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MailRef(u64);

/// A message to be put into the mailbox.
#[derive(Clone, Debug)]
pub struct Letter {
    said: Map<String, Value>,
    files: Vec<files::File>,
    folder: String,
}

impl Letter {
    /// A message in the inbox, unread, from somebody at Fabrikam to the mailbox's owner.
    pub fn new(subject: &str) -> Self {
        let letter = Self { said: Map::new(), files: Vec::new(), folder: "inbox".to_owned() };
        letter
            .with("subject", subject)
            .from("Adele Vance", "adelev@fabrikam.example")
            .to("Megan Bowen", "meganb@contoso.example")
            .html(&format!("<html><body><p>{subject}</p></body></html>"))
    }

    /// A message of properties as Graph names them, over those of [`Letter::new`].
    pub fn of(properties: &Value) -> Self {
        let subject = properties["subject"].as_str().unwrap_or_default();
        let all = properties.as_object().expect("an object").iter();
        all.fold(Self::new(subject), |letter, (name, value)| letter.with(name, value.clone()))
    }

    /// Sets a property of the message as Graph names it.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.said.insert(name.to_owned(), canonical(name, &value.into()));
        self
    }

    /// Who it is from.
    #[must_use]
    pub fn from(self, name: &str, address: &str) -> Self {
        let person = Person::new(name, address).recipient();
        self.with("sender", person.clone()).with("from", person)
    }

    /// Who it is to, instead of the mailbox's owner.
    #[must_use]
    pub fn to(self, name: &str, address: &str) -> Self {
        self.with("toRecipients", json!([Person::new(name, address).recipient()]))
    }

    /// One more who gets a copy.
    #[must_use]
    pub fn cc(mut self, name: &str, address: &str) -> Self {
        let list = self.said.entry("ccRecipients").or_insert_with(|| json!([]));
        list.as_array_mut().expect("a list").push(Person::new(name, address).recipient());
        self
    }

    /// Its body, as HTML.
    #[must_use]
    pub fn html(self, html: &str) -> Self {
        self.with("body", json!({ "contentType": "html", "content": html }))
    }

    /// Its body, as text.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.with("body", json!({ "contentType": "text", "content": text }))
    }

    /// When it was sent and received.
    #[must_use]
    pub fn at(self, time: Timestamp) -> Self {
        let time = seconds(time.as_millisecond());
        self.with("sentDateTime", time.clone()).with("receivedDateTime", time)
    }

    /// It has been read.
    #[must_use]
    pub fn read(self) -> Self {
        self.with("isRead", true)
    }

    /// Its Message-ID, with the angle brackets.
    #[must_use]
    pub fn message_id(self, id: &str) -> Self {
        self.with("internetMessageId", id)
    }

    /// The conversation it is part of.
    #[must_use]
    pub fn conversation(self, id: &str) -> Self {
        self.with("conversationId", id)
    }

    /// A file with it.
    #[must_use]
    pub fn file(mut self, name: &str, media: &str, bytes: impl Into<Bytes>) -> Self {
        self.files.push(files::File::new(name, media, bytes.into()));
        self
    }

    /// A picture its HTML shows as `cid:`.
    #[must_use]
    pub fn inline(mut self, name: &str, media: &str, content_id: &str, bytes: impl Into<Bytes>) -> Self {
        let file = files::File::new(name, media, bytes.into());
        self.files.push(files::File { inline: true, content_id: Some(content_id.to_owned()), ..file });
        self
    }

    /// A message with it: its source.
    #[must_use]
    pub fn message(mut self, name: &str, source: impl Into<Bytes>) -> Self {
        let file = files::File::new(name, "message/rfc822", source.into());
        let item = json!({ "@odata.type": "#microsoft.graph.message", "subject": name });
        self.files.push(files::File { item: Some(item), ..file });
        self
    }

    /// A contact or an event with it: the word Graph has for it, and what it is as a file.
    #[must_use]
    pub fn item(mut self, name: &str, kind: &str, source: impl Into<Bytes>) -> Self {
        let file = files::File::new(name, "text/plain", source.into());
        let item = json!({ "@odata.type": format!("#microsoft.graph.{kind}") });
        self.files.push(files::File { item: Some(item), ..file });
        self
    }

    /// The folder it lies in: a well-known name or an id.
    #[must_use]
    pub fn folder(mut self, folder: &str) -> Self {
        folder.clone_into(&mut self.folder);
        self
    }
}

/// Hands on the mailbox; see [`super::super::FakeGraph::mail`].
pub struct MailHands<'a>(pub(crate) &'a Mutex<World>);

impl MailHands<'_> {
    /// Puts a message into the mailbox.
    ///
    /// # Panics
    /// When there is no such folder; so with all that name one.
    pub fn add(&self, letter: Letter) -> MailRef {
        let mut world = self.0.lock();
        let folder = world.mail.folder(&letter.folder).expect("a folder");
        let key = world.mail.insert(folder, None, letter.said);
        for file in letter.files {
            let file = files::File { key: world.mail.key(), at_ms: world.clock.millis(), ..file };
            world.mail.mails.get_mut(&key).expect("a message").files.push(file);
        }
        MailRef(key)
    }

    /// Puts many small messages into a folder; a hundred thousand are cheap. Returns the first.
    pub fn add_many(&self, folder: &str, count: usize) -> MailRef {
        let mut world = self.0.lock();
        let folder = world.mail.folder(folder).expect("a folder");
        let keys: Vec<u64> = (0..count as u64).map(|n| world.mail.insert(folder, Some(n), Map::new())).collect();
        MailRef(*keys.first().expect("at least one"))
    }

    /// An invitation to a meeting; `event` holds properties of the event as Graph names them.
    pub fn invite(&self, letter: Letter, event: Value) -> MailRef {
        let key = {
            let mut world = self.0.lock();
            let key = world.mail.key();
            world.mail.meetings.add(key, event.as_object().cloned().expect("an event is an object"));
            key
        };
        self.about(key, letter.with("meetingRequestType", "newMeetingRequest"), "meetingRequest")
    }

    /// The meeting of an invitation is called off, with this message.
    pub fn call_off(&self, invitation: MailRef, letter: Letter) -> MailRef {
        let key = self.meeting(invitation);
        self.0.lock().mail.meetings.cancel(key);
        self.about(key, letter, "meetingCancelled")
    }

    /// Somebody answers an invitation of mine with this message: `accepted`, `tentativelyAccepted` or `declined`, and
    /// another time (`start` and `end`), or `null`.
    pub fn answered(&self, invitation: MailRef, letter: Letter, response: &str, proposed: &Value) -> MailRef {
        let key = self.meeting(invitation);
        let address = letter.said["from"]["emailAddress"]["address"].as_str().expect("an address").to_owned();
        self.0.lock().mail.meetings.answered(key, &address, response, proposed);
        let kind = match response {
            "accepted" => "meetingAccepted",
            "declined" => "meetingDeclined",
            // Microsoft's word lacks a letter.
            _ => "meetingTenativelyAccepted",
        };
        self.about(key, letter.with("responseType", response).with("proposedNewTime", proposed.clone()), kind)
    }

    /// A message about a meeting.
    fn about(&self, key: u64, letter: Letter, kind: &str) -> MailRef {
        let event = self.0.lock().mail.meetings.event(key).expect("an event");
        let letter = letter.with("meetingMessageType", kind).with("type", "singleInstance");
        let letter = letter.with("startDateTime", event["start"].clone()).with("endDateTime", event["end"].clone());
        let letter =
            letter.with("isOutOfDate", false).with("isAllDay", false).with("location", event["location"].clone());
        let mail = self.add(letter);
        self.0.lock().mail.mails.get_mut(&mail.0).expect("a message").meeting = Some(key);
        mail
    }

    fn meeting(&self, mail: MailRef) -> u64 {
        self.0.lock().mail.get(mail.0).expect("a message").meeting.expect("a message about a meeting")
    }

    /// How an invitation was answered, and what the organizer was told.
    pub fn response(&self, mail: MailRef) -> (String, Vec<Told>) {
        let event = self.meeting(mail);
        let world = self.0.lock();
        let (response, told) = world.mail.meetings.response(event).expect("an event");
        (response.to_owned(), told)
    }

    /// Changes properties of a message, as another client would.
    pub fn change(&self, mail: MailRef, properties: &Value) {
        let said = properties.as_object().expect("an object").iter();
        let said = said.map(|(name, value)| (name.clone(), canonical(name, value))).collect();
        self.0.lock().mail.change(mail.0, said);
    }

    /// Puts a file on a message, as another client would.
    pub fn attach(&self, mail: MailRef, name: &str, media: &str, bytes: impl Into<Bytes>) {
        let mut world = self.0.lock();
        let file = files::File::new(name, media, bytes.into());
        let file = files::File { key: world.mail.key(), ..file };
        files::attach(&mut world, mail.0, file).expect("a message");
    }

    /// Moves a message to another folder.
    pub fn move_to(&self, mail: MailRef, folder: &str) {
        let mut world = self.0.lock();
        let folder = world.mail.folder(folder).expect("a folder");
        world.mail.relocate(mail.0, folder);
    }

    /// Takes a message away for good.
    pub fn delete(&self, mail: MailRef) {
        self.0.lock().mail.erase(mail.0);
    }

    /// Makes a folder; its id. `parent` is a well-known name or an id.
    pub fn folder(&self, name: &str, parent: &str) -> String {
        self.make(name, parent, false)
    }

    /// Makes a folder that is only listed on request.
    pub fn hidden_folder(&self, name: &str, parent: &str) -> String {
        self.make(name, parent, true)
    }

    fn make(&self, name: &str, parent: &str, hidden: bool) -> String {
        let mut world = self.0.lock();
        let parent = world.mail.folder(parent).expect("a folder");
        encode(Kind::Folder, world.mail.add_folder(name, Some(parent), hidden), 0)
    }

    /// Gives a folder another name.
    pub fn rename_folder(&self, folder: &str, name: &str) {
        let mut world = self.0.lock();
        let key = world.mail.folder(folder).expect("a folder");
        world.mail.rename_folder(key, name);
    }

    /// Takes a folder away for good, with all in it.
    pub fn delete_folder(&self, folder: &str) {
        let mut world = self.0.lock();
        let key = world.mail.folder(folder).expect("a folder");
        world.mail.erase_folder(key);
    }

    /// The id of a folder.
    pub fn folder_id(&self, folder: &str) -> String {
        encode(Kind::Folder, self.0.lock().mail.folder(folder).expect("a folder"), 0)
    }

    /// Adds a category; `color` is `preset0` to `preset24`.
    pub fn category(&self, name: &str, color: &str) {
        let mut world = self.0.lock();
        let id = format!("category-{}", world.mail.key());
        world.mail.meetings.categories.push((id, name.to_owned(), color.to_owned()));
    }

    /// All delta links given out so far answer 410 from now on.
    pub fn expire_deltas(&self) {
        self.0.lock().tokens.expire_deltas();
    }

    /// The immutable id of a message.
    pub fn id(&self, mail: MailRef) -> String {
        encode(Kind::Immutable, mail.0, 0)
    }

    /// The message with this id, of either kind.
    pub fn find(&self, id: &str) -> Option<MailRef> {
        self.0.lock().mail.mail(id).ok().map(MailRef)
    }

    /// The messages of a folder, oldest first.
    pub fn list(&self, folder: &str) -> Vec<MailRef> {
        let world = self.0.lock();
        let key = world.mail.folder(folder).expect("a folder");
        world.mail.folders[&key].mails.iter().copied().map(MailRef).collect()
    }

    /// A message as Graph gives it, with its immutable id and its attachments.
    pub fn get(&self, mail: MailRef) -> Option<Value> {
        let query = Query { expand: vec![Expand::of("attachments")], ..Query::default() };
        let prefer = Prefer { immutable: true, ..Prefer::default() };
        let world = self.0.lock();
        world.mail.get(mail.0).ok()?;
        Some(world.message(mail.0, &query, prefer))
    }

    /// One property of a message, by path: `from/emailAddress/address`.
    pub fn property(&self, mail: MailRef, path: &str) -> Value {
        let world = self.0.lock();
        world.mail.get(mail.0).map_or(Value::Null, |message| value::property(message, mail.0, path, Prefer::default()))
    }

    /// The folder a message is in: its well-known name, else its display name.
    pub fn folder_of(&self, mail: MailRef) -> Option<String> {
        let world = self.0.lock();
        let folder = world.mail.folders.get(&world.mail.get(mail.0).ok()?.folder)?;
        Some(folder.well_known.map_or_else(|| folder.name.clone(), str::to_owned))
    }

    /// What left the mailbox, in order: messages as Graph gives them, with attachments.
    pub fn sent(&self) -> Vec<Value> {
        self.0.lock().mail.sent.clone()
    }
}
