//! The conversations there are, and which of them have news.
//!
//! They are listed in one request, which says nothing about their messages: each has to be asked. In a
//! round, whose list has just been read, a conversation may stand still: while the socket is up and has
//! said nothing of it, or, without a socket, for some minutes where long nobody wrote. Whoever asks for a
//! conversation outside of a round wants to look, and is answered by Slack.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    time::Duration,
};

use inlet_model::{Party, Scope, ScopeRole};
use tokio::time::Instant;

use super::wire::Channel;

/// Conversations that are asked in every round, those with the newest messages.
const LIVELY: usize = 20;
/// The others are asked this seldom.
const SELDOM: Duration = Duration::from_secs(300);
/// While the socket is up everything is asked this seldom: what was read elsewhere is not among its events.
const HEARD: Duration = Duration::from_secs(600);
/// Changed messages of one conversation that are remembered until it is pulled.
const MOST_TOUCHED: usize = 200;
/// Names in the title of a group.
const NAMES: usize = 4;

/// What kind of conversation it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// Two people.
    Direct,
    /// A few people.
    Group,
    /// A channel, public or private.
    Channel,
}

/// A conversation.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) form: Form,
    name: Option<String>,
    /// Those in it beside me, where it is not a channel.
    pub(super) members: Vec<Party>,
    /// Ids of those, as far as they are known.
    pub(super) ids: Vec<String>,
    archived: bool,
    newest: Option<String>,
    /// Nobody has asked since it was listed.
    fresh: bool,
    asked: Option<Instant>,
}

impl Known {
    /// A conversation as it is listed.
    pub(super) fn new(channel: Channel) -> Self {
        let form = match (channel.is_im, channel.is_mpim) {
            (true, _) => Form::Direct,
            (_, true) => Form::Group,
            _ => Form::Channel,
        };
        Self {
            form,
            name: channel.name.filter(|name| !name.is_empty() && form == Form::Channel),
            members: Vec::new(),
            ids: channel.user.filter(|_| form == Form::Direct).into_iter().collect(),
            archived: channel.is_archived,
            newest: None,
            fresh: true,
            asked: None,
        }
    }

    /// Its title, where it has one of its own.
    pub(super) fn title(&self) -> Option<String> {
        self.name.as_ref().map(|name| format!("#{name}"))
    }

    fn label(&self, remote: &str) -> String {
        if let Some(title) = self.title() {
            return title;
        }
        let names: Vec<&str> = self.members.iter().take(NAMES).map(Party::label).collect();
        match (names.is_empty(), self.members.len().saturating_sub(NAMES)) {
            (true, _) => remote.to_owned(),
            (false, 0) => names.join(", "),
            (false, more) => format!("{} +{more}", names.join(", ")),
        }
    }
}

/// A message that changed: its time, and the message its thread hangs on, where that is known.
pub(super) type Touched = BTreeMap<String, Option<String>>;

/// All of them, by their ids.
#[derive(Debug, Default)]
pub(super) struct Rooms {
    known: HashMap<String, Known>,
    touched: HashMap<String, Touched>,
    /// Conversations whose waiters have to be told.
    news: BTreeSet<String>,
    /// The socket has been up since then, and is the only one.
    heard: Option<Instant>,
}

impl Rooms {
    /// Takes a conversation in as it is listed.
    pub(super) fn take(&mut self, remote: &str, mut listed: Known) {
        if let Some(before) = self.known.remove(remote) {
            listed.newest = before.newest;
            listed.asked = before.asked;
            if listed.ids.is_empty() {
                listed.ids = before.ids;
            }
            listed.members = before.members;
        }
        self.known.insert(remote.to_owned(), listed);
    }

    /// The list was read to its end: what was not on it is gone.
    pub(super) fn only(&mut self, listed: &HashSet<String>) {
        self.known.retain(|remote, _| listed.contains(remote));
        self.touched.retain(|remote, _| listed.contains(remote));
    }

    /// Ids of conversations whose members are not known.
    pub(super) fn nameless(&self) -> Vec<String> {
        let nameless = |known: &Known| known.form == Form::Group && known.ids.is_empty();
        self.known.iter().filter(|(_, known)| nameless(known)).map(|(remote, _)| remote.clone()).collect()
    }

    /// Ids of everybody in conversations that are named by them.
    pub(super) fn everybody(&self) -> Vec<String> {
        self.known.values().flat_map(|known| known.ids.iter().cloned()).collect()
    }

    /// Who is in a conversation.
    pub(super) fn set_ids(&mut self, remote: &str, ids: Vec<String>) {
        if let Some(known) = self.known.get_mut(remote) {
            known.ids = ids;
        }
    }

    /// Names everybody.
    pub(super) fn name(&mut self, party: impl Fn(&str) -> Party) {
        for known in self.known.values_mut() {
            known.members = known.ids.iter().map(|id| party(id)).collect();
            known.members.sort_by(|a, b| a.label().cmp(b.label()).then_with(|| a.handle.cmp(&b.handle)));
        }
    }

    /// Names of channels by their ids.
    pub(super) fn channels(&self) -> HashMap<String, String> {
        self.known.iter().filter_map(|(id, known)| Some((id.clone(), known.name.clone()?))).collect()
    }

    /// What is known of a conversation, and whether it may stand still: it was listed just now and
    /// nothing says that it has news.
    pub(super) fn visit(&mut self, remote: &str) -> Option<(Known, bool)> {
        let rank = self.rank(remote);
        let touched = self.touched.get(remote).is_some_and(|touched| !touched.is_empty());
        let known = self.known.get_mut(remote)?;
        let listed = std::mem::take(&mut known.fresh);
        let lately = |limit| known.asked.is_some_and(|asked| asked.elapsed() < limit);
        let heard = self.heard.is_some_and(|since| known.asked.is_some_and(|asked| asked >= since));
        let quiet = if heard { lately(HEARD) } else { (rank >= LIVELY || known.archived) && lately(SELDOM) };
        Some((known.clone(), listed && quiet && !touched))
    }

    /// The place of a conversation by its newest message.
    fn rank(&self, remote: &str) -> usize {
        let newest = |known: &Known| known.newest.clone();
        let Some(own) = self.known.get(remote).map(newest) else { return usize::MAX };
        self.known.values().filter(|other| other.newest > own).count()
    }

    /// It was asked at that time, and answered with this as its newest message.
    pub(super) fn asked(&mut self, remote: &str, at: Instant, newest: Option<&str>) {
        if let Some(known) = self.known.get_mut(remote) {
            known.asked = Some(at);
            if newest > known.newest.as_deref() {
                known.newest = newest.map(str::to_owned);
            }
        }
    }

    /// A message changed.
    pub(super) fn touch(&mut self, remote: &str, ts: &str, root: Option<&str>) {
        let touched = self.touched.entry(remote.to_owned()).or_default();
        let root = root.filter(|root| *root != ts).map(str::to_owned);
        let known = touched.remove(ts).flatten();
        touched.insert(ts.to_owned(), root.or(known));
        while touched.len() > MOST_TOUCHED {
            touched.pop_first();
        }
        self.news.insert(remote.to_owned());
    }

    /// Messages of a conversation that changed.
    pub(super) fn touched(&self, remote: &str) -> Touched {
        self.touched.get(remote).cloned().unwrap_or_default()
    }

    /// These have been pulled.
    pub(super) fn pulled(&mut self, remote: &str, done: &Touched) {
        if let Some(touched) = self.touched.get_mut(remote) {
            touched.retain(|ts, root| done.get(ts) != Some(root));
        }
    }

    /// Whether a conversation has news that nobody was told of; they are told with this.
    pub(super) fn take_news(&mut self, remote: &str) -> bool {
        self.news.remove(remote)
    }

    /// The socket is up. What was asked before may have got news since.
    pub(super) fn connected(&mut self, at: Instant) {
        self.heard = Some(at);
        let before = self.known.iter().filter(|(_, known)| known.asked.is_none_or(|asked| asked < at));
        self.news.extend(before.map(|(remote, _)| remote.clone()));
    }

    /// The socket is down, or another one gets a share of the events.
    pub(super) fn disconnected(&mut self) {
        self.heard = None;
    }

    /// The conversations as scopes: people first, then channels, of each the newest first.
    pub(super) fn scopes(&self, live: bool) -> Vec<Scope> {
        let mut places: Vec<(&String, &Known)> = self.known.iter().collect();
        places.sort_by(|(a, one), (b, other)| {
            let order = (one.archived, one.form == Form::Channel).cmp(&(other.archived, other.form == Form::Channel));
            order.then_with(|| other.newest.cmp(&one.newest)).then_with(|| a.cmp(b))
        });
        let scope = |(remote, known): (&String, &Known)| Scope {
            remote: remote.clone(),
            name: known.label(remote),
            role: ScopeRole::Chat,
            pulled: true,
            live,
        };
        places.into_iter().map(scope).collect()
    }
}
