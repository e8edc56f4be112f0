//! Servers that refuse, throttle, lie and attack.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use inlet_model::{Endpoint, ImapConfig, RemoteId, Scope, ScopeRole, SourceError, Tls};
use inlet_testkit::{
    CertKind, Certs,
    fake_imap::{Answer, FakeImap, HANG_UP, Script},
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

use super::{Held, LIMIT, USER, message, scope, source, source_with};

const CLOSED: &str = "The mail server closed the connection; Inlet tries again by itself.";
const NOT_IMAP: &str = "The server said something that is not IMAP; Inlet tries again by itself.";

/// A plain server that has an answer of its own for one command.
struct Odd {
    command: &'static str,
    untagged: &'static str,
    end: &'static str,
}

impl Script for Odd {
    fn answer(&mut self, command: &str) -> Answer {
        if command.starts_with(self.command) {
            return (self.untagged.into(), self.end.into());
        }
        let untagged = match command.split(' ').next().unwrap_or_default() {
            "CAPABILITY" => "* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\r\n",
            "LIST" => "* LIST () \"/\" INBOX\r\n",
            "EXAMINE" => "* 3 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 4] x\r\n",
            _ => "",
        };
        (untagged.into(), "OK done".into())
    }
}

async fn error_of(command: &'static str, untagged: &'static str, end: &'static str) -> SourceError {
    let server = FakeImap::start(Arc::new(Mutex::new(Odd { command, untagged, end }))).await;
    let source = source(server.config());
    let inbox =
        Scope { remote: "INBOX".into(), name: "Inbox".into(), role: ScopeRole::Inbox, pulled: true, live: true };
    inlet_testkit::timeout(LIMIT, source.pull(&inbox, None)).await.err().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_become_the_decision_they_call_for() {
    let throttled = |seconds| SourceError::Throttled { retry_after: Duration::from_secs(seconds) };
    let busy = "NO [ALERT] Too many simultaneous connections. (Failure)";
    assert_eq!(error_of("AUTHENTICATE", "", busy).await, throttled(60));
    assert_eq!(error_of("EXAMINE", "", "NO [THROTTLED] slower").await, throttled(60));
    let bye = "* BYE [OVERQUOTA] Account exceeded command or bandwidth limits.\r\n";
    assert_eq!(error_of("UID FETCH", bye, HANG_UP).await, throttled(1800));
    let exchange = "BAD Request is throttled. Suggested Backoff Time: 92000 milliseconds";
    assert_eq!(error_of("EXAMINE", "", exchange).await, throttled(92));
    let busy = "The mail server cannot do this at the moment; Inlet tries again by itself.";
    assert_eq!(error_of("AUTHENTICATE", "", "NO [UNAVAILABLE] later").await, SourceError::Transient(busy.into()));
    let wrong =
        "The mail server refuses the user name or password: sign in again; some providers want an app password.";
    assert_eq!(error_of("AUTHENTICATE", "", "NO wrong").await, SourceError::AuthNeeded(wrong.into()));
    let closed_to_me =
        "The mail server does not open this folder: it may be gone or you may not be allowed to read it.";
    assert_eq!(error_of("EXAMINE", "", "NO [NOPERM] not yours").await, SourceError::Permanent(closed_to_me.into()));
    assert_eq!(error_of("EXAMINE", "", HANG_UP).await, SourceError::Transient(CLOSED.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn lies_are_errors_that_pass_and_never_more() {
    for (untagged, end, sentence) in [
        ("* 1 FETCH (UID 1 RFC822.SIZE {4294967295}\r\n", HANG_UP, NOT_IMAP),
        ("* 1 FETCH (UID 1 RFC822.SIZE {99999999999999999999}\r\n", HANG_UP, NOT_IMAP),
        ("* 1 FETCH (UID 1 BODY[] {5}\r\nab", HANG_UP, CLOSED),
        ("HTTP/1.1 400 Bad Request\r\n", HANG_UP, CLOSED),
        ("* 1 FETCH (((((((((\r\n", HANG_UP, CLOSED),
        // A list with holes must not pass for the whole.
        ("* 1 FETCH (UID 1 RFC822.SIZE\r\n", "OK done", NOT_IMAP),
    ] {
        let error = error_of("UID FETCH", untagged, end).await;
        assert_eq!(error, SourceError::Transient(sentence.into()), "{untagged}");
    }
}

/// Three messages in each folder; the server cannot cope with the second one of any but `Sound`.
#[derive(Default)]
struct Poisoned {
    hang_up: bool,
    sound: bool,
}

impl Script for Poisoned {
    fn answer(&mut self, command: &str) -> Answer {
        let Some(rest) = command.strip_prefix("UID FETCH ") else {
            if command == "UID SEARCH ALL" {
                return ("* SEARCH 1 2 3\r\n".into(), "OK done".into());
            }
            if command.starts_with("EXAMINE") {
                self.sound = command.contains("Sound");
            }
            return Odd { command: "NOTHING", untagged: "", end: "" }.answer(command);
        };
        let (set, items) = rest.split_once(' ').unwrap();
        let has = |uid: u32| {
            set.split(',').any(|range| {
                let (from, to) = range.split_once(':').unwrap_or((range, range));
                (from.parse::<u32>().unwrap()..=to.parse::<u32>().unwrap()).contains(&uid)
            })
        };
        let mut answer = String::new();
        for uid in (1..=3).filter(|uid| has(*uid)) {
            if !items.contains("BODY") {
                answer.push_str(&format!("* {uid} FETCH (UID {uid} RFC822.SIZE 200)\r\n"));
            } else if uid == 2 && !self.sound && self.hang_up {
                return (answer, HANG_UP.into());
            } else if uid == 2 && !self.sound {
                answer.push_str("* 2 FETCH (UID 2 FLAGS (\r\n");
            } else {
                let raw = String::from_utf8(message(uid, "x")).unwrap();
                answer.push_str(&format!(
                    "* {uid} FETCH (UID {uid} FLAGS () INTERNALDATE \"01-Jun-2026 10:00:00 +0000\" RFC822.SIZE 200 \
                     BODY[] {{{}}}\r\n{raw})\r\n",
                    raw.len()
                ));
            }
        }
        (answer, "OK done".into())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_the_server_cannot_hand_out_stops_no_other() {
    let server = FakeImap::start(Arc::new(Mutex::new(Poisoned::default()))).await;
    let source = source(server.config());
    let inbox = scope(&source, ScopeRole::Inbox).await;
    let held = Held::all(&source, &inbox).await;
    assert_eq!(held.subjects(), ["Mail 1", "Mail 3"]);
    let poison: Vec<_> = held.pages.iter().flat_map(|page| &page.poison).collect();
    assert_eq!(poison.len(), 1);
    assert_eq!(poison[0].0.0, "1:2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_makes_the_server_hang_up_is_left_out_in_the_end() {
    let server = FakeImap::start(Arc::new(Mutex::new(Poisoned { hang_up: true, sound: false }))).await;
    let source = source(server.config());
    let inbox = scope(&source, ScopeRole::Inbox).await;
    let other = Scope { remote: "Sound".into(), name: "Sound".into(), ..inbox.clone() };
    let (mut held, mut beside) = (Held::default(), Held::default());
    let mut failures = 0;
    while let Err(error) = held.drain(&source, &inbox).await {
        assert_eq!(error, SourceError::Transient(CLOSED.into()));
        failures += 1;
        assert!(failures < 20, "it is never left out");
        // Each round reads the other folders as well.
        beside.drain(&source, &other).await.unwrap();
    }
    assert_eq!(held.subjects(), ["Mail 1", "Mail 3"]);
    assert_eq!(beside.subjects(), ["Mail 1", "Mail 2", "Mail 3"]);
    let poison: Vec<_> = held.pages.iter().flat_map(|page| &page.poison).collect();
    let reason = "The server breaks off whenever this message is asked for.";
    assert_eq!(poison, [&(RemoteId("1:2".into()), reason.to_owned())]);
}

const SECRET: &str = "correct horse battery staple";

/// Plays the beginning of a session without TLS and returns every byte the client sent before it
/// asked for TLS or left.
async fn play(listener: TcpListener, transcript: Transcript) -> Vec<u8> {
    let (stream, _) = listener.accept().await.unwrap();
    let mut stream = BufReader::new(stream);
    let mut heard = Vec::new();
    let opening = format!("{}{}", transcript.greeting, transcript.after_greeting);
    if stream.write_all(opening.as_bytes()).await.is_err() {
        return heard;
    }
    loop {
        let mut line = Vec::new();
        match stream.read_until(b'\n', &mut line).await {
            Ok(length) if length > 0 => heard.extend_from_slice(&line),
            _ => return heard,
        }
        let text = String::from_utf8_lossy(&line).into_owned();
        let (tag, command) = text.trim_end().split_once(' ').unwrap_or((text.trim_end(), ""));
        let answer = match command {
            "CAPABILITY" => format!("* CAPABILITY {}\r\n{tag} OK done\r\n", transcript.capabilities),
            "STARTTLS" => transcript.starttls.replace("<tag>", tag),
            _ => format!("{tag} OK whatever you say\r\n"),
        };
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return heard;
        }
        if command == "STARTTLS" && answer.contains(" OK ") {
            // TLS begins here; what follows is the client's handshake, to which nobody answers.
            return heard;
        }
    }
}

struct Transcript {
    greeting: String,
    after_greeting: String,
    capabilities: String,
    starttls: String,
}

impl Transcript {
    /// Reads what matters here of one of the recorded attacks.
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let between = |from: &str, to: &str| {
            let (_, rest) = text.split_once(from)?;
            rest.split_once(to).map(|(inner, _)| inner.to_owned())
        };
        let string = |name: &str| {
            let inner = between(&format!("\n\t{name}: Some(\""), "\"),").unwrap_or_default();
            inner.replace("\\r", "\r").replace("\\n", "\n").replace("\\\"", "\"").replace("\\\\", "\\")
        };
        let words = |list: String| {
            let known = [
                ("Imap4Rev1", "IMAP4rev1"),
                ("StartTls", "STARTTLS"),
                ("LoginDisabled", "LOGINDISABLED"),
                ("Auth(Plain)", "AUTH=PLAIN"),
                ("Auth(Login)", "AUTH=LOGIN"),
                ("Idle", "IDLE"),
            ];
            known.iter().filter(|(name, _)| list.contains(name)).map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
        };
        let kind = match between("kind: ", ",").as_deref() {
            Some("PreAuth") => "PREAUTH",
            Some("Bye") => "BYE",
            _ => "OK",
        };
        let code = between("code: Some(Capability(NonEmptyVec([", "]))").map(words);
        let code = code.map(|words| format!("[CAPABILITY {words}] ")).unwrap_or_default();
        let starttls = string("starttls_response");
        Self {
            greeting: format!("* {kind} {code}hello\r\n"),
            after_greeting: string("response_after_greeting"),
            capabilities: words(between("\n\tcaps: [", "\n").unwrap_or_default()),
            starttls: if starttls.is_empty() { "<tag> OK go ahead\r\n".into() } else { starttls },
        }
    }
}

fn transcripts(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            transcripts(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "ron") {
            found.push(path);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_recorded_attack_gets_a_credential() {
    let Some(shared) = inlet_testkit::shared("no_recorded_attack_gets_a_credential") else {
        return;
    };
    let mut found = Vec::new();
    transcripts(&shared.join("attacks/imap/imap"), &mut found);
    assert!(found.len() > 20, "{found:?}");
    for path in found {
        for tls in [Tls::Starttls, Tls::Implicit] {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let port = listener.local_addr().unwrap().port();
            let player = tokio::spawn(play(listener, Transcript::read(&path)));
            let config = config(port, tls);
            let result = inlet_testkit::timeout(LIMIT, source_with(config, Some(SECRET)).scopes()).await;
            assert!(result.is_err(), "{}: {result:?}", path.display());
            let heard = inlet_testkit::timeout(LIMIT, player).await.unwrap();
            let heard = String::from_utf8_lossy(&heard).to_ascii_uppercase();
            for word in ["LOGIN", "AUTHENTICATE", "CORRECT HORSE", "ANNA", "LIST", "SELECT"] {
                assert!(!heard.contains(word), "{}: {heard}", path.display());
            }
        }
    }
}

fn config(port: u16, tls: Tls) -> ImapConfig {
    ImapConfig {
        address: USER.into(),
        display_name: None,
        user: None,
        imap: Endpoint { host: "localhost".into(), port },
        smtp: None,
        tls,
        auth: inlet_model::Auth::Password,
        oauth: None,
        ca: None,
    }
}

/// Reads one command and nothing after it, however the bytes come.
async fn line_of(stream: &mut TcpStream) {
    while stream.read_u8().await.unwrap() != b'\n' {}
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_slipped_in_before_tls_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let certs = Certs::new(CertKind::Good);
    let ca = folder.path().join("ca.pem");
    fs::write(&ca, &certs.ca).unwrap();
    let chain: Vec<_> = CertificateDer::pem_slice_iter(certs.cert.as_bytes()).map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_slice(certs.key.as_bytes()).unwrap();
    let server = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(server));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();

    let serving = tokio::spawn(async move {
        let (mut stream, _): (TcpStream, _) = listener.accept().await.unwrap();
        stream.write_all(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hello\r\n").await.unwrap();
        line_of(&mut stream).await;
        stream.write_all(b"* CAPABILITY IMAP4rev1 STARTTLS\r\nI1 OK\r\n").await.unwrap();
        line_of(&mut stream).await;
        // All in one packet: the go-ahead, then answers to questions asked under TLS only.
        stream
            .write_all(
                b"I2 OK go\r\n* CAPABILITY IMAP4rev1 LOGINDISABLED\r\nI1 OK\r\n* LIST () \"/\" EVIL\r\nI2 OK\r\n",
            )
            .await
            .unwrap();
        let mut stream = BufReader::new(acceptor.accept(stream).await.unwrap());
        let mut line = String::new();
        while stream.read_line(&mut line).await.is_ok_and(|length| length > 0) {
            let (tag, command) = line.trim_end().split_once(' ').unwrap();
            let untagged = match command.split(' ').next().unwrap() {
                "CAPABILITY" => "* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\n",
                "LIST" => "* LIST () \"/\" INBOX\r\n",
                _ => "",
            };
            stream.write_all(format!("{untagged}{tag} OK\r\n").as_bytes()).await.unwrap();
            line.clear();
        }
    });
    let config = ImapConfig { ca: Some(ca), ..config(port, Tls::Starttls) };
    let source = source_with(config, Some(SECRET));
    let scopes = inlet_testkit::timeout(LIMIT, source.scopes()).await.unwrap();
    let names: Vec<_> = scopes.iter().map(|scope| scope.remote.as_str()).collect();
    assert_eq!(names, ["INBOX"]);
    drop(source);
    inlet_testkit::timeout(LIMIT, serving).await.unwrap();
}
