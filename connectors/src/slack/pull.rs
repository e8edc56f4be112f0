//! Pages of a conversation: what is new or changed on its newest page, its threads, and the past.

use std::{
    collections::{BTreeMap, HashSet},
    time::Duration,
};

use inlet_model::{Cursor, Page, Progress, RemoteId, Result, Scope, SourceError, UnifiedMessage};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::{
    Workspace,
    address::{self, BEGINNING, item},
    client::ask,
    cursor::{At, Held},
    message::{Names, Room, named, unified},
    pace::{
        CONVERSATIONS_HISTORY, CONVERSATIONS_INFO, CONVERSATIONS_MEMBERS, CONVERSATIONS_REPLIES, USERS_CONVERSATIONS,
        USERS_INFO, USERS_LIST,
    },
    rooms::{Known, Touched},
    wire::{Channel, Channels, MemberPage, Message, Messages, OneChannel, OneUser, Paged, User, UserPage},
};

/// Names and conversations that nobody mentions are read anew this seldom.
pub(super) const HOURS: Duration = Duration::from_secs(6 * 3600);
/// Messages of the page that is asked for in each round.
const NEWS: &str = "50";
/// As many are held of it.
const HELD: usize = 50;
/// Messages of a page of the past.
const PAST: &str = "100";
/// Messages of a conversation that are fetched unasked.
const EAGER: u64 = 500;
/// Pages of a list of people; whoever is not on them is asked for by name.
const PEOPLE_PAGES: usize = 5;
/// Pages of everything else: more than any workspace or thread has.
const PAGES: usize = 200;

/// A message as it came, and as it is read.
pub(super) type Row = (Value, Message);

/// What a pull gathers.
#[derive(Default)]
struct Catch {
    rows: Vec<Row>,
    removed: Vec<RemoteId>,
    poison: Vec<(RemoteId, String)>,
    newest: Option<String>,
    /// Times of the messages that were compared with what was held of them.
    compared: HashSet<String>,
}

/// A page of messages, the newest first.
struct Batch {
    rows: Vec<Row>,
    lowest: Option<String>,
    more: bool,
}

impl Workspace {
    /// Lists conversations, and whoever is in those that are named by their members.
    pub(super) async fn list(&self) -> Result<()> {
        let me = self.me().await?;
        let types = [("types", "public_channel,private_channel,mpim,im"), ("limit", "200")];
        let pages: Vec<Channels> = self.client.pages(ask(USERS_CONVERSATIONS, &types), PAGES).await?;
        let mut listed = HashSet::new();
        for value in pages.into_iter().flat_map(|page| page.channels) {
            let Ok(channel) = serde_json::from_value::<Channel>(value) else { continue };
            if !channel.id.is_empty() {
                let remote = channel.id.clone();
                self.rooms().take(&remote, Known::new(channel));
                listed.insert(remote);
            }
        }
        self.rooms().only(&listed);
        if self.people().stale() {
            self.list_people().await?;
        }
        let nameless = self.rooms().nameless();
        for remote in nameless {
            let options = [("channel", remote.as_str()), ("limit", "200")];
            let pages: Vec<MemberPage> = self.client.pages(ask(CONVERSATIONS_MEMBERS, &options), 1).await?;
            let ids = pages.into_iter().flat_map(|page| page.members).filter(|id| *id != me.id).collect();
            self.rooms().set_ids(&remote, ids);
        }
        let everybody = self.rooms().everybody();
        self.learn(everybody.iter().map(String::as_str)).await?;
        let people = self.people();
        self.rooms().name(|id| people.party(id, None));
        Ok(())
    }

    async fn list_people(&self) -> Result<()> {
        let pages: Vec<UserPage> = self.client.pages(ask(USERS_LIST, &[("limit", "200")]), PEOPLE_PAGES).await?;
        let mut people = self.people();
        for value in pages.into_iter().flat_map(|page| page.members) {
            if let Ok(user) = serde_json::from_value::<User>(value) {
                people.take(user);
            }
        }
        people.listed();
        Ok(())
    }

    /// Learns who these are.
    async fn learn<'a>(&self, ids: impl Iterator<Item = &'a str>) -> Result<()> {
        let missing = self.people().missing(ids);
        for id in missing {
            let found: Option<OneUser> = self.client.send_if_there(ask(USERS_INFO, &[("user", &id)])).await?;
            match found.filter(|found| !found.user.id.is_empty()) {
                Some(found) => self.people().take(found.user),
                None => self.people().stranger(&id),
            }
        }
        Ok(())
    }

    /// What is known of a conversation, and whether it may stand still.
    async fn visit(&self, remote: &str) -> Result<(Known, bool)> {
        if let Some(known) = self.rooms().visit(remote) {
            return Ok(known);
        }
        let channel = self.info(remote).await?;
        self.rooms().take(remote, Known::new(channel));
        self.rooms().visit(remote).map(|(known, _)| (known, false)).ok_or_else(gone)
    }

    async fn info(&self, remote: &str) -> Result<Channel> {
        let found: Option<OneChannel> =
            self.client.send_if_there(ask(CONVERSATIONS_INFO, &[("channel", remote)])).await?;
        found.map(|found| found.channel).ok_or_else(gone)
    }

    /// The next page of news.
    pub(super) async fn news(&self, scope: &Scope, since: Option<&Cursor>) -> Result<Page<UnifiedMessage>> {
        let mut at = At::parse(since)?;
        let remote = scope.remote.as_str();
        let (known, still) = self.visit(remote).await?;
        let (touched, begun) = (self.rooms().touched(remote), Instant::now());
        if let Some(since) = since.filter(|_| still && at.gap.is_none() && !behind(&at)) {
            return Ok(Page::empty(since.clone()));
        }
        let mut catch = Catch::default();
        let mut read = None;
        let mut seen = Touched::new();
        if let Some((above, below)) = at.gap.clone() {
            let bounds = [("oldest", above.as_str()), ("latest", below.as_str()), ("limit", PAST)];
            let batch = self.history(remote, &bounds, &mut catch).await?;
            at.gap = batch.lowest.clone().filter(|_| batch.more).map(|lowest| (above, lowest));
            self.whole(remote, batch, &mut catch).await?;
        } else if behind(&at) && touched.is_empty() {
            self.deeper(remote, &mut at, &mut catch).await?;
        } else {
            read = self.newest(remote, &mut at, &mut catch).await?;
            self.look_again(remote, &touched, &mut catch).await?;
            self.rooms().asked(remote, begun, catch.newest.as_deref());
            seen = touched;
        }
        let mut page = self.finish(scope, &known, at, catch, read).await?;
        self.rooms().pulled(remote, &seen);
        if since == Some(&page.next) {
            // Nothing has to be written down.
            page.progress = None;
        }
        Ok(page)
    }

    /// The next page of the past.
    pub(super) async fn past(&self, scope: &Scope, since: &Cursor) -> Result<Page<UnifiedMessage>> {
        let mut at = At::parse(Some(since))?;
        if at.complete || at.seen.is_none() {
            return Ok(Page::empty(since.clone()));
        }
        let (known, _) = self.visit(&scope.remote).await?;
        let mut catch = Catch::default();
        self.deeper(&scope.remote, &mut at, &mut catch).await?;
        let mut page = self.finish(scope, &known, at, catch, None).await?;
        page.more = false;
        Ok(page)
    }

    /// The newest page, against what was held of it. Until when I have read.
    async fn newest(&self, remote: &str, at: &mut At, catch: &mut Catch) -> Result<Option<String>> {
        let limit = if at.seen.is_some() { NEWS } else { PAST };
        let bounds = [("limit", limit)];
        let (batch, info) = tokio::try_join!(self.history(remote, &bounds, catch), self.info(remote))?;
        let Batch { rows, lowest, more } = batch;
        let seen = at.seen.clone();
        let mut held = BTreeMap::new();
        let mut threads = Vec::new();
        let there: HashSet<&str> = rows.iter().map(|(_, message)| message.ts.as_str()).collect();
        let reached = |ts: &String| !more || lowest.as_ref().is_some_and(|lowest| ts >= lowest);
        let gone = at.held.iter().filter(|(ts, _)| reached(ts) && !there.contains(ts.as_str()));
        catch.removed.extend(gone.map(|(_, held)| RemoteId(held.id.clone())));
        drop(there);
        let newest = rows.iter().map(|(_, message)| message.ts.clone()).max();
        for (raw, message) in rows {
            catch.compared.insert(message.ts.clone());
            let before = at.held.get(&message.ts);
            let new = seen.as_ref().is_none_or(|seen| message.ts > *seen);
            let digest = digest(&raw);
            let replied = before.and_then(|before| before.replied.clone());
            if message.reply_count > 0 && message.latest_reply > replied && (new || before.is_some()) {
                threads.push((message.ts.clone(), replied));
            }
            let changed = before.is_some_and(|before| before.digest != digest);
            if held.len() < HELD {
                let quiet = message.is_event() || self.is_me(&message);
                let id = item(remote, message.root(), &message.ts).0;
                held.insert(message.ts.clone(), Held { id, digest, replied: message.latest_reply.clone(), quiet });
            }
            if new || changed {
                catch.rows.push((raw, message));
            }
        }
        for (root, after) in threads {
            self.replies(remote, &root, after.as_deref(), catch).await?;
        }
        match (&seen, lowest) {
            (Some(seen), Some(lowest)) if more && lowest > *seen => at.gap = Some((seen.clone(), lowest)),
            (Some(_), _) => {}
            (None, lowest) => {
                at.complete = !more;
                at.from = lowest;
            }
        }
        at.held = held;
        catch.newest.clone_from(&newest);
        at.seen = newest.max(seen).or_else(|| Some(BEGINNING.to_owned()));
        Ok(info.last_read.filter(|read| !read.is_empty()))
    }

    /// A page of the past, with its threads.
    async fn deeper(&self, remote: &str, at: &mut At, catch: &mut Catch) -> Result<()> {
        let from = at.from.clone().unwrap_or_else(|| BEGINNING.to_owned());
        let batch = self.history(remote, &[("latest", from.as_str()), ("limit", PAST)], catch).await?;
        at.complete = !batch.more || batch.lowest.is_none();
        at.from = batch.lowest.clone().or(at.from.take());
        self.whole(remote, batch, catch).await
    }

    /// All of a page, with its threads.
    async fn whole(&self, remote: &str, batch: Batch, catch: &mut Catch) -> Result<()> {
        let threads = batch.rows.iter().filter(|(_, message)| message.reply_count > 0 && message.root().is_none());
        let threads: Vec<String> = threads.map(|(_, message)| message.ts.clone()).collect();
        catch.rows.extend(batch.rows);
        for root in threads {
            self.replies(remote, &root, None, catch).await?;
        }
        Ok(())
    }

    async fn history(&self, remote: &str, bounds: &[(&str, &str)], catch: &mut Catch) -> Result<Batch> {
        let mut options = vec![("channel", remote), ("include_all_metadata", "true")];
        options.extend(bounds);
        let found: Option<Messages> = self.client.send_if_there(ask(CONVERSATIONS_HISTORY, &options)).await?;
        let found = found.ok_or_else(gone)?;
        let more = found.has_more || found.next().is_some();
        let rows = rows(remote, found.messages, &mut catch.poison);
        let lowest = rows.iter().map(|(_, message)| message.ts.clone()).min();
        Ok(Batch { rows, lowest, more })
    }

    /// The answers in a thread, those after a time. Answers that were sent to the conversation as well
    /// come with its history.
    async fn replies(&self, remote: &str, root: &str, after: Option<&str>, catch: &mut Catch) -> Result<()> {
        let mut options = vec![("channel", remote), ("ts", root), ("include_all_metadata", "true"), ("limit", "200")];
        options.extend(after.map(|after| ("oldest", after)));
        let pages: Vec<Messages> = match self.client.pages(ask(CONVERSATIONS_REPLIES, &options), PAGES).await {
            Ok(pages) => pages,
            // It was taken away between the two requests.
            Err(SourceError::Permanent(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        let messages = pages.into_iter().flat_map(|page| page.messages).collect();
        let rows = rows(remote, messages, &mut catch.poison).into_iter().filter(|(_, message)| {
            let new = after.is_none_or(|after| message.ts.as_str() > after);
            message.root() == Some(root) && new && message.subtype.as_deref() != Some("thread_broadcast")
        });
        catch.rows.extend(rows);
        Ok(())
    }

    /// Messages the socket said something of, as they are now.
    async fn look_again(&self, remote: &str, touched: &Touched, catch: &mut Catch) -> Result<()> {
        for (ts, root) in touched {
            if catch.compared.contains(ts) || catch.rows.iter().any(|(_, message)| message.ts == *ts) {
                continue;
            }
            match self.one(remote, ts, root.as_deref(), catch).await? {
                Some(row) => catch.rows.push(row),
                None => catch.removed.push(item(remote, root.as_deref(), ts)),
            }
        }
        Ok(())
    }

    async fn one(&self, remote: &str, ts: &str, root: Option<&str>, catch: &mut Catch) -> Result<Option<Row>> {
        let bounds = [("oldest", ts), ("latest", ts), ("inclusive", "true"), ("limit", "1")];
        if root.is_none() {
            let batch = self.history(remote, &bounds, catch).await?;
            if let Some(row) = batch.rows.into_iter().find(|(_, message)| message.ts == ts) {
                return Ok(Some(row));
            }
        }
        // An answer is asked for by its thread, and where that is not known by itself.
        let mut options = vec![("channel", remote), ("ts", root.unwrap_or(ts)), ("include_all_metadata", "true")];
        options.extend([("oldest", ts), ("latest", ts), ("inclusive", "true"), ("limit", "2")]);
        let found: Option<Messages> = self.client.send_if_there(ask(CONVERSATIONS_REPLIES, &options)).await?;
        let found = found.map(|found| found.messages).unwrap_or_default();
        Ok(rows(remote, found, &mut catch.poison).into_iter().find(|(_, message)| message.ts == ts))
    }

    async fn finish(
        &self,
        scope: &Scope,
        known: &Known,
        mut at: At,
        catch: Catch,
        read: Option<String>,
    ) -> Result<Page<UnifiedMessage>> {
        let me = self.me().await?;
        self.learn(catch.rows.iter().flat_map(|(raw, message)| named(message, raw))).await?;
        let mut page = Page::empty(Cursor::default());
        page.flags = at.read_until(read);
        let title = known.title();
        let upserts: BTreeMap<String, UnifiedMessage> = {
            let (channels, sent) = (self.rooms().channels(), self.sent().clone());
            let people = self.people();
            let room = Room {
                channel: &scope.remote,
                title: title.as_deref(),
                members: &known.members,
                names: Names { people: &people, channels: &channels },
                me,
                read: at.read.as_deref(),
                sent: &sent,
            };
            let row = |(_, message): &Row| unified(message, &room);
            catch.rows.iter().map(row).map(|row| (row.remote_id.0.clone(), row)).collect()
        };
        at.note(upserts.values());
        at.done += upserts.len() as u64;
        page.flags.retain(|change| !upserts.contains_key(&change.remote_id.0));
        page.upserts = upserts.into_values().collect();
        page.removed = catch.removed;
        page.poison = catch.poison;
        page.more = at.gap.is_some() || behind(&at);
        page.progress = Some(Progress {
            done: at.done,
            total: None,
            since: at.from.as_deref().and_then(address::time),
            complete: at.complete,
        });
        page.next = Cursor::of(&at);
        Ok(page)
    }
}

/// More of the past is fetched unasked.
fn behind(at: &At) -> bool {
    at.seen.is_some() && !at.complete && at.done < EAGER
}

/// Rows that can be read; the others by whatever name they have.
fn rows(remote: &str, found: Vec<Value>, poison: &mut Vec<(RemoteId, String)>) -> Vec<Row> {
    let mut rows = Vec::with_capacity(found.len());
    for raw in found {
        match serde_json::from_value::<Message>(raw.clone()) {
            Ok(message) if address::time(&message.ts).is_some() => rows.push((raw, message)),
            _ => {
                let ts = raw.get("ts").and_then(Value::as_str).unwrap_or("?").to_owned();
                poison.push((item(remote, None, &ts), "This message of Slack cannot be read.".to_owned()));
            }
        }
    }
    rows
}

/// What tells a message from what it was. How its thread goes on is not part of it.
fn digest(raw: &Value) -> String {
    const THREAD: [&str; 8] = [
        "reply_count",
        "reply_users",
        "reply_users_count",
        "latest_reply",
        "subscribed",
        "last_read",
        "unread_count",
        "is_locked",
    ];
    let mut own = raw.clone();
    if let Some(fields) = own.as_object_mut() {
        // Its first answer makes a message the root of a thread, and says so with its own time.
        let root = fields.get("thread_ts") == fields.get("ts");
        let thread = |name: &str| THREAD.contains(&name) || (root && name == "thread_ts");
        fields.retain(|name, _| !thread(name));
    }
    let digest = Sha256::digest(own.to_string().as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn gone() -> SourceError {
    SourceError::Permanent("This conversation is no longer in Slack, or you are no longer in it.".to_owned())
}
