//! A word that reminds somebody of what was asked, in the language it was asked in.

use crate::language::Language;
use crate::words;

/// The text, in a language we have words of; nothing in another one.
#[must_use]
pub fn nudge(language: Language, name: Option<&str>, asked: &str) -> Option<String> {
    let (named, nobody) = words::of(language)?.nudge;
    let asked = asked.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = match name.map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) => named.replace("{name}", name),
        None => nobody.to_owned(),
    };
    // Last, for what was asked may hold anything.
    Some(text.replacen("{asked}", &asked, 1))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::language::detect;

    #[test]
    fn every_language_has_its_own_words() {
        for language in Language::KNOWN {
            let text = nudge(language, Some("Ana"), "").unwrap();
            assert!(text.contains("Ana") && !text.contains('{'), "{text}");
            assert_eq!(detect(&text), Some(language), "{text}");
            let nobody = nudge(language, Some(" "), "where {name}\n is {asked}?").unwrap();
            assert!(nobody.contains("where {name} is {asked}?"), "{nobody}");
        }
        assert_eq!(nudge(Language::Other, None, "x"), None);
    }
}
