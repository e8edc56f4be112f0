//! Somebody: what there is from and to them, in every source. Nothing is merged; a handle of the same
//! name is shown as one that may be theirs.

use inlet_model::Party;

use super::{App, reading::attachment_view};
use crate::{
    api::{
        ApiError,
        types::{PersonParams, PersonView, SearchHit, SearchParams, SharedFile},
    },
    store::person,
};

/// Conversations, files and notes that are named at most.
const NEWEST: usize = 20;

impl App {
    /// `person.get`.
    pub(crate) async fn get_person(&self, params: PersonParams) -> Result<PersonView, ApiError> {
        let handle = params.handle.trim().to_lowercase();
        if handle.is_empty() {
            return Err(ApiError::invalid("Say whose handle it is."));
        }
        let given = params.name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        let mut view = self
            .store
            .read(move |reader| {
                let conn = &reader.main;
                let identities = person::identities(conn, &handle, given.as_deref().unwrap_or_default())?;
                let written = person::written(conn, &handle)?;
                let exchanged = person::exchanged(conn, &handle)?;
                let threads = person::threads(conn, &handle, NEWEST)?;
                let files = person::files(conn, &handle, &threads, NEWEST)?;
                let known = identities.iter().find(|one| one.source == params.source && one.party.handle == handle);
                let name = given.or_else(|| known.and_then(|one| one.party.name.clone()));
                Ok(PersonView {
                    party: Party { name, handle },
                    identities,
                    first: written.first.into_iter().chain(exchanged.first).min(),
                    last: written.last.max(exchanged.last),
                    received: written.count,
                    sent: exchanged.sent,
                    files: files
                        .into_iter()
                        .map(|shared| SharedFile {
                            item: shared.item,
                            thread: shared.thread,
                            at: shared.at,
                            from_me: shared.from_me,
                            file: attachment_view(shared.file),
                        })
                        .collect(),
                    threads,
                    notes: Vec::new(),
                })
            })
            .await?;
        if let Some(name) = &view.party.name {
            view.notes = self.notes_that_mention(name).await;
        }
        Ok(view)
    }

    /// The newest notes with the whole name in them; none while the index cannot be asked.
    async fn notes_that_mention(&self, name: &str) -> Vec<SearchHit> {
        let words: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
        if words.trim().chars().count() < 2 {
            return Vec::new();
        }
        let query = format!("type:note \"{}\"", words.trim());
        let limit = u32::try_from(NEWEST).ok();
        let asked = self.search(SearchParams { query, limit, ..SearchParams::default() }).await;
        asked.map(|found| if found.corrected.is_some() { Vec::new() } else { found.hits }).unwrap_or_default()
    }
}
