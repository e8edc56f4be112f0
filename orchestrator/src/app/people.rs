//! Everybody, and somebody: what there is from and to them, in every source. Handles that look like one
//! person are shown as such, with the reason, and joined only when the person says so.

use inlet_model::Party;

use super::{App, reading::attachment_view};
use crate::{
    api::{
        ApiError,
        types::{
            HandleParams, Nothing, PairParams, PeopleListParams, PeoplePage, PersonParams, PersonView, SearchHit,
            SearchParams, SharedFile,
        },
    },
    store::{people, person},
};

/// Conversations, files and notes that are named at most.
const NEWEST: usize = 20;
/// People of one page at most.
const PAGE: u32 = 200;

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
                let all = people::handles(conn, &handle)?;
                let identities = people::identities(reader, &all, given.as_deref().unwrap_or_default())?;
                let between = people::habits(conn, &all)?;
                let all = person::Handles::new(&all)?;
                let written = person::written(conn, &all)?;
                let exchanged = person::exchanged(conn, &all)?;
                let threads = person::threads(conn, &all, NEWEST)?;
                let files = person::files(conn, &all, &threads, NEWEST)?;
                let known = identities.iter().find(|one| one.source == params.source && one.party.handle == handle);
                let name = given.or_else(|| known.and_then(|one| one.party.name.clone()));
                Ok(PersonView {
                    party: Party { name, handle },
                    identities,
                    first: written.first.into_iter().chain(exchanged.first).min(),
                    last: written.last.max(exchanged.last),
                    received: written.count,
                    sent: exchanged.sent,
                    answers: between.theirs,
                    answered: between.mine,
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

    /// `people.list`.
    pub(crate) async fn list_people(&self, params: PeopleListParams) -> Result<PeoplePage, ApiError> {
        let limit = params.limit.unwrap_or(PAGE).min(PAGE);
        Ok(self.store.read(move |reader| people::list(&reader.main, &params.query, limit, params.skip)).await?)
    }

    /// `people.join`.
    pub(crate) async fn join_people(&self, pair: PairParams) -> Result<Nothing, ApiError> {
        let (one, other) = two(&pair)?;
        self.store.write(move |tx| people::join(tx, &one, &other)).await?;
        Ok(Nothing {})
    }

    /// `people.split`.
    pub(crate) async fn split_person(&self, params: HandleParams) -> Result<Nothing, ApiError> {
        let handle = params.handle.trim().to_lowercase();
        self.store.write(move |tx| people::split(tx, &handle)).await?;
        Ok(Nothing {})
    }

    /// `people.apart`.
    pub(crate) async fn keep_people_apart(&self, pair: PairParams) -> Result<Nothing, ApiError> {
        let (one, other) = two(&pair)?;
        self.store.write(move |tx| people::keep_apart(tx, &one, &other)).await?;
        Ok(Nothing {})
    }

    /// `people.unapart`.
    pub(crate) async fn offer_people_again(&self, pair: PairParams) -> Result<Nothing, ApiError> {
        let (one, other) = two(&pair)?;
        self.store.write(move |tx| people::forget_apart(tx, &one, &other)).await?;
        Ok(Nothing {})
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

/// Two handles as they are stored.
fn two(pair: &PairParams) -> Result<(String, String), ApiError> {
    let (one, other) = (pair.one.trim().to_lowercase(), pair.other.trim().to_lowercase());
    if one.is_empty() || other.is_empty() || one == other {
        return Err(ApiError::invalid("Name two different handles."));
    }
    Ok((one, other))
}
