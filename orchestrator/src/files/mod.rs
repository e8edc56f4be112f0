//! Attachments: names a stranger chose, bytes a stranger sent.
//!
//! Bytes are kept under their own hash, so a name never becomes a path inside the store and the
//! same file sent twice is kept once. A name is only used when the person saves a file, and then
//! it is ours: one component, visible to its end, never over another file. Nothing is unpacked.

mod executable;
mod kept;
mod name;
mod save;

pub use self::{
    executable::is_executable,
    kept::{Attachments, Kept, MAX_SIZE, Writing},
    name::{MAX_NAME, safe_name, with_ending},
    save::{new_folder, save_bytes},
};

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use std::fs;

    use super::{
        name::{is_invisible, is_reserved},
        *,
    };

    #[tokio::test]
    async fn the_known_attacks() {
        let Ok(shared) = std::env::var("INLET_SHARED") else {
            println!("skipped: the_known_attacks: INLET_SHARED is not set");
            return;
        };
        let text = fs::read_to_string(format!("{shared}/attacks/filenames.json")).unwrap();
        let rows: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        let store = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let attachments = Attachments::open(store.path()).unwrap();
        let mut writing = attachments.write(10).unwrap();
        inlet_model::PartSink::write(&mut writing, b"x").await.unwrap();
        let hash = writing.finish().unwrap().hash;
        let mut executables = 0;
        for row in &rows {
            let raw = row["raw"].as_str().unwrap();
            let name = safe_name(raw);
            assert!(!name.is_empty() && name.len() <= MAX_NAME, "{raw:?}");
            assert!(!name.contains(['/', '\\', ':', '\0']) && !name.chars().any(is_invisible), "{raw:?} → {name:?}");
            assert!(!name.starts_with(['.', '-', '~']) && !name.ends_with(['.', ' ']), "{raw:?} → {name:?}");
            assert!(!is_reserved(&name), "{raw:?} → {name:?}");
            let path = attachments.save_as(&hash, folder.path(), raw).unwrap();
            assert_eq!(path.parent(), Some(folder.path()), "{raw:?}");
            executables += usize::from(is_executable(raw, ""));
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), rows.len());
        assert!(executables >= 20, "{executables}");
    }
}
