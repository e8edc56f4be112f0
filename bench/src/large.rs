//! Many mails, in a Maildir and in everybody's index: made once and kept beside the built programs,
//! since that takes minutes.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::Bench;
use crate::mails::{self, MailSet};
use crate::measure::{Cost, run};
use crate::peers::{Mu, Notmuch, inlet};

/// The mails, and Inlet's data directory with them.
pub(crate) struct Large {
    folder: PathBuf,
    pub(crate) data: PathBuf,
    pub(crate) set: MailSet,
    /// What the import took when it was made.
    pub(crate) cost: Option<Cost>,
}

impl Large {
    /// Imports `count` mails below `keep`, or finds them there.
    ///
    /// # Errors
    /// When the import fails.
    pub(crate) fn new(bench: &Bench, keep: &Path, count: usize) -> Result<Self> {
        let folder = keep.join(count.to_string());
        let about = folder.join("about.json");
        let data = folder.join("inlet");
        if let Ok(text) = fs::read_to_string(&about) {
            let (set, cost) = serde_json::from_str(&text).context("the notes about the kept mail")?;
            return Ok(Self { folder, data, set, cost });
        }
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let maildir = folder.join("Maildir");
        eprintln!("large: writing {count} mails");
        let set = mails::write(&maildir, count)?;
        eprintln!("large: importing them");
        let cost = run(inlet(bench, &data, &["import"]).arg(&maildir), None)?;
        fs::write(&about, serde_json::to_string(&(&set, &cost))?)?;
        Ok(Self { folder, data, set, cost: Some(cost) })
    }

    fn maildir(&self) -> PathBuf {
        self.folder.join("Maildir")
    }

    /// A folder for the index of another program, and whether it is there already.
    fn of(&self, name: &str) -> Result<(PathBuf, bool)> {
        let (folder, done) = (self.folder.join(name), self.folder.join(format!("{name}.done")));
        let ready = done.exists();
        if !ready && folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        Ok((folder, ready))
    }

    fn done(&self, name: &str) -> Result<()> {
        Ok(fs::write(self.folder.join(format!("{name}.done")), "")?)
    }

    /// notmuch with all of it indexed.
    ///
    /// # Errors
    /// When it fails.
    pub(crate) fn notmuch(&self) -> Result<Notmuch> {
        let (folder, ready) = self.of("notmuch")?;
        let notmuch = Notmuch::new(folder, &self.maildir())?;
        if !ready {
            eprintln!("large: notmuch reads them");
            run(&mut notmuch.command(&["new", "--quiet"]), None)?;
            self.done("notmuch")?;
        }
        Ok(notmuch)
    }

    /// mu with all of it indexed.
    ///
    /// # Errors
    /// When it fails.
    pub(crate) fn mu(&self) -> Result<Mu> {
        let (folder, ready) = self.of("mu")?;
        if ready {
            return Ok(Mu { folder });
        }
        let mu = Mu::new(folder, &self.maildir())?;
        eprintln!("large: mu reads them");
        run(&mut mu.command("index", &["--quiet"]), None)?;
        self.done("mu")?;
        Ok(mu)
    }
}
