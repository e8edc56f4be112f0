//! Two hundred fixed questions, to everybody in turn: words that are rare and words that most mails have, alone and
//! together, phrases, senders, spans of time, and words as they look while they are typed.
//!
//! Each is asked the way it costs least: Inlet's engine in this process, mu as the server that its
//! editor uses, and notmuch, which has none, as a process from whose figures those of a question
//! without an answer are taken.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use inlet_orchestrator::App;
use inlet_orchestrator::api::types::SearchView;
use serde_json::json;

use crate::engine;
use crate::large::Large;
use crate::measure::{asked, at_share, busy, middle, output};
use crate::peers::{Mu, Notmuch};
use crate::queries::{KINDS, Query, fixed};
use crate::table::{Aim, Report, Table};

/// How many questions.
const QUESTIONS: usize = 200;
/// How many rows an answer shows, newest first.
const ROWS: u32 = 50;
/// How many of them the window shows at once.
const SHOWN: u32 = 12;
/// The kinds of questions whose hits should agree: the other two depend on stemming.
const ALIKE: [&str; 3] = ["phrase", "from:", "dates"];

/// An answer.
#[derive(Clone, Copy, Default)]
struct Answer {
    /// Milliseconds on the wall.
    wall: f64,
    /// Milliseconds of the processor.
    cpu: f64,
    hits: u64,
    /// There are more hits than were counted.
    more: bool,
}

/// One program, ready to be asked.
struct Asked {
    name: &'static str,
    program: Program,
    answers: Vec<Answer>,
}

enum Program {
    /// The engine, and how many hits come with their lines of text.
    Inlet(std::sync::Arc<App>, u32),
    Notmuch(Notmuch),
    Mu(Mu, Server),
}

/// Asks everybody everything.
///
/// # Errors
/// When a program fails or answers in a form of its own.
pub(crate) async fn measure(large: &Large, alone: bool, report: &mut Report) -> Result<()> {
    let queries = fixed(&large.set, QUESTIONS);
    let app = engine::start(&large.data, false).await?;
    let mut programs = vec![
        Asked::new("Inlet", Program::Inlet(app.clone(), 0)),
        Asked::new("Inlet, with lines", Program::Inlet(app.clone(), SHOWN)),
    ];
    if !alone {
        programs.push(Asked::new("notmuch", Program::Notmuch(large.notmuch()?)));
        let mu = large.mu()?;
        let server = Server::start(&mu)?;
        programs.push(Asked::new("mu", Program::Mu(mu, server)));
    }
    eprintln!("search: {} questions", queries.len());
    for query in &queries {
        for one in &mut programs {
            let answer = one.program.ask(query).await.with_context(|| format!("{}: {query:?}", one.name))?;
            one.answers.push(answer);
        }
    }
    app.shutdown().await;
    show(large.set.count, &queries, &programs, report);
    Ok(())
}

fn show(count: usize, queries: &[Query], programs: &[Asked], report: &mut Report) {
    let mut table = Table::new(
        &format!("Two hundred questions to {count} mails"),
        "Newest 50 rows with sender, subject and date. Inlet is asked in process, mu as the server of its editor; \
         notmuch is a process a question, less what one takes that finds nothing. \"With lines\" is what the window \
         asks for: the first twelve hits come with the text around the words, which the others do not offer. \
         Hits are added up over the questions that Inlet counts to the end (it stops at 5,000); notmuch stems \
         words, so word and prefix differ there.",
        &["", "", "p50 ms", "p95 ms", "p99 ms", "CPU p50 ms", "CPU p99 ms", "hits"],
    );
    let inlet: &[Answer] = programs.first().map_or(&[], |inlet| &inlet.answers);
    let counted = |kind: Option<&str>, one: &Asked| -> u64 {
        let pairs = queries.iter().zip(inlet).zip(&one.answers);
        let alike = pairs.filter(|((query, inlet), _)| !inlet.more && kind.is_none_or(|kind| query.kind() == kind));
        alike.map(|(_, answer)| answer.hits).sum()
    };
    for kind in KINDS.into_iter().chain(["all"]) {
        let kind_of = (kind != "all").then_some(kind);
        for one in programs {
            let of = queries.iter().zip(&one.answers);
            let of = of.filter(|(query, _)| kind_of.is_none_or(|kind| query.kind() == kind));
            let (wall, cpu): (Vec<f64>, Vec<f64>) = of.map(|(_, answer)| (answer.wall, answer.cpu)).unzip();
            let at = |values: &[f64], share| format!("{:.2}", at_share(values.to_vec(), share));
            table.row(&[
                kind.to_owned(),
                one.name.to_owned(),
                at(&wall, 0.5),
                at(&wall, 0.95),
                at(&wall, 0.99),
                at(&cpu, 0.5),
                at(&cpu, 0.99),
                counted(kind_of, one).to_string(),
            ]);
        }
    }
    report.add(table);
    for (at, query, answer) in slowest(queries, inlet) {
        eprintln!("search: question {at} ({}): {:.2} ms, CPU {:.2} ms", query.kind(), answer.wall, answer.cpu);
    }
    let p99 = |one: &Asked| at_share(one.answers.iter().map(|answer| answer.wall).collect(), 0.99);
    let Some((first, others)) = programs.split_first() else { return };
    for other in others.iter().filter(|other| !matches!(other.program, Program::Inlet(..))) {
        let ratio = p99(other) / p99(first).max(f64::EPSILON);
        report.aim(Aim::above(&format!("search, p99 of {} over Inlet's", other.name), ratio, 20.0));
        for kind in ALIKE {
            let (mine, theirs) = (counted(Some(kind), first), counted(Some(kind), other));
            let apart = 100.0 * (mine as f64 - theirs as f64).abs() / (theirs as f64).max(1.0);
            report.aim(Aim::below(&format!("hits of {kind} beside {}, % apart", other.name), apart, 2.0));
        }
    }
}

/// The answers that decide how the slowest in a hundred are: which question, and what it took.
fn slowest<'a>(queries: &'a [Query], answers: &'a [Answer]) -> impl Iterator<Item = (usize, &'a Query, &'a Answer)> {
    let mut all: Vec<_> =
        queries.iter().zip(answers).enumerate().map(|(at, (query, answer))| (at, query, answer)).collect();
    all.sort_by(|(.., one), (.., other)| other.wall.total_cmp(&one.wall));
    all.into_iter().take(5)
}

impl Asked {
    fn new(name: &'static str, program: Program) -> Self {
        Self { name, program, answers: Vec::new() }
    }
}

impl Program {
    async fn ask(&mut self, query: &Query) -> Result<Answer> {
        match self {
            Self::Inlet(app, snippets) => ask_inlet(app, query, *snippets).await,
            Self::Notmuch(notmuch) => ask_notmuch(notmuch, query),
            Self::Mu(mu, server) => ask_mu(mu, server, query),
        }
    }
}

async fn ask_inlet(app: &App, query: &Query, snippets: u32) -> Result<Answer> {
    let params = json!({ "query": query.inlet(), "typing": query.is_typing(), "limit": ROWS, "snippets": snippets });
    let before = busy("self")?;
    let (found, took) = engine::timed::<SearchView>(app, "search", params).await?;
    let cpu = (busy("self")? - before).max(0.0) * 1e3;
    let mut hits = found.total;
    let mut more = !found.exact;
    if more && query.is_typing() {
        // What is still being typed is only estimated; asked for as it stands, it is counted.
        let whole = json!({ "query": format!("{}*", query.inlet()), "limit": 1, "snippets": 0 });
        let whole: SearchView = engine::ask(app, "search", whole).await?;
        (hits, more) = (whole.total, !whole.exact);
    }
    Ok(Answer { wall: took.as_secs_f64() * 1e3, cpu, hits, more })
}

fn ask_notmuch(notmuch: &Notmuch, query: &Query) -> Result<Answer> {
    let limit = format!("--limit={ROWS}");
    let ask =
        |text: &str| asked(&mut notmuch.command(&["search", "--format=json", "--sort=newest-first", &limit, text]));
    let nothing = (0..3).map(|_| ask("id:nobody@nowhere")).collect::<Result<Vec<_>>>()?;
    let text = query.others();
    let (_, wall, cpu) = ask(&text)?;
    let count = output(&mut notmuch.command(&["count", "--output=messages", &text]))?;
    Ok(Answer {
        wall: (wall - middle(nothing.iter().map(|(_, wall, _)| *wall).collect())).max(0.0),
        cpu: (cpu - middle(nothing.iter().map(|(_, _, cpu)| *cpu).collect())).max(0.0),
        hits: count.trim().parse().context("notmuch count")?,
        more: false,
    })
}

fn ask_mu(mu: &Mu, server: &mut Server, query: &Query) -> Result<Answer> {
    let text = query.others();
    let before = server.busy()?;
    let started = Instant::now();
    server.find(&text)?;
    let wall = started.elapsed().as_secs_f64() * 1e3;
    let cpu = (server.busy()? - before) * 1e3;
    let all = output(&mut finding(mu, &["--fields=i", &text]))?;
    let hits = all.lines().filter(|line| !line.is_empty()).count() as u64;
    Ok(Answer { wall, cpu, hits, more: false })
}

/// `mu find` ends with a code of its own when nothing is found, which is an answer too.
fn finding(mu: &Mu, args: &[&str]) -> Command {
    let find = mu.command("find", args);
    let mut shell = Command::new("sh");
    shell.args(["-c", "\"$@\" 2>/dev/null; code=$?; [ $code -eq 0 ] || [ $code -eq 2 ] || [ $code -eq 4 ]", "sh"]);
    shell.arg(find.get_program()).args(find.get_args());
    shell
}

/// `mu server`, which answers on its standard output as it does for its editor.
struct Server {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Server {
    fn start(mu: &Mu) -> Result<Self> {
        let mut command = mu.command("server", &[]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().context("mu server does not start")?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            bail!("mu server has no pipes");
        };
        Ok(Self { child, to, from: BufReader::new(from) })
    }

    /// Asks, and reads up to the end of the answer.
    fn find(&mut self, text: &str) -> Result<()> {
        let text = text.replace('\\', "\\\\").replace('"', "\\\"");
        writeln!(
            self.to,
            "(find :query \"{text}\" :threads nil :sortfield :date :descending t :maxnum {ROWS} :skip-dups nil \
             :include-related nil)"
        )?;
        self.to.flush()?;
        let mut line = Vec::new();
        loop {
            line.clear();
            if self.from.read_until(b'\n', &mut line)? == 0 {
                bail!("mu server has ended");
            }
            // Each part of an answer begins with its length between two bytes.
            let said = line.split(|byte| *byte == 0xff).next_back().unwrap_or_default();
            if said.starts_with(b"(:found") {
                return Ok(());
            }
            if said.starts_with(b"(:error") {
                bail!("mu says {}", String::from_utf8_lossy(said).trim());
            }
        }
    }

    fn busy(&self) -> Result<f64> {
        busy(&self.child.id().to_string())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.to.write_all(b"(quit)\n");
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
