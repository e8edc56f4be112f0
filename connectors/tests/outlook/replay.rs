//! The documented requests about mail: what we ask for the same act is what Microsoft documents, in
//! method, path, preferences and the shape of the body. (That every documented answer is read whole is
//! tested beside the reader.)

use inlet_model::{Draft, Intent, OpKey, OutgoingAttachment, RemoteId, ReplyTo, Scope, ScopeRole};
use inlet_testkit::graph::{Letter, Seen, Shown, agrees, examples};

use super::{Held, Mail, Place, act, outgoing, scope, send, target};

/// Acts of ours that are documented: the file, and what of the documented body we leave unsaid.
const OURS: &[(&str, &[&str])] = &[
    ("attachment-createuploadsession", &[]),
    ("message-createreply", &[]),
    ("message-delete", &[]),
    ("message-move", &[]),
    ("message-post-attachments", &[]),
    ("message-send", &[]),
    // Which of the two halves of the inbox a mail is in is left to Exchange.
    ("message-update", &["inferenceClassification"]),
    ("user-post-mailfolders", &["isHidden"]),
    ("user-post-messages", &["importance", "internetMessageHeaders"]),
];

/// Documented requests about mail that are never sent.
const NEVER: &[(&str, &str)] = &[
    ("attachment-delete", "of an event; on messages it is sent, and the schema is asked"),
    ("message-copy", "mails are moved"),
    ("message-createforward", "a forward is a new mail, with what it forwards in its text"),
    ("message-createreplyall", "recipients are set on what createReply made"),
    ("message-forward", "sends at once: of a lost answer nobody could say whether it went out"),
    ("message-reply", "the same"),
    ("message-replyall", "the same"),
    ("user-sendmail", "the same"),
    ("user-translateexchangeids", "ids are immutable from the first request on"),
];

fn file(name: &str, bytes: usize) -> OutgoingAttachment {
    OutgoingAttachment { name: name.into(), mime: "image/gif".into(), data: vec![7; bytes], content_id: None }
}

/// Everything that is done to a mailbox, once.
async fn everything(place: &Place, source: &Mail, inbox: &Scope) {
    let mail = place.fake.mail();
    let asked = mail.add(Letter::new("Lunch?").from("Ann", "ann@fabrikam.example").message_id("<q@fabrikam.example>"));
    let doomed = mail.add(Letter::new("Doomed").from("Ann", "ann@fabrikam.example"));
    Held::all(source, inbox).await;
    let mut answer = outgoing("Re: Lunch?");
    answer.reply_to = Some(ReplyTo {
        remote_id: Some(RemoteId(mail.id(asked))),
        message_id: Some("q@fabrikam.example".into()),
        ..ReplyTo::default()
    });
    send(source, &OpKey("answer@inlet.test".into()), answer).await.unwrap();
    let mut large = outgoing("Large");
    large.attachments = vec![file("flower", 3_483_322), file("smile", 900)];
    send(source, &OpKey("large@inlet.test".into()), large).await.unwrap();

    let first = OpKey("first@inlet.test".into());
    let save = |replaces| Intent::SaveDraft(Box::new(Draft { message: outgoing("Draft"), replaces }));
    let op = source.plan(&first, &save(None)).unwrap().unwrap();
    let made = source.apply(&first, &op).await.unwrap().remote_id.unwrap();
    let second = OpKey("second@inlet.test".into());
    let op = source.plan(&second, &save(Some(target(inbox, &made.0)))).unwrap().unwrap();
    source.apply(&second, &op).await.unwrap();

    let targets = vec![target(inbox, &mail.id(asked))];
    act(source, Intent::Move { targets: targets.clone(), to: "Lunches".into(), role: ScopeRole::Other }).await.unwrap();
    act(source, Intent::Move { targets, to: "x".into(), role: ScopeRole::Trash }).await.unwrap();
    act(source, Intent::Expunge { targets: vec![target(inbox, &mail.id(doomed))] }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_is_what_is_documented() {
    let name = "what_is_asked_is_what_is_documented";
    let (Some(place), Some(examples)) = (Place::start(name), examples(name)) else { return };
    let source = place.source();
    let inbox = scope(&source, ScopeRole::Inbox).await;
    place.fake.forget();
    everything(&place, &source, &inbox).await;
    let seen = place.fake.seen();

    let mut compared = 0;
    for example in examples {
        for shown in &example.shown {
            let Shown::Request { method, target, body, .. } = shown else { continue };
            let about_mail =
                ["/me/messages", "/me/mailFolders", "/me/sendMail", "/me/translateExchangeIds", "/me/events"];
            if !about_mail.iter().any(|start| target.starts_with(start)) {
                continue;
            }
            let Some((_, unsaid)) = OURS.iter().find(|(file, _)| *file == example.name) else {
                assert!(NEVER.iter().any(|(file, _)| *file == example.name), "{} is nobody's", example.name);
                continue;
            };
            let verdicts: Vec<_> = seen.iter().map(|ours| agrees(method, target, body, unsaid, ours)).collect();
            let why: Vec<_> =
                verdicts.iter().filter_map(|one| one.as_ref().err()).filter(|why| !why.is_empty()).collect();
            assert!(verdicts.iter().any(Result::is_ok), "{} {method} {target}: {why:?}", example.name);
            compared += 1;
        }
    }
    assert!(compared >= OURS.len(), "only {compared} documented requests");
}

#[test]
fn another_request_is_not_the_documented_one() {
    let ours = |method: &str, path: &str, media: Option<&str>, body: &'static str| Seen {
        method: method.into(),
        path: path.into(),
        query: String::new(),
        resource: inlet_testkit::graph::Resource::Mail,
        status: 200,
        prefer: Some("IdType=\"ImmutableId\"".into()),
        content_type: media.map(str::to_owned),
        body: body.into(),
    };
    let documented = r#"{"destinationId":"deleteditems"}"#;
    let agree = |ours: &Seen| agrees("POST", "/me/messages/A/move", documented, &[], ours);
    let json = Some("application/json");
    assert_eq!(agree(&ours("POST", "/me/messages/B=/move", json, r#"{"destinationId":"archive"}"#)), Ok(()));
    for wrong in [
        ours("PUT", "/me/messages/B/move", json, documented),
        ours("POST", "/me/messages/B/send", json, documented),
        ours("POST", "/me/messages/B/move", None, ""),
        ours("POST", "/me/messages/B/move", json, r#"{"DestinationId":"archive"}"#),
        ours("POST", "/me/messages/B/move", json, r#"{"destinationId":["archive"]}"#),
        Seen { query: "$select=id".into(), ..ours("POST", "/me/messages/B/move", json, documented) },
        Seen { prefer: None, ..ours("POST", "/me/messages/B/move", json, documented) },
    ] {
        assert!(agree(&wrong).is_err(), "{wrong:?}");
    }
}
