//! The listener the browser comes back to (RFC 8252 §7.3).
//!
//! It lives for one sign-in, on a port the system chose, on this computer alone. Anything may knock
//! there: other programs, and pages of the web that guess the port. What does not carry the `state`
//! of this sign-in gets an error page and is forgotten; the wait goes on, so that a stranger can
//! neither finish a sign-in nor end one. The first reply that fits is the only one.

use std::{
    net::{Ipv4Addr, Ipv6Addr},
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use inlet_model::{Result, SourceError};
use tokio::{
    net::TcpListener,
    sync::{Mutex, oneshot, watch},
    task::JoinSet,
    time::timeout,
};
use url::{Origin, Url, form_urlencoded};

/// Longest query that is read; codes are about one kilobyte.
const LONGEST: usize = 16 * 1024;
/// How long the browser may take to fetch the closing page.
const GOODBYE: Duration = Duration::from_secs(2);

/// What a reply has to carry.
pub(super) struct Expected {
    /// The `state` that was sent along (RFC 6749 §10.12).
    pub(super) state: String,
    /// Whose reply it has to be, where it says so (RFC 9207): anybody at the host of the provider's page.
    pub(super) issuer: Origin,
}

/// What came back.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// A code to be redeemed.
    Code(String),
    /// The provider said no.
    Refused {
        /// The word of the protocol.
        code: String,
        /// Words for developers.
        description: String,
    },
}

/// The tab of the browser, which waits to be told how it went.
pub(super) type Tab = oneshot::Sender<bool>;

/// A listener for one reply.
pub(super) struct Loopback {
    port: u16,
    reply: oneshot::Receiver<(Reply, Tab)>,
    stop: watch::Sender<bool>,
    servers: JoinSet<()>,
}

struct Door {
    port: u16,
    expected: Expected,
    /// Taken by the first reply that fits.
    hand_in: Mutex<Option<oneshot::Sender<(Reply, Tab)>>>,
}

impl Loopback {
    /// Listens on this port, else on a free one.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] when this computer gives none, or another program has the one that is meant.
    pub(super) async fn listen(expected: Expected, port: Option<u16>) -> Result<Self> {
        let taken = |port: u16| {
            SourceError::Permanent(format!(
                "Another program listens at port {port} of this computer, where the browser has to come back: end it, \
                 and sign in again."
            ))
        };
        let refused = |_| {
            SourceError::Permanent(
                "This computer lets no program listen, so the browser cannot come back: sign in with a code instead."
                    .to_owned(),
            )
        };
        let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).await;
        let first = bound.map_err(|error| port.map_or_else(|| refused(error), taken))?;
        let port = first.local_addr().map_err(refused)?.port();
        // `localhost` may be either; where there is no IPv6, nobody else can be there.
        let second = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok();
        let (hand_in, reply) = oneshot::channel();
        let door = Arc::new(Door { port, expected, hand_in: Mutex::new(Some(hand_in)) });
        let routes = Router::new().fallback(answer).with_state(door);
        let (stop, stopped) = watch::channel(false);
        let mut servers = JoinSet::new();
        for listener in [Some(first), second].into_iter().flatten() {
            let (routes, mut stopped) = (routes.clone(), stopped.clone());
            let stopping = async move {
                let _ = stopped.wait_for(|stop| *stop).await;
            };
            servers.spawn(async move {
                let _ = axum::serve(listener, routes).with_graceful_shutdown(stopping).await;
            });
        }
        Ok(Self { port, reply, stop, servers })
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Waits for the reply.
    ///
    /// # Errors
    /// [`SourceError::Transient`] when the listener has ended, as in a shutdown.
    pub(super) async fn reply(&mut self) -> Result<(Reply, Tab)> {
        (&mut self.reply)
            .await
            .map_err(|_| SourceError::Transient("Inlet stopped waiting for the browser: sign in again.".to_owned()))
    }

    /// Shows how it went, and stops listening.
    pub(super) async fn close(mut self, tab: Tab, well: bool) {
        let _ = tab.send(well);
        let _ = self.stop.send(true);
        let _ = timeout(GOODBYE, async { while self.servers.join_next().await.is_some() {} }).await;
    }
}

async fn answer(State(door): State<Arc<Door>>, request: Request) -> Response {
    let german = speaks_german(request.headers());
    let reply = match judge(&door, &request) {
        Ok(reply) => reply,
        Err(status) => return page(status, &STRANGER, german),
    };
    let Some(hand_in) = door.hand_in.lock().await.take() else {
        return page(StatusCode::GONE, &STRANGER, german);
    };
    let (tab, told) = oneshot::channel();
    let well = hand_in.send((reply, tab)).is_ok() && told.await.unwrap_or(false);
    page(StatusCode::OK, if well { &WELL } else { &ILL }, german)
}

/// What a request replies, if it is a reply.
fn judge(door: &Door, request: &Request) -> Result<Reply, StatusCode> {
    if request.method() != Method::GET {
        return Err(StatusCode::METHOD_NOT_ALLOWED);
    }
    // A name of the web that points here is not this computer (DNS rebinding).
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if !["127.0.0.1", "localhost", "[::1]"].iter().any(|name| host == format!("{name}:{}", door.port)) {
        return Err(StatusCode::MISDIRECTED_REQUEST);
    }
    if request.uri().path() != "/" {
        return Err(StatusCode::NOT_FOUND);
    }
    let query = request.uri().query().unwrap_or_default();
    if query.len() > LONGEST {
        return Err(StatusCode::URI_TOO_LONG);
    }
    let value = |name: &str| {
        let mut values =
            form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name).map(|(_, value)| value);
        match (values.next(), values.next()) {
            (value, None) => Ok(value.map(std::borrow::Cow::into_owned)),
            // RFC 6749 §3.1: no parameter more than once.
            (_, Some(_)) => Err(StatusCode::BAD_REQUEST),
        }
    };
    if value("state")?.as_deref() != Some(door.expected.state.as_str()) {
        return Err(StatusCode::BAD_REQUEST);
    }
    if let Some(issuer) = value("iss")?
        && Url::parse(&issuer).ok().map(|issuer| issuer.origin()) != Some(door.expected.issuer.clone())
    {
        return Err(StatusCode::BAD_REQUEST);
    }
    let filled = |text: &String| !text.is_empty();
    match (value("code")?.filter(filled), value("error")?.filter(filled)) {
        (Some(code), None) => Ok(Reply::Code(code)),
        (None, Some(code)) => Ok(Reply::Refused { code, description: value("error_description")?.unwrap_or_default() }),
        _ => Err(StatusCode::BAD_REQUEST),
    }
}

/// A title and a sentence, in English and German: the window's own catalogue is not here.
type Words = [[&'static str; 2]; 2];

const WELL: Words = [
    ["You are signed in", "Go back to Inlet. This tab can be closed."],
    ["Die Anmeldung hat geklappt", "Weiter geht es in Inlet. Dieser Tab kann geschlossen werden."],
];
const ILL: Words = [
    ["That did not work", "Inlet says why, and what to do. This tab can be closed."],
    ["Das hat nicht geklappt", "Inlet sagt, warum, und was zu tun ist. Dieser Tab kann geschlossen werden."],
];
const STRANGER: Words = [
    ["Nothing to see here", "This is not the sign-in Inlet is waiting for. Begin again in Inlet."],
    ["Hier ist nichts zu sehen", "Auf diese Anmeldung wartet Inlet nicht. Bitte in Inlet noch einmal beginnen."],
];

/// German is asked for before English.
fn speaks_german(headers: &HeaderMap) -> bool {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut languages = wanted.split(',').map(|one| one.trim().to_ascii_lowercase());
    languages.find(|one| one.starts_with("de") || one.starts_with("en")).is_some_and(|one| one.starts_with("de"))
}

fn page(status: StatusCode, words: &Words, german: bool) -> Response {
    let ([title, text], language) = if german { (words[1], "de") } else { (words[0], "en") };
    let html = format!(
        "<!doctype html><html lang=\"{language}\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>{title} – Inlet</title><style>:root{{color-scheme:light dark}}\
         body{{font:16px/1.5 system-ui,sans-serif;display:grid;place-content:center;min-height:90vh;margin:0;padding:1rem;\
         text-align:center}}h1{{font-size:1.4rem;margin:0 0 .5rem}}p{{margin:0}}</style>\
         <main><h1>{title}</h1><p>{text}</p></main></html>"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        // The address holds the code: it goes nowhere from here.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONNECTION, "close"),
    ];
    (status, headers, html).into_response()
}
