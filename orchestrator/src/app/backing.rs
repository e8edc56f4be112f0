//! Backing everything up, while it is used.

use std::path::PathBuf;

use super::{App, blocking};
use crate::{
    api::{
        ApiError, ErrorCode,
        types::{BackedUp, BackupParams, WorkKind},
    },
    backup::{self, Material},
};

/// Bytes of a piece of the work that is shown.
const PIECE: u64 = 1 << 20;

impl App {
    /// `data.backup`.
    pub(crate) async fn back_up(&self, params: BackupParams) -> Result<BackedUp, ApiError> {
        if params.file.trim().is_empty() {
            return Err(ApiError::invalid("Name the file to write the backup to, such as inlet.zip."));
        }
        let file = std::path::absolute(PathBuf::from(&params.file))
            .map_err(|error| ApiError::invalid(format!("{} cannot be written: {error}.", params.file)))?;
        let config = self.data_dir.join("config.toml");
        let config = match std::fs::read(&config) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(ApiError::new(ErrorCode::Failed, format!("{}: {error}.", config.display()))),
        };
        let snapshot = self.store.snapshot().await?;
        let material = Material { snapshot, attachments: self.attachments.clone(), config, made_at: self.clock.now() };
        let (material, size) = blocking(move || material.size().map(|size| (material, size))).await??;
        let total = size.div_ceil(PIECE);
        let mut work = self.works.begin(WorkKind::Backup, &file.display().to_string(), Some(total));
        let runtime = tokio::runtime::Handle::current();
        blocking(move || {
            let (mut done, mut told) = (0, 0);
            let mut step = |more: u64| {
                done += more;
                if done / PIECE == told {
                    return Ok(());
                }
                told = done / PIECE;
                runtime.block_on(work.step(told))
            };
            backup::write(&material, &file, &mut step)
        })
        .await?
    }
}
