//! The chats and channels there are.
//!
//! Five thousand chats are a hundred requests to list, so they are listed whole once, and from then on
//! only as far down as anything changed: Graph sorts them by their last message. What is held of each is
//! what a row needs (title, members) and a stamp of its last message, by which a chat that stands still
//! is recognised without asking about it.
//!
//! What was read elsewhere moves no chat up. As long as chats are known to be unread further down, the list is
//! followed to them from time to time.
//!
//! A stamp is good for one answer. Edits and reactions further up leave it as it is, so whoever asks for
//! a chat again without a new list wants to look closer, and is answered by the platform.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use inlet_model::{Scope, ScopeRole, Timestamp};
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

/// A chat or channel as the last list had it.
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
    /// Tells whether its last message is another one.
    pub(super) stamp: String,
    /// Its last message, until it has been pulled.
    pub(super) preview: Option<Box<Message>>,
    /// Its place in the list.
    pub(super) rank: usize,
    /// Nobody has asked since it was listed.
    fresh: bool,
    /// What was said to be read here, and what the platform said before.
    marked: Option<(Timestamp, Option<Timestamp>)>,
    /// When a channel was asked last.
    asked: Option<Instant>,
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
            fresh: true,
            marked: None,
            asked: None,
        }
    }

    /// A channel.
    pub(super) fn channel(name: String, me: &Arc<Me>, rank: usize) -> Self {
        Self {
            title: Some(name.clone()),
            name,
            role: ScopeRole::Channel,
            people: Arc::new(People::new(&[], me)),
            newest: None,
            tenant: None,
            read: None,
            stamp: String::new(),
            preview: None,
            rank,
            fresh: true,
            marked: None,
            asked: None,
        }
    }

    /// Nobody has written here, as far as the list says.
    pub(super) fn is_empty(&self) -> bool {
        self.newest.is_none()
    }

    fn is_unread(&self) -> bool {
        self.role == ScopeRole::Chat && self.read.is_some_and(|read| self.newest.is_some_and(|newest| newest > read))
    }

    fn differs(&self, other: &Self) -> bool {
        self.stamp != other.stamp || self.read != other.read || self.name != other.name
    }
}

/// What tells one last message from another: edited and taken back ones too.
fn stamp(preview: Option<&Message>) -> String {
    let Some(preview) = preview else { return "none".to_owned() };
    let mut digest = Sha256::new();
    for part in [preview.id.as_str(), preview.body.content(), if preview.deleted() { "-" } else { "+" }] {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
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

/// All of them, by the remote names of their scopes.
#[derive(Debug, Default)]
pub(super) struct Rooms {
    known: HashMap<String, Known>,
    whole: Option<Instant>,
    /// When it was last followed to what is unread.
    further: Option<Instant>,
}

impl Rooms {
    /// The list has to be read to its end.
    pub(super) fn stale(&self) -> bool {
        self.whole.is_none_or(|at| at.elapsed() >= WHOLE)
    }

    /// How many pages of the list are read even though nothing on them has moved.
    pub(super) fn further(&mut self) -> usize {
        if self.further.is_some_and(|at| at.elapsed() < FURTHER) {
            return 0;
        }
        self.further = Some(Instant::now());
        DEEPEST
    }

    /// Whether a chat that was not on the list so far is unread.
    pub(super) fn unread_below(&self, listed: &HashSet<String>) -> bool {
        self.known.iter().any(|(remote, known)| known.is_unread() && !listed.contains(remote))
    }

    /// Takes a chat in as it is listed; true when it is new or something of it is.
    pub(super) fn take(&mut self, remote: String, mut listed: Known) -> bool {
        let Some(before) = self.known.get(&remote) else {
            self.known.insert(remote, listed);
            return true;
        };
        if let Some((mine, then)) = before.marked
            && listed.read == then
        {
            // The list has not heard yet of what was read here.
            listed.read = Some(mine);
            listed.marked = before.marked;
        }
        let changed = before.differs(&listed);
        if !changed {
            listed.preview = before.preview.clone();
        }
        listed.asked = before.asked;
        listed.newest = listed.newest.max(before.newest);
        self.known.insert(remote, listed);
        changed
    }

    /// The list was read to its end: what was not on it is gone.
    pub(super) fn only(&mut self, listed: &HashSet<String>) {
        self.known.retain(|remote, _| listed.contains(remote));
        self.whole = Some(Instant::now());
        self.further = self.whole;
    }

    /// A list was read as far as anything changed: the rest stands still.
    pub(super) fn rest_stands_still(&mut self) {
        for known in self.known.values_mut() {
            known.fresh = true;
        }
    }

    /// What is known of a place, for a pull: and whether nobody has asked since it was listed.
    pub(super) fn visit(&mut self, remote: &str) -> Option<(Known, bool)> {
        let known = self.known.get_mut(remote)?;
        let fresh = std::mem::take(&mut known.fresh);
        let mut copy = known.clone();
        // It is pulled once from here, and not held any longer.
        copy.preview = known.preview.take();
        Some((copy, fresh))
    }

    /// Whether a channel was asked lately; if not, it is now.
    pub(super) fn asked_lately(&mut self, remote: &str) -> bool {
        let Some(known) = self.known.get_mut(remote) else { return false };
        let lately = known.asked.is_some_and(|at| at.elapsed() < CHANNEL);
        if !lately {
            known.asked = Some(Instant::now());
        }
        lately
    }

    /// The newest that came with a pull.
    pub(super) fn came(&mut self, remote: &str, newest: Timestamp) {
        if let Some(known) = self.known.get_mut(remote) {
            known.newest = known.newest.max(Some(newest));
        }
    }

    /// What was read here.
    pub(super) fn mark(&mut self, remote: &str, read: Timestamp) {
        if let Some(known) = self.known.get_mut(remote) {
            known.marked = Some((read, known.read));
            known.read = Some(read);
        }
    }

    /// The newest that is known to be written in a place.
    pub(super) fn newest(&self, remote: &str) -> Option<Timestamp> {
        self.known.get(remote)?.newest
    }

    /// My tenant, by whatever chat says it.
    pub(super) fn tenant(&self) -> Option<String> {
        self.known.values().find_map(|known| known.tenant.clone())
    }

    /// The places as scopes, the newest first.
    pub(super) fn scopes(&self) -> Vec<Scope> {
        let mut places: Vec<(&String, &Known)> = self.known.iter().collect();
        places.sort_by(|(a, one), (b, other)| one.rank.cmp(&other.rank).then_with(|| a.cmp(b)));
        let scope = |(remote, known): (&String, &Known)| Scope {
            remote: remote.clone(),
            name: known.name.clone(),
            role: known.role,
            pulled: true,
            live: false,
        };
        places.into_iter().map(scope).collect()
    }
}
