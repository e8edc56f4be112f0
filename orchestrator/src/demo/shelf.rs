//! What a demo platform holds in memory, and the order in which it changed.
//!
//! Every scope is read newest first in pages and then followed through a log of changes, as with a
//! real server. A world that is started again has forgotten the last run, but the store has not: a
//! cursor of an earlier run goes on from here instead of starting over, so what was sent in the demo
//! yesterday is still there today.

use std::{
    collections::{BTreeMap, HashMap},
    hash::{BuildHasher, Hasher, RandomState},
    time::Duration,
};

use inlet_model::{Applied, Cursor, OpKey, Page, Progress, RemoteId, Result, Scope, SourceError, Timestamp};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tokio::{sync::Notify, time::Instant};

/// Items of one page.
const PAGE: usize = 100;

/// How long the person at the other end thinks.
pub(super) const REPLY_DELAY: Duration = Duration::from_secs(3);

/// An item where it is kept.
#[derive(Clone, Debug)]
pub(super) struct Held<T> {
    /// Remote id, unique on its platform.
    pub(super) id: String,
    /// The pulled scope that holds it.
    pub(super) home: String,
    /// What it is sorted by.
    pub(super) at: Timestamp,
    pub(super) item: T,
    /// Number of the change that brought it to where it is; 0 from the start.
    pub(super) born: u64,
}

/// What happens on the platform by itself, a moment later.
pub(super) enum Later<T> {
    /// An item arrives.
    Arrives(Held<T>),
    /// The item of this id changes; what it says stays.
    Changes(String, fn(&mut T)),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Event {
    Upsert,
    Flags,
    Removed,
}

struct Change {
    scope: String,
    id: String,
    event: Event,
}

/// Makes what a platform holds from the start.
type Stock<T> = Box<dyn FnOnce() -> Vec<Held<T>> + Send>;

struct State<T> {
    /// What is there from the start, until somebody asks for an item: a store that has it all asks for none.
    stock: Option<Stock<T>>,
    items: BTreeMap<String, Held<T>>,
    changes: Vec<Change>,
    /// Last change handed out, by scope.
    handed: HashMap<String, u64>,
    applied: HashMap<OpKey, Applied>,
    /// The time on what is about to be sent.
    planned: HashMap<OpKey, Timestamp>,
    due: Vec<(Instant, Later<T>)>,
}

/// The items of one platform.
pub(super) struct Shelf<T> {
    state: Mutex<State<T>>,
    changed: Notify,
    run: u64,
}

#[derive(Serialize, Deserialize)]
struct Position {
    run: u64,
    seq: u64,
    /// The last item of the first pass through the scope; none once that is over.
    before: Option<(Timestamp, String)>,
    done: u64,
}

impl<T: Clone + Send> Shelf<T> {
    pub(super) fn new(stock: impl FnOnce() -> Vec<Held<T>> + Send + 'static) -> Self {
        Self {
            state: Mutex::new(State {
                stock: Some(Box::new(stock)),
                items: BTreeMap::new(),
                changes: Vec::new(),
                handed: HashMap::new(),
                applied: HashMap::new(),
                planned: HashMap::new(),
                due: Vec::new(),
            }),
            changed: Notify::new(),
            run: RandomState::new().build_hasher().finish() >> 12,
        }
    }

    /// The next page of a scope. `show` is the item as it is announced, `flags` puts what may have
    /// changed about it without its content into the page.
    pub(super) fn pull(
        &self,
        scope: &Scope,
        since: Option<&Cursor>,
        show: impl Fn(&T) -> T,
        flags: impl Fn(&Held<T>, &mut Page<T>),
    ) -> Result<Page<T>> {
        let mut state = self.state.lock();
        state.tick();
        let position = match since {
            None => {
                let seq = state.changes.len() as u64;
                return Ok(self.backlog(
                    &mut state,
                    scope,
                    Position { run: self.run, seq, before: None, done: 0 },
                    show,
                ));
            }
            Some(cursor) => Position::deserialize(&cursor.0).map_err(|_| SourceError::CursorExpired)?,
        };
        let position =
            Position { seq: if position.run == self.run { position.seq } else { 0 }, run: self.run, ..position };
        if position.before.is_some() {
            return Ok(self.backlog(&mut state, scope, position, show));
        }
        if state.changes.len() as u64 > position.seq {
            state.fill();
        }
        let state = &mut *state;
        let mut page = Page::empty(Cursor::default());
        let mut seq = position.seq;
        let mut touched: Vec<(&String, Event)> = Vec::new();
        for change in state.changes.iter().skip(usize::try_from(seq).unwrap_or(usize::MAX)) {
            if touched.len() >= PAGE {
                page.more = true;
                break;
            }
            seq += 1;
            if change.scope == scope.remote {
                touched.push((&change.id, change.event));
            }
        }
        for (index, (id, event)) in touched.iter().enumerate() {
            let later = touched.iter().skip(index + 1).any(|(other, next)| other == id && next.rank() >= event.rank());
            let here = state.items.get(*id).filter(|held| held.home == scope.remote);
            match (event, here) {
                _ if later => {}
                (Event::Upsert, Some(held)) => page.upserts.push(show(&held.item)),
                (Event::Flags, Some(held)) => flags(held, &mut page),
                (_, None) => page.removed.push(RemoteId((*id).clone())),
                (Event::Removed, Some(_)) => {}
            }
        }
        page.removed.dedup();
        page.next = Position { seq, ..position }.cursor();
        state.handed.insert(scope.remote.clone(), seq);
        Ok(page)
    }

    fn backlog(&self, state: &mut State<T>, scope: &Scope, position: Position, show: impl Fn(&T) -> T) -> Page<T> {
        state.fill();
        let mut here: Vec<&Held<T>> =
            state.items.values().filter(|held| held.home == scope.remote && held.born <= position.seq).collect();
        here.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
        let total = here.len() as u64;
        let rest: Vec<&Held<T>> = here
            .iter()
            .copied()
            .filter(|held| {
                position.before.as_ref().is_none_or(|(at, id)| (held.at, held.id.as_str()) < (*at, id.as_str()))
            })
            .collect();
        let more = rest.len() > PAGE;
        let shown: Vec<&Held<T>> = rest.into_iter().take(PAGE).collect();
        let last = shown.last().map(|held| (held.at, held.id.clone()));
        let done = position.done + shown.len() as u64;
        let mut page = Page::empty(Cursor::default());
        page.upserts = shown.into_iter().map(|held| show(&held.item)).collect();
        page.progress =
            Some(Progress { done, total: Some(total), since: last.as_ref().map(|(at, _)| *at), complete: !more });
        if !more {
            page.present = Some(here.iter().map(|held| RemoteId(held.id.clone())).collect());
        }
        page.more = more;
        let seq = position.seq;
        page.next = Position { before: last.filter(|_| more), done, ..position }.cursor();
        state.handed.insert(scope.remote.clone(), seq);
        page
    }

    /// Returns when the scope has changes that no pull has handed out.
    pub(super) async fn wait(&self, scope: &Scope) {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let due = {
                let mut state = self.state.lock();
                state.tick();
                let handed = state.handed.get(&scope.remote).copied().unwrap_or(0);
                let unseen = state.changes.iter().skip(usize::try_from(handed).unwrap_or(usize::MAX));
                if unseen.into_iter().any(|change| change.scope == scope.remote) {
                    return;
                }
                state.due.iter().map(|(at, _)| *at).min()
            };
            match due {
                Some(at) => tokio::select! {
                    () = changed => {}
                    () = tokio::time::sleep_until(at) => {}
                },
                None => changed.await,
            }
        }
    }

    /// Remembers the time on an intent: operations of chats and notes carry none.
    pub(super) fn plan(&self, key: &OpKey, at: Timestamp) {
        self.state.lock().planned.insert(key.clone(), at);
    }

    /// The time for what `key` makes in `home`: what was planned, and never before what is there.
    pub(super) fn time_for(&self, key: &OpKey, home: &str) -> Timestamp {
        let mut state = self.state.lock();
        let newest = state.fill().values().filter(|held| held.home == home).map(|held| held.at).max();
        let after = newest.unwrap_or(Timestamp::UNIX_EPOCH) + jiff::SignedDuration::from_secs(1);
        state.planned.get(key).copied().map_or(after, |at| at.max(after))
    }

    /// What `key` has done, if anything.
    pub(super) fn applied(&self, key: &OpKey) -> Option<Applied> {
        self.state.lock().applied.get(key).cloned()
    }

    /// Puts a new item on the shelf, and lets follow what comes of it; once for each key.
    pub(super) fn add(&self, key: &OpKey, held: Held<T>, later: Vec<(Duration, Later<T>)>, detail: &str) -> Applied {
        let applied = {
            let mut state = self.state.lock();
            if let Some(applied) = state.applied.get(key) {
                return applied.clone();
            }
            let applied = Applied {
                remote_id: Some(RemoteId(held.id.clone())),
                detail: Some(detail.to_owned()),
                ..Applied::default()
            };
            state.applied.insert(key.clone(), applied.clone());
            state.put(held);
            let now = Instant::now();
            state.due.extend(later.into_iter().map(|(delay, what)| (now + delay, what)));
            applied
        };
        self.changed.notify_waiters();
        applied
    }

    /// Changes an item in place. `edit` says whether more than flags has changed; `None`: nothing.
    pub(super) fn edit(&self, id: &str, edit: impl FnOnce(&mut Held<T>) -> Option<bool>) {
        {
            let mut state = self.state.lock();
            let seq = state.changes.len() as u64 + 1;
            let Some(held) = state.fill().get_mut(id) else {
                return;
            };
            let from = held.home.clone();
            let Some(content) = edit(held) else { return };
            let to = held.home.clone();
            if from == to {
                let event = if content { Event::Upsert } else { Event::Flags };
                state.log(to, id, event);
            } else {
                held.born = seq + 1;
                state.log(from, id, Event::Removed);
                state.log(to, id, Event::Upsert);
            }
        }
        self.changed.notify_waiters();
    }

    /// Takes an item off the shelf.
    pub(super) fn remove(&self, id: &str) {
        {
            let mut state = self.state.lock();
            let Some(held) = state.fill().remove(id) else {
                return;
            };
            state.log(held.home, id, Event::Removed);
        }
        self.changed.notify_waiters();
    }

    /// Notes that `key` is done when it made nothing.
    pub(super) fn done(&self, key: &OpKey) -> Applied {
        self.state.lock().applied.entry(key.clone()).or_default().clone()
    }

    /// Notes that `key` is done and which item it changed.
    pub(super) fn made(&self, key: &OpKey, id: &str) -> Applied {
        let applied = Applied {
            remote_id: Some(RemoteId(id.to_owned())),
            detail: Some("written in the demo".to_owned()),
            ..Applied::default()
        };
        self.state.lock().applied.entry(key.clone()).or_insert(applied).clone()
    }

    /// The newest item that `found` likes.
    pub(super) fn find<R>(&self, found: impl Fn(&Held<T>) -> Option<R>) -> Option<R> {
        let mut state = self.state.lock();
        state.fill().values().filter_map(|held| Some((held.at, found(held)?))).max_by_key(|(at, _)| *at).map(|(_, r)| r)
    }

    /// One item.
    pub(super) fn get(&self, id: &str) -> Option<T> {
        self.state.lock().fill().get(id).map(|held| held.item.clone())
    }
}

impl<T> State<T> {
    /// The items, with what was there from the start.
    fn fill(&mut self) -> &mut BTreeMap<String, Held<T>> {
        if let Some(stock) = self.stock.take() {
            self.items = stock().into_iter().map(|held| (held.id.clone(), held)).collect();
        }
        &mut self.items
    }

    /// Does what is due, in its order.
    fn tick(&mut self) {
        let now = Instant::now();
        self.due.sort_by_key(|(at, _)| *at);
        let due = self.due.iter().take_while(|(at, _)| *at <= now).count();
        for (_, what) in self.due.drain(..due).collect::<Vec<_>>() {
            match what {
                Later::Arrives(held) => self.put(held),
                Later::Changes(id, change) => {
                    let Some(held) = self.fill().get_mut(&id) else { continue };
                    change(&mut held.item);
                    let home = held.home.clone();
                    self.log(home, &id, Event::Flags);
                }
            }
        }
    }

    fn put(&mut self, mut held: Held<T>) {
        let (home, id) = (held.home.clone(), held.id.clone());
        held.born = self.changes.len() as u64 + 1;
        self.fill().insert(id.clone(), held);
        self.log(home, &id, Event::Upsert);
    }

    fn log(&mut self, scope: String, id: &str, event: Event) {
        self.changes.push(Change { scope, id: id.to_owned(), event });
    }
}

impl Event {
    /// A whole item says its flags too; a removal is judged by where the item is now.
    fn rank(self) -> u8 {
        match self {
            Self::Flags => 0,
            Self::Upsert | Self::Removed => 1,
        }
    }
}

impl Position {
    fn cursor(&self) -> Cursor {
        Cursor(serde_json::to_value(self).unwrap_or_default())
    }
}
