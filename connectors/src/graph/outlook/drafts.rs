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
//! at before each saving, and which files it has. What it said then is what Graph answered the change with, and the
//! files that were put on it from here: words written a moment later are somebody else's. It is a digest that the
//! engine keeps beside the draft ([`Applied::version`]), so that a restart in between forgets nothing. A draft that
//! another program began has it from the sync on ([`MailMeta::version`](inlet_model::MailMeta)).

use inlet_model::{
    Applied, Draft, OpKey, Outgoing, Party, RemoteId, Result, SourceError, Submission, Target,
    mime::{Part, Tree},
};
use reqwest::Method;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    Outlook,
    draft::{File, MAX_SIZE, Wanted, id_of},
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
        Ok(Submission { from: from.handle, to, raw, answers, draft: None, notify: None, tells: None })
    }

    /// Makes a draft say what is written here, or a new one where there is none to be changed.
    pub(super) async fn save_draft(&self, key: &OpKey, draft: &Draft) -> Result<Applied> {
        let submission = self.written(key, &draft.message)?;
        let tree = Tree::parse(&submission.raw);
        let whole = Wanted::of(key, &submission, &tree).whole(&tree);
        let there = match self.by_key(key).await?.filter(|known| !known.was_sent()) {
            Some(made) => self.saying(&made.id).await?,
            None => self.copy(draft.replaces.as_ref()).await?,
        };
        let changed = match there {
            Some(there) => {
                let answer = self.message(Method::PATCH, &there.id, &[]).json(&whole)?.send_if_there().await?;
                answer.map(|answer| (there, answer))
            }
            None => None,
        };
        let (id, files, told) = match changed {
            Some((there, answer)) => (there.id, there.files, answer.json::<Value>().await?),
            None => {
                let told = self.make(&submission, &whole).await?;
                (id_of(&told), Vec::new(), told)
            }
        };
        let wanted =
            tree.body().attachments.into_iter().filter_map(|index| tree.parts.get(index)).map(marked).collect();
        let files = self.carry(&id, wanted, files).await?;
        let version = Some(version(words(&told), files));
        Ok(Applied { remote_id: Some(RemoteId(id)), detail: None, version })
    }

    /// Takes drafts away. What is none any more was sent, and stays.
    pub(super) async fn drop_drafts(&self, targets: &[Target]) -> Result<()> {
        for target in targets {
            if let Some(there) = self.copy(Some(target)).await? {
                self.message(Method::DELETE, &there.id, &[]).send_if_there().await?;
            }
        }
        Ok(())
    }

    /// The draft that is named, if it is there, still one, and says what it was made to say here.
    async fn copy(&self, target: Option<&Target>) -> Result<Option<Saying>> {
        let Some(target) = target else { return Ok(None) };
        let id = match (&target.remote_id, &target.message_id) {
            (id, _) if !id.0.is_empty() => Some(id.0.clone()),
            (_, Some(key)) => self.by_key(&OpKey(key.clone())).await?.map(|known| known.id),
            (_, None) => None,
        };
        let Some(id) = id else { return Ok(None) };
        let saying = self.saying(&id).await?.filter(|saying| saying.is_draft);
        Ok(saying.filter(|saying| target.version.as_ref().is_none_or(|saved| *saved == saying.version)))
    }

    /// What a message says now; `None`: it is there no longer.
    async fn saying(&self, id: &str) -> Result<Option<Saying>> {
        let look = self.message(Method::GET, id, &[]).query(&[("$select", &SAYS.join(","))]);
        let Some(answer) = look.send_if_there().await? else { return Ok(None) };
        let told: Value = answer.json().await?;
        let is_draft = told.get("isDraft").and_then(Value::as_bool).unwrap_or_default();
        let Some(list) = self.files_of(id).send_if_there().await? else { return Ok(None) };
        let files = self.attachments(Some(list.json().await?)).await?;
        let version = version(words(&told), files.iter().map(Attachment::mark).collect());
        Ok(Some(Saying { id: id.to_owned(), is_draft, version, files }))
    }

    /// Puts these files on a draft that has others, and takes off what is not wanted any more; the marks of those it
    /// has then. A file that came meanwhile is nobody's business here.
    async fn carry(&self, id: &str, wanted: Vec<File>, there: Vec<Attachment>) -> Result<Vec<String>> {
        let mut marks = Vec::new();
        for have in &there {
            if wanted.iter().any(|file| file.content_id.as_deref() == have.content_id()) {
                marks.push(have.mark());
            } else {
                self.message(Method::DELETE, id, &["attachments", &have.id]).send_if_there().await?;
            }
        }
        for file in wanted {
            if !there.iter().any(|have| have.content_id() == file.content_id.as_deref()) {
                marks.extend(file.content_id.clone());
                self.attach(id, file).await?;
            }
        }
        Ok(marks)
    }
}

/// What a draft says, as it was looked at.
struct Saying {
    id: String,
    is_draft: bool,
    version: String,
    files: Vec<Attachment>,
}

/// What a message says in words, as Graph tells it.
pub(super) fn words(told: &Value) -> Sha256 {
    let mut digest = Sha256::new();
    for name in SAYS {
        digest.update(told.get(name).map(Value::to_string).unwrap_or_default());
        digest.update([0]);
    }
    digest
}

/// All a draft says: its words, and the marks of its files.
pub(super) fn version(mut words: Sha256, mut files: Vec<String>) -> String {
    files.sort();
    for file in files {
        words.update(file);
        words.update([0]);
    }
    words.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
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
