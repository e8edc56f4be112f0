//! Sending once.
//!
//! A draft is made first and its id is kept before it is sent. Graph sends a draft and has nothing but
//! the draft's id to go by; once sent, that id names a message that is no draft. So whatever answer is
//! lost, looking at the id tells what happened, and sending the same draft again has no second effect:
//! it is refused for being none. A mail is never handed over as a whole (`sendMail`), for of that nobody
//! could say afterwards whether it arrived.
//!
//! A draft that was made and whose id was lost with the program is found by its Message-ID. It may lack what was to be
//! said of it next, blind copies above all: it is completed, or where it has files made anew, before it is sent.
//!
//! One thing is left to the person: a draft that is gone. Somebody deleted it, or deleted what was sent;
//! making another could send twice.

use inlet_model::{Applied, OpKey, RemoteId, Result, SourceError, Submission};
use reqwest::Method;
use serde::Deserialize;

use super::Outlook;
use crate::graph::client::Collection;

/// A message, as far as sending goes.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Known {
    pub(super) id: String,
    #[serde(default)]
    pub(super) is_draft: Option<bool>,
}

impl Known {
    pub(super) fn was_sent(&self) -> bool {
        self.is_draft == Some(false)
    }

    fn applied(self) -> Applied {
        Applied {
            remote_id: Some(RemoteId(self.id)),
            detail: Some("Microsoft has sent it".to_owned()),
            ..Applied::default()
        }
    }
}

impl Outlook {
    /// The operation with its draft made; `None`: it has one.
    pub(super) async fn prepared(&self, key: &OpKey, submission: &Submission) -> Result<Option<Submission>> {
        if submission.draft.is_some() {
            return Ok(None);
        }
        let id = match self.by_key(key).await? {
            Some(known) if known.was_sent() => known.id,
            Some(known) if self.has_begun(&known.id) => {
                self.go_on(submission, &known.id).await?;
                known.id
            }
            // A draft of several steps may lack some of them.
            Some(known) if !self.is_one_step(submission) => {
                self.message(Method::DELETE, &known.id, &[]).send_if_there().await?;
                self.draft(key, submission).await?
            }
            Some(known) => {
                self.complete_draft(key, submission, &known.id).await?;
                known.id
            }
            None => self.draft(key, submission).await?,
        };
        Ok(Some(Submission { draft: Some(RemoteId(id)), ..submission.clone() }))
    }

    /// Sends the draft, unless it was sent.
    pub(super) async fn submit(&self, key: &OpKey, submission: &Submission) -> Result<Applied> {
        let made = self.prepared(key, submission).await?;
        let Some(RemoteId(id)) = made.as_ref().unwrap_or(submission).draft.clone() else { return Err(gone()) };
        let known = self.known(&id).await?.ok_or_else(gone)?;
        if known.was_sent() {
            return Ok(known.applied());
        }
        match self.message(Method::POST, &id, &["send"]).once().send_if_there().await? {
            Some(_) => Ok(known.applied()),
            // Sent between the look and the request, by an attempt whose answer was lost.
            None => match self.known(&id).await? {
                Some(known) if known.was_sent() => Ok(known.applied()),
                _ => Err(gone()),
            },
        }
    }

    /// What has become of a mail.
    pub(super) async fn sent(&self, key: &OpKey, submission: &Submission) -> Result<Option<Applied>> {
        let known = match &submission.draft {
            Some(id) => self.known(&id.0).await?,
            None => self.by_key(key).await?,
        };
        Ok(known.filter(Known::was_sent).map(Known::applied))
    }

    pub(super) async fn known(&self, id: &str) -> Result<Option<Known>> {
        let look = self.message(Method::GET, id, &[]).query(&[("$select", "id,isDraft")]);
        match look.send_if_there().await? {
            Some(answer) => Ok(Some(answer.json().await?)),
            None => Ok(None),
        }
    }

    /// The message with this Message-ID, one that was sent before one that was not.
    pub(super) async fn by_key(&self, key: &OpKey) -> Result<Option<Known>> {
        let filter = format!("internetMessageId eq '<{}>'", key.0.replace('\'', "''"));
        let look = self.get(&["me", "messages"]);
        let look = look.query(&[("$filter", &filter), ("$select", "id,isDraft")]);
        let found: Collection<Known> = look.send().await?.json().await?;
        Ok(found.value.into_iter().max_by_key(Known::was_sent))
    }
}

fn gone() -> SourceError {
    SourceError::Permanent(
        "Its draft is no longer in the mailbox: look in Sent Items whether it went out, else edit it and send it anew."
            .to_owned(),
    )
}
