//! The patterns of [`crate::words`], compiled once for each language that is met.

use std::sync::LazyLock;

use regex::bytes::{RegexSet, RegexSetBuilder};

use crate::language::Language;
use crate::words::{self, Cue, Pattern};

/// Which cues a sentence has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Cues(u16);

impl Cues {
    pub(crate) fn has(self, cue: Cue) -> bool {
        self.0 & (1 << cue as u16) != 0
    }

    pub(crate) fn with(self, cue: Cue) -> Self {
        Self(self.0 | 1 << cue as u16)
    }
}

struct Compiled {
    patterns: &'static [Pattern],
    /// Names for explanations, with the language.
    names: Vec<String>,
    set: RegexSet,
}

static COMPILED: [LazyLock<Compiled>; 7] = [
    LazyLock::new(|| compile(Language::En, "en")),
    LazyLock::new(|| compile(Language::De, "de")),
    LazyLock::new(|| compile(Language::Fr, "fr")),
    LazyLock::new(|| compile(Language::Es, "es")),
    LazyLock::new(|| compile(Language::Pt, "pt")),
    LazyLock::new(|| compile(Language::It, "it")),
    LazyLock::new(|| compile(Language::Nl, "nl")),
];

#[expect(clippy::expect_used, reason = "the patterns are constants, and every one is compiled by a test")]
fn compile(language: Language, code: &str) -> Compiled {
    let patterns = words::of(language).map(|words| words.patterns).unwrap_or_default();
    let set = RegexSetBuilder::new(patterns.iter().map(|(_, _, regex)| regex))
        .unicode(false)
        .size_limit(1 << 26)
        // The states that ordinary mail meets fit in here; in less they are made again and again.
        .dfa_size_limit(1 << 23)
        .build()
        .expect("the patterns are well formed");
    let names = patterns.iter().map(|(_, name, _)| format!("{code}: {name}")).collect();
    Compiled { patterns, names, set }
}

/// A pattern that was seen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    pub(crate) cue: Cue,
    /// Its name, with its language.
    pub(crate) name: &'static str,
    /// Its language; nothing for what all of them share.
    pub(crate) language: Option<Language>,
}

/// The cues of a folded sentence and the patterns that gave them. Where the language is not known, every language may
/// speak; where it is one without tables, only punctuation does.
pub(crate) fn find(folded: &str, language: Option<Language>) -> (Cues, Vec<Seen>) {
    let mut cues = Cues::default();
    let mut all = Vec::new();
    let mut saw = |cue, name, language| {
        cues = cues.with(cue);
        all.push(Seen { cue, name, language });
    };
    if question(folded) {
        saw(Cue::Question, "question mark", None);
    }
    for (known, compiled) in Language::KNOWN.iter().zip(&COMPILED) {
        if language.is_some_and(|language| language != *known) {
            continue;
        }
        for index in &compiled.set.matches(folded.as_bytes()) {
            let (Some((cue, _, _)), Some(name)) = (compiled.patterns.get(index), compiled.names.get(index)) else {
                continue;
            };
            saw(*cue, name.as_str(), Some(*known));
        }
    }
    if folded.contains("🙏") {
        saw(Cue::Thanks, "🙏", None);
    }
    if folded.contains('👍') && folded.chars().count() < 4 {
        saw(Cue::Agreed, "👍", None);
    }
    (cues, all)
}

/// The patterns of all languages, as one number.
pub(super) fn fingerprint() -> u64 {
    let patterns = Language::KNOWN.iter().filter_map(|language| words::of(*language)).flat_map(|words| words.patterns);
    let bytes = patterns.flat_map(|(cue, name, regex)| {
        std::iter::once(*cue as u8).chain(name.bytes()).chain(regex.bytes()).chain(std::iter::once(0))
    });
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A question mark that asks: not one of an address, where a word goes on after it.
fn question(folded: &str) -> bool {
    let mut before = ' ';
    let mut asked = false;
    for c in folded.chars() {
        if asked && !c.is_alphanumeric() {
            return true;
        }
        asked = matches!(c, '?' | '¿' | '؟' | '？') && (before != '/' && before != '&');
        if c == '¿' {
            return true;
        }
        before = c;
    }
    asked
}
