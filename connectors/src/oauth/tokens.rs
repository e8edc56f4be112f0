//! Access tokens of one account.
//!
//! An access token lives about an hour and is held in memory only. One refresh is under way at a time,
//! whoever asks: providers that rotate refresh tokens (Slack, many OpenID providers) take a second use of
//! the same one for theft and end the sign-in. For the same reason the refresh token that comes with an
//! answer is on the disk before the access token beside it is used, and what is on the disk is read anew
//! for each refresh: another process may have rotated it.
//!
//! Cancelling is dropping the future, and whoever asks for a token may be cancelled at any time. A
//! refresh is not: once the provider has answered, the old refresh token is worth nothing, so it runs
//! in a task of its own until the new one is kept.
//!
//! Lifetimes are counted from the moment of asking, never compared with this computer's clock, which may
//! be wrong.

use std::{sync::Arc, time::Duration};

use inlet_model::{AccountId, OAuthConfig, Result, SecretName, Secrets, SourceError};
use oauth2::{RefreshToken, Scope, TokenResponse as _};
use secrecy::{ExposeSecret, SecretString};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::Instant,
};

use super::{plan, refusal, wire::Wire};

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
    inner: Arc<Inner>,
    held: Arc<Mutex<Option<Held>>>,
}

struct Inner {
    account: AccountId,
    config: OAuthConfig,
    scopes: Vec<String>,
    secrets: Arc<dyn Secrets>,
    wire: Wire,
}

impl Tokens {
    /// Tokens with these scopes; with none, those that were consented to. Nothing is asked for yet.
    ///
    /// # Errors
    /// [`inlet_model::SourceError::Permanent`] when the token address is neither HTTPS nor on this machine.
    pub(crate) fn new(
        account: AccountId,
        config: OAuthConfig,
        scopes: Vec<String>,
        secrets: Arc<dyn Secrets>,
    ) -> Result<Self> {
        let wire = Wire::to(&config.token_url)?;
        Ok(Self { inner: Arc::new(Inner { account, config, scopes, secrets, wire }), held: Arc::default() })
    }

    /// A token to ask with.
    ///
    /// # Errors
    /// [`inlet_model::SourceError::AuthNeeded`] when the person has to sign in again, else what the network
    /// says.
    pub(crate) async fn bearer(&self) -> Result<SecretString> {
        let held = self.held.clone().lock_owned().await;
        match held.as_ref().filter(|held| held.until > Instant::now()) {
            Some(held) => Ok(held.token.clone()),
            None => self.refresh(held, None).await,
        }
    }

    /// Another token in place of one that was refused; with `claims` the server said what the new one has
    /// to prove (a claims challenge, OpenID Connect Core §5.5).
    ///
    /// # Errors
    /// As [`Self::bearer`].
    pub(crate) async fn instead_of(&self, refused: &SecretString, claims: Option<&str>) -> Result<SecretString> {
        let held = self.held.clone().lock_owned().await;
        match held.as_ref().filter(|held| held.token.expose_secret() != refused.expose_secret()) {
            // Somebody else was refused too and has refreshed meanwhile.
            Some(held) => Ok(held.token.clone()),
            None => self.refresh(held, claims.map(str::to_owned)).await,
        }
    }

    /// Keeps what only the person can prove for the next sign-in.
    pub(crate) async fn demand(&self, claims: &str) -> Result<()> {
        self.inner.demand(claims).await
    }

    async fn refresh(&self, mut held: OwnedMutexGuard<Option<Held>>, claims: Option<String>) -> Result<SecretString> {
        let inner = self.inner.clone();
        let task = tokio::spawn(async move {
            *held = None;
            let fresh = inner.refresh(claims).await?;
            let token = fresh.token.clone();
            *held = Some(fresh);
            Ok(token)
        });
        task.await.unwrap_or_else(|_| Err(refusal::unreadable()))
    }
}

impl Inner {
    async fn demand(&self, claims: &str) -> Result<()> {
        self.secrets.put(self.account, SecretName::Claims, SecretString::from(claims.to_owned())).await
    }

    async fn refresh(&self, claims: Option<String>) -> Result<Held> {
        let refresh = self.secrets.get(self.account, SecretName::RefreshToken)?.ok_or_else(refusal::ended)?;
        let secret = self.secrets.get(self.account, SecretName::ClientSecret)?;
        let app = plan::app(&self.config, secret.as_ref())?;
        let refresh = RefreshToken::new(refresh.expose_secret().to_owned());
        let mut request =
            app.exchange_refresh_token(&refresh).add_scopes(self.scopes.iter().map(|scope| Scope::new(scope.clone())));
        if let Some(claims) = &claims {
            request = request.add_extra_param("claims", claims.clone());
        }
        let asked = Instant::now();
        let answer = match (request.request_async(&self.wire).await.map_err(|error| plan::failure(error).error), claims)
        {
            (Ok(answer), _) => answer,
            (Err(error @ SourceError::AuthNeeded(_)), Some(claims)) => {
                self.demand(&claims).await?;
                return Err(error);
            }
            (Err(error), _) => return Err(error),
        };
        // Safe before anything else happens.
        if let Some(next) = answer.refresh_token() {
            let next = SecretString::from(next.secret().clone());
            self.secrets.put(self.account, SecretName::RefreshToken, next).await?;
        }
        let lifetime = answer.expires_in().unwrap_or(UNSAID);
        Ok(Held {
            token: SecretString::from(answer.access_token().secret().clone()),
            until: asked + lifetime.saturating_sub(MARGIN),
        })
    }
}
