//! An export read once from end to end, before anything of it is taken: who is in it, who of them I am, which
//! number of a date is the day. What one file does not tell, another of the same phone may.

use std::{collections::BTreeMap, sync::Arc};

use inlet_model::{
    Result, SourceError,
    account::{ChatExports, DateOrder},
};
use jiff::{civil::Date, tz::TimeZone};
use sha2::{Digest, Sha256};

use super::{
    archive::{Export, Files},
    hex,
    names::without_number,
    order::{Decided, Evidence},
    read::{Messages, Raw, is_marked},
    words::{Said, said},
};

/// What an export is, on the whole.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub(super) messages: u64,
    /// Lines before the first message.
    pub(super) ahead: u64,
    /// Messages that were longer than any, and cut.
    pub(super) cut: u64,
    /// Who wrote how much.
    pub(super) authors: BTreeMap<String, u64>,
    /// Files that came along.
    pub(super) files: u64,
    /// Files that were left out.
    pub(super) omitted: u64,
    /// The same text has the same digest.
    pub(super) digest: String,
    shape: String,
    dates: Evidence,
    /// Who took back a message and is told so as "you".
    mine: Option<String>,
    /// In whose name WhatsApp speaks: that of the chat (iOS).
    spoken_for: Option<String>,
}

/// How it is known who I am.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Told,
    TookBack,
    OtherOne,
    Elsewhere,
}

/// An export with all that has to be decided before it is read.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub(super) export: Export,
    pub(super) survey: Arc<Survey>,
    /// The conversation, by its name.
    pub(super) chat: String,
    /// It has a name of its own, beside those of the people in it.
    pub(super) group: bool,
    pub(super) me: Option<(String, Known)>,
    pub(super) dates: Decided,
}

impl Survey {
    /// # Errors
    /// [`SourceError::Permanent`] with the reason for what cannot be read.
    pub(super) fn of(export: &Export) -> Result<Self> {
        let (mut survey, mut digest) = (Self::default(), Sha256::new());
        let (mut messages, files) = (Messages::new(export.text()?), export.files());
        // It was written by then, in whatever time zone.
        let latest = inlet_model::Timestamp::from_second(export.modified).ok();
        let latest = latest.and_then(|at| at.to_zoned(TimeZone::UTC).date().tomorrow().ok());
        let mut marked = BTreeMap::new();
        while let Some(raw) = messages
            .next()
            .map_err(|_| SourceError::Permanent(format!("{} cannot be read to its end.", export.path.display())))?
        {
            digest.update(&raw.line);
            digest.update(&raw.text);
            survey.see(&raw, &files, latest, &mut marked);
        }
        // What stands behind a mark is WhatsApp's in the name of one who wrote nothing else.
        survey.spoken_for = marked.into_keys().find(|name| !survey.authors.contains_key(name)).or(survey.spoken_for);
        survey.ahead = messages.ahead;
        survey.digest = hex(&digest.finalize(), 16);
        Ok(survey)
    }

    fn see(&mut self, raw: &Raw, files: &Files, latest: Option<Date>, marked: &mut BTreeMap<String, u64>) {
        self.messages += 1;
        self.cut += u64::from(raw.cut);
        if self.shape.is_empty() {
            self.shape.clone_from(&raw.head.shape);
        }
        self.dates.see(&raw.head, &raw.line, latest);
        let Some(author) = &raw.author else { return };
        let said = said(&raw.text, |name| files.has(name));
        self.files += said.files.iter().filter(|name| files.has(name)).count() as u64;
        self.omitted += u64::from(said.omitted);
        if said.deleted == Some(true) {
            self.mine = Some(author.clone());
        }
        if is_marked(&raw.text) && is_plain(&said) {
            if self.spoken_for.is_none() && self.messages == 1 {
                self.spoken_for = Some(author.clone());
            }
            *marked.entry(author.clone()).or_default() += 1;
        } else {
            *self.authors.entry(author.clone()).or_default() += 1;
        }
    }

    /// Somebody wrote this, and not WhatsApp in somebody's name.
    pub(super) fn wrote(&self, author: &str) -> bool {
        self.authors.contains_key(author)
    }

    fn named(&self, name: &str) -> Option<String> {
        self.authors.keys().find(|author| author.to_lowercase() == name.to_lowercase()).cloned()
    }
}

fn is_plain(said: &Said) -> bool {
    said.files.is_empty() && !said.omitted && said.deleted.is_none()
}

/// Decides about all of them together.
pub(super) fn plan(surveyed: Vec<(Export, Arc<Survey>)>, told: &ChatExports) -> Vec<Planned> {
    let mut planned: Vec<Planned> =
        surveyed.into_iter().map(|(export, survey)| Planned::alone(export, survey, told)).collect();
    let elsewhere: Vec<String> = planned.iter().filter_map(|one| one.me.as_ref()).map(|(me, _)| me.clone()).collect();
    let orders: Vec<(String, DateOrder)> = planned
        .iter()
        .filter(|one| !one.dates.doubtful)
        .map(|one| (one.survey.shape.clone(), one.dates.order))
        .collect();
    for one in &mut planned {
        if one.me.is_none() {
            let mut found = elsewhere.iter().filter(|me| one.survey.wrote(me));
            one.me = found
                .next()
                .filter(|first| found.all(|other| other == *first))
                .map(|me| (me.clone(), Known::Elsewhere));
        }
        if one.dates.doubtful {
            let mut same = orders.iter().filter(|(shape, _)| *shape == one.survey.shape).map(|(_, order)| *order);
            let hint = same.next().filter(|first| same.all(|other| other == *first));
            one.dates = one.survey.dates.decide(hint);
        }
    }
    // What has no files goes first, so that the files of a fuller export of the same chat stay.
    planned.sort_by(|a, b| a.order().cmp(&b.order()));
    planned
}

impl Planned {
    fn alone(export: Export, survey: Arc<Survey>, told: &ChatExports) -> Self {
        let named = export.chat.clone().or_else(|| survey.spoken_for.clone());
        let other = named.as_ref().and_then(|name| survey.named(name));
        let pair = survey.authors.len() == 2;
        let me = if let Some(me) = told.me.as_deref().and_then(|me| survey.named(me)) {
            Some((me, Known::Told))
        } else if let Some(me) = survey.mine.clone() {
            Some((me, Known::TookBack))
        } else {
            let me =
                other.as_ref().filter(|_| pair).and_then(|other| survey.authors.keys().find(|name| *name != other));
            me.map(|me| (me.clone(), Known::OtherOne))
        };
        let rest = || {
            let me = &me.as_ref().filter(|_| survey.authors.len() <= 2)?.0;
            survey.authors.keys().find(|name| *name != me).cloned()
        };
        let group = survey.authors.len() > 2 || named.is_some() && other.is_none() && survey.authors.len() > 1;
        let chat = named.or_else(rest).unwrap_or_else(|| without_number(&export.stem).to_owned());
        let dates = match told.dates {
            Some(order) => Decided { order, doubtful: false },
            None => survey.dates.decide(None),
        };
        Self { export, survey, chat, group, me, dates }
    }

    fn order(&self) -> (bool, i64, &std::path::Path) {
        (self.survey.files > 0, self.export.modified, &self.export.path)
    }

    /// The conversation, by which exports of it are known to be of the same.
    pub(super) fn conversation(&self) -> String {
        format!("chat/{}", self.chat.to_lowercase())
    }

    /// What was decided about it, for a person to read.
    pub(super) fn decisions(&self, zone: &str) -> String {
        let mut text = match &self.me {
            Some((me, Known::Told)) => format!("You are {me}, as you said."),
            Some((me, Known::TookBack)) => format!("You are {me}, who took back messages as the owner of the phone."),
            Some((me, Known::OtherOne)) => format!("You are {me}, the only one beside {}.", self.chat),
            Some((me, Known::Elsewhere)) => format!("You are {me}, as in other exports."),
            None => "Nobody in it is taken to be you: bring it in again with the name you have there.".to_owned(),
        };
        text.push_str(&format!(" Its times are read as those of {zone}."));
        if self.dates.doubtful {
            let (read, other) = match self.dates.order {
                DateOrder::Mdy => ("the month", "the day"),
                DateOrder::Dmy | DateOrder::Ymd => ("the day", "the month"),
            };
            text.push_str(&format!(
                " Its dates do not tell whether day or month stands first: {read} was taken. If it is {other}, bring \
                 it in again and say so."
            ));
        }
        text
    }
}
