//! A backup, the way back, and what is wrong with what is kept.

use std::{io::IsTerminal, path::Path, sync::Arc};

use indicatif::{ProgressBar, ProgressStyle};
use inlet_model::CheckStep;
use inlet_orchestrator::{
    App, Clock, Event,
    api::types::{BackedUp, CheckView, WorkView},
    backup,
};
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;

use crate::{
    accounts,
    args::Args,
    host,
    print::{Out, clean},
    run::{Exit, Failure, ask},
};

pub(crate) async fn backup(app: &Arc<App>, out: Out, file: &Path) -> Result<Exit, Failure> {
    let file = std::path::absolute(file)?;
    let done: BackedUp = watched(app, ask(app, "data.backup", json!({ "file": file }))).await?;
    out.done(&done, || {
        let mut text = format!("{} holds everything ({} bytes) but:\n", clean(&done.path), done.bytes);
        text.push_str("  passwords and sign-ins, which stay in this system's keyring or under its passphrase,\n");
        text.push_str("  and imported files, which are read from where they lie.\n");
        if done.left_out > 0 {
            text.push_str(&format!("{} files of messages were not here to be taken along.\n", done.left_out));
        }
        text
    });
    Ok(Exit::Done)
}

pub(crate) async fn restore(args: &Args, file: &Path) -> Result<Exit, Failure> {
    let out = Out { json: args.json };
    let data_dir = host::data_dir(args);
    let bar = bar();
    let shown = bar.clone();
    let told = move |done, total| {
        shown.set_length(total);
        shown.set_position(done);
    };
    let restored = backup::restore(file, &data_dir, &Clock::system(), told).await;
    bar.finish_and_clear();
    let restored = restored?;
    let app = host::start(args, false).await?;
    let built = watched(&app, ask::<Value>(&app, "index.rebuild", json!({}))).await;
    app.shutdown().await;
    built?;
    out.done(&restored, || {
        let made = crate::print::when(restored.made_at);
        let mut text = format!("{} holds what was backed up on {made}.\n", data_dir.display());
        text.push_str("Give each account its password, or sign in, again: \"inlet accounts list\" names them.\n");
        if restored.parked > 0 {
            text.push_str(&format!(
                "{} operations that were on their way then may have been done since, and wait for you: inlet outbox.\n",
                restored.parked
            ));
        }
        if restored.left_out > 0 {
            text.push_str(&format!("{} files are fetched again when they are opened.\n", restored.left_out));
        }
        text
    });
    Ok(Exit::Done)
}

pub(crate) async fn doctor(args: &Args, repair: bool) -> Result<Exit, Failure> {
    let out = Out { json: args.json };
    let check = match host::start(args, false).await {
        Ok(app) => {
            let check = watched(&app, ask(&app, "data.check", json!({ "repair": repair }))).await;
            app.shutdown().await;
            check?
        }
        // What cannot even be opened is what there is to say.
        Err(failure) => {
            let step = CheckStep { name: "Start".into(), ok: false, detail: failure.error.message, fix: None };
            CheckView { ok: false, identity: None, steps: vec![step] }
        }
    };
    out.value(&check, || {
        let mut text = accounts::steps(&check);
        if !check.ok && !repair {
            text.push_str("inlet doctor --repair mends what can be mended without losing anything.\n");
        }
        text
    });
    Ok(if check.ok { Exit::Done } else { Exit::Failed })
}

/// A bar on a terminal, and nothing elsewhere.
fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{wide_bar} {percent}% {eta}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

/// Shows how far the work is that a command does.
async fn watched<T>(app: &Arc<App>, doing: impl Future<Output = T>) -> T {
    let bar = bar();
    let watching = tokio::spawn(watch(app.clone(), bar.clone()));
    let done = doing.await;
    watching.abort();
    bar.finish_and_clear();
    done
}

async fn watch(app: Arc<App>, bar: ProgressBar) {
    let mut events = app.events();
    loop {
        match events.recv().await {
            Ok(Event::Progress) | Err(RecvError::Lagged(_)) => {}
            Ok(_) => continue,
            Err(RecvError::Closed) => return,
        }
        let Ok(work) = ask::<Vec<WorkView>>(&app, "work.list", json!({})).await else { continue };
        if let Some(one) = work.last() {
            bar.set_length(one.total.unwrap_or(one.done));
            bar.set_position(one.done);
        }
    }
}
