//! Channels that only send: rules and notifications tell things there, and nothing is ever read.
//!
//! A channel is an account whose one source has no scopes, so that outbox, retries, delivery log, pausing and
//! removing are what every source has. Each way is a module that turns something told into one request:
//!
//! | room | where it goes |
//! |---|---|
//! | [`slack`] | an incoming webhook of Slack |
//! | [`telegram`] | a bot of Telegram |
//! | [`webhook`] | any web address, signed as Standard Webhooks say |
//! | [`mail`] | one address, through a submission server |
//!
//! A turn is waited for in [`Source::prepare`], before the engine writes down that something is being sent: so a
//! kill while waiting leaves nothing in doubt. Only the signed webhook may be repeated, because its receiver can
//! tell a repetition by its id; of the others a lost answer is for the person.

mod mail;
mod slack;
mod telegram;
mod webhook;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use inlet_model::{
    AccountId, AnySource, Applied, Capabilities, ChannelConfig, CheckReport, CheckStep, Cursor, Intent, MessageOp,
    MessageSource, OpKey, Page, PartRef, PartSink, Result, Scope, SecretName, Secrets, Source, SourceError, SourceType,
    Told, UnifiedMessage, Via,
};
use reqwest::{RequestBuilder, Response, StatusCode, header::RETRY_AFTER};
use secrecy::SecretString;

use crate::{
    http,
    pace::{Method, Pace},
};

/// How long a server that does not say is left alone.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest answer that is read.
const LONGEST: usize = 64 << 10;

struct Channel {
    account: AccountId,
    config: ChannelConfig,
    secrets: Arc<dyn Secrets>,
    pace: Pace,
}

/// The channel as a source.
pub(crate) fn open(account: AccountId, config: &ChannelConfig, secrets: Arc<dyn Secrets>) -> AnySource {
    AnySource::Message(Arc::new(Channel { account, config: config.clone(), secrets, pace: Pace::default() }))
}

/// What is told.
struct Message<'a> {
    told: &'a Told,
    text: &'a str,
}

impl Channel {
    /// What it takes to send.
    fn secret(&self) -> Result<SecretString> {
        self.secrets.get(self.account, SecretName::Password)?.ok_or_else(|| {
            SourceError::AuthNeeded("The secret of this channel is missing: connect it again with it.".to_owned())
        })
    }

    fn method(&self) -> Method {
        let per_minute = self.config.per_minute.unwrap_or_else(|| self.config.via.per_minute());
        Method { name: "send", per_minute: per_minute.max(1) }
    }

    async fn send(&self, key: &OpKey, message: &Message<'_>) -> Result<String> {
        let secret = self.secret()?;
        match &self.config.via {
            Via::SlackWebhook => slack::send(&secret, message).await,
            Via::Telegram { chat, api_root } => telegram::Bot::new(api_root, &secret)?.send(chat, message).await,
            Via::Webhook { url } => webhook::send(url, &secret, key, message).await,
            Via::Smtp(config) => mail::send(config, &secret, key, message).await,
        }
    }
}

#[async_trait]
impl Source for Channel {
    type Item = UnifiedMessage;
    type Op = MessageOp;

    fn source_type(&self) -> SourceType {
        SourceType::Channel
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            send: true,
            send_only: true,
            idempotent_send: matches!(self.config.via, Via::Webhook { .. }),
            ..Capabilities::default()
        }
    }

    /// Everything short of sending something.
    async fn check(&self) -> Result<CheckReport> {
        let secret = match self.secret() {
            Ok(secret) => secret,
            Err(error) => {
                let fix = "Connect the channel again.";
                let step = CheckStep::failed("Open its secret", error.to_string(), fix);
                return Ok(CheckReport { steps: vec![step], ..CheckReport::default() });
            }
        };
        Ok(match &self.config.via {
            Via::SlackWebhook => slack::check(&secret),
            Via::Telegram { chat, api_root } => telegram::check(api_root, &secret, chat).await,
            Via::Webhook { url } => webhook::check(url, &secret).await,
            Via::Smtp(config) => mail::check(config, &secret).await,
        })
    }

    async fn scopes(&self) -> Result<Vec<Scope>> {
        Ok(Vec::new())
    }

    async fn pull(&self, _scope: &Scope, since: Option<&Cursor>) -> Result<Page<UnifiedMessage>> {
        Ok(Page::empty(since.cloned().unwrap_or_default()))
    }

    async fn fetch(&self, _part: &PartRef, _into: &mut dyn PartSink) -> Result<()> {
        Err(SourceError::Permanent("Nothing can be fetched from a channel that only sends.".to_owned()))
    }

    fn plan(&self, _key: &OpKey, intent: &Intent) -> Result<Option<MessageOp>> {
        match intent {
            Intent::Send(outgoing) if !outgoing.attachments.is_empty() => {
                Err(SourceError::Permanent("A channel takes no files: put a link into the text.".to_owned()))
            }
            Intent::Send(outgoing) => Ok(Some(MessageOp::tell(outgoing))),
            _ => Ok(None),
        }
    }

    async fn prepare(&self, _key: &OpKey, _op: &MessageOp) -> Result<Option<MessageOp>> {
        self.pace.turn(self.method()).await?;
        Ok(None)
    }

    async fn apply(&self, key: &OpKey, op: &MessageOp) -> Result<Applied> {
        let MessageOp::Send { told: Some(told), text, .. } = op else {
            return Err(SourceError::Permanent("A channel can only tell something.".to_owned()));
        };
        match self.send(key, &Message { told, text }).await {
            Ok(detail) => Ok(Applied { detail: Some(detail), ..Applied::default() }),
            Err(error) => {
                if let SourceError::Throttled { retry_after } = &error {
                    self.pace.silence(self.method(), *retry_after);
                }
                Err(error)
            }
        }
    }

    /// No channel can be asked what it has been told.
    async fn find_applied(&self, _key: &OpKey, _op: &MessageOp) -> Result<Option<Applied>> {
        Ok(None)
    }
}

impl MessageSource for Channel {}

/// The answer to a request that must not happen twice: its status, how long it wants to be left alone, and
/// the beginning of its body.
async fn asked(request: RequestBuilder, who: &str) -> Result<(StatusCode, Duration, Vec<u8>)> {
    let lost = || SourceError::Unknown(format!("The connection to {who} broke before it answered."));
    let mut response =
        request.send().await.map_err(|error| if error.is_connect() { http::failure(&error) } else { lost() })?;
    let (status, pause) = (response.status(), pause(&response));
    let mut body = Vec::new();
    while body.len() < LONGEST {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break,
            // A good answer has been given already; what else it says is for the log.
            Err(_) if status.is_success() => break,
            Err(_) => return Err(lost()),
        }
    }
    Ok((status, pause, body))
}

fn pause(response: &Response) -> Duration {
    let seconds = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    seconds.map_or(PATIENCE, Duration::from_secs)
}

/// Text of at most so many units, as `count` counts a character; what does not fit is left out, and that is seen.
fn cut(text: &str, most: usize, count: fn(char) -> usize) -> String {
    if text.chars().map(count).sum::<usize>() <= most {
        return text.to_owned();
    }
    let mut left = most.saturating_sub(1);
    let mut short: String = text
        .chars()
        .take_while(|c| {
            let fits = count(*c) <= left;
            left = left.saturating_sub(count(*c));
            fits
        })
        .collect();
    short.push('…');
    short
}

/// Text, link and where it comes from, each on a line of its own.
fn lines(message: &Message<'_>) -> String {
    joined(&[message.text.trim_end(), &ending(message)])
}

/// Link and where it comes from.
fn ending(message: &Message<'_>) -> String {
    joined(&[message.told.link.as_deref().unwrap_or_default(), Told::SIGNATURE])
}

fn joined(parts: &[&str]) -> String {
    parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_left_out_and_that_is_seen() {
        assert_eq!(cut("grün", 4, |_| 1), "grün");
        assert_eq!(cut("grüner", 4, |_| 1), "grü…");
        // Each of these counts as two.
        assert_eq!(cut("🌍🌍🌍", 6, char::len_utf16), "🌍🌍🌍");
        assert_eq!(cut("🌍🌍🌍", 5, char::len_utf16), "🌍🌍…");
        assert_eq!(cut("🌍🌍🌍", 4, char::len_utf16), "🌍…");
    }
}
