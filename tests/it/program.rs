//! Every command of the program once in words and once with `--json`, and what it says to mistakes: how it ends, what
//! it prints, and that nothing else is heard of it.

use std::process::Stdio;

use inlet_testkit::ports::free_address;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::Command,
};

use crate::{
    harness::{Engine, LIMIT},
    terminal::inlet,
};

/// What commands read that read something; as HTML, as a password and as sentences it is as good as any other.
const INPUT: &[u8] = b"Could you send it by Friday?\nThanks a lot.\n";

/// What a command prints: with `--json` one document that has this, by pointers without their first slash, or lines of
/// such documents.
enum Prints {
    One(&'static str),
    Lines(&'static str),
}
use Prints::{Lines, One};

/// A command, how it ends, and what it prints; in an order in which each finds what it needs. A word in braces is looked
/// up when its command is run.
const COMMANDS: &[(&str, i32, Prints)] = &[
    ("demo --seed 7", 0, One("items")),
    ("accounts list", 0, One("accounts/0/id accounts/0/sources/0/state")),
    ("accounts check a1", 3, One("ok steps/0/name steps/0/ok steps/0/detail steps/0/fix")),
    ("accounts pause a1", 0, One("id")),
    ("accounts resume a1", 0, One("id")),
    ("accounts templates a1", 0, One("templates")),
    ("sync --once", 5, Lines("")),
    ("sync --once --account a1", 5, Lines("")),
    (
        "list --limit 3",
        0,
        One("threads/2/id threads/0/source threads/0/kind threads/0/title threads/0/people/0/name \
             threads/0/people/0/handle threads/0/snippet threads/0/at threads/0/unread threads/0/place threads/0/labels \
             next"),
    ),
    ("list --in all --unread --source outlook", 0, One("threads/0/id next")),
    (
        "show {mail}",
        0,
        One("thread/id items/0/id items/0/kind items/0/from items/0/to items/0/cc items/0/at items/0/subject \
             items/0/text items/0/attachments items/0/flags items/0/message_id"),
    ),
    ("show {item} --text", 0, One("thread/id items/0/text")),
    ("show {mail} --raw", 0, One("thread/id items/0/id items/0/text items/0/raw")),
    ("show {html} --html", 0, One("thread/id items/0/id items/0/text items/0/document")),
    (
        "search lunch --limit 1 --explain",
        0,
        One(
            "total took_us coverage/0/source coverage/0/from coverage/0/complete hits/0/item hits/0/thread hits/0/source \
             hits/0/kind hits/0/from hits/0/subject hits/0/snippet hits/0/at next hints",
        ),
    ),
    ("reply {mail} --at 2031-01-01T09:00:00Z", 0, One("id state not_before")),
    (
        "outbox",
        0,
        One("ops/0/id ops/0/source ops/0/thread ops/0/kind ops/0/state ops/0/reason ops/0/attempts ops/0/not_before \
             ops/0/key"),
    ),
    ("outbox show {op}", 0, One("op/id deliveries")),
    ("outbox cancel {op}", 0, One("id state")),
    ("reply {mail} --all --html-stdin --attach {dir}/page.html", 0, One("id state")),
    ("send --from a1 --to ann@else.example --cc ben@else.example --bcc cy@else.example --subject Hello", 0, One("id")),
    ("outbox list --all", 0, One("ops/0/id")),
    ("outbox retry {op}", 0, One("id state")),
    ("outbox wait --timeout 30", 0, One("ops")),
    ("read {mail}", 0, One("message undo threads/0")),
    ("unread {mail}", 0, One("message undo threads/0")),
    ("star {mail}", 0, One("message undo threads/0")),
    ("unstar {mail}", 0, One("message undo threads/0")),
    ("archive {mail}", 0, One("message undo threads/0")),
    ("delete {mail}", 0, One("message undo threads/0")),
    ("mute {mail}", 0, One("message undo threads/0")),
    ("snooze {mail} --until 2031-01-01T09:00:00Z", 0, One("message undo threads/0")),
    ("move {mail} --to Archive", 0, One("message undo threads/0")),
    ("undo", 0, One("message undo threads/0")),
    (
        "actions --limit 3 --explain",
        0,
        One(
            "actions/0/thread actions/0/state actions/0/score actions/0/due actions/0/sentence actions/0/signals/0/name \
             actions/0/signals/0/points actions/0/command",
        ),
    ),
    ("actions acts --stdin", 0, Lines("request question proposal commitment thanks ask")),
    ("actions due --stdin --at 2026-03-03T10:15:00+01:00", 0, Lines("spans")),
    ("actions done {todo}", 0, One("message undo")),
    ("actions dismiss {todo}", 0, One("message undo")),
    ("actions lessons", 0, One("lessons/0/id")),
    ("actions forget {lesson}", 0, One("forgotten")),
    ("actions propose --thread {mail} --do archive --who sorter --why Done", 0, One("id state")),
    ("actions proposals", 0, One("proposals/0/id")),
    ("actions proposals --wait p1 --timeout 0", 0, One("id state")),
    ("rules test {dir}/rule.toml --last 20", 0, One("looked_at held items")),
    ("rules add {dir}/rule.toml", 0, One("rules/0/id")),
    ("rules", 0, One("rules/0/rule/id")),
    ("rules list", 0, One("rules/0/held")),
    ("rules disable lists", 0, One("id enabled")),
    ("rules enable lists", 0, One("id enabled")),
    ("rules run lists --last 20", 0, One("looked_at held changed undo")),
    ("rules log", 0, One("entries")),
    ("rules export", 0, One("toml")),
    ("rules remove lists", 0, One("removed")),
    ("people", 0, One("people/0/id total next")),
    ("people list dara", 0, One("people/1/id total next")),
    ("people show tomas.berg@northwind.example", 0, One("id handles")),
    ("people merge tomas.berg@northwind.example priya.raman@northwind.example", 0, One("id groups")),
    ("people split priya.raman@northwind.example", 0, One("id handles stays")),
    ("import {dir}/Box.mbox {dir}/book.vcf --into Box", 0, One("contacts/added account steps items failed")),
    ("export {dir}/out --format mbox --query lunch", 0, One("items files left_out")),
    ("html {dir}/page.html --remote-images", 0, One("document")),
    (
        "health",
        5,
        One("sources/0/id sources/0/state sources/0/last_heard sources/0/last_error sources/0/next_try sources/0/ok"),
    ),
    ("config sync.poll_seconds 200", 0, One("settings/0/key settings/0/value settings/0/origin")),
    ("config", 0, One("settings/0/key settings/0/value settings/0/origin")),
    ("rpc", 0, One("commands/0/name commands/0/about")),
    ("rpc status", 0, One("accounts/0/id")),
    ("doctor", 0, One("ok steps/0/name steps/0/ok steps/0/detail steps/0/fix")),
    ("doctor --repair", 0, One("ok steps/0/name")),
    ("backup {dir}/inlet.zip", 0, One("path bytes files left_out")),
    ("--data-dir {dir}/new restore {dir}/inlet.zip", 0, One("made_at parked left_out")),
    ("completions bash", 0, One("script")),
    ("completions zsh", 0, One("script")),
    ("man", 0, One("page")),
    ("accounts remove a1 --yes", 0, One("")),
];

/// A mistake, how it ends, the word scripts branch on, and what is said.
const MISTAKES: &[(&str, i32, &str, &str)] = &[
    ("dance", 2, "invalid", "nrecognized subcommand 'dance'"),
    ("accounts", 2, "invalid", ""),
    ("read", 2, "invalid", "required arguments were not provided"),
    ("list --in nowhere", 2, "invalid", "nvalid value 'nowhere'"),
    ("list --limit many", 2, "invalid", "nvalid value 'many'"),
    ("list --after junk", 2, "invalid", "not the key of a page"),
    ("completions nothing", 2, "invalid", "nvalid value 'nothing'"),
    ("actions due --stdin --at noon", 2, "invalid", "expected RFC 3339"),
    ("show x", 2, "invalid", "not a thread id"),
    ("snooze {mail} --until whenever", 2, "invalid", "is not a time"),
    ("rpc status {", 2, "invalid", "not JSON"),
    ("config sync.poll_seconds many", 2, "invalid", "does not fit"),
    ("import {dir}/nothing.mbox", 2, "invalid", "nothing.mbox"),
    ("accounts add google", 2, "invalid", "--client-id"),
    ("accounts add microsoft", 2, "invalid", "--client-id"),
    ("accounts add slack --token-stdin --api-root http://{closed}", 2, "invalid", "xoxp-"),
    ("accounts import-env", 2, "invalid", "Set EMAIL_IMAP_USERNAME"),
    ("relay --listen 127.0.0.1:0 --nats nats://{closed} --file {dir}/nothing.toml", 2, "invalid", "nothing.toml"),
    (
        "accounts add imap --address a@x.example --imap {closed} --tls loopback-plain --password-stdin",
        1,
        "failed",
        "refuses connections",
    ),
    ("list --source nowhere", 4, "not_found", "The source \"nowhere\""),
    ("show t99999", 4, "not_found", "t99999"),
    ("show i99999", 4, "not_found", "i99999"),
    ("read t99999", 4, "not_found", "What you chose"),
    ("reply t99999", 4, "not_found", "t99999"),
    ("move {mail} --to Nowhere", 4, "not_found", "The folder \"Nowhere\""),
    ("send --from nobody --to x@else.example", 4, "not_found", "\"nobody\""),
    ("accounts pause a9", 4, "not_found", "The account a9"),
    ("accounts check a9", 4, "not_found", "The account a9"),
    ("sync --once --account a9", 4, "not_found", "The account a9"),
    ("sync --account a9", 4, "not_found", "The account a9"),
    ("outbox show o99", 4, "not_found", "o99"),
    ("outbox cancel o99", 4, "not_found", "o99"),
    ("outbox retry o99", 4, "not_found", "o99"),
    ("undo 9999", 4, "not_found", "undo"),
    ("actions done t99999", 4, "not_found", "What you chose"),
    ("actions forget 99", 4, "not_found", "lesson"),
    ("rules remove nothing", 4, "not_found", "The rule \"nothing\""),
    ("rules add {dir}/nothing.toml", 4, "not_found", "nothing.toml"),
    ("people show nobody", 4, "not_found", "The person \"nobody\""),
    ("html {dir}/nothing.html", 4, "not_found", "nothing.html"),
    ("--data-dir {dir}/new restore {dir}/nothing.zip", 4, "not_found", "nothing.zip"),
    ("rpc nothing", 4, "not_found", "The command \"nothing\""),
    ("config nothing 1", 4, "not_found", "The setting \"nothing\""),
    ("demo", 6, "refused", "empty data directory"),
    ("accounts remove a1", 6, "refused", "--yes"),
    ("accounts log a1", 6, "refused", "only sends"),
    ("restore {dir}/page.html", 1, "failed", "no backup of Inlet"),
    ("serve --listen 0.0.0.0:0", 6, "refused", "this computer only"),
];

/// How it ended, and what was heard of it.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

/// The program on this data directory, asked for words or for JSON.
fn program(folder: &TempDir, json: bool, arguments: &[String]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inlet"));
    if !arguments.iter().any(|word| word == "--data-dir") {
        command.arg("--data-dir").arg(folder.path().join("data"));
    }
    if json {
        command.arg("--json");
    }
    for name in ["EMAIL_IMAP_USERNAME", "EMAIL_IMAP_PASSWORD", "WHATSAPP_API_TOKEN", "MS_CLIENT_ID", "INLET_DATA_DIR"] {
        command.env_remove(name);
    }
    command.args(arguments).env("INLET_PASSPHRASE", "correct horse").kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

async fn run(folder: &TempDir, json: bool, command: &str) -> Ran {
    let mut child = program(folder, json, &words(folder, command).await).spawn().unwrap();
    // Most read nothing, and may be over by now.
    let _ = child.stdin.take().unwrap().write_all(INPUT).await;
    let output = inlet_testkit::timeout(LIMIT, child.wait_with_output()).await.unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    Ran { code: output.status.code().unwrap_or(-1), out, err }
}

/// The document a command prints that is not what is looked at.
async fn asked(folder: &TempDir, arguments: &[&str]) -> Value {
    let output = inlet_testkit::timeout(LIMIT, inlet(folder, arguments).output()).await.unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

async fn words(folder: &TempDir, command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for word in command.split_whitespace() {
        words.push(match word {
            "{mail}" => mail(folder, &[]).await,
            "{html}" => mail(folder, &["has_html"]).await,
            "{item}" => {
                let shown = asked(folder, &["show", &mail(folder, &[]).await]).await;
                text(&shown, "/items/0/id")
            }
            // The newest there is.
            "{op}" => {
                let ops = asked(folder, &["outbox", "list", "--all"]).await["ops"].clone();
                let ids = ops.as_array().unwrap().iter().map(|op| text(op, "/id"));
                ids.max_by_key(|id| id[1..].parse::<u64>().unwrap()).unwrap()
            }
            "{todo}" => text(&asked(folder, &["actions", "--limit", "1"]).await, "/actions/0/thread"),
            "{lesson}" => text(&asked(folder, &["actions", "lessons"]).await, "/lessons/0/id"),
            other => {
                other.replace("{dir}", folder.path().to_str().unwrap()).replace("{closed}", &free_address().to_string())
            }
        });
    }
    words
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{pointer} of {value}")).to_owned()
}

/// The newest mail of Outlook in the inbox whose only item is from somebody else and has all of this.
async fn mail(folder: &TempDir, has: &[&str]) -> String {
    let list = asked(folder, &["list", "--source", "outlook", "--limit", "100"]).await;
    for row in list["threads"].as_array().unwrap().iter().filter(|row| row["total"] == 1) {
        let id = text(row, "/id");
        let item = asked(folder, &["show", &id]).await["items"][0].clone();
        if item["from_me"] == false && has.iter().all(|key| item[key] == true) {
            return id;
        }
    }
    panic!("no mail with {has:?} in {list}")
}

/// A folder with the files that commands read.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mail = "From ann Mon Mar  2 10:00:00 2026\nFrom: Ann <ann@else.example>\nTo: me@else.example\n\
                Subject: Otters\nDate: Mon, 2 Mar 2026 10:00:00 +0000\nMessage-ID: <otters@else.example>\n\nSeen two.\n";
    let files = [
        ("page.html", "<p>A page without pictures.</p>"),
        ("Box.mbox", mail),
        ("book.vcf", "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ann\r\nEMAIL:ann@else.example\r\nEND:VCARD\r\n"),
        ("rule.toml", "id = \"lists\"\nname = \"Lists\"\n\n[when]\nlist = true\n\n[then]\narchive = true\n"),
    ];
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// Ids are strings, and times are RFC 3339, wherever they stand.
fn is_sound(value: &Value) -> bool {
    match value {
        Value::Object(object) => object.iter().all(|(key, value)| match (key.as_str(), value) {
            ("id", value) => value.is_string() || value.is_null(),
            ("at" | "last_heard" | "next_try" | "not_before" | "made_at", Value::String(time)) => {
                time.parse::<jiff::Timestamp>().is_ok()
            }
            ("at" | "last_heard" | "next_try" | "not_before" | "made_at", value) => value.is_null(),
            (_, value) => is_sound(value),
        }),
        Value::Array(values) => values.iter().all(is_sound),
        _ => true,
    }
}

fn document(command: &str, text: &str, pointers: &str) -> Value {
    let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{command}: {error}: {text}"));
    assert!(value.is_object() && is_sound(&value), "{command}: {value}");
    for pointer in pointers.split_whitespace() {
        assert!(value.pointer(&format!("/{pointer}")).is_some(), "{command}: no {pointer} in {value}");
    }
    value
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_answers_a_script() {
    let folder = folder();
    for (command, code, prints) in COMMANDS {
        let ran = run(&folder, true, command).await;
        assert_eq!((ran.code, ran.err.as_str()), (*code, ""), "{command}: {}", ran.out);
        match prints {
            One(pointers) => {
                document(command, &ran.out, pointers);
            }
            Lines(pointers) => {
                let lines: Vec<Value> = ran.out.lines().map(|line| document(command, line, pointers)).collect();
                assert!(!lines.is_empty(), "{command}");
                let last_alone = lines.iter().rposition(|line| line["done"] == true);
                assert!(command.starts_with("actions") || last_alone == Some(lines.len() - 1), "{command}: {lines:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_answers_a_person() {
    let folder = folder();
    for (command, code, prints) in COMMANDS {
        let ran = run(&folder, false, command).await;
        assert_eq!((ran.code, ran.err.as_str()), (*code, ""), "{command}: {}", ran.out);
        assert!(!ran.out.trim().is_empty() && !ran.out.contains('\u{1b}'), "{command}: {}", ran.out);
        if matches!(prints, One(_)) && *command != "rpc status" {
            assert!(serde_json::from_str::<Value>(&ran.out).is_err(), "{command}: {}", ran.out);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_is_said_in_a_sentence_and_by_the_exit_code() {
    let folder = folder();
    asked(&folder, &["demo", "--seed", "7"]).await;
    for (command, code, word, part) in MISTAKES {
        let ran = run(&folder, true, command).await;
        assert_eq!((ran.code, ran.out.as_str()), (*code, ""), "{command}: {}", ran.err);
        let said = document(command, &ran.err, "error/message");
        let message = text(&said, "/error/message");
        assert_eq!(said["error"]["code"], *word, "{command}: {said}");
        assert!(message.contains(part) && message.ends_with('.'), "{command}: {message}");
        assert!(message.starts_with(|first: char| !first.is_lowercase()), "{command}: {message}");
        let ran = run(&folder, false, command).await;
        assert_eq!(ran.code, *code, "{command}: {}", ran.err);
        assert!(ran.err.contains(part) && !ran.err.starts_with('{'), "{command}: {}", ran.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_serves_until_it_is_told_to_stop() {
    for json in [false, true] {
        let folder = folder();
        let mut child = program(&folder, json, &["serve".to_owned()]).spawn().unwrap();
        let mut told = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = inlet_testkit::timeout(LIMIT, told.next_line()).await.unwrap().unwrap();
        let url = if json { text(&document("serve", &line, "url"), "/url") } else { line };
        assert!(url.starts_with("http://127.0.0.1:") && url.contains("/?token="));
        #[cfg(unix)]
        {
            let id = child.id().unwrap().to_string();
            assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
            let output = inlet_testkit::timeout(LIMIT, child.wait_with_output()).await.unwrap();
            assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_does_is_left_to_it() {
    let engine = Engine::demo().await;
    let cases = [
        ("sync --once", 6, "refused", "is syncing already"),
        ("rpc index.rebuild", 6, "refused", "rebuild it there"),
        ("restore {dir}/inlet.zip", 6, "refused", "empty folder"),
    ];
    assert_eq!(run(&engine.folder, true, "backup {dir}/inlet.zip").await.code, 0, "that goes beside it");
    for (command, code, word, part) in cases {
        let ran = run(&engine.folder, true, command).await;
        let said = document(command, &ran.err, "error/message");
        assert_eq!((ran.code, said["error"]["code"].as_str()), (code, Some(word)), "{command}: {said}");
        assert!(text(&said, "/error/message").contains(part), "{command}: {said}");
    }
    let listed = run(&engine.folder, true, "list --limit 1").await;
    assert_eq!((listed.code, listed.err.as_str()), (0, ""), "it is read all the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_passphrase_opens_nothing() {
    let folder = folder();
    let config = json!({
        "address": "me@post.example", "display_name": null, "user": null,
        "imap": { "host": "127.0.0.1", "port": free_address().port() }, "smtp": null, "ca": null,
    });
    let params = json!({ "config": config, "password": "quartz" }).to_string();
    asked(&folder, &["rpc", "accounts.add_imap", &params]).await;
    for json in [true, false] {
        let mut command = program(&folder, json, &["list".to_owned()]);
        let output = inlet_testkit::timeout(LIMIT, command.env("INLET_PASSPHRASE", "wrong").output()).await.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(3), 0), "{said}");
        assert!(said.contains("That passphrase does not open the stored passwords; try again."), "{said}");
        assert_eq!(said.contains("\"code\":\"locked\""), json, "{said}");
    }
    assert_eq!(run(&folder, true, "list").await.code, 0);
}
