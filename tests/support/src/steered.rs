//! A server that is a Node program and talks with its test by lines: events come on its output, the
//! first of them says where it listens, and orders go to its input, each answered with `done`.

use std::{
    io::{BufRead, BufReader, Write},
    process::{ChildStdin, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::sync::watch;

use crate::keeper::Keeper;

/// What it has said: whatever the test keeps of it, and the last order it has carried out.
#[derive(Default)]
struct Heard<S> {
    seen: S,
    done: u64,
    closed: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Line<E> {
    Answer(Answer),
    Event(E),
}

#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Answer {
    Done { id: u64 },
}

/// A running server; it ends when dropped.
pub(crate) struct Steered<S> {
    name: &'static str,
    /// How long it may take to do anything.
    limit: Duration,
    heard: watch::Receiver<Arc<Mutex<Heard<S>>>>,
    stdin: Mutex<(ChildStdin, u64)>,
    _keeper: Keeper,
}

impl<S: Default + Send + Sync + 'static> Steered<S> {
    /// Starts it; `take` keeps what a later event tells. Returns it with its first event.
    ///
    /// # Panics
    /// When it does not start.
    pub(crate) fn start<E: DeserializeOwned>(
        name: &'static str,
        limit: Duration,
        mut command: Command,
        take: impl Fn(&mut S, E) + Send + 'static,
    ) -> (Self, E) {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let (keeper, (stdin, stdout)) =
            Keeper::start(command, |child| (child.stdin.take().unwrap(), child.stdout.take().unwrap()));
        let mut lines = BufReader::new(stdout).lines();
        let first = lines.next().and_then(Result::ok).unwrap_or_else(|| panic!("{name} says where it listens"));
        let listening = serde_json::from_str(&first).unwrap_or_else(|_| panic!("{name} said {first}"));
        let state = Arc::new(Mutex::new(Heard::default()));
        let (changed, heard) = watch::channel(Arc::clone(&state));
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let line = serde_json::from_str(&line).unwrap_or_else(|_| panic!("an event of {name}"));
                let mut state = state.lock().unwrap();
                match line {
                    Line::Answer(Answer::Done { id }) => state.done = id,
                    Line::Event(event) => take(&mut state.seen, event),
                }
                drop(state);
                changed.send_modify(|_| ());
            }
            state.lock().unwrap().closed = true;
            changed.send_modify(|_| ());
        });
        (Self { name, limit, heard, stdin: Mutex::new((stdin, 0)), _keeper: keeper }, listening)
    }

    /// Gives an order; it is carried out when this returns.
    ///
    /// # Panics
    /// When the server is gone.
    pub(crate) async fn order(&self, mut order: Value) {
        let id = {
            let mut stdin = self.stdin.lock().unwrap();
            stdin.1 += 1;
            order["id"] = stdin.1.into();
            writeln!(stdin.0, "{order}").unwrap_or_else(|_| panic!("{} reads", self.name));
            stdin.1
        };
        self.heard(|heard| heard.done >= id).await;
    }

    /// Waits until what was seen is enough.
    ///
    /// # Panics
    /// When the server is gone.
    pub(crate) async fn until(&self, enough: impl Fn(&S) -> bool) {
        self.heard(|heard| enough(&heard.seen)).await;
    }

    /// Looks at what was seen so far.
    pub(crate) fn seen<T>(&self, look: impl FnOnce(&S) -> T) -> T {
        look(&self.heard.borrow().lock().unwrap().seen)
    }

    async fn heard(&self, ready: impl Fn(&Heard<S>) -> bool) {
        let mut heard = self.heard.clone();
        let wait = heard.wait_for(|state| {
            let state = state.lock().unwrap();
            assert!(!state.closed, "{} ended", self.name);
            ready(&state)
        });
        assert!(crate::timeout(self.limit, wait).await.is_ok(), "{} is there", self.name);
    }
}
