//! What goes wrong while reading.

use inlet_model::{PartRef, SourceError};
use inlet_testkit::slack::{APP_TOKEN, Fault, TOKEN};

use super::{Held, Place, Tokens, scope};

#[tokio::test]
async fn throttling_keeps_what_was_said_and_silences_the_method_alone() {
    let Some(place) = Place::start("slack_throttled") else { return };
    let channel = place.channel(3);
    let source = place.source();
    let scope = scope(&source, &channel).await;
    let mut held = Held::default();
    place.fake.fail("conversations.history", Fault::throttled(30));
    let Err(SourceError::Throttled { retry_after }) = held.drain(&source, &scope).await else { panic!("too fast") };
    assert_eq!(retry_after.as_secs(), 30);
    place.fake.forget();
    let Err(SourceError::Throttled { retry_after }) = held.drain(&source, &scope).await else { panic!("too fast") };
    assert!((25..=30).contains(&retry_after.as_secs()), "{retry_after:?}");
    assert_eq!(place.fake.requests("conversations.history"), 0, "it is not asked before");
    source.scopes().await.unwrap();
    // Another program of mine has a count of its own.
    held.drain(&place.source(), &scope).await.unwrap();
    assert_eq!(held.messages.len(), 3);
}

#[tokio::test]
async fn torn_and_failing_answers_lose_nothing() {
    let Some(place) = Place::start("slack_torn") else { return };
    let channel = place.channel(30);
    let source = place.source();
    for fault in [Fault::Torn, Fault::Lost, Fault::Dropped, Fault::Status(503), Fault::Error("fatal_error")] {
        place.fake.fail("users.conversations", fault);
        let error = source.scopes().await.unwrap_err();
        assert!(matches!(error, SourceError::Transient(_) | SourceError::Offline(_)), "{error:?}");
    }
    let scope = scope(&source, &channel).await;
    let mut held = Held::all(&source, &scope).await;
    for number in 0..130 {
        place.fake.say(&channel, &place.ben, &format!("new {number}"));
    }
    let root = place.newest(&channel);
    place.fake.answer(&channel, &root, &place.ben, "in its thread");
    // In the middle of the news, at each of its requests.
    for (method, spared) in [
        ("conversations.history", 0),
        ("conversations.info", 0),
        ("conversations.history", 1),
        ("conversations.replies", 0),
    ] {
        place.fake.fail_after(method, spared, Fault::Torn);
        let failed = held.drain(&source, &scope).await.is_err();
        println!("{method} after {spared}: {failed}");
        place.fake.heal();
    }
    held.drain(&source, &scope).await.unwrap();
    assert_eq!(held.messages.len(), 161);
}

#[tokio::test]
async fn a_conversation_that_is_gone_says_so_and_the_others_go_on() {
    let Some(place) = Place::start("slack_gone") else { return };
    let (channel, other) = (place.channel(3), place.fake.direct(&place.ben));
    let source = place.source();
    let place_of = scope(&source, &channel).await;
    let mut held = Held::all(&source, &place_of).await;
    place.fake.leave(&channel);
    let Err(SourceError::Permanent(text)) = held.drain(&source, &place_of).await else { panic!("it is gone") };
    assert!(text.contains("no longer"), "{text}");
    let scopes = source.scopes().await.unwrap();
    assert_eq!(scopes.iter().map(|scope| &scope.remote).collect::<Vec<_>>(), [&other]);
}

#[tokio::test]
async fn a_test_of_the_connection_names_what_is_missing() {
    let Some(place) = Place::start("slack_check") else { return };
    let direct = place.fake.direct(&place.ben);
    place.fake.say(&direct, &place.ben, "Hello");
    let report = place.live().check().await.unwrap();
    assert!(report.ok(), "{:?}", report.steps);
    assert_eq!(report.identity.as_deref(), Some("maya@initech.example"));
    assert_eq!(report.place.as_deref(), Some("Initech"));
    let last = report.steps.last().unwrap();
    assert!(last.name.contains("Socket Mode") && last.detail == "allowed", "{last:?}");
    let without = place.source().check().await.unwrap();
    assert!(without.ok() && without.steps.last().unwrap().detail.contains("not set up"), "{:?}", without.steps);

    place.fake.lack("conversations.history", "im:history");
    let report = place.live().check().await.unwrap();
    let step = report.steps.iter().find(|step| !step.ok).unwrap();
    assert!(step.name == "Read direct messages" && step.detail.contains("im:history"), "{step:?}");
    assert!(step.fix.as_deref().unwrap().contains("im:history"), "{step:?}");

    place.fake.revoke(APP_TOKEN);
    let report = place.live().check().await.unwrap();
    let step = report.steps.last().unwrap();
    assert!(!step.ok && step.detail.contains("app-level"), "{step:?}");

    place.fake.revoke(TOKEN);
    let report = place.live().check().await.unwrap();
    assert_eq!(report.steps.len(), 1);
    assert!(!report.steps[0].ok && report.steps[0].fix.is_some());
    let report = place.open(Tokens { person: "one\ntwo", app: None }).check().await.unwrap();
    assert!(!report.ok(), "what is no token is not sent");
}

#[tokio::test]
async fn the_token_goes_to_slack_alone() {
    let Some(place) = Place::start("slack_pinned") else { return };
    let channel = place.channel(1);
    let elsewhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let address = format!("http://{}/secret", elsewhere.local_addr().unwrap());
    place.fake.send_file(&channel, &place.ben, "a.txt", "text/plain", b"bytes");
    let source = place.source();
    let scope = scope(&source, &channel).await;
    let held = Held::all(&source, &scope).await;
    let message = held.messages.values().find(|message| !message.attachments.is_empty()).unwrap();
    let part = PartRef {
        scope: channel.clone(),
        remote_id: message.remote_id.clone(),
        part: message.attachments[0].part.clone(),
    };
    let mut bytes = Vec::new();
    source.fetch(&part, &mut bytes).await.unwrap();
    assert_eq!(bytes, b"bytes");
    place.fake.mislead_files(Some(&address));
    assert!(matches!(source.fetch(&part, &mut bytes).await, Err(SourceError::Permanent(_))));
    assert!(elsewhere.accept().is_err(), "nobody was asked there");
    place.fake.mislead_files(None);
    place.fake.lack("files", "files:read");
    let Err(SourceError::Permanent(text)) = source.fetch(&part, &mut bytes).await else { panic!("not allowed") };
    assert!(text.contains("files:read"), "{text}");
    assert!(bytes == b"bytes", "the page to sign in at is not the file");
    place.fake.delete_files();
    assert!(matches!(source.fetch(&part, &mut bytes).await, Err(SourceError::Permanent(_))));
}

#[tokio::test]
async fn a_deliberately_wrong_request_is_refused() {
    let Some(place) = Place::start("slack_wrong") else { return };
    let source = place.source();
    let channel = place.channel(1);
    let mut wrong = scope(&source, &channel).await;
    assert!(place.fake.take_complaints().is_empty());
    // A conversation without a name: the request lacks what Slack needs.
    wrong.remote = String::new();
    assert!(source.pull(&wrong, None).await.is_err());
    let complaints = place.fake.take_complaints();
    assert!(complaints.iter().any(|complaint| complaint.contains("channel is missing")), "{complaints:?}");
}
