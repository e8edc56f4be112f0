//! Lists and what is done to them: folders that are made, reminders, groups, searches as lists, and
//! getting off a mailing list.

use std::sync::Arc;

use inlet_model::{ScopeRole, ThreadId};
use inlet_orchestrator::{
    Clock,
    api::types::{
        Acted, Compose, ItemView, OpState, OpView, Place, ScopeView, SearchView, ThreadPage, ThreadRow, UnsubscribeWay,
        Unsubscribed,
    },
};
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::{
    harness::{Engine, LIMIT, Setup, settled},
    scripted::{Script, mail},
    taxonomy::{arrives, engine, live},
};

async fn mail_of(engine: &Engine, platform: &str) -> ThreadRow {
    let inbox = engine.view("inbox").await;
    inbox.into_iter().find(|row| row.source_type.as_str() == platform).unwrap()
}

async fn folder(engine: &Engine, row: &ThreadRow, name: &str) -> Option<ScopeView> {
    let scopes: Vec<ScopeView> = engine.call("scopes.list", json!({ "source": row.source })).await;
    scopes.into_iter().find(|scope| scope.name == name)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_or_label_is_made_by_putting_something_there_and_is_there_after_a_restart() {
    let engine = Engine::demo().await;
    let (labelled, filed) = (mail_of(&engine, "gmail").await, mail_of(&engine, "outlook").await);
    let label = json!({ "threads": [labelled.id], "name": " Trips / 2027 " });
    let undo = engine.act_with("label", label.clone()).await;
    assert!(engine.thread(labelled.id).await.thread.labels.contains(&"Trips/2027".to_owned()));
    settled(&engine).await;
    assert!(engine.thread(labelled.id).await.thread.labels.contains(&"Trips/2027".to_owned()), "the platform agrees");
    engine.undo(undo).await;
    settled(&engine).await;
    assert_eq!(engine.thread(labelled.id).await.thread.labels, labelled.labels);
    engine.act_with("label", label).await;

    engine.act_with("move", json!({ "threads": [filed.id], "name": "Größe & Söhne" })).await;
    settled(&engine).await;
    // Written otherwise it is the same one.
    let other = engine.view("inbox").await.into_iter().find(|row| row.source == filed.source).unwrap();
    engine.act_with("move", json!({ "threads": [other.id], "name": "größe & söhne" })).await;
    settled(&engine).await;
    let engine = engine.restart().await;
    settled(&engine).await;
    let made = folder(&engine, &filed, "Größe & Söhne").await.unwrap();
    assert_eq!(made.role, ScopeRole::Other);
    assert!(folder(&engine, &filed, "größe & söhne").await.is_none());
    let inside = engine.list(json!({ "in": "all", "scope": made.id })).await;
    let mut ids: Vec<ThreadId> = inside.iter().map(|row| row.id).collect();
    ids.sort_by_key(|id| id.0);
    let mut wanted = vec![filed.id, other.id];
    wanted.sort_by_key(|id| id.0);
    assert_eq!(ids, wanted);
    assert!(engine.thread(labelled.id).await.thread.labels.contains(&"Trips/2027".to_owned()));

    for name in ["", " / ", "a\nb", &"x".repeat(201)] {
        let refusal =
            engine.ask("act", json!({ "verb": "move", "threads": [filed.id], "name": name })).await.unwrap_err();
        assert!(refusal.message.ends_with('.'), "{refusal}");
    }
}

/// A list with a query is remembered: what happens while it is read must not be missing from it for good.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_with_a_query_shows_what_came_while_it_was_read() {
    let script = Script::new("one");
    let engine = engine(&[("one", &script)]).await;
    live(&engine, "one").await;
    for round in 0..40 {
        let word = format!("kingfisher{round}");
        script.deliver("INBOX", mail(&word));
        let shown = async || {
            while engine.list(json!({ "in": "inbox", "query": word })).await.is_empty() {
                tokio::task::yield_now().await;
            }
        };
        inlet_testkit::timeout(LIMIT, shown()).await;
    }
}

/// An engine whose time stands still until it is told, with one scripted mailbox.
struct Clockwork {
    engine: Engine,
    script: Script,
    now: Arc<Mutex<Timestamp>>,
}

impl Clockwork {
    async fn new() -> Self {
        let script = Script::new("one");
        let now = Arc::new(Mutex::new("2026-06-01T12:00:00Z".parse().unwrap()));
        let told = now.clone();
        let clock = Clock::from_fn(move || *told.lock());
        let scripts = [("one".to_owned(), script.clone())].into();
        let engine = Engine::with(Setup { scripts, clock: Some(clock), ..Setup::default() }).await;
        live(&engine, "one").await;
        Self { engine, script, now }
    }

    /// Hours later; something is done so that the engine looks at its clock.
    async fn pass(&self, hours: i64, look: ThreadId) {
        *self.now.lock() += SignedDuration::from_hours(hours);
        let later = *self.now.lock() + SignedDuration::from_hours(1000);
        let undo = self.engine.act_with("snooze", json!({ "threads": [look], "until": later })).await;
        self.engine.undo(undo).await;
    }

    fn in_hours(&self, hours: i64) -> Timestamp {
        *self.now.lock() + SignedDuration::from_hours(hours)
    }

    /// A mail that was answered, with a reminder if nobody answers within a day.
    async fn answered(&self, id: &'static str) -> ThreadRow {
        self.script.deliver("INBOX", mail(id));
        let row = arrives(&self.engine, id).await;
        let mut message: Compose =
            self.engine.call("compose.prepare", json!({ "mode": "reply", "thread": row.id })).await;
        message.text = "Can you tell me until Friday?".into();
        *self.now.lock() += SignedDuration::from_mins(10);
        let params = json!({ "message": message, "undo_seconds": 0, "remind_at": self.in_hours(24) });
        let op: OpView = self.engine.call("send", params).await;
        self.engine.op_in(op.id, OpState::Done).await;
        let row = self.engine.thread(row.id).await.thread;
        assert_eq!(row.remind_at, Some(self.in_hours(24)), "from the moment it is out");
        row
    }

    async fn row(&self, id: ThreadId) -> ThreadRow {
        self.engine.thread(id).await.thread
    }

    async fn returns(&self, id: ThreadId) -> ThreadRow {
        self.engine
            .until("the reminder", async || Some(self.row(id).await).filter(|row| row.unanswered_since.is_some()))
            .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_answers_comes_back_and_what_is_answered_does_not() {
    let world = Clockwork::new().await;
    let (lonely, answered) = (world.answered("lonely").await, world.answered("answered").await);
    world.script.deliver("INBOX", mail("other"));
    let other = arrives(&world.engine, "other").await;
    world.engine.act("archive", lonely.id).await;
    world.engine.act("archive", answered.id).await;
    assert_eq!(world.row(lonely.id).await.place, Place::Archive);
    assert!(world.row(lonely.id).await.remind_at.is_some(), "archiving does not end it");

    world.script.deliver("INBOX", crate::scripted::New { parent: Some("answered"), minute: 600, ..mail("an answer") });
    world.engine.until("the answer", async || Some(world.row(answered.id).await).filter(|row| row.total == 3)).await;
    assert_eq!(world.row(answered.id).await.remind_at, None, "an answer ends it");

    world.pass(30, other.id).await;
    let back = world.returns(lonely.id).await;
    assert_eq!((back.place, back.remind_at), (Place::Inbox, None));
    assert_eq!(back.unanswered_since, Some(back.at), "since the last word, which is mine");
    assert_eq!(world.row(answered.id).await.unanswered_since, None);

    // What came back is dealt with by archiving, and an undo brings it back with its reason.
    let undo = world.engine.act("archive", lonely.id).await;
    let done = world.row(lonely.id).await;
    assert_eq!((done.place, done.unanswered_since), (Place::Archive, None));
    world.engine.undo(undo).await;
    assert_eq!(world.row(lonely.id).await.unanswered_since, back.unanswered_since);
    // Snoozed it leaves once more, and keeps its reason.
    let until = world.in_hours(5);
    world.engine.act_with("snooze", json!({ "threads": [lonely.id], "until": until })).await;
    assert_eq!(world.row(lonely.id).await.place, Place::Snoozed);
    world.pass(6, other.id).await;
    world
        .engine
        .until("the end of the snooze", async || {
            Some(world.row(lonely.id).await).filter(|row| row.place == Place::Inbox)
        })
        .await;
    // A late answer takes the reason away and stays in the inbox itself.
    world.script.deliver("INBOX", crate::scripted::New { parent: Some("lonely"), minute: 6000, ..mail("late") });
    let row = world
        .engine
        .until("the late answer", async || Some(world.row(lonely.id).await).filter(|row| row.total == 3))
        .await;
    assert_eq!((row.place, row.unanswered_since), (Place::Inbox, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_is_refused_where_it_makes_no_sense_and_ends_with_the_conversation() {
    let world = Clockwork::new().await;
    world.script.deliver("INBOX", mail("theirs"));
    let theirs = arrives(&world.engine, "theirs").await;
    let ask = |params: Value| world.engine.ask("act", params);
    for (thread, hours) in [(theirs.id, 24), (theirs.id, -1)] {
        let params = json!({ "verb": "remind", "threads": [thread], "until": world.in_hours(hours) });
        assert!(ask(params).await.unwrap_err().message.ends_with('.'));
    }
    let mine = world.answered("mine").await;
    assert!(world.engine.view("inbox").await.iter().any(|row| row.id == mine.id));
    // A reminder outlives the engine, a deletion ends it, and an undo gives it back.
    let undo = world.engine.act("delete", mine.id).await;
    assert_eq!(world.row(mine.id).await.remind_at, None);
    world.engine.undo(undo).await;
    assert_eq!(world.row(mine.id).await.remind_at, mine.remind_at);
    world.engine.act("unremind", mine.id).await;
    assert_eq!(world.row(mine.id).await.remind_at, None);
    let params = json!({ "threads": [mine.id], "until": world.in_hours(48) });
    world.engine.act_with("remind", params).await;
    let Clockwork { engine, script, now } = world;
    let world = Clockwork { engine: engine.restart().await, script, now };
    world.pass(50, theirs.id).await;
    assert_eq!(world.returns(mine.id).await.place, Place::Inbox);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_is_a_list_like_any_other() {
    let engine = Engine::demo().await;
    let found: SearchView = engine.call("search", json!({ "query": "has:attachment", "limit": 200 })).await;
    let query = json!({ "in": "all", "query": "has:attachment" });
    let rows = engine.list(query.clone()).await;
    let mut wanted: Vec<ThreadId> = found.hits.iter().map(|hit| hit.thread).collect();
    wanted.sort_by_key(|id| id.0);
    wanted.dedup();
    assert!(found.exact && found.next.is_none() && rows.len() > 5);
    let mut ids: Vec<ThreadId> = rows.iter().map(|row| row.id).collect();
    assert!(rows.windows(2).all(|pair| (pair[0].at, pair[0].id.0) > (pair[1].at, pair[1].id.0)), "newest first");
    ids.sort_by_key(|id| id.0);
    let all: Vec<ThreadId> = engine.view("all").await.into_iter().map(|row| row.id).collect();
    wanted.retain(|id| all.contains(id));
    assert_eq!(ids, wanted);

    // A page by its place is the same page, and the number is of the whole list.
    let page: ThreadPage =
        engine.call("threads.list", json!({ "in": "all", "query": "has:attachment", "offset": 3, "limit": 2 })).await;
    assert_eq!(page.total, rows.len() as u64);
    assert_eq!(page.threads.iter().map(|row| row.id).collect::<Vec<_>>(), [rows[3].id, rows[4].id]);

    // It changes with a click, and what is done to all of it is done to what it holds.
    let unread = json!({ "in": "inbox", "query": "type:mail", "unread": true });
    let before = engine.list(unread.clone()).await;
    assert!(before.len() > 3 && before.iter().all(|row| row.unread > 0));
    engine.act("read", before[0].id).await;
    assert_eq!(engine.list(unread.clone()).await.len(), before.len() - 1);
    let acted: Acted = engine.call("act", json!({ "verb": "read", "list": unread })).await;
    assert_eq!(acted.count as usize, before.len() - 1);
    assert!(engine.list(unread).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn people_and_updates_share_the_mail_and_miss_none() {
    let engine = Engine::demo().await;
    let list = async |group: Value| -> Vec<ThreadRow> { engine.list(json!({ "in": "all", "group": group })).await };
    let (all, people, updates) = (list(Value::Null).await, list("people".into()).await, list("updates".into()).await);
    let notes = all.iter().filter(|row| row.kind == inlet_model::Kind::Note).count();
    assert_eq!(people.len() + updates.len() + notes, all.len());
    assert!(updates.len() > 5 && people.len() > updates.len(), "{} {}", updates.len(), people.len());
    for row in &updates {
        let items = engine.thread(row.id).await.items;
        assert!(items.iter().all(|item| !item.from_me), "{}: I wrote there", row.title);
    }
    let listed: Vec<ItemView> = engine.items().await.into_iter().filter(|item| item.unsubscribe.is_some()).collect();
    assert!(!listed.is_empty());
    assert!(
        listed.iter().all(|item| people.iter().all(|row| row.id != item.thread || row.last_from_me || row.total > 1))
    );
}

/// The newest mail of the demo that offers this way off its list.
async fn leavable(engine: &Engine, way: UnsubscribeWay) -> ItemView {
    let mut items = engine.items().await;
    items.retain(|item| item.unsubscribe.as_ref().is_some_and(|offer| offer.way == way));
    items.into_iter().max_by_key(|item| item.at).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_the_demo_is_left_without_a_word_to_the_world_and_remembered() {
    let engine = Engine::demo().await;
    let item = leavable(&engine, UnsubscribeWay::OneClick).await;
    let left: Unsubscribed = engine.call("unsubscribe", json!({ "id": item.id })).await;
    assert_eq!((left.way, left.url, left.op), (UnsubscribeWay::OneClick, None, None));
    let again: ItemView = engine.call("item.get", json!({ "id": item.id })).await;
    let asked = again.unsubscribe.unwrap();
    assert!(asked.asked_at.is_some());
    assert!(!asked.pending, "the list has said yes");

    let item = leavable(&engine, UnsubscribeWay::Mail).await;
    let whom = item.unsubscribe.clone().unwrap().whom;
    let left: Unsubscribed = engine.call("unsubscribe", json!({ "id": item.id })).await;
    let op = engine.op_in(left.op.unwrap(), OpState::Done).await;
    assert!(op.title.contains(&whom) || op.title.contains("unsubscribe"), "{}", op.title);
    let asked = engine.call::<ItemView>("item.get", json!({ "id": item.id })).await.unsubscribe.unwrap();
    assert!(asked.asked_at.is_some() && !asked.pending);

    // The next one has second thoughts: nobody was asked.
    let engine = engine.holding_back().await;
    let _: Value = engine.call("config.set", json!({ "key": "send.undo_seconds", "value": "30" })).await;
    let left: Unsubscribed = engine.call("unsubscribe", json!({ "id": item.id })).await;
    let asked = engine.call::<ItemView>("item.get", json!({ "id": item.id })).await.unsubscribe.unwrap();
    assert!(asked.asked_at.is_some() && asked.pending, "the mail is held back");
    let _: OpView = engine.call("outbox.cancel", json!({ "id": left.op })).await;
    let asked = engine.call::<ItemView>("item.get", json!({ "id": item.id })).await.unsubscribe.unwrap();
    assert_eq!((asked.asked_at, asked.pending), (None, false));

    let chat = engine.items().await.into_iter().find(|item| item.unsubscribe.is_none()).unwrap();
    assert!(engine.ask("unsubscribe", json!({ "id": chat.id })).await.unwrap_err().message.ends_with('.'));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_sends_on_to_a_page_is_left_to_the_browser() {
    let script = Script::new("one");
    let engine = engine(&[("one", &script)]).await;
    live(&engine, "one").await;
    // Also one that has nothing but a page.
    for (subject, one_click) in [("A letter", true), ("A page", false)] {
        script.put("INBOX", letter(subject, one_click));
        let row = arrives(&engine, subject).await;
        let item = engine.thread(row.id).await.items.remove(0);
        // This engine was given no way to the web.
        let left: Unsubscribed = engine.call("unsubscribe", json!({ "id": item.id })).await;
        assert_eq!((left.way, left.url.as_deref()), (UnsubscribeWay::Link, Some("https://list.test/u")));
        let again: ItemView = engine.call("item.get", json!({ "id": item.id })).await;
        assert_eq!(again.unsubscribe.unwrap().asked_at, None, "nobody was asked yet");
    }
}

fn letter(subject: &str, one_click: bool) -> inlet_model::UnifiedEmail {
    inlet_model::UnifiedEmail {
        stable_id: subject.into(),
        subject: subject.into(),
        from: vec![inlet_model::Party::named("Letters", format!("{one_click}@list.test"))],
        date: Some("2026-06-01T12:00:00Z".parse().unwrap()),
        text: "News.".into(),
        meta: inlet_model::MailMeta {
            list_unsubscribe: Some("<https://list.test/u>".into()),
            one_click_unsubscribe: one_click,
            ..inlet_model::MailMeta::default()
        },
        ..inlet_model::UnifiedEmail::default()
    }
}
