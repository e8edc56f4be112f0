//! What Graph takes and gives, as Microsoft published it.
//!
//! The operations come from the flat OpenAPI files under `INLET_SHARED/specs`, read when a fake
//! starts and never copied here; [`extra`] adds, with its source, what Microsoft documents and the
//! files lack. Only operations the fake plays are compiled, all of them at the start: a schema that
//! cannot be compiled, or a handler for a path nobody documents, stops the test there, because a
//! validator that skips what it does not understand passes everything.
//!
//! Refused: generating Rust types from the files. Types accept what they are lenient about and say
//! nothing about unknown properties, and the point is to be strict where a client is careless.

pub(crate) mod check;
pub(crate) mod documented;
#[cfg(test)]
mod examples;
pub(crate) mod extra;
pub(crate) mod scopes;
pub(crate) mod validate;

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, OnceLock},
};

use serde_json::Value;

use check::{Check, Checks, Side};
use documented::Documented;

use super::record::Resource;

/// One operation: a method on a path template.
pub(crate) struct Operation {
    pub(crate) method: &'static str,
    /// The path as Microsoft writes it: `/me/messages/{message-id}`.
    pub(crate) template: &'static str,
    pub(crate) resource: Resource,
    /// Any one of these permissions is enough; empty: a valid token is.
    pub(crate) scopes: &'static [&'static str],
    segments: Vec<Segment>,
    /// Query options by name, with the schema of their value.
    pub(crate) query: BTreeMap<String, Value>,
    /// Request headers beyond the common ones, in lower case.
    pub(crate) headers: Vec<String>,
    pub(crate) bodies: Types,
    pub(crate) body_required: bool,
    pub(crate) answers: BTreeMap<u16, Types>,
    pub(crate) error: Arc<Check>,
    /// Whether the answer is paged or a delta, so that its tokens are options too.
    pub(crate) paged: bool,
}

/// Media types a body may have; JSON comes with its schema.
type Types = Vec<(String, Option<Arc<Check>>)>;

/// Everything that may be asked.
pub(crate) struct Spec {
    operations: Vec<Operation>,
    /// Documented, and not played here: templates with their methods.
    unplayed: Vec<(Vec<Segment>, String)>,
}

/// What a path means.
pub(crate) enum Found<'a> {
    /// An operation, and the values of its template's parameters in order.
    Played(&'a Operation, Vec<String>),
    /// Documented by Microsoft, not played by the fake.
    Unplayed,
    /// The path exists, with other methods.
    WrongMethod,
    Unknown,
}

/// A part of a template between slashes.
#[derive(Clone)]
enum Segment {
    Literal(String),
    /// `prefix{name}suffix`.
    Parameter(String, String),
}

const FILES: [&str; 4] = ["mail", "chats", "onenote", "user"];

impl Spec {
    /// The operations of `played`, compiled; once per process.
    ///
    /// # Panics
    /// When a file is missing, a schema does not compile, or nobody documents an operation.
    pub(crate) fn load(folder: &Path, played: &[(&'static str, &'static str)]) -> Arc<Self> {
        static LOADED: OnceLock<Arc<Spec>> = OnceLock::new();
        Arc::clone(LOADED.get_or_init(|| Arc::new(Self::read(folder, played))))
    }

    fn read(folder: &Path, played: &[(&'static str, &'static str)]) -> Self {
        let mut documented = Documented::default();
        for name in FILES {
            let path = folder.join(format!("specs/graph-{name}.flat.json"));
            documented.add(&std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())));
        }
        extra::amend(&mut documented);
        let mut checks = Checks::default();
        let mut operations: Vec<Operation> = played
            .iter()
            .map(|&(method, template)| operation(method, template, &documented.take(method, template), &mut checks))
            .collect();
        // `/me/messages/delta` is not a message whose id is "delta".
        operations.sort_by_key(|operation| operation.template.matches('{').count());
        let unplayed = documented.rest().map(|(method, template)| (segments(&template), method)).collect();
        Self { operations, unplayed }
    }

    /// Finds the operation of a path below the version (`/me/messages`).
    pub(crate) fn find(&self, method: &str, path: &str) -> Found<'_> {
        let mut other = false;
        for operation in &self.operations {
            if let Some(parameters) = matches(&operation.segments, path) {
                if operation.method == method {
                    return Found::Played(operation, parameters);
                }
                other = true;
            }
        }
        match self.unplayed.iter().find(|(segments, known)| known == method && matches(segments, path).is_some()) {
            Some(_) => Found::Unplayed,
            None if other || self.unplayed.iter().any(|(segments, _)| matches(segments, path).is_some()) => {
                Found::WrongMethod
            }
            None => Found::Unknown,
        }
    }
}

fn operation(method: &'static str, template: &'static str, open: &Value, checks: &mut Checks) -> Operation {
    let mut query = BTreeMap::new();
    let mut headers = Vec::new();
    for parameter in open["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().expect("a name").to_owned();
        match parameter["in"].as_str() {
            Some("query") => {
                query.insert(name, parameter["schema"].clone());
            }
            Some("header") => headers.push(name.to_lowercase()),
            _ => {}
        }
    }
    let required = extra::required(method, template);
    let bodies = media(&open["requestBody"]["content"], Side::Request, &required, checks);
    let mut answers = BTreeMap::new();
    let mut error = None;
    for (status, answer) in open["responses"].as_object().expect("responses") {
        let types = media(&answer["content"], Side::Answer, &[], checks);
        match status.parse() {
            Ok(status) => {
                answers.insert(status, types);
            }
            Err(_) => error = types.into_iter().find_map(|(_, check)| check),
        }
    }
    let paged = method == "GET"
        && open["responses"]["200"]["content"]["application/json"]["schema"]["properties"]
            .get("@odata.nextLink")
            .is_some();
    Operation {
        method,
        template,
        resource: Resource::of(template),
        scopes: scopes::needed(method, template),
        segments: segments(template),
        query,
        headers,
        bodies,
        body_required: open["requestBody"]["required"].as_bool().unwrap_or(false)
            && !extra::body_is_optional(method, template),
        answers,
        error: error.unwrap_or_else(|| panic!("{method} {template} has no schema of errors")),
        paged,
    }
}

fn media(content: &Value, side: Side, required: &[&'static str], checks: &mut Checks) -> Types {
    content
        .as_object()
        .into_iter()
        .flatten()
        .map(|(media, body)| {
            let schema = (media == "application/json").then(|| checks.compile(&body["schema"], side, required));
            (media.clone(), schema)
        })
        .collect()
}

fn segments(template: &str) -> Vec<Segment> {
    template
        .trim_start_matches('/')
        .split('/')
        .map(|part| match part.split_once('{').and_then(|(prefix, rest)| Some((prefix, rest.split_once('}')?.1))) {
            Some((prefix, suffix)) => Segment::Parameter(prefix.to_lowercase(), suffix.to_lowercase()),
            None => Segment::Literal(part.to_lowercase()),
        })
        .collect()
}

/// The parameters of a path that fits. Names in paths have no case; ids do.
fn matches(segments: &[Segment], path: &str) -> Option<Vec<String>> {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    if parts.len() != segments.len() {
        return None;
    }
    let mut parameters = Vec::new();
    for (segment, part) in segments.iter().zip(parts) {
        let part = percent_encoding::percent_decode_str(part).decode_utf8().ok()?;
        match segment {
            Segment::Literal(name) => {
                if !part.eq_ignore_ascii_case(name) {
                    return None;
                }
            }
            Segment::Parameter(prefix, suffix) => {
                let fits = part.len() > prefix.len() + suffix.len()
                    && part.get(..prefix.len())?.eq_ignore_ascii_case(prefix)
                    && part.get(part.len() - suffix.len()..)?.eq_ignore_ascii_case(suffix);
                if !fits {
                    return None;
                }
                parameters.push(part.get(prefix.len()..part.len() - suffix.len())?.to_owned());
            }
        }
    }
    Some(parameters)
}
