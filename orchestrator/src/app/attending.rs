//! Somebody looks: sources that are asked only then are asked now.
//!
//! Teams allows apps of a person no polling worth the name, so its chats are fetched when the window
//! comes to the front, when a chat is opened, and when its past is wanted. The window says what happens
//! and knows nothing of sources; how often that becomes a request is decided here. Mail servers tell of
//! new mail and not of drafts: those are looked for when their list is on show.

use std::{
    collections::{HashMap, hash_map::Entry},
    time::Duration,
};

use inlet_model::{ScopeRole, SourceError, SourceId, ThreadId, Timestamp};
use parking_lot::Mutex;

use super::App;
use crate::{
    api::{
        ApiError, ErrorCode,
        types::{AttendParams, Nothing, ThreadParams, ThreadView},
    },
    clock::Clock,
    store::{scope, source, thread},
    sync,
};

/// A source, or one chat of it, is not asked again within this time because somebody looks.
const APART: Duration = Duration::from_secs(15);

/// When each was asked, or told something, last because somebody looked or wrote.
#[derive(Default)]
pub(super) struct Attended(Mutex<HashMap<(i64, Option<i64>), Timestamp>>);

impl Attended {
    /// It may be asked now, if it was not within this time; notes that it is.
    pub(super) fn may(&self, source: SourceId, thread: Option<ThreadId>, clock: &Clock, apart: Duration) -> bool {
        let now = clock.now();
        let least = sync::before(now, apart);
        let mut asked = self.0.lock();
        // A clock that was set back must not silence it.
        asked.retain(|_, at| *at > least && *at <= now);
        match asked.entry((source.0, thread.map(|thread| thread.0))) {
            Entry::Occupied(_) => false,
            Entry::Vacant(entry) => {
                entry.insert(now);
                true
            }
        }
    }
}

impl App {
    /// `sync.attend`.
    pub(crate) async fn attend(&self, params: AttendParams) -> Result<Nothing, ApiError> {
        if params.drafts {
            return self.attend_drafts().await;
        }
        let Some(id) = params.thread else {
            for (source, live) in self.registry.of(None) {
                if live.source.capabilities().on_demand && self.attended.may(source, None, &self.clock, APART) {
                    live.sync.notify_one();
                }
            }
            return Ok(Nothing {});
        };
        let found = self.store.read(move |reader| {
            let row = thread::get(&reader.main, id)?;
            Ok(row.map(|row| row.source).zip(Some(scope::of_thread(&reader.main, id)?)))
        });
        let (source, scopes) = found.await?.ok_or_else(|| ApiError::not_found(format!("The conversation {id}")))?;
        let live = self.registry.get(source).filter(|live| live.source.capabilities().on_demand);
        if let Some(live) = live.filter(|_| self.attended.may(source, Some(id), &self.clock, APART)) {
            for scope in scopes {
                live.dirty.look(scope.id);
            }
        }
        Ok(Nothing {})
    }

    /// The list of drafts is on show: what other programs have begun is looked for now, not with the next round.
    async fn attend_drafts(&self) -> Result<Nothing, ApiError> {
        for (id, live) in self.registry.of(None) {
            let able = live.source.capabilities();
            if !able.drafts || able.on_demand || !self.attended.may(id, None, &self.clock, APART) {
                continue;
            }
            let folder = self.store.read(move |reader| scope::by_role(&reader.main, id, ScopeRole::Drafts)).await?;
            if let Some(folder) = folder {
                live.dirty.look(folder.id);
            }
        }
        Ok(Nothing {})
    }

    /// `thread.older`.
    pub(crate) async fn older_thread(&self, params: ThreadParams) -> Result<ThreadView, ApiError> {
        let id = params.id;
        let found = self.store.read(move |reader| {
            let row = thread::get(&reader.main, id)?;
            Ok(row.map(|row| row.source).zip(scope::unfinished(&reader.main, id)?))
        });
        let Some((source, scope)) = found.await? else { return self.get_thread(params).await };
        let live = self.registry.get(source).filter(|live| live.source.capabilities().older);
        let live = live.ok_or_else(|| {
            ApiError::from(SourceError::Offline("This account is not open; resume it and try again.".into()))
        })?;
        if self.paused().await?.contains(&live.account) {
            return Err(ApiError::new(ErrorCode::Refused, "This account is paused; resume it and try again."));
        }
        let context = self.sync_context(source, &live);
        if let Some(retry_after) = sync::silence(&context).await {
            return Err(SourceError::Throttled { retry_after }.into());
        }
        if let Err(error) = sync::older(&context, scope).await {
            // The platform's wish for silence, or for a sign-in, is not only about this page.
            if matches!(error, SourceError::Throttled { .. } | SourceError::AuthNeeded(_)) {
                sync::settle(&context, &error).await;
            }
            return Err(error.into());
        }
        self.get_thread(params).await
    }

    /// The past of this thread can be asked for.
    pub(super) fn has_older(
        reader: &crate::store::Reader,
        source: SourceId,
        thread: ThreadId,
    ) -> crate::store::Result<bool> {
        let able = source::capabilities(&reader.main, source)?.older;
        Ok(able && scope::unfinished(&reader.main, thread)?.is_some())
    }
}
