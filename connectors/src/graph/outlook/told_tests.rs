//! What Graph tells of messages and attachments is taken over, key by key at every depth, or left out for a reason that
//! stands here.

use inlet_model::{AttachmentInfo, UnifiedEmail};
use inlet_testkit::graph::{Shown, examples};
use serde_json::{Value, json};

use super::message::{Attachment, Message};
use crate::graph::accounting_tests::{Accounting, published};

/// What documented answers hold, one by one, from files whose names begin so.
fn documented(test: &str, begins: &[&str]) -> Vec<Value> {
    let mut found = Vec::new();
    for example in examples(test).unwrap_or_default() {
        if !begins.iter().any(|begin| example.name.starts_with(begin)) {
            continue;
        }
        for shown in example.shown {
            let Shown::Answer { body, .. } = shown else { continue };
            let Ok(body) = serde_json::from_str::<Value>(&body) else { continue };
            found.extend(body.get("value").and_then(Value::as_array).cloned().unwrap_or_else(|| vec![body]));
        }
    }
    found
}

/// Answers about attachments have their own test.
fn is_attachment(value: &Value) -> bool {
    value.get("contentBytes").is_some() || value.get("isInline").is_some()
}

fn mail(value: &Value) -> Option<UnifiedEmail> {
    Some(Message::read(value.clone()).ok()?.email(Vec::new(), &[], false))
}

#[test]
fn every_key_of_a_message_is_taken_or_left_out_for_a_reason() {
    let test = "every_key_of_a_message_is_taken_or_left_out_for_a_reason";
    let unasked = ["attachments", "extensions", "multiValueExtendedProperties", "singleValueExtendedProperties"];
    let Some(mut full) = published(test, "graph-mail.flat.json", "/me/messages/{message-id}", &unasked) else { return };
    full["internetMessageHeaders"] = json!([{ "name": "List-Id", "value": "News <news.fabrikam.example>" }]);
    let mut keys = Accounting::default();
    keys.of(&full, mail);
    full["from"] = Value::Null;
    keys.of(&full, mail);
    let files = ["message-", "user-post-messages", "user-list-messages", "mailfolder-list-messages"];
    let messages: Vec<Value> = documented(test, &files).into_iter().filter(|value| !is_attachment(value)).collect();
    assert!(messages.len() >= 10, "{}", messages.len());
    messages.iter().for_each(|message| keys.of(message, mail));
    keys.settle(&[
        ("@odata.context", "it is about the answer"),
        ("@odata.etag", "it changes with every mark"),
        ("@odata.type", "invitations have tests of their own"),
        ("bodyPreview", "the beginning of the body, which is here"),
        ("changeKey", "it changes with every mark"),
        ("conversationIndex", "the conversation is told by its id"),
        ("createdDateTime", "when Exchange filed it; when it was sent and received is kept"),
        ("flag.completedDateTime.*", "what is done has no star any more"),
        ("flag.dueDateTime.*", "a star has no day; what a mail says of one is read in it"),
        ("flag.startDateTime.*", "a star has no day; what a mail says of one is read in it"),
        ("hasAttachments", "it says that their list has to be asked for"),
        ("isDeliveryReceiptRequested", "Exchange sends receipts by itself"),
        ("isReadReceiptRequested", "the header that asks says whom to tell, and is read"),
        ("lastModifiedDateTime", "it changes with every mark"),
        ("parentFolderId", "the folder is the one that was asked about"),
        ("uniqueBody*", "a part of the body, which is here"),
        ("webLink", "a mail is read here"),
    ]);
}

#[test]
fn every_key_of_an_attachment_is_taken_or_left_out_for_a_reason() {
    let test = "every_key_of_an_attachment_is_taken_or_left_out_for_a_reason";
    let info = |value: &Value| -> Option<AttachmentInfo> {
        Some(serde_json::from_value::<Attachment>(value.clone()).ok()?.info(1))
    };
    let files = ["attachment-get", "message-list-attachments", "message-post-attachments"];
    let all: Vec<Value> = documented(test, &files).into_iter().filter(is_attachment).collect();
    if all.is_empty() {
        assert!(std::env::var_os("INLET_SHARED").is_none());
        return;
    }
    let mut keys = Accounting::default();
    all.iter().for_each(|attachment| keys.of(attachment, info));
    let whole = "what is attached is a file of its own, which is fetched whole";
    let of_items = [
        "item.@odata.type",
        "item.attachments*",
        "item.b*",
        "item.c*",
        "item.f*",
        "item.h*",
        "item.i*",
        "item.lastModifiedDateTime",
        "item.receivedDateTime",
        "item.s*",
        "item.toRecipients*",
        "item.webLink",
    ];
    let mut left_out = vec![
        ("@odata.context", "it is about the answer"),
        ("contentBytes", "bytes are fetched when somebody opens it"),
        ("contentLocation", "a body names its pictures by their Content-IDs"),
        ("item@odata.context", "it is about the answer"),
        ("lastModifiedDateTime", "an attachment is as old as its mail"),
    ];
    left_out.extend(of_items.map(|name| (name, whole)));
    keys.settle(&left_out);
}
