//! Files of mail that are read in, opened, or written out.

use inlet_model::{ThreadId, account::DateOrder};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::AccountView;

/// Files to read in.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ImportParams {
    /// mbox files, .eml files, Maildirs, exports of WhatsApp, or folders of those.
    pub paths: Vec<String>,
    /// Name of the account they become; "Imported" when left out.
    #[serde(default)]
    pub into: Option<String>,
    /// The name I have in exports of chats, where it cannot be found out.
    #[serde(default)]
    pub me: Option<String>,
    /// How exports of chats write dates, where it cannot be found out.
    #[serde(default)]
    pub dates: Option<DateOrder>,
    /// The time zone of the phone exports come from (IANA), where it is not that of this computer.
    #[serde(default)]
    pub zone: Option<String>,
}

/// A file to be opened as it is from the desktop.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OpenFileParams {
    /// An .eml file, an mbox file, or a folder of mail.
    pub path: String,
    /// Name of the account it becomes a part of; "Opened files" when left out.
    #[serde(default)]
    pub into: Option<String>,
}

/// Where a file that was opened is shown.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OpenedFile {
    /// The account that holds it.
    pub account: AccountView,
    /// The conversation of a single mail; nothing for a mailbox, or when no mail is in it.
    pub thread: Option<ThreadId>,
}

/// What to write out.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ExportParams {
    /// Folder to write into; made when it is missing.
    pub dir: String,
    /// Form.
    #[serde(default)]
    pub format: ExportFormat,
    /// Only what this query finds.
    #[serde(default)]
    pub query: Option<String>,
}

/// The form of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// One mbox file per folder.
    #[default]
    Mbox,
    /// One .eml file per mail.
    Eml,
    /// One JSON document per item, chats and notes as well.
    Json,
}

/// What was written.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Exported {
    /// Items.
    pub items: u64,
    /// Files.
    pub files: u64,
    /// Items that have no form in this format, such as chats in mbox.
    pub left_out: u64,
}
