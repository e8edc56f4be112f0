//! What a page of notes asks of me: its open to-dos, and lines that name a day by which something is to be done.
//!
//! Nobody waits for an answer on a page, so there is no ledger: of everything that is open the nearest is the one to
//! show. A to-do is closed by its tick. A line has none; it stands until I say that it is done, or its day is long past.

use std::ops::Range;

use inlet_model::{Timestamp, Todo};
use jiff::SignedDuration;

use crate::acts::Label;
use crate::dates::{self, When};
use crate::message::{Me, Message};
use crate::reading::{Move, Sentence, read};
use crate::score::{Rule, Sum, Terms, later};
use crate::state::{Beside, Conclusion, Evidence, MOST_BESIDE, State};

/// A line whose day has passed by more than this is history.
const PAST: SignedDuration = SignedDuration::from_hours(14 * 24);

/// A page, as it is given to be read.
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// Its text, when it was changed, and whose clock it was written by.
    pub message: &'a Message,
    /// Its to-dos.
    pub todos: &'a [Todo],
    /// I said that what stood there until then is done.
    pub done: Option<Timestamp>,
    /// Hidden by me until then.
    pub hidden_until: Option<Timestamp>,
}

struct Open<'a> {
    range: Range<usize>,
    due: Option<When>,
    due_at: Option<Timestamp>,
    todo: Option<&'a Todo>,
    labels: Vec<Label>,
}

/// What is to be done next on a page, and the to-do that says so; nothing where everything is done.
#[must_use]
pub fn conclude_page(page: &Page<'_>, terms: &Terms, now: Timestamp) -> Option<(Conclusion, Option<String>)> {
    let Page { message, todos, done, hidden_until } = *page;
    if message.retracted || done.is_some_and(|done| message.at <= done) {
        return None;
    }
    let (mut open, boxes) = boxes(message, todos);
    open.extend(lines(message, &boxes, now));
    open.sort_by_key(|one| (one.due_at.unwrap_or(Timestamp::MAX), one.range.start));
    let mut open = open.into_iter().map(|one| one.told(message));
    let next = open.next()?;
    let mut sum = Sum::new(terms, now);
    sum.add(Rule::OpenTodo);
    sum.due(next.due_at);
    if let Some(due) = next.due_at.filter(|_| next.todo.is_none()) {
        sum.until(later(due, PAST + SignedDuration::from_millis(1)));
    }
    let hidden_until = hidden_until.filter(|until| *until > now);
    let conclusion = Conclusion {
        state: next.state,
        score: sum.score.max(0),
        signals: sum.signals,
        evidence: Some(next.evidence),
        due: next.due,
        due_at: next.due_at,
        since: Some(next.since),
        nudge_at: None,
        hidden_until,
        changes_at: sum.next.into_iter().chain(hidden_until).min(),
        beside: open.take(MOST_BESIDE).collect(),
        ledger: Vec::new(),
    };
    Some((conclusion, next.todo))
}

impl Open<'_> {
    fn told(self, message: &Message) -> Beside {
        let text = message.text.get(self.range.clone()).unwrap_or_default().to_owned();
        Beside {
            state: State::Todo,
            evidence: Evidence { message: message.id, by: message.id, range: self.range, text, labels: self.labels },
            due: self.due,
            due_at: self.due_at,
            since: message.at,
            todo: self.todo.map(|todo| todo.id.clone()),
        }
    }
}

/// The open to-dos, and where all of them stand.
fn boxes<'a>(message: &Message, todos: &'a [Todo]) -> (Vec<Open<'a>>, Vec<Range<usize>>) {
    let (mut open, mut places) = (Vec::new(), Vec::new());
    let mut from = 0;
    for todo in todos.iter().filter(|todo| !todo.text.trim().is_empty()) {
        let text = todo.text.trim();
        // They stand in their order, and the same words may stand there twice.
        let after = message.text.get(from..).and_then(|rest| rest.find(text)).map(|at| from + at);
        let Some(start) = after.or_else(|| message.text.find(text)) else { continue };
        let range = start..start + text.len();
        from = from.max(range.end);
        places.push(range.clone());
        if !todo.done {
            let spans = dates::scan(text, message.at, message.offset, None);
            let certain = spans.iter().rev().find(|span| span.when.exact().is_some());
            let due = certain.or(spans.last()).map(|span| span.when.clone());
            let due_at = due.as_ref().and_then(When::exact).map(|moment| moment.instant(message.offset));
            open.push(Open { range, due, due_at, todo: Some(todo), labels: Vec::new() });
        }
    }
    (open, places)
}

/// Lines that want something done by a certain day, outside of the boxes.
fn lines(message: &Message, boxes: &[Range<usize>], now: Timestamp) -> Vec<Open<'static>> {
    let within = |range: &Range<usize>| boxes.iter().any(|one| one.start < range.end && range.start < one.end);
    let mut open = Vec::new();
    for sentence in read(message, &Me::default()).sentences {
        if !matches!(sentence.does, Move::Ask | Move::Promise) || within(&sentence.range) {
            continue;
        }
        let Some(moment) = sentence.due.as_ref().and_then(When::exact) else { continue };
        let due_at = moment.instant(message.offset);
        if now > later(due_at, PAST) {
            continue;
        }
        let Sentence { range, due, labels, .. } = sentence;
        open.push(Open { range, due, due_at: Some(due_at), todo: None, labels });
    }
    open
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use inlet_model::{ItemId, Kind, Party};
    use jiff::tz::Offset;

    use super::*;

    fn page(text: &str) -> Message {
        Message {
            id: ItemId(1),
            kind: Kind::Note,
            at: "2026-03-03T10:15:00Z".parse().unwrap(),
            offset: Offset::UTC,
            from: Party::default(),
            from_me: false,
            to: Vec::new(),
            cc: Vec::new(),
            text: text.into(),
            bulk: false,
            automatic: false,
            files: false,
            retracted: false,
        }
    }

    fn todo(id: &str, text: &str, done: bool) -> Todo {
        Todo { id: id.into(), text: text.into(), done }
    }

    fn next(message: &Message, todos: &[Todo], now: &str) -> Option<(Conclusion, Option<String>)> {
        let page = Page { message, todos, done: None, hidden_until: None };
        conclude_page(&page, &Terms::default(), now.parse().unwrap())
    }

    #[test]
    fn of_open_boxes_the_nearest_comes_first() {
        let message =
            page("Trip\n\u{2610} Book the ferry\n\u{2610} Pay the hotel by Thursday\n\u{2611} Ask Ana by tomorrow");
        let todos = [
            todo("a", "Book the ferry", false),
            todo("b", "Pay the hotel by Thursday", false),
            todo("c", "Ask Ana by tomorrow", true),
        ];
        let (found, id) = next(&message, &todos, "2026-03-05T09:00:00Z").unwrap();
        assert_eq!((found.state, id.as_deref(), found.score), (State::Todo, Some("b"), 60));
        let evidence = found.evidence.unwrap();
        assert_eq!(&message.text[evidence.range], "Pay the hotel by Thursday");
        let beside: Vec<_> = found.beside.iter().map(|one| (one.todo.as_deref(), one.evidence.text.as_str())).collect();
        assert_eq!(beside, [(Some("a"), "Book the ferry")], "what else is not ticked");
        let all = todos.map(|one| Todo { done: true, ..one });
        assert!(next(&message, &all, "2026-03-05T09:00:00Z").is_none());
    }

    #[test]
    fn a_line_with_a_day_counts_until_that_is_long_past() {
        let message = page("Notes from the call\nPlease send Klaus the drawings by Friday.\nThe harbour was quiet.");
        let (found, id) = next(&message, &[], "2026-03-06T09:00:00Z").unwrap();
        assert_eq!((id, found.score), (None, 60));
        assert_eq!(found.evidence.unwrap().text, "Please send Klaus the drawings by Friday.");
        assert!(next(&message, &[], "2026-04-06T09:00:00Z").is_none());
        let page = Page { message: &message, todos: &[], done: Some(message.at), hidden_until: None };
        assert!(conclude_page(&page, &Terms::default(), message.at).is_none(), "done is done");
    }
}
