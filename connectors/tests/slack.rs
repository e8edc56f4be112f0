//! Slack against a fake that refuses what Slack does not document: the contract, what comes between two
//! pulls, being told at once, sending at most once, what goes wrong, and how many requests it takes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

#[path = "slack/contract.rs"]
mod contract;
#[path = "slack/faults.rs"]
mod faults;
#[path = "slack/live.rs"]
mod live;
#[path = "slack/sending.rs"]
mod sending;
#[path = "slack/syncing.rs"]
mod syncing;

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use inlet_connectors::open;
use inlet_model::{
    Account, AccountConfig, AccountId, AnySource, Applied, Cursor, Intent, MessageOp, MessageSource, OpKey, Outgoing,
    Page, RemoteId, ReplyTo, Result, Scope, SecretName, Secrets, SlackConfig, Target, UnifiedMessage,
};
use inlet_testkit::{
    MemoryQueue,
    slack::{APP_TOKEN, FakeSlack, TOKEN},
};
use secrecy::SecretString;

type Chats = Arc<dyn MessageSource>;

/// The tokens of an account.
struct Tokens {
    person: &'static str,
    app: Option<&'static str>,
}

#[async_trait]
impl Secrets for Tokens {
    fn get(&self, _: AccountId, name: SecretName) -> Result<Option<SecretString>> {
        Ok(match name {
            SecretName::Password => Some(self.person.into()),
            SecretName::AppToken => self.app.map(Into::into),
            _ => None,
        })
    }

    async fn put(&self, _: AccountId, _: SecretName, _: SecretString) -> Result<()> {
        Ok(())
    }
}

/// A workspace with Ben and Ana in it.
struct Place {
    fake: FakeSlack,
    ben: String,
    ana: String,
}

impl Place {
    fn start(test: &str) -> Option<Self> {
        let fake = FakeSlack::start(test)?;
        let ben = fake.person("Ben Ito", "ben@initech.example");
        let ana = fake.person("Ana Ferreira", "ana@initech.example");
        Some(Self { fake, ben, ana })
    }

    fn open(&self, tokens: Tokens) -> Chats {
        let config = SlackConfig { api_root: self.fake.api_root(), address: None, workspace: None, oauth: None };
        let account = Account { id: AccountId(1), name: "Initech".into(), config: AccountConfig::Slack(config) };
        match open(&account, Arc::new(tokens), Arc::new(MemoryQueue::default())).unwrap().pop() {
            Some(AnySource::Message(source)) => source,
            _ => panic!("Slack is a source of messages"),
        }
    }

    /// One that is told at once.
    fn live(&self) -> Chats {
        self.open(Tokens { person: TOKEN, app: Some(APP_TOKEN) })
    }

    /// One that has to ask.
    fn source(&self) -> Chats {
        self.open(Tokens { person: TOKEN, app: None })
    }

    /// A channel with so many messages of Ben's.
    fn channel(&self, messages: usize) -> String {
        let channel = self.fake.channel("launch", &[&self.ben, &self.ana]);
        for number in 1..=messages {
            self.fake.say(&channel, &self.ben, &format!("Message {number}"));
        }
        channel
    }

    fn newest(&self, room: &str) -> String {
        self.fake.messages(room).last().unwrap()["ts"].as_str().unwrap().to_owned()
    }
}

async fn scope(source: &Chats, remote: &str) -> Scope {
    source.scopes().await.unwrap().into_iter().find(|scope| scope.remote == remote).unwrap()
}

/// What a conversation holds, as its pages tell it.
#[derive(Default)]
struct Held {
    messages: BTreeMap<String, UnifiedMessage>,
    cursor: Option<Cursor>,
    /// Messages of the last drain, counted as often as they came.
    came: usize,
}

impl Held {
    async fn all(source: &Chats, scope: &Scope) -> Self {
        let mut held = Self::default();
        held.drain(source, scope).await.unwrap();
        held
    }

    async fn drain(&mut self, source: &Chats, scope: &Scope) -> Result<()> {
        self.came = 0;
        while self.take(source.pull(scope, self.cursor.as_ref()).await?) {}
        Ok(())
    }

    fn take(&mut self, page: Page<UnifiedMessage>) -> bool {
        assert!(page.poison.is_empty(), "{:?}", page.poison);
        for message in page.upserts {
            self.came += 1;
            self.messages.insert(message.remote_id.0.clone(), message);
        }
        for change in page.flags {
            self.messages.get_mut(&change.remote_id.0).unwrap().read = change.flags.read;
        }
        for id in page.removed {
            self.messages.remove(&id.0);
        }
        self.cursor = Some(page.next);
        page.more
    }

    /// In the order they were written.
    fn texts(&self) -> Vec<&str> {
        let mut all: Vec<&UnifiedMessage> = self.messages.values().collect();
        all.sort_by_key(|message| message.sent_at);
        all.into_iter().map(|message| message.text.as_str()).collect()
    }

    fn get(&self, ts: &str) -> &UnifiedMessage {
        self.messages.values().find(|message| message.remote_id.0.ends_with(&format!("/{ts}"))).unwrap()
    }
}

fn outgoing(conversation: &str, text: &str) -> Outgoing {
    Outgoing { conversation: Some(conversation.into()), text: text.into(), ..Outgoing::default() }
}

fn answer(conversation: &str, to: &str, text: &str) -> Outgoing {
    let reply_to = Some(ReplyTo { remote_id: Some(RemoteId(to.into())), ..ReplyTo::default() });
    Outgoing { reply_to, ..outgoing(conversation, text) }
}

/// Plans and prepares, as the engine does before it sends.
async fn planned(source: &Chats, key: &str, outgoing: Outgoing) -> Result<MessageOp> {
    let key = OpKey(key.into());
    let op = source.plan(&key, &Intent::Send(Box::new(outgoing))).unwrap().unwrap();
    Ok(source.prepare(&key, &op).await?.unwrap_or(op))
}

async fn send(source: &Chats, key: &str, outgoing: Outgoing) -> Result<Applied> {
    let op = planned(source, key, outgoing).await?;
    source.apply(&OpKey(key.into()), &op).await
}

async fn mark(source: &Chats, scope: &Scope, ids: &[&str], read: bool) {
    let target =
        |id: &&str| Target { scope: scope.remote.clone(), remote_id: (*id).into(), message_id: None, version: None };
    let targets = ids.iter().map(target).collect();
    let intent = Intent::SetFlags { targets, read: Some(read), starred: None, answered: None };
    let key = OpKey("mark".into());
    let op = source.plan(&key, &intent).unwrap().unwrap();
    source.apply(&key, &op).await.unwrap();
}
