//! Every setting there is, declared once. A new one is an entry here: the window renders its row
//! from the kind, the command line and the checks follow.

use std::collections::BTreeMap;

use inlet_model::AccountId;

use crate::api::types::{SettingGroup, SettingKind};

/// A setting: key, where the window shows it, default, what it does, what it can be.
pub(super) struct Declared {
    pub(super) key: &'static str,
    pub(super) group: SettingGroup,
    pub(super) default: &'static str,
    pub(super) about: &'static str,
    pub(super) kind: Kind,
}

/// What a setting can be.
pub(super) enum Kind {
    /// `true` or `false`.
    Toggle,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A whole number between two bounds, both allowed.
    Number { least: u32, most: u32 },
    /// The id of a channel that only sends, or nothing.
    Channel,
    /// Text of so many bytes at most that passes the check.
    Text { most: u32, check: fn(&str) -> bool },
}

impl Kind {
    /// The value can be set.
    pub(super) fn allows(&self, value: &str) -> bool {
        match self {
            Self::Toggle => matches!(value, "true" | "false"),
            Self::Choice(choices) => choices.contains(&value),
            Self::Number { least, most } => value.parse::<u32>().is_ok_and(|number| (*least..=*most).contains(&number)),
            Self::Channel => value.is_empty() || value.parse::<AccountId>().is_ok(),
            Self::Text { most, check } => value.len() <= *most as usize && check(value),
        }
    }

    /// The value as `config.toml` keeps it: numbers and switches without quotes.
    pub(super) fn toml(&self, value: &str) -> toml::Value {
        let bare = match self {
            Self::Toggle => value.parse().ok().map(toml::Value::Boolean),
            Self::Number { .. } => value.parse().ok().map(toml::Value::Integer),
            Self::Choice(_) | Self::Channel | Self::Text { .. } => None,
        };
        bare.unwrap_or_else(|| value.into())
    }

    /// As it crosses the seam.
    pub(super) fn shown(&self) -> SettingKind {
        match self {
            Self::Toggle => SettingKind::Toggle,
            Self::Choice(choices) => SettingKind::Choice { choices: choices.iter().map(|&one| one.into()).collect() },
            Self::Number { least, most } => SettingKind::Number { least: *least, most: *most },
            Self::Channel => SettingKind::Channel,
            Self::Text { most, .. } => SettingKind::Text { most: *most },
        }
    }
}

/// Commands with their keys, as JSON: `{"archive": ["y"], "delete": []}`. Which commands there are
/// is the window's business.
fn bindings(value: &str) -> bool {
    serde_json::from_str::<BTreeMap<String, Vec<String>>>(value).is_ok()
}

/// A time of day.
fn a_time(text: &str) -> bool {
    crate::notices::decide::time_of_day(text).is_some()
}

/// A time of day, or nothing.
fn time_or_nothing(value: &str) -> bool {
    value.is_empty() || a_time(value)
}

/// Nothing, or something without spaces.
fn one_word(value: &str) -> bool {
    !value.contains(char::is_whitespace)
}

/// A part of an address's path.
fn tenant(value: &str) -> bool {
    !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
}

/// How loud a family of messages is.
const SEVERITIES: &[&str] = &["normal", "silent", "off"];

/// How long something is kept, in days.
const KEPT: &[&str] = &["forever", "365", "90", "30"];

pub(super) const SETTINGS: &[Declared] = &[
    Declared {
        key: "sync.poll_seconds",
        group: SettingGroup::Accounts,
        default: "300",
        about: "How often folders without live news are asked (0 to 3600 seconds).",
        kind: Kind::Number { least: 0, most: 3600 },
    },
    Declared {
        key: "oauth.google_client_id",
        group: SettingGroup::Accounts,
        default: "",
        about: "The client id of your registration at Google, to sign in at Google's own page (docs/connecting-google.md).",
        kind: Kind::Text { most: 256, check: one_word },
    },
    Declared {
        key: "oauth.microsoft_client_id",
        group: SettingGroup::Accounts,
        default: "",
        about: "The client id of your registration at Microsoft (docs/connecting-microsoft.md).",
        kind: Kind::Text { most: 256, check: one_word },
    },
    Declared {
        key: "oauth.microsoft_tenant",
        group: SettingGroup::Accounts,
        default: "common",
        about: "Who may sign in at Microsoft: common, organizations, consumers, or one organisation's domain or id.",
        kind: Kind::Text { most: 256, check: tenant },
    },
    Declared {
        key: "oauth.slack_client_id",
        group: SettingGroup::Accounts,
        default: "",
        about: "The client id of your app at Slack, to sign in at Slack's own page (docs/connecting-slack.md).",
        kind: Kind::Text { most: 256, check: one_word },
    },
    Declared {
        key: "teams.background_minutes",
        group: SettingGroup::Accounts,
        default: "off",
        about: "How often Teams is asked while nobody looks: off, or every so many minutes. Microsoft asks apps \
                not to poll it, and may slow down or block those that do.",
        kind: Kind::Choice(&["off", "15", "30", "60", "240"]),
    },
    Declared {
        key: "send.undo_seconds",
        group: SettingGroup::Composing,
        default: "10",
        about: "Seconds during which a message can still be taken back after Send (0 to 30).",
        kind: Kind::Number { least: 0, most: 30 },
    },
    Declared {
        key: "compose.sync_drafts",
        group: SettingGroup::Composing,
        default: "true",
        about: "Keep drafts of mail on the server too, where your other programs find them (true or false).",
        kind: Kind::Toggle,
    },
    Declared {
        key: "compose.enter_sends",
        group: SettingGroup::Composing,
        default: "true",
        about: "Enter sends a chat message (true or false); Shift+Enter begins a new line.",
        kind: Kind::Toggle,
    },
    Declared {
        key: "actions.working_days",
        group: SettingGroup::Actions,
        default: "mon tue wed thu fri",
        about: "The days you work, such as: mon tue wed thu fri. Waiting and lateness are counted in them.",
        kind: Kind::Text { most: 64, check: crate::actions::terms::is_week },
    },
    Declared {
        key: "actions.working_hours",
        group: SettingGroup::Actions,
        default: "09:00-17:00",
        about: "When a working day of yours begins and ends, such as: 09:00-17:00. Times to meet are offered within it.",
        kind: Kind::Text { most: 16, check: crate::actions::terms::are_hours },
    },
    Declared {
        key: "actions.holidays",
        group: SettingGroup::Actions,
        default: "",
        about: "Days on which you do not work: 12-25 for every year, 2026-05-14 for one; empty for none.",
        kind: Kind::Text { most: 4096, check: crate::actions::terms::are_holidays },
    },
    Declared {
        key: "actions.days",
        group: SettingGroup::Actions,
        default: "14",
        about: "How many days back something may lie to be suggested (1 to 400), unless it is due later.",
        kind: Kind::Number { least: 1, most: 400 },
    },
    Declared {
        key: "actions.weights",
        group: SettingGroup::Actions,
        default: "{}",
        about: "Points of your own for the rules, as JSON: {\"asked\": 40, \"in-copy\": -30}.",
        kind: Kind::Text { most: 4096, check: crate::actions::terms::are_weights },
    },
    Declared {
        key: "notifications.enabled",
        group: SettingGroup::Notifications,
        default: "true",
        about: "Tell of new messages while you do something else (true or false).",
        kind: Kind::Toggle,
    },
    Declared {
        key: "notifications.preview",
        group: SettingGroup::Notifications,
        default: "full",
        about: "What a notification shows: full (sender and subject) or source (only where it came from).",
        kind: Kind::Choice(&["full", "source"]),
    },
    Declared {
        key: "notifications.direct",
        group: SettingGroup::Notifications,
        default: "normal",
        about: "What is written to you: normal, silent or off.",
        kind: Kind::Choice(SEVERITIES),
    },
    Declared {
        key: "notifications.group",
        group: SettingGroup::Notifications,
        default: "normal",
        about: "What is written to several people: normal, silent or off.",
        kind: Kind::Choice(SEVERITIES),
    },
    Declared {
        key: "notifications.list",
        group: SettingGroup::Notifications,
        default: "silent",
        about: "What comes from mailing lists and machines: normal, silent or off.",
        kind: Kind::Choice(SEVERITIES),
    },
    Declared {
        key: "notifications.quiet_from",
        group: SettingGroup::Notifications,
        default: "",
        about: "When the quiet hours begin, such as 22:00; empty for none.",
        kind: Kind::Text { most: 5, check: time_or_nothing },
    },
    Declared {
        key: "notifications.quiet_until",
        group: SettingGroup::Notifications,
        default: "",
        about: "When the quiet hours end, such as 07:00; empty for none.",
        kind: Kind::Text { most: 5, check: time_or_nothing },
    },
    Declared {
        key: "notifications.per_minute",
        group: SettingGroup::Notifications,
        default: "6",
        about: "How many notifications may come in a minute (1 to 60); the rest becomes one summary.",
        kind: Kind::Number { least: 1, most: 60 },
    },
    Declared {
        key: "notifications.channel",
        group: SettingGroup::Notifications,
        default: "",
        about: "A channel that notifications go to as well, by its id; empty for none.",
        kind: Kind::Channel,
    },
    Declared {
        key: "notifications.channel_for",
        group: SettingGroup::Notifications,
        default: "normal",
        about: "What goes to that channel: normal, what is told with a sound, or all, what is told silently too.",
        kind: Kind::Choice(&["normal", "all"]),
    },
    Declared {
        key: "notifications.digest",
        group: SettingGroup::Notifications,
        default: "false",
        about: "Tell once a day, quietly, what there is to do (true or false).",
        kind: Kind::Toggle,
    },
    Declared {
        key: "notifications.digest_at",
        group: SettingGroup::Notifications,
        default: "08:00",
        about: "When that is told, such as 08:00.",
        kind: Kind::Text { most: 5, check: a_time },
    },
    Declared {
        key: "window.close_to_tray",
        group: SettingGroup::Notifications,
        default: "false",
        about: "Closing the window leaves Inlet running in the tray (true or false).",
        kind: Kind::Toggle,
    },
    Declared {
        key: "window.autostart",
        group: SettingGroup::Notifications,
        default: "false",
        about: "Start Inlet in the background when you sign in to the computer (true or false).",
        kind: Kind::Toggle,
    },
    Declared {
        key: "privacy.lock",
        group: SettingGroup::Privacy,
        default: "never",
        about: "When the window asks for a passphrase: never, at the start, or also after so many minutes without \
                anybody (1, 5, 15 or 60).",
        kind: Kind::Choice(&["never", "start", "1", "5", "15", "60"]),
    },
    Declared {
        key: "privacy.typing",
        group: SettingGroup::Privacy,
        default: "true",
        about: "Show others that you are writing to them, where the platform passes that on (true or false).",
        kind: Kind::Toggle,
    },
    Declared {
        key: "privacy.remote_images",
        group: SettingGroup::Privacy,
        default: "ask",
        about: "Pictures that a mail wants from the network: ask for each mail, or never.",
        kind: Kind::Choice(&["ask", "never"]),
    },
    Declared {
        key: "privacy.receipts",
        group: SettingGroup::Privacy,
        default: "never",
        about: "Who asks to be told that you have read their mail: never tell them, or ask for each mail.",
        kind: Kind::Choice(&["never", "ask"]),
    },
    Declared {
        key: "data.keep_files",
        group: SettingGroup::Data,
        default: "forever",
        about: "How long files of mails and notes stay here after they were opened last, where their server hands them \
                out again: forever, or 365, 90 or 30 days.",
        kind: Kind::Choice(KEPT),
    },
    Declared {
        key: "data.keep_logs",
        group: SettingGroup::Data,
        default: "365",
        about: "How long the logs of deliveries, rules and notifications are kept: forever, or 365, 90 or 30 days.",
        kind: Kind::Choice(KEPT),
    },
    Declared {
        key: "appearance.theme",
        group: SettingGroup::Appearance,
        default: "system",
        about: "system, light or dark.",
        kind: Kind::Choice(&["system", "light", "dark"]),
    },
    Declared {
        key: "appearance.contrast",
        group: SettingGroup::Appearance,
        default: "normal",
        about: "normal, which follows the system's wish for more contrast, or high.",
        kind: Kind::Choice(&["normal", "high"]),
    },
    Declared {
        key: "appearance.density",
        group: SettingGroup::Appearance,
        default: "cosy",
        about: "comfortable, cosy or compact rows.",
        kind: Kind::Choice(&["comfortable", "cosy", "compact"]),
    },
    Declared {
        key: "appearance.font_size",
        group: SettingGroup::Appearance,
        default: "normal",
        about: "small, normal, large or larger text.",
        kind: Kind::Choice(&["small", "normal", "large", "larger"]),
    },
    Declared {
        key: "appearance.layout",
        group: SettingGroup::Appearance,
        default: "right",
        about: "Where a conversation opens: right of the list, below it, or in its place (list).",
        kind: Kind::Choice(&["right", "below", "list"]),
    },
    Declared {
        key: "appearance.language",
        group: SettingGroup::Appearance,
        default: "system",
        about: "The window's language: system, en or de.",
        kind: Kind::Choice(&["system", "en", "de"]),
    },
    Declared {
        key: "keyboard.preset",
        group: SettingGroup::Keyboard,
        default: "inlet",
        about: "The keys to start from: inlet, outlook or apple.",
        kind: Kind::Choice(&["inlet", "outlook", "apple"]),
    },
    Declared {
        key: "keyboard.bindings",
        group: SettingGroup::Keyboard,
        default: "{}",
        about: "Keys of your own, as JSON: {\"archive\": [\"y\"]}.",
        kind: Kind::Text { most: 16 << 10, check: bindings },
    },
];
