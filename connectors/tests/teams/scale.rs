//! Five thousand chats.

use std::time::Instant;

use inlet_testkit::graph::{Resource, Said};

use super::{All, Tenant, ben};

#[tokio::test]
async fn five_thousand_chats_stay_within_a_few_requests() {
    let Some(tenant) = Tenant::start("teams_scale") else { return };
    let chats = tenant.fake.teams().add_many(5000, 2);
    let source = tenant.source();
    let started = Instant::now();
    let mut all = All::default();
    all.round(&source).await;
    let first = tenant.requests();
    // A hundred pages of the list, and a look into each of the hundred newest; the others' last messages come with it.
    assert_eq!((all.0.len(), all.count(), first), (5000, 100 * 2 + 4900, 200));

    // Somebody comes back to the window, and one chat has news.
    tenant.fake.teams().say(&chats[17], Said::text("News").from(&ben()));
    let came = all.round(&source).await;
    let second = tenant.requests();
    assert!(second <= 3 && came >= 1, "{second} requests for {came}");
    assert_eq!(all.0.len(), 5000, "what was not listed is as it was");
    // Whoever opens one that was not listed lately: who is in it is asked as well, once.
    let (scope, held) = all.0.get_mut(&chats[4_000]).unwrap();
    for requests in [2, 1] {
        held.drain(&source, scope).await.unwrap();
        assert_eq!((tenant.requests(), held.messages.len()), (requests, 2));
    }
    assert!(tenant.fake.most_at_once(Resource::Teams) <= 3);
    println!(
        "5,000 chats: {first} requests for {} messages ({} per 1,000), {second} to look again, {:?}",
        all.count(),
        first * 1000 / all.count(),
        started.elapsed()
    );
}
