//! A number of a WhatsApp Business account, through Meta's Cloud API.
//!
//! The Cloud API cannot be asked what was written: it pushes, so that pulling here is reading the queue
//! ([`events`]), and needs no network. Sending, files and templates are requests ([`client`], [`send`],
//! [`templates`]). Refused: the libraries that pose as a linked device, which carry code under other
//! licences and get numbers banned.
//!
//! All conversations are one scope, because the platform lists none; each is a thread.

mod check;
mod client;
mod errors;
mod events;
pub(crate) mod export;
mod message;
mod send;
mod templates;
mod wire;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use async_trait::async_trait;
use inlet_model::{
    AccountId, AnySource, Applied, Capabilities, CheckReport, Cursor, EventQueue, Intent, MessageOp, MessageSource,
    OpKey, Page, PartRef, PartSink, Progress, Reactions, Result, Scope, ScopeRole, SecretName, Secrets, Source,
    SourceType, Template, UnifiedMessage, WhatsAppConfig,
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

pub(crate) use self::events::said_at;
use self::{client::Client, events::Reading};
use crate::{
    inbound::{Ear, Platform},
    relay::Reader,
};

/// The scope that holds all conversations.
const SCOPE: &str = "messages";
/// Events of one page.
const PAGE: usize = 200;
/// Hours in which people who wrote may be answered freely
/// (<https://developers.facebook.com/docs/whatsapp/pricing#customer-service-windows>).
const WINDOW: u32 = 24;

/// WhatsApp of one number.
struct WhatsApp {
    account: AccountId,
    config: WhatsAppConfig,
    client: Client,
    queue: Arc<dyn EventQueue>,
    relay: Option<Reader>,
    ear: Ear,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    /// Names by number, as contacts were named last.
    names: HashMap<String, String>,
    /// When sending ended without an answer, by key.
    lost: HashMap<String, Instant>,
    /// The last event that was read.
    read_to: u64,
}

/// The number as a source.
///
/// # Errors
/// [`SourceError::Permanent`] when the root of the API is neither HTTPS nor on this machine.
pub(crate) fn open(
    account: AccountId,
    config: &WhatsAppConfig,
    secrets: Arc<dyn Secrets>,
    queue: Arc<dyn EventQueue>,
) -> Result<AnySource> {
    let relay = config.relay.as_ref();
    let reader = |relay| Reader::new(account, relay, &config.path(), secrets.clone(), queue.clone());
    Ok(AnySource::Message(Arc::new(WhatsApp {
        account,
        relay: relay.map(reader).transpose()?,
        client: Client::new(&config.api_root, account, secrets)?,
        ear: Ear::new(&config.listen),
        config: config.clone(),
        queue,
        memory: Mutex::default(),
    })))
}

/// Where a pull ended.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct At {
    v: u8,
    /// The last event.
    seq: u64,
    /// Messages yielded.
    done: u64,
}

impl At {
    fn parse(cursor: Option<&Cursor>) -> Result<Self> {
        let Some(cursor) = cursor else { return Ok(Self { v: 1, ..Self::default() }) };
        cursor.read_if(|at: &Self| at.v == 1)
    }
}

impl WhatsApp {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What Meta has to say when it asks whether this is the right door.
    fn verify_token(&self) -> Result<SecretString> {
        let secret = self.client.secret(SecretName::AppSecret)?;
        Ok(Platform::WhatsApp.verify_token(&secret, &self.config.path()).unwrap_or_default())
    }

    /// Opens the door, if it is not open; how many it has turned away.
    async fn listen(&self) -> Result<u64> {
        let hook = || {
            let secret = self.client.secret(SecretName::AppSecret)?;
            Ok(Platform::WhatsApp.hook(self.config.path(), secret, self.queue.clone()))
        };
        self.ear.open(hook).await
    }
}

#[async_trait]
impl Source for WhatsApp {
    type Item = UnifiedMessage;
    type Op = MessageOp;

    fn source_type(&self) -> SourceType {
        SourceType::WhatsApp
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            live: true,
            send: true,
            mark_read: true,
            reply_window: Some(WINDOW),
            max_attachment: Some(send::LARGEST),
            by_number: true,
            reactions: Reactions::One,
            ..Capabilities::default()
        }
    }

    async fn check(&self) -> Result<CheckReport> {
        Ok(self.report().await)
    }

    async fn scopes(&self) -> Result<Vec<Scope>> {
        // Whoever waits cannot say so itself: this is where it is heard.
        self.ear.failure()?;
        if let Some(relay) = &self.relay {
            relay.even().await?;
        }
        Ok(vec![Scope {
            remote: SCOPE.to_owned(),
            name: "WhatsApp".to_owned(),
            role: ScopeRole::Chat,
            pulled: true,
            live: true,
        }])
    }

    async fn pull(&self, _scope: &Scope, since: Option<&Cursor>) -> Result<Page<UnifiedMessage>> {
        let mut at = At::parse(since)?;
        let events = self.queue.read(at.seq, PAGE).await?;
        let mut memory = self.memory();
        let mut reading = Reading {
            number_id: &self.config.phone_number_id,
            names: &mut memory.names,
            page: Page::empty(Cursor::default()),
        };
        for event in &events {
            reading.take(event);
            at.seq = event.seq;
        }
        let mut page = reading.page;
        memory.read_to = memory.read_to.max(at.seq);
        at.done += page.upserts.len() as u64;
        page.more = events.len() == PAGE;
        if since.is_none() || !events.is_empty() {
            page.progress = Some(Progress { done: at.done, total: None, since: None, complete: !page.more });
        }
        page.next = Cursor::of(&at);
        Ok(page)
    }

    async fn wait(&self, _scope: &Scope) -> Result<()> {
        let after = self.memory().read_to;
        let heard = match (self.listen().await, &self.relay) {
            // Beside a relay somebody listens here too: while a number moves to one, or back, events come both ways.
            (_, Some(relay)) => tokio::select! {
                came = self.queue.wait(after) => came,
                error = relay.failure() => Err(error),
            },
            (Ok(_), None) => self.queue.wait(after).await,
            (Err(error), None) => Err(error),
        };
        if let Err(error) = &heard {
            self.ear.failed(error);
        }
        heard
    }

    async fn fetch(&self, part: &PartRef, into: &mut dyn PartSink) -> Result<()> {
        #[derive(Deserialize)]
        struct File {
            url: String,
        }
        // The address is good for five minutes: it is asked for each time.
        let query = [("phone_number_id", self.config.phone_number_id.as_str())];
        let file: File = self.client.get(&[&part.part], &query).await?;
        self.client.download(&file.url, into).await
    }

    async fn templates(&self) -> Result<Vec<Template>> {
        self.approved().await
    }

    fn plan(&self, _key: &OpKey, intent: &Intent) -> Result<Option<MessageOp>> {
        send::plan(intent)
    }

    async fn prepare(&self, _key: &OpKey, op: &MessageOp) -> Result<Option<MessageOp>> {
        self.prepared(op).await
    }

    async fn apply(&self, key: &OpKey, op: &MessageOp) -> Result<Applied> {
        self.done(key, op).await
    }

    async fn find_applied(&self, key: &OpKey, _op: &MessageOp) -> Result<Option<Applied>> {
        self.found(key).await
    }
}

impl MessageSource for WhatsApp {}
