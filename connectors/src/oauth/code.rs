//! Authorization code with PKCE (RFC 6749 §4.1, RFC 7636, RFC 8252): the provider's page in the
//! system's browser, which comes back to a port of this computer.

use std::time::Duration;

use async_trait::async_trait;
use inlet_model::{Grant, Prompt, Refusal, SignIn, SourceError};
use oauth2::{AuthUrl, AuthorizationCode, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl};
use url::{Host, Url};

use super::{
    loopback::{Expected, Loopback, Reply},
    plan::{self, Plan},
    refusal,
};
use crate::http;

/// How long a person may take: to find the password, the phone, the second factor.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// A sign-in whose page is to be opened.
struct Page {
    plan: Plan,
    url: Url,
    redirect: RedirectUrl,
    verifier: PkceCodeVerifier,
    nonce: String,
    loopback: Loopback,
}

/// Listens, and makes the address of the provider's page.
pub(super) async fn begin(plan: Plan) -> Result<Box<dyn SignIn>, Refusal> {
    let authorize = http::trusted(&plan.oauth.authorize_url)?;
    let state = CsrfToken::new_random();
    let expected = Expected { state: state.secret().clone(), issuer: authorize.origin() };
    let loopback = Loopback::listen(expected, plan.oauth.port).await?;
    // A registration that names the port names the host as well.
    let host = if plan.oauth.port.is_some() { "localhost" } else { redirect_host(&authorize) };
    let redirect = RedirectUrl::new(format!("http://{host}:{}", loopback.port())).map_err(|_| refusal::unreadable())?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let nonce = CsrfToken::new_random().secret().clone();
    let app = plan.app()?.set_auth_uri(AuthUrl::from_url(authorize)).set_redirect_uri(redirect.clone());
    let mut request = app.authorize_url(|| state).set_pkce_challenge(challenge).add_scopes(plan.scopes());
    if plan.openid {
        request = request.add_extra_param("nonce", nonce.clone());
    }
    for (name, value) in &plan.extras {
        request = request.add_extra_param(*name, *value);
    }
    if let Some(hint) = &plan.hint {
        request = request.add_extra_param("login_hint", hint.clone());
    }
    if let Some(claims) = &plan.claims {
        request = request.add_extra_param("claims", claims.clone());
    }
    let (url, _) = request.url();
    Ok(Box::new(Page { plan, url, redirect, verifier, nonce, loopback }))
}

/// Microsoft ignores the port of `http://localhost` alone; everywhere else the number is safer, as no
/// resolver is asked for it (RFC 8252 §8.3).
fn redirect_host(authorize: &Url) -> &'static str {
    const MICROSOFT: [&str; 3] = ["login.microsoftonline.com", "login.microsoftonline.us", "login.chinacloudapi.cn"];
    match authorize.host() {
        Some(Host::Domain(name)) if MICROSOFT.contains(&name) => "localhost",
        _ => "127.0.0.1",
    }
}

#[async_trait]
impl SignIn for Page {
    fn prompt(&self) -> Prompt {
        Prompt::Browser { url: self.url.to_string() }
    }

    async fn finish(mut self: Box<Self>) -> Result<Grant, Refusal> {
        let came = tokio::time::timeout(PATIENCE, self.loopback.reply()).await;
        let (reply, tab) = came.map_err(|_| too_late())??;
        let Self { plan, redirect, verifier, nonce, loopback, .. } = *self;
        let outcome = match reply {
            Reply::Code(code) => redeem(&plan, redirect, verifier, &nonce, code).await,
            Reply::Refused { code, description } => Err(refusal::meaning(&code, &description)),
        };
        // The page says how it went, not merely that something came.
        loopback.close(tab, outcome.is_ok()).await;
        outcome
    }
}

async fn redeem(
    plan: &Plan,
    redirect: RedirectUrl,
    verifier: PkceCodeVerifier,
    nonce: &str,
    code: String,
) -> Result<Grant, Refusal> {
    let app = plan.app()?.set_redirect_uri(redirect);
    let answer = app
        .exchange_code(AuthorizationCode::new(code))
        .set_pkce_verifier(verifier)
        .request_async(&plan.wire)
        .await
        .map_err(plan::failure)?;
    Ok(plan.grant(&answer, Some(nonce))?)
}

fn too_late() -> SourceError {
    SourceError::AuthNeeded("Nobody signed in for fifteen minutes, so Inlet stopped waiting: sign in again.".to_owned())
}
