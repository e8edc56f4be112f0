//! Any IMAP server, Gmail with its extension among them; sending is beside it ([`submit`]).
//!
//! | room | what |
//! |---|---|
//! | [`dial`] | name, connection, TLS |
//! | [`guard`], [`tame`] | what `async-imap` gets to see of a server |
//! | [`answer`] | what a server said, in plain types |
//! | [`session`] | one connection: STARTTLS, sign-in, commands, IDLE |
//! | [`errors`] | refusals and failures as decisions |
//! | [`folders`] | mailboxes, their names and roles |
//! | [`cursor`], [`plan`], [`sync`] | a page of a mailbox, and where the next one begins |
//! | [`bodies`], [`structure`] | messages, whole or by their text |
//! | [`parts`], [`transfer`] | files, streamed |
//! | [`gmail`] | labels |
//! | [`ops`] | changes, and the copy of what was sent |
//! | [`check`] | testing an account |
//!
//! There are three connections at most: one reads, one writes, one waits. A connection is taken out
//! of its place while it is used and put back when its last command has ended, so that dropping a
//! future drops the connection with it and nobody reads the rest of somebody else's answer.

mod answer;
mod bodies;
mod check;
pub(crate) mod compose;
mod cursor;
mod dial;
mod drafts;
mod errors;
mod folders;
mod gmail;
mod guard;
pub(crate) mod mime;
pub(crate) mod mime_text;
mod ops;
mod parts;
mod plan;
mod session;
mod sets;
mod structure;
pub(crate) mod submit;
mod sync;
mod tame;
mod transfer;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex as Lock, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use inlet_model::{
    AccountId, Applied, Auth, Capabilities, CheckReport, Cursor, ImapConfig, Intent, MailOp, MailSource, OpKey, Page,
    PartRef, PartSink, RemoteId, Result, Scope, SecretName, Secrets, Source, SourceError, SourceType, UnifiedEmail,
};
use rustls::ClientConfig;
use secrecy::SecretString;
use tokio::{sync::Mutex, time::timeout};

use crate::oauth::Tokens;

use self::{
    folders::Folders,
    session::Session,
    sync::{Memory, Pull},
};

/// A connection unused for longer is asked whether it still lives.
const STALE: Duration = Duration::from_secs(25);
/// IDLE is renewed before the half hour after which servers hang up (RFC 2177).
const IDLE: Duration = Duration::from_secs(25 * 60);
/// Where there is no IDLE, the server is asked this often.
const POLL: Duration = Duration::from_secs(60);
/// Messages of a page at most, as long as nothing goes wrong.
const AT_MOST: usize = 1000;

/// Broken connections at one place after which its one message is left out. From the fourth on it
/// is asked for alone; three times more, because networks break connections too.
const GIVE_UP: u32 = 6;

/// The reading connection and what it remembers.
#[derive(Default)]
struct Reading {
    session: Option<Session>,
    memory: Memory,
    /// The mailboxes in which the connection broke while messages were fetched: where, and how often in a row.
    broke: HashMap<String, (Option<Cursor>, u32)>,
}

/// Mail of one IMAP account.
pub(crate) struct ImapSource {
    account: AccountId,
    config: ImapConfig,
    secrets: Arc<dyn Secrets>,
    /// Access tokens, where a provider issues them.
    tokens: Option<Tokens>,
    tls: Arc<ClientConfig>,
    own: Vec<String>,
    reading: Mutex<Reading>,
    writing: Mutex<Option<Session>>,
    waiting: Mutex<Option<Session>>,
    folders: Lock<Option<Arc<Folders>>>,
    /// UIDNEXT and size of mailboxes as the last pull left them.
    seen: Lock<HashMap<String, (Option<u32>, u32)>>,
}

impl ImapSource {
    /// A source that has not connected yet.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] when the certificate file of the account cannot be read, or its provider
    /// is neither HTTPS nor on this machine.
    pub(crate) fn new(account: AccountId, config: ImapConfig, secrets: Arc<dyn Secrets>) -> Result<Self> {
        let tls = crate::tls::client_config(config.ca.as_deref())?;
        let mut own = vec![config.address.clone()];
        own.extend(config.user.clone().filter(|user| user.contains('@') && *user != config.address));
        let tokens = match config.oauth.clone().filter(|_| config.auth == Auth::Xoauth2) {
            Some(oauth) => Some(Tokens::new(account, oauth, Vec::new(), secrets.clone())?),
            None => None,
        };
        Ok(Self {
            account,
            config,
            secrets,
            tokens,
            tls,
            own,
            reading: Mutex::default(),
            writing: Mutex::default(),
            waiting: Mutex::default(),
            folders: Lock::default(),
            seen: Lock::default(),
        })
    }

    /// The password, or an access token.
    async fn secret(&self) -> Result<SecretString> {
        if let Some(tokens) = &self.tokens {
            return tokens.bearer().await;
        }
        self.secrets
            .get(self.account, SecretName::Password)?
            .ok_or_else(|| SourceError::AuthNeeded("There is no password for this account: sign in again.".to_owned()))
    }

    /// Another token in place of one that was refused: it may have been withdrawn before its time. A
    /// password has no other.
    async fn another(&self, refused: &SecretString, error: SourceError) -> Result<SecretString> {
        match (&self.tokens, error) {
            (Some(tokens), SourceError::AuthNeeded(_)) => tokens.instead_of(refused, None).await,
            (_, error) => Err(error),
        }
    }

    /// A new connection, signed in.
    async fn open(&self) -> Result<Session> {
        self.sign_in(Session::connect(&self.config, &self.tls).await?).await
    }

    async fn sign_in(&self, mut session: Session) -> Result<Session> {
        let secret = self.secret().await?;
        match session.sign_in(&self.config, &secret).await {
            Ok(()) => Ok(session),
            Err(error) => {
                let secret = self.another(&secret, error).await?;
                Session::open(&self.config, &self.tls, &secret).await
            }
        }
    }

    /// The connection at hand when it still lives, else a new one.
    async fn ready(&self, at_hand: Option<Session>) -> Result<Session> {
        if let Some(mut session) = at_hand.filter(Session::usable) {
            if session.last_used.elapsed() < STALE {
                return Ok(session);
            }
            if matches!(timeout(Duration::from_secs(10), session.run("NOOP")).await, Ok(Ok(reply)) if reply.is_ok()) {
                return Ok(session);
            }
        }
        self.open().await
    }

    /// The mailboxes, as last read.
    async fn folders(&self, session: &mut Session) -> Result<Arc<Folders>> {
        let known = self.folders.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match known {
            Some(folders) => Ok(folders),
            None => self.read_folders(session).await,
        }
    }

    async fn read_folders(&self, session: &mut Session) -> Result<Arc<Folders>> {
        let folders = Arc::new(Folders::read(session).await?);
        *self.folders.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&folders));
        Ok(folders)
    }

    /// It is Gmail, by its name or, once connected, by its extension.
    fn has_labels(&self) -> bool {
        let told = || self.folders.lock().unwrap_or_else(PoisonError::into_inner).as_ref().is_some_and(|all| all.gmail);
        errors::is_google(&self.config.imap.host) || told()
    }

    fn forget_folders(&self) {
        *self.folders.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    async fn page(&self, reading: &mut Reading, scope: &str, since: Option<&Cursor>) -> Result<Page<UnifiedEmail>> {
        // A message that makes the server hang up is narrowed down: fewer messages each time, one at last.
        let failures = match reading.broke.get(scope) {
            Some((at, failures)) if at.as_ref() == since => *failures,
            _ => 0,
        };
        let at_most = (AT_MOST >> (3 * failures).min(usize::BITS - 1)).max(1);
        let give_up = failures >= GIVE_UP;
        let at_hand = reading.session.take();
        let mut old = at_hand.is_some();
        let mut session = self.ready(at_hand).await?;
        let mut fetching;
        let result = loop {
            let folders = self.folders(&mut session).await?;
            let mut pull = Pull {
                session: &mut session,
                memory: &mut reading.memory,
                folders: &folders,
                scope,
                own: &self.own,
                at_most,
                opened: false,
                fetching: false,
                give_up,
            };
            let result = pull.page(since).await;
            fetching = pull.fetching;
            // A connection that outlived the mailbox it had open, or the server's patience, is no news.
            if !old || pull.opened || !matches!(result, Err(SourceError::Transient(_))) {
                break result;
            }
            old = false;
            session = self.open().await?;
        };
        match &result {
            Err(SourceError::Transient(_)) if fetching => {
                reading.broke.insert(scope.to_owned(), (since.cloned(), failures + 1));
            }
            Err(_) => {}
            Ok(page) => {
                reading.broke.remove(scope);
                tracing::debug!(
                    fetched = page.upserts.len(),
                    poison = page.poison.len(),
                    flags = page.flags.len(),
                    removed = page.removed.len(),
                    more = page.more,
                    "pulled a page"
                );
            }
        }
        if let Some(selected) = &session.selected {
            let state = (selected.uidnext, selected.exists);
            self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(scope.to_owned(), state);
        }
        if session.usable() {
            reading.session = Some(session);
        }
        result
    }

    async fn watch(&self, session: &mut Session, scope: &str) -> Result<()> {
        if session.selected.as_ref().is_none_or(|selected| selected.name != scope) {
            let selected = session.select(scope, false, None).await?;
            let state = (selected.uidnext, selected.exists);
            let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner).get(scope).copied();
            // What came between the last pull and this connection would be told by nobody.
            if seen.is_some_and(|seen| seen != state) {
                return Ok(());
            }
        }
        loop {
            if session.can("IDLE") {
                if session.idle(IDLE).await? {
                    break;
                }
            } else {
                tokio::time::sleep(POLL).await;
                let before = session.selected.as_ref().map(|selected| selected.exists);
                session.run("NOOP").await?;
                let told = |selected: &session::Selected| {
                    !selected.changes.is_empty() || !selected.vanished.is_empty() || Some(selected.exists) != before
                };
                if session.selected.as_ref().is_none_or(told) {
                    break;
                }
            }
        }
        if let Some(selected) = session.selected.as_mut() {
            selected.changes.clear();
            selected.vanished.clear();
        }
        Ok(())
    }
}

#[async_trait]
impl Source for ImapSource {
    type Item = UnifiedEmail;
    type Op = MailOp;

    fn source_type(&self) -> SourceType {
        if errors::is_google(&self.config.imap.host) { SourceType::Gmail } else { SourceType::Imap }
    }

    fn capabilities(&self) -> Capabilities {
        let sends = self.config.smtp.is_some();
        Capabilities {
            live: true,
            send: sends,
            send_only: false,
            mark_read: true,
            star: true,
            move_items: true,
            labels: self.has_labels(),
            drafts: true,
            rsvp: sends,
            idempotent_send: false,
            on_demand: false,
            older: false,
            reply_window: None,
            by_number: false,
            pace: None,
            choices: false,
            typing: false,
            receipts: sends,
            reactions: inlet_model::Reactions::None,
            // Most servers stop at 25 MB on the wire, a third of which is the encoding.
            max_attachment: sends.then_some(18 * 1024 * 1024),
        }
    }

    async fn check(&self) -> Result<CheckReport> {
        Ok(self.do_check().await)
    }

    async fn scopes(&self) -> Result<Vec<Scope>> {
        let mut reading = self.reading.lock().await;
        let mut session = self.ready(reading.session.take()).await?;
        let folders = self.read_folders(&mut session).await;
        if session.usable() {
            reading.session = Some(session);
        }
        Ok(folders?.scopes())
    }

    async fn pull(&self, scope: &Scope, since: Option<&Cursor>) -> Result<Page<UnifiedEmail>> {
        let mut reading = self.reading.lock().await;
        self.page(&mut reading, &scope.remote, since).await
    }

    async fn wait(&self, scope: &Scope) -> Result<()> {
        let mut slot = self.waiting.lock().await;
        let mut session = match slot.take().filter(Session::usable) {
            Some(session) => session,
            None => self.open().await?,
        };
        let result = self.watch(&mut session, &scope.remote).await;
        if session.usable() {
            *slot = Some(session);
        }
        result
    }

    async fn fetch(&self, part: &PartRef, into: &mut dyn PartSink) -> Result<()> {
        let (uidvalidity, uid) = uid_of(&part.remote_id).ok_or_else(parts::gone)?;
        let mut reading = self.reading.lock().await;
        let mut session = self.ready(reading.session.take()).await?;
        let result = match session.select(&part.scope, false, None).await {
            Ok(selected) if selected.uidvalidity != uidvalidity => Err(parts::gone()),
            Ok(_) => parts::stream(&mut session, uid, part, into).await,
            Err(error) => Err(error),
        };
        if session.usable() {
            reading.session = Some(session);
        }
        result
    }

    fn plan(&self, key: &OpKey, intent: &Intent) -> Result<Option<MailOp>> {
        Ok(Some(match intent.clone() {
            Intent::Send(_) | Intent::Rsvp { .. } if self.config.smtp.is_none() => return Err(ops::cannot_send()),
            // Answering an invitation is sending a mail (RFC 6047).
            Intent::Send(message) | Intent::Rsvp { message, .. } => {
                MailOp::Submit(compose::compose(&self.config, key, &message)?)
            }
            Intent::SetFlags { targets, read, starred, answered } => {
                MailOp::SetFlags { targets, read, starred, answered }
            }
            Intent::Move { targets, to, role } => MailOp::Move { targets, to, role },
            Intent::Label { .. } if !self.has_labels() => return Err(ops::no_labels()),
            Intent::Label { targets, label, role, on } => MailOp::Label { targets, label, role, on },
            Intent::Expunge { targets } => MailOp::Expunge { targets },
            Intent::SaveDraft(draft) => {
                compose::draft(&self.config, key, &draft.message)?;
                MailOp::SaveDraft(draft)
            }
            Intent::DropDraft { targets } => MailOp::DropDraft { targets },
            Intent::Tick { .. } | Intent::React { .. } => return Ok(None),
        }))
    }

    async fn apply(&self, key: &OpKey, op: &MailOp) -> Result<Applied> {
        self.do_apply(key, op).await
    }

    async fn find_applied(&self, key: &OpKey, op: &MailOp) -> Result<Option<Applied>> {
        self.do_find(key, op).await
    }
}

impl MailSource for ImapSource {}

/// UIDVALIDITY and UID of a message.
fn uid_of(id: &RemoteId) -> Option<(u32, u32)> {
    let (uidvalidity, uid) = id.0.split_once(':')?;
    Some((uidvalidity.parse().ok()?, uid.parse().ok()?))
}
