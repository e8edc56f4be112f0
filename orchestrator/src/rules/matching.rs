//! Which rules hold for a message, and by what. Pure: a thousand rules are looked at in less than a mail is read.
//!
//! A rule is made ready once: its texts are folded, its conditions put in an order in which the cheap ones come first.
//! The first condition that fails ends it, and is what the log names.

use std::collections::BTreeSet;

use inlet_actions::State;
use inlet_model::Kind;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    rule::UserRule,
    values::{ANY, NONE, Pattern, Range, RuleLanguage, Urgency, Words},
    view::{NUMBERS, View},
};
use crate::text::fold;

/// A condition, by the name it is written under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum RuleCondition {
    /// Where it came from.
    Source,
    /// Mail, chat or note.
    Kind,
    /// Who wrote.
    Person,
    /// Whom it was written to.
    To,
    /// The author's domain.
    Domain,
    /// The mailing list.
    List,
    /// The subject.
    Subject,
    /// Subject or text.
    Text,
    /// Its files.
    Attachment,
    /// Its language.
    Language,
    /// Whether it calls me.
    Mentioned,
    /// How near it is due.
    Urgency,
    /// The score.
    Score,
    /// What it asks of me.
    State,
    /// How sure that is.
    Confidence,
    /// Anything else.
    Meta,
}

/// What has to be known of a message for some rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    pub(crate) text: bool,
    pub(crate) files: bool,
    pub(crate) people: bool,
    /// What was read in it.
    pub(crate) reading: bool,
    /// What was thought about its conversation.
    pub(crate) thought: bool,
    pub(crate) meta: bool,
    pub(crate) header: bool,
    /// Whether it is what a channel was told.
    pub(crate) told: bool,
}

enum Test {
    Source(Vec<String>),
    Kind(Vec<Kind>),
    Person(Vec<String>),
    To(Vec<String>),
    Domain(Vec<String>),
    List(Vec<String>),
    Subject(Vec<String>),
    Text(Vec<String>),
    Attachment(Vec<String>),
    Language(Vec<RuleLanguage>),
    Mentioned(Vec<bool>),
    Urgency(Vec<Urgency>),
    Score(Vec<Range>),
    State(Vec<State>),
    Confidence(Vec<Range>),
    Meta(String, Vec<Value>),
}

/// What is compared with what is known by a name.
enum Value {
    /// A text.
    Text(String),
    /// Numbers between two bounds.
    Range(Range),
}

/// A rule made ready.
pub(crate) struct Ready {
    pub(crate) rule: UserRule,
    /// The rev from which on it looks at what comes in.
    since: i64,
    tests: Vec<Test>,
}

impl Ready {
    /// It is this one, as it says and as it was when it was made ready.
    pub(crate) fn is(&self, rule: &UserRule, since: i64) -> bool {
        self.since == since && self.rule == *rule
    }
}

/// What came of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It holds, by these conditions; none for a rule that always does.
    Holds(BTreeSet<RuleCondition>),
    /// The first condition that fails.
    Fails(RuleCondition),
    /// An earlier rule keeps later ones away: the place of that one.
    Kept(usize),
    /// The message came before the rule.
    Later,
}

impl Ready {
    pub(crate) fn new(rule: UserRule, since: i64) -> Self {
        let when = rule.when.clone();
        let mut tests = Vec::new();
        let mut put = |given: bool, test: Test| {
            if given {
                tests.push(test);
            }
        };
        put(!when.kind.is_empty(), Test::Kind(when.kind));
        put(!when.source.is_empty(), Test::Source(folded(&when.source)));
        put(!when.domain.is_empty(), Test::Domain(folded(&when.domain)));
        put(!when.person.is_empty(), Test::Person(folded(&when.person)));
        put(!when.to.is_empty(), Test::To(folded(&when.to)));
        put(!when.list.is_empty(), Test::List(folded(&when.list)));
        put(!when.attachment.is_empty(), Test::Attachment(folded(&when.attachment)));
        put(!when.language.is_empty(), Test::Language(when.language));
        put(!when.mentioned.is_empty(), Test::Mentioned(when.mentioned));
        put(!when.state.is_empty(), Test::State(when.state));
        put(!when.score.is_empty(), Test::Score(when.score));
        put(!when.urgency.is_empty(), Test::Urgency(when.urgency));
        put(!when.confidence.is_empty(), Test::Confidence(when.confidence));
        for (name, values) in &when.meta {
            let name = name.to_lowercase();
            let number = NUMBERS.contains(&name.as_str());
            let value = |text: String| match Range::bounded(&text).filter(|_| number) {
                Some(range) => Value::Range(range),
                None => Value::Text(text),
            };
            let values: Vec<Value> = folded(&values.0).into_iter().map(value).collect();
            put(!values.is_empty(), Test::Meta(name, values));
        }
        put(!when.subject.is_empty(), Test::Subject(words(&when.subject)));
        put(!when.text.is_empty(), Test::Text(words(&when.text)));
        Self { rule, since, tests }
    }

    fn verdict(&self, view: &View) -> Verdict {
        for test in &self.tests {
            if !test.fits(view) {
                return Verdict::Fails(test.name());
            }
        }
        Verdict::Holds(self.tests.iter().map(Test::name).collect())
    }
}

/// Rules in the order they are looked at.
pub(crate) fn ready(rules: impl IntoIterator<Item = (UserRule, i64)>) -> Vec<Ready> {
    let mut rules: Vec<(UserRule, i64)> = rules.into_iter().collect();
    rules.sort_by(|(one, _), (other, _)| one.place().cmp(&other.place()));
    rules.into_iter().map(|(rule, since)| Ready::new(rule, since)).collect()
}

/// What these rules need to know.
pub(crate) fn needs(rules: &[Ready]) -> Needs {
    let channels = rules.iter().flat_map(|ready| &ready.rule.then.forward).any(|one| one.channel().is_some());
    let mut needs = Needs { told: channels, ..Needs::default() };
    for test in rules.iter().flat_map(|rule| &rule.tests) {
        match test {
            Test::Text(_) => needs.text = true,
            Test::Attachment(_) => needs.files = true,
            Test::Person(_) => needs.people = true,
            Test::Language(_) | Test::Mentioned(_) => needs.reading = true,
            Test::Urgency(_) | Test::Score(_) | Test::State(_) | Test::Confidence(_) => needs.thought = true,
            Test::Meta(name, _) => {
                needs.meta = true;
                needs.header |= name.starts_with("header:");
            }
            Test::Source(_) | Test::Kind(_) | Test::To(_) | Test::Domain(_) | Test::List(_) | Test::Subject(_) => {}
        }
    }
    needs
}

/// What comes of each rule, in their order, for a message that came at this rev.
pub(crate) fn verdicts(rules: &[Ready], view: &View, came: i64) -> Vec<Verdict> {
    let mut kept = None;
    let mut verdicts = Vec::with_capacity(rules.len());
    for (at, rule) in rules.iter().enumerate() {
        let verdict = match kept {
            _ if rule.since >= came => Verdict::Later,
            Some(by) => Verdict::Kept(by),
            None => rule.verdict(view),
        };
        if rule.rule.stop && matches!(verdict, Verdict::Holds(_)) {
            kept = Some(at);
        }
        verdicts.push(verdict);
    }
    verdicts
}

fn folded(patterns: &[Pattern]) -> Vec<String> {
    patterns.iter().map(|pattern| fold(pattern.0.trim())).collect()
}

fn words(words: &[Words]) -> Vec<String> {
    words.iter().map(|words| fold(&words.0)).collect()
}

impl Test {
    fn name(&self) -> RuleCondition {
        match self {
            Self::Source(_) => RuleCondition::Source,
            Self::Kind(_) => RuleCondition::Kind,
            Self::Person(_) => RuleCondition::Person,
            Self::To(_) => RuleCondition::To,
            Self::Domain(_) => RuleCondition::Domain,
            Self::List(_) => RuleCondition::List,
            Self::Subject(_) => RuleCondition::Subject,
            Self::Text(_) => RuleCondition::Text,
            Self::Attachment(_) => RuleCondition::Attachment,
            Self::Language(_) => RuleCondition::Language,
            Self::Mentioned(_) => RuleCondition::Mentioned,
            Self::Urgency(_) => RuleCondition::Urgency,
            Self::Score(_) => RuleCondition::Score,
            Self::State(_) => RuleCondition::State,
            Self::Confidence(_) => RuleCondition::Confidence,
            Self::Meta(..) => RuleCondition::Meta,
        }
    }

    fn fits(&self, view: &View) -> bool {
        let fits = |pattern: &str, values: &[String]| match pattern {
            NONE => values.is_empty(),
            pattern => values.iter().any(|value| glob(pattern, value)),
        };
        let among = |patterns: &[String], values: &[String]| patterns.iter().any(|pattern| fits(pattern, values));
        let ranged = |ranges: &[Range], number: f64| ranges.iter().any(|range| range.holds(number));
        match self {
            Self::Source(patterns) => among(patterns, &view.sources),
            Self::Kind(kinds) => kinds.contains(&view.kind),
            Self::Person(patterns) => among(patterns, &view.author),
            Self::To(patterns) => among(patterns, &view.to),
            Self::Domain(patterns) => patterns.iter().any(|pattern| within(pattern, &view.domain)),
            Self::List(patterns) => patterns.iter().any(|pattern| match (pattern.as_str(), &view.list) {
                (NONE, list) => list.is_none() && !view.trail.list,
                (ANY, list) => list.is_some() || view.trail.list,
                (pattern, Some(list)) => glob(pattern, list),
                (_, None) => false,
            }),
            Self::Subject(words) => words.iter().any(|words| view.subject.contains(words.as_str())),
            Self::Text(words) => {
                words.iter().any(|words| view.subject.contains(words.as_str()) || view.text.contains(words.as_str()))
            }
            Self::Attachment(patterns) => patterns.iter().any(|pattern| match pattern.as_str() {
                NONE => view.files.is_empty(),
                pattern => view.files.iter().any(|(name, mime)| glob(pattern, name) || glob(pattern, mime)),
            }),
            Self::Language(languages) => languages.contains(&view.language),
            Self::Mentioned(wanted) => wanted.contains(&view.mentioned),
            Self::Urgency(urgencies) => urgencies.contains(&view.thought.urgency),
            Self::Score(ranges) => ranged(ranges, view.thought.score.into()),
            Self::State(states) => states.contains(&view.thought.state),
            // What nothing was thought about is as unsure as can be.
            Self::Confidence(ranges) => ranged(ranges, view.thought.confidence.unwrap_or_default().into()),
            Self::Meta(name, wanted) => {
                let values = view.meta.get(name).map_or(&[][..], Vec::as_slice);
                wanted.iter().any(|wanted| match wanted {
                    Value::Text(pattern) => fits(pattern, values),
                    Value::Range(range) => values.iter().filter_map(|one| one.parse().ok()).any(|one| range.holds(one)),
                })
            }
        }
    }
}

/// A domain, or one below it.
fn within(pattern: &str, domain: &str) -> bool {
    glob(pattern, domain) || domain.strip_suffix(pattern).is_some_and(|rest| rest.ends_with('.') && !pattern.is_empty())
}

/// The whole text, with `*` for anything. Takes as long as the text for each star, and no longer.
fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(first) = parts.next() else { return false };
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part).and_then(|at| rest.get(at + part.len()..)) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything_and_nothing() {
        for (pattern, text, fits) in [
            ("*", "", true),
            ("a*", "a", true),
            ("*.pdf", "x.pdf", true),
            ("*.pdf", ".pdf", true),
            ("*.pdf", "x.pdf.exe", false),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "acb", false),
            ("ab*ba", "aba", false),
            ("**", "x", true),
            ("", "", true),
            ("", "x", false),
            ("é*", "été", true),
        ] {
            assert_eq!(glob(pattern, text), fits, "{pattern} {text}");
        }
    }
}
