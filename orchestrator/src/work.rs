//! Work that takes long: what it is, how far it has come, and the ways to hold or end it.
//!
//! Whoever does such work takes a [`Handle`] and calls [`Handle::step`] between two pieces; there it
//! waits while the person has paused it, and ends when they have cancelled it. The list is only in
//! memory: what has to survive a restart (a sync, the index) keeps its place in the store.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use inlet_model::Timestamp;
use parking_lot::Mutex;
use tokio::sync::watch;

use crate::{
    api::{
        ApiError, ErrorCode,
        types::{WorkKind, WorkView},
    },
    clock::Clock,
    event::Event,
    feed::Feed,
};

/// Time between two events about one piece of work.
const APART: Duration = Duration::from_millis(150);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Go,
    Pause,
    Cancel,
}

struct Entry {
    view: WorkView,
    order: watch::Sender<Order>,
    told: Timestamp,
}

/// Everything under way in this process.
pub(crate) struct Works {
    entries: Mutex<Vec<Entry>>,
    next: AtomicU64,
    feed: Feed,
    clock: Clock,
}

impl Works {
    pub(crate) fn new(feed: Feed, clock: Clock) -> Arc<Self> {
        Arc::new(Self { entries: Mutex::default(), next: AtomicU64::new(1), feed, clock })
    }

    /// Begins work of `total` pieces, if that is known.
    pub(crate) fn begin(self: &Arc<Self>, kind: WorkKind, title: &str, total: Option<u64>) -> Handle {
        let id = format!("w{}", self.next.fetch_add(1, Ordering::Relaxed));
        let now = self.clock.now();
        let (order, orders) = watch::channel(Order::Go);
        let view = WorkView {
            id: id.clone(),
            kind,
            title: title.to_owned(),
            done: 0,
            total,
            started_at: now,
            paused: false,
            can_pause: true,
            can_cancel: true,
        };
        self.entries.lock().push(Entry { view, order, told: now });
        self.feed.send(Event::Progress);
        Handle { works: self.clone(), id, orders }
    }

    /// What is under way, oldest first.
    pub(crate) fn list(&self) -> Vec<WorkView> {
        self.entries.lock().iter().map(|entry| entry.view.clone()).collect()
    }

    /// Holds work, or lets it go on.
    ///
    /// # Errors
    /// When it has ended.
    pub(crate) fn pause(&self, id: &str, paused: bool) -> Result<(), ApiError> {
        self.order(id, if paused { Order::Pause } else { Order::Go })
    }

    /// Ends work after the piece it is at.
    ///
    /// # Errors
    /// When it has ended already, or has to be done.
    pub(crate) fn cancel(&self, id: &str) -> Result<(), ApiError> {
        if self.entries.lock().iter().any(|entry| entry.view.id == id && !entry.view.can_cancel) {
            return Err(ApiError::invalid("This has to be done some time; pause it instead."));
        }
        self.order(id, Order::Cancel)
    }

    fn order(&self, id: &str, order: Order) -> Result<(), ApiError> {
        {
            let mut entries = self.entries.lock();
            let entry = entries
                .iter_mut()
                .find(|entry| entry.view.id == id)
                .ok_or_else(|| ApiError::not_found("This work has ended; it"))?;
            entry.view.paused = order == Order::Pause;
            entry.order.send_replace(order);
        }
        self.feed.send(Event::Progress);
        Ok(())
    }

    fn report(&self, id: &str, done: u64) {
        let now = self.clock.now();
        let tell = {
            let mut entries = self.entries.lock();
            let Some(entry) = entries.iter_mut().find(|entry| entry.view.id == id) else { return };
            entry.view.done = done;
            let waited = now.duration_since(entry.told);
            // A clock that was set back must not silence it.
            let tell = waited.is_negative() || waited.unsigned_abs() >= APART;
            if tell {
                entry.told = now;
            }
            tell
        };
        if tell {
            self.feed.send(Event::Progress);
        }
    }
}

/// One piece of work; its entry goes when this is dropped.
pub(crate) struct Handle {
    works: Arc<Works>,
    id: String,
    orders: watch::Receiver<Order>,
}

impl Handle {
    /// Work that has to be done some time: it can wait, and cannot be ended.
    pub(crate) fn needed(self) -> Self {
        for entry in self.works.entries.lock().iter_mut().filter(|entry| entry.view.id == self.id) {
            entry.view.can_cancel = false;
        }
        self
    }

    /// So much is done. Returns when the work may go on.
    ///
    /// # Errors
    /// [`ErrorCode::Cancelled`] when the person has ended it.
    pub(crate) async fn step(&mut self, done: u64) -> Result<(), ApiError> {
        self.works.report(&self.id, done);
        let order = self.orders.wait_for(|order| *order != Order::Pause).await.map(|order| *order);
        match order {
            Ok(Order::Cancel) => Err(ApiError::new(ErrorCode::Cancelled, "This was ended before it was finished.")),
            _ => Ok(()),
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.works.entries.lock().retain(|entry| entry.view.id != self.id);
        self.works.feed.send(Event::Progress);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn works() -> (Arc<Works>, tokio::sync::broadcast::Receiver<Event>) {
        let feed = Feed::new();
        let heard = feed.listen();
        (Works::new(feed, Clock::system()), heard)
    }

    #[tokio::test]
    async fn work_is_listed_from_its_beginning_to_its_end() {
        let (works, mut heard) = works();
        let mut handle = works.begin(WorkKind::Export, "Mail", Some(3));
        handle.step(2).await.unwrap();
        let [view] = works.list().try_into().unwrap();
        assert_eq!((view.done, view.total, view.paused), (2, Some(3), false));
        drop(handle);
        assert!(works.list().is_empty());
        assert_eq!(heard.recv().await.unwrap(), Event::Progress);
        assert_eq!(works.pause(&view.id, true).unwrap_err().code, ErrorCode::NotFound);
    }

    #[tokio::test]
    async fn paused_work_waits_and_cancelled_work_ends() {
        let (works, _) = works();
        let mut handle = works.begin(WorkKind::Rebuild, "Search index", None);
        let id = works.list().remove(0).id;
        works.pause(&id, true).unwrap();
        assert!(works.list().remove(0).paused);
        let mut step = Box::pin(handle.step(1));
        assert!(futures::poll!(&mut step).is_pending());
        works.pause(&id, false).unwrap();
        step.await.unwrap();
        works.pause(&id, true).unwrap();
        works.cancel(&id).unwrap();
        assert_eq!(handle.step(2).await.unwrap_err().code, ErrorCode::Cancelled);
    }

    #[tokio::test]
    async fn work_that_is_needed_can_wait_and_cannot_be_ended() {
        let (works, _) = works();
        let mut handle = works.begin(WorkKind::Rebuild, "Search index", Some(9)).needed();
        let view = works.list().remove(0);
        assert!(view.can_pause && !view.can_cancel);
        assert_eq!(works.cancel(&view.id).unwrap_err().code, ErrorCode::Invalid);
        works.pause(&view.id, true).unwrap();
        works.pause(&view.id, false).unwrap();
        handle.step(1).await.unwrap();
    }
}
