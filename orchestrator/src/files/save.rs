//! Files and folders of the person's own: never over one that is there.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::name::{safe_name, split_ending};

/// Saves bytes as a new file, by the rules of [`super::Attachments::save_as`].
///
/// # Errors
/// What the file system says.
pub fn save_bytes(bytes: &[u8], folder: &Path, name: &str) -> io::Result<PathBuf> {
    save_new(folder, &safe_name(name), |file| file.write_all(bytes))
}

/// Makes a folder of its own in `folder`, called as like `title` as a folder may be.
///
/// # Errors
/// What the file system says.
pub fn new_folder(folder: &Path, title: &str) -> io::Result<PathBuf> {
    let title: String = title.chars().take(80).map(|c| if matches!(c, '/' | '\\' | '.') { ' ' } else { c }).collect();
    let title = if title.trim().is_empty() { "Files" } else { title.trim() };
    let name = safe_name(title);
    for number in 1..NAMES {
        let path = folder.join(if number == 1 { name.clone() } else { format!("{name} ({number})") });
        match fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(too_many())
}

/// Numbers that are tried behind a name that is taken.
const NAMES: u32 = 10_000;

fn too_many() -> io::Error {
    io::Error::new(io::ErrorKind::AlreadyExists, "there are too many of this name in the folder")
}

/// Writes a file whose name is not taken yet, and marks it as one from elsewhere.
pub(super) fn save_new(
    folder: &Path,
    name: &str,
    mut fill: impl FnMut(&mut File) -> io::Result<()>,
) -> io::Result<PathBuf> {
    let (stem, ending) = split_ending(name);
    for number in 1..NAMES {
        let candidate = if number == 1 { name.to_owned() } else { format!("{stem} ({number}){ending}") };
        let path = folder.join(candidate);
        // create_new is O_EXCL: neither a file nor a link that lies there is followed.
        let mut file = match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            Err(error) => return Err(error),
        };
        if let Err(error) = fill(&mut file).and_then(|()| mark(&path)) {
            drop(file);
            fs::remove_file(&path)?;
            return Err(error);
        }
        return Ok(path);
    }
    Err(too_many())
}

/// The mark of a file from elsewhere: on Windows the zone stream (zone 3, the internet).
#[cfg(windows)]
fn mark(path: &Path) -> io::Result<()> {
    let mut stream = path.as_os_str().to_owned();
    stream.push(":Zone.Identifier");
    match fs::write(stream, "[ZoneTransfer]\r\nZoneId=3\r\n") {
        // FAT has no streams; a copy there cannot be marked.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::InvalidFilename | io::ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        other => other,
    }
}

/// Linux knows no such mark; new files are not executable there.
#[cfg(not(windows))]
fn mark(_: &Path) -> io::Result<()> {
    Ok(())
}
