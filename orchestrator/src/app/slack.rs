//! Connecting a workspace of Slack by tokens that a person pasted.
//!
//! A token says neither whose it is nor where it leads, so it is tried before anything is kept: the
//! answer names the person and the workspace, and what the token may not do is said with how to allow it.

use std::sync::Arc;

use inlet_model::{AccountConfig, AccountId, CheckReport, SecretName, Secrets as _, SlackConfig};
use secrecy::SecretString;

use super::{App, accounts::merge};
use crate::{
    api::{
        ApiError, ErrorCode,
        types::{AccountParams, AccountView, CheckView, Nothing, SlackParams},
    },
    secrets::Passing,
};

/// Where the Web API is, unless somebody says otherwise.
const ROOT: &str = "https://slack.com/api";

impl App {
    /// `accounts.test_slack`.
    pub(crate) async fn test_slack(&self, params: SlackParams) -> Result<CheckView, ApiError> {
        if let Some(id) = self.signed_in(&params).await? {
            return self.check_account(AccountParams { id }).await;
        }
        let (config, secrets) = self.pasted(&params).await?;
        Ok(merge(self.try_slack(&config, secrets).await?))
    }

    /// `accounts.add_slack`.
    pub(crate) async fn add_slack(&self, params: SlackParams) -> Result<AccountView, ApiError> {
        if let Some(id) = self.signed_in(&params).await? {
            let token = app_token(&params)?.ok_or_else(|| {
                ApiError::invalid("This account signs in at Slack's page: only an app-level token can be added to it.")
            })?;
            self.secrets.keep(id, SecretName::AppToken, token).await?;
            return self.reopen(id).await;
        }
        let (mut config, secrets) = self.pasted(&params).await?;
        let reports = self.try_slack(&config, secrets.clone()).await?;
        config.address = reports.iter().find_map(|report| report.identity.clone());
        config.workspace = reports.iter().find_map(|report| report.place.clone());
        if let Some(step) = reports.iter().flat_map(|report| &report.steps).find(|step| !step.ok) {
            let fix = step.fix.as_deref().unwrap_or_default();
            return Err(ApiError::new(ErrorCode::Failed, format!("{} {fix}", step.detail).trim().to_owned()));
        }
        let known = self.list_accounts(Nothing {}).await?;
        let same = |have: &AccountConfig| matches!(have, AccountConfig::Slack(have) if same_person(have, &config));
        if let Some(id) = params.id {
            let mine = known.iter().find(|view| view.id == id);
            if !mine.is_some_and(|view| same(&view.config)) {
                return Err(ApiError::new(
                    ErrorCode::Refused,
                    "This token is somebody else's or of another workspace: connect it as an account of its own.",
                ));
            }
            for (name, secret) in secrets {
                self.secrets.keep(id, name, secret).await?;
            }
            let name = params.name.unwrap_or_else(|| mine.map(|view| view.name.clone()).unwrap_or_default());
            return self.change_account(id, name, AccountConfig::Slack(config)).await;
        }
        if known.iter().any(|view| same(&view.config)) {
            return Err(ApiError::new(ErrorCode::Refused, "This workspace is connected already."));
        }
        let name = params.name.filter(|name| !name.trim().is_empty());
        let name = name.or_else(|| config.workspace.clone()).unwrap_or_else(|| "Slack".to_owned());
        let id = self.insert(name, AccountConfig::Slack(config), secrets).await?;
        self.reopen(id).await
    }

    /// The account, where its person signs in at Slack's page: a trial with its tokens would use them up.
    async fn signed_in(&self, params: &SlackParams) -> Result<Option<AccountId>, ApiError> {
        let Some(id) = params.id else { return Ok(None) };
        let config = self.row(id).await?.account.config;
        Ok(matches!(config, AccountConfig::Slack(config) if config.oauth.is_some()).then_some(id))
    }

    /// The settings of an account, and its tokens; those that were not pasted anew stay.
    async fn pasted(&self, params: &SlackParams) -> Result<(SlackConfig, Vec<(SecretName, SecretString)>), ApiError> {
        let have = match params.id {
            Some(id) => match self.row(id).await?.account.config {
                AccountConfig::Slack(config) => Some(config),
                _ => return Err(ApiError::invalid("This account is not one of Slack.")),
            },
            None => None,
        };
        let mut secrets = Vec::new();
        let pasted = [
            (SecretName::Password, &params.token, "xoxp-", "a user token: it begins with xoxp-"),
            (SecretName::AppToken, &params.app_token, "xapp-", "an app-level token: it begins with xapp-"),
        ];
        for (name, token, begin, what) in pasted {
            let token = token.as_deref().map(str::trim).filter(|token| !token.is_empty());
            let known = params.id.map(|id| self.secrets.get(id, name)).transpose()?.flatten();
            match (token, known) {
                (Some(token), _) if !token.starts_with(begin) => {
                    return Err(ApiError::invalid(format!("This is not {what}; copy it from api.slack.com/apps.")));
                }
                (Some(token), _) => secrets.push((name, SecretString::from(token.to_owned()))),
                (None, Some(known)) => secrets.push((name, known)),
                (None, None) if name == SecretName::Password => {
                    return Err(ApiError::invalid("Paste the User OAuth Token of your Slack app (xoxp-…)."));
                }
                (None, None) => {}
            }
        }
        let api_root = params.api_root.clone().or_else(|| have.as_ref().map(|have| have.api_root.clone()));
        let config = SlackConfig {
            api_root: api_root.unwrap_or_else(|| ROOT.to_owned()),
            address: have.as_ref().and_then(|have| have.address.clone()),
            workspace: have.and_then(|have| have.workspace),
            oauth: None,
        };
        Ok((config, secrets))
    }

    async fn try_slack(
        &self,
        config: &SlackConfig,
        secrets: Vec<(SecretName, SecretString)>,
    ) -> Result<Vec<CheckReport>, ApiError> {
        self.try_out(AccountConfig::Slack(config.clone()), Arc::new(Passing::new(secrets))).await
    }
}

/// The app-level token that was pasted, if one was.
fn app_token(params: &SlackParams) -> Result<Option<SecretString>, ApiError> {
    let token = params.app_token.as_deref().map(str::trim).filter(|token| !token.is_empty());
    match token {
        Some(token) if !token.starts_with("xapp-") => Err(ApiError::invalid(
            "This is not an app-level token: it begins with xapp-; copy it from api.slack.com/apps.",
        )),
        token => Ok(token.map(|token| SecretString::from(token.to_owned()))),
    }
}

/// The same person in the same workspace.
fn same_person(have: &SlackConfig, new: &SlackConfig) -> bool {
    have.api_root == new.api_root && have.address == new.address && have.workspace == new.workspace
}
