//! How soon a new mail can be found: from the moment the server tells those who listen until a search
//! answers it.
//!
//! A server tells an idle client when it likes (Dovecot gathers changes for half a second), so a bare
//! client that does nothing but listen says when the news is out.
//! The search is asked again and again rather than waiting for an event, because what counts is what
//! a person would find.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use inlet_orchestrator::App;
use inlet_orchestrator::api::types::{SearchView, SourceState, Status, ThreadPage};
use inlet_testkit::{Dovecot, DovecotOptions};
use serde_json::json;

use crate::Bench;
use crate::engine;
use crate::measure::{at_share, middle};
use crate::syncing::{USER, fill};
use crate::table::{Aim, Report, Table};

/// Mails that arrive.
const ARRIVING: usize = 50;
/// Between two looks.
const LOOK: Duration = Duration::from_millis(2);
/// From one mail to the next, so that each arrives alone.
const APART: Duration = Duration::from_millis(700);
const LIMIT: Duration = Duration::from_secs(120);

/// Measures with a mailbox of the bench's mail behind it.
///
/// # Errors
/// When a mail never turns up.
pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let dovecot = Dovecot::start(DovecotOptions::default()).await;
    fill(bench, &dovecot).await?;
    let data = bench.fresh("inlet-arriving")?;
    let app = engine::start(&data, true).await?;
    let config = serde_json::to_value(dovecot.plain_config(USER))?;
    let params = json!({ "config": config, "password": dovecot.password(USER) });
    let _: serde_json::Value = engine::ask(&app, "accounts.add_imap", params).await?;
    eprintln!("arriving: waiting for the first sync");
    settled(&app).await?;

    eprintln!("arriving: {ARRIVING} mails");
    let mut client = dovecot.client(USER).await;
    let before = dovecot.list_uids(USER, "INBOX").await.len();
    let (mut told, mut listed, mut found) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..ARRIVING {
        let mut listener = dovecot.client(USER).await;
        listener.select("INBOX").await;
        let listening = tokio::spawn(async move {
            listener.idle_until(before + number + 1).await;
            Instant::now()
        });
        tokio::time::sleep(APART).await;
        let word = format!("zyxarrival{number}");
        let raw = format!(
            "From: Ana <ana@example.org>\nTo: {USER}\nSubject: {word}\nMessage-ID: <{word}@example.org>\n\
             Date: Mon, 02 Mar 2026 10:{:02}:00 +0000\n\nThe train is late.\n",
            number % 60
        );
        client.append("INBOX", raw.as_bytes(), "").await;
        let arrived = Instant::now();
        let mut shown = None;
        loop {
            if shown.is_none() {
                let page: ThreadPage = engine::ask(&app, "threads.list", json!({ "in": "all", "limit": 1 })).await?;
                if page.threads.first().is_some_and(|row| row.title == word) {
                    shown = Some(arrived.elapsed());
                }
            }
            let hits: SearchView = engine::ask(&app, "search", json!({ "query": word, "limit": 1 })).await?;
            if hits.total == 1 && hits.corrected.is_none() {
                break;
            }
            if arrived.elapsed() > LIMIT {
                bail!("mail {number} was not found within {} s", LIMIT.as_secs());
            }
            tokio::time::sleep(LOOK).await;
        }
        let now = arrived.elapsed();
        let news = listening.await?.saturating_duration_since(arrived);
        let after = |at: Duration| (at.as_secs_f64() - news.as_secs_f64()).max(0.0) * 1e3;
        told.push(news.as_secs_f64() * 1e3);
        listed.push(after(shown.unwrap_or(now)));
        found.push(after(now));
    }
    app.shutdown().await;

    let mut table = Table::new(
        "A new mail",
        "A mailbox with the mail of this run behind it, IMAP IDLE on this computer; fifty mails, each alone. The \
         first row is the server's: from the end of the delivery until a bare client in IDLE hears of it. The \
         others are Inlet's, counted from that moment.",
        &["", "p50 ms", "p95 ms"],
    );
    for (name, values) in [("told by the server", &told), ("in the list", &listed), ("found by a search", &found)] {
        let at = |share| format!("{:.0}", at_share(values.clone(), share));
        table.row(&[name.to_owned(), at(0.5), at(0.95)]);
    }
    report.add(table);
    report.aim(Aim::below("a new mail is found, median ms", middle(found.clone()), 200.0));
    report.aim(Aim::below("a new mail is found, p95 ms", at_share(found, 0.95), 200.0));
    Ok(())
}

/// Waits until everything is here and can be found, and the server is listened to.
async fn settled(app: &App) -> Result<()> {
    let end = Instant::now() + Duration::from_secs(570);
    let mut quiet = 0;
    while quiet < 4 {
        let status: Status = engine::ask(app, "status", json!({})).await?;
        let sources: Vec<_> = status.accounts.iter().flat_map(|account| &account.sources).collect();
        let live = !sources.is_empty() && sources.iter().all(|source| source.state == SourceState::Live);
        quiet = if live && status.index_behind == 0 { quiet + 1 } else { 0 };
        if Instant::now() > end {
            let state = sources.first().map(|source| source.state);
            return Err(anyhow::anyhow!("the first sync does not end: {state:?}")).context("arriving");
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}
