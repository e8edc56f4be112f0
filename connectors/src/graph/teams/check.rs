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
                report.steps.push(CheckStep::failed(
                    "Find the account",
                    text,
                    "Sign in with a work or school account, or take Teams out of this account.",
                ));
                return report;
            }
            Err(error) => {
                report.steps.push(CheckStep::failed("Sign in at Microsoft", error.to_string(), fix(&error)));
                return report;
            }
        };
        report.identity = Some(me.party.handle.clone());
        report.steps.push(CheckStep::passed("Sign in at Microsoft", format!("as {}", me.party.label())));
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
            Ok(()) => CheckStep::passed(name, "allowed"),
            Err(SourceError::Permanent(text)) => CheckStep::failed(
                name,
                text,
                format!("Ask your administrator for a Teams licence, and to let this app use {scope}."),
            ),
            Err(error) => CheckStep::failed(name, error.to_string(), fix(&error)),
        });
    }
}

fn fix(error: &SourceError) -> &'static str {
    match error {
        SourceError::AuthNeeded(_) => "Sign in again.",
        SourceError::Offline(_) => "Check the network connection.",
        SourceError::Throttled { .. } => "Wait a few minutes; Microsoft asks for patience.",
        _ => "Try again in a few minutes.",
    }
}
