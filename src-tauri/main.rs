//! The window of Inlet. It holds no logic: arguments, a log file, and the host.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod host;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use inlet_orchestrator::logs;
use tauri::{Manager, RunEvent};

/// One window for mail, chat and notes.
#[derive(Parser)]
#[command(name = "inlet-app", version)]
struct Args {
    /// The folder that holds everything Inlet keeps.
    #[arg(long, value_name = "DIR", env = "INLET_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// Open the demo world, which lives in a folder of its own and sends nothing.
    #[arg(long)]
    demo: bool,
}

fn main() -> ExitCode {
    let args = Args::parse();
    match run(args) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("inlet-app: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: Args) -> Result<u8, Box<dyn std::error::Error>> {
    let mut builder = tauri::Builder::default();
    // A second window on the same folder would only fight over it; one on another folder may run.
    if args.data_dir.is_none() && !args.demo {
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, _, _| host::focus(app)));
    }
    let app = builder.invoke_handler(tauri::generate_handler![host::rpc]).build(tauri::generate_context!())?;
    let folder = if args.demo { "inlet-demo" } else { "inlet" };
    let data_dir = match args.data_dir {
        Some(dir) => dir,
        None => app.path().data_dir()?.join(folder),
    };
    std::fs::create_dir_all(&data_dir)?;
    logs::init(&data_dir, 0);
    app.manage(host::Host::start(app.handle().clone(), data_dir.clone(), args.demo));
    let code = app.run_return(move |app, event| match event {
        RunEvent::Ready => {
            if let Err(error) = host::open_window(app, &data_dir) {
                tracing::error!(%error, "the window did not open");
                eprintln!("inlet-app: the window did not open: {error}");
                app.exit(1);
            }
        }
        RunEvent::Exit => app.state::<host::Host>().stop(),
        _ => {}
    });
    logs::close();
    Ok(u8::try_from(code).unwrap_or(1))
}
