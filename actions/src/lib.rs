//! What a conversation asks of a person, and why.
//!
//! Text goes through four rooms. [`zone`] cuts away what somebody else wrote; [`acts`] says what each sentence does;
//! [`dates`] says until when; [`ledger`] keeps who owes whom an answer, and [`state`] concludes with one of five states, a
//! score, the signals it is made of and the sentence it stands on. [`language`] tells which of seven languages speaks.
//!
//! Two functions are all a caller needs: [`read`] for each message, once, and [`conclude`] for each conversation that
//! changed; [`Settled`] is the first half of the latter. Reading is what costs; a follower of the feed keeps readings by item and calls
//! [`conclude`] whenever one of its conversations has a new item or a new event, or a clock has run out
//! ([`Conclusion::changes_at`]). A page of notes is no conversation; [`conclude_page`] looks at its to-dos and dated
//! lines. Nothing is kept here, so whatever is
//! concluded can be concluded again from nothing, and is the same.
//!
//! The crate does no I/O and knows [`inlet_model`] and nothing else of ours: that keeps the thinking a pure function,
//! testable without a store, and quick to build for those who tune it. No language model takes part.

pub mod acts;
pub mod calendar;
pub mod dates;
mod fold;
pub mod language;
pub mod ledger;
pub mod message;
mod nudge;
mod offer;
pub mod page;
pub mod reading;
pub mod score;
mod sentence;
pub mod state;
mod words;
pub mod zone;

pub use calendar::Calendar;
pub use language::Language;
pub use message::{Me, Message, approves};
pub use nudge::nudge;
pub use offer::{Hours, asks_to_meet, free_times, offer};
pub use page::{Page, conclude_page};
pub use reading::{Reading, read, reader};
pub use score::{Rule, Terms};
pub use state::{Beside, Conclusion, Event, Evidence, Habits, Settled, Signal, State, conclude};
