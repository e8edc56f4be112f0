//! Drafts that another program writes into as well.

use inlet_model::{Applied, Draft, Intent, OpKey, OutgoingAttachment, ScopeRole, Target};
use inlet_testkit::graph::{Fault, Gate, Letter, Resource};
use serde_json::{Value, json};

use super::{Held, Mail, Place, outgoing, scope};

/// Saves a version of a draft in place of what was saved, with a small file and a large one.
async fn save(source: &Mail, key: &str, text: &str, before: Option<&Applied>) -> Applied {
    let file = |name: &str, data: &[u8]| OutgoingAttachment {
        name: name.into(),
        mime: "application/octet-stream".into(),
        data: data.to_vec(),
        content_id: None,
    };
    let mut message = outgoing("Plan");
    message.text = text.into();
    message.attachments = vec![file("small.bin", b"small"), file("large.bin", &vec![7; 4_000_000])];
    let replaces = before.map(|before| Target {
        scope: String::new(),
        remote_id: before.remote_id.clone().unwrap(),
        message_id: None,
        version: before.version.clone(),
    });
    let key = OpKey(format!("{key}@inlet.test"));
    let op = source.plan(&key, &Intent::SaveDraft(Box::new(Draft { message, replaces }))).unwrap().unwrap();
    source.apply(&key, &op).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_while_a_change_is_answered_is_not_taken_for_ours() {
    let Some(place) = Place::start("what_is_written_while_a_change_is_answered") else { return };
    let (mail, source) = (place.fake.mail(), place.source());
    let first = save(&source, "first", "From the desk", None).await;
    let [made] = mail.list("drafts").try_into().unwrap();
    let files = |what: &str| -> Vec<Value> {
        mail.get(made).unwrap()["attachments"].as_array().unwrap().iter().map(|file| file[what].clone()).collect()
    };
    let ids = files("id");

    // Nothing was written there: the same draft is changed, and its files stay.
    let second = save(&source, "second", "From the desk, at noon", Some(&first)).await;
    assert_eq!((mail.list("drafts"), files("id")), (vec![made], ids));

    // Microsoft has made the change, and another program makes one before anybody has heard of ours.
    let gate = Gate::default();
    place.fake.fail(Fault::held(&gate).on(Resource::Mail).method("PATCH"));
    let elsewhere = async {
        while !mail.property(made, "body/content").as_str().unwrap().contains("At two") {
            tokio::task::yield_now().await;
        }
        mail.change(made, &json!({ "body": { "contentType": "text", "content": "From the phone" } }));
        mail.attach(made, "photo.jpg", "image/jpeg", "pixels");
        gate.open();
    };
    let (third, ()) = tokio::join!(save(&source, "third", "At two, then", Some(&second)), elsewhere);
    assert_eq!(third.remote_id, first.remote_id);
    assert_eq!(files("name"), ["small.bin", "large.bin", "photo.jpg"], "it is where it was put");
    let fourth = save(&source, "fourth", "At three", Some(&third)).await;
    assert_ne!(fourth.remote_id, first.remote_id);
    assert_eq!(mail.property(made, "body/content"), json!("From the phone"));
    assert_eq!(mail.list("drafts").len(), 2, "both are kept");
    place.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_of_another_program_comes_with_what_it_said() {
    let Some(place) = Place::start("a_draft_of_another_program_comes_with_what_it_said") else { return };
    let (mail, source) = (place.fake.mail(), place.source());
    // A picture that its body does not show, which no property of the message tells of.
    let letter = |subject: &str| {
        Letter::new(subject).text("We are").with("isDraft", true).folder("drafts").inline(
            "p.png",
            "image/png",
            "p@x",
            "p",
        )
    };
    let begun = [mail.add(letter("Plan")), mail.add(letter("Trip"))];
    let synced = Held::all(&source, &scope(&source, ScopeRole::Drafts).await).await;
    let [plan, trip] = begun.map(|begun| {
        let known = &synced.mails[&mail.id(begun)];
        Applied { remote_id: known.remote_id.clone(), detail: None, version: known.meta.version.clone() }
    });
    assert!(plan.version.is_some() && plan.version != trip.version);
    mail.change(begun[1], &json!({ "subject": "Trip, later" }));
    let saved = save(&source, "plan", "We are late", Some(&plan)).await;
    assert_eq!(saved.remote_id, plan.remote_id, "it is gone on with in place");
    let saved = save(&source, "trip", "We are late", Some(&trip)).await;
    assert_ne!(saved.remote_id, trip.remote_id);
    assert_eq!(mail.property(begun[1], "subject"), json!("Trip, later"));
    place.fake.assert_clean();
}
