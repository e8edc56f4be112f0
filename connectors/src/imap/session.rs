//! One connection to an IMAP server: commands on it, and what it tells unasked.
//!
//! The connection is `async-imap`'s; commands go out and responses come in by its hands, one by one.
//! Its own methods for single commands are left alone once signed in: they put what nobody asked for
//! into a queue of a hundred and drop the rest, and a burst of removals is longer. Its IDLE does the
//! same before the server says go, and would wait out half an hour on the news it has put there.
//!
//! A session that stopped in the middle of a command is never used again: [`Session::usable`] tells.

mod signin;

use std::{collections::HashSet, io, ops::RangeInclusive, panic::AssertUnwindSafe, time::Duration};

use async_imap::{Client, Connection, error::Error};
use futures::FutureExt as _;
use inlet_model::{Result, SourceError};
use tokio::{
    io::AsyncWriteExt as _,
    time::{Instant, timeout},
};

// Submission makes its connections the same way.
pub(super) use super::dial::{dial, secure};
use super::{
    answer::{Answer, Attributes, Kind, Listed, Status},
    errors,
    guard::{Guarded, READ_TIMEOUT},
};

/// The mailbox that is open.
#[derive(Debug, Default)]
pub(super) struct Selected {
    /// Its name as the server writes it.
    pub(super) name: String,
    /// UIDVALIDITY; 0 when the server did not say.
    pub(super) uidvalidity: u32,
    /// UIDNEXT, where the server says.
    pub(super) uidnext: Option<u32>,
    /// Messages in it.
    pub(super) exists: u32,
    /// HIGHESTMODSEQ; `None` for a mailbox that keeps none.
    pub(super) modseq: Option<u64>,
    /// Flags (and Gmail's labels) the server told of, oldest first.
    pub(super) changes: Vec<Attributes>,
    /// UIDs the server told to be gone.
    pub(super) vanished: Vec<RangeInclusive<u32>>,
    /// It became larger since it was opened.
    pub(super) grew: bool,
}

/// What a command answered.
#[derive(Debug)]
pub(super) struct Reply {
    /// How it ended.
    pub(super) status: Status,
    /// FETCH responses.
    pub(super) fetched: Vec<Attributes>,
    /// SEARCH responses.
    pub(super) found: Vec<u32>,
    /// LIST responses.
    pub(super) listed: Vec<Listed>,
    /// Something in it went missing or moved by one (EXPUNGE, VANISHED).
    pub(super) shifted: bool,
    /// Responses that made no sense: the answer may be incomplete.
    pub(super) nonsense: usize,
}

impl Reply {
    /// It went well.
    pub(super) fn is_ok(&self) -> bool {
        self.status.kind == Kind::Ok
    }

    /// Itself when every response of it could be read: a list with holes must not pass for the whole.
    pub(super) fn whole(self) -> Result<Self> {
        if self.nonsense == 0 { Ok(self) } else { Err(errors::not_imap()) }
    }

    /// Itself, or why the server would not do `what`.
    pub(super) fn ok(self, what: &str) -> Result<Self> {
        if self.is_ok() { Ok(self) } else { Err(errors::refused(&self.status, what)) }
    }
}

/// A piece of a command: literals wait for the server's go-ahead.
pub(super) enum Piece<'a> {
    /// Text.
    Text(&'a str),
    /// Bytes in a synchronising literal.
    Literal(&'a [u8]),
}

/// `async-imap`'s end of the connection.
enum Peer {
    /// Not signed in, or signed in with a literal, which its LOGIN does not know.
    Client(Client<Guarded>),
    /// Signed in.
    Session(async_imap::Session<Guarded>),
    /// Given away in the middle of signing in.
    Nobody,
}

/// A signed-in connection.
pub(super) struct Session {
    peer: Peer,
    /// Commands sent without a session of `async-imap`, which counts its own.
    count: u32,
    busy: bool,
    capabilities: HashSet<String>,
    enabled: HashSet<String>,
    pub(super) selected: Option<Selected>,
    pub(super) last_used: Instant,
}

impl Session {
    fn new(stream: Guarded) -> Self {
        Self {
            peer: Peer::Client(Client::new(stream)),
            count: 0,
            busy: false,
            capabilities: HashSet::new(),
            enabled: HashSet::new(),
            selected: None,
            last_used: Instant::now(),
        }
    }

    /// The server offers `capability` (upper case).
    pub(super) fn can(&self, capability: &str) -> bool {
        self.capabilities.contains(capability)
    }

    /// `ENABLE QRESYNC` took effect.
    pub(super) fn has_qresync(&self) -> bool {
        self.enabled.contains("QRESYNC")
    }

    /// The server keeps modification sequences (RFC 7162).
    pub(super) fn has_condstore(&self) -> bool {
        self.has_qresync() || self.can("CONDSTORE")
    }

    /// It is Gmail, or speaks its extension.
    pub(super) fn is_gmail(&self) -> bool {
        self.can("X-GM-EXT-1")
    }

    /// No command was left half done.
    pub(super) fn usable(&self) -> bool {
        !self.busy
    }

    async fn learn_capabilities(&mut self) -> Result<()> {
        self.capabilities.clear();
        self.run("CAPABILITY").await?.ok("say what it can do")?;
        Ok(())
    }

    /// Opens a mailbox, for reading only unless `write`. `known` are UIDVALIDITY and the
    /// modification sequence of the last sync: what went and what changed since is then in
    /// [`Selected`] already (RFC 7162 §3.2.5).
    pub(super) async fn select(&mut self, name: &str, write: bool, known: Option<(u32, u64)>) -> Result<&mut Selected> {
        let verb = if write { "SELECT" } else { "EXAMINE" };
        let parameter = match known {
            Some((uidvalidity, modseq)) if self.has_qresync() => {
                format!(" (QRESYNC ({uidvalidity} {modseq}))")
            }
            _ if self.has_condstore() => " (CONDSTORE)".to_owned(),
            _ => String::new(),
        };
        let command = format!("{verb} {}{parameter}", quoted(name)?);
        self.selected = Some(Selected { name: name.to_owned(), ..Selected::default() });
        let reply = self.run(&command).await?;
        if !reply.is_ok() {
            self.selected = None;
            return Err(errors::folder(&reply.status));
        }
        let condstore = self.has_condstore();
        let selected = self.selected.as_mut().ok_or_else(errors::closed)?;
        selected.grew = false;
        if !condstore {
            selected.modseq = None;
        }
        Ok(selected)
    }

    /// Runs a command and reads to its end. NO and BAD are part of the answer.
    pub(super) async fn run(&mut self, command: &str) -> Result<Reply> {
        self.run_pieces(&[Piece::Text(command)]).await
    }

    /// Runs a command that holds literals.
    pub(super) async fn run_pieces(&mut self, pieces: &[Piece<'_>]) -> Result<Reply> {
        let (mut batch, mut batches) = (Vec::new(), Vec::new());
        for piece in pieces {
            match piece {
                Piece::Text(text) => batch.extend_from_slice(text.as_bytes()),
                Piece::Literal(bytes) => {
                    batch.extend_from_slice(format!("{{{}}}", bytes.len()).as_bytes());
                    batches.push(std::mem::replace(&mut batch, bytes.to_vec()));
                }
            }
        }
        batches.push(batch);
        let mut batches = batches.into_iter();
        // A command begins with its name, so that its first batch is text.
        let first = batches.next().and_then(|first| String::from_utf8(first).ok()).unwrap_or_default();
        self.begin()?;
        let tag = self.send(&first).await?;
        self.finish(&tag, &mut batches).await
    }

    fn begin(&mut self) -> Result<()> {
        if self.busy {
            return Err(errors::closed());
        }
        self.busy = true;
        self.guard()?.begin();
        Ok(())
    }

    fn connection(&mut self) -> Result<&mut Connection<Guarded>> {
        match &mut self.peer {
            Peer::Client(client) => Ok(client),
            Peer::Session(session) => Ok(session),
            Peer::Nobody => Err(errors::closed()),
        }
    }

    fn guard(&mut self) -> Result<&mut Guarded> {
        Ok(self.connection()?.get_mut())
    }

    /// Sends a command without its tag and line end; tells its tag.
    async fn send(&mut self, command: &str) -> Result<String> {
        if let Peer::Session(session) = &mut self.peer {
            return Ok(unbroken(session.run_command(command)).await?.map_err(|error| unsent(&error))?.0);
        }
        self.count = self.count.wrapping_add(1);
        let tag = format!("I{}", self.count);
        self.write(format!("{tag} {command}").as_bytes()).await?;
        Ok(tag)
    }

    /// Sends what the server waits for, and a line end.
    async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let stream = self.guard()?;
        let sent = async {
            stream.write_all(bytes).await?;
            stream.write_all(b"\r\n").await?;
            stream.flush().await
        };
        sent.await.map_err(|error| unsent(&Error::Io(error)))
    }

    /// The next response; `None` at the end of the connection.
    async fn read(&mut self) -> Result<Option<Answer>> {
        let response = unbroken(self.connection()?.read_response()).await?.map_err(|error| broken(&error))?;
        Ok(response.map(|response| Answer::from(response.parsed())))
    }

    /// Reads to the end of the command, handing out `pieces` as the server asks for them.
    async fn finish(&mut self, tag: &str, pieces: &mut (dyn Iterator<Item = Vec<u8>> + Send)) -> Result<Reply> {
        let mut reply = Reply {
            status: Status { kind: Kind::Bad, code: None, text: String::new() },
            fetched: Vec::new(),
            found: Vec::new(),
            listed: Vec::new(),
            shifted: false,
            nonsense: 0,
        };
        loop {
            match self.read().await? {
                None => return Err(self.left()),
                Some(Answer::Done(done, status)) if done == tag => {
                    reply.status = status;
                    reply.nonsense = self.guard()?.nonsense();
                    self.end();
                    return Ok(reply);
                }
                Some(Answer::Continue) => match pieces.next() {
                    Some(piece) => self.write(&piece).await?,
                    None => return Err(errors::not_imap()),
                },
                Some(Answer::Fetch(attributes)) => {
                    self.note_change(&attributes);
                    reply.fetched.push(*attributes);
                }
                Some(Answer::Search(found)) => reply.found.extend(found),
                Some(Answer::List(listed)) => reply.listed.push(listed),
                Some(answer) => {
                    reply.shifted |= matches!(answer, Answer::Expunge(_) | Answer::Vanished { .. });
                    self.note(answer);
                }
            }
        }
    }

    /// The command is over.
    fn end(&mut self) {
        self.busy = false;
        self.last_used = Instant::now();
    }

    /// Why the server hung up, as far as it said so.
    fn left(&mut self) -> SourceError {
        let farewell = self.guard().ok().and_then(|guard| guard.farewell().and_then(errors::common));
        farewell.unwrap_or_else(errors::closed)
    }

    /// Keeps what a response says about the connection and the open mailbox.
    fn note(&mut self, answer: Answer) {
        let selected = self.selected.as_mut();
        match answer {
            Answer::Capability(words) => self.capabilities = words.into_iter().collect(),
            Answer::Enabled(words) => self.enabled.extend(words),
            Answer::Status(status) => {
                let Some(selected) = selected else { return };
                let number = |name| status.code_arguments(name).and_then(|n| n.trim().parse::<u64>().ok());
                let small = |name| number(name).and_then(|n| u32::try_from(n).ok());
                if let Some(uidvalidity) = small("UIDVALIDITY") {
                    selected.uidvalidity = uidvalidity;
                }
                if let Some(uidnext) = small("UIDNEXT") {
                    selected.uidnext = Some(uidnext);
                }
                if let Some(modseq) = number("HIGHESTMODSEQ") {
                    selected.modseq = Some(modseq);
                }
                if status.code_arguments("NOMODSEQ").is_some() {
                    selected.modseq = None;
                }
            }
            Answer::Exists(exists) => {
                if let Some(selected) = selected {
                    selected.grew |= exists > selected.exists;
                    selected.exists = exists;
                }
            }
            Answer::Expunge(_) => {
                if let Some(selected) = selected {
                    selected.exists = selected.exists.saturating_sub(1);
                }
            }
            Answer::Vanished { earlier, uids } => {
                if let Some(selected) = selected {
                    if !earlier {
                        let count: u64 = uids.iter().map(|range| u64::from(range.end() - range.start()) + 1).sum();
                        selected.exists = selected.exists.saturating_sub(u32::try_from(count).unwrap_or(u32::MAX));
                    }
                    selected.vanished.extend(uids);
                }
            }
            _ => {}
        }
    }

    /// A change tells UID and flags; what was asked for tells more, and is the asker's.
    fn note_change(&mut self, attributes: &Attributes) {
        let change = attributes.flags.is_some() && attributes.uid.is_some() && attributes.internal_date.is_none();
        if let Some(selected) = self.selected.as_mut().filter(|_| change) {
            selected.changes.push(attributes.clone());
        }
    }

    /// Waits in IDLE (RFC 2177) until the server tells of something or `limit` is over; true when it
    /// told. The session stays usable.
    pub(super) async fn idle(&mut self, limit: Duration) -> Result<bool> {
        self.begin()?;
        let tag = self.send("IDLE").await?;
        let (mut told, mut done, mut going) = (false, false, false);
        let end = Instant::now() + limit;
        loop {
            // Until the server says go, and after DONE, it owes an answer at once.
            let answer = if going && !done {
                match timeout(end.saturating_duration_since(Instant::now()), self.read()).await {
                    Ok(answer) => answer?,
                    Err(_) => {
                        done = true;
                        self.guard()?.patience(READ_TIMEOUT);
                        self.write(b"DONE").await?;
                        continue;
                    }
                }
            } else {
                self.read().await?
            };
            match answer {
                None => return Err(self.left()),
                Some(Answer::Done(which, status)) if which == tag => {
                    self.end();
                    return match status.kind {
                        Kind::Ok => Ok(told),
                        _ => Err(errors::common(&status).unwrap_or_else(errors::closed)),
                    };
                }
                Some(Answer::Continue) => {
                    going = true;
                    // The end of the wait is told by the clock here, never by the guard's.
                    self.guard()?.patience(limit + READ_TIMEOUT);
                }
                Some(Answer::Fetch(attributes)) => {
                    told = true;
                    self.note_change(&attributes);
                }
                Some(answer) => {
                    told |= matches!(answer, Answer::Exists(_) | Answer::Expunge(_) | Answer::Vanished { .. });
                    self.note(answer);
                }
            }
            if told && going && !done {
                done = true;
                self.guard()?.patience(READ_TIMEOUT);
                self.write(b"DONE").await?;
            }
        }
    }

    /// Says goodbye without waiting for long.
    pub(super) async fn close(mut self) {
        let _ = timeout(Duration::from_secs(2), self.run("LOGOUT")).await;
    }
}

/// What comes of a future of `async-imap`, whose parser panics at some of what servers say.
async fn unbroken<T>(future: impl Future<Output = T>) -> Result<T> {
    AssertUnwindSafe(future).catch_unwind().await.map_err(|_| errors::not_imap())
}

/// A response could not be read.
fn broken(error: &io::Error) -> SourceError {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::Other => errors::not_imap(),
        io::ErrorKind::UnexpectedEof => errors::closed(),
        io::ErrorKind::TimedOut => {
            SourceError::Transient("The mail server stopped answering; Inlet tries again by itself.".to_owned())
        }
        _ => errors::lost(error),
    }
}

/// A command could not be sent.
fn unsent(error: &Error) -> SourceError {
    match error {
        Error::Io(error) if error.kind() == io::ErrorKind::TimedOut => {
            SourceError::Transient("The mail server takes no more data; Inlet tries again by itself.".to_owned())
        }
        Error::Io(error) => errors::lost(error),
        _ => errors::closed(),
    }
}

/// A quoted string (RFC 9051 §4.3).
///
/// # Errors
/// [`SourceError::Permanent`] for text that cannot stand in one.
pub(super) fn quoted(text: &str) -> Result<String> {
    if text.bytes().any(|byte| matches!(byte, b'\r' | b'\n' | 0)) {
        return Err(SourceError::Permanent("A name with a line break in it cannot be sent to the server.".to_owned()));
    }
    Ok(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
#[path = "session_tests.rs"]
mod tests;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
#[path = "waiting_tests.rs"]
mod waiting;
