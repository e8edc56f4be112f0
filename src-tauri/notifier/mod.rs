//! Notifications of the desktop. The page says what is to stand, in words; what is shown already is
//! not shown again, and what no longer stands is taken back where the system can.
//!
//! On Linux the notification server is spoken to directly (org.freedesktop.Notifications 1.2): only
//! so can a notification be changed, withdrawn, and its buttons heard on one connection. On macOS and
//! Windows notify-rust does it.

#[cfg(target_os = "linux")]
mod freedesktop;
#[cfg(not(target_os = "linux"))]
mod toast;

#[cfg(target_os = "linux")]
use freedesktop::Desktop;
#[cfg(not(target_os = "linux"))]
use toast::Desktop;

use std::collections::HashMap;

use serde::Deserialize;
use tauri::AppHandle;
use tokio::sync::Mutex;

/// A notification in words.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Shown {
    /// Names it as long as it stands.
    id: String,
    /// Another number means that it is to be shown anew.
    version: u64,
    title: String,
    body: String,
    silent: bool,
    actions: Vec<Action>,
}

/// A button.
#[derive(Clone, Debug, Deserialize)]
struct Action {
    id: String,
    label: String,
}

/// Everything that is to stand now.
#[derive(Debug, Deserialize)]
pub(crate) struct Standing {
    notices: Vec<Shown>,
}

/// What stands on the desktop.
#[derive(Default)]
pub(crate) struct Notifier {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    desktop: Option<Desktop>,
    /// Version and the desktop's own number, by our id.
    standing: HashMap<String, (u64, u32)>,
}

impl Notifier {
    /// Makes the desktop show these, and no others of ours.
    pub(crate) async fn show(&self, app: &AppHandle, wanted: Standing) {
        let mut state = self.state.lock().await;
        let gone: Vec<String> =
            state.standing.keys().filter(|id| wanted.notices.iter().all(|notice| notice.id != **id)).cloned().collect();
        let news: Vec<Shown> = wanted
            .notices
            .into_iter()
            .filter(|notice| state.standing.get(&notice.id).is_none_or(|(version, _)| *version != notice.version))
            .collect();
        if gone.is_empty() && news.is_empty() {
            return;
        }
        if state.desktop.is_none() {
            // Asked for again each time: the notification server may start after us.
            state.desktop = Desktop::connect(app).await;
        }
        let Some(desktop) = state.desktop.clone() else { return };
        for id in gone {
            if let Some((_, number)) = state.standing.remove(&id) {
                desktop.withdraw(number).await;
            }
        }
        for notice in news {
            let replaced = state.standing.get(&notice.id).map_or(0, |(_, number)| *number);
            match desktop.show(&notice, replaced).await {
                Some(number) => {
                    state.standing.insert(notice.id, (notice.version, number));
                }
                // The server is gone; the next one is looked for when there is something to show.
                None => state.desktop = None,
            }
        }
    }
}
