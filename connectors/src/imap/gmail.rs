//! Gmail's extension of IMAP (X-GM-EXT-1): labels instead of folders.
//!
//! Every mail lies once in `\All`; the other mailboxes are its labels. Each is fetched once, and
//! X-GM-LABELS says which mailboxes it would also be found in. Gmail leaves the label of the mailbox
//! one is looking at out of X-GM-LABELS, which does not matter in `\All`.

use inlet_model::{Result, ScopeRole};

use super::{
    answer::Attributes,
    folders::Folders,
    ops::{copied, expunge, move_to, store},
    session::{Session, quoted},
    uid_of,
};

/// What to fetch beside the usual.
pub(super) const ATTRIBUTES: &str = " X-GM-MSGID X-GM-THRID X-GM-LABELS";

/// The mailboxes a mail with these labels is also in; `None` when the server told no labels.
pub(super) fn also_in(attributes: &Attributes, folders: &Folders, scope: &str) -> Option<Vec<String>> {
    let labels = attributes.labels.as_deref()?;
    let mut names: Vec<String> = Vec::with_capacity(labels.len());
    for label in labels {
        let name = match label.strip_prefix('\\') {
            Some(system) => match system_mailbox(system, folders) {
                Some(name) => name,
                None => continue,
            },
            // A label is written as its mailbox is.
            None => label.clone(),
        };
        if name != scope && !names.contains(&name) {
            names.push(name);
        }
    }
    Some(names)
}

/// The mailbox of a system label, whatever language the account is in.
fn system_mailbox(label: &str, folders: &Folders) -> Option<String> {
    let by_role = |role| folders.of_role(role).map(|folder| folder.remote.clone());
    let by_mark = |mark| folders.all.iter().find(|folder| folder.has(mark)).map(|folder| folder.remote.clone());
    match label.to_ascii_lowercase().as_str() {
        "inbox" => by_role(ScopeRole::Inbox),
        "sent" => by_role(ScopeRole::Sent),
        "draft" | "drafts" => by_role(ScopeRole::Drafts),
        "trash" => by_role(ScopeRole::Trash),
        "junk" | "spam" => by_role(ScopeRole::Junk),
        "starred" | "flagged" => by_mark("\\Flagged"),
        "important" => by_mark("\\Important"),
        _ => None,
    }
}

/// Removes for good. Of Gmail's mailboxes only Trash and Junk really let go of a message.
pub(super) async fn remove(session: &mut Session, folders: &Folders, scope: &str, uids: &[u32]) -> Result<()> {
    let trash = folders.of_role(ScopeRole::Trash).filter(|_| folders.gmail);
    let junk = folders.of_role(ScopeRole::Junk).is_some_and(|folder| folder.remote == scope);
    match trash.filter(|trash| trash.remote != scope && !junk) {
        None => expunge(session, uids).await,
        Some(trash) => {
            let reply = move_to(session, uids, &trash.remote).await?;
            let moved = copied(&reply.status).unwrap_or_default();
            let uidvalidity = session.select(&trash.remote, true, None).await?.uidvalidity;
            let here = |id| uid_of(id).filter(|(validity, _)| *validity == uidvalidity).map(|(_, uid)| uid);
            let mut moved: Vec<u32> = moved.iter().filter_map(here).collect();
            moved.sort_unstable();
            if moved.is_empty() { Ok(()) } else { expunge(session, &moved).await }
        }
    }
}

/// On Gmail a move between labels changes labels and leaves the message where it is; false when it
/// has to be moved all the same (into or out of Trash and Junk).
pub(super) async fn relabel(
    session: &mut Session,
    folders: &Folders,
    scope: &str,
    to: &str,
    role: ScopeRole,
    uids: &[u32],
) -> Result<bool> {
    let leaves_all_mail = matches!(role, ScopeRole::Trash | ScopeRole::Junk);
    let in_all_mail = folders.of_role(ScopeRole::All).is_some_and(|folder| folder.remote == scope);
    if leaves_all_mail || !in_all_mail {
        return Ok(false);
    }
    match role {
        ScopeRole::Inbox => label(session, to, role, true, uids).await?,
        ScopeRole::Archive | ScopeRole::All => label(session, to, ScopeRole::Inbox, false, uids).await?,
        _ => {
            label(session, to, role, true, uids).await?;
            label(session, to, ScopeRole::Inbox, false, uids).await?;
        }
    }
    Ok(true)
}

/// Puts a label on or takes it off.
pub(super) async fn label(session: &mut Session, name: &str, role: ScopeRole, on: bool, uids: &[u32]) -> Result<()> {
    let verb = if on { "+X-GM-LABELS.SILENT" } else { "-X-GM-LABELS.SILENT" };
    let label = if role == ScopeRole::Inbox { "\\Inbox".to_owned() } else { quoted(name)? };
    store(session, uids, verb, &[&label]).await
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::imap::{answer::tests::fetched, folders::Folder};

    fn folders() -> Folders {
        let folder = |remote: &str, role, mark: &str| Folder {
            remote: remote.to_owned(),
            name: remote.to_owned(),
            role,
            attributes: vec![mark.to_owned()],
        };
        Folders {
            all: vec![
                folder("INBOX", ScopeRole::Inbox, ""),
                folder("[Gmail]/Alle Nachrichten", ScopeRole::All, "\\All"),
                folder("[Gmail]/Gesendet", ScopeRole::Sent, "\\Sent"),
                folder("[Gmail]/Markiert", ScopeRole::Other, "\\Flagged"),
            ],
            gmail: true,
            prefix: String::new(),
            delimiter: Some("/".to_owned()),
        }
    }

    fn labels(labels: &str) -> Option<Vec<String>> {
        let attributes = fetched(&format!("* 1 FETCH (UID 1 FLAGS (){labels})"));
        also_in(&attributes, &folders(), "[Gmail]/Alle Nachrichten")
    }

    #[test]
    fn labels_become_the_mailboxes_of_this_account() {
        let found = labels(" X-GM-LABELS (\\Inbox \"\\\\Sent\" \\Starred Work \"A b\" {5}\r\na\"b c \\Muted \"Work\")");
        assert_eq!(found.unwrap(), ["INBOX", "[Gmail]/Gesendet", "[Gmail]/Markiert", "Work", "A b", "a\"b c"]);
    }

    #[test]
    fn no_labels_is_not_the_same_as_none_told() {
        assert_eq!(labels(" X-GM-LABELS ()"), Some(vec![]));
        assert_eq!(labels(""), None);
    }
}
