//! Everything Inlet keeps: one SQLite database, with bodies in a second file.
//!
//! One thread writes; readers are pooled and cannot. Several writers behind a long busy timeout
//! were refused: they make a person's action wait for a sync. A transaction here does one thing for
//! one caller: [`Store::write`] hands a [`WriteTx`] to the closure, refreshes the summaries of the
//! threads it touched, stamps them with new revs, commits, and tells the feed.
//!
//! Each file beside this one holds the SQL of one table, and no SQL stands anywhere else.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    time::Duration,
};

use inlet_model::ThreadId;
use parking_lot::Mutex;
use rusqlite::{Connection, OpenFlags, TransactionBehavior, config::DbConfig};

pub(crate) mod account;
pub(crate) mod action;
pub(crate) mod attachment;
pub(crate) mod body;
mod changes;
pub(crate) mod contact;
pub(crate) mod copy;
pub(crate) mod draft;
pub(crate) mod draft_copy;
pub(crate) mod early;
pub(crate) mod habits;
pub(crate) mod identity;
pub(crate) mod inbound;
pub(crate) mod ingest;
pub(crate) mod integrity;
pub(crate) mod item;
pub(crate) mod kept;
pub(crate) mod lesson;
pub(crate) mod likeness;
pub(crate) mod meeting;
pub(crate) mod meta;
mod migrate;
pub(crate) mod moved;
pub(crate) mod notice;
pub(crate) mod outbox;
pub(crate) mod people;
pub(crate) mod person;
pub(crate) mod placement;
pub(crate) mod poison;
pub(crate) mod proposal;
pub(crate) mod reminder;
pub(crate) mod report;
pub(crate) mod rule;
pub(crate) mod scope;
pub(crate) mod secret;
pub(crate) mod signed;
pub(crate) mod source;
pub(crate) mod states;
pub(crate) mod suggestion;
pub(crate) mod thread;
pub(crate) mod told_read;
mod tx;
pub(crate) mod unsubscribed;
pub(crate) mod warning;

pub(crate) use migrate::Schema;
pub(crate) use tx::WriteTx;

/// What went wrong with the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database was written by a newer Inlet.
    #[error(
        "this data was written by a newer version of Inlet (schema {found}, this one knows {known}); please update Inlet"
    )]
    Newer {
        /// Its schema.
        found: usize,
        /// The newest schema this program knows.
        known: usize,
    },
    /// No room is left.
    #[error("the disk is full; nothing was lost, but Inlet cannot save until there is room again")]
    DiskFull,
    /// Another program holds the database.
    #[error("another program is using Inlet's database; close it and try again")]
    Busy,
    /// The file is damaged.
    #[error(
        "Inlet's database is damaged; keep a copy of the data folder, move inlet.db and bodies.db out of it and start again: what the servers have is fetched anew"
    )]
    Corrupt,
    /// Anything else SQLite says. The statement stays out of the sentence: it would help nobody.
    #[error(
        "Inlet's database refused ({}); nothing was changed. This should not happen: please report it with the bundle of Settings, Diagnostics", reason(.0)
    )]
    Sqlite(rusqlite::Error),
    /// A file of the data directory cannot be used.
    #[error("{path}: {error}")]
    Io {
        /// Which.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// A stored value does not read back.
    #[error("a stored value cannot be read: {0}")]
    Value(String),
    /// The caller changed its mind in the middle of a transaction: nothing happened.
    #[error("the change was refused")]
    Refused,
    /// The store was closed.
    #[error("Inlet is shutting down")]
    Closed,
}

/// What SQLite answered, in its own few words.
fn reason(error: &rusqlite::Error) -> String {
    error.sqlite_error().map_or_else(|| "a row is not as it should be".to_owned(), ToString::to_string)
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let no_room = rusqlite::ffi::SQLITE_IOERR_SHMSIZE;
        match error.sqlite_error_code() {
            Some(Code::DiskFull) => Self::DiskFull,
            // The file that processes share beside a database found none either.
            _ if error.sqlite_error().is_some_and(|said| said.extended_code == no_room) => Self::DiskFull,
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy,
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => Self::Corrupt,
            _ => Self::Sqlite(error),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Value(error.to_string())
    }
}

impl From<postcard::Error> for StoreError {
    fn from(error: postcard::Error) -> Self {
        Self::Value(error.to_string())
    }
}

/// The result of everything the store does.
pub(crate) type Result<T, E = StoreError> = std::result::Result<T, E>;

type Job = Box<dyn FnOnce(&mut Writer) + Send>;

/// The database. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    dir: PathBuf,
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    writer: Mutex<Option<std::thread::JoinHandle<()>>>,
    readers: Mutex<Vec<Reader>>,
    committed: Box<dyn Fn(Committed) + Send + Sync>,
}

/// What a commit changed.
#[derive(Clone, Debug)]
pub(crate) struct Committed {
    pub(crate) rev: i64,
    pub(crate) threads: Vec<ThreadId>,
    pub(crate) outbox: bool,
    pub(crate) sources: bool,
    pub(crate) kept: bool,
    pub(crate) suggestions: bool,
    pub(crate) rules: bool,
}

struct Writer {
    main: Connection,
    bodies: Connection,
}

/// A connection that can only read, with the bodies attached.
pub(crate) struct Reader {
    pub(crate) main: Connection,
    pub(crate) bodies: Connection,
}

const READERS_KEPT: usize = 4;

impl Store {
    /// Opens the store of a data directory, making it if it is new. `committed` hears of every
    /// commit, on the writer's thread.
    pub(crate) fn open(dir: &Path, committed: impl Fn(Committed) + Send + Sync + 'static) -> Result<Self> {
        std::fs::create_dir_all(dir).map_err(|error| StoreError::Io { path: dir.display().to_string(), error })?;
        let mut writer = Writer { main: connect(&main_path(dir), false)?, bodies: connect(&bodies_path(dir), false)? };
        migrate::both(&mut writer.main, &mut writer.bodies)?;
        let (jobs, queue) = mpsc::channel::<Job>();
        let thread = std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || {
                while let Ok(job) = queue.recv() {
                    job(&mut writer);
                }
                // What the readers need is in the database; a short WAL makes the next start quick.
                let _ = writer.main.execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);");
                let _ = writer.bodies.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);");
            })
            .map_err(|error| StoreError::Io { path: "store-writer".into(), error })?;
        Ok(Self {
            inner: Arc::new(Inner {
                dir: dir.to_owned(),
                jobs: Mutex::new(Some(jobs)),
                writer: Mutex::new(Some(thread)),
                readers: Mutex::new(Vec::new()),
                committed: Box::new(committed),
            }),
        })
    }

    /// Runs a transaction on the writer's thread. When the closure fails nothing has happened.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&WriteTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.submit(false, job)?.await.map_err(|_| StoreError::Closed)?
    }

    /// As [`Self::write`], and on the disk before it returns: for what must survive a power cut.
    pub(crate) async fn write_durable<T: Send + 'static>(
        &self,
        job: impl FnOnce(&WriteTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.submit(true, job)?.await.map_err(|_| StoreError::Closed)?
    }

    fn submit<T: Send + 'static>(
        &self,
        durable: bool,
        job: impl FnOnce(&WriteTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<tokio::sync::oneshot::Receiver<Result<T>>> {
        let (answer, receiver) = tokio::sync::oneshot::channel();
        let inner = Arc::downgrade(&self.inner);
        let run: Job = Box::new(move |writer| {
            let result = writer.run(durable, job).map(|(value, committed)| {
                if let Some(inner) = inner.upgrade() {
                    (inner.committed)(committed);
                }
                value
            });
            let _ = answer.send(result);
        });
        self.inner.jobs.lock().as_ref().ok_or(StoreError::Closed)?.send(run).map_err(|_| StoreError::Closed)?;
        Ok(receiver)
    }

    /// Reads on the caller's thread: for threads that may block.
    pub(crate) fn read_now<T>(&self, job: impl FnOnce(&Reader) -> Result<T>) -> Result<T> {
        let pooled = self.inner.readers.lock().pop();
        let reader = match pooled {
            Some(reader) => reader,
            None => Reader {
                main: connect(&main_path(&self.inner.dir), true)?,
                bodies: connect(&bodies_path(&self.inner.dir), true)?,
            },
        };
        let result = job(&reader);
        let mut readers = self.inner.readers.lock();
        if readers.len() < READERS_KEPT {
            readers.push(reader);
        }
        result
    }

    /// Reads without holding up the async runtime.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Reader) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let store = self.clone();
        tokio::task::spawn_blocking(move || store.read_now(job)).await.map_err(|_| StoreError::Closed)?
    }

    /// Gives the space of deleted rows back to the disk, and with it what they said.
    pub(crate) async fn shrink(&self) -> Result<()> {
        let (answer, receiver) = tokio::sync::oneshot::channel();
        let run: Job = Box::new(move |writer| {
            let vacuum = "VACUUM; PRAGMA wal_checkpoint(TRUNCATE);";
            let _ = answer.send(writer.main.execute_batch(vacuum).and_then(|()| writer.bodies.execute_batch(vacuum)));
        });
        self.inner.jobs.lock().as_ref().ok_or(StoreError::Closed)?.send(run).map_err(|_| StoreError::Closed)?;
        Ok(receiver.await.map_err(|_| StoreError::Closed)??)
    }

    /// Finishes what was queued and closes the files.
    pub(crate) async fn close(&self) {
        self.inner.jobs.lock().take();
        let thread = self.inner.writer.lock().take();
        if let Some(thread) = thread {
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
        self.inner.readers.lock().clear();
    }

    /// A number that changes when another process has written.
    pub(crate) fn data_version(reader: &Connection) -> Result<i64> {
        Ok(reader.pragma_query_value(None, "data_version", |row| row.get(0))?)
    }

    /// A connection of the caller's own, for watching [`Self::data_version`].
    pub(crate) fn watcher(&self) -> Result<Connection> {
        connect(&main_path(&self.inner.dir), true)
    }
}

impl Writer {
    fn run<T>(&mut self, durable: bool, job: impl FnOnce(&WriteTx<'_>) -> Result<T>) -> Result<(T, Committed)> {
        if durable {
            self.synchronous("FULL")?;
        }
        let result = self.transact(job);
        if durable {
            self.synchronous("NORMAL")?;
        }
        result
    }

    /// Of both files: a row that is there after a power loss must not name a body that is not.
    fn synchronous(&self, how: &str) -> Result<()> {
        self.main.pragma_update(None, "synchronous", how)?;
        self.bodies.pragma_update(None, "synchronous", how)?;
        Ok(())
    }

    fn transact<T>(&mut self, job: impl FnOnce(&WriteTx<'_>) -> Result<T>) -> Result<(T, Committed)> {
        // Bodies first: a row must never name a body that a crash took away. A body whose row was
        // lost is an orphan, and swept.
        let bodies = self.bodies.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let main = self.main.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let tx = WriteTx::begin(&main, &bodies)?;
        let value = job(&tx)?;
        let committed = tx.finish()?;
        bodies.commit()?;
        main.commit()?;
        Ok((value, committed))
    }
}

/// The file of everything but bodies.
pub(crate) const MAIN: &str = "inlet.db";
/// The file of bodies.
pub(crate) const BODIES: &str = "bodies.db";

fn main_path(dir: &Path) -> PathBuf {
    dir.join(MAIN)
}

fn bodies_path(dir: &Path) -> PathBuf {
    dir.join(BODIES)
}

#[expect(clippy::disallowed_methods, reason = "the store is where connections are opened")]
fn connect(path: &Path, read_only: bool) -> Result<Connection> {
    let flags = if read_only {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX
    };
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(Duration::from_secs(5))?;
    conn.set_prepared_statement_cache_capacity(128);
    // Otherwise the planner looks at bound values, and a cached statement is prepared again at each use.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "NORMAL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "cache_size", -8_000)?;
    conn.pragma_update(None, "mmap_size", 256_i64 << 20)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    if read_only {
        conn.pragma_update(None, "query_only", true)?;
    } else {
        // Pages, of 4 kB: what is written again and again in a first sync reaches the file a few times only.
        conn.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    }
    Ok(conn)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod pushed_tests;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::disallowed_methods)]
mod tests {
    use super::{Connection, StoreError};

    #[test]
    fn a_statement_that_fails_is_told_without_it() {
        let error = Connection::open_in_memory().unwrap().execute("DELETE FROM nowhere", []).unwrap_err();
        let said = StoreError::from(error).to_string();
        assert!(said.contains("Diagnostics") && !said.contains("nowhere"), "{said}");
    }
}
