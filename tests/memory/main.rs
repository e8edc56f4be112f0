//! What the engine holds in memory does not grow with what it keeps on the disk.
//!
//! A second allocator counts every byte this program has on its heap, which is exact where the memory
//! of a process is not: what was given back and not yet returned to the system is no part of it. SQLite
//! and zstd allocate by themselves and are not counted; SQLite's caches are bounded by their settings
//! (`store::connect`), zstd's contexts by its level.
//!
//! The engine is a process of its own, this program started again, so that the tenant it reads from,
//! which does hold everything, is not counted.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::Duration,
};

use inlet_model::{AccountConfig, MicrosoftConfig, SignIn, SourceType};
use inlet_orchestrator::{
    App, AppOptions,
    api::types::{ActionList, SignInView, SourceState, Status},
};
use inlet_testkit::{SignedIn, TokenIssuer, graph::FakeGraph};
use peak_alloc::PeakAlloc;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

#[global_allocator]
static COUNTED: PeakAlloc = PeakAlloc;

/// For the next thing to happen. Long, because test computers are slow.
const LIMIT: Duration = Duration::from_secs(120);
/// Names the task of an engine to this program.
const TASK: &str = "INLET_TEST_MEMORY";

/// What an engine has to do.
#[derive(Serialize, Deserialize)]
struct Task {
    config: MicrosoftConfig,
    /// A data directory.
    data: PathBuf,
    /// How many items there are to keep.
    items: u64,
    /// Where it says what it saw.
    told: PathBuf,
}

async fn ask<T: DeserializeOwned>(app: &App, method: &str, params: Value) -> T {
    let answer = app.rpc(method, params).await.unwrap_or_else(|error| panic!("{method}: {error}"));
    serde_json::from_value(answer).unwrap()
}

/// Connects an account; how many bytes were held at the most until all of it was kept, indexed and thought about.
async fn keep(task: &Task) -> usize {
    let mut options = AppOptions::new(task.data.clone(), Arc::new(inlet_connectors::open));
    options.use_keyring = false;
    options.passphrase = Some("correct horse".into());
    options.sign_in = Some(Arc::new(|_| Box::pin(async { Ok(Box::new(SignedIn) as Box<dyn SignIn>) })));
    let app = App::start(options).await.unwrap();
    let mut events = app.events();
    let config = json!({ "config": AccountConfig::Microsoft(task.config.clone()) });
    let begun: SignInView = ask(&app, "signin.begin", config).await;
    let _: Value = ask(&app, "signin.wait", json!({ "ticket": begun.ticket })).await;
    let mut before = None;
    // The first round reads everything; the next one finds what is kept, and where each scope is.
    for _ in 0..2 {
        if before.is_some() {
            let _: Value = ask(&app, "sync.now", json!({})).await;
        }
        loop {
            let status: Status = ask(&app, "status", json!({})).await;
            let source = &status.accounts[0].sources[0];
            let thought: ActionList = ask(&app, "actions.list", json!({})).await;
            let kept = source.items >= task.items && source.state == SourceState::Live && source.last_heard > before;
            if kept && status.index_behind == 0 && thought.behind == 0 {
                before = source.last_heard;
                break;
            }
            let _ = inlet_testkit::timeout(LIMIT, events.recv()).await;
        }
    }
    app.shutdown().await;
    COUNTED.peak_usage()
}

/// The engine of the tests below, in a process of its own.
#[tokio::test(flavor = "multi_thread")]
async fn an_engine() {
    let Ok(task) = std::env::var(TASK) else { return };
    let task: Task = serde_json::from_str(&task).unwrap();
    let held = keep(&task).await;
    std::fs::write(&task.told, serde_json::to_string(&held).unwrap()).unwrap();
}

fn engine(folder: &Path, config: MicrosoftConfig, items: u64) -> usize {
    let told = folder.join("told.json");
    let task = Task { config, data: folder.join("data"), items, told: told.clone() };
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "an_engine", "--nocapture"])
        .env(TASK, serde_json::to_string(&task).unwrap())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(&std::fs::read_to_string(told).unwrap()).unwrap()
}

/// What an engine holds at the most while it keeps so many items of a source, in bytes.
fn held(test: &str, source: SourceType, items: usize) -> Option<usize> {
    let fake = FakeGraph::start(test)?;
    match source {
        SourceType::Outlook => {
            let scopes =
                ["User.Read", "Mail.ReadWrite", "Mail.Send", "Calendars.ReadWrite", "MailboxSettings.ReadWrite"];
            fake.accept("token", &scopes);
            fake.mail().add_many("inbox", items);
        }
        _ => {
            fake.accept("token", &["User.Read", "Chat.ReadWrite", "ChatMessage.Send"]);
            fake.teams().add_many(items, 1);
        }
    }
    let issuer = TokenIssuer::start("token");
    let folder = tempfile::tempdir().unwrap();
    let held = engine(folder.path(), issuer.microsoft(&fake, source, false), items as u64);
    fake.assert_clean();
    println!("{items} items of {source:?}: {held:?}");
    Some(held)
}

#[test]
fn a_mailbox_four_times_as_large_is_kept_with_the_same_memory() {
    // More than the index takes up between two commits, so that what it holds meanwhile is in both.
    let Some(few) = held("memory of a mailbox", SourceType::Outlook, 6_000) else { return };
    let Some(many) = held("memory of a mailbox", SourceType::Outlook, 24_000) else { return };
    // Eighteen thousand mails more; a kilobyte each would be eighteen megabytes.
    assert!(many < few + 2_000_000, "{few} bytes with 6,000 mails, {many} with 24,000");
}

#[test]
fn a_chat_is_a_few_numbers() {
    let Some(few) = held("memory of chats", SourceType::Teams, 500) else { return };
    let Some(many) = held("memory of chats", SourceType::Teams, 2_000) else { return };
    // What is left of a chat: forty bytes by which it is seen that it stands still (a digest of its id, a stamp of its
    // last message, until when it was read and written in) in a tree that is two thirds full, eight or sixteen of its
    // number while a round goes through all of them, and what the store and the index take up for its messages. Title,
    // members and last message, which are two kilobytes and more, are held of a hundred and fifty.
    let each = many.saturating_sub(few) / 1_500;
    assert!(each <= 1_024, "{each} bytes a chat: {few} bytes with 500 chats, {many} with 2,000");
}
