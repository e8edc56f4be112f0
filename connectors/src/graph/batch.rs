//! Many requests in one (`$batch`, <https://learn.microsoft.com/graph/json-batching>).
//!
//! Twenty at most go along; each is answered by itself, in any order. A mailbox works on four at a
//! time and may refuse the rest as too many: what was refused goes along again as long as others of
//! the same batch were not, so that a page of twenty comes through with some of its requests each time.
//! Only what can be repeated without harm belongs in a batch: its answer may be lost as a whole.

use std::{collections::HashMap, time::Duration};

use inlet_model::{Result, SourceError};
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::client::{Call, Graph};

/// Requests in one batch.
const MOST: usize = 20;

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
        loop {
            let numbered: Vec<Value> = waiting
                .iter()
                .filter_map(|place| {
                    let mut request = requests.get(*place)?.clone();
                    request.insert("id".to_owned(), place.to_string().into());
                    Some(request.into())
                })
                .collect();
            let call = self.call(Method::POST, &["$batch"]).json(&json!({ "requests": numbered }))?;
            let answer: Responses = call.send().await?.json().await?;
            let mut answers: HashMap<String, Response> =
                answer.responses.into_iter().map(|response| (response.id.clone(), response)).collect();
            let before = waiting.len();
            let mut refused = Vec::new();
            for place in waiting {
                let part = match answers.remove(&place.to_string()) {
                    Some(response) => self.judged(response),
                    None => Err(SourceError::Transient("Microsoft left an answer out; Inlet tries again.".to_owned())),
                };
                if matches!(part, Err(SourceError::Throttled { .. })) {
                    refused.push(place);
                }
                if let Some(known) = parts.get_mut(place) {
                    *known = Some(part);
                }
            }
            if refused.is_empty() || refused.len() == before {
                break;
            }
            waiting = refused;
        }
        let none = || Err(SourceError::Transient("Microsoft left an answer out; Inlet tries again.".to_owned()));
        Ok(parts.into_iter().map(|part| part.unwrap_or_else(none)).collect())
    }

    fn judged(&self, response: Response) -> Part {
        let status = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if status.is_success() {
            return Ok(Some(response.body));
        }
        let header = |(name, value): (&String, &Value)| {
            name.eq_ignore_ascii_case("retry-after")
                .then(|| value.as_str().map(str::to_owned).or(Some(value.to_string())))
        };
        let asked = response.headers.iter().find_map(header).flatten().and_then(|value| value.trim().parse().ok());
        let code = response.body.pointer("/error/code").and_then(Value::as_str).unwrap_or_default();
        match self.refusal(status, code, asked.map(Duration::from_secs), false) {
            Some(error) => Err(error),
            None => Ok(None),
        }
    }
}
