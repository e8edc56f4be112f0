//! What to do next: the follower's loop, and the commands about it.

use std::time::Duration;

use inlet_actions::{Beside, Hours, Language, Rule, State, Terms, dates::When, free_times, offer};
use inlet_model::{Party, Timestamp, UnifiedMeeting};
use jiff::{
    SignedDuration,
    civil::Time,
    tz::{Offset, TimeZone},
};

use super::{App, meetings};
use crate::{
    actions::{CARDS, SOON, TODAY, follower, terms, think::language},
    api::{
        ApiError, ErrorCode,
        types::{
            ActionList, ActionView, ActionsParams, Compose, ComposeMode, DueView, Lesson, LessonParams, Nothing,
            NudgeParams, OfferParams, OpenView, PrepareParams, RuleView, ThreadRow, Waiting, Which,
        },
    },
    clock::Clock,
    config::Config,
    event::Event,
    feed::heard,
    invitation::standing::Between,
    store::{
        Reader, Result as StoreResult, StoreError, identity, item, lesson,
        suggestion::{self, Suggestion, Wanted},
        thread,
    },
};

/// Batches that a list waits for: more than the last changes are told as being behind.
pub(super) const WAITED_FOR: usize = 4;
/// Suggestions of an answer at most.
const MOST: u32 = 500;
/// What is open with somebody, at most.
const OPEN: usize = 40;
/// A working day, unless another one is set.
const USUAL: (Time, Time) = (Time::constant(9, 0, 0, 0), Time::constant(17, 0, 0, 0));
/// How far ahead times to meet are looked for, and how many meetings until then.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 31);
const MEETINGS: usize = 500;

impl App {
    /// Thinks about everything that changes, and about what the clock makes old, as long as the engine runs.
    pub(super) async fn follow_actions(&self) {
        /// The clock may be set and the computer sleep: nobody waits longer than this, or looks more often.
        const LONGEST: Duration = Duration::from_secs(60);
        const SHORTEST: Duration = Duration::from_millis(100);
        let mut events = self.feed.listen();
        loop {
            if let Err(error) = self.think(usize::MAX).await {
                tracing::error!(%error, "the suggestions stand still");
            }
            let next = follower::next(&self.store).await.ok().flatten();
            let pause = next
                .and_then(|next| Duration::try_from(next.duration_since(self.clock.now())).ok())
                .map_or(LONGEST, |pause| pause.clamp(SHORTEST, LONGEST));
            let wake = heard(&mut events, |event| {
                matches!(event, Event::Changed { .. } | Event::Source { source: None } | Event::Kept | Event::Settings)
            });
            let _ = tokio::time::timeout(pause, wake).await;
        }
    }

    /// Thinks about what has changed, so many batches of it.
    pub(super) async fn think(&self, batches: usize) -> Result<(), StoreError> {
        if !self.owns() {
            return Ok(());
        }
        let now = self.clock.now();
        let terms = self.terms(now);
        for _ in 0..batches {
            let _one_at_a_time = self.followers.thinking.lock().await;
            if !follower::step(&self.store, &terms, now).await?.more {
                break;
            }
        }
        Ok(())
    }

    fn terms(&self, now: Timestamp) -> Terms {
        terms::of(&self.config.lock(), Clock::zone(), now)
    }

    /// What counts as wanted now, from this score on.
    pub(super) fn wanted(&self, least: i32, state: Option<State>) -> Wanted {
        let Waiting { since, now } = self.waiting();
        Wanted { least, state, since, now, hidden: false }
    }

    /// Between which moments something is waited for.
    pub(super) fn waiting(&self) -> Waiting {
        waiting(&self.config.lock(), self.clock.now())
    }

    /// `actions.list`.
    pub(crate) async fn list_actions(&self, params: ActionsParams) -> Result<ActionList, ApiError> {
        // Without a follower in the background, this is the time to think; with one, the last changes are waited for.
        self.think(if self.background { WAITED_FOR } else { usize::MAX }).await?;
        let (wanted, most) = match params.which {
            Which::Today => (self.wanted(TODAY, None), CARDS),
            Which::Soon => (self.wanted(SOON, None), MOST),
            Which::Waiting => (self.wanted(0, Some(State::Waiting)), MOST),
            Which::All => (Wanted { since: Timestamp::MIN, hidden: true, ..self.wanted(0, None) }, MOST),
        };
        let limit = params.limit.unwrap_or(most).min(most);
        let read = move |reader: &Reader| {
            // One snapshot: what is behind is behind of these.
            let _snapshot = reader.main.unchecked_transaction()?;
            let mut actions = Vec::new();
            for mut one in suggestion::list(&reader.main, &wanted, limit)? {
                // What stands longer than anything counts is not worth a word beside what does.
                one.kept.beside.retain(|(_, open)| open.since >= wanted.since || open.due_at >= Some(wanted.now));
                actions.extend(view(reader, one)?);
            }
            Ok(ActionList { actions, behind: follower::behind(reader, wanted.now)? })
        };
        Ok(self.store.read(read).await?)
    }

    /// `actions.nudge`.
    pub(crate) async fn nudge(&self, params: NudgeParams) -> Result<Compose, ApiError> {
        let id = params.thread;
        let found = self.store.read(move |reader| {
            let one = suggestion::get(&reader.main, id)?.filter(|one| one.state == State::Waiting);
            let Some(view) = one.map(|one| view(reader, one)).transpose()?.flatten() else { return Ok(None) };
            let language = language(reader, id, view.item)?;
            Ok(Some((view, language)))
        });
        let (view, language) =
            found.await?.ok_or_else(|| ApiError::not_found("Something to wait for in this conversation"))?;
        let prepare = PrepareParams { mode: ComposeMode::Reply, thread: Some(id), item: Some(view.item) };
        let mut draft = self.prepare(prepare).await?;
        if draft.id.is_none() {
            let name = view.person.as_ref().and_then(|person| person.name.as_deref()?.split_whitespace().next());
            draft.text = language.and_then(|one| inlet_actions::nudge(one, name, &view.sentence)).unwrap_or_default();
        }
        Ok(draft)
    }

    /// `actions.offer`.
    pub(crate) async fn offer_times(&self, params: OfferParams) -> Result<Compose, ApiError> {
        let (id, now) = (params.thread, self.clock.now());
        let (calendar, work) = {
            let config = self.config.lock();
            let work = terms::hours(&config.word("actions.working_hours")).unwrap_or(USUAL);
            (terms::of(&config, Clock::zone(), now).calendar, work)
        };
        let found = self.store.read(move |reader| {
            let Some(one) = suggestion::get(&reader.main, id)?.filter(asks_to_meet) else { return Ok(None) };
            let due = one.kept.due.clone();
            let Some(view) = view(reader, one)? else { return Ok(None) };
            let language = language(reader, id, view.item)?;
            let until = now.saturating_add(AHEAD).unwrap_or(now);
            let meetings =
                meetings::meetings(reader, Between { from: now, until }, MEETINGS, |one| !one.meeting.cancelled)?;
            let busy: Vec<_> = meetings.iter().filter_map(|one| busy(&one.meeting)).collect();
            Ok(Some((view, due, language, busy)))
        });
        let (view, due, language, busy) =
            found.await?.ok_or_else(|| ApiError::not_found("An ask to meet in this conversation"))?;
        let times = free_times(&Hours { calendar: &calendar, work, busy: &busy }, due.as_ref(), now);
        if times.is_empty() {
            return Err(ApiError::new(
                ErrorCode::Refused,
                "No hour of the next weeks is free; answer in your own words.",
            ));
        }
        let prepare = PrepareParams { mode: ComposeMode::Reply, thread: Some(id), item: Some(view.item) };
        let mut draft = self.prepare(prepare).await?;
        if draft.id.is_none() {
            let name = view.person.as_ref().and_then(|person| person.name.as_deref()?.split_whitespace().next());
            let known = language.filter(|language| *language != Language::Other);
            let language = known.or(params.language).unwrap_or(Language::En);
            draft.text = offer(language, name, &times).unwrap_or_default();
        }
        Ok(draft)
    }

    /// `actions.rebuild`.
    pub(crate) async fn rebuild_actions(&self, _: Nothing) -> Result<Nothing, ApiError> {
        if !self.owns() {
            return Err(ApiError::new(
                ErrorCode::Refused,
                "Another Inlet has this data open and does the thinking; rebuild the suggestions there.",
            ));
        }
        follower::forget(&self.store).await?;
        self.think(usize::MAX).await?;
        Ok(Nothing {})
    }

    /// `actions.rules`.
    pub(crate) async fn list_rules(&self, _: Nothing) -> Result<Vec<RuleView>, ApiError> {
        let terms = self.terms(self.clock.now());
        let rule = |name: Rule| Some(RuleView { name, points: terms.points(name), default: name.points()? });
        Ok(Rule::ALL.into_iter().filter_map(rule).collect())
    }

    /// `actions.lessons`.
    pub(crate) async fn list_lessons(&self, _: Nothing) -> Result<Vec<Lesson>, ApiError> {
        Ok(self.store.read(|reader| lesson::all(&reader.main)).await?)
    }

    /// `actions.forget`.
    pub(crate) async fn forget_lesson(&self, params: LessonParams) -> Result<Nothing, ApiError> {
        if !self.store.write(move |tx| lesson::forget(tx, params.id)).await? {
            return Err(ApiError::not_found("That lesson"));
        }
        self.think(WAITED_FOR).await?;
        Ok(Nothing {})
    }
}

/// Somebody waits for me to say when we meet.
fn asks_to_meet(one: &Suggestion) -> bool {
    one.state == State::Reply && inlet_actions::asks_to_meet(&one.kept.sentence, one.kept.due.as_ref(), None)
}

/// From when to when I am busy with a meeting; for one that lasts all day, that day where I am.
fn busy(meeting: &UnifiedMeeting) -> Option<(Timestamp, Timestamp)> {
    const LONG: SignedDuration = SignedDuration::from_hours(1);
    const DAY: SignedDuration = SignedDuration::from_hours(24);
    let starts = meeting.starts;
    if !meeting.all_day {
        return Some((starts, meeting.ends.unwrap_or(starts.saturating_add(LONG).ok()?)));
    }
    let midnight = |at: Timestamp| {
        let day = at.to_zoned(TimeZone::UTC).date().to_zoned(Clock::zone());
        day.ok().map(|day| day.timestamp())
    };
    let last = midnight(meeting.ends.unwrap_or(starts))?;
    Some((midnight(starts)?, last.saturating_add(DAY).ok()?))
}

pub(super) fn view(reader: &Reader, one: Suggestion) -> StoreResult<Option<ActionView>> {
    let Some(row) = thread::get(&reader.main, one.thread)? else { return Ok(None) };
    let meet = asks_to_meet(&one);
    let kept = one.kept;
    let person = named(reader, &row, &one.person)?;
    let due = kept.due.as_ref().and_then(|when| due(when, one.due_at));
    let window = item::reply_window(&reader.main, row.source, row.id)?;
    let language = suggestion::reading(&reader.main, kept.item)?.and_then(|reading| reading.language);
    let beside = kept.beside.into_iter().map(|(handle, open)| open_view(reader, &row, &handle, open));
    let beside = beside.collect::<Result<_, _>>()?;
    Ok(Some(ActionView {
        state: one.state,
        score: one.score,
        signals: kept.signals,
        item: kept.item,
        start: kept.start,
        sentence: kept.sentence,
        seen_by: kept.labels.into_iter().map(|label| label.by).collect(),
        person,
        due,
        since: one.since,
        beside,
        nudge_at: kept.nudge_at,
        hidden_until: one.hidden_until,
        todo: kept.todo,
        answered: kept.answered,
        received: kept.received,
        their_minutes: kept.their_minutes,
        window_closes: window.and_then(|window| window.until),
        meet,
        questions_only: language == Some(Language::Other),
        thread: row,
    }))
}

/// What is open with these people, those that weigh most first; of a conversation of many only what is theirs.
pub(super) fn open_with(reader: &Reader, handles: &[String]) -> StoreResult<Vec<OpenView>> {
    let mut open = Vec::new();
    for one in suggestion::with(&reader.main, handles)? {
        let Some(row) = thread::get(&reader.main, one.thread)? else { continue };
        for (handle, one) in one.open().filter(|(handle, _)| handles.contains(handle)) {
            open.push(open_view(reader, &row, &handle, one)?);
        }
        if open.len() >= OPEN {
            open.truncate(OPEN);
            break;
        }
    }
    Ok(open)
}

fn open_view(reader: &Reader, row: &ThreadRow, handle: &str, open: Beside) -> StoreResult<OpenView> {
    Ok(OpenView {
        thread: row.id,
        source_type: row.source_type,
        state: open.state,
        item: open.evidence.message,
        start: open.evidence.range.start,
        sentence: open.evidence.text,
        person: named(reader, row, handle)?,
        due: open.due.as_ref().and_then(|when| due(when, open.due_at)),
        since: open.since,
        todo: open.todo,
    })
}

/// Somebody as the conversation calls them.
fn named(reader: &Reader, row: &ThreadRow, handle: &str) -> StoreResult<Option<Party>> {
    let named = row.people.iter().find(|party| party.handle.eq_ignore_ascii_case(handle)).cloned();
    if named.is_some() || handle.is_empty() {
        return Ok(named);
    }
    // Whom I wrote to, who has not written in it.
    let name = identity::name(&reader.main, std::slice::from_ref(&handle.to_owned()), Some(row.source))?;
    Ok(Some(Party { name, handle: handle.to_owned() }))
}

/// Between which moments something is waited for, as the settings say.
pub(super) fn waiting(config: &Config, now: Timestamp) -> Waiting {
    let days = i64::try_from(config.number("actions.days")).unwrap_or_default();
    Waiting { since: now - SignedDuration::from_hours(24 * days), now }
}

/// A doubt is shown on the reader's clock: it moves nothing, and nobody knows better.
fn due(when: &When, due_at: Option<Timestamp>) -> Option<DueView> {
    match when {
        When::Exact(moment) => {
            Some(DueView { at: due_at?, day: moment.date.to_string(), timed: moment.time.is_some(), ambiguous: false })
        }
        When::Ambiguous(moments) => {
            let first = moments.first()?;
            let offset = Clock::zone().to_offset(first.instant(Offset::UTC));
            Some(DueView {
                at: first.instant(offset),
                day: first.date.to_string(),
                timed: first.time.is_some(),
                ambiguous: true,
            })
        }
    }
}
