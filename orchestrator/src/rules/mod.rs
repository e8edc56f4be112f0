//! Rules of a person: what is done by itself with what comes in.
//!
//! A rule is conditions over a message, its conversation and what was thought about it, and what then happens. What
//! can be decided without a store is decided so: a message becomes a [`view::View`], rules are made ready once
//! ([`matching`]), and out of both comes a plan ([`plan`]) that says of each rule whether it holds and what it would
//! do. The dry run shows the plan; the follower ([`follower`]) carries it out, in one transaction with its watermark
//! and the log: whatever ends the program in between, nothing is lost and nothing is done twice. What a rule does is an
//! action like a person's, and is undone as one.
//!
//! A script in a rule was refused: what a rule can do has to be readable, testable against the past, and harmless to
//! import from somebody else. So was running rules on the servers: each of them can do something else, and none knows
//! of chats, notes or what was thought.
//!
//! | room | what |
//! |---|---|
//! | [`rule`], [`values`] | a rule as it is written, and the values in it |
//! | [`file`] | rules as TOML, with errors that name the line |
//! | [`view`] | a message, as far as conditions look at it |
//! | [`matching`] | which rules hold, and by what |
//! | [`plan`], [`loops`] | what each would do, and what must not be sent |
//! | [`follower`] | what came in, in batches; what is done and written |

pub(crate) mod file;
pub(crate) mod follower;
pub(crate) mod loops;
pub(crate) mod matching;
pub(crate) mod plan;
pub(crate) mod rule;
#[cfg(test)]
mod tests;
pub(crate) mod values;
pub(crate) mod view;

pub use rule::{LimitPer, RuleLimit, RuleNotify, RuleThen, RuleWhen, UserRule};
pub use values::{Later, Range, Recipient, RuleLanguage, Urgency, Words};
