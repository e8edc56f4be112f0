//! Against a real, certified provider: what goes well, what is refused, and what must not be lost.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use futures::future::join_all;
use inlet_model::{
    AccountConfig, AccountId, Auth, Endpoint, Grant, ImapConfig, OAuthConfig, Prompt, Refusal, Result, SecretName,
    Secrets, SignIn, SignInRequest, SourceError, Tls,
};
use inlet_testkit::{Oidc, OidcOptions, Visitor, visitor::http};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use url::Url;

use super::{Tokens, device, plan::Plan, sign_in};

const ANNA: &str = "anna@inlet.test";
const MAIL: &str = "https://mail.google.com/";
const ACCOUNT: AccountId = AccountId(1);
const LIMIT: Duration = Duration::from_secs(60);

async fn provider(options: OidcOptions) -> Option<Oidc> {
    if !Oidc::available() {
        println!("skipped: signing in: Node.js is not installed");
        return None;
    }
    Some(Oidc::start(options).await)
}

fn request(oauth: OAuthConfig) -> SignInRequest {
    let nowhere = Endpoint { host: "localhost".into(), port: 1 };
    let config = ImapConfig {
        address: ANNA.into(),
        display_name: None,
        user: None,
        imap: nowhere,
        smtp: None,
        tls: Tls::Implicit,
        auth: Auth::Xoauth2,
        oauth: Some(oauth),
        ca: None,
    };
    SignInRequest { config: AccountConfig::Imap(config), client_secret: None, claims: None, device: false }
}

fn url_of(sign_in: &dyn SignIn) -> String {
    match sign_in.prompt() {
        Prompt::Browser { url } => url,
        other => panic!("{other:?}"),
    }
}

async fn granted(oidc: &Oidc) -> Grant {
    let sign_in = sign_in(request(oidc.config(&["offline_access", MAIL]))).await.unwrap();
    let url = url_of(sign_in.as_ref());
    let finish = tokio::spawn(sign_in.finish());
    let page = Visitor::default().sign_in(&url, ANNA).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("You are signed in"), "{}", page.body);
    inlet_testkit::timeout(LIMIT, finish).await.unwrap().unwrap()
}

/// Secrets on a disk that is memory.
#[derive(Default)]
struct Kept(Mutex<HashMap<&'static str, SecretString>>);

impl Kept {
    fn of(grant: &Grant) -> Arc<Self> {
        let kept = Self::default();
        kept.0.lock().unwrap().insert(SecretName::RefreshToken.as_str(), grant.refresh_token.clone());
        Arc::new(kept)
    }

    fn refresh_token(&self) -> String {
        self.0.lock().unwrap()[SecretName::RefreshToken.as_str()].expose_secret().to_owned()
    }
}

#[async_trait]
impl Secrets for Kept {
    fn get(&self, _: AccountId, name: SecretName) -> Result<Option<SecretString>> {
        Ok(self.0.lock().unwrap().get(name.as_str()).cloned())
    }

    async fn put(&self, _: AccountId, name: SecretName, secret: SecretString) -> Result<()> {
        self.0.lock().unwrap().insert(name.as_str(), secret);
        Ok(())
    }
}

fn tokens(oidc: &Oidc, kept: &Arc<Kept>) -> Tokens {
    Tokens::new(ACCOUNT, oidc.config(&[]), Vec::new(), kept.clone()).unwrap()
}

fn needs_sign_in<T>(outcome: Result<T, impl Into<Refusal>>) -> String {
    match outcome.map_err(|error| error.into().error) {
        Err(SourceError::AuthNeeded(sentence)) => sentence,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was taken"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_signs_in_with_pkce_and_the_person_is_known() {
    let Some(oidc) = provider(OidcOptions::default()).await else { return };
    let sign_in = sign_in(request(oidc.config(&["offline_access", MAIL]))).await.unwrap();
    let url = Url::parse(&url_of(sign_in.as_ref())).unwrap();
    let asked: HashMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!(asked["code_challenge_method"], "S256");
    assert_eq!(asked["scope"], format!("openid email profile offline_access {MAIL}"));
    assert_eq!(asked["login_hint"], ANNA);
    assert!(asked["state"].len() >= 16 && asked["nonce"].len() >= 16 && asked["state"] != asked["nonce"]);
    assert!(asked["redirect_uri"].starts_with("http://127.0.0.1:"));
    let finish = tokio::spawn(sign_in.finish());
    Visitor::default().sign_in(url.as_str(), ANNA).await;
    let grant = inlet_testkit::timeout(LIMIT, finish).await.unwrap().unwrap();
    assert_eq!((grant.subject.as_deref(), grant.address.as_deref()), (Some(ANNA), Some(ANNA)));
    let kept = Kept::of(&grant);
    assert!(!tokens(&oidc, &kept).bearer().await.unwrap().expose_secret().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_bad_callbacks_are_refused_and_end_nothing() {
    let Some(oidc) = provider(OidcOptions::default()).await else { return };
    let sign_in = sign_in(request(oidc.config(&["offline_access", MAIL]))).await.unwrap();
    let page = url_of(sign_in.as_ref());
    let mut finish = tokio::spawn(sign_in.finish());
    let back = Visitor::default().consent(&page, ANNA).await;
    let port = back.port().unwrap();
    let part = |name: &str| {
        let value = back.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
        url::form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>()
    };
    let (code, state, iss) = (part("code"), part("state"), part("iss"));
    let host = format!("127.0.0.1:{port}");
    let get = |target: &str, host: &str| format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let with = |query: &str| get(&format!("/?{query}"), &host);
    let good = format!("code={code}&state={state}&iss={iss}");
    let (rest, last) = state.split_at(state.len() - 1);
    let other_state = format!("{rest}{}", if last == "A" { "B" } else { "A" });
    let bad = [
        ("no query", get("/", &host)),
        ("no state", with(&format!("code={code}"))),
        ("an empty state", with(&format!("code={code}&state="))),
        ("a wrong state", with(&format!("code={code}&state=AAAAAAAAAAAAAAAAAAAAAA"))),
        ("almost the state", with(&format!("code={code}&state={other_state}"))),
        ("the state twice", with(&format!("code={code}&state={state}&state={state}"))),
        ("two states", with(&format!("code={code}&state=x&state={state}"))),
        ("no code", with(&format!("state={state}"))),
        ("an empty code", with(&format!("code=&state={state}"))),
        ("two codes", with(&format!("code={code}&code=x&state={state}"))),
        ("a code and an error", with(&format!("code={code}&error=access_denied&state={state}"))),
        ("an error of a stranger", with("error=access_denied")),
        ("an error with a wrong state", with("error=access_denied&state=x")),
        ("another provider", with(&format!("code={code}&state={state}&iss=https%3A%2F%2Fevil.test"))),
        ("no address as provider", with(&format!("code={code}&state={state}&iss=evil"))),
        (
            "another port of the provider's host",
            with(&format!("code={code}&state={state}&iss=http%3A%2F%2F127.0.0.1%3A9")),
        ),
        ("another path", get(&format!("/callback?{good}"), &host)),
        ("a name of the web", get(&format!("/?{good}"), &format!("evil.test:{port}"))),
        ("no port", get(&format!("/?{good}"), "127.0.0.1")),
        ("another port", get(&format!("/?{good}"), "127.0.0.1:1")),
        ("a huge query", with(&format!("{good}&x={}", "x".repeat(40_000)))),
        ("a form", format!("POST /?{good} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")),
        ("a head", format!("HEAD /?{good} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")),
        ("options", format!("OPTIONS /?{good} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")),
        ("nonsense", format!("GET /?{good} HTTP/9.9\r\n\r\n")),
    ];
    assert!(bad.len() >= 20);
    for (what, request) in bad {
        let answer = http(port, &request).await;
        assert!((400..=431).contains(&answer.status), "{what}: {}", answer.status);
        assert!(!answer.body.contains(&code), "{what}");
        assert!(!finish.is_finished(), "{what} ended the wait");
    }
    // The fetch of the token has not happened either.
    assert!(oidc.answered().await.is_empty());
    let page = http(port, &with(&good)).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    inlet_testkit::timeout(LIMIT, &mut finish).await.unwrap().unwrap();
    // Nobody listens any more.
    assert!(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_of_another_sign_in_is_worth_nothing() {
    let Some(oidc) = provider(OidcOptions::default()).await else { return };
    let begin = || sign_in(request(oidc.config(&["offline_access", MAIL])));
    let (first, second) = (begin().await.unwrap(), begin().await.unwrap());
    let stolen = Visitor::default().consent(&url_of(first.as_ref()), ANNA).await;
    let mut own = Visitor::default().consent(&url_of(second.as_ref()), ANNA).await;
    let finish = tokio::spawn(second.finish());
    let code = stolen.query_pairs().find(|(key, _)| key == "code").unwrap().1.into_owned();
    let pairs: Vec<_> = own.query_pairs().into_owned().filter(|(key, _)| key != "code").collect();
    own.query_pairs_mut().clear().extend_pairs(pairs).append_pair("code", &code);
    let page = Visitor::default().go(&own).await;
    assert!(page.body.contains("did not work"), "{}", page.body);
    needs_sign_in(inlet_testkit::timeout(LIMIT, finish).await.unwrap().map(|_| ()));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_declines_is_told_so() {
    let Some(oidc) = provider(OidcOptions::default()).await else { return };
    let sign_in = sign_in(request(oidc.config(&["offline_access", MAIL]))).await.unwrap();
    let url = url_of(sign_in.as_ref());
    let finish = tokio::spawn(sign_in.finish());
    let mut visitor = Visitor::default();
    let back = visitor.decline(&url).await;
    assert!(back.as_str().contains("error=access_denied"), "{back}");
    assert!(visitor.go(&back).await.body.contains("did not work"));
    let sentence = needs_sign_in(inlet_testkit::timeout(LIMIT, finish).await.unwrap().map(|_| ()));
    assert!(sentence.contains("declined"), "{sentence}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_on_another_device_is_waited_for_at_the_pace_that_is_asked() {
    let Some(oidc) = provider(OidcOptions::default()).await else { return };
    let request = SignInRequest { device: true, ..request(oidc.config(&["offline_access", MAIL])) };
    let device = device::ask(Plan::new(&request).unwrap()).await.unwrap();
    let Prompt::Device { url, code, direct, minutes } = device.prompt() else { panic!() };
    assert!(url.starts_with(&oidc.issuer()) && code.len() >= 8 && minutes == 10);
    let direct = direct.unwrap();
    oidc.faults("token", json!([{ "status": 400, "body": { "error": "slow_down" } }])).await;
    let pauses = Mutex::new(Vec::new());
    let pause = |time: Duration| {
        let turn = {
            let mut pauses = pauses.lock().unwrap();
            pauses.push(time.as_secs());
            pauses.len()
        };
        let direct = direct.clone();
        async move {
            if turn == 2 {
                Visitor::default().type_code(&direct, ANNA).await;
            }
        }
    };
    let grant = inlet_testkit::timeout(LIMIT, device.poll(pause)).await.unwrap();
    assert_eq!(grant.address.as_deref(), Some(ANNA));
    // Told to slow down once, then still pending at the slower pace.
    assert_eq!(*pauses.lock().unwrap(), [10, 10]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_code_that_nobody_typed_runs_out() {
    let Some(oidc) = provider(OidcOptions::default()).await else { return };
    let request = SignInRequest { device: true, ..request(oidc.config(&["offline_access", MAIL])) };
    let device = device::ask(Plan::new(&request).unwrap()).await.unwrap();
    let outcome = device.poll(|_| oidc.clock(601));
    let sentence = needs_sign_in(inlet_testkit::timeout(LIMIT, outcome).await.map(|_| ()));
    assert!(sentence.contains("code has run out"), "{sentence}");
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_once_refresh_once_and_rotation_never_bites() {
    let Some(oidc) = provider(OidcOptions::default()).await else { return };
    let grant = granted(&oidc).await;
    let (first, kept) = (grant.refresh_token.expose_secret().to_owned(), Kept::of(&grant));
    let all = tokens(&oidc, &kept);
    let got: Vec<_> = join_all((0..50).map(|_| all.bearer())).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(oidc.refreshes().await, 1);
    assert!(got.iter().all(|one| one.expose_secret() == got[0].expose_secret()));
    let others = join_all((0..50).map(|_| all.instead_of(&got[0], None))).await;
    assert_eq!(oidc.refreshes().await, 2);
    assert!(others.into_iter().all(|one| one.unwrap().expose_secret() != got[0].expose_secret()));
    assert_ne!(kept.refresh_token(), first, "the provider rotates");

    // Killed after a refresh: what is on the disk is good.
    drop(all);
    let after = tokens(&oidc, &kept);
    after.bearer().await.unwrap();
    assert_eq!(oidc.refreshes().await, 3);

    // The provider does detect a second use, and ends the sign-in for it.
    let thief = tokens(&oidc, &Kept::of(&grant));
    needs_sign_in(thief.bearer().await);
    needs_sign_in(tokens(&oidc, &kept).bearer().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_that_nobody_waits_for_any_more_keeps_what_it_gets() {
    let Some(oidc) = provider(OidcOptions::default()).await else { return };
    let kept = Kept::of(&granted(&oidc).await);
    let before = (oidc.answered().await.len(), kept.refresh_token());
    let all = Arc::new(tokens(&oidc, &kept));
    oidc.faults("token", json!([{ "hold": true }])).await;
    let asking = tokio::spawn({
        let all = all.clone();
        async move { all.bearer().await }
    });
    oidc.until_answered(before.0 + 1).await;
    // The old refresh token is used up at the provider, and the source is cancelled at that moment.
    asking.abort();
    assert!(asking.await.unwrap_err().is_cancelled());
    oidc.release().await;
    all.bearer().await.unwrap();
    assert_ne!(kept.refresh_token(), before.1);
    assert_eq!(oidc.refreshes().await, 1);
    // Nothing took it for theft.
    tokens(&oidc, &kept).bearer().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn withdrawn_and_expired_sign_ins_want_the_person() {
    let Some(oidc) = provider(OidcOptions::default()).await else { return };
    let kept = Kept::of(&granted(&oidc).await);
    oidc.revoke(&kept.refresh_token()).await;
    assert!(needs_sign_in(tokens(&oidc, &kept).bearer().await).contains("sign in again"));

    let kept = Kept::of(&granted(&oidc).await);
    oidc.clock(86_401).await;
    assert!(needs_sign_in(tokens(&oidc, &kept).bearer().await).contains("sign in again"));
    needs_sign_in(tokens(&oidc, &Arc::new(Kept::default())).bearer().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_clock_is_no_obstacle() {
    for skew in [-86_400, 86_400 * 30] {
        let Some(oidc) = provider(OidcOptions { skew, ..OidcOptions::default() }).await else { return };
        let kept = Kept::of(&granted(&oidc).await);
        let all = tokens(&oidc, &kept);
        let token = all.bearer().await.unwrap();
        assert_eq!(all.bearer().await.unwrap().expose_secret(), token.expose_secret(), "held for its lifetime");
        assert_eq!(oidc.refreshes().await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claims_challenge_reaches_the_provider_and_short_tokens_are_renewed() {
    let options = OidcOptions { access: Duration::from_secs(30), ..OidcOptions::default() };
    let Some(oidc) = provider(options).await else { return };
    let all = tokens(&oidc, &Kept::of(&granted(&oidc).await));
    let token = all.bearer().await.unwrap();
    // Half a minute is less than a request may take.
    let next = all.bearer().await.unwrap();
    assert_ne!(next.expose_secret(), token.expose_secret());
    let claims = r#"{"access_token":{"nbf":{"essential":true,"value":"1720000000"}}}"#;
    all.instead_of(&next, Some(claims)).await.unwrap();
    let last = oidc.answered().await.pop().unwrap();
    assert_eq!((last.status, last.params["claims"].as_str()), (200, Some(claims)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_refresh_cannot_prove_is_asked_of_the_person() {
    let Some(oidc) = provider(OidcOptions::default()).await else { return };
    let kept = Kept::of(&granted(&oidc).await);
    let all = tokens(&oidc, &kept);
    let token = all.bearer().await.unwrap();
    kept.put(ACCOUNT, SecretName::RefreshToken, "withdrawn".into()).await.unwrap();
    let claims = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#;
    needs_sign_in(all.instead_of(&token, Some(claims)).await.map(drop));
    let demanded = kept.get(ACCOUNT, SecretName::Claims).unwrap().unwrap();
    assert_eq!(demanded.expose_secret(), claims);

    let asked = SignInRequest { claims: Some(claims.into()), ..request(oidc.config(&["offline_access", MAIL])) };
    let url = Url::parse(&url_of(sign_in(asked).await.unwrap().as_ref())).unwrap();
    assert!(url.query_pairs().any(|(name, value)| name == "claims" && value == claims), "{url}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_the_provider_does_not_know_is_named_as_the_fault() {
    let Some(oidc) = provider(OidcOptions::default()).await else { return };
    let stranger = OAuthConfig { client_id: "stranger".into(), ..oidc.config(&[MAIL]) };
    let device = SignInRequest { device: true, ..request(stranger.clone()) };
    let sentence = needs_sign_in(sign_in(device).await.map(|_| ()));
    assert!(sentence.contains("client id"), "{sentence}");
    let kept = Kept::of(&granted(&oidc).await);
    let all = Tokens::new(ACCOUNT, stranger, Vec::new(), kept.clone()).unwrap();
    assert!(needs_sign_in(all.bearer().await).contains("client id"));
    // The sign-in itself is as good as before.
    tokens(&oidc, &kept).bearer().await.unwrap();

    // An app with a secret needs it, for the code and for each refresh.
    let oauth = OAuthConfig { client_id: "inlet-secret".into(), ..oidc.config(&["offline_access", MAIL]) };
    let secret = SecretString::from("not-so-secret");
    let asked = SignInRequest { client_secret: Some(secret.clone()), ..request(oauth.clone()) };
    let begun = sign_in(asked).await.unwrap();
    let url = url_of(begun.as_ref());
    let finish = tokio::spawn(begun.finish());
    Visitor::default().sign_in(&url, ANNA).await;
    let kept = Kept::of(&inlet_testkit::timeout(LIMIT, finish).await.unwrap().unwrap());
    let all = Tokens::new(ACCOUNT, oauth, Vec::new(), kept.clone()).unwrap();
    assert!(needs_sign_in(all.bearer().await).contains("client id"));
    kept.put(ACCOUNT, SecretName::ClientSecret, secret).await.unwrap();
    all.bearer().await.unwrap();
}

#[tokio::test]
async fn a_provider_is_only_spoken_to_over_tls() {
    let good = OAuthConfig {
        authorize_url: "https://login.inlet.test/auth".into(),
        token_url: "https://login.inlet.test/token".into(),
        device_url: Some("http://login.inlet.test/device".into()),
        client_id: "inlet".into(),
        ..OAuthConfig::default()
    };
    for bad in [
        OAuthConfig { token_url: "http://login.inlet.test/token".into(), ..good.clone() },
        OAuthConfig { authorize_url: "http://login.inlet.test/auth".into(), ..good.clone() },
        OAuthConfig { authorize_url: "javascript:alert(1)".into(), ..good.clone() },
        OAuthConfig { authorize_url: "https://anna:x@login.inlet.test/".into(), ..good.clone() },
        OAuthConfig { client_id: " ".into(), ..good.clone() },
    ] {
        assert!(matches!(sign_in(request(bad)).await, Err(Refusal { error: SourceError::Permanent(_), .. })));
    }
    let device = SignInRequest { device: true, ..request(good) };
    assert!(matches!(sign_in(device).await, Err(Refusal { error: SourceError::Permanent(_), .. })));
}
