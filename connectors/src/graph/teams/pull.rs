//! Pages of a chat: news above what was seen, the past below it.
//!
//! `$filter` is left out silently unless `$orderby` names the same property
//! (<https://learn.microsoft.com/graph/api/chat-list-messages>), so every row is looked at again.

use inlet_model::{Cursor, Page, Progress, RemoteId, Result, Scope, SourceError, Timestamp, UnifiedMessage};
use jiff::SignedDuration;
use serde_json::Value;

use super::{
    Teams,
    address::Place,
    cursor::At,
    message::{Room, unified},
    rooms::Known,
    wire::{self, Message},
};
use crate::graph::client::Collection;

/// Messages of one page: Graph gives no more.
pub(super) const TOP: &str = "50";
/// Chats whose newest messages are fetched unasked; of the others the last one, which the list brings.
pub(super) const EAGER: usize = 100;
/// Without it Graph writes `unknownFutureValue` for the types of newer messages.
pub(super) const ENUMS: &str = "include-unknown-enum-members";

/// Messages of a page between two bounds.
struct Batch {
    messages: Vec<Message>,
    poison: Vec<(RemoteId, String)>,
    /// The lowest on it, whether it was asked for or not.
    lowest: Option<Timestamp>,
    more: bool,
}

impl Teams {
    /// The next page of news.
    pub(super) async fn news(&self, scope: &Scope, since: Option<&Cursor>) -> Result<Page<UnifiedMessage>> {
        let mut at = At::parse(since)?;
        let place = Place::parse(&scope.remote);
        let standing = self.visit(&scope.remote, &scope.name, &place).await?;
        let moved = at.read_until(standing.read.or(at.read));
        let again = moved.is_none() && at.seen.is_some();
        let mut page = Page::empty(Cursor::default());
        page.flags = moved.unwrap_or_default();
        let still = match &place {
            Place::Chat(_) => standing.fresh && at.stamp == standing.stamp,
            Place::Channel { .. } => standing.fresh && self.rooms().asked_lately(&scope.remote),
        };
        if since.is_some() && still && at.news.is_none() && !again {
            page.next = Cursor::of(&at);
            return Ok(page);
        }
        let known = self.known(&scope.remote, &scope.name, &place).await?;
        let listed = since.is_none() && standing.fresh && known.rank >= EAGER;
        match &place {
            Place::Chat(_) if listed && known.is_empty() => at.complete = true,
            Place::Chat(_) if listed && known.preview.is_some() => {
                page.upserts.extend(known.preview.iter().map(|last| {
                    at.from = Some(last.created());
                    unified(last, None, &room(scope, &place, &known, at.read))
                }));
            }
            Place::Chat(_) => self.changed_since(scope, &place, &known, &mut at, again, &mut page).await?,
            Place::Channel { .. } => self.channel_news(scope, &place, &known, &mut at, &mut page).await?,
        }
        at.stamp = standing.stamp;
        self.finish(scope, at, page)
    }

    /// The next page of the past.
    pub(super) async fn past(&self, scope: &Scope, since: &Cursor) -> Result<Page<UnifiedMessage>> {
        let mut at = At::parse(Some(since))?;
        let place = Place::parse(&scope.remote);
        let known = self.known(&scope.remote, &scope.name, &place).await?;
        let mut page = Page::empty(since.clone());
        if at.complete {
            return Ok(page);
        }
        match (&place, at.from.filter(|_| at.seen.is_some())) {
            (Place::Channel { .. }, _) => self.channel_past(scope, &place, &known, &mut at, &mut page).await?,
            // Only its last message is here: the newest page is the past of that.
            (Place::Chat(_), None) => {
                self.changed_since(scope, &place, &known, &mut at, false, &mut page).await?;
            }
            (Place::Chat(_), Some(from)) => {
                // Two messages can have changed in one millisecond, and a page can end between them.
                let batch = self.changed(&place, None, Some(after(from))).await?;
                let Some(lowest) = batch.lowest else {
                    at.complete = true;
                    return self.finish(scope, at, page);
                };
                if lowest > after(from) {
                    return Err(SourceError::Transient(
                        "Microsoft gave newer messages in place of older ones; try again later.".to_owned(),
                    ));
                }
                at.from = Some(if lowest < from { lowest } else { before(from) });
                at.complete = !batch.more;
                take(batch, &room(scope, &place, &known, at.read), &mut page);
            }
        }
        self.finish(scope, at, page)
    }

    async fn changed_since(
        &self,
        scope: &Scope,
        place: &Place,
        known: &Known,
        at: &mut At,
        again: bool,
        page: &mut Page<UnifiedMessage>,
    ) -> Result<()> {
        let (lower, upper) = if again { (None, None) } else { (at.seen, at.news.map(|(_, below)| below)) };
        let batch = self.changed(place, lower, upper).await?;
        let newest = batch.messages.iter().map(Message::modified).max();
        let top = newest.max(at.news.map(|(top, _)| top));
        let lowest = batch.lowest;
        match (at.seen, lowest) {
            (None, _) => {
                at.seen = Some(top.unwrap_or(Timestamp::UNIX_EPOCH));
                at.from = lowest.or(at.seen);
                at.complete = !batch.more;
            }
            (Some(seen), Some(lowest)) if batch.more && lowest > seen => {
                let below = after(lowest);
                let below = if upper.is_some_and(|upper| below >= upper) { lowest } else { below };
                at.news = top.map(|top| (top, below));
            }
            (Some(seen), _) => {
                at.seen = Some(top.map_or(seen, |top| top.max(seen)));
                at.news = None;
            }
        }
        page.more = at.news.is_some();
        take(batch, &room(scope, place, known, at.read), page);
        Ok(())
    }

    /// Messages of a chat that changed after one time and before another, the newest first.
    async fn changed(&self, place: &Place, lower: Option<Timestamp>, upper: Option<Timestamp>) -> Result<Batch> {
        let bounds = [lower.map(|at| ("gt", at)), upper.map(|at| ("lt", at))];
        let bounds: Vec<String> =
            bounds.into_iter().flatten().map(|(is, at)| format!("lastModifiedDateTime {is} {}", millis(at))).collect();
        let filter = bounds.join(" and ");
        let mut options = vec![("$top", TOP), ("$orderby", "lastModifiedDateTime desc")];
        if !filter.is_empty() {
            options.push(("$filter", &filter));
        }
        let answer = self.graph.get(&place.messages()).prefer(ENUMS).query(&options).send_if_there().await?;
        let found: Collection<Value> = answer.ok_or_else(gone)?.json().await?;
        let (mut messages, poison) = wire::rows::<Message>(found.value);
        let lowest = messages.iter().map(Message::modified).min();
        let more = found.next.is_some() && lowest.is_some_and(|lowest| lower.is_none_or(|lower| lowest > lower));
        messages.retain(|message| {
            let at = message.modified();
            lower.is_none_or(|lower| at > lower) && upper.is_none_or(|upper| at < upper)
        });
        let poison = poison.into_iter().map(|(id, why)| (RemoteId(place.item(None, &id)), why)).collect();
        Ok(Batch { messages, poison, lowest, more })
    }

    /// Counts what a page brought and writes the position down.
    pub(super) fn finish(
        &self,
        scope: &Scope,
        mut at: At,
        mut page: Page<UnifiedMessage>,
    ) -> Result<Page<UnifiedMessage>> {
        at.note(&page.upserts);
        at.done += page.upserts.len() as u64;
        if let Some(newest) = page.upserts.iter().map(|message| message.sent_at).max() {
            self.rooms().came(&scope.remote, newest);
        }
        page.progress = Some(Progress { done: at.done, total: None, since: at.from, complete: at.complete });
        page.next = Cursor::of(&at);
        Ok(page)
    }
}

/// What rows of a place share.
pub(super) fn room<'a>(scope: &'a Scope, place: &'a Place, known: &'a Known, read: Option<Timestamp>) -> Room<'a> {
    Room { place, remote: &scope.remote, title: known.title.as_deref(), people: &known.people, read }
}

fn take(batch: Batch, room: &Room<'_>, page: &mut Page<UnifiedMessage>) {
    page.upserts.extend(batch.messages.iter().map(|message| unified(message, None, room)));
    page.poison.extend(batch.poison);
}

pub(super) fn gone() -> SourceError {
    SourceError::Permanent("This chat is no longer there, or you are no longer in it.".to_owned())
}

/// Graph's times have milliseconds.
fn millis(at: Timestamp) -> String {
    format!("{at:.3}")
}

fn after(at: Timestamp) -> Timestamp {
    at.checked_add(SignedDuration::from_millis(1)).unwrap_or(Timestamp::MAX)
}

fn before(at: Timestamp) -> Timestamp {
    at.checked_sub(SignedDuration::from_millis(1)).unwrap_or(Timestamp::MIN)
}
