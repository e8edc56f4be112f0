//! Who owes whom an answer: the asks and promises of a conversation, and what became of them.
//!
//! Each message is gone through once, oldest first. It first answers, keeps or takes back what was open, then opens what
//! is new. Rules, in the order in which they are tried:
//!
//! - Whoever asked closes it by taking it back, or by thanks after somebody else has spoken.
//! - An answer closes what was asked of its writer. Where he answered between quoted lines, what he quoted without a word
//!   below it stays open. A question back suspends what was asked until it is answered itself.
//! - A mere yes to a request, or a promise, turns an ask into a promise.
//! - A promise is kept by delivery; a promise to tell is kept by telling.
//! - A machine's message changes nothing.

use inlet_model::{ItemId, Timestamp};
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};
use std::ops::Range;

use crate::acts::Label;
use crate::dates::When;
use crate::fold::fold_text;
use crate::reading::{Move, Place, Reading, Sentence, To};
use crate::words::Cue;

/// What an entry of the ledger is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Owing {
    /// Something is asked.
    Ask,
    /// Something is promised.
    Promise,
}

/// Who is to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Owner {
    /// I am.
    Me,
    /// Somebody else in the conversation.
    Them,
    /// Anybody who reads it; nobody in particular.
    Anyone,
}

/// Why an entry is no longer open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Closed {
    /// It was answered.
    Answered,
    /// It became a promise.
    Promised,
    /// It was delivered, or thanked for.
    Delivered,
    /// Whoever asked took it back.
    Withdrawn,
    /// I said so.
    ByMe,
}

/// An ask or a promise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// What it is about.
    pub owing: Owing,
    /// Who is to act.
    pub owner: Owner,
    /// The message it stands in.
    pub message: ItemId,
    /// The message that says whose it is: the one it stands in, or the other's yes to it.
    pub by: ItemId,
    /// When that was sent.
    pub at: Timestamp,
    /// The sentence, in bytes of the message's text.
    pub range: Range<usize>,
    /// The sentence.
    pub text: String,
    /// What saw it.
    pub labels: Vec<Label>,
    /// When it is due.
    pub due: Option<When>,
    /// The clock the due date is told by, in seconds east of UTC.
    pub offset: i32,
    /// Only the model sees an ask here.
    pub weak: bool,
    /// It was put to me by name, or to me alone.
    pub direct: bool,
    /// Why it is no longer open.
    pub closed: Option<Closed>,
    /// Waits for the answer to a question back.
    pub suspended: bool,
    author: String,
    /// A deed is wanted, so that a yes alone is a promise.
    deed: bool,
    /// To tell something fulfils it.
    report: bool,
}

impl Entry {
    /// Somebody still has to act.
    #[must_use]
    pub fn open(&self) -> bool {
        self.closed.is_none() && !self.suspended
    }

    /// I asked, or promised.
    pub(crate) fn mine(&self) -> bool {
        self.author.is_empty()
    }

    /// The clock the due date is told by.
    #[must_use]
    pub fn offset(&self) -> Offset {
        Offset::from_seconds(self.offset).unwrap_or(Offset::UTC)
    }
}

/// The asks and promises of a conversation, oldest first. `readings` are in order; what stands until `done` was settled
/// by me, and what those messages ask to which I said yes.
pub(crate) fn ledger(readings: &[&Reading], done: Option<Timestamp>, approved: &[ItemId]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut spoken: Vec<&str> = Vec::new();
    for reading in readings.iter().filter(|reading| !reading.unattended) {
        let retracted = |entry: &&mut Entry| reading.retracted && entry.message == reading.id;
        entries.iter_mut().filter(retracted).for_each(|entry| entry.closed = Some(Closed::Withdrawn));
        settle(&mut entries, reading, spoken.last().is_some_and(|last| *last != reading.author));
        open(&mut entries, reading, approved.contains(&reading.id));
        spoken.push(&reading.author);
        if done.is_some_and(|done| reading.at <= done) {
            entries
                .iter_mut()
                .filter(|entry| entry.closed.is_none())
                .for_each(|entry| entry.closed = Some(Closed::ByMe));
        }
    }
    entries
}

/// What a message does to what is open.
fn settle(entries: &mut Vec<Entry>, reading: &Reading, others_spoke: bool) {
    let withdrawn = reading.does(Move::Withdraw);
    let thanked = reading.does(Move::Thanks) && !reading.does(Move::Ask) && others_spoke;
    let received = reading.does(Move::Receive);
    let mine = |entry: &Entry| entry.author == reading.author;
    for entry in entries.iter_mut().filter(|entry| entry.closed.is_none()) {
        match (entry.owing, mine(entry)) {
            (Owing::Ask, true) if withdrawn => entry.closed = Some(Closed::Withdrawn),
            (Owing::Ask, true) if received || thanked => entry.closed = Some(Closed::Delivered),
            (Owing::Promise, false) if received || withdrawn => entry.closed = Some(Closed::Delivered),
            (Owing::Promise, true) if keeps(entry, reading) => entry.closed = Some(Closed::Delivered),
            _ => {}
        }
    }
    answer(entries, reading);
}

/// The writer does what he promised.
fn keeps(promise: &Entry, reading: &Reading) -> bool {
    let later = reading.id != promise.message;
    let delivers = reading.does(Move::Deliver) || reading.files || reading.does(Move::Withdraw);
    later && (delivers || promise.report && reading.does(Move::State) && !reading.does(Move::Promise))
}

/// What a message answers of that which was asked of its writer.
fn answer(entries: &mut Vec<Entry>, reading: &Reading) {
    let promise = reading.sentences.iter().find(|sentence| sentence.does == Move::Promise);
    let says = reading.does(Move::State) || reading.does(Move::Deliver) || reading.files;
    let agrees =
        reading.sentences.iter().any(|sentence| sentence.does == Move::Agree || sentence.cues.has(Cue::Agreed));
    let proposes =
        reading.sentences.iter().any(|sentence| sentence.does == Move::Ask && sentence.cues.has(Cue::Proposal));
    let asks_back = reading.does(Move::Ask) && !says && !agrees && promise.is_none() && !proposes;
    if !(says || agrees || asks_back || promise.is_some() || proposes) {
        return;
    }
    let mut answered_mine = false;
    let mut accepted: Vec<Entry> = Vec::new();
    for entry in entries.iter_mut().filter(|entry| entry.closed.is_none() && entry.owing == Owing::Ask) {
        let asked_of_writer = match (entry.author.is_empty(), reading.from_me) {
            // Asked by me: whoever else speaks answers.
            (true, by_me) => !by_me,
            (false, true) => true,
            // What somebody asked of all, another may answer; what was asked of me, only I.
            (false, false) => entry.owner == Owner::Anyone && entry.author != reading.author,
        };
        if !asked_of_writer || passed_over(entry, reading) {
            continue;
        }
        if asks_back {
            entry.suspended = entry.owner != Owner::Anyone;
            continue;
        }
        answered_mine |= entry.author.is_empty() || reading.from_me;
        entry.suspended = false;
        if promise.is_some() && !reading.does(Move::Deliver) {
            entry.closed = Some(Closed::Promised);
        } else if entry.deed && agrees && !says && (reading.from_me || entry.author.is_empty()) {
            entry.closed = Some(Closed::Promised);
            accepted.push(accept(entry, reading));
        } else {
            entry.closed = Some(Closed::Answered);
        }
    }
    // The answer to a question back brings back what waited for it.
    if answered_mine {
        let waits = |entry: &&mut Entry| entry.suspended && (entry.author == reading.author) != reading.from_me;
        entries.iter_mut().filter(waits).for_each(|entry| entry.suspended = false);
    }
    entries.extend(accepted);
}

/// Quoted, with nothing below it, while other things were answered between the lines.
fn passed_over(entry: &Entry, reading: &Reading) -> bool {
    if reading.left.is_empty() {
        return false;
    }
    let asked = fold_text(&entry.text);
    reading.left.iter().any(|quote| quote.contains(&asked))
}

/// A yes to a request is a promise.
fn accept(ask: &Entry, reading: &Reading) -> Entry {
    Entry {
        owing: Owing::Promise,
        owner: if reading.from_me { Owner::Me } else { Owner::Them },
        closed: None,
        suspended: false,
        author: reading.author.clone(),
        by: if reading.from_me { ask.by } else { reading.id },
        report: false,
        weak: false,
        ..ask.clone()
    }
}

/// What a message opens, to which I said yes or not.
fn open(entries: &mut Vec<Entry>, reading: &Reading, approved: bool) {
    for sentence in &reading.sentences {
        let owing = match sentence.does {
            Move::Ask => Owing::Ask,
            Move::Promise => Owing::Promise,
            _ if sentence.perhaps && !reading.from_me => Owing::Ask,
            _ => continue,
        };
        let owner = match (owing, reading.from_me) {
            (Owing::Promise, true) => Owner::Me,
            (Owing::Promise, false) => Owner::Them,
            (Owing::Ask, true) => Owner::Them,
            (Owing::Ask, false) => asked(reading, sentence),
        };
        // A promise between two others is not waited for.
        if owing == Owing::Promise && !reading.from_me && reading.place == Place::Copy {
            continue;
        }
        let said_yes = approved && owing == Owing::Ask && owner != Owner::Them;
        entries.push(Entry {
            owing,
            owner,
            message: reading.id,
            by: reading.id,
            at: reading.at,
            range: sentence.range.clone(),
            text: sentence.text.clone(),
            labels: sentence.labels.clone(),
            due: sentence.due.clone(),
            offset: reading.offset,
            weak: sentence.perhaps,
            direct: sentence.to == To::Me || reading.place == Place::Sole,
            closed: said_yes.then_some(Closed::Answered),
            suspended: false,
            author: reading.author.clone(),
            deed: sentence.cues.has(Cue::Request) && !sentence.cues.has(Cue::Proposal),
            report: sentence.cues.has(Cue::Report),
        });
    }
}

/// Whom a sentence of somebody else asks.
fn asked(reading: &Reading, sentence: &Sentence) -> Owner {
    match (sentence.to, reading.place) {
        (To::Me, _) | (To::Readers | To::Anyone, Place::Sole) | (To::Readers, Place::Few) => Owner::Me,
        (To::Other, _) | (_, Place::Copy) => Owner::Them,
        (To::Anyone, Place::Few | Place::Many) | (To::Readers, Place::Many) => Owner::Anyone,
    }
}
