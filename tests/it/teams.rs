//! Chats at Microsoft, behind a Graph that refuses what Microsoft does not document.

use std::sync::Arc;

use inlet_model::{Account, AccountConfig, SourceId, SourceType};
use inlet_orchestrator::api::{
    ErrorCode,
    types::{ItemView, OpState, SavedAll, SearchView, SourceState, ThreadRow},
};
use inlet_testkit::{
    SignedIn, TokenIssuer,
    graph::{FakeGraph, Fault, Person, Resource, Said},
};
use serde_json::{Value, json};

use crate::harness::{Engine, Setup};

struct World {
    engine: Engine,
    fake: FakeGraph,
    issuer: TokenIssuer,
    ben: Person,
}

const SCOPES: &[&str] = &["User.Read", "Chat.ReadWrite", "ChatMessage.Send"];

impl World {
    async fn new(test: &str) -> Option<Self> {
        let fake = FakeGraph::start(test)?;
        fake.accept("token", SCOPES);
        let issuer = TokenIssuer::start("token");
        let config = issuer.microsoft(&fake, SourceType::Teams, false);
        let behind = move |account: &Account, _, events| {
            let account = Account { config: AccountConfig::Microsoft(config.clone()), ..account.clone() };
            inlet_connectors::open(&account, Arc::new(SignedIn), events)
        };
        let engine = Engine::with(Setup { behind: Some(Arc::new(behind)), ..Setup::default() }).await;
        Some(Self { engine, fake, issuer, ben: Person::new("Ben Ito", "ben@contoso.example") })
    }

    async fn connect(&self) -> SourceId {
        let id = self.engine.connect("teams").await;
        self.engine.state_of(id, SourceState::Live).await;
        id
    }

    async fn chat(&self, title: &str) -> ThreadRow {
        self.engine.until(title, async || self.engine.titled(title).await).await
    }

    /// How often these words are in a chat.
    fn said(&self, chat: &str, words: &str) -> usize {
        let said = |message: &&Value| message["body"]["content"].as_str().is_some_and(|text| text.contains(words));
        self.fake.teams().messages(chat).iter().filter(said).count()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn chats_are_synced_searched_answered_and_read() {
    let Some(world) = World::new("chats_are_synced_searched_answered_and_read").await else { return };
    let (engine, teams) = (&world.engine, world.fake.teams());
    let chat = teams.group("Launch", std::slice::from_ref(&world.ben));
    teams.say(&chat, Said::text("The kingfisher is ready").from(&world.ben));
    let id = world.connect().await;
    engine
        .until("the words of a chat", async || {
            let found: SearchView = engine.call("search", json!({ "query": "kingfisher source:teams" })).await;
            (found.total == 1).then_some(())
        })
        .await;
    let row = world.chat("Launch").await;
    let op = engine.reply(row.id, "Then we go on Friday").await;
    engine.op_in(op.id, OpState::Done).await;
    engine.resync(id).await;
    let items = engine.thread(row.id).await.items;
    assert_eq!(items.iter().filter(|item| item.from_me).count(), 1, "what was sent is there once");

    // Withdrawn: it says so, waits for the person, and goes on where it was.
    world.fake.revoke("token");
    world.issuer.give(None);
    let _: Value = engine.call("sync.now", json!({})).await;
    let view = engine.state_of(id, SourceState::AuthNeeded).await;
    assert!(view.message.is_some_and(|sentence| sentence.ends_with('.')));
    world.issuer.give(Some("second"));
    world.fake.accept("second", SCOPES);
    teams.say(&chat, Said::text("Friday it is").from(&world.ben));
    let _: Value = engine.call("accounts.resume", json!({ "id": view.account })).await;
    engine.resync(id).await;
    assert!(engine.thread(row.id).await.items.iter().any(|item| item.text == "Friday it is"));
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_at_any_point_a_message_is_sent_once_or_waits_for_the_person_with_the_reason() {
    let name = "cut_at_any_point_a_message_is_sent_once_or_waits_for_the_person";
    let Some(world) = World::new(name).await else { return };
    let (engine, teams) = (&world.engine, world.fake.teams());
    let chats: Vec<String> = (0..10)
        .map(|number| {
            let chat = teams.group(&format!("Chat {number}"), std::slice::from_ref(&world.ben));
            teams.say(&chat, Said::text("Hello").from(&world.ben));
            chat
        })
        .collect();
    world.connect().await;
    // Looking at what is there, sending, and looking for what was sent: before, after and within each answer. Only what
    // may have happened and left no trace waits for a person.
    let post = |fault: Fault| fault.on(Resource::Teams).method("POST").path("/messages");
    let look = |fault: Fault| fault.on(Resource::Teams).method("GET").path("/messages");
    let cuts: [(&str, Vec<Fault>, bool); 10] = [
        ("before the look", vec![look(Fault::dropped())], true),
        ("after the look", vec![look(Fault::lost())], true),
        ("within the look", vec![look(Fault::torn())], true),
        ("before it is sent", vec![post(Fault::dropped())], false),
        ("after it is sent", vec![post(Fault::lost())], true),
        ("within the answer", vec![post(Fault::torn())], true),
        ("the gateway gives up", vec![post(Fault::error(504, "GatewayTimeout"))], false),
        ("too fast", vec![post(Fault::throttled().retry_after(0))], true),
        ("after it is sent, and in the search for it", vec![post(Fault::lost()), look(Fault::torn()).after(1)], true),
        ("before it is sent, and in the search", vec![post(Fault::dropped()), look(Fault::dropped()).after(1)], false),
    ];
    for (number, (what, faults, goes)) in cuts.into_iter().enumerate() {
        let row = world.chat(&format!("Chat {number}")).await;
        for fault in faults {
            world.fake.fail(fault);
        }
        let op = engine.reply(row.id, &format!("Words {number}.")).await;
        let sent = || world.said(&chats[number], &format!("Words {number}."));
        if goes {
            engine.op_in(op.id, OpState::Done).await;
        } else {
            let parked = engine.op_in(op.id, OpState::Parked).await;
            assert!(parked.reason.is_some_and(|reason| reason.ends_with('.')), "{what}");
            assert_eq!(sent(), 0, "{what}");
            // The person has looked, and says: once more.
            let _: Value = engine.call("outbox.retry", json!({ "id": op.id })).await;
            engine.op_in(op.id, OpState::Done).await;
        }
        world.fake.heal();
        assert_eq!(sent(), 1, "{what}");
    }
}

/// The documented message with a file: its words, and what hangs on it.
fn documented(test: &str) -> Option<(String, Value)> {
    let path = inlet_testkit::shared(test)?.join("specs/graph-examples/chatmessage-post.http");
    let text = std::fs::read_to_string(path).unwrap();
    let example = text.split("\n### ").find(|example| example.starts_with("request post_chatmessage_4")).unwrap();
    let said: Value = serde_json::from_str(example.split_once("\n\n").unwrap().1).unwrap();
    Some((said["body"]["content"].as_str().unwrap().to_owned(), said["attachments"].clone()))
}

const LINKS: &str = include_str!("../../orchestrator/migrations/0029_links.sql");

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_file_is_an_attachment_that_only_a_browser_opens() {
    let name = "a_shared_file_is_an_attachment_that_only_a_browser_opens";
    let (Some(world), Some((words, files))) = (World::new(name).await, documented(name)) else { return };
    let (engine, teams) = (&world.engine, world.fake.teams());
    let chat = teams.group("Figures", std::slice::from_ref(&world.ben));
    let said = Said::html(&words).from(&world.ben).with("attachments", files.clone());
    let message = teams.say(&chat, said);
    let id = world.connect().await;
    let found = async |query: &str| -> u64 {
        let found: SearchView = engine.call("search", json!({ "query": format!("{query} source:teams") })).await;
        found.total
    };
    engine.until("the file to be found", async || (found("filename:budget").await == 1).then_some(())).await;
    assert_eq!((found("has:attachment").await, found("has:link").await), (1, 1));
    let row = world.chat("Figures").await;
    assert!(row.has_attachment);
    let item = async || -> ItemView { engine.thread(row.id).await.items.into_iter().next().unwrap() };
    let shared = item().await;
    assert_eq!(shared.text, "Here's the latest budget.", "the words alone");
    let [file] = shared.attachments.as_slice() else { panic!("{:?}", shared.attachments) };
    let link = "https://m365x987948.sharepoint.com/sites/test/Shared%20Documents/General/test%20doc.docx";
    assert_eq!((file.name.as_str(), file.size, file.local), ("Budget.docx", 0, false));
    assert_eq!(file.link.as_deref(), Some(link));

    // Nobody is asked for it, and the sentence says where to go.
    world.fake.forget();
    let sentence = "This file lies at m365x987948.sharepoint.com; open it in the browser.";
    let out = tempfile::tempdir().unwrap();
    for method in ["attachment.data", "attachment.along", "attachment.save", "attachment.copy"] {
        let asked = json!({ "id": file.id, "folder": out.path() });
        let refused = engine.ask(method, asked).await.unwrap_err();
        assert_eq!((refused.code, refused.message.as_str()), (ErrorCode::Refused, sentence), "{method}");
    }
    let all = json!({ "item": shared.id, "folder": out.path() });
    assert_eq!(engine.ask("attachment.save_all", all.clone()).await.unwrap_err().message, sentence);
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
    assert_eq!(world.fake.requests(Resource::Teams), 0);

    // A message without a word is told by its file; a file that can be had is saved beside one that cannot.
    let both = Said::html(r#"<img src="{hosted:0}">"#).from(&world.ben).with("attachments", files.clone());
    let second = teams.say(&chat, both.picture("image/png", "pixels"));
    engine.resync(id).await;
    let row = world.chat("Figures").await;
    assert_eq!(row.snippet, "📎 image-1.png, Budget.docx");
    let newest = engine.thread(row.id).await.items.into_iter().next_back().unwrap();
    let saved: SavedAll = engine.call("attachment.save_all", json!({ "item": newest.id, "folder": out.path() })).await;
    assert_eq!((saved.files, saved.left_out), (1, vec![format!("Budget.docx: {sentence}")]));

    // What is dropped from the message is dropped here, at the next look into its chat.
    teams.edit(&chat, &message, "<p>No budget after all</p>");
    teams.attach(&chat, &message, json!([]));
    let _: Value = engine.call("sync.attend", json!({ "thread": row.id })).await;
    let bare = engine
        .until("other words", async || Some(item().await).filter(|item| item.text == "No budget after all"))
        .await;
    assert!(bare.attachments.is_empty());
    teams.delete(&chat, &second);
    engine.resync(id).await;
    engine.until("no file to be found", async || (found("filename:budget").await == 0).then_some(())).await;
    assert!(!world.chat("Figures").await.has_attachment);

    // As it was before, and then the migration: what is told from then on has its place.
    let database = rusqlite::Connection::open(engine.data().join("inlet.db")).unwrap();
    database.execute_batch("ALTER TABLE attachment DROP COLUMN link").unwrap();
    database.execute_batch(LINKS).unwrap();
    teams.say(&chat, Said::html("Once more").from(&world.ben).with("attachments", files));
    engine.resync(id).await;
    let again = engine.thread(row.id).await.items.pop().unwrap();
    assert_eq!((again.text.as_str(), again.attachments[0].link.as_deref()), ("Once more", Some(link)));
    world.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn many_chats_stay_within_the_budget_and_come_whole() {
    let Some(world) = World::new("many_chats_stay_within_the_budget").await else { return };
    world.fake.teams().add_many(1_000, 2);
    let id = world.connect().await;
    let source = world.engine.source(id).await;
    // The first hundred are read to the end; of the others the newest comes with the list.
    assert_eq!(source.items, 100 * 2 + 900);
    let requests = world.fake.requests(Resource::Teams);
    // Fifty a page, a look into each of the hundred, and a few to test and to begin.
    assert!(requests <= 1_000 / 50 + 100 + 10, "{requests} requests for {} items", source.items);
    assert!(world.fake.most_at_once(Resource::Teams) <= 3);
}
