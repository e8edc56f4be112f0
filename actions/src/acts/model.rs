//! A logistic model over the words of a sentence: does it ask its reader to do something?
//!
//! The two sets it learns from disagree about what that means: one counts offers of a stranger, the other counts what
//! the writer promises to do. So there are four linear [`Head`]s over the same features: one learnt from both sets, one
//! from each, and one that tells which set a sentence could be from and weighs the two accordingly. Half of the answer is
//! the first head's, half the other two's; in cross-validation that is two points better than one head alone on the one
//! set and one on the other.
//!
//! `cargo xtask train` makes the weights (`weights.bin`) and the report docs/training.md. Features are hashed, so that
//! the file holds numbers and no word of the people whose mail it was learnt from. The same [`features`] serve training
//! and reading; whoever changes them or the English patterns, which are features too, trains again.
//!
//! `weights.bin`, little endian: `IAW2`, the threshold and for each head bias and step as f32, the number of features as
//! u32, then their hashes (u32, ascending), then for each head the weights in steps (i8).

use std::sync::LazyLock;

use super::patterns;
use crate::fold::fold_text;
use crate::language::Language;

static WEIGHTS: &[u8] = include_bytes!("weights.bin");

/// What a head was taught to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// It asks, say both sets.
    Both,
    /// It asks, says the first set.
    First,
    /// It asks, says the second set.
    Second,
    /// It could be from the second set.
    Gate,
}

impl Head {
    /// All heads, in the order in which they are kept.
    pub const ALL: [Self; 4] = [Self::Both, Self::First, Self::Second, Self::Gate];
}

/// A head's weights.
#[derive(Clone, Debug, Default)]
pub struct Weights {
    /// Added to every sum.
    pub bias: f32,
    /// One for each feature, in the order of the features.
    pub weights: Vec<f32>,
}

/// The model as it is applied.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// From this probability on a sentence asks.
    pub threshold: f32,
    bias: [f32; 4],
    step: [f32; 4],
    hashes: Vec<u32>,
    /// Where the hashes begin that have these first bits, and one more at the end: most features of a sentence are
    /// unknown, and to find that out in all of the hashes costs a walk through memory each time.
    starts: Vec<u32>,
    steps: [Vec<i8>; 4],
}

/// First bits of a hash that [`Model::starts`] goes by.
const FIRST_BITS: u32 = 12;

static MODEL: LazyLock<Model> = LazyLock::new(|| Model::parse(WEIGHTS).unwrap_or_default());

impl Model {
    /// Reads what [`Model::bytes`] wrote; nothing where it is not that.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(b"IAW2")?;
        let mut number = || {
            let (four, more) = rest.split_first_chunk::<4>()?;
            rest = more;
            Some(*four)
        };
        let mut model = Self { threshold: f32::from_le_bytes(number()?), ..Self::default() };
        for (bias, step) in model.bias.iter_mut().zip(&mut model.step) {
            *bias = f32::from_le_bytes(number()?);
            *step = f32::from_le_bytes(number()?);
        }
        let count = u32::from_le_bytes(number()?) as usize;
        let (hashes, mut rest) = rest.split_at_checked(count * 4)?;
        model.hashes = hashes.as_chunks::<4>().0.iter().map(|hash| u32::from_le_bytes(*hash)).collect();
        for steps in &mut model.steps {
            let (own, more) = rest.split_at_checked(count)?;
            rest = more;
            *steps = own.iter().map(|step| i8::from_le_bytes([*step])).collect();
        }
        model.starts = starts(&model.hashes);
        Some(model)
    }

    /// The model of these features, ascending, and the weights of the heads, rounded to 127 steps each.
    #[must_use]
    pub fn new(threshold: f32, hashes: Vec<u32>, heads: &[Weights; 4]) -> Self {
        let mut model = Self { threshold, starts: starts(&hashes), hashes, ..Self::default() };
        for (at, head) in heads.iter().enumerate() {
            let step = head.weights.iter().map(|weight| weight.abs()).fold(f32::MIN_POSITIVE, f32::max) / 127.0;
            #[expect(clippy::cast_possible_truncation, reason = "a weight is at most 127 steps")]
            let steps = head.weights.iter().map(|weight| (weight / step).round() as i8).collect();
            for (place, value) in [(&mut model.bias, head.bias), (&mut model.step, step)] {
                if let Some(place) = place.get_mut(at) {
                    *place = value;
                }
            }
            if let Some(place) = model.steps.get_mut(at) {
                *place = steps;
            }
        }
        model
    }

    /// The file's form.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = b"IAW2".to_vec();
        bytes.extend(self.threshold.to_le_bytes());
        for (bias, step) in self.bias.iter().zip(&self.step) {
            bytes.extend(bias.to_le_bytes());
            bytes.extend(step.to_le_bytes());
        }
        bytes.extend(u32::try_from(self.hashes.len()).unwrap_or(0).to_le_bytes());
        bytes.extend(self.hashes.iter().flat_map(|hash| hash.to_le_bytes()));
        bytes.extend(self.steps.iter().flatten().flat_map(|step| step.to_le_bytes()));
        bytes
    }

    /// The features it knows.
    #[must_use]
    pub fn features(&self) -> &[u32] {
        &self.hashes
    }

    /// A feature's place.
    fn find(&self, hash: u32) -> Option<usize> {
        let first = (hash >> (u32::BITS - FIRST_BITS)) as usize;
        let (from, until) = (*self.starts.get(first)? as usize, *self.starts.get(first + 1)? as usize);
        self.hashes.get(from..until)?.binary_search(&hash).ok().map(|at| from + at)
    }

    /// The probability that a sentence with these features asks.
    #[must_use]
    pub fn probability(&self, features: &[u32]) -> f32 {
        let mut sums = [0_i32; 4];
        for at in features.iter().filter_map(|hash| self.find(*hash)) {
            for (sum, steps) in sums.iter_mut().zip(&self.steps) {
                *sum += steps.get(at).map_or(0, |step| i32::from(*step));
            }
        }
        let [both, first, second, gate] = std::array::from_fn(|head| {
            let part = |numbers: &[f32; 4]| numbers.get(head).copied().unwrap_or(0.0);
            #[expect(clippy::cast_precision_loss, reason = "a few hundred features of 127 steps at most")]
            let steps = sums.get(head).copied().unwrap_or(0) as f32;
            1.0 / (1.0 + (-(part(&self.bias) + part(&self.step) * steps)).exp())
        });
        both.midpoint(gate * second + (1.0 - gate) * first)
    }
}

/// Where the hashes begin that have these first bits, and one more at the end.
fn starts(hashes: &[u32]) -> Vec<u32> {
    let first = |hash: u32| hash >> (u32::BITS - FIRST_BITS);
    let begin = |bits: u32| hashes.partition_point(|hash| first(*hash) < bits);
    (0..=1 << FIRST_BITS).map(|bits| u32::try_from(begin(bits)).unwrap_or(u32::MAX)).collect()
}

/// The probability that a folded sentence asks in which English patterns have these names.
pub(super) fn probability<'a>(folded: &str, english: impl Iterator<Item = &'a str>) -> f32 {
    MODEL.probability(&of_folded(folded, english))
}

/// The shipped weights, as one number.
pub(super) fn fingerprint() -> u64 {
    WEIGHTS.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// From this probability on a sentence asks.
pub(super) fn threshold() -> f32 {
    MODEL.threshold
}

/// The features of a sentence, hashed, each once.
#[must_use]
pub fn features(sentence: &str) -> Vec<u32> {
    let folded = fold_text(sentence);
    let (_, seen) = patterns::find(&folded, Some(Language::En));
    of_folded(&folded, seen.iter().map(|seen| seen.name))
}

fn of_folded<'a>(folded: &str, english: impl Iterator<Item = &'a str>) -> Vec<u32> {
    let tokens = tokens(folded);
    let mut features = Vec::with_capacity(tokens.len() * 6);
    features.extend((1..=3).flat_map(|length| tokens.windows(length)).map(|window| hash(b'w', window)));
    for window in tokens.windows(3) {
        if let [first, _, last] = window {
            features.push(hash(b's', &[*first, *last]));
        }
    }
    // "attach", "attached" and "attachment" begin alike.
    let stems: Vec<&str> = tokens.iter().map(|token| token.get(..4).unwrap_or(token)).collect();
    features.extend(stems.windows(1).chain(stems.windows(2)).map(|window| hash(b't', window)));
    for token in tokens.iter().skip(1).take(4) {
        features.push(hash(b'b', &[*token]));
    }
    features.extend(english.map(|name| hash(b'p', &[name])));
    let length = match tokens.len() {
        0..=4 => "4",
        5..=7 => "7",
        8..=12 => "12",
        13..=20 => "20",
        21..=35 => "35",
        _ => "more",
    };
    features.push(hash(b'l', &[length]));
    features.sort_unstable();
    features.dedup();
    features
}

/// Words and telling punctuation, between a beginning and an end; numbers, addresses and links lose what is theirs.
fn tokens(folded: &str) -> Vec<&str> {
    let mut tokens = vec!["^"];
    for piece in folded.split(' ').filter(|piece| !piece.is_empty()) {
        if piece.contains("://") || piece.starts_with("www.") || piece.contains("$link") {
            tokens.push("LINK");
            continue;
        }
        if piece.contains('@') && piece.contains('.') {
            tokens.push("MAIL");
            continue;
        }
        let mut rest = piece;
        while let Some(c) = rest.chars().next() {
            let inside = |c: char| c.is_alphanumeric() || c == '\'' || c == '-';
            let length = rest.find(|c| !inside(c)).unwrap_or(rest.len()).max(c.len_utf8());
            let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
            rest = after;
            let bare = word.trim_matches(['\'', '-']);
            if bare.is_empty() {
                if matches!(word, "?" | "!" | ":" | "," | "." | "\"" | ">" | "(" | ";" | "$") {
                    tokens.push(word);
                }
            } else if bare.starts_with(|c: char| c.is_ascii_digit()) {
                tokens.push("0");
            } else if inside(c) {
                tokens.push(bare);
            } else if matches!(word, "?" | "!" | ":" | "," | "." | "\"" | ">" | "(" | ";" | "$") {
                tokens.push(word);
            }
        }
    }
    tokens.push("$$");
    tokens
}

/// FNV-1a of a kind and words.
fn hash(kind: u8, words: &[&str]) -> u32 {
    let bytes = std::iter::once(kind).chain(words.iter().flat_map(|word| word.bytes().chain(std::iter::once(b' '))));
    bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The report tells what is in the repository, and not of another training.
    #[test]
    fn the_shipped_weights_are_those_of_the_report() {
        let report = include_str!("../../../docs/training.md");
        let model = Model::parse(WEIGHTS).unwrap();
        assert!(WEIGHTS.len() < 1_000_000, "{}", WEIGHTS.len());
        assert_eq!(model.bytes(), WEIGHTS, "nothing is left over");
        let size = format!("- {} features, four heads, {} bytes.", model.features().len(), WEIGHTS.len());
        assert!(report.contains(&size), "{size}");
        let from = format!("asks from probability {:.2} on", model.threshold);
        assert!(report.contains(&from), "{from}");
        // What was aimed at, by the report's own figures.
        for (set, aim) in [("Parakweet", 0.78), ("Lin mail", 0.80)] {
            let line = report.lines().find(|line| line.starts_with(&format!("| {set} | **model")));
            let f1: f32 = line.and_then(|line| line.split('|').rev().nth(1)).unwrap().trim().parse().unwrap();
            assert!(f1 >= aim, "{set}: {f1}");
        }
    }

    #[test]
    fn every_feature_is_found_and_no_other() {
        let model = Model::parse(WEIGHTS).unwrap();
        assert!(model.hashes.is_sorted_by(|one, next| one < next));
        for hash in model.hashes.iter().flat_map(|hash| [*hash, hash.wrapping_add(1), hash.wrapping_sub(1)]) {
            assert_eq!(model.find(hash), model.hashes.binary_search(&hash).ok(), "{hash}");
        }
        assert_eq!(Model::default().find(7), None);
        assert_eq!(Model::new(0.5, vec![7], &Default::default()).find(7), Some(0));
    }
}
