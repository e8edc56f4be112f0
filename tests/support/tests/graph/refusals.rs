//! What is wrong is refused, noted, and fails the test.

use inlet_testkit::graph::{FakeGraph, Letter};
use serde_json::{Value, json};

use super::wire::Wire;

/// Sends what must be refused, and takes the complaint, which must name the reason.
async fn refused(wire: &Wire, method: &str, target: &str, body: Option<&Value>, reason: &str) {
    let headers: &[(&str, &str)] = if body.is_some() { &[("content-type", "application/json")] } else { &[] };
    let text = body.map(Value::to_string).unwrap_or_default();
    let got = wire.send(method, target, headers, text).await.expect("an answer");
    assert!((400..600).contains(&got.status), "{method} {target} was taken: {}", got.status);
    assert!(got.json["error"]["code"].is_string() && got.json["error"]["message"].is_string(), "{}", got.json);
    let complaints = wire.fake.take_complaints().join("\n");
    assert!(complaints.contains(reason), "{method} {target}: {reason:?} is not in {complaints:?}");
}

#[tokio::test]
async fn a_wrong_path_query_or_header_is_refused() {
    let Some(wire) = Wire::start("a_wrong_path_query_or_header_is_refused") else { return };
    let folder = "/me/mailFolders/inbox";
    for (method, target, reason) in [
        ("GET", "/me/mailfolder", "Nobody documents this path"),
        ("GET", "/me/messages/a/attachment", "Nobody documents this path"),
        ("PUT", "/me/messages/a", "does not take this method"),
        ("GET", "/me/messages?$selct=subject", "$selct"),
        ("GET", "/me/messages?select=subject", "select"),
        ("GET", "/me/messages?$select=subjekt", "subjekt"),
        ("GET", "/me/messages?$select=subject,subject", "twice"),
        ("GET", "/me/messages?$top=ten", "$top=ten"),
        ("GET", "/me/messages?$top=-1", "$top=-1"),
        ("GET", "/me/messages?$top=1001", "$top"),
        ("GET", "/me/messages?$count=yes", "$count=yes"),
        ("GET", "/me/messages?$orderby=receivedDateTime down", "receivedDateTime down"),
        ("GET", "/me/messages?$filter=isRead is false", "no comparison"),
        ("GET", "/me/messages?$filter=unread eq true", "unread"),
        ("GET", "/me/messages?$filter=isRead eq 'false'", "another type"),
        ("GET", "/me/messages?$filter=subject eq false", "another type"),
        ("GET", "/me/messages?$filter=receivedDateTime ge '2026-01-01T00:00:00Z'", "another type"),
        ("GET", "/me/messages?$filter=receivedDateTime ge 2026-01-01", "no literal"),
        ("GET", "/me/messages?$filter=isRead eq false&$orderby=receivedDateTime desc", "ErrorInefficientFilter"),
        ("GET", "/me/messages?$expand=attachments($select=contents)", "contents is not known"),
        ("GET", "/me/messages?$expand=attachment", "attachment is not known"),
        ("GET", "/me/messages?$skiptoken=a&$skiptoken=b", "twice"),
        ("GET", &format!("{folder}?$deltatoken=a"), "not a list"),
        ("GET", &format!("{folder}/messages/delta?$filter=isRead eq false"), "a delta takes receivedDateTime"),
        ("GET", &format!("{folder}/messages/delta?$search=lunch"), "does not search"),
        ("GET", "/me/mailFolders/delta?includeHiddenFolders=true", "includeHiddenFolders"),
        ("GET", "/me/chats?$top=51", "$top"),
        ("GET", "/chats/a/messages?$orderby=createdDateTime", "descending only"),
        ("GET", "/teams/a/channels/b/messages?$filter=createdDateTime gt 2026-01-01T00:00:00Z", "nothing else"),
    ] {
        refused(&wire, method, target, None, reason).await;
    }
    for (header, value, reason) in [
        ("prefer", "IdType=\"Immutable\"", "IdType"),
        ("prefer", "odata.maxpagesize=many", "odata.maxpagesize"),
        ("prefer", "outlook.body-content-type=\"markdown\"", "body-content-type"),
        ("x-anchormailbox", "a@contoso.example", "x-anchormailbox"),
        ("if-match", "W/\"1\"", "if-match"),
    ] {
        let got = wire.get_with("/me/messages", &[(header, value)]).await;
        assert_eq!(got.status, 400);
        let complaints = wire.fake.take_complaints().join("\n");
        assert!(complaints.contains(reason), "{complaints}");
    }
    // Below another version there is nothing.
    let beta = wire.fake.api_root().replace("/v1.0", "/beta/me");
    refused(&wire, "GET", &beta, None, "Nobody documents this path").await;
}

#[tokio::test]
async fn a_wrong_body_is_refused() {
    let Some(wire) = Wire::start("a_wrong_body_is_refused") else { return };
    let mail = wire.fake.mail().add(Letter::new("Lunch?"));
    let message = format!("/me/messages/{}", wire.fake.mail().id(mail));
    let to = json!([{ "emailAddress": { "address": "a@fabrikam.example" } }]);
    for (method, target, body, reason) in [
        ("PATCH", message.clone(), json!({ "isRead": "true" }), "/isRead"),
        ("PATCH", message.clone(), json!({ "isReed": true }), "isReed"),
        ("PATCH", message.clone(), json!({ "importance": "urgent" }), "/importance"),
        ("PATCH", message.clone(), json!({ "flag": { "flagStatus": "starred" } }), "/flag/flagStatus"),
        ("PATCH", message.clone(), json!({ "flag": { "status": "flagged" } }), "status"),
        ("PATCH", message.clone(), json!({ "categories": "Work" }), "/categories"),
        ("PATCH", message.clone(), json!({ "receivedDateTime": "yesterday" }), "/receivedDateTime"),
        (
            "PATCH",
            message.clone(),
            json!({ "subject": "A message that was sent keeps its subject" }),
            "cannot be changed",
        ),
        ("PATCH", message.clone(), json!({ "@odata.typ": "x", "isRead": true }), "annotation"),
        ("PATCH", message.clone(), json!(["isRead"]), "body /"),
        ("POST", "/me/sendMail".to_owned(), json!({ "saveToSentItems": true }), "message"),
        (
            "POST",
            "/me/sendMail".to_owned(),
            json!({ "message": { "toRecipients": to }, "saveToSentItems": "no" }),
            "saveToSentItems",
        ),
        (
            "POST",
            "/me/sendMail".to_owned(),
            json!({ "message": { "toRecipients": ["a@b"] } }),
            "/message/toRecipients/0",
        ),
        ("POST", "/me/sendMail".to_owned(), json!({ "message": { "subject": "To nobody" } }), "recipient"),
        ("POST", format!("{message}/move"), json!({ "destination": "archive" }), "destination"),
        ("POST", format!("{message}/move"), json!({ "destinationId": null }), "destinationId"),
        (
            "POST",
            format!("{message}/reply"),
            json!({ "comment": "Yes", "message": { "body": { "content": "No" } } }),
            "not both",
        ),
        ("POST", format!("{message}/send"), json!({}), "a body is given"),
        (
            "POST",
            format!("{message}/attachments"),
            json!({ "@odata.type": "#microsoft.graph.fileAttachment", "contentBytes": "AAAA" }),
            "name",
        ),
        ("POST", format!("{message}/attachments"), json!({ "name": "a", "contentBytes": "AAAA" }), "@odata.type"),
        (
            "POST",
            format!("{message}/attachments/createUploadSession"),
            json!({ "AttachmentItem": { "name": "a", "size": 4_000_000 } }),
            "attachmentType",
        ),
        ("POST", "/me/mailFolders".to_owned(), json!({ "isHidden": true }), "displayName"),
        ("POST", "/me/events/e/accept".to_owned(), json!({ "sendResponse": "yes" }), "/sendResponse"),
        ("POST", "/me/outlook/masterCategories".to_owned(), json!({ "displayName": "A", "color": "red" }), "/color"),
        ("POST", "/chats/c/messages".to_owned(), json!({ "body": { "contentType": "html" } }), "content"),
        (
            "POST",
            "/chats/c/messages".to_owned(),
            json!({ "body": { "content": "a", "contentType": "markdown" } }),
            "contentType",
        ),
        ("POST", "/chats/c/messages".to_owned(), json!({ "text": "a", "body": { "content": "a" } }), "text"),
        ("POST", "/chats/c/markChatReadForUser".to_owned(), json!({ "user": { "tenantId": "t" } }), "id"),
        ("POST", "/chats/c/messages/1/setReaction".to_owned(), json!({ "reactionType": 1 }), "/reactionType"),
        ("POST", "/$batch".to_owned(), json!({ "requests": [{ "id": "1", "method": "GET" }] }), "url"),
    ] {
        refused(&wire, method, &target, Some(&body), reason).await;
    }
    let got = wire.send("PATCH", &message, &[("content-type", "text/plain")], "{}").await.unwrap();
    assert_eq!(got.status, 400);
    let got = wire.send("PATCH", &message, &[("content-type", "application/json")], "{").await.unwrap();
    assert_eq!(got.status, 400);
    let complaints = wire.fake.take_complaints();
    assert!(complaints[0].contains("Content-Type") && complaints[1].contains("not JSON"), "{complaints:?}");
    assert_eq!(wire.fake.mail().property(mail, "isRead"), false, "nothing of it was done");
}

#[tokio::test]
async fn a_wrong_request_fails_its_test() {
    let Some(wire) = Wire::start("a_wrong_request_fails_its_test") else { return };
    wire.get("/me/messages?$selct=subject").await;
    let fake: FakeGraph = wire.fake;
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || drop(fake)));
    let reason = *outcome.expect_err("the test fails").downcast::<String>().unwrap();
    assert!(reason.contains("$selct"), "{reason}");
}

#[tokio::test]
async fn tokens_and_scopes_are_asked_for() {
    let Some(wire) = Wire::start("tokens_and_scopes_are_asked_for") else { return };
    for authorization in ["", "Bearer unknown", "Basic YTpi"] {
        let got = wire.get_with("/me", &[("authorization", authorization)]).await;
        assert_eq!((got.status, got.code()), (401, "InvalidAuthenticationToken"));
        assert!(got.header("www-authenticate").is_some());
    }
    wire.fake.accept("reader", &["https://graph.microsoft.com/Mail.Read"]);
    let reader = ("authorization", "Bearer reader");
    assert_eq!(wire.get_with("/me/messages", &[reader]).await.status, 200);
    let body = json!({ "displayName": "New" }).to_string();
    let json_type = ("content-type", "application/json");
    let got = wire.send("POST", "/me/mailFolders", &[reader, json_type], body).await.unwrap();
    assert_eq!((got.status, got.code()), (403, "ErrorAccessDenied"));
    let got = wire.get_with("/me/chats", &[reader]).await;
    assert_eq!((got.status, got.code()), (403, "Forbidden"));
    wire.fake.revoke("reader");
    assert_eq!(wire.get_with("/me/messages", &[reader]).await.status, 401);
}
