//! Diagnostics: facts about this Inlet that help whoever mends it, and name nobody.
//!
//! The bundle is built from an allow-list, never by taking things out of something larger: what a
//! person or a server has written (names, addresses, subjects, bodies, error sentences, folders)
//! does not get in, so nothing has to be found and masked in it.

use std::{fs, io::Write, path::Path};

use serde_json::{Value, json};

use super::{App, attachments::downloads, blocking};
use crate::{
    api::{
        ApiError, ErrorCode,
        types::{BundleParams, Diagnostics, Nothing, Saved, Setting, SettingKind, SourceFacts, StoredBytes},
    },
    logs,
    store::{outbox as ops, source},
};

impl App {
    /// `diagnostics.get`.
    pub(crate) async fn diagnose(&self, _: Nothing) -> Result<Diagnostics, ApiError> {
        let status = self.status(Nothing {}).await?;
        let dir = self.data_dir.clone();
        let bytes = blocking(move || stored(&dir)).await?;
        let (sources, outbox) =
            self.store.read(|reader| Ok((source::all(&reader.main)?, ops::count_by_state(&reader.main)?))).await?;
        Ok(Diagnostics {
            version: status.version,
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            bytes,
            items: sources.iter().map(|source| source.items).sum(),
            sources: sources
                .into_iter()
                .map(|source| SourceFacts {
                    id: logs::mask(&source.id.to_string()),
                    source_type: source.source_type,
                    state: source.state,
                    items: source.items,
                    complete: source.progress.complete,
                    last_heard: source.last_heard,
                })
                .collect(),
            rev: status.rev,
            index_behind: status.index_behind,
            outbox: outbox.into_iter().collect(),
        })
    }

    /// `diagnostics.save`.
    pub(crate) async fn save_diagnostics(&self, params: BundleParams) -> Result<Saved, ApiError> {
        let facts = self.diagnose(Nothing {}).await?;
        let now = self.clock.now();
        let settings: serde_json::Map<String, Value> = self
            .list_config(Nothing {})
            .await?
            .iter()
            .map(|setting| (setting.key.clone(), json!({ "value": plain(setting), "origin": setting.origin })))
            .collect();
        let bundle = json!({ "at": now, "facts": facts, "settings": settings, "felt": params.felt });
        let folder = params.folder.filter(|folder| !folder.trim().is_empty()).map_or_else(downloads, Into::into);
        let stem = format!("inlet-diagnostics-{}", now.strftime("%Y%m%d-%H%M%S"));
        let text = format!("{bundle:#}\n");
        let shown = folder.display().to_string();
        blocking(move || write(&folder, &stem, &text)).await?.map_err(|error| {
            ApiError::new(
                ErrorCode::Failed,
                format!("Nothing can be written to {shown}: {error}. Choose another folder."),
            )
        })
    }
}

/// A setting's value, where it is one of a few; a text of the person's own is only said to be there.
fn plain(setting: &Setting) -> &str {
    match setting.kind {
        SettingKind::Text { .. } if setting.value == setting.default => "default",
        SettingKind::Text { .. } => "changed",
        _ => &setting.value,
    }
}

/// Writes a file that was not there before.
fn write(folder: &Path, stem: &str, text: &str) -> std::io::Result<Saved> {
    /// Bundles of one second.
    const MOST: u32 = 100;
    fs::create_dir_all(folder)?;
    for number in 1..=MOST {
        let tail = if number == 1 { String::new() } else { format!("-{number}") };
        let path = folder.join(format!("{stem}{tail}.json"));
        match fs::File::create_new(&path) {
            Ok(mut file) => {
                file.write_all(text.as_bytes())?;
                return Ok(Saved { path: path.display().to_string() });
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(std::io::ErrorKind::AlreadyExists.into())
}

/// What the data directory takes.
pub(super) fn stored(dir: &Path) -> StoredBytes {
    let mut bytes = StoredBytes { index: size(&dir.join("index")), ..StoredBytes::default() };
    bytes.attachments = size(&dir.join("attachments"));
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let kind = if name.starts_with("inlet.db") {
            &mut bytes.database
        } else if name.starts_with("bodies.db") {
            &mut bytes.bodies
        } else if name == "index" || name == "attachments" {
            continue;
        } else {
            &mut bytes.other
        };
        *kind += size(&entry.path());
    }
    bytes
}

/// Bytes of a file or of all files in a folder; links are not followed, what has gone counts nothing.
fn size(path: &Path) -> u64 {
    let Ok(meta) = fs::symlink_metadata(path) else { return 0 };
    if !meta.is_dir() {
        return meta.len();
    }
    fs::read_dir(path).into_iter().flatten().flatten().map(|entry| size(&entry.path())).sum()
}
