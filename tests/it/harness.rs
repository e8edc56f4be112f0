//! An engine on a data directory of its own, and waiting for what it does.

use std::{
    collections::HashMap,
    fmt::Debug,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use inlet_model::{Account, AccountConfig, AccountId, SourceError, SourceId, ThreadId};
use inlet_orchestrator::{
    App, AppOptions, Clock, FetchImage, OpenAccount,
    api::{
        ApiError,
        types::{
            AccountView, Compose, ItemView, OpState, OpView, SourceState, SourceView, Status, ThreadPage, ThreadRow,
            ThreadView,
        },
    },
    config::Overrides,
};
use parking_lot::Mutex;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{sync::broadcast::error::RecvError, time::Instant};

use crate::scripted::Script;

/// No single thing takes longer.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// A running engine. Dropping it leaves the data directory to whoever holds the folder.
pub(crate) struct Engine {
    pub(crate) app: Arc<App>,
    pub(crate) folder: Arc<TempDir>,
    open: OpenAccount,
    passphrase: bool,
    clock: Option<Clock>,
    images: Option<FetchImage>,
    flags: Overrides,
}

/// How the data directory and its engine should be.
#[derive(Default)]
pub(crate) struct Setup {
    /// The platform behind each host name.
    pub(crate) scripts: HashMap<String, Script>,
    /// Accounts without a script are real ones.
    pub(crate) connectors: bool,
    /// What is behind every account, whatever its settings.
    pub(crate) behind: Option<OpenAccount>,
    /// The time; the system's when left out.
    pub(crate) clock: Option<Clock>,
    /// Who fetches remote images; nobody when left out.
    pub(crate) images: Option<FetchImage>,
}

impl Setup {
    fn open(self) -> OpenAccount {
        if let Some(behind) = self.behind {
            return behind;
        }
        let (scripts, real) = (Mutex::new(self.scripts), self.connectors);
        Arc::new(move |account: &Account, secrets, events| {
            let script = match &account.config {
                AccountConfig::Imap(config) => scripts.lock().get(&config.imap.host).cloned(),
                _ => None,
            };
            match (script, &account.config) {
                (Some(script), _) => Ok(vec![script.into_source()]),
                _ if real => inlet_connectors::open(account, secrets, events),
                (None, AccountConfig::Imap(_)) => {
                    Err(SourceError::Permanent("There is no such server; check its name.".into()))
                }
                _ => Ok(Vec::new()),
            }
        })
    }
}

impl Engine {
    /// A new data directory with nothing in it.
    pub(crate) async fn empty() -> Self {
        Self::with(Setup::default()).await
    }

    pub(crate) async fn with(setup: Setup) -> Self {
        Self::at(Arc::new(tempfile::tempdir().unwrap()), setup).await
    }

    /// On whatever is in the data directory of this folder.
    pub(crate) async fn at(folder: Arc<TempDir>, setup: Setup) -> Self {
        let (passphrase, clock, images) = (setup.connectors, setup.clock.clone(), setup.images.clone());
        let flags = Overrides::from([("send.undo_seconds".to_owned(), "0".to_owned())]);
        Self::on(folder, setup.open(), passphrase, clock, images, flags, None).await
    }

    /// A data directory with the demo world in it, everything fetched and indexed.
    pub(crate) async fn demo() -> Self {
        let engine = Self::empty().await;
        let status: Status = engine.call("demo.fill", json!({ "seed": 7 })).await;
        assert!(status.demo);
        engine
    }

    async fn on(
        folder: Arc<TempDir>,
        open: OpenAccount,
        passphrase: bool,
        clock: Option<Clock>,
        images: Option<FetchImage>,
        flags: Overrides,
        only: Option<AccountId>,
    ) -> Self {
        let mut options = AppOptions::new(folder.path().join("data"), open.clone());
        options.use_keyring = false;
        options.sign_in = Some(Arc::new(|request| Box::pin(inlet_connectors::sign_in(request))));
        options.fetch_image = images.clone();
        if let Some(clock) = clock.clone() {
            options.clock = clock;
        }
        options.passphrase = passphrase.then(|| "correct horse".into());
        options.flags = flags.clone();
        options.only = only;
        let app = inlet_testkit::timeout(LIMIT, App::start(options)).await.unwrap();
        assert!(app.owns());
        Self { app, folder, open, passphrase, clock, images, flags }
    }

    /// Another process on the same data, such as a command in a terminal: it owns nothing.
    pub(crate) async fn beside(&self) -> Arc<App> {
        let mut options = AppOptions::new(self.data(), self.open.clone());
        options.use_keyring = false;
        let app = inlet_testkit::timeout(LIMIT, App::start(options)).await.unwrap();
        assert!(!app.owns());
        app
    }

    /// The same with what is sent held back as the settings say.
    pub(crate) async fn holding_back(mut self) -> Self {
        self.flags.clear();
        self.restart().await
    }

    /// Ends the engine in good order and starts it again on the same data.
    pub(crate) async fn restart(self) -> Self {
        self.restart_for(None).await
    }

    /// The same, for one account alone.
    pub(crate) async fn restart_for(self, only: Option<AccountId>) -> Self {
        inlet_testkit::timeout(LIMIT, self.app.shutdown()).await;
        let Self { app, folder, open, passphrase, clock, images, flags } = self;
        drop(app);
        Self::on(folder, open, passphrase, clock, images, flags, only).await
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Runs a command that may be refused.
    pub(crate) async fn ask(&self, method: &str, params: Value) -> Result<Value, ApiError> {
        inlet_testkit::timeout(LIMIT, self.app.rpc(method, params)).await
    }

    /// Runs a command that has to succeed.
    pub(crate) async fn call<T: DeserializeOwned>(&self, method: &str, params: Value) -> T {
        let shown = format!("{method} {params}");
        match self.ask(method, params).await {
            Ok(value) => serde_json::from_value(value).unwrap(),
            Err(error) => panic!("{shown}: {error}"),
        }
    }

    /// Waits until the probe yields something, looking again after each event.
    pub(crate) async fn until<T>(&self, what: &str, mut probe: impl AsyncFnMut() -> Option<T>) -> T {
        let mut events = self.app.events();
        let deadline = Instant::now() + LIMIT;
        loop {
            if let Some(found) = probe().await {
                return found;
            }
            match tokio::time::timeout_at(deadline, events.recv()).await {
                Ok(Ok(_) | Err(RecvError::Lagged(_))) => while events.try_recv().is_ok() {},
                Ok(Err(RecvError::Closed)) => panic!("{what}: the engine ended"),
                Err(_) => {
                    panic!("{what} did not happen; sources {:#?}, outbox {:#?}", self.sources().await, self.ops().await)
                }
            }
        }
    }

    // What there is.

    pub(crate) async fn sources(&self) -> Vec<SourceView> {
        self.accounts().await.into_iter().flat_map(|account| account.sources).collect()
    }

    pub(crate) async fn accounts(&self) -> Vec<AccountView> {
        self.call("accounts.list", Value::Null).await
    }

    pub(crate) async fn source(&self, id: SourceId) -> SourceView {
        self.sources().await.into_iter().find(|source| source.id == id).unwrap()
    }

    /// Every thread of a view, page by page.
    pub(crate) async fn view(&self, view: &str) -> Vec<ThreadRow> {
        self.list(json!({ "in": view })).await
    }

    pub(crate) async fn list(&self, mut params: Value) -> Vec<ThreadRow> {
        let mut rows = Vec::new();
        params["limit"] = 100.into();
        loop {
            let page: ThreadPage = self.call("threads.list", params.clone()).await;
            rows.extend(page.threads);
            match page.next {
                Some(next) => params["after"] = next.into(),
                None => return rows,
            }
        }
    }

    pub(crate) async fn thread(&self, id: ThreadId) -> ThreadView {
        self.call("thread.get", json!({ "id": id, "limit": 500 })).await
    }

    /// The thread with this title, wherever it lives.
    pub(crate) async fn titled(&self, title: &str) -> Option<ThreadRow> {
        for view in ["all", "trash", "junk"] {
            if let Some(row) = self.view(view).await.into_iter().find(|row| row.title == title) {
                return Some(row);
            }
        }
        None
    }

    /// Every item of every thread.
    pub(crate) async fn items(&self) -> Vec<ItemView> {
        let mut items = Vec::new();
        for view in ["all", "trash", "junk"] {
            for row in self.view(view).await {
                items.extend(self.thread(row.id).await.items);
            }
        }
        items
    }

    pub(crate) async fn ops(&self) -> Vec<OpView> {
        self.call("outbox.list", json!({ "all": true })).await
    }

    pub(crate) async fn op(&self, id: inlet_model::OpId) -> OpView {
        self.ops().await.into_iter().find(|op| op.id == id).unwrap()
    }

    // What happens.

    pub(crate) async fn state_of(&self, id: SourceId, state: SourceState) -> SourceView {
        self.until(&format!("{id} {state:?}"), async || {
            Some(self.source(id).await).filter(|source| source.state == state)
        })
        .await
    }

    pub(crate) async fn op_in(&self, id: inlet_model::OpId, state: OpState) -> OpView {
        self.until(&format!("{id} {state:?}"), async || Some(self.op(id).await).filter(|op| op.state == state)).await
    }

    /// Nothing is on its way any more.
    pub(crate) async fn outbox_empty(&self) {
        self.until("an empty outbox", async || {
            let open: Vec<OpView> = self.call("outbox.list", Value::Null).await;
            open.is_empty().then_some(())
        })
        .await;
    }

    /// Two whole rounds of a source, so that nothing read before this call is still to come.
    pub(crate) async fn resync(&self, id: SourceId) {
        let account = self.source(id).await.account;
        for _ in 0..2 {
            let before = self.source(id).await.last_heard;
            let _: Value = self.call("sync.now", json!({ "account": account })).await;
            self.until(&format!("a round of {id}"), async || {
                let source = self.source(id).await;
                (source.state == SourceState::Live && source.last_heard > before).then_some(())
            })
            .await;
        }
    }

    /// Connects the scripted platform behind a host name.
    pub(crate) async fn connect(&self, host: &str) -> SourceId {
        let view: AccountView = self
            .call(
                "accounts.add_imap",
                json!({ "config": {
                    "address": format!("me@{host}.test"), "display_name": "Me", "user": null,
                    "imap": { "host": host, "port": 993 }, "smtp": null, "ca": null,
                } }),
            )
            .await;
        view.sources[0].id
    }

    pub(crate) async fn act(&self, verb: &str, thread: ThreadId) -> Option<u64> {
        self.act_with(verb, json!({ "threads": [thread] })).await
    }

    pub(crate) async fn act_with(&self, verb: &str, mut params: Value) -> Option<u64> {
        params["verb"] = verb.into();
        let acted: inlet_orchestrator::api::types::Acted = self.call("act", params).await;
        acted.undo
    }

    pub(crate) async fn undo(&self, undo: Option<u64>) {
        let _: Value = self.call("undo", json!({ "undo": undo })).await;
    }

    /// Answers a thread; sent at once.
    pub(crate) async fn reply(&self, thread: ThreadId, text: &str) -> OpView {
        let mut message: Compose = self.call("compose.prepare", json!({ "mode": "reply", "thread": thread })).await;
        message.text = text.to_owned();
        self.call("send", json!({ "message": message, "undo_seconds": 0 })).await
    }
}

pub(crate) fn account_of(sources: &[SourceView], id: SourceId) -> AccountId {
    sources.iter().find(|source| source.id == id).unwrap().account
}

/// The outbox is empty, and every well source has been read twice since.
pub(crate) async fn settled(engine: &Engine) {
    engine.outbox_empty().await;
    for source in engine.sources().await {
        if !source.name.contains("Harbour Makers") {
            engine.resync(source.id).await;
        }
    }
}

/// Every file below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// Files that hold these bytes.
pub(crate) fn holding(folder: &Path, needle: &str) -> Vec<PathBuf> {
    let mut found = files(folder);
    found.retain(|path| {
        std::fs::read(path).is_ok_and(|bytes| bytes.windows(needle.len()).any(|window| window == needle.as_bytes()))
    });
    found
}

/// Fails with both when they differ, at the first difference.
pub(crate) fn same<T: PartialEq + Debug>(before: &[T], after: &[T]) {
    for (index, (a, b)) in before.iter().zip(after).enumerate() {
        assert_eq!(a, b, "at {index}");
    }
    assert_eq!(before.len(), after.len());
}
