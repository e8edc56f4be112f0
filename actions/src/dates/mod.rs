//! Due dates: the days and times a sentence names, as its writer meant them.
//!
//! A date is resolved at the time its message was sent, on the sender's clock: "tomorrow" in a mail from Tokyo is not the
//! reader's tomorrow. [`lex`] turns words into what they mean in a date, [`grammar`] puts these together, [`resolve`]
//! counts days with `jiff`. Where people disagree ("next Friday" on a Tuesday, "03/04") both readings are kept and none
//! is chosen: an ambiguous date is shown with a question mark and moves nothing. What lies in the past, or repeats, is no
//! due date and not found at all.
//!
//! Refused: `interim` and its kind, which read a date that somebody typed as a date and guess; here it stands among other
//! words, in seven languages, and a wrong guess is worse than none.

mod grammar;
mod lex;
mod resolve;

use std::ops::Range;

use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::fold::{Folded, fold};
use crate::language::{self, Language};

/// A day, or a minute of it, on the sender's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Moment {
    /// The day.
    pub date: Date,
    /// The time of day, where it was said.
    pub time: Option<Time>,
}

impl Moment {
    /// The instant by which it is over: the end of the day where no time was said.
    #[must_use]
    pub fn instant(&self, offset: Offset) -> Timestamp {
        let time = self.time.unwrap_or(Time::constant(23, 59, 59, 0));
        let there = self.date.to_datetime(time).to_zoned(TimeZone::fixed(offset));
        there.map(|zoned| zoned.timestamp()).unwrap_or(Timestamp::MAX)
    }
}

/// When something is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    /// One reading.
    Exact(Moment),
    /// Several, ascending.
    Ambiguous(Vec<Moment>),
}

impl When {
    /// The moment, where there is no doubt.
    #[must_use]
    pub fn exact(&self) -> Option<Moment> {
        match self {
            Self::Exact(moment) => Some(*moment),
            Self::Ambiguous(_) => None,
        }
    }
}

/// A date in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateSpan {
    /// Bytes of the text, with the word that announces it ("by Friday").
    pub range: Range<usize>,
    /// What it names.
    pub when: When,
}

/// The dates a text names, in order, as read when it was sent.
#[must_use]
pub fn scan(text: &str, sent: Timestamp, offset: Offset, language: Option<Language>) -> Vec<DateSpan> {
    let folded = fold(text);
    let language = language.or_else(|| language::detect_folded(&folded.text));
    scan_folded(&folded, sent, offset, language)
}

/// As [`scan`], of folded text; ranges are of the original.
pub(crate) fn scan_folded(
    folded: &Folded,
    sent: Timestamp,
    offset: Offset,
    language: Option<Language>,
) -> Vec<DateSpan> {
    let now = offset.to_datetime(sent);
    let read = |language: Language| {
        let lexemes = lex::lexemes(&folded.text, language);
        let spans = grammar::parse(&lexemes, language);
        let resolved = spans.into_iter().filter_map(|(range, named)| {
            Some(DateSpan { range: folded.original(&range), when: resolve::resolve(&named, now)? })
        });
        resolved.collect::<Vec<_>>()
    };
    match language {
        Some(Language::Other) => Vec::new(),
        Some(language) => read(language),
        // A text of a word or two: whoever reads most of it as dates knows the language.
        None => Language::KNOWN
            .into_iter()
            .map(read)
            .reduce(|best, other| if covered(&other) > covered(&best) { other } else { best })
            .unwrap_or_default(),
    }
}

fn covered(spans: &[DateSpan]) -> usize {
    spans.iter().map(|span| span.range.len()).sum()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests;
