//! Many requests in one (`$batch`, <https://learn.microsoft.com/graph/json-batching>).
//!
//! Twenty at most go along; each is answered by itself, in any order. A mailbox works on four at a
//! time and may refuse the rest as too many: what was refused goes along again as long as others of
//! the same batch were not, so that a page of twenty comes through with some of its requests each time.
//! Each proves itself with the token of the batch, and may want a newer one: those go along once more with it.
//! Only what can be repeated without harm belongs in a batch: its answer may be lost as a whole.

use std::{collections::HashMap, time::Duration};

use inlet_model::{Result, SourceError};
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::client::{Call, Graph, challenge, retry_after};

/// Requests in one batch.
const MOST: usize = 20;
/// The status of a request that is too many.
const TOO_MANY: u16 = StatusCode::TOO_MANY_REQUESTS.as_u16();

/// The answer to one request of a batch; `None`: what it is about is not there.
pub(crate) type Part = Result<Option<Value>>;

#[derive(Deserialize)]
struct Responses {
    responses: Vec<Response>,
}

#[derive(Deserialize)]
struct Response {
    id: String,
    status: u16,
    #[serde(default)]
    headers: Map<String, Value>,
    #[serde(default)]
    body: Value,
}

impl Response {
    /// A header, as text.
    fn header(&self, wanted: &str) -> Option<String> {
        let (_, value) = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
        Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    }

    /// Its token was refused; with what a new one has to prove, where that is said.
    fn asks_for_a_token(&self) -> Option<Option<String>> {
        let claims = self.header("www-authenticate").and_then(|header| challenge(&header));
        (claims.is_some() || self.status == StatusCode::UNAUTHORIZED.as_u16()).then_some(claims)
    }
}

impl Graph {
    /// Sends requests together; the answers in the order of the requests.
    ///
    /// # Errors
    /// As for one request, when none of them came through; what concerns a single one stands in its place.
    pub(crate) async fn batch(&self, calls: Vec<Call<'_>>) -> Result<Vec<Part>> {
        let mut parts = Vec::with_capacity(calls.len());
        let mut calls = calls.into_iter().peekable();
        while calls.peek().is_some() {
            let requests = calls.by_ref().take(MOST).map(|call| self.part(call)).collect::<Result<Vec<_>>>()?;
            parts.extend(self.twenty(requests).await?);
        }
        Ok(parts)
    }

    /// A request as it stands in a batch, without its number.
    fn part(&self, call: Call<'_>) -> Result<Map<String, Value>> {
        let unwritable = || SourceError::Permanent("This cannot be written as a request to Microsoft.".to_owned());
        let mut part = Map::new();
        part.insert("method".to_owned(), call.method().as_str().into());
        part.insert("url".to_owned(), call.relative().into());
        let mut headers: Map<String, Value> = Map::new();
        for (name, value) in call.headers() {
            let value = value.to_str().map_err(|_| unwritable())?;
            let all = match headers.get(name.as_str()).and_then(Value::as_str) {
                Some(before) => format!("{before}, {value}"),
                None => value.to_owned(),
            };
            headers.insert(name.as_str().to_owned(), all.into());
        }
        part.insert("headers".to_owned(), headers.into());
        if let Some(body) = call.content() {
            part.insert("body".to_owned(), serde_json::from_slice(body).map_err(|_| unwritable())?);
        }
        Ok(part)
    }

    async fn twenty(&self, requests: Vec<Map<String, Value>>) -> Result<Vec<Part>> {
        let mut parts: Vec<Option<Part>> = requests.iter().map(|_| None).collect();
        let mut waiting: Vec<usize> = (0..requests.len()).collect();
        let mut renewed = false;
        loop {
            let token = self.bearer().await?;
            let quiet = self.quiet();
            let numbered: Vec<Value> = waiting
                .iter()
                .filter_map(|place| {
                    let mut request = requests.get(*place)?.clone();
                    request.insert("id".to_owned(), place.to_string().into());
                    Some(request.into())
                })
                .collect();
            let call = self.call(Method::POST, &["$batch"]).json(&json!({ "requests": numbered }))?;
            let answer = call.send().await?;
            let sent = answer.date();
            let answer: Responses = answer.json().await?;
            // That the batch itself was answered says nothing of its parts.
            if answer.responses.iter().all(|response| response.status == TOO_MANY) {
                self.still_refused(quiet);
            }
            let mut answers: HashMap<String, Response> =
                answer.responses.into_iter().map(|response| (response.id.clone(), response)).collect();
            let before = waiting.len();
            let (mut refused, mut unproved, mut claims, mut silence) = (Vec::new(), Vec::new(), None, None);
            for place in waiting {
                let response = answers.remove(&place.to_string());
                if let Some(asked) = response.as_ref().and_then(Response::asks_for_a_token) {
                    claims = claims.or(asked);
                    unproved.push(place);
                    continue;
                }
                let part = match response {
                    Some(response) => self.judged(response, sent.as_deref(), &mut silence),
                    None => Err(SourceError::Transient("Microsoft left an answer out; Inlet tries again.".to_owned())),
                };
                if matches!(part, Err(SourceError::Throttled { .. })) {
                    refused.push(place);
                }
                if let Some(known) = parts.get_mut(place) {
                    *known = Some(part);
                }
            }
            if !unproved.is_empty() {
                if renewed {
                    return Err(self.unproved(claims.as_deref()).await);
                }
                renewed = true;
                self.renew(&token, claims.as_deref()).await?;
            } else if refused.is_empty() || refused.len() == before {
                break;
            }
            waiting = unproved;
            waiting.extend(refused);
        }
        let none = || Err(SourceError::Transient("Microsoft left an answer out; Inlet tries again.".to_owned()));
        Ok(parts.into_iter().map(|part| part.unwrap_or_else(none)).collect())
    }

    /// What an answer says. `silence` is how long the parts of a batch wait for which no time is named: it is one
    /// refusal, however many of them were too many.
    fn judged(&self, response: Response, sent: Option<&str>, silence: &mut Option<Duration>) -> Part {
        let status = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if status.is_success() {
            return Ok(Some(response.body));
        }
        let asked = response.header("retry-after").and_then(|value| retry_after(&value, sent));
        let asked =
            asked.or_else(|| (response.status == TOO_MANY).then(|| *silence.get_or_insert_with(|| self.silence())));
        let code = response.body.pointer("/error/code").and_then(Value::as_str).unwrap_or_default();
        match self.refusal(status, code, asked, false) {
            Some(error) => Err(error),
            None => Ok(None),
        }
    }
}
