//! Takes what belongs to a person out of a sentence.
//!
//! A word stays when it looks like prose: letters, small numbers, plain punctuation. What is quoted,
//! what follows the name of a secret, addresses, tokens, links beyond their host, and paths go. It
//! errs towards leaving out: a line that says less is an annoyance, one that says more is a leak.

use super::LEFT_OUT;

/// Characters of a sentence that are kept.
const LONGEST: usize = 240;
/// What follows these, after a colon or an equals sign, ends the sentence.
const SECRETS: &[&str] = &[
    "authorization",
    "body",
    "cookie",
    "key",
    "login",
    "pass",
    "passphrase",
    "passwd",
    "password",
    "pwd",
    "secret",
    "subject",
    "text",
    "token",
    "user",
    "username",
];
/// What follows these is left out, whatever stands between.
const SCHEMES: &[&str] = &["authenticate", "basic", "bearer", "login", "xoauth2"];

/// The sentence without what belongs to a person.
pub(super) fn clean(text: &str) -> String {
    let text = without_quotes(text);
    let mut kept: Vec<String> = Vec::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        if length > LONGEST {
            kept.push(LEFT_OUT.to_owned());
            break;
        }
        let shown = shown(word);
        length += shown.len() + 1;
        let stem = core(word).to_lowercase();
        kept.push(shown);
        if ends_sentence(word, &stem) {
            kept.push(LEFT_OUT.to_owned());
            break;
        }
    }
    kept.join(" ")
}

/// An id, or what is left of a long one: `a1b2****j0`.
pub(super) fn mask(id: &str) -> String {
    const WHOLE: usize = 12;
    if !id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
        return LEFT_OUT.to_owned();
    }
    let count = id.chars().count();
    if count <= WHOLE {
        return id.to_owned();
    }
    let head: String = id.chars().take(4).collect();
    let tail: String = id.chars().skip(count - 2).collect();
    format!("{head}****{tail}")
}

fn ends_sentence(word: &str, stem: &str) -> bool {
    SCHEMES.contains(&stem) || (word.ends_with([':', '=']) && SECRETS.contains(&stem))
}

/// Replaces what stands between quotation marks; an open one takes the rest.
fn without_quotes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let close = match c {
            '"' => Some('"'),
            '`' => Some('`'),
            '<' => Some('>'),
            '“' | '„' => Some('”'),
            '«' => Some('»'),
            // Elsewhere it is an apostrophe.
            '\'' if !before.is_alphanumeric() => Some('\''),
            _ => None,
        };
        out.push(c);
        if let Some(close) = close {
            out.push_str(LEFT_OUT);
            // A mark inside what is quoted must not end it early: the last one of the text does.
            let rest = chars.as_str();
            let ends = |(at, _): &(usize, &str)| {
                c != '\'' || !rest.get(at + 1..).is_some_and(|tail| tail.starts_with(char::is_alphanumeric))
            };
            match rest.rmatch_indices(close).find(ends).and_then(|(end, _)| rest.get(end..)) {
                Some(tail) => chars = tail.chars(),
                None => return out,
            }
            out.extend(chars.next());
            before = close;
            continue;
        }
        before = c;
    }
    out
}

/// A word without the punctuation around it.
fn core(word: &str) -> &str {
    word.trim_matches(|c: char| {
        matches!(c, '.' | ',' | ';' | ':' | '(' | ')' | '[' | ']' | '{' | '}' | '!' | '?' | '=')
    })
}

fn shown(word: &str) -> String {
    let core = core(word);
    if let Some((scheme, rest)) = core.split_once("://") {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let plain = |part: &str| part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'));
        return if plain(host) && plain(scheme) && host.len() <= 60 && host.split('.').all(|label| !is_token(label)) {
            format!("{scheme}://{host}/{LEFT_OUT}")
        } else {
            LEFT_OUT.to_owned()
        };
    }
    if is_prose(core) { word.to_owned() } else { LEFT_OUT.to_owned() }
}

/// Letters, a small number, `time-out`, `don't`, `imap.example.org:993`, `snake_case`, `Type::Name`.
fn is_prose(core: &str) -> bool {
    const LONGEST_WORD: usize = 40;
    const LONGEST_NUMBER: usize = 6;
    /// `IPv6`, `TLS1.2`, `UTF-8`
    const LONGEST_MIXED: usize = 6;
    let marks = |c: char| matches!(c, '"' | '`' | '\'' | '<' | '>' | '“' | '”' | '„' | '«' | '»');
    let core = core.replace(LEFT_OUT, "");
    let core = core.trim_matches(marks);
    // A port is no secret.
    let (word, port) = core.rsplit_once(':').unwrap_or((core, ""));
    let core = if port.chars().all(|c| c.is_ascii_digit()) { word } else { core };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ',' | ':' | '\'');
    let digits = core.chars().filter(char::is_ascii_digit).count();
    let letters = core.chars().filter(char::is_ascii_alphabetic).count();
    core.len() <= LONGEST_WORD
        && core.chars().all(plain)
        && digits <= LONGEST_NUMBER
        && port.len() < LONGEST_NUMBER
        && (digits == 0 || letters == 0 || core.len() <= LONGEST_MIXED)
        && !is_token(core)
}

/// It is no word of any language: a run without a break, or capitals here and there.
fn is_token(core: &str) -> bool {
    const LONGEST_RUN: usize = 20;
    let turns = core
        .chars()
        .zip(core.chars().skip(1))
        .filter(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase())
        .count();
    let run = core.split(|c: char| !c.is_ascii_alphanumeric()).map(str::len).max().unwrap_or_default();
    let joined = core.contains(['-', '_']);
    run >= LONGEST_RUN || turns >= 3 || (turns >= 2 && core.len() >= 12) || (turns >= 1 && joined && core.len() >= 12)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
pub(super) mod tests {
    use super::*;

    /// A secret and how somebody might write it down by mistake.
    pub(in super::super) struct Secret {
        pub(in super::super) value: String,
        /// It reads like anybody's sentence: only quotation marks give it away.
        pub(in super::super) prose: bool,
        label: &'static str,
    }

    impl Secret {
        pub(in super::super) fn sentence(&self) -> String {
            format!("the server said {} {}, try again", self.label, self.value)
        }
    }

    /// SplitMix64: the same secrets at every run.
    pub(in super::super) struct Random(pub(in super::super) u64);

    impl Random {
        fn below(&mut self, bound: usize) -> usize {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((z ^ (z >> 31)) % bound as u64) as usize
        }

        fn text(&mut self, alphabet: &str, length: usize) -> String {
            let chars: Vec<char> = alphabet.chars().collect();
            (0..length).map(|_| chars[self.below(chars.len())]).collect()
        }

        pub(in super::super) fn secret(&mut self, round: usize) -> Secret {
            const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
            const HEX: &str = "0123456789abcdef";
            const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";
            let length = self.below(16);
            let (value, label, prose) = match round % 8 {
                0 => (
                    format!("{}{}{}", self.text(BASE64, 8 + length), self.text("!$%^&*#~|", 1), self.text(BASE64, 3)),
                    "about",
                    false,
                ),
                1 => (self.text(LOWER, 8 + length), "password:", false),
                2 => (self.text(BASE64, 20 + 2 * length), "for", false),
                3 => (self.text(HEX, 32), "id", false),
                4 => (self.text(BASE64, 12 + length), "Bearer", false),
                5 => (
                    format!("{}.{}@{}.example", self.text(LOWER, 5), self.text(LOWER, 7), self.text(LOWER, 6)),
                    "to",
                    false,
                ),
                6 => (format!("https://{}.example/in?t={}", self.text(LOWER, 9), self.text(BASE64, 24)), "at", false),
                _ => {
                    let words: Vec<String> = (0..6 + self.below(20))
                        .map(|_| {
                            let length = 3 + self.below(6);
                            self.text(LOWER, length)
                        })
                        .collect();
                    (words.join(" "), "that", true)
                }
            };
            Secret { value, prose, label }
        }
    }

    #[test]
    fn plain_sentences_stay_whole() {
        for text in [
            "source failed",
            "The server did not answer within 30 s; Inlet tries again.",
            "the disk is full; nothing was lost, but Inlet cannot save until there is room again",
            "the password was refused",
            "UNIQUE constraint failed: outbox.key",
            "Can't connect to imap.example.org:993 (os error 111)",
            "",
        ] {
            assert_eq!(clean(text), text);
        }
    }

    #[test]
    fn what_belongs_to_a_person_goes() {
        for (text, expected) in [
            ("no mailbox for bob@example.org, sorry", "no mailbox for … sorry"),
            ("Authorization: Bearer abc", "Authorization: …"),
            ("used bearer abc def", "used bearer …"),
            ("A1 LOGIN me hunter", "A1 LOGIN …"),
            ("GET https://example.org/a?token=1 failed", "GET https://example.org/… failed"),
            ("cannot open /home/me/mail.db: denied", "cannot open … denied"),
            ("cannot open C:\\Users\\me\\mail.db", "cannot open …"),
            ("folder \"Family \\\"secret\\\" plans\" is gone", "folder \"…\" is gone"),
            ("folder \"Family", "folder \"…"),
            ("the folder 'Meine Ärzte' isn't there", "the folder '…' isn't there"),
            ("id 4f9c2a11be0042d7 gone", "id … gone"),
            ("call +49 151 23456789 now", "call … 151 … now"),
            ("病院 の予約 failed", "… … failed"),
            ("password=hunter2", "…"),
            ("a\u{1b}[31mb\nc", "… c"),
        ] {
            assert_eq!(clean(text), expected, "{text}");
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        let long = "word ".repeat(10_000);
        let cleaned = clean(&long);
        assert!(cleaned.len() < 300 && cleaned.ends_with('…'), "{cleaned}");
    }

    #[test]
    fn ids_are_masked_when_they_are_long() {
        assert_eq!(mask("o12"), "o12");
        assert_eq!(mask("a1b2c3d4e5f6"), "a1b2c3d4e5f6");
        assert_eq!(mask("a1b2c3d4e5f6j0"), "a1b2****j0");
        assert_eq!(mask("me@example.org"), "…");
        assert_eq!(mask("two words"), "…");
    }
}
