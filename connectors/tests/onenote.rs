//! OneNote against a Graph that refuses what Microsoft does not document: the contract, syncing,
//! writing, what goes wrong, and how many requests it takes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "onenote/contract.rs"]
mod contract;
#[path = "onenote/faults.rs"]
mod faults;
#[path = "onenote/replay.rs"]
mod replay;
#[path = "onenote/scale.rs"]
mod scale;
#[path = "onenote/syncing.rs"]
mod syncing;
#[path = "onenote/writing.rs"]
mod writing;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use inlet_connectors::open;
use inlet_model::{
    Account, AccountConfig, AccountId, AnySource, Cursor, Intent, NoteOp, NoteSource, OpKey, Outgoing, Page, Scope,
    SourceType, UnifiedNote,
};
use inlet_testkit::{MemoryQueue, SignedIn, TokenIssuer, graph::FakeGraph};

type Notes = Arc<dyn NoteSource>;

const TOKEN: &str = "token";
const SCOPES: &[&str] = &["User.Read", "Notes.ReadWrite"];

/// Notebooks, and who lets one in.
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

    /// A notebook with one section of so many pages.
    fn with_pages(test: &str, pages: usize) -> Option<(Self, String)> {
        let place = Self::start(test)?;
        let section = place.fake.notes().section(&place.fake.notes().notebook("Garden"), "Spring");
        place.fake.notes().add_many(&section, pages);
        Some((place, section))
    }

    fn source(&self) -> Notes {
        let config = self.issuer.microsoft(&self.fake, SourceType::OneNote, false);
        let account = Account { id: AccountId(1), name: "megan".into(), config: AccountConfig::Microsoft(config) };
        match open(&account, Arc::new(SignedIn), Arc::new(MemoryQueue::default())).unwrap().pop() {
            Some(AnySource::Note(source)) => source,
            _ => panic!("OneNote is a source of notes"),
        }
    }
}

/// Time passes, for Inlet and for Microsoft. Only where a test has one thread, whose clock can be stopped.
fn later(place: &Place, time: Duration) -> impl Future<Output = ()> {
    place.fake.clock().advance(time);
    async move {
        tokio::time::pause();
        tokio::time::advance(time).await;
        tokio::time::resume();
    }
}

async fn scope(source: &Notes, section: &str) -> Scope {
    source.scopes().await.unwrap().into_iter().find(|scope| scope.remote == section).unwrap()
}

/// What a section holds, as its pages tell it.
#[derive(Default)]
struct Held {
    notes: BTreeMap<String, UnifiedNote>,
    /// Remote ids in the order they came with their content.
    order: Vec<String>,
    removed: Vec<String>,
    cursor: Option<Cursor>,
    complete: bool,
}

impl Held {
    async fn drain(&mut self, source: &Notes, scope: &Scope) {
        loop {
            let page = source.pull(scope, self.cursor.as_ref()).await.unwrap();
            if !self.take(page) {
                return;
            }
        }
    }

    /// Takes a page in as the engine does; whether there is more.
    fn take(&mut self, page: Page<UnifiedNote>) -> bool {
        assert!(page.poison.is_empty(), "{:?}", page.poison);
        for note in page.upserts {
            let id = note.remote_id.0.clone();
            if note.meta.pending {
                let kept = self.notes.remove(&id).map(|known| known.text).unwrap_or_default();
                self.notes.insert(id, UnifiedNote { text: kept, ..note });
            } else {
                self.order.push(id.clone());
                self.notes.insert(id, note);
            }
        }
        for id in page.removed {
            self.notes.remove(&id.0);
            self.removed.push(id.0);
        }
        if let Some(progress) = page.progress {
            self.complete = progress.complete;
        }
        if let Some(present) = page.present {
            self.notes.retain(|id, _| present.iter().any(|there| there.0 == *id));
        }
        self.cursor = Some(page.next);
        page.more
    }

    fn titles(&self) -> Vec<&str> {
        self.notes.values().map(|note| note.title.as_str()).collect()
    }

    fn pending(&self) -> usize {
        self.notes.values().filter(|note| note.meta.pending).count()
    }
}

/// What the engine freezes and hands to the source.
fn planned(source: &Notes, key: &OpKey, outgoing: Outgoing) -> NoteOp {
    source.plan(key, &Intent::Send(Box::new(outgoing))).unwrap().unwrap()
}
