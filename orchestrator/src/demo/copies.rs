//! The same world many times over, for measuring how the window feels when it is full.
//!
//! A copy has ids of its own and lies a little further back, so that the copies are shuffled into one
//! another in the list as real mail is. Chats and threads are copied whole: a hundred thousand items
//! are as many conversations in proportion. Files are not copied.

use inlet_model::{RemoteId, UnifiedEmail, UnifiedMessage, UnifiedNote};
use jiff::SignedDuration;

use super::shelf::Held;

/// How much further back each copy lies than the one before it.
const APART: SignedDuration = SignedDuration::from_hours(37);

/// The name of a thing in a copy; the first is the thing itself.
pub(super) fn named(name: &str, copy: u32) -> String {
    if copy == 0 { name.to_owned() } else { format!("{name}~{copy}") }
}

/// What can be copied.
pub(super) trait Copied: Clone {
    /// Becomes another one, further back.
    fn become_copy(&mut self, copy: u32, back: SignedDuration);
    /// Scopes are copied with what is in them.
    const SCOPES: bool;
}

/// Everything `copies` times, the first of which is as it was.
pub(super) fn multiply<T: Copied>(world: Vec<Held<T>>, copies: u32) -> Vec<Held<T>> {
    let mut all = Vec::with_capacity(world.len() * copies as usize);
    for copy in 1..copies {
        let back = APART * i32::try_from(copy).unwrap_or(i32::MAX);
        all.extend(world.iter().map(|held| {
            let mut item = held.item.clone();
            item.become_copy(copy, back);
            let home = if T::SCOPES { named(&held.home, copy) } else { held.home.clone() };
            Held { id: named(&held.id, copy), home, at: held.at - back, item, born: held.born }
        }));
    }
    all.extend(world);
    all
}

impl Copied for UnifiedEmail {
    const SCOPES: bool = false;

    fn become_copy(&mut self, copy: u32, back: SignedDuration) {
        let rename = |id: &mut String| *id = named(id, copy);
        if let Some(id) = &mut self.remote_id {
            rename(&mut id.0);
        }
        rename(&mut self.stable_id);
        let ids = self.thread_id.iter_mut().chain(&mut self.message_id);
        ids.chain(&mut self.in_reply_to).chain(&mut self.references).for_each(rename);
        self.date = self.date.map(|date| date - back);
        self.received_at = self.received_at.map(|at| at - back);
        self.attachments.clear();
    }
}

impl Copied for UnifiedMessage {
    const SCOPES: bool = true;

    fn become_copy(&mut self, copy: u32, back: SignedDuration) {
        let rename = |RemoteId(id): &mut RemoteId| *id = named(id, copy);
        rename(&mut self.remote_id);
        self.reply_to.iter_mut().for_each(rename);
        self.conversation = named(&self.conversation, copy);
        self.sent_at -= back;
        self.edited_at = self.edited_at.map(|at| at - back);
        self.attachments.clear();
    }
}

impl Copied for UnifiedNote {
    const SCOPES: bool = false;

    fn become_copy(&mut self, copy: u32, back: SignedDuration) {
        self.remote_id = RemoteId(named(&self.remote_id.0, copy));
        self.created_at -= back;
        self.modified_at -= back;
        self.attachments.clear();
    }
}
