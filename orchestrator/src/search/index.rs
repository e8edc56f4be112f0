//! The index: opening it, writing to it, searching it.

use std::{
    cell::RefCell,
    collections::HashMap,
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
        mpsc::{SyncSender, sync_channel},
    },
    thread::JoinHandle,
};

use parking_lot::Mutex;
use roaring::RoaringTreemap;
use tantivy::{
    IndexReader, IndexWriter, ReloadPolicy, TantivyError,
    directory::{Directory, INDEX_WRITER_LOCK, MmapDirectory, error::LockError},
    indexer::IndexWriterOptions,
    tokenizer::TextAnalyzer,
};

use super::{
    CancelToken, Hits, Query, Result, SearchError, SearchRequest, StateFilter, StateLookup, Total,
    ast::Node,
    compile::Compiler,
    page::{Sort, Wanted, every, page},
    schema::{Fields, Folding, TOKENIZER, VERSION, schema, settings},
    typo,
    waiting::{Room, Waiting},
    writer::{Command, Failure, FewSegments, IndexChange, Payload, Pending, Writer},
};

/// Asks the store once for each condition of a search, however often the search is tried.
struct Remembered<'a> {
    states: &'a dyn StateLookup,
    known: RefCell<HashMap<StateFilter, Arc<RoaringTreemap>>>,
}

impl StateLookup for Remembered<'_> {
    fn items(&self, filter: &StateFilter) -> Arc<RoaringTreemap> {
        let known = self.known.borrow().get(filter).cloned();
        known.unwrap_or_else(|| {
            let items = self.states.items(filter);
            self.known.borrow_mut().insert(filter.clone(), Arc::clone(&items));
            items
        })
    }
}

/// What the writer may gather before it writes a segment (bytes).
const HEAP: usize = 64 << 20;

/// Batches that may wait for the writer.
const WAITING: usize = 2;

/// Documents of each segment that are read first when a word has only one or two letters yet.
const WINDOW: u32 = 16_384;

/// Segments that are searched at once.
const SEARCHING: usize = 4;

/// Why nothing is written where no reason was told.
const ENDED: &str = "its writer has ended";

/// No revision yet.
const NOTHING: i64 = i64::MIN;

/// The index over everything. Searches block their caller and see the last commit.
pub(crate) struct Index {
    reader: IndexReader,
    fields: Fields,
    /// Documents of a segment that are read for a very short beginning of a word.
    pub(super) window: u32,
    commands: Mutex<Option<SyncSender<Command>>>,
    applied: AtomicI64,
    failure: Failure,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Index {
    /// Opens the index in `dir`, or makes an empty one where there is none, or none that can be used.
    ///
    /// # Errors
    /// [`SearchError::InUse`] when another process writes it; [`SearchError::Folder`] and
    /// [`SearchError::Index`] when not even an empty index can be made.
    pub(crate) fn open(dir: &Path) -> Result<Self> {
        fs::create_dir_all(dir)?;
        match existing(dir) {
            Ok(Some((index, watermark))) => match Self::start(index, watermark) {
                Err(SearchError::Index(error)) if !locked(&error) => {
                    tracing::warn!("the search index is damaged and is built again");
                }
                outcome => return outcome,
            },
            Ok(None) => {}
            Err(error) if locked(&error) => return Err(SearchError::InUse),
            Err(_) => tracing::warn!("the search index is damaged and is built again"),
        }
        empty(dir)?;
        let (schema, _) = schema();
        let index = tantivy::Index::builder().schema(schema).settings(settings()).create_in_dir(dir)?;
        Self::start(index, None)
    }

    fn start(index: tantivy::Index, watermark: Option<i64>) -> Result<Self> {
        let index = prepared(index)?;
        let (_, fields) = schema();
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let failure = Failure::default();
        let (commands, thread) = writing(&index, &reader, fields, watermark, &failure)?;
        Ok(Self {
            reader,
            fields,
            window: WINDOW,
            commands: Mutex::new(Some(commands)),
            applied: AtomicI64::new(watermark.unwrap_or(NOTHING)),
            failure,
            writer: Mutex::new(Some(thread)),
        })
    }

    /// The revision up to which changes were handed over; after a start, the one in the last commit.
    pub(crate) fn watermark(&self) -> Option<i64> {
        Some(self.applied.load(Ordering::Acquire)).filter(|rev| *rev != NOTHING)
    }

    /// Opens the index in `dir` for searching alone, beside the process that writes it; `None` when
    /// there is none yet, or none that can be used.
    ///
    /// # Errors
    /// [`SearchError::Index`] when it cannot be read.
    pub(crate) fn open_read_only(dir: &Path) -> Result<Option<Self>> {
        let Ok(directory) = MmapDirectory::open(dir) else {
            return Ok(None);
        };
        let Ok(Some((index, watermark))) = usable(directory) else {
            return Ok(None);
        };
        Ok(Some(Self {
            reader: prepared(index)?.reader_builder().reload_policy(ReloadPolicy::OnCommitWithDelay).try_into()?,
            fields: schema().1,
            window: WINDOW,
            commands: Mutex::new(None),
            applied: AtomicI64::new(watermark.unwrap_or(NOTHING)),
            failure: Failure::default(),
            writer: Mutex::new(None),
        }))
    }

    /// Writes again where writing has failed, from the last commit on: what was handed over since is wanted once more,
    /// as [`Self::watermark`] tells. Nobody else may hand over changes meanwhile.
    ///
    /// # Errors
    /// [`SearchError::Index`] when it cannot be written yet.
    pub(crate) fn resume(&self) -> Result<()> {
        if !self.has_failed() {
            return Ok(());
        }
        // It stays so until all of this is done.
        self.failure.lock().get_or_insert_with(|| ENDED.to_owned());
        let mut writer = self.writer.lock();
        if let Some(ended) = writer.take() {
            // With its thread the old writer gives the folder free.
            let _ = ended.join();
        }
        let watermark = self.committed();
        let index = self.reader.searcher().index().clone();
        let (commands, thread) = writing(&index, &self.reader, self.fields, watermark, &self.failure)?;
        *writer = Some(thread);
        *self.commands.lock() = Some(commands);
        self.applied.store(watermark.unwrap_or(NOTHING), Ordering::Release);
        *self.failure.lock() = None;
        Ok(())
    }

    /// Writing has failed, and what was handed over since the last commit is lost.
    pub(crate) fn has_failed(&self) -> bool {
        self.failure.lock().is_some() || self.writer.lock().as_ref().is_some_and(JoinHandle::is_finished)
    }

    /// Which state of the index a search sees; another number for each.
    pub(crate) fn generation(&self) -> u64 {
        self.reader.searcher().generation().generation_id()
    }

    /// The revision that the last commit completes. A search sees it a moment later, or after
    /// [`Index::flush`].
    pub(crate) fn committed(&self) -> Option<i64> {
        let metas = self.reader.searcher().index().load_metas().ok()?;
        serde_json::from_str::<Payload>(&metas.payload?).ok()?.watermark
    }

    /// Hands changes over and returns; blocks while two batches wait already. They are searchable
    /// within a tenth of a second, bulk within fifteen. `watermark` is the revision of the feed that
    /// they complete.
    ///
    /// # Errors
    /// [`SearchError::Stopped`] when the index can no longer be written: [`Self::resume`].
    pub(crate) fn apply(&self, changes: Vec<IndexChange>, watermark: i64) -> Result<()> {
        self.send(Command::Apply { changes, watermark })?;
        self.applied.store(watermark, Ordering::Release);
        Ok(())
    }

    /// Blocks until everything handed over so far is committed and searchable.
    ///
    /// # Errors
    /// [`SearchError::Stopped`] as for [`Self::apply`].
    pub(crate) fn flush(&self) -> Result<()> {
        self.ask(Command::Flush)
    }

    /// Empties the index, to be built again from the start of the feed. Blocks until it is done.
    /// Nobody else may hand over changes meanwhile.
    ///
    /// # Errors
    /// [`SearchError::Stopped`] as for [`Self::apply`].
    pub(crate) fn clear(&self) -> Result<()> {
        self.ask(Command::Clear)?;
        self.applied.store(NOTHING, Ordering::Release);
        Ok(())
    }

    /// How many items can be found.
    #[cfg(test)]
    pub(crate) fn len(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// How many parts the index has; every search asks each of them.
    #[cfg(test)]
    pub(crate) fn segments(&self) -> usize {
        self.reader.searcher().segment_readers().len()
    }

    /// Reads every file of the index and compares its checksum; minutes for millions of items.
    ///
    /// # Errors
    /// [`SearchError::Index`] when a file is missing or cannot be read.
    pub(crate) fn is_sound(&self) -> Result<bool> {
        Ok(self.reader.searcher().index().validate_checksum()?.is_empty())
    }

    /// Searches. Nothing asked for is everything, newest first. When nothing matches, one typo in a
    /// word is forgiven and [`Hits::corrected`] tells what was searched instead.
    ///
    /// # Errors
    /// [`SearchError::Cancelled`] when the request's token was cancelled, [`SearchError::Index`] when
    /// the index cannot be read.
    pub(crate) fn search(&self, query: &Query, request: SearchRequest<'_>) -> Result<Hits> {
        let searcher = self.reader.searcher();
        let states = Remembered { states: request.states, known: RefCell::default() };
        let request = SearchRequest { states: &states, ..request };
        let run = |query: &Query, request: &SearchRequest<'_>, window: Option<u32>| {
            let compiler = Compiler {
                fields: &self.fields,
                states: request.states,
                cancel: request.cancel,
                scored: request.sort == Sort::Relevance,
                window,
            };
            page(&searcher, &*compiler.compile(&query.root), request, window)
        };
        let whole = |query: &Query, request: &SearchRequest<'_>| {
            // Without a window there is always a page.
            run(query, request, None).map(Option::unwrap_or_default)
        };
        if request.sort == Sort::Newest
            && query.begins_shortly()
            && let Some(hits) = run(query, &request, Some(self.window))?
            && hits.total.count > 0
        {
            return Ok(hits);
        }
        let mut hits = whole(query, &request)?;
        if query.root == Node::All {
            hits.total = Total { count: searcher.num_docs(), exact: true };
        }
        if hits.total.count > 0 {
            return Ok(hits);
        }
        let first = SearchRequest { limit: 1, after: None, sort: Sort::Newest, ..request };
        let finds = |candidate: &Query| Ok(whole(candidate, &first)?.total.count > 0);
        if let Some(corrected) = typo::correct(query, &searcher, &self.fields, finds)? {
            hits = whole(&corrected, &request)?;
            hits.corrected = Some(corrected.text);
        }
        Ok(hits)
    }

    /// Every conversation that a search finds; no typo is forgiven. What a list of them is made of.
    ///
    /// # Errors
    /// As [`Self::search`].
    pub(crate) fn threads(
        &self,
        query: &Query,
        states: &dyn StateLookup,
        cancel: &CancelToken,
    ) -> Result<RoaringTreemap> {
        self.every(query, Wanted::Threads, states, cancel)
    }

    /// Every item that a search finds; no typo is forgiven.
    ///
    /// # Errors
    /// As [`Self::search`].
    pub(crate) fn items(
        &self,
        query: &Query,
        states: &dyn StateLookup,
        cancel: &CancelToken,
    ) -> Result<RoaringTreemap> {
        self.every(query, Wanted::Items, states, cancel)
    }

    fn every(
        &self,
        query: &Query,
        wanted: Wanted,
        states: &dyn StateLookup,
        cancel: &CancelToken,
    ) -> Result<RoaringTreemap> {
        let searcher = self.reader.searcher();
        let states = Remembered { states, known: RefCell::default() };
        let compiler = Compiler { fields: &self.fields, states: &states, cancel, scored: false, window: None };
        every(&searcher, &*compiler.compile(&query.root), wanted, cancel)
    }

    fn ask(&self, command: impl FnOnce(SyncSender<()>) -> Command) -> Result<()> {
        let (answer, answered) = sync_channel(1);
        self.send(command(answer))?;
        answered.recv().map_err(|_| self.stopped())
    }

    fn send(&self, command: Command) -> Result<()> {
        if self.failure.lock().is_some() {
            return Err(self.stopped());
        }
        // The sender is cloned so that a full queue does not hold the lock.
        let Some(commands) = self.commands.lock().clone() else {
            return Err(self.stopped());
        };
        commands.send(command).map_err(|_| self.stopped())
    }

    fn stopped(&self) -> SearchError {
        SearchError::Stopped(self.failure.lock().clone().unwrap_or_else(|| ENDED.to_owned()))
    }
}

/// Starts the thread that writes.
fn writing(
    index: &tantivy::Index,
    reader: &IndexReader,
    fields: Fields,
    watermark: Option<i64>,
    failure: &Failure,
) -> Result<(SyncSender<Command>, JoinHandle<()>)> {
    let options =
        IndexWriterOptions::builder().memory_budget_per_thread(HEAP).num_worker_threads(1).num_merge_threads(1).build();
    let writer: IndexWriter<Waiting> = index
        .writer_with_options(options)
        .map_err(|error| if locked(&error) { SearchError::InUse } else { SearchError::Index(error) })?;
    writer.set_merge_policy(Box::new(FewSegments));
    let (commands, inbox) = sync_channel(WAITING);
    let room = Room::default();
    let worker = Writer { writer, room, reader: reader.clone(), fields, watermark, pending: Pending::default() };
    let ended = Arc::clone(failure);
    let thread =
        std::thread::Builder::new().name("search-index".to_owned()).spawn(move || worker.run(&inbox, &ended))?;
    Ok((commands, thread))
}

impl Drop for Index {
    /// Commits what was handed over and gives the folder free.
    fn drop(&mut self) {
        self.commands.lock().take();
        if let Some(writer) = self.writer.lock().take()
            && writer.join().is_err()
        {
            tracing::error!("the writer of the search index has failed");
        }
    }
}

/// The index in `dir`, where there is one of this form.
fn existing(dir: &Path) -> Result<Option<(tantivy::Index, Option<i64>)>, TantivyError> {
    let directory = MmapDirectory::open(dir)?;
    // Nothing is deleted under the hands of another process.
    drop(directory.acquire_lock(&INDEX_WRITER_LOCK).map_err(|error| TantivyError::LockFailure(error, None))?);
    usable(directory)
}

/// The index in a folder when this program can use it, and the revision it holds.
fn usable(directory: MmapDirectory) -> Result<Option<(tantivy::Index, Option<i64>)>, TantivyError> {
    if !tantivy::Index::exists(&directory)? {
        return Ok(None);
    }
    let index = tantivy::Index::open(directory)?;
    let metas = index.load_metas()?;
    if index.schema() != schema().0 || metas.index_settings != settings() {
        return Ok(None);
    }
    let payload = match &metas.payload {
        Some(text) => serde_json::from_str::<Payload>(text).ok().filter(|payload| payload.version == VERSION),
        None if metas.segments.is_empty() => Some(Payload { version: VERSION, watermark: None }),
        None => None,
    };
    Ok(payload.map(|payload| (index, payload.watermark)))
}

/// Knows how text is taken apart, and searches several segments at once.
fn prepared(mut index: tantivy::Index) -> Result<tantivy::Index> {
    index.tokenizers().register(TOKENIZER, TextAnalyzer::from(Folding::default()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(SEARCHING);
    if threads > 1 {
        index.set_multithread_executor(threads)?;
    }
    Ok(index)
}

fn locked(error: &TantivyError) -> bool {
    matches!(error, TantivyError::LockFailure(LockError::LockBusy, _))
}

/// Removes everything in `dir` but the locks.
fn empty(dir: &Path) -> Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else if !entry.file_name().to_string_lossy().ends_with(".lock") {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
