//! Settings: read, changed, and heard of by every window.

use std::{sync::Arc, time::Duration};

use super::App;
use crate::{
    api::{
        ApiError,
        types::{Nothing, Setting, SettingParams},
    },
    event::Event,
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
        let all = {
            let mut config = self.config.lock();
            config.set(&params.key, params.value.as_deref())?;
            config.all()
        };
        self.feed.send(Event::Settings);
        Ok(all)
    }

    /// How long to wait before folders without live news are asked again, as it is set at that time.
    pub(super) fn poll(&self) -> Arc<dyn Fn() -> Duration + Send + Sync> {
        /// A server is not asked more often than this, whatever was set.
        const SHORTEST: u64 = 5;
        let config = self.config.clone();
        Arc::new(move || Duration::from_secs(config.lock().number("sync.poll_seconds").max(SHORTEST)))
    }

    /// The person wants no remote image, not even by asking for it.
    pub(super) fn never_remote(&self) -> bool {
        self.config.lock().word("privacy.remote_images") == "never"
    }
}
