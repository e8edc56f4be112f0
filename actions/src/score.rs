//! How much a conversation wants to be seen today, as a sum that can be shown.
//!
//! Each signal is a rule with a name and points; nothing else moves the score. 60 and more is for today, 35 and more for
//! soon. A person may change the points of a rule, and what they teach about somebody or about words is a signal of its
//! own, beside the others. A score knows when the clock alone will change it, so that nobody has to look in between.

use std::collections::BTreeMap;

use inlet_model::{Kind, Timestamp};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::calendar::Calendar;
use crate::ledger::Entry;
use crate::reading::{Place, Reading};
use crate::state::{Habits, Signal, State};

/// Most that a message from a list or a machine can score.
const UNATTENDED: i32 = 10;
/// Fewer messages than this show no habit.
const HABIT: u32 = 5;
/// Working hours: two days.
const PATIENCE: f32 = 16.0;
/// Days after which what was overdue is missed.
const MISSED: i64 = 7;
/// Working days that count at the most.
const DAYS: u32 = 4;

/// A rule that moves a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Somebody asks me for something.
    Asked,
    /// Only the model sees an ask, and is rather sure of it.
    PerhapsAsked,
    /// The other side had the last word.
    TheySpokeLast,
    /// To me alone, or by my name.
    ToMe,
    /// I am in copy, or one of many recipients.
    InCopy,
    /// A chat of many, and my name is not called.
    BigGroup,
    /// I answer most of what they write.
    UsuallyAnswer,
    /// I have answered nothing they wrote.
    NeverAnswer,
    /// The day it was due has passed, not more than a week ago.
    Overdue,
    /// Due within a day.
    DueInADay,
    /// Due within three days.
    DueInThreeDays,
    /// For each working day beyond what I usually take.
    LaterThanUsual,
    /// I promised something.
    Promise,
    /// A box on a page of notes is not ticked, or a line of it has a date.
    OpenTodo,
    /// My question has no answer yet.
    NoAnswer,
    /// For each working day that it stands open.
    DaysOpen,
    /// I said that they matter.
    Vip,
    /// Free answers will soon be refused.
    WindowCloses,
    /// Thanks and nothing else.
    ThanksOnly,
    /// A list or a machine wrote.
    ListOrMachine,
    /// I muted the conversation.
    Muted,
    /// What I taught about whoever wrote.
    TaughtPerson,
    /// What I taught about the words that look like an ask.
    TaughtWords,
}

impl Rule {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 23] = [
        Self::Asked,
        Self::PerhapsAsked,
        Self::TheySpokeLast,
        Self::ToMe,
        Self::InCopy,
        Self::BigGroup,
        Self::UsuallyAnswer,
        Self::NeverAnswer,
        Self::Overdue,
        Self::DueInADay,
        Self::DueInThreeDays,
        Self::LaterThanUsual,
        Self::Promise,
        Self::OpenTodo,
        Self::NoAnswer,
        Self::DaysOpen,
        Self::Vip,
        Self::WindowCloses,
        Self::ThanksOnly,
        Self::ListOrMachine,
        Self::Muted,
        Self::TaughtPerson,
        Self::TaughtWords,
    ];

    /// What it adds where nobody said otherwise; nothing for rules whose points follow from something else.
    #[must_use]
    pub fn points(self) -> Option<i32> {
        Some(match self {
            Self::Asked | Self::Promise | Self::NoAnswer => 35,
            Self::OpenTodo => 40,
            Self::PerhapsAsked | Self::ToMe | Self::UsuallyAnswer | Self::Vip => 15,
            Self::TheySpokeLast | Self::DueInADay | Self::WindowCloses => 20,
            Self::InCopy | Self::BigGroup => -20,
            Self::NeverAnswer => -25,
            Self::Overdue => 25,
            Self::DueInThreeDays => 10,
            Self::LaterThanUsual | Self::DaysOpen => 5,
            Self::ThanksOnly => -40,
            Self::ListOrMachine | Self::Muted | Self::TaughtPerson | Self::TaughtWords => return None,
        })
    }
}

/// The terms on which everything is weighed: mine, not a conversation's.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// When I work.
    pub calendar: Calendar,
    /// Points of rules that I changed.
    pub weights: BTreeMap<Rule, i32>,
    /// Points that I taught for patterns, by their names.
    pub patterns: BTreeMap<String, i32>,
}

impl Terms {
    /// What a rule adds.
    #[must_use]
    pub fn points(&self, rule: Rule) -> i32 {
        self.weights.get(&rule).copied().or(rule.points()).unwrap_or_default()
    }
}

/// What a score is made from.
pub(crate) struct Facts<'a> {
    pub(crate) state: State,
    pub(crate) entry: Option<&'a Entry>,
    pub(crate) readings: &'a [&'a Reading],
    pub(crate) habits: &'a Habits,
    pub(crate) terms: &'a Terms,
    pub(crate) due_at: Option<Timestamp>,
    pub(crate) nudge_at: Option<Timestamp>,
    pub(crate) now: Timestamp,
}

/// Working hours after which waiting is worth a word: two days, or twice what they usually take.
pub(crate) fn patience(habits: &Habits) -> f32 {
    habits.their_hours.map_or(PATIENCE, |hours| (2.0 * hours).max(PATIENCE))
}

/// The score, its signals, and when the clock alone will change them.
pub(crate) fn score(facts: &Facts<'_>) -> (i32, Vec<Signal>, Option<Timestamp>) {
    let mut sum = Sum::new(facts.terms, facts.now);
    match facts.state {
        State::Reply | State::Fyi => asked(facts, &mut sum),
        State::Todo => {
            sum.add(Rule::Promise);
            if facts.entry.is_some_and(|entry| entry.direct) {
                sum.add(Rule::ToMe);
            }
            if let Some(entry) = facts.entry.filter(|_| facts.due_at.is_none()) {
                sum.days(Rule::DaysOpen, entry.at);
            }
        }
        State::Waiting => {
            // Waiting that is not yet worth a word is nothing to do.
            let Some(at) = facts.nudge_at.filter(|at| *at <= facts.now) else {
                return (0, Vec::new(), facts.nudge_at);
            };
            sum.add(Rule::NoAnswer);
            sum.days(Rule::DaysOpen, at);
        }
        State::Done => return (0, Vec::new(), None),
    }
    sum.due(facts.due_at);
    if facts.habits.vip {
        sum.add(Rule::Vip);
    }
    if let Some(closes) = facts.habits.window_closes.filter(|_| facts.state == State::Reply) {
        let soon = later(closes, SignedDuration::from_hours(-4));
        sum.until(soon);
        sum.until(closes);
        if facts.now >= soon && facts.now < closes {
            sum.add(Rule::WindowCloses);
        }
    }
    sum.put(Rule::TaughtPerson, facts.habits.taught);
    if let Some(entry) = facts.entry {
        let taught = entry.labels.iter().filter_map(|label| facts.terms.patterns.get(&label.by));
        sum.put(Rule::TaughtWords, taught.copied().min().unwrap_or_default());
    }
    if facts.readings.last().is_some_and(|last| last.unattended) {
        sum.cap(Rule::ListOrMachine, UNATTENDED);
    }
    (sum.score.max(0), sum.signals, sum.next)
}

/// What speaks for an answer of mine.
fn asked(facts: &Facts<'_>, sum: &mut Sum<'_>) {
    match facts.entry {
        Some(entry) if entry.weak => sum.add(Rule::PerhapsAsked),
        Some(_) => sum.add(Rule::Asked),
        None => {}
    }
    let Some(last) = facts.readings.iter().rev().find(|reading| !reading.from_me) else { return };
    if facts.readings.last().is_some_and(|last| !last.from_me) {
        sum.add(Rule::TheySpokeLast);
    }
    if facts.entry.is_some_and(|entry| entry.direct) || last.calls_me() || last.place == Place::Sole {
        sum.add(Rule::ToMe);
    } else if matches!(last.place, Place::Copy | Place::Many) {
        sum.add(if last.kind == Kind::Chat { Rule::BigGroup } else { Rule::InCopy });
    }
    let thanks = facts.state == State::Fyi
        && last.sentences.iter().all(|sentence| sentence.is_thanks())
        && !last.sentences.is_empty();
    if thanks {
        sum.add(Rule::ThanksOnly);
    }
    let Habits { received, answered, my_hours, .. } = *facts.habits;
    if received >= HABIT {
        if answered * 2 > received {
            sum.add(Rule::UsuallyAnswer);
        } else if answered == 0 {
            sum.add(Rule::NeverAnswer);
        }
    }
    if let (Some(entry), Some(hours)) = (facts.entry, my_hours) {
        sum.days(Rule::LaterThanUsual, facts.terms.calendar.after(entry.at, hours));
    }
}

/// An instant so much later, or the last there is: dates in mail may be anywhere.
pub(crate) fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(at)
}

/// A score in the making.
pub(crate) struct Sum<'a> {
    terms: &'a Terms,
    now: Timestamp,
    pub(crate) score: i32,
    pub(crate) signals: Vec<Signal>,
    /// The first moment at which it will be another one by itself.
    pub(crate) next: Option<Timestamp>,
}

impl<'a> Sum<'a> {
    pub(crate) fn new(terms: &'a Terms, now: Timestamp) -> Self {
        Self { terms, now, score: 0, signals: Vec::new(), next: None }
    }

    /// It holds until then at the most.
    pub(crate) fn until(&mut self, at: Timestamp) {
        if at > self.now {
            self.next = Some(self.next.map_or(at, |next| next.min(at)));
        }
    }

    pub(crate) fn add(&mut self, rule: Rule) {
        self.put(rule, self.terms.points(rule));
    }

    fn put(&mut self, rule: Rule, points: i32) {
        if points != 0 {
            self.score += points;
            self.signals.push(Signal { name: rule, points });
        }
    }

    /// Points for each working day since then.
    fn days(&mut self, rule: Rule, since: Timestamp) {
        let days = self.terms.calendar.days(since, self.now).min(DAYS);
        self.put(rule, self.terms.points(rule) * i32::try_from(days).unwrap_or_default());
        if days < DAYS
            && let Some(next) = self.terms.calendar.next_day(since, self.now)
        {
            self.until(next);
        }
    }

    pub(crate) fn due(&mut self, due: Option<Timestamp>) {
        let Some(due) = due else { return };
        let before = |hours: i64| later(due, SignedDuration::from_hours(-hours));
        let passed = later(due, SignedDuration::from_millis(1));
        let missed = later(passed, SignedDuration::from_hours(24 * MISSED));
        for at in [before(72), before(24), passed, missed] {
            self.until(at);
        }
        if self.now >= missed {
            // Whoever still wants it will say so again.
        } else if self.now >= passed {
            self.add(Rule::Overdue);
        } else if self.now >= before(24) {
            self.add(Rule::DueInADay);
        } else if self.now >= before(72) {
            self.add(Rule::DueInThreeDays);
        }
    }

    fn cap(&mut self, rule: Rule, most: i32) {
        self.put(rule, most.min(self.score) - self.score);
    }
}
