//! The only thing between the window and the engine: one command in, one event stream out.
//!
//! The window is shown before the engine is ready, so that a start with a large store is not a
//! blank screen: calls wait for the engine, and when it cannot start every call answers with
//! the sentence that says why. Nothing here knows what a method does. The few methods named
//! `host.…` are what only a window can do.
//!
//! Mail is hostile and is shown inside this web view, so the view is walled in three ways
//! beside the sanitiser and the frame's sandbox: it may navigate nowhere but to the app's own
//! page, a new window is never opened (its link is handed to the interface, which asks the
//! person), and its network proxy is a listener of ours that hangs up on everyone.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use inlet_orchestrator::api::{ApiError, ErrorCode, sentence};
use inlet_orchestrator::{App, AppError, AppOptions, Event};
use secrecy::SecretString;
use serde_json::{Value, json};
use tauri::webview::{NewWindowResponse, WebviewWindowBuilder};
use tauri::{AppHandle, Emitter, Manager, State, Url, WebviewUrl, WebviewWindow};
use tokio::net::TcpListener;
use tokio::sync::{broadcast, watch};

/// The label of the one window, named by the capability file too.
const MAIN: &str = "main";
/// The Tauri event that carries the engine's events, as the JSON they have on every host.
const EVENTS: &str = "inlet";
/// The Tauri event that carries a link somebody clicked in a message; the page has it inspected and asks.
const LINK: &str = "link";
/// How long the engine may take to put its work down when the window closes.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(5);

type Started = Option<Result<Arc<App>, ApiError>>;

/// The engine as the window sees it: not there yet, running, or failed with a sentence.
pub(crate) struct Host {
    engine: watch::Receiver<Started>,
}

impl Host {
    /// Starts the engine on `data_dir` in the background and forwards its events to the window.
    /// With `demo` an empty folder is filled with the demo world first.
    pub(crate) fn start(app: AppHandle, data_dir: PathBuf, demo: bool) -> Self {
        let (ready, engine) = watch::channel(None);
        tauri::async_runtime::spawn(async move {
            let started = start_engine(data_dir, demo).await;
            if let Err(error) = &started {
                tracing::error!(code = ?error.code, "the engine did not start");
            }
            let events = started.as_ref().ok().map(|engine| engine.events());
            ready.send_replace(Some(started));
            if let Some(events) = events {
                forward(&app, events).await;
            }
        });
        Self { engine }
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

async fn start_engine(data_dir: PathBuf, demo: bool) -> Result<Arc<App>, ApiError> {
    let mut options = AppOptions::new(data_dir, Arc::new(inlet_connectors::open));
    options.fetch_image =
        Some(Arc::new(|url| Box::pin(async move { inlet_connectors::images::fetch_image(&url).await })));
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
    window: WebviewWindow,
    host: State<'_, Host>,
    method: String,
    params: Value,
) -> Result<Value, ApiError> {
    if window.label() != MAIN {
        return Err(ApiError::new(ErrorCode::Refused, "Only Inlet's own window may ask this."));
    }
    match method.as_str() {
        "host.open" => open_link(&params),
        "host.open_file" => open_file(&host.engine().await?.rpc("attachment.copy", params).await?),
        _ => host.engine().await?.rpc(&method, params).await,
    }
}

/// Opens the one window on the engine of `data_dir`.
///
/// # Errors
/// When the system's web view is missing or no loopback port is free.
pub(crate) fn open_window(app: &AppHandle, data_dir: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let proxy = tauri::async_runtime::block_on(dead_proxy())?;
    let links = app.clone();
    let popups = app.clone();
    WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title("Inlet")
        .inner_size(1280.0, 800.0)
        .min_inner_size(900.0, 600.0)
        // What the page keeps (pane sizes, the theme) goes with the folder it belongs to.
        .data_directory(data_dir.join("view"))
        .proxy_url(Url::parse(&format!("socks5://{proxy}"))?)
        // Files are dropped onto the composer, which is the page's business.
        .disable_drag_drop_handler()
        .on_navigation(move |url| {
            let own = is_own_page(url);
            if !own {
                announce_link(&links, url);
            }
            own
        })
        .on_new_window(move |url, _| {
            announce_link(&popups, &url);
            NewWindowResponse::Deny
        })
        .on_download(|_, _| false)
        .build()?;
    Ok(())
}

/// Brings the window to the front: somebody started Inlet a second time.
pub(crate) fn focus(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN) {
        let shown = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
        if let Err(error) = shown {
            tracing::warn!(%error, "the window did not come to the front");
        }
    }
}

/// Passes the engine's events on until it stops.
///
/// A slow window loses events, never state: the broadcast says that some were missed, and the
/// window is told to read everything again.
async fn forward(app: &AppHandle, mut events: broadcast::Receiver<Event>) {
    loop {
        let event = match events.recv().await {
            Ok(event) => event,
            Err(broadcast::error::RecvError::Lagged(_)) => Event::Resync,
            Err(broadcast::error::RecvError::Closed) => return,
        };
        if let Err(error) = app.emit_to(MAIN, EVENTS, event) {
            tracing::warn!(%error, "an event did not reach the window");
        }
    }
}

/// Hands a link of a message to the interface, which shows where it leads and asks.
fn announce_link(app: &AppHandle, url: &Url) {
    if !is_link(url) {
        return;
    }
    if let Err(error) = app.emit_to(MAIN, LINK, json!({ "href": url.as_str(), "verdict": null })) {
        tracing::warn!(%error, "a link did not reach the window");
    }
}

/// Opens a link in the system's own program, after the person said yes.
fn open_link(params: &Value) -> Result<Value, ApiError> {
    let url = params.get("href").and_then(Value::as_str).and_then(|text| Url::parse(text).ok());
    let url = url.filter(is_link).ok_or_else(|| {
        ApiError::new(ErrorCode::Refused, "Only web and mail links can be opened. Copy the link if you trust it.")
    })?;
    tauri_plugin_opener::open_url(url.as_str(), None::<&str>).map_err(|_| {
        ApiError::new(
            ErrorCode::Failed,
            "No program opened the link. Choose a default browser in the system's settings.",
        )
    })?;
    Ok(Value::Null)
}

/// Opens the copy of an attachment that the engine made, in the system's program for it. The page
/// names the attachment and never a path.
fn open_file(copy: &Value) -> Result<Value, ApiError> {
    let path = copy.get("path").and_then(Value::as_str).unwrap_or_default();
    tauri_plugin_opener::open_path(path, None::<&str>).map_err(|_| {
        ApiError::new(ErrorCode::Failed, "No program on this computer opens this kind of file. Save it instead.")
    })?;
    Ok(Value::Null)
}

/// What a message may link to.
fn is_link(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https" | "mailto") && !is_own_page(url)
}

/// Whether a frame of the window may show this address: the bundled page, or a document given
/// inline. Windows serves the page as `http://tauri.localhost`, the others as `tauri://`.
fn is_own_page(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        "about" => matches!(url.path(), "blank" | "srcdoc"),
        _ => false,
    }
}

/// A loopback address that takes a connection and drops it at once, for as long as the app runs.
///
/// The page and the engine talk over the view's own scheme and never need a network, so
/// whatever a message makes the view load ends here, name lookups included.
async fn dead_proxy() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    tauri::async_runtime::spawn(async move {
        loop {
            if listener.accept().await.is_err() {
                // Out of file descriptors, most likely: accepting again at once would spin.
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    });
    Ok(address)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn the_window_goes_nowhere_but_home() {
        for own in [
            "tauri://localhost/",
            "tauri://localhost/index.html#/thread/7",
            "http://tauri.localhost/",
            "about:blank",
            "about:srcdoc",
        ] {
            assert!(is_own_page(&url(own)), "{own}");
        }
        for foreign in [
            "https://example.org/",
            "http://localhost:8080/",
            "http://tauri.localhost.example.org/",
            "http://example.org/tauri.localhost",
            "tauri://example.org/",
            "file:///etc/passwd",
            "data:text/html,<script>1</script>",
            "blob:tauri://localhost/1",
            "javascript:alert(1)",
            "about:config",
        ] {
            assert!(!is_own_page(&url(foreign)), "{foreign}");
        }
    }

    #[test]
    fn only_web_and_mail_links_are_links() {
        for link in ["http://example.org/", "https://example.org/?q=1", "mailto:ana@example.org"] {
            assert!(is_link(&url(link)), "{link}");
        }
        for other in
            ["file:///etc/passwd", "tauri://localhost/", "http://tauri.localhost/", "javascript:1", "smb://host/x"]
        {
            assert!(!is_link(&url(other)), "{other}");
        }
    }

    #[test]
    fn a_link_that_is_none_is_refused_with_a_sentence() {
        for params in [
            json!({ "href": "file:///etc/passwd" }),
            json!({ "href": "not a link" }),
            json!({ "href": 7 }),
            json!(null),
        ] {
            let error = open_link(&params).unwrap_err();
            assert!(error.message.contains("web and mail links"), "{params}");
        }
    }

    #[tokio::test]
    async fn the_proxy_hangs_up_on_everyone() {
        let proxy = dead_proxy().await.unwrap();
        for _ in 0..3 {
            let mut stream = tokio::net::TcpStream::connect(proxy).await.unwrap();
            let read = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut [0; 1])).await;
            assert!(matches!(read, Ok(Ok(0) | Err(_))));
        }
    }
}
