//! The servers and faults that other tests stand on, tested themselves.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

use std::time::{Duration, Instant};

use base64::{Engine, engine::general_purpose::STANDARD};
use inlet_testkit::{
    ChaosProxy, Dovecot, DovecotOptions, Faults, MailGen, Rng, SmtpOptions, SmtpServer,
    smtp::{AfterDot, SmtpFaults},
    timeout,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

const USER: &str = "anna@inlet.test";
const LIMIT: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_mailbox_is_filled_changed_and_emptied() {
    let dovecot = Dovecot::start(DovecotOptions::default()).await;
    let one = dovecot.append(USER, "INBOX", b"Subject: one\n\nbody\n", "\\Seen").await;
    dovecot.deliver(USER, "INBOX", b"Subject: two\nMessage-ID: <two@x>\n\nbody\n");
    let uids = dovecot.list_uids(USER, "INBOX").await;
    assert_eq!(uids.len(), 2);
    assert_eq!(dovecot.find(USER, "INBOX", "two@x").await, [uids[1]]);
    assert!(dovecot.flags(USER, "INBOX", one).await.contains(&"\\Seen".to_owned()));
    dovecot.set_flags(USER, "INBOX", &[one], "-FLAGS", "\\Seen").await;
    assert!(!dovecot.flags(USER, "INBOX", one).await.contains(&"\\Seen".to_owned()));
    dovecot.move_to(USER, "INBOX", &[uids[1]], "Archive").await;
    assert_eq!(dovecot.list_uids(USER, "Archive").await.len(), 1);
    dovecot.expunge(USER, "INBOX", &[one]).await;
    assert!(dovecot.list_uids(USER, "INBOX").await.is_empty());
}

#[tokio::test]
async fn renumbering_keeps_the_mail_and_changes_uidvalidity() {
    let dovecot = Dovecot::start(DovecotOptions::default()).await;
    for n in 0..3 {
        dovecot.append(USER, "INBOX", format!("Subject: {n}\n\nbody\n").as_bytes(), "").await;
    }
    let validity = async || {
        let lines = dovecot.client(USER).await.select("INBOX").await;
        lines.iter().find_map(|line| line.split_once("UIDVALIDITY ")).unwrap().1.split(']').next().unwrap().to_owned()
    };
    let before = validity().await;
    dovecot.renumber(USER, "INBOX");
    assert_ne!(validity().await, before);
    assert_eq!(dovecot.list_uids(USER, "INBOX").await.len(), 3);
}

#[tokio::test]
async fn capabilities_can_be_taken_away() {
    let dovecot = Dovecot::start(DovecotOptions::capability("IMAP4rev1 UIDPLUS IDLE")).await;
    let lines = dovecot.client(USER).await.ok("CAPABILITY").await;
    assert_eq!(lines, ["* CAPABILITY IMAP4rev1 UIDPLUS IDLE"]);
}

#[tokio::test]
async fn tokens_sign_in_and_wrong_ones_do_not() {
    let dovecot = Dovecot::start(DovecotOptions::default()).await;
    for (token, expected) in [("token-of-anna", "OK"), ("stolen", "NO")] {
        let mut socket = BufReader::new(TcpStream::connect(("127.0.0.1", dovecot.port)).await.unwrap());
        let mut line = String::new();
        socket.read_line(&mut line).await.unwrap();
        let sasl = STANDARD.encode(format!("user={USER}\u{1}auth=Bearer {token}\u{1}\u{1}"));
        socket.get_mut().write_all(format!("a AUTHENTICATE XOAUTH2 {sasl}\r\n").as_bytes()).await.unwrap();
        loop {
            line.clear();
            timeout(LIMIT, socket.read_line(&mut line)).await.unwrap();
            if line.starts_with('+') {
                socket.get_mut().write_all(b"\r\n").await.unwrap();
            } else if let Some(status) = line.strip_prefix("a ") {
                assert!(status.starts_with(expected), "{token}: {status}");
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_dropped_server_leaves_nothing() {
    let dovecot = Dovecot::start(DovecotOptions::default()).await;
    let (port, root) = (dovecot.port, dovecot.mail_root());
    drop(dovecot.client(USER).await);
    drop(dovecot);
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err());
    assert!(!root.exists());
}

struct Dialogue(BufReader<TcpStream>);

impl Dialogue {
    async fn open(port: u16) -> Self {
        let mut this = Self(BufReader::new(TcpStream::connect(("127.0.0.1", port)).await.unwrap()));
        assert!(this.reply().await.starts_with("220"));
        assert!(this.say("EHLO test").await.starts_with("250"));
        let plain = STANDARD.encode(format!("\0{USER}\0secret"));
        assert!(this.say(&format!("AUTH PLAIN {plain}")).await.starts_with("235"));
        this
    }
    async fn reply(&mut self) -> String {
        let mut text = String::new();
        loop {
            let start = text.len();
            if timeout(LIMIT, self.0.read_line(&mut text)).await.unwrap_or(0) == 0 {
                return text;
            }
            if text.as_bytes().get(start + 3) != Some(&b'-') {
                return text;
            }
        }
    }
    async fn say(&mut self, line: &str) -> String {
        self.0.get_mut().write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
        self.reply().await
    }
}

#[tokio::test]
async fn mail_goes_from_submission_into_the_mailbox() {
    let dovecot = Dovecot::start(DovecotOptions::users(&[USER, "bo@inlet.test"])).await;
    let smtp = SmtpServer::start(SmtpOptions::delivering_to(&dovecot)).await;
    let mut client = Dialogue::open(smtp.port).await;
    assert!(client.say("MAIL FROM:<anna@inlet.test>").await.starts_with("250"));
    assert!(client.say("RCPT TO:<bo@inlet.test>").await.starts_with("250"));
    assert!(client.say("DATA").await.starts_with("354"));
    assert!(client.say("Subject: hello\r\nMessage-ID: <hello@x>\r\n\r\n..dot\r\n.").await.starts_with("250"));
    let mails = smtp.wait_for(1).await;
    assert_eq!(mails[0].delivered, ["bo@inlet.test"]);
    assert!(mails[0].text().ends_with("\r\n\r\n.dot\r\n"), "{}", mails[0].text());
    assert_eq!(dovecot.find("bo@inlet.test", "INBOX", "hello@x").await.len(), 1);
}

#[tokio::test]
async fn faults_of_submission_are_switched_on_and_off() {
    let smtp = SmtpServer::start(SmtpOptions::default()).await;
    smtp.faults(SmtpFaults { recipients: [("bo@x.test".into(), 451)].into(), ..SmtpFaults::default() }).await;
    let mut client = Dialogue::open(smtp.port).await;
    client.say("MAIL FROM:<anna@inlet.test>").await;
    assert!(client.say("RCPT TO:<bo@x.test>").await.starts_with("451"));
    assert!(client.say("RCPT TO:<cy@x.test>").await.starts_with("250"));
    smtp.faults(SmtpFaults { after_dot: Some(AfterDot::Keep), ..SmtpFaults::default() }).await;
    assert!(client.say("DATA").await.starts_with("354"));
    assert_eq!(client.say("Subject: x\r\n\r\ny\r\n.").await, "");
    assert_eq!(smtp.wait_for(1).await.len(), 1);
}

async fn echo() -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut read, mut write) = socket.split();
                let _ = tokio::io::copy(&mut read, &mut write).await;
            });
        }
    });
    port
}

async fn through(proxy: &ChaosProxy, bytes: &[u8]) -> Vec<u8> {
    let mut socket = TcpStream::connect(("127.0.0.1", proxy.port)).await.unwrap();
    socket.write_all(bytes).await.unwrap();
    let _ = socket.shutdown().await;
    let mut back = Vec::new();
    let _ = timeout(LIMIT, socket.read_to_end(&mut back)).await;
    back
}

#[tokio::test]
async fn the_proxy_passes_cuts_delays_and_hangs() {
    let proxy = ChaosProxy::start(echo().await).await;
    let bytes: Vec<u8> = (0..100_000u32).map(|n| n as u8).collect();
    assert_eq!(through(&proxy, &bytes).await, bytes);

    proxy.set(Faults { cut_after: Some(1234), ..Faults::default() });
    assert_eq!(through(&proxy, &bytes).await, bytes[..1234]);

    proxy.set(Faults { latency: Duration::from_millis(40), ..Faults::default() });
    let start = Instant::now();
    assert_eq!(through(&proxy, b"ping").await, b"ping");
    assert!(start.elapsed() >= Duration::from_millis(80));

    proxy.set(Faults { hang_after: Some(2), ..Faults::default() });
    let mut socket = TcpStream::connect(("127.0.0.1", proxy.port)).await.unwrap();
    socket.write_all(b"ping").await.unwrap();
    let mut two = [0; 2];
    timeout(LIMIT, socket.read_exact(&mut two)).await.unwrap();
    assert_eq!(&two, b"pi");
    assert!(tokio::time::timeout(Duration::from_millis(100), socket.read_u8()).await.is_err(), "it stays silent");
    proxy.cut_all();
    assert!(timeout(LIMIT, socket.read_u8()).await.is_err(), "it is closed");
    assert_eq!(proxy.connections(), 4);
}

#[tokio::test]
async fn random_cuts_are_the_same_for_the_same_seed() {
    let bytes = vec![7; 50_000];
    let mut lengths = Vec::new();
    for _ in 0..2 {
        let proxy = ChaosProxy::start(echo().await).await;
        proxy.set(Faults { cut_at_random: Some((42, 50_000)), ..Faults::default() });
        let mut run = Vec::new();
        for _ in 0..4 {
            run.push(through(&proxy, &bytes).await.len());
        }
        lengths.push(run);
    }
    assert_eq!(lengths[0], lengths[1]);
    assert!(lengths[0].iter().any(|length| *length < 49_000));
}

#[test]
fn generated_mail_has_the_shape_it_promises() {
    let start = "2026-01-05T08:00:00Z".parse().unwrap();
    let mails: Vec<_> = MailGen::new(7, USER, start).take(2000).collect();
    let again: Vec<_> = MailGen::new(7, USER, start).take(2000).map(|mail| mail.raw).collect();
    assert!(mails.iter().zip(&again).all(|(mail, raw)| mail.raw == *raw), "the same seed gives the same mail");
    let share = |f: &dyn Fn(&str) -> bool| {
        mails.iter().filter(|mail| f(&String::from_utf8_lossy(&mail.raw))).count() as f64 / mails.len() as f64
    };
    assert!((0.25..0.35).contains(&share(&|raw| raw.contains("text/html"))));
    assert!((0.05..0.11).contains(&share(&|raw| { raw.contains("Content-Disposition: attachment") })));
    assert!((0.35..0.55).contains(&share(&|raw| raw.contains("\r\nReferences: "))));
    let mut sizes: Vec<_> = mails.iter().map(|mail| mail.raw.len()).collect();
    sizes.sort_unstable();
    assert!((5_000..9_500).contains(&sizes[sizes.len() / 2]), "median {}", sizes[sizes.len() / 2]);
    let ids: std::collections::BTreeSet<_> = mails.iter().map(|mail| &mail.message_id).collect();
    assert_eq!(ids.len(), mails.len());
    assert!(mails.iter().all(|mail| { mail.references.iter().all(|id| ids.contains(id) && *id != mail.message_id) }));
    assert!(mails.windows(2).all(|pair| pair[0].date < pair[1].date));
}

#[test]
fn random_numbers_are_spread_evenly() {
    let mut rng = Rng::new(1);
    let mut counts = [0; 10];
    for _ in 0..10_000 {
        counts[rng.below(10)] += 1;
    }
    assert!(counts.iter().all(|count| (850..1150).contains(count)), "{counts:?}");
}
