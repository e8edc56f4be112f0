//! The IMAP source against a real Dovecot: each rung of the sync ladder, changes both ways, signing
//! in, and what goes wrong.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

#[path = "imap/contract.rs"]
mod contract;
#[path = "imap/gmail.rs"]
mod gmail;
#[path = "imap/hostile.rs"]
mod hostile;
#[path = "imap/large.rs"]
mod large;
#[path = "imap/signing.rs"]
mod signing;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use inlet_connectors::open;
use inlet_model::{
    Account, AccountConfig, AccountId, AnySource, Cursor, ImapConfig, Intent, MailSource, OpKey, Page, RemoteId, Scope,
    ScopeRole, SourceError, Target, UnifiedEmail,
};
use inlet_testkit::{ChaosProxy, Dovecot, DovecotOptions, Faults, MemoryQueue};

const USER: &str = "anna@inlet.test";
const LIMIT: Duration = Duration::from_secs(30);

type Mail = Arc<dyn MailSource>;

fn source_with(config: ImapConfig, secret: Option<&str>) -> Mail {
    let account = Account { id: AccountId(1), name: "anna".into(), config: AccountConfig::Imap(config) };
    let secrets = Arc::new(inlet_testkit::FixedSecret(secret.map(Into::into)));
    match open(&account, secrets, Arc::new(MemoryQueue::default())).unwrap().pop().unwrap() {
        AnySource::Mail(source) => source,
        _ => panic!("an IMAP account is mail"),
    }
}

fn source(config: ImapConfig) -> Mail {
    source_with(config, Some("secret"))
}

fn message(number: u32, body: &str) -> Vec<u8> {
    format!(
        "Message-ID: <m{number}@inlet.test>\r\nDate: Mon, 1 Jun 2026 10:00:00 +0000\r\nFrom: Bob <bob@inlet.test>\r\n\
         To: {USER}\r\nSubject: Mail {number}\r\n\r\n{body}\r\n"
    )
    .into_bytes()
}

/// What the engine would keep of a scope.
#[derive(Default)]
struct Held {
    mails: BTreeMap<String, UnifiedEmail>,
    cursor: Option<Cursor>,
    /// What the last drain told, page by page.
    pages: Vec<Page<UnifiedEmail>>,
}

impl Held {
    async fn drain(&mut self, source: &Mail, scope: &Scope) -> Result<(), SourceError> {
        self.pages.clear();
        loop {
            let page = inlet_testkit::timeout(LIMIT, source.pull(scope, self.cursor.as_ref())).await?;
            for mail in &page.upserts {
                let old = self.mails.insert(mail.remote_id.clone().unwrap().0, mail.clone());
                assert!(old.is_none(), "{:?} came twice", mail.remote_id);
            }
            for change in &page.flags {
                if let Some(mail) = self.mails.get_mut(&change.remote_id.0) {
                    mail.flags = change.flags;
                    if change.also_in.is_some() {
                        mail.also_in.clone_from(&change.also_in);
                    }
                }
            }
            for gone in &page.removed {
                self.mails.remove(&gone.0);
            }
            if let Some(present) = &page.present {
                let all = std::mem::take(&mut self.mails);
                self.mails = all.into_iter().filter(|(id, _)| present.iter().any(|there| there.0 == *id)).collect();
            }
            self.cursor = Some(page.next.clone());
            let more = page.more;
            self.pages.push(page);
            if !more {
                return Ok(());
            }
        }
    }

    async fn all(source: &Mail, scope: &Scope) -> Self {
        let mut held = Self::default();
        held.drain(source, scope).await.unwrap();
        held
    }

    fn subjects(&self) -> Vec<&str> {
        let mut mails: Vec<_> = self.mails.values().collect();
        mails.sort_by_key(|mail| uid(mail.remote_id.as_ref().unwrap()));
        mails.into_iter().map(|mail| mail.subject.as_str()).collect()
    }

    fn by_subject(&self, subject: &str) -> &UnifiedEmail {
        self.mails.values().find(|mail| mail.subject == subject).unwrap()
    }
}

fn uid(id: &RemoteId) -> u32 {
    id.0.split_once(':').unwrap().1.parse().unwrap()
}

async fn scope(source: &Mail, role: ScopeRole) -> Scope {
    let scopes = inlet_testkit::timeout(LIMIT, source.scopes()).await.unwrap();
    scopes.into_iter().find(|scope| scope.role == role).unwrap()
}

fn target(scope: &Scope, mail: &UnifiedEmail) -> Target {
    Target {
        scope: scope.remote.clone(),
        remote_id: mail.remote_id.clone().unwrap(),
        message_id: mail.message_id.clone(),
        version: None,
    }
}

async fn apply(source: &Mail, intent: Intent) -> Result<inlet_model::Applied, SourceError> {
    let key = OpKey("op.1@inlet.test".into());
    let op = source.plan(&key, &intent).unwrap().unwrap();
    inlet_testkit::timeout(LIMIT, source.apply(&key, &op)).await
}

/// The rungs of the ladder, by what the server offers.
const RUNGS: [(&str, Option<&str>); 3] = [
    ("qresync", None),
    ("condstore", Some("IMAP4rev1 LITERAL+ SASL-IR ID ENABLE IDLE UIDPLUS MOVE SPECIAL-USE CONDSTORE")),
    ("plain", Some("IMAP4rev1")),
];

async fn rung(capability: Option<&str>) -> Dovecot {
    match capability {
        None => Dovecot::start(DovecotOptions::default()).await,
        Some(line) => Dovecot::start(DovecotOptions::capability(line)).await,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rung_sees_new_mail_changed_flags_and_removals() {
    for (name, capability) in RUNGS {
        let server = rung(capability).await;
        for number in 1..=130 {
            server.deliver(USER, "INBOX", &message(number, "hello"));
        }
        let source = source(server.plain_config(USER));
        let inbox = scope(&source, ScopeRole::Inbox).await;
        let mut held = Held::all(&source, &inbox).await;
        assert_eq!(held.mails.len(), 130, "{name}");
        let first = &held.pages[0];
        assert_eq!(first.upserts.len(), 50, "{name}: a small first page");
        let uids: Vec<_> = first.upserts.iter().map(|mail| uid(mail.remote_id.as_ref().unwrap())).collect();
        assert!(uids.windows(2).all(|pair| pair[0] > pair[1]), "{name}: newest first");
        assert_eq!(uids[0], 130, "{name}");
        assert!(!first.progress.unwrap().complete && held.pages.last().unwrap().progress.unwrap().complete);

        // Flags, from both ends of the mailbox.
        server.set_flags(USER, "INBOX", &[1, 130], "+FLAGS", "\\Seen \\Flagged").await;
        held.drain(&source, &inbox).await.unwrap();
        for subject in ["Mail 1", "Mail 130"] {
            let flags = held.by_subject(subject).flags;
            assert!(flags.read && flags.starred, "{name}: {subject}");
        }
        server.set_flags(USER, "INBOX", &[130], "-FLAGS", "\\Seen").await;
        held.drain(&source, &inbox).await.unwrap();
        assert_eq!(held.mails.values().filter(|mail| mail.flags.read).count(), 1, "{name}");

        // One gone and one come, so that the number stays the same.
        server.expunge(USER, "INBOX", &[65]).await;
        server.deliver(USER, "INBOX", &message(131, "new"));
        held.drain(&source, &inbox).await.unwrap();
        assert_eq!(held.mails.len(), 130, "{name}");
        let uids: Vec<u32> = held.mails.values().map(|mail| uid(mail.remote_id.as_ref().unwrap())).collect();
        assert!(!uids.contains(&65) && uids.contains(&131), "{name}");

        held.drain(&source, &inbox).await.unwrap();
        let quiet = &held.pages[0];
        assert!(quiet.upserts.is_empty() && quiet.removed.is_empty() && quiet.present.is_none(), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_thousand_removals_at_once_are_all_seen() {
    for (name, capability) in RUNGS {
        let server = rung(capability).await;
        for number in 1..=1_500 {
            server.deliver(USER, "INBOX", &message(number, "x"));
        }
        let source = source(server.plain_config(USER));
        let inbox = scope(&source, ScopeRole::Inbox).await;
        let mut held = Held::all(&source, &inbox).await;
        assert_eq!(held.mails.len(), 1_500, "{name}");
        // Every other one, so that no range shortens the answer.
        let gone: Vec<u32> = (1..=1_500).filter(|uid| uid % 7 != 0).collect();
        for part in gone.chunks(400) {
            server.expunge(USER, "INBOX", part).await;
        }
        held.drain(&source, &inbox).await.unwrap();
        let uids: Vec<u32> = held.mails.values().map(|mail| uid(mail.remote_id.as_ref().unwrap())).collect();
        assert_eq!(uids.len(), 214, "{name}");
        assert!(uids.iter().all(|uid| uid % 7 == 0), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn new_mail_comes_before_the_backfill_goes_on_and_any_page_can_be_the_last() {
    let server = rung(None).await;
    for number in 1..=1200 {
        server.deliver(USER, "INBOX", &message(number, "x"));
    }
    let config = server.plain_config(USER);
    let inbox = scope(&source(config.clone()), ScopeRole::Inbox).await;
    let mut held = Held::default();
    let mut newest = Vec::new();
    for round in 0..4 {
        // Another connection each time, as after a crash.
        let source = source(config.clone());
        let page = source.pull(&inbox, held.cursor.as_ref()).await.unwrap();
        for mail in &page.upserts {
            assert!(held.mails.insert(mail.remote_id.clone().unwrap().0, mail.clone()).is_none());
        }
        newest.push(page.upserts.first().map(|mail| mail.subject.clone()).unwrap());
        held.cursor = Some(page.next);
        if round == 0 {
            server.deliver(USER, "INBOX", &message(2_000, "news"));
        }
    }
    assert_eq!(newest[1], "Mail 2000", "{newest:?}");
    held.drain(&source(config), &inbox).await.unwrap();
    assert_eq!(held.mails.len(), 1201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_made_anew_expires_the_cursor_and_keeps_its_mails() {
    let server = rung(None).await;
    for number in 1..=30 {
        server.append(USER, "Archive", &message(number, "x"), "").await;
    }
    let source = source(server.plain_config(USER));
    let archive = scope(&source, ScopeRole::Archive).await;
    let mut held = Held::all(&source, &archive).await;
    let before: Vec<_> = held.mails.values().map(|mail| mail.stable_id.clone()).collect();
    let old = held.by_subject("Mail 7").clone();
    server.delete_mailbox(USER, "Archive").await;
    server.create_mailbox(USER, "Archive").await;
    // In another order, so that every message has another number.
    for number in (1..=30).rev() {
        server.append(USER, "Archive", &message(number, "x"), "").await;
    }

    assert_eq!(held.drain(&source, &archive).await, Err(SourceError::CursorExpired));
    let again = Held::all(&source, &archive).await;
    let mut after: Vec<_> = again.mails.values().map(|mail| mail.stable_id.clone()).collect();
    let mut before = before;
    before.sort();
    after.sort();
    assert_eq!(before, after);
    assert!(again.pages.last().unwrap().present.as_ref().is_some_and(|present| present.len() == 30));

    // An operation that was planned with the old id finds its message all the same.
    let targets = vec![target(&archive, &old)];
    apply(&source, Intent::SetFlags { targets, read: Some(true), starred: None, answered: None }).await.unwrap();
    let now = again.by_subject("Mail 7").remote_id.clone().unwrap();
    assert_ne!(Some(&now), old.remote_id.as_ref());
    assert!(server.flags(USER, "Archive", uid(&now)).await.iter().any(|flag| flag == "\\Seen"));
}

#[tokio::test(flavor = "multi_thread")]
async fn flags_moves_and_removals_reach_the_server_on_every_rung() {
    for (name, capability) in RUNGS {
        let server = rung(capability).await;
        for number in 1..=5 {
            server.deliver(USER, "INBOX", &message(number, "x"));
        }
        let source = source(server.plain_config(USER));
        let inbox = scope(&source, ScopeRole::Inbox).await;
        let held = Held::all(&source, &inbox).await;
        let on = |numbers: &[u32]| -> Vec<Target> {
            numbers.iter().map(|n| target(&inbox, held.by_subject(&format!("Mail {n}")))).collect()
        };

        let flags = Intent::SetFlags { targets: on(&[1, 2]), read: Some(true), starred: Some(true), answered: None };
        for _ in 0..2 {
            apply(&source, flags.clone()).await.unwrap();
        }
        let seen = server.flags(USER, "INBOX", 1).await;
        assert!(seen.contains(&"\\Seen".into()) && seen.contains(&"\\Flagged".into()), "{name}: {seen:?}");
        let off = Intent::SetFlags { targets: on(&[1]), read: Some(false), starred: None, answered: Some(true) };
        apply(&source, off).await.unwrap();
        let seen = server.flags(USER, "INBOX", 1).await;
        assert!(!seen.contains(&"\\Seen".into()) && seen.contains(&"\\Answered".into()), "{name}: {seen:?}");

        // Somebody else's mark must survive our removal.
        server.set_flags(USER, "INBOX", &[5], "+FLAGS", "\\Deleted").await;
        let to_archive = Intent::Move { targets: on(&[1, 2]), to: "Archive".into(), role: ScopeRole::Archive };
        for _ in 0..2 {
            apply(&source, to_archive.clone()).await.unwrap();
        }
        assert_eq!(server.list_uids(USER, "INBOX").await, [3, 4, 5], "{name}");
        assert_eq!(server.list_uids(USER, "Archive").await.len(), 2, "{name}");

        // The destination is made when it is missing.
        let away = Intent::Move { targets: on(&[3]), to: "Projects".into(), role: ScopeRole::Other };
        apply(&source, away).await.unwrap();
        assert_eq!(server.list_uids(USER, "Projects").await.len(), 1, "{name}");

        for _ in 0..2 {
            apply(&source, Intent::Expunge { targets: on(&[4]) }).await.unwrap();
        }
        assert_eq!(server.list_uids(USER, "INBOX").await, [5], "{name}");
        assert!(server.flags(USER, "INBOX", 5).await.contains(&"\\Deleted".into()), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_cut_between_copy_and_removal_leaves_one_mail() {
    let server = rung(Some("IMAP4rev1")).await;
    server.deliver(USER, "INBOX", &message(1, "x"));
    server.deliver(USER, "INBOX", &message(2, "x"));
    // What the connection that broke had done already.
    server.deliver(USER, "Archive", &message(1, "x"));
    let source = source(server.plain_config(USER));
    let inbox = scope(&source, ScopeRole::Inbox).await;
    let held = Held::all(&source, &inbox).await;
    let targets = [1, 2].map(|n| target(&inbox, held.by_subject(&format!("Mail {n}")))).to_vec();
    apply(&source, Intent::Move { targets, to: "Archive".into(), role: ScopeRole::Archive }).await.unwrap();
    assert!(server.list_uids(USER, "INBOX").await.is_empty());
    assert_eq!(server.list_uids(USER, "Archive").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_all_mailboxes_lie_below_the_inbox_a_new_one_is_made_there() {
    let server = Dovecot::start(DovecotOptions {
        mailboxes: vec![("Sent".into(), "\\Sent".into())],
        extra: "namespace inbox {\n  prefix = INBOX.\n  separator = .\n}\n".into(),
        ..DovecotOptions::default()
    })
    .await;
    server.deliver(USER, "INBOX", &message(1, "x"));
    let source = source(server.plain_config(USER));
    let inbox = scope(&source, ScopeRole::Inbox).await;
    let held = Held::all(&source, &inbox).await;
    let targets = vec![target(&inbox, held.by_subject("Mail 1"))];
    apply(&source, Intent::Move { targets, to: "Archive".into(), role: ScopeRole::Archive }).await.unwrap();
    assert_eq!(server.list_uids(USER, "INBOX.Archive").await.len(), 1);
    assert_eq!(scope(&source, ScopeRole::Archive).await.remote, "INBOX.Archive");
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_ends_with_new_mail_every_time() {
    let server = rung(None).await;
    server.deliver(USER, "INBOX", &message(1, "x"));
    let source = source(server.plain_config(USER));
    let inbox = scope(&source, ScopeRole::Inbox).await;
    let mut held = Held::all(&source, &inbox).await;
    for number in 2..=4 {
        let waiting = tokio::spawn({
            let (source, inbox) = (Arc::clone(&source), inbox.clone());
            async move { source.wait(&inbox).await }
        });
        server.append(USER, "INBOX", &message(number, "x"), "").await;
        inlet_testkit::timeout(LIMIT, waiting).await.unwrap().unwrap();
        held.drain(&source, &inbox).await.unwrap();
        assert!(held.subjects().contains(&format!("Mail {number}").as_str()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_given_up_leaves_pulling_alone() {
    let server = rung(None).await;
    server.deliver(USER, "INBOX", &message(1, "x"));
    let source = source(server.plain_config(USER));
    let inbox = scope(&source, ScopeRole::Inbox).await;
    let mut held = Held::all(&source, &inbox).await;
    for _ in 0..3 {
        assert!(tokio::time::timeout(Duration::from_millis(50), source.wait(&inbox)).await.is_err());
        held.drain(&source, &inbox).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_cut_anywhere_is_an_error_that_passes() {
    let server = rung(None).await;
    for number in 1..=60 {
        server.deliver(USER, "INBOX", &message(number, &"long line of text ".repeat(50)));
    }
    let proxy = ChaosProxy::start(server.port).await;
    let config = ImapConfig { imap: proxy.endpoint(), ..server.plain_config(USER) };
    let inbox = scope(&source(config.clone()), ScopeRole::Inbox).await;
    for cut_after in [1, 50, 300, 700, 1_500, 5_000, 20_000, 60_000] {
        proxy.set(Faults { cut_after: Some(cut_after), ..Faults::default() });
        let source = source(config.clone());
        let mut held = Held::default();
        let error = held.drain(&source, &inbox).await.unwrap_err();
        assert!(matches!(error, SourceError::Transient(_)), "{cut_after}: {error:?}");
        proxy.set(Faults::default());
        held.drain(&source, &inbox).await.unwrap();
        assert_eq!(held.mails.len(), 60, "{cut_after}");
    }
}
