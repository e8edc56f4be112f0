//! From the rows of one thread to what is suggested for it.

use std::collections::HashMap;

use inlet_actions::{
    Conclusion, Event, Habits, Language, Me, Message, Page, Reading, Settled, State, Terms, approves, conclude_page,
    read,
};
use inlet_model::{ItemId, Kind, ThreadId, Timestamp};
use jiff::tz::TimeZone;

use crate::{
    actions::follower,
    clock::Clock,
    mime,
    people::signed,
    store::{
        Reader, Result, body, habits,
        item::{self, ItemRow},
        lesson, people,
        suggestion::{self, Kept, Line, Standing, Suggestion},
    },
};

/// Messages of a conversation that count, the newest: what was asked before them is history.
const RECENT: u32 = 200;

/// What was thought about a thread.
pub(crate) struct Thought {
    pub(crate) thread: ThreadId,
    /// What was read for it: item, the rev of its text, and the reading.
    pub(crate) read: Vec<(ItemId, i64, Reading)>,
    /// Whose signature names which handles.
    pub(crate) signed: Vec<(ItemId, String, Vec<String>)>,
    pub(crate) suggestion: Option<Suggestion>,
    /// Who wrote in it beside me.
    pub(crate) people: Vec<String>,
}

/// Thinks about one thread after the other, as of one state of the store.
pub(crate) struct Thinker<'a> {
    reader: &'a Reader,
    me: &'a Me,
    terms: &'a Terms,
    now: Timestamp,
    /// What is usual with somebody, once it was asked.
    habits: HashMap<String, Usual>,
    /// There is much to do: habits wait, and what is concluded without them is concluded again.
    pub(crate) hurried: bool,
}

/// The other side of what stands in a message: who wrote it, or whom I wrote it to, else the first of those in the
/// conversation.
struct Between<'a> {
    lines: &'a [Line],
    first: &'a str,
    me: &'a Me,
}

impl Between<'_> {
    fn of(&self, message: ItemId) -> &str {
        let Some(line) = self.lines.iter().find(|line| line.item == message) else { return self.first };
        if !line.from_me {
            return &line.from;
        }
        line.to.as_deref().filter(|handle| !self.me.has(handle)).unwrap_or(self.first)
    }
}

#[derive(Clone, Copy, Default)]
struct Usual {
    habits: Habits,
    their_minutes: Option<u64>,
}

impl<'a> Thinker<'a> {
    pub(crate) fn new(reader: &'a Reader, me: &'a Me, terms: &'a Terms, now: Timestamp) -> Self {
        Self { reader, me, terms, now, habits: HashMap::new(), hurried: false }
    }

    pub(crate) fn think(&mut self, thread: ThreadId) -> Result<Thought> {
        let people = suggestion::writers(&self.reader.main, thread, RECENT)?;
        let mut thought = Thought { thread, read: Vec::new(), signed: Vec::new(), suggestion: None, people };
        let Some(standing) = suggestion::standing(&self.reader.main, thread)? else { return Ok(thought) };
        if standing.muted || matches!(standing.place.as_str(), "junk" | "trash" | "drafts") {
            return Ok(thought);
        }
        let mut lines = suggestion::lines(&self.reader.main, thread, RECENT)?;
        if standing.kind == "note" {
            if let Some((conclusion, todo)) = self.page(&standing, &lines)? {
                let people = Between { lines: &[], first: &standing.person, me: self.me };
                thought.suggestion = self.suggested(thread, &people, conclusion, todo, Usual::default());
            }
            return Ok(thought);
        }
        let mut readings = Vec::with_capacity(lines.len());
        for line in &mut lines {
            readings.push(match line.reading.take() {
                Some(reading) => reading,
                None => {
                    let Some(message) = self.message(line.item)? else { continue };
                    let reading = read(&message, self.me).lean();
                    thought.signed.extend(signature(&message));
                    thought.read.push((line.item, line.text_rev, reading.clone()));
                    reading
                }
            });
        }
        let events = events(&standing, &lines, self.me);
        let settled = Settled::of(&readings, &events);
        let Some(evidence) = settled.by().filter(|_| asks(settled.state())) else { return Ok(thought) };
        let people = Between { lines: &lines, first: &standing.person, me: self.me };
        let usual = if self.hurried { Usual::default() } else { self.usual(people.of(evidence))? };
        let window = item::reply_window(&self.reader.main, standing.source, thread)?;
        let habits = Habits { window_closes: window.and_then(|window| window.until), ..usual.habits };
        let conclusion = settled.weighed(&habits, self.terms, self.now);
        thought.suggestion = self.suggested(thread, &people, conclusion, None, usual);
        Ok(thought)
    }

    fn suggested(
        &self,
        thread: ThreadId,
        people: &Between<'_>,
        conclusion: Conclusion,
        todo: Option<String>,
        usual: Usual,
    ) -> Option<Suggestion> {
        let evidence = conclusion.evidence?;
        let again = self.hurried.then(|| crate::clock::from_millis(0));
        Some(Suggestion {
            thread,
            state: conclusion.state,
            score: conclusion.score,
            person: people.of(evidence.by).to_owned(),
            since: conclusion.since.map_or(self.now, whole),
            due_at: conclusion.due_at.map(whole),
            hidden_until: conclusion.hidden_until.map(whole),
            changes_at: again.or(conclusion.changes_at.map(up)),
            kept: Kept {
                signals: conclusion.signals,
                item: evidence.message,
                start: evidence.range.start,
                sentence: evidence.text,
                labels: evidence.labels,
                due: conclusion.due,
                nudge_at: conclusion.nudge_at,
                todo,
                beside: conclusion.beside.into_iter().map(|one| (people.of(one.evidence.by).to_owned(), one)).collect(),
                answered: usual.habits.answered,
                received: usual.habits.received,
                their_minutes: usual.their_minutes,
            },
        })
    }

    /// A page is read each time: there is one of it, and its boxes change without its text.
    fn page(&self, standing: &Standing, lines: &[Line]) -> Result<Option<(Conclusion, Option<String>)>> {
        let Some(line) = lines.first() else { return Ok(None) };
        let Some(row) = item::get(&self.reader.main, line.item)? else { return Ok(None) };
        let message = message(self.reader, &row, &self.terms.calendar.zone)?;
        let page = Page {
            message: &message,
            todos: &row.extra.note.todos,
            done: standing.settled_at,
            hidden_until: standing.snoozed_until,
        };
        Ok(conclude_page(&page, self.terms, self.now))
    }

    fn message(&self, id: ItemId) -> Result<Option<Message>> {
        let row = item::get(&self.reader.main, id)?;
        row.map(|row| message(self.reader, &row, &self.terms.calendar.zone)).transpose()
    }

    fn usual(&mut self, person: &str) -> Result<Usual> {
        if let Some(known) = self.habits.get(person) {
            return Ok(*known);
        }
        let conn = &self.reader.main;
        let handles = people::handles(conn, person)?;
        let between = habits::between(conn, &handles)?;
        let habits = Habits {
            received: between.received,
            answered: between.answered,
            my_hours: between.mine.map(|habit| working_hours(habit.minutes)),
            their_hours: between.theirs.map(|habit| working_hours(habit.minutes)),
            vip: people::is_vip(conn, &handles)?,
            taught: lesson::of_person(conn, &handles)?,
            window_closes: None,
        };
        let usual = Usual { habits, their_minutes: between.theirs.map(|habit| habit.minutes) };
        self.habits.insert(person.to_owned(), usual);
        Ok(usual)
    }
}

/// A row as it is read; a zone is that of whoever names none.
fn message(reader: &Reader, row: &ItemRow, zone: &TimeZone) -> Result<Message> {
    let mail = &row.extra.mail;
    let bulk = mail.list_id.is_some() || mail.list_unsubscribe.is_some();
    // Nobody's clock counts where nothing is read, and taking it out of a large mail costs.
    let head = match row.kind {
        Kind::Mail if !bulk && !mail.automatic => body::head(&reader.bodies, row.body)?,
        _ => None,
    };
    Ok(Message {
        id: row.id,
        kind: row.kind,
        at: row.at,
        offset: head.as_deref().and_then(mime::offset).unwrap_or_else(|| zone.to_offset(row.at)),
        from: row.from.clone().unwrap_or_default(),
        from_me: row.from_me,
        to: row.people.to.clone(),
        cc: row.people.cc.clone(),
        text: body::text(&reader.bodies, row.body)?,
        bulk,
        automatic: mail.automatic,
        files: row.has_attachment,
        retracted: row.retracted,
    })
}

/// Whose signature names which handles. What a list or a machine sends is signed by nobody.
fn signature(message: &Message) -> Option<(ItemId, String, Vec<String>)> {
    if message.kind != Kind::Mail || message.from_me || message.bulk || message.automatic {
        return None;
    }
    let handle = message.from.handle.to_lowercase();
    let says = signed::says(&message.text, &handle);
    (!handle.is_empty() && !says.is_empty()).then_some((message.id, handle, says))
}

/// An item, read: as it was kept, else anew. Nothing of its conversation is looked at.
pub(crate) fn reading(reader: &Reader, row: &ItemRow) -> Result<Reading> {
    if let Some(kept) = suggestion::reading(&reader.main, row.id)? {
        return Ok(kept);
    }
    let (me, _) = follower::myself(reader)?;
    Ok(read(&message(reader, row, &Clock::zone())?, &me))
}

/// Somebody has something to do.
fn asks(state: State) -> bool {
    matches!(state, State::Reply | State::Todo | State::Waiting)
}

/// What I did to a conversation, here or in another program.
fn events(standing: &Standing, lines: &[Line], me: &Me) -> Vec<Event> {
    let mut events: Vec<Event> =
        [standing.done_at, standing.settled_at].into_iter().flatten().map(Event::Done).collect();
    let approved = lines.iter().filter(|line| approves(&line.reactions, me));
    events.extend(approved.map(|line| Event::Approved(line.item)));
    let incoming = || lines.iter().filter(|line| !line.from_me);
    // Archived: what they wrote until then is dealt with. What I promised or asked after that is not.
    if standing.place == "archive" {
        events.extend(incoming().next().map(|line| Event::Done(line.at)));
    }
    // Answered with another program, and the answer is not here.
    let last_of_mine = lines.iter().find(|line| line.from_me).map(|line| line.at);
    let answered = incoming().find(|line| line.answered && last_of_mine.is_none_or(|mine| mine < line.at));
    events.extend(answered.map(|line| Event::Done(line.at)));
    events.extend(standing.snoozed_until.map(Event::Snoozed));
    events
}

/// What a conversation asks in which nothing is suggested: it is to be read, or done. That follows from what was read of
/// it; where nothing was, because it is a page or muted or thrown away, from what I did with it.
pub(crate) fn at_rest(reader: &Reader, thread: ThreadId) -> Result<State> {
    let conn = &reader.main;
    let Some(standing) = suggestion::standing(conn, thread)? else { return Ok(State::Done) };
    let mut lines = suggestion::lines(conn, thread, RECENT)?;
    let reacted = lines.iter().any(|line| !line.reactions.is_empty());
    let handles = if reacted { suggestion::myself(conn)?.0 } else { Vec::new() };
    let readings: Vec<Reading> = lines.iter_mut().filter_map(|line| line.reading.take()).collect();
    let events = events(&standing, &lines, &Me { handles, names: Vec::new() });
    let newest = lines.first().map(|line| line.at);
    let dealt_with = events.iter().any(|event| matches!(event, Event::Done(at) if newest <= Some(*at)));
    let done = match readings.is_empty() {
        true => dealt_with,
        false => Settled::of(&readings, &events).state() == State::Done,
    };
    Ok(if done { State::Done } else { State::Fyi })
}

/// Working hours of a time on the clock: a day has eight.
fn working_hours(minutes: u64) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "an average to within an hour")]
    let hours = minutes as f32 / 60.0;
    if hours <= 24.0 { hours.min(8.0) } else { hours / 24.0 * 8.0 }
}

/// The store keeps milliseconds.
fn whole(at: Timestamp) -> Timestamp {
    crate::clock::from_millis(crate::clock::millis(at))
}

/// The first whole millisecond that is not before it.
fn up(at: Timestamp) -> Timestamp {
    let floor = whole(at);
    if floor < at { crate::clock::from_millis(crate::clock::millis(at).saturating_add(1)) } else { floor }
}

/// The language of a conversation: of the item that is meant, else of the newest one long enough to tell.
pub(crate) fn language(reader: &Reader, thread: ThreadId, item: ItemId) -> Result<Option<Language>> {
    let lines = suggestion::lines(&reader.main, thread, RECENT)?;
    let read = |line: &Line| line.reading.as_ref()?.language;
    let meant = lines.iter().find(|line| line.item == item).and_then(read);
    Ok(meant.or_else(|| lines.iter().find_map(read)))
}
