//! The grammar of the command line: help, completions and the man page come from here.
//!
//! One file per family of commands; what several of them share stands here.

mod accounts;
mod actions;
mod writing;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use inlet_model::account::DateOrder;

pub(crate) use self::{accounts::*, actions::*, writing::*};

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
    /// Everybody, and which handles are one person's
    People {
        #[command(subcommand)]
        command: Option<crate::people::People>,
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
    /// Take the last action back, or one that is named
    Undo {
        /// The action, as whatever did it names it
        action: Option<u64>,
    },
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
    /// Write everything but passwords and tokens into one file, while Inlet runs or not
    Backup {
        /// A file that is not there yet, such as inlet.zip
        file: PathBuf,
    },
    /// Put a backup into an empty data directory; nothing that was on its way is sent again
    Restore {
        /// The backup
        file: PathBuf,
    },
    /// Check databases, files and search index, and say what to do; exit code 1 when something is wrong
    Doctor {
        /// Mend what can be mended without losing anything
        #[arg(long)]
        repair: bool,
    },
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
