//! The lock of the window: what a window may ask while it is locked, and what locks it.
//!
//! Every window comes in by [`App::window_rpc`] and hears through [`App::window_events`], whatever its host. The
//! command line and the engine itself ask by [`App::rpc`] and are never locked: whoever runs them has the files.

use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};

use super::App;
use crate::{
    api::{
        ApiError, ErrorCode,
        types::{LockParams, LockSetParams, LockView, Nothing, NoticeBoard, Setting, SettingGroup},
    },
    event::Event,
    feed::heard,
    lock::{self, WindowEvents},
    store::StoreError,
};

/// The setting that says when the window is locked.
pub(super) const SETTING: &str = "privacy.lock";
/// It is never locked by itself.
pub(super) const NEVER: &str = "never";

impl App {
    /// As [`Self::rpc`], for a window: while that is locked it gets what the lock screen needs and nothing else.
    ///
    /// # Errors
    /// [`ErrorCode::AppLocked`], else as [`Self::rpc`].
    pub async fn window_rpc(&self, method: &str, params: Value) -> Result<Value, ApiError> {
        if method == "lock.forget" {
            return Err(ApiError::new(
                ErrorCode::Refused,
                "Only a terminal of your own account can forget the passphrase: inlet rpc lock.forget",
            ));
        }
        self.lock_when_idle().await;
        if !self.lock.is_locked() {
            return self.rpc(method, params).await;
        }
        match method {
            "lock.get" | "lock.now" | "lock.unlock" => self.rpc(method, params).await,
            "notices.standing" => Ok(json!(self.masked_notices())),
            // How the lock screen looks, and in which language.
            "config.list" => {
                let looks = |setting: &Setting| setting.group == SettingGroup::Appearance;
                Ok(json!(self.list_config(Nothing {}).await?.into_iter().filter(looks).collect::<Vec<_>>()))
            }
            _ => Err(lock::refusal()),
        }
    }

    /// What happens from now on, as far as a window may hear it.
    #[must_use]
    pub fn window_events(&self) -> WindowEvents {
        WindowEvents::new(self.feed.listen(), &self.lock)
    }

    /// `lock.get`.
    pub(crate) async fn lock_state(&self, _: Nothing) -> Result<LockView, ApiError> {
        self.follow_lock().await?;
        Ok(self.lock.view())
    }

    /// `lock.now`.
    pub(crate) async fn lock_now(&self, _: Nothing) -> Result<LockView, ApiError> {
        if !self.lock.is_set() {
            return Err(no_passphrase());
        }
        self.close_window().await?;
        Ok(self.lock.view())
    }

    /// `lock.unlock`.
    pub(crate) async fn unlock_window(&self, params: LockParams) -> Result<LockView, ApiError> {
        self.follow_lock().await?;
        if self.lock.is_locked() && self.lock.accepts(SecretString::from(params.passphrase)).await? {
            self.lock.open_up().await?;
            self.opened_up();
        }
        Ok(self.lock.view())
    }

    /// `lock.touch`.
    pub(crate) async fn touch_lock(&self, _: Nothing) -> Result<Nothing, ApiError> {
        self.lock.touch();
        Ok(Nothing {})
    }

    /// `lock.set`.
    pub(crate) async fn set_lock(&self, params: LockSetParams) -> Result<LockView, ApiError> {
        if params.new.as_ref().is_some_and(|new| new.chars().count() < lock::SHORTEST) {
            return Err(ApiError::invalid("Choose a passphrase of at least 6 characters."));
        }
        let old = SecretString::from(params.old.unwrap_or_default());
        if self.lock.is_set() && !self.lock.accepts(old).await? {
            return Err(ApiError::invalid(if self.lock.view().not_before.is_some() {
                "That was wrong too often; wait a little, then try again."
            } else {
                "That is not the passphrase there is now; try again."
            }));
        }
        if params.new.is_none() {
            self.config.lock().set(SETTING, None)?;
            self.feed.send(Event::Settings);
        }
        self.lock.set(params.new.map(SecretString::from)).await?;
        self.feed.send(Event::Lock);
        Ok(self.lock.view())
    }

    /// `lock.forget`.
    pub(crate) async fn forget_lock(&self, _: Nothing) -> Result<LockView, ApiError> {
        self.lock.set(None).await?;
        self.opened_up();
        Ok(self.lock.view())
    }

    /// Opens the window when a command in a terminal has forgotten the passphrase.
    pub(super) async fn follow_lock(&self) -> Result<(), StoreError> {
        if self.lock.follow().await? {
            self.opened_up();
        }
        Ok(())
    }

    /// Locks the window whenever nobody has done anything in it for as long as is set.
    pub(super) async fn follow_idleness(&self) {
        /// The computer may have slept: it is looked at least this often while there is something to wait for.
        const LOOK: Duration = Duration::from_secs(5);
        const SHORTEST: Duration = Duration::from_millis(100);
        let mut events = self.feed.listen();
        loop {
            self.lock_when_idle().await;
            let left = self.idle_limit().and_then(|limit| self.lock.idle_left(limit));
            let changed = heard(&mut events, |event| matches!(event, Event::Settings | Event::Lock));
            match left {
                Some(left) => drop(tokio::time::timeout(left.clamp(SHORTEST, LOOK), changed).await),
                None => changed.await,
            }
        }
    }

    /// So long may nobody do anything; nothing when it does not matter.
    fn idle_limit(&self) -> Option<Duration> {
        let minutes: u64 = self.config.lock().word(SETTING).parse().ok()?;
        Some(Duration::from_secs(minutes * 60))
    }

    async fn lock_when_idle(&self) {
        let left = self.lock.is_set().then(|| self.idle_limit()).flatten().and_then(|limit| self.lock.idle_left(limit));
        if left == Some(Duration::ZERO)
            && let Err(error) = self.close_window().await
        {
            tracing::error!(%error, "that the window is locked could not be written down");
        }
    }

    /// Locks. What stood on the desktop named people, so it goes.
    async fn close_window(&self) -> Result<(), StoreError> {
        let locked = self.lock.lock().await;
        self.notices.hide();
        for event in [Event::Lock, Event::Notices] {
            self.feed.send(event);
        }
        locked.map(drop)
    }

    /// The window is open again: whoever opened it sees in the list what came meanwhile.
    fn opened_up(&self) {
        self.notices.hide();
        for event in [Event::Lock, Event::Notices, Event::Resync] {
            self.feed.send(event);
        }
    }

    /// What may be told while the window is locked: that something came, and how much of it.
    fn masked_notices(&self) -> NoticeBoard {
        NoticeBoard { notices: self.notices.board.lock().masked().into_iter().collect(), paused_until: None }
    }
}

/// What is answered where there is nothing to lock with.
pub(super) fn no_passphrase() -> ApiError {
    ApiError::new(ErrorCode::Refused, "Choose a passphrase for the lock first, in Settings, Privacy.")
}
