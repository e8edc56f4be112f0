//! Sending: once, whatever is lost, whatever the size.

use std::time::Duration;

use inlet_model::{Intent, OpKey, Outgoing, OutgoingAttachment, Party, RemoteId, ReplyTo, ScopeRole, SourceError};
use inlet_testkit::graph::{Fault, Letter, Resource};
use serde_json::{Value, json};

use super::{Held, Place, outgoing, scope, send};

fn key(name: &str) -> OpKey {
    OpKey(format!("{name}@inlet.test"))
}

fn addresses(mail: &Value, name: &str) -> Vec<String> {
    let list = mail[name].as_array().cloned().unwrap_or_default();
    list.iter().map(|one| one["emailAddress"]["address"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_goes_out_as_it_was_composed_blind_copies_included() {
    let Some(place) = Place::start("a_mail_goes_out_as_it_was_composed_blind_copies_included") else { return };
    let source = place.source();
    let mut message = outgoing("Grüße");
    message.cc = vec![Party::named("Cy", "cy@fabrikam.example")];
    message.bcc = vec![Party { name: None, handle: "quiet@fabrikam.example".into() }];
    message.html = Some("<p>It goes out <b>once</b>.</p>".into());
    message.attachments = vec![OutgoingAttachment {
        name: "n.txt".into(),
        mime: "text/plain".into(),
        data: b"notes".to_vec(),
        content_id: None,
    }];
    let applied = send(&source, &key("plain"), message).await.unwrap();
    let sent = place.fake.mail().sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["internetMessageId"], json!("<plain@inlet.test>"));
    assert_eq!(sent[0]["subject"], json!("Grüße"));
    assert_eq!(addresses(&sent[0], "toRecipients"), ["ann@fabrikam.example"]);
    assert_eq!(addresses(&sent[0], "ccRecipients"), ["cy@fabrikam.example"]);
    assert_eq!(addresses(&sent[0], "bccRecipients"), ["quiet@fabrikam.example"]);
    assert_eq!(sent[0]["attachments"].as_array().unwrap().len(), 1);

    // What was made is what is found in Sent, under the id it had as a draft.
    let held = Held::all(&source, &scope(&source, ScopeRole::Sent).await).await;
    let copy = &held.mails[&applied.remote_id.unwrap().0];
    assert!(copy.from_me && !copy.flags.draft);
    assert_eq!(copy.message_id.as_deref(), Some("plain@inlet.test"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_stays_in_its_conversation() {
    let Some(place) = Place::start("an_answer_stays_in_its_conversation") else { return };
    let mail = place.fake.mail();
    let asked = mail.add(
        Letter::new("Lunch?")
            .from("Ann", "ann@fabrikam.example")
            .conversation("talk")
            .message_id("<q@fabrikam.example>"),
    );
    let source = place.source();
    let mut message = outgoing("Re: Lunch?");
    message.reply_to = Some(ReplyTo {
        remote_id: Some(RemoteId(mail.id(asked))),
        message_id: Some("q@fabrikam.example".into()),
        ..ReplyTo::default()
    });
    send(&source, &key("answer"), message.clone()).await.unwrap();
    assert_eq!(mail.sent()[0]["conversationId"], json!("talk"));
    assert_eq!(mail.sent()[0]["internetMessageId"], json!("<answer@inlet.test>"));
    let requests: Vec<_> =
        place.fake.seen().into_iter().filter(|seen| seen.method == "POST").map(|seen| seen.path).collect();
    assert!(requests.iter().any(|path| path.ends_with("/createReply")), "{requests:?}");
    assert!(!requests.iter().any(|path| path.ends_with("/sendMail")), "{requests:?}");

    // What it answers is gone: it goes out all the same.
    mail.delete(asked);
    send(&source, &key("late"), message).await.unwrap();
    assert_eq!(mail.sent().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn large_files_go_piece_by_piece_and_go_on_where_they_broke_off() {
    let Some(place) = Place::start("large_files_go_piece_by_piece_and_go_on_where_they_broke_off") else { return };
    let mail = place.fake.mail();
    let asked = mail.add(Letter::new("Data?").from("Ann", "ann@fabrikam.example").conversation("talk"));
    let source = place.source();
    let bytes: Vec<u8> = (0..10_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let file = |name: &str, data: &[u8], content_id: Option<&str>| OutgoingAttachment {
        name: name.into(),
        mime: "application/octet-stream".into(),
        data: data.to_vec(),
        content_id: content_id.map(str::to_owned),
    };
    for (number, reply) in [None, Some(RemoteId(mail.id(asked)))].into_iter().enumerate() {
        let mut message = outgoing("Data");
        message.bcc = vec![Party { name: None, handle: "quiet@fabrikam.example".into() }];
        message.html = Some("<p>See <img src=\"cid:pic@x\"></p>".into());
        message.attachments = vec![
            file("big.bin", &bytes, None),
            file("small.bin", b"small", None),
            file("p.png", b"png", Some("pic@x")),
        ];
        message.reply_to =
            reply.map(|id| ReplyTo { remote_id: Some(id), message_id: Some("q@x".into()), ..ReplyTo::default() });
        place.fake.fail(Fault::dropped().on(Resource::Upload).method("PUT").after(1));
        place.fake.fail(Fault::lost().on(Resource::Upload).method("PUT").after(1));
        send(&source, &key(&format!("large{number}")), message).await.unwrap();
        let sent = mail.sent().pop().unwrap();
        assert_eq!(addresses(&sent, "bccRecipients"), ["quiet@fabrikam.example"]);
        assert_eq!(addresses(&sent, "toRecipients"), ["ann@fabrikam.example"]);
        assert!(sent["body"]["content"].as_str().unwrap().contains("cid:pic@x"));
        assert_eq!(sent["internetMessageId"], json!(format!("<large{number}@inlet.test>")));
        assert_eq!(sent["conversationId"] == json!("talk"), number == 1);
        let files = sent["attachments"].as_array().unwrap();
        assert_eq!(files.len(), 3, "each file once");
        let big = files.iter().find(|file| file["name"] == json!("big.bin")).unwrap();
        use base64::Engine as _;
        let whole = base64::engine::general_purpose::STANDARD.decode(big["contentBytes"].as_str().unwrap()).unwrap();
        assert!(whole == bytes, "every byte in its place");
        let picture = files.iter().find(|file| file["name"] == json!("p.png")).unwrap();
        assert_eq!((&picture["contentId"], &picture["isInline"]), (&json!("pic@x"), &json!(true)));
    }
}

/// A mail to be sent.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Sent {
    Small,
    Answer,
    /// With a small file, and one of two pieces.
    Large,
}

/// The steps of a send as requests: of which mail, where, and how many that look alike come before it. Whatever is
/// deleted before a draft is made anew takes a cut that left one behind.
const STEPS: [(Sent, Resource, &str, &str, usize); 16] = [
    (Sent::Small, Resource::Mail, "GET", "/me/messages?", 0),
    (Sent::Small, Resource::Mail, "POST", "/me/messages?", 0),
    (Sent::Small, Resource::Mail, "PATCH", "/me/messages/", 0),
    (Sent::Small, Resource::Mail, "GET", "/me/messages/", 0),
    (Sent::Small, Resource::Mail, "POST", "/send", 0),
    (Sent::Answer, Resource::Mail, "POST", "/createReply", 0),
    (Sent::Answer, Resource::Mail, "PATCH", "/me/messages/", 0),
    (Sent::Answer, Resource::Mail, "POST", "/send", 0),
    (Sent::Large, Resource::Mail, "POST", "/createReply", 0),
    (Sent::Large, Resource::Mail, "PATCH", "/me/messages/", 0),
    (Sent::Large, Resource::Mail, "POST", "/attachments?", 0),
    (Sent::Large, Resource::Mail, "POST", "/createUploadSession", 0),
    (Sent::Large, Resource::Upload, "PUT", "", 0),
    (Sent::Large, Resource::Upload, "PUT", "", 1),
    (Sent::Large, Resource::Mail, "DELETE", "/me/messages/", 0),
    (Sent::Large, Resource::Mail, "POST", "/send", 0),
];

fn composed(sent: Sent, subject: &str, asked: &RemoteId, large: &[u8]) -> Outgoing {
    let mut message = outgoing(subject);
    message.bcc = vec![Party { name: None, handle: "quiet@fabrikam.example".into() }];
    if sent != Sent::Small {
        message.reply_to = Some(ReplyTo {
            remote_id: Some(asked.clone()),
            message_id: Some("q@fabrikam.example".into()),
            ..ReplyTo::default()
        });
    }
    if sent == Sent::Large {
        let file = |name: &str, data: &[u8]| OutgoingAttachment {
            name: name.into(),
            mime: "application/octet-stream".into(),
            data: data.to_vec(),
            content_id: None,
        };
        message.attachments = vec![file("small.bin", b"small"), file("large.bin", large)];
    }
    message
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_cut_anywhere_loses_nothing_and_sends_nothing_twice() {
    let Some(place) = Place::start("a_network_cut_anywhere_loses_nothing_and_sends_nothing_twice") else { return };
    let mail = place.fake.mail();
    let asked = mail.add(Letter::new("Cut?").from("Ann", "ann@fabrikam.example").conversation("talk"));
    let (asked, large) = (RemoteId(mail.id(asked)), vec![7; 4_000_000]);
    let source = place.source();
    let cuts = [("before", Fault::dropped as fn() -> Fault), ("after", Fault::lost), ("within", Fault::torn)];
    let mut number = 0;
    for (kind, resource, method, part, spared) in STEPS {
        for (name, cut) in cuts {
            number += 1;
            let what = format!("{kind:?} {method} {part} {spared}, cut {name}");
            let key = key(&format!("cut{number}"));
            let message = composed(kind, &format!("Cut {number}"), &asked, &large);
            let op = source.plan(&key, &Intent::Send(Box::new(message))).unwrap().unwrap();
            if method == "DELETE" {
                place.fake.fail(Fault::dropped().method("POST").path("/createUploadSession"));
            }
            place.fake.fail(cut().on(resource).method(method).path(part).after(spared));
            // As the engine goes about it: what prepare made is kept, an unknown outcome is tried again.
            let mut kept = op.clone();
            let mut errors = Vec::new();
            loop {
                let attempt = match source.prepare(&key, &kept).await {
                    Ok(made) => {
                        kept = made.unwrap_or(kept);
                        source.apply(&key, &kept).await
                    }
                    Err(error) => Err(error),
                };
                match attempt {
                    Ok(_) => break,
                    Err(error @ (SourceError::Transient(_) | SourceError::Unknown(_) | SourceError::Offline(_))) => {
                        errors.push(error)
                    }
                    Err(error) => panic!("{what}: {error:?}"),
                }
                assert!(errors.len() < 4, "{what}: {errors:?}");
            }
            assert_eq!(place.fake.faults(), 0, "{what}: it was cut");
            let id = json!(format!("<{}>", key.0));
            let sent =
                || -> Vec<Value> { mail.sent().into_iter().filter(|mail| mail["internetMessageId"] == id).collect() };
            let went = sent();
            assert_eq!(went.len(), 1, "{what}: {errors:?}");
            assert_eq!(addresses(&went[0], "toRecipients"), ["ann@fabrikam.example"], "{what}");
            assert_eq!(addresses(&went[0], "bccRecipients"), ["quiet@fabrikam.example"], "{what}");
            assert_eq!(went[0]["conversationId"] == json!("talk"), kind != Sent::Small, "{what}");
            let files = went[0]["attachments"].as_array().map_or(0, Vec::len);
            assert_eq!(files, if kind == Sent::Large { 2 } else { 0 }, "{what}: each file once");
            assert!(source.find_applied(&key, &kept).await.unwrap().is_some(), "{what}");
            // And once more, as after a crash that forgot it had gone well.
            source.apply(&key, &kept).await.unwrap();
            source.apply(&key, &op).await.unwrap();
            assert_eq!(sent().len(), 1, "{what}, again");
        }
    }
    assert!(mail.list("drafts").is_empty(), "no draft is left behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_somebody_deleted_is_left_to_the_person() {
    let Some(place) = Place::start("a_draft_somebody_deleted_is_left_to_the_person") else { return };
    let source = place.source();
    let key = key("deleted");
    let op = source.plan(&key, &Intent::Send(Box::new(outgoing("Deleted")))).unwrap().unwrap();
    let op = source.prepare(&key, &op).await.unwrap().unwrap();
    assert_eq!(source.find_applied(&key, &op).await.unwrap(), None);
    let mail = place.fake.mail();
    mail.delete(mail.list("drafts")[0]);
    let error = source.apply(&key, &op).await.unwrap_err();
    assert!(matches!(error, SourceError::Permanent(_)), "{error:?}");
    assert!(mail.sent().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_has_to_wait_goes_on_where_it_was() {
    let Some(place) = Place::start("a_file_that_has_to_wait_goes_on_where_it_was") else { return };
    let source = place.source();
    let mut message = outgoing("Data");
    let large: Vec<u8> = (0..8_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let file = |name: &str, data: &[u8]| OutgoingAttachment {
        name: name.into(),
        mime: "application/octet-stream".into(),
        data: data.to_vec(),
        content_id: None,
    };
    message.attachments = vec![file("before.bin", b"1"), file("large.bin", &large), file("after.bin", b"2")];
    let key = key("waits");
    let op = source.plan(&key, &Intent::Send(Box::new(message))).unwrap().unwrap();
    place.fake.fail(Fault::throttled().retry_after(60).on(Resource::Upload).method("PUT").after(1));
    let error = source.prepare(&key, &op).await.unwrap_err();
    assert_eq!(error, SourceError::Throttled { retry_after: Duration::from_secs(60) });
    let made = place.fake.mail().list("drafts");
    let op = source.prepare(&key, &op).await.unwrap().unwrap();
    assert_eq!(place.fake.mail().list("drafts"), made, "the same draft");
    source.apply(&key, &op).await.unwrap();
    let puts = place.fake.seen().iter().filter(|seen| seen.method == "PUT").count();
    assert_eq!(puts, 4, "three pieces, one of them twice");
    let sent = place.fake.mail().sent().pop().unwrap();
    let files: Vec<_> = sent["attachments"].as_array().unwrap().iter().map(|file| file["name"].clone()).collect();
    assert_eq!(files, ["before.bin", "large.bin", "after.bin"]);
    use base64::Engine as _;
    let whole = sent["attachments"][1]["contentBytes"].as_str().unwrap();
    assert!(base64::engine::general_purpose::STANDARD.decode(whole).unwrap() == large, "every byte in its place");
}
