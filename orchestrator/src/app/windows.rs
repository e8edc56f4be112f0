//! What the platform of a conversation allows there: for how long one may write freely, and what it has approved
//! for later; and telling it that somebody writes.
//!
//! That somebody writes is a word in passing: nothing keeps it, nothing waits for it, and what goes wrong with it
//! is nobody's business. It tells that the messages before were read as well, so it is told only where they were.

use std::time::Duration;

use inlet_model::{RemoteId, SourceId, Template, ThreadId, Timestamp};

use super::App;
use crate::{
    api::{
        ApiError,
        types::{Nothing, TemplatesParams, TypingParams},
    },
    outbox::window,
    store::{Reader, Result as StoreResult, item, thread},
};

/// Platforms forget within 25 seconds that somebody writes; it is not told more often than it takes.
const AGAIN: Duration = Duration::from_secs(20);
/// Messages that are looked through for the newest of somebody else's.
const NEWEST: u32 = 50;

impl App {
    /// A message that goes at this time may go freely.
    ///
    /// # Errors
    /// [`crate::api::ErrorCode::Refused`] with what to do instead.
    pub(super) async fn within_window(
        &self,
        source: SourceId,
        thread: Option<ThreadId>,
        at: Timestamp,
    ) -> Result<(), ApiError> {
        let now = self.clock.now();
        let refusal = self.store.read(move |reader| window::refusal(&reader.main, source, thread, at, now)).await?;
        refusal.map_or(Ok(()), Err)
    }

    /// `compose.templates`.
    pub(crate) async fn list_templates(&self, params: TemplatesParams) -> Result<Vec<Template>, ApiError> {
        Ok(self.live(params.source)?.source.templates().await?)
    }

    /// `thread.typing`.
    pub(crate) async fn typing(&self, params: TypingParams) -> Result<Nothing, ApiError> {
        let (id, now) = (params.thread, self.clock.now());
        if !self.config.lock().is_on("privacy.typing") {
            return Ok(Nothing {});
        }
        let found = self.store.read(move |reader| answered(reader, id, now)).await?;
        let Some((source, conversation, message)) = found else { return Ok(Nothing {}) };
        let live = self.registry.get(source).filter(|live| live.source.capabilities().typing);
        let Some(live) = live.filter(|_| self.typed.may(source, Some(id), &self.clock, AGAIN)) else {
            return Ok(Nothing {});
        };
        tokio::spawn(async move {
            if let Err(error) = live.source.typing(&conversation, &message).await {
                tracing::debug!(source = source.0, code = error.code(), "it could not be told that somebody writes");
            }
        });
        Ok(Nothing {})
    }
}

/// The conversation, and the message in it that is being answered; `None` where telling would say too much, or the
/// platform would not take an answer.
fn answered(reader: &Reader, id: ThreadId, now: Timestamp) -> StoreResult<Option<(SourceId, String, RemoteId)>> {
    let Some(row) = thread::get(&reader.main, id)? else { return Ok(None) };
    if window::refusal(&reader.main, row.source, Some(id), now, now)?.is_some() {
        return Ok(None);
    }
    let theirs = |item: &item::ItemRow| !item.from_me && item.from.as_ref().is_some_and(|by| !by.handle.is_empty());
    let newest = item::of_thread(&reader.main, id, None, NEWEST)?.into_iter().find(theirs);
    let read = newest.filter(|item| item.flags.read).map(|item| RemoteId(item.stable_id));
    Ok(thread::key(&reader.main, id)?.zip(read).map(|(key, message)| (row.source, key, message)))
}
