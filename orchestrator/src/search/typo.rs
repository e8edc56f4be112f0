//! One typo per word is forgiven, but only when nothing matches what was typed, and it is told.
//!
//! The word is replaced by the most frequent word of the index that differs in one letter, rather
//! than by all of them: a person can read what was searched and take it back.

use std::collections::HashMap;

use tantivy::{Searcher, Term, query::FuzzyTermQuery, schema::Field};

use super::{
    Result,
    ast::{Node, Query, TextLeaf},
    schema::Fields,
};

/// Shorter words are within one letter of too many others.
const SHORTEST: usize = 4;
/// For a word still being typed.
const SHORTEST_BEGINNING: usize = 5;
/// Words of one search that are looked at, and replacements tried for each.
const TRIES: usize = 4;

/// A search that finds something, and its text, where one typo in a word is the reason that `query`
/// does not. `finds` runs a search.
pub(super) fn correct(
    query: &Query,
    searcher: &Searcher,
    fields: &Fields,
    finds: impl Fn(&Query) -> Result<bool>,
) -> Result<Option<Query>> {
    let leaves: Vec<TextLeaf> = query.wanted().into_iter().cloned().collect();
    let (mut absent, mut present) = (Vec::new(), Vec::new());
    for (ordinal, leaf) in leaves.iter().enumerate() {
        let Some(word) = single(leaf) else { continue };
        let list = if occurs(searcher, fields, leaf, word)? { &mut present } else { &mut absent };
        list.push(ordinal);
    }
    // Words that are nowhere are wrong for certain: all of them are replaced.
    if !absent.is_empty() {
        let mut replacements: Vec<(usize, Vec<String>)> = Vec::new();
        for ordinal in absent.into_iter().take(TRIES) {
            let Some(leaf) = leaves.get(ordinal) else {
                continue;
            };
            let similar = similar(searcher, fields, leaf)?;
            if similar.is_empty() {
                return Ok(None);
            }
            replacements.push((ordinal, similar));
        }
        for attempt in 0..TRIES {
            let chosen: Vec<(usize, &str)> = replacements
                .iter()
                .filter_map(|(ordinal, words)| Some((*ordinal, words.get(attempt).or(words.first())?.as_str())))
                .collect();
            let candidate = replaced(query, &leaves, &chosen);
            if finds(&candidate)? {
                return Ok(Some(candidate));
            }
        }
        return Ok(None);
    }
    // Every word is somewhere, but they are nowhere together: one of them may be meant otherwise.
    for ordinal in present.into_iter().take(TRIES) {
        let Some(leaf) = leaves.get(ordinal) else {
            continue;
        };
        for word in similar(searcher, fields, leaf)?.into_iter().take(TRIES) {
            let candidate = replaced(query, &leaves, &[(ordinal, &word)]);
            if finds(&candidate)? {
                return Ok(Some(candidate));
            }
        }
    }
    Ok(None)
}

/// The word of a leaf in which a typo may be forgiven.
fn single(leaf: &TextLeaf) -> Option<&str> {
    let [(_, word)] = leaf.terms.words.as_slice() else {
        return None;
    };
    let least = if leaf.prefix { SHORTEST_BEGINNING } else { SHORTEST };
    let letters = word.chars().count() >= least && !word.chars().any(char::is_numeric);
    (leaf.lenient && letters && !leaf.terms.open).then_some(word)
}

fn occurs(searcher: &Searcher, fields: &Fields, leaf: &TextLeaf, word: &str) -> Result<bool> {
    let (field, other) = fields.of(leaf.field);
    for field in [Some(field), other].into_iter().flatten() {
        if !leaf.prefix {
            if searcher.doc_freq(&Term::from_field_text(field, word))? > 0 {
                return Ok(true);
            }
            continue;
        }
        for reader in searcher.segment_readers() {
            let index = reader.inverted_index(field)?;
            let mut terms = index.terms().range().ge(word.as_bytes()).into_stream()?;
            if terms.advance() && terms.key().starts_with(word.as_bytes()) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Words one letter away, the likeliest first.
fn similar(searcher: &Searcher, fields: &Fields, leaf: &TextLeaf) -> Result<Vec<String>> {
    let Some(word) = single(leaf) else {
        return Ok(Vec::new());
    };
    let mut found = HashMap::<String, u64>::new();
    let (field, other) = fields.of(leaf.field);
    for field in [Some(field), other].into_iter().flatten() {
        collect(searcher, field, word, leaf.prefix, &mut found)?;
    }
    found.remove(word);
    // A first letter is seldom the wrong one.
    let first = word.chars().next();
    let weight = |(term, count): &(String, u64)| {
        if term.chars().next() == first { count * 8 } else { *count }
    };
    let mut words: Vec<_> = found.into_iter().collect();
    words.sort_by(|a, b| weight(b).cmp(&weight(a)).then_with(|| a.0.cmp(&b.0)));
    Ok(words.into_iter().map(|(term, _)| term).take(TRIES).collect())
}

fn collect(
    searcher: &Searcher,
    field: Field,
    word: &str,
    prefix: bool,
    found: &mut HashMap<String, u64>,
) -> Result<()> {
    let term = Term::from_field_text(field, word);
    let query = if prefix { FuzzyTermQuery::new_prefix(term, 1, true) } else { FuzzyTermQuery::new(term, 1, true) };
    let automaton = query.automaton()?;
    for reader in searcher.segment_readers() {
        let index = reader.inverted_index(field)?;
        let mut terms = index.terms().search(&automaton).into_stream()?;
        while terms.advance() {
            let Ok(term) = std::str::from_utf8(terms.key()) else {
                continue;
            };
            *found.entry(term.to_owned()).or_default() += u64::from(terms.value().doc_freq);
        }
    }
    Ok(())
}

/// `query` with other words in some of its leaves, in its text as well.
fn replaced(query: &Query, leaves: &[TextLeaf], words: &[(usize, &str)]) -> Query {
    let mut out = query.clone();
    let mut ordinal = 0;
    replace_in(&mut out.root, &mut ordinal, words);
    let mut edits: Vec<_> =
        words.iter().filter_map(|(ordinal, word)| Some((leaves.get(*ordinal)?.span.clone(), *word))).collect();
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    for (span, word) in edits {
        if out.text.is_char_boundary(span.start) && out.text.is_char_boundary(span.end) {
            out.text.replace_range(span, word);
        }
    }
    out
}

/// Walks the leaves in the order of [`Query::wanted`].
fn replace_in(node: &mut Node, ordinal: &mut usize, words: &[(usize, &str)]) {
    match node {
        Node::And(nodes) | Node::Or(nodes) => {
            nodes.iter_mut().for_each(|node| replace_in(node, ordinal, words));
        }
        Node::Text(leaf) => {
            if let Some((_, word)) = words.iter().find(|(wanted, _)| wanted == ordinal) {
                leaf.terms.words = vec![(0, (*word).to_owned())];
                leaf.terms.joined = None;
            }
            *ordinal += 1;
        }
        _ => {}
    }
}
