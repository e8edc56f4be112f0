//! What a terminal shows, and what `--json` says instead.

use std::io::Write as _;

use inlet_model::{Party, Reported, SourceType, Timestamp};
use inlet_orchestrator::api::types::{
    DeliveryStatus, OpDetail, OpView, SearchView, Setting, SourceState, Status, ThreadPage, ThreadView, Unreadable,
    Warned,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::run::Failure;

/// Where answers go.
#[derive(Clone, Copy)]
pub(crate) struct Out {
    pub(crate) json: bool,
}

impl Out {
    /// One JSON document, or text.
    pub(crate) fn value(self, value: &impl Serialize, text: impl FnOnce() -> String) {
        self.line(&if self.json { serde_json::to_string(value).unwrap_or_default() } else { text() });
    }

    /// As [`Self::value`]: for commands that have little to say.
    pub(crate) fn done(self, value: &impl Serialize, text: impl FnOnce() -> String) {
        self.value(value, text);
    }

    /// A reader that has gone away (`| head`) is no error.
    pub(crate) fn line(self, text: &str) {
        let _ = writeln!(std::io::stdout().lock(), "{}", text.trim_end_matches('\n'));
    }
}

/// An error: a sentence, or the JSON of it, on standard error.
pub(crate) fn failure(failure: &Failure, json: bool) {
    if json {
        eprintln!("{}", json!({ "error": failure.error }));
    } else {
        eprintln!("inlet: {}", failure.error.message);
    }
}

pub(crate) fn when(at: Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string()
}

fn people(people: &[Party]) -> String {
    people.iter().map(|party| clean(party.label())).take(3).collect::<Vec<_>>().join(", ")
}

/// A stranger's text must not move the cursor or change its colours.
pub(crate) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn clean_lines(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<_>>().join("\n")
}

pub(crate) fn threads(page: &ThreadPage) -> String {
    let mut out = String::new();
    for row in &page.threads {
        let mark = if row.unread > 0 { '•' } else { ' ' };
        let star = if row.starred { '*' } else { ' ' };
        out.push_str(&format!(
            "{mark}{star} {:<7} {}  {:<9} {:<28.28} {}\n",
            row.id.to_string(),
            when(row.at),
            row.source_type.as_str(),
            people(&row.people),
            clean(if row.title.is_empty() { &row.snippet } else { &row.title }),
        ));
    }
    match &page.next {
        Some(next) => out.push_str(&format!("{} of {}; go on with --after {next}\n", page.threads.len(), page.total)),
        None if page.threads.is_empty() => out.push_str("Nothing here.\n"),
        None => {}
    }
    out
}

pub(crate) fn thread(view: &ThreadView) -> String {
    let mut out = format!("{}\n", clean(&view.thread.title));
    for item in &view.items {
        let from = item.from.as_ref().map_or("?", Party::label);
        out.push_str(&format!("\n── {} · {} · {}\n", clean(from), when(item.at), item.id));
        if !item.to.is_empty() {
            out.push_str(&format!("   to {}\n", people(&item.to)));
        }
        if let Some(note) = &item.note {
            out.push_str(&format!("   ({note})\n"));
        }
        out.push_str(&delivery("   ", &item.delivery));
        out.push_str(&clean_lines(item.text.trim()));
        out.push('\n');
        for file in item.attachments.iter().filter(|file| !file.inline) {
            let about = file.link.as_ref().map_or_else(|| format!("{} bytes", file.size), |link| clean(link));
            out.push_str(&format!("   📎 {} ({about}, {})\n", file.name, file.id));
        }
    }
    out
}

/// The answer to a search as scripts get it: the snippet is text, the hits in it beside it.
pub(crate) fn search_json(found: &SearchView, explain: bool) -> Value {
    let mut value = serde_json::to_value(found).unwrap_or_default();
    let written = value.get_mut("hits").and_then(Value::as_array_mut).into_iter().flatten();
    for (hit, written) in found.hits.iter().zip(written) {
        let Some(written) = written.as_object_mut() else { continue };
        let marked: Vec<&str> = hit.snippet.iter().filter(|span| span.hit).map(|span| span.text.as_str()).collect();
        written.insert("highlights".into(), json!(marked));
        written.insert("snippet".into(), hit.snippet.iter().map(|span| span.text.as_str()).collect::<String>().into());
    }
    if !explain && let Some(object) = value.as_object_mut() {
        object.remove("hints");
    }
    value
}

pub(crate) fn search(found: &SearchView) -> String {
    let mut out = String::new();
    for hint in &found.hints {
        out.push_str(&format!("({hint})\n"));
    }
    if let Some(corrected) = &found.corrected {
        out.push_str(&format!("Nothing matched exactly; showing {corrected}.\n"));
    }
    for hit in &found.hits {
        let from = hit.from.as_ref().map_or("?", Party::label);
        let snippet: String = hit
            .snippet
            .iter()
            .map(|span| if span.hit { format!("[{}]", clean(&span.text)) } else { clean(&span.text) })
            .collect();
        out.push_str(&format!(
            "{:<7} {}  {:<9} {:<22.22} {}\n        {snippet}\n",
            hit.thread.to_string(),
            when(hit.at),
            hit.source_type.as_str(),
            clean(from),
            clean(&hit.subject),
        ));
    }
    let more = if found.exact { "" } else { "at least " };
    out.push_str(&format!("{more}{} found in {:.1} ms.", found.total, found.took_us as f64 / 1000.0));
    let partial: Vec<String> = found
        .coverage
        .iter()
        .filter(|source| !source.complete)
        .map(|source| match source.from {
            Some(from) => format!("{} since {}", source.name, when(from)),
            None => format!("{} not yet synced", source.name),
        })
        .collect();
    if !partial.is_empty() {
        out.push_str(&format!(" Searched only: {}.", partial.join("; ")));
    }
    if let Some(next) = &found.next {
        out.push_str(&format!(" Go on with --after {next}"));
    }
    out
}

pub(crate) fn ops(ops: &[OpView]) -> String {
    if ops.is_empty() {
        return "Nothing is on its way.".into();
    }
    let mut out = String::new();
    for op in ops {
        let state = serde_json::to_value(op.state).unwrap_or_default();
        out.push_str(&format!(
            "{:<6} {:<9} {} attempts  {}\n",
            op.id.to_string(),
            state.as_str().unwrap_or_default(),
            op.attempts,
            clean(&op.title)
        ));
        if let Some(reason) = &op.reason {
            out.push_str(&format!("       {reason}\n"));
        }
        out.push_str(&delivery("       ", &op.delivery));
    }
    out
}

/// What was reported of each recipient, a line each.
fn delivery(indent: &str, statuses: &[DeliveryStatus]) -> String {
    statuses
        .iter()
        .map(|status| {
            let word = match status.reported {
                Reported::Delayed => "delayed for",
                Reported::Relayed => "handed on for",
                Reported::Delivered => "delivered to",
                Reported::Deleted => "deleted unread by",
                Reported::Read => "read by",
                Reported::Failed => "not delivered to",
            };
            let reason = status.reason.as_deref().map(|reason| format!(" · {reason}")).unwrap_or_default();
            format!("{indent}{word} {} · {}{reason}\n", clean(&status.recipient.handle), when(status.at))
        })
        .collect()
}

pub(crate) fn op_detail(detail: &OpDetail) -> String {
    let mut out = ops(std::slice::from_ref(&detail.op));
    for delivery in &detail.deliveries {
        out.push_str(&format!(
            "{}  {:<12} {}\n",
            when(delivery.at),
            delivery.outcome,
            delivery.detail.as_deref().unwrap_or_default()
        ));
    }
    out
}

/// A source that needs somebody.
fn fails(state: SourceState) -> bool {
    matches!(state, SourceState::AuthNeeded | SourceState::Failing | SourceState::Offline)
}

pub(crate) fn failing(status: &Status) -> bool {
    status.accounts.iter().flat_map(|account| &account.sources).any(|source| fails(source.state))
}

pub(crate) fn health_json(status: &Status) -> Value {
    let sources: Vec<Value> = status
        .accounts
        .iter()
        .flat_map(|account| &account.sources)
        .map(|source| {
            json!({
                "id": source.id, "account": source.account, "type": source.source_type, "name": source.name,
                "state": source.state, "ok": !fails(source.state), "last_heard": source.last_heard,
                "last_error": source.message, "next_try": source.next_try, "items": source.items,
                "complete": source.progress.complete, "missed": source.missed, "unreadable": source.unreadable, "warnings": source.warnings,
            })
        })
        .collect();
    json!({ "sources": sources, "index_behind": status.index_behind })
}

pub(crate) fn health(status: &Status) -> String {
    let mut out = String::new();
    for source in status.accounts.iter().flat_map(|account| &account.sources) {
        let state = serde_json::to_value(source.state).unwrap_or_default();
        let heard = source.last_heard.map_or_else(|| "never".into(), when);
        out.push_str(&format!(
            "{:<5} {:<9} {:<28.28} {:<11} last heard {heard}\n",
            source.id.to_string(),
            source.source_type.as_str(),
            clean(&source.name),
            state.as_str().unwrap_or_default(),
        ));
        if let Some(message) = &source.message {
            out.push_str(&format!("      {message}"));
            if let Some(next) = source.next_try {
                out.push_str(&format!(" Next try: {}.", when(next)));
            }
            out.push('\n');
        }
        for missed in &source.missed {
            let again = match source.source_type {
                SourceType::GitHub => {
                    "have it sent again by \"Redeliver\" under Recent Deliveries of the webhook there"
                }
                _ => "look there for what happened",
            };
            out.push_str(&format!("      Not heard from {} to {}: {again}.\n", when(missed.since), when(missed.until)));
        }
        for Warned { at, reason } in &source.warnings {
            out.push_str(&format!("      Said on {}: {reason}\n", when(*at)));
        }
        if let Some(Unreadable { count, newest, reason }) = &source.unreadable {
            let came = when(*newest);
            out.push_str(&format!("      Could not be read: {count}, the newest of {came}: {}\n", clean(reason)));
        }
    }
    if out.is_empty() { "No account is connected; try \"inlet accounts add imap\".".into() } else { out }
}

pub(crate) fn settings(settings: &[Setting]) -> String {
    settings
        .iter()
        .map(|setting| format!("{:<24} {:<10} ({})  {}\n", setting.key, setting.value, setting.origin, setting.about))
        .collect()
}
