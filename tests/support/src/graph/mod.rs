//! A Microsoft Graph for tests, which refuses what Microsoft does not document.
//!
//! Nothing here may be the developer's own idea of Graph: each request is checked against
//! Microsoft's OpenAPI files (read from `INLET_SHARED/specs`, compiled by a real JSON Schema
//! validator), each answer is checked against them before it goes out, and what the files lack is
//! listed with its source in [`spec::extra`]. A request that is wrong is answered with 400, noted,
//! and **fails the test** when the fake is dropped.
//!
//! ```no_run
//! use inlet_testkit::graph::{FakeGraph, Fault, Letter, Person, Resource, Said};
//!
//! # async fn doc() {
//! // A test that needs the specifications says its name and skips without them.
//! let Some(fake) = FakeGraph::start("outlook_syncs") else { return };
//! fake.accept("token", &["User.Read", "Mail.ReadWrite", "Mail.Send"]);
//! let api_root = fake.api_root();          // http://127.0.0.1:…/v1.0
//! let uploads = fake.upload_origin();      // another origin, as outlook.office.com is
//!
//! // The world, before and while the client syncs.
//! let mail = fake.mail().add(Letter::new("Lunch?").from("Ann", "ann@fabrikam.example").text("At noon."));
//! fake.mail().change(mail, &serde_json::json!({ "isRead": true }));
//! fake.mail().move_to(mail, "archive");
//! fake.mail().add_many("inbox", 100_000);  // cheap
//! fake.mail().expire_deltas();             // delta links answer 410
//!
//! let ann = Person::new("Ann", "ann@contoso.example");
//! let chat = fake.teams().one_on_one(&ann);
//! let said = fake.teams().say(&chat, Said::html("<p>Hi</p>").from(&ann));
//! fake.teams().edit(&chat, &said, "<p>Hello</p>");
//! let section = fake.notes().section(&fake.notes().notebook("Work"), "Plans");
//! let page = fake.notes().page(&section, "Launch", "<p data-tag=\"to-do\">Book a room</p>");
//!
//! // What goes wrong.
//! fake.fail(Fault::throttled().retry_after(7).on(Resource::Mail).times(3));
//! fake.fail(Fault::lost().method("POST").path("/send"));
//! fake.clock().advance(std::time::Duration::from_secs(3600));
//!
//! // What came of it.
//! assert_eq!(fake.mail().sent().len(), 1);
//! assert!(fake.requests(Resource::Mail) < 20 && fake.most_at_once(Resource::Mail) <= 3);
//! # }
//! ```
//!
//! What it plays is the list in `routes.rs`. How it behaves where the files are silent follows
//! Microsoft's reference pages and is said where it is done: deltas in `mail/delta.rs`, ids in
//! `mail/mod.rs`, limits of query options in `spec/validate.rs`, budgets in `budget.rs`. Time
//! stands still until the test moves it ([`Clock`]).
//!
//! Not played: more than one person's mailbox, search across Graph, subscriptions, and the limits of
//! Teams per second, which a clock that stands still cannot know; a test that wants one queues a
//! [`Fault`]. A documented operation that is not played answers 501, and is a complaint too.
//!
//! Microsoft's documented exchanges are given by [`examples()`](examples::examples).
//!
//! Tests in other languages run the program `inlet-fake-graph` and steer it by [`admin`].
//!
//! A test of a deliberately wrong request takes the complaints with
//! [`FakeGraph::take_complaints`]; whatever is left at the end fails it.
//!
//! Refused: a mock server generated from the files (prism). It validates and has no state, and
//! everything that goes wrong in a sync is a matter of state.

pub mod admin;

mod auth;
mod batch;
mod budget;
mod chats;
mod clock;
mod compare;
mod examples;
mod exchange;
mod fault;
mod mail;
mod notes;
mod odata;
mod record;
mod routes;
mod server;
mod spec;
mod tenant;
mod user;
mod world;

use std::{net::TcpListener, sync::Arc};

pub use chats::hands::{Said, TeamsHands};
pub use clock::Clock;
pub use compare::agrees;
pub use examples::{Example, Shown, examples};
pub use fault::{Fault, Gate};
pub use mail::{
    hands::{Letter, MailHands, MailRef},
    meetings::Told,
};
pub use notes::hands::NotesHands;
pub use record::{Resource, Seen};
pub use world::Person;

use spec::Spec;
use tenant::Tenant;

use crate::wire::Hosted;

/// A running fake; it ends, and fails the test if a request was wrong, when it is dropped.
pub struct FakeGraph {
    tenant: Arc<Tenant>,
    api: String,
    uploads: String,
    _server: Hosted,
}

impl FakeGraph {
    /// Starts a fake on two free loopback ports, or says that `test` is skipped.
    ///
    /// # Panics
    /// When the specifications cannot be read or a schema in them does not compile.
    pub fn start(test: &str) -> Option<Self> {
        let folder = crate::shared(test)?;
        let api = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let uploads = TcpListener::bind("127.0.0.1:0").expect("a free port");
        Some(Self::with(Spec::load(&folder, &routes::played()), api, uploads, Clock::still()))
    }

    fn with(spec: Arc<Spec>, api: TcpListener, uploads: TcpListener, clock: Clock) -> Self {
        let origin = |listener: &TcpListener| format!("http://{}", listener.local_addr().expect("an address"));
        let (root, upload_origin) = (format!("{}/v1.0", origin(&api)), origin(&uploads));
        let tenant = Arc::new(Tenant::new(spec, clock, root.clone(), upload_origin.clone()));
        let server = server::start(Arc::clone(&tenant), api, uploads);
        Self { tenant, api: root, uploads: upload_origin, _server: server }
    }

    /// Where the API is, with its version: `http://127.0.0.1:port/v1.0`.
    pub fn api_root(&self) -> &str {
        &self.api
    }

    /// The origin of upload sessions, which is not the API's.
    pub fn upload_origin(&self) -> &str {
        &self.uploads
    }

    /// Accepts a bearer token with these scopes from now on; again: with other scopes.
    pub fn accept(&self, token: &str, scopes: &[&str]) {
        self.tenant.auth.accept(token, scopes);
    }

    /// Lets links to further pages lead to another place instead of [`FakeGraph::api_root`], where a
    /// client has no business with its token; `None`: no more.
    pub fn mislead(&self, root: Option<&str>) {
        self.tenant.world.lock().elsewhere = root.map(str::to_owned);
    }

    /// Refuses a token from now on.
    pub fn revoke(&self, token: &str) {
        self.tenant.auth.revoke(token);
    }

    /// Asks this endpoint (RFC 7662) about tokens that are not known; a client id and secret may
    /// stand before the host.
    pub fn introspect(&self, url: &str) {
        self.tenant.auth.introspect(url);
    }

    /// The mailbox's owner.
    pub fn me(&self) -> Person {
        self.tenant.world.lock().me.clone()
    }

    /// Says whose mailbox it is, before anything is put into it.
    pub fn be(&self, person: &Person) {
        self.tenant.world.lock().me = person.clone();
    }

    /// The mailbox.
    pub fn mail(&self) -> MailHands<'_> {
        MailHands(&self.tenant.world)
    }

    /// Chats, teams and channels.
    pub fn teams(&self) -> TeamsHands<'_> {
        TeamsHands(&self.tenant.world)
    }

    /// Notebooks, sections and pages.
    pub fn notes(&self) -> NotesHands<'_> {
        NotesHands(&self.tenant.world)
    }

    /// The fake's clock.
    pub fn clock(&self) -> &Clock {
        &self.tenant.clock
    }

    /// Lets something go wrong.
    pub fn fail(&self, fault: Fault) {
        self.tenant.faults.lock().add(fault);
    }

    /// Takes back all faults that wait.
    pub fn heal(&self) {
        self.tenant.faults.lock().clear();
    }

    /// How many faults wait for a request they fit.
    pub fn faults(&self) -> usize {
        self.tenant.faults.lock().waiting()
    }

    /// How many requests came for a part of Graph, those in batches included.
    pub fn requests(&self, resource: Resource) -> usize {
        self.tenant.record.count(resource)
    }

    /// How many requests of a part were under way at once, at most.
    pub fn most_at_once(&self, resource: Resource) -> usize {
        self.tenant.record.most(resource)
    }

    /// Every request so far, in order.
    pub fn seen(&self) -> Vec<Seen> {
        self.tenant.record.seen()
    }

    /// Counts from nothing again.
    pub fn forget(&self) {
        self.tenant.record.forget();
    }

    /// What was wrong so far.
    pub fn complaints(&self) -> Vec<String> {
        self.tenant.record.complaints()
    }

    /// What was wrong so far, which with that is forgiven.
    pub fn take_complaints(&self) -> Vec<String> {
        self.tenant.record.take_complaints()
    }

    /// # Panics
    /// When a request was not one that Microsoft documents, or an answer of the fake's was not.
    pub fn assert_clean(&self) {
        let complaints = self.complaints();
        assert!(complaints.is_empty(), "not as Microsoft documents it:\n  {}", complaints.join("\n  "));
    }
}

impl Drop for FakeGraph {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.assert_clean();
        }
    }
}
