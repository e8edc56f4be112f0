//! From what the person did to rows: the local effect and the operation, in one transaction.

use inlet_model::{
    Capabilities, ItemId, OpId, Reaction, Reactions, Rsvp, ScopeId, ScopeRole, SourceId, ThreadId, Timestamp,
};

use crate::{
    api::{
        error::{ApiError, ErrorCode},
        types::{ActParams, Acted, LessonKind, OpKind, OpState, Place, Verb},
    },
    clock::millis,
    invitation,
    outbox::window,
    store::{
        StoreError, WriteTx,
        action::{self, Action},
        item::{self, ItemRow},
        lesson,
        outbox::{self, Change, NewOp},
        placement, scope, source, suggestion,
        thread::{self, Marks},
    },
    text::hex,
};

mod undo;

pub(crate) use undo::undo;

/// A key for an operation that has none of its own.
pub(crate) fn mint() -> String {
    let mut bytes = [0_u8; 16];
    // The system's randomness failing is not survivable in any useful way; a counter would repeat
    // after a restart, a fixed key is refused by the table's UNIQUE and told to the person.
    let _ = getrandom::fill(&mut bytes);
    hex(bytes)
}

/// A Message-ID of mine.
pub(crate) fn message_id(identity: Option<&str>) -> String {
    match identity.and_then(|identity| identity.rsplit_once('@')) {
        Some((_, domain)) => format!("{}@{domain}", mint()),
        None => mint(),
    }
}

/// What an action works on.
struct Acting<'a, 'tx> {
    tx: &'a WriteTx<'tx>,
    by: By,
    now: Timestamp,
    held_back: Timestamp,
    action: Action,
}

/// Items of one thread, the unit an operation is queued for.
struct Group {
    thread: ThreadId,
    source: SourceId,
    items: Vec<ItemRow>,
}

/// Who does something: what a person does with a suggestion teaches, what a rule does says nothing of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// The person, here or by a proposal they approved.
    Person,
    /// A rule.
    Rule,
}

/// Does something to threads or items. Runs inside a transaction: all of it happens or nothing.
/// `first` is the action that this one goes on with: they are undone together. What somebody else will
/// read waits until `held_back`.
pub(crate) fn act(
    tx: &WriteTx<'_>,
    params: &ActParams,
    by: By,
    first: Option<u64>,
    now: Timestamp,
    held_back: Timestamp,
) -> Result<Acted, ActError> {
    let groups = groups(tx, params)?;
    if groups.is_empty() {
        return Err(ApiError::not_found("What you chose").into());
    }
    let mut acting = Acting { tx, by, now, held_back, action: Action { first, ..Action::default() } };
    for group in &groups {
        acting.action.threads.push(group.thread);
        acting.group(params, group)?;
        tx.touch(group.thread);
    }
    acting.action.message = message(params.verb, groups.len());
    let undo = action::insert(tx, &acting.action, now)?;
    let Action { message, threads, .. } = acting.action;
    Ok(Acted { message, undo: Some(undo), count: threads.len() as u64, threads })
}

/// An error of the store or a refusal; either rolls the transaction back.
#[derive(Debug)]
pub(crate) enum ActError {
    Store(StoreError),
    Refused(ApiError),
}

impl From<ActError> for StoreError {
    fn from(error: ActError) -> Self {
        match error {
            ActError::Store(error) => error,
            ActError::Refused(_) => Self::Refused,
        }
    }
}

impl From<StoreError> for ActError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<ApiError> for ActError {
    fn from(error: ApiError) -> Self {
        Self::Refused(error)
    }
}

/// Nothing brings an import, or what was kept of a source, into an inbox.
fn stays() -> ActError {
    let sentence = "What was imported, or kept when its source was switched off, stays in the archive; star it to have it at hand.";
    ApiError::new(ErrorCode::Refused, sentence).into()
}

fn groups(tx: &WriteTx<'_>, params: &ActParams) -> Result<Vec<Group>, StoreError> {
    let mut groups: Vec<Group> = Vec::new();
    for &thread in &params.threads {
        let items: Vec<ItemRow> = item::ids_of_thread(tx.main, thread)?
            .into_iter()
            .filter_map(|id| item::get(tx.main, id).transpose())
            .collect::<Result<_, _>>()?;
        // What I am writing there is no part of the conversation yet.
        let written = items.iter().any(|row| !row.flags.draft);
        let items: Vec<ItemRow> = items.into_iter().filter(|row| !(written && row.flags.draft)).collect();
        if let Some(first) = items.first() {
            groups.push(Group { thread, source: first.source, items });
        }
    }
    for &id in &params.items {
        let Some(row) = item::get(tx.main, id)? else { continue };
        match groups.iter_mut().find(|group| group.thread == row.thread) {
            Some(group) if group.items.iter().any(|have| have.id == row.id) => {}
            Some(group) => group.items.push(row),
            None => groups.push(Group { thread: row.thread, source: row.source, items: vec![row] }),
        }
    }
    Ok(groups)
}

impl Acting<'_, '_> {
    fn group(&mut self, params: &ActParams, group: &Group) -> Result<(), ActError> {
        // What was switched off and kept can do no more than an import.
        let capabilities = match scope::is_kept(self.tx.main, group.thread)? {
            true => Capabilities::default(),
            false => source::capabilities(self.tx.main, group.source)?,
        };
        match params.verb {
            Verb::Read | Verb::Unread => self.read(group, params.verb == Verb::Read, capabilities.mark_read),
            Verb::Star | Verb::Unstar => self.star(group, params, capabilities.star),
            Verb::Archive if capabilities.move_items => self.archive(group),
            Verb::Archive => self.mark(group.thread, |marks, now| {
                marks.done_at = Some(millis(now));
                marks.unanswered_since = None;
            }),
            Verb::Inbox => self.inbox(group, capabilities.move_items),
            Verb::Delete if capabilities.move_items => self.delete(group),
            Verb::Delete => Err(ApiError::new(
                ErrorCode::Refused,
                "This platform does not let other programs delete; archive the conversation instead.",
            )
            .into()),
            Verb::Move => {
                let to = self.named_scope(group, params, false)?;
                let to = to.ok_or_else(|| ApiError::invalid("Say where to move it."))?;
                let role = self.own_scope(group, to, capabilities.move_items)?;
                self.move_to(group, to, role, None)
            }
            Verb::Label | Verb::Unlabel => {
                let label = self.named_scope(group, params, true)?;
                let label = label.ok_or_else(|| ApiError::invalid("Say which label."))?;
                self.own_scope(group, label, capabilities.labels)?;
                self.label(group, label, params.verb == Verb::Label)
            }
            Verb::Snooze => {
                let until = self.later(params, "Say until when to snooze.")?;
                self.learn(group, LessonKind::Snoozed)?;
                self.snooze(group, until, capabilities.move_items)
            }
            Verb::Remind => {
                let at = self.later(params, "Say when to remind you.")?;
                if thread::get(self.tx.main, group.thread)?.is_some_and(|row| !row.last_from_me) {
                    return Err(ApiError::new(
                        ErrorCode::Refused,
                        "The last word there is not yours, so there is no answer to wait for; snooze the conversation \
                         instead.",
                    )
                    .into());
                }
                self.mark(group.thread, |marks, _| {
                    marks.remind_at = Some(millis(at));
                    marks.unanswered_since = None;
                })
            }
            Verb::Unremind => self.mark(group.thread, |marks, _| {
                marks.remind_at = None;
                marks.unanswered_since = None;
            }),
            Verb::Tick | Verb::Untick => self.tick(group, params.todo.as_deref(), params.verb == Verb::Tick),
            Verb::Accept => self.rsvp(group, Rsvp::Accept, capabilities.rsvp),
            Verb::Tentative => self.rsvp(group, Rsvp::Tentative, capabilities.rsvp),
            Verb::Decline => self.rsvp(group, Rsvp::Decline, capabilities.rsvp),
            Verb::React | Verb::Unreact => {
                self.react(group, params.emoji.as_deref(), params.verb == Verb::React, capabilities.reactions)
            }
            Verb::Settle | Verb::Dismiss => {
                let dismissed = params.verb == Verb::Dismiss;
                self.learn(group, if dismissed { LessonKind::Dismissed } else { LessonKind::Done })?;
                self.mark(group.thread, |marks, now| marks.settled_at = Some(millis(now)))
            }
            Verb::Mute => self.mark(group.thread, |marks, _| marks.muted = true),
            Verb::Unmute => self.mark(group.thread, |marks, _| marks.muted = false),
        }
    }

    /// The moment an action is about, which has to come yet.
    fn later(&self, params: &ActParams, missing: &str) -> Result<Timestamp, ActError> {
        let at = params.until.ok_or_else(|| ApiError::invalid(missing))?;
        if at <= self.now {
            return Err(ApiError::invalid("That time has passed; choose a later one.").into());
        }
        Ok(at)
    }

    /// The folder or label an action names. One that is missing is announced, and made by the operation.
    fn named_scope(&self, group: &Group, params: &ActParams, label: bool) -> Result<Option<ScopeId>, ActError> {
        /// Characters a server may be asked to make a folder of.
        const LONGEST: usize = 200;
        let Some(name) = params.name.as_deref().filter(|_| params.to.is_none()) else { return Ok(params.to) };
        let name = name.split('/').map(str::trim).filter(|level| !level.is_empty()).collect::<Vec<_>>().join("/");
        if name.is_empty() || name.chars().count() > LONGEST || name.chars().any(char::is_control) {
            return Err(ApiError::invalid("Give it a name of one line, up to 200 characters long.").into());
        }
        // Where labels stand beside folders, a label and a folder may have one name.
        let beside = label && scope::by_role(self.tx.main, group.source, ScopeRole::Label)?.is_some();
        Ok(Some(match scope::by_name(self.tx.main, group.source, &name, beside)? {
            Some(known) => known,
            None => {
                let role = if beside { ScopeRole::Label } else { ScopeRole::Other };
                scope::announce(self.tx, group.source, &name, role)?
            }
        }))
    }

    /// The role of a folder or label that must belong to the account of these items.
    fn own_scope(&self, group: &Group, id: ScopeId, able: bool) -> Result<ScopeRole, ActError> {
        let (owner, row) =
            scope::get(self.tx.main, id)?.ok_or_else(|| ApiError::not_found(format!("The folder {id}")))?;
        if owner != group.source || !able {
            return Err(ApiError::new(
                ErrorCode::Refused,
                "A conversation can only be put into folders and under labels that its own account has.",
            )
            .into());
        }
        Ok(row.scope.role)
    }

    fn learn(&mut self, group: &Group, kind: LessonKind) -> Result<(), ActError> {
        if self.by == By::Rule {
            return Ok(());
        }
        self.action.lessons.extend(lesson::learn(self.tx, group.thread, kind, None, self.now)?);
        Ok(())
    }

    fn mark(&mut self, thread: ThreadId, change: impl Fn(&mut Marks, Timestamp)) -> Result<(), ActError> {
        if let Some(before) = thread::marks(self.tx.main, thread)? {
            let mut marks = before;
            change(&mut marks, self.now);
            self.action.marks.push((thread, before));
            thread::set_marks(self.tx, thread, marks)?;
        }
        Ok(())
    }

    fn read(&mut self, group: &Group, read: bool, remote: bool) -> Result<(), ActError> {
        let changed: Vec<&ItemRow> = if read {
            group.items.iter().filter(|row| !row.flags.read).collect()
        } else {
            // Unread means: begin reading here again, at the newest that is not mine.
            group.items.iter().rev().filter(|row| !row.from_me).take(1).filter(|row| row.flags.read).collect()
        };
        self.flags(group, &changed, remote, Some(read), None)
    }

    fn star(&mut self, group: &Group, params: &ActParams, remote: bool) -> Result<(), ActError> {
        let star = params.verb == Verb::Star;
        let whole = params.threads.contains(&group.thread);
        let changed: Vec<&ItemRow> = match (star, whole) {
            (true, true) => group.items.last().filter(|row| !row.flags.starred).into_iter().collect(),
            _ => group.items.iter().filter(|row| row.flags.starred != star).collect(),
        };
        self.flags(group, &changed, remote, None, Some(star))
    }

    fn flags(
        &mut self,
        group: &Group,
        changed: &[&ItemRow],
        remote: bool,
        read: Option<bool>,
        starred: Option<bool>,
    ) -> Result<(), ActError> {
        if changed.is_empty() {
            return Ok(());
        }
        for row in changed {
            self.action.flags.push((row.id, row.flags.read, row.flags.starred));
            let mut flags = row.flags;
            flags.read = read.unwrap_or(flags.read);
            flags.starred = starred.unwrap_or(flags.starred);
            item::set_flags(self.tx, row.id, flags)?;
        }
        if remote {
            let ids: Vec<ItemId> = changed.iter().map(|row| row.id).collect();
            self.queue(group, OpKind::Flags, &Change::Flags { read, starred, answered: None }, &ids)?;
        }
        Ok(())
    }

    fn inbox(&mut self, group: &Group, moves: bool) -> Result<(), ActError> {
        self.mark(group.thread, |marks, _| {
            marks.done_at = None;
            marks.snoozed_until = None;
            marks.muted = false;
        })?;
        if moves {
            return self.relocate(group, ScopeRole::Inbox);
        }
        match thread::lies(self.tx, group.thread)? {
            Some(Place::Archive) => Err(stays()),
            _ => Ok(()),
        }
    }

    fn snooze(&mut self, group: &Group, until: Timestamp, moves: bool) -> Result<(), ActError> {
        self.mark(group.thread, |marks, _| {
            marks.snoozed_until = Some(millis(until));
            marks.done_at = None;
        })?;
        let place = thread::lies(self.tx, group.thread)?;
        let refused = |sentence: &str| Err(ApiError::new(ErrorCode::Refused, sentence).into());
        match place {
            None | Some(Place::Snoozed | Place::Notes | Place::Inbox) => Ok(()),
            // From the archive it comes back to the inbox.
            Some(Place::Archive) if moves => self.relocate(group, ScopeRole::Inbox),
            Some(Place::Drafts | Place::Junk | Place::Trash) => {
                refused("It would not come back from where it lies; move it to the inbox first.")
            }
            // Its card on Today or Waiting rests until then.
            _ if suggestion::get(self.tx.main, group.thread)?.is_some() => Ok(()),
            Some(Place::Archive) => Err(stays()),
            Some(Place::Sent) => {
                refused("Only you have written there; say when to be reminded if nobody answers instead.")
            }
        }
    }

    fn archive(&mut self, group: &Group) -> Result<(), ActError> {
        // A label platform keeps everything in one place already: archiving only takes a label off.
        let role = match scope::by_role(self.tx.main, group.source, ScopeRole::All)? {
            Some(_) => ScopeRole::All,
            None => ScopeRole::Archive,
        };
        self.mark(group.thread, |marks, _| {
            marks.snoozed_until = None;
            marks.unanswered_since = None;
        })?;
        self.relocate(group, role)
    }

    /// To the folder that plays a role; a missing one is announced, and made by the operation.
    fn relocate(&mut self, group: &Group, role: ScopeRole) -> Result<(), ActError> {
        let to = match scope::by_role(self.tx.main, group.source, role)? {
            Some(row) => row.id,
            None => {
                let name = match role {
                    ScopeRole::Trash => "Trash",
                    ScopeRole::Inbox => "INBOX",
                    _ => "Archive",
                };
                scope::announce(self.tx, group.source, name, role)?
            }
        };
        self.move_to(group, to, role, None)
    }

    fn delete(&mut self, group: &Group) -> Result<(), ActError> {
        self.mark(group.thread, |marks, _| {
            marks.remind_at = None;
            marks.unanswered_since = None;
        })?;
        let in_trash = |row: &ItemRow| -> Result<bool, StoreError> {
            Ok(placement::shown(self.tx.main, row.id)?.iter().all(|shown| shown.role == "trash"))
        };
        let mut doomed = Vec::new();
        for row in &group.items {
            if !in_trash(row)? {
                return self.relocate(group, ScopeRole::Trash);
            }
            doomed.push(row.id);
        }
        let op = self.queue(group, OpKind::Expunge, &Change::Expunge, &doomed)?;
        for &id in &doomed {
            for shown in placement::shown(self.tx.main, id)? {
                placement::hide(self.tx, &shown, op.0)?;
            }
            item::soft_delete(self.tx, id)?;
        }
        Ok(())
    }

    /// Out of where such a move takes it from, and out of `from`.
    fn move_to(&mut self, group: &Group, to: ScopeId, role: ScopeRole, from: Option<ScopeId>) -> Result<(), ActError> {
        let mut moved = Vec::new();
        for row in &group.items {
            let shown = placement::shown(self.tx.main, row.id)?;
            let is_in = |word: &str| shown.iter().any(|shown| shown.role == word);
            // On a platform of labels a mail stays where it is, and another label replaces the inbox alone.
            let labelled = is_in("all") && matches!(role, ScopeRole::Inbox | ScopeRole::Other);
            let gains = labelled && !is_in("sent") && shown.iter().all(|shown| shown.scope != to);
            let goes = |shown: &placement::Shown| match shown.scope == to {
                true => false,
                false if labelled => role == ScopeRole::Other && shown.role == "inbox",
                false => Some(shown.scope) == from || leaves(&shown.role, role),
            };
            let leaving: Vec<placement::Shown> = shown.iter().filter(|shown| goes(shown)).cloned().collect();
            if gains || !leaving.is_empty() {
                if gains {
                    self.action.gained.push((row.id, to));
                }
                moved.push((row.id, leaving));
            }
        }
        if moved.is_empty() {
            return Ok(());
        }
        let ids: Vec<ItemId> = moved.iter().map(|(id, _)| *id).collect();
        let op = self.queue(group, OpKind::Move, &Change::Move { to }, &ids)?;
        for (id, leaving) in moved {
            for shown in &leaving {
                self.action.from.push((id, shown.scope));
                placement::hide(self.tx, shown, op.0)?;
            }
            placement::provisional(self.tx, id, to, op.0)?;
        }
        Ok(())
    }

    /// Puts a label on, or takes it off. Where folders are labels, only what lies in the mailbox that holds
    /// them all gains one; where labels stand beside folders, everything does.
    fn label(&mut self, group: &Group, label: ScopeId, on: bool) -> Result<(), ActError> {
        let beside = scope::role(self.tx.main, label)? == ScopeRole::Label;
        let mut changed = Vec::new();
        for row in &group.items {
            let shown = placement::shown(self.tx.main, row.id)?;
            let has = shown.iter().find(|shown| shown.scope == label).cloned();
            let common = shown.iter().any(|shown| beside || shown.role == "all");
            match (on, has) {
                (true, None) if common => changed.push((row.id, None)),
                (false, Some(has)) => changed.push((row.id, Some(has))),
                _ => {}
            }
        }
        if changed.is_empty() {
            return Ok(());
        }
        let ids: Vec<ItemId> = changed.iter().map(|(id, _)| *id).collect();
        let op = self.queue(group, OpKind::Label, &Change::Label { label, on }, &ids)?;
        for (id, has) in changed {
            match has {
                Some(shown) => {
                    self.action.from.push((id, label));
                    placement::hide(self.tx, &shown, op.0)?;
                }
                None => {
                    self.action.gained.push((id, label));
                    placement::provisional(self.tx, id, label, op.0)?;
                }
            }
        }
        Ok(())
    }

    fn tick(&mut self, group: &Group, todo: Option<&str>, done: bool) -> Result<(), ActError> {
        let todo = todo.ok_or_else(|| ApiError::invalid("Say which to-do."))?;
        let has = |row: &&ItemRow| row.extra.note.todos.iter().any(|one| one.id == todo);
        let row = group.items.iter().find(has).ok_or_else(|| ApiError::not_found("The to-do"))?;
        if item::set_todo(self.tx, row, todo, done)? {
            self.action.todos.push((row.id, todo.to_owned(), !done));
            let text = row.extra.note.todos.iter().find(|one| one.id == todo).map(|one| one.text.clone());
            let change = Change::Tick { todo: todo.to_owned(), text: text.unwrap_or_default(), done };
            self.queue(group, OpKind::Tick, &change, &[row.id])?;
        }
        Ok(())
    }

    /// Reacts to the newest message among these.
    fn react(&mut self, group: &Group, emoji: Option<&str>, on: bool, able: Reactions) -> Result<(), ActError> {
        /// The longest of them, a family with tones of skin, has fewer.
        const LONGEST: usize = 40;
        if able == Reactions::None {
            return Err(ApiError::new(
                ErrorCode::Refused,
                "This conversation takes no reactions from other programs; write an answer instead.",
            )
            .into());
        }
        // It is a message, where one may write freely only for a while.
        let refusal = window::refusal(self.tx.main, group.source, Some(group.thread), self.now, self.now)?;
        if let Some(refusal) = refusal.filter(|_| on) {
            return Err(refusal.into());
        }
        let one = |emoji: &&str| {
            let plain = emoji.chars().all(|c| !c.is_control() && !c.is_whitespace());
            plain && !emoji.is_empty() && emoji.chars().count() <= LONGEST
        };
        let emoji = emoji.map(str::trim).filter(one).ok_or_else(|| ApiError::invalid("Say which emoji."))?;
        let there = |row: &&ItemRow| !row.retracted && !row.flags.draft;
        let row = group.items.iter().rev().find(there).ok_or_else(|| ApiError::not_found("The message"))?;
        let mut reactions = row.extra.reactions.clone();
        if Reaction::give(&mut reactions, emoji, on, able == Reactions::One) {
            self.action.reactions.push((row.id, row.extra.reactions.clone()));
            item::set_reactions(self.tx, row, reactions)?;
            let change = Change::React { emoji: emoji.to_owned(), on };
            self.queue(group, OpKind::React, &change, &[row.id])?;
        }
        Ok(())
    }

    /// Answers the newest invitation among these. Another answer that still waits is taken back.
    fn rsvp(&mut self, group: &Group, answer: Rsvp, able: bool) -> Result<(), ActError> {
        let asks = |row: &&ItemRow| !row.from_me && invitation::read(&row.extra.mail).is_some();
        let row = group.items.iter().rev().find(asks).ok_or_else(|| ApiError::not_found("The invitation"))?;
        if !able {
            return Err(ApiError::new(
                ErrorCode::Refused,
                "This account cannot answer invitations; write to the organizer instead.",
            )
            .into());
        }
        let waiting = outbox::waiting_for_item(self.tx.main, row.id, OpKind::Rsvp)?;
        self.action.answers.push((row.id, row.extra.mail.answer, waiting));
        item::set_answer(self.tx, row, Some(answer))?;
        if let Some(waiting) = waiting {
            let states = [OpState::Queued, OpState::Parked];
            outbox::transition(self.tx, waiting, &states, OpState::Cancelled, Some("answered anew"), self.now)?;
        }
        let key = message_id(source::identity(self.tx.main, group.source)?.as_deref());
        self.queue_as(group, OpKind::Rsvp, &Change::Rsvp { answer }, &[row.id], &key, self.held_back)?;
        Ok(())
    }

    fn queue(&mut self, group: &Group, kind: OpKind, change: &Change, items: &[ItemId]) -> Result<OpId, StoreError> {
        self.queue_as(group, kind, change, items, &mint(), self.now)
    }

    fn queue_as(
        &mut self,
        group: &Group,
        kind: OpKind,
        change: &Change,
        items: &[ItemId],
        key: &str,
        not_before: Timestamp,
    ) -> Result<OpId, StoreError> {
        let title = thread::get(self.tx.main, group.thread)?.map(|row| row.title).unwrap_or_default();
        let new = NewOp {
            source: group.source,
            thread: Some(group.thread),
            kind,
            key,
            title: &title,
            not_before,
            created_at: self.now,
            op: None,
            change: Some(change),
            compose: None,
            remind_at: None,
            draft: None,
        };
        let op = outbox::insert(self.tx, &new, items)?;
        self.action.ops.push(op);
        Ok(op)
    }
}

/// Whether a move to `to` takes an item out of a scope of this role. What I sent stays in Sent when
/// a conversation is archived, and a label beside the folders goes along; the trash takes everything.
fn leaves(role: &str, to: ScopeRole) -> bool {
    match to {
        ScopeRole::Trash => true,
        ScopeRole::All | ScopeRole::Archive => matches!(role, "inbox" | "junk" | "trash"),
        ScopeRole::Inbox => matches!(role, "archive" | "junk" | "trash"),
        _ => !matches!(role, "sent" | "drafts" | "all" | "label"),
    }
}

/// A message was answered: tell the platform, after the answer itself has gone out.
pub(crate) fn mark_answered(tx: &WriteTx<'_>, answered: ItemId, key: &str, now: Timestamp) -> Result<(), StoreError> {
    let Some(row) = item::get(tx.main, answered)? else { return Ok(()) };
    if row.flags.answered || row.kind != inlet_model::Kind::Mail {
        return Ok(());
    }
    let mut flags = row.flags;
    flags.answered = true;
    item::set_flags(tx, answered, flags)?;
    let new = NewOp {
        source: row.source,
        thread: Some(row.thread),
        kind: OpKind::Flags,
        key: &format!("answered/{key}"),
        title: &row.title,
        not_before: now,
        created_at: now,
        op: None,
        change: Some(&Change::Flags { read: None, starred: None, answered: Some(true) }),
        compose: None,
        remind_at: None,
        draft: None,
    };
    outbox::insert(tx, &new, &[answered])?;
    Ok(())
}

pub(crate) fn message(verb: Verb, count: usize) -> String {
    let done = match verb {
        Verb::Read => "marked read",
        Verb::Unread => "marked unread",
        Verb::Star => "starred",
        Verb::Unstar => "unstarred",
        Verb::Archive => "archived",
        Verb::Inbox => "moved to the inbox",
        Verb::Delete => "deleted",
        Verb::Move => "moved",
        Verb::Label => "labelled",
        Verb::Unlabel => "taken from under a label",
        Verb::Snooze => "snoozed",
        Verb::Remind => "set to come back if nobody answers",
        Verb::Unremind => "no longer waiting for an answer",
        Verb::Mute => "muted",
        Verb::Unmute => "unmuted",
        Verb::Tick => return "To-do ticked".to_owned(),
        Verb::Untick => return "To-do opened again".to_owned(),
        Verb::Accept => return "Invitation accepted".to_owned(),
        Verb::Tentative => return "Invitation answered with \"maybe\"".to_owned(),
        Verb::Decline => return "Invitation declined".to_owned(),
        Verb::React => return "Reaction given".to_owned(),
        Verb::Unreact => return "Reaction taken back".to_owned(),
        Verb::Settle => "settled",
        Verb::Dismiss => "no action any more",
    };
    if count == 1 { format!("Conversation {done}") } else { format!("{count} conversations {done}") }
}
