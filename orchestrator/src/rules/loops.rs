//! What must not be sent by itself, so that two programs never talk to each other for ever (RFC 3834).
//!
//! An answer goes only to a person who wrote to me: not to machines and lists, not to what another program has passed
//! on, not to myself, once in a conversation and once a day to the same person. What is sent on carries the marks of
//! everybody who has sent it on, mine among them; what bears mine already, or many, goes no further.

use std::collections::BTreeSet;

use inlet_model::{Kind, Timestamp};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};

use super::{plan::RuleRefusal, view::View};
use crate::compose::mailbox;

/// Programs a message may have passed: whoever really needs more of them can say so by a rule of their own there.
const MOST_PASSED: usize = 3;
/// An answer to what was written longer ago than this is no answer any more.
const LATE: SignedDuration = SignedDuration::from_hours(72);

/// A mark of an address of mine, which does not tell the address.
pub(crate) fn mark(address: &str) -> String {
    let digest = Sha256::digest(address.trim().to_lowercase().as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Addresses of mine, as they are compared, and their marks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mine {
    addresses: BTreeSet<String>,
    marks: BTreeSet<String>,
}

impl Mine {
    pub(crate) fn new(addresses: impl IntoIterator<Item = String>) -> Self {
        let (addresses, marks) = addresses.into_iter().map(|address| (mailbox(&address), mark(&address))).unzip();
        Self { addresses, marks }
    }

    pub(crate) fn is(&self, address: &str) -> bool {
        self.addresses.contains(&mailbox(address))
    }

    fn has_passed(&self, view: &View) -> bool {
        view.trail.passed.iter().any(|mark| self.marks.contains(mark))
    }
}

/// Why a message must not be sent on to anybody.
pub(crate) fn forward(view: &View, mine: &Mine) -> Option<RuleRefusal> {
    (mine.has_passed(view) || view.trail.passed.len() >= MOST_PASSED).then_some(RuleRefusal::Passed)
}

/// Why a message must not be told through a channel: it has passed here, or is what a channel was told.
pub(crate) fn channel(view: &View, mine: &Mine) -> Option<RuleRefusal> {
    forward(view, mine).or(view.trail.told.then_some(RuleRefusal::Passed))
}

/// Why a message must not be answered, whatever was answered before.
pub(crate) fn reply(view: &View, mine: &Mine, now: Timestamp) -> Option<RuleRefusal> {
    let trail = &view.trail;
    let answered = || trail.reply_to.iter().chain(&view.from).map(|party| party.handle.as_str());
    let refused = [
        (view.kind == Kind::Note, RuleRefusal::Note),
        (trail.automatic, RuleRefusal::Automatic),
        (trail.list, RuleRefusal::List),
        (!trail.passed.is_empty(), RuleRefusal::Passed),
        (answered().any(|handle| mine.is(handle)), RuleRefusal::Own),
        (view.kind == Kind::Mail && answered().any(is_nobody), RuleRefusal::NoReply),
        (view.kind == Kind::Mail && !trail.to.iter().any(|handle| mine.is(handle)), RuleRefusal::NotToMe),
        (view.kind == Kind::Chat && !trail.alone, RuleRefusal::Group),
        (view.at < now - LATE, RuleRefusal::Old),
    ];
    refused.into_iter().find(|(holds, _)| *holds).map(|(_, why)| why)
}

/// An address behind which nobody reads (RFC 3834 §2, RFC 5230 §4.6).
fn is_nobody(handle: &str) -> bool {
    let local = handle.split('@').next().unwrap_or_default().to_lowercase();
    let plain: String = local.chars().filter(|c| c.is_alphanumeric()).collect();
    let machines = ["noreply", "donotreply", "mailerdaemon", "postmaster", "listserv", "majordomo", "bounce"];
    plain.is_empty()
        || machines.iter().any(|word| plain.contains(word))
        || local.starts_with("owner-")
        || local.ends_with("-request")
        || local.ends_with("-owner")
}
