//! A meeting, as all that was written about it comes to.
//!
//! No source yields one: mails bring calendars (RFC 5545) and say what is to become of a meeting, on platforms that keep
//! appointments as well, whose event messages are written down in the same words. What a meeting is follows from those
//! mails, so nothing here is kept.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Party, Rsvp, Timestamp};

/// Somebody who is invited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Invited {
    /// Who.
    pub party: Party,
    /// Their answer, as far as the mail knew it.
    pub answer: Option<Rsvp>,
}

/// A meeting, or one day of a series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UnifiedMeeting {
    /// Its name among calendars (RFC 5545 §3.8.4.7).
    pub uid: String,
    /// What it is called.
    pub summary: String,
    /// When it begins; of whole days the midnight in UTC of the first.
    pub starts: Timestamp,
    /// When it ends; of whole days the midnight in UTC of the last.
    pub ends: Option<Timestamp>,
    /// It lasts whole days.
    pub all_day: bool,
    /// It is one day of a series.
    pub repeats: bool,
    /// Where.
    pub place: Option<String>,
    /// Who invites.
    pub organizer: Option<Party>,
    /// Who is invited.
    pub people: Vec<Invited>,
    /// Its organizer called it off.
    pub cancelled: bool,
    /// How I answered.
    pub answer: Option<Rsvp>,
}
