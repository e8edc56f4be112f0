//! Answering and sending from a terminal.

use std::{io::Read, path::PathBuf, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use inlet_model::{Party, Timestamp};
use inlet_orchestrator::{
    App, Clock, Event,
    api::{
        ApiError, ErrorCode,
        types::{AccountView, Compose, ComposeAttachment, ComposeMode, OpDetail, OpKind, OpState, OpView, SourceView},
    },
};
use serde_json::json;

use crate::{
    args,
    print::{self, Out},
    run::{Exit, Failure, ask},
    whatsapp,
};

/// A time in words or as RFC 3339.
pub(crate) fn time(text: &str) -> Result<Timestamp, Failure> {
    inlet_orchestrator::when::parse(text, Clock::system().now(), &Clock::zone()).ok_or_else(|| {
        ApiError::invalid(format!("\"{text}\" is not a time; try \"tomorrow 9:00\" or \"2026-12-01T09:00:00Z\"."))
            .into()
    })
}

pub(crate) async fn reply(app: &App, out: Out, reply: &args::Reply) -> Result<Exit, Failure> {
    let mode = if reply.all { ComposeMode::ReplyAll } else { ComposeMode::Reply };
    let mut message: Compose = ask(app, "compose.prepare", json!({ "mode": mode, "thread": reply.thread })).await?;
    // A draft of the window stays there: this answer is another one.
    message.id = None;
    if let Some(name) = &reply.approved.template {
        let source = message.source.ok_or_else(|| ApiError::not_found("The account of this conversation"))?;
        let filled = whatsapp::filled(app, source, name, &reply.approved).await?;
        (message.text, message.template) = (filled.0, Some(filled.1));
        message.attachments = files(&reply.attach)?;
        let at = reply.at.as_deref().map(time).transpose()?;
        return queue(app, out, &message, reply.undo, at).await;
    }
    let text = stdin()?;
    if reply.html_stdin {
        message.text = inlet_orchestrator::html::text(&text);
        message.html = Some(text);
    } else {
        message.text = text;
    }
    message.attachments = files(&reply.attach)?;
    message.choices = whatsapp::choices(&reply.offered);
    let at = reply.at.as_deref().map(time).transpose()?;
    queue(app, out, &message, reply.undo, at).await
}

pub(crate) async fn send(app: &App, out: Out, send: &args::Send) -> Result<Exit, Failure> {
    let accounts: Vec<AccountView> = ask(app, "accounts.list", json!({})).await?;
    let wanted = send.from.to_lowercase();
    let able = |source: &&SourceView| source.capabilities.send;
    let named = |source: &&SourceView| {
        let identity = source.identity.as_deref();
        source.id.to_string() == wanted || identity.is_some_and(|identity| identity.eq_ignore_ascii_case(&wanted))
    };
    let called = |account: &&AccountView| account.id.to_string() == wanted || account.name.to_lowercase() == wanted;
    // An address among several sources of one account means that one.
    let source = accounts
        .iter()
        .flat_map(|account| &account.sources)
        .filter(able)
        .find(named)
        .or_else(|| accounts.iter().filter(called).flat_map(|account| &account.sources).find(able))
        .ok_or_else(|| ApiError::not_found(format!("An account called \"{}\" that can send", send.from)))?;
    let (text, template) = match &send.approved.template {
        Some(name) => {
            let (text, template) = whatsapp::filled(app, source.id, name, &send.approved).await?;
            (text, Some(template))
        }
        None => (stdin()?, None),
    };
    let message = Compose {
        source: Some(source.id),
        to: parties(&send.to),
        cc: parties(&send.cc),
        bcc: parties(&send.bcc),
        subject: send.subject.clone(),
        text,
        template,
        choices: whatsapp::choices(&send.offered),
        attachments: files(&send.attach)?,
        ..Compose::default()
    };
    queue(app, out, &message, send.undo, None).await
}

async fn queue(app: &App, out: Out, message: &Compose, undo: u32, at: Option<Timestamp>) -> Result<Exit, Failure> {
    let op: OpView = ask(app, "send", json!({ "message": message, "undo_seconds": undo, "at": at })).await?;
    if undo == 0 && at.is_none() {
        app.send_due().await;
    }
    let detail: OpDetail = ask(app, "outbox.get", json!({ "id": op.id })).await?;
    out.value(&detail.op, || print::op_detail(&detail));
    Ok(if detail.op.state == OpState::Parked { Exit::Failed } else { Exit::Done })
}

/// Sends what is due until nothing is on its way.
pub(crate) async fn wait(app: &App, out: Out, timeout: u64) -> Result<Exit, Failure> {
    let mut events = app.events();
    let waiting = async {
        loop {
            app.send_due().await;
            let ops: Vec<OpView> = ask(app, "outbox.list", json!({})).await?;
            let open = |op: &&OpView| matches!(op.state, OpState::Queued | OpState::Sending | OpState::Unknown);
            let Some(next) = ops.iter().filter(open).map(|op| op.not_before).min() else {
                return Ok::<_, Failure>(ops);
            };
            let now = Clock::system().now();
            let pause = Duration::try_from(next.duration_since(now)).unwrap_or_default();
            let pause = pause.clamp(Duration::from_millis(100), Duration::from_secs(5));
            // Another process may be the one that sends.
            let _ = tokio::time::timeout(pause, async {
                while !matches!(events.recv().await, Ok(Event::Outbox) | Err(_)) {}
            })
            .await;
        }
    };
    let Ok(ops) = tokio::time::timeout(Duration::from_secs(timeout), waiting).await else {
        return Err(ApiError::new(ErrorCode::Failed, "Something is still on its way; see \"inlet outbox\".").into());
    };
    let ops = ops?;
    out.value(&json!({ "ops": ops }), || print::ops(&ops));
    let parked = ops.iter().any(|op| op.state == OpState::Parked && op.kind == OpKind::Send);
    Ok(if parked { Exit::Failed } else { Exit::Done })
}

pub(crate) fn stdin() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    String::from_utf8(bytes).map_err(|_| ApiError::invalid("The text on standard input is not UTF-8.").into())
}

/// `Name <address>`, or the address alone.
fn parties(people: &[String]) -> Vec<Party> {
    people
        .iter()
        .flat_map(|text| text.split(','))
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(|text| match text.rsplit_once('<') {
            Some((name, rest)) => {
                let name = name.trim().trim_matches('"');
                Party {
                    name: (!name.is_empty()).then(|| name.to_owned()),
                    handle: rest.trim_end_matches('>').trim().to_owned(),
                }
            }
            None => Party { name: None, handle: text.to_owned() },
        })
        .collect()
}

fn files(paths: &[PathBuf]) -> Result<Vec<ComposeAttachment>, Failure> {
    paths
        .iter()
        .map(|path| {
            let bytes = std::fs::read(path)
                .map_err(|error| ApiError::invalid(format!("{} cannot be attached: {error}.", path.display())))?;
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            Ok(ComposeAttachment {
                mime: mime_of(&name).into(),
                name,
                base64: STANDARD.encode(bytes),
                content_id: None,
                held: None,
            })
        })
        .collect()
}

/// The media type of common files by name; the receiving side looks closer anyway.
fn mime_of(name: &str) -> &'static str {
    let end = name.rsplit_once('.').map(|(_, end)| end.to_lowercase()).unwrap_or_default();
    match end.as_str() {
        "txt" | "md" | "log" => "text/plain",
        "html" | "htm" => "text/html",
        "csv" => "text/csv",
        "ics" => "text/calendar",
        "pdf" => "application/pdf",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "mp4" => "video/mp4",
        "3gp" => "video/3gpp",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "aac" => "audio/aac",
        "amr" => "audio/amr",
        "ogg" | "opus" => "audio/ogg",
        "zip" => "application/zip",
        "json" => "application/json",
        "eml" => "message/rfc822",
        _ => "application/octet-stream",
    }
}
