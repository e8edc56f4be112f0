//! What its platforms do.

use std::time::Duration;

use inlet_model::{
    Cursor, Intent, OpKey, Outgoing, Party, Receipt, Record, ReplyTo, ScopeRole, SourceError, SourceType, Target,
    UnifiedNote,
};

use super::super::shelf::Shelf;
use super::{NOW, all, scope, source};

fn mail_to(who: &str, subject: &str, reply_to: Option<ReplyTo>) -> Intent {
    Intent::Send(Box::new(Outgoing {
        to: vec![Party::named("Ana Duarte", who)],
        subject: subject.to_owned(),
        text: "Olá Ana,\n\n10:35. 🌞\n\nMaya".to_owned(),
        reply_to,
        date: NOW.parse().unwrap(),
        ..Outgoing::default()
    }))
}

#[tokio::test(start_paused = true)]
async fn a_mail_is_sent_once_lands_in_its_thread_and_is_answered() {
    let source = source("Gmail");
    let inbox = scope(&*source, ScopeRole::All).await;
    let (records, cursor) = all(&*source, &inbox).await;
    let question = records.iter().find(|record| record.title.starts_with("Lisboa")).unwrap();
    let reply = ReplyTo {
        message_id: question.message_id.clone(),
        author: question.from.clone(),
        at: Some(question.at),
        quote_text: Some(question.text.clone()),
        ..ReplyTo::default()
    };
    let key = OpKey("send-1@lindqvist.example".to_owned());
    let op = source.plan(&key, &mail_to("ana@duarte.example", "Re: Lisboa", Some(reply))).unwrap().unwrap();
    assert!(source.find_applied(&key, &op).await.unwrap().is_none());
    let first = source.apply(&key, &op).await.unwrap();
    assert_eq!(source.apply(&key, &op).await.unwrap(), first);
    assert_eq!(source.find_applied(&key, &op).await.unwrap().unwrap().remote_id, first.remote_id);

    source.wait(&inbox).await.unwrap();
    let page = source.pull(&inbox, Some(&cursor)).await.unwrap();
    assert_eq!(page.upserts.len(), 1, "one copy in Sent");
    let sent = &page.upserts[0];
    assert_eq!(sent.message_id.as_deref(), Some(key.0.as_str()));
    assert_eq!(sent.thread_key, question.thread_key);
    assert!(sent.from_me && sent.text.contains("10:35. 🌞") && sent.text.contains("> Querida Maya,"), "{}", sent.text);
    assert!(
        page.flags.iter().any(|change| Some(&change.remote_id) == question.remote_id.as_ref() && change.flags.answered)
    );

    tokio::time::timeout(Duration::from_secs(60), source.wait(&inbox)).await.unwrap().unwrap();
    let page = source.pull(&inbox, Some(&page.next)).await.unwrap();
    let answer = &page.upserts[0];
    assert_eq!(answer.from.as_ref().unwrap().handle, "ana@duarte.example");
    assert_eq!(answer.references.last(), Some(&key.0));
    assert!(!answer.flags.read && !answer.text.is_empty());
    assert!(answer.also_in.as_ref().unwrap().contains(&"INBOX".to_owned()));
    let again = source.pull(&inbox, Some(&page.next)).await.unwrap();
    assert!(again.upserts.is_empty() && again.flags.is_empty() && again.removed.is_empty());
    assert!(tokio::time::timeout(Duration::from_secs(60), source.wait(&inbox)).await.is_err(), "nothing more comes");
}

#[tokio::test]
async fn a_mail_without_a_recipient_is_refused() {
    let Intent::Send(outgoing) = mail_to("x@example.com", "", None) else { panic!("not a send") };
    let nobody = Intent::Send(Box::new(Outgoing { to: Vec::new(), ..*outgoing }));
    let refused = source("Outlook").plan(&OpKey("k".to_owned()), &nobody);
    assert!(matches!(refused, Err(SourceError::Permanent(_))));
}

#[tokio::test]
async fn flags_moves_and_removals_are_seen_by_the_next_pull() {
    let source = source("Outlook");
    let (inbox, archive) = (scope(&*source, ScopeRole::Inbox).await, scope(&*source, ScopeRole::Archive).await);
    let (records, cursor) = all(&*source, &inbox).await;
    let (_, archived) = all(&*source, &archive).await;
    let targets: Vec<Target> = records[..3]
        .iter()
        .map(|record| Target {
            scope: inbox.remote.clone(),
            remote_id: record.remote_id.clone().unwrap(),
            message_id: record.message_id.clone(),
            version: None,
        })
        .collect();
    let flip = !records[0].flags.starred;
    let intents = [
        Intent::SetFlags { targets: targets[..1].to_vec(), read: None, starred: Some(flip), answered: None },
        Intent::Move { targets: targets[1..2].to_vec(), to: archive.remote.clone(), role: ScopeRole::Archive },
        Intent::Expunge { targets: targets[2..].to_vec() },
    ];
    for (intent, key) in intents.iter().zip(["1", "2", "3"]) {
        let key = OpKey(key.to_owned());
        let op = source.plan(&key, intent).unwrap().unwrap();
        source.apply(&key, &op).await.unwrap();
        source.apply(&key, &op).await.unwrap();
    }
    let page = source.pull(&inbox, Some(&cursor)).await.unwrap();
    assert_eq!(page.flags.len(), 1);
    assert_eq!(page.flags[0].flags.starred, flip);
    assert_eq!(page.removed, [targets[1].remote_id.clone(), targets[2].remote_id.clone()]);
    let page = source.pull(&archive, Some(&archived)).await.unwrap();
    assert_eq!(page.upserts.len(), 1);
    assert_eq!(page.upserts[0].remote_id.as_ref(), Some(&targets[1].remote_id));
    assert_eq!(all(&*source, &inbox).await.0.len(), records.len() - 2);
}

#[tokio::test]
async fn archiving_in_gmail_takes_the_inbox_label_off() {
    let source = source("Gmail");
    let place = scope(&*source, ScopeRole::All).await;
    let (records, cursor) = all(&*source, &place).await;
    let in_inbox = |record: &&Record| record.also_in.as_ref().unwrap().contains(&"INBOX".to_owned());
    let record = records.iter().find(in_inbox).unwrap();
    let target = Target {
        scope: "INBOX".to_owned(),
        remote_id: record.remote_id.clone().unwrap(),
        message_id: None,
        version: None,
    };
    for (role, to, key) in [(ScopeRole::Archive, "[Gmail]/All Mail", "a"), (ScopeRole::Trash, "[Gmail]/Trash", "b")] {
        let key = OpKey(key.to_owned());
        let intent = Intent::Move { targets: vec![target.clone()], to: to.to_owned(), role };
        let op = source.plan(&key, &intent).unwrap().unwrap();
        source.apply(&key, &op).await.unwrap();
        let page = source.pull(&place, Some(&cursor)).await.unwrap();
        if role == ScopeRole::Archive {
            assert!(!page.flags[0].also_in.as_ref().unwrap().contains(&"INBOX".to_owned()));
        } else {
            assert_eq!(page.removed, std::slice::from_ref(&target.remote_id));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_chat_message_is_echoed_with_its_key_and_answered_by_a_member() {
    let source = source("WhatsApp");
    let chat = source.scopes().await.unwrap().remove(1);
    let (_, cursor) = all(&*source, &chat).await;
    let key = OpKey("chat-1".to_owned());
    let intent = Intent::Send(Box::new(Outgoing {
        text: "Right of the sink it is".to_owned(),
        conversation: Some(chat.remote.clone()),
        date: NOW.parse().unwrap(),
        ..Outgoing::default()
    }));
    let op = source.plan(&key, &intent).unwrap().unwrap();
    let applied = source.apply(&key, &op).await.unwrap();
    assert_eq!(source.apply(&key, &op).await.unwrap(), applied);
    let page = source.pull(&chat, Some(&cursor)).await.unwrap();
    assert_eq!(page.upserts.len(), 1);
    assert_eq!(page.upserts[0].message_id.as_deref(), Some("chat-1"));
    assert_eq!(page.upserts[0].at, NOW.parse().unwrap());
    assert_eq!(page.upserts[0].receipt, Receipt::Sent);
    let mut page = page;
    for receipt in [Receipt::Delivered, Receipt::Read] {
        tokio::time::timeout(Duration::from_secs(60), source.wait(&chat)).await.unwrap().unwrap();
        page = source.pull(&chat, Some(&page.next)).await.unwrap();
        assert_eq!(page.receipts, [(applied.remote_id.clone().unwrap(), receipt)]);
        assert!(page.upserts.is_empty());
    }
    tokio::time::timeout(Duration::from_secs(60), source.wait(&chat)).await.unwrap().unwrap();
    let page = source.pull(&chat, Some(&page.next)).await.unwrap();
    assert!(!page.upserts[0].from_me && !page.upserts[0].flags.read);
    assert_eq!(page.upserts[0].from.as_ref().unwrap().name.as_deref(), Some("Erik Lindqvist"));

    let target = Target {
        scope: chat.remote.clone(),
        remote_id: page.upserts[0].remote_id.clone().unwrap(),
        message_id: None,
        version: None,
    };
    let archive = Intent::Move { targets: vec![target.clone()], to: String::new(), role: ScopeRole::Archive };
    assert!(source.plan(&key, &archive).unwrap().is_none(), "archiving a chat stays here");
    let seen = Intent::SetFlags { targets: vec![target], read: Some(true), starred: None, answered: None };
    let key = OpKey("seen-1".to_owned());
    let op = source.plan(&key, &seen).unwrap().unwrap();
    source.apply(&key, &op).await.unwrap();
    assert!(source.pull(&chat, Some(&page.next)).await.unwrap().flags[0].flags.read);
}

#[tokio::test]
async fn a_line_is_appended_to_a_page_once() {
    let source = source("OneNote");
    let section = source.scopes().await.unwrap().remove(0);
    let (pages, cursor) = all(&*source, &section).await;
    let key = OpKey("note-1".to_owned());
    let page = pages[0].remote_id.clone().unwrap().0;
    let intent = Intent::Send(Box::new(Outgoing {
        text: "- [ ] socket right of the sink".to_owned(),
        conversation: Some(page.clone()),
        date: NOW.parse().unwrap(),
        ..Outgoing::default()
    }));
    let op = source.plan(&key, &intent).unwrap().unwrap();
    source.apply(&key, &op).await.unwrap();
    source.apply(&key, &op).await.unwrap();
    let changed = source.pull(&section, Some(&cursor)).await.unwrap().upserts;
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].stable_id, page);
    assert_eq!(changed[0].text.matches("right of the sink").count(), 1);
    assert_eq!(changed[0].at, NOW.parse().unwrap());
}

#[tokio::test]
async fn a_new_page_is_made_once_and_in_its_section() {
    let source = source("OneNote");
    let section = source.scopes().await.unwrap().remove(1);
    let (_, cursor) = all(&*source, &section).await;
    let key = OpKey("page-1".to_owned());
    let intent = |section: &str| {
        Intent::Send(Box::new(Outgoing {
            subject: "Kitchen".to_owned(),
            text: "- [ ] measure the wall".to_owned(),
            section: Some(section.to_owned()),
            date: NOW.parse().unwrap(),
            ..Outgoing::default()
        }))
    };
    let op = source.plan(&key, &intent(&section.remote)).unwrap().unwrap();
    let made = source.apply(&key, &op).await.unwrap();
    assert_eq!(source.apply(&key, &op).await.unwrap(), made);
    let pages = source.pull(&section, Some(&cursor)).await.unwrap().upserts;
    assert_eq!(pages.len(), 1);
    assert_eq!(pages[0].remote_id, made.remote_id);
    assert_eq!((pages[0].title.as_str(), pages[0].text.as_str()), ("Kitchen", "- [ ] measure the wall"));
    assert!(pages[0].html.as_ref().unwrap().contains("data-tag=\"to-do\""));

    let nowhere = source.plan(&OpKey("page-2".to_owned()), &intent("no-such-section")).unwrap().unwrap();
    assert!(matches!(source.apply(&OpKey("page-2".to_owned()), &nowhere).await, Err(SourceError::Permanent(_))));
}

#[tokio::test]
async fn the_signed_out_workspace_gives_what_it_had_and_then_asks_for_a_sign_in() {
    let source = source("Slack (Harbour");
    assert_eq!(source.source_type(), SourceType::Slack);
    let place = source.scopes().await.unwrap().remove(0);
    let (records, cursor) = all(&*source, &place).await;
    assert!(!records.is_empty());
    assert!(matches!(source.pull(&place, Some(&cursor)).await, Err(SourceError::AuthNeeded(_))));
    assert!(matches!(source.wait(&place).await, Err(SourceError::AuthNeeded(_))));
    let report = source.check().await.unwrap();
    assert!(!report.ok() && report.steps.last().unwrap().fix.is_some());
}

#[tokio::test]
async fn garbage_cursors_expire_and_those_of_an_earlier_run_go_on() {
    let (before, after) = (source("Teams"), source("Teams"));
    let chat = before.scopes().await.unwrap().remove(0);
    let (_, cursor) = all(&*before, &chat).await;
    for garbage in [serde_json::json!(null), serde_json::json!({"seq": "x"}), serde_json::json!(17)] {
        let pulled = before.pull(&chat, Some(&Cursor(garbage))).await;
        assert!(matches!(pulled, Err(SourceError::CursorExpired)));
    }
    let page = after.pull(&chat, Some(&cursor)).await.unwrap();
    assert!(page.upserts.is_empty() && page.removed.is_empty() && page.present.is_none());
    assert!(after.check().await.unwrap().ok());
}

/// Whoever starts with everything at hand does not wait for a world to be made.
#[tokio::test]
async fn a_store_that_has_everything_has_nothing_made() {
    let chat = source("Teams").scopes().await.unwrap().remove(0);
    let pull = |shelf: &Shelf<UnifiedNote>, since: Option<&Cursor>| {
        shelf.pull(&chat, since, UnifiedNote::clone, |_, _| {}).unwrap()
    };
    let all = pull(&Shelf::new(Vec::new), None);
    assert!(!all.more);
    let untouched = Shelf::new(|| panic!("nobody asked for an item"));
    assert!(pull(&untouched, Some(&all.next)).upserts.is_empty());
    let waited = tokio::time::timeout(Duration::from_millis(20), untouched.wait(&chat)).await;
    assert!(waited.is_err(), "there is no news");
}
