//! Back to what was before an action.

use inlet_model::{OpId, Reactions, ScopeId, ScopeRole, Timestamp};

use super::{ActError, Acting, By, Group};
use crate::{
    api::{
        error::{ApiError, ErrorCode},
        types::{Acted, OpKind, OpState},
    },
    store::{
        WriteTx,
        action::{self, Action},
        item::{self, ItemRow},
        lesson,
        outbox::{self, Change},
        placement, scope, source, thread,
    },
};

/// Takes an action back: what was not sent is cancelled, what was is done the other way round.
///
/// What was done piece by piece is undone piece by piece: [`Acted::undo`] then names the first piece,
/// until nothing of it is left.
pub(crate) fn undo(tx: &WriteTx<'_>, id: Option<u64>, now: Timestamp) -> Result<Acted, ActError> {
    let asked = id;
    let id = match asked {
        Some(first) => action::last_of(tx.main, first)?.or(asked),
        None => None,
    };
    let (id, done) = action::get(tx.main, id)?.ok_or_else(|| ApiError::not_found("Anything to undo"))?;
    action::set_undone(tx, id)?;
    let mut sent = Vec::new();
    let mut gone = false;
    for &op in &done.ops {
        let pending = [OpState::Queued, OpState::Parked];
        let view = outbox::view(tx.main, op)?;
        let message = view.as_ref().is_some_and(|view| view.kind == OpKind::Send);
        // A message that is taken back is one that was cancelled, whoever does it.
        let why = (!message).then_some("undone");
        if outbox::transition(tx, op, &pending, OpState::Cancelled, why, now)? {
            placement::restore(tx, op.0)?;
            for item in outbox::items(tx.main, op)? {
                if message {
                    let thread = item::get(tx.main, item)?.map(|row| row.thread);
                    item::soft_delete(tx, item)?;
                    thread.into_iter().for_each(|thread| tx.touch(thread));
                    continue;
                }
                item::revive(tx, item)?;
                for (_, scope) in done.from.iter().filter(|(from, _)| *from == item) {
                    placement::put_back(tx, item, *scope)?;
                }
            }
        } else {
            gone |= message && view.is_some_and(|view| view.state != OpState::Cancelled);
            sent.push(op);
        }
    }
    for lesson in &done.lessons {
        lesson::forget(tx, *lesson)?;
    }
    for (thread, marks) in &done.marks {
        thread::set_marks(tx, *thread, *marks)?;
    }
    let mut acting = Acting { tx, by: By::Person, now, held_back: now, action: Action::default() };
    for (item, read, starred) in &done.flags {
        if let Some(row) = item::get(tx.main, *item)? {
            let mut flags = row.flags;
            (flags.read, flags.starred) = (*read, *starred);
            item::set_flags(tx, row.id, flags)?;
        }
    }
    for (item, todo, ticked) in &done.todos {
        if let Some(row) = item::get(tx.main, *item)? {
            item::set_todo(tx, &row, todo, *ticked)?;
        }
    }
    for (item, answer, waiting) in &done.answers {
        if let Some(row) = item::get(tx.main, *item)? {
            item::set_answer(tx, &row, *answer)?;
        }
        if let Some(waiting) = waiting {
            outbox::transition(tx, *waiting, &[OpState::Cancelled], OpState::Queued, None, now)?;
        }
    }
    for (item, reactions) in &done.reactions {
        if let Some(row) = item::get(tx.main, *item)? {
            item::set_reactions(tx, &row, reactions.clone())?;
        }
    }
    for op in sent {
        acting.reverse(&done, op)?;
    }
    for &thread in &done.threads {
        tx.touch(thread);
    }
    let count = done.threads.len() as u64;
    let but = if gone { "; what was sent stays sent" } else { "" };
    // Until what was asked for is gone itself.
    let rest = asked.or(done.first).filter(|first| i64::try_from(*first).is_ok_and(|first| first != id));
    Ok(Acted { message: format!("Undone: {}{but}", done.message), undo: rest, count, threads: done.threads })
}

impl Acting<'_, '_> {
    /// The opposite of an operation that has gone out already.
    fn reverse(&mut self, done: &Action, op: OpId) -> Result<(), ActError> {
        let Some(row) = outbox::get(self.tx.main, op)? else { return Ok(()) };
        let items = outbox::items(self.tx.main, op)?;
        let mut rows = Vec::new();
        for &id in &items {
            rows.extend(item::get(self.tx.main, id)?);
        }
        let (Some(thread), Some(change)) = (row.view.thread, row.change) else { return Ok(()) };
        let group = Group { thread, source: row.view.source, items: rows };
        match change {
            Change::Flags { read, starred, .. } => {
                let back =
                    Change::Flags { read: read.map(|read| !read), starred: starred.map(|star| !star), answered: None };
                self.queue(&group, OpKind::Flags, &back, &items)?;
            }
            Change::Move { to: away } => {
                let mut homes: Vec<ScopeId> = Vec::new();
                for (item, scope) in &done.from {
                    if items.contains(item) && !homes.contains(scope) {
                        homes.push(*scope);
                    }
                }
                // Putting another label on takes the inbox off, so the inbox comes last.
                let mut inboxes = Vec::new();
                for home in homes.clone() {
                    if scope::role(self.tx.main, home)? == ScopeRole::Inbox {
                        homes.retain(|other| *other != home);
                        inboxes.push(home);
                    }
                }
                for home in homes.into_iter().chain(inboxes) {
                    let here = |row: &&ItemRow| done.from.contains(&(row.id, home));
                    let items: Vec<ItemRow> = group.items.iter().filter(here).cloned().collect();
                    let back = Group { thread, source: group.source, items };
                    self.move_back(&back, home, away)?;
                }
                // What only gained a label has lost nothing that would push it out again.
                let gained = |row: &&ItemRow| done.gained.contains(&(row.id, away));
                let items: Vec<ItemRow> = group.items.iter().filter(gained).cloned().collect();
                self.label(&Group { thread, source: group.source, items }, away, false)?;
            }
            Change::React { emoji, on } => {
                // Where there is one at a time, the one that made way comes back.
                let one = source::capabilities(self.tx.main, group.source)?.reactions == Reactions::One;
                let before = done.reactions.iter().find(|(item, _)| items.contains(item));
                let made_way = before.and_then(|(_, reactions)| reactions.iter().find(|reaction| reaction.mine));
                let back = match made_way.filter(|_| one) {
                    Some(reaction) => Change::React { emoji: reaction.emoji.clone(), on: true },
                    None => Change::React { emoji, on: !on },
                };
                self.queue(&group, OpKind::React, &back, &items)?;
            }
            Change::Tick { todo, text, done } => {
                self.queue(&group, OpKind::Tick, &Change::Tick { todo, text, done: !done }, &items)?;
            }
            // Whoever has an answer keeps it until there is another one.
            Change::Rsvp { .. } if done.answers.iter().any(|(.., waiting)| waiting.is_some()) => {}
            Change::Rsvp { .. } => match group.items.first().and_then(|row| row.extra.mail.answer) {
                Some(answer) => self.rsvp(&group, answer, true)?,
                None => {
                    return Err(ApiError::new(
                        ErrorCode::Refused,
                        "The organizer has this answer already; give another one instead.",
                    )
                    .into());
                }
            },
            Change::Label { label, on } => self.label(&group, label, !on)?,
            // What was removed for good cannot come back, and a draft is no action; the window never offers it.
            Change::Expunge | Change::Draft => {}
        }
        Ok(())
    }

    fn move_back(&mut self, group: &Group, to: ScopeId, from: ScopeId) -> Result<(), ActError> {
        let role = scope::role(self.tx.main, to)?;
        self.move_to(group, to, role, Some(from))
    }
}
