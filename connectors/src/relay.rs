//! The relay: the door for events on a host that is always on, and the way from there to the desktops.
//!
//! A request is verified there as it is on a desktop, by the same code, then sealed for the desktops that are to
//! read it ([`seal`]), handed to NATS JetStream, and acknowledged once that has it on its disk ([`stream`]). Each
//! account has a stream of its own, so that its numbers tell whether something was dropped; each desktop reads it
//! with a durable consumer of its own and takes what it reads over into its store ([`reader`]). Neither NATS nor
//! who runs it can read an event, or make one up.
//!
//! Refused: a database in the relay, which would be a second thing to keep, and sending events on to desktops,
//! which are asleep or behind a router; whoever wants events fetches them.

mod config;
mod metrics;
mod nats;
mod reader;
mod seal;
mod server;
mod stream;

pub(crate) use self::reader::Reader;
pub use self::{
    config::{File, Key},
    server::{Options, Relay},
};
