//! What GitHub tells by its webhooks, and what it told while nobody heard: that is said, with its time, until somebody has
//! seen it or has had it sent again.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use inlet_model::{SourceId, Timestamp};
use inlet_orchestrator::{
    Clock,
    api::types::{AccountView, Missed},
};
use inlet_testkit::{
    inbound::{post, signature},
    timeout,
};
use serde_json::json;

use crate::harness::{Engine, LIMIT, Setup};

const SECRET: &str = "a secret of ours";
const HOUR: i64 = 3_600;

/// Codertocat mentions me, at that second.
fn mention(number: u64, second: i64) -> String {
    let at = Timestamp::from_second(second).unwrap();
    json!({
        "action": "created",
        "issue": {
            "number": number, "title": format!("Issue {number}"), "user": { "login": "Codertocat" },
            "html_url": format!("https://github.com/a/b/issues/{number}"), "updated_at": at,
        },
        "comment": {
            "id": number, "body": "@octocat, what do you think?", "updated_at": at, "created_at": at,
            "html_url": format!("https://github.com/a/b/issues/{number}#c"),
        },
        "repository": { "full_name": "a/b" },
        "sender": { "login": "Codertocat" },
    })
    .to_string()
}

/// GitHub delivers it, and the conversation is there.
async fn hear(engine: &Engine, door: SocketAddr, body: &str) {
    let before = engine.view("all").await.len();
    let listens = async {
        while tokio::net::TcpStream::connect(door).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    timeout(LIMIT, listens).await;
    let signed = signature(SECRET, body.as_bytes());
    let headers = [("X-Hub-Signature-256", signed.as_str())];
    assert_eq!(post(door, "/github/octocat", &headers, body).await.status, 200);
    engine.until("what was told", async || (engine.view("all").await.len() > before).then_some(())).await;
}

async fn missed(engine: &Engine, id: SourceId, count: usize) -> Vec<Missed> {
    let found = async || Some(engine.source(id).await.missed).filter(|missed| missed.len() == count);
    engine.until(&format!("{count} times nobody listened"), found).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_github_told_while_inlet_was_closed_is_said_until_it_is_sent_again_or_seen() {
    let start = "2026-06-01T12:00:00Z".parse::<Timestamp>().unwrap().as_second();
    let hand = Arc::new(AtomicI64::new(start));
    let shown = Arc::clone(&hand);
    let clock = Clock::from_fn(move || Timestamp::from_second(shown.load(Ordering::SeqCst)).unwrap());
    let engine = Engine::with(Setup { connectors: true, clock: Some(clock), ..Setup::default() }).await;
    let door = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let config = json!({ "service": "github", "me": "octocat", "listen": door.to_string() });
    let view: AccountView = engine.call("accounts.add_hook", json!({ "config": config, "secret": SECRET })).await;
    let (account, id) = (view.id, view.sources[0].id);
    hear(&engine, door, &mention(1, start)).await;
    assert!(engine.source(id).await.missed.is_empty());

    hand.fetch_add(HOUR, Ordering::SeqCst);
    let engine = engine.restart().await;
    let at = |second: i64| Timestamp::from_second(second).unwrap();
    let told = missed(&engine, id, 1).await;
    assert_eq!(told, [Missed { since: at(start), until: at(start + HOUR) }]);
    // What happens now says nothing about then; what happened then, and is sent again, does.
    hear(&engine, door, &mention(2, start + HOUR)).await;
    assert_eq!(engine.source(id).await.missed, told);
    hear(&engine, door, &mention(3, start + HOUR / 2)).await;
    missed(&engine, id, 0).await;

    hand.fetch_add(HOUR, Ordering::SeqCst);
    let engine = engine.restart().await;
    missed(&engine, id, 1).await;
    let view: AccountView = engine.call("accounts.seen_missed", json!({ "id": account })).await;
    assert!(view.sources[0].missed.is_empty());
    let engine = engine.restart().await;
    hear(&engine, door, &mention(4, start + 2 * HOUR)).await;
    assert!(engine.source(id).await.missed.is_empty(), "seen is seen");
}
