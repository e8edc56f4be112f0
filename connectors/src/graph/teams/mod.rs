//! Chats and channels of Teams through Graph.
//!
//! Graph gives a person's own apps no feed of changes over all chats, and asks them not to poll
//! (<https://learn.microsoft.com/graph/api/resources/teams-api-overview#polling-requirements>). So this
//! source is asked when somebody looks: the list of chats, newest first, says by their last messages
//! which of them moved ([`rooms`]), those alone are asked for what changed ([`pull`]), and the past comes
//! when a person scrolls there. Refused: application permissions, which read everybody's chats, and the
//! services that Teams' own clients talk to.
//!
//! | | |
//! |---|---|
//! | [`rooms`] | which chats and channels there are, and which stand still |
//! | [`pull`], [`channels`], [`cursor`] | pages of news and of the past |
//! | [`message`], [`rich`], [`cards`], [`events`], [`people`] | what a message says |
//! | [`ops`] | sending, and marking as read |

mod address;
mod cards;
mod channels;
mod check;
mod cursor;
mod events;
mod message;
mod ops;
mod people;
mod pull;
mod rich;
mod rooms;
mod wire;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod replay_tests;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use inlet_model::{
    Applied, Capabilities, CheckReport, Cursor, Intent, MessageOp, MessageSource, OpKey, Page, PartRef, PartSink,
    Reactions, Result, Scope, Source, SourceError, SourceType, UnifiedMessage,
};
use serde_json::Value;
use tokio::sync::OnceCell;

use self::{
    address::{Address, Place},
    check::PERSONAL,
    people::Me,
    pull::gone,
    rooms::{Known, Rooms},
    wire::{Chat, Named, User},
};
use super::client::{Collection, Graph};

/// Teams of one account.
pub(super) struct Teams {
    graph: Graph,
    /// Channels are read too.
    channels: bool,
    me: OnceCell<Arc<Me>>,
    rooms: Mutex<Rooms>,
}

impl Teams {
    /// Teams through this client.
    pub(super) fn new(graph: Graph, channels: bool) -> Self {
        Self { graph, channels, me: OnceCell::new(), rooms: Mutex::default() }
    }

    async fn me(&self) -> Result<&Arc<Me>> {
        self.me.get_or_try_init(|| self.who_am_i()).await
    }

    async fn who_am_i(&self) -> Result<Arc<Me>> {
        let fields = [("$select", "id,displayName,mail,userPrincipalName")];
        let user: User = self.graph.get(&["me"]).query(&fields).send().await?.json().await?;
        let me = Me::new(user);
        if me.is_personal() { Err(SourceError::Permanent(PERSONAL.to_owned())) } else { Ok(Arc::new(me)) }
    }

    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lists chats: all of them, or as far as anything changed; now and then as far as anything is unread.
    async fn list(&self) -> Result<()> {
        let me = self.me().await?;
        let whole = self.rooms().stale();
        let mut further = if whole { 0 } else { self.rooms().further() };
        let mut listed = HashSet::new();
        let mut call = self.graph.get(&["me", "chats"]).query(&[
            ("$expand", "members,lastMessagePreview"),
            ("$orderby", "lastMessagePreview/createdDateTime desc"),
            ("$top", "50"),
        ]);
        loop {
            let found: Collection<Value> = call.send().await?.json().await?;
            let mut moved = false;
            for chat in wire::rows::<Chat>(found.value).0.into_iter().filter(|chat| !chat.id.is_empty()) {
                let remote = chat.id.clone();
                let known = Known::chat(chat, me, listed.len());
                moved |= self.rooms().take(remote.clone(), known);
                listed.insert(remote);
            }
            match found.next {
                Some(next) if whole || moved => call = self.graph.link(&next)?,
                Some(next) if further > 0 && self.rooms().unread_below(&listed) => {
                    further -= 1;
                    call = self.graph.link(&next)?;
                }
                _ => break,
            }
        }
        if whole {
            self.list_channels(me, &mut listed).await?;
            self.rooms().only(&listed);
        }
        self.rooms().rest_stands_still();
        Ok(())
    }

    async fn list_channels(&self, me: &Arc<Me>, listed: &mut HashSet<String>) -> Result<()> {
        if !self.channels {
            return Ok(());
        }
        for team in self.named(&["me", "joinedTeams"]).await? {
            for channel in self.named(&["teams", &team.id, "channels"]).await? {
                let names = [&team, &channel].map(|one| one.display_name.clone().unwrap_or_default());
                let remote = format!("{}/{}", team.id, channel.id);
                let known = Known::channel(names.join(" › "), me, usize::MAX);
                self.rooms().take(remote.clone(), known);
                listed.insert(remote);
            }
        }
        Ok(())
    }

    async fn named(&self, path: &[&str]) -> Result<Vec<Named>> {
        let mut all = Vec::new();
        let mut call = self.graph.get(path);
        loop {
            let found: Collection<Value> = call.send().await?.json().await?;
            all.extend(wire::rows::<Named>(found.value).0.into_iter().filter(|one| !one.id.is_empty()));
            match found.next {
                Some(next) => call = self.graph.link(&next)?,
                None => return Ok(all),
            }
        }
    }

    /// What is known of a place, and whether nobody has asked since it was listed.
    async fn visit(&self, remote: &str, place: &Place) -> Result<(Known, bool)> {
        if let Some(known) = self.rooms().visit(remote) {
            return Ok(known);
        }
        let me = self.me().await?;
        let known = match place {
            Place::Chat(chat) => {
                let options = [("$expand", "members,lastMessagePreview")];
                let answer = self.graph.get(&["chats", chat]).query(&options).send_if_there().await?;
                Known::chat(answer.ok_or_else(gone)?.json().await?, me, 0)
            }
            Place::Channel { team, channel } => {
                let answer = self.graph.get(&["teams", team, "channels", channel]).send_if_there().await?;
                let channel: Named = answer.ok_or_else(gone)?.json().await?;
                Known::channel(channel.display_name.unwrap_or_default(), me, usize::MAX)
            }
        };
        let mut rooms = self.rooms();
        rooms.take(remote.to_owned(), known);
        // It was not listed, so its stamp answers nothing.
        rooms.visit(remote).map(|(known, _)| (known, false)).ok_or_else(gone)
    }
}

#[async_trait]
impl Source for Teams {
    type Item = UnifiedMessage;
    type Op = MessageOp;

    fn source_type(&self) -> SourceType {
        SourceType::Teams
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            send: true,
            mark_read: true,
            on_demand: true,
            older: true,
            reactions: Reactions::Many,
            ..Capabilities::default()
        }
    }

    async fn check(&self) -> Result<CheckReport> {
        Ok(self.report().await)
    }

    async fn scopes(&self) -> Result<Vec<Scope>> {
        self.list().await?;
        Ok(self.rooms().scopes())
    }

    async fn pull(&self, scope: &Scope, since: Option<&Cursor>) -> Result<Page<UnifiedMessage>> {
        self.news(scope, since).await
    }

    async fn older(&self, scope: &Scope, since: &Cursor) -> Result<Page<UnifiedMessage>> {
        self.past(scope, since).await
    }

    async fn fetch(&self, part: &PartRef, into: &mut dyn PartSink) -> Result<()> {
        let address = Address::parse(&part.remote_id.0)?;
        let mut path = address.path();
        path.extend(["hostedContents", part.part.as_str(), "$value"]);
        match self.graph.get(&path).send_if_there().await? {
            Some(answer) => answer.stream(into).await,
            None => Err(SourceError::Permanent("This picture is no longer in Teams.".to_owned())),
        }
    }

    fn plan(&self, _key: &OpKey, intent: &Intent) -> Result<Option<MessageOp>> {
        ops::plan(intent)
    }

    async fn prepare(&self, _key: &OpKey, op: &MessageOp) -> Result<Option<MessageOp>> {
        self.prepared(op).await
    }

    async fn apply(&self, _key: &OpKey, op: &MessageOp) -> Result<Applied> {
        self.done(op).await
    }

    async fn find_applied(&self, _key: &OpKey, op: &MessageOp) -> Result<Option<Applied>> {
        self.found(op).await
    }
}

impl MessageSource for Teams {}
