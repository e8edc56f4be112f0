//! What platforms push, written as a sync writes it: in whatever order it comes, and cut short before it is kept.

use std::sync::atomic::{AtomicI64, Ordering};

use inlet_model::{
    AccountConfig, AccountId, Capabilities, Cursor, Page, Party, Receipt, RecordPage, RemoteId, Scope, ScopeId,
    ScopeRole, SourceId, SourceType, Storable, Timestamp, UnifiedMessage, Warning, account::FilesConfig,
};
use tempfile::TempDir;

use super::{
    Result, Store, StoreError, account,
    ingest::{self, PackedPage},
    poison, scope, source, warning,
};
use crate::api::types::Unreadable;

const START: i64 = 1_750_000_000;
const OLD: &str = "16505551234";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(START + second).unwrap()
}

fn named(number: &str) -> Party {
    Party::named("Sheena Nelson", format!("+{number}"))
}

/// A message that is told whole.
fn said(id: &str, number: &str, text: &str, second: i64) -> UnifiedMessage {
    UnifiedMessage {
        remote_id: RemoteId(id.to_owned()),
        conversation: number.to_owned(),
        title: None,
        members: vec![named(number)],
        sender: named(number),
        from_me: false,
        sent_at: at(second),
        edited_at: None,
        deleted: false,
        event: false,
        text: text.to_owned(),
        html: None,
        reply_to: None,
        reactions: Vec::new(),
        attachments: Vec::new(),
        read: false,
        starred: false,
        receipt: Receipt::None,
        client_key: None,
    }
}

fn page(upserts: impl IntoIterator<Item = UnifiedMessage>) -> RecordPage {
    let mut page: RecordPage = Page::empty(Cursor::default());
    page.upserts = upserts.into_iter().map(Storable::into_record).collect();
    page
}

/// A source that pushes, and what was made of it.
struct World {
    store: Store,
    account: AccountId,
    source: SourceId,
    scope: ScopeId,
    now: AtomicI64,
    _folder: TempDir,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), |_| {}).unwrap();
        let made = store.write(|tx| {
            account::insert(tx, "shop", &AccountConfig::Files(FilesConfig::default()), at(0))?;
            let account = AccountId(1);
            let source = source::ensure(tx, account, 0, SourceType::WhatsApp, "shop", &Capabilities::default())?;
            let all = Scope {
                remote: "messages".to_owned(),
                name: "WhatsApp".to_owned(),
                role: ScopeRole::Chat,
                pulled: true,
                live: true,
            };
            scope::replace(tx, source, &[all])?;
            let scope = scope::of_source(tx.main, source)?.remove(0).id;
            Ok((account, source, scope))
        });
        let (account, source, scope) = made.await.unwrap();
        Self { store, account, source, scope, now: AtomicI64::new(0), _folder: folder }
    }

    /// A page is written; where the program is killed right before that is kept, all of it is as if it had never been.
    async fn written(&self, page: RecordPage, killed: bool) -> Result<()> {
        let (source, scope, now) = (self.source, self.scope, at(self.now.fetch_add(1, Ordering::Relaxed)));
        let packed = PackedPage::pack(page).unwrap();
        self.store
            .write(move |tx| {
                ingest::page(tx, source, scope, &packed, now)?;
                if killed { Err(StoreError::Value("killed".to_owned())) } else { Ok(()) }
            })
            .await
    }

    async fn take(&self, page: RecordPage) {
        self.written(page, false).await.unwrap();
    }

    async fn unreadable(&self) -> Option<Unreadable> {
        let source = self.source;
        self.store.read(move |reader| poison::unseen(&reader.main, source)).await.unwrap()
    }

    async fn seen(&self) {
        let account = self.account;
        self.store.write(move |tx| poison::seen(tx, account)).await.unwrap();
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_told_until_it_was_seen_or_can_be_read() {
    let world = World::new().await;
    let broken = |all: &[(&str, &str)]| {
        let mut page = page([]);
        page.poison = all.iter().map(|(id, reason)| (RemoteId((*id).to_owned()), (*reason).to_owned())).collect();
        page
    };
    let told = async || world.unreadable().await.map(|told| (told.count, told.reason, told.newest));
    assert_eq!(told().await, None);
    world.take(broken(&[("event 1", "It has no end.")])).await;
    assert_eq!(told().await, Some((1, "It has no end.".to_owned(), at(0))));
    world.take(broken(&[("wamid.B", "It has no beginning.")])).await;
    assert_eq!(told().await, Some((2, "It has no beginning.".to_owned(), at(1))));
    // The same again is no news.
    world.take(broken(&[("event 1", "It has no end.")])).await;
    assert_eq!(told().await, Some((2, "It has no beginning.".to_owned(), at(1))));

    world.seen().await;
    assert_eq!(told().await, None);
    world.take(broken(&[("event 1", "It has no end."), ("wamid.B", "It has no beginning.")])).await;
    assert_eq!(told().await, None, "seen is seen");
    world.take(broken(&[("event 1", "It is of another kind."), ("wamid.C", "It has no end.")])).await;
    assert_eq!(told().await.map(|told| told.0), Some(2), "of what was seen only what is another one");

    world.take(page([said("wamid.C", OLD, "Read after all", 0)])).await;
    assert_eq!(told().await.map(|told| (told.0, told.1)), Some((1, "It is of another kind.".to_owned())));
    let mut gone = page([]);
    gone.removed = vec![RemoteId("event 1".to_owned())];
    world.take(gone).await;
    assert_eq!(told().await, None);
}

#[tokio::test]
async fn what_is_wrong_with_an_account_is_told_until_it_was_seen_or_is_said_again() {
    let world = World::new().await;
    let warn = async |code: &str, reason: &str, second: i64| {
        let mut page = page([]);
        page.warnings = vec![Warning { code: code.to_owned(), reason: reason.to_owned(), at: at(second) }];
        world.take(page).await;
    };
    let told = async || {
        let source = world.source;
        let all = world.store.read(move |reader| warning::unseen(&reader.main, source)).await.unwrap();
        all.into_iter().map(|one| one.reason).collect::<Vec<_>>()
    };
    warn("368", "It is locked.", 10).await;
    warn("131042", "It is not paid.", 20).await;
    assert_eq!(told().await, ["It is not paid.", "It is locked."]);
    let account = world.account;
    world.store.write(move |tx| warning::seen(tx, account)).await.unwrap();
    // The queue is read anew, and then it is said once more.
    warn("368", "It is locked.", 10).await;
    assert!(told().await.is_empty());
    warn("368", "It is locked.", 30).await;
    assert_eq!(told().await, ["It is locked."]);
}
