//! Fetching, with progress on a terminal and JSON lines for scripts.

use std::{collections::HashMap, io::IsTerminal, path::PathBuf, sync::Arc};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use inlet_model::{AccountId, SourceError, SourceType, account::DateOrder};
use inlet_orchestrator::{
    App, Event, SyncOutcome,
    api::{
        ApiError,
        types::{AccountView, CheckView, ContactsRead, SourceView, Status},
    },
};
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;

use crate::{
    accounts,
    args::Import,
    print::{Out, clean},
    run::{Exit, Failure, ask},
};

pub(crate) async fn run(app: &Arc<App>, out: Out, once: bool, account: Option<AccountId>) -> Result<Exit, Failure> {
    if once {
        return told(app, out, app.sync_once(account)).await;
    }
    if let Some(id) = account {
        let known: Vec<AccountView> = ask(app, "accounts.list", json!({})).await?;
        if known.iter().all(|account| account.id != id) {
            return Err(ApiError::not_found(format!("The account {id}")).into());
        }
    }
    let watching = tokio::spawn(watch(app.clone(), out));
    let _ = tokio::signal::ctrl_c().await;
    watching.abort();
    Ok(Exit::Done)
}

/// Tells how far fetching is, and how it ended.
async fn told(
    app: &Arc<App>,
    out: Out,
    fetching: impl Future<Output = Result<Vec<SyncOutcome>, ApiError>>,
) -> Result<Exit, Failure> {
    let watching = tokio::spawn(watch(app.clone(), out));
    let outcomes = fetching.await;
    watching.abort();
    let outcomes = outcomes?;
    let status: Status = ask(app, "status", json!({})).await?;
    let failed: Vec<&SyncOutcome> = outcomes.iter().filter(|outcome| outcome.error.is_some()).collect();
    let items: u64 = sources(&status).map(|source| source.items).sum();
    let errors: Vec<_> = failed
        .iter()
        .map(|outcome| {
            let error = outcome.error.as_ref();
            json!({ "source": outcome.source, "code": error.map(SourceError::code), "message": error.map(ToString::to_string) })
        })
        .collect();
    out.value(&json!({ "done": true, "items": items, "failed": errors }), || {
        let mut text = format!("{items} items are here.\n");
        for outcome in &failed {
            let name = sources(&status).find(|source| source.id == outcome.source).map_or("?", |source| &source.name);
            let error = outcome.error.as_ref().map(ToString::to_string).unwrap_or_default();
            text.push_str(&format!("{name}: {error}\n"));
        }
        text
    });
    let sign_in = |outcome: &&SyncOutcome| matches!(outcome.error, Some(SourceError::AuthNeeded(_)));
    Ok(match (failed.len(), outcomes.len()) {
        (0, _) => Exit::Done,
        (failures, all) if failures < all => Exit::Partly,
        _ if failed.iter().all(sign_in) => Exit::SignIn,
        _ => Exit::Failed,
    })
}

/// Address books, mail and chats, each where it belongs.
pub(crate) async fn import(app: &Arc<App>, out: Out, import: &Import) -> Result<Exit, Failure> {
    let is_book = |path: &&PathBuf| {
        let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
        ending.is_some_and(|ending| ending == "vcf" || ending == "vcard")
    };
    let (books, paths): (Vec<&PathBuf>, Vec<&PathBuf>) = import.paths.iter().partition(is_book);
    if !books.is_empty() {
        let read: ContactsRead = ask(app, "contacts.import", json!({ "paths": books })).await?;
        out.value(&read, || {
            let (added, changed, known) = (read.added, read.changed, read.known);
            let mut lines = format!("Address book read: {added} new, {changed} changed, {known} known already.\n");
            for card in &read.skipped {
                lines.push_str(&format!("Skipped in {}: {}\n", clean(&card.file), clean(&card.why)));
            }
            lines
        });
        if paths.is_empty() {
            return Ok(Exit::Done);
        }
    }
    let Import { into, me, dates, zone, .. } = import;
    let dates = dates.map(DateOrder::from);
    let params = json!({ "paths": paths, "into": into, "me": me, "dates": dates, "zone": zone });
    let view: AccountView = ask(app, "import", params).await?;
    // Of chats something had to be decided that their exports do not say.
    let chats = view.sources.iter().any(|source| source.source_type == SourceType::WhatsApp);
    let check: Option<CheckView> = match chats {
        true => Some(ask(app, "accounts.check", json!({ "id": view.id })).await?),
        false => None,
    };
    if let Some(check) = &check {
        match out.json {
            true => out.line(&json!({ "account": view.id, "ok": check.ok, "steps": check.steps }).to_string()),
            false => out.line(&accounts::steps(check)),
        }
    }
    // What was imported may be years of mail: what to do next is worked out by whoever asks for it.
    let exit = told(app, out, app.fetch_once(Some(view.id))).await?;
    let unread = check.is_some_and(|check| !check.ok);
    Ok(if exit == Exit::Done && unread { Exit::Partly } else { exit })
}

fn sources(status: &Status) -> impl Iterator<Item = &SourceView> {
    status.accounts.iter().flat_map(|account| &account.sources)
}

/// Shows how far each source has come until it is aborted.
async fn watch(app: Arc<App>, out: Out) {
    let mut events = app.events();
    let bars = MultiProgress::new();
    let on_terminal = std::io::stderr().is_terminal();
    let mut shown: HashMap<String, ProgressBar> = HashMap::new();
    let mut last: HashMap<String, (u64, bool)> = HashMap::new();
    loop {
        match events.recv().await {
            Ok(Event::Source { .. }) | Err(RecvError::Lagged(_)) => {}
            Ok(_) => continue,
            Err(RecvError::Closed) => return,
        }
        let Ok(status) = ask::<Status>(&app, "status", json!({})).await else { continue };
        for source in sources(&status) {
            let id = source.id.to_string();
            let now = (source.progress.done, source.progress.complete);
            if last.insert(id.clone(), now) == Some(now) {
                continue;
            }
            if out.json {
                out.line(
                    &json!({ "source": id, "name": source.name, "progress": source.progress, "state": source.state })
                        .to_string(),
                );
            } else if on_terminal {
                let bar = shown.entry(id).or_insert_with(|| {
                    let style = ProgressStyle::with_template("{msg:28} {wide_bar} {pos}/{len} {eta}");
                    let bar = bars.add(ProgressBar::new(0));
                    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
                    bar.set_message(source.name.clone());
                    bar
                });
                bar.set_length(source.progress.total.unwrap_or(source.progress.done).max(source.progress.done));
                bar.set_position(source.progress.done);
            }
        }
    }
}
