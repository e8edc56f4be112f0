//! Which mailboxes lie below a path.

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use crate::whatsapp::export;

/// Folders within folders that are looked into.
const MAX_DEPTH: usize = 16;
/// Mailboxes that are listed.
const MAX_MAILBOXES: usize = 10_000;

/// How a mailbox keeps its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One file of many messages (RFC 4155).
    Mbox,
    /// One message in a file.
    Message,
    /// A folder of message files.
    Folder,
    /// A folder with `cur`, `new` and `tmp`.
    Maildir,
}

/// A mailbox.
#[derive(Clone, Debug)]
pub(super) struct Mailbox {
    pub(super) kind: Kind,
    pub(super) path: PathBuf,
    /// What to show.
    pub(super) name: String,
}

impl Mailbox {
    /// Its remote name: the path.
    pub(super) fn remote(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }
}

/// The mailboxes at and below these paths, each once, in a stable order.
pub(super) fn mailboxes(paths: &[PathBuf]) -> Vec<Mailbox> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            below(path, 0, &mut found);
        } else if let Some(kind) = kind_of(path, true) {
            found.push(Mailbox { kind, path: path.clone(), name: name(path) });
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|mailbox| seen.insert(mailbox.remote()));
    found
}

fn below(folder: &Path, depth: usize, found: &mut Vec<Mailbox>) {
    if found.len() >= MAX_MAILBOXES {
        return;
    }
    let maildir = folder.join("cur").is_dir() && folder.join("new").is_dir();
    if maildir {
        found.push(Mailbox { kind: Kind::Maildir, path: folder.to_path_buf(), name: name(folder) });
    }
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    // A link may lead back up; what it leads to can be named itself.
    let mut paths: Vec<_> =
        entries.flatten().filter(|entry| !entry.path().is_symlink()).map(|entry| entry.path()).collect();
    paths.sort();
    let mut messages = false;
    let mut folders = Vec::new();
    // The files of an exported chat have numbers for names, as mails of many archives do.
    let chat = paths.iter().any(|path| is_text(path) && export::is_export(path));
    for path in paths {
        if path.is_dir() {
            let part =
                maildir && path.file_name().is_some_and(|name| ["cur", "new", "tmp"].iter().any(|part| name == *part));
            if !part {
                folders.push(path);
            }
        } else if !maildir {
            match kind_of(&path, false) {
                Some(Kind::Mbox) => found.push(Mailbox { kind: Kind::Mbox, name: name(&path), path }),
                Some(_) => messages |= !chat,
                None => {}
            }
        }
    }
    if messages {
        found.push(Mailbox { kind: Kind::Folder, path: folder.to_path_buf(), name: name(folder) });
    }
    if depth < MAX_DEPTH {
        for path in folders {
            below(&path, depth + 1, found);
        }
    }
}

fn is_text(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("txt"))
}

/// What a file is. `named`: the person chose this very file.
fn kind_of(path: &Path, named: bool) -> Option<Kind> {
    if export::is_export(path) {
        return None;
    }
    if is_message(path) {
        return Some(Kind::Message);
    }
    let mut start = [0; 64];
    let length = File::open(path).and_then(|mut file| file.read(&mut start)).unwrap_or(0);
    let start = start.get(..length).unwrap_or_default();
    let extension = path.extension().map(|extension| extension.to_ascii_lowercase());
    if start.starts_with(b"From ") || extension.is_some_and(|extension| extension == "mbox") && length == 0 {
        return Some(Kind::Mbox);
    }
    let first = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let field = first.iter().position(|byte| *byte == b':').is_some_and(|colon| {
        colon > 0 && first.get(..colon).is_some_and(|name| name.iter().all(|byte| byte.is_ascii_graphic()))
    });
    (named && field).then_some(Kind::Message)
}

/// A file of one message, by its name: `.eml`, `.emlx`, or a number as MH and many archives use it.
pub(super) fn is_message(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_ascii_lowercase());
    match extension {
        Some(extension) if extension == "eml" || extension == "emlx" => true,
        Some(extension) if extension == "mbox" => false,
        _ => path.file_name().is_some_and(|name| name.as_encoded_bytes().first().is_some_and(u8::is_ascii_digit)),
    }
}

/// A name to show: without the extension, and without the dots of Maildir++ (`.Work.Offers`).
fn name(path: &Path) -> String {
    let full = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let short =
        [".mbox", ".mbx", ".eml", ".emlx", ".sbd"].iter().find_map(|end| full.strip_suffix(end)).unwrap_or(&full);
    let short = short.trim_start_matches('.').replace('.', if full.starts_with('.') { "/" } else { "." });
    if short.is_empty() { full } else { short }
}
