//! The search language.
//!
//! Words that must all match, `"phrases"`, `-not`, `OR` (which binds tighter than the space, as in
//! Gmail: `a b OR c` is `a (b OR c)`), parentheses and fields. No text is an error: what cannot be
//! understood is searched as text, and [`Query::hints`] says so in words for a person. While a search
//! is being typed the last word is a beginning, and a filter not yet complete is left out rather than
//! searched as text, so that the list does not go empty between two keys.

use std::collections::VecDeque;

use inlet_model::{Kind, SourceType, Timestamp};
use jiff::tz::TimeZone;

use super::{
    ast::{Has, Id, IsState, Node, Query, StateFilter, TextField, TextLeaf, message_id},
    dates,
    fold::Terms,
    lexer::{Field, Lexeme, Piece, lex},
};

/// Bytes of a search that are read.
const LONGEST: usize = 4096;

/// Deeper parentheses are read as if they were not there.
const DEEPEST: usize = 24;

/// More conditions are left out.
const MOST_LEAVES: usize = 64;

/// Understands a search. Dates are seen from `now` in `zone`; `typing` makes the last word a
/// beginning.
pub fn parse(text: &str, now: Timestamp, zone: &TimeZone, typing: bool) -> Query {
    let whole = text;
    let end = whole.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= LONGEST).last();
    let text = whole.get(..end.unwrap_or(0)).unwrap_or_default();
    let open_end = typing && !text.ends_with(char::is_whitespace);
    let mut parser = Parser {
        lexemes: lex(text).into(),
        now,
        zone,
        end: open_end.then_some(text.len()),
        typing,
        leaves: 0,
        hints: Vec::new(),
    };
    if text.len() < whole.len() {
        parser.hint("This is very long: only its beginning was searched.".to_owned());
    }
    let nodes = parser.sequence(0, None, false);
    if nodes.is_empty() && parser.hints.is_empty() && !typing && !text.trim().is_empty() {
        parser.hint("There is no word to look for in this.".to_owned());
    }
    Query { hints: parser.hints, text: text.to_owned(), root: Node::and(nodes) }
}

struct Parser<'a> {
    lexemes: VecDeque<Lexeme>,
    now: Timestamp,
    zone: &'a TimeZone,
    /// Where the text ends, if its last word is still being typed.
    end: Option<usize>,
    typing: bool,
    leaves: usize,
    hints: Vec<String>,
}

impl Parser<'_> {
    fn hint(&mut self, hint: String) {
        if self.hints.len() < 5 && !self.hints.contains(&hint) {
            self.hints.push(hint);
        }
    }

    fn take(&mut self, wanted: &Lexeme) -> bool {
        let found = self.lexemes.front() == Some(wanted);
        if found {
            self.lexemes.pop_front();
        }
        found
    }

    /// Everything up to the closing parenthesis, or to the end.
    fn sequence(&mut self, depth: usize, field: Option<TextField>, negated: bool) -> Vec<Node> {
        let (mut nodes, mut or) = (Vec::<Node>::new(), false);
        while let Some(lexeme) = self.lexemes.front() {
            match lexeme {
                Lexeme::Close => {
                    self.lexemes.pop_front();
                    if depth > 0 {
                        break;
                    }
                }
                Lexeme::Or => {
                    self.lexemes.pop_front();
                    or = !nodes.is_empty();
                }
                _ => {
                    if let Some(node) = self.unary(depth, field, negated) {
                        match nodes.pop() {
                            Some(last) if or => nodes.push(last.or(node)),
                            last => {
                                nodes.extend(last);
                                nodes.push(node);
                            }
                        }
                    }
                    or = false;
                }
            }
        }
        nodes
    }

    fn unary(&mut self, depth: usize, field: Option<TextField>, negated: bool) -> Option<Node> {
        let mut not = false;
        while self.take(&Lexeme::Not) {
            not = true;
        }
        if matches!(self.lexemes.front(), None | Some(Lexeme::Close | Lexeme::Or)) {
            return None;
        }
        let negated = negated || not;
        let node = match self.lexemes.pop_front()? {
            Lexeme::Open => self.group(depth, field, negated),
            Lexeme::Text(piece) => self.text(field.unwrap_or(TextField::Any), &piece, negated),
            Lexeme::Unknown(piece, name) => {
                self.hint(format!("\"{name}:\" is not a field; it was searched as text."));
                self.text(field.unwrap_or(TextField::Any), &piece, negated)
            }
            Lexeme::Field(name, value) => self.field(name, value, depth, negated),
            Lexeme::Close | Lexeme::Or | Lexeme::Not => None,
        }?;
        Some(if not { Node::Not(Box::new(node)) } else { node })
    }

    fn group(&mut self, depth: usize, field: Option<TextField>, negated: bool) -> Option<Node> {
        if depth >= DEEPEST {
            return None;
        }
        let nodes = self.sequence(depth + 1, field, negated);
        (!nodes.is_empty()).then(|| Node::and(nodes))
    }

    fn leaf(&mut self, node: Node) -> Option<Node> {
        self.leaves += 1;
        if self.leaves > MOST_LEAVES {
            self.hint(format!("Only the first {MOST_LEAVES} conditions are used."));
            return None;
        }
        Some(node)
    }

    /// It is the last piece of a search still being typed.
    fn unfinished(&self, piece: &Piece) -> bool {
        self.end == Some(piece.span.end) && (!piece.quoted || piece.unclosed)
    }

    fn text(&mut self, field: TextField, piece: &Piece, negated: bool) -> Option<Node> {
        let terms = Terms::of(&piece.text);
        if piece.unclosed && !self.typing {
            self.hint("The quotation has no end; it was taken up to the end of the search.".to_owned());
        }
        if terms.is_empty() {
            return None;
        }
        let leaf = TextLeaf {
            field,
            // Leaving out what only begins with a word would hide results while it is typed.
            prefix: self.unfinished(piece) && !negated,
            lenient: !piece.quoted && !negated,
            terms,
            span: piece.span.clone(),
        };
        self.leaf(Node::Text(leaf))
    }

    fn field(&mut self, field: Field, value: Piece, depth: usize, negated: bool) -> Option<Node> {
        let text = match field {
            Field::From => Some(TextField::From),
            Field::To => Some(TextField::To),
            Field::Cc => Some(TextField::Cc),
            Field::Subject => Some(TextField::Subject),
            Field::Body => Some(TextField::Body),
            Field::Filename => Some(TextField::Filename),
            Field::List => Some(TextField::List),
            _ => None,
        };
        if value.text.trim().is_empty() {
            if let Some(text) = text
                && self.take(&Lexeme::Open)
            {
                return self.group(depth, Some(text), negated);
            }
            if !self.typing {
                self.hint(format!("{} is left out: nothing follows it.", name(field)));
            }
            return None;
        }
        if let Some(text) = text {
            return match (field, value.text.to_lowercase().as_str()) {
                (Field::From, "me") if !value.quoted => self.leaf(Node::State(StateFilter::FromMe)),
                (Field::To, "me") if !value.quoted => self.leaf(Node::State(StateFilter::ToMe)),
                _ => self.text(text, &value, negated),
            };
        }
        if let Some(node) = self.filter(field, &value) {
            return self.leaf(node);
        }
        if self.unfinished(&value) {
            return None;
        }
        self.hint(format!("{} does not understand \"{}\"; {}", name(field), shorten(&value.text), expected(field)));
        self.text(TextField::Any, &value, negated)
    }

    /// The condition of a field that is no text; `None` when its value cannot be understood.
    fn filter(&mut self, field: Field, value: &Piece) -> Option<Node> {
        let typed = value.text.trim();
        let lower = typed.to_lowercase();
        Some(match field {
            Field::In if matches!(lower.as_str(), "all" | "anywhere") => Node::All,
            Field::In => Node::State(StateFilter::In(lower)),
            Field::Label => Node::State(StateFilter::Label(typed.to_owned())),
            Field::Account => Node::State(StateFilter::Account(typed.to_owned())),
            Field::Person => Node::State(StateFilter::Person(typed.to_owned())),
            // A place to look in and a state: the same conversations.
            Field::Is if lower == "waiting" => Node::State(StateFilter::In(lower)),
            Field::Is => Node::State(StateFilter::Is(match lower.as_str() {
                "unread" => IsState::Unread,
                "read" => IsState::Read,
                "starred" | "flagged" => IsState::Starred,
                "snoozed" => IsState::Snoozed,
                _ => return None,
            })),
            Field::Has => Node::Has(match lower.as_str() {
                "attachment" | "attachments" | "file" | "files" => Has::Attachment,
                "link" | "links" | "url" => Has::Link,
                _ => return None,
            }),
            Field::Type => Node::Kind(match lower.as_str() {
                "mail" | "mails" | "email" => Kind::Mail,
                "chat" | "chats" | "message" => Kind::Chat,
                "note" | "notes" => Kind::Note,
                _ => return None,
            }),
            Field::Source => Node::Source(SourceType::from_word(&lower)?),
            Field::Larger => Node::Size { at_least: Some(bytes(&lower)?), at_most: None },
            Field::Smaller => Node::Size { at_least: None, at_most: Some(bytes(&lower)?) },
            Field::Id => Node::Id(id(typed)),
            Field::Before | Field::After | Field::On | Field::Older | Field::Newer => self.date(field, value)?,
            _ => return None,
        })
    }

    /// A date may go on in the next words: `after:3 days ago`.
    fn date(&mut self, field: Field, value: &Piece) -> Option<Node> {
        let mut candidates = vec![value.text.clone()];
        if !value.quoted {
            let more = self.lexemes.iter().take(dates::LONGEST - 1).map_while(|lexeme| match lexeme {
                Lexeme::Text(piece) if !piece.quoted => Some(&piece.text),
                _ => None,
            });
            for word in more {
                candidates.push(format!("{} {word}", candidates.last().map_or("", String::as_str)));
            }
        }
        let understood = candidates.iter().enumerate().rev().find_map(|(words, candidate)| {
            let whole = |from, until| Some((words, Node::When { from, until }));
            match field {
                Field::Older | Field::Newer => {
                    if let Some(at) = dates::age(candidate, self.now, self.zone) {
                        return if field == Field::Older { whole(None, Some(at)) } else { whole(Some(at), None) };
                    }
                    let period = dates::period(candidate, self.now, self.zone)?;
                    if field == Field::Older { whole(None, Some(period.from)) } else { whole(Some(period.from), None) }
                }
                _ => {
                    let period = dates::period(candidate, self.now, self.zone)?;
                    match field {
                        Field::Before => whole(None, Some(period.from)),
                        Field::After => whole(Some(period.from), None),
                        _ => whole(Some(period.from), Some(period.until)),
                    }
                }
            }
        });
        let (words, node) = understood?;
        self.lexemes.drain(..words);
        Some(node)
    }
}

fn name(field: Field) -> String {
    format!("\"{field:?}:\"").to_lowercase()
}

fn expected(field: Field) -> &'static str {
    match field {
        Field::Is => "it knows unread, read, starred and snoozed. It was searched as text.",
        Field::Has => "it knows attachment and link. It was searched as text.",
        Field::Type => "it knows mail, chat and note. It was searched as text.",
        Field::Source => {
            "it knows gmail, outlook, imap, whatsapp, teams, slack, onenote and files. It was searched as text."
        }
        Field::Larger | Field::Smaller => "write a size such as 5mb. It was searched as text.",
        Field::Older | Field::Newer => "write an age such as 2w or a date. It was searched as text.",
        _ => "write a date such as 2026-03-01 or \"last week\". It was searched as text.",
    }
}

fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// "5mb", "1.5 g", "500": 1024 bytes make a k.
fn bytes(text: &str) -> Option<u64> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let end = compact.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(compact.len());
    let (count, unit) = compact.split_at_checked(end)?;
    if !count.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let factor: u32 = match unit {
        "" | "b" | "bytes" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return None,
    };
    let size = count.parse::<f64>().ok()? * f64::from(factor);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates, and is never negative")]
    Some(size as u64)
}

fn id(text: &str) -> Id {
    if let Ok(item) = text.parse::<inlet_model::ItemId>() {
        return Id::Item(item.0);
    }
    if let Ok(thread) = text.parse::<inlet_model::ThreadId>() {
        return Id::Thread(thread.0);
    }
    Id::Message(message_id(text))
}

#[cfg(test)]
mod tests;
