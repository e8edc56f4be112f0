//! Sending: each request as Meta documents it, and at most once.

use inlet_model::{
    Applied, Choice, Choices, FileKind, Filled, Intent, MessageOp, OpKey, Outgoing, OutgoingAttachment, RemoteId,
    ReplyTo, Result, SourceError, Target, TemplateUse,
};
use inlet_testkit::whatsapp::{ANA, Fault};
use serde_json::json;

use super::{Chats, World, outgoing, pull};

fn key() -> OpKey {
    OpKey("key-1".into())
}

/// Plans, prepares and does it, as the engine would.
async fn send(source: &Chats, outgoing: Outgoing) -> Result<Applied> {
    let op = source.plan(&key(), &Intent::Send(Box::new(outgoing)))?.unwrap();
    let op = source.prepare(&key(), &op).await?.unwrap_or(op);
    source.apply(&key(), &op).await
}

fn file(name: &str, mime: &str, data: &[u8]) -> OutgoingAttachment {
    OutgoingAttachment { name: name.into(), mime: mime.into(), data: data.to_vec(), content_id: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_and_an_answer_are_sent_with_their_key() {
    let Some(world) = World::start("a_text_is_sent") else { return };
    let source = world.source();
    let sent = send(&source, outgoing(ANA, "Hello")).await.unwrap();
    send(&source, Outgoing { reply_to: Some(reply_to()), ..outgoing(ANA, "Answer") }).await.unwrap();
    send(&source, outgoing("Y2FwaV9ncm91cDox", "To a group")).await.unwrap();
    let asked = world.fake.sent();
    assert_eq!(sent.remote_id.unwrap().0, asked[0]["id"].as_str().unwrap());
    assert_eq!(asked[0]["text"]["body"], "Hello");
    assert_eq!(asked[0]["biz_opaque_callback_data"], "key-1");
    assert_eq!((&asked[0]["recipient_type"], &asked[2]["recipient_type"]), (&json!("individual"), &json!("group")));
    assert!(asked[0].get("context").is_none());
    assert_eq!(asked[1]["context"]["message_id"], "wamid.Q");
    assert_eq!(world.fake.complaints(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_brought_there_once_and_then_named() {
    let Some(world) = World::start("a_file_is_sent") else { return };
    let source = world.source();
    let with = |file| Outgoing { attachments: vec![file], ..outgoing(ANA, "Look") };
    send(&source, with(file("a\"b.jpg", "image/jpeg", b"pixels"))).await.unwrap();
    send(&source, with(file("Offer.pdf", "application/pdf", b"%PDF"))).await.unwrap();
    let asked = world.fake.sent();
    let id = asked[0]["image"]["id"].as_str().unwrap();
    assert_eq!(world.fake.uploaded(id).unwrap(), ("image/jpeg".to_owned(), b"pixels".to_vec()));
    assert_eq!(asked[0]["image"]["caption"], "Look");
    assert_eq!(asked[1]["document"]["filename"], "Offer.pdf");
    assert_eq!(world.fake.complaints(), [""; 0]);

    // What was prepared is not brought there again.
    let op = source.plan(&key(), &Intent::Send(Box::new(with(file("a.png", "image/png", b"x"))))).unwrap().unwrap();
    let prepared = source.prepare(&key(), &op).await.unwrap().unwrap();
    assert_eq!(source.prepare(&key(), &prepared).await.unwrap(), None);
    let MessageOp::Send { attachments, uploaded, .. } = prepared else { panic!("{prepared:?}") };
    assert!(attachments[0].data.is_empty() && uploaded.len() == 1);
}

#[test]
fn what_whatsapp_would_not_take_is_said_before_anything_is_sent() {
    inlet_testkit::contract::run(async {
        let Some(world) = World::start("what_is_not_taken") else { return };
        let source = world.source();
        let large = file("a.jpg", "image/jpeg", &vec![0; (5 << 20) + 1]);
        let small = || file("a.jpg", "image/jpeg", b"x");
        for refused in [
            outgoing(ANA, &"x".repeat(4097)),
            Outgoing { attachments: vec![large], ..outgoing(ANA, "") },
            Outgoing { attachments: vec![small(), small()], ..outgoing(ANA, "") },
            Outgoing { attachments: vec![small()], ..outgoing(ANA, &"x".repeat(1025)) },
            Outgoing { attachments: vec![file("a.mp3", "audio/mpeg", b"x")], ..outgoing(ANA, "words") },
            Outgoing { text: "to nobody".into(), ..Outgoing::default() },
        ] {
            let plan = source.plan(&key(), &Intent::Send(Box::new(refused)));
            assert!(matches!(plan, Err(SourceError::Permanent(_))), "{plan:?}");
        }
        assert_eq!(world.fake.requests(), 0);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_are_listed_with_their_blanks_and_sent_with_those_filled() {
    let Some(world) = World::start("templates") else { return };
    let example =
        world.fake.examples().into_iter().find(|example| example.name.starts_with("waba-id-message-templates.get"));
    for template in example.unwrap().body["data"].as_array().unwrap() {
        world.fake.template(template.clone());
    }
    let component = |kind: &str, text: &str| json!({ "type": kind, "text": text });
    let link =
        json!({ "type": "BUTTONS", "buttons": [{ "type": "URL", "text": "Track", "url": "https://x.example/{{1}}" }] });
    let named = json!([component("HEADER", "For {{name}}"), component("BODY", "On {{day}}, {{name}}"), link]);
    world.fake.template(json!({ "name": "visit", "language": "de", "status": "APPROVED", "components": named }));
    world.fake.template(json!({ "name": "pending", "language": "de", "status": "PENDING", "components": [] }));
    let picture = json!([{ "type": "HEADER", "format": "IMAGE" }, component("BODY", "Look")]);
    world.fake.template(json!({ "name": "picture", "language": "de", "status": "APPROVED", "components": picture }));
    let place = json!([{ "type": "HEADER", "format": "LOCATION" }, component("BODY", "Here")]);
    world.fake.template(json!({ "name": "place", "language": "de", "status": "APPROVED", "components": place }));

    let source = world.source();
    let templates = source.templates().await.unwrap();
    let names: Vec<&str> = templates.iter().map(|template| template.name.as_str()).collect();
    assert_eq!(names, ["hello_world", "2023_april_promo", "visit", "picture"]);
    assert_eq!((templates[2].file, templates[3].file), (None, Some(FileKind::Image)));
    let blanks = |at: usize| {
        let blank = |blank: &inlet_model::Blank| (blank.part.clone(), blank.name.clone(), blank.example.clone());
        templates[at].blanks.iter().map(blank).collect::<Vec<_>>()
    };
    let body = |name: &str, example: &str| ("body".to_owned(), name.to_owned(), Some(example.to_owned()));
    assert_eq!(blanks(1), [body("1", "Mark"), body("2", "FALL25")]);
    let parts: Vec<(String, String)> = blanks(2).into_iter().map(|(part, name, _)| (part, name)).collect();
    let part = |part: &str, name: &str| (part.to_owned(), name.to_owned());
    assert_eq!(parts, [part("header", "name"), part("body", "day"), part("body", "name"), part("button 0", "1")]);

    let values = parts.into_iter().map(|(part, name)| Filled { value: format!("{name}!"), part, name }).collect();
    let template = Some(TemplateUse { name: "visit".into(), language: "de".into(), values, file: None });
    send(&source, Outgoing { template, ..outgoing(ANA, "as it reads") }).await.unwrap();
    let text = |value: &str, name: &str| json!({ "type": "text", "parameter_name": name, "text": value });
    assert_eq!(
        world.fake.sent()[0]["template"],
        json!({ "name": "visit", "language": { "code": "de" }, "components": [
            { "type": "header", "parameters": [text("name!", "name")] },
            { "type": "body", "parameters": [text("day!", "day"), text("name!", "name")] },
            { "type": "button", "sub_type": "url", "index": "0", "parameters": [{ "type": "text", "text": "1!" }] },
        ] })
    );
    assert_eq!(world.fake.complaints(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_with_a_file_above_it_takes_that_file_and_no_other() {
    let Some(world) = World::start("a_template_with_a_file") else { return };
    let source = world.source();
    let with = |kind: Option<FileKind>, files: Vec<OutgoingAttachment>| {
        let day = Filled { part: "body".into(), name: "1".into(), value: "Monday".into() };
        let template = TemplateUse { name: "visit".into(), language: "de".into(), values: vec![day], file: kind };
        Outgoing { template: Some(template), attachments: files, ..outgoing(ANA, "as it reads") }
    };
    let picture = || file("a.jpg", "image/jpeg", b"pixels");
    let paper = || file("Offer.pdf", "application/pdf", b"%PDF");
    send(&source, with(Some(FileKind::Image), vec![picture()])).await.unwrap();
    send(&source, with(Some(FileKind::Document), vec![paper()])).await.unwrap();
    let sent = world.fake.sent();
    let id = |at: usize, kind: &str| {
        sent[at]["template"]["components"][0]["parameters"][0][kind]["id"].as_str().unwrap().to_owned()
    };
    assert_eq!(world.fake.uploaded(&id(0, "image")).unwrap().1, b"pixels");
    assert_eq!(
        sent[1]["template"]["components"],
        json!([
            { "type": "header", "parameters": [{ "type": "document", "document": { "id": id(1, "document"), "filename": "Offer.pdf" } }] },
            { "type": "body", "parameters": [{ "type": "text", "text": "Monday" }] },
        ])
    );
    assert_eq!(world.fake.complaints(), [""; 0]);
    for (kind, files) in [
        (Some(FileKind::Image), vec![]),
        (Some(FileKind::Image), vec![paper()]),
        (Some(FileKind::Video), vec![picture()]),
        (Some(FileKind::Image), vec![picture(), picture()]),
        (Some(FileKind::Image), vec![file("a.jpg", "image/jpeg", &vec![0; (5 << 20) + 1])]),
        (None, vec![picture()]),
    ] {
        let plan = source.plan(&key(), &Intent::Send(Box::new(with(kind, files))));
        assert!(matches!(plan, Err(SourceError::Permanent(_))), "{plan:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_found_by_the_status_that_carries_the_key() {
    let Some(world) = World::start("a_lost_answer") else { return };
    world.fake.without_history();
    let source = world.source();
    let op = source.plan(&key(), &Intent::Send(Box::new(outgoing(ANA, "Once")))).unwrap().unwrap();
    world.fake.fault(Fault::Lost);
    assert!(matches!(source.apply(&key(), &op).await, Err(SourceError::Unknown(_))));
    let found = source.find_applied(&key(), &op).await.unwrap().unwrap();
    assert_eq!(found.remote_id.unwrap().0, world.fake.sent()[0]["id"].as_str().unwrap());
    assert_eq!(world.fake.sent().len(), 1);

    // Where nothing is told the person decides, but not before WhatsApp had its time.
    world.fake.fault(Fault::LostForGood);
    let other = OpKey("key-2".into());
    assert!(matches!(source.apply(&other, &op).await, Err(SourceError::Unknown(_))));
    assert!(matches!(source.find_applied(&other, &op).await, Err(SourceError::Transient(_))));
    // A program that was started anew has waited long enough by that.
    assert_eq!(world.source().find_applied(&other, &op).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_of_which_nothing_is_told_is_found_in_the_history() {
    let Some(world) = World::start("a_lost_answer_in_the_history") else { return };
    let source = world.source();
    world.fake.tells(&[]);
    let since = |seconds: i64| inlet_model::Timestamp::from_second(1_750_000_000 + seconds).unwrap();
    let plan = |to: &str, date| {
        let message = Outgoing { date, ..outgoing(to, "Once") };
        source.plan(&key(), &Intent::Send(Box::new(message))).unwrap().unwrap()
    };
    // What this number has sent already: to her before and after it was written, and to others.
    world.fake.set_clock(1_750_000_000);
    send(&world.source(), outgoing(ANA, "Long ago")).await.unwrap();
    world.fake.set_clock(1_750_000_100);
    let op = plan(ANA, since(50));
    send(&source, outgoing(ANA, "Another one")).await.unwrap();
    world.fake.fault(Fault::Broken);
    assert!(matches!(source.apply(&key(), &op).await, Err(SourceError::Unknown(_))));
    for to in ["4915100000001", "4915100000002", "4915100000003"] {
        send(&source, outgoing(to, "To others")).await.unwrap();
    }
    // It never arrived: nothing fits, however many pages there are.
    assert!(matches!(source.find_applied(&key(), &op).await, Err(SourceError::Transient(_))));
    world.fake.fault(Fault::LostForGood);
    assert!(matches!(source.apply(&key(), &op).await, Err(SourceError::Unknown(_))));
    let found = source.find_applied(&key(), &op).await.unwrap().unwrap();
    assert_eq!(found.remote_id.unwrap().0, world.fake.sent().last().unwrap()["id"].as_str().unwrap());
    // Whoever does not know that the other one is another finds two, and says neither.
    assert_eq!(world.source().find_applied(&key(), &op).await.unwrap(), None);
    // Nor does a history that cannot be asked for now mean that there is nothing.
    world.fake.revoke();
    assert!(matches!(source.find_applied(&key(), &op).await, Err(SourceError::AuthNeeded(_))));
    assert_eq!(world.fake.complaints(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn choices_are_buttons_or_a_list() {
    let Some(world) = World::start("choices_are_sent") else { return };
    let source = world.source();
    send(&source, offering(None, &["Yes", "No", "Later"])).await.unwrap();
    send(&source, Outgoing { reply_to: Some(reply_to()), ..offering(Some("Times"), &["9:00|with Ana", "10:00"]) })
        .await
        .unwrap();
    send(&source, offering(Some("Times"), &["Today>9:00", "Today>10:00", "Tomorrow>11:00"])).await.unwrap();
    let sent = world.fake.sent();
    let button = |place: usize, title: &str| json!({ "type": "reply", "reply": { "id": format!("choice-{place}"), "title": title } });
    assert_eq!(
        sent[0]["interactive"],
        json!({ "type": "button", "body": { "text": "When?" }, "action": { "buttons": [button(1, "Yes"), button(2, "No"), button(3, "Later")] } })
    );
    let row = |place: usize, title: &str| json!({ "id": format!("choice-{place}"), "title": title });
    let first = json!({ "id": "choice-1", "title": "9:00", "description": "with Ana" });
    assert_eq!(
        sent[1]["interactive"]["action"],
        json!({ "button": "Times", "sections": [{ "rows": [first, row(2, "10:00")] }] })
    );
    assert_eq!(sent[1]["context"]["message_id"], "wamid.Q");
    assert_eq!(
        sent[2]["interactive"]["action"]["sections"],
        json!([
            { "title": "Today", "rows": [row(1, "9:00"), row(2, "10:00")] },
            { "title": "Tomorrow", "rows": [row(3, "11:00")] },
        ])
    );
    assert!(sent.iter().all(|body| body["type"] == "interactive" && body["biz_opaque_callback_data"] == "key-1"));
    assert_eq!(world.fake.complaints(), [""; 0]);

    let longest = |count: usize| "x".repeat(count);
    let many: Vec<String> = (0..11).map(|number| number.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let taken = source.plan(&key(), &Intent::Send(Box::new(offering(None, &[&longest(20)]))));
    assert!(taken.is_ok(), "{taken:?}");
    for refused in [
        offering(None, &[]),
        offering(None, &["1", "2", "3", "4"]),
        offering(None, &[&longest(21)]),
        offering(None, &["Yes", "Yes"]),
        offering(None, &["Yes", " "]),
        offering(None, &["Yes|of course"]),
        offering(Some(""), &["Yes"]),
        offering(Some(&longest(21)), &["Yes"]),
        offering(Some("List"), &many),
        offering(Some("List"), &[&longest(25)]),
        offering(Some("List"), &[&format!("Yes|{}", longest(73))]),
        offering(Some("List"), &[&format!("{}>Yes", longest(25))]),
        offering(Some("List"), &["Yes", "Today>No"]),
        Outgoing { text: String::new(), ..offering(None, &["Yes"]) },
        Outgoing { text: longest(1025), ..offering(None, &["Yes"]) },
        Outgoing { attachments: vec![file("a.jpg", "image/jpeg", b"x")], ..offering(None, &["Yes"]) },
    ] {
        let plan = source.plan(&key(), &Intent::Send(Box::new(refused)));
        assert!(matches!(plan, Err(SourceError::Permanent(_))), "{plan:?}");
    }
    assert_eq!(world.fake.sent().len(), 3);
}

/// A question with answers to choose from, each as the command line writes it.
fn offering(list: Option<&str>, offered: &[&str]) -> Outgoing {
    let choice = |written: &&str| {
        let (said, about) = written.split_once('|').map_or((*written, None), |(said, about)| (said, Some(about)));
        let (section, title) = said.split_once('>').map_or((None, said), |(section, title)| (Some(section), title));
        Choice { title: title.into(), about: about.map(Into::into), section: section.map(Into::into) }
    };
    let choices = Choices { list: list.map(Into::into), offered: offered.iter().map(choice).collect() };
    Outgoing { choices: Some(choices), ..outgoing(ANA, "When?") }
}

fn reply_to() -> ReplyTo {
    ReplyTo { remote_id: Some("wamid.Q".into()), ..ReplyTo::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn that_somebody_writes_is_told_with_what_was_read() {
    let Some(world) = World::start("that_somebody_writes") else { return };
    let id = world.fake.say(ANA, "Ana", "Are you there?").await;
    let source = world.source();
    source.typing(ANA, &RemoteId(id.clone())).await.unwrap();
    assert_eq!(
        world.fake.marked(),
        [
            json!({ "messaging_product": "whatsapp", "status": "read", "message_id": id, "typing_indicator": { "type": "text" } })
        ]
    );
    assert_eq!(world.fake.complaints(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_become_decisions() {
    let Some(world) = World::start("refusals") else { return };
    let source = world.source();
    for (status, code, expected) in [
        (400, 131_047, "permanent"),
        (400, 131_056, "transient"),
        (500, 131_000, "transient"),
        (400, 131_026, "permanent"),
    ] {
        world.fake.fault(Fault::Refused(status, code));
        let refused = send(&source, outgoing(ANA, "Hello")).await.unwrap_err();
        assert_eq!(refused.code(), expected, "{code}: {refused}");
    }
    world.fake.revoke();
    assert!(matches!(send(&source, outgoing(ANA, "Hello")).await, Err(SourceError::AuthNeeded(_))));
    assert!(world.fake.sent().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_is_told_for_the_last_and_kept_for_all() {
    let Some(world) = World::start("what_is_read") else { return };
    let ids = [world.fake.say(ANA, "Ana", "One").await, world.fake.say(ANA, "Ana", "Two").await];
    let source = world.source();
    let before = pull(&source, None).await;
    let target = |id: &String| Target {
        scope: "messages".into(),
        remote_id: RemoteId(id.clone()),
        message_id: None,
        version: None,
    };
    let targets: Vec<Target> = ids.iter().map(target).collect();
    let intent = Intent::SetFlags { targets, read: Some(true), starred: None, answered: None };
    let op = source.plan(&key(), &intent).unwrap().unwrap();
    source.apply(&key(), &op).await.unwrap();
    let marked = world.fake.marked();
    assert_eq!(marked.len(), 1);
    assert_eq!(marked[0]["message_id"], ids[1].as_str());
    let page = pull(&source, Some(&before.next)).await;
    let read: Vec<(String, bool)> =
        page.flags.into_iter().map(|change| (change.remote_id.0, change.flags.read)).collect();
    assert_eq!(read, ids.map(|id| (id, true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_nobody_documents_is_refused() {
    let Some(world) = World::start("a_wrong_request") else { return };
    let right = json!({ "messaging_product": "whatsapp", "to": ANA, "type": "text", "text": { "body": "x" } });
    assert_eq!(world.fake.judge(&right), [""; 0]);
    let button = json!({ "type": "reply", "reply": { "id": "1", "title": "x" } });
    for (what, wrong) in [
        ("no product", json!({ "to": ANA, "type": "text", "text": { "body": "x" } })),
        ("another product", json!({ "messaging_product": "sms", "to": ANA, "type": "text", "text": { "body": "x" } })),
        ("to nobody", json!({ "messaging_product": "whatsapp", "type": "text", "text": { "body": "x" } })),
        ("a text without one", json!({ "messaging_product": "whatsapp", "to": ANA, "type": "text" })),
        (
            "an unknown type",
            json!({ "messaging_product": "whatsapp", "to": ANA, "type": "poem", "text": { "body": "x" } }),
        ),
        (
            "a misspelt name",
            json!({ "messaging_product": "whatsapp", "to": ANA, "type": "text", "text": { "body": "x" }, "contxt": {} }),
        ),
        (
            "an answer to nothing",
            json!({ "messaging_product": "whatsapp", "to": ANA, "type": "text", "text": { "body": "x" }, "context": {} }),
        ),
        (
            "a template without language",
            json!({ "messaging_product": "whatsapp", "to": ANA, "type": "template", "template": { "name": "x" } }),
        ),
        (
            "four buttons",
            json!({ "messaging_product": "whatsapp", "to": ANA, "type": "interactive", "interactive": { "type": "button",
                "body": { "text": "x" }, "action": { "buttons": [button, button, button, button] } } }),
        ),
        (
            "a button that says too much",
            json!({ "messaging_product": "whatsapp", "to": ANA, "type": "interactive", "interactive": { "type": "button",
                "body": { "text": "x" }, "action": { "buttons": [{ "type": "reply", "reply": { "id": "1", "title": "x".repeat(21) } }] } } }),
        ),
        (
            "another word than read",
            json!({ "messaging_product": "whatsapp", "status": "seen", "message_id": "wamid.X" }),
        ),
    ] {
        assert!(!world.fake.judge(&wrong).is_empty(), "{what}");
    }
    assert!(!world.fake.judge_event(&json!({ "object": "whatsapp_business_account" })).is_empty());
    let event = json!({ "object": "x", "entry": [{ "id": "1", "changes": [{ "field": "messages", "value": { "messages": [] } }] }] });
    assert!(!world.fake.judge_event(&event).is_empty());
    // On the wire too.
    let headers = [("Authorization", format!("Bearer {}", inlet_testkit::whatsapp::TOKEN))];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let path = format!("/v23.0/{}/messages", inlet_testkit::whatsapp::NUMBER_ID);
    let answer = inlet_testkit::inbound::post(world.fake.address(), &path, &headers, "{}").await;
    assert_eq!(answer.status, 400);
    assert!(!world.fake.complaints().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_documented_message_is_taken() {
    let Some(world) = World::start("every_documented_message") else { return };
    let mut taken = 0;
    for example in world.fake.examples() {
        if example.direction == "request" && example.path.ends_with("/messages") {
            assert_eq!(world.fake.judge(&example.body), [""; 0], "{}", example.name);
            taken += 1;
        }
    }
    assert!(taken >= 36, "{taken}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_is_given_changed_and_taken_back() {
    let Some(world) = World::start("a_reaction_is_sent") else { return };
    let source = world.source();
    for (emoji, on) in [("👍", true), ("🎉", true), ("🎉", false)] {
        let target = Target { scope: "messages".into(), remote_id: "wamid.Q".into(), message_id: None, version: None };
        let intent = Intent::React { conversation: ANA.into(), target, emoji: emoji.into(), on };
        let op = source.plan(&key(), &intent).unwrap().unwrap();
        source.apply(&key(), &op).await.unwrap();
    }
    let asked = world.fake.sent();
    let given: Vec<_> = asked.iter().map(|body| body["reaction"]["emoji"].as_str().unwrap()).collect();
    assert_eq!(given, ["👍", "🎉", ""]);
    assert!(asked.iter().all(|body| body["to"] == ANA && body["reaction"]["message_id"] == "wamid.Q"));
    assert_eq!(world.fake.complaints(), [""; 0]);
}
