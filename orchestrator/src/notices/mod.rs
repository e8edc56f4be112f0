//! What is worth telling a person who is doing something else.
//!
//! A follower of the feed looks at what is new since the start and decides about each item, with a
//! reason that is kept in a bounded log. What is told stands on a board, one notice per conversation,
//! until it is read or leaves the inbox, here or elsewhere; the window compares the board with what it
//! has shown. So a lost event loses nothing, and nothing is shown twice.
//!
//! A queue of notices to be shown was refused: what was read on the phone in between could not be
//! taken back, and two windows would share one queue.
//!
//! | room | what |
//! |---|---|
//! | [`decide`] | whether an item is told, and why |
//! | [`board`] | what stands, in which order, and how much in a minute |
//! | [`digest`] | the day in one notice |

pub(crate) mod board;
pub(crate) mod decide;
pub(crate) mod digest;

pub(crate) use board::Board;
pub(crate) use decide::{Arrival, Rules, decide};
