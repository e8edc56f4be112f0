//! Rules of a person: the follower's loop, what they send, and the commands about them.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use inlet_model::{ItemId, OpId, Timestamp};
use parking_lot::Mutex;

use super::{
    App,
    attachments::{folder_of, unsaved},
    automatic::ReadyToGo,
};
use crate::{
    api::{
        ApiError,
        types::{
            Nothing, OrderRulesParams, PutRuleParams, RuleEntry, RuleFileParams, RuleForm, RuleFormParams, RuleHit,
            RuleIdParams, RuleLogEntry, RuleLogParams, RuleRun, RuleTest, RunRuleParams, Saved, SwitchRuleParams,
            TestRuleParams,
        },
    },
    clock::Clock,
    event::Event,
    feed::heard,
    files,
    notices::decide::time_of_day,
    outbox::telling::When,
    rules::{
        RuleNotify, UserRule, file,
        follower::{self, Batch, Considered, Doing, Sends, Step, Trial},
        matching::{self, Ready, Verdict},
        plan::{Hours, RuleEffect, RuleOutcome},
    },
    store::{
        Result as StoreResult, WriteTx,
        action::{self, Action},
        rule,
    },
};

/// Items a dry run looks at when nothing is said, and at the most.
const TRIED: (u32, u32) = (500, 10_000);
/// Items of a run over the past that are done in one transaction: others want to write too.
const PIECE: usize = 50;
/// How often a batch that waits is planned before others have a turn.
const PATIENCE: u32 = 4;

/// What rules said about how items are told, until notices have asked.
#[derive(Default)]
pub(super) struct Loudness(Mutex<HashMap<ItemId, RuleNotify>>);

impl Loudness {
    /// What was said of an item; it is asked once.
    pub(super) fn take(&self, item: ItemId) -> Option<RuleNotify> {
        self.0.lock().remove(&item)
    }

    fn note(&self, batch: &Batch) {
        /// Notices ask at once; where nobody does, nothing is heaped up.
        const MOST: usize = 10_000;
        let mut said = self.0.lock();
        if said.len() > MOST {
            said.clear();
        }
        for considered in &batch.items {
            for planned in considered.outcomes.iter().flat_map(|outcome| &outcome.steps) {
                if let (RuleEffect::Notify { how }, RuleOutcome::Done) = (&planned.step.effect, planned.step.outcome) {
                    // The first rule has the say.
                    said.entry(considered.view.item).or_insert(*how);
                }
            }
        }
    }
}

/// Messages made ready, by the step they belong to.
struct Prepared(HashMap<Step, Result<ReadyToGo, String>>, Timestamp);

impl Sends for Prepared {
    fn queue(&mut self, tx: &WriteTx<'_>, at: Step) -> StoreResult<Result<OpId, String>> {
        match self.0.remove(&at) {
            Some(Ok(ready)) => ready.queue(tx, self.1),
            Some(Err(sentence)) => Ok(Err(sentence)),
            None => Ok(Err("It could not be made ready to be sent.".to_owned())),
        }
    }
}

impl App {
    /// Runs rules over everything that comes in, as long as the engine runs.
    pub(super) async fn follow_rules(&self) {
        /// What waits for thinking is looked at again by then, though nothing is heard.
        const LONGEST: Duration = Duration::from_secs(60);
        let mut events = self.feed.listen();
        loop {
            if let Err(error) = self.run_rules().await {
                tracing::error!(error = %error.message, "the rules stand still");
            }
            let wake = heard(&mut events, |event| matches!(event, Event::Changed { .. } | Event::Suggestions));
            let _ = tokio::time::timeout(LONGEST, wake).await;
        }
    }

    /// Runs rules over what has come in since they were run. Whoever waits for this sees what they have done.
    pub(super) async fn run_rules(&self) -> Result<(), ApiError> {
        if !self.owns() {
            return Ok(());
        }
        let _one_at_a_time = self.followers.ruling.lock().await;
        let mut waited = 0;
        while waited < PATIENCE {
            let (now, zone, hours) = (self.clock.now(), Clock::zone(), self.hours());
            let Some(batch) = self.store.read(move |reader| follower::next(reader, now, zone, hours)).await? else {
                break;
            };
            waited = if batch.waits { waited + 1 } else { 0 };
            if batch.waits {
                self.think(usize::MAX).await?;
            }
            if batch.is_any() {
                self.carry_out(batch, now).await?;
            }
        }
        Ok(())
    }

    /// When what channels are told by a rule waits.
    pub(super) fn hours(&self) -> Hours {
        let config = self.config.lock();
        let time = |key| time_of_day(&config.word(key));
        Hours {
            quiet: time("notifications.quiet_from").zip(time("notifications.quiet_until")),
            digest_at: time("notifications.digest_at"),
        }
    }

    async fn carry_out(&self, mut batch: Batch, now: Timestamp) -> Result<(), ApiError> {
        let zone = Clock::zone();
        let mut sends = Prepared(self.messages(&batch).await, now);
        let durable = !sends.0.is_empty();
        let job = move |tx: &WriteTx<'_>| {
            let written = follower::write(tx, &mut batch, &mut sends, now, &zone)?;
            Ok((written, batch))
        };
        // What is sent must survive a power cut together with what keeps it from being sent twice.
        let (written, batch) =
            if durable { self.store.write_durable(job).await? } else { self.store.write(job).await? };
        if written {
            self.loudness.note(&batch);
            self.wake_outboxes(&follower::touched(&batch)).await?;
            for (_, live) in self.registry.of(None).into_iter().filter(|_| durable) {
                live.outbox.notify_one();
            }
            self.followers.snoozed.notify_one();
        }
        Ok(())
    }

    /// The messages a batch sends.
    async fn messages(&self, batch: &Batch) -> HashMap<Step, Result<ReadyToGo, String>> {
        let mut messages = HashMap::new();
        for (at, considered) in batch.items.iter().enumerate() {
            for (place, outcome) in considered.outcomes.iter().enumerate() {
                for (number, planned) in outcome.steps.iter().enumerate() {
                    if planned.step.outcome != RuleOutcome::Would {
                        continue;
                    }
                    let message = match &planned.step.effect {
                        RuleEffect::Forward { to } => {
                            self.forwarded(&considered.view, to).await.map(|ready| ReadyToGo::Message(Box::new(ready)))
                        }
                        RuleEffect::Channel { name } => {
                            let gathered = batch.rules.get(outcome.rule).is_some_and(|ready| ready.rule.then.digest);
                            let when = match planned.step.waits_until {
                                None => When::Now,
                                Some(until) if gathered => When::Together(until),
                                Some(until) => When::Later(until),
                            };
                            self.told(&considered.view, name, when).await.map(ReadyToGo::Told)
                        }
                        RuleEffect::Reply { template } => self
                            .answered(&considered.view, template)
                            .await
                            .map(|ready| ReadyToGo::Message(Box::new(ready))),
                        _ => continue,
                    };
                    messages.insert((at, place, number), message.map_err(|error| error.message));
                }
            }
        }
        messages
    }

    // The commands.

    /// `rules.list`.
    pub(crate) async fn list_user_rules(&self, _: Nothing) -> Result<Vec<RuleEntry>, ApiError> {
        Ok(self
            .store
            .read(|reader| {
                let held = rule::held(&reader.main)?;
                let entry = |rule: UserRule| {
                    let known = held.get(&rule.id);
                    RuleEntry {
                        toml: file::write(&rule),
                        held: known.map_or(0, |(times, _)| *times),
                        last_held: known.map(|(_, at)| *at),
                        rule,
                    }
                };
                Ok(rule::all(&reader.main)?.into_iter().map(|(rule, _)| entry(rule)).collect())
            })
            .await?)
    }

    /// `rules.put`.
    pub(crate) async fn put_user_rule(&self, params: PutRuleParams) -> Result<UserRule, ApiError> {
        let new = params.rule.id.is_empty();
        let rule = params.rule.checked().map_err(ApiError::invalid)?;
        let kept = self
            .store
            .write(move |tx| {
                let mut rule = rule;
                let base = rule.id.clone();
                let mut number = 1;
                // A new rule never takes the place of one that happens to have its name.
                while new && rule::get(tx.main, &rule.id)?.is_some() {
                    number += 1;
                    rule.id = format!("{base}-{number}");
                }
                rule::put(tx, &rule)?;
                Ok(rule)
            })
            .await?;
        Ok(kept)
    }

    /// `rules.add`.
    pub(crate) async fn add_user_rules(&self, params: RuleFileParams) -> Result<Vec<UserRule>, ApiError> {
        let rules = file::read(&params.toml).map_err(ApiError::invalid)?;
        let kept = self
            .store
            .write(move |tx| {
                for rule in &rules {
                    rule::put(tx, rule)?;
                }
                Ok(rules)
            })
            .await?;
        Ok(kept)
    }

    /// `rules.form`.
    pub(crate) async fn form_user_rule(&self, params: RuleFormParams) -> Result<RuleForm, ApiError> {
        let rule = match (params.rule, params.toml) {
            (Some(rule), _) => rule,
            (None, Some(text)) => {
                let mut rules = file::read(&text).map_err(ApiError::invalid)?;
                match (rules.pop(), rules.is_empty()) {
                    (Some(rule), true) => rule,
                    _ => return Err(ApiError::invalid("Here is room for one rule; add a file of several as a file.")),
                }
            }
            (None, None) => return Err(ApiError::invalid("Give a rule, as a file or as it is kept.")),
        };
        Ok(RuleForm { toml: file::write(&rule), rule })
    }

    /// `rules.export`.
    pub(crate) async fn export_user_rules(&self, _: Nothing) -> Result<RuleFileParams, ApiError> {
        let rules = self.store.read(|reader| rule::all(&reader.main)).await?;
        let rules: Vec<UserRule> = rules.into_iter().map(|(rule, _)| rule).collect();
        Ok(RuleFileParams { toml: file::write_all(&rules) })
    }

    /// `rules.save`.
    pub(crate) async fn save_user_rules(&self, _: Nothing) -> Result<Saved, ApiError> {
        let RuleFileParams { toml } = self.export_user_rules(Nothing {}).await?;
        let folder = folder_of(None);
        let path = files::save_bytes(toml.as_bytes(), &folder, "inlet-rules.toml");
        let path = path.map_err(|error| unsaved(&folder, &error))?;
        Ok(Saved { path: path.display().to_string() })
    }

    /// `rules.remove`.
    pub(crate) async fn remove_user_rule(&self, params: RuleIdParams) -> Result<Nothing, ApiError> {
        let id = params.id.clone();
        match self.store.write(move |tx| rule::remove(tx, &id)).await? {
            true => Ok(Nothing {}),
            false => Err(no_rule(&params.id)),
        }
    }

    /// `rules.switch`.
    pub(crate) async fn switch_user_rule(&self, params: SwitchRuleParams) -> Result<UserRule, ApiError> {
        let SwitchRuleParams { id, enabled } = params;
        let wanted = id.clone();
        let switched = self
            .store
            .write(move |tx| {
                let Some((rule, _)) = rule::get(tx.main, &wanted)? else { return Ok(None) };
                let rule = UserRule { enabled, ..rule };
                rule::put(tx, &rule)?;
                Ok(Some(rule))
            })
            .await?;
        switched.ok_or_else(|| no_rule(&id))
    }

    /// `rules.order`.
    pub(crate) async fn order_user_rules(&self, params: OrderRulesParams) -> Result<Vec<RuleEntry>, ApiError> {
        /// Room between two rules, for one that comes in a file.
        const STEP: u32 = 10;
        self.store
            .write(move |tx| {
                let mut rules: Vec<UserRule> = rule::all(tx.main)?.into_iter().map(|(rule, _)| rule).collect();
                rules.sort_by_key(|rule| params.ids.iter().position(|id| *id == rule.id).unwrap_or(usize::MAX));
                for (rule, place) in rules.into_iter().zip(1..) {
                    rule::put(tx, &UserRule { priority: place * STEP, ..rule })?;
                }
                Ok(())
            })
            .await?;
        self.list_user_rules(Nothing {}).await
    }

    /// `rules.test`.
    pub(crate) async fn test_user_rules(&self, params: TestRuleParams) -> Result<RuleTest, ApiError> {
        let rules = match (params.rule, params.toml) {
            (Some(rule), _) => vec![rule.checked().map_err(ApiError::invalid)?],
            (None, Some(text)) => file::read(&text).map_err(ApiError::invalid)?,
            (None, None) => return Err(ApiError::invalid("Give a rule to try, as a file or as it is kept.")),
        };
        let last = params.last.unwrap_or(TRIED.0).min(TRIED.1);
        let rules = matching::ready(rules.into_iter().map(|rule| (rule, 0)));
        if matching::needs(&rules).thought {
            self.think(usize::MAX).await?;
        }
        let (now, zone, hours) = (self.clock.now(), Clock::zone(), self.hours());
        let test = self
            .store
            .read(move |reader| {
                let trial = Trial { last, now, zone, hours, filing_only: params.past };
                let tried = follower::trial(reader, &rules, trial)?;
                let mut test = RuleTest {
                    looked_at: tried.len() as u64,
                    held: 0,
                    changes: 0,
                    items: Vec::new(),
                    missed: Vec::new(),
                };
                let mut missed = BTreeMap::new();
                for one in tried.into_iter().rev() {
                    for verdict in &one.verdicts {
                        if let Verdict::Fails(condition) = verdict {
                            *missed.entry(*condition).or_insert(0) += 1;
                        }
                    }
                    if one.outcomes.is_empty() {
                        continue;
                    }
                    test.held += 1;
                    test.changes += u64::from(one.has(RuleOutcome::Would));
                    let told = follower::told(&rules, &one.verdicts, &one.outcomes, &[]);
                    test.items.push(RuleHit {
                        item: one.view.item,
                        thread: one.view.thread,
                        source: one.view.source,
                        from: one.view.from,
                        title: one.view.title,
                        at: one.view.at,
                        rules: told.into_iter().filter(|verdict| verdict.held).collect(),
                    });
                }
                test.missed = missed.into_iter().collect();
                Ok(test)
            })
            .await?;
        Ok(test)
    }

    /// `rules.run`.
    pub(crate) async fn run_user_rule(&self, params: RunRuleParams) -> Result<RuleRun, ApiError> {
        let id = params.id.clone();
        let found = self.store.read(move |reader| rule::get(&reader.main, &id)).await?;
        let (rule, _) = found.ok_or_else(|| no_rule(&params.id))?;
        let rules = matching::ready([(rule.clone(), 0)]);
        if matching::needs(&rules).thought {
            self.think(usize::MAX).await?;
        }
        let (now, last) = (self.clock.now(), params.last.min(TRIED.1));
        let rules: Arc<[Ready]> = rules.into();
        let known = Arc::clone(&rules);
        let trial = Trial { last, now, zone: Clock::zone(), hours: self.hours(), filing_only: true };
        let tried = self.store.read(move |reader| follower::trial(reader, &known, trial)).await?;
        let mut run = RuleRun { looked_at: tried.len() as u64, held: 0, changed: 0, undo: None };
        let mut held: Vec<Considered> = tried.into_iter().filter(|one| !one.outcomes.is_empty()).collect();
        run.held = held.len() as u64;
        let whole = self.begin_run(&rule.name, &params.id).await?;
        while !held.is_empty() {
            let rest = held.split_off(held.len().min(PIECE));
            let mut piece = std::mem::replace(&mut held, rest);
            let rules = Arc::clone(&rules);
            let piece = self
                .store
                .write(move |tx| {
                    let mut nothing = Prepared(HashMap::new(), now);
                    for one in &mut piece {
                        let doing = Doing { at: 0, run: Some(whole), now, zone: &Clock::zone() };
                        follower::perform(tx, &rules, one, doing, &mut nothing)?;
                    }
                    rule::prune(tx)?;
                    Ok(piece)
                })
                .await?;
            run.changed += piece.iter().filter(|one| one.has(RuleOutcome::Done)).count() as u64;
            let threads: Vec<_> = piece.iter().map(|one| one.view.thread).collect();
            self.wake_outboxes(&threads).await?;
        }
        self.followers.snoozed.notify_one();
        // What lies too far back cannot be taken back any more; half of a run is not taken back either.
        let stands = self.store.read(move |reader| action::stands(&reader.main, whole)).await?;
        run.undo = Some(whole).filter(|_| stands && run.changed > 0);
        Ok(run)
    }

    /// Writes down that a run begins: what it does is taken back as one by this.
    async fn begin_run(&self, name: &str, rule: &str) -> Result<u64, ApiError> {
        let now = self.clock.now();
        let action =
            Action { message: format!("The run of \"{name}\""), rule: Some(rule.to_owned()), ..Action::default() };
        Ok(self.store.write(move |tx| action::insert(tx, &action, now)).await?)
    }

    /// `rules.log`.
    pub(crate) async fn log_of_rules(&self, params: RuleLogParams) -> Result<Vec<RuleLogEntry>, ApiError> {
        // Without a follower in the background, this is the time to run them.
        if !self.background {
            self.run_rules().await?;
        }
        let limit = params.limit.unwrap_or(100).clamp(1, 1000);
        Ok(self
            .store
            .read(move |reader| {
                let wanted = rule::Logged { rule: params.rule.as_deref(), held: params.held, limit };
                rule::entries(&reader.main, &wanted)
            })
            .await?)
    }
}

fn no_rule(id: &str) -> ApiError {
    ApiError::not_found(format!("The rule \"{id}\""))
}
