//! Search: the index for words, the store for what is shown of a hit.

use std::time::Instant;

use inlet_model::{ItemId, Kind, Party, ThreadId};

use super::{App, blocking};
use crate::{
    api::{
        ApiError, ErrorCode, sentence,
        types::{
            Coverage, Elsewhere, KnownParams, KnownPerson, PeopleParams, SearchHit, SearchParams, SearchSort,
            SearchView, Snippet, SnippetParams, SourceView, ThreadParams,
        },
    },
    clock::Clock,
    search::{self, CancelToken, Hits, PageKey, Query, SearchError, SearchRequest, Sort},
    store::{Reader, Result as StoreResult, body, identity, item, people, source, thread},
};

/// Hits on a page at most.
const MOST: u32 = 200;
/// Characters of a hit's snippet.
const SNIPPET: usize = 160;

impl App {
    /// `search`.
    pub(crate) async fn search(&self, params: SearchParams) -> Result<SearchView, ApiError> {
        let started = Instant::now();
        let cancel = self.take_lane(params.lane.as_deref());
        let query = self.understood(&params.query, params.typing);
        let after: Option<PageKey> = params.after.as_deref().map(str::parse).transpose()?;
        let limit = params.limit.unwrap_or(50).clamp(1, MOST) as usize;
        let snippets = params.snippets.map_or(limit, |most| most as usize);
        let sort = match params.sort {
            SearchSort::Newest => Sort::Newest,
            SearchSort::Relevance => Sort::Relevance,
        };
        let index = self.searchable()?;
        let (states, store) = (self.states.clone(), self.store.clone());
        let (clock, typing) = (self.clock.clone(), params.typing);
        let find = move || -> Result<_, ApiError> {
            let request = SearchRequest { limit, after, sort, states: &*states, cancel: &cancel };
            let hits = index.search(&query, request)?;
            let corrected =
                hits.corrected.as_deref().map(|text| search::parse(text, clock.now(), &Clock::zone(), typing));
            let marked = corrected.as_ref().unwrap_or(&query);
            let (rows, coverage) = store.read_now(|reader| {
                let sources = source::all(&reader.main)?;
                Ok((rows(reader, &sources, &hits, snippets, marked)?, coverage(sources)))
            })?;
            Ok((hits, rows, coverage, query.hints))
        };
        let (hits, rows, coverage, hints) = blocking(find).await??;
        Ok(SearchView {
            total: hits.total.count,
            exact: hits.total.exact,
            took_us: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            coverage,
            hits: rows,
            next: hits.next.map(|key| key.to_string()),
            hints,
            corrected: hits.corrected,
        })
    }

    /// `search.snippets`.
    pub(crate) async fn search_snippets(&self, params: SnippetParams) -> Result<Vec<Snippet>, ApiError> {
        let query = self.understood(&params.query, params.typing);
        let read = move |reader: &Reader| {
            let mut found = Vec::with_capacity(params.items.len());
            for id in params.items.into_iter().take(MOST as usize) {
                if let Some(row) = item::brief(&reader.main, id)? {
                    let text = body::text(&reader.bodies, row.body)?;
                    found.push(Snippet { item: id, snippet: search::snippet(&text, &query, SNIPPET) });
                }
            }
            Ok(found)
        };
        Ok(self.store.read(read).await?)
    }

    /// Every thread that a search finds.
    pub(super) async fn threads_found_by(&self, query: &str) -> Result<Vec<ThreadId>, ApiError> {
        let (query, index, states) = (self.understood(query, false), self.searchable()?, self.states.clone());
        let found = blocking(move || index.threads(&query, &*states, &CancelToken::default())).await??;
        Ok(found.iter().filter_map(|id| i64::try_from(id).ok()).map(ThreadId).collect())
    }

    /// Every item that a search finds, oldest first.
    pub(super) async fn items_found_by(&self, query: &str) -> Result<Vec<ItemId>, ApiError> {
        let (query, index, states) = (self.understood(query, false), self.searchable()?, self.states.clone());
        let found = blocking(move || index.items(&query, &*states, &CancelToken::default())).await??;
        let found_here = move |id: &ItemId| u64::try_from(id.0).is_ok_and(|id| found.contains(id));
        let all = self.store.read(|reader| item::all_ids(&reader.main)).await?;
        Ok(all.into_iter().filter(found_here).collect())
    }

    pub(super) fn understood(&self, text: &str, typing: bool) -> Query {
        search::parse(text, self.clock.now(), &Clock::zone(), typing)
    }

    /// The token of a search that cancels the one before it in its lane.
    fn take_lane(&self, lane: Option<&str>) -> CancelToken {
        let token = CancelToken::default();
        if let Some(lane) = lane {
            let mut lanes = self.lanes.lock();
            if lanes.len() > 64 {
                lanes.clear();
            }
            if let Some(previous) = lanes.insert(lane.to_owned(), token.clone()) {
                previous.cancel();
            }
        }
        token
    }

    /// `people.suggest`.
    pub(crate) async fn suggest_people(&self, params: PeopleParams) -> Result<Vec<Party>, ApiError> {
        if params.prefix.trim().is_empty() {
            return Ok(Vec::new());
        }
        Ok(self
            .store
            .read(move |reader| identity::suggest(&reader.main, params.prefix.trim(), params.source, 8))
            .await?)
    }

    /// `people.elsewhere`.
    pub(crate) async fn people_elsewhere(&self, params: ThreadParams) -> Result<Vec<Elsewhere>, ApiError> {
        let sources = self.sources().await?;
        Ok(self
            .store
            .read(move |reader| {
                let conn = &reader.main;
                let Some(row) = thread::get(conn, params.id)? else { return Ok(Vec::new()) };
                let [person] = row.people.as_slice() else { return Ok(Vec::new()) };
                let handles = people::handles(conn, &person.handle.to_lowercase())?;
                let name = person.name.as_deref().unwrap_or_default();
                let mut found = Vec::new();
                for source in sources.iter().filter(|source| source.id != row.source && source.capabilities.send) {
                    // A chat is gone on with, a mail is a new one; from which mailbox a mail goes, its own field says.
                    let chat = source.kind == Kind::Chat;
                    if !chat && (source.kind != Kind::Mail || row.kind != Kind::Chat) {
                        continue;
                    }
                    for known in identity::alike(conn, source.id, &handles, name)? {
                        let thread = if chat { thread::alone_with(conn, source.id, &known.handle)? } else { None };
                        if chat && thread.is_none() {
                            continue;
                        }
                        let same = handles.contains(&known.handle);
                        let source_type = source.source_type;
                        found.push(Elsewhere { thread, source: source.id, source_type, person: known, same });
                        break;
                    }
                }
                Ok(found)
            })
            .await?)
    }

    /// `people.known`.
    pub(crate) async fn known_people(&self, params: KnownParams) -> Result<Vec<KnownPerson>, ApiError> {
        Ok(self.store.read(move |reader| identity::known(&reader.main, &params.handles)).await?)
    }
}

/// What of each source can be found.
fn coverage(sources: Vec<SourceView>) -> Vec<Coverage> {
    sources
        .into_iter()
        .filter(|source| !source.capabilities.send_only)
        .map(|source| Coverage {
            source: source.id,
            name: source.name,
            source_type: source.source_type,
            from: source.progress.since,
            complete: source.progress.complete,
        })
        .collect()
}

/// What is shown of the hits; the first `snippets` of them with their lines of text.
fn rows(
    reader: &Reader,
    sources: &[SourceView],
    hits: &Hits,
    snippets: usize,
    query: &Query,
) -> StoreResult<Vec<SearchHit>> {
    let mut rows = Vec::with_capacity(hits.hits.len());
    for hit in &hits.hits {
        let id = ItemId(hit.item);
        // Between the index and now the item may have gone.
        let Some(row) = item::brief(&reader.main, id)? else { continue };
        let Some(source) = sources.iter().find(|source| source.id == row.source) else { continue };
        let snippet = if rows.len() < snippets {
            search::snippet(&body::text(&reader.bodies, row.body)?, query, SNIPPET)
        } else {
            Vec::new()
        };
        rows.push(SearchHit {
            item: id,
            thread: row.thread,
            source: row.source,
            source_type: source.source_type,
            kind: row.kind,
            from: row.from,
            subject: row.title,
            snippet,
            at: row.at,
            unread: row.unread,
            has_attachment: row.has_attachment,
        });
    }
    Ok(rows)
}

impl From<SearchError> for ApiError {
    fn from(error: SearchError) -> Self {
        let code = match error {
            SearchError::Cancelled => ErrorCode::Cancelled,
            SearchError::PageKey => ErrorCode::Invalid,
            _ => ErrorCode::Failed,
        };
        Self::new(code, sentence(&error))
    }
}
