//! The hands on the world as commands in JSON, for tests that are not written in Rust.
//!
//! The program `inlet-fake-graph` serves them: `POST` a command to the address it prints as `admin`
//! and read `{"result": …}` or `{"error": "…"}`. A command names itself in `do`; the rest are its
//! fields, as in [`Command`]. What a test in Rust gets by panicking is an error here.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{FakeGraph, Fault, Letter, Person, Resource, Said};

/// What can be asked.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
enum Command {
    /// Accept a token with these scopes.
    Accept { token: String, scopes: Vec<String> },
    /// Refuse a token.
    Revoke { token: String },
    /// Ask this endpoint (RFC 7662) about tokens that are not known.
    Introspect { url: String },
    /// Whose mailbox it is.
    Be { name: String, address: String },
    /// Let time pass.
    Advance { seconds: u64 },
    /// Let something go wrong.
    Fail(Failure),
    /// Take back all faults that wait.
    Heal,
    /// A message: properties as Graph names them. Its immutable id.
    AddMail {
        message: Value,
        #[serde(default = "inbox")]
        folder: String,
    },
    /// Many small messages.
    AddMails { folder: String, count: usize },
    /// An invitation: a message, and properties of its event. Its immutable id.
    Invite { message: Value, event: Value },
    /// How an invitation was answered.
    Response { id: String },
    /// A folder below another. Its id.
    AddFolder { name: String, parent: String },
    /// New values of a message's properties.
    ChangeMail { id: String, properties: Value },
    /// A message goes to another folder.
    MoveMail { id: String, folder: String },
    /// A message goes for good.
    DeleteMail { id: String },
    /// Delta links answer 410.
    ExpireDeltas,
    /// The messages of a folder, oldest first.
    Mails { folder: String },
    /// What left the mailbox.
    Sent,
    /// A chat: `oneOnOne`, `group` or `meeting`. Its id.
    AddChat { kind: String, topic: Option<String>, members: Vec<Someone> },
    /// A team and its channels: `{id, channels}`.
    AddTeam { name: String, channels: Vec<String> },
    /// Something said in a chat, as HTML. The message's id.
    Say { chat: String, from: Someone, html: String },
    /// Something said in a channel, or in reply to a message of it. The message's id.
    Post { team: String, channel: String, from: Someone, html: String, reply_to: Option<String> },
    /// Another text for a message of a chat.
    EditChat { chat: String, id: String, html: String },
    /// A message of a chat is deleted by its sender.
    DeleteChat { chat: String, id: String },
    /// A reaction to a message of a chat.
    React { chat: String, id: String, by: Someone, reaction: String },
    /// The messages of a chat, oldest first.
    ChatMessages { chat: String },
    /// A notebook. Its id.
    AddNotebook { name: String },
    /// A section of a notebook or group. Its id.
    AddSection { parent: String, name: String },
    /// A page. Its id.
    AddPage { section: String, title: String, html: String },
    /// Another content for a page.
    EditPage { page: String, html: String },
    /// A page goes.
    DeletePage { page: String },
    /// The ids of a section's pages.
    Pages { section: String },
    /// A page's HTML.
    PageHtml { page: String },
    /// How many requests came, by part.
    Requests,
    /// Every request: method, path, query, status.
    Seen,
    /// What was wrong, which with that is forgiven.
    Complaints,
}

/// A person.
#[derive(Clone, Debug, Deserialize)]
struct Someone {
    name: String,
    address: String,
}

impl Someone {
    fn person(&self) -> Person {
        Person::new(&self.name, &self.address)
    }
}

/// What goes wrong.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    /// `throttled`, `unavailable`, `unauthorized`, `claims`, `dropped`, `lost`, `torn`, `slow`.
    kind: String,
    /// `mail`, `teams`, `oneNote`, `user`, `upload`.
    resource: Option<String>,
    path: Option<String>,
    retry_after: Option<u64>,
    #[serde(default)]
    after: usize,
    #[serde(default = "once")]
    times: usize,
}

fn once() -> usize {
    1
}

fn inbox() -> String {
    "inbox".to_owned()
}

impl Failure {
    fn fault(&self) -> Result<Fault, String> {
        let mut fault = match self.kind.as_str() {
            "throttled" => Fault::throttled(),
            "unavailable" => Fault::unavailable(),
            "unauthorized" => Fault::unauthorized(),
            "claims" => Fault::claims(),
            "dropped" => Fault::dropped(),
            "lost" => Fault::lost(),
            "torn" => Fault::torn(),
            "slow" => Fault::slow(Duration::from_millis(100)),
            other => return Err(format!("{other} is no fault")),
        };
        if let Some(seconds) = self.retry_after {
            fault = fault.retry_after(seconds);
        }
        if let Some(name) = &self.resource {
            fault = fault.on(match name.as_str() {
                "mail" => Resource::Mail,
                "teams" => Resource::Teams,
                "oneNote" => Resource::OneNote,
                "user" => Resource::User,
                "upload" => Resource::Upload,
                other => return Err(format!("{other} is no part of Graph")),
            });
        }
        if let Some(path) = &self.path {
            fault = fault.path(path);
        }
        Ok(fault.after(self.after).times(self.times))
    }
}

/// Does a command.
///
/// # Errors
/// One sentence, also when something that is named is not there.
pub fn run(fake: &FakeGraph, command: &[u8]) -> Result<Value, String> {
    let command: Command = serde_json::from_slice(command).map_err(|error| error.to_string())?;
    // The hands panic, as tests want it; here that is an answer.
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| act(fake, command)));
    outcome.unwrap_or_else(|reason| {
        Err(reason.downcast_ref::<String>().map_or("something that was named is not there", String::as_str).to_owned())
    })
}

fn act(fake: &FakeGraph, command: Command) -> Result<Value, String> {
    let (mail, teams, notes) = (fake.mail(), fake.teams(), fake.notes());
    let found = |id: &str| mail.find(id).ok_or_else(|| "there is no such message".to_owned());
    let count = |resource| fake.requests(resource);
    Ok(match command {
        Command::Accept { token, scopes } => {
            nothing(|| fake.accept(&token, &scopes.iter().map(String::as_str).collect::<Vec<_>>()))
        }
        Command::Revoke { token } => nothing(|| fake.revoke(&token)),
        Command::Introspect { url } => nothing(|| fake.introspect(&url)),
        Command::Be { name, address } => nothing(|| fake.be(&Person::new(&name, &address))),
        Command::Advance { seconds } => nothing(|| fake.clock().advance(Duration::from_secs(seconds))),
        Command::Fail(failure) => {
            let fault = failure.fault()?;
            nothing(|| fake.fail(fault))
        }
        Command::Heal => nothing(|| fake.heal()),
        Command::Requests => json!({ "mail": count(Resource::Mail), "teams": count(Resource::Teams),
            "oneNote": count(Resource::OneNote), "user": count(Resource::User) }),
        Command::Seen => {
            fake.seen().into_iter().map(|one| json!([one.method, one.path, one.query, one.status])).collect()
        }
        Command::Complaints => fake.take_complaints().into(),
        Command::AddMail { message, folder } => mail.id(mail.add(Letter::of(&message).folder(&folder))).into(),
        Command::AddMails { folder, count } => mail.id(mail.add_many(&folder, count)).into(),
        Command::Invite { message, event } => mail.id(mail.invite(Letter::of(&message), event)).into(),
        Command::Response { id } => mail.response(found(&id)?).0.into(),
        Command::AddFolder { name, parent } => mail.folder(&name, &parent).into(),
        Command::ChangeMail { id, properties } => {
            let one = found(&id)?;
            nothing(|| mail.change(one, &properties))
        }
        Command::MoveMail { id, folder } => {
            let one = found(&id)?;
            nothing(|| mail.move_to(one, &folder))
        }
        Command::DeleteMail { id } => {
            let one = found(&id)?;
            nothing(|| mail.delete(one))
        }
        Command::ExpireDeltas => nothing(|| mail.expire_deltas()),
        Command::Mails { folder } => mail.list(&folder).into_iter().filter_map(|one| mail.get(one)).collect(),
        Command::Sent => mail.sent().into(),
        Command::AddChat { kind, topic, members } => {
            let members: Vec<Person> = members.iter().map(Someone::person).collect();
            let topic = topic.unwrap_or_default();
            match (kind.as_str(), members.first()) {
                ("oneOnOne", Some(person)) => teams.one_on_one(person),
                ("group", _) => teams.group(&topic, &members),
                ("meeting", _) => teams.meeting(&topic, &members),
                _ => return Err(format!("{kind} is no chat")),
            }
            .into()
        }
        Command::AddTeam { name, channels } => {
            let (id, channels) = teams.team(&name, &channels.iter().map(String::as_str).collect::<Vec<_>>());
            json!({ "id": id, "channels": channels })
        }
        Command::Say { chat, from, html } => teams.say(&chat, Said::html(&html).from(&from.person())).into(),
        Command::Post { team, channel, from, html, reply_to } => {
            let said = Said::html(&html).from(&from.person());
            match reply_to {
                Some(to) => teams.reply(&team, &channel, &to, said),
                None => teams.post(&team, &channel, said),
            }
            .into()
        }
        Command::EditChat { chat, id, html } => nothing(|| teams.edit(&chat, &id, &html)),
        Command::DeleteChat { chat, id } => nothing(|| teams.delete(&chat, &id)),
        Command::React { chat, id, by, reaction } => nothing(|| teams.react(&chat, &id, &by.person(), &reaction)),
        Command::ChatMessages { chat } => teams.messages(&chat).into(),
        Command::AddNotebook { name } => notes.notebook(&name).into(),
        Command::AddSection { parent, name } => notes.section(&parent, &name).into(),
        Command::AddPage { section, title, html } => notes.page(&section, &title, &html).into(),
        Command::EditPage { page, html } => nothing(|| notes.edit(&page, &html)),
        Command::DeletePage { page } => nothing(|| notes.delete_page(&page)),
        Command::Pages { section } => notes.pages(&section).into(),
        Command::PageHtml { page } => notes.html(&page).into(),
    })
}

fn nothing(act: impl FnOnce()) -> Value {
    act();
    Value::Null
}
