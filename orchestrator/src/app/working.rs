//! Work in the background: what the window shows in its foot.

use inlet_model::{AccountConfig, AccountId, SourceId};

use super::App;
use crate::api::{
    ApiError,
    types::{AccountParams, AccountView, Nothing, SourceState, SourceView, WorkKind, WorkParams, WorkView},
};

impl App {
    /// `work.list`.
    pub(crate) async fn list_work(&self, _: Nothing) -> Result<Vec<WorkView>, ApiError> {
        let accounts = self.list_accounts(Nothing {}).await?;
        let mut all: Vec<WorkView> = accounts
            .iter()
            .filter(|account| !self.ended_syncs.lock().contains(&account.id))
            .flat_map(|account| account.sources.iter().filter_map(|source| first_sync(account, source)))
            .collect();
        all.extend(self.works.list());
        Ok(all)
    }

    /// `work.pause`.
    pub(crate) async fn pause_work(&self, params: WorkParams) -> Result<Vec<WorkView>, ApiError> {
        match self.account_of_work(&params.id).await? {
            Some(id) => drop(self.pause_account(AccountParams { id }).await?),
            None => self.works.pause(&params.id, true)?,
        }
        self.list_work(Nothing {}).await
    }

    /// `work.resume`.
    pub(crate) async fn resume_work(&self, params: WorkParams) -> Result<Vec<WorkView>, ApiError> {
        match self.account_of_work(&params.id).await? {
            Some(id) => drop(self.resume_account(AccountParams { id }).await?),
            None => self.works.pause(&params.id, false)?,
        }
        self.list_work(Nothing {}).await
    }

    /// `work.cancel`. A sync that is ended leaves its account paused, with what has come so far.
    pub(crate) async fn cancel_work(&self, params: WorkParams) -> Result<Vec<WorkView>, ApiError> {
        match self.account_of_work(&params.id).await? {
            Some(id) => {
                self.pause_account(AccountParams { id }).await?;
                self.ended_syncs.lock().insert(id);
            }
            None => self.works.cancel(&params.id)?,
        }
        self.list_work(Nothing {}).await
    }

    /// The account whose sync this is.
    async fn account_of_work(&self, id: &str) -> Result<Option<AccountId>, ApiError> {
        let Ok(source) = id.parse::<SourceId>() else { return Ok(None) };
        Ok(self.sources().await?.into_iter().find(|view| view.id == source).map(|view| view.account))
    }
}

/// A source that has never had everything, as work.
fn first_sync(account: &AccountView, source: &SourceView) -> Option<WorkView> {
    let paused = source.state == SourceState::Paused;
    let under_way = paused || matches!(source.state, SourceState::Syncing | SourceState::Starting);
    if source.progress.complete || !under_way {
        return None;
    }
    let total = source.progress.total?;
    Some(WorkView {
        id: source.id.to_string(),
        kind: if matches!(account.config, AccountConfig::Files(_)) { WorkKind::Import } else { WorkKind::Sync },
        title: source.name.clone(),
        done: source.progress.done,
        total: Some(total),
        started_at: source.last_heard.unwrap_or_default(),
        paused,
        can_pause: true,
        can_cancel: true,
    })
}
