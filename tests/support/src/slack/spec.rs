//! What Slack takes and gives, as Slack published it.
//!
//! The file is Swagger 2.0 and writes a choice of schemas as a list under `items`, for objects too; that
//! is read as `anyOf`. Every schema is compiled at the start: one that cannot be stops the test there,
//! because a validator that skips what it does not understand passes everything. What the file lacks is in
//! [`LATER`] and [`NEEDED`], and where Slack's own examples do not pass it, [`amend`] says so.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, OnceLock},
};

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

/// Options that came after the file.
const LATER: [(&str, &str, &str); 4] = [
    // https://docs.slack.dev/messaging/message-metadata
    ("conversations.history", "include_all_metadata", "boolean"),
    ("conversations.replies", "include_all_metadata", "boolean"),
    ("chat.postMessage", "metadata", "object"),
    // https://docs.slack.dev/reference/methods/users.info
    ("users.info", "include_locale", "boolean"),
];

/// Options by name, each with the type of its value.
type Named = &'static [(&'static str, &'static str)];

/// Methods that came after the file, with their options; those with a star are needed.
const METHODS: [(&str, bool, Named); 3] = [
    // https://docs.slack.dev/reference/methods/apps.connections.open
    ("apps.connections.open", true, &[]),
    // https://docs.slack.dev/messaging/working-with-files#upload
    (
        "files.getUploadURLExternal",
        false,
        &[("filename*", "string"), ("length*", "integer"), ("alt_txt", "string"), ("snippet_type", "string")],
    ),
    (
        "files.completeUploadExternal",
        true,
        &[
            ("files*", "array"),
            ("channel_id", "string"),
            ("thread_ts", "string"),
            ("initial_comment", "string"),
            ("blocks", "array"),
        ],
    ),
];

/// Options that the reference pages call required and the file does not.
const NEEDED: [(&str, &[&str]); 7] = [
    ("conversations.history", &["channel"]),
    ("conversations.replies", &["channel", "ts"]),
    ("conversations.info", &["channel"]),
    ("conversations.members", &["channel"]),
    ("conversations.mark", &["channel", "ts"]),
    ("users.info", &["user"]),
    ("files.info", &["file"]),
];

/// Words for errors that every method may answer with, and that lists of the file lack
/// (<https://docs.slack.dev/tools/web-api-errors>).
const ANYWHERE: [&str; 12] = [
    "ratelimited",
    "token_revoked",
    "token_expired",
    "missing_scope",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "not_allowed_token_type",
    "not_in_channel",
    "is_archived",
    "thread_not_found",
    "file_not_found",
];

/// One method.
pub(crate) struct Method {
    /// It changes something, so it has to be a POST.
    pub(crate) post: bool,
    options: BTreeMap<String, String>,
    needed: Vec<String>,
    /// Checks of a good and of a bad answer.
    good: Option<Validator>,
    bad: Option<Validator>,
    /// The names an answer may have, where only an example says what it looks like.
    names: Option<Map<String, Value>>,
}

/// Everything that may be asked.
pub(crate) struct Spec {
    methods: BTreeMap<String, Method>,
    event: Validator,
}

impl Spec {
    /// Reads and compiles the files; once per process.
    pub(crate) fn load(folder: &Path) -> Arc<Self> {
        static LOADED: OnceLock<Arc<Spec>> = OnceLock::new();
        Arc::clone(LOADED.get_or_init(|| Arc::new(Self::read(folder))))
    }

    fn read(folder: &Path) -> Self {
        let file = json_of(&folder.join("specs/slack-slice.json"));
        let mut definitions = convert(&file["definitions"]);
        amend_people(&mut definitions);
        let mut methods = BTreeMap::new();
        for (path, operations) in file["paths"].as_object().expect("paths") {
            let name = path.trim_start_matches('/');
            for (verb, operation) in operations.as_object().expect("operations") {
                methods.insert(name.to_owned(), method(name, verb, operation, &definitions));
            }
        }
        for (name, post, options) in METHODS {
            let example = json_of(&folder.join(format!("specs/slack-examples/{name}.json")));
            let all = options.iter().map(|(name, kind)| (name.trim_end_matches('*').to_owned(), (*kind).to_owned()));
            let needed = options.iter().filter_map(|(name, _)| name.strip_suffix('*')).map(str::to_owned);
            let method = Method {
                post,
                options: all.collect(),
                needed: needed.collect(),
                good: None,
                bad: None,
                names: example.as_object().cloned(),
            };
            methods.insert(name.to_owned(), method);
        }
        let events = json_of(&folder.join("specs/slack-events-asyncapi.json"));
        let event = compile(&convert(&events["components"]["schemas"]["GenericEventWrapper"]), &json!({}));
        Self { methods, event }
    }

    pub(crate) fn method(&self, name: &str) -> Option<&Method> {
        self.methods.get(name)
    }

    /// What is wrong with an event.
    pub(crate) fn event(&self, event: &Value) -> Vec<String> {
        wrong(&self.event, event)
    }
}

impl Method {
    /// What is wrong with the options of a request.
    pub(crate) fn request(&self, options: &[(String, String)]) -> Vec<String> {
        let mut complaints = Vec::new();
        for (name, value) in options {
            match self.options.get(name) {
                _ if name == "token" => complaints.push("a token belongs into the header".to_owned()),
                None => complaints.push(format!("nobody documents the option {name}")),
                Some(kind) if !is_a(kind, value) => complaints.push(format!("{name} is not a value of type {kind}")),
                Some(_) if options.iter().filter(|(other, _)| other == name).count() > 1 => {
                    complaints.push(format!("{name} is there twice"));
                }
                Some(_) => {}
            }
        }
        let there = |wanted: &&String| options.iter().any(|(name, value)| name == *wanted && !value.is_empty());
        complaints.extend(self.needed.iter().filter(|name| !there(name)).map(|name| format!("{name} is missing")));
        complaints
    }

    /// What is wrong with an answer.
    pub(crate) fn answer(&self, answer: &Value) -> Vec<String> {
        let good = answer["ok"] == true;
        if let Some(names) = self.names.as_ref() {
            let fields = answer.as_object().cloned().unwrap_or_default();
            let same = |one: &Value, other: &Value| std::mem::discriminant(one) == std::mem::discriminant(other);
            return fields
                .iter()
                .filter(|(name, value)| names.get(*name).is_none_or(|example| !same(example, value)))
                .map(|(name, _)| format!("/{name}: not as in the example"))
                .collect();
        }
        match if good { &self.good } else { &self.bad } {
            Some(check) => wrong(check, answer),
            None => vec!["no schema".to_owned()],
        }
    }
}

fn json_of(path: &Path) -> Value {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn method(name: &str, verb: &str, operation: &Value, definitions: &Value) -> Method {
    let mut options = BTreeMap::new();
    let mut needed: Vec<String> = Vec::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let option = parameter["name"].as_str().expect("a name");
        // It travels in the header, as the reference pages want it.
        if option == "token" {
            continue;
        }
        options.insert(option.to_owned(), parameter["type"].as_str().expect("a type").to_owned());
        if parameter["required"] == true {
            needed.push(option.to_owned());
        }
    }
    options
        .extend(LATER.iter().filter(|(of, ..)| *of == name).map(|(_, o, kind)| ((*o).to_owned(), (*kind).to_owned())));
    needed.extend(NEEDED.iter().filter(|(of, _)| *of == name).flat_map(|(_, all)| all.iter().map(|o| (*o).to_owned())));
    let schema = |status: &str| {
        let mut schema = convert(&operation["responses"][status]["schema"]);
        amend(name, status, &mut schema);
        compile(&schema, definitions)
    };
    Method {
        post: verb == "post",
        options,
        needed,
        good: Some(schema("200")),
        bad: Some(schema("default")),
        names: None,
    }
}

/// People in Slack's own examples lack some of what the file calls required.
fn amend_people(definitions: &mut Value) {
    const LACKING: [&str; 7] = ["title", "phone", "skype", "fields", "status_text", "status_emoji", "is_app_user"];
    let lessen = |schema: &mut Value| {
        let required = schema["required"].as_array_mut().expect("what is required");
        required.retain(|name| !LACKING.iter().any(|lacking| name == lacking));
    };
    lessen(&mut definitions["objs_user_profile"]);
    definitions["objs_user"]["anyOf"].as_array_mut().expect("a choice").iter_mut().for_each(lessen);
}

/// Where Slack answers otherwise than its file says.
fn amend(name: &str, status: &str, schema: &mut Value) {
    match (name, status) {
        // Its own example lacks the channel's actions, and a conversation may be empty.
        ("conversations.history", "200") => {
            schema["required"] = json!(["ok", "messages", "has_more"]);
            schema["properties"]["messages"].as_object_mut().expect("messages").remove("minItems");
        }
        // A message that nobody answered is neither the root of a thread nor an answer.
        ("conversations.replies", "200") => {
            let choice = schema["properties"]["messages"]["items"]["anyOf"].as_array_mut().expect("a choice");
            choice.push(json!({ "$ref": "#/definitions/objs_message" }));
        }
        (_, "default") => {
            if let Some(words) = schema.pointer_mut("/properties/error/enum").and_then(Value::as_array_mut) {
                words.extend(ANYWHERE.iter().map(|word| json!(word)));
                words.sort_by_key(Value::to_string);
                words.dedup();
            }
            // What a token lacks is said by every method (https://docs.slack.dev/authentication).
            schema["additionalProperties"] = json!(true);
        }
        _ => {}
    }
}

/// JSON Schema of a schema of the file.
fn convert(open: &Value) -> Value {
    match open {
        Value::Array(list) => Value::Array(list.iter().map(convert).collect()),
        Value::Object(map) => {
            let mut schema: Map<String, Value> = map
                .iter()
                .filter(|(key, _)| !matches!(key.as_str(), "description" | "x-examples" | "format"))
                .map(|(key, value)| (key.clone(), convert(value)))
                .collect();
            if let Some(Value::Array(choice)) = schema.get("items").cloned() {
                if schema.get("type").is_some_and(|kind| kind == "array") {
                    schema.insert("items".to_owned(), json!({ "anyOf": choice }));
                } else {
                    schema.remove("items");
                    schema.insert("anyOf".to_owned(), Value::Array(choice));
                }
            }
            // A title that is a sentence about a property is not a schema, and a property may be called so.
            if schema.get("title").is_some_and(Value::is_string) {
                schema.remove("title");
            }
            Value::Object(schema)
        }
        other => other.clone(),
    }
}

fn compile(schema: &Value, definitions: &Value) -> Validator {
    let mut schema = schema.clone();
    schema["definitions"] = definitions.clone();
    jsonschema::options()
        .with_draft(Draft::Draft4)
        .build(&schema)
        .unwrap_or_else(|error| panic!("a schema of the specifications: {error}"))
}

fn wrong(check: &Validator, value: &Value) -> Vec<String> {
    let errors = check.iter_errors(value);
    errors.map(|error| format!("{}: {}", error.instance_path(), cut(&error.to_string()))).collect()
}

fn cut(text: &str) -> String {
    text.chars().take(200).collect()
}

/// Whether a value as it is written in a form is of a type.
fn is_a(kind: &str, value: &str) -> bool {
    match kind {
        "integer" => value.parse::<i64>().is_ok(),
        "number" => value.parse::<f64>().is_ok(),
        "boolean" => matches!(value, "true" | "false" | "1" | "0"),
        "object" => serde_json::from_str::<Map<String, Value>>(value).is_ok(),
        "array" => serde_json::from_str::<Vec<Value>>(value).is_ok(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> Option<(Arc<Spec>, std::path::PathBuf)> {
        let folder = crate::shared("slack_spec")?;
        Some((Spec::load(&folder), folder))
    }

    #[test]
    fn every_example_that_slack_published_passes() {
        let Some((spec, folder)) = spec() else { return };
        let mut count = 0;
        for entry in std::fs::read_dir(folder.join("specs/slack-examples")).unwrap() {
            let path = entry.unwrap().path();
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            if !file.starts_with("spec.") {
                continue;
            }
            let example = json_of(&path);
            let name = example["path"].as_str().unwrap().trim_start_matches('/');
            let wrong = spec.method(name).expect(name).answer(&example["body"]);
            assert!(wrong.is_empty(), "{file}: {wrong:?}");
            count += 1;
        }
        assert!(count >= 20, "{count} examples");
    }

    #[test]
    fn a_wrong_answer_and_a_wrong_event_are_refused() {
        let Some((spec, _)) = spec() else { return };
        let history = spec.method("conversations.history").unwrap();
        let message = |ts: Value| json!({ "ok": true, "has_more": false, "messages": [{ "type": "message", "text": "", "ts": ts }] });
        assert!(history.answer(&message(json!("1700000000.000100"))).is_empty());
        for wrong in
            [message(json!(1_700_000_000.5)), message(json!("now")), json!({ "ok": true }), json!({ "ok": false })]
        {
            assert!(!history.answer(&wrong).is_empty(), "{wrong}");
        }
        assert!(!history.answer(&json!({ "ok": false, "error": "no_such_word" })).is_empty());
        assert!(!spec.event(&json!({ "type": "event_callback" })).is_empty());
        let upload = spec.method("files.getUploadURLExternal").unwrap();
        assert!(!upload.answer(&json!({ "ok": true, "uploadUrl": "http://127.0.0.1/" })).is_empty());
    }

    #[test]
    fn a_wrong_request_is_refused() {
        let Some((spec, _)) = spec() else { return };
        let check = |method: &str, options: &[(&str, &str)]| {
            let options: Vec<_> =
                options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            spec.method(method).unwrap().request(&options)
        };
        assert!(check("conversations.history", &[("channel", "C012AB3CD"), ("limit", "50")]).is_empty());
        for (method, options) in [
            ("conversations.history", vec![("limit", "50")]),
            ("conversations.history", vec![("channel", "C012AB3CD"), ("limit", "many")]),
            ("conversations.history", vec![("channel", "C012AB3CD"), ("count", "50")]),
            ("conversations.history", vec![("channel", "C012AB3CD"), ("token", "xoxp")]),
            ("conversations.history", vec![("channel", "C012AB3CD"), ("channel", "C012AB3CE")]),
            ("conversations.mark", vec![("channel", "C012AB3CD")]),
            ("chat.postMessage", vec![("channel", "C012AB3CD"), ("metadata", "key")]),
            ("files.getUploadURLExternal", vec![("filename", "a.txt")]),
        ] {
            assert!(!check(method, &options).is_empty(), "{method} {options:?}");
        }
    }
}
