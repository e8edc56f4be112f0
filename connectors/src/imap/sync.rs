//! One page of one mailbox: what is new, what is older, what changed, what went.
//!
//! The ladder (RFC 7162): a server with QRESYNC tells changes and removals as the mailbox is opened;
//! one with CONDSTORE tells changes on request; of one with neither, flags are compared window by
//! window. On every rung removals are checked by counting: when the mailbox is complete and does not
//! hold as many messages as were fetched, the page lists all that are there and the engine sees what
//! is not. So no server can lose a removal by not telling it.

use std::collections::{BTreeMap, BTreeSet};

use inlet_model::{Cursor, FlagChange, Page, Progress, RemoteId, Result, SourceError, UnifiedEmail};

use super::{
    bodies::Context,
    cursor::Position,
    errors,
    folders::Folders,
    plan::Plan,
    session::{Selected, Session},
};

/// Messages of a window whose flags are compared.
const WINDOW: u32 = 1_000;
/// Older windows looked at in one pull, beside the newest two.
const OLDER_WINDOWS: u32 = 6;
/// UIDs the server may report as gone one by one; more, and they are counted instead.
const MAX_VANISHED: u64 = 500_000;

/// What one connection remembers between the pages of a mailbox.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) plan: Option<Plan>,
    /// The position the last page ended at, when more was to follow.
    chain: Option<(String, Position)>,
}

/// A page in the making.
pub(super) struct Pull<'a> {
    pub(super) session: &'a mut Session,
    pub(super) memory: &'a mut Memory,
    pub(super) folders: &'a Folders,
    pub(super) scope: &'a str,
    pub(super) own: &'a [String],
    /// Most messages to fetch: fewer after the connection broke at this place.
    pub(super) at_most: usize,
    /// The server has opened the mailbox: what fails from here on is not the fault of an old connection.
    pub(super) opened: bool,
    /// Messages are being fetched: what breaks now may be their fault.
    pub(super) fetching: bool,
    /// One message alone broke the connection again and again: it is left out.
    pub(super) give_up: bool,
}

impl Pull<'_> {
    /// The next page.
    pub(super) async fn page(&mut self, since: Option<&Cursor>) -> Result<Page<UnifiedEmail>> {
        let since = since.map(Position::read).transpose()?;
        let chained = self.memory.chain.take().is_some_and(|(scope, position)| {
            scope == self.scope
                && Some(&position) == since.as_ref()
                && self.session.selected.as_ref().is_some_and(|selected| selected.name == scope && !selected.grew)
        });
        if !chained {
            let known = since.as_ref().and_then(|position| Some((position.uidvalidity, position.modseq?)));
            self.session.select(self.scope, false, known).await?;
        }
        self.opened = true;
        let (uidvalidity, modseq) = self.selected(|selected| (selected.uidvalidity, selected.modseq))?;
        let uidnext = self.uidnext().await?;
        let mut position = match since {
            Some(position) if position.uidvalidity != uidvalidity || position.next > uidnext => {
                return Err(SourceError::CursorExpired);
            }
            Some(position) => position,
            None => Position::start(uidvalidity),
        };
        let context = Context { scope: self.scope, uidvalidity, folders: self.folders, own: self.own };

        let mut news = News::default();
        if !chained {
            self.changes(&mut position, modseq, &context, &mut news).await?;
            position.modseq = modseq;
        }
        self.drain(&mut position, &context, &mut news)?;

        position.extend(uidnext);
        let batch = self.batch(&mut position).await?;
        let (upserts, poison) = if self.give_up && batch.len() == 1 {
            let reason = "The server breaks off whenever this message is asked for.".to_owned();
            (Vec::new(), batch.iter().map(|(uid, _)| (context.remote_id(*uid), reason.clone())).collect())
        } else {
            self.fetching = true;
            let fetched = context.fetch(self.session, &batch).await?;
            self.fetching = false;
            fetched
        };
        if let Some((lowest, _)) = batch.last() {
            position.fetched_down_to(*lowest);
            position.known = position.known.saturating_add(u32::try_from(batch.len()).unwrap_or(u32::MAX));
            self.close_exhausted(&mut position);
        }
        let oldest = upserts.iter().filter_map(|email| email.received_at).min();
        if position.gaps.len() <= 1 && oldest.is_some() {
            position.since = oldest;
        }
        self.drain(&mut position, &context, &mut news)?;

        if modseq.is_none() && position.fresh && position.complete() {
            // What the flags are now is what the next pull compares with.
            self.compare_windows(&mut position, &context, &mut news, u32::MAX).await?;
        }
        let present = if position.complete() { self.count(&mut position, &context).await? } else { None };
        let more = !position.complete();
        let exists = self.selected(|selected| selected.exists)?;
        let progress = Progress {
            done: u64::from(position.known.min(exists)),
            total: Some(u64::from(exists)),
            since: position.since.filter(|_| more),
            complete: !more,
        };
        let next = position.to_cursor();
        self.memory.chain = more.then(|| (self.scope.to_owned(), position));
        Ok(Page {
            upserts,
            flags: news.flags.into_values().collect(),
            changes: Vec::new(),
            receipts: Vec::new(),
            removed: news.removed.into_iter().map(|uid| context.remote_id(uid)).collect(),
            present,
            poison,
            warnings: Vec::new(),
            moved: Vec::new(),
            next,
            more,
            progress: Some(progress),
        })
    }

    pub(super) fn selected<T>(&self, read: impl FnOnce(&Selected) -> T) -> Result<T> {
        self.session.selected.as_ref().map(read).ok_or_else(errors::closed)
    }

    /// UIDNEXT, or what it must be where the server keeps it to itself.
    async fn uidnext(&mut self) -> Result<u32> {
        let (told, exists) = self.selected(|selected| (selected.uidnext, selected.exists))?;
        if let Some(uidnext) = told {
            return Ok(uidnext);
        }
        if exists == 0 {
            return Ok(1);
        }
        let reply = self.session.run("UID FETCH * (UID)").await?.ok("list its messages")?;
        Ok(reply.fetched.iter().filter_map(|fetched| fetched.uid).max().map_or(1, |uid| uid.saturating_add(1)))
    }

    /// Asks for the changes since the last pull, rung by rung. The first rung has answered already,
    /// as the mailbox was opened.
    async fn changes(
        &mut self,
        position: &mut Position,
        modseq: Option<u64>,
        context: &Context<'_>,
        news: &mut News,
    ) -> Result<()> {
        if position.known == 0 {
            return Ok(());
        }
        match (position.modseq, modseq) {
            (Some(_), Some(_)) if self.session.has_qresync() => Ok(()),
            (Some(before), Some(now)) if before == now => Ok(()),
            (Some(before), Some(_)) => {
                let labels = if self.folders.gmail { " X-GM-LABELS" } else { "" };
                let last = position.next - 1;
                let command = format!("UID FETCH 1:{last} (UID FLAGS{labels}) (CHANGEDSINCE {before})");
                self.session.run(&command).await?.ok("tell what changed")?;
                Ok(())
            }
            _ => self.compare_windows(position, context, news, OLDER_WINDOWS).await,
        }
    }

    /// The third rung: flags by windows of sequence numbers, the newest two in every pull and some of
    /// the older ones in turn. A window whose digest is the one of last time is not reported.
    async fn compare_windows(
        &mut self,
        position: &mut Position,
        context: &Context<'_>,
        news: &mut News,
        older_windows: u32,
    ) -> Result<()> {
        let exists = self.selected(|selected| selected.exists)?;
        let count = exists.div_ceil(WINDOW);
        position.digests.resize(count as usize, 0);
        let older = count.saturating_sub(2);
        let mut windows: BTreeSet<u32> = (older..count).collect();
        for _ in 0..older_windows.min(older) {
            windows.insert(position.sweep % older);
            position.sweep = (position.sweep + 1) % older;
        }
        let labels = if self.folders.gmail { " X-GM-LABELS" } else { "" };
        for window in windows {
            let (first, last) = (window * WINDOW + 1, ((window + 1) * WINDOW).min(exists));
            let reply = self.session.run(&format!("FETCH {first}:{last} (UID FLAGS{labels})")).await?;
            let reply = reply.ok("tell the flags of its messages")?;
            // What was asked for is no news to be reported a second time.
            if let Some(selected) = self.session.selected.as_mut() {
                selected.changes.clear();
            }
            let mut digest = Fnv::default();
            let mut changes = Vec::with_capacity(reply.fetched.len());
            for fetched in reply.fetched.iter().filter(|fetched| fetched.flags.is_some()) {
                let Some(uid) = fetched.uid else { continue };
                let change = context.change(uid, fetched);
                digest.add(uid, &change);
                changes.push((uid, change));
            }
            let Some(before) = position.digests.get_mut(window as usize) else {
                continue;
            };
            if *before != digest.0 {
                *before = digest.0;
                news.flags.extend(changes.into_iter().filter(|(uid, _)| position.holds(*uid)));
            }
        }
        Ok(())
    }

    /// Moves what the server told on its own into the page, as far as the engine knows the messages.
    fn drain(&mut self, position: &mut Position, context: &Context<'_>, news: &mut News) -> Result<()> {
        let selected = self.session.selected.as_mut().ok_or_else(errors::closed)?;
        for attributes in std::mem::take(&mut selected.changes) {
            if let Some(uid) = attributes.uid.filter(|uid| position.holds(*uid)) {
                news.flags.insert(uid, context.change(uid, &attributes));
            }
        }
        let vanished = std::mem::take(&mut selected.vanished);
        let known = |range: &std::ops::RangeInclusive<u32>| *range.start()..=(*range.end()).min(position.next - 1);
        let count: u64 =
            vanished.iter().map(|range| u64::from(known(range).end().saturating_sub(*range.start())) + 1).sum();
        if count > MAX_VANISHED {
            // Some servers report every number that was ever free: then counting tells.
            position.known = u32::MAX;
            return Ok(());
        }
        let gone: Vec<u32> = vanished.iter().flat_map(known).filter(|uid| position.holds(*uid)).collect();
        for uid in gone {
            news.flags.remove(&uid);
            if news.removed.insert(uid) {
                position.known = position.known.saturating_sub(1);
            }
        }
        Ok(())
    }

    /// All there is, when the numbers say that something went or nobody has looked yet.
    async fn count(&mut self, position: &mut Position, context: &Context<'_>) -> Result<Option<Vec<RemoteId>>> {
        let exists = self.selected(|selected| selected.exists)?;
        if !position.fresh && position.known == exists {
            return Ok(None);
        }
        let found = if exists == 0 {
            Vec::new()
        } else {
            let reply = self.session.run("UID SEARCH ALL").await?.ok("list its messages")?.whole()?;
            let mut found = reply.found;
            found.sort_unstable();
            found.dedup();
            found
        };
        // An answer with holes would delete what it leaves out: then rather the next pull asks again.
        if found.len() != self.selected(|selected| selected.exists as usize)? {
            position.known = u32::MAX;
            return Ok(None);
        }
        let held = found.iter().filter(|uid| position.holds(**uid)).count();
        position.known = u32::try_from(held).unwrap_or(u32::MAX);
        position.fresh = false;
        Ok(Some(found.into_iter().map(|uid| context.remote_id(uid)).collect()))
    }
}

/// Changes of a page, the last word on each message.
#[derive(Default)]
struct News {
    flags: BTreeMap<u32, FlagChange>,
    removed: BTreeSet<u32>,
}

/// FNV-1a: a digest that notices a change; nobody attacks it but the owner of the mailbox.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, uid: u32, change: &FlagChange) {
        let flags = change.flags;
        self.bytes(&uid.to_be_bytes());
        self.bytes(&[flags.read, flags.starred, flags.answered, flags.draft].map(u8::from));
        for name in change.also_in.iter().flatten() {
            self.bytes(name.as_bytes());
            self.bytes(&[0]);
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
