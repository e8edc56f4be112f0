//! The notification server of a Linux desktop, by D-Bus.

use std::collections::HashMap;
use std::sync::Arc;

use futures::StreamExt;
use tauri::AppHandle;
use tokio::sync::Mutex;
use zbus::zvariant::Value;
use zbus::{Connection, Proxy};

use super::Shown;
use crate::asks::{Ask, ask};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// A connection to the notification server.
#[derive(Clone)]
pub(super) struct Desktop {
    proxy: Proxy<'static>,
    capabilities: Vec<String>,
    /// Our id by the server's number. Held while one is shown: a click may come before its number is known.
    ids: Arc<Mutex<HashMap<u32, String>>>,
}

impl Desktop {
    pub(super) async fn connect(app: &AppHandle) -> Option<Self> {
        match Self::reach(app).await {
            Ok(desktop) => Some(desktop),
            Err(error) => {
                tracing::info!(%error, "no notification server");
                None
            }
        }
    }

    async fn reach(app: &AppHandle) -> zbus::Result<Self> {
        let connection = Connection::session().await?;
        let proxy = Proxy::new(&connection, NAME, PATH, NAME).await?;
        let capabilities = proxy.call("GetCapabilities", &()).await?;
        let mut invoked = proxy.receive_signal("ActionInvoked").await?;
        let ids: Arc<Mutex<HashMap<u32, String>>> = Arc::default();
        let (app, known) = (app.clone(), ids.clone());
        tauri::async_runtime::spawn(async move {
            while let Some(message) = invoked.next().await {
                let Ok((number, action)) = message.body().deserialize::<(u32, String)>() else { continue };
                let notice = known.lock().await.get(&number).cloned();
                if let Some(notice) = notice {
                    let action = if action == "default" { "open".to_owned() } else { action };
                    ask(&app, Ask::Notice { notice, action });
                }
            }
        });
        Ok(Self { proxy, capabilities, ids })
    }

    fn can(&self, what: &str) -> bool {
        self.capabilities.iter().any(|capability| capability == what)
    }

    /// Shows a notification in place of another; the server's number of it.
    pub(super) async fn show(&self, notice: &Shown, replaced: u32) -> Option<u32> {
        let body = if self.can("body-markup") { escape(&notice.body) } else { notice.body.clone() };
        let mut actions = Vec::new();
        if self.can("actions") {
            // The label of a click on the whole is not shown.
            actions.extend(["default", "Inlet"]);
            actions.extend(notice.actions.iter().flat_map(|action| [action.id.as_str(), action.label.as_str()]));
        }
        let hints: HashMap<&str, Value<'_>> = HashMap::from([
            ("desktop-entry", Value::from("Inlet")),
            ("urgency", Value::from(u8::from(!notice.silent))),
            ("suppress-sound", Value::from(notice.silent)),
        ]);
        let arguments = ("Inlet", replaced, "inlet-app", &notice.title, &body, actions, hints, -1_i32);
        let mut ids = self.ids.lock().await;
        match self.proxy.call::<_, _, u32>("Notify", &arguments).await {
            Ok(number) => {
                ids.retain(|_, id| *id != notice.id);
                ids.insert(number, notice.id.clone());
                Some(number)
            }
            Err(error) => {
                tracing::warn!(%error, "a notification was not shown");
                None
            }
        }
    }

    /// Takes a notification back; one that the person has closed already is none.
    pub(super) async fn withdraw(&self, number: u32) {
        self.ids.lock().await.remove(&number);
        let _ = self.proxy.call::<_, _, ()>("CloseNotification", &number).await;
    }
}

/// Words stay words: a server that knows markup is not to find any in a subject.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn a_subject_is_no_markup() {
        assert_eq!(escape("<img src=x> & <b>"), "&lt;img src=x&gt; &amp; &lt;b&gt;");
    }
}
