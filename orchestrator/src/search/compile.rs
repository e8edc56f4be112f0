//! From the search language to what the index can run.

use std::ops::Bound;

use tantivy::{
    Term,
    query::{
        AllQuery, BooleanQuery, BoostQuery, Occur, PhrasePrefixQuery, PhraseQuery, Query as IndexQuery, RangeQuery,
        TermQuery,
    },
    schema::{Field, IndexRecordOption},
};

use super::{
    CancelToken,
    ast::{Id, Node, TextField, TextLeaf},
    matching::{Among, Beginning, During, InBody, Matching, Steady},
    page::StateLookup,
    schema::Fields,
};

/// How many words the open end of a phrase may stand for.
const OPEN_ENDS: u32 = 2000;

/// A word in the subject says more than one in the body.
const IN_TITLE: f32 = 2.0;
/// So does one in the author's name.
const IN_FROM: f32 = 1.5;

pub(super) struct Compiler<'a> {
    pub(super) fields: &'a Fields,
    pub(super) states: &'a dyn StateLookup,
    pub(super) cancel: &'a CancelToken,
    /// Results are ordered by relevance.
    pub(super) scored: bool,
    /// Documents of a segment that are looked at for short beginnings.
    pub(super) window: Option<u32>,
}

impl Compiler<'_> {
    pub(super) fn compile(&self, node: &Node) -> Box<dyn IndexQuery> {
        match node {
            Node::All => Box::new(AllQuery),
            Node::And(nodes) => self.and(nodes),
            Node::Or(nodes) => boolean(nodes.iter().map(|node| (Occur::Should, self.compile(node))).collect()),
            Node::Not(_) => self.and(std::slice::from_ref(node)),
            Node::Text(leaf) => self.text(leaf),
            Node::State(filter) => Box::new(Matching(Among {
                field: self.fields.item,
                items: self.states.items(filter),
                cancel: self.cancel.clone(),
            })),
            Node::Kind(kind) => exact(self.fields.kind, kind.as_str()),
            Node::Source(source) => exact(self.fields.source_type, source.as_str()),
            Node::Has(has) => exact(self.fields.has, has.term()),
            Node::When { from, until } => Box::new(Matching(During {
                from: from.map(|at| at.as_millisecond()),
                until: until.map(|at| at.as_millisecond()),
            })),
            Node::Size { at_least, at_most } => {
                let bound = |size: &Option<u64>| {
                    size.map_or(Bound::Unbounded, |size| Bound::Included(Term::from_field_u64(self.fields.size, size)))
                };
                match (bound(at_least), bound(at_most)) {
                    (Bound::Unbounded, Bound::Unbounded) => Box::new(AllQuery),
                    (from, to) => Box::new(RangeQuery::new(from, to)),
                }
            }
            Node::Id(Id::Item(item)) => term(Term::from_field_i64(self.fields.item, *item)),
            Node::Id(Id::Thread(thread)) => term(Term::from_field_i64(self.fields.thread, *thread)),
            Node::Id(Id::Message(id)) => exact(self.fields.message_id, id),
        }
    }

    fn and(&self, nodes: &[Node]) -> Box<dyn IndexQuery> {
        let mut clauses: Vec<(Occur, Box<dyn IndexQuery>)> = Vec::with_capacity(nodes.len() + 1);
        for node in nodes {
            match node {
                Node::All => {}
                Node::Not(inner) => clauses.push((Occur::MustNot, self.steady(inner))),
                _ => clauses.push((Occur::Must, self.compile(node))),
            }
        }
        // "Not this" is everything but this.
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, Box::new(AllQuery)));
        }
        boolean(clauses)
    }

    /// What is to be excluded; conditions of the store and exact terms are steady as they are.
    fn steady(&self, node: &Node) -> Box<dyn IndexQuery> {
        match node {
            Node::And(_) | Node::Or(_) | Node::Not(_) | Node::Text(_) => Box::new(Steady(self.compile(node))),
            _ => self.compile(node),
        }
    }

    fn text(&self, leaf: &TextLeaf) -> Box<dyn IndexQuery> {
        let (field, other) = self.fields.of(leaf.field);
        let first = self.text_in(leaf, field);
        if let Some(other) = other {
            return boolean(vec![(Occur::Should, first), (Occur::Should, self.text_in(leaf, other))]);
        }
        if self.scored && leaf.field == TextField::Any {
            let mut clauses = vec![(Occur::Must, first)];
            for (field, weight) in [(self.fields.title, IN_TITLE), (self.fields.from, IN_FROM)] {
                clauses.push((Occur::Should, Box::new(BoostQuery::new(self.text_in(leaf, field), weight))));
            }
            return boolean(clauses);
        }
        first
    }

    fn text_in(&self, leaf: &TextLeaf, field: Field) -> Box<dyn IndexQuery> {
        let words = &leaf.terms.words;
        let open = leaf.prefix || leaf.terms.open;
        let whole = self.words(field, words, open, leaf.field == TextField::Body);
        match &leaf.terms.joined {
            Some(joined) => {
                let joined = self.words(field, &[(0, joined.clone())], leaf.prefix, leaf.field == TextField::Body);
                boolean(vec![(Occur::Should, whole), (Occur::Should, joined)])
            }
            None => whole,
        }
    }

    fn words(&self, field: Field, words: &[(u32, String)], open: bool, body: bool) -> Box<dyn IndexQuery> {
        if body {
            let cancel = self.cancel.clone();
            return Box::new(Matching(InBody { field, words: words.to_vec(), prefix: open, cancel }));
        }
        if let [(_, word)] = words {
            if !open {
                return self.word(field, word);
            }
            let beginning = Box::new(Matching(Beginning {
                field,
                prefix: word.clone(),
                window: self.window,
                cancel: self.cancel.clone(),
            }));
            // The whole word ranks above what only begins with it.
            return if self.scored {
                boolean(vec![(Occur::Must, beginning), (Occur::Should, self.word(field, word))])
            } else {
                beginning
            };
        }
        let terms = words.iter().map(|(offset, word)| (*offset as usize, Term::from_field_text(field, word))).collect();
        if open {
            let mut phrase = PhrasePrefixQuery::new_with_offset(terms);
            phrase.set_max_expansions(OPEN_ENDS);
            return Box::new(phrase);
        }
        Box::new(PhraseQuery::new_with_offset(terms))
    }

    fn word(&self, field: Field, word: &str) -> Box<dyn IndexQuery> {
        let option = if self.scored { IndexRecordOption::WithFreqs } else { IndexRecordOption::Basic };
        Box::new(TermQuery::new(Term::from_field_text(field, word), option))
    }
}

fn boolean(mut clauses: Vec<(Occur, Box<dyn IndexQuery>)>) -> Box<dyn IndexQuery> {
    match (clauses.len(), clauses.pop()) {
        (1, Some((Occur::Must | Occur::Should, only))) => only,
        (_, last) => {
            clauses.extend(last);
            Box::new(BooleanQuery::new(clauses))
        }
    }
}

fn exact(field: Field, word: &str) -> Box<dyn IndexQuery> {
    term(Term::from_field_text(field, word))
}

fn term(term: Term) -> Box<dyn IndexQuery> {
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}
