//! OneNote's own error codes
//! (<https://learn.microsoft.com/graph/onenote-error-codes>), each as one sentence. Whatever is not
//! here means what its HTTP status means.
//!
//! What concerns one section or page is permanent: the engine notes it there, goes on with the others,
//! and asks again with the next round.

use inlet_model::SourceError;

/// What a code means.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::graph) enum Meaning {
    /// What was asked for is not there any more.
    Gone,
    /// An error. Nothing has happened.
    Error(SourceError),
}

/// What a code of OneNote's means.
pub(in crate::graph) fn meaning(code: &str) -> Option<Meaning> {
    let sentence = match code {
        "20102" | "20113" => return Some(Meaning::Gone),
        "10002" | "10003" | "10007" | "10014" | "10015" => {
            return Some(Meaning::Error(SourceError::Transient(
                "OneNote is busy; Inlet tries again later.".to_owned(),
            )));
        }
        "30105" | "30106" => {
            return Some(Meaning::Error(SourceError::Transient(
                "Microsoft is still setting up OneDrive for this account; Inlet tries again later.".to_owned(),
            )));
        }
        "10004" => "This section has a password, and OneNote shows it to no other program: open it in OneNote.",
        "10006" => "This section is damaged: open it in OneNote to repair it.",
        "10008" | "10013" => {
            "The library these notebooks are in holds too many items for OneNote to list: move some notebooks to \
             another library."
        }
        "10012" => {
            "The library of this notebook wants items to be checked out first: turn that off there, or move the \
             notebook."
        }
        "30101" => "The OneDrive of this account is full: delete something there, then try again.",
        "30102" => "This section is full: write into another one.",
        "30103" => "This section is too large for OneNote to list at the moment: split it if that goes on.",
        "30104" => "Microsoft has suspended this account: ask your administrator.",
        "30108" => {
            "This account has no OneDrive, where notebooks are kept: open OneDrive once, or ask your administrator."
        }
        "20120" | "20133" | "20134" | "20137" | "20141" | "20149" => {
            "OneNote does not let other programs change this part of the page: change it in OneNote."
        }
        _ => return None,
    };
    Some(Meaning::Error(SourceError::Permanent(sentence.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_one_that_says_what_to_do() {
        let mut known = 0;
        for code in 10_000..40_100 {
            if let Some(Meaning::Error(error)) = meaning(&code.to_string()) {
                known += 1;
                let text = error.to_string();
                assert!(text.ends_with('.') && (text.contains(':') || text.contains("tries again")), "{code}: {text}");
            }
        }
        assert!(known > 15, "{known}");
        assert_eq!(meaning("20113"), Some(Meaning::Gone));
        assert_eq!(meaning("20166"), None, "too fast: what its status 429 says");
    }
}
