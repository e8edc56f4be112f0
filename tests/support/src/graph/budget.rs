//! How much may be asked: Graph's throttling limits per part.
//!
//! Mail: 10,000 requests in ten minutes and four at once per mailbox. OneNote: 120 in a minute, 400
//! in an hour, five at once, and no `Retry-After` ever. Counted by the fake's clock, so that a
//! client that spends too much is told, and no test waits. The limits of Teams are per second,
//! which a clock that stands still cannot count; they are faults of a test's choice.

use std::collections::VecDeque;

use super::{exchange::Refusal, record::Resource};

#[derive(Default)]
pub(crate) struct Budget {
    mail: VecDeque<i64>,
    notes: VecDeque<i64>,
}

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

impl Budget {
    /// Spends one request of a resource, of which `open` are under way.
    pub(crate) fn spend(&mut self, resource: Resource, open: usize, now: i64) -> Result<(), Refusal> {
        match resource {
            Resource::Mail => {
                if open > 4 {
                    return Err(throttled(resource));
                }
                forget(&mut self.mail, now - 10 * MINUTE);
                self.mail.push_back(now);
                if self.mail.len() > 10_000 { Err(throttled(resource).header("Retry-After", "60")) } else { Ok(()) }
            }
            Resource::OneNote => {
                if open > 5 {
                    return Err(throttled(resource));
                }
                forget(&mut self.notes, now - HOUR);
                self.notes.push_back(now);
                let minute = self.notes.iter().rev().take_while(|at| **at > now - MINUTE).count();
                if self.notes.len() > 400 || minute > 120 { Err(throttled(resource)) } else { Ok(()) }
            }
            _ => Ok(()),
        }
    }
}

fn forget(spent: &mut VecDeque<i64>, before: i64) {
    while spent.front().is_some_and(|at| *at <= before) {
        spent.pop_front();
    }
}

/// 429 as this part of Graph says it.
pub(crate) fn throttled(resource: Resource) -> Refusal {
    let (code, message) = match resource {
        Resource::Mail => ("ApplicationThrottled", "Application is over its MailboxConcurrency limit."),
        Resource::OneNote => {
            ("20166", "OneNote API request limits were exceeded: the user made too many requests in a short time.")
        }
        _ => ("TooManyRequests", "Too many requests."),
    };
    Refusal::new(429, code, message)
}
