//! Connecting what GitHub or Jira tells by itself.

use std::sync::Arc;

use inlet_model::{AccountConfig, HookConfig, SecretName, Service};
use secrecy::SecretString;

use super::{
    App,
    accounts::{listen_at, merge},
};
use crate::{
    api::{
        ApiError,
        types::{AccountView, CheckView, HookParams, Nothing},
    },
    secrets::Passing,
};

impl App {
    /// `accounts.test_hook`.
    pub(crate) async fn test_hook(&self, params: HookParams) -> Result<CheckView, ApiError> {
        let secrets = secrets(&params)?;
        let config = AccountConfig::Hook(tidy(params.config)?);
        Ok(merge(self.try_out(config, Arc::new(Passing::new(secrets))).await?))
    }

    /// `accounts.add_hook`.
    pub(crate) async fn add_hook(&self, params: HookParams) -> Result<AccountView, ApiError> {
        let (secrets, config) = (secrets(&params)?, tidy(params.config)?);
        let path = config.path();
        let known = self
            .list_accounts(Nothing {})
            .await?
            .into_iter()
            .find(|view| matches!(&view.config, AccountConfig::Hook(have) if have.path() == path));
        let name = params.name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        let Some(known) = known else {
            let usual = format!("{} ({})", config.service.name(), config.me);
            let id = self.insert(name.unwrap_or(usual), AccountConfig::Hook(config), secrets).await?;
            return self.reopen(id).await;
        };
        for (name, secret) in secrets {
            self.secrets.keep(known.id, name, secret).await?;
        }
        // A relay is set up for itself.
        let relay = config.relay.or_else(|| known.config.pushed().and_then(|pushed| pushed.relay.cloned()));
        let config = HookConfig { relay, ..config };
        self.change_account(known.id, name.unwrap_or(known.name), AccountConfig::Hook(config)).await
    }
}

fn secrets(params: &HookParams) -> Result<Vec<(SecretName, SecretString)>, ApiError> {
    match params.secret.trim() {
        "" => Err(ApiError::invalid("Give the secret of the webhook, the same here and there.")),
        secret => Ok(vec![(SecretName::AppSecret, SecretString::from(secret))]),
    }
}

/// Settings as they are kept.
///
/// # Errors
/// One sentence about what is wrong with them.
fn tidy(config: HookConfig) -> Result<HookConfig, ApiError> {
    let me = config.me.trim().trim_start_matches('@').to_owned();
    if me.is_empty() {
        return Err(ApiError::invalid(match config.service {
            Service::GitHub => "Say who you are at GitHub: your login.",
            Service::Jira => "Say who you are at Jira: your account id, which ends the address of your profile.",
        }));
    }
    Ok(HookConfig {
        me,
        listen: listen_at(&config.listen)?,
        public_url: config.public_url.map(|url| url.trim().to_owned()).filter(|url| !url.is_empty()),
        ..config
    })
}
