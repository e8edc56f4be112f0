//! The only thing between the page and the engine: one command in, one event stream out, and both stop at the
//! engine's lock.
//!
//! The window is shown before the engine is ready, so that a start with a large store is not a
//! blank screen: calls wait for the engine, and when it cannot start every call answers with
//! the sentence that says why. Nothing here knows what a method does. The few methods named
//! `host.…` are what only a desktop can do; what the desktop wants of the page, such as a link that
//! was opened or a notification that was clicked, waits in [`crate::asks`] until the page takes it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use inlet_orchestrator::api::types::Setting;
use inlet_orchestrator::api::{ApiError, ErrorCode, sentence};
use inlet_orchestrator::{App, AppError, AppOptions, Event, WindowEvents};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tauri::{AppHandle, Emitter, Manager, State, WebviewWindow};
use tauri_plugin_autostart::ManagerExt;
use tokio::sync::watch;

use crate::asks::Asks;
use crate::notifier::Notifier;
use crate::tray::{self, Words};
use crate::window::{self, MAIN};

/// The Tauri event that carries the engine's events, as the JSON they have on every host.
const EVENTS: &str = "inlet";
/// How long the engine may take to put its work down when the window closes.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(5);

type Started = Option<Result<Arc<App>, ApiError>>;

/// The engine as the window sees it: not there yet, running, or failed with a sentence.
pub(crate) struct Host {
    engine: watch::Receiver<Started>,
    /// Closing the window leaves the app in the tray.
    pub(crate) close_to_tray: AtomicBool,
}

impl Host {
    /// Starts the engine on `data_dir`, which `origin` named, in the background and forwards its events to the window.
    /// With `demo` an empty folder is filled with the demo world first.
    pub(crate) fn start(app: AppHandle, data_dir: PathBuf, origin: &'static str, demo: bool) -> Self {
        let (ready, engine) = watch::channel(None);
        tauri::async_runtime::spawn(async move {
            let started = start_engine(data_dir, origin, demo).await;
            if let Err(error) = &started {
                tracing::error!(code = ?error.code, "the engine did not start");
            }
            let running = started.as_ref().ok().map(|engine| (engine.clone(), engine.window_events()));
            ready.send_replace(Some(started));
            if let Some((engine, events)) = running {
                heed_settings(&app, &engine).await;
                // The engine's end is the end of its events: it is not kept alive for them.
                let settings = Arc::downgrade(&engine);
                drop(engine);
                forward(&app, &settings, events).await;
            }
        });
        Self { engine, close_to_tray: AtomicBool::new(false) }
    }

    async fn engine(&self) -> Result<Arc<App>, ApiError> {
        let mut engine = self.engine.clone();
        match engine.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(started)) => started.clone(),
            _ => Err(ApiError::new(ErrorCode::Failed, "Inlet could not start. Quit it and open it again.")),
        }
    }

    /// Lets the engine finish what it holds; what takes longer is found again at the next start.
    pub(crate) fn stop(&self) {
        let running = self.engine.borrow().clone();
        if let Some(Ok(engine)) = running {
            tauri::async_runtime::block_on(async move {
                if tokio::time::timeout(SHUTDOWN_LIMIT, engine.shutdown()).await.is_err() {
                    tracing::warn!("the engine was still busy when the window closed");
                }
            });
        }
    }
}

async fn start_engine(data_dir: PathBuf, origin: &'static str, demo: bool) -> Result<Arc<App>, ApiError> {
    let mut options = AppOptions::new(data_dir, Arc::new(inlet_connectors::open));
    options.data_dir_origin = origin;
    options.fetch_image =
        Some(Arc::new(|url| Box::pin(async move { inlet_connectors::images::fetch_image(&url).await })));
    options.post_unsubscribe =
        Some(Arc::new(|url| Box::pin(async move { inlet_connectors::unsubscribe::one_click(&url).await })));
    options.sign_in = Some(Arc::new(|request| Box::pin(inlet_connectors::sign_in(request))));
    if let Ok(passphrase) = std::env::var("INLET_PASSPHRASE") {
        options.use_keyring = false;
        options.passphrase = Some(SecretString::from(passphrase));
    }
    let engine = App::start(options).await.map_err(|error| {
        let code = if matches!(error, AppError::Secrets(_)) { ErrorCode::Locked } else { ErrorCode::Failed };
        ApiError::new(code, sentence(&error))
    })?;
    if demo {
        match engine.rpc("demo.fill", json!({})).await {
            // A folder that is not empty keeps what it has.
            Ok(_) | Err(ApiError { code: ErrorCode::Refused, .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(engine)
}

/// Everything the window can ask. `method` and `params` are the engine's own command list.
#[tauri::command]
pub(crate) async fn rpc(
    app: AppHandle,
    window: WebviewWindow,
    host: State<'_, Host>,
    method: String,
    params: Value,
) -> Result<Value, ApiError> {
    if window.label() != MAIN {
        return Err(ApiError::new(ErrorCode::Refused, "Only Inlet's own window may ask this."));
    }
    match method.as_str() {
        "host.open" => window::open_link(&params),
        "host.open_file" => window::open_file(&host.engine().await?.window_rpc("attachment.copy", params).await?),
        "host.asks" => Ok(json!(app.state::<Asks>().take())),
        "host.show" => {
            window::focus(&app);
            Ok(Value::Null)
        }
        "host.notices" => {
            app.state::<Notifier>().show(&app, parse(params)?).await;
            Ok(Value::Null)
        }
        "host.words" => {
            let words: Words = parse(params)?;
            tray::speak(&app, words);
            Ok(Value::Null)
        }
        _ => host.engine().await?.window_rpc(&method, params).await,
    }
}

fn parse<T: DeserializeOwned>(params: Value) -> Result<T, ApiError> {
    serde_json::from_value(params).map_err(|error| ApiError::invalid(format!("The window asked wrongly: {error}.")))
}

/// Brings the desktop in line with the settings that are about it.
async fn heed_settings(app: &AppHandle, engine: &App) {
    let Ok(settings) = engine.rpc("config.list", Value::Null).await else { return };
    let settings: Vec<Setting> = serde_json::from_value(settings).unwrap_or_default();
    for setting in settings {
        let on = setting.value == "true";
        match setting.key.as_str() {
            "window.close_to_tray" => app.state::<Host>().close_to_tray.store(on, Ordering::Relaxed),
            // Who never touched the setting may have set it for another data folder.
            "window.autostart" if on || setting.origin != "default" => start_with_the_session(app, on),
            _ => {}
        }
    }
}

fn start_with_the_session(app: &AppHandle, on: bool) {
    let autostart = app.autolaunch();
    let done = match (autostart.is_enabled(), on) {
        (Ok(false), true) => autostart.enable(),
        (Ok(true), false) => autostart.disable(),
        (Ok(_), _) => Ok(()),
        (Err(error), _) => Err(error),
    };
    if let Err(error) = done {
        tracing::warn!(%error, "the start with the session could not be changed");
    }
}

/// Passes the engine's events on until it stops.
///
/// A slow window loses events, never state: it is told to read everything again.
async fn forward(app: &AppHandle, engine: &Weak<App>, mut events: WindowEvents) {
    while let Some(event) = events.recv().await {
        if matches!(event, Event::Settings | Event::Resync)
            && let Some(engine) = engine.upgrade()
        {
            heed_settings(app, &engine).await;
        }
        if let Err(error) = app.emit_to(MAIN, EVENTS, event) {
            tracing::warn!(%error, "an event did not reach the window");
        }
    }
}
