//! The contract of a source: one trait, three families.
//!
//! A connector holds its connection and its tokens and nothing else. It never writes the store,
//! never sleeps and never retries: it reports, and the engine decides. Cancelling is dropping the
//! future. [`Source`] has two associated types so that a mail source cannot be handed a chat
//! operation; the engine, which treats all alike, sees them through [`DynSource`].

use std::{future::pending, sync::Arc};

use async_trait::async_trait;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use ts_rs::TS;

use crate::{
    Timestamp,
    error::{Result, SourceError},
    intent::{Applied, Intent, MailOp, MessageOp, NoteOp, OpKey},
    item::{Flags, Kind, Party, Receipt, Record, RemoteId, Storable, UnifiedEmail, UnifiedMessage, UnifiedNote},
    prepared::Template,
};

/// The platforms Inlet knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum SourceType {
    /// WhatsApp.
    WhatsApp,
    /// Microsoft Teams.
    Teams,
    /// Slack.
    Slack,
    /// Outlook mail.
    Outlook,
    /// Gmail.
    Gmail,
    /// Any other IMAP server.
    Imap,
    /// OneNote.
    OneNote,
    /// Mail imported from files.
    Files,
    /// GitHub, by a webhook.
    GitHub,
    /// Jira, by a webhook.
    Jira,
    /// A channel that only sends.
    Channel,
}

impl SourceType {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 11] = [
        Self::Gmail,
        Self::Outlook,
        Self::Imap,
        Self::WhatsApp,
        Self::Teams,
        Self::Slack,
        Self::OneNote,
        Self::Files,
        Self::GitHub,
        Self::Jira,
        Self::Channel,
    ];

    /// The word used in the store, in search (`source:`) and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WhatsApp => "whatsapp",
            Self::Teams => "teams",
            Self::Slack => "slack",
            Self::Outlook => "outlook",
            Self::Gmail => "gmail",
            Self::Imap => "imap",
            Self::OneNote => "onenote",
            Self::Files => "files",
            Self::GitHub => "github",
            Self::Jira => "jira",
            Self::Channel => "channel",
        }
    }

    /// The word of [`Self::as_str`] back to the platform.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == word)
    }

    /// The family it yields.
    pub fn kind(self) -> Kind {
        match self {
            Self::WhatsApp | Self::Teams | Self::Slack | Self::GitHub | Self::Jira | Self::Channel => Kind::Chat,
            Self::Outlook | Self::Gmail | Self::Imap | Self::Files => Kind::Mail,
            Self::OneNote => Kind::Note,
        }
    }
}

/// Which reactions to a message a platform takes from a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Reactions {
    /// None that another program gives.
    #[default]
    None,
    /// One at a time: another takes its place.
    One,
    /// As many as there are emoji.
    Many,
}

/// How fast one conversation takes messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Pace {
    /// So many at once after a rest.
    pub burst: u32,
    /// Seconds for each beyond that.
    pub seconds: u32,
}

/// What a source can do; the window offers nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Capabilities {
    /// [`Source::wait`] returns when something changed.
    pub live: bool,
    /// It can send.
    pub send: bool,
    /// Nothing comes from it and nobody answers there: rules and notifications tell things through it.
    #[serde(default)]
    pub send_only: bool,
    /// It keeps read and unread.
    pub mark_read: bool,
    /// It keeps stars.
    pub star: bool,
    /// It can move items between scopes, and so archive and delete.
    pub move_items: bool,
    /// An item can be in many scopes at once: they are labels, put on and taken off.
    #[serde(default)]
    pub labels: bool,
    /// It keeps drafts, which other programs of mine see and change.
    #[serde(default)]
    pub drafts: bool,
    /// It takes answers to invitations.
    #[serde(default)]
    pub rsvp: bool,
    /// Sending the same key twice has one effect.
    pub idempotent_send: bool,
    /// It is asked only when somebody looks at it or does something there: its platform allows no
    /// more without a person's word.
    #[serde(default)]
    pub on_demand: bool,
    /// [`Source::older`] fetches more of a scope's past than [`Source::pull`] does.
    #[serde(default)]
    pub older: bool,
    /// For so many hours after somebody wrote, one may write to them freely; later only what the platform
    /// approved beforehand ([`Source::templates`]).
    #[serde(default)]
    pub reply_window: Option<u32>,
    /// Somebody without a conversation may be written to by their number.
    #[serde(default)]
    pub by_number: bool,
    /// How fast a conversation takes messages, where the platform holds back somebody who writes faster.
    #[serde(default)]
    pub pace: Option<Pace>,
    /// It takes answers to choose from with a message ([`crate::Choices`]).
    #[serde(default)]
    pub choices: bool,
    /// It tells whoever is written to that somebody writes ([`Source::typing`]).
    #[serde(default)]
    pub typing: bool,
    /// What it sends may ask for a receipt, and what is reported of it is read.
    #[serde(default)]
    pub receipts: bool,
    /// It takes reactions.
    #[serde(default)]
    pub reactions: Reactions,
    /// Largest attachment in bytes; `None`: it takes none.
    #[ts(type = "number | null")]
    pub max_attachment: Option<u64>,
}

/// The outcome of testing a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckReport {
    /// Who the server says I am.
    pub identity: Option<String>,
    /// What the server says I am in, such as the name of a workspace.
    #[serde(default)]
    pub place: Option<String>,
    /// Each step in order; it ends with the first that failed for good.
    pub steps: Vec<CheckStep>,
}

impl CheckReport {
    /// Every step went well.
    pub fn ok(&self) -> bool {
        self.steps.iter().all(|step| step.ok)
    }
}

/// One step of testing a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckStep {
    /// What was tried, such as `Connect to imap.example.org:993`.
    pub name: String,
    /// It worked.
    pub ok: bool,
    /// What was seen.
    pub detail: String,
    /// What to do about it, when it did not work.
    pub fix: Option<String>,
}

impl CheckStep {
    /// It worked, and this was seen.
    pub fn passed(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { name: name.into(), ok: true, detail: detail.into(), fix: None }
    }

    /// It did not work: what was seen, and what to do about it.
    pub fn failed(name: impl Into<String>, detail: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { name: name.into(), ok: false, detail: detail.into(), fix: Some(fix.into()) }
    }
}

/// The part a scope plays (for mail RFC 6154).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ScopeRole {
    /// Where new things arrive.
    Inbox,
    /// Done.
    Archive,
    /// All mail (Gmail's `\All`): everything but junk and trash, whatever its labels.
    All,
    /// What I sent.
    Sent,
    /// What I am writing.
    Drafts,
    /// Deleted.
    Trash,
    /// Unwanted.
    Junk,
    /// A chat or channel.
    Chat,
    /// A channel that is switched on beside the chats of its source.
    Channel,
    /// A section of notes.
    Notes,
    /// A label beside the folders: what wears it stays where it is.
    Label,
    /// Any other folder or label.
    #[default]
    Other,
}

impl ScopeRole {
    /// The word used in the store and in search (`in:`).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Archive => "archive",
            Self::All => "all",
            Self::Sent => "sent",
            Self::Drafts => "drafts",
            Self::Trash => "trash",
            Self::Junk => "junk",
            Self::Chat => "chat",
            Self::Channel => "channel",
            Self::Notes => "notes",
            Self::Label => "label",
            Self::Other => "other",
        }
    }
}

/// A folder, chat or section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The platform's name for it, as later calls want it.
    pub remote: String,
    /// Name to show.
    pub name: String,
    /// Its role.
    pub role: ScopeRole,
    /// The engine pulls it. A label whose mails come through another scope is not pulled.
    pub pulled: bool,
    /// [`Source::wait`] is worth calling on it.
    pub live: bool,
}

/// Some of the scopes of a source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// Which, in the order they should be pulled.
    pub scopes: Vec<Scope>,
    /// Where the list goes on; `None`: it ends here.
    pub next: Option<Cursor>,
    /// It ends here, and what was on none of its pieces is gone. Otherwise what was not on it is as it was.
    pub whole: bool,
}

/// Where the last pull of a scope ended: JSON that the connector alone reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub serde_json::Value);

impl Cursor {
    /// A position, to be kept. What cannot be written is read back as none, and leads to a rescan.
    pub fn of(position: &impl Serialize) -> Self {
        Self(serde_json::to_value(position).unwrap_or_default())
    }

    /// The position as it was kept.
    ///
    /// # Errors
    /// [`SourceError::CursorExpired`] for what is none of that form.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        T::deserialize(&self.0).map_err(|_| SourceError::CursorExpired)
    }

    /// The same, where it has to be of a version, or say something else, to be gone on from.
    ///
    /// # Errors
    /// [`SourceError::CursorExpired`] for what is none of that form, or for which this does not hold.
    pub fn read_if<T: DeserializeOwned>(&self, holds: impl FnOnce(&T) -> bool) -> Result<T> {
        self.read().and_then(|at| if holds(&at) { Ok(at) } else { Err(SourceError::CursorExpired) })
    }
}

/// How far a scope has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Progress {
    /// Items seen so far.
    #[ts(type = "number")]
    pub done: u64,
    /// Items there are, when the platform says.
    #[ts(type = "number | null")]
    pub total: Option<u64>,
    /// Everything newer than this has been seen.
    #[ts(type = "string | null")]
    pub since: Option<Timestamp>,
    /// Nothing older is left to fetch.
    pub complete: bool,
}

/// An item changed its flags or labels and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagChange {
    /// Which.
    pub remote_id: RemoteId,
    /// Its flags now.
    pub flags: Flags,
    /// Its other scopes now, where the platform says.
    pub also_in: Option<Vec<String>>,
}

/// What happened to a message, told without the message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// Somebody's reaction is this one now; `None`: they took it back.
    Reacted {
        /// Who.
        by: Party,
        /// That is me.
        mine: bool,
        /// The emoji.
        emoji: Option<String>,
    },
    /// Its author wrote it anew.
    Edited {
        /// What it says now.
        text: String,
        /// When.
        at: Timestamp,
    },
    /// Its author took it back.
    Retracted,
    /// It is mine, and did not arrive.
    Failed {
        /// Why, and what to do, in one sentence.
        reason: String,
    },
    /// It is what an operation of mine made.
    Mine {
        /// The key of the operation.
        key: OpKey,
    },
}

/// Somebody is reached elsewhere from now on: they have changed their number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The conversation with them, as it was called until then.
    pub conversation: String,
    /// As it is called now.
    pub into: String,
    /// Who they were.
    pub from: Party,
    /// Who they are.
    pub to: Party,
    /// When.
    pub at: Timestamp,
}

/// Something is wrong with the account itself, as its platform says unasked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What is wrong, as the platform numbers it: the same again is no second warning.
    pub code: String,
    /// What it means and what to do, in one sentence.
    pub reason: String,
    /// When it was said.
    pub at: Timestamp,
}

/// What one pull yields.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// New or changed items.
    pub upserts: Vec<T>,
    /// Items whose flags changed.
    pub flags: Vec<FlagChange>,
    /// What happened to messages, in the order it did.
    pub changes: Vec<(RemoteId, Change)>,
    /// Messages of mine that have come further, where the platform tells that by itself.
    pub receipts: Vec<(RemoteId, Receipt)>,
    /// Items no longer in this scope.
    pub removed: Vec<RemoteId>,
    /// After a cursor expired: every id that is in the scope now, sent once with the last page of the
    /// rescan; what is not among them is gone.
    pub present: Option<Vec<RemoteId>>,
    /// Items that could not be read at all, each with the reason: recorded, never fatal.
    pub poison: Vec<(RemoteId, String)>,
    /// What is wrong with the account itself.
    pub warnings: Vec<Warning>,
    /// Who is reached elsewhere from now on, in the order they told.
    pub moved: Vec<Moved>,
    /// Pass this next time.
    pub next: Cursor,
    /// There is more: pull again at once.
    pub more: bool,
    /// How far the scope has come.
    pub progress: Option<Progress>,
}

impl<T> Page<T> {
    /// A page with nothing in it, at this cursor.
    pub fn empty(next: Cursor) -> Self {
        Self {
            upserts: Vec::new(),
            flags: Vec::new(),
            changes: Vec::new(),
            receipts: Vec::new(),
            removed: Vec::new(),
            present: None,
            poison: Vec::new(),
            warnings: Vec::new(),
            moved: Vec::new(),
            next,
            more: false,
            progress: None,
        }
    }
}

impl<T: Storable> Page<T> {
    fn into_records(self) -> RecordPage {
        Page {
            upserts: self.upserts.into_iter().map(Storable::into_record).collect(),
            flags: self.flags,
            changes: self.changes,
            receipts: self.receipts,
            removed: self.removed,
            present: self.present,
            poison: self.poison,
            warnings: self.warnings,
            moved: self.moved,
            next: self.next,
            more: self.more,
            progress: self.progress,
        }
    }
}

/// One part of one item: an attachment, or a body too large to come along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartRef {
    /// Remote name of the scope.
    pub scope: String,
    /// The item.
    pub remote_id: RemoteId,
    /// The part, as [`crate::AttachmentInfo::part`] named it; empty for the whole raw item.
    pub part: String,
}

/// Where the bytes of a part go.
#[async_trait]
pub trait PartSink: Send {
    /// Takes the next decoded bytes.
    ///
    /// # Errors
    /// What the file system says, as a permanent error.
    async fn write(&mut self, bytes: &[u8]) -> Result<()>;
}

#[async_trait]
impl PartSink for Vec<u8> {
    async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.extend_from_slice(bytes);
        Ok(())
    }
}

/// A source of items.
#[async_trait]
pub trait Source: Send + Sync {
    /// What it yields.
    type Item: Storable;
    /// What it accepts.
    type Op: Serialize + DeserializeOwned + Send + Sync + 'static;

    /// Its platform.
    fn source_type(&self) -> SourceType;

    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// Tests the connection: who am I, each step with its outcome. It succeeds even when a step
    /// fails; the report says so.
    async fn check(&self) -> Result<CheckReport>;

    /// Its folders, chats or sections, in the order they should be pulled.
    async fn scopes(&self) -> Result<Vec<Scope>>;

    /// The next piece of the list of them, from its beginning or from where the last piece said. The scopes of a piece
    /// are pulled before the next one is asked for, so that nobody has to hold thousands of them; and a list may end
    /// where nothing further down has changed. The default is all of them at once.
    async fn list(&self, _from: Option<&Cursor>) -> Result<Listing> {
        Ok(Listing { scopes: self.scopes().await?, next: None, whole: true })
    }

    /// The next page of a scope: newest first, older ones behind them, then what changed.
    /// `None` starts from nothing.
    async fn pull(&self, scope: &Scope, since: Option<&Cursor>) -> Result<Page<Self::Item>>;

    /// The next page of a scope's past, beyond what [`Self::pull`] fetches by itself: asked for by a
    /// person who scrolled there. The cursor is the scope's, and the next pull goes on from the one returned.
    async fn older(&self, _scope: &Scope, since: &Cursor) -> Result<Page<Self::Item>> {
        Ok(Page::empty(since.clone()))
    }

    /// Returns when the scope may have changed. The default never does.
    async fn wait(&self, _scope: &Scope) -> Result<()> {
        pending().await
    }

    /// Streams a part, decoded, into `into`.
    async fn fetch(&self, part: &PartRef, into: &mut dyn PartSink) -> Result<()>;

    /// One item with what [`Self::pull`] left out of it (`pending`), for a person who has opened it.
    /// `None`: it is not there any more.
    async fn complete(&self, _scope: &str, _item: &RemoteId) -> Result<Option<Self::Item>> {
        Err(SourceError::Permanent("There is nothing more of this to fetch.".to_owned()))
    }

    /// The messages that the platform has approved beforehand, for when it takes no other.
    async fn templates(&self) -> Result<Vec<Template>> {
        Ok(Vec::new())
    }

    /// Tells a conversation that an answer to this message is being written. It is forgotten there within
    /// seconds, so nobody tries again when it fails.
    async fn typing(&self, _conversation: &str, _answered: &RemoteId) -> Result<()> {
        Ok(())
    }

    /// The operation an intent becomes, frozen: the same bytes at every attempt. `None`: the
    /// platform need not know. No I/O.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] with a sentence when the platform cannot do it.
    fn plan(&self, key: &OpKey, intent: &Intent) -> Result<Option<Self::Op>>;

    /// A first step without effect on anybody else, such as making the draft that [`Self::apply`] will
    /// send. The operation it returns replaces the planned one and is kept before `apply` is called with
    /// it, so that a lost answer can be looked for by what was made. Repeating it does no harm.
    async fn prepare(&self, _key: &OpKey, _op: &Self::Op) -> Result<Option<Self::Op>> {
        Ok(None)
    }

    /// Does it. After an error other than [`SourceError::Unknown`] nothing has happened.
    async fn apply(&self, key: &OpKey, op: &Self::Op) -> Result<Applied>;

    /// Looks whether an operation with this key has taken effect. `None`: no trace of it.
    async fn find_applied(&self, key: &OpKey, op: &Self::Op) -> Result<Option<Applied>>;
}

/// A source of chat messages.
pub trait MessageSource: Source<Item = UnifiedMessage, Op = MessageOp> {}
/// A source of mail.
pub trait MailSource: Source<Item = UnifiedEmail, Op = MailOp> {}
/// A source of notes.
pub trait NoteSource: Source<Item = UnifiedNote, Op = NoteOp> {}

/// Any source, by family.
#[derive(Clone)]
pub enum AnySource {
    /// Chat.
    Message(Arc<dyn MessageSource>),
    /// Mail.
    Mail(Arc<dyn MailSource>),
    /// Notes.
    Note(Arc<dyn NoteSource>),
}

impl AnySource {
    /// The same source, as the engine handles all of them.
    pub fn into_dyn(self) -> Arc<dyn DynSource> {
        match self {
            Self::Message(source) => Arc::new(Erased(source)),
            Self::Mail(source) => Arc::new(Erased(source)),
            Self::Note(source) => Arc::new(Erased(source)),
        }
    }
}

/// A page in row form.
pub type RecordPage = Page<Record>;

/// A source whose item and operation types are hidden: items are rows, operations JSON.
#[async_trait]
pub trait DynSource: Send + Sync {
    /// See [`Source::source_type`].
    fn source_type(&self) -> SourceType;
    /// See [`Source::capabilities`].
    fn capabilities(&self) -> Capabilities;
    /// See [`Source::check`].
    async fn check(&self) -> Result<CheckReport>;
    /// See [`Source::scopes`].
    async fn scopes(&self) -> Result<Vec<Scope>>;
    /// See [`Source::list`].
    async fn list(&self, from: Option<&Cursor>) -> Result<Listing>;
    /// See [`Source::pull`].
    async fn pull(&self, scope: &Scope, since: Option<&Cursor>) -> Result<RecordPage>;
    /// See [`Source::older`].
    async fn older(&self, scope: &Scope, since: &Cursor) -> Result<RecordPage>;
    /// See [`Source::wait`].
    async fn wait(&self, scope: &Scope) -> Result<()>;
    /// See [`Source::fetch`].
    async fn fetch(&self, part: &PartRef, into: &mut dyn PartSink) -> Result<()>;
    /// See [`Source::complete`].
    async fn complete(&self, scope: &str, item: &RemoteId) -> Result<Option<Record>>;
    /// See [`Source::plan`]; the operation as JSON.
    fn plan(&self, key: &OpKey, intent: &Intent) -> Result<Option<String>>;
    /// See [`Source::templates`].
    async fn templates(&self) -> Result<Vec<Template>>;
    /// See [`Source::typing`].
    async fn typing(&self, conversation: &str, answered: &RemoteId) -> Result<()>;
    /// See [`Source::prepare`]; the operation as JSON.
    async fn prepare(&self, key: &OpKey, op: &str) -> Result<Option<String>>;
    /// See [`Source::apply`].
    async fn apply(&self, key: &OpKey, op: &str) -> Result<Applied>;
    /// See [`Source::find_applied`].
    async fn find_applied(&self, key: &OpKey, op: &str) -> Result<Option<Applied>>;
}

struct Erased<S: ?Sized>(Arc<S>);

impl<S: Source + ?Sized> Erased<S> {
    fn decode(op: &str) -> Result<S::Op> {
        serde_json::from_str(op)
            .map_err(|error| SourceError::Permanent(format!("this operation cannot be read: {error}")))
    }

    fn encode(op: &S::Op) -> Result<String> {
        serde_json::to_string(op)
            .map_err(|error| SourceError::Permanent(format!("this operation cannot be written down: {error}")))
    }
}

#[async_trait]
impl<S: Source + ?Sized> DynSource for Erased<S> {
    fn source_type(&self) -> SourceType {
        self.0.source_type()
    }
    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }
    async fn check(&self) -> Result<CheckReport> {
        self.0.check().await
    }
    async fn scopes(&self) -> Result<Vec<Scope>> {
        self.0.scopes().await
    }
    async fn list(&self, from: Option<&Cursor>) -> Result<Listing> {
        self.0.list(from).await
    }
    async fn pull(&self, scope: &Scope, since: Option<&Cursor>) -> Result<RecordPage> {
        Ok(self.0.pull(scope, since).await?.into_records())
    }
    async fn older(&self, scope: &Scope, since: &Cursor) -> Result<RecordPage> {
        Ok(self.0.older(scope, since).await?.into_records())
    }
    async fn wait(&self, scope: &Scope) -> Result<()> {
        self.0.wait(scope).await
    }
    async fn fetch(&self, part: &PartRef, into: &mut dyn PartSink) -> Result<()> {
        self.0.fetch(part, into).await
    }
    async fn complete(&self, scope: &str, item: &RemoteId) -> Result<Option<Record>> {
        Ok(self.0.complete(scope, item).await?.map(Storable::into_record))
    }
    async fn templates(&self) -> Result<Vec<Template>> {
        self.0.templates().await
    }
    async fn typing(&self, conversation: &str, answered: &RemoteId) -> Result<()> {
        self.0.typing(conversation, answered).await
    }
    fn plan(&self, key: &OpKey, intent: &Intent) -> Result<Option<String>> {
        self.0.plan(key, intent)?.map(|op| Self::encode(&op)).transpose()
    }
    async fn prepare(&self, key: &OpKey, op: &str) -> Result<Option<String>> {
        self.0.prepare(key, &Self::decode(op)?).await?.map(|op| Self::encode(&op)).transpose()
    }
    async fn apply(&self, key: &OpKey, op: &str) -> Result<Applied> {
        self.0.apply(key, &Self::decode(op)?).await
    }
    async fn find_applied(&self, key: &OpKey, op: &str) -> Result<Option<Applied>> {
        self.0.find_applied(key, &Self::decode(op)?).await
    }
}
