//! `cargo xtask bench`: builds everything with optimisation and hands over to the crate `inlet-bench`.

use std::ffi::OsString;

use anyhow::Result;
use clap::Args;

use crate::places;
use crate::shell::{self, must};
use crate::system::{self, Need};

#[derive(Args)]
pub(crate) struct Options {
    /// Leave out the other programs (mbsync, notmuch, mu), which Linux and macOS have to install.
    #[arg(long)]
    alone: bool,
    /// Arguments for the measurements; `--help` lists them.
    #[arg(last = true)]
    args: Vec<OsString>,
}

/// Builds and measures.
///
/// # Errors
/// When something needed is missing, or a measurement fails.
pub(crate) fn run(options: &Options) -> Result<()> {
    let mut needs = vec![Need::Compiler, Need::Window, Need::Tests];
    if !options.alone {
        needs.push(Need::Peers);
    }
    system::prepare(&needs)?;
    for folder in ["ui", "tests/e2e"] {
        system::npm_ci(&places::root().join(folder))?;
    }
    must(shell::npm().args(["run", "build"]).current_dir(places::root().join("ui")))?;
    must(shell::cargo().args(["build", "--release", "-p", "inlet", "-p", "inlet-app", "-p", "inlet-bench"]))?;
    let mut bench = shell::command(places::built("release", "inlet-bench"));
    bench.env("INLET_BIN", places::built("release", "inlet"));
    // The real window is driven on Linux only, where a display can be had without a screen.
    if cfg!(target_os = "linux") {
        bench.env("INLET_APP", places::built("release", "inlet-app"));
    }
    if let Some(browser) = system::browser() {
        bench.env("INLET_CHROMIUM", browser);
    }
    // Days begin at the same instant for everybody.
    bench.env("TZ", "UTC");
    bench.arg("--keep").arg(places::target().join("inlet-bench-mail"));
    bench.arg("--report").arg(places::root().join("docs/benchmarks.md"));
    if options.alone {
        bench.arg("--alone");
    }
    must(bench.args(&options.args))
}
