//! What comes to us: events of platforms that push and cannot be asked.
//!
//! Whoever receives an event verifies it, appends it, and acknowledges it only then; the source that it
//! is for reads the queue as it would ask a server, its cursor the number of the last event. So a crash
//! anywhere loses nothing: before the append the platform sends again, after it the event is here.
//!
//! Where a relay receives the events, a stream of the relay's is the first queue, and this computer's the second
//! one: events are taken over from there together with the place that was reached, so that none is lost and none
//! comes twice, whatever is killed when.
//!
//! A queue belongs to one account. It keeps the order of arrival, which is not the order things happened
//! in: platforms send late, twice and crosswise.

use async_trait::async_trait;
use jiff::SignedDuration;

use crate::{Timestamp, error::Result};

/// What names an older time than this was not sent by a platform now.
const STALE: SignedDuration = SignedDuration::from_hours(8 * 24);

/// An event that says it is of this time is older than any platform repeats.
pub fn is_stale(said_at: Option<Timestamp>, now: Timestamp) -> bool {
    said_at.is_some_and(|at| now.duration_since(at) > STALE)
}

/// What became of an event that was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is new, and on the disk.
    Stored,
    /// The same bytes are here already: a repetition, by the platform or by somebody who listened in.
    Known,
    /// It says itself that it is older than any platform repeats: it is not kept.
    Stale,
}

/// An event as it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboundEvent {
    /// Its place in the queue; numbers grow, and not always by one.
    pub seq: u64,
    /// When it arrived, by this computer's clock.
    pub at: Timestamp,
    /// What it is.
    pub what: Inbound,
}

/// What stands in a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inbound {
    /// What a platform sent, byte for byte.
    Body(Vec<u8>),
    /// Nobody listened from then until this stands here, for longer than the platform repeats what it
    /// could not deliver ([`crate::Pushed::repeated`]), or a relay no longer has what it kept: something may be missing.
    Gap {
        /// When somebody listened last.
        since: Timestamp,
    },
}

/// How far a relay's stream has been taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which stream; one that is made anew is another one.
    pub stream: String,
    /// The number of its last event that is here.
    pub seq: u64,
}

/// What a relay's stream had next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// What a platform sent, byte for byte.
    Body(Vec<u8>),
    /// There was something that cannot be had any more.
    Missing,
}

/// Where verified events go.
#[async_trait]
pub trait EventSink: Send + Sync {
    /// Keeps a verified event; it is on the disk when this returns. `said_at` is the time the event
    /// itself names, where it names one.
    ///
    /// # Errors
    /// [`crate::SourceError::Transient`] when it cannot be kept: whoever sent it has to send it again.
    async fn append(&self, body: &[u8], said_at: Option<Timestamp>) -> Result<Fate>;
}

/// The events of one account, in the order they arrived.
#[async_trait]
pub trait EventQueue: EventSink {
    /// The next events after one, at most so many. What lies before may be thrown away from now on.
    ///
    /// # Errors
    /// [`crate::SourceError::Transient`] when the queue cannot be read.
    async fn read(&self, after: u64, limit: usize) -> Result<Vec<InboundEvent>>;

    /// Returns when there is something after that place. Whoever waits listens: a gap is the time in
    /// which nobody did.
    ///
    /// # Errors
    /// [`crate::SourceError::Transient`] when the queue cannot be read.
    async fn wait(&self, after: u64) -> Result<()>;

    /// How far a relay's stream has been taken over, if one ever was.
    ///
    /// # Errors
    /// [`crate::SourceError::Transient`] when the queue cannot be read.
    async fn taken_over(&self) -> Result<Option<Place>>;

    /// Keeps what a relay's stream had between two places, together with the second one: all of it is on the
    /// disk when this returns, or nothing.
    ///
    /// # Errors
    /// [`crate::SourceError::Transient`] when it cannot be kept, or when somebody else has taken something over
    /// since `after`.
    async fn take_over(&self, after: Option<&Place>, arrivals: &[Arrival], reached: &Place) -> Result<()>;
}
