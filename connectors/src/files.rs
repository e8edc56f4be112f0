//! Mail brought in by hand: mbox files, .eml files, Maildirs, and folders of those. Exports of chats are told
//! apart here and read by [`crate::whatsapp::export`].
//!
//! | room | what |
//! |---|---|
//! | [`find`] | which mailboxes lie below a path |
//! | [`mbox`] | one file of many messages, read as a stream |
//! | [`folder`] | one file per message: .eml, Maildir, MH |
//!
//! Every mailbox is a scope. A page is so many bytes, not so many messages, so that a mailbox of
//! attachments costs no more memory than one of notes; where it ended is the cursor, and an import
//! that was broken off goes on there. Nothing is ever written: what is read, starred or moved in
//! Inlet stays in Inlet.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use inlet_model::{
    AnySource, Applied, Capabilities, CheckReport, CheckStep, Cursor, Flags, Intent, Kind as Family, MailOp,
    MailSource, OpKey, Page, PartRef, PartSink, Progress, RemoteId, Result, Scope, ScopeRole, Source, SourceError,
    SourceType, UnifiedEmail, account::FilesConfig, mime,
};
use serde::{Deserialize, Serialize};

use crate::{
    imap::mime::{digest_id, parse_whole},
    whatsapp::export,
};

mod find;
mod folder;
mod mbox;

use find::{Kind, Mailbox};

/// Bytes of mail in one page.
const PAGE_BYTES: usize = 8 << 20;
/// Messages in one page.
const PAGE_ITEMS: usize = 200;
/// A larger message is recorded as unreadable: it would not fit beside its own parts in memory.
const MAX_MESSAGE: usize = 256 << 20;

/// The sources of imported files: mail, chats, or both. Where nobody knows yet what is in them
/// ([`FilesConfig::holds`]), they are looked through.
///
/// # Errors
/// [`SourceError::Permanent`] when there is no path, or none of a time zone that is named.
pub(crate) fn open(config: &FilesConfig) -> Result<Vec<AnySource>> {
    if config.paths.is_empty() {
        return Err(SourceError::Permanent("Choose a file or folder to bring in.".to_owned()));
    }
    let (mail, chats) = match &config.holds {
        Some(holds) => (holds.contains(&Family::Mail), holds.contains(&Family::Chat)),
        None => (config.paths.iter().any(|path| has_mail(path)), config.paths.iter().any(|path| has_chats(path))),
    };
    let mut sources = Vec::new();
    if chats {
        sources.push(export::open(config)?);
    }
    if mail {
        sources.insert(0, AnySource::Mail(Arc::new(Files::new(config.paths.clone()))));
    }
    Ok(sources)
}

fn has_chats(path: &Path) -> bool {
    export::is_export(path) || export::below(path)
}

/// There is mail here, or what is missing may have been.
fn has_mail(path: &Path) -> bool {
    !export::is_export(path) && (!export::below(path) || !find::mailboxes(&[path.to_path_buf()]).is_empty())
}

/// The mailboxes at and below these paths. Walks them.
fn mailboxes(paths: &[PathBuf]) -> Vec<Mailbox> {
    let paths: Vec<PathBuf> = paths.iter().filter(|path| !export::is_export(path)).cloned().collect();
    find::mailboxes(&paths)
}

struct Files {
    paths: Vec<PathBuf>,
    /// The folder that is being read, as it was listed for the page before: listing a large one anew
    /// for each page takes longer than reading its mail.
    listing: Arc<Mutex<Option<folder::Listing>>>,
}

/// Where a page ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "in", rename_all = "snake_case", deny_unknown_fields)]
enum Place {
    /// In an mbox file: the next separator line begins at this byte, so many messages lie before
    /// it, and the file began like this.
    Mbox { offset: u64, done: u64, head: mbox::Head },
    /// In a folder: after this name, which so many names precede (itself included).
    Folder { after: String, done: u64 },
}

/// A message as it lies in a file.
struct Raw {
    id: RemoteId,
    bytes: Vec<u8>,
    flags: Flags,
    /// When it came, if the message itself does not say.
    at: Option<inlet_model::Timestamp>,
}

/// What one reading of a mailbox yields.
struct Taken {
    messages: Vec<Raw>,
    poison: Vec<(RemoteId, String)>,
    place: Place,
    done: u64,
    total: u64,
    more: bool,
    /// Everything in the mailbox, when this was the last page.
    present: Option<Vec<RemoteId>>,
}

fn gone(path: &Path) -> SourceError {
    SourceError::Permanent(format!(
        "{} cannot be read: put it back where it was, or bring it in again from where it is now.",
        path.display()
    ))
}

/// Reads files away from the threads that serve connections.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| {
        Err(SourceError::Permanent("This mailbox could not be read: report this as a fault.".to_owned()))
    })
}

impl Files {
    fn new(paths: Vec<PathBuf>) -> Self {
        Self { paths, listing: Arc::default() }
    }

    async fn mailbox(&self, remote: &str) -> Result<Mailbox> {
        let (paths, remote) = (self.paths.clone(), remote.to_owned());
        blocking(move || {
            mailboxes(&paths)
                .into_iter()
                .find(|mailbox| mailbox.remote() == remote)
                .ok_or_else(|| gone(Path::new(&remote)))
        })
        .await
    }

    fn keep(&self, listing: Option<folder::Listing>) {
        if let Ok(mut kept) = self.listing.lock() {
            *kept = listing;
        }
    }
}

#[async_trait]
impl Source for Files {
    type Item = UnifiedEmail;
    type Op = MailOp;

    fn source_type(&self) -> SourceType {
        SourceType::Files
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }

    async fn check(&self) -> Result<CheckReport> {
        let paths = self.paths.clone();
        blocking(move || {
            let steps = paths.iter().filter(|path| has_mail(path)).map(|path| step(path)).collect();
            Ok(CheckReport { steps, ..CheckReport::default() })
        })
        .await
    }

    async fn scopes(&self) -> Result<Vec<Scope>> {
        let paths = self.paths.clone();
        blocking(move || Ok(mailboxes(&paths).iter().map(scope).collect())).await
    }

    async fn pull(&self, scope: &Scope, since: Option<&Cursor>) -> Result<Page<UnifiedEmail>> {
        let place: Option<Place> = match since {
            Some(cursor) => Some(cursor.read()?),
            None => None,
        };
        let sent = scope.role == ScopeRole::Sent;
        let kept = self.listing.lock().ok().and_then(|mut kept| kept.take());
        if let Some(kept) = kept.filter(|kept| kept.goes_on(&scope.remote, place.as_ref())) {
            let went_on = blocking(move || {
                let Some((taken, kept)) = folder::next(kept) else { return Ok(None) };
                Ok(Some((page(taken, sent), kept)))
            });
            if let Some((page, kept)) = went_on.await? {
                self.keep(kept);
                return Ok(page);
            }
        }
        let mailbox = self.mailbox(&scope.remote).await?;
        let (page, kept) = blocking(move || {
            let (taken, kept) = match mailbox.kind {
                Kind::Mbox => (mbox::take(&mailbox.path, place)?, None),
                _ => folder::take(&mailbox, place)?,
            };
            Ok((page(taken, sent), kept))
        })
        .await?;
        self.keep(kept);
        Ok(page)
    }

    async fn fetch(&self, part: &PartRef, into: &mut dyn PartSink) -> Result<()> {
        let mailbox = self.mailbox(&part.scope).await?;
        let (id, section) = (part.remote_id.clone(), part.part.clone());
        let bytes = blocking(move || {
            let raw = match mailbox.kind {
                Kind::Mbox => mbox::one(&mailbox.path, &id)?,
                _ => folder::one(&mailbox, &id)?,
            };
            if section.is_empty() {
                return Ok(raw);
            }
            mime::section(&raw, &section).map(|part| part.bytes).ok_or_else(|| {
                SourceError::Permanent(
                    "This attachment is no longer in the imported file: bring it in again.".to_owned(),
                )
            })
        })
        .await?;
        into.write(&bytes).await
    }

    fn plan(&self, _: &OpKey, intent: &Intent) -> Result<Option<MailOp>> {
        match intent {
            Intent::Send(_) | Intent::Rsvp { .. } | Intent::SaveDraft(_) | Intent::DropDraft { .. } => Err(read_only()),
            // Flags and places of imported mail are kept by Inlet alone.
            Intent::SetFlags { .. }
            | Intent::Move { .. }
            | Intent::Label { .. }
            | Intent::Expunge { .. }
            | Intent::Tick { .. }
            | Intent::React { .. } => Ok(None),
        }
    }

    async fn apply(&self, _: &OpKey, _: &MailOp) -> Result<Applied> {
        Err(read_only())
    }

    async fn find_applied(&self, _: &OpKey, _: &MailOp) -> Result<Option<Applied>> {
        Ok(None)
    }
}

impl MailSource for Files {}

fn read_only() -> SourceError {
    SourceError::Permanent("Imported mail can only be read: choose another account to send from.".to_owned())
}

fn step(path: &Path) -> CheckStep {
    let name = format!("Read {}", path.display());
    let fail = |detail: &str, fix: &str| CheckStep::failed(&name, detail, fix);
    match fs::metadata(path) {
        Err(_) => fail("not there, or not readable", "Check the path, and whether you may open it."),
        Ok(_) => match find::mailboxes(std::slice::from_ref(&path.to_path_buf())).len() {
            0 => fail(
                "no mail in it",
                "Choose an mbox file, an .eml file, a Maildir, an export of a WhatsApp chat, or a folder of those.",
            ),
            1 => CheckStep::passed(name, "1 mailbox"),
            count => CheckStep::passed(name, format!("{count} mailboxes")),
        },
    }
}

fn scope(mailbox: &Mailbox) -> Scope {
    Scope { remote: mailbox.remote(), name: mailbox.name.clone(), role: role(&mailbox.name), pulled: true, live: false }
}

/// The role a mailbox plays by its name. An imported inbox is an archive: nobody waits for what is
/// in it.
fn role(name: &str) -> ScopeRole {
    let name = name.to_lowercase();
    let is = |words: &[&str]| words.iter().any(|word| name == *word);
    if is(&["sent", "sent items", "sent mail", "sent messages", "gesendet"]) {
        ScopeRole::Sent
    } else if is(&["drafts", "draft", "entwürfe", "templates"]) {
        ScopeRole::Drafts
    } else if is(&["trash", "deleted items", "deleted messages", "bin", "papierkorb"]) {
        ScopeRole::Trash
    } else if is(&["junk", "spam", "junk e-mail"]) {
        ScopeRole::Junk
    } else if is(&["inbox", "archive", "archives", "all mail"]) {
        ScopeRole::Archive
    } else {
        ScopeRole::Other
    }
}

fn page(taken: Taken, sent: bool) -> Page<UnifiedEmail> {
    let mut page = Page::empty(Cursor::of(&taken.place));
    page.upserts = taken.messages.into_iter().map(|raw| mail(raw, sent)).collect();
    page.poison = taken.poison;
    page.present = taken.present;
    page.more = taken.more;
    page.progress = Some(Progress {
        done: taken.done,
        total: Some(taken.total.max(taken.done)),
        since: None,
        complete: !taken.more,
    });
    page
}

fn mail(raw: Raw, sent: bool) -> UnifiedEmail {
    let mut mail = parse_whole(raw.bytes, &[]);
    mail.remote_id = Some(raw.id);
    mail.flags = raw.flags;
    // Whose mail this was is not written anywhere, but what lies in Sent was sent.
    mail.from_me = sent;
    if mail.date.is_none() {
        mail.received_at = raw.at;
    }
    mail.stable_id = digest_id(&mail);
    mail
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests;
