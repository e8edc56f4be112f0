//! How soon what a platform pushed can be found: many events at once, through the door on this computer and
//! through a relay with a real NATS behind it.
//!
//! Each event is a request on a connection of its own, as a platform's are, signed, and made in this process: part
//! of the time is the sender's.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use inlet_connectors::relay::{Options, Relay};
use inlet_model::{Timestamp, WhatsAppConfig};
use inlet_orchestrator::{
    App,
    api::types::{AccountView, RelayView, SearchView, Status},
};
use inlet_testkit::{
    Nats,
    inbound::{post, signature},
};
use serde_json::json;

use crate::{
    Bench, engine,
    measure::at_share,
    table::{Report, Table},
};

/// Events of a run.
const EVENTS: usize = 5_000;
/// Conversations, each with a sender of its own.
const SENDERS: usize = 8;
/// Events that come afterwards, each alone.
const ALONE: usize = 50;
/// Between two looks: looking takes time that whoever is looked at needs.
const LOOK: Duration = Duration::from_millis(2);
const LIMIT: Duration = Duration::from_secs(600);
const NUMBER: &str = "106540352242922";
const SECRET: &str = "app secret";

/// Measures both ways.
///
/// # Errors
/// When an event is refused, or never found.
pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let mut table = Table::new(
        "Events that are pushed",
        "Five thousand messages of WhatsApp in eight conversations, each a signed request on a connection of its own: \
         how many a second are acknowledged, which is when they are kept (here on the disk, at the relay by \
         JetStream), and how many a second can be found by a search, counted from the first request to the moment \
         all are found. Then fifty more, each alone: milliseconds from its request until a search finds it.",
        &["", "acknowledged a second", "found a second", "alone, p50 ms", "alone, p95 ms"],
    );
    let mut row = |name: &str, run: Run| {
        let alone = |share| format!("{:.0}", at_share(run.alone.clone(), share));
        let (acknowledged, found) = (format!("{:.0}", run.acknowledged), format!("{:.0}", run.found));
        table.row(&[name.to_owned(), acknowledged, found, alone(0.5), alone(0.95)]);
    };
    eprintln!("pushed: {EVENTS} events at the door of this computer");
    row("at the door of this computer", door(bench).await?);
    if let Some(nats) = Nats::start("pushed through a relay", None) {
        eprintln!("pushed: {EVENTS} events through a relay");
        row("through a relay and NATS", relayed(bench, &nats).await?);
    }
    report.add(table);
    Ok(())
}

/// What was measured on one way.
struct Run {
    /// Events a second.
    acknowledged: f64,
    /// Events a second.
    found: f64,
    /// Milliseconds of each that came alone.
    alone: Vec<f64>,
}

async fn door(bench: &Bench) -> Result<Run> {
    let app = engine::start(&bench.fresh("inlet-pushed")?, true).await?;
    let at = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    connect(&app, at).await?;
    // It listens once its first round is done.
    while tokio::net::TcpStream::connect(at).await.is_err() {
        tokio::task::yield_now().await;
    }
    let rates = run(&app, at).await?;
    app.shutdown().await;
    Ok(rates)
}

async fn relayed(bench: &Bench, nats: &Nats) -> Result<Run> {
    let app = engine::start(&bench.fresh("inlet-relayed")?, true).await?;
    let account = connect(&app, "127.0.0.1:0".parse()?).await?;
    let view: RelayView = engine::ask(&app, "accounts.relay", json!({ "id": account.id })).await?;
    let secret = bench.fresh("relay")?.join("secret");
    std::fs::write(&secret, SECRET)?;
    let named = format!("secret = \"file:{}\"", secret.display());
    let piece: Vec<&str> =
        view.piece.lines().map(|line| if line.starts_with("secret") { named.as_str() } else { line }).collect();
    let clock = inlet_orchestrator::Clock::system();
    let relay = Relay::start(Options {
        listen: "127.0.0.1:0".parse()?,
        nats: nats.url(),
        file: toml::from_str(&piece.join("\n"))?,
        now: Arc::new(move || clock.now()),
    })
    .await?;
    let at = relay.address();
    let running = tokio::spawn(relay.run(std::future::pending()));
    let _: AccountView =
        engine::ask(&app, "accounts.set_relay", json!({ "id": account.id, "nats": nats.url() })).await?;
    let rates = run(&app, at).await?;
    running.abort();
    app.shutdown().await;
    Ok(rates)
}

async fn connect(app: &App, listen: SocketAddr) -> Result<AccountView> {
    let config = WhatsAppConfig {
        phone_number_id: NUMBER.to_owned(),
        business_account_id: "1".to_owned(),
        api_root: "http://127.0.0.1:9/v23.0".to_owned(),
        listen: listen.to_string(),
        public_url: None,
        number: None,
        relay: None,
    };
    engine::ask(app, "accounts.add_whatsapp", json!({ "config": config, "token": "t", "app_secret": SECRET })).await
}

/// Sends them all, and then some alone.
async fn run(app: &App, at: SocketAddr) -> Result<Run> {
    let now = inlet_orchestrator::Clock::system().now();
    let began = Instant::now();
    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| {
            tokio::spawn(async move {
                for number in (sender..EVENTS).step_by(SENDERS) {
                    send(at, &event(sender, number, "zyxpushed", now)).await?;
                }
                anyhow::Ok(())
            })
        })
        .collect();
    for sender in senders {
        sender.await.context("a sender")??;
    }
    let acknowledged = began.elapsed();
    loop {
        let status: Status = engine::ask(app, "status", json!({})).await?;
        let items: u64 = status.accounts.iter().flat_map(|account| &account.sources).map(|source| source.items).sum();
        if items == EVENTS as u64 && status.index_behind == 0 {
            let hits: SearchView = engine::ask(app, "search", json!({ "query": "zyxpushed", "limit": 1 })).await?;
            if hits.total == EVENTS as u64 {
                break;
            }
        }
        ensure!(began.elapsed() < LIMIT, "after ten minutes {items} of {EVENTS} messages are here");
        tokio::time::sleep(LOOK).await;
    }
    let found = began.elapsed();
    let mut alone = Vec::with_capacity(ALONE);
    for number in 0..ALONE {
        let word = format!("zyxalone{number}");
        let sent = Instant::now();
        send(at, &event(number % SENDERS, EVENTS + number, &word, now)).await?;
        loop {
            let hits: SearchView = engine::ask(app, "search", json!({ "query": word, "limit": 1 })).await?;
            // Before it is here the word of another is taken for this one misspelt.
            if hits.total == 1 && hits.corrected.is_none() {
                break;
            }
            ensure!(sent.elapsed() < LIMIT, "an event that came alone is not found");
            tokio::time::sleep(LOOK).await;
        }
        alone.push(sent.elapsed().as_secs_f64() * 1e3);
    }
    let rate = |took: Duration| EVENTS as f64 / took.as_secs_f64();
    Ok(Run { acknowledged: rate(acknowledged), found: rate(found), alone })
}

async fn send(at: SocketAddr, body: &str) -> Result<()> {
    let signed = signature(SECRET, body.as_bytes());
    let answer = post(at, &format!("/whatsapp/{NUMBER}"), &[("X-Hub-Signature-256", &signed)], body).await;
    ensure!(answer.status == 200, "an event was answered with {}", answer.status);
    Ok(())
}

fn event(sender: usize, number: usize, word: &str, now: Timestamp) -> String {
    let from = format!("1555000{sender:04}");
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": [{
        "field": "messages", "value": {
            "messaging_product": "whatsapp",
            "metadata": { "display_phone_number": "15550783881", "phone_number_id": NUMBER },
            "contacts": [{ "profile": { "name": format!("Sender {sender}") }, "wa_id": from }],
            "messages": [{ "from": from, "id": format!("wamid.{number:06}"), "timestamp": now.as_second().to_string(),
                "type": "text", "text": { "body": format!("{word} The train of line {number} is late.") } }],
        },
    }] }] })
    .to_string()
}
