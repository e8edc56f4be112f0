//! `cargo xtask run`: from a fresh checkout to the open window.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;

use crate::places;
use crate::shell::{self, must};
use crate::system::{self, Need};

#[derive(Args)]
pub(crate) struct Options {
    /// Build with optimisation: slower to build, faster to use.
    #[arg(long)]
    release: bool,
    /// Serve the page on loopback and print its address, even where a window could be shown.
    #[arg(long)]
    serve: bool,
    /// Arguments for Inlet instead of `--demo`, such as `--data-dir DIR`.
    #[arg(last = true)]
    args: Vec<OsString>,
}

/// Builds and starts Inlet.
///
/// # Errors
/// One sentence about what is missing or what failed.
pub(crate) fn run(options: &Options) -> Result<()> {
    system::node()?;
    let window = !options.serve && system::has_display();
    let needs: &[Need] = if window { &[Need::Compiler, Need::Window] } else { &[Need::Compiler] };
    system::prepare(needs)?;
    front_end()?;
    if window { open(options) } else { serve(options) }
}

/// Builds the page that every host shows.
///
/// # Errors
/// When npm or the build fails.
pub(crate) fn front_end() -> Result<()> {
    let ui = places::root().join("ui");
    system::npm_ci(&ui)?;
    must(shell::npm().args(["run", "build"]).current_dir(ui))
}

fn profile(options: &Options) -> &'static str {
    if options.release { "release" } else { "debug" }
}

fn build(options: &Options, package: &[&str]) -> Result<()> {
    let mut cargo = shell::cargo();
    cargo.arg("build").args(package);
    if options.release {
        cargo.arg("--release");
    }
    must(&mut cargo)
}

fn open(options: &Options) -> Result<()> {
    build(options, &["-p", "inlet-app", "--features", "custom-protocol"])?;
    let mut app = shell::command(places::built(profile(options), "inlet-app"));
    if options.args.is_empty() {
        app.arg("--demo");
    }
    must(app.args(&options.args))
}

/// Without a display the same page is served to a browser.
fn serve(options: &Options) -> Result<()> {
    build(options, &["-p", "inlet"])?;
    let inlet = places::built(profile(options), "inlet");
    let ui = places::root().join("ui/dist");
    if options.args.is_empty() {
        let data = places::demo()?;
        if is_empty(&data)? {
            must(shell::command(&inlet).arg("--data-dir").arg(&data).arg("demo"))?;
        }
        println!("Open the address below in a browser. It works on this computer only; Ctrl+C ends it.");
        return must(shell::command(&inlet).arg("--data-dir").arg(&data).args(["serve", "--ui"]).arg(&ui));
    }
    must(shell::command(&inlet).args(&options.args).args(["serve", "--ui"]).arg(&ui))
}

fn is_empty(folder: &Path) -> Result<bool> {
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    Ok(fs::read_dir(folder)?.next().is_none())
}
