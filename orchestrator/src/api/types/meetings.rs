//! Meetings: which there are, and by which mail each can be answered.

use inlet_model::{ItemId, SourceId, SourceType, ThreadId, Timestamp, UnifiedMeeting};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which meetings.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct MeetingsParams {
    /// Not over by then; now when left out.
    pub from: Option<Timestamp>,
    /// Begun by then; the end of that day, or four hours later, when left out.
    pub until: Option<Timestamp>,
}

/// A meeting, and the mail that tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MeetingView {
    /// What it is.
    pub meeting: UnifiedMeeting,
    /// The conversation that tells of it.
    pub thread: ThreadId,
    /// The mail to answer.
    pub item: ItemId,
    /// Its source.
    pub source: SourceId,
    /// The platform.
    pub source_type: SourceType,
    /// It can be answered here.
    pub can_answer: bool,
}
