//! Every kind of event Meta documents, and what becomes of it.

use inlet_model::{Change, Party, Receipt, RemoteId, UnifiedMessage};
use inlet_testkit::whatsapp::{ANA, Events, NUMBER};
use serde_json::{Value, json};

use super::{World, pull};

/// What one message of this kind is shown as.
async fn shown(world: &World, content: Value) -> UnifiedMessage {
    let source = world.source();
    let before = pull(&source, None).await;
    world.fake.message(ANA, "Ana Ferreira", content).await;
    let page = pull(&source, Some(&before.next)).await;
    assert!(page.poison.is_empty(), "{:?}", page.poison);
    let [message] = page.upserts.as_slice() else { panic!("{page:?}") };
    message.clone()
}

#[tokio::test]
async fn a_text_is_a_message_of_its_writers_conversation() {
    let Some(world) = World::start("a_text") else { return };
    let answered = world.fake.say(ANA, "Ana Ferreira", "First").await;
    let context = json!({ "type": "text", "text": { "body": "Second" }, "context": { "from": ANA, "id": answered } });
    let message = shown(&world, context).await;
    assert_eq!(message.text, "Second");
    assert_eq!(message.conversation, ANA);
    assert_eq!(message.sender, Party::named("Ana Ferreira", format!("+{ANA}")));
    assert_eq!(message.members, std::slice::from_ref(&message.sender));
    assert_eq!(message.reply_to, Some(RemoteId(answered)));
    assert!(!message.from_me && !message.read);
    assert_eq!(message.sent_at.as_second(), 1_750_000_001);
}

#[tokio::test]
async fn every_kind_of_message_says_something() {
    let Some(world) = World::start("every_kind") else { return };
    let id = world.fake.file("image/jpeg", b"pixels");
    for (content, expected) in [
        (
            json!({ "type": "location", "location": { "latitude": 37.442, "longitude": -122.161, "name": "Philz", "address": "101 Forest Ave" } }),
            "📍 Philz\n101 Forest Ave\nhttps://www.openstreetmap.org/?mlat=37.442&mlon=-122.161#map=17/37.442/-122.161",
        ),
        (
            json!({ "type": "contacts", "contacts": [{ "name": { "formatted_name": "Lucía Gómez" }, "org": { "company": "Google" }, "phones": [{ "phone": "+1 983" }], "emails": [{ "email": "l@x.example" }] }] }),
            "👤 Lucía Gómez, Google, +1 983, l@x.example",
        ),
        (
            json!({ "type": "interactive", "interactive": { "type": "button_reply", "button_reply": { "id": "c", "title": "Cancel" } } }),
            "Cancel",
        ),
        (
            json!({ "type": "interactive", "interactive": { "type": "list_reply", "list_reply": { "id": "c", "title": "Tuesday", "description": "9:00" } } }),
            "Tuesday\n9:00",
        ),
        (
            json!({ "type": "interactive", "interactive": { "type": "nfm_reply", "nfm_reply": { "name": "flow", "body": "Sent", "response_json": "{}" } } }),
            "Sent",
        ),
        (json!({ "type": "button", "button": { "payload": "p", "text": "Yes, please" } }), "Yes, please"),
        (
            json!({ "type": "order", "order": { "catalog_id": "1", "text": "Quick!", "product_items": [{ "product_retailer_id": "bread", "quantity": 2, "item_price": 3.5, "currency": "EUR" }] } }),
            "🛒 Quick!\n2 × bread (3.5 EUR)",
        ),
        (
            json!({ "type": "system", "system": { "body": "Ana changed her number", "type": "user_changed_number", "wa_id": "1" } }),
            "Ana changed her number",
        ),
        (json!({ "type": "request_welcome" }), "Opened this chat for the first time"),
        (
            json!({ "type": "text", "text": { "body": "Is it still there?" }, "context": { "from": "1", "id": "wamid.p", "referred_product": { "catalog_id": "1", "product_retailer_id": "bread" } } }),
            "Is it still there?\n\n↪ About the product bread",
        ),
        (
            json!({ "type": "text", "text": { "body": "Tell me more" }, "referral": { "source_url": "https://fb.me/x", "source_type": "ad", "headline": "Chat with us", "body": "" } }),
            "Tell me more\n\n↪ From an advertisement or post: Chat with us\nhttps://fb.me/x",
        ),
        (
            json!({ "type": "unsupported", "errors": [{ "code": 131051, "title": "Message type unknown" }] }),
            "WhatsApp passes messages of this kind on to nobody else: look at it on your phone.",
        ),
        (
            json!({ "type": "ephemeral" }),
            "A message of a kind that Inlet cannot show (ephemeral): look at it on your phone.",
        ),
        (
            json!({ "type": "image", "image": { "id": id, "mime_type": "image/jpeg", "caption": "Taj Mahal" } }),
            "Taj Mahal",
        ),
    ] {
        let kind = content["type"].to_string();
        assert_eq!(shown(&world, content).await.text, expected, "{kind}");
    }
}

#[tokio::test]
async fn files_are_named_and_fetched_by_an_address_asked_for_anew() {
    let Some(world) = World::start("files_are_named") else { return };
    for (kind, mime, filename, name) in [
        ("image", "image/jpeg", None, "Photo.jpg"),
        ("video", "video/mp4", None, "Video.mp4"),
        ("audio", "audio/ogg; codecs=opus", None, "Sound.ogg"),
        ("sticker", "image/webp", None, "Sticker.webp"),
        ("document", "application/pdf", Some("Offer.pdf"), "Offer.pdf"),
    ] {
        let id = world.fake.file(mime, kind.as_bytes());
        let mut media = json!({ "id": id, "mime_type": mime });
        if let Some(filename) = filename {
            media["filename"] = json!(filename);
        }
        let message = shown(&world, json!({ "type": kind, kind: media })).await;
        let [file] = message.attachments.as_slice() else { panic!("{message:?}") };
        assert_eq!((file.name.as_str(), file.mime.as_str()), (name, mime.split(';').next().unwrap()));
        let part =
            inlet_model::PartRef { scope: "messages".into(), remote_id: message.remote_id, part: file.part.clone() };
        let mut bytes = Vec::new();
        world.source().fetch(&part, &mut bytes).await.unwrap();
        assert_eq!(bytes, kind.as_bytes());
    }
}

#[tokio::test]
async fn reactions_edits_and_deletions_happen_to_what_is_there() {
    let Some(world) = World::start("reactions_edits") else { return };
    let id = world.fake.say(ANA, "Ana Ferreira", "Befor").await;
    let source = world.source();
    let before = pull(&source, None).await;
    let reaction = |emoji: &str| json!({ "type": "reaction", "reaction": { "message_id": id, "emoji": emoji } });
    world.fake.message(ANA, "Ana Ferreira", reaction("👍")).await;
    world.fake.message(ANA, "Ana Ferreira", reaction("")).await;
    let edit = json!({ "type": "edit", "edit": { "original_message_id": id, "message": { "type": "text", "text": { "body": "Before" } } } });
    world.fake.message(ANA, "Ana Ferreira", edit).await;
    world.fake.message(ANA, "Ana Ferreira", json!({ "type": "revoke", "revoke": { "original_message_id": id } })).await;
    let page = pull(&source, Some(&before.next)).await;
    assert!(page.upserts.is_empty() && page.poison.is_empty());
    let by = Party::named("Ana Ferreira", format!("+{ANA}"));
    let changes: Vec<Change> =
        page.changes.into_iter().inspect(|(of, _)| assert_eq!(of.0, id)).map(|(_, change)| change).collect();
    let [
        Change::Reacted { emoji: Some(up), by: who, mine: false },
        Change::Reacted { emoji: None, .. },
        Change::Edited { text, .. },
        Change::Retracted,
    ] = changes.as_slice()
    else {
        panic!("{changes:?}")
    };
    assert_eq!((up.as_str(), who, text.as_str()), ("👍", &by, "Before"));
}

#[tokio::test]
async fn statuses_tell_whose_they_are_and_how_far_it_came_in_whatever_order() {
    let Some(world) = World::start("statuses") else { return };
    for (status, code) in [("read", None), ("sent", None), ("delivered", None), ("failed", Some(131_047))] {
        world.fake.status("wamid.X", ANA, status, Some("key-1"), code).await;
    }
    let page = world.pulled().await;
    let receipts: Vec<Receipt> = page.receipts.iter().map(|(_, receipt)| *receipt).collect();
    assert_eq!(receipts, [Receipt::Read, Receipt::Sent, Receipt::Delivered]);
    let mine = page.changes.iter().filter(|(_, change)| matches!(change, Change::Mine { key } if key.0 == "key-1"));
    assert_eq!(mine.count(), 4);
    let why = page.changes.iter().find_map(|(_, change)| match change {
        Change::Failed { reason } => Some(reason.clone()),
        _ => None,
    });
    assert!(why.unwrap().contains("24 hours"));
}

#[tokio::test]
async fn what_the_app_on_the_phone_sends_is_mine_and_its_past_is_read() {
    let Some(world) = World::start("coexistence") else { return };
    let echo = json!({ "from": NUMBER, "to": ANA, "id": "wamid.E1", "timestamp": "1750000100", "type": "text", "text": { "body": "From my phone" } });
    let old = |id: &str, from: &str, status: &str| json!({ "from": from, "id": id, "timestamp": "1740000000", "type": "text", "text": { "body": "Long ago" }, "history_context": { "status": status } });
    // Meta's schema of events knows these fields by name, and nothing of what is in them.
    let value = |value: Value| {
        let mut whole = json!({ "contacts": [], "messages": [] });
        whole.as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
        whole
    };
    world.fake.tell("smb_message_echoes", value(json!({ "message_echoes": [echo] }))).await;
    let thread = json!({ "id": ANA, "messages": [old("wamid.H1", ANA, "READ"), old("wamid.H2", NUMBER, "DELIVERED")] });
    world
        .fake
        .tell("history", value(json!({ "history": [{ "metadata": { "phase": 0 }, "threads": [thread] }] })))
        .await;
    let contact =
        json!({ "type": "contact", "contact": { "full_name": "Ana F.", "phone_number": ANA }, "action": "add" });
    world.fake.tell("smb_app_state_sync", value(json!({ "state_sync": [contact] }))).await;
    world.fake.message(ANA, "", json!({ "type": "text", "text": { "body": "Hello" } })).await;
    let page = world.pulled().await;
    assert!(page.poison.is_empty(), "{:?}", page.poison);
    let outline: Vec<(&str, bool, bool, Receipt)> = page
        .upserts
        .iter()
        .inspect(|message| assert_eq!(message.conversation, ANA))
        .map(|message| (message.text.as_str(), message.from_me, message.read, message.receipt))
        .collect();
    assert_eq!(
        outline,
        [
            ("From my phone", true, true, Receipt::Sent),
            ("Long ago", false, true, Receipt::None),
            ("Long ago", true, true, Receipt::Delivered),
            ("Hello", false, false, Receipt::None),
        ]
    );
    assert_eq!(page.upserts[3].sender.name.as_deref(), Some("Ana F."), "as I have them on my phone");
}

#[tokio::test]
async fn what_nobody_knows_is_counted_and_stops_nothing() {
    let Some(world) = World::start("unknown_events") else { return };
    world.fake.events(Events::Dropped);
    let append = async |body: &str| inlet_model::EventSink::append(&*world.queue, body.as_bytes(), None).await.unwrap();
    append("no JSON").await;
    append(r#"{"entry":[{"id":"1","changes":[{"field":"account_update","value":{"event":"PARTNER_ADDED"}}]}]}"#).await;
    append(r#"{"entry":[{"id":"1","changes":[{"field":"messages","value":{"messages":[{"id":7},{"from":"1","id":"wamid.A","timestamp":"1750000000","type":"text","text":{"body":"Here"}}]}}]}]}"#).await;
    append(r#"{"entry":[{"id":"1","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"another"},"messages":[{"from":"1","id":"wamid.B","type":"text","text":{"body":"Not mine"}}]}}]}]}"#).await;
    let page = world.pulled().await;
    assert_eq!(page.upserts.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), ["Here"]);
    assert_eq!(page.poison.len(), 3, "{:?}", page.poison);
    assert!(page.poison[1].1.contains("account_update"));
}

#[tokio::test]
async fn a_gap_is_said() {
    let Some(world) = World::start("a_gap") else { return };
    world.queue.gap("2026-06-01T10:00:00Z".parse().unwrap());
    let page = world.pulled().await;
    let [message] = page.upserts.as_slice() else { panic!("{page:?}") };
    assert!(message.text.contains("2026-06-01") && !message.read, "{}", message.text);
}

#[tokio::test]
async fn an_error_of_the_account_says_what_to_do() {
    let Some(world) = World::start("an_error_of_the_account") else { return };
    let told = json!({ "entry": [{ "id": "1", "changes": [{ "field": "messages", "value": {
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": NUMBER, "phone_number_id": inlet_testkit::whatsapp::NUMBER_ID },
        "errors": [{ "code": 131_042, "title": "Business eligibility payment issue" }],
    } }] }] });
    inlet_model::EventSink::append(&*world.queue, told.to_string().as_bytes(), None).await.unwrap();
    let page = world.pulled().await;
    let [warning] = page.warnings.as_slice() else { panic!("{page:?}") };
    assert!(page.upserts.is_empty() && page.poison.is_empty(), "{page:?}");
    assert!(warning.code == "131042" && warning.reason.contains("valid way to pay"), "{warning:?}");
}
