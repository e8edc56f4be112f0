//! Signing in at a real provider, and reading mail from a real server that asks the provider about the
//! token.

use std::time::Duration;

use inlet_model::{AccountConfig, Auth, Endpoint, ImapConfig, Prompt, SourceId};
use inlet_orchestrator::api::{
    ErrorCode,
    types::{AccountView, CheckView, OpState, SignInView, SignedIn, SourceState},
};
use inlet_testkit::{Dovecot, DovecotOptions, Oidc, OidcOptions, SmtpOptions, SmtpServer, Visitor, ports::free_port};
use serde_json::{Value, json};

use crate::harness::{Engine, LIMIT, Setup, holding};

const ANNA: &str = "anna@inlet.test";
const BOB: &str = "bob@inlet.test";
const MAIL: &str = "https://mail.google.com/";

struct World {
    engine: Engine,
    oidc: Oidc,
    dovecot: Dovecot,
    smtp: SmtpServer,
    config: ImapConfig,
}

impl World {
    async fn new(access: Duration) -> Option<Self> {
        if !Dovecot::available() || !Oidc::available() {
            println!("skipped: signing in at a provider: Dovecot or Node.js is not installed");
            return None;
        }
        let oidc = Oidc::start(OidcOptions { access, ..OidcOptions::default() }).await;
        let users = [ANNA, BOB].map(|user| (user.to_owned(), "secret".to_owned())).to_vec();
        let introspection = Some(oidc.introspection());
        let options = DovecotOptions { users, introspection: introspection.clone(), ..DovecotOptions::default() };
        let dovecot = Dovecot::start(options).await;
        let smtp = SmtpServer::start(SmtpOptions { introspection, ..SmtpOptions::delivering_to(&dovecot) }).await;
        let engine = Engine::with(Setup { connectors: true, ..Setup::default() }).await;
        let ca = engine.folder.path().join("ca.pem");
        let both = [dovecot.ca(), smtp.ca()].map(|path| std::fs::read_to_string(path).unwrap()).join("\n");
        std::fs::write(&ca, both).unwrap();
        let config = ImapConfig {
            // Whoever signs in.
            address: String::new(),
            smtp: Some(smtp.tls_endpoint()),
            auth: Auth::Xoauth2,
            oauth: Some(oidc.config(&["offline_access", MAIL])),
            ca: Some(ca),
            ..dovecot.config(ANNA)
        };
        Some(Self { engine, oidc, dovecot, smtp, config })
    }

    async fn begin(&self, params: Value) -> (u32, String) {
        let begun: SignInView = self.engine.call("signin.begin", params).await;
        let Prompt::Browser { url } = begun.prompt else { panic!("{begun:?}") };
        (begun.ticket, url)
    }

    fn anew(&self) -> Value {
        json!({ "config": AccountConfig::Imap(self.config.clone()) })
    }

    async fn connect(&self) -> (AccountView, SourceId) {
        let (ticket, url) = self.begin(self.anew()).await;
        Visitor::default().sign_in(&url, ANNA).await;
        let done: SignedIn = self.engine.call("signin.wait", json!({ "ticket": ticket })).await;
        assert!(done.check.ok, "{:#?}", done.check.steps);
        let account = done.account.unwrap();
        let id = account.sources[0].id;
        self.engine.state_of(id, SourceState::Live).await;
        (account, id)
    }

    fn deliver(&self, subject: &str) {
        let mail = format!(
            "Message-ID: <{subject}@inlet.test>\r\nDate: Mon, 1 Jun 2026 10:00:00 +0000\r\nFrom: Bob <{BOB}>\r\n\
             To: Anna <{ANNA}>\r\nSubject: {subject}\r\n\r\nHello.\r\n"
        );
        self.dovecot.deliver(ANNA, "INBOX", mail.as_bytes());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_is_read_and_sent_with_the_tokens_of_a_provider() {
    // So short that every connection needs another token.
    let Some(world) = World::new(Duration::from_secs(45)).await else { return };
    world.deliver("first");
    let (account, id) = world.connect().await;
    assert_eq!((account.name.as_str(), account.sources[0].identity.as_deref()), (ANNA, Some(ANNA)));
    let row = crate::taxonomy::arrives(&world.engine, "first").await;
    let before = world.oidc.refreshes().await;
    assert!(before >= 2, "the test and the sync each had their own");
    let op = world.engine.reply(row.id, "Gladly.").await;
    world.engine.op_in(op.id, OpState::Done).await;
    assert_eq!(world.smtp.wait_for(1).await[0].user.as_deref(), Some(ANNA));
    assert!(world.oidc.refreshes().await > before);
    world.deliver("second");
    crate::taxonomy::arrives(&world.engine, "second").await;

    // After a restart, the rotated token is the one that is there.
    let World { engine, oidc, dovecot, smtp, config } = world;
    let engine = engine.restart().await;
    let world = World { engine, oidc, dovecot, smtp, config };
    world.deliver("third");
    crate::taxonomy::arrives(&world.engine, "third").await;
    let check: CheckView = world.engine.call("accounts.check", json!({ "id": account.id })).await;
    assert!(check.ok, "{:#?}", check.steps);
    world.engine.state_of(id, SourceState::Live).await;
    // Twice is once.
    let refusal = world.engine.ask("signin.begin", json!({ "config": account.config })).await.unwrap_err();
    assert!(refusal.message.contains("connected already"), "{refusal}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_sign_in_pauses_and_signing_in_again_goes_on() {
    let Some(world) = World::new(Duration::from_secs(45)).await else { return };
    let (account, id) = world.connect().await;
    // Every sign-in of hers ends at the provider, as it does with a changed password.
    world.oidc.faults("token", json!(vec![json!({ "status": 400, "body": { "error": "invalid_grant" } }); 20])).await;
    let _: Value = world.engine.call("accounts.resume", json!({ "id": account.id })).await;
    let source = world.engine.state_of(id, SourceState::AuthNeeded).await;
    assert!(source.message.unwrap().contains("sign in again"));
    world.oidc.faults("token", json!([])).await;

    // Somebody else does not get in.
    let again = json!({ "id": account.id });
    let (ticket, url) = world.begin(again.clone()).await;
    Visitor::default().sign_in(&url, BOB).await;
    let refusal = world.engine.ask("signin.wait", json!({ "ticket": ticket })).await.unwrap_err();
    assert_eq!(refusal.code, ErrorCode::AuthNeeded);
    assert!(refusal.message.contains("Somebody else"), "{refusal}");
    assert_eq!(world.engine.source(id).await.state, SourceState::AuthNeeded);

    // Who declines keeps what there was; who signs in goes on.
    let (ticket, url) = world.begin(again.clone()).await;
    let mut visitor = Visitor::default();
    let back = visitor.decline(&url).await;
    visitor.go(&back).await;
    let refusal = world.engine.ask("signin.wait", json!({ "ticket": ticket })).await.unwrap_err();
    assert!(refusal.message.contains("declined"), "{refusal}");
    let (ticket, url) = world.begin(again).await;
    Visitor::default().sign_in(&url, ANNA).await;
    let done: SignedIn = world.engine.call("signin.wait", json!({ "ticket": ticket })).await;
    assert!(done.check.ok && done.account.unwrap().id == account.id);
    world.engine.state_of(id, SourceState::Live).await;
    world.deliver("after");
    crate::taxonomy::arrives(&world.engine, "after").await;
    assert_eq!(world.engine.accounts().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_up_leaves_nothing_behind() {
    let Some(mut world) = World::new(Duration::from_secs(3600)).await else { return };
    // Cancelled before and after the person came, and replaced by another one.
    let (first, _) = world.begin(world.anew()).await;
    let (ticket, url) = world.begin(world.anew()).await;
    let refusal = world.engine.ask("signin.wait", json!({ "ticket": first })).await.unwrap_err();
    assert_eq!(refusal.code, ErrorCode::Cancelled);
    let waiting = world.engine.ask("signin.wait", json!({ "ticket": ticket }));
    let cancel = async {
        let _: Value = world.engine.call("signin.cancel", json!({ "ticket": ticket })).await;
    };
    let (outcome, ()) = tokio::join!(waiting, cancel);
    assert_eq!(outcome.unwrap_err().code, ErrorCode::Cancelled);
    let port =
        url::Url::parse(&url).unwrap().query_pairs().find(|(key, _)| key == "redirect_uri").unwrap().1.into_owned();
    let port = url::Url::parse(&port).unwrap().port().unwrap();
    inlet_testkit::timeout(LIMIT, async {
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            tokio::task::yield_now().await;
        }
    })
    .await;

    // A test that fails keeps the sign-in, and nothing of it on the disk.
    let good = world.config.imap.clone();
    world.config.imap = Endpoint { host: "localhost".into(), port: free_port() };
    let (ticket, url) = world.begin(world.anew()).await;
    Visitor::default().sign_in(&url, ANNA).await;
    let wait = json!({ "ticket": ticket });
    let done: SignedIn = world.engine.call("signin.wait", wait.clone()).await;
    assert!(done.account.is_none() && !done.check.ok);
    let done: SignedIn = world.engine.call("signin.wait", wait.clone()).await;
    assert!(done.account.is_none(), "tested again without another sign-in");
    assert!(world.engine.accounts().await.is_empty());
    let _: Value = world.engine.call("signin.cancel", wait).await;

    // Somebody else than the mailbox belongs to.
    world.config.imap = good;
    world.config.address = ANNA.into();
    let (ticket, url) = world.begin(world.anew()).await;
    Visitor::default().sign_in(&url, BOB).await;
    let refusal = world.engine.ask("signin.wait", json!({ "ticket": ticket })).await.unwrap_err();
    assert!(refusal.message.contains("Somebody else"), "{refusal}");
    assert!(world.engine.accounts().await.is_empty());
    assert!(holding(&world.engine.data(), "refresh_token").is_empty(), "no secret was written");
}
