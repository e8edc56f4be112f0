//! A number of a WhatsApp Business account, through Meta's Cloud API.
//!
//! The Cloud API cannot be asked what was written: it pushes, so that pulling here is reading the queue
//! ([`events`]), and needs no network. Sending, files and templates are requests ([`client`], [`send`],
//! [`templates`]). Refused: the libraries that pose as a linked device, which carry code under other
//! licences and get numbers banned.
//!
//! All conversations are one scope, because the platform lists none; each is a thread.

mod check;
mod choices;
mod client;
mod errors;
mod events;
pub(crate) mod export;
mod history;
mod message;
mod send;
mod templates;
mod wire;

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use async_trait::async_trait;
use inlet_model::{
    AccountId, AnySource, Applied, Capabilities, Change, CheckReport, Cursor, EventQueue, Intent, MessageOp,
    MessageSource, OpKey, Pace, Page, PartRef, PartSink, Progress, Reactions, RemoteId, Result, Scope, ScopeRole,
    Secrets, Source, SourceType, Template, UnifiedMessage, WhatsAppConfig,
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

pub(crate) use self::events::said_at;
use self::{client::Client, events::Reading};
use crate::inbound::{Platform, Reception};

/// The scope that holds all conversations.
const SCOPE: &str = "messages";
/// Events of one page.
const PAGE: usize = 200;
/// Hours in which people who wrote may be answered freely
/// (<https://developers.facebook.com/docs/whatsapp/pricing#customer-service-windows>).
const WINDOW: u32 = 24;
/// What one person takes from one number
/// (<https://developers.facebook.com/docs/whatsapp/cloud-api/overview#pair-rate-limits>).
const PACE: Pace = Pace { burst: 45, seconds: 6 };
/// Messages of mine that are remembered by their ids.
const REMEMBERED: usize = 4096;

/// WhatsApp of one number.
struct WhatsApp {
    account: AccountId,
    config: WhatsAppConfig,
    client: Client,
    reception: Reception,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    /// Names by number, as contacts were named last.
    names: HashMap<String, String>,
    /// When sending ended without an answer, by key.
    lost: HashMap<String, Instant>,
    /// Messages of mine that nobody looks for, by their ids, the newest last.
    mine: VecDeque<String>,
    /// The last event that was read.
    read_to: u64,
}

impl Memory {
    fn is_mine(&mut self, id: &str) {
        if !self.mine.iter().any(|known| known == id) {
            self.mine.push_back(id.to_owned());
            if self.mine.len() > REMEMBERED {
                self.mine.pop_front();
            }
        }
    }
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
    Ok(AnySource::Message(Arc::new(WhatsApp {
        account,
        reception: Reception::new(account, Platform::WhatsApp, &config.pushed(), secrets.clone(), queue)?,
        client: Client::new(&config.api_root, account, secrets)?,
        config: config.clone(),
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
        let secret = self.reception.secret()?;
        Ok(Platform::WhatsApp.verify_token(&secret, &self.config.path()).unwrap_or_default())
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
            pace: Some(PACE),
            choices: true,
            typing: true,
            reactions: Reactions::One,
            ..Capabilities::default()
        }
    }

    async fn check(&self) -> Result<CheckReport> {
        Ok(self.report().await)
    }

    async fn scopes(&self) -> Result<Vec<Scope>> {
        self.reception.even().await?;
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
        let events = self.reception.queue().read(at.seq, PAGE).await?;
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
        let told = page.changes.iter().filter(|(_, change)| matches!(change, Change::Mine { .. })).map(|(id, _)| id);
        let echoed = page.upserts.iter().filter(|message| message.from_me).map(|message| &message.remote_id);
        for id in told.chain(echoed) {
            memory.is_mine(&id.0);
        }
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
        self.reception.wait(after).await
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

    async fn typing(&self, _conversation: &str, answered: &RemoteId) -> Result<()> {
        self.tell_typing(answered).await
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

    async fn find_applied(&self, key: &OpKey, op: &MessageOp) -> Result<Option<Applied>> {
        self.found(key, op).await
    }
}

impl MessageSource for WhatsApp {}
