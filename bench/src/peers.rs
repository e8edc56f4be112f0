//! How each program is told where its mail and its files are.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::Bench;
use crate::engine::PASSPHRASE;

/// notmuch with an index of its own beside the mail.
pub(crate) struct Notmuch {
    pub(crate) folder: PathBuf,
}

impl Notmuch {
    /// With an empty index in `folder` of the mail in `maildir`.
    pub(crate) fn new(folder: PathBuf, maildir: &Path) -> Result<Self> {
        let index = folder.join("index");
        fs::create_dir_all(&index)?;
        let config = format!(
            "[database]\npath={}\nmail_root={}\n[user]\nname=Anna\nprimary_email=anna@inlet.test\n[new]\ntags=inbox\n",
            index.display(),
            maildir.display()
        );
        fs::write(folder.join("config"), config)?;
        Ok(Self { folder })
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("notmuch");
        command.env("NOTMUCH_CONFIG", self.folder.join("config")).args(args);
        command
    }
}

/// mu with a home of its own.
pub(crate) struct Mu {
    pub(crate) folder: PathBuf,
}

impl Mu {
    /// With an empty index in `folder` of the mail in `maildir`.
    pub(crate) fn new(folder: PathBuf, maildir: &Path) -> Result<Self> {
        let new = Self { folder };
        let mut init = new.command("init", &["--my-address=anna@inlet.test", "--quiet"]);
        crate::measure::run(init.arg("--maildir").arg(maildir), None)?;
        Ok(new)
    }

    pub(crate) fn command(&self, name: &str, args: &[&str]) -> Command {
        let mut command = Command::new("mu");
        command.arg(name).arg(format!("--muhome={}", self.folder.display())).args(args);
        command
    }
}

/// Where a mailbox is, and how to get in.
pub(crate) struct Mailbox<'a> {
    pub(crate) port: u16,
    pub(crate) user: &'a str,
    pub(crate) password: &'a str,
    /// The certificate authority of a server that speaks TLS.
    pub(crate) ca: Option<&'a Path>,
}

/// mbsync from one mailbox into an empty folder.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) fn mbsync(folder: &Path, mailbox: &Mailbox<'_>, fsync: bool) -> Result<Command> {
    let mail = folder.join("mail");
    fs::create_dir_all(&mail)?;
    let security = match mailbox.ca {
        Some(ca) => format!("Host localhost\nSSLType IMAPS\nSystemCertificates no\nCertificateFile {}", ca.display()),
        None => "Host 127.0.0.1\nSSLType None".to_owned(),
    };
    let config = format!(
        "FSync {fsync}\n\n\
         IMAPAccount far\n{security}\nPort {port}\nUser {user}\nPass {password}\nAuthMechs LOGIN\n\n\
         IMAPStore far\nAccount far\n\n\
         MaildirStore near\nPath {mail}/\nInbox {mail}/INBOX\nSubFolders Verbatim\n\n\
         Channel all\nFar :far:\nNear :near:\nPatterns INBOX\nCreate Near\nSync Pull\nSyncState *\n",
        fsync = if fsync { "yes" } else { "no" },
        mail = mail.display(),
        port = mailbox.port,
        user = mailbox.user,
        password = mailbox.password,
    );
    let file = folder.join("mbsyncrc");
    fs::write(&file, config)?;
    let mut command = Command::new("mbsync");
    command.arg("-c").arg(file).args(["-q", "-a"]);
    Ok(command)
}

/// Inlet on a data directory, without the system's keyring.
pub(crate) fn inlet(bench: &Bench, data: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(&bench.inlet);
    command.env("INLET_PASSPHRASE", PASSPHRASE).arg("--data-dir").arg(data).args(args);
    command
}
