//! Gmail and Outlook of the demo world.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use inlet_model::{
    Applied, Capabilities, CheckReport, Cursor, Draft, FlagChange, Flags, Intent, MailMeta, MailOp, MailSource, OpKey,
    Page, PartRef, PartSink, Party, RemoteId, Result, Scope, ScopeRole, Source, SourceError, SourceType, Submission,
    Target, UnifiedEmail,
};
use jiff::SignedDuration;
use parking_lot::Mutex;

use super::{
    answers::{Answers, report},
    filing::{
        GMAIL_ALL, GMAIL_DRAFTS, GMAIL_JUNK, GMAIL_LABELS, GMAIL_SENT, GMAIL_TRASH, OUTLOOK_DRAFTS, OUTLOOK_FOLDERS,
        OUTLOOK_JUNK, OUTLOOK_SENT, OUTLOOK_TRASH,
    },
    post,
    rng::hash,
    shelf::{Held, Later, REPLY_DELAY, Shelf},
};

const INBOX: &str = "INBOX";

/// A mailbox.
pub(super) struct DemoMail {
    pub(super) kind: SourceType,
    pub(super) me: Party,
    pub(super) shelf: Shelf<UnifiedEmail>,
    pub(super) answers: Arc<Answers>,
    /// Folders or labels that a person made.
    pub(super) made: Mutex<BTreeSet<String>>,
}

impl DemoMail {
    fn labels(&self) -> bool {
        self.kind == SourceType::Gmail
    }

    fn folders(&self) -> Vec<Scope> {
        let scope = |remote: &str, name: &str, role, pulled| Scope {
            remote: remote.to_owned(),
            name: name.to_owned(),
            role,
            pulled,
            live: pulled && !matches!(role, ScopeRole::Trash | ScopeRole::Junk),
        };
        if self.labels() {
            let mut scopes = vec![
                scope(GMAIL_ALL, "All Mail", ScopeRole::All, true),
                scope(INBOX, "Inbox", ScopeRole::Inbox, false),
                scope(GMAIL_SENT, "Sent Mail", ScopeRole::Sent, false),
                scope(GMAIL_DRAFTS, "Drafts", ScopeRole::Drafts, false),
                scope(GMAIL_TRASH, "Trash", ScopeRole::Trash, true),
                scope(GMAIL_JUNK, "Spam", ScopeRole::Junk, true),
            ];
            scopes.extend(GMAIL_LABELS.iter().map(|label| scope(label, label, ScopeRole::Other, false)));
            scopes.extend(self.made(&GMAIL_LABELS).iter().map(|name| scope(name, name, ScopeRole::Other, false)));
            return scopes;
        }
        let mut scopes = vec![
            scope("Inbox", "Inbox", ScopeRole::Inbox, true),
            scope(OUTLOOK_SENT, OUTLOOK_SENT, ScopeRole::Sent, true),
            scope("Archive", "Archive", ScopeRole::Archive, true),
            scope(OUTLOOK_DRAFTS, OUTLOOK_DRAFTS, ScopeRole::Drafts, true),
        ];
        scopes.extend(OUTLOOK_FOLDERS.iter().map(|folder| scope(folder, folder, ScopeRole::Other, true)));
        scopes.extend(self.made(&OUTLOOK_FOLDERS).iter().map(|name| scope(name, name, ScopeRole::Other, true)));
        scopes.push(scope(OUTLOOK_TRASH, OUTLOOK_TRASH, ScopeRole::Trash, true));
        scopes.push(scope(OUTLOOK_JUNK, OUTLOOK_JUNK, ScopeRole::Junk, true));
        scopes
    }

    /// What was made beside those there were from the start.
    fn made(&self, from_the_start: &[&str]) -> Vec<String> {
        self.made.lock().iter().filter(|name| !from_the_start.contains(&name.as_str())).cloned().collect()
    }

    /// Makes the folder or label that something is put into, where it is missing.
    fn make(&self, remote: &str, role: ScopeRole) {
        if role == ScopeRole::Other && self.known(remote).is_err() {
            self.made.lock().insert(remote.to_owned());
        }
    }

    fn known(&self, remote: &str) -> Result<()> {
        if self.folders().iter().any(|scope| scope.remote == remote) {
            return Ok(());
        }
        Err(SourceError::Permanent("This folder no longer exists; choose another one.".to_owned()))
    }

    fn id(&self, target: &Target) -> Option<String> {
        if self.shelf.get(&target.remote_id.0).is_some() {
            return Some(target.remote_id.0.clone());
        }
        let wanted = target.message_id.as_ref()?;
        self.shelf.find(|held| (held.item.message_id.as_ref() == Some(wanted)).then(|| held.id.clone()))
    }

    fn submit(&self, key: &OpKey, submission: &Submission) -> Result<Applied> {
        let unreadable = || SourceError::Permanent("This mail cannot be read back; write it again.".to_owned());
        let mut mail = post::sent(submission).ok_or_else(unreadable)?;
        let id = self.file(key, &mut mail, GMAIL_SENT);
        let at = mail.date.unwrap_or_else(|| self.shelf.time_for(key, OUTLOOK_SENT));
        let later =
            self.answer(key, &mail, at).map(|answer| (REPLY_DELAY, Later::Arrives(answer))).into_iter().collect();
        let home = if self.labels() { GMAIL_ALL } else { OUTLOOK_SENT };
        for parent in mail.in_reply_to.clone() {
            let found =
                self.shelf.find(|held| (held.item.message_id.as_ref() == Some(&parent)).then(|| held.id.clone()));
            if let Some(id) = found
                && self.shelf.applied(key).is_none()
            {
                self.shelf.edit(&id, |held| {
                    held.item.flags.answered = true;
                    Some(false)
                });
            }
        }
        let held = Held { id, home: home.to_owned(), at, item: mail, born: 0 };
        Ok(self.shelf.add(key, held, later, "250 2.0.0 accepted by the demo"))
    }

    /// Gives a mail of mine its ids and, on Gmail, its label and its conversation; its remote id.
    fn file(&self, key: &OpKey, mail: &mut UnifiedEmail, label: &str) -> String {
        let parents: Vec<String> = mail.references.iter().chain(&mail.in_reply_to).cloned().collect();
        let id = format!("2:{:016x}", hash(&key.0));
        mail.remote_id = Some(RemoteId(id.clone()));
        mail.stable_id = format!("{:016x}", hash(&key.0));
        mail.message_id.get_or_insert_with(|| key.0.clone());
        mail.also_in = self.labels().then(|| vec![label.to_owned()]);
        mail.thread_id = self.labels().then(|| {
            let known = |held: &Held<UnifiedEmail>| {
                held.item.message_id.as_ref().filter(|id| parents.contains(id)).and(held.item.thread_id.clone())
            };
            self.shelf.find(known).unwrap_or_else(|| mail.stable_id.clone())
        });
        id
    }

    fn save_draft(&self, key: &OpKey, draft: &Draft) -> Result<Applied> {
        let unreadable = || SourceError::Permanent("This draft cannot be read back; write it again.".to_owned());
        let mut mail = post::sent(&post::written(key, &draft.message, &self.me)?).ok_or_else(unreadable)?;
        mail.flags.draft = true;
        let id = self.file(key, &mut mail, GMAIL_DRAFTS);
        let home = if self.labels() { GMAIL_ALL } else { OUTLOOK_DRAFTS };
        let held = Held { id, home: home.to_owned(), at: draft.message.date, item: mail, born: 0 };
        let applied = self.shelf.add(key, held, Vec::new(), "kept in the demo");
        self.drop_drafts(draft.replaces.as_slice());
        Ok(applied)
    }

    fn drop_drafts(&self, targets: &[Target]) {
        for id in targets.iter().filter_map(|target| self.id(target)) {
            self.shelf.remove(&id);
        }
    }

    fn answer(&self, key: &OpKey, mail: &UnifiedEmail, at: inlet_model::Timestamp) -> Option<Held<UnifiedEmail>> {
        let author = mail.to.iter().find(|party| party.handle != self.me.handle)?.clone();
        let at = at + SignedDuration::try_from(REPLY_DELAY).ok()?;
        let kind = if self.labels() { "mail" } else { "work" };
        let text = self.answers.say(&author.handle, kind, key, at);
        let id = format!("2:{:016x}", hash(&format!("answer to {}", key.0)));
        let domain = author.handle.split_once('@').map_or("example.org", |(_, domain)| domain).to_owned();
        let message_id = format!("{id}@{domain}").replacen(':', ".", 1);
        let parent = mail.message_id.clone().into_iter();
        let subject =
            if mail.subject.starts_with("Re: ") { mail.subject.clone() } else { format!("Re: {}", mail.subject) };
        let answer = UnifiedEmail {
            remote_id: Some(RemoteId(id.clone())),
            stable_id: id.clone(),
            thread_id: mail.thread_id.clone(),
            also_in: self.labels().then(|| vec![INBOX.to_owned()]),
            message_id: Some(message_id),
            in_reply_to: parent.clone().collect(),
            references: mail.references.iter().cloned().chain(parent).collect(),
            from: vec![author],
            to: mail.from.clone(),
            subject: subject.trim_end().to_owned(),
            date: Some(at),
            received_at: Some(at),
            size: text.len() as u64 + 900,
            text,
            flags: Flags::default(),
            meta: MailMeta {
                authentication_results: Some(format!("mx.demo.example; dkim=pass header.d={domain}; dmarc=pass")),
                ..MailMeta::default()
            },
            ..UnifiedEmail::default()
        };
        let home = if self.labels() { GMAIL_ALL } else { "Inbox" };
        Some(Held { id, home: home.to_owned(), at, item: answer, born: 0 })
    }

    fn relocate(&self, held: &mut Held<UnifiedEmail>, from: &str, to: &str, role: ScopeRole) -> Option<bool> {
        if !self.labels() {
            let moved = held.home != to;
            to.clone_into(&mut held.home);
            return moved.then_some(true);
        }
        let home = match role {
            ScopeRole::Trash => GMAIL_TRASH,
            ScopeRole::Junk => GMAIL_JUNK,
            _ => GMAIL_ALL,
        };
        let labels = held.item.also_in.get_or_insert_default();
        let before = labels.clone();
        labels.retain(|label| label != INBOX && (label != from || label == GMAIL_SENT));
        let label = match role {
            ScopeRole::Inbox => Some(INBOX),
            ScopeRole::Other => Some(to),
            _ => None,
        };
        labels
            .extend(label.filter(|label| !before.iter().any(|had| had == label) || *label == INBOX).map(str::to_owned));
        labels.dedup();
        let moved = held.home != home;
        home.clone_into(&mut held.home);
        (moved || *labels != before).then_some(moved)
    }
}

fn shown(mail: &UnifiedEmail) -> UnifiedEmail {
    let mut mail = mail.clone();
    for part in &mut mail.attachments {
        part.data = None;
    }
    mail
}

#[async_trait]
impl Source for DemoMail {
    type Item = UnifiedEmail;
    type Op = MailOp;

    fn source_type(&self) -> SourceType {
        self.kind
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            live: true,
            send: true,
            send_only: false,
            mark_read: true,
            star: true,
            move_items: true,
            labels: self.labels(),
            drafts: true,
            rsvp: true,
            idempotent_send: false,
            on_demand: false,
            older: false,
            reply_window: None,
            by_number: false,
            pace: None,
            choices: false,
            typing: false,
            receipts: false,
            reactions: inlet_model::Reactions::None,
            max_attachment: Some(25 * 1024 * 1024),
        }
    }

    async fn check(&self) -> Result<CheckReport> {
        let folders = self.folders();
        Ok(report(
            &self.me.handle,
            &[
                ("Find the demo mailbox", "in memory, on this computer".to_owned()),
                ("Sign in", format!("as {}", self.me.label())),
                ("List folders", format!("{} folders", folders.len())),
                ("Send mail", "accepted here; nothing leaves this computer".to_owned()),
            ],
        ))
    }

    async fn scopes(&self) -> Result<Vec<Scope>> {
        Ok(self.folders())
    }

    async fn pull(&self, scope: &Scope, since: Option<&Cursor>) -> Result<Page<UnifiedEmail>> {
        self.known(&scope.remote)?;
        self.shelf.pull(scope, since, shown, |held, page| {
            page.flags.push(FlagChange {
                remote_id: RemoteId(held.id.clone()),
                flags: held.item.flags,
                also_in: held.item.also_in.clone(),
            })
        })
    }

    async fn wait(&self, scope: &Scope) -> Result<()> {
        self.shelf.wait(scope).await;
        Ok(())
    }

    async fn fetch(&self, part: &PartRef, into: &mut dyn PartSink) -> Result<()> {
        let gone = || SourceError::Permanent("This file is no longer on the server.".to_owned());
        let mail = self.shelf.get(&part.remote_id.0).ok_or_else(gone)?;
        let bytes = if part.part.is_empty() {
            post::raw(&mail)
        } else {
            mail.attachments.into_iter().find(|one| one.part == part.part).and_then(|one| one.data)
        };
        super::stream(&bytes.ok_or_else(gone)?, into).await
    }

    fn plan(&self, key: &OpKey, intent: &Intent) -> Result<Option<MailOp>> {
        Ok(match intent.clone() {
            Intent::Send(_) => post::submission(key, intent, &self.me)?.map(MailOp::Submit),
            // Outlook's calendar answers, as the real one does; elsewhere an answer is a mail.
            Intent::Rsvp { target, answer, .. } if self.kind == SourceType::Outlook => {
                Some(MailOp::Rsvp { target, answer })
            }
            Intent::Rsvp { message, .. } => {
                post::submission(key, &Intent::Send(message), &self.me)?.map(MailOp::Submit)
            }
            Intent::SetFlags { targets, read, starred, answered } => {
                Some(MailOp::SetFlags { targets, read, starred, answered })
            }
            Intent::Move { targets, to, role } => {
                if role != ScopeRole::Other {
                    self.known(&to)?;
                }
                Some(MailOp::Move { targets, to, role })
            }
            Intent::Label { .. } if !self.labels() => None,
            Intent::Tick { .. } | Intent::React { .. } => None,
            Intent::Label { targets, label, role, on } => Some(MailOp::Label { targets, label, role, on }),
            Intent::Expunge { targets } => Some(MailOp::Expunge { targets }),
            Intent::SaveDraft(draft) => Some(MailOp::SaveDraft(draft)),
            Intent::DropDraft { targets } => Some(MailOp::DropDraft { targets }),
        })
    }

    async fn apply(&self, key: &OpKey, op: &MailOp) -> Result<Applied> {
        if let Some(applied) = self.shelf.applied(key) {
            return Ok(applied);
        }
        match op {
            MailOp::Submit(submission) => return self.submit(key, submission),
            MailOp::SaveDraft(draft) => return self.save_draft(key, draft),
            MailOp::DropDraft { targets } => self.drop_drafts(targets),
            MailOp::SetFlags { targets, read, starred, answered } => {
                for id in targets.iter().filter_map(|target| self.id(target)) {
                    self.shelf.edit(&id, |held| {
                        let flags = &mut held.item.flags;
                        let before = *flags;
                        flags.read = read.unwrap_or(flags.read);
                        flags.starred = starred.unwrap_or(flags.starred);
                        flags.answered = answered.unwrap_or(flags.answered);
                        (*flags != before).then_some(false)
                    });
                }
            }
            MailOp::Move { targets, to, role } => {
                self.make(to, *role);
                self.known(to)?;
                for target in targets {
                    if let Some(id) = self.id(target) {
                        self.shelf.edit(&id, |held| self.relocate(held, &target.scope, to, *role));
                    }
                }
            }
            MailOp::Label { targets, label, role, on } => {
                if *on {
                    self.make(label, *role);
                }
                for id in targets.iter().filter_map(|target| self.id(target)) {
                    self.shelf.edit(&id, |held| {
                        let labels = held.item.also_in.get_or_insert_default();
                        let before = labels.len();
                        labels.retain(|have| have != label);
                        if *on {
                            labels.push(label.clone());
                        }
                        (*on != (before != labels.len())).then_some(false)
                    });
                }
            }
            // Nobody waits for the answer in a made-up world.
            MailOp::Rsvp { .. } => {}
            MailOp::Expunge { targets } => {
                for id in targets.iter().filter_map(|target| self.id(target)) {
                    self.shelf.remove(&id);
                }
            }
        }
        Ok(self.shelf.done(key))
    }

    async fn find_applied(&self, key: &OpKey, op: &MailOp) -> Result<Option<Applied>> {
        let sent = self.shelf.applied(key);
        if sent.is_some() || !matches!(op, MailOp::Submit(_)) {
            return Ok(sent);
        }
        let id = self.shelf.find(|held| (held.item.message_id.as_deref() == Some(&key.0)).then(|| held.id.clone()));
        Ok(id.map(|id| Applied { remote_id: Some(RemoteId(id)), detail: None, ..Applied::default() }))
    }
}

impl MailSource for DemoMail {}
