//! The demo's sources keep the contract of real ones.
//!
//! All but the workspace that has signed us out, which is there to break it: what that one does is tested beside it.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use async_trait::async_trait;
use inlet_model::{
    AnySource, DynSource, Intent, OpKey, Outgoing, Party, Record, RemoteId, Scope, ScopeRole, Target,
    account::DemoConfig,
};
use inlet_testkit::{Fixture, source_contract};

const NOW: &str = "2025-11-19T15:04:00Z";
const TITLE: &str = "Kingfishers at the harbour";

/// A platform of a world of its own, and its first scope with enough in it.
struct Platform {
    source: AnySource,
    scope: Scope,
    me: String,
    done: AtomicU32,
}

impl Platform {
    /// The one whose name begins so, with everything so many times.
    async fn new(start: &str, copies: u32) -> Self {
        let config = DemoConfig { seed: 1, now: NOW.parse().unwrap(), copies };
        let named =
            inlet_orchestrator::demo::sources(&config, &[]).into_iter().find(|(name, _)| name.starts_with(start));
        let (_, source) = named.unwrap();
        let known = source.clone().into_dyn();
        let me = known.check().await.unwrap().identity.unwrap();
        for scope in known.scopes().await.unwrap().into_iter().filter(|scope| scope.live) {
            if all(&*known, &scope).await.len() >= 20 {
                return Self { source, scope, me, done: AtomicU32::new(0) };
            }
        }
        panic!("nothing of {start} has enough in it")
    }

    fn known(&self) -> Arc<dyn DynSource> {
        self.source.clone().into_dyn()
    }

    /// What another program does there; false where the platform knows nothing like it.
    async fn does(&self, intent: &Intent) -> bool {
        let key = OpKey(format!("fixture.{}@inlet.test", self.done.fetch_add(1, Ordering::Relaxed)));
        let source = self.known();
        let Some(op) = source.plan(&key, intent).unwrap() else { return false };
        source.apply(&key, &op).await.unwrap();
        true
    }
}

fn target(scope: &Scope, item: &RemoteId) -> Vec<Target> {
    vec![Target { scope: scope.remote.clone(), remote_id: item.clone(), message_id: None, version: None }]
}

async fn all(source: &dyn DynSource, scope: &Scope) -> Vec<Record> {
    let (mut records, mut cursor) = (Vec::new(), None);
    loop {
        let page = source.pull(scope, cursor.as_ref()).await.unwrap();
        records.extend(page.upserts);
        cursor = Some(page.next);
        if !page.more {
            return records;
        }
    }
}

#[async_trait]
impl Fixture for Platform {
    fn source(&self) -> AnySource {
        self.source.clone()
    }

    async fn scope(&self) -> Scope {
        self.scope.clone()
    }

    /// To myself, so that nobody answers a moment later.
    fn outgoing(&self) -> Option<Outgoing> {
        let here = |role| (self.scope.role == role).then(|| self.scope.remote.clone());
        Some(Outgoing {
            to: vec![Party { name: None, handle: self.me.clone() }],
            subject: TITLE.to_owned(),
            text: TITLE.to_owned(),
            conversation: here(ScopeRole::Chat),
            section: here(ScopeRole::Notes),
            date: NOW.parse().unwrap(),
            ..Outgoing::default()
        })
    }

    async fn effects(&self, key: &OpKey) -> Option<usize> {
        let source = self.known();
        let mut count = 0;
        for scope in source.scopes().await.unwrap().iter().filter(|scope| scope.pulled) {
            let is_it = |record: &&Record| match scope.role {
                ScopeRole::Notes => record.title == TITLE,
                _ => record.message_id.as_ref() == Some(&key.0),
            };
            count += all(&*source, scope).await.iter().filter(is_it).count();
        }
        Some(count)
    }

    async fn arrive(&self) -> Option<String> {
        if self.scope.role != ScopeRole::Inbox {
            // What I write stands in the same place.
            assert!(self.does(&Intent::Send(Box::new(self.outgoing()?))).await);
            return Some(TITLE.to_owned());
        }
        let source = self.known();
        let scopes = source.scopes().await.unwrap();
        let archive = scopes.iter().find(|scope| scope.role == ScopeRole::Archive).unwrap();
        let mail = all(&*source, archive).await.remove(0);
        let targets = target(archive, mail.remote_id.as_ref().unwrap());
        let (to, role) = (self.scope.remote.clone(), self.scope.role);
        assert!(self.does(&Intent::Move { targets, to, role }).await);
        Some(mail.title)
    }

    async fn vanish(&self, item: &RemoteId) -> bool {
        self.does(&Intent::Expunge { targets: target(&self.scope, item) }).await
    }

    async fn set_read(&self, item: &RemoteId, read: bool) -> bool {
        let targets = target(&self.scope, item);
        self.does(&Intent::SetFlags { targets, read: Some(read), starred: None, answered: None }).await
    }
}

source_contract!(gmail, Platform::new("Gmail", 1).await);
source_contract!(outlook, Platform::new("Outlook", 1).await);
source_contract!(whatsapp, Platform::new("WhatsApp", 1).await);
source_contract!(teams, Platform::new("Teams", 1).await);
source_contract!(slack, Platform::new("Slack (Northwind)", 1).await);
source_contract!(onenote, Platform::new("OneNote", 2).await);
