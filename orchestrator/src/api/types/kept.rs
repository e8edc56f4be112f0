//! What a person wrote once to use again.

use inlet_model::KeptId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

/// What something kept is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum KeptKind {
    /// Stands below what goes out through a source. Data: `source`, `text`, and `html` where it was
    /// written so.
    Signature,
    /// Text to begin with, with variables. Data: `subject`, `text`, and `html` where it was written so.
    Template,
    /// A search in the rail. Data: `query`.
    Search,
    /// A tab above the inbox. Data: `query`.
    Split,
    /// A sender whose remote images are loaded without asking. The name is the address.
    Images,
}

/// Something kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Kept {
    /// Id; a new one is made when left out.
    #[serde(default)]
    pub id: Option<KeptId>,
    /// What it is for; never changes.
    pub kind: KeptKind,
    /// What the person calls it.
    pub name: String,
    /// Place within its kind, from 0; what stands there and below moves down. The last when left
    /// out of something new, the old one when left out of a change.
    #[serde(default)]
    pub position: Option<u32>,
    /// What is kept, as its kind says.
    #[ts(type = "Record<string, unknown>")]
    pub data: Map<String, Value>,
}

/// Which of what is kept.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct KeptParams {
    /// Only this kind; everything when left out.
    pub kind: Option<KeptKind>,
}

/// One that is kept.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
pub struct KeptIdParams {
    /// Which.
    pub id: KeptId,
}
