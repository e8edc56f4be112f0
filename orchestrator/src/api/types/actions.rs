//! What to do next: suggestions with their reasons, and what was taught about them.

use inlet_actions::{Language, Rule, Signal, State};
use inlet_model::{ItemId, Party, SourceType, ThreadId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ThreadRow;

/// Which suggestions are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Which {
    /// For today, seven at most.
    #[default]
    Today,
    /// For today and for soon.
    Soon,
    /// What I wait for, whether or not it is time for a word.
    Waiting,
    /// Everything that is open, hidden ones as well.
    All,
}

/// Which suggestions, and how many.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ActionsParams {
    /// Which.
    pub which: Which,
    /// At the most.
    pub limit: Option<u32>,
}

/// What to do next.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ActionList {
    /// Those that weigh most first.
    pub actions: Vec<ActionView>,
    /// Conversations that have not been thought about yet.
    pub behind: u64,
}

/// A suggestion with its reasons.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ActionView {
    /// The conversation or page.
    pub thread: ThreadRow,
    /// What it asks of me: `reply`, `todo` or `waiting`.
    pub state: State,
    /// 60 and more is for today, 35 and more for soon.
    pub score: i32,
    /// What the score is made of.
    pub signals: Vec<Signal>,
    /// The item that holds the sentence,
    pub item: ItemId,
    /// at which byte of its text,
    pub start: usize,
    /// and the sentence.
    pub sentence: String,
    /// What saw it: patterns by name, or the model.
    pub seen_by: Vec<String>,
    /// The other side: who asked, or who is waited for.
    pub person: Option<Party>,
    /// When it is due, where it says so.
    pub due: Option<DueView>,
    /// Since when it stands open.
    pub since: Timestamp,
    /// What else is open in it, the newest first; on a page what is due next.
    pub beside: Vec<OpenView>,
    /// From then on, waiting is worth a word.
    pub nudge_at: Option<Timestamp>,
    /// Hidden by me until then.
    pub hidden_until: Option<Timestamp>,
    /// The to-do of a page, by the platform's name: to be ticked.
    pub todo: Option<String>,
    /// How often I answered them,
    pub answered: u32,
    /// of how often they wrote.
    pub received: u32,
    /// How long they usually take to answer, in minutes.
    pub their_minutes: Option<u64>,
    /// Until when the platform takes an answer in one's own words, where it minds.
    pub window_closes: Option<Timestamp>,
    /// It asks to meet and names no time: `actions.offer` drafts an answer that offers some.
    pub meet: bool,
    /// Of its language only question marks are read.
    pub questions_only: bool,
}

/// Something that is open in a conversation, or on a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct OpenView {
    /// The conversation or page,
    pub thread: ThreadId,
    /// and where it lives.
    pub source_type: SourceType,
    /// `reply` for what is asked of me, `todo` for what I promised or noted, `waiting` for what I wait for.
    pub state: State,
    /// The item that holds the sentence,
    pub item: ItemId,
    /// at which byte of its text,
    pub start: usize,
    /// and the sentence.
    pub sentence: String,
    /// The other side.
    pub person: Option<Party>,
    /// When it is due, where it says so.
    pub due: Option<DueView>,
    /// Since when it stands open.
    pub since: Timestamp,
    /// The to-do of a page, by the platform's name.
    pub todo: Option<String>,
}

/// Where to remind somebody of what I asked.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
pub struct NudgeParams {
    /// The conversation.
    pub thread: ThreadId,
}

/// Where to offer times to meet at.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
pub struct OfferParams {
    /// The conversation.
    pub thread: ThreadId,
    /// Two letters: the language where that of the conversation is not known; English when left out.
    #[serde(default)]
    #[ts(type = "string | null")]
    pub language: Option<Language>,
}

/// When something is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DueView {
    /// By then at the latest, as its sender meant it; of several readings the first.
    pub at: Timestamp,
    /// The day as its sender named it (`2026-03-06`), which may be another one where the reader is.
    pub day: String,
    /// A time of day was said; without one it is the end of the day.
    pub timed: bool,
    /// It can be read in several ways, and moves nothing.
    pub ambiguous: bool,
}

/// A rule that moves scores.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RuleView {
    /// Its name.
    pub name: Rule,
    /// What it adds.
    pub points: i32,
    /// What it adds where nobody said otherwise.
    pub default: i32,
}

/// What taught.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum LessonKind {
    /// It was no action.
    Dismissed,
    /// I answered.
    Answered,
    /// I put it off.
    Snoozed,
    /// I said that it is done, and gave no answer.
    Done,
}

/// What was taught by what I did with a suggestion.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Lesson {
    /// Its number.
    pub id: i64,
    /// By what.
    pub kind: LessonKind,
    /// When.
    pub at: Timestamp,
    /// Whom it is about.
    pub person: Party,
    /// The words that had looked like an ask, by the name of their pattern; empty where it was not words.
    pub pattern: String,
    /// The conversation it was said of, where it is still here,
    pub thread: Option<ThreadId>,
    /// and what that is called.
    pub title: String,
}

/// A lesson to forget.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct LessonParams {
    /// Its number.
    pub id: i64,
}
