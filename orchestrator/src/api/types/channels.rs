//! What crosses the seam about channels that only send.

use inlet_model::{AccountId, ChannelConfig, OpId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Delivery;

/// A channel to connect.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct ChannelParams {
    /// Its settings.
    pub config: ChannelConfig,
    /// What it takes to send: the address of a webhook of Slack, the token of a bot, the key of the signature, a
    /// password. Left out with `id`, the stored one stays.
    #[serde(default)]
    pub secret: Option<String>,
    /// What to call it; what it is when left out.
    #[serde(default)]
    pub name: Option<String>,
    /// The channel that gets these settings.
    #[serde(default)]
    pub id: Option<AccountId>,
}

/// Something to be told through a channel.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TellParams {
    /// The channel.
    pub id: AccountId,
    /// Names it: the same key is told once. A new one when left out.
    #[serde(default)]
    pub key: Option<String>,
    /// What it is about.
    pub title: String,
    /// What is told.
    #[serde(default)]
    pub text: String,
    /// Where it leads.
    #[serde(default)]
    pub link: Option<String>,
}

/// A secret that was made just now.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct MintedSecret {
    /// `whsec_` and 32 bytes in base64.
    pub secret: String,
}

/// Asks for the delivery log of a channel.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ChannelLogParams {
    /// The channel.
    pub id: AccountId,
    /// Entries at most, 20 if nothing is said.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// How far something told has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// On its way, or waiting for its turn.
    Queued,
    /// The platform has it.
    Sent,
    /// Whoever it was for has it, and says so.
    Delivered,
    /// Whoever it was for has read it, and says so.
    Read,
    /// It was told in one message with others.
    Gathered,
    /// It could not be delivered.
    Failed,
    /// The person took it back.
    Cancelled,
}

/// An entry of the delivery log of a channel.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ChannelEntry {
    /// The operation.
    pub op: OpId,
    /// The id it has outside, masked.
    pub key: String,
    /// What it is about.
    pub title: String,
    /// When it was queued.
    pub at: Timestamp,
    /// How far it has come.
    pub state: DeliveryState,
    /// Why it waits or failed, in one sentence.
    pub reason: Option<String>,
    /// When it is tried again, while it waits.
    pub next_try: Option<Timestamp>,
    /// What happened to it, oldest first.
    pub deliveries: Vec<Delivery>,
}
