//! Where one account listens: opened when it is first needed, and then left open as long as the account is.

use std::{
    net::SocketAddr,
    sync::{Mutex, OnceLock, PoisonError},
};

use inlet_model::{Result, SourceError};

use super::{Door, Hook, listen};

/// A door that is opened once, and why it could not be.
pub(crate) struct Ear {
    /// The address of the settings, with its port.
    listen: String,
    door: tokio::sync::Mutex<Option<Door>>,
    /// Where it is open.
    address: OnceLock<SocketAddr>,
    /// Why nobody listens, until it is told.
    deaf: Mutex<Option<SourceError>>,
}

impl Ear {
    /// One that is not open yet.
    pub(crate) fn new(listen: &str) -> Self {
        Self {
            listen: listen.to_owned(),
            door: tokio::sync::Mutex::default(),
            address: OnceLock::new(),
            deaf: Mutex::default(),
        }
    }

    /// Where it is open, or is to be.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] when the settings name no address.
    pub(crate) fn address(&self) -> Result<SocketAddr> {
        if let Some(address) = self.address.get() {
            return Ok(*address);
        }
        self.listen.parse().map_err(|_| {
            SourceError::Permanent(
                "The address to listen at is not one: give an address with a port, such as 127.0.0.1:8775.".to_owned(),
            )
        })
    }

    /// Opens it, if it is not open; how many it has turned away.
    ///
    /// # Errors
    /// Those of `hook`, [`Self::address`] and [`listen`].
    pub(crate) async fn open(&self, hook: impl FnOnce() -> Result<Hook>) -> Result<u64> {
        let mut door = self.door.lock().await;
        if let Some(door) = &*door {
            return Ok(door.refused());
        }
        let hook = hook()?;
        let opened = listen(self.address()?, hook).await?;
        let _ = self.address.set(opened.address());
        *door = Some(opened);
        Ok(0)
    }

    /// Whoever waits cannot say so itself: it is kept until it is asked for.
    pub(crate) fn failed(&self, error: &SourceError) {
        *self.deaf.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.clone());
    }

    /// Why nobody listened, told once.
    ///
    /// # Errors
    /// What was given to [`Self::failed`] last.
    pub(crate) fn failure(&self) -> Result<()> {
        match self.deaf.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}
