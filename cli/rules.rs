//! `inlet rules`: what is done by itself with what comes in.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use inlet_orchestrator::App;
use inlet_orchestrator::api::types::{
    Nothing, RuleEffect, RuleEntry, RuleFileParams, RuleLogEntry, RuleOutcome, RuleRun, RuleStep, RuleTest,
    RuleVerdict, UserRule,
};
use inlet_orchestrator::api::{ApiError, ErrorCode};
use serde::Serialize;
use serde_json::{Value, json};

use crate::print::{Out, clean, when};
use crate::run::{Exit, Failure, ask};

/// Its part of the grammar.
#[derive(Subcommand)]
pub(crate) enum Rules {
    /// List rules in the order they are looked at
    List,
    /// Add the rules of a file, each in place of the one with its id; they look at what comes from now on
    Add {
        /// One rule, or several as `[[rule]]`; docs/rules.md says what can be in it
        #[arg(value_name = "FILE.toml")]
        file: PathBuf,
    },
    /// Say what the rules of a file would do about the newest items; nothing is done
    Test {
        /// As for add
        #[arg(value_name = "FILE.toml")]
        file: PathBuf,
        /// Over so many items
        #[arg(long, value_name = "N", default_value_t = 500)]
        last: u32,
    },
    /// Remove a rule; what it did stays done
    Remove {
        /// Its id
        id: String,
    },
    /// Switch a rule on
    Enable {
        /// Its id
        id: String,
    },
    /// Switch a rule off
    Disable {
        /// Its id
        id: String,
    },
    /// Run a rule over the newest items, which came before it; nothing is sent or told
    Run {
        /// Its id
        id: String,
        /// Over so many items
        #[arg(long, value_name = "N")]
        last: u32,
    },
    /// Say what rules made of what came in, and why
    Log {
        /// Only what became of this rule
        #[arg(long, value_name = "ID")]
        rule: Option<String>,
        /// Only where one held
        #[arg(long)]
        held: bool,
        /// So many entries at most
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: u32,
    },
    /// Print every rule as one file
    Export,
}

pub(crate) async fn run(app: &App, out: Out, command: Option<&Rules>) -> Result<Exit, Failure> {
    match command {
        None | Some(Rules::List) => {
            let rules: Vec<RuleEntry> = ask(app, "rules.list", json!({})).await?;
            out.value(&json!({ "rules": rules }), || list(&rules));
        }
        Some(Rules::Add { file }) => {
            let params = json!({ "toml": read(file)? });
            let rules: Vec<UserRule> = ask(app, "rules.add", params).await.map_err(|failure| named(file, failure))?;
            out.value(&json!({ "rules": rules }), || {
                rules.iter().map(|rule| format!("{} looks at what comes from now on.\n", rule.id)).collect()
            });
        }
        Some(Rules::Test { file, last }) => {
            let params = json!({ "toml": read(file)?, "last": last });
            let test: RuleTest = ask(app, "rules.test", params).await.map_err(|failure| named(file, failure))?;
            out.value(&test, || tried(&test));
        }
        Some(Rules::Remove { id }) => {
            ask::<Nothing>(app, "rules.remove", json!({ "id": id })).await?;
            out.done(&json!({ "removed": id }), || format!("The rule {id} is removed."));
        }
        Some(Rules::Enable { id }) => switch(app, out, id, true).await?,
        Some(Rules::Disable { id }) => switch(app, out, id, false).await?,
        Some(Rules::Run { id, last }) => {
            let run: RuleRun = ask(app, "rules.run", json!({ "id": id, "last": last })).await?;
            app.send_due().await;
            out.value(&run, || {
                let RuleRun { looked_at, held, changed, undo } = run;
                let back = undo.map(|undo| format!(" \"inlet undo {undo}\" takes it back.")).unwrap_or_default();
                format!("Of {looked_at} items it holds for {held}; {changed} were changed.{back}")
            });
        }
        Some(Rules::Log { rule, held, limit }) => {
            let params = json!({ "rule": rule, "held": held, "limit": limit });
            let entries: Vec<RuleLogEntry> = ask(app, "rules.log", params).await?;
            out.value(&json!({ "entries": entries }), || log(&entries));
        }
        Some(Rules::Export) => {
            let file: RuleFileParams = ask(app, "rules.export", json!({})).await?;
            out.value(&file, || file.toml.clone());
        }
    }
    Ok(Exit::Done)
}

async fn switch(app: &App, out: Out, id: &str, enabled: bool) -> Result<(), Failure> {
    let rule: UserRule = ask(app, "rules.switch", json!({ "id": id, "enabled": enabled })).await?;
    out.value(&rule, || format!("The rule {id} is {}.", if enabled { "on" } else { "off" }));
    Ok(())
}

fn read(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => ApiError::not_found(format!("The file {}", file.display())).into(),
        _ => ApiError::new(ErrorCode::Failed, format!("{} cannot be read ({error}).", file.display())).into(),
    })
}

/// What is wrong in a file begins with the file's name, as compilers have it.
fn named(file: &Path, failure: Failure) -> Failure {
    match failure.exit {
        Exit::Usage => ApiError::invalid(format!("{}: {}", file.display(), failure.error.message)).into(),
        _ => failure,
    }
}

fn list(rules: &[RuleEntry]) -> String {
    if rules.is_empty() {
        return "There are no rules; \"inlet rules add FILE.toml\" adds those of a file.".to_owned();
    }
    let line = |entry: &RuleEntry| {
        let rule = &entry.rule;
        let on = if rule.enabled { "on" } else { "off" };
        let stop = if rule.stop { ", then no other" } else { "" };
        format!(
            "{:>5} {on:<3} {:<24} {} (held {} times{stop})\n",
            rule.priority,
            rule.id,
            clean(&rule.name),
            entry.held
        )
    };
    rules.iter().map(line).collect()
}

fn tried(test: &RuleTest) -> String {
    let mut text = String::new();
    for hit in &test.items {
        let who = hit.from.as_ref().map(|party| clean(party.label())).unwrap_or_default();
        text.push_str(&format!("{:<8} {} {who}: {}\n", hit.item, when(hit.at), clean(&hit.title)));
        hit.rules.iter().for_each(|verdict| text.push_str(&verdict_text(verdict)));
    }
    text.push_str(&format!(
        "Of {} items a rule holds for {}; {} would not stay as they are. Nothing was changed.\n",
        test.looked_at, test.held, test.changes
    ));
    for (condition, times) in &test.missed {
        text.push_str(&format!("{times:>8} were left out by {}\n", word(condition)));
    }
    text
}

fn log(entries: &[RuleLogEntry]) -> String {
    if entries.is_empty() {
        return "No rule has looked at anything yet.".to_owned();
    }
    let mut text = String::new();
    for entry in entries {
        let who = entry.from.as_ref().map(|party| clean(party.label())).unwrap_or_default();
        text.push_str(&format!("{} {:<8} {who}: {}\n", when(entry.at), entry.item, clean(&entry.title)));
        entry.rules.iter().for_each(|verdict| text.push_str(&verdict_text(verdict)));
    }
    text
}

fn verdict_text(verdict: &RuleVerdict) -> String {
    let mut text = match (&verdict.missed, &verdict.kept_by) {
        (Some(missed), _) => format!("    {} does not hold: {}\n", verdict.rule, word(missed)),
        (_, Some(by)) => format!("    {} was kept away by {by}\n", verdict.rule),
        _ if verdict.conditions.is_empty() => format!("    {} holds for everything\n", verdict.rule),
        _ => {
            let by: Vec<String> = verdict.conditions.iter().map(word).collect();
            format!("    {} holds: {}\n", verdict.rule, by.join(", "))
        }
    };
    verdict.steps.iter().for_each(|step| text.push_str(&format!("        {}\n", step_text(step))));
    if let Some(undo) = verdict.undo {
        let undone = if verdict.undone { " (undone)" } else { "" };
        text.push_str(&format!("        action {undo}{undone}\n"));
    }
    text
}

fn step_text(step: &RuleStep) -> String {
    let what = match &step.effect {
        RuleEffect::Label { name } => format!("label {}", clean(name)),
        RuleEffect::Place { name } => format!("place {}", clean(name)),
        RuleEffect::Archive => "archive".to_owned(),
        RuleEffect::Snooze { until } => format!("snooze until {}", clean(until)),
        RuleEffect::Star => "star".to_owned(),
        RuleEffect::Read => "read".to_owned(),
        RuleEffect::Mute => "mute".to_owned(),
        RuleEffect::Notify { how } => format!("notify {}", word(how)),
        RuleEffect::Forward { to } => {
            let to: Vec<&str> = to.iter().map(|address| address.0.as_str()).collect();
            format!("forward to {}", to.join(", "))
        }
        RuleEffect::Channel { name } => format!("tell through channel {}", clean(name)),
        RuleEffect::Reply { template } => format!("reply with {}", clean(template)),
    };
    let outcome = match step.outcome {
        RuleOutcome::Would => "would happen".to_owned(),
        RuleOutcome::Done => "done".to_owned(),
        RuleOutcome::Already => "is so already".to_owned(),
        RuleOutcome::Refused => {
            let why = step.refusal.as_ref().map(word).unwrap_or_default();
            format!("not done: {}", step.detail.as_deref().map_or(why, clean))
        }
    };
    let waits = step.waits_until.filter(|_| step.outcome != RuleOutcome::Refused);
    let waits = waits.map(|until| format!(", waits until {}", when(until))).unwrap_or_default();
    format!("{what}: {outcome}{waits}")
}

/// The word something is written by.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word.replace('_', " "),
        _ => String::new(),
    }
}
