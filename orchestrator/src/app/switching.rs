//! Switching sources of an account off. Switching one on is a sign-in ([`super::signin`]), because the
//! person consents to it at the provider.
//!
//! What a source has brought goes with it or stays, as the person says. What stays can be read and found
//! like an import; it is not fetched anew and cannot be answered, so it can do nothing until the source
//! is switched on again. What is switched on is written in one place, the settings of the account: which
//! sources are open and what is consented to both follow from it. Channels are a part of Teams that an
//! administrator consents to: off alone, they are no longer listed, and go as any folder does that its
//! platform no longer has, unless they are to be kept.

use inlet_model::{AccountConfig, AccountId, Capabilities, MicrosoftConfig, ScopeRole, SourceId, SourceType};

use super::App;
use crate::{
    api::{
        ApiError, ErrorCode,
        types::{AccountView, SwitchOffParams},
    },
    store::{Result as StoreResult, WriteTx, account, outbox, scope, source},
};

impl App {
    /// `accounts.switch_off`.
    pub(crate) async fn switch_source_off(&self, params: SwitchOffParams) -> Result<AccountView, ApiError> {
        let SwitchOffParams { id, source: kind, keep, channels } = params;
        let row = self.row(id).await?;
        let AccountConfig::Microsoft(mut config) = row.account.config else {
            return Err(ApiError::invalid("This account has one source only: pause it, or remove it."));
        };
        if channels {
            return self.switch_channels_off(id, kind, keep, config).await;
        }
        if !without(&mut config, kind) {
            return Err(all_there_is());
        }
        let found = self.store.read(move |reader| source::of_type(&reader.main, id, kind)).await?;
        if let Some(source) = found.filter(|_| keep) {
            self.refuse_while_sending(source).await?;
        }
        self.sign_ins.end_of(id);
        // Nothing is fetched or sent any more while its rows change.
        self.registry.remove(Some(id)).await;
        let written = self.store.write_durable(move |tx| {
            // Another one may have been switched off meanwhile.
            if !change(tx, id, |config| without(config, kind))? {
                return Ok(false);
            }
            match found {
                Some(source) if keep => source::set_capabilities(tx, source, &Capabilities::default())?,
                Some(source) => account::remove_source(tx, source)?,
                None => {}
            }
            Ok(true)
        });
        let written = written.await;
        let opened = self.reopen(id).await;
        if !written? {
            return Err(all_there_is());
        }
        if !keep {
            self.forget_removed().await?;
        }
        opened
    }

    async fn switch_channels_off(
        &self,
        id: AccountId,
        kind: SourceType,
        keep: bool,
        config: MicrosoftConfig,
    ) -> Result<AccountView, ApiError> {
        let none = || ApiError::invalid("No channels of teams are switched on for this account.");
        let source = self.store.read(move |reader| source::of_type(&reader.main, id, kind)).await?;
        let source = source.filter(|_| kind == SourceType::Teams).ok_or_else(none)?;
        if !config.channels {
            // They are off already, and what is left of them is in question.
            if keep || !self.store.write_durable(move |tx| scope::forget_kept(tx, source)).await? {
                return Err(none());
            }
            self.forget_removed().await?;
            return self.account_view(id).await;
        }
        self.refuse_while_sending(source).await?;
        self.sign_ins.end_of(id);
        self.registry.remove(Some(id)).await;
        let written = self.store.write_durable(move |tx| {
            if keep {
                scope::keep(tx, source, ScopeRole::Channel)?;
            }
            change(tx, id, |config| {
                config.channels = false;
                true
            })
        });
        let written = written.await;
        let opened = self.reopen(id).await;
        written?;
        // The next list of chats names no channels, whether or not somebody looks at them.
        if let Some(live) = self.registry.get(source) {
            live.sync.notify_one();
        }
        opened
    }

    async fn refuse_while_sending(&self, source: SourceId) -> Result<(), ApiError> {
        if self.store.read(move |reader| outbox::is_sending(&reader.main, source)).await? {
            return Err(ApiError::new(
                ErrorCode::Refused,
                "A message of this source is still on its way: wait for it, or cancel it in the outbox, then switch the \
                 source off.",
            ));
        }
        Ok(())
    }
}

/// Takes a source out of what is switched on; false where it is all there is.
fn without(config: &mut MicrosoftConfig, kind: SourceType) -> bool {
    config.sources.retain(|one| *one != kind);
    config.channels &= config.sources.contains(&SourceType::Teams);
    !config.sources.is_empty()
}

/// Changes the settings of an account as they are now; false where there is nothing to be changed so.
fn change(tx: &WriteTx<'_>, id: AccountId, how: impl FnOnce(&mut MicrosoftConfig) -> bool) -> StoreResult<bool> {
    let Some(row) = account::get(tx.main, id)? else { return Ok(false) };
    let AccountConfig::Microsoft(mut config) = row.account.config else { return Ok(false) };
    let changed = how(&mut config);
    if changed {
        account::update(tx, id, &row.account.name, &AccountConfig::Microsoft(config))?;
    }
    Ok(changed)
}

fn all_there_is() -> ApiError {
    ApiError::new(ErrorCode::Refused, "This is all that is switched on of this account: pause it, or remove it.")
}
