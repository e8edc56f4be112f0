//! Notebooks at Microsoft, behind a Graph that refuses what Microsoft does not document.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use inlet_model::{Account, AccountConfig, SourceId, SourceType, ThreadId};
use inlet_orchestrator::api::types::{
    Acted, AttachmentData, HtmlView, ItemView, OpState, OpView, ScopeView, SearchView, SourceState,
};
use inlet_testkit::{
    SignedIn, TokenIssuer,
    graph::{FakeGraph, Fault, Letter, Resource},
};
use serde_json::{Value, json};

use crate::harness::{Engine, Setup};

struct World {
    engine: Engine,
    fake: FakeGraph,
    _issuer: TokenIssuer,
}

impl World {
    /// An account with mail and notes switched on, signed in already.
    async fn new(test: &str) -> Option<Self> {
        let fake = FakeGraph::start(test)?;
        fake.accept(
            "token",
            &["User.Read", "Mail.ReadWrite", "Calendars.ReadWrite", "MailboxSettings.ReadWrite", "Notes.ReadWrite"],
        );
        let issuer = TokenIssuer::start("token");
        let mut config = issuer.microsoft(&fake, SourceType::Outlook, false);
        config.sources.push(SourceType::OneNote);
        let behind = move |account: &Account, _, events| {
            let account = Account { config: AccountConfig::Microsoft(config.clone()), ..account.clone() };
            inlet_connectors::open(&account, Arc::new(SignedIn), events)
        };
        let engine = Engine::with(Setup { behind: Some(Arc::new(behind)), ..Setup::default() }).await;
        Some(Self { engine, fake, _issuer: issuer })
    }

    async fn connect(&self) -> SourceId {
        self.engine.connect("outlook").await;
        let sources = self.engine.sources().await;
        let types: Vec<SourceType> = sources.iter().map(|source| source.source_type).collect();
        assert_eq!(types, [SourceType::Outlook, SourceType::OneNote], "one sign-in, two sources");
        let id = sources[1].id;
        self.engine.state_of(id, SourceState::Live).await;
        id
    }

    async fn page(&self, title: &str) -> ThreadId {
        let row = self.engine.until(title, async || self.engine.titled(title).await).await;
        row.id
    }

    async fn item(&self, page: ThreadId) -> ItemView {
        let mut items = self.engine.thread(page).await.items;
        assert_eq!(items.len(), 1, "a page is one item");
        items.remove(0)
    }

    async fn found(&self, query: &str) -> u64 {
        let view: SearchView = self.engine.call("search", json!({ "query": query })).await;
        view.total
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notebook_is_synced_searched_and_written_beside_the_mail_of_its_account() {
    let name = "a_notebook_is_synced_searched_and_written_beside_the_mail_of_its_account";
    let Some(world) = World::new(name).await else { return };
    let (engine, notes) = (&world.engine, world.fake.notes());
    world.fake.mail().add(Letter::new("Lunch?").from("Ann", "ann@fabrikam.example").text("At noon."));
    let book = notes.notebook("Garden");
    let section = notes.section(&notes.group(&book, "2026"), "Spring");
    notes.add_many(&section, 12);
    let image = notes.resource("image/png", "pixels of a pond".repeat(30));
    let remote = notes.page(
        &section,
        "Beds",
        &format!(
            "<p>Where the <b>kingfisher</b> sits</p><p data-tag=\"to-do\">Plant peas</p>\
             <img src=\"{image}\" data-src-type=\"image/png\" alt=\"The pond\" /><script>alert(1)</script>"
        ),
    );
    let id = world.connect().await;
    engine
        .until("the words of a page", async || (world.found("kingfisher source:onenote").await == 1).then_some(()))
        .await;
    assert_eq!(world.found("noon source:outlook").await, 1, "the mail of the same account");
    engine.resync(id).await;
    let scopes: Vec<ScopeView> = engine.call("scopes.list", json!({ "source": id })).await;
    assert_eq!(scopes.iter().map(|scope| scope.name.as_str()).collect::<Vec<_>>(), ["Garden › 2026 › Spring"]);
    assert_eq!(engine.view("notes").await.len(), 13);

    // It is shown without what could run, and its picture comes through the engine.
    let page = world.page("Beds").await;
    let item = world.item(page).await;
    let drawn: HtmlView = engine.call("item.html", json!({ "id": item.id, "theme": "light" })).await;
    assert!(drawn.document.contains("<b>kingfisher</b>") && !drawn.document.contains("alert(1)"));
    let picture = &item.attachments[0];
    let data: AttachmentData = engine.call("attachment.data", json!({ "id": picture.id })).await;
    let bytes = STANDARD.decode(data.base64).unwrap();
    assert_eq!((picture.inline, bytes), (true, b"pixels of a pond".repeat(30)));

    // The answer to the writing is lost: it is looked for, and not written a second time.
    world.fake.fail(Fault::lost().on(Resource::OneNote).method("PATCH"));
    let op = engine.reply(page, "- [ ] Buy a net").await;
    engine.op_in(op.id, OpState::Done).await;
    assert_eq!(notes.html(&remote).matches("Buy a net").count(), 1);
    engine.resync(id).await;
    let item = world.item(page).await;
    assert_eq!(item.text.matches("- [ ] Buy a net").count(), 1, "{}", item.text);
    let todos = item.page.unwrap().todos;
    assert_eq!(todos.iter().map(|todo| todo.text.as_str()).collect::<Vec<_>>(), ["Plant peas", "Buy a net"]);

    let tick = json!({ "verb": "tick", "items": [item.id], "todo": todos[0].id });
    let _: Acted = engine.call("act", tick).await;
    engine.outbox_empty().await;
    assert!(notes.html(&remote).contains("<p data-tag=\"to-do:completed\">Plant peas</p>"));

    let message = json!({ "source": id, "section": scopes[0].id, "subject": "Harvest", "text": "In a basket" });
    let op: OpView = engine.call("send", json!({ "message": message, "undo_seconds": 0 })).await;
    let made = op.thread.unwrap();
    engine.op_in(op.id, OpState::Done).await;
    engine.resync(id).await;
    assert_eq!(notes.pages(&section).iter().filter(|page| notes.title(page) == "Harvest").count(), 1);
    assert!(world.item(made).await.text.contains("In a basket"), "the echo and the platform's page are one");

    // What is gone there is gone here.
    notes.delete_page(&remote);
    engine.resync(id).await;
    assert!(engine.titled("Beds").await.is_none());
    assert_eq!(engine.view("notes").await.len(), 13);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_left_no_trace_is_parked_with_the_reason_and_written_when_the_person_says_so() {
    let name = "what_left_no_trace_is_parked_with_the_reason_and_written_when_the_person_says_so";
    let Some(world) = World::new(name).await else { return };
    let (engine, notes) = (&world.engine, world.fake.notes());
    let section = notes.section(&notes.notebook("Garden"), "Spring");
    let remote = notes.page(&section, "Beds", "<p>Peas</p>");
    world.connect().await;
    let page = world.page("Beds").await;
    world.fake.fail(Fault::dropped().on(Resource::OneNote).method("PATCH"));
    let op = engine.reply(page, "Water them").await;
    let parked = engine.op_in(op.id, OpState::Parked).await;
    let reason = parked.reason.unwrap();
    assert!(reason.contains("may or may not have been written") && reason.contains("notebook"), "{reason}");
    assert!(!notes.html(&remote).contains("Water them"));
    let _: OpView = engine.call("outbox.retry", json!({ "id": op.id })).await;
    engine.op_in(op.id, OpState::Done).await;
    assert_eq!(notes.html(&remote).matches("Water them").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_pages_the_titles_come_first_and_an_opened_one_at_once() {
    let name = "of_many_pages_the_titles_come_first_and_an_opened_one_at_once";
    let Some(world) = World::new(name).await else { return };
    let (engine, notes) = (&world.engine, world.fake.notes());
    let section = notes.section(&notes.notebook("Garden"), "Spring");
    let first = notes.page(&section, "The very first", "<p>About the heron</p>");
    notes.add_many(&section, 150);
    let id = world.connect().await;
    let page = world.page("The very first").await;
    let item = world.item(page).await;
    assert!(item.page.unwrap().pending, "its turn has not come");
    assert_eq!(engine.view("notes").await.len(), 151, "all of them are listed");
    let progress = engine.source(id).await.progress;
    assert!(!progress.complete && progress.done < 151, "{progress:?}");
    let opened: ItemView = engine.call("item.complete", json!({ "id": item.id })).await;
    assert!(opened.text.contains("heron") && !opened.page.unwrap().pending);
    engine.until("the opened page", async || (world.found("heron").await == 1).then_some(())).await;

    // Paused, nothing is asked; removed, nothing is left.
    let account = engine.accounts().await[0].id;
    let _: Value = engine.call("accounts.pause", json!({ "id": account })).await;
    engine.state_of(id, SourceState::Paused).await;
    world.fake.forget();
    notes.edit(&first, "<p>Nobody looks</p>");
    let again: ItemView = engine.call("item.get", json!({ "id": item.id })).await;
    assert!(again.text.contains("heron"));
    assert_eq!(world.fake.requests(Resource::OneNote), 0);
    let _: Value = engine.call("accounts.remove", json!({ "id": account })).await;
    assert!(engine.view("notes").await.is_empty());
    assert_eq!(world.found("heron").await, 0);
}
