//! One message, read: what each of its sentences does, to whom, until when.
//!
//! Reading is what costs time, and it depends on the message alone; a follower keeps readings and reads only what is new.
//! What follows from them for a conversation is [`crate::state`]'s, and cheap.

use std::ops::Range;
use std::sync::LazyLock;

use inlet_model::{ItemId, Kind, Timestamp};
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

use crate::acts::{self, Act, Cues, Label};
use crate::dates::{self, When};
use crate::fold::{self, Folded, fold};
use crate::language::{self, Language};
use crate::message::{Me, Message, called, nobody_reads};
use crate::sentence;
use crate::words::Cue;
use crate::zone::{self, Zone};

/// Counted up by whoever changes what is made of the same text (zones, sentences, dates, moves), how a reading looks, or
/// what is concluded from the same readings: whatever is kept of an older reader is made anew. Weights and patterns count
/// by themselves.
const READER: u32 = 3;
/// Text beyond this is not read: nobody asks for something on page thirty.
const READ: usize = 64 * 1024;
/// So much of it tells its language.
const TELLING: usize = 16 * 1024;
/// From this probability on, the model alone is worth a hint.
const PERHAPS: f32 = 0.7;
/// Dates are looked for, and the model is asked, in sentences up to this length; longer ones are tables and code.
const SENTENCE: usize = 2_000;

/// Whom a sentence is put to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum To {
    /// Whoever the message is to.
    Readers,
    /// Me, by name.
    Me,
    /// Somebody else, by name.
    Other,
    /// Nobody in particular.
    Anyone,
}

/// How I am among the recipients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Place {
    /// The only one.
    Sole,
    /// One of a few.
    Few,
    /// One of many, or by a list.
    Many,
    /// In copy.
    Copy,
}

/// What a sentence comes to in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Move {
    /// A greeting, a name, politeness: nothing.
    Nothing,
    /// Wants something.
    Ask,
    /// Promises something.
    Promise,
    /// Thanks.
    Thanks,
    /// Takes back what was asked.
    Withdraw,
    /// Says that it is done, or brings it.
    Deliver,
    /// Says yes, and little more.
    Agree,
    /// Says that it has arrived.
    Receive,
    /// Says something.
    State,
}

/// A sentence of the writer's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sentence {
    /// Bytes of the message's text.
    pub range: Range<usize>,
    /// The sentence.
    pub text: String,
    /// Its acts.
    pub labels: Vec<Label>,
    /// When what it says is due.
    pub due: Option<When>,
    pub(crate) cues: Cues,
    pub(crate) to: To,
    pub(crate) does: Move,
    /// No pattern sees an ask, and the model is rather sure of one.
    pub(crate) perhaps: bool,
}

impl Sentence {
    /// It opens an entry of the ledger.
    fn is_entry(&self) -> bool {
        matches!(self.does, Move::Ask | Move::Promise) || self.perhaps
    }

    pub(crate) fn is_thanks(&self) -> bool {
        matches!(self.does, Move::Thanks | Move::Nothing | Move::Agree)
    }
}

/// A message, read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The item.
    pub id: ItemId,
    /// When it was sent.
    pub at: Timestamp,
    /// The sender's clock, in seconds east of UTC.
    pub offset: i32,
    /// I wrote it.
    pub from_me: bool,
    /// Its language, where it is long enough to tell.
    pub language: Option<Language>,
    /// The sender's own sentences.
    pub sentences: Vec<Sentence>,
    pub(crate) kind: Kind,
    /// The author, folded.
    pub(crate) author: String,
    pub(crate) place: Place,
    /// A list or a machine wrote, or nobody reads what is answered. Of mine: a rule of mine wrote it, and not I.
    pub(crate) unattended: bool,
    pub(crate) files: bool,
    pub(crate) retracted: bool,
    /// Folded quotes with nothing of the writer's below them, where he answered between the lines.
    pub(crate) left: Vec<String>,
}

impl Reading {
    /// The sender's clock.
    #[must_use]
    pub fn offset(&self) -> Offset {
        Offset::from_seconds(self.offset).unwrap_or(Offset::UTC)
    }

    /// It calls me: by name where it addresses somebody, or with an "@". What a list or a machine says calls nobody.
    #[must_use]
    pub fn calls_me(&self) -> bool {
        self.sentences.iter().any(|sentence| sentence.to == To::Me)
    }

    /// A sentence does this.
    pub(crate) fn does(&self, what: Move) -> bool {
        self.sentences.iter().any(|sentence| sentence.does == what)
    }

    /// It without what nothing is concluded from: the words of sentences that neither ask nor promise, and all but one
    /// of those that are alike. [`crate::conclude`] makes the same of it.
    #[must_use]
    pub fn lean(mut self) -> Self {
        let mut kept: Vec<Sentence> = Vec::new();
        for mut sentence in self.sentences {
            if !sentence.is_entry() {
                sentence.text = String::new();
                sentence.labels = Vec::new();
                sentence.range = 0..0;
                sentence.due = None;
                if kept.contains(&sentence) {
                    continue;
                }
            }
            kept.push(sentence);
        }
        self.sentences = kept;
        self
    }
}

/// What reads and concludes, in a word that differs where something else would be made of the same messages.
#[must_use]
pub fn reader() -> &'static str {
    static READS: LazyLock<String> = LazyLock::new(|| format!("{READER} {:016x}", acts::fingerprint()));
    &READS
}

/// Reads a message.
#[must_use]
pub fn read(message: &Message, me: &Me) -> Reading {
    let unattended = match message.from_me {
        // What I write to a list comes back by it, and is mine.
        true => message.automatic && !message.bulk,
        false => message.bulk || message.automatic || nobody_reads(&message.from),
    };
    let text = fold::cut(&message.text, READ);
    let parts = zone::parts(text, message.kind);
    let own = |zone| parts.iter().filter(move |part| part.zone == zone);
    let written: String = own(Zone::Own).filter_map(|part| text.get(part.range.clone())).collect();
    let language = language::detect(fold::cut(&written, TELLING));
    let mut sentences = Vec::new();
    // What a list or a machine says is nobody's to do, whatever it says.
    if !message.retracted && !unattended {
        let mut to = To::Readers;
        let others = message.to.iter().chain(&message.cc).filter(|party| !me.is(party));
        let others: Vec<String> = others.filter_map(|party| called(party).into_iter().next()).collect();
        let (mine, logins) = (me.called(), me.logins());
        for part in own(Zone::Own) {
            for range in sentence::split(text, part.range.clone(), language) {
                let piece = text.get(range.clone()).unwrap_or_default();
                let first = sentences.is_empty();
                let context = Context { message, mine: &mine, logins: &logins, others: &others, language, first };
                sentences.push(one(piece, range, &context, &mut to));
            }
        }
        // "Sarah" at the end, where no sign-off stands above it.
        if message.kind == Kind::Mail
            && sentences.len() > 1
            && let Some(last) = sentences.last_mut()
            && last.text.split_whitespace().count() <= 3
            && last.does == Move::State
        {
            last.does = Move::Nothing;
        }
    }
    Reading {
        id: message.id,
        at: message.at,
        offset: message.offset.seconds(),
        from_me: message.from_me,
        language,
        sentences,
        kind: message.kind,
        author: author(message),
        place: place(message, me),
        unattended,
        files: message.files,
        retracted: message.retracted,
        left: left(text, &parts),
    }
}

struct Context<'a> {
    message: &'a Message,
    /// What I am called, and what the others are called first.
    mine: &'a [String],
    /// What else an "@" of mine is followed by.
    logins: &'a [String],
    others: &'a [String],
    language: Option<Language>,
    first: bool,
}

fn one(piece: &str, range: Range<usize>, context: &Context<'_>, to: &mut To) -> Sentence {
    let folded = fold(piece);
    let acts = acts::read_folded(&folded.text, context.language, folded.text.len() <= SENTENCE);
    let named = addressed(&folded.text, context);
    let words = fold::words(&folded.text).count();
    let greeting = context.first && words <= 6 && piece.ends_with([',', ':', '!', '.']) && greets(&folded.text)
        || named.is_some() && words <= 2;
    // A name in a line of its own holds for what follows.
    if greeting || named.is_some() && context.first {
        *to = named.unwrap_or(To::Readers);
    }
    let to = match named {
        Some(named) => named,
        None if acts.cues.has(Cue::Anyone) => To::Anyone,
        None => *to,
    };
    let does = if greeting { Move::Nothing } else { what(&acts, &folded, words) };
    let perhaps = does == Move::State && acts.probability(Act::Request) >= PERHAPS;
    let due = match does {
        Move::Ask | Move::Promise => due(&folded, context),
        _ if perhaps => due(&folded, context),
        _ => None,
    };
    Sentence { range, text: piece.to_owned(), labels: acts.labels, due, cues: acts.cues, to, does, perhaps }
}

/// What a sentence comes to. What takes back or brings outweighs the words that ask in it.
fn what(acts: &acts::Acts, folded: &Folded, words: usize) -> Move {
    let has = |cue| acts.cues.has(cue);
    let polite = has(Cue::Closer) || has(Cue::Phatic);
    let asks = acts.does(Act::Question) || has(Cue::Request) && !polite || has(Cue::Proposal) && !polite;
    if has(Cue::Withdrawn) && !folded.text.contains('?') {
        Move::Withdraw
    } else if has(Cue::Commitment) && !folded.text.contains('?') && !(has(Cue::Request) && has(Cue::Closer)) {
        Move::Promise
    } else if asks && !(has(Cue::Delivered) && !folded.text.contains('?') && !has(Cue::Request)) {
        Move::Ask
    } else if has(Cue::Delivered) {
        Move::Deliver
    } else if has(Cue::Received) {
        Move::Receive
    } else if has(Cue::Thanks) && words <= 8 {
        Move::Thanks
    } else if has(Cue::Agreed) && words <= 3 || words == 0 && has(Cue::Agreed) {
        Move::Agree
    } else if polite && words <= 14 || words == 0 || !folded.text.contains(char::is_alphanumeric) {
        Move::Nothing
    } else {
        Move::State
    }
}

/// Whom a sentence names at its beginning, or anywhere with an "@".
fn addressed(folded: &str, context: &Context<'_>) -> Option<To> {
    let mut words = fold::words(folded);
    let first = words.find(|word| !GREETINGS.contains(word))?;
    let after = folded.split_once(first).map_or("", |(_, rest)| rest);
    let called_out = context.message.kind == Kind::Chat
        || after.starts_with([',', ':', '!'])
        || after.trim().is_empty()
        || folded.starts_with('+');
    let is_other = |word: &str| context.others.iter().any(|name| name == word);
    let is_mine = |word: &str| context.mine.iter().any(|name| name == word);
    let mentioned = |of: &dyn Fn(&str) -> bool| {
        folded
            .split('@')
            .skip(1)
            .any(|rest| fold::words(rest).next().is_some_and(|word| !rest.starts_with(' ') && of(word)))
    };
    let by_login = || {
        let follows = |rest: &str, login: &str| {
            let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
            rest.strip_prefix(login).is_some_and(|rest| !rest.starts_with(goes_on))
        };
        folded.split('@').skip(1).any(|rest| context.logins.iter().any(|login| follows(rest, login)))
    };
    if mentioned(&is_mine) || by_login() || called_out && is_mine(first) {
        return Some(To::Me);
    }
    (mentioned(&is_other) || called_out && is_other(first)).then_some(To::Other)
}

const GREETINGS: [&str; 40] = [
    "hi",
    "hello",
    "hey",
    "dear",
    "morning",
    "good",
    "evening",
    "afternoon",
    "hallo",
    "lieber",
    "liebe",
    "sehr",
    "geehrter",
    "geehrte",
    "guten",
    "tag",
    "abend",
    "moin",
    "herr",
    "frau",
    "bonjour",
    "bonsoir",
    "salut",
    "coucou",
    "cher",
    "chere",
    "hola",
    "estimado",
    "estimada",
    "buenos",
    "buenas",
    "ola",
    "oi",
    "caro",
    "cara",
    "ciao",
    "gentile",
    "hoi",
    "beste",
    "dag",
];

fn greets(folded: &str) -> bool {
    const MORE: [&str; 12] = [
        "buongiorno",
        "buonasera",
        "gentili",
        "goedemorgen",
        "goedemiddag",
        "goedenavond",
        "bom",
        "boa",
        "estimados",
        "madame",
        "monsieur",
        "liebes",
    ];
    fold::words(folded).next().is_some_and(|word| GREETINGS.contains(&word) || MORE.contains(&word))
}

/// When a sentence says it is due: the last of its dates that is certain, else the doubt.
fn due(folded: &Folded, context: &Context<'_>) -> Option<When> {
    if folded.text.len() > SENTENCE {
        return None;
    }
    let spans = dates::scan_folded(folded, context.message.at, context.message.offset, context.language);
    let certain = spans.iter().rev().find(|span| span.when.exact().is_some());
    certain.or(spans.last()).map(|span| span.when.clone())
}

fn place(message: &Message, me: &Me) -> Place {
    let others = |parties: &[inlet_model::Party]| parties.iter().filter(|party| !me.is(party)).count();
    let in_to = message.to.iter().any(|party| me.is(party));
    let in_cc = message.cc.iter().any(|party| me.is(party));
    let author_in = message.to.iter().filter(|party| party.handle == message.from.handle).count();
    let beside = others(&message.to) - author_in.min(others(&message.to));
    match (message.kind, in_to) {
        (Kind::Chat, _) if beside <= usize::from(message.from_me) => Place::Sole,
        (Kind::Chat, _) => Place::Many,
        // Of what I wrote it says how many are to read it.
        _ if message.from_me && beside == 1 => Place::Sole,
        _ if message.from_me && beside <= 3 => Place::Few,
        (_, true) if beside == 0 => Place::Sole,
        (_, true) if beside <= 3 => Place::Few,
        (_, false) if in_cc => Place::Copy,
        _ => Place::Many,
    }
}

fn author(message: &Message) -> String {
    if message.from_me {
        return String::new();
    }
    // Mail and chat of one person meet in one conversation by the name.
    fold::fold_text(message.from.label())
}

/// Quotes below which nothing was written, where something was written below another.
fn left(text: &str, parts: &[zone::Part]) -> Vec<String> {
    let says = |part: Option<&zone::Part>| {
        part.is_some_and(|part| {
            part.zone == Zone::Own && text.get(part.range.clone()).is_some_and(|own| !own.trim().is_empty())
        })
    };
    let quotes = || parts.iter().enumerate().filter(|(_, part)| part.zone == Zone::Quoted);
    if !quotes().any(|(at, _)| says(parts.get(at + 1))) {
        return Vec::new();
    }
    let unanswered = quotes().filter(|(at, _)| !says(parts.get(at + 1)));
    unanswered.filter_map(|(_, part)| text.get(part.range.clone())).map(unquoted).collect()
}

/// Folded, without the marks at the beginning of lines.
fn unquoted(quote: &str) -> String {
    let lines: Vec<&str> = quote.lines().map(|line| line.trim_start_matches(['>', ' '])).collect();
    fold::fold_text(&lines.join("\n"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use inlet_model::Party;

    use super::*;

    fn calls(kind: Kind, handle: &str, text: &str) -> bool {
        heard(kind, handle, text).calls_me()
    }

    fn heard(kind: Kind, handle: &str, text: &str) -> Reading {
        let me = Me { handles: vec![handle.to_owned()], names: vec!["robin".into(), "vale".into()] };
        let message = Message {
            id: ItemId(1),
            kind,
            at: "2026-03-03T10:15:00Z".parse().unwrap(),
            offset: Offset::UTC,
            from: Party::named("Ben Okafor", "ben"),
            from_me: false,
            to: vec![Party::named("Robin Vale", handle), Party::named("Sven Holm", "sven")],
            cc: Vec::new(),
            text: text.to_owned(),
            bulk: false,
            automatic: false,
            files: false,
            retracted: false,
        };
        read(&message, &me)
    }

    /// Readings are kept without names, in the order of their fields.
    #[test]
    fn a_reading_that_looks_otherwise_is_one_of_another_reader() {
        let reading = heard(Kind::Mail, "robin@inlet.test", "Can you send it by 2026-03-05?");
        let text = serde_json::to_string(&reading).unwrap();
        let mut names: Vec<&str> = Vec::new();
        for name in text.split("\":").filter_map(|part| Some(part.rsplit_once('"')?.1)) {
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        // The first of each name: how many labels and sentences there are does not matter.
        let looks = "id at offset from_me language sentences range start end text labels act probability by due exact date \
                     time cues to does perhaps kind author place unattended files retracted left";
        assert_eq!((READER, names.join(" ").as_str()), (3, looks), "count READER up, and write both here");
    }

    #[test]
    fn one_is_called_by_name_or_with_an_at() {
        for (handle, text, called) in [
            ("robin@inlet.test", "Robin can you look at this", true),
            ("robin@inlet.test", "All done. @Robin Vale please check", true),
            ("robin@inlet.test", "I asked Robin yesterday", false),
            ("robin@inlet.test", "@Robinson please check", false),
            ("robin@inlet.test", "Sven, @sven, can you?", false),
            ("octo-cat", "This is for @octo-cat, please", true),
            ("octo-cat", "This is for @octo-cats", false),
            ("octo-cat", "This is for @octo", false),
            ("+4915123456789", "@4915123456789 can you?", true),
        ] {
            assert_eq!(calls(Kind::Chat, handle, text), called, "{text}");
        }
        assert!(calls(Kind::Mail, "robin@inlet.test", "Hi Robin,\n\nthe figures are in."));
        assert!(!calls(Kind::Mail, "robin@inlet.test", "Robin told me that the figures are in."));
        assert!(
            !calls(Kind::Mail, "robin@inlet.test", "Write to robin@inlet.test, please."),
            "an address calls nobody"
        );
    }
}
