//! What platforms push, written as a sync writes it: in whatever order it comes, and cut short before it is kept.

use std::sync::atomic::{AtomicI64, Ordering};

use inlet_model::{
    AccountConfig, AccountId, Capabilities, Change, Cursor, Moved, OpKey, Page, Party, Receipt, RecordPage, RemoteId,
    Scope, ScopeId, ScopeRole, SourceId, SourceType, Storable, ThreadId, Timestamp, UnifiedMessage, Warning,
    account::FilesConfig,
};
use tempfile::TempDir;

use super::{
    Result, Store, StoreError, account, body,
    ingest::{self, PackedPage},
    item, moved,
    outbox::{self, NewOp},
    people, poison, scope, source, thread, warning,
};
use crate::api::types::{OpKind, Unreadable};

const START: i64 = 1_750_000_000;
const OLD: &str = "16505551234";
const NEW: &str = "12195555358";

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
            let scope = scope::list(tx, source, &[all])?.remove(0);
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

    /// What a message is now.
    async fn is(&self, id: &str) -> Is {
        let (source, id) = (self.source, id.to_owned());
        let found = self.store.read(move |reader| {
            let row = item::by_stable_id(&reader.main, source, &id)?.unwrap();
            let text = body::text(&reader.bodies, row.body)?;
            let reactions = row.extra.reactions.iter().map(|one| one.emoji.clone()).collect();
            Ok(Is { text, edited: row.edited, retracted: row.retracted, reactions })
        });
        found.await.unwrap()
    }

    /// The conversation a message is in, what its platform calls it, and who it is with.
    async fn conversation(&self, id: &str) -> (ThreadId, Option<String>, Vec<String>) {
        let (source, id) = (self.source, id.to_owned());
        let found = self.store.read(move |reader| {
            let thread = item::by_stable_id(&reader.main, source, &id)?.unwrap().thread;
            let people = thread::get(&reader.main, thread)?.unwrap().people;
            let people = people.into_iter().map(|party| party.handle).collect();
            Ok((thread, thread::key(&reader.main, thread)?, people))
        });
        found.await.unwrap()
    }

    /// All handles of whoever has this one.
    async fn handles(&self, number: &str) -> Vec<String> {
        let handle = format!("+{number}");
        let mut all = self.store.read(move |reader| people::handles(&reader.main, &handle)).await.unwrap();
        all.sort();
        all
    }

    /// Where a message for this number goes.
    async fn reached(&self, number: &str) -> String {
        let (source, number) = (self.source, number.to_owned());
        self.store.read(move |reader| moved::reached(&reader.main, source, &number)).await.unwrap()
    }

    /// How much waits for messages that are not here.
    async fn waiting(&self) -> i64 {
        let count =
            self.store.read(|reader| Ok(reader.main.query_row("SELECT count(*) FROM early", [], |row| row.get(0))?));
        count.await.unwrap()
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

/// What a message is.
#[derive(Debug, PartialEq)]
struct Is {
    text: String,
    edited: bool,
    retracted: bool,
    reactions: Vec<String>,
}

impl Is {
    fn saying(text: &str) -> Self {
        Self { text: text.to_owned(), edited: false, retracted: false, reactions: Vec::new() }
    }
}

/// Something of one message.
#[derive(Clone, Copy, Debug)]
enum Event {
    Said,
    Edited(&'static str, i64),
    Reacted(&'static str),
    Retracted,
}

/// A page with these events of one message.
fn telling(id: &str, events: &[Event]) -> RecordPage {
    let messages = events.iter().filter(|event| matches!(event, Event::Said));
    let mut page = page(messages.map(|_| said(id, OLD, "As it was", 0)));
    for event in events {
        let change = match *event {
            Event::Said => continue,
            Event::Edited(text, second) => Change::Edited { text: text.to_owned(), at: at(second) },
            Event::Reacted(emoji) => Change::Reacted { by: named(OLD), mine: false, emoji: Some(emoji.to_owned()) },
            Event::Retracted => Change::Retracted,
        };
        page.changes.push((RemoteId(id.to_owned()), change));
    }
    page
}

/// Every order of these.
fn orders(events: &[Event]) -> Vec<Vec<Event>> {
    if events.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for first in 0..events.len() {
        let mut rest = events.to_vec();
        let event = rest.remove(first);
        for mut order in orders(&rest) {
            order.insert(0, event);
            all.push(order);
        }
    }
    all
}

#[tokio::test]
async fn in_whatever_order_it_is_told_a_message_is_the_same_in_the_end() {
    let world = World::new().await;
    let [first, second, up] = [Event::Edited("First", 10), Event::Edited("Second", 20), Event::Reacted("👍")];
    let reactions = vec!["👍".to_owned()];
    let edited = Is { edited: true, reactions: reactions.clone(), ..Is::saying("Second") };
    let mut number = 0;
    for (events, expected) in [
        (vec![Event::Said, first, second, up], edited),
        (vec![Event::Said, first, Event::Retracted, up], Is { retracted: true, reactions, ..Is::saying("") }),
    ] {
        for order in orders(&events) {
            // Each by itself, two at a time, all at once; and the program is killed before each page is kept.
            for size in [1, 2, events.len()] {
                number += 1;
                let id = format!("wamid.{number}");
                for some in order.chunks(size) {
                    world.written(telling(&id, some), true).await.unwrap_err();
                    world.take(telling(&id, some)).await;
                }
                let is = world.is(&id).await;
                // That a message was edited before it was taken back is of no interest.
                let is = Is { edited: is.edited && !is.retracted, ..is };
                assert_eq!(is, expected, "{order:?} by {size}");
                assert_eq!(world.waiting().await, 0, "{order:?} by {size}");
            }
        }
    }
}

#[tokio::test]
async fn what_was_told_early_is_kept_with_the_page_that_brought_it_or_not_at_all() {
    let world = World::new().await;
    world.written(telling("wamid.1", &[Event::Edited("Anew", 10)]), true).await.unwrap_err();
    assert_eq!(world.waiting().await, 0, "it is still to come from the queue");
    world.take(telling("wamid.1", &[Event::Edited("Anew", 10)])).await;
    assert_eq!(world.waiting().await, 1);
    world.written(telling("wamid.1", &[Event::Said]), true).await.unwrap_err();
    assert_eq!(world.waiting().await, 1, "nothing was brought yet");
    world.take(telling("wamid.2", &[Event::Said])).await;
    assert_eq!(world.is("wamid.2").await, Is::saying("As it was"), "it is about another one");
    world.take(telling("wamid.1", &[Event::Said])).await;
    assert_eq!(world.is("wamid.1").await, Is { edited: true, ..Is::saying("Anew") });
    assert_eq!(world.waiting().await, 0);
}

#[tokio::test]
async fn what_waits_for_a_message_that_never_comes_is_forgotten() {
    let world = World::new().await;
    world.take(telling("wamid.1", &[Event::Reacted("👍")])).await;
    world.now.store(29 * 86_400, Ordering::Relaxed);
    world.take(telling("wamid.2", &[Event::Said])).await;
    assert_eq!(world.waiting().await, 1);
    world.now.store(31 * 86_400, Ordering::Relaxed);
    world.take(telling("wamid.3", &[Event::Said])).await;
    assert_eq!(world.waiting().await, 0);
    world.take(telling("wamid.1", &[Event::Said])).await;
    assert_eq!(world.is("wamid.1").await, Is::saying("As it was"));
}

#[tokio::test]
async fn a_reaction_to_a_message_of_mine_may_be_told_before_its_id() {
    let world = World::new().await;
    let mut mine = said("not known yet", OLD, "Mine", 0);
    (mine.from_me, mine.client_key) = (true, Some("key-1".to_owned()));
    let (source, record) = (world.source, mine.into_record());
    world.store.write(move |tx| ingest::echo(tx, source, None, &record, 1, None)).await.unwrap();
    world.take(telling("wamid.M", &[Event::Reacted("👍")])).await;
    let mut named = page([]);
    named.changes.push((RemoteId("wamid.M".to_owned()), Change::Mine { key: OpKey("key-1".to_owned()) }));
    world.take(named).await;
    assert_eq!(world.is("wamid.M").await, Is { reactions: vec!["👍".to_owned()], ..Is::saying("Mine") });
    assert_eq!(world.waiting().await, 0);
}

/// They say that they have another number, and the platform says so in a message of its own.
fn moving(from: &str, to: &str, second: i64) -> RecordPage {
    let mut page = page([said(&format!("moved at {second}"), from, "Sheena changed her number", second)]);
    page.upserts[0].from = Some(Party::named("WhatsApp", ""));
    let (conversation, into) = (from.to_owned(), to.to_owned());
    page.moved = vec![Moved { conversation, into, from: named(from), to: named(to), at: at(second) }];
    page
}

#[tokio::test]
async fn a_conversation_follows_to_the_new_number_and_both_are_one_person() {
    let world = World::new().await;
    world.take(page([said("wamid.1", OLD, "Before", 10)])).await;
    let (before, ..) = world.conversation("wamid.1").await;
    world.written(moving(OLD, NEW, 20), true).await.unwrap_err();
    assert_eq!(world.conversation("wamid.1").await, (before, Some(OLD.to_owned()), vec![format!("+{OLD}")]));
    assert_eq!(world.handles(OLD).await, [format!("+{OLD}")]);

    world.take(moving(OLD, NEW, 20)).await;
    let there = (before, Some(NEW.to_owned()), vec![format!("+{NEW}")]);
    assert_eq!(world.conversation("wamid.1").await, there);
    assert_eq!(world.conversation("moved at 20").await, there);
    // From the new number, and late from the old one.
    world.take(page([said("wamid.2", NEW, "After", 30), said("wamid.3", OLD, "Late", 15)])).await;
    assert_eq!(world.conversation("wamid.2").await, there);
    assert_eq!(world.conversation("wamid.3").await, there);
    let both = [format!("+{NEW}"), format!("+{OLD}")];
    assert_eq!((world.handles(OLD).await, world.handles(NEW).await), (both.to_vec(), both.to_vec()));
    assert_eq!(world.reached(OLD).await, NEW);

    // Whoever has the old number after them is somebody else.
    world.take(page([said("wamid.4", OLD, "Who is this?", 1_000)])).await;
    let (other, key, people) = world.conversation("wamid.4").await;
    assert!(other != before, "another conversation");
    assert_eq!((key.as_deref(), people), (Some(OLD), vec![format!("+{OLD}")]));
    assert_eq!((world.reached(OLD).await.as_str(), world.reached(NEW).await.as_str()), (OLD, NEW));
}

#[tokio::test]
async fn in_whatever_order_it_is_told_there_is_one_conversation() {
    // What is told: something from each number, and the change, which may come last or be told twice.
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let world = World::new().await;
        let pages = || {
            let old = page([said("wamid.1", OLD, "Before", 10)]);
            [old, moving(OLD, NEW, 20), page([said("wamid.2", NEW, "After", 30)])]
        };
        for number in order.into_iter().chain([1]) {
            let next = || pages().into_iter().nth(number).unwrap();
            world.written(next(), true).await.unwrap_err();
            world.take(next()).await;
        }
        let all = [world.conversation("wamid.1").await, world.conversation("wamid.2").await];
        assert_eq!(all[0], all[1], "{order:?}");
        assert_eq!((all[0].1.as_deref(), &all[0].2), (Some(NEW), &vec![format!("+{NEW}")]), "{order:?}");
    }
}

#[tokio::test]
async fn whoever_moves_again_or_back_is_still_the_same() {
    const THIRD: &str = "4915100000001";
    for (second, name) in [(THIRD, "on"), (OLD, "back")] {
        for late in [false, true] {
            let world = World::new().await;
            world.take(page([said("wamid.1", OLD, "At first", 10)])).await;
            let mut pages = [moving(OLD, NEW, 20), moving(NEW, second, 40)];
            if late {
                pages.reverse();
            }
            for page in pages {
                world.take(page).await;
            }
            world.take(page([said("wamid.2", NEW, "Between", 30), said("wamid.3", second, "At last", 50)])).await;
            let there = world.conversation("wamid.1").await;
            assert_eq!(there.1.as_deref(), Some(second), "{name}, late: {late}");
            for id in ["wamid.2", "wamid.3"] {
                assert_eq!(world.conversation(id).await, there, "{name}, late: {late}");
            }
            assert_eq!(world.reached(NEW).await, second, "{name}, late: {late}");
        }
    }
}

#[tokio::test]
async fn what_a_person_said_of_two_numbers_counts_more() {
    let world = World::new().await;
    world.take(page([said("wamid.1", OLD, "Before", 10)])).await;
    world.store.write(|tx| people::keep_apart(tx, &format!("+{OLD}"), &format!("+{NEW}"))).await.unwrap();
    world.take(moving(OLD, NEW, 20)).await;
    assert_eq!(world.handles(NEW).await, [format!("+{NEW}")]);

    let world = World::new().await;
    world.take(page([said("wamid.1", OLD, "Before", 10)])).await;
    world.take(moving(OLD, NEW, 20)).await;
    world.store.write(|tx| people::split(tx, &[format!("+{NEW}")])).await.unwrap();
    // The queue is read anew.
    world.take(moving(OLD, NEW, 20)).await;
    assert_eq!(world.handles(NEW).await, [format!("+{NEW}")]);
}

#[tokio::test]
async fn what_waits_to_be_sent_goes_to_the_new_number() {
    let world = World::new().await;
    world.take(page([said("wamid.1", OLD, "Before", 10)])).await;
    let (thread, ..) = world.conversation("wamid.1").await;
    let source = world.source;
    let queued = world.store.write(move |tx| {
        let op = |to: &str| format!(r#"{{"op":"send","conversation":"{to}","text":"Later"}}"#);
        let mut queued = Vec::new();
        for (key, to) in [("a", OLD), ("b", "4915100000001")] {
            let op = op(to);
            let new = NewOp {
                source,
                thread: Some(thread),
                kind: OpKind::Send,
                key,
                title: "",
                not_before: at(1_000),
                created_at: at(11),
                op: Some(&op),
                change: None,
                compose: None,
                remind_at: None,
                draft: None,
            };
            queued.push(outbox::insert(tx, &new, &[])?);
        }
        Ok(queued)
    });
    let queued = queued.await.unwrap();
    world.take(moving(OLD, NEW, 20)).await;
    let mut to = Vec::new();
    for id in queued {
        let op = world.store.read(move |reader| outbox::get(&reader.main, id)).await.unwrap().unwrap().op.unwrap();
        let op: serde_json::Value = serde_json::from_str(&op).unwrap();
        assert_eq!(op["text"], "Later");
        to.push(op["conversation"].as_str().unwrap().to_owned());
    }
    assert_eq!(to, [NEW, "4915100000001"]);
}
