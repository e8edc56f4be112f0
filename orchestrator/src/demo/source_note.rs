//! OneNote of the demo world.

use async_trait::async_trait;
use inlet_model::{
    Applied, Capabilities, CheckReport, Cursor, FlagChange, Flags, Intent, NoteMeta, NoteOp, NoteSource, OpKey, Page,
    PartRef, PartSink, Party, RemoteId, Result, Scope, ScopeRole, Source, SourceError, SourceType, UnifiedNote,
};

use super::{
    answers::report,
    markup,
    shelf::{Held, Shelf},
};

/// A set of notebooks.
pub(super) struct DemoNotes {
    pub(super) me: Party,
    /// Remote id and name of each section.
    pub(super) sections: Vec<(String, String)>,
    pub(super) shelf: Shelf<UnifiedNote>,
}

fn gone() -> SourceError {
    SourceError::Permanent("This page no longer exists; choose another one.".to_owned())
}

fn shown(note: &UnifiedNote) -> UnifiedNote {
    let mut note = note.clone();
    for part in &mut note.attachments {
        part.data = None;
    }
    note
}

impl DemoNotes {
    fn create(&self, key: &OpKey, section: &str, title: &str, text: &str) -> Result<Applied> {
        if !self.sections.iter().any(|(remote, _)| remote == section) {
            return Err(SourceError::Permanent("This section no longer exists; choose another one.".to_owned()));
        }
        let at = self.shelf.time_for(key, section);
        let id = format!("0-{:016x}!{section}-page", super::rng::hash(&key.0));
        let page = UnifiedNote {
            remote_id: RemoteId(id.clone()),
            title: title.to_owned(),
            author: Some(self.me.clone()),
            created_at: at,
            modified_at: at,
            text: markup::text(text),
            html: Some(markup::html(text)),
            attachments: Vec::new(),
            meta: NoteMeta { todos: markup::todos(text, 0), ..NoteMeta::default() },
        };
        let held = Held { id, home: section.to_owned(), at, item: page, born: 0 };
        Ok(self.shelf.add(key, held, Vec::new(), "written in the demo"))
    }

    fn tick(&self, key: &OpKey, page: &str, todo: &str, done: bool) -> Result<Applied> {
        let note = self.shelf.get(page).ok_or_else(gone)?;
        let place = note.meta.todos.iter().position(|one| one.id == todo);
        let place = place.ok_or_else(|| SourceError::Permanent("This to-do is no longer on the page.".to_owned()))?;
        self.shelf.edit(page, |held| {
            let note = &mut held.item;
            if let Some(todo) = note.meta.todos.get_mut(place) {
                todo.done = done;
            }
            note.text = markup::tick_text(&note.text, place, done);
            note.html = note.html.take().map(|html| markup::tick_html(&html, place, done));
            Some(true)
        });
        Ok(self.shelf.made(key, page))
    }
}

#[async_trait]
impl Source for DemoNotes {
    type Item = UnifiedNote;
    type Op = NoteOp;

    fn source_type(&self) -> SourceType {
        SourceType::OneNote
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { live: true, send: true, ..Capabilities::default() }
    }

    async fn check(&self) -> Result<CheckReport> {
        Ok(report(
            &self.me.handle,
            &[
                ("Find the demo notebooks", "in memory, on this computer".to_owned()),
                ("List sections", format!("{} sections", self.sections.len())),
            ],
        ))
    }

    async fn scopes(&self) -> Result<Vec<Scope>> {
        let scopes = self.sections.iter().map(|(remote, name)| Scope {
            remote: remote.clone(),
            name: name.clone(),
            role: ScopeRole::Notes,
            pulled: true,
            live: true,
        });
        Ok(scopes.collect())
    }

    async fn pull(&self, scope: &Scope, since: Option<&Cursor>) -> Result<Page<UnifiedNote>> {
        if !self.sections.iter().any(|(remote, _)| *remote == scope.remote) {
            return Err(SourceError::Permanent("This section no longer exists.".to_owned()));
        }
        self.shelf.pull(scope, since, shown, |held, page| {
            page.flags.push(FlagChange {
                remote_id: RemoteId(held.id.clone()),
                flags: Flags { read: true, ..Flags::default() },
                also_in: None,
            })
        })
    }

    async fn wait(&self, scope: &Scope) -> Result<()> {
        self.shelf.wait(scope).await;
        Ok(())
    }

    async fn fetch(&self, part: &PartRef, into: &mut dyn PartSink) -> Result<()> {
        let note = self.shelf.get(&part.remote_id.0).ok_or_else(gone)?;
        let found = note.attachments.into_iter().find(|one| one.part == part.part).and_then(|one| one.data);
        super::stream(&found.ok_or_else(gone)?, into).await
    }

    fn plan(&self, key: &OpKey, intent: &Intent) -> Result<Option<NoteOp>> {
        let outgoing = match intent {
            Intent::Send(outgoing) => outgoing,
            Intent::Tick { target, todo, text, done } => {
                let (page, todo, text) = (target.remote_id.0.clone(), todo.clone(), text.clone());
                return Ok(Some(NoteOp::Tick { page, todo, text, done: *done }));
            }
            _ => return Ok(None),
        };
        let text = outgoing.text.clone();
        let op = match (outgoing.conversation.clone(), outgoing.section.clone()) {
            (Some(page), _) => NoteOp::Append { page, text },
            (None, Some(section)) => {
                NoteOp::Create { section, title: outgoing.subject.clone(), text, at: Some(outgoing.date) }
            }
            (None, None) => return Err(SourceError::Permanent("Choose a page to write this on.".to_owned())),
        };
        self.shelf.plan(key, outgoing.date);
        Ok(Some(op))
    }

    async fn apply(&self, key: &OpKey, op: &NoteOp) -> Result<Applied> {
        if let Some(applied) = self.shelf.applied(key) {
            return Ok(applied);
        }
        let (page, text) = match op {
            NoteOp::Append { page, text } => (page, text),
            NoteOp::Create { section, title, text, .. } => return self.create(key, section, title, text),
            NoteOp::Tick { page, todo, done, .. } => return self.tick(key, page, todo, *done),
        };
        let note = self.shelf.get(page).ok_or_else(gone)?;
        let home = self.shelf.find(|held| (held.id == *page).then(|| held.home.clone())).unwrap_or_default();
        let at = self.shelf.time_for(key, &home).max(note.modified_at);
        self.shelf.edit(page, |held| {
            held.at = at;
            let note = &mut held.item;
            note.modified_at = at;
            note.author = Some(self.me.clone());
            note.text = format!("{}\n\n{text}", note.text).trim_start().to_owned();
            note.meta.todos.extend(markup::todos(text, note.meta.todos.len()));
            note.html.get_or_insert_default().push_str(&markup::html(text));
            Some(true)
        });
        Ok(self.shelf.made(key, page))
    }

    async fn find_applied(&self, key: &OpKey, _op: &NoteOp) -> Result<Option<Applied>> {
        Ok(self.shelf.applied(key))
    }
}

impl NoteSource for DemoNotes {}
