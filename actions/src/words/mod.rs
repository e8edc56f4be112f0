//! What is said in each language: one file per language, tables only.
//!
//! Everything that depends on a language stands here, so that an eighth is one more file and one more line in [`of`].
//! Patterns and date words are written for folded text (see [`crate::fold`]): lower case, without accents, one blank
//! between words. Sentences people write carry typos, missing accents and missing question marks; folding forgives the
//! first two, and questions are recognised by their first words as well.
//!
//! Refused: one grammar for all languages with translated words. Word order differs (a verb last in German, clitics in
//! Romance languages), so that the shared part would be smaller than the exceptions.

mod de;
mod en;
mod es;
mod fr;
mod it;
mod nl;
mod pt;

use crate::language::Language;

/// What a pattern in a sentence says. The first five are [`crate::acts::Act`]; the rest tell how a sentence moves what
/// was asked before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Cue {
    /// Asks for a deed.
    Request,
    /// Asks for knowledge.
    Question,
    /// Suggests a time or a common deed.
    Proposal,
    /// The writer will do something.
    Commitment,
    /// Thanks.
    Thanks,
    /// The promise is to tell something, so that telling it keeps the promise.
    Report,
    /// Politeness that looks like a request: "do not hesitate to contact us".
    Closer,
    /// A greeting in the form of a question: "how are you?"
    Phatic,
    /// What was asked is no longer wanted.
    Withdrawn,
    /// The deed is done, the thing is here.
    Delivered,
    /// Yes, agreed.
    Agreed,
    /// It has arrived.
    Received,
    /// Put to nobody in particular.
    Anyone,
    /// Reminds of an earlier ask.
    Nudge,
}

/// A pattern: what it says, its name for explanations, and a regular expression over folded text.
pub(crate) type Pattern = (Cue, &'static str, &'static str);

/// What a word means in a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateWord {
    /// Days from the day of sending.
    Day(i8),
    /// A weekday, Monday is 1.
    Weekday(i8),
    /// A weekday whose name is also an ordinary word: counts only after [`DateWord::By`] or [`DateWord::Next`].
    WeakWeekday(i8),
    /// A month; counts only beside a day or an end.
    Month(i8),
    /// A span of time.
    Unit(Unit),
    /// A number in words.
    Number(i16),
    /// "by", "until", "on": announces a date.
    By,
    /// "next": this week's or next week's.
    Next,
    /// "coming": always the first one.
    Coming,
    /// "this".
    This,
    /// What follows (or what stands before) lies in the past or repeats: no due date.
    Past,
    /// "end of".
    End,
    /// "end of the month" in one word, and the like.
    EndOf(Unit),
    /// "next week" in one word or phrase.
    NextWeek,
    /// "weekend", whose end is a Friday to some and a Sunday to others.
    Weekend,
    /// "in", of a span that begins now.
    In,
    /// "within": counted to the minute where it is said in hours.
    Within,
    /// "at", of a time of day.
    At,
    /// "before", of a time of day.
    ByAt,
    /// "o'clock" after a number.
    Clock,
    /// Half before the hour that follows ("halb drei").
    HalfTo,
    /// A time of day by name.
    Time(i8),
    /// Part of a day: says no hour of its own.
    Part,
    /// "the day": a number after it is a day of the month.
    TheDay,
    /// Says nothing: articles and the like.
    Fill,
}

/// Spans of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Minute,
    Hour,
    Day,
    WorkDay,
    Week,
    Month,
    Year,
}

/// The tables of one language.
pub(crate) struct Words {
    /// Words that betray the language, folded; mostly those without meaning.
    pub(crate) common: &'static [&'static str],
    /// Words that end with a full stop inside a sentence, folded and without the stop.
    pub(crate) abbreviations: &'static [&'static str],
    /// Patterns for acts and moves.
    pub(crate) patterns: &'static [Pattern],
    /// Words and phrases of dates, folded.
    pub(crate) dates: &'static [(&'static str, DateWord)],
    /// Day before month in numeric dates; `None` where both are written.
    pub(crate) day_first: Option<bool>,
    /// A word that reminds of a question, to somebody by `{name}` and to nobody by name; `{asked}` is the question. They
    /// fit whoever is addressed, formally or not.
    pub(crate) nudge: (&'static str, &'static str),
    /// What it takes to offer times to meet at.
    pub(crate) offer: Offer,
}

/// The words of times that are offered. They fit whoever is addressed, formally or not.
pub(crate) struct Offer {
    /// A sentence that asks to meet, over folded text.
    pub(crate) meets: &'static str,
    /// From Monday on.
    pub(crate) weekdays: [&'static str; 7],
    /// From January on.
    pub(crate) months: [&'static str; 12],
    /// One time: `{weekday}`, `{day}`, `{month}`, `{time}`.
    pub(crate) day: &'static str,
    /// The first line, to somebody by `{name}` and to nobody by name.
    pub(crate) greeting: (&'static str, &'static str),
    /// The rest: `{times}`, a line each, and the `{zone}` they are in.
    pub(crate) text: &'static str,
}

/// The tables of a language; none for [`Language::Other`].
pub(crate) fn of(language: Language) -> Option<&'static Words> {
    match language {
        Language::En => Some(&en::WORDS),
        Language::De => Some(&de::WORDS),
        Language::Fr => Some(&fr::WORDS),
        Language::Es => Some(&es::WORDS),
        Language::Pt => Some(&pt::WORDS),
        Language::It => Some(&it::WORDS),
        Language::Nl => Some(&nl::WORDS),
        Language::Other => None,
    }
}
