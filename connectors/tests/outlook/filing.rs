//! Marks, moves, labels, removal.

use inlet_model::{Intent, ScopeRole, SourceError};
use inlet_testkit::graph::{Fault, Letter, MailRef, Resource};
use serde_json::json;

use super::{Held, Mail, Place, act, scope, target};

#[tokio::test(flavor = "multi_thread")]
async fn changes_arrive_and_can_be_made_twice() {
    let Some(place) = Place::start("changes_arrive_and_can_be_made_twice") else { return };
    let mail = place.fake.mail();
    let letters: Vec<_> =
        (0..45).map(|n| mail.add(Letter::new(&format!("Mail {n}")).from("Ann", "ann@fabrikam.example"))).collect();
    let source = place.source();
    let inbox = scope(&source, ScopeRole::Inbox).await;
    let targets: Vec<_> = letters.iter().map(|one| target(&inbox, &mail.id(*one))).collect();

    place.fake.forget();
    let marks = Intent::SetFlags { targets: targets.clone(), read: Some(true), starred: Some(true), answered: None };
    for _ in 0..2 {
        act(&source, marks.clone()).await.unwrap();
    }
    assert!(letters.iter().all(|one| mail.property(*one, "isRead") == json!(true)));
    assert!(letters.iter().all(|one| mail.property(*one, "flag/flagStatus") == json!("flagged")));
    let batches = place.fake.seen().iter().filter(|seen| seen.path.contains("$batch")).count();
    assert_eq!(batches, 6, "twenty go together");

    let gone = letters[3];
    mail.delete(gone);
    let archive = scope(&source, ScopeRole::Archive).await;
    let away = Intent::Move { targets: targets.clone(), to: archive.remote.clone(), role: ScopeRole::Archive };
    for _ in 0..2 {
        act(&source, away.clone()).await.unwrap();
    }
    assert!(letters.iter().filter(|one| **one != gone).all(|one| mail.folder_of(*one).as_deref() == Some("archive")));

    act(&source, Intent::Expunge { targets: targets[..1].to_vec() }).await.unwrap();
    act(&source, Intent::Expunge { targets: targets[..1].to_vec() }).await.unwrap();
    assert!(mail.get(letters[0]).is_none());
    assert!(
        source
            .plan(
                &inlet_model::OpKey("x".into()),
                &Intent::SetFlags { targets, read: None, starred: None, answered: Some(true) }
            )
            .unwrap()
            .is_none()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_folder_is_made_level_by_level_and_a_missing_one_is_said_to_be() {
    let Some(place) = Place::start("a_new_folder_is_made_level_by_level_and_a_missing_one_is_said_to_be") else {
        return;
    };
    let mail = place.fake.mail();
    let (one, two) = (mail.add(Letter::new("One")), mail.add(Letter::new("Two")));
    let source = place.source();
    let inbox = scope(&source, ScopeRole::Inbox).await;
    let to = |id, to: &str| Intent::Move {
        targets: vec![target(&inbox, &mail.id(id))],
        to: to.into(),
        role: ScopeRole::Other,
    };
    act(&source, to(one, "Work/2026")).await.unwrap();
    assert_eq!(mail.folder_of(one).as_deref(), Some("2026"));
    act(&source, to(two, "work/2026")).await.unwrap();
    assert_eq!(mail.folder_of(two).as_deref(), Some("2026"));
    let made = source.scopes().await.unwrap();
    assert_eq!(made.iter().filter(|scope| scope.name == "Work/2026").count(), 1);

    let folder = made.into_iter().find(|scope| scope.name == "Work/2026").unwrap();
    let archived = mail.add(Letter::new("Three"));
    mail.delete_folder(&folder.remote);
    let error = act(&source, to(archived, &folder.remote)).await.unwrap_err();
    assert!(matches!(error, SourceError::Permanent(_)), "{error:?}");
    assert_eq!(mail.folder_of(archived).as_deref(), Some("inbox"), "it stays where it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_is_missing_is_made() {
    let Some(place) = Place::start("an_archive_that_is_missing_is_made") else { return };
    let mail = place.fake.mail();
    mail.delete_folder("archive");
    let (one, two, gone) = (mail.add(Letter::new("One")), mail.add(Letter::new("Two")), mail.add(Letter::new("Gone")));
    let source = place.source();
    let inbox = scope(&source, ScopeRole::Inbox).await;
    let archives = async |source: &Mail| {
        let all = source.scopes().await.unwrap().into_iter();
        all.filter(|scope| scope.role == ScopeRole::Archive).map(|scope| scope.remote).collect::<Vec<_>>()
    };
    assert!(archives(&source).await.is_empty());
    let away = |letters: &[MailRef], to: &str| Intent::Move {
        targets: letters.iter().map(|one| target(&inbox, &mail.id(*one))).collect(),
        to: to.into(),
        role: ScopeRole::Archive,
    };
    let first = away(&[gone, one], "Archive");
    mail.delete(gone);
    act(&source, first).await.unwrap();
    assert_eq!(mail.folder_of(one).as_deref(), Some("Archive"));

    // It is the archive from now on, after a start as well.
    let made = archives(&source).await;
    assert_eq!((made.len(), &archives(&place.source()).await), (1, &made));
    act(&source, away(&[two], &made[0])).await.unwrap();
    assert_eq!(mail.folder_of(two).as_deref(), Some("Archive"));
    assert_eq!(archives(&source).await, made);
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_are_put_on_and_taken_off_and_leave_the_others_alone() {
    let Some(place) = Place::start("labels_are_put_on_and_taken_off_and_leave_the_others_alone") else { return };
    let mail = place.fake.mail();
    mail.category("Travel", "preset1");
    let worn = mail.add(Letter::new("Worn").with("categories", json!(["Red"])));
    let source = place.source();
    let inbox = scope(&source, ScopeRole::Inbox).await;
    let mut held = Held::all(&source, &inbox).await;
    let label = |label: &str, on| Intent::Label {
        targets: vec![target(&inbox, &mail.id(worn))],
        label: label.into(),
        role: ScopeRole::Label,
        on,
    };
    for _ in 0..2 {
        act(&source, label("category:Travel", true)).await.unwrap();
    }
    assert_eq!(mail.property(worn, "categories"), json!(["Red", "Travel"]));
    act(&source, label("category:Red", false)).await.unwrap();
    act(&source, label("New one", true)).await.unwrap();
    assert_eq!(mail.property(worn, "categories"), json!(["Travel", "New one"]));
    assert!(source.scopes().await.unwrap().iter().any(|scope| scope.remote == "category:New one"), "it is on the list");
    act(&source, label("inference:other", true)).await.unwrap();
    assert_eq!(mail.property(worn, "inferenceClassification"), json!("other"));
    held.drain(&source, &inbox).await;
    let labels = held.mails.values().next().unwrap().also_in.clone().unwrap();
    assert_eq!(labels, ["inference:other", "category:Travel", "category:New one"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_refusal_in_a_batch_is_not_taken_for_done() {
    let Some(place) = Place::start("one_refusal_in_a_batch_is_not_taken_for_done") else { return };
    let mail = place.fake.mail();
    let letters: Vec<_> = (0..5).map(|n| mail.add(Letter::new(&format!("Mail {n}")))).collect();
    let source = place.source();
    let inbox = scope(&source, ScopeRole::Inbox).await;
    let targets: Vec<_> = letters.iter().map(|one| target(&inbox, &mail.id(*one))).collect();
    place.fake.fail(Fault::unavailable().on(Resource::Mail).method("PATCH").after(2));
    let marks = Intent::SetFlags { targets, read: Some(true), starred: None, answered: None };
    let error = act(&source, marks.clone()).await.unwrap_err();
    assert!(matches!(error, SourceError::Transient(_)), "{error:?}");
    assert_eq!(letters.iter().filter(|one| mail.property(**one, "isRead") == json!(true)).count(), 4);
    act(&source, marks).await.unwrap();
    assert!(letters.iter().all(|one| mail.property(*one, "isRead") == json!(true)));
}
