//! Who wrote which part of a text: the writer now, somebody quoted, a signature, a lawyer.
//!
//! People agree on requests far better once quotes and signatures are cut away (Lampert, Dale, Paris 2010), and a date in
//! a quote is somebody else's. Lines are classified one by one, then closed up: from the header of an Outlook quote to
//! the end everything is quoted, from "-- " (RFC 3676 §4.3) on everything is a signature. A reply between quoted lines
//! stays the writer's own, and what was quoted above each stretch is kept, because it says what is answered.

mod marks;

use std::cell::OnceCell;
use std::ops::Range;

use inlet_model::Kind;
use serde::{Deserialize, Serialize};

use crate::fold::fold_text;

/// What a part of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Zone {
    /// Written now, by the sender.
    Own,
    /// An earlier message, with the line that introduces it.
    Quoted,
    /// Name, sign-off, "sent from my phone".
    Signature,
    /// Legal text.
    Disclaimer,
    /// A message passed on.
    Forwarded,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub zone: Zone,
    /// Bytes of the text.
    pub range: Range<usize>,
}

/// Longest signature after a sign-off, in lines.
const SIGNATURE: usize = 14;
/// A line of a signature is short.
const SIGNATURE_LINE: usize = 90;

struct Line<'a> {
    text: &'a str,
    range: Range<usize>,
    zone: Option<Zone>,
    folded: OnceCell<String>,
}

impl Line<'_> {
    /// Folded, once for all who look at it.
    fn folded(&self) -> &str {
        self.folded.get_or_init(|| fold_text(self.text))
    }
}

/// The parts of a text, in order and without gaps.
#[must_use]
pub fn parts(text: &str, kind: Kind) -> Vec<Part> {
    let mut lines = lines(text);
    quotes(&mut lines);
    if kind == Kind::Mail {
        signature(&mut lines);
        disclaimers(&mut lines);
    }
    let mut parts: Vec<Part> = Vec::new();
    for line in lines {
        let zone = line.zone.unwrap_or(Zone::Own);
        match parts.last_mut() {
            Some(part) if part.zone == zone => part.range.end = line.range.end,
            _ => parts.push(Part { zone, range: line.range }),
        }
    }
    parts
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut at = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let range = at..at + line.len();
            at = range.end;
            Line { text: line.trim(), range, zone: None, folded: OnceCell::new() }
        })
        .collect()
}

/// Marks quotes and what is forwarded.
fn quotes(lines: &mut [Line<'_>]) {
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = lines.get(at..).unwrap_or_default();
        if line.text.starts_with('>') {
            mark(lines, at..at + 1, Zone::Quoted);
            at += 1;
        } else if let Some(zone) = marks::separator(rest) {
            // Everything below is somebody else's; answers below such a header are not marked as such by any client.
            mark(lines, at..lines.len(), zone);
            return;
        } else if let Some(length) = marks::introduction(rest) {
            if marks::marked(rest.get(length..).unwrap_or_default()) {
                mark(lines, at..at + length, Zone::Quoted);
                at += length;
            } else {
                mark(lines, at..lines.len(), Zone::Quoted);
                return;
            }
        } else {
            at += 1;
        }
    }
}

/// Marks the signature: from its delimiter, or from the last sign-off, to the quote below.
fn signature(lines: &mut [Line<'_>]) {
    let end = lines.iter().rposition(|line| line.zone.is_none()).map_or(0, |last| last + 1);
    // "--" alone is what is left of "-- " where a program trims lines.
    let delimiter = lines.iter().position(|line| line.zone.is_none() && line.text == "--");
    if let Some(start) = delimiter {
        let stop = lines.iter().skip(start).position(|line| line.zone.is_some()).map_or(end, |length| start + length);
        mark(lines, start..stop, Zone::Signature);
    }
    for line in lines.iter_mut().filter(|line| line.zone.is_none() && marks::sent_from(line)) {
        line.zone = Some(Zone::Signature);
    }
    let end = lines.iter().rposition(|line| line.zone.is_none() && !line.text.is_empty()).map_or(0, |last| last + 1);
    let Some(start) = lines.iter().take(end).rposition(|line| line.zone.is_none() && marks::sign_off(line)) else {
        return;
    };
    let below = lines.get(start + 1..end).unwrap_or_default();
    let short = below.iter().filter(|line| !line.text.is_empty()).count() <= SIGNATURE
        && below.iter().all(|line| line.text.chars().count() <= SIGNATURE_LINE || marks::disclaimer(line));
    // A sign-off that says "thanks" is thanks too, and alone it is the whole message.
    let alone = !lines.iter().take(start).any(|line| line.zone.is_none() && !line.text.is_empty());
    if short && !alone && !below.iter().any(|line| line.zone.is_some() || marks::postscript(line)) {
        mark(lines, start..end, Zone::Signature);
    }
}

/// Marks paragraphs of legal text.
fn disclaimers(lines: &mut [Line<'_>]) {
    let mut at = 0;
    while at < lines.len() {
        let length = lines.iter().skip(at).take_while(|line| !line.text.is_empty()).count();
        let paragraph = at..at + length.max(1);
        let legal = lines
            .get(paragraph.clone())
            .unwrap_or_default()
            .iter()
            .any(|line| matches!(line.zone, None | Some(Zone::Signature)) && marks::disclaimer(line));
        if legal {
            let from = lines.get(paragraph.clone()).unwrap_or_default().iter().position(marks::disclaimer);
            mark(lines, paragraph.start + from.unwrap_or(0)..paragraph.end, Zone::Disclaimer);
        }
        at = paragraph.end;
    }
}

fn mark(lines: &mut [Line<'_>], range: Range<usize>, zone: Zone) {
    for line in lines.iter_mut().take(range.end).skip(range.start) {
        line.zone = Some(zone);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests;
