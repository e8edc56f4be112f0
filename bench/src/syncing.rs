//! The first sync of a mailbox from a Dovecot on this computer, straight or over a slow line.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;
use inlet_testkit::{ChaosProxy, Dovecot, DovecotOptions, Faults};

use crate::Bench;
use crate::mails::MailSet;
use crate::measure::{Cost, median, run};
use crate::peers::{Mailbox, inlet, mbsync};
use crate::table::{Aim, Report, Table};

/// Whose mailbox it is.
pub(crate) const USER: &str = "anna@inlet.test";

/// Puts the mail of the bench into the inbox.
///
/// # Errors
/// When it cannot be read.
pub(crate) async fn fill(bench: &Bench, dovecot: &Dovecot) -> Result<()> {
    for entry in std::fs::read_dir(bench.maildir.join("cur"))? {
        dovecot.deliver(USER, "INBOX", &std::fs::read(entry?.path())?);
    }
    // The server reads its own folder once; that is nobody's work but its own.
    dovecot.list_uids(USER, "INBOX").await;
    Ok(())
}

/// The ways to the server.
#[derive(Clone, Copy)]
enum Line {
    Plain,
    Tls,
    /// Without TLS, with this round-trip time in milliseconds.
    Slow(u64),
}

impl Line {
    fn name(self) -> String {
        match self {
            Self::Plain => "loopback".to_owned(),
            Self::Tls => "loopback with TLS".to_owned(),
            Self::Slow(milliseconds) => format!("{milliseconds} ms round trip"),
        }
    }
}

/// Measures the first sync, straight, with TLS and with `round_trip` milliseconds.
///
/// # Errors
/// When one of the programs fails.
pub(crate) async fn measure(bench: &Bench, set: &MailSet, round_trip: u64, report: &mut Report) -> Result<()> {
    let dovecot = Dovecot::start(DovecotOptions::default()).await;
    fill(bench, &dovecot).await?;
    let proxy = ChaosProxy::start(dovecot.port).await;
    let mut table = Table::new(
        "First sync of a mailbox",
        "Dovecot on this computer, Maildir. mbsync writes files; Inlet also threads them and makes them searchable, \
         which is in its figures. mbsync waits for the disk after every mail unless it is told not to.",
        &["", "", "wall s", "CPU s", "peak MB", "mails/s", "wall, times Inlet's"],
    );
    for line in [Line::Plain, Line::Tls, Line::Slow(round_trip)] {
        one_line(bench, set, &dovecot, &proxy, line, &mut table, report).await?;
    }
    report.add(table);
    Ok(())
}

async fn one_line(
    bench: &Bench,
    set: &MailSet,
    dovecot: &Dovecot,
    proxy: &ChaosProxy,
    line: Line,
    table: &mut Table,
    report: &mut Report,
) -> Result<()> {
    let ca = dovecot.ca();
    let mut mailbox = Mailbox { port: dovecot.port, user: USER, password: dovecot.password(USER), ca: None };
    match line {
        Line::Plain => {}
        Line::Tls => {
            mailbox.port = dovecot.tls_port;
            mailbox.ca = Some(&ca);
        }
        Line::Slow(milliseconds) => {
            proxy.set(Faults { latency: Duration::from_micros(milliseconds * 500), ..Faults::default() });
            mailbox.port = proxy.port;
        }
    }
    let mut rows: [(&str, Vec<Cost>); 3] = [("Inlet", vec![]), ("mbsync", vec![]), ("mbsync, FSync no", vec![])];
    for round in 0..bench.runs {
        eprintln!("sync: {}, round {} of {}", line.name(), round + 1, bench.runs);
        for (name, costs) in &mut rows {
            if bench.alone && *name != "Inlet" {
                continue;
            }
            let cost = match *name {
                "Inlet" => {
                    let data = connected(bench, &mailbox).await?;
                    off_the_runtime(inlet(bench, &data, &["sync", "--once"]), None).await?
                }
                other => {
                    let folder = bench.fresh("mbsync")?;
                    off_the_runtime(mbsync(&folder, &mailbox, other == "mbsync")?, None).await?
                }
            };
            costs.push(cost);
        }
    }
    let inlet = rows.first().map(|(_, costs)| median(costs)).unwrap_or_default();
    for (name, costs) in rows.iter().filter(|(_, costs)| !costs.is_empty()) {
        let cost = median(costs);
        let times = cost.wall / inlet.wall.max(f64::EPSILON);
        table.row(&[
            line.name(),
            (*name).to_owned(),
            format!("{:.2}", cost.wall),
            format!("{:.2}", cost.cpu),
            format!("{:.0}", cost.memory),
            format!("{:.0}", set.count as f64 / cost.wall.max(f64::EPSILON)),
            format!("{times:.2}"),
        ]);
        if *name == "mbsync" {
            report.aim(Aim::above(&format!("first sync, {}, time of mbsync over Inlet's", line.name()), times, 1.0));
        }
    }
    Ok(())
}

/// A data directory that knows the mailbox and has nothing of it yet.
async fn connected(bench: &Bench, mailbox: &Mailbox<'_>) -> Result<PathBuf> {
    let data = bench.fresh("inlet-sync")?;
    let host = if mailbox.ca.is_some() { "localhost" } else { "127.0.0.1" };
    let server = format!("{host}:{}", mailbox.port);
    let mut add = inlet(bench, &data, &["accounts", "add", "imap", "--address", mailbox.user, "--imap", &server]);
    match mailbox.ca {
        Some(ca) => add.args(["--tls", "implicit", "--ca"]).arg(ca),
        None => add.args(["--tls", "loopback-plain"]),
    };
    add.arg("--password-stdin");
    off_the_runtime(add, Some(format!("{}\n", mailbox.password))).await?;
    Ok(data)
}

/// The proxy runs in this process, so waiting must not hold its thread.
async fn off_the_runtime(mut command: Command, input: Option<String>) -> Result<Cost> {
    tokio::task::spawn_blocking(move || run(&mut command, input.as_deref())).await?
}
