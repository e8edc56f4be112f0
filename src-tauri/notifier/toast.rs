//! Notifications of macOS and Windows, by notify-rust.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use notify_rust::{Notification, NotificationResponse};
use tauri::AppHandle;

use super::Shown;
use crate::asks::{Ask, ask};

/// The system's notifications.
#[derive(Clone)]
pub(super) struct Desktop {
    app: AppHandle,
    shown: Arc<AtomicU32>,
}

impl Desktop {
    #[allow(clippy::unused_async, reason = "as on Linux")]
    pub(super) async fn connect(app: &AppHandle) -> Option<Self> {
        Some(Self { app: app.clone(), shown: Arc::default() })
    }

    /// Shows a notification; these systems put a new one beside the old.
    #[allow(clippy::unused_async, reason = "as on Linux")]
    pub(super) async fn show(&self, notice: &Shown, _replaced: u32) -> Option<u32> {
        let mut notification = Notification::new();
        notification.summary(&notice.title).body(&notice.body);
        #[cfg(windows)]
        notification.app_id(&self.app.config().identifier);
        if !notice.silent {
            notification.sound_name("Default");
        }
        for action in &notice.actions {
            notification.action(&action.id, &action.label);
        }
        let (app, id) = (self.app.clone(), notice.id.clone());
        // Waiting for the person takes a thread of its own here.
        let waits = std::thread::Builder::new().name("notification".into()).spawn(move || {
            let Ok(handle) = notification.show() else {
                tracing::warn!("a notification was not shown");
                return;
            };
            let heard = handle.wait_for_response(|response: &NotificationResponse| {
                let action = match response {
                    NotificationResponse::Default => "open".to_owned(),
                    NotificationResponse::Action(action) => action.clone(),
                    _ => return,
                };
                ask(&app, Ask::Notice { notice: id.clone(), action });
            });
            if heard.is_err() {
                tracing::warn!("a notification cannot be heard");
            }
        });
        waits.ok().map(|_| self.shown.fetch_add(1, Ordering::Relaxed))
    }

    /// Nothing: a notification that was shown stays until the person or the system takes it away.
    #[allow(clippy::unused_async, reason = "as on Linux")]
    pub(super) async fn withdraw(&self, _number: u32) {}
}
