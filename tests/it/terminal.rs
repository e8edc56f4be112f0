//! The program in a terminal: what the environment says of a number, and a Microsoft account with all its sources, from the sign-in at a real provider
//! to what the search finds.

use std::process::Stdio;

use inlet_testkit::{
    Oidc, OidcOptions, Visitor,
    graph::{FakeGraph, Letter, Person, Said},
    ports::free_address,
    whatsapp::{APP_SECRET, FakeWhatsApp, TOKEN},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
};

use crate::harness::LIMIT;

const SCOPES: &[&str] = &[
    "User.Read",
    "Mail.ReadWrite",
    "Mail.Send",
    "Calendars.ReadWrite",
    "MailboxSettings.ReadWrite",
    "Chat.ReadWrite",
    "ChatMessage.Send",
    "Notes.ReadWrite",
];

/// `inlet --json` on this data directory; it ends with the test.
pub(crate) fn inlet(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inlet"));
    command
        .args(["--json", "--data-dir"])
        .arg(folder.path().join("data"))
        .args(arguments)
        .env("INLET_PASSPHRASE", "correct horse")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Runs it to its end, which has to be a good one; the document it printed.
pub(crate) async fn printed(folder: &TempDir, arguments: &[&str]) -> Value {
    let output = inlet_testkit::timeout(LIMIT, inlet(folder, arguments).output()).await.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{arguments:?}: {}{}", text(&output.stdout), text(&output.stderr));
    let last = text(&output.stdout);
    serde_json::from_str(last.lines().last().unwrap_or_default()).unwrap_or(Value::Null)
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_chats_and_notes_of_one_sign_in_are_found() {
    if !Oidc::available() {
        println!("skipped: signing in from a terminal: Node.js is not installed");
        return;
    }
    let Some(fake) = FakeGraph::start("mail_chats_and_notes_of_one_sign_in_are_found") else { return };
    let scopes = SCOPES.iter().map(|scope| (*scope).to_owned()).collect();
    let oidc = Oidc::start(OidcOptions { scopes, ..OidcOptions::default() }).await;
    fake.introspect(&oidc.introspection());
    let ann = Person::new("Ann", "ann@contoso.example");
    fake.mail().add(Letter::new("Lunch?").from("Ann", "ann@contoso.example").text("The kingfisher mail."));
    fake.teams().say(&fake.teams().one_on_one(&ann), Said::text("The kingfisher chat.").from(&ann));
    let section = fake.notes().section(&fake.notes().notebook("Garden"), "Spring");
    fake.notes().page(&section, "Beds", "<p>The kingfisher page.</p>");

    let folder = tempfile::tempdir().unwrap();
    let config = oidc.config(&[]);
    let mut adding = inlet(
        &folder,
        &[
            ["accounts", "add", "microsoft", "--device-code", "--sources", "outlook,teams,onenote"].as_slice(),
            &["--client-id", &config.client_id, "--token-url", &config.token_url],
            &["--device-url", config.device_url.as_deref().unwrap(), "--api-root", fake.api_root()],
        ]
        .concat(),
    )
    .spawn()
    .unwrap();
    let mut told = BufReader::new(adding.stderr.take().unwrap()).lines();
    let mut seen = Vec::new();
    let direct = loop {
        let line = inlet_testkit::timeout(LIMIT, told.next_line()).await.unwrap();
        let Some(line) = line else { panic!("it ended: {seen:?}") };
        if let Ok(prompt) = serde_json::from_str::<Value>(&line)
            && let Some(direct) = prompt.pointer("/sign_in/direct").and_then(Value::as_str)
        {
            break direct.to_owned();
        }
        seen.push(line);
    };
    Visitor::default().type_code(&direct, &fake.me().address).await;
    let output = inlet_testkit::timeout(LIMIT, adding.wait_with_output()).await.unwrap();
    let account = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{account}");

    printed(&folder, &["sync", "--once"]).await;
    let accounts = printed(&folder, &["accounts", "list"]).await;
    let sources = accounts.pointer("/accounts/0/sources").and_then(Value::as_array).unwrap();
    let types: Vec<&str> = sources.iter().filter_map(|source| source["type"].as_str()).collect();
    assert_eq!(types, ["outlook", "teams", "onenote"]);
    assert!(sources.iter().all(|source| source["items"] == 1), "{accounts}");
    let found = printed(&folder, &["search", "kingfisher"]).await;
    let hits = found["hits"].as_array().unwrap();
    let mut kinds: Vec<&str> = hits.iter().filter_map(|hit| hit["kind"].as_str()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["chat", "mail", "note"], "{found}");
    let listed = printed(&folder, &["list", "--in", "notes"]).await;
    assert_eq!(listed.pointer("/threads/0/title").and_then(Value::as_str), Some("Beds"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_environment_says_of_whatsapp_becomes_an_account() {
    let Some(fake) = FakeWhatsApp::start("whatsapp_environment") else { return };
    let folder = tempfile::tempdir().unwrap();
    let free = free_address().to_string();
    let config = fake.config(&free);
    let said = [
        ("WHATSAPP_API_TOKEN", TOKEN),
        ("WHATSAPP_PHONE_NUMBER_ID", &config.phone_number_id),
        ("WHATSAPP_BUSINESS_ACCOUNT_ID", &config.business_account_id),
        ("WHATSAPP_API_ROOT", &config.api_root),
        ("WHATSAPP_LISTEN", &config.listen),
    ];
    let run = async |more: &[(&str, &str)]| {
        let mut command = inlet(&folder, &["accounts", "import-env"]);
        for name in ["EMAIL_IMAP_USERNAME", "EMAIL_IMAP_PASSWORD", "MS_CLIENT_ID"] {
            command.env_remove(name);
        }
        let output = command.envs(said).envs(more.iter().copied()).output();
        let output = inlet_testkit::timeout(LIMIT, output).await.unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, told) = run(&[]).await;
    assert!(code == Some(2) && told.contains("Set WHATSAPP_APP_SECRET"), "{code:?}: {told}");
    let (code, told) = run(&[("ENABLE_WHATSAPP", "false")]).await;
    assert!(code == Some(2) && told.contains("Set EMAIL_IMAP_USERNAME"), "{code:?}: {told}");
    let (code, told) = run(&[("WHATSAPP_APP_SECRET", APP_SECRET)]).await;
    assert_eq!(code, Some(0), "{told}");
    assert!(!told.contains(TOKEN) && !told.contains(APP_SECRET));
    let list = printed(&folder, &["accounts", "list"]).await;
    let account = &list["accounts"][0];
    assert_eq!(account["config"]["phone_number_id"], json!(config.phone_number_id), "{list}");

    // One that cannot be connected does not keep another from it.
    let mail =
        [("WHATSAPP_APP_SECRET", APP_SECRET), ("EMAIL_IMAP_USERNAME", "a@x.example"), ("EMAIL_IMAP_PASSWORD", "x")];
    let nowhere = [("EMAIL_IMAP_SERVER", "127.0.0.1"), ("EMAIL_IMAP_PORT", "9")];
    let (code, told) = run(&[mail.as_slice(), nowhere.as_slice()].concat()).await;
    assert_eq!(code, Some(5), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_proposes_and_hears_what_became_of_it() {
    let folder = tempfile::tempdir().unwrap();
    printed(&folder, &["demo", "--seed", "7"]).await;
    let list = printed(&folder, &["list", "--in", "inbox"]).await;
    let mails: Vec<&Value> = list["threads"].as_array().unwrap().iter().filter(|row| row["kind"] == "mail").collect();
    let thread = |at: usize| mails[at]["id"].as_str().unwrap().to_owned();
    let propose = async |thread: &str| {
        let what =
            ["actions", "propose", "--thread", thread, "--do", "done", "--who", "sorter", "--why", "It looks done."];
        printed(&folder, &what).await
    };
    let made = propose(&thread(0)).await;
    assert_eq!((made["state"].as_str(), made["who"].as_str()), (Some("waiting"), Some("sorter")), "{made}");
    let id = made["id"].as_str().unwrap();
    // Nobody decides in time.
    let undecided = printed(&folder, &["actions", "proposals", "--wait", id, "--timeout", "0"]).await;
    assert_eq!((undecided["state"].as_str(), &undecided["decided_at"]), (Some("waiting"), &Value::Null));

    // One process waits while another decides.
    let waits = inlet(&folder, &["actions", "proposals", "--wait", id]).spawn().unwrap();
    let decision = json!({ "id": id, "approve": true }).to_string();
    printed(&folder, &["rpc", "proposals.decide", &decision]).await;
    let output = inlet_testkit::timeout(LIMIT, waits.wait_with_output()).await.unwrap();
    let heard: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(output.status.success());
    assert_eq!((heard["id"].as_str(), heard["state"].as_str()), (Some(id), Some("approved")), "{heard}");
    let by = heard["decided_by"].as_str().unwrap();
    assert!(by.contains('@') && heard["decided_at"].is_string(), "{heard}");

    let other = propose(&thread(1)).await;
    let decision = json!({ "id": other["id"], "approve": false }).to_string();
    printed(&folder, &["rpc", "proposals.decide", &decision]).await;
    let mut told = Command::new(env!("CARGO_BIN_EXE_inlet"));
    told.arg("--data-dir").arg(folder.path().join("data")).args(["actions", "proposals", "--all"]);
    told.env("INLET_PASSPHRASE", "correct horse");
    let output = inlet_testkit::timeout(LIMIT, told.stdin(Stdio::null()).output()).await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for word in ["approved by ", "rejected by "] {
        assert!(text.lines().any(|line| line.contains(word)), "{word} in\n{text}");
    }
    assert!(text.contains(&format!("approved by {by}")), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_suggested_is_made_anew_when_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let now = "2026-03-05T10:30:00Z";
    printed(&folder, &["demo", "--seed", "7", "--now", now]).await;
    let found =
        async |more: &[&str]| printed(&folder, &[&["actions", "--all"], more].concat()).await["actions"].clone();
    let sentences = |actions: &Value| {
        let mut all: Vec<String> = actions.as_array().unwrap().iter().map(|one| one["sentence"].to_string()).collect();
        all.sort();
        all
    };
    let before = found(&[]).await;
    assert!(before.as_array().unwrap().len() > 20);
    let database = rusqlite::Connection::open(folder.path().join("data").join("inlet.db")).unwrap();
    database.execute_batch("DELETE FROM suggestion; DELETE FROM reading;").unwrap();
    // Nothing says that it is to be thought about, unless something has happened to it meanwhile.
    let left = found(&[]).await.as_array().unwrap().len();
    assert!(left * 2 < sentences(&before).len(), "{left}");
    assert_eq!(sentences(&found(&["--rebuild"]).await), sentences(&before));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_that_a_command_does_not_know_is_refused() {
    let folder = TempDir::new().unwrap();
    printed(&folder, &["rpc", "threads.list", r#"{ "in": "archive", "limit": 3 }"#]).await;
    let mistaken = inlet(&folder, &["rpc", "threads.list", r#"{ "view": "archive" }"#]).output();
    let output = inlet_testkit::timeout(LIMIT, mistaken).await.unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("threads.list has no parameter"), "{said}");
}
