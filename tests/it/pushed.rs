//! The program in a terminal, with platforms that push: what it says by its exit code where one may not write, answers
//! to choose from, and a relay that runs as its unit says.

use std::{net::SocketAddr, path::Path, process::Stdio};

use inlet_orchestrator::Clock;
use inlet_testkit::{
    CertKind, Nats,
    inbound::{post, signature},
    ports::free_address,
    timeout,
    visitor::http,
    whatsapp::{ACCOUNT_ID, ANA, APP_SECRET, Events, FakeWhatsApp, NUMBER_ID, TOKEN},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    process::Command,
};

use crate::{
    harness::LIMIT,
    terminal::{inlet, printed},
};

/// How a run ended, and what it wrote.
struct Ended {
    code: Option<i32>,
    printed: String,
    told: String,
}

/// Runs it with this on its standard input.
async fn typed(folder: &TempDir, arguments: &[&str], input: &str) -> Ended {
    let mut child = inlet(folder, arguments).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).await.unwrap();
    let output = timeout(LIMIT, child.wait_with_output()).await.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ended { code: output.status.code(), printed: text(&output.stdout), told: text(&output.stderr) }
}

impl Ended {
    #[track_caller]
    fn well(self) -> Value {
        assert_eq!(self.code, Some(0), "{}{}", self.printed, self.told);
        serde_json::from_str(&self.printed).unwrap()
    }

    /// It was refused, and says what to do.
    #[track_caller]
    fn refused(self, sentence: &str) {
        assert_eq!(self.code, Some(6), "{}{}", self.printed, self.told);
        let error: Value = serde_json::from_str(&self.told).unwrap();
        let message = error["error"]["message"].as_str().unwrap();
        assert!(message.contains(sentence), "{sentence}: {message}");
    }
}

/// A number that was connected in a terminal.
struct Number {
    folder: TempDir,
    fake: FakeWhatsApp,
    door: SocketAddr,
}

impl Number {
    async fn connected(test: &str) -> Option<Self> {
        let fake = FakeWhatsApp::start(test)?;
        let (folder, door) = (tempfile::tempdir().unwrap(), free_address());
        let root = format!("http://{}/v23.0", fake.address());
        let secrets = format!("{TOKEN}\n{APP_SECRET}\n");
        let flags = ["--token-stdin", "--app-secret-stdin", "--api-root", &root, "--listen", &door.to_string()];
        let ids = ["--phone-number-id", NUMBER_ID, "--business-account-id", ACCOUNT_ID];
        typed(&folder, &[["accounts", "add", "whatsapp"].as_slice(), &flags, &ids].concat(), &secrets).await.well();
        fake.events(Events::PostedTo(door));
        // Between two runs nobody hears what becomes of a message.
        fake.tells(&[]);
        Some(Self { folder, fake, door })
    }

    /// Ana writes some hours ago, and is heard; the conversation.
    async fn hear(&self, text: &str, hours: u64) -> String {
        let now = u64::try_from(Clock::system().now().as_second()).unwrap();
        self.fake.set_clock(now - hours * 3600);
        let mut listening = inlet(&self.folder, &["sync"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let listens = async {
            while tokio::net::TcpStream::connect(self.door).await.is_err() {
                tokio::task::yield_now().await;
            }
            // A stranger is turned away once the account's door is open.
            let ask = format!("GET /whatsapp/{NUMBER_ID} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
            while http(self.door.port(), &ask).await.status != 403 {}
        };
        timeout(LIMIT, listens).await;
        self.fake.say(ANA, "Ana Ferreira", text).await;
        listening.kill().await.unwrap();
        printed(&self.folder, &["sync", "--once"]).await;
        let list = printed(&self.folder, &["list", "--in", "all"]).await;
        list["threads"][0]["id"].as_str().unwrap().to_owned()
    }

    async fn typed(&self, arguments: &[&str], input: &str) -> Ended {
        typed(&self.folder, arguments, input).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_window_has_an_exit_code_of_its_own() {
    let Some(number) = Number::connected("a closed window in a terminal").await else { return };
    let thread = number.hear("Hello", 25).await;
    number.typed(&["reply", &thread], "Too late").await.refused("template");
    let stranger = ["send", "--from", "a1", "--to", "+491701234567"];
    number.typed(&stranger, "Good day").await.refused("template");
    assert!(number.fake.sent().is_empty());
    assert_eq!(printed(&number.folder, &["outbox", "list"]).await["ops"], json!([]));
    // Who writes opens it.
    number.hear("Still there?", 0).await;
    number.typed(&["reply", &thread], "Yes").await.well();
    assert_eq!(number.fake.sent()[0]["text"]["body"], "Yes");
    assert_eq!(number.fake.complaints(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_to_choose_from_are_sent_from_a_terminal() {
    let Some(number) = Number::connected("choices in a terminal").await else { return };
    let thread = number.hear("May I come by?", 0).await;
    number.typed(&["reply", &thread, "--choice", "Today", "--choice", "Tomorrow"], "When?").await.well();
    let list = ["--list", "Choose a time", "--choice", "Tuesday > 9:00 | with Ana", "--choice", "Friday > 10:00"];
    let to = format!("+{ANA}");
    let written = ["send", "--from", "a1", "--to", &to];
    number.typed(&[written.as_slice(), &list].concat(), "At which time?").await.well();
    let sent = number.fake.sent();
    let [buttons, times] = &sent[..] else { panic!("{sent:?}") };
    let titles = |value: &Value, path: &str| -> Vec<String> {
        value.as_array().unwrap().iter().map(|one| one.pointer(path).unwrap().as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(buttons["interactive"]["body"]["text"], "When?");
    assert_eq!(titles(&buttons["interactive"]["action"]["buttons"], "/reply/title"), ["Today", "Tomorrow"]);
    let action = &times["interactive"]["action"];
    assert_eq!(
        (&action["button"], &times["interactive"]["body"]["text"]),
        (&json!("Choose a time"), &json!("At which time?"))
    );
    assert_eq!(titles(&action["sections"], "/title"), ["Tuesday", "Friday"]);
    assert_eq!(titles(&action["sections"], "/rows/0/title"), ["9:00", "10:00"]);
    assert_eq!(action["sections"][0]["rows"][0]["description"], "with Ana");

    // What WhatsApp would not take is refused before it is sent.
    let long = "a choice of many words";
    number.typed(&["reply", &thread, "--choice", long], "When?").await.refused("20 characters");
    let four = ["--choice", "1", "--choice", "2", "--choice", "3", "--choice", "4"];
    number.typed(&[["reply", &thread].as_slice(), &four].concat(), "When?").await.refused("up to 3 choices");
    assert_eq!(number.fake.sent().len(), 2);
    assert_eq!(number.fake.complaints(), [""; 0]);
}

/// The command of the unit in the documentation, with these in place of its addresses and files.
fn unit(places: &[(&str, &str)]) -> Command {
    let docs = include_str!("../../docs/relay.md");
    let line = docs.lines().find_map(|line| line.strip_prefix("ExecStart=")).expect("the unit");
    let mut words = line
        .split(' ')
        .map(|word| places.iter().find(|(from, _)| *from == word).map_or(word, |(_, to)| *to).to_owned());
    assert_eq!(words.next().as_deref(), Some("/usr/local/bin/inlet"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_inlet"));
    // As systemd starts it: no home, and what stands in its environment file.
    command.args(words).env_clear().current_dir("/").kill_on_drop(true);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Somebody wrote about what is mine.
fn comment(number: u64) -> String {
    json!({
        "action": "created",
        "issue": { "number": 1, "title": "Spelling error", "user": { "login": "octocat" }, "html_url": "https://github.com/a/b/issues/1" },
        "comment": { "id": number, "body": format!("The kingfisher, words-canary {number}"), "html_url": "https://github.com/a/b/issues/1#c" },
        "repository": { "full_name": "a/b" },
        "sender": { "login": "Codertocat" },
    })
    .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn github_is_read_from_a_relay_that_runs_as_its_unit_says() {
    let users = "authorization { user: inlet, password: \"nats-canary\" }\n";
    let server = Nats::configured("a relay's unit", Some(CertKind::Good), |room| room.usual() + &room.tls() + users);
    let Some(nats) = server else { return };
    let (url, ca) = (nats.url(), nats.ca().unwrap().display().to_string());
    let folder = tempfile::tempdir().unwrap();
    let door = free_address().to_string();
    let add = ["accounts", "add", "github", "--me", "octocat", "--listen", &door, "--secret-stdin"];
    typed(&folder, &add, "hook-canary\n").await.well();
    let told = printed(&folder, &["accounts", "relay", "a1"]).await;
    assert_eq!(told["path"], "/github/octocat");
    let file = folder.path().join("relay.toml");
    let head = format!("nats_login = \"env:INLET_NATS_LOGIN\"\nnats_ca = \"{ca}\"\n");
    std::fs::write(&file, head + told["piece"].as_str().unwrap()).unwrap();
    let start = |login: &str, file: &Path| {
        let places = [
            ("127.0.0.1:8776", "127.0.0.1:0"),
            ("tls://relay.example.org:4222", url.as_str()),
            ("/etc/inlet/relay.toml", file.to_str().unwrap()),
        ];
        let mut command = unit(&places);
        command.env("INLET_GITHUB_OCTOCAT", "hook-canary").env("INLET_NATS_LOGIN", login);
        command
    };
    // What is wrong with its file does not mend itself, and the unit says so; the rest may.
    let wrong = timeout(LIMIT, start("inlet:nats-canary", &folder.path().join("none.toml")).output()).await.unwrap();
    assert_eq!(wrong.status.code(), Some(2), "{}", String::from_utf8_lossy(&wrong.stderr));
    let wrong = timeout(LIMIT, start("inlet:wrong-canary", &file).output()).await.unwrap();
    let said = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(wrong.status.code() == Some(1) && said.contains("refuses the login"), "{said}");
    assert!(!said.contains("canary"), "{said}");

    let mut relay = start("inlet:nats-canary", &file).spawn().unwrap();
    let mut lines = BufReader::new(relay.stdout.take().unwrap()).lines();
    let line = timeout(LIMIT, lines.next_line()).await.unwrap().expect("the relay says where it listens");
    let at: SocketAddr = line.rsplit(' ').next().unwrap().trim_end_matches('.').parse().unwrap();
    let public = format!("http://{at}");
    let read = ["accounts", "relay", "a1", "--nats", &url, "--ca", &ca, "--login-stdin", "--public-url", &public];
    let refused = typed(&folder, &read, "inlet:wrong-canary").await;
    assert_eq!(refused.code, Some(1), "{}", refused.told);
    typed(&folder, &read, "inlet:nats-canary\n").await.well();
    let post = async |body: &str, secret: &str| {
        let signed = signature(secret, body.as_bytes());
        post(at, "/github/octocat", &[("X-Hub-Signature-256", &signed)], body).await.status
    };
    assert_eq!(post(&comment(1), "another").await, 401);
    assert_eq!(post(&comment(1), "hook-canary").await, 200);
    printed(&folder, &["sync", "--once"]).await;
    let found = printed(&folder, &["search", "kingfisher"]).await;
    assert_eq!((&found["total"], &found["hits"][0]["kind"]), (&json!(1), &json!("chat")), "{found}");

    let ask = async |path: &str| {
        http(at.port(), &format!("GET {path} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")).await
    };
    assert_eq!(ask("/healthz").await.status, 200);
    let metrics = ask("/metrics").await.body;
    // With the one that tried the way.
    assert!(metrics.contains(r#"inlet_relay_requests_total{platform="github",outcome="stored"} 2"#), "{metrics}");

    // The rest is taken on leaving it.
    assert_eq!(post(&comment(2), "hook-canary").await, 200);
    let tunnel = format!("http://{door}");
    typed(&folder, &["accounts", "relay", "a1", "--off", "--public-url", &tunnel], "").await.well();
    printed(&folder, &["sync", "--once"]).await;
    assert_eq!(printed(&folder, &["search", "kingfisher"]).await["total"], 2);
    let list = printed(&folder, &["accounts", "list"]).await;
    assert_eq!(list["accounts"][0]["config"]["relay"], Value::Null, "{list}");

    let id = relay.id().unwrap().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert_eq!(timeout(LIMIT, relay.wait()).await.unwrap().code(), Some(0));
    let mut log = String::new();
    relay.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
    let requests: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(requests.iter().any(|line| line.to_string().contains("github")), "{log}");
    assert!(!log.contains("canary") && !log.contains("octocat"), "{log}");
}
