//! The file an export is: a text, alone or with its files beside it, or a zip archive of both.
//!
//! An archive comes from anywhere. Its names are only ever looked up in it, never used as paths; what
//! unpacks to more than it can honestly hold is refused, by what it says and by what really comes out.

use std::{
    collections::HashSet,
    fs::{self, File},
    io::{BufReader, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use inlet_model::{Result, SourceError};
use zip::{ZipArchive, result::ZipError};

use super::{names::chat_name, read::is_export, words::is_name};

/// Entries of an archive.
const ENTRIES: usize = 100_000;
/// Bytes of a text, and of a file that came along.
const TEXT: u64 = 1 << 30;
const FILE: u64 = 4 << 30;
/// How many times smaller a packed file may be, once it is large: text packs to a tenth.
const RATIO: u64 = 200;
const LARGE: u64 = 16 << 20;
/// Bytes in which it shows whether a text is an export.
const START: u64 = 16 << 10;

/// An export that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Export {
    pub(super) path: PathBuf,
    /// The text, where it is an entry of an archive.
    inside: Option<String>,
    /// The chat, as the name of the file has it.
    pub(super) chat: Option<String>,
    /// The name of the file.
    pub(super) stem: String,
    pub(super) size: u64,
    /// When it was written, in seconds since 1970.
    pub(super) modified: i64,
}

fn refused(path: &Path, why: &str) -> SourceError {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    SourceError::Permanent(format!("{name} was not read: {why}."))
}

fn gone(path: &Path) -> SourceError {
    refused(path, "it cannot be opened; put it back where it was, or bring it in again from where it is now")
}

fn broken(path: &Path, error: &ZipError) -> SourceError {
    match error {
        ZipError::UnsupportedArchive(_) => refused(
            path,
            "it is protected by a password or packed in an unusual way; unpack it and bring in the folder",
        ),
        ZipError::Io(_) => gone(path),
        _ => refused(path, "the archive is damaged; export the chat again"),
    }
}

fn ending(path: &Path) -> Option<String> {
    path.extension().map(|ending| ending.to_string_lossy().to_lowercase())
}

/// The export that a file is, if it is one.
pub(super) fn export(path: &Path) -> Option<Export> {
    let zipped = match ending(path)?.as_str() {
        "txt" => false,
        "zip" => true,
        _ => return None,
    };
    let data = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let inside = if zipped {
        Some(text_in(path)?)
    } else {
        is_export(BufReader::new(File::open(path).ok()?.take(START))).then_some(())?;
        None
    };
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let own = inside.as_deref().map(|entry| entry.rsplit('/').next().unwrap_or(entry).trim_end_matches(".txt"));
    // Unpacked by hand, the folder has the name that the archive had.
    let folder = path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let around = folder.as_deref().filter(|_| stem == "_chat");
    let chat = chat_name(&stem).or_else(|| own.and_then(chat_name)).or_else(|| around.and_then(chat_name));
    let modified = data.modified().ok().and_then(|time| inlet_model::Timestamp::try_from(time).ok());
    Some(Export {
        path: path.to_path_buf(),
        inside,
        chat,
        stem: around.map_or(stem, str::to_owned),
        size: data.len(),
        modified: modified.map_or(0, inlet_model::Timestamp::as_second),
    })
}

/// The entry of an archive that is the text of an export.
fn text_in(path: &Path) -> Option<String> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut archive = ZipArchive::new(BufReader::new(File::open(path).ok()?)).ok()?;
    let mut names: Vec<String> = names(&archive).filter(|name| name.to_lowercase().ends_with(".txt")).collect();
    let unlikely = |name: &String| {
        let own = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".txt");
        own != "_chat" && chat_name(own).is_none()
    };
    names.sort_by_key(|name| (unlikely(name), name.matches('/').count(), name.clone()));
    for name in names.into_iter().take(20) {
        let export = archive.by_name(&name).map(|entry| is_export(BufReader::new(entry.take(START))));
        // What cannot be looked into is one by its name, so that a person is told why it was not read.
        if export.unwrap_or_else(|_| !unlikely(&name) || chat_name(&stem).is_some()) {
            return Some(name);
        }
    }
    None
}

/// The names in an archive that stay inside of it.
fn names(archive: &ZipArchive<BufReader<File>>) -> impl Iterator<Item = String> {
    archive.file_names().filter_map(|name| name.ok().map(|name| name.into_owned())).filter(|name| is_inside(name))
}

/// A name that stays inside of its archive.
fn is_inside(name: &str) -> bool {
    !name.starts_with('/') && !name.contains(['\\', '\0', ':']) && name.split('/').all(|step| step != "..")
}

impl Export {
    /// Its text, from the start. That of an archive is unpacked into a file without a name, which is gone
    /// with the reader, so that reading it can take its time.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] with the reason for what cannot be read.
    pub(super) fn text(&self) -> Result<BufReader<File>> {
        let Some(inside) = &self.inside else {
            return Ok(BufReader::new(File::open(&self.path).map_err(|_| gone(&self.path))?));
        };
        let mut unpacked = tempfile::tempfile()
            .map_err(|error| refused(&self.path, &format!("there is no room to unpack it ({error})")))?;
        self.unpack(inside, TEXT, &mut |bytes| unpacked.write_all(bytes))?;
        unpacked.seek(SeekFrom::Start(0)).map_err(|_| gone(&self.path))?;
        Ok(BufReader::new(unpacked))
    }

    /// The names of the files that came along.
    pub(super) fn files(&self) -> Files {
        let Some(inside) = &self.inside else {
            return Files::Beside(self.path.parent().map(Path::to_path_buf).unwrap_or_default());
        };
        let archive = File::open(&self.path).ok().and_then(|file| ZipArchive::new(BufReader::new(file)).ok());
        let folder = inside.rfind('/').and_then(|end| inside.get(..=end)).unwrap_or_default();
        let beside = archive.iter().flat_map(names).filter(|name| name != inside);
        Files::Packed(
            beside
                .filter_map(|name| name.strip_prefix(folder).map(str::to_owned))
                .filter(|name| is_name(name))
                .collect(),
        )
    }

    /// Hands on the bytes of a file that came along.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] with the reason.
    pub(super) fn copy(&self, name: &str, to: &mut dyn FnMut(&[u8]) -> std::io::Result<()>) -> Result<()> {
        if !is_name(name) {
            return Err(refused(&self.path, "it names a file outside of itself"));
        }
        if let Some(inside) = &self.inside {
            let entry = match inside.rsplit_once('/') {
                Some((folder, _)) => format!("{folder}/{name}"),
                None => name.to_owned(),
            };
            return self.unpack(&entry, FILE, to);
        }
        let path = self.path.parent().map(|folder| folder.join(name)).unwrap_or_default();
        let file = plain_file(&path).and_then(|_| File::open(&path).ok()).ok_or_else(|| gone(&path))?;
        hand_on(file, FILE, to).map_err(|_| gone(&path))
    }

    fn unpack(&self, entry: &str, most: u64, to: &mut dyn FnMut(&[u8]) -> std::io::Result<()>) -> Result<()> {
        let file = File::open(&self.path).map_err(|_| gone(&self.path))?;
        let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| broken(&self.path, &error))?;
        if archive.len() > ENTRIES {
            return Err(refused(&self.path, "it holds more files than an export has"));
        }
        let packed = archive.by_name(entry).map_err(|error| match error {
            ZipError::FileNotFound => refused(&self.path, "the file is no longer in it; bring it in again"),
            error => broken(&self.path, &error),
        })?;
        let bomb = || refused(&self.path, "it unpacks to far more than an export holds");
        let most = most.min(packed.compressed_size().saturating_mul(RATIO).max(LARGE));
        if packed.size() > most {
            return Err(bomb());
        }
        hand_on(packed, most, to).map_err(|error| match error.kind() {
            std::io::ErrorKind::FileTooLarge => bomb(),
            _ => refused(&self.path, "the archive is damaged; export the chat again"),
        })
    }
}

/// Copies up to so many bytes; one more is an error.
fn hand_on(mut from: impl Read, most: u64, to: &mut dyn FnMut(&[u8]) -> std::io::Result<()>) -> std::io::Result<()> {
    let mut piece = vec![0; 64 << 10];
    let mut left = most;
    loop {
        let length = from.read(&mut piece)?;
        if length == 0 {
            return Ok(());
        }
        left = left.checked_sub(length as u64).ok_or(std::io::ErrorKind::FileTooLarge)?;
        to(piece.get(..length).unwrap_or_default())?;
    }
}

/// The size of a file that is one itself, and no link to another.
fn plain_file(path: &Path) -> Option<u64> {
    fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file).map(|data| data.len())
}

/// The files that came along with a text.
pub(super) enum Files {
    /// Those of an archive, by name.
    Packed(HashSet<String>),
    /// Those in the folder of the text.
    Beside(PathBuf),
}

impl Files {
    /// There is one of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        is_name(name)
            && match self {
                Self::Packed(names) => names.contains(name),
                Self::Beside(folder) => plain_file(&folder.join(name)).is_some(),
            }
    }
}
