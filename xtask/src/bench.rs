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
    let needs: &[Need] = if options.alone { &[Need::Compiler] } else { &[Need::Compiler, Need::Peers] };
    system::prepare(needs)?;
    must(shell::cargo().args(["build", "--release", "-p", "inlet", "-p", "inlet-bench"]))?;
    let mut bench = shell::command(places::built("release", "inlet-bench"));
    bench.env("INLET_BIN", places::built("release", "inlet"));
    // Days begin at the same instant for everybody.
    bench.env("TZ", "UTC");
    bench.arg("--keep").arg(places::target().join("inlet-bench-mail"));
    bench.arg("--report").arg(places::root().join("docs/benchmarks.md"));
    if options.alone {
        bench.arg("--alone");
    }
    must(bench.args(&options.args))
}
