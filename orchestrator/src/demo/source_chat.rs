//! WhatsApp, Teams and Slack of the demo world, and the workspace that has signed us out.

use std::sync::Arc;

use async_trait::async_trait;
use inlet_model::{
    Applied, AttachmentInfo, Capabilities, CheckReport, CheckStep, Cursor, FlagChange, Flags, Intent, MessageOp,
    MessageSource, OpKey, Page, PartRef, PartSink, Party, Reaction, Reactions, Receipt, RemoteId, Result, Scope,
    ScopeRole, Source, SourceError, SourceType, UnifiedMessage,
};
use jiff::SignedDuration;

use super::{
    answers::{Answers, report},
    chat::message_id,
    rng::{Rng, hash},
    shelf::{Held, Later, REPLY_DELAY, Shelf},
};

const SIGNED_OUT: &str = "Slack signed you out of Harbour Makers; sign in again to go on.";

/// A chat platform.
pub(super) struct DemoChat {
    pub(super) kind: SourceType,
    pub(super) me: Party,
    /// Remote id, title and members of each chat, the busiest first.
    pub(super) chats: Vec<(String, String, Vec<Party>)>,
    pub(super) shelf: Shelf<UnifiedMessage>,
    pub(super) answers: Arc<Answers>,
    /// It yields what it had once, and then wants a sign-in for ever.
    pub(super) signed_out: bool,
}

impl DemoChat {
    fn signed_in(&self) -> Result<()> {
        if self.signed_out { Err(SourceError::AuthNeeded(SIGNED_OUT.to_owned())) } else { Ok(()) }
    }

    fn chat(&self, remote: &str) -> Result<&(String, String, Vec<Party>)> {
        self.chats
            .iter()
            .find(|(id, _, _)| id == remote)
            .ok_or_else(|| SourceError::Permanent("This chat no longer exists; choose another one.".to_owned()))
    }
}

fn shown(message: &UnifiedMessage) -> UnifiedMessage {
    let mut message = message.clone();
    for part in &mut message.attachments {
        part.data = None;
    }
    message
}

#[async_trait]
impl Source for DemoChat {
    type Item = UnifiedMessage;
    type Op = MessageOp;

    fn source_type(&self) -> SourceType {
        self.kind
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            live: true,
            send: true,
            send_only: false,
            mark_read: true,
            star: false,
            move_items: false,
            labels: false,
            drafts: false,
            rsvp: false,
            idempotent_send: false,
            on_demand: false,
            older: false,
            reply_window: None,
            by_number: false,
            pace: None,
            choices: false,
            typing: false,
            receipts: false,
            reactions: if self.kind == SourceType::WhatsApp { Reactions::One } else { Reactions::Many },
            max_attachment: match self.kind {
                SourceType::WhatsApp => Some(100 * 1024 * 1024),
                SourceType::Slack => Some(1024 * 1024 * 1024),
                _ => None,
            },
        }
    }

    async fn check(&self) -> Result<CheckReport> {
        let reach = ("Find the demo platform", "in memory, on this computer".to_owned());
        if self.signed_out {
            let mut failed = report(self.me.label(), &[reach]);
            failed.identity = None;
            failed.steps.push(CheckStep::failed(
                "Sign in",
                "the token was revoked",
                "Sign in to Harbour Makers again, or remove this workspace.",
            ));
            return Ok(failed);
        }
        let chats = ("List chats", format!("{} chats", self.chats.len()));
        Ok(report(self.me.label(), &[reach, ("Sign in", format!("as {}", self.me.label())), chats]))
    }

    async fn scopes(&self) -> Result<Vec<Scope>> {
        let scopes = self.chats.iter().map(|(remote, title, _)| Scope {
            remote: remote.clone(),
            name: title.clone(),
            role: ScopeRole::Chat,
            pulled: true,
            live: true,
        });
        Ok(scopes.collect())
    }

    async fn pull(&self, scope: &Scope, since: Option<&Cursor>) -> Result<Page<UnifiedMessage>> {
        if since.is_some() {
            self.signed_in()?;
        }
        self.chat(&scope.remote)?;
        self.shelf.pull(scope, since, shown, |held, page| {
            let remote_id = RemoteId(held.id.clone());
            if held.item.receipt != Receipt::None {
                page.receipts.push((remote_id.clone(), held.item.receipt));
            }
            let flags = Flags { read: held.item.read, starred: held.item.starred, answered: false, draft: false };
            page.flags.push(FlagChange { remote_id, flags, also_in: None });
        })
    }

    async fn wait(&self, scope: &Scope) -> Result<()> {
        self.signed_in()?;
        self.shelf.wait(scope).await;
        Ok(())
    }

    async fn fetch(&self, part: &PartRef, into: &mut dyn PartSink) -> Result<()> {
        self.signed_in()?;
        let message = self.shelf.get(&part.remote_id.0);
        let found = message.and_then(|message| message.attachments.into_iter().find(|one| one.part == part.part)?.data);
        match found {
            Some(bytes) => super::stream(&bytes, into).await,
            None => Err(SourceError::Permanent("This file is no longer on the server.".to_owned())),
        }
    }

    fn plan(&self, key: &OpKey, intent: &Intent) -> Result<Option<MessageOp>> {
        match intent {
            Intent::Send(outgoing) => {
                let Some(conversation) = outgoing.conversation.clone() else {
                    return Err(SourceError::Permanent("Choose a chat to send this to.".to_owned()));
                };
                if !outgoing.attachments.is_empty() && self.capabilities().max_attachment.is_none() {
                    return Err(SourceError::Permanent("Files cannot be sent here; send this by mail.".to_owned()));
                }
                self.shelf.plan(key, outgoing.date);
                Ok(Some(MessageOp::send(conversation, outgoing)))
            }
            other => Ok(MessageOp::besides(other)),
        }
    }

    async fn apply(&self, key: &OpKey, op: &MessageOp) -> Result<Applied> {
        self.signed_in()?;
        match op {
            MessageOp::Send { conversation, text, reply_to, attachments, .. } => {
                let (remote, title, members) = self.chat(conversation)?;
                let at = self.shelf.time_for(key, remote);
                let attachments = attachments
                    .iter()
                    .zip(1_u32..)
                    .map(|(file, part)| AttachmentInfo {
                        part: part.to_string(),
                        name: file.name.clone(),
                        mime: file.mime.clone(),
                        size: file.data.len() as u64,
                        content_id: None,
                        inline: false,
                        link: None,
                        data: Some(file.data.clone()),
                    })
                    .collect();
                let id = message_id(self.kind.as_str(), remote, at, hash(&key.0));
                let sent = UnifiedMessage {
                    remote_id: RemoteId(id.clone()),
                    conversation: remote.clone(),
                    title: Some(title.clone()),
                    members: members.clone(),
                    sender: self.me.clone(),
                    from_me: true,
                    sent_at: at,
                    edited_at: None,
                    deleted: false,
                    event: false,
                    text: text.clone(),
                    html: None,
                    reply_to: reply_to.clone(),
                    reactions: Vec::new(),
                    attachments,
                    read: true,
                    receipt: if self.kind == SourceType::WhatsApp { Receipt::Sent } else { Receipt::None },
                    starred: false,
                    client_key: Some(key.0.clone()),
                };
                let answer = Rng::named(1, &key.0).pick(members).cloned().and_then(|author| {
                    let at = at + SignedDuration::try_from(REPLY_DELAY).ok()?;
                    let id = message_id(self.kind.as_str(), remote, at, hash(&format!("answer to {}", key.0)));
                    let item = UnifiedMessage {
                        remote_id: RemoteId(id.clone()),
                        text: self.answers.say(&author.handle, "chat", key, at),
                        sender: author,
                        from_me: false,
                        sent_at: at,
                        reply_to: (members.len() > 1).then(|| sent.remote_id.clone()),
                        attachments: Vec::new(),
                        read: false,
                        receipt: Receipt::None,
                        client_key: None,
                        ..sent.clone()
                    };
                    Some(Held { id, home: remote.clone(), at, item, born: 0 })
                });
                let mut later: Vec<_> =
                    answer.map(|answer| (REPLY_DELAY, Later::Arrives(answer))).into_iter().collect();
                if sent.receipt != Receipt::None {
                    later.push((REPLY_DELAY / 3, Later::Changes(id.clone(), |sent| sent.receipt = Receipt::Delivered)));
                    later.push((REPLY_DELAY / 2, Later::Changes(id.clone(), |sent| sent.receipt = Receipt::Read)));
                }
                let held = Held { id, home: remote.clone(), at, item: sent, born: 0 };
                Ok(self.shelf.add(key, held, later, "accepted by the demo"))
            }
            MessageOp::MarkRead { targets, read } => {
                if let Some(applied) = self.shelf.applied(key) {
                    return Ok(applied);
                }
                for target in targets {
                    self.shelf.edit(&target.remote_id.0, |held| {
                        let changed = held.item.read != *read;
                        held.item.read = *read;
                        changed.then_some(false)
                    });
                }
                Ok(self.shelf.done(key))
            }
            MessageOp::React { target, emoji, on, .. } => {
                if let Some(applied) = self.shelf.applied(key) {
                    return Ok(applied);
                }
                let kept = self.capabilities().reactions;
                self.shelf.edit(&target.remote_id.0, |held| {
                    Reaction::give(&mut held.item.reactions, emoji, *on, kept == Reactions::One).then_some(true)
                });
                Ok(self.shelf.done(key))
            }
        }
    }

    async fn find_applied(&self, key: &OpKey, _op: &MessageOp) -> Result<Option<Applied>> {
        self.signed_in()?;
        Ok(self.shelf.applied(key))
    }
}

impl MessageSource for DemoChat {}
