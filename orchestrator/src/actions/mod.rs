//! What to do next: the follower that keeps the thinking up with the store.
//!
//! The thinking itself is a crate of its own, pure and without a store. Here is what it needs from one: messages are
//! read once and kept so, and a conversation is concluded from what was read again whenever something of it changes
//! (every change stamps its thread with a rev), whenever its clock runs out, and whenever something beside it that it
//! rests on does: how the other person usually answers, what was taught, the settings. So what is kept is at any time
//! what would come out if everything were made anew.
//!
//! A table filled when messages are ingested was refused: it would make every sync wait for the thinking, and a rule
//! that changes would need it all again.
//!
//! | room | what |
//! |---|---|
//! | [`terms`] | what a person set: working days, holidays, weights |
//! | [`think`] | from the rows of one thread to a suggestion |
//! | [`follower`] | which threads, in batches, and what is written |

pub(crate) mod follower;
pub(crate) mod terms;
pub(crate) mod think;

/// From this score on it is for today,
pub(crate) const TODAY: i32 = 60;
/// and from this one on for soon.
pub(crate) const SOON: i32 = 35;
/// More cards than this are no plan for a day.
pub(crate) const CARDS: u32 = 7;
