//! The lines a result shows: where in the text the words are, and which they are.
//!
//! The text is folded as it was for the index, so that what matched is what is marked, accents and
//! unspaced scripts included. What the author wrote is preferred to what they quoted. Only rows that
//! are on screen ask for this, and only the beginning of a very long text is read.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use unicode_normalization::char::is_combining_mark;

use super::{
    Query,
    ast::{TextField, TextLeaf},
    fold::{Token, Tokens},
};

/// Bytes of a text that are read.
const READ: usize = 96 << 10;
/// Bytes that are read first: most texts say there already what was searched for.
const SOON: usize = 4 << 10;
/// Matches that are compared to find the best place.
const MATCHES: usize = 128;

/// A piece of text, marked or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Span {
    /// The text.
    pub text: String,
    /// It is what was searched for.
    pub hit: bool,
}

/// The best lines of a body for `query`, at most `max_chars` characters (an ellipsis at either end
/// not counted), on one line. Without a match it is the beginning of what the author wrote.
pub fn snippet(text: &str, query: &Query, max_chars: usize) -> Vec<Span> {
    let text = head(text, READ);
    let soon = Some(head(text, SOON)).filter(|soon| soon.len() < text.len());
    // Ending at a space, it cannot end inside a word.
    let soon = soon.and_then(|soon| soon.get(..soon.rfind(char::is_whitespace)?));
    soon.and_then(|soon| lines(soon, query, max_chars, true))
        .or_else(|| lines(text, query, max_chars, false))
        .unwrap_or_default()
}

/// As [`snippet`]. When there is `more` of the text, nothing unless the author's own words in this
/// part hold everything that is searched for and fill the lines.
fn lines(text: &str, query: &Query, max_chars: usize, more: bool) -> Option<Vec<Span>> {
    let (found, patterns) = matches(text, query, &[TextField::Any, TextField::Body]);
    let quoted = quotes(text);
    let in_quote = |at: usize| quoted.iter().any(|range| range.contains(&at));
    let best = best(text, &found, max_chars, in_quote);
    if more && patterns > 0 && best.is_none_or(|(near, hit)| near < patterns || in_quote(hit.from)) {
        return None;
    }
    let best = best.map(|(_, hit)| hit);
    let leave_out: &[Range<usize>] = match best {
        Some(hit) if in_quote(hit.from) => &[],
        _ => &quoted,
    };
    let from = best.map_or(0, |hit| visible(text, before(text, hit.from, max_chars / 4, leave_out)));
    let (spans, whole) = cut(text, from, max_chars, &found, leave_out);
    (!more || !whole).then_some(spans)
}

/// A title, whole, with what was searched for marked.
pub fn title_spans(text: &str, query: &Query) -> Vec<Span> {
    let (found, _) = matches(head(text, READ), query, &[TextField::Any, TextField::Subject]);
    cut(text, 0, usize::MAX, &found, &[]).0
}

fn head(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// A match: bytes of the text, and which of the searched words it is.
#[derive(Clone, Copy, Debug)]
struct Found {
    from: usize,
    to: usize,
    pattern: usize,
}

struct Pattern<'a> {
    words: Vec<(u32, &'a str)>,
    open: bool,
    /// One character of an unspaced script: only it is marked, not its neighbour.
    narrow: bool,
}

impl<'a> Pattern<'a> {
    fn of(leaf: &'a TextLeaf) -> impl Iterator<Item = Self> {
        let words = leaf.terms.words.iter().map(|(offset, word)| (*offset, word.as_str())).collect();
        let open = leaf.prefix || leaf.terms.open;
        let narrow = leaf.terms.open && leaf.terms.words.len() == 1;
        let joined = leaf.terms.joined.as_deref().map(|joined| Self {
            words: vec![(0, joined)],
            open: leaf.prefix,
            narrow: false,
        });
        std::iter::once(Self { words, open, narrow }).chain(joined)
    }

    fn fits(&self, ordinal: usize, token: &str) -> bool {
        let last = ordinal + 1 == self.words.len();
        self.words.get(ordinal).is_some_and(
            |(_, word)| {
                if last && self.open { token.starts_with(word) } else { token == *word }
            },
        )
    }
}

/// Every match in the order of the text, phrases only where the whole phrase is; and how many
/// different things are looked for.
fn matches(text: &str, query: &Query, fields: &[TextField]) -> (Vec<Found>, usize) {
    let patterns: Vec<Pattern<'_>> =
        query.wanted().into_iter().filter(|leaf| fields.contains(&leaf.field)).flat_map(Pattern::of).collect();
    if patterns.is_empty() {
        return (Vec::new(), 0);
    }
    // (pattern, which of its words, position, bytes)
    let mut words: Vec<(usize, usize, u32, Range<usize>)> = Vec::new();
    let (mut tokens, mut token) = (Tokens::new(text), Token::default());
    while tokens.next_into(&mut token) {
        for (number, pattern) in patterns.iter().enumerate() {
            for ordinal in 0..pattern.words.len() {
                if pattern.fits(ordinal, &token.text) {
                    words.push((number, ordinal, token.position, token.from..token.to));
                }
            }
        }
    }
    let mut found = Vec::new();
    for (index, (number, ordinal, start, bytes)) in words.iter().enumerate() {
        let Some(pattern) = patterns.get(*number).filter(|_| *ordinal == 0) else {
            continue;
        };
        let mut to = bytes.end;
        let whole = pattern.words.iter().enumerate().skip(1).all(|(ordinal, (offset, _))| {
            let position = start + offset;
            let next = words
                .iter()
                .skip(index + 1)
                .take_while(|(_, _, at, _)| *at <= position)
                .find(|(other, which, at, _)| (*other, *which, *at) == (*number, ordinal, position));
            next.inspect(|(_, _, _, bytes)| to = to.max(bytes.end)).is_some()
        });
        if !whole {
            continue;
        }
        if pattern.narrow {
            to =
                text.get(bytes.start..).and_then(|rest| rest.chars().next()).map_or(to, |c| bytes.start + c.len_utf8());
        }
        found.push(Found { from: bytes.start, to, pattern: *number });
    }
    (found, patterns.len())
}

/// Bytes that were quoted: lines that begin with `>`, and all below the line that announces the
/// original message.
fn quotes(text: &str) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        let bare = line.trim();
        let original = bare.len() < 80 && bare.starts_with("-----") && bare.contains("Original");
        if original {
            out.push(at..text.len());
            break;
        }
        if bare.starts_with('>') {
            match out.last_mut() {
                Some(last) if last.end == at => last.end = end,
                _ => out.push(at..end),
            }
        }
        at = end;
    }
    out
}

/// The match at which the most of what was searched for is near, the author's own words first; and
/// how many different things are near it.
fn best(text: &str, found: &[Found], max_chars: usize, in_quote: impl Fn(usize) -> bool) -> Option<(usize, Found)> {
    let mut best: Option<(usize, usize, Found)> = None;
    for (index, first) in found.iter().enumerate().take(MATCHES) {
        let own = !in_quote(first.from);
        let reach = after(text, first.from, max_chars.saturating_sub(max_chars / 4));
        let near = found.iter().skip(index).take(MATCHES).take_while(|hit| hit.to <= reach);
        let mut patterns: Vec<usize> = near.filter(|hit| own != in_quote(hit.from)).map(|hit| hit.pattern).collect();
        let hits = patterns.len().min(8);
        patterns.sort_unstable();
        patterns.dedup();
        let score = usize::from(own) * 100_000 + patterns.len() * 100 + hits;
        if best.is_none_or(|(most, ..)| score > most) {
            best = Some((score, patterns.len(), *first));
        }
    }
    best.map(|(_, near, hit)| (near, hit))
}

/// The byte `chars` characters after `from`.
fn after(text: &str, from: usize, chars: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    rest.char_indices().nth(chars).map_or(text.len(), |(at, _)| from + at)
}

/// Where to begin so that up to `chars` characters stand before `hit`: at a line, a sentence or a
/// word, and not inside what is left out.
fn before(text: &str, hit: usize, chars: usize, leave_out: &[Range<usize>]) -> usize {
    let floor = leave_out.iter().map(|range| range.end).take_while(|end| *end <= hit).last().unwrap_or(0);
    let lead = text.get(floor..hit).unwrap_or_default();
    let Some((start, _)) = lead.char_indices().rev().take(chars).last() else {
        return hit;
    };
    if start == 0 {
        return floor;
    }
    let near = lead.get(start..).unwrap_or_default();
    let pause = near
        .char_indices()
        .zip(near.chars().skip(1))
        .find(|((_, c), next)| {
            matches!(c, '\n' | '.' | '!' | '?' | '。') && (next.is_whitespace() || *c == '。' || *c == '\n')
        })
        .map(|((at, c), _)| at + c.len_utf8());
    let space = near.char_indices().find(|(_, c)| c.is_whitespace()).map(|(at, c)| at + c.len_utf8());
    floor + start + pause.or(space).unwrap_or(0)
}

/// Characters that have no business on one line: controls, and those that turn the direction of the
/// text around, with which a sender could make a line say something else.
fn dropped(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{AD}')
}

fn continues(c: char) -> bool {
    is_combining_mark(c) || matches!(c, '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}')
}

/// The beginning of the visible character that `at` is in.
fn visible(text: &str, mut at: usize) -> usize {
    while let (Some(c), Some(before)) =
        (text.get(at..).and_then(|rest| rest.chars().next()), text.get(..at).and_then(|lead| lead.chars().next_back()))
    {
        if !continues(c) && before != '\u{200D}' {
            break;
        }
        at -= before.len_utf8();
    }
    at
}

/// The line from `from` on, and whether the text ended before the line did.
fn cut(text: &str, from: usize, max_chars: usize, found: &[Found], leave_out: &[Range<usize>]) -> (Vec<Span>, bool) {
    let mut out = Line::default();
    let mut marked: Vec<Range<usize>> = found.iter().map(|hit| hit.from..hit.to).collect();
    marked.sort_by_key(|range| range.start);
    let (mut hits, mut mark) = (marked.into_iter().peekable(), 0..0);
    let (mut chars, mut whole, mut last) = (0, true, ' ');
    let mut leave_out = leave_out.iter().peekable();
    if text.get(..from).is_some_and(|before| before.chars().any(|c| !c.is_whitespace())) {
        out.push('…', false);
    }
    for (offset, c) in text.get(from..).unwrap_or_default().char_indices() {
        let at = from + offset;
        while leave_out.next_if(|range| range.end <= at).is_some() {}
        if leave_out.peek().is_some_and(|range| range.contains(&at)) {
            out.space = (chars > 0).then_some(false);
            continue;
        }
        if c.is_whitespace() || c.is_control() {
            out.space = (chars > 0).then(|| mark.contains(&at));
            continue;
        }
        if dropped(c) {
            continue;
        }
        // Nothing is cut between the parts of one visible character.
        if chars >= max_chars && !(continues(c) || last == '\u{200D}') {
            whole = false;
            break;
        }
        while let Some(next) = hits.next_if(|next| next.start <= at) {
            if next.end > mark.end {
                mark = next;
            }
        }
        chars += 1 + usize::from(out.space.is_some());
        out.push(c, mark.contains(&at) || (continues(c) && out.marking()));
        last = c;
    }
    if !whole {
        out.space = None;
        out.push('…', false);
    }
    (out.spans, whole)
}

#[derive(Default)]
struct Line {
    spans: Vec<Span>,
    /// Space is due, and whether it is inside a match.
    space: Option<bool>,
}

impl Line {
    fn push(&mut self, c: char, hit: bool) {
        if let Some(inside) = self.space.take() {
            self.add(' ', inside && hit);
        }
        self.add(c, hit);
    }

    /// The last character is part of a match.
    fn marking(&self) -> bool {
        self.space.is_none() && self.spans.last().is_some_and(|last| last.hit)
    }

    fn add(&mut self, c: char, hit: bool) {
        match self.spans.last_mut().filter(|last| last.hit == hit) {
            Some(last) => last.text.push(c),
            None => self.spans.push(Span { text: c.to_string(), hit }),
        }
    }
}

#[cfg(test)]
mod tests;
