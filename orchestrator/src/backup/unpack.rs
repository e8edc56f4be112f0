//! Restoring a backup.
//!
//! Everything is unpacked beside its place, inside the data directory, and compared with what the manifest says. Only when
//! all of it is there and right it is moved, the database last: a directory without one is empty to whoever comes next.

use std::{
    collections::{HashMap, HashSet},
    ffi::OsString,
    fs::{self, File},
    io::{self, BufReader, Read, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};
use zip::{ZipArchive, result::ZipError};

use super::{
    BLOCK,
    manifest::{ATTACHMENTS, CONFIG, FORMAT, Head, MANIFEST, Manifest, Part, Restored, Sum, hash_of},
    pack::sync_folder,
    settle::settle,
};
use crate::{
    api::{ApiError, ErrorCode},
    app::{LOCK, blocking, own, unsaved},
    clock::Clock,
    files::{Attachments, MAX_SIZE},
    store::{BODIES, MAIN, Schema, StoreError},
    text::hex,
};

/// Where a backup is unpacked, in the data directory.
pub(crate) const STAGE: &str = "restore.part";
/// Bytes of a manifest.
const LARGEST_MANIFEST: u64 = 1 << 20;
/// How many times smaller a packed entry may be, once it is large. Databases pack to a tenth.
const RATIO: u64 = 200;
const LARGE: u64 = 16 << 20;
/// What a data directory has before anything is kept in it.
const EMPTY: [&str; 2] = [LOCK, "logs"];
/// What a backup puts into it, in this order.
const CONTENTS: [&str; 4] = [ATTACHMENTS, BODIES, CONFIG, MAIN];

type Archive = ZipArchive<BufReader<File>>;
/// Hears how many bytes are done, and of how many.
type Told<'a> = &'a mut (dyn FnMut(u64, u64) + Send);

/// Puts a backup into a data directory that is empty or not there yet. `told` hears how many bytes are done, and of how
/// many. The search index is built by whoever starts on it.
///
/// # Errors
/// One sentence; then the directory is as it was.
pub async fn restore(
    file: &Path,
    data_dir: &Path,
    clock: &Clock,
    mut told: impl FnMut(u64, u64) + Send + 'static,
) -> Result<Restored, ApiError> {
    let (from, to) = (file.to_owned(), data_dir.to_owned());
    let (place, manifest) = blocking(move || unpack(&from, &to, &mut told)).await??;
    let parked = settle(&place.stage, clock.now()).await.map_err(|error| match error {
        StoreError::Newer { .. } => newer(file, &manifest.version),
        StoreError::Corrupt | StoreError::Value(_) => damaged(file, "its database does not read"),
        error => error.into(),
    })?;
    place.fill()?;
    let Manifest { made_at, version, attachments, left_out, .. } = manifest;
    Ok(Restored { made_at, version, files: attachments.count, left_out, parked })
}

/// Unpacks a backup beside its place.
fn unpack(file: &Path, data_dir: &Path, told: Told<'_>) -> Result<(Place, Manifest), ApiError> {
    let mut archive = open(file)?;
    let manifest = manifest(file, &mut archive)?;
    let total = inspect(file, &mut archive, &manifest)?;
    let place = Place::take(data_dir)?;
    Unpacking { file, place: &place, archive, done: 0, total, told }.all(&manifest)?;
    Ok((place, manifest))
}

fn open(file: &Path) -> Result<Archive, ApiError> {
    let opened = File::open(file).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => ApiError::not_found(file.display()),
        _ => ApiError::new(ErrorCode::Failed, format!("{} cannot be read: {error}.", file.display())),
    })?;
    ZipArchive::new(BufReader::new(opened)).map_err(|_| no_backup(file))
}

fn no_backup(file: &Path) -> ApiError {
    ApiError::new(
        ErrorCode::Failed,
        format!("{} is no backup of Inlet, or only the beginning of one; choose another file.", file.display()),
    )
}

fn newer(file: &Path, version: &str) -> ApiError {
    // A version is digits; whoever writes something else there is not quoted.
    let plain = version.chars().take(32).all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'));
    let version = if plain { version.chars().take(32).collect() } else { "?".to_owned() };
    ApiError::new(
        ErrorCode::Refused,
        format!("{} was made by a newer Inlet ({version}); update Inlet and try again.", file.display()),
    )
}

fn damaged(file: &Path, why: &str) -> ApiError {
    ApiError::new(
        ErrorCode::Failed,
        format!("{} is damaged: {why}. Nothing was restored; try another backup.", file.display()),
    )
}

fn foreign(file: &Path) -> ApiError {
    ApiError::new(
        ErrorCode::Failed,
        format!("{} holds something that no backup of Inlet has; nothing was restored.", file.display()),
    )
}

fn bomb(file: &Path) -> ApiError {
    ApiError::new(
        ErrorCode::Failed,
        format!("{} unpacks to far more than a backup holds; nothing was restored.", file.display()),
    )
}

/// The manifest, where this program can do what it says.
fn manifest(file: &Path, archive: &mut Archive) -> Result<Manifest, ApiError> {
    let mut text = Vec::new();
    let entry = archive.by_name(MANIFEST).map_err(|error| match error {
        ZipError::FileNotFound => no_backup(file),
        _ => damaged(file, "its manifest does not read"),
    })?;
    entry.take(LARGEST_MANIFEST + 1).read_to_end(&mut text).map_err(|_| damaged(file, "its manifest does not read"))?;
    if text.len() as u64 > LARGEST_MANIFEST {
        return Err(bomb(file));
    }
    let head: Head = serde_json::from_slice(&text).map_err(|_| no_backup(file))?;
    if head.format > FORMAT {
        return Err(newer(file, &head.version));
    }
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|_| damaged(file, "its manifest does not read"))?;
    let Schema { main, bodies } = Schema::KNOWN;
    if manifest.schema.main > main || manifest.schema.bodies > bodies {
        return Err(newer(file, &manifest.version));
    }
    if manifest.is_whole() { Ok(manifest) } else { Err(foreign(file)) }
}

/// Looks at everything an archive says of itself, before anything is unpacked; how many bytes that will be.
fn inspect(file: &Path, archive: &mut Archive, manifest: &Manifest) -> Result<u64, ApiError> {
    if archive.has_duplicate_names() {
        return Err(foreign(file));
    }
    let mut expected: HashMap<&str, u64> = manifest.parts.iter().map(|part| (part.name.as_str(), part.size)).collect();
    let mut found = Sum::default();
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|_| damaged(file, "one of its entries does not read"))?;
        let name = entry.name().map_err(|_| foreign(file))?.into_owned();
        let size = entry.size();
        if size > entry.compressed_size().saturating_mul(RATIO).max(LARGE) {
            return Err(bomb(file));
        }
        if name == MANIFEST {
            continue;
        }
        if let Some(said) = expected.remove(name.as_str()) {
            if said != size {
                return Err(damaged(file, "a database or the settings are not as large as they should be"));
            }
        } else if hash_of(&name).is_some() {
            if size > MAX_SIZE {
                return Err(bomb(file));
            }
            found = Sum { count: found.count + 1, bytes: found.bytes.saturating_add(size) };
        } else {
            return Err(foreign(file));
        }
    }
    if !expected.is_empty() || found != manifest.attachments {
        return Err(damaged(file, "something is missing from it"));
    }
    Ok(manifest.parts.iter().fold(found.bytes, |bytes, part| bytes.saturating_add(part.size)))
}

struct Unpacking<'a> {
    file: &'a Path,
    place: &'a Place,
    archive: Archive,
    done: u64,
    total: u64,
    told: Told<'a>,
}

impl Unpacking<'_> {
    fn all(mut self, manifest: &Manifest) -> Result<(), ApiError> {
        for part in &manifest.parts {
            self.part(part)?;
        }
        self.files()
    }

    /// A database, or the settings.
    fn part(&mut self, part: &Part) -> Result<(), ApiError> {
        let index =
            self.archive.index_for_name(&part.name).ok_or_else(|| damaged(self.file, "something is missing"))?;
        let mut out = File::create_new(self.place.stage.join(&part.name)).map_err(|error| self.place.failed(&error))?;
        let mut hash = Sha256::new();
        let size = self.bytes(index, part.size, &mut |bytes| {
            hash.update(bytes);
            out.write_all(bytes)
        })?;
        out.sync_all().map_err(|error| self.place.failed(&error))?;
        if size == part.size && hex(hash.finalize()) == part.sha256 {
            Ok(())
        } else {
            Err(damaged(self.file, "a database or the settings are not what was written"))
        }
    }

    /// The files of messages, each under the hash of the bytes that came out.
    fn files(&mut self) -> Result<(), ApiError> {
        let attachments =
            Attachments::open(self.place.stage.join(ATTACHMENTS)).map_err(|error| self.place.failed(&error))?;
        for index in 0..self.archive.len() {
            let Some(hash) = self.archive.name_for_index(index).and_then(Result::ok).and_then(|name| hash_of(&name))
            else {
                continue;
            };
            let mut writing = attachments.write(MAX_SIZE).map_err(|error| self.place.failed(&error))?;
            self.bytes(index, MAX_SIZE, &mut |bytes| writing.push(bytes))?;
            let kept = writing.finish().map_err(|error| self.place.failed(&error))?;
            if kept.hash != hash {
                return Err(damaged(self.file, "a file in it is not what was written"));
            }
        }
        Ok(())
    }

    /// Hands on the bytes of an entry, at most so many; how many they were.
    fn bytes(&mut self, index: usize, most: u64, to: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> Result<u64, ApiError> {
        let unread = |_| damaged(self.file, "one of its entries does not read");
        let mut entry = self.archive.by_index(index).map_err(|error| unread(io::Error::from(error)))?;
        // What an entry says of its size need not be so.
        let most = most.min(entry.size());
        let (mut size, mut block) = (0, vec![0; BLOCK]);
        loop {
            let read = match entry.read(&mut block) {
                Ok(0) => return Ok(size),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(unread(error)),
            };
            size += read as u64;
            if size > most {
                return Err(bomb(self.file));
            }
            to(block.get(..read).unwrap_or_default()).map_err(|error| self.place.failed(&error))?;
            self.done += read as u64;
            (self.told)(self.done, self.total);
        }
    }
}

/// A data directory that is being filled, and is as it was when that comes to nothing.
struct Place {
    dir: PathBuf,
    stage: PathBuf,
    /// Nobody else opens the directory while this is held.
    lock: Option<File>,
    /// The directory, or its lock, was not there before.
    made: [bool; 2],
    /// What is where it belongs.
    moved: Vec<PathBuf>,
    full: bool,
}

impl Place {
    fn take(dir: &Path) -> Result<Self, ApiError> {
        let failed = |error: io::Error| unsaved(dir, &error);
        let occupied = || {
            ApiError::new(
                ErrorCode::Refused,
                format!(
                    "There is something in {} already; a backup is restored into an empty folder. Name another one with \
                     --data-dir, or move what is in it away.",
                    dir.display()
                ),
            )
        };
        let made_dir = !dir.exists();
        fs::create_dir_all(dir).map_err(failed)?;
        let contents = contents(dir).map_err(failed)?;
        if matches!(contents, Contents::Some) {
            return Err(occupied());
        }
        let made_lock = !dir.join(LOCK).exists();
        let lock = own(dir).ok_or_else(|| {
            ApiError::new(
                ErrorCode::Refused,
                format!("{} is open in another window or terminal; close it, or name another folder.", dir.display()),
            )
        })?;
        let place = Self {
            dir: dir.to_owned(),
            stage: dir.join(STAGE),
            lock: Some(lock),
            made: [made_dir, made_lock],
            moved: Vec::new(),
            full: false,
        };
        if matches!(contents, Contents::Begun) {
            place.clear().map_err(failed)?;
        }
        fs::create_dir(&place.stage).map_err(failed)?;
        Ok(place)
    }

    fn failed(&self, error: &io::Error) -> ApiError {
        unsaved(&self.dir, error)
    }

    /// Takes away what a killed restore has left.
    fn clear(&self) -> io::Result<()> {
        for name in CONTENTS {
            remove(&self.dir.join(name))?;
        }
        remove(&self.stage)
    }

    /// Moves everything to where it belongs.
    fn fill(mut self) -> Result<(), ApiError> {
        for name in CONTENTS {
            let (from, to) = (self.stage.join(name), self.dir.join(name));
            if !from.exists() {
                continue;
            }
            // Somebody may have opened the empty directory meanwhile; what is theirs stays.
            if to.exists() {
                return Err(self.failed(&io::ErrorKind::AlreadyExists.into()));
            }
            fs::rename(from, &to).map_err(|error| self.failed(&error))?;
            self.moved.push(to);
        }
        self.full = true;
        sync_folder(&self.dir).map_err(|error| self.failed(&error))
    }
}

/// Removes a file or a folder with all that is in it; no error when it is not there.
fn remove(path: &Path) -> io::Result<()> {
    match path.symlink_metadata() {
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => Ok(()),
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = remove(&self.stage);
        let [dir, lock] = self.made;
        if !self.full {
            for path in &self.moved {
                let _ = remove(path);
            }
            if lock {
                let _ = fs::remove_file(self.dir.join(LOCK));
            }
            if dir {
                let _ = fs::remove_dir(&self.dir);
            }
        }
        self.lock.take();
    }
}

/// What is in a data directory.
enum Contents {
    /// Nothing that anybody keeps.
    None,
    /// What a killed restore has left.
    Begun,
    /// Something.
    Some,
}

fn contents(dir: &Path) -> io::Result<Contents> {
    let names: HashSet<OsString> =
        fs::read_dir(dir)?.map(|entry| entry.map(|entry| entry.file_name())).collect::<io::Result<_>>()?;
    let is = |name: &OsString, one: &str| name == one;
    let begun = names.iter().any(|name| is(name, STAGE)) && !names.iter().any(|name| is(name, MAIN));
    let ours = |name: &&OsString| {
        let left = begun && (is(name, STAGE) || CONTENTS.iter().any(|one| is(name, one)));
        left || EMPTY.iter().any(|one| is(name, one))
    };
    Ok(match names.iter().all(|name| ours(&name)) {
        true if begun => Contents::Begun,
        true => Contents::None,
        false => Contents::Some,
    })
}
