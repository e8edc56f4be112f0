//! Real mail for tests: the corpus under `INLET_SHARED`, unpacked into a folder that goes away.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// An unpacked corpus.
pub struct Corpus {
    folder: TempDir,
    files: Vec<PathBuf>,
}

impl Corpus {
    /// Unpacks the public mail corpus, or says that `test` is skipped.
    ///
    /// # Panics
    /// When the archive is there and cannot be unpacked.
    pub fn load(test: &str) -> Option<Self> {
        let archive = crate::shared(test)?.join("corpus/spamassassin.tar.zst");
        let folder = tempfile::Builder::new().prefix("inlet-corpus-").tempdir().expect("a temporary folder");
        let mut zstd = Command::new("zstd")
            .args(["-dc"])
            .arg(&archive)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the command `zstd` is installed");
        let out = zstd.stdout.take().expect("a pipe");
        let tar =
            Command::new("tar").args(["-x", "-C"]).arg(folder.path()).stdin(out).status().expect("the command `tar`");
        assert!(zstd.wait().is_ok_and(|status| status.success()) && tar.success(), "{} unpacks", archive.display());
        let mut files = Vec::new();
        collect(folder.path(), &mut files);
        files.sort();
        Some(Self { folder, files })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Every file of it, sorted by path.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The messages, one after the other.
    pub fn messages(&self) -> impl Iterator<Item = Vec<u8>> + '_ {
        self.files.iter().map(|path| fs::read(path).expect("a message of the corpus"))
    }
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the corpus").flatten() {
        if entry.path().is_dir() {
            collect(&entry.path(), into);
        } else {
            into.push(entry.path());
        }
    }
}

/// Runs the generator of hostile messages of `INLET_SHARED` in a folder that goes away, or says that
/// `test` is skipped. The messages lie in the folder `mime-bombs` of what comes back.
///
/// # Panics
/// When the generator fails.
pub fn mime_bombs(test: &str) -> Option<TempDir> {
    let script = crate::shared(test)?.join("attacks/gen_mime_bombs.py");
    let folder = tempfile::Builder::new().prefix("inlet-bombs-").tempdir().expect("a temporary folder");
    // The script writes beside itself.
    let copy = folder.path().join("gen.py");
    fs::copy(&script, &copy).expect("the generator");
    fs::create_dir(folder.path().join("mime-bombs")).expect("a folder");
    let status = Command::new("python3").arg(&copy).stdout(Stdio::null()).status().expect("the command `python3`");
    assert!(status.success(), "{} runs", script.display());
    Some(folder)
}
