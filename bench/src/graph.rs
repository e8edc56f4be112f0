//! A large mailbox and many chats at Microsoft: how many requests they take, and that memory does not
//! grow with them.
//!
//! The tenant is the tests' own, which refuses what Microsoft does not document, and lives in this
//! process; what reads from it is a process of its own, this program started again, so that its memory
//! is its own. It keeps nothing of what it reads but where it is: what the store keeps is measured with
//! other mail.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use inlet_model::{Account, AccountConfig, AccountId, AnySource, MicrosoftConfig, Scope, ScopeRole, SourceType};
use inlet_testkit::{
    MemoryQueue, SignedIn, TokenIssuer,
    graph::{FakeGraph, Resource},
};
use serde::{Deserialize, Serialize};

use crate::Bench;
use crate::measure::{memory, run};
use crate::table::{Aim, Report, Table};

/// Mails of the mailbox.
const MAILS: usize = 100_000;
/// Chats, with two messages each.
const CHATS: usize = 5_000;
/// Names the task of a reader to this program.
const TASK: &str = "INLET_BENCH_GRAPH";

/// What a reader has to do.
#[derive(Serialize, Deserialize)]
struct Task {
    config: MicrosoftConfig,
    /// Where it says what it saw.
    told: PathBuf,
}

/// What a reader saw.
#[derive(Default, Serialize, Deserialize)]
struct Told {
    items: usize,
    pages: usize,
    /// Anonymous memory in megabytes after a tenth of the items, and at the end.
    early: f64,
    late: f64,
}

/// Does the task this program was started for, if it was.
///
/// # Errors
/// When the tenant says something unexpected.
pub(crate) async fn reader() -> Result<bool> {
    let Ok(task) = std::env::var(TASK) else { return Ok(false) };
    let task: Task = serde_json::from_str(&task)?;
    let account = Account { id: AccountId(1), name: String::new(), config: AccountConfig::Microsoft(task.config) };
    let source = inlet_connectors::open(&account, Arc::new(SignedIn), Arc::new(MemoryQueue::default()))?
        .pop()
        .context("one source")?;
    let told = match source {
        AnySource::Mail(source) => {
            let scopes = source.scopes().await?;
            let inbox = scopes.into_iter().find(|scope| scope.role == ScopeRole::Inbox).context("an inbox")?;
            let pull = async |scope: &Scope, cursor: Option<&_>| {
                source.pull(scope, cursor).await.map(|page| (page.upserts.len(), page.next, page.more))
            };
            read(&[inbox], MAILS / 10, pull).await?
        }
        AnySource::Message(source) => {
            let scopes = source.scopes().await?;
            let pull = async |scope: &Scope, cursor: Option<&_>| {
                source.pull(scope, cursor).await.map(|page| (page.upserts.len(), page.next, page.more))
            };
            read(&scopes, CHATS / 10, pull).await?
        }
        AnySource::Note(_) => bail!("notes are not measured here"),
    };
    std::fs::write(task.told, serde_json::to_string(&told)?)?;
    Ok(true)
}

async fn read(
    scopes: &[Scope],
    tenth: usize,
    pull: impl AsyncFn(&Scope, Option<&inlet_model::Cursor>) -> inlet_model::Result<(usize, inlet_model::Cursor, bool)>,
) -> Result<Told> {
    let mut told = Told::default();
    for scope in scopes {
        let mut cursor = None;
        loop {
            let (items, next, more) = pull(scope, cursor.as_ref()).await?;
            told.items += items;
            told.pages += 1;
            if told.early == 0.0 && told.items >= tenth {
                told.early = memory("self")?.anonymous;
            }
            cursor = Some(next);
            if !more {
                break;
            }
        }
    }
    told.late = memory("self")?.anonymous;
    Ok(told)
}

/// Measures both.
///
/// # Errors
/// When a reader fails.
pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let mut table = Table::new(
        "A large mailbox and many chats at Microsoft",
        "Through the tests' own Graph, which checks every request against Microsoft's schema and lives in another process. \
         What is read is let go at once; memory is what no file stands behind, after a tenth of it and at the end.",
        &["", "items", "requests", "per 1000 items", "wall s", "CPU s", "MB after a tenth", "MB at the end"],
    );
    for source in [SourceType::Outlook, SourceType::Teams] {
        // It has said that it is skipped without the specifications.
        let Some(fake) = FakeGraph::start("the measurement of Microsoft") else { return Ok(()) };
        let (what, kind) = match source {
            SourceType::Outlook => {
                fake.accept(
                    "token",
                    &["User.Read", "Mail.ReadWrite", "Mail.Send", "Calendars.ReadWrite", "MailboxSettings.ReadWrite"],
                );
                fake.mail().add_many("inbox", MAILS);
                (format!("{MAILS} mails"), Resource::Mail)
            }
            _ => {
                fake.accept("token", &["User.Read", "Chat.ReadWrite", "ChatMessage.Send"]);
                fake.teams().add_many(CHATS, 2);
                (format!("{CHATS} chats"), Resource::Teams)
            }
        };
        eprintln!("graph: reading {what}");
        let issuer = TokenIssuer::start("token");
        let told = bench.fresh("graph")?.join("told.json");
        let task = Task { config: issuer.microsoft(&fake, source, false), told: told.clone() };
        fake.forget();
        let mut reader = Command::new(std::env::current_exe()?);
        let cost = run(reader.env(TASK, serde_json::to_string(&task)?), None)?;
        let told: Told = serde_json::from_str(&std::fs::read_to_string(told)?)?;
        let requests = fake.requests(kind);
        let share = requests as f64 * 1000.0 / told.items.max(1) as f64;
        table.row(&[
            what.clone(),
            told.items.to_string(),
            requests.to_string(),
            format!("{share:.1}"),
            format!("{:.1}", cost.wall),
            format!("{:.1}", cost.cpu),
            format!("{:.0}", told.early),
            format!("{:.0}", told.late),
        ]);
        report.aim(Aim::below(
            &format!("{what} at Microsoft, MB at the end over MB after a tenth"),
            told.late / told.early,
            1.25,
        ));
        let limit = if kind == Resource::Mail { 11.0 } else { 40.0 };
        report.aim(Aim::below(&format!("{what} at Microsoft, requests per 1000 items"), share, limit));
    }
    report.add(table);
    Ok(())
}
