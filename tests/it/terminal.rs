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

/// How it ended, and what it said where an error is said.
async fn refused(folder: &TempDir, arguments: &[&str]) -> (i32, Value) {
    let output = inlet_testkit::timeout(LIMIT, inlet(folder, arguments).output()).await.unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    let said = serde_json::from_str(error.lines().last().unwrap_or_default()).unwrap_or(Value::Null);
    (output.status.code().unwrap(), said)
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_listed_shown_merged_and_split() {
    let folder = tempfile::tempdir().unwrap();
    printed(&folder, &["demo", "--seed", "7"]).await;
    let people = async |more: &[&str]| printed(&folder, &[&["people", "list"], more].concat()).await;
    let id = |row: &Value| row["id"].as_str().unwrap().to_owned();

    // A page, and the next, hold everybody once.
    let all = people(&["--limit", "200"]).await;
    assert_eq!(
        (all["people"].as_array().unwrap().len() as u64, &all["next"]),
        (all["total"].as_u64().unwrap(), &Value::Null)
    );
    let first = people(&["--limit", "3"]).await;
    let second = people(&["--limit", "3", "--after", first["next"].as_str().unwrap()]).await;
    let pages: Vec<&Value> = [&first, &second].iter().flat_map(|page| page["people"].as_array().unwrap()).collect();
    assert_eq!(pages, all["people"].as_array().unwrap().iter().take(6).collect::<Vec<_>>());
    assert_eq!(printed(&folder, &["people"]).await["people"][0], all["people"][0]);

    let dara = people(&["dara"]).await;
    let (one, other) = (id(&dara["people"][0]), id(&dara["people"][1]));
    assert!(one.contains('@') && one != other, "{dara}");
    let show = async |id: &str| printed(&folder, &["people", "show", id]).await;
    let before = show(&one.to_uppercase()).await;
    assert_eq!((before["id"].as_str(), before["party"]["name"].as_str()), (Some(one.as_str()), Some("Dara O'Neill")));
    assert_eq!(before["handles"], json!([one]));
    assert!(before["last"].is_string() && before["received"].as_u64().unwrap() > 0);

    // Either name is the whole person's from now on, and nobody else changed.
    let merged = printed(&folder, &["people", "merge", &one, &other]).await;
    assert_eq!(merged, json!({ "id": one, "groups": [[one], [other]], "apart": false }));
    let (by_one, by_other) = (show(&one).await, show(&other).await);
    assert_eq!((&by_one["handles"], &by_other["handles"]), (&json!([one, other]), &json!([other, one])));
    assert_eq!(by_one["received"], by_other["received"]);
    assert!(by_one["received"].as_u64() > before["received"].as_u64());
    let joined = people(&["dara"]).await;
    assert_eq!(
        (joined["total"].as_u64(), joined["people"][0]["handles"].as_u64()),
        (dara["total"].as_u64().map(|all| all - 1), Some(2))
    );
    let again = printed(&folder, &["people", "merge", &other, &one]).await;
    assert_eq!(again["groups"].as_array().unwrap().len(), 1, "they are one person already: {again}");

    let parted = printed(&folder, &["people", "split", &other]).await;
    assert_eq!(parted, json!({ "id": other, "handles": [other], "stays": [one] }));
    assert_eq!(people(&["dara"]).await, dara);
    assert_eq!(show(&one).await["received"], before["received"]);
    assert_eq!(printed(&folder, &["people", "split", &other]).await["stays"], json!([]), "it is alone already");

    // Two people of several handles are who they were by one line, which the answer names.
    let [a, b, c, d] = [0, 1, 2, 3].map(|at| id(&all["people"][at]));
    printed(&folder, &["people", "merge", &a, &b]).await;
    printed(&folder, &["people", "merge", &c, &d]).await;
    let two = people(&["--limit", "200"]).await;
    let mut told = inlet(&folder, &["people", "merge", &a, &c]);
    let output = inlet_testkit::timeout(LIMIT, told.output()).await.unwrap();
    let groups: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(groups["groups"], json!([[a, b], [c, d]]));
    printed(&folder, &["people", "split", &c, &d]).await;
    assert_eq!(people(&["--limit", "200"]).await, two);

    let cases: [(&[&str], i32, &str); 7] = [
        (&["show", "nobody@nowhere.example"], 4, "not_found"),
        (&["merge", &one, "nobody@nowhere.example"], 4, "not_found"),
        (&["split", "nobody@nowhere.example"], 4, "not_found"),
        (&["merge", &one, &one], 2, "invalid"),
        (&["split", &a, &c], 2, "invalid"),
        (&["split", &a, &b], 2, "invalid"),
        (&["show", " "], 2, "invalid"),
    ];
    for (arguments, code, word) in cases {
        let (ended, said) = refused(&folder, &[&["people"], arguments].concat()).await;
        assert_eq!((ended, said["error"]["code"].as_str()), (code, Some(word)), "{arguments:?}: {said}");
        assert!(said["error"]["message"].as_str().unwrap().ends_with('.'), "{said}");
    }
    assert_eq!(refused(&folder, &["people", "list", "--limit", "0"]).await.0, 2);
    assert_eq!(people(&["--limit", "200"]).await, two, "a refusal changes nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_says_in_words_how_it_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    printed(&folder, &["demo", "--seed", "7"]).await;
    let words = async |arguments: &[&str]| {
        let mut told = Command::new(env!("CARGO_BIN_EXE_inlet"));
        told.arg("--data-dir").arg(folder.path().join("data")).arg("people").args(arguments);
        told.env("INLET_PASSPHRASE", "correct horse");
        let output = inlet_testkit::timeout(LIMIT, told.stdin(Stdio::null()).output()).await.unwrap();
        assert!(output.status.success());
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    // The command stands between quotes.
    let command = |text: &str| text.split('"').nth(1).unwrap().strip_prefix("inlet people ").unwrap().to_owned();
    let before = words(&["list", "--limit", "200"]).await;
    let shown = words(&["show", "dara.oneill@northwind.example"]).await;
    let offer = shown.lines().find(|line| line.contains("the same name")).unwrap();
    let merge = command(offer);
    let told = words(&merge.split(' ').collect::<Vec<_>>()).await;
    assert!(words(&["list", "dara"]).await.contains("(2 handles)"));
    let split = command(&told);
    assert!(split.starts_with("split "), "{told}");
    let told = words(&split.split(' ').collect::<Vec<_>>()).await;
    assert_eq!(words(&["list", "--limit", "200"]).await, before);
    assert_eq!(command(&told), merge, "and that is taken back by the first");
}
