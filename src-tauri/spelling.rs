//! Spelling in what is written. The page asks for it (`spellcheck`), and on macOS and Windows that is enough;
//! WebKitGTK checks nothing until its context is told to, and in which languages. Where no dictionary of a
//! language is installed, nothing is marked, and nothing else changes.

use tauri::WebviewWindow;
use webkit2gtk::{WebContextExt, WebViewExt};

/// Turns it on, in the languages of the person.
pub(crate) fn check(window: &WebviewWindow) {
    let wished = wanted(|name| std::env::var(name).ok());
    let turned_on = window.with_webview(move |view| {
        if let Some(context) = view.inner().context() {
            let names: Vec<&str> = wished.iter().map(String::as_str).collect();
            context.set_spell_checking_languages(&names);
            context.set_spell_checking_enabled(true);
        }
    });
    if let Err(error) = turned_on {
        tracing::warn!(%error, "spelling is not checked");
    }
}

/// The languages of the locale, most wished for first, as dictionaries are named (`de_DE`); English where none is
/// set. `LANGUAGE` lists several (GNU gettext, "Specifying a Priority List of Languages").
fn wanted(variable: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let locale = set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG")).unwrap_or_default();
    let mut languages: Vec<String> = Vec::new();
    for name in set("LANGUAGE").unwrap_or_default().split(':').chain([locale.as_str()]) {
        let plain = name.split(['.', '@']).next().unwrap_or_default();
        if !plain.is_empty() && plain != "C" && plain != "POSIX" && languages.iter().all(|other| other != plain) {
            languages.push(plain.to_owned());
        }
    }
    if languages.is_empty() {
        languages.push("en_US".to_owned());
    }
    languages
}

#[cfg(test)]
mod tests {
    use super::wanted;

    fn of(set: &[(&str, &str)]) -> Vec<String> {
        wanted(|name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn languages_come_from_the_locale() {
        assert_eq!(of(&[("LANG", "de_DE.UTF-8")]), ["de_DE"]);
        assert_eq!(of(&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "fr_CA@euro")]), ["fr_CA"]);
        assert_eq!(of(&[("LANG", "de_DE.UTF-8"), ("LANGUAGE", "de_AT:en_GB:de_DE")]), ["de_AT", "en_GB", "de_DE"]);
        for nothing in ["", "C", "C.UTF-8", "POSIX"] {
            assert_eq!(of(&[("LANG", nothing)]), ["en_US"], "{nothing:?}");
        }
        assert_eq!(of(&[]), ["en_US"]);
    }
}
