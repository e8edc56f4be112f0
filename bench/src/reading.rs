//! The engine on many mails, without anybody beside it: search as one types, lists, conversations,
//! memory and room on the disk.

use std::fs;
use std::time::Duration;

use anyhow::Result;
use inlet_orchestrator::App;
use inlet_orchestrator::api::types::{SearchView, ThreadPage, ThreadView};
use serde_json::{Value, json};

use crate::engine;
use crate::large::Large;
use crate::measure::{Memory, at_share, busy, bytes, memory, middle};
use crate::queries::{Query, fixed};
use crate::table::{Aim, Report, Table};

/// Questions asked.
const QUESTIONS: usize = 200;
/// Words typed letter by letter.
const WORDS: usize = 100;
/// Letters typed of a word at most.
const LETTERS: usize = 8;
/// Pages read of a list.
const PAGES: usize = 100;
/// Conversations opened.
const THREADS: usize = 200;

/// Milliseconds on the wall and of the processor, one of each for a question.
#[derive(Default)]
struct Times {
    wall: Vec<f64>,
    cpu: Vec<f64>,
}

impl Times {
    fn row(&self, name: &str) -> Vec<String> {
        let wall = |share| format!("{:.2}", at_share(self.wall.clone(), share));
        let cpu = |share| format!("{:.2}", at_share(self.cpu.clone(), share));
        vec![name.to_owned(), self.wall.len().to_string(), wall(0.5), wall(0.95), wall(0.99), cpu(0.5), cpu(0.99)]
    }

    /// Asks, and adds what it took.
    async fn add<T: serde::de::DeserializeOwned>(&mut self, app: &App, method: &str, params: Value) -> Result<T> {
        let before = busy("self")?;
        let (answer, took) = engine::timed(app, method, params).await?;
        self.wall.push(milliseconds(took));
        self.cpu.push((busy("self")? - before).max(0.0) * 1e3);
        Ok(answer)
    }
}

fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}

/// Measures the engine on many mails.
///
/// # Errors
/// When a command fails or the answers cannot be right.
pub(crate) async fn measure(imported: &Large, report: &mut Report) -> Result<()> {
    let count = imported.set.count;
    let before = memory("self")?;
    let app = engine::start(&imported.data, false).await?;
    let started = memory("self")?;
    eprintln!("large: asking");

    let mut table = Table::new(
        &format!("The engine on {count} mails"),
        "Each command as the window asks it, from the question to the answer as JSON, in one process. \
         \"as typed\" asks after every letter of a hundred words. A search answers fifty hits, as the window asks \
         for them: the first twelve with the lines of text around the words, the others when they come into sight.",
        &["", "asked", "p50 ms", "p95 ms", "p99 ms", "CPU p50 ms", "CPU p99 ms"],
    );
    let queries = fixed(&imported.set, QUESTIONS);
    let mut all = Times::default();
    let mut kinds: Vec<(&str, Times)> = Vec::new();
    for query in &queries {
        let params = json!({ "query": query.inlet(), "typing": query.is_typing(), "limit": 50, "snippets": 12 });
        let mut one = Times::default();
        let found: SearchView = one.add(&app, "search", params).await?;
        if !matches!(query, Query::Dates(..) | Query::Words(_)) {
            anyhow::ensure!(found.total > 0, "{:?} has no hit, though it is made of a mail", query.inlet());
        }
        let at = kinds.iter().position(|(kind, _)| *kind == query.kind());
        let at = at.unwrap_or_else(|| {
            kinds.push((query.kind(), Times::default()));
            kinds.len() - 1
        });
        if let Some((_, times)) = kinds.get_mut(at) {
            times.wall.extend(&one.wall);
            times.cpu.extend(&one.cpu);
        }
        all.wall.append(&mut one.wall);
        all.cpu.append(&mut one.cpu);
    }
    for (kind, times) in &kinds {
        table.row(&times.row(&format!("search, {kind}")));
    }
    table.row(&all.row("search, all"));

    let mut typed = Times::default();
    for word in queries.iter().filter_map(Query::word).cycle().take(WORDS) {
        for end in word.char_indices().map(|(at, letter)| at + letter.len_utf8()).take(LETTERS) {
            let Some(begun) = word.get(..end) else { continue };
            let params = json!({ "query": begun, "typing": true, "limit": 50, "snippets": 12 });
            let _: SearchView = typed.add(&app, "search", params).await?;
        }
    }
    table.row(&typed.row("search, as typed"));

    let mut pages = Times::default();
    let mut ids = Vec::new();
    let mut after: Option<String> = None;
    for _ in 0..PAGES {
        let page: ThreadPage = pages.add(&app, "threads.list", json!({ "in": "all", "after": after })).await?;
        ids.extend(page.threads.iter().map(|row| row.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    anyhow::ensure!(!ids.is_empty(), "the list is empty");
    table.row(&pages.row("threads.list, page after page"));
    let mut scrolled = Times::default();
    let total = engine::ask::<ThreadPage>(&app, "threads.list", json!({ "in": "all" })).await?.total;
    for at in 0..PAGES as u64 {
        let offset = at * total / PAGES as u64;
        let _: ThreadPage = scrolled.add(&app, "threads.list", json!({ "in": "all", "offset": offset })).await?;
    }
    table.row(&scrolled.row("threads.list, scrolled to"));

    let mut opened = Times::default();
    let step = (ids.len() / THREADS).max(1);
    for id in ids.iter().step_by(step).take(THREADS) {
        let _: ThreadView = opened.add(&app, "thread.get", json!({ "id": id })).await?;
    }
    table.row(&opened.row("thread.get"));
    let mut status = Times::default();
    for _ in 0..20 {
        let _: Value = status.add(&app, "status", json!({})).await?;
    }
    table.row(&status.row("status"));
    report.add(table);

    let p95 = |times: &Times| at_share(times.wall.clone(), 0.95);
    let p50 = |times: &Times| middle(times.wall.clone());
    let name = |what: &str| format!("{what}, {count} mails");
    report.aim(Aim::below(&name("keystroke to hits, p95 ms"), p95(&typed), 10.0));
    report.aim(Aim::below(&name("a page of threads, median ms"), p50(&pages), 5.0));
    report.aim(Aim::below(&name("a page of threads scrolled to, median ms"), p50(&scrolled), 5.0));

    let after = memory("self")?;
    app.shutdown().await;
    report.add(room(imported, [before, started, after])?);
    Ok(())
}

/// Memory and disk.
fn room(imported: &Large, [before, started, after]: [Memory; 3]) -> Result<Table> {
    let mut table = Table::new(
        &format!("Memory and disk, {} mails", imported.set.count),
        "Memory is what this process grew by; the index and the database are mapped files, which the system \
         takes back when it needs the room, so the part that is not (anonymous) is what counts.",
        &["", "MB"],
    );
    let mut line = |what: &str, value: f64| table.row(&[what.to_owned(), format!("{value:.1}")]);
    if let Some(cost) = &imported.cost {
        line("peak of the import, resident", cost.memory);
        line("peak of the import, anonymous", cost.anonymous);
    }
    line("started, resident", started.resident - before.resident);
    line("started, anonymous", started.anonymous - before.anonymous);
    line("after all questions, resident", after.resident - before.resident);
    line("after all questions, anonymous", after.anonymous - before.anonymous);
    line("mail as it came", imported.set.bytes as f64 / 1e6);
    let size = |name: &str| -> Result<f64> {
        let path = imported.data.join(name);
        Ok(if path.is_dir() { bytes(&path)? } else { fs::metadata(path).map_or(0, |about| about.len()) } as f64 / 1e6)
    };
    line("inlet.db", size("inlet.db")?);
    line("bodies.db, the raw mail and its text", size("bodies.db")?);
    line("search index", size("index")?);
    if let Some(cost) = &imported.cost {
        table.row(&["import, s on the wall".to_owned(), format!("{:.1}", cost.wall)]);
        table.row(&["import, CPU s".to_owned(), format!("{:.1}", cost.cpu)]);
    }
    Ok(table)
}
