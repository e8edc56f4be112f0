//! A request as it came, a call as it was understood, and what goes back.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{odata::Query, spec::Operation};

/// A request as it came, whole.
pub(crate) struct Incoming {
    pub(crate) method: String,
    /// The path below the version.
    pub(crate) path: String,
    /// The query as it was written, without `?`.
    pub(crate) query: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

impl Incoming {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A header that is a list, which may come in several fields (RFC 9110 §5.3).
    pub(crate) fn list(&self, name: &str) -> Option<String> {
        let fields = self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let fields: Vec<&str> = fields.collect();
        (!fields.is_empty()).then(|| fields.join(", "))
    }
}

/// A request that was found good.
pub(crate) struct Call<'a> {
    pub(crate) operation: &'a Operation,
    /// The values of the template's parameters, in order.
    pub(crate) ids: Vec<String>,
    pub(crate) path: String,
    pub(crate) query: Query,
    pub(crate) prefer: Prefer,
    pub(crate) body: Payload,
}

impl Call<'_> {
    pub(crate) fn id(&self, at: usize) -> &str {
        self.ids.get(at).map_or("", String::as_str)
    }

    /// The JSON of the body; `null` when there is none.
    pub(crate) fn json(&self) -> &Value {
        match &self.body {
            Payload::Json(value) => value,
            _ => &Value::Null,
        }
    }
}

/// A body.
pub(crate) enum Payload {
    None,
    Json(Value),
    /// Another media type, with the whole of its header.
    Other(String, Bytes),
}

/// What the header `Prefer` asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Prefer {
    /// `IdType="ImmutableId"`
    pub(crate) immutable: bool,
    /// `odata.maxpagesize`
    pub(crate) page: Option<usize>,
    /// `outlook.body-content-type`
    pub(crate) text: Option<bool>,
    /// `include-unknown-enum-members`
    pub(crate) unknown_members: bool,
}

/// What goes back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Content,
}

pub(crate) enum Content {
    None,
    Json(Value),
    Bytes(String, Bytes),
}

impl Answer {
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Content::None }
    }

    pub(crate) fn json(status: u16, value: Value) -> Self {
        Self { status, headers: Vec::new(), body: Content::Json(value) }
    }

    pub(crate) fn bytes(media: &str, bytes: impl Into<Bytes>) -> Self {
        Self { status: 200, headers: Vec::new(), body: Content::Bytes(media.to_owned(), bytes.into()) }
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

/// An error in Graph's shape.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) headers: Vec<(String, String)>,
    /// The request was wrong in a way no schema tells, and the test fails.
    pub(crate) misuse: bool,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), message: message.into(), headers: Vec::new(), misuse: false }
    }

    pub(crate) fn misuse(mut self) -> Self {
        self.misuse = true;
        self
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// `date` is the server's, without a zone, as Graph writes it here.
    pub(crate) fn into_answer(self, date: &str) -> Answer {
        let request = "a0f1d2c3-7b6a-4e5d-9c8b-0123456789ab";
        let body = json!({ "error": {
            "code": self.code, "message": self.message,
            "innerError": { "date": date, "request-id": request, "client-request-id": request },
        } });
        Answer { status: self.status, headers: self.headers, body: Content::Json(body) }
    }
}

pub(crate) type Outcome = Result<Answer, Refusal>;
