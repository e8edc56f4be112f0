use serde_json::json;

use super::*;

/// The JSON bodies of documented answers whose file names begin so.
fn documented(test: &str, begins: &[&str]) -> Vec<(String, Value)> {
    let Some(shared) = inlet_testkit::shared(test) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(shared.join("specs/graph-examples")).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        if !begins.iter().any(|begin| name.starts_with(begin)) {
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).unwrap();
        for section in text.split("\n### ").filter(|section| section.starts_with("response")) {
            let body = section.find("\n{").map(|at| section[at..].trim());
            if let Some(body) = body.and_then(|body| serde_json::from_str(body).ok()) {
                found.push((name.clone(), body));
            }
        }
    }
    assert!(!found.is_empty());
    found
}

/// Messages anywhere in an answer.
fn messages(value: &Value) -> Vec<Value> {
    match value.get("value") {
        Some(Value::Array(list)) => list.clone(),
        _ => vec![value.clone()],
    }
}

fn address(value: &Value) -> Option<Party> {
    let address = &value["emailAddress"];
    let handle = address["address"].as_str()?.to_owned();
    Some(Party { name: address["name"].as_str().map(str::to_owned).filter(|name| *name != handle), handle })
}

#[test]
fn documented_messages_lose_nothing() {
    let files = ["message-", "user-post-messages", "user-list-messages", "mailfolder-list-messages"];
    let mut seen = 0;
    let mut kept = std::collections::BTreeSet::new();
    for (file, body) in documented("documented_messages_lose_nothing", &files) {
        for json in messages(&body) {
            // Answers about attachments have their own test.
            if json.get("contentBytes").is_some() || json.get("isInline").is_some() {
                continue;
            }
            let message: Message =
                serde_json::from_value(json.clone()).unwrap_or_else(|error| panic!("{file}: {error}"));
            let mail = message.email(Vec::new(), &[], false);
            seen += 1;
            let mut same = |name: &'static str, there: bool| {
                assert!(there, "{file}: {name} of {json} is not in {mail:?}");
                kept.insert(name);
            };
            let text = |name: &str| json[name].as_str();
            if let Some(id) = text("id") {
                same("id", mail.stable_id == id && mail.remote_id == Some(RemoteId(id.to_owned())));
            }
            if let Some(subject) = text("subject") {
                same("subject", mail.subject == subject);
            }
            if let Some(id) = text("conversationId") {
                same("conversationId", mail.thread_id.as_deref() == Some(id));
            }
            if let Some(id) = text("internetMessageId") {
                same("internetMessageId", mail.message_id.as_deref() == Some(id.trim_matches(['<', '>'])));
            }
            if let Some(at) = text("receivedDateTime").and_then(|at| at.parse().ok()) {
                same("receivedDateTime", mail.received_at == Some(at));
            }
            if let Some(at) = text("sentDateTime").and_then(|at| at.parse().ok()) {
                same("sentDateTime", mail.date == Some(at));
            }
            if let Some(content) = json["body"]["content"].as_str() {
                if json["body"]["contentType"] == "html" {
                    same("body html", mail.html.as_deref().unwrap_or_default() == content && mail.has_html);
                } else {
                    same("body text", mail.text == content.replace("\r\n", "\n") && !mail.has_html);
                }
            }
            if let Some(from) = address(&json["from"]) {
                same("from", mail.from == [from]);
            } else if let Some(sender) = address(&json["sender"]) {
                same("sender", mail.from == [sender]);
            }
            for (name, list) in [
                ("toRecipients", &mail.to),
                ("ccRecipients", &mail.cc),
                ("bccRecipients", &mail.bcc),
                ("replyTo", &mail.meta.reply_to),
            ] {
                if let Some(all) = json[name].as_array() {
                    same(name, *list == all.iter().filter_map(address).collect::<Vec<_>>());
                }
            }
            if let Some(read) = json["isRead"].as_bool() {
                same("isRead", mail.flags.read == read);
            }
            if let Some(draft) = json["isDraft"].as_bool() {
                same("isDraft", mail.flags.draft == draft);
            }
            if let Some(status) = json["flag"]["flagStatus"].as_str() {
                same("flag", mail.flags.starred == (status == "flagged"));
            }
            let labels = mail.also_in.clone().unwrap();
            if let Some(all) = json["categories"].as_array() {
                let on = |category: &Value| labels.contains(&labels::remote(category.as_str().unwrap()));
                same("categories", all.iter().all(on));
            }
            if let Some(class) = text("inferenceClassification") {
                same("inferenceClassification", labels.contains(&labels::OTHER.to_owned()) == (class == "other"));
            }
            if let Some(importance) = text("importance") {
                same("importance", mail.meta.important == (importance == "high"));
            }
        }
    }
    if seen > 0 {
        assert!(seen >= 10, "{seen}");
        assert!(kept.contains("body html") && kept.contains("body text"), "{kept:?}");
    }
}

#[test]
fn documented_attachments_lose_nothing() {
    for (file, body) in documented(
        "documented_attachments_lose_nothing",
        &["attachment-get", "message-list-attachments", "message-post-attachments"],
    ) {
        for json in messages(&body) {
            let attachment: Attachment =
                serde_json::from_value(json.clone()).unwrap_or_else(|error| panic!("{file}: {error}"));
            let info = attachment.info(1);
            assert_eq!(info.part, json["id"].as_str().unwrap(), "{file}");
            let name = json["name"].as_str().unwrap();
            assert!(info.name == name || info.name == format!("{name}.eml"), "{file}: {}", info.name);
            assert_eq!(Some(info.size), json["size"].as_u64(), "{file}");
            assert_eq!(Some(info.inline), json["isInline"].as_bool(), "{file}");
            assert_eq!(info.content_id.as_deref(), json["contentId"].as_str(), "{file}");
            if let Some(mime) = json["contentType"].as_str().filter(|mime| mime.contains('/')) {
                assert_eq!(info.mime, mime.to_lowercase(), "{file}");
            }
        }
    }
}

#[test]
fn header_fields_become_what_they_are_in_any_mail() {
    let message: Message = serde_json::from_value(json!({
        "id": "x", "subject": "Offer", "body": { "contentType": "text", "content": "a\r\nb" },
        "internetMessageHeaders": [
            { "name": "Authentication-Results", "value": "spf=pass smtp.mailfrom=a.example;\r\n\tdkim=pass" },
            { "name": "List-Id", "value": "News <news.a.example>" },
            { "name": "List-Unsubscribe", "value": "<https://a.example/u>" },
            { "name": "List-Unsubscribe-Post", "value": "List-Unsubscribe=One-Click" },
            { "name": "Auto-Submitted", "value": "auto-generated" },
            { "name": "References", "value": "<1@a.example> <2@a.example>" },
            { "name": "In-Reply-To", "value": "<2@a.example>" },
            { "name": null, "value": "y" },
            { "name": "Broken" }
        ]
    }))
    .unwrap();
    let mail = message.email(Vec::new(), &[], false);
    assert_eq!(mail.references, ["1@a.example", "2@a.example"]);
    assert_eq!(mail.in_reply_to, ["2@a.example"]);
    assert_eq!(mail.meta.list_unsubscribe.as_deref(), Some("<https://a.example/u>"));
    assert!(mail.meta.list_id.is_some() && mail.meta.one_click_unsubscribe && mail.meta.automatic);
    assert!(mail.meta.authentication_results.unwrap().contains("dkim=pass"));
    assert!(
        mail.head.is_some_and(|head| head.starts_with(b"Authentication-Results: spf=pass")),
        "rules ask for fields"
    );
    assert_eq!(mail.text, "a\nb");
}

#[test]
fn odd_types_cost_a_property_and_no_message() {
    let message: Message = serde_json::from_value(json!({
        "id": "x", "isRead": "true", "isDraft": "False", "receivedDateTime": "datetime-value", "subject": 42,
        "toRecipients": "nobody", "from": { "emailAddress": { "name": "Ana", "address": "ana@a.example" } },
        "ccRecipients": [3, { "emailAddress": null }, { "emailAddress": { "name": [], "address": "bob@a.example" } }],
        "flag": null, "categories": ["Red", 7], "somethingNew": { "deep": [1] }
    }))
    .unwrap();
    let mail = message.email(Vec::new(), &["ANA@a.example".to_owned()], false);
    assert!(mail.flags.read && !mail.flags.draft && mail.from_me);
    assert_eq!((mail.subject.as_str(), mail.received_at, mail.to.len()), ("", None, 0));
    assert_eq!(mail.cc, [Party { name: None, handle: "bob@a.example".into() }]);
    assert_eq!(mail.also_in.unwrap(), ["category:Red"]);
}

#[test]
fn rows_of_a_delta_are_told_apart() {
    let whole = json!({ "id": "a", "isRead": false, "isDraft": false, "receivedDateTime": "2026-06-01T10:00:00Z",
        "body": { "contentType": "text", "content": "" } });
    assert!(matches!(Row::read(whole), Row::Whole(message) if message.id == "a"));
    let marks = json!({ "@odata.etag": "W/\"1\"", "id": "a", "isRead": "true", "flag": { "flagStatus": "flagged" } });
    assert!(matches!(Row::read(marks), Row::Marks(id) if id == "a"));
    assert!(matches!(Row::read(json!({ "id": "a", "subject": "New" })), Row::Part(id) if id == "a"));
    let removed = json!({ "id": "a", "@removed": { "reason": "deleted" } });
    assert!(matches!(Row::read(removed), Row::Removed(id) if id == "a"));
    assert!(matches!(Row::read(json!({ "isRead": true })), Row::Unreadable(_)));
    assert!(matches!(Row::read(json!([1])), Row::Unreadable(_)));
}
