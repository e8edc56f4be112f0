//! What the desktop asks of the page: open this link or file, do what a notification's button says.
//!
//! It waits here until the page takes it: the page may not be there yet when the app was started by
//! a link. The event only wakes.

use std::path::Path;
use std::sync::Mutex;

use serde::Serialize;
use tauri::{AppHandle, Emitter, Manager};

use crate::window::MAIN;

/// The Tauri event that says that something waits.
const WAKE: &str = "asks";
/// Asks that wait at most: a page that takes none is not going to.
const MOST: usize = 32;

/// Something for the page to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Ask {
    /// A `mailto:` or `inlet:` link was opened.
    Link { href: String },
    /// A file of mail was opened.
    File { path: String },
    /// A notification was clicked, or one of its buttons.
    Notice { notice: String, action: String },
    /// An entry of a menu was chosen.
    Command { command: String },
}

/// What waits.
#[derive(Default)]
pub(crate) struct Asks(Mutex<Vec<Ask>>);

impl Asks {
    /// Everything that waits, oldest first; it is the caller's now.
    pub(crate) fn take(&self) -> Vec<Ask> {
        self.0.lock().map(|mut asks| std::mem::take(&mut *asks)).unwrap_or_default()
    }
}

/// Hands something to the page.
pub(crate) fn ask(app: &AppHandle, ask: Ask) {
    if let Ok(mut asks) = app.state::<Asks>().0.lock()
        && asks.len() < MOST
    {
        asks.push(ask);
    }
    if let Err(error) = app.emit_to(MAIN, WAKE, ()) {
        tracing::warn!(%error, "the window was not told that something waits");
    }
}

/// What an argument of the command line opens; a path is meant from `folder`.
pub(crate) fn opened(argument: &str, folder: &Path) -> Option<Ask> {
    if let Some((scheme, _)) = argument.split_once(':')
        && ["mailto", "inlet"].iter().any(|own| scheme.eq_ignore_ascii_case(own))
    {
        return Some(Ask::Link { href: argument.to_owned() });
    }
    let path = match tauri::Url::parse(argument) {
        Ok(url) if url.scheme() == "file" => url.to_file_path().ok()?,
        _ => folder.join(argument),
    };
    is_mail(&path).then(|| Ask::File { path: path.to_string_lossy().into_owned() })
}

/// Whether a file is one of those that the app is registered for.
fn is_mail(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    ["eml", "mbox", "mbx"].iter().any(|own| extension.eq_ignore_ascii_case(own)) && path.is_file()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn links_and_files_of_mail_are_opened_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("inlet-asks-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for name in ["a b.EML", "note.txt"] {
            std::fs::write(folder.join(name), "x").unwrap();
        }
        let link = |href: &str| Some(Ask::Link { href: href.to_owned() });
        assert_eq!(opened("mailto:ana@example.org", &folder), link("mailto:ana@example.org"));
        assert_eq!(opened("MAILTO:ana@example.org", &folder), link("MAILTO:ana@example.org"));
        assert_eq!(opened("inlet:thread/t7", &folder), link("inlet:thread/t7"));
        let file = Some(Ask::File { path: folder.join("a b.EML").to_string_lossy().into_owned() });
        assert_eq!(opened("a b.EML", &folder), file);
        assert_eq!(opened(tauri::Url::from_file_path(folder.join("a b.EML")).unwrap().as_str(), &folder), file);
        for other in ["note.txt", "missing.eml", "https://example.org/a.eml", "javascript:1", "--flag", "", "file:///"]
        {
            assert_eq!(opened(other, &folder), None, "{other}");
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
