//! Settings: read, changed, and heard of by every window.

use std::{sync::Arc, time::Duration};

use super::{App, locking};
use crate::{
    api::{
        ApiError,
        types::{Nothing, Setting, SettingParams},
    },
    event::Event,
    sync,
};

impl App {
    /// `config.list`.
    pub(crate) async fn list_config(&self, _: Nothing) -> Result<Vec<Setting>, ApiError> {
        let mut config = self.config.lock();
        config.reread();
        Ok(config.all())
    }

    /// `config.set`.
    pub(crate) async fn set_config(&self, params: SettingParams) -> Result<Vec<Setting>, ApiError> {
        let locks =
            params.key == locking::SETTING && params.value.as_ref().is_some_and(|value| value != locking::NEVER);
        if locks && !self.lock.is_set() {
            return Err(locking::no_passphrase());
        }
        let all = {
            let mut config = self.config.lock();
            config.set(&params.key, params.value.as_deref())?;
            config.all()
        };
        self.feed.send(Event::Settings);
        Ok(all)
    }

    /// How long to wait before folders without live news are asked again, as it is set at that time.
    /// A source that is asked on demand waits for the person, unless they said otherwise.
    pub(super) fn poll(&self, on_demand: bool) -> sync::Poll {
        /// A server is not asked more often than this, whatever was set.
        const SHORTEST: u64 = 5;
        let config = self.config.clone();
        Arc::new(move || {
            let config = config.lock();
            if on_demand {
                let minutes: u64 = config.word("teams.background_minutes").parse().ok()?;
                return Some(Duration::from_secs(minutes * 60));
            }
            Some(Duration::from_secs(config.number("sync.poll_seconds").max(SHORTEST)))
        })
    }

    /// The person wants no remote image, not even by asking for it.
    pub(super) fn never_remote(&self) -> bool {
        self.config.lock().word("privacy.remote_images") == "never"
    }
}
