//! Connecting and looking after accounts.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use inlet_model::{Auth, Endpoint, SourceType, Tls};

#[derive(Subcommand)]
pub(crate) enum Accounts {
    /// Connect an account
    #[command(subcommand)]
    Add(Add),
    /// List accounts
    List,
    /// Test the connection
    Check {
        /// Account
        id: inlet_model::AccountId,
    },
    /// List the approved messages of an account, for platforms that take no others at times
    Templates {
        /// Account
        id: inlet_model::AccountId,
    },
    /// What a channel that only sends was told, and what became of it, newest first
    Log {
        /// Account
        id: inlet_model::AccountId,
        /// Most entries
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
    /// Stop fetching until resumed
    Pause {
        /// Account
        id: inlet_model::AccountId,
    },
    /// Fetch again
    Resume {
        /// Account
        id: inlet_model::AccountId,
    },
    /// Remove an account and everything of it from this computer
    Remove {
        /// Account
        id: inlet_model::AccountId,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Sign in again at the provider's page
    SignIn {
        /// Account
        id: inlet_model::AccountId,
        #[command(flatten)]
        app: App,
    },
    /// Switch a source of an account on, by consenting to what it needs at the provider's page
    SwitchOn(SwitchOn),
    /// Switch a source of an account off, and remove what it has brought from this computer
    SwitchOff {
        /// Account
        id: inlet_model::AccountId,
        /// Source
        #[arg(value_enum)]
        source: SourceWord,
        /// Keep what it has brought, to be read and found
        #[arg(long)]
        keep: bool,
        /// Of Teams, only the channels
        #[arg(long)]
        channels: bool,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Read an account's events from a relay; without an address, print what the relay has to know
    Relay(Relayed),
    /// Connect what the environment describes (`EMAIL_IMAP_SERVER` and its siblings)
    ImportEnv,
}

#[derive(Subcommand)]
pub(crate) enum Add {
    /// A mailbox by IMAP and SMTP, Gmail with an app password included
    Imap(Imap),
    /// Gmail or Google Workspace, signed in to at Google's page; needs a registration of your own
    Google(Google),
    /// Outlook, Teams and OneNote of a Microsoft account; needs a registration of your own
    Microsoft(Microsoft),
    /// A workspace of Slack, by an app you made there: its tokens, or Slack's own page
    Slack(Slack),
    /// A number of a WhatsApp Business account, through Meta's Cloud API
    Whatsapp(Whatsapp),
    /// What GitHub tells about you, by a webhook of a repository or an organisation
    Github(Hook),
    /// What Jira tells about you, by a webhook of a site
    Jira(Hook),
    /// An incoming webhook of Slack: a channel that only sends
    SlackWebhook {
        /// Read the address of the webhook, which is its secret, from standard input
        #[arg(long)]
        url_stdin: bool,
        #[command(flatten)]
        common: ChannelCommon,
    },
    /// A bot of Telegram: a channel that only sends
    Telegram(Telegram),
    /// Any web address, signed as Standard Webhooks say: a channel that only sends
    Webhook(Webhook),
    /// One mail address, through a submission server: a channel that only sends
    Smtp(Smtp),
}

/// A webhook that was set up at a service.
#[derive(ClapArgs)]
pub(crate) struct Hook {
    /// Who you are there: your login at GitHub, your account id at Jira
    #[arg(long, value_name = "WHO")]
    pub(crate) me: String,
    /// Read the secret of the webhook from standard input
    #[arg(long)]
    pub(crate) secret_stdin: bool,
    /// Where events are received on this computer
    #[arg(long, value_name = "ADDR", default_value = inlet_model::WhatsAppConfig::LISTEN)]
    pub(crate) listen: std::net::SocketAddr,
    /// Where the service reaches that address: your tunnel
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// What to call the account
    #[arg(long, value_name = "N")]
    pub(crate) name: Option<String>,
}

/// What every channel has.
#[derive(ClapArgs)]
pub(crate) struct ChannelCommon {
    /// How many messages a minute it is given at most; the platform's own limit when left out
    #[arg(long, value_name = "N")]
    pub(crate) per_minute: Option<u32>,
    /// What to call the channel
    #[arg(long, value_name = "N")]
    pub(crate) name: Option<String>,
}

#[derive(ClapArgs)]
pub(crate) struct Telegram {
    /// The id of the chat the bot writes to, or @name of a public channel
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub(crate) chat: String,
    /// Read the token of the bot from standard input
    #[arg(long)]
    pub(crate) token_stdin: bool,
    /// Root of the Bot API, where it is a server of your own
    #[arg(long, value_name = "URL", default_value = inlet_model::Via::TELEGRAM)]
    pub(crate) api_root: String,
    #[command(flatten)]
    pub(crate) common: ChannelCommon,
}

#[derive(ClapArgs)]
pub(crate) struct Webhook {
    /// The address that is written to
    #[arg(long, value_name = "URL")]
    pub(crate) url: String,
    /// Read the signing secret (whsec_…) from standard input; a new one is made and told when left out
    #[arg(long)]
    pub(crate) secret_stdin: bool,
    #[command(flatten)]
    pub(crate) common: ChannelCommon,
}

#[derive(ClapArgs)]
pub(crate) struct Smtp {
    /// The address mail is sent from
    #[arg(long, value_name = "A")]
    pub(crate) from: String,
    /// The address it is sent to
    #[arg(long, value_name = "A")]
    pub(crate) to: String,
    /// Submission server
    #[arg(long, value_name = "HOST:PORT", value_parser = endpoint)]
    pub(crate) server: Endpoint,
    #[command(flatten)]
    pub(crate) link: Link,
    /// Login, where it is not the address it is sent from
    #[arg(long, value_name = "U")]
    pub(crate) user: Option<String>,
    /// Read the password from standard input
    #[arg(long)]
    pub(crate) password_stdin: bool,
    #[command(flatten)]
    pub(crate) common: ChannelCommon,
}

#[derive(ClapArgs)]
pub(crate) struct Slack {
    /// Read the user token (xoxp-…) from standard input
    #[arg(long)]
    pub(crate) token_stdin: bool,
    /// Sign in at Slack's page instead, by the client id of your app
    #[arg(long, conflicts_with = "token_stdin")]
    pub(crate) sign_in: bool,
    /// The client id of your app
    #[arg(long, value_name = "C", requires = "sign_in")]
    pub(crate) client_id: Option<String>,
    /// Where people sign in, where it is not slack.com
    #[arg(long, value_name = "URL", requires = "sign_in")]
    pub(crate) authority: Option<String>,
    /// The port of http://localhost that your app names as its redirect URL
    #[arg(long, value_name = "PORT", requires = "sign_in")]
    pub(crate) port: Option<u16>,
    /// Read an app-level token (xapp-…) from the next line of it, to be told of news at once
    #[arg(long)]
    pub(crate) app_token_stdin: bool,
    /// Root of the Web API, where it is not that of slack.com
    #[arg(long, value_name = "URL")]
    pub(crate) api_root: Option<String>,
    /// What to call the account
    #[arg(long, value_name = "N")]
    pub(crate) name: Option<String>,
}

/// The app that is registered at a provider, and where the provider is.
#[derive(ClapArgs, Default)]
pub(crate) struct App {
    /// The client id of your registration
    #[arg(long, value_name = "C")]
    pub(crate) client_id: Option<String>,
    /// Read the client secret that belongs to it from standard input
    #[arg(long)]
    pub(crate) client_secret_stdin: bool,
    /// The provider's page to sign in at, where it is not the usual one
    #[arg(long, value_name = "URL")]
    pub(crate) authority: Option<String>,
    /// Where codes become tokens
    #[arg(long, value_name = "URL")]
    pub(crate) token_url: Option<String>,
    /// Where device codes are had
    #[arg(long, value_name = "URL")]
    pub(crate) device_url: Option<String>,
    /// Sign in by a code typed on any device, instead of in this computer's browser
    #[arg(long)]
    pub(crate) device_code: bool,
}

/// How the servers of a mailbox are reached.
#[derive(ClapArgs)]
pub(crate) struct Link {
    /// How the connections are protected
    #[arg(long, value_enum, default_value = "implicit")]
    pub(crate) tls: TlsWord,
    /// A certificate authority to trust as well (PEM)
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
}

#[derive(ClapArgs)]
pub(crate) struct Google {
    /// The address; the one that signs in when left out
    #[arg(long, value_name = "A")]
    pub(crate) address: Option<String>,
    #[command(flatten)]
    pub(crate) app: App,
    /// IMAP server, where it is not Google's
    #[arg(long, value_name = "HOST:PORT", value_parser = endpoint)]
    pub(crate) imap: Option<Endpoint>,
    /// Submission server, where it is not Google's
    #[arg(long, value_name = "HOST:PORT", value_parser = endpoint)]
    pub(crate) smtp: Option<Endpoint>,
    #[command(flatten)]
    pub(crate) link: Link,
    /// What to call the account
    #[arg(long, value_name = "N")]
    pub(crate) name: Option<String>,
}

#[derive(ClapArgs)]
pub(crate) struct Microsoft {
    #[command(flatten)]
    pub(crate) app: App,
    /// Root of Graph with its version, where it is not that of the authority's cloud
    #[arg(long, value_name = "URL")]
    pub(crate) api_root: Option<String>,
    /// What to switch on; nothing else is consented to
    #[arg(long, value_enum, value_delimiter = ',', default_value = "outlook")]
    pub(crate) sources: Vec<SourceWord>,
    /// Read channels of teams too, which an administrator has to consent to
    #[arg(long)]
    pub(crate) channels: bool,
    /// What to call the account
    #[arg(long, value_name = "N")]
    pub(crate) name: Option<String>,
}

#[derive(ClapArgs)]
pub(crate) struct SwitchOn {
    /// Account
    pub(crate) id: inlet_model::AccountId,
    /// Source
    #[arg(value_enum)]
    pub(crate) source: SourceWord,
    /// With Teams: read channels of teams too, which an administrator has to consent to
    #[arg(long)]
    pub(crate) channels: bool,
    #[command(flatten)]
    pub(crate) app: App,
}

#[derive(ClapArgs)]
pub(crate) struct Whatsapp {
    /// Meta's id of the phone number
    #[arg(long, value_name = "P")]
    pub(crate) phone_number_id: String,
    /// Meta's id of the business account
    #[arg(long, value_name = "B")]
    pub(crate) business_account_id: String,
    /// Read the access token from standard input instead of asking
    #[arg(long)]
    pub(crate) token_stdin: bool,
    /// Read the app secret from standard input instead of asking; with both, the token is the first line
    #[arg(long)]
    pub(crate) app_secret_stdin: bool,
    /// Where your tunnel is reached from outside; Meta is told to send events there
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// Where events are received on this computer
    #[arg(long, value_name = "ADDR", default_value = inlet_model::WhatsAppConfig::LISTEN)]
    pub(crate) listen: std::net::SocketAddr,
    /// Root of the API with its version
    #[arg(long, value_name = "URL", default_value = inlet_model::WhatsAppConfig::API_ROOT)]
    pub(crate) api_root: String,
    /// What to call the account
    #[arg(long, value_name = "N")]
    pub(crate) name: Option<String>,
}

#[derive(ClapArgs)]
pub(crate) struct Relayed {
    /// Account
    pub(crate) id: inlet_model::AccountId,
    /// Where the relay's NATS is: tls://HOST:PORT, or nats:// on this computer
    #[arg(long, value_name = "URL", conflicts_with = "off")]
    pub(crate) nats: Option<String>,
    /// A certificate authority to trust as well, for NATS (PEM)
    #[arg(long, value_name = "FILE", requires = "nats")]
    pub(crate) ca: Option<PathBuf>,
    /// Read the login at NATS from standard input: a credentials file, an nkey seed, user:password or a token
    #[arg(long, requires = "nats")]
    pub(crate) login_stdin: bool,
    /// Where the platform is to send events from now on: the relay, or with --off your tunnel
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// Take what the relay still has, and read it no longer
    #[arg(long)]
    pub(crate) off: bool,
    /// With --off: leave what the relay still has, because it is gone
    #[arg(long, requires = "off")]
    pub(crate) leave: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum SourceWord {
    Outlook,
    Teams,
    #[value(name = "onenote")]
    OneNote,
}

impl From<SourceWord> for SourceType {
    fn from(word: SourceWord) -> Self {
        match word {
            SourceWord::Outlook => Self::Outlook,
            SourceWord::Teams => Self::Teams,
            SourceWord::OneNote => Self::OneNote,
        }
    }
}

#[derive(ClapArgs)]
pub(crate) struct Imap {
    /// The address mail is sent from
    #[arg(long, value_name = "A")]
    pub(crate) address: String,
    /// IMAP server; guessed from the address when left out
    #[arg(long, value_name = "HOST:PORT", value_parser = endpoint)]
    pub(crate) imap: Option<Endpoint>,
    /// Submission server; guessed from the address when the IMAP server is
    #[arg(long, value_name = "HOST:PORT", value_parser = endpoint)]
    pub(crate) smtp: Option<Endpoint>,
    #[command(flatten)]
    pub(crate) link: Link,
    /// Login, where it is not the address
    #[arg(long, value_name = "U")]
    pub(crate) user: Option<String>,
    /// How to sign in
    #[arg(long, value_enum, default_value = "password")]
    pub(crate) auth: AuthWord,
    /// Read the password or token from standard input instead of asking
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// What to call the account
    #[arg(long, value_name = "N")]
    pub(crate) name: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum TlsWord {
    Implicit,
    Starttls,
    LoopbackPlain,
}

impl From<TlsWord> for Tls {
    fn from(word: TlsWord) -> Self {
        match word {
            TlsWord::Implicit => Self::Implicit,
            TlsWord::Starttls => Self::Starttls,
            TlsWord::LoopbackPlain => Self::LoopbackPlain,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum AuthWord {
    Password,
    Xoauth2,
}

impl From<AuthWord> for Auth {
    fn from(word: AuthWord) -> Self {
        match word {
            AuthWord::Password => Self::Password,
            AuthWord::Xoauth2 => Self::Xoauth2,
        }
    }
}

fn endpoint(text: &str) -> Result<Endpoint, String> {
    let (host, port) = text.rsplit_once(':').ok_or("expected HOST:PORT")?;
    let port = port.parse().map_err(|_| "the port is a number from 1 to 65535")?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if host.is_empty() { Err("expected HOST:PORT".into()) } else { Ok(Endpoint { host: host.into(), port }) }
}
