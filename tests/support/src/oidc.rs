//! A real sign-in service: the certified `oidc-provider`, run by node, with faults on request.
//!
//! Its login page takes any login with any password, and whoever typed it is that person. Refresh tokens
//! rotate, and a second use of one ends the sign-in.

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use inlet_model::OAuthConfig;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{npm, steered::Steered};

const LIMIT: Duration = Duration::from_secs(30);

/// How the provider should be.
#[derive(Clone, Debug)]
pub struct OidcOptions {
    /// Scopes it knows beside those of OpenID.
    pub scopes: Vec<String>,
    /// How long access tokens are good.
    pub access: Duration,
    /// How long refresh tokens are good.
    pub refresh: Duration,
    /// How long device codes are good.
    pub device: Duration,
    /// How many seconds its clock is ahead of this computer's.
    pub skew: i64,
    /// Its endpoints are where Microsoft's are, below this tenant.
    pub tenant: Option<String>,
}

impl Default for OidcOptions {
    /// Like Google: an hour, a day, ten minutes; mail.
    fn default() -> Self {
        Self {
            scopes: vec!["https://mail.google.com/".into()],
            access: Duration::from_secs(3600),
            refresh: Duration::from_secs(86_400),
            device: Duration::from_secs(600),
            skew: 0,
            tenant: None,
        }
    }
}

/// A request the provider has answered.
#[derive(Clone, Debug, Deserialize)]
pub struct Answered {
    /// `token` or `device/auth`.
    pub point: String,
    /// Status of its answer.
    pub status: u16,
    /// What it was asked: `client_id`, `grant_type`, `scope`, `claims`.
    pub params: Value,
}

#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Event {
    Listening { port: u16 },
    Answered(Answered),
}

/// A running provider; it ends when dropped.
pub struct Oidc {
    /// Its port.
    pub port: u16,
    server: Steered<Vec<Answered>>,
}

impl Oidc {
    /// There is a node on this machine.
    pub fn available() -> bool {
        npm::available()
    }

    /// Starts a provider.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(options: OidcOptions) -> Self {
        tokio::task::spawn_blocking(move || Self::start_blocking(&options)).await.expect("the provider starts")
    }

    fn start_blocking(options: &OidcOptions) -> Self {
        let program = npm::install("oidc", "oidc-provider");
        let setup = json!({
            "scopes": options.scopes,
            "access_seconds": options.access.as_secs(),
            "refresh_seconds": options.refresh.as_secs(),
            "device_seconds": options.device.as_secs(),
            "skew": options.skew,
            "tenant": options.tenant,
        });
        let mut command = Command::new("node");
        command.arg(program.join("server.mjs")).arg(setup.to_string());
        // On an older Node than it wants, it says so there.
        command.stderr(Stdio::null());
        let (server, first) = Steered::start("the provider", LIMIT, command, |answered: &mut Vec<_>, event| {
            if let Event::Answered(one) = event {
                answered.push(one);
            }
        });
        let Event::Listening { port } = first else { panic!("the provider does not say where it listens") };
        Self { port, server }
    }

    /// Where it is.
    pub fn issuer(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The settings of an app that is registered there, asking for these scopes.
    pub fn config(&self, scopes: &[&str]) -> OAuthConfig {
        let issuer = self.issuer();
        OAuthConfig {
            authorize_url: format!("{issuer}/auth"),
            token_url: format!("{issuer}/token"),
            device_url: Some(format!("{issuer}/device/auth")),
            client_id: "inlet".into(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            ..OAuthConfig::default()
        }
    }

    /// Where a mail server asks whether a token is good (RFC 7662), with its own credentials.
    pub fn introspection(&self) -> String {
        format!("http://mail:server@127.0.0.1:{}/token/introspection", self.port)
    }

    /// What it has answered so far.
    pub async fn answered(&self) -> Vec<Answered> {
        // It tells of an answer before it sends it, and of this order after that.
        self.server.order(json!({})).await;
        self.server.seen(Clone::clone)
    }

    /// How often a refresh token was redeemed.
    pub async fn refreshes(&self) -> usize {
        let refresh = |one: &Answered| one.params["grant_type"] == "refresh_token" && one.status == 200;
        self.answered().await.iter().filter(|one| refresh(one)).count()
    }

    /// Waits until it has answered this many requests of its endpoints.
    pub async fn until_answered(&self, count: usize) {
        self.server.until(|answered| answered.len() >= count).await;
    }

    /// The next answers of an endpoint go wrong: `{"status", "body"}` instead of an answer, or
    /// `{"hold": true}` for one that is made and not sent until [`Self::release`].
    pub async fn faults(&self, point: &str, faults: Value) {
        self.server.order(json!({ "faults": { point: faults } })).await;
    }

    /// Sends the answers that were held.
    pub async fn release(&self) {
        self.server.order(json!({ "release": true })).await;
    }

    /// Sets its clock to so many seconds ahead of this computer's.
    pub async fn clock(&self, skew: i64) {
        self.server.order(json!({ "skew": skew })).await;
    }

    /// Withdraws what a refresh token stands for, as its person does on the provider's pages.
    pub async fn revoke(&self, refresh_token: &str) {
        self.server.order(json!({ "revoke": refresh_token })).await;
    }
}
