//! From a page of a source to rows: identity, threading, placement, and the person's own intent.
//!
//! One item is one row however many folders hold it. A mail joins the thread its references name;
//! only a reply without references joins by subject, and only among people who already talk in it.
//! What the person did here is not undone by a page that was read before the platform knew of it.

use std::collections::HashSet;

use inlet_model::{
    Capabilities, Change, Flags, ItemId, Kind, MailMeta, OpKey, Party, Receipt, Record, RecordPage, RemoteId, ScopeId,
    ScopeRole, SourceId, ThreadId, Timestamp,
};

use super::{
    Result, WriteTx, attachment, body, draft_copy, early, identity,
    item::{self, Derived, ItemRow},
    meeting, moved, placement, poison, reminder, report, scope,
    thread::{self, NewThread},
    warning,
};
use crate::{files::safe_name, text};

/// A page made ready off the writer's thread.
pub(crate) struct PackedPage {
    page: RecordPage,
    bodies: Vec<body::PackedBody>,
    derived: Vec<Derived>,
}

impl PackedPage {
    /// Compresses bodies and derives snippets. Takes a millisecond for a few mails: call it where
    /// blocking is allowed.
    pub(crate) fn pack(page: RecordPage) -> Result<Self> {
        let mut packer = body::Packer::new()?;
        let bodies = page.upserts.iter().map(|record| packer.pack(record)).collect::<Result<_>>()?;
        let derived = page.upserts.iter().map(derive).collect();
        Ok(Self { page, bodies, derived })
    }

    pub(crate) fn more(&self) -> bool {
        self.page.more
    }

    pub(crate) fn next(&self) -> &inlet_model::Cursor {
        &self.page.next
    }
}

/// The snippet of a record, and whether it asks something. A chat message without a word is told by its files.
pub(crate) fn derive(record: &Record) -> Derived {
    let own = text::own(&record.text);
    let mut snippet = text::snippet(&own, 200);
    let shared = || record.attachments.iter().filter(|file| !file.inline).map(|file| safe_name(&file.name));
    if snippet.is_empty() && record.kind == Kind::Chat && shared().next().is_some() {
        snippet = text::snippet(&format!("📎 {}", shared().collect::<Vec<_>>().join(", ")), 200);
    }
    Derived { asks: text::asks(&own), snippet, automatic: is_automatic(record) }
}

/// A list or a machine wrote it, by its own word (RFC 2369, RFC 2919, RFC 3834) or by an address
/// that takes no answer.
fn is_automatic(record: &Record) -> bool {
    let meta = &record.meta;
    let declared = meta.list_id.is_some() || meta.list_unsubscribe.is_some();
    let handle = record.from.as_ref().map(|from| from.handle.to_lowercase()).unwrap_or_default();
    let mailbox: String =
        handle.split('@').next().unwrap_or_default().chars().filter(|c| c.is_alphanumeric()).collect();
    let mute = ["noreply", "donotreply", "mailerdaemon"].iter().any(|word| mailbox.contains(word));
    meta.automatic || record.kind == Kind::Mail && (declared || mute)
}

/// What a page brought.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ingested {
    /// Items that were not here before and are not mine.
    pub(crate) arrived: Vec<ItemId>,
    pub(crate) stored: usize,
}

/// Writes a page of a scope, and the cursor after it, in one transaction.
pub(crate) fn page(
    tx: &WriteTx<'_>,
    source: SourceId,
    scope: ScopeId,
    packed: &PackedPage,
    pulled_at: Timestamp,
) -> Result<Ingested> {
    let page = &packed.page;
    let keeps = super::source::capabilities(tx.main, source)?;
    let mut ingest = Ingest { tx, source, scope, pulled_at, keeps, out: Ingested::default() };
    // Before what was written since, which is in the conversation of the new name.
    for one in &page.moved {
        moved::note(tx, source, one)?;
    }
    for ((record, body), derived) in page.upserts.iter().zip(&packed.bodies).zip(&packed.derived) {
        ingest.upsert(record, body, derived)?;
    }
    for change in &page.flags {
        ingest.flags(&change.remote_id, change.flags, change.also_in.as_deref())?;
    }
    for (remote_id, change) in &page.changes {
        ingest.change(remote_id, change)?;
    }
    for (remote_id, receipt) in &page.receipts {
        ingest.receipt(remote_id, *receipt)?;
    }
    for remote_id in &page.removed {
        ingest.removed(remote_id)?;
    }
    if let Some(present) = &page.present {
        let present: HashSet<&RemoteId> = present.iter().collect();
        for known in placement::remote_ids(tx, scope)? {
            if !present.contains(&known) {
                ingest.removed(&known)?;
            }
        }
    }
    if poison::any(tx.main, scope)? {
        ingest.readable(page)?;
    }
    for (remote_id, reason) in &page.poison {
        poison::note(tx, scope, remote_id, reason, pulled_at)?;
    }
    for one in &page.warnings {
        warning::note(tx, source, one)?;
    }
    early::forget(tx, pulled_at)?;
    scope::advance(tx, scope, &page.next, page.progress.as_ref())?;
    super::source::heard(tx, source, pulled_at)?;
    Ok(ingest.out)
}

/// Writes items that a person asked for out of turn; the scope stays where its pulls have come.
pub(crate) fn items(
    tx: &WriteTx<'_>,
    source: SourceId,
    scope: ScopeId,
    packed: &PackedPage,
    pulled_at: Timestamp,
) -> Result<()> {
    let keeps = super::source::capabilities(tx.main, source)?;
    let mut ingest = Ingest { tx, source, scope, pulled_at, keeps, out: Ingested::default() };
    for ((record, body), derived) in packed.page.upserts.iter().zip(&packed.bodies).zip(&packed.derived) {
        ingest.upsert(record, body, derived)?;
    }
    for remote_id in &packed.page.removed {
        ingest.removed(remote_id)?;
    }
    if poison::any(tx.main, scope)? {
        ingest.readable(&packed.page)?;
    }
    Ok(())
}

/// Puts a message of mine into its thread before the platform has it.
pub(crate) fn echo(
    tx: &WriteTx<'_>,
    source: SourceId,
    into: Option<ThreadId>,
    record: &Record,
    op: i64,
    sent: Option<ScopeId>,
) -> Result<(ItemId, ThreadId)> {
    let now = record.at;
    let keeps = super::source::capabilities(tx.main, source)?;
    let (scope, out) = (sent.unwrap_or(ScopeId(0)), Ingested::default());
    let ingest = Ingest { tx, source, scope, pulled_at: now, keeps, out };
    let thread = match into {
        Some(thread) => {
            item::note_refs(tx, source, &ids_of(record), thread)?;
            thread
        }
        None => ingest.thread_for(record)?,
    };
    let packed = body::Packer::new()?.pack(record)?;
    let body = body::insert(tx, &packed)?;
    let item = item::insert(tx, source, thread, record, &derive(record), body, Some(op))?;
    attachment::insert_all(tx, item, &record.attachments)?;
    meeting::note(tx, source, item, &record.meta)?;
    if let Some(sent) = sent {
        placement::provisional(tx, item, sent, op)?;
    }
    identity::note(tx, source, record)?;
    reminder::nudged(tx, thread, now)?;
    tx.touch(thread);
    Ok((item, thread))
}

struct Ingest<'a, 'tx> {
    tx: &'a WriteTx<'tx>,
    source: SourceId,
    scope: ScopeId,
    pulled_at: Timestamp,
    /// What the platform keeps itself.
    keeps: Capabilities,
    out: Ingested,
}

impl Ingest<'_, '_> {
    fn upsert(&mut self, record: &Record, packed: &body::PackedBody, derived: &Derived) -> Result<()> {
        let tx = self.tx;
        let known = match item::by_stable_id(tx.main, self.source, &record.stable_id)? {
            Some(known) => Some(known),
            None => self.adopted(record)?,
        };
        let (id, thread) = match known {
            Some(known) => {
                self.refresh(&known, record, packed, derived)?;
                // What I began here is from now on the platform's conversation of that name.
                if let (Some(_), Some(key)) = (known.op, &record.thread_key) {
                    thread::adopt_key(tx, known.thread, key)?;
                }
                (known.id, known.thread)
            }
            None => {
                let thread = self.thread_for(record)?;
                let body = body::insert(tx, packed)?;
                let id = item::insert(tx, self.source, thread, record, derived, body, None)?;
                attachment::insert_all(tx, id, &record.attachments)?;
                meeting::note(tx, self.source, id, &record.meta)?;
                report::note(tx, self.source, record.from.as_ref(), &record.meta, record.at)?;
                // A draft has reached nobody yet.
                if !record.flags.draft {
                    self.came(id, thread, record)?;
                }
                (id, thread)
            }
        };
        // What was told before the message is newer than the message.
        if record.kind == Kind::Chat {
            early::catch_up(tx, self.source, &record.stable_id, self.pulled_at)?;
        }
        if let Some(remote_id) = &record.remote_id {
            self.place(id, remote_id, record.also_in.as_deref())?;
        }
        tx.touch(thread);
        self.out.stored += 1;
        Ok(())
    }

    /// What of a page could not be read before, and can be now or is gone, is told no more.
    fn readable(&self, page: &RecordPage) -> Result<()> {
        let read = page.upserts.iter().filter(|record| !record.note.pending);
        for remote_id in read.filter_map(|record| record.remote_id.as_ref()).chain(&page.removed) {
            poison::forget(self.tx, self.scope, remote_id)?;
        }
        Ok(())
    }

    /// What a new message means for the people in it and for its thread.
    fn came(&mut self, id: ItemId, thread: ThreadId, record: &Record) -> Result<()> {
        let tx = self.tx;
        identity::note(tx, self.source, record)?;
        if record.from_me {
            return reminder::nudged(tx, thread, record.at);
        }
        self.out.arrived.push(id);
        reminder::answered(tx, thread, record.at)?;
        if !record.flags.read {
            thread::wake(tx, thread)?;
        }
        Ok(())
    }

    /// My own message, come back from the platform: known so far by its key alone.
    fn adopted(&self, record: &Record) -> Result<Option<ItemRow>> {
        // A mail to myself arrives in the inbox as well: that copy is a new item, the one in Sent is mine.
        let incoming = record.kind == Kind::Mail && scope::role(self.tx.main, self.scope)? == ScopeRole::Inbox;
        let Some(key) = record.message_id.as_deref().filter(|_| record.from_me && !incoming) else { return Ok(None) };
        let Some(echo) = item::echo(self.tx.main, self.source, key)? else { return Ok(None) };
        item::adopt(self.tx, echo.id, &record.stable_id)?;
        Ok(Some(echo))
    }

    fn refresh(&self, known: &ItemRow, record: &Record, packed: &body::PackedBody, derived: &Derived) -> Result<()> {
        let tx = self.tx;
        // A mail never changes under its id, unless it is still being written; what chats and notes say may.
        let fixed = known.kind == Kind::Mail && !record.flags.draft && !known.flags.draft;
        let same = fixed && known.op.is_none() && known.stable_id == record.stable_id;
        let held = super::outbox::holds(tx.main, known.id, self.pulled_at)?;
        if same {
            if known.deleted && !held {
                item::revive(tx, known.id)?;
            }
            // An invitation may have been answered elsewhere.
            let answer = record.meta.answer.filter(|_| !held);
            if known.extra.mail.unasked {
                let answer = answer.or(known.extra.mail.answer);
                item::set_mail(tx, known, &MailMeta { answer, ..record.meta.clone() })?;
                meeting::note(tx, self.source, known.id, &record.meta)?;
            } else if answer.is_some() {
                item::set_answer(tx, known, answer)?;
            }
        } else if record.note.pending {
            item::update_heading(tx, known, record)?;
        } else {
            let named = known.message_id.is_some() && known.message_id == record.message_id;
            if known.flags.draft && record.flags.draft && named {
                let text = body::text(tx.bodies, known.body)?;
                if text != record.text || known.title != record.title {
                    draft_copy::changed(tx, known)?;
                }
            }
            body::replace(tx, known.body, packed)?;
            item::update(tx, known.id, record, derived)?;
            attachment::replace_all(tx, known.id, &record.attachments)?;
            meeting::note(tx, self.source, known.id, &record.meta)?;
            report::note(tx, self.source, record.from.as_ref(), &record.meta, record.at)?;
            // That a rule of mine wrote it is known here alone, where the platform has no word for it.
            if known.from_me
                && known.extra.mail.automatic
                && let Some(row) = item::get(tx.main, known.id)?.filter(|row| !row.extra.mail.automatic)
            {
                item::set_mail(tx, &row, &MailMeta { automatic: true, ..row.extra.mail.clone() })?;
            }
            // The platform does not know yet what was ticked here.
            if held && let Some(row) = item::get(tx.main, known.id)? {
                item::keep_todos(tx, &row, &known.extra.note.todos)?;
            }
            // Nor what I reacted with.
            if held
                && known.kind == Kind::Chat
                && let Some(row) = item::get(tx.main, known.id)?
            {
                item::set_reactions(tx, &row, known.extra.reactions.clone())?;
            }
        }
        if !held {
            // What a platform does not keep is ours alone, and stays when it tells of the item again.
            let ours = known.flags;
            let (read, starred) = (record.flags.read, record.flags.starred);
            let read = if self.keeps.mark_read { read } else { read || ours.read };
            let starred = if self.keeps.star { starred } else { starred || ours.starred };
            item::set_flags(tx, known.id, Flags { read, starred, ..record.flags })?;
        }
        Ok(())
    }

    fn flags(&self, remote_id: &RemoteId, flags: Flags, also_in: Option<&[String]>) -> Result<()> {
        let Some(id) = placement::item_of(self.tx.main, self.scope, remote_id)? else { return Ok(()) };
        let Some(row) = item::get(self.tx.main, id)? else { return Ok(()) };
        let held = super::outbox::holds(self.tx.main, id, self.pulled_at)?;
        let mut changed = !held && item::set_flags(self.tx, id, flags)?;
        if also_in.is_some() {
            self.place(id, remote_id, also_in)?;
            changed = true;
        }
        if changed {
            self.tx.touch(row.thread);
        }
        Ok(())
    }

    /// What happened to a message, told without it.
    fn change(&self, remote_id: &RemoteId, change: &Change) -> Result<()> {
        let tx = self.tx;
        if let Change::Mine { key } = change {
            return self.mine(remote_id, key);
        }
        match item::by_stable_id(tx.main, self.source, &remote_id.0)? {
            Some(row) if row.deleted => Ok(()),
            Some(row) => early::happened(tx, &row, change, self.pulled_at),
            None => early::keep(tx, self.source, remote_id, change, self.pulled_at),
        }
    }

    /// The platform names what an operation of mine made, before its answer or in place of one that was
    /// lost: then the operation is done, whatever was feared of it.
    fn mine(&self, remote_id: &RemoteId, key: &OpKey) -> Result<()> {
        let tx = self.tx;
        if item::by_stable_id(tx.main, self.source, &remote_id.0)?.is_none() {
            let Some(echo) = item::echo(tx.main, self.source, &key.0)? else { return Ok(()) };
            item::adopt(tx, echo.id, &remote_id.0)?;
            early::catch_up(tx, self.source, &remote_id.0, self.pulled_at)?;
            tx.touch(echo.thread);
        }
        super::outbox::landed(tx, self.source, &key.0, self.pulled_at)
    }

    /// By the stable id, which for a message is the remote one: a platform may tell of a message of
    /// mine before it has shown it.
    fn receipt(&self, remote_id: &RemoteId, receipt: Receipt) -> Result<()> {
        let Some(row) = item::by_stable_id(self.tx.main, self.source, &remote_id.0)? else { return Ok(()) };
        if item::set_receipt(self.tx, row.id, receipt)? {
            self.tx.touch(row.thread);
        }
        Ok(())
    }

    fn place(&self, id: ItemId, remote_id: &RemoteId, also_in: Option<&[String]>) -> Result<()> {
        let mut scopes = vec![self.scope];
        // What was deleted keeps its labels on a platform of labels, and is in none of those places.
        let gone = matches!(scope::role(self.tx.main, self.scope)?, ScopeRole::Trash | ScopeRole::Junk);
        let also_in = also_in.filter(|_| !gone);
        for name in also_in.unwrap_or_default() {
            if let Some(scope) =
                scope::by_remote(self.tx.main, self.source, name)?.filter(|scope| !scopes.contains(scope))
            {
                scopes.push(scope);
            }
        }
        let held = super::outbox::holds(self.tx.main, id, self.pulled_at)?;
        placement::set_remote(self.tx, id, self.scope, remote_id, &scopes, held)
    }

    fn removed(&self, remote_id: &RemoteId) -> Result<()> {
        let Some(id) = placement::remove_remote(self.tx, self.scope, remote_id)? else { return Ok(()) };
        let Some(row) = item::get(self.tx.main, id)? else { return Ok(()) };
        if row.flags.draft {
            draft_copy::vanished(self.tx, self.scope, remote_id, &row)?;
        }
        if placement::is_nowhere(self.tx, id)? {
            item::soft_delete(self.tx, id)?;
        }
        self.tx.touch(row.thread);
        Ok(())
    }

    fn thread_for(&self, record: &Record) -> Result<ThreadId> {
        let tx = self.tx;
        if let Some(key) = &record.thread_key {
            let now = moved::called(tx.main, self.source, key, record.at)?;
            let key = now.as_ref().unwrap_or(key);
            if let Some(thread) = thread::by_key(tx.main, self.source, key)? {
                return Ok(thread);
            }
            let new =
                NewThread { source: self.source, kind: record.kind, key: Some(key), base_subject: "", at: record.at };
            return thread::insert(tx, &new);
        }
        let ids = ids_of(record);
        let found = item::threads_of_refs(tx, self.source, &ids)?;
        let base = text::base_subject(&record.title);
        let thread = match found.split_last() {
            Some((last, others)) => {
                for other in others {
                    thread::merge(tx, *other, *last)?;
                }
                *last
            }
            None => match self.same_talk(record, &base)? {
                Some(thread) => thread,
                None => {
                    let new = NewThread {
                        source: self.source,
                        kind: record.kind,
                        key: None,
                        base_subject: &base.text,
                        at: record.at,
                    };
                    thread::insert(tx, &new)?
                }
            },
        };
        item::note_refs(tx, self.source, &ids, thread)?;
        Ok(thread)
    }

    /// A reply whose sender's program dropped the references: the same subject, among the same people.
    fn same_talk(&self, record: &Record, base: &text::BaseSubject) -> Result<Option<ThreadId>> {
        const DAYS: i64 = 60;
        if !base.is_reply || base.text.is_empty() || !record.references.is_empty() {
            return Ok(None);
        }
        let mine = |handle: &str| record.from_me && record.from.as_ref().is_some_and(|from| from.handle == handle);
        let people: HashSet<String> = record
            .from
            .iter()
            .chain(&record.to)
            .chain(&record.cc)
            .map(|party: &Party| party.handle.to_lowercase())
            .filter(|handle| !mine(handle))
            .collect();
        for candidate in thread::by_subject(self.tx, self.source, &base.text, record.at, DAYS)? {
            let there = item::handles_of_thread(self.tx, candidate)?;
            let from = record.from.as_ref().map(|from| from.handle.to_lowercase());
            let shared = there.iter().map(|handle| handle.to_lowercase()).collect::<HashSet<_>>();
            let author_is_in = from.is_some_and(|from| shared.contains(&from));
            if author_is_in && shared.intersection(&people).count() >= 2.min(people.len()) {
                return Ok(Some(candidate));
            }
        }
        Ok(None)
    }
}

/// The Message-IDs that place a record in a thread, the nearest last.
fn ids_of(record: &Record) -> Vec<&str> {
    // The first and the nearest ones: a hostile header may list thousands.
    const NEAREST: usize = 30;
    let skip = record.references.len().saturating_sub(NEAREST);
    let mut ids: Vec<&str> = record
        .references
        .iter()
        .take(usize::from(skip > 0))
        .chain(record.references.iter().skip(skip))
        .map(String::as_str)
        .collect();
    ids.extend(record.message_id.as_deref());
    ids
}
