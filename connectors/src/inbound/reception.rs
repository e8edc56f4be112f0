//! How the events of one account get here: by a door on this computer, and where there is a relay by that as well.
//!
//! It is the same for all platforms that push, and so is its test: somebody listens, or the relay has the account's
//! stream, and a signed event of our own arrives.

use std::sync::Arc;

use inlet_model::{
    AccountId, CheckReport, CheckStep, EventQueue, Fate, Pushed, Result, SecretName, Secrets, SourceError,
};
use reqwest::{StatusCode, header::CONTENT_TYPE};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use super::{Ear, Platform, sign};
use crate::{http, relay::Reader};

/// The way in of one account.
pub(crate) struct Reception {
    platform: Platform,
    path: String,
    public_url: Option<String>,
    account: AccountId,
    secrets: Arc<dyn Secrets>,
    queue: Arc<dyn EventQueue>,
    ear: Ear,
    relay: Option<Reader>,
}

impl Reception {
    /// One where nobody listens yet.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] for a path that no relay could have.
    pub(crate) fn new(
        account: AccountId,
        platform: Platform,
        pushed: &Pushed<'_>,
        secrets: Arc<dyn Secrets>,
        queue: Arc<dyn EventQueue>,
    ) -> Result<Self> {
        let reader = |relay| Reader::new(account, relay, &pushed.path, secrets.clone(), queue.clone());
        Ok(Self {
            relay: pushed.relay.map(reader).transpose()?,
            platform,
            path: pushed.path.clone(),
            public_url: pushed.public_url.map(|url| url.trim_end_matches('/').to_owned()),
            account,
            ear: Ear::new(pushed.listen),
            secrets,
            queue,
        })
    }

    /// What came in.
    pub(crate) fn queue(&self) -> &dyn EventQueue {
        &*self.queue
    }

    /// What the platform signs with.
    ///
    /// # Errors
    /// [`SourceError::AuthNeeded`] when it is not there.
    pub(crate) fn secret(&self) -> Result<SecretString> {
        self.secrets
            .get(self.account, SecretName::AppSecret)?
            .ok_or_else(|| SourceError::AuthNeeded("A secret of this account is missing: connect it again.".to_owned()))
    }

    /// Where the platform is to send to, where that is known.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] when it is not HTTPS.
    pub(crate) fn public(&self) -> Result<Option<Url>> {
        self.public_url.as_ref().map(|url| http::trusted(&format!("{url}{}", self.path))).transpose()
    }

    /// Opens the door, if it is not open; how many it has turned away.
    async fn listen(&self) -> Result<u64> {
        self.ear.open(|| Ok(self.platform.hook(self.path.clone(), self.secret()?, self.queue.clone()))).await
    }

    /// Returns when all that the relay has now is in the queue.
    ///
    /// # Errors
    /// Why nobody listened, as whoever waits cannot say so itself, or what keeps the relay from being read.
    pub(crate) async fn even(&self) -> Result<()> {
        self.ear.failure()?;
        match &self.relay {
            Some(relay) => relay.even().await,
            None => Ok(()),
        }
    }

    /// Listens until something is in the queue after this number.
    ///
    /// # Errors
    /// What keeps it from listening.
    pub(crate) async fn wait(&self, after: u64) -> Result<()> {
        let heard = match (self.listen().await, &self.relay) {
            // Beside a relay somebody listens here too: while an account moves to one, or back, events come both ways.
            (_, Some(relay)) => tokio::select! {
                came = self.queue.wait(after) => came,
                error = relay.failure() => Err(error),
            },
            (Ok(_), None) => self.queue.wait(after).await,
            (Err(error), None) => Err(error),
        };
        if let Err(error) = &heard {
            self.ear.failed(error);
        }
        heard
    }

    /// Tests that somebody listens; false when that failed.
    pub(crate) async fn check(&self, report: &mut CheckReport) -> bool {
        let step = match &self.relay {
            Some(relay) => self.check_relay(relay).await,
            None => self.check_door().await,
        };
        let well = step.ok;
        report.steps.push(step);
        well
    }

    /// The relay's stream is there, and how much of it is not here yet.
    async fn check_relay(&self, relay: &Reader) -> CheckStep {
        // While the account moves there or back, events come here too; somebody else may listen already.
        let _ = self.listen().await;
        match relay.look().await {
            Ok(0) => CheckStep::passed("Reach the relay", "all it kept is here"),
            Ok(left) => CheckStep::passed("Reach the relay", format!("{left} events of it are not here yet")),
            Err(error) => CheckStep::failed(
                "Reach the relay",
                error.to_string(),
                "See that the relay and its NATS run, and compare address and login with theirs (docs/relay.md).",
            ),
        }
    }

    async fn check_door(&self) -> CheckStep {
        let listening = match self.ear.address() {
            Ok(address) => format!("at {address}"),
            Err(_) => String::new(),
        };
        match self.listen().await {
            Ok(0) => CheckStep::passed("Listen for events", listening),
            Ok(refused) => CheckStep::passed(
                "Listen for events",
                format!("{listening}; {refused} requests were turned away, which the secret did not sign"),
            ),
            // It may be the window, which shares this data.
            Err(error @ SourceError::Transient(_)) => {
                CheckStep::passed("Listen for events", format!("{listening}, by another program. {error}"))
            }
            Err(error) => CheckStep::failed(
                "Listen for events",
                error.to_string(),
                "Connect it again with its secret and an address of this computer, such as 127.0.0.1:8775.",
            ),
        }
    }

    /// Sends an event of our own the way the platform's come, and looks whether it has arrived.
    pub(crate) async fn knock(&self, event: Value) -> CheckStep {
        let fix = match (&self.relay, self.platform) {
            (Some(_), _) => "Compare the relay's file with what \"inlet accounts relay\" prints (docs/relay.md).",
            (None, Platform::WhatsApp) => {
                "Keep Inlet open, and let the tunnel lead to the address Inlet listens at \
                 (docs/connecting-whatsapp.md)."
            }
            (None, Platform::GitHub | Platform::Jira) => {
                "Keep Inlet open, and let the tunnel lead to the address Inlet listens at (docs/connecting-hooks.md)."
            }
        };
        match self.knocked(event).await {
            Ok(detail) => CheckStep::passed("Receive a signed event", detail),
            Err(error) => CheckStep::failed("Receive a signed event", error.to_string(), fix),
        }
    }

    async fn knocked(&self, mut event: Value) -> Result<String> {
        let mut mark = [0_u8; 16];
        getrandom::fill(&mut mark)
            .map_err(|_| SourceError::Transient("This computer gives no random numbers; try again.".to_owned()))?;
        if let Some(event) = event.as_object_mut() {
            let mark: String = mark.iter().map(|byte| format!("{byte:02x}")).collect();
            event.insert("check".to_owned(), json!(mark));
        }
        let body = event.to_string().into_bytes();
        let (url, way) = match (self.public()?, &self.relay) {
            (Some(url), Some(_)) => (url, "through the relay"),
            (Some(url), None) => (url, "through the tunnel"),
            (None, relay) => {
                let url = http::trusted(&format!("http://{}{}", self.ear.address()?, self.path))?;
                let unknown = "on this computer; the address of the relay is not given, so that it was not tried";
                (url, if relay.is_some() { unknown } else { "on this computer" })
            }
        };
        let request = http::api(&url)?
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header(self.platform.header(), sign(&self.secret()?, &body))
            .body(body.clone());
        let answer = request.send().await;
        let status = answer.map_err(|_| SourceError::Permanent(format!("Nobody answers {way}.")))?.status();
        // Whatever answers there: it has to be where events are kept.
        let arrived = match &self.relay {
            Some(relay) if status == StatusCode::OK && relay.has(&body).await? => true,
            _ => self.queue.append(&body, None).await? == Fate::Known,
        };
        match (status, arrived) {
            (StatusCode::OK, true) => Ok(format!("it arrived {way}")),
            (StatusCode::UNAUTHORIZED, _) => {
                Err(SourceError::Permanent("It was turned away: whoever listens there has another secret.".to_owned()))
            }
            (status, _) => Err(SourceError::Permanent(format!("It did not arrive {way} ({}).", status.as_u16()))),
        }
    }
}
