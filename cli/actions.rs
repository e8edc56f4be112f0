//! `inlet actions`: how sentences are read, for tests and for people who wonder.
//!
//! Nothing is opened or kept: a line comes in, a line of JSON goes out.

use std::io::{BufRead, Write};

use inlet_actions::acts::{self, Act};
use inlet_actions::dates::{self, When};
use serde_json::{Map, Value, json};

use crate::args::Actions;
use crate::run::{Exit, Failure};

/// Runs the command.
pub(crate) fn run(command: &Actions) -> Result<Exit, Failure> {
    match command {
        Actions::Acts { .. } => each_line(acts_of),
        Actions::Due { at: (sent, offset), .. } => each_line(|line| due_of(line, *sent, *offset)),
    }
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
