//! Requests to Slack.
//!
//! The token travels in a header, to the configured root and to the host beside it where files are, and
//! nowhere else, whatever an answer says. Slack answers nearly everything with 200 and says in the body
//! whether it went well, so decisions are made by its word for the error
//! (<https://docs.slack.dev/tools/web-api-errors>). Nothing is retried here.

use std::{sync::Arc, time::Duration};

use inlet_model::{AccountId, Result, SecretName, Secrets, SlackConfig, SourceError};
use reqwest::{
    Response, StatusCode,
    header::{AUTHORIZATION, HeaderValue, RETRY_AFTER},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, de::DeserializeOwned};
use url::Url;

use super::{
    pace::{FILE_BYTES, Method, Pace},
    wire::Paged,
};
use crate::{
    http::{self, Bulk},
    oauth::Tokens,
};

/// The silence after a refusal that does not say how long.
const SILENCE: Duration = Duration::from_secs(30);

/// Slack, as one account talks to it.
pub(super) struct Client {
    http: reqwest::Client,
    bulk: Bulk,
    root: Url,
    account: AccountId,
    secrets: Arc<dyn Secrets>,
    /// Access tokens of who signed in at Slack's page; nothing where a token was pasted.
    tokens: Option<Tokens>,
    pace: Pace,
}

/// What is asked with: the person's token, or the app's, which opens sockets and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum With {
    Person,
    App,
}

/// One request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'a> {
    method: Method,
    options: &'a [(&'a str, &'a str)],
    post: bool,
    /// Its effect must not happen twice: when the answer is lost, nobody can say whether it happened.
    once: bool,
    with: With,
}

/// A request for data.
pub(super) fn ask<'a>(method: Method, options: &'a [(&'a str, &'a str)]) -> Call<'a> {
    Call { method, options, post: false, once: false, with: With::Person }
}

/// A request that changes something, where doing it twice does no harm.
pub(super) fn change<'a>(method: Method, options: &'a [(&'a str, &'a str)]) -> Call<'a> {
    Call { post: true, ..ask(method, options) }
}

impl Call<'_> {
    /// Doing it twice does harm.
    pub(super) fn once(self) -> Self {
        Self { once: true, ..self }
    }

    /// With the app's token.
    pub(super) fn as_app(self) -> Self {
        Self { with: With::App, ..self }
    }
}

/// How an answer begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Head {
    ok: bool,
    error: String,
    needed: String,
}

impl Client {
    /// Slack below this root, such as `https://slack.com/api`.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] when the root is neither HTTPS nor on this machine.
    pub(super) fn new(account: AccountId, config: &SlackConfig, secrets: Arc<dyn Secrets>) -> Result<Self> {
        let root = http::trusted(&format!("{}/", config.api_root.trim_end_matches('/')))?;
        // A refresh gives what was consented to: Slack takes no scopes then.
        let tokens = config.oauth.clone().map(|oauth| Tokens::new(account, oauth, Vec::new(), secrets.clone()));
        let tokens = tokens.transpose()?;
        Ok(Self {
            http: http::api(&root)?,
            bulk: Bulk::new(&root)?,
            root,
            account,
            secrets,
            tokens,
            pace: Pace::default(),
        })
    }

    /// A token for sockets was given.
    pub(super) fn has_app_token(&self) -> bool {
        matches!(self.secrets.get(self.account, SecretName::AppToken), Ok(Some(_)))
    }

    /// Asks, for an answer of this shape.
    ///
    /// # Errors
    /// By the table of this module; [`SourceError::Unknown`] for a lost answer to what must happen once.
    pub(super) async fn send<T: DeserializeOwned>(&self, call: Call<'_>) -> Result<T> {
        match self.send_if_there(call).await? {
            Some(answer) => Ok(answer),
            None => Err(SourceError::Permanent("This is no longer in Slack, or you are no longer in it.".to_owned())),
        }
    }

    /// Asks; `None` when what it is about is not there any more.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub(super) async fn send_if_there<T: DeserializeOwned>(&self, call: Call<'_>) -> Result<Option<T>> {
        let token = self.token(call.with).await?;
        let answer = self.exchange(call, &token).await;
        match (&answer, &self.tokens, call.with) {
            // It ran out before its time, as after a sleep of this computer. What was refused has had no effect.
            (Err(SourceError::AuthNeeded(_)), Some(tokens), With::Person) => {
                let token = tokens.instead_of(&token, None).await?;
                self.exchange(call, &token).await
            }
            _ => answer,
        }
    }

    async fn exchange<T: DeserializeOwned>(&self, call: Call<'_>, token: &SecretString) -> Result<Option<T>> {
        self.pace.turn(call.method).await?;
        let url = self.root.join(call.method.name).map_err(|_| unreadable(call.once))?;
        let options = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(call.options).finish();
        let request = if call.post {
            self.http.post(url).header("content-type", "application/x-www-form-urlencoded;charset=utf-8").body(options)
        } else {
            let mut url = url;
            url.set_query(Some(&options).filter(|options| !options.is_empty()).map(String::as_str));
            self.http.get(url)
        };
        let request = request.header(AUTHORIZATION, bearer(token)?);
        let response = request.send().await.map_err(|error| lost(&error, call.once))?;
        self.judge(response, call).await
    }

    /// All pages of a list, as far as `limit` pages go.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub(super) async fn pages<T: DeserializeOwned + Paged>(&self, call: Call<'_>, limit: usize) -> Result<Vec<T>> {
        let mut pages: Vec<T> = Vec::new();
        loop {
            let cursor = pages.last().and_then(Paged::next).map(str::to_owned);
            if !pages.is_empty() && (cursor.is_none() || pages.len() >= limit) {
                return Ok(pages);
            }
            let mut options = call.options.to_vec();
            options.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            pages.push(self.send(Call { options: &options, ..call }).await?);
        }
    }

    /// The bytes of a file, at the address Slack gave.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] when the address is another server's, else by the table of this module.
    pub(super) async fn file(&self, address: &str) -> Result<Response> {
        let url = self.beside(address)?;
        self.pace.turn(FILE_BYTES).await?;
        let request = self.http.get(url).header(AUTHORIZATION, bearer(&self.token(With::Person).await?)?);
        let response = request.send().await.map_err(|error| http::failure(&error))?;
        let html = response.headers().get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        match response.status() {
            // Whoever may not is sent to the page where people sign in.
            status if status.is_redirection() || (status.is_success() && html) => Err(SourceError::Permanent(
                "Slack does not hand out this file: give your app the permission files:read, then install it again."
                    .to_owned(),
            )),
            status if status.is_success() => Ok(response),
            status => Err(self.refusal(status, FILE_BYTES, retry_after(&response), false)),
        }
    }

    /// Puts bytes where Slack said; the address is a secret itself and is asked without a token.
    ///
    /// # Errors
    /// As [`Self::file`].
    pub(super) async fn upload(&self, address: &str, data: Vec<u8>) -> Result<()> {
        let url = self.beside(address)?;
        self.pace.turn(FILE_BYTES).await?;
        let request = self.bulk.request(reqwest::Method::POST, url, data.into());
        let request = request.header("content-type", "application/octet-stream");
        let response = request.send().await.map_err(|error| http::failure(&error))?;
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        Err(self.refusal(status, FILE_BYTES, retry_after(&response), false))
    }

    /// Whether a host is this Slack's own: the root's, or one below it.
    pub(super) fn is_ours(&self, host: &str) -> bool {
        let own = self.root.host_str().unwrap_or_default();
        host == own || host.strip_suffix(own).is_some_and(|rest| rest.ends_with('.'))
    }

    fn beside(&self, address: &str) -> Result<Url> {
        http::trusted(address)
            .ok()
            .filter(|url| url.scheme() == self.root.scheme() && url.port() == self.root.port())
            .filter(|url| url.host_str().is_some_and(|host| self.is_ours(host)))
            .ok_or_else(|| {
                SourceError::Permanent("This file lies on another server than Slack's; open it in Slack.".to_owned())
            })
    }

    async fn token(&self, with: With) -> Result<SecretString> {
        if let (Some(tokens), With::Person) = (&self.tokens, with) {
            return tokens.bearer().await;
        }
        let (name, missing) = match with {
            With::Person => {
                (SecretName::Password, "Slack needs a token: paste a user token (xoxp-…) for this account.")
            }
            With::App => (SecretName::AppToken, "There is no app-level token (xapp-…) for this account."),
        };
        self.secrets.get(self.account, name)?.ok_or_else(|| SourceError::AuthNeeded(missing.to_owned()))
    }

    async fn judge<T: DeserializeOwned>(&self, response: Response, call: Call<'_>) -> Result<Option<T>> {
        let (status, asked) = (response.status(), retry_after(&response));
        if !status.is_success() {
            return Err(self.refusal(status, call.method, asked, call.once));
        }
        let body = response.bytes().await.map_err(|error| lost(&error, call.once))?;
        let head: Head = serde_json::from_slice(&body).map_err(|_| unreadable(call.once))?;
        if head.ok {
            return serde_json::from_slice(&body).map(Some).map_err(|error| {
                tracing::warn!(line = error.line(), column = error.column(), "an answer of Slack cannot be read");
                unreadable(call.once)
            });
        }
        tracing::debug!(method = call.method.name, "Slack refused a request");
        self.meaning(&head, call, asked)
    }

    /// What an HTTP status other than success means.
    fn refusal(&self, status: StatusCode, method: Method, asked: Option<Duration>, once: bool) -> SourceError {
        match status {
            StatusCode::TOO_MANY_REQUESTS => self.throttled(method, asked),
            StatusCode::SERVICE_UNAVAILABLE if asked.is_some() => self.throttled(method, asked),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                SourceError::AuthNeeded("Slack does not accept the token any more: paste a new one.".to_owned())
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => {
                SourceError::Permanent("This is no longer in Slack.".to_owned())
            }
            _ if once && status.is_server_error() => {
                SourceError::Unknown("Slack failed in the middle of it.".to_owned())
            }
            _ if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => {
                SourceError::Transient("Slack's server is busy; Inlet tries again later.".to_owned())
            }
            status => SourceError::Permanent(format!("Slack refused this ({}).", status.as_u16())),
        }
    }

    fn throttled(&self, method: Method, asked: Option<Duration>) -> SourceError {
        let retry_after = asked.unwrap_or(SILENCE);
        self.pace.silence(method, retry_after);
        SourceError::Throttled { retry_after }
    }

    /// What Slack's word for an error means; `None`: what was asked for is not there.
    fn meaning<T>(&self, head: &Head, call: Call<'_>, asked: Option<Duration>) -> Result<Option<T>> {
        Err(match head.error.as_str() {
            "channel_not_found" | "thread_not_found" | "message_not_found" | "file_not_found" | "file_deleted"
            | "user_not_found" | "user_not_visible" | "not_in_channel" | "already_reacted" | "no_reaction" => {
                return Ok(None);
            }
            "ratelimited" | "rate_limited" => self.throttled(call.method, asked),
            "not_authed"
            | "invalid_auth"
            | "token_revoked"
            | "token_expired"
            | "account_inactive"
            | "not_allowed_token_type" => SourceError::AuthNeeded(match call.with {
                With::Person if self.tokens.is_some() => "Slack has ended the sign-in: sign in again.".to_owned(),
                With::Person => "Slack does not accept the user token (any more): paste a new one.".to_owned(),
                With::App => "Slack does not accept the app-level token (any more): make a new one.".to_owned(),
            }),
            "missing_scope" => SourceError::Permanent(format!(
                "This token may not do that: give your Slack app the permission {}, install it again, and paste the \
                 new token.",
                word(&head.needed).unwrap_or_else(|| "it lacks".to_owned())
            )),
            "is_archived" => {
                SourceError::Permanent("This channel is archived: nobody can write there any more.".to_owned())
            }
            "msg_too_long" | "no_text" => SourceError::Permanent(
                "Slack takes messages of 1 to 40,000 characters: send it in parts, or as a file.".to_owned(),
            ),
            "restricted_action"
            | "restricted_action_read_only_channel"
            | "restricted_action_thread_only_channel"
            | "restricted_action_non_threadable_channel"
            | "no_permission"
            | "ekm_access_denied" => SourceError::Permanent("A rule of this workspace does not allow that.".to_owned()),
            "team_added_to_org" | "enterprise_is_restricted" | "org_login_required" => SourceError::Permanent(
                "This workspace is being moved, or has to be signed in to anew: look at it in Slack.".to_owned(),
            ),
            "internal_error" | "fatal_error" | "request_timeout" | "service_unavailable" if call.once => {
                SourceError::Unknown("Slack failed in the middle of it.".to_owned())
            }
            "internal_error" | "fatal_error" | "request_timeout" | "service_unavailable" | "invalid_cursor" => {
                SourceError::Transient("Slack's server is busy; Inlet tries again later.".to_owned())
            }
            other => SourceError::Permanent(match word(other) {
                Some(word) => format!("Slack refused this ({word})."),
                None => "Slack refused this.".to_owned(),
            }),
        })
    }
}

fn bearer(token: &SecretString) -> Result<HeaderValue> {
    let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.expose_secret().trim()))
        .map_err(|_| SourceError::AuthNeeded("This is not a token of Slack: copy it again.".to_owned()))?;
    bearer.set_sensitive(true);
    Ok(bearer)
}

/// A word of Slack's that may be shown: it comes from the network, and a sentence is made of it.
fn word(text: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '.' | ',');
    (!text.is_empty() && text.len() <= 60 && text.chars().all(plain)).then(|| text.to_owned())
}

/// A request that got no answer.
fn lost(error: &reqwest::Error, once: bool) -> SourceError {
    if once && !error.is_connect() {
        return SourceError::Unknown("The connection to Slack broke before it answered.".to_owned());
    }
    http::failure(error)
}

fn unreadable(once: bool) -> SourceError {
    let text = "Slack gave an answer that cannot be read; Inlet tries again later.".to_owned();
    if once { SourceError::Unknown(text) } else { SourceError::Transient(text) }
}

/// `Retry-After`, which Slack gives in seconds.
fn retry_after(response: &Response) -> Option<Duration> {
    response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}
