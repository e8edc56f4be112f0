//! The queue of what comes in, in the store.
//!
//! The default home of [`EventQueue`]: a table beside the items, so that an event and what was made of
//! it are in one backup and go with their account. An event stays until its source has read it and no
//! platform repeats it any more; until then its bytes are what a repetition is recognised by.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use inlet_model::{
    AccountId, Arrival, EventQueue, EventSink, Fate, InboundEvent, Place, Result, SourceError, Timestamp,
    inbound::is_stale,
};
use sha2::{Digest, Sha256};
use tokio::sync::Notify;

use crate::{
    clock::{Clock, DAY},
    plug::step,
    store::{Store, inbound},
    sync::{before, stored},
};

/// Events that were read are kept for so long: well beyond what counts as stale, so that none comes twice.
const KEPT: Duration = DAY.saturating_mul(30);
/// How often it is written down that somebody listens, and looked whether another process has stored
/// something.
const PULSE: Duration = Duration::from_secs(60);
/// A silence that is no longer than this may be no more than a pulse that came late.
const LATE: Duration = PULSE.saturating_mul(3);

/// The events of one account.
pub(crate) struct Queue {
    account: AccountId,
    store: Store,
    clock: Clock,
    /// Something came, for whatever account.
    came: Arc<Notify>,
    /// For so long the platform repeats what it could not deliver; for ever where a relay listens, so that nobody need
    /// do it here.
    repeated: Duration,
    /// Up to where it is written down that the source has read.
    read_to: AtomicU64,
}

impl Queue {
    pub(crate) fn new(account: AccountId, repeated: Duration, store: Store, clock: Clock, came: Arc<Notify>) -> Self {
        Self { account, store, clock, came, repeated, read_to: AtomicU64::new(0) }
    }

    /// Writes down that somebody listens, and that nobody did for too long.
    async fn listening(&self) -> Result<()> {
        let (account, now) = (self.account, self.clock.now());
        let last = stored(self.store.read(move |reader| inbound::heard_at(&reader.main, account)).await)?;
        if last.is_some_and(|last| last > before(now, PULSE)) {
            return Ok(());
        }
        let gap = last.filter(|last| *last < before(now, self.repeated.max(LATE)));
        let written = self.store.write(move |tx| {
            let digest = gap.map(|since| Sha256::digest(format!("gap since {since}")));
            inbound::listening(tx, account, now, gap.zip(digest.as_ref().map(|digest| digest.as_slice())))
        });
        stored(written.await)
    }
}

#[async_trait]
impl EventSink for Queue {
    async fn append(&self, body: &[u8], said_at: Option<Timestamp>) -> Result<Fate> {
        if is_stale(said_at, self.clock.now()) {
            return Ok(Fate::Stale);
        }
        let (account, body, now) = (self.account, body.to_vec(), self.clock.now());
        let forget = before(now, KEPT);
        let written = self.store.write_durable(move |tx| {
            if let Some(said_at) = said_at {
                inbound::sent_again(tx, account, said_at)?;
            }
            inbound::append(tx, account, &Sha256::digest(&body), &body, now, forget)
        });
        if stored(written.await)? {
            step("stored");
            self.came.notify_waiters();
            Ok(Fate::Stored)
        } else {
            Ok(Fate::Known)
        }
    }
}

#[async_trait]
impl EventQueue for Queue {
    async fn read(&self, after: u64, limit: usize) -> Result<Vec<InboundEvent>> {
        let account = self.account;
        if self.read_to.fetch_max(after, Ordering::Relaxed) < after {
            stored(self.store.write(move |tx| inbound::read_to(tx, account, after)).await)?;
        }
        let events = stored(self.store.read(move |reader| inbound::after(&reader.main, account, after, limit)).await)?;
        if !events.is_empty() {
            step("read");
        }
        Ok(events)
    }

    async fn wait(&self, after: u64) -> Result<()> {
        let account = self.account;
        loop {
            let mut came = std::pin::pin!(self.came.notified());
            came.as_mut().enable();
            self.listening().await?;
            if stored(self.store.read(move |reader| inbound::any_after(&reader.main, account, after)).await)? {
                return Ok(());
            }
            let _ = tokio::time::timeout(PULSE, came).await;
        }
    }

    async fn taken_over(&self) -> Result<Option<Place>> {
        let account = self.account;
        stored(self.store.read(move |reader| inbound::taken_over(&reader.main, account)).await)
    }

    async fn take_over(&self, after: Option<&Place>, arrivals: &[Arrival], reached: &Place) -> Result<()> {
        let (account, now) = (self.account, self.clock.now());
        let forget = before(now, KEPT);
        let (after, reached, arrivals) = (after.cloned(), reached.clone(), arrivals.to_vec());
        let written = self.store.write_durable(move |tx| {
            if inbound::taken_over(tx.main, account)? != after {
                return Ok(false);
            }
            for (number, arrival) in arrivals.iter().enumerate() {
                match arrival {
                    Arrival::Body(body) => {
                        inbound::append(tx, account, &Sha256::digest(body), body, now, forget)?;
                    }
                    Arrival::Missing => {
                        let since = inbound::heard_at(tx.main, account)?.unwrap_or(now);
                        let digest =
                            Sha256::digest(format!("missing {number} before {} in {}", reached.seq, reached.stream));
                        inbound::gap(tx, account, now, since, &digest)?;
                    }
                }
            }
            inbound::reached(tx, account, &reached)?;
            Ok(true)
        });
        if !stored(written.await)? {
            return Err(SourceError::Transient(
                "Another Inlet has read from the relay for the same data; the next try goes on from there.".to_owned(),
            ));
        }
        self.came.notify_waiters();
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use std::sync::atomic::AtomicI64;

    use inlet_model::Inbound;

    use super::*;
    use crate::store::account;

    const WEEK: Duration = DAY.saturating_mul(7);

    struct World {
        dir: tempfile::TempDir,
        clock: Clock,
        seconds: Arc<AtomicI64>,
    }

    impl World {
        fn new() -> Self {
            let (clock, seconds) = Clock::by_hand(1_750_000_000);
            Self { dir: tempfile::tempdir().unwrap(), clock, seconds }
        }

        fn open(&self) -> Queue {
            let store = Store::open(self.dir.path(), |_| {}).unwrap();
            Queue::new(AccountId(1), WEEK, store, self.clock.clone(), Arc::default())
        }

        async fn connected(&self) -> Queue {
            let (queue, now) = (self.open(), self.clock.now());
            let config = inlet_model::AccountConfig::Files(inlet_model::account::FilesConfig::default());
            queue.store.write(move |tx| account::insert(tx, "a", &config, now)).await.unwrap();
            queue
        }

        fn pass(&self, days: i64) {
            self.seconds.fetch_add(days * 86_400, Ordering::Relaxed);
        }
    }

    fn bodies(events: &[InboundEvent]) -> Vec<&[u8]> {
        events
            .iter()
            .filter_map(|event| match &event.what {
                Inbound::Body(body) => Some(body.as_slice()),
                Inbound::Gap { .. } => None,
            })
            .collect()
    }

    #[tokio::test]
    async fn the_same_bytes_are_kept_once_and_in_the_order_they_came() {
        let world = World::new();
        let queue = world.connected().await;
        for body in ["one", "two", "three"] {
            assert_eq!(queue.append(body.as_bytes(), None).await.unwrap(), Fate::Stored);
            assert_eq!(queue.append(body.as_bytes(), None).await.unwrap(), Fate::Known);
        }
        let events = queue.read(0, 2).await.unwrap();
        assert_eq!(bodies(&events), [b"one".as_slice(), b"two"]);
        let rest = queue.read(events[1].seq, 9).await.unwrap();
        assert_eq!(bodies(&rest), [b"three".as_slice()]);
        assert!(queue.read(rest[0].seq, 9).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn what_is_old_by_its_own_word_is_not_kept() {
        let world = World::new();
        let queue = world.connected().await;
        let then = world.clock.now();
        world.pass(7);
        assert_eq!(queue.append(b"late", Some(then)).await.unwrap(), Fate::Stored, "Meta may still repeat it");
        world.pass(2);
        assert_eq!(queue.append(b"later", Some(then)).await.unwrap(), Fate::Stale);
        assert_eq!(queue.append(b"late", Some(then)).await.unwrap(), Fate::Stale, "whatever was here before");
    }

    #[tokio::test]
    async fn what_was_read_is_forgotten_after_a_month_and_what_was_not_is_kept() {
        let world = World::new();
        let queue = world.connected().await;
        queue.append(b"read", None).await.unwrap();
        queue.append(b"unread", None).await.unwrap();
        let first = queue.read(0, 1).await.unwrap()[0].seq;
        queue.read(first, 9).await.unwrap();
        world.pass(31);
        queue.append(b"new", None).await.unwrap();
        assert_eq!(bodies(&queue.read(0, 9).await.unwrap()), [b"unread".as_slice(), b"new"]);
    }

    #[tokio::test]
    async fn a_week_in_which_nobody_listened_is_told() {
        let world = World::new();
        let queue = world.connected().await;
        queue.append(b"first", None).await.unwrap();
        queue.wait(0).await.unwrap();
        let heard = world.clock.now();
        world.pass(6);
        queue.wait(0).await.unwrap();
        assert_eq!(queue.read(0, 9).await.unwrap().len(), 1, "Meta repeats for a week");
        let heard_again = world.clock.now();
        assert!(heard_again > heard);
        world.pass(8);
        queue.wait(0).await.unwrap();
        queue.wait(0).await.unwrap();
        let events = queue.read(0, 9).await.unwrap();
        assert_eq!(events.len(), 2);
        assert_eq!(events[1].what, Inbound::Gap { since: heard_again });
    }

    #[tokio::test]
    async fn what_a_relay_had_is_taken_over_with_its_place_or_not_at_all() {
        let world = World::new();
        let queue = world.connected().await;
        let place = |seq| Place { stream: "s".into(), seq };
        let body = |text: &str| Arrival::Body(text.as_bytes().to_vec());
        queue.append(b"two", None).await.unwrap();
        assert_eq!(queue.taken_over().await.unwrap(), None);
        // What came the other way already is known.
        let arrivals = [body("one"), Arrival::Missing, body("two"), body("three")];
        queue.take_over(None, &arrivals, &place(4)).await.unwrap();
        assert_eq!(queue.taken_over().await.unwrap(), Some(place(4)));
        let events = queue.read(0, 9).await.unwrap();
        assert_eq!(bodies(&events), [b"two".as_slice(), b"one", b"three"]);
        assert!(matches!(events[2].what, Inbound::Gap { .. }));
        // Somebody who did not know of it.
        assert!(queue.take_over(None, &[body("four")], &place(9)).await.is_err());
        assert_eq!(queue.taken_over().await.unwrap(), Some(place(4)));
        queue.take_over(Some(&place(4)), &[body("four"), Arrival::Missing], &place(9)).await.unwrap();
        assert_eq!(queue.read(0, 9).await.unwrap().len(), 6);
    }

    #[tokio::test]
    async fn while_a_relay_listens_silence_is_no_gap() {
        let world = World::new();
        let queue = Queue { repeated: Duration::MAX, ..world.connected().await };
        queue.append(b"first", None).await.unwrap();
        queue.wait(0).await.unwrap();
        world.pass(20);
        queue.wait(0).await.unwrap();
        assert_eq!(queue.read(0, 9).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn what_a_hook_may_have_missed_is_said_until_it_is_seen_or_comes() {
        let world = World::new();
        let store = Store::open(world.dir.path(), |_| {}).unwrap();
        let config = |service| {
            serde_json::from_value::<inlet_model::AccountConfig>(serde_json::json!({
                "platform": "hook", "service": service, "me": "octocat", "listen": "127.0.0.1:0",
            }))
            .unwrap()
        };
        let [hub, jira] = ["github", "jira"].map(config);
        let spans = [&hub, &jira].map(|config| config.pushed().unwrap().repeated);
        let now = world.clock.now();
        for config in [hub, jira] {
            store.write(move |tx| account::insert(tx, "a", &config, now)).await.unwrap();
        }
        let queue = |account: i64| {
            let repeated = spans[usize::try_from(account).unwrap() - 1];
            Queue::new(AccountId(account), repeated, store.clone(), world.clock.clone(), Arc::default())
        };
        let (hub, jira) = (queue(1), queue(2));
        let missed = async |account| {
            let found = store.read(move |reader| inbound::missed(&reader.main, AccountId(account))).await.unwrap();
            found.into_iter().map(|one| (one.since.as_second(), one.until.as_second())).collect::<Vec<_>>()
        };
        // Something is there, so that waiting ends at once.
        let listen = async || {
            for queue in [&hub, &jira] {
                queue.append(b"there", None).await.unwrap();
                queue.wait(0).await.unwrap();
            }
            world.clock.now().as_second()
        };
        let pass = |minutes: i64| world.seconds.fetch_add(minutes * 60, Ordering::Relaxed);
        let first = listen().await;
        assert!(missed(1).await.is_empty() && missed(2).await.is_empty(), "nobody has listened before");
        pass(2);
        let second = listen().await;
        assert!(missed(1).await.is_empty(), "a pulse that came late");
        pass(20);
        let third = listen().await;
        assert_eq!((missed(1).await, missed(2).await), (vec![(second, third)], vec![]), "Jira still tries again");
        pass(600);
        let fourth = listen().await;
        assert_eq!(missed(1).await, [(third, fourth), (second, third)]);
        assert_eq!(missed(2).await, [(third, fourth)]);

        // An event of that time, sent again, says that somebody has looked there. One of another time does not.
        let at = |second| Some(Timestamp::from_second(second).unwrap());
        for other in [first, fourth - 10, fourth + 10] {
            hub.append(format!("of {other}").as_bytes(), at(other)).await.unwrap();
        }
        assert_eq!(missed(1).await.len(), 2);
        hub.append(b"again", at(third + 60)).await.unwrap();
        assert_eq!((missed(1).await, missed(2).await), (vec![(second, third)], vec![(third, fourth)]));
        // Seen, it is gone, and what comes next begins where somebody listened.
        for account in [1, 2] {
            store.write(move |tx| inbound::seen(tx, AccountId(account))).await.unwrap();
            assert!(missed(account).await.is_empty());
        }
        pass(60);
        let fifth = listen().await;
        assert_eq!((missed(1).await, missed(2).await), (vec![(fourth, fifth)], vec![(fourth, fifth)]));
        let told = hub.read(0, 99).await.unwrap();
        assert_eq!(bodies(&told).len(), 5, "nothing that came went with a gap");
    }

    #[tokio::test]
    async fn waiting_ends_with_what_comes_and_not_with_what_was_read() {
        let world = World::new();
        let queue = Arc::new(world.connected().await);
        queue.append(b"old", None).await.unwrap();
        let seq = queue.read(0, 9).await.unwrap()[0].seq;
        let (waiting, later) = (queue.clone(), queue.clone());
        let (waited, _) = tokio::join!(waiting.wait(seq), async move { later.append(b"new", None).await.unwrap() });
        waited.unwrap();
    }

    #[tokio::test]
    async fn an_account_that_is_not_connected_keeps_nothing() {
        let world = World::new();
        let queue = world.open();
        assert!(queue.append(b"one", None).await.is_err());
    }
}
