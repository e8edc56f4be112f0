//! Platforms that let one write freely only for a while after somebody wrote (WhatsApp), and only approved
//! messages later.
//!
//! The time is not kept: it follows from when they wrote last, which is here. It is looked at before a
//! message is queued, so that whoever writes it hears at once; a message that waits longer than expected is
//! refused by the platform itself.

use inlet_model::{SourceId, ThreadId, Timestamp};
use rusqlite::Connection;

use crate::{
    api::{ApiError, ErrorCode},
    store::{Result as StoreResult, item::reply_window, source},
};

/// What keeps a message that goes at this time from going freely, with what to do instead.
pub(crate) fn refusal(
    conn: &Connection,
    id: SourceId,
    thread: Option<ThreadId>,
    at: Timestamp,
    now: Timestamp,
) -> StoreResult<Option<ApiError>> {
    let Some(hours) = source::capabilities(conn, id)?.reply_window else { return Ok(None) };
    let until = match thread {
        Some(thread) => reply_window(conn, id, thread)?.and_then(|window| window.until),
        None => None,
    };
    if until.is_some_and(|until| at < until) {
        return Ok(None);
    }
    let name = source::all(conn)?.into_iter().find(|source| source.id == id).map(|source| source.name);
    let name = name.unwrap_or_default();
    let sentence = match until {
        Some(until) if now < until => format!(
            "By then more than {hours} hours will have passed since they wrote last, and {name} takes only an approved \
             template: send it earlier, or send a template."
        ),
        Some(_) => format!(
            "More than {hours} hours have passed since they wrote last, so {name} takes only an approved template now: \
             choose one and send that."
        ),
        None => format!(
            "They have not written to you yet, so {name} takes only an approved template: choose one and send that."
        ),
    };
    Ok(Some(ApiError { source_id: Some(id), ..ApiError::new(ErrorCode::Refused, sentence) }))
}
