//! Platforms that let one write freely only for a while after somebody wrote (WhatsApp), and only approved
//! messages later.
//!
//! The time is not kept: it follows from when they wrote last, which is here. It is looked at before a
//! message is queued, so that whoever writes it hears at once; a message that waits longer than expected is
//! refused by the platform itself.

use inlet_model::{Template, ThreadId, Timestamp};

use super::App;
use crate::{
    api::{
        ApiError, ErrorCode,
        types::{SourceView, TemplatesParams},
    },
    store::item::reply_window,
};

impl App {
    /// A message that goes at this time may go freely.
    ///
    /// # Errors
    /// [`ErrorCode::Refused`] with what to do instead.
    pub(super) async fn within_window(
        &self,
        source: &SourceView,
        thread: Option<ThreadId>,
        at: Timestamp,
    ) -> Result<(), ApiError> {
        if source.capabilities.reply_window.is_none() {
            return Ok(());
        }
        let id = source.id;
        let window = match thread {
            Some(thread) => self.store.read(move |reader| reply_window(&reader.main, id, thread)).await?,
            None => None,
        };
        let until = window.as_ref().and_then(|window| window.until);
        if until.is_some_and(|until| at < until) {
            return Ok(());
        }
        let hours = source.capabilities.reply_window.unwrap_or_default();
        let sentence = match until {
            Some(until) if self.clock.now() < until => format!(
                "By then more than {hours} hours will have passed since they wrote last, and {} takes only an approved \
                 template: send it earlier, or send a template.",
                source.name
            ),
            Some(_) => format!(
                "More than {hours} hours have passed since they wrote last, so {} takes only an approved template now: \
                 choose one and send that.",
                source.name
            ),
            None => format!(
                "They have not written to you yet, so {} takes only an approved template: choose one and send that.",
                source.name
            ),
        };
        Err(ApiError { source_id: Some(source.id), ..ApiError::new(ErrorCode::Refused, sentence) })
    }

    /// `compose.templates`.
    pub(crate) async fn list_templates(&self, params: TemplatesParams) -> Result<Vec<Template>, ApiError> {
        Ok(self.live(params.source)?.source.templates().await?)
    }
}
