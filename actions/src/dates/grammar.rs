//! From words that mean something in a date to what is named.
//!
//! The order of the parts differs little among the seven languages: some words announce ("by", "next", "end of"), one
//! names a day or a span, some follow ("next", "last", a year, a time). Each language says in its table which word is
//! which; this grammar is theirs together.

use std::ops::Range;

use super::lex::{Lexed, Lexeme};
use crate::language::Language;
use crate::words::{self, DateWord, Unit};

/// Which of the weekdays of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// Not said.
    Plain,
    /// "this".
    This,
    /// "coming".
    Coming,
    /// "next".
    Next,
    /// Of next week.
    NextWeek,
}

/// The day part of a date as it was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Day {
    /// Days from the day of sending.
    Relative(i8),
    /// A weekday, and weeks after it.
    Weekday { day: i8, which: Which, weeks: i32 },
    /// Day and month, perhaps a year.
    Calendar { day: i32, month: i32, year: Option<i32> },
    /// Two numbers of which either may be the month.
    Either { first: i32, second: i32, year: Option<i32> },
    /// The day of a month, this one or the next.
    OfMonth(i32),
    /// The last day of a month.
    EndOfMonth(i32),
    /// The end of this, or of the next, span.
    EndOf { unit: Unit, next: bool },
    /// Any day of next week.
    InNextWeek,
    /// The weekend.
    Weekend,
    /// So many from now.
    After { count: i32, unit: Unit },
}

/// What a text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The day; the day of sending where only a time was said.
    pub(super) day: Option<Day>,
    /// Hour and minute.
    pub(super) time: Option<(i32, i32)>,
}

/// What was announced before a day.
#[derive(Clone, Copy, Default)]
struct Before {
    by: bool,
    the_day: bool,
    this: bool,
    next: bool,
    coming: bool,
    past: bool,
    end: bool,
    span: bool,
    at: bool,
}

/// The dates among the lexemes, with where they stand in the folded text.
pub(super) fn parse(lexemes: &[Lexed], language: Language) -> Vec<(Range<usize>, Named)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < lexemes.len() {
        let parser = Parser { lexemes, day_first: words::of(language).and_then(|words| words.day_first) };
        match parser.date(at) {
            Some((named, next)) => {
                if let (Some(named), Some((_, first)), Some((_, last))) =
                    (named, lexemes.get(at), lexemes.get(next.saturating_sub(1)))
                {
                    found.push((first.start..last.end, named));
                }
                at = next.max(at + 1);
            }
            None => at += 1,
        }
    }
    found
}

struct Parser<'a> {
    lexemes: &'a [Lexed],
    day_first: Option<bool>,
}

impl Parser<'_> {
    fn get(&self, at: usize) -> Option<Lexeme> {
        self.lexemes.get(at).map(|(lexeme, _)| *lexeme)
    }

    fn word(&self, at: usize) -> Option<DateWord> {
        match self.get(at)? {
            Lexeme::Word(word) => Some(word),
            _ => None,
        }
    }

    /// A number in digits or words.
    fn count(&self, at: usize) -> Option<i32> {
        match self.get(at)? {
            Lexeme::Number { value, ordinal: false } => Some(value),
            Lexeme::Word(DateWord::Number(value)) => Some(i32::from(value)),
            _ => None,
        }
    }

    /// Behind articles.
    fn past_fill(&self, mut at: usize) -> usize {
        while matches!(self.word(at), Some(DateWord::Fill | DateWord::TheDay)) {
            at += 1;
        }
        at
    }

    /// The date that begins here and where it ends. Inside, nothing where it is no due date and is to be skipped whole.
    fn date(&self, start: usize) -> Option<(Option<Named>, usize)> {
        let (before, core) = self.announcements(start)?;
        let (day, mut at) = match self.day(&before, core) {
            Some((day, next)) => (Some(day), next),
            None => (None, core),
        };
        let Some(first) = day else { return self.time_alone(&before, core) };
        let mut day = first;
        // "end of day Friday", "Tuesday, March 10th": what is more exact counts.
        let bare = matches!(day, Day::Relative(_) | Day::Weekday { which: Which::Plain, weeks: 0, .. });
        let after = if self.get(at) == Some(Lexeme::Comma) { at + 1 } else { at };
        if bare && let Some((announced, core)) = self.announcements(after) {
            let refining = announced.by || !announced.past;
            if let Some((more, next)) = self.day(&announced, core).filter(|_| refining && !announced.past) {
                let refines = match more {
                    Day::Calendar { .. } | Day::Either { .. } | Day::OfMonth(_) => matches!(day, Day::Weekday { .. }),
                    Day::Weekday { .. } | Day::Relative(_) => day == Day::Relative(0) && after == at,
                    _ => false,
                };
                if refines {
                    (day, at) = (more, next);
                }
            }
        }
        if before.past || self.word(at) == Some(DateWord::Past) {
            return Some((None, at + 1));
        }
        let (time, at) = self.time_after(at);
        Some((Some(Named { day: Some(day), time }), at))
    }

    /// Words before a day. `None` where none of them can begin a date.
    fn announcements(&self, start: usize) -> Option<(Before, usize)> {
        let mut before = Before::default();
        let mut at = start;
        loop {
            match self.get(at)? {
                Lexeme::Word(word) => match word {
                    DateWord::By => before.by = true,
                    DateWord::TheDay => before.the_day = true,
                    DateWord::This => before.this = true,
                    DateWord::Next => before.next = true,
                    DateWord::Coming => before.coming = true,
                    DateWord::Past => before.past = true,
                    DateWord::End => before.end = true,
                    DateWord::In => before.span = true,
                    DateWord::Within => (before.span, before.by) = (true, true),
                    DateWord::ByAt => (before.at, before.by) = (true, true),
                    DateWord::At => before.at = true,
                    DateWord::Fill if at > start => {}
                    DateWord::Fill | DateWord::Part => return None,
                    _ => return Some((before, at)),
                },
                Lexeme::Stop | Lexeme::Comma | Lexeme::Other => return None,
                _ => return Some((before, at)),
            }
            at += 1;
        }
    }

    fn day(&self, before: &Before, at: usize) -> Option<(Day, usize)> {
        if before.span
            && let Some(found) = self.span(at)
        {
            return Some(found);
        }
        match self.get(at)? {
            Lexeme::Word(word) => self.named_day(before, word, at),
            Lexeme::Iso(year, month, day) => Some((Day::Calendar { day, month, year: Some(year) }, at + 1)),
            Lexeme::Numeric { first, second, year, dotted } => {
                if year.is_none() && !dotted && !(before.by || before.the_day) {
                    return None;
                }
                let day = if dotted || self.day_first == Some(true) || first > 12 {
                    Day::Calendar { day: first, month: second, year }
                } else if self.day_first == Some(false) || second > 12 {
                    Day::Calendar { day: second, month: first, year }
                } else if first == second {
                    Day::Calendar { day: first, month: second, year }
                } else {
                    Day::Either { first, second, year }
                };
                Some((day, at + 1))
            }
            Lexeme::Number { value, ordinal } => self.numbered_day(before, value, ordinal, at),
            Lexeme::Clock(..) | Lexeme::Stop | Lexeme::Comma | Lexeme::Other => None,
        }
    }

    /// "3 days", "a week", behind "in" or "within".
    fn span(&self, at: usize) -> Option<(Day, usize)> {
        let at = self.past_fill(at);
        let count = self.count(at)?;
        match self.word(at + 1)? {
            DateWord::Unit(unit) if (0..=400).contains(&count) => Some((Day::After { count, unit }, at + 2)),
            _ => None,
        }
    }

    fn named_day(&self, before: &Before, word: DateWord, at: usize) -> Option<(Day, usize)> {
        let announced = before.by || before.this || before.next || before.coming;
        match word {
            DateWord::Day(days) => match self.weeks_later(at + 1) {
                Some((weeks, next)) => Some((Day::After { count: weeks * 7 + i32::from(days), unit: Unit::Day }, next)),
                None => Some((Day::Relative(days), at + 1)),
            },
            DateWord::WeakWeekday(_) if !(announced || before.past) => None,
            DateWord::Weekday(day) | DateWord::WeakWeekday(day) => Some(self.weekday(before, day, at + 1)),
            DateWord::Month(month) if before.end => Some((Day::EndOfMonth(i32::from(month)), at + 1)),
            DateWord::Month(month) => {
                let (day, next) = match (self.get(at + 1), self.word(at + 1), self.get(at + 2)) {
                    (Some(Lexeme::Number { value, .. }), ..) => (value, at + 2),
                    (_, Some(DateWord::Fill), Some(Lexeme::Number { value, ordinal: true })) => (value, at + 3),
                    _ => return None,
                };
                let (year, next) = self.year(next);
                (1..=31).contains(&day).then_some((Day::Calendar { day, month: i32::from(month), year }, next))
            }
            DateWord::Unit(unit) if before.end => Some((Day::EndOf { unit, next: before.next }, at + 1)),
            DateWord::Unit(unit @ (Unit::Week | Unit::Month | Unit::Year)) if before.this => {
                Some((Day::EndOf { unit, next: false }, at + 1))
            }
            DateWord::Unit(Unit::Week) if before.next || before.coming => Some(self.next_week(at + 1)),
            DateWord::NextWeek if before.end => Some((Day::EndOf { unit: Unit::Week, next: true }, at + 1)),
            DateWord::NextWeek => Some(self.next_week(at + 1)),
            DateWord::EndOf(unit) => Some((Day::EndOf { unit, next: before.next }, at + 1)),
            DateWord::Weekend if announced || before.end => Some((Day::Weekend, at + 1)),
            DateWord::Number(value) => self.numbered_day(before, i32::from(value), false, at),
            _ => None,
        }
    }

    fn weekday(&self, before: &Before, day: i8, at: usize) -> (Day, usize) {
        let which = if before.next {
            Which::Next
        } else if before.coming {
            Which::Coming
        } else if before.this {
            Which::This
        } else {
            Which::Plain
        };
        let named = |which, weeks| Day::Weekday { day, which, weeks };
        // Filling words and "of", "by" between a weekday and its week.
        let mut behind = self.past_fill(at);
        if matches!(self.word(behind), Some(DateWord::By | DateWord::In | DateWord::This)) {
            behind = self.past_fill(behind + 1);
        }
        match self.word(at) {
            Some(DateWord::Next) => return (named(Which::Next, 0), at + 1),
            Some(DateWord::Coming) => return (named(Which::Coming, 0), at + 1),
            _ => {}
        }
        if self.word(behind) == Some(DateWord::NextWeek) {
            return (named(Which::NextWeek, 0), behind + 1);
        }
        match self.weeks_later(at) {
            Some((weeks, next)) => (named(which, weeks), next),
            None => (named(which, 0), at),
        }
    }

    /// "in einer Woche" behind a day.
    fn weeks_later(&self, at: usize) -> Option<(i32, usize)> {
        if self.word(at) != Some(DateWord::In) {
            return None;
        }
        match self.span(at + 1)? {
            (Day::After { count, unit: Unit::Week }, next) => Some((count, next)),
            _ => None,
        }
    }

    /// Next week, and the weekday of it.
    fn next_week(&self, at: usize) -> (Day, usize) {
        let mut behind = if self.get(at) == Some(Lexeme::Comma) { at + 1 } else { at };
        behind = self.past_fill(behind);
        if self.word(behind) == Some(DateWord::By) {
            behind = self.past_fill(behind + 1);
        }
        match self.word(behind) {
            Some(DateWord::Weekday(day) | DateWord::WeakWeekday(day)) => {
                (Day::Weekday { day, which: Which::NextWeek, weeks: 0 }, behind + 1)
            }
            _ => (Day::InNextWeek, at),
        }
    }

    /// "12 March", "12. März 2026", "le 12", "the 12th".
    fn numbered_day(&self, before: &Before, value: i32, ordinal: bool, at: usize) -> Option<(Day, usize)> {
        if !(1..=31).contains(&value) || before.span && !before.by {
            return None;
        }
        let stopped = self.get(at + 1) == Some(Lexeme::Stop);
        let behind = self.past_fill(if stopped { at + 2 } else { at + 1 });
        if let Some(DateWord::Month(month)) = self.word(behind) {
            let (year, next) = self.year(behind + 1);
            return Some((Day::Calendar { day: value, month: i32::from(month), year }, next));
        }
        // Ordinals are how English and Dutch name the day; elsewhere the article or the full stop does. "The 3rd floor"
        // is none: in English nothing may follow.
        let ends = matches!(self.get(at + 1), None | Some(Lexeme::Stop | Lexeme::Comma));
        let european = self.day_first == Some(true);
        let day = match (ends, european) {
            (true, true) => before.the_day || stopped && before.by || ordinal && before.by,
            (true, false) => ordinal && (before.the_day || before.by),
            (false, european) => european && ordinal && before.by,
        };
        (day && !before.at && !before.past).then_some((Day::OfMonth(value), at + 1))
    }

    fn year(&self, at: usize) -> (Option<i32>, usize) {
        let behind = if self.get(at) == Some(Lexeme::Comma) { at + 1 } else { at };
        let behind =
            if matches!(self.get(behind), Some(Lexeme::Number { .. })) { behind } else { self.past_fill(behind) };
        match self.get(behind) {
            Some(Lexeme::Number { value, ordinal: false }) if (1990..=2100).contains(&value) => {
                (Some(value), behind + 1)
            }
            _ => (None, at),
        }
    }

    /// A time of day that stands without a day before it: it wants a deadline or a day behind it.
    fn time_alone(&self, before: &Before, at: usize) -> Option<(Option<Named>, usize)> {
        let (time, next) = self.time(at, before.at)?;
        let behind = self.past_fill(next);
        if let Some((announced, core)) = self.announcements(behind)
            && !announced.past
            && let Some((day @ (Day::Relative(_) | Day::Weekday { .. }), end)) = self.day(&announced, core)
        {
            return Some((Some(Named { day: Some(day), time }), end));
        }
        time.filter(|_| before.by).map(|time| (Some(Named { day: None, time: Some(time) }), next))
    }

    /// The time of day behind a day, with the words between them.
    fn time_after(&self, at: usize) -> (Option<(i32, i32)>, usize) {
        let mut behind = at;
        let mut announced = false;
        for _ in 0..4 {
            match self.get(behind) {
                Some(Lexeme::Comma | Lexeme::Word(DateWord::Fill | DateWord::Part | DateWord::By)) => behind += 1,
                Some(Lexeme::Word(DateWord::At | DateWord::ByAt)) => {
                    announced = true;
                    behind += 1;
                }
                _ => break,
            }
        }
        match self.time(behind, announced) {
            Some((time, next)) => (time, next),
            None => (None, at),
        }
    }

    /// A time of day. An hour that may be of the morning or of the evening is read over, not guessed.
    fn time(&self, at: usize, announced: bool) -> Option<(Option<(i32, i32)>, usize)> {
        match (self.get(at)?, self.word(at + 1)) {
            (Lexeme::Clock(hour, minute), Some(DateWord::Clock | DateWord::Unit(Unit::Hour))) => {
                Some((Some((hour, minute)), at + 2))
            }
            (Lexeme::Clock(hour, minute), _) => Some((Some((hour, minute)), at + 1)),
            (Lexeme::Word(DateWord::Time(hour)), _) => Some((Some((i32::from(hour), 0)), at + 1)),
            (Lexeme::Number { value, .. }, Some(DateWord::Clock)) if (0..24).contains(&value) => {
                Some((Some((value, 0)), at + 2))
            }
            (Lexeme::Number { value, .. }, Some(DateWord::Unit(Unit::Hour)))
                if announced && (0..24).contains(&value) =>
            {
                Some((Some((value, 0)), at + 2))
            }
            (Lexeme::Number { value, ordinal: false }, _) if announced && (0..24).contains(&value) => {
                Some(((value > 12).then_some((value, 0)), at + 1))
            }
            (Lexeme::Word(DateWord::HalfTo), _) => {
                let hour = self.count(at + 1).filter(|hour| (1..=12).contains(hour))?;
                // Nobody meets at half past two at night; half past seven may be either.
                Some(((hour < 7).then_some((hour + 11, 30)), at + 2))
            }
            _ => None,
        }
    }
}
