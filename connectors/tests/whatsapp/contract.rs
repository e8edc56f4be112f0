//! The contract of every source. What was read elsewhere is not told by this platform, and pulling asks it
//! nothing, so that lost credentials show when something is sent: `sending` has that.

use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use inlet_model::{AnySource, OpKey, Outgoing, Scope};
use inlet_testkit::{Fixture, whatsapp::ANA};
use serde_json::json;

use super::{World, outgoing, scope};

struct Contract {
    world: Option<World>,
    count: AtomicU32,
}

impl Contract {
    async fn new() -> Self {
        let world = World::start("whatsapp_contract");
        if let Some(world) = &world {
            for number in 0..24 {
                world.fake.say(ANA, "Ana Ferreira", &format!("Message {number}")).await;
            }
            for _ in 0..4 {
                let id = world.fake.file("image/jpeg", &b"pixels".repeat(500));
                let image = json!({ "type": "image", "image": { "id": id, "mime_type": "image/jpeg" } });
                world.fake.message(ANA, "Ana Ferreira", image).await;
            }
        }
        Self { world, count: AtomicU32::new(100) }
    }

    fn world(&self) -> &World {
        self.world.as_ref().expect("the specification")
    }
}

#[async_trait]
impl Fixture for Contract {
    fn source(&self) -> AnySource {
        AnySource::Message(self.world().source())
    }

    async fn scope(&self) -> Scope {
        scope(&self.world().source()).await
    }

    fn outgoing(&self) -> Option<Outgoing> {
        Some(outgoing(ANA, "Sent by the contract, <once> & for all"))
    }

    async fn effects(&self, key: &OpKey) -> Option<usize> {
        let sent = self.world().fake.sent();
        Some(sent.iter().filter(|message| message["biz_opaque_callback_data"] == key.0.as_str()).count())
    }

    async fn arrive(&self) -> Option<String> {
        let text = format!("News {}", self.count.fetch_add(1, Ordering::Relaxed));
        self.world().fake.say(ANA, "Ana Ferreira", &text).await;
        Some(text)
    }
}

inlet_testkit::source_contract!(contract, Contract::new().await);
