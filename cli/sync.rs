//! Fetching, with progress on a terminal and JSON lines for scripts.

use std::{collections::HashMap, io::IsTerminal, path::PathBuf, sync::Arc};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use inlet_model::{AccountId, CheckStep, SourceError, SourceId, SourceType, account::DateOrder};
use inlet_orchestrator::{
    App, Event, SyncOutcome,
    api::{
        ApiError,
        types::{AccountView, CheckView, ContactsRead, SourceView, Status},
    },
};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;

use crate::{
    accounts,
    args::Import,
    print::{Out, clean},
    run::{Exit, Failure, ask},
};

pub(crate) async fn run(app: &Arc<App>, out: Out, once: bool, account: Option<AccountId>) -> Result<Exit, Failure> {
    if let Some(id) = account {
        let known: Vec<AccountView> = ask(app, "accounts.list", json!({})).await?;
        if known.iter().all(|account| account.id != id) {
            return Err(ApiError::not_found(format!("The account {id}")).into());
        }
    }
    if once {
        let fetched = fetched(app, Some(out), app.sync_once(account)).await?;
        out.value(&json!({ "done": true, "items": fetched.items, "failed": fetched.failed() }), || fetched.text());
        return Ok(fetched.exit());
    }
    app.syncs()?;
    let watching = tokio::spawn(watch(app.clone(), out));
    let _ = tokio::signal::ctrl_c().await;
    watching.abort();
    Ok(Exit::Done)
}

/// How fetching ended.
struct Fetched {
    /// How many items are here now.
    items: u64,
    outcomes: Vec<SyncOutcome>,
    status: Status,
}

impl Fetched {
    fn failures(&self) -> impl Iterator<Item = (SourceId, &SourceError)> {
        self.outcomes.iter().filter_map(|outcome| Some((outcome.source, outcome.error.as_ref()?)))
    }

    fn failed(&self) -> Vec<Value> {
        let told = |(source, error): (SourceId, &SourceError)| json!({ "source": source, "code": error.code(), "message": error.to_string() });
        self.failures().map(told).collect()
    }

    fn text(&self) -> String {
        let mut text = format!("{} items are here.\n", self.items);
        for (id, error) in self.failures() {
            let name = sources(&self.status).find(|source| source.id == id).map_or("?", |source| &source.name);
            text.push_str(&format!("{name}: {error}\n"));
        }
        text
    }

    fn exit(&self) -> Exit {
        match (self.failures().count(), self.outcomes.len()) {
            (0, _) => Exit::Done,
            (failures, all) if failures < all => Exit::Partly,
            _ if self.failures().all(|(_, error)| matches!(error, SourceError::AuthNeeded(_))) => Exit::SignIn,
            _ => Exit::Failed,
        }
    }
}

/// Waits for what is fetched, and tells how far it is where somebody is told.
async fn fetched(
    app: &Arc<App>,
    told: Option<Out>,
    fetching: impl Future<Output = Result<Vec<SyncOutcome>, ApiError>>,
) -> Result<Fetched, Failure> {
    let watching = told.map(|out| tokio::spawn(watch(app.clone(), out)));
    let outcomes = fetching.await;
    if let Some(watching) = watching {
        watching.abort();
        // What it was about to tell comes before how it ended.
        let _ = watching.await;
    }
    let outcomes = outcomes?;
    let status: Status = ask(app, "status", json!({})).await?;
    Ok(Fetched { items: sources(&status).map(|source| source.items).sum(), outcomes, status })
}

/// Address books, mail and chats, each where it belongs; as JSON one document of all that became of them.
pub(crate) async fn import(app: &Arc<App>, out: Out, import: &Import) -> Result<Exit, Failure> {
    let is_book = |path: &&PathBuf| {
        let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
        ending.is_some_and(|ending| ending == "vcf" || ending == "vcard")
    };
    let (books, paths): (Vec<&PathBuf>, Vec<&PathBuf>) = import.paths.iter().partition(is_book);
    let mut told = Imported::default();
    if !books.is_empty() {
        let read: ContactsRead = ask(app, "contacts.import", json!({ "paths": books })).await?;
        if !out.json {
            out.line(&book(&read));
        }
        told.contacts = Some(read);
    }
    let exit = if paths.is_empty() { Exit::Done } else { mail(app, out, import, &paths, &mut told).await? };
    if out.json {
        out.value(&told, String::new);
    }
    Ok(exit)
}

/// What became of files that were imported.
#[derive(Default, Serialize)]
struct Imported {
    /// Of address books, if there were any.
    contacts: Option<ContactsRead>,
    /// The account that mail and chats are in, if there were any,
    account: Option<AccountId>,
    /// and what had to be decided about chats.
    steps: Vec<CheckStep>,
    items: u64,
    failed: Vec<Value>,
}

fn book(read: &ContactsRead) -> String {
    let (added, changed, known) = (read.added, read.changed, read.known);
    let mut lines = format!("Address book read: {added} new, {changed} changed, {known} known already.\n");
    for card in &read.skipped {
        lines.push_str(&format!("Skipped in {}: {}\n", clean(&card.file), clean(&card.why)));
    }
    lines
}

async fn mail(
    app: &Arc<App>,
    out: Out,
    import: &Import,
    paths: &[&PathBuf],
    told: &mut Imported,
) -> Result<Exit, Failure> {
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
    if let Some(check) = check.as_ref().filter(|_| !out.json) {
        out.line(&accounts::steps(check));
    }
    // What was imported may be years of mail: what to do next is worked out by whoever asks for it.
    let fetched = fetched(app, (!out.json).then_some(out), app.fetch_once(Some(view.id))).await?;
    if !out.json {
        out.line(&fetched.text());
    }
    let unread = check.as_ref().is_some_and(|check| !check.ok);
    (told.account, told.items, told.failed) = (Some(view.id), fetched.items, fetched.failed());
    told.steps = check.map(|check| check.steps).unwrap_or_default();
    Ok(if fetched.exit() == Exit::Done && unread { Exit::Partly } else { fetched.exit() })
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
