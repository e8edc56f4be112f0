//! Access tokens of one account.
//!
//! An access token lives about an hour and is held in memory only. One refresh is under way at a time,
//! whoever asks: providers that rotate refresh tokens (Slack, many OpenID providers) take a second use of
//! the same one for theft and end the sign-in. For the same reason the refresh token that comes with an
//! answer is on the disk before the access token beside it is used, and what is on the disk is read anew
//! for each refresh: another process may have rotated it.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use inlet_model::{AccountId, OAuthConfig, Result, SecretName, Secrets, SourceError};
use oauth2::{
    AsyncHttpClient, AuthType, ClientId, ClientSecret, HttpRequest, HttpResponse, RefreshToken, RequestTokenError,
    Scope, StandardErrorResponse, TokenResponse as _, TokenUrl,
    basic::{BasicClient, BasicErrorResponseType, BasicTokenResponse},
};
use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use tokio::{sync::Mutex, time::Instant};

use crate::http;

/// A token this close to its end is not used any more: the request takes a while too.
const MARGIN: Duration = Duration::from_secs(60);
/// How long a token is used whose provider does not say.
const UNSAID: Duration = Duration::from_secs(300);

struct Held {
    token: SecretString,
    until: Instant,
}

/// Access tokens of one account, for one resource.
pub(crate) struct Tokens {
    account: AccountId,
    config: OAuthConfig,
    scopes: Vec<String>,
    secrets: Arc<dyn Secrets>,
    http: Client,
    held: Mutex<Option<Held>>,
}

impl Tokens {
    /// Tokens with these scopes. Nothing is asked for yet.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] when the token address is neither HTTPS nor on this machine.
    pub(crate) fn new(
        account: AccountId,
        config: OAuthConfig,
        scopes: Vec<String>,
        secrets: Arc<dyn Secrets>,
    ) -> Result<Self> {
        let http = http::api(&http::trusted(&config.token_url)?)?;
        Ok(Self { account, config, scopes, secrets, http, held: Mutex::default() })
    }

    /// A token to ask with.
    ///
    /// # Errors
    /// [`SourceError::AuthNeeded`] when the person has to sign in again, else what the network says.
    pub(crate) async fn bearer(&self) -> Result<SecretString> {
        let mut held = self.held.lock().await;
        match held.as_ref().filter(|held| held.until > Instant::now()) {
            Some(held) => Ok(held.token.clone()),
            None => self.refresh(&mut held, None).await,
        }
    }

    /// Another token in place of one that was refused; with `claims` the server said what the new one has
    /// to prove (a claims challenge, OpenID Connect Core §5.5).
    ///
    /// # Errors
    /// As [`Self::bearer`].
    pub(crate) async fn instead_of(&self, refused: &SecretString, claims: Option<&str>) -> Result<SecretString> {
        let mut held = self.held.lock().await;
        match held.as_ref().filter(|held| held.token.expose_secret() != refused.expose_secret()) {
            // Somebody else was refused too and has refreshed meanwhile.
            Some(held) => Ok(held.token.clone()),
            None => self.refresh(&mut held, claims).await,
        }
    }

    async fn refresh(&self, held: &mut Option<Held>, claims: Option<&str>) -> Result<SecretString> {
        *held = None;
        let refresh = self.secrets.get(self.account, SecretName::RefreshToken)?.ok_or_else(sign_in)?;
        let url = TokenUrl::new(self.config.token_url.clone())
            .map_err(|_| SourceError::Permanent("The token address of this account is no address.".to_owned()))?;
        let mut client = BasicClient::new(ClientId::new(self.config.client_id.clone())).set_token_uri(url);
        if let Some(secret) = self.secrets.get(self.account, SecretName::ClientSecret)? {
            client = client
                .set_client_secret(ClientSecret::new(secret.expose_secret().to_owned()))
                .set_auth_type(AuthType::RequestBody);
        }
        let refresh = RefreshToken::new(refresh.expose_secret().to_owned());
        let mut request = client
            .exchange_refresh_token(&refresh)
            .add_scopes(self.scopes.iter().map(|scope| Scope::new(scope.clone())));
        if let Some(claims) = claims {
            request = request.add_extra_param("claims", claims.to_owned());
        }
        let asked = Instant::now();
        let wire = Wire(self.http.clone());
        let answer = request.request_async(&wire).await.map_err(|error| meaning(&error))?;
        self.keep(&answer).await?;
        let token = SecretString::from(answer.access_token().secret().clone());
        let lifetime = answer.expires_in().unwrap_or(UNSAID);
        *held = Some(Held { token: token.clone(), until: asked + lifetime.saturating_sub(MARGIN) });
        Ok(token)
    }

    /// The refresh token of an answer is safe before anything else happens.
    async fn keep(&self, answer: &BasicTokenResponse) -> Result<()> {
        match answer.refresh_token() {
            Some(next) => {
                let next = SecretString::from(next.secret().clone());
                self.secrets.put(self.account, SecretName::RefreshToken, next).await
            }
            None => Ok(()),
        }
    }
}

/// Carries requests of the protocol. A closure would do, but for the compiler, which cannot tell then
/// that the future may move between threads.
struct Wire(Client);

impl<'c> AsyncHttpClient<'c> for Wire {
    type Error = SourceError;
    type Future = BoxFuture<'c, Result<HttpResponse>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(exchange(&self.0, request))
    }
}

/// Sends a request of the protocol.
///
/// # Errors
/// What [`http::failure`] makes of it.
pub(super) async fn exchange(http: &Client, request: HttpRequest) -> Result<HttpResponse> {
    let request = reqwest::Request::try_from(request).map_err(|error| http::failure(&error))?;
    let answer = http.execute(request).await.map_err(|error| http::failure(&error))?;
    let mut response = oauth2::http::Response::builder().status(answer.status());
    if let Some(headers) = response.headers_mut() {
        headers.extend(answer.headers().clone());
    }
    let body = answer.bytes().await.map_err(|error| http::failure(&error))?.to_vec();
    response.body(body).map_err(|_| unreadable())
}

/// What a provider's refusal means. The provider's own words stay out of it: they may name the person.
pub(super) fn meaning(
    error: &RequestTokenError<SourceError, StandardErrorResponse<BasicErrorResponseType>>,
) -> SourceError {
    match error {
        RequestTokenError::Request(error) => error.clone(),
        RequestTokenError::ServerResponse(answer) => match answer.error() {
            BasicErrorResponseType::InvalidClient | BasicErrorResponseType::UnauthorizedClient => {
                SourceError::AuthNeeded(
                    "The provider does not accept the app this account signs in with: check its client id.".to_owned(),
                )
            }
            BasicErrorResponseType::Extension(code)
                if matches!(code.as_str(), "temporarily_unavailable" | "server_error" | "slow_down") =>
            {
                SourceError::Transient("The sign-in service is busy; Inlet tries again later.".to_owned())
            }
            _ => sign_in(),
        },
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => unreadable(),
    }
}

fn sign_in() -> SourceError {
    SourceError::AuthNeeded("The sign-in has ended or was withdrawn: sign in again.".to_owned())
}

fn unreadable() -> SourceError {
    SourceError::Transient(
        "The sign-in service gave an answer that cannot be read; Inlet tries again later.".to_owned(),
    )
}
