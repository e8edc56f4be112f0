//! The fixed questions: the same for everybody, made from the mail itself, so that they have hits.

use inlet_testkit::Rng;
use jiff::{SignedDuration, Timestamp};

use crate::mails::MailSet;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Query {
    Word(String),
    Phrase(String),
    From(String),
    /// From the first day to before the second.
    Dates(Timestamp, Timestamp),
    /// The beginning of a word, as somebody types.
    Prefix(String),
}

impl Query {
    /// The kind, for the table.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Word(_) => "word",
            Self::Phrase(_) => "phrase",
            Self::From(_) => "from:",
            Self::Dates(..) => "dates",
            Self::Prefix(_) => "prefix",
        }
    }

    /// Somebody is still typing it.
    pub(crate) fn is_typing(&self) -> bool {
        matches!(self, Self::Prefix(_))
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
            Self::Word(text) | Self::Prefix(text) => text.clone(),
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
            Self::Prefix(start) => format!("{start}*"),
            other => other.inlet(),
        }
    }
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

/// `count` questions, a fifth of each kind (fewer of a kind the mail has too little for).
pub(crate) fn fixed(set: &MailSet, count: usize) -> Vec<Query> {
    let mut rng = Rng::new(11);
    let each = count / 5;
    let words: Vec<&str> = set
        .samples
        .iter()
        .flat_map(|sample| &sample.words)
        .map(String::as_str)
        .filter(|word| word.len() >= 4)
        .collect();
    let senders: Vec<&str> = set.samples.iter().filter_map(|sample| sample.from.as_deref()).collect();
    let phrases: Vec<String> = set.samples.iter().filter_map(|sample| Some(sample.words.get(..3)?.join(" "))).collect();
    let days = (set.to.as_second() - set.from.as_second()) / 86_400;

    let mut queries = Vec::with_capacity(count);
    for _ in 0..each {
        if let Some(word) = chosen(&mut rng, &words) {
            queries.push(Query::Word((*word).to_owned()));
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
        }
    }
    queries
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
        for kind in ["word", "phrase", "from:", "dates", "prefix"] {
            assert_eq!(queries.iter().filter(|query| query.kind() == kind).count(), 40, "{kind}");
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
