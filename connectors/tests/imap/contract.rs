//! Sending with its copy in Sent, and the contract of every source, on each rung of the ladder.

use async_trait::async_trait;
use inlet_model::{AnySource, ImapConfig, Intent, OpKey, Outgoing, Party, RemoteId, Scope, ScopeRole};
use inlet_testkit::{ChaosProxy, Dovecot, Fixture, SmtpOptions, SmtpServer};

use super::{RUNGS, USER, message, rung, scope, source, source_with, uid};

fn outgoing() -> Outgoing {
    Outgoing {
        from: Some(Party::named("Anna", USER)),
        to: vec![Party { name: None, handle: USER.into() }],
        subject: "Sent by the contract".into(),
        text: "It goes out once.".into(),
        date: "2026-06-01T10:00:00Z".parse().unwrap(),
        ..Outgoing::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_is_filed_once_and_found_by_its_key() {
    let server = rung(None).await;
    let submission = SmtpServer::start(SmtpOptions::delivering_to(&server)).await;
    let config = ImapConfig { smtp: Some(submission.plain_endpoint()), ..server.plain_config(USER) };
    let source = source(config);
    let key = OpKey("sent.1@inlet.test".into());
    let op = source.plan(&key, &Intent::Send(Box::new(outgoing()))).unwrap().unwrap();
    assert_eq!(source.find_applied(&key, &op).await.unwrap(), None);
    let applied = source.apply(&key, &op).await.unwrap();
    assert_eq!(submission.mails().len(), 1);
    let filed = server.find(USER, "Sent", &key.0).await;
    assert_eq!(filed.len(), 1);
    assert_eq!(uid(&applied.remote_id.unwrap()), filed[0]);
    assert!(server.flags(USER, "Sent", filed[0]).await.contains(&"\\Seen".into()));
    let found = source.find_applied(&key, &op).await.unwrap().unwrap();
    assert_eq!(uid(&found.remote_id.unwrap()), filed[0]);

    // A copy that is there already is not filed a second time.
    source.apply(&key, &op).await.unwrap();
    assert_eq!(server.find(USER, "Sent", &key.0).await.len(), 1);
}

struct Contract {
    server: Dovecot,
    submission: SmtpServer,
    proxy: ChaosProxy,
    secret: std::sync::Mutex<String>,
    count: std::sync::atomic::AtomicU32,
}

impl Contract {
    async fn new(capability: Option<&str>) -> Self {
        let server = rung(capability).await;
        for number in 1..=24 {
            let attachment = if number % 6 == 0 {
                "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n--b\r\n\
                 Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n\
                 aGVsbG8gd29ybGQ=\r\n--b--\r\n"
            } else {
                "\r\nhello\r\n"
            };
            let raw = format!(
                "Message-ID: <c{number}@inlet.test>\r\nFrom: bob@inlet.test\r\nSubject: Contract {number}\r\n{attachment}"
            );
            server.deliver(USER, "INBOX", raw.as_bytes());
        }
        let submission = SmtpServer::start(SmtpOptions::delivering_to(&server)).await;
        let proxy = ChaosProxy::start(server.port).await;
        Self { server, submission, proxy, secret: std::sync::Mutex::new("secret".into()), count: 100.into() }
    }
}

impl Contract {
    async fn uidvalidity(&self) -> String {
        let told = self.server.client(USER).await.select("INBOX").await;
        told.into_iter().find(|line| line.contains("UIDVALIDITY")).unwrap()
    }
}

#[async_trait]
impl Fixture for Contract {
    fn source(&self) -> AnySource {
        let config = ImapConfig {
            imap: self.proxy.endpoint(),
            smtp: Some(self.submission.plain_endpoint()),
            ..self.server.plain_config(USER)
        };
        AnySource::Mail(source_with(config, Some(&self.secret.lock().unwrap())))
    }

    async fn scope(&self) -> Scope {
        scope(&source(self.server.plain_config(USER)), ScopeRole::Inbox).await
    }

    fn outgoing(&self) -> Option<Outgoing> {
        Some(outgoing())
    }

    async fn effects(&self, key: &OpKey) -> Option<usize> {
        let id = format!("<{}>", key.0);
        Some(self.submission.mails().iter().filter(|mail| mail.text().contains(&id)).count())
    }

    async fn arrive(&self) -> Option<String> {
        let number = self.count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        self.server.append(USER, "INBOX", &message(number, "it came"), "").await;
        Some(format!("Mail {number}"))
    }

    async fn vanish(&self, item: &RemoteId) -> bool {
        self.server.expunge(USER, "INBOX", &[uid(item)]).await;
        true
    }

    async fn set_read(&self, item: &RemoteId, read: bool) -> bool {
        let change = if read { "+FLAGS" } else { "-FLAGS" };
        self.server.set_flags(USER, "INBOX", &[uid(item)], change, "\\Seen").await;
        true
    }

    async fn expire(&self) -> bool {
        let before = self.uidvalidity().await;
        for _ in 0..100 {
            // A session that has the mailbox open would write the old numbers down again.
            self.proxy.cut_all();
            self.server.renumber(USER, "INBOX");
            if self.uidvalidity().await != before {
                return true;
            }
        }
        panic!("the mailbox keeps its numbers");
    }

    async fn revoke(&self) -> bool {
        *self.secret.lock().unwrap() = "changed elsewhere".into();
        true
    }
}

inlet_testkit::source_contract!(contract_qresync, Contract::new(None).await);
inlet_testkit::source_contract!(contract_condstore, Contract::new(RUNGS[1].1).await);
inlet_testkit::source_contract!(contract_plain, Contract::new(Some("IMAP4rev1 IDLE")).await);
