//! Files of messages, and messages as files: fetched, kept, looked at, saved, handed to other programs.

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use inlet_model::{AttachmentId, ItemId, Kind, PartRef, PartSink, SourceError, SourceId};
use url::Url;

use super::App;
use crate::{
    api::{
        ApiError, ErrorCode,
        types::{
            AttachmentData, AttachmentParams, Compose, ComposeAttachment, HeldFile, OpenParams, RawParams, RawView,
            SaveParams, Saved, SavedAll,
        },
    },
    clock::DAY,
    event::Event,
    feed::Feed,
    files::{self, Writing},
    registry::Live,
    store::{
        attachment::{self, AttachmentRow},
        body,
        item::{self, ItemRow},
        placement,
    },
    sync::before,
};

/// The largest attachment that is handed to the window in one piece.
const LARGEST_INLINE: u64 = 32 << 20;
/// Bytes between two words about how far a file has come.
const STEP: u64 = 256 << 10;
/// Where copies lie that other programs open.
const OPENED: &str = "opened";

impl App {
    /// `attachment.data`.
    pub(crate) async fn attachment_data(&self, params: AttachmentParams) -> Result<AttachmentData, ApiError> {
        let (row, hash) = self.fetch_attachment(params.id).await?;
        let bytes = self.held_bytes(&hash, LARGEST_INLINE)?.ok_or_else(|| {
            ApiError::new(ErrorCode::Refused, "This file is too large to be shown here; save it instead.")
        })?;
        Ok(AttachmentData {
            name: files::safe_name(&row.info.name),
            mime: row.info.mime,
            base64: STANDARD.encode(bytes),
        })
    }

    /// `attachment.along`.
    pub(crate) async fn attachment_along(&self, params: AttachmentParams) -> Result<ComposeAttachment, ApiError> {
        let (row, hash) = self.fetch_attachment(params.id).await?;
        let size = self.attachments.size(&hash).map_err(|error| unreadable(&error))?;
        Ok(ComposeAttachment {
            name: files::safe_name(&row.info.name),
            mime: row.info.mime,
            base64: String::new(),
            content_id: None,
            held: Some(HeldFile { id: row.id, size }),
        })
    }

    /// Sees to it that the files of other messages that go along with one are here; their digests.
    pub(super) async fn held_files(&self, message: &Compose) -> Result<HashMap<AttachmentId, String>, ApiError> {
        let mut hashes = HashMap::new();
        for file in &message.attachments {
            let Some(held) = file.held else { continue };
            let (_, hash) = self.fetch_attachment(held.id).await.map_err(|error| match error.code {
                ErrorCode::NotFound => ApiError::new(
                    ErrorCode::Refused,
                    format!("The file \"{}\" is here no longer; remove it from the message.", file.name),
                ),
                _ => error,
            })?;
            hashes.insert(held.id, hash);
        }
        Ok(hashes)
    }

    /// The bytes of a file that is here, unless they are more than so many.
    pub(super) fn held_bytes(&self, hash: &str, most: u64) -> Result<Option<Vec<u8>>, ApiError> {
        self.attachments.read(hash, most).map_err(|error| unreadable(&error))
    }

    /// `attachment.save`.
    pub(crate) async fn save_attachment(&self, params: AttachmentParams) -> Result<Saved, ApiError> {
        let (row, hash) = self.fetch_attachment(params.id).await?;
        let folder = folder_of(params.folder);
        let path =
            self.attachments.save_as(&hash, &folder, &row.info.name).map_err(|error| unsaved(&folder, &error))?;
        Ok(Saved { path: path.display().to_string() })
    }

    /// `attachment.save_all`.
    pub(crate) async fn save_all_attachments(&self, params: SaveParams) -> Result<SavedAll, ApiError> {
        let id = params.item;
        let (item, parts) = self
            .store
            .read(move |reader| {
                let Some(item) = item::get(&reader.main, id)? else { return Ok(None) };
                Ok(Some((item, attachment::of_item(&reader.main, id)?)))
            })
            .await?
            .ok_or_else(|| ApiError::not_found(format!("The item {id}")))?;
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.info.inline).collect();
        if parts.is_empty() {
            return Err(ApiError::invalid("This message has no files."));
        }
        let folder = folder_of(params.folder);
        let dir = files::new_folder(&folder, &item.title).map_err(|error| unsaved(&folder, &error))?;
        let (mut saved, mut left_out, mut first) = (0, Vec::new(), None);
        for part in parts {
            // A file that cannot be had does not keep the others away.
            match self.save_into(&part, &dir).await {
                Ok(()) => saved += 1,
                Err(error) => {
                    left_out.push(format!("{}: {}", files::safe_name(&part.info.name), error.message));
                    first.get_or_insert(error);
                }
            }
        }
        match first {
            Some(error) if saved == 0 => {
                let _ = std::fs::remove_dir(&dir);
                Err(error)
            }
            _ => Ok(SavedAll { path: dir.display().to_string(), files: saved, left_out }),
        }
    }

    async fn save_into(&self, part: &AttachmentRow, dir: &Path) -> Result<(), ApiError> {
        let (row, hash) = self.fetch_attachment(part.id).await?;
        self.attachments.save_as(&hash, dir, &row.info.name).map_err(|error| unsaved(dir, &error))?;
        Ok(())
    }

    /// `attachment.copy`: what is opened is a copy, so that no program changes what is kept.
    pub(crate) async fn copy_attachment(&self, params: OpenParams) -> Result<Saved, ApiError> {
        let (row, hash) = self.fetch_attachment(params.id).await?;
        if files::is_executable(&row.info.name, &row.info.mime) && !params.sure {
            return Err(ApiError::new(
                ErrorCode::Refused,
                "This file can run a program; open it only if you expected it from this sender.",
            ));
        }
        let folder = self.data_dir.join(OPENED).join(hash.get(..16).unwrap_or_default());
        let path = self.attachments.copy_once(&hash, &folder, &row.info.name);
        let path = path.map_err(|error| unsaved(&folder, &error))?;
        Ok(Saved { path: path.display().to_string() })
    }

    /// Forgets the copies that were opened before: whoever had them open has them no more.
    pub(super) fn forget_opened(&self) {
        if self.owns() {
            let _ = std::fs::remove_dir_all(self.data_dir.join(OPENED));
        }
    }

    /// `item.raw`.
    pub(crate) async fn item_raw(&self, params: RawParams) -> Result<RawView, ApiError> {
        let raw = self.raw_of(params.id).await?;
        let shown = raw.get(..params.most.unwrap_or(raw.len())).unwrap_or(&raw);
        Ok(RawView {
            raw: String::from_utf8_lossy(shown).into_owned(),
            size: raw.len() as u64,
            whole: shown.len() == raw.len(),
        })
    }

    /// `item.save`.
    pub(crate) async fn save_item(&self, params: SaveParams) -> Result<Saved, ApiError> {
        let (row, _) = self.item_with_body(params.item).await?;
        if row.kind != Kind::Mail {
            return Err(ApiError::new(ErrorCode::Refused, "Only a mail can be saved as an .eml file."));
        }
        let raw = self.raw_of(params.item).await?;
        let folder = folder_of(params.folder);
        let title = if row.title.trim().is_empty() { "Mail" } else { &row.title };
        let path = files::save_bytes(&raw, &folder, &files::with_ending(title, ".eml"));
        let path = path.map_err(|error| unsaved(&folder, &error))?;
        Ok(Saved { path: path.display().to_string() })
    }

    /// The raw message: as kept, else from the platform.
    pub(super) async fn raw_of(&self, id: ItemId) -> Result<Vec<u8>, ApiError> {
        let (row, body) = self.item_with_body(id).await?;
        if let Some(raw) = body.raw {
            return Ok(raw);
        }
        let mut raw = Vec::new();
        self.fetch(&row, String::new(), &mut raw).await?;
        Ok(raw)
    }

    pub(super) async fn local_bytes(&self, part: &AttachmentRow) -> Option<Vec<u8>> {
        let hash = self.fetch_attachment(part.id).await.ok()?.1;
        self.attachments.read(&hash, LARGEST_INLINE).ok().flatten()
    }

    /// Sees to it that the bytes of an attachment are here; the attachment and their digest.
    async fn fetch_attachment(&self, id: AttachmentId) -> Result<(AttachmentRow, String), ApiError> {
        let (row, item) = self
            .store
            .read(move |reader| {
                let Some(row) = attachment::get(&reader.main, id)? else { return Ok(None) };
                Ok(item::get(&reader.main, row.item)?.map(|item| (row, item)))
            })
            .await?
            .ok_or_else(|| ApiError::not_found(format!("The attachment {id}")))?;
        if let Some(hash) =
            row.hash.clone().filter(|hash| self.attachments.path(hash).is_some_and(|path| path.exists()))
        {
            self.opened(&row).await?;
            return Ok((row, hash));
        }
        if let Some(link) = &row.info.link {
            return Err(elsewhere(link));
        }
        let failed = |error: io::Error| ApiError::new(ErrorCode::Failed, format!("The file cannot be kept: {error}."));
        let mut writing = self.attachments.write(files::MAX_SIZE).map_err(failed)?;
        let kept = self.store.read(move |reader| body::raw(&reader.bodies, item.body)).await?;
        let part = kept.as_deref().and_then(|raw| crate::mime::part(raw, &row.info.part));
        match part {
            Some(part) => writing.write(&part.bytes).await?,
            None => {
                let mut told = Told { into: &mut writing, feed: &self.feed, attachment: id, done: 0, said: 0 };
                self.fetch(&item, row.info.part.clone(), &mut told).await?;
            }
        }
        // Nobody takes it for a file without a name until it has one.
        let _named = self.sweeping.read().await;
        let kept = writing.finish().map_err(failed)?;
        let (hash, size, now) = (kept.hash.clone(), kept.size, self.clock.now());
        self.store.write(move |tx| attachment::set_hash(tx, id, &hash, size, now)).await?;
        Ok((row, kept.hash))
    }

    /// Writes down that somebody looks at a file that is here; once in a day is enough to tell how long it is wanted.
    async fn opened(&self, row: &AttachmentRow) -> Result<(), ApiError> {
        let (id, now) = (row.id, self.clock.now());
        if row.opened.is_none_or(|opened| !(before(now, DAY)..=now).contains(&opened)) {
            self.store.write(move |tx| attachment::set_opened(tx, id, now)).await?;
        }
        Ok(())
    }

    /// Fetches a part of an item from its platform.
    async fn fetch(&self, row: &ItemRow, part: String, into: &mut dyn PartSink) -> Result<(), ApiError> {
        let id = row.id;
        let (scope, remote_id) =
            self.store.read(move |reader| placement::any_remote(&reader.main, id)).await?.ok_or_else(|| {
                ApiError::new(ErrorCode::Refused, "This is only on this computer, and it is not kept whole.")
            })?;
        Ok(self.live(row.source)?.source.fetch(&PartRef { scope, remote_id, part }, into).await?)
    }

    /// A source that can be asked now.
    pub(super) fn live(&self, source: SourceId) -> Result<Live, ApiError> {
        self.registry.get(source).ok_or_else(|| {
            ApiError::from(SourceError::Offline("This account is not open; resume it and try again.".into()))
        })
    }
}

/// A file on its way that says how far it has come.
struct Told<'a> {
    into: &'a mut Writing,
    feed: &'a Feed,
    attachment: AttachmentId,
    done: u64,
    said: u64,
}

#[async_trait]
impl PartSink for Told<'_> {
    async fn write(&mut self, bytes: &[u8]) -> inlet_model::Result<()> {
        self.into.write(bytes).await?;
        self.done += bytes.len() as u64;
        if self.done - self.said >= STEP {
            self.said = self.done;
            self.feed.send(Event::Fetching { attachment: self.attachment, done: self.done });
        }
        Ok(())
    }
}

/// Where a person's downloads go.
pub(super) fn downloads() -> PathBuf {
    std::env::var_os("XDG_DOWNLOAD_DIR")
        .map_or_else(|| std::env::home_dir().unwrap_or_default().join("Downloads"), PathBuf::from)
}

/// The folder that was named, else the downloads, which are made where there are none yet.
pub(super) fn folder_of(named: Option<String>) -> PathBuf {
    named.map_or_else(
        || {
            let folder = downloads();
            // What keeps it from being made keeps the file from being written, and is told then.
            let _ = std::fs::create_dir_all(&folder);
            folder
        },
        PathBuf::from,
    )
}

/// A file whose source gives no bytes of it: asking again changes nothing.
fn elsewhere(link: &str) -> ApiError {
    let host = Url::parse(link).ok().and_then(|link| link.host_str().map(str::to_owned)).unwrap_or_default();
    ApiError::new(ErrorCode::Refused, format!("This file lies at {host}; open it in the browser."))
}

fn unreadable(error: &io::Error) -> ApiError {
    ApiError::new(ErrorCode::Failed, format!("The file cannot be read: {error}."))
}

/// Why nothing could be written into a folder, and what to do.
pub(crate) fn unsaved(folder: &Path, error: &io::Error) -> ApiError {
    let folder = folder.display();
    ApiError::new(
        ErrorCode::Failed,
        match error.kind() {
            io::ErrorKind::NotFound => format!("The folder {folder} does not exist; make it and try again."),
            io::ErrorKind::PermissionDenied => format!("Inlet may not write into {folder}; choose another folder."),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                format!("There is no room left in {folder}; free some and try again.")
            }
            _ => format!("The file cannot be saved in {folder}: {error}."),
        },
    )
}
