//! Killed while events come in.

use std::{
    collections::BTreeSet,
    path::Path,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use inlet_orchestrator::Clock;
use inlet_testkit::{Rng, ports::free_port, whatsapp};
use rusqlite::Connection;
use serde_json::json;

use crate::{LIMIT, PASSPHRASE, ends, rows, sound};

/// Kills at each step.
const KILLS: usize = 50;
/// Between store and acknowledge, and between read and apply.
const STEPS: [&str; 2] = ["stored", "read"];

/// The program on a data directory.
pub(crate) fn inlet(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inlet"));
    command.args(["--json", "--data-dir"]).arg(data).args(arguments).env("INLET_PASSPHRASE", PASSPHRASE);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Runs to the end, which has to be a good one; what was written.
pub(crate) fn succeeds(mut command: Command, input: &str) -> String {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Connects the number.
pub(crate) fn connect(data: &Path, fake: &whatsapp::FakeWhatsApp, port: u16) {
    let root = format!("http://{}/v23.0", fake.address());
    let listen = format!("127.0.0.1:{port}");
    let mut command = inlet(data, &["accounts", "add", "whatsapp", "--token-stdin", "--app-secret-stdin"]);
    command.args(["--phone-number-id", whatsapp::NUMBER_ID, "--business-account-id", whatsapp::ACCOUNT_ID]).args([
        "--api-root",
        &root,
        "--listen",
        &listen,
    ]);
    succeeds(command, &format!("{}\n{}\n", whatsapp::TOKEN, whatsapp::APP_SECRET));
}

/// A platform that posts message after message, several at once, so that a kill finds some of them half way.
pub(crate) struct Posting {
    done: Arc<AtomicBool>,
    posted: Arc<AtomicUsize>,
    senders: Vec<std::thread::JoinHandle<()>>,
}

impl Posting {
    pub(crate) fn start(port: u16) -> Self {
        let (done, posted) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let senders = (0..4).map(|_| {
            let (done, posted) = (done.clone(), posted.clone());
            std::thread::spawn(move || {
                while !done.load(Ordering::SeqCst) {
                    let number = posted.fetch_add(1, Ordering::SeqCst);
                    if comes_late(number) {
                        deliver(port, &edit(number));
                    }
                    deliver(port, &message(number));
                }
            })
        });
        Self { senders: senders.collect(), done, posted }
    }

    /// Messages that were begun.
    pub(crate) fn posted(&self) -> usize {
        self.posted.load(Ordering::SeqCst)
    }

    /// Begins no more, and returns when each of them was acknowledged.
    pub(crate) async fn end(self) -> usize {
        self.done.store(true, Ordering::SeqCst);
        for sender in self.senders {
            tokio::task::spawn_blocking(move || sender.join().unwrap()).await.unwrap();
        }
        self.posted.load(Ordering::SeqCst)
    }
}

fn id(number: usize) -> String {
    format!("wamid.{number:06}")
}

/// That it was edited is told before it is.
fn comes_late(number: usize) -> bool {
    number.is_multiple_of(3)
}

fn message(number: usize) -> String {
    let text = json!({ "type": "text", "text": { "body": format!("Number {number}") } });
    event(&id(number), text)
}

/// It says something else now.
fn edit(number: usize) -> String {
    let anew = json!({ "type": "text", "text": { "body": format!("Number {number}, once more") } });
    let edit = json!({ "type": "edit", "edit": { "original_message_id": id(number), "message": anew } });
    event(&format!("wamid.edit{number:06}"), edit)
}

fn event(id: &str, mut message: serde_json::Value) -> String {
    message["from"] = json!(whatsapp::ANA);
    message["id"] = json!(id);
    message["timestamp"] = json!(Clock::system().now().as_second().to_string());
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": [{
        "field": "messages", "value": {
            "messaging_product": "whatsapp",
            "metadata": { "display_phone_number": whatsapp::NUMBER, "phone_number_id": whatsapp::NUMBER_ID },
            "contacts": [{ "profile": { "name": "Ana" }, "wa_id": whatsapp::ANA }],
            "messages": [message],
        },
    }] }] })
    .to_string()
}

/// Posts an event as a platform does: again, until it is acknowledged.
fn deliver(port: u16, body: &str) {
    use std::io::{Read, Write};
    let signed = inlet_testkit::inbound::signature(whatsapp::APP_SECRET, body.as_bytes());
    let path = format!("/whatsapp/{}", whatsapp::NUMBER_ID);
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: tunnel\r\nConnection: close\r\nX-Hub-Signature-256: {signed}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let started = Instant::now();
    loop {
        let answer = std::net::TcpStream::connect(("127.0.0.1", port)).and_then(|mut stream| {
            stream.set_read_timeout(Some(LIMIT))?;
            stream.write_all(request.as_bytes())?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok(answer)
        });
        if answer.is_ok_and(|answer| answer.starts_with("HTTP/1.1 200")) {
            return;
        }
        assert!(started.elapsed() < 2 * LIMIT, "an event was never acknowledged");
        // Nobody listens between two lives of the program, and nothing tells when somebody does.
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Each of so many messages is here once, as it was said last.
pub(crate) fn all_are_here_once(data: &Path, posted: usize) {
    let main = Connection::open(data.join("inlet.db")).unwrap();
    // A gap would be told as a message of its own.
    let kept = rows(&main, "SELECT stable_id, count(*) FROM item WHERE deleted = 0 GROUP BY stable_id");
    assert!(kept.iter().all(|(_, count)| *count == 1), "twice");
    let kept: BTreeSet<String> = kept.into_iter().map(|(id, _)| id).collect();
    let expected: BTreeSet<String> = (0..posted).map(id).collect();
    assert_eq!(expected.difference(&kept).collect::<Vec<_>>(), Vec::<&String>::new(), "lost");
    assert_eq!(kept.len(), expected.len());
    // What was told before its message happened to it, and waits no more.
    let edited = rows(&main, "SELECT stable_id, 1 FROM item WHERE deleted = 0 AND edited_at IS NOT NULL");
    let edited: BTreeSet<String> = edited.into_iter().map(|(id, _)| id).collect();
    let expected: BTreeSet<String> = (0..posted).filter(|number| comes_late(*number)).map(id).collect();
    assert_eq!(edited, expected);
    assert!(rows(&main, "SELECT remote_id, 1 FROM early").is_empty(), "still waiting");
}

/// Events are acknowledged once they are on the disk, and read from there: whenever the program is killed,
/// each of them is a message in the end, and none is two.
#[tokio::test(flavor = "multi_thread")]
async fn killed_while_events_come_in_none_is_lost_and_none_is_twice() {
    let Some(fake) = whatsapp::FakeWhatsApp::start("killed while events come in") else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let port = free_port();
    connect(&data, &fake, port);
    let posting = Posting::start(port);
    let mut random = Rng::new(11);
    for round in 0..KILLS * STEPS.len() {
        let step = STEPS[round % STEPS.len()];
        let plug = format!("{step}:{}", 1 + random.below(4));
        let mut child = inlet(&data, &["sync"]).env("INLET_PLUG", &plug).spawn().unwrap();
        let ended = ends(&mut child, LIMIT).await.unwrap_or_else(|| panic!("{plug} was never reached"));
        assert_eq!(ended.code(), None, "{plug}: it is not killed, it ends with {ended}");
        sound(&data);
    }
    // The last ones are acknowledged by a life that is not cut short.
    let mut child = inlet(&data, &["sync"]).spawn().unwrap();
    let posted = posting.end().await;
    child.kill().unwrap();
    child.wait().unwrap();
    succeeds(inlet(&data, &["sync", "--once"]), "");
    sound(&data);
    all_are_here_once(&data, posted);
    println!("{posted} events, {KILLS} kills at each of {STEPS:?}");
}
