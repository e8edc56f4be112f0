//! What goes wrong, goes wrong as asked.

use std::time::Duration;

use inlet_testkit::graph::{Fault, Gate, Letter, Resource};
use serde_json::json;

use super::wire::Wire;

#[tokio::test]
async fn throttling_comes_with_and_without_a_time() {
    let Some(wire) = Wire::start("throttling_comes_with_and_without_a_time") else { return };
    wire.fake.fail(Fault::throttled().on(Resource::Mail).times(2));
    wire.fake.fail(Fault::throttled().retry_after(7).on(Resource::Mail));
    wire.fake.fail(Fault::throttled().retry_after_date(60).on(Resource::Mail));
    wire.fake.fail(Fault::unavailable());
    for after in [None, None, Some("7"), Some("Mon, 02 Mar 2026 09:01:00 GMT")] {
        let got = wire.get("/me/messages").await;
        assert_eq!((got.status, got.code(), got.header("retry-after")), (429, "ApplicationThrottled", after));
        assert_eq!(got.header("date"), Some("Mon, 02 Mar 2026 09:00:00 GMT"), "by the same clock");
    }
    assert_eq!(wire.get("/me/messages").await.status, 503);
    assert_eq!(wire.get("/me/messages").await.status, 200);
    assert_eq!(wire.fake.requests(Resource::Mail), 6);
}

#[tokio::test]
async fn an_answer_is_lost_after_its_effect_or_before() {
    let Some(wire) = Wire::start("an_answer_is_lost_after_its_effect_or_before") else { return };
    let body = json!({ "message": { "toRecipients": [{ "emailAddress": { "address": "a@fabrikam.example" } }] } });
    let headers = [("content-type", "application/json")];
    wire.fake.fail(Fault::dropped().path("/sendMail"));
    assert!(wire.send("POST", "/me/sendMail", &headers, body.to_string()).await.is_err());
    assert_eq!(wire.fake.mail().sent().len(), 0);
    wire.fake.fail(Fault::lost().path("/sendMail"));
    assert!(wire.send("POST", "/me/sendMail", &headers, body.to_string()).await.is_err());
    assert_eq!(wire.fake.mail().sent().len(), 1);
    let statuses: Vec<u16> = wire.fake.seen().iter().map(|seen| seen.status).collect();
    assert_eq!(statuses, [0, 0]);
}

#[tokio::test]
async fn a_body_is_torn_or_slow() {
    let Some(wire) = Wire::start("a_body_is_torn_or_slow") else { return };
    wire.fake.mail().add(Letter::new("Lunch?"));
    wire.fake.fail(Fault::torn());
    assert!(wire.send("GET", "/me/messages", &[], "").await.is_err());
    wire.fake.fail(Fault::slow(Duration::from_millis(1)));
    assert_eq!(wire.get("/me/messages").await.each("subject"), ["Lunch?"]);
}

#[tokio::test]
async fn a_mailbox_takes_four_at_once() {
    let Some(wire) = Wire::start("a_mailbox_takes_four_at_once") else { return };
    let gate = Gate::default();
    wire.fake.fail(Fault::held(&gate).times(4));
    let four = futures::future::join_all((0..4).map(|_| wire.get("/me/messages")));
    let fifth = async {
        while wire.fake.requests(Resource::Mail) < 4 {
            tokio::task::yield_now().await;
        }
        let got = wire.get("/me/messages").await;
        gate.open();
        got
    };
    let (four, fifth) = futures::future::join(four, fifth).await;
    assert!(four.iter().all(|got| got.status == 200));
    assert_eq!((fifth.status, fifth.code()), (429, "ApplicationThrottled"));
    assert_eq!(wire.fake.most_at_once(Resource::Mail), 5);
    assert_eq!(wire.get("/me/messages").await.status, 200);
}

#[tokio::test]
async fn claims_are_asked_for() {
    let Some(wire) = Wire::start("claims_are_asked_for") else { return };
    wire.fake.fail(Fault::claims());
    let got = wire.get("/me").await;
    assert_eq!((got.status, got.code()), (403, "insufficient_claims"));
    assert!(got.header("www-authenticate").unwrap().contains("claims=\""));
    wire.fake.fail(Fault::unauthorized().after(1));
    assert_eq!(wire.get("/me").await.status, 200);
    assert_eq!(wire.get("/me").await.code(), "InvalidAuthenticationToken");
}
