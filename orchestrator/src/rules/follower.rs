//! What came in, in batches: planned as of one state of the store, then done and written in one transaction.
//!
//! An item comes once ([`crate::store::rule::came_after`]): whatever happens to it later, no rule sees it again. A rule
//! that asks what was thought of a conversation needs that to be there: a batch ends before an item whose conversation
//! has not been thought about since it changed, and says so. The caller has it thought about, and it is planned next
//! time; those before it are not held up, and those behind it keep their order.

use std::collections::BTreeSet;

use inlet_model::{OpId, ThreadId, Timestamp};
use jiff::tz::TimeZone;
use rusqlite::Connection;

use super::{
    loops::Mine,
    matching::{self, Ready, Verdict},
    plan::{Hours, Never, Outcome, Past, Planned, RuleEffect, RuleOutcome, RuleRefusal, Terms},
    view::{self, View},
};
use crate::{
    api::types::{ActParams, KeptKind, RuleVerdict, Verb},
    outbox::enqueue::{self, ActError, By},
    store::{
        Reader, Result, WriteTx,
        action::{self, Action},
        item, kept,
        rule::{self, Channel, Origin},
        suggestion,
    },
};

/// Items of one batch: others want to write too.
const BATCH: usize = 50;

/// An item, and what rules make of it.
pub(crate) struct Considered {
    pub(crate) view: View,
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) outcomes: Vec<Outcome>,
}

impl Considered {
    /// What every rule that holds does with it.
    pub(crate) fn steps(&self) -> impl Iterator<Item = &Planned> {
        self.outcomes.iter().flat_map(|outcome| &outcome.steps)
    }

    /// This became of some step.
    pub(crate) fn has(&self, outcome: RuleOutcome) -> bool {
        self.steps().any(|planned| planned.step.outcome == outcome)
    }
}

/// What is to be done next.
pub(crate) struct Batch {
    /// The watermark it begins at, and the one it reaches.
    from: i64,
    pub(crate) reached: i64,
    pub(crate) rules: Vec<Ready>,
    pub(crate) items: Vec<Considered>,
    /// Something waits until more was thought about.
    pub(crate) waits: bool,
}

impl Batch {
    /// It holds more than that something waits.
    pub(crate) fn is_any(&self) -> bool {
        self.reached > self.from
    }
}

/// Rules that are on, in the order they are looked at.
fn on(conn: &Connection) -> Result<Vec<rule::Stored>> {
    Ok(rule::all(conn)?.into_iter().filter(|(rule, _)| rule.enabled).collect())
}

/// Rules that are on, ready, and what they need to know. No rule needs anything where there is none.
fn standing(reader: &Reader) -> Result<(Vec<Ready>, i64)> {
    let on = on(&reader.main)?;
    let since = on.iter().map(|(_, since)| *since).min().unwrap_or_default();
    Ok((matching::ready(on), since))
}

/// The next batch; nothing when there are no rules or nothing has come.
pub(crate) fn next(reader: &Reader, now: Timestamp, zone: TimeZone, hours: Hours) -> Result<Option<Batch>> {
    // One snapshot: what is planned belongs to the watermark it is written with.
    let _snapshot = reader.main.unchecked_transaction()?;
    let (rules, since) = standing(reader)?;
    if rules.is_empty() {
        return Ok(None);
    }
    let from = rule::watermark(&reader.main)?;
    let came = rule::came_after(&reader.main, from.max(since), BATCH)?;
    let needs = matching::needs(&rules);
    let origin = Origin::read(&reader.main)?;
    let mut terms = terms(reader, &reader.main, now, zone)?;
    terms.hours = hours;
    let (mut reached, mut items, mut waits) = (from, Vec::new(), false);
    for one in came {
        let row = match one.item {
            Some(id) => item::get(&reader.main, id)?,
            None => None,
        };
        if let Some(row) = row {
            if needs.thought && !suggestion::is_current(&reader.main, row.thread, now)? {
                waits = true;
                break;
            }
            if let Some(view) = view::of(reader, row, &origin, needs, now)? {
                let verdicts = matching::verdicts(&rules, &view, one.rev);
                let outcomes = terms.plan(&rules, &verdicts, &view)?;
                items.push(Considered { view, verdicts, outcomes });
            }
        }
        reached = one.rev;
    }
    Ok((reached > from || waits).then_some(Batch { from, reached, rules, items, waits }))
}

fn terms<'a>(reader: &Reader, past: &'a dyn Past, now: Timestamp, zone: TimeZone) -> Result<Terms<'a>> {
    let (addresses, _) = suggestion::myself(&reader.main)?;
    let templates = kept::list(&reader.main, Some(KeptKind::Template))?;
    let templates: BTreeSet<String> = templates.into_iter().map(|kept| kept.name).collect();
    let mut terms = Terms::new(past, Mine::new(addresses), templates, now, zone);
    terms.channels = Channel::all(&reader.main)?;
    Ok(terms)
}

/// What a trial is made of.
pub(crate) struct Trial {
    /// So many of the newest items.
    pub(crate) last: u32,
    pub(crate) now: Timestamp,
    pub(crate) zone: TimeZone,
    pub(crate) hours: Hours,
    /// They are put in order, and nothing is sent or told.
    pub(crate) filing_only: bool,
}

/// What rules would do about the newest items of others, the oldest of them first.
pub(crate) fn trial(reader: &Reader, rules: &[Ready], trial: Trial) -> Result<Vec<Considered>> {
    let Trial { last, now, zone, hours, filing_only } = trial;
    let _snapshot = reader.main.unchecked_transaction()?;
    let needs = matching::needs(rules);
    let origin = Origin::read(&reader.main)?;
    let mut terms = terms(reader, &Never, now, zone)?;
    (terms.hours, terms.filing_only) = (hours, filing_only);
    let mut items = Vec::new();
    for row in view::newest(reader, last)? {
        if let Some(mut view) = view::of(reader, row, &origin, needs, now)? {
            let verdicts = matching::verdicts(rules, &view, i64::MAX);
            // As if it came when it was written: what may happen so often in an hour is counted there. What is done
            // now is planned for now.
            terms.now = if filing_only { now } else { view.at.min(now) };
            let outcomes = terms.plan(rules, &verdicts, &view)?;
            // The words have been looked at, and there may be many of them.
            view.text = String::new();
            items.push(Considered { view, verdicts, outcomes });
        }
    }
    Ok(items)
}

/// Which step of a batch: item, rule that holds, step of it.
pub(crate) type Step = (usize, usize, usize);

/// A message a rule sends, made ready before the transaction; or why it cannot be sent.
pub(crate) trait Sends {
    /// Queues the one of this item, rule and step.
    ///
    /// # Errors
    /// Of the store; a refusal is a sentence inside.
    fn queue(&mut self, tx: &WriteTx<'_>, at: Step) -> Result<std::result::Result<OpId, String>>;
}

/// Does what a batch plans, and writes its log and its watermark. False when another process was faster, or the rules are
/// others than those it was planned by: making a message ready takes its time, and a rule that was switched off meanwhile
/// does nothing more.
pub(crate) fn write(
    tx: &WriteTx<'_>,
    batch: &mut Batch,
    sends: &mut impl Sends,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<bool> {
    let on = on(tx.main)?;
    let same = on.len() == batch.rules.len()
        && on.iter().zip(&batch.rules).all(|((rule, since), ready)| ready.is(rule, *since));
    if !same || rule::watermark(tx.main)? != batch.from {
        return Ok(false);
    }
    for (at, considered) in batch.items.iter_mut().enumerate() {
        perform(tx, &batch.rules, considered, Doing { at, run: None, now, zone }, sends)?;
    }
    rule::prune(tx)?;
    rule::set_watermark(tx, batch.reached)?;
    Ok(true)
}

/// What is being done.
#[derive(Clone, Copy)]
pub(crate) struct Doing<'a> {
    /// The item's place in its batch.
    pub(crate) at: usize,
    /// The action that stands for the run over the past it belongs to.
    pub(crate) run: Option<u64>,
    pub(crate) now: Timestamp,
    pub(crate) zone: &'a TimeZone,
}

/// Does what is planned about one item, and logs it.
pub(crate) fn perform(
    tx: &WriteTx<'_>,
    rules: &[Ready],
    considered: &mut Considered,
    doing: Doing<'_>,
    sends: &mut impl Sends,
) -> Result<()> {
    let Doing { at, run, now, zone } = doing;
    let Considered { view, verdicts, outcomes } = considered;
    let mut undos = Vec::with_capacity(outcomes.len());
    for (place, outcome) in outcomes.iter_mut().enumerate() {
        let Some(ready) = rules.get(outcome.rule) else { continue };
        let mut first: Option<u64> = None;
        for (number, planned) in outcome.steps.iter_mut().enumerate() {
            if planned.step.outcome != RuleOutcome::Would {
                continue;
            }
            let done = match &planned.step.effect {
                // Notices ask for it themselves.
                RuleEffect::Notify { .. } => Ok(None),
                RuleEffect::Forward { .. } | RuleEffect::Channel { .. } | RuleEffect::Reply { .. } => {
                    match sends.queue(tx, (at, place, number))? {
                        Ok(op) => {
                            let action = Action {
                                message: "Message of a rule".to_owned(),
                                threads: vec![view.thread],
                                ops: vec![op],
                                first,
                                ..Action::default()
                            };
                            Ok(Some(action::insert(tx, &action, now)?))
                        }
                        Err(sentence) => Err(sentence),
                    }
                }
                effect => match params(effect, view, ready, now, zone) {
                    Some(params) => file(tx, &params, first, now)?,
                    None => Ok(None),
                },
            };
            settle(tx, planned, done, (ready, run), &mut first, view)?;
        }
        undos.push(first);
    }
    let verdicts = told(rules, verdicts, outcomes, &undos);
    if verdicts.is_empty() {
        return Ok(());
    }
    rule::log(tx, (view.source, view.thread, view.item), &verdicts, now)
}

/// Writes down what became of a step.
fn settle(
    tx: &WriteTx<'_>,
    planned: &mut Planned,
    done: std::result::Result<Option<u64>, String>,
    (ready, run): (&Ready, Option<u64>),
    first: &mut Option<u64>,
    view: &View,
) -> Result<()> {
    match done {
        Ok(undo) => {
            planned.step.outcome = RuleOutcome::Done;
            if let Some(undo) = undo {
                action::set_rule(tx, undo, &ready.rule.id, run)?;
                *first = first.or(Some(undo));
            }
            for used in &planned.uses {
                rule::note_use(tx, used, view.source)?;
            }
        }
        Err(sentence) => {
            planned.step.outcome = RuleOutcome::Refused;
            planned.step.refusal = Some(RuleRefusal::Platform);
            planned.step.detail = Some(sentence);
        }
    }
    Ok(())
}

/// Does it as a person would; a refusal leaves no trace and holds up nothing.
fn file(
    tx: &WriteTx<'_>,
    params: &ActParams,
    first: Option<u64>,
    now: Timestamp,
) -> Result<std::result::Result<Option<u64>, String>> {
    match tx.attempt(|| enqueue::act(tx, params, By::Rule, first, now, now)) {
        Ok(acted) => Ok(Ok(acted.undo)),
        Err(ActError::Refused(error)) => Ok(Err(error.message)),
        Err(ActError::Store(error)) => Err(error),
    }
}

/// The action a person would take. A conversation is filed as a whole; a star and a mark are the message's own.
fn params(effect: &RuleEffect, view: &View, ready: &Ready, now: Timestamp, zone: &TimeZone) -> Option<ActParams> {
    let thread = |verb| ActParams { threads: vec![view.thread], ..ActParams::of(verb) };
    let own = |verb| ActParams { items: vec![view.item], ..ActParams::of(verb) };
    Some(match effect {
        RuleEffect::Label { name } => ActParams { name: Some(name.clone()), ..thread(Verb::Label) },
        RuleEffect::Place { name } => match crate::text::fold(name).as_str() {
            "inbox" => thread(Verb::Inbox),
            "trash" => thread(Verb::Delete),
            _ => ActParams { name: Some(name.clone()), ..thread(Verb::Move) },
        },
        RuleEffect::Archive => thread(Verb::Archive),
        RuleEffect::Snooze { .. } => {
            let until = ready.rule.then.snooze.as_ref().and_then(|later| later.from(now, zone));
            ActParams { until, ..thread(Verb::Snooze) }
        }
        RuleEffect::Star => own(Verb::Star),
        RuleEffect::Read => own(Verb::Read),
        RuleEffect::Mute => thread(Verb::Mute),
        RuleEffect::Notify { .. }
        | RuleEffect::Forward { .. }
        | RuleEffect::Channel { .. }
        | RuleEffect::Reply { .. } => return None,
    })
}

/// What is told of each rule that was looked at.
pub(crate) fn told(
    rules: &[Ready],
    verdicts: &[Verdict],
    outcomes: &[Outcome],
    undos: &[Option<u64>],
) -> Vec<RuleVerdict> {
    let mut told = Vec::new();
    for (at, (ready, verdict)) in rules.iter().zip(verdicts).enumerate() {
        let rule = ready.rule.id.clone();
        told.push(match verdict {
            Verdict::Holds(conditions) => {
                let found = outcomes.iter().position(|outcome| outcome.rule == at);
                let steps = found.and_then(|found| outcomes.get(found)).map(|outcome| &outcome.steps);
                RuleVerdict {
                    rule,
                    name: ready.rule.name.clone(),
                    held: true,
                    conditions: conditions.iter().copied().collect(),
                    steps: steps.into_iter().flatten().map(|planned| planned.step.clone()).collect(),
                    undo: found.and_then(|found| undos.get(found).copied().flatten()),
                    ..RuleVerdict::default()
                }
            }
            Verdict::Fails(missed) => RuleVerdict { rule, missed: Some(*missed), ..RuleVerdict::default() },
            Verdict::Kept(by) => {
                let kept_by = rules.get(*by).map(|ready| ready.rule.id.clone());
                RuleVerdict { rule, kept_by, ..RuleVerdict::default() }
            }
            // It was not there yet.
            Verdict::Later => continue,
        });
    }
    told
}

/// The conversations of a batch in which something was done.
pub(crate) fn touched(batch: &Batch) -> Vec<ThreadId> {
    batch.items.iter().filter(|one| one.has(RuleOutcome::Done)).map(|one| one.view.thread).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{
        rules::{UserRule, file},
        store::Store,
    };

    /// Nothing is sent: the batch is empty.
    struct Nothing;

    impl Sends for Nothing {
        fn queue(&mut self, _: &WriteTx<'_>, _: Step) -> Result<std::result::Result<OpId, String>> {
            Ok(Err(String::new()))
        }
    }

    /// A batch is made ready, its messages with it, and then written: what a person did to their rules in between counts.
    #[tokio::test]
    async fn a_batch_is_done_by_the_rules_it_was_planned_by_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), |_| {}).unwrap();
        let text = "[[rule]]\nid = \"bills\"\nname = \"Bills\"\nwhen.subject = \"Bill\"\nthen.archive = true\n";
        let bills = file::read(text).unwrap().remove(0);
        let off = UserRule { enabled: false, ..bills.clone() };
        let job = move |tx: &WriteTx<'_>| {
            let planned = || -> Result<Batch> {
                let rules = matching::ready(on(tx.main)?);
                Ok(Batch { from: 0, reached: 7, rules, items: Vec::new(), waits: false })
            };
            let done = |mut batch: Batch| write(tx, &mut batch, &mut Nothing, Timestamp::UNIX_EPOCH, &TimeZone::UTC);
            rule::put(tx, &bills)?;
            let batch = planned()?;
            rule::put(tx, &off)?;
            assert!(!done(batch)?, "it was switched off");
            let batch = planned()?;
            rule::put(tx, &bills)?;
            assert!(!done(batch)?, "it was switched on");
            assert_eq!(rule::watermark(tx.main)?, 0);
            assert!(done(planned()?)?);
            assert_eq!(rule::watermark(tx.main)?, 7);
            Ok(())
        };
        store.write(job).await.unwrap();
    }
}
