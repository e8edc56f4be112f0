//! The contract of every source.

use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use inlet_model::{AnySource, OpKey, Outgoing, RemoteId, Scope, ScopeRole};
use inlet_testkit::{Fixture, graph::Letter};
use serde_json::json;

use super::{Place, TOKEN, outgoing, scope};

struct Contract {
    place: Option<Place>,
    count: AtomicU32,
}

impl Contract {
    async fn new() -> Self {
        let place = Place::start("outlook_contract");
        if let Some(place) = &place {
            for number in 1..=24 {
                let letter =
                    Letter::new(&format!("Contract {number}")).from("Bob", "bob@fabrikam.example").html("<p>Hi</p>");
                let letter = if number % 6 == 0 {
                    letter.file("a.pdf", "application/pdf", "a file".repeat(400))
                } else {
                    letter
                };
                place.fake.mail().add(letter);
            }
        }
        Self { place, count: AtomicU32::new(100) }
    }

    fn place(&self) -> &Place {
        self.place.as_ref().expect("the specifications")
    }
}

#[async_trait]
impl Fixture for Contract {
    fn source(&self) -> AnySource {
        AnySource::Mail(self.place().source())
    }

    async fn scope(&self) -> Scope {
        // Waiting takes half a minute; it has a test of its own with less patience.
        Scope { live: false, ..scope(&self.place().source(), ScopeRole::Inbox).await }
    }

    fn outgoing(&self) -> Option<Outgoing> {
        Some(outgoing("Sent by the contract"))
    }

    async fn effects(&self, key: &OpKey) -> Option<usize> {
        let id = format!("<{}>", key.0);
        Some(self.place().fake.mail().sent().iter().filter(|mail| mail["internetMessageId"] == json!(id)).count())
    }

    async fn arrive(&self) -> Option<String> {
        let title = format!("Mail {}", self.count.fetch_add(1, Ordering::Relaxed));
        self.place().fake.mail().add(Letter::new(&title).from("Bob", "bob@fabrikam.example").text("it came"));
        Some(title)
    }

    async fn vanish(&self, item: &RemoteId) -> bool {
        let mail = self.place().fake.mail();
        mail.delete(mail.find(&item.0).unwrap());
        true
    }

    async fn set_read(&self, item: &RemoteId, read: bool) -> bool {
        let mail = self.place().fake.mail();
        mail.change(mail.find(&item.0).unwrap(), &json!({ "isRead": read }));
        true
    }

    async fn expire(&self) -> bool {
        self.place().fake.mail().expire_deltas();
        true
    }

    async fn revoke(&self) -> bool {
        self.place().fake.revoke(TOKEN);
        self.place().issuer.give(None);
        true
    }
}

inlet_testkit::source_contract!(contract, Contract::new().await);
