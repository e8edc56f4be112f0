//! When two names are one: however they are written, and whichever part comes first.
//!
//! Names that are only alike ("Bob" and "Robert", one typo) are two: a guess about a name is worth less than the name.

use crate::text::fold;

/// What stands before a name and is none.
const TITLES: &[&str] = &["dr", "prof", "mr", "mrs", "ms", "herr", "frau", "mme", "mlle"];

/// A name as it is compared: case, accents, width, apostrophes and titles do not matter, nor does what stands in
/// brackets, and "Novák, Leila" is Leila Novák. Nothing where it has one word only: many people are called that.
pub(crate) fn key(name: &str) -> Option<String> {
    let plain = without_brackets(name);
    let said = match plain.split_once(',') {
        Some((family, given)) if !given.contains(',') => format!("{given} {family}"),
        _ => plain,
    };
    let joined: String = said.chars().filter(|c| !is_apostrophe(*c)).collect();
    let folded = fold(&joined);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty() && !TITLES.contains(word));
    let words: Vec<&str> = words.collect();
    (words.len() > 1).then(|| words.join(" "))
}

/// Whether both may be one person's name: one of them is not known or has one word only, or they differ in initials.
pub(crate) fn may_be_one(one: Option<&str>, other: Option<&str>) -> bool {
    let (Some(one), Some(other)) = (one.and_then(key), other.and_then(key)) else { return true };
    let (one, other): (Vec<&str>, Vec<&str>) = (one.split(' ').collect(), other.split(' ').collect());
    let alike = |(one, other): (&&str, &&str)| {
        one == other
            || [(one, other), (other, one)]
                .iter()
                .any(|(short, long)| short.chars().count() == 1 && long.starts_with(**short))
    };
    one.len() == other.len() && one.iter().zip(&other).all(alike)
}

/// The longest run of letters, folded: whoever has this name has it too, unless an apostrophe stands elsewhere.
pub(crate) fn longest_part(name: &str) -> Option<String> {
    let folded = fold(&without_brackets(name));
    let parts = folded.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.max_by_key(|part| part.len()).map(str::to_owned)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{2bc}' | '\u{b4}' | '`')
}

/// "Okafor, Rita (Sales)" is Rita Okafor.
fn without_brackets(name: &str) -> String {
    let mut depth = 0_u32;
    name.chars()
        .filter(|c| {
            let inside = depth > 0;
            match *c {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                _ => return !inside,
            }
            false
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_be_another_one_with_initials_or_half_of_it() {
        for (one, other, may) in [
            (Some("Rita Okafor"), Some("R. Okafor"), true),
            (Some("Rita Okafor"), Some("Rita"), true),
            (None, Some("Rita Okafor"), true),
            (Some("Rita Okafor"), Some("Tom Okafor"), false),
            (Some("Rita Okafor"), Some("T. Okafor"), false),
            (Some("Rita Okafor"), Some("Rita Maria Okafor"), false),
        ] {
            assert_eq!(may_be_one(one, other), may, "{one:?} {other:?}");
            assert_eq!(may_be_one(other, one), may, "{other:?} {one:?}");
        }
    }

    #[test]
    fn a_name_is_the_same_however_it_is_written() {
        for (one, other) in [
            ("Leila Novák", "LEILA NOVAK"),
            ("Leila Novák", "Novák, Leila"),
            ("Leila Novák", "\"Novak, Leila (Sales)\" "),
            ("Leila Novák", "Nova\u{301}k,Leila [external]"),
            ("Dara O'Neill", "O\u{2019}Neill, Dara"),
            ("Dara O'Neill", "dara oneill"),
            ("Anna-Lena Groß", "Anna Lena Groß"),
            ("Ana Maria Lima", "Dr. Ana Maria Lima"),
            ("Ana Maria Lima", "Lima, Prof. Dr. Ana Maria"),
            ("Ｙｕｉ Ｍｏｒｉ", "yui mori"),
            ("יעל כהן", "כהן, יעל"),
        ] {
            assert_eq!(key(one).unwrap(), key(other).unwrap(), "{one} and {other}");
        }
        for (one, other) in [
            ("Leila Novák", "Leila Novotná"),
            ("Leila Novák", "Leila A. Novák"),
            ("Bob Stone", "Robert Stone"),
            ("Thomas Alexander", "Alexander Thomas"),
        ] {
            assert_ne!(key(one), key(other), "{one} and {other}");
        }
        for one in ["Tove", "Marek (tiler)", "", " ", "Dr. Lima", "Lima,", "(a b)", "'", "%"] {
            assert_eq!(key(one), None, "{one}");
        }
    }

    #[test]
    fn whoever_is_to_be_found_has_the_longest_part() {
        assert_eq!(longest_part("O'Neill, Dara (Kiel office)").as_deref(), Some("neill"));
        assert_eq!(longest_part("Novák, Lea").as_deref(), Some("novak"));
        assert_eq!(longest_part("%"), None);
    }
}
