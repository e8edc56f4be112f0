//! Measures Inlet beside mbsync, notmuch and mu on the same mail, and writes a Markdown table.
//!
//! Runs are interleaved, so that a computer that gets slower half-way slows everybody, and the
//! median of each is shown. Wall time on a shared computer says little; CPU time and ratios say
//! more. A faster answer with other hits is no answer, so the hits are compared too.

mod arriving;
mod engine;
mod felt;
mod graph;
mod indexing;
mod keeping;
mod large;
mod mails;
mod measure;
mod peers;
mod pushed;
mod queries;
mod reading;
mod searching;
mod syncing;
mod table;
mod thinking;

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;

use large::Large;
use table::Report;

/// What is measured, and how often.
#[derive(Parser)]
#[command(about = "Measures Inlet beside other mail programs")]
struct Options {
    /// The Markdown file to write.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// The command line of Inlet, built with optimisation.
    #[arg(long, env = "INLET_BIN", value_name = "FILE")]
    inlet: PathBuf,
    /// The program of the window, built with optimisation; without it only the browser is measured.
    #[arg(long, env = "INLET_APP", value_name = "FILE")]
    app: Option<PathBuf>,
    /// How many mails are indexed and synced beside others.
    #[arg(long, default_value_t = 10_000)]
    mails: usize,
    /// How many mails are asked questions.
    #[arg(long, default_value_t = 100_000)]
    large: usize,
    /// A folder that keeps the many mails and their indexes from one run to the next.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// How many mails the mailbox at Microsoft has.
    #[arg(long, default_value_t = 100_000)]
    graph_mails: usize,
    /// How many chats there are at Microsoft.
    #[arg(long, default_value_t = 5_000)]
    graph_chats: usize,
    /// How often each is run; the median is shown.
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Round-trip time of the slow line, in milliseconds.
    #[arg(long, default_value_t = 50)]
    round_trip: u64,
    /// Leave out the other programs.
    #[arg(long)]
    alone: bool,
    /// What to measure.
    #[arg(
        long,
        value_delimiter = ',',
        default_values = ["index", "search", "sync", "arriving", "pushed", "large", "graph", "thinking", "felt"]
    )]
    only: Vec<String>,
}

/// What every measurement needs.
struct Bench {
    inlet: PathBuf,
    alone: bool,
    runs: usize,
    /// The Maildir that everybody reads.
    maildir: PathBuf,
    /// A place for what the programs write; gone afterwards.
    scratch: tempfile::TempDir,
}

impl Bench {
    /// A new empty folder of that name.
    fn fresh(&self, name: &str) -> Result<PathBuf> {
        let folder = self.scratch.path().join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    if graph::reader().await? {
        return Ok(());
    }
    let options = Options::parse();
    let inlet = options.inlet.canonicalize().with_context(|| format!("{} is not built", options.inlet.display()))?;
    let version = measure::output(std::process::Command::new(&inlet).arg("--version"))?;
    anyhow::ensure!(version.starts_with("inlet "), "{} is not Inlet's command line", inlet.display());
    let scratch = tempfile::Builder::new().prefix("inlet-bench-").tempdir()?;
    let maildir = scratch.path().join("Maildir");
    let keep = options.keep.clone().unwrap_or_else(|| scratch.path().join("large"));
    eprintln!("writing {} mails", options.mails);
    let set = mails::write(&maildir, options.mails)?;

    let mut report = Report::new(&inlet, &set, options.runs, options.alone);
    let bench = Bench { inlet, alone: options.alone, runs: options.runs, maildir, scratch };
    for what in &options.only {
        match what.as_str() {
            "index" => indexing::measure(&bench, &mut report)?,
            "search" => {
                searching::measure(&Large::new(&bench, &keep, options.large)?, bench.alone, &mut report).await?
            }
            "sync" => syncing::measure(&bench, &set, options.round_trip, &mut report).await?,
            "arriving" => arriving::measure(&bench, &mut report).await?,
            "pushed" => pushed::measure(&bench, &mut report).await?,
            "large" => reading::measure(&Large::new(&bench, &keep, options.large)?, &mut report).await?,
            "graph" => graph::measure(&bench, options.graph_mails, options.graph_chats, &mut report)?,
            "thinking" => {
                thinking::measure(&bench, &mut report)?;
                thinking::follow(&Large::new(&bench, &keep, options.large)?, &bench, &mut report).await?;
            }
            "felt" => felt::measure(&bench.inlet, options.app.as_deref(), &mut report)?,
            other => {
                let all = "index, search, sync, arriving, pushed, large, graph, thinking and felt";
                anyhow::bail!("there is no measurement {other:?}; choose from {all}")
            }
        }
    }
    let text = report.markdown();
    print!("{text}");
    if let Some(file) = &options.report {
        std::fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))?;
    }
    Ok(())
}
