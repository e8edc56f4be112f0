//! What a desktop's panel does: shows notifications and the icons of the tray, and has them clicked.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use tokio::sync::watch;
use zbus::{
    Connection, Proxy, connection, interface,
    message::Header,
    object_server::SignalEmitter,
    proxy::{self, CacheProperties},
    zvariant::{OwnedObjectPath, OwnedValue, Value},
};

const NOTIFICATIONS: &str = "/org/freedesktop/Notifications";
/// How long the app may take to show or take back something.
const LIMIT: Duration = Duration::from_secs(40);

/// A notification on the screen.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) title: String,
    pub(crate) body: String,
    /// Ids and labels.
    pub(crate) actions: Vec<String>,
}

#[derive(Clone, Debug, Default)]
struct Screen {
    shown: BTreeMap<u32, Shown>,
    last: u32,
    /// Bus name and object of the icons in the tray.
    icons: Vec<(String, String)>,
}

/// The panel.
pub(crate) struct Panel {
    connection: Connection,
    screen: Arc<watch::Sender<Screen>>,
}

struct Notifications(Arc<watch::Sender<Screen>>);

/// Desktop Notifications Specification 1.2.
#[interface(name = "org.freedesktop.Notifications")]
impl Notifications {
    fn get_capabilities(&self) -> Vec<String> {
        vec!["actions".into(), "body".into(), "body-markup".into()]
    }

    #[expect(clippy::too_many_arguments, reason = "the specification has so many")]
    fn notify(
        &self,
        _app: String,
        replaces: u32,
        _icon: String,
        title: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _expires: i32,
    ) -> u32 {
        let mut id = replaces;
        self.0.send_modify(|screen| {
            if id == 0 {
                screen.last += 1;
                id = screen.last;
            }
            screen.shown.insert(id, Shown { title, body, actions });
        });
        id
    }

    fn close_notification(&self, id: u32) {
        self.0.send_modify(|screen| {
            screen.shown.remove(&id);
        });
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        ("panel".into(), "tests".into(), "1".into(), "1.2".into())
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action: &str) -> zbus::Result<()>;
}

struct Tray(Arc<watch::Sender<Screen>>);

/// StatusNotifierItem: the side of the panel.
#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Tray {
    fn register_status_notifier_item(&self, service: String, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().unwrap().to_string();
        self.0.send_modify(|screen| screen.icons.push((sender, service)));
    }

    fn register_status_notifier_host(&self, _service: String) {}

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        Vec::new()
    }
}

impl Panel {
    /// Starts on the session bus at this address.
    pub(crate) async fn start(bus: &str) -> Self {
        let screen = Arc::new(watch::Sender::new(Screen::default()));
        let connection = connection::Builder::address(bus)
            .unwrap()
            .name("org.freedesktop.Notifications")
            .unwrap()
            .serve_at(NOTIFICATIONS, Notifications(screen.clone()))
            .unwrap()
            .name("org.kde.StatusNotifierWatcher")
            .unwrap()
            .serve_at("/StatusNotifierWatcher", Tray(screen.clone()))
            .unwrap()
            .build()
            .await
            .unwrap();
        Self { connection, screen }
    }

    async fn until<T>(&self, what: &str, found: impl Fn(&Screen) -> Option<T>) -> T {
        let mut screen = self.screen.subscribe();
        let wait = async {
            loop {
                if let Some(found) = found(&screen.borrow_and_update()) {
                    return found;
                }
                screen.changed().await.unwrap();
            }
        };
        match tokio::time::timeout(LIMIT, wait).await {
            Ok(found) => found,
            Err(_) => panic!("{what}: not so; the screen shows {:?}", self.screen.borrow()),
        }
    }

    /// The notification that says this, once it is there.
    pub(crate) async fn notification(&self, body: &str) -> (u32, Shown) {
        self.until(&format!("a notification about {body}"), |screen| {
            screen.shown.iter().find(|(_, shown)| shown.body.contains(body)).map(|(id, shown)| (*id, shown.clone()))
        })
        .await
    }

    /// Returns when a notification is gone.
    pub(crate) async fn withdrawn(&self, id: u32) {
        self.until("a notification is taken back", |screen| (!screen.shown.contains_key(&id)).then_some(())).await;
    }

    /// Clicks a notification, or one of its buttons.
    pub(crate) async fn press(&self, id: u32, action: &str) {
        let server = self.connection.object_server();
        let notifications = server.interface::<_, Notifications>(NOTIFICATIONS).await.unwrap();
        Notifications::action_invoked(notifications.signal_emitter(), id, action).await.unwrap();
    }

    /// Returns when these words stand beside the icon in the tray.
    pub(crate) async fn labelled(&self, words: &str) {
        let (name, path) = self.until("an icon in the tray", |screen| screen.icons.last().cloned()).await;
        let item = proxy::Builder::<Proxy<'_>>::new(&self.connection).destination(name).unwrap().path(path).unwrap();
        let item = item.interface("org.kde.StatusNotifierItem").unwrap();
        // The icon says that its words are others by a signal of its own.
        let item = item.cache_properties(CacheProperties::No).build().await.unwrap();
        let look = async {
            while item.get_property::<String>("XAyatanaLabel").await.unwrap() != words {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::time::timeout(LIMIT, look).await.unwrap_or_else(|_| panic!("{words} never stood beside the icon"));
    }

    /// The menu of the icon in the tray, once there is one.
    pub(crate) async fn menu(&self) -> Menu {
        let (name, path) = self.until("an icon in the tray", |screen| screen.icons.last().cloned()).await;
        let item = Proxy::new(&self.connection, name.clone(), path, "org.kde.StatusNotifierItem").await.unwrap();
        let menu: OwnedObjectPath = item.get_property("Menu").await.unwrap();
        Menu(Proxy::new(&self.connection, name, menu, "com.canonical.dbusmenu").await.unwrap())
    }
}

/// An entry of a menu: its id, its properties, and those below it.
type Entry = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// The menu of an icon in the tray.
pub(crate) struct Menu(Proxy<'static>);

impl Menu {
    /// What its entries say, by their ids.
    async fn entries(&self) -> Vec<(i32, String)> {
        // The menu itself, and one level below it.
        let asked = (0_i32, 1_i32, vec!["label"]);
        let (_, (_, _, below)): (u32, Entry) = self.0.call("GetLayout", &asked).await.unwrap();
        below
            .into_iter()
            .filter_map(|entry| {
                let (id, properties, _) = Entry::try_from(entry).ok()?;
                Some((id, properties.get("label")?.downcast_ref::<String>().ok()?))
            })
            .collect()
    }

    /// Chooses the entry that says this, once there is one.
    pub(crate) async fn choose(&self, label: &str) {
        let look = async {
            loop {
                let entries = self.entries().await;
                if let Some((id, _)) = entries.iter().find(|(_, said)| said.contains(label)) {
                    // It may be another menu by now, which counts on.
                    let clicked = (*id, "clicked", Value::from(0_i32), 0_u32);
                    if self.0.call::<_, _, ()>("Event", &clicked).await.is_ok() {
                        return;
                    }
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        if tokio::time::timeout(LIMIT, look).await.is_err() {
            panic!("no {label} in the menu: {:?}", self.entries().await)
        }
    }
}
