//! What rules that hold would do. The dry run shows it, the follower carries it out.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use inlet_model::Timestamp;
use jiff::{SignedDuration, civil::Time, tz::TimeZone};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    loops::{self, Mine},
    matching::{Ready, Verdict},
    rule::{LimitPer, RuleLimit, RuleNotify},
    values::Recipient,
    view::View,
};
use crate::{
    api::types::Place,
    compose::mailbox,
    notices::decide::{next, quiet_until},
    store::{Result, rule::Channel},
    text::fold,
};

/// One thing a rule does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "effect", rename_all = "lowercase")]
pub enum RuleEffect {
    /// Puts a label on.
    Label {
        /// Its name.
        name: String,
    },
    /// Puts the conversation elsewhere.
    Place {
        /// A folder's name, `inbox` or `trash`.
        name: String,
    },
    /// Takes it out of the inbox.
    Archive,
    /// Takes it out of sight.
    Snooze {
        /// Until then, in words.
        until: String,
    },
    /// Stars it.
    Star,
    /// Marks it read.
    Read,
    /// Mutes its conversation.
    Mute,
    /// Says how it is told.
    Notify {
        /// How loud.
        how: RuleNotify,
    },
    /// Sends it on.
    Forward {
        /// To these.
        to: Vec<Recipient>,
    },
    /// Tells it through a channel that only sends.
    Channel {
        /// Its name or its id.
        name: String,
    },
    /// Answers it.
    Reply {
        /// With the template of this name.
        template: String,
    },
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum RuleOutcome {
    /// It would happen.
    Would,
    /// It happened.
    Done,
    /// It is so already.
    Already,
    /// It was not done; [`RuleStep::refusal`] says why.
    Refused,
}

/// Why something was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RuleRefusal {
    /// A machine wrote it: answering could go on for ever.
    Automatic,
    /// It came through a mailing list.
    List,
    /// Another program has passed it on already, or this one has.
    Passed,
    /// It would go to an address of mine.
    Own,
    /// It would go back to its author.
    Author,
    /// Nobody reads what is sent to its author.
    NoReply,
    /// It was not written to me.
    NotToMe,
    /// It was written to several people.
    Group,
    /// It was written too long ago.
    Old,
    /// A page of notes cannot be answered.
    Note,
    /// It was answered by a rule in this conversation before.
    Again,
    /// Its author was answered by this rule within a day.
    Lately,
    /// The rule's limit is reached.
    Limit,
    /// Everybody it would go to has it by another rule.
    Twice,
    /// There is no channel of this name, or several.
    Channel,
    /// There is no such template, or it has a variable that cannot be filled in.
    Template,
    /// The time has passed.
    Time,
    /// It came before the rule was asked to run over it: nothing is sent about the past.
    Past,
    /// The platform does not take it; [`RuleStep::detail`] says why.
    Platform,
}

/// One thing a rule does, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RuleStep {
    /// What.
    #[serde(flatten)]
    pub effect: RuleEffect,
    /// What became of it.
    pub outcome: RuleOutcome,
    /// Why not, where it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub refusal: Option<RuleRefusal>,
    /// The same in a sentence, or in the platform's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub detail: Option<String>,
    /// It waits until then: for the end of the quiet hours, or to be told together with others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub waits_until: Option<Timestamp>,
}

/// Something that may happen only so often, and did.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Use {
    pub(crate) rule: String,
    pub(crate) key: String,
    pub(crate) at: Timestamp,
}

/// What happened before, as far as it limits what may happen now.
pub(crate) trait Past {
    /// How often, since then.
    fn count(&self, rule: &str, key: &str, since: Timestamp) -> Result<u64>;
}

/// Nothing happened before.
pub(crate) struct Never;

impl Past for Never {
    fn count(&self, _: &str, _: &str, _: Timestamp) -> Result<u64> {
        Ok(0)
    }
}

/// The person's day, as far as it says when something is told.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hours {
    /// Start and end of the quiet hours.
    pub(crate) quiet: Option<(Time, Time)>,
    /// When what was gathered is told.
    pub(crate) digest_at: Option<Time>,
}

/// What planning rests on beside the messages.
pub(crate) struct Terms<'a> {
    pub(crate) past: &'a dyn Past,
    pub(crate) mine: Mine,
    /// Templates, by their names.
    pub(crate) templates: BTreeSet<String>,
    /// Channels that only send.
    pub(crate) channels: Vec<Channel>,
    pub(crate) hours: Hours,
    pub(crate) now: Timestamp,
    pub(crate) zone: TimeZone,
    /// Messages of the past: they are put in order, and nothing is sent or told.
    pub(crate) filing_only: bool,
    /// What this batch has used up so far, and when.
    used: BTreeMap<(String, String), Vec<Timestamp>>,
}

/// A step, and what it uses up.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub(crate) step: RuleStep,
    pub(crate) uses: Vec<Use>,
}

/// What comes of one rule for one message.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// The rule's place.
    pub(crate) rule: usize,
    pub(crate) steps: Vec<Planned>,
}

impl<'a> Terms<'a> {
    pub(crate) fn new(
        past: &'a dyn Past,
        mine: Mine,
        templates: BTreeSet<String>,
        now: Timestamp,
        zone: TimeZone,
    ) -> Self {
        let (channels, hours) = (Vec::new(), Hours::default());
        Self { past, mine, templates, channels, hours, now, zone, filing_only: false, used: BTreeMap::new() }
    }

    /// What the rules that hold would do about a message, in their order.
    pub(crate) fn plan(&mut self, rules: &[Ready], verdicts: &[Verdict], view: &View) -> Result<Vec<Outcome>> {
        let mut told: HashSet<String> = HashSet::new();
        let mut outcomes = Vec::new();
        for (at, (ready, verdict)) in rules.iter().zip(verdicts).enumerate() {
            if !matches!(verdict, Verdict::Holds(_)) {
                continue;
            }
            let mut steps = Vec::new();
            let effects: Vec<RuleEffect> = effects(ready).into_iter().flat_map(|one| self.named_apart(one)).collect();
            for effect in effects {
                steps.push(self.step(ready, effect, view, &mut told)?);
            }
            outcomes.push(Outcome { rule: at, steps });
        }
        Ok(outcomes)
    }

    fn step(&mut self, ready: &Ready, effect: RuleEffect, view: &View, told: &mut HashSet<String>) -> Result<Planned> {
        let already = match &effect {
            RuleEffect::Label { name } => view.labels.iter().any(|label| fold(label) == fold(name)),
            RuleEffect::Place { name } => match fold(name).as_str() {
                "inbox" => view.place == Place::Inbox,
                "trash" => view.place == Place::Trash,
                folder => view.labels.iter().any(|label| fold(label) == folder) && view.place != Place::Inbox,
            },
            RuleEffect::Archive => view.place == Place::Archive,
            RuleEffect::Star => view.starred,
            RuleEffect::Read => view.read,
            RuleEffect::Mute => view.muted,
            _ => false,
        };
        if already {
            return Ok(Planned { step: step(effect, RuleOutcome::Already, None), uses: Vec::new() });
        }
        let sends = matches!(
            effect,
            RuleEffect::Forward { .. }
                | RuleEffect::Channel { .. }
                | RuleEffect::Reply { .. }
                | RuleEffect::Notify { .. }
        );
        let mut channel: Option<Channel> = None;
        let (effect, refusal) = match effect {
            effect if sends && self.filing_only => (effect, Some(RuleRefusal::Past)),
            RuleEffect::Forward { to } => {
                let (to, refusal) = self.recipients(to, view, told);
                (RuleEffect::Forward { to }, refusal)
            }
            RuleEffect::Channel { name } => {
                let refusal = match self.channel(&name, view, told) {
                    Ok(found) => {
                        channel = Some(found);
                        None
                    }
                    Err(refusal) => Some(refusal),
                };
                (RuleEffect::Channel { name }, refusal)
            }
            RuleEffect::Reply { template } => {
                let refusal = self.reply_refusal(&ready.rule.id, &template, view)?;
                (RuleEffect::Reply { template }, refusal)
            }
            RuleEffect::Snooze { until } => {
                let later = ready.rule.then.snooze.as_ref().and_then(|later| later.from(self.now, &self.zone));
                (RuleEffect::Snooze { until }, later.is_none().then_some(RuleRefusal::Time))
            }
            other => (other, None),
        };
        if let Some(refusal) = refusal {
            let detail = self.detail(refusal, &effect);
            let step = RuleStep { detail, ..step(effect, RuleOutcome::Refused, Some(refusal)) };
            return Ok(Planned { step, uses: Vec::new() });
        }
        let mut uses = Vec::new();
        // What is critical is told however often. Mails that are sent on, and answers, keep to the limit even so.
        let critical = ready.rule.then.notify == Some(RuleNotify::Critical)
            && matches!(effect, RuleEffect::Channel { .. } | RuleEffect::Notify { .. });
        if let Some(limit) = ready.rule.limit.filter(|_| sends && !critical) {
            // Each channel is counted for itself, as the platforms behind them do.
            let channel = channel.as_ref().map(|channel| format!("{} ", channel.id)).unwrap_or_default();
            let key = format!("{} {channel}{}", word(&effect), limited_by(limit, view));
            let since = self.now - SignedDuration::from_mins(limit.minutes.into());
            if self.count(&ready.rule.id, &key, since)? >= limit.most.into() {
                return Ok(Planned { step: step(effect, RuleOutcome::Refused, Some(RuleRefusal::Limit)), uses });
            }
            uses.push(self.used(&ready.rule.id, key));
        }
        if let RuleEffect::Forward { to } = &effect {
            told.extend(to.iter().map(|address| mailbox(&address.0)));
        }
        let until = channel.as_ref().and_then(|_| self.until(ready));
        told.extend(channel.map(|channel| channel.place));
        if matches!(effect, RuleEffect::Reply { .. }) {
            // In a conversation any rule counts, to a person each for itself.
            uses.push(self.used("", format!("answered {}", view.thread)));
            uses.push(self.used(&ready.rule.id, format!("answered {}", author(view))));
        }
        Ok(Planned { step: RuleStep { waits_until: until, ..step(effect, RuleOutcome::Would, None) }, uses })
    }

    /// What would go to others and to me is two steps: that mine are left out is said, and holds nobody else up.
    fn named_apart(&self, effect: RuleEffect) -> Vec<RuleEffect> {
        let RuleEffect::Forward { to } = effect else { return vec![effect] };
        let (mine, others): (Vec<_>, Vec<_>) = to.into_iter().partition(|address| self.mine.is(&address.0));
        [others, mine].into_iter().filter(|to| !to.is_empty()).map(|to| RuleEffect::Forward { to }).collect()
    }

    /// What there is to say of a refusal beside its word.
    fn detail(&self, refusal: RuleRefusal, effect: &RuleEffect) -> Option<String> {
        let to = match effect {
            _ if refusal != RuleRefusal::Own => return None,
            RuleEffect::Forward { to } => to.iter().map(|address| address.0.as_str()).collect::<Vec<_>>().join(", "),
            RuleEffect::Channel { name } => Channel::named(&self.channels, name)?.to.clone()?,
            _ => return None,
        };
        Some(format!("What is sent to {to} comes in here again: choose an address that is not yours."))
    }

    /// The one channel of this name or id; or why it may not be told of this.
    fn channel(&self, name: &str, view: &View, told: &HashSet<String>) -> std::result::Result<Channel, RuleRefusal> {
        if let Some(refusal) = loops::channel(view, &self.mine) {
            return Err(refusal);
        }
        let channel = Channel::named(&self.channels, name).ok_or(RuleRefusal::Channel)?;
        let author = view.from.as_ref().map(|from| from.handle.as_str());
        if author.is_some_and(|author| channel.writes_to(author)) {
            return Err(RuleRefusal::Author);
        }
        if channel.to.as_deref().is_some_and(|to| self.mine.is(to)) {
            return Err(RuleRefusal::Own);
        }
        if told.contains(&channel.place) { Err(RuleRefusal::Twice) } else { Ok(channel.clone()) }
    }

    /// Until when what a channel is told waits; what is critical never does.
    fn until(&self, ready: &Ready) -> Option<Timestamp> {
        let then = &ready.rule.then;
        if then.notify == Some(RuleNotify::Critical) {
            return None;
        }
        match self.hours.digest_at.filter(|_| then.digest) {
            Some(at) => next(at, self.now, &self.zone),
            None => quiet_until(self.hours.quiet?, self.now, &self.zone),
        }
    }

    /// Whom it may go to, each once; why nobody is left.
    fn recipients(
        &self,
        to: Vec<Recipient>,
        view: &View,
        told: &HashSet<String>,
    ) -> (Vec<Recipient>, Option<RuleRefusal>) {
        if let Some(refusal) = loops::forward(view, &self.mine) {
            return (to, Some(refusal));
        }
        let author = view.from.as_ref().map(|from| mailbox(&from.handle));
        let (mut left, mut why) = (Vec::<Recipient>::new(), RuleRefusal::Twice);
        let mut going: HashSet<String> = HashSet::new();
        for address in &to {
            let place = mailbox(&address.0);
            if self.mine.is(&address.0) {
                why = RuleRefusal::Own;
            } else if author.as_ref() == Some(&place) {
                why = RuleRefusal::Author;
            } else if !told.contains(&place) && going.insert(place) {
                left.push(address.clone());
            }
        }
        if left.is_empty() { (to, Some(why)) } else { (left, None) }
    }

    fn reply_refusal(&self, rule: &str, template: &str, view: &View) -> Result<Option<RuleRefusal>> {
        const DAY: SignedDuration = SignedDuration::from_hours(24);
        if let Some(refusal) = loops::reply(view, &self.mine, self.now) {
            return Ok(Some(refusal));
        }
        if !self.templates.contains(template) {
            return Ok(Some(RuleRefusal::Template));
        }
        if self.count("", &format!("answered {}", view.thread), Timestamp::MIN)? > 0 {
            return Ok(Some(RuleRefusal::Again));
        }
        let lately = self.count(rule, &format!("answered {}", author(view)), self.now - DAY)? > 0;
        Ok(lately.then_some(RuleRefusal::Lately))
    }

    fn count(&self, rule: &str, key: &str, since: Timestamp) -> Result<u64> {
        let here = self.used.get(&(rule.to_owned(), key.to_owned())).into_iter().flatten();
        let here = here.filter(|at| **at >= since).count();
        Ok(self.past.count(rule, key, since)? + u64::try_from(here).unwrap_or(u64::MAX))
    }

    fn used(&mut self, rule: &str, key: String) -> Use {
        self.used.entry((rule.to_owned(), key.clone())).or_default().push(self.now);
        Use { rule: rule.to_owned(), key, at: self.now }
    }
}

fn step(effect: RuleEffect, outcome: RuleOutcome, refusal: Option<RuleRefusal>) -> RuleStep {
    RuleStep { effect, outcome, refusal, detail: None, waits_until: None }
}

/// What a rule does, in the order in which it is done: what takes a conversation away comes last.
fn effects(ready: &Ready) -> Vec<RuleEffect> {
    let then = &ready.rule.then;
    let mut effects: Vec<RuleEffect> =
        then.label.iter().map(|label| RuleEffect::Label { name: label.0.clone() }).collect();
    let flags = [(then.star, RuleEffect::Star), (then.read, RuleEffect::Read)];
    effects.extend(flags.into_iter().filter(|(is, _)| *is).map(|(_, effect)| effect));
    effects.extend(then.notify.map(|how| RuleEffect::Notify { how }));
    let (channels, to): (Vec<_>, Vec<_>) =
        then.forward.iter().cloned().partition(|recipient| recipient.channel().is_some());
    if !to.is_empty() {
        effects.push(RuleEffect::Forward { to });
    }
    let names = channels.iter().filter_map(Recipient::channel);
    effects.extend(names.map(|name| RuleEffect::Channel { name: name.to_owned() }));
    effects.extend(then.reply.clone().map(|template| RuleEffect::Reply { template }));
    effects.extend(then.snooze.clone().map(|until| RuleEffect::Snooze { until: until.0 }));
    effects.extend(then.place.clone().map(|name| RuleEffect::Place { name }));
    let away = [(then.archive, RuleEffect::Archive), (then.mute, RuleEffect::Mute)];
    effects.extend(away.into_iter().filter(|(is, _)| *is).map(|(_, effect)| effect));
    effects
}

fn word(effect: &RuleEffect) -> &'static str {
    match effect {
        RuleEffect::Forward { .. } => "forward",
        RuleEffect::Channel { .. } => "channel",
        RuleEffect::Reply { .. } => "reply",
        _ => "notify",
    }
}

fn author(view: &View) -> String {
    view.from.as_ref().map(|from| from.handle.to_lowercase()).unwrap_or_default()
}

fn limited_by(limit: RuleLimit, view: &View) -> String {
    match limit.per {
        LimitPer::Person => author(view),
        LimitPer::Thread => view.thread.to_string(),
        LimitPer::Rule => String::new(),
    }
}
