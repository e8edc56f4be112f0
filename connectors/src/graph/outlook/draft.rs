//! From a frozen mail to a draft at Microsoft.
//!
//! **Small ones go as they are**, as MIME in base64: what Graph files is what was composed, with its
//! Message-ID, In-Reply-To and References. One request takes 4 MB, which is three of MIME.
//!
//! **Large ones** are made in steps: the message in JSON, then each file by itself ([`super::upload`]).
//!
//! **An answer** is made below what it answers (`createReply`, which takes MIME as well): Exchange
//! builds conversations by an index of its own that only it can continue, and headers alone leave it to
//! guess. Where what is answered has gone, headers have to do.
//!
//! The draft that came of it is compared with what was composed, and what differs is set right before
//! anything is sent: recipients above all. Blind copies, which no header names, always come this way.

use base64::{Engine, engine::general_purpose::STANDARD};
use inlet_model::{
    OpKey, Party, Result, SourceError, Submission,
    mime::{Part, Tree},
};
use reqwest::Method;
use serde_json::{Map, Value, json};

use super::{
    Outlook,
    message::{Message, Recipient},
};
use crate::graph::client::Call;

/// The largest mail in bytes; a file of 150 MB is a third longer in MIME.
pub(super) const MAX_SIZE: usize = 220_000_000;
/// The largest that goes in one request.
const ONE_STEP: usize = 3_000_000;

/// What of a draft is compared with what was composed.
const COMPARED: &str = "toRecipients,ccRecipients,bccRecipients,subject,internetMessageId";

/// A file of a mail.
pub(super) struct File {
    pub(super) name: String,
    pub(super) mime: String,
    pub(super) content_id: Option<String>,
    /// It is shown inside the body.
    pub(super) inline: bool,
    pub(super) bytes: Vec<u8>,
}

impl File {
    pub(super) fn of(part: &Part<'_>) -> Self {
        Self {
            inline: part.content_id.is_some(),
            name: part.name.clone().unwrap_or_else(|| "attachment".to_owned()),
            mime: part.mime.clone(),
            content_id: part.content_id.clone(),
            bytes: part.bytes(),
        }
    }
}

impl Outlook {
    pub(super) fn is_one_step(&self, submission: &Submission) -> bool {
        submission.raw.len() <= ONE_STEP
    }

    /// Makes a draft; its id.
    pub(super) async fn draft(&self, key: &OpKey, submission: &Submission) -> Result<String> {
        let tree = Tree::parse(&submission.raw);
        let wanted = Wanted::of(key, submission, &tree);
        if self.is_one_step(submission) {
            let mime = STANDARD.encode(&submission.raw);
            let made = self.begin(submission, |call| Ok(call.body("text/plain", mime.clone()))).await?;
            self.set_right(&made.id, &wanted, &made).await?;
            return Ok(made.id);
        }
        let id = id_of(&self.make(submission, &wanted.whole(&tree)).await?);
        self.attach_all(&id, &tree, 0).await?;
        Ok(id)
    }

    /// Goes on with the files of a draft, one of which was begun.
    pub(super) async fn go_on(&self, submission: &Submission, id: &str) -> Result<()> {
        let Some(list) = self.files_of(id).send_if_there().await? else { return Ok(()) };
        let there = self.attachments(Some(list.json().await?)).await?.len();
        self.attach_all(id, &Tree::parse(&submission.raw), there).await
    }

    /// Puts files on a draft, one after the other, but for the first so many.
    async fn attach_all(&self, id: &str, tree: &Tree<'_>, there: usize) -> Result<()> {
        let files = tree.body().attachments.into_iter().filter_map(|index| tree.parts.get(index));
        for part in files.skip(there) {
            self.attach(id, File::of(part)).await?;
        }
        Ok(())
    }

    /// Completes a draft made of MIME by an attempt of which nobody knows how far it came. One that has gone meanwhile
    /// is left to whoever sends it.
    pub(super) async fn complete_draft(&self, key: &OpKey, submission: &Submission, id: &str) -> Result<()> {
        let look = self.message(Method::GET, id, &[]).query(&[("$select", COMPARED)]);
        let Some(answer) = look.send_if_there().await? else { return Ok(()) };
        let wanted = Wanted::of(key, submission, &Tree::parse(&submission.raw));
        self.set_right(id, &wanted, &answer.json().await?).await
    }

    /// Sets right what differs from what was composed.
    async fn set_right(&self, id: &str, wanted: &Wanted, made: &Message) -> Result<()> {
        let change = wanted.missing(made);
        if !change.is_empty() {
            self.message(Method::PATCH, id, &[]).json(&change)?.send().await?;
        }
        Ok(())
    }

    /// A new draft that says all of this, in JSON and without files, as Graph tells it.
    pub(super) async fn make(&self, submission: &Submission, whole: &Value) -> Result<Value> {
        // An answer gets its text afterwards: together with it Graph would quote on its own. What names it
        // is said at once, so that one that was cut short is found again.
        let name = json!({ "message": { "internetMessageId": whole["internetMessageId"] } });
        let made = match &submission.answers {
            Some(_) => self.begin(submission, |call| call.json(&name)).await?,
            None => Message::default(),
        };
        if made.id.is_empty() {
            return self.call(Method::POST, &["me", "messages"]).json(whole)?.send().await?.json().await;
        }
        self.message(Method::PATCH, &made.id, &[]).json(whole)?.send().await?.json().await
    }

    /// A new draft: below what it answers, where that is still there.
    async fn begin<'a>(
        &'a self,
        submission: &Submission,
        with: impl Fn(Call<'a>) -> Result<Call<'a>>,
    ) -> Result<Message> {
        if let Some(parent) = &submission.answers {
            let below = with(self.message(Method::POST, &parent.0, &["createReply"]))?;
            match below.send_if_there().await {
                Ok(Some(answer)) => return answer.json().await,
                // What is answered is of another account, or gone.
                Ok(None) | Err(SourceError::Permanent(_)) => {}
                Err(error) => return Err(error),
            }
            if !self.is_one_step(submission) {
                return Ok(Message::default());
            }
        }
        with(self.call(Method::POST, &["me", "messages"]))?.send().await?.json().await
    }
}

/// The id of a message, as Graph tells it.
pub(super) fn id_of(told: &Value) -> String {
    told.get("id").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// What a draft has to say.
pub(super) struct Wanted {
    message_id: String,
    subject: String,
    to: Vec<Party>,
    cc: Vec<Party>,
    bcc: Vec<Party>,
}

impl Wanted {
    pub(super) fn of(key: &OpKey, submission: &Submission, tree: &Tree<'_>) -> Self {
        let (to, cc) = (tree.fields.addresses("to"), tree.fields.addresses("cc"));
        let named = |handle: &str| to.iter().chain(&cc).any(|party| party.handle.eq_ignore_ascii_case(handle));
        let bcc = submission
            .to
            .iter()
            .filter(|handle| !named(handle))
            .map(|handle| Party { name: None, handle: handle.clone() })
            .collect();
        Self {
            message_id: format!("<{}>", key.0),
            subject: tree.fields.text("subject").unwrap_or_default(),
            to,
            cc,
            bcc,
        }
    }

    /// What has to be said of a draft made of MIME.
    fn missing(&self, made: &Message) -> Map<String, Value> {
        let mut change = Map::new();
        let has = [
            ("toRecipients", &self.to, &made.to_recipients),
            ("ccRecipients", &self.cc, &made.cc_recipients),
            ("bccRecipients", &self.bcc, &made.bcc_recipients),
        ];
        for (name, wanted, has) in has {
            if addresses(wanted) != addresses(&parties(has)) {
                change.insert(name.to_owned(), recipients(wanted));
            }
        }
        if made.internet_message_id.as_deref() != Some(&self.message_id) {
            change.insert("internetMessageId".to_owned(), self.message_id.clone().into());
        }
        if made.subject.as_deref().unwrap_or_default() != self.subject {
            change.insert("subject".to_owned(), self.subject.clone().into());
        }
        change
    }

    /// All of it but the files.
    pub(super) fn whole(&self, tree: &Tree<'_>) -> Value {
        let body = tree.body();
        let parts = |list: &[usize]| list.iter().filter_map(|index| tree.parts.get(*index)).collect::<Vec<_>>();
        let html = parts(&body.html);
        let rich = html.iter().any(|part| part.mime == "text/html");
        let shown = if rich { html } else { parts(&body.text) };
        let content: String = shown.iter().map(|part| part.text()).collect::<Vec<_>>().join("\n");
        json!({
            "internetMessageId": self.message_id,
            "subject": self.subject,
            "body": { "contentType": if rich { "html" } else { "text" }, "content": content },
            "toRecipients": recipients(&self.to),
            "ccRecipients": recipients(&self.cc),
            "bccRecipients": recipients(&self.bcc),
        })
    }
}

fn parties(list: &Option<Vec<Recipient>>) -> Vec<Party> {
    list.iter().flatten().cloned().map(Recipient::party).collect()
}

fn addresses(parties: &[Party]) -> Vec<String> {
    let mut all: Vec<String> = parties.iter().map(|party| party.handle.to_lowercase()).collect();
    all.sort();
    all
}

fn recipients(parties: &[Party]) -> Value {
    let one = |party: &Party| match &party.name {
        Some(name) => json!({ "emailAddress": { "name": name, "address": party.handle } }),
        None => json!({ "emailAddress": { "address": party.handle } }),
    };
    parties.iter().map(one).collect()
}
