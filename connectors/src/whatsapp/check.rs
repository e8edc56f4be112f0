//! Testing the connection, step by step: the token, the number, the subscription, and whether a signed
//! event really arrives.

use inlet_model::{AccountId, CheckReport, CheckStep, Result, SourceError};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};

use super::WhatsApp;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Number {
    pub(super) display_phone_number: String,
    pub(super) verified_name: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Listed {
    data: Vec<Value>,
}

impl WhatsApp {
    pub(super) async fn report(&self) -> CheckReport {
        let mut report = CheckReport::default();
        let fields = [("fields", "display_phone_number,verified_name")];
        let number: Number = match self.client.get(&[&self.config.phone_number_id], &fields).await {
            Ok(number) => number,
            Err(error) => {
                report.steps.push(failed(
                    "Sign in to WhatsApp",
                    &error,
                    "Compare the token and the id of the number \
                    with those in Meta's WhatsApp Manager, and connect the number again.",
                ));
                return report;
            }
        };
        report.identity = Some(number.display_phone_number.clone());
        let who = [number.display_phone_number.as_str(), number.verified_name.as_str()];
        let who = who.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ");
        report.steps.push(CheckStep::passed("Sign in to WhatsApp", format!("as {who}")));
        let account = self.config.business_account_id.as_str();
        let numbers: Result<Listed> = self.client.get(&[account, "phone_numbers"], &[("limit", "100")]).await;
        let belongs = numbers.map(|numbers| {
            let id = |number: &&Value| number.get("id").and_then(Value::as_str) == Some(&self.config.phone_number_id);
            numbers.data.iter().find(id).is_some()
        });
        match belongs {
            Ok(true) => report
                .steps
                .push(CheckStep::passed("Find the business account", "the number is one of its own".to_owned())),
            Ok(false) => {
                let error = SourceError::Permanent("This business account has no such number.".to_owned());
                report.steps.push(failed(
                    "Find the business account",
                    &error,
                    "Compare the id of the business account \
                    with the one in Meta's WhatsApp Manager.",
                ));
                return report;
            }
            Err(error) => {
                report.steps.push(failed(
                    "Find the business account",
                    &error,
                    "Give the system user of the token the \
                    WhatsApp account too, with the permission whatsapp_business_management.",
                ));
                return report;
            }
        }
        // Before an account is kept there is nowhere to keep what comes in.
        if self.account != AccountId(0) {
            self.check_events(&mut report).await;
        }
        report
    }

    async fn check_events(&self, report: &mut CheckReport) {
        if !self.reception.check(report).await {
            return;
        }
        match self.subscribe().await {
            Ok(detail) => report.steps.push(CheckStep::passed("Subscribe to events", detail)),
            Err(error) => {
                report.steps.push(failed(
                    "Subscribe to events",
                    &error,
                    "Let the tunnel or the relay run and try again; the app \
                    needs the permission whatsapp_business_management.",
                ));
                return;
            }
        }
        let event = json!({ "object": "whatsapp_business_account", "entry": [] });
        report.steps.push(self.reception.knock(event).await);
    }

    /// Meta sends to an app that is subscribed; with a tunnel that is known, it is told where to.
    async fn subscribe(&self) -> Result<String> {
        let path = [self.config.business_account_id.as_str(), "subscribed_apps"];
        if let Some(url) = self.reception.public()? {
            let token = self.verify_token()?;
            let body = json!({ "override_callback_uri": url.as_str(), "verify_token": token.expose_secret() });
            self.client.post::<Value>(&path, &body, false).await?;
            return Ok(format!("Meta sends to {url}"));
        }
        let apps: Listed = self.client.get(&path, &[]).await?;
        if apps.data.is_empty() {
            return Err(SourceError::Permanent(
                "No app is subscribed to this account, so nothing is sent anywhere. Give Inlet the address of your tunnel."
                    .to_owned(),
            ));
        }
        Ok("an app is subscribed; where Meta sends to is set there".to_owned())
    }
}

fn failed(name: &str, error: &SourceError, fix: &str) -> CheckStep {
    let fix = match error {
        SourceError::Offline(_) => "Check the network connection.",
        SourceError::Throttled { .. } => "Wait a few minutes; WhatsApp asks for patience.",
        SourceError::Transient(_) => "Try again in a few minutes.",
        _ => fix,
    };
    CheckStep::failed(name, error.to_string(), fix)
}
