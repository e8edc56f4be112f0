//! Remote images: never unasked, and for a sender the person named without asking again.

use std::{collections::HashMap, sync::Arc};

use inlet_model::{Party, UnifiedEmail};
use inlet_orchestrator::{
    FetchImage,
    api::types::{HtmlView, ItemView, Kept},
};
use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::{
    harness::{Engine, Setup},
    scripted::Script,
};

/// A pixel, as images are fetched: whole, within the page.
const PIXEL: &str = "data:image/png;base64,iVBORw0KGgo=";

/// An engine with a mail of each of these senders, by what their server found out about them; and
/// the addresses that are fetched.
async fn engine(senders: &[(&str, &str)]) -> (Engine, Arc<Mutex<Vec<String>>>) {
    let fetched = Arc::new(Mutex::new(Vec::new()));
    let seen = fetched.clone();
    let images: FetchImage = Arc::new(move |url| {
        seen.lock().push(url);
        Box::pin(async { Ok(PIXEL.to_owned()) })
    });
    let script = Script::new("mail");
    for (at, (address, result)) in senders.iter().enumerate() {
        script.put(
            "INBOX",
            UnifiedEmail {
                stable_id: format!("digest {at}"),
                message_id: Some(format!("{at}@sender.test")),
                from: vec![Party::named("News", *address)],
                subject: format!("{result} {at}"),
                text: "See the picture.".into(),
                html: Some(format!(
                    "<p>See <img src=\"https://images.test/{at}.png\" width=\"300\" height=\"200\"></p>"
                )),
                meta: inlet_model::MailMeta {
                    authentication_results: Some(format!("mail; dmarc={result} header.from=sender.test")),
                    ..Default::default()
                },
                size: 100,
                ..UnifiedEmail::default()
            },
        );
    }
    let scripts = HashMap::from([("mail".to_owned(), script)]);
    let engine = Engine::with(Setup { scripts, images: Some(images), ..Setup::default() }).await;
    engine.connect("mail").await;
    engine.until("the mails", async || (engine.view("inbox").await.len() == senders.len()).then_some(())).await;
    (engine, fetched)
}

async fn item(engine: &Engine, subject: &str) -> ItemView {
    let row = engine.titled(subject).await.unwrap();
    engine.thread(row.id).await.items.remove(0)
}

async fn html(engine: &Engine, subject: &str) -> HtmlView {
    let item = item(engine, subject).await;
    engine.call("item.html", json!({ "id": item.id })).await
}

async fn agree(engine: &Engine, address: &str) -> Kept {
    engine.call("kept.put", json!({ "kind": "images", "name": address, "data": {} })).await
}

#[tokio::test]
async fn images_of_a_sender_one_agreed_to_come_without_asking_until_that_is_taken_back() {
    let (engine, fetched) = engine(&[("News@Sender.test", "pass"), ("other@sender.test", "none")]).await;
    let first = html(&engine, "pass 0").await;
    assert_eq!((first.blocked_images, first.images_sender.as_deref()), (1, Some("news@sender.test")));
    assert!(fetched.lock().is_empty());

    let kept = agree(&engine, " NEWS@sender.test ").await;
    assert_eq!(agree(&engine, "news@sender.test").await.id, kept.id);
    let engine = engine.restart().await;
    let shown = html(&engine, "pass 0").await;
    assert_eq!((shown.blocked_images, shown.images_sender), (0, None));
    assert!(shown.document.contains(PIXEL));
    assert_eq!(*fetched.lock(), ["https://images.test/0.png"]);
    let other = html(&engine, "none 1").await;
    assert_eq!((other.blocked_images, other.images_sender.as_deref()), (1, Some("other@sender.test")));

    let _: Value = engine.call("config.set", json!({ "key": "privacy.remote_images", "value": "never" })).await;
    assert_eq!(html(&engine, "pass 0").await.blocked_images, 1);
    let _: Value = engine.call("config.set", json!({ "key": "privacy.remote_images", "value": null })).await;
    let _: Value = engine.call("kept.remove", json!({ "id": kept.id })).await;
    assert_eq!(html(&engine, "pass 0").await.images_sender.as_deref(), Some("news@sender.test"));
    assert_eq!(fetched.lock().len(), 1);
}

#[tokio::test]
async fn a_mail_that_is_not_from_its_sender_gets_nothing_of_that_consent() {
    let (engine, fetched) = engine(&[("news@sender.test", "pass"), ("news@sender.test", "fail")]).await;
    agree(&engine, "news@sender.test").await;
    assert_eq!(html(&engine, "pass 0").await.blocked_images, 0);
    let forged = html(&engine, "fail 1").await;
    assert_eq!((forged.blocked_images, forged.images_sender), (1, None));
    assert_eq!(*fetched.lock(), ["https://images.test/0.png"]);
}

#[tokio::test]
async fn what_is_no_address_is_refused() {
    let engine = Engine::empty().await;
    for wrong in ["news", "a b@c.test", "@c.test", "a@"] {
        let error = engine.ask("kept.put", json!({ "kind": "images", "name": wrong, "data": {} })).await.unwrap_err();
        assert!(error.message.contains("address"), "{wrong}: {}", error.message);
    }
}
