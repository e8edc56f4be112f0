//! The mailbox: folders, messages, and the log their deltas are read from.
//!
//! A message is kept as what was said about it; everything else is worked out when it is asked
//! ([`value`]), and one of a hundred thousand generated ones is a number. Each change is numbered
//! and logged in its folder, so that a delta token is a number too.

pub(crate) mod api;
pub(crate) mod delta;
pub(crate) mod drafts;
pub(crate) mod files;
pub(crate) mod hands;
pub(crate) mod meetings;
pub(crate) mod mime;
pub(crate) mod upload;
pub(crate) mod value;

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine, engine::general_purpose::URL_SAFE};
use bytes::Bytes;
use serde_json::{Map, Value};

use super::{clock::Clock, exchange::Refusal};

/// The folders every mailbox has: well-known name, display name, hidden.
const WELL_KNOWN: &[(&str, &str, bool)] = &[
    ("msgfolderroot", "Top of Information Store", false),
    ("inbox", "Inbox", false),
    ("drafts", "Drafts", false),
    ("sentitems", "Sent Items", false),
    ("deleteditems", "Deleted Items", false),
    ("junkemail", "Junk Email", false),
    ("archive", "Archive", false),
    ("outbox", "Outbox", false),
    ("conversationhistory", "Conversation History", false),
    ("clutter", "Clutter", true),
    ("syncissues", "Sync Issues", true),
];

pub(crate) struct Mailbox {
    pub(crate) folders: BTreeMap<u64, Folder>,
    pub(crate) mails: BTreeMap<u64, Mail>,
    /// The number of the last change.
    pub(crate) revision: u64,
    next: u64,
    /// Changes of folders.
    pub(crate) log: Vec<(u64, u64)>,
    pub(crate) uploads: BTreeMap<String, upload::Session>,
    pub(crate) meetings: meetings::Meetings,
    /// What left the mailbox, in order.
    pub(crate) sent: Vec<Value>,
    clock: Clock,
}

pub(crate) struct Folder {
    pub(crate) key: u64,
    pub(crate) name: String,
    pub(crate) parent: Option<u64>,
    pub(crate) well_known: Option<&'static str>,
    pub(crate) hidden: bool,
    pub(crate) mails: BTreeSet<u64>,
    pub(crate) log: Vec<Change>,
    /// Since this change it is gone.
    pub(crate) gone: bool,
    pub(crate) entered: u64,
}

/// A change of a message in a folder.
pub(crate) struct Change {
    pub(crate) revision: u64,
    pub(crate) mail: u64,
    /// How often it had moved, which is part of an id that is not immutable.
    pub(crate) moves: u32,
    pub(crate) what: What,
}

pub(crate) enum What {
    Entered,
    /// The properties, as bits by their place in [`value::PROPERTIES`].
    Changed(u64),
    Left,
}

pub(crate) struct Mail {
    pub(crate) folder: u64,
    pub(crate) moves: u32,
    /// The change with which it came into its folder, and its last one.
    pub(crate) entered: u64,
    pub(crate) changed: u64,
    pub(crate) created_ms: i64,
    pub(crate) modified_ms: i64,
    /// One of many: its properties follow from this number.
    pub(crate) generated: Option<u64>,
    /// What was said about it.
    pub(crate) said: Map<String, Value>,
    pub(crate) files: Vec<files::File>,
    /// As it came, when it came as MIME.
    pub(crate) mime: Option<Bytes>,
    /// The derived type and the event of an invitation.
    pub(crate) meeting: Option<u64>,
}

impl Mailbox {
    pub(crate) fn new(clock: &Clock) -> Self {
        let mut mailbox = Self {
            folders: BTreeMap::new(),
            mails: BTreeMap::new(),
            revision: 0,
            next: 1,
            log: Vec::new(),
            uploads: BTreeMap::new(),
            meetings: meetings::Meetings::default(),
            sent: Vec::new(),
            clock: clock.clone(),
        };
        for &(known, name, hidden) in WELL_KNOWN {
            let parent = mailbox.well_known("msgfolderroot");
            let key = mailbox.add_folder(name, parent, hidden);
            mailbox.folders.get_mut(&key).expect("a folder just made").well_known = Some(known);
        }
        mailbox
    }

    pub(crate) fn key(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    pub(crate) fn step(&mut self) -> u64 {
        self.revision += 1;
        self.revision
    }

    pub(crate) fn well_known(&self, name: &str) -> Option<u64> {
        self.folders
            .values()
            .find(|folder| folder.well_known.is_some_and(|known| known.eq_ignore_ascii_case(name)))
            .map(|folder| folder.key)
    }

    pub(crate) fn add_folder(&mut self, name: &str, parent: Option<u64>, hidden: bool) -> u64 {
        let (key, revision) = (self.key(), self.step());
        let folder = Folder {
            key,
            name: name.to_owned(),
            parent,
            well_known: None,
            hidden,
            mails: BTreeSet::new(),
            log: Vec::new(),
            gone: false,
            entered: revision,
        };
        self.folders.insert(key, folder);
        self.log.push((revision, key));
        key
    }

    /// A folder by its id or well-known name.
    pub(crate) fn folder(&self, id: &str) -> Result<u64, Refusal> {
        let key = self.well_known(id).or_else(|| decode(id).filter(|id| id.kind == Kind::Folder).map(|id| id.key));
        match key.and_then(|key| self.folders.get(&key)) {
            Some(folder) if !folder.gone => Ok(folder.key),
            _ => Err(Refusal::new(404, "ErrorItemNotFound", "The specified object was not found in the store.")),
        }
    }

    /// A message by its id, of either kind.
    pub(crate) fn mail(&self, id: &str) -> Result<u64, Refusal> {
        let Some(id) = decode(id) else {
            return Err(Refusal::new(400, "ErrorInvalidIdMalformed", "Id is malformed."));
        };
        let good = self.mails.get(&id.key).is_some_and(|mail| match id.kind {
            Kind::Immutable => true,
            // An id that is not immutable is only good where the message was when it was given.
            Kind::Message => id.number == mail.moves,
            Kind::Folder | Kind::File => false,
        });
        if good { Ok(id.key) } else { Err(not_found()) }
    }

    pub(crate) fn get(&self, key: u64) -> Result<&Mail, Refusal> {
        self.mails.get(&key).ok_or_else(not_found)
    }

    /// Files a message that is new.
    pub(crate) fn insert(&mut self, folder: u64, generated: Option<u64>, said: Map<String, Value>) -> u64 {
        let (key, revision, now) = (self.key(), self.step(), self.clock.tick());
        let mail = Mail {
            folder,
            moves: 0,
            entered: revision,
            changed: revision,
            created_ms: now,
            modified_ms: now,
            generated,
            said,
            files: Vec::new(),
            mime: None,
            meeting: None,
        };
        self.mails.insert(key, mail);
        self.enter(folder, key, revision, 0);
        key
    }

    fn enter(&mut self, folder: u64, mail: u64, revision: u64, moves: u32) {
        let folder = self.folders.get_mut(&folder).expect("a folder");
        folder.mails.insert(mail);
        folder.log.push(Change { revision, mail, moves, what: What::Entered });
    }

    fn leave(&mut self, folder: u64, mail: u64, revision: u64, moves: u32) {
        let folder = self.folders.get_mut(&folder).expect("a folder");
        folder.mails.remove(&mail);
        folder.log.push(Change { revision, mail, moves, what: What::Left });
    }

    /// Says something about a message: new values of its properties.
    pub(crate) fn change(&mut self, key: u64, said: Map<String, Value>) {
        let bits = said.keys().filter_map(|name| value::bit(name)).fold(0, |bits, bit| bits | bit);
        let (revision, now) = (self.step(), self.clock.tick());
        let Some(mail) = self.mails.get_mut(&key) else { return };
        mail.said.extend(said);
        mail.changed = revision;
        mail.modified_ms = now;
        let (folder, moves) = (mail.folder, mail.moves);
        let log = &mut self.folders.get_mut(&folder).expect("a folder").log;
        log.push(Change { revision, mail: key, moves, what: What::Changed(bits) });
    }

    /// Moves a message: it leaves one folder and enters another.
    pub(crate) fn relocate(&mut self, key: u64, to: u64) {
        let (left, entered) = (self.step(), self.step());
        let Some(mail) = self.mails.get_mut(&key) else { return };
        let (from, before) = (mail.folder, mail.moves);
        mail.folder = to;
        mail.moves += 1;
        mail.entered = entered;
        mail.changed = entered;
        self.leave(from, key, left, before);
        self.enter(to, key, entered, before + 1);
    }

    /// Takes a message away for good.
    pub(crate) fn erase(&mut self, key: u64) {
        let revision = self.step();
        if let Some(mail) = self.mails.remove(&key) {
            self.leave(mail.folder, key, revision, mail.moves);
        }
    }

    pub(crate) fn rename_folder(&mut self, key: u64, name: &str) {
        let revision = self.step();
        if let Some(folder) = self.folders.get_mut(&key) {
            folder.name = name.to_owned();
            self.log.push((revision, key));
        }
    }

    /// Takes a folder away, with what is in it.
    pub(crate) fn erase_folder(&mut self, key: u64) {
        let below: Vec<u64> = self
            .folders
            .values()
            .filter(|folder| folder.parent == Some(key) && !folder.gone)
            .map(|folder| folder.key)
            .collect();
        for child in below {
            self.erase_folder(child);
        }
        let mails: Vec<u64> = self.folders.get(&key).into_iter().flat_map(|folder| &folder.mails).copied().collect();
        for mail in mails {
            self.erase(mail);
        }
        let revision = self.step();
        if let Some(folder) = self.folders.get_mut(&key) {
            folder.gone = true;
            self.log.push((revision, key));
        }
    }
}

pub(crate) fn not_found() -> Refusal {
    Refusal::new(404, "ErrorItemNotFound", "The specified object was not found in the store.")
}

/// What an id is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Message,
    Immutable,
    Folder,
    File,
}

pub(crate) struct Id {
    pub(crate) kind: Kind,
    pub(crate) key: u64,
    pub(crate) number: u32,
}

/// Ids look like Exchange's: base64, so that case matters, and long.
pub(crate) fn encode(kind: Kind, key: u64, number: u32) -> String {
    // "AAMk", "AAkA", "AQMk", "AAMl"
    let prefix: [u8; 3] = match kind {
        Kind::Message => [0x00, 0x03, 0x24],
        Kind::Immutable => [0x00, 0x09, 0x00],
        Kind::Folder => [0x01, 0x03, 0x24],
        Kind::File => [0x00, 0x03, 0x25],
    };
    let mut bytes = prefix.to_vec();
    bytes.extend(b"\x00\x8e2432b57b-0abd");
    let mixed = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bytes.extend(mixed.to_be_bytes());
    bytes.extend(number.to_be_bytes());
    bytes.extend(sum(&bytes).to_be_bytes());
    URL_SAFE.encode(bytes)
}

pub(crate) fn decode(id: &str) -> Option<Id> {
    let bytes = URL_SAFE.decode(id).ok()?;
    let (body, check) = bytes.split_at_checked(bytes.len().checked_sub(4)?)?;
    if sum(body).to_be_bytes() != check || body.len() != 3 + 15 + 12 {
        return None;
    }
    let kind = match body.get(..3)? {
        [0x00, 0x03, 0x24] => Kind::Message,
        [0x00, 0x09, 0x00] => Kind::Immutable,
        [0x01, 0x03, 0x24] => Kind::Folder,
        [0x00, 0x03, 0x25] => Kind::File,
        _ => return None,
    };
    let mixed = u64::from_be_bytes(body.get(18..26)?.try_into().ok()?);
    // The inverse of the factor modulo 2^64.
    let key = mixed.wrapping_mul(0xf1de_83e1_9937_733d);
    Some(Id { kind, key, number: u32::from_be_bytes(body.get(26..30)?.try_into().ok()?) })
}

fn sum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}
