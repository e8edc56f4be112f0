//! A rule as it is written: in a file, in the editor, and in the store.
//!
//! One type is the truth of all three. The store keeps its JSON; TOML is how it is imported and exported, and carries
//! the same. Text that a person wrote around it (comments) does not survive the store: keeping the file's text instead
//! was refused, because the editor, the switch and the order would each have to rewrite it.

use std::collections::BTreeMap;

use inlet_actions::State;
use inlet_model::Kind;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    values::{Later, Pattern, Range, Recipient, RuleLanguage, Urgency, Words, several},
    view::META,
};

/// A rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct UserRule {
    /// Names it for good: letters, digits and hyphens. Made of the name where it is left out.
    pub id: String,
    /// What the person calls it.
    pub name: String,
    /// Rules with a smaller number come first; of equal ones the one whose id comes first.
    pub priority: u32,
    /// It is on.
    pub enabled: bool,
    /// Where it holds, no later rule is looked at.
    #[serde(skip_serializing_if = "is_off")]
    #[ts(as = "Option<bool>", optional)]
    pub stop: bool,
    /// What has to be so; all of it. Nothing said holds always.
    pub when: RuleWhen,
    /// What happens then.
    pub then: RuleThen,
    /// How often it may send or tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub limit: Option<RuleLimit>,
}

impl Default for UserRule {
    fn default() -> Self {
        Self {
            id: String::new(),
            name: String::new(),
            priority: 100,
            enabled: true,
            stop: false,
            when: RuleWhen::default(),
            then: RuleThen::default(),
            limit: None,
        }
    }
}

fn is_off(value: &bool) -> bool {
    !value
}

/// Conditions: each is one value or several of which one has to fit, and all that are given have to hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct RuleWhen {
    /// Where it came from: a platform (`gmail`), a source or account by its name, or a source's id.
    #[serde(deserialize_with = "several", skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub source: Vec<Pattern>,
    /// Mail, chat or note.
    #[serde(deserialize_with = "several", skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<Kind>>", optional)]
    pub kind: Vec<Kind>,
    /// Who wrote: an address or a name; whatever handles belong to that person.
    #[serde(deserialize_with = "several", skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub person: Vec<Pattern>,
    /// Whom it was written to, copies included: an address or a name.
    #[serde(deserialize_with = "several", skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub to: Vec<Pattern>,
    /// The domain of the author's address, those below it included.
    #[serde(deserialize_with = "several", skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub domain: Vec<Pattern>,
    /// The mailing list it came through (List-Id); true for any, false for none.
    #[serde(deserialize_with = "several", skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub list: Vec<Pattern>,
    /// The subject, or the name of the chat or page, contains it.
    #[serde(deserialize_with = "several", skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub subject: Vec<Words>,
    /// Subject or text contain it.
    #[serde(deserialize_with = "several", skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub text: Vec<Words>,
    /// It has a file: true, false, a name (`*.pdf`) or a type (`image/*`).
    #[serde(deserialize_with = "several", skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub attachment: Vec<Pattern>,
    /// The language it is written in, quotes aside.
    #[serde(deserialize_with = "several", skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<RuleLanguage>>", optional)]
    pub language: Vec<RuleLanguage>,
    /// It calls me, by name or with an "@".
    #[serde(deserialize_with = "several", skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<bool>>", optional)]
    pub mentioned: Vec<bool>,
    /// How near it is due.
    #[serde(deserialize_with = "several", skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<Urgency>>", optional)]
    pub urgency: Vec<Urgency>,
    /// The score of its suggestion, 0 where there is none.
    #[serde(deserialize_with = "several", skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<Range>>", optional)]
    pub score: Vec<Range>,
    /// What its conversation asks of me.
    #[serde(deserialize_with = "several", skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<State>>", optional)]
    pub state: Vec<State>,
    /// How sure that is, from 0 to 1.
    #[serde(deserialize_with = "several", skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<Range>>", optional)]
    pub confidence: Vec<Range>,
    /// Anything else that is known of it, by name: see docs/rules.md; `header:NAME` is a header of a mail.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(as = "Option<BTreeMap<String, Vec<String>>>", optional)]
    pub meta: BTreeMap<String, Several>,
}

/// One value or several, of a condition that is named by the person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Several(#[serde(deserialize_with = "several")] pub Vec<Pattern>);

/// What a rule does. Nothing else can be done by one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct RuleThen {
    /// Labels to put on, where the platform has labels.
    #[serde(deserialize_with = "several", skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub label: Vec<Words>,
    /// Where to put it: a folder by its name, or `inbox` or `trash`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub place: Option<String>,
    /// Out of the inbox.
    #[serde(skip_serializing_if = "is_off")]
    #[ts(as = "Option<bool>", optional)]
    pub archive: bool,
    /// Out of sight until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub snooze: Option<Later>,
    /// A star.
    #[serde(skip_serializing_if = "is_off")]
    #[ts(as = "Option<bool>", optional)]
    pub star: bool,
    /// Marked read.
    #[serde(skip_serializing_if = "is_off")]
    #[ts(as = "Option<bool>", optional)]
    pub read: bool,
    /// The conversation stays out of the inbox from now on.
    #[serde(skip_serializing_if = "is_off")]
    #[ts(as = "Option<bool>", optional)]
    pub mute: bool,
    /// How it is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub notify: Option<RuleNotify>,
    /// Addresses and channels it is sent on to.
    #[serde(deserialize_with = "several", skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<Recipient>>", optional)]
    pub forward: Vec<Recipient>,
    /// What goes to channels is gathered, and told once a day in one message.
    #[serde(skip_serializing_if = "is_off")]
    #[ts(as = "Option<bool>", optional)]
    pub digest: bool,
    /// The template it is answered with, by its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reply: Option<String>,
}

/// How loud something is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum RuleNotify {
    /// In the quiet hours too, whatever else was told, and from muted conversations.
    Critical,
    /// With a sound.
    Normal,
    /// Without one.
    Silent,
    /// Not at all.
    Off,
}

/// How often a rule may send or tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RuleLimit {
    /// So many times,
    pub most: u32,
    /// in so many minutes,
    pub minutes: u32,
    /// for each of these.
    #[serde(default)]
    pub per: LimitPer,
}

/// What a limit is counted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum LimitPer {
    /// Whoever wrote.
    Person,
    /// The conversation.
    Thread,
    /// The rule as a whole.
    #[default]
    Rule,
}

impl UserRule {
    /// Where it stands among others: what is smaller is looked at first.
    pub(crate) fn place(&self) -> (u32, &str) {
        (self.priority, &self.id)
    }

    /// With an id, where it had none, and checked as a whole.
    ///
    /// # Errors
    /// One sentence about what is missing or does not go together.
    pub(crate) fn checked(mut self) -> Result<Self, String> {
        const LONGEST: usize = 200;
        self.name = self.name.trim().to_owned();
        if self.name.is_empty() || self.name.chars().count() > LONGEST || self.name.chars().any(char::is_control) {
            return Err("Give the rule a name of one line, up to 200 characters long.".into());
        }
        if self.id.is_empty() {
            self.id = slug(&self.name);
        }
        if self.id.len() > LONGEST || self.id != slug(&self.id) {
            return Err(format!("The id \"{}\" may have lower-case letters, digits and hyphens only.", self.id));
        }
        let then = &mut self.then;
        then.place = then.place.take().map(|place| place.trim().to_owned()).filter(|place| !place.is_empty());
        then.reply = then.reply.take().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        if !self.stop && *then == RuleThen::default() {
            return Err(format!(
                "The rule \"{}\" does nothing: say what happens under [then], or set stop = true to keep later rules \
                 away from what it holds for.",
                self.name
            ));
        }
        if then.archive && (then.place.is_some() || then.snooze.is_some())
            || then.place.is_some() && then.snooze.is_some()
        {
            return Err(format!(
                "The rule \"{}\" puts a conversation into two places: keep one of archive, place and snooze.",
                self.name
            ));
        }
        if then.digest && !then.forward.iter().any(|recipient| recipient.channel().is_some()) {
            return Err(format!(
                "The rule \"{}\" gathers nothing: digest is about channels, so name one under forward.",
                self.name
            ));
        }
        let known =
            |name: &str| META.contains(&name) || name.strip_prefix("header:").is_some_and(|name| !name.is_empty());
        if let Some(name) = self.when.meta.keys().find(|name| !known(&name.to_lowercase())) {
            let names = META.join("\", \"");
            return Err(format!("\"{name}\" is not known of a message; known are \"{names}\" and \"header:NAME\"."));
        }
        if self.limit.is_some_and(|limit| limit.most == 0 || limit.minutes == 0) {
            return Err("A limit allows something: most and minutes are 1 or more.".into());
        }
        Ok(self)
    }
}

/// Lower-case letters and digits of a name, with hyphens between its words.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in crate::text::fold(name).chars() {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "rule".to_owned() } else { slug.to_owned() }
}
