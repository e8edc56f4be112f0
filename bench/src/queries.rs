//! The fixed questions: the same for everybody, made from the mail itself, so that they have hits.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use inlet_testkit::Rng;
use jiff::{SignedDuration, Timestamp};

use crate::mails::MailSet;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Query {
    Word(String),
    /// Both words, anywhere.
    Words(String),
    /// A word that a good part of all mail has.
    Common(String),
    Phrase(String),
    From(String),
    /// From the first day to before the second.
    Dates(Timestamp, Timestamp),
    /// The beginning of a word, as somebody types.
    Prefix(String),
    /// Its first two letters.
    Letters(String),
}

/// The kinds, as the table names them.
pub(crate) const KINDS: [&str; 8] =
    ["word", "two words", "common word", "phrase", "from:", "dates", "prefix", "letters"];

/// So many of the words that most mails have are common.
const COMMON: usize = 50;

impl Query {
    /// The kind, for the table.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Word(_) => "word",
            Self::Words(_) => "two words",
            Self::Common(_) => "common word",
            Self::Phrase(_) => "phrase",
            Self::From(_) => "from:",
            Self::Dates(..) => "dates",
            Self::Prefix(_) => "prefix",
            Self::Letters(_) => "letters",
        }
    }

    /// Somebody is still typing it.
    pub(crate) fn is_typing(&self) -> bool {
        matches!(self, Self::Prefix(_) | Self::Letters(_))
    }

    /// The word of a question for one.
    pub(crate) fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            _ => None,
        }
    }

    /// In the language of Inlet, where the last word is a prefix while it is typed.
    pub(crate) fn inlet(&self) -> String {
        match self {
            Self::Word(text) | Self::Words(text) | Self::Common(text) | Self::Prefix(text) | Self::Letters(text) => {
                text.clone()
            }
            Self::Phrase(words) => format!("\"{words}\""),
            Self::From(name) => format!("from:{name}"),
            Self::Dates(from, to) => format!("after:{} before:{}", day(*from), day(*to)),
        }
    }

    /// In the language of notmuch(1) and mu(1), whose ranges include their last day.
    pub(crate) fn others(&self) -> String {
        match self {
            Self::Dates(from, to) => {
                format!("date:{}..{}", day(*from), day(*to - SignedDuration::from_hours(24)))
            }
            Self::Prefix(start) | Self::Letters(start) => format!("{start}*"),
            other => other.inlet(),
        }
    }
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

/// `count` questions, as many of each kind (fewer of a kind the mail has too little for).
pub(crate) fn fixed(set: &MailSet, count: usize) -> Vec<Query> {
    let mut rng = Rng::new(11);
    let each = count / KINDS.len();
    let words: Vec<&str> = set
        .samples
        .iter()
        .flat_map(|sample| &sample.words)
        .map(String::as_str)
        .filter(|word| word.len() >= 4)
        .collect();
    let common = common(set);
    let senders: Vec<&str> = set.samples.iter().filter_map(|sample| sample.from.as_deref()).collect();
    let phrases: Vec<String> = set.samples.iter().filter_map(|sample| Some(sample.words.get(..3)?.join(" "))).collect();
    let days = (set.to.as_second() - set.from.as_second()) / 86_400;

    let mut queries = Vec::with_capacity(count);
    for _ in 0..each {
        if let Some(word) = chosen(&mut rng, &words) {
            queries.push(Query::Word((*word).to_owned()));
        }
        if let (Some(one), Some(other)) = (chosen(&mut rng, &common), chosen(&mut rng, &words)) {
            queries.push(Query::Words(format!("{one} {other}")));
        }
        if let Some(word) = chosen(&mut rng, &common) {
            queries.push(Query::Common((*word).to_owned()));
        }
        if let Some(phrase) = chosen(&mut rng, &phrases) {
            queries.push(Query::Phrase(phrase.clone()));
        }
        if let Some(name) = chosen(&mut rng, &senders) {
            queries.push(Query::From((*name).to_owned()));
        }
        let start =
            set.from + SignedDuration::from_hours(24 * rng.below(usize::try_from(days).unwrap_or(0).max(1)) as i64);
        let length = 1 + rng.below(60) as i64;
        queries.push(Query::Dates(start, start + SignedDuration::from_hours(24 * length)));
        if let Some(word) = chosen(&mut rng, &words) {
            queries.push(Query::Prefix(word.chars().take(3).collect()));
            queries.push(Query::Letters(word.chars().take(2).collect()));
        }
    }
    queries
}

/// The words that the most samples have.
fn common(set: &MailSet) -> Vec<&str> {
    let mut samples: BTreeMap<&str, usize> = BTreeMap::new();
    for sample in &set.samples {
        let words: BTreeSet<&str> = sample.words.iter().map(String::as_str).filter(|word| word.len() >= 4).collect();
        for word in words {
            *samples.entry(word).or_default() += 1;
        }
    }
    let mut words: Vec<(&str, usize)> = samples.into_iter().collect();
    words.sort_by_key(|(word, count)| (Reverse(*count), *word));
    words.into_iter().take(COMMON).map(|(word, _)| word).collect()
}

fn chosen<'a, T>(rng: &mut Rng, of: &'a [T]) -> Option<&'a T> {
    if of.is_empty() { None } else { of.get(rng.below(of.len())) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::mails::Sample;

    #[test]
    fn the_questions_are_the_same_each_time_and_of_every_kind() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let samples =
            vec![Sample { words: ["meet", "at", "the", "pier"].map(String::from).to_vec(), from: Some("ana".into()) }];
        let set = MailSet {
            count: 1,
            bytes: 1,
            origin: String::new(),
            samples,
            from: at("2023-01-02T00:00:00Z"),
            to: at("2024-01-02T00:00:00Z"),
        };
        let queries = fixed(&set, 200);
        assert_eq!(queries.len(), 200);
        assert_eq!(queries, fixed(&set, 200));
        for kind in KINDS {
            assert_eq!(queries.iter().filter(|query| query.kind() == kind).count(), 25, "{kind}");
        }
    }

    #[test]
    fn everybody_is_asked_the_same_days() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let query = Query::Dates(at("2024-03-01T08:00:00Z"), at("2024-03-03T08:00:00Z"));
        assert_eq!(query.inlet(), "after:2024-03-01 before:2024-03-03");
        assert_eq!(query.others(), "date:2024-03-01..2024-03-02");
    }
}
