//! Inlet's engine inside this process, asked through the same commands as the window asks.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use inlet_orchestrator::{App, AppOptions};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Opens the secrets of every data directory that is made here; nothing in them is secret.
pub(crate) const PASSPHRASE: &str = "a passphrase for measuring";

/// An engine on a data directory; with `background` it syncs and indexes until it is shut down.
///
/// # Errors
/// When it does not start.
pub(crate) async fn start(data: &Path, background: bool) -> Result<Arc<App>> {
    start_with(options(data, background)).await
}

/// What [`start`] starts with.
pub(crate) fn options(data: &Path, background: bool) -> AppOptions {
    let mut options = AppOptions::new(data.to_path_buf(), Arc::new(inlet_connectors::open));
    options.background = background;
    options.use_keyring = false;
    options.passphrase = Some(PASSPHRASE.into());
    options
}

/// As [`start`], with other options.
///
/// # Errors
/// When it does not start.
pub(crate) async fn start_with(options: AppOptions) -> Result<Arc<App>> {
    let data = options.data_dir.clone();
    App::start(options).await.with_context(|| format!("Inlet does not start on {}", data.display()))
}

/// What a command answers.
///
/// # Errors
/// What the command says.
pub(crate) async fn ask<T: DeserializeOwned>(app: &App, method: &str, params: Value) -> Result<T> {
    let answer = app.rpc(method, params).await.map_err(|error| anyhow!("{method}: {}", error.message))?;
    serde_json::from_value(answer).with_context(|| format!("the answer of {method}"))
}

/// As [`ask`], with the time from the question to the answer as JSON.
///
/// # Errors
/// What the command says.
pub(crate) async fn timed<T: DeserializeOwned>(app: &App, method: &str, params: Value) -> Result<(T, Duration)> {
    let started = Instant::now();
    let answer = app.rpc(method, params).await.map_err(|error| anyhow!("{method}: {}", error.message))?;
    let took = started.elapsed();
    Ok((serde_json::from_value(answer).with_context(|| format!("the answer of {method}"))?, took))
}
