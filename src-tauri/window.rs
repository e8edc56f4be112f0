//! The one window: where it stands, and the walls around what it shows.
//!
//! Mail is hostile and is shown inside this web view, so the view is walled in three ways
//! beside the sanitiser and the frame's sandbox: it may navigate nowhere but to the app's own
//! page, a new window is never opened (its link is handed to the interface, which asks the
//! person), and its network proxy is a listener of ours that hangs up on everyone.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use inlet_orchestrator::api::{ApiError, ErrorCode};
use serde_json::{Value, json};
use tauri::webview::{NewWindowResponse, WebviewWindowBuilder};
use tauri::{AppHandle, Emitter, Manager, Url, WebviewUrl};
use tokio::net::TcpListener;

use crate::stand::{self, LEAST, Stand};

/// The label of the one window, named by the capability file too.
pub(crate) const MAIN: &str = "main";
/// The Tauri event that carries a link somebody clicked in a message; the page has it inspected and asks.
const LINK: &str = "link";

/// Opens the one window on the engine of `data_dir`, where it stood when it was last closed.
/// `hidden` leaves it to the tray to show it.
///
/// # Errors
/// When the system's web view is missing or no loopback port is free.
pub(crate) fn open_window(app: &AppHandle, data_dir: &Path, hidden: bool) -> Result<(), Box<dyn std::error::Error>> {
    let proxy = tauri::async_runtime::block_on(dead_proxy())?;
    let links = app.clone();
    let popups = app.clone();
    let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title("Inlet")
        .inner_size(1280.0, 800.0)
        .min_inner_size(LEAST.0, LEAST.1)
        // By Ctrl or Cmd with +, - and 0, as in a browser.
        .zoom_hotkeys_enabled(true)
        // Nobody sees it jump to its place.
        .visible(false)
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
    #[cfg(target_os = "linux")]
    crate::spelling::check(&window);
    stand::restore(&window, app.state::<Stand>().inner());
    if !hidden {
        window.show()?;
    }
    Ok(())
}

/// Brings the window to the front.
pub(crate) fn focus(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN) {
        let shown = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
        if let Err(error) = shown {
            tracing::warn!(%error, "the window did not come to the front");
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
pub(crate) fn open_link(params: &Value) -> Result<Value, ApiError> {
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
pub(crate) fn open_file(copy: &Value) -> Result<Value, ApiError> {
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
