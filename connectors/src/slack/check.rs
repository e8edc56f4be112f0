//! Testing the connection, step by step.

use inlet_model::{CheckReport, CheckStep, Result, SourceError};
use serde_json::Value;

use super::{
    Workspace,
    client::{ask, change},
    pace::{CONNECTIONS_OPEN, CONVERSATIONS_HISTORY, USERS_CONVERSATIONS, USERS_LIST},
    wire::{Channel, Channels, Messages, SocketUrl, UserPage},
};

/// What each kind of conversation is called, how Slack names it, and what reading it takes.
const KINDS: [(&str, &str, &str); 4] = [
    ("channels", "public_channel", "channels:read and channels:history"),
    ("private channels", "private_channel", "groups:read and groups:history"),
    ("direct messages", "im", "im:read and im:history"),
    ("group messages", "mpim", "mpim:read and mpim:history"),
];

impl Workspace {
    pub(super) async fn report(&self) -> CheckReport {
        let mut report = CheckReport::default();
        let me = match self.me().await {
            Ok(me) => me,
            Err(error) => {
                report.steps.push(CheckStep::failed("Sign in to Slack", error.to_string(), fix(&error)));
                return report;
            }
        };
        let name = self.handle().await;
        report.identity = Some(name.clone());
        report.place = Some(me.team.clone());
        if me.bot.is_some() {
            report.steps.push(CheckStep::failed(
                "Sign in to Slack",
                "This is the token of a bot, which sees only where it was invited.".to_owned(),
                "Paste the User OAuth Token of your app (it begins with xoxp-), not the bot's.",
            ));
            return report;
        }
        report.steps.push(CheckStep::passed("Sign in to Slack", format!("as {name} at {}", me.team)));
        for (name, kind, scopes) in KINDS {
            let outcome = self.readable(kind).await;
            let stop = !matches!(outcome, Ok(_) | Err(SourceError::Permanent(_)));
            self.step(&mut report, &format!("Read {name}"), outcome, grant(scopes));
            if stop {
                return report;
            }
        }
        let people = self.client.send::<UserPage>(ask(USERS_LIST, &[("limit", "1")])).await;
        self.step(
            &mut report,
            "Read names",
            people.map(|_| "allowed".to_owned()),
            grant("users:read and users:read.email"),
        );
        self.live_step(&mut report).await;
        report
    }

    /// Lists conversations of a kind, and reads one of them where there is one.
    async fn readable(&self, kind: &str) -> Result<String> {
        let options = [("types", kind), ("limit", "1"), ("exclude_archived", "true")];
        let found: Channels = self.client.send(ask(USERS_CONVERSATIONS, &options)).await?;
        let first = found.channels.into_iter().find_map(|value: Value| serde_json::from_value::<Channel>(value).ok());
        let Some(first) = first.filter(|first| !first.id.is_empty()) else {
            return Ok("allowed; there are none".to_owned());
        };
        let options = [("channel", first.id.as_str()), ("limit", "1")];
        let _: Option<Messages> = self.client.send_if_there(ask(CONVERSATIONS_HISTORY, &options)).await?;
        Ok("allowed".to_owned())
    }

    async fn live_step(&self, report: &mut CheckReport) {
        const NAME: &str = "Be told at once (Socket Mode)";
        if !self.client.has_app_token() {
            let detail = "not set up: Inlet asks Slack every few minutes; an app-level token (xapp-…) makes it at once";
            report.steps.push(CheckStep::passed(NAME, detail.to_owned()));
            return;
        }
        let opened = self.client.send::<SocketUrl>(change(CONNECTIONS_OPEN, &[]).as_app()).await;
        let outcome = opened.map(|_| "allowed".to_owned());
        let fix = "Turn on Socket Mode and give the app-level token connections:write in your app's settings at \
                   api.slack.com/apps, install it again, and paste the new token.";
        self.step(report, NAME, outcome, fix.to_owned());
    }

    fn step(&self, report: &mut CheckReport, name: &str, outcome: Result<String>, refused: String) {
        report.steps.push(match outcome {
            Ok(detail) => CheckStep::passed(name, detail),
            Err(error @ SourceError::Permanent(_)) => CheckStep::failed(name, error.to_string(), refused),
            Err(error) => CheckStep::failed(name, error.to_string(), fix(&error)),
        });
    }
}

fn grant(scopes: &str) -> String {
    format!("Add {scopes} to your app's settings at api.slack.com/apps, install it again, and paste the new token.")
}

fn fix(error: &SourceError) -> &'static str {
    match error {
        SourceError::AuthNeeded(_) => {
            "Copy the User OAuth Token of your app from api.slack.com/apps and paste it anew."
        }
        SourceError::Offline(_) => "Check the network connection.",
        SourceError::Throttled { .. } => "Wait a minute; Slack asks for patience.",
        _ => "Try again in a few minutes.",
    }
}
