//! Requests to Graph.
//!
//! One client per source: Graph throttles each service by itself, so that Teams asking for silence
//! leaves Outlook alone. The token goes to the configured root and nowhere else, whatever a
//! `nextLink` says. Nothing is retried here but a request whose token had ended.
//!
//! Decisions are made by the `code` of Graph's error, never by its message, which is translated
//! (<https://learn.microsoft.com/graph/errors>).

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures::StreamExt;
use inlet_model::{PartSink, Result, SourceError};
use reqwest::{
    Client, Method, Response, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::sync::{Semaphore, SemaphorePermit};
use url::Url;

use super::onenote::{self, Meaning};
use crate::{
    http::{self, Bulk},
    oauth::Tokens,
};

/// Requests of one source under way at once. A mailbox allows four; one is left for other apps.
const IN_FLIGHT: usize = 3;
/// The silence after a first refusal that does not say how long; it doubles.
const SILENCE: Duration = Duration::from_secs(10);
/// The longest silence that was not asked for.
const LONGEST_SILENCE: Duration = Duration::from_secs(600);

/// Bytes of a body above which it may take its time.
const LARGE: usize = 64 * 1024;

/// Graph, as one source talks to it.
pub(crate) struct Graph {
    http: Client,
    bulk: Bulk,
    root: Url,
    tokens: Arc<Tokens>,
    gate: Semaphore,
    /// Refusals for being too fast, in a row.
    refusals: AtomicU32,
}

impl Graph {
    /// Graph below this root, such as `https://graph.microsoft.com/v1.0`.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] when the root is neither HTTPS nor on this machine.
    pub(crate) fn new(root: &str, tokens: Arc<Tokens>) -> Result<Self> {
        let root = http::trusted(&format!("{}/", root.trim_end_matches('/')))?;
        Ok(Self {
            http: http::api(&root)?,
            bulk: Bulk::new(&root)?,
            root,
            tokens,
            gate: Semaphore::new(IN_FLIGHT),
            refusals: AtomicU32::new(0),
        })
    }

    /// A request to a path below the root; each segment is encoded.
    pub(crate) fn call(&self, method: Method, segments: &[&str]) -> Call<'_> {
        let mut url = self.root.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        Call { graph: self, method, url, headers: HeaderMap::new(), body: None, once: false, anonymous: false }
    }

    /// A request for data.
    pub(crate) fn get(&self, segments: &[&str]) -> Call<'_> {
        self.call(Method::GET, segments)
    }

    /// A request to where Graph pointed (`@odata.nextLink`, `@odata.deltaLink`).
    ///
    /// # Errors
    /// [`SourceError::Permanent`] when it points outside the configured root.
    pub(crate) fn link(&self, link: &str) -> Result<Call<'_>> {
        let url = Url::parse(link).ok().filter(|url| url.origin() == self.root.origin()).ok_or_else(elsewhere)?;
        Ok(Call {
            graph: self,
            method: Method::GET,
            url,
            headers: HeaderMap::new(),
            body: None,
            once: false,
            anonymous: false,
        })
    }

    /// A request without a token to an address that is a secret itself: an upload session.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] when it is on no server of Exchange.
    pub(crate) fn anonymous(&self, method: Method, address: &str) -> Result<Call<'_>> {
        Ok(Call {
            graph: self,
            method,
            url: http::trusted(address).ok().filter(|url| uploads(&self.root, url)).ok_or_else(elsewhere)?,
            headers: HeaderMap::new(),
            body: None,
            once: false,
            anonymous: true,
        })
    }
}

/// One request, not sent yet.
#[must_use]
pub(crate) struct Call<'a> {
    graph: &'a Graph,
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<Bytes>,
    once: bool,
    anonymous: bool,
}

impl<'a> Call<'a> {
    /// Query options, such as `$top`.
    pub(crate) fn query(mut self, options: &[(&str, &str)]) -> Self {
        // Graph reads `+` as a plus sign, so the form encoding of a space will not do.
        let options: Vec<String> = options.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let query = match self.url.query().filter(|query| !query.is_empty()) {
            Some(query) => format!("{query}&{}", options.join("&")),
            None => options.join("&"),
        };
        self.url.set_query(Some(&query));
        self
    }

    /// A preference (RFC 7240); each stands in a header of its own.
    pub(crate) fn prefer(self, preference: &'static str) -> Self {
        self.header(HeaderName::from_static("prefer"), HeaderValue::from_static(preference))
    }

    /// A header.
    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// A JSON body.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] when it cannot be written.
    pub(crate) fn json(self, body: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_vec(body)
            .map_err(|_| SourceError::Permanent("This cannot be written as a request to Microsoft.".to_owned()))?;
        Ok(self.body("application/json", body))
    }

    /// A body of another type.
    pub(crate) fn body(mut self, mime: &str, body: impl Into<Bytes>) -> Self {
        if let Ok(mime) = HeaderValue::from_str(mime) {
            self.headers.insert(CONTENT_TYPE, mime);
        }
        self.body = Some(body.into());
        self
    }

    /// Its effect must not happen twice: when the answer is lost, nobody can say whether it happened.
    pub(crate) fn once(mut self) -> Self {
        self.once = true;
        self
    }

    pub(super) fn method(&self) -> &Method {
        &self.method
    }

    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    pub(super) fn content(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }

    /// Its address below the root, as a batch names it.
    pub(super) fn relative(&self) -> String {
        let path = self.url.path();
        let path = path.strip_prefix(self.graph.root.path().trim_end_matches('/')).unwrap_or(path);
        match self.url.query() {
            Some(query) => format!("{path}?{query}"),
            None => path.to_owned(),
        }
    }

    /// Sends it.
    ///
    /// # Errors
    /// By the table of this module; [`SourceError::Unknown`] for a lost answer to what must happen once.
    pub(crate) async fn send(self) -> Result<Answer<'a>> {
        match self.answer().await? {
            Outcome::There(answer) => Ok(answer),
            Outcome::Gone => Err(SourceError::Permanent("This is no longer there at Microsoft.".to_owned())),
        }
    }

    /// Sends it; `None` when what it is about is not there any more.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub(crate) async fn send_if_there(self) -> Result<Option<Answer<'a>>> {
        match self.answer().await? {
            Outcome::There(answer) => Ok(Some(answer)),
            Outcome::Gone => Ok(None),
        }
    }

    async fn answer(self) -> Result<Outcome<'a>> {
        let permit = self.graph.gate.acquire().await.map_err(|_| stopping())?;
        if self.anonymous {
            let response = self.attempt(None).await?;
            return self.judge(response, permit).await;
        }
        let token = self.graph.bearer().await?;
        let response = self.attempt(Some(&token)).await?;
        let refused = |response: &Response| response.status() == StatusCode::UNAUTHORIZED || claims(response).is_some();
        if !refused(&response) {
            return self.judge(response, permit).await;
        }
        let token = self.graph.renew(&token, claims(&response).as_deref()).await?;
        let response = self.attempt(Some(&token)).await?;
        if refused(&response) {
            return Err(self.graph.unproved(claims(&response).as_deref()).await);
        }
        self.judge(response, permit).await
    }

    async fn attempt(&self, token: Option<&SecretString>) -> Result<Response> {
        let (method, url) = (self.method.clone(), self.url.clone());
        let request = match &self.body {
            Some(body) if body.len() > LARGE => self.graph.bulk.request(method, url, body.clone()),
            Some(body) => self.graph.http.request(method, url).body(body.clone()),
            // Without a body a POST needs its length said.
            None if method != Method::GET => self.graph.http.request(method, url).body(Bytes::new()),
            None => self.graph.http.request(method, url),
        };
        let mut request = request.headers(self.headers.clone());
        if let Some(token) = token {
            let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.expose_secret()))
                .map_err(|_| SourceError::AuthNeeded("The access token cannot be used: sign in again.".to_owned()))?;
            bearer.set_sensitive(true);
            request = request.header(AUTHORIZATION, bearer);
        }
        request.send().await.map_err(|error| self.lost(&error))
    }

    /// A request that got no answer.
    fn lost(&self, error: &reqwest::Error) -> SourceError {
        if self.once && !error.is_connect() {
            return SourceError::Unknown("The connection to Microsoft broke before it answered.".to_owned());
        }
        http::failure(error)
    }

    async fn judge(self, response: Response, permit: SemaphorePermit<'a>) -> Result<Outcome<'a>> {
        let status = response.status();
        if status.is_success() {
            self.graph.refusals.store(0, Ordering::Relaxed);
            return Ok(Outcome::There(Answer { response, _permit: permit, once: self.once }));
        }
        let header = |name| response.headers().get(name)?.to_str().ok();
        let asked = header(RETRY_AFTER).and_then(|asked| retry_after(asked, header(DATE)));
        let code = code(&response.bytes().await.unwrap_or_default());
        tracing::debug!(status = status.as_u16(), "Graph refused a request");
        match self.graph.refusal(status, &code, asked, self.once) {
            Some(error) => Err(error),
            None => Ok(Outcome::Gone),
        }
    }
}

impl Graph {
    /// The token requests are made with.
    pub(super) async fn bearer(&self) -> Result<SecretString> {
        self.tokens.bearer().await
    }

    /// Another token in place of one that was refused.
    pub(super) async fn renew(&self, refused: &SecretString, claims: Option<&str>) -> Result<SecretString> {
        self.tokens.instead_of(refused, claims).await
    }

    /// A new token was not enough: the person has to prove it.
    pub(super) async fn unproved(&self, claims: Option<&str>) -> SourceError {
        let kept = match claims {
            Some(claims) => self.tokens.demand(claims).await,
            None => Ok(()),
        };
        kept.err().unwrap_or_else(|| SourceError::AuthNeeded("Microsoft asks you to sign in again.".to_owned()))
    }

    /// What a refusal means; `None`: what was asked for is not there.
    pub(super) fn refusal(
        &self,
        status: StatusCode,
        code: &str,
        asked: Option<Duration>,
        once: bool,
    ) -> Option<SourceError> {
        let unsure = once && is_unsure(status);
        // OneNote's codes are numbers, which are nobody else's.
        match onenote::meaning(code).filter(|_| !unsure) {
            Some(Meaning::Gone) => return None,
            Some(Meaning::Error(error)) => return Some(error),
            None => {}
        }
        Some(match (status, code.to_ascii_lowercase().as_str()) {
            (_, "syncstatenotfound" | "syncstateinvalid" | "resyncrequired") => SourceError::CursorExpired,
            (_, "erroritemnotfound" | "errorsyncfoldernotfound") => return None,
            (_, "mailboxnotenabledforrestapi") => SourceError::Permanent(
                "This account has no mailbox in Microsoft 365 that apps can read: ask your administrator.".to_owned(),
            ),
            (_, "errorquotaexceeded") => {
                SourceError::Permanent("This mailbox is full: delete something there, then try again.".to_owned())
            }
            (StatusCode::NOT_FOUND, _) => return None,
            (StatusCode::GONE, _) => SourceError::CursorExpired,
            (StatusCode::FORBIDDEN, _) => SourceError::Permanent(
                "Microsoft does not allow this app to do that: you or your administrator have to consent to it."
                    .to_owned(),
            ),
            (StatusCode::TOO_MANY_REQUESTS, _) => self.throttled(asked),
            (StatusCode::SERVICE_UNAVAILABLE, _) if asked.is_some() => self.throttled(asked),
            _ if unsure => SourceError::Unknown("Microsoft failed in the middle of it.".to_owned()),
            (status, _) if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => {
                SourceError::Transient("Microsoft's server is busy; Inlet tries again later.".to_owned())
            }
            (StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED | StatusCode::LOCKED, _) => {
                SourceError::Transient("It is being changed at Microsoft just now; Inlet tries again later.".to_owned())
            }
            (status, _) => SourceError::Permanent(format!(
                "Microsoft refused this ({}{}).",
                status.as_u16(),
                if code.is_empty() { String::new() } else { format!(", {code}") }
            )),
        })
    }

    fn throttled(&self, asked: Option<Duration>) -> SourceError {
        SourceError::Throttled { retry_after: asked.unwrap_or_else(|| self.silence()) }
    }

    /// How long to be silent after a refusal that names no time (OneNote names none): twice as long as the last time.
    pub(super) fn silence(&self) -> Duration {
        let before = self.refusals.fetch_add(1, Ordering::Relaxed);
        let longest = (SILENCE * 2_u32.saturating_pow(before.min(16))).min(LONGEST_SILENCE);
        let mut random = [0_u8; 1];
        // Without randomness everybody waits the whole time, which is safe.
        let share = getrandom::fill(&mut random).map_or(1.0, |()| f64::from(random[0]) / 255.0);
        longest.mul_f64(0.5 + share / 2.0)
    }

    /// How many refusals there were in a row.
    pub(super) fn quiet(&self) -> u32 {
        self.refusals.load(Ordering::Relaxed)
    }

    /// So many refusals there were, and no success since.
    pub(super) fn still_refused(&self, refusals: u32) {
        self.refusals.store(refusals, Ordering::Relaxed);
    }
}

/// Whether files may be brought there: to a server of Exchange of the same cloud, or, where Graph is on this machine, to
/// another one here.
fn uploads(root: &Url, to: &Url) -> bool {
    let host = to.host_str().unwrap_or_default();
    let exchange: &[&str] = match root.host_str().unwrap_or_default() {
        "graph.microsoft.us" | "dod-graph.microsoft.us" => {
            &["outlook.office365.us", "outlook-dod.office365.us", "webmail.apps.mil"]
        }
        "microsoftgraph.chinacloudapi.cn" => &["partner.outlook.cn"],
        _ => &["outlook.office.com", "outlook.office365.com", "outlook.live.com"],
    };
    to.origin() == root.origin()
        || (http::is_loopback(root) && http::is_loopback(to))
        || (to.scheme() == "https" && exchange.contains(&host))
}

fn elsewhere() -> SourceError {
    SourceError::Permanent("Microsoft's answer points to another server; it was not followed.".to_owned())
}

/// Whether the request may have had its effect all the same.
fn is_unsure(status: StatusCode) -> bool {
    matches!(status, StatusCode::INTERNAL_SERVER_ERROR | StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT)
}

enum Outcome<'a> {
    There(Answer<'a>),
    Gone,
}

/// An answer whose body is still on its way.
pub(crate) struct Answer<'a> {
    response: Response,
    _permit: SemaphorePermit<'a>,
    once: bool,
}

impl Answer<'_> {
    /// When it was sent, as it says.
    pub(super) fn date(&self) -> Option<String> {
        self.response.headers().get(DATE)?.to_str().ok().map(str::to_owned)
    }

    /// Its body.
    ///
    /// # Errors
    /// [`SourceError::Transient`] when it breaks off; the effect of the request has happened then.
    pub(crate) async fn bytes(self) -> Result<Bytes> {
        let once = self.once;
        self.response.bytes().await.map_err(|error| broken(&error, once))
    }

    /// Its body as JSON.
    ///
    /// # Errors
    /// As [`Self::bytes`], and [`SourceError::Transient`] for what is no JSON of this shape.
    pub(crate) async fn json<T: DeserializeOwned>(self) -> Result<T> {
        let once = self.once;
        let bytes = self.bytes().await?;
        serde_json::from_slice(&bytes).map_err(|error| {
            tracing::warn!(line = error.line(), column = error.column(), "an answer of Graph cannot be read");
            let text = "Microsoft gave an answer that cannot be read; Inlet tries again later.".to_owned();
            if once { SourceError::Unknown(text) } else { SourceError::Transient(text) }
        })
    }

    /// Its body, as it comes.
    ///
    /// # Errors
    /// [`SourceError::Transient`] when it breaks off, and what the sink says.
    pub(crate) async fn stream(self, into: &mut dyn PartSink) -> Result<()> {
        let mut chunks = self.response.bytes_stream();
        while let Some(chunk) = chunks.next().await {
            into.write(&chunk.map_err(|error| broken(&error, false))?).await?;
        }
        Ok(())
    }
}

/// A page of a collection.
#[derive(Debug, Deserialize)]
pub(crate) struct Collection<T> {
    /// What is on it.
    #[serde(default = "Vec::new")]
    pub(crate) value: Vec<T>,
    /// Where the next one is.
    #[serde(rename = "@odata.nextLink")]
    pub(crate) next: Option<String>,
    /// Where changes after the last one are.
    #[serde(rename = "@odata.deltaLink")]
    pub(crate) delta: Option<String>,
}

fn broken(error: &reqwest::Error, once: bool) -> SourceError {
    if once {
        SourceError::Unknown("The connection to Microsoft broke before it had answered wholly.".to_owned())
    } else {
        http::failure(error)
    }
}

fn stopping() -> SourceError {
    SourceError::Transient("Inlet is shutting down.".to_owned())
}

/// Percent-encodes the value of a query option.
fn encoded(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>().replace('+', "%20")
}

fn claims(response: &Response) -> Option<String> {
    challenge(response.headers().get(WWW_AUTHENTICATE)?.to_str().ok()?)
}

/// The claims that a new token has to prove, where a `WWW-Authenticate` is a challenge.
pub(super) fn challenge(header: &str) -> Option<String> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    header.contains("insufficient_claims").then_some(())?;
    let (_, rest) = header.split_once("claims=\"")?;
    let (claims, _) = rest.split_once('"')?;
    String::from_utf8(STANDARD.decode(claims).ok()?).ok()
}

/// `Retry-After` (RFC 9110 §10.2.3), as seconds or as a date, in an answer of this `Date`.
pub(super) fn retry_after(value: &str, sent: Option<&str>) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let then = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    let now = jiff::fmt::rfc2822::parse(sent?).ok()?.timestamp();
    Duration::try_from(then.duration_since(now)).ok()
}

/// The code of Graph's error; empty when there is none.
fn code(body: &[u8]) -> String {
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Body {
        error: Error,
    }
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Error {
        code: String,
    }
    serde_json::from_slice::<Body>(body).unwrap_or_default().error.code
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
#[path = "client_tests.rs"]
mod tests;
