//! A large mailbox: how many requests, and that no page holds more than a page.

use inlet_model::ScopeRole;
use inlet_testkit::graph::{Letter, Resource};

use super::{Held, Place, scope};

const MANY: usize = 20_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_large_mailbox_stays_within_the_budget() {
    let Some(place) = Place::start("a_large_mailbox_stays_within_the_budget") else { return };
    place.fake.mail().add_many("inbox", MANY);
    let source = place.source();
    let inbox = scope(&source, ScopeRole::Inbox).await;
    place.fake.forget();
    // Only the number is kept: what a page holds is let go with it.
    let (mut cursor, mut seen, mut largest, mut longest) = (None, 0, 0, 0);
    loop {
        let page = source.pull(&inbox, cursor.as_ref()).await.unwrap();
        assert!(page.present.is_none(), "a first sync has nothing to sweep");
        seen += page.upserts.len();
        largest = largest.max(page.upserts.len());
        longest = longest.max(page.next.0.to_string().len());
        let progress = page.progress.unwrap();
        assert_eq!((progress.done, progress.total), (seen as u64, Some(MANY as u64)));
        cursor = Some(page.next);
        if !page.more {
            assert!(progress.complete);
            break;
        }
    }
    assert_eq!(seen, MANY);
    assert!(largest <= 100 && longest < 1_000, "a page of {largest}, a cursor of {longest} bytes");
    let requests = place.fake.requests(Resource::Mail);
    println!("{requests} requests for {MANY} messages: {:.1} per thousand", requests as f64 * 1000.0 / MANY as f64);
    assert!(requests * 1000 / MANY <= 11, "{requests} requests");
    assert!(place.fake.most_at_once(Resource::Mail) <= 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_cost_one_batch_for_twenty() {
    let Some(place) = Place::start("files_cost_one_batch_for_twenty") else { return };
    let mail = place.fake.mail();
    for number in 0..1_000 {
        let letter = Letter::new(&format!("Mail {number}")).from("Ann", "ann@fabrikam.example");
        mail.add(if number % 5 == 0 { letter.file("a.txt", "text/plain", "text") } else { letter });
    }
    let source = place.source();
    let inbox = scope(&source, ScopeRole::Inbox).await;
    place.fake.forget();
    let held = Held::all(&source, &inbox).await;
    assert_eq!(held.mails.values().filter(|mail| !mail.attachments.is_empty()).count(), 200);
    let (mail, batches) = (place.fake.requests(Resource::Mail), place.fake.requests(Resource::Batch));
    println!("1000 messages, 200 with files: {} round trips, {mail} requests counted", mail - 200 + batches);
    assert!(mail <= 212 && batches <= 15, "{mail} counted, {batches} batches");
}
