//! What a conversation asks of me now: one of five states, with a score, the signals it is made of, and the sentence.
//!
//! [`conclude`] is a pure function of the readings, of what I did (mark done, snooze, mute), of what is known about the
//! other side, and of the clock. It looks at nothing else and keeps nothing, so that the same messages give the same
//! answer whatever order they came in, now or in a rebuild.

use inlet_model::{ItemId, Timestamp};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use ts_rs::TS;

use crate::acts::Label;
use crate::dates::When;
use crate::ledger::{self, Entry, Owing, Owner};
use crate::reading::{Move, Reading};
use crate::score::{self, Rule, Terms};

/// Of what else is open so much is told, the newest.
pub(crate) const MOST_BESIDE: usize = 20;

/// What a conversation asks of me. They exclude each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Somebody waits for my answer.
    Reply,
    /// I promised something.
    Todo,
    /// I wait for somebody.
    Waiting,
    /// To be read, perhaps.
    Fyi,
    /// Nothing.
    Done,
}

/// What I did to a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Event {
    /// Settled: what was open until then is not.
    Done(Timestamp),
    /// Out of sight until then.
    Snoozed(Timestamp),
    /// Never to be shown.
    Muted,
    /// I reacted to this message, and that said yes ([`crate::approves`]).
    Approved(ItemId),
}

/// What is known about the other side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Habits {
    /// Messages they sent me.
    pub received: u32,
    /// How many of those I answered.
    pub answered: u32,
    /// How long I usually take, in working hours.
    pub my_hours: Option<f32>,
    /// How long they usually take, in working hours.
    pub their_hours: Option<f32>,
    /// I said that they matter.
    pub vip: bool,
    /// Points that I taught about them.
    pub taught: i32,
    /// When the platform stops taking free answers.
    pub window_closes: Option<Timestamp>,
}

/// One reason for a score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Signal {
    /// The rule.
    pub name: Rule,
    /// What it adds; a cap shows what it took away.
    pub points: i32,
}

/// The sentence a state stands on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The message.
    pub message: ItemId,
    /// The message that says whose it is: the same, or the other's yes to what I asked.
    pub by: ItemId,
    /// Bytes of its text.
    pub range: Range<usize>,
    /// The sentence.
    pub text: String,
    /// What saw it in the sentence.
    pub labels: Vec<Label>,
}

/// What else is open in a conversation, or on a page, beside what its state stands on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    /// What it asks of me: an answer, a deed, or to wait.
    pub state: State,
    /// Where it says so.
    pub evidence: Evidence,
    /// When it is due, on the clock of whoever wrote it.
    pub due: Option<When>,
    /// The instant by which it is due, where there is no doubt.
    pub due_at: Option<Timestamp>,
    /// Since when it stands open.
    pub since: Timestamp,
    /// The to-do of a page, by the platform's name.
    pub todo: Option<String>,
}

/// What follows from a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conclusion {
    /// The state.
    pub state: State,
    /// 60 and more is for today, 35 and more for soon.
    pub score: i32,
    /// What the score is made of.
    pub signals: Vec<Signal>,
    /// The sentence it stands on.
    pub evidence: Option<Evidence>,
    /// When that is due, on the clock of whoever wrote it.
    pub due: Option<When>,
    /// The instant by which it is due, where there is no doubt.
    pub due_at: Option<Timestamp>,
    /// Since when it has been so.
    pub since: Option<Timestamp>,
    /// From then on, waiting is worth a word.
    pub nudge_at: Option<Timestamp>,
    /// Hidden by me until then.
    pub hidden_until: Option<Timestamp>,
    /// When the clock alone makes it another one.
    pub changes_at: Option<Timestamp>,
    /// What else is open, the newest first; on a page what is due next.
    pub beside: Vec<Beside>,
    /// All asks and promises, open and closed.
    pub ledger: Vec<Entry>,
}

/// Concludes from what was read. Readings may come in any order and twice.
#[must_use]
pub fn conclude(readings: &[Reading], events: &[Event], habits: &Habits, terms: &Terms, now: Timestamp) -> Conclusion {
    Settled::of(readings, events).weighed(habits, terms, now)
}

/// What a conversation comes to, before it is weighed: that takes knowing whose habits count, which its sentence says.
#[derive(Debug)]
pub struct Settled<'a> {
    ordered: Vec<&'a Reading>,
    events: &'a [Event],
    ledger: Vec<Entry>,
    state: State,
    /// The entry it stands on, by its place.
    entry: Option<usize>,
}

impl<'a> Settled<'a> {
    /// Of what was read, in any order, and what I did.
    #[must_use]
    pub fn of(readings: &'a [Reading], events: &'a [Event]) -> Self {
        // What a rule of mine wrote is nobody's word.
        let mut ordered: Vec<&Reading> =
            readings.iter().filter(|reading| !(reading.from_me && reading.unattended)).collect();
        ordered.sort_by_key(|reading| (reading.at, reading.id));
        ordered.dedup_by_key(|reading| reading.id);
        let done = events.iter().filter_map(|event| if let Event::Done(at) = event { Some(*at) } else { None }).max();
        let approved = events.iter().filter_map(|event| if let Event::Approved(id) = event { Some(*id) } else { None });
        let approved: Vec<ItemId> = approved.collect();
        let ledger = ledger::ledger(&ordered, done, &approved);
        let (state, entry) = decide(&ordered, &ledger, done, &approved);
        Self { ordered, events, ledger, state, entry }
    }

    /// The state.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// The message that says whose it is.
    #[must_use]
    pub fn by(&self) -> Option<ItemId> {
        Some(self.ledger.get(self.entry?)?.by)
    }

    /// All that follows.
    #[must_use]
    pub fn weighed(self, habits: &Habits, terms: &Terms, now: Timestamp) -> Conclusion {
        let Self { ordered, events, ledger, state, entry } = self;
        let beside = beside(&ledger, entry);
        let entry = entry.and_then(|entry| ledger.get(entry));
        let hidden_until =
            events.iter().filter_map(|event| if let Event::Snoozed(until) = event { Some(*until) } else { None });
        let hidden_until = hidden_until.max().filter(|until| *until > now);
        let evidence = entry.map(evidence);
        let due = entry.and_then(|entry| nearest(&ledger, entry));
        let due_at = entry.and_then(|entry| instant(entry, due.as_ref()));
        let nudge_at = match (state, entry) {
            (State::Waiting, Some(entry)) => {
                Some(terms.calendar.after(entry.at, score::patience(habits)).max(due_at.unwrap_or(entry.at)))
            }
            _ => None,
        };
        let facts = score::Facts { state, entry, readings: &ordered, habits, terms, due_at, nudge_at, now };
        let (mut score, mut signals, next) = score::score(&facts);
        if events.contains(&Event::Muted) {
            signals.push(Signal { name: Rule::Muted, points: -score });
            score = 0;
        }
        let since = entry.map(|entry| entry.at).or(ordered.last().map(|reading| reading.at));
        let changes_at = next.into_iter().chain(hidden_until).min();
        Conclusion {
            state,
            score,
            signals,
            evidence,
            due,
            due_at,
            since,
            nudge_at,
            hidden_until,
            changes_at,
            beside,
            ledger,
        }
    }
}

/// The state, and the place of the entry it stands on.
fn decide(
    ordered: &[&Reading],
    ledger: &[Entry],
    done: Option<Timestamp>,
    approved: &[ItemId],
) -> (State, Option<usize>) {
    // Of the newest message that holds one: the sentence with a date, else the first.
    let newest = |wanted: State| {
        let open = || ledger.iter().enumerate().filter(|(_, entry)| asks(entry) == Some(wanted));
        let message = open().next_back()?.1.message;
        let here = || open().filter(|(_, entry)| entry.message == message);
        let found = here().find(|(_, entry)| entry.due.is_some()).or_else(|| here().next());
        found.map(|(at, _)| at)
    };
    for state in [State::Reply, State::Todo, State::Waiting] {
        if let Some(entry) = newest(state) {
            return (state, Some(entry));
        }
    }
    let Some(last) = ordered.iter().rev().find(|reading| !reading.unattended).or(ordered.last()) else {
        return (State::Done, None);
    };
    let says = last.unattended
        || last.files
        || last
            .sentences
            .iter()
            .any(|sentence| matches!(sentence.does, Move::State | Move::Deliver | Move::Ask | Move::Promise));
    let settled = done.is_some_and(|done| last.at <= done) || last.from_me || approved.contains(&last.id) || !says;
    (if settled { State::Done } else { State::Fyi }, None)
}

/// What an entry asks of me while it is open.
fn asks(entry: &Entry) -> Option<State> {
    match (entry.owing, entry.owner) {
        _ if !entry.open() => None,
        (Owing::Ask, Owner::Me) => (!entry.weak || entry.direct).then_some(State::Reply),
        (Owing::Ask, Owner::Them | Owner::Anyone) => (entry.mine() && !entry.weak).then_some(State::Waiting),
        (Owing::Promise, Owner::Me) => Some(State::Todo),
        (Owing::Promise, Owner::Them) => Some(State::Waiting),
        (Owing::Promise, Owner::Anyone) => None,
    }
}

/// What is open beside the entry in this place.
fn beside(ledger: &[Entry], entry: Option<usize>) -> Vec<Beside> {
    let others = ledger.iter().enumerate().rev().filter(|(at, _)| Some(*at) != entry);
    let open = others.filter_map(|(_, other)| {
        Some(Beside {
            state: asks(other)?,
            evidence: evidence(other),
            due: other.due.clone(),
            due_at: instant(other, other.due.as_ref()),
            since: other.at,
            todo: None,
        })
    });
    open.take(MOST_BESIDE).collect()
}

/// Where an entry stands.
fn evidence(entry: &Entry) -> Evidence {
    Evidence {
        message: entry.message,
        by: entry.by,
        range: entry.range.clone(),
        text: entry.text.clone(),
        labels: entry.labels.clone(),
    }
}

/// The instant by which an entry is due, where there is no doubt.
fn instant(entry: &Entry, due: Option<&When>) -> Option<Timestamp> {
    due.and_then(When::exact).map(|moment| moment.instant(entry.offset()))
}

/// When an entry is due: as its own sentence says, else as another open one of the same message does.
fn nearest(ledger: &[Entry], entry: &Entry) -> Option<When> {
    let beside = || {
        let same = |other: &&Entry| other.message == entry.message && other.owing == entry.owing && other.open();
        ledger.iter().filter(same).find_map(|other| other.due.clone())
    };
    entry.due.clone().or_else(beside)
}
