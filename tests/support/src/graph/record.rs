//! What was asked and what was wrong with it.
//!
//! The record is what a test reads afterwards: complaints make it fail, counters let it assert a
//! budget. It holds what is compared with the documentation: short bodies, never pieces of files.

use std::collections::BTreeMap;

use bytes::Bytes;
use parking_lot::Mutex;

/// Which part of Graph a request is for; budgets are per part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resource {
    /// Outlook: mail, categories, answers to invitations.
    Mail,
    /// Teams: chats and channels.
    Teams,
    /// Notebooks.
    OneNote,
    /// The person signed in.
    User,
    /// A `$batch` as such; the requests in it are counted where they belong.
    Batch,
    /// Pieces of an upload session.
    Upload,
}

impl Resource {
    pub(crate) fn of(template: &str) -> Self {
        let starts = |prefix: &str| template.to_lowercase().starts_with(prefix);
        match template {
            "/$batch" => Self::Batch,
            _ if starts("/me/onenote") => Self::OneNote,
            _ if starts("/me/chats") || starts("/chats") || starts("/teams") || starts("/me/joinedteams") => {
                Self::Teams
            }
            "/me" => Self::User,
            _ => Self::Mail,
        }
    }
}

/// One request and what came of it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// `GET`, `POST`, …
    pub method: String,
    /// The path below the version, as it was asked, without the query.
    pub path: String,
    /// The query, decoded.
    pub query: String,
    /// Which part of Graph.
    pub resource: Resource,
    /// The status that was answered; 0 when the answer was withheld.
    pub status: u16,
    /// The header `Prefer`, when there was one.
    pub prefer: Option<String>,
    /// The header `Content-Type`, when there was one.
    pub content_type: Option<String>,
    /// The body, unless it is long.
    pub body: Bytes,
}

/// Longest body that is kept, in bytes.
pub(crate) const LONGEST: usize = 64 * 1024;

/// Everything that happened.
#[derive(Default)]
pub(crate) struct Record {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    complaints: Vec<String>,
    seen: Vec<Seen>,
    open: BTreeMap<Resource, usize>,
    most: BTreeMap<Resource, usize>,
}

impl Record {
    pub(crate) fn complain(&self, complaint: String) {
        self.inner.lock().complaints.push(complaint);
    }

    pub(crate) fn complaints(&self) -> Vec<String> {
        self.inner.lock().complaints.clone()
    }

    pub(crate) fn take_complaints(&self) -> Vec<String> {
        std::mem::take(&mut self.inner.lock().complaints)
    }

    pub(crate) fn saw(&self, seen: Seen) {
        self.inner.lock().seen.push(seen);
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.inner.lock().seen.clone()
    }

    pub(crate) fn count(&self, resource: Resource) -> usize {
        self.inner.lock().seen.iter().filter(|seen| seen.resource == resource).count()
    }

    pub(crate) fn forget(&self) {
        let mut inner = self.inner.lock();
        inner.seen.clear();
        inner.most.clear();
    }

    /// A request begins; how many of its kind are open now, itself included.
    pub(crate) fn enter(&self, resource: Resource) -> usize {
        let mut inner = self.inner.lock();
        let open = inner.open.entry(resource).or_default();
        *open += 1;
        let open = *open;
        let most = inner.most.entry(resource).or_default();
        *most = open.max(*most);
        open
    }

    pub(crate) fn leave(&self, resource: Resource) {
        if let Some(open) = self.inner.lock().open.get_mut(&resource) {
            *open = open.saturating_sub(1);
        }
    }

    pub(crate) fn most(&self, resource: Resource) -> usize {
        self.inner.lock().most.get(&resource).copied().unwrap_or(0)
    }
}
