//! What Microsoft documents and the files lack.
//!
//! | what | checked by | source |
//! |---|---|---|
//! | `POST /me/messages`, `createReply`, `createReplyAll`, `createForward`, `sendMail` as MIME in base64 (`text/plain`) | the decoded message is parsed | user-post-messages, message-createforward.http |
//! | `createReply`, `createReplyAll`, `createForward` without a body | nothing to check | message-createreply.http |
//! | `GET …/attachments/{id}/$value` | status and media type | reference page "Get attachment" |
//! | `POST /me/translateExchangeIds` | a schema after the example | user-translateexchangeids.http |
//! | `/me/outlook/masterCategories` | `outlookUser.masterCategories` of graph-user | reference pages of outlookCategory |
//! | `/me/events/{id}`, `accept`, `tentativelyAccept`, `decline` | parameters as documented; of the event only its outline (no file has the entity) | reference pages of event |
//! | `PATCH /me/onenote/pages/{id}/content` | a list of graph-onenote's `onenotePatchContentCommand` | page-update.http |
//! | pages made from `text/html`, or multipart with a part `Presentation` | the HTML is parsed | "Create OneNote pages" |
//! | `GET /me/onenote/resources/{id}/$value` | as `…/content` | "Get OneNote content" |
//! | `hostedContents` of channel messages and replies | as those of chats | reference page "Get chatMessageHostedContent" |
//! | `setReaction`, `unsetReaction` of channel messages | as those of chats | reference page "chatMessage: setReaction" |
//! | `POST /$batch` | outline here; each request in it by its own operation | "JSON batching" |
//! | `PUT` to an upload session | in `mail/upload.rs` | "Attach large files to Outlook messages" |
//! | properties of derived types in `$select` and `$expand`, named with their type | the list in [`amend`] | "Get eventMessage", "Get attachment" |
//!
//! Query options the files forget are in [`amend`], properties the files do not require and the
//! documentation does in [`required`].

use serde_json::{Map, Value, json};

use super::documented::Documented;

const MIME: &[&str] = &[
    "/me/messages",
    "/me/messages/{message-id}/createReply",
    "/me/messages/{message-id}/createReplyAll",
    "/me/messages/{message-id}/createForward",
    "/me/sendMail",
];

/// Properties of a fileAttachment, which a selection names with their type.
pub(crate) const OF_FILES: &[&str] =
    &["microsoft.graph.fileAttachment/contentId", "microsoft.graph.fileAttachment/contentBytes"];

/// Properties of an eventMessageRequest and of an eventMessageResponse, in the same way.
const OF_MEETINGS: &[&str] = &[
    "microsoft.graph.eventMessageRequest/meetingRequestType",
    "microsoft.graph.eventMessageResponse/responseType",
    "microsoft.graph.eventMessageResponse/proposedNewTime",
];

/// Adds operations, media types and query options.
pub(crate) fn amend(documented: &mut Documented) {
    let error = documented.get("GET", "/me")["responses"]["default"].clone();
    for template in MIME {
        documented.get("POST", template)["requestBody"]["content"]["text/plain"] = json!({});
    }
    for template in ["/me/onenote/sections/{onenoteSection-id}/pages", "/me/onenote/pages"] {
        let content = &mut documented.get("POST", template)["requestBody"]["content"];
        content["text/html"] = json!({});
        content["application/xhtml+xml"] = json!({});
        content["multipart/form-data"] = json!({});
    }
    for template in ["/me/chats", "/chats"] {
        // "List chats": the one order a client needs names a property of a navigation property.
        let orders = option(documented, template, "$orderby")["schema"]["items"]["enum"].as_array_mut();
        orders.expect("orders").push("lastMessagePreview/createdDateTime desc".into());
    }
    for template in [
        "/me/messages/{message-id}",
        "/me/mailFolders/{mailFolder-id}/messages/{message-id}",
        "/me/messages",
        "/me/mailFolders/{mailFolder-id}/messages",
        "/me/mailFolders/{mailFolder-id}/messages/delta",
    ] {
        // "Get eventMessage": properties of the derived types are named with the type.
        for name in ["$select", "$expand"] {
            if name == "$expand" && template.ends_with("/delta") {
                continue;
            }
            let values = option(documented, template, name)["schema"]["items"]["enum"].as_array_mut();
            values.expect("values").extend(
                [
                    "event",
                    "meetingMessageType",
                    "startDateTime",
                    "endDateTime",
                    "location",
                    "isAllDay",
                    "isOutOfDate",
                    "type",
                ]
                .iter()
                .map(|name| Value::String(format!("microsoft.graph.eventMessage/{name}")))
                .chain(OF_MEETINGS.iter().map(|name| Value::String((*name).to_owned()))),
            );
        }
    }
    for template in ["/me/messages/{message-id}/attachments", "/me/messages/{message-id}/attachments/{attachment-id}"] {
        let names = option(documented, template, "$select")["schema"]["items"]["enum"].as_array_mut().expect("names");
        names.extend(OF_FILES.iter().map(|name| Value::String((*name).to_owned())));
    }
    // "Get attachment": the message in an itemAttachment.
    let one = option(documented, "/me/messages/{message-id}/attachments/{attachment-id}", "$expand");
    one["schema"]["items"]["enum"] = json!(["*", "microsoft.graph.itemAttachment/item"]);
    let content = documented.get("GET", "/me/onenote/pages/{onenotePage-id}/content");
    add_option(content, "includeIDs", json!({ "type": "boolean" }));
    content["responses"]["200"]["content"] = json!({ "text/html": {} });
    add_option(
        documented.get("GET", "/me/onenote/sections/{onenoteSection-id}/pages"),
        "pagelevel",
        json!({ "type": "boolean" }),
    );
    documented.get("GET", "/me/messages/{message-id}/$value")["responses"]["200"]["content"] =
        json!({ "text/plain": {} });
    mail(documented, &error);
    notes(documented, &error);
    chats(documented);
    documented.insert("POST", "/$batch", batch(&error));
}

fn mail(documented: &mut Documented, error: &Value) {
    let file = json!({ "200": { "content": { "application/octet-stream": {} } }, "default": error });
    documented.insert(
        "GET",
        "/me/messages/{message-id}/attachments/{attachment-id}/$value",
        json!({ "responses": file }),
    );
    let pair = |names: [&str; 2]| {
        json!({ "type": "object", "properties": {
            names[0]: { "type": "string", "nullable": true }, names[1]: { "type": "string", "nullable": true } } })
    };
    let formats = json!({ "type": "string",
        "enum": ["entryId", "ewsId", "immutableEntryId", "restId", "restImmutableEntryId"] });
    documented.insert(
        "POST",
        "/me/translateExchangeIds",
        action(
            json!({ "type": "object", "properties": {
                "inputIds": { "type": "array", "items": { "type": "string" } },
                "sourceIdType": formats, "targetIdType": formats } }),
            json!({ "200": json_content(&json!({ "type": "object", "properties": {
                "value": { "type": "array", "items": pair(["sourceId", "targetId"]) } } })), "default": error }),
        ),
    );
    let list = user(documented)["outlook"]["properties"]["masterCategories"].clone();
    let category = list["items"].clone();
    assert!(category["properties"]["displayName"].is_object(), "the specifications know categories");
    let collection = json!({ "type": "object", "properties": { "value": list,
        "@odata.nextLink": { "type": "string", "nullable": true } } });
    let (all, one) = ("/me/outlook/masterCategories", "/me/outlook/masterCategories/{outlookCategory-id}");
    documented.insert("GET", all, json!({ "responses": { "200": json_content(&collection), "default": error } }));
    documented.insert(
        "POST",
        all,
        action(category.clone(), json!({ "201": json_content(&category), "default": error })),
    );
    documented.insert(
        "PATCH",
        one,
        action(category.clone(), json!({ "200": json_content(&category), "default": error })),
    );
    documented.insert("DELETE", one, json!({ "responses": { "204": {}, "default": error } }));
    let time = json!({ "type": "object", "properties": {
        "dateTime": { "type": "string" }, "timeZone": { "type": "string", "nullable": true } } });
    for act in ["accept", "tentativelyAccept", "decline"] {
        let mut body = json!({ "type": "object", "properties": {
            "comment": { "type": "string", "nullable": true },
            "sendResponse": { "type": "boolean", "nullable": true } } });
        if act != "accept" {
            body["properties"]["proposedNewTime"] =
                json!({ "type": "object", "properties": { "start": time, "end": time } });
        }
        documented.insert(
            "POST",
            &format!("/me/events/{{event-id}}/{act}"),
            action(body, json!({ "202": {}, "default": error })),
        );
    }
    let event = json!({ "type": "object", "properties": { "id": { "type": "string" } } });
    let mut get = json!({ "parameters": [], "responses": { "200": json_content(&open(event)), "default": error } });
    add_option(&mut get, "$select", json!({ "type": "array", "items": { "type": "string" } }));
    documented.insert("GET", "/me/events/{event-id}", get);
}

/// The properties of a user. Those that only come when they are expanded are taken out and given
/// back: the fake expands none of them, and they are nine tenths of the largest schema.
fn user(documented: &mut Documented) -> Map<String, Value> {
    let me = documented.get("GET", "/me");
    let parameters = me["parameters"].as_array_mut().expect("parameters");
    let place = parameters.iter().position(|parameter| parameter["name"] == "$expand").expect("$expand");
    let expand = parameters.remove(place);
    let properties = me["responses"]["200"]["content"]["application/json"]["schema"]["properties"].as_object_mut();
    let properties = properties.expect("a user has properties");
    let names = expand["schema"]["items"]["enum"].as_array().into_iter().flatten();
    names.filter_map(Value::as_str).filter_map(|name| properties.remove_entry(name)).collect()
}

fn notes(documented: &mut Documented, error: &Value) {
    let patch = documented.get("POST", "/me/onenote/pages/{onenotePage-id}/onenotePatchContent");
    let commands = patch["requestBody"]["content"]["application/json"]["schema"]["properties"]["commands"].clone();
    assert!(commands["items"]["properties"]["target"].is_object(), "the specifications know patches of pages");
    let mut operation = action(commands, json!({ "204": {}, "default": error }));
    operation["requestBody"]["content"]["multipart/form-data"] = json!({});
    documented.insert("PATCH", "/me/onenote/pages/{onenotePage-id}/content", operation);
    let content = documented.get("GET", "/me/onenote/resources/{onenoteResource-id}/content").clone();
    documented.insert("GET", "/me/onenote/resources/{onenoteResource-id}/$value", content);
}

fn chats(documented: &mut Documented) {
    let base = "/chats/{chat-id}/messages/{chatMessage-id}/hostedContents";
    for below in ["", "/{chatMessageHostedContent-id}/$value"] {
        let operation = documented.get("GET", &format!("{base}{below}")).clone();
        for message in ["messages/{chatMessage-id}", "messages/{chatMessage-id}/replies/{chatMessage-id1}"] {
            let template = format!("/teams/{{team-id}}/channels/{{channel-id}}/{message}/hostedContents{below}");
            documented.insert("GET", &template, operation.clone());
        }
    }
    for act in ["setReaction", "unsetReaction"] {
        let operation =
            documented.get("POST", &format!("/chats/{{chat-id}}/messages/{{chatMessage-id}}/{act}")).clone();
        let template = format!("/teams/{{team-id}}/channels/{{channel-id}}/messages/{{chatMessage-id}}/{act}");
        documented.insert("POST", &template, operation);
    }
}

fn batch(error: &Value) -> Value {
    let headers = json!({ "type": "object" });
    let request = json!({ "type": "object", "properties": {
        "id": { "type": "string" }, "method": { "type": "string",
            "enum": ["GET", "POST", "PATCH", "PUT", "DELETE"] },
        "url": { "type": "string" }, "headers": headers,
        "dependsOn": { "type": "array", "items": { "type": "string" } },
        "body": {} } });
    let answer = json!({ "type": "object", "properties": {
        "id": { "type": "string" }, "status": { "type": "integer" }, "headers": headers, "body": {} } });
    action(
        json!({ "type": "object", "properties": { "requests": { "type": "array", "items": request } } }),
        json!({ "200": json_content(&json!({ "type": "object", "properties": {
            "responses": { "type": "array", "items": answer } } })), "default": error }),
    )
}

/// Properties the documentation requires of a body (`a/b`; `[]` is each item of a list).
pub(crate) fn required(method: &str, template: &str) -> Vec<&'static str> {
    let paths: &[&str] = match (method, template) {
        ("POST", "/me/sendMail") => &["message"],
        ("POST", "/me/messages/{message-id}/move" | "/me/messages/{message-id}/copy") => &["destinationId"],
        ("POST", "/me/messages/{message-id}/attachments") => &["name"],
        ("POST", "/me/messages/{message-id}/attachments/createUploadSession") => {
            &["AttachmentItem/attachmentType", "AttachmentItem/name", "AttachmentItem/size"]
        }
        ("POST", "/me/mailFolders" | "/me/mailFolders/{mailFolder-id}/childFolders") => &["displayName"],
        ("POST", "/me/translateExchangeIds") => &["inputIds", "sourceIdType", "targetIdType"],
        ("POST", "/me/outlook/masterCategories") => &["displayName"],
        ("POST", "/me/chats" | "/chats") => &["chatType", "members"],
        ("POST", "/$batch") => &["requests/[]/id", "requests/[]/method", "requests/[]/url"],
        ("PATCH", "/me/onenote/pages/{onenotePage-id}/content") => &["[]/target", "[]/action"],
        (
            "POST",
            "/me/onenote/notebooks"
            | "/me/onenote/notebooks/{notebook-id}/sections"
            | "/me/onenote/notebooks/{notebook-id}/sectionGroups"
            | "/me/onenote/sectionGroups/{sectionGroup-id}/sections",
        ) => &["displayName"],
        ("POST", path) if path.ends_with("ChatReadForUser") || path.ends_with("ChatUnreadForUser") => &["user/id"],
        ("POST", path) if path.ends_with("etReaction") => &["reactionType"],
        ("POST", path) if path.ends_with("/messages") && path.contains("chat") => &["body/content"],
        ("POST", path) if path.ends_with("/messages") && path.contains("channel") => &["body/content"],
        ("POST", path) if path.ends_with("/replies") => &["body/content"],
        _ => &[],
    };
    paths.to_vec()
}

/// Bodies the files require and the documented examples leave out.
pub(crate) fn body_is_optional(method: &str, template: &str) -> bool {
    method == "POST"
        && ["createReply", "createReplyAll", "createForward", "accept", "tentativelyAccept", "decline"]
            .iter()
            .any(|act| template.ends_with(&format!("/{act}")))
}

fn option<'a>(documented: &'a mut Documented, template: &str, name: &str) -> &'a mut Value {
    documented.get("GET", template)["parameters"]
        .as_array_mut()
        .and_then(|all| all.iter_mut().find(|parameter| parameter["name"] == name))
        .unwrap_or_else(|| panic!("{template} has no {name}"))
}

fn add_option(operation: &mut Value, name: &str, schema: Value) {
    let parameters = operation["parameters"].as_array_mut().expect("parameters");
    parameters.push(json!({ "name": name, "in": "query", "schema": schema }));
}

fn json_content(schema: &Value) -> Value {
    json!({ "content": { "application/json": { "schema": schema } } })
}

fn action(body: Value, responses: Value) -> Value {
    json!({ "requestBody": { "required": true, "content": { "application/json": { "schema": body } } },
        "responses": responses })
}

/// An object of which nothing is checked but that it is one.
fn open(mut schema: Value) -> Value {
    schema["properties"] = json!({});
    schema
}
