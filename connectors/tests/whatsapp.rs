//! WhatsApp against a Cloud API that refuses what Meta does not document: the contract, every kind of
//! event, Meta's own examples, sending at most once, what goes wrong, and testing the connection.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

#[path = "whatsapp/checking.rs"]
mod checking;
#[path = "whatsapp/contract.rs"]
mod contract;
#[path = "whatsapp/documented.rs"]
mod documented;
#[path = "whatsapp/events.rs"]
mod events;
#[path = "whatsapp/sending.rs"]
mod sending;

use std::sync::Arc;

use async_trait::async_trait;
use inlet_connectors::open;
use inlet_model::{
    Account, AccountConfig, AccountId, AnySource, Cursor, MessageSource, Outgoing, Page, Scope, SecretName, Secrets,
    UnifiedMessage,
};
use inlet_testkit::{
    MemoryQueue,
    whatsapp::{APP_SECRET, Events, FakeWhatsApp, TOKEN},
};
use secrecy::SecretString;

type Chats = Arc<dyn MessageSource>;

/// The secrets of a connected number.
struct Connected;

#[async_trait]
impl Secrets for Connected {
    fn get(&self, _: AccountId, name: SecretName) -> inlet_model::Result<Option<SecretString>> {
        Ok(match name {
            SecretName::Password => Some(TOKEN.into()),
            SecretName::AppSecret => Some(APP_SECRET.into()),
            _ => None,
        })
    }

    async fn put(&self, _: AccountId, _: SecretName, _: SecretString) -> inlet_model::Result<()> {
        Ok(())
    }
}

/// A number, and what came in for it.
struct World {
    fake: FakeWhatsApp,
    queue: Arc<MemoryQueue>,
}

impl World {
    fn start(test: &str) -> Option<Self> {
        let fake = FakeWhatsApp::start(test)?;
        let queue = Arc::new(MemoryQueue::default());
        fake.events(Events::Into(queue.clone()));
        Some(Self { fake, queue })
    }

    fn source(&self) -> Chats {
        self.listening("127.0.0.1:0", None)
    }

    fn listening(&self, listen: &str, public_url: Option<String>) -> Chats {
        self.configured(inlet_model::WhatsAppConfig { public_url, ..self.fake.config(listen) })
    }

    fn configured(&self, config: inlet_model::WhatsAppConfig) -> Chats {
        let account = Account { id: AccountId(1), name: "shop".into(), config: AccountConfig::WhatsApp(config) };
        match open(&account, Arc::new(Connected), self.queue.clone()).unwrap().pop() {
            Some(AnySource::Message(source)) => source,
            _ => panic!("WhatsApp is a source of messages"),
        }
    }

    /// All there is.
    async fn pulled(&self) -> Page<UnifiedMessage> {
        let source = self.source();
        pull(&source, None).await
    }
}

async fn scope(source: &Chats) -> Scope {
    source.scopes().await.unwrap().remove(0)
}

async fn pull(source: &Chats, since: Option<&Cursor>) -> Page<UnifiedMessage> {
    source.pull(&scope(source).await, since).await.unwrap()
}

fn outgoing(to: &str, text: &str) -> Outgoing {
    Outgoing { conversation: Some(to.into()), text: text.into(), ..Outgoing::default() }
}
