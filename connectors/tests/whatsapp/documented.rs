//! Meta's own examples, as they stand in its specification: each event comes to what it says, each answer is understood,
//! and what is not as Meta writes it is refused.

use std::collections::BTreeSet;

use inlet_model::{
    Change, CheckStep, Intent, MessageOp, OpKey, OutgoingAttachment, PartRef, Party, RemoteId, SourceError, Target,
};
use inlet_testkit::whatsapp::{ANA, Documented, NUMBER_ID};
use serde_json::{Value, json};

use super::{Chats, World, outgoing, pull};

/// Who writes in all of the examples.
const SHEENA: &str = "16505551234";

/// What an event comes to.
enum Comes {
    /// A message that says this.
    To(&'static str),
    /// A reaction.
    ToReaction(&'static str),
    /// It is kept and told of, by this name.
    ToNothing(&'static str),
}

const EVENTS: &[(&str, Comes)] = &[
    ("Text Message", Comes::To("Does it come in another color?")),
    (
        "Text Message with Context (Product Inquiry)",
        Comes::To("Is this still available?\n\n↪ About the product di9ozbzfi4"),
    ),
    (
        "Text Message from Click to WhatsApp Ad",
        Comes::To(
            "Hello! Can I get more info on this?\n\n↪ From an advertisement or post: Chat with us\n\
             Summer Succulents are here!\nhttps://fb.me/3cr4Wqqkv",
        ),
    ),
    ("Reaction Message", Comes::ToReaction("👍")),
    ("Image Message", Comes::To("Taj Mahal")),
    (
        "Location Message",
        Comes::To(
            "📍 Philz Coffee\n101 Forest Ave, Palo Alto, CA 94301\n\
             https://www.openstreetmap.org/?mlat=37.44221496582&mlon=-122.16165924072#map=17/37.44221496582/-122.16165924072",
        ),
    ),
    ("Contact Sharing Message", Comes::To("👤 Lucía Gómez, Google, +1 (983) 555-2319")),
    (
        "Unsupported Message",
        Comes::To("WhatsApp passes messages of this kind on to nobody else: look at it on your phone."),
    ),
    ("Button Message", Comes::To("Unsubscribe")),
    ("Interactive List Reply Message", Comes::To("Priority Mail Express\nNext Day to 2 Days")),
    ("Interactive Button Reply Message", Comes::To("Cancel")),
    ("Order Message", Comes::To("🛒 2 × di9ozbzfi4 (30 USD)\n1 × nqryix03ez (25 USD)")),
    ("System Message", Comes::To("User Sheena Nelson changed from 16505551234 to 12195555358")),
    ("Group Create Message", Comes::ToNothing("group_lifecycle_update")),
    ("Group Settings Update", Comes::ToNothing("group_settings_update")),
    ("Group Remove Participants", Comes::ToNothing("group_participants_update")),
];

fn events(world: &World) -> Vec<Documented> {
    let events: Vec<_> = world.fake.documented().into_iter().filter(|one| one.status.is_none()).collect();
    let names: BTreeSet<&str> = events.iter().map(|one| one.name.as_str()).collect();
    let known: BTreeSet<&str> = EVENTS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, known, "each of them is looked at");
    events
}

#[tokio::test]
async fn every_documented_event_comes_to_what_it_says() {
    let Some(world) = World::start("every_documented_event") else { return };
    for example in events(&world) {
        let source = world.source();
        let before = pull(&source, None).await;
        world.fake.deliver(&example.body).await;
        let page = pull(&source, Some(&before.next)).await;
        let told = &example.body["entry"][0]["changes"][0]["value"]["messages"][0];
        let (name, comes) = EVENTS.iter().find(|(name, _)| *name == example.name).unwrap();
        let others = page.changes.len() + page.receipts.len() + page.poison.len() + page.warnings.len();
        match comes {
            Comes::To(text) => {
                let [message] = page.upserts.as_slice() else { panic!("{name}: {page:?}") };
                assert_eq!((message.text.as_str(), others), (*text, 0), "{name}");
                assert_eq!((message.conversation.as_str(), message.from_me, message.deleted), (SHEENA, false, false));
                assert_eq!(message.remote_id.0, told["id"], "{name}");
                assert_eq!(message.sent_at.as_second().to_string(), told["timestamp"], "{name}");
                assert_eq!(message.reply_to.as_ref().map(|id| id.0.as_str()), told["context"]["id"].as_str(), "{name}");
                let sender = match told["type"].as_str() {
                    Some("system") => Party::named("WhatsApp", ""),
                    _ => Party::named("Sheena Nelson", format!("+{SHEENA}")),
                };
                assert_eq!(message.sender, sender, "{name}");
                let moved: Vec<(&str, &str)> =
                    page.moved.iter().map(|one| (one.from.handle.as_str(), one.to.handle.as_str())).collect();
                let expected: &[_] = match told["type"].as_str() {
                    Some("system") => &[("+16505551234", "+12195555358")],
                    _ => &[],
                };
                assert_eq!(moved, expected, "{name}");
                let files: Vec<&str> = message.attachments.iter().map(|file| file.part.as_str()).collect();
                assert_eq!(files, told["image"]["id"].as_str().into_iter().collect::<Vec<_>>(), "{name}");
            }
            Comes::ToReaction(given) => {
                let [(id, Change::Reacted { by, mine: false, emoji: Some(emoji) })] = page.changes.as_slice() else {
                    panic!("{name}: {page:?}")
                };
                assert_eq!((id.0.as_str(), emoji.as_str()), (told["reaction"]["message_id"].as_str().unwrap(), *given));
                assert_eq!(by, &Party::named("Sheena Nelson", format!("+{SHEENA}")));
                assert!(page.upserts.is_empty() && others == 1, "{name}: {page:?}");
            }
            Comes::ToNothing(field) => {
                let [(_, reason)] = page.poison.as_slice() else { panic!("{name}: {page:?}") };
                assert!(reason.contains(field) && page.upserts.is_empty() && others == 1, "{name}: {page:?}");
            }
        }
    }
}

/// The same event with one thing in it that Meta does not write.
fn wrong(body: &Value) -> Vec<(&'static str, Value)> {
    const CHANGE: &str = "/entry/0/changes/0";
    let mut all = Vec::new();
    let mut spoilt = |what: &'static str, place: &str, spoil: &dyn Fn(&mut Value)| {
        let mut body = body.clone();
        if let Some(at) = body.pointer_mut(place) {
            spoil(at);
            all.push((what, body));
        }
    };
    for (what, place, key) in [
        ("without its object", "", "object"),
        ("without entries", "", "entry"),
        ("without its field", CHANGE, "field"),
        ("without a value", CHANGE, "value"),
        ("of no number", "/entry/0/changes/0/value", "metadata"),
        ("of no product", "/entry/0/changes/0/value", "messaging_product"),
    ] {
        spoilt(what, place, &|at| {
            at.as_object_mut().unwrap().remove(key).unwrap();
        });
    }
    for (what, place, instead) in [
        ("entries that are no list", "/entry", json!({})),
        ("a field nobody knows", "/entry/0/changes/0/field", json!("mesages")),
        ("messages that are no list", "/entry/0/changes/0/value/messages", json!({})),
        ("a number for an id", "/entry/0/changes/0/value/messages/0/id", json!(7)),
        ("an id of another kind", "/entry/0/changes/0/value/messages/0/id", json!("mid.1")),
        ("a word for a time", "/entry/0/changes/0/value/messages/0/timestamp", json!("now")),
        ("a poem", "/entry/0/changes/0/value/messages/0/type", json!("poem")),
    ] {
        spoilt(what, place, &|at| *at = instead.clone());
    }
    all
}

#[tokio::test]
async fn a_wrong_event_is_refused_and_says_nothing() {
    let Some(world) = World::start("a_wrong_event") else { return };
    let mut refused = 0;
    for example in events(&world) {
        assert_eq!(world.fake.judge_event(&example.body), [""; 0], "{}", example.name);
        let wrongs = wrong(&example.body);
        assert!(wrongs.len() >= 8, "{}", example.name);
        for (what, body) in wrongs {
            assert!(!world.fake.judge_event(&body).is_empty(), "{} {what}", example.name);
            refused += 1;
        }
        // What comes all the same, signed, and cannot be read is told of as that.
        let source = world.source();
        let before = pull(&source, None).await;
        let mut broken = example.body.clone();
        let Some(id) = broken.pointer_mut("/entry/0/changes/0/value/messages/0/id") else { continue };
        *id = json!(7);
        inlet_model::EventSink::append(&*world.queue, broken.to_string().as_bytes(), None).await.unwrap();
        let page = pull(&source, Some(&before.next)).await;
        assert!(page.upserts.is_empty() && page.changes.is_empty(), "{}: {page:?}", example.name);
        assert_eq!(page.poison.len(), 1, "{}", example.name);
    }
    assert!(refused > 180, "{refused}");
}

fn key() -> OpKey {
    OpKey("a-key".to_owned())
}

/// A message with a file, as it is applied.
fn sending(source: &Chats, attachments: Vec<OutgoingAttachment>) -> MessageOp {
    let message = inlet_model::Outgoing { attachments, ..outgoing(ANA, "Hello") };
    source.plan(&key(), &Intent::Send(Box::new(message))).unwrap().unwrap()
}

/// What an error of Meta's is said as.
fn words(example: &Documented) -> &'static str {
    match example.body["error"]["code"].as_i64().unwrap() {
        104 | 190 => "no longer takes the access token",
        200 => "The access token may not do that",
        803 => "knows no such number or account",
        4 | 17 | 80007 => "asked to wait",
        2 => "WhatsApp is busy",
        100 => "WhatsApp refused this",
        other => panic!("{other} is a code of no example so far"),
    }
}

/// A step of the test of the connection, where this example is an answer.
async fn step(world: &World, example: &Documented, public: bool, name: &str) -> (CheckStep, Option<String>) {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let source = world.listening("127.0.0.1:0", public.then(|| format!("http://{nobody}/")));
    world.fake.answer(example);
    let report = source.check().await.unwrap();
    (report.steps.into_iter().find(|step| step.name == name).unwrap_or_else(|| panic!("{name}")), report.identity)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_documented_answer_is_understood() {
    let Some(world) = World::start("every_documented_answer") else { return };
    let mut replayed = 0;
    for example in world.fake.documented() {
        let Some(status) = example.status else { continue };
        let what = format!("{} {} {status} {}", example.method, example.path, example.name);
        // One list of numbers holds values that its own schema does not know.
        let odd = example.name == "multiple_phone_numbers";
        assert_eq!(world.fake.judge_answer(&example).is_empty(), !odd, "{what}");
        let path = example.path.trim_start_matches("/{Version}/");
        let fails = |step: &CheckStep| assert!(!step.ok && step.detail.contains(words(&example)), "{what}: {step:?}");
        match (example.method.as_str(), path) {
            ("get", "{Phone-Number-ID}") => {
                let (step, identity) = step(&world, &example, false, "Sign in to WhatsApp").await;
                match example.body["display_phone_number"].as_str() {
                    Some(number) => assert!(step.ok && identity.as_deref() == Some(number), "{what}: {step:?}"),
                    None => fails(&step),
                }
            }
            ("get", "{WABA-ID}/phone_numbers") => {
                let (step, _) = step(&world, &example, false, "Find the business account").await;
                match status {
                    // They are other numbers than mine.
                    200 => assert!(!step.ok && step.detail.contains("has no such number"), "{what}: {step:?}"),
                    _ => fails(&step),
                }
            }
            (method, "{WABA-ID}/subscribed_apps") => {
                let (step, _) = step(&world, &example, method == "post", "Subscribe to events").await;
                match (status, example.name.as_str()) {
                    (200, "no_subscriptions") => {
                        assert!(!step.ok && step.detail.contains("No app"), "{what}: {step:?}")
                    }
                    (200, _) => assert!(step.ok, "{what}: {step:?}"),
                    _ => fails(&step),
                }
            }
            (_, "{Phone-Number-ID}/message_history") => history(&world, &example, status, &what).await,
            (_, other) => sent(&world, &example, other, &what).await,
        }
        replayed += 1;
    }
    assert!(replayed >= 112, "{replayed}");
    assert_eq!(world.fake.complaints(), [""; 0]);
}

/// A message whose answer was lost is looked for.
async fn history(world: &World, example: &Documented, status: u16, what: &str) {
    const TO: &str = "16473777775";
    let source = world.source();
    let mut op = source.plan(&key(), &Intent::Send(Box::new(outgoing(TO, "Hello")))).unwrap().unwrap();
    if let MessageOp::Send { since, .. } = &mut op {
        *since = Some("2021-12-31T23:00:00Z".parse().unwrap());
    }
    world.fake.answer(example);
    let found = source.find_applied(&key(), &op).await;
    let code = example.body["error"]["code"].as_i64();
    match (status, code) {
        (200, _) => {
            let id = found.unwrap().and_then(|applied| applied.remote_id).map(|id| id.0);
            // Two that it may be are none.
            let only = match example.body["data"].as_array().unwrap().as_slice() {
                [only] => only["message_id"].as_str(),
                _ => None,
            };
            assert_eq!(id.as_deref(), only, "{what}");
        }
        (_, Some(190)) => assert!(matches!(found, Err(SourceError::AuthNeeded(_))), "{what}: {found:?}"),
        (_, Some(4)) => assert!(matches!(found, Err(SourceError::Throttled { .. })), "{what}: {found:?}"),
        (_, Some(2)) => assert!(matches!(found, Err(SourceError::Transient(_))), "{what}: {found:?}"),
        // It does not help, and nothing is wrong.
        _ => assert!(matches!(found, Ok(None)), "{what}: {found:?}"),
    }
}

/// Something is sent, brought there, fetched or listed.
async fn sent(world: &World, example: &Documented, path: &str, what: &str) {
    let source = world.source();
    world.fake.answer(example);
    match path {
        "{Phone-Number-ID}/messages" => match example.body["messages"][0]["id"].as_str() {
            Some(id) => {
                let applied = source.apply(&key(), &sending(&source, Vec::new())).await.unwrap();
                assert_eq!(applied.remote_id, Some(RemoteId(id.to_owned())), "{what}");
            }
            // That something was read.
            None => {
                let target =
                    Target { scope: "messages".into(), remote_id: "wamid.Q".into(), message_id: None, version: None };
                let op = MessageOp::MarkRead { targets: vec![target], read: true };
                source.apply(&OpKey(format!("read {what}")), &op).await.unwrap();
            }
        },
        "{Phone-Number-ID}/media" => {
            let file = OutgoingAttachment {
                name: "a.png".into(),
                mime: "image/png".into(),
                data: b"pixels".to_vec(),
                content_id: None,
            };
            let prepared = source.prepare(&key(), &sending(&source, vec![file])).await.unwrap();
            let Some(MessageOp::Send { uploaded, .. }) = prepared else { panic!("{what}: {prepared:?}") };
            assert_eq!(uploaded, [example.body["id"].as_str().unwrap()], "{what}");
        }
        "{Media-ID}" => {
            // Its address is a blank, and nobody's server.
            let part =
                PartRef { scope: "messages".into(), remote_id: "wamid.Q".into(), part: "2621233374848975".into() };
            let fetched = source.fetch(&part, &mut Vec::<u8>::new()).await;
            let Err(SourceError::Permanent(reason)) = fetched else { panic!("{what}: {fetched:?}") };
            assert!(reason.contains("another server"), "{what}: {reason}");
        }
        "{WABA-ID}/message_templates" => {
            let approved = |one: &&Value| one["status"] == "APPROVED";
            let listed = source.templates().await.unwrap();
            let documented = example.body["data"].as_array().unwrap().iter().filter(approved);
            let names: BTreeSet<&str> = documented.filter_map(|one| one["name"].as_str()).collect();
            assert!(!listed.is_empty(), "{what}");
            assert!(listed.iter().all(|one| names.contains(one.name.as_str())), "{what}: {listed:?}");
        }
        other => panic!("{NUMBER_ID}: nobody looks at answers of {other}"),
    }
}
