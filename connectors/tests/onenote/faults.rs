//! What goes wrong at Microsoft's side.

use std::time::Duration;

use inlet_model::{RemoteId, SourceError};
use inlet_testkit::graph::{Fault, Resource};

use super::{Held, Notes, Place, SCOPES, TOKEN, later, scope};

#[tokio::test(flavor = "multi_thread")]
async fn too_fast_without_a_time_is_answered_with_longer_and_longer_silence() {
    let name = "too_fast_without_a_time_is_answered_with_longer_and_longer_silence";
    let Some((place, section)) = Place::with_pages(name, 12) else { return };
    let source = place.source();
    let scope = scope(&source, &section).await;
    place.fake.fail(Fault::throttled().on(Resource::OneNote).times(8));
    let mut longest = Duration::ZERO;
    for _ in 0..8 {
        let error = source.pull(&scope, None).await.unwrap_err();
        let SourceError::Throttled { retry_after } = error else { panic!("{error:?}") };
        assert!(retry_after >= Duration::from_secs(5) && retry_after <= Duration::from_secs(600), "{retry_after:?}");
        longest = longest.max(retry_after);
    }
    assert!(longest > Duration::from_secs(120), "{longest:?}");
    let mut held = Held::default();
    held.drain(&source, &scope).await;
    assert!(held.complete && held.notes.len() == 12);
}

#[tokio::test]
async fn a_thousand_refusals_cost_nothing_but_time() {
    let Some((place, section)) = Place::with_pages("a_thousand_refusals_cost_nothing_but_time", 40) else { return };
    let source = place.source();
    let scope = scope(&source, &section).await;
    place.fake.fail(Fault::throttled().on(Resource::OneNote).times(500));
    place.fake.fail(Fault::throttled().on(Resource::OneNote).after(2).times(500));
    let (mut held, mut refused) = (Held::default(), 0);
    while !held.complete {
        match source.pull(&scope, held.cursor.as_ref()).await {
            Ok(page) => {
                held.take(page);
            }
            Err(SourceError::Throttled { retry_after }) => {
                refused += 1;
                assert!(retry_after <= Duration::from_secs(3600), "{retry_after:?}");
                later(&place, retry_after).await;
            }
            Err(error) => panic!("{error:?}"),
        }
    }
    // One of the thousand came in the middle of a pull that had contents already, which counted.
    assert!(refused >= 999, "{refused}");
    assert_eq!((held.notes.len(), held.order.len()), (40, 40), "each once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_revoked_in_the_middle_asks_for_a_sign_in_and_the_sync_goes_on_after_it() {
    let name = "a_token_revoked_in_the_middle_asks_for_a_sign_in_and_the_sync_goes_on_after_it";
    let Some((place, section)) = Place::with_pages(name, 30) else { return };
    let source = place.source();
    let scope = scope(&source, &section).await;
    let mut held = Held::default();
    assert!(held.take(source.pull(&scope, None).await.unwrap()));
    assert!(held.take(source.pull(&scope, held.cursor.as_ref()).await.unwrap()));
    place.fake.revoke(TOKEN);
    place.issuer.give(None);
    let error = source.pull(&scope, held.cursor.as_ref()).await.unwrap_err();
    assert!(matches!(error, SourceError::AuthNeeded(_)), "{error:?}");
    assert!(matches!(source.scopes().await, Err(SourceError::AuthNeeded(_))));
    place.issuer.give(Some("second"));
    place.fake.accept("second", SCOPES);
    held.drain(&source, &scope).await;
    assert_eq!((held.notes.len(), held.order.len(), held.pending()), (30, 30, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_before_an_error_counts_and_the_rest_follows() {
    let name = "what_came_before_an_error_counts_and_the_rest_follows";
    let Some((place, section)) = Place::with_pages(name, 20) else { return };
    let source = place.source();
    let scope = scope(&source, &section).await;
    place.fake.fail(Fault::unavailable().path("/content").after(4));
    place.fake.fail(Fault::torn().path("/content").after(9));
    let (mut held, mut broke) = (Held::default(), 0);
    loop {
        match source.pull(&scope, held.cursor.as_ref()).await {
            Ok(page) => {
                if !held.take(page) {
                    break;
                }
            }
            Err(SourceError::Transient(_)) => broke += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
    assert!(held.complete && held.pending() == 0, "{} wait, {broke} errors", held.pending());
    assert_eq!(held.notes.len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_page_that_never_comes_does_not_hold_the_others() {
    let Some((place, section)) = Place::with_pages("one_page_that_never_comes_does_not_hold_the_others", 12) else {
        return;
    };
    let bad = place.fake.notes().pages(&section)[11].clone();
    let source = place.source();
    let scope = scope(&source, &section).await;
    place.fake.fail(Fault::error(500, "19999").path(&format!("{bad}/content")).always());
    let (mut cursor, mut poisoned, mut fetched) = (None, Vec::new(), 0);
    for _ in 0..20 {
        match source.pull(&scope, cursor.as_ref()).await {
            Ok(page) => {
                poisoned.extend(page.poison);
                fetched += page.upserts.iter().filter(|note| !note.meta.pending).count();
                cursor = Some(page.next);
            }
            Err(SourceError::Transient(_)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!(fetched, 11);
    assert_eq!(poisoned.len(), 1);
    assert_eq!(poisoned[0].0, RemoteId(bad));
}

#[tokio::test]
async fn a_page_that_was_refused_is_asked_for_again_the_next_day_and_after_a_start() {
    let name = "a_page_that_was_refused_is_asked_for_again_the_next_day_and_after_a_start";
    let Some((place, section)) = Place::with_pages(name, 3) else { return };
    let bad = place.fake.notes().pages(&section)[0].clone();
    let source = place.source();
    let scope = scope(&source, &section).await;
    let content = format!("{bad}/content");
    place.fake.fail(Fault::error(403, "10004").path(&content).always());
    let (mut held, mut poisoned) = (Held::default(), 0);
    let mut round = async |source: &Notes| loop {
        let mut page = source.pull(&scope, held.cursor.as_ref()).await.unwrap();
        poisoned += std::mem::take(&mut page.poison).len();
        if !held.take(page) {
            return (poisoned, held.pending());
        }
    };
    assert_eq!(round(&source).await, (1, 1), "its password is not known");
    assert_eq!(round(&source).await, (1, 1), "which is not asked about all the time");
    later(&place, Duration::from_secs(86_400)).await;
    assert_eq!(round(&source).await, (2, 1), "once a day it is");
    place.fake.heal();
    assert_eq!(round(&source).await, (2, 1));
    assert_eq!(round(&place.source()).await, (2, 0), "and after a start");
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_become_sentences() {
    let Some((place, section)) = Place::with_pages("codes_become_sentences", 1) else { return };
    let source = place.source();
    let scope = scope(&source, &section).await;
    for (code, status, word, permanent) in [
        ("10004", 403, "password", true),
        ("10008", 403, "library", true),
        ("30102", 507, "full", true),
        ("30103", 504, "too large", true),
        ("10007", 503, "busy", false),
        ("30106", 503, "OneDrive", false),
    ] {
        place.fake.fail(Fault::error(status, code).on(Resource::OneNote));
        let error = source.pull(&scope, None).await.unwrap_err();
        assert!(error.to_string().contains(word), "{code}: {error}");
        assert_eq!(matches!(error, SourceError::Permanent(_)), permanent, "{code}: {error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_says_who_what_and_how_much_is_left() {
    let Some((place, _)) = Place::with_pages("a_check_says_who_what_and_how_much_is_left", 1) else { return };
    let source = place.source();
    let report = source.check().await.unwrap();
    assert!(report.ok(), "{:?}", report.steps);
    assert_eq!(report.identity, Some(place.fake.me().address));
    let details: Vec<&str> = report.steps.iter().map(|step| step.detail.as_str()).collect();
    assert_eq!(details, ["accepted", "1 notebook(s)", "349 of 350"]);
    place.fake.revoke(TOKEN);
    place.issuer.give(None);
    let report = source.check().await.unwrap();
    assert!(!report.ok() && report.steps.len() == 1 && report.steps[0].fix.is_some(), "{:?}", report.steps);
}
