//! Settings, each with its group, its kind and where its value comes from.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One setting.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Setting {
    /// Name, such as `send.undo_seconds`.
    pub key: String,
    /// Value.
    pub value: String,
    /// Where it comes from: `default`, `file`, `environment` or `flag`.
    pub origin: String,
    /// What it does.
    pub about: String,
    /// Where the window shows it.
    pub group: SettingGroup,
    /// The value it has when nobody set one.
    pub default: String,
    /// What it can be.
    pub kind: SettingKind,
}

/// The section of the settings a setting belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SettingGroup {
    /// Accounts and how they are asked.
    Accounts,
    /// Writing and sending.
    Composing,
    /// What is suggested as next.
    Actions,
    /// What is told, and the desktop around the window.
    Notifications,
    /// What leaves the computer.
    Privacy,
    /// How the window looks.
    Appearance,
    /// Keys.
    Keyboard,
    /// What is kept on this computer, and for how long.
    Data,
}

/// What a setting can be; values are text in every case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SettingKind {
    /// `true` or `false`.
    Toggle,
    /// One of some words.
    Choice {
        /// The words.
        choices: Vec<String>,
    },
    /// A whole number.
    Number {
        /// The least allowed.
        least: u32,
        /// The greatest allowed.
        most: u32,
    },
    /// The id of a channel that only sends, or nothing.
    Channel,
    /// Text.
    Text {
        /// Bytes at most.
        most: u32,
    },
}

/// A setting to change.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SettingParams {
    /// Name.
    pub key: String,
    /// Value; nothing goes back to the default.
    #[serde(default)]
    pub value: Option<String>,
}
