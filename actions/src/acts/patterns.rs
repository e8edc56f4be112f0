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
        .build()
        .expect("the patterns are well formed");
    let names = patterns.iter().map(|(_, name, _)| format!("{code}: {name}")).collect();
    Compiled { patterns, names, set }
}

/// The cues of a folded sentence and the names of their patterns. Where the language is not known, every language may
/// speak; where it is one without tables, only punctuation does.
pub(crate) fn find(folded: &str, language: Option<Language>) -> (Cues, Vec<(Cue, &'static str)>) {
    let mut cues = Cues::default();
    let mut names = Vec::new();
    let marked = question(folded);
    if marked {
        cues = cues.with(Cue::Question);
        names.push((Cue::Question, "question mark"));
    }
    for (known, compiled) in Language::KNOWN.iter().zip(&COMPILED) {
        if language.is_some_and(|language| language != *known) {
            continue;
        }
        for index in &compiled.set.matches(folded.as_bytes()) {
            let (Some((cue, _, _)), Some(name)) = (compiled.patterns.get(index), compiled.names.get(index)) else {
                continue;
            };
            cues = cues.with(*cue);
            names.push((*cue, name.as_str()));
        }
    }
    if folded.contains("🙏") {
        cues = cues.with(Cue::Thanks);
        names.push((Cue::Thanks, "🙏"));
    }
    if folded.contains('👍') && folded.chars().count() < 4 {
        cues = cues.with(Cue::Agreed);
        names.push((Cue::Agreed, "👍"));
    }
    (cues, names)
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
