//! The icon in the tray, its menu, the count on the app's icon, and the menu bar of macOS.
//!
//! The words and the commands are the page's: it knows the language and has the one table of keys.

use std::sync::Mutex;

use serde::Deserialize;
use tauri::menu::{Menu, MenuBuilder, MenuEvent, MenuItemBuilder, SubmenuBuilder};
use tauri::tray::{TrayIconBuilder, TrayIconId};
use tauri::{AppHandle, Manager, WebviewWindow, Wry};

use crate::asks::{Ask, ask};
use crate::window::{self, MAIN};

const TRAY: &str = "tray";

/// What the page says for the tray, the count and the menu bar.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Words {
    /// Unread conversations.
    unread: i64,
    /// Beside the tray's icon: the app and the count in words.
    tip: String,
    /// The tray's menu.
    tray: Vec<Entry>,
    /// The menus of the menu bar, where the system has one.
    menus: Vec<Titled>,
}

/// A menu of the menu bar.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Titled {
    title: String,
    items: Vec<Entry>,
    /// The menu with cut, copy and paste.
    #[serde(default)]
    edit: bool,
}

/// An entry of a menu.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Entry {
    /// `open`, `quit`, or a command of the page.
    command: String,
    label: String,
    /// The letter that goes with Ctrl or ⌘.
    #[serde(default)]
    key: Option<String>,
}

/// What the page said last.
#[derive(Default)]
pub(crate) struct Spoken(Mutex<Words>);

/// Whether there is an icon in the tray to come back by.
pub(crate) fn is_there(app: &AppHandle) -> bool {
    app.tray_by_id(&TrayIconId::new(TRAY)).is_some()
}

/// Takes the words of the page.
pub(crate) fn speak(app: &AppHandle, words: Words) {
    if let Ok(mut spoken) = app.state::<Spoken>().0.lock() {
        // A menu that somebody has open is not put up anew for nothing.
        if *spoken == words {
            return;
        }
        *spoken = words;
    }
    on_main_thread(app, refresh);
}

/// Puts the icon into the tray.
pub(crate) fn put_up(app: &AppHandle) {
    on_main_thread(app, |app| {
        if is_there(app) {
            return Ok(());
        }
        let mut tray =
            TrayIconBuilder::with_id(TRAY).tooltip("Inlet").show_menu_on_left_click(cfg!(target_os = "macos"));
        if let Some(icon) = app.default_window_icon() {
            tray = tray.icon(icon.clone());
        }
        // On Linux an icon without a menu is not shown.
        tray = tray.menu(&tray_menu(app, &spoken(app).tray)?);
        tray.on_tray_icon_event(|tray, event| {
            use tauri::tray::{MouseButton, MouseButtonState, TrayIconEvent};
            let left_up = matches!(
                event,
                TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. }
            );
            if left_up && !cfg!(target_os = "macos") {
                window::focus(tray.app_handle());
            }
        })
        .build(app)?;
        refresh(app)
    });
}

/// Does what an entry of a menu says.
pub(crate) fn chosen(app: &AppHandle, event: &MenuEvent) {
    match event.id().as_ref() {
        "open" => window::focus(app),
        "quit" => app.exit(0),
        command => ask(app, Ask::Command { command: command.to_owned() }),
    }
}

fn spoken(app: &AppHandle) -> Words {
    app.state::<Spoken>().0.lock().map(|words| words.clone()).unwrap_or_default()
}

/// Shows what the page said last.
fn refresh(app: &AppHandle) -> tauri::Result<()> {
    let words = spoken(app);
    if let Some(tray) = app.tray_by_id(&TrayIconId::new(TRAY)) {
        tray.set_menu(Some(tray_menu(app, &words.tray)?))?;
        tray.set_tooltip(Some(&words.tip))?;
        tray.set_title((words.unread > 0).then(|| words.unread.to_string()))?;
    }
    if let Some(window) = app.get_webview_window(MAIN) {
        // Not every desktop has a place for it.
        let _ = count(&window, words.unread);
    }
    if cfg!(target_os = "macos") && !words.menus.is_empty() {
        app.set_menu(menu_bar(app, &words.menus)?)?;
    }
    Ok(())
}

/// Shows the number at the window's place among those that are open.
#[cfg(not(windows))]
fn count(window: &WebviewWindow, unread: i64) -> tauri::Result<()> {
    window.set_badge_count((unread > 0).then_some(unread))
}

/// The same, where it has to be drawn.
#[cfg(windows)]
fn count(window: &WebviewWindow, unread: i64) -> tauri::Result<()> {
    use crate::badge::{EDGE, drawn};

    window.set_overlay_icon(drawn(unread).map(|picture| tauri::image::Image::new_owned(picture, EDGE, EDGE)))
}

fn tray_menu(app: &AppHandle, entries: &[Entry]) -> tauri::Result<Menu<Wry>> {
    let mut menu = MenuBuilder::new(app);
    if entries.is_empty() {
        // The page has not said a word yet.
        menu = menu.text("open", "Inlet");
    }
    for entry in entries {
        if entry.command == "quit" {
            menu = menu.separator();
        }
        menu = menu.text(&entry.command, &entry.label);
    }
    menu.build()
}

/// The app's own menu, then those of the page. Without an Edit menu nothing can be pasted on macOS.
fn menu_bar(app: &AppHandle, menus: &[Titled]) -> tauri::Result<Menu<Wry>> {
    let own = SubmenuBuilder::new(app, "Inlet")
        .about(None)
        .separator()
        .services()
        .separator()
        .hide()
        .hide_others()
        .show_all()
        .separator()
        .quit()
        .build()?;
    let mut bar = MenuBuilder::new(app).item(&own);
    for titled in menus {
        let mut menu = SubmenuBuilder::new(app, &titled.title);
        if titled.edit {
            menu = menu.undo().redo().separator().cut().copy().paste().select_all().separator();
        }
        for entry in &titled.items {
            let mut item = MenuItemBuilder::with_id(&entry.command, &entry.label);
            if let Some(key) = &entry.key {
                item = item.accelerator(format!("CmdOrCtrl+{}", key.to_uppercase()));
            }
            menu = menu.item(&item.build(app)?);
        }
        bar = bar.item(&menu.build()?);
    }
    bar.build()
}

/// Menus belong to the main thread. A desktop that lacks what a tray needs is no reason to end.
fn on_main_thread(app: &AppHandle, job: impl FnOnce(&AppHandle) -> tauri::Result<()> + Send + 'static) {
    let handle = app.clone();
    let asked = app.run_on_main_thread(move || {
        // The library that draws the icon on Linux is looked for here, and its binding panics without it.
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(&handle)));
        if !matches!(done, Ok(Ok(()))) {
            tracing::warn!("the tray or the menu bar cannot be shown here");
        }
    });
    if let Err(error) = asked {
        tracing::warn!(%error, "the tray was not reached");
    }
}
