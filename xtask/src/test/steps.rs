//! The list of checks.
//!
//! Every cargo command names the same packages and features, so that nothing is compiled twice:
//! clippy and the documentation share their work, and so do the build, the tests and the window. Nor
//! is a linker chosen: on x86-64 Linux rustc brings lld along and links with it since 1.90, the oldest
//! that builds this, and flags of our own would have everything built once more beside a plain `cargo`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{env, fs, io};

use anyhow::{Context, Result};

use crate::shell::{cargo, command, npm};
use crate::{places, system};

use super::tally::Count;

/// One check.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    /// Made when its turn comes: earlier steps may have to come first.
    pub(crate) command: Box<dyn Fn() -> Result<Command>>,
    pub(crate) count: Count,
    pub(crate) limit: Duration,
    /// Why it cannot be run here; it is then named as skipped.
    pub(crate) skip: Option<&'static str>,
}

impl Step {
    fn new(name: &'static str, minutes: u64, command: impl Fn() -> Command + 'static) -> Self {
        Self {
            name,
            command: Box::new(move || Ok(command())),
            count: Count::One,
            limit: Duration::from_secs(60 * minutes),
            skip: None,
        }
    }

    fn counted(self, count: Count) -> Self {
        Self { count, ..self }
    }
}

fn with(mut command: Command, args: &[&str]) -> Command {
    command.args(args);
    command
}

/// The checks in their order; `fast` leaves out what needs servers, a browser or a window.
///
/// # Errors
/// When the checkout or this program cannot be found.
pub(crate) fn all(fast: bool, logs: &Path) -> Result<Vec<Step>> {
    let ui = places::root().join("ui");
    let this = env::current_exe().context("where am I?")?;
    let report = logs.join("vitest.json");
    // Left over from the last run it would be counted again.
    match fs::remove_file(&report) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let vitest = format!("--outputFile.json={}", report.display());

    let page = |args: &'static [&'static str]| {
        let ui = ui.clone();
        move || with(in_folder(npm(), &ui), args)
    };
    let mut steps = vec![
        Step::new("fmt", 2, || with(cargo(), &["fmt", "--all", "--check"])),
        Step::new("never", 2, move || with(command(&this), &["never"])),
        Step::new("page-build", 3, page(&["run", "build"])),
        Step::new("page-types", 3, page(&["run", "check"])),
        Step::new("page-tests", 5, {
            let ui = ui.clone();
            move || {
                let npm = in_folder(npm(), &ui);
                with(npm, &["test", "--", "--reporter=default", "--reporter=json", &vitest])
            }
        })
        .counted(Count::Vitest(report)),
    ];
    // Without --workspace cargo leaves out the window, which needs the system's web view to build.
    let workspace: &[&str] = if fast { &[] } else { &["--workspace"] };
    let all = |first: &'static [&'static str], last: &'static [&'static str]| {
        let args: Vec<&str> = [first, workspace, last].concat();
        move || with(cargo(), &args)
    };
    steps.push(Step::new("clippy", 20, all(&["clippy"], &["--all-targets", "--", "-D", "warnings"])));
    steps.push(Step::new("docs", 10, {
        let cargo = all(&["doc"], &["--no-deps"]);
        move || {
            let mut command = cargo();
            command.env("RUSTDOCFLAGS", "-D warnings");
            command
        }
    }));
    if fast {
        steps
            .push(Step::new("units", 20, all(&["test"], &["--lib", "--bins", "--no-fail-fast"])).counted(Count::Cargo));
        return Ok(steps);
    }
    steps.push(Step::new("build", 20, all(&["build"], &["--all-targets"])));
    if places::program(&["cargo-nextest"]).is_some() {
        let nextest = all(&["nextest", "run"], &["--no-fail-fast", "--success-output", "immediate"]);
        steps.push(Step::new("tests", 25, nextest).counted(Count::Cargo));
        steps.push(Step::new("doc-tests", 5, all(&["test"], &["--doc"])).counted(Count::Cargo));
    } else {
        let tests = all(&["test"], &["--no-fail-fast", "--", "--show-output"]);
        steps.push(Step::new("tests", 15, tests).counted(Count::Cargo));
    }
    steps.push(browser_step());
    let write = all(&["test"], &["--lib", "--", "--ignored", "--exact", "html::attacks::write_documents"]);
    steps.extend(attack_steps(logs, write));
    let window = all(&["test"], &["--test", "window", "--", "--ignored", "--show-output", "--test-threads=1"]);
    // On other systems it has no tests.
    let driven = !cfg!(target_os = "linux") || places::program(&["WebKitWebDriver"]).is_some();
    let skip = (!driven).then_some("WebKitWebDriver is not installed");
    steps.push(Step { skip, ..Step::new("window", 6, window).counted(Count::Cargo) });
    Ok(steps)
}

/// The front end in a browser, against the real engine.
fn browser_step() -> Step {
    Step {
        name: "browser",
        count: Count::Tap,
        limit: Duration::from_secs(20 * 60),
        skip: system::browser().is_none().then_some(system::NO_BROWSER),
        command: Box::new(|| {
            let mut node = command("node");
            node.args(["--test", "--test-reporter=tap", "--test-concurrency=2"]);
            node.args(end_to_end(&places::root().join("tests/e2e"))?);
            node.env("INLET_BIN", places::built("debug", "inlet"));
            node.env("INLET_UI", places::root().join("ui/dist"));
            if let Some(browser) = system::browser() {
                node.env("INLET_CHROMIUM", browser);
            }
            Ok(node)
        }),
    }
}

/// Hostile mail as the reader shows it, in a browser that counts what gets through. The mail is no
/// part of the project.
fn attack_steps(logs: &Path, write: impl Fn() -> Command + 'static) -> [Step; 2] {
    let documents = logs.join("documents.jsonl");
    let skip = env::var_os("INLET_SHARED").is_none().then_some("INLET_SHARED is not set");
    let skip = skip.or_else(|| system::browser().is_none().then_some(system::NO_BROWSER));
    let file = documents.clone();
    let write = Step::new("attacks-write", 5, move || {
        let mut command = write();
        command.env("INLET_DOCUMENTS", &file);
        command
    });
    let show = Step::new("attacks", 10, move || {
        let mut node = command("node");
        node.arg("tests/e2e/attacks.mjs").arg(&documents);
        if let Some(browser) = system::browser() {
            node.env("CHROMIUM", browser);
        }
        node
    });
    [Step { skip, ..write }, Step { skip, ..show }]
}

fn end_to_end(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    files.sort();
    anyhow::ensure!(!files.is_empty(), "{} holds no tests", folder.display());
    Ok(files)
}

fn in_folder(mut command: Command, folder: &Path) -> Command {
    command.current_dir(folder);
    command
}
