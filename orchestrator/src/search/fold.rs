//! How text becomes words, the same way for what is stored, what is asked and what is highlighted.
//!
//! A word is folded (case, accents, width) so that `cafe` finds `Café` and `ＣＡＦＥ`. Scripts that
//! write without spaces are cut into overlapping pairs of characters, which finds every substring
//! without a dictionary; the last character of a run stands alone as well, so that a single
//! character is always the beginning of some term. Compounds (`e-mail`, `o'brien`) are kept in parts
//! and joined; addresses and host names only in parts, because a phrase of the parts finds the
//! whole. Stemming was refused: it costs 40 % of the indexing time and guesses the language.

use std::collections::VecDeque;

use unicode_normalization::char::{compose, decompose_compatible, is_combining_mark};

/// Longer words are cut here (bytes), on both sides: nobody types more, and encoded blobs would
/// otherwise fill the dictionary.
const LONGEST_WORD: usize = 64;

/// Joined compounds longer than this (bytes) are not worth a term.
const LONGEST_JOINED: usize = 40;

/// Put between parts of a text that must not form a phrase together.
pub(super) const BREAK: char = '\u{1F}';

/// How many positions [`BREAK`] skips.
const BREAK_GAP: u32 = 10;

/// What a token was made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A word, or a part of a compound.
    #[default]
    Word,
    /// A compound without its hyphens or apostrophes, at the position of its last part.
    Joined,
    /// Two neighbours of a script without spaces.
    Pair,
    /// One character of such a script, alone in its run.
    Single,
    /// The last character of a longer run.
    Tail,
    /// An emoji or a similar sign.
    Symbol,
}

/// A folded word and where it came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Token {
    /// The folded text.
    pub(super) text: String,
    /// What it was made from.
    pub(super) kind: TokenKind,
    /// Its place among the words of the text.
    pub(super) position: u32,
    /// First byte in the original text.
    pub(super) from: usize,
    /// One after its last byte in the original text.
    pub(super) to: usize,
}

#[derive(Clone, Copy)]
struct Folded {
    c: char,
    from: usize,
    to: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Word,
    Unspaced,
    Symbol,
    Glue,
    Break,
    Other,
}

/// The words of a text, one after the other.
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    queue: VecDeque<Folded>,
    peeked: Option<Folded>,
    position: u32,
    joined: Token,
    parts: usize,
    joined_ready: bool,
    in_run: bool,
}

impl<'a> Tokens<'a> {
    /// Reads `text` from its start.
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            queue: VecDeque::new(),
            peeked: None,
            position: 0,
            joined: Token { kind: TokenKind::Joined, ..Token::default() },
            parts: 0,
            joined_ready: false,
            in_run: false,
        }
    }

    /// The position the next word would get.
    pub(super) fn position(&self) -> u32 {
        self.position
    }

    /// Puts the next word into `out`; `false` at the end. The caller's buffer is used again so that
    /// indexing allocates nothing per word.
    pub(super) fn next_into(&mut self, out: &mut Token) -> bool {
        if self.joined_ready {
            self.joined_ready = false;
            self.parts = 0;
            out.clone_from(&self.joined);
            return true;
        }
        while let Some(first) = self.next_char() {
            let class = class(first.c);
            if class != Class::Unspaced {
                self.in_run = false;
            }
            match class {
                Class::Word => self.word(first, out),
                Class::Unspaced => self.unspaced(first, out),
                Class::Symbol => {
                    self.start(out, TokenKind::Symbol, first);
                    self.position += 1;
                }
                Class::Break => {
                    self.position = self.position.saturating_add(BREAK_GAP);
                    continue;
                }
                Class::Glue | Class::Other => continue,
            }
            return true;
        }
        false
    }

    fn start(&self, out: &mut Token, kind: TokenKind, first: Folded) {
        out.text.clear();
        out.text.push(first.c);
        out.kind = kind;
        out.position = self.position;
        out.from = first.from;
        out.to = first.to;
    }

    fn word(&mut self, first: Folded, out: &mut Token) {
        self.start(out, TokenKind::Word, first);
        loop {
            self.ascii_run(out);
            match self.peek() {
                Some(next) if class(next.c) == Class::Word || is_combining_mark(next.c) => {
                    self.peeked = None;
                    push_bounded(&mut out.text, next.c);
                    out.to = next.to;
                }
                _ => break,
            }
        }
        if self.parts == 0 {
            self.joined.text.clear();
            self.joined.from = out.from;
        }
        self.joined.text.push_str(&out.text);
        self.joined.to = out.to;
        self.joined.position = self.position;
        self.parts += 1;
        self.position += 1;
        let glued = self.peek().is_some_and(|next| class(next.c) == Class::Glue) && {
            self.peeked = None;
            self.peek().is_some_and(|next| class(next.c) == Class::Word)
        };
        if !glued {
            self.joined_ready = self.parts > 1 && self.joined.text.len() <= LONGEST_JOINED;
            self.parts = 0;
        }
    }

    /// Most text is ASCII: read it byte by byte.
    fn ascii_run(&mut self, out: &mut Token) {
        if self.peeked.is_some() || !self.queue.is_empty() {
            return;
        }
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        if length > 0 {
            for byte in rest.iter().take(length.min(LONGEST_WORD.saturating_sub(out.text.len()))) {
                out.text.push(char::from(byte.to_ascii_lowercase()));
            }
            self.at += length;
            out.to = self.at;
        }
    }

    fn unspaced(&mut self, first: Folded, out: &mut Token) {
        let next = self.peek().filter(|next| class(next.c) == Class::Unspaced);
        let kind = match next {
            Some(_) => TokenKind::Pair,
            None if self.in_run => TokenKind::Tail,
            None => TokenKind::Single,
        };
        self.start(out, kind, first);
        if let Some(next) = next {
            out.text.push(next.c);
            out.to = next.to;
        }
        self.in_run = next.is_some();
        self.position += 1;
    }

    fn peek(&mut self) -> Option<Folded> {
        if self.peeked.is_none() {
            self.peeked = self.next_char();
        }
        self.peeked
    }

    fn next_char(&mut self) -> Option<Folded> {
        if let Some(peeked) = self.peeked.take() {
            return Some(peeked);
        }
        loop {
            if let Some(next) = self.queue.pop_front() {
                return Some(next);
            }
            let c = self.text.get(self.at..)?.chars().next()?;
            let from = self.at;
            self.at += c.len_utf8();
            if c.is_ascii() {
                return Some(Folded { c: c.to_ascii_lowercase(), from, to: self.at });
            }
            self.fold(c, from);
            // A kana mark or a Hangul vowel belongs to the character before it, in whatever form
            // the text was normalised.
            while let Some(next) = self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
                if !follows(next) {
                    break;
                }
                self.at += next.len_utf8();
                self.fold(next, from);
                if let Some(last) = self.queue.back_mut() {
                    last.to = self.at;
                }
            }
        }
    }

    fn fold(&mut self, c: char, from: usize) {
        let to = self.at;
        let queue = &mut self.queue;
        if matches!(c, '\u{2122}' | '\u{2120}') {
            // Trade mark signs would otherwise become letters of the word before them.
            queue.push_back(Folded { c: ' ', from, to });
            return;
        }
        decompose_compatible(c, |part| {
            if ignored(part) {
                return;
            }
            for lower in part.to_lowercase().filter(|c| !ignored(*c)) {
                for c in plain(lower) {
                    if let Some(last) = queue.back_mut()
                        && let Some(whole) = compose(last.c, c)
                    {
                        last.c = whole;
                        last.to = to;
                        continue;
                    }
                    queue.push_back(Folded { c, from, to });
                }
            }
        });
    }
}

fn push_bounded(text: &mut String, c: char) {
    if text.len() + c.len_utf8() <= LONGEST_WORD {
        text.push(c);
    }
}

/// Characters that carry no meaning for a search: accents of the alphabets where they are optional,
/// vowel points, joiners, soft hyphens, emoji variations. Marks of other scripts are vowels and stay.
fn ignored(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}' | '\u{0483}'..='\u{0489}'
        | '\u{0591}'..='\u{05BD}' | '\u{05BF}' | '\u{05C1}'..='\u{05C2}' | '\u{05C4}'..='\u{05C5}' | '\u{05C7}'
        | '\u{0610}'..='\u{061A}' | '\u{0640}' | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06ED}'
        | '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Letters that no decomposition reaches.
fn plain(c: char) -> impl Iterator<Item = char> {
    let (first, second) = match c {
        'ß' => ('s', Some('s')),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'þ' => ('t', Some('h')),
        'ø' => ('o', None),
        'ł' => ('l', None),
        'đ' | 'ð' => ('d', None),
        'ħ' => ('h', None),
        'ı' => ('i', None),
        'ς' => ('σ', None),
        // Arabic and Persian keyboards differ in these.
        'ى' | 'ی' => ('ي', None),
        'ک' => ('ك', None),
        other => (other, None),
    };
    std::iter::once(first).chain(second)
}

fn follows(c: char) -> bool {
    matches!(c, '\u{3099}' | '\u{309A}' | '\u{FF9E}' | '\u{FF9F}' | '\u{1160}'..='\u{11FF}')
}

fn class(c: char) -> Class {
    if c.is_ascii() {
        return match c {
            'a'..='z' | '0'..='9' | 'A'..='Z' => Class::Word,
            '-' | '\'' => Class::Glue,
            BREAK => Class::Break,
            _ => Class::Other,
        };
    }
    match c {
        '\u{2019}' | '\u{2018}' | '\u{02BC}' | '\u{2010}' | '\u{2011}' => Class::Glue,
        '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' => Class::Symbol,
        _ if unspaced(c) && (c.is_alphanumeric() || is_combining_mark(c)) => Class::Unspaced,
        _ if c.is_alphanumeric() => Class::Word,
        _ => Class::Other,
    }
}

/// Scripts that are written without spaces between words, and Korean, whose particles stick to them.
fn unspaced(c: char) -> bool {
    matches!(c,
        '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' | '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7FF}'
        | '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}')
}

/// What somebody typed, as terms to look for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Terms {
    /// Each folded word with its distance from the first.
    pub(super) words: Vec<(u32, String)>,
    /// The whole as one word, where it is one compound (`o'brien`).
    pub(super) joined: Option<String>,
    /// The last word is one character of an unspaced script: what begins with it matches.
    pub(super) open: bool,
}

impl Terms {
    /// At most this many words of one phrase are looked for.
    const LONGEST_PHRASE: usize = 48;

    /// Folds what was typed.
    pub(super) fn of(text: &str) -> Self {
        let mut tokens = Tokens::new(text);
        let (mut token, mut terms) = (Token::default(), Self::default());
        let (mut joined, mut span) = (Vec::new(), None::<(usize, usize)>);
        let mut first = None;
        while terms.words.len() < Self::LONGEST_PHRASE && tokens.next_into(&mut token) {
            match token.kind {
                TokenKind::Tail => {
                    span = span.map(|(from, _)| (from, token.to));
                    continue;
                }
                TokenKind::Joined => {
                    joined.push(token.clone());
                    continue;
                }
                kind => terms.open = kind == TokenKind::Single,
            }
            let start = *first.get_or_insert(token.position);
            span = Some((span.map_or(token.from, |(from, _)| from), token.to));
            terms.words.push((token.position - start, std::mem::take(&mut token.text)));
        }
        if let ([whole], Some(span)) = (joined.as_slice(), span)
            && (whole.from, whole.to) == span
        {
            terms.joined = Some(whole.text.clone());
        }
        terms
    }

    /// Nothing to look for: punctuation only.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

#[cfg(test)]
mod tests;
