//! The meetings of a time, as the mails about them come to.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use inlet_model::{SourceId, Timestamp};
use jiff::SignedDuration;

use super::{App, reading::is_believed};
use crate::{
    api::{
        ApiError,
        types::{MeetingView, MeetingsParams},
    },
    clock::Clock,
    invitation::{
        Mine, Said,
        standing::{Between, standing},
    },
    store::{Reader, Result as StoreResult, item::ItemRow, meeting, source},
};

/// Meetings of an answer at most.
const MOST: usize = 50;
/// How long a list waits for what has to be asked first.
const PATIENCE: Duration = Duration::from_secs(3);
/// The longest time that is asked for.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 62);

impl App {
    /// `meetings.list`.
    pub(crate) async fn list_meetings(&self, params: MeetingsParams) -> Result<Vec<MeetingView>, ApiError> {
        let from = params.from.unwrap_or_else(|| self.clock.now());
        let until = params.until.unwrap_or_else(|| end_of_day(from));
        if until < from || until.duration_since(from) > LONGEST {
            return Err(ApiError::invalid("Ask for a time of two months at most that does not end before it begins."));
        }
        let between = Between { from, until };
        // Whoever looks waits for that a little: without it the list only lacks them.
        let _ = tokio::time::timeout(PATIENCE, self.ask_how_they_repeat(between)).await;
        Ok(self.store.read(move |reader| meetings(reader, between, MOST, |_| true)).await?)
    }

    /// Asks about series of which it is not known how they repeat.
    async fn ask_how_they_repeat(&self, between: Between) -> Result<(), ApiError> {
        let rows = self.store.read(move |reader| meeting::unasked(&reader.main, between.from, between.until)).await?;
        for row in rows {
            self.fetch_rest(&row).await?;
        }
        Ok(())
    }
}

/// The end of the day somebody is in; in the evening what comes after midnight is next as well.
pub(super) fn end_of_day(now: Timestamp) -> Timestamp {
    const NEXT: SignedDuration = SignedDuration::from_hours(4);
    let tomorrow = now.to_zoned(Clock::zone()).date().tomorrow().ok();
    let end = tomorrow.and_then(|day| day.to_zoned(Clock::zone()).ok()).map(|midnight| midnight.timestamp());
    end.unwrap_or(now).max(now + NEXT)
}

/// What stands of the meetings of a time, the next one first. One that I declined is none of mine any more; one that
/// is known by two accounts is one.
pub(super) fn meetings(
    reader: &Reader,
    between: Between,
    most: usize,
    wanted: impl Fn(&MeetingView) -> bool,
) -> StoreResult<Vec<MeetingView>> {
    let hosts = source::provider_hosts(&reader.main)?;
    let sources: HashMap<SourceId, _> =
        source::all(&reader.main)?.into_iter().map(|source| (source.id, source)).collect();
    let mut found: Vec<MeetingView> = Vec::new();
    for (id, uid) in meeting::between(&reader.main, between.from, between.until)? {
        let Some(of) = sources.get(&id) else { continue };
        let all = said(meeting::mails(&reader.main, id, &uid)?, &hosts);
        let mine = Mine { me: of.identity.as_deref(), able: of.capabilities.rsvp };
        for one in standing(&all, mine, between) {
            // How one repeats that was never asked for is not known: it may be on any day.
            let row = all.get(one.at).map(|said| &said.row).filter(|row| !row.extra.mail.unasked);
            let Some(row) = row else { continue };
            let declined = one.meeting.answer == Some(inlet_model::Rsvp::Decline);
            let view = MeetingView {
                meeting: one.meeting,
                thread: row.thread,
                item: row.id,
                source: id,
                source_type: of.source_type,
                can_answer: one.can_answer,
            };
            if !declined && wanted(&view) {
                found.push(view);
            }
        }
    }
    found.sort_by(|a, b| {
        let key = |view: &MeetingView| (!view.meeting.all_day, view.meeting.starts, !view.can_answer, view.item);
        key(a).cmp(&key(b))
    });
    let mut known = BTreeSet::new();
    found.retain(|view| known.insert((view.meeting.uid.clone(), view.meeting.starts)));
    found.truncate(most);
    Ok(found)
}

/// Mails about a meeting, each with whether its sender is believed.
pub(super) fn said(rows: Vec<ItemRow>, hosts: &HashMap<SourceId, Vec<String>>) -> Vec<Said> {
    rows.into_iter()
        .filter_map(|row| {
            let believed = is_believed(&row, hosts);
            Said::of(row, believed)
        })
        .collect()
}
