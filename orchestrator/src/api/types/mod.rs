//! What crosses the seam to the window, the command line and scripts, one file a subject.
//!
//! Ids are strings, times RFC 3339, sizes bytes. Bodies cross only when one thread or item is
//! asked for; lists and events never carry them.

mod accounts;
mod acting;
mod actions;
mod attachments;
mod channels;
mod data;
mod diagnosing;
mod kept;
mod lists;
mod lock;
mod meetings;
mod notices;
mod outbox;
mod people;
mod proposals;
mod reading;
mod rules;
mod search;
mod settings;
mod signin;
mod transfer;
mod work;
mod writing;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use self::{
    accounts::*, acting::*, actions::*, attachments::*, channels::*, data::*, diagnosing::*, kept::*, lists::*,
    lock::*, meetings::*, notices::*, outbox::*, people::*, proposals::*, reading::*, rules::*, search::*, settings::*,
    signin::*, transfer::*, work::*, writing::*,
};
pub use crate::{
    html::{Contrast, FrameWords, LinkVerdict, TextBlock, Theme},
    search::Span,
    sender::SenderVerdict,
};

/// Nothing to say.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, TS)]
pub struct Nothing {}
