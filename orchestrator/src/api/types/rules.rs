//! Rules of a person as they cross the seam: written, tried, and what became of them.

use inlet_model::{ItemId, Party, SourceId, ThreadId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use crate::rules::{
    Later, LimitPer, Range, Recipient, RuleLanguage, RuleLimit, RuleNotify, RuleThen, RuleWhen, Urgency, UserRule,
    Words,
    matching::RuleCondition,
    plan::{RuleEffect, RuleOutcome, RuleRefusal, RuleStep},
};

/// A rule with what it has done.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RuleEntry {
    /// The rule.
    pub rule: UserRule,
    /// The same as a file.
    pub toml: String,
    /// For how many of the items in the log it held.
    pub held: u64,
    /// When it last did.
    pub last_held: Option<Timestamp>,
}

/// A rule to keep.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PutRuleParams {
    /// The rule; one without an id is new.
    pub rule: UserRule,
}

/// Rules as a file.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RuleFileParams {
    /// What it says.
    pub toml: String,
}

/// A rule in one of its two forms.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RuleFormParams {
    /// As a file,
    #[ts(optional = nullable)]
    pub toml: Option<String>,
    /// or as it is kept.
    #[ts(optional = nullable)]
    pub rule: Option<UserRule>,
}

/// A rule in both of its forms.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RuleForm {
    /// As it is kept.
    pub rule: UserRule,
    /// As a file.
    pub toml: String,
}

/// One rule.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RuleIdParams {
    /// Its id.
    pub id: String,
}

/// A rule to switch on or off.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SwitchRuleParams {
    /// Its id.
    pub id: String,
    /// On.
    pub enabled: bool,
}

/// The order of rules.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OrderRulesParams {
    /// Ids, the first that is looked at first. Those left out come behind, as they stand.
    pub ids: Vec<String>,
}

/// Rules to try.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TestRuleParams {
    /// As a file,
    #[ts(optional = nullable)]
    pub toml: Option<String>,
    /// or one as it is kept,
    #[ts(optional = nullable)]
    pub rule: Option<UserRule>,
    /// on so many of the newest items of others; 500 if nothing is said.
    #[ts(optional = nullable)]
    pub last: Option<u32>,
    /// As a run over them would do it: what is past is put in order, and nothing is sent or told.
    #[ts(as = "Option<bool>", optional)]
    pub past: bool,
}

/// What rules would do.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RuleTest {
    /// Items looked at.
    pub looked_at: u64,
    /// Those for which a rule holds.
    pub held: u64,
    /// Those that would not be what they are.
    pub changes: u64,
    /// Those for which a rule holds, newest first.
    pub items: Vec<RuleHit>,
    /// How often each condition was the first that failed.
    pub missed: Vec<(RuleCondition, u64)>,
}

/// An item for which a rule holds.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RuleHit {
    /// The item.
    pub item: ItemId,
    /// Its conversation.
    pub thread: ThreadId,
    /// Where it came from.
    pub source: SourceId,
    /// Who wrote.
    pub from: Option<Party>,
    /// Its subject, or the name of the chat or page.
    pub title: String,
    /// When.
    pub at: Timestamp,
    /// The rules that hold, and what they would do.
    pub rules: Vec<RuleVerdict>,
}

/// A rule to run over what came before it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RunRuleParams {
    /// Its id.
    pub id: String,
    /// Over so many of the newest items of others.
    pub last: u32,
}

/// A rule was run over what came before it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RuleRun {
    /// Items looked at.
    pub looked_at: u64,
    /// Those for which it held.
    pub held: u64,
    /// Those that were changed.
    pub changed: u64,
    /// Pass to `undo`, again and again as long as it says so; nothing where nothing was changed, or more than is
    /// remembered.
    pub undo: Option<u64>,
}

/// A part of the log.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RuleLogParams {
    /// Only what became of this rule.
    #[ts(optional = nullable)]
    pub rule: Option<String>,
    /// Only where it held, or one did.
    pub held: bool,
    /// Entries at most, 100 if nothing is said.
    #[ts(optional = nullable)]
    pub limit: Option<u32>,
}

/// What rules made of an item.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RuleLogEntry {
    /// The entry's id.
    pub id: String,
    /// When they were run.
    pub at: Timestamp,
    /// Where the item came from.
    pub source: SourceId,
    /// Its conversation, while there is one.
    pub thread: Option<ThreadId>,
    /// The item.
    pub item: ItemId,
    /// Who wrote.
    pub from: Option<Party>,
    /// The conversation's title.
    pub title: String,
    /// Rule by rule, in the order they were looked at.
    pub rules: Vec<RuleVerdict>,
}

/// What a rule made of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RuleVerdict {
    /// The rule's id.
    pub rule: String,
    /// Its name, where it held.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[ts(as = "Option<String>", optional)]
    pub name: String,
    /// It held.
    pub held: bool,
    /// By these conditions; by none where it always does.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<RuleCondition>>", optional)]
    pub conditions: Vec<RuleCondition>,
    /// The first condition that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub missed: Option<RuleCondition>,
    /// The earlier rule that kept it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub kept_by: Option<String>,
    /// What it did.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<RuleStep>>", optional)]
    pub steps: Vec<RuleStep>,
    /// Pass to `undo`; nothing when it has done nothing that could be undone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub undo: Option<u64>,
    /// It was undone.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[ts(as = "Option<bool>", optional)]
    pub undone: bool,
}
