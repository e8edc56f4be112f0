//! The window of Inlet. It holds no logic: arguments, a log file, and the desktop.
//!
//! | room | what |
//! |---|---|
//! | [`host`] | the engine behind one command |
//! | [`window`] | the window and its walls |
//! | [`stand`] | where the window stands |
//! | [`asks`] | what the desktop wants of the page |
//! | [`notifier`] | notifications |
//! | [`tray`] | tray, count, menu bar |
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod asks;
#[cfg(any(windows, test))]
mod badge;
mod host;
mod notifier;
#[cfg(target_os = "linux")]
mod spelling;
mod stand;
mod tray;
mod window;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::Duration;

use clap::Parser;
use inlet_orchestrator::{data_dir_origin, logs};
use tauri::{AppHandle, Manager, RunEvent, WindowEvent};

/// How long a start in the background waits for a tray before it shows itself in the task bar.
const TRAY_LIMIT: Duration = Duration::from_secs(20);

/// One window for mail, chat and notes.
#[derive(Parser)]
#[command(name = "inlet-app", version)]
struct Args {
    /// The folder that holds everything Inlet keeps.
    #[arg(long, value_name = "DIR", env = "INLET_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// Open the demo world, which lives in a folder of its own and sends nothing.
    #[arg(long)]
    demo: bool,
    /// Start in the tray, without a window.
    #[arg(long)]
    hidden: bool,
    /// A `mailto:` or `inlet:` link, or a file of mail.
    #[arg(value_name = "LINK|FILE")]
    open: Vec<String>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    match run(args) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("inlet-app: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: Args) -> Result<u8, Box<dyn std::error::Error>> {
    let mut builder = tauri::Builder::default();
    // A second window on the same folder would only fight over it; one on another folder may run.
    if args.data_dir.is_none() && !args.demo {
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, arguments, folder| {
            window::focus(app);
            // The first is the program.
            for argument in arguments.iter().skip(1).filter(|argument| !argument.starts_with('-')) {
                open(app, argument, Path::new(&folder));
            }
        }));
    }
    let mut autostart = tauri_plugin_autostart::Builder::new().arg("--hidden");
    if let Some(dir) = &args.data_dir {
        autostart = autostart.args(["--data-dir".to_owned(), std::path::absolute(dir)?.to_string_lossy().into_owned()]);
    }
    if args.demo {
        autostart = autostart.arg("--demo");
    }
    let app = builder
        .plugin(autostart.build())
        // A second start may hand something over as soon as the first is known on the bus.
        .manage(asks::Asks::default())
        .manage(tray::Spoken::default())
        .manage(notifier::Notifier::default())
        .invoke_handler(tauri::generate_handler![host::rpc])
        .on_menu_event(|app, event| tray::chosen(app, &event))
        .on_window_event(on_window_event)
        .build(tauri::generate_context!())?;
    let folder = if args.demo { "inlet-demo" } else { "inlet" };
    let origin = data_dir_origin(args.data_dir.as_deref());
    let data_dir = match args.data_dir {
        Some(dir) => dir,
        None => app.path().data_dir()?.join(folder),
    };
    std::fs::create_dir_all(&data_dir)?;
    logs::init(&data_dir, 0);
    app.manage(stand::Stand::read(data_dir.join("window.json")));
    app.manage(host::Host::start(app.handle().clone(), data_dir.clone(), origin, args.demo));
    let here = std::env::current_dir().unwrap_or_default();
    for argument in &args.open {
        open(app.handle(), argument, &here);
    }
    let code = app.run_return(move |app, event| match event {
        RunEvent::Ready => {
            if let Err(error) = window::open_window(app, &data_dir, args.hidden) {
                tracing::error!(%error, "the window did not open");
                eprintln!("inlet-app: the window did not open: {error}");
                app.exit(1);
            }
            tauri::async_runtime::spawn(put_up_tray(app.clone(), args.hidden));
        }
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => {
            for url in urls {
                open(app, url.as_str(), Path::new("/"));
            }
        }
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::focus(app),
        RunEvent::Exit => {
            app.state::<stand::Stand>().keep();
            app.state::<host::Host>().stop();
        }
        _ => {}
    });
    logs::close();
    Ok(u8::try_from(code).unwrap_or(1))
}

/// Hands a link or a file to the page.
fn open(app: &AppHandle, argument: &str, folder: &Path) {
    match asks::opened(argument, folder) {
        Some(ask) => asks::ask(app, ask),
        None => tracing::warn!("what was to be opened is neither a link nor a file of mail"),
    }
}

fn on_window_event(window: &tauri::Window, event: &WindowEvent) {
    let app = window.app_handle();
    let stand = app.state::<stand::Stand>();
    match event {
        WindowEvent::Moved(_) | WindowEvent::Resized(_) => stand.look(window),
        WindowEvent::CloseRequested { api, .. } => {
            stand.look(window);
            stand.keep();
            if app.state::<host::Host>().close_to_tray.load(Ordering::Relaxed) && tray::is_there(app) {
                api.prevent_close();
                if let Err(error) = window.hide() {
                    tracing::warn!(%error, "the window did not go to the tray");
                }
            }
        }
        _ => {}
    }
}

/// Puts the icon up where there is a tray. A window that was to start in the tray, where there is
/// none, is shown: nobody could find it otherwise.
async fn put_up_tray(app: AppHandle, hidden: bool) {
    let there = tokio::time::timeout(TRAY_LIMIT, tray_ready()).await.unwrap_or(false);
    if there {
        tray::put_up(&app);
    } else if hidden && let Some(window) = app.get_webview_window(window::MAIN) {
        let shown = window.show().and_then(|()| window.minimize());
        if let Err(error) = shown {
            tracing::warn!(%error, "the window could not be shown");
        }
    }
    #[cfg(target_os = "linux")]
    if !there && tray_ready().await {
        tray::put_up(&app);
    }
}

/// Returns when there is a tray; false when there never will be.
#[cfg(target_os = "linux")]
async fn tray_ready() -> bool {
    use futures::StreamExt;
    const WATCHER: &str = "org.kde.StatusNotifierWatcher";
    let ready = async {
        let connection = zbus::Connection::session().await?;
        let bus = zbus::fdo::DBusProxy::new(&connection).await?;
        let mut owners = bus.receive_name_owner_changed_with_args(&[(0, WATCHER)]).await?;
        if bus.name_has_owner(WATCHER.try_into()?).await? {
            return Ok(true);
        }
        while let Some(change) = owners.next().await {
            if change.args()?.new_owner().is_some() {
                return Ok(true);
            }
        }
        Ok::<_, zbus::Error>(false)
    };
    ready.await.unwrap_or(false)
}

/// Windows and macOS have one.
#[cfg(not(target_os = "linux"))]
async fn tray_ready() -> bool {
    true
}
