#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]

use super::*;

fn all(text: &str) -> Vec<Token> {
    let (mut tokens, mut token, mut out) = (Tokens::new(text), Token::default(), Vec::new());
    while tokens.next_into(&mut token) {
        out.push(token.clone());
    }
    out
}

fn words(text: &str) -> Vec<String> {
    all(text).into_iter().map(|token| token.text).collect()
}

#[test]
fn case_accents_width_and_ligatures_fold() {
    for (text, folded) in [
        ("Café", "cafe"),
        ("Cafe\u{301}", "cafe"),
        ("ＣＡＦＥ", "cafe"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ﬁnal", "final"),
        ("Łódź", "lodz"),
        ("Ærø", "aero"),
        ("ΟΔΟΣ", "οδοσ"),
        ("οδός", "οδοσ"),
        ("Ёлка", "елка"),
        ("İstanbul", "istanbul"),
        ("مُحَمَّد", "محمد"),
        ("שָׁלוֹם", "שלום"),
        ("co\u{AD}operate", "cooperate"),
        ("Inlet™", "inlet"),
    ] {
        assert_eq!(words(text), [folded], "{text}");
    }
    assert_eq!(words("हिन्दी"), ["हिन्दी"], "vowel signs are part of the word");
}

#[test]
fn unspaced_scripts_become_pairs_with_a_tail() {
    assert_eq!(words("東京都"), ["東京", "京都", "都"]);
    assert_eq!(words("猫"), ["猫"]);
    assert_eq!(words("한국어"), ["한국", "국어", "어"]);
    assert_eq!(words("ｶﾞｷﾞ"), ["ガギ", "ギ"]);
    assert_eq!(words("か\u{3099}き"), words("がき"));
    assert_eq!(words("\u{1112}\u{1161}\u{11AB}글"), words("한글"));
    assert_eq!(words("iPhone東京bar"), ["iphone", "東京", "京", "bar"]);
    assert_eq!(words("東京、大阪"), ["東京", "京", "大阪", "阪"]);
}

#[test]
fn compounds_have_parts_and_a_whole() {
    assert_eq!(words("e-mail"), ["e", "mail", "email"]);
    assert_eq!(words("O’Brien's"), ["o", "brien", "s", "obriens"]);
    assert_eq!(words("well- known -x"), ["well", "known", "x"]);
    assert_eq!(words("ana@mail.example.org"), ["ana", "mail", "example", "org"]);
    assert_eq!(words("a-b c-d"), ["a", "b", "ab", "c", "d", "cd"]);
}

#[test]
fn emoji_are_words_and_their_variations_vanish() {
    assert_eq!(words("party🎉time"), ["party", "🎉", "time"]);
    assert_eq!(words("👍🏽"), ["👍"]);
    assert_eq!(words("❤\u{FE0F}"), ["❤"]);
    assert_eq!(words("👨\u{200D}👩\u{200D}👧"), ["👨", "👩", "👧"]);
}

#[test]
fn offsets_point_at_the_original() {
    for text in ["Ein Café, ｶﾞ東京 e-mail 🎉 ﬁn don’t", "مُحَمَّد שָׁלוֹם", "\u{301}\u{301}", "-'-", ""]
    {
        let mut last = 0;
        for token in all(text) {
            assert!(text.is_char_boundary(token.from) && text.is_char_boundary(token.to), "{token:?}");
            assert!(token.from < token.to, "{token:?}");
            assert!(token.position >= last, "{token:?}");
            last = token.position;
        }
    }
    let cafe = all("Ein Café,").pop().unwrap();
    assert_eq!(&"Ein Café,"[cafe.from..cafe.to], "Café");
}

#[test]
fn a_break_keeps_phrases_apart() {
    let tokens = all("one\u{1F}two");
    assert!(tokens[1].position - tokens[0].position > 5);
}

#[test]
fn typed_text_becomes_terms() {
    let terms = Terms::of("o'brien");
    assert_eq!(terms.words, [(0, "o".to_owned()), (1, "brien".to_owned())]);
    assert_eq!(terms.joined.as_deref(), Some("obrien"));
    let terms = Terms::of("東京都 bar");
    assert_eq!(terms.words, [(0, "東京".to_owned()), (1, "京都".to_owned()), (3, "bar".to_owned())]);
    assert!(!terms.open);
    assert!(Terms::of("都").open);
    assert!(Terms::of("?!-").is_empty());
    assert_eq!(Terms::of("don't care").joined, None);
    assert!(Terms::of(&"x-".repeat(10_000)).words.len() <= 48);
    assert_eq!(Terms::of(&"x".repeat(10_000)).words[0].1.len(), 64);
}
