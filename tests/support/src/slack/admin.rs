//! The hands on the world as commands in JSON, for tests that are not written in Rust.
//!
//! The program `inlet-fake-slack` serves them: `POST` a command to the address it prints as `admin` and
//! read `{"result": …}` or `{"error": "…"}`. A command names itself in `do`; the rest are its fields.

use serde::Deserialize;
use serde_json::{Value, json};

use super::FakeSlack;

/// What can be asked.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "camelCase", deny_unknown_fields)]
enum Command {
    /// Somebody joins. Their id.
    Person { name: String, address: String },
    /// A channel I am in. Its id.
    Channel { name: String, members: Vec<String> },
    /// A conversation with one person. Its id.
    Direct { with: String },
    /// Somebody says something. Its time.
    Say { room: String, who: String, text: String },
    /// Somebody answers in a thread. Its time.
    Answer { room: String, root: String, who: String, text: String },
    /// A message gets other words.
    Edit { room: String, ts: String, text: String },
    /// Somebody gives an emoji.
    React { room: String, ts: String, who: String, name: String },
    /// The messages of a conversation, the oldest first.
    Messages { room: String },
    /// The person's token lacks a scope for a method.
    Lack { method: String, scope: String },
    /// The person's token may use a method again.
    Allow { method: String },
    /// A token is refused from now on.
    Revoke { token: String },
    /// What was wrong so far, which with that is forgiven.
    Complaints,
}

/// Does a command.
///
/// # Errors
/// What is wrong with it.
pub fn run(fake: &FakeSlack, command: &[u8]) -> Result<Value, String> {
    let command: Command = serde_json::from_slice(command).map_err(|error| error.to_string())?;
    Ok(match command {
        Command::Person { name, address } => json!(fake.person(&name, &address)),
        Command::Channel { name, members } => {
            let members: Vec<&str> = members.iter().map(String::as_str).collect();
            json!(fake.channel(&name, &members))
        }
        Command::Direct { with } => json!(fake.direct(&with)),
        Command::Say { room, who, text } => json!(fake.say(&room, &who, &text)),
        Command::Answer { room, root, who, text } => json!(fake.answer(&room, &root, &who, &text)),
        Command::Edit { room, ts, text } => {
            fake.edit(&room, &ts, &text);
            Value::Null
        }
        Command::React { room, ts, who, name } => {
            fake.react(&room, &ts, &who, &name);
            Value::Null
        }
        Command::Messages { room } => json!(fake.messages(&room)),
        Command::Lack { method, scope } => {
            fake.lack(&method, &scope);
            Value::Null
        }
        Command::Allow { method } => {
            fake.allow(&method);
            Value::Null
        }
        Command::Revoke { token } => {
            fake.revoke(&token);
            Value::Null
        }
        Command::Complaints => json!(fake.take_complaints()),
    })
}
