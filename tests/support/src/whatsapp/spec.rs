//! What the Cloud API takes and gives, as Meta published it (`INLET_SHARED/specs/whatsapp-usable.yaml`).
//!
//! The file is OpenAPI 3.1, whose schemas are JSON Schema as they stand. Every schema that is used is
//! compiled at the start, and one that does not compile ends the test there. Bodies of requests are closed
//! at the top: a property nobody documents is a misspelt one.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, OnceLock},
};

use jsonschema::Validator;
use serde_json::{Value, json};

/// An operation that may be asked for.
struct Operation {
    method: &'static str,
    template: &'static str,
    query: Vec<String>,
    body: Option<Validator>,
    answer: Validator,
    error: Validator,
}

/// Everything that may be asked, and what Meta sends.
pub(super) struct Spec {
    operations: Vec<Operation>,
    webhook: Validator,
    /// What is inside of an interactive message of a type that the file describes.
    interactive: Validator,
    examples: Vec<Example>,
    documented: Vec<Documented>,
}

/// An example that stands in the specification itself.
#[derive(Clone, Debug)]
pub struct Documented {
    /// What it is called there.
    pub name: String,
    /// Method.
    pub method: String,
    /// Template of its path.
    pub path: String,
    /// The status of an answer; nothing for what is asked.
    pub status: Option<u16>,
    /// The body.
    pub body: Value,
}

/// A documented body.
#[derive(Clone, Debug)]
pub struct Example {
    /// File name.
    pub name: String,
    /// `request` or `response`.
    pub direction: String,
    /// Method.
    pub method: String,
    /// Template of its path.
    pub path: String,
    /// The body.
    pub body: Value,
}

/// The operations the fake plays.
const PLAYED: &[(&str, &str)] = &[
    ("post", "/{Version}/{Phone-Number-ID}/messages"),
    ("post", "/{Version}/{Phone-Number-ID}/media"),
    ("get", "/{Version}/{Phone-Number-ID}/message_history"),
    ("get", "/{Version}/{Media-ID}"),
    ("get", "/{Version}/{Phone-Number-ID}"),
    ("get", "/{Version}/{WABA-ID}/phone_numbers"),
    ("get", "/{Version}/{WABA-ID}/subscribed_apps"),
    ("post", "/{Version}/{WABA-ID}/subscribed_apps"),
    ("get", "/{Version}/{WABA-ID}/message_templates"),
];

/// Options every edge of Meta's Graph takes
/// (<https://developers.facebook.com/docs/graph-api/results>).
const PAGING: [&str; 3] = ["limit", "after", "before"];

impl Spec {
    /// # Panics
    /// When the file is missing or a schema does not compile.
    pub(super) fn load(shared: &Path) -> Arc<Self> {
        static LOADED: OnceLock<Arc<Spec>> = OnceLock::new();
        Arc::clone(LOADED.get_or_init(|| Arc::new(Self::read(shared))))
    }

    fn read(shared: &Path) -> Self {
        let text = std::fs::read_to_string(shared.join("specs/whatsapp-usable.yaml")).expect("the specification");
        let file: Value = serde_norway::from_str(&text).expect("YAML");
        let compile = |schema: &Value, closed: bool| {
            let mut schema = match schema["$ref"].as_str().and_then(|name| file.pointer(name.trim_start_matches('#'))) {
                Some(named) => named.clone(),
                None => schema.clone(),
            };
            schema["components"] = file["components"].clone();
            if closed {
                assert!(schema["properties"].is_object(), "a body has properties");
                schema["additionalProperties"] = json!(false);
            }
            jsonschema::draft202012::new(&schema).unwrap_or_else(|error| panic!("a schema does not compile: {error}"))
        };
        let of = |open: &Value| open["content"]["application/json"]["schema"].clone();
        let errors = json!({ "$ref": "#/components/schemas/GraphAPIError" });
        let operations = PLAYED
            .iter()
            .map(|&(method, template)| {
                let path = &file["paths"][template];
                let open = &path[method];
                assert!(open.is_object(), "nobody documents {method} {template}");
                let parameters = open["parameters"].as_array().into_iter().flatten();
                let query = parameters
                    .filter(|parameter| parameter["in"] == "query")
                    .filter_map(|parameter| parameter["name"].as_str().map(str::to_owned))
                    .collect();
                let body = open["requestBody"].is_object().then(|| compile(&of(&open["requestBody"]), true));
                let answer = compile(&of(&open["responses"]["200"]), false);
                Operation { method, template, query, body, answer, error: compile(&errors, false) }
            })
            .collect();
        let webhook = compile(&of(&file["paths"]["/whatsapp/webhooks"]["post"]["requestBody"]), false);
        let interactive = compile(&json!({ "$ref": "#/components/schemas/InteractiveObject" }), true);
        Self { operations, webhook, interactive, examples: examples(shared), documented: documented(&file) }
    }

    pub(super) fn documented(&self) -> &[Documented] {
        &self.documented
    }

    /// The fake answers this.
    pub(super) fn is_played(method: &str, template: &str) -> bool {
        PLAYED.contains(&(method, template))
    }

    pub(super) fn examples(&self) -> &[Example] {
        &self.examples
    }

    fn operation(&self, method: &str, template: &str) -> &Operation {
        self.operations
            .iter()
            .find(|operation| operation.method == method && operation.template == template)
            .unwrap_or_else(|| panic!("{method} {template} is not played"))
    }

    /// What is wrong with a request.
    pub(super) fn request(
        &self,
        method: &str,
        template: &str,
        query: &HashMap<String, String>,
        body: Option<&Value>,
    ) -> Vec<String> {
        let operation = self.operation(method, template);
        let unknown = query.keys().filter(|name| !operation.query.contains(name) && !PAGING.contains(&name.as_str()));
        let mut wrong: Vec<String> = unknown.map(|name| format!("the option {name} is not documented")).collect();
        match (&operation.body, body) {
            (Some(validator), Some(body)) => {
                wrong.extend(complaints(validator, body));
                // The schema of a message says no more of this than that it is an object.
                let inside = &body["interactive"];
                if matches!(inside["type"].as_str(), Some("button" | "list")) {
                    wrong.extend(complaints(&self.interactive, inside));
                }
            }
            (None, Some(_)) => wrong.push("a body is given where there is none".to_owned()),
            _ => {}
        }
        wrong
    }

    /// What is wrong with an answer of ours.
    pub(super) fn answer(&self, method: &str, template: &str, status: u16, body: &Value) -> Vec<String> {
        let operation = self.operation(method, template);
        complaints(if status == 200 { &operation.answer } else { &operation.error }, body)
    }

    /// What is wrong with an event.
    pub(super) fn webhook(&self, body: &Value) -> Vec<String> {
        complaints(&self.webhook, body)
    }
}

fn complaints(validator: &Validator, body: &Value) -> Vec<String> {
    validator.iter_errors(body).map(|error| format!("{} at {}", error, error.instance_path())).collect()
}

/// Every body that the specification gives as an example of JSON.
fn documented(file: &Value) -> Vec<Documented> {
    let mut found = Vec::new();
    let entries = |value: &Value| value.as_object().cloned().unwrap_or_default();
    for (path, open) in entries(&file["paths"]) {
        for (method, open) in entries(&open) {
            let answers = entries(&open["responses"]).into_iter().map(|(status, answer)| (status.parse().ok(), answer));
            for (status, of) in [(None, open["requestBody"].clone())].into_iter().chain(answers) {
                let content = &of["content"]["application/json"];
                let named = entries(&content["examples"]).into_iter().map(|(name, one)| (name, one["value"].clone()));
                let alone = content.get("example").map(|body| (String::new(), body.clone()));
                found.extend(named.chain(alone).map(|(name, body)| Documented {
                    name,
                    method: method.clone(),
                    path: path.clone(),
                    status,
                    body,
                }));
            }
        }
    }
    found
}

fn examples(shared: &Path) -> Vec<Example> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(shared.join("specs/whatsapp-examples")).expect("the examples").flatten() {
        let value: Value = serde_json::from_slice(&std::fs::read(entry.path()).expect("an example")).expect("JSON");
        let word = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        found.push(Example {
            name: entry.file_name().to_string_lossy().into_owned(),
            direction: word("direction"),
            method: word("method"),
            path: word("path"),
            body: value["body"].clone(),
        });
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}
