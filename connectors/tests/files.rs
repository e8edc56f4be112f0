//! Imported files keep the contract of a source.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)]

use std::{
    fs,
    io::Write,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use inlet_connectors::open;
use inlet_model::{Account, AccountConfig, AccountId, AnySource, RemoteId, Scope, account::FilesConfig};
use inlet_testkit::{FixedSecret, Fixture, MailGen, MemoryQueue, source_contract};
use tempfile::TempDir;

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Mbox,
    Maildir,
    Folder,
}

struct Imported {
    kind: Kind,
    folder: TempDir,
    mails: Mutex<MailGen>,
}

impl Imported {
    fn new(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mails = MailGen::new(11, "anna@inlet.test", "2026-01-05T08:00:00Z".parse().unwrap());
        let this = Self { kind, folder, mails: Mutex::new(mails) };
        fs::create_dir(this.path().parent().unwrap()).ok();
        if kind == Kind::Maildir {
            for part in ["cur", "new", "tmp"] {
                fs::create_dir_all(this.path().join(part)).unwrap();
            }
        } else if kind == Kind::Folder {
            fs::create_dir(this.path()).unwrap();
        }
        for n in 0..230 {
            this.add(n);
        }
        this
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(if self.kind == Kind::Mbox { "old.mbox" } else { "old" })
    }

    fn add(&self, n: usize) -> String {
        let mail = self.mails.lock().unwrap().mail();
        match self.kind {
            Kind::Mbox => {
                let mut file = fs::File::options().create(true).append(true).open(self.path()).unwrap();
                file.write_all(b"From x@example.org Mon Jan  5 08:00:00 2026\n").unwrap();
                file.write_all(&mail.raw).unwrap();
                file.write_all(b"\n\n").unwrap();
            }
            Kind::Maildir => fs::write(self.path().join(format!("cur/{n:06}.host:2,S")), &mail.raw).unwrap(),
            Kind::Folder => fs::write(self.path().join(format!("{n:06}.eml")), &mail.raw).unwrap(),
        }
        mail.subject
    }

    fn any(&self) -> AnySource {
        let config = AccountConfig::Files(FilesConfig { paths: vec![self.path()], ..FilesConfig::default() });
        let account = Account { id: AccountId(1), name: "Old mail".into(), config };
        open(&account, Arc::new(FixedSecret(None)), Arc::new(MemoryQueue::default())).unwrap().remove(0)
    }
}

#[async_trait]
impl Fixture for Imported {
    fn source(&self) -> AnySource {
        self.any()
    }

    async fn scope(&self) -> Scope {
        self.any().into_dyn().scopes().await.unwrap().remove(0)
    }

    async fn arrive(&self) -> Option<String> {
        Some(self.add(900_000))
    }

    async fn vanish(&self, _: &RemoteId) -> bool {
        // A file that lost a message is another file: its cursor expires.
        false
    }

    async fn expire(&self) -> bool {
        match self.kind {
            Kind::Mbox => {
                let text = fs::read_to_string(self.path()).unwrap();
                let (first, rest) = text.split_at(text[1..].find("\nFrom x@example.org").unwrap() + 2);
                fs::write(self.path(), format!("{rest}{first}")).unwrap();
            }
            Kind::Maildir => {
                fs::rename(self.path().join("cur/000003.host:2,S"), self.path().join("cur/999999.host:2,S")).unwrap();
            }
            Kind::Folder => fs::rename(self.path().join("000003.eml"), self.path().join("999999.eml")).unwrap(),
        }
        true
    }
}

source_contract!(mbox, Imported::new(Kind::Mbox));
source_contract!(maildir, Imported::new(Kind::Maildir));
source_contract!(folder, Imported::new(Kind::Folder));

/// A chat that was exported from a phone.
struct Chat(TempDir);

impl Chat {
    fn new() -> Self {
        let this = Self(tempfile::tempdir().unwrap());
        let text: String = (0..60)
            .map(|n| format!("31.12.23, 21:{n:02} - {}: message {n}\n", if n % 2 == 0 { "Ana" } else { "Ben" }))
            .collect();
        let picture = "31.12.23, 22:00 - Ana: IMG-20231231-WA0001.jpg (Datei angehängt)\n";
        fs::write(this.path(), text + picture).unwrap();
        fs::write(this.0.path().join("IMG-20231231-WA0001.jpg"), b"jpeg").unwrap();
        this
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("WhatsApp-Chat mit Ana.txt")
    }
}

#[async_trait]
impl Fixture for Chat {
    fn source(&self) -> AnySource {
        let config = AccountConfig::Files(FilesConfig { paths: vec![self.path()], ..FilesConfig::default() });
        let account = Account { id: AccountId(1), name: "Old chats".into(), config };
        open(&account, Arc::new(FixedSecret(None)), Arc::new(MemoryQueue::default())).unwrap().remove(0)
    }

    async fn scope(&self) -> Scope {
        self.source().into_dyn().scopes().await.unwrap().remove(0)
    }

    async fn arrive(&self) -> Option<String> {
        let mut file = fs::File::options().append(true).open(self.path()).unwrap();
        file.write_all(b"31.12.23, 22:01 - Ben: one more\n").unwrap();
        Some("one more".into())
    }
}

source_contract!(chat, Chat::new());
