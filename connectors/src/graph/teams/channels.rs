//! Channels of teams, where an administrator consented to reading them.
//!
//! A channel lists its posts by their last change, with the answers inside, and takes no filter
//! (<https://learn.microsoft.com/graph/api/channel-list-messages>): news is read from the top until it
//! meets what is known. An answer names the post it stands under, and is sent there. Nothing tells what
//! has been read in a channel, so what was there at first counts as read, and the rest until it was read
//! here.

use inlet_model::{Page, RemoteId, Result, Scope, SourceError, Timestamp, UnifiedMessage};
use serde_json::Value;

use super::{
    Teams,
    address::Place,
    cursor::At,
    message::unified,
    pull::{ENUMS, TOP, gone, room},
    rooms::Known,
    wire::{self, Message},
};
use crate::graph::client::Collection;

/// Posts of a page with their answers.
struct Posts {
    /// Each with the id of the post it stands under.
    messages: Vec<(Option<String>, Message)>,
    poison: Vec<(RemoteId, String)>,
    /// The last change of the post that changed longest ago.
    lowest: Option<Timestamp>,
    next: Option<String>,
}

impl Teams {
    pub(super) async fn channel_news(
        &self,
        scope: &Scope,
        place: &Place,
        known: &Known,
        at: &mut At,
        page: &mut Page<UnifiedMessage>,
    ) -> Result<()> {
        let posts = self.posts(place, at.next.take()).await?;
        let top = posts.messages.iter().map(|(_, message)| message.modified()).max();
        let top = top.max(at.news.map(|(top, _)| top));
        let seen = at.seen;
        match seen {
            None => {
                at.seen = Some(top.unwrap_or(Timestamp::UNIX_EPOCH));
                at.read = at.seen;
                at.from = posts.lowest.or(at.seen);
                at.complete = posts.next.is_none();
                at.past.clone_from(&posts.next);
            }
            Some(seen) if posts.next.is_some() && posts.lowest.is_some_and(|lowest| lowest > seen) => {
                at.news = top.map(|top| (top, top));
                at.next.clone_from(&posts.next);
            }
            Some(seen) => {
                at.seen = Some(top.map_or(seen, |top| top.max(seen)));
                at.news = None;
            }
        }
        page.more = at.news.is_some();
        let room = room(scope, place, known, at.read);
        let new = posts.messages.iter().filter(|(_, message)| seen.is_none_or(|seen| message.modified() > seen));
        page.upserts.extend(new.map(|(root, message)| unified(message, root.as_deref(), &room)));
        page.poison = posts.poison;
        Ok(())
    }

    pub(super) async fn channel_past(
        &self,
        scope: &Scope,
        place: &Place,
        known: &Known,
        at: &mut At,
        page: &mut Page<UnifiedMessage>,
    ) -> Result<()> {
        let posts = self.posts(place, at.past.take()).await?;
        at.complete = posts.next.is_none();
        at.past.clone_from(&posts.next);
        at.from = posts.lowest.into_iter().chain(at.from).min();
        let room = room(scope, place, known, at.read);
        page.upserts.extend(posts.messages.iter().map(|(root, message)| unified(message, root.as_deref(), &room)));
        page.poison = posts.poison;
        Ok(())
    }

    /// A page of posts: where a link goes on, else the first; a link that has grown old leads there too.
    async fn posts(&self, place: &Place, link: Option<String>) -> Result<Posts> {
        let path = place.messages();
        let first = || self.graph.get(&path).query(&[("$top", TOP), ("$expand", "replies")]).prefer(ENUMS);
        let answer = match link {
            Some(link) => match self.graph.link(&link)?.prefer(ENUMS).send_if_there().await {
                Err(SourceError::Permanent(_) | SourceError::CursorExpired) => first().send_if_there().await?,
                answer => answer?,
            },
            None => first().send_if_there().await?,
        };
        let found: Collection<Value> = answer.ok_or_else(gone)?.json().await?;
        let (roots, poison) = wire::rows::<Message>(found.value);
        let mut posts = Posts {
            messages: Vec::new(),
            poison: poison.into_iter().map(|(id, why)| (RemoteId(place.item(None, &id)), why)).collect(),
            lowest: None,
            next: found.next,
        };
        for mut root in roots {
            let mut answers = std::mem::take(&mut root.replies);
            let mut more = root.more_replies.take();
            while let Some(link) = more {
                let found: Collection<Value> = self.graph.link(&link)?.prefer(ENUMS).send().await?.json().await?;
                answers.extend(found.value);
                more = found.next;
            }
            let (answers, poison) = wire::rows::<Message>(answers);
            posts.poison.extend(poison.into_iter().map(|(id, why)| (RemoteId(place.item(Some(&root.id), &id)), why)));
            let changed = answers.iter().map(Message::modified).fold(root.modified(), Ord::max);
            posts.lowest = Some(posts.lowest.map_or(changed, |lowest| lowest.min(changed)));
            let id = root.id.clone();
            posts.messages.push((None, root));
            posts.messages.extend(answers.into_iter().map(|answer| (Some(id.clone()), answer)));
        }
        Ok(posts)
    }
}
