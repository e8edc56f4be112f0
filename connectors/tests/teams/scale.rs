//! Five thousand chats.

use std::time::Instant;

use inlet_testkit::graph::{Resource, Said};

use super::{Held, Tenant, ben};

#[tokio::test]
async fn five_thousand_chats_stay_within_a_few_requests() {
    let Some(tenant) = Tenant::start("teams_scale") else { return };
    let chats = tenant.fake.teams().add_many(5000, 2);
    let source = tenant.source();
    let started = Instant::now();
    let scopes = source.scopes().await.unwrap();
    let listing = tenant.fake.requests(Resource::Teams);
    assert_eq!((scopes.len(), listing), (5000, 100));
    let mut items = 0;
    let mut cursors = Vec::with_capacity(scopes.len());
    for scope in &scopes {
        let held = Held::all(&source, scope).await;
        items += held.messages.len();
        cursors.push(held.cursor);
    }
    let first = tenant.requests();
    assert_eq!((items, first), (100 * 2 + 4900, 200));

    // Somebody comes back to the window, and one chat has news.
    tenant.fake.teams().say(&chats[17], Said::text("News").from(&ben()));
    let again = source.scopes().await.unwrap();
    assert_eq!(again.len(), 5000);
    let mut came = 0;
    for (scope, cursor) in scopes.iter().zip(&cursors) {
        came += source.pull(scope, cursor.as_ref()).await.unwrap().upserts.len();
    }
    let second = tenant.requests();
    assert!(second <= 3 && came >= 1, "{second} requests for {came}");
    assert!(tenant.fake.most_at_once(Resource::Teams) <= 3);
    println!(
        "5,000 chats: {first} requests for {items} messages ({} per 1,000), {second} to look again, {:?}",
        first * 1000 / items,
        started.elapsed()
    );
}
