//! The grammar of the command line: help, completions and the man page come from here.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use inlet_model::{Auth, Endpoint, SourceType, Tls, account::DateOrder};

/// One window for mail, chat and notes: the command line.
#[derive(Parser)]
#[command(name = "inlet", version, about, propagate_version = true, max_term_width = 100)]
pub(crate) struct Args {
    /// Where everything is kept
    #[arg(long, global = true, env = "INLET_DATA_DIR", value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// One JSON document instead of text
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Log to the terminal as well; twice for more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Fill an empty data directory with the demo world
    Demo {
        /// Same seed, same world
        #[arg(long)]
        seed: Option<u64>,
        /// The instant everything is dated by (RFC 3339)
        #[arg(long, value_name = "RFC3339")]
        now: Option<jiff::Timestamp>,
    },
    /// Connect, list, test, pause and remove accounts
    #[command(subcommand)]
    Accounts(Accounts),
    /// Fetch and send until stopped
    Sync {
        /// Fetch what there is now, and end
        #[arg(long)]
        once: bool,
        /// Only this account
        #[arg(long, value_name = "ID")]
        account: Option<inlet_model::AccountId>,
    },
    /// List conversations, newest first
    List(List),
    /// Show a conversation or an item
    Show {
        /// A thread (t…) or an item (i…)
        id: String,
        #[command(flatten)]
        form: Form,
    },
    /// Search everything
    Search {
        /// The query, in the search language; put -- before one that begins with a hyphen
        #[arg(required = true)]
        query: Vec<String>,
        /// Most hits
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// The `next` of the page before
        #[arg(long, value_name = "KEY")]
        after: Option<String>,
        /// Best first instead of newest first
        #[arg(long)]
        relevance: bool,
        /// Say how the query was understood
        #[arg(long)]
        explain: bool,
    },
    /// Answer a conversation
    Reply(Reply),
    /// Send a new message
    Send(Send),
    /// See what is on its way
    Outbox {
        #[command(subcommand)]
        command: Option<Outbox>,
    },
    /// What to do next, with reasons
    #[command(args_conflicts_with_subcommands = true)]
    Actions {
        #[command(flatten)]
        list: ActionsList,
        #[command(subcommand)]
        command: Option<Actions>,
    },
    /// What is done by itself with what comes in
    Rules {
        #[command(subcommand)]
        command: Option<crate::rules::Rules>,
    },
    /// Mark read
    Read(Ids),
    /// Mark unread
    Unread(Ids),
    /// Star
    Star(Ids),
    /// Remove the star
    Unstar(Ids),
    /// Done: out of the inbox
    Archive(Ids),
    /// To the trash; what is there already is removed for good
    Delete(Ids),
    /// Keep new items of a conversation out of the inbox
    Mute(Ids),
    /// Out of sight until then
    Snooze {
        #[command(flatten)]
        ids: Ids,
        /// RFC 3339, or words such as "tomorrow 9:00" and "next monday"
        #[arg(long, value_name = "TIME")]
        until: String,
    },
    /// Answer an invitation to a meeting: I come
    Accept(Ids),
    /// Answer an invitation to a meeting: perhaps
    Tentative(Ids),
    /// Answer an invitation to a meeting: I do not come
    Decline(Ids),
    /// Move to another folder of the same account
    Move {
        #[command(flatten)]
        ids: Ids,
        /// A folder's id (c…) or name
        #[arg(long, value_name = "SCOPE")]
        to: String,
    },
    /// React to a message of a chat
    React {
        /// The message (i…)
        item: String,
        /// The emoji
        emoji: String,
        /// Take it back
        #[arg(long)]
        off: bool,
    },
    /// Take the last action back
    Undo,
    /// Read mail from mbox files, .eml files and Maildirs, and chats from exports of WhatsApp (.txt or .zip)
    Import(Import),
    /// Write everything, or what a query finds, into a folder
    Export {
        /// Folder
        dir: PathBuf,
        /// Form
        #[arg(long, value_enum, default_value = "mbox")]
        format: Format,
        /// Only what this finds
        #[arg(long, value_name = "Q")]
        query: Option<String>,
    },
    /// Print the document the reader's frame would get, from an .eml or .html file
    Html {
        /// File
        file: PathBuf,
        /// Load remote images, as if the person had asked for them
        #[arg(long)]
        remote_images: bool,
    },
    /// Say how each source is; exit code 5 when one fails
    Health,
    /// The same commands over HTTP and WebSocket on this computer
    Serve {
        /// Address to listen at; it must be a loopback address
        #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDR")]
        listen: std::net::SocketAddr,
        /// Folder of the built front end
        #[arg(long, value_name = "DIR")]
        ui: Option<PathBuf>,
    },
    /// Receive and verify webhooks on a host that is always on, and keep them in JetStream, sealed
    Relay {
        /// Address to listen at, behind a web server with TLS
        #[arg(long, value_name = "ADDR")]
        listen: std::net::SocketAddr,
        /// Where NATS is: tls://HOST:PORT, or nats:// on this computer; several with commas
        #[arg(long, value_name = "URL")]
        nats: String,
        /// What to receive and for whom; relay.toml in the data directory when left out
        #[arg(long, env = "INLET_RELAY_FILE", value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Show every setting with its origin, or change one
    Config {
        /// Setting to change
        key: Option<String>,
        /// New value; left out, the setting goes back to its default
        value: Option<String>,
    },
    /// Run a command of the engine by name, with its parameters as JSON
    Rpc {
        /// Name, such as `threads.list`; left out, the names are listed
        method: Option<String>,
        /// Parameters
        #[arg(default_value = "{}")]
        params: String,
    },
    /// Print completions for a shell
    Completions {
        /// Shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    #[command(hide = true)]
    Man,
}

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
        #[arg(long, conflicts_with = "keep")]
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
    /// A workspace of Slack, by the tokens of an app you made there
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

#[derive(ClapArgs)]
pub(crate) struct Import {
    /// Files or folders
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// Name of the account they become
    #[arg(long, value_name = "NAME")]
    pub(crate) into: Option<String>,
    /// Your name in exported chats, where it cannot be found out
    #[arg(long, value_name = "NAME")]
    pub(crate) me: Option<String>,
    /// How exported chats write dates, where it cannot be found out
    #[arg(long, value_enum)]
    pub(crate) dates: Option<DatesWord>,
    /// Time zone of the phone that exported the chats, where it is not that of this computer
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum DatesWord {
    Dmy,
    Mdy,
    Ymd,
}

impl From<DatesWord> for DateOrder {
    fn from(word: DatesWord) -> Self {
        match word {
            DatesWord::Dmy => Self::Dmy,
            DatesWord::Mdy => Self::Mdy,
            DatesWord::Ymd => Self::Ymd,
        }
    }
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

#[derive(ClapArgs)]
pub(crate) struct List {
    /// Which list
    #[arg(long = "in", value_enum, default_value = "inbox", value_name = "LIST")]
    pub(crate) view: ViewWord,
    /// Only conversations with something unread
    #[arg(long)]
    pub(crate) unread: bool,
    /// Only this source: its id (s…), platform or name
    #[arg(long, value_name = "S")]
    pub(crate) source: Option<String>,
    /// Most rows
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: u32,
    /// The `next` of the page before
    #[arg(long, value_name = "KEY")]
    pub(crate) after: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum ViewWord {
    Inbox,
    Waiting,
    Snoozed,
    Sent,
    Archive,
    Notes,
    Starred,
    Junk,
    Trash,
    All,
}

#[derive(ClapArgs)]
#[group(multiple = false)]
pub(crate) struct Form {
    /// Plain text (the default)
    #[arg(long)]
    pub(crate) text: bool,
    /// The sanitised HTML document
    #[arg(long)]
    pub(crate) html: bool,
    /// As it was received
    #[arg(long)]
    pub(crate) raw: bool,
}

#[derive(ClapArgs)]
pub(crate) struct Reply {
    /// Thread
    pub(crate) thread: inlet_model::ThreadId,
    /// To everybody
    #[arg(long)]
    pub(crate) all: bool,
    /// Read the text from standard input (the default)
    #[arg(long, conflicts_with = "html_stdin")]
    pub(crate) text_stdin: bool,
    /// Read HTML from standard input
    #[arg(long)]
    pub(crate) html_stdin: bool,
    #[command(flatten)]
    pub(crate) approved: Approved,
    /// Attach a file
    #[arg(long, value_name = "F")]
    pub(crate) attach: Vec<PathBuf>,
    /// Send then: RFC 3339 or words
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    /// Seconds during which it can still be cancelled
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(crate) undo: u32,
}

/// A message that its platform has approved beforehand.
#[derive(ClapArgs)]
pub(crate) struct Approved {
    /// Send this approved message (`inlet accounts templates`) instead of a text
    #[arg(long, value_name = "NAME")]
    pub(crate) template: Option<String>,
    /// The template's language, where it is there in several
    #[arg(long, value_name = "L", requires = "template")]
    pub(crate) language: Option<String>,
    /// What stands in the template's blanks, in their order
    #[arg(long, value_name = "VALUE", requires = "template")]
    pub(crate) fill: Vec<String>,
}

#[derive(ClapArgs)]
pub(crate) struct Send {
    /// Account (a…), its name or address
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) from: String,
    /// Recipient: an address, or for WhatsApp a number with its country, such as +491701234567
    #[arg(long, value_name = "P", required = true, num_args = 1..)]
    pub(crate) to: Vec<String>,
    /// Copy
    #[arg(long, value_name = "P", num_args = 1..)]
    pub(crate) cc: Vec<String>,
    /// Blind copy
    #[arg(long, value_name = "P", num_args = 1..)]
    pub(crate) bcc: Vec<String>,
    /// Subject
    #[arg(long, value_name = "S", default_value = "")]
    pub(crate) subject: String,
    /// Read the text from standard input (the default)
    #[arg(long)]
    pub(crate) text_stdin: bool,
    #[command(flatten)]
    pub(crate) approved: Approved,
    /// Attach a file
    #[arg(long, value_name = "F")]
    pub(crate) attach: Vec<PathBuf>,
    /// Seconds during which it can still be cancelled
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(crate) undo: u32,
}

#[derive(Subcommand)]
pub(crate) enum Outbox {
    /// List what is on its way
    List {
        /// The finished ones of the last 30 days as well
        #[arg(long)]
        all: bool,
    },
    /// Show one entry with its delivery log
    Show {
        /// Entry
        id: inlet_model::OpId,
    },
    /// Take one back before it is sent
    Cancel {
        /// Entry
        id: inlet_model::OpId,
    },
    /// Try a parked one again
    Retry {
        /// Entry
        id: inlet_model::OpId,
    },
    /// Send what is due and return when nothing is on its way
    Wait {
        /// Give up after this many seconds
        #[arg(long, value_name = "S", default_value_t = 60)]
        timeout: u64,
    },
}

#[derive(Subcommand)]
pub(crate) enum Actions {
    /// What these conversations asked for is done
    Done(Ids),
    /// These conversations never asked for anything; each is a lesson
    Dismiss(Ids),
    /// What was learnt by dismissing
    Lessons,
    /// Take a lesson back
    Forget {
        /// Its number
        #[arg(value_name = "ID")]
        id: i64,
    },
    /// Say what each line does: one JSON object per line, with a probability for each act
    Acts {
        /// Read sentences from standard input, one per line
        #[arg(long, required = true)]
        stdin: bool,
    },
    /// Say which dates each line names: one JSON object per line
    Due {
        /// Read sentences from standard input, one per line
        #[arg(long, required = true)]
        stdin: bool,
        /// When they were sent, on the sender's clock
        #[arg(long, value_name = "RFC3339", value_parser = sent)]
        at: (inlet_model::Timestamp, jiff::tz::Offset),
    },
    /// Propose to do something: it waits in the window until the person approves, edits or rejects it
    Propose(Propose),
    /// What was proposed and waits; or, with --wait, the decision on one proposal once there is one
    Proposals {
        /// Those that were decided as well
        #[arg(long)]
        all: bool,
        /// Those of one program
        #[arg(long, value_name = "NAME")]
        who: Option<String>,
        /// Wait for the decision on this one
        #[arg(long, value_name = "ID", conflicts_with_all = ["all", "who"])]
        wait: Option<i64>,
        /// Seconds to wait at most; it is told undecided then
        #[arg(long, value_name = "S", requires = "wait")]
        timeout: Option<u64>,
    },
}

#[derive(ClapArgs)]
pub(crate) struct Propose {
    /// The conversation (t…)
    #[arg(long, value_name = "ID")]
    pub(crate) thread: String,
    /// What to do
    #[arg(long = "do", value_name = "ACT", value_enum)]
    pub(crate) what: ProposedWord,
    /// Read the text of an answer from standard input
    #[arg(long)]
    pub(crate) text_stdin: bool,
    /// End of a snooze: RFC 3339, or words such as "tomorrow 9:00"
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,
    /// What the program calls itself
    #[arg(long, value_name = "NAME")]
    pub(crate) who: String,
    /// The reason, for the person
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: String,
}

/// What can be proposed.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum ProposedWord {
    Reply,
    Archive,
    Snooze,
    Done,
    Star,
    Read,
    Mute,
    Delete,
}

impl ProposedWord {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Archive => "archive",
            Self::Snooze => "snooze",
            Self::Done => "done",
            Self::Star => "star",
            Self::Read => "read",
            Self::Mute => "mute",
            Self::Delete => "delete",
        }
    }
}

#[derive(ClapArgs)]
pub(crate) struct ActionsList {
    /// Of what is for today and for soon, so many at most
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u32>,
    /// Say with each what it stands on
    #[arg(long)]
    pub(crate) explain: bool,
    /// Everything that is open, also what is not worth a thought yet, or snoozed
    #[arg(long)]
    pub(crate) all: bool,
    /// Think everything anew first
    #[arg(long)]
    pub(crate) rebuild: bool,
}

#[derive(ClapArgs)]
pub(crate) struct Ids {
    /// Threads (t…) or items (i…)
    #[arg(required = true, value_name = "ID")]
    pub(crate) ids: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    Mbox,
    Eml,
    Json,
}

fn endpoint(text: &str) -> Result<Endpoint, String> {
    let (host, port) = text.rsplit_once(':').ok_or("expected HOST:PORT")?;
    let port = port.parse().map_err(|_| "the port is a number from 1 to 65535")?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if host.is_empty() { Err("expected HOST:PORT".into()) } else { Ok(Endpoint { host: host.into(), port }) }
}

/// An instant with the offset it was written in.
fn sent(text: &str) -> Result<(inlet_model::Timestamp, jiff::tz::Offset), String> {
    let pieces = jiff::fmt::temporal::DateTimeParser::new().parse_timestamp(text);
    let at = pieces.map_err(|_| "expected RFC 3339, such as 2026-03-03T10:15:00+01:00")?;
    let offset = jiff::fmt::temporal::Pieces::parse(text).ok().and_then(|pieces| pieces.to_numeric_offset());
    Ok((at, offset.unwrap_or(jiff::tz::Offset::UTC)))
}
