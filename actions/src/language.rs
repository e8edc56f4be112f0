//! Which of our languages a text is in.
//!
//! Chat messages have three words, and statistical detectors need thirty. So the small words of each language are
//! counted first (see [`crate::words`]), and only a longer text that they do not settle is put to `whatlang`, whose
//! trigrams of 69 languages weigh some 100 kB. `lingua` is better on short text and was refused: its models are a hundred
//! times that, and the words we count are exactly the short text it is better on.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::{fold, words};

/// A language with patterns and date words, or another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Portuguese.
    Pt,
    /// Italian.
    It,
    /// Dutch.
    Nl,
    /// Any other: nothing is read from its words, only question marks.
    Other,
}

impl Language {
    /// Those with tables.
    pub const KNOWN: [Self; 7] = [Self::En, Self::De, Self::Fr, Self::Es, Self::Pt, Self::It, Self::Nl];
}

/// Fewer letters than this say nothing about a language nobody's small words betray.
const LETTERS: usize = 40;
/// More bytes than this make a detector slower and not surer.
const DETECTED: usize = 600;

static COMMON: LazyLock<HashMap<&'static str, u8>> = LazyLock::new(|| {
    let mut common = HashMap::new();
    for (bit, language) in Language::KNOWN.into_iter().enumerate() {
        for word in words::of(language).map(|words| words.common).unwrap_or_default() {
            *common.entry(*word).or_default() |= 1 << bit;
        }
    }
    common
});

/// The language of a text; nothing where it is too short to tell.
#[must_use]
pub fn detect(text: &str) -> Option<Language> {
    detect_folded(&fold::fold_text(text))
}

/// As [`detect`], for whoever is about to write in it to somebody else. Languages we have no tables of share small
/// words with those we have (Polish with Portuguese): where the letters of a longer text say one of them, nothing is
/// told.
#[must_use]
pub fn detect_to_answer(text: &str) -> Option<Language> {
    let folded = fold::fold_text(text);
    let found = detect_folded(&folded)?;
    let long = folded.chars().filter(|c| c.is_alphabetic()).take(LETTERS).count() == LETTERS;
    let other =
        || whatlang::detect(fold::cut(&folded, DETECTED)).is_some_and(|guess| of(guess.lang()) == Language::Other);
    (!long || !other()).then_some(found)
}

/// As [`detect`], of text that is folded.
pub(crate) fn detect_folded(folded: &str) -> Option<Language> {
    let mut seen = [0_u32; Language::KNOWN.len()];
    let mut total = 0_u32;
    // A thousand words decide as well as all of them.
    for word in fold::words(folded).take(1000) {
        total += 1;
        if let Some(mask) = COMMON.get(word) {
            for (bit, count) in seen.iter_mut().enumerate() {
                *count += u32::from(mask >> bit & 1);
            }
        }
    }
    let best = seen.iter().copied().max().unwrap_or(0);
    let leaders: Vec<Language> = Language::KNOWN
        .into_iter()
        .zip(seen)
        .filter(|(_, count)| *count == best)
        .map(|(language, _)| language)
        .collect();
    // A fifth of ordinary text are small words; one alone is chance.
    let enough = best > 1 && (total < 8 || best * 5 >= total);
    if enough && let [language] = leaders.as_slice() {
        return Some(*language);
    }
    if folded.chars().filter(|c| c.is_alphabetic()).take(LETTERS).count() < LETTERS {
        return None;
    }
    let guess = whatlang::detect(crate::fold::cut(folded, DETECTED))?;
    match of(guess.lang()) {
        Language::Other if guess.is_reliable() => Some(Language::Other),
        Language::Other => None,
        language if best == 0 || leaders.contains(&language) || guess.is_reliable() => Some(language),
        _ => None,
    }
}

fn of(lang: whatlang::Lang) -> Language {
    match lang {
        whatlang::Lang::Eng => Language::En,
        whatlang::Lang::Deu => Language::De,
        whatlang::Lang::Fra => Language::Fr,
        whatlang::Lang::Spa => Language::Es,
        whatlang::Lang::Por => Language::Pt,
        whatlang::Lang::Ita => Language::It,
        whatlang::Lang::Nld => Language::Nl,
        _ => Language::Other,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_texts() {
        for (text, language) in [
            ("can you send it", Some(Language::En)),
            ("kannst du das machen", Some(Language::De)),
            ("tu peux m'envoyer ça stp", Some(Language::Fr)),
            ("¿puedes mandármelo mañana por favor?", Some(Language::Es)),
            ("você pode me mandar isso hoje?", Some(Language::Pt)),
            ("mi puoi mandare il link?", Some(Language::It)),
            ("kun je het even sturen", Some(Language::Nl)),
            ("👍", None),
            ("17:04", None),
            ("Привет, как дела? Можешь прислать мне документы до пятницы, пожалуйста", Some(Language::Other)),
            (
                "Cześć, czy możesz mi wysłać dokumenty przed piątkiem, żebym zdążył je przeczytać?",
                Some(Language::Other),
            ),
        ] {
            assert_eq!(detect(text), language, "{text}");
        }
    }
}
