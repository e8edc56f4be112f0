//! Accounts, their sources and how those are, and what it takes to connect one.

use std::collections::BTreeMap;

use inlet_model::{
    AccountConfig, AccountId, Capabilities, CheckStep, HookConfig, ImapConfig, Kind, Progress, RelayConfig, SourceId,
    SourceType, ThreadId, Timestamp, WhatsAppConfig,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The state of a source, in one word the window shows beside a dot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    /// Not heard from since the start.
    #[default]
    Starting,
    /// Fetching.
    Syncing,
    /// Up to date, and waiting for news.
    Live,
    /// Paused by the person.
    Paused,
    /// Switched off by the person: what it has brought is kept, nothing is fetched.
    Off,
    /// The person has to sign in.
    AuthNeeded,
    /// The server asked us to wait.
    Throttled,
    /// No network.
    Offline,
    /// Something else went wrong; it is tried again.
    Failing,
}

/// A source as the window shows it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SourceView {
    /// Id.
    pub id: SourceId,
    /// Its account.
    pub account: AccountId,
    /// Platform.
    #[serde(rename = "type")]
    pub source_type: SourceType,
    /// Family.
    pub kind: Kind,
    /// Name to show.
    pub name: String,
    /// The address or handle I have there.
    pub identity: Option<String>,
    /// State.
    pub state: SourceState,
    /// One sentence about it, when it is not well.
    pub message: Option<String>,
    /// When the platform last answered.
    pub last_heard: Option<Timestamp>,
    /// When it is tried again.
    pub next_try: Option<Timestamp>,
    /// How far the first sync has come.
    pub progress: Progress,
    /// What it can do.
    pub capabilities: Capabilities,
    /// Items kept.
    pub items: u64,
    /// It may tell of what is new.
    pub notify: bool,
    /// Unread threads in the inbox.
    pub unread: u64,
    /// When what it pushes was not heard, and will not be repeated by itself; the newest first. Gone once somebody has
    /// seen it (`accounts.seen_missed`), or something of that time has come.
    pub missed: Vec<Missed>,
    /// What of it could not be read, until somebody has seen that (`accounts.seen_unreadable`).
    pub unreadable: Option<Unreadable>,
    /// What the platform says is wrong with the account, the newest first, until somebody has seen it
    /// (`accounts.seen_warnings`).
    pub warnings: Vec<Warned>,
}

/// A time in which nobody listened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Missed {
    /// From then
    pub since: Timestamp,
    /// until then.
    pub until: Timestamp,
}

/// What a platform gave and nobody here can read: kept by its name, and in nobody's way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Unreadable {
    /// So many, since somebody has seen them last.
    pub count: u64,
    /// When the newest of them came.
    pub newest: Timestamp,
    /// What is wrong with that one, in one sentence.
    pub reason: String,
}

/// What a platform said of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Warned {
    /// When it was said last.
    pub at: Timestamp,
    /// What is wrong and what to do, in one sentence.
    pub reason: String,
}

/// An account as the window shows it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AccountView {
    /// Id.
    pub id: AccountId,
    /// Name to show.
    pub name: String,
    /// Settings.
    pub config: AccountConfig,
    /// Its sources.
    pub sources: Vec<SourceView>,
}

/// The state of everything, for the rail and the status line.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Status {
    /// Version of Inlet.
    pub version: String,
    /// The demo world is in this data directory.
    pub demo: bool,
    /// Accounts.
    pub accounts: Vec<AccountView>,
    /// Unread threads by view, and how many entries outbox and drafts hold.
    pub counts: BTreeMap<String, u64>,
    /// The newest change.
    pub rev: i64,
    /// How many changes the search index is behind.
    pub index_behind: u64,
    /// The folder everything is kept in.
    pub data_dir: String,
    /// Where that folder was named: `default`, `environment` or `flag`.
    pub data_dir_origin: String,
}

/// Which account.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AccountParams {
    /// Account.
    pub id: AccountId,
}

/// A source of an account to switch off.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SwitchOffParams {
    /// Account.
    pub id: AccountId,
    /// Which of its sources.
    pub source: SourceType,
    /// Keep what it has brought, to be read and found; else that goes from this computer.
    pub keep: bool,
    /// Of Teams, only the channels; the chats stay on. Where they are off already, what was kept of them goes.
    #[serde(default)]
    pub channels: bool,
}

/// Which account, or all.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SyncParams {
    /// Account; all when left out.
    pub account: Option<AccountId>,
}

/// What somebody looks at.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AttendParams {
    /// A thread that was opened; the window when left out.
    pub thread: Option<ThreadId>,
    /// The list of drafts, where those of other programs are shown as well.
    pub drafts: bool,
}

/// A mailbox to connect.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ImapParams {
    /// Its settings.
    pub config: ImapConfig,
    /// The password or access token. Left out on `accounts.update`, the stored one stays.
    #[serde(default)]
    pub password: Option<String>,
    /// What to call it; the address when left out.
    #[serde(default)]
    pub name: Option<String>,
    /// The account to change, for `accounts.update`.
    #[serde(default)]
    pub id: Option<AccountId>,
}

/// A workspace of Slack to connect.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SlackParams {
    /// The person's token (xoxp-…). Left out with `id`, the stored one stays.
    pub token: Option<String>,
    /// The app's token for sockets (xapp-…). Without it news is asked for.
    pub app_token: Option<String>,
    /// Root of the Web API, where it is not that of slack.com.
    pub api_root: Option<String>,
    /// What to call it; the name of the workspace when left out.
    pub name: Option<String>,
    /// The account that gets other tokens.
    pub id: Option<AccountId>,
}

/// A number of a WhatsApp Business account to connect.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct WhatsAppParams {
    /// Its settings. A number that is connected already is given these.
    pub config: WhatsAppConfig,
    /// Access token of a system user.
    pub token: String,
    /// The secret of the app, which Meta signs events with.
    pub app_secret: String,
    /// What to call it; the number when left out.
    #[serde(default)]
    pub name: Option<String>,
}

/// What GitHub or Jira shall tell.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct HookParams {
    /// Its settings. One that is connected already is given these.
    pub config: HookConfig,
    /// The secret of the webhook, the same here and there.
    pub secret: String,
    /// What to call it; who I am there when left out.
    #[serde(default)]
    pub name: Option<String>,
}

/// What a relay has to know to receive the events of an account.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RelayView {
    /// The path the platform posts to, below the relay's address.
    pub path: String,
    /// The public key of this computer, which events are sealed for.
    pub key: String,
    /// The piece of the relay's file, in TOML.
    pub piece: String,
    /// The relay that is read now.
    pub relay: Option<RelayConfig>,
}

/// A relay to read an account's events from.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct RelayParams {
    /// Account.
    pub id: AccountId,
    /// Where its NATS is; left out, no relay is read any more.
    #[serde(default)]
    pub nats: Option<String>,
    /// A certificate authority to trust beside the system's, for NATS: a PEM file.
    #[serde(default)]
    pub ca: Option<String>,
    /// The login at NATS: a credentials file's text, an nkey seed, `user:password` or a token. Left out, the one
    /// that was given stays.
    #[serde(default)]
    pub login: Option<String>,
    /// With no relay any more: what this one may still have is left there.
    #[serde(default)]
    pub leave: bool,
    /// Where the platform is to send events from now on: the relay's own address, or a tunnel's. Left out, it stays.
    #[serde(default)]
    pub public_url: Option<String>,
}

/// An address to guess settings for.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SuggestParams {
    /// Mail address.
    pub address: String,
}

/// Guessed settings.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Suggested {
    /// Settings to start from.
    pub config: ImapConfig,
    /// The provider, when it is a known one.
    pub provider: Option<String>,
    /// What the person needs to know or fetch first, such as an app password.
    pub advice: Option<String>,
    /// Where to read about it.
    pub help_url: Option<String>,
}

/// The outcome of testing a connection.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CheckView {
    /// Every step went well.
    pub ok: bool,
    /// Who the server says I am.
    pub identity: Option<String>,
    /// Each step in order.
    pub steps: Vec<CheckStep>,
}

/// The demo world to make.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DemoParams {
    /// Same seed, same world; 7 when left out.
    pub seed: Option<u64>,
    /// The instant everything is dated by; now when left out.
    pub now: Option<Timestamp>,
    /// The world this many times over, about 1,500 items each; once when left out.
    pub copies: Option<u32>,
}

/// The passphrase of the secret store.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct UnlockParams {
    /// Passphrase; the first one given becomes the one.
    pub passphrase: String,
}
