//! Where the mails of the demo world are kept: Gmail's labels, Outlook's folders.

use inlet_model::Timestamp;

use super::{mail::Letter, rng::hash, stage::Stage};

pub(super) const GMAIL_ALL: &str = "[Gmail]/All Mail";
pub(super) const GMAIL_SENT: &str = "[Gmail]/Sent Mail";
pub(super) const GMAIL_DRAFTS: &str = "[Gmail]/Drafts";
pub(super) const GMAIL_TRASH: &str = "[Gmail]/Trash";
pub(super) const GMAIL_JUNK: &str = "[Gmail]/Spam";
pub(super) const GMAIL_LABELS: [&str; 5] = ["House", "Family", "School", "Travel", "Receipts"];
pub(super) const OUTLOOK_SENT: &str = "Sent Items";
pub(super) const OUTLOOK_DRAFTS: &str = "Drafts";
pub(super) const OUTLOOK_TRASH: &str = "Deleted Items";
pub(super) const OUTLOOK_JUNK: &str = "Junk Email";
pub(super) const OUTLOOK_FOLDERS: [&str; 3] = ["Customers", "Hiring", "Suppliers"];

/// Mail older than two weeks is filed, most of it; whole threads are.
fn filed(letter: &Letter, latest: Timestamp) -> bool {
    let days = (latest.as_second() - letter.at.as_second()) / 86_400;
    letter.spec.folder.as_deref() == Some("archive") || (days > 13 && hash(&letter.thread) % 100 < 78)
}

pub(super) fn labels(letter: &Letter, stage: &Stage) -> Vec<String> {
    let mut labels = letter.spec.labels.clone();
    if letter.from_me {
        labels.push(GMAIL_SENT.to_owned());
    } else if !filed(letter, stage.calendar.latest()) && gmail_home(letter) == GMAIL_ALL {
        labels.push("INBOX".to_owned());
    }
    labels
}

fn gmail_home(letter: &Letter) -> &'static str {
    match letter.spec.folder.as_deref() {
        Some("trash") => GMAIL_TRASH,
        Some("junk") => GMAIL_JUNK,
        _ => GMAIL_ALL,
    }
}

pub(super) fn home<'a>(on: &str, letter: &'a Letter) -> &'a str {
    if on == "gmail" {
        return gmail_home(letter);
    }
    match (letter.spec.folder.as_deref(), letter.spec.labels.first()) {
        (Some("trash"), _) => OUTLOOK_TRASH,
        (Some("junk"), _) => OUTLOOK_JUNK,
        (Some("drafts"), _) => OUTLOOK_DRAFTS,
        _ if letter.from_me => OUTLOOK_SENT,
        (Some("archive"), _) => "Archive",
        (_, Some(folder)) => folder,
        _ if hash(&letter.thread) % 100 < 60 && letter.spec.at.is_none() => "Archive",
        _ => "Inbox",
    }
}
