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
    /// Another handle that the person said is the same.
    Joined,
    /// Another handle of exactly the same name: may be the same person.
    Name,
    /// The same name, and an address of the same domain: may be the same person.
    Company,
    /// An address that stands in their signature: may be the same person.
    Signature,
    /// A telephone number that stands in their signature: may be the same person.
    Phone,
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
    /// How soon they answer me.
    pub answers: Option<Habit>,
    /// How soon I answer them.
    pub answered: Option<Habit>,
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

/// A page of everybody.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PeopleListParams {
    /// Words that names or handles begin with; everybody when empty.
    pub query: String,
    /// How many at most; 200 when left out.
    pub limit: Option<u32>,
    /// How many to skip.
    pub skip: u32,
}

/// Somebody in the list of everybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PersonRow {
    /// The name and handle that was used most.
    pub party: Party,
    /// A source this handle is met in.
    pub source: SourceId,
    /// Platforms they are met on.
    pub platforms: Vec<SourceType>,
    /// How many handles belong to them.
    pub handles: u32,
    /// Last contact.
    pub last: Timestamp,
}

/// Everybody, those with most contact first.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PeoplePage {
    /// The page.
    pub people: Vec<PersonRow>,
    /// How many there are in all.
    #[ts(type = "number")]
    pub total: u64,
}

/// Two handles.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PairParams {
    /// One.
    pub one: String,
    /// The other.
    pub other: String,
}

/// One handle.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct HandleParams {
    /// The handle.
    pub handle: String,
}

/// How long one side usually takes to answer the other, between two people alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Habit {
    /// Half of the answers came within this many minutes.
    #[ts(type = "number")]
    pub minutes: u64,
    /// Answers that were counted.
    pub answers: u32,
}
