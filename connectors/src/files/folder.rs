//! A file for each message: .eml files, MH folders, Maildirs.
//!
//! The names in order are the sequence of messages. A cursor is the last name taken and the number
//! of names up to it: if that number is another one, a file came or went in between and the
//! folder is read again.

use std::{fs, path::PathBuf};

use inlet_model::{Flags, RemoteId, Result, SourceError, Timestamp};

use super::{
    MAX_MESSAGE, PAGE_BYTES, PAGE_ITEMS, Place, Raw, Taken,
    find::{Kind, Mailbox, is_message},
    gone, mbox,
};

struct Entry {
    /// Name without the flags of a Maildir, which change.
    base: String,
    path: PathBuf,
    flags: Flags,
}

/// The messages of a mailbox, by name.
fn entries(mailbox: &Mailbox) -> Result<Vec<Entry>> {
    let read = Flags { read: true, ..Flags::default() };
    let mut found = Vec::new();
    let mut list = |folder: PathBuf, maildir: bool| {
        let entries = fs::read_dir(&folder).map_err(|_| gone(&folder))?;
        for entry in entries.flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            // Only what a link leads to has to be looked up.
            let folder = entry.file_type().is_ok_and(|kind| kind.is_dir() || kind.is_symlink() && path.is_dir());
            if folder || maildir && name.starts_with('.') || !maildir && !is_message(&path) {
                continue;
            }
            let (base, flags) = if maildir { maildir_name(&name) } else { (name.as_str(), read) };
            found.push(Entry { base: base.to_owned(), path, flags });
        }
        Ok(())
    };
    match mailbox.kind {
        Kind::Maildir => {
            list(mailbox.path.join("new"), true)?;
            list(mailbox.path.join("cur"), true)?;
        }
        Kind::Folder => list(mailbox.path.clone(), false)?,
        Kind::Message | Kind::Mbox => {
            let base = mailbox.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            found.push(Entry { base, path: mailbox.path.clone(), flags: read });
        }
    }
    found.sort_by(|a, b| a.base.cmp(&b.base));
    found.dedup_by(|a, b| a.base == b.base);
    Ok(found)
}

/// Splits `base:2,FLAGS`; on Windows the colon is another sign.
fn maildir_name(name: &str) -> (&str, Flags) {
    for separator in [":2,", ";2,", "!2,"] {
        if let Some((base, letters)) = name.rsplit_once(separator) {
            let has = |letter| letters.contains(letter);
            let flags = Flags { read: has('S'), starred: has('F'), answered: has('R'), draft: has('D') };
            return (base, flags);
        }
    }
    (name, Flags::default())
}

/// The files of a mailbox as they were listed, and how many of them were taken.
pub(super) struct Listing {
    remote: String,
    entries: Vec<Entry>,
    taken: usize,
}

impl Listing {
    /// The page after `place` of the mailbox `remote` can be taken from this.
    pub(super) fn goes_on(&self, remote: &str, place: Option<&Place>) -> bool {
        let Some(Place::Folder { after, done }) = place else { return false };
        let last = self.taken.checked_sub(1).and_then(|last| self.entries.get(last));
        self.remote == remote
            && usize::try_from(*done).is_ok_and(|done| done == self.taken)
            && last.is_some_and(|last| last.base == *after)
    }
}

/// A page of a mailbox, listed anew, and the listing for the page after it.
pub(super) fn take(mailbox: &Mailbox, place: Option<Place>) -> Result<(Taken, Option<Listing>)> {
    let entries = entries(mailbox)?;
    let start = match place {
        None => 0,
        Some(Place::Folder { after, done }) => {
            let before = entries.partition_point(|entry| entry.base <= after);
            let expected = usize::try_from(done).map_err(|_| SourceError::CursorExpired)?;
            let there = before == 0 || entries.get(before - 1).is_some_and(|entry| entry.base == after);
            if before != expected || !there {
                return Err(SourceError::CursorExpired);
            }
            before
        }
        Some(Place::Mbox { .. }) => return Err(SourceError::CursorExpired),
    };
    Ok(page(Listing { remote: mailbox.remote(), entries, taken: start }))
}

/// The next page of a mailbox that was listed before; nothing when a file has gone since.
pub(super) fn next(listing: Listing) -> Option<(Taken, Option<Listing>)> {
    let there = listing.entries.iter().skip(listing.taken).take(PAGE_ITEMS).all(|entry| entry.path.exists());
    there.then(|| page(listing))
}

fn page(mut listing: Listing) -> (Taken, Option<Listing>) {
    let (start, entries) = (listing.taken, &listing.entries);
    let mut messages = Vec::new();
    let mut poison = Vec::new();
    let (mut end, mut bytes) = (start, 0);
    for entry in entries.iter().skip(start) {
        if bytes >= PAGE_BYTES || end - start >= PAGE_ITEMS {
            break;
        }
        end += 1;
        let id = RemoteId(entry.base.clone());
        match read(entry) {
            Ok(raw) => {
                bytes += raw.len();
                let at = fs::metadata(&entry.path)
                    .and_then(|data| data.modified())
                    .ok()
                    .and_then(|time| Timestamp::try_from(time).ok());
                messages.push(Raw { id, bytes: raw, flags: entry.flags, at });
            }
            Err(error) => poison.push((id, error.to_string())),
        }
    }
    let after = end.checked_sub(1).and_then(|last| entries.get(last)).map(|entry| entry.base.clone());
    let more = end < entries.len();
    let place = Place::Folder { after: after.unwrap_or_default(), done: end as u64 };
    let (done, total) = (end as u64, entries.len() as u64);
    let (present, kept) = if more {
        listing.taken = end;
        (None, Some(listing))
    } else {
        let whole = end > start || listing.entries.is_empty();
        (whole.then(|| listing.entries.into_iter().map(|entry| RemoteId(entry.base)).collect()), None)
    };
    (Taken { messages, poison, place, done, total, more, present }, kept)
}

/// One message by its name.
pub(super) fn one(mailbox: &Mailbox, id: &RemoteId) -> Result<Vec<u8>> {
    let entry = entries(mailbox)?.into_iter().find(|entry| entry.base == id.0);
    read(&entry.ok_or_else(|| gone(&mailbox.path))?)
}

fn read(entry: &Entry) -> Result<Vec<u8>> {
    let size = fs::metadata(&entry.path).map_err(|_| gone(&entry.path))?.len();
    if size > MAX_MESSAGE as u64 {
        return Err(mbox::too_large());
    }
    let raw = fs::read(&entry.path).map_err(|_| gone(&entry.path))?;
    if entry.path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("emlx")) {
        return Ok(apple(raw));
    }
    // Archives keep the separator line of the mbox a message was taken out of.
    if raw.starts_with(b"From ") {
        let line = memchr::memchr(b'\n', &raw).map_or(raw.len(), |end| end + 1);
        return Ok(raw.get(line..).unwrap_or_default().to_vec());
    }
    Ok(raw)
}

/// Apple Mail writes the length of the message above it and a property list below.
fn apple(raw: Vec<u8>) -> Vec<u8> {
    let Some(line) = memchr::memchr(b'\n', &raw) else {
        return raw;
    };
    let length = raw
        .get(..line)
        .and_then(|digits| std::str::from_utf8(digits).ok())
        .and_then(|digits| digits.trim().parse().ok());
    let message = length.and_then(|length: usize| raw.get(line + 1..line + 1 + length));
    message.map(<[u8]>::to_vec).unwrap_or(raw)
}
