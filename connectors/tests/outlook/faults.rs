//! What goes wrong at Microsoft's side, and that nothing is lost by it.

use std::time::Duration;

use inlet_model::{ScopeRole, SourceError};
use inlet_testkit::graph::{Fault, Letter, Resource};
use serde_json::json;

use super::{Held, Place, SCOPES, TOKEN, scope};

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_refusals_cost_nothing_but_time() {
    let Some(place) = Place::start("a_thousand_refusals_cost_nothing_but_time") else { return };
    place.fake.mail().add_many("inbox", 300);
    let source = place.source();
    let inbox = scope(&source, ScopeRole::Inbox).await;
    place.fake.fail(Fault::throttled().retry_after(17).on(Resource::Mail).times(500));
    place.fake.fail(Fault::throttled().on(Resource::Mail).after(2).times(500));
    let mut held = Held::default();
    let (mut refused, mut longest) = (0, Duration::ZERO);
    loop {
        match source.pull(&inbox, held.cursor.as_ref()).await {
            Ok(page) => {
                if !held.take(page) {
                    break;
                }
            }
            Err(SourceError::Throttled { retry_after }) => {
                refused += 1;
                assert!(refused > 500 || retry_after == Duration::from_secs(17), "what is asked for is kept to");
                longest = longest.max(retry_after);
            }
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!(refused, 1_000);
    assert!(longest <= Duration::from_secs(600), "{longest:?}");
    assert_eq!((held.mails.len(), held.order.len()), (300, 300), "each once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_revoked_in_the_middle_asks_for_a_sign_in_and_the_sync_goes_on_after_it() {
    let name = "a_token_revoked_in_the_middle_asks_for_a_sign_in_and_the_sync_goes_on_after_it";
    let Some(place) = Place::start(name) else { return };
    place.fake.mail().add_many("inbox", 200);
    let source = place.source();
    let inbox = scope(&source, ScopeRole::Inbox).await;
    let mut held = Held::default();
    assert!(held.take(source.pull(&inbox, None).await.unwrap()));
    place.fake.revoke(TOKEN);
    place.issuer.give(None);
    let error = source.pull(&inbox, held.cursor.as_ref()).await.unwrap_err();
    assert!(matches!(error, SourceError::AuthNeeded(_)), "{error:?}");
    place.issuer.give(Some("second"));
    place.fake.accept("second", SCOPES);
    held.drain(&source, &inbox).await;
    assert_eq!((held.mails.len(), held.order.len()), (200, 200));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delta_that_expires_in_the_middle_is_read_again() {
    let Some(place) = Place::start("a_delta_that_expires_in_the_middle_is_read_again") else { return };
    place.fake.mail().add_many("inbox", 200);
    let doomed = place.fake.mail().add(Letter::new("Doomed").from("Ann", "ann@fabrikam.example"));
    let source = place.source();
    let inbox = scope(&source, ScopeRole::Inbox).await;
    let mut held = Held::default();
    assert!(held.take(source.pull(&inbox, None).await.unwrap()));
    place.fake.mail().delete(doomed);
    place.fake.mail().expire_deltas();
    assert_eq!(source.pull(&inbox, held.cursor.as_ref()).await.unwrap_err(), SourceError::CursorExpired);
    held.cursor = None;
    held.drain(&source, &inbox).await;
    assert_eq!(held.mails.len(), 200, "what went meanwhile is swept");
}

#[tokio::test(flavor = "multi_thread")]
async fn torn_and_refused_pages_are_asked_for_again() {
    let Some(place) = Place::start("torn_and_refused_pages_are_asked_for_again") else { return };
    let mail = place.fake.mail();
    for number in 0..60 {
        mail.add(Letter::new(&format!("Mail {number}")).from("Ann", "ann@fabrikam.example").file(
            "a.txt",
            "text/plain",
            "text",
        ));
    }
    let source = place.source();
    let inbox = scope(&source, ScopeRole::Inbox).await;
    for fault in [
        Fault::torn(),
        Fault::torn().after(1),
        Fault::dropped().after(2),
        Fault::unavailable().after(3),
        Fault::error(500, "ErrorInternalServerError").path("attachments"),
        Fault::torn().on(Resource::Batch),
    ] {
        place.fake.fail(fault);
    }
    let mut held = Held::default();
    let mut failures = 0;
    loop {
        match source.pull(&inbox, held.cursor.as_ref()).await {
            Ok(page) => {
                if !held.take(page) {
                    break;
                }
            }
            Err(SourceError::Transient(_)) => failures += 1,
            Err(error) => panic!("{error:?}"),
        }
        assert!(failures < 20);
    }
    assert!(failures > 0);
    assert_eq!((held.mails.len(), held.order.len()), (60, 60));
    assert!(held.mails.values().all(|mail| mail.attachments.len() == 1), "no mail lost its file");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_inside_a_batch_costs_no_file_and_no_invitation() {
    let Some(place) = Place::start("a_challenge_inside_a_batch_costs_no_file_and_no_invitation") else { return };
    let mail = place.fake.mail();
    let moment = |hour: u32| json!({ "dateTime": format!("2026-06-05T{hour:02}:00:00.0000000"), "timeZone": "UTC" });
    mail.add(Letter::new("With a file").file("a.txt", "text/plain", "text"));
    let event = json!({ "iCalUId": "040000008200E00074C5B7101A82E008", "subject": "Budget", "start": moment(8),
        "end": moment(9), "attendees": [],
        "organizer": { "emailAddress": { "name": "Ann", "address": "ann@fabrikam.example" } } });
    mail.invite(Letter::new("Budget").from("Ann", "ann@fabrikam.example"), event);
    let source = place.source();
    let inbox = scope(&source, ScopeRole::Inbox).await;
    for part in ["/attachments", "eventMessage%2Fevent"] {
        place.fake.fail(Fault::claims().path(part));
    }
    let held = Held::all(&source, &inbox).await;
    assert_eq!(place.fake.faults(), 0, "both were challenged");
    let with = |subject: &str| held.mails.values().find(|mail| mail.subject == subject).unwrap();
    assert_eq!(with("With a file").attachments.len(), 1);
    assert_eq!(with("With a file").meta.note, None);
    assert_eq!(with("Budget").meta.calendar.len(), 1);

    // A newer token proves nothing: nothing is taken for unreadable, the person is asked.
    mail.add(Letter::new("Later").file("b.txt", "text/plain", "text"));
    place.fake.fail(Fault::claims().path("/attachments").always());
    let error = source.pull(&inbox, held.cursor.as_ref()).await.unwrap_err();
    assert!(matches!(error, SourceError::AuthNeeded(_)), "{error:?}");
    place.fake.heal();
}
