//! A thousand pages within Microsoft's limits, and a person who never waits for them.

use std::time::Duration;

use inlet_model::RemoteId;
use inlet_testkit::graph::Resource;

use super::{Held, Place, later, scope};

const PAGES: usize = 1_000;

/// The fake refuses what is over 400 in an hour or 120 in a minute; here no request is refused.
#[tokio::test]
async fn a_thousand_pages_come_within_the_limits_and_an_opened_one_comes_at_once() {
    let name = "a_thousand_pages_come_within_the_limits_and_an_opened_one_comes_at_once";
    let Some((place, section)) = Place::with_pages(name, PAGES) else { return };
    let source = place.source();
    let scope = scope(&source, &section).await;
    let mut held = Held::default();
    let (mut minutes, mut requests, mut opened) = (0, 0, 0);
    while !held.complete {
        held.drain(&source, &scope).await;
        if minutes == 0 {
            assert_eq!(held.notes.len(), PAGES, "all are there to be seen after the first round");
        }
        // The oldest page that waits is opened every quarter of an hour.
        let oldest = held.notes.values().filter(|note| note.meta.pending).map(|note| note.modified_at).min();
        if minutes % 15 == 0
            && let Some(note) = held.notes.values_mut().find(|note| Some(note.modified_at) == oldest)
        {
            *note = source.complete(&section, &RemoteId(note.remote_id.0.clone())).await.unwrap().unwrap();
            opened += 1;
        }
        requests += place.fake.requests(Resource::OneNote);
        place.fake.forget();
        later(&place, Duration::from_secs(300)).await;
        minutes += 5;
        assert!(minutes < 60 * 24, "{} wait", held.pending());
    }
    assert_eq!((held.notes.len(), held.pending()), (PAGES, 0));
    assert_eq!(held.order.len() + opened, PAGES, "each content once");
    println!("{PAGES} pages: {requests} requests, {:.1} hours, {opened} opened meanwhile", f64::from(minutes) / 60.0);
    assert!(requests < PAGES + PAGES / 4, "{requests} requests");
    assert!(minutes <= 60 * 6, "{minutes} minutes");
}
