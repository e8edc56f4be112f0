//! What crosses the seam about signing in at a provider's own page.

use inlet_model::{AccountConfig, AccountId, Prompt, SourceType};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AccountView, CheckView};

/// A provider whose addresses are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// Gmail and Google Workspace: mail by IMAP.
    Google,
    /// Outlook, Teams and OneNote by Microsoft Graph.
    Microsoft,
    /// A workspace of Slack.
    Slack,
}

/// Which provider, and where it is to be had when it is not where everybody has it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ProviderParams {
    /// Which.
    pub provider: Provider,
    /// The address that will sign in, where it is known.
    #[serde(default)]
    pub address: Option<String>,
    /// Microsoft: a login host, with or without a tenant; its cloud decides about the rest.
    #[serde(default)]
    pub authority: Option<String>,
    /// Microsoft: who may sign in; the setting when left out, or what the authority names.
    #[serde(default)]
    pub tenant: Option<String>,
}

/// The settings to start a sign-in from. Everything in them can be changed.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ProviderView {
    /// Settings of the account.
    pub config: AccountConfig,
    /// Where it says how to register Inlet, for whom no client id is set.
    pub guide: String,
    /// Microsoft: the login host and who may sign in there.
    pub authority: Option<Authority>,
    /// What this Inlet can read of such an account.
    pub sources: Vec<SourceType>,
}

/// Where Microsoft's people sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Authority {
    /// The login host, such as `https://login.microsoftonline.com`.
    pub host: String,
    /// `common`, `organizations`, `consumers`, or one organisation's domain or id.
    pub tenant: String,
}

/// Settings of an account an administrator has to consent to.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AdministratorParams {
    /// The settings, as a sign-in takes them.
    pub config: AccountConfig,
}

/// Where an administrator consents for an organisation.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AdministratorView {
    /// The page.
    pub url: String,
}

/// A sign-in to begin.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct SignInParams {
    /// The account to sign in to again; a new one when left out.
    #[serde(default)]
    pub id: Option<AccountId>,
    /// Its settings; those it has when left out. A source that is switched on here is consented to with it.
    #[serde(default)]
    pub config: Option<AccountConfig>,
    /// What to call it; the address when left out.
    #[serde(default)]
    pub name: Option<String>,
    /// What some providers give a desktop app beside its client id; the stored one when left out.
    #[serde(default)]
    pub client_secret: Option<String>,
    /// By a code typed on any device, instead of by this computer's browser.
    #[serde(default)]
    pub device: bool,
}

/// A sign-in that has begun.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SignInView {
    /// Names it. There is one at a time: a new one takes the place of the last.
    pub ticket: u32,
    /// What to show to the person.
    pub prompt: Prompt,
}

/// A sign-in to wait for.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
pub struct WaitParams {
    /// Which.
    pub ticket: u32,
    /// Connect although something in the test failed.
    #[serde(default)]
    pub anyway: bool,
}

/// A sign-in to give up.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
pub struct TicketParams {
    /// Which.
    pub ticket: u32,
}

/// How a sign-in ended.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SignedIn {
    /// The account; nothing when it was not connected because the test failed. Waiting again tests again,
    /// without another sign-in.
    pub account: Option<AccountView>,
    /// The test of its connections.
    pub check: CheckView,
}
