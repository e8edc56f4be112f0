//! Drafts, kept where other programs find them.
//!
//! A draft at Microsoft changes in place: the version that is named as the one before is changed, and so
//! keeps its id and its conversation. The first version of an answer is made below what it answers. Each
//! step sets something to what it has to be, so that an attempt that was cut short is simply done again;
//! by its Message-ID, which is said with the first request, it finds what it made.
//!
//! Files cannot be compared by what they hold without fetching them. A file that is put on a draft
//! therefore gets a Content-ID made of its content: what is there already stays, what is no longer wanted
//! goes, and ten minutes of writing beside a large file upload it once.
//!
//! What was sent meanwhile, or deleted, is never changed: then the next version is a new draft. Nor is what
//! another program has written into it since: Graph takes no condition with a change (`If-Match` is
//! documented for deletions alone, and an etag changes with every mark), so that what a draft says is looked
//! at after each saving and again before the next. What was saved by an earlier run is taken as it is.

use std::{
    collections::HashMap,
    sync::{MutexGuard, PoisonError},
};

use inlet_model::{
    Applied, Draft, OpKey, Outgoing, Party, RemoteId, Result, SourceError, Submission, Target,
    mime::{Part, Tree},
};
use reqwest::Method;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    Outlook,
    draft::{File, MAX_SIZE, Wanted},
    message::Attachment,
};
use crate::imap::compose::draft_up_to;

/// What of a draft are words of whoever writes it; marks are not.
const SAYS: &[&str] = &["isDraft", "subject", "body", "toRecipients", "ccRecipients", "bccRecipients"];

impl Outlook {
    /// A version of a draft as it will be written. No I/O.
    pub(super) fn written(&self, key: &OpKey, message: &Outgoing) -> Result<Submission> {
        let own = self.address.clone().map(|handle| Party { name: None, handle });
        let Some(from) = message.from.clone().or(own) else {
            return Err(SourceError::Permanent(
                "It is not known yet which address this account has: test its connection first.".to_owned(),
            ));
        };
        let raw = draft_up_to(MAX_SIZE, &from, key, message)?;
        let tree = Tree::parse(&raw);
        let all = ["to", "cc", "bcc"].iter().flat_map(|field| tree.fields.addresses(field));
        let to = all.map(|party| party.handle).collect();
        let answers = message.reply_to.clone().filter(|reply| reply.message_id.is_some());
        let answers = answers.and_then(|reply| reply.remote_id);
        Ok(Submission { from: from.handle, to, raw, answers, draft: None })
    }

    /// Makes a draft say what is written here, or a new one where there is none to be changed.
    pub(super) async fn save_draft(&self, key: &OpKey, draft: &Draft) -> Result<Applied> {
        let submission = self.written(key, &draft.message)?;
        let tree = Tree::parse(&submission.raw);
        let whole = Wanted::of(key, &submission, &tree).whole(&tree);
        let there = match self.by_key(key).await?.filter(|known| !known.was_sent()) {
            Some(made) => Some(made.id),
            None => self.copy(draft.replaces.as_ref()).await?,
        };
        let changed = match &there {
            Some(id) => self.message(Method::PATCH, id, &[]).json(&whole)?.send_if_there().await?.is_some(),
            None => false,
        };
        let files = tree.body().attachments.into_iter().filter_map(|index| tree.parts.get(index)).map(marked).collect();
        let (id, there) = match there.filter(|_| changed) {
            Some(id) => {
                let list = self.files_of(&id).send().await?.json().await?;
                let there = self.attachments(Some(list)).await?;
                (id, there)
            }
            None => (self.make(&submission, &whole).await?, Vec::new()),
        };
        self.carry(&id, files, &there).await?;
        if let Some(saying) = self.saying(&id).await? {
            self.saved().insert(id.clone(), saying.digest);
        }
        Ok(Applied { remote_id: Some(RemoteId(id)), detail: None })
    }

    /// Takes drafts away. What is none any more was sent, and stays.
    pub(super) async fn drop_drafts(&self, targets: &[Target]) -> Result<()> {
        for target in targets {
            if let Some(id) = self.copy(Some(target)).await? {
                self.message(Method::DELETE, &id, &[]).send_if_there().await?;
                self.saved().remove(&id);
            }
        }
        Ok(())
    }

    /// The draft that is named, if it is there, still one, and says what it was made to say here.
    async fn copy(&self, target: Option<&Target>) -> Result<Option<String>> {
        let Some(target) = target else { return Ok(None) };
        let id = match (&target.remote_id, &target.message_id) {
            (id, _) if !id.0.is_empty() => Some(id.0.clone()),
            (_, Some(key)) => self.by_key(&OpKey(key.clone())).await?.map(|known| known.id),
            (_, None) => None,
        };
        let Some(id) = id else { return Ok(None) };
        let saying = self.saying(&id).await?.filter(|saying| saying.is_draft);
        let saved = self.saved().get(&id).copied();
        Ok(saying.filter(|saying| saved.is_none_or(|saved| saved == saying.digest)).map(|_| id))
    }

    /// What a message says now; `None`: it is there no longer.
    async fn saying(&self, id: &str) -> Result<Option<Saying>> {
        let look = self.message(Method::GET, id, &[]).query(&[("$select", &SAYS.join(","))]);
        let Some(answer) = look.send_if_there().await? else { return Ok(None) };
        let told: Value = answer.json().await?;
        let mut digest = Sha256::new();
        for name in SAYS {
            digest.update(told.get(name).map(Value::to_string).unwrap_or_default());
            digest.update([0]);
        }
        let is_draft = told.get("isDraft").and_then(Value::as_bool).unwrap_or_default();
        Ok(Some(Saying { is_draft, digest: digest.finalize().into() }))
    }

    fn saved(&self) -> MutexGuard<'_, HashMap<String, [u8; 32]>> {
        self.saved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts these files on a draft that has others, and takes off what is not wanted any more.
    async fn carry(&self, id: &str, files: Vec<File>, there: &[Attachment]) -> Result<()> {
        for file in there {
            if !files.iter().any(|wanted| wanted.content_id.as_deref() == file.content_id()) {
                self.message(Method::DELETE, id, &["attachments", &file.id]).send_if_there().await?;
            }
        }
        for file in files {
            if !there.iter().any(|have| have.content_id() == file.content_id.as_deref()) {
                self.attach(id, file).await?;
            }
        }
        Ok(())
    }
}

/// What a draft says, as it was looked at.
struct Saying {
    is_draft: bool,
    digest: [u8; 32],
}

/// A file that can be recognised.
fn marked(part: &Part<'_>) -> File {
    let mut file = File::of(part);
    if file.content_id.is_none() {
        let mut digest = Sha256::new();
        digest.update(file.name.as_bytes());
        digest.update([0]);
        digest.update(&file.bytes);
        let digest: String = digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        file.content_id = Some(format!("{digest}@inlet"));
    }
    file
}
