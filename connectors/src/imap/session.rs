//! One connection to an IMAP server: commands on it, and what it tells unasked.
//!
//! A session that stopped in the middle of a command is never used again: [`Session::usable`] tells.

mod signin;

use std::{collections::HashSet, ops::RangeInclusive, time::Duration};

use bytes::Bytes;
use inlet_model::{Result, SourceError};
use tokio::time::{Instant, timeout};

// Submission makes its connections the same way.
pub(super) use super::dial::{dial, secure};
use super::{
    errors,
    syntax::{self, Attributes, Kind, Listed, Response, Status},
    wire::{READ_TIMEOUT, Stream, Wire},
};

/// What one command may answer, in bytes.
const MAX_ANSWER: usize = 96 * 1024 * 1024;
/// Frames of one command that make no sense before the server counts as something else.
const MAX_NONSENSE: usize = 1_000;

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
    /// Frames that made no sense: the answer may be incomplete.
    pub(super) nonsense: usize,
}

impl Reply {
    /// It went well.
    pub(super) fn is_ok(&self) -> bool {
        self.status.kind == Kind::Ok
    }

    /// Itself when every frame of it could be read: a list with holes must not pass for the whole.
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

/// A signed-in connection.
pub(super) struct Session {
    wire: Wire,
    tag: u32,
    busy: bool,
    capabilities: HashSet<String>,
    enabled: HashSet<String>,
    pub(super) selected: Option<Selected>,
    pub(super) last_used: Instant,
}

impl Session {
    fn new(stream: impl Stream + 'static) -> Self {
        Self {
            wire: Wire::new(stream),
            tag: 0,
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
        self.begin().await?;
        let mut batch = format!("{} ", self.tag()).into_bytes();
        let mut batches = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) => batch.extend_from_slice(text.as_bytes()),
                Piece::Literal(bytes) => {
                    batch.extend_from_slice(format!("{{{}}}\r\n", bytes.len()).as_bytes());
                    batches.push(std::mem::take(&mut batch));
                    batch.extend_from_slice(bytes);
                }
            }
        }
        batch.extend_from_slice(b"\r\n");
        batches.push(batch);
        let mut batches = batches.iter().map(Vec::as_slice);
        if let Some(first) = batches.next() {
            self.wire.write(first).await?;
        }
        self.finish(&mut batches).await
    }

    async fn begin(&mut self) -> Result<()> {
        if self.busy {
            return Err(errors::closed());
        }
        self.busy = true;
        self.tag = self.tag.wrapping_add(1);
        Ok(())
    }

    fn tag(&self) -> String {
        format!("I{}", self.tag)
    }

    /// Reads to the end of the command, handing out `pieces` as the server asks for them.
    async fn finish(&mut self, pieces: &mut (dyn Iterator<Item = &[u8]> + Send)) -> Result<Reply> {
        let tag = self.tag();
        let mut reply = Reply {
            status: Status { kind: Kind::Bad, code: None, text: String::new() },
            fetched: Vec::new(),
            found: Vec::new(),
            listed: Vec::new(),
            shifted: false,
            nonsense: 0,
        };
        let mut size = 0_usize;
        let mut farewell = None;
        loop {
            let Some(frame) = self.wire.frame(READ_TIMEOUT).await? else {
                return Err(farewell.unwrap_or_else(errors::closed));
            };
            size += frame.len() + 64;
            if size > MAX_ANSWER {
                return Err(errors::not_imap());
            }
            let Ok(response) = syntax::parse(&frame) else {
                reply.nonsense += 1;
                if reply.nonsense > MAX_NONSENSE {
                    return Err(errors::not_imap());
                }
                continue;
            };
            match response {
                Response::Done(done, status) if done == tag => {
                    reply.status = status;
                    self.busy = false;
                    self.last_used = Instant::now();
                    return Ok(reply);
                }
                Response::Continue(_) => match pieces.next() {
                    Some(piece) => self.wire.write(piece).await?,
                    None => return Err(errors::not_imap()),
                },
                Response::Status(status) if status.kind == Kind::Bye => farewell = errors::common(&status),
                Response::Fetch(_, attributes) => {
                    self.note(Response::Fetch(0, attributes.clone()));
                    reply.fetched.push(attributes);
                }
                Response::Search(found) => reply.found.extend(found),
                Response::List(listed) => reply.listed.push(listed),
                response => {
                    reply.shifted |= matches!(response, Response::Expunge(_) | Response::Vanished { .. });
                    self.note(response);
                }
            }
        }
    }

    /// Keeps what a response says about the connection and the open mailbox.
    fn note(&mut self, response: Response) {
        let selected = self.selected.as_mut();
        match response {
            Response::Capability(words) => self.capabilities = words.into_iter().collect(),
            Response::Enabled(words) => self.enabled.extend(words),
            Response::Status(status) => {
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
            Response::Exists(exists) => {
                if let Some(selected) = selected {
                    selected.grew |= exists > selected.exists;
                    selected.exists = exists;
                }
            }
            Response::Expunge(_) => {
                if let Some(selected) = selected {
                    selected.exists = selected.exists.saturating_sub(1);
                }
            }
            Response::Vanished { earlier, uids } => {
                if let Some(selected) = selected {
                    if !earlier {
                        let count: u64 = uids.iter().map(|range| u64::from(range.end() - range.start()) + 1).sum();
                        selected.exists = selected.exists.saturating_sub(u32::try_from(count).unwrap_or(u32::MAX));
                    }
                    selected.vanished.extend(uids);
                }
            }
            Response::Fetch(_, attributes) => {
                // A change tells UID and flags; what was asked for tells more, and is the asker's.
                let change = attributes.get("FLAGS").is_some()
                    && attributes.uid().is_some()
                    && attributes.get("INTERNALDATE").is_none();
                if let Some(selected) = selected.filter(|_| change) {
                    selected.changes.push(attributes);
                }
            }
            _ => {}
        }
    }

    /// Waits in IDLE (RFC 2177) until the server tells of something or `limit` is over; true when it
    /// told. The session stays usable.
    pub(super) async fn idle(&mut self, limit: Duration) -> Result<bool> {
        self.begin().await?;
        let tag = self.tag();
        self.wire.write(format!("{tag} IDLE\r\n").as_bytes()).await?;
        let (mut told, mut done, mut going) = (false, false, false);
        let end = Instant::now() + limit;
        let mut farewell = None;
        loop {
            // Until the server says go, and after DONE, it owes an answer at once.
            let waiting = going && !done;
            let silence = if waiting { end.saturating_duration_since(Instant::now()) } else { READ_TIMEOUT };
            let next = if waiting {
                timeout(silence, self.wire.frame(limit)).await
            } else {
                Ok(self.wire.frame(silence).await)
            };
            match next {
                Err(_) => {
                    self.wire.write(b"DONE\r\n").await?;
                    done = true;
                    continue;
                }
                Ok(frame) => {
                    let frame: Bytes = frame?.ok_or_else(|| farewell.take().unwrap_or_else(errors::closed))?;
                    let Ok(response) = syntax::parse(&frame) else {
                        continue;
                    };
                    match response {
                        Response::Done(which, status) if which == tag => {
                            self.busy = false;
                            self.last_used = Instant::now();
                            return match status.kind {
                                Kind::Ok => Ok(told),
                                _ => Err(errors::common(&status).unwrap_or_else(errors::closed)),
                            };
                        }
                        Response::Continue(_) => going = true,
                        Response::Status(status) if status.kind == Kind::Bye => farewell = errors::common(&status),
                        response => {
                            told |= matches!(
                                response,
                                Response::Exists(_)
                                    | Response::Expunge(_)
                                    | Response::Vanished { .. }
                                    | Response::Fetch(..)
                            );
                            self.note(response);
                        }
                    }
                }
            }
            if told && going && !done {
                self.wire.write(b"DONE\r\n").await?;
                done = true;
            }
        }
    }

    /// Says goodbye without waiting for long.
    pub(super) async fn close(mut self) {
        let _ = timeout(Duration::from_secs(2), self.run("LOGOUT")).await;
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
