//! Testing the connection, step by step.

use inlet_model::{CheckReport, CheckStep, Result, SourceError};

use super::Teams;

/// The sentence for an account that cannot have Teams.
pub(super) const PERSONAL: &str = "Teams can be connected for work and school accounts only; this is a personal one.";

impl Teams {
    pub(super) async fn report(&self) -> CheckReport {
        let mut report = CheckReport::default();
        let me = match self.me().await {
            Ok(me) => me,
            Err(SourceError::Permanent(text)) if text == PERSONAL => {
                report.steps.push(failed(
                    "Find the account",
                    text,
                    "Sign in with a work or school account, or take Teams out of this account.",
                ));
                return report;
            }
            Err(error) => {
                report.steps.push(failed("Sign in at Microsoft", error.to_string(), fix(&error)));
                return report;
            }
        };
        report.identity = Some(me.party.handle.clone());
        report.steps.push(went("Sign in at Microsoft", format!("as {}", me.party.label())));
        let chats = self.graph.get(&["me", "chats"]).query(&[("$top", "1")]).send().await;
        self.step(&mut report, "Read chats", chats.map(drop), "Chat.ReadWrite");
        if self.channels && report.ok() {
            let teams = self.graph.get(&["me", "joinedTeams"]).send().await;
            self.step(&mut report, "Read channels", teams.map(drop), "ChannelMessage.Read.All");
        }
        report
    }

    fn step(&self, report: &mut CheckReport, name: &str, outcome: Result<()>, scope: &str) {
        report.steps.push(match outcome {
            Ok(()) => went(name, "allowed".to_owned()),
            Err(SourceError::Permanent(text)) => failed(
                name,
                text,
                &format!("Ask your administrator for a Teams licence, and to let this app use {scope}."),
            ),
            Err(error) => failed(name, error.to_string(), fix(&error)),
        });
    }
}

fn went(name: &str, detail: String) -> CheckStep {
    CheckStep { name: name.to_owned(), ok: true, detail, fix: None }
}

fn failed(name: &str, detail: String, fix: &str) -> CheckStep {
    CheckStep { name: name.to_owned(), ok: false, detail, fix: Some(fix.to_owned()) }
}

fn fix(error: &SourceError) -> &'static str {
    match error {
        SourceError::AuthNeeded(_) => "Sign in again.",
        SourceError::Offline(_) => "Check the network connection.",
        SourceError::Throttled { .. } => "Wait a few minutes; Microsoft asks for patience.",
        _ => "Try again in a few minutes.",
    }
}
