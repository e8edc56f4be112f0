//! A Slack for tests, which refuses what Slack does not document.
//!
//! Each request is checked against Slack's published description of its Web API (read from
//! `INLET_SHARED/specs`), each answer is checked against it before it goes out, and what the file lacks,
//! which ends in 2021, is listed with its source in [`spec`]. A request that is wrong is noted and **fails
//! the test** when the fake is dropped. Events come over a real WebSocket ([`socket`]), in envelopes whose
//! content is checked against Slack's description of its events.
//!
//! ```no_run
//! use inlet_testkit::slack::{FakeSlack, Fault};
//!
//! # async fn doc() {
//! let Some(slack) = FakeSlack::start("slack_syncs") else { return };
//! let ben = slack.person("Ben Ito", "ben@initech.example");
//! let general = slack.channel("general", &[&ben]);
//! let said = slack.say(&general, &ben, "Lunch?");
//! slack.answer(&general, &said, &ben, "At noon.");
//! slack.edit(&general, &said, "Lunch today?");
//! slack.fail("conversations.history", Fault::throttled(7));
//! slack.socket().disconnect("refresh_requested");
//! # }
//! ```
//!
//! Tests in other languages run the program `inlet-fake-slack` and steer it by [`admin`].
//!
//! How it behaves where the files are silent follows Slack's reference pages and is said where it is done.
//! Refused: a mock generated from the file. It has no state, and everything that goes wrong in a sync is a
//! matter of state.

pub mod admin;

mod api;
mod hands;
mod server;
mod signin;
pub mod socket;
mod spec;
mod world;

use std::{collections::VecDeque, net::TcpListener, sync::Arc};

use parking_lot::Mutex;

pub use signin::CLIENT;

use signin::Desk;
use socket::Sockets;
use spec::Spec;
use world::World;

use crate::wire::Hosted;

/// The person's token the fake takes.
pub const TOKEN: &str = "xoxp-1-fake";
/// The app's token the fake takes.
pub const APP_TOKEN: &str = "xapp-1-fake";

/// Something that goes wrong with the next request of a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 429, with the seconds to wait.
    Throttled(Option<u64>),
    /// An HTTP status without effect.
    Status(u16),
    /// 200 that says `ok: false` with this word, without effect.
    Error(&'static str),
    /// The connection ends before anything is done.
    Dropped,
    /// It is done, and nobody is told.
    Lost,
    /// It is done, and the answer ends in the middle.
    Torn,
}

impl Fault {
    /// 429 with `Retry-After`.
    pub fn throttled(seconds: u64) -> Self {
        Self::Throttled(Some(seconds))
    }
}

/// What is shared between the wire and the hands.
pub(crate) struct Shared {
    pub(crate) spec: Arc<Spec>,
    pub(crate) world: Mutex<World>,
    pub(crate) faults: Mutex<VecDeque<(String, Fault)>>,
    pub(crate) complaints: Mutex<Vec<String>>,
    pub(crate) seen: Mutex<Vec<String>>,
    pub(crate) sockets: Arc<Sockets>,
    pub(crate) desk: Mutex<Desk>,
    /// Where it is reached, without a path.
    pub(crate) origin: String,
}

impl Shared {
    pub(crate) fn complain(&self, what: String) {
        self.complaints.lock().push(what);
    }

    /// What happens to a request of this method.
    pub(crate) fn fate(&self, method: &str) -> Option<Fault> {
        let mut faults = self.faults.lock();
        let place = faults.iter().position(|(name, _)| name == method)?;
        faults.remove(place).map(|(_, fault)| fault)
    }

    /// Tells the sockets of an event.
    pub(crate) fn tell(&self, event: serde_json::Value) {
        let envelope = self.world.lock().envelope(event);
        for complaint in self.spec.event(&envelope["payload"]) {
            self.complain(format!("an event of the fake's: {complaint}"));
        }
        self.sockets.tell(envelope);
    }
}

/// A running fake; it ends, and fails the test if a request was wrong, when it is dropped.
pub struct FakeSlack {
    shared: Arc<Shared>,
    _server: Hosted,
}

impl FakeSlack {
    /// Starts a fake on free loopback ports, or says that `test` is skipped.
    ///
    /// # Panics
    /// When the specifications cannot be read or a schema in them does not compile.
    pub fn start(test: &str) -> Option<Self> {
        let folder = crate::shared(test)?;
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let sockets = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = |listener: &TcpListener| listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            spec: Spec::load(&folder),
            world: Mutex::new(World::new()),
            faults: Mutex::default(),
            complaints: Mutex::default(),
            seen: Mutex::default(),
            sockets: Arc::new(Sockets::new(format!("ws://{}", address(&sockets)))),
            desk: Mutex::default(),
            origin: format!("http://{}", address(&listener)),
        });
        let server = server::start(Arc::clone(&shared), listener, sockets);
        Some(Self { shared, _server: server })
    }

    /// Root of the Web API.
    pub fn api_root(&self) -> String {
        format!("{}/api", self.shared.origin)
    }

    /// Where people sign in, without a path.
    pub fn authority(&self) -> &str {
        &self.shared.origin
    }

    /// The sockets.
    pub fn socket(&self) -> &Sockets {
        &self.shared.sockets
    }

    /// Lets something go wrong with the next request of a method that nothing else waits for. The bytes of
    /// files are the methods `files` and `upload`.
    pub fn fail(&self, method: &str, fault: Fault) {
        self.shared.faults.lock().push_back((method.to_owned(), fault));
    }

    /// The next so many requests of a method are spared, the one after them goes wrong.
    pub fn fail_after(&self, method: &str, spared: usize, fault: Fault) {
        let mut faults = self.shared.faults.lock();
        faults.extend((0..spared).map(|_| (method.to_owned(), Fault::Status(0))));
        faults.push_back((method.to_owned(), fault));
    }

    /// Takes back all faults that wait.
    pub fn heal(&self) {
        self.shared.faults.lock().clear();
    }

    /// How often a method was asked since [`Self::forget`].
    pub fn requests(&self, method: &str) -> usize {
        self.shared.seen.lock().iter().filter(|seen| *seen == method).count()
    }

    /// How many requests there were, of whatever method.
    pub fn all_requests(&self) -> usize {
        self.shared.seen.lock().len()
    }

    /// Counts from nothing again.
    pub fn forget(&self) {
        self.shared.seen.lock().clear();
    }

    /// What was wrong so far, which with that is forgiven.
    pub fn take_complaints(&self) -> Vec<String> {
        std::mem::take(&mut *self.shared.complaints.lock())
    }

    /// # Panics
    /// When a request was not one that Slack documents, or an answer of the fake's was not.
    pub fn assert_clean(&self) {
        let complaints = self.shared.complaints.lock();
        assert!(complaints.is_empty(), "not as Slack documents it:\n  {}", complaints.join("\n  "));
    }
}

impl Drop for FakeSlack {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.assert_clean();
        }
    }
}
