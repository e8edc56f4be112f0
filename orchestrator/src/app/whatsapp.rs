//! Connecting a number of a WhatsApp Business account.

use std::sync::Arc;

use inlet_model::{AccountConfig, SecretName, WhatsAppConfig};
use secrecy::SecretString;

use super::{
    App,
    accounts::{listen_at, merge},
};
use crate::{
    api::{
        ApiError,
        types::{AccountView, CheckView, Nothing, WhatsAppParams},
    },
    secrets::Passing,
};

impl App {
    /// `accounts.test_whatsapp`.
    pub(crate) async fn test_whatsapp(&self, params: WhatsAppParams) -> Result<CheckView, ApiError> {
        let config = tidy(params.config.clone())?;
        let secrets = Arc::new(Passing::new(secrets(&params)));
        Ok(merge(self.try_out(AccountConfig::WhatsApp(config), secrets).await?))
    }

    /// `accounts.add_whatsapp`.
    pub(crate) async fn add_whatsapp(&self, params: WhatsAppParams) -> Result<AccountView, ApiError> {
        let (secrets, config) = (secrets(&params), tidy(params.config)?);
        let known = self.list_accounts(Nothing {}).await?.into_iter().find(|view| {
            matches!(&view.config, AccountConfig::WhatsApp(have) if have.phone_number_id == config.phone_number_id)
        });
        let shown = config.number.clone().unwrap_or_else(|| config.phone_number_id.clone());
        let name = params.name.filter(|name| !name.trim().is_empty());
        let Some(known) = known else {
            let id = self.insert(name.unwrap_or(shown), AccountConfig::WhatsApp(config), secrets).await?;
            return self.reopen(id).await;
        };
        for (name, secret) in secrets {
            self.secrets.keep(known.id, name, secret).await?;
        }
        // A relay is set up for itself.
        let relay = config.relay.or_else(|| known.config.pushed().and_then(|pushed| pushed.relay.cloned()));
        let config = WhatsAppConfig { relay, ..config };
        self.change_account(known.id, name.unwrap_or(known.name), AccountConfig::WhatsApp(config)).await
    }
}

fn secrets(params: &WhatsAppParams) -> Vec<(SecretName, SecretString)> {
    let trimmed = |text: &str| SecretString::from(text.trim());
    vec![(SecretName::Password, trimmed(&params.token)), (SecretName::AppSecret, trimmed(&params.app_secret))]
}

/// Settings as they are kept.
///
/// # Errors
/// One sentence about what is wrong with them.
fn tidy(config: WhatsAppConfig) -> Result<WhatsAppConfig, ApiError> {
    let id = |text: &str, what: &str| {
        let text = text.trim().to_owned();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ApiError::invalid(format!(
                "The id of the {what} is a number; copy it from Meta's WhatsApp Manager."
            )));
        }
        Ok(text)
    };
    let digits = |number: &str| format!("+{}", number.chars().filter(char::is_ascii_digit).collect::<String>());
    Ok(WhatsAppConfig {
        phone_number_id: id(&config.phone_number_id, "phone number")?,
        business_account_id: id(&config.business_account_id, "business account")?,
        listen: listen_at(&config.listen)?,
        public_url: config.public_url.map(|url| url.trim().to_owned()).filter(|url| !url.is_empty()),
        number: config.number.as_deref().map(digits).filter(|number| number.len() > 1),
        ..config
    })
}
