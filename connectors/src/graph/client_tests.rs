use std::sync::atomic::AtomicUsize;

use inlet_model::{AccountId, OAuthConfig, SecretName, Secrets};
use parking_lot::Mutex;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;

/// A peer that answers each request with the next of these, in raw bytes; it keeps what it was asked.
/// Tokens are given out by the same peer: `token-1`, `token-2` and so on.
struct Peer {
    root: String,
    asked: Arc<Mutex<Vec<String>>>,
    tokens: Arc<AtomicUsize>,
}

impl Peer {
    async fn start(answers: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let root = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let tokens = Arc::new(AtomicUsize::new(0));
        let (kept, given) = (asked.clone(), tokens.clone());
        tokio::spawn(async move {
            let mut answers = answers.into_iter();
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let request = read(&mut stream).await;
                let answer = if request.starts_with("POST /token") {
                    let number = given.fetch_add(1, Ordering::SeqCst) + 1;
                    kept.lock().push(request);
                    let body =
                        format!(r#"{{"access_token":"token-{number}","token_type":"Bearer","expires_in":3600}}"#);
                    answer("200 OK", "", &body)
                } else {
                    kept.lock().push(request);
                    answers.next().unwrap_or_default()
                };
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Self { root, asked, tokens }
    }

    fn graph(&self) -> Graph {
        self.graph_with(Arc::new(Refresh))
    }

    fn graph_with(&self, secrets: Arc<dyn Secrets>) -> Graph {
        let oauth = OAuthConfig {
            authorize_url: format!("{}/authorize", self.root),
            token_url: format!("{}/token", self.root),
            device_url: None,
            client_id: "inlet".into(),
            ..OAuthConfig::default()
        };
        let tokens = Tokens::new(AccountId(1), oauth, vec!["Mail.ReadWrite".into()], secrets).unwrap();
        Graph::new(&format!("{}/v1.0", self.root), Arc::new(tokens)).unwrap()
    }

    /// Requests but those for tokens.
    fn asked(&self) -> Vec<String> {
        self.asked.lock().iter().filter(|request| !request.starts_with("POST /token")).cloned().collect()
    }
}

struct Refresh;

#[async_trait::async_trait]
impl Secrets for Refresh {
    fn get(&self, _: AccountId, name: SecretName) -> Result<Option<SecretString>> {
        Ok((name == SecretName::RefreshToken).then(|| "refresh".into()))
    }

    async fn put(&self, _: AccountId, _: SecretName, _: SecretString) -> Result<()> {
        Ok(())
    }
}

async fn read(stream: &mut tokio::net::TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut buffer).await.unwrap() {
            0 => return text,
            count => bytes.extend(&buffer[..count]),
        }
    }
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{body}", body.len())
}

fn refused(status: &str, headers: &str, code: &str) -> String {
    answer(status, headers, &format!(r#"{{"error":{{"code":"{code}","message":"übersetzt"}}}}"#))
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let peer = Peer::start(vec![
        refused("401 Unauthorized", "", "InvalidAuthenticationToken"),
        answer("200 OK", "", r#"{"id":"x"}"#),
        refused("401 Unauthorized", "", "InvalidAuthenticationToken"),
        refused("401 Unauthorized", "", "InvalidAuthenticationToken"),
    ])
    .await;
    let graph = peer.graph();
    graph.get(&["me"]).send().await.unwrap();
    let asked = peer.asked();
    assert!(asked[0].contains("authorization: Bearer token-1"), "{}", asked[0]);
    assert!(asked[1].contains("authorization: Bearer token-2"), "{}", asked[1]);
    assert!(matches!(graph.get(&["me"]).send().await, Err(SourceError::AuthNeeded(_))));
    assert_eq!(peer.tokens.load(Ordering::SeqCst), 3, "no token is fetched in vain");
}

#[tokio::test]
async fn a_claims_challenge_is_handed_to_the_provider() {
    // {"access_token":{"acrs":{"essential":true,"value":"c1"}}}
    let claims = "eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlIjoiYzEifX19";
    let header = format!("WWW-Authenticate: Bearer realm=\"\", error=\"insufficient_claims\", claims=\"{claims}\"\r\n");
    let peer =
        Peer::start(vec![refused("403 Forbidden", &header, "insufficient_claims"), answer("200 OK", "", "{}")]).await;
    peer.graph().get(&["me"]).send().await.unwrap();
    let asked = peer.asked.lock().clone();
    let second = asked.iter().filter(|request| request.starts_with("POST /token")).nth(1).unwrap();
    assert!(second.contains("claims=%7B%22access_token%22"), "{second}");
}

#[tokio::test]
async fn a_challenge_that_a_new_token_does_not_meet_is_kept_for_the_sign_in() {
    // {"access_token":{"acrs":{"essential":true,"value":"c1"}}}
    let claims = "eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlIjoiYzEifX19";
    let header = format!("WWW-Authenticate: Bearer realm=\"\", error=\"insufficient_claims\", claims=\"{claims}\"\r\n");
    let challenge = || refused("401 Unauthorized", &header, "InvalidAuthenticationToken");
    let peer = Peer::start(vec![challenge(), challenge()]).await;
    let demanded = Arc::new(Mutex::new(None));
    let error = peer.graph_with(Arc::new(Demanded(demanded.clone()))).get(&["me"]).send().await.map(drop).unwrap_err();
    assert!(matches!(error, SourceError::AuthNeeded(_)), "{error:?}");
    assert_eq!(demanded.lock().as_deref(), Some(r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#));
}

/// Secrets that remember what has to be proved.
struct Demanded(Arc<Mutex<Option<String>>>);

#[async_trait::async_trait]
impl Secrets for Demanded {
    fn get(&self, account: AccountId, name: SecretName) -> Result<Option<SecretString>> {
        Refresh.get(account, name)
    }

    async fn put(&self, _: AccountId, name: SecretName, secret: SecretString) -> Result<()> {
        if name == SecretName::Claims {
            *self.0.lock() = Some(secret.expose_secret().to_owned());
        }
        Ok(())
    }
}

#[tokio::test]
async fn refusals_are_decisions() {
    type Row = (&'static str, &'static str, &'static str, fn(&SourceError) -> bool);
    let table: [Row; 11] = [
        ("410 Gone", "", "SyncStateNotFound", |error| *error == SourceError::CursorExpired),
        ("410 Gone", "", "", |error| *error == SourceError::CursorExpired),
        ("400 Bad Request", "", "syncStateInvalid", |error| *error == SourceError::CursorExpired),
        ("429 Too Many Requests", "Retry-After: 17\r\n", "ApplicationThrottled", |error| {
            *error == SourceError::Throttled { retry_after: Duration::from_secs(17) }
        }),
        (
            "429 Too Many Requests",
            "Date: Fri, 05 Jun 2026 10:00:00 GMT\r\nRetry-After: Fri, 05 Jun 2026 10:02:00 GMT\r\n",
            "20166",
            |error| *error == SourceError::Throttled { retry_after: Duration::from_secs(120) },
        ),
        ("503 Service Unavailable", "Retry-After: 5\r\n", "ServiceUnavailable", |error| {
            *error == SourceError::Throttled { retry_after: Duration::from_secs(5) }
        }),
        ("503 Service Unavailable", "", "ServiceUnavailable", |error| matches!(error, SourceError::Transient(_))),
        ("409 Conflict", "", "ErrorIrresolvableConflict", |error| matches!(error, SourceError::Transient(_))),
        ("403 Forbidden", "", "ErrorAccessDenied", |error| matches!(error, SourceError::Permanent(_))),
        ("400 Bad Request", "", "ErrorInvalidIdMalformed", |error| matches!(error, SourceError::Permanent(_))),
        ("404 Not Found", "", "MailboxNotEnabledForRESTAPI", |error| matches!(error, SourceError::Permanent(_))),
    ];
    for (status, headers, code, right) in table {
        let peer = Peer::start(vec![refused(status, headers, code)]).await;
        let error = peer.graph().get(&["me"]).send().await.err().unwrap();
        assert!(right(&error), "{status} {code}: {error:?}");
        assert!(!error.to_string().contains("übersetzt"), "the message of an error is for nobody");
    }
    let peer = Peer::start(vec![refused("404 Not Found", "", "ErrorItemNotFound")]).await;
    assert!(peer.graph().get(&["me", "messages", "x"]).send_if_there().await.unwrap().is_none());
}

#[tokio::test]
async fn silence_that_is_not_measured_grows() {
    let busy = || refused("429 Too Many Requests", "", "20166");
    let peer = Peer::start((0..8).map(|_| busy()).collect()).await;
    let graph = peer.graph();
    let mut longest = Vec::new();
    for _ in 0..8 {
        match graph.get(&["me"]).send().await {
            Err(SourceError::Throttled { retry_after }) => longest.push(retry_after),
            other => panic!("{:?}", other.err()),
        }
    }
    assert!(longest[0] >= SILENCE / 2 && longest[0] <= SILENCE, "{longest:?}");
    assert!(longest[3] >= SILENCE * 4, "{longest:?}");
    assert!(longest.iter().all(|silence| *silence <= LONGEST_SILENCE), "{longest:?}");
}

#[tokio::test]
async fn what_must_happen_once_is_unknown_when_its_answer_is_lost() {
    let peer = Peer::start(vec![
        String::new(),
        String::new(),
        refused("500 Internal Server Error", "", "ErrorInternalServerError"),
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{\"id\":".to_owned(),
    ])
    .await;
    let graph = peer.graph();
    let post = || graph.call(Method::POST, &["me", "messages", "x", "send"]);
    assert!(matches!(post().send().await, Err(SourceError::Transient(_))));
    assert!(matches!(post().once().send().await, Err(SourceError::Unknown(_))));
    assert!(matches!(post().once().send().await, Err(SourceError::Unknown(_))));
    let torn = post().once().send().await.unwrap().json::<serde_json::Value>().await;
    assert!(matches!(torn, Err(SourceError::Unknown(_))), "{torn:?}");
}

#[test]
fn files_go_to_exchange_and_nowhere_else() {
    let table = [
        ("https://graph.microsoft.com/v1.0/", "https://outlook.office.com/api/v2.0/x?authtoken=y", true),
        ("https://graph.microsoft.com/v1.0/", "https://outlook.office365.com/x", true),
        ("https://graph.microsoft.com/v1.0/", "https://graph.microsoft.com/x", true),
        ("https://graph.microsoft.com/v1.0/", "https://outlook.office365.us/x", false),
        ("https://graph.microsoft.com/v1.0/", "https://outlook.office.com.evil.example/x", false),
        ("https://graph.microsoft.com/v1.0/", "https://evil.example/outlook.office.com", false),
        ("https://graph.microsoft.com/v1.0/", "http://127.0.0.1:8080/x", false),
        ("https://graph.microsoft.us/v1.0/", "https://outlook.office365.us/x", true),
        ("https://graph.microsoft.us/v1.0/", "https://outlook.office.com/x", false),
        ("https://microsoftgraph.chinacloudapi.cn/v1.0/", "https://partner.outlook.cn/x", true),
        ("http://127.0.0.1:1/v1.0/", "http://127.0.0.1:2/x", true),
    ];
    for (root, to, allowed) in table {
        assert_eq!(uploads(&Url::parse(root).unwrap(), &Url::parse(to).unwrap()), allowed, "{root} {to}");
    }
}

#[tokio::test]
async fn the_token_stays_with_the_configured_server() {
    let peer = Peer::start(vec![answer("200 OK", "", "{}")]).await;
    let graph = peer.graph();
    for elsewhere in
        ["https://graph.microsoft.com.evil.example/v1.0/me", "http://127.0.0.1:1/v1.0/me", "nonsense", "//x/y"]
    {
        assert!(matches!(graph.link(elsewhere), Err(SourceError::Permanent(_))), "{elsewhere}");
    }
    assert!(graph.link(&format!("{}/v1.0/me/messages?$skiptoken=%2B", peer.root)).is_ok());
    assert!(graph.anonymous(Method::PUT, "http://outlook.office.com/upload").is_err(), "not without TLS");
    graph.anonymous(Method::PUT, &format!("{}/upload", peer.root)).unwrap().body("x/y", vec![1]).send().await.unwrap();
    assert!(!peer.asked()[0].to_lowercase().contains("authorization"), "an upload session is asked without a token");
}

/// What comes of a body of this size on a line that needs four minutes for it.
async fn brought_slowly(size: usize) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://127.0.0.1:{}/upload", listener.local_addr().unwrap().port());
    let slow = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut buffer = vec![0; 64 * 1024];
        let mut taken = stream.read(&mut buffer).await.unwrap();
        let head = buffer.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(240)).await;
        tokio::time::resume();
        while taken < head + size {
            match stream.read(&mut buffer).await {
                Ok(count) if count > 0 => taken += count,
                // Nobody waited for the rest.
                _ => return,
            }
        }
        let _ = stream.write_all(answer("200 OK", "", "{}").as_bytes()).await;
    });
    let graph = Peer::start(Vec::new()).await.graph();
    let put = graph.anonymous(Method::PUT, &address)?.body("x/y", vec![0; size]).send().await.map(drop);
    slow.abort();
    put
}

#[tokio::test]
async fn a_large_body_may_take_its_time_and_a_small_one_may_not() {
    brought_slowly(4_000_000).await.unwrap();
    assert!(matches!(brought_slowly(1_000).await, Err(SourceError::Transient(_))));
}

#[tokio::test]
async fn what_stands_in_an_address_is_encoded() {
    let peer = Peer::start(vec![answer("200 OK", "", "{}")]).await;
    let graph = peer.graph();
    let call = graph.get(&["me", "messages", "AA/b+c=="]).query(&[("$filter", "id eq 'a+b c'")]);
    assert_eq!(call.relative(), "/me/messages/AA%2Fb+c==?$filter=id%20eq%20%27a%2Bb%20c%27");
    call.send().await.unwrap();
    assert!(peer.asked()[0].starts_with("GET /v1.0/me/messages/AA%2Fb+c=="), "{}", peer.asked()[0]);
}

#[tokio::test]
async fn a_batch_answers_in_order_and_sends_again_what_was_too_many() {
    let part = |id: &str, status: u16, body: &str| format!(r#"{{"id":"{id}","status":{status},"body":{body}}}"#);
    let busy = r#"{"error":{"code":"ApplicationThrottled"}}"#;
    let batch = |parts: Vec<String>| answer("200 OK", "", &format!(r#"{{"responses":[{}]}}"#, parts.join(",")));
    let peer = Peer::start(vec![
        batch(vec![
            part("2", 429, busy),
            part("0", 200, r#"{"n":0}"#),
            part("1", 404, r#"{"error":{"code":"ErrorItemNotFound"}}"#),
        ]),
        batch(vec![part("2", 200, r#"{"n":2}"#)]),
        batch(vec![part("0", 429, busy)]),
    ])
    .await;
    let graph = peer.graph();
    let ask = |id: &str| graph.get(&["me", "messages", id]).prefer("IdType=\"ImmutableId\"").prefer("x=1");
    let parts = graph.batch(vec![ask("a"), ask("b"), ask("c")]).await.unwrap();
    assert_eq!(parts[0].as_ref().unwrap().as_ref().unwrap()["n"], 0);
    assert!(parts[1].as_ref().unwrap().is_none());
    assert_eq!(parts[2].as_ref().unwrap().as_ref().unwrap()["n"], 2);
    let asked = peer.asked();
    assert_eq!(asked.len(), 2);
    assert!(asked[0].starts_with("POST /v1.0/$batch "), "{}", asked[0]);
    assert!(
        asked[0].contains(r#""url":"/me/messages/a""#)
            && asked[0].contains(r#""prefer":"IdType=\"ImmutableId\", x=1""#)
    );
    assert!(!asked[1].contains("/me/messages/a"), "what was answered is not asked again");

    let parts = graph.batch(vec![ask("d")]).await.unwrap();
    assert!(matches!(parts[0], Err(SourceError::Throttled { .. })), "no progress is no reason to go on");
}

#[tokio::test]
async fn more_than_twenty_go_in_several_batches() {
    let parts = |count: usize| {
        let all: Vec<String> = (0..count).map(|id| format!(r#"{{"id":"{id}","status":204}}"#)).collect();
        answer("200 OK", "", &format!(r#"{{"responses":[{}]}}"#, all.join(",")))
    };
    let peer = Peer::start(vec![parts(20), parts(20), parts(5)]).await;
    let graph = peer.graph();
    let calls = (0..45).map(|id| graph.call(Method::DELETE, &["me", "messages", &id.to_string()])).collect();
    assert_eq!(graph.batch(calls).await.unwrap().iter().filter(|part| part.is_ok()).count(), 45);
    assert_eq!(peer.asked().len(), 3);
}

/// The answer to a batch with these parts: number, status, headers.
fn parts(all: &[(usize, u16, serde_json::Value)]) -> String {
    let part = |(id, status, headers): &(usize, u16, serde_json::Value)| serde_json::json!({ "id": id.to_string(), "status": status, "headers": headers, "body": {} });
    let body = serde_json::json!({ "responses": all.iter().map(part).collect::<Vec<_>>() }).to_string();
    answer("200 OK", "Date: Fri, 05 Jun 2026 10:00:00 GMT\r\n", &body)
}

fn batch_of(graph: &Graph, count: usize) -> Vec<Call<'_>> {
    (0..count).map(|id| graph.get(&["me", "messages", &id.to_string()])).collect()
}

#[tokio::test]
async fn a_batch_is_one_refusal_however_many_of_its_parts_are_too_many() {
    let busy = || parts(&(0..20).map(|id| (id, 429, serde_json::json!({}))).collect::<Vec<_>>());
    let dated = parts(&[(0, 429, serde_json::json!({ "Retry-After": "Fri, 05 Jun 2026 10:02:00 GMT" }))]);
    let peer = Peer::start(vec![busy(), busy(), busy(), dated]).await;
    let graph = peer.graph();
    let mut silences = Vec::new();
    for _ in 0..3 {
        let parts = graph.batch(batch_of(&graph, 20)).await.unwrap();
        let told: std::collections::BTreeSet<Duration> = parts
            .into_iter()
            .map(|part| match part {
                Err(SourceError::Throttled { retry_after }) => retry_after,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(told.len(), 1, "{told:?}");
        silences.extend(told);
    }
    assert!(silences[0] <= SILENCE, "{silences:?}");
    assert!((SILENCE * 2..=SILENCE * 4).contains(&silences[2]), "it grows with each batch: {silences:?}");

    let parts = graph.batch(batch_of(&graph, 1)).await.unwrap();
    assert_eq!(parts, [Err(SourceError::Throttled { retry_after: Duration::from_secs(120) })]);
}

#[tokio::test]
async fn a_part_of_a_batch_whose_token_is_refused_goes_along_again_with_a_newer_one() {
    // {"access_token":{"acrs":{"essential":true,"value":"c1"}}}
    let claims = "eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlIjoiYzEifX19";
    let challenge = format!("Bearer realm=\"\", error=\"insufficient_claims\", claims=\"{claims}\"");
    let challenge = serde_json::json!({ "WWW-Authenticate": challenge });
    let none = || serde_json::json!({});
    let peer = Peer::start(vec![
        parts(&[(0, 200, none()), (1, 403, challenge.clone()), (2, 401, none())]),
        parts(&[(1, 200, none()), (2, 200, none())]),
        parts(&[(0, 401, none()), (1, 200, none())]),
        parts(&[(0, 403, challenge)]),
    ])
    .await;
    let demanded = Arc::new(Mutex::new(None));
    let graph = peer.graph_with(Arc::new(Demanded(demanded.clone())));
    let told = graph.batch(batch_of(&graph, 3)).await.unwrap();
    assert!(told.iter().all(|part| matches!(part, Ok(Some(_)))), "{told:?}");
    let asked = peer.asked();
    assert!(asked[1].contains("authorization: Bearer token-2") && !asked[1].contains("/me/messages/0"), "{}", asked[1]);
    let renewed = peer.asked.lock().iter().filter(|request| request.contains("claims=%7B%22access_token%22")).count();
    assert_eq!(renewed, 1, "what has to be proved is handed to the provider");

    let error = graph.batch(batch_of(&graph, 2)).await.unwrap_err();
    assert!(matches!(error, SourceError::AuthNeeded(_)), "{error:?}");
    assert!(demanded.lock().is_some(), "and kept for the sign-in");
}
