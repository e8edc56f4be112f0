//! Signing in at a provider's own page: for a new account, again for one that is there, or for more of
//! one (another source that is switched on).
//!
//! A sign-in outlives the call that began it: the person is in a browser meanwhile, and the window may
//! be reloaded. There is one at a time, so that a forgotten one is ended by the next.
//!
//! A new account is tested with what the person gave before any of it is kept, and is then written
//! down together with its refresh token. So whatever ends a sign-in early, a refusal, a change of mind
//! or a kill, leaves nothing behind. A test that fails keeps the sign-in in memory: the person changes
//! what was wrong at the provider and tests again.

use std::{
    mem,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use futures::future::join_all;
use inlet_model::{Account, AccountConfig, AccountId, Grant, OAuthConfig, Refusal, SecretName, Secrets, SignInRequest};
use parking_lot::Mutex;
use secrecy::{ExposeSecret, SecretString};
use tokio::{sync::watch, task::AbortHandle};

use super::{
    App,
    accounts::{merge, same_mailbox},
};
use crate::{
    api::{
        ApiError, ErrorCode,
        types::{AccountParams, CheckView, Nothing, SignInParams, SignInView, SignedIn, TicketParams, WaitParams},
    },
    secrets::Passing,
    store::{
        account,
        source::{self, Health},
    },
};

/// The sign-in that is under way.
#[derive(Default)]
pub(super) struct SignIns {
    current: Mutex<Option<Arc<Pending>>>,
    count: AtomicU32,
}

struct Pending {
    ticket: u32,
    account: Option<AccountId>,
    config: AccountConfig,
    name: Option<String>,
    client_secret: Option<SecretString>,
    /// It answers a claims challenge, which is met with it.
    proves: bool,
    outcome: watch::Receiver<Option<Result<Grant, Refusal>>>,
    task: AbortHandle,
    /// Held while somebody turns the grant into an account.
    stage: tokio::sync::Mutex<Stage>,
}

/// How far a grant has come.
#[derive(Default)]
enum Stage {
    #[default]
    Nothing,
    /// In memory, with the settings as they have become.
    Held(Arc<Passing>, Box<AccountConfig>),
    /// Connected.
    Done(AccountId),
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl SignIns {
    fn find(&self, ticket: u32) -> Result<Arc<Pending>, ApiError> {
        self.current.lock().clone().filter(|pending| pending.ticket == ticket).ok_or_else(cancelled)
    }

    /// Ends one that is under way for an account: what it would write down has changed meanwhile.
    pub(super) fn end_of(&self, account: AccountId) {
        let mut current = self.current.lock();
        if let Some(pending) = current.take_if(|pending| pending.account == Some(account)) {
            pending.task.abort();
        }
    }

    fn forget(&self, ticket: u32) {
        let mut current = self.current.lock();
        if current.as_ref().is_some_and(|pending| pending.ticket == ticket) {
            *current = None;
        }
    }
}

impl App {
    /// `signin.begin`.
    pub(crate) async fn begin_sign_in(&self, params: SignInParams) -> Result<SignInView, ApiError> {
        let begin = self.sign_in.clone().ok_or_else(|| {
            ApiError::new(ErrorCode::Refused, "This Inlet cannot sign in at a provider; use the window or `inlet`.")
        })?;
        let row = match params.id {
            Some(id) => Some(self.row(id).await?),
            None => None,
        };
        let config = match (params.config, &row) {
            (Some(config), Some(row)) if mem::discriminant(&config) != mem::discriminant(&row.account.config) => {
                return Err(ApiError::invalid("These settings are of another kind of account."));
            }
            (Some(config), _) => config,
            (None, Some(row)) => row.account.config.clone(),
            (None, None) => return Err(ApiError::invalid("Say what to sign in to.")),
        };
        if row.is_none() {
            self.refuse_twice(&config, None).await?;
        }
        // Better now than after the person has signed in.
        self.secrets.sealer().await?;
        let account = Account { id: AccountId(0), name: String::new(), config: config.clone() };
        if (self.open)(&account, Arc::new(Passing::default()), self.queue(&account))?.is_empty() {
            return Err(ApiError::invalid("Nothing that this Inlet can read is switched on for this account."));
        }
        let client_secret = match (params.client_secret.filter(|secret| !secret.is_empty()), params.id) {
            (Some(secret), _) => Some(SecretString::from(secret)),
            (None, Some(id)) => self.secrets.get(id, SecretName::ClientSecret)?,
            (None, None) => None,
        };
        let demanded = match params.id {
            Some(id) => self.secrets.get(id, SecretName::Claims)?,
            None => None,
        };
        let claims = demanded.map(|claims| claims.expose_secret().to_owned()).filter(|claims| !claims.is_empty());
        let request = SignInRequest {
            config: config.clone(),
            client_secret: client_secret.clone(),
            claims: claims.clone(),
            device: params.device,
        };
        let sign_in = begin(request).await?;
        let prompt = sign_in.prompt();
        let (tell, outcome) = watch::channel(None);
        let task = tokio::spawn(async move {
            let outcome = sign_in.finish().await;
            tell.send_replace(Some(outcome));
        });
        let ticket = self.sign_ins.count.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        *self.sign_ins.current.lock() = Some(Arc::new(Pending {
            ticket,
            account: params.id,
            config,
            name: params.name.filter(|name| !name.trim().is_empty()),
            client_secret,
            proves: claims.is_some(),
            outcome,
            task: task.abort_handle(),
            stage: tokio::sync::Mutex::default(),
        }));
        Ok(SignInView { ticket, prompt })
    }

    /// `signin.cancel`.
    pub(crate) async fn cancel_sign_in(&self, params: TicketParams) -> Result<Nothing, ApiError> {
        if let Ok(pending) = self.sign_ins.find(params.ticket) {
            // Whoever waits for it holds it as well.
            pending.task.abort();
            self.sign_ins.forget(params.ticket);
        }
        Ok(Nothing {})
    }

    /// `signin.wait`.
    pub(crate) async fn wait_for_sign_in(&self, params: WaitParams) -> Result<SignedIn, ApiError> {
        let pending = self.sign_ins.find(params.ticket)?;
        let mut outcome = pending.outcome.clone();
        let grant = match outcome.wait_for(Option::is_some).await.ok().and_then(|outcome| outcome.clone()) {
            Some(Ok(grant)) => grant,
            Some(Err(refusal)) => {
                self.sign_ins.forget(params.ticket);
                return Err(refusal.into());
            }
            None => return Err(cancelled()),
        };
        let mut stage = pending.stage.lock().await;
        // It may have been given up while somebody else was at it.
        if !matches!(*stage, Stage::Done(_)) {
            self.sign_ins.find(params.ticket)?;
        }
        let signed_in = match pending.account {
            Some(id) => self.sign_in_again(&pending, id, &grant, &mut stage).await,
            None => self.sign_in_anew(&pending, &grant, &mut stage, params.anyway).await,
        };
        if !matches!(*stage, Stage::Held(..)) {
            self.sign_ins.forget(params.ticket);
        }
        signed_in
    }

    async fn sign_in_anew(
        &self,
        pending: &Pending,
        grant: &Grant,
        stage: &mut Stage,
        anyway: bool,
    ) -> Result<SignedIn, ApiError> {
        if let Stage::Nothing = stage {
            let mut config = pending.config.clone();
            know(&mut config, grant);
            self.refuse_twice(&config, grant.subject.as_deref()).await?;
            *stage = Stage::Held(Arc::new(Passing::new(kept(pending, grant))), Box::new(config));
        }
        let (secrets, mut config) = match stage {
            Stage::Held(secrets, config) => (secrets.clone(), AccountConfig::clone(config)),
            Stage::Done(id) => return self.done(*id).await,
            Stage::Nothing => return Err(cancelled()),
        };
        let account = Account { id: AccountId(0), name: String::new(), config: config.clone() };
        let sources = (self.open)(&account, secrets.clone(), self.queue(&account))?;
        let reports = join_all(sources.into_iter().map(|source| async move { source.into_dyn().check().await })).await;
        let reports = reports.into_iter().collect::<Result<Vec<_>, _>>()?;
        if let AccountConfig::Slack(config) = &mut config {
            // Slack's tokens say neither, and its test does.
            config.address = reports.iter().find_map(|report| report.identity.clone());
            config.workspace = reports.iter().find_map(|report| report.place.clone());
        }
        let name = pending.name.clone().unwrap_or_else(|| name_of(&config));
        let check = merge(reports);
        if !check.ok && !belongs(&config, grant) {
            *stage = Stage::Nothing;
            return Err(somebody_else());
        }
        if !check.ok && !anyway {
            return Ok(SignedIn { account: None, check });
        }
        // The test may have refreshed, and a refresh may have rotated.
        let id = self.insert(name, config, secrets.all()).await?;
        *stage = Stage::Done(id);
        Ok(SignedIn { account: Some(self.reopen(id).await?), check })
    }

    async fn sign_in_again(
        &self,
        pending: &Pending,
        id: AccountId,
        grant: &Grant,
        stage: &mut Stage,
    ) -> Result<SignedIn, ApiError> {
        if let Stage::Done(id) = stage {
            return self.done(*id).await;
        }
        let row = self.row(id).await?;
        if !same_person(&row.account.config, grant) {
            return Err(somebody_else());
        }
        let mut config = pending.config.clone();
        know(&mut config, grant);
        let name = pending.name.clone().unwrap_or(row.account.name);
        let (secrets, sealer) = (kept(pending, grant), self.secrets.sealer().await?);
        // Nobody may refresh the old token any more once the new one is there.
        self.registry.remove(Some(id)).await;
        let written = self.store.write_durable(move |tx| {
            account::update(tx, id, &name, &config)?;
            sealer.put(tx, id, &secrets)?;
            for source in source::of_account(tx.main, id)? {
                source::set_health(tx, source, &Health::default(), None)?;
            }
            Ok(())
        });
        let written = written.await;
        let opened = self.reopen(id).await;
        written?;
        *stage = Stage::Done(id);
        let account = opened?;
        let check = self.check_account(AccountParams { id }).await?;
        Ok(SignedIn { account: Some(account), check })
    }

    /// Somebody else waited for the same sign-in.
    async fn done(&self, id: AccountId) -> Result<SignedIn, ApiError> {
        let check = CheckView { ok: true, identity: None, steps: Vec::new() };
        Ok(SignedIn { account: Some(self.account_view(id).await?), check })
    }

    /// Nobody is connected twice.
    async fn refuse_twice(&self, config: &AccountConfig, subject: Option<&str>) -> Result<(), ApiError> {
        let known = self.list_accounts(Nothing {}).await?;
        let same = |have: &AccountConfig| match (have, config) {
            (AccountConfig::Imap(have), AccountConfig::Imap(new)) => !new.address.is_empty() && same_mailbox(have, new),
            (AccountConfig::Microsoft(have), AccountConfig::Microsoft(new)) => {
                subject.is_some() && have.oauth.subject.as_deref() == subject && have.api_root == new.api_root
            }
            (AccountConfig::Slack(have), AccountConfig::Slack(new)) => {
                let known = have.oauth.as_ref().and_then(|oauth| oauth.subject.as_deref());
                subject.is_some() && known == subject && have.api_root == new.api_root
            }
            _ => false,
        };
        if known.iter().any(|view| same(&view.config)) {
            return Err(ApiError::new(
                ErrorCode::Refused,
                "This account is connected already: open it in the accounts to sign in again.",
            ));
        }
        Ok(())
    }
}

/// What is kept of a sign-in.
fn kept(pending: &Pending, grant: &Grant) -> Vec<(SecretName, SecretString)> {
    let client = pending.client_secret.clone().map(|secret| (SecretName::ClientSecret, secret));
    let met = pending.proves.then(|| (SecretName::Claims, SecretString::from("")));
    [(SecretName::RefreshToken, grant.refresh_token.clone())].into_iter().chain(client).chain(met).collect()
}

fn provider(config: &AccountConfig) -> Option<&OAuthConfig> {
    match config {
        AccountConfig::Imap(config) => config.oauth.as_ref(),
        AccountConfig::Microsoft(config) => Some(&config.oauth),
        AccountConfig::Slack(config) => config.oauth.as_ref(),
        AccountConfig::WhatsApp(_)
        | AccountConfig::Hook(_)
        | AccountConfig::Channel(_)
        | AccountConfig::Files(_)
        | AccountConfig::Demo(_) => None,
    }
}

/// Writes down who signed in.
fn know(config: &mut AccountConfig, grant: &Grant) {
    match config {
        AccountConfig::Imap(config) => {
            if config.address.is_empty() {
                config.address = grant.address.clone().unwrap_or_default();
            }
            if let Some(oauth) = &mut config.oauth {
                oauth.subject = grant.subject.clone();
            }
        }
        AccountConfig::Microsoft(config) => {
            config.address = grant.address.clone().or(config.address.take());
            config.oauth.subject = grant.subject.clone();
        }
        AccountConfig::Slack(config) => {
            if let Some(oauth) = &mut config.oauth {
                oauth.subject = grant.subject.clone();
            }
        }
        AccountConfig::WhatsApp(_)
        | AccountConfig::Hook(_)
        | AccountConfig::Channel(_)
        | AccountConfig::Files(_)
        | AccountConfig::Demo(_) => {}
    }
}

fn address(config: &AccountConfig) -> Option<&str> {
    match config {
        AccountConfig::Imap(config) => Some(config.login()),
        AccountConfig::Microsoft(config) => config.address.as_deref(),
        AccountConfig::Slack(config) => config.address.as_deref(),
        AccountConfig::WhatsApp(_)
        | AccountConfig::Hook(_)
        | AccountConfig::Channel(_)
        | AccountConfig::Files(_)
        | AccountConfig::Demo(_) => None,
    }
}

fn name_of(config: &AccountConfig) -> String {
    if let AccountConfig::Slack(config) = config {
        return config.workspace.clone().unwrap_or_else(|| "Slack".to_owned());
    }
    let fallback = if matches!(config, AccountConfig::Microsoft(_)) { "Microsoft" } else { "Mail" };
    address(config).filter(|address| !address.is_empty()).unwrap_or(fallback).to_owned()
}

/// The account is of the address that signed in, as far as either says one.
fn belongs(config: &AccountConfig, grant: &Grant) -> bool {
    match (address(config), grant.address.as_deref()) {
        (Some(ours), Some(theirs)) => ours.eq_ignore_ascii_case(theirs),
        _ => true,
    }
}

/// The person of an account signed in again. Another registration of the app may know the same person
/// by another name; then the address tells.
fn same_person(config: &AccountConfig, grant: &Grant) -> bool {
    match (provider(config).and_then(|oauth| oauth.subject.as_deref()), grant.subject.as_deref()) {
        (Some(before), Some(now)) if before != now => grant.address.is_some() && belongs(config, grant),
        _ => true,
    }
}

fn cancelled() -> ApiError {
    ApiError::new(ErrorCode::Cancelled, "This sign-in was given up, or another one took its place: begin again.")
}

fn somebody_else() -> ApiError {
    ApiError::new(
        ErrorCode::AuthNeeded,
        "Somebody else signed in than this account belongs to, so nothing was changed: sign in as its owner, or connect \
         the other person as an account of their own.",
    )
}
