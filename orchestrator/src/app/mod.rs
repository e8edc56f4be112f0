//! The orchestrator: starts and stops everything, and owns the rest.
//!
//! One process at a time owns a data directory: it syncs, sends and writes the index. A second one
//! (a command in a terminal while the window is open) reads the same database, queues what it is
//! told, and leaves the work to the owner, who sees the other's writes by SQLite's data version.

mod accounts;
mod acting;
mod actions;
mod attachments;
mod attending;
mod automatic;
mod background;
mod backing;
mod channels;
mod checking;
mod contacts;
mod diagnosing;
mod digest;
mod drafting;
mod finding;
mod hooks;
mod keeping;
mod leaving;
mod listing;
mod locking;
mod meetings;
mod notices;
mod people;
mod proposals;
mod providers;
mod reading;
mod relay;
mod reporting;
mod retention;
mod rules;
mod settings;
mod signin;
mod slack;
mod switching;
mod transfer;
mod whatsapp;
mod windows;
mod working;
mod writing;

pub(crate) use attachments::unsaved;

use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use futures::future::join_all;
use inlet_model::{
    Account, AccountConfig, AccountId, AnySource, EventQueue, Refusal, Secrets, SignIn, SignInRequest, SourceError,
    SourceId,
};
use parking_lot::Mutex;
use secrecy::SecretString;
use serde_json::Value;
use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;

use crate::{
    api::{ApiError, ErrorCode, commands, sentence},
    clock::Clock,
    config::{Config, Overrides},
    event::Event,
    feed::Feed,
    files::Attachments,
    lock::Lock,
    outbox,
    registry::{Live, Registry},
    search::{CancelToken, Index, SearchError},
    secrets::{SecretError, SecretStore},
    store::{Store, StoreError, outbox as ops, states::States, thread},
    sync,
    work::Works,
};

/// Opens the sources of an account: the host knows the connectors, the engine does not.
pub type OpenAccount =
    Arc<dyn Fn(&Account, Arc<dyn Secrets>, Arc<dyn EventQueue>) -> inlet_model::Result<Vec<AnySource>> + Send + Sync>;

/// Fetches a remote image as a `data:` URI, after the person asked for it.
pub type FetchImage =
    Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = inlet_model::Result<String>> + Send>> + Send + Sync>;

/// Asks the server of a mailing list to let the person go (RFC 8058), after they said so.
pub type PostUnsubscribe =
    Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = inlet_model::Result<()>> + Send>> + Send + Sync>;

/// Begins a sign-in at a provider's own page.
pub type BeginSignIn = Arc<
    dyn Fn(SignInRequest) -> Pin<Box<dyn Future<Output = inlet_model::Result<Box<dyn SignIn>, Refusal>> + Send>>
        + Send
        + Sync,
>;

/// How an engine is started.
pub struct AppOptions {
    /// Where everything is kept.
    pub data_dir: PathBuf,
    /// Where that was named: `default`, `environment` or `flag`.
    pub data_dir_origin: &'static str,
    /// Opens accounts.
    pub open: OpenAccount,
    /// Fetches remote images; without it they stay placeholders.
    pub fetch_image: Option<FetchImage>,
    /// Unsubscribes by one request; without it the ways by mail and by browser remain.
    pub post_unsubscribe: Option<PostUnsubscribe>,
    /// Signs in at providers; without it accounts have passwords.
    pub sign_in: Option<BeginSignIn>,
    /// The time.
    pub clock: Clock,
    /// Sync, send and index in the background until shut down.
    pub background: bool,
    /// Beside this account none is opened: nothing is fetched for them, or sent.
    pub only: Option<AccountId>,
    /// Keep the key of the secrets in the system's keyring.
    pub use_keyring: bool,
    /// Opens the secrets where there is no keyring.
    pub passphrase: Option<SecretString>,
    /// Settings given as flags.
    pub flags: Overrides,
}

impl AppOptions {
    /// The usual: everything on, the system's clock and keyring.
    #[must_use]
    pub fn new(data_dir: PathBuf, open: OpenAccount) -> Self {
        Self {
            data_dir,
            data_dir_origin: "default",
            open,
            fetch_image: None,
            post_unsubscribe: None,
            sign_in: None,
            clock: Clock::system(),
            background: true,
            only: None,
            use_keyring: true,
            passphrase: None,
            flags: Overrides::new(),
        }
    }
}

/// Why an engine could not start.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The search index cannot be opened.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// A setting or file of the data directory is broken.
    #[error("{0}")]
    Data(String),
    /// The secrets cannot be opened.
    #[error(transparent)]
    Secrets(#[from] SecretError),
}

/// How one source fared in a single sync.
#[derive(Clone, Debug)]
pub struct SyncOutcome {
    /// Which.
    pub source: SourceId,
    /// What went wrong, if something did.
    pub error: Option<SourceError>,
}

/// Where the folder of everything was named, as settings say it: `default` where nobody did, else `environment`
/// (`INLET_DATA_DIR`) or `flag`.
#[must_use]
pub fn data_dir_origin(named: Option<&std::path::Path>) -> &'static str {
    match named {
        None => "default",
        Some(dir) if std::env::var_os("INLET_DATA_DIR").is_some_and(|told| dir == told) => "environment",
        Some(_) => "flag",
    }
}

/// The engine.
pub struct App {
    data_dir: PathBuf,
    data_dir_origin: &'static str,
    store: Store,
    index: Option<Arc<Index>>,
    states: Arc<States>,
    feed: Feed,
    registry: Registry,
    /// The settings accounts were opened with, and whether they were paused.
    opened: Mutex<HashMap<AccountId, (AccountConfig, bool)>>,
    secrets: Arc<SecretStore>,
    lock: Lock,
    attachments: Attachments,
    /// Held for writing while files that nothing names are taken away, for reading while one gets its name.
    sweeping: tokio::sync::RwLock<()>,
    config: Arc<Mutex<Config>>,
    /// Something came in.
    came: Arc<Notify>,
    clock: Clock,
    open: OpenAccount,
    fetch_image: Option<FetchImage>,
    post_unsubscribe: Option<PostUnsubscribe>,
    sign_in: Option<BeginSignIn>,
    sign_ins: signin::SignIns,
    background: bool,
    only: Option<AccountId>,
    stop: CancellationToken,
    followers: background::Followers,
    notices: notices::Notices,
    loudness: rules::Loudness,
    lanes: Mutex<HashMap<String, CancelToken>>,
    totals: Mutex<HashMap<String, (i64, u64)>>,
    works: Arc<Works>,
    attended: attending::Attended,
    typed: attending::Attended,
    /// Accounts whose first sync the person has ended: no work any more until they are resumed.
    ended_syncs: Mutex<HashSet<AccountId>>,
    found: Mutex<HashMap<String, listing::Found>>,
    /// Held while this process owns the data directory.
    _owner: Option<std::fs::File>,
}

impl App {
    /// Opens a data directory and starts what it holds.
    ///
    /// # Errors
    /// [`AppError`]: the directory cannot be used, or was written by a newer Inlet.
    pub async fn start(options: AppOptions) -> Result<Arc<Self>, AppError> {
        let data_dir = options.data_dir;
        std::fs::create_dir_all(&data_dir)
            .map_err(|error| AppError::Data(format!("{} cannot be used: {error}.", data_dir.display())))?;
        let owner = if options.background { own_soon(&data_dir).await } else { own(&data_dir) };
        let feed = Feed::new();
        let config = Config::load(&data_dir, options.flags, Config::environment())
            .map_err(|error| AppError::Data(error.message))?;
        let told = feed.clone();
        let (dir, owns) = (data_dir.clone(), owner.is_some());
        let opened = tokio::task::spawn_blocking(move || -> Result<_, AppError> {
            let store = Store::open(&dir, move |committed| told.committed(committed))?;
            let folder = dir.join("index");
            let index = if owns { Some(Index::open(&folder)?) } else { Index::open_read_only(&folder)? };
            let attachments = Attachments::open(dir.join("attachments"))
                .map_err(|error| AppError::Data(format!("{} cannot be used: {error}.", dir.display())))?;
            Ok((store, index, attachments))
        });
        let (store, index, attachments) = opened.await.map_err(|error| AppError::Data(error.to_string()))??;
        let secrets = Arc::new(SecretStore::new(store.clone(), &data_dir, options.use_keyring));
        if let Some(passphrase) = options.passphrase {
            secrets.unlock(passphrase).await?;
        }
        let at_start = config.word(locking::SETTING) != locking::NEVER;
        let lock = Lock::open(store.clone(), options.clock.clone(), at_start).await?;
        let config = Arc::new(Mutex::new(config));
        let (settings, clock) = (config.clone(), options.clock.clone());
        let waiting = move || actions::waiting(&settings.lock(), clock.now());
        let app = Arc::new(Self {
            states: Arc::new(States::new(store.clone(), waiting)),
            index: index.map(Arc::new),
            works: Works::new(feed.clone(), options.clock.clone()),
            feed,
            registry: Registry::default(),
            opened: Mutex::default(),
            secrets,
            lock,
            attachments,
            sweeping: tokio::sync::RwLock::default(),
            config,
            came: Arc::default(),
            clock: options.clock,
            open: options.open,
            fetch_image: options.fetch_image,
            post_unsubscribe: options.post_unsubscribe,
            sign_in: options.sign_in,
            sign_ins: signin::SignIns::default(),
            background: options.background && owns,
            only: options.only,
            stop: CancellationToken::new(),
            followers: background::Followers::default(),
            notices: notices::Notices::default(),
            loudness: rules::Loudness::default(),
            lanes: Mutex::default(),
            totals: Mutex::default(),
            attended: attending::Attended::default(),
            typed: attending::Attended::default(),
            ended_syncs: Mutex::default(),
            found: Mutex::default(),
            _owner: owner,
            store,
            data_dir,
            data_dir_origin: options.data_dir_origin,
        });
        app.forget_opened();
        app.recover().await?;
        let before = app.store.read(|reader| thread::newest_rev(&reader.main)).await?;
        let started = app.clock.now();
        app.open_accounts().await?;
        app.follow(before, started);
        if options.background {
            app.spawn(|app| async move { app.follow_idleness().await });
        }
        Ok(app)
    }

    /// This process owns the data directory: it syncs, sends and indexes.
    #[must_use]
    pub fn owns(&self) -> bool {
        self._owner.is_some()
    }

    /// Runs a command by name, with its parameters and result as JSON.
    ///
    /// # Errors
    /// [`ApiError`]: one sentence that says what to do.
    pub async fn rpc(&self, method: &str, params: Value) -> Result<Value, ApiError> {
        commands::dispatch(self, method, params).await
    }

    /// As [`Self::rpc`], for parameters somebody wrote by hand: those that the command does not know are refused.
    ///
    /// # Errors
    /// As [`Self::rpc`].
    pub async fn strict_rpc(&self, method: &str, params: Value) -> Result<Value, ApiError> {
        if let Some(unknown) = commands::unknown(method, &params).first() {
            let sentence = format!("{method} has no parameter \"{unknown}\"; correct or remove it.");
            return Err(ApiError::invalid(sentence));
        }
        self.rpc(method, params).await
    }

    /// What happens from now on.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.feed.listen()
    }

    /// As [`Self::fetch_once`]; returns when what to do next is worked out as well.
    ///
    /// # Errors
    /// As [`Self::fetch_once`].
    pub async fn sync_once(&self, account: Option<AccountId>) -> Result<Vec<SyncOutcome>, ApiError> {
        let outcomes = self.fetch_once(account).await?;
        self.think(usize::MAX).await?;
        Ok(outcomes)
    }

    /// That it is this process which fetches and sends.
    ///
    /// # Errors
    /// [`ErrorCode::Refused`] where another one has the data open.
    pub fn syncs(&self) -> Result<(), ApiError> {
        if self.owns() {
            return Ok(());
        }
        Err(ApiError::new(ErrorCode::Refused, "Inlet is open in another window or terminal and is syncing already."))
    }

    /// Fetches everything there is now from every source that is not paused, or from those of one
    /// account, then sends what is due; returns when the index has it all.
    ///
    /// # Errors
    /// [`ApiError`] when the store or the index fails; what a source says is in its outcome.
    pub async fn fetch_once(&self, account: Option<AccountId>) -> Result<Vec<SyncOutcome>, ApiError> {
        self.syncs()?;
        let paused = self.paused().await?;
        let rounds = self.registry.of(account).into_iter().filter(|(_, live)| !paused.contains(&live.account)).map(
            |(id, live)| async move {
                let context = self.sync_context(id, &live);
                if live.source.capabilities().send_only {
                    outbox::drain(&self.outbox_context(id, &live)).await;
                    return SyncOutcome { source: id, error: None };
                }
                if let Some(retry_after) = sync::silence(&context).await {
                    return SyncOutcome { source: id, error: Some(SourceError::Throttled { retry_after }) };
                }
                let error = match sync::round(&context).await {
                    Ok(()) => {
                        sync::settled(&context).await;
                        outbox::drain(&self.outbox_context(id, &live)).await;
                        None
                    }
                    Err(error) => {
                        sync::settle(&context, &error).await;
                        Some(error)
                    }
                };
                SyncOutcome { source: id, error }
            },
        );
        let outcomes = self.with_index_following(join_all(rounds)).await;
        self.index_all().await?;
        self.run_rules().await?;
        self.send_due_of(account).await;
        Ok(outcomes)
    }

    /// Sends what is due now, but for what is paused, and returns when nothing is left that could go.
    pub async fn send_due(&self) {
        self.send_due_of(None).await;
    }

    /// The same for one account, where one is named.
    async fn send_due_of(&self, account: Option<AccountId>) {
        if self.owns() {
            let Ok(paused) = self.paused().await else { return };
            let all = self.registry.of(account).into_iter().filter(|(_, live)| !paused.contains(&live.account));
            join_all(all.map(|(id, live)| async move {
                outbox::drain(&self.outbox_context(id, &live)).await;
            }))
            .await;
        }
    }

    /// Ends every task, writes what was queued, and closes the files.
    pub async fn shutdown(&self) {
        self.stop.cancel();
        self.registry.remove(None).await;
        self.followers.join().await;
        if let Some(index) = self.writable_index() {
            let _ = tokio::task::spawn_blocking(move || index.flush()).await;
        }
        self.store.close().await;
    }

    /// The index, where this process may write it.
    fn writable_index(&self) -> Option<Arc<Index>> {
        self.index.clone().filter(|_| self.owns())
    }

    async fn recover(&self) -> Result<(), AppError> {
        if !self.owns() {
            return Ok(());
        }
        let swept = self
            .store
            .write(|tx| {
                let unknown = ops::recover(tx)?;
                crate::store::draft::forget_gone(tx)?;
                crate::store::meeting::catch_up(tx)?;
                Ok((unknown, crate::store::body::sweep(tx)?))
            })
            .await?;
        while self.store.write(crate::store::report::catch_up).await? {}
        if swept != (0, 0) {
            tracing::info!(unknown = swept.0, orphans = swept.1, "recovered from an interrupted run");
        }
        Ok(())
    }

    fn sync_context(&self, id: SourceId, live: &Live) -> sync::Context {
        sync::Context {
            id,
            source: live.source.clone(),
            store: self.store.clone(),
            feed: self.feed.clone(),
            clock: self.clock.clone(),
            nudge: live.sync.clone(),
            dirty: live.dirty.clone(),
            unsaved: live.unsaved.clone(),
            poll: self.poll(live.source.capabilities().on_demand),
        }
    }

    fn outbox_context(&self, id: SourceId, live: &Live) -> outbox::Context {
        outbox::Context {
            id,
            source: live.source.clone(),
            store: self.store.clone(),
            attachments: self.attachments.clone(),
            clock: self.clock.clone(),
            wake: live.outbox.clone(),
            sync: live.sync.clone(),
            feed: self.feed.clone(),
            unsaved: live.unsaved.clone(),
            // Who does not stay is not held up for long.
            patience: if self.background { u32::MAX } else { 5 },
        }
    }
}

/// Runs what keeps a thread busy beside those that others wait for.
///
/// # Errors
/// The job came to no end: it panicked, or the program ends.
pub(crate) async fn blocking<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(job).await.map_err(|error| ApiError::new(ErrorCode::Failed, error.to_string()))
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        if let StoreError::Sqlite(why) = &error {
            tracing::error!(error = %why, "the database refused a statement");
        }
        Self::new(ErrorCode::Failed, sentence(&error))
    }
}

/// The file that whoever owns a data directory holds locked.
pub(crate) const LOCK: &str = "inlet.lock";

/// Takes the data directory for this process; nothing when another one has it.
pub(crate) fn own(data_dir: &std::path::Path) -> Option<std::fs::File> {
    let file = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(data_dir.join(LOCK)).ok()?;
    file.try_lock().ok()?;
    Some(file)
}

/// The same for a process that stays: a command in a terminal has it for a moment, and whoever came second then would
/// fetch and send nothing for as long as it runs.
async fn own_soon(data_dir: &std::path::Path) -> Option<std::fs::File> {
    const PATIENCE: Duration = Duration::from_secs(2);
    const AGAIN: Duration = Duration::from_millis(50);
    let owned = async {
        loop {
            if let Some(file) = own(data_dir) {
                return file;
            }
            tokio::time::sleep(AGAIN).await;
        }
    };
    tokio::time::timeout(PATIENCE, owned).await.ok()
}
