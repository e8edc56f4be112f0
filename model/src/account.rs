//! How an account is set up. Secrets are never part of it: they come from [`Secrets`].

use std::{path::PathBuf, time::Duration};

use async_trait::async_trait;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{id::AccountId, item::Kind, source::SourceType};

/// One sign-in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    /// Row in the store.
    pub id: AccountId,
    /// What the person calls it; the address when nothing else was said.
    pub name: String,
    /// How to reach it.
    pub config: AccountConfig,
}

/// The settings of an account, by platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "platform", rename_all = "snake_case")]
pub enum AccountConfig {
    /// Any IMAP server with SMTP submission beside it, Gmail included.
    Imap(ImapConfig),
    /// A Microsoft account: Outlook, Teams and OneNote through Graph.
    Microsoft(MicrosoftConfig),
    /// A workspace of Slack.
    Slack(SlackConfig),
    /// A number of a WhatsApp Business account, through the Cloud API.
    #[serde(rename = "whatsapp")]
    WhatsApp(WhatsAppConfig),
    /// What GitHub or Jira tells by itself.
    Hook(HookConfig),
    /// Somewhere things can be sent to and nothing comes from.
    Channel(ChannelConfig),
    /// Files brought in by hand: mbox, .eml, Maildir.
    Files(FilesConfig),
    /// The demo world.
    Demo(DemoConfig),
}

impl AccountConfig {
    /// How events get here, where the platform pushes them.
    pub fn pushed(&self) -> Option<Pushed<'_>> {
        match self {
            Self::WhatsApp(config) => Some(config.pushed()),
            Self::Hook(config) => Some(config.pushed()),
            Self::Imap(_) | Self::Microsoft(_) | Self::Slack(_) | Self::Channel(_) | Self::Files(_) | Self::Demo(_) => {
                None
            }
        }
    }

    /// Changes which relay its events are read from, and, where one is named, where the platform sends them.
    pub fn set_relay(&mut self, relay: Option<RelayConfig>, public_url: Option<String>) {
        let (have, url) = match self {
            Self::WhatsApp(config) => (&mut config.relay, &mut config.public_url),
            Self::Hook(config) => (&mut config.relay, &mut config.public_url),
            Self::Imap(_) | Self::Microsoft(_) | Self::Slack(_) | Self::Channel(_) | Self::Files(_) | Self::Demo(_) => {
                return;
            }
        };
        *have = relay;
        if public_url.is_some() {
            *url = public_url;
        }
    }
}

/// How the events that a platform pushes get to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed<'a> {
    /// The platform, as a relay's file names it.
    pub platform: &'static str,
    /// The path events are received at, below the public address and the one of this computer alike.
    pub path: String,
    /// Where they are received, an address of this computer with a port.
    pub listen: &'a str,
    /// Where the platform reaches that address, or the relay; without the path.
    pub public_url: Option<&'a str>,
    /// The relay that receives them while nobody listens here.
    pub relay: Option<&'a RelayConfig>,
    /// For so long the platform repeats what it could not deliver.
    pub repeated: Duration,
}

/// An IMAP mailbox and its submission server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImapConfig {
    /// The address mail is sent from.
    pub address: String,
    /// The name shown to recipients.
    pub display_name: Option<String>,
    /// The login, where it is not the address.
    pub user: Option<String>,
    /// IMAP server.
    pub imap: Endpoint,
    /// Submission server; without it the account only reads.
    pub smtp: Option<Endpoint>,
    /// How the connections are protected.
    #[serde(default)]
    pub tls: Tls,
    /// How to sign in.
    #[serde(default)]
    pub auth: Auth,
    /// The provider that issues the access tokens for XOAUTH2; without it a token is given by hand.
    #[serde(default)]
    pub oauth: Option<OAuthConfig>,
    /// A certificate authority to trust beside the system's: a PEM file.
    #[ts(type = "string | null")]
    pub ca: Option<PathBuf>,
}

impl ImapConfig {
    /// The login name.
    pub fn login(&self) -> &str {
        self.user.as_deref().unwrap_or(&self.address)
    }
}

/// A Microsoft account. One sign-in yields up to three sources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MicrosoftConfig {
    /// Who issues the tokens.
    pub oauth: OAuthConfig,
    /// Root of Graph with its version, such as `https://graph.microsoft.com/v1.0`; sovereign clouds have their own.
    pub api_root: String,
    /// The address that signed in, once it is known.
    #[serde(default)]
    pub address: Option<String>,
    /// What is switched on, of Outlook, Teams and OneNote: nothing else is consented to.
    pub sources: Vec<SourceType>,
    /// Channels of teams are read too, which an administrator has to consent to.
    #[serde(default)]
    pub channels: bool,
}

/// Who issues tokens (OAuth 2.0, RFC 6749) and as which registered app Inlet asks for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OAuthConfig {
    /// The provider's page where a person signs in and consents.
    pub authorize_url: String,
    /// Where codes and refresh tokens become access tokens.
    pub token_url: String,
    /// Where a device code is had (RFC 8628); `None`: the provider has none.
    #[serde(default)]
    pub device_url: Option<String>,
    /// The registered app, a public client (RFC 8252).
    pub client_id: String,
    /// What is asked for beside what the sources that are switched on need; for IMAP, the provider's word for mail.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Who signed in, as the provider names them, once it is known: nobody else may sign in here later.
    #[serde(default)]
    pub subject: Option<String>,
    /// The port of `http://localhost` that the registration names, where the provider minds; else any that is free.
    #[serde(default)]
    pub port: Option<u16>,
}

/// A workspace of Slack, as one person sees it. The person's token is the account's password, unless they signed in at
/// Slack's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SlackConfig {
    /// Root of the Web API, such as `https://slack.com/api`; government workspaces have their own.
    pub api_root: String,
    /// Whose token it is: the address, or the id where the token may not see that.
    #[serde(default)]
    pub address: Option<String>,
    /// The name of the workspace.
    #[serde(default)]
    pub workspace: Option<String>,
    /// How the person signs in at Slack's page; nothing where a token was pasted.
    #[serde(default)]
    pub oauth: Option<OAuthConfig>,
}

/// A number of a WhatsApp Business account
/// (<https://developers.facebook.com/docs/whatsapp/cloud-api>).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WhatsAppConfig {
    /// Meta's id of the number.
    pub phone_number_id: String,
    /// Meta's id of the business account it belongs to.
    pub business_account_id: String,
    /// Root of the API with its version, such as `https://graph.facebook.com/v23.0`.
    pub api_root: String,
    /// Where events are received, an address of this computer with a port.
    pub listen: String,
    /// Where Meta reaches that address, a tunnel of the person's own, or the relay; without the path of the events.
    #[serde(default)]
    pub public_url: Option<String>,
    /// The number itself, once it is known.
    #[serde(default)]
    pub number: Option<String>,
    /// A relay that receives events while nobody listens here.
    #[serde(default)]
    pub relay: Option<RelayConfig>,
}

impl WhatsAppConfig {
    /// The root of the API unless another one is named.
    pub const API_ROOT: &str = "https://graph.facebook.com/v23.0";
    /// Where events are received unless another address is named.
    pub const LISTEN: &str = "127.0.0.1:8775";

    /// The path events are received at, below the public address and the one of this computer alike.
    pub fn path(&self) -> String {
        format!("/whatsapp/{}", self.phone_number_id)
    }

    /// How its events get here.
    pub fn pushed(&self) -> Pushed<'_> {
        Pushed {
            platform: "whatsapp",
            path: self.path(),
            listen: &self.listen,
            public_url: self.public_url.as_deref(),
            relay: self.relay.as_ref(),
            repeated: Duration::from_secs(7 * 86_400),
        }
    }
}

/// What GitHub or Jira tells by itself, through a webhook that a person set up there. The secret it signs with is the
/// account's app secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HookConfig {
    /// Who tells.
    pub service: Service,
    /// Who I am there: the login at GitHub, the account id at Jira (the name on a server of one's own).
    pub me: String,
    /// Where events are received, an address of this computer with a port.
    pub listen: String,
    /// Where the service reaches that address: a tunnel of the person's own, or the relay; without the path of the
    /// events.
    #[serde(default)]
    pub public_url: Option<String>,
    /// A relay that receives events while nobody listens here.
    #[serde(default)]
    pub relay: Option<RelayConfig>,
}

impl HookConfig {
    /// The path events are received at, below the public address and the one of this computer alike.
    pub fn path(&self) -> String {
        let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
        format!("/{}/{}", self.service.as_str(), self.me.chars().map(safe).collect::<String>())
    }

    /// How its events get here.
    pub fn pushed(&self) -> Pushed<'_> {
        Pushed {
            platform: self.service.as_str(),
            path: self.path(),
            listen: &self.listen,
            public_url: self.public_url.as_deref(),
            relay: self.relay.as_ref(),
            repeated: self.service.repeated(),
        }
    }
}

/// Who sends webhooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    /// GitHub (<https://docs.github.com/en/webhooks>).
    GitHub,
    /// Jira (<https://developer.atlassian.com/cloud/jira/platform/webhooks/>).
    Jira,
}

impl Service {
    /// The word in addresses and settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GitHub => "github",
            Self::Jira => "jira",
        }
    }

    /// For so long it repeats what it could not deliver. GitHub does not, by itself
    /// (<https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries>); Jira does for half an
    /// hour at the most (<https://developer.atlassian.com/cloud/jira/platform/webhooks/#retry-policy>).
    pub fn repeated(self) -> Duration {
        match self {
            Self::GitHub => Duration::ZERO,
            Self::Jira => Duration::from_secs(30 * 60),
        }
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::GitHub => "GitHub",
            Self::Jira => "Jira",
        }
    }
}

/// A channel that only sends: rules and notifications tell things there. What it takes to send is the account's
/// password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChannelConfig {
    /// What it is.
    pub via: Via,
    /// How many messages a minute it is given at most; the platform's own limit when left out.
    #[serde(default)]
    pub per_minute: Option<u32>,
}

/// What a channel is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Via {
    /// An incoming webhook of Slack (<https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>);
    /// its address is the secret.
    SlackWebhook,
    /// A bot of Telegram (<https://core.telegram.org/bots/api#sendmessage>); its token is the secret.
    Telegram {
        /// The id of the chat, or `@name` of a public channel.
        chat: String,
        /// Root of the Bot API, such as `https://api.telegram.org`.
        api_root: String,
    },
    /// Any web address, signed as Standard Webhooks say (<https://www.standardwebhooks.com>); the key of the
    /// signature is the secret.
    Webhook {
        /// The address.
        url: String,
    },
    /// Mail through a submission server; the password there is the secret.
    Smtp(SmtpConfig),
}

impl Via {
    /// Root of Telegram's Bot API unless another one is named.
    pub const TELEGRAM: &str = "https://api.telegram.org";

    /// Its answer comes from whoever it is for, and not from a server in between.
    pub fn confirms(&self) -> bool {
        matches!(self, Self::Webhook { .. })
    }

    /// Messages a minute that the platform takes for long.
    pub fn per_minute(&self) -> u32 {
        match self {
            // One a second (https://docs.slack.dev/apis/web-api/rate-limits#posting-messages).
            Self::SlackWebhook | Self::Webhook { .. } => 60,
            // Into a group (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
            Self::Telegram { .. } | Self::Smtp(_) => 20,
        }
    }
}

/// A submission server, and who is written to through it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SmtpConfig {
    /// The address it is sent from.
    pub from: String,
    /// The address it is sent to.
    pub to: String,
    /// The login, where it is not the address it is sent from.
    #[serde(default)]
    pub user: Option<String>,
    /// The server.
    pub server: Endpoint,
    /// How the connection is protected.
    #[serde(default)]
    pub tls: Tls,
    /// A certificate authority to trust beside the system's: a PEM file.
    #[serde(default)]
    #[ts(type = "string | null")]
    pub ca: Option<PathBuf>,
}

/// A relay that receives the events of an account and keeps them in NATS JetStream until they are read here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RelayConfig {
    /// Where its NATS is: `tls://` and a host with a port; `nats://` on this computer alone. Several servers of
    /// a cluster are separated by commas.
    pub nats: String,
    /// A certificate authority to trust beside the system's: a PEM file.
    #[serde(default)]
    #[ts(type = "string | null")]
    pub ca: Option<PathBuf>,
}

/// Files imported by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FilesConfig {
    /// What to read, each an mbox file, an .eml file, a Maildir, an export of WhatsApp or a folder of those.
    #[ts(type = "string[]")]
    pub paths: Vec<PathBuf>,
    /// What exports of chats do not say themselves.
    #[serde(default)]
    pub chats: ChatExports,
    /// What was found in them when they were brought in: mail, chats, or both. Unknown, they are looked through
    /// whenever the account is opened.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub holds: Option<Vec<Kind>>,
}

/// What an export of a chat does not say itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChatExports {
    /// The name I have in them; `None`: it is found out where it can be.
    pub me: Option<String>,
    /// How their dates are written; `None`: it is found out, and said where it is doubtful.
    pub dates: Option<DateOrder>,
    /// The time zone of the phone (IANA); `None`: that of this computer.
    pub zone: Option<String>,
}

/// The order of the numbers of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
    /// Year, month, day.
    Ymd,
}

/// The demo world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DemoConfig {
    /// Same seed, same world.
    #[ts(type = "number")]
    pub seed: u64,
    /// The instant the world was made for; everything in it is dated relative to this.
    #[ts(type = "string")]
    pub now: jiff::Timestamp,
    /// How many times over the world is there, to see a full window; once, unless said otherwise.
    #[serde(default = "once")]
    pub copies: u32,
}

fn once() -> u32 {
    1
}

/// A host and a port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Endpoint {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

/// How a connection is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Tls {
    /// TLS from the first byte (RFC 8314): the default.
    #[default]
    Implicit,
    /// Plain until STARTTLS, and never further without it.
    Starttls,
    /// No TLS at all: refused unless the server is on this machine.
    LoopbackPlain,
}

/// How to sign in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Auth {
    /// A password, or an app password where the provider issues those.
    #[default]
    Password,
    /// An OAuth 2 access token by SASL XOAUTH2.
    Xoauth2,
}

/// Which secret of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretName {
    /// The password, app password, or an access token given by hand.
    Password,
    /// The refresh token of an OAuth sign-in.
    RefreshToken,
    /// What some providers (Google) give a desktop app beside its client id, though it is no secret there.
    ClientSecret,
    /// What the provider wants proved at the next sign-in (a claims challenge), as JSON; empty when nothing.
    Claims,
    /// An app-level token of Slack (xapp-…), which opens a socket for events.
    AppToken,
    /// What a platform signs its events with.
    AppSecret,
    /// What opens the events a relay has sealed for this computer: an age identity.
    RelayKey,
    /// The login at a relay's NATS: a credentials file, an nkey seed, `user:password` or a token.
    RelayLogin,
}

impl SecretName {
    /// The word in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::RefreshToken => "refresh_token",
            Self::ClientSecret => "client_secret",
            Self::Claims => "claims",
            Self::AppToken => "app_token",
            Self::AppSecret => "app_secret",
            Self::RelayKey => "relay_key",
            Self::RelayLogin => "relay_login",
        }
    }
}

/// Where a connector gets the secrets of its account, and keeps the one it is given: a refresh token
/// that replaces the last has to be safe before anything is asked with it.
#[async_trait]
pub trait Secrets: Send + Sync {
    /// The secret, or `None` when the person has to give it again.
    ///
    /// # Errors
    /// [`crate::SourceError::AuthNeeded`] when the secret store is locked or unreadable.
    fn get(&self, account: AccountId, name: SecretName) -> crate::Result<Option<SecretString>>;

    /// Keeps a secret in place of the last; it is on the disk when this returns.
    ///
    /// # Errors
    /// [`crate::SourceError::AuthNeeded`] when the secret store is locked.
    async fn put(&self, account: AccountId, name: SecretName, secret: SecretString) -> crate::Result<()>;
}
