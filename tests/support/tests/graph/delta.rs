//! Deltas: pages, partial updates, moves, deletions, expiry.

use inlet_testkit::graph::Letter;
use serde_json::{Value, json};

use super::wire::{IMMUTABLE, Wire};

const PAGES: (&str, &str) = ("prefer", "IdType=\"ImmutableId\", odata.maxpagesize=2");
const INBOX: &str = "/me/mailFolders/inbox/messages/delta?$select=subject,isRead";

fn subjects(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["subject"].as_str().unwrap_or("-")).collect()
}

#[tokio::test]
async fn a_delta_tells_what_is_there_and_then_what_changed() {
    let Some(wire) = Wire::start("a_delta_tells_what_is_there_and_then_what_changed") else { return };
    let mail = wire.fake.mail();
    let [a, b, c, d, _] = ["A", "B", "C", "D", "E"].map(|subject| mail.add(Letter::new(subject)));
    let (items, link, pages) = wire.follow(INBOX, &[PAGES]).await;
    assert_eq!((subjects(&items), pages), (vec!["E", "D", "C", "B", "A"], 3));
    assert!(items[0]["body"].is_null());
    let link = link.expect("a delta link");
    // Nothing has changed.
    let (items, again, _) = wire.follow(&link, &[PAGES]).await;
    assert!(items.is_empty());

    mail.change(a, &json!({ "isRead": true }));
    mail.move_to(b, "archive");
    mail.delete(c);
    let f = mail.add(Letter::new("F"));
    mail.change(d, &json!({ "flag": { "flagStatus": "flagged" } }));
    let (items, next, pages) = wire.follow(&again.unwrap(), &[PAGES]).await;
    assert_eq!(pages, 2);
    let by = |mail_ref| items.iter().find(|item| item["id"] == mail.id(mail_ref)).cloned();
    let partial = by(a).unwrap();
    assert_eq!(partial["isRead"], true);
    assert!(partial.get("subject").is_none(), "only what changed: {partial}");
    assert_eq!(by(b).unwrap()["@removed"]["reason"], "deleted");
    assert_eq!(by(c).unwrap()["@removed"]["reason"], "deleted");
    assert_eq!(by(f).unwrap()["subject"], "F");
    assert!(by(d).is_none(), "the flag was not selected");
    // In its new folder the message that moved is a new one.
    let (items, ..) = wire.follow("/me/mailFolders/archive/messages/delta", &[PAGES]).await;
    assert_eq!((items[0]["id"].as_str(), items[0]["subject"].as_str()), (Some(mail.id(b).as_str()), Some("B")));
    let (items, ..) = wire.follow(&next.unwrap(), &[PAGES]).await;
    assert!(items.is_empty());
}

#[tokio::test]
async fn what_happens_during_a_round_is_told_in_the_next() {
    let Some(wire) = Wire::start("what_happens_during_a_round_is_told_in_the_next") else { return };
    let mail = wire.fake.mail();
    let [a, ..] = ["A", "B", "C", "D"].map(|subject| mail.add(Letter::new(subject)));
    let first = wire.get_with(INBOX, &[PAGES]).await;
    mail.move_to(a, "archive");
    let e = mail.add(Letter::new("E"));
    let (items, link, _) = wire.follow(first.json["@odata.nextLink"].as_str().unwrap(), &[PAGES]).await;
    assert_eq!(subjects(&items), ["B"]);
    let (items, ..) = wire.follow(&link.unwrap(), &[PAGES]).await;
    assert_eq!(items.len(), 2);
    assert!(items.iter().any(|item| item["id"] == mail.id(a) && item["@removed"].is_object()));
    assert!(items.iter().any(|item| item["id"] == mail.id(e)));
}

#[tokio::test]
async fn without_the_preference_a_tombstone_has_the_id_it_had() {
    let Some(wire) = Wire::start("without_the_preference_a_tombstone_has_the_id_it_had") else { return };
    let mail = wire.fake.mail().add(Letter::new("A"));
    let (items, link, _) = wire.follow(INBOX, &[]).await;
    wire.fake.mail().move_to(mail, "archive");
    let (gone, ..) = wire.follow(&link.unwrap(), &[]).await;
    assert_eq!(gone[0]["id"], items[0]["id"]);
    let (there, ..) = wire.follow("/me/mailFolders/archive/messages/delta", &[]).await;
    assert_ne!(there[0]["id"], items[0]["id"]);
}

#[tokio::test]
async fn a_token_expires_even_in_the_middle() {
    let Some(wire) = Wire::start("a_token_expires_even_in_the_middle") else { return };
    let mail = wire.fake.mail();
    for subject in ["A", "B", "C"] {
        mail.add(Letter::new(subject));
    }
    let first = wire.get_with(INBOX, &[PAGES]).await;
    let next = first.json["@odata.nextLink"].as_str().unwrap();
    mail.expire_deltas();
    let got = wire.get_with(next, &[PAGES]).await;
    assert_eq!((got.status, got.code()), (410, "SyncStateNotFound"));
    let (items, ..) = wire.follow(INBOX, &[PAGES]).await;
    assert_eq!(items.len(), 3);
    // A token of another folder, or of nobody, is none.
    let elsewhere = next.replace("inbox", "archive");
    assert_eq!(wire.get_with(&elsewhere, &[PAGES]).await.code(), "SyncStateInvalid");
}

#[tokio::test]
async fn folders_have_a_delta_of_their_own() {
    let Some(wire) = Wire::start("folders_have_a_delta_of_their_own") else { return };
    let mail = wire.fake.mail();
    let work = mail.folder("Work", "inbox");
    mail.hidden_folder("Quiet", "inbox");
    let small = [("prefer", "odata.maxpagesize=4")];
    let (items, link, pages) = wire.follow("/me/mailFolders/delta", &small).await;
    let names: Vec<_> = items.iter().map(|item| item["displayName"].as_str().unwrap()).collect();
    assert!(names.contains(&"Work") && names.contains(&"Inbox") && !names.contains(&"Quiet"), "{names:?}");
    assert!(pages >= 2);
    mail.rename_folder(&work, "Projects");
    let trips = mail.folder("Trips", "msgfolderroot");
    let (items, link, _) = wire.follow(&link.unwrap(), &small).await;
    assert_eq!(items.len(), 2);
    assert_eq!(items[0]["displayName"], "Projects");
    assert_eq!(items[1]["id"], trips);
    mail.delete_folder(&work);
    let (items, ..) = wire.follow(&link.unwrap(), &small).await;
    assert_eq!(
        (items[0]["id"].as_str(), items[0]["@removed"]["reason"].as_str()),
        (Some(work.as_str()), Some("deleted"))
    );
    assert_eq!(wire.get_with(&format!("/me/mailFolders/{work}/messages/delta"), &[IMMUTABLE]).await.status, 404);
}

#[tokio::test]
async fn a_filter_bounds_the_first_round() {
    let Some(wire) = Wire::start("a_filter_bounds_the_first_round") else { return };
    for day in 1..=4 {
        let at = format!("2026-02-0{day}T10:00:00Z").parse().unwrap();
        wire.fake.mail().add(Letter::new(&format!("Day {day}")).at(at));
    }
    let target = "/me/mailFolders/inbox/messages/delta?$filter=receivedDateTime ge 2026-02-03T00:00:00Z";
    let (items, ..) = wire.follow(target, &[IMMUTABLE]).await;
    assert_eq!(subjects(&items), ["Day 4", "Day 3"]);
}
