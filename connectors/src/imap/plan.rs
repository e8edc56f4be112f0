//! Which messages a page fetches: the newest of the newest gap, as many as fit.
//!
//! Sizes are asked for before bodies, thousands at once, because a page is measured in bytes. What is
//! known of a gap is kept from page to page, and only in memory: after a crash it is asked for again.

use std::collections::BTreeMap;

use inlet_model::Result;

use super::{answer::Attributes, bodies::WHOLE, cursor::Position, sets::to_sequence_set, sync::Pull};

/// Messages of the very first page, so that the window fills at once.
const FIRST_PAGE: u32 = 50;
/// Bytes of a page, about.
const PAGE_BYTES: u64 = 8 * 1024 * 1024;
/// Messages of a page.
const PAGE_MESSAGES: usize = 1000;
/// Messages whose sizes are asked for at once.
const SIZES: u32 = 5_000;

/// The messages of a gap as far as they are known: kept from page to page, and only in memory.
#[derive(Debug)]
pub(super) struct Plan {
    scope: String,
    uidvalidity: u32,
    gap: (u32, u32),
    /// UIDs whose sizes are not known yet, ascending.
    uids: Vec<u32>,
    /// UIDs with their sizes, ascending.
    sizes: Vec<(u32, u64)>,
}

impl Pull<'_> {
    /// The next messages to fetch, newest first, with their sizes. Gaps that hold nothing are closed.
    pub(super) async fn batch(&mut self, position: &mut Position) -> Result<Vec<(u32, u64)>> {
        while let Some(gap) = position.gaps.first().copied() {
            let exists = self.selected(|selected| selected.exists)?;
            if position.fresh && position.known == 0 && position.gaps.len() == 1 && exists > FIRST_PAGE {
                let first = self.newest(exists, gap).await?;
                if !first.is_empty() {
                    return Ok(first);
                }
            }
            let mut plan = self.plan(position.uidvalidity, gap).await?;
            if plan.sizes.is_empty() && !plan.uids.is_empty() {
                self.size(&mut plan).await?;
                if plan.sizes.is_empty() {
                    // All of them went while we looked.
                    plan.gap.1 = plan.uids.last().copied().unwrap_or(gap.0);
                    position.fetched_down_to(plan.gap.1.saturating_add(1));
                    self.memory.plan = Some(plan);
                    continue;
                }
            }
            let batch = plan.take(self.at_most);
            let Some((lowest, _)) = batch.last() else {
                position.close_gap();
                continue;
            };
            plan.gap.1 = lowest.saturating_sub(1);
            // New mail is a small gap of its own; the plan of the long backfill outlives it.
            let done = plan.sizes.is_empty() && plan.uids.is_empty();
            if !done || self.memory.plan.as_ref().is_none_or(|plan| plan.scope != self.scope) {
                self.memory.plan = Some(plan);
            }
            return Ok(batch);
        }
        Ok(Vec::new())
    }

    /// A gap whose last message was just fetched is closed now, not by one more empty page.
    pub(super) fn close_exhausted(&mut self, position: &mut Position) {
        let Some(gap) = position.gaps.first() else {
            return;
        };
        let exhausted = self.memory.plan.as_ref().is_some_and(|plan| {
            plan.scope == self.scope && plan.gap == *gap && plan.sizes.is_empty() && plan.uids.is_empty()
        });
        if exhausted {
            position.close_gap();
            self.memory.plan = None;
        }
    }

    /// The newest messages by sequence number: one small question, whatever the size of the mailbox.
    async fn newest(&mut self, exists: u32, gap: (u32, u32)) -> Result<Vec<(u32, u64)>> {
        let from = exists - FIRST_PAGE + 1;
        let reply = self.session.run(&format!("FETCH {from}:{exists} (UID RFC822.SIZE)")).await?;
        let mut sizes = sizes(&reply.ok("list its messages")?.whole()?.fetched);
        sizes.retain(|(uid, _)| (gap.0..=gap.1).contains(uid));
        sizes.reverse();
        sizes.truncate(self.at_most);
        Ok(sizes)
    }

    /// The plan of a gap: the one at hand, or a new one.
    async fn plan(&mut self, uidvalidity: u32, gap: (u32, u32)) -> Result<Plan> {
        let fits = |plan: &Plan| plan.scope == self.scope && plan.uidvalidity == uidvalidity && plan.gap == gap;
        if let Some(plan) = self.memory.plan.take_if(|plan| fits(plan)) {
            return Ok(plan);
        }
        let (low, high) = gap;
        let mut plan = Plan { scope: self.scope.to_owned(), uidvalidity, gap, uids: Vec::new(), sizes: Vec::new() };
        if high - low < SIZES {
            let reply = self.session.run(&format!("UID FETCH {low}:{high} (UID RFC822.SIZE)")).await?;
            plan.sizes = sizes(&reply.ok("list its messages")?.whole()?.fetched);
        } else {
            let reply = self.session.run(&format!("UID SEARCH UID {low}:{high}")).await?;
            plan.uids = reply.ok("list its messages")?.whole()?.found;
            plan.uids.sort_unstable();
            plan.uids.dedup();
        }
        plan.uids.retain(|uid| (low..=high).contains(uid));
        plan.sizes.retain(|(uid, _)| (low..=high).contains(uid));
        Ok(plan)
    }

    /// Asks for the sizes of the newest UIDs of a plan.
    async fn size(&mut self, plan: &mut Plan) -> Result<()> {
        let newest = plan.uids.split_off(plan.uids.len().saturating_sub(SIZES as usize));
        let reply = self.session.run(&format!("UID FETCH {} (UID RFC822.SIZE)", to_sequence_set(&newest))).await?;
        plan.sizes = sizes(&reply.ok("list its messages")?.whole()?.fetched);
        plan.sizes.retain(|(uid, _)| newest.binary_search(uid).is_ok());
        Ok(())
    }
}

impl Plan {
    /// The newest messages that fit into a page: at least one, however large.
    fn take(&mut self, at_most: usize) -> Vec<(u32, u64)> {
        let (mut batch, mut bytes) = (Vec::new(), 0_u64);
        while let Some((uid, size)) = self.sizes.pop() {
            // Of a large message only the text is fetched.
            let weight = size.min(WHOLE);
            if !batch.is_empty() && (bytes + weight > PAGE_BYTES || batch.len() >= at_most.min(PAGE_MESSAGES)) {
                self.sizes.push((uid, size));
                break;
            }
            bytes += weight;
            batch.push((uid, size));
        }
        batch
    }
}

/// UIDs and sizes, ascending. A server that does not tell a size gets the benefit of the doubt.
fn sizes(fetched: &[Attributes]) -> Vec<(u32, u64)> {
    let sizes: BTreeMap<u32, u64> =
        fetched.iter().filter_map(|attributes| Some((attributes.uid?, attributes.size?))).collect();
    sizes.into_iter().collect()
}
