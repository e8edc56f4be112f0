//! How good the model is, in figures.

use std::fmt::Write;

use inlet_actions::acts::model::Model;

use crate::data::{Row, Set};
use crate::logistic::{PASSES, PULL, RATE, SEEN};
use crate::{FOLDS, SEED};

/// Precision, recall and their harmonic mean.
#[derive(Clone, Copy)]
struct Quality {
    precision: f64,
    recall: f64,
    f1: f64,
}

fn quality<'a>(rows: impl Iterator<Item = (&'a Row, bool)>) -> Quality {
    let (mut hits, mut said, mut true_ones) = (0.0, 0.0, 0.0);
    for (row, asks) in rows {
        hits += f64::from(u8::from(asks && row.asks));
        said += f64::from(u8::from(asks));
        true_ones += f64::from(u8::from(row.asks));
    }
    let (precision, recall) = (hits / f64::max(said, 1.0), hits / f64::max(true_ones, 1.0));
    Quality { precision, recall, f1: 2.0 * precision * recall / f64::max(precision + recall, 1e-9) }
}

/// The threshold with the best mean F1 of the two sets, in hundredths.
pub(crate) fn threshold(rows: &[&Row], probabilities: &[f32]) -> f32 {
    let mean = |threshold: f32| {
        let of = |set: usize| {
            let rows = rows.iter().zip(probabilities).filter(|(row, _)| row.set == set);
            quality(rows.map(|(row, probability)| (*row, *probability >= threshold))).f1
        };
        of(0) + of(1)
    };
    let candidates = (20_u8..=80).map(|percent| f32::from(percent) / 100.0);
    candidates.max_by(|a, b| mean(*a).total_cmp(&mean(*b))).unwrap_or(0.5)
}

/// F1 that the model has to reach on sentences it has not seen, set by set.
const AIMS: [f64; 2] = [0.78, 0.80];

/// Sets on which a model that had not seen them is worse than it has to be: its weights are not written then.
pub(crate) fn missed(sets: &[Set], probabilities: &[f32], threshold: f32) -> Vec<String> {
    let mut rest = probabilities;
    let mut missed = Vec::new();
    for (set, aim) in sets.iter().zip(AIMS) {
        let (own, others) = rest.split_at(set.rows.len());
        rest = others;
        let f1 = quality(set.rows.iter().zip(own).map(|(row, p)| (row, *p >= threshold))).f1;
        if f1 < aim {
            missed.push(format!("{}: F1 {f1:.3}, and at least {aim} is wanted", set.name));
        }
    }
    missed
}

/// The report, as Markdown.
pub(crate) fn write(sets: &[Set], probabilities: &[f32], model: &Model) -> String {
    let mut text = String::from(
        "# Training of the sentence model\n\nWritten by `cargo xtask train`, which also writes \
         `actions/src/acts/weights.bin`. What the model is and why stands in `actions/src/acts/model.rs`.\n\n\
         ## Data\n\n| set | file | licence | sentences | that ask |\n| --- | --- | --- | ---: | ---: |\n",
    );
    for set in sets {
        let asks = set.rows.iter().filter(|row| row.asks).count();
        let _ = writeln!(text, "| {} | {} | {} | {} | {asks} |", set.name, set.file, set.licence, set.rows.len());
    }
    let _ = writeln!(
        text,
        "\nNone of the data is in this repository. Its notes say that weights trained on it may be shipped. The weights \
         are numbers under hashes of one to three words that stand in at least {SEEN} sentences: no sentence, name or \
         word can be read from the file. Both sets are English; other languages are read by patterns alone.\n\n\
         ## How\n\n- {FOLDS}-fold cross-validation, seed {SEED}; the sentences of one mail stay in one fold.\n\
         - {PASSES} passes, first step {RATE}, pull {PULL}; features seen in fewer than {SEEN} sentences are left out.\n\
         - {} features, four heads, {} bytes.\n- A sentence asks from probability {:.2} on: the threshold with the best \
         mean F1 of both sets over the same folds, so the figures flatter by what one number can.\n\n\
         ## Figures\n\nEach sentence was judged by a model that had not seen its fold. Precision, recall, F1.\n\n\
         | set | method | P | R | F1 |\n| --- | --- | ---: | ---: | ---: |",
        model.features().len(),
        model.bytes().len(),
        model.threshold,
    );
    let mut rest = probabilities;
    for set in sets {
        let (own, others) = rest.split_at(set.rows.len());
        rest = others;
        let asks = |probability: &f32| *probability >= model.threshold;
        let mut line = |method: &str, quality: Quality| {
            let Quality { precision, recall, f1 } = quality;
            let _ = writeln!(text, "| {} | {method} | {precision:.3} | {recall:.3} | {f1:.3} |", set.name);
        };
        line("ends with ?", quality(set.rows.iter().map(|row| (row, row.marked))));
        line("patterns alone", quality(set.rows.iter().map(|row| (row, row.pattern))));
        line("patterns or model", quality(set.rows.iter().zip(own).map(|(row, p)| (row, row.pattern || asks(p)))));
        line(
            "**model, patterns among its features**",
            quality(set.rows.iter().zip(own).map(|(row, p)| (row, asks(p)))),
        );
    }
    text.push_str(
        "\nWhether a sentence asks is said by the last line. Adding every pattern's hit on top finds more and is wrong \
         more often; the patterns serve the model as features instead.\n",
    );
    text
}
