//! What is owed to the outside, and what became of it.

use inlet_model::{OpId, Party, Reported, SourceId, ThreadId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where an operation of the outbox stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum OpState {
    /// Waiting for its time, its turn or the network.
    Queued,
    /// Being sent at this moment.
    Sending,
    /// It may have been sent: being looked for.
    Unknown,
    /// Done.
    Done,
    /// Waiting for the person.
    Parked,
    /// Taken back before it was sent.
    Cancelled,
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum OpKind {
    /// Sends a message.
    Send,
    /// Changes flags.
    Flags,
    /// Moves items.
    Move,
    /// Puts a label on or takes it off.
    Label,
    /// Removes items for good.
    Expunge,
    /// Keeps a draft on the server, or takes it away there.
    Draft,
    /// Ticks a to-do or takes the tick away.
    Tick,
    /// Answers an invitation.
    Rsvp,
    /// Gives a reaction or takes it back.
    React,
}

/// An operation of the outbox.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OpView {
    /// Id.
    pub id: OpId,
    /// Source it goes through.
    pub source: SourceId,
    /// Thread it belongs to.
    pub thread: Option<ThreadId>,
    /// What it does.
    pub kind: OpKind,
    /// Where it stands.
    pub state: OpState,
    /// Why it waits, in one sentence.
    pub reason: Option<String>,
    /// Attempts made.
    pub attempts: u32,
    /// Not before this.
    pub not_before: Timestamp,
    /// Message-ID or client key.
    pub key: String,
    /// What it is about: recipients and subject, in words.
    pub title: String,
    /// When it was queued.
    pub created_at: Timestamp,
    /// What became of it at whom it was sent to, as far as that was reported.
    #[serde(default)]
    pub delivery: Vec<DeliveryStatus>,
}

/// What became of a mail at one of its recipients, as their server or they themselves have reported it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeliveryStatus {
    /// Whom it was sent to.
    pub recipient: Party,
    /// What became of it.
    pub reported: Reported,
    /// When that was reported.
    pub at: Timestamp,
    /// Why, and what to do, in one sentence.
    pub reason: Option<String>,
    /// What the server said, in its own words.
    pub said: Option<String>,
}

/// One attempt of an operation.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Delivery {
    /// When.
    pub at: Timestamp,
    /// Outcome: `done`, or the code of the error.
    pub outcome: String,
    /// What the server or the error said.
    pub detail: Option<String>,
}

/// An operation with its log.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OpDetail {
    /// The operation.
    pub op: OpView,
    /// Its attempts, oldest first.
    pub deliveries: Vec<Delivery>,
}

/// Which operation.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OpParams {
    /// Operation.
    pub id: OpId,
}

/// Which operations.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct OutboxParams {
    /// The finished ones of the last 30 days as well.
    pub all: bool,
}
