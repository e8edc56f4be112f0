//! Somebody looks: sources that are asked only then are asked now.
//!
//! Teams allows apps of a person no polling worth the name, so its chats are fetched when the window
//! comes to the front, when a chat is opened, and when its past is wanted. The window says what happens
//! and knows nothing of sources; how often that becomes a request is decided here.

use std::{
    collections::{HashMap, hash_map::Entry},
    time::Duration,
};

use inlet_model::{SourceError, SourceId, ThreadId, Timestamp};
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

/// When each was asked last because somebody looked.
#[derive(Default)]
pub(super) struct Attended(Mutex<HashMap<(i64, Option<i64>), Timestamp>>);

impl Attended {
    /// It may be asked now; notes that it is.
    fn may(&self, source: SourceId, thread: Option<ThreadId>, clock: &Clock) -> bool {
        let (now, least) = (clock.now(), sync::before(clock, APART));
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
        let Some(id) = params.thread else {
            for (source, live) in self.registry.of(None) {
                if live.source.capabilities().on_demand && self.attended.may(source, None, &self.clock) {
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
        if let Some(live) = live.filter(|_| self.attended.may(source, Some(id), &self.clock)) {
            for scope in scopes {
                live.dirty.look(scope.id);
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
