#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]

use super::*;

/// A Wednesday.
fn now() -> Timestamp {
    "2026-03-18T15:30:00Z".parse().unwrap()
}

fn typed(text: &str) -> Query {
    parse(text, now(), &TimeZone::UTC, false)
}

fn typing(text: &str) -> Query {
    parse(text, now(), &TimeZone::UTC, true)
}

/// The condition, short enough to compare.
fn show(node: &Node) -> String {
    let list = |nodes: &[Node], with: &str| nodes.iter().map(show).collect::<Vec<_>>().join(with);
    match node {
        Node::All => "*".to_owned(),
        Node::And(nodes) => format!("({})", list(nodes, " ")),
        Node::Or(nodes) => format!("({})", list(nodes, " | ")),
        Node::Not(node) => format!("-{}", show(node)),
        Node::Text(leaf) => {
            let words: Vec<_> = leaf.terms.words.iter().map(|(_, word)| word.as_str()).collect();
            let field = if leaf.field == TextField::Any { String::new() } else { format!("{:?}:", leaf.field) };
            let joined = leaf.terms.joined.as_ref().map_or(String::new(), |joined| format!("/{joined}"));
            format!("{field}{}{joined}{}", words.join("+"), if leaf.prefix { "*" } else { "" })
        }
        Node::State(filter) => format!("{filter:?}"),
        Node::Kind(kind) => format!("kind:{}", kind.as_str()),
        Node::Source(source) => format!("source:{}", source.as_str()),
        Node::Has(has) => format!("{has:?}"),
        Node::When { from, until } => {
            let day = |at: &Option<Timestamp>| at.map_or(String::new(), |at| at.strftime("%F").to_string());
            format!("[{}..{}]", day(from), day(until))
        }
        Node::Size { at_least, at_most } => {
            let size = |size: &Option<u64>| size.map_or(String::new(), |size| size.to_string());
            format!("<{}..{}>", size(at_least), size(at_most))
        }
        Node::Id(id) => format!("{id:?}"),
    }
}

fn shown(text: &str) -> String {
    show(&typed(text).root)
}

#[test]
fn every_operator_means_what_it_says() {
    for (text, meaning) in [
        ("", "*"),
        ("   ", "*"),
        ("budget", "budget"),
        ("Budget Café", "(budget cafe)"),
        ("\"big budget\"", "big+budget"),
        ("“big budget”", "big+budget"),
        ("-budget", "-budget"),
        ("NOT budget", "-budget"),
        ("a -b", "(a -b)"),
        ("a OR b", "(a | b)"),
        ("a b OR c d", "(a (b | c) d)"),
        ("a OR b OR c", "(a | b | c)"),
        ("a AND b", "(a b)"),
        ("a or b", "(a or b)"),
        ("(a b) OR c", "((a b) | c)"),
        ("-(a OR b)", "-(a | b)"),
        ("a OR -b", "(a | -b)"),
        ("e-mail", "e+mail/email"),
        ("ana@example.org", "ana+example+org"),
        ("from:ana", "From:ana"),
        ("from:\"Ana Lopez\"", "From:ana+lopez"),
        ("from:(ana OR bob)", "(From:ana | From:bob)"),
        ("-from:ana", "-From:ana"),
        ("to:ana cc:bob", "(To:ana Cc:bob)"),
        ("from:me", "FromMe"),
        ("to:me", "ToMe"),
        ("subject:deck body:deck", "(Subject:deck Body:deck)"),
        ("filename:plan.pdf", "Filename:plan+pdf"),
        ("list:rust-dev", "List:rust+dev/rustdev"),
        ("in:inbox", "In(\"inbox\")"),
        ("in:\"Old Mail\"", "In(\"old mail\")"),
        ("in:all", "*"),
        ("is:unread", "Is(Unread)"),
        ("IS:Starred", "Is(Starred)"),
        ("is:read is:snoozed", "(Is(Read) Is(Snoozed))"),
        ("has:attachment", "Attachment"),
        ("has:link", "Link"),
        ("type:chat", "kind:chat"),
        ("source:whatsapp", "source:whatsapp"),
        ("label:Work", "Label(\"Work\")"),
        ("account:home", "Account(\"home\")"),
        ("person:\"Ana Lopez\"", "Person(\"Ana Lopez\")"),
        ("before:2026-03-01", "[..2026-03-01]"),
        ("after:2026-03-01", "[2026-03-01..]"),
        ("on:2026-03-01", "[2026-03-01..2026-03-02]"),
        ("on:yesterday", "[2026-03-17..2026-03-18]"),
        ("after:\"last week\"", "[2026-03-09..]"),
        ("after:last week budget", "([2026-03-09..] budget)"),
        ("before:3 days ago", "[..2026-03-15]"),
        ("on:march 2025 report", "([2025-03-01..2025-04-01] report)"),
        ("older:2w", "[..2026-03-04]"),
        ("newer:3 days", "[2026-03-15..]"),
        ("older:2026-01-01", "[..2026-01-01]"),
        ("larger:5mb", "<5242880..>"),
        ("larger:1.5k", "<1536..>"),
        ("smaller:100", "<..100>"),
        ("id:i42", "Item(42)"),
        ("id:t7", "Thread(7)"),
        ("id:<A@b.C>", "Message(\"a@b.c\")"),
        ("http://example.org/x", "http+example+org+x"),
        ("re: budget", "(re budget)"),
        ("10:30", "10+30"),
    ] {
        let query = typed(text);
        assert_eq!(show(&query.root), meaning, "{text}");
        assert_eq!(query.hints, Vec::<String>::new(), "{text}");
    }
}

#[test]
fn what_cannot_be_parsed_is_searched_as_text_with_a_hint() {
    for (text, meaning, hint) in [
        ("\"big budget", "big+budget", "no end"),
        ("from:", "*", "nothing follows"),
        ("from: ana", "ana", "nothing follows"),
        ("from:\"\" ana", "ana", "nothing follows"),
        ("colour:red", "colour+red", "\"colour:\" is not a field"),
        ("colour:\"dark red\"", "dark+red", "not a field"),
        ("is:purple", "purple", "unread, read, starred"),
        ("has:wings", "wings", "attachment and link"),
        ("type:fax", "fax", "mail, chat and note"),
        ("source:fidonet", "fidonet", "whatsapp"),
        ("before:whenever", "whenever", "write a date"),
        ("on:2026-02-30", "2026+02+30/20260230", "write a date"),
        ("older:soon", "soon", "write an age"),
        ("larger:huge", "huge", "write a size"),
        ("larger:-5", "5", "write a size"),
        ("?!", "*", "no word"),
        ("-", "*", "no word"),
        ("()", "*", "no word"),
    ] {
        let query = typed(text);
        assert_eq!(show(&query.root), meaning, "{text}");
        assert!(query.hints.iter().any(|got| got.contains(hint)), "{text}: {:?}", query.hints);
    }
}

#[test]
fn unbalanced_and_stray_signs_are_harmless() {
    for (text, meaning) in [
        ("(a b", "(a b)"),
        ("a) b", "(a b)"),
        (")))a(((", "a"),
        ("OR a", "a"),
        ("a OR", "a"),
        ("a OR OR b", "(a | b)"),
        ("--a", "-a"),
        ("- a", "a"),
        ("-(", "*"),
        ("NOT", "*"),
        ("a-", "a"),
        ("(((((a)))))", "a"),
        ("from:(", "*"),
        ("from:(ana", "From:ana"),
    ] {
        assert_eq!(shown(text), meaning, "{text}");
    }
}

#[test]
fn the_last_word_is_a_beginning_only_while_typing() {
    for (text, meaning) in [
        ("bud", "bud*"),
        ("big bud", "(big bud*)"),
        ("bud ", "bud"),
        ("\"big bud", "big+bud*"),
        ("\"big bud\"", "big+bud"),
        ("-bud", "-bud"),
        ("from:an", "From:an*"),
        ("ana@exa", "ana+exa*"),
        ("(a OR b", "(a | b*)"),
        ("is:unr", "*"),
        ("a is:unr", "a"),
        ("is:unread", "Is(Unread)"),
        ("after:las", "*"),
        ("from:", "*"),
        ("is:unr ", "unr"),
    ] {
        let query = typing(text);
        assert_eq!(show(&query.root), meaning, "{text}");
    }
    assert_eq!(typing("is:unr").hints, Vec::<String>::new());
    assert_eq!(show(&typed("bud").root), "bud");
}

#[test]
fn huge_and_deep_input_ends() {
    let deep = "(".repeat(5_000) + "a" + &")".repeat(5_000);
    assert!(typed(&deep).root == Node::All || shown(&deep) == "a");
    assert!(typed(&"-".repeat(10_000)).is_everything());
    let many = typed(&"w ".repeat(5_000));
    assert_eq!(many.wanted().len(), MOST_LEAVES);
    assert!(many.hints.iter().any(|hint| hint.contains("64")), "{:?}", many.hints);
    typed(&"a OR ".repeat(3_000));
    typed(&"after:1 ".repeat(3_000));
    typed(&"from:(".repeat(3_000));
    typed(&"東".repeat(10_000));
    typed(&"\u{301}".repeat(10_000));
}

/// Any text whatever is a search: thousands of random ones out of the language's own pieces and worse.
#[test]
fn any_text_is_a_search() {
    let pieces = [
        "a",
        "東京",
        "é",
        "🎉",
        "\"",
        "“",
        "(",
        ")",
        "-",
        " ",
        "OR",
        "AND",
        "NOT",
        ":",
        "from:",
        "is:",
        "after:",
        "older:",
        "larger:",
        "id:",
        "has:",
        "last",
        "week",
        "2w",
        "99999999999999999999",
        "mb",
        "\u{0}",
        "\u{202E}",
        "\u{301}",
        "مرحبا",
        "@",
        "example.org",
        "<",
        ">",
        "'",
        "\n",
        "ﬁ",
        "\u{FFFF}",
        ".",
        "2026-03-01",
    ];
    let mut seed = 42_u64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below as u64).unwrap()
    };
    for _ in 0..6_000 {
        let text: String = (0..random(12)).map(|_| pieces[random(pieces.len())]).collect();
        for open in [false, true] {
            let query = parse(&text, now(), &TimeZone::UTC, open);
            assert!(query.hints.len() <= 6, "{text:?}");
            for leaf in query.wanted() {
                assert!(!leaf.terms.is_empty(), "{text:?}");
                assert!(text.get(leaf.span.clone()).is_some(), "{text:?}");
            }
        }
    }
}
