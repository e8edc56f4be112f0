//! Writing a backup.
//!
//! All of it happens in a folder beside the file, named after it, which one writer at a time has to itself: what a killed
//! one has left there is known by the lock in it, and cleared by the next.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use inlet_model::Timestamp;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{
    BLOCK,
    manifest::{CONFIG, FORMAT, MANIFEST, Manifest, Part, Sum, name_of},
};
use crate::{
    api::{ApiError, ErrorCode, types::BackedUp},
    app::unsaved,
    files::Attachments,
    secrets,
    store::{BODIES, MAIN, Schema, attachment, copy::Snapshot},
    text::hex,
};

/// What is in the folder a backup is written in, and shows whose it is.
const LOCK: &str = "inlet-backup.lock";

/// What a backup is made of.
pub(crate) struct Material {
    pub(crate) snapshot: Snapshot,
    pub(crate) attachments: Attachments,
    /// `config.toml`, where there is one.
    pub(crate) config: Option<Vec<u8>>,
    pub(crate) made_at: Timestamp,
}

impl Material {
    /// Bytes that are read for it, each database twice.
    pub(crate) fn size(&self) -> Result<u64, ApiError> {
        let named = attachment::hashes(&self.snapshot.reader.main)?;
        let files = named.iter().filter_map(|hash| self.attachments.path(hash)?.metadata().ok()).map(|meta| meta.len());
        Ok(2 * self.snapshot.size()? + files.sum::<u64>())
    }
}

/// Writes a backup to a file that is not there yet; blocks. `told` hears how many bytes more are done.
///
/// # Errors
/// One sentence: the file is there already, the folder cannot be written to; or what `told` says. Then nothing is left.
pub(crate) fn write(
    from: &Material,
    file: &Path,
    told: &mut dyn FnMut(u64) -> Result<(), ApiError>,
) -> Result<BackedUp, ApiError> {
    if file.symlink_metadata().is_ok() {
        return Err(there_already(file));
    }
    let folder = file.parent().unwrap_or(Path::new("/"));
    let failed = |error: io::Error| unsaved(folder, &error);
    let place = Workplace::take(file)?;
    from.snapshot.copy(&place.dir, secrets::take_out, told)?;
    let archive = tempfile::Builder::new().prefix("archive-").tempfile_in(&place.dir).map_err(failed)?;
    let mut packing = Packing { zip: ZipWriter::new(BufWriter::new(archive)), told, folder };
    let mut parts = Vec::new();
    for name in [MAIN, BODIES] {
        let path = place.dir.join(name);
        parts.push(packing.add(name, &mut File::open(&path).map_err(failed)?, CompressionMethod::Deflated)?);
        fs::remove_file(&path).map_err(failed)?;
    }
    if let Some(config) = &from.config {
        parts.push(packing.add(CONFIG, &mut config.as_slice(), CompressionMethod::Deflated)?);
    }
    let (attachments, left_out) = packing.files(from)?;
    let manifest = Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").into(),
        schema: Schema::KNOWN,
        made_at: from.made_at,
        parts,
        attachments,
        left_out,
    };
    let archive = packing.finish(&manifest)?;
    let bytes = archive.as_file().metadata().map_err(failed)?.len();
    archive.persist_noclobber(file).map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => there_already(file),
        _ => failed(error.error),
    })?;
    sync_folder(folder).map_err(failed)?;
    Ok(BackedUp { path: file.display().to_string(), bytes, files: attachments.count, left_out })
}

fn there_already(file: &Path) -> ApiError {
    ApiError::new(
        ErrorCode::Refused,
        format!("{} is there already; choose another name, or move it away first.", file.display()),
    )
}

/// That a file has this name is on the disk as well.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    // Windows has no such thing, and does not need it.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

struct Packing<'a> {
    zip: ZipWriter<BufWriter<NamedTempFile>>,
    told: &'a mut dyn FnMut(u64) -> Result<(), ApiError>,
    folder: &'a Path,
}

impl Packing<'_> {
    fn failed(&self, error: impl Into<io::Error>) -> ApiError {
        unsaved(self.folder, &error.into())
    }

    fn add(&mut self, name: &str, from: &mut dyn Read, method: CompressionMethod) -> Result<Part, ApiError> {
        let level = (method == CompressionMethod::Deflated).then_some(1);
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .compression_level(level)
            .large_file(true)
            .unix_permissions(0o600);
        self.zip.start_file(name, options).map_err(|error| self.failed(error))?;
        let (mut hash, mut size, mut block) = (Sha256::new(), 0, vec![0; BLOCK]);
        loop {
            let read = match from.read(&mut block) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.failed(error)),
            };
            let bytes = block.get(..read).unwrap_or_default();
            hash.update(bytes);
            self.zip.write_all(bytes).map_err(|error| self.failed(error))?;
            size += read as u64;
            (self.told)(read as u64)?;
        }
        Ok(Part { name: name.to_owned(), size, sha256: hex(hash.finalize()) })
    }

    /// The files messages name; and how many of those are not here, or not as they came.
    fn files(&mut self, from: &Material) -> Result<(Sum, u64), ApiError> {
        let mut named: Vec<String> = attachment::hashes(&from.snapshot.reader.main)?.into_iter().collect();
        named.sort_unstable();
        let (mut sum, mut left_out) = (Sum::default(), 0);
        for hash in named {
            // One that went since that moment can be had again: nothing else goes.
            let intact = from.attachments.is_intact(&hash).unwrap_or(false);
            let path = from.attachments.path(&hash).filter(|_| intact);
            let (Some(name), Some(path)) = (name_of(&hash), path) else {
                left_out += 1;
                continue;
            };
            let mut file = File::open(path).map_err(|error| self.failed(error))?;
            let part = self.add(&name, &mut file, CompressionMethod::Stored)?;
            sum = Sum { count: sum.count + 1, bytes: sum.bytes + part.size };
        }
        Ok((sum, left_out))
    }

    /// Adds the manifest; everything is on the disk then.
    fn finish(mut self, manifest: &Manifest) -> Result<NamedTempFile, ApiError> {
        let text =
            serde_json::to_vec_pretty(manifest).map_err(|error| ApiError::new(ErrorCode::Failed, error.to_string()))?;
        self.add(MANIFEST, &mut text.as_slice(), CompressionMethod::Deflated)?;
        let folder = self.folder;
        let failed = |error: io::Error| unsaved(folder, &error);
        let out = self.zip.finish().map_err(|error| failed(error.into()))?;
        let archive = out.into_inner().map_err(|error| failed(error.into_error()))?;
        archive.as_file().sync_all().map_err(failed)?;
        Ok(archive)
    }
}

/// The folder one backup is written in.
struct Workplace {
    dir: PathBuf,
    lock: Option<File>,
}

impl Workplace {
    fn take(file: &Path) -> Result<Self, ApiError> {
        let folder = file.parent().unwrap_or(Path::new("/"));
        let failed = |error: io::Error| unsaved(folder, &error);
        let mut name: OsString = file
            .file_name()
            .ok_or_else(|| ApiError::invalid("Name the file to write the backup to, such as inlet.zip."))?
            .to_owned();
        name.push(".part");
        let dir = file.with_file_name(name);
        match of_mine(&dir) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && left_by_a_writer(&dir) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(ApiError::new(
                    ErrorCode::Refused,
                    format!("{} is in the way; move it, or choose another name.", dir.display()),
                ));
            }
            Err(error) => return Err(failed(error)),
        }
        let lock = File::create(dir.join(LOCK)).map_err(failed)?;
        if lock.try_lock().is_err() {
            return Err(ApiError::new(
                ErrorCode::Refused,
                format!("Another backup is being written to {} at this moment.", file.display()),
            ));
        }
        for entry in fs::read_dir(&dir).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if entry.file_name() != LOCK {
                fs::remove_file(entry.path()).map_err(failed)?;
            }
        }
        Ok(Self { dir, lock: Some(lock) })
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        // Some systems take nothing away that is open.
        self.lock.take();
        if let Err(error) = fs::remove_dir_all(&self.dir) {
            tracing::warn!(%error, "the folder a backup was written in could not be taken away");
        }
    }
}

/// It is such a folder, which nobody may be at work in any more.
fn left_by_a_writer(dir: &Path) -> bool {
    dir.join(LOCK).is_file() || fs::read_dir(dir).is_ok_and(|mut all| all.next().is_none())
}

/// Makes a folder nobody else reads: mail lies in it for a while.
fn of_mine(dir: &Path) -> io::Result<()> {
    #[cfg_attr(not(unix), allow(unused_mut))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[tokio::test]
    async fn one_that_is_ended_or_cannot_be_written_leaves_nothing() {
        let (data, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let store = Store::open(data.path(), |_| {}).unwrap();
        let attachments = Attachments::open(data.path().join("attachments")).unwrap();
        let snapshot = store.snapshot().await.unwrap();
        let material = Material { snapshot, attachments, config: None, made_at: Timestamp::UNIX_EPOCH };
        let file = out.path().join("b.zip");
        let left = || fs::read_dir(out.path()).unwrap().count();
        // At each moment at which it asks whether it may go on.
        let mut asked = 0;
        loop {
            let mut patience = asked;
            let mut told = |_: u64| match patience {
                0 => Err(ApiError::new(ErrorCode::Cancelled, "Enough.")),
                _ => {
                    patience -= 1;
                    Ok(())
                }
            };
            match write(&material, &file, &mut told) {
                Ok(_) => break,
                Err(error) => assert_eq!(error.code, ErrorCode::Cancelled),
            }
            assert_eq!(left(), 0, "ended after {asked}");
            asked += 1;
        }
        assert!(asked >= 3, "it asked {asked} times");
        assert_eq!(left(), 1);
        let refused = write(&material, &file, &mut |_| Ok(())).unwrap_err();
        assert_eq!((refused.code, left()), (ErrorCode::Refused, 1));
        store.close().await;
    }
}
