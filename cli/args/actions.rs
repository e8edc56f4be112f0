//! What to do next, and what other programs propose.

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use super::Ids;

#[derive(Subcommand)]
pub(crate) enum Actions {
    /// What these conversations asked for is done
    Done(Ids),
    /// These conversations never asked for anything; each is a lesson
    Dismiss(Ids),
    /// Draft an answer to who asks to meet: times you are free at, in the conversation's language; nothing is sent
    Offer {
        /// The conversation (t…)
        thread: String,
    },
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
        wait: Option<inlet_model::ProposalId>,
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

/// An instant with the offset it was written in.
fn sent(text: &str) -> Result<(inlet_model::Timestamp, jiff::tz::Offset), String> {
    let pieces = jiff::fmt::temporal::DateTimeParser::new().parse_timestamp(text);
    let at = pieces.map_err(|_| "expected RFC 3339, such as 2026-03-03T10:15:00+01:00")?;
    let offset = jiff::fmt::temporal::Pieces::parse(text).ok().and_then(|pieces| pieces.to_numeric_offset());
    Ok((at, offset.unwrap_or(jiff::tz::Offset::UTC)))
}
