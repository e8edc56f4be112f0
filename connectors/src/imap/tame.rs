//! Responses made fit for the parser, or refused before they reach it.
//!
//! `imap-proto` costs stack for every parenthesis, begins anew whenever 4 KiB more have come, and
//! takes no literals among Gmail's labels, where Gmail puts those with a quote in them. What is
//! changed here means the same afterwards.

use bytes::BytesMut;

/// What reading one response may cost: bytes beside its literals, by how often the parser begins anew.
const MAX_COST: usize = 16 * 1024 * 1024;
/// Longest line of a list of numbers, for the same reason.
const LIST_LINE: usize = 2048;
/// Nesting of parentheses, which costs stack. Real structures stay below half of it.
const MAX_DEPTH: usize = 24;

/// A response may have so many bytes beside so many literals: the parser begins anew after each of
/// them, and after 4 KiB.
pub(super) fn bearable(text: usize, literals: usize) -> bool {
    text.saturating_mul(literals + text / 4096) <= MAX_COST
}

/// The response as the parser may have it; `None` for one it must not see. `text` is how many bytes of
/// it are not literals, of which it has `literals`.
pub(super) fn tame(response: BytesMut, text: usize, literals: usize) -> Option<BytesMut> {
    if response.starts_with(b"+") {
        // What a challenge says is of no use here, and not always the base64 `async-imap` expects.
        return Some(BytesMut::from(&b"+ \r\n"[..]));
    }
    if let Some(split) = split_list(&response) {
        return Some(split);
    }
    let response = quoted_labels(&response).unwrap_or(response);
    (bearable(text, literals) && shallow(&response)).then_some(response)
}

/// The word after the star of an untagged response.
fn word(response: &[u8]) -> Option<&[u8]> {
    let rest = response.strip_prefix(b"* ")?;
    rest.split(|byte| byte.is_ascii_whitespace()).next()
}

/// Status responses and continuations are free text, in which a `{5}` at the end means nothing.
pub(super) fn carries_literals(line: &[u8]) -> bool {
    let is_status = |word: &[u8]| {
        [&b"OK"[..], b"NO", b"BAD", b"BYE", b"PREAUTH"].iter().any(|status| word.eq_ignore_ascii_case(status))
    };
    word(line).is_some_and(|word| !is_status(word))
}

/// How long the literal is that the end of a line announces (`{n}`).
pub(super) fn announced_literal(line: &[u8]) -> Option<u64> {
    let open = line.strip_suffix(b"}")?;
    let brace = open.iter().rposition(|byte| *byte == b'{')?;
    let digits = open.get(brace + 1..)?;
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // Twenty digits and more are a lie that the caller's limit refuses.
    Some(std::str::from_utf8(digits).ok()?.parse().unwrap_or(u64::MAX))
}

/// Its structures are nested within the limit.
///
/// Only within BODYSTRUCTURE does the parser descend, and there it knows nothing but parentheses,
/// strings, numbers and NIL. Where else it takes a quote for a quote can be bent by who sends it; so
/// every place that could be a structure counts as one, be it in the text of a mail.
fn shallow(response: &[u8]) -> bool {
    const NAME: &[u8] = b"BODYSTRUCTURE ";

    memchr::memchr_iter(b'(', response)
        .filter(|at| {
            let name = at.checked_sub(NAME.len()).and_then(|from| response.get(from..*at));
            name.is_some_and(|name| name.eq_ignore_ascii_case(NAME))
        })
        .all(|at| shallow_structure(response.get(at..).unwrap_or_default()))
}

/// The structure that begins here is nested within the limit.
fn shallow_structure(structure: &[u8]) -> bool {
    let (mut depth, mut quoted, mut at) = (0_usize, false, 0);
    while let Some(byte) = structure.get(at) {
        at += 1;
        match byte {
            b'\\' if quoted => at += 1,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'(' => depth += 1,
            b')' => depth -= 1,
            b'{' => {
                let rest = structure.get(at - 1..).unwrap_or_default();
                let end = rest.iter().take(24).position(|byte| *byte == b'\r').unwrap_or(0);
                if let Some(length) = rest.get(..end).and_then(announced_literal) {
                    at = (at + end + 1).saturating_add(usize::try_from(length).unwrap_or(usize::MAX));
                }
            }
            _ => {}
        }
        if depth == 0 || depth > MAX_DEPTH {
            return depth == 0;
        }
    }
    true
}

/// A long list of numbers as several short ones, which mean the same.
fn split_list(response: &[u8]) -> Option<BytesMut> {
    if response.len() <= 2 * LIST_LINE {
        return None;
    }
    let upper = response.get(..24)?.to_ascii_uppercase();
    let (head, separator) = [("* SEARCH ", " "), ("* VANISHED (EARLIER) ", ","), ("* VANISHED ", ",")]
        .into_iter()
        .find(|(head, _)| upper.starts_with(head.as_bytes()))?;
    let text = std::str::from_utf8(response).ok()?.trim_end();
    let mut split = BytesMut::with_capacity(text.len() + text.len() / 64);
    let mut length = 0;
    for number in text.get(head.len()..)?.split(separator).filter(|number| !number.is_empty()) {
        if length > LIST_LINE {
            split.extend_from_slice(b"\r\n");
            length = 0;
        }
        split.extend_from_slice(if length == 0 { head } else { separator }.as_bytes());
        split.extend_from_slice(number.as_bytes());
        length += number.len() + 1;
    }
    split.extend_from_slice(b"\r\n");
    Some(split)
}

/// The same response with the literals among its labels quoted, where there are any.
fn quoted_labels(response: &[u8]) -> Option<BytesMut> {
    const LABELS: &[u8] = b"X-GM-LABELS (";

    let first = response.split(|byte| *byte == b'\r').next().filter(|line| bearable(line.len(), 1))?;
    announced_literal(first)?;
    let start = first.windows(LABELS.len()).position(|window| window.eq_ignore_ascii_case(LABELS))? + LABELS.len();
    let mut rewritten = BytesMut::from(response.get(..start)?);
    let (mut quoted, mut changed) = (false, false);
    let mut at = start;
    loop {
        let byte = *response.get(at)?;
        match byte {
            b'\\' if quoted => {
                rewritten.extend_from_slice(response.get(at..at + 2)?);
                at += 2;
                continue;
            }
            b'"' => quoted = !quoted,
            b')' if !quoted => break,
            b'{' if !quoted => {
                let end = at + response.get(at..)?.iter().position(|byte| *byte == b'\r')?;
                let length = usize::try_from(announced_literal(response.get(at..end)?)?).ok()?;
                let label = response.get(end + 2..(end + 2).checked_add(length)?)?;
                rewritten.extend_from_slice(b"\"");
                for byte in label {
                    if matches!(byte, b'\\' | b'"') {
                        rewritten.extend_from_slice(b"\\");
                    }
                    rewritten.extend_from_slice(&[*byte]);
                }
                rewritten.extend_from_slice(b"\"");
                at = end + 2 + length;
                changed = true;
                continue;
            }
            _ => {}
        }
        rewritten.extend_from_slice(&[byte]);
        at += 1;
    }
    if !changed {
        return None;
    }
    rewritten.extend_from_slice(response.get(at..)?);
    Some(rewritten)
}

/// Without this response an answer may be incomplete. What only an extension knows is not missed.
pub(super) fn matters(response: &[u8]) -> bool {
    word(response).is_none_or(|word| {
        word.first().is_some_and(u8::is_ascii_digit)
            || [&b"LIST"[..], b"SEARCH", b"VANISHED"].iter().any(|known| word.eq_ignore_ascii_case(known))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use async_imap::imap_proto::{MailboxDatum, Response};

    use super::*;

    fn tamed(response: &[u8]) -> Option<BytesMut> {
        tame(BytesMut::from(response), response.len(), 1)
    }

    #[test]
    fn ordinary_responses_stay_as_they_are() {
        for response in [
            &b"* 1 FETCH (UID 1 X-GM-LABELS (\\Inbox \"\\\\Sent\" Work) BODY[] {3}\r\n{1})\r\n"[..],
            b"* SEARCH 1 2 3\r\n",
            b"* VANISHED (EARLIER) 1:3,9\r\n",
            b"A1 OK [READ-WRITE] done (((\r\n",
        ] {
            assert_eq!(tamed(response).as_deref(), Some(response));
        }
        assert_eq!(tamed(b"+ go ahead\r\n").as_deref(), Some(&b"+ \r\n"[..]));
    }

    #[test]
    fn literals_among_labels_become_quoted_strings() {
        let given =
            b"* 1 FETCH (UID 1 X-GM-LABELS (\\Inbox {5}\r\na\"b c \"x\\\"y\" {2}\r\n\\)) BODY[] {3}\r\n{1})\r\n";
        let expected =
            b"* 1 FETCH (UID 1 X-GM-LABELS (\\Inbox \"a\\\"b c\" \"x\\\"y\" \"\\\\)\") BODY[] {3}\r\n{1})\r\n";
        assert_eq!(tamed(given).as_deref(), Some(&expected[..]));
    }

    #[test]
    fn long_lists_are_split_and_lose_no_number() {
        let numbers: Vec<u32> = (0..20_000).map(|n| n * 211_003 % 4_000_037).collect();
        let words: Vec<String> = numbers.iter().map(u32::to_string).collect();
        let search = tamed(format!("* search {} \r\n", words.join(" ")).as_bytes()).unwrap();
        let vanished = tamed(format!("* VANISHED (EARLIER) {}\r\n", words.join(",")).as_bytes()).unwrap();
        for (mut rest, search) in [(&search[..], true), (&vanished[..], false)] {
            let mut found = Vec::new();
            while !rest.is_empty() {
                let (tail, response) = Response::parse(rest).unwrap();
                assert!(rest.len() - tail.len() < 4096);
                rest = tail;
                match response {
                    Response::MailboxData(MailboxDatum::Search(numbers)) if search => found.extend(numbers),
                    Response::Vanished { earlier: true, uids } if !search => found.extend(uids.into_iter().flatten()),
                    other => panic!("{other:?}"),
                }
            }
            assert_eq!(found, numbers);
        }
    }

    #[test]
    fn a_response_that_costs_too_much_is_refused() {
        let structure = |parts: usize| format!("* 1 FETCH (FLAGS ({}x))\r\n", "$Label ".repeat(parts));
        assert!(tamed(structure(30_000).as_bytes()).is_some());
        assert!(tamed(structure(60_000).as_bytes()).is_none());
        assert!(bearable(15 * 1024, 500) && !bearable(128 * 1024, 500));
    }

    #[test]
    fn nesting_is_bounded_but_not_in_text() {
        let nested = |depth: usize| format!("* 1 FETCH (bodystructure {}{})\r\n", "(".repeat(depth), ")".repeat(depth));
        assert!(tamed(nested(MAX_DEPTH).as_bytes()).is_some());
        assert!(tamed(nested(MAX_DEPTH + 1).as_bytes()).is_none());
        let deep = "(".repeat(200);
        for text in [
            format!("* 1 FETCH (X \"\\\"{deep}\" BODY[] {{200}}\r\n{deep})\r\n"),
            format!("* 1 FETCH (BODYSTRUCTURE (\"\\\"{deep}\" {{200}}\r\n{deep} \"{{9}}\"))\r\n"),
        ] {
            assert!(tamed(text.as_bytes()).is_some(), "{text}");
        }
    }

    #[test]
    fn nothing_in_front_of_a_structure_hides_its_depth() {
        let deep = format!("BODYSTRUCTURE {}", "(\"A\" (".repeat(500));
        for front in ["X a\" ", "X (a {9000}\r\n) ", "X (\" ", "X {0}\r\n ", "BODYSTRUCTURE (\" "] {
            let response = format!("* 1 FETCH ({front}{deep}\r\n");
            assert!(tamed(response.as_bytes()).is_none(), "{front}");
        }
    }

    #[test]
    fn the_deepest_structure_that_is_let_through_fits_the_stack() {
        // Half of what a thread of the runtime has, in a build that is not optimised.
        let part = "(\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 1 1)";
        let depth = MAX_DEPTH - 1;
        let deep =
            format!("* 1 FETCH (UID 1 BODYSTRUCTURE {}{part}{})\r\n", "(".repeat(depth), " \"MIXED\")".repeat(depth));
        let read = std::thread::Builder::new().stack_size(1 << 20).spawn(move || {
            let deep = tamed(deep.as_bytes()).unwrap();
            Response::parse(&deep).is_ok()
        });
        assert!(read.unwrap().join().unwrap());
    }

    #[test]
    fn a_literal_is_announced_at_the_end_of_a_line_only() {
        assert_eq!(announced_literal(b"* 1 FETCH (BODY[] {12}"), Some(12));
        assert_eq!(announced_literal(b"* 1 FETCH (BODY[] {99999999999999999999999}"), Some(u64::MAX));
        for line in [&b"{}"[..], b"{12} ", b"{12+}", b"{a}", b"12}", b"{-1}", b""] {
            assert_eq!(announced_literal(line), None);
        }
    }

    #[test]
    fn only_what_belongs_to_an_answer_is_missed() {
        for response in ["* 1 FETCH (", "* list x", "* SEARCH a", "HTTP/1.1 400 Bad Request", "A1 HELLO"] {
            assert!(matters(response.as_bytes()), "{response}");
        }
        for response in ["* NAMESPACE NIL", "* ESEARCH (TAG \"A1\")", "* ???"] {
            assert!(!matters(response.as_bytes()), "{response}");
        }
    }
}
