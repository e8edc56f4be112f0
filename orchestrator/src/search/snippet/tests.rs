#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]

use jiff::{Timestamp, tz::TimeZone};

use super::*;
use crate::search::parse;

fn query(text: &str) -> Query {
    parse(text, Timestamp::UNIX_EPOCH, &TimeZone::UTC, false)
}

/// Hits in brackets.
fn marked(spans: &[Span]) -> String {
    spans.iter().map(|span| if span.hit { format!("[{}]", span.text) } else { span.text.clone() }).collect()
}

fn of(text: &str, search: &str, chars: usize) -> String {
    marked(&snippet(text, &query(search), chars))
}

#[test]
fn what_matched_is_marked_in_the_original_letters() {
    for (text, search, line) in [
        ("Treffen im Café Ødegård", "cafe odegard", "Treffen im [Café] [Ødegård]"),
        ("Cafe\u{301} noir", "café", "[Cafe\u{301}] noir"),
        ("die STRASSE", "straße", "die [STRASSE]"),
        ("明日、東京都庁で会議", "東京都", "明日、[東京都]庁で会議"),
        ("明日、東京都庁で会議", "都", "明日、東京[都]庁で会議"),
        ("write to ana@example.org now", "example.org", "write to ana@[example.org] now"),
        ("an e-mail, email", "e-mail", "an [e-mail], [email]"),
        ("party 🎉 today", "🎉", "party [🎉] today"),
        ("مُحَمَّد كتب", "محمد", "[مُحَمَّد] كتب"),
        ("budget for the big budget", "\"big budget\"", "budget for the [big budget]"),
        ("red and blue", "red -blue", "[red] and blue"),
        ("nothing here", "from:here", "nothing here"),
        ("in the body", "body:body", "in the [body]"),
    ] {
        assert_eq!(of(text, search, 200), line, "{search}");
    }
}

#[test]
fn the_window_is_where_the_words_are_together() {
    let filler = "lorem ipsum dolor ".repeat(40);
    let text = format!("alpha {filler} here alpha meets beta. {filler}");
    let line = of(&text, "alpha beta", 60);
    assert!(line.contains("[alpha] meets [beta]"), "{line}");
    assert!(line.starts_with('…') && line.ends_with('…'), "{line}");
    assert!(line.chars().filter(|c| !"[]…".contains(*c)).count() <= 60, "{line}");
}

#[test]
fn own_words_come_before_quoted_ones() {
    let text = "> budget budget budget\n> more budget\n\nThe budget is fine.\n";
    assert_eq!(of(text, "budget", 80), "…The [budget] is fine.");
    let only_quoted = "Thanks!\n> the budget\n";
    assert_eq!(of(only_quoted, "budget", 80), "Thanks! > the [budget]");
    assert_eq!(of("> old\nnew text\n> old again", "absent", 80), "…new text".trim_start_matches('…'));
    assert_eq!(of("Yes.\n-----Original Message-----\nbudget", "absent", 80), "Yes.");
}

#[test]
fn a_long_text_says_the_same_as_its_beginning() {
    let long = |start: &str| format!("{start} {}", "lorem ipsum dolor ".repeat(2_000));
    let start = "The big budget is fine, as Ana said. And here is more about it, so that the line is full.";
    for search in ["budget", "ana budget", "\"big budget\"", "absent", "subject:budget", "bud"] {
        assert_eq!(
            of(&long(start), search, 60),
            of(&format!("{start} {}", "lorem ipsum ".repeat(20)), search, 60),
            "{search}"
        );
    }
    // What is further down is found there: own words after quoted ones, words that are only together
    // later, a phrase across the end of the part that is read first.
    assert_eq!(
        of(&format!("{}\nThe budget.", format!("> budget {}\n", "x ".repeat(40)).repeat(100)), "budget", 60),
        "…The [budget]."
    );
    let apart = format!("alpha {} alpha beta", "lorem ".repeat(2_000));
    assert!(of(&apart, "alpha beta", 60).ends_with("[alpha] [beta]"), "{}", of(&apart, "alpha beta", 60));
    for before in SOON - 12..SOON + 4 {
        let text = format!("{} big budget {}", "x".repeat(before), "lorem ".repeat(100));
        assert!(of(&text, "\"big budget\"", 60).contains("[big budget]"), "{before}");
    }
}

#[test]
fn space_collapses_and_direction_marks_go() {
    assert_eq!(of("a \r\n\t b\u{202E}c\u{0} d", "b", 80), "a b\u{202E}c d".replace('\u{202E}', ""));
    assert_eq!(of("one\n\n\ntwo", "two", 80), "one [two]");
    assert_eq!(of("", "x", 80), "");
    assert_eq!(of("   ", "x", 80), "");
}

#[test]
fn nothing_is_cut_inside_a_character() {
    let family = "👨\u{200D}👩\u{200D}👧";
    let text = family.repeat(30);
    for chars in 0..40 {
        let line = of(&text, "👧", chars);
        let bare: String = line.chars().filter(|c| !"[]…".contains(*c)).collect();
        assert_eq!(bare.replace(family, ""), "", "{chars}");
    }
    for text in ["é\u{301}".repeat(50), "東京".repeat(50), "x".repeat(300_000)] {
        for chars in [0, 1, 7, 50] {
            snippet(&text, &query("京 é x"), chars);
        }
    }
}

#[test]
fn a_title_is_whole() {
    let title = "Re: budget ".repeat(50);
    let spans = title_spans(&title, &query("subject:budget"));
    assert_eq!(spans.iter().filter(|span| span.hit).count(), 50);
    assert_eq!(spans.iter().map(|span| span.text.as_str()).collect::<String>(), title.trim_end());
}
