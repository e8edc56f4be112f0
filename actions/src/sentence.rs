//! Sentences of a stretch of text.
//!
//! Unicode's rules (UAX #29) do the splitting; what they cannot know is added: lines that a mail program wrapped belong
//! together, lines that a person ended do not, and a full stop after "z.B." or "Dr." ends nothing.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::fold::fold_text;
use crate::language::Language;
use crate::words;

/// A line shorter than this was ended by its writer, not by a mail program.
const WRAPPED: usize = 50;

/// The sentences of `text` within `range`, as byte ranges of `text`, without the blanks around them.
pub(crate) fn split(text: &str, range: Range<usize>, language: Option<Language>) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    for block in blocks(text, range) {
        let Some(part) = text.get(block.clone()) else { continue };
        // The same bytes, so that offsets stay; a wrapped line is a blank to UAX #29.
        let flat: String = part.chars().map(|c| if c == '\n' || c == '\r' { ' ' } else { c }).collect();
        let mut open: Option<usize> = None;
        for (at, piece) in flat.split_sentence_bound_indices() {
            let start = open.unwrap_or(at);
            let end = at + piece.len();
            let so_far = flat.get(start..end).unwrap_or_default();
            let next = flat.get(end..).unwrap_or_default();
            if goes_on(so_far, next, language) {
                open = Some(start);
            } else {
                open = None;
                push(&mut sentences, text, block.start + start..block.start + end);
            }
        }
        if let Some(start) = open {
            push(&mut sentences, text, block.start + start..block.end);
        }
    }
    sentences
}

/// Lines that belong together.
fn blocks(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut blocks: Vec<Range<usize>> = Vec::new();
    let mut open: Option<Range<usize>> = None;
    let mut at = range.start;
    let mut before: &str = "";
    for line in text.get(range).unwrap_or_default().split_inclusive('\n') {
        let here = at..at + line.len();
        at = here.end;
        let trimmed = line.trim();
        if trimmed.is_empty() {
            blocks.extend(open.take());
            continue;
        }
        open = match open.take() {
            Some(block) if joins(before, trimmed) => Some(block.start..here.end),
            block => {
                blocks.extend(block);
                Some(here)
            }
        };
        before = trimmed;
    }
    blocks.extend(open);
    blocks
}

/// A line that a mail program broke off, and what follows it.
fn joins(line: &str, next: &str) -> bool {
    let bullet = next.starts_with(['-', '*', '•', '–', '·', '>'])
        || next
            .split_once(['.', ')'])
            .is_some_and(|(number, _)| number.len() < 3 && number.chars().all(|c| c.is_ascii_digit()));
    let greeting = line.ends_with([',', ':', '!']) && line.split_whitespace().count() <= 6;
    if bullet || greeting || line.ends_with(['.', '!', '?', ':']) {
        return false;
    }
    line.chars().count() >= WRAPPED || next.starts_with(char::is_lowercase)
}

/// The full stop at the end of `piece` ends no sentence.
fn goes_on(piece: &str, next: &str, language: Option<Language>) -> bool {
    let piece = piece.trim_end();
    let next = next.trim_start();
    if next.is_empty() || !piece.ends_with('.') {
        return false;
    }
    let body = piece.trim_end_matches('.');
    let word = body.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    // "A. Nachname", "3. März", "1. Punkt"
    if word.chars().count() == 1 || (!word.is_empty() && word.len() < 3 && word.chars().all(|c| c.is_ascii_digit())) {
        return true;
    }
    let folded = fold_text(word);
    let known = |language| words::of(language).is_some_and(|words| words.abbreviations.contains(&folded.as_str()));
    match language {
        Some(language) => known(language),
        None => Language::KNOWN.into_iter().any(known),
    }
}

fn push(sentences: &mut Vec<Range<usize>>, text: &str, range: Range<usize>) {
    let Some(part) = text.get(range.clone()) else { return };
    let trimmed = part.trim();
    if trimmed.is_empty() {
        return;
    }
    let start = range.start + (part.len() - part.trim_start().len());
    sentences.push(start..start + trimmed.len());
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    fn sentences(text: &str, language: Language) -> Vec<&str> {
        split(text, 0..text.len(), Some(language)).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn wrapped_lines_join_and_ended_ones_do_not() {
        let text = "Hi Alex,\ncould you send me the figures of the first quarter by\nThursday? Thanks.\n\n- one thing\n- Another thing\nBest\nSarah";
        assert_eq!(
            sentences(text, Language::En),
            [
                "Hi Alex,",
                "could you send me the figures of the first quarter by\nThursday?",
                "Thanks.",
                "- one thing",
                "- Another thing",
                "Best",
                "Sarah"
            ]
        );
    }

    #[test]
    fn abbreviations_end_nothing() {
        assert_eq!(
            sentences("Das gilt z.B. für Dr. Sommer am 3. März. Oder nicht?", Language::De),
            ["Das gilt z.B. für Dr. Sommer am 3. März.", "Oder nicht?"]
        );
        assert_eq!(
            sentences("Le Sig.ra Conti e il Dott. Bianchi. Va bene?", Language::It),
            ["Le Sig.ra Conti e il Dott. Bianchi.", "Va bene?"]
        );
    }
}
