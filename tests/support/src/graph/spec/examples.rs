//! Microsoft's documented exchanges (`INLET_SHARED/specs/graph-examples`) against the same checks
//! that the fake's requests and answers pass: each is accepted, but for those named with a reason.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    super::{
        examples::{Example, Shown, examples},
        exchange::Incoming,
        routes,
    },
    Found, Operation, Spec,
    validate::validate,
};

/// Operations the fake does not play and the examples show.
const ALSO: &[(&str, &str)] = &[
    ("GET", "/teams/{team-id}/channels/{channel-id}/messages/delta"),
    ("POST", "/me/onenote/pages/{onenotePage-id}/copyToSection"),
    ("POST", "/me/onenote/notebooks/getNotebookFromWebUrl"),
    ("GET", "/me/onenote/notebooks/getRecentNotebooks(includePersonalNotebooks={includePersonalNotebooks})"),
];

const CHANNEL: &str = "/teams/{team-id}/channels/{channel-id}";

/// What a file's answers are to, where it shows no request.
fn asked(file: &str) -> Option<(&'static str, String)> {
    let of = |template: &str| Some(("GET", template.to_owned()));
    match file {
        "attachment-get" => of("/me/messages/{message-id}/attachments/{attachment-id}"),
        "channel-get" => of(CHANNEL),
        "channel-list" => of("/teams/{team-id}/channels"),
        "chat-get" => of("/chats/{chat-id}"),
        "chat-list" => of("/chats"),
        "chat-list-members" => of("/chats/{chat-id}/members"),
        "chat-list-messages" => of("/chats/{chat-id}/messages"),
        "chatmessage-delta" => of(&format!("{CHANNEL}/messages/delta")),
        "chatmessage-get" => of("/chats/{chat-id}/messages/{chatMessage-id}"),
        "chatmessage-list-hostedcontents" => of("/chats/{chat-id}/messages/{chatMessage-id}/hostedContents"),
        "chatmessage-list-replies" => of(&format!("{CHANNEL}/messages/{{chatMessage-id}}/replies")),
        "mailfolder-delta" => of("/me/mailFolders/delta"),
        "mailfolder-get" => of("/me/mailFolders/{mailFolder-id}"),
        "mailfolder-list-childfolders" => of("/me/mailFolders/{mailFolder-id}/childFolders"),
        "mailfolder-list-messages" => of("/me/mailFolders/{mailFolder-id}/messages"),
        "message-delta" => of("/me/mailFolders/{mailFolder-id}/messages/delta"),
        "message-get" => of("/me/messages/{message-id}"),
        "message-list-attachments" => of("/me/messages/{message-id}/attachments"),
        "notebook-get" => of("/me/onenote/notebooks/{notebook-id}"),
        "notebook-getrecentnotebooks" => of(ALSO[3].1),
        "notebook-list-sectiongroups" => of("/me/onenote/notebooks/{notebook-id}/sectionGroups"),
        "notebook-list-sections" => of("/me/onenote/notebooks/{notebook-id}/sections"),
        "onenote-list-notebooks" => of("/me/onenote/notebooks"),
        "onenote-list-sectiongroups" => of("/me/onenote/sectionGroups"),
        "onenote-list-sections" => of("/me/onenote/sections"),
        "resource-get" => of("/me/onenote/resources/{onenoteResource-id}/content"),
        "section-get" => of("/me/onenote/sections/{onenoteSection-id}"),
        "sectiongroup-get" => of("/me/onenote/sectionGroups/{sectionGroup-id}"),
        "sectiongroup-list-sectiongroups" => of("/me/onenote/sectionGroups/{sectionGroup-id}/sectionGroups"),
        "sectiongroup-list-sections" => of("/me/onenote/sectionGroups/{sectionGroup-id}/sections"),
        "user-get" => of("/me"),
        "user-list-joinedteams" => of("/me/joinedTeams"),
        "user-list-mailfolders" => of("/me/mailFolders"),
        "user-list-messages" => of("/me/messages"),
        _ => None,
    }
}

/// Examples that are not as the specifications are; a part of what is wrong, and why it stays.
const NOT: &[(&str, &str, &str)] = &[
    ("attachment-delete", "no operation", "attachments of events are not in the files"),
    ("attachment-delete", "nothing is known", "its answer then neither"),
    ("channel-post-messagereply", "'deleted' was unexpected", "`deleted` became `deletedDateTime`"),
    ("channel-post-messagereply", "status 200", "written before the answer was 201 (or 202)"),
    ("channel-post-messagereply", r#"Content-Type: """#, "shown without its Content-Type"),
    ("channel-post-messages", "'deleted' was unexpected", "`deleted` became `deletedDateTime`"),
    ("channel-post-messages", "status 200", "written before the answer was 201 (or 202)"),
    ("channel-post-messages", r#"Content-Type: """#, "shown without its Content-Type"),
    ("chatmessage-post-replies", "'deleted' was unexpected", "`deleted` became `deletedDateTime`"),
    ("chatmessage-post-replies", "status 200", "written before the answer was 201 (or 202)"),
    ("chatmessage-post-replies", r#"Content-Type: """#, "shown without its Content-Type"),
    ("chat-get-members", "nothing is known", "one member of a chat is not in the files"),
    ("chatmessage-update", "/policyViolation/verdictDetails", "flags in one string, which an enumeration cannot say"),
    ("message-copy", r#""datetime-value""#, "placeholder"),
    ("message-copy", r#"/body/contentType: """#, "placeholder"),
    ("message-createforward", r#""datetime-value""#, "placeholder"),
    ("message-createforward", r#"/body/contentType: """#, "placeholder"),
    ("message-createreply", r#""datetime-value""#, "placeholder"),
    ("message-createreply", r#"/body/contentType: """#, "placeholder"),
    ("message-createreplyall", r#""datetime-value""#, "placeholder"),
    ("message-createreplyall", r#"/body/contentType: """#, "placeholder"),
    ("message-update", r#""datetime-value""#, "placeholder"),
    ("message-update", r#"/body/contentType: """#, "placeholder"),
    ("message-copy", "status 200", "written before the answer was 201 (or 202)"),
    ("message-createreply", "status 200", "written before the answer was 201 (or 202)"),
    ("message-createreplyall", "status 200", "written before the answer was 201 (or 202)"),
    ("message-forward", "status 200", "written before the answer was 201 (or 202)"),
    ("message-replyall", "status 200", "written before the answer was 201 (or 202)"),
    ("notebook-getnotebookfromweburl", "status 200", "written before the answer was 201 (or 202)"),
    ("notebook-post-sectiongroups", "status 200", "written before the answer was 201 (or 202)"),
    ("sectiongroup-post-sections", "status 200", "written before the answer was 201 (or 202)"),
    ("message-delta", r#""datetime-value""#, "placeholder"),
    ("message-delta", r#""contentType-value""#, "placeholder"),
    ("message-get", "not JSON", "the third answer is the MIME source"),
    ("message-list-attachments", r#""datetime-value""#, "placeholder"),
    ("notebook-get", "/userRole", "placeholder"),
    ("notebook-getnotebookfromweburl", "trailing comma", "is not JSON"),
    ("notebook-getrecentnotebooks", r#""timestamp""#, "placeholder"),
    ("page-update", "not JSON", "written with apostrophes"),
    ("notebook-copynotebook", "no operation", "not in the files that are read"),
    ("notebook-copynotebook", "nothing is known", "its answer then neither"),
    ("section-copytonotebook", "no operation", "not in the files that are read"),
    ("section-copytonotebook", "nothing is known", "its answer then neither"),
    ("section-copytosectiongroup", "no operation", "not in the files that are read"),
    ("section-copytosectiongroup", "nothing is known", "its answer then neither"),
    ("sectiongroup-post-sectiongroups", "no operation", "not in the files that are read"),
    ("sectiongroup-post-sectiongroups", "nothing is known", "its answer then neither"),
    ("subscription-delete", "no operation", "not in the files that are read"),
    ("subscription-delete", "nothing is known", "its answer then neither"),
    ("subscription-post-subscriptions", "no operation", "not in the files that are read"),
    ("subscription-post-subscriptions", "nothing is known", "its answer then neither"),
    ("subscription-update", "no operation", "not in the files that are read"),
    ("subscription-update", "nothing is known", "its answer then neither"),
    ("search-query", "no operation", "not in the files that are read"),
    ("search-query", "nothing is known", "its answer then neither"),
    ("subscription-get", "nothing is known", "not in the files that are read"),
    ("subscription-list", "nothing is known", "not in the files that are read"),
    ("user-sendmail", r#""false""#, "a boolean in quotation marks"),
];

/// What is wrong with an example.
fn wrong(spec: &Spec, example: &Example) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut last: Option<&Operation> = asked(&example.name).map(|(method, template)| {
        let found = spec.operations.iter().find(|one| one.method == method && one.template == template);
        found.unwrap_or_else(|| panic!("{method} {template} is compiled"))
    });
    for shown in &example.shown {
        match (shown, last) {
            (Shown::Request { method, target, headers, body }, _) => {
                let (path, query) = target.split_once('?').unwrap_or((target, ""));
                let Found::Played(operation, ids) = spec.find(method, path) else {
                    wrong.push(format!("no operation for {method} {path}"));
                    last = None;
                    continue;
                };
                last = Some(operation);
                let request = Incoming {
                    method: method.clone(),
                    path: path.to_owned(),
                    query: query.to_owned(),
                    headers: headers.clone(),
                    body: body.clone().into(),
                };
                if let Err(reasons) = validate(operation, ids, &request) {
                    wrong.extend(reasons.into_iter().map(|reason| format!("request: {reason}")));
                }
            }
            (Shown::Answer { status, body, .. }, Some(operation)) => {
                let reasons = answered(operation, *status, body);
                wrong.extend(reasons.into_iter().map(|reason| format!("answer: {reason}")));
            }
            (Shown::Answer { status, .. }, None) => wrong.push(format!("nothing is known of {status}")),
        }
    }
    wrong
}

fn answered(operation: &Operation, status: u16, body: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if !operation.answers.contains_key(&status) {
        wrong.push(format!("status {status}"));
    }
    let types = operation.answers.values().next().expect("an answer");
    let Some(check) = types.iter().find_map(|(_, check)| check.as_ref()).filter(|_| !body.is_empty()) else {
        return wrong;
    };
    match serde_json::from_str::<Value>(body) {
        Ok(value) => wrong.extend(check.complaints(&value)),
        Err(error) => wrong.push(format!("not JSON: {error}")),
    }
    wrong
}

#[test]
fn documented_exchanges_pass_but_for_those_named() {
    let Some(examples) = examples("documented_exchanges_pass_but_for_those_named") else { return };
    let folder = crate::shared("documented_exchanges_pass_but_for_those_named").expect("there are examples");
    let mut played = routes::played();
    played.extend_from_slice(ALSO);
    let spec = Spec::read(&folder, &played);
    let mut passed = 0;
    let mut failed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for example in examples {
        let wrong = wrong(&spec, &example);
        if wrong.is_empty() {
            passed += 1;
        } else {
            failed.insert(example.name, wrong);
        }
    }
    let unnamed: Vec<String> = failed
        .iter()
        .flat_map(|(name, reasons)| reasons.iter().map(move |reason| (name, reason)))
        .filter(|(name, reason)| !NOT.iter().any(|(file, part, _)| file == name && reason.contains(part)))
        .map(|(name, reason)| format!("{name}: {reason}"))
        .collect();
    assert!(unnamed.is_empty(), "{} examples:\n{}", unnamed.len(), unnamed.join("\n"));
    for (file, part, _) in NOT {
        let still = failed.get(*file).is_some_and(|reasons| reasons.iter().any(|reason| reason.contains(part)));
        assert!(still, "{file} is right about {part} now: take it off the list");
    }
    assert!(passed > 30, "{passed} files pass");
}

/// A value of another type than a schema wants.
fn other(schema: &Value) -> Value {
    let kind = schema["type"].as_array().map_or(&schema["type"], |kinds| &kinds[0]);
    match kind.as_str() {
        Some("string") => json!(5),
        Some("integer" | "number") => json!("5"),
        Some("boolean") => json!("true"),
        _ => json!("an object or a list is expected"),
    }
}

#[test]
fn no_schema_takes_anything() {
    let Some(folder) = crate::shared("no_schema_takes_anything") else { return };
    let spec = Spec::read(&folder, &routes::played());
    let (mut schemas, mut properties) = (0, 0);
    for operation in &spec.operations {
        let place = format!("{} {}", operation.method, operation.template);
        let bodies = operation.bodies.iter().chain(operation.answers.values().flatten());
        let checks = bodies.filter_map(|(_, check)| check.as_ref()).chain([&operation.error]);
        for check in checks {
            schemas += 1;
            assert!(!check.complaints(&json!("a text")).is_empty(), "{place}");
            assert!(!check.complaints(&json!(5)).is_empty(), "{place}");
            let known = check.schema["properties"].as_object().cloned().unwrap_or_default();
            // Of an event no file says more than that it is an object; a patch is a list.
            let open = operation.template == "/me/events/{event-id}" || operation.template.ends_with("/content");
            assert!(open || !known.is_empty(), "{place} has no properties");
            if !known.is_empty() {
                let wrong = json!({ "nobodyDocumentsThis": 1 });
                assert!(!check.complaints(&wrong).is_empty(), "{place}: an unknown property");
            }
            for (name, schema) in known.iter().filter(|(_, schema)| schema["type"] != Value::Null) {
                properties += 1;
                let complaints = check.complaints(&json!({ name: other(schema) })).join("\n");
                assert!(complaints.contains(&format!("/{name}")), "{place}: {name} may be {}", other(schema));
                let Some(values) = schema["enum"].as_array() else { continue };
                assert!(!values.contains(&json!("neither")));
                let complaints = check.complaints(&json!({ name: "neither" })).join("\n");
                assert!(complaints.contains(&format!("/{name}")), "{place}: {name} may be neither");
            }
        }
    }
    assert!(schemas > 150 && properties > 1000, "{schemas} schemas, {properties} properties");
}
