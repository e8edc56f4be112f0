//! Text as patterns see it: lower case, without accents, one blank for any run of white space.
//!
//! People leave accents and capitals out when they are in a hurry, and mail programs break lines where they like. What
//! is folded keeps a map to where each byte came from, because evidence is shown in the message as it was written.

use std::ops::Range;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Folded text with the way back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Folded {
    /// The folded text.
    pub(crate) text: String,
    /// For each byte of `text` the byte it came from; one more at the end.
    from: Vec<u32>,
}

impl Folded {
    /// Where a range of the folded text stands in the original.
    pub(crate) fn original(&self, range: &Range<usize>) -> Range<usize> {
        let at = |index: usize| self.from.get(index).or(self.from.last()).copied().unwrap_or(0) as usize;
        let start = at(range.start);
        start..at(range.end).max(start)
    }
}

/// Folds a text, with the way back.
pub(crate) fn fold(text: &str) -> Folded {
    let mut folded = Folded { text: String::with_capacity(text.len()), from: Vec::with_capacity(text.len() + 1) };
    walk(text, |c, at| {
        folded.text.push(c);
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        folded.from.extend(std::iter::repeat_n(at, c.len_utf8()));
    });
    folded.from.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
    folded
}

/// Folds a text where nobody asks for the way back.
pub(crate) fn fold_text(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    walk(text, |c, _| folded.push(c));
    folded
}

/// Hands on each folded character, with the byte it came from.
fn walk(text: &str, mut put: impl FnMut(char, usize)) {
    // White space at the beginning is none.
    let mut last = ' ';
    for (at, c) in text.char_indices() {
        let blank = last == ' ';
        let mut push = |part: char| {
            last = part;
            put(part, at);
        };
        if c.is_ascii_graphic() {
            push(c.to_ascii_lowercase());
        } else if c.is_whitespace() || c.is_control() {
            if !blank {
                push(' ');
            }
        } else {
            other(c, push);
        }
    }
}

/// What has no place in ASCII.
fn other(c: char, mut push: impl FnMut(char)) {
    let spelled = match c {
        '‘' | '’' | 'ʼ' | '´' | '′' => "'",
        '“' | '”' | '„' | '«' | '»' => "\"",
        '‐' | '‑' | '–' | '—' => "-",
        '…' => "...",
        'ß' | 'ẞ' => "ss",
        'œ' | 'Œ' => "oe",
        'æ' | 'Æ' => "ae",
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{fe0f}' | '\u{ad}' => return,
        _ => {
            decompose_compatible(c, |part| {
                if !is_combining_mark(part) {
                    part.to_lowercase().for_each(&mut push);
                }
            });
            return;
        }
    };
    spelled.chars().for_each(push);
}

/// The words of folded text: letters, digits, and apostrophes and hyphens between them.
pub(crate) fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded
        .split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '-'))
        .map(|word| word.trim_matches(|c| c == '\'' || c == '-'))
        .filter(|word| !word.is_empty())
}

/// The first bytes of a text, at a boundary.
pub(crate) fn cut(text: &str, length: usize) -> &str {
    let end = (0..=length.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn accents_capitals_and_line_breaks_go_and_the_way_back_stays() {
        let text = "Könnten  Sie\nmir’s schicken, S’IL VOUS PLAÎT… Straße ﬁn";
        let folded = fold(text);
        assert_eq!(folded.text, "konnten sie mir's schicken, s'il vous plait... strasse fin");
        assert_eq!(fold_text(text), folded.text);
        let at = folded.text.find("sie").unwrap();
        assert_eq!(&text[folded.original(&(at..at + 3))], "Sie");
        let at = folded.text.find("plait").unwrap();
        assert_eq!(&text[folded.original(&(at..at + 5))], "PLAÎT");
        let end = folded.text.len();
        assert_eq!(folded.original(&(end - 3..end)).end, text.len());
    }
}
