//! What a sentence does: asks, proposes, promises, thanks.
//!
//! Patterns in seven languages name what they saw ([`crate::words`]); a small logistic model over the words of English
//! sentences ([`model`]) finds the requests that no pattern foresaw. The model was trained on English alone, so it speaks
//! for English alone; in other languages the patterns decide, and in a language without patterns only a question mark
//! counts. Each label says which pattern gave it, or `model` with its probability: a person who asks why gets an answer.
//!
//! Refused: a language model (neither explainable nor small nor local enough), and one model for all languages, for
//! which there is no free training data.

pub mod model;
mod patterns;

use serde::{Deserialize, Serialize};

use crate::fold::fold_text;
use crate::language::{self, Language};
use crate::words::Cue;

pub(crate) use patterns::Cues;

/// What a sentence can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    /// Asks for a deed.
    Request,
    /// Asks for knowledge.
    Question,
    /// Suggests a time or a common deed.
    Proposal,
    /// Promises a deed.
    Commitment,
    /// Thanks.
    Thanks,
}

impl Act {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 5] = [Self::Request, Self::Question, Self::Proposal, Self::Commitment, Self::Thanks];

    fn cue(self) -> Cue {
        match self {
            Self::Request => Cue::Request,
            Self::Question => Cue::Question,
            Self::Proposal => Cue::Proposal,
            Self::Commitment => Cue::Commitment,
            Self::Thanks => Cue::Thanks,
        }
    }
}

/// How sure a pattern is: about as often as it is right on the training data.
const PATTERN: f32 = 0.85;
/// A pattern in a sentence that is mere politeness.
const POLITE: f32 = 0.2;

/// One act a sentence does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// The act.
    pub act: Act,
    /// From 0 to 1.
    pub probability: f32,
    /// The pattern that saw it, with its language ("en: can you"), or `model`.
    pub by: String,
}

/// What a sentence does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Acts {
    /// Its acts with a probability above zero, at most one of each.
    pub labels: Vec<Label>,
    /// It wants something from its reader.
    pub ask: bool,
    /// Moves, for the ledger.
    pub(crate) cues: Cues,
}

impl Acts {
    /// How probable an act is.
    #[must_use]
    pub fn probability(&self, act: Act) -> f32 {
        self.labels.iter().find(|label| label.act == act).map_or(0.0, |label| label.probability)
    }

    /// The act at least as probable as not.
    #[must_use]
    pub fn does(&self, act: Act) -> bool {
        self.probability(act) >= 0.5
    }
}

/// Reads one sentence.
#[must_use]
pub fn read(sentence: &str) -> Acts {
    let folded = fold_text(sentence);
    let language = language::detect_folded(&folded);
    read_folded(&folded, language, true)
}

/// The patterns and the shipped weights, as one number.
pub(crate) fn fingerprint() -> u64 {
    model::fingerprint() ^ patterns::fingerprint().rotate_left(1)
}

/// As [`read`], of a folded sentence whose language is known from its surroundings. Whether the model is asked is the
/// caller's to say: what is as long as a table is none of the sentences it was trained on, and takes it longest.
pub(crate) fn read_folded(folded: &str, language: Option<Language>, model: bool) -> Acts {
    let (cues, seen) = patterns::find(folded, language);
    let polite = cues.has(Cue::Closer) || cues.has(Cue::Phatic);
    let mut labels: Vec<Label> = Vec::new();
    for act in Act::ALL {
        if let Some(name) = seen.iter().find(|seen| seen.cue == act.cue()).map(|seen| seen.name) {
            let sure = if polite && matches!(act, Act::Request | Act::Question) { POLITE } else { PATTERN };
            labels.push(Label { act, probability: sure, by: name.to_owned() });
        }
    }
    let asked = labels
        .iter()
        .any(|label| matches!(label.act, Act::Request | Act::Question | Act::Proposal) && label.probability >= 0.5);
    let mut ask = asked;
    if model && matches!(language, Some(Language::En) | None) {
        let english = seen.iter().filter(|seen| matches!(seen.language, Some(Language::En) | None));
        let probability = model::probability(folded, english.map(|seen| seen.name));
        ask = probability >= model::threshold() || language.is_none() && asked;
        match labels.iter_mut().find(|label| label.act == Act::Request) {
            // Whoever saw it first is named; the model may be surer.
            Some(label) if label.probability >= 0.5 => label.probability = label.probability.max(probability),
            Some(label) => *label = by_model(probability),
            None => labels.insert(0, by_model(probability)),
        }
    }
    Acts { labels, ask, cues }
}

fn by_model(probability: f32) -> Label {
    Label { act: Act::Request, probability, by: "model".into() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests;
