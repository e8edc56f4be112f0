//! Files that came with an item.

use inlet_model::{AttachmentId, ItemId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An attachment as the window shows it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AttachmentView {
    /// Id.
    pub id: AttachmentId,
    /// A name that is safe to show and to save under.
    pub name: String,
    /// Media type.
    #[serde(rename = "type")]
    pub mime: String,
    /// Bytes.
    pub size: u64,
    /// Shown inside the body.
    pub inline: bool,
    /// Opening it could run a program.
    pub executable: bool,
    /// It is on this computer.
    pub local: bool,
    /// Where it lies, an `https` address for a browser, when it can be had only there.
    pub link: Option<String>,
}

/// Which attachment.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AttachmentParams {
    /// Attachment.
    pub id: AttachmentId,
    /// Folder to save into; the downloads folder when left out.
    #[serde(default)]
    pub folder: Option<String>,
}

/// Which attachment is to be opened in another program.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OpenParams {
    /// Attachment.
    pub id: AttachmentId,
    /// The person was told that it could run a program, and wants it.
    #[serde(default)]
    pub sure: bool,
}

/// The files of which item.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SaveParams {
    /// Item.
    pub item: ItemId,
    /// Folder to save into; the downloads folder when left out.
    #[serde(default)]
    pub folder: Option<String>,
}

/// Where several files were written.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SavedAll {
    /// The folder they are in.
    pub path: String,
    /// How many.
    pub files: u32,
    /// What could not be fetched: each file's name and a sentence.
    pub left_out: Vec<String>,
}

/// The bytes of an attachment.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AttachmentData {
    /// Safe name.
    pub name: String,
    /// Media type.
    #[serde(rename = "type")]
    pub mime: String,
    /// Bytes, base64.
    pub base64: String,
}

/// Where a file was written.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Saved {
    /// Path.
    pub path: String,
}
