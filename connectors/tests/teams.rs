//! Teams against a Graph that refuses what Microsoft does not document: the contract, what comes between
//! two pulls, sending at most once, what goes wrong, and how many requests it takes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

#[path = "teams/channels.rs"]
mod channels;
#[path = "teams/contract.rs"]
mod contract;
#[path = "teams/faults.rs"]
mod faults;
#[path = "teams/replay.rs"]
mod replay;
#[path = "teams/scale.rs"]
mod scale;
#[path = "teams/sending.rs"]
mod sending;
#[path = "teams/syncing.rs"]
mod syncing;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use inlet_connectors::open;
use inlet_model::{
    Account, AccountConfig, AccountId, AnySource, Applied, Cursor, Intent, MessageOp, MessageSource, OpKey, Outgoing,
    Page, RemoteId, ReplyTo, Result, Scope, SourceType, UnifiedMessage,
};
use inlet_testkit::{
    MemoryQueue, SignedIn, TokenIssuer,
    graph::{FakeGraph, Person, Resource, Said},
};

type Chats = Arc<dyn MessageSource>;

const TOKEN: &str = "token";
const SCOPES: &[&str] = &[
    "User.Read",
    "Chat.ReadWrite",
    "ChatMessage.Send",
    "Team.ReadBasic.All",
    "Channel.ReadBasic.All",
    "ChannelMessage.Read.All",
    "ChannelMessage.Send",
];

/// A tenant, and who lets one in.
struct Tenant {
    fake: FakeGraph,
    issuer: TokenIssuer,
}

impl Tenant {
    fn start(test: &str) -> Option<Self> {
        let fake = FakeGraph::start(test)?;
        fake.accept(TOKEN, SCOPES);
        Some(Self { fake, issuer: TokenIssuer::start(TOKEN) })
    }

    fn open(&self, channels: bool) -> Chats {
        let config = self.issuer.microsoft(&self.fake, SourceType::Teams, channels);
        let account = Account { id: AccountId(1), name: "megan".into(), config: AccountConfig::Microsoft(config) };
        match open(&account, Arc::new(SignedIn), Arc::new(MemoryQueue::default())).unwrap().pop() {
            Some(AnySource::Message(source)) => source,
            _ => panic!("Teams is a source of messages"),
        }
    }

    fn source(&self) -> Chats {
        self.open(false)
    }

    /// A chat of several with so many messages of Ben's.
    fn chat(&self, messages: usize) -> String {
        let chat = self.fake.teams().group("Launch", &[ana(), ben()]);
        for number in 1..=messages {
            self.fake.teams().say(&chat, Said::text(&format!("Message {number}")).from(&ben()));
        }
        chat
    }

    /// Requests for Teams since this was called last.
    fn requests(&self) -> usize {
        let count = self.fake.requests(Resource::Teams);
        self.fake.forget();
        count
    }
}

fn ana() -> Person {
    Person::new("Ana Ferreira", "ana@contoso.example")
}

fn ben() -> Person {
    Person::new("Ben Ito", "ben@contoso.example")
}

async fn scope(source: &Chats, remote: &str) -> Scope {
    source.scopes().await.unwrap().into_iter().find(|scope| scope.remote == remote).unwrap()
}

/// The list of chats as the engine asks for it: as far down as anything changed.
async fn look(source: &Chats) -> Vec<Scope> {
    let (mut listed, mut from) = (Vec::new(), None);
    loop {
        let piece = source.list(from.as_ref()).await.unwrap();
        listed.extend(piece.scopes);
        from = piece.next;
        if from.is_none() {
            return listed;
        }
    }
}

/// What the chats of a source hold, each with its scope.
#[derive(Default)]
struct All(BTreeMap<String, (Scope, Held)>);

impl All {
    /// A round as the engine makes one: each piece of the list is pulled when the next one is there, and then what was
    /// not listed. How many messages came.
    async fn round(&mut self, source: &Chats) -> usize {
        let (mut listed, mut waiting, mut from, mut came) = (BTreeSet::new(), Vec::new(), None, 0);
        loop {
            let piece = source.list(from.as_ref()).await.unwrap();
            listed.extend(piece.scopes.iter().map(|scope| scope.remote.clone()));
            for scope in std::mem::replace(&mut waiting, piece.scopes) {
                came += self.pull(source, scope).await;
            }
            if piece.whole {
                self.0.retain(|remote, _| listed.contains(remote));
            }
            from = piece.next;
            if from.is_none() {
                break;
            }
        }
        for scope in waiting {
            came += self.pull(source, scope).await;
        }
        for (_, (scope, held)) in self.0.iter_mut().filter(|(remote, _)| !listed.contains(*remote)) {
            held.drain(source, scope).await.unwrap();
            came += held.came;
        }
        came
    }

    async fn pull(&mut self, source: &Chats, scope: Scope) -> usize {
        let (_, held) = self.0.entry(scope.remote.clone()).or_insert_with(|| (scope.clone(), Held::default()));
        held.drain(source, &scope).await.unwrap();
        held.came
    }

    /// How many messages are here.
    fn count(&self) -> usize {
        self.0.values().map(|(_, held)| held.messages.len()).sum()
    }
}

/// What a chat holds, as its pages tell it.
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

    /// A page of the past.
    async fn older(&mut self, source: &Chats, scope: &Scope) -> bool {
        let page = source.older(scope, self.cursor.as_ref().unwrap()).await.unwrap();
        let complete = page.progress.is_none_or(|progress| progress.complete);
        self.take(page);
        complete
    }

    fn take(&mut self, page: Page<UnifiedMessage>) -> bool {
        assert!(page.poison.is_empty() && page.removed.is_empty(), "{:?}", page.poison);
        for message in page.upserts {
            self.came += 1;
            self.messages.insert(message.remote_id.0.clone(), message);
        }
        for change in page.flags {
            self.messages.get_mut(&change.remote_id.0).unwrap().read = change.flags.read;
        }
        self.cursor = Some(page.next);
        page.more
    }

    fn texts(&self) -> Vec<&str> {
        self.messages.values().map(|message| message.text.as_str()).collect()
    }

    fn get(&self, id: &str) -> &UnifiedMessage {
        self.messages.values().find(|message| message.remote_id.0.ends_with(&format!("/{id}"))).unwrap()
    }
}

/// Time passes. Only where a test has one thread, whose clock can be stopped.
async fn later(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

fn outgoing(conversation: &str, text: &str) -> Outgoing {
    Outgoing { conversation: Some(conversation.into()), text: text.into(), ..Outgoing::default() }
}

fn answer(conversation: &str, to: &str, text: &str) -> Outgoing {
    let reply_to = Some(ReplyTo { remote_id: Some(RemoteId(to.into())), ..ReplyTo::default() });
    Outgoing { reply_to, ..outgoing(conversation, text) }
}

/// Plans and prepares, as the engine does before it sends.
async fn planned(source: &Chats, outgoing: Outgoing) -> Result<MessageOp> {
    let key = OpKey("one".into());
    let op = source.plan(&key, &Intent::Send(Box::new(outgoing))).unwrap().unwrap();
    Ok(source.prepare(&key, &op).await?.unwrap_or(op))
}

async fn send(source: &Chats, outgoing: Outgoing) -> Result<Applied> {
    let op = planned(source, outgoing).await?;
    source.apply(&OpKey("one".into()), &op).await
}

async fn mark(source: &Chats, scope: &Scope, id: &str, read: bool) {
    let target =
        inlet_model::Target { scope: scope.remote.clone(), remote_id: id.into(), message_id: None, version: None };
    let intent = Intent::SetFlags { targets: vec![target], read: Some(read), starred: None, answered: None };
    let key = OpKey("mark".into());
    let op = source.plan(&key, &intent).unwrap().unwrap();
    source.apply(&key, &op).await.unwrap();
}
