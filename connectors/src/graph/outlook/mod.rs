//! Outlook: mail of a Microsoft account through Graph.
//!
//! | room | what |
//! |---|---|
//! | [`folders`] | folders, their names and roles |
//! | [`labels`] | categories, and what is not focused |
//! | [`message`] | from JSON to a mail |
//! | [`sync`] | a page of a folder, and where the next one begins |
//! | [`meetings`] | invitations, and answers to them |
//! | [`ops`] | changes: marks, moves, labels, removal |
//! | [`draft`], [`upload`] | from a frozen mail to a draft, whatever its size |
//! | [`drafts`] | what is being written, kept among the drafts |
//! | [`send`] | sending it once |
//! | [`check`] | testing the account |
//!
//! Every request asks for immutable ids (<https://learn.microsoft.com/graph/outlook-immutable-id>): a
//! message keeps its id when it is moved, and a draft keeps it when it is sent.
//!
//! Nothing is pushed to a desktop (Graph wants a public address for that), so that [`Source::wait`] asks
//! for the counters of the inbox every half a minute, which costs no page of messages.

mod check;
mod draft;
mod drafts;
mod folders;
mod labels;
mod meetings;
mod message;
mod ops;
mod send;
mod sync;
mod upload;

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex as Lock, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use inlet_model::{
    Applied, Capabilities, CheckReport, Cursor, Intent, MailOp, MailSource, OpKey, Page, PartRef, PartSink, Party,
    RemoteId, Result, Scope, Source, SourceError, SourceType, UnifiedEmail,
};
use reqwest::Method;
use serde::Deserialize;
use tokio::sync::Mutex;

use self::folders::Folders;
use super::client::{Call, Graph};
use crate::imap::compose::compose_up_to;

/// The preference every request states.
const IMMUTABLE: &str = "IdType=\"ImmutableId\"";
/// How often the counters of the inbox are asked for.
const POLL: Duration = Duration::from_secs(30);
/// The largest file in bytes an upload session takes.
const LARGEST: u64 = 150 * 1024 * 1024;

/// Who signed in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Me {
    mail: Option<String>,
    user_principal_name: Option<String>,
}

impl Me {
    fn addresses(self) -> Vec<String> {
        self.mail.into_iter().chain(self.user_principal_name).filter(|address| address.contains('@')).collect()
    }
}

/// Mail of one Microsoft account.
pub(crate) struct Outlook {
    graph: Graph,
    address: Option<String>,
    poll: Duration,
    folders: Mutex<Folders>,
    /// My addresses, once they were asked for.
    own: Lock<Option<Vec<String>>>,
    /// Folders whose position has expired: their next page begins a rescan.
    expired: Lock<HashSet<String>>,
    /// Where files are uploaded to that were begun: by draft, name and size.
    uploads: Lock<HashMap<(String, String, usize), String>>,
}

impl Outlook {
    /// A source that has asked nothing yet.
    pub(crate) fn new(graph: Graph, address: Option<String>) -> Self {
        Self {
            graph,
            address,
            poll: POLL,
            folders: Mutex::default(),
            own: Lock::default(),
            expired: Lock::default(),
            uploads: Lock::default(),
        }
    }

    fn uploads(&self) -> MutexGuard<'_, HashMap<(String, String, usize), String>> {
        self.uploads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn call(&self, method: Method, segments: &[&str]) -> Call<'_> {
        self.graph.call(method, segments).prefer(IMMUTABLE)
    }

    fn get(&self, segments: &[&str]) -> Call<'_> {
        self.graph.get(segments).prefer(IMMUTABLE)
    }

    /// My addresses.
    async fn own(&self) -> Result<Vec<String>> {
        if let Some(own) = self.own.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            return Ok(own);
        }
        let mut own = self.me().await?.addresses();
        own.extend(self.address.clone());
        *self.own.lock().unwrap_or_else(PoisonError::into_inner) = Some(own.clone());
        Ok(own)
    }

    async fn me(&self) -> Result<Me> {
        self.get(&["me"]).query(&[("$select", "mail,userPrincipalName")]).send().await?.json().await
    }

    async fn counts(&self, folder: &str) -> Result<(Option<u64>, Option<u64>)> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Counts {
            total_item_count: Option<u64>,
            unread_item_count: Option<u64>,
        }
        let select = [("$select", "totalItemCount,unreadItemCount")];
        let call = self.get(&["me", "mailFolders", folder]).query(&select);
        let counts: Counts = call.send().await?.json().await?;
        Ok((counts.total_item_count, counts.unread_item_count))
    }
}

#[async_trait]
impl Source for Outlook {
    type Item = UnifiedEmail;
    type Op = MailOp;

    fn source_type(&self) -> SourceType {
        SourceType::Outlook
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            live: true,
            send: true,
            send_only: false,
            mark_read: true,
            star: true,
            move_items: true,
            labels: true,
            drafts: true,
            // A draft can be sent once: the second time it is no draft any more.
            rsvp: true,
            idempotent_send: true,
            on_demand: false,
            older: false,
            reply_window: None,
            by_number: false,
            pace: None,
            choices: false,
            typing: false,
            receipts: false,
            reactions: inlet_model::Reactions::None,
            max_attachment: Some(LARGEST),
        }
    }

    async fn check(&self) -> Result<CheckReport> {
        Ok(self.do_check().await)
    }

    async fn scopes(&self) -> Result<Vec<Scope>> {
        self.list().await
    }

    async fn pull(&self, scope: &Scope, since: Option<&Cursor>) -> Result<Page<UnifiedEmail>> {
        self.page(scope, since).await
    }

    async fn wait(&self, scope: &Scope) -> Result<()> {
        // Compared with the counters the last round began with: what came since is not missed.
        let known = self.folders.lock().await.counts(&scope.remote);
        loop {
            tokio::time::sleep(self.poll).await;
            let now = self.counts(&scope.remote).await?;
            if known.is_none_or(|known| known != now) {
                return Ok(());
            }
        }
    }

    async fn fetch(&self, part: &PartRef, into: &mut dyn PartSink) -> Result<()> {
        let message = ["me", "messages", &part.remote_id.0];
        let call = if part.part.is_empty() {
            self.get(&[&message[..], &["$value"]].concat())
        } else {
            self.get(&[&message[..], &["attachments", &part.part, "$value"]].concat())
        };
        match call.send_if_there().await? {
            Some(answer) => answer.stream(into).await,
            None => Err(SourceError::Permanent(
                "This message is no longer in the mailbox, or this part of it never was.".to_owned(),
            )),
        }
    }

    async fn complete(&self, scope: &str, item: &RemoteId) -> Result<Option<UnifiedEmail>> {
        self.whole(scope, item).await
    }

    fn plan(&self, key: &OpKey, intent: &Intent) -> Result<Option<MailOp>> {
        Ok(Some(match intent.clone() {
            Intent::Send(outgoing) => {
                let own = self.address.clone().map(|handle| Party { name: None, handle });
                let Some(from) = outgoing.from.clone().or(own) else {
                    return Err(SourceError::Permanent(
                        "It is not known yet which address this account has: test its connection first.".to_owned(),
                    ));
                };
                let mut submission = compose_up_to(draft::MAX_SIZE, &from, key, &outgoing)?;
                submission.answers =
                    outgoing.reply_to.filter(|reply| reply.message_id.is_some()).and_then(|reply| reply.remote_id);
                MailOp::Submit(submission)
            }
            // Exchange notes by itself what was answered.
            Intent::SetFlags { read: None, starred: None, .. } => return Ok(None),
            Intent::SetFlags { targets, read, starred, answered } => {
                MailOp::SetFlags { targets, read, starred, answered }
            }
            Intent::Move { targets, to, role } => MailOp::Move { targets, to, role },
            Intent::Label { targets, label, role, on } => MailOp::Label { targets, label, role, on },
            Intent::Expunge { targets } => MailOp::Expunge { targets },
            Intent::Rsvp { target, answer, .. } => MailOp::Rsvp { target, answer },
            Intent::SaveDraft(draft) => {
                self.written(key, &draft.message)?;
                MailOp::SaveDraft(draft)
            }
            Intent::DropDraft { targets } => MailOp::DropDraft { targets },
            Intent::Tick { .. } | Intent::React { .. } => return Ok(None),
        }))
    }

    async fn prepare(&self, key: &OpKey, op: &MailOp) -> Result<Option<MailOp>> {
        match op {
            MailOp::Submit(submission) => Ok(self.prepared(key, submission).await?.map(MailOp::Submit)),
            _ => Ok(None),
        }
    }

    async fn apply(&self, key: &OpKey, op: &MailOp) -> Result<Applied> {
        match op {
            MailOp::Submit(submission) => self.submit(key, submission).await,
            MailOp::SaveDraft(draft) => self.save_draft(key, draft).await,
            op => self.change(op).await,
        }
    }

    async fn find_applied(&self, key: &OpKey, op: &MailOp) -> Result<Option<Applied>> {
        match op {
            MailOp::Submit(submission) => self.sent(key, submission).await,
            // Each of the others can be done twice.
            _ => Ok(None),
        }
    }
}

impl MailSource for Outlook {}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod told_tests;
