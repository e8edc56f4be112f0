//! Testing the connection: the secret, whether anybody listens, and whether a signed event really arrives.

use inlet_model::{AccountId, CheckReport, CheckStep, Fate, Result, Service, SourceError};
use reqwest::{StatusCode, header::CONTENT_TYPE};
use serde_json::json;

use super::Hooks;
use crate::{http, inbound};

impl Hooks {
    pub(super) async fn report(&self) -> CheckReport {
        let mut report = CheckReport { identity: Some(self.config.me.clone()), ..CheckReport::default() };
        match self.secret() {
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
        let listening = format!("at {}", self.config.listen);
        match self.listen().await {
            Ok(0) => report.steps.push(CheckStep::passed("Listen for events", listening)),
            Ok(refused) => report.steps.push(CheckStep::passed(
                "Listen for events",
                format!("{listening}; {refused} requests were turned away, which the secret did not sign"),
            )),
            // It may be the window, which shares this data.
            Err(error @ SourceError::Transient(_)) => report
                .steps
                .push(CheckStep::passed("Listen for events", format!("{listening}, by another program. {error}"))),
            Err(error) => {
                let fix = "Connect it again with an address of this computer, such as 127.0.0.1:8775.";
                report.steps.push(CheckStep::failed("Listen for events", error.to_string(), fix));
                return report;
            }
        }
        report.steps.push(match self.knock().await {
            Ok(detail) => CheckStep::passed("Receive a signed event", detail),
            Err(error) => CheckStep::failed(
                "Receive a signed event",
                error.to_string(),
                "Keep Inlet open, and let the tunnel lead to the address Inlet listens at (docs/connecting-hooks.md).",
            ),
        });
        let at = self.memory().at.clone();
        let told =
            format!("{} about you, {} about others, {} of kinds Inlet does not know", at.done, at.others, at.unknown);
        report.steps.push(CheckStep::passed("Events so far", told));
        report
    }

    /// Sends a ping of our own the way the platform's come, and looks whether it is in the queue.
    async fn knock(&self) -> Result<String> {
        let mut mark = [0_u8; 16];
        getrandom::fill(&mut mark)
            .map_err(|_| SourceError::Transient("This computer gives no random numbers; try again.".to_owned()))?;
        let mark: String = mark.iter().map(|byte| format!("{byte:02x}")).collect();
        let body = match self.config.service {
            Service::GitHub => json!({ "zen": "Inlet knocks.", "check": mark }),
            Service::Jira => json!({ "webhookEvent": super::jira::KNOCK, "check": mark }),
        };
        let body = body.to_string().into_bytes();
        let (url, way) = match &self.config.public_url {
            Some(url) => (format!("{}{}", url.trim_end_matches('/'), self.config.path()), "through the tunnel"),
            None => (format!("http://{}{}", self.ear.address()?, self.config.path()), "on this computer"),
        };
        let url = http::trusted(&url)?;
        let request = http::api(&url)?
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header(self.platform().header(), inbound::sign(&self.secret()?, &body))
            .body(body.clone());
        let answer = request.send().await;
        let status = answer.map_err(|_| SourceError::Permanent(format!("Nobody answers {way}.")))?.status();
        // What is in the queue already is known to it: so it is told apart from whatever else answers there.
        match (status, self.queue.append(&body, None).await?) {
            (StatusCode::OK, Fate::Known) => Ok(format!("it arrived {way}")),
            (StatusCode::UNAUTHORIZED, _) => {
                Err(SourceError::Permanent("It was turned away: whoever listens there has another secret.".to_owned()))
            }
            (status, _) => Err(SourceError::Permanent(format!("It did not arrive {way} ({}).", status.as_u16()))),
        }
    }
}
