//! What a backup says of itself, and what was restored from it.

use inlet_model::Timestamp;
use serde::{Deserialize, Serialize};

use crate::store::{BODIES, MAIN, Schema};

/// The form of the archive this program writes, and the newest it reads.
pub(super) const FORMAT: u32 = 1;
/// The entry that is the manifest.
pub(super) const MANIFEST: &str = "manifest.json";
/// The settings.
pub(super) const CONFIG: &str = "config.toml";
/// Where files of messages lie, in an archive as in a data directory.
pub(super) const ATTACHMENTS: &str = "attachments";

/// The first things to know of a manifest, whatever else is in it.
#[derive(Deserialize)]
pub(super) struct Head {
    pub(super) format: u32,
    /// Of the Inlet that made it.
    pub(super) version: String,
}

/// What a backup holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) format: u32,
    pub(super) version: String,
    pub(super) schema: Schema,
    pub(super) made_at: Timestamp,
    /// The databases and the settings.
    pub(super) parts: Vec<Part>,
    /// The files of messages; the name of each is the hash of its bytes.
    pub(super) attachments: Sum,
    /// Files that messages name and that were not here to be taken along.
    pub(super) left_out: u64,
}

/// One entry of the archive.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Part {
    pub(super) name: String,
    /// Bytes.
    pub(super) size: u64,
    /// Of its bytes, in hexadecimal.
    pub(super) sha256: String,
}

/// Several files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sum {
    pub(super) count: u64,
    pub(super) bytes: u64,
}

impl Manifest {
    /// It names what every backup has, once, and nothing else.
    pub(super) fn is_whole(&self) -> bool {
        let times = |name: &str| self.parts.iter().filter(|part| part.name == name).count();
        let settings = times(CONFIG);
        times(MAIN) == 1 && times(BODIES) == 1 && settings <= 1 && self.parts.len() == 2 + settings
    }
}

/// What was put into a data directory.
#[derive(Clone, Debug, Serialize)]
pub struct Restored {
    /// When the backup was made.
    pub made_at: Timestamp,
    /// The Inlet that made it.
    pub version: String,
    /// Files of messages.
    pub files: u64,
    /// Files of messages that were not here when it was made; they are fetched when somebody opens them.
    pub left_out: u64,
    /// What was on its way when it was made, and waits for the person now.
    pub parked: u64,
}

/// The hash that an entry of the archive is named by, where it is a file of a message.
pub(super) fn hash_of(name: &str) -> Option<String> {
    let (folder, rest) = name.strip_prefix(ATTACHMENTS)?.strip_prefix('/')?.split_once('/')?;
    let hash = format!("{folder}{rest}");
    let plain = hash.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
    (folder.len() == 2 && hash.len() == 64 && plain).then_some(hash)
}

/// As [`hash_of`], the other way round.
pub(super) fn name_of(hash: &str) -> Option<String> {
    let (folder, rest) = hash.split_at_checked(2)?;
    let name = format!("{ATTACHMENTS}/{folder}/{rest}");
    hash_of(&name).map(|_| name)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_a_hash_has_a_place() {
        let hash = "ab".repeat(32);
        let name = name_of(&hash).unwrap();
        assert_eq!(name, format!("attachments/ab/{}", "ab".repeat(31)));
        assert_eq!(hash_of(&name), Some(hash));
        for name in [
            "attachments/../../../etc/passwd".to_owned(),
            format!("attachments/../{}", "a".repeat(62)),
            format!("attachments/ab/../{}", "a".repeat(59)),
            format!("/attachments/ab/{}", "a".repeat(62)),
            format!("attachments/AB/{}", "a".repeat(62)),
            format!("attachments/ab/{}", "a".repeat(61)),
            format!("attachments/a/b{}", "a".repeat(62)),
            "attachments/ab/".to_owned(),
        ] {
            assert_eq!(hash_of(&name), None, "{name}");
        }
    }
}
