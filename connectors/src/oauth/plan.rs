//! What an account asks for, of whom, and as which app.

use std::fmt::Display;

use inlet_model::{AccountConfig, OAuthConfig, Refusal, Remedy, Result, SignInRequest, SourceError};
use oauth2::{
    AuthType, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet, ErrorResponseType, RequestTokenError, Scope,
    StandardErrorResponse, StandardRevocableToken, StandardTokenResponse, TokenResponse as _, TokenUrl,
    basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType},
};
use secrecy::{ExposeSecret, SecretString};

use super::{
    identity::{self, IdToken},
    refusal,
    wire::Wire,
};
use crate::{graph, slack};

/// What the token endpoint answers.
pub(super) type TokenAnswer = StandardTokenResponse<IdToken, BasicTokenType>;

/// The protocol's client, with its token endpoint.
pub(super) type App = Client<
    BasicErrorResponse,
    TokenAnswer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// Names of the person, asked for with everything else: who signs in again must be the same.
const WHO: [&str; 3] = ["openid", "email", "profile"];

/// A sign-in to be made.
pub(super) struct Plan {
    pub(super) oauth: OAuthConfig,
    pub(super) scopes: Vec<String>,
    /// The address that should sign in, where it is known.
    pub(super) hint: Option<String>,
    /// Parameters of the provider's own.
    pub(super) extras: Vec<(&'static str, &'static str)>,
    /// The provider speaks OpenID Connect, and says by it who signed in.
    pub(super) openid: bool,
    /// What has to be proved.
    pub(super) claims: Option<String>,
    pub(super) wire: Wire,
    secret: Option<SecretString>,
}

impl Plan {
    pub(super) fn new(request: &SignInRequest) -> Result<Self, Refusal> {
        let (oauth, mut scopes, hint, extras) = match &request.config {
            AccountConfig::Microsoft(config) => {
                // Consent is only asked for what is new: `prompt=consent` would ask for everything again, and
                // could not be answered where administrators consent for all.
                let extras = if config.address.is_none() { vec![("prompt", "select_account")] } else { Vec::new() };
                (config.oauth.clone(), graph::scopes(config), config.address.clone(), extras)
            }
            AccountConfig::Imap(config) => {
                let oauth = config.oauth.clone().ok_or_else(no_provider)?;
                // Without both, Google gives a refresh token only the first time
                // (https://developers.google.com/identity/protocols/oauth2/native-app); OpenID Connect Core §11
                // wants the second with `offline_access`.
                let extras = vec![("access_type", "offline"), ("prompt", "consent")];
                let hint = Some(config.login().to_owned()).filter(|login| !login.is_empty());
                (oauth, Vec::new(), hint, extras)
            }
            AccountConfig::Slack(config) => {
                let oauth = config.oauth.clone().ok_or_else(no_provider)?;
                // What is asked for in the name of a person has a parameter of its own; `scope` is for bots, which
                // a desktop app may not ask for (https://docs.slack.dev/authentication/using-pkce).
                (oauth, Vec::new(), None, vec![("user_scope", slack::SCOPES)])
            }
            AccountConfig::WhatsApp(_)
            | AccountConfig::Hook(_)
            | AccountConfig::Channel(_)
            | AccountConfig::Files(_)
            | AccountConfig::Demo(_) => {
                return Err(no_provider().into());
            }
        };
        if oauth.client_id.trim().is_empty() {
            let error = SourceError::Permanent(
                "Inlet has to be registered at the provider first: give the client id of that registration.".to_owned(),
            );
            return Err(Refusal { error, remedy: Remedy::Registration });
        }
        let openid = !matches!(request.config, AccountConfig::Slack(_));
        for scope in WHO.into_iter().filter(|_| openid).map(str::to_owned).chain(oauth.scopes.iter().cloned()) {
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        let wire = Wire::to(&oauth.token_url)?;
        let (claims, secret) = (request.claims.clone(), request.client_secret.clone());
        Ok(Self { oauth, scopes, hint, extras, openid, claims, wire, secret })
    }

    /// The client of the protocol.
    pub(super) fn app(&self) -> Result<App> {
        app(&self.oauth, self.secret.as_ref())
    }

    /// What is asked for, as the protocol's type.
    pub(super) fn scopes(&self) -> impl Iterator<Item = Scope> {
        self.scopes.iter().map(|scope| Scope::new(scope.clone()))
    }

    /// The grant in an answer.
    pub(super) fn grant(&self, answer: &TokenAnswer, nonce: Option<&str>) -> Result<inlet_model::Grant> {
        let refresh = answer.refresh_token().ok_or_else(|| {
            SourceError::Permanent(
                "The provider gave no lasting access: allow it in the registration of the app (refresh tokens, \
                 offline_access), then sign in again."
                    .to_owned(),
            )
        })?;
        let who = match &answer.extra_fields().id_token {
            Some(token) => identity::read(token, &self.oauth.client_id, nonce)?,
            None => identity::Person { subject: answer.extra_fields().slack_person.clone(), address: None },
        };
        Ok(inlet_model::Grant {
            refresh_token: SecretString::from(refresh.secret().clone()),
            subject: who.subject,
            address: who.address,
        })
    }
}

/// The client of the protocol for an app that is registered.
pub(super) fn app(oauth: &OAuthConfig, secret: Option<&SecretString>) -> Result<App> {
    let url = TokenUrl::new(oauth.token_url.clone())
        .map_err(|_| SourceError::Permanent("The token address of this account is no address.".to_owned()))?;
    let app =
        Client::new(ClientId::new(oauth.client_id.clone())).set_token_uri(url).set_auth_type(AuthType::RequestBody);
    Ok(match secret {
        Some(secret) => app.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned())),
        None => app,
    })
}

/// What went wrong at an endpoint of the protocol.
pub(super) fn failure<T: ErrorResponseType + AsRef<str> + Display + 'static>(
    error: RequestTokenError<SourceError, StandardErrorResponse<T>>,
) -> Refusal {
    match error {
        RequestTokenError::Request(error) => error.into(),
        RequestTokenError::ServerResponse(answer) => refusal::meaning(
            answer.error().as_ref(),
            answer.error_description().map(String::as_str).unwrap_or_default(),
        ),
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => refusal::unreadable().into(),
    }
}

fn no_provider() -> SourceError {
    SourceError::Permanent("This account signs in with a password, not at a provider's page.".to_owned())
}
