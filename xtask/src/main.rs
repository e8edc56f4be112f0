//! Every entry point for people who use or change Inlet from its source, on all three systems.
//!
//! A task runner in Rust rather than shell scripts: one language, one behaviour on Linux, macOS
//! and Windows, and nothing to install beside Rust and Node.

mod bench;
mod never;
mod places;
mod run;
#[cfg(test)]
mod sentences;
mod shell;
mod system;
mod test;
mod train;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Runs, tests and measures Inlet from its source")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds Inlet and opens it on the demo world; what is missing is installed first.
    Run(run::Options),
    /// Runs every check there is; the last line says how many passed and failed.
    Test(test::Options),
    /// Checks which crate may know which.
    Never,
    /// Trains the sentence model and writes docs/training.md.
    Train(train::Options),
    /// Measures Inlet beside other programs and writes docs/benchmarks.md.
    Bench(bench::Options),
}

fn main() -> ExitCode {
    let done = match Cli::parse().task {
        Task::Run(options) => run::run(&options),
        Task::Test(options) => test::run(&options),
        Task::Never => never::run(),
        Task::Train(options) => train::run(&options),
        Task::Bench(options) => bench::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let text = format!("{error:#}");
            if !text.is_empty() {
                eprintln!("xtask: {text}");
            }
            ExitCode::FAILURE
        }
    }
}
