//! Signing in at Slack's page by PKCE, against a fake that checks the proof, and an account that lives of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::{net::TcpListener, sync::Arc, time::Duration};

use async_trait::async_trait;
use inlet_connectors::{open, sign_in};
use inlet_model::{
    Account, AccountConfig, AccountId, AnySource, Grant, OAuthConfig, Prompt, Refusal, Remedy, Result, SecretName,
    Secrets, SignInRequest, SlackConfig, SourceError,
};
use inlet_testkit::{
    MemoryQueue, Visitor,
    slack::{CLIENT, FakeSlack, Fault},
};
use parking_lot::Mutex;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

const LIMIT: Duration = Duration::from_secs(60);

/// The refresh token of the account.
struct Kept(Mutex<Option<SecretString>>);

#[async_trait]
impl Secrets for Kept {
    fn get(&self, _: AccountId, name: SecretName) -> Result<Option<SecretString>> {
        Ok(self.0.lock().clone().filter(|_| name == SecretName::RefreshToken))
    }

    async fn put(&self, _: AccountId, name: SecretName, secret: SecretString) -> Result<()> {
        assert_eq!(name, SecretName::RefreshToken);
        *self.0.lock() = Some(secret);
        Ok(())
    }
}

fn config(fake: &FakeSlack) -> SlackConfig {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    SlackConfig {
        api_root: fake.api_root(),
        address: None,
        workspace: None,
        oauth: Some(OAuthConfig {
            authorize_url: format!("{}/oauth/v2/authorize", fake.authority()),
            token_url: format!("{}/oauth.v2.access", fake.api_root()),
            client_id: CLIENT.to_owned(),
            port: Some(free),
            ..OAuthConfig::default()
        }),
    }
}

fn request(config: &SlackConfig) -> SignInRequest {
    SignInRequest { config: AccountConfig::Slack(config.clone()), client_secret: None, claims: None, device: false }
}

async fn begin(config: &SlackConfig) -> (String, tokio::task::JoinHandle<std::result::Result<Grant, Refusal>>) {
    let begun = sign_in(request(config)).await.unwrap();
    let Prompt::Browser { url } = begun.prompt() else { panic!("a page") };
    (url, tokio::spawn(begun.finish()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_and_the_account_lives_of_tokens_that_rotate() {
    let Some(fake) = FakeSlack::start("a_person_signs_in_at_slack") else { return };
    let config = config(&fake);
    let (page, finish) = begin(&config).await;
    let back = Visitor::default().sign_in(&page, "").await;
    assert_eq!(back.status, 200, "{}", back.body);
    let grant = inlet_testkit::timeout(LIMIT, finish).await.unwrap().unwrap();
    let subject = grant.subject.unwrap();
    assert!(subject.starts_with("T00000001/"), "the person and the workspace: {subject}");

    let kept = Arc::new(Kept(Mutex::new(Some(grant.refresh_token.clone()))));
    let account = Account { id: AccountId(1), name: "Initech".into(), config: AccountConfig::Slack(config.clone()) };
    let source = match open(&account, kept.clone(), Arc::new(MemoryQueue::default())).unwrap().pop() {
        Some(AnySource::Message(source)) => source,
        _ => panic!("Slack is a source of messages"),
    };
    source.scopes().await.unwrap();
    assert_eq!(fake.requests("oauth.v2.access"), 2, "the code, and the first refresh");
    let rotated = kept.0.lock().clone().unwrap();
    assert_ne!(rotated.expose_secret(), grant.refresh_token.expose_secret(), "the new one is kept before it is used");
    // Ended early, it is asked for once more, and the request goes on.
    fake.fail("users.conversations", Fault::Error("token_expired"));
    source.scopes().await.unwrap();
    assert_eq!(fake.requests("oauth.v2.access"), 3);
    // A refresh token that was used is worth nothing: the person is asked.
    *kept.0.lock() = Some(rotated);
    fake.fail("users.conversations", Fault::Error("token_expired"));
    let error = source.scopes().await.unwrap_err();
    assert!(matches!(&error, SourceError::AuthNeeded(sentence) if sentence.contains("sign in again")), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_has_to_belong_to_this_sign_in() {
    let Some(fake) = FakeSlack::start("what_comes_back_has_to_belong_to_this_sign_in") else { return };
    let config = config(&fake);
    let (page, finish) = begin(&config).await;
    let good = Visitor::default().consent(&page, "").await;
    // Another state, none, and another path are nobody's answer: the wait goes on.
    for (name, value) in [("state", Some("guessed")), ("state", None)] {
        let mut wrong = good.clone();
        let pairs: Vec<(String, String)> = good.query_pairs().into_owned().filter(|(known, _)| known != name).collect();
        wrong.query_pairs_mut().clear().extend_pairs(pairs);
        if let Some(value) = value {
            wrong.query_pairs_mut().append_pair(name, value);
        }
        let page = Visitor::default().go(&wrong).await;
        assert!(page.status >= 400, "{wrong}: {}", page.status);
        assert!(!finish.is_finished());
    }
    assert_eq!(fake.requests("oauth.v2.access"), 0, "no code of a stranger's is redeemed");
    // A code that was given to another sign-in proves nothing here: its challenge is another one.
    let second = SlackConfig {
        oauth: config.oauth.clone().map(|oauth| OAuthConfig { port: other_port(), ..oauth }),
        ..config.clone()
    };
    let (other, waiting) = begin(&second).await;
    let stolen = Visitor::default().consent(&other, "").await;
    let code = stolen.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let mut mixed = good.clone();
    let state = good.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    mixed.query_pairs_mut().clear().extend_pairs([("code", code.as_str()), ("state", state.as_str())]);
    Visitor::default().go(&mixed).await;
    let refused = inlet_testkit::timeout(LIMIT, finish).await.unwrap().map(|_| ()).unwrap_err();
    assert!(matches!(refused.error, SourceError::AuthNeeded(_)), "{refused:?}");
    waiting.abort();
}

fn other_port() -> Option<u16> {
    Some(TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_is_said_and_a_port_that_is_taken_is_named() {
    let Some(fake) = FakeSlack::start("a_no_is_said_and_a_port_that_is_taken_is_named") else { return };
    let config = config(&fake);
    let (page, finish) = begin(&config).await;
    let good = Visitor::default().consent(&page, "").await;
    let state = good.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let mut declined = Url::parse(good.as_str()).unwrap();
    declined.query_pairs_mut().clear().extend_pairs([("error", "access_denied"), ("state", state.as_str())]);
    Visitor::default().go(&declined).await;
    let refused = inlet_testkit::timeout(LIMIT, finish).await.unwrap().map(|_| ()).unwrap_err();
    assert!(refused.error.to_string().contains("declined"), "{refused:?}");

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let oauth = config.oauth.clone().map(|oauth| OAuthConfig { port: Some(port), ..oauth });
    let refused = sign_in(request(&SlackConfig { oauth, ..config.clone() })).await.map(|_| ()).unwrap_err();
    assert!(refused.error.to_string().contains(&port.to_string()), "{refused:?}");
    let oauth = config.oauth.clone().map(|oauth| OAuthConfig { client_id: " ".into(), ..oauth });
    let refused = sign_in(request(&SlackConfig { oauth, ..config })).await.map(|_| ()).unwrap_err();
    assert_eq!(refused.remedy, Remedy::Registration);
}
