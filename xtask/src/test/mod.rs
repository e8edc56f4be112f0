//! `cargo xtask test`: every check of the project, one after the other.
//!
//! A failure does not stop the rest, because somebody who waits for a long run wants to know
//! everything it can tell. Each step keeps its output in `target/test-logs/`; only the end of a
//! failed one is shown. The last line is for machines: `N passed, N failed`.

mod steps;
mod tally;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::shell;
use crate::{places, system};
use steps::Step;
use tally::Tally;

/// How much of a failed step's output is shown, in lines.
const SHOWN: usize = 120;

#[derive(Args)]
pub(crate) struct Options {
    /// Leave out what needs servers, a browser or a window.
    #[arg(long)]
    fast: bool,
    /// Only these steps, by name.
    #[arg(long, value_name = "STEP", value_delimiter = ',')]
    only: Vec<String>,
}

/// How a step went.
struct Outcome {
    name: &'static str,
    took: Duration,
    tally: Tally,
    /// Why it failed, when that is not in its output.
    trouble: Option<String>,
    log: PathBuf,
}

/// Runs the checks and prints what came of them.
///
/// # Errors
/// When anything failed; the text is empty, because it has been said.
pub(crate) fn run(options: &Options) -> Result<()> {
    let logs = places::target().join("test-logs");
    fs::create_dir_all(&logs).with_context(|| format!("{} cannot be made", logs.display()))?;
    let mut outcomes = vec![prepare(options.fast, &logs)];
    let steps = steps::all(options.fast, &logs)?;
    let unknown: Vec<_> = options.only.iter().filter(|name| !steps.iter().any(|step| step.name == *name)).collect();
    if let [first, ..] = unknown.as_slice() {
        bail!("there is no step {first:?}");
    }
    for step in &steps {
        if options.only.is_empty() || options.only.iter().any(|name| name == step.name) {
            let outcome = run_step(step, &logs);
            say(&outcome);
            outcomes.push(outcome);
        }
    }
    sum_up(&outcomes)
}

/// Installs what the checks need. What fails to install is a failure: a full test that leaves something
/// out in silence would say more than it knows. What a system does not have at all is named, and the
/// tests that need it are among the skipped ones at the end.
fn prepare(fast: bool, logs: &Path) -> Outcome {
    let started = Instant::now();
    let needs: &[system::Need] = if fast {
        &[system::Need::Compiler]
    } else {
        &[system::Need::Compiler, system::Need::Window, system::Need::Tests]
    };
    let mut troubles: Vec<String> = Vec::new();
    let mut keep = |done: Result<()>| {
        if let Err(error) = done {
            troubles.push(format!("{error:#}"));
        }
    };
    keep(system::prepare(needs));
    keep(system::node());
    for folder in system::node_projects() {
        keep(system::npm_ci(&folder));
    }
    let outcome = Outcome {
        name: "prepare",
        took: started.elapsed(),
        tally: Tally::of_one(troubles.is_empty()),
        trouble: (!troubles.is_empty()).then(|| troubles.join("\n")),
        log: logs.join("prepare.log"),
    };
    say(&outcome);
    outcome
}

fn run_step(step: &Step, logs: &Path) -> Outcome {
    let log = logs.join(format!("{}.log", step.name));
    if let Some(reason) = step.skip {
        let tally = Tally { skipped: vec![format!("{}: {reason}", step.name)], ..Tally::default() };
        return Outcome { name: step.name, took: Duration::ZERO, tally, trouble: None, log };
    }
    println!("       {} …", step.name);
    // An old log would be read as this run's.
    let _ = fs::remove_file(&log);
    let started = Instant::now();
    let (ok, trouble) = match (step.command)().and_then(|command| attempt(command, step, &log)) {
        Ok(()) => (true, None),
        Err(error) => (false, Some(format!("{error:#}"))),
    };
    let text = read(&log);
    let mut tally = step.count.read(&text).with_success(ok);
    tally.skipped.extend(tally::announced_skips(&text));
    Outcome { name: step.name, took: started.elapsed(), tally, trouble, log }
}

fn attempt(mut command: Command, step: &Step, log: &Path) -> Result<()> {
    command.env("CARGO_TERM_COLOR", "never").env("NO_COLOR", "1").env("CI", "1");
    let line = shell::shown(&command);
    match shell::logged(&mut command, log, step.limit)? {
        Some(status) if status.success() => Ok(()),
        Some(_) => bail!("`{line}` failed"),
        None => bail!("`{line}` was ended after {} s", step.limit.as_secs()),
    }
}

/// What a step printed; nothing when it did not start.
fn read(log: &Path) -> String {
    fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

fn say(outcome: &Outcome) {
    let Outcome { name, took, tally, trouble, log } = outcome;
    let verdict = if tally.failed == 0 { "ok    " } else { "FAILED" };
    println!("{verdict} {name}: {} passed, {} failed ({:.1} s)", tally.passed, tally.failed, took.as_secs_f64());
    if let Some(trouble) = trouble {
        println!("{trouble}");
        let text = read(log);
        let lines: Vec<&str> = text.lines().collect();
        for line in lines.iter().skip(lines.len().saturating_sub(SHOWN)) {
            println!("    {line}");
        }
        if !lines.is_empty() {
            println!("    (all of it: {})", log.display());
        }
    }
}

fn sum_up(outcomes: &[Outcome]) -> Result<()> {
    println!();
    let mut skipped: Vec<&str> =
        outcomes.iter().flat_map(|outcome| &outcome.tally.skipped).map(String::as_str).collect();
    skipped.sort_unstable();
    skipped.dedup();
    for line in skipped {
        println!("skipped: {line}");
    }
    for outcome in outcomes {
        for name in &outcome.tally.failures {
            println!("failed: {}: {name}", outcome.name);
        }
    }
    for outcome in outcomes {
        println!(
            "{:>14} {:>6} passed {:>4} failed {:>7.1} s",
            outcome.name,
            outcome.tally.passed,
            outcome.tally.failed,
            outcome.took.as_secs_f64()
        );
    }
    let passed: u64 = outcomes.iter().map(|outcome| outcome.tally.passed).sum();
    let failed: u64 = outcomes.iter().map(|outcome| outcome.tally.failed).sum();
    println!("{passed} passed, {failed} failed");
    if failed > 0 {
        bail!("");
    }
    Ok(())
}
