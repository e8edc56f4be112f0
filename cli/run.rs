//! From the grammar to the engine's commands.

use std::{path::Path, sync::Arc};

use clap::CommandFactory;
use inlet_model::{ItemId, SourceType, ThreadId};
use inlet_orchestrator::{
    App, AppError,
    api::{
        ApiError, ErrorCode, commands, sentence,
        types::{
            Acted, Exported, ItemView, OpDetail, OpView, ScopeView, SearchView, Setting, Status, ThreadPage, ThreadView,
        },
    },
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::{
    accounts, actions,
    args::{Actions, Args, Command, Form, Format, Ids, List, Outbox, ViewWord},
    data, host, people, print, relay, rules, serve, sync, writing,
};

/// What the process ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Done = 0,
    Failed = 1,
    Usage = 2,
    SignIn = 3,
    NotFound = 4,
    Partly = 5,
    Refused = 6,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error with the exit code it means.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) error: ApiError,
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        let exit = match error.code {
            ErrorCode::Invalid => Exit::Usage,
            ErrorCode::NotFound => Exit::NotFound,
            ErrorCode::AuthNeeded
            | ErrorCode::Tenant
            | ErrorCode::Registration
            | ErrorCode::Administrator
            | ErrorCode::Locked
            | ErrorCode::AppLocked => Exit::SignIn,
            ErrorCode::Refused => Exit::Refused,
            ErrorCode::Cancelled | ErrorCode::Offline | ErrorCode::Failed => Exit::Failed,
        };
        Self { exit, error }
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let code = if matches!(error, AppError::Secrets(_)) { ErrorCode::Locked } else { ErrorCode::Failed };
        ApiError::new(code, sentence(&error)).into()
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        ApiError::new(ErrorCode::Failed, format!("{error}.")).into()
    }
}

/// Asks the engine, and reads the answer as the type it is.
pub(crate) async fn ask<T: DeserializeOwned>(app: &App, method: &str, params: Value) -> Result<T, Failure> {
    let value = app.rpc(method, params).await?;
    serde_json::from_value(value).map_err(|error| ApiError::new(ErrorCode::Failed, error.to_string()).into())
}

/// Runs the command.
pub(crate) async fn run(args: Args) -> Result<Exit, Failure> {
    let out = print::Out { json: args.json };
    match &args.command {
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Args::command(), "inlet", &mut script);
            return Ok(written(out, "script", &script));
        }
        Command::Man => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Args::command()).render(&mut page)?;
            return Ok(written(out, "page", &page));
        }
        Command::Actions { command: Some(Actions::Acts { .. }), .. } => return actions::acts(),
        Command::Actions { command: Some(Actions::Due { at, .. }), .. } => return actions::due(*at),
        Command::Html { file, remote_images } => return html(out, file, *remote_images).await,
        Command::Restore { file } => return data::restore(&args, file).await,
        Command::Doctor { repair } => return data::doctor(&args, *repair).await,
        Command::Relay { listen, nats, file } => return relay::run(&args, *listen, nats, file.as_deref()).await,
        Command::Rpc { method: None, .. } => {
            let named = |(name, about): &(&str, &str)| json!({ "name": name, "about": about });
            let all: Vec<Value> = commands::COMMANDS.iter().map(named).collect();
            out.value(&json!({ "commands": all }), || {
                commands::COMMANDS.iter().map(|(name, about)| format!("{name:<24}{about}\n")).collect()
            });
            return Ok(Exit::Done);
        }
        _ => {}
    }
    let stays = matches!(args.command, Command::Serve { .. } | Command::Sync { once: false, .. });
    let app = host::start(&args, stays).await?;
    let result = with(&app, &args).await;
    app.shutdown().await;
    result
}

/// What was made from the grammar.
fn written(out: print::Out, key: &str, made: &[u8]) -> Exit {
    let text = String::from_utf8_lossy(made);
    out.value(&json!({ key: text }), || text.clone().into_owned());
    Exit::Done
}

async fn with(app: &Arc<App>, args: &Args) -> Result<Exit, Failure> {
    let out = print::Out { json: args.json };
    match &args.command {
        Command::Demo { seed, now } => {
            let status: Status = ask(app, "demo.fill", json!({ "seed": seed, "now": now })).await?;
            let items: u64 =
                status.accounts.iter().flat_map(|account| &account.sources).map(|source| source.items).sum();
            out.done(&json!({ "items": items }), || format!("The demo world is ready: {items} items."));
        }
        Command::Accounts(command) => return accounts::run(app, out, command).await,
        Command::Sync { once, account } => return sync::run(app, out, *once, *account).await,
        Command::List(list) => {
            let page: ThreadPage = ask(app, "threads.list", list_params(app, list).await?).await?;
            out.value(&page, || print::threads(&page));
        }
        Command::Show { id, form } => return show(app, out, id, form).await,
        Command::Search { query, limit, after, relevance, explain } => {
            let sort = if *relevance { "relevance" } else { "newest" };
            let params = json!({ "query": query.join(" "), "limit": limit, "after": after, "sort": sort });
            let found: SearchView = ask(app, "search", params).await?;
            out.value(&print::search_json(&found, *explain), || print::search(&found));
        }
        Command::Reply(reply) => return writing::reply(app, out, reply).await,
        Command::Send(send) => return writing::send(app, out, send).await,
        Command::Outbox { command } => return outbox(app, out, command.as_ref()).await,
        Command::Actions { list, command } => return actions::run(app, out, list, command.as_ref()).await,
        Command::Rules { command } => return rules::run(app, out, command.as_ref()).await,
        Command::People { command } => return people::run(app, out, command.as_ref()).await,
        Command::Read(ids) => act(app, out, "read", ids, json!({})).await?,
        Command::Unread(ids) => act(app, out, "unread", ids, json!({})).await?,
        Command::Star(ids) => act(app, out, "star", ids, json!({})).await?,
        Command::Unstar(ids) => act(app, out, "unstar", ids, json!({})).await?,
        Command::Archive(ids) => act(app, out, "archive", ids, json!({})).await?,
        Command::Delete(ids) => act(app, out, "delete", ids, json!({})).await?,
        Command::Mute(ids) => act(app, out, "mute", ids, json!({})).await?,
        Command::Accept(ids) => act(app, out, "accept", ids, json!({ "undo_seconds": 0 })).await?,
        Command::Tentative(ids) => act(app, out, "tentative", ids, json!({ "undo_seconds": 0 })).await?,
        Command::Decline(ids) => act(app, out, "decline", ids, json!({ "undo_seconds": 0 })).await?,
        Command::Snooze { ids, until } => {
            let until = writing::time(until)?;
            act(app, out, "snooze", ids, json!({ "until": until })).await?;
        }
        Command::Move { ids, to } => {
            let to = scope(app, to, ids).await?;
            act(app, out, "move", ids, json!({ "to": to })).await?;
        }
        Command::React { item, emoji, off } => {
            let verb = if *off { "unreact" } else { "react" };
            act(app, out, verb, &Ids { ids: vec![item.clone()] }, json!({ "emoji": emoji })).await?;
        }
        Command::Undo { action } => {
            let acted: Acted = ask(app, "undo", json!({ "undo": action })).await?;
            app.send_due().await;
            out.done(&acted, || format!("{}.", acted.message));
        }
        Command::Import(import) => return sync::import(app, out, import).await,
        Command::Export { dir, format, query } => {
            let format = match format {
                Format::Mbox => "mbox",
                Format::Eml => "eml",
                Format::Json => "json",
            };
            let exported: Exported =
                ask(app, "export", json!({ "dir": dir, "format": format, "query": query })).await?;
            out.done(&exported, || {
                let rest = match exported.left_out {
                    0 => String::new(),
                    left_out => format!("; {left_out} have no form in this format"),
                };
                format!("{} items written into {}{rest}.", exported.items, dir.display())
            });
        }
        Command::Backup { file } => return data::backup(app, out, file).await,
        Command::Health => {
            let status: Status = ask(app, "status", json!({})).await?;
            let failing = print::failing(&status);
            out.value(&print::health_json(&status), || print::health(&status));
            return Ok(if failing { Exit::Partly } else { Exit::Done });
        }
        Command::Serve { listen, ui } => return serve::run(app, out, *listen, ui.as_deref()).await,
        Command::Config { key, value } => {
            let settings: Vec<Setting> = match key {
                Some(key) => ask(app, "config.set", json!({ "key": key, "value": value })).await?,
                None => ask(app, "config.list", json!({})).await?,
            };
            out.value(&json!({ "settings": settings }), || print::settings(&settings));
        }
        Command::Rpc { method, params } => {
            let params = serde_json::from_str(params)
                .map_err(|error| ApiError::invalid(format!("The parameters are not JSON: {error}.")))?;
            let value = app.strict_rpc(method.as_deref().unwrap_or_default(), params).await?;
            out.line(&format!("{value:#}"));
        }
        Command::Html { .. }
        | Command::Restore { .. }
        | Command::Doctor { .. }
        | Command::Relay { .. }
        | Command::Completions { .. }
        | Command::Man => {}
    }
    Ok(Exit::Done)
}

async fn list_params(app: &App, list: &List) -> Result<Value, Failure> {
    let view = match list.view {
        ViewWord::Inbox => "inbox",
        ViewWord::Waiting => "waiting",
        ViewWord::Snoozed => "snoozed",
        ViewWord::Sent => "sent",
        ViewWord::Archive => "archive",
        ViewWord::Notes => "notes",
        ViewWord::Starred => "starred",
        ViewWord::Junk => "junk",
        ViewWord::Trash => "trash",
        ViewWord::All => "all",
    };
    let source = match &list.source {
        Some(word) => Some(source(app, word).await?),
        None => None,
    };
    Ok(json!({ "in": view, "unread": list.unread, "source": source, "limit": list.limit, "after": list.after }))
}

/// A source by id, platform or name.
async fn source(app: &App, word: &str) -> Result<String, Failure> {
    let status: Status = ask(app, "status", json!({})).await?;
    let wanted = word.to_lowercase();
    status
        .accounts
        .iter()
        .flat_map(|account| &account.sources)
        .find(|source| {
            source.id.to_string() == wanted
                || SourceType::from_word(&wanted) == Some(source.source_type)
                || source.name.to_lowercase() == wanted
        })
        .map(|source| source.id.to_string())
        .ok_or_else(|| ApiError::not_found(format!("The source \"{word}\"")).into())
}

/// A folder by id, or by name among those of the account the conversation is in.
async fn scope(app: &App, word: &str, ids: &Ids) -> Result<String, Failure> {
    if word.parse::<inlet_model::ScopeId>().is_ok() {
        return Ok(word.to_owned());
    }
    let first = ids.ids.first().map(String::as_str).unwrap_or_default();
    let view = thread_of(app, first).await?;
    let scopes: Vec<ScopeView> = ask(app, "scopes.list", json!({ "source": view.thread.source })).await?;
    scopes
        .iter()
        .find(|scope| scope.name.eq_ignore_ascii_case(word))
        .map(|scope| scope.id.to_string())
        .ok_or_else(|| ApiError::not_found(format!("The folder \"{word}\"")).into())
}

/// The thread an id names, or the one its item is in.
async fn thread_of(app: &App, id: &str) -> Result<ThreadView, Failure> {
    if id.parse::<ItemId>().is_ok() {
        let item: ItemView = ask(app, "item.get", json!({ "id": id })).await?;
        return ask(app, "thread.get", json!({ "id": item.thread })).await;
    }
    id.parse::<ThreadId>().map_err(|error| ApiError::invalid(format!("{error}.")))?;
    ask(app, "thread.get", json!({ "id": id, "limit": 500 })).await
}

async fn show(app: &App, out: print::Out, id: &str, form: &Form) -> Result<Exit, Failure> {
    let mut view = thread_of(app, id).await?;
    if let Ok(item) = id.parse::<ItemId>() {
        view.items.retain(|have| have.id == item);
        if view.items.is_empty() {
            view.items.push(ask(app, "item.get", json!({ "id": id })).await?);
        }
    }
    match (form.raw, form.html) {
        (true, _) => formed(app, out, &view, "item.raw", "raw").await?,
        (_, true) => formed(app, out, &view, "item.html", "document").await?,
        _ => out.value(&view, || print::thread(&view)),
    }
    Ok(Exit::Done)
}

/// The items in another form: as JSON each says it beside everything else, as text one follows the other.
async fn formed(app: &App, out: print::Out, view: &ThreadView, method: &str, key: &str) -> Result<(), Failure> {
    let mut told = serde_json::to_value(view).unwrap_or_default();
    let mut texts = Vec::new();
    let written = told.get_mut("items").and_then(Value::as_array_mut).into_iter().flatten();
    for (item, written) in view.items.iter().zip(written).filter(|(item, _)| method == "item.raw" || item.has_html) {
        let form: Map<String, Value> = ask(app, method, json!({ "id": item.id })).await?;
        texts.extend(form.get(key).and_then(Value::as_str).map(str::to_owned));
        if let Some(written) = written.as_object_mut() {
            written.extend(form);
        }
    }
    match out.json {
        true => out.value(&told, String::new),
        false => texts.iter().for_each(|text| out.line(text)),
    }
    Ok(())
}

pub(crate) async fn act(app: &App, out: print::Out, verb: &str, ids: &Ids, extra: Value) -> Result<(), Failure> {
    let (mut threads, mut items) = (Vec::new(), Vec::new());
    for id in &ids.ids {
        match (id.parse::<ThreadId>(), id.parse::<ItemId>()) {
            (Ok(thread), _) => threads.push(thread),
            (_, Ok(item)) => items.push(item),
            (Err(error), _) => return Err(ApiError::invalid(format!("{error}.")).into()),
        }
    }
    let mut params = json!({ "verb": verb, "threads": threads, "items": items });
    if let (Some(params), Some(extra)) = (params.as_object_mut(), extra.as_object()) {
        params.extend(extra.clone());
    }
    let acted: Acted = ask(app, "act", params).await?;
    app.send_due().await;
    out.done(&acted, || format!("{}.", acted.message));
    Ok(())
}

async fn outbox(app: &App, out: print::Out, command: Option<&Outbox>) -> Result<Exit, Failure> {
    match command {
        None | Some(Outbox::List { .. }) => {
            let all = matches!(command, Some(Outbox::List { all: true }));
            let ops: Vec<OpView> = ask(app, "outbox.list", json!({ "all": all })).await?;
            out.value(&json!({ "ops": ops }), || print::ops(&ops));
        }
        Some(Outbox::Show { id }) => {
            let detail: OpDetail = ask(app, "outbox.get", json!({ "id": id })).await?;
            out.value(&detail, || print::op_detail(&detail));
        }
        Some(Outbox::Cancel { id }) => {
            let op: OpView = ask(app, "outbox.cancel", json!({ "id": id })).await?;
            out.value(&op, || print::ops(std::slice::from_ref(&op)));
        }
        Some(Outbox::Retry { id }) => {
            ask::<OpView>(app, "outbox.retry", json!({ "id": id })).await?;
            app.send_due().await;
            let detail: OpDetail = ask(app, "outbox.get", json!({ "id": id })).await?;
            out.value(&detail.op, || print::op_detail(&detail));
        }
        Some(Outbox::Wait { timeout }) => return writing::wait(app, out, *timeout).await,
    }
    Ok(Exit::Done)
}

async fn html(out: print::Out, file: &Path, remote_images: bool) -> Result<Exit, Failure> {
    let bytes = std::fs::read(file).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => ApiError::not_found(format!("The file {}", file.display())),
        _ => ApiError::new(ErrorCode::Failed, format!("{} cannot be read ({error}).", file.display())),
    })?;
    let is_html =
        file.extension().is_some_and(|end| end.eq_ignore_ascii_case("html") || end.eq_ignore_ascii_case("htm"));
    let preview = inlet_orchestrator::html::Preview::of(&bytes, is_html);
    let mut images = std::collections::HashMap::new();
    if remote_images {
        for url in preview.remote_images() {
            if let Ok(image) = inlet_connectors::images::fetch_image(&url).await {
                images.insert(url, image);
            }
        }
    }
    let document = preview.document(images);
    out.value(&json!({ "document": document }), || document.clone());
    Ok(Exit::Done)
}
