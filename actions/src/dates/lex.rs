//! From folded text to what its words mean in a date.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use crate::language::Language;
use crate::words::{self, DateWord};

/// What stands in a text, as far as dates are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lexeme {
    /// A word of the tables.
    Word(DateWord),
    /// A number in digits; `ordinal` with "th", "e" and the like.
    Number { value: i32, ordinal: bool },
    /// Year, month, day.
    Iso(i32, i32, i32),
    /// Two numbers and, where given, a year, written in an order of their own.
    Numeric { first: i32, second: i32, year: Option<i32>, dotted: bool },
    /// Hour and minute that leave no doubt about the half of the day.
    Clock(i32, i32),
    /// A full stop.
    Stop,
    /// A comma.
    Comma,
    /// Anything else.
    Other,
}

/// With where it stands in the folded text.
pub(super) type Lexed = (Lexeme, Range<usize>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Word,
    Number,
    Mark,
}

struct Raw<'a> {
    shape: Shape,
    text: &'a str,
    range: Range<usize>,
    /// Nothing stands between it and the one before.
    glued: bool,
}

type Phrases = HashMap<&'static str, Vec<(Vec<&'static str>, DateWord)>>;

static PHRASES: LazyLock<HashMap<Language, Phrases>> = LazyLock::new(|| {
    let of = |language| {
        let mut phrases = Phrases::new();
        for (phrase, word) in words::of(language).map(|words| words.dates).unwrap_or_default() {
            let words: Vec<&str> = phrase.split(' ').collect();
            if let Some(first) = words.first().copied() {
                phrases.entry(first).or_default().push((words, *word));
            }
        }
        for group in phrases.values_mut() {
            group.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        (language, phrases)
    };
    Language::KNOWN.into_iter().map(of).collect()
});

/// Words of fewer letters or digits than this make no number worth reading.
const DIGITS: usize = 4;

pub(super) fn lexemes(folded: &str, language: Language) -> Vec<Lexed> {
    let raw = raw(folded);
    let Some(phrases) = PHRASES.get(&language) else { return Vec::new() };
    let mut lexemes = Vec::with_capacity(raw.len());
    let mut rest = raw.as_slice();
    while let Some(first) = rest.first() {
        let (lexeme, length) = match first.shape {
            Shape::Number => number(rest),
            Shape::Word => word(rest, phrases),
            Shape::Mark => (
                match first.text {
                    "." => Lexeme::Stop,
                    "," => Lexeme::Comma,
                    "@" if !first.glued => Lexeme::Word(DateWord::At),
                    _ => Lexeme::Other,
                },
                1,
            ),
        };
        let end = rest.get(length - 1).map_or(first.range.end, |last| last.range.end);
        lexemes.push((lexeme, first.range.start..end));
        rest = rest.get(length..).unwrap_or_default();
    }
    lexemes
}

fn raw(folded: &str) -> Vec<Raw<'_>> {
    let mut raw: Vec<Raw<'_>> = Vec::new();
    let mut end = 0;
    let mut at = 0;
    while let Some(c) = folded.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = folded.get(at..).unwrap_or_default();
        let (shape, length) = if c.is_ascii_digit() {
            (Shape::Number, rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()))
        } else if c.is_alphabetic() || c == '\'' {
            let long = rest.find(|c: char| !(c.is_alphabetic() || c == '\'' || c == '-')).unwrap_or(rest.len());
            (Shape::Word, rest.get(..long).map_or(long, |word| word.trim_end_matches('-').len().max(1)))
        } else {
            (Shape::Mark, c.len_utf8())
        };
        if c != ' ' {
            let text = rest.get(..length).unwrap_or_default();
            raw.push(Raw { shape, text, range: at..at + length, glued: at == end && at > 0 });
            end = at + length;
        }
        at += length;
    }
    raw
}

/// The longest phrase that begins here.
fn word(rest: &[Raw<'_>], phrases: &Phrases) -> (Lexeme, usize) {
    let Some(first) = rest.first() else { return (Lexeme::Other, 1) };
    for (words, meaning) in phrases.get(first.text).into_iter().flatten() {
        let same = rest.iter().zip(words).filter(|(raw, word)| raw.text == **word).count();
        if same == words.len() {
            return (Lexeme::Word(*meaning), words.len());
        }
    }
    // "l'annee", "dell'anno": the article is glued on.
    let bare = first.text.split_once('\'').and_then(|(_, noun)| phrases.get(noun)).and_then(|group| group.last());
    match bare {
        Some((words, meaning)) if words.len() == 1 => (Lexeme::Word(*meaning), 1),
        _ => (Lexeme::Other, 1),
    }
}

/// A number with what is glued to it.
fn number(rest: &[Raw<'_>]) -> (Lexeme, usize) {
    let glued = |at: usize| rest.get(at).filter(|raw| raw.glued);
    let text = |at: usize| glued(at).map(|raw| raw.text);
    let digits = |at: usize| glued(at).filter(|raw| raw.shape == Shape::Number && raw.text.len() <= DIGITS);
    let value = |raw: &Raw<'_>| raw.text.parse::<i32>().unwrap_or(-1);
    let Some(first) = rest.first() else { return (Lexeme::Other, 1) };
    if first.text.len() > DIGITS {
        return (Lexeme::Other, 1);
    }
    let one = value(first);
    // A price, a version or an amount goes on in ways no date does.
    if let Some(mark @ ("/" | "-" | ".")) = text(1)
        && let Some(second) = digits(2)
    {
        let two = value(second);
        if text(3) == Some(mark)
            && let Some(third) = digits(4)
        {
            let three = value(third);
            if text(5).is_some_and(|more| more == mark) && digits(6).is_some() {
                return (Lexeme::Other, 7);
            }
            let lexeme = if first.text.len() == 4 {
                Lexeme::Iso(one, two, three)
            } else {
                let year = if third.text.len() == 2 { 2000 + three } else { three };
                Lexeme::Numeric { first: one, second: two, year: Some(year), dotted: mark == "." }
            };
            return (lexeme, 5);
        }
        if mark == "." {
            if second.text.len() == 2 && hour_follows(rest.get(3)) {
                return (clock(one, two), 3);
            }
            if text(3) == Some(".") && digits(4).is_none() {
                return (Lexeme::Numeric { first: one, second: two, year: None, dotted: true }, 4);
            }
            return (Lexeme::Other, 3);
        }
        if mark == "/" {
            return (Lexeme::Numeric { first: one, second: two, year: None, dotted: false }, 3);
        }
        return (Lexeme::Other, 3);
    }
    if text(1) == Some(":")
        && let Some(second) = digits(2).filter(|second| second.text.len() == 2)
    {
        return half(rest, one, value(second), 3);
    }
    if text(1) == Some("h") {
        return match digits(2).filter(|second| second.text.len() == 2) {
            Some(second) => (clock(one, value(second)), 3),
            None => (clock(one, 0), 2),
        };
    }
    if let Some("th" | "st" | "nd" | "rd" | "e" | "er" | "o" | "a" | "º" | "ª" | "°" | "ste" | "de") = text(1) {
        return (Lexeme::Number { value: one, ordinal: true }, 2);
    }
    let (lexeme, length) = half(rest, one, 0, 1);
    if length > 1 {
        return (lexeme, length);
    }
    // "3,5", "20%", "B2B"
    if glued(1).is_some_and(|next| next.shape == Shape::Word || matches!(next.text, "%" | "€" | "£" | "#"))
        || (text(1) == Some(",") && digits(2).is_some())
        || (first.glued && rest.first().is_some_and(|raw| raw.range.start > 0))
    {
        return (Lexeme::Other, 1);
    }
    (Lexeme::Number { value: one, ordinal: false }, 1)
}

/// "am", "pm" after an hour; without them the hour is taken as of 24 where it has minutes.
fn half(rest: &[Raw<'_>], hour: i32, minute: i32, length: usize) -> (Lexeme, usize) {
    let text = |at: usize| rest.get(at).map(|raw| raw.text);
    let (afternoon, more) = match (text(length), text(length + 1), text(length + 2)) {
        (Some("pm"), ..) => (Some(true), 1),
        (Some("am"), ..) if rest.get(length).is_some_and(|raw| raw.glued) || text(length + 1) != Some("not") => {
            (Some(false), 1)
        }
        (Some("p"), Some("."), Some("m")) => (Some(true), 3),
        (Some("a"), Some("."), Some("m")) => (Some(false), 3),
        _ => (None, 0),
    };
    match afternoon {
        Some(_) if !(1..=12).contains(&hour) => (Lexeme::Other, length),
        Some(true) => (clock(hour % 12 + 12, minute), length + more),
        Some(false) => (clock(hour % 12, minute), length + more),
        None if length > 1 => (clock(hour, minute), length),
        None => (Lexeme::Other, length),
    }
}

fn clock(hour: i32, minute: i32) -> Lexeme {
    if (0..24).contains(&hour) && (0..60).contains(&minute) { Lexeme::Clock(hour, minute) } else { Lexeme::Other }
}

fn hour_follows(raw: Option<&Raw<'_>>) -> bool {
    raw.is_some_and(|raw| matches!(raw.text, "uhr" | "uur" | "h" | "hrs"))
}
