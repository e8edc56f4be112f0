//! Schemas of OpenAPI 3.0 as JSON Schema, compiled by a real validator.
//!
//! The files describe an object loosely: other properties are allowed everywhere and derived types
//! are left out. Graph itself refuses a property a type does not have, and a fake that takes any
//! would let a misspelt one pass. So every object with known properties is closed, after the
//! properties of its derived types were added ([`DERIVED`]); OData annotations are taken out
//! before and checked against a list. An object whose properties the files cut off stays open.
//!
//! In a request an enumeration's case does not matter ("Low", "HTML" in Microsoft's own examples);
//! in an answer it does.

use std::{collections::HashMap, sync::Arc};

use jsonschema::{Keyword, PatternCache, ValidationError, Validator};
use serde_json::{Map, Value, json};

/// Who says it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Side {
    Request,
    Answer,
}

/// A compiled schema.
pub(crate) struct Check {
    validator: Validator,
    side: Side,
    #[cfg(test)]
    pub(crate) schema: Value,
}

/// Compiles each schema once.
#[derive(Default)]
pub(crate) struct Checks {
    patterns: PatternCache,
    compiled: HashMap<(Side, Vec<&'static str>, Value), Arc<Check>>,
}

/// Properties of derived types and of types the files are behind on: an object that has all the
/// names before may have those after. From Microsoft's reference pages of the types named.
const DERIVED: &[(&[&str], &str)] = &[
    // fileAttachment, itemAttachment
    (
        &["contentType", "isInline", "lastModifiedDateTime", "name", "size"],
        r#"{"contentBytes":{"type":"string","format":"base64url","nullable":true},
            "contentId":{"type":"string","nullable":true},"contentLocation":{"type":"string","nullable":true},
            "item":{"type":"object","nullable":true}}"#,
    ),
    // teamworkUserIdentity, teamworkConversationIdentity, teamworkApplicationIdentity
    (
        &["displayName", "id"],
        r#"{"userIdentityType":{"type":"string","nullable":true,"enum":["aadUser","onPremiseAadUser","anonymousGuest",
              "federatedUser","personalMicrosoftAccountUser","skypeUser","phoneUser","unknownFutureValue","emailUser"]},
            "conversationIdentityType":{"type":"string","nullable":true,
              "enum":["team","channel","chat","unknownFutureValue"]},
            "applicationIdentityType":{"type":"string","nullable":true,"enum":["aadApplication","bot","tenantBot",
              "office365Connector","outgoingWebhook","unknownFutureValue"]},
            "tenantId":{"type":"string","nullable":true}}"#,
    ),
    // chatMessageFromIdentitySet, chatMessageMentionedIdentitySet
    (
        &["application", "device", "user"],
        r#"{"conversation":{"type":"object","nullable":true,"properties":{"id":{"type":"string","nullable":true},
              "displayName":{"type":"string","nullable":true},"conversationIdentityType":{"type":"string",
              "nullable":true,"enum":["team","channel","chat","unknownFutureValue"]}}},
            "tag":{"type":"object","nullable":true}}"#,
    ),
    // aadUserConversationMember
    (
        &["displayName", "roles", "visibleHistoryStartDateTime"],
        r#"{"userId":{"type":"string","nullable":true},"email":{"type":"string","nullable":true},
            "tenantId":{"type":"string","nullable":true}}"#,
    ),
    // eventMessage, eventMessageRequest, eventMessageResponse
    (
        &["bccRecipients", "conversationId", "internetMessageId"],
        r#"{"meetingMessageType":{"type":"string","nullable":true,"enum":["none","meetingRequest","meetingCancelled",
              "meetingAccepted","meetingTenativelyAccepted","meetingDeclined"]},
            "type":{"type":"string","nullable":true,"enum":["singleInstance","occurrence","exception","seriesMaster"]},
            "isOutOfDate":{"type":"boolean","nullable":true},"isAllDay":{"type":"boolean","nullable":true},
            "isDelegated":{"type":"boolean","nullable":true},"allowNewTimeProposals":{"type":"boolean","nullable":true},
            "responseRequested":{"type":"boolean","nullable":true},"recurrence":{"type":"object","nullable":true},
            "location":{"type":"object","nullable":true},"startDateTime":{"type":"object","nullable":true},
            "endDateTime":{"type":"object","nullable":true},"previousLocation":{"type":"object","nullable":true},
            "previousStartDateTime":{"type":"object","nullable":true},
            "previousEndDateTime":{"type":"object","nullable":true},"proposedNewTime":{"type":"object","nullable":true},
            "meetingRequestType":{"type":"string","nullable":true,"enum":["none","newMeetingRequest","fullUpdate",
              "informationalUpdate","silentUpdate","outdated","principalWantsCopy"]},
            "responseType":{"type":"string","nullable":true,"enum":["none","organizer","tentativelyAccepted",
              "accepted","declined","notResponded"]},"event":{"type":"object","nullable":true}}"#,
    ),
    // directoryObject, the base of a user, which the file cut off
    (
        &["mailNickname", "userPrincipalName"],
        r#"{"id":{"type":"string"},"deletedDateTime":{"type":"string","format":"date-time","nullable":true}}"#,
    ),
    // mailSearchFolder
    (
        &["childFolderCount", "totalItemCount", "unreadItemCount"],
        r#"{"isSupported":{"type":"boolean","nullable":true},"includeNestedFolders":{"type":"boolean","nullable":true},
            "sourceFolderIds":{"type":"array","items":{"type":"string"}},
            "filterQuery":{"type":"string","nullable":true}}"#,
    ),
];

/// Annotations (OData JSON format 4.01 §4.5) a client may send; a name may stand before the `@`.
const SENT: &[&str] =
    &["odata.type", "odata.id", "odata.etag", "odata.bind", "odata.context", "microsoft.graph.temporaryId"];
/// Annotations Graph gives.
const GIVEN: &[&str] = &[
    "odata.context",
    "odata.etag",
    "odata.type",
    "odata.count",
    "odata.id",
    "odata.mediaContentType",
    "odata.mediaReadLink",
    "removed",
    "microsoft.graph.tips",
];

impl Checks {
    /// The check of a schema of OpenAPI 3.0; `required` names properties the documentation demands.
    ///
    /// # Panics
    /// When it does not compile.
    pub(crate) fn compile(&mut self, open: &Value, side: Side, required: &[&'static str]) -> Arc<Check> {
        let key = (side, required.to_vec(), open.clone());
        if let Some(check) = self.compiled.get(&key) {
            return Arc::clone(check);
        }
        let mut schema = convert(open);
        for path in required {
            demand(&mut schema, path);
        }
        let mut options = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            .with_pattern_cache(self.patterns.clone())
            .should_validate_formats(true)
            .should_ignore_unknown_formats(false)
            .with_format("base64url", base64)
            // Patterns of the files say more than these names.
            .with_format("time", |_: &str| true)
            .with_format("binary", |_: &str| true);
        for number in ["int16", "int32", "int64", "double"] {
            options = options.with_format(number, |_: &str| true);
        }
        if side == Side::Request {
            options = options.with_keyword("enum", |_, values, _| Ok(Box::new(AnyCase::of(values))));
        }
        let validator =
            options.build(&schema).unwrap_or_else(|error| panic!("a schema of the specifications: {error}"));
        let check = Arc::new(Check {
            validator,
            side,
            #[cfg(test)]
            schema,
        });
        self.compiled.insert(key, Arc::clone(&check));
        check
    }
}

impl Check {
    /// What is wrong with a value; nothing when it is good. Values are cut short.
    pub(crate) fn complaints(&self, value: &Value) -> Vec<String> {
        let mut complaints = Vec::new();
        let plain = self.plain(value, "", &mut complaints);
        if !self.validator.is_valid(&plain) {
            complaints.extend(self.validator.iter_errors(&plain).map(|error| {
                let place = error.instance_path().to_string();
                let text: String = error.to_string().chars().take(200).collect();
                format!("{}: {text}", if place.is_empty() { "/" } else { &place })
            }));
        }
        complaints
    }

    /// The value without its annotations.
    fn plain(&self, value: &Value, place: &str, complaints: &mut Vec<String>) -> Value {
        match value {
            Value::Object(map) => {
                let mut plain = Map::new();
                for (name, value) in map {
                    match name.split_once('@') {
                        // These two are properties of the schemas that have them.
                        Some(("", "odata.nextLink" | "odata.deltaLink")) => {
                            plain.insert(name.clone(), value.clone());
                        }
                        Some((_, annotation)) => {
                            let known = if self.side == Side::Request { SENT } else { GIVEN };
                            if !known.contains(&annotation) {
                                complaints.push(format!("{place}/{name}: nobody documents this annotation"));
                            }
                        }
                        None => {
                            let inner = self.plain(value, &format!("{place}/{name}"), complaints);
                            plain.insert(name.clone(), inner);
                        }
                    }
                }
                Value::Object(plain)
            }
            Value::Array(items) => Value::Array(items.iter().map(|item| self.plain(item, place, complaints)).collect()),
            other => other.clone(),
        }
    }
}

fn convert(open: &Value) -> Value {
    let Value::Object(open) = open else { return open.clone() };
    let mut schema = Map::new();
    for (key, value) in open {
        match key.as_str() {
            "type" | "format" | "pattern" | "minimum" | "maximum" | "required" | "uniqueItems" | "enum" => {
                schema.insert(key.clone(), value.clone());
            }
            "items" => {
                schema.insert(key.clone(), convert(value));
            }
            "properties" => {
                let map = value.as_object().expect("properties");
                schema.insert(key.clone(), map.iter().map(|(name, value)| (name.clone(), convert(value))).collect());
            }
            "title"
            | "description"
            | "nullable"
            | "readOnly"
            | "default"
            | "example"
            | "style"
            | "explode"
            | "additionalProperties" => {}
            other => panic!("the specifications have a keyword nobody looked at: {other}"),
        }
    }
    close(&mut schema);
    if open.get("nullable").and_then(Value::as_bool) == Some(true) {
        let kind = schema.get("type").cloned().expect("a nullable schema has a type");
        schema.insert("type".to_owned(), json!([kind, "null"]));
        if let Some(Value::Array(values)) = schema.get_mut("enum") {
            values.push(Value::Null);
        }
    }
    Value::Object(schema)
}

fn close(schema: &mut Map<String, Value>) {
    let Some(Value::Object(properties)) = schema.get_mut("properties") else { return };
    if properties.is_empty() {
        return;
    }
    for (names, more) in DERIVED {
        if names.iter().all(|name| properties.contains_key(*name)) {
            let more: Map<String, Value> = serde_json::from_str(more).expect("a schema of ours");
            for (name, value) in more {
                properties.entry(name).or_insert_with(|| convert(&value));
            }
        }
    }
    schema.insert("additionalProperties".to_owned(), Value::Bool(false));
}

/// Makes the property at `a/b/c` required, at each step; `[]` steps into the items of a list.
fn demand(schema: &mut Value, path: &str) {
    let mut at = schema;
    for step in path.split('/') {
        if step == "[]" {
            at = at.get_mut("items").unwrap_or_else(|| panic!("{path} is not a list"));
            continue;
        }
        let map = at.as_object_mut().unwrap_or_else(|| panic!("{path} does not exist"));
        let required = map.entry("required").or_insert_with(|| json!([])).as_array_mut().expect("a list");
        if !required.iter().any(|name| name == step) {
            required.push(step.into());
        }
        at = map.get_mut("properties").and_then(|map| map.get_mut(step)).unwrap_or_else(|| panic!("no {path}"));
        // What is required is not null either.
        if let Some(Value::Array(kinds)) = at.get_mut("type") {
            kinds.retain(|kind| kind != "null");
        }
    }
}

fn base64(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/-_=".contains(&byte))
}

/// `enum` in a request: strings without regard to case.
struct AnyCase {
    texts: Vec<String>,
    others: Vec<Value>,
}

impl AnyCase {
    fn of(values: &Value) -> Self {
        let mut of = Self { texts: Vec::new(), others: Vec::new() };
        for value in values.as_array().into_iter().flatten() {
            match value {
                Value::String(text) => of.texts.push(text.to_lowercase()),
                other => of.others.push(other.clone()),
            }
        }
        of
    }
}

impl<'i> Keyword<'i> for AnyCase {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if self.is_valid(instance) {
            return Ok(());
        }
        Err(ValidationError::custom(format!("{instance} is not one of {}", self.texts.join(", "))))
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        match instance {
            Value::String(text) => self.texts.contains(&text.to_lowercase()),
            other => self.others.contains(other),
        }
    }
}
