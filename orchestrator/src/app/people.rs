//! Everybody, and somebody: what there is from and to them, in every source. Handles that look like one
//! person are shown as such, with the reason, and joined only when the person says so.

use inlet_model::Party;
use jiff::SignedDuration;

use super::{App, actions, meetings, reading::attachment_view};
use crate::{
    api::{
        ApiError,
        types::{
            Joined, Likeness, MeetingView, Nothing, PairParams, PeopleListParams, PeoplePage, PersonIdentity,
            PersonParams, PersonView, SearchHit, SearchParams, SharedFile, SplitParams, VipParams,
        },
    },
    invitation::standing::Between,
    store::{contact, habits, identity, likeness, people, person},
};

/// Conversations, files and notes that are named at most.
const NEWEST: usize = 20;
/// Meetings with somebody at most.
const MEETINGS: usize = 5;
/// Meetings that are looked for lie within this time.
const WEEKS: SignedDuration = SignedDuration::from_hours(24 * 28);
/// People of one page at most.
const PAGE: u32 = 200;

impl App {
    /// `person.get`.
    pub(crate) async fn get_person(&self, params: PersonParams) -> Result<PersonView, ApiError> {
        let handle = params.handle.trim().to_lowercase();
        if handle.is_empty() {
            return Err(ApiError::invalid("Say whose handle it is."));
        }
        // Without a follower in the background, this is the time to read what people sign with.
        if !self.background {
            self.think(usize::MAX).await?;
        }
        let now = self.clock.now();
        let given = params.name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        let mut view = self
            .store
            .read(move |reader| {
                let conn = &reader.main;
                let all = people::handles(conn, &handle)?;
                let mut name = given;
                if name.is_none() {
                    name = contact::name(conn, &all)?;
                }
                if name.is_none() {
                    name = identity::name(conn, &all, params.source)?;
                }
                let identities = likeness::identities(reader, &all, name.as_deref())?;
                let between = habits::between(conn, &all)?;
                let vip = people::is_vip(conn, &all)?;
                let open = actions::open_with(reader, &all)?;
                let with_them = |view: &MeetingView| {
                    let people = view.meeting.people.iter().map(|one| &one.party).chain(&view.meeting.organizer);
                    people.map(|party| party.handle.to_lowercase()).any(|handle| all.contains(&handle))
                };
                let meetings =
                    meetings::meetings(reader, Between { from: now, until: now + WEEKS }, MEETINGS, with_them)?;
                let met: Vec<&str> = identities.iter().map(|one| one.party.handle.as_str()).collect();
                let beside = contact::beside(conn, &all)?;
                let beside = beside.into_iter().filter(|handle| !met.contains(&handle.as_str())).collect();
                let handles = all.clone();
                let in_book = contact::holds(conn, &all)?;
                let all = person::Handles::new(&all)?;
                let written = person::written(conn, &all)?;
                let exchanged = person::exchanged(conn, &all)?;
                let threads = person::threads(conn, &all, NEWEST)?;
                let files = person::files(conn, &all, &threads, NEWEST)?;
                let theirs = |one: &PersonIdentity| matches!(one.likeness, Likeness::Handle | Likeness::Joined);
                let known = in_book || written.count > 0 || identities.iter().any(theirs);
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
                    open,
                    meetings,
                    vip,
                    beside,
                    handles,
                    known,
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

    /// `people.vip`.
    pub(crate) async fn set_vip(&self, params: VipParams) -> Result<Nothing, ApiError> {
        let handle = params.handle.trim().to_lowercase();
        if handle.is_empty() {
            return Err(ApiError::invalid("Say whose handle it is."));
        }
        self.store.write(move |tx| people::set_vip(tx, &handle, params.vip)).await?;
        Ok(Nothing {})
    }

    /// `people.join`.
    pub(crate) async fn join_people(&self, pair: PairParams) -> Result<Joined, ApiError> {
        let (one, other) = two(&pair)?;
        Ok(self.store.write(move |tx| people::join(tx, &one, &other)).await?)
    }

    /// `people.part`.
    pub(crate) async fn part_people(&self, before: Joined) -> Result<Nothing, ApiError> {
        self.store.write(move |tx| people::part(tx, &before)).await?;
        Ok(Nothing {})
    }

    /// `people.split`.
    pub(crate) async fn split_person(&self, params: SplitParams) -> Result<Nothing, ApiError> {
        let SplitParams { handle, with } = params;
        let leaving = [handle].into_iter().chain(with).map(|handle| handle.trim().to_lowercase()).collect::<Vec<_>>();
        match self.store.write(move |tx| people::split(tx, &leaving)).await? {
            true => Ok(Nothing {}),
            false => Err(ApiError::invalid("Name handles of one person, and leave that person at least one.")),
        }
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
