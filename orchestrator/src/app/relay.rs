//! Reading an account's events from a relay: what the relay has to know, and moving there and back.

use std::path::PathBuf;

use age::x25519;
use inlet_model::{AccountConfig, AccountId, Pushed, RelayConfig, SecretName, Secrets as _};
use secrecy::{ExposeSecret, SecretString};

use super::App;
use crate::api::{
    ApiError, ErrorCode,
    types::{AccountParams, AccountView, RelayParams, RelayView},
};

impl App {
    /// `accounts.relay`.
    pub(crate) async fn relay(&self, params: AccountParams) -> Result<RelayView, ApiError> {
        let account = self.row(params.id).await?.account;
        let Pushed { platform, path, relay, .. } = account.config.pushed().ok_or_else(unpushed)?;
        let key = self.relay_key(params.id).await?.to_public().to_string();
        let relay = relay.cloned();
        let secret = path.trim_start_matches('/').replace(|c: char| !c.is_ascii_alphanumeric(), "_").to_uppercase();
        let piece = format!(
            "[[hook]]\nplatform = \"{platform}\"\npath = \"{path}\"\n\
             # What {platform} signs with: \"file:PATH\", \"env:NAME\" or \"stdin\".\nsecret = \"env:INLET_{secret}\"\n\
             # The key of each computer that reads them.\ndesktops = [\"{key}\"]\n"
        );
        Ok(RelayView { path, key, piece, relay })
    }

    /// `accounts.set_relay`.
    pub(crate) async fn set_relay(&self, params: RelayParams) -> Result<AccountView, ApiError> {
        let account = self.row(params.id).await?.account;
        let (mut config, id) = (account.config, params.id);
        config.pushed().ok_or_else(unpushed)?;
        let given = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let public_url = given(params.public_url);
        let relay = match given(params.nats) {
            Some(nats) => {
                let ca = given(params.ca).map(PathBuf::from);
                self.relay_key(id).await?;
                if let Some(login) = given(params.login) {
                    self.secrets.keep(id, SecretName::RelayLogin, SecretString::from(login)).await?;
                }
                Some(RelayConfig { nats, ca })
            }
            None if params.leave => None,
            None => {
                self.take_the_rest(id, &config).await?;
                None
            }
        };
        config.set_relay(relay, public_url);
        self.change_account(id, account.name, config).await
    }

    /// What the relay still has is read before nobody reads it any more.
    async fn take_the_rest(&self, id: AccountId, config: &AccountConfig) -> Result<(), ApiError> {
        if config.pushed().is_none_or(|pushed| pushed.relay.is_none()) {
            return Ok(());
        }
        for (_, live) in self.registry.of(Some(id)) {
            live.source.scopes().await.map_err(|error| {
                let why = format!("Nothing was changed, for events may be left at the relay: {error}");
                ApiError::new(ErrorCode::Refused, why)
            })?;
        }
        Ok(())
    }

    /// The key of this computer for an account, made when it is asked for first.
    async fn relay_key(&self, id: AccountId) -> Result<x25519::Identity, ApiError> {
        if let Some(key) = self.secrets.get(id, SecretName::RelayKey)? {
            return key
                .expose_secret()
                .parse()
                .map_err(|_| ApiError::new(ErrorCode::Failed, "The key kept for the relay cannot be read."));
        }
        let key = x25519::Identity::generate();
        self.secrets.keep(id, SecretName::RelayKey, key.to_string()).await?;
        Ok(key)
    }
}

fn unpushed() -> ApiError {
    ApiError::invalid("No relay is needed for this account: Inlet asks its server itself.")
}
