//! Changes of what is in the mailbox. Each can be done twice: a message that is gone counts as dealt
//! with, a mark is set to a value, a move ends where it ends.
//!
//! Twenty messages go in one request; one that fails fails alone, and the operation reports the worst
//! that happened, so that it is tried again or shown, never taken for done.

use inlet_model::{Applied, MailOp, Result, ScopeRole, SourceError, Target};
use reqwest::Method;
use serde_json::{Map, Value, json};

use super::{Outlook, folders, labels, message::Message};
use crate::graph::{batch::Part, client::Call};

impl Outlook {
    /// Does an operation other than sending.
    pub(super) async fn change(&self, op: &MailOp) -> Result<Applied> {
        match op {
            // These have rooms of their own.
            MailOp::Submit(_) | MailOp::SaveDraft(_) => {}
            MailOp::DropDraft { targets } => self.drop_drafts(targets).await?,
            MailOp::SetFlags { targets, read, starred, .. } => {
                let change = marks(*read, *starred);
                self.each(targets, |id| self.message(Method::PATCH, id, &[]).json(&change)).await?;
            }
            MailOp::Move { targets, to, role } => {
                let place = match folders::well_known(*role) {
                    Some(name) => name.to_owned(),
                    None => self.named(to).await?,
                };
                let mut left = self.moved(targets, &place).await?;
                if *role == ScopeRole::Archive && self.is_there(&left).await? {
                    left = self.moved(&left, &self.archive().await?).await?;
                }
                if self.is_there(&left).await? {
                    return Err(SourceError::Permanent(
                        "The folder it should go to is no longer there at Microsoft: choose another one.".to_owned(),
                    ));
                }
            }
            MailOp::Rsvp { target, answer } => self.rsvp(target, *answer).await?,
            MailOp::Label { targets, label, on, .. } => self.label(targets, label, *on).await?,
            MailOp::Expunge { targets } => {
                self.each(targets, |id| Ok(self.message(Method::DELETE, id, &[]))).await?;
            }
        }
        Ok(Applied::default())
    }

    pub(super) fn message(&self, method: Method, id: &str, below: &[&str]) -> Call<'_> {
        self.call(method, &[&["me", "messages", id], below].concat())
    }

    /// The same for each message; those that are not there.
    async fn each<'a>(&'a self, targets: &[Target], call: impl Fn(&str) -> Result<Call<'a>>) -> Result<Vec<Target>> {
        let calls = targets.iter().map(|target| call(&target.remote_id.0)).collect::<Result<Vec<_>>>()?;
        let parts = self.answers(calls).await?;
        Ok(targets.iter().zip(&parts).filter(|(_, there)| !**there).map(|(target, _)| target.clone()).collect())
    }

    /// Whether what each request was about is there; a single request goes alone.
    async fn answers(&self, mut calls: Vec<Call<'_>>) -> Result<Vec<bool>> {
        if calls.len() == 1
            && let Some(call) = calls.pop()
        {
            return Ok(vec![call.send_if_there().await?.is_some()]);
        }
        Ok(whole(self.graph.batch(calls).await?)?.iter().map(Option::is_some).collect())
    }

    /// Moves messages; those that were not, for they are gone or else the folder is.
    async fn moved(&self, targets: &[Target], place: &str) -> Result<Vec<Target>> {
        let there = json!({ "destinationId": place });
        self.each(targets, |id| self.message(Method::POST, id, &["move"]).json(&there)).await
    }

    /// Whether a message that could not be moved is there.
    async fn is_there(&self, left: &[Target]) -> Result<bool> {
        if left.is_empty() {
            return Ok(false);
        }
        let look = |target: &Target| self.message(Method::GET, &target.remote_id.0, &[]).query(&[("$select", "id")]);
        Ok(self.answers(left.iter().map(look).collect()).await?.contains(&true))
    }

    /// What is on a message is read first: a change names all of its categories.
    async fn label(&self, targets: &[Target], label: &str, on: bool) -> Result<()> {
        if on && labels::is_new(label) {
            self.offer(label).await?;
        }
        let look =
            |target: &Target| self.message(Method::GET, &target.remote_id.0, &[]).query(&[("$select", "categories")]);
        let told = whole(self.graph.batch(targets.iter().map(look).collect()).await?)?;
        let mut changes = Vec::new();
        for (target, told) in targets.iter().zip(told) {
            let Some(told) = told else { continue };
            let told: Message = serde_json::from_value(told).unwrap_or_default();
            let has = told.categories.unwrap_or_default();
            if let Some(change) = labels::change(label, on, &has) {
                changes.push(self.message(Method::PATCH, &target.remote_id.0, &[]).json(&change)?);
            }
        }
        if !changes.is_empty() {
            self.answers(changes).await?;
        }
        Ok(())
    }

    /// Puts a new category on the mailbox's list. On a message it can be without that.
    async fn offer(&self, name: &str) -> Result<()> {
        let category = json!({ "displayName": labels::category(name), "color": "preset7" });
        let call = self.call(Method::POST, &["me", "outlook", "masterCategories"]).json(&category)?;
        match call.send_if_there().await {
            // It is on the list already, or the list may only be read.
            Ok(_) | Err(SourceError::Permanent(_) | SourceError::Transient(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn marks(read: Option<bool>, starred: Option<bool>) -> Value {
    let mut change = Map::new();
    if let Some(read) = read {
        change.insert("isRead".to_owned(), read.into());
    }
    if let Some(starred) = starred {
        let status = if starred { "flagged" } else { "notFlagged" };
        change.insert("flag".to_owned(), json!({ "flagStatus": status }));
    }
    change.into()
}

/// All answers, or the gravest error among them: one that passes is tried again before one that does
/// not is shown.
fn whole(parts: Vec<Part>) -> Result<Vec<Option<Value>>> {
    let mut worst: Option<SourceError> = None;
    let mut answers = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Ok(answer) => answers.push(answer),
            Err(error) if worst.is_none() || !matches!(error, SourceError::Permanent(_)) => worst = Some(error),
            Err(_) => {}
        }
    }
    worst.map_or(Ok(answers), Err)
}
