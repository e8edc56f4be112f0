//! What this computer knows about people.

use inlet_model::{ItemId, Party, SourceId, SourceType, ThreadId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AttachmentView, MeetingView, OpenView, SearchHit, ThreadRow};

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
    /// The source they are met in; nothing where only an address book knows them.
    #[serde(default)]
    pub source: Option<SourceId>,
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
    /// Another handle of the same name, however it is written: may be the same person.
    Name,
    /// The same name, and an address of the same company or a card that names it: may be the same person.
    Company,
    /// Its signature names their address or telephone number: may be the same person.
    Signs,
    /// An address that stands in their signature: may be the same person.
    Signature,
    /// A telephone number that stands in their signature: may be the same person.
    Phone,
    /// It stands on the same card of an address book that was read in: may be the same person.
    Card,
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
    /// What is open between us: what they or I asked or promised, what weighs most first.
    pub open: Vec<OpenView>,
    /// Meetings of the next weeks with them.
    pub meetings: Vec<MeetingView>,
    /// They matter to me.
    pub vip: bool,
    /// Handles that an address book has beside these, and no source has met.
    pub beside: Vec<String>,
    /// Every handle of theirs, met or not, the one that was asked for first.
    pub handles: Vec<String>,
    /// One of them is known: to a source, to an address book, or by a message of theirs.
    pub known: bool,
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

/// Another channel to the same person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Elsewhere {
    /// The chat that goes on there; nothing where a new mail is written.
    pub thread: Option<ThreadId>,
    /// The source.
    pub source: SourceId,
    /// The platform.
    pub source_type: SourceType,
    /// The person as they are known there.
    pub person: Party,
    /// The address is the very same, or was said to be the same person's; else only the name is the same.
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
    /// A source this handle is met in; nothing where only an address book knows them.
    pub source: Option<SourceId>,
    /// Platforms they are met on.
    pub platforms: Vec<SourceType>,
    /// How many handles belong to them.
    pub handles: u32,
    /// Last contact.
    pub last: Option<Timestamp>,
    /// They matter to me.
    pub vip: bool,
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

/// Who two handles were before they were one person's.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Joined {
    /// The handles of each person, the one that was named first.
    pub groups: Vec<Vec<String>>,
    /// They had been kept apart.
    pub apart: bool,
}

/// Whether somebody matters to me.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct VipParams {
    /// One of their handles.
    pub handle: String,
    /// They do.
    pub vip: bool,
}

/// Address books to read in.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ContactFiles {
    /// Files of vCards.
    pub paths: Vec<String>,
}

/// A card that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SkippedCard {
    /// Its file.
    pub file: String,
    /// Why, in a sentence that names the card.
    pub why: String,
}

/// What an address book brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ContactsRead {
    /// New cards.
    #[ts(type = "number")]
    pub added: u64,
    /// Cards that say something else than before.
    #[ts(type = "number")]
    pub changed: u64,
    /// Cards that were known as they are.
    #[ts(type = "number")]
    pub known: u64,
    /// Cards that could not be read,
    #[ts(type = "number")]
    pub left_out: u64,
    /// and the first of them.
    pub skipped: Vec<SkippedCard>,
}

/// How many cards were forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ContactsForgotten {
    /// Cards.
    #[ts(type = "number")]
    pub cards: u64,
}

/// What is to be a person of its own again.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SplitParams {
    /// A handle.
    pub handle: String,
    /// Others of the same person that go with it; together they are one person.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub with: Vec<String>,
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
