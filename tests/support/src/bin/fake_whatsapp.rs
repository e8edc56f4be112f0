//! The fake Cloud API as a program (`inlet_testkit::program`).

use std::process::ExitCode;

use async_trait::async_trait;
use inlet_testkit::{
    program::{self, Steered},
    whatsapp::{ACCOUNT_ID, APP_SECRET, Events, FakeWhatsApp, NUMBER_ID, TOKEN},
};
use serde::Deserialize;
use serde_json::{Value, json};

/// What a test can ask for.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum Act {
    /// Events are posted to this address.
    Events { to: std::net::SocketAddr },
    /// Somebody writes, at this time in seconds since 1970.
    Say { from: String, name: String, text: String, at: u64 },
    /// Somebody sends something of another kind.
    Message { from: String, name: String, content: Value, at: u64 },
    /// A status of a message that was sent.
    Status { id: String, to: String, status: String, key: String, at: u64 },
    /// A template was approved.
    Template { template: Value },
    /// What was sent so far.
    Sent,
    /// What was told as read so far, and that somebody writes.
    Marked,
}

async fn act(fake: &FakeWhatsApp, act: Act) -> Value {
    match act {
        Act::Events { to } => {
            fake.events(Events::PostedTo(to));
            Value::Null
        }
        Act::Say { from, name, text, at } => {
            fake.set_clock(at);
            fake.say(&from, &name, &text).await.into()
        }
        Act::Message { from, name, content, at } => {
            fake.set_clock(at);
            fake.message(&from, &name, content).await.into()
        }
        Act::Status { id, to, status, key, at } => {
            fake.set_clock(at);
            fake.status(&id, &to, &status, Some(&key), None).await;
            Value::Null
        }
        Act::Template { template } => {
            fake.template(template);
            Value::Null
        }
        Act::Sent => fake.sent().into(),
        Act::Marked => fake.marked().into(),
    }
}

struct WhatsApp(FakeWhatsApp);

#[async_trait]
impl Steered for WhatsApp {
    fn told(&self) -> Value {
        json!({
            "url": format!("http://{}/v23.0", self.0.address()), "token": TOKEN, "secret": APP_SECRET,
            "number": NUMBER_ID, "account": ACCOUNT_ID,
        })
    }

    async fn act(&self, command: &[u8]) -> Result<Value, String> {
        let command = serde_json::from_slice(command).map_err(|error| error.to_string())?;
        Ok(act(&self.0, command).await)
    }

    fn complaints(&self) -> Vec<String> {
        self.0.complaints()
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let Some(fake) = FakeWhatsApp::start("inlet-fake-whatsapp") else { return ExitCode::from(2) };
    // The test says when something is told of a message.
    fake.tells(&[]);
    program::run(WhatsApp(fake)).await
}
