//! A mail platform in memory that fails on request and writes down what it was asked.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    future::pending,
    sync::Arc,
};

use async_trait::async_trait;
use inlet_model::{
    AnySource, Applied, Capabilities, CheckReport, Cursor, FlagChange, Flags, Intent, MailOp, MailSource, OpKey, Page,
    PartRef, PartSink, Party, Receipt, RemoteId, Result, Scope, ScopeRole, Source, SourceError, SourceType, Submission,
    Target, Timestamp, UnifiedEmail,
};
use jiff::ToSpan;
use parking_lot::Mutex;
use serde_json::json;
use tokio::{
    sync::{Semaphore, watch},
    time::Instant,
};

/// What the platform was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Scopes,
    Pull(String),
    Older(String),
    Apply(String, &'static str),
    Find(String),
}

/// How an operation goes wrong.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// Nothing happens, and this is said.
    Fails(SourceError),
    /// It happens, and this is said.
    Lands(SourceError),
    /// It happens, and this is said once the gate lets it through.
    Late(Arc<Semaphore>),
    /// Nothing is ever said.
    Hangs,
}

#[derive(Clone, Debug)]
enum Change {
    Upsert(String, u32),
    Flags(String, u32),
    Removed(String, String),
    Receipt(String, String, Receipt),
}

#[derive(Default)]
struct State {
    /// Remote name and role, in the order they are listed.
    folders: Vec<(String, ScopeRole)>,
    mails: BTreeMap<(String, u32), UnifiedEmail>,
    changes: Vec<Change>,
    /// Cursors of another epoch are expired; ids begin with it, as with UIDVALIDITY.
    epoch: u32,
    next_uid: u32,
    handed: HashMap<String, usize>,
    scopes_fault: VecDeque<SourceError>,
    pull_faults: HashMap<String, VecDeque<SourceError>>,
    poison: HashMap<String, Vec<(RemoteId, String)>>,
    apply_faults: VecDeque<(&'static str, Fault)>,
    find_faults: VecDeque<SourceError>,
    gates: HashMap<String, Arc<Semaphore>>,
    hanging: bool,
    /// It is asked only when somebody looks.
    on_demand: bool,
    /// Mails of the inbox that are fetched only when they are asked for, the newest first.
    past: Vec<UnifiedEmail>,
    older_faults: VecDeque<SourceError>,
    calls: Vec<(Instant, Call)>,
    submitted: Vec<(String, Submission)>,
}

/// The platform. Clones are the same one.
#[derive(Clone)]
pub(crate) struct Script {
    state: Arc<Mutex<State>>,
    changed: watch::Sender<usize>,
    asked: watch::Sender<()>,
    address: String,
}

/// A mail as it is delivered.
#[derive(Clone, Copy)]
pub(crate) struct New<'a> {
    pub(crate) id: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) parent: Option<&'a str>,
    pub(crate) minute: i64,
}

pub(crate) fn mail(id: &str) -> New<'_> {
    New { id, subject: id, parent: None, minute: 0 }
}

impl Script {
    /// The usual folders, and nothing in them. The address is that of [`crate::harness::Engine::connect`].
    pub(crate) fn new(host: &str) -> Self {
        let folders = [
            ("INBOX", ScopeRole::Inbox),
            ("Sent", ScopeRole::Sent),
            ("Archive", ScopeRole::Archive),
            ("Trash", ScopeRole::Trash),
            ("Projects", ScopeRole::Other),
        ];
        let state = State {
            folders: folders.map(|(name, role)| (name.to_owned(), role)).to_vec(),
            epoch: 1,
            next_uid: 1,
            ..State::default()
        };
        Self {
            state: Arc::new(Mutex::new(state)),
            changed: watch::Sender::new(0),
            asked: watch::Sender::new(()),
            address: format!("me@{host}.test"),
        }
    }

    /// It tells nothing by itself, and yields the past one mail at a time.
    pub(crate) fn on_demand(self) -> Self {
        self.edit(|state| state.on_demand = true);
        self
    }

    pub(crate) fn into_source(self) -> AnySource {
        AnySource::Mail(Arc::new(self))
    }

    fn edit<T>(&self, job: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock();
        let out = job(&mut state);
        let count = state.changes.len();
        drop(state);
        self.changed.send_replace(count);
        self.asked.send_replace(());
        out
    }

    // What another client or a sender does.

    pub(crate) fn deliver(&self, folder: &str, new: New<'_>) -> u32 {
        let mail = self.written(new);
        self.put(folder, mail)
    }

    /// A mail that says this.
    pub(crate) fn deliver_text(&self, folder: &str, new: New<'_>, text: &str) -> u32 {
        self.put(folder, UnifiedEmail { text: text.to_owned(), ..self.written(new) })
    }

    /// A mail lies before everything that is fetched unasked.
    pub(crate) fn bury(&self, new: New<'_>) {
        let mut mail = self.written(new);
        mail.remote_id = Some(RemoteId(format!("past of {}", new.id)));
        self.edit(|state| state.past.push(mail));
    }

    /// A mail as it is delivered.
    pub(crate) fn written(&self, new: New<'_>) -> UnifiedEmail {
        let noon: Timestamp = "2026-06-01T12:00:00Z".parse().unwrap();
        let at = noon + new.minute.minutes();
        UnifiedEmail {
            stable_id: format!("digest of {}", new.id),
            message_id: Some(format!("{}@sender.test", new.id)),
            in_reply_to: new.parent.map(|parent| format!("{parent}@sender.test")).into_iter().collect(),
            references: new.parent.map(|parent| format!("{parent}@sender.test")).into_iter().collect(),
            from: vec![Party::named("Bob", "bob@sender.test")],
            to: vec![Party { name: None, handle: self.address.clone() }],
            subject: new.subject.to_owned(),
            date: Some(at),
            received_at: Some(at),
            text: format!("This is what {} says.", new.id),
            size: 100,
            ..UnifiedEmail::default()
        }
    }

    pub(crate) fn put(&self, folder: &str, mail: UnifiedEmail) -> u32 {
        self.edit(|state| state.put(folder, mail))
    }

    pub(crate) fn relocate(&self, from: &str, uid: u32, to: &str) -> u32 {
        self.edit(|state| {
            let mail = state.remove(from, uid).unwrap();
            state.put(to, mail)
        })
    }

    pub(crate) fn remove(&self, folder: &str, uid: u32) {
        self.edit(|state| state.remove(folder, uid)).unwrap();
    }

    pub(crate) fn flag(&self, folder: &str, uid: u32, change: impl FnOnce(&mut Flags)) {
        self.edit(|state| {
            change(&mut state.mails.get_mut(&(folder.to_owned(), uid)).unwrap().flags);
            state.changes.push(Change::Flags(folder.to_owned(), uid));
        });
    }

    /// The platform tells how far what I sent has come, by its stable id.
    pub(crate) fn receipt(&self, folder: &str, stable_id: &str, receipt: Receipt) {
        self.edit(|state| state.changes.push(Change::Receipt(folder.to_owned(), stable_id.to_owned(), receipt)));
    }

    /// Every id is another one, and no cursor holds any more.
    pub(crate) fn renumber(&self) {
        self.edit(|state| {
            state.epoch += 1;
            let mails = std::mem::take(&mut state.mails);
            state.changes.clear();
            state.handed.clear();
            for ((folder, _), mail) in mails {
                state.put(&folder, mail);
            }
        });
    }

    // What goes wrong.

    /// The texts of a folder, oldest first.
    pub(crate) fn texts(&self, folder: &str) -> Vec<String> {
        let state = self.state.lock();
        state.mails.iter().filter(|((within, _), _)| within == folder).map(|(_, mail)| mail.text.clone()).collect()
    }

    pub(crate) fn add_folder(&self, name: &str, role: ScopeRole) {
        self.edit(|state| state.folders.push((name.to_owned(), role)));
    }

    pub(crate) fn fail_scopes(&self, error: SourceError) {
        self.edit(|state| state.scopes_fault.push_back(error));
    }

    /// The next pull of this folder fails; a permanent error stays.
    pub(crate) fn fail_pull(&self, folder: &str, error: SourceError) {
        self.edit(|state| state.pull_faults.entry(folder.to_owned()).or_default().push_back(error));
    }

    pub(crate) fn poison(&self, folder: &str, id: &str, reason: &str) {
        self.edit(|state| {
            state.poison.entry(folder.to_owned()).or_default().push((RemoteId(id.to_owned()), reason.to_owned()));
        });
    }

    /// The next operation of this kind goes wrong.
    pub(crate) fn fail_apply(&self, kind: &'static str, fault: Fault) {
        self.edit(|state| state.apply_faults.push_back((kind, fault)));
    }

    pub(crate) fn fail_older(&self, error: SourceError) {
        self.edit(|state| state.older_faults.push_back(error));
    }

    pub(crate) fn fail_find(&self, error: SourceError) {
        self.edit(|state| state.find_faults.push_back(error));
    }

    /// Pages of this folder are read, and handed over only once the gate opens.
    pub(crate) fn close_gate(&self, folder: &str) -> Arc<Semaphore> {
        let gate = Arc::new(Semaphore::new(0));
        self.edit(|state| state.gates.insert(folder.to_owned(), gate.clone()));
        gate
    }

    pub(crate) fn open_gate(&self, folder: &str) {
        if let Some(gate) = self.edit(|state| state.gates.remove(folder)) {
            gate.close();
        }
    }

    /// From now on it never answers.
    pub(crate) fn hang(&self) {
        self.edit(|state| state.hanging = true);
    }

    // What it has and saw.

    pub(crate) fn calls(&self) -> Vec<(Instant, Call)> {
        self.state.lock().calls.clone()
    }

    pub(crate) fn count(&self, wanted: impl Fn(&Call) -> bool) -> usize {
        self.state.lock().calls.iter().filter(|(_, call)| wanted(call)).count()
    }

    /// Waits until it was asked this often.
    pub(crate) async fn called(&self, times: usize, wanted: impl Fn(&Call) -> bool) {
        let mut asked = self.asked.subscribe();
        let reached = asked.wait_for(|()| self.count(&wanted) >= times);
        drop(inlet_testkit::timeout(crate::harness::LIMIT, reached).await.unwrap());
    }

    /// Message-IDs and texts of what was sent, in order.
    pub(crate) fn submitted(&self) -> Vec<(String, String)> {
        let state = self.state.lock();
        state.submitted.iter().map(|(key, one)| (key.clone(), String::from_utf8_lossy(&one.raw).into_owned())).collect()
    }

    /// Folder and flags of a mail, by the id it was delivered under.
    pub(crate) fn find(&self, id: &str) -> Vec<(String, Flags)> {
        let wanted = Some(format!("{id}@sender.test"));
        let state = self.state.lock();
        state
            .mails
            .iter()
            .filter(|(_, mail)| mail.message_id == wanted)
            .map(|((folder, _), mail)| (folder.clone(), mail.flags))
            .collect()
    }
}

impl State {
    fn id(&self, uid: u32) -> String {
        format!("{}:{uid}", self.epoch)
    }

    fn put(&mut self, folder: &str, mut mail: UnifiedEmail) -> u32 {
        let uid = self.next_uid;
        self.next_uid += 1;
        mail.remote_id = Some(RemoteId(self.id(uid)));
        self.mails.insert((folder.to_owned(), uid), mail);
        self.changes.push(Change::Upsert(folder.to_owned(), uid));
        uid
    }

    fn remove(&mut self, folder: &str, uid: u32) -> Option<UnifiedEmail> {
        let mail = self.mails.remove(&(folder.to_owned(), uid))?;
        self.changes.push(Change::Removed(folder.to_owned(), self.id(uid)));
        Some(mail)
    }

    fn key_of(&self, target: &Target) -> Option<(String, u32)> {
        let here = |by: &dyn Fn(&UnifiedEmail) -> bool| {
            self.mails
                .iter()
                .find(|((folder, _), mail)| *folder == target.scope && by(mail))
                .map(|(key, _)| key.clone())
        };
        here(&|mail| mail.remote_id.as_ref() == Some(&target.remote_id))
            .or_else(|| here(&|mail| mail.message_id.is_some() && mail.message_id == target.message_id))
    }

    fn page(&mut self, folder: &str, since: Option<&Cursor>) -> Result<Page<UnifiedEmail>> {
        let past = since.and_then(|since| since.0.get("past").cloned()).unwrap_or_else(|| 0.into());
        let next = Cursor(json!({ "epoch": self.epoch, "seq": self.changes.len(), "past": past }));
        self.handed.insert(folder.to_owned(), self.changes.len());
        let mut page = Page::empty(next);
        page.poison = self.poison.get(folder).cloned().unwrap_or_default();
        let here = |name: &String| name == folder;
        let Some(since) = since else {
            let mails = self.mails.iter().filter(|((name, _), _)| here(name)).map(|(_, mail)| mail.clone());
            page.upserts = mails.rev().collect();
            page.present = Some(page.upserts.iter().filter_map(|mail| mail.remote_id.clone()).collect());
            page.progress = Some(inlet_model::Progress {
                done: page.upserts.len() as u64,
                total: Some(page.upserts.len() as u64),
                since: None,
                complete: self.past.is_empty(),
            });
            return Ok(page);
        };
        if since.0["epoch"] != self.epoch {
            return Err(SourceError::CursorExpired);
        }
        let seen = since.0["seq"].as_u64().unwrap() as usize;
        for change in &self.changes[seen..] {
            match change {
                Change::Upsert(name, uid) if here(name) => {
                    page.upserts.extend(self.mails.get(&(name.clone(), *uid)).cloned());
                }
                Change::Flags(name, uid) if here(name) => {
                    if let Some(mail) = self.mails.get(&(name.clone(), *uid)) {
                        page.flags.push(FlagChange {
                            remote_id: mail.remote_id.clone().unwrap(),
                            flags: mail.flags,
                            also_in: None,
                        });
                    }
                }
                Change::Receipt(name, id, receipt) if here(name) => {
                    page.receipts.push((RemoteId(id.clone()), *receipt))
                }
                Change::Removed(name, id) if here(name) => page.removed.push(RemoteId(id.clone())),
                _ => {}
            }
        }
        Ok(page)
    }

    fn past_page(&self, since: &Cursor) -> Page<UnifiedEmail> {
        let at = since.0["past"].as_u64().unwrap() as usize;
        let mut next = since.clone();
        next.0["past"] = (at + 1).into();
        let mut page = Page::empty(next);
        page.upserts.extend(self.past.get(at).cloned());
        page.progress = Some(inlet_model::Progress { complete: at + 1 >= self.past.len(), ..Default::default() });
        page
    }

    fn drop_all(&mut self, targets: &[Target]) {
        for (folder, uid) in targets.iter().filter_map(|target| self.key_of(target)).collect::<Vec<_>>() {
            self.remove(&folder, uid);
        }
    }

    fn change(&mut self, key: &OpKey, op: &MailOp, address: &str) -> Applied {
        match op {
            MailOp::Submit(submission) => {
                self.submitted.push((key.0.clone(), submission.clone()));
                let raw = String::from_utf8_lossy(&submission.raw).into_owned();
                let (head, text) = raw.split_once("\n\n").unwrap_or((&raw, ""));
                let header = |name: &str| {
                    head.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned())
                };
                let at: Timestamp = header("Date:").unwrap().parse().unwrap();
                let references: Vec<String> = header("References:")
                    .map(|ids| ids.split_whitespace().map(str::to_owned).collect())
                    .unwrap_or_default();
                self.put(
                    "Sent",
                    UnifiedEmail {
                        stable_id: format!("digest of {}", key.0),
                        message_id: Some(key.0.clone()),
                        references,
                        from: vec![Party { name: None, handle: address.to_owned() }],
                        to: submission.to.iter().map(|to| Party { name: None, handle: to.clone() }).collect(),
                        subject: header("Subject:").unwrap_or_default(),
                        date: Some(at),
                        received_at: Some(at),
                        text: text.to_owned(),
                        from_me: true,
                        flags: Flags { read: true, ..Flags::default() },
                        ..UnifiedEmail::default()
                    },
                );
            }
            MailOp::SetFlags { targets, read, starred, answered } => {
                for found in targets.iter().filter_map(|target| self.key_of(target)).collect::<Vec<_>>() {
                    let flags = &mut self.mails.get_mut(&found).unwrap().flags;
                    flags.read = read.unwrap_or(flags.read);
                    flags.starred = starred.unwrap_or(flags.starred);
                    flags.answered = answered.unwrap_or(flags.answered);
                    self.changes.push(Change::Flags(found.0, found.1));
                }
            }
            MailOp::Move { targets, to, .. } => {
                for (folder, uid) in targets.iter().filter_map(|target| self.key_of(target)).collect::<Vec<_>>() {
                    let mail = self.remove(&folder, uid).unwrap();
                    self.put(to, mail);
                }
            }
            MailOp::Label { .. } | MailOp::Rsvp { .. } => {}
            MailOp::Expunge { targets } | MailOp::DropDraft { targets } => self.drop_all(targets),
            MailOp::SaveDraft(draft) => {
                let named = |mail: &UnifiedEmail| mail.message_id.as_deref() == Some(&key.0);
                let there = self.mails.iter().find(|(_, mail)| named(mail)).map(|((_, uid), _)| *uid);
                let message = &draft.message;
                let uid = there.unwrap_or_else(|| {
                    let mail = UnifiedEmail {
                        stable_id: format!("digest of {}", key.0),
                        message_id: Some(key.0.clone()),
                        to: message.to.clone(),
                        subject: message.subject.clone(),
                        date: Some(message.date),
                        received_at: Some(message.date),
                        text: message.text.clone(),
                        from_me: true,
                        flags: Flags { read: true, draft: true, ..Flags::default() },
                        ..UnifiedEmail::default()
                    };
                    self.put("Drafts", mail)
                });
                self.drop_all(draft.replaces.as_slice());
                return Applied { remote_id: Some(RemoteId(self.id(uid))), detail: None, ..Applied::default() };
            }
        }
        Applied { remote_id: None, detail: Some("250 done".into()), ..Applied::default() }
    }
}

/// The kind of an operation, as [`Script::fail_apply`] names it.
fn kind(op: &MailOp) -> &'static str {
    match op {
        MailOp::Submit(_) => "send",
        MailOp::SetFlags { .. } => "flags",
        MailOp::Move { .. } => "move",
        MailOp::Label { .. } => "label",
        MailOp::Expunge { .. } => "expunge",
        MailOp::SaveDraft(_) => "draft",
        MailOp::DropDraft { .. } => "drop",
        MailOp::Rsvp { .. } => "rsvp",
    }
}

#[async_trait]
impl Source for Script {
    type Item = UnifiedEmail;
    type Op = MailOp;

    fn source_type(&self) -> SourceType {
        SourceType::Imap
    }

    fn capabilities(&self) -> Capabilities {
        let on_demand = self.state.lock().on_demand;
        Capabilities {
            live: !on_demand,
            send: true,
            send_only: false,
            mark_read: true,
            star: true,
            move_items: true,
            labels: false,
            drafts: true,
            rsvp: true,
            idempotent_send: false,
            on_demand,
            older: on_demand,
            reply_window: None,
            by_number: false,
            pace: None,
            choices: false,
            typing: false,
            receipts: false,
            reactions: inlet_model::Reactions::None,
            max_attachment: None,
        }
    }

    async fn check(&self) -> Result<CheckReport> {
        Ok(CheckReport { identity: Some(self.address.clone()), ..CheckReport::default() })
    }

    async fn scopes(&self) -> Result<Vec<Scope>> {
        let (hanging, answer) = self.edit(|state| {
            state.calls.push((Instant::now(), Call::Scopes));
            let scope = |(name, role): &(String, ScopeRole)| Scope {
                remote: name.clone(),
                name: name.clone(),
                role: *role,
                pulled: true,
                live: name == "INBOX" && !state.on_demand,
            };
            let listed = state.folders.iter().map(scope).collect();
            (state.hanging, state.scopes_fault.pop_front().map_or(Ok(listed), Err))
        });
        if hanging {
            pending::<()>().await;
        }
        answer
    }

    async fn pull(&self, scope: &Scope, since: Option<&Cursor>) -> Result<Page<UnifiedEmail>> {
        let (answer, gate) = {
            let mut state = self.state.lock();
            state.calls.push((Instant::now(), Call::Pull(scope.remote.clone())));
            let faults = state.pull_faults.entry(scope.remote.clone()).or_default();
            let fault = match faults.front() {
                Some(SourceError::Permanent(_)) => faults.front().cloned(),
                _ => faults.pop_front(),
            };
            let answer = match fault {
                Some(error) => Err(error),
                None => state.page(&scope.remote, since),
            };
            (answer, state.gates.get(&scope.remote).cloned())
        };
        self.asked.send_replace(());
        if let Some(gate) = gate {
            // One permit is one page; a closed gate lets everybody through.
            if let Ok(permit) = gate.acquire().await {
                permit.forget();
            }
        }
        answer
    }

    async fn older(&self, scope: &Scope, since: &Cursor) -> Result<Page<UnifiedEmail>> {
        let (answer, gate) = self.edit(|state| {
            state.calls.push((Instant::now(), Call::Older(scope.remote.clone())));
            let answer = match state.older_faults.pop_front() {
                Some(error) => Err(error),
                None => Ok(state.past_page(since)),
            };
            (answer, state.gates.get("past").cloned())
        });
        if let Some(gate) = gate {
            drop(gate.acquire().await);
        }
        answer
    }

    async fn wait(&self, scope: &Scope) -> Result<()> {
        let mut changed = self.changed.subscribe();
        let state = self.state.clone();
        let _ =
            changed.wait_for(|count| state.lock().handed.get(&scope.remote).is_none_or(|handed| handed < count)).await;
        Ok(())
    }

    async fn fetch(&self, _: &PartRef, _: &mut dyn PartSink) -> Result<()> {
        Err(SourceError::Permanent("Nothing here has parts.".into()))
    }

    fn plan(&self, key: &OpKey, intent: &Intent) -> Result<Option<MailOp>> {
        Ok(Some(match intent.clone() {
            Intent::Send(out) | Intent::Rsvp { message: out, .. } => {
                let references = out.reply_to.as_ref().and_then(|reply| reply.message_id.clone()).unwrap_or_default();
                let raw = format!(
                    "Message-ID: {}\nDate: {}\nSubject: {}\nReferences: {references}\n\n{}",
                    key.0,
                    out.date,
                    out.subject,
                    out.calendar.as_ref().unwrap_or(&out.text)
                );
                MailOp::Submit(Submission {
                    from: self.address.clone(),
                    to: out.to.iter().chain(&out.cc).chain(&out.bcc).map(|party| party.handle.clone()).collect(),
                    raw: raw.into_bytes(),
                    answers: None,
                    draft: None,
                    notify: None,
                    tells: None,
                })
            }
            Intent::SetFlags { targets, read, starred, answered } => {
                MailOp::SetFlags { targets, read, starred, answered }
            }
            Intent::Move { targets, to, role } => MailOp::Move { targets, to, role },
            Intent::Label { .. } | Intent::Tick { .. } | Intent::React { .. } => return Ok(None),
            Intent::Expunge { targets } => MailOp::Expunge { targets },
            Intent::SaveDraft(draft) => MailOp::SaveDraft(draft),
            Intent::DropDraft { targets } => MailOp::DropDraft { targets },
        }))
    }

    async fn apply(&self, key: &OpKey, op: &MailOp) -> Result<Applied> {
        let mut late = None;
        let answer = self.edit(|state| {
            state.calls.push((Instant::now(), Call::Apply(key.0.clone(), kind(op))));
            let position = state.apply_faults.iter().position(|(which, _)| *which == kind(op));
            match position.and_then(|position| state.apply_faults.remove(position)) {
                Some((_, Fault::Fails(error))) => Some(Err(error)),
                Some((_, Fault::Lands(error))) => {
                    state.change(key, op, &self.address);
                    Some(Err(error))
                }
                Some((_, Fault::Late(gate))) => {
                    late = Some(gate);
                    Some(Ok(state.change(key, op, &self.address)))
                }
                Some((_, Fault::Hangs)) => None,
                None => Some(Ok(state.change(key, op, &self.address))),
            }
        });
        if let Some(gate) = late {
            drop(gate.acquire().await);
        }
        match answer {
            Some(answer) => answer,
            None => pending().await,
        }
    }

    async fn find_applied(&self, key: &OpKey, _: &MailOp) -> Result<Option<Applied>> {
        self.edit(|state| {
            state.calls.push((Instant::now(), Call::Find(key.0.clone())));
            if let Some(error) = state.find_faults.pop_front() {
                return Err(error);
            }
            let sent = state.submitted.iter().any(|(have, _)| *have == key.0);
            Ok(sent.then(|| Applied { remote_id: None, detail: Some("found in Sent".into()), ..Applied::default() }))
        })
    }
}

impl MailSource for Script {}
