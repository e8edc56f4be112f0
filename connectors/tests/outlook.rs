//! Outlook against a Graph that refuses what Microsoft does not document: the contract, syncing,
//! sending, changes, what goes wrong, and how many requests it takes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

#[path = "outlook/contract.rs"]
mod contract;
#[path = "outlook/drafts.rs"]
mod drafts;
#[path = "outlook/faults.rs"]
mod faults;
#[path = "outlook/filing.rs"]
mod filing;
#[path = "outlook/replay.rs"]
mod replay;
#[path = "outlook/scale.rs"]
mod scale;
#[path = "outlook/sending.rs"]
mod sending;
#[path = "outlook/syncing.rs"]
mod syncing;

use std::{collections::BTreeMap, sync::Arc};

use inlet_connectors::open;
use inlet_model::{
    Account, AccountConfig, AccountId, AnySource, Cursor, Intent, MailSource, OpKey, Outgoing, Page, Party, Scope,
    ScopeRole, SourceType, Target, UnifiedEmail,
};
use inlet_testkit::{MemoryQueue, SignedIn, TokenIssuer, graph::FakeGraph};

type Mail = Arc<dyn MailSource>;

const TOKEN: &str = "token";
const SCOPES: &[&str] =
    &["User.Read", "Mail.ReadWrite", "Mail.Send", "Calendars.ReadWrite", "MailboxSettings.ReadWrite"];

/// A mailbox, and who lets one in.
struct Place {
    fake: FakeGraph,
    issuer: TokenIssuer,
}

impl Place {
    fn start(test: &str) -> Option<Self> {
        let fake = FakeGraph::start(test)?;
        fake.accept(TOKEN, SCOPES);
        Some(Self { fake, issuer: TokenIssuer::start(TOKEN) })
    }

    fn source(&self) -> Mail {
        let config = self.issuer.microsoft(&self.fake, SourceType::Outlook, false);
        let account = Account { id: AccountId(1), name: "megan".into(), config: AccountConfig::Microsoft(config) };
        match open(&account, Arc::new(SignedIn), Arc::new(MemoryQueue::default())).unwrap().pop() {
            Some(AnySource::Mail(source)) => source,
            _ => panic!("Outlook is a source of mail"),
        }
    }
}

async fn scope(source: &Mail, role: ScopeRole) -> Scope {
    source.scopes().await.unwrap().into_iter().find(|scope| scope.role == role).unwrap()
}

/// What a folder holds, as its pages tell it.
#[derive(Default)]
struct Held {
    mails: BTreeMap<String, UnifiedEmail>,
    /// Remote ids in the order they came.
    order: Vec<String>,
    cursor: Option<Cursor>,
    pages: usize,
}

impl Held {
    async fn all(source: &Mail, scope: &Scope) -> Self {
        let mut held = Self::default();
        held.drain(source, scope).await;
        held
    }

    async fn drain(&mut self, source: &Mail, scope: &Scope) {
        loop {
            let page = source.pull(scope, self.cursor.as_ref()).await.unwrap();
            if !self.take(page) {
                return;
            }
        }
    }

    /// Takes a page in; whether there is more.
    fn take(&mut self, page: Page<UnifiedEmail>) -> bool {
        assert!(page.poison.is_empty(), "{:?}", page.poison);
        self.pages += 1;
        for mail in page.upserts {
            let id = mail.remote_id.clone().unwrap().0;
            self.order.push(id.clone());
            self.mails.insert(id, mail);
        }
        for change in page.flags {
            if let Some(mail) = self.mails.get_mut(&change.remote_id.0) {
                mail.flags = change.flags;
                mail.also_in = change.also_in;
            }
        }
        for id in page.removed {
            self.mails.remove(&id.0);
        }
        if let Some(present) = page.present {
            self.mails.retain(|id, _| present.iter().any(|there| there.0 == *id));
        }
        self.cursor = Some(page.next);
        page.more
    }

    fn subjects(&self) -> Vec<&str> {
        self.mails.values().map(|mail| mail.subject.as_str()).collect()
    }
}

fn target(scope: &Scope, id: &str) -> Target {
    Target { scope: scope.remote.clone(), remote_id: id.into(), message_id: None, version: None }
}

fn outgoing(subject: &str) -> Outgoing {
    Outgoing {
        from: Some(Party { name: None, handle: "meganb@contoso.example".into() }),
        to: vec![Party::named("Ann", "ann@fabrikam.example")],
        subject: subject.into(),
        text: "It goes out once.".into(),
        date: "2026-06-01T10:00:00Z".parse().unwrap(),
        ..Outgoing::default()
    }
}

/// Plans, prepares and applies, as the engine does.
async fn send(source: &Mail, key: &OpKey, outgoing: Outgoing) -> inlet_model::Result<inlet_model::Applied> {
    let op = source.plan(key, &Intent::Send(Box::new(outgoing))).unwrap().unwrap();
    let op = source.prepare(key, &op).await?.unwrap_or(op);
    source.apply(key, &op).await
}

async fn act(source: &Mail, intent: Intent) -> inlet_model::Result<inlet_model::Applied> {
    let key = OpKey("act".into());
    let op = source.plan(&key, &intent).unwrap().expect("the platform has to know");
    source.apply(&key, &op).await
}
