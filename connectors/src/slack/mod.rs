//! Slack: conversations of one workspace, read and written as a person by their own token.
//!
//! An app that a workspace made for itself may read as much as its maker does; one that is handed out to
//! everybody may read a conversation once a minute (<https://docs.slack.dev/apis/web-api/rate-limits>). So
//! the person makes an app of their own and pastes its token. Refused: one app for everybody, for that
//! limit; tokens taken from a browser, which Slack forbids; the old RTM interface, which new apps cannot
//! have.
//!
//! | | |
//! |---|---|
//! | [`client`], [`pace`], [`wire`] | requests, how fast they may be made, what comes back |
//! | [`rooms`], [`people`] | the conversations there are, and who is who |
//! | [`pull`], [`cursor`], [`address`] | pages of news and of the past |
//! | [`message`], [`blocks`], [`mrkdwn`], [`emoji`] | what a message says |
//! | [`live`] | being told at once |
//! | [`ops`] | sending, and marking as read |

mod address;
mod blocks;
mod check;
mod client;
mod cursor;
mod emoji;
mod live;
mod message;
mod mrkdwn;
mod ops;
mod pace;
mod people;
mod pull;
mod rooms;
mod wire;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests;

use std::{collections::HashMap, pin::pin, sync::Arc};

use async_trait::async_trait;
use futures::StreamExt;
use inlet_model::{
    AccountId, AnySource, Applied, Capabilities, CheckReport, Cursor, Intent, MessageOp, MessageSource, OpKey, Page,
    PartRef, PartSink, Reactions, Result, Scope, Secrets, SlackConfig, Source, SourceError, SourceType, UnifiedMessage,
};
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::{Notify, OnceCell};

use self::{
    client::{Client, ask},
    live::Keeper,
    pace::{AUTH_TEST, FILES_INFO, USERS_INFO},
    people::{Me, People},
    rooms::Rooms,
    wire::{Message, OneFile, OneUser, Who},
};

/// What a person is asked to allow (docs/connecting-slack.md says what for).
pub(crate) const SCOPES: &str = "channels:read,channels:history,channels:write,groups:read,groups:history,\
    groups:write,im:read,im:history,im:write,mpim:read,mpim:history,mpim:write,users:read,users:read.email,files:read,\
    files:write,reactions:read,reactions:write,chat:write";

/// The largest that is held in memory to be sent.
const MOST_HELD: u64 = 100_000_000;

/// The source of an account.
///
/// # Errors
/// [`SourceError::Permanent`] when its address is neither HTTPS nor on this machine.
pub(crate) fn open(account: AccountId, config: &SlackConfig, secrets: Arc<dyn Secrets>) -> Result<AnySource> {
    Ok(AnySource::Message(Arc::new(Slack::new(account, config, secrets)?)))
}

/// Slack of one account.
pub(super) struct Slack {
    workspace: Arc<Workspace>,
    keeper: Mutex<Option<Keeper>>,
}

/// What is known of a workspace, and the way to it.
struct Workspace {
    client: Client,
    me: OnceCell<Me>,
    rooms: Mutex<Rooms>,
    people: Mutex<People>,
    /// Keys of operations by the ids of the files they sent.
    sent: Mutex<HashMap<String, String>>,
    /// Something was heard at the socket.
    told: Notify,
}

impl Slack {
    fn new(account: AccountId, config: &SlackConfig, secrets: Arc<dyn Secrets>) -> Result<Self> {
        let workspace = Workspace {
            client: Client::new(account, config, secrets)?,
            me: OnceCell::new(),
            rooms: Mutex::default(),
            people: Mutex::default(),
            sent: Mutex::default(),
            told: Notify::new(),
        };
        Ok(Self { workspace: Arc::new(workspace), keeper: Mutex::new(None) })
    }
}

impl Workspace {
    async fn me(&self) -> Result<&Me> {
        self.me.get_or_try_init(|| self.who_am_i()).await
    }

    async fn who_am_i(&self) -> Result<Me> {
        let who: Who = self.client.send(ask(AUTH_TEST, &[])).await?;
        if who.user_id.is_empty() {
            return Err(SourceError::Permanent("Slack does not say whose token this is.".to_owned()));
        }
        let name = if who.team.is_empty() { who.user } else { who.team };
        Ok(Me { id: who.user_id, bot: who.bot_id.filter(|bot| !bot.is_empty()), team: name })
    }

    /// My address, or what I am called where the token may not see that.
    async fn handle(&self) -> String {
        let Ok(me) = self.me().await else { return String::new() };
        let found: Result<OneUser> = self.client.send(ask(USERS_INFO, &[("user", &me.id)])).await;
        if let Ok(found) = found {
            self.people().take(found.user);
        }
        self.people().party(&me.id, None).handle
    }

    /// I wrote it. Before anybody asked who I am, nobody has.
    fn is_me(&self, message: &Message) -> bool {
        self.me.get().is_some_and(|me| me.is(message.user.as_deref(), message.bot_id.as_deref()))
    }

    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.rooms.lock()
    }

    fn people(&self) -> MutexGuard<'_, People> {
        self.people.lock()
    }

    fn sent(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.sent.lock()
    }
}

#[async_trait]
impl Source for Slack {
    type Item = UnifiedMessage;
    type Op = MessageOp;

    fn source_type(&self) -> SourceType {
        SourceType::Slack
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            live: self.workspace.client.has_app_token(),
            send: true,
            mark_read: true,
            older: true,
            max_attachment: Some(MOST_HELD),
            reactions: Reactions::Many,
            ..Capabilities::default()
        }
    }

    async fn check(&self) -> Result<CheckReport> {
        Ok(self.workspace.report().await)
    }

    async fn scopes(&self) -> Result<Vec<Scope>> {
        self.workspace.list().await?;
        let live = self.workspace.client.has_app_token();
        Ok(self.workspace.rooms().scopes(live))
    }

    async fn pull(&self, scope: &Scope, since: Option<&Cursor>) -> Result<Page<UnifiedMessage>> {
        self.workspace.news(scope, since).await
    }

    async fn older(&self, scope: &Scope, since: &Cursor) -> Result<Page<UnifiedMessage>> {
        self.workspace.past(scope, since).await
    }

    async fn wait(&self, scope: &Scope) -> Result<()> {
        self.keeper.lock().get_or_insert_with(|| Keeper::start(Arc::clone(&self.workspace)));
        loop {
            let mut told = pin!(self.workspace.told.notified());
            told.as_mut().enable();
            if self.workspace.rooms().take_news(&scope.remote) {
                return Ok(());
            }
            told.await;
        }
    }

    async fn fetch(&self, part: &PartRef, into: &mut dyn PartSink) -> Result<()> {
        let gone = || SourceError::Permanent("This file is no longer in Slack.".to_owned());
        let options = [("file", part.part.as_str())];
        let found: Option<OneFile> = self.workspace.client.send_if_there(ask(FILES_INFO, &options)).await?;
        let file = found.ok_or_else(gone)?.file;
        let address = file.url_private_download.or(file.url_private).ok_or_else(gone)?;
        let mut chunks = self.workspace.client.file(&address).await?.bytes_stream();
        while let Some(chunk) = chunks.next().await {
            into.write(&chunk.map_err(|error| crate::http::failure(&error))?).await?;
        }
        Ok(())
    }

    fn plan(&self, _key: &OpKey, intent: &Intent) -> Result<Option<MessageOp>> {
        ops::plan(intent)
    }

    async fn prepare(&self, _key: &OpKey, op: &MessageOp) -> Result<Option<MessageOp>> {
        self.workspace.me().await?;
        self.workspace.prepared(op).await
    }

    async fn apply(&self, key: &OpKey, op: &MessageOp) -> Result<Applied> {
        self.workspace.me().await?;
        self.workspace.done(key, op).await
    }

    async fn find_applied(&self, key: &OpKey, op: &MessageOp) -> Result<Option<Applied>> {
        self.workspace.me().await?;
        self.workspace.found(key, op).await
    }
}

impl MessageSource for Slack {}
