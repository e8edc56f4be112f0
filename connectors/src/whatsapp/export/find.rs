//! Which exports lie at and below a path.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::archive::{Export, export};

/// Folders within folders that are looked into.
const DEPTH: usize = 16;
/// Exports that are listed.
const MOST: usize = 10_000;

/// A file is an export of a chat. One that was put away was one if its name could be: whoever brought it in
/// keeps what came of it.
pub(crate) fn is_export(path: &Path) -> bool {
    let named = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("txt") || end.eq_ignore_ascii_case("zip"));
    export(path).is_some() || named && !path.exists()
}

/// There is one below this folder.
pub(crate) fn below(folder: &Path) -> bool {
    folder.is_dir() && !exports(&[folder.to_path_buf()], 1).is_empty()
}

/// The exports at and below these paths, each once, in a stable order.
pub(super) fn all(paths: &[PathBuf]) -> Vec<Export> {
    exports(paths, MOST)
}

fn exports(paths: &[PathBuf], most: usize) -> Vec<Export> {
    let mut found = Vec::new();
    for path in paths {
        look(path, 0, most, &mut found);
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found.dedup_by(|a, b| a.path == b.path);
    found
}

fn look(path: &Path, depth: usize, most: usize, found: &mut Vec<Export>) {
    if found.len() >= most {
        return;
    }
    if !path.is_dir() {
        found.extend(export(path));
        return;
    }
    // A Maildir holds mail alone, and may hold very much of it.
    if depth > DEPTH || path.join("cur").is_dir() && path.join("new").is_dir() {
        return;
    }
    let Ok(entries) = fs::read_dir(path) else { return };
    // A link may lead back up; what it leads to can be named itself.
    for entry in entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_symlink())) {
        look(&entry.path(), depth + 1, most, found);
    }
}
