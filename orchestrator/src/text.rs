//! Small questions about plain text: what the author wrote, how a subject begins, does it ask.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::html::{TextKind, plain};

/// The author's own words: quotes and the signature left out, unless nothing else is there.
pub(crate) fn own(text: &str) -> String {
    // The beginning is enough for a snippet, and a hostile mail may be endless.
    const ENOUGH: usize = 16 * 1024;
    let head = head(text, ENOUGH);
    let own: Vec<String> =
        plain(head).into_iter().filter(|block| block.kind == TextKind::Own).map(|block| block.text).collect();
    let joined = own.join("\n");
    if joined.trim().is_empty() { head.to_owned() } else { joined }
}

/// So many characters of it, from the beginning.
fn head(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// The end of a mail, where an author says who they are: the signature, else the last lines of their own.
pub(crate) fn signature(text: &str) -> String {
    const LINES: usize = 8;
    // Nobody signs on page thirty.
    const READ: usize = 64 * 1024;
    let blocks = plain(head(text, READ));
    let signed: Vec<&str> =
        blocks.iter().filter(|block| block.kind == TextKind::Signature).map(|block| block.text.as_str()).collect();
    if !signed.is_empty() {
        return signed.join("\n");
    }
    let own = blocks.iter().filter(|block| block.kind == TextKind::Own).flat_map(|block| block.text.lines());
    let lines: Vec<&str> = own.filter(|line| !line.trim().is_empty()).collect();
    lines.get(lines.len().saturating_sub(LINES)..).unwrap_or_default().join("\n")
}

/// One line of at most `most` characters, cut at a grapheme.
pub(crate) fn snippet(text: &str, most: usize) -> String {
    let mut out = String::new();
    let mut count = 0;
    for word in text.split_whitespace().filter(|word| !is_rule(word)) {
        if !out.is_empty() {
            out.push(' ');
            count += 1;
        }
        for grapheme in word.graphemes(true) {
            if count >= most {
                out.push('…');
                return out;
            }
            out.push_str(grapheme);
            count += 1;
        }
    }
    out
}

/// A line drawn of punctuation says nothing.
fn is_rule(word: &str) -> bool {
    word.len() >= 4 && word.chars().all(|c| matches!(c, '-' | '_' | '=' | '*' | '~' | '#' | '—' | '─'))
}

/// It contains a question, in the scripts that mark one.
pub(crate) fn asks(own: &str) -> bool {
    own.split_whitespace().any(|word| {
        // A query string is no question.
        !word.contains("://") && word.contains(['?', '？', '؟', '՞'])
    })
}

/// Bytes as they are written: two lower-case hexadecimal digits each.
pub(crate) fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Folded for comparing: case, accents and width do not matter.
pub(crate) fn fold(text: &str) -> String {
    text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// A subject without what replying and forwarding put before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BaseSubject {
    pub(crate) text: String,
    pub(crate) is_reply: bool,
}

/// The prefixes of replies and forwards in the languages mail programs speak.
const PREFIXES: &[&str] = &[
    "re", "aw", "sv", "vs", "antw", "odp", "ynt", "res", "rif", "r", "ref", "tr", "fwd", "fw", "wg", "vl", "vb", "rv",
    "enc", "i", "pd", "ilt", "doorst", "回复", "回覆", "答复", "转发", "轉寄", "返信", "転送", "답장", "전달",
];

/// The base subject (RFC 5256 §2.1, with the prefixes of other languages).
pub(crate) fn base_subject(subject: &str) -> BaseSubject {
    let mut rest = subject.trim();
    let mut is_reply = false;
    while let Some((before, after)) = rest.split_once([':', '：']) {
        let word = before.trim().split(['[', '(']).next().unwrap_or_default().trim();
        if !PREFIXES.contains(&word.to_lowercase().as_str()) {
            break;
        }
        is_reply = true;
        rest = after.trim();
    }
    let text: String = fold(rest).split_whitespace().collect::<Vec<_>>().join(" ");
    BaseSubject { text, is_reply }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_and_forwards_share_a_base_subject() {
        for subject in
            ["Budget 2026", "Re: Budget 2026", "AW: RE[2]: budget  2026", "Fwd: Re: BUDGET 2026", "回复：Budget 2026"]
        {
            assert_eq!(base_subject(subject).text, "budget 2026", "{subject}");
        }
        assert!(!base_subject("Budget 2026").is_reply);
        assert!(base_subject("Re: Budget").is_reply);
        assert_eq!(base_subject("Recipe: soup").text, "recipe: soup");
        assert_eq!(base_subject("").text, "");
        assert_eq!(base_subject("Re:").text, "");
    }

    #[test]
    fn a_snippet_is_one_line_cut_at_a_grapheme() {
        assert_eq!(snippet("  a\n\n b\t c ", 50), "a b c");
        assert_eq!(snippet("👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 2), "👨‍👩‍👧‍👦👨‍👩‍👧‍👦…");
        assert_eq!(snippet("one\n-------\ntwo", 50), "one two");
        assert_eq!(snippet("", 5), "");
    }

    #[test]
    fn questions_are_seen_in_several_scripts_and_not_in_links() {
        assert!(asks("Can you come?"));
        assert!(asks("来られますか？"));
        assert!(asks("هل تأتي؟"));
        assert!(!asks("see https://example.org/?q=1"));
        assert!(!asks("Come."));
    }

    #[test]
    fn folding_forgets_case_accents_and_width() {
        assert_eq!(fold("Ébène ＡＢＣ"), "ebene abc");
    }
}
