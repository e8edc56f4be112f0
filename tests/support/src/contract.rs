//! What every source has to pass.
//!
//! [`source_contract!`](crate::source_contract) makes one test per promise of the trait
//! `inlet_model::Source`. A fixture brings the source, a scope with items, and hooks that change
//! the platform behind the source's back. A hook that a platform has no use for stays at its
//! default, and the promise that needs it is reported as skipped.

pub mod channel;

use std::{
    collections::{BTreeMap, BTreeSet},
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
    task::Poll,
    time::Duration,
};

use async_trait::async_trait;
use inlet_model::{
    AnySource, Cursor, Draft, DynSource, Intent, OpKey, Outgoing, PartRef, Record, RecordPage, RemoteId, Scope,
    ScopeRole, SourceError, Target,
};

const LIMIT: Duration = Duration::from_secs(30);
const PAGES: usize = 10_000;

/// A source on test, and the platform behind it.
#[async_trait]
pub trait Fixture: Send + Sync {
    /// The source; a second call may give the same one or a second one on the same account.
    fn source(&self) -> AnySource;

    /// The scope on test: at least 20 items, and nothing changes unless a hook is called.
    async fn scope(&self) -> Scope;

    /// Something that can be sent, where the source sends.
    fn outgoing(&self) -> Option<Outgoing> {
        None
    }

    /// How often the platform has what was sent with this key.
    async fn effects(&self, _key: &OpKey) -> Option<usize> {
        None
    }

    /// A new item comes into the scope; its title or text.
    async fn arrive(&self) -> Option<String> {
        None
    }

    /// Takes this item out of the scope for good. False: not possible here.
    async fn vanish(&self, _item: &RemoteId) -> bool {
        false
    }

    /// Somebody else turns read into unread or back, for this item. False: not possible here.
    async fn set_read(&self, _item: &RemoteId, _read: bool) -> bool {
        false
    }

    /// Makes every cursor of the scope expire while its items stay. False: not possible here.
    async fn expire(&self) -> bool {
        false
    }

    /// The credentials stop working. False: there are none.
    async fn revoke(&self) -> bool {
        false
    }
}

/// Runs one promise on a runtime of its own, for at most two minutes.
pub fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(crate::timeout(Duration::from_secs(120), future))
}

/// Makes a module of tests out of an async expression that gives a [`Fixture`]:
///
/// ```text
/// inlet_testkit::source_contract!(imap, ImapFixture::new().await);
/// ```
#[macro_export]
macro_rules! source_contract {
    ($name:ident, $make:expr) => {
        $crate::source_contract!(@ $name, $make,
            scopes_are_listed,
            pulling_is_idempotent,
            a_cursor_resumes,
            a_dropped_pull_harms_nothing,
            nothing_new_means_an_empty_page,
            what_arrives_is_pulled_once,
            what_vanishes_is_reported,
            flags_changed_elsewhere_are_reported,
            waiting_ends_when_something_arrives,
            garbage_cursors_expire,
            an_expired_cursor_rescans,
            sending_twice_with_one_key_has_one_effect,
            flags_are_applied_twice_without_harm,
            drafts_are_kept_replaced_and_dropped,
            capabilities_agree_with_plans,
            checking_reports_steps,
            lost_credentials_ask_for_a_sign_in,
            parts_can_be_fetched,
        );
    };
    (@ $name:ident, $make:expr, $($test:ident),+ $(,)?) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;
            $(
                #[test]
                fn $test() {
                    $crate::contract::run(async { $crate::contract::$test(&$make).await });
                }
            )+
        }
    };
}

fn skipped(what: &str) {
    println!("skipped: {what}: this platform has nothing like it");
}

/// What a scope holds as its pages tell it.
#[derive(Default)]
struct Held {
    items: BTreeMap<String, Record>,
    cursor: Option<Cursor>,
    pages: usize,
}

impl Held {
    /// Takes a page in as the engine would, and checks what holds for every page.
    fn take(&mut self, page: RecordPage) {
        assert!(page.poison.is_empty(), "unreadable: {:?}", page.poison);
        for record in page.upserts {
            let id = record.remote_id.clone().expect("a pulled item has a remote id").0;
            assert!(!record.stable_id.is_empty(), "{id} has a stable id");
            self.items.insert(id, record);
        }
        for change in page.flags {
            if let Some(record) = self.items.get_mut(&change.remote_id.0) {
                record.flags = change.flags;
            }
        }
        for removed in page.removed {
            self.items.remove(&removed.0);
        }
        if let Some(present) = page.present {
            assert!(!page.more, "the list of what is present comes with the last page");
            let present: BTreeSet<_> = present.into_iter().map(|id| id.0).collect();
            self.items.retain(|id, _| present.contains(id));
            let known: BTreeSet<_> = self.items.keys().cloned().collect();
            assert_eq!(present, known, "everything present has been sent");
        }
        if let Some(progress) = page.progress {
            assert!(progress.total.is_none_or(|total| progress.done <= total), "{progress:?}");
        }
        self.cursor = Some(page.next);
        self.pages += 1;
        assert!(self.pages < PAGES, "the pages come to an end");
    }

    /// Pulls from where it is until there is no more.
    async fn drain(&mut self, source: &dyn DynSource, scope: &Scope) {
        loop {
            let page = crate::timeout(LIMIT, source.pull(scope, self.cursor.as_ref())).await.expect("a page");
            let more = page.more;
            self.take(page);
            if !more {
                return;
            }
        }
    }

    async fn all(source: &dyn DynSource, scope: &Scope) -> Self {
        let mut held = Self::default();
        held.drain(source, scope).await;
        held
    }

    fn outline(&self) -> BTreeMap<&str, (&str, &str, bool)> {
        self.items
            .iter()
            .map(|(id, record)| (id.as_str(), (record.title.as_str(), record.text.as_str(), record.flags.read)))
            .collect()
    }
}

async fn open(fixture: &dyn Fixture) -> (Arc<dyn DynSource>, Scope) {
    (fixture.source().into_dyn(), fixture.scope().await)
}

/// The scope on test is listed, and no two scopes have one name.
pub async fn scopes_are_listed(fixture: &dyn Fixture) {
    let (source, scope) = open(fixture).await;
    let scopes = crate::timeout(LIMIT, source.scopes()).await.expect("scopes");
    assert!(scopes.iter().any(|listed| listed.remote == scope.remote), "{} is listed", scope.remote);
    let names: BTreeSet<_> = scopes.iter().map(|listed| &listed.remote).collect();
    assert_eq!(names.len(), scopes.len(), "no scope is listed twice");
}

/// Pulling from nothing yields every item once, and the same the next time. One that was announced
/// before its content comes once more, with it.
pub async fn pulling_is_idempotent(fixture: &dyn Fixture) {
    let (source, scope) = open(fixture).await;
    let (mut seen, mut announced) = (BTreeSet::new(), BTreeSet::new());
    let mut cursor = None;
    loop {
        let page = crate::timeout(LIMIT, source.pull(&scope, cursor.as_ref())).await.expect("a page");
        for record in &page.upserts {
            let id = record.remote_id.clone().expect("a remote id");
            let once = if record.note.pending { announced.insert(id.clone()) } else { seen.insert(id.clone()) };
            assert!(once, "{} came twice", id.0);
        }
        cursor = Some(page.next);
        if !page.more {
            break;
        }
    }
    assert!(seen.len() >= 20, "only {} items", seen.len());
    let (first, second) = (Held::all(&*source, &scope).await, Held::all(&*source, &scope).await);
    assert_eq!(first.items.len(), seen.len());
    assert_eq!(first.outline(), second.outline());
    let stable: BTreeSet<_> = first.items.values().map(|record| &record.stable_id).collect();
    assert_eq!(stable.len(), first.items.len(), "stable ids tell items apart");
}

/// A cursor written down as text goes on where it was, in another source too.
pub async fn a_cursor_resumes(fixture: &dyn Fixture) {
    let (source, scope) = open(fixture).await;
    let whole = Held::all(&*source, &scope).await;
    let mut held = Held::default();
    loop {
        let source = fixture.source().into_dyn();
        let page = crate::timeout(LIMIT, source.pull(&scope, held.cursor.as_ref())).await.expect("a page");
        for record in &page.upserts {
            let id = record.remote_id.clone().expect("a remote id").0;
            assert!(held.items.get(&id).is_none_or(|known| known.note.pending), "{id} came again");
        }
        let more = page.more;
        held.take(page);
        let text = serde_json::to_string(&held.cursor).expect("a cursor is JSON");
        held.cursor = serde_json::from_str(&text).expect("a cursor is JSON");
        if !more {
            break;
        }
    }
    assert_eq!(held.outline(), whole.outline());
}

/// A pull that is given up at any of its steps leaves a source that works.
pub async fn a_dropped_pull_harms_nothing(fixture: &dyn Fixture) {
    let (source, scope) = open(fixture).await;
    let whole = Held::all(&*fixture.source().into_dyn(), &scope).await;
    for polls in [1, 2, 3, 5, 8, 13, 21] {
        drop(at_most(polls, source.pull(&scope, None)).await);
        drop(at_most(polls, source.pull(&scope, whole.cursor.as_ref())).await);
    }
    assert_eq!(Held::all(&*source, &scope).await.outline(), whole.outline());
}

/// Polls a future at most so often, then drops it.
async fn at_most<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    crate::timeout(
        LIMIT,
        poll_fn(move |context| {
            if left == 0 {
                return Poll::Ready(None);
            }
            left -= 1;
            match future.as_mut().poll(context) {
                Poll::Ready(output) => Poll::Ready(Some(output)),
                // Nobody may wake us once the last poll is over.
                Poll::Pending if left == 0 => Poll::Ready(None),
                Poll::Pending => Poll::Pending,
            }
        }),
    )
    .await
}

/// When nothing happened, a page says nothing.
pub async fn nothing_new_means_an_empty_page(fixture: &dyn Fixture) {
    let (source, scope) = open(fixture).await;
    let mut held = Held::all(&*source, &scope).await;
    for _ in 0..2 {
        let page = crate::timeout(LIMIT, source.pull(&scope, held.cursor.as_ref())).await.expect("a page");
        assert!(page.upserts.is_empty() && page.removed.is_empty() && page.flags.is_empty(), "nothing had changed");
        assert!(!page.more);
        held.cursor = Some(page.next);
    }
}

/// A new item comes with the next pull, alone, and not again.
pub async fn what_arrives_is_pulled_once(fixture: &dyn Fixture) {
    let (source, scope) = open(fixture).await;
    let mut held = Held::all(&*source, &scope).await;
    let before = held.items.len();
    let Some(title) = fixture.arrive().await else {
        return skipped("what_arrives_is_pulled_once");
    };
    held.drain(&*source, &scope).await;
    assert_eq!(held.items.len(), before + 1);
    assert!(held.items.values().any(|record| record.title == title || record.text.contains(&title)), "{title}");
    let page = crate::timeout(LIMIT, source.pull(&scope, held.cursor.as_ref())).await.expect("a page");
    assert!(page.upserts.is_empty(), "it came again");
}

/// An item taken away elsewhere is reported as removed.
pub async fn what_vanishes_is_reported(fixture: &dyn Fixture) {
    let (source, scope) = open(fixture).await;
    let mut held = Held::all(&*source, &scope).await;
    let gone = RemoteId(held.items.keys().nth(held.items.len() / 2).expect("items").clone());
    if !fixture.vanish(&gone).await {
        return skipped("what_vanishes_is_reported");
    }
    held.drain(&*source, &scope).await;
    assert!(!held.items.contains_key(&gone.0), "{} is still there", gone.0);
}

/// Flags changed elsewhere are reported, for old items too.
pub async fn flags_changed_elsewhere_are_reported(fixture: &dyn Fixture) {
    let (source, scope) = open(fixture).await;
    let mut held = Held::all(&*source, &scope).await;
    let count = held.items.len();
    for at in [0, count / 2, count - 1] {
        let (id, read) = held.items.iter().nth(at).map(|(id, record)| (id.clone(), record.flags.read)).expect("items");
        if !fixture.set_read(&RemoteId(id.clone()), !read).await {
            return skipped("flags_changed_elsewhere_are_reported");
        }
        held.drain(&*source, &scope).await;
        assert_eq!(held.items[&id].flags.read, !read, "{id}");
    }
    assert_eq!(held.items.len(), count);
}

/// A live source wakes up.
pub async fn waiting_ends_when_something_arrives(fixture: &dyn Fixture) {
    let (source, scope) = open(fixture).await;
    if !source.capabilities().live || !scope.live {
        return skipped("waiting_ends_when_something_arrives");
    }
    let mut held = Held::all(&*source, &scope).await;
    let before = held.items.len();
    let waiter = Arc::clone(&source);
    let waited = scope.clone();
    let wait = tokio::spawn(async move { waiter.wait(&waited).await });
    if fixture.arrive().await.is_none() {
        wait.abort();
        return skipped("waiting_ends_when_something_arrives");
    }
    crate::timeout(LIMIT, wait).await.expect("the waiting task").expect("waiting ends well");
    held.drain(&*source, &scope).await;
    assert_eq!(held.items.len(), before + 1);
}

/// A cursor that is no cursor counts as expired, and a rescan works.
pub async fn garbage_cursors_expire(fixture: &dyn Fixture) {
    let (source, scope) = open(fixture).await;
    for garbage in ["null", "[]", "\"garbage\"", "42", "{\"no\":\"cursor\"}"] {
        let cursor: Cursor = serde_json::from_str(garbage).expect("JSON");
        let result = crate::timeout(LIMIT, source.pull(&scope, Some(&cursor))).await;
        assert!(matches!(result, Err(SourceError::CursorExpired)), "{garbage}: {:?}", result.map(|page| page.next));
    }
    assert!(Held::all(&*source, &scope).await.items.len() >= 20);
}

/// A cursor the platform no longer knows is reported, and a rescan finds everything again.
pub async fn an_expired_cursor_rescans(fixture: &dyn Fixture) {
    let (source, scope) = open(fixture).await;
    let held = Held::all(&*source, &scope).await;
    if !fixture.expire().await {
        return skipped("an_expired_cursor_rescans");
    }
    let result = crate::timeout(LIMIT, source.pull(&scope, held.cursor.as_ref())).await;
    assert!(matches!(result, Err(SourceError::CursorExpired)), "{:?}", result.map(|page| page.next));
    let again = Held::all(&*source, &scope).await;
    let stable = |held: &Held| held.items.values().map(|record| record.stable_id.clone()).collect::<BTreeSet<_>>();
    assert_eq!(stable(&held), stable(&again), "the items are the same under whatever remote id");
}

/// What was sent is found by its key; sent again it is not there twice.
pub async fn sending_twice_with_one_key_has_one_effect(fixture: &dyn Fixture) {
    let source = fixture.source().into_dyn();
    let Some(outgoing) = fixture.outgoing().filter(|_| source.capabilities().send) else {
        return skipped("sending_twice_with_one_key_has_one_effect");
    };
    let key = OpKey("contract.0001@inlet.test".into());
    let intent = Intent::Send(Box::new(outgoing));
    let op = source.plan(&key, &intent).expect("a plan").expect("the platform has to know");
    assert_eq!(source.plan(&key, &intent).expect("a plan").as_ref(), Some(&op), "a plan is the same each time");
    assert_eq!(crate::timeout(LIMIT, source.find_applied(&key, &op)).await.expect("a look"), None);
    crate::timeout(LIMIT, source.apply(&key, &op)).await.expect("it is sent");
    assert!(crate::timeout(LIMIT, source.find_applied(&key, &op)).await.expect("a look").is_some(), "it is found");
    if source.capabilities().idempotent_send {
        crate::timeout(LIMIT, source.apply(&key, &op)).await.expect("it is sent again");
    }
    match fixture.effects(&key).await {
        Some(count) => assert_eq!(count, 1),
        None => skipped("counting the effects of one key"),
    }
}

/// Setting a flag that is set already is no error, and the next pull shows it.
pub async fn flags_are_applied_twice_without_harm(fixture: &dyn Fixture) {
    let (source, scope) = open(fixture).await;
    if !source.capabilities().mark_read {
        return skipped("flags_are_applied_twice_without_harm");
    }
    let mut held = Held::all(&*source, &scope).await;
    let (id, record) = held.items.iter().next().map(|(id, record)| (id.clone(), record.clone())).expect("items");
    let read = !record.flags.read;
    let key = OpKey("contract.0002@inlet.test".into());
    let target = Target {
        scope: scope.remote.clone(),
        remote_id: RemoteId(id.clone()),
        message_id: record.message_id,
        version: None,
    };
    let intent = Intent::SetFlags { targets: vec![target], read: Some(read), starred: None, answered: None };
    let op = source.plan(&key, &intent).expect("a plan").expect("the platform has to know");
    for _ in 0..2 {
        crate::timeout(LIMIT, source.apply(&key, &op)).await.expect("the flag is set");
    }
    held.drain(&*source, &scope).await;
    assert_eq!(held.items[&id].flags.read, read);
}

/// A draft is there once, its next version takes its place, and one that is dropped is gone; each of it
/// done twice is done once.
pub async fn drafts_are_kept_replaced_and_dropped(fixture: &dyn Fixture) {
    const SUBJECT: &str = "Written by the contract";
    let source = fixture.source().into_dyn();
    let save = |key: &str, text: &str, replaces: Option<Target>| {
        // Nobody it goes to is known yet.
        let message = Outgoing {
            subject: SUBJECT.into(),
            text: text.into(),
            date: "2026-06-01T10:00:00Z".parse().expect("a time"),
            ..Outgoing::default()
        };
        let key = OpKey(key.into());
        let plan = source.plan(&key, &Intent::SaveDraft(Box::new(Draft { message, replaces })));
        (key, plan)
    };
    if !source.capabilities().drafts {
        let (_, plan) = save("contract.0004@inlet.test", "Never.", None);
        assert!(!matches!(plan, Ok(Some(_))), "it keeps no drafts and plans one");
        return skipped("drafts_are_kept_replaced_and_dropped");
    }
    let there = async || {
        let scopes = crate::timeout(LIMIT, source.scopes()).await.expect("scopes");
        let place = |role| scopes.iter().find(|scope| scope.role == role && scope.pulled);
        let Some(scope) = place(ScopeRole::Drafts).or_else(|| place(ScopeRole::All)) else { return Vec::new() };
        let held = Held::all(&*source, scope).await;
        let drafts = held.items.into_values().filter(|record| record.title == SUBJECT);
        drafts.inspect(|record| assert!(record.flags.draft && record.from_me)).collect::<Vec<_>>()
    };
    let named = |key: &OpKey, remote_id: Option<RemoteId>| Target {
        scope: String::new(),
        remote_id: remote_id.expect("a draft has an id"),
        message_id: Some(key.0.clone()),
        version: None,
    };

    let (first, plan) = save("contract.0005@inlet.test", "Half a thought", None);
    let op = plan.expect("a plan").expect("the platform has to know");
    let mut made = None;
    for _ in 0..2 {
        made = crate::timeout(LIMIT, source.apply(&first, &op)).await.expect("it is kept").remote_id;
        let drafts = there().await;
        assert_eq!(drafts.iter().map(|draft| draft.text.trim()).collect::<Vec<_>>(), ["Half a thought"]);
    }

    let (second, plan) = save("contract.0006@inlet.test", "A whole thought", Some(named(&first, made)));
    let op = plan.expect("a plan").expect("the platform has to know");
    let mut made = None;
    for _ in 0..2 {
        made = crate::timeout(LIMIT, source.apply(&second, &op)).await.expect("it is replaced").remote_id;
        let drafts = there().await;
        assert_eq!(drafts.iter().map(|draft| draft.text.trim()).collect::<Vec<_>>(), ["A whole thought"]);
        assert_eq!(drafts[0].message_id.as_ref(), Some(&second.0));
    }

    let third = OpKey("contract.0007@inlet.test".into());
    let plan = source.plan(&third, &Intent::DropDraft { targets: vec![named(&second, made)] });
    let op = plan.expect("a plan").expect("the platform has to know");
    for _ in 0..2 {
        crate::timeout(LIMIT, source.apply(&third, &op)).await.expect("it is dropped");
        assert!(there().await.is_empty());
    }
}

/// What the source says it can do is what it plans.
pub async fn capabilities_agree_with_plans(fixture: &dyn Fixture) {
    let (source, scope) = open(fixture).await;
    let can = source.capabilities();
    let key = OpKey("contract.0003@inlet.test".into());
    let held = Held::all(&*source, &scope).await;
    let (id, record) = held.items.iter().next().expect("items");
    let targets = vec![Target {
        scope: scope.remote.clone(),
        remote_id: RemoteId(id.clone()),
        message_id: record.message_id.clone(),
        version: None,
    }];
    let plan = |intent: Intent| source.plan(&key, &intent);

    let read = plan(Intent::SetFlags { targets: targets.clone(), read: Some(true), starred: None, answered: None })
        .expect("a plan");
    assert_eq!(read.is_some(), can.mark_read, "mark_read");
    let star = plan(Intent::SetFlags { targets: targets.clone(), read: None, starred: Some(true), answered: None })
        .expect("a plan");
    assert_eq!(star.is_some(), can.star, "star");

    let to = match source.scopes().await.expect("scopes").into_iter().find(|other| other.remote != scope.remote) {
        Some(other) => (other.remote, other.role),
        None => ("Elsewhere".into(), ScopeRole::Other),
    };
    let moved = plan(Intent::Move { targets: targets.clone(), to: to.0, role: to.1 });
    match moved {
        Ok(Some(_)) => assert!(can.move_items, "it plans a move it cannot make"),
        Ok(None) | Err(SourceError::Permanent(_)) => {
            assert!(!can.move_items, "it can move and has no plan")
        }
        Err(error) => panic!("{error:?}"),
    }

    let (label, role) = ("Travel".to_owned(), ScopeRole::Other);
    let labelled = plan(Intent::Label { targets, label, role, on: true });
    assert_eq!(matches!(labelled, Ok(Some(_))), can.labels, "labels: {labelled:?}");

    let sent = plan(Intent::Send(Box::new(fixture.outgoing().unwrap_or_default())));
    match sent {
        Ok(Some(_)) => assert!(can.send, "it plans what it cannot send"),
        Ok(None) => panic!("sending nothing is no plan"),
        Err(SourceError::Permanent(sentence)) => {
            assert!(!can.send, "it can send and has no plan: {sentence}");
            assert!(!sentence.is_empty());
        }
        Err(error) => panic!("{error:?}"),
    }
}

/// Testing the connection says what was tried and who I am.
pub async fn checking_reports_steps(fixture: &dyn Fixture) {
    let source = fixture.source().into_dyn();
    let report = crate::timeout(LIMIT, source.check()).await.expect("a report");
    assert!(report.ok(), "{:?}", report.steps);
    assert!(!report.steps.is_empty());
    assert!(report.steps.iter().all(|step| !step.name.is_empty()));
}

/// Credentials that no longer work are said to be so, everywhere.
pub async fn lost_credentials_ask_for_a_sign_in(fixture: &dyn Fixture) {
    let scope = fixture.scope().await;
    if !fixture.revoke().await {
        return skipped("lost_credentials_ask_for_a_sign_in");
    }
    let source = fixture.source().into_dyn();
    let result = crate::timeout(LIMIT, source.pull(&scope, None)).await;
    assert!(matches!(result, Err(SourceError::AuthNeeded(_))), "{:?}", result.map(|page| page.next));
    let report = crate::timeout(LIMIT, source.check()).await.expect("a report, not an error");
    let last = report.steps.last().expect("steps");
    assert!(!last.ok && last.fix.is_some(), "{last:?}");
}

/// What is announced as an attachment can be had; what is not there is refused for good.
pub async fn parts_can_be_fetched(fixture: &dyn Fixture) {
    let (source, scope) = open(fixture).await;
    let held = Held::all(&*source, &scope).await;
    let mut fetched = 0;
    for (id, record) in &held.items {
        let part =
            |part: &str| PartRef { scope: scope.remote.clone(), remote_id: RemoteId(id.clone()), part: part.into() };
        // What lies elsewhere is for a browser, and no source is asked for it.
        for attachment in record.attachments.iter().filter(|attachment| attachment.link.is_none()).take(4) {
            let mut bytes = Vec::new();
            crate::timeout(LIMIT, source.fetch(&part(&attachment.part), &mut bytes)).await.expect("the part");
            assert!(attachment.size == 0 || !bytes.is_empty(), "{} is empty", attachment.part);
            // An announced size may be an estimate from base64 with line ends, and is 0 where nobody knows.
            let difference = if attachment.size == 0 { 0 } else { attachment.size.abs_diff(bytes.len() as u64) };
            assert!(difference <= 16 + attachment.size / 10, "{} bytes, announced {}", bytes.len(), attachment.size);
            fetched += 1;
        }
        if fetched >= 4 {
            let result = crate::timeout(LIMIT, source.fetch(&part("99.99"), &mut Vec::new())).await;
            assert!(matches!(result, Err(SourceError::Permanent(_))), "{result:?}");
            return;
        }
    }
    if fetched == 0 {
        skipped("parts_can_be_fetched");
    }
}
