//! From a request to its answer: found, checked, allowed, counted, done, and checked again.
//!
//! The order is Graph's, except that a wrong request is noted even where it would not have come to
//! that: a client that only errs while it is throttled errs.

use std::sync::Arc;

use bytes::Bytes;
use parking_lot::Mutex;
use serde_json::{Value, json};

use super::{
    auth::{self, Auth, Scopes},
    batch,
    budget::{Budget, throttled},
    clock::Clock,
    exchange::{Answer, Call, Content, Incoming, Outcome, Refusal},
    fault::{Faults, Kind, Retry},
    mail::upload,
    record::{LONGEST, Record, Resource, Seen},
    routes,
    spec::{Found, Operation, Spec, validate},
    world::World,
};

/// Where upload sessions are made.
const SESSION: &str = "/me/messages/id/attachments/createUploadSession";

pub(crate) struct Tenant {
    pub(crate) spec: Arc<Spec>,
    pub(crate) world: Mutex<World>,
    pub(crate) record: Record,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) auth: Auth,
    pub(crate) clock: Clock,
    budget: Mutex<Budget>,
}

/// An answer, and what happens to it on the way.
pub(crate) struct Reply {
    pub(crate) answer: Answer,
    pub(crate) fate: Option<Kind>,
}

impl Tenant {
    pub(crate) fn new(spec: Arc<Spec>, clock: Clock, root: String, uploads: String) -> Self {
        Self {
            spec,
            world: Mutex::new(World::new(clock.clone(), root, uploads)),
            record: Record::default(),
            faults: Mutex::default(),
            auth: Auth::default(),
            clock,
            budget: Mutex::default(),
        }
    }

    /// Which part of Graph a path belongs to.
    pub(crate) fn resource(&self, method: &str, path: &str) -> Resource {
        match self.spec.find(method, path) {
            Found::Played(operation, _) => operation.resource,
            _ => Resource::of(path),
        }
    }

    /// Answers a request of somebody with these scopes, while `open` of its kind are under way.
    pub(crate) fn reply(&self, request: &Incoming, scopes: &Scopes, open: usize) -> Reply {
        let resource = self.resource(&request.method, &request.path);
        let target = format!("{}?{}", request.path, request.query);
        let fault = self.faults.lock().take(resource, &request.method, &target);
        let (outcome, operation) = match self.spec.find(&request.method, &request.path) {
            Found::Played(operation, ids) => {
                (self.play(operation, ids, request, scopes, open, fault.as_ref()), Some(operation))
            }
            found => (Err(unknown(&found)), None),
        };
        let answer = self.settle(outcome, request, operation);
        let withheld = matches!(fault, Some(Kind::Dropped | Kind::Lost));
        self.record.saw(Seen {
            method: request.method.clone(),
            path: request.path.clone(),
            query: percent_encoding::percent_decode_str(&request.query).decode_utf8_lossy().into_owned(),
            resource,
            status: if withheld { 0 } else { answer.status },
            prefer: request.list("prefer"),
            content_type: request.header("content-type").map(str::to_owned),
            body: if request.body.len() <= LONGEST { request.body.clone() } else { Bytes::new() },
        });
        Reply { answer, fate: fault.filter(|kind| !matches!(kind, Kind::Refuse { .. } | Kind::Claims)) }
    }

    fn play(
        &self,
        operation: &Operation,
        ids: Vec<String>,
        request: &Incoming,
        scopes: &Scopes,
        open: usize,
        fault: Option<&Kind>,
    ) -> Outcome {
        let call = validate::validate(operation, ids, request);
        if let Err(reasons) = &call {
            for reason in reasons {
                self.record.complain(format!("{} {}: {reason}", request.method, request.path));
            }
        }
        let Some(scopes) = scopes else { return Err(auth::unauthorized()) };
        self.budget.lock().spend(operation.resource, open, self.clock.millis())?;
        match fault {
            Some(Kind::Refuse { status, code, retry }) => {
                return Err(self.refuse(operation.resource, *status, code.as_deref(), *retry));
            }
            Some(Kind::Claims) => return Err(auth::claims()),
            // Before it is done; what is answered is thrown away.
            Some(Kind::Dropped) => return Err(Refusal::new(503, "ServiceUnavailable", "Dropped.")),
            _ => {}
        }
        if !auth::allowed(scopes, operation.scopes) {
            return Err(forbidden(operation));
        }
        let call = call.map_err(|reasons| {
            let code = if operation.resource == Resource::OneNote { "20143" } else { "BadRequest" };
            Refusal::new(400, code, reasons.join("; "))
        })?;
        if operation.template == "/$batch" {
            return batch::run(self, &call, request, &Some(scopes.clone()));
        }
        self.act(&call)
    }

    fn act(&self, call: &Call<'_>) -> Outcome {
        let handler = routes::handler(call.operation.method, call.operation.template);
        handler(&mut self.world.lock(), call)
    }

    fn refuse(&self, resource: Resource, status: u16, code: Option<&str>, retry: Retry) -> Refusal {
        let refusal = match code {
            Some(code) => Refusal::new(status, code, "As a test asked."),
            None => throttled(resource),
        };
        match retry {
            Retry::None => refusal,
            Retry::Seconds(seconds) => refusal.header("Retry-After", seconds.to_string()),
            Retry::Date(seconds) => refusal.header("Retry-After", self.clock.http_date(seconds)),
        }
    }

    /// Makes an answer of an outcome, and vouches for it.
    fn settle(&self, outcome: Outcome, request: &Incoming, operation: Option<&Operation>) -> Answer {
        let answer = outcome.unwrap_or_else(|refusal| {
            if refusal.misuse {
                self.record.complain(format!("{} {}: {}", request.method, request.path, refusal.message));
            }
            refusal.into_answer(&self.clock.now().strftime("%Y-%m-%dT%H:%M:%S").to_string())
        });
        if let Some(operation) = operation {
            for reason in vouch(operation, &answer) {
                self.record.complain(format!(
                    "the fake's own answer {} to {} {}: {reason}",
                    answer.status, operation.method, operation.template
                ));
            }
        }
        answer
    }

    /// Answers a request to the address of an upload session.
    pub(crate) fn upload(&self, request: &Incoming) -> Reply {
        let target = format!("{}?{}", request.path, request.query);
        let fault = self.faults.lock().take(Resource::Upload, &request.method, &target);
        let outcome = match &fault {
            Some(Kind::Refuse { status, code, retry }) => {
                Err(self.refuse(Resource::Upload, *status, code.as_deref(), *retry))
            }
            Some(Kind::Dropped | Kind::Claims) => Err(Refusal::new(503, "ServiceUnavailable", "Dropped.")),
            _ => upload::piece(&mut self.world.lock(), request),
        };
        let answer = self.settle(outcome, request, None);
        // What a session says of itself is what its making said.
        if let (Found::Played(operation, _), Content::Json(value)) = (self.spec.find("POST", SESSION), &answer.body) {
            let made = operation.answers.values().flatten().find_map(|(_, check)| check.as_ref());
            let check = if answer.status < 400 { made.unwrap_or(&operation.error) } else { &operation.error };
            for reason in check.complaints(value) {
                self.record.complain(format!("the fake's own answer {} to a piece: {reason}", answer.status));
            }
        }
        self.record.saw(Seen {
            method: request.method.clone(),
            path: request.path.clone(),
            query: String::new(),
            resource: Resource::Upload,
            status: answer.status,
            prefer: None,
            content_type: request.header("content-type").map(str::to_owned),
            body: Bytes::new(),
        });
        Reply { answer, fate: fault.filter(|kind| !matches!(kind, Kind::Refuse { .. } | Kind::Claims)) }
    }

    /// The answer to one request of a batch, which is checked and counted like any other.
    pub(crate) fn inner(&self, request: &Incoming, scopes: &Scopes) -> Value {
        let answer = self.reply(request, scopes, 1).answer;
        let mut inner = json!({ "status": answer.status });
        let mut headers = serde_json::Map::new();
        for (name, value) in answer.headers {
            headers.insert(name, value.into());
        }
        match answer.body {
            Content::None => {}
            Content::Json(value) => {
                headers.insert("Content-Type".to_owned(), "application/json".into());
                inner["body"] = value;
            }
            Content::Bytes(media, bytes) => {
                headers.insert("Content-Type".to_owned(), media.into());
                inner["body"] = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes).into();
            }
        }
        inner["headers"] = headers.into();
        inner
    }
}

fn unknown(found: &Found<'_>) -> Refusal {
    match found {
        Found::WrongMethod => Refusal::new(405, "MethodNotAllowed", "The path does not take this method."),
        Found::Unplayed => Refusal::new(501, "NotImplemented", "The fake does not play this operation."),
        _ => Refusal::new(404, "ResourceNotFound", "Nobody documents this path."),
    }
    .misuse()
}

fn forbidden(operation: &Operation) -> Refusal {
    let needed = operation.scopes.join(", ");
    match operation.resource {
        Resource::Teams => Refusal::new(
            403,
            "Forbidden",
            format!("Missing scope permissions on the request. API requires one of '{needed}'."),
        ),
        Resource::OneNote => Refusal::new(
            403,
            "40004",
            "The OAuth token provided does not have the necessary scopes to complete the request.",
        ),
        Resource::User => {
            Refusal::new(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
        }
        _ => Refusal::new(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."),
    }
}

/// What is wrong with an answer of ours.
fn vouch(operation: &Operation, answer: &Answer) -> Vec<String> {
    if answer.status >= 400 {
        return match &answer.body {
            Content::Json(value) => operation.error.complaints(value),
            _ => vec!["an error is JSON".to_owned()],
        };
    }
    let Some(types) = operation.answers.get(&answer.status) else {
        return vec!["nobody documents this status".to_owned()];
    };
    match &answer.body {
        Content::None if types.is_empty() => Vec::new(),
        Content::None => vec!["a body is documented".to_owned()],
        Content::Json(value) => match types.iter().find_map(|(_, check)| check.as_ref()) {
            Some(check) => check.complaints(value),
            None => vec!["JSON is not documented".to_owned()],
        },
        Content::Bytes(media, _) => {
            let any = |known: &str| known == "application/octet-stream" || media.starts_with(known);
            if types.iter().any(|(known, _)| any(known)) {
                Vec::new()
            } else {
                vec![format!("{media} is not documented")]
            }
        }
    }
}

/// The bytes of an answer's body, with their media type.
pub(crate) fn bytes_of(content: Content) -> Option<(String, Bytes)> {
    match content {
        Content::None => None,
        Content::Json(value) => Some((
            "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
                .to_owned(),
            value.to_string().into(),
        )),
        Content::Bytes(media, bytes) => Some((media, bytes)),
    }
}
