//! Outlook: folders, messages, drafts and attachments.

use base64::{Engine, engine::general_purpose::STANDARD};
use inlet_testkit::graph::{Letter, Told};
use serde_json::json;

use super::wire::{IMMUTABLE, Wire};

#[tokio::test]
async fn folders_are_known_by_name_and_nested_and_hidden() {
    let Some(wire) = Wire::start("folders_are_known_by_name_and_nested_and_hidden") else { return };
    let mail = wire.fake.mail();
    let work = mail.folder("Work", "inbox");
    mail.hidden_folder("Quiet", "msgfolderroot");
    let inbox = wire.get("/me/mailFolders/inbox").await;
    assert_eq!(inbox.json["displayName"], "Inbox");
    assert_eq!(inbox.json["childFolderCount"], 1);
    let shown = wire.get("/me/mailFolders?$top=100").await.each("displayName");
    let all = wire.get("/me/mailFolders?includeHiddenFolders=true&$top=100").await.each("displayName");
    assert!(!shown.contains(&"Quiet".to_owned()) && all.contains(&"Quiet".to_owned()));
    assert_eq!(wire.get("/me/mailFolders/inbox/childFolders").await.each("id"), std::slice::from_ref(&work));
    // In pages, followed by links.
    let (items, _, pages) = wire.follow("/me/mailFolders?$top=3", &[]).await;
    assert_eq!((items.len(), pages), (8, 3));
    let got = wire.post("/me/mailFolders", &json!({ "displayName": "Trips" })).await;
    assert_eq!(got.status, 201);
    let again = wire.post("/me/mailFolders", &json!({ "displayName": "trips" })).await;
    assert_eq!((again.status, again.code()), (409, "ErrorFolderExists"));
    let gone = wire.send("DELETE", &format!("/me/mailFolders/{work}"), &[], "").await.unwrap();
    assert_eq!(gone.status, 204);
    assert_eq!(wire.get("/me/mailFolders/deleteditems/childFolders").await.each("id"), [work]);
}

#[tokio::test]
async fn an_id_survives_a_move_only_when_it_is_immutable() {
    let Some(wire) = Wire::start("an_id_survives_a_move_only_when_it_is_immutable") else { return };
    let mail = wire.fake.mail().add(Letter::new("Lunch?"));
    let path = "/me/mailFolders/inbox/messages?$select=id";
    let changing = wire.get(path).await.each("id").remove(0);
    let lasting = wire.get_with(path, &[IMMUTABLE]).await.each("id").remove(0);
    assert_ne!(changing, lasting);
    wire.fake.mail().move_to(mail, "archive");
    let got = wire.get(&format!("/me/messages/{changing}")).await;
    assert_eq!((got.status, got.code()), (404, "ErrorItemNotFound"));
    assert_eq!(wire.get(&format!("/me/messages/{lasting}")).await.status, 200);
    // The case of an id matters.
    let other = lasting.to_lowercase();
    assert!(wire.get(&format!("/me/messages/{other}")).await.status >= 400);
    let body = json!({ "inputIds": [lasting], "sourceIdType": "restImmutableEntryId", "targetIdType": "restId" });
    let got = wire.post("/me/translateExchangeIds", &body).await;
    let now = got.json["value"][0]["targetId"].as_str().unwrap();
    assert_ne!(now, changing);
    assert_eq!(wire.get(&format!("/me/messages/{now}")).await.status, 200);
}

#[tokio::test]
async fn messages_are_filtered_ordered_selected_and_searched() {
    let Some(wire) = Wire::start("messages_are_filtered_ordered_selected_and_searched") else { return };
    let mail = wire.fake.mail();
    for (subject, day, read) in [("Alpha", 1, true), ("Beta", 2, false), ("Gamma", 3, false)] {
        let at = format!("2026-02-0{day}T10:00:00Z").parse().unwrap();
        let letter = Letter::new(subject).at(at).conversation("c1");
        mail.add(if read { letter.read() } else { letter });
    }
    let got = wire
        .get("/me/messages?$filter=receivedDateTime ge 2026-02-02T00:00:00Z&$orderby=receivedDateTime&$select=subject")
        .await;
    assert_eq!(got.each("subject"), ["Beta", "Gamma"]);
    assert!(got.json["value"][0]["body"].is_null() && got.json["value"][0]["id"].is_string());
    let got = wire.get("/me/messages?$filter=conversationId eq 'c1' and isRead eq false&$count=true").await;
    assert_eq!(got.json["@odata.count"], 2);
    let got = wire.get("/me/messages?$filter=startswith(subject,'al') or contains(subject,'mm')").await;
    assert_eq!(got.each("subject"), ["Gamma", "Alpha"]);
    assert_eq!(wire.get("/me/messages?$search=\"beta\"").await.each("subject"), ["Beta"]);
    assert_eq!(wire.get("/me/messages?$top=1&$skip=1").await.each("subject"), ["Beta"]);
    let text = wire.get_with("/me/messages?$top=1", &[("prefer", "outlook.body-content-type=\"text\"")]).await;
    assert_eq!(text.json["value"][0]["body"], json!({ "contentType": "text", "content": "Gamma" }));
    assert_eq!(text.header("preference-applied"), Some("outlook.body-content-type=\"text\""));
}

#[tokio::test]
async fn a_draft_is_sent_once_and_can_be_found_by_its_immutable_id() {
    let Some(wire) = Wire::start("a_draft_is_sent_once_and_can_be_found_by_its_immutable_id") else { return };
    let body = json!({ "subject": "Offer", "importance": "High", "body": { "contentType": "HTML", "content": "<p>Hello</p>" },
        "toRecipients": [{ "emailAddress": { "address": "ann@fabrikam.example" } }] });
    let draft = wire.post("/me/messages", &body).await;
    assert_eq!((draft.status, &draft.json["isDraft"]), (201, &json!(true)));
    assert_eq!(draft.json["importance"], "high");
    let path = format!("/me/messages/{}", draft.json["id"].as_str().unwrap());
    let changed = wire.patch(&path, &json!({ "subject": "The offer", "categories": ["Work"] })).await;
    assert_eq!(changed.json["subject"], "The offer");
    assert_eq!(wire.send("POST", &format!("{path}/send"), &[], "").await.unwrap().status, 202);
    let sent = wire.get_with(&path, &[IMMUTABLE]).await;
    assert_eq!(sent.json["isDraft"], false);
    assert_eq!(sent.json["parentFolderId"], wire.fake.mail().folder_id("sentitems"));
    // A second time there is no draft to send.
    assert_eq!(wire.send("POST", &format!("{path}/send"), &[], "").await.unwrap().status, 404);
    assert_eq!(wire.fake.mail().sent().len(), 1);
    let got = wire.post("/me/sendMail", &json!({ "message": body, "saveToSentItems": false })).await;
    assert_eq!((got.status, got.bytes.len()), (202, 0));
    assert_eq!(wire.fake.mail().sent().len(), 2);
    assert_eq!(wire.fake.mail().list("sentitems").len(), 1);
}

#[tokio::test]
async fn a_draft_comes_as_mime_too() {
    let Some(wire) = Wire::start("a_draft_comes_as_mime_too") else { return };
    let mime = "From: Megan <meganb@contoso.example>\r\nTo: Ann <ann@fabrikam.example>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\
        Message-ID: <one@contoso.example>\r\nIn-Reply-To: <zero@fabrikam.example>\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hi</p>\r\n\
        --b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--b--\r\n";
    let plain = [("content-type", "text/plain"), IMMUTABLE];
    let draft = wire.send("POST", "/me/messages", &plain, STANDARD.encode(mime)).await.unwrap();
    assert_eq!(draft.status, 201, "{}", draft.json);
    assert_eq!(draft.json["subject"], "Grüße");
    assert_eq!(draft.json["internetMessageId"], "<one@contoso.example>");
    assert_eq!(draft.json["hasAttachments"], true);
    assert_eq!(draft.json["toRecipients"][0]["emailAddress"]["address"], "ann@fabrikam.example");
    let path = format!("/me/messages/{}", draft.json["id"].as_str().unwrap());
    assert_eq!(wire.get(&format!("{path}/$value")).await.bytes, mime.as_bytes());
    let got = wire.send("POST", "/me/messages", &plain, "this is not base64").await.unwrap();
    assert_eq!((got.status, got.code()), (400, "ErrorMimeContentInvalidBase64String"));
    assert_eq!(wire.fake.take_complaints().len(), 1);
    let got = wire.send("POST", "/me/sendMail", &plain, STANDARD.encode(mime)).await.unwrap();
    assert_eq!((got.status, wire.fake.mail().sent().len()), (202, 1));
}

#[tokio::test]
async fn answers_go_to_whom_they_should() {
    let Some(wire) = Wire::start("answers_go_to_whom_they_should") else { return };
    let letter = Letter::new("Lunch?").cc("Bob", "bob@fabrikam.example").cc("Megan", "meganb@contoso.example");
    let mail = wire.fake.mail().add(letter.file("menu.txt", "text/plain", "Soup"));
    let path = format!("/me/messages/{}", wire.fake.mail().id(mail));
    let address = |value: &serde_json::Value| value["emailAddress"]["address"].as_str().unwrap().to_owned();
    let got = wire.post(&format!("{path}/createReplyAll"), &json!({ "comment": "Yes" })).await;
    assert_eq!((got.status, got.json["subject"].as_str()), (201, Some("RE: Lunch?")));
    assert_eq!(address(&got.json["toRecipients"][0]), "adelev@fabrikam.example");
    assert_eq!(got.json["ccRecipients"].as_array().unwrap().len(), 1, "oneself is left out");
    let original = wire.fake.mail().property(mail, "conversationId");
    assert_eq!(got.json["conversationId"], original);
    let got = wire.send("POST", &format!("{path}/createReply"), &[], "").await.unwrap();
    assert_eq!(got.json["ccRecipients"], json!([]));
    let to = json!([{ "emailAddress": { "address": "carl@fabrikam.example" } }]);
    let got = wire.post(&format!("{path}/createForward"), &json!({ "toRecipients": to })).await;
    assert_eq!(got.json["hasAttachments"], true);
    let got = wire.post(&format!("{path}/reply"), &json!({ "comment": "Yes" })).await;
    assert_eq!((got.status, wire.fake.mail().sent().len()), (202, 1));
    // The source of a message is mail.
    let source = wire.get(&format!("{path}/$value")).await;
    let text = String::from_utf8_lossy(&source.bytes);
    assert!(text.contains("Subject: Lunch?") && text.contains("menu.txt"), "{text}");
}

#[tokio::test]
async fn attachments_go_up_and_down() {
    let Some(wire) = Wire::start("attachments_go_up_and_down") else { return };
    let draft = wire.post("/me/messages", &json!({ "subject": "Files" })).await;
    let path = format!("/me/messages/{}", draft.json["id"].as_str().unwrap());
    let small = json!({ "@odata.type": "#microsoft.graph.fileAttachment", "name": "a.txt", "contentType": "text/plain",
        "contentBytes": STANDARD.encode("small") });
    let got = wire.post(&format!("{path}/attachments"), &small).await;
    assert_eq!(got.status, 201);
    let id = got.json["id"].as_str().unwrap().to_owned();
    assert_eq!(wire.get(&format!("{path}/attachments/{id}/$value")).await.bytes, "small");
    let listed = wire.get(&format!("{path}/attachments?$select=id,name,size")).await;
    assert!(listed.json["value"][0]["contentBytes"].is_null());
    let inline = wire.get(&format!("{path}/attachments?$select=name,microsoft.graph.fileAttachment/contentId")).await;
    assert!(inline.json["value"][0].as_object().unwrap().contains_key("contentId"));
    let expanded = wire.get(&format!("{path}?$expand=attachments($select=name)")).await;
    assert_eq!(expanded.json["attachments"][0]["name"], "a.txt");

    let size = 3 * 1024 * 1024 + 5;
    let file: Vec<u8> = (0..size).map(|n: usize| u8::try_from(n % 251).unwrap()).collect();
    let item = json!({ "AttachmentItem": { "attachmentType": "file", "name": "b.bin", "size": size } });
    let session = wire.post(&format!("{path}/attachments/createUploadSession"), &item).await;
    assert_eq!((session.status, &session.json["nextExpectedRanges"]), (201, &json!(["0-"])));
    let url = session.json["uploadUrl"].as_str().unwrap().to_owned();
    assert!(url.starts_with(wire.fake.upload_origin()));
    let half = 2 * 1024 * 1024;
    let put = async |range: String, bytes: &[u8]| {
        wire.send("PUT", &url, &[("content-range", &range)], bytes.to_vec()).await.unwrap()
    };
    // Out of order, it is not taken.
    let got = put(format!("bytes {half}-{}/{size}", size - 1), &file[half..]).await;
    assert_eq!(got.status, 416);
    let got = put(format!("bytes 0-{}/{size}", half - 1), &file[..half]).await;
    assert_eq!((got.status, &got.json["nextExpectedRanges"]), (200, &json!([format!("{half}-")])));
    let state = wire.get(&url).await;
    assert_eq!(state.json["nextExpectedRanges"], json!([format!("{half}-")]));
    // A token of the API has no business here.
    let leak = [("content-range", "bytes 0-0/1"), ("authorization", "Bearer all")];
    assert_eq!(wire.send("PUT", &url, &leak, "x").await.unwrap().status, 400);
    assert!(wire.fake.take_complaints().remove(0).contains("Authorization"));
    let got = put(format!("bytes {half}-{}/{size}", size - 1), &file[half..]).await;
    assert_eq!(got.status, 201);
    let id = got.header("location").unwrap().split('\'').nth(3).unwrap().to_owned();
    assert_eq!(wire.get(&format!("{path}/attachments/{id}/$value")).await.bytes, file);
    let got = wire.send("DELETE", &format!("{path}/attachments/{id}"), &[], "").await.unwrap();
    assert_eq!(got.status, 204);
    assert_eq!(wire.get(&format!("{path}/attachments")).await.each("name"), ["a.txt"]);
}

#[tokio::test]
async fn a_message_is_attached_to_a_message() {
    let Some(wire) = Wire::start("a_message_is_attached_to_a_message") else { return };
    let source = "Subject: Inner\r\n\r\nHello";
    let mail = wire.fake.mail().add(Letter::new("Outer").message("Inner", source));
    let path = format!("/me/messages/{}/attachments", wire.fake.mail().id(mail));
    let got = wire.get(&path).await;
    assert_eq!(got.json["value"][0]["@odata.type"], "#microsoft.graph.itemAttachment");
    let one = format!("{path}/{}", got.each("id")[0]);
    let got = wire.get(&format!("{one}?$expand=microsoft.graph.itemAttachment/item")).await;
    assert_eq!(got.json["item"]["subject"], "Inner");
    assert_eq!(wire.get(&format!("{one}/$value")).await.bytes, source);
}

#[tokio::test]
async fn links_can_lead_astray() {
    let Some(wire) = Wire::start("links_can_lead_astray") else { return };
    wire.fake.mail().add_many("inbox", 20);
    wire.fake.mislead(Some("http://127.0.0.1:9/v1.0"));
    let got = wire.get("/me/messages").await;
    assert!(got.json["@odata.nextLink"].as_str().unwrap().starts_with("http://127.0.0.1:9/v1.0/me/messages?"));
    wire.fake.mislead(None);
    let (items, ..) = wire.follow("/me/messages", &[]).await;
    assert_eq!(items.len(), 20);
}

#[tokio::test]
async fn invitations_are_answered() {
    let Some(wire) = Wire::start("invitations_are_answered") else { return };
    let time = |hour: u32| json!({ "dateTime": format!("2026-03-05T{hour:02}:00:00.0000000"), "timeZone": "UTC" });
    let event =
        json!({ "subject": "Review", "start": time(9), "end": time(10), "location": { "displayName": "Room 1" } });
    let mail = wire.fake.mail().invite(Letter::new("Review"), event);
    let path = format!("/me/messages/{}", wire.fake.mail().id(mail));
    let got = wire.get(&format!("{path}?$expand=microsoft.graph.eventMessage/event")).await;
    assert_eq!(got.json["@odata.type"], "#microsoft.graph.eventMessageRequest");
    assert_eq!(got.json["meetingMessageType"], "meetingRequest");
    let event = got.json["event"]["id"].as_str().unwrap();
    let later = json!({ "start": time(11), "end": time(12) });
    let answer = json!({ "comment": "Maybe", "sendResponse": true, "proposedNewTime": later });
    let got = wire.post(&format!("/me/events/{event}/tentativelyAccept"), &answer).await;
    assert_eq!(got.status, 202);
    let (response, told) = wire.fake.mail().response(mail);
    assert_eq!(response, "tentativelyAccepted");
    assert_eq!(told, [Told { response, comment: "Maybe".to_owned(), proposed: later }]);
    assert_eq!(wire.fake.mail().folder_of(mail).as_deref(), Some("deleteditems"));
    // A selection names the property with its type.
    let got = wire.get(&format!("{path}?$select=subject,microsoft.graph.eventMessage/meetingMessageType")).await;
    assert_eq!(got.json["meetingMessageType"], "meetingRequest");
}

#[tokio::test]
async fn a_meeting_is_called_off_and_answered_by_messages_of_their_own_types() {
    let Some(wire) = Wire::start("a_meeting_is_called_off_and_answered_by_messages_of_their_own_types") else { return };
    let mail = wire.fake.mail();
    let time = |hour: u32| json!({ "dateTime": format!("2026-03-05T{hour:02}:00:00.0000000"), "timeZone": "UTC" });
    let ann = json!({ "emailAddress": { "address": "ann@fabrikam.example" }, "status": { "response": "none" } });
    let event = json!({ "subject": "Review", "start": time(9), "end": time(10), "attendees": [ann] });
    let asked = mail.invite(Letter::new("Review"), event);
    let later = json!({ "start": time(11), "end": time(12) });
    let letter = |subject: &str| Letter::new(subject).from("Ann", "ann@fabrikam.example");
    let answer = mail.answered(asked, letter("New time: Review"), "declined", &later);
    let off = mail.call_off(asked, letter("Canceled: Review"));
    let select = "$select=subject,microsoft.graph.eventMessage/meetingMessageType,\
                  microsoft.graph.eventMessageRequest/meetingRequestType,\
                  microsoft.graph.eventMessageResponse/responseType,\
                  microsoft.graph.eventMessageResponse/proposedNewTime&$expand=microsoft.graph.eventMessage/event";
    let look = async |one| wire.get(&format!("/me/messages/{}?{select}", mail.id(one))).await.json;
    let (asked, answer, off) = (look(asked).await, look(answer).await, look(off).await);
    for (told, kind, what) in [
        (&asked, "eventMessageRequest", "meetingRequest"),
        (&answer, "eventMessageResponse", "meetingDeclined"),
        (&off, "eventMessage", "meetingCancelled"),
    ] {
        assert_eq!(told["@odata.type"], format!("#microsoft.graph.{kind}"));
        assert_eq!(told["meetingMessageType"], what);
        assert_eq!(told["meetingRequestType"].is_string(), kind == "eventMessageRequest", "{told}");
        assert_eq!(told["responseType"].is_string(), kind == "eventMessageResponse", "{told}");
        assert_eq!(told["event"]["isCancelled"], true);
        assert_eq!(told["event"]["attendees"][0]["status"]["response"], "declined");
    }
    assert_eq!((&answer["responseType"], &answer["proposedNewTime"]), (&json!("declined"), &later));
}

#[tokio::test]
async fn categories_have_colours() {
    let Some(wire) = Wire::start("categories_have_colours") else { return };
    wire.fake.mail().category("Work", "preset0");
    let got = wire.post("/me/outlook/masterCategories", &json!({ "displayName": "Home", "color": "preset7" })).await;
    assert_eq!(got.status, 201);
    let all = wire.get("/me/outlook/masterCategories").await;
    assert_eq!(
        (all.each("displayName"), all.each("color")),
        (vec!["Work".into(), "Home".into()], vec!["preset0".into(), "preset7".into()])
    );
}

#[tokio::test]
async fn a_batch_is_checked_request_by_request() {
    let Some(wire) = Wire::start("a_batch_is_checked_request_by_request") else { return };
    let mail = wire.fake.mail().add(Letter::new("Lunch?"));
    let path = format!("/me/messages/{}", wire.fake.mail().id(mail));
    let body = json!({ "requests": [
        { "id": "1", "method": "PATCH", "url": path, "headers": { "Content-Type": "application/json" }, "body": { "isRead": true } },
        { "id": "2", "method": "GET", "url": "/me?$select=displayName" },
        { "id": "3", "method": "GET", "url": "/me/messages/nonsense", "dependsOn": ["1"] },
        { "id": "4", "method": "GET", "url": "/me", "dependsOn": ["3"] },
    ] });
    let got = wire.post("/$batch", &body).await;
    let statuses: Vec<_> = got.json["responses"].as_array().unwrap().iter().map(|one| one["status"].clone()).collect();
    assert_eq!(statuses, [200, 200, 400, 424]);
    assert_eq!(wire.fake.mail().property(mail, "isRead"), true);
    let body = json!({ "requests": [{ "id": "1", "method": "GET", "url": "/me/messages?$selct=id" }] });
    assert_eq!(wire.post("/$batch", &body).await.json["responses"][0]["status"], 400);
    assert!(wire.fake.take_complaints()[0].contains("$selct"));
}
