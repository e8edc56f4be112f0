//! A client that does what it is told.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use inlet_testkit::graph::FakeGraph;
use serde_json::Value;

pub(crate) const ALL: &[&str] = &[
    "User.Read",
    "Mail.ReadWrite",
    "Mail.Send",
    "MailboxSettings.ReadWrite",
    "Calendars.ReadWrite",
    "Chat.ReadWrite",
    "Chat.Create",
    "ChatMessage.Send",
    "Team.ReadBasic.All",
    "Channel.ReadBasic.All",
    "ChannelMessage.Read.All",
    "ChannelMessage.Send",
    "Notes.ReadWrite",
];
pub(crate) const IMMUTABLE: (&str, &str) = ("prefer", "IdType=\"ImmutableId\"");

/// A fake and a client with a token for everything.
pub(crate) struct Wire {
    pub(crate) fake: FakeGraph,
    client: Client<HttpConnector, Full<Bytes>>,
}

#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: hyper::HeaderMap,
    pub(crate) bytes: Bytes,
    pub(crate) json: Value,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn code(&self) -> &str {
        self.json["error"]["code"].as_str().unwrap_or_default()
    }

    /// The property of each item of a list.
    pub(crate) fn each(&self, name: &str) -> Vec<String> {
        let all = self.json["value"].as_array().unwrap_or_else(|| panic!("a list, not {}", self.json));
        all.iter().map(|item| item[name].as_str().unwrap_or_default().to_owned()).collect()
    }
}

impl Wire {
    pub(crate) fn start(test: &str) -> Option<Self> {
        let fake = FakeGraph::start(test)?;
        fake.accept("all", ALL);
        Some(Self { fake, client: Client::builder(TokioExecutor::new()).build_http() })
    }

    /// Sends a request; `target` is below the API's root, or absolute. An error: no whole answer.
    pub(crate) async fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Got, String> {
        let url =
            if target.starts_with("http") { target.to_owned() } else { format!("{}{target}", self.fake.api_root()) };
        let mut request = Request::builder().method(method).uri(url.replace(' ', "%20").replace('"', "%22"));
        if !headers.iter().any(|(name, _)| *name == "authorization") && !url.starts_with(self.fake.upload_origin()) {
            request = request.header("authorization", "Bearer all");
        }
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body.into())).expect("a request");
        let response = self.client.request(request).await.map_err(|error| error.to_string())?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.into_body().collect().await.map_err(|error| error.to_string())?.to_bytes();
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Ok(Got { status, headers, bytes, json })
    }

    pub(crate) async fn get(&self, target: &str) -> Got {
        self.send("GET", target, &[], "").await.expect("an answer")
    }

    pub(crate) async fn get_with(&self, target: &str, headers: &[(&str, &str)]) -> Got {
        self.send("GET", target, headers, "").await.expect("an answer")
    }

    pub(crate) async fn with_json(&self, method: &str, target: &str, body: &Value) -> Got {
        let headers = [("content-type", "application/json"), IMMUTABLE];
        self.send(method, target, &headers, body.to_string()).await.expect("an answer")
    }

    pub(crate) async fn post(&self, target: &str, body: &Value) -> Got {
        self.with_json("POST", target, body).await
    }

    pub(crate) async fn patch(&self, target: &str, body: &Value) -> Got {
        self.with_json("PATCH", target, body).await
    }

    /// Follows a list or a delta to its end: all items, the last link, and how many pages.
    pub(crate) async fn follow(&self, target: &str, headers: &[(&str, &str)]) -> (Vec<Value>, Option<String>, usize) {
        let (mut items, mut next, mut pages) = (Vec::new(), target.to_owned(), 0);
        loop {
            let got = self.get_with(&next, headers).await;
            assert_eq!(got.status, 200, "{}", got.json);
            pages += 1;
            items.extend(got.json["value"].as_array().expect("a list").iter().cloned());
            match got.json["@odata.nextLink"].as_str() {
                Some(link) => next = link.to_owned(),
                None => return (items, got.json["@odata.deltaLink"].as_str().map(str::to_owned), pages),
            }
        }
    }
}
