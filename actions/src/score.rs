//! How much a conversation wants to be seen today, as a sum that can be shown.
//!
//! Each signal is a rule with a name and points; nothing else moves the score. 60 and more is for today, 35 and more for
//! soon. The points are where design put them; a person's lessons will move them later, one by one.

use inlet_model::{Kind, Timestamp};
use jiff::SignedDuration;

use crate::calendar::Calendar;
use crate::ledger::Entry;
use crate::reading::{Place, Reading, To};
use crate::state::{Habits, Signal, State};

/// Most that a message from a list or a machine can score.
const UNATTENDED: i32 = 10;
/// Fewer messages than this show no habit.
const HABIT: u32 = 5;
/// Working hours: two days.
const PATIENCE: f32 = 16.0;

/// What a score is made from.
pub(crate) struct Facts<'a> {
    pub(crate) state: State,
    pub(crate) entry: Option<&'a Entry>,
    pub(crate) readings: &'a [&'a Reading],
    pub(crate) habits: &'a Habits,
    pub(crate) calendar: &'a Calendar,
    pub(crate) due_at: Option<Timestamp>,
    pub(crate) nudge_at: Option<Timestamp>,
    pub(crate) now: Timestamp,
}

/// Working hours after which waiting is worth a word: two days, or twice what they usually take.
pub(crate) fn patience(habits: &Habits) -> f32 {
    habits.their_hours.map_or(PATIENCE, |hours| (2.0 * hours).max(PATIENCE))
}

/// The score and its signals.
pub(crate) fn score(facts: &Facts<'_>) -> (i32, Vec<Signal>) {
    let mut sum = Sum::default();
    match facts.state {
        State::Reply | State::Fyi => asked(facts, &mut sum),
        State::Todo => sum.add("my promise", 35),
        State::Waiting => {
            // Waiting that is not yet worth a word is nothing to do.
            if facts.nudge_at.is_none_or(|at| at > facts.now) {
                return (0, Vec::new());
            }
            sum.add("no answer", 35);
            let late = facts.nudge_at.map_or(0, |at| facts.calendar.days(at, facts.now));
            sum.add("working days since", 5 * i32::try_from(late.min(4)).unwrap_or(4));
        }
        State::Done => return (0, Vec::new()),
    }
    due(facts, &mut sum);
    if facts.habits.vip {
        sum.add("VIP", 15);
    }
    let hours = |hours| SignedDuration::from_hours(hours);
    let closes = facts.habits.window_closes.map(|at| at.duration_since(facts.now));
    if facts.state == State::Reply && closes.is_some_and(|left| left > SignedDuration::ZERO && left < hours(4)) {
        sum.add("reply window closes", 20);
    }
    if facts.readings.last().is_some_and(|last| last.unattended) {
        sum.cap("list or machine", UNATTENDED);
    }
    (sum.score.max(0), sum.signals)
}

/// What speaks for an answer of mine.
fn asked(facts: &Facts<'_>, sum: &mut Sum) {
    match facts.entry {
        Some(entry) if entry.weak => sum.add("perhaps asked", 15),
        Some(_) => sum.add("asked", 35),
        None => {}
    }
    let Some(last) = facts.readings.iter().rev().find(|reading| !reading.from_me) else { return };
    if facts.readings.last().is_some_and(|last| !last.from_me) {
        sum.add("they spoke last", 20);
    }
    let named = last.sentences.iter().any(|sentence| sentence.to == To::Me);
    if facts.entry.is_some_and(|entry| entry.direct) || named || last.place == Place::Sole {
        sum.add("to me", 15);
    } else if matches!(last.place, Place::Copy | Place::Many) {
        sum.add(if last.kind == Kind::Chat { "big group" } else { "in copy or by a list" }, -20);
    }
    let thanks = facts.state == State::Fyi
        && last.sentences.iter().all(|sentence| sentence.is_thanks())
        && !last.sentences.is_empty();
    if thanks {
        sum.add("thanks only", -40);
    }
    let Habits { received, answered, my_hours, .. } = *facts.habits;
    if received >= HABIT {
        if answered * 2 > received {
            sum.add("I usually answer", 15);
        } else if answered == 0 {
            sum.add("I never answer", -25);
        }
    }
    if let (Some(entry), Some(hours)) = (facts.entry, my_hours) {
        let late = facts.calendar.days(facts.calendar.after(entry.at, hours), facts.now);
        if late > 0 {
            sum.add("later than usual", 5 * i32::try_from(late.min(4)).unwrap_or(4));
        }
    }
}

fn due(facts: &Facts<'_>, sum: &mut Sum) {
    let Some(due) = facts.due_at else { return };
    let left = due.duration_since(facts.now);
    if left < SignedDuration::ZERO {
        sum.add("overdue", 25);
    } else if left <= SignedDuration::from_hours(24) {
        sum.add("due within a day", 20);
    } else if left <= SignedDuration::from_hours(72) {
        sum.add("due within three days", 10);
    }
}

#[derive(Default)]
struct Sum {
    score: i32,
    signals: Vec<Signal>,
}

impl Sum {
    fn add(&mut self, name: &str, points: i32) {
        if points != 0 {
            self.score += points;
            self.signals.push(Signal { name: name.into(), points });
        }
    }

    fn cap(&mut self, name: &str, most: i32) {
        self.add(name, most.min(self.score) - self.score);
    }
}
