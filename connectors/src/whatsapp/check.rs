//! Testing the connection, step by step: the token, the number, the subscription, and whether a signed
//! event really arrives.

use inlet_model::{AccountId, CheckReport, CheckStep, Fate, Result, SecretName, SourceError};
use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::WhatsApp;
use crate::{http, inbound, relay::Reader};

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
        let there = match &self.relay {
            Some(relay) => self.check_relay(relay, report).await,
            None => self.check_door(report).await,
        };
        if !there {
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
        report.steps.push(match self.knock().await {
            Ok(detail) => CheckStep::passed("Receive a signed event", detail),
            Err(error) => failed(
                "Receive a signed event",
                &error,
                match &self.relay {
                    Some(_) => "Compare the relay's file with what \"inlet accounts relay\" prints (docs/relay.md).",
                    None => {
                        "Keep Inlet open, and let the tunnel lead to the \
                    address Inlet listens at (docs/connecting-whatsapp.md)."
                    }
                },
            ),
        });
    }

    /// The relay's stream is there, and how much of it is not here yet.
    async fn check_relay(&self, relay: &Reader, report: &mut CheckReport) -> bool {
        // While the number moves there or back, events come here too; somebody else may listen already.
        let _ = self.listen().await;
        let looked = relay.look().await;
        let there = looked.is_ok();
        report.steps.push(match looked {
            Ok(0) => CheckStep::passed("Reach the relay", "all it kept is here".to_owned()),
            Ok(left) => CheckStep::passed("Reach the relay", format!("{left} events of it are not here yet")),
            Err(error) => failed(
                "Reach the relay",
                &error,
                "See that the relay and its NATS run, and compare address and login with theirs (docs/relay.md).",
            ),
        });
        there
    }

    async fn check_door(&self, report: &mut CheckReport) -> bool {
        let listening = format!("at {}", self.config.listen);
        match self.listen().await {
            Ok(refused) => {
                let refused = match refused {
                    0 => String::new(),
                    refused => format!("; {refused} requests were turned away, which the app secret did not sign"),
                };
                report.steps.push(CheckStep::passed("Listen for events", listening + &refused));
            }
            // It may be the window, which shares this data.
            Err(error @ SourceError::Transient(_)) => {
                report
                    .steps
                    .push(CheckStep::passed("Listen for events", format!("{listening}, by another program. {error}")));
            }
            Err(error) => {
                report.steps.push(failed(
                    "Listen for events",
                    &error,
                    "Connect the number again with its app secret and \
                    an address of this computer, such as 127.0.0.1:8775.",
                ));
                return false;
            }
        }
        true
    }

    /// Meta sends to an app that is subscribed; with a tunnel that is known, it is told where to.
    async fn subscribe(&self) -> Result<String> {
        let path = [self.config.business_account_id.as_str(), "subscribed_apps"];
        if let Some(url) = &self.config.public_url {
            let url = format!("{}{}", url.trim_end_matches('/'), self.config.path());
            http::trusted(&url)?;
            let token = self.verify_token()?;
            let body =
                json!({ "override_callback_uri": url, "verify_token": secrecy::ExposeSecret::expose_secret(&token) });
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

    /// Sends an event of our own the way Meta's take, and looks whether it is in the queue.
    async fn knock(&self) -> Result<String> {
        let mut mark = [0_u8; 16];
        getrandom::fill(&mut mark)
            .map_err(|_| SourceError::Transient("This computer gives no random numbers; try again.".to_owned()))?;
        let mark: String = mark.iter().map(|byte| format!("{byte:02x}")).collect();
        let body =
            json!({ "object": "whatsapp_business_account", "entry": [], "check": mark }).to_string().into_bytes();
        let through = if self.relay.is_some() { "through the relay" } else { "through the tunnel" };
        let (url, way) = match &self.config.public_url {
            Some(url) => (format!("{}{}", url.trim_end_matches('/'), self.config.path()), through),
            None => (format!("http://{}{}", self.ear.address()?, self.config.path()), "on this computer"),
        };
        let signature = inbound::sign(&self.client.secret(SecretName::AppSecret)?, &body);
        let knocked = self.client.knock(&http::trusted(&url)?, &signature, body.clone()).await;
        let status = knocked.map_err(|_| SourceError::Permanent(format!("Nobody answers {way}.")))?;
        // Whatever answers there: it has to be where events are kept.
        let arrived = match &self.relay {
            Some(relay) if status == StatusCode::OK && relay.has(&body).await? => true,
            _ => self.queue.append(&body, None).await? == Fate::Known,
        };
        match (status, arrived) {
            (StatusCode::OK, true) => Ok(format!("it arrived {way}")),
            (StatusCode::UNAUTHORIZED, _) => Err(SourceError::Permanent(
                "It was turned away: whoever listens there has another app secret.".to_owned(),
            )),
            (status, _) => Err(SourceError::Permanent(format!("It did not arrive {way} ({}).", status.as_u16()))),
        }
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
