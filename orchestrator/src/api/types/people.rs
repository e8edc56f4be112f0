//! What this computer knows about people.

use inlet_model::{ItemId, Party, SourceId, SourceType, ThreadId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AttachmentView, SearchHit, ThreadRow};

/// Letters somebody typed into a recipient field.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PeopleParams {
    /// The beginning of a name or address.
    pub prefix: String,
    /// The source they should be reachable through.
    #[serde(default)]
    pub source: Option<SourceId>,
}

/// Whom to tell about.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PersonParams {
    /// The source they are met in.
    pub source: SourceId,
    /// Their handle there.
    pub handle: String,
    /// Their name there, to find others of the same name by.
    #[serde(default)]
    pub name: Option<String>,
}

/// How one handle of a source belongs to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Likeness {
    /// The same handle.
    Handle,
    /// Another handle of exactly the same name: may be the same person.
    Name,
}

/// A handle somebody has in a source.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PersonIdentity {
    /// Source.
    pub source: SourceId,
    /// Platform.
    pub source_type: SourceType,
    /// Name and handle.
    pub party: Party,
    /// How it belongs.
    pub likeness: Likeness,
}

/// A file somebody sent or was sent.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SharedFile {
    /// The item that brought it.
    pub item: ItemId,
    /// Its thread.
    pub thread: ThreadId,
    /// When.
    pub at: Timestamp,
    /// I sent it.
    pub from_me: bool,
    /// The file.
    pub file: AttachmentView,
}

/// What this computer knows about somebody.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PersonView {
    /// Name and handle.
    pub party: Party,
    /// Their handles, those that only may be theirs last.
    pub identities: Vec<PersonIdentity>,
    /// First contact.
    pub first: Option<Timestamp>,
    /// Last contact.
    pub last: Option<Timestamp>,
    /// Messages they wrote.
    pub received: u64,
    /// Messages I wrote to them.
    pub sent: u64,
    /// The newest conversations with them.
    pub threads: Vec<ThreadRow>,
    /// The newest files sent by either side.
    pub files: Vec<SharedFile>,
    /// The newest notes that mention the name.
    pub notes: Vec<SearchHit>,
}

/// Addresses a message is to go to.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct KnownParams {
    /// Addresses.
    pub handles: Vec<String>,
}

/// What the history knows of an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KnownPerson {
    /// The address, as it was asked for.
    pub handle: String,
    /// I have written to it, or it is mine.
    pub written: bool,
    /// Somebody at the same domain has written to me or was written to.
    pub domain: bool,
}

/// A conversation with the same person on another channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Elsewhere {
    /// The conversation.
    pub thread: ThreadId,
    /// Its source.
    pub source: SourceId,
    /// The platform.
    pub source_type: SourceType,
    /// The person as they are known there.
    pub person: Party,
    /// The address is the very same; else only the name is.
    pub same: bool,
}
