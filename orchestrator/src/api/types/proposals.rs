//! What other programs propose, and what became of it.

use inlet_model::{OpId, ProposalId, ThreadId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Acted, OpView, ThreadRow, Verb};

/// Something another program may propose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Proposed {
    /// Send this text as an answer.
    Reply,
    /// Out of the inbox.
    Archive,
    /// Out of sight until then.
    Snooze,
    /// What it asked for is done, or needs no doing.
    Done,
    /// Mark it as important.
    Star,
    /// Mark it read.
    Read,
    /// New items stay out of the inbox.
    Mute,
    /// To the trash.
    Delete,
}

impl Proposed {
    /// The act it becomes; nothing for an answer, which is sent.
    #[must_use]
    pub fn verb(self) -> Option<Verb> {
        Some(match self {
            Self::Reply => return None,
            Self::Archive => Verb::Archive,
            Self::Snooze => Verb::Snooze,
            Self::Done => Verb::Settle,
            Self::Star => Verb::Star,
            Self::Read => Verb::Read,
            Self::Mute => Verb::Mute,
            Self::Delete => Verb::Delete,
        })
    }
}

/// A proposal as a program makes it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ProposeParams {
    /// For this conversation.
    pub thread: ThreadId,
    /// What.
    #[serde(rename = "do")]
    pub what: Proposed,
    /// The answer's text.
    #[serde(default)]
    pub text: String,
    /// End of the snooze.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// What the program calls itself.
    pub who: String,
    /// Its reason, for the person.
    pub why: String,
}

/// Where a proposal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ProposalState {
    /// The person has not decided yet.
    Waiting,
    /// It was done.
    Approved,
    /// It was not, and will not be.
    Rejected,
    /// Its conversation went before anybody decided.
    Gone,
}

/// A proposal, and what was decided.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Proposal {
    /// Its id.
    pub id: ProposalId,
    /// When it was made.
    pub at: Timestamp,
    /// The conversation's id,
    pub thread: ThreadId,
    /// and the conversation, while it is here.
    pub conversation: Option<ThreadRow>,
    /// What.
    #[serde(rename = "do")]
    pub what: Proposed,
    /// The text of an answer; after the decision the one that was sent.
    pub text: String,
    /// End of a snooze; after the decision the one that counts.
    pub until: Option<Timestamp>,
    /// What the program calls itself.
    pub who: String,
    /// Its reason.
    pub why: String,
    /// Where it stands.
    pub state: ProposalState,
    /// When that was decided,
    pub decided_at: Option<Timestamp>,
    /// and by whom: the address of the account it is about.
    pub decided_by: Option<String>,
    /// The person changed it before approving.
    pub edited: bool,
    /// The outbox entry of an answer.
    pub op: Option<OpId>,
}

/// Which proposals.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ProposalsParams {
    /// Those that were decided as well.
    pub all: bool,
    /// Those of one program.
    pub who: Option<String>,
}

/// One proposal.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ProposalParams {
    /// Its id.
    pub id: ProposalId,
}

/// The person's decision.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DecideParams {
    /// Which proposal.
    pub id: ProposalId,
    /// Do it; else it is rejected.
    pub approve: bool,
    /// With this text in place of the proposed one.
    #[serde(default)]
    pub text: Option<String>,
    /// Until then in place of what was proposed.
    #[serde(default)]
    pub until: Option<Timestamp>,
}

/// What became of a decision.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Decided {
    /// The proposal as it stands now.
    pub proposal: Proposal,
    /// What was done, to be undone,
    pub acted: Option<Acted>,
    /// or what is being sent, to be cancelled.
    pub op: Option<OpView>,
}
