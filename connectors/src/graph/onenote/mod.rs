//! OneNote: sections of notebooks as scopes, their pages as notes.
//!
//! OneNote tells nobody what is new, allows few requests, and has no key for what shall happen once.
//! Three rooms answer that: [`sync`] compares listings with what is known, [`budget`] shares the
//! requests out, and [`write`] leaves a mark to look for. [`scopes`] names the sections, [`content`]
//! reads and changes a page's HTML, [`errors`] puts OneNote's codes into words, [`check`] tests the account.
//!
//! A page is stored when it is listed; its content follows as the budget allows, the newest first, and
//! at once when somebody opens it ([`Source::complete`]), from the part of the budget that is kept for
//! that. Pictures and files are fetched when they are looked at, from the same part.
//!
//! Refused: `pages?search` (retired by Microsoft; search is here), and one listing of all pages
//! (`/me/onenote/pages`), which fails for people with many sections (code 20266).

mod budget;
mod check;
mod content;
mod errors;
mod scopes;
mod sync;
mod wire;
mod write;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]
mod replay_tests;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod told_tests;

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use inlet_model::{
    Applied, Capabilities, CheckReport, Cursor, Intent, NoteOp, NoteSource, OpKey, Page, PartRef, PartSink, RemoteId,
    Result, Scope, Source, SourceError, SourceType, UnifiedNote,
};
use tokio::time::Instant;

pub(super) use self::errors::{Meaning, meaning};
use self::{
    budget::{Budget, Purpose},
    scopes::Section,
    sync::Memory,
    wire::Listed,
};
use super::client::Graph;

/// A list of sections that is younger than this is used again when listings are scarce.
const FRESH: Duration = Duration::from_secs(300);
/// What of a page is asked for.
const HEADING: &str = "id,title,createdDateTime,lastModifiedDateTime,links";

/// The notebooks of an account.
pub(super) struct OneNote {
    graph: Graph,
    budget: Budget,
    /// The sections when they were listed last.
    listed: Mutex<Option<(Instant, Vec<Section>)>>,
    /// By section.
    memory: Mutex<HashMap<String, Memory>>,
    /// Pages that somebody opened, as they were then.
    opened: Mutex<HashMap<String, i64>>,
    /// How often the content of a page broke off.
    failures: Mutex<HashMap<String, u8>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl OneNote {
    /// The notebooks. Nothing is asked for yet.
    pub(super) fn new(graph: Graph) -> Self {
        Self {
            graph,
            budget: Budget::default(),
            listed: Mutex::default(),
            memory: Mutex::default(),
            opened: Mutex::default(),
            failures: Mutex::default(),
        }
    }

    fn memory(&self) -> MutexGuard<'_, HashMap<String, Memory>> {
        locked(&self.memory)
    }

    fn failures(&self) -> MutexGuard<'_, HashMap<String, u8>> {
        locked(&self.failures)
    }

    /// The content of this page is here already, as it was at this time.
    fn was_opened(&self, page: &str, at: i64) -> bool {
        locked(&self.opened).get(page) == Some(&at)
    }

    /// Something was written on a page, or into a section: it is looked at again with the next pull.
    fn was_written(&self, id: &str) {
        locked(&self.opened).remove(id);
        // The section is a part of the page's id; where it is not, all of them are asked.
        let mut memory = self.memory();
        let known: Vec<String> = memory.keys().filter(|section| id.contains(section.as_str())).cloned().collect();
        if known.is_empty() {
            memory.values_mut().for_each(Memory::written);
        }
        for section in known {
            memory.entry(section).or_default().written();
        }
    }
}

#[async_trait]
impl Source for OneNote {
    type Item = UnifiedNote;
    type Op = NoteOp;

    fn source_type(&self) -> SourceType {
        SourceType::OneNote
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { send: true, ..Capabilities::default() }
    }

    async fn check(&self) -> Result<CheckReport> {
        Ok(self.report().await)
    }

    async fn scopes(&self) -> Result<Vec<Scope>> {
        let scopes = |sections: &[Section]| sections.iter().map(|section| section.scope.clone()).collect::<Vec<_>>();
        let kept = locked(&self.listed).clone();
        if let Some((at, sections)) = &kept {
            let scarce = self.budget.spent(Purpose::Listing) >= sync::CHEAP;
            if (scarce && at.elapsed() < FRESH) || self.budget.left(Purpose::Listing) < 3 {
                return Ok(scopes(sections));
            }
        }
        let sections = self.sections().await?;
        {
            let mut memory = self.memory();
            memory.retain(|known, _| sections.iter().any(|section| section.scope.remote == *known));
            for section in &sections {
                memory.entry(section.scope.remote.clone()).or_default().hear(section.modified);
            }
        }
        let listed = scopes(&sections);
        *locked(&self.listed) = Some((Instant::now(), sections));
        Ok(listed)
    }

    async fn pull(&self, scope: &Scope, since: Option<&Cursor>) -> Result<Page<UnifiedNote>> {
        self.pull_section(scope, since).await
    }

    async fn fetch(&self, part: &PartRef, into: &mut dyn PartSink) -> Result<()> {
        self.budget.take(Purpose::Person)?;
        let call = if part.part.is_empty() {
            self.graph.get(&["me", "onenote", "pages", &part.remote_id.0, "content"])
        } else {
            self.graph.get(&["me", "onenote", "resources", &part.part, "content"])
        };
        call.send().await?.stream(into).await
    }

    async fn complete(&self, _scope: &str, item: &RemoteId) -> Result<Option<UnifiedNote>> {
        self.budget.take(Purpose::Person)?;
        let call = self.graph.get(&["me", "onenote", "pages", &item.0]).query(&[("$select", HEADING)]);
        let Some(answer) = call.send_if_there().await? else { return Ok(None) };
        let listed: Listed = answer.json().await?;
        self.budget.take(Purpose::Person)?;
        let Some(html) = self.content(&item.0).await? else { return Ok(None) };
        locked(&self.opened).insert(item.0.clone(), listed.changed().as_millisecond());
        Ok(Some(sync::note(&listed, content::read(&html))))
    }

    fn plan(&self, _key: &OpKey, intent: &Intent) -> Result<Option<NoteOp>> {
        match intent {
            Intent::Send(outgoing) if !outgoing.attachments.is_empty() => Err(SourceError::Permanent(
                "Files cannot be put on a page from here: take them out, or add them in OneNote.".to_owned(),
            )),
            Intent::Send(outgoing) => {
                let text = outgoing.text.clone();
                match (outgoing.conversation.clone(), outgoing.section.clone()) {
                    (Some(page), _) => Ok(Some(NoteOp::Append { page, text })),
                    (None, Some(section)) => {
                        let (title, at) = (outgoing.subject.clone(), Some(outgoing.date));
                        Ok(Some(NoteOp::Create { section, title, text, at }))
                    }
                    (None, None) => Err(SourceError::Permanent("Choose a page to write this on.".to_owned())),
                }
            }
            Intent::Tick { target, todo, text, done } => {
                let (page, todo, text) = (target.remote_id.0.clone(), todo.clone(), text.clone());
                Ok(Some(NoteOp::Tick { page, todo, text, done: *done }))
            }
            // Stars and archiving of pages stay on this computer, and so does what is being written.
            Intent::SetFlags { .. }
            | Intent::Move { .. }
            | Intent::Label { .. }
            | Intent::Expunge { .. }
            | Intent::Rsvp { .. }
            | Intent::React { .. }
            | Intent::SaveDraft(_)
            | Intent::DropDraft { .. } => Ok(None),
        }
    }

    async fn apply(&self, key: &OpKey, op: &NoteOp) -> Result<Applied> {
        self.write(key, op).await
    }

    async fn find_applied(&self, key: &OpKey, op: &NoteOp) -> Result<Option<Applied>> {
        self.find(key, op).await
    }
}

impl NoteSource for OneNote {}
