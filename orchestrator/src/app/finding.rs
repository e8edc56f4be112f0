//! Search: the index for words, the store for what is shown of a hit.

use std::{sync::Arc, time::Instant};

use inlet_model::{ItemId, Party, ThreadId};

use super::App;
use crate::{
    api::{
        ApiError, ErrorCode, sentence,
        types::{Coverage, PeopleParams, SearchHit, SearchParams, SearchSort, SearchView},
    },
    clock::Clock,
    search::{self, CancelToken, Hits, PageKey, Query, SearchError, SearchRequest, Sort},
    store::{Reader, Result as StoreResult, body, identity, item, source},
};

/// Characters of a hit's snippet.
const SNIPPET: usize = 160;

impl App {
    /// `search`.
    pub(crate) async fn search(&self, params: SearchParams) -> Result<SearchView, ApiError> {
        let started = Instant::now();
        let cancel = self.take_lane(params.lane.as_deref());
        let query = Arc::new(search::parse(&params.query, self.clock.now(), &Clock::zone(), params.typing));
        let after: Option<PageKey> = params.after.as_deref().map(str::parse).transpose().map_err(refusal)?;
        let limit = params.limit.unwrap_or(50).clamp(1, 200) as usize;
        let sort = match params.sort {
            SearchSort::Newest => Sort::Newest,
            SearchSort::Relevance => Sort::Relevance,
        };
        let index = self.index.clone().ok_or_else(|| {
            ApiError::new(ErrorCode::Failed, "The search index is being made by another Inlet; try again in a moment.")
        })?;
        let (states, store) = (self.states.clone(), self.store.clone());
        let asked = query.clone();
        let found = tokio::task::spawn_blocking(move || -> Result<_, ApiError> {
            let request = SearchRequest { limit, after, sort, states: &*states, cancel: &cancel };
            let hits = index.search(&asked, request).map_err(refusal)?;
            let rows = store.read_now(|reader| rows(reader, &hits, &asked))?;
            let coverage = store.read_now(coverage)?;
            Ok((hits, rows, coverage))
        });
        let (hits, rows, coverage) =
            found.await.map_err(|error| ApiError::new(ErrorCode::Failed, error.to_string()))??;
        Ok(SearchView {
            total: hits.total.count,
            exact: hits.total.exact,
            took_us: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            coverage,
            hits: rows,
            next: hits.next.map(|key| key.to_string()),
            hints: query.hints.clone(),
            corrected: hits.corrected,
        })
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
}

/// What of each source can be found.
fn coverage(reader: &Reader) -> StoreResult<Vec<Coverage>> {
    Ok(source::all(&reader.main)?
        .into_iter()
        .map(|source| Coverage {
            source: source.id,
            name: source.name,
            source_type: source.source_type,
            from: source.progress.since,
            complete: source.progress.complete,
        })
        .collect())
}

fn rows(reader: &Reader, hits: &Hits, query: &Query) -> StoreResult<Vec<SearchHit>> {
    let types: std::collections::HashMap<_, _> =
        source::all(&reader.main)?.into_iter().map(|source| (source.id, source.source_type)).collect();
    let mut rows = Vec::with_capacity(hits.hits.len());
    for hit in &hits.hits {
        // Between the index and now the item may have gone.
        let Some(row) = item::get(&reader.main, ItemId(hit.item))? else { continue };
        let Some(source_type) = types.get(&row.source).copied() else { continue };
        let text = body::text(&reader.bodies, row.body)?;
        rows.push(SearchHit {
            item: row.id,
            thread: ThreadId(row.thread.0),
            source: row.source,
            source_type,
            kind: row.kind,
            from: row.from,
            subject: row.title,
            snippet: search::snippet(&text, query, SNIPPET),
            at: row.at,
            unread: !row.flags.read && !row.from_me,
            has_attachment: row.has_attachment,
        });
    }
    Ok(rows)
}

fn refusal(error: SearchError) -> ApiError {
    let code = match error {
        SearchError::Cancelled => ErrorCode::Cancelled,
        SearchError::PageKey => ErrorCode::Invalid,
        _ => ErrorCode::Failed,
    };
    ApiError::new(code, sentence(&error))
}
