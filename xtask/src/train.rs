//! `cargo xtask train`: hands the labelled sentences to the trainer, which writes weights and a report.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::Args;

use crate::places;
use crate::shell::{self, must};

#[derive(Args)]
pub(crate) struct Options {
    /// The folder that holds `corpus/intent`, which is not in the repository.
    #[arg(long, env = "INLET_SHARED", value_name = "DIR", default_value = "../shared")]
    shared: PathBuf,
}

/// Trains on what lies in `corpus/intent`.
///
/// # Errors
/// When the data is not there, or the trainer does not build or fails.
pub(crate) fn run(options: &Options) -> Result<()> {
    let corpus = places::root().join(&options.shared).join("corpus/intent");
    ensure!(corpus.is_dir(), "{} does not exist; say with --shared where the corpus lies", corpus.display());
    let mut train = shell::cargo();
    train.args(["run", "--package", "inlet-actions", "--example", "train", "--"]).arg(corpus);
    must(train.arg(places::root().join("actions/src/acts/weights.bin")).arg(places::root().join("docs/training.md")))
}
