//! `inlet actions`: what to do next, with reasons; and how sentences are read, for tests and for people who wonder.

use std::io::{BufRead, Write};

use inlet_actions::acts::{self, Act};
use inlet_actions::dates::{self, When};
use inlet_actions::{Rule, State};
use inlet_orchestrator::App;
use inlet_orchestrator::api::types::{ActionList, ActionView, Compose, Lesson, Nothing};
use serde_json::{Map, Value, json};

use crate::args::{Actions, ActionsList};
use crate::print::{Out, clean, when};
use crate::proposals;
use crate::run::{Exit, Failure, act, ask};

/// Runs a command that needs the engine.
pub(crate) async fn run(app: &App, out: Out, list: &ActionsList, command: Option<&Actions>) -> Result<Exit, Failure> {
    match command {
        Some(Actions::Done(ids)) => act(app, out, "settle", ids, json!({})).await?,
        Some(Actions::Dismiss(ids)) => act(app, out, "dismiss", ids, json!({})).await?,
        Some(Actions::Forget { id }) => {
            ask::<Nothing>(app, "actions.forget", json!({ "id": id })).await?;
            out.done(&json!({ "forgotten": id.to_string() }), || "Forgotten.".to_owned());
        }
        Some(Actions::Offer { thread }) => {
            let draft: Compose = ask(app, "actions.offer", json!({ "thread": thread })).await?;
            out.value(&draft, || format!("{}\n", draft.text));
        }
        Some(Actions::Lessons) => {
            let lessons: Vec<Lesson> = ask(app, "actions.lessons", json!({})).await?;
            let told: Vec<Value> = lessons.iter().map(lesson_json).collect();
            out.value(&json!({ "lessons": told }), || lessons_text(&lessons));
        }
        Some(Actions::Propose(proposed)) => return proposals::propose(app, out, proposed).await,
        Some(Actions::Proposals { wait: Some(id), timeout, .. }) => {
            return proposals::wait(app, out, *id, *timeout).await;
        }
        Some(Actions::Proposals { all, who, .. }) => return proposals::list(app, out, *all, who.as_deref()).await,
        Some(Actions::Acts { .. }) => return acts(),
        Some(Actions::Due { at, .. }) => return due(*at),
        None => {
            if list.rebuild {
                ask::<Nothing>(app, "actions.rebuild", json!({})).await?;
            }
            let which = if list.all { "all" } else { "soon" };
            let found: ActionList = ask(app, "actions.list", json!({ "which": which, "limit": list.limit })).await?;
            let shown: Vec<Value> = found.actions.iter().map(|one| as_json(one, list.explain)).collect();
            out.value(&json!({ "actions": shown }), || text(&found, list.explain));
        }
    }
    Ok(Exit::Done)
}

/// What a person would type next.
fn command(action: &ActionView) -> String {
    let id = action.thread.id;
    match action.state {
        _ if action.meet => format!("inlet actions offer {id}"),
        State::Todo => format!("inlet show {id}"),
        _ => format!("inlet reply {id}"),
    }
}

fn as_json(action: &ActionView, explain: bool) -> Value {
    let mut value = json!({
        "thread": action.thread.id,
        "state": action.state,
        "score": action.score,
        "due": action.due.as_ref().filter(|due| !due.ambiguous).map(|due| due.at),
        "sentence": action.sentence,
        "signals": action.signals,
        "command": command(action),
    });
    if let Some(object) = value.as_object_mut().filter(|_| explain) {
        object.insert("item".into(), json!(action.item));
        object.insert("start".into(), json!(action.start));
        object.insert("seen_by".into(), json!(action.seen_by));
        object.insert("since".into(), json!(action.since));
        object.insert("beside".into(), json!(action.beside));
    }
    value
}

fn text(found: &ActionList, explain: bool) -> String {
    let mut out = String::new();
    for action in &found.actions {
        let who = action.person.as_ref().map_or_else(|| clean(&action.thread.title), |party| clean(party.label()));
        let due = match &action.due {
            Some(due) if due.ambiguous => format!("  due {}?", when(due.at)),
            Some(due) => format!("  due {}", when(due.at)),
            None => String::new(),
        };
        let state = word(action.state);
        let sentence = clean(&action.sentence);
        out.push_str(&format!("{:>4} {state:<6} {:<7} {who}: {sentence}{due}\n", action.score, action.thread.id));
        if explain {
            for signal in &action.signals {
                out.push_str(&format!("     {:+4} {}\n", signal.points, name(signal.name)));
            }
            for one in &action.beside {
                out.push_str(&format!("          also {}: {}\n", word(one.state), clean(&one.sentence)));
            }
            out.push_str(&format!("          seen by {}; next: {}\n", action.seen_by.join(", "), command(action)));
        }
    }
    if found.actions.is_empty() {
        out.push_str("Nothing waits for you.\n");
    }
    if found.behind > 0 {
        out.push_str(&format!("{} conversations have not been looked at yet.\n", found.behind));
    }
    out
}

fn word(state: State) -> &'static str {
    match state {
        State::Reply => "reply",
        State::Todo => "to do",
        _ => "wait",
    }
}

/// The name of a rule as it is written.
fn name(rule: Rule) -> String {
    serde_json::to_value(rule).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

/// An id is text wherever scripts read it.
fn lesson_json(lesson: &Lesson) -> Value {
    let mut value = serde_json::to_value(lesson).unwrap_or_default();
    if let Some(value) = value.as_object_mut() {
        value.insert("id".into(), json!(lesson.id.to_string()));
    }
    value
}

fn lessons_text(lessons: &[Lesson]) -> String {
    let mut out = String::new();
    for lesson in lessons {
        let kind = serde_json::to_value(lesson.kind).unwrap_or_default();
        let kind = kind.as_str().unwrap_or_default();
        let words = if lesson.pattern.is_empty() { String::new() } else { format!("  {}", lesson.pattern) };
        let who = clean(lesson.person.label());
        out.push_str(&format!(
            "{:>4}  {}  {kind:<9}  {who}  {}{words}\n",
            lesson.id,
            when(lesson.at),
            clean(&lesson.title)
        ));
    }
    if lessons.is_empty() {
        out.push_str("Nothing was taught yet.\n");
    }
    out
}

/// `inlet actions acts`: nothing is opened or kept; a line comes in, a line of JSON goes out.
pub(crate) fn acts() -> Result<Exit, Failure> {
    each_line(acts_of)
}

/// `inlet actions due`.
pub(crate) fn due((sent, offset): (inlet_model::Timestamp, jiff::tz::Offset)) -> Result<Exit, Failure> {
    each_line(|line| due_of(line, sent, offset))
}

fn each_line(answer: impl Fn(&str) -> Value) -> Result<Exit, Failure> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut input = std::io::stdin().lock();
    let mut line = Vec::new();
    // Bytes that are no text are read as far as they are.
    while input.read_until(b'\n', &mut line)? > 0 {
        writeln!(out, "{}", answer(String::from_utf8_lossy(&line).trim()))?;
        line.clear();
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn acts_of(line: &str) -> Value {
    let acts = acts::read(line);
    let mut answer = Map::new();
    for (act, name) in Act::ALL.into_iter().zip(["request", "question", "proposal", "commitment", "thanks"]) {
        answer.insert(name.into(), json!((f64::from(acts.probability(act)) * 1e4).round() / 1e4));
    }
    answer.insert("ask".into(), json!(acts.ask));
    Value::Object(answer)
}

fn due_of(line: &str, sent: inlet_model::Timestamp, offset: jiff::tz::Offset) -> Value {
    let spans = dates::scan(line, sent, offset, None).into_iter().map(|span| {
        let (moment, ambiguous) = match &span.when {
            When::Exact(moment) => (Some(*moment), false),
            When::Ambiguous(moments) => (moments.first().copied(), true),
        };
        let at = moment.map(|moment| moment.instant(offset).display_with_offset(offset).to_string());
        json!({ "text": line.get(span.range).unwrap_or_default(), "at": at, "ambiguous": ambiguous })
    });
    json!({ "spans": spans.collect::<Vec<_>>() })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn a_line_becomes_an_object_of_exactly_these_keys() {
        let answer = acts_of("Could you send me the slides by Friday?");
        let keys: Vec<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
        let mut expected = ["request", "question", "proposal", "commitment", "thanks", "ask"];
        expected.sort_unstable();
        let mut found = keys.clone();
        found.sort_unstable();
        assert_eq!(found, expected);
        assert_eq!(answer["ask"], json!(true));
        assert_eq!(acts_of("")["ask"], json!(false));
    }

    #[test]
    fn dates_are_told_on_the_senders_clock() {
        let offset = jiff::tz::Offset::constant(-5);
        let sent = "2026-03-03T23:30:00Z".parse().unwrap();
        let answer = due_of("Please pay by Friday, or next Friday.", sent, offset);
        let spans = answer["spans"].as_array().unwrap();
        assert_eq!(spans[0], json!({ "text": "by Friday", "at": "2026-03-06T23:59:59-05:00", "ambiguous": false }));
        assert_eq!(spans[1]["ambiguous"], json!(true));
        assert_eq!(due_of("nothing", sent, offset), json!({ "spans": [] }));
    }
}
