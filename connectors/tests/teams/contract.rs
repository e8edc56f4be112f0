//! The contract of every source.

use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use inlet_model::{AnySource, OpKey, Outgoing, Scope};
use inlet_testkit::{Fixture, graph::Said};

use super::{TOKEN, Tenant, ben, outgoing, scope};

const SENT: &str = "Sent by the contract, <once> & for all";

struct Contract {
    tenant: Option<Tenant>,
    chat: String,
    count: AtomicU32,
}

impl Contract {
    async fn new() -> Self {
        let tenant = Tenant::start("teams_contract");
        let chat = tenant.as_ref().map(|tenant| {
            let chat = tenant.chat(24);
            for _ in 0..4 {
                let picture = Said::html(r#"<p>Look</p><img src="{hosted:0}">"#).from(&ben());
                tenant.fake.teams().say(&chat, picture.picture("image/png", "pixels".repeat(500)));
            }
            chat
        });
        Self { tenant, chat: chat.unwrap_or_default(), count: AtomicU32::new(100) }
    }

    fn tenant(&self) -> &Tenant {
        self.tenant.as_ref().expect("the specifications")
    }
}

#[async_trait]
impl Fixture for Contract {
    fn source(&self) -> AnySource {
        AnySource::Message(self.tenant().source())
    }

    async fn scope(&self) -> Scope {
        scope(&self.tenant().source(), &self.chat).await
    }

    fn outgoing(&self) -> Option<Outgoing> {
        Some(outgoing(&self.chat, SENT))
    }

    async fn effects(&self, _: &OpKey) -> Option<usize> {
        let messages = self.tenant().fake.teams().messages(&self.chat);
        let content =
            |message: &serde_json::Value| message["body"]["content"].as_str().unwrap().contains("&lt;once&gt;");
        Some(messages.iter().filter(|message| content(message)).count())
    }

    async fn arrive(&self) -> Option<String> {
        let text = format!("News {}", self.count.fetch_add(1, Ordering::Relaxed));
        self.tenant().fake.teams().say(&self.chat, Said::text(&text).from(&ben()));
        Some(text)
    }

    async fn revoke(&self) -> bool {
        self.tenant().fake.revoke(TOKEN);
        self.tenant().issuer.give(None);
        true
    }
}

inlet_testkit::source_contract!(contract, Contract::new().await);
