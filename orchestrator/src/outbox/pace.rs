//! How fast one conversation is written to, where its platform holds back somebody who writes faster
//! ([`Pace`]).
//!
//! It is counted from what the outbox has sent there (the generic cell rate algorithm, ITU-T I.371), and not kept
//! beside it: so it holds after a restart, and for two processes that share the data. A message that has to wait
//! holds those behind it in its conversation, which keep their order, and nobody else's. What a platform refuses
//! all the same is tried again later like anything that failed in passing.

use std::time::Duration;

use inlet_model::{Pace, Timestamp};

use super::Context;
use crate::{
    api::types::OpKind,
    store::{
        Result as StoreResult,
        outbox::{self, OpRow},
    },
    sync::{after, before},
};

/// Until when an operation has to wait; `None`: it may go.
pub(super) async fn waits(context: &Context, row: &OpRow) -> StoreResult<Option<Timestamp>> {
    let message = matches!(row.view.kind, OpKind::Send | OpKind::React);
    let paced = context.source.capabilities().pace.filter(|_| message).zip(row.view.thread);
    let Some((pace, thread)) = paced else { return Ok(None) };
    let since = before(context.clock.now(), apart(pace).saturating_mul(pace.burst));
    let sent = context.store.read(move |reader| outbox::sent_since(&reader.main, thread, since)).await?;
    let now = context.clock.now();
    let over = over(pace, &sent, now);
    Ok((!over.is_zero()).then(|| after(&context.clock, over)))
}

fn apart(pace: Pace) -> Duration {
    Duration::from_secs(pace.seconds.into())
}

/// How long one more has to wait now, after those sent at these times, the oldest first.
fn over(pace: Pace, sent: &[Timestamp], now: Timestamp) -> Duration {
    let passed = |from: Timestamp, to: Timestamp| Duration::try_from(to.duration_since(from)).unwrap_or_default();
    let (mut owed, mut last) = (Duration::ZERO, None);
    for &at in sent {
        owed = owed.saturating_sub(last.map_or(Duration::ZERO, |last| passed(last, at))) + apart(pace);
        last = Some(at);
    }
    let owed = owed.saturating_sub(last.map_or(Duration::ZERO, |last| passed(last, now)));
    (owed + apart(pace)).saturating_sub(apart(pace).saturating_mul(pace.burst.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { burst: 3, seconds: 6 };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_750_000_000 + seconds).unwrap_or_default()
    }

    fn waits(sent: &[i64], now: i64) -> u64 {
        let sent: Vec<Timestamp> = sent.iter().map(|&seconds| at(seconds)).collect();
        over(PACE, &sent, at(now)).as_secs()
    }

    #[test]
    fn a_burst_goes_at_once_and_then_one_after_the_other() {
        assert_eq!(waits(&[], 0), 0);
        assert_eq!(waits(&[0, 0], 0), 0);
        assert_eq!(waits(&[0, 0, 0], 0), 6);
        assert_eq!(waits(&[0, 0, 0], 4), 2);
        assert_eq!(waits(&[0, 0, 0], 6), 0);
        assert_eq!(waits(&[0, 0, 0, 6], 6), 6);
    }

    #[test]
    fn a_rest_pays_back_and_never_more_than_a_burst() {
        assert_eq!(waits(&[0, 0, 0], 1000), 0);
        assert_eq!(waits(&[0, 1000, 1000, 1000], 1000), 6);
        // A clock that was set back makes nobody wait for longer than a burst takes.
        assert_eq!(waits(&[500, 500, 500], 0), 6);
    }
}
