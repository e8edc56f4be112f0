//! Pulling the plug: the program is killed in the middle of fetching and of sending, again and again,
//! and afterwards nothing is missing, nothing is there twice, and nothing was sent twice.
//!
//! The moments are seeded and spread over the work: a proxy in front of each server counts what it has said to this
//! life of the program, and the kill comes after a random part of what there is to say, and a moment more, so that what
//! follows the last word is hit as well. Only such kills count; a program that had not begun yet, or was done, is
//! started again. The program is the real one, and so are the servers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and looks into the files itself"
)]

mod events;
mod relay;
mod rules;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use inlet_model::Party;
use inlet_orchestrator::{
    App, AppOptions, Clock,
    api::types::{AccountView, Compose, OpView},
};
use inlet_testkit::{ChaosProxy, Dovecot, DovecotOptions, Rng, SmtpOptions, SmtpServer};
use rusqlite::Connection;
use serde_json::json;

const ANNA: &str = "anna@inlet.test";
const BOB: &str = "bob@inlet.test";
const PASSPHRASE: &str = "correct horse";
const LIMIT: Duration = Duration::from_secs(60);
/// Kills that find it fetching, and as many that find it sending.
const KILLS: usize = 16;
const _: () = assert!(2 * KILLS >= 30, "so many kills are promised");
/// Messages that are queued before each kill: more than are under way at once, which is three.
const QUEUED: usize = 8;
/// How long after the word that was waited for the kill comes, at most.
const MOMENT: Duration = Duration::from_millis(120);

struct World {
    dovecot: Dovecot,
    smtp: SmtpServer,
    /// The ways to them.
    imap: ChaosProxy,
    submission: ChaosProxy,
    folder: tempfile::TempDir,
    /// Bytes of each mail that was delivered.
    delivered: Vec<u64>,
}

impl World {
    async fn new() -> Self {
        let dovecot = Dovecot::start(DovecotOptions::users(&[ANNA, BOB])).await;
        let smtp = SmtpServer::start(SmtpOptions::delivering_to(&dovecot)).await;
        let folder = tempfile::tempdir().unwrap();
        let both = [dovecot.ca(), smtp.ca()].map(|path| std::fs::read_to_string(path).unwrap()).join("\n");
        std::fs::write(folder.path().join("ca.pem"), both).unwrap();
        let imap = ChaosProxy::start(dovecot.tls_port).await;
        let submission = ChaosProxy::start(smtp.tls_port).await;
        Self { dovecot, smtp, imap, submission, folder, delivered: Vec::new() }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn inlet(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_inlet"));
        command
            .args(["--json", "--data-dir"])
            .arg(self.data())
            .args(arguments)
            .env("INLET_PASSPHRASE", PASSPHRASE)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Runs to the end, which has to be a good one; the time it took.
    fn run(&self, arguments: &[&str]) -> Duration {
        let started = Instant::now();
        let output = self.inlet(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(output.status.success(), "{arguments:?}: {}{}", text(&output.stdout), text(&output.stderr));
        started.elapsed()
    }

    /// Starts the program and kills it at that moment; whether it was still at work.
    async fn kill(&self, arguments: &[&str], after: Duration) -> bool {
        let mut child = self.inlet(arguments).spawn().unwrap();
        let working = ends(&mut child, after).await.is_none();
        let _ = child.kill();
        child.wait().unwrap();
        working
    }

    /// Starts the program and kills it once the server behind the proxy has said so many bytes to it, and a moment
    /// later; whether it was still at work then.
    async fn kill_at_work(&self, arguments: &[&str], way: &ChaosProxy, bytes: u64, then: Duration) -> bool {
        let before = way.bytes();
        let mut child = self.inlet(arguments).spawn().unwrap();
        let mut working = true;
        while working && way.bytes() - before < bytes.max(1) {
            working = ends(&mut child, Duration::from_millis(1)).await.is_none();
        }
        working = working && ends(&mut child, then).await.is_none();
        let _ = child.kill();
        child.wait().unwrap();
        working
    }

    /// Connects Anna's mailbox.
    fn connect(&self) {
        let imap = format!("localhost:{}", self.imap.port);
        let smtp = format!("localhost:{}", self.submission.port);
        let ca = self.folder.path().join("ca.pem");
        let mut child = self
            .inlet(&[
                "accounts",
                "add",
                "imap",
                "--address",
                ANNA,
                "--imap",
                &imap,
                "--smtp",
                &smtp,
                "--password-stdin",
            ])
            .arg("--ca")
            .arg(&ca)
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"secret\n").unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn deliver(&mut self, count: usize) {
        for _ in 0..count {
            let number = self.delivered.len();
            // Every third one belongs to a thread, and some are long.
            let parent =
                if number % 3 == 2 { format!("References: <in{}@inlet.test>\r\n", number - 1) } else { String::new() };
            let body = format!("Line of mail {number}.\r\n").repeat(1 + (number % 40) * 20);
            let raw = format!(
                "Message-ID: <in{number}@inlet.test>\r\nDate: Mon, 1 Jun 2026 10:00:00 +0000\r\nFrom: Bob <{BOB}>\r\n\
                 To: {ANNA}\r\nSubject: Mail {number}\r\n{parent}\r\n{body}"
            );
            self.dovecot.deliver(ANNA, "INBOX", raw.as_bytes());
            self.delivered.push(raw.len() as u64);
        }
    }

    /// Bytes of the mails that are not here yet.
    fn to_fetch(&self) -> u64 {
        let main = Connection::open(self.data().join("inlet.db")).unwrap();
        let here: BTreeSet<String> =
            words(&main, "SELECT message_id FROM item WHERE message_id IS NOT NULL").into_iter().collect();
        let missing =
            self.delivered.iter().enumerate().filter(|(number, _)| !here.contains(&format!("in{number}@inlet.test")));
        missing.map(|(_, bytes)| bytes).sum()
    }

    /// Messages that wait to be sent.
    fn to_send(&self) -> u64 {
        let main = Connection::open(self.data().join("inlet.db")).unwrap();
        words(&main, "SELECT key FROM outbox WHERE kind = 'send' AND state = 'queued'").len() as u64
    }

    /// Queues messages that are due at once, without sending any.
    async fn queue(&self, numbers: std::ops::Range<usize>) -> Vec<OpView> {
        let mut options = AppOptions::new(self.data(), Arc::new(inlet_connectors::open));
        options.background = false;
        options.use_keyring = false;
        options.passphrase = Some(PASSPHRASE.into());
        let app = App::start(options).await.unwrap();
        let accounts: Vec<AccountView> =
            serde_json::from_value(app.rpc("accounts.list", json!({})).await.unwrap()).unwrap();
        let mut queued = Vec::new();
        for number in numbers {
            let message = Compose {
                source: Some(accounts[0].sources[0].id),
                to: vec![Party { name: None, handle: BOB.into() }],
                subject: format!("Sent {number}"),
                text: format!("Message {number} of the crash test."),
                ..Compose::default()
            };
            let params = json!({ "message": message, "at": Clock::system().now() });
            queued.push(serde_json::from_value(app.rpc("send", params).await.unwrap()).unwrap());
        }
        inlet_testkit::timeout(LIMIT, app.shutdown()).await;
        queued
    }

    /// Message-IDs in a mailbox, as the server has them.
    async fn on_server(&self, mailbox: &str) -> Vec<String> {
        let mut client = self.dovecot.client(ANNA).await;
        client.select(mailbox).await;
        if client.uids().await.is_empty() {
            return Vec::new();
        }
        let lines = client.ok("UID FETCH 1:* (BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])").await;
        lines.iter().filter_map(|line| Some(line.split_once('<')?.1.split_once('>')?.0.to_owned())).collect()
    }

    /// How often each queued message was accepted by the submission server.
    fn accepted(&self, queued: &[OpView]) -> BTreeMap<String, usize> {
        let mails = self.smtp.mails();
        let times = |op: &OpView| mails.iter().filter(|mail| mail.text().contains(&format!("<{}>", op.key))).count();
        queued.iter().map(|op| (op.key.clone(), times(op))).collect()
    }
}

/// The child's end within that time.
async fn ends(child: &mut Child, within: Duration) -> Option<std::process::ExitStatus> {
    let deadline = Instant::now() + within;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        // The moment of the kill is the point of this test: there is no event to wait for.
        tokio::time::sleep(left.min(Duration::from_millis(2))).await;
    }
}

fn rows(connection: &Connection, sql: &str) -> Vec<(String, i64)> {
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
}

fn words(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn sound(folder: &Path) {
    for file in ["inlet.db", "bodies.db"] {
        let connection = Connection::open(folder.join(file)).unwrap();
        assert_eq!(words(&connection, "PRAGMA integrity_check"), ["ok"], "{file}");
        let broken: i64 =
            connection.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0)).unwrap();
        assert_eq!(broken, 0, "{file}");
    }
    let main = Connection::open(folder.join("inlet.db")).unwrap();
    main.execute("ATTACH ?1 AS bodies", [folder.join("bodies.db").to_str().unwrap()]).unwrap();
    let lost: i64 = main
        .query_row("SELECT count(*) FROM item WHERE body NOT IN (SELECT id FROM bodies.body)", [], |row| row.get(0))
        .unwrap();
    assert_eq!(lost, 0, "an item without its body");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_again_and_again_nothing_is_lost_and_nothing_is_twice() {
    if !Dovecot::available() || !SmtpServer::available() {
        println!("skipped: killed again and again: Dovecot or Node.js is not installed");
        return;
    }
    let mut world = World::new().await;
    world.deliver(300);
    world.connect();

    let mut random = Rng::new(9);
    let (mut fetching, mut runs) = (0, 0);
    while fetching < KILLS {
        runs += 1;
        assert!(runs <= 2 * KILLS, "only {fetching} of {runs} kills found it fetching");
        let bytes = (world.to_fetch() as f64 * random.unit()) as u64;
        let then = MOMENT.mul_f64(random.unit());
        fetching += usize::from(world.kill_at_work(&["sync", "--once"], &world.imap, bytes, then).await);
        sound(&world.data());
        world.deliver(20);
        if runs == KILLS / 2 {
            world.run(&["sync", "--once"]);
            world.deliver(100);
        }
    }

    // How much the server says about a message is learned from those that are sent in peace.
    let mut queued = world.queue(0..QUEUED).await;
    let before = world.submission.bytes();
    world.run(&["outbox", "wait", "--timeout", "60"]);
    let each = (world.submission.bytes() - before) / QUEUED as u64;
    assert!(each > 0);
    let (mut sending, mut runs) = (0, 0);
    while sending < KILLS {
        runs += 1;
        assert!(runs <= 2 * KILLS, "only {sending} of {runs} kills found it sending");
        let next = queued.len();
        queued.extend(world.queue(next..next + QUEUED).await);
        let bytes = ((world.to_send() * each) as f64 * random.unit()) as u64;
        let then = MOMENT.mul_f64(random.unit());
        let waits = ["outbox", "wait", "--timeout", "60"];
        sending += usize::from(world.kill_at_work(&waits, &world.submission, bytes, then).await);
        sound(&world.data());
    }

    // Parked messages make it end with 1: they wait for the person.
    let status = ends(&mut world.inlet(&["outbox", "wait", "--timeout", "60"]).spawn().unwrap(), LIMIT).await;
    assert!(status.is_some_and(|status| matches!(status.code(), Some(0 | 1))), "{status:?}");
    world.run(&["sync", "--once"]);
    sound(&world.data());

    let main = Connection::open(world.data().join("inlet.db")).unwrap();
    let states: BTreeMap<String, String> = {
        let mut statement = main.prepare("SELECT key, state FROM outbox WHERE kind = 'send'").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let accepted = world.accepted(&queued);
    let mut parked = BTreeSet::new();
    for op in &queued {
        let (state, times) = (states.get(&op.key).map(String::as_str), accepted[&op.key]);
        match state {
            Some("done") => assert_eq!(times, 1, "{} is done", op.title),
            Some("parked" | "queued") => {
                assert!(times <= 1, "{} was sent {times} times", op.title);
                parked.insert(op.key.clone());
            }
            other => panic!("{} is {other:?}", op.title),
        }
    }
    println!(
        "{} messages queued, {} parked, {fetching} kills while fetching, {sending} while sending",
        queued.len(),
        parked.len()
    );
    assert!(parked.len() < queued.len() / 2, "most of them were sent");

    let mut server: BTreeSet<String> = BTreeSet::new();
    for mailbox in ["INBOX", "Sent", "Archive", "Trash"] {
        let ids = world.on_server(mailbox).await;
        let distinct: BTreeSet<String> = ids.iter().cloned().collect();
        assert_eq!(ids.len(), distinct.len(), "{mailbox}: a copy of each");
        server.extend(distinct);
    }
    assert!(server.len() >= world.delivered.len());
    let kept = rows(&main, "SELECT message_id, count(*) FROM item WHERE deleted = 0 GROUP BY message_id");
    let twice: Vec<_> = kept.iter().filter(|(_, count)| *count > 1).collect();
    assert!(twice.is_empty(), "twice in the store: {twice:?}");
    let kept: BTreeSet<String> = kept.into_iter().map(|(id, _)| id).filter(|id| !parked.contains(id)).collect();
    let expected: BTreeSet<String> = server.into_iter().filter(|id| !parked.contains(id)).collect();
    assert_eq!(kept.difference(&expected).collect::<Vec<_>>(), Vec::<&String>::new(), "only here");
    assert_eq!(expected.difference(&kept).collect::<Vec<_>>(), Vec::<&String>::new(), "only on the server");
}
