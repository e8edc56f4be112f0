//! Writing, and what is on its way.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

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
    #[command(flatten)]
    pub(crate) offered: Offered,
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

/// Answers that are offered with a message, where the platform takes some.
#[derive(ClapArgs)]
pub(crate) struct Offered {
    /// Offer this answer with the text, as a button; in a list also "HEADING > ANSWER | LINE BELOW IT"
    #[arg(long, value_name = "ANSWER", conflicts_with = "template")]
    pub(crate) choice: Vec<String>,
    /// Offer the answers as a list, which a button with these words opens
    #[arg(long, value_name = "WORDS", requires = "choice")]
    pub(crate) list: Option<String>,
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
    #[command(flatten)]
    pub(crate) offered: Offered,
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
