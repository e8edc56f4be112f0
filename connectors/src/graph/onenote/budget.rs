//! The requests an account may make to OneNote.
//!
//! Microsoft allows an app 120 requests a minute and 400 an hour for each person, and says nothing
//! of how long to wait once that is over. So every request is counted here before it is made, and the
//! windows slide: the hour that counts is always the last one.
//!
//! What is done in the background leaves room for what a person does, and fetching contents leaves
//! room for finding out what is new. Whoever has used up their part is told when there is more; the
//! part of those above is never theirs.
//!
//! What was used is kept with the position of each section, as a connector has nothing else that outlives it, so that a
//! restart gives no second hour. A few at most are missing there: a position is not written down anew for each request.
//! They are fewer than lie between what is taken here and what Microsoft allows.
//!
//! Refused: a token bucket, which lets through a full bucket and an hour's refill in the same hour.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use inlet_model::{Result, SourceError, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

/// In milliseconds, as all times here.
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// Requests that may be missing in what is kept.
const UNKEPT: usize = 20;

/// What a request is for; those below leave room for those above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Purpose {
    /// The content of a page nobody has asked for yet.
    #[serde(rename = "c")]
    Content,
    /// What there is, and what is new.
    #[serde(rename = "l")]
    Listing,
    /// A person waits for it.
    #[serde(rename = "p")]
    Person,
}

impl Purpose {
    const ALL: [Self; 3] = [Self::Content, Self::Listing, Self::Person];

    /// Requests of this purpose and those below it in an hour and in a minute.
    fn most(self) -> (usize, usize) {
        match self {
            Self::Content => (220, 80),
            Self::Listing => (290, 90),
            Self::Person => (350, 110),
        }
    }
}

/// Requests by when they were made, and their number among those of that millisecond.
type Made = BTreeMap<(i64, u32), Purpose>;

/// The requests of the last hour.
#[derive(Debug)]
pub(super) struct Budget {
    /// The same moment by the clock that never jumps, and by the one that goes on without Inlet.
    began: (Instant, i64),
    made: Mutex<Made>,
}

impl Default for Budget {
    fn default() -> Self {
        Self { began: (Instant::now(), today()), made: Mutex::default() }
    }
}

#[expect(clippy::disallowed_methods, reason = "what was used before a restart is compared with it")]
fn today() -> i64 {
    Timestamp::now().as_millisecond()
}

impl Budget {
    /// Takes a request.
    ///
    /// # Errors
    /// [`SourceError::Throttled`] when there is none left, until there is one.
    pub(super) fn take(&self, purpose: Purpose) -> Result<()> {
        let now = self.now();
        let mut made = self.recent(now);
        match wait(&made, purpose, now) {
            None => {
                let number = made.range((now, 0)..).next_back().map_or(0, |((_, last), _)| last + 1);
                made.insert((now, number), purpose);
                Ok(())
            }
            Some(retry_after) => Err(SourceError::Throttled { retry_after }),
        }
    }

    /// How many requests of this purpose could be made now.
    pub(super) fn left(&self, purpose: Purpose) -> usize {
        let now = self.now();
        let made = self.recent(now);
        let most = |level: Purpose| {
            let (hour, minute) = level.most();
            let left = |most: usize, window| most.saturating_sub(count(&made, level, now, window));
            left(hour, HOUR).min(left(minute, MINUTE))
        };
        Purpose::ALL.into_iter().filter(|level| *level >= purpose).map(most).min().unwrap_or(0)
    }

    /// How many requests were made in the last hour for exactly this.
    pub(super) fn spent(&self, purpose: Purpose) -> usize {
        self.recent(self.now()).values().filter(|made| **made == purpose).count()
    }

    /// All requests that are left in this hour.
    pub(super) fn left_this_hour(&self) -> (usize, usize) {
        let most = Purpose::Person.most().0;
        (most.saturating_sub(self.recent(self.now()).len()), most)
    }

    /// What was kept, maybe before a restart, was used.
    pub(super) fn recall(&self, kept: &[(i64, Purpose)]) {
        let now = self.now();
        let mut made = self.recent(now);
        let (mut last, mut number) = (i64::MIN, 0);
        for (at, purpose) in kept.iter().filter(|(at, _)| *at <= now && now.saturating_sub(*at) < HOUR) {
            // They are kept in their order.
            number = if *at == last { number + 1 } else { 0 };
            last = *at;
            made.entry((*at, number)).or_insert(*purpose);
        }
    }

    /// Brings what is kept up to date, where it is written down anyway (`due`) or lacks too much.
    pub(super) fn keep(&self, kept: &mut Vec<(i64, Purpose)>, due: bool) {
        let made = self.recent(self.now());
        let oldest = made.first_key_value().map_or(i64::MAX, |((at, _), _)| *at);
        let there = kept.iter().filter(|(at, _)| *at >= oldest).count();
        if due || made.len().saturating_sub(there) >= UNKEPT {
            *kept = made.iter().map(|((at, _), purpose)| (*at, *purpose)).collect();
        }
    }

    fn now(&self) -> i64 {
        let (began, today) = self.began;
        today.saturating_add(i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX))
    }

    fn recent(&self, now: i64) -> MutexGuard<'_, Made> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        *made = made.split_off(&(now - HOUR + 1, 0));
        made
    }
}

fn count(made: &Made, level: Purpose, now: i64, window: i64) -> usize {
    made.range((now - window + 1, 0)..).filter(|(_, made)| **made <= level).count()
}

/// How long until a request of this purpose may be made; `None`: now.
fn wait(made: &Made, purpose: Purpose, now: i64) -> Option<Duration> {
    let levels = Purpose::ALL.into_iter().filter(|level| *level >= purpose);
    let wait = levels
        .flat_map(|level| {
            let (hour, minute) = level.most();
            [(level, hour, HOUR), (level, minute, MINUTE)]
        })
        .filter_map(|(level, most, window)| {
            // The request that has to grow old enough before there is room again.
            let blocking = made.iter().rev().filter(|(_, made)| **made <= level).nth(most.saturating_sub(1))?;
            Some(blocking.0.0 + window - now)
        })
        .max()?;
    u64::try_from(wait).ok().filter(|wait| *wait > 0).map(Duration::from_millis)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    /// How many of these were made in any window of this length that ends with one of them.
    fn busiest(times: &[Instant], window: Duration) -> usize {
        times
            .iter()
            .map(|end| times.iter().filter(|at| **at <= *end && end.duration_since(**at) < window).count())
            .max()
            .unwrap_or(0)
    }

    #[tokio::test(start_paused = true)]
    async fn two_thousand_pages_never_exceed_an_hour_or_a_minute_and_a_person_never_waits() {
        let budget = Budget::default();
        let (mut contents, mut made) = (0, Vec::new());
        let began = Instant::now();
        let mut opened = 0;
        while contents < 2_000 {
            match budget.take(Purpose::Content) {
                Ok(()) => {
                    contents += 1;
                    made.push(Instant::now());
                }
                Err(SourceError::Throttled { retry_after }) => {
                    // In the middle of the silence somebody opens a page, and something is looked for.
                    for purpose in [Purpose::Person, Purpose::Listing] {
                        budget.take(purpose).unwrap();
                        made.push(Instant::now());
                        opened += 1;
                    }
                    tokio::time::advance(retry_after.min(Duration::from_secs(300))).await;
                }
                Err(error) => panic!("{error:?}"),
            }
        }
        assert!(
            busiest(&made, Duration::from_secs(3600)) <= 350,
            "{} in an hour",
            busiest(&made, Duration::from_secs(3600))
        );
        assert!(
            busiest(&made, Duration::from_secs(60)) <= 110,
            "{} in a minute",
            busiest(&made, Duration::from_secs(60))
        );
        assert!(opened > 100, "{opened}");
        let hours = began.elapsed().as_secs_f64() / 3600.0;
        assert!((8.0..10.0).contains(&hours), "2000 pages at 220 an hour took {hours} hours");
    }

    #[tokio::test(start_paused = true)]
    async fn the_wait_that_is_named_is_neither_too_short_nor_too_long() {
        let budget = Budget::default();
        for _ in 0..80 {
            budget.take(Purpose::Content).unwrap();
            tokio::time::advance(Duration::from_millis(100)).await;
        }
        let Err(SourceError::Throttled { retry_after }) = budget.take(Purpose::Content) else { panic!("no room") };
        assert_eq!(retry_after, Duration::from_secs(52));
        assert_eq!(budget.left(Purpose::Content), 0);
        assert_eq!(budget.left(Purpose::Listing), 10);
        tokio::time::advance(retry_after - Duration::from_millis(1)).await;
        assert!(budget.take(Purpose::Content).is_err());
        tokio::time::advance(Duration::from_millis(1)).await;
        budget.take(Purpose::Content).unwrap();
        assert_eq!(budget.left_this_hour(), (269, 350));
    }

    #[tokio::test(start_paused = true)]
    async fn even_a_person_has_an_end() {
        let budget = Budget::default();
        let mut taken = 0;
        loop {
            match budget.take(Purpose::Person) {
                Ok(()) => taken += 1,
                Err(SourceError::Throttled { retry_after }) if retry_after <= Duration::from_secs(60) => {
                    tokio::time::advance(retry_after).await;
                }
                Err(_) => break,
            }
        }
        assert_eq!(taken, 350);
        assert!(budget.take(Purpose::Content).is_err(), "what is above uses up what is below");
    }

    #[tokio::test(start_paused = true)]
    async fn a_restart_is_no_new_hour() {
        let (before, mut kept) = (Budget::default(), Vec::new());
        for _ in 0..80 {
            before.take(Purpose::Content).unwrap();
        }
        before.keep(&mut kept, true);
        let whole = kept.clone();
        for _ in 1..UNKEPT {
            before.take(Purpose::Person).unwrap();
        }
        before.keep(&mut kept, false);
        assert_eq!(kept, whole, "a few are no reason to write");
        before.take(Purpose::Person).unwrap();
        before.keep(&mut kept, false);
        assert_eq!(kept.len(), 80 + UNKEPT);

        // As another run finds it, in the position of one section and then of another.
        let written = serde_json::to_string(&kept).unwrap();
        let read: Vec<(i64, Purpose)> = serde_json::from_str(&written).unwrap();
        let after = Budget::default();
        tokio::time::advance(Duration::from_secs(1)).await;
        after.recall(&read);
        after.recall(&read);
        assert_eq!(after.left_this_hour(), (250, 350));
        assert!(after.take(Purpose::Content).is_err());
        tokio::time::advance(Duration::from_secs(3600)).await;
        after.recall(&read);
        assert_eq!(after.left_this_hour(), (350, 350), "what is old is over");
        // A clock that was put back tells of requests to come.
        after.recall(&[(i64::MAX, Purpose::Content)]);
        assert_eq!(after.left_this_hour(), (350, 350));
    }
}
