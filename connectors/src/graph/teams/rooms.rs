//! The chats and channels there are.
//!
//! Five thousand chats are a hundred requests to list, so they are listed whole once, and from then on
//! only as far down as anything changed: Graph sorts them by their last message. Of each chat so little is held
//! ([`Brief`]) that thousands weigh nothing: a stamp of its last message, by which a chat that stands still is
//! recognised without asking about it, and two times. What its rows need besides (title, members, the last message
//! itself) is held of the chats that were listed last, which are pulled before more of the list is read; whoever wants
//! another one asks for it by itself.
//!
//! What was read elsewhere moves no chat up. As long as chats are known to be unread further down, the list is
//! followed to them from time to time.
//!
//! A stamp is good for one answer. Edits and reactions further up leave it as it is, so whoever asks for
//! a chat again without a new list wants to look closer, and is answered by the platform.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use inlet_model::{Scope, ScopeRole, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::{
    people::{Me, People},
    wire::{Chat, Message},
};

/// After this long everything is listed again, which finds what was left or deleted.
const WHOLE: Duration = Duration::from_secs(6 * 3600);
/// Chats that are unread here are looked at further down in the list this seldom, whether they were read elsewhere.
const FURTHER: Duration = Duration::from_secs(600);
/// Pages of the list that are read for that.
const DEEPEST: usize = 10;
/// A channel says nothing about its last message: in a round it is asked this seldom.
const CHANNEL: Duration = Duration::from_secs(600);
/// Names in the title of a chat that has none.
const NAMES: usize = 4;
/// Chats whose title and members are held: two pages of the list at least, for one is pulled while the next is here.
const HELD: usize = 150;

/// A chat or channel with what its rows share.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) name: String,
    /// A chat, or a channel.
    role: ScopeRole,
    pub(super) title: Option<String>,
    pub(super) people: Arc<People>,
    /// My tenant, as its members say it.
    pub(super) tenant: Option<String>,
    /// What was written until then has been read.
    pub(super) read: Option<Timestamp>,
    /// When its last message was written.
    newest: Option<Timestamp>,
    stamp: u64,
    /// Its last message, until it has been pulled.
    pub(super) preview: Option<Box<Message>>,
    /// Its place in the list.
    pub(super) rank: usize,
}

impl Known {
    /// A chat as Graph lists it.
    pub(super) fn chat(chat: Chat, me: &Arc<Me>, rank: usize) -> Self {
        let people = People::new(&chat.members, me);
        let title = chat.topic.filter(|topic| !topic.trim().is_empty());
        let own = chat.members.into_iter().find(|member| member.user_id.as_deref() == Some(&me.id));
        let stamp = stamp(chat.last_message_preview.as_ref());
        Self {
            name: title.clone().unwrap_or_else(|| names(&people, me)),
            role: ScopeRole::Chat,
            title,
            people: Arc::new(people),
            newest: chat.last_message_preview.as_ref().map(Message::created),
            tenant: own.and_then(|own| own.tenant_id).or(chat.tenant_id),
            read: chat.viewpoint.map(|view| view.last_message_read_date_time.unwrap_or(Timestamp::MIN)),
            stamp,
            preview: chat.last_message_preview.map(Box::new),
            rank,
        }
    }

    /// A channel.
    pub(super) fn channel(name: String, me: &Arc<Me>) -> Self {
        Self {
            title: Some(name.clone()),
            name,
            role: ScopeRole::Channel,
            people: Arc::new(People::new(&[], me)),
            newest: None,
            tenant: None,
            read: None,
            stamp: NONE,
            preview: None,
            rank: usize::MAX,
        }
    }

    /// The scope it is.
    pub(super) fn scope(&self, remote: &str) -> Scope {
        Scope { remote: remote.to_owned(), name: self.name.clone(), role: self.role, pulled: true, live: false }
    }

    /// Nobody has written here, as far as the list says.
    pub(super) fn is_empty(&self) -> bool {
        self.newest.is_none()
    }
}

/// What is held of every chat and channel, forty bytes with the name it is found by.
#[derive(Clone, Copy, Debug)]
struct Brief {
    /// Tells whether its last message is another one.
    stamp: u64,
    /// What was written until then has been read; [`NEVER`]: nothing is said of that.
    read: i64,
    /// When its last message was written, or [`NEVER`].
    newest: i64,
    /// Tells whether it has another name.
    name: u32,
    /// The list it was on last.
    turn: u16,
    channel: bool,
    /// Nobody has asked since it was listed.
    fresh: bool,
}

impl Brief {
    fn is_unread(&self) -> bool {
        !self.channel && self.read != NEVER && self.newest > self.read
    }
}

/// How a chat or channel stands, for a pull.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    /// Tells whether its last message is another one.
    pub(super) stamp: String,
    /// What was written until then has been read.
    pub(super) read: Option<Timestamp>,
    /// Nobody has asked since it was listed.
    pub(super) fresh: bool,
}

/// Where a list goes on.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Further {
    /// The next page; the first, where there is none.
    pub(super) link: Option<String>,
    /// Chats on the pages before.
    pub(super) listed: usize,
    /// It is read to its end.
    pub(super) whole: bool,
    /// Chats after which an earlier list broke off: what is below them may have moved since then.
    pub(super) owed: usize,
    /// Pages that are read for what is unread further down, even though nothing on them has moved.
    pub(super) below: usize,
}

/// The stamp of a chat without a message.
const NONE: u64 = 0;
/// No time. Times are in microseconds; Graph's have milliseconds.
const NEVER: i64 = i64::MIN;

fn micros(at: Option<Timestamp>) -> i64 {
    at.map_or(NEVER, Timestamp::as_microsecond)
}

fn time(micros: i64) -> Option<Timestamp> {
    Some(micros).filter(|at| *at != NEVER).and_then(|at| Timestamp::from_microsecond(at).ok())
}

/// Eight bytes that stand for a text: so many that no two of a person's chats have the same.
fn digest(parts: &[&str]) -> u64 {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    digest.finalize().iter().take(8).fold(0, |all, byte| (all << 8) | u64::from(*byte))
}

/// What tells one last message from another: edited and taken back ones too.
fn stamp(preview: Option<&Message>) -> u64 {
    let of = |preview: &Message| {
        digest(&[preview.id.as_str(), preview.body.content(), if preview.deleted() { "-" } else { "+" }])
    };
    preview.map_or(NONE, of)
}

/// The names of the others, as Teams calls a chat without a topic.
fn names(people: &People, me: &Me) -> String {
    let others = people.others();
    let names: Vec<&str> = others.iter().take(NAMES).map(inlet_model::Party::label).collect();
    match (names.is_empty(), others.len().saturating_sub(NAMES)) {
        (true, _) => me.party.label().to_owned(),
        (false, 0) => names.join(", "),
        (false, more) => format!("{} +{more}", names.join(", ")),
    }
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Rooms {
    /// By digests of the remote names of their scopes. A tree: a table is half empty, and twice there while it grows.
    briefs: BTreeMap<u64, Brief>,
    /// Those that were listed or asked for last, by remote names, each with a number that grows.
    known: HashMap<String, (u64, Known)>,
    held: u64,
    /// What was said to be read here, and what the platform said before.
    marked: HashMap<u64, (i64, i64)>,
    /// When a channel was asked last.
    asked: HashMap<u64, Instant>,
    /// My tenant, as the first chat said it.
    tenant: Option<String>,
    /// Counts the lists.
    turn: u16,
    /// Chats after which the list went on, until it has ended.
    owed: usize,
    whole: Option<Instant>,
    /// When it was last followed to what is unread.
    further: Option<Instant>,
}

impl Rooms {
    /// A list begins.
    pub(super) fn begin(&mut self) -> Further {
        self.turn = self.turn.wrapping_add(1);
        let whole = self.whole.is_none_or(|at| at.elapsed() >= WHOLE);
        let looks = !whole && self.further.is_none_or(|at| at.elapsed() >= FURTHER);
        if looks {
            self.further = Some(Instant::now());
        }
        Further { link: None, listed: 0, whole, owed: self.owed, below: if looks { DEEPEST } else { 0 } }
    }

    /// A list goes on beyond so many chats: should it break off, the next one has to come further than that.
    pub(super) fn goes_on(&mut self, listed: usize) {
        self.owed = listed;
    }

    /// The next list is read to its end.
    pub(super) fn forget_list(&mut self) {
        self.whole = None;
    }

    /// Whether a chat that was not on the list so far is unread.
    pub(super) fn unread_below(&self) -> bool {
        self.briefs.values().any(|brief| brief.turn != self.turn && brief.is_unread())
    }

    /// Takes a chat or channel in as it is listed; true when it is new or something of it is.
    pub(super) fn take(&mut self, remote: &str, mut listed: Known) -> bool {
        let key = digest(&[remote]);
        if let Some((mine, then)) = self.marked.get(&key).copied() {
            if micros(listed.read) == then {
                // The list has not heard yet of what was read here.
                listed.read = time(mine);
            } else {
                self.marked.remove(&key);
            }
        }
        let before = self.briefs.get(&key);
        listed.newest = listed.newest.max(before.and_then(|before| time(before.newest)));
        let brief = Brief {
            stamp: listed.stamp,
            read: micros(listed.read),
            newest: micros(listed.newest),
            name: u32::try_from(digest(&[&listed.name]) >> 32).unwrap_or_default(),
            turn: self.turn,
            channel: listed.role == ScopeRole::Channel,
            fresh: true,
        };
        let changed = before
            .is_none_or(|before| (before.stamp, before.read, before.name) != (brief.stamp, brief.read, brief.name));
        self.briefs.insert(key, brief);
        if self.tenant.is_none() {
            self.tenant.clone_from(&listed.tenant);
        }
        // Of a channel the name is all, and its scope has that.
        if listed.role == ScopeRole::Chat {
            self.hold(remote, listed);
        }
        changed
    }

    /// Holds what is known of a chat, in the place of the one that was held longest.
    pub(super) fn hold(&mut self, remote: &str, known: Known) {
        self.held += 1;
        self.known.insert(remote.to_owned(), (self.held, known));
        if self.known.len() > HELD {
            let oldest = self.known.iter().min_by_key(|(_, (held, _))| *held).map(|(remote, _)| remote.clone());
            if let Some(oldest) = oldest {
                self.known.remove(&oldest);
            }
        }
    }

    /// What is known of a chat, for a pull. Its last message is pulled once from here.
    pub(super) fn known(&mut self, remote: &str) -> Option<Known> {
        let (_, known) = self.known.get_mut(remote)?;
        let preview = known.preview.take();
        Some(Known { preview, ..known.clone() })
    }

    /// The list was read to its end: what was not on it is gone.
    pub(super) fn only(&mut self) {
        let turn = self.turn;
        self.briefs.retain(|_, brief| brief.turn == turn);
        let there = &self.briefs;
        self.known.retain(|remote, _| there.contains_key(&digest(&[remote])));
        self.marked.retain(|key, _| there.contains_key(key));
        self.asked.retain(|key, _| there.contains_key(key));
        self.whole = Some(Instant::now());
        self.further = self.whole;
    }

    /// A list was read as far as anything changed: the rest stands still.
    pub(super) fn rest_stands_still(&mut self) {
        self.owed = 0;
        let turn = self.turn;
        self.briefs.values_mut().filter(|brief| brief.turn != turn).for_each(|brief| brief.fresh = true);
    }

    /// How a place stands, for a pull: who asks again before it is listed again is told that it is not fresh.
    pub(super) fn visit(&mut self, remote: &str) -> Option<Standing> {
        let brief = self.briefs.get_mut(&digest(&[remote]))?;
        let fresh = std::mem::take(&mut brief.fresh);
        let stamp = match brief.stamp {
            NONE => "none".to_owned(),
            stamp => format!("{stamp:016x}"),
        };
        Some(Standing { stamp, read: time(brief.read), fresh })
    }

    /// Whether a channel was asked lately; if not, it is now.
    pub(super) fn asked_lately(&mut self, remote: &str) -> bool {
        let key = digest(&[remote]);
        let lately = self.asked.get(&key).is_some_and(|at| at.elapsed() < CHANNEL);
        if !lately {
            self.asked.insert(key, Instant::now());
        }
        lately
    }

    /// The newest that came with a pull.
    pub(super) fn came(&mut self, remote: &str, newest: Timestamp) {
        if let Some(brief) = self.briefs.get_mut(&digest(&[remote])) {
            brief.newest = brief.newest.max(micros(Some(newest)));
        }
    }

    /// What was read here.
    pub(super) fn mark(&mut self, remote: &str, read: Timestamp) {
        let key = digest(&[remote]);
        if let Some(brief) = self.briefs.get_mut(&key) {
            let before = std::mem::replace(&mut brief.read, micros(Some(read)));
            self.marked.insert(key, (brief.read, before));
        }
    }

    /// The newest that is known to be written in a place.
    pub(super) fn newest(&self, remote: &str) -> Option<Timestamp> {
        self.briefs.get(&digest(&[remote])).and_then(|brief| time(brief.newest))
    }

    /// My tenant, by whatever chat says it.
    pub(super) fn tenant(&self) -> Option<String> {
        self.tenant.clone()
    }
}
