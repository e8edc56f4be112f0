//! Gmail as its extension describes it: one mailbox, labels, and no QRESYNC.

use std::{
    fmt::Write as _,
    sync::{Arc, Mutex},
};

use inlet_model::{Intent, ScopeRole};
use inlet_testkit::fake_imap::{Answer, FakeImap, Script};

use super::{Held, apply, message, scope, source, target};

const ALL: &str = "[Gmail]/All Mail";

struct Message {
    uid: u32,
    labels: String,
    flags: String,
    modseq: u64,
    raw: Vec<u8>,
}

struct Gmail {
    all: Vec<Message>,
    modseq: u64,
    uidnext: u32,
}

impl Gmail {
    fn with(count: u32) -> Arc<Mutex<Self>> {
        let mut gmail = Self { all: Vec::new(), modseq: 10, uidnext: 1 };
        for number in 1..=count {
            let labels = match number % 3 {
                0 => "\"\\\\Inbox\" Work",
                1 => "\"\\\\Sent\"",
                _ => "",
            };
            gmail.add(labels, message(number, "hello"));
        }
        Arc::new(Mutex::new(gmail))
    }

    fn add(&mut self, labels: &str, raw: Vec<u8>) {
        let (labels, flags) = (labels.to_owned(), String::new());
        self.all.push(Message { uid: self.uidnext, labels, flags, modseq: self.modseq, raw });
        self.uidnext += 1;
    }

    fn relabel(&mut self, uid: u32, labels: &str) {
        self.modseq += 1;
        let modseq = self.modseq;
        let message = self.all.iter_mut().find(|message| message.uid == uid).unwrap();
        message.labels = labels.to_owned();
        message.modseq = modseq;
    }

    fn fetch(&self, command: &str) -> String {
        let (uids, rest) = match command.strip_prefix("UID FETCH ") {
            Some(rest) => (true, rest),
            None => (false, command.strip_prefix("FETCH ").unwrap()),
        };
        let (set, items) = rest.split_once(' ').unwrap();
        let since: u64 = items.split_once("CHANGEDSINCE ").map_or(0, |(_, n)| n.trim_end_matches(')').parse().unwrap());
        let wanted = |number: u32| {
            set.split(',').any(|range| {
                let (from, to) = range.split_once(':').unwrap_or((range, range));
                (from.parse::<u32>().unwrap()..=to.parse::<u32>().unwrap()).contains(&number)
            })
        };
        let mut answer = String::new();
        for (index, message) in self.all.iter().enumerate() {
            let number = index as u32 + 1;
            if !wanted(if uids { message.uid } else { number }) || message.modseq <= since {
                continue;
            }
            write!(answer, "* {number} FETCH (UID {}", message.uid).unwrap();
            if items.contains("RFC822.SIZE") {
                write!(answer, " RFC822.SIZE {}", message.raw.len()).unwrap();
            }
            if items.contains("FLAGS") {
                write!(answer, " FLAGS ({})", message.flags).unwrap();
            }
            if items.contains("X-GM-MSGID") {
                write!(answer, " X-GM-MSGID {} X-GM-THRID {}", 9_000 + message.uid, 7_000 + message.uid % 2).unwrap();
            }
            if items.contains("X-GM-LABELS") {
                write!(answer, " X-GM-LABELS ({})", message.labels).unwrap();
            }
            if items.contains("BODY.PEEK[]") {
                let raw = String::from_utf8(message.raw.clone()).unwrap();
                let date = "01-Jun-2026 10:00:00 +0000";
                write!(answer, " INTERNALDATE \"{date}\" BODY[] {{{}}}\r\n{raw}", raw.len()).unwrap();
            }
            answer.push_str(")\r\n");
        }
        answer
    }
}

impl Script for Gmail {
    fn answer(&mut self, command: &str) -> Answer {
        let word = |n: usize| command.split(' ').nth(n).unwrap_or_default();
        let ok = |untagged: String| (untagged, "OK done".to_owned());
        match word(0) {
            "CAPABILITY" => ok("* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\n".into()),
            "AUTHENTICATE" => (
                String::new(),
                "OK [CAPABILITY IMAP4rev1 X-GM-EXT-1 CONDSTORE ENABLE ID UIDPLUS MOVE SPECIAL-USE] in".into(),
            ),
            "LIST" => ok("* LIST (\\HasNoChildren) \"/\" \"INBOX\"\r\n\
                 * LIST (\\HasChildren \\Noselect) \"/\" \"[Gmail]\"\r\n\
                 * LIST (\\All \\HasNoChildren) \"/\" \"[Gmail]/All Mail\"\r\n\
                 * LIST (\\HasNoChildren \\Sent) \"/\" \"[Gmail]/Sent Mail\"\r\n\
                 * LIST (\\HasNoChildren \\Junk) \"/\" \"[Gmail]/Spam\"\r\n\
                 * LIST (\\HasNoChildren \\Trash) \"/\" \"[Gmail]/Trash\"\r\n\
                 * LIST (\\HasNoChildren) \"/\" \"Work\"\r\n"
                .into()),
            "SELECT" if command.contains("Trash") => ok("* 1 EXISTS\r\n* OK [UIDVALIDITY 12] x\r\n".into()),
            "EXAMINE" | "SELECT" => ok(format!(
                "* {} EXISTS\r\n* OK [UIDVALIDITY 11] x\r\n* OK [UIDNEXT {}] x\r\n* OK [HIGHESTMODSEQ {}] x\r\n",
                self.all.len(),
                self.uidnext,
                self.modseq
            )),
            "FETCH" => ok(self.fetch(command)),
            "UID" => match word(1) {
                "FETCH" => ok(self.fetch(command)),
                "SEARCH" => {
                    let uids: Vec<String> = self.all.iter().map(|message| message.uid.to_string()).collect();
                    ok(format!("* SEARCH {}\r\n", uids.join(" ")))
                }
                "MOVE" => {
                    let uid: u32 = word(2).parse().unwrap();
                    self.all.retain(|message| message.uid != uid);
                    (String::new(), format!("OK [COPYUID 12 {uid} 1] done"))
                }
                _ => ok(String::new()),
            },
            _ => ok(String::new()),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_are_scopes_and_every_mail_comes_once() {
    let gmail = Gmail::with(130);
    let server = FakeImap::start(Arc::clone(&gmail)).await;
    let source = source(server.config());
    let scopes = source.scopes().await.unwrap();
    let pulled: Vec<_> = scopes.iter().filter(|scope| scope.pulled).map(|scope| scope.remote.as_str()).collect();
    assert_eq!(pulled, [ALL, "[Gmail]/Spam", "[Gmail]/Trash"]);
    let all = scope(&source, ScopeRole::All).await;
    let mut held = Held::all(&source, &all).await;
    assert_eq!(held.mails.len(), 130);
    let mail = held.by_subject("Mail 3");
    assert_eq!(mail.also_in.as_deref(), Some(&["INBOX".to_owned(), "Work".to_owned()][..]));
    assert_eq!((mail.stable_id.as_str(), mail.thread_id.as_deref()), ("9003", Some("7001")));
    assert_eq!(held.by_subject("Mail 4").also_in.as_deref(), Some(&["[Gmail]/Sent Mail".to_owned()][..]));
    assert_eq!(held.by_subject("Mail 2").also_in.as_deref(), Some(&[][..]));
    assert!(server.heard().iter().any(|command| command.starts_with("ID ")));

    // Archived elsewhere, starred elsewhere: labels change, the mail does not come again.
    gmail.lock().unwrap().relabel(3, "Work");
    held.drain(&source, &all).await.unwrap();
    assert_eq!(held.by_subject("Mail 3").also_in.as_deref(), Some(&["Work".to_owned()][..]));
    assert!(held.pages.iter().all(|page| page.upserts.is_empty()));

    // Put into the trash elsewhere: Gmail says nothing, the count does.
    gmail.lock().unwrap().all.retain(|message| message.uid != 50);
    held.drain(&source, &all).await.unwrap();
    assert_eq!(held.mails.len(), 129);
}

#[tokio::test(flavor = "multi_thread")]
async fn archiving_takes_the_inbox_label_off_and_trash_is_a_move() {
    let gmail = Gmail::with(6);
    let server = FakeImap::start(gmail).await;
    let source = source(server.config());
    let all = scope(&source, ScopeRole::All).await;
    let held = Held::all(&source, &all).await;
    let of = |number| vec![target(&all, held.by_subject(&format!("Mail {number}")))];
    for (intent, expected) in [
        (Intent::Move { targets: of(3), to: ALL.into(), role: ScopeRole::All }, ""),
        (
            Intent::Move { targets: of(3), to: String::new(), role: ScopeRole::Archive },
            "UID STORE 3 -X-GM-LABELS.SILENT (\\Inbox)",
        ),
        (
            Intent::Move { targets: of(4), to: "INBOX".into(), role: ScopeRole::Inbox },
            "UID STORE 4 +X-GM-LABELS.SILENT (\\Inbox)",
        ),
        (
            Intent::Move { targets: of(2), to: "Work".into(), role: ScopeRole::Other },
            "UID STORE 2 +X-GM-LABELS.SILENT (\"Work\")",
        ),
        (
            Intent::Label { targets: of(3), label: "Work".into(), role: ScopeRole::Other, on: false },
            "UID STORE 3 -X-GM-LABELS.SILENT (\"Work\")",
        ),
        (
            Intent::Label { targets: of(3), label: "A \"b\"".into(), role: ScopeRole::Other, on: true },
            "UID STORE 3 +X-GM-LABELS.SILENT (\"A \\\"b\\\"\")",
        ),
        (
            Intent::Label { targets: of(4), label: "INBOX".into(), role: ScopeRole::Inbox, on: false },
            "UID STORE 4 -X-GM-LABELS.SILENT (\\Inbox)",
        ),
        (
            Intent::Move { targets: of(5), to: "[Gmail]/Trash".into(), role: ScopeRole::Trash },
            "UID MOVE 5 \"[Gmail]/Trash\"",
        ),
        (Intent::Expunge { targets: of(6) }, "UID EXPUNGE 1"),
    ] {
        let before = server.heard().len();
        apply(&source, intent).await.unwrap();
        let heard = server.heard().split_off(before);
        assert!(expected.is_empty() || heard.iter().any(|command| command == expected), "{expected}: {heard:?}");
    }
}
