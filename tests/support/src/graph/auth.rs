//! Who may ask: bearer tokens, a set of them or an authorization server that is asked (RFC 7662).

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use parking_lot::Mutex;

use super::exchange::Refusal;

/// What a token is good for; `None`: nothing.
pub(crate) type Scopes = Option<Vec<String>>;

#[derive(Default)]
pub(crate) struct Auth {
    accepted: Mutex<HashMap<String, Vec<String>>>,
    introspection: Mutex<Option<String>>,
}

impl Auth {
    pub(crate) fn accept(&self, token: &str, scopes: &[&str]) {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        self.accepted.lock().insert(token.to_owned(), scopes);
    }

    pub(crate) fn revoke(&self, token: &str) {
        self.accepted.lock().remove(token);
    }

    pub(crate) fn introspect(&self, url: &str) {
        *self.introspection.lock() = Some(url.to_owned());
    }

    /// What the token of a request is good for.
    pub(crate) async fn scopes(&self, authorization: Option<&str>) -> Scopes {
        let token = authorization?.strip_prefix("Bearer ")?;
        if let Some(scopes) = self.accepted.lock().get(token) {
            return Some(scopes.clone());
        }
        let url = self.introspection.lock().clone()?;
        ask(&url, token).await
    }
}

/// Asks the authorization server; its address may hold a client id and secret.
async fn ask(url: &str, token: &str) -> Scopes {
    let (scheme, rest) = url.split_once("://")?;
    let (secret, rest) = match rest.split_once('@') {
        Some((secret, rest)) => (Some(secret), rest),
        None => (None, rest),
    };
    let token = percent_encoding::utf8_percent_encode(token, percent_encoding::NON_ALPHANUMERIC);
    let mut request = Request::post(format!("{scheme}://{rest}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json");
    if let Some(secret) = secret {
        request = request.header("authorization", format!("Basic {}", STANDARD.encode(secret)));
    }
    let request = request.body(Full::new(Bytes::from(format!("token={token}")))).ok()?;
    let client = Client::builder(TokioExecutor::new()).build_http();
    let body = client.request(request).await.ok()?.into_body().collect().await.ok()?.to_bytes();
    let answer: serde_json::Value = serde_json::from_slice(&body).ok()?;
    answer["active"].as_bool().filter(|active| *active)?;
    Some(answer["scope"].as_str().unwrap_or_default().split_whitespace().map(str::to_owned).collect())
}

/// Whether the scopes allow what needs any of `needed`; they may be written with their resource.
pub(crate) fn allowed(scopes: &[String], needed: &[&str]) -> bool {
    needed.is_empty() || scopes.iter().any(|scope| needed.contains(&scope.rsplit('/').next().unwrap_or(scope)))
}

pub(crate) fn unauthorized() -> Refusal {
    Refusal::new(401, "InvalidAuthenticationToken", "Access token is missing, has expired or is not yet valid.")
        .header("WWW-Authenticate", "Bearer realm=\"\", error=\"invalid_token\"")
}

/// The challenge of conditional access; its claims are base64 of JSON.
pub(crate) fn claims() -> Refusal {
    let claims = STANDARD.encode(r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#);
    Refusal::new(403, "insufficient_claims", "The presented access token does not satisfy the required claims.").header(
        "WWW-Authenticate",
        format!(
            "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", \
             error=\"insufficient_claims\", claims=\"{claims}\""
        ),
    )
}
