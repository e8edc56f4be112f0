//! Mail servers that refuse, hang, hang up and lie: what a person is told of each, and that it holds up nothing else.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use inlet_model::{Endpoint, ImapConfig, SourceId, Tls};
use inlet_orchestrator::api::types::{AccountView, ItemView, RawView, SourceState};
use inlet_testkit::{
    CertKind, Dovecot, DovecotOptions,
    fake_imap::{Answer, FakeImap, HANG, HANG_UP, IDLE, Script},
    ports::free_port,
};
use serde_json::{Value, json};

use crate::{
    harness::{Engine, LIMIT, Setup},
    scripted::{self, mail},
    taxonomy::{arrives, live},
};

/// Mailboxes with their mails, whose UIDs count from 1.
type Mailboxes = Arc<Mutex<Vec<(&'static str, Vec<String>)>>>;

/// A plain server, and what it says instead where a command begins so.
#[derive(Clone, Default)]
struct Post {
    greeting: Option<&'static str>,
    capability: Option<&'static str>,
    mailboxes: Mailboxes,
    odd: Vec<(&'static str, &'static str, &'static str)>,
    /// The mails of the mailbox that is open.
    open: Vec<String>,
}

impl Post {
    fn with(mailboxes: &[(&'static str, &[&str])]) -> Self {
        let all = mailboxes.iter().map(|(name, ids)| (*name, ids.iter().map(|id| written(id)).collect())).collect();
        Self { mailboxes: Arc::new(Mutex::new(all)), ..Self::default() }
    }

    /// One mail in the inbox, and this instead where a command begins so.
    fn odd(begins: &'static str, untagged: &'static str, end: &'static str) -> Self {
        Self { odd: vec![(begins, untagged, end)], ..Self::with(&[("INBOX", &["never seen"])]) }
    }

    fn fetched(&self, set: &str, items: &str) -> String {
        let has = |uid: usize| {
            set.split(',').any(|range| {
                let (from, to) = range.split_once(':').unwrap_or((range, range));
                (from.parse::<usize>().unwrap()..=to.parse::<usize>().unwrap()).contains(&uid)
            })
        };
        let mut told = String::new();
        for (index, raw) in self.open.iter().enumerate().filter(|(index, _)| has(index + 1)) {
            let (uid, size) = (index + 1, raw.len());
            let rest = match items {
                _ if items.contains("BODY") => format!(
                    " FLAGS () INTERNALDATE \"01-Jun-2026 10:00:00 +0000\" RFC822.SIZE {size} BODY[] {{{size}}}\r\n{raw}"
                ),
                _ if items.contains("SIZE") => format!(" RFC822.SIZE {size}"),
                _ if items.contains("FLAGS") => " FLAGS ()".to_owned(),
                _ => String::new(),
            };
            told.push_str(&format!("* {uid} FETCH (UID {uid}{rest})\r\n"));
        }
        told
    }
}

impl Script for Post {
    fn greeting(&self) -> String {
        self.greeting.unwrap_or("* OK ready\r\n").to_owned()
    }

    fn answer(&mut self, command: &str) -> Answer {
        if let Some((_, untagged, end)) = self.odd.iter().find(|(begins, ..)| command.starts_with(begins)) {
            return ((*untagged).to_owned(), (*end).to_owned());
        }
        let words: Vec<&str> = command.splitn(4, ' ').collect();
        let untagged = match words.as_slice() {
            ["CAPABILITY"] => format!("* CAPABILITY {}\r\n", self.capability.unwrap_or("IMAP4rev1 SASL-IR AUTH=PLAIN")),
            ["LIST", ..] => {
                let all = self.mailboxes.lock().unwrap();
                all.iter().map(|(name, _)| format!("* LIST () \"/\" {name}\r\n")).collect()
            }
            ["EXAMINE", quoted, ..] => {
                let all = self.mailboxes.lock().unwrap();
                let name = quoted.trim_matches('"');
                self.open = all.iter().find(|(known, _)| *known == name).unwrap().1.clone();
                let count = self.open.len();
                format!("* {count} EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT {}] x\r\n", count + 1)
            }
            ["UID", "SEARCH", ..] => {
                let uids: Vec<String> = (1..=self.open.len()).map(|uid| uid.to_string()).collect();
                format!("* SEARCH {}\r\n", uids.join(" "))
            }
            ["UID", "FETCH", set, items] => self.fetched(set, items),
            ["FETCH", set, ..] => self.fetched(set, "FLAGS"),
            ["IDLE"] => return ("+ idling\r\n".to_owned(), IDLE.to_owned()),
            _ => String::new(),
        };
        (untagged, "OK done".to_owned())
    }
}

fn written(id: &str) -> String {
    format!(
        "Message-ID: <{id}@inlet.test>\r\nDate: Mon, 1 Jun 2026 10:00:00 +0000\r\nFrom: Bob <bob@inlet.test>\r\n\
         Subject: {id}\r\n\r\nThis is what {id} says.\r\n"
    )
}

/// A sentence of the engine as the window's catalogue has it, with its holes filled.
fn sentence(template: &str, holes: &[(&str, &str)]) -> String {
    let kept = include_str!("../../ui/src/strings/engine.json");
    let kept: Vec<String> = serde_json::from_str(kept).unwrap();
    assert!(kept.iter().any(|one| one == template), "nobody says {template:?}");
    holes.iter().fold(template.to_owned(), |text, (hole, value)| text.replace(hole, value))
}

async fn connect(engine: &Engine, name: &str, config: ImapConfig) -> SourceId {
    let config = ImapConfig { address: format!("{name}@inlet.test"), ..config };
    let view: AccountView =
        engine.call("accounts.add_imap", json!({ "config": config, "password": "correct horse" })).await;
    view.sources[0].id
}

/// An engine with real accounts, and beside them one that is well.
async fn beside_one_that_is_well() -> (Engine, scripted::Script, SourceId) {
    let script = scripted::Script::new("well");
    let scripts = HashMap::from([("well".to_owned(), script.clone())]);
    let engine = Engine::with(Setup { scripts, connectors: true, ..Setup::default() }).await;
    let id = live(&engine, "well").await;
    (engine, script, id)
}

/// A server that is not as it should be, and what is told of it: one of these.
struct Row {
    name: &'static str,
    config: ImapConfig,
    told: Vec<(SourceState, String)>,
}

/// Each is told in its state and its very sentence, tried again or not, and whoever is well stays so.
async fn each_is_told(rows: Vec<Row>) {
    let (engine, script, well) = beside_one_that_is_well().await;
    let mut ids = Vec::new();
    for row in &rows {
        ids.push(connect(&engine, row.name, row.config.clone()).await);
    }
    for (row, id) in rows.iter().zip(&ids) {
        let told = engine.until(row.name, async || {
            let source = engine.source(*id).await;
            let said = (source.state, source.message.clone()?);
            row.told.contains(&said).then_some(source)
        });
        let source = told.await;
        let again = source.state != SourceState::AuthNeeded;
        assert_eq!(source.next_try.is_some(), again, "{}: {:?}", row.name, source.next_try);
    }
    script.deliver("INBOX", mail("meanwhile"));
    arrives(&engine, "meanwhile").await;
    assert_eq!(engine.state_of(well, SourceState::Live).await.message, None);
    assert_eq!(engine.items().await.len(), 1);
    inlet_testkit::timeout(LIMIT, engine.app.shutdown()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_server_that_goes_wrong_is_told_in_its_sentence_and_holds_up_nobody() {
    let closed = "The mail server closed the connection; Inlet tries again by itself.";
    let not_imap = "The server said something that is not IMAP; Inlet tries again by itself.";
    let password =
        "The mail server refuses the user name or password: sign in again; some providers want an app password.";
    let claims = "The server claims that Inlet is signed in already, which is how connections are hijacked: nothing was \
                  sent to it. Check the server's name and the network you are in.";
    let greets = |greeting| Post { greeting: Some(greeting), ..Post::default() };
    let odd = [
        ("password", Post::odd("AUTHENTICATE", "", "NO wrong"), SourceState::AuthNeeded, password),
        (
            "nopassword",
            Post { capability: Some("IMAP4rev1 LOGINDISABLED"), ..Post::default() },
            SourceState::AuthNeeded,
            "This server takes no password: sign in through the provider (OAuth) instead.",
        ),
        (
            "later",
            Post::odd("AUTHENTICATE", "", "NO [UNAVAILABLE] x"),
            SourceState::Failing,
            "The mail server cannot do this at the moment; Inlet tries again by itself.",
        ),
        ("hijacked", greets("* PREAUTH hi\r\n"), SourceState::Failing, claims),
        ("garbage", greets("220 mail.inlet.test ESMTP\r\n"), SourceState::Failing, not_imap),
        ("nonsense", Post::odd("LIST", "* LIST (\r\n", "OK done"), SourceState::Failing, not_imap),
        ("leaves", Post::odd("CAPABILITY", "* BYE\r\n", HANG_UP), SourceState::Failing, closed),
        ("drops", Post::odd("EXAMINE", "* 1 EXISTS\r\n", HANG_UP), SourceState::Failing, closed),
        ("cut", Post::odd("UID FETCH", "* 1 FETCH (UID 1 BODY[] {5}\r\nab", HANG_UP), SourceState::Failing, closed),
        (
            "boasts",
            Post::odd("UID FETCH", "* 1 FETCH (UID 1 RFC822.SIZE {4294967295}\r\n", HANG),
            SourceState::Failing,
            not_imap,
        ),
        (
            "holes",
            Post::odd("UID FETCH", "* 1 FETCH (UID 1 RFC822.SIZE\r\n", "OK done"),
            SourceState::Failing,
            not_imap,
        ),
    ];
    let (mut rows, mut servers) = (Vec::new(), Vec::new());
    for (name, post, state, template) in odd {
        let server = FakeImap::each(move || post.clone()).await;
        rows.push(Row { name, config: server.config(), told: vec![(state, sentence(template, &[]))] });
        servers.push(server);
    }

    let some = servers[0].config();
    let port = free_port();
    let number = port.to_string();
    let refuses =
        "{host} refuses connections on port {port}: check the server's name and port, or wait until it is up.";
    let holes = [("{host}", "127.0.0.1"), ("{port}", number.as_str())];
    rows.push(Row {
        name: "nobody",
        config: ImapConfig { imap: Endpoint { host: "127.0.0.1".into(), port }, ..some.clone() },
        told: vec![(SourceState::Failing, sentence(refuses, &holes))],
    });
    let host = "no-such-host.invalid";
    let unknown = "No server is called {host}: check its name, or whether this computer has a network.";
    rows.push(Row {
        name: "unknown",
        config: ImapConfig { imap: Endpoint { host: host.into(), port: 993 }, tls: Tls::Implicit, ..some },
        told: vec![
            (SourceState::Failing, sentence(unknown, &[("{host}", host)])),
            // Where this test has no network, nobody can tell.
            (SourceState::Offline, sentence("There is no network; Inlet goes on when it is back.", &[])),
        ],
    });
    each_is_told(rows).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_bad_certificate_is_told_in_its_sentence_and_holds_up_nobody() {
    if !Dovecot::available() {
        println!("skipped: bad certificates: Dovecot is not installed");
        return;
    }
    let kinds = [
        (
            "expired",
            CertKind::Expired,
            "The certificate of {host} has expired: ask its operator to renew it, and check this computer's date.",
        ),
        ("early", CertKind::NotYetValid, "The certificate of {host} is not valid yet: check this computer's date."),
        (
            "name",
            CertKind::WrongHost,
            "The certificate of {host} was made for another name: check the server's name, as somebody may be in between.",
        ),
        (
            "stranger",
            CertKind::UnknownAuthority,
            "The certificate of {host} was issued by nobody this computer knows: if the server is yours, give the file \
             of its certificate authority (in a terminal --ca).",
        ),
    ];
    let (mut rows, mut servers) = (Vec::new(), Vec::new());
    for (name, certificate, template) in kinds {
        let server = Dovecot::start(DovecotOptions { certificate, ..DovecotOptions::default() }).await;
        let told = vec![(SourceState::Failing, sentence(template, &[("{host}", "localhost")]))];
        rows.push(Row { name, config: server.config("anna@inlet.test"), told });
        servers.push(server);
    }
    each_is_told(rows).await;
    for server in servers {
        assert!(!server.log().contains("Login:"), "the password never left");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_holds_up_nobody_not_even_the_end() {
    let (engine, script, well) = beside_one_that_is_well().await;
    let server = FakeImap::each(|| Post::odd("LIST", "* LIST () \"/\" IN", HANG)).await;
    let id = connect(&engine, "hangs", server.config()).await;
    inlet_testkit::timeout(LIMIT, server.hears("LIST \"\" \"*\"", 1)).await;
    script.deliver("INBOX", mail("meanwhile"));
    arrives(&engine, "meanwhile").await;
    assert_eq!(engine.source(id).await.state, SourceState::Syncing);
    engine.state_of(well, SourceState::Live).await;
    let account = engine.source(id).await.account;
    let _: Value = engine.call("accounts.remove", json!({ "id": account })).await;
    inlet_testkit::timeout(LIMIT, engine.app.shutdown()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_refused_is_told_and_the_others_are_read() {
    let engine = Engine::with(Setup { connectors: true, ..Setup::default() }).await;
    let post = Post {
        odd: vec![("EXAMINE \"Secret\"", "", "NO [NOPERM] not yours")],
        ..Post::with(&[("INBOX", &["first"]), ("Secret", &["hidden"]), ("Last", &["last"])])
    };
    let server = FakeImap::each(move || post.clone()).await;
    let id = connect(&engine, "refuses", server.config()).await;
    let source = engine.state_of(id, SourceState::Live).await;
    let why = "The mail server does not open this folder: it may be gone or you may not be allowed to read it.";
    let why = sentence(why, &[]);
    let holes = [("{name}", "Secret"), ("{error}", why.as_str())];
    assert_eq!(source.message, Some(sentence("\"{name}\" cannot be read: {error}", &holes)));
    let mut read: Vec<String> = engine.items().await.into_iter().map(|item| item.subject).collect();
    read.sort();
    assert_eq!(read, ["first", "last"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_cannot_be_read_is_kept_and_shown_with_a_note_and_the_others_come() {
    let engine = Engine::with(Setup { connectors: true, ..Setup::default() }).await;
    // Of one length, so that nothing but what they say tells them apart.
    let odd = ["%PDF-1.7\r\n\u{1}<< first file >>", "%PDF-1.7\r\n\u{1}<< other file >>"];
    let post = Post::with(&[("INBOX", &["before", "after"])]);
    for raw in odd {
        post.mailboxes.lock().unwrap()[0].1.insert(1, raw.to_owned());
    }
    let server = FakeImap::each(move || post.clone()).await;
    let id = connect(&engine, "odd", server.config()).await;
    let source = engine.state_of(id, SourceState::Live).await;
    assert_eq!((source.message, source.unreadable), (None, None));
    let items = engine.items().await;
    assert_eq!(items.len(), 4);
    let note = "This message could not be read; its beginning is shown as it came, and you can save it whole.";
    let note = sentence(note, &[]);
    for (raw, text) in odd.into_iter().zip(["%PDF-1.7\n<< first file >>", "%PDF-1.7\n<< other file >>"]) {
        let found: Vec<&ItemView> = items.iter().filter(|item| item.text == text).collect();
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(found[0].note.as_ref(), Some(&note));
        let kept: RawView = engine.call("item.raw", json!({ "id": found[0].id })).await;
        assert_eq!((kept.raw.as_str(), kept.whole), (raw, true));
    }
    for subject in ["before", "after"] {
        let item = items.iter().find(|item| item.subject == subject).unwrap();
        assert_eq!(item.note, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_that_was_cut_is_begun_anew_and_misses_nothing() {
    let engine = Engine::with(Setup { connectors: true, ..Setup::default() }).await;
    let capability = Some("IMAP4rev1 SASL-IR AUTH=PLAIN IDLE");
    let post = Post { capability, ..Post::with(&[("INBOX", &["first"])]) };
    let mailboxes = Arc::clone(&post.mailboxes);
    let server = FakeImap::each(move || post.clone()).await;
    let id = connect(&engine, "cut", server.config()).await;
    for (times, subject) in [(1, "second"), (2, "third")] {
        inlet_testkit::timeout(LIMIT, server.hears("IDLE", times)).await;
        mailboxes.lock().unwrap()[0].1.push(written(subject));
        server.cut_all();
        arrives(&engine, subject).await;
    }
    inlet_testkit::timeout(LIMIT, server.hears("IDLE", 3)).await;
    engine.state_of(id, SourceState::Live).await;
}
