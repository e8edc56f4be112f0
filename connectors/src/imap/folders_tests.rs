use super::*;

fn listed(name: &str, attributes: &[&str]) -> Listed {
    Listed {
        attributes: attributes.iter().map(|a| (*a).to_owned()).collect(),
        delimiter: Some("/".to_owned()),
        name: name.to_owned(),
    }
}

fn role(folders: &Folders, remote: &str) -> ScopeRole {
    folders.all.iter().find(|folder| folder.remote == remote).unwrap().role
}

#[test]
fn modified_utf7_both_ways() {
    // The first is the example of RFC 3501 §5.1.3.
    for (encoded, text) in [
        ("~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語"),
        ("Entw&APw-rfe", "Entwürfe"),
        ("A &- B", "A & B"),
        ("&2D3eAA-", "😀"),
        ("INBOX", "INBOX"),
        ("", ""),
    ] {
        assert_eq!(decode_utf7(encoded).as_deref(), Some(text));
        assert_eq!(encode_utf7(text), encoded);
    }
    for broken in ["&", "&abc", "&*-", "&2D0-"] {
        assert_eq!(decode_utf7(broken), None, "{broken}");
    }
    // What cannot be decoded is shown as it is.
    assert_eq!(readable("a/&x", Some("/")), "a/&x");
}

#[test]
fn new_mailboxes_go_where_the_server_keeps_all_of_them() {
    let prefix = |names: &[&str]| {
        let dotted = |name: &&str| Listed { delimiter: Some(".".to_owned()), ..listed(name, &[]) };
        Folders::from_listed(names.iter().map(dotted).collect(), false).prefix
    };
    assert_eq!(prefix(&["INBOX", "INBOX.Sent", "INBOX.Work"]), "INBOX.");
    assert_eq!(prefix(&["INBOX", "INBOX.Work", "Sent"]), "");
    assert_eq!(prefix(&["INBOX"]), "");
    assert_eq!(prefix(&[]), "");
}

#[test]
fn announced_roles_win_over_names_and_the_order_is_inbox_first_trash_last() {
    let folders = Folders::from_listed(
        vec![
            listed("Trash", &["\\Trash"]),
            listed("Projects", &["\\Noselect"]),
            listed("Projects/Drafts", &[]),
            listed("Sent", &[]),
            listed("Gesendet", &["\\Sent"]),
            listed("Spam", &[]),
            listed("inbox", &[]),
            listed("Entw&APw-rfe", &[]),
            listed("inbox", &[]),
        ],
        false,
    );
    let names: Vec<_> = folders.all.iter().map(|folder| folder.name.as_str()).collect();
    assert_eq!(names, ["Inbox", "Gesendet", "Entwürfe", "Projects/Drafts", "Sent", "Spam", "Trash"]);
    assert_eq!(role(&folders, "Gesendet"), ScopeRole::Sent);
    assert_eq!(role(&folders, "Sent"), ScopeRole::Other);
    assert_eq!(role(&folders, "Entw&APw-rfe"), ScopeRole::Drafts);
    assert_eq!(role(&folders, "Projects/Drafts"), ScopeRole::Other);
    assert_eq!(role(&folders, "Spam"), ScopeRole::Junk);
    let live: Vec<_> = folders.scopes().into_iter().filter(|scope| scope.live).map(|scope| scope.remote).collect();
    assert_eq!(live, ["inbox"]);
}

#[test]
fn folders_below_the_inbox_have_roles_too() {
    let mut sent = listed("INBOX.Sent Items", &[]);
    sent.delimiter = Some(".".to_owned());
    let folders = Folders::from_listed(vec![listed("INBOX", &[]), sent], false);
    assert_eq!(role(&folders, "INBOX.Sent Items"), ScopeRole::Sent);
    assert_eq!(folders.all[1].name, "Inbox/Sent Items");
}

#[test]
fn of_gmail_only_what_holds_mail_is_pulled() {
    let labels = || {
        vec![
            listed("INBOX", &[]),
            listed("[Gmail]", &["\\Noselect"]),
            listed("[Gmail]/All Mail", &["\\All"]),
            listed("[Gmail]/Sent Mail", &["\\Sent"]),
            listed("[Gmail]/Starred", &["\\Flagged"]),
            listed("[Gmail]/Trash", &["\\Trash"]),
            listed("[Gmail]/Spam", &["\\Junk"]),
            listed("Work", &[]),
        ]
    };
    let pulled = |gmail| {
        let scopes = Folders::from_listed(labels(), gmail).scopes();
        scopes.into_iter().filter(|scope| scope.pulled).map(|scope| scope.remote).collect::<Vec<_>>()
    };
    assert_eq!(pulled(true), ["[Gmail]/All Mail", "[Gmail]/Spam", "[Gmail]/Trash"]);
    assert_eq!(pulled(false), ["INBOX", "[Gmail]/Sent Mail", "Work", "[Gmail]/Spam", "[Gmail]/Trash"]);
}

#[test]
fn gmail_with_all_mail_hidden_is_pulled_folder_by_folder() {
    let scopes = Folders::from_listed(vec![listed("INBOX", &[]), listed("Work", &[])], true).scopes();
    assert!(scopes.iter().all(|scope| scope.pulled));
    assert!(scopes[0].live);
}
