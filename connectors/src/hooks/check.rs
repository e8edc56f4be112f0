//! Testing the connection: the secret, whether anybody listens, and whether a signed event really arrives.

use inlet_model::{AccountId, CheckReport, CheckStep, Service};
use serde_json::json;

use super::Hooks;

impl Hooks {
    pub(super) async fn report(&self) -> CheckReport {
        let mut report = CheckReport { identity: Some(self.config.me.clone()), ..CheckReport::default() };
        match self.reception.secret() {
            Ok(_) => report.steps.push(CheckStep::passed("Read the secret", "events can be verified")),
            Err(error) => {
                report.steps.push(CheckStep::failed("Read the secret", error.to_string(), "Connect it again."));
                return report;
            }
        }
        // Before an account is kept there is nowhere to keep what comes in.
        if self.account == AccountId(0) {
            return report;
        }
        if !self.reception.check(&mut report).await {
            return report;
        }
        let event = match self.config.service {
            Service::GitHub => json!({ "zen": "Inlet knocks." }),
            Service::Jira => json!({ "webhookEvent": super::jira::KNOCK }),
        };
        report.steps.push(self.reception.knock(event).await);
        let at = self.memory().at.clone();
        let told =
            format!("{} about you, {} about others, {} of kinds Inlet does not know", at.done, at.others, at.unknown);
        report.steps.push(CheckStep::passed("Events so far", told));
        report
    }
}
