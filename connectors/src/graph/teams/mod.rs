//! Chats and channels of Teams through Graph.
//!
//! Graph gives a person's own apps no feed of changes over all chats, and asks them not to poll
//! (<https://learn.microsoft.com/graph/api/resources/teams-api-overview#polling-requirements>). So this
//! source is asked when somebody looks: the list of chats, newest first and page by page, says by their last messages
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
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]
mod told_tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use inlet_model::{
    Applied, Capabilities, CheckReport, Cursor, Intent, Listing, MessageOp, MessageSource, OpKey, Page, PartRef,
    PartSink, Reactions, Result, Scope, Source, SourceError, SourceType, UnifiedMessage,
};
use serde_json::Value;
use tokio::sync::OnceCell;

use self::{
    address::{Address, Place},
    check::PERSONAL,
    people::Me,
    pull::gone,
    rooms::{Further, Known, Rooms, Standing},
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

    /// A page of the list of chats: all are listed, or as far as anything changed; now and then as far as anything is
    /// unread.
    async fn page(&self, from: Option<&Cursor>) -> Result<Listing> {
        let me = self.me().await?;
        let mut at: Further = match from {
            Some(from) => from.read()?,
            None => self.rooms().begin(),
        };
        let call = match at.link.take() {
            Some(link) => self.graph.link(&link)?,
            None => self.graph.get(&["me", "chats"]).query(&[
                ("$expand", "members,lastMessagePreview"),
                ("$orderby", "lastMessagePreview/createdDateTime desc"),
                ("$top", "50"),
            ]),
        };
        let found: Collection<Value> = call.send().await?.json().await?;
        let mut moved = false;
        let mut scopes = Vec::with_capacity(found.value.len());
        for chat in wire::rows::<Chat>(found.value).0.into_iter().filter(|chat| !chat.id.is_empty()) {
            let remote = chat.id.clone();
            let known = Known::chat(chat, me, at.listed);
            at.listed += 1;
            scopes.push(known.scope(&remote));
            moved |= self.rooms().take(&remote, known);
        }
        let goes_on = found.next.is_some()
            && (at.whole || moved || at.listed <= at.owed || {
                let looks = at.below > 0 && self.rooms().unread_below();
                at.below -= usize::from(looks);
                looks
            });
        if goes_on {
            self.rooms().goes_on(at.listed);
            at.link = found.next;
            return Ok(Listing { scopes, next: Some(Cursor::of(&at)), whole: false });
        }
        if at.whole {
            scopes.extend(self.list_channels(me).await?);
            self.rooms().only();
        }
        self.rooms().rest_stands_still();
        Ok(Listing { scopes, next: None, whole: at.whole })
    }

    async fn list_channels(&self, me: &Arc<Me>) -> Result<Vec<Scope>> {
        let mut scopes = Vec::new();
        if !self.channels {
            return Ok(scopes);
        }
        for team in self.named(&["me", "joinedTeams"]).await? {
            for channel in self.named(&["teams", &team.id, "channels"]).await? {
                let names = [&team, &channel].map(|one| one.display_name.clone().unwrap_or_default());
                let remote = format!("{}/{}", team.id, channel.id);
                let known = Known::channel(names.join(" › "), me);
                scopes.push(known.scope(&remote));
                self.rooms().take(&remote, known);
            }
        }
        Ok(scopes)
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

    /// How a place stands. One that was not listed is asked about by itself, and its stamp answers nothing.
    async fn visit(&self, scope: &str, name: &str, place: &Place) -> Result<Standing> {
        if let Some(standing) = self.rooms().visit(scope) {
            return Ok(standing);
        }
        let known = match place {
            Place::Chat(chat) => self.ask(chat).await?,
            Place::Channel { .. } => Known::channel(name.to_owned(), self.me().await?),
        };
        let mut rooms = self.rooms();
        rooms.take(scope, known);
        rooms.visit(scope).map(|standing| Standing { fresh: false, ..standing }).ok_or_else(gone)
    }

    /// What the rows of a place share: of a chat as it was listed, if that was lately, else it is asked about.
    async fn known(&self, scope: &str, name: &str, place: &Place) -> Result<Known> {
        let chat = match place {
            Place::Chat(chat) => chat,
            Place::Channel { .. } => return Ok(Known::channel(name.to_owned(), self.me().await?)),
        };
        if let Some(known) = self.rooms().known(scope) {
            return Ok(known);
        }
        let known = self.ask(chat).await?;
        self.rooms().hold(scope, known.clone());
        Ok(known)
    }

    async fn ask(&self, chat: &str) -> Result<Known> {
        let options = [("$expand", "members,lastMessagePreview")];
        let answer = self.graph.get(&["chats", chat]).query(&options).send_if_there().await?;
        Ok(Known::chat(answer.ok_or_else(gone)?.json().await?, self.me().await?, 0))
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
        self.rooms().forget_list();
        let mut all = Vec::new();
        let mut from = None;
        loop {
            let piece = self.page(from.as_ref()).await?;
            all.extend(piece.scopes);
            from = piece.next;
            if from.is_none() {
                return Ok(all);
            }
        }
    }

    async fn list(&self, from: Option<&Cursor>) -> Result<Listing> {
        self.page(from).await
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
