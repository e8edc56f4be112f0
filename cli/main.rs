//! `inlet`: the engine without a window, for scripts, servers, tests and people who live in a terminal.
//!
//! The command line and the window share one command list, so nothing can be done in one that the
//! other cannot. [`args`] is the grammar, [`run`] maps it onto the engine's commands, [`mod@print`] is
//! what a terminal shows, [`serve`] the same commands over HTTP.

mod accounts;
mod actions;
mod args;
mod channels;
mod data;
mod host;
mod people;
mod print;
mod proposals;
mod relay;
mod rules;
mod run;
mod serve;
mod signin;
mod sync;
mod usage;
mod whatsapp;
mod writing;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => return usage::told(&error, std::env::args_os()).into(),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("inlet: the system gives no threads: {error}");
            return ExitCode::from(1);
        }
    };
    let json = args.json;
    let exit = runtime.block_on(run::run(args)).unwrap_or_else(|failure| {
        print::failure(&failure, json);
        failure.exit
    });
    inlet_orchestrator::logs::close();
    exit.into()
}
