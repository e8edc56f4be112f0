//! Trains the model of `inlet_actions::acts::model` and says how good it is.
//!
//! `cargo xtask train` runs this: it reads the labelled sentences, cross-validates, and writes
//! `actions/src/acts/weights.bin` and the report `docs/training.md`, unless the model falls short. Same data, same seed,
//! same bytes.
#![allow(clippy::indexing_slicing, reason = "the indices are the trainer's own")]

mod data;
mod logistic;
mod report;

use std::error::Error;
use std::path::Path;

use data::{Row, Set};

/// Decides the folds and the order of the steps.
const SEED: u64 = 20_260_301;
/// How many parts the data is cut into for cross-validation.
const FOLDS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(corpus), Some(weights), Some(report)) = (args.next(), args.next(), args.next()) else {
        return Err("give the folder of the corpus, the file of the weights and the file of the report".into());
    };
    let sets = [Set::parakweet(Path::new(&corpus))?, Set::lin(Path::new(&corpus))?];
    let rows: Vec<&Row> = sets.iter().flat_map(|set| &set.rows).collect();
    let folds = data::folds(&sets, SEED, FOLDS);
    let mut unseen = vec![0.0; rows.len()];
    for fold in 0..FOLDS {
        let others = rows.iter().zip(&folds).filter(|(_, of)| **of != fold).map(|(row, _)| *row);
        let model = logistic::train(&others.collect::<Vec<_>>(), 0.5, SEED);
        for (at, row) in rows.iter().enumerate().filter(|(at, _)| folds[*at] == fold) {
            unseen[at] = model.probability(&row.features);
        }
    }
    let threshold = report::threshold(&rows, &unseen);
    let missed = report::missed(&sets, &unseen, threshold);
    if !missed.is_empty() {
        return Err(missed.join("; ").into());
    }
    let model = logistic::train(&rows, threshold, SEED);
    let text = report::write(&sets, &unseen, &model);
    std::fs::write(weights, model.bytes())?;
    std::fs::write(report, &text)?;
    print!("{text}");
    Ok(())
}
