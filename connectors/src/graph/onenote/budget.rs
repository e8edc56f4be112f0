//! The requests an account may make to OneNote.
//!
//! Microsoft allows an app 120 requests a minute and 400 an hour for each person, and says nothing
//! of how long to wait once that is over. So every request is counted here before it is made, and the
//! windows slide: the hour that counts is always the last one.
//!
//! What is done in the background leaves room for what a person does, and fetching contents leaves
//! room for finding out what is new. Whoever has used up their part is told when there is more; the
//! part of those above is never theirs. What was used before a restart is forgotten: then Microsoft
//! says no (code 20166), and the engine waits.
//!
//! Refused: a token bucket, which lets through a full bucket and an hour's refill in the same hour.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use inlet_model::{Result, SourceError};
use tokio::time::Instant;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// What a request is for; those below leave room for those above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Purpose {
    /// The content of a page nobody has asked for yet.
    Content,
    /// What there is, and what is new.
    Listing,
    /// A person waits for it.
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

/// The requests of the last hour.
#[derive(Debug, Default)]
pub(super) struct Budget {
    made: Mutex<VecDeque<(Instant, Purpose)>>,
}

impl Budget {
    /// Takes a request.
    ///
    /// # Errors
    /// [`SourceError::Throttled`] when there is none left, until there is one.
    pub(super) fn take(&self, purpose: Purpose) -> Result<()> {
        let mut made = self.recent();
        match wait(&made, purpose) {
            None => {
                made.push_back((Instant::now(), purpose));
                Ok(())
            }
            Some(retry_after) => Err(SourceError::Throttled { retry_after }),
        }
    }

    /// How many requests of this purpose could be made now.
    pub(super) fn left(&self, purpose: Purpose) -> usize {
        let made = self.recent();
        let now = Instant::now();
        let most = |level: Purpose| {
            let (hour, minute) = level.most();
            let left = |most: usize, window| most.saturating_sub(count(&made, level, now, window));
            left(hour, HOUR).min(left(minute, MINUTE))
        };
        Purpose::ALL.into_iter().filter(|level| *level >= purpose).map(most).min().unwrap_or(0)
    }

    /// How many requests were made in the last hour for exactly this.
    pub(super) fn spent(&self, purpose: Purpose) -> usize {
        self.recent().iter().filter(|(_, made)| *made == purpose).count()
    }

    /// All requests that are left in this hour.
    pub(super) fn left_this_hour(&self) -> (usize, usize) {
        let most = Purpose::Person.most().0;
        (most.saturating_sub(self.recent().len()), most)
    }

    fn recent(&self) -> MutexGuard<'_, VecDeque<(Instant, Purpose)>> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        while made.front().is_some_and(|(at, _)| now.duration_since(*at) >= HOUR) {
            made.pop_front();
        }
        made
    }
}

fn count(made: &VecDeque<(Instant, Purpose)>, level: Purpose, now: Instant, window: Duration) -> usize {
    made.iter().rev().take_while(|(at, _)| now.duration_since(*at) < window).filter(|(_, made)| *made <= level).count()
}

/// How long until a request of this purpose may be made; `None`: now.
fn wait(made: &VecDeque<(Instant, Purpose)>, purpose: Purpose) -> Option<Duration> {
    let now = Instant::now();
    let levels = Purpose::ALL.into_iter().filter(|level| *level >= purpose);
    levels
        .flat_map(|level| {
            let (hour, minute) = level.most();
            [(level, hour, HOUR), (level, minute, MINUTE)]
        })
        .filter_map(|(level, most, window)| {
            // The request that has to grow old enough before there is room again.
            let blocking = made.iter().rev().filter(|(_, made)| *made <= level).nth(most.saturating_sub(1))?;
            window.checked_sub(now.duration_since(blocking.0)).filter(|wait| !wait.is_zero())
        })
        .max()
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
        assert!(busiest(&made, HOUR) <= 350, "{} in an hour", busiest(&made, HOUR));
        assert!(busiest(&made, MINUTE) <= 110, "{} in a minute", busiest(&made, MINUTE));
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
                Err(SourceError::Throttled { retry_after }) if retry_after <= MINUTE => {
                    tokio::time::advance(retry_after).await;
                }
                Err(_) => break,
            }
        }
        assert_eq!(taken, 350);
        assert!(budget.take(Purpose::Content).is_err(), "what is above uses up what is below");
    }
}
