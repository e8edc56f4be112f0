//! Accounts and sources: connecting, testing, pausing, removing; the demo world.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures::future::join_all;
use inlet_actions::State;
use inlet_model::{
    Account, AccountConfig, AccountId, AnySource, CheckReport, EventQueue, ImapConfig, SecretName, Secrets, SourceType,
};
use secrecy::SecretString;
use tokio::sync::Notify;

use super::{App, AppError};
use crate::{
    actions::{CARDS, TODAY},
    api::{
        ApiError, ErrorCode, sentence,
        types::{
            AccountParams, AccountView, CheckView, DemoParams, Group, ImapParams, ListParams, Nothing, SourceState,
            Status, SyncParams, UnlockParams, View,
        },
    },
    demo,
    inbound::Queue,
    outbox,
    registry::Live,
    secrets::{Passing, SecretError},
    store::{
        account::{self, AccountRow},
        draft, draft_copy, inbound, outbox as ops, poison, scope,
        source::{self, Health},
        suggestion, thread, warning,
    },
    sync,
};

/// The world everybody gets who names no other.
const DEMO_SEED: u64 = 7;
/// A million and a half items; more would not fit into the memory of most computers.
const MOST_COPIES: u32 = 1_000;

impl App {
    pub(super) async fn open_accounts(&self) -> Result<(), AppError> {
        for row in self.meant().await? {
            self.open_account(row).await?;
        }
        Ok(())
    }

    /// The accounts this engine is for.
    async fn meant(&self) -> Result<Vec<AccountRow>, AppError> {
        let mut rows = self.store.read(|reader| account::all(&reader.main)).await?;
        rows.retain(|row| self.only.is_none_or(|only| row.account.id == only));
        Ok(rows)
    }

    /// Follows what another process has connected, changed, paused or removed.
    pub(super) async fn follow_accounts(&self) -> Result<(), AppError> {
        let rows = self.meant().await?;
        let known = self.opened.lock().clone();
        for id in known.keys().filter(|id| rows.iter().all(|row| row.account.id != **id)) {
            self.registry.remove(Some(*id)).await;
            self.opened.lock().remove(id);
        }
        for row in rows {
            if known.get(&row.account.id) != Some(&(row.account.config.clone(), row.paused)) {
                self.registry.remove(Some(row.account.id)).await;
                self.open_account(row).await?;
            }
        }
        Ok(())
    }

    /// Opens an account and takes its sources in. One that cannot be opened says so in its health.
    async fn open_account(&self, row: AccountRow) -> Result<(), AppError> {
        self.opened.lock().insert(row.account.id, (row.account.config.clone(), row.paused));
        let opened = match &row.account.config {
            AccountConfig::Demo(config) => {
                let id = row.account.id;
                let filed = self.store.read(move |reader| scope::filed(&reader.main, id)).await?;
                Ok(demo::sources(config, &filed))
            }
            _ => (self.open)(&row.account, self.secrets.clone(), self.queue(&row.account))
                .map(|sources| sources.into_iter().map(|source| (row.account.name.clone(), source)).collect()),
        };
        match opened {
            Ok(sources) => self.take_in(&row, sources).await,
            Err(error) => {
                let id = row.account.id;
                let health =
                    Health { state: SourceState::Failing, message: Some(error.to_string()), ..Health::default() };
                self.store
                    .write(move |tx| {
                        for source in source::of_account(tx.main, id)? {
                            source::set_health(tx, source, &health, None)?;
                        }
                        Ok(())
                    })
                    .await?;
                Ok(())
            }
        }
    }

    /// What comes in for an account. One that is not connected yet has nowhere to keep it.
    pub(super) fn queue(&self, account: &Account) -> Arc<dyn EventQueue> {
        let repeated = match account.config.pushed() {
            Some(pushed) if pushed.relay.is_none() => pushed.repeated,
            _ => Duration::MAX,
        };
        Arc::new(Queue::new(account.id, repeated, self.store.clone(), self.clock.clone(), self.came.clone()))
    }

    async fn take_in(&self, row: &AccountRow, sources: Vec<(String, AnySource)>) -> Result<(), AppError> {
        let identity = match &row.account.config {
            AccountConfig::Imap(config) => Some(config.address.clone()),
            AccountConfig::Microsoft(config) => config.address.clone(),
            AccountConfig::Slack(config) => config.address.clone(),
            AccountConfig::WhatsApp(config) => config.number.clone(),
            AccountConfig::Hook(config) => Some(config.me.clone()),
            AccountConfig::Channel(_) | AccountConfig::Files(_) | AccountConfig::Demo(_) => None,
        };
        for (ordinal, (name, source)) in sources.into_iter().enumerate() {
            let source = source.into_dyn();
            // Only the demo world knows who I am without a network.
            let identity = match (&identity, &row.account.config) {
                (None, AccountConfig::Demo(_)) => source.check().await.ok().and_then(|report| report.identity),
                (identity, _) => identity.clone(),
            };
            let (account, kind, capabilities) = (row.account.id, source.source_type(), source.capabilities());
            let ordinal = place(&row.account.config, kind).unwrap_or(ordinal);
            let send_only = capabilities.send_only;
            let id = self
                .store
                .write(move |tx| {
                    let id = source::ensure(tx, account, ordinal, kind, &name, &capabilities)?;
                    if let Some(identity) = identity {
                        source::set_identity(tx, id, &identity)?;
                    }
                    if send_only {
                        // There is nothing to wait for: how it is shows when something is sent.
                        source::rest(tx, id)?;
                    }
                    Ok(id)
                })
                .await?;
            let live = Live {
                account,
                source,
                sync: Arc::new(Notify::new()),
                outbox: Arc::new(Notify::new()),
                dirty: Arc::default(),
                unsaved: Arc::default(),
            };
            let runs = self.background && !row.paused;
            self.registry.add(id, live, |live, cancel| {
                if !runs {
                    return Vec::new();
                }
                let mut tasks = vec![tokio::spawn(outbox::run(self.outbox_context(id, live), cancel.clone()))];
                if !send_only {
                    tasks.push(tokio::spawn(sync::run(self.sync_context(id, live), cancel)));
                }
                tasks
            });
        }
        Ok(())
    }

    pub(super) async fn paused(&self) -> Result<Vec<AccountId>, ApiError> {
        let rows = self.store.read(|reader| account::all(&reader.main)).await?;
        Ok(rows.into_iter().filter(|row| row.paused).map(|row| row.account.id).collect())
    }

    pub(super) async fn row(&self, id: AccountId) -> Result<AccountRow, ApiError> {
        self.store
            .read(move |reader| account::get(&reader.main, id))
            .await?
            .ok_or_else(|| ApiError::not_found(format!("The account {id}")))
    }

    pub(super) async fn reopen(&self, id: AccountId) -> Result<AccountView, ApiError> {
        self.registry.remove(Some(id)).await;
        let row = self.row(id).await?;
        self.open_account(row).await.map_err(|error| ApiError::new(ErrorCode::Failed, error.to_string()))?;
        self.account_view(id).await
    }

    pub(super) async fn account_view(&self, id: AccountId) -> Result<AccountView, ApiError> {
        self.list_accounts(Nothing {})
            .await?
            .into_iter()
            .find(|view| view.id == id)
            .ok_or_else(|| ApiError::not_found(format!("The account {id}")))
    }

    /// Adds an account, opens it and starts fetching.
    pub(super) async fn add_account(
        &self,
        name: String,
        config: AccountConfig,
        password: Option<SecretString>,
    ) -> Result<AccountView, ApiError> {
        let secrets: Vec<_> = password.into_iter().map(|password| (SecretName::Password, password)).collect();
        let id = self.insert(name, config, secrets).await?;
        self.reopen(id).await
    }

    /// Writes an account down with its secrets: both are there, or neither.
    pub(super) async fn insert(
        &self,
        name: String,
        config: AccountConfig,
        secrets: Vec<(SecretName, SecretString)>,
    ) -> Result<AccountId, ApiError> {
        let now = self.clock.now();
        let sealer = if secrets.is_empty() { None } else { Some(self.secrets.sealer().await?) };
        let id = self.store.write_durable(move |tx| {
            let id = account::insert(tx, &name, &config, now)?;
            if let Some(sealer) = sealer {
                sealer.put(tx, id, &secrets)?;
            }
            Ok(id)
        });
        Ok(id.await?)
    }

    /// Gives an account other settings and opens it anew.
    pub(super) async fn change_account(
        &self,
        id: AccountId,
        name: String,
        config: AccountConfig,
    ) -> Result<AccountView, ApiError> {
        // What its sources still had under way is over, and clouds nothing of what is cleared.
        self.registry.remove(Some(id)).await;
        let written = self.store.write(move |tx| account::update(tx, id, &name, &config)).await;
        let cleared = self.clear_backoff(id).await;
        let opened = self.reopen(id).await;
        written?;
        cleared?;
        opened
    }

    /// `status`.
    pub(crate) async fn status(&self, _: Nothing) -> Result<Status, ApiError> {
        let accounts = self.list_accounts(Nothing {}).await?;
        let watermark = self.index.as_ref().and_then(|index| index.watermark()).unwrap_or_default();
        let today = self.wanted(TODAY, None);
        let waiting = self.wanted(0, Some(State::Waiting));
        let (counts, rev, index_behind) = self
            .store
            .read(move |reader| {
                let conn = &reader.main;
                let mut counts = BTreeMap::new();
                let unread = |kind| ListParams { unread: true, kind, ..ListParams::default() };
                let view = |view| ListParams { view, ..ListParams::default() };
                counts.insert("inbox".into(), thread::count(conn, &unread(None))?);
                for kind in [inlet_model::Kind::Mail, inlet_model::Kind::Chat, inlet_model::Kind::Note] {
                    counts.insert(format!("inbox.{}", kind.as_str()), thread::count(conn, &unread(Some(kind)))?);
                }
                for (name, group) in [("people", Group::People), ("updates", Group::Updates)] {
                    let params = ListParams { group: Some(group), ..unread(None) };
                    counts.insert(format!("inbox.{name}"), thread::count(conn, &params)?);
                }
                counts.insert("snoozed".into(), thread::count(conn, &view(View::Snoozed))?);
                counts.insert("today".into(), suggestion::count(conn, &today)?.min(CARDS.into()));
                counts.insert("waiting".into(), suggestion::count(conn, &waiting)?);
                counts.insert("drafts".into(), draft::count(conn)? + draft_copy::count_elsewhere(conn)?);
                counts.insert("outbox".into(), ops::count_waiting(conn)?);
                Ok((counts, thread::newest_rev(conn)?, crate::store::item::count_after(conn, watermark)?))
            })
            .await?;
        Ok(Status {
            version: env!("CARGO_PKG_VERSION").into(),
            demo: accounts.iter().any(|account| matches!(account.config, AccountConfig::Demo(_))),
            accounts,
            counts,
            rev,
            index_behind,
            data_dir: self.data_dir.display().to_string(),
            data_dir_origin: self.data_dir_origin.into(),
        })
    }

    /// `accounts.list`.
    pub(crate) async fn list_accounts(&self, _: Nothing) -> Result<Vec<AccountView>, ApiError> {
        let mut views: Vec<AccountView> = self
            .store
            .read(|reader| {
                let sources = source::all(&reader.main)?;
                Ok(account::all(&reader.main)?
                    .into_iter()
                    .map(|row| AccountView {
                        id: row.account.id,
                        name: row.account.name,
                        config: row.account.config,
                        sources: sources.iter().filter(|source| source.account == row.account.id).cloned().collect(),
                    })
                    .collect())
            })
            .await?;
        for source in views.iter_mut().flat_map(|view| &mut view.sources) {
            let Some(live) = self.registry.get(source.id) else { continue };
            if let Some(health) = live.unsaved.lock().as_ref() {
                source.state = health.state;
                source.message.clone_from(&health.message);
                source.next_try = health.next_try;
            }
        }
        Ok(views)
    }

    /// `accounts.test_imap`.
    pub(crate) async fn test_imap(&self, params: ImapParams) -> Result<CheckView, ApiError> {
        let password = match (params.password, params.id) {
            (Some(password), _) => Some(SecretString::from(password)),
            (None, Some(id)) => self.secrets.get(id, SecretName::Password)?,
            (None, None) => None,
        };
        let config = AccountConfig::Imap(params.config);
        Ok(merge(self.try_out(config, Arc::new(Passing::password(password))).await?))
    }

    /// Tests an account that is not connected yet: what each of its sources says.
    pub(super) async fn try_out(
        &self,
        config: AccountConfig,
        secrets: Arc<dyn Secrets>,
    ) -> Result<Vec<CheckReport>, ApiError> {
        let account = Account { id: AccountId(0), name: String::new(), config };
        let sources = (self.open)(&account, secrets, self.queue(&account))?;
        let reports = join_all(sources.into_iter().map(|source| async move { source.into_dyn().check().await })).await;
        Ok(reports.into_iter().collect::<Result<Vec<_>, _>>()?)
    }

    /// `accounts.add_imap`.
    pub(crate) async fn add_imap(&self, params: ImapParams) -> Result<AccountView, ApiError> {
        let config = params.config;
        if !config.address.contains('@') {
            return Err(ApiError::invalid("Give the whole mail address, such as name@example.org."));
        }
        let known = self.list_accounts(Nothing {}).await?;
        if known.iter().any(|view| matches!(&view.config, AccountConfig::Imap(have) if same_mailbox(have, &config))) {
            return Err(ApiError::new(ErrorCode::Refused, "This mailbox is connected already."));
        }
        let name = params.name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| config.address.clone());
        self.add_account(name, AccountConfig::Imap(config), params.password.map(SecretString::from)).await
    }

    /// `accounts.update`.
    pub(crate) async fn update_imap(&self, params: ImapParams) -> Result<AccountView, ApiError> {
        let id = params.id.ok_or_else(|| ApiError::invalid("Say which account to change."))?;
        let row = self.row(id).await?;
        if let Some(password) = params.password {
            self.secrets.keep(id, SecretName::Password, SecretString::from(password)).await?;
        }
        let name = params.name.unwrap_or(row.account.name);
        self.change_account(id, name, AccountConfig::Imap(params.config)).await
    }

    /// `accounts.check`.
    pub(crate) async fn check_account(&self, params: AccountParams) -> Result<CheckView, ApiError> {
        self.row(params.id).await?;
        let live = self.registry.of(Some(params.id));
        if let [(source, live)] = live.as_slice()
            && live.source.capabilities().send_only
        {
            return Ok(merge(vec![self.check_channel(*source, live).await?]));
        }
        let reports = join_all(live.iter().map(|(_, live)| live.source.check())).await;
        Ok(merge(reports.into_iter().collect::<Result<Vec<_>, _>>()?))
    }

    /// `accounts.pause`.
    pub(crate) async fn pause_account(&self, params: AccountParams) -> Result<AccountView, ApiError> {
        self.set_paused(params.id, true).await
    }

    /// `accounts.resume`.
    pub(crate) async fn resume_account(&self, params: AccountParams) -> Result<AccountView, ApiError> {
        self.ended_syncs.lock().remove(&params.id);
        self.clear_backoff(params.id).await?;
        self.set_paused(params.id, false).await
    }

    /// `accounts.seen_missed`.
    pub(crate) async fn seen_missed(&self, params: AccountParams) -> Result<AccountView, ApiError> {
        self.row(params.id).await?;
        self.store.write(move |tx| inbound::seen(tx, params.id)).await?;
        self.account_view(params.id).await
    }

    /// `accounts.seen_unreadable`.
    pub(crate) async fn seen_unreadable(&self, params: AccountParams) -> Result<AccountView, ApiError> {
        self.row(params.id).await?;
        self.store.write(move |tx| poison::seen(tx, params.id)).await?;
        self.account_view(params.id).await
    }

    /// `accounts.seen_warnings`.
    pub(crate) async fn seen_warnings(&self, params: AccountParams) -> Result<AccountView, ApiError> {
        self.row(params.id).await?;
        self.store.write(move |tx| warning::seen(tx, params.id)).await?;
        self.account_view(params.id).await
    }

    async fn set_paused(&self, id: AccountId, paused: bool) -> Result<AccountView, ApiError> {
        self.row(id).await?;
        self.store.write(move |tx| account::set_paused(tx, id, paused)).await?;
        self.reopen(id).await
    }

    /// The person asked: the next try is now.
    async fn clear_backoff(&self, id: AccountId) -> Result<(), ApiError> {
        Ok(self
            .store
            .write(move |tx| {
                for source in source::of_account(tx.main, id)? {
                    source::set_health(tx, source, &Health::default(), None)?;
                }
                Ok(())
            })
            .await?)
    }

    /// `accounts.remove`.
    pub(crate) async fn remove_account(&self, params: AccountParams) -> Result<Nothing, ApiError> {
        let id = params.id;
        self.row(id).await?;
        self.registry.remove(Some(id)).await;
        self.store.write_durable(move |tx| account::remove(tx, id)).await?;
        self.opened.lock().remove(&id);
        self.forget_removed().await?;
        Ok(Nothing {})
    }

    /// Nothing of what was removed is left outside of the tables either.
    pub(super) async fn forget_removed(&self) -> Result<(), ApiError> {
        self.index_all().await?;
        self.sweep_attachments().await?;
        // What was being thought of it is written by now; nothing more is until the pages are gone.
        let _quiet = self.followers.thinking.lock().await;
        self.store.write(suggestion::forget_former_self).await?;
        Ok(self.store.shrink().await?)
    }

    /// `sync.now`.
    pub(crate) async fn sync_now(&self, params: SyncParams) -> Result<Nothing, ApiError> {
        for (_, live) in self.registry.of(params.account) {
            live.sync.notify_one();
            live.outbox.notify_one();
        }
        Ok(Nothing {})
    }

    /// `demo.fill`.
    pub(crate) async fn fill_demo(&self, params: DemoParams) -> Result<Status, ApiError> {
        if !self.list_accounts(Nothing {}).await?.is_empty() {
            return Err(ApiError::new(
                ErrorCode::Refused,
                "The demo world needs an empty data directory; this one has accounts already.",
            ));
        }
        let config = inlet_model::account::DemoConfig {
            seed: params.seed.unwrap_or(DEMO_SEED),
            now: params.now.unwrap_or_else(|| self.clock.now()),
            copies: params.copies.unwrap_or(1).clamp(1, MOST_COPIES),
        };
        let view = self.add_account("Demo".into(), AccountConfig::Demo(config), None).await?;
        // Everything is here when this returns, and each source has been asked again as it would be
        // in the first minute of use: whoever asked wants to look at it.
        for _ in 0..2 {
            self.sync_once(Some(view.id)).await?;
        }
        self.status(Nothing {}).await
    }

    /// `demo.remove`.
    pub(crate) async fn remove_demo(&self, _: Nothing) -> Result<Status, ApiError> {
        for view in self.list_accounts(Nothing {}).await? {
            if matches!(view.config, AccountConfig::Demo(_)) {
                self.remove_account(AccountParams { id: view.id }).await?;
            }
        }
        self.status(Nothing {}).await
    }

    /// `secrets.unlock`.
    pub(crate) async fn unlock_secrets(&self, params: UnlockParams) -> Result<Nothing, ApiError> {
        self.secrets.unlock(SecretString::from(params.passphrase)).await?;
        for (_, live) in self.registry.of(None) {
            live.sync.notify_one();
            live.outbox.notify_one();
        }
        Ok(Nothing {})
    }
}

impl From<SecretError> for ApiError {
    fn from(error: SecretError) -> Self {
        let code = match error {
            SecretError::Locked | SecretError::WrongPassphrase => ErrorCode::Locked,
            SecretError::KeyLost => ErrorCode::AuthNeeded,
            SecretError::Store(_) => ErrorCode::Failed,
        };
        Self::new(code, sentence(&error))
    }
}

/// The place of a source among those of its account, where some may be switched off: each keeps its own.
fn place(config: &AccountConfig, source: SourceType) -> Option<usize> {
    match (config, source) {
        (AccountConfig::Microsoft(_), SourceType::Outlook) => Some(0),
        (AccountConfig::Microsoft(_), SourceType::Teams) => Some(1),
        (AccountConfig::Microsoft(_), SourceType::OneNote) => Some(2),
        (AccountConfig::Files(_), SourceType::WhatsApp) => Some(1),
        _ => None,
    }
}

pub(super) fn same_mailbox(have: &ImapConfig, new: &ImapConfig) -> bool {
    have.imap == new.imap && have.login().eq_ignore_ascii_case(new.login())
}

/// The address events are received at, which has to be of this computer.
///
/// # Errors
/// One sentence about what is wrong with it.
pub(super) fn listen_at(text: &str) -> Result<String, ApiError> {
    let listen: std::net::SocketAddr = text.trim().parse().map_err(|_| {
        ApiError::invalid("The address to listen at needs a number and a port, such as 127.0.0.1:8775.")
    })?;
    if !listen.ip().is_loopback() {
        return Err(ApiError::invalid(
            "Events are received on this computer only: listen at 127.0.0.1, and let a tunnel bring them there.",
        ));
    }
    Ok(listen.to_string())
}

pub(super) fn merge(reports: Vec<CheckReport>) -> CheckView {
    let ok = reports.iter().all(CheckReport::ok);
    let identity = reports.iter().find_map(|report| report.identity.clone());
    CheckView { ok, identity, steps: reports.into_iter().flat_map(|report| report.steps).collect() }
}
