//! What code hosts and trackers tell by themselves: events about me, as conversations.
//!
//! A repository or a project sends everything that happens in it; what is about me (I was asked to review, was
//! assigned or mentioned, somebody wrote about what is mine) becomes a message in the conversation of its issue
//! or pull request, with its link. The rest is counted. Nothing is asked of the platform and nothing written
//! there: no token is needed, and none could be lost.
//!
//! | room | what |
//! |---|---|
//! | [`github`], [`jira`] | what an event of theirs says |
//! | [`check`] | testing the connection |

mod check;
mod github;
mod jira;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use inlet_model::{
    AccountId, AnySource, Applied, Capabilities, Change, CheckReport, Cursor, EventQueue, HookConfig, Inbound, Intent,
    MessageOp, MessageSource, OpKey, Page, PartRef, PartSink, Party, Progress, Receipt, RemoteId, Result, Scope,
    ScopeRole, Secrets, Service, Source, SourceError, SourceType, Timestamp, UnifiedMessage,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::inbound::{Platform, Reception};

pub(crate) use github::said_at as github_said_at;
pub(crate) use jira::said_at as jira_said_at;

/// The scope that holds all conversations.
const SCOPE: &str = "events";
/// Events of one page.
const PAGE: usize = 200;

/// The events of one account.
struct Hooks {
    account: AccountId,
    config: HookConfig,
    reception: Reception,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    /// Where the last pull ended.
    at: At,
}

/// The account as a source.
///
/// # Errors
/// Those of [`Reception::new`].
pub(crate) fn open(
    account: AccountId,
    config: &HookConfig,
    secrets: Arc<dyn Secrets>,
    queue: Arc<dyn EventQueue>,
) -> Result<AnySource> {
    let platform = match config.service {
        Service::GitHub => Platform::GitHub,
        Service::Jira => Platform::Jira,
    };
    Ok(AnySource::Message(Arc::new(Hooks {
        account,
        reception: Reception::new(account, platform, &config.pushed(), secrets, queue)?,
        config: config.clone(),
        memory: Mutex::default(),
    })))
}

/// Where a pull ended, and what it met on the way.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct At {
    v: u8,
    /// The last event.
    seq: u64,
    /// Messages yielded.
    done: u64,
    /// Events that were about somebody else, or my own doing.
    others: u64,
    /// Events of kinds that Inlet does not know.
    unknown: u64,
}

impl At {
    fn parse(cursor: Option<&Cursor>) -> Result<Self> {
        let Some(cursor) = cursor else { return Ok(Self { v: 1, ..Self::default() }) };
        cursor.read_if(|at: &Self| at.v == 1)
    }
}

/// What an event comes to.
#[derive(Debug, PartialEq)]
enum Told {
    /// Something about me.
    Mine(Box<Said>),
    /// Something that was told before has changed.
    Changed(RemoteId, Change),
    /// About somebody else, or my own doing.
    Others,
    /// The platform asks whether anybody is there.
    Ping,
    /// A kind that Inlet does not know, by its name.
    Unknown(String),
}

/// Something about me.
#[derive(Clone, Debug, Default, PartialEq)]
struct Said {
    /// The platform's id, where it has one; else the event names itself.
    id: Option<String>,
    /// The issue or pull request.
    conversation: String,
    title: String,
    /// Who did it.
    by: Option<Party>,
    /// What was done, in one sentence.
    deed: String,
    /// What was written with it.
    text: String,
    link: String,
    at: Option<Timestamp>,
    edited_at: Option<Timestamp>,
}

impl Hooks {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What an event says, to whoever I am there.
    fn read(&self, body: &[u8]) -> Option<Told> {
        match self.config.service {
            Service::GitHub => github::read(&self.config.me, body),
            Service::Jira => jira::read(&self.config.me, body),
        }
    }
}

/// The id of an event without one: the same bytes are the same event.
fn named(body: &[u8]) -> String {
    Sha256::digest(body).iter().take(12).fold("event-".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

fn message(said: Said, body: &[u8], arrived: Timestamp) -> UnifiedMessage {
    let parts = [said.deed.as_str(), said.text.trim(), said.link.as_str()];
    UnifiedMessage {
        remote_id: RemoteId(said.id.unwrap_or_else(|| named(body))),
        conversation: said.conversation,
        title: Some(said.title),
        members: Vec::new(),
        sender: said.by.unwrap_or_else(|| Party::named("Somebody", "")),
        from_me: false,
        sent_at: said.at.unwrap_or(arrived),
        edited_at: said.edited_at,
        deleted: false,
        event: false,
        text: parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n"),
        html: None,
        reply_to: None,
        reactions: Vec::new(),
        attachments: Vec::new(),
        read: false,
        starred: false,
        receipt: Receipt::None,
        client_key: None,
    }
}

#[async_trait]
impl Source for Hooks {
    type Item = UnifiedMessage;
    type Op = MessageOp;

    fn source_type(&self) -> SourceType {
        match self.config.service {
            Service::GitHub => SourceType::GitHub,
            Service::Jira => SourceType::Jira,
        }
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { live: true, ..Capabilities::default() }
    }

    async fn check(&self) -> Result<CheckReport> {
        Ok(self.report().await)
    }

    async fn scopes(&self) -> Result<Vec<Scope>> {
        self.reception.even().await?;
        Ok(vec![Scope {
            remote: SCOPE.to_owned(),
            name: self.config.service.name().to_owned(),
            role: ScopeRole::Chat,
            pulled: true,
            live: true,
        }])
    }

    async fn pull(&self, _scope: &Scope, since: Option<&Cursor>) -> Result<Page<UnifiedMessage>> {
        let mut at = At::parse(since)?;
        let events = self.reception.queue().read(at.seq, PAGE).await?;
        let mut page = Page::empty(Cursor::default());
        for event in &events {
            at.seq = event.seq;
            let poison = |reason: String| (RemoteId(format!("event-{}", event.seq)), reason);
            let body = match &event.what {
                Inbound::Body(body) => body,
                // The engine says it of the source.
                Inbound::Gap { .. } => continue,
            };
            match self.read(body) {
                Some(Told::Mine(said)) => page.upserts.push(message(*said, body, event.at)),
                Some(Told::Changed(id, change)) => page.changes.push((id, change)),
                Some(Told::Others) => at.others += 1,
                Some(Told::Ping) => {}
                Some(Told::Unknown(kind)) => {
                    at.unknown += 1;
                    let kind: String = kind.chars().take(60).collect();
                    let name = self.config.service.name();
                    page.poison
                        .push(poison(format!("{name} told of \"{kind}\", which Inlet keeps and does not show.")));
                }
                None => {
                    at.unknown += 1;
                    let name = self.config.service.name();
                    page.poison.push(poison(format!("An event of {name} cannot be read; it is kept.")));
                }
            }
        }
        at.done += page.upserts.len() as u64;
        page.more = events.len() == PAGE;
        if since.is_none() || !events.is_empty() {
            page.progress = Some(Progress { done: at.done, total: None, since: None, complete: !page.more });
        }
        page.next = Cursor::of(&at);
        let mut memory = self.memory();
        if memory.at.seq <= at.seq {
            memory.at = at;
        }
        Ok(page)
    }

    async fn wait(&self, _scope: &Scope) -> Result<()> {
        let after = self.memory().at.seq;
        self.reception.wait(after).await
    }

    async fn fetch(&self, _part: &PartRef, _into: &mut dyn PartSink) -> Result<()> {
        Err(SourceError::Permanent("An event has no files: open its link.".to_owned()))
    }

    fn plan(&self, _key: &OpKey, intent: &Intent) -> Result<Option<MessageOp>> {
        match intent {
            Intent::Send(_) => Err(SourceError::Permanent(format!(
                "Inlet only reads what {} tells: answer there, by the link.",
                self.config.service.name()
            ))),
            // What was read, starred or put away is so on this computer.
            _ => Ok(None),
        }
    }

    async fn apply(&self, _key: &OpKey, _op: &MessageOp) -> Result<Applied> {
        Err(SourceError::Permanent("Nothing is written there.".to_owned()))
    }

    async fn find_applied(&self, _key: &OpKey, _op: &MessageOp) -> Result<Option<Applied>> {
        Ok(None)
    }
}

impl MessageSource for Hooks {}

/// Whether a text mentions somebody by this mark, such as `@octocat`: not as a part of a longer word.
fn mentions(text: &str, mark: &str, part_of_name: fn(char) -> bool) -> bool {
    if mark.len() < 2 {
        return false;
    }
    let (text, mark) = (text.to_lowercase(), mark.to_lowercase());
    text.match_indices(&mark).any(|(at, found)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let behind = text.get(at + found.len()..).and_then(|behind| behind.chars().next());
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_') && !behind.is_some_and(part_of_name)
    })
}
