//! The attachments that are kept, each under the hash of its bytes.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use inlet_model::{PartSink, SourceError, Timestamp};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::{safe_name, save::save_new};
use crate::text::hex;

/// Largest single attachment that is kept, in bytes.
pub const MAX_SIZE: u64 = 2 * 1024 * 1024 * 1024;

/// What the name of one begins with while it is being written.
const PART: &str = ".part-";

/// The kept attachments: one folder, each file under the SHA-256 of its bytes.
#[derive(Clone, Debug)]
pub struct Attachments {
    dir: PathBuf,
}

/// An attachment being written. It becomes a file of the store with [`Writing::finish`] and leaves
/// nothing behind when dropped.
#[derive(Debug)]
pub struct Writing {
    dir: PathBuf,
    file: NamedTempFile,
    hash: Sha256,
    size: u64,
    limit: u64,
}

/// An attachment in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    pub hash: String,
    /// Size in bytes.
    pub size: u64,
}

impl Attachments {
    /// The store in `dir`, which is made when it does not exist.
    ///
    /// # Errors
    /// What the file system says.
    pub fn open(dir: impl Into<PathBuf>) -> io::Result<Self> {
        let dir = dir.into();
        fs::create_dir_all(&dir)?;
        Ok(Self { dir })
    }

    /// Begins an attachment of at most `limit` bytes ([`MAX_SIZE`] is never exceeded).
    ///
    /// # Errors
    /// What the file system says.
    pub fn write(&self, limit: u64) -> io::Result<Writing> {
        let file = tempfile::Builder::new().prefix(PART).tempfile_in(&self.dir)?;
        Ok(Writing { dir: self.dir.clone(), file, hash: Sha256::new(), size: 0, limit: limit.min(MAX_SIZE) })
    }

    /// Where the bytes of this hash are kept, when they are.
    pub fn path(&self, hash: &str) -> Option<PathBuf> {
        place(&self.dir, hash).filter(|path| path.is_file())
    }

    /// The bytes of this hash, at most `limit` of them; `None` when they are not kept or are more.
    ///
    /// # Errors
    /// What the file system says.
    pub fn read(&self, hash: &str, limit: u64) -> io::Result<Option<Vec<u8>>> {
        let Some(path) = self.path(hash) else { return Ok(None) };
        let mut bytes = Vec::new();
        File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok((bytes.len() as u64 <= limit).then_some(bytes))
    }

    /// The size in bytes of what is kept under a hash.
    ///
    /// # Errors
    /// What the file system says.
    pub fn size(&self, hash: &str) -> io::Result<u64> {
        let path = self.path(hash).ok_or(io::ErrorKind::NotFound)?;
        Ok(fs::metadata(path)?.len())
    }

    /// The hashes of everything that is kept.
    ///
    /// # Errors
    /// What the file system says.
    pub fn hashes(&self) -> io::Result<Vec<String>> {
        let mut hashes = Vec::new();
        for folder in fs::read_dir(&self.dir)? {
            let folder = folder?;
            if let (true, Some(start)) = (folder.file_type()?.is_dir(), folder.file_name().to_str()) {
                for file in fs::read_dir(folder.path())? {
                    hashes.extend(file?.file_name().to_str().map(|rest| format!("{start}{rest}")));
                }
            }
        }
        hashes.retain(|hash| place(&self.dir, hash).is_some());
        Ok(hashes)
    }

    /// The bytes of this hash are kept, and are those it was made of.
    ///
    /// # Errors
    /// What the file system says.
    pub fn is_intact(&self, hash: &str) -> io::Result<bool> {
        let Some(path) = self.path(hash) else { return Ok(false) };
        let mut found = Sha256::new();
        io::copy(&mut File::open(path)?, &mut found)?;
        Ok(hex(found.finalize()) == hash)
    }

    /// Moves the bytes of this hash into `folder`, under its name; no error when they are not kept.
    ///
    /// # Errors
    /// What the file system says.
    pub fn set_aside(&self, hash: &str, folder: &Path) -> io::Result<()> {
        let Some(path) = self.path(hash) else { return Ok(()) };
        fs::create_dir_all(folder)?;
        fs::rename(path, folder.join(hash))
    }

    /// Attachments that were begun and have not been written to since then: nobody will finish them.
    ///
    /// # Errors
    /// What the file system says.
    pub fn unfinished(&self, since: Timestamp) -> io::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.dir)? {
            let entry = entry?;
            let begun = entry.file_name().to_str().is_some_and(|name| name.starts_with(PART));
            // One that is finished at this moment has gone.
            let modified = entry.metadata().and_then(|meta| meta.modified()).ok();
            let written = modified.and_then(|at| Timestamp::try_from(at).ok());
            if begun && written.is_some_and(|written| written < since) {
                found.push(entry.path());
            }
        }
        Ok(found)
    }

    /// Forgets the bytes of this hash; no error when they are not kept.
    ///
    /// # Errors
    /// What the file system says.
    pub fn remove(&self, hash: &str) -> io::Result<()> {
        match place(&self.dir, hash).map(fs::remove_file) {
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Saves a copy into `folder` under [`safe_name`] of `name`, with " (2)" and so on when that is
    /// taken; an existing file is never touched. The copy bears the system's mark of a file from
    /// elsewhere, where the system has one. Returns the path of the copy.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] when the bytes are not kept; what the file system says.
    pub fn save_as(&self, hash: &str, folder: &Path, name: &str) -> io::Result<PathBuf> {
        let source = self
            .path(hash)
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "the attachment was not downloaded yet"))?;
        let mut source = File::open(source)?;
        save_new(folder, &safe_name(name), |file| source.rewind().and_then(|()| io::copy(&mut source, file)).map(drop))
    }

    /// A copy in `folder` under [`safe_name`] of `name`, made when it is not there yet. The folder is
    /// made too, and belongs to these bytes alone.
    ///
    /// # Errors
    /// As [`Self::save_as`].
    pub fn copy_once(&self, hash: &str, folder: &Path, name: &str) -> io::Result<PathBuf> {
        let path = folder.join(safe_name(name));
        if path.is_file() {
            return Ok(path);
        }
        fs::create_dir_all(folder)?;
        self.save_as(hash, folder, name)
    }
}

impl Writing {
    /// Appends bytes.
    ///
    /// # Errors
    /// [`io::ErrorKind::FileTooLarge`]; what the file system says.
    pub fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.size += bytes.len() as u64;
        if self.size > self.limit {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                "the attachment is larger than announced and was not kept",
            ));
        }
        self.hash.update(bytes);
        self.file.write_all(bytes)
    }

    /// Puts the file into its place.
    ///
    /// # Errors
    /// What the file system says; then nothing is kept.
    pub fn finish(self) -> io::Result<Kept> {
        let hash = hex(self.hash.finalize());
        let path = place(&self.dir, &hash).ok_or_else(|| io::Error::other("a hash is always a place"))?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        match self.file.persist_noclobber(&path) {
            Ok(_) => {}
            // The same bytes are there already.
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error.error),
        }
        Ok(Kept { hash, size: self.size })
    }
}

#[async_trait]
impl PartSink for Writing {
    async fn write(&mut self, bytes: &[u8]) -> inlet_model::Result<()> {
        self.push(bytes).map_err(|error| SourceError::Permanent(format!("the attachment cannot be kept: {error}")))
    }
}

/// Two digits of the hash are a folder of their own; anything that is no hash has no place.
fn place(dir: &Path, hash: &str) -> Option<PathBuf> {
    let plain = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
    let (folder, rest) = hash.split_at_checked(2).filter(|_| plain)?;
    Some(dir.join(folder).join(rest))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bytes_are_kept_once_under_their_hash() {
        let dir = tempfile::tempdir().unwrap();
        let attachments = Attachments::open(dir.path().join("new")).unwrap();
        let mut kept = Vec::new();
        for _ in 0..2 {
            let mut writing = attachments.write(MAX_SIZE).unwrap();
            PartSink::write(&mut writing, b"hello ").await.unwrap();
            PartSink::write(&mut writing, b"world").await.unwrap();
            kept.push(writing.finish().unwrap());
        }
        assert_eq!(kept[0], kept[1]);
        assert_eq!(kept[0].hash, "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9");
        assert_eq!(kept[0].size, 11);
        assert_eq!(attachments.read(&kept[0].hash, 11).unwrap().as_deref(), Some(&b"hello world"[..]));
        assert_eq!(attachments.read(&kept[0].hash, 10).unwrap(), None);
        attachments.remove(&kept[0].hash).unwrap();
        attachments.remove(&kept[0].hash).unwrap();
        assert_eq!(attachments.path(&kept[0].hash), None);
        assert_eq!(attachments.path("../../../../etc/passwd"), None);
    }

    #[tokio::test]
    async fn too_much_is_refused_and_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let attachments = Attachments::open(dir.path()).unwrap();
        let mut writing = attachments.write(3).unwrap();
        PartSink::write(&mut writing, b"abc").await.unwrap();
        assert!(matches!(PartSink::write(&mut writing, b"d").await, Err(SourceError::Permanent(_))));
        drop(writing);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn saving_never_overwrites() {
        let dir = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let attachments = Attachments::open(dir.path()).unwrap();
        let mut writing = attachments.write(10).unwrap();
        writing.push(b"new").unwrap();
        let hash = writing.finish().unwrap().hash;
        fs::write(folder.path().join("a.txt"), "old").unwrap();
        let path = attachments.save_as(&hash, folder.path(), "x/a.txt").unwrap();
        assert_eq!(path, folder.path().join("a (2).txt"));
        assert_eq!(fs::read_to_string(folder.path().join("a.txt")).unwrap(), "old");
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(attachments.save_as("nothing", folder.path(), "a").unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_lies_there_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let attachments = Attachments::open(dir.path()).unwrap();
        let hash = attachments.write(10).unwrap().finish().unwrap().hash;
        let target = dir.path().join("target");
        std::os::unix::fs::symlink(&target, folder.path().join("a.txt")).unwrap();
        assert_eq!(attachments.save_as(&hash, folder.path(), "a.txt").unwrap(), folder.path().join("a (2).txt"));
        assert!(!target.exists());
    }
}
