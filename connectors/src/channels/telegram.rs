//! A bot of Telegram (<https://core.telegram.org/bots/api>).
//!
//! The token is part of every address, so an address is never part of an error. Messages go without a parse
//! mode: what is told is text, and nothing in it is markup.

use std::time::Duration;

use inlet_model::{CheckReport, CheckStep, Result, SourceError};
use reqwest::{Client, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::{Message, asked, cut, ending, joined};
use crate::http;

/// The longest text, in units of UTF-16 (<https://core.telegram.org/bots/api#sendmessage>).
const LONGEST: usize = 4096;

/// The Bot API with a token.
pub(super) struct Bot<'a> {
    http: Client,
    root: Url,
    token: &'a SecretString,
}

/// An answer (<https://core.telegram.org/bots/api#making-requests>).
#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    ok: bool,
    result: Value,
    error_code: u16,
    parameters: Parameters,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Parameters {
    retry_after: Option<u64>,
    migrate_to_chat_id: Option<i64>,
}

pub(super) async fn check(root: &str, secret: &SecretString, chat: &str) -> CheckReport {
    let mut report = CheckReport::default();
    let bot = match Bot::new(root, secret) {
        Ok(bot) => bot,
        Err(error) => {
            report.steps.push(CheckStep::failed("Sign in to Telegram", error.to_string(), "Correct the token."));
            return report;
        }
    };
    match bot.call("getMe", &json!({})).await {
        Ok(me) => {
            let name = format!("@{}", me.get("username").and_then(Value::as_str).unwrap_or_default());
            report.steps.push(CheckStep::passed("Sign in to Telegram", format!("as {name}")));
            report.identity = Some(name);
        }
        Err(error) => {
            let fix = "Copy the token that @BotFather gave you.";
            report.steps.push(CheckStep::failed("Sign in to Telegram", error.to_string(), fix));
            return report;
        }
    }
    report.steps.push(match bot.call("getChat", &json!({ "chat_id": id(chat) })).await {
        Ok(found) => {
            let named = ["title", "first_name", "username"].iter().find_map(|name| found.get(name)?.as_str());
            report.place = named.map(str::to_owned);
            CheckStep::passed("Find the chat", named.unwrap_or("found"))
        }
        Err(error) => CheckStep::failed(
            "Find the chat",
            error.to_string(),
            "Write to the bot first, or add it to the group, and give the id of that chat.",
        ),
    });
    report
}

impl<'a> Bot<'a> {
    /// # Errors
    /// [`SourceError::AuthNeeded`] for what cannot be a token, [`SourceError::Permanent`] for a root that may not
    /// be given one.
    pub(super) fn new(root: &str, token: &'a SecretString) -> Result<Self> {
        let (number, rest) = token.expose_secret().trim().split_once(':').unwrap_or_default();
        let whole =
            !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) || !whole {
            return Err(SourceError::AuthNeeded(
                "This is not the token of a bot: it is a number, a colon and letters.".to_owned(),
            ));
        }
        let root = http::trusted(root.trim_end_matches('/'))?;
        Ok(Self { http: http::api(&root)?, root, token })
    }

    pub(super) async fn send(&self, chat: &str, message: &Message<'_>) -> Result<String> {
        let body = json!({
            "chat_id": id(chat),
            "text": text(message),
            "link_preview_options": { "is_disabled": true },
        });
        let sent = self.call("sendMessage", &body).await?;
        let number = sent.get("message_id").and_then(Value::as_i64).unwrap_or_default();
        Ok(format!("accepted by Telegram as message {}", masked(&number.to_string())))
    }

    async fn call(&self, method: &str, body: &Value) -> Result<Value> {
        let mut url = self.root.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push(&format!("bot{}", self.token.expose_secret().trim())).push(method);
        }
        let (status, pause, bytes) = asked(self.http.post(url).json(body), "Telegram").await?;
        let answer: Option<Answer> = serde_json::from_slice(&bytes).ok();
        match answer {
            Some(answer) if answer.ok => Ok(answer.result),
            Some(answer) => Err(refusal(&answer, pause)),
            None if status == StatusCode::TOO_MANY_REQUESTS => Err(SourceError::Throttled { retry_after: pause }),
            None => Err(SourceError::Unknown("Telegram gave an answer that cannot be read.".to_owned())),
        }
    }
}

fn refusal(answer: &Answer, pause: Duration) -> SourceError {
    if answer.parameters.migrate_to_chat_id.is_some() {
        return SourceError::AuthNeeded(
            "This group has become a supergroup, which has another id: connect the channel again with that.".to_owned(),
        );
    }
    match answer.error_code {
        429 => SourceError::Throttled { retry_after: answer.parameters.retry_after.map_or(pause, Duration::from_secs) },
        // A token that does not exist is answered as an address that does not.
        401 | 404 => SourceError::AuthNeeded(
            "Telegram does not know this bot any more: connect the channel again with the token of one.".to_owned(),
        ),
        403 => {
            SourceError::AuthNeeded("The bot may not write there: unblock it, or add it to the group again.".to_owned())
        }
        // Telegram says this itself, and has done nothing.
        500.. => SourceError::Transient("Telegram is busy; Inlet tries again later.".to_owned()),
        code => SourceError::Permanent(format!(
            "Telegram does not take this ({code}): look whether the chat still has this id, and connect the channel again."
        )),
    }
}

/// What is told; where it comes from stays, however long the text is.
fn text(message: &Message<'_>) -> String {
    let told = joined(&[message.told.title.trim(), message.text.trim_end()]);
    let end = ending(message);
    let room = LONGEST.saturating_sub(format!("\n\n{end}").encode_utf16().count());
    joined(&[&cut(&told, room, char::len_utf16), &end])
}

/// Ids are numbers, names are not.
fn id(chat: &str) -> Value {
    chat.trim().parse::<i64>().map_or_else(|_| chat.trim().into(), Value::from)
}

/// Enough of a number to find it again, and no more.
fn masked(number: &str) -> String {
    let end: String = number.chars().skip(number.chars().count().saturating_sub(2)).collect();
    format!("****{end}")
}

#[cfg(test)]
mod tests {
    use inlet_model::{Timestamp, Told};

    use super::*;

    #[test]
    fn a_long_text_is_cut_and_says_where_it_comes_from_all_the_same() {
        let long = "🌍".repeat(LONGEST);
        let told = Told {
            title: "T".into(),
            link: Some("https://ci.test/1".into()),
            at: Timestamp::UNIX_EPOCH,
            passed: Vec::new(),
        };
        let text = text(&Message { told: &told, text: &long });
        assert!(text.encode_utf16().count() <= LONGEST && text.encode_utf16().count() > LONGEST - 3);
        assert!(
            text.starts_with("T\n\n🌍") && text.ends_with(&format!("…\n\nhttps://ci.test/1\n\n{}", Told::SIGNATURE))
        );
    }
}
