//! The feed: the order in which things changed, and who follows it.
//!
//! Every write stamps what it changed with the next rev, in its own transaction. A follower reads
//! what came after its watermark, in batches, and advances. The broadcast here only wakes: whoever
//! misses one loses nothing, because the next reading starts from the watermark.

use inlet_model::SourceId;
use tokio::sync::broadcast::{self, Receiver, error::RecvError};

use crate::{event::Event, store::Committed};

/// Tells whoever listens that something changed.
#[derive(Clone)]
pub(crate) struct Feed {
    events: broadcast::Sender<Event>,
}

/// Threads named in one event at the most; more is "many".
const NAMED: usize = 200;

impl Feed {
    pub(crate) fn new() -> Self {
        Self { events: broadcast::Sender::new(1024) }
    }

    /// A commit is done.
    pub(crate) fn committed(&self, committed: Committed) {
        if !committed.threads.is_empty() {
            let many = committed.threads.len() > NAMED;
            let threads = if many { Vec::new() } else { committed.threads };
            self.send(Event::Changed { rev: committed.rev, threads });
        }
        if committed.outbox {
            self.send(Event::Outbox);
        }
        if committed.sources {
            self.send(Event::Source { source: None });
        }
        if committed.kept {
            self.send(Event::Kept);
        }
        if committed.suggestions {
            self.send(Event::Suggestions);
        }
        if committed.rules {
            self.send(Event::Rules);
        }
    }

    /// A source's progress changed.
    pub(crate) fn source(&self, source: SourceId) {
        self.send(Event::Source { source: Some(source) });
    }

    pub(crate) fn send(&self, event: Event) {
        // Nobody listening is no error.
        let _ = self.events.send(event);
    }

    pub(crate) fn listen(&self) -> Receiver<Event> {
        self.events.subscribe()
    }
}

/// Waits for an event that matters. A gap in what was heard matters always, for anything may have been in it.
/// Never returns once nobody speaks any more.
pub(crate) async fn heard(events: &mut Receiver<Event>, matters: impl Fn(&Event) -> bool) {
    loop {
        match events.recv().await {
            Ok(Event::Resync) | Err(RecvError::Lagged(_)) => return,
            Ok(event) if matters(&event) => return,
            Ok(_) => {}
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// True when `heard` would still wait.
    async fn waits(events: &mut Receiver<Event>) -> bool {
        let heard = heard(events, |event| matches!(event, Event::Settings));
        tokio::select! {
            biased;
            () = heard => false,
            () = std::future::ready(()) => true,
        }
    }

    #[tokio::test]
    async fn what_matters_is_heard_and_so_is_a_gap() {
        let feed = Feed::new();
        let mut events = feed.listen();
        feed.send(Event::Kept);
        assert!(waits(&mut events).await);
        for news in [Event::Settings, Event::Resync] {
            feed.send(Event::Kept);
            feed.send(news);
            assert!(!waits(&mut events).await);
        }
        for _ in 0..2000 {
            feed.send(Event::Kept);
        }
        assert!(!waits(&mut events).await, "what fell out of the queue may have mattered");
        assert!(waits(&mut events).await, "the rest did not");
        drop(feed);
        assert!(waits(&mut events).await, "silence is no news");
    }
}
