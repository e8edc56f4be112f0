//! A large mailbox and many chats at Microsoft: how many requests they take, and that memory does not
//! grow with them, read only and then kept and indexed ([`crate::keeping`]).
//!
//! The tenant is the tests' own, which refuses what Microsoft does not document, and lives in this
//! process; what reads from it is a process of its own, this program started again, so that its memory
//! is its own. Reading keeps nothing but where it is, which tells what the connector costs by itself.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use inlet_model::{Account, AccountConfig, AccountId, AnySource, MicrosoftConfig, Scope, ScopeRole, SourceType};
use inlet_testkit::{
    MemoryQueue, SignedIn, TokenIssuer,
    graph::{FakeGraph, Resource},
};
use serde::{Deserialize, Serialize};

use crate::Bench;
use crate::keeping;
use crate::measure::{memory, run};
use crate::table::{Aim, Report, Table};

/// Messages of each of the first hundred chats; the others have their newest only.
const SAID: usize = 2;
/// Names the task of a reader to this program.
const TASK: &str = "INLET_BENCH_GRAPH";

/// What a reader has to do.
#[derive(Serialize, Deserialize)]
struct Task {
    config: MicrosoftConfig,
    /// How many items are a tenth.
    tenth: usize,
    /// Where it says what it saw.
    told: PathBuf,
    /// A data directory to keep all of it in, and how many items that are.
    keep: Option<(PathBuf, usize)>,
}

/// What a reader saw.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Told {
    pub(crate) items: usize,
    /// Anonymous memory in megabytes after a tenth of the items, and with the last of them.
    pub(crate) early: f64,
    pub(crate) late: f64,
}

/// Does the task this program was started for, if it was.
///
/// # Errors
/// When the tenant says something unexpected.
pub(crate) async fn reader() -> Result<bool> {
    let Ok(task) = std::env::var(TASK) else { return Ok(false) };
    let task: Task = serde_json::from_str(&task)?;
    let told = match &task.keep {
        Some((data, items)) => keeping::keep(data, task.config, task.tenth, *items).await?,
        None => read_all(task.config, task.tenth).await?,
    };
    std::fs::write(task.told, serde_json::to_string(&told)?)?;
    Ok(true)
}

async fn read_all(config: MicrosoftConfig, tenth: usize) -> Result<Told> {
    let account = Account { id: AccountId(1), name: String::new(), config: AccountConfig::Microsoft(config) };
    let source = inlet_connectors::open(&account, Arc::new(SignedIn), Arc::new(MemoryQueue::default()))?
        .pop()
        .context("one source")?;
    match source {
        AnySource::Mail(source) => {
            let scopes = source.scopes().await?;
            let inbox = scopes.into_iter().find(|scope| scope.role == ScopeRole::Inbox).context("an inbox")?;
            let pull = async |scope: &Scope, cursor: Option<&_>| {
                source.pull(scope, cursor).await.map(|page| (page.upserts.len(), page.next, page.more))
            };
            let mut told = Told::default();
            read(&mut told, &[inbox], tenth, pull).await?;
            Ok(told)
        }
        AnySource::Message(source) => {
            let pull = async |scope: &Scope, cursor: Option<&_>| {
                source.pull(scope, cursor).await.map(|page| (page.upserts.len(), page.next, page.more))
            };
            // Piece by piece, as the engine does: what a piece says of its chats need not be asked for again.
            let (mut told, mut from) = (Told::default(), None);
            loop {
                let piece = source.list(from.as_ref()).await?;
                read(&mut told, &piece.scopes, tenth, pull).await?;
                from = piece.next;
                if from.is_none() {
                    return Ok(told);
                }
            }
        }
        AnySource::Note(_) => bail!("notes are not measured here"),
    }
}

async fn read(
    told: &mut Told,
    scopes: &[Scope],
    tenth: usize,
    pull: impl AsyncFn(&Scope, Option<&inlet_model::Cursor>) -> inlet_model::Result<(usize, inlet_model::Cursor, bool)>,
) -> Result<()> {
    for scope in scopes {
        let mut cursor = None;
        loop {
            let (items, next, more) = pull(scope, cursor.as_ref()).await?;
            told.items += items;
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
    Ok(())
}

/// Measures both.
///
/// # Errors
/// When a reader fails, or keeps more or less than was read.
pub(crate) fn measure(bench: &Bench, mails: usize, chats: usize, report: &mut Report) -> Result<()> {
    let mut table = Table::new(
        "A large mailbox and many chats at Microsoft",
        "Through the tests' own Graph, which checks every request against Microsoft's schema and lives in another process. \
         \"read\" lets go at once of what it reads; \"kept\" is the engine, from the connection of the account until \
         everything is stored, threaded and can be found, with its folders and the test of the connection in its \
         requests. Memory is what no file stands behind, after a tenth of the items, with the last of them, and at its \
         highest, which is later: when the index is merged and what was fetched is thought about.",
        &[
            "",
            "items",
            "requests",
            "per 1000 items",
            "wall s",
            "CPU s",
            "MB after a tenth",
            "MB with the last",
            "peak MB",
        ],
    );
    for source in [SourceType::Outlook, SourceType::Teams] {
        // It has said that it is skipped without the specifications.
        let Some(fake) = FakeGraph::start("the measurement of Microsoft") else { return Ok(()) };
        let (what, kind, tenth) = match source {
            SourceType::Outlook => {
                fake.accept(
                    "token",
                    &["User.Read", "Mail.ReadWrite", "Mail.Send", "Calendars.ReadWrite", "MailboxSettings.ReadWrite"],
                );
                fake.mail().add_many("inbox", mails);
                (format!("{mails} mails"), Resource::Mail, mails / 10)
            }
            _ => {
                fake.accept("token", &["User.Read", "Chat.ReadWrite", "ChatMessage.Send"]);
                fake.teams().add_many(chats, SAID);
                (format!("{chats} chats"), Resource::Teams, chats / 10)
            }
        };
        let issuer = TokenIssuer::start("token");
        let folder = bench.fresh("graph")?;
        let mut read = 0;
        for (way, keep) in [("read", false), ("kept", true)] {
            eprintln!("graph: {what}, {way}");
            let told = folder.join("told.json");
            let task = Task {
                config: issuer.microsoft(&fake, source, false),
                tenth,
                told: told.clone(),
                keep: keep.then(|| (folder.join("data"), read)),
            };
            fake.forget();
            let mut reader = Command::new(std::env::current_exe()?);
            let cost = run(reader.env(TASK, serde_json::to_string(&task)?), None)?;
            let told: Told = serde_json::from_str(&std::fs::read_to_string(told)?)?;
            ensure!(!keep || told.items == read, "{} of {read} items were kept", told.items);
            read = told.items;
            let requests = fake.requests(kind);
            let share = requests as f64 * 1000.0 / told.items.max(1) as f64;
            table.row(&[
                format!("{what}, {way}"),
                told.items.to_string(),
                requests.to_string(),
                format!("{share:.1}"),
                format!("{:.1}", cost.wall),
                format!("{:.1}", cost.cpu),
                format!("{:.0}", told.early),
                format!("{:.0}", told.late),
                format!("{:.0}", cost.anonymous),
            ]);
            report.aim(Aim::below(
                &format!("{what} at Microsoft, {way}, MB with the last over MB after a tenth"),
                told.late / told.early,
                1.25,
            ));
            let limit = if kind == Resource::Mail { 11.0 } else { 40.0 };
            report.aim(Aim::below(&format!("{what} at Microsoft, {way}, requests per 1000 items"), share, limit));
        }
    }
    report.add(table);
    Ok(())
}
