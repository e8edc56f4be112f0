//! A search, understood.

use std::ops::Range;

use inlet_model::{Kind, SourceType, Timestamp};

use super::fold::Terms;

/// What somebody looks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// What could not be understood, one sentence each.
    pub hints: Vec<String>,
    /// The search as it was typed.
    pub text: String,
    pub(super) root: Node,
}

impl Query {
    /// Everything: nothing was asked for.
    pub fn is_everything(&self) -> bool {
        self.root == Node::All
    }

    /// What it finds changes with the clock and with settings: it asks for what is waited for.
    pub fn is_by_the_clock(&self) -> bool {
        self.root.asks(&|filter| matches!(filter, StateFilter::In(place) if place == "waiting"))
    }

    /// It holds the beginning of a word of which only one or two letters are known: most of the
    /// dictionary may begin so.
    pub(super) fn begins_shortly(&self) -> bool {
        self.wanted().iter().any(|leaf| match leaf.terms.words.as_slice() {
            [(_, word)] => (leaf.prefix || leaf.terms.open) && word.chars().nth(2).is_none(),
            _ => false,
        })
    }

    /// The texts an item must hold, without what it must not.
    pub(super) fn wanted(&self) -> Vec<&TextLeaf> {
        let mut out = Vec::new();
        self.root.wanted(&mut out);
        out
    }
}

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    All,
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Text(TextLeaf),
    State(StateFilter),
    Kind(Kind),
    Source(SourceType),
    Has(Has),
    /// From the first instant to just before the second.
    When {
        from: Option<Timestamp>,
        until: Option<Timestamp>,
    },
    /// In bytes, both included.
    Size {
        at_least: Option<u64>,
        at_most: Option<u64>,
    },
    Id(Id),
}

impl Node {
    /// Somewhere in it something holds of a state that satisfies this.
    fn asks(&self, of: &impl Fn(&StateFilter) -> bool) -> bool {
        match self {
            Self::And(nodes) | Self::Or(nodes) => nodes.iter().any(|node| node.asks(of)),
            Self::Not(node) => node.asks(of),
            Self::State(filter) => of(filter),
            _ => false,
        }
    }

    fn wanted<'a>(&'a self, out: &mut Vec<&'a TextLeaf>) {
        match self {
            Self::And(nodes) | Self::Or(nodes) => nodes.iter().for_each(|node| node.wanted(out)),
            Self::Text(leaf) => out.push(leaf),
            _ => {}
        }
    }

    pub(super) fn and(mut nodes: Vec<Self>) -> Self {
        match (nodes.len(), nodes.pop()) {
            (_, None) => Self::All,
            (1, Some(only)) => only,
            (_, Some(last)) => {
                nodes.push(last);
                Self::And(nodes)
            }
        }
    }

    pub(super) fn or(self, other: Self) -> Self {
        match self {
            Self::Or(mut nodes) => {
                nodes.push(other);
                Self::Or(nodes)
            }
            first => Self::Or(vec![first, other]),
        }
    }
}

/// A word or a phrase to look for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TextLeaf {
    pub(super) field: TextField,
    pub(super) terms: Terms,
    /// The last word is a beginning.
    pub(super) prefix: bool,
    /// A typo may be forgiven: it was not quoted.
    pub(super) lenient: bool,
    /// Its bytes in [`Query::text`].
    pub(super) span: Range<usize>,
}

/// Where a text is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum TextField {
    Any,
    Body,
    Subject,
    From,
    /// Recipients, copies included.
    To,
    Cc,
    Filename,
    List,
}

/// What an item has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Has {
    Attachment,
    Link,
}

/// One item or one conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Id {
    Item(i64),
    Thread(i64),
    /// Message-ID without angle brackets, lower case.
    Message(String),
}

/// A condition on what changes too often to be indexed; the store answers it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StateFilter {
    /// `is:`
    Is(IsState),
    /// `in:` a place (inbox, waiting, sent …) or the name of a folder, lower case.
    In(String),
    /// `label:`, as typed.
    Label(String),
    /// `account:` its name or address, as typed.
    Account(String),
    /// `person:` a name or handle, as typed.
    Person(String),
    /// `from:me`
    FromMe,
    /// `to:me`
    ToMe,
}

/// What `is:` can ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IsState {
    /// Not read.
    Unread,
    /// Read.
    Read,
    /// Starred.
    Starred,
    /// Snoozed.
    Snoozed,
}

/// The form a Message-ID has in the index.
pub(super) fn message_id(text: &str) -> String {
    text.trim().trim_start_matches('<').trim_end_matches('>').to_lowercase()
}
