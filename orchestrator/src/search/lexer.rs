//! The pieces of a search: words, quotations, fields, parentheses.
//!
//! It never fails: an unclosed quotation ends with the text, an unknown field is a word.

use std::ops::Range;

/// The fields a search can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    From,
    To,
    Cc,
    Subject,
    Body,
    In,
    Is,
    Has,
    Filename,
    Type,
    Source,
    Account,
    Label,
    Person,
    Before,
    After,
    On,
    Older,
    Newer,
    Larger,
    Smaller,
    List,
    Id,
}

impl Field {
    /// The field of that name; other programs' names for the same thing are understood.
    fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "from" => Self::From,
            "to" => Self::To,
            "cc" => Self::Cc,
            "subject" | "title" => Self::Subject,
            "body" => Self::Body,
            "in" | "folder" => Self::In,
            "is" => Self::Is,
            "has" => Self::Has,
            "filename" | "file" | "attachment" => Self::Filename,
            "type" | "kind" => Self::Type,
            "source" => Self::Source,
            "account" => Self::Account,
            "label" | "tag" => Self::Label,
            "person" => Self::Person,
            "before" | "until" => Self::Before,
            "after" | "since" => Self::After,
            "on" | "date" => Self::On,
            "older" | "older_than" => Self::Older,
            "newer" | "newer_than" => Self::Newer,
            "larger" | "size" => Self::Larger,
            "smaller" => Self::Smaller,
            "list" => Self::List,
            "id" | "rfc822msgid" => Self::Id,
            _ => return None,
        })
    }
}

/// A piece of text and its bytes in the search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) span: Range<usize>,
    /// Written in quotation marks.
    pub(super) quoted: bool,
    /// The quotation has no end.
    pub(super) unclosed: bool,
}

/// One piece of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lexeme {
    Open,
    Close,
    Or,
    Not,
    /// A word or a quotation.
    Text(Piece),
    /// A word that looks like a field nobody knows, and the name it gives.
    Unknown(Piece, String),
    /// A field and its value. A value left empty just before [`Lexeme::Open`] is that group.
    Field(Field, Piece),
}

/// Takes a search apart.
pub(super) fn lex(text: &str) -> Vec<Lexeme> {
    let mut lexer = Lexer { text, at: 0 };
    let mut out = Vec::new();
    while let Some(lexeme) = lexer.next() {
        out.push(lexeme);
    }
    out
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl Lexer<'_> {
    fn next(&mut self) -> Option<Lexeme> {
        loop {
            let c = self.peek()?;
            match c {
                '(' | '（' => {
                    self.bump(c);
                    return Some(Lexeme::Open);
                }
                ')' | '）' => {
                    self.bump(c);
                    return Some(Lexeme::Close);
                }
                '-' | '\u{2212}' => {
                    self.bump(c);
                    if self.peek().is_some_and(|next| !next.is_whitespace()) {
                        return Some(Lexeme::Not);
                    }
                }
                _ if c.is_whitespace() => self.bump(c),
                _ if quote(c) => return Some(Lexeme::Text(self.quotation())),
                _ => return self.word(),
            }
        }
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn bump(&mut self, c: char) {
        self.at += c.len_utf8();
    }

    fn piece(&self, span: Range<usize>) -> Piece {
        let text = self.text.get(span.clone()).unwrap_or_default().to_owned();
        Piece { text, span, quoted: false, unclosed: false }
    }

    fn quotation(&mut self) -> Piece {
        if let Some(open) = self.peek() {
            self.bump(open);
        }
        let start = self.at;
        while let Some(c) = self.peek() {
            if quote(c) {
                let inside = self.piece(start..self.at);
                self.bump(c);
                return Piece { quoted: true, ..inside };
            }
            self.bump(c);
        }
        Piece { quoted: true, unclosed: true, ..self.piece(start..self.at) }
    }

    /// Up to the next space, parenthesis or quotation mark.
    fn bare(&mut self) -> Piece {
        let start = self.at;
        while let Some(c) = self.peek() {
            if c.is_whitespace() || quote(c) || matches!(c, '(' | ')' | '（' | '）') {
                break;
            }
            self.bump(c);
        }
        self.piece(start..self.at)
    }

    fn word(&mut self) -> Option<Lexeme> {
        let start = self.at;
        let mut piece = self.bare();
        match piece.text.as_str() {
            "OR" => return Some(Lexeme::Or),
            "NOT" => return Some(Lexeme::Not),
            "AND" => return self.next(),
            _ => {}
        }
        let Some((name, rest)) = piece.text.split_once([':', '：']) else {
            return Some(Lexeme::Text(piece));
        };
        if let Some(field) = Field::named(name) {
            self.at = piece.span.end - rest.len();
            let value = if self.peek().is_some_and(quote) { self.quotation() } else { self.bare() };
            return Some(Lexeme::Field(field, value));
        }
        let name = name.to_owned();
        let plausible = name.len() > 1 && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        if plausible && rest.is_empty() && self.peek().is_some_and(quote) {
            let quoted = self.quotation();
            piece = Piece { span: start..quoted.span.end, ..quoted };
            return Some(Lexeme::Unknown(piece, name));
        }
        if plausible && !rest.is_empty() && !rest.starts_with("//") {
            return Some(Lexeme::Unknown(piece, name));
        }
        Some(Lexeme::Text(piece))
    }
}

fn quote(c: char) -> bool {
    matches!(c, '"' | '\u{201C}'..='\u{201F}' | '«' | '»' | '＂' | '「' | '」')
}
